"""Tables printed beside one another on one sheet, taken apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from warehouse.errors import Code, WarehouseError
from warehouse.layout.texts import matches
from warehouse.readers.cells import Indices, Kind, Merge, Sheet


def take_apart(sheet: Sheet, heading: str | None) -> list[Sheet]:
    """The tables of a sheet, each from its own label column to the next one.

    A title that stands alone in its row, over the first table, holds for all of them. Addresses
    stay those of the sheet.

    Raises:
        WarehouseError: `header_not_found` when the heading does not stand there at least twice.
    """
    if heading is None:
        return [sheet]
    row, starts = _starts(sheet, heading)
    if len(starts) < 2:
        raise WarehouseError.of(
            Code.HEADER_NOT_FOUND,
            expected=f"at least two columns headed «{heading}» in one row",
            found=f"{len(starts)}",
            action="Compare the file with the contract: the tables were put apart or reworded.",
            table=sheet.name,
        )
    ends = [*starts[1:], sheet.shape[1]]
    return [
        _part(sheet, 0 if number == 0 else start, end, row)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _starts(sheet: Sheet, heading: str) -> tuple[int, list[int]]:
    """Row of the headings and the columns where they stand."""
    for row in range(sheet.shape[0]):
        columns = [
            int(column)
            for column in np.flatnonzero(sheet.kind[row] == Kind.TEXT)
            if matches([heading], sheet.text(row, int(column)))
        ]
        if columns:
            return row, columns
    return 0, []


def _part(sheet: Sheet, start: int, end: int, row: int) -> Sheet:
    filled = sheet.kind != Kind.EMPTY
    titles = [
        at for at in range(row) if start and filled[at].sum() == 1 and filled[at, :start].any()
    ]
    columns = np.arange(start, end)
    pick = np.tile(columns, (sheet.shape[0], 1))
    for at in titles:
        pick[at, 0] = int(np.flatnonzero(filled[at])[0])
    rows = np.arange(sheet.shape[0])[:, None]
    addresses = sheet.addresses

    def originally(at: Indices, across: Indices) -> list[str]:
        return addresses(at, pick[at, across])

    return replace(
        sheet,
        raw=sheet.raw[rows, pick],
        kind=sheet.kind[rows, pick],
        number=sheet.number[rows, pick],
        digits=sheet.digits[rows, pick],
        formula=sheet.formula[rows, pick],
        indent=sheet.indent[rows, pick],
        addresses=originally,
        merges=tuple(_moved(merge, start) for merge in sheet.merges if _lies(merge, start, end)),
        hidden_columns=frozenset(at - start for at in sheet.hidden_columns if start <= at < end),
    )


def _lies(merge: Merge, start: int, end: int) -> bool:
    return start <= merge.left and merge.right < end


def _moved(merge: Merge, start: int) -> Merge:
    return replace(merge, left=merge.left - start, right=merge.right - start)
