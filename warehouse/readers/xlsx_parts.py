"""What python-calamine does not tell of an xlsx: extents, number formats, indents, formulas.

A workbook is a zip of XML parts. They are looked through before any cell is read: a part that
declares entities, or a bounding box too large for a statistical table, is refused, not opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET  # parts with a DOCTYPE are refused first

import numpy as np
import numpy.typing as npt

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import MAX_CELLS
from warehouse.readers.number_format import BUILT_IN, shown_by
from warehouse.readers.xlsx_cells import Cells, scan_cells

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 400
MAX_PROLOG = 65536
_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.S)
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError),
    NotImplementedError,  # a compression that Python does not know
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Styles:
    """Cell formats of a workbook, as arrays over the style index."""

    digits: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float64]
    indent: npt.NDArray[np.int16]
    hides_zero: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SheetFormats:
    """The written cells of one sheet, and what their styles mean."""

    cells: Cells
    styles: Styles


def scan_xlsx(path: Path) -> dict[str, SheetFormats]:
    """Formats per sheet name.

    Raises:
        WarehouseError: `file_too_large` for a bomb or an absurd extent, `file_encrypted` for
            parts with a password, `file_damaged` for parts that cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_locked(archive)
            refuse_bombs(archive)
            styles = _cell_styles(archive)
            found = {}
            for name, place in _sheet_parts(archive).items():
                with archive.open(place) as part:
                    found[name] = _scan_sheet(part, name, styles)
            return found
    except (*UNREADABLE, ET.ParseError) as error:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="a complete workbook",
            found=f"parts that cannot be read ({error})",
            action="The file was cut off or altered on its way: fetch it again.",
        ) from error


def refuse_locked(archive: zipfile.ZipFile) -> None:
    """Refuse a container whose parts need a password."""
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise WarehouseError.of(
            Code.FILE_ENCRYPTED,
            expected="a workbook without a password",
            found="a zip container with a password",
            action="Ask the sender for an open copy, or save it without the password.",
        )


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Refuse a container that unpacks to far too much, or whose XML declares entities."""
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


def _cell_styles(archive: zipfile.ZipFile) -> Styles:
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
    return Styles(
        digits=np.array([item.digits for item in shown], dtype=np.int8),
        scale=np.array([item.scale for item in shown]),
        indent=np.array(indents or [0], dtype=np.int16),
        hides_zero=np.array([item.hides_zero for item in shown], dtype=bool),
    )


def _scan_sheet(part: IO[bytes], name: str, styles: Styles) -> SheetFormats:
    try:
        cells = scan_cells(part)
    except ValueError as error:
        raise ValueError(f"sheet {name}: {error}") from error
    _refuse_extent(name, cells.row[cells.has_value], cells.column[cells.has_value])
    cells.style[cells.style >= len(styles.digits)] = 0
    return SheetFormats(cells=cells, styles=styles)


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
