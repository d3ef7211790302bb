"""What a file is, told by its bytes. The name is only a hint for texts."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cell_set import is_cell_set
from warehouse.readers.cubes import whole_bytes
from warehouse.readers.json_stat import is_json_stat
from warehouse.readers.sdmx_csv import is_sdmx_csv
from warehouse.readers.sdmx_json import is_sdmx_json
from warehouse.readers.sdmx_ml import sdmx_kind

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_PARTS = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
}
_OLE_STREAMS = {
    "EncryptedPackage": "encrypted",
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "doc",
}
_HTML = re.compile(
    rb"^\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|script)\b", re.I | re.S
)
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab", ""}


def detect_format(path: Path, file_name: str | None = None) -> str:
    """Format code of a file: `xlsx`, `xls`, `csv`, `belstat_portal`, `pdf` and so on.

    Archived bytes have no suffix of their own, so the name under which they arrived is asked.

    Raises:
        WarehouseError: the file is empty, damaged, encrypted, or a web page under another name.
    """
    suffix = Path(file_name or path.name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(65536)
    if not head:
        raise WarehouseError.of(
            Code.FILE_EMPTY,
            expected="a file with content",
            found="0 bytes",
            action="Ask the sender for the file again.",
        )
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_format(path)
    if head.startswith(_OLE):
        return _ole_format(path, suffix)
    for magic, code in (
        (b"%PDF", "pdf"),
        (b"\x1f\x8b", "gz"),
        (b"{\\rtf", "rtf"),
        (b"PAR1", "parquet"),
    ):
        if head.startswith(magic):
            return code
    return _text_format(path, head, suffix)


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "_form.csv" in names:
                return "form_zip"
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="a complete zip container (xlsx, docx …)",
            found=f"a container that cannot be opened ({error})",
            action="The file was cut off or altered on its way: fetch it again.",
        ) from error
    for part, code in _ZIP_PARTS.items():
        if part in names:
            return code
    return "ods" if "content.xml" in names and "mimetype" in names else "zip"


def _ole_format(path: Path, suffix: str) -> str:
    content = path.read_bytes()
    for stream, code in _OLE_STREAMS.items():
        if stream.encode("utf-16-le") in content:
            if code == "encrypted":
                raise WarehouseError.of(
                    Code.FILE_ENCRYPTED,
                    expected="a workbook without a password",
                    found="an encrypted workbook",
                    action="Ask the sender for an open copy, or save it without the password.",
                )
            return code
    if suffix in {".xls", ".doc"}:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="a complete Office file",
            found="a container without the workbook or document that the name promises",
            action="The file was cut off or altered on its way: fetch it again.",
        )
    return "ole"


def _text_format(path: Path, head: bytes, suffix: str) -> str:
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _HTML.match(bare):
        return _html_format(suffix)
    if bare.startswith((b"{", b"[")):
        return _json_format(path)
    if bare.startswith((b"CHARSET=", b"AXIS-VERSION=", b"CONTENTS")) or suffix == ".px":
        return "px"
    if bare.startswith(b"<"):
        return sdmx_kind(path) or "xml"
    return _delimited_format(head, bare, suffix)


def _html_format(suffix: str) -> str:
    if suffix in {".html", ".htm", ".mht"}:
        return "html"
    raise WarehouseError.of(
        Code.FILE_IS_A_WEB_PAGE,
        expected="the data file that the name promises",
        found="a web page (often a portal's error or log-in page)",
        action="Open it in a browser to read what the portal says, then fetch the file again.",
    )


def _delimited_format(head: bytes, bare: bytes, suffix: str) -> str:
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _utf16(head):
        return "binary"
    first_line = re.split(rb"[\r\n]", bare, maxsplit=1)[0].replace(b"\x00", b"")
    if re.match(rb"^[\w,]+\\(time|TIME_PERIOD)\s*\t", first_line):
        return "eurostat_tsv"
    if is_sdmx_csv(first_line.decode("utf-8", "replace")):
        return "sdmx_csv"
    if suffix not in _TEXT_SUFFIXES:
        return "text"
    tabbed = suffix == ".tsv" or first_line.count(b"\t") > first_line.count(b";")
    return "tsv" if tabbed else "csv"


def _utf16(head: bytes) -> bool:
    even, odd = head[0:512:2].count(0), head[1:512:2].count(0)
    return max(even, odd) > 16 and min(even, odd) == 0


def _json_format(path: Path) -> str:
    try:
        data = json.loads(whole_bytes(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="complete JSON in UTF-8",
            found=f"text that does not parse ({error})",
            action="The answer was cut off or altered: fetch it again.",
        ) from error
    return next((code for code, is_it in _JSON_KINDS if is_it(data)), "json")


def _has_keys(*keys: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and set(keys) <= data.keys()


def _is_map(data: Any) -> bool:
    return isinstance(data, dict) and data.get("type") in {"FeatureCollection", "Topology"}


def _are_records(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and all(isinstance(item, dict) for item in data)


_JSON_KINDS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("belstat_portal", _has_keys("tableHeader", "tableRows")),
    ("cell_set", is_cell_set),
    ("form_json", _has_keys("form", "tables")),
    ("geojson", _is_map),
    ("sdmx_json", lambda data: isinstance(data, dict) and is_sdmx_json(data)),
    ("json_stat", lambda data: isinstance(data, dict) and is_json_stat(data)),
    ("json_records", _are_records),
)
