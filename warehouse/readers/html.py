"""Tables of web pages, with their captions and the headings over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import html
from lxml.etree import ParserError

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Sheet, Workbook
from warehouse.readers.cubes import damaged
from warehouse.readers.delimited import decode
from warehouse.readers.grids import Span, joined, named_apart, titled_sheet

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.I)

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)", re.I)
_BREAKS = frozenset({"br", "p", "div", "li"})


def read_html(path: Path) -> Workbook:
    """Read each table of a page as a sheet; rows that a browser hides are hidden.

    Raises:
        WarehouseError: `file_is_a_web_page` for a page without a table, `encoding_unknown`.
    """
    content = path.read_bytes()
    try:
        page = html.document_fromstring(_decode(content))
    except (ParserError, ValueError) as error:
        raise damaged("a page that can be read", str(error)) from error
    tables = [table for table in page.iter("table") if not _is_outer(table)]
    sheets = [_sheet(page, table, number) for number, table in enumerate(tables, 1)]
    filled = [sheet for sheet in sheets if sheet is not None]
    if not filled:
        raise WarehouseError.of(
            Code.FILE_IS_A_WEB_PAGE,
            expected="a page with a table",
            found="none (often a portal's error or log-in page)",
            action="Open it in a browser to read what the portal says, then fetch it again.",
        )
    return Workbook("html", named_apart(filled))


def _decode(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared:
        try:
            return content.decode(declared[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # the declaration is wrong: told by the bytes
    return decode(content)


def _is_outer(table: Any) -> bool:
    """A table that only arranges other tables."""
    return next(table.iterdescendants("table"), None) is not None


def _sheet(page: Any, table: Any, number: int) -> Sheet | None:
    rows = [row for row in table.iter("tr")]
    spans = [[_span(cell) for cell in row if cell.tag in {"td", "th"}] for row in rows]
    if not any(cell.content for row in spans for cell in row):
        return None
    caption = [text for part in table.iter("caption") if (text := _text(part))]
    above = [*_over(page, table), *caption]
    notes = [text for text in _after(table) if text]
    sheet = titled_sheet(f"table {number}", above, spans, notes)
    hidden = {len(above) + at for at, row in enumerate(rows) if _is_hidden(row)}
    return replace(sheet, hidden_rows=frozenset(hidden))


def _over(page: Any, table: Any) -> list[str]:
    """Headings and paragraphs since the table before, nearest last."""
    before = table.xpath(
        "preceding::*[self::table or self::h1 or self::h2 or self::h3 or "
        "self::h4 or self::h5 or self::h6 or self::p]"
    )
    around = list(table.iterancestors("table"))
    found: list[str] = []
    for element in reversed(before):
        if element.tag == "table":
            break
        holder = next(element.iterancestors("table"), None)
        if (holder is None or holder in around) and (text := _text(element)):
            found.insert(0, text)
    if found:
        return found
    titles = [_text(title) for title in page.iter("title")]
    return [title for title in titles if title]


def _after(table: Any) -> list[str]:
    """Paragraphs that follow the table directly and begin with a mark."""
    found = []
    for element in table.itersiblings():
        if element.tag not in {"p", "div", "small"} or element.find(".//table") is not None:
            break
        text = _text(element)
        if not re.match(r"(\d{1,2}\)|\*|[¹²³⁴⁵⁶⁷⁸⁹]|Примечани|Источник|Note|Source)", text):
            break
        found.append(text)
    return found


def _span(cell: Any) -> Span:
    return Span(_text(cell) or None, _number(cell, "colspan"), _number(cell, "rowspan"))


def _number(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return int(value) if value.isdecimal() and int(value) > 0 else 1


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _text(element: Any) -> str:
    return joined(_pieces(element, False)).strip(" \t\r\n")


def _pieces(element: Any, is_raised: bool) -> Sequence[tuple[str, bool]]:
    if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
        return []
    inside = is_raised or element.tag == "sup"
    found = [(re.sub(r"[ \t\r\n]+", " ", element.text or ""), inside)]
    for child in element:
        if child.tag in _BREAKS:
            found.append(("\n", inside))
        if not _is_hidden(child):
            found.extend(_pieces(child, inside))
        found.append((re.sub(r"[ \t\r\n]+", " ", child.tail or ""), inside))
    return found
