"""Tables of Word documents, with the paragraphs over them as titles.

A table that goes on after «Продолжение таблицы», or after nothing but its repeated header, is one
table. Superscript digits stay marks, and words broken by hyphens are whole again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from warehouse.readers.cells import Indices, Sheet, Workbook, column_letters
from warehouse.readers.cubes import damaged
from warehouse.readers.grids import RAISED, Span, joined, named_apart, titled_sheet, unhyphenated
from warehouse.readers.xlsx_parts import UNREADABLE, refuse_bombs, refuse_locked

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GOES_ON = re.compile(
    r"\W*(продолжени\w+|окончани\w+|continu\w+|end of table|жалғасы|працяг)\b.{0,40}$", re.I
)
_NOTE = re.compile(r"^\s*(\d{1,2}\)|\*|[¹²³⁴⁵⁶⁷⁸⁹]|примечани|источник|note\b|source\b)", re.I)
_NUMBERED = re.compile(r"^\s*(?:таблица|table)?\s*\d+(?:\.\d+)*\.?\s", re.I)


_FOOTNOTES = "word/footnotes.xml"
_SAYS = "says"


@dataclass
class _Table:
    above: list[str]
    rows: list[list[Span]]
    width: int
    below: list[str] = field(default_factory=list)


def read_docx(path: Path) -> Workbook:
    """Read each table of a Word document as a sheet, named by its title.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted` or `file_too_large`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_locked(archive)
            refuse_bombs(archive)
            notes = _footnotes(archive)
        with path.open("rb") as opened:
            body = docx.Document(opened).element.body
    except (*UNREADABLE, PackageNotFoundError, etree.XMLSyntaxError) as error:
        raise damaged("a complete Word document", str(error)) from error
    _write_out(body, notes)
    tables = _tables(body)
    return Workbook("docx", named_apart([_sheet(n, table) for n, table in enumerate(tables, 1)]))


def _footnotes(archive: zipfile.ZipFile) -> dict[str, str]:
    """Texts of the footnotes that Word itself keeps, by id."""
    if _FOOTNOTES not in archive.namelist():
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(archive.read(_FOOTNOTES), parser)
    return {
        note.get(f"{_W}id", ""): " ".join(_text(part) for part in note.iter(f"{_W}p")).strip()
        for note in root.iter(f"{_W}footnote")
    }


def _write_out(body: Any, notes: Mapping[str, str]) -> None:
    """Word's own footnotes become raised numbers; each remembers what it says for its table."""
    numbers: dict[str, int] = {}
    for reference in list(body.iter(f"{_W}footnoteReference")):
        key = reference.get(f"{_W}id", "")
        number = numbers.setdefault(key, len(numbers) + 1)
        reference.tag = f"{_W}t"
        reference.text = str(number).translate(RAISED)
        reference.set(_SAYS, f"{number}) {notes.get(key, '')}")


def _said_by_word(table: Any) -> list[str]:
    found = (text.get(_SAYS) for text in table.iter(f"{_W}t"))
    return list(dict.fromkeys(text for text in found if text))


def _tables(body: Any) -> list[_Table]:
    found: list[_Table] = []
    texts: list[str] = []
    for element in _blocks(body):
        if element.tag == f"{_W}p":
            text = unhyphenated(_text(element)).strip()
            texts += [text] if text else []
            continue
        rows, width = _rows(element)
        own = _said_by_word(element)
        notes, titles = _between(texts) if found else ([], texts)
        texts = []
        if found and _goes_on(found[-1], titles, rows, width):
            found[-1].below += notes
            found[-1].rows += _without_header(found[-1].rows, rows)
            found[-1].below += [text for text in own if text not in found[-1].below]
            continue
        if found:
            found[-1].below += notes
        found.append(_Table(titles, rows, width, own))
    if found:
        found[-1].below += _between(texts)[0]
    return found


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls."""
    for element in body:
        if element.tag in {f"{_W}p", f"{_W}tbl"}:
            yield element
        elif element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"}:
            yield from _blocks(element)


def _between(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Footnotes of the table before, and titles of the table after."""
    last_note = max((at for at, text in enumerate(texts) if _NOTE.match(text)), default=-1)
    first_title = next((at for at, text in enumerate(texts) if _NUMBERED.match(text)), len(texts))
    end = (
        min(last_note + 1, first_title)
        if not _NOTE.match(texts[0] if texts else "")
        else (last_note + 1)
    )
    return list(texts[:end]), list(texts[end:])


def _goes_on(before: _Table, titles: Sequence[str], rows: list[list[Span]], width: int) -> bool:
    if width != before.width:
        return False
    if titles and all(_GOES_ON.match(text) for text in titles):
        return True
    return not titles and bool(rows) and rows[0] == before.rows[0]


def _without_header(first: list[list[Span]], rows: list[list[Span]]) -> list[list[Span]]:
    """Rows of a continuation without the header that was printed again."""
    same = 0
    while same < min(len(first), len(rows)) and rows[same] == first[same]:
        same += 1
    return rows[same:]


def _rows(table: Any) -> tuple[list[list[Span]], int]:
    """Cells of a table with what they cover; vertical merges are counted down."""
    placed: list[list[tuple[int, Span, str | None]]] = []
    for row in table.iterchildren(f"{_W}tr"):
        cells, column = [], _skipped(row)
        for cell in row.iter(f"{_W}tc"):
            if cell.getparent() is not row and cell.getparent().tag != f"{_W}sdtContent":
                continue  # of a table within a cell
            span, merge = _cell(cell)
            cells.append((column, span, merge))
            column += span.columns
        placed.append(cells)
    width = max((at + span.columns for row in placed for at, span, _ in row), default=0)
    rows: list[list[Span]] = []
    for number, row in enumerate(placed):
        spans: list[Span] = [Span(None)] * (row[0][0] if row else 0)
        for at, span, merge in row:
            if merge == "continue":
                continue
            height = _height(placed, number, at) if merge == "restart" else 1
            spans.append(Span(span.content, span.columns, height))
        rows.append(spans)
    return rows, width


def _skipped(row: Any) -> int:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    return int(before.get(f"{_W}val", "0")) if before is not None else 0


def _cell(cell: Any) -> tuple[Span, str | None]:
    properties = cell.find(f"{_W}tcPr")
    columns, merge = 1, None
    if properties is not None:
        span = properties.find(f"{_W}gridSpan")
        columns = int(span.get(f"{_W}val", "1")) if span is not None else 1
        down = properties.find(f"{_W}vMerge")
        merge = down.get(f"{_W}val", "continue") if down is not None else None
    text = "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
    return Span(unhyphenated(text).strip() or None, columns), merge


def _height(placed: Sequence[Sequence[tuple[int, Span, str | None]]], row: int, column: int) -> int:
    height = 1
    for below in placed[row + 1 :]:
        merge = next((merge for at, _, merge in below if at == column), None)
        if merge != "continue":
            break
        height += 1
    return height


def _text(paragraph: Any) -> str:
    pieces: list[tuple[str, bool]] = []
    for run in paragraph.iter(f"{_W}r"):
        align = run.find(f"{_W}rPr/{_W}vertAlign")
        is_raised = align is not None and align.get(f"{_W}val") == "superscript"
        pieces.append(("".join(_piece(part) for part in run), is_raised))
    return joined(pieces)


def _piece(part: Any) -> str:
    name = str(part.tag).removeprefix(_W)
    if name == "t":
        return part.text or ""
    return {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")


def _sheet(number: int, table: _Table) -> Sheet:
    numbered = next((text for text in reversed(table.above) if _NUMBERED.match(text)), None)
    title = numbered or (table.above[-1] if table.above else "")
    name = " ".join(title.split())[:80] or f"table {number}"
    above = len(table.above)
    height = len(table.rows)

    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [
            _address(number, row - above, column, height)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ]

    return titled_sheet(name, table.above, table.rows, table.below, addresses)


def _address(number: int, row: int, column: int, height: int) -> str:
    """`table 4!B3`: third row of the fourth table; texts around it are told by the table."""
    if 0 <= row < height:
        return f"table {number}!{column_letters(column)}{row + 1}"
    return f"over table {number}" if row < 0 else f"under table {number}"
