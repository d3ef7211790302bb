"""Excel binary workbooks (xlsb): a zip of parts made of records, [MS-XLSB].

python-calamine reads their contents and tells neither formats, merged ranges nor what is hidden,
so the records are read here, once, for all of it.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import xlrd
from lxml import etree

from warehouse.readers.cells import MAX_CELLS, Merge, Sheet, Workbook, build_sheet
from warehouse.readers.cubes import damaged
from warehouse.readers.excel import apply_formats
from warehouse.readers.number_format import BUILT_IN, shown_by
from warehouse.readers.xlsx_cells import Cells
from warehouse.readers.xlsx_parts import (
    UNREADABLE,
    SheetFormats,
    Styles,
    refuse_bombs,
    refuse_locked,
)

ROW, BLANK, RK, ERROR, BOOLEAN, REAL, TEXT, SHARED = 0, 1, 2, 3, 4, 5, 6, 7
FORMULA_TEXT, FORMULA_REAL, FORMULA_BOOLEAN, FORMULA_ERROR = 8, 9, 10, 11
FORMULAS = frozenset({FORMULA_TEXT, FORMULA_REAL, FORMULA_BOOLEAN, FORMULA_ERROR})
STRING, FORMAT, STYLE, COLUMNS, SHEET, MERGE = 19, 44, 47, 60, 156, 176
BEGIN_STYLES, END_STYLES = 617, 618
ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
DATES = {*range(14, 23), *range(45, 48)}
_DATE_LETTERS = re.compile(r"[ymdhs]", re.I)
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass
class _Styles:
    digits: list[int] = field(default_factory=list)
    scale: list[float] = field(default_factory=list)
    hides_zero: list[bool] = field(default_factory=list)
    is_date: list[bool] = field(default_factory=list)


@dataclass
class _Part:
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    styles: list[int] = field(default_factory=list)
    formulas: list[bool] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_xlsb(path: Path) -> Workbook:
    """Read all worksheets with number formats, merged ranges, formula marks and what is hidden.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted` or `file_too_large`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_locked(archive)
            refuse_bombs(archive)
            styles = _styles(archive)
            texts = _shared_texts(archive)
            sheets = [
                _sheet(name, _part(archive.read(place), texts), styles)
                for name, place in _sheet_places(archive)
            ]
    except (*UNREADABLE, struct.error, IndexError, etree.XMLSyntaxError) as error:
        raise damaged("a complete workbook", str(error) or type(error).__name__) from error
    return Workbook("xlsb", tuple(sheets))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each record."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        if at + size > end:
            raise ValueError("a record breaks off")
        yield kind, data[at : at + size]
        at += size


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends; a missing one has no length."""
    count = struct.unpack_from("<I", data, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(data):
        raise ValueError("a text breaks off")
    return data[at + 4 : end].decode("utf-16-le"), end


def _sheet_places(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    relations = etree.fromstring(
        archive.read("xl/_rels/workbook.bin.rels"),
        etree.XMLParser(resolve_entities=False, no_network=True),
    )
    targets = {item.get("Id"): str(item.get("Target")) for item in relations}
    found = []
    for kind, data in _records(archive.read("xl/workbook.bin")):
        if kind == SHEET:
            relation, end = _text(data, 8)
            target = targets.get(relation, "").lstrip("/").removeprefix("xl/")
            if target.startswith("worksheets/"):
                found.append((_text(data, end)[0], f"xl/{target}"))
    return found


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.bin" not in archive.namelist():
        return []
    records = _records(archive.read("xl/sharedStrings.bin"))
    return [_text(data, 1)[0] for kind, data in records if kind == STRING]


def _styles(archive: zipfile.ZipFile) -> _Styles:
    found, formats, is_cell = _Styles(), dict(BUILT_IN), False
    parts = archive.read("xl/styles.bin") if "xl/styles.bin" in archive.namelist() else b""
    for kind, data in _records(parts):
        if kind == FORMAT:
            formats[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind in {BEGIN_STYLES, END_STYLES}:
            is_cell = kind == BEGIN_STYLES
        elif kind == STYLE and is_cell:
            number = struct.unpack_from("<H", data, 2)[0]
            code = formats.get(number, "General")
            shown = shown_by(code)
            letters = _DATE_LETTERS.search(_LITERALS.sub("", code)) if code != "General" else None
            found.digits.append(shown.digits)
            found.scale.append(shown.scale)
            found.hides_zero.append(shown.hides_zero)
            found.is_date.append(number in DATES or letters is not None)
    if not found.digits:
        found = _Styles([-1], [1.0], [False], [False])
    return found


def _part(data: bytes, texts: list[str]) -> _Part:
    part, row = _Part(), 0
    for kind, content in _records(data):
        if kind == ROW:
            row = struct.unpack_from("<I", content)[0]
            if content[11] & 0x10:
                part.hidden_rows.add(row)
        elif BLANK < kind <= FORMULA_ERROR:
            column, style = struct.unpack_from("<II", content)
            _take(part, kind, content, (row, column, style & 0xFFFFFF), texts)
        elif kind == COLUMNS:
            first, last = struct.unpack_from("<II", content)
            if content[16] & 0x01 and last - first < 1000:
                part.hidden_columns.update(range(first, last + 1))
        elif kind == MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", content)
            part.merges.append(Merge(top, left, bottom, right))
    return part


def _take(
    part: _Part, kind: int, content: bytes, at: tuple[int, int, int], texts: list[str]
) -> None:
    row, column, style = at
    if kind in {ERROR, FORMULA_ERROR}:
        part.errors[row, column] = ERRORS.get(content[8], "#ERROR")
    part.rows.append(row)
    part.columns.append(column)
    part.styles.append(style)
    part.formulas.append(kind in FORMULAS)
    part.values.append(_value(kind, content, texts))


def _value(kind: int, content: bytes, texts: list[str]) -> Any:
    if kind == RK:
        return _packed(struct.unpack_from("<I", content, 8)[0])
    if kind in {REAL, FORMULA_REAL}:
        return struct.unpack_from("<d", content, 8)[0]
    if kind == SHARED:
        return texts[struct.unpack_from("<I", content, 8)[0]]
    if kind in {TEXT, FORMULA_TEXT}:
        return _text(content, 8)[0]
    if kind in {BOOLEAN, FORMULA_BOOLEAN}:
        return bool(content[8])
    return ERRORS.get(content[8], "#ERROR")


def _packed(number: int) -> float:
    """A number in 30 bits: whole or the upper half of a double, perhaps in hundredths."""
    if number & 2:
        whole = number >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))[0]
    return value / 100 if number & 1 else value


def _sheet(name: str, part: _Part, styles: _Styles) -> Sheet:
    height, width = max(part.rows, default=-1) + 1, max(part.columns, default=-1) + 1
    if height * width > MAX_CELLS:
        raise damaged(f"a table within {MAX_CELLS:,} cells", f"one that spans {height * width:,}")
    grid: list[list[Any]] = [[None] * width for _ in range(height)]
    style = np.array(part.styles or [0], dtype=np.int32)[: len(part.rows)]
    style[style >= len(styles.digits)] = 0
    for row, column, value, of in zip(
        part.rows, part.columns, part.values, style.tolist(), strict=True
    ):
        is_date = isinstance(value, float) and styles.is_date[of]
        grid[row][column] = xlrd.xldate_as_datetime(value, 0) if is_date else value
    sheet = build_sheet(name, grid, merges=tuple(part.merges))
    apply_formats(sheet, _formats(part, style, styles))
    return replace(
        sheet,
        hidden_rows=frozenset(part.hidden_rows),
        hidden_columns=frozenset(part.hidden_columns),
    )


def _formats(part: _Part, style: Any, styles: _Styles) -> SheetFormats:
    count = len(part.rows)
    cells = Cells(
        row=np.array(part.rows, dtype=np.int32),
        column=np.array(part.columns, dtype=np.int32),
        style=style,
        formula=np.array(part.formulas, dtype=bool),
        has_value=np.ones(count, dtype=bool),
        errors=part.errors,
        hidden_rows=frozenset(),
        hidden_columns=frozenset(),
    )
    looks = Styles(
        digits=np.array(styles.digits, dtype=np.int8),
        scale=np.array(styles.scale),
        indent=np.zeros(len(styles.digits), dtype=np.int16),
        hides_zero=np.array(styles.hides_zero, dtype=bool),
    )
    return SheetFormats(cells=cells, styles=looks)
