"""The report says the same in site, PDF and workbook, and every figure leads to its cells."""

from __future__ import annotations

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest

from warehouse import explain, marts
from warehouse.errors import WarehouseError
from warehouse.reports import words
from warehouse.reports.assemble import Cells, Scope, assemble, cells_of
from warehouse.reports.complete import completeness
from warehouse.reports.compose import Context
from warehouse.reports.data import read
from warehouse.reports.make import Made, Request, made_before, make_report, reports_due
from warehouse.reports.model import Figure, Page, Report, Table
from warehouse.settings import Settings

LANGUAGES = ("ru", "en")
REGION = "by/regions/BY-BR"
PAGE_BYTES = 300_000
SPACES = re.compile(r"[\s\u00a0\u202f\u200b]+")


class Values(HTMLParser):
    """Numbers that a page prints, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.images: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "data":
            self.values.append(float(given["value"] or "nan"))
        if tag == "img":
            self.images.append(given)
        for name in ("href", "src", "srcset"):
            if given.get(name):
                self.links.append(str(given[name]))
        if given.get("id"):
            self.ids.add(str(given["id"]))


def parsed(path: Path) -> Values:
    found = Values()
    found.feed(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request: pytest.FixtureRequest, report_home: Settings, made: Made) -> Report:
    """The object that the files were printed from, put together again without pictures."""
    with marts.session(report_home) as connection:
        data = read(connection, made.year, ("BY",))
        context = Context(data, request.param, is_drawn=False)
        scope = Scope(("BY",), region="BY-BR")
        cells: Cells = cells_of(connection, context, scope, ())
    return assemble(context, scope, (), cells)


def page_of(report: Report, path: str) -> Page:
    return next(page for page in report.pages if page.path == path)


def blocks_of(page: Page) -> list[object]:
    return [block for section in page.sections for block in section.blocks]


def printed_on(page: Page) -> list[float]:
    """Values that a page prints as numbers; those that only pictures draw are not among them."""
    drawn = {id(block) for block in blocks_of(page) if hasattr(block, "picture")}
    found: list[float] = []
    for section in page.sections:
        for block in section.blocks:
            if id(block) not in drawn:
                only = Page("", "", (type(section)("", "", (block,)),))
                found += [figure.value for figure in only.figures() if figure.value is not None]
    return found


# the same in all three


def test_the_site_prints_the_figures_of_the_report(report: Report, folder: Path) -> None:
    seen = 0
    for page in report.pages:
        values = parsed(folder / "site" / report.language / f"{page.path}.html").values
        assert values == printed_on(page), page.path
        seen += len(values)
    assert seen > 200


def test_the_workbook_holds_the_figures_of_the_report(report: Report, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / f"tables-{report.language}.xlsx", read_only=True)
    numbers: set[float] = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            numbers |= {f"{cell:.12g}" for cell in row if isinstance(cell, (int, float))}
    wanted = {
        f"{cell.value:.12g}"
        for page in report.pages
        for table in page.tables()
        for row in table.rows
        for cell in row
        if isinstance(cell, Figure) and cell.value is not None
    }
    assert len(wanted) > 150
    assert {value for value in wanted if value not in numbers} == set()


def test_the_pdf_prints_the_figures_of_the_report(report: Report, folder: Path) -> None:
    text = pdf_text(folder / f"report-{report.language}.pdf")
    missing = [
        (table.name, words.figure(cell, report.language))
        for page in report.pages
        for table in page.tables()
        for row in table.rows
        for cell in row
        if isinstance(cell, Figure)
        and SPACES.sub("", words.figure(cell, report.language)) not in text
    ]
    assert missing == []


def pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    pages = [document[place].get_textpage().get_text_bounded() for place in range(len(document))]
    return SPACES.sub("", "".join(pages))


def test_each_row_of_the_pdf_stands_together(report: Report, folder: Path) -> None:
    """Not only the numbers are there: those of one row follow one another."""
    text = pdf_text(folder / f"report-{report.language}.pdf")
    table = next(one for one in page_of(report, REGION).tables() if one.name == "indicators")
    for row in table.rows:
        said = "".join(_said(cell, report) for cell in row[1:])
        assert SPACES.sub("", said) in text


def _said(cell: object, report: Report) -> str:
    if isinstance(cell, Figure):
        return words.figure(cell, report.language, with_unit=cell.is_change)
    return (
        ""
        if cell is None
        else words.rank(cell, report.language)
        if hasattr(cell, "rank")
        else str(cell)
    )


def test_a_changed_figure_would_be_seen(report: Report, folder: Path) -> None:
    """The comparison fails for a page of which one number is another one."""
    page = page_of(report, REGION)
    values = parsed(folder / "site" / report.language / f"{page.path}.html").values
    assert [*values[:-1], values[-1] + 1] != printed_on(page)


# down to the cells


def test_every_figure_has_its_cells_or_no_value(report: Report) -> None:
    without = [
        figure.key
        for page in report.pages
        for figure in page.figures()
        if figure.value and not report.traces[figure.key].count
    ]
    assert without == []


def test_cells_are_those_that_explain_gives(report: Report, report_home: Settings) -> None:
    figures = {
        figure.key: figure
        for figure in page_of(report, REGION).figures()
        if figure.definition in ("wage_nominal", "SPC_LQ", "SME_DENS") and figure.value is not None
    }
    asked = sorted(figures)[:: max(1, len(figures) // 6)]
    assert len(asked) >= 4
    for key in asked:
        _, code, region, classifier, activity, year, base, method, unit = key.split("|")
        found = explain.explain(
            report_home,
            explain.Question(
                code, region, int(year), activity, classifier, None, base, method, unit
            ),
        )
        trace = report.traces[key]
        assert trace.count == len(found.inputs)
        cells = {(row["file_id"], row["table_name"], row["cell"]) for row in found.inputs}
        assert {(cell.file_id, cell.table, cell.cell) for cell in trace.cells} <= cells


def test_links_of_the_site_lead_somewhere(folder: Path) -> None:
    site = folder / "site"
    pages = {path: parsed(path) for lang in LANGUAGES for path in (site / lang).rglob("*.html")}
    broken = []
    for path, found in pages.items():
        for link in found.links:
            name, _, anchor = link.partition("#")
            target = (path.parent / name.partition("?")[0]).resolve() if name else path
            known = pages.get(target)
            if not target.exists() or (anchor and known and anchor not in known.ids):
                broken.append((path.relative_to(site).as_posix(), link))
    assert broken == []


def test_no_page_is_heavy_and_nothing_comes_from_elsewhere(folder: Path) -> None:
    for lang in LANGUAGES:
        for path in (folder / "site" / lang).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            images = [
                (path.parent / str(image["src"])).stat().st_size for image in parsed(path).images
            ]
            assert len(text.encode()) + sum(images) < PAGE_BYTES, path.name
            assert "<script" not in text
            assert not re.search(r'(?:src|srcset|href)="(?:https?:)?//', text)


def test_every_picture_says_what_it_shows(folder: Path) -> None:
    images = [
        image
        for lang in LANGUAGES
        for path in (folder / "site" / lang).rglob("*.html")
        for image in parsed(path).images
    ]
    assert len(images) >= 14
    assert all(image["alt"] and re.search(r"\d", str(image["alt"])) for image in images)


def test_every_key_is_a_row_of_its_mart(report: Report, report_home: Settings) -> None:
    keys = {figure.key for page in report.pages for figure in page.figures()}
    wanted = {key.partition("|")[2] for key in keys if key.startswith("indicator|")}
    with marts.session(report_home) as connection:
        there = connection.execute(
            """
            select concat_ws('|', indicator_code, region_code, activity_classifier, activity_code,
                year, base_indicator_code, method_version, unit_code)
            from marts.mart_indicator
            where year between 2016 and 2024 and country_code = 'BY'
            """
        ).fetchall()
    assert len(wanted) > 50
    assert wanted <= {row[0] for row in there}


def test_units_of_clusters_are_those_of_their_indicators(
    report: Report, report_home: Settings
) -> None:
    with marts.session(report_home) as connection:
        units = dict(
            connection.execute(
                """
                select indicator_code, any_value(unit_code) from marts.mart_indicator
                where is_primary and country_code = 'BY' and cluster_code <> '_Z'
                group by indicator_code having count(distinct unit_code) = 1
                """
            ).fetchall()
        )
    seen = set()
    for page in report.pages:
        for figure in page.figures():
            if figure.key.startswith("cluster|") and figure.definition in units:
                shown = re.sub("^(thousand|mln|bln)_", "", figure.unit)
                assert shown == units[figure.definition], figure
                seen.add(figure.definition)
    assert {"PRF_WAGE", "PRF_PROD", "PRF_EMP", "PRF_EXPSH"} <= seen


# honest


def test_illustrative_figures_are_marked_wherever_they_stand(report: Report, folder: Path) -> None:
    page = page_of(report, REGION)
    text = (folder / "site" / report.language / f"{page.path}.html").read_text(encoding="utf-8")
    assert "ⁱ" in text
    made = [figure for figure in page.figures() if figure.marks and figure.value is not None]
    assert made
    for figure in made:
        assert words.figure(figure, report.language).endswith("ⁱ")
    assert words.text("illustrative_page", report.language) in text


def test_a_printed_wage_is_not_marked(report: Report) -> None:
    wages = [
        figure
        for figure in page_of(report, REGION).figures()
        if figure.definition == "wage_nominal" and not figure.is_change
    ]
    assert wages
    assert not any(figure.marks for figure in wages)


def test_missing_values_are_counted_with_their_reasons(report: Report) -> None:
    lacking = {
        (page.title, figure.reason)
        for page in report.pages
        for figure in page.figures()
        if figure.value is None
    }
    tables = {table.name: table for table in page_of(report, "quality").tables()}
    rows = tables["missing"].rows if "missing" in tables else ()
    assert {(row[0], row[1]) for row in rows} == lacking
    assert all(reason for _, reason in lacking)


def test_definitions_are_printed_by_their_id(report: Report) -> None:
    table = next(iter(page_of(report, "methodology").tables()))
    codes = {row[0] for row in table.rows}
    used = {figure.definition for page in report.pages for figure in page.figures()} - {""}
    assert used <= codes


def test_a_year_that_is_not_complete_is_refused(report_home: Settings) -> None:
    with pytest.raises(WarehouseError) as caught:
        make_report(report_home, Request(year=2023, country="BY"))
    assert caught.value.problem.code == "report_incomplete"
    assert "BY-C13" in caught.value.problem.message


def test_an_incomplete_report_says_so_on_its_first_page(report_home: Settings) -> None:
    with marts.session(report_home) as connection:
        gaps = completeness(connection).of(2023, ["BY"])
        context = Context(read(connection, 2023, ("BY",)), "en", is_drawn=False)
    report = assemble(context, Scope(("BY",), cluster="BY-C01"), gaps, Cells({}, {}))
    warnings = [block for block in blocks_of(report.pages[0]) if getattr(block, "is_warning", 0)]
    said = " ".join(str(word) for block in warnings for word in block.words)  # type: ignore[attr-defined]
    assert "not complete" in said
    assert "BY-C13" in said


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (Request(year=1999, country="BY"), "1999"),
        (Request(year=2024, country="ZZ"), "ZZ"),
        (Request(year=2024, region="BY-XX"), "BY-XX"),
        (Request(year=2024, cluster="BY-C99"), "BY-C99"),
    ],
)
def test_what_there_is_not_is_refused(report_home: Settings, request_: Request, found: str) -> None:
    with pytest.raises(WarehouseError, match=found) as caught:
        make_report(report_home, request_)
    assert caught.value.problem.code == "figure_unknown"


def test_what_is_due_is_the_newest_complete_year_of_each_country(report_home: Settings) -> None:
    assert [(due.country, due.year) for due in reports_due(report_home)] == [
        ("BY", 2024),
        ("KZ", 2023),
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({2020: 0.1, 2021: 0.2, 2022: 0.3, 2023: 0.4}, "rose every year"),
        ({2020: 0.4, 2021: 0.3, 2022: 0.2, 2023: 0.1}, "fell every year"),
        ({2020: 0.1, 2021: 0.3, 2022: 0.2, 2023: 0.4}, "moved both ways"),
        ({2020: 0.1, 2021: 0.1002, 2022: 0.2, 2023: 0.3}, "moved both ways"),  # printed alike
        ({2022: 0.1, 2023: 0.4}, "too few to speak of a trend"),
        ({2019: 0.1, 2021: 0.2, 2022: 0.3, 2023: 0.4}, "too few to speak of a trend"),  # a gap
    ],
)
def test_a_trend_is_what_the_printed_years_carry(
    report_home: Settings, values: dict[int, float], said: str
) -> None:
    from warehouse.reports.compose import Scale
    from warehouse.reports.country import trend_sentence

    with marts.session(report_home) as connection:
        data = read(connection, 2024, ("BY",))
    row = next(row for row in data.rows["figures"] if row["indicator_code"] == "DSP_CV")
    rows = {year: {**row, "year": year, "value": value} for year, value in values.items()}
    words_ = trend_sentence(Context(data, "en"), "wage_nominal", rows, Scale("ratio", 1, 3)).words
    assert said in "".join(str(word) for word in words_)


# the files


def test_the_workbook_has_types_filters_and_frozen_panes(report: Report, folder: Path) -> None:
    path = folder / f"tables-{report.language}.xlsx"
    book = openpyxl.load_workbook(path)
    about, *sheets = book.worksheets
    for sheet in sheets:
        assert sheet.freeze_panes == "B2", sheet.title
        assert sheet.auto_filter.ref, sheet.title
    with ZipFile(path) as parts:
        cells = b"".join(
            parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")
        )
    assert b"<f>" not in cells
    assert about.max_row >= 3


def test_a_text_like_a_formula_stays_a_text(tmp_path: Path, report: Report) -> None:
    from dataclasses import replace

    from warehouse.reports.model import Column, Section
    from warehouse.reports.workbook import write_workbook

    evil = '=HYPERLINK("http://example.org","x")'
    names = [evil, "+1", "-1", "@SUM(A1)", "\t=1"]
    table = Table("evil", "Evil", (Column("a", is_number=False),), tuple((name,) for name in names))
    page = Page("evil", "=1+1", (Section("s", "S", (table,)),))
    path = tmp_path / "evil.xlsx"
    write_workbook(replace(report, pages=(page,), traces={}), path)
    sheet = openpyxl.load_workbook(path)["Evil"]
    cells = [sheet.cell(row, column) for row in range(2, 7) for column in (1, 2)]
    assert [cell.data_type for cell in cells] == ["s"] * 10
    assert all(cell.quotePrefix for cell in cells)


def test_texts_cannot_become_markup(report: Report, tmp_path: Path) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime

    from warehouse.reports.html import Downloads, write_site
    from warehouse.reports.model import Paragraph, Section
    from warehouse.reports.pdf import prepare, write_pdf

    evil = "<script>alert(1)</script> #panic() *x* $y$ \\ [z]"
    page = Page("index", evil, (Section("s", evil, (Paragraph((evil,)),)),))
    small = replace(report, pages=(page,), traces={}, title=evil)
    write_site(small, tmp_path / "site", Downloads("a.pdf", "a.xlsx"), LANGUAGES)
    text = (tmp_path / "site" / report.language / "index.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    prepare(small, tmp_path / "typst", "site")
    write_pdf(
        tmp_path / "typst", tmp_path / "a.pdf", datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=UTC)
    )
    assert SPACES.sub("", evil) in pdf_text(tmp_path / "a.pdf")


def test_made_again_it_has_the_same_bytes(report_home: Settings, tmp_path: Path) -> None:
    request = Request(year=2024, cluster="BY-C02", languages=("ru",))
    first = digests(Path(make_report(report_home, request).folder))
    kept = made_before(report_home, request)
    assert kept is not None
    assert not kept.is_new
    second = digests(Path(make_report(report_home, request).folder))
    assert first == second
    assert {"report-ru.pdf", "tables-ru.xlsx", "site/ru/index.html"} <= set(first)
    page = Path(kept.folder) / "site" / "ru" / "index.html"
    assert 'hreflang="en"' not in page.read_text(encoding="utf-8"), "a language that was not made"


def digests(folder: Path) -> dict[str, str]:
    """Digests of all files but the engine's own file format, which is not the report's."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".duckdb"
    }


def test_what_is_new_is_told_against_an_earlier_build(made: Made, folder: Path) -> None:
    from warehouse.reports.changes import since_build

    values = json.loads((folder / "figures.json").read_text())
    some = next(key for key, value in values.items() if value)
    old = {key: value for key, value in values.items() if key != some}
    changed = next(key for key, value in old.items() if value)
    new = {**old, changed: 1.5, "new": 2.0}
    labels = dict.fromkeys([*values, "new"], "label")
    found = since_build(folder, "another-build", new, labels)
    assert (found.against, found.added, found.removed, found.changed) == (made.build_id, 1, 1, 1)
    assert "1.5" in found.examples[0]


def test_what_is_said_of_a_report_is_plain(made: Made) -> None:
    plain = made.as_json()
    assert plain == json.loads(json.dumps(plain))
    assert plain["languages"] == ["ru", "en"]


def test_the_year_before_stands_beside(made: Made) -> None:
    lines = made.changes["since_year"]["ru"]
    assert any("2023" in line and "зарабо" in line for line in lines)
