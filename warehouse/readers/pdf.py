"""Tables of PDF files that hold text: ruled tables, else columns told by their alignment.

A page without text is a picture; nothing is guessed from pictures.
"""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Indices, Sheet, Workbook, build_sheet, column_letters
from warehouse.readers.cubes import damaged, unsupported
from warehouse.readers.grids import RAISED, unhyphenated

MAX_PAGES = 2000
SMALL = 0.8
BY_TEXT = {"vertical_strategy": "text", "horizontal_strategy": "text", "intersection_tolerance": 8}


def read_pdf(path: Path) -> Workbook:
    """Read each table of a PDF as a sheet named by page and number.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted`, or `format_unknown` for a scanned PDF
            or one without tables.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    sheets: list[Sheet] = []
    has_text = False
    try:
        with pdfplumber.open(path) as book:
            if len(book.pages) > MAX_PAGES:
                raise unsupported(f"a PDF of {len(book.pages)} pages", "Ask for the tables alone.")
            for page in book.pages:
                has_text |= bool(page.chars)
                sheets.extend(_page(page))
                page.close()
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise _locked() from error
        raise damaged("a complete PDF", str(cause) or type(cause).__name__) from error
    if not has_text:
        raise unsupported("a scanned PDF: pictures without text", "Ask for the tables as xlsx.")
    if not sheets:
        raise unsupported("a PDF without tables", "Ask for the tables as xlsx.")
    return Workbook("pdf", tuple(sheets))


def _page(page: Any) -> list[Sheet]:
    _mark_raised(page.chars)
    tables = page.find_tables() or page.find_tables(BY_TEXT)
    found, top = [], 0.0
    for number, table in enumerate(sorted(tables, key=lambda item: item.bbox[1]), 1):
        rows = [[_text(cell) for cell in row] for row in table.extract()]
        rows = [row for row in rows if any(row)]
        if rows:
            above = _lines(page, top, table.bbox[1])
            found.append(_sheet(page.page_number, number, above, rows))
        top = table.bbox[3]
    if found:
        below = _lines(page, top, page.height)
        found[-1] = _with_notes(found[-1], below)
    return found


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


def _sheet(page: int, number: int, above: list[str], rows: list[list[str | None]]) -> Sheet:
    name = f"page {page} table {number}"
    count = len(above)

    def addresses(at: Indices, columns: Indices) -> list[str]:
        return [
            f"{name}!{column_letters(column)}{row - count + 1}" if row >= count else f"over {name}"
            for row, column in zip(at.tolist(), columns.tolist(), strict=True)
        ]

    return build_sheet(name, [*([line] for line in above), *rows], addresses=addresses)


def _with_notes(sheet: Sheet, below: list[str]) -> Sheet:
    if not below:
        return sheet
    rows = [*sheet.raw.tolist(), *([line] for line in below)]
    return build_sheet(sheet.name, rows, addresses=sheet.addresses, merges=sheet.merges)


def _locked() -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_ENCRYPTED,
        expected="a PDF without a password",
        found="an encrypted one",
        action="Ask the sender for an open copy.",
    )
