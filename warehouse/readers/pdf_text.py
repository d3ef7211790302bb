"""Tables of a PDF without rules: lines of words, and columns where words stand over one another.

A gap as wide as a letter parts two cells, a narrower one stands within a cell: «1 100,0» is one
figure. What stands over two columns is a header merged over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mode
from typing import Any

from warehouse.readers.grids import Span

GAP = 0.75
"""Of the height of the letters: a wider gap parts two cells; a blank has a quarter to a third."""


@dataclass(frozen=True)
class _Cell:
    text: str
    left: float
    right: float

    def over(self, column: tuple[float, float]) -> bool:
        return self.left < column[1] and column[0] < self.right


@dataclass(frozen=True)
class TextTable:
    """Lines over a table, its rows, and the lines under it."""

    above: list[str]
    rows: list[list[Span]]
    below: list[str]


def aligned_table(words: Sequence[dict[str, Any]]) -> TextTable | None:
    """The table that the words of a page make; None where no two lines have two cells.

    Args:
        words: As `pdfplumber.Page.extract_words` gives them, from top to bottom.
    """
    lines = [_cells(line) for line in _lines(words)]
    inner = [at for at, line in enumerate(lines) if len(line) > 1]
    if len(inner) < 2:
        return None
    body = lines[inner[0] : inner[-1] + 1]
    columns = _columns(body)
    rows = [_row(line, columns) for line in body]
    above = [_plain(line) for line in lines[: inner[0]]]
    return TextTable(above, rows, [_plain(line) for line in lines[inner[-1] + 1 :]])


def _plain(line: Sequence[_Cell]) -> str:
    return " ".join(cell.text for cell in line)


def _lines(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words whose middles lie at one height, from top to bottom and left to right."""
    lines: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"]) / 2):
        middle = (word["top"] + word["bottom"]) / 2
        if lines and lines[-1][0]["top"] < middle < lines[-1][0]["bottom"]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word["x0"]) for line in lines]


def _cells(line: Sequence[dict[str, Any]]) -> list[_Cell]:
    height = max(word["bottom"] - word["top"] for word in line)
    cells: list[_Cell] = []
    for word in line:
        gap = word["x0"] - cells[-1].right if cells else height
        if gap < GAP * height:
            blank = " " if gap > 0.1 * height else ""
            text = f"{cells[-1].text}{blank}{word['text']}"
            cells[-1] = _Cell(text, cells[-1].left, max(cells[-1].right, word["x1"]))
        else:
            cells.append(_Cell(word["text"], word["x0"], word["x1"]))
    return cells


def _columns(body: Sequence[Sequence[_Cell]]) -> list[tuple[float, float]]:
    """Where columns stand: what the cells of the usual lines cover, and what stands apart."""
    usual = mode(len(line) for line in body if len(line) > 1)
    columns: list[tuple[float, float]] = []
    for cell in sorted(
        (cell for line in body if len(line) == usual for cell in line), key=lambda cell: cell.left
    ):
        if columns and cell.left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], cell.right)
        else:
            columns.append((cell.left, cell.right))
    for cell in (cell for line in body for cell in line):
        if not any(cell.over(column) for column in columns):
            columns = sorted([*columns, (cell.left, cell.right)])
    return columns


def _row(line: Sequence[_Cell], columns: Sequence[tuple[float, float]]) -> list[Span]:
    """Cells by column; two that fall into one column become one text that nobody can read."""
    spans: list[Span] = []
    filled = 0
    for cell in line:
        covered = [at for at, column in enumerate(columns) if cell.over(column)]
        first, last = covered[0], covered[-1]
        if first < filled:
            before = spans.pop()
            spans.append(Span(f"{before.content} | {cell.text}", before.columns, before.rows))
            continue
        spans += [Span(None)] * (first - filled)
        spans.append(Span(cell.text, last - first + 1))
        filled = last + 1
    return spans
