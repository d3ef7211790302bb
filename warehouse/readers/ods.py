"""OpenDocument spreadsheets: values, what is shown, spans, formulas and hidden rows.

python-calamine reads ods without number formats and hidden rows, both of which decide what a
figure means, so the part `content.xml` is read here.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import MAX_CELLS, Kind, Merge, Sheet, Workbook, build_sheet
from warehouse.readers.cubes import damaged, unsupported
from warehouse.readers.grids import joined
from warehouse.readers.xlsx_parts import UNREADABLE, refuse_bombs, refuse_locked

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SHOWN = re.compile(r"-?[\d\s\u00a0\u202f]*\d(?:[.,](?P<part>\d+))?\s?%?$")
_REPEAT_LIMIT = 100_000


@dataclass
class _Sheet:
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    digits: dict[tuple[int, int], int] = field(default_factory=dict)
    per_cent: set[tuple[int, int]] = field(default_factory=set)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    errors: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_ods(path: Path) -> Workbook:
    """Read all sheets of an OpenDocument spreadsheet.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted`, `file_too_large`, or `format_unknown`
            for another kind of OpenDocument file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_locked(archive)
            refuse_bombs(archive)
            manifest = archive.read("META-INF/manifest.xml") if _has_manifest(archive) else b""
            if b"encryption-data" in manifest:
                raise _locked()
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            root = etree.fromstring(archive.read("content.xml"), parser)
    except (*UNREADABLE, etree.XMLSyntaxError) as error:
        raise damaged("a complete spreadsheet", str(error)) from error
    book = root.find(f"{_O}body/{_O}spreadsheet")
    if book is None:
        raise unsupported("an OpenDocument file that is no spreadsheet", "Ask for a table.")
    raised = _raised_styles(root)
    return Workbook("ods", tuple(_sheet(table, raised) for table in book.iter(f"{_T}table")))


def _has_manifest(archive: zipfile.ZipFile) -> bool:
    return "META-INF/manifest.xml" in archive.namelist()


def _locked() -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_ENCRYPTED,
        expected="a spreadsheet without a password",
        found="an encrypted one",
        action="Ask the sender for an open copy, or save it without the password.",
    )


def _raised_styles(root: Any) -> frozenset[str]:
    """Names of text styles set as superscript."""
    return frozenset(
        style.get(f"{_S}name")
        for style in root.iter(f"{_S}style")
        for part in style.iter(f"{_S}text-properties")
        if (part.get(f"{_S}text-position") or "").startswith(("super", "3", "4", "5"))
    )


def _sheet(table: Any, raised: frozenset[str]) -> Sheet:
    read = _Sheet()
    _columns(table, read)
    for row in table.iter(f"{_T}table-row"):
        _row(row, read, raised)
    while read.rows and all(value is None for value in read.rows[-1]):
        read.rows.pop()
    sheet = build_sheet(table.get(f"{_T}name") or "", read.rows, merges=tuple(read.merges))
    _apply(sheet, read)
    return replace(
        sheet,
        hidden_rows=frozenset(read.hidden_rows),
        hidden_columns=frozenset(read.hidden_columns),
    )


def _columns(table: Any, read: _Sheet) -> None:
    at = 0
    for column in table.iter(f"{_T}table-column"):
        count = min(int(column.get(f"{_T}number-columns-repeated") or 1), _REPEAT_LIMIT)
        if (column.get(f"{_T}visibility") or "visible") != "visible" and count < 1000:
            read.hidden_columns.update(range(at, at + count))
        at += count


def _row(row: Any, read: _Sheet, raised: frozenset[str]) -> None:
    at = len(read.rows)
    values: list[Any] = []
    for cell in row:
        if cell.tag not in {f"{_T}table-cell", f"{_T}covered-table-cell"}:
            continue
        count = int(cell.get(f"{_T}number-columns-repeated") or 1)
        value = _value(cell, raised)
        if value is None and not cell.get(f"{_T}formula"):
            values.extend([None] * (count if count < _REPEAT_LIMIT else 1))
            _merge(cell, read, at, len(values) - 1)
            continue
        for _ in range(min(count, MAX_CELLS)):
            _mark(cell, read, (at, len(values)), value)
            _merge(cell, read, at, len(values))
            values.append(value)
    while values and values[-1] is None:
        values.pop()
    repeat = int(row.get(f"{_T}number-rows-repeated") or 1)
    if not values:
        repeat = min(repeat, 1000)  # blank rows to the end of the sheet are not written out
    if (row.get(f"{_T}visibility") or "visible") != "visible":
        read.hidden_rows.update(range(at, at + repeat))
    if repeat * max(len(values), 1) + sum(map(len, read.rows[-1:])) * len(read.rows) > MAX_CELLS:
        raise damaged("a table of a common size", f"a row repeated {repeat:,} times")
    read.rows.extend([list(values) for _ in range(repeat)])


def _merge(cell: Any, read: _Sheet, row: int, column: int) -> None:
    columns = int(cell.get(f"{_T}number-columns-spanned") or 1)
    rows = int(cell.get(f"{_T}number-rows-spanned") or 1)
    if columns > 1 or rows > 1:
        read.merges.append(Merge(row, column, row + rows - 1, column + columns - 1))


def _value(cell: Any, raised: frozenset[str]) -> Any:
    kind = cell.get(f"{_O}value-type")
    if cell.tag == f"{_T}covered-table-cell" and kind is None:
        return None
    if kind in {"float", "percentage", "currency"}:
        return float(cell.get(f"{_O}value"))
    if kind == "boolean":
        return cell.get(f"{_O}boolean-value") == "true"
    if kind == "date":
        return datetime.fromisoformat(cell.get(f"{_O}date-value"))
    text = "\n".join(joined(_pieces(part, raised)) for part in cell.iterchildren(f"{_X}p"))
    return text or None


def _pieces(part: Any, raised: frozenset[str]) -> list[tuple[str, bool]]:
    is_raised = part.get(f"{_X}style-name") in raised
    found = [(part.text or "", is_raised)]
    for child in part:
        if child.tag == f"{_X}s":
            found.append((" " * int(child.get(f"{_X}c") or 1), is_raised))
        elif child.tag in {f"{_X}line-break", f"{_X}tab"}:
            found.append(("\n" if child.tag.endswith("break") else " ", is_raised))
        elif child.tag != f"{_O}annotation":
            found.extend(_pieces(child, raised))
        found.append((child.tail or "", is_raised))
    return found


def _mark(cell: Any, read: _Sheet, at: tuple[int, int], value: Any) -> None:
    """What is shown decides the digits; formulas, per cent and errors are remembered."""
    if cell.get(f"{_T}formula"):
        read.formulas[at] = value is not None
    if cell.get(f"{_O}value-type") == "percentage":
        read.per_cent.add(at)
    shown = "".join(cell.itertext()).strip()
    if isinstance(value, float):
        match = _SHOWN.fullmatch(shown)
        if match:
            read.digits[at] = len(match["part"] or "")
    elif shown.startswith(("#", "Err:")):
        read.errors.add(at)


def _apply(sheet: Sheet, read: _Sheet) -> None:
    height, width = sheet.shape
    for (row, column), digits in read.digits.items():
        sheet.digits[row, column] = digits
    for row, column in read.per_cent:
        sheet.number[row, column] *= 100
    for (row, column), has_value in read.formulas.items():
        if row < height and column < width:
            sheet.formula[row, column] = True
            if not has_value:
                sheet.kind[row, column] = Kind.FORMULA_WITHOUT_VALUE
    for row, column in read.errors:
        sheet.kind[row, column] = Kind.ERROR
