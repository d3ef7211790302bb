"""Answers of the Belstat data portal.

An object with `tableName`, `tableHeader` (lists of periods), `tableHeaderDimColumns` (names) and
`tableRows`: one row per combination of dimension members, first the members, then one value per
period, each cell as `{value, level}`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Indices, Workbook, build_sheet

TITLE_ROWS = 1


def read_belstat_portal(path: Path) -> Workbook:
    """Read a portal answer as one sheet: title, headers, then the rows; levels are indents.

    Raises:
        WarehouseError: `file_damaged` when rows and headers do not fit together.
    """
    answer = json.loads(path.read_bytes().decode("utf-8-sig"))
    _check_shape(answer)
    headers: list[list[str]] = answer["tableHeader"]
    names: list[str] = answer.get("tableHeaderDimColumns") or []
    rows: list[list[dict[str, Any]]] = answer["tableRows"]
    width = len(names) + (len(headers[0]) if headers else 0)
    _check_widths(headers, rows, width, len(names))
    first_row = TITLE_ROWS + len(headers)
    grid: list[list[Any]] = [[answer.get("tableName")]]
    for depth, header in enumerate(headers, start=1):
        lead: list[Any] = list(names) if depth == len(headers) else [None] * len(names)
        grid.append([*lead, *header])
    grid.extend([cell.get("value") for cell in row] for row in rows)
    sheet = build_sheet("", grid, addresses=_pointers(first_row, len(names)))
    for index, row in enumerate(rows, start=first_row):
        sheet.indent[index, : len(names)] = [cell.get("level") or 0 for cell in row[: len(names)]]
    return Workbook("belstat_portal", (sheet,))


def _check_shape(answer: dict[str, Any]) -> None:
    """Headers are lists of texts, rows are lists of cells, and a cell is an object."""
    for place, inner in (("tableHeader", (str, int)), ("tableRows", (dict,))):
        rows = answer[place]
        if not isinstance(rows, list):
            raise _misshapen(f"/{place}", rows)
        for number, row in enumerate(rows):
            if not isinstance(row, list) or not all(isinstance(cell, inner) for cell in row):
                raise _misshapen(f"/{place}/{number}", row)
    names = answer.get("tableHeaderDimColumns") or []
    if not isinstance(names, list):
        raise _misshapen("/tableHeaderDimColumns", names)


def _misshapen(where: str, found: object) -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_DAMAGED,
        expected="a portal answer: headers as lists of texts, rows as lists of cells",
        found=json.dumps(found, ensure_ascii=False)[:60],
        action="Fetch the answer again; if it stays so, the portal changed its format.",
        cell=where,
    )


def _check_widths(
    headers: list[list[str]], rows: list[list[dict[str, Any]]], width: int, names: int
) -> None:
    odd_header = next((h for h in headers if len(h) != width - names), None)
    odd_row = next((i for i, row in enumerate(rows) if len(row) != width), None)
    if not headers or odd_header is not None or odd_row is not None:
        where = "/tableHeader" if odd_row is None else f"/tableRows/{odd_row}"
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected=f"{width} columns in every header and row of the portal answer",
            found="another number of columns" if rows else "no rows",
            action="Fetch the answer again; if it stays so, the portal changed its format.",
            cell=where,
        )


def _pointers(first_row: int, names: int) -> Any:
    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [
            _pointer(int(row), int(column), first_row, names)
            for row, column in zip(np.asarray(rows), np.asarray(columns), strict=True)
        ]

    return addresses


def _pointer(row: int, column: int, first_row: int, names: int) -> str:
    if row < TITLE_ROWS:
        return "/tableName"
    if row >= first_row:
        return f"/tableRows/{row - first_row}/{column}/value"
    if column < names:
        return f"/tableHeaderDimColumns/{column}"
    return f"/tableHeader/{row - TITLE_ROWS}/{column - names}"
