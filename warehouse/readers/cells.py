"""The cell table that every reader yields: dense arrays of one sheet, without meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.errors import Code, WarehouseError

Indices = npt.NDArray[np.intp]
MAX_CELLS = 25_000_000
"""Largest bounding box of one sheet; a sheet beyond it is damaged or hostile."""


class Kind(IntEnum):
    """What a cell holds."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOLEAN = 4
    ERROR = 5
    FORMULA_WITHOUT_VALUE = 6


@dataclass(frozen=True)
class Merge:
    """A merged range, inclusive, zero-based."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Axis:
    """One dimension or attribute that a self-describing file names, for each of its values.

    Attributes:
        name: Its id in the file.
        labels: What it is called, in each language of the file.
        codes: Ids of its members.
        texts: What each member is called, one tuple per language; () where the file has no names.
        index: Member of each value, -1 where none is given.
        is_attribute: It qualifies values and does not tell them apart.
    """

    name: str
    labels: tuple[str, ...]
    codes: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    index: npt.NDArray[np.int32]
    is_attribute: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it may be called."""
        return (self.name, *self.labels)


@dataclass(frozen=True)
class Note:
    """A footnote of a self-describing part.

    Attributes:
        text: What it says.
        members: Members whose values it is about, as pairs of axis and member; none for all values.
    """

    text: str
    members: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one part of a file, as a dense grid of rows × columns.

    A part that describes itself is one column of values with an `Axis` for each dimension.

    Attributes:
        name: Sheet name as printed, empty for files without sheets.
        raw: Cell contents as stored: text, float, datetime or None.
        kind: `Kind` of each cell; text of blanks only counts as empty.
        number: Value as shown (a per-cent format counts), NaN where there is no number.
        digits: Decimals shown by the number format, -1 where the stored number decides.
        formula: True where the value is the cached result of a formula.
        indent: Indentation or level of a label, 0 where there is none.
        merges: Merged ranges.
        hidden_rows: Rows that a spreadsheet program does not show.
        hidden_columns: Columns that a spreadsheet program does not show.
        addresses: Row and column indices to addresses as a person finds them.
        axes: Dimensions and attributes of a self-describing part.
        title: What a self-describing part says about itself: id, title, source.
        notes: Footnotes of a self-describing part.
        symbols: What a self-describing part itself says that its symbols mean.
    """

    name: str
    raw: npt.NDArray[np.object_]
    kind: npt.NDArray[np.uint8]
    number: npt.NDArray[np.float64]
    digits: npt.NDArray[np.int8]
    formula: npt.NDArray[np.bool_]
    indent: npt.NDArray[np.int16]
    addresses: Callable[[Indices, Indices], list[str]]
    merges: tuple[Merge, ...] = field(default=())
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    axes: tuple[Axis, ...] = ()
    title: str = ""
    notes: tuple[Note, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.raw.shape
        return int(rows), int(columns)

    def address(self, row: int, column: int) -> str:
        """Address of one cell."""
        return self.addresses(np.array([row]), np.array([column]))[0]

    def text(self, row: int, column: int) -> str:
        """Content of one cell as text, as printed or stored."""
        return printed(self.raw[row, column])


@dataclass(frozen=True)
class Workbook:
    """All sheets of one file."""

    format_code: str
    sheets: tuple[Sheet, ...]

    def content_hash(self) -> str:
        """Hash of what the cells say: equal for a file that was merely saved again."""
        digest = hashlib.sha256()
        for sheet in self.sheets:
            digest.update(f"\x1d{sheet.name}\x1d{sheet.shape}{sheet.title}".encode())
            for axis in sheet.axes:
                digest.update(f"\x1d{axis.names}{axis.codes}{axis.texts}".encode())
                digest.update(axis.index.tobytes())
            if sheet.notes or sheet.symbols:
                digest.update(f"\x1d{sheet.notes}{sorted(sheet.symbols.items())}".encode())
            rows, columns = np.nonzero(sheet.kind)
            digest.update(np.stack([rows, columns]).astype("<i8").tobytes())
            texts = "\x1e".join(map(printed, sheet.raw[rows, columns]))
            digest.update(texts.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def printed(value: Any) -> str:
    """A stored cell as text: whole floats without `.0`, others in their shortest form."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def column_letters(column: int) -> str:
    """Zero-based column number as letters: 0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def a1_addresses(sheet_name: str) -> Callable[[Indices, Indices], list[str]]:
    """Addresses such as `Лист1!C12`, or `C12` for a file without sheets."""
    prefix = f"{sheet_name}!" if sheet_name else ""

    def addresses(rows: Indices, columns: Indices) -> list[str]:
        letters = {int(column): column_letters(int(column)) for column in np.unique(columns)}
        return [
            f"{prefix}{letters[column]}{row + 1}"
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ]

    return addresses


class _Kinds(dict[type, int]):
    """Kind by type; whatever calamine and xlrd give beside these is a date or time."""

    def __missing__(self, other: type) -> int:
        return int(Kind.DATE)


_KINDS = _Kinds(
    {
        str: int(Kind.TEXT),
        float: int(Kind.NUMBER),
        int: int(Kind.NUMBER),
        bool: int(Kind.BOOLEAN),
        type(None): int(Kind.EMPTY),
    }
)


def build_sheet(
    name: str,
    rows: Sequence[Sequence[Any]],
    *,
    addresses: Callable[[Indices, Indices], list[str]] | None = None,
    merges: tuple[Merge, ...] = (),
) -> Sheet:
    """A sheet from rows of stored contents; ragged rows are filled with empty cells.

    Text that is blank counts as empty. Formats and indentation start out unknown.

    Raises:
        WarehouseError: `file_too_large` when the rows span more than `MAX_CELLS`.
    """
    lengths = [len(row) for row in rows]
    height, width = len(rows), max(lengths, default=0)
    if height * width > MAX_CELLS:
        raise WarehouseError.of(
            Code.FILE_TOO_LARGE,
            expected=f"a table within {MAX_CELLS:,} cells",
            found=f"{height:,} rows of up to {width:,} cells",
            action="A line is far too long, or this is no table: ask for a clean file.",
            table=name,
        )
    ragged = min(lengths, default=0) < width
    full = ([*row, *[None] * (width - len(row))] for row in rows) if ragged else rows
    flat = np.fromiter(chain.from_iterable(full), dtype=object, count=height * width)
    types = map(type, flat)
    kind = np.fromiter(map(_KINDS.__getitem__, types), dtype=np.uint8, count=len(flat))
    at_text = np.flatnonzero(kind == Kind.TEXT)
    blank = (not text or text.isspace() for text in flat[at_text])
    kind[at_text[np.fromiter(blank, dtype=bool, count=len(at_text))]] = Kind.EMPTY
    number = np.full(height * width, np.nan)
    is_number = kind == Kind.NUMBER
    number[is_number] = flat[is_number].astype(float)
    return Sheet(
        name=name,
        raw=flat.reshape(height, width),
        kind=kind.reshape(height, width),
        number=number.reshape(height, width),
        digits=np.full((height, width), -1, dtype=np.int8),
        formula=np.zeros((height, width), dtype=bool),
        indent=np.zeros((height, width), dtype=np.int16),
        addresses=addresses or a1_addresses(name),
        merges=merges,
    )
