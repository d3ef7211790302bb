"""Cells and one table of a contract to value cells with their headers.

The engine accounts for every non-empty cell: it is a value, a header, part of the title, a
footnote, or declared ignored. A cell that no rule explains refuses the table, so an inserted
column, a split header or a stray figure cannot slip into the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.errors import Code, Problem, WarehouseError
from warehouse.layout.contract import AnyOf, Find, Table, finds_of
from warehouse.layout.texts import both, footnotes, matches, note_mark, squeeze
from warehouse.readers.cells import Indices, Kind, Merge, Sheet, printed

HEADING_ROWS = 200
_A_MONTH = "январь"
SHOWN = 12
_LETTER = re.compile(r"[^\W\d_]")
Mask = npt.NDArray[np.bool_]


class Recogniser(Protocol):
    """What the headers of one dimension look like."""

    def claims(self, text: str) -> bool:
        """Whether a cell with this text is a header, or a part of one."""

    def search(self, text: str) -> str | None:
        """The part of a longer text (title, sheet name) that is a header."""

    def composes(self, parts: Sequence[str]) -> bool:
        """Whether several stacked cells make one header (a month over its year)."""

    def meaning(self, text: str) -> object:
        """What a claimed text means, to compare two texts for one thing."""


RecogniserOf = Callable[[str, Find], Recogniser]


@dataclass(frozen=True)
class Header:
    """A header as found: its texts from top to bottom, its place, and the labels above it.

    `parts` are the texts one by one, where there are several.
    """

    text: str
    address: str
    path: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The header of one dimension for each value cell: index into `headers`, -1 for none."""

    find: Find
    headers: list[Header]
    index: npt.NDArray[np.int32]


@dataclass
class LaidOut:
    """Value cells of one table with their headers.

    Attributes:
        sheet: Where the cells lie.
        table: The rule that read them.
        rows: Row of each value cell, in reading order.
        columns: Column of each value cell.
        found: Dimension to its alternatives, as declared; constants are not repeated here.
        notes: Footnotes by mark.
        refused: Headers and columns that could not be read; their values are not in `rows`.
    """

    sheet: Sheet
    table: Table
    rows: Indices
    columns: Indices
    found: dict[str, list[Found]]
    notes: Mapping[str, str]
    refused: list[Problem] = field(default_factory=list)


def lay_out(sheet: Sheet, table: Table, recogniser_of: RecogniserOf, file_name: str) -> LaidOut:
    """Find the headers of `table` on `sheet` and join them to the value cells.

    Raises:
        WarehouseError: the table as a whole is refused; the first unexplained cell is named.
    """
    return _Engine(sheet, table, recogniser_of, file_name).run()


def sheet_notes(sheet: Sheet) -> Mapping[str, str]:
    """Footnotes of a sheet by mark: marks are explained once per file, often on another sheet."""
    texts = pd.unique(sheet.raw[sheet.kind == Kind.TEXT])
    return footnotes(str(text) for text in texts)


@dataclass(eq=False)
class _Slot:
    """One place to look for one dimension, with what was found there."""

    name: str
    find: Find
    recogniser: Recogniser
    label_column: int = -1  # `left`
    stacks: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # `above`: by column

    @property
    def place(self) -> str:
        return self.find.place


class _Engine:
    def __init__(
        self, sheet: Sheet, table: Table, recogniser_of: RecogniserOf, file_name: str
    ) -> None:
        self.sheet = sheet
        self.table = table
        self.file_name = file_name
        self.filled: Mask = sheet.kind != Kind.EMPTY
        self.explained: Mask = ~self.filled
        self.refused: list[Problem] = []
        self.notes: dict[str, str] = {}
        self.slots = [
            _Slot(name, find, recogniser_of(name, find))
            for name, dimension in table.dimensions.items()
            for find in finds_of(dimension)
        ]
        if table.value:
            value = Find(above={table.value: "value"})
            self.slots.append(_Slot("value", value, recogniser_of("value", value)))
        self.left = [slot for slot in self.slots if slot.place == "left"]
        self.above = [slot for slot in self.slots if slot.place in {"above", "above_left"}]
        self.covering = _covering_merges(sheet)
        self._refuse_texts_under_merges()
        self._refuse_hidden_cells()

    # ── the walk ────────────────────────────────────────────────────────────────────────────

    def run(self) -> LaidOut:
        self._drop_rows()
        heading_row = self._find_label_columns()
        self.labels = sorted({slot.label_column for slot in self.left})
        self._spread_labels(heading_row)
        self._find_years()
        self.first_data = self._first_data_row(heading_row)
        self._read_headers(heading_row)
        self._sort_columns()
        self._read_rows()
        self._read_title()
        self._explain_leftovers()
        self._refuse_unexplained()
        rows, columns = self._value_cells()
        return LaidOut(
            sheet=self.sheet,
            table=self.table,
            rows=rows,
            columns=columns,
            found=self._headers_of(rows, columns),
            notes=self.notes,
            refused=self.refused,
        )

    def _refuse_texts_under_merges(self) -> None:
        """A filled cell under a merged range is hidden from readers: nobody knows which counts."""
        for (row, column), merge in self.covering.items():
            hides = (row, column) != (merge.top, merge.left) and self.filled[row, column]
            if hides and self._says(row, column) == self._says(merge.top, merge.left):
                self.filled[row, column] = False  # the same text under it contradicts nothing
                self.explained[row, column] = True
            elif hides:
                raise self._error(
                    Code.CELL_CLAIMED_TWICE,
                    expected="one content in a merged range",
                    found=f"«{squeeze(self.sheet.text(row, column))[:60]}» hidden under it",
                    action="Take the merged range apart in the source, or delete what it hides.",
                    cell=self.sheet.address(row, column),
                    value_printed=squeeze(self.sheet.text(row, column))[:200],
                )

    def _says(self, row: int, column: int) -> str:
        return squeeze(self.sheet.text(row, column))

    def _refuse_hidden_cells(self) -> None:
        """A filled cell in a hidden row or column is not printed: nobody proof-read it."""
        hidden = np.zeros(self.sheet.shape, dtype=bool)
        hidden[[row for row in self.sheet.hidden_rows if row < self.sheet.shape[0]]] = True
        hidden[:, [at for at in self.sheet.hidden_columns if at < self.sheet.shape[1]]] = True
        rows, columns = np.nonzero(hidden & self.filled)
        if len(rows) and not self.table.reads_hidden:
            raise self._error(
                Code.CELL_UNEXPLAINED,
                expected="every filled cell to be visible",
                found=f"{len(rows)} in hidden rows or columns",
                action="Show or delete them in the source; if they belong, set `reads_hidden`.",
                cell=self.sheet.address(int(rows[0]), int(columns[0])),
                value_printed=squeeze(self.sheet.text(int(rows[0]), int(columns[0])))[:200],
            )

    def _drop_rows(self) -> None:
        """Rows that `only` leaves out are declared ignored, with everything in them."""
        self.chosen: set[int] = set()
        for heading, members in self.table.only.items():
            top, column = self._find_heading("only", heading)
            self.chosen.add(column)
            below = top + 1 + np.flatnonzero(self.filled[top + 1 :, column])
            texts = np.array(
                [printed(cell) for cell in self.sheet.raw[below, column]], dtype=object
            )
            codes, distinct = pd.factorize(texts)
            fits = np.array([matches([members], str(text)) for text in distinct], dtype=bool)
            dropped = below[~fits[codes]] if len(below) else below
            self.filled[dropped] = False
            self.explained[dropped] = True

    # ── label columns and the first data row ────────────────────────────────────────────────

    def _find_label_columns(self) -> int | None:
        """Give each `left` slot its column; the row of the headings, where there are any."""
        heading_rows: set[int] = set()
        for slot in self.left:
            if slot.find.heading:
                row, slot.label_column = self._find_heading(slot.name, slot.find.heading)
                merge = self.covering.get((row, slot.label_column))
                heading_rows.add(merge.bottom if merge else row)
            else:
                slot.label_column = self._most_claimed_column(slot)
        owners: dict[int, set[str]] = {}
        for slot in self.left:
            owners.setdefault(slot.label_column, set()).add(slot.name)
        if not self.left or any(len(names) > 1 for names in owners.values()):
            raise self._error(
                Code.HEADER_AMBIGUOUS if self.left else Code.LABELS_NOT_FOUND,
                expected="one label column for each dimension that stands `left`",
                found="a column that serves two dimensions" if self.left else "no such dimension",
                action="Tell them apart with `heading`.",
            )
        return max(heading_rows) if heading_rows else None

    def _spread_labels(self, heading_row: int | None) -> None:
        """A label that is merged over several rows, or declared to stand once, is that of each."""
        self.label_cell: dict[tuple[int, int], int] = {}
        for slot in self.left:
            column = slot.label_column
            start = 0 if heading_row is None else heading_row + 1
            for row in self._rows_without_label(slot, start):
                merge = self.covering.get((row, column))
                if merge is not None and merge.left == merge.right == column and merge.top < row:
                    top = merge.top
                elif slot.find.once:
                    top = int(np.flatnonzero(self.filled[:row, column])[-1])
                else:
                    continue
                if top >= start and slot.recogniser.claims(self._says(top, column)):
                    self.label_cell[row, column] = top
        if not self.label_cell:
            return
        raw, kind = self.sheet.raw.copy(), self.sheet.kind.copy()
        for (row, column), top in self.label_cell.items():
            raw[row, column], kind[row, column] = raw[top, column], kind[top, column]
            self.filled[row, column] = True
            self.explained[row, column] = False
        self.sheet = replace(self.sheet, raw=raw, kind=kind)

    def _find_years(self) -> None:
        """Rows that say the year of the months below them; with nothing beside it, that is all."""
        self.years: dict[int, str] = {}
        self.bare_years: set[int] = set()
        for slot in self.left:
            rows = np.flatnonzero(self.filled[:, slot.label_column]) if slot.find.years else ()
            for row in map(int, rows):
                text = self._says(row, slot.label_column)
                if not slot.recogniser.composes([text]):
                    continue
                if not slot.recogniser.composes([_A_MONTH, text]):
                    continue  # a month with its year, or a span of months
                self.years[row] = text
                if int(self.filled[row].sum()) == 1:
                    self.bare_years.add(row)
                    self.explained[row, slot.label_column] = True

    def _rows_without_label(self, slot: _Slot, start: int) -> list[int]:
        """Rows with something in them and a blank label, below the first label."""
        column = slot.label_column
        below = np.flatnonzero(self.filled[start:, column])
        if not len(below):
            return []
        first = start + int(below[0])
        blank = ~self.filled[:, column] & self.filled.any(axis=1)
        return [row for row in np.flatnonzero(blank).tolist() if row > first]

    def _find_heading(self, name: str, heading: str) -> tuple[int, int]:
        top = self.sheet.kind[:HEADING_ROWS]
        hits = [
            (int(row), int(column))
            for row, column in zip(*np.nonzero(top == Kind.TEXT), strict=True)
            if matches([heading], self.sheet.text(int(row), int(column)))
        ]
        first = [hit for hit in hits if hit[0] == hits[0][0]]
        if len(first) != 1:
            raise self._error(
                Code.HEADER_NOT_FOUND if not first else Code.HEADER_AMBIGUOUS,
                expected=f"one column headed «{heading}» for {name}",
                found="none" if not first else f"{len(first)} of them",
                action="Compare the file with the contract: a column was renamed or doubled.",
            )
        return first[0]

    def _most_claimed_column(self, slot: _Slot) -> int:
        counts = [
            int(self._claimed_in_column(slot, column).sum())
            for column in range(self.sheet.shape[1])
        ]
        if not counts or max(counts) == 0:
            raise self._error(
                Code.LABELS_NOT_FOUND,
                expected=f"a column of labels for {slot.name}",
                found="no text that the code list knows",
                action="Check that this is the table of the contract, or add the names as aliases.",
            )
        return counts.index(max(counts))

    def _claimed_in_column(self, slot: _Slot, column: int) -> Mask:
        """Rows whose cell in `column` is a header of the dimension."""
        rows = np.flatnonzero(self.filled[:, column])
        claimed = np.zeros(self.sheet.shape[0], dtype=bool)
        if not len(rows):
            return claimed
        cells = self.sheet.raw[rows, column]
        codes, texts = pd.factorize(np.array([printed(cell) for cell in cells], dtype=object))
        headed = slot.find.heading is not None
        known = np.array(
            [
                (headed or bool(_LETTER.search(text))) and slot.recogniser.claims(squeeze(text))
                for text in texts
            ],
            dtype=bool,
        )
        claimed[rows] = known[codes]
        return claimed

    def _first_data_row(self, heading_row: int | None) -> int:
        others = self.filled.copy()
        others[:, self.labels] = False
        self.labelled: Mask = np.asarray(self.filled[:, self.labels].all(axis=1))
        self.claimed = self._claimed_rows()
        start = 0 if heading_row is None else heading_row + 1
        candidates = np.flatnonzero(self.claimed & others.any(axis=1))
        candidates = candidates[candidates >= start]
        if not len(candidates):
            raise self._error(
                Code.LABELS_NOT_FOUND,
                expected="rows with known labels and values beside them",
                found="none",
                action="Check that this is the table of the contract.",
            )
        if heading_row is None:
            return int(candidates[0])
        labelled = np.flatnonzero(self.labelled)
        return int(labelled[labelled >= start][0])  # headers may go on below the heading

    def _claimed_rows(self) -> Mask:
        claimed = np.ones(self.sheet.shape[0], dtype=bool)
        for name in {slot.name for slot in self.left}:
            either = np.zeros(self.sheet.shape[0], dtype=bool)
            for slot in self.left:
                if slot.name == name:
                    either |= self._claimed_in_column(slot, slot.label_column)
            claimed &= either
        claimed[sorted(self.bare_years)] = False
        return claimed

    # ── headers above ───────────────────────────────────────────────────────────────────────

    def _read_headers(self, heading_row: int | None) -> None:
        """Claim the header cells above the first data row, and spread them over columns."""
        self.header_top = (
            self.first_data if heading_row is None else min(heading_row, self.first_data)
        )
        for row in range(self.first_data):
            for column in np.flatnonzero(self.filled[row]).tolist():
                self._claim_header(row, column)
        self._skip_headings()

    def _claim_header(self, row: int, column: int) -> None:
        text = squeeze(self.sheet.text(row, column))
        merge = self.covering.get((row, column))
        if column in self.labels and (merge is None or merge.right in self.labels):
            return
        claimants = [slot for slot in self.above if slot.recogniser.claims(text)]
        if not claimants:
            return
        if len(claimants) > 1:
            raise self._error(
                Code.HEADER_AMBIGUOUS,
                expected="a header of one dimension",
                found=f"«{text}», which several dimensions claim",
                action="Make the texts of the contract narrower.",
                cell=self.sheet.address(row, column),
            )
        self.header_top = min(self.header_top, row)
        self.explained[row, column] = True
        for covered in self._covered(row, column, claimants[0]):
            if covered not in self.labels:
                claimants[0].stacks.setdefault(covered, []).append((row, column))

    def _covered(self, row: int, column: int, slot: _Slot) -> range:
        merge = self.covering.get((row, column))
        if merge is not None:
            return range(merge.left, merge.right + 1)
        if slot.place == "above":
            return range(column, column + 1)
        end = column + 1
        limit = self._parent_limit(row, column)
        while end < limit and not self.filled[row, end]:
            end += 1
        return range(column, end)

    def _parent_limit(self, row: int, column: int) -> int:
        """Right edge of the header above: a header written once never leaves its group."""
        for above in range(row - 1, -1, -1):
            merge = self.covering.get((above, column))
            if merge is not None and self.filled[merge.top, merge.left]:
                return merge.right + 1
        return self.sheet.shape[1]

    def _skip_headings(self) -> None:
        """Headings of label columns, and of columns that are declared to hold no values."""
        self.skipped_columns: set[int] = set()
        headings = [slot.find.heading for slot in self.left if slot.find.heading]
        levels = [slot.find.level for slot in self.left if slot.find.level]
        for row in range(self.first_data):
            for column in np.flatnonzero(self.filled[row] & ~self.explained[row]).tolist():
                text = self.sheet.text(row, column)
                if column in self.labels and matches(headings, text):
                    self.explained[row, column] = True
                elif column in self.chosen and matches(self.table.only, text):
                    self.explained[row, column] = True
                    self.skipped_columns.add(column)
                elif column not in self.labels and matches(
                    [*self.table.skip_columns, *levels], text
                ):
                    self.explained[row, column] = True
                    merge = self.covering.get((row, column))
                    span = range(merge.left, merge.right + 1) if merge else [column]
                    self.skipped_columns.update(span)

    def _sort_columns(self) -> None:
        """Value columns have a header for every dimension above; others must be explained."""
        above = sorted({slot.name for slot in self.above if not self._said_elsewhere(slot.name)})
        body = self.filled[self.first_data :]
        self.value_columns: list[int] = []
        self.name_columns: set[int] = set()
        self.refused_columns: set[int] = set()
        for column in range(self.sheet.shape[1]):
            if column in self.labels or column in self.skipped_columns:
                continue
            if above and all(self._has_header(name, column) for name in above):
                self.value_columns.append(column)
            elif self.table.other_languages and self._repeats_names(column):
                self.name_columns.add(column)
            elif body[:, column].any():
                self._refuse_column(column)
        if not self.value_columns:
            raise self._error(
                Code.HEADER_NOT_FOUND,
                expected=f"columns headed by {', '.join(above) or 'a value heading'}",
                found="none",
                action="Check the header rows against the contract.",
            )

    def _repeats_names(self, column: int) -> bool:
        """Whether a column without heading holds nothing but texts beside the data."""
        rows = np.flatnonzero(self.filled[self.first_data :, column]) + self.first_data
        headed = any(
            self._header_cell(row, column) is not None
            for row in range(self.header_top, self.first_data)
        )
        return (
            len(rows) > 0
            and not headed
            and all(
                self.sheet.kind[row, column] == Kind.TEXT
                and _LETTER.search(self.sheet.text(row, column))
                for row in rows.tolist()
            )
        )

    def _said_elsewhere(self, name: str) -> bool:
        """Whether no column has a header for a dimension that has alternatives elsewhere."""
        slots = [slot for slot in self.above if slot.name == name]
        dimension = self.table.dimensions.get(name)
        others = len(dimension.any_of) - len(slots) if isinstance(dimension, AnyOf) else 0
        return others > 0 and not any(slot.stacks for slot in slots)

    def _has_header(self, name: str, column: int) -> bool:
        slots = [slot for slot in self.above if slot.name == name]
        stacked = [slot for slot in slots if slot.stacks.get(column)]
        if not stacked:
            return any(slot.find.default is not None for slot in slots) and self._is_headed(column)
        return all(
            slot.recogniser.composes(self._parts(slot, column)) and self._is_whole(slot, column)
            for slot in stacked
        )

    def _is_whole(self, slot: _Slot, column: int) -> bool:
        """Every header row of the dimension says something here, alone or by a merged range.

        A month that was blanked out would leave its year standing, as if for the whole year.
        """
        said = {row for row, _ in slot.stacks[column]}
        rows = {row for stack in slot.stacks.values() for row, _ in stack}
        return all(self._header_cell(row, column) is not None for row in rows - said)

    def _is_headed(self, column: int) -> bool:
        """A default stands in for a missing header only where another header stands."""
        return any(slot.stacks.get(column) for slot in self.above)

    def _parts(self, slot: _Slot, column: int) -> list[str]:
        return [squeeze(self.sheet.text(*at)) for at in slot.stacks.get(column, [])]

    def _refuse_column(self, column: int) -> None:
        """A column whose header cannot be read is refused alone; one without a header is stray."""
        band = [
            row
            for row in range(self.header_top, self.first_data)
            if self._header_cell(row, column) is not None
        ]
        if not band:
            return
        place = self._header_cell(band[0], column)
        if place is None:
            return
        body = self.filled[self.first_data :, column]
        texts = " / ".join(
            dict.fromkeys(
                squeeze(self.sheet.text(*cell))
                for cell in (self._header_cell(row, column) for row in band)
                if cell is not None
            )
        )
        self.refused_columns.add(column)
        for row in band:
            cell = self._header_cell(row, column)
            if cell is not None:
                self.explained[cell] = True
        self.refused.append(
            self._problem(
                Code.HEADER_UNREADABLE,
                expected="a header that the contract knows",
                found=f"«{texts}»; the {int(body.sum())} cells below it are not read",
                action="Compare with the printed table, then correct the source or the contract.",
                cell=self.sheet.address(*place),
                value_printed=texts,
            )
        )

    def _header_cell(self, row: int, column: int) -> tuple[int, int] | None:
        if self.filled[row, column]:
            return row, column
        merge = self.covering.get((row, column))
        if merge is not None and self.filled[merge.top, merge.left]:
            return (merge.top, merge.left) if merge.top >= self.header_top else None
        return None

    # ── rows ────────────────────────────────────────────────────────────────────────────────

    def _read_rows(self) -> None:
        """Sort the rows below the headers into data, sections, ignored rows and footnotes."""
        height = self.sheet.shape[0]
        below = np.arange(height) >= self.first_data
        value_area = np.zeros(self.sheet.shape, dtype=bool)
        used = sorted({*self.value_columns, *self.refused_columns, *self.skipped_columns})
        value_area[:, used] = True
        has_values: Mask = np.asarray((self.filled & value_area).any(axis=1))
        self.sections: list[tuple[int, int]] = []  # row, column of section headers
        self.data: Mask = below & self.claimed
        for column in self.chosen:  # a row that does not say whether it counts is unexplained
            self.data &= self.filled[:, column]
        odd = np.flatnonzero(below & ~self.claimed & self.filled.any(axis=1))
        for row in odd.tolist():
            self._read_odd_row(row, bool(has_values[row]))
        self._drop_note_like_labels(has_values)
        data_rows = np.flatnonzero(self.data)
        told = np.array([*self.labels, *used, *sorted(self.name_columns)], dtype=np.intp)
        self.explained[np.ix_(data_rows, told)] = True
        self.last_data = int(data_rows[-1]) if len(data_rows) else self.first_data

    def _read_odd_row(self, row: int, has_values: bool) -> None:
        filled = np.flatnonzero(self.filled[row]).tolist()
        if row in self.bare_years:
            return
        beside = self.name_columns | self.skipped_columns
        cells = [column for column in filled if column not in beside]
        texts = [self.sheet.text(row, column) for column in cells]
        if len(cells) == 1 and self._is_section(texts[0]):
            self.sections.append((row, cells[0]))
            self.explained[row, filled] = True
        elif len(cells) == 1 and matches(self.table.skip_rows, texts[0]):
            self.explained[row, filled] = True
        elif has_values and bool(self.labelled[row]):
            self.data[row] = True  # an unknown label: its values are refused by name

    def _drop_note_like_labels(self, has_values: Mask) -> None:
        """A known name that stands alone below the last row with values is not a data row."""
        rows = np.flatnonzero(self.data)
        valued = rows[has_values[rows]]
        if len(valued):
            tail = rows[rows > valued[-1]]
            self.data[tail] = False

    def _is_section(self, text: str) -> bool:
        return any(
            slot.recogniser.claims(squeeze(text)) for slot in self.slots if slot.place == "section"
        )

    # ── titles, footnotes, leftovers ────────────────────────────────────────────────────────

    def _read_title(self) -> None:
        """Explain the texts above the headers by the caption and by the dimensions in it."""
        self._collect_sections_above()
        cells = [
            (int(row), int(column))
            for row, column in zip(
                *np.nonzero(self.filled[: self.first_data] & ~self.explained[: self.first_data]),
                strict=True,
            )
            if self.sheet.kind[row, column] == Kind.TEXT
        ]
        spans: list[tuple[int, int]] = []
        title = ""
        for cell in cells:
            text = squeeze(self.sheet.text(*cell))
            spans.append((len(title), len(title) + len(text)))
            title += text + " "
        self.title = title.strip()
        covered = self._caption_spans()
        said = np.zeros(len(title) + 1, dtype=bool)
        for low, high in covered:
            said[low:high] = True
        for cell, (start, end) in zip(cells, spans, strict=True):
            rest = "".join(title[at] if not said[at] else " " for at in range(start, end))
            if said[start:end].any() and not _LETTER.search(rest):
                self.explained[cell] = True  # «тыс.» before «человек» would be left over here

    def _collect_sections_above(self) -> None:
        """The first section may stand between the headers and the first data row."""
        above: list[tuple[int, int]] = []
        for row in range(self.header_top, self.first_data):
            open_cells = np.flatnonzero(self.filled[row]).tolist()
            if len(open_cells) == 1 and not self.explained[row, open_cells[0]]:
                cell = (row, open_cells[0])
                if self._is_section(self.sheet.text(*cell)):
                    above.append(cell)
                    self.explained[cell] = True
        self.sections = above + self.sections

    def _caption_spans(self) -> list[tuple[int, int]]:
        spans = []
        if self.table.caption:
            spans += [m.span() for m in re.finditer(self.table.caption, self.title, re.I | re.S)]
        for slot in self.slots:
            if slot.place == "caption":
                found = slot.recogniser.search(self.title)
                if found:
                    start = self.title.find(found)
                    spans.append((start, start + len(found)))
        return [span for span in spans if span[0] < span[1]]

    def _explain_leftovers(self) -> None:
        """Footnotes with their continuations, and texts that are declared to be ignored."""
        rows, columns = np.nonzero(~self.explained & self.filled)
        previous_note = -2
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if self.sheet.kind[row, column] != Kind.TEXT:
                continue
            text = self.sheet.text(row, column)
            outside = row > self.last_data or row < self.first_data
            mark = note_mark(text) if outside else None
            continues = row > self.last_data and previous_note == row - 1
            if mark is not None or (continues and len(squeeze(text)) > 25):
                self.explained[row, column] = True
                previous_note = row
                if mark:
                    self.notes[mark] = both(self.notes.get(mark), squeeze(text))
            elif matches(self.table.skip, text):
                self.explained[row, column] = True

    def _refuse_unexplained(self) -> None:
        rows, columns = np.nonzero(~self.explained & self.filled)
        if not len(rows):
            return
        is_title = int(rows[-1]) < self.first_data
        shown = ", ".join(
            f"{self.sheet.address(row, column)} «{squeeze(self.sheet.text(row, column))[:40]}»"
            for row, column in zip(rows[:SHOWN].tolist(), columns[:SHOWN].tolist(), strict=True)
        )
        raise self._error(
            Code.CELL_UNEXPLAINED,
            expected="every cell to be a value, a header, a title, a footnote or declared ignored",
            found=f"{len(rows)} that are none of these: {shown}",
            action="Let `caption` cover the whole title, or name under `skip` what does not matter."
            if is_title
            else "Compare the table with the contract: a row, column or header is new or moved.",
            cell=self.sheet.address(int(rows[0]), int(columns[0])),
            value_printed=squeeze(self.sheet.text(int(rows[0]), int(columns[0])))[:200],
        )

    # ── the result ──────────────────────────────────────────────────────────────────────────

    def _value_cells(self) -> tuple[Indices, Indices]:
        data_rows = np.flatnonzero(self.data)
        rows = np.repeat(data_rows, len(self.value_columns))
        columns = np.tile(np.array(self.value_columns, dtype=np.intp), len(data_rows))
        merged = self._merged_values()
        if not merged:
            return rows, columns
        apart = np.array(
            [cell not in merged for cell in zip(rows.tolist(), columns.tolist(), strict=True)]
        )
        return rows[apart], columns[apart]

    def _merged_values(self) -> set[tuple[int, int]]:
        """Value cells merged with others: which row or column the figure belongs to is unknown."""
        merged: set[tuple[int, int]] = set()
        for merge in dict.fromkeys(self.covering.values()):
            cells = {
                (row, column)
                for row in range(merge.top, min(merge.bottom + 1, self.sheet.shape[0]))
                for column in self.value_columns
                if merge.left <= column <= merge.right and self.data[row]
            }
            if len(cells) > 1:
                merged |= cells
                self.refused.append(
                    self._problem(
                        Code.CELL_CLAIMED_TWICE,
                        expected="one cell for each value",
                        found=f"a range merged over {len(cells)} values",
                        action="Take the merged range apart in the source.",
                        cell=self.sheet.address(merge.top, merge.left),
                        value_printed=squeeze(self.sheet.text(merge.top, merge.left))[:200],
                    )
                )
        return merged

    def _headers_of(self, rows: Indices, columns: Indices) -> dict[str, list[Found]]:
        places: dict[str, Callable[[_Slot, Indices, Indices], Found]] = {
            "left": self._left_headers,
            "above": self._above_headers,
            "above_left": self._above_headers,
            "section": self._section_headers,
            "caption": lambda slot, *_: self._searched(slot, self.title, "title"),
            "sheet": lambda slot, *_: self._searched(slot, self.sheet.name, "sheet name"),
            "file": lambda slot, *_: self._searched(slot, self.file_name, "file name"),
        }
        found: dict[str, list[Found]] = {}
        for slot in self.slots:
            if slot.name != "value":
                header = places[slot.place](slot, rows, columns)
                found.setdefault(slot.name, []).append(_broadcast(header, len(rows)))
        return found

    def _searched(self, slot: _Slot, text: str, address: str) -> Found:
        hit = slot.recogniser.search(text)
        if hit is None:
            return Found(slot.find, [], np.array([-1], dtype=np.int32))
        return Found(slot.find, [Header(hit, address)], np.array([0], dtype=np.int32))

    def _left_headers(self, slot: _Slot, rows: Indices, columns: Indices) -> Found:
        column = slot.label_column
        distinct, position = np.unique(rows, return_inverse=True)
        levels = self._find_heading("level", slot.find.level)[1] if slot.find.level else None
        paths = self._paths(distinct, column, levels) if slot.find.path else {}
        first: dict[tuple[str, tuple[str, ...]], int] = {}
        headers: list[Header] = []
        codes = np.empty(len(distinct), dtype=np.int32)
        labels = self.sheet.raw[distinct, column]
        texts = {label: squeeze(printed(label)) for label in dict.fromkeys(labels.tolist())}
        for at, (row, label) in enumerate(zip(distinct.tolist(), labels.tolist(), strict=True)):
            key = (self._with_year(slot, row, texts[label]), paths.get(row, ()))
            if key not in first:
                first[key] = len(headers)
                place = self.sheet.address(self.label_cell.get((row, column), row), column)
                headers.append(Header(key[0], place, key[1]))
            codes[at] = first[key]
        return Found(slot.find, headers, codes[position.reshape(-1)])

    def _with_year(self, slot: _Slot, row: int, text: str) -> str:
        """A month with the year that stands in a row above it, where the contract says so."""
        if not slot.find.years or slot.recogniser.composes([text]):
            return text
        year = next((self.years[at] for at in sorted(self.years, reverse=True) if at < row), None)
        return f"{text} {year}" if year and slot.recogniser.composes([text, year]) else text

    def _paths(self, rows: Indices, column: int, levels: int | None) -> dict[int, tuple[str, ...]]:
        """Labels above each label, by indentation or by a column of level numbers."""
        paths: dict[int, tuple[str, ...]] = {}
        open_labels: list[tuple[int, str]] = []
        for row in rows.tolist():
            level = self._level(row, column, levels)
            while open_labels and open_labels[-1][0] >= level:
                open_labels.pop()
            paths[row] = tuple(text for _, text in open_labels)
            open_labels.append((level, squeeze(self.sheet.text(row, column))))
        return paths

    def _level(self, row: int, column: int, levels: int | None) -> int:
        if levels is not None:
            number = self.sheet.text(row, levels).strip()
            return int(number) if number.isdecimal() else 0
        text = self.sheet.text(row, column)
        blanks = len(text) - len(text.lstrip("\u00a0 \t"))
        return int(self.sheet.indent[row, column]) * 100 + blanks

    def _above_headers(self, slot: _Slot, rows: Indices, columns: Indices) -> Found:
        headers: list[Header] = []
        code = np.full(self.sheet.shape[1], -1, dtype=np.int32)
        for column in self.value_columns:
            if slot.stacks.get(column):
                code[column] = len(headers)
                parts = tuple(self._parts(slot, column))
                place = self.sheet.address(*slot.stacks[column][-1])
                headers.append(Header(" ".join(parts), place, parts=parts))
        return Found(slot.find, headers, code[columns])

    def _section_headers(self, slot: _Slot, rows: Indices, columns: Indices) -> Found:
        claimed = [
            (row, column)
            for row, column in self.sections
            if slot.recogniser.claims(squeeze(self.sheet.text(row, column)))
        ]
        starts = np.array([row for row, _ in claimed], dtype=np.intp)
        headers = [
            Header(squeeze(self.sheet.text(row, column)), self.sheet.address(row, column))
            for row, column in claimed
        ]
        index = np.searchsorted(starts, rows, side="right") - 1
        return Found(slot.find, headers, index.astype(np.int32))

    # ── errors ──────────────────────────────────────────────────────────────────────────────

    def _problem(self, code: Code, **parts: str) -> Problem:
        return Problem(code=code, **{"table": self.sheet.name or self.table.name, **parts})

    def _error(self, code: Code, **parts: str) -> WarehouseError:
        return WarehouseError(self._problem(code, **parts))


def _broadcast(found: Found, count: int) -> Found:
    """A header that holds for the whole table, repeated for each value cell."""
    if len(found.index) == count:
        return found
    return Found(found.find, found.headers, np.repeat(found.index, count))


def _covering_merges(sheet: Sheet) -> dict[tuple[int, int], Merge]:
    """Merged range of each cell that lies in one; ranges of absurd size are left out."""
    covering: dict[tuple[int, int], Merge] = {}
    height, width = sheet.shape
    for merge in sheet.merges:
        if (merge.bottom - merge.top) * (merge.right - merge.left) > 100_000:
            continue
        for row in range(merge.top, min(merge.bottom + 1, height)):
            for column in range(merge.left, min(merge.right + 1, width)):
                covering[row, column] = merge
    return covering
