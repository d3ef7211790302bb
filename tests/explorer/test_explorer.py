"""What a reader does with the explorer, in a real browser on a plain file server."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from playwright.sync_api import expect

from tests.explorer.conftest import Reader, serving
from warehouse.reports.explorer import Placed, examples, place

WAGES = "en.html#i=wage_nominal&y=2024&r=BY-BR,BY-HM&s=value,1"


def _rows(placed: Placed, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(placed.public_file), read_only=True) as connection:
        connection.execute("use marts")
        return connection.execute(sql).fetchall()


def _answer(reader: Reader, sql: str) -> str:
    """Ask the SQL tab, and wait for what it says."""
    page = reader.page
    page.locator("#tab-sql").click()
    page.locator("#query").fill(sql)
    page.locator("#ask button.main").click()
    expect(page.locator("#ask button.main")).to_be_enabled(timeout=90_000)
    return page.locator("#answered").inner_text()


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_opens_with_the_newest_figures_and_is_light(reader: Reader) -> None:
    reader.open("index.html")
    header, *rows = reader.table()
    assert header[:3] == ["Регион", "Год ↓", "Значение"]
    assert "3 460,8" in rows[0][2].replace("\xa0", " ")
    assert {row[1] for row in rows} == {rows[0][1]}
    assert {len(row[2].partition(",")[2]) for row in rows} == {1}, "decimals differ in a column"
    assert reader.page.locator("#about h2").inner_text().startswith("Номинальная ")
    sizes = reader.page.evaluate(
        "performance.getEntriesByType('resource')"
        ".concat(performance.getEntriesByType('navigation')).map((entry) => entry.transferSize)"
    )
    assert 10_000 < sum(sizes) < 300_000


def test_a_link_may_ask_for_another_language(reader: Reader) -> None:
    reader.page.goto(f"{reader.base}index.html?lang=en#i=wage_nominal&y=2024")
    reader.page.wait_for_url("**/en.html#*")
    reader.ready()
    assert reader.table()[0][0] == "Region"
    assert reader.page.url.endswith("#i=wage_nominal&y=2024&s=year%2C1")


def test_filters_sorting_and_address(reader: Reader, placed: Placed) -> None:
    reader.open(WAGES)
    page = reader.page
    expected = _rows(
        placed,
        "select value from mart_indicator where indicator_code = 'wage_nominal' and year = 2024 "
        "and region_code in ('BY-BR', 'BY-HM') and is_primary order by value desc",
    )
    values = [float(row[2].replace(",", "")) for row in reader.table()[1:]]
    assert [(value,) for value in values] == expected

    page.locator("th[data-key=value] button").click()
    sorted_up = [float(row[2].replace(",", "")) for row in reader.table()[1:]]
    assert sorted_up == values[::-1]
    assert page.locator("th[aria-sort=ascending]").all_inner_texts() == ["Value ↑"]

    page.locator("#filter-r summary").click()
    page.locator("#filter-r label").get_by_text("Brest Region", exact=True).click()
    assert [row[0] for row in reader.table()[1:]] == ["Minsk City"]
    reader.open(page.url.removeprefix(reader.base))
    assert [row[0] for row in reader.table()[1:]] == ["Minsk City"]

    page.locator("#words").fill("brest")
    assert reader.table()[1:] == []
    assert page.locator("#count").inner_text() == "0 rows"


def test_years_and_clusters_filter_too(reader: Reader, placed: Placed) -> None:
    reader.open("en.html#i=PRF_EMP")
    page = reader.page
    [(cluster, year, count)] = _rows(
        placed,
        "select cluster_code, year, count(*) from mart_indicator where indicator_code = 'PRF_EMP' "
        "and cluster_code <> '_Z' and is_primary group by all order by all limit 1",
    )
    for key, words in (("c", cluster), ("y", str(year))):
        page.locator(f"#filter-{key} summary").click()
        page.locator(f"#filter-{key} input[type=search]").fill(words)
        page.locator(f"#filter-{key} li:visible label").first.click()
        page.keyboard.press("Escape")
    header, *rows = reader.table()
    assert {row[header.index("Year ↓")] for row in rows} == {str(year)}
    assert len(rows) == count
    assert f"c={cluster}" in page.url
    assert f"y={year}" in page.url


def test_several_indicators_and_what_is_withheld(reader: Reader, placed: Placed) -> None:
    reader.open("en.html#i=PRF_EMP,PRF_PROD&all=1&s=year,1")
    assert reader.table()[0][0] == "Indicator"
    [(code, cluster, year)] = _rows(
        placed,
        "select indicator_code, cluster_code, year from mart_indicator where conf_status = 'A' "
        "and indicator_code = 'PRF_PROD' order by all limit 1",
    )
    reader.open(f"en.html#i={code}&c={cluster}&y={year}&all=1")
    said = [cell for row in reader.table()[1:] for cell in row]
    assert "withheld (confidential)" in said


def test_downloads_hold_what_is_shown(reader: Reader, placed: Placed) -> None:
    reader.open(WAGES)
    expected = _rows(
        placed,
        "select region_code, value from mart_indicator where indicator_code = 'wage_nominal' "
        "and year = 2024 and region_code in ('BY-BR', 'BY-HM') and is_primary order by value desc",
    )
    saved = reader.saved(reader.page.locator("[data-download=csv]").click)
    assert saved.suggested_filename == "figures.csv"
    found = _read_csv(saved.path())
    assert [(row["region_code"], float(row["value"])) for row in found] == expected
    assert found[0]["source"].startswith("Nominal monthly wage")

    saved = reader.saved(reader.page.locator("[data-download=xlsx]").click)
    assert saved.suggested_filename == "figures.xlsx"
    with saved.path().open("rb") as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    places = header.index("region_code"), header.index("value")
    assert [tuple(row[place] for place in places) for row in rows] == expected
    assert sheet.freeze_panes == "A2"


def test_sql_answers_as_duckdb_does(reader: Reader, placed: Placed) -> None:
    reader.open("en.html")
    for sql in examples("en"):
        said = _answer(reader, sql)
        expected = _rows(placed, sql)
        wrong = reader.page.locator("#wrong").inner_text()
        assert said.startswith(f"{len(expected):,} row"), wrong
        first = reader.table("#answer")[1]
        assert first[0] == str(expected[0][0])
    days = _answer(reader, "select date '2024-02-29' as day, 10::hugeint as big, null as none")
    assert days.startswith("1 row")
    assert reader.table("#answer")[1] == ["2024-02-29", "10", ""]


def test_an_answer_is_downloaded_with_all_its_digits(reader: Reader, placed: Placed) -> None:
    sql = (
        "select region_code, value from mart_indicator where indicator_code = 'wage_nominal' "
        "and value is not null order by region_code, year, value limit 5"
    )
    expected = _rows(placed, sql)
    reader.open("en.html")
    assert _answer(reader, sql).startswith("5 rows")
    found = _read_csv(reader.saved(reader.page.locator("[data-answer=csv]").click).path())
    assert [(row["region_code"], float(row["value"])) for row in found] == expected
    saved = reader.saved(reader.page.locator("[data-answer=xlsx]").click)
    with saved.path().open("rb") as file:
        rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert rows == [("region_code", "value"), *expected]


def test_the_public_file_is_downloaded_whole(reader: Reader, placed: Placed) -> None:
    reader.open("en.html")
    reader.page.locator("#tab-sql").click()
    saved = reader.saved(reader.page.get_by_role("link", name="one DuckDB file").click)
    assert saved.path().read_bytes() == placed.public_file.read_bytes()


def test_sql_reaches_nothing_outside_and_goes_on_after_an_error(
    new_reader: Callable[..., Reader], served: str
) -> None:
    reader = new_reader(served)
    reader.open("en.html")
    for sql in (
        "select * from read_parquet('https://example.org/x.parquet')",
        "select * from read_csv('https://example.org/x.csv')",
        "attach 'https://example.org/x.duckdb' as other",
        "load spatial",
        "select from nowhere where",
    ):
        assert _answer(reader, sql) == "The query was refused"
        assert reader.page.locator("#wrong").inner_text()
    assert _answer(reader, "select 1 as one").startswith("1 row")
    assert reader.page.locator("#wrong").inner_text() == ""
    assert reader.elsewhere == []


def test_the_page_and_its_engine_may_ask_nobody_else(
    new_reader: Callable[..., Reader], served: str
) -> None:
    """The policy of the page holds for both; without it the record shows what they ask."""
    asking = "fetch('https://example.org/x.csv').then(() => 'came', () => 'refused')"
    reader = new_reader(served)
    reader.open("en.html")
    _answer(reader, "select 1 as one")
    [engine] = reader.page.workers
    assert [reader.page.evaluate(asking), engine.evaluate(asking)] == ["refused", "refused"]
    assert "Content Security Policy" in " ".join(reader.complaints)
    assert reader.elsewhere == []

    reader.page.goto(f"{served}data/index.json")  # has no policy
    with reader.page.expect_worker() as started:
        reader.page.evaluate("self.kept = new Worker('../built/duckdb-browser-eh.worker.js')")
    assert [reader.page.evaluate(asking), started.value.evaluate(asking)] == ["refused", "refused"]
    assert reader.elsewhere == ["https://example.org/x.csv"] * 2


def test_everything_with_the_keyboard_alone(reader: Reader) -> None:
    reader.open("en.html#i=wage_nominal&y=2024")
    page = reader.page

    reader.press("Tab")
    assert reader.focused() == "Skip to content"
    reader.tab_to("Regions")
    reader.press("Enter", "Tab")
    page.keyboard.type("gomel")
    reader.tab_until("#filter-r li input")  # the list scrolls, and takes the focus where it does
    reader.press("Space", "Escape")
    assert reader.focused().startswith("Regions: Gomel Region")
    assert [row[0] for row in reader.table()[1:]] == ["Gomel Region"]

    reader.tab_to("Indicators", back=True)
    reader.press("Enter")
    reader.tab_until("#filter-i li:nth-child(3) input")
    reader.press("Space")
    expect(page.locator("#filter-i summary b")).to_have_text("2")
    assert page.evaluate("document.activeElement.closest('#filter-i li') !== null")
    reader.press("Escape")

    reader.tab_to("Download CSV")
    saved = reader.saved(lambda: reader.press("Enter"))
    assert {row["region_code"] for row in _read_csv(saved.path())} == {"BY-HO"}

    reader.tab_to("Value")
    reader.press("Enter")
    assert reader.focused() == "Value ↓"
    reader.press("Space")
    assert reader.focused() == "Value ↑"

    reader.tab_to("tab-table", back=True)
    reader.press("ArrowRight")
    assert reader.focused() == "tab-sql"
    reader.tab_to("query")
    reader.press("Control+a", "Delete")
    page.keyboard.type("select 42 as answer")
    reader.press("Control+Enter")
    expect(page.locator("#answer tbody tr")).to_have_count(1)
    assert reader.table("#answer") == [["answer"], ["42"]]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("phone", "dark"), [(False, False), (False, True), (True, False), (True, True)]
)
def test_axe_finds_nothing_serious(
    served: str,
    new_reader: Callable[..., Reader],
    axe: str,
    *,
    phone: bool,
    dark: bool,
    language: str,
) -> None:
    reader = new_reader(served, phone=phone, dark=dark)
    reader.open(f"{language}.html")
    summary = reader.page.locator("#filter-r summary")
    tab = reader.page.locator("#tab-sql")
    for step in (summary.click, lambda: reader.press("Escape"), tab.click):
        step()
        assert reader.serious(axe) == []
        assert not reader.is_wider_than_the_screen()
    assert reader.complaints == []
    assert reader.elsewhere == []


def test_axe_sees_what_is_wrong(reader: Reader, axe: str) -> None:
    reader.open("en.html")
    reader.page.evaluate(
        "for (const one of ['style', 'placeholder', 'aria-label'])"
        " document.getElementById('words').removeAttribute(one);"
        "document.querySelector('label[for=words]').remove()"
    )
    assert [name for name, _ in reader.serious(axe)] == ["label"]


def test_no_console_error_and_no_other_host_in_a_plain_visit(
    new_reader: Callable[..., Reader], served: str
) -> None:
    reader = new_reader(served)
    for page in ("ru.html", "en.html#i=SPC_LQ&y=2023"):
        reader.open(page)
        assert _answer(reader, "select count(*) as n from mart_indicator")
    assert reader.complaints == []
    assert reader.elsewhere == []
    asked = {re.sub(r".*/explorer/", "", url) for url in reader.asked}
    assert {"public.duckdb", "built/duckdb-eh.wasm"} <= asked, "the worker's requests were not seen"


def test_without_node_the_page_says_so_and_the_table_works(
    published: Path, placed: Placed, tmp_path: Path, new_reader: Callable[..., Reader]
) -> None:
    assert placed.has_sql
    poorer = place(tmp_path / "site", published, ["en"], built=tmp_path / "nowhere")
    assert not poorer.has_sql
    with serving(poorer) as base:
        reader = new_reader(base)
        page = reader.page
        reader.open("index.html")
        assert len(reader.table()) > 5
        assert page.locator("[data-download=xlsx]").count() == 0
        page.locator("#tab-sql").click()
        assert "no Node.js" in page.locator("#panel-sql .note").inner_text()
        page.locator("#tab-table").click()
        saved = reader.saved(page.locator("[data-download=csv]").click)
        assert saved.path().stat().st_size > 100
        assert reader.complaints == []
