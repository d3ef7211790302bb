"""Tables as they might be printed next year: a workbook is changed, then read again.

Each mutation changes the cells of a workbook the way offices do. Reading the changed workbook
must give the same value for the same key, or refuse it. A value under another key, or another
value under the same key, is silently wrong: the one thing that may never happen.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.formats.cube_mutations import CHANGES
from tests.layout.reading import NOW, code_lists, observations, registry
from warehouse.errors import WarehouseError
from warehouse.interpret import Interpretation, _File, _outcome, read_workbook
from warehouse.readers import Kind, Merge, Sheet, Workbook

Key = tuple[Any, ...]


@dataclass
class Grid:
    """A sheet that can be changed: rows of cells with their attributes, and merged ranges."""

    name: str
    cells: list[list[dict[str, Any]]]
    merges: list[Merge] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.cells), default=0)

    def filled(self, row: int, column: int) -> bool:
        return bool(self.cells[row][column]["kind"] != Kind.EMPTY)


BLANK = {
    "raw": None,
    "kind": Kind.EMPTY,
    "number": np.nan,
    "digits": -1,
    "formula": False,
    "indent": 0,
}


def to_grid(sheet: Sheet) -> Grid:
    rows, columns = sheet.shape
    cells = [
        [
            {
                "raw": sheet.raw[r, c],
                "kind": sheet.kind[r, c],
                "number": sheet.number[r, c],
                "digits": sheet.digits[r, c],
                "formula": sheet.formula[r, c],
                "indent": sheet.indent[r, c],
            }
            for c in range(columns)
        ]
        for r in range(rows)
    ]
    return Grid(sheet.name, cells, list(sheet.merges))


def to_sheet(grid: Grid, original: Sheet) -> Sheet:
    height, width = len(grid.cells), grid.width

    def array(name: str, dtype: Any) -> Any:
        out = np.empty((height, width), dtype=dtype)
        for r, row in enumerate(grid.cells):
            for c in range(width):
                out[r, c] = row[c][name] if c < len(row) else BLANK[name]
        return out

    return replace(
        original,
        name=grid.name,
        raw=array("raw", object),
        kind=array("kind", np.uint8),
        number=array("number", np.float64),
        digits=array("digits", np.int8),
        formula=array("formula", bool),
        indent=array("indent", np.int16),
        merges=tuple(grid.merges),
    )


def text_cell(text: str) -> dict[str, Any]:
    return {**BLANK, "raw": text, "kind": Kind.TEXT}


# ── one change each; None when it does not apply ────────────────────────────────────────────


def _shift(merges: list[Merge], at: int, by: int, axis: str) -> list[Merge]:
    """Merged ranges after rows or columns were inserted (by > 0) or one was deleted (by < 0)."""
    first, last = ("top", "bottom") if axis == "row" else ("left", "right")
    moved = []
    for merge in merges:
        low, high = getattr(merge, first), getattr(merge, last)
        if by > 0:
            low, high = low + by * (low >= at), high + by * (high >= at)
        else:
            low, high = low - (low > at), high - (high >= at)
        if high >= low:
            moved.append(replace(merge, **{first: low, last: high}))
    return moved


def insert_row(grid: Grid, rng: random.Random) -> Grid | None:
    at = rng.randint(0, len(grid.cells))
    grid.cells.insert(at, [dict(BLANK) for _ in range(grid.width)])
    grid.merges = _shift(grid.merges, at, 1, "row")
    return grid


def insert_column(grid: Grid, rng: random.Random) -> Grid | None:
    at = rng.randint(0, grid.width)
    for row in grid.cells:
        row.insert(at, dict(BLANK))
    grid.merges = _shift(grid.merges, at, 1, "column")
    return grid


def insert_odd_row(grid: Grid, rng: random.Random) -> Grid | None:
    """A new line of figures under a label that nobody has seen."""
    at = rng.randint(0, len(grid.cells))
    source = deepcopy(grid.cells[rng.randrange(len(grid.cells))])
    for cell in source:
        if cell["kind"] == Kind.TEXT and any(char.isalpha() for char in str(cell["raw"])):
            cell["raw"] = "Новая неизвестная строка"
    grid.cells.insert(at, source)
    grid.merges = _shift(grid.merges, at, 1, "row")
    return grid


def insert_odd_column(grid: Grid, rng: random.Random) -> Grid | None:
    """A check figure beside the table."""
    at = rng.randint(1, grid.width)
    number = float(rng.randint(1, 10**6))
    for row in grid.cells:
        row.insert(at, dict(BLANK))
    row = rng.randrange(len(grid.cells) // 3, len(grid.cells))
    grid.cells[row][at] = {**BLANK, "raw": number, "kind": Kind.NUMBER, "number": number}
    grid.merges = _shift(grid.merges, at, 1, "column")
    return grid


def delete_row(grid: Grid, rng: random.Random) -> Grid | None:
    at = rng.randrange(len(grid.cells))
    del grid.cells[at]
    grid.merges = _shift(grid.merges, at, -1, "row")
    return grid if grid.cells else None


def delete_column(grid: Grid, rng: random.Random) -> Grid | None:
    at = rng.randrange(grid.width)
    for row in grid.cells:
        del row[at]
    grid.merges = _shift(grid.merges, at, -1, "column")
    return grid if grid.width else None


def swap_columns(grid: Grid, rng: random.Random) -> Grid | None:
    """Whole columns with their headers; merged headers are taken apart first."""
    if grid.width < 3:
        return None
    left, right = sorted(rng.sample(range(grid.width), 2))
    crossing = [
        m
        for m in grid.merges
        if m.left != m.right and (m.left <= left <= m.right or m.left <= right <= m.right)
    ]
    if any(not (m.left == 0 and m.right >= grid.width - 2) for m in crossing):
        return None
    for row in grid.cells:
        row[left], row[right] = row[right], row[left]
    return grid


def blank_label(grid: Grid, rng: random.Random) -> Grid | None:
    """A text cell loses its text."""
    texts = [
        (r, c)
        for r, row in enumerate(grid.cells)
        for c, cell in enumerate(row)
        if cell["kind"] == Kind.TEXT and any(char.isalpha() for char in str(cell["raw"]))
    ]
    if not texts:
        return None
    r, c = rng.choice(texts)
    grid.cells[r][c] = dict(BLANK)
    return grid


def blank_header(grid: Grid, rng: random.Random) -> Grid | None:
    """A cell of the first rows loses its content."""
    cells = [
        (r, c)
        for r in range(min(9, len(grid.cells)))
        for c in range(grid.width)
        if grid.filled(r, c)
    ]
    if not cells:
        return None
    r, c = rng.choice(cells)
    grid.cells[r][c] = dict(BLANK)
    return grid


def move_footnote(grid: Grid, rng: random.Random) -> Grid | None:
    """The last line of text goes below an empty row, or one column to the right."""
    for r in range(len(grid.cells) - 1, -1, -1):
        filled = [c for c in range(grid.width) if grid.filled(r, c)]
        if filled:
            break
    if len(filled) != 1 or grid.cells[r][filled[0]]["kind"] != Kind.TEXT:
        return None
    cell = grid.cells[r][filled[0]]
    grid.cells[r][filled[0]] = dict(BLANK)
    target = [dict(BLANK) for _ in range(grid.width)]
    target[min(filled[0] + rng.randint(0, 1), grid.width - 1)] = cell
    grid.cells.append([dict(BLANK) for _ in range(grid.width)])
    grid.cells.append(target)
    grid.merges = [m for m in grid.merges if not m.top <= r <= m.bottom]
    return grid


def add_note(grid: Grid, rng: random.Random) -> Grid | None:
    row = [dict(BLANK) for _ in range(grid.width)]
    row[0] = text_cell("9) Данные предварительные и могут быть уточнены в следующем выпуске.")
    grid.cells.append(row)
    return grid


def split_merge(grid: Grid, rng: random.Random) -> Grid | None:
    """A merged range is taken apart; its text stays in the first cell."""
    if not grid.merges:
        return None
    del grid.merges[rng.randrange(len(grid.merges))]
    return grid


def merge_headers(grid: Grid, rng: random.Random) -> Grid | None:
    """Two neighbouring header cells become one; the text of the second is lost."""
    pairs = [
        (r, c)
        for r in range(min(8, len(grid.cells)))
        for c in range(1, grid.width - 1)
        if grid.filled(r, c) and grid.filled(r, c + 1)
    ]
    if not pairs:
        return None
    r, c = rng.choice(pairs)
    grid.cells[r][c + 1] = dict(BLANK)
    grid.merges.append(Merge(r, c, r, c + 1))
    return grid


def merge_values(grid: Grid, rng: random.Random) -> Grid | None:
    """Two neighbouring figures become one merged range."""
    rows = range(len(grid.cells) // 2, len(grid.cells))
    pairs = [
        (r, c)
        for r in rows
        for c in range(1, grid.width - 1)
        if grid.cells[r][c]["kind"] == grid.cells[r][c + 1]["kind"] == Kind.NUMBER
    ]
    if not pairs:
        return None
    r, c = rng.choice(pairs)
    grid.cells[r][c + 1] = dict(BLANK)
    grid.merges.append(Merge(r, c, r, c + 1))
    return grid


def stale_merge(grid: Grid, rng: random.Random) -> Grid | None:
    """A merged range stays where it was while a column is inserted under it."""
    if not any(m.left != m.right for m in grid.merges):
        return None
    at = rng.choice([m for m in grid.merges if m.left != m.right]).left
    for row in grid.cells:
        row.insert(at, dict(BLANK))
    return grid


def rename_sheet(grid: Grid, rng: random.Random) -> Grid | None:
    grid.name = rng.choice(["Лист1", "Sheet1", "данные", "2024"])
    return grid


def swap_labels(grid: Grid, rng: random.Random) -> Grid | None:
    """Two neighbouring rows change places, as in another order of regions."""
    rows = [
        r for r in range(len(grid.cells)) if sum(grid.filled(r, c) for c in range(grid.width)) > 2
    ]
    pairs = [r for r in rows[len(rows) // 3 :] if r + 1 in rows]
    if not pairs:
        return None
    first = rng.choice(pairs)
    second = first + 1
    grid.cells[first], grid.cells[second] = grid.cells[second], grid.cells[first]
    return grid


def respell(grid: Grid, rng: random.Random) -> Grid | None:
    """Blanks doubled, ё for е, case and dashes changed in a label."""
    texts = [
        (r, c)
        for r, row in enumerate(grid.cells)
        for c, cell in enumerate(row)
        if cell["kind"] == Kind.TEXT and " " in str(cell["raw"]).strip()
    ]
    if not texts:
        return None
    r, c = rng.choice(texts)
    cell = grid.cells[r][c]
    change = rng.choice(
        [lambda t: t.replace(" ", "\u00a0 "), lambda t: t.replace("ё", "е"), lambda t: t + " "]
    )
    cell["raw"] = change(str(cell["raw"]))
    return grid


def decimal_points(grid: Grid, rng: random.Random) -> Grid | None:
    """Numbers printed as text change their decimal sign."""
    changed = False
    for row in grid.cells:
        for cell in row:
            text = str(cell["raw"])
            if cell["kind"] == Kind.TEXT and text and not any(char.isalpha() for char in text):
                swapped = text.translate(str.maketrans(",.", ".,"))
                changed |= swapped != text
                cell["raw"] = swapped
    return grid if changed else None


def thousands_signs(grid: Grid, rng: random.Random) -> Grid | None:
    """Numbers printed as text get another blank between their thousands."""
    other = rng.choice(["\u202f", " ", "\u2009"])
    changed = False
    for row in grid.cells:
        for cell in row:
            text = str(cell["raw"])
            if cell["kind"] == Kind.TEXT and "\u00a0" in text and text[:1].isdigit():
                cell["raw"] = text.replace("\u00a0", other)
                changed = True
    return grid if changed else None


def damage_number(grid: Grid, rng: random.Random) -> Grid | None:
    """A figure gets a letter, a second figure or a mark glued to it."""
    cells = [
        (r, c)
        for r in range(len(grid.cells) // 2, len(grid.cells))
        for c in range(1, grid.width)
        if grid.cells[r][c]["kind"] == Kind.NUMBER
    ]
    if not cells:
        return None
    r, c = rng.choice(cells)
    number = grid.cells[r][c]["raw"]
    grid.cells[r][c] = text_cell(
        rng.choice([f"{number:g}а", f"{number:g} 77", f"~{number:g}", "?"])
    )
    return grid


def add_year(grid: Grid, rng: random.Random) -> Grid | None:
    """A further year to the right of the last one, with figures of its own."""
    for header in range(min(10, len(grid.cells))):
        row = grid.cells[header]
        last = max((c for c in range(grid.width) if grid.filled(header, c)), default=-1)
        text = str(row[last]["raw"]).removesuffix(".0") if last > 0 else ""
        if text.isdigit() and 1990 < int(text) < 2100:
            break
    else:
        return None
    for r, cells in enumerate(grid.cells):
        copy = deepcopy(cells[last]) if r >= header else dict(BLANK)
        if r == header:
            year = float(int(text) + 1)
            copy = {**BLANK, "raw": year, "kind": Kind.NUMBER, "number": year}
            if cells[last]["kind"] == Kind.TEXT:
                copy = text_cell(str(int(year)))
        elif copy["kind"] == Kind.NUMBER:
            copy["raw"] = copy["number"] = float(copy["number"]) + 1000.0
        cells.insert(last + 1, copy)
    grid.merges = _shift(grid.merges, last + 1, 1, "column")
    return grid


def reorder_sheets(grid: Grid, rng: random.Random) -> Grid | None:
    """The sheets stand in another order; `mutate` does it, for it concerns the workbook."""
    return grid


MUTATIONS: dict[str, Callable[[Grid, random.Random], Grid | None]] = {
    function.__name__: function
    for function in (
        insert_row,
        insert_column,
        insert_odd_row,
        insert_odd_column,
        delete_row,
        delete_column,
        swap_columns,
        blank_label,
        blank_header,
        move_footnote,
        add_note,
        split_merge,
        merge_headers,
        merge_values,
        stale_merge,
        rename_sheet,
        reorder_sheets,
        swap_labels,
        respell,
        decimal_points,
        thousands_signs,
        damage_number,
        add_year,
    )
}


# ── reading and scoring ─────────────────────────────────────────────────────────────────────


def reading_of(workbook: Workbook, file_name: str) -> Interpretation:
    """What the contracts make of a workbook that has been read."""
    file = _File(Path(file_name), "0" * 64, file_name, NOW, format_code=workbook.format_code)
    try:
        read_workbook(file, workbook, registry(), code_lists())
    except WarehouseError as error:
        file.problems.insert(0, error.problem)
    return _outcome(file)


def values_of(reading: Interpretation) -> dict[Key, float] | None:
    """Key to value of everything that was read; None when it is refused as a whole."""
    if reading.outcome_code != "accepted":
        return None
    frame = observations(reading)
    frame = frame[frame["value"].notna()]
    spread = sorted(column for column in frame.columns if str(column).startswith("by_"))
    keys = [
        "indicator_code", "region_code", "activity_classifier", "activity_code",
        "period_start", "period_end", "unit_code",
    ]  # fmt: skip
    plain = frame[keys].astype(object).where(frame[keys].notna(), None)
    plain["breakdown"] = [
        tuple(
            (name, code) for name, code in zip(spread, codes, strict=True) if isinstance(code, str)
        )
        for codes in frame[spread].itertuples(index=False, name=None)
    ]
    return dict(zip(plain.itertuples(index=False, name=None), frame["value"], strict=True))


def changes_of(workbook: Workbook) -> tuple[str, ...]:
    """Names of the changes that a file of this kind may go through."""
    return tuple(CHANGES if workbook.sheets[0].axes else MUTATIONS)


def mutate(workbook: Workbook, name: str, rng: random.Random) -> Workbook | None:
    """The workbook with one change on one of its sheets."""
    if name in CHANGES:
        at = rng.randrange(len(workbook.sheets))
        parts = list(workbook.sheets)
        parts[at] = CHANGES[name](parts[at], rng)
        return replace(workbook, sheets=tuple(parts))
    if name == "reorder_sheets":
        sheets = list(workbook.sheets)
        rng.shuffle(sheets)
        return replace(workbook, sheets=tuple(sheets)) if len(sheets) > 1 else None
    candidates = [
        i for i, sheet in enumerate(workbook.sheets) if sheet.kind.any() and sheet.shape[0] > 3
    ]
    at = rng.choice(candidates)
    grid = MUTATIONS[name](to_grid(workbook.sheets[at]), rng)
    if grid is None:
        return None
    sheets = list(workbook.sheets)
    sheets[at] = to_sheet(grid, workbook.sheets[at])
    return replace(workbook, sheets=tuple(sheets))


def wrong_keys(name: str, before: dict[Key, float], after: dict[Key, float]) -> list[Key]:
    """Keys that say something else than before; a further year may add keys of its own."""
    wrong = [key for key, value in after.items() if key in before and before[key] != value]
    new = [key for key in after if key not in before]
    if name == "add_year":
        last: dict[Any, Any] = {}
        for key in before:
            series = key[0], key[2]
            last[series] = max(key[5], last.get(series, key[5]))
        new = [k for k in new if (k[0], k[2]) not in last or k[5] <= last[k[0], k[2]]]
    return wrong + new
