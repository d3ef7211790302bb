"""Printed, corrected and computed values stay apart in every mart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.dbt.conftest import Builder, Warehouse
from tests.dbt.staging import File, staged

BELARUS = ["BY-BR", "BY-HM", "BY-HO", "BY-HR", "BY-MA", "BY-MI", "BY-VI"]
TOTAL = ("OKRB_005_2011", "TOTAL")
ACTIVITIES = ("C", "J")
PENDING, CONFIRMED, REJECTED = "BY-BR", "BY-HM", "BY-HO"
OTHER = "BY-VI"


def record(file: File, status: str, corrected: float | None) -> None:
    """A correction record on the last cell of a file."""
    file.observations[-1].update(
        correction_id=f"{status}-{len(file.observations)}",
        correction_status=status,
        value_corrected=corrected,
        admissible_low=None if corrected is None else corrected - 1,
        admissible_high=None if corrected is None else corrected + 1,
    )


def _files() -> list[File]:
    """Figures of 100 in all regions; three regions have a record in 2021, one of each status."""
    grp, people, jobs = File("grp.csv", "grp"), File("people.csv", "people"), File("j.csv", "jobs")
    marks = {PENDING: "proposed", CONFIRMED: "confirmed", REJECTED: "rejected"}
    for when in (2020, 2021, 2022):
        for region in BELARUS:
            grp.says("grp", region, when, 100.0, "mln_BYN", currency="BYN")
            if when == 2021 and region in marks:
                record(grp, marks[region], 200.0)
            people.says("population", region, when, 10.0, "thousand_persons",
                        on=date(when, 1, 1))  # fmt: skip
    for when, status in ((2020, None), (2021, "proposed"), (2022, "confirmed")):
        for region in BELARUS:
            for code in ACTIVITIES:
                jobs.says("employment", region, when, 100.0, "thousand_persons",
                          activity=("OKRB_005_2011", code))  # fmt: skip
                if status and (region, code) == (PENDING, "C"):
                    record(jobs, status, 300.0)
    return [grp, people, jobs]


@pytest.fixture(scope="module")
def warehouse(build: Builder) -> Iterator[Warehouse]:
    made = build(staged(_files()))
    yield made
    made.close()


def figure(warehouse: Warehouse, region: str, year: int, indicator: str = "grp") -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_indicator where indicator_code = ? and region_code = ? "
        "and year = ? and activity_code = '_T'",
        indicator, region, year,
    )  # fmt: skip


def test_facts_keep_the_printed_value_and_the_record(warehouse: Warehouse) -> None:
    row = warehouse.row(
        "select value, value_printed, value_corrected, admissible_low, admissible_high, "
        "correction_status from marts.fct_observation where correction_id like 'proposed%' "
        "and indicator_code = 'grp'"
    )
    assert list(row.values()) == [100.0, "100.0", 200.0, 199.0, 201.0, "proposed"]


@pytest.mark.parametrize(
    ("region", "status", "has_correction"),
    [(PENDING, "proposed", True), (CONFIRMED, "confirmed", True), (REJECTED, "rejected", False)],
)
def test_the_printed_value_is_never_replaced(
    warehouse: Warehouse, region: str, status: str, has_correction: bool
) -> None:
    row = figure(warehouse, region, 2021)
    assert (row["value"], row["corrected_value"]) == (100e6, 200e6)
    assert (row["correction_status"], row["has_correction"]) == (status, has_correction)
    assert row["correction_id"].startswith(status)
    wide = warehouse.row(
        "select grp, grp_corrected_value, grp_correction_status, grp_correction_id, "
        "has_correction from marts.mart_region_year where region_code = ? and year = 2021",
        region,
    )
    assert wide["grp"] == 100e6
    assert wide["grp_corrected_value"] == 200e6
    assert wide["grp_correction_status"] == status
    assert wide["grp_correction_id"] == row["correction_id"]
    assert wide["has_correction"]


def test_a_figure_without_a_record_says_nothing(warehouse: Warehouse) -> None:
    row = figure(warehouse, OTHER, 2021)
    assert row["corrected_value"] is row["correction_id"] is row["correction_status"] is None
    assert not row["has_correction"]
    assert row["change_correction_status"] is None


@pytest.mark.parametrize("year", [2021, 2022])
def test_nothing_is_computed_with_a_value_under_doubt(warehouse: Warehouse, year: int) -> None:
    row = figure(warehouse, PENDING, year)
    assert (row["change"], row["change_reason_code"]) == (None, "correction_pending")
    assert row["change_correction_status"] == "proposed"


def test_a_confirmed_correction_is_computed_with_and_says_so(warehouse: Warehouse) -> None:
    for year, change in ((2021, 100.0), (2022, -50.0)):
        row = figure(warehouse, CONFIRMED, year)
        assert (row["change"], row["change_correction_status"]) == (change, "confirmed")


def test_a_rejected_correction_counts_for_nothing(warehouse: Warehouse) -> None:
    row = figure(warehouse, REJECTED, 2021)
    assert (row["change"], row["change_correction_status"]) == (0.0, None)


def test_ranks_use_the_corrected_value_and_leave_doubt_out(warehouse: Warehouse) -> None:
    assert figure(warehouse, PENDING, 2021)["rank"] is None
    first = figure(warehouse, CONFIRMED, 2021)
    assert (first["rank"], first["ranked_count"]) == (1, 6)
    other = figure(warehouse, OTHER, 2021)
    assert (other["rank"], other["rank_correction_status"]) == (2, "proposed")
    assert figure(warehouse, OTHER, 2020)["rank_correction_status"] is None
    assert figure(warehouse, OTHER, 2020)["ranked_count"] == 7


@pytest.mark.parametrize(
    ("region", "per_head", "reason", "status"),
    [
        (PENDING, None, "correction_pending", "proposed"),
        (CONFIRMED, 20_000.0, None, "confirmed"),
        (REJECTED, 10_000.0, None, None),
        (OTHER, 10_000.0, None, None),
    ],
)
def test_per_head(
    warehouse: Warehouse, region: str, per_head: float | None, reason: str | None, status: str
) -> None:
    row = warehouse.row(
        "select grp_per_head, grp_per_head_reason_code, grp_per_head_correction_status "
        "from marts.mart_region_year where region_code = ? and year = 2021",
        region,
    )
    assert list(row.values()) == [per_head, reason, status]


def test_disparities_wait_for_the_confirmation(warehouse: Warehouse) -> None:
    query = (
        "select gini, reason_code, correction_status, has_correction "
        "from marts.mart_disparity_year "
        "where indicator_code = 'grp' and quantity_kind = 'per_head' and year = ?"
    )
    before = warehouse.row(query, 2020)
    assert (before["gini"], before["reason_code"], before["has_correction"]) == (0.0, None, False)
    pending = warehouse.row(query, 2021)
    assert list(pending.values()) == [None, "correction_pending", "proposed", True]
    figures = warehouse.rows(
        "select distinct value, reason_code, has_correction from marts.mart_indicator "
        "where indicator_code = 'DSP_GINI' and base_indicator_code = 'grp' and year = 2021"
    )
    assert figures == [(None, "correction_pending", True)]


def cell(warehouse: Warehouse, region: str, activity: str, year: int) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_region_activity_year where base_indicator_code = 'employment' "
        "and region_code = ? and activity_code = ? and year = ?",
        region, activity, year,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("region", "activity"), [(PENDING, "C"), (PENDING, "J"), (OTHER, "C"), (OTHER, "J")]
)
def test_no_quotient_rests_on_a_value_under_doubt(
    warehouse: Warehouse, region: str, activity: str
) -> None:
    row = cell(warehouse, region, activity, 2021)
    assert (row["value"], row["reason_code"]) == (100_000.0, None)
    assert row["has_correction"]
    assert row["location_quotient"] is None
    assert row["location_quotient_reason_code"] == "correction_pending"
    assert row["location_quotient_correction_status"] == "proposed"
    assert (row["focus_pct"] is None) is (region == PENDING)
    # a reference is made of whole regions: without the total of one it serves no activity
    assert (row["size_pct"], row["size_reason_code"]) == (None, "correction_pending")


def test_quotients_use_a_confirmed_correction(warehouse: Warehouse) -> None:
    row = cell(warehouse, PENDING, "C", 2022)
    assert (row["value"], row["corrected_value"]) == (100_000.0, 300_000.0)
    assert row["focus_pct"] == pytest.approx(75.0)
    assert row["size_pct"] == pytest.approx(100 * 300 / 900)
    assert row["location_quotient"] == pytest.approx((300 / 400) / (900 / 1600))
    assert row["location_quotient_correction_status"] == "confirmed"
    other = cell(warehouse, OTHER, "J", 2022)
    assert (other["focus_pct"], other["focus_correction_status"]) == (50.0, None)
    assert other["location_quotient_correction_status"] == "confirmed"
    clean = cell(warehouse, OTHER, "J", 2020)
    assert (clean["location_quotient"], clean["has_correction"]) == (1.0, False)


def test_the_structure_waits_too(warehouse: Warehouse) -> None:
    query = (
        "select year, value, reason_code, correction_status from marts.mart_indicator "
        "where indicator_code = 'SPZ_HHI' and region_code = ? order by year"
    )
    assert warehouse.rows(query, PENDING) == [
        (2020, 0.5, None, None),
        (2021, None, "correction_pending", "proposed"),
        (2022, 0.625, None, "confirmed"),
    ]
