"""The bench works on tiny inputs. No absolute times are asserted: they say nothing here."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from bench import __main__ as command
from bench import inputs, report
from bench.harness import Bench, Contender, Goal, Result, save


def result_of(ours: list[float], other: list[float]) -> Result:
    result = Result("reading_large", "Reading", "some cells", what={"ours": "a", "other": "b"})
    for name, seconds in (("ours", ours), ("other", other)):
        result.runs[name] = [
            {"seconds": {"work": spent}, "start_seconds": 0.5, "peak_mb": 10.0, "facts": {}}
            for spent in seconds
        ]
    return result


def test_ratios_are_medians_over_neighbours() -> None:
    result = result_of([2.0, 30.0, 4.0], [1.0, 10.0, 8.0])
    assert result.ratio("ours", "other") == 2.0
    assert result.seconds("ours") == 4.0


@pytest.mark.parametrize(
    ("found", "at_least", "is_met"),
    [(1.5, False, True), (1.51, False, False), (1.5, True, True), (1.49, True, False)],
)
def test_goals_have_a_direction(found: float, at_least: bool, is_met: bool) -> None:
    assert Goal("ratio", 1.5, found, at_least=at_least).is_met is is_met


def test_the_page_prints_losses_as_well_as_wins(tmp_path: Path) -> None:
    result = result_of([3.0], [1.0])
    result.goals = [
        Goal("time", 1.5, 3.0, held_by="the reason"),
        Goal("memory", 2.0, 1.0, held_by="unspoken"),
    ]
    save(result, tmp_path, on="2026-01-02", repeats=1)
    text = report.write(tmp_path, tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| Reading | time | at most 1.5 | 3 | **missed** |" in text
    assert "| Reading | memory | at most 2 | 1 | met |" in text
    assert "the reason" in text
    assert "unspoken" not in text
    assert "2026-01-02" in text


def test_inputs_are_the_same_every_time(tmp_path: Path) -> None:
    def cells(path: Path) -> list[tuple[object, ...]]:
        return list(openpyxl.load_workbook(path).worksheets[0].values)

    first = inputs.big_workbook(tmp_path / "a.xlsx", 5)
    second = inputs.big_workbook(tmp_path / "b.xlsx", 5)
    assert cells(first) == cells(second)
    texts = [inputs.employment_files(tmp_path / name, 500)[0].read_text() for name in "cd"]
    assert texts[0] == texts[1]


def test_a_contender_that_fails_stops_the_bench(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1, is_quick=True)
    with pytest.raises(RuntimeError, match="ours failed"):
        bench.once(Contender("ours", "", "read_ours", [str(tmp_path / "absent.xlsx")]))


def test_a_quick_run_measures_and_saves(tmp_path: Path) -> None:
    results = tmp_path / "results"
    status = command.main(["--quick", "--results", str(results), "--folder", str(tmp_path)])
    assert status == 0
    for name in command.SMOKE:
        saved = json.loads((results / f"{name}.json").read_bytes())
        assert saved["goals"], name
        assert all(runs for runs in saved["runs"].values()), name
        assert saved["machine"]["cores"] >= 1
    assert not list(tmp_path.glob("bench-*")), "the temporary folder was left behind"
