"""Projects: plan, forecast vintages and actual figures, against values worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.dbt.conftest import Builder, Warehouse, dbt_build
from tests.dbt.network_rows import Report, staged_reports

PLANNED_ON, COUNTED_ON = date(2021, 3, 1), date(2025, 2, 1)
# figure 1 of paper 003, mln tenge: region, 2020, 2024, required pace in per cent a year
FIGURE_1 = {
    "construction": ("KZ-35", 66740, 89160, 7.51),
    "furniture": ("KZ-75", 15568, 29170, 17.00),
    "milk": ("KZ-11", 20895, 39100, 16.96),
    "flour": ("KZ-39", 110899, 206100, 16.76),
    "label_lost": ("KZ-79", 28663, 41160, 9.47),
}


def _stated(
    report: Report,
    project: str,
    kind: str,
    year: int,
    value: float | None,
    *,
    on: date = COUNTED_ON,
    unit: str = "mln_KZT",
    indicator: str = "output",
    **more: Any,
) -> None:
    report.figure(
        "project_value", indicator, value, unit, year=year, project_id=project, value_kind=kind,
        stated_on=on, **more,
    )  # fmt: skip


def _project(report: Report, project: str, regions: list[str], **more: Any) -> None:
    report.says(
        "project", project_id=project, title=f"Project {project}", kind_code="key",
        status_code="running", region_codes=regions, **more,
    )  # fmt: skip


def _figure_1() -> Report:
    report = Report(cluster="KZ-C01", year=2022, name="figure_1.json")
    for project, (region, base, target, _) in FIGURE_1.items():
        _project(report, project, [region])
        _stated(report, project, "base", 2020, base, on=PLANNED_ON)
        _stated(report, project, "plan", 2024, target, on=PLANNED_ON)
        _stated(
            report, project, "effect", 2024, 19, on=PLANNED_ON, unit="per_cent",
            indicator="project_effect", method_note="as printed, without a definition",
        )  # fmt: skip
    return report


def _progress() -> list[Report]:
    """One project of a region without breaks, with everything stated; others with something odd."""
    first = Report(cluster="BY-C01", year=2023)
    _project(first, "P1", [], planned_finish_on=date(2024, 12, 31), finished_on=date(2025, 1, 30))
    roubles = {"unit": "mln_BYN"}
    _stated(first, "P1", "base", 2020, 100, on=PLANNED_ON, **roubles)
    _stated(first, "P1", "plan", 2024, 200, on=PLANNED_ON, **roubles)
    _stated(first, "P1", "forecast", 2024, 180, on=date(2022, 7, 1), **roubles)
    _stated(first, "P1", "forecast", 2024, 160, on=date(2023, 7, 1), **roubles)
    _stated(first, "P1", "actual", 2022, 130, on=date(2023, 2, 1), **roubles)
    second = Report(cluster="BY-C01", year=2024)
    _stated(second, "P1", "actual", 2024, 150, on=COUNTED_ON, **roubles)
    _stated(second, "P1", "actual", 2024, 152, on=date(2025, 3, 1), unit="thousand_BYN")
    second.rows["project_value"][-1].update(value=152000.0)
    _project(second, "ZERO", [])
    _stated(second, "ZERO", "plan", 2024, 0, **roubles)
    _stated(second, "ZERO", "actual", 2024, 5, **roubles)
    _stated(second, "ZERO", "forecast", 2024, 0, **roubles)
    _project(second, "UNITS", [])
    _stated(second, "UNITS", "plan", 2024, 10, unit="mln_USD")
    _stated(second, "UNITS", "actual", 2024, 9, **roubles)
    _project(second, "SILENT", [])
    _stated(second, "SILENT", "plan", 2024, 10, **roubles)
    _stated(second, "SILENT", "actual", 2024, None, reason="confidential", **roubles)
    return [first, second]


def _boundaries() -> Report:
    """Plans and actual figures of Karaganda, which lost a part in June 2022, and of its cluster."""
    report = Report(cluster="KZ-C02", year=2024, form="project_report")
    for project, plan_version, actual_version in (
        ("UNSAID", None, None), ("SAME", "2024", "2023"), ("BROKEN", "2020", "2024"),
        ("DAY", "2022-06-07", "2022-06-08"), ("DAYS", "2022-06-08", "2024"),
        ("TEXT", "former oblast", "2024"), ("TEXTS", "former oblast", "former oblast"),
    ):  # fmt: skip
        _project(report, project, ["KZ-35"])
        _stated(report, project, "plan", 2024, 100, boundary_version=plan_version)
        _stated(report, project, "actual", 2024, 90, boundary_version=actual_version)
    _stated(report, "NOWHERE", "base", 2023, 50)
    _stated(report, "NOWHERE", "plan", 2024, 100)
    _stated(report, "NOWHERE", "actual", 2024, 90)
    return report


def _vintages() -> list[Report]:
    """A half-year report sent twice, and a report that was refused."""
    spring = {"cluster": "KZ-C03", "year": 2024, "form": "project_report"}
    span = (date(2024, 1, 1), date(2024, 6, 30))
    early = Report(**spring, period=span, received_at=datetime(2024, 7, 9, tzinfo=UTC))
    late = Report(**spring, period=span, received_at=datetime(2024, 7, 20, tzinfo=UTC))
    refused = Report(**spring, period=span, outcome="quarantined")
    for report, value in ((early, 70), (late, 75), (refused, 1)):
        _stated(report, "P", "forecast", 2024, value, on=date(2024, 6, 30))
    _stated(early, "P", "plan", 2024, 80, on=date(2024, 6, 30))
    made = Report(cluster="KZ-C03", year=2024, form="project_report", is_illustrative=True)
    _stated(made, "P", "forecast", 2024, 999, on=date(2024, 6, 30))
    return [early, late, refused, made]


@pytest.fixture(scope="module")
def warehouse(build: Builder) -> Iterator[Warehouse]:
    made = build(
        staged_reports([_figure_1(), *_progress(), _boundaries(), *_vintages()]),
        select="+mart_project_progress +mart_project_forecast +dim_project +dim_source_file",
    )
    yield made
    made.close()


def progress(warehouse: Warehouse, project: str, year: int = 2024, **key: Any) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_project_progress where project_id = $1 and year = $2"
        " and indicator_code = $3 and not is_illustrative",
        project, year, key.get("indicator", "output"),
    )  # fmt: skip


@pytest.mark.parametrize("project", ["furniture", "milk", "flour", "label_lost"])
def test_figure_1_required_pace(warehouse: Warehouse, project: str) -> None:
    _, base, target, pace = FIGURE_1[project]
    found = progress(warehouse, project)
    assert (found["base_value"], found["plan_value"]) == (base * 1e6, target * 1e6)
    assert (found["base_year"], found["plan_unit_code"]) == (2020, "KZT")
    assert found["required_pace_pct"] == pytest.approx(pace, abs=0.005)


def test_d68_karaganda_2020_and_2024_are_not_compared(warehouse: Warehouse) -> None:
    found = progress(warehouse, "construction")
    assert (found["base_value"], found["plan_value"]) == (66740e6, 89160e6)
    assert found["required_pace_pct"] is None
    assert found["required_pace_reason_code"] == "boundary_break"


def test_an_effect_stands_as_reported_with_its_method(warehouse: Warehouse) -> None:
    found = progress(warehouse, "flour", indicator="project_effect")
    assert (found["effect_value"], found["effect_unit_code"]) == (19, "per_cent")
    assert found["effect_method_note"] == "as printed, without a definition"
    assert found["execution_reason_code"] == "missing_input"


def test_the_build_fails_when_an_effect_has_no_method(tmp_path: Path) -> None:
    report = _figure_1()
    effects = [row for row in report.rows["project_value"] if row["value_kind"] == "effect"]
    effects[0].update(method_note=None)
    effects[1].update(method_note=None, indicator_code="output")
    effects[2].update(method_note="  ", value_kind="plan")
    failed = dbt_build(tmp_path, staged_reports([report]), select="+fct_project_value")
    assert [message for name, message in failed.items() if "effect_has_its_method" in name] == [
        "fail: Got 3 results, configured to fail if != 0"
    ]


def test_plan_forecast_and_actual_side_by_side(warehouse: Warehouse) -> None:
    found = progress(warehouse, "P1")
    assert found["actual_value"] == 152e6, "the actual figure stated last leads"
    assert found["actual_stated_on"] == date(2025, 3, 1)
    assert found["execution_pct"] == pytest.approx(76.0)
    assert found["deviation"] == pytest.approx(-48e6)
    assert found["required_pace_pct"] == pytest.approx(100 * (2 ** (1 / 4) - 1))
    assert (found["forecast_value"], found["forecast_count"]) == (160e6, 2)
    assert found["forecast_error_pct"] == pytest.approx(100 * (152 - 160) / 160)
    assert found["pace_pct"] == pytest.approx(100 * 52 / 100)
    assert found["slip_days"] == 30


def test_a_year_without_a_plan_is_measured_on_the_straight_line(warehouse: Warehouse) -> None:
    found = progress(warehouse, "P1", 2022)
    assert found["schedule_value"] == pytest.approx(150e6)
    assert found["pace_pct"] == pytest.approx(100 * 30 / 50)
    assert (found["execution_pct"], found["execution_reason_code"]) == (None, "missing_input")
    assert (found["target_year"], found["target_value"]) == (2024, 200e6)


def test_every_forecast_vintage_has_its_error(warehouse: Warehouse) -> None:
    found = warehouse.rows(
        "select stated_on, vintage_number, value, forecast_error_pct, horizon_days"
        " from marts.mart_project_forecast where project_id = 'P1' order by stated_on"
    )
    assert [row[:3] for row in found] == [
        (date(2022, 7, 1), 1, 180e6),
        (date(2023, 7, 1), 2, 160e6),
    ]
    assert [row[3] for row in found] == pytest.approx([-100 * 28 / 180, -5.0])
    assert found[0][4] == (date(2024, 12, 31) - date(2022, 7, 1)).days


@pytest.mark.parametrize(
    ("project", "measure", "reason"),
    [
        ("ZERO", "execution", "zero_denominator"),
        ("ZERO", "forecast_error", "zero_denominator"),
        ("ZERO", "required_pace", "missing_input"),
        ("ZERO", "slip", "missing_input"),
        ("UNITS", "execution", "unit_break"),
        ("UNITS", "deviation", "unit_break"),
        ("SILENT", "execution", "confidential"),
        ("SILENT", "actual", "confidential"),
        ("SILENT", "pace", "confidential"),
        ("BROKEN", "execution", "boundary_break"),
        ("BROKEN", "deviation", "boundary_break"),
        ("TEXT", "execution", "boundary_break"),
        ("DAY", "execution", "boundary_break"),
        ("NOWHERE", "required_pace", "boundary_break"),
    ],
)
def test_what_cannot_be_compared_is_null_with_its_reason(
    warehouse: Warehouse, project: str, measure: str, reason: str
) -> None:
    found = progress(warehouse, project)
    column = {"deviation": "deviation", "slip": "slip_days", "actual": "actual_value"}
    name = column.get(measure, f"{measure}_pct")
    assert (found[name], found[f"{measure}_reason_code"]) == (None, reason)


@pytest.mark.parametrize("project", ["UNSAID", "SAME", "DAYS", "TEXTS", "NOWHERE"])
def test_equal_boundaries_are_compared(warehouse: Warehouse, project: str) -> None:
    assert progress(warehouse, project)["execution_pct"] == pytest.approx(90.0)


def test_a_plan_of_zero_still_has_a_deviation(warehouse: Warehouse) -> None:
    assert progress(warehouse, "ZERO")["deviation"] == pytest.approx(5e6)


def test_a_report_sent_again_replaces_the_first_as_a_whole(warehouse: Warehouse) -> None:
    found = warehouse.rows(
        "select value_kind, value, is_illustrative from marts.fct_project_value"
        " where cluster_id = 'KZ-C03' order by is_illustrative"
    )
    assert found == [("forecast", 75e6, False), ("forecast", 999e6, True)]


def test_a_stated_figure_leads_to_its_cell(warehouse: Warehouse) -> None:
    found = warehouse.row(
        "select file.file_name, fact.cell, fact.value_printed from marts.fct_project_value as fact"
        " join marts.dim_source_file as file using (file_id)"
        " where fact.project_id = 'furniture' and fact.value_kind = 'plan'"
    )
    row = next(
        row
        for row in _figure_1().rows["project_value"]
        if (row["project_id"], row["value_kind"]) == ("furniture", "plan")
    )
    assert found == {
        "file_name": "figure_1.json", "cell": row["cell"], "value_printed": "29170"
    }  # fmt: skip


def test_projects_keep_what_was_said_of_them(warehouse: Warehouse) -> None:
    found = warehouse.row("select * from marts.dim_project where project_id = 'construction'")
    assert (found["region_codes"], found["status_code"]) == (["KZ-35"], "running")
