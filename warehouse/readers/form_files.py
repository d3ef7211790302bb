"""Forms that are filled in by a program: a zip of CSV files, or JSON; both as sheets of cells."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Indices, Sheet, Workbook, build_sheet
from warehouse.readers.delimited import parse_delimited
from warehouse.readers.xlsx_parts import UNREADABLE, refuse_bombs, refuse_locked

MAX_COLUMNS = 500
LARGEST = 10**300
HEADER = "_form"
"""Sheet of pairs of key and value: which form it is, whose, and for when."""


def read_form_zip(path: Path) -> Workbook:
    """Read a zip of CSV files: one sheet each, named like the file without its ending.

    Raises:
        WarehouseError: `file_damaged`, `file_too_large`, `file_encrypted`, `encoding_unknown`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_locked(archive)
            refuse_bombs(archive)
            sheets = [_csv_sheet(archive, info) for info in archive.infolist() if not info.is_dir()]
    except UNREADABLE as error:
        raise _damaged("a complete zip of CSV files", str(error)) from error
    names = [sheet.name for sheet in sheets]
    if len(set(names)) < len(names):
        raise _damaged("one file for each table", f"two files of one name in {', '.join(names)}")
    return Workbook("form_zip", tuple(sheets))


def _csv_sheet(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Sheet:
    name = info.filename.removesuffix(".csv")
    if name == info.filename or "/" in name:
        raise _damaged("CSV files beside one another", f"«{info.filename}»")
    return build_sheet(name, parse_delimited(archive.read(info)))


def read_form_json(path: Path) -> Workbook:
    """Read a form in JSON: one sheet per table, its first row the names of the columns.

    Raises:
        WarehouseError: `file_damaged` when it is not made of tables of records.
    """
    whole = _loads(path)
    tables = whole.pop("tables")
    if not isinstance(tables, dict):
        raise _damaged("tables by name", "something else under /tables")
    pairs = [[str(key), _plain(value, f"/{key}")] for key, value in whole.items()]
    header = build_sheet(HEADER, pairs, addresses=_pointers("", [], [str(key) for key in whole]))
    return Workbook("form_json", (header, *(_json_sheet(*item) for item in tables.items())))


def read_json_records(path: Path) -> Workbook:
    """Read a JSON list of records as one sheet; what is nested deeper stands as JSON text."""
    records = _loads(path)
    columns = _columns(records)
    rows = [[_shallow(record.get(column)) for column in columns] for record in records]
    sheet = build_sheet("", [columns, *rows], addresses=_pointers("", columns))
    return Workbook("json_records", (sheet,))


def _shallow(value: Any) -> Any:
    is_nested = isinstance(value, dict) or (
        isinstance(value, list) and not all(isinstance(item, str) for item in value)
    )
    return json.dumps(value, ensure_ascii=False) if is_nested else _plain(value, "")


def _loads(path: Path) -> Any:
    """JSON that says each thing once, in numbers that are numbers and texts that are texts."""
    text = path.read_bytes().decode("utf-8-sig")
    try:
        whole = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(whole, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError, ValueError) as error:
        raise _damaged("JSON in UTF-8", str(error)) from error
    return whole


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _damaged("each key once", f"«{twice}» twice in one record")
    return found


def _no_number(name: str) -> Any:
    raise _damaged("finite numbers", f"«{name}»")


def _columns(records: list[dict[str, Any]]) -> list[str]:
    columns = list(dict.fromkeys(str(key) for record in records for key in record))
    if len(columns) > MAX_COLUMNS:
        raise _damaged(f"at most {MAX_COLUMNS} columns", f"{len(columns):,}")
    return columns


def _json_sheet(name: str, records: Any) -> Sheet:
    place = f"/tables/{name}"
    is_table = isinstance(records, list) and all(isinstance(item, dict) for item in records)
    if not is_table:
        raise _damaged("a list of records", f"something else under {place}")
    columns = _columns(records)
    rows = [
        [_plain(record.get(column), f"{place}/{number}/{column}") for column in columns]
        for number, record in enumerate(records)
    ]
    return build_sheet(name, [columns, *rows], addresses=_pointers(place, columns))


def _plain(value: Any, place: str) -> Any:
    """A JSON value as a cell: lists of texts with semicolons between, numbers as floats."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and abs(value) < LARGEST:
        return float(value)
    raise _damaged("a text, a number or a list of texts", f"something else under {place}")


def _pointers(place: str, columns: list[str], keys: list[str] | None = None) -> Any:
    """Addresses as JSON pointers; row 0 of a table is its list of columns."""

    def addresses(rows: Indices, at: Indices) -> list[str]:
        if keys is not None:
            return [f"/{keys[row]}" for row in rows.tolist()]
        return [
            f"{place}/{row - 1}/{columns[column]}" if row else f"{place}/*/{columns[column]}"
            for row, column in zip(rows.tolist(), at.tolist(), strict=True)
        ]

    return addresses


def _damaged(expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_DAMAGED,
        expected=expected,
        found=found,
        action="Write the file as docs/forms/README.md describes it.",
    )
