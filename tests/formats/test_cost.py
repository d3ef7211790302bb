"""A thousand contracts are looked through without compiling their expressions again."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layout.reading import NOW, code_lists, registry
from tests.specimens import build
from tests.specimens.self_described import WITH_STATUS, WITHOUT_STATUS
from warehouse.errors import Code, WarehouseError
from warehouse.interpret import interpret
from warehouse.layout.contract import Contract, Registry
from warehouse.readers import detect_format, read

COUNT = 1000


def many() -> Registry:
    """The contracts of the warehouse and enough others that look like the wage bulletin's."""
    known = dict(registry())
    model = known["belstat/wage_by_activity"]
    for number in range(COUNT - len(known)):
        rule = model.recognise.model_copy(
            update={"caption": f"Показатель номер {number} .*по видам.*деятельности"}
        )
        other = model.model_copy(update={"dataset": f"other_{number}", "recognise": rule})
        known[f"belstat/other_{number}"] = other
    return known


def outcome(path: Path, contracts: Registry) -> Contract | None:
    return interpret(
        path,
        file_id="f" * 64,
        file_name=path.name,
        received_at=NOW,
        registry=contracts,
        lists=code_lists(),
    ).contract


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Expressions that are compiled while a test runs."""
    found: list[str] = []
    original = re.compile

    def counting(pattern: str, flags: int = 0) -> re.Pattern[str]:
        found.append(str(pattern))
        return original(pattern, flags)

    monkeypatch.setattr(re, "compile", counting)
    yield found


def test_expressions_are_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    path, contracts = build.wage_bulletin(tmp_path / "w.xlsx"), many()
    first = outcome(path, contracts)
    assert first is not None
    assert first.id == "belstat/wage_by_activity"
    assert len([text for text in compiled if "Показатель номер" in text]) == COUNT - len(registry())
    compiled.clear()
    outcome(path, contracts)
    assert [text for text in compiled if "Показатель номер" in text] == []


def test_a_thousand_contracts_cost_little(tmp_path: Path) -> None:
    path, contracts = build.wage_bulletin(tmp_path / "w.xlsx"), many()
    few = {"belstat/wage_by_activity": contracts["belstat/wage_by_activity"]}
    outcome(path, contracts)

    def seconds(given: Registry) -> float:
        best = 60.0
        for _ in range(5):
            start = time.perf_counter()
            outcome(path, given)
            best = min(best, time.perf_counter() - start)
        return best

    extra, alone = seconds(contracts) - seconds(few), seconds(few)
    print(f"{COUNT} contracts: {extra * 1000:.1f} ms more than {alone * 1000:.1f} ms")
    assert extra < 5 * alone  # no absolute time: compiling them anew costs fifty times as much


SELF_DESCRIBED = {**WITH_STATUS, **WITHOUT_STATUS}
HELD_WHOLE = ("dense.json", "sparse.json", "series.json", "flat.json", "keys.px")


@pytest.mark.parametrize("name", sorted({*SELF_DESCRIBED} - {"sparse.json"}))
def test_more_values_than_can_be_held_are_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SELF_DESCRIBED[name](tmp_path / name)
    monkeypatch.setattr("warehouse.readers.cubes.MAX_VALUES", 8)  # of nine
    with pytest.raises(WarehouseError) as refused:
        read(path, detect_format(path))
    assert refused.value.problem.code == Code.FILE_TOO_LARGE


@pytest.mark.parametrize("name", HELD_WHOLE)
def test_a_format_that_is_held_whole_has_a_limit_in_bytes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SELF_DESCRIBED[name](tmp_path / name)
    monkeypatch.setattr("warehouse.readers.cubes.MAX_WHOLE_BYTES", path.stat().st_size - 1)
    with pytest.raises(WarehouseError) as refused:
        read(path, detect_format(path))
    assert refused.value.problem.code == Code.FILE_TOO_LARGE


def test_a_library_is_loaded_for_the_format_that_needs_it() -> None:
    """`contract check` on a workbook need not wait for the libraries of Word and PDF."""
    asked = "import sys, warehouse.readers; print({'docx', 'pdfplumber'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
