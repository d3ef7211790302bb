"""Releases of one table that restate figures: what the marts show, what was known when."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.parsed import lay_parsed
from warehouse import explain, pipeline, publish
from warehouse.settings import PROJECT, Settings

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAMPLE = PROJECT / "samples" / "belstat" / "grp_per_capita_by_region.json"
BREST, VITEBSK, GOMEL = 0, 1, 2
Y2023, Y2024 = 4, 5

Answer = dict[str, Any]


def _release(path: Path, change: Callable[[list[Any]], None] | None = None, **how: Any) -> None:
    answer: Answer = json.loads(SAMPLE.read_bytes())
    if change:
        change(answer["tableRows"])
    path.write_text(json.dumps(answer, ensure_ascii=False, **how), encoding="utf-8")


def _older(rows: list[Any]) -> None:
    rows[BREST][Y2024]["value"] = "22 700,0"
    rows[VITEBSK][Y2024]["value"] = None


def _later(rows: list[Any]) -> None:
    rows[BREST][Y2024]["value"] = "22 912,3"
    rows[GOMEL][Y2023]["value"] = None


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """March, September, the same cells saved again, and January arriving last."""
    folder = tmp_path_factory.mktemp("vintages")
    project = folder / "project"
    for part in ("dbt", "expectations", "warehouse/sources"):
        ignored = shutil.ignore_patterns("target", "logs")
        shutil.copytree(PROJECT / part, project / part, ignore=ignored)
    contract = project / "warehouse/sources/belstat/grp_per_capita.yml"
    released = r"released: '(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\.json$'"
    contract.write_text(f"{contract.read_text(encoding='utf-8')}\n{released}\n", encoding="utf-8")

    inbox = folder / "inbox"
    inbox.mkdir()
    settings = lay_parsed(Settings(home=folder / "home", project=project))
    _release(inbox / "grp 2025-03-01.json")
    _ingest(settings, inbox, START)
    _release(inbox / "grp 2025-09-01.json", _later)
    _ingest(settings, inbox, START + timedelta(days=1))
    _release(inbox / "grp 2025-10-01.json", _later, indent=1)
    _ingest(settings, inbox, START + timedelta(days=2))
    _release(inbox / "grp 2025-01-15.json", _older)
    pipeline.run(settings, inbox, now=START + timedelta(days=3))
    return settings


def _ingest(settings: Settings, inbox: Path, now: datetime) -> None:
    pipeline.ingest_files(settings, inbox, pipeline.find_new_files(settings, inbox), now=now)


def _rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    return publish.query(settings, query)[1]


def test_every_release_stays_and_a_copy_is_none(settings: Settings) -> None:
    outcomes = _rows(
        settings,
        "select file_name, outcome_code, released_on from ops.ops_file_outcome order by 1",
    )
    assert outcomes == [
        ("grp 2025-01-15.json", "accepted", date(2025, 1, 15)),
        ("grp 2025-03-01.json", "accepted", date(2025, 3, 1)),
        ("grp 2025-09-01.json", "accepted", date(2025, 9, 1)),
        ("grp 2025-10-01.json", "unchanged", date(2025, 10, 1)),
    ]
    kept = _rows(settings, "select count(distinct file_id) from marts.fct_observation")
    assert kept == [(3,)]


def test_the_mart_shows_the_latest_release_not_the_latest_arrival(settings: Settings) -> None:
    shown = _rows(
        settings,
        "select region_code, year, value, reason_code from marts.mart_indicator"
        " where indicator_code = 'grp_per_capita' and base_indicator_code = indicator_code"
        " and (region_code, year) in (('BY-BR', 2024), ('BY-VI', 2024), ('BY-HO', 2023))"
        " order by all",
    )
    assert shown[0] == ("BY-BR", 2024, 22912.3, None)
    assert shown[1] == ("BY-HO", 2023, None, "not_published")
    assert shown[2][2] == _printed(VITEBSK, Y2024)


def _printed(row: int, column: int) -> float:
    answer = json.loads(SAMPLE.read_bytes())
    text = str(answer["tableRows"][row][column]["value"])
    return float(text.replace("\xa0", "").replace(" ", "").replace(",", "."))


@pytest.mark.parametrize(
    ("on", "brest", "vitebsk", "gomel"),
    [
        ("2025-01-14", "none", "none", "none"),
        ("2025-01-15", 22700.0, None, "as printed"),
        ("2025-02-28", 22700.0, None, "as printed"),
        ("2025-03-01", 22800.1, "as printed", "as printed"),
        ("2025-09-01", 22912.3, "as printed", None),
        ("2099-01-01", 22912.3, "as printed", None),
    ],
)
def test_as_of_a_day(settings: Settings, on: str, brest: Any, vitebsk: Any, gomel: Any) -> None:
    found = {
        (region, year): value
        for region, year, value in _rows(
            settings,
            f"select region_code, year, value from marts.as_of('{on}')"  # noqa: S608
            " where indicator_code = 'grp_per_capita'",
        )
    }
    printed = {"BY-VI": _printed(VITEBSK, Y2024), "BY-HO": _printed(GOMEL, Y2023)}
    for region, year, wanted in (
        ("BY-BR", 2024, brest),
        ("BY-VI", 2024, vitebsk),
        ("BY-HO", 2023, gomel),
    ):
        expected = printed[region] if wanted == "as printed" else wanted
        assert found.get((region, year), "none") == expected


def test_today_is_what_the_mart_shows(settings: Settings) -> None:
    columns = "indicator_code, region_code, activity_code, year, method_version, value, obs_status"
    told = f"select {columns} from marts.as_of(current_date)"  # noqa: S608
    mart = (
        f"select {columns} from marts.mart_indicator"  # noqa: S608
        " inner join marts.dim_indicator using (indicator_code) where indicator_kind = 'base'"
    )
    assert _rows(settings, f"({told} except all {mart}) union all ({mart} except all {told})") == []


def test_each_revision_has_its_size_direction_files_and_dates(settings: Settings) -> None:
    found = _rows(
        settings,
        "select region_code, year, old_file_name, new_file_name, old_value, new_value, direction,"
        " old_released_on, new_released_on, is_latest from marts.mart_revision order by all",
    )
    january, march, september = date(2025, 1, 15), date(2025, 3, 1), date(2025, 9, 1)
    names = {day: f"grp {day}.json" for day in (january, march, september)}
    vitebsk, gomel = _printed(VITEBSK, Y2024), _printed(GOMEL, Y2023)
    assert found == [
        (
            "BY-BR",
            2024,
            names[january],
            names[march],
            22700.0,
            22800.1,
            "up",
            january,
            march,
            False,
        ),
        (
            *("BY-BR", 2024, names[march], names[september], 22800.1, 22912.3),
            *("up", march, september, True),
        ),
        (
            *("BY-HO", 2023, names[march], names[september], gomel, None),
            *("withdrawn", march, september, True),
        ),
        (
            *("BY-VI", 2024, names[january], names[march], None, vitebsk),
            *("published", january, march, False),
        ),
    ]


def test_the_size_is_absolute_and_in_per_cent(settings: Settings) -> None:
    sizes = _rows(
        settings,
        "select change, change_pct, revision_number from marts.mart_revision"
        " where region_code = 'BY-BR' order by revision_number",
    )
    assert sizes[0][:2] == (pytest.approx(100.1), pytest.approx(100 * 100.1 / 22700))
    assert sizes[1][:2] == (pytest.approx(112.2), pytest.approx(100 * 112.2 / 22800.1))
    assert [row[2] for row in sizes] == [1, 2]


def test_explain_names_the_vintages_that_were_replaced(settings: Settings) -> None:
    found = explain.explain(settings, explain.Question("grp_per_capita", "BY-BR", 2024))
    own = found.inputs[0]
    assert (own["vintage_number"], own["vintage_count"], own["is_replaced"]) == (1, 3, False)
    assert [(old["value"], old["file_name"]) for old in own["earlier"]] == [
        (22800.1, "grp 2025-03-01.json"),
        (22700.0, "grp 2025-01-15.json"),
    ]
