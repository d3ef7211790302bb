"""The report as one frozen object: pages of sections of blocks, and the figures in them.

Whatever prints the report prints this object and nothing else, so that the site, the PDF and the
workbook say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from warehouse.reports.pictures import Language, Mark, Picture

SEPARATOR = "|"
"""Between the parts of the id of a figure; no code of a code list has it."""


class Kind(StrEnum):
    """Which mart a figure comes from, and so where its cells are looked for."""

    INDICATOR = "indicator"
    CLUSTER = "cluster"
    CLUSTERS = "clusters"
    STATUS = "status"
    PROJECT = "project"
    SUPPORT = "support"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report.

    Attributes:
        key: Kind and key of the mart's row, joined: what leads to the cells.
        value: In `unit`; None when it is missing.
        unit: Unit code in which it is shown.
        digits: Decimals that are shown.
        year: Calendar year that it is of.
        definition: Code of `dim_indicator` that says what it means; empty for none.
        reason: Why it is missing.
        marks: How it is to be taken.
        is_change: Printed with its sign.
    """

    key: str
    value: float | None
    unit: str
    digits: int
    year: int
    definition: str = ""
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among peers: 3 of 7."""

    rank: int
    count: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to another page of the report."""

    text: str
    page: str


Cell = Figure | Rank | Link | date | str | int | None
Words = tuple[str | Figure | Link, ...]
"""A sentence: texts with figures between them."""


@dataclass(frozen=True)
class Column:
    """Head of a column; `unit` is a short label for all its figures."""

    label: str
    unit: str = ""
    is_number: bool = True
    definition: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the report: in the site, the PDF and as a sheet of the workbook.

    Attributes:
        name: Unique within its page; letters, digits and hyphens.
        title: What it shows.
        columns: Its columns.
        rows: Its rows, as long as the columns.
        note: What a reader has to know of it.
        anchors: For each row the name by which other pages lead to it; empty for none.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    words: Words
    is_warning: bool = False


@dataclass(frozen=True)
class Drawing:
    """A picture with the figures that it draws.

    Attributes:
        name: Unique within its page.
        picture: In both themes, with its alternative text.
        figures: What is drawn: leads to the cells.
    """

    name: str
    picture: Picture
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Figures side by side, each with its label: what a page begins with."""

    name: str
    items: tuple[tuple[str, Figure, str], ...]


Block = Table | Paragraph | Drawing | Facts


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """One page of the site, one chapter of the PDF.

    Attributes:
        path: Within the folder of its language, without ending: `by/regions/BY-BR`.
        title: Heading.
        sections: Its parts.
        parent: Path of the page above it; empty for the first.
        group: Heading in the list of pages below which it stands.
    """

    path: str
    title: str
    sections: tuple[Section, ...]
    parent: str = ""
    group: str = ""

    def figures(self) -> Iterator[Figure]:
        """Every figure of the page, in order."""
        for section in self.sections:
            for block in section.blocks:
                yield from _figures(block)

    def tables(self) -> Iterator[Table]:
        """Every table of the page, in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block


def _figures(block: Block) -> Iterator[Figure]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from (cell for cell in row if isinstance(cell, Figure))
    elif isinstance(block, Paragraph):
        yield from (word for word in block.words if isinstance(word, Figure))
    elif isinstance(block, Drawing):
        yield from block.figures
    else:
        yield from (figure for _, figure, _ in block.items)


@dataclass(frozen=True, slots=True)
class Source:
    """A printed cell that a figure is made of."""

    role: str
    file_id: str
    table: str
    cell: str
    printed: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The cells of one figure.

    Attributes:
        count: How many there are.
        cells: The first ones.
        files: Ids of the files of all of them.
    """

    count: int
    cells: tuple[Source, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file that figures of the report come from."""

    file_id: str
    name: str
    provider: str
    title: str
    licence: str
    address: str
    received_on: str
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What a figure is of, and the command that explains it; empty where there is none."""

    said: str
    command: str


@dataclass(frozen=True)
class Report:
    """The whole report in one language.

    Attributes:
        language: Of its texts.
        year: Calendar year that it is about.
        title: What it is called.
        scope: What it covers, as the name of its folder: `all`, `BY`, `BY-BR`, `KZ-C04`.
        build_id: The build that it was made from.
        built_at: When that was, ISO; the only time that the report prints.
        missing: What the inputs of the year lack, in words; empty when they are complete.
        pages: In order of reading; the first is the cover.
        traces: Cells by key of the figure.
        labels: What the figures are of, by key.
        files: Files by id.
    """

    language: Language
    year: int
    title: str
    scope: str
    build_id: str
    built_at: str
    missing: tuple[str, ...]
    pages: tuple[Page, ...]
    traces: dict[str, Trace] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    @property
    def built_on(self) -> date:
        """The day of the build."""
        return date.fromisoformat(self.built_at[:10])
