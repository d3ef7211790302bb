"""Files over http and https."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from warehouse import __version__
from warehouse.fetch.answer import (
    Answer,
    Known,
    NoAnswerError,
    TransientError,
    receive,
    too_large,
)
from warehouse.fetch.policy import Policy, not_allowed
from warehouse.fetch.request import Connection, Request

AGENT = f"cluster-warehouse/{__version__} (statistical monitoring)"
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
OURS = frozenset({"User-Agent", "Accept", "Accept-Encoding"})
"""Headers that any server may see."""
PORTS = {"http": 80, "https": 443}


@dataclass
class Pace:
    """Waits so that no host is asked more often than its list entry allows."""

    policy: Policy
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait_for(self, host: str) -> None:
        """Wait for the turn of a host."""
        now = self.clock()
        ready = self._free_at.get(host, now)
        if ready > now:
            self.sleep(ready - now)
        self._free_at[host] = max(now, ready) + self.policy.hosts.get(host.lower(), 0.0)


@dataclass(frozen=True)
class _Hop:
    """One request on the way to the file: the first one, or where a redirect leads."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    sent: Mapping[str, Any]

    def redirected(self, status: int, location: str) -> _Hop:
        """What was meant for one server, keys and questions, does not go to another."""
        url = httpx.URL(urljoin(str(self.url), location))
        same = (url.scheme, url.netloc) == (self.url.scheme, self.url.netloc)
        headers = {name: said for name, said in self.headers.items() if same or name in OURS}
        if status in KEEPS_METHOD and same:
            return _Hop(self.method, url, headers, self.sent)
        return _Hop("GET", url, headers, {})


@dataclass(frozen=True)
class Web:
    """Asks web servers.

    Attributes:
        policy: What is allowed.
        pace: Keeps the distance between requests.
        tls: Which certificates are trusted; the system's unless said.
    """

    policy: Policy
    pace: Pace
    tls: ssl.SSLContext

    def fetch(
        self, request: Request, connection: Connection | None, known: Known | None, path: Path
    ) -> Answer:
        """Ask once and write the answer to `path`.

        Raises:
            TransientError: Another attempt may help.
            WarehouseError: It may not.
        """
        hop = self._first(request, connection, known)
        limit = min(request.fetch.max_bytes or self.policy.max_bytes, self.policy.max_bytes)
        for _ in range(self.policy.max_redirects + 1):
            answer = self._ask(hop, path, limit)
            if isinstance(answer, Answer):
                return answer
            hop = self._next(hop, answer)
        raise not_allowed(
            f"at most {self.policy.max_redirects} redirects from {request.url}",
            "more of them: a loop",
            "Open the address in a browser and put the one it ends at into the contract.",
        )

    def _first(self, request: Request, connection: Connection | None, known: Known | None) -> _Hop:
        fetch = request.fetch
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        headers |= fetch.headers
        if connection is not None:
            headers |= connection.extra.get("headers", {})
            if connection.login:
                pair = (connection.login, connection.password or "")
                made = next(httpx.BasicAuth(*pair).auth_flow(httpx.Request("GET", request.url)))
                headers["Authorization"] = made.headers["Authorization"]
        if known is not None and not fetch.is_post:
            if known.etag:
                headers["If-None-Match"] = known.etag
            if known.last_modified:
                headers["If-Modified-Since"] = known.last_modified
        sent = {"data": fetch.form} if fetch.form is not None else {}
        if fetch.json_body is not None:
            sent = {"json": fetch.json_body}
        url = httpx.URL(request.url)
        url = url.copy_merge_params(fetch.query) if fetch.query else url
        return _Hop("POST" if fetch.is_post else "GET", url, headers, sent)

    def _next(self, hop: _Hop, answer: httpx.Response) -> _Hop:
        location = answer.headers.get("Location")
        if not location:
            raise _failed(hop.url, f"a redirect without an address ({answer.status_code})")
        try:
            found = hop.redirected(answer.status_code, location)
        except (httpx.InvalidURL, ValueError) as error:
            raise _failed(hop.url, f"a redirect to «{location[:200]}»") from error
        if hop.url.scheme == "https" and found.url.scheme != "https":
            raise not_allowed(
                f"an encrypted address after {_shown(hop.url)}",
                _shown(found.url),
                "Ask the office for an address with https.",
            )
        return found

    def _ask(self, hop: _Hop, path: Path, limit: int) -> Answer | httpx.Response:
        """One request to the checked address of its host; a redirect comes back as it is."""
        host, port = hop.url.host, hop.url.port or PORTS.get(hop.url.scheme, 0)
        if hop.url.scheme not in PORTS:
            raise not_allowed("http or https", _shown(hop.url), "Correct the address.")
        self.policy.check_host(host)
        try:
            address = self.policy.address(host, port)
        except OSError as error:
            raise TransientError(f"the name {host} leads nowhere ({error})") from error
        self.pace.wait_for(host)
        try:
            with self._client() as client:
                asked = client.build_request(
                    hop.method,
                    hop.url.copy_with(host=address),
                    headers={**hop.headers, "Host": hop.url.netloc.decode("ascii")},
                    extensions={"sni_hostname": host},
                    **hop.sent,
                )
                answer = client.send(asked, stream=True)
                return self._read(hop, answer, path, limit)
        except httpx.RequestError as error:
            raise _of_transport(error, hop.url) from error

    def _client(self) -> httpx.Client:
        patience = httpx.Timeout(self.policy.read_seconds, connect=self.policy.connect_seconds)
        return httpx.Client(verify=self.tls, timeout=patience, trust_env=False)

    def _read(
        self, hop: _Hop, answer: httpx.Response, path: Path, limit: int
    ) -> Answer | httpx.Response:
        status, headers = answer.status_code, answer.headers
        if status in REDIRECTS:
            return answer
        if status in TRANSIENT:
            raise TransientError(
                f"status {status}", status=status, wait=retry_after(headers.get("Retry-After"))
            )
        if status not in (200, 304):
            raise _failed(hop.url, f"status {status}", status)
        said: dict[str, Any] = {
            "status": status,
            "media_type": headers.get("Content-Type"),
            "etag": headers.get("ETag"),
            "last_modified": headers.get("Last-Modified"),
        }
        if status == 304:
            return Answer(is_new=False, **said)
        promised = headers.get("Content-Length", "")
        if promised.isdigit() and int(promised) > limit:
            raise too_large(_shown(hop.url), limit, f"{int(promised):,} announced")
        sha256, size = receive(self._in_time(answer.iter_bytes()), path, limit, _shown(hop.url))
        return Answer(is_new=True, sha256=sha256, size=size, **said)

    def _in_time(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """A server that sends a byte now and then would never run into a timeout of reading."""
        end = self.pace.clock() + self.policy.total_seconds
        for chunk in chunks:
            if self.pace.clock() > end:
                raise TransientError(f"not complete after {self.policy.total_seconds:.0f} s")
            yield chunk


def retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a server asks to wait: a number, or a time of day."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _of_transport(error: httpx.RequestError, url: httpx.URL) -> Exception:
    """A certificate that does not hold is no accident; everything else may be."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return not_allowed(
                f"a valid certificate for {url.host}",
                cause.verify_message or "none",
                "Do not go on without it: ask the office which address is right.",
            )
        cause = cause.__cause__ or cause.__context__
    return TransientError(f"{type(error).__name__}: {error}")


def _failed(url: httpx.URL, found: str, status: int | None = None) -> NoAnswerError:
    return NoAnswerError(
        f"the file at {_shown(url)}",
        found,
        "Open the address in a browser; offices move their files.",
        status=status,
    )


def _shown(url: httpx.URL) -> str:
    """An address without user and password."""
    parts = urlsplit(str(url.copy_with(username=None, password=None)))
    return parts.geturl()
