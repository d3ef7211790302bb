"""The sample reports: made the same twice, true to what is published, taken in as documented."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from bench.inputs import cluster_reports
from tests.specimens import cluster_world, make_samples, reports
from tests.specimens.illustrative import FACTS, read
from tests.specimens.report_files import code_lists, forms
from warehouse.forms.reader import FormReading, Origin, form_of, read_form
from warehouse.forms.registry_numbers import problem_of
from warehouse.readers import detect_format
from warehouse.readers import read as read_cells
from warehouse.schema import FORM_TABLES, SUBMISSION

SAMPLES = make_samples.SAMPLES
DOCUMENTED = (SAMPLES.parent / "docs" / "samples.md").read_text(encoding="utf-8")
FORMS = {form.id: form for form in forms().values()}
PUBLISHED_NAMES = {
    "BY-C02": "Биотехнологический кластер «Полесье»",
    "KZ-C01": "Строительный кластер",
    "KZ-C02": "Мебельный кластер",
    "KZ-C03": "Фармацевтический кластер (название утрачено в источнике)",
    "KZ-C04": "Кластер по переработке молока",
    "KZ-C05": "Мукомольный кластер",
    "KZ-C06": "Туристический кластер",
}
PLACED = {
    "BY-C02": {"BY-BR"},
    "KZ-C01": {"KZ-35"},
    "KZ-C02": {"KZ-75"},
    "KZ-C04": {"KZ-11"},
    "KZ-C05": {"KZ-39"},
    "KZ-C06": {"KZ-75", "KZ-19"},
}


def taken(path: Path) -> FormReading:
    workbook = read_cells(path, detect_format(path))
    form = form_of(workbook, FORMS)
    assert form is not None, path.name
    origin = Origin(path.relative_to(SAMPLES).as_posix(), datetime(2026, 1, 1, tzinfo=UTC))
    return read_form(workbook, form, origin, code_lists())


@pytest.fixture(scope="module")
def readings() -> dict[str, FormReading]:
    return {name: taken(SAMPLES / name) for name in reports.files()}


@pytest.fixture(scope="module")
def staged(readings: dict[str, FormReading]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables of all files without an error, one view each."""
    good = [reading for name, reading in readings.items() if not name.startswith("with-errors/")]
    with duckdb.connect() as connection:
        for name, schema in (FORM_TABLES | {"submission": SUBMISSION}).items():
            parts = [reading.tables[name] for reading in good if name in reading.tables]
            connection.register(name, pa.concat_tables([schema.empty_table(), *parts]))
        yield connection


def rows(staged: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return staged.execute(sql, list(values)).fetchall()


# the files


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_committed_files_are_what_the_generator_makes_twice(tmp_path: Path) -> None:
    for number, (name, maker) in enumerate(reports.files().items()):
        first = tmp_path / f"first{Path(name).suffix}"
        maker(first)
        if number % 20 == 0 or name.endswith(".xlsx"):
            second = tmp_path / f"second{Path(name).suffix}"
            maker(second)
            assert first.read_bytes() == second.read_bytes(), name
        if name.endswith(".json"):
            assert (SAMPLES / name).read_bytes() == first.read_bytes(), name
        else:  # compressors differ, contents may not
            assert members_of(SAMPLES / name) == members_of(first), name


def test_the_story_does_not_depend_on_what_was_told_before() -> None:
    again = cluster_world.make_world()
    assert again == reports.world()


def test_the_samples_stay_small() -> None:
    assert sum(p.stat().st_size for p in SAMPLES.rglob("*") if p.is_file()) < 4_000_000


def test_every_file_is_described() -> None:
    patterned = {reports.name_of(cluster.id, year) for cluster, year in reports.sent()}
    others = set(reports.files()) - patterned
    assert [name for name in sorted(others) if f"`{name}`" not in DOCUMENTED] == []
    endings = Counter(Path(name).suffix for name in patterned)
    for ending, count in endings.items():
        assert f"{count} `{ending}`" in DOCUMENTED, (ending, count)
    for cluster_id, year in {("KZ-C11", 2022), *reports.XLSX}:
        assert cluster_id in DOCUMENTED and str(year) in DOCUMENTED


def test_only_one_file_is_published_and_all_others_are_made_up(
    readings: dict[str, FormReading],
) -> None:
    for name, reading in readings.items():
        is_published = name == reports.KEY_PROJECTS
        flags = {
            flag
            for table in reading.tables.values()
            for flag in table["is_illustrative"].to_pylist()
        }
        assert flags == {not is_published}, name
        assert ("illustrative" in name) is not is_published


# taking them in


def test_every_report_without_an_error_is_read_whole(readings: dict[str, FormReading]) -> None:
    told = {
        name: [problem.message for problem in reading.problems]
        for name, reading in readings.items()
        if not name.startswith("with-errors/") and reading.problems
    }
    assert told == {}
    assert len(readings) == 136 + 3 + len(reports.PLANTED)


@pytest.mark.parametrize("name", sorted(reports.PLANTED))
def test_a_planted_error_is_the_only_one_that_the_reader_finds(
    readings: dict[str, FormReading], name: str
) -> None:
    planted = reports.PLANTED[name]
    problems = readings[f"with-errors/report_{name}_illustrative.json"].problems
    if planted.is_refused:
        assert problems == []  # a check over the rows finds it: tests/integration
        return
    assert {problem.code.value for problem in problems} == {planted.code}
    assert tuple(sorted({problem.table for problem in problems})) == planted.table
    expected = 1 if name != "wrong_check_digit" else 4
    assert len(problems) == expected


def test_a_row_is_read_by_the_country_that_it_speaks_of(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        staged,
        """
        select left(cluster_id, 2), activity_classifier, count(*) from cluster
        where contract_id = 'form/cluster_register' group by all order by all
        """,
    )
    assert found == [("BY", "OKRB_005_2011", 32), ("KZ", "OKED_KZ", 14)]
    foreign = rows(
        staged,
        "select distinct country_code, activity_classifier from organisation order by all",
    )
    assert foreign == [("BY", "OKRB_005_2011"), ("KZ", "OKED_KZ"), ("RU", "OKVED2")]


# what is published


def test_belarus_counts_its_clusters_as_paper_001_does(staged: duckdb.DuckDBPyConnection) -> None:
    sql = """
        with latest as (
            select cluster_id, arg_max(status_code, valid_from) as status_code
            from cluster_status_event
            where contract_id = 'form/cluster_register' and valid_from <= ?
            group by cluster_id
        )
        select left(cluster_id, 2), status_code, count(*) from latest group by all order by all
    """
    found = rows(staged, sql, date(2021, 6, 28))
    assert found[:3] == [("BY", "active", 8), ("BY", "forming", 6), ("BY", "potential", 18)]
    assert sum(count for country, _, count in found if country == "KZ") == 14
    later = {status for _, status, _ in rows(staged, sql, date(2024, 12, 31))}
    assert later == {"potential", "forming", "active", "closed"}
    earlier = rows(staged, sql, date(2016, 12, 31))
    assert 0 < sum(count for *_, count in earlier) < 46


def test_kazakhstan_has_two_innovative_clusters(staged: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select count(*) from cluster where contract_id = 'form/cluster_register'
            and country_code = 'KZ' and kind_code = 'innovative'
    """
    assert rows(staged, sql) == [(2,)]


def test_a_cluster_has_a_name_only_where_it_is_published(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    named = rows(staged, "select distinct cluster_id, name_ru, name_en from cluster")
    assert len(named) == 46
    for cluster_id, russian, english in named:
        if cluster_id in PUBLISHED_NAMES:
            assert russian == PUBLISHED_NAMES[cluster_id]
        else:
            assert (russian, english) == (
                f"Кластер {cluster_id} (условный)",
                f"Cluster {cluster_id} (illustrative)",
            )
    places = rows(
        staged,
        """
        select cluster_id, home_region_code, further_region_codes from cluster
        where contract_id = 'form/cluster_register'
        """,
    )
    for cluster_id, home, further in places:
        assert PLACED.get(cluster_id, set()) <= {home, *(further or [])}, cluster_id


def test_the_biotech_cluster_has_the_published_numbers_of_members(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    sql = """
        select count(distinct organisation_id) from membership
        where cluster_id = 'BY-C02' and joined_on <= ?
    """
    assert rows(staged, sql, date(2018, 3, 13)) == [(26,)]
    assert rows(staged, sql, date(2019, 5, 30)) == [(28,)]


def test_key_projects_are_those_of_paper_003(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        select project_id, value_kind, year(value_start), indicator_code, value, unit_code,
            boundary_version, method_note is not null, note is not null, cluster_id
        from project_value where not is_illustrative
        """,
    )
    facts = {}
    for fact in read(FACTS / "paper_003_figure_1.csv"):
        parts = dict(part.split("=") for part in fact["breakdown"].split(";"))
        is_doubtful = (parts["cluster"], fact["year"]) == ("tourism", "2020")
        is_of_all = parts["cluster"] == "_T" or fact["indicator"] == "cluster_output_growth"
        if not is_doubtful and not is_of_all:
            value = float(fact["value"].replace("\u00a0", "").rstrip("%"))
            is_output = fact["indicator"] == "cluster_output"
            kind = {"actual": "base", "forecast": "plan"}[parts["scenario"]]
            key = (parts["cluster"], kind if is_output else "effect", int(fact["year"]))
            facts[key] = value
    assert {
        (project.removeprefix("paper-003-"), kind, year): value
        for project, kind, year, _, value, *_ in found
    } == facts
    assert len(found) == len(facts) == 17, "all but the base of tourism, which cannot be right"
    for project, kind, _, indicator, _, unit, boundaries, has_method, has_note, id_ in found:
        assert (indicator, unit) == (
            ("project_effect", "per_cent") if kind == "effect" else ("output", "mln_KZT")
        )
        assert boundaries is None, "the paper does not say"
        assert has_method == (kind == "effect")
        assert has_note or (project, kind) != ("paper-003-tourism", "plan")
        assert id_ in PUBLISHED_NAMES


# organisations and members


def test_about_six_hundred_organisations_have_numbers_that_pass(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(staged, "select distinct country_code, registry_number from organisation")
    assert 570 <= len(found) <= 630
    made_up = {"BY": r"[1-7]99\d{6}", "KZ": r"\d{4}[46]099\d{4}", "RU": r"9800\d{6}"}
    for country, number in found:
        assert problem_of(country, number) is None
        assert re.fullmatch(made_up[country], number), number


def test_no_organisation_bears_a_real_name(staged: duckdb.DuckDBPyConnection) -> None:
    names = [
        name
        for (name,) in rows(
            staged,
            """
            select name from organisation
            union select manager_name from cluster where manager_name is not null
            union select programme from support union select giver from support
            union select title from project where is_illustrative
            union select document from cluster_status_event
            """,
        )
    ]
    assert len(names) > 600
    assert [name for name in names if "условн" not in name.casefold()] == []


def test_some_organisations_are_spelt_differently_in_several_clusters(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        staged,
        """
        select organisation_id, count(distinct reporter_id), count(distinct name)
        from organisation group by organisation_id
        """,
    )
    shared = [names for _, clusters, names in found if clusters > 1]
    assert 30 <= len(shared) <= 80
    assert sum(names > 1 for names in shared) >= 20
    assert max(clusters for _, clusters, _ in found) >= 3


def test_members_come_leave_and_come_back(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        select cluster_id, organisation_id, joined_on, max(left_on), count(distinct left_on)
        from membership group by all
        """,
    )
    assert all(left is None or left >= joined for *_, joined, left, _ in found)
    assert all(ends <= 1 for *_, ends in found)
    assert sum(left is not None for *_, left, _ in found) >= 15
    spans = Counter((cluster, organisation) for cluster, organisation, *_ in found)
    assert 2 in spans.values()
    roles = {role for (role,) in rows(staged, "select distinct role_code from membership")}
    assert roles == code_lists().column(
        "dimension_values", "value_code", dimension_code="member_role"
    )


def test_the_internet_cluster_has_members_and_jobs_elsewhere(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    homes = rows(
        staged, "select distinct region_code from organisation where reporter_id = 'KZ-C08'"
    )
    countries = {region[:2] for (region,) in homes}
    assert countries == {"KZ", "RU"} and len(homes) >= 5
    jobs = rows(
        staged,
        """
        select residence_region_code, sum(value) from member_value
        where cluster_id = 'KZ-C08' and residence_region_code is not null
            and year(value_start) = 2024 group by all
        """,
    )
    away = sum(count for region, count in jobs if region != "KZ-71")
    assert away > 0.3 * sum(count for _, count in jobs)
    assert any(region.startswith("RU-") for region, _ in jobs)
    axes = rows(
        staged,
        "select distinct value_code from cluster_classification where cluster_id = 'KZ-C08'",
    )
    assert {("environment.internet",), ("localisation.dispersed",)} <= set(axes)


# figures


def test_remote_employees_by_region_are_those_of_the_member(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        staged,
        """
        select
            sum(value) filter (where residence_region_code is null) as told,
            sum(value) filter (where residence_region_code is not null) as placed
        from member_value where indicator_code = 'remote_employees'
        group by file_id, organisation_id having placed is not null
        """,
    )
    assert len(found) > 200
    assert all(told == placed for told, placed in found)


def test_figures_grow_plausibly(staged: duckdb.DuckDBPyConnection) -> None:
    sql = """
        with stated as (
            select cluster_id, {owner} as owner_id, indicator_code, value_start, value, note
            from {table}
            where value > 0 {only} and year(value_start) = year(report_start)
        )
        select now.indicator_code, now.owner_id, now.note, now.value / before.value
        from stated as now
        inner join stated as before
            on now.cluster_id = before.cluster_id and now.owner_id = before.owner_id
            and now.indicator_code = before.indicator_code
            and now.value_start = before.value_start + interval 1 year
    """
    members = rows(
        staged,
        sql.format(
            table="member_value", owner="organisation_id", only="and residence_region_code is null"
        ),
    )
    clusters = rows(staged, sql.format(table="cluster_value", owner="cluster_id", only=""))
    unexplained = [row for row in (*members, *clusters) if row[3] > 3 and row[2] is None]
    assert unexplained == []
    assert len({row[1] for row in members if row[3] > 3}) == len(cluster_world.JUMPS)
    output = sorted(row[3] for row in members if row[0] == "output")
    assert 1.05 < output[len(output) // 2] < 1.25
    wages = rows(
        staged,
        """
        select left(cluster_id, 2), median(payroll.value / staff.value / 12)
        from member_value as payroll
        inner join member_value as staff using (file_id, cluster_id, organisation_id, value_start)
        where payroll.indicator_code = 'payroll' and staff.indicator_code = 'employees'
            and year(value_start) = 2024
        group by all order by all
        """,
    )
    (_, rubles), (_, tenge) = wages  # thousand a month; the countries print 2.3 and about 400
    assert 1.5 < rubles < 3 and 250 < tenge < 500


def test_signs_stand_for_figures_that_are_not_told(staged: duckdb.DuckDBPyConnection) -> None:
    reasons = dict(
        rows(
            staged,
            "select reason_code, count(*) from member_value where value is null group by all",
        )
    )
    assert set(reasons) == {"none_occurs", "confidential"}
    assert all(count >= 30 for count in reasons.values())


def test_stated_totals_differ_from_sums_as_documented(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        with members as (
            select file_id, indicator_code, sum(value) as value from member_value
            where residence_region_code is null and year(value_start) = year(report_start)
            group by all
        )
        select stated.cluster_id, stated.indicator_code, stated.note, stated.value, members.value
        from cluster_value as stated inner join members using (file_id, indicator_code)
        """,
    )
    assert len(found) == 7 * 136
    ratios = defaultdict(list)
    for cluster_id, indicator, note, stated, summed in found:
        has_part_timers = cluster_id in ("BY-C03", "BY-C10", "KZ-C04", "KZ-C09")
        assert (note is not None) == has_part_timers
        step = 500 if cluster_id.startswith("KZ") else 0.5
        assert stated >= summed - step, (cluster_id, indicator)
        if indicator == "employees":
            assert stated == round(summed * 1.02) if has_part_timers else stated == summed
        elif summed:
            ratios[indicator].append(stated / summed)
    for indicator, values in ratios.items():
        assert sorted(values)[len(values) // 2] < 1.02, indicator
        assert max(values) > 1.02, indicator


def test_a_year_may_be_restated(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        select count(distinct file_id) from member_value
        where year(value_start) = year(report_start) - 1
        """,
    )
    assert found[0][0] >= 15


# links, projects, support


def test_links_of_all_types_tie_members_and_clusters(staged: duckdb.DuckDBPyConnection) -> None:
    types = code_lists().column("dimension_values", "value_code", dimension_code="link_type")
    found = rows(staged, "select link_level, link_type, from_id, to_id, amount from link")
    assert {kind for level, kind, *_ in found if level == "organisation"} == types
    between = {(source, target) for level, _, source, target, _ in found if level == "cluster"}
    assert len(between) == 12
    assert {(source[:2], target[:2]) for source, target in between} >= {("BY", "KZ"), ("KZ", "BY")}
    assert all(source != target for _, _, source, target, _ in found)
    assert sum(amount is not None for *_, amount in found) > 500
    loose = rows(
        staged,
        """
        select count(*) from link
        where link_level = 'organisation' and (
            not exists (
                select 1 from membership where membership.file_id = link.file_id
                    and membership.organisation_id = link.from_id
            ) or not exists (
                select 1 from membership where membership.file_id = link.file_id
                    and membership.organisation_id = link.to_id
            )
        )
        """,
    )
    assert loose == [(0,)]


def test_projects_have_plans_forecasts_by_vintage_and_actuals(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    kinds = dict(
        rows(staged, "select value_kind, count(*) from project_value group by all order by all")
    )
    assert set(kinds) == {"base", "plan", "forecast", "actual", "effect"}
    vintages = rows(
        staged,
        """
        select max(vintages) from (
            select count(distinct stated_on) as vintages from project_value
            where value_kind = 'forecast' and indicator_code = 'output'
            group by project_id, value_start
        )
        """,
    )
    assert vintages[0][0] >= 2
    rates = rows(
        staged,
        """
        select actual.value / plan.value from project_value as actual
        inner join project_value as plan using (project_id, indicator_code, value_start, file_id)
        where actual.value_kind = 'actual' and plan.value_kind = 'plan'
            and actual.indicator_code = 'output'
        """,
    )
    assert len(rates) > 100 and all(0.8 < rate < 1.1 for (rate,) in rates)
    effects = "select count(*), count(method_note) from project_value where value_kind = 'effect'"
    ((count, with_method),) = rows(staged, effects)
    assert count == with_method > 6
    states = {state for (state,) in rows(staged, "select distinct status_code from project")}
    assert states >= {"running", "finished", "stopped"}


def test_support_is_paid_up_to_what_was_committed(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        select committed_amount, paid_amount, private_amount, recipient_id = cluster_id,
            currency_code, left(cluster_id, 2)
        from support
        """,
    )
    assert len(found) > 100
    assert all(paid <= committed and private >= 0 for committed, paid, private, *_ in found)
    assert {is_cluster for *_, is_cluster, _, _ in found} == {True, False}
    assert {(money, country) for *_, money, country in found} == {("BYN", "BY"), ("KZT", "KZ")}


def test_clusters_are_classified_on_ten_axes(staged: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        staged,
        """
        select file_id, count(distinct axis_code), count(valid_to)
        from cluster_classification group by all
        """,
    )
    assert {axes for _, axes, _ in found} == {10}
    assert sum(ended for *_, ended in found) > 0
    labels = rows(staged, "select distinct cluster_id, label_code, valid_to from cluster_label")
    assert {label for _, label, _ in labels} == {"bronze", "silver"}


# who reports when


def test_only_clusters_that_form_or_work_report_each_year(
    readings: dict[str, FormReading],
) -> None:
    sent = {(c.id, year) for c, year in reports.sent()}
    assert 130 <= len(sent) <= 145
    planted = {(one.cluster_id, one.year) for one in reports.PLANTED.values()}
    assert not sent & planted
    due = {(c.id, year) for c, year in reports.due()}
    assert due - sent - planted == {("KZ-C11", 2022)}
    read_ = {
        (row["cluster_id"], int(row["period_code"]))
        for name, reading in readings.items()
        if not name.startswith("with-errors/")
        for row in reading.tables["submission"].to_pylist()
        if row["form_code"] == "cluster_report"
    }
    assert read_ == sent
    register = json.loads(
        (SAMPLES / "clusters/register_belarus_illustrative.json").read_text(encoding="utf-8")
    )["tables"]["status_event"]
    for cluster_id, year in sent:
        if cluster_id.startswith("BY"):
            events = [e for e in register if e["cluster_id"] == cluster_id]
            past = [e["status_code"] for e in events if e["valid_from"] <= f"{year}-12-31"]
            assert past[-1] in ("forming", "active")


def test_reports_tell_the_history_of_the_register(staged: duckdb.DuckDBPyConnection) -> None:
    told = rows(
        staged,
        """
        select cluster_id, valid_from, count(distinct status_code)
        from cluster_status_event group by all
        """,
    )
    assert all(count == 1 for *_, count in told)
    back = rows(
        staged,
        """
        select distinct cluster_id, reason from cluster_status_event
        where status_code in ('closed', 'potential') and valid_from > date '2021-06-28'
        """,
    )
    assert {cluster_id for cluster_id, _ in back} == {"BY-C11", "BY-C12"}
    assert all(reason for _, reason in back)


def test_a_zip_holds_the_same_names_as_json(readings: dict[str, FormReading]) -> None:
    name = next(name for name in readings if name.endswith(".zip"))
    with zipfile.ZipFile(SAMPLES / name) as archive:
        head = list(csv.reader(io.StringIO(archive.read("_form.csv").decode())))
        tables = {info.removesuffix(".csv") for info in archive.namelist()} - {"_form"}
    assert head[0] == ["key", "value"] and ["illustrative", "yes"] in head
    assert tables <= set(forms()["cluster_report"].by_name)


# the same for measurements


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_many_reports_can_be_made_of_any_size(tmp_path: Path, ending: str) -> None:
    made = cluster_reports(tmp_path, clusters=3, years=2, members=12, ending=ending)
    assert len(made) == len(set(made)) == 6
    for path in made:
        workbook = read_cells(path, detect_format(path))
        form = form_of(workbook, FORMS)
        assert form is not None
        origin = Origin(path.name, datetime(2026, 1, 1, tzinfo=UTC))
        reading = read_form(workbook, form, origin, code_lists())
        assert reading.problems == []
        assert reading.tables["membership"].num_rows == 12
