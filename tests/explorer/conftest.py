"""The explorer as a reader meets it: a plain file server on loopback and a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from tests.samples import published_samples
from warehouse.reports.explorer import BUILT, HERE, Placed, place

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"


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
    """A browser with the site open, and what it asked for and complained about."""

    def __init__(self, base: str, downloads: Path, *, phone: bool = False, dark: bool = False):
        self.base, self.downloads = base, downloads
        options = Options()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.add_argument("--window-size=1280,900")
        options.binary_location = str(shutil.which("chromium"))
        options.add_experimental_option(
            "prefs", {"download.default_directory": str(downloads), "safebrowsing.enabled": False}
        )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.browser = webdriver.Chrome(options, Service(str(shutil.which("chromedriver"))))
        if phone:
            screen = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
            self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, page: str) -> None:
        self.browser.get("about:blank")
        self.browser.get(self.base + page)
        self.wait("return document.documentElement.dataset.ready === 'yes'")

    def wait(self, script: str, *arguments: Any) -> Any:
        wait = WebDriverWait(self.browser, 90, poll_frequency=0.1)
        return wait.until(lambda browser: browser.execute_script(script, *arguments))

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def table(self, place: str = "#figures") -> list[list[str]]:
        cells = "[...row.children].map((cell) => cell.innerText.trim())"
        rows = f"[...document.querySelectorAll('{place} tr')]"
        return list(self.run(f"return {rows}.map((row) => {cells})"))

    def saved(self, name: str) -> Path:
        path = self.downloads / name
        WebDriverWait(self, 30, poll_frequency=0.1).until(lambda _: path.exists())
        return path

    def complaints(self) -> list[str]:
        return [str(entry["message"]) for entry in self.browser.get_log("browser")]

    def hosts(self) -> set[str]:
        """Every host that any request went to, the browser's own pages left out."""
        messages = [
            json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")
        ]
        sent = [m["params"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        parts = [urlsplit(params["request"]["url"]) for params in sent]
        return {part.netloc for part in parts if part.scheme in ("http", "https", "ws", "wss")}


@pytest.fixture(scope="session")
def published() -> Path:
    return published_samples()


@pytest.fixture(scope="session")
def placed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Placed:
    _need(
        (BUILT / "sql.js").exists(),
        "the explorer's scripts are not built (make explorer, needs npm): it was NOT tested",
    )
    _need(shutil.which("chromium"), "no Chromium: the explorer was NOT tested")
    _need(shutil.which("chromedriver"), "no chromedriver: the explorer was NOT tested")
    return place(tmp_path_factory.mktemp("site"), published, ["ru", "en"])


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


@pytest.fixture(scope="session")
def reader(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    made = Reader(served, tmp_path_factory.mktemp("downloads"))
    yield made
    made.browser.quit()
