"""What came back: bytes in a temporary file, checked before they may enter the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import Code, Problem, WarehouseError
from warehouse.fetch.request import Request
from warehouse.readers import detect_format

CONTAINERS = frozenset({"zip", "gz"})
"""May hold a file of any format."""
WEB_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class TransientError(Exception):
    """Worth another attempt.

    Attributes:
        status: Status of the answer, if there was one.
        wait: Seconds that the server asks to wait.
    """

    def __init__(self, said: str, *, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(said)
        self.status = status
        self.wait = wait


class NoAnswerError(WarehouseError):
    """No file came, and no further attempt is made now.

    Attributes:
        status: Status of the last answer, if there was one.
        attempts: How often it was tried.
    """

    def __init__(
        self,
        expected: str,
        found: str,
        action: str,
        *,
        status: int | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(Problem(Code.FETCH_FAILED, expected, found, action))
        self.status = status
        self.attempts = attempts


@dataclass(frozen=True)
class Known:
    """What is remembered of an earlier answer from the same address.

    Attributes:
        file_id: sha256 of its bytes.
        etag: Mark of that version.
        last_modified: Time of that version, as the server said it.
    """

    file_id: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Answer:
    """One answer of a server.

    Attributes:
        is_new: False when the server says that nothing has changed.
        sha256: Of the bytes.
        size: Number of bytes.
    """

    is_new: bool
    status: int | None = None
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    size: int | None = None


def receive(chunks: Iterable[bytes], path: Path, limit: int, url: str) -> tuple[str, int]:
    """Write an answer to a file; its sha256 and size.

    Raises:
        WarehouseError: `file_too_large` as soon as it is.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise too_large(url, limit, f"more than {limit:,}")
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest(), size


def too_large(url: str, limit: int, found: str) -> WarehouseError:
    """The error for an answer beyond the limit."""
    return WarehouseError.of(
        Code.FILE_TOO_LARGE,
        expected=f"at most {limit:,} bytes from {url}",
        found=found,
        action="If the table has grown, raise `max_bytes` of its contract or "
        "WAREHOUSE_MAX_FILE_BYTES.",
    )


def check_answer(request: Request, answer: Answer, path: Path) -> None:
    """Refuse what is no data file of the contract, whatever the status said.

    Raises:
        WarehouseError: `file_empty`, `file_damaged`, `file_is_a_web_page`, `fetch_unexpected`.
    """
    fetch = request.fetch
    if fetch.sha256 and answer.sha256 != fetch.sha256:
        raise _unexpected(request, f"bytes with sha256 {fetch.sha256}", str(answer.sha256))
    media_type = (answer.media_type or "").partition(";")[0].strip().lower()
    if fetch.content_type and media_type not in fetch.content_type:
        wanted = " or ".join(fetch.content_type)
        raise _unexpected(request, f"media type {wanted}", media_type or "none")
    format_code = detect_format(path, request.file_name or path.name)
    reads_web = "html" in request.formats
    if not reads_web and (format_code == "html" or media_type in WEB_TYPES):
        raise WarehouseError.of(
            Code.FILE_IS_A_WEB_PAGE,
            expected=f"a data file from {request.url}",
            found="a web page (often a portal's error or log-in page)",
            action="Open the address in a browser and correct it in the contract.",
        )
    if format_code not in {*request.formats, *CONTAINERS}:
        wanted = " or ".join(request.formats)
        raise _unexpected(request, f"a file of format {wanted}", format_code)


def _unexpected(request: Request, expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.FETCH_UNEXPECTED,
        expected=f"{expected} from {request.url}",
        found=found,
        action="Look at the address in a browser; correct `fetch` of the contract.",
    )
