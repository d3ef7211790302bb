"""Addresses, styles and marks of the cells of one worksheet, found over whole blocks of bytes.

A worksheet of a million cells is forty megabytes of XML: one match object for each cell costs
ten times what the cells themselves cost. Here the part is unpacked block by block, each block
is an array of bytes, and every step looks at one byte of all its cells. A cell whose tag is
written in another way than spreadsheet programs write it is looked at alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

BLOCK = 1 << 20
_ROW_END = b"</row>"
_PREFIXED_ROW_END = re.compile(rb"</\w+:row>")
_PREFIX = re.compile(rb"<\w+:(?=(?:c|v|is|f)\b)")
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_IS_ERROR = re.compile(rb'\bt="e"')
_ERROR_TEXT = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_HIDDEN = re.compile(rb'<(?:\w+:)?(row|col)\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_ROW = re.compile(rb'\br="(\d{1,7})"')
_FIRST, _LAST = re.compile(rb'\bmin="(\d{1,5})"'), re.compile(rb'\bmax="(\d{1,5})"')
_PADDING = bytes(16)
_NAME_END = np.zeros(256, dtype=bool)
_NAME_END[list(b" \t\r\n/>")] = True
_LETTERS, _DIGITS, _STYLE_DIGITS = 3, 7, 6


@dataclass(frozen=True)
class Cells:
    """The cells with a body of one sheet, as parallel arrays; rows and columns from zero."""

    row: Numbers
    column: Numbers
    style: Numbers
    formula: Flags
    has_value: Flags
    errors: dict[tuple[int, int], str]  # row and column to the error as printed: #REF!
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    has_raised: bool = False  # some text of the sheet itself is set as superscript


@dataclass(frozen=True)
class _Block:
    """Some whole rows: their bytes, and their opening tags with the two bytes after `<`."""

    text: bytes
    data: Bytes
    opens: Places
    first: Bytes
    second: Bytes

    @classmethod
    def of(cls, text: bytes) -> _Block:
        """Look for tags; prefixes of element names are taken off first."""
        plain = _PREFIX.sub(b"<", text) if b":" in text else text
        data = np.frombuffer(plain + _PADDING, dtype=np.uint8)
        opens = np.flatnonzero(data == ord("<"))
        opens = opens[data[opens + 1] != ord("/")]
        return cls(plain, data, opens, data[opens + 1], data[opens + 2])

    def named(self, letter: str) -> Flags:
        """Tags of an element whose name has one letter."""
        found: Flags = (self.first == ord(letter)) & _NAME_END[self.second]
        return found

    @property
    def has_news(self) -> bool:
        """Whether there is anything to scan; the end of a part has no cells."""
        return bool(self.named("c").any()) or b"hidden=" in self.text

    def end(self, start: int) -> int:
        """Where the tag that opens at `start` closes."""
        at = self.text.find(b">", start)
        return at if at >= 0 else len(self.text)

    def says(self, at: Places, text: bytes) -> Flags:
        """Whether the bytes at each place are those of `text`."""
        found: Flags = self.data[at] == text[0]
        for offset, byte in enumerate(text[1:], start=1):
            found &= self.data[at + offset] == byte
        return found

    def number(self, at: Places, zero: str, base: int, most: int) -> tuple[Numbers, Places]:
        """Numbers written at each place, and where they end; `zero` is the lowest digit."""
        value, place = np.zeros(len(at), dtype=np.int32), at.copy()
        for _ in range(most):
            digit = self.data[place] - np.uint8(ord(zero))  # wraps round below the lowest
            is_digit = digit < base
            if not is_digit.any():
                break
            more = value * base + digit + (base == 26)  # letters count from one
            value = more if is_digit.all() else np.where(is_digit, more, value)
            place += is_digit
        return value, place


@dataclass(frozen=True)
class _Tags:
    """What the opening tags of cells say."""

    row: Numbers
    column: Numbers
    style: Numbers
    is_error: Flags
    ends: Places
    has_body: Flags


def scan_cells(part: IO[bytes]) -> Cells:
    """Cells of a worksheet part.

    Raises:
        ValueError: A cell has no address.
    """
    blocks = (_Block.of(text) for text in _blocks(part))
    found = [_scan(block) for block in blocks if block.has_news] or [_scan(_Block.of(b""))]
    return Cells(
        row=np.concatenate([cells.row for cells in found]),
        column=np.concatenate([cells.column for cells in found]),
        style=np.concatenate([cells.style for cells in found]),
        formula=np.concatenate([cells.formula for cells in found]),
        has_value=np.concatenate([cells.has_value for cells in found]),
        errors={place: text for cells in found for place, text in cells.errors.items()},
        hidden_rows=frozenset().union(*(cells.hidden_rows for cells in found)),
        hidden_columns=frozenset().union(*(cells.hidden_columns for cells in found)),
        has_raised=any(cells.has_raised for cells in found),
    )


def _blocks(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that end with a row, so that no cell is torn."""
    rest, size = b"", BLOCK
    while more := part.read(size):
        text = rest + more
        end = _last_row_end(text)
        if end:
            yield text[:end]
            rest, size = text[end:], BLOCK
        else:
            rest, size = text, 2 * size
    yield rest


def _last_row_end(text: bytes) -> int:
    at = text.rfind(_ROW_END)
    if at >= 0:
        return at + len(_ROW_END)
    ends = [match.end() for match in _PREFIXED_ROW_END.finditer(text)]
    return ends[-1] if ends else 0


def _scan(block: _Block) -> Cells:
    is_cell = block.named("c")
    tags = _read_tags(block, block.opens[is_cell])
    body = tags.has_body
    is_cell[is_cell] = body
    owner = np.cumsum(is_cell) - 1
    row, column, ends = tags.row[body], tags.column[body], tags.ends[body]
    formula, has_value = np.zeros(len(row), dtype=bool), np.zeros(len(row), dtype=bool)
    formula[_owners(owner, block.named("f"))] = True
    has_value[_owners(owner, _values(block))] = True
    hidden_rows, hidden_columns = _hidden(block.text)
    return Cells(
        hidden_rows=hidden_rows,
        hidden_columns=hidden_columns,
        has_raised=b"superscript" in block.text,
        row=row,
        column=column,
        style=tags.style[body],
        formula=formula,
        has_value=has_value,
        errors={
            (int(row[at]), int(column[at])): _error_text(block.text, int(ends[at]))
            for at in np.flatnonzero(tags.is_error[body]).tolist()
        },
    )


def _hidden(text: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Rows and columns that a spreadsheet program does not show, from zero."""
    rows: set[int] = set()
    columns: set[int] = set()
    for match in _HIDDEN.finditer(text) if b"hidden=" in text else ():
        kind, attributes = match.groups()
        row, first, last = (p.search(attributes) for p in (_ROW, _FIRST, _LAST))
        if kind == b"row" and row:
            rows.add(int(row.group(1)) - 1)
        elif first and last:
            columns.update(range(int(first.group(1)) - 1, int(last.group(1))))
    return frozenset(rows), frozenset(columns)


def _owners(owner: Places, tags: Flags) -> Places:
    found = owner[tags]
    known: Places = found[found >= 0]
    return known


def _values(block: _Block) -> Flags:
    """Tags of values and inline texts that hold something."""
    tags = block.named("v")
    inline = np.flatnonzero((block.first == ord("i")) & (block.second == ord("s")))
    tags[inline] = _NAME_END[block.data[block.opens[inline] + 3]]
    at = block.opens[tags]
    ends = at + 2 + (block.first[tags] == ord("i"))
    for odd in np.flatnonzero(block.data[ends] != ord(">")).tolist():
        ends[odd] = block.end(int(at[odd]))
    tags[tags] = (block.data[ends - 1] != ord("/")) & ~block.says(ends + 1, b"</")
    return tags


def _read_tags(block: _Block, starts: Places) -> _Tags:
    """Tags such as `<c r="B7" s="3" t="e">`, attributes in this order, the last two optional."""
    letters, at = block.number(starts + 6, "A", 26, _LETTERS)
    digits, at = block.number(at, "0", 10, _DIGITS)
    usual = block.says(starts + 2, b' r="') & (letters > 0) & (digits > 0)
    usual &= block.data[at] == ord('"')
    styled = block.says(at + 1, b' s="')
    style, after = block.number(at + 5, "0", 10, _STYLE_DIGITS)
    usual &= ~styled | ((block.data[after] == ord('"')) & (after > at + 5))
    style = np.where(styled, style, np.int32(0))
    is_error, ends = _types(block, np.where(styled, after + 1, at + 1))
    usual &= block.data[ends] == ord(">")
    tags = _Tags(digits - 1, letters - 1, style, is_error, ends, usual)
    for odd in np.flatnonzero(~usual).tolist():
        _read_odd_tag(block, int(starts[odd]), tags, odd)
    return tags


def _types(block: _Block, at: Places) -> tuple[Flags, Places]:
    """Whether the attribute `t` at each place says error, and where it ends."""
    typed = block.says(at, b' t="')
    letter = typed & (block.data[at + 5] == ord('"'))
    ends = at + 6 * letter
    for value in (b"str", b"inlineStr"):
        longer = np.flatnonzero(typed & ~letter)
        longer = longer[block.says(at[longer] + 4, value + b'"')]
        ends[longer] += len(value) + 5
    is_error: Flags = letter & (block.data[at + 4] == ord("e"))
    return is_error, ends


def _read_odd_tag(block: _Block, start: int, tags: _Tags, at: int) -> None:
    """A tag with other attributes, in another order, or without a body."""
    end = block.end(start)
    text = block.text[start:end]
    tags.ends[at] = end
    tags.has_body[at] = not text.endswith(b"/")
    if not tags.has_body[at]:
        return
    reference, style = _REF.search(text), _STYLE.search(text)
    if reference is None:
        raise ValueError("a cell has no address")
    column = 0
    for byte in reference.group(1):
        column = column * 26 + byte - 64
    tags.row[at], tags.column[at] = int(reference.group(2)) - 1, column - 1
    tags.style[at] = int(style.group(1)) if style else 0
    tags.is_error[at] = bool(_IS_ERROR.search(text))


def _error_text(text: bytes, end: int) -> str:
    found = _ERROR_TEXT.search(text, end, end + 4000)
    return found.group(1).decode("utf-8", "replace") if found else "#ERROR"
