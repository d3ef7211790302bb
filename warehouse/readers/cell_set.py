"""Cell sets of OLAP servers, as the census portal of Belstat answers: a grid of typed cells.

Each cell is `{value, type}`; `type` says header or value. Headers are repeated or left out where
a person would see one merged cell, so a run of equal ones above the values counts as merged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from warehouse.readers.cells import Indices, Merge, Workbook, build_sheet
from warehouse.readers.cubes import damaged

VALUE = "DATA_CELL"
COLUMN, ROW = "COLUMN_HEADER", "ROW_HEADER"
TYPES = frozenset({VALUE, COLUMN, ROW, "ROW_HEADER_HEADER", "COLUMN_HEADER_HEADER", "UNKNOWN", ""})
BLANKS = frozenset({"", "null"})
PLACES = ("cellset", "cellSet", "cells")


def is_cell_set(data: Any) -> bool:
    """Whether an answer is a grid of typed cells."""
    grid = _grid(data)[1]
    first = grid[0] if isinstance(grid, list) and grid and isinstance(grid[0], list) else []
    return bool(first) and all(
        isinstance(cell, dict) and {"value", "type"} <= cell.keys() for cell in first
    )


def _grid(data: Any) -> tuple[str, Any]:
    """JSON pointer and rows of the grid."""
    if isinstance(data, list):
        return "", data
    if isinstance(data, dict):
        return next(((f"/{key}", data[key]) for key in PLACES if key in data), ("", None))
    return "", None


def read_cell_set(path: Path) -> Workbook:
    """Read a cell set as one sheet with merged headers.

    Raises:
        WarehouseError: `file_damaged` for rows of other lengths, or a type that nobody knows.
    """
    pointer, rows = _grid(json.loads(path.read_bytes().decode("utf-8-sig")))
    width = len(rows[0])
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            raise damaged(f"rows of {width} cells", "another number", f"{pointer}/{number}")
        for at, cell in enumerate(row):
            place = f"{pointer}/{number}/{at}"
            if not isinstance(cell, dict) or str(cell.get("type") or "") not in TYPES:
                raise damaged("a cell of value and type", json.dumps(cell)[:60], place)
    texts = [[_text(cell) for cell in row] for row in rows]
    merges = [merge for at, row in enumerate(rows) for merge in _runs(row, texts[at], at)]
    for merge in merges:
        for column in range(merge.left + 1, merge.right + 1):
            texts[merge.top][column] = None
    _fill_down(rows, texts)

    def addresses(at: Indices, columns: Indices) -> list[str]:
        pairs = zip(at.tolist(), columns.tolist(), strict=True)
        return [f"{pointer}/{row}/{column}/value" for row, column in pairs]

    sheet = build_sheet("", texts, addresses=addresses, merges=tuple(merges))
    return Workbook("cell_set", (sheet,))


def _text(cell: dict[str, Any]) -> str | None:
    value = cell.get("value")
    if isinstance(value, bool | dict | list):
        raise damaged("a text or a number in a cell", json.dumps(value)[:60])
    return None if value is None or str(value) in BLANKS else str(value)


def _runs(row: list[dict[str, Any]], texts: list[str | None], at: int) -> list[Merge]:
    """Runs of one column header: printed again, or blank after the first."""
    found: list[Merge] = []
    start = 0
    for column in range(1, len(row) + 1):
        goes_on = (
            column < len(row)
            and row[start].get("type") == row[column].get("type") == COLUMN
            and texts[start] is not None
            and texts[column] in {None, texts[start]}
        )
        if not goes_on:
            if column - start > 1:
                found.append(Merge(at, start, at, column - 1))
            start = column
    return found


def _fill_down(rows: list[list[dict[str, Any]]], texts: list[list[str | None]]) -> None:
    """A row header left out under an equal one is said again, so that each row stands alone."""
    for at in range(1, len(rows)):
        for column, cell in enumerate(rows[at]):
            above_is_header = rows[at - 1][column].get("type") == ROW
            if cell.get("type") != ROW or texts[at][column] is not None or not above_is_header:
                continue
            if all(texts[at][left] == texts[at - 1][left] for left in range(column)):
                texts[at][column] = texts[at - 1][column]
