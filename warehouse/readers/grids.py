"""Tables with spans, as Word, HTML and OpenDocument write them, to sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from warehouse.readers.cells import Indices, Merge, Sheet, build_sheet

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MAX_SPAN = 2000


@dataclass(frozen=True)
class Span:
    """One cell of a table as written: its content, and how many columns and rows it covers."""

    content: Any
    columns: int = 1
    rows: int = 1


def raised(text: str) -> str:
    """Text set as superscript: digits without a bracket show that they are a mark."""
    return text.translate(RAISED) if re.fullmatch(r"\s*\d+\s*", text) else text


def joined(pieces: Iterable[tuple[str, bool]]) -> str:
    """Text from pieces, each superscript or not; neighbours of one kind belong together."""
    texts: list[tuple[str, bool]] = []
    for text, is_raised in pieces:
        if texts and texts[-1][1] == is_raised:
            texts[-1] = (texts[-1][0] + text, is_raised)
        elif text:
            texts.append((text, is_raised))
    return "".join(raised(text) if is_raised else text for text, is_raised in texts)


def unhyphenated(text: str) -> str:
    """Words broken over two lines by a hyphen are whole again; a dash between words stays."""
    plain = re.sub(r"(?<=[^\W\d_])[-\u00ad\u2010]\s*\n\s*(?=[а-яёa-z])", "", text)
    return plain.replace("\u00ad", "")


def spread(rows: Sequence[Sequence[Span]], top: int = 0) -> tuple[list[list[Any]], list[Merge]]:
    """Rows of cells with spans as a grid, and the merged ranges; `top` rows stand above it."""
    grid: list[list[Any]] = [[] for _ in rows]
    taken: set[tuple[int, int]] = set()
    merges: list[Merge] = []
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            width = max(1, min(cell.columns, MAX_SPAN))
            height = max(1, min(cell.rows, len(rows) - at))
            _put(grid[at], column, cell.content)
            if width > 1 or height > 1:
                right = column + width - 1
                merges.append(Merge(top + at, column, top + at + height - 1, right))
                taken.update(
                    (at + down, column + over) for down in range(height) for over in range(width)
                )
            column += width
    return grid, merges


def _put(row: list[Any], column: int, content: Any) -> None:
    row.extend([None] * (column + 1 - len(row)))
    row[column] = content


def titled_sheet(
    name: str,
    above: Sequence[str],
    rows: Sequence[Sequence[Span]],
    below: Sequence[str] = (),
    addresses: Callable[[Indices, Indices], list[str]] | None = None,
) -> Sheet:
    """A sheet from the texts over a table, the table, and the texts under it."""
    grid, merges = spread(rows, len(above))
    whole = [*([text] for text in above), *grid, *([text] for text in below)]
    return build_sheet(name, whole, addresses=addresses, merges=tuple(merges))


def named_apart(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Sheets with names of their own; a name that comes again gets a number."""
    seen: dict[str, int] = {}
    found = []
    for sheet in sheets:
        seen[sheet.name] = seen.get(sheet.name, 0) + 1
        count = seen[sheet.name]
        found.append(sheet if count == 1 else replace(sheet, name=f"{sheet.name} ({count})"))
    return tuple(found)
