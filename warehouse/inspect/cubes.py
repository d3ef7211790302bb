"""Self-describing parts of files shown as tables with a row per figure."""

from __future__ import annotations

import numpy as np

from warehouse.readers.cells import Axis, Sheet, build_sheet

SHOWN = 2000
"""Values that are shown, spread over the whole part."""
VALUE = "value"


def as_table(sheet: Sheet) -> tuple[Sheet, int]:
    """A column for each dimension, headed by its id, and one for the values; the heading's row."""
    count = sheet.shape[0]
    step = max(1, count // SHOWN)
    chosen = np.arange(0, count, step)
    axes = [axis for axis in sheet.axes if not axis.is_attribute]
    columns = [_members(axis, chosen) for axis in axes]
    values = sheet.raw[chosen, 0].tolist()
    rows = [list(row) for row in zip(*columns, values, strict=True)]
    title = [[sheet.title]] if sheet.title else []
    table = [*title, [*(axis.name for axis in axes), VALUE], *rows]
    return build_sheet(sheet.name, table), len(title)


def _members(axis: Axis, chosen: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[str | None]:
    """What each value's member is called, in the first language, else its id."""
    names = axis.texts[0] if axis.texts else axis.codes
    known: list[str | None] = [*names, None]
    return [known[at] for at in axis.index[chosen].tolist()]
