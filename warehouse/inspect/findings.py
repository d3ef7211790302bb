"""What stands where on a sheet: title, headers, labels, values, symbols, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from warehouse.inspect.contacts import HIDDEN, contact_cells, without_contacts
from warehouse.inspect.cubes import as_table
from warehouse.inspect.words import Suggestion, Words
from warehouse.layout.cube import is_cube
from warehouse.layout.texts import note_mark, squeeze
from warehouse.readers.cells import Kind, Sheet, Workbook, column_letters

Mask = npt.NDArray[np.bool_]
LOOKED_AT = 4000
"""Rows of a sheet that are looked at: what comes further down repeats what is above."""
CELLS = 200_000
"""Cells that are looked at; a wide sheet is read less far down."""
TITLE_CELLS = 6
_FLAGGED = re.compile(r"(\S.*?|:)\s+([a-z]{1,4})")


class Role(StrEnum):
    """What a cell seems to be."""

    EMPTY = "empty"
    TITLE = "title"
    HEADER = "header"
    LABEL = "label"
    UNKNOWN_LABEL = "unknown label"
    SECTION = "section"
    VALUE = "value"
    SYMBOL = "symbol"
    UNREADABLE = "unreadable value"
    NOTE = "note"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True)
class LabelColumn:
    """A column of labels, and which vocabulary knows them.

    Attributes:
        column: Its number.
        dimension: region, activity, period, sex ….
        vocabulary: What a contract calls it: region, region_code, activity ….
        heading: What stands over it.
        known: Labels that the vocabulary knows.
        unknown: Labels that it does not.
        scope: Country of the regions, or classifier of the activities.
        codes: Codes of the known labels.
    """

    column: int
    dimension: str
    vocabulary: str
    heading: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    scope: str = ""
    codes: frozenset[str] = frozenset()

    @property
    def letter(self) -> str:
        """Its letter."""
        return column_letters(self.column)


@dataclass
class SheetFindings:
    """What was found on one sheet.

    Attributes:
        sheet: The cells.
        role: Role of each cell.
        title: Texts above the table.
        labels: Label columns, the best first.
        first_data: First row with labels and values; the number of rows when there is none.
        value_columns: Columns with values.
        header_rows: Rows with headers, from top to bottom.
        headings: Header texts over the value columns that are no periods.
        periods: Periods, as printed.
        periods_stand: above, left, title, or nowhere.
        units: Printed text to unit codes.
        sections: Texts that stand alone in a row between the data.
        symbols: Symbol to how often it stands for a value; and whether it is in the common list.
        flags: Letters printed after values, as in «12.3 e».
        unreadable: Texts among the values that are neither number nor known symbol.
        notes: Footnotes and remarks.
        indicators: Indicators whose names are like the title.
        is_long: Whether there is a row per figure.
        cube: The part as it describes itself; the sheet then shows it as a table.
    """

    sheet: Sheet
    role: npt.NDArray[np.object_]
    title: list[str] = field(default_factory=list)
    labels: list[LabelColumn] = field(default_factory=list)
    first_data: int = 0
    value_columns: list[int] = field(default_factory=list)
    header_rows: list[int] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    periods_stand: str = "nowhere"
    units: dict[str, frozenset[str]] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    symbols: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    indicators: list[Suggestion] = field(default_factory=list)
    is_long: bool = False
    cube: Sheet | None = None

    @property
    def is_table(self) -> bool:
        """Whether there seem to be figures with headers."""
        return bool(self.value_columns)

    @property
    def has_contacts(self) -> bool:
        """Whether names or telephones were hidden."""
        return bool((self.role == Role.CONTACT).any())

    def text(self, row: int, column: int) -> str:
        """A cell as it may be shown."""
        if self.role[row, column] == Role.CONTACT:
            return HIDDEN
        return without_contacts(squeeze(self.sheet.text(row, column)))

    def label(self, dimension: str) -> LabelColumn | None:
        """The label column of a dimension."""
        return next((found for found in self.labels if found.dimension == dimension), None)


def examine(workbook: Workbook, words: Words) -> list[SheetFindings]:
    """Look at every sheet that holds something."""
    return [_examined(sheet, words) for sheet in workbook.sheets if sheet.kind.any()]


def _examined(sheet: Sheet, words: Words) -> SheetFindings:
    if not is_cube(sheet):
        return _Examiner(sheet, words).run()
    table, heading = as_table(sheet)
    found = _Examiner(table, words, heading).run()
    found.cube = sheet
    return found


class _Examiner:
    def __init__(self, sheet: Sheet, words: Words, heading: int | None = None) -> None:
        self.heading = heading  # known for a part that describes itself
        self.sheet = sheet
        self.words = words
        self.width = sheet.shape[1]
        self.height = min(sheet.shape[0], LOOKED_AT, max(CELLS // max(self.width, 1), 50))
        self.filled: Mask = sheet.kind != Kind.EMPTY
        self.found = SheetFindings(sheet, np.full(sheet.shape, Role.EMPTY, dtype=object))
        self.found.role[self.filled] = Role.OTHER
        self.hidden = contact_cells(sheet)
        self.found.role[self.hidden] = Role.CONTACT
        self.text_of = {
            (row, column): squeeze(sheet.text(row, column))
            for row, column in zip(*np.nonzero(self.filled[: self.height]), strict=True)
        }
        self._sort_cells()

    @cached_property
    def _vocabularies(self) -> list[tuple[str, str, str, Callable[[str], frozenset[str]]]]:
        """Dimension, vocabulary, scope, and what looks a text up, for all that labels may be."""
        words = self.words
        activities = [
            (("activity", "activity", of), partial(words.activities, of))
            for of in words.classifiers
        ] + [
            (("activity", "activity_code", of), partial(words.activity_codes, of))
            for of in words.classifiers
        ]
        return [
            ("region", "region", "", words.regions),
            ("region", "region_code", "", words.region_codes),
            *((*kind, codes) for kind, codes in activities),
            *((name, name, "", partial(words.members, name)) for name in words.dimensions),
        ]

    def _sort_cells(self) -> None:
        """Which cells look like a period, a value or a symbol."""
        shape = self.sheet.shape
        self.period: Mask = np.zeros(shape, dtype=bool)
        self.value: Mask = np.zeros(shape, dtype=bool)
        self.symbol: Mask = np.zeros(shape, dtype=bool)
        for (row, column), text in self.text_of.items():
            if self.hidden[row, column]:
                continue
            kind = self.sheet.kind[row, column]
            self.period[row, column] = self.words.is_period(text)
            self.symbol[row, column] = kind == Kind.TEXT and self.words.is_symbol(text)
            self.value[row, column] = kind == Kind.NUMBER or (
                kind == Kind.TEXT and not self.symbol[row, column] and self.words.is_value(text)
            )

    def run(self) -> SheetFindings:
        self._find_labels()
        self._find_data()
        if self.found.value_columns:
            self._read_headers()
            self._read_body()
        self._read_texts()
        return self.found

    # labels

    def _find_labels(self) -> None:
        """For each dimension the column that knows most of its labels; one dimension a column."""
        candidates = [
            found
            for column in range(self.width)
            for found in self._candidates(column)
            if found.dimension == "period" or self._is_constant(found) or _is_plausible(found)
        ]
        candidates.sort(key=lambda found: (-_share(found), -len(found.codes), found.column))
        taken: set[int] = set()
        for found in candidates:
            if found.column not in taken and self.found.label(found.dimension) is None:
                taken.add(found.column)
                self.found.labels.append(found)
        if not taken:
            self._take_plain_column()

    def _is_constant(self, found: LabelColumn) -> bool:
        """Whether a column says one known name all the way down, below its heading."""
        rows = [row for row in range(self.height) if (row, found.column) in self.text_of]
        repeated = [row for row in rows if self.text_of[row, found.column] in found.known]
        if len(found.known) != 1 or len(repeated) < 3 or len(repeated) <= 0.6 * len(rows):
            return False
        others = [codes(found.known[0]) for _, _, _, codes in self._vocabularies]
        is_sure = sum(bool(codes) for codes in others) == 1  # «total» may be that of anything
        return is_sure or found.dimension == "region"

    def _candidates(self, column: int) -> Iterable[LabelColumn]:
        rows = [row for row in range(self.height) if (row, column) in self.text_of]
        texts = [
            self.text_of[row, column]
            for row in rows
            if not self.hidden[row, column] and not note_mark(self.text_of[row, column])
        ]
        names = [text for text in dict.fromkeys(texts) if any(map(str.isalpha, text))]
        for dimension, vocabulary, scope, codes in self._vocabularies:
            found = {name: codes(name) for name in names}
            yield self._label(column, (dimension, vocabulary, scope), found)
        stacked = [row for row in rows if self.period[row, column]]
        if len(stacked) >= 3 and len(stacked) > 0.6 * len(rows):
            known = tuple(dict.fromkeys(self.text_of[row, column] for row in stacked))
            yield LabelColumn(column, "period", "period", "", known, ())

    def _label(
        self, column: int, kind: tuple[str, str, str], found: Mapping[str, frozenset[str]]
    ) -> LabelColumn:
        dimension, vocabulary, scope = kind
        known = tuple(name for name, codes in found.items() if codes)
        if dimension == "region" and known:
            scope = self._country([found[name] for name in known])
        return LabelColumn(
            column=column,
            dimension=dimension,
            vocabulary=vocabulary,
            heading="",
            known=known,
            unknown=tuple(name for name, codes in found.items() if not codes),
            scope=scope,
            codes=frozenset(code for name in known for code in found[name]),
        )

    def _country(self, codes: Sequence[frozenset[str]]) -> str:
        """The country in which most of the names are known; `EU` for names of several."""
        regions = self.words.lists.regions
        votes = Counter(
            country for found in codes for country in {regions[code].country for code in found}
        )
        country, count = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
        return country if count >= 0.6 * len(codes) else "EU"

    def _take_plain_column(self) -> None:
        """No list knows the labels: the first column with texts beside values is shown as such."""
        beside = self.value & ~self.period
        for column in range(self.width):
            texts = [
                self.text_of[row, column]
                for row in range(self.height)
                if self.sheet.kind[row, column] == Kind.TEXT
                and not self.value[row, column]
                and not self.hidden[row, column]
                and beside[row, column + 1 :].any()
            ]
            if len(texts) >= 2:
                names = tuple(dict.fromkeys(texts))
                self.found.labels = [LabelColumn(column, "?", "?", "", (), names)]
                return

    # data

    def _find_data(self) -> None:
        columns = [label.column for label in self.found.labels]
        if not columns:
            self.found.first_data = self.height
            return
        others: Mask = np.ones(self.width, dtype=bool)
        others[columns] = False
        figures = (self.value & ~self.period) | (self.value & self._years_among_values())
        figures = figures & others
        is_labelled = self.filled[:, columns].all(axis=1)
        rows = np.asarray(is_labelled & (figures | (self.symbol & others)).any(axis=1))
        rows[self.height :] = False
        known = np.flatnonzero(rows & self._known_label())
        self.found.first_data = int(known[0]) if len(known) else self.height
        plain: Mask = rows & np.asarray((self.value & ~self.period & others).any(axis=1))
        while self.found.first_data > 0 and plain[self.found.first_data - 1]:
            self.found.first_data -= 1  # a total with a label of its own
        if self.heading is not None:
            self.found.first_data = self.heading + 1
            rows = np.arange(len(rows)) > self.heading
        rows[: self.found.first_data] = False
        self.data: Mask = rows
        body = (figures | self.symbol) & rows[:, None] & others
        self.found.value_columns = np.flatnonzero(body.any(axis=0)).tolist()
        self.found.is_long = self.found.label("period") is not None and len(columns) > 1

    def _years_among_values(self) -> Mask:
        """Numbers that look like years count as values in rows that hold other numbers too."""
        plain = np.asarray((self.value & ~self.period).any(axis=1))
        return np.repeat(plain[:, None], self.width, axis=1)

    def _known_label(self) -> Mask:
        known = np.zeros(self.sheet.shape[0], dtype=bool)
        for label in self.found.labels:
            texts = set(label.known) or set(label.unknown)
            for row in range(self.height):
                known[row] |= self.text_of.get((row, label.column)) in texts
        return known

    # headers

    def _read_headers(self) -> None:
        found = self.found
        top = self._header_top() if self.heading is None else self.heading
        found.header_rows = [r for r in range(top, found.first_data) if self.filled[r].any()]
        labels = {label.column for label in found.labels}
        found.labels = [self._with_heading(label) for label in found.labels]
        texts: list[str] = []
        for row in found.header_rows:
            for column in np.flatnonzero(self.filled[row]).tolist():
                if self.hidden[row, column]:
                    continue
                found.role[row, column] = Role.HEADER
                if column in labels and not self._reaches_values(row, column):
                    continue
                text = self.text_of[row, column]
                if self.period[row, column]:
                    found.periods.append(text)
                elif self.words.units(text) and self._is_alone(row):
                    found.role[row, column] = Role.TITLE
                    found.title.append(text)
                elif self._is_alone(row) and row == found.first_data - 1:
                    found.role[row, column] = Role.SECTION
                    found.sections.append(text)
                else:
                    texts.append(text)
        found.headings = list(dict.fromkeys(texts))
        if found.periods:
            found.periods_stand = "above"
        elif (label := found.label("period")) is not None:
            found.periods_stand, found.periods = "left", list(label.known)

    def _header_top(self) -> int:
        """First row of the headers: none above it says something over a value column alone.

        A title stands alone in its row, at the left or merged over the whole table.
        """
        values = self.found.value_columns
        top = self.found.first_data
        for row in range(self.found.first_data - 1, -1, -1):
            cells = np.flatnonzero(self.filled[row])
            over = [c for c in cells.tolist() if values[0] <= c <= values[-1]]
            if len(cells) > 1 or any(self.period[row, c] for c in over) or self._is_group(row):
                top = row
            elif len(cells) == 1 and top < self.found.first_data:
                break
        return top

    def _is_alone(self, row: int) -> bool:
        return int(self.filled[row].sum()) == 1

    def _is_group(self, row: int) -> bool:
        """Whether a merged header covers value columns only, and not the labels."""
        labels = {label.column for label in self.found.labels}
        return any(
            merge.top <= row <= merge.bottom
            and merge.left not in labels
            and merge.right > merge.left
            and self.filled[merge.top, merge.left]
            for merge in self.sheet.merges
        )

    def _reaches_values(self, row: int, column: int) -> bool:
        return any(
            merge.top == row and merge.left == column and merge.right >= self.found.value_columns[0]
            for merge in self.sheet.merges
        )

    def _with_heading(self, label: LabelColumn) -> LabelColumn:
        heading = next(
            (
                self.text_of[row, label.column]
                for row in reversed(self.found.header_rows)
                if (row, label.column) in self.text_of
                and not self._reaches_values(row, label.column)
            ),
            "",
        )
        kept = {name: value for name, value in vars(label).items() if name != "heading"}
        rows = np.flatnonzero(self.data).tolist()
        printed = {self.text_of.get((row, label.column)) for row in rows}
        unknown = tuple(text for text in label.unknown if text in printed)
        return LabelColumn(**{**kept, "heading": heading, "unknown": unknown})

    # body

    def _read_body(self) -> None:
        found = self.found
        known = {label.column: set(label.known) for label in found.labels}
        last = int(np.flatnonzero(self.data)[-1])
        for row in range(found.first_data, self.height):
            for column in np.flatnonzero(self.filled[row]).tolist():
                if self.hidden[row, column]:
                    continue
                text = self.text_of[row, column]
                if not self.data[row]:
                    self._read_lone(row, column, text, last)
                elif column in known:
                    is_known = text in known[column]
                    found.role[row, column] = Role.LABEL if is_known else Role.UNKNOWN_LABEL
                elif column in found.value_columns:
                    found.role[row, column] = self._value_role(row, column, text)

    def _read_lone(self, row: int, column: int, text: str, last: int) -> None:
        is_note = note_mark(text) is not None or row > last
        alone = int(self.filled[row].sum()) == 1
        if is_note:
            self.found.role[row, column] = Role.NOTE
            self.found.notes.append(without_contacts(text))
        elif alone:
            self.found.role[row, column] = Role.SECTION
            if text not in self.found.sections:
                self.found.sections.append(text)

    def _value_role(self, row: int, column: int, text: str) -> Role:
        if self.symbol[row, column]:
            self.found.symbols[text] += 1
            return Role.SYMBOL
        if self.value[row, column]:
            return Role.VALUE
        flagged = _FLAGGED.fullmatch(text)
        if flagged and (self.words.is_value(flagged[1]) or self.words.is_symbol(flagged[1])):
            self.found.flags[flagged[2]] += 1
            return Role.VALUE
        self.found.unreadable[text] += 1
        return Role.UNREADABLE

    # texts

    def _read_texts(self) -> None:
        """Titles, and the units and years that they say."""
        found = self.found
        top = found.header_rows[0] if found.header_rows else found.first_data
        above: list[str] = []
        for row in range(top):
            for column in np.flatnonzero(self.filled[row]).tolist():
                if self.hidden[row, column] or (row, column) not in self.text_of:
                    continue
                if found.is_table:
                    found.role[row, column] = Role.TITLE
                above.append(self.text_of[row, column])
        found.title = [*above, *found.title][: TITLE_CELLS if found.is_table else 3]
        said = [*found.title, *found.headings, *(label.heading for label in found.labels)]
        for text in [*said, *found.sections, self.sheet.name]:
            found.units.update(self.words.units_in(text))
        if found.periods_stand == "nowhere":
            years = {text for text in [*found.title, self.sheet.name] if _year_in(text)}
            if years:
                found.periods_stand, found.periods = "title", sorted(map(_year_in, years))
        subject = " ".join([*found.title, *found.headings[:3]]) or self.sheet.name
        found.indicators = self.words.indicators_like(subject)


def _is_plausible(found: LabelColumn) -> bool:
    """Whether a vocabulary knows enough of a column; codes are short and meet by accident."""
    every = len(found.known) + len(found.unknown)
    least = 0.5 if found.vocabulary.endswith("_code") else 0.1
    return len(found.known) >= 2 and len(found.known) >= least * every


def _share(found: LabelColumn) -> float:
    """How sure a column is: the known part of its labels, with little trust in few of them."""
    every = len(found.known) + len(found.unknown)
    return len(found.known) / (every + 2) if every else 0.0


def _year_in(text: str) -> str:
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text))
    return years.pop() if len(years) == 1 else ""
