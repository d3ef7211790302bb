"""The whole site of a report in a real browser, as `warehouse serve` shows it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from tests.explorer.conftest import Reader, need_scripts
from tests.served import served_home
from warehouse.disclosure import Rule
from warehouse.public import protected
from warehouse.reports.make import Made, Request, make_report
from warehouse.settings import Settings

COUNTRY, YEAR = "KZ", 2024
STRICT = 6
"""Organisations that have to stand behind a public figure; more than is usual."""
PAGES = (
    "index",
    "kz/index",
    "kz/regions/KZ-75",
    "kz/clusters/KZ-C01",
    "quality",
    "methodology",
    "sources",
    "cells/kz/clusters/KZ-C01",
)
"""One of each kind, below the folder of a language."""


@pytest.fixture(scope="module")
def made(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The report of a country: all kinds of pages there are."""
    need_scripts()
    home = tmp_path_factory.mktemp("home")
    shutil.copyfile(published, home / "warehouse.duckdb")
    wanted = Request(year=YEAR, country=COUNTRY, takes_incomplete=True)
    return make_report(Settings(home=home, min_contributors=STRICT), wanted)


@pytest.fixture(scope="module")
def site(made: Made) -> Iterator[str]:
    """The address of the site while `warehouse serve` shows it."""
    home = Path(made.folder).parents[2]
    with served_home(home) as address:
        yield address


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)])
def test_every_kind_of_page_is_accessible_and_whole(
    site: str,
    new_reader: Callable[..., Reader],
    axe: str,
    *,
    phone: bool,
    dark: bool,
    language: str,
) -> None:
    reader = new_reader(site, phone=phone, dark=dark)
    theme = "dark" if dark else "light"
    for name in PAGES:
        reader.page.goto(f"{site}{language}/{name}.html")
        assert reader.serious(axe) == [], name
        assert not reader.is_wider_than_the_screen(), name
        assert pictures(reader, theme) == [], name
    assert reader.complaints == []
    assert reader.elsewhere == []


def pictures(reader: Reader, theme: str) -> list[str]:
    """Pictures of the page that are not shown, or not in the theme of the reader."""
    found: list[str] = reader.page.evaluate(
        """async (theme) => {
            const images = [...document.images];
            for (const image of images) image.loading = 'eager';
            const wrong = [];
            for (const image of images) {
                const came = await image.decode().then(() => image.naturalWidth > 0, () => false);
                if (!came || !image.currentSrc.endsWith(`-${theme}.svg`)) wrong.push(image.src);
            }
            return wrong;
        }""",
        theme,
    )
    return found


def test_every_kind_of_page_is_tried(made: Made) -> None:
    root = Path(made.folder) / "site" / "en"
    kinds = {kind(path.relative_to(root)) for path in root.rglob("*.html")}
    assert kinds == {kind(Path(f"{name}.html")) for name in PAGES}


def kind(page: Path) -> str:
    """Pages of cells are alike, and so are those of a folder below a country."""
    if page.parts[0] == "cells":
        return "cells"
    folder = page.parent.as_posix()
    return page.as_posix() if folder in (".", "kz") else folder


def test_the_explorer_withholds_what_the_operator_says(made: Made, published: Path) -> None:
    file = Path(made.folder) / "site" / "explorer" / "public.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(WITHHELD).fetchall()
    with protected(published, Rule(min_count=STRICT), [COUNTRY]) as connection:
        assert found == connection.execute(EXPECTED).fetchall()


WITHHELD = "select count(*) from marts.mart_indicator where conf_status <> 'F'"
EXPECTED = """
select count(*) from withheld inner join figure using (figure_id)
where figure.value is not null or figure.obs_status = 'Q'
"""


def test_a_reader_finds_the_way_from_the_entrance_to_cells_and_explorer(
    site: str, new_reader: Callable[..., Reader], made: Made
) -> None:
    reader = new_reader(site)
    page = reader.page
    page.goto(site)
    page.wait_for_url("**/ru/index.html")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/index.html")
    page.get_by_role("link", name="Kazakhstan: yearly report").click()
    figure = page.locator("#content a.f").first
    value = figure.inner_text()
    figure.click()
    page.wait_for_url("**/en/cells/kz/index.html#*")
    assert value in page.locator("section:target h2").inner_text()
    page.go_back()
    page.get_by_role("link", name="Explore and SQL").click()
    reader.ready()
    assert len(reader.table()) > 5
    page.locator("#tab-sql").click()
    page.locator("#ask button.main").click()
    expect(page.locator("#answer tbody tr").first).to_be_visible(timeout=90_000)
    page.get_by_role("link", name="Back to the report").click()
    page.wait_for_url("**/en/index.html")
    for form, name in (("PDF", "report-en.pdf"), ("XLSX", "tables-en.xlsx")):
        link = page.get_by_role("link", name=form).evaluate("link => link.href")
        assert reader.context.request.get(link).body() == (Path(made.folder) / name).read_bytes()
    assert reader.complaints == []
    assert reader.elsewhere == []


def test_the_report_is_read_with_the_keyboard_alone(
    site: str, new_reader: Callable[..., Reader]
) -> None:
    reader = new_reader(site)
    page = reader.page
    page.goto(f"{site}en/kz/index.html")
    reader.press("Tab")
    assert reader.focused() == "Skip to the content"
    reader.press("Enter")
    assert reader.focused() == "content"
    reader.press("Tab")
    visible = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(visible) != "none", "the focus is not seen"
    reader.tab_until("a.f")
    reader.press("Enter")
    page.wait_for_url("**/en/cells/kz/index.html#*")
    page.wait_for_function("scrollY > 0")  # the page has moved to the figure
    reader.press("Tab")
    assert page.evaluate("document.activeElement.closest('section') !== null"), "not at the figure"


def test_a_wide_table_scrolls_by_itself_on_a_phone(
    site: str, new_reader: Callable[..., Reader]
) -> None:
    reader = new_reader(site, phone=True)
    reader.page.goto(f"{site}en/kz/regions/KZ-75.html")
    wide = reader.page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth)"
        ".map(one => { one.scrollLeft = 40; return [one.scrollLeft, scrollX] })"
    )
    assert wide
    assert {tuple(moved) for moved in wide} == {(40, 0)}


def test_the_entrance_is_accessible(site: str, new_reader: Callable[..., Reader], axe: str) -> None:
    """It leads on at once; a reader whose browser does not follow meets its links."""
    reader = new_reader(site)
    text = reader.context.request.get(site).text()
    stays = text.replace('http-equiv="refresh"', "")
    assert stays != text
    reader.context.route(site, lambda route: route.fulfill(body=stays, content_type="text/html"))
    reader.page.goto(site)
    assert reader.serious(axe) == []
    reader.page.get_by_role("link", name="English").click()
    expect(reader.page).to_have_title("Cluster monitoring: 2024")
