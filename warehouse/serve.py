"""Shows a finished report site on localhost, with the standard library's file server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

HOST = "127.0.0.1"


class _Site(SimpleHTTPRequestHandler):
    """Files of one folder: no listing of folders, no hidden file, nothing kept by the browser."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
    }

    def send_head(self) -> Any:
        if "/." in self.path:
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def site(settings: Settings, year: int | None = None) -> Path:
    """The report site of a year, else of the newest.

    Args:
        settings: The warehouse home.
        year: Which report.

    Raises:
        WarehouseError: `nothing_published` when there is no such report.
    """
    made = sorted(path for path in settings.reports.glob("[0-9]*") if any(path.rglob("index.html")))
    found = [path for path in made if year is None or path.name == str(year)]
    if found:
        return found[-1]
    raise WarehouseError.of(
        Code.NOTHING_PUBLISHED,
        expected=f"a report{f' of {year}' if year else ''} below {settings.reports}",
        found=", ".join(path.name for path in made) or "none",
        action="Make it with `warehouse report --year YEAR`.",
    )


@contextmanager
def serving(folder: Path, port: int) -> Iterator[ThreadingHTTPServer]:
    """A server of a folder, on this machine only.

    Args:
        folder: The site.
        port: Which port; 0 takes a free one.

    Raises:
        WarehouseError: `setting_invalid` when the port is taken.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Site, directory=str(folder)))
    except OSError as error:
        raise WarehouseError.of(
            Code.SETTING_INVALID,
            expected=f"a free port, --port {port}",
            found=error.strerror or str(error),
            action="Choose another one; --port 0 takes one that is free.",
        ) from error
    with server:
        yield server


def entrance(folder: Path) -> str:
    """Where a reader begins, relative to the site: its index, else the first one below."""
    pages = sorted(folder.rglob("index.html"), key=lambda path: (len(path.parts), str(path)))
    first = pages[0].relative_to(folder).as_posix()
    return first.removesuffix("index.html")
