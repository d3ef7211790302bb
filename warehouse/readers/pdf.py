"""Tables of PDF files that hold text: ruled tables, else columns told by their alignment.

A page without text is a picture; nothing is guessed from pictures.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Indices, Sheet, Workbook, column_letters
from warehouse.readers.cubes import damaged, unsupported
from warehouse.readers.grids import RAISED, Span, titled_sheet, unhyphenated
from warehouse.readers.pdf_text import aligned_table

MAX_PAGES = 2000
SMALL = 0.8


@dataclass
class _Table:
    """A table, the lines around it, and where its parts begin: row, page, rows left out."""

    page: int
    number: int
    above: list[str]
    rows: list[list[Span]]
    below: list[str] = field(default_factory=list)
    parts: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts.append((0, self.page, 0))


def read_pdf(path: Path) -> Workbook:
    """Read each table of a PDF as a sheet named by page and number.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted`, or `format_unknown` for a scanned PDF
            or one without tables.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    tables: list[_Table] = []
    has_text = False
    try:
        with pdfplumber.open(path) as book:
            if len(book.pages) > MAX_PAGES:
                raise unsupported(f"a PDF of {len(book.pages)} pages", "Ask for the tables alone.")
            for page in book.pages:
                has_text |= bool(page.chars)
                tables.extend(_page(page))
                page.close()
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise _locked() from error
        raise damaged("a complete PDF", str(cause) or type(cause).__name__) from error
    if not has_text:
        raise unsupported("a scanned PDF: pictures without text", "Ask for the tables as xlsx.")
    if not tables:
        raise unsupported("a PDF without tables", "Ask for the tables as xlsx.")
    return Workbook("pdf", tuple(_sheet(table) for table in _joined(tables)))


def _page(page: Any) -> list[_Table]:
    _mark_raised(page.chars)
    tables = page.find_tables()
    if not tables:
        found = aligned_table(page.extract_words(x_tolerance_ratio=0.15, keep_blank_chars=False))
        return [_Table(page.page_number, 1, found.above, found.rows, found.below)] if found else []
    whole, top = [], 0.0
    for number, table in enumerate(sorted(tables, key=lambda item: item.bbox[1]), 1):
        cells = [[_text(cell) for cell in row] for row in table.extract()]
        rows = [[Span(cell) for cell in row] for row in cells if any(row)]
        if rows:
            above = _lines(page, top, table.bbox[1])
            whole.append(_Table(page.page_number, number, above, rows))
        top = table.bbox[3]
    if whole:
        whole[-1].below += _lines(page, top, page.height)
    return whole


def _joined(tables: Sequence[_Table]) -> list[_Table]:
    """Tables with what goes on overleaf: the same header again, and no title of its own."""
    found: list[_Table] = []
    for table in tables:
        before = found[-1] if found else None
        again = _repeated(before.rows, table.rows) if before else 0
        is_overleaf = before and table.above == before.above[len(before.above) - len(table.above) :]
        if before and again and is_overleaf and not before.below:
            before.parts.append((len(before.rows), table.page, again))
            before.rows += table.rows[again:]
            before.below += table.below
        else:
            found.append(table)
    return found


def _repeated(first: Sequence[list[Span]], rows: Sequence[list[Span]]) -> int:
    """How many rows of a header are printed again."""
    same = 0
    while same < min(len(first), len(rows)) and rows[same] == first[same]:
        same += 1
    return same if same < len(rows) else 0


def _mark_raised(chars: list[dict[str, Any]]) -> None:
    """Small raised digits are marks, not further digits of the figure before them."""
    for before, char in pairwise(chars):
        is_small = char["size"] < SMALL * before["size"] and char["text"].isdigit()
        if is_small and char["bottom"] < before["bottom"] - 0.1 * before["size"]:
            char["text"] = char["text"].translate(RAISED)
            char["size"] = before["size"]


def _text(cell: str | None) -> str | None:
    return (unhyphenated(cell).strip() or None) if cell else None


def _lines(page: Any, top: float, bottom: float) -> list[str]:
    """Lines of text between two heights of a page."""
    if bottom - top < 1:
        return []
    part = page.crop((0, max(top, 0), page.width, min(bottom, page.height)), strict=False)
    return [line.strip() for line in (part.extract_text() or "").splitlines() if line.strip()]


def _sheet(table: _Table) -> Sheet:
    name = f"page {table.page} table {table.number}"
    count, height = len(table.above), len(table.rows)

    def address(row: int, column: int) -> str:
        if not 0 <= row < height:
            return f"over {name}" if row < 0 else f"under {name}"
        start, page, again = next(part for part in reversed(table.parts) if part[0] <= row)
        number = table.number if page == table.page else 1
        return f"page {page} table {number}!{column_letters(column)}{row - start + again + 1}"

    def addresses(at: Indices, columns: Indices) -> list[str]:
        pairs = zip(at.tolist(), columns.tolist(), strict=True)
        return [address(row - count, column) for row, column in pairs]

    return titled_sheet(name, table.above, table.rows, table.below, addresses)


def _locked() -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_ENCRYPTED,
        expected="a PDF without a password",
        found="an encrypted one",
        action="Ask the sender for an open copy.",
    )
