"""A web server on loopback that behaves well or badly, as its paths say."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TABLE = "Регион;2023;2024\nМинск;1;2\n".encode()
PAGE = b"<!doctype html><html><body>Service temporarily unavailable</body></html>"
ETAG = '"v1"'


@dataclass
class Server:
    """What a test knows of the server.

    Attributes:
        url: Its address.
        seen: Requests in order: method, path, headers, body.
        behaviours: Path to what it does there.
    """

    url: str = ""
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    behaviours: dict[str, Callable[[BaseHTTPRequestHandler, int], None]] = field(
        default_factory=dict
    )

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def asked(self, path: str) -> int:
        return sum(seen[1].partition("?")[0] == path for seen in self.seen)


def send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str | int
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": len(body), **headers}.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)


def table(handler: BaseHTTPRequestHandler, _: int) -> None:
    if handler.headers.get("If-None-Match") == ETAG:
        send(handler, 304, ETag=ETAG)
    else:
        send(handler, 200, TABLE, ETag=ETAG, Content_Type="text/csv")


def dated(handler: BaseHTTPRequestHandler, _: int) -> None:
    moment = "Wed, 21 Oct 2026 07:28:00 GMT"
    if handler.headers.get("If-Modified-Since") == moment:
        send(handler, 304)
    else:
        send(handler, 200, TABLE, Last_Modified=moment)


def plain(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 200, TABLE)


def slow(handler: BaseHTTPRequestHandler, _: int) -> None:
    """Says nothing for longer than anybody waits."""
    time.sleep(1.5)


def dripping(handler: BaseHTTPRequestHandler, _: int) -> None:
    """A byte now and then: no single read ever takes long."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def cut_off(handler: BaseHTTPRequestHandler, count: int) -> None:
    """Promises more than it sends, the first two times."""
    if count <= 2:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(TABLE)))
        handler.end_headers()
        handler.wfile.write(TABLE[:10])
        handler.close_connection = True
    else:
        send(handler, 200, TABLE)


def always_short(handler: BaseHTTPRequestHandler, _: int) -> None:
    cut_off(handler, 1)


def busy(handler: BaseHTTPRequestHandler, count: int) -> None:
    """Asks for two seconds of patience once."""
    if count == 1:
        send(handler, 429, Retry_After=2)
    else:
        send(handler, 200, TABLE)


def busy_for_a_day(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 503, Retry_After=86400)


def broken(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 500, b"oops")


def gone(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 404, b"no such file")


def error_page(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 200, PAGE, Content_Type="text/html; charset=utf-8")


def disguised_page(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 200, PAGE, Content_Type="text/csv")


def error_json(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 200, b'{"error": "quota exceeded"}', Content_Type="application/json")


def nothing(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 200, b"")


def endless(handler: BaseHTTPRequestHandler, _: int) -> None:
    """More than is allowed, without saying so before."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(64):
        handler.wfile.write(b"1;2\n" * 1024)


def announced(handler: BaseHTTPRequestHandler, _: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "99999999")
    handler.end_headers()


def loop(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 302, Location="/loop.csv")


def moved(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 302, Location="/table.csv")


def to_metadata(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 302, Location="http://169.254.169.254/latest/meta-data/x.csv")


def to_file(handler: BaseHTTPRequestHandler, _: int) -> None:
    send(handler, 302, Location="file:///etc/passwd")


def guarded(handler: BaseHTTPRequestHandler, _: int) -> None:
    if handler.headers.get("Authorization") == "Basic dXNlcjpzZWNyZXQ=":
        send(handler, 200, TABLE)
    else:
        send(handler, 401)


def to_other_host(handler: BaseHTTPRequestHandler, _: int) -> None:
    port = handler.server.server_address[1]
    send(handler, 302, Location=f"http://localhost:{port}/table.csv")


BEHAVIOURS: dict[str, Callable[[BaseHTTPRequestHandler, int], None]] = {
    "/table.csv": table,
    "/dated.csv": dated,
    "/plain.csv": plain,
    "/slow.csv": slow,
    "/dripping.csv": dripping,
    "/cut-off.csv": cut_off,
    "/always-short.csv": always_short,
    "/busy.csv": busy,
    "/busy-for-a-day.csv": busy_for_a_day,
    "/broken.csv": broken,
    "/gone.csv": gone,
    "/error-page.csv": error_page,
    "/disguised-page.csv": disguised_page,
    "/error-json.csv": error_json,
    "/nothing.csv": nothing,
    "/endless.csv": endless,
    "/announced.csv": announced,
    "/loop.csv": loop,
    "/moved.csv": moved,
    "/to-metadata.csv": to_metadata,
    "/to-file.csv": to_file,
    "/guarded.csv": guarded,
    "/to-other-host.csv": to_other_host,
}


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for a test, gone afterwards."""
    server = Server(behaviours=dict(BEHAVIOURS))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.seen.append((self.command, self.path, dict(self.headers), body))
            path = self.path.partition("?")[0]
            behave = server.behaviours.get(path, gone)
            try:
                behave(self, server.asked(path))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    if tls is not None:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    scheme = "https" if tls else "http"
    server.url = f"{scheme}://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
