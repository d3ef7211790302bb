"""What a reader does with the explorer, in a real browser on a plain file server."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import openpyxl
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.explorer.conftest import AXE, Reader, serving
from warehouse.reports.explorer import Placed, examples, place

WAGES = "en.html#i=wage_nominal&y=2024&r=BY-BR,BY-HM&s=value,1"


def _rows(placed: Placed, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(placed.public_file), read_only=True) as connection:
        connection.execute("use marts")
        return connection.execute(sql).fetchall()


def _answer(reader: Reader, sql: str) -> str:
    """Ask the SQL tab, and wait for what it says."""
    reader.run(
        "document.getElementById('tab-sql').click();"
        "document.getElementById('query').value = arguments[0];"
        "document.getElementById('ask').requestSubmit();",
        sql,
    )
    reader.wait("return !document.querySelector('#ask button.main').disabled")
    return str(reader.browser.find_element(By.ID, "answered").text)


def test_it_opens_with_the_newest_figures_and_is_light(reader: Reader) -> None:
    reader.open("index.html")
    header, *rows = reader.table()
    assert header[:3] == ["Регион", "Год ↓", "Значение"]
    assert "3 460,8" in rows[0][2].replace("\xa0", " ")
    assert {row[1] for row in rows} == {rows[0][1]}
    sizes = reader.run(
        "return performance.getEntriesByType('resource')"
        ".concat(performance.getEntriesByType('navigation')).map((entry) => entry.transferSize)"
    )
    painted = reader.run(
        "return performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    print(f"first view {painted:.0f} ms, {sum(sizes) / 1000:.0f} kB")
    assert sum(sizes) < 300_000


def test_a_link_may_ask_for_another_language(reader: Reader) -> None:
    reader.open("index.html?lang=en#i=wage_nominal&y=2024")
    reader.wait("return location.pathname.endsWith('/en.html')")
    reader.wait("return document.documentElement.dataset.ready === 'yes'")
    assert reader.table()[0][0] == "Region"
    assert reader.browser.current_url.endswith("#i=wage_nominal&y=2024&s=year%2C1")


def test_filters_sorting_and_address(reader: Reader, placed: Placed) -> None:
    reader.open(WAGES)
    expected = _rows(
        placed,
        "select value from mart_indicator where indicator_code = 'wage_nominal' and year = 2024 "
        "and region_code in ('BY-BR', 'BY-HM') and is_primary order by value desc",
    )
    values = [float(row[2].replace(",", "")) for row in reader.table()[1:]]
    assert [(value,) for value in values] == expected

    reader.browser.find_element(By.CSS_SELECTOR, "th[data-key=value] button").click()
    sorted_up = [float(row[2].replace(",", "")) for row in reader.table()[1:]]
    assert sorted_up == values[::-1]
    heads = reader.browser.find_elements(By.CSS_SELECTOR, "th[aria-sort=ascending]")
    assert [head.text for head in heads] == ["Value ↑"]

    reader.browser.find_element(By.CSS_SELECTOR, "#filter-r summary").click()
    boxes = reader.browser.find_elements(By.CSS_SELECTOR, "#filter-r label")
    next(box for box in boxes if box.text == "Brest Region").click()
    assert [row[0] for row in reader.table()[1:]] == ["Minsk City"]
    address = reader.browser.current_url
    reader.open(address.removeprefix(reader.base))
    assert [row[0] for row in reader.table()[1:]] == ["Minsk City"]

    words = reader.browser.find_element(By.ID, "words")
    words.send_keys("brest")
    assert reader.table()[1:] == []
    assert reader.browser.find_element(By.ID, "count").text == "0 rows"


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
    reader.browser.find_element(By.CSS_SELECTOR, "[data-download=csv]").click()
    with reader.saved("figures.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = list(csv.DictReader(lines))
    assert [(row["region_code"], float(row["value"])) for row in found] == expected
    assert found[0]["source"].startswith("Nominal monthly wage")

    reader.browser.find_element(By.CSS_SELECTOR, "[data-download=xlsx]").click()
    sheet = openpyxl.load_workbook(reader.saved("figures.xlsx")).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    places = header.index("region_code"), header.index("value")
    assert [tuple(row[place] for place in places) for row in rows] == expected
    assert sheet.freeze_panes == "A2"


def test_sql_answers_as_duckdb_does(reader: Reader, placed: Placed) -> None:
    reader.open("en.html")
    for sql in examples("en"):
        said = _answer(reader, sql)
        expected = _rows(placed, sql)
        assert said.startswith(f"{len(expected):,} row"), reader.run(
            "return document.getElementById('wrong').innerText"
        )
        first = reader.table("#answer")[1]
        assert first[0] == str(expected[0][0])
    days = _answer(reader, "select date '2024-02-29' as day, 10::hugeint as big, null as none")
    assert days.startswith("1 row")
    assert reader.table("#answer")[1] == ["2024-02-29", "10", ""]


def test_sql_reaches_nothing_outside_and_goes_on_after_an_error(reader: Reader) -> None:
    reader.open("en.html")
    for sql in (
        "select * from read_parquet('https://example.org/x.parquet')",
        "select * from read_csv('https://example.org/x.csv')",
        "load spatial",
        "select from nowhere where",
    ):
        assert _answer(reader, sql) == "The query was refused"
        assert reader.browser.find_element(By.ID, "wrong").text
    reader.complaints()  # the engine's own attempt, which the page forbids
    assert _answer(reader, "select 1 as one").startswith("1 row")
    assert reader.browser.find_element(By.ID, "wrong").text == ""
    assert reader.hosts() == {reader.base.split("/")[2]}


def test_everything_with_the_keyboard_alone(reader: Reader) -> None:
    reader.open("en.html#i=wage_nominal&y=2024")

    def press(*keys: str) -> None:
        for key in keys:
            reader.browser.switch_to.active_element.send_keys(key)

    def focused() -> str:
        return str(
            reader.run("return document.activeElement.id || document.activeElement.innerText")
        )

    press(Keys.TAB)
    assert focused() == "Skip to content"
    while not focused().startswith("Regions"):
        press(Keys.TAB)
    press(Keys.ENTER, Keys.TAB)
    press("gomel", Keys.TAB)  # the list itself scrolls, and takes the focus where it does
    while reader.run("return document.activeElement.type") != "checkbox":
        press(Keys.TAB)
    press(Keys.SPACE, Keys.ESCAPE)
    assert focused().startswith("Regions: Gomel Region")
    assert [row[0] for row in reader.table()[1:]] == ["Gomel Region"]

    reader.browser.find_element(By.CSS_SELECTOR, "#filter-i summary").send_keys(Keys.ENTER)
    reader.browser.find_element(By.CSS_SELECTOR, "#filter-i li:nth-child(3) input").send_keys(" ")
    reader.wait("return document.querySelector('#filter-i summary b').innerText === '2'")
    assert reader.run("return document.activeElement.closest('#filter-i li') !== null")
    press(Keys.ESCAPE)

    reader.browser.find_element(By.ID, "tab-table").send_keys(Keys.ARROW_RIGHT)
    assert focused() == "tab-sql"
    while focused() != "query":
        press(Keys.TAB)
    press(Keys.CONTROL + "a", Keys.DELETE)
    press("select 42 as answer", Keys.CONTROL + Keys.ENTER)
    reader.wait("return document.querySelectorAll('#answer tbody tr').length === 1")
    assert reader.table("#answer") == [["answer"], ["42"]]


@pytest.mark.parametrize(
    ("phone", "dark", "page"),
    [(False, False, "ru.html"), (False, True, "en.html"), (True, False, "ru.html")],
)
def test_axe_finds_nothing_serious(
    served: str, tmp_path: Path, *, phone: bool, dark: bool, page: str
) -> None:
    reader = Reader(served, tmp_path, phone=phone, dark=dark)
    try:
        reader.open(page)
        reader.browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        reader.open(page)
        reader.run(AXE.read_text(encoding="utf-8") + "; window.axe = axe;")
        for step in (
            "document.querySelector('#filter-r').open = true",
            "document.querySelector('#filter-r').open = false",
            "document.getElementById('tab-sql').click()",
        ):
            reader.run(step)
            found = reader.browser.execute_async_script(
                "const done = arguments[0]; axe.run().then((r) => done(r.violations))"
            )
            serious = [
                (item["id"], [node["html"] for node in item["nodes"]])
                for item in found
                if item["impact"] in ("serious", "critical")
            ]
            assert serious == []
        assert reader.run("return document.documentElement.scrollWidth <= innerWidth")
        assert reader.complaints() == []
    finally:
        reader.browser.quit()


def test_no_console_error_and_no_other_host_in_a_plain_visit(reader: Reader) -> None:
    reader.complaints()
    reader.hosts()
    for page in ("ru.html", "en.html#i=SPC_LQ&y=2023"):
        reader.open(page)
        assert _answer(reader, "select count(*) as n from mart_indicator")
    assert reader.complaints() == []
    assert reader.hosts() == {reader.base.split("/")[2]}


def test_without_node_the_page_says_so_and_the_table_works(
    published: Path, placed: Placed, tmp_path: Path
) -> None:
    assert placed.has_sql
    poorer = place(tmp_path / "site", published, ["en"], built=tmp_path / "nowhere")
    assert not poorer.has_sql
    with serving(poorer) as base:
        reader = Reader(base, tmp_path)
        try:
            reader.open("index.html")
            assert len(reader.table()) > 5
            assert not reader.browser.find_elements(By.CSS_SELECTOR, "[data-download=xlsx]")
            reader.browser.find_element(By.ID, "tab-sql").click()
            said = reader.browser.find_element(By.CSS_SELECTOR, "#panel-sql .note").text
            assert "no Node.js" in said
            reader.browser.find_element(By.ID, "tab-table").click()
            reader.browser.find_element(By.CSS_SELECTOR, "[data-download=csv]").click()
            assert reader.saved("figures.csv").stat().st_size > 100
            assert reader.complaints() == []
        finally:
            reader.browser.quit()
