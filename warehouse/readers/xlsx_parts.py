"""What python-calamine does not tell of an xlsx: extents, number formats, indents, formulas.

A workbook is a zip of XML parts. They are scanned with regular expressions over bytes, which
costs a fraction of parsing them, and is done before any cell is read: a part that declares
entities or a bounding box too large for a statistical table is refused, not opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET  # parts with a DOCTYPE are refused first

import numpy as np
import numpy.typing as npt

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import MAX_CELLS
from warehouse.readers.number_format import BUILT_IN, shown_by

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 400
MAX_PROLOG = 65536
_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.S)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>")
"""Cells with a body: one that closes itself is empty, however many are formatted."""
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_IS_ERROR = re.compile(rb'\bt="e"')
_ERROR_TEXT = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)\b[^>/]*>(?!</)")
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError),
    NotImplementedError,  # a compression that Python does not know
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class SheetFormats:
    """Formats of the written cells of one sheet, as parallel arrays."""

    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    digits: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float64]
    indent: npt.NDArray[np.int16]
    formula: npt.NDArray[np.bool_]
    has_value: npt.NDArray[np.bool_]
    hides_zero: npt.NDArray[np.bool_]
    errors: dict[tuple[int, int], str]  # row and column to the error as printed: #REF!


@dataclass(frozen=True)
class _Styles:
    """Cell formats of a workbook, as arrays over the style index."""

    digits: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float64]
    indent: npt.NDArray[np.int16]
    hides_zero: npt.NDArray[np.bool_]


def scan_xlsx(path: Path) -> dict[str, SheetFormats]:
    """Formats per sheet name.

    Raises:
        WarehouseError: `file_too_large` for a bomb or an absurd extent, `file_encrypted` for
            parts with a password, `file_damaged` for parts that cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_locked(archive)
            _refuse_bombs(archive)
            styles = _cell_styles(archive)
            return {
                name: _scan_sheet(archive.read(part), name, styles)
                for name, part in _sheet_parts(archive).items()
            }
    except (*UNREADABLE, ET.ParseError) as error:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="a complete workbook",
            found=f"parts that cannot be read ({error})",
            action="The file was cut off or altered on its way: fetch it again.",
        ) from error


def _refuse_locked(archive: zipfile.ZipFile) -> None:
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise WarehouseError.of(
            Code.FILE_ENCRYPTED,
            expected="a workbook without a password",
            found="a zip container with a password",
            action="Ask the sender for an open copy, or save it without the password.",
        )


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked / packed > MAX_RATIO):
        raise WarehouseError.of(
            Code.FILE_TOO_LARGE,
            expected=f"at most {MAX_UNPACKED // 1024**2} MiB unpacked",
            found=f"{unpacked // 1024**2} MiB packed into {packed // 1024} KiB",
            action="This looks like a zip bomb or a runaway export: ask for a clean copy.",
        )
    for info in infos:
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as part:
                _refuse_document_type(info.filename, part.read(MAX_PROLOG))
                if "sharedStrings" in info.filename:  # sheets are read to their end later
                    while part.read(MAX_PROLOG):
                        pass  # Python stops where the zip says; calamine would go on


def _refuse_document_type(name: str, start: bytes) -> None:
    """Entities are declared before the first element; a prolog without an end hides them."""
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")  # UTF-16 has them too
    prolog = _PROLOG.match(plain)
    rest = plain[prolog.end() :] if prolog else plain
    if rest[:2] == b"<!" or (len(start) == MAX_PROLOG and not rest):
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="XML parts without a document type",
            found=f"a DOCTYPE in {name}",
            action="No spreadsheet program writes that; do not open the file.",
        )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    parts: dict[str, str] = {}
    for sheet in workbook.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.namelist():
            parts[sheet.get("name", "")] = part
    return parts


def _cell_styles(archive: zipfile.ZipFile) -> _Styles:
    formats = dict(BUILT_IN)
    shown, indents = [], []
    if "xl/styles.xml" in archive.namelist():
        root = ET.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
        for item in root.iter():
            if item.tag.endswith("}numFmt") and item.get("numFmtId"):
                formats[int(item.get("numFmtId", "0"))] = item.get("formatCode", "General")
        for group in root:
            if not group.tag.endswith("}cellXfs"):
                continue
            for style in group:
                number_format = formats.get(int(style.get("numFmtId", "0")), "General")
                shown.append(shown_by(number_format))
                alignment = next((a for a in style if a.tag.endswith("}alignment")), None)
                indents.append(int(alignment.get("indent", "0")) if alignment is not None else 0)
    shown = shown or [shown_by("General")]
    return _Styles(
        digits=np.array([item.digits for item in shown], dtype=np.int8),
        scale=np.array([item.scale for item in shown]),
        indent=np.array(indents or [0], dtype=np.int16),
        hides_zero=np.array([item.hides_zero for item in shown], dtype=bool),
    )


def _column_numbers(letters: list[bytes]) -> npt.NDArray[np.int32]:
    known: dict[bytes, int] = {}
    for text in set(letters):
        number = 0
        for byte in text:
            number = number * 26 + byte - 64
        known[text] = number - 1
    return np.array([known[text] for text in letters], dtype=np.int32)


def _scan_sheet(content: bytes, name: str, styles: _Styles) -> SheetFormats:
    matches = list(_CELL.finditer(content))
    attributes = [match.group(1) for match in matches]
    references = [_REF.search(text) for text in attributes]
    if any(reference is None for reference in references):
        raise ValueError(f"sheet {name}: a cell has no address")
    row = np.array([int(ref.group(2)) - 1 for ref in references if ref], dtype=np.int32)
    column = _column_numbers([ref.group(1) for ref in references if ref])
    found = [_STYLE.search(text) for text in attributes]
    style = np.array([int(match.group(1)) if match else 0 for match in found], dtype=np.intp)
    style[style >= len(styles.digits)] = 0
    formula, has_value = _formulas(content, matches)
    if len(row):
        _refuse_extent(name, row[has_value], column[has_value])
    return SheetFormats(
        row=row,
        column=column,
        digits=styles.digits[style],
        scale=styles.scale[style],
        indent=styles.indent[style],
        formula=formula,
        has_value=has_value,
        hides_zero=styles.hides_zero[style],
        errors={
            (int(row[at]), int(column[at])): _error_text(content, match)
            for at, match in enumerate(matches)
            if _IS_ERROR.search(match.group(1))
        },
    )


def _error_text(content: bytes, cell: re.Match[bytes]) -> str:
    found = _ERROR_TEXT.search(content, cell.end(), cell.end() + 4000)
    return found.group(1).decode("utf-8", "replace") if found else "#ERROR"


def _formulas(
    content: bytes, matches: list[re.Match[bytes]]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    starts = np.array([match.end() for match in matches] or [0], dtype=np.int64)

    def owners(pattern: re.Pattern[bytes]) -> npt.NDArray[np.bool_]:
        at = np.array([match.start() for match in pattern.finditer(content)], dtype=np.int64)
        flags = np.zeros(len(matches), dtype=bool)
        owner = np.searchsorted(starts, at, side="right") - 1
        flags[owner[owner >= 0]] = True
        return flags

    if not matches:
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    formula = owners(_FORMULA) if _FORMULA.search(content) else np.zeros(len(matches), dtype=bool)
    return formula, owners(_VALUE)


def _refuse_extent(name: str, row: npt.NDArray[np.int32], column: npt.NDArray[np.int32]) -> None:
    if not len(row):
        return
    cells = (int(row.max()) + 1) * (int(column.max()) + 1)
    if cells > MAX_CELLS:
        raise WarehouseError.of(
            Code.FILE_TOO_LARGE,
            expected=f"a table within {MAX_CELLS:,} cells",
            found=f"a sheet that spans {cells:,}",
            action="Delete the stray cells far from the table, or split the sheet.",
            table=name,
        )
