"""What stands on the pages: of every country of the samples, put together without a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.reports.test_pictures import joined, squares
from tests.reports.test_report import PAGE_BYTES
from warehouse import marts
from warehouse.reports.assemble import Cells, Scope, assemble, cells_of
from warehouse.reports.compose import Context, Scale
from warehouse.reports.country import _status_map, country_page, trend_sentence
from warehouse.reports.data import Data, read
from warehouse.reports.html import Downloads, write_site
from warehouse.reports.make import _boundaries
from warehouse.reports.model import Drawing, Facts, Figure, Link, Page, Paragraph, Report, Table
from warehouse.reports.region import region_page
from warehouse.settings import Settings

YEARS = {"BY": 2024, "KZ": 2023}
CYRILLIC = re.compile("[А-Яа-яёЁ]")
SCALE = Scale("ratio", 1, 3)


@pytest.fixture(scope="module")
def rows(report_home: Settings) -> dict[str, Data]:
    with marts.session(report_home) as connection:
        return {country: read(connection, year, (country,)) for country, year in YEARS.items()}


@pytest.fixture(scope="module", params=YEARS)
def country(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def russian(rows: dict[str, Data], country: str) -> Report:
    context = Context(rows[country], "ru", is_drawn=False)
    return assemble(context, Scope((country,)), (), Cells({}, {}))


@pytest.fixture(scope="module")
def whole(rows: dict[str, Data], report_home: Settings) -> Report:
    """The country with most regions, with its cells."""
    context = Context(rows["KZ"], "ru", is_drawn=False)
    scope = Scope(("KZ",))
    with marts.session(report_home) as connection:
        cells = cells_of(connection, context, scope, ())
    return assemble(context, scope, (), cells)


def page_of(report: Report, path: str) -> Page:
    return next(page for page in report.pages if page.path == path)


def table_of(page: Page, name: str) -> Table:
    return next(table for table in page.tables() if table.name == name)


def column_of(table: Table, label: str) -> list[object]:
    place = [column.label for column in table.columns].index(label)
    return [row[place] for row in table.rows]


def said_on(page: Page) -> Iterator[str]:
    """Sentences, notes and cells of words of a page."""
    for section in page.sections:
        yield section.title
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield "".join(word for word in block.words if isinstance(word, str))
            elif isinstance(block, Table):
                yield block.note
                for row in block.rows:
                    yield from (cell for cell in row if isinstance(cell, str))
            elif isinstance(block, Facts):
                yield from (label for label, _, _ in block.items)


def test_no_section_is_empty(russian: Report) -> None:
    empty = [
        (page.path, section.name)
        for page in russian.pages
        for section in page.sections
        if not section.blocks
    ]
    assert empty == []


def test_a_country_without_clusters_says_so_and_has_no_empty_table(rows: dict[str, Data]) -> None:
    data = rows["BY"]
    figures = [row for row in data.rows["figures"] if row["base_indicator_code"] != "clusters"]
    context = Context(
        replace(data, rows={**data.rows, "clusters": [], "figures": figures}), "ru", is_drawn=False
    )
    page = country_page(context, "BY")
    assert [section.name for section in page.sections if not section.blocks] == []
    assert [table.name for table in page.tables() if len(table.columns) < 2] == []
    region = region_page(context, data.regions("BY")[0])
    told = "Ни в одном принятом файле нет кластеров страны за 2024 год."
    assert told in list(said_on(page))
    assert told in list(said_on(region))


def test_a_russian_page_has_no_english_sentence(russian: Report) -> None:
    """Three words of Latin letters in a row that no Cyrillic one joins are no name or code."""
    english = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
    found = {
        (page.path, said)
        for page in russian.pages
        for said in said_on(page)
        if english.search(said) and not CYRILLIC.search(said)
    }
    assert found == set()


def test_every_definition_caveat_and_source_is_in_russian(russian: Report, country: str) -> None:
    methodology = table_of(page_of(russian, "methodology"), "definitions")
    benchmarks = table_of(page_of(russian, f"{country.lower()}/index"), "benchmarks")
    said = column_of(methodology, "Определение")
    said += column_of(benchmarks, "Территория") + column_of(benchmarks, "Оговорка")
    assert len(said) > 100
    assert [one for one in said if not CYRILLIC.search(str(one))] == []


def test_changes_of_status_explain_the_counts(russian: Report, country: str) -> None:
    """Who was of a status a year ago and did not go elsewhere is of it still."""
    page = page_of(russian, f"{country.lower()}/index")
    steps = table_of(page, "transitions")
    assert [column.label for column in steps.columns[2:]] == [
        str(year) for year in range(2017, YEARS[country] + 1)
    ]
    counts = table_of(page, "statuses")
    years = [column.label for column in counts.columns]
    active = next(row for row in counts.rows if row[0] == "действующий")
    became = [row for row in steps.rows if row[1] == "действующий"]
    for place, column in enumerate(steps.columns[2:], start=2):
        now = active[years.index(column.label)]
        before = active[years.index(str(int(column.label) - 1))]
        assert isinstance(now, Figure)
        assert isinstance(before, Figure)
        gained = sum(row[place] for row in became if isinstance(row[place], int))
        assert now.value == (before.value or 0) + gained, column.label


def test_who_owes_no_report_stands_apart(russian: Report) -> None:
    page = page_of(russian, "by/index") if russian.scope == "BY" else None
    if page is None:
        assert not [one for one in page_of(russian, "kz/index").tables() if "other" in one.name]
        return
    assert set(column_of(table_of(page, "other-clusters"), "Статус")) == {"потенциальный"}
    reporting = table_of(page, "clusters")
    assert set(column_of(reporting, "Статус")) == {"действующий", "формирующийся"}
    assert all(isinstance(cell, Figure) for cell in column_of(reporting, "Участники"))


def test_a_year_between_has_a_dash_with_its_reason(rows: dict[str, Data]) -> None:
    """The numbers of enterprises of 2016 and 2019 are printed, those of 2017 and 2018 nowhere."""
    report = assemble(Context(rows["BY"], "ru", is_drawn=False), Scope(("BY",)), (), Cells({}, {}))
    table = table_of(page_of(report, "by/index"), "sme")
    by_year = {
        column.label: cell
        for column, cell in zip(table.columns, table.rows[0], strict=True)
        if isinstance(cell, Figure)
    }
    assert list(by_year) == [str(year) for year in range(2016, 2025)]
    assert [year for year, cell in by_year.items() if cell.value is None] == ["2017", "2018"]
    assert by_year["2017"].reason == "нет в принятых файлах"


def test_what_no_file_has_is_named(rows: dict[str, Data]) -> None:
    report = assemble(Context(rows["BY"], "en", is_drawn=False), Scope(("BY",)), (), Cells({}, {}))
    said = " ".join(said_on(page_of(report, "by/index")))
    assert "No file that was taken in has values" in said
    assert "organisations using computers" in said or "computers" in said


def test_no_trend_is_told_across_a_break(rows: dict[str, Data]) -> None:
    """Kazakhstan has 20 regions since 2022 and had 17 before."""
    found = {
        row["year"]: row
        for row in rows["KZ"].rows["figures"]
        if row["indicator_code"] == "DSP_CV"
        and row["base_indicator_code"] == "wage_nominal"
        and "form=population" in row["method_version"]
        and row["value"] is not None
    }
    assert found[2022]["change_reason_code"] == "boundary_break"
    context = Context(rows["KZ"], "en")
    said = "".join(map(str, trend_sentence(context, "wage_nominal", found, SCALE).words))
    assert "too few to speak of a trend" in said
    whole = {year: {**row, "change_reason_code": None} for year, row in found.items()}
    said = "".join(map(str, trend_sentence(context, "wage_nominal", whole, SCALE).words))
    assert "moved both ways" in said


def test_research_is_measured_against_value_added(rows: dict[str, Data]) -> None:
    """As the definition of its code says; the label once said sales."""
    context = Context(rows["BY"], "en", is_drawn=False)
    report = assemble(context, Scope(("BY",), cluster="BY-C02"), (), Cells({}, {}))
    table = table_of(page_of(report, "by/clusters/BY-C02"), "indicators")
    row = next(row for row in table.rows if row[-1] == "INN_RDINT")
    definition = next(
        one["definition"]
        for one in context.data.rows["definitions"]
        if one["indicator_code"] == "INN_RDINT"
    )
    assert "value added" in definition
    assert "value added" in str(row[0])


def test_projects_of_a_measure_share_a_scale(russian: Report, country: str) -> None:
    table = table_of(page_of(russian, f"{country.lower()}/index"), "projects")
    units: dict[object, set[object]] = {}
    pairs = zip(column_of(table, "Показатель"), column_of(table, "Единица"), strict=True)
    for measure, unit in pairs:
        units.setdefault(measure, set()).add(unit)
    assert len(units) == 3
    assert all(len(found) == 1 for found in units.values())
    assert all(isinstance(row[0], Link) for row in table.rows)


def test_a_group_of_activities_is_not_counted_beside_them(rows: dict[str, Data]) -> None:
    """Industry is mining, manufacturing, energy and water together."""
    for region in rows["BY"].regions("BY"):
        codes = [row["activity_code"] for row in rows["BY"].activities_of(region["region_code"])]
        assert "BCDE" not in codes
        assert {"B", "C", "D", "E"} <= set(codes)


def test_the_map_of_statuses_has_every_cluster(rows: dict[str, Data]) -> None:
    drawn = _status_map(Context(rows["BY"], "ru"), "BY")
    assert drawn is not None
    text = joined(drawn.picture.light)
    assert "действующий 11" in text
    assert "потенциальный 16" in text
    assert "Все значения условные" in text


def test_every_figure_of_a_country_leads_to_cells(whole: Report) -> None:
    without = [
        figure.key
        for page in whole.pages
        for figure in page.figures()
        if figure.value and not whole.traces[figure.key].count
    ]
    assert without == []


def test_no_page_of_a_country_is_heavy(whole: Report, tmp_path: Path) -> None:
    pages = write_site(whole, tmp_path, Downloads("a.pdf", "a.xlsx"), ("ru", "en"))
    assert [page for page in pages if page.stat().st_size >= PAGE_BYTES] == []


def test_a_cluster_without_a_region_is_named_beside_the_map(rows: dict[str, Data]) -> None:
    data = rows["BY"]
    lost = data.clusters["BY-C05"][2024]
    kept = [
        {**row, "home_region_code": None} if row is lost else row for row in data.rows["clusters"]
    ]
    context = Context(replace(data, rows={**data.rows, "clusters": kept}), "en")
    drawn = _status_map(context, "BY")
    assert drawn is not None
    assert "active 10" in joined(drawn.picture.light)
    said = " ".join(said_on(country_page(replace(context, is_drawn=False), "BY")))
    assert "Not on the map, as no region or status of today is stated: 1\u00a0cluster." in said
    whole = " ".join(said_on(country_page(Context(data, "en", is_drawn=False), "BY")))
    assert "Not on the map" not in whole


def test_labels_of_cells_say_of_which_members(russian: Report) -> None:
    said = {label.said for key, label in russian.labels.items() if "|member_research_count" in key}
    assert said
    assert all("научная организация" in one for one in said)


def test_days_are_days(russian: Report, country: str) -> None:
    page = next(page for page in russian.pages if "/clusters/" in page.path)
    history = table_of(page, "history")
    assert all(isinstance(day, date) for day in column_of(history, "Действует с"))


def test_boundaries_of_the_setting_are_drawn(
    rows: dict[str, Data],
    report_home: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = rows["KZ"]
    codes = [row["region_code"] for row in data.regions("KZ")]
    (tmp_path / "KZ.geojson").write_text(json.dumps(squares(codes)), encoding="utf-8")
    monkeypatch.setenv("WAREHOUSE_BOUNDARIES", str(tmp_path))
    known = _boundaries(Settings.of(report_home.home), data)
    assert set(known) == {"KZ"}
    page = country_page(Context(data, "ru", known), "KZ")
    maps = [
        block.picture.light
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Drawing) and block.name.startswith("map-")
    ]
    assert maps
    assert all("Учебные границы" in joined(light) for light in maps)


def test_a_region_is_set_against_its_country(rows: dict[str, Data]) -> None:
    data = rows["BY"]
    region = next(row for row in data.regions("BY") if row["region_code"] == "BY-BR")
    page = region_page(Context(data, "ru", is_drawn=False), region)
    table = table_of(page, "indicators")
    row = next(row for row in table.rows if row[-1] == "SME_DENS")
    place = [column.label for column in table.columns].index("К стране")
    own, whole, share = row[2], row[place - 1], row[place]
    assert isinstance(own, Figure)
    assert isinstance(whole, Figure)
    assert isinstance(share, Figure)
    assert share.value == pytest.approx((own.value or 0) / (whole.value or 1) * 100)
