"""Registers, history and the yearly figures of clusters, from staged reports to marts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dbt.conftest import Builder, Warehouse, dbt_build
from tests.dbt.reports import Report, received, register, staged_reports

MIDSUMMER = date(2021, 6, 28)


def statuses_of_2021() -> Report:
    """32 Belarusian clusters as of 28.06.2021, with changes on the days around it."""
    listed = register()
    codes = [f"BY-C{number:02d}" for number in range(1, 34)]
    for code in codes:
        listed.cluster("BY-HM", cluster_id=code)
        listed.status("potential", date(2015, 1, 1), cluster_id=code)
    for code in codes[:14]:
        listed.status("forming", date(2017, 1, 1), cluster_id=code)
    for code in codes[:7]:
        listed.status("active", date(2019, 6, 1), cluster_id=code)
    listed.status("active", MIDSUMMER, cluster_id=codes[7])
    listed.status("active", date(2021, 6, 29), cluster_id=codes[8])
    listed.status("closed", MIDSUMMER, cluster_id=codes[32])
    return listed


def kazakh_register() -> Report:
    listed = register("kz.csv")
    for number in range(1, 10):
        code = f"KZ-C{number:02d}"
        listed.cluster("KZ-75", cluster_id=code, name_ru="из реестра")
        listed.status("active", date(2020, 1, 1), cluster_id=code)
    listed.organisation("KZ:91", "KZ-75")
    return listed.row("membership", cluster_id="KZ-C09", organisation_id="KZ:91")


def registers_sent_again() -> Iterator[Report]:
    """A list of one name is replaced as a whole; a list of another name adds to it, row by row."""
    first = register("list.csv", received_at=received(2025, 1, 1))
    first.cluster("BY-HM", cluster_id="BY-C50", name_ru="первое")
    first.status("forming", date(2024, 1, 1), cluster_id="BY-C50")
    first.cluster("BY-HM", cluster_id="BY-C51")
    yield first.status("forming", date(2024, 1, 1), cluster_id="BY-C51")
    second = register("list.csv", received_at=received(2025, 6, 1))
    second.cluster("BY-HM", cluster_id="BY-C50", name_ru="третье")
    yield second.status("potential", date(2024, 1, 1), cluster_id="BY-C50")
    other = register("other.csv", received_at=received(2025, 3, 1))
    other.cluster("BY-HM", cluster_id="BY-C50", name_ru="второе")
    other.status("active", date(2024, 1, 1), cluster_id="BY-C50")
    yield other.status("active", date(2025, 2, 1), cluster_id="BY-C50")


def resubmitted() -> Iterator[Report]:
    """Two members, then one of them; then a report that is not accepted."""
    first = Report("KZ-C01", "2023", "one.xlsx", received_at=received(2024, 3, 1)).cluster("KZ-75")
    for number, employees in (("KZ:1", 10), ("KZ:2", 20)):
        first.member(number, "KZ-75").value(number, employees=employees)
    yield first
    second = Report("KZ-C01", "2023", "two.xlsx", received_at=received(2024, 3, 15))
    yield second.cluster("KZ-75").member("KZ:1", "KZ-75").value("KZ:1", employees=11)
    third = Report(
        "KZ-C01", "2023", "bad.xlsx", outcome="quarantined", received_at=received(2024, 3, 20)
    )
    yield third.cluster("KZ-75").member("KZ:1", "KZ-75").value("KZ:1", employees=99)
    sample = Report("KZ-C01", "2023", "sample.xlsx", is_illustrative=True)
    sample.cluster("KZ-75").status("active", date(2020, 1, 1))
    yield sample.member("KZ:1", "KZ-75").value("KZ:1", employees=999)


def restated() -> Iterator[Report]:
    """2022 is said three times: in its own report, in that of 2023, in its own once more."""
    for period, year, output, when in (
        ("2022", 2022, 100, received(2023, 5, 10)),
        ("2023", 2022, 90, received(2024, 3, 1)),
        ("2022", 2022, 105, received(2024, 6, 1)),
    ):
        report = Report("KZ-C02", period, f"{period}-{output}.xlsx", received_at=when)
        report.cluster("KZ-75").member("KZ:3", "KZ-75").value("KZ:3", year=year, output=output)
        yield report.value("KZ:3", output=120) if period == "2023" else report


def measured() -> Report:
    """Four members at the end of 2023, one that left, and figures of one that never was one."""
    report = Report("KZ-C03", "2023").cluster("KZ-75", team_fte=2.5)
    report.member("KZ:11", "KZ-75", size_code="large", type_code="business")
    report.value("KZ:11", employees=100, value_added=1000, sales=2000, exports=500, payroll=600)
    report.value("KZ:11", rd_spend=50, output=3000, innovative_output=300, patents=2)
    report.member("KZ:12", "KZ-75", size_code="small", type_code="supplier")
    report.value("KZ:12", employees=20, value_added=-100, sales=400, exports=None, payroll=100)
    report.member("KZ:13", "KZ-71", date(2023, 5, 1), size_code="micro", type_code="research")
    report.value("KZ:13", employees=7)
    report.member("KZ:14", "KZ-75", size_code="entrepreneur", type_code="business")
    report.member("KZ:15", "KZ-75", left=date(2023, 8, 31)).value("KZ:15", employees=1000)
    report.organisation("KZ:16", "KZ-75").value("KZ:16", employees=500)
    return report.states(employees=150, exports=700, sme_share=75, trainings=4)


def across_regions() -> Iterator[Report]:
    """A cluster of Brest with members and remote jobs elsewhere; one member is in two clusters."""
    report = Report("BY-C40", "2023").cluster("BY-BR").status("active", date(2020, 1, 1))
    report.member("BY:21", "BY-BR").value("BY:21", employees=50, remote_employees=20)
    report.value("BY:21", lives_in="BY-VI", remote_employees=8)
    report.value("BY:21", lives_in="BY-BR-brest-city", remote_employees=5)
    report.member("BY:22", "BY-HM").value("BY:22", employees=30, remote_employees=0)
    report.member("BY:23", "BY-BR-pinsk-city").value("BY:23", employees=9)
    report.value("BY:23", lives_in="BY-HM", remote_employees=3)
    yield report
    other = Report("BY-C41", "2023").cluster("BY-HM").status("active", date(2020, 1, 1))
    other.member("BY:22", "BY-HM", date(2021, 1, 1)).value(
        "BY:22", employees=30, remote_employees=0
    )
    other.member("BY:21", "BY-BR", date(2021, 1, 1)).value(
        "BY:21", employees=50, remote_employees=20
    )
    yield other.value("BY:21", lives_in="BY-VI", remote_employees=20)
    contradictory = Report("BY-C42", "2022").cluster("BY-HM").status("active", date(2020, 1, 1))
    contradictory.member("BY:24", "BY-HM").value("BY:24", employees=40, remote_employees=10)
    yield contradictory.value("BY:24", lives_in="BY-VI", remote_employees=10)
    later = Report("BY-C42", "2023").cluster("BY-HM").member("BY:24", "BY-HM")
    yield later.value("BY:24", year=2022, remote_employees=4)


def history() -> Iterator[Report]:
    """Names, regions, sizes and members that change from report to report."""
    first = Report("KZ-C04", "2021", received_at=received(2022, 3, 1))
    first.cluster("KZ-75", name_ru="Старое имя", founded_on=date(2018, 4, 1))
    first.member("KZ:31", "KZ-75", name="ТОО «Альфа»").member("KZ:32", "KZ-75", date(2019, 1, 1))
    first.row(
        "cluster_classification",
        axis_code="scale",
        value_code="scale.regional",
        valid_from=date(2020, 1, 1),
    )
    yield first.row("cluster_label", label_code="bronze", valid_from=date(2021, 5, 1))
    second = Report("KZ-C04", "2022", received_at=received(2023, 3, 1))
    second.cluster("KZ-75", name_ru="Старое имя", founded_on=date(2018, 4, 1))
    second.member("KZ:31", "KZ-75", name="Альфа ТОО").member("KZ:32", "KZ-75", date(2019, 1, 1))
    second.row(
        "cluster_classification",
        axis_code="scale",
        value_code="scale.interregional",
        valid_from=date(2022, 7, 1),
    )
    yield second.status("active", date(2022, 2, 1))
    third = Report("KZ-C04", "2023", received_at=received(2024, 5, 1))
    third.cluster("KZ-71", name_ru="Новое имя", founded_on=date(2018, 4, 1))
    third.status("forming", date(2023, 10, 1), reason="реорганизация")
    yield third.member("KZ:31", "KZ-71", name="Альфа ТОО", size_code="medium")


def refused() -> Iterator[Report]:
    yield Report("KZ-C06", "2023", outcome="refused", received_at=received(2024, 2, 1))
    yield Report("KZ-C06", "2024", outcome="quarantined", received_at=received(2025, 2, 1))
    half = Report("KZ-C07", "2024-H1", form="project_report", received_at=received(2024, 7, 10))
    yield half


SELECT = (
    "+mart_cluster_year +mart_cluster_year_input +mart_region_cluster_year "
    "+fct_cluster_classification +fct_cluster_label +fct_organisation_name +ops_submission"
)
"""What is asked for here, and what that is made of."""


@pytest.fixture(scope="module")
def warehouse(build: Builder) -> Iterator[Warehouse]:
    reports = [
        statuses_of_2021(),
        kazakh_register(),
        *registers_sent_again(),
        *resubmitted(),
        *restated(),
        measured(),
        *across_regions(),
        *history(),
        *refused(),
    ]
    built = build(staged_reports(reports), SELECT)
    yield built
    built.close()


def year_of(warehouse: Warehouse, cluster: str, year: int, **more: Any) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_cluster_year "
        "where cluster_id = ? and year = ? and is_illustrative = ?",
        cluster,
        year,
        more.get("illustrative", False),
    )


# ── statuses ────────────────────────────────────────────────────────────────────────────────

COUNT_ON = """
    select status_code, count(*)
    from marts.fct_cluster_status
    where country_code = 'BY' and valid_from <= $1 and coalesce(valid_to, $1) >= $1
        and cluster_id < 'BY-C34'
    group by status_code
    order by status_code
"""


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (MIDSUMMER, {"active": 8, "forming": 6, "potential": 18, "closed": 1}),
        (date(2021, 6, 27), {"active": 7, "forming": 7, "potential": 19}),
        (date(2021, 6, 29), {"active": 9, "forming": 5, "potential": 18, "closed": 1}),
        (date(2014, 12, 31), {}),
    ],
)
def test_clusters_by_status_as_of_a_day(
    warehouse: Warehouse, on: date, expected: dict[str, int]
) -> None:
    assert dict(warehouse.rows(COUNT_ON, on)) == expected


def test_a_status_said_again_is_no_event_and_a_step_back_is_marked(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select status_code, valid_from, valid_to, is_step_back, reason "
        "from marts.fct_cluster_status where cluster_id = 'KZ-C04' order by valid_from"
    )
    assert rows == [
        ("active", date(2020, 1, 1), date(2023, 9, 30), False, None),
        ("forming", date(2023, 10, 1), None, True, "реорганизация"),
    ]


# ── which submissions and rows count ────────────────────────────────────────────────────────


def test_a_resubmission_replaces_the_report_as_a_whole(warehouse: Warehouse) -> None:
    figures = year_of(warehouse, "KZ-C01", 2023)
    assert figures["member_count"] == 1
    assert figures["member_employees"] == 11
    assert figures["obs_status"] == "A"


def test_a_register_sent_again(warehouse: Warehouse) -> None:
    clusters = warehouse.rows(
        "select cluster_id, name_ru from marts.dim_cluster where cluster_id in ('BY-C50', 'BY-C51')"
    )
    assert clusters == [("BY-C50", "третье")]
    statuses = warehouse.rows(
        "select cluster_id, status_code, valid_from, valid_to from marts.fct_cluster_status "
        "where cluster_id in ('BY-C50', 'BY-C51') order by valid_from"
    )
    assert statuses == [
        ("BY-C50", "potential", date(2024, 1, 1), date(2025, 1, 31)),
        ("BY-C50", "active", date(2025, 2, 1), None),
    ]


def test_illustrative_reports_stand_apart(warehouse: Warehouse) -> None:
    figures = year_of(warehouse, "KZ-C01", 2023, illustrative=True)
    assert figures["member_employees"] == 999
    assert figures["obs_status"] == "G"


def test_a_restated_earlier_year_wins(warehouse: Warehouse) -> None:
    assert year_of(warehouse, "KZ-C02", 2022)["member_output"] == 90_000
    assert year_of(warehouse, "KZ-C02", 2023)["member_output"] == 120_000


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 5, 9), []),
        (date(2023, 5, 10), [100_000]),
        (date(2024, 2, 29), [100_000]),
        (date(2024, 3, 1), [90_000]),
        (date(2026, 11, 21), [90_000]),
    ],
)
def test_what_was_reported_as_of_a_day(
    warehouse: Warehouse, on: date, expected: list[float]
) -> None:
    rows = warehouse.rows(
        "select value from marts.reported_as_of(?) "
        "where cluster_id = 'KZ-C02' and year = 2022 and indicator_code = 'output'",
        on,
    )
    assert [value for (value,) in rows] == expected


def test_a_replaced_report_counted_until_it_was_replaced(warehouse: Warehouse) -> None:
    query = (
        "select organisation_id, value from marts.reported_as_of(?) "
        "where cluster_id = 'KZ-C01' and not is_illustrative order by 1"
    )
    assert warehouse.rows(query, date(2024, 3, 14)) == [("KZ:1", 10), ("KZ:2", 20)]
    assert warehouse.rows(query, date(2024, 3, 15)) == [("KZ:1", 11)]
    assert warehouse.rows(query, date(2026, 11, 21)) == [("KZ:1", 11)]


def test_the_cells_behind_a_figure_are_those_that_count(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select file_name, organisation_id, value, value_printed, unit_code "
        "from marts.mart_cluster_year_input "
        "where cluster_id = 'KZ-C02' and year = 2022 and column_name = 'member_output'"
    )
    assert rows == [("2023-90.xlsx", "KZ:3", 90_000, "90", "KZT")]


def test_the_cells_behind_counts_and_ratios(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select column_name, role_code, organisation_id, indicator_code, cell, value_printed "
        "from marts.mart_cluster_year_input "
        "where cluster_id = 'KZ-C03' and year = 2023 and column_name in "
        "('left_count', 'productivity', 'stated_exports', 'home_region_code', 'status_code', "
        "'member_micro_count') order by all"
    )
    assert rows == [
        ("home_region_code", "row", None, None, "cluster!home_region_code4", "KZ-75"),
        ("left_count", "row", "KZ:15", None, "membership!left_on8", "2023-08-31"),
        ("member_micro_count", "row", "KZ:13", None, "organisation!size_code6", "micro"),
        ("productivity", "denominator", "KZ:11", "employees", "member_value!A4", "100"),
        ("productivity", "denominator", "KZ:12", "employees", "member_value!A13", "20"),
        ("productivity", "numerator", "KZ:11", "value_added", "member_value!A5", "1000"),
        ("productivity", "numerator", "KZ:12", "value_added", "member_value!A14", "-100"),
        ("stated_exports", "value", None, "exports", "cluster_value!A5", "700"),
        ("status_code", "row", None, None, "cluster_status_event!status_code6", "active"),
    ]


# ── figures of a year ───────────────────────────────────────────────────────────────────────


def test_members_are_counted_at_the_end_of_the_year(warehouse: Warehouse) -> None:
    figures = year_of(warehouse, "KZ-C03", 2023)
    counts = {
        "member_count": 4,
        "member_count_at_start": 4,
        "joined_count": 1,
        "left_count": 1,
        "member_business_count": 2,
        "member_supplier_count": 1,
        "member_research_count": 1,
        "member_entrepreneur_count": 1,
        "sme_count": 3,
        "outside_home_count": 1,
        "reported_count": 3,
        "left_out_count": 2,
    }
    assert {name: figures[name] for name in counts} == counts
    assert figures["churn_pct"] == 50
    assert figures["sme_share_pct"] == 75
    assert figures["outside_home_share_pct"] == 25
    assert figures["coverage"] == 0.75
    assert figures["team_fte"] == 2.5


def test_sums_of_members_and_stated_totals_are_two_numbers(warehouse: Warehouse) -> None:
    figures = year_of(warehouse, "KZ-C03", 2023)
    assert (figures["member_employees"], figures["stated_employees"]) == (127, 150)
    assert (figures["member_exports"], figures["stated_exports"]) == (500_000, 700_000)
    assert figures["member_employees_reported_count"] == 3
    assert figures["member_exports_reported_count"] == 2  # one of them says that there are none
    assert (figures["member_taxes"], figures["member_taxes_reported_count"]) == (None, 0)
    assert (figures["stated_sme_share"], figures["stated_trainings"]) == (75, 4)
    assert figures["currency_code"] == "KZT"


def test_ratios_are_over_members_that_reported_both(warehouse: Warehouse) -> None:
    figures = year_of(warehouse, "KZ-C03", 2023)
    assert figures["productivity"] == pytest.approx(900_000 / 120)
    assert figures["productivity_reported_count"] == 2
    assert figures["average_wage"] == pytest.approx(700_000 / 120)
    assert figures["export_share_pct"] == pytest.approx(100 * 500 / 2400)
    assert figures["rd_intensity_pct"] == 5
    assert figures["innovative_share_pct"] == 10
    assert figures["patents_per_10000_employees"] == 200
    assert figures["remote_share_pct"] is None
    assert figures["remote_share_pct_reason_code"] == "missing_input"


def test_a_year_without_members_or_figures_says_why(warehouse: Warehouse) -> None:
    silent = year_of(warehouse, "KZ-C05", 2023)
    assert (silent["member_count"], silent["reason_code"]) == (0, "not_applicable")
    unreported = year_of(warehouse, "KZ-C04", 2023)
    assert (unreported["member_count"], unreported["reason_code"]) == (1, "missing_input")
    assert unreported["coverage"] == 0


def test_a_cluster_that_was_closed_has_no_further_years(warehouse: Warehouse) -> None:
    years = warehouse.rows(
        "select year, status_code from marts.mart_cluster_year "
        "where cluster_id = 'BY-C33' and year >= 2020 order by year"
    )
    assert years == [(2020, "potential"), (2021, "closed")]


# ── regions ─────────────────────────────────────────────────────────────────────────────────


def test_home_region_member_region_and_job_region_are_three_things(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select region_code, is_home_region, is_within_home_region, member_count, employees, "
        "remote_employees, remote_residents, remote_residents_once, performed_jobs "
        "from marts.mart_region_cluster_year where cluster_id = 'BY-C40' and year = 2023 "
        "order by region_code"
    )
    assert rows == [
        ("BY-BR", True, True, 1, 50, 20, None, None, 30),
        ("BY-BR-brest-city", False, True, 0, None, None, 5, 5, 5),
        ("BY-BR-pinsk-city", False, True, 1, 9, 3, None, None, 6),
        ("BY-HM", False, False, 1, 30, 0, 3, 3, 33),
        ("BY-VI", False, False, 0, None, None, 8, 8, 8),
        ("_X", False, None, 0, None, None, 7, 7, 7),
    ]


def test_remote_jobs_are_counted_once_nationally(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select cluster_id, sum(remote_residents), sum(remote_residents_once) "
        "from marts.mart_region_cluster_year "
        "where year = 2023 and cluster_id in ('BY-C40', 'BY-C41') group by 1 order by 1"
    )
    assert rows == [("BY-C40", 23, 23), ("BY-C41", 20, 0)]


def test_remote_jobs_outside_the_home_region(warehouse: Warehouse) -> None:
    here = year_of(warehouse, "BY-C40", 2023)
    assert here["member_remote_employees"] == 23
    assert (here["remote_outside_home"], here["remote_unallocated"]) == (11, 7)
    there = year_of(warehouse, "BY-C41", 2023)
    assert there["cross_region_remote_pct"] == 100 * 20 / 80


def test_members_with_remote_jobs_of_unknown_residence_are_in_no_share(
    warehouse: Warehouse,
) -> None:
    here = year_of(warehouse, "BY-C40", 2023)
    assert here["cross_region_remote_pct"] == pytest.approx(100 * 3 / 39)
    assert here["cross_region_remote_reported_count"] == 2
    used = warehouse.rows(
        "select distinct organisation_id from marts.mart_cluster_year_input "
        "where cluster_id = 'BY-C40' and year = 2023 and column_name = 'cross_region_remote_pct' "
        "and organisation_id is not null order by 1"
    )
    assert used == [("BY:22",), ("BY:23",)]


def test_a_split_that_is_more_than_its_total_is_not_used(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select region_code, remote_residents from marts.mart_region_cluster_year "
        "where cluster_id = 'BY-C42' and year = 2022 and remote_residents is not null"
    )
    assert rows == [("_X", 4)]


# ── registers ───────────────────────────────────────────────────────────────────────────────


def test_versions_of_a_cluster(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select name_ru, home_region_code, valid_from, valid_to, is_current "
        "from marts.dim_cluster where cluster_id = 'KZ-C04' order by valid_from"
    )
    assert rows == [
        ("из реестра", "KZ-75", date(2018, 4, 1), date(2020, 12, 31), False),
        ("Старое имя", "KZ-75", date(2021, 1, 1), date(2022, 12, 31), False),
        ("Новое имя", "KZ-71", date(2023, 1, 1), None, True),
    ]


def test_one_organisation_under_several_spellings(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select name, names, region_code, size_code, valid_from, valid_to "
        "from marts.dim_organisation where organisation_id = 'KZ:31' order by valid_from"
    )
    names = ["Альфа ТОО", "ТОО «Альфа»"]
    assert rows == [
        ("Альфа ТОО", names, "KZ-75", "small", date(2020, 1, 1), date(2022, 12, 31)),
        ("Альфа ТОО", names, "KZ-71", "medium", date(2023, 1, 1), None),
    ]
    files = warehouse.rows(
        "select name, file_name from marts.fct_organisation_name "
        "where organisation_id = 'KZ:31' order by file_name"
    )
    assert files == [
        ("ТОО «Альфа»", "KZ-C04_2021.xlsx"),
        ("Альфа ТОО", "KZ-C04_2022.xlsx"),
        ("Альфа ТОО", "KZ-C04_2023.xlsx"),
    ]


def test_who_is_no_longer_named_was_a_member_as_long_as_named(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select organisation_id, joined_on, left_on, valid_from, valid_to, end_kind "
        "from marts.fct_membership where cluster_id in ('KZ-C04', 'KZ-C03') "
        "and organisation_id in ('KZ:15', 'KZ:31', 'KZ:32') order by 1"
    )
    joined, left = date(2020, 1, 1), date(2023, 8, 31)
    assert rows == [
        ("KZ:15", joined, left, joined, left, "stated"),
        ("KZ:31", joined, None, joined, None, None),
        ("KZ:32", date(2019, 1, 1), None, date(2019, 1, 1), date(2022, 12, 31), "not_repeated"),
    ]


def test_an_unknown_day_of_joining_is_the_day_of_the_register(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select joined_on, valid_from, valid_to from marts.fct_membership "
        "where cluster_id = 'KZ-C09'"
    )
    assert rows == [(None, date(2026, 11, 1), None)]


def test_axes_and_labels_have_their_days(warehouse: Warehouse) -> None:
    axes = warehouse.rows(
        "select value_code, valid_from, valid_to from marts.fct_cluster_classification "
        "where cluster_id = 'KZ-C04' order by valid_from"
    )
    assert axes == [
        ("scale.regional", date(2020, 1, 1), date(2022, 6, 30)),
        ("scale.interregional", date(2022, 7, 1), None),
    ]
    assert warehouse.rows(
        "select label_code, valid_from, valid_to from marts.fct_cluster_label"
    ) == [("bronze", date(2021, 5, 1), None)]


# ── who was due when ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("form", "cluster", "period", "expected"),
    [
        ("cluster_report", "KZ-C01", "2023", (True, "accepted", 0, 3, "quarantined")),
        ("cluster_report", "KZ-C02", "2022", (True, "accepted_late", 40, 2, "accepted")),
        ("cluster_report", "KZ-C04", "2021", (True, "accepted", 0, 1, "accepted")),
        ("cluster_report", "KZ-C04", "2023", (True, "accepted_late", 32, 1, "accepted")),
        ("cluster_report", "KZ-C05", "2023", (True, "missing", 966, 0, None)),
        ("cluster_report", "KZ-C05", "2025", (True, "late", 235, 0, None)),
        ("cluster_report", "KZ-C06", "2023", (True, "refused", 966, 1, "refused")),
        ("cluster_report", "KZ-C06", "2024", (True, "quarantined", 600, 1, "quarantined")),
        ("project_report", "KZ-C07", "2024-H1", (True, "accepted", 0, 1, "accepted")),
        ("project_report", "KZ-C07", "2024-H2", (True, "missing", 680, 0, None)),
        ("project_report", "KZ-C07", "2026-H1", (True, "late", 134, 0, None)),
    ],
)
def test_submissions(
    warehouse: Warehouse, form: str, cluster: str, period: str, expected: tuple[Any, ...]
) -> None:
    rows = warehouse.rows(
        "select is_expected, status_code, days_late, submission_count, latest_outcome_code "
        "from ops.ops_submission where form_code = ? and cluster_id = ? and period_code = ? "
        "and not is_illustrative",
        form,
        cluster,
        period,
    )
    assert rows == [expected]


def test_only_respondents_are_expected(warehouse: Warehouse) -> None:
    expected = warehouse.rows(
        "select distinct cluster_status_code from ops.ops_submission "
        "where country_code = 'BY' and is_expected order by 1"
    )
    assert expected == [("active",), ("forming",)]
    before_use = warehouse.rows("select 1 from ops.ops_submission where period_end < '2021-01-01'")
    assert before_use == []
    elsewhere = warehouse.rows(
        "select 1 from ops.ops_submission "
        "where contract_id = 'form/project_report' and country_code = 'BY'"
    )
    assert elsewhere == []


# ── what the tests of the project catch ─────────────────────────────────────────────────────


def poisoned_facts() -> Report:
    report = Report("KZ-C01", "2023").cluster("KZ-75").status("blooming", date(2020, 1, 1))
    report.member("KZ:1", "KZ-75", date(2023, 5, 1), date(2022, 5, 1), role="friend")
    return report.row(
        "cluster_classification",
        axis_code="scale",
        value_code="product.service",
        valid_from=date(2020, 1, 1),
    )


def poisoned_registers() -> Report:
    report = Report("KZ-C01", "2023").cluster("KZ-75", kind_code="secret")
    report.status("active", date(2020, 1, 1), cluster_id="KZ-C99")
    report.member("KZ:1", "KZ-75", size_code="giant", type_code="friend")
    return report.row("membership", organisation_id="KZ:404", joined_on=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (
            poisoned_facts(),
            {
                "status_of_cluster_is_a_code",
                "members_join_before_they_leave",
                "role_of_member_is_a_code",
                "value_belongs_to_its_axis",
            },
        ),
        (
            poisoned_registers(),
            {
                "kind_of_cluster_is_a_code",
                "size_of_organisation_is_a_code",
                "type_of_organisation_is_a_code",
                "statuses_belong_to_known_clusters",
                "members_are_in_the_registry",
            },
        ),
    ],
    ids=["facts", "registers"],
)
def test_rows_that_break_a_rule_stop_the_build(
    tmp_path: Path, report: Report, expected: set[str]
) -> None:
    wrong = dbt_build(
        tmp_path, staged_reports([report]), select="+mart_cluster_year +fct_cluster_classification"
    )
    failed = {name for name, said in wrong.items() if said.startswith("fail")}
    assert failed == expected
