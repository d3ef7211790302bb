"""The site as a reader meets it: a server on loopback and a real Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Download, Request, Route, sync_playwright

from tests.samples import published_samples
from warehouse.reports.explorer import BUILT, HERE, Placed, place

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP, PHONE = (1280, 900), (375, 812)
_WEB = ("http", "https", "ws", "wss")
_CELLS = "rows => rows.map(row => [...row.children].map(cell => cell.innerText.trim()))"


def _need(what: object, message: str) -> None:
    if what:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


class _Quiet(SimpleHTTPRequestHandler):
    """A server that knows nothing: no special header, no ranges."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Reader:
    """A browser of its own with the site open, and what it asked for and complained about.

    Requests to any other host that would leave the browser are recorded, and stopped.
    """

    def __init__(
        self, browser: Browser, base: str, *, phone: bool = False, dark: bool = False
    ) -> None:
        width, height = PHONE if phone else DESKTOP
        self.base, self.host = base, urlsplit(base).netloc
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.elsewhere: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if phone else 1,
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(60_000)
        self.context.on("request", self._note)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if said.type in ("error", "warning") else None
            ),
        )
        self.context.route(self._is_elsewhere, self._refuse)
        self.page = self.context.new_page()

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    def _is_elsewhere(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in _WEB and parts.netloc != self.host

    def _refuse(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def open(self, page: str) -> None:
        """Open a page anew, also when only what stands behind its # differs."""
        self.page.goto("about:blank")
        self.page.goto(self.base + page)
        self.ready()

    def ready(self) -> None:
        """Wait until the explorer has its figures."""
        self.page.locator("html[data-ready=yes]").wait_for(state="attached")

    def table(self, place: str = "#figures") -> list[list[str]]:
        found: list[list[str]] = self.page.locator(f"{place} tr").evaluate_all(_CELLS)
        return found

    def saved(self, act: Callable[[], None]) -> Download:
        """The file that an act of the reader brings."""
        with self.page.expect_download() as expected:
            act()
        return expected.value

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """Id of what has the focus, else its words."""
        active = "document.activeElement"
        return " ".join(str(self.page.evaluate(f"{active}.id || {active}.innerText")).split())

    def tab_to(self, start: str, *, back: bool = False) -> None:
        """Go on by Tab until something that is called so has the focus."""
        self._tab(lambda: self.focused().startswith(start), start, "Shift+Tab" if back else "Tab")

    def tab_until(self, matches: str) -> None:
        """Go on by Tab until something that a selector matches has the focus."""
        found = f"document.activeElement.matches({matches!r})"
        self._tab(lambda: bool(self.page.evaluate(found)), matches, "Tab")

    def _tab(self, is_there: Callable[[], bool], what: str, key: str) -> None:
        for _ in range(200):
            if is_there():
                return
            self.press(key)
        pytest.fail(f"{key} does not come to {what!r}")

    def serious(self, axe: str) -> list[tuple[str, list[str]]]:
        """What axe finds serious or critical on the page as it stands."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe)
        found = self.page.evaluate("axe.run().then(result => result.violations)")
        return [
            (item["id"], [node["html"] for node in item["nodes"]])
            for item in found
            if item["impact"] in ("serious", "critical")
        ]

    def is_wider_than_the_screen(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture(scope="session")
def published() -> Path:
    return published_samples()


@pytest.fixture(scope="session")
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def placed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Placed:
    need_scripts()
    return place(tmp_path_factory.mktemp("site"), published, ["ru", "en"])


def need_scripts() -> None:
    built = (BUILT / "sql.js").exists()
    _need(built, "the explorer's scripts are not built (make explorer, needs npm): NOT tested")


def need_chromium() -> str:
    path = shutil.which("chromium")
    _need(path, "no Chromium: the site was NOT tested")
    return str(path)


@pytest.fixture(scope="session")
def served(placed: Placed) -> Iterator[str]:
    with serving(placed) as base:
        yield base


class serving:  # noqa: N801  (reads as a verb where it is used)
    """A plain file server of the site while the block runs; gives the address of the explorer."""

    def __init__(self, placed: Placed) -> None:
        folder = placed.public_file.parent
        handler = partial(_Quiet, directory=str(folder.parent))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._base = f"http://127.0.0.1:{self._server.server_port}/{folder.name}/"

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self._base

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; closed with the module, because its event loop bars those of others."""
    path = need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def new_reader(chromium: Browser) -> Iterator[Callable[..., Reader]]:
    """Makes readers, and sends them home at the end."""
    made: list[Reader] = []

    def make(base: str, *, phone: bool = False, dark: bool = False) -> Reader:
        made.append(Reader(chromium, base, phone=phone, dark=dark))
        return made[-1]

    yield make
    for reader in made:
        reader.context.close()


@pytest.fixture(scope="module")
def reader(served: str, new_reader: Callable[..., Reader]) -> Reader:
    return new_reader(served)
