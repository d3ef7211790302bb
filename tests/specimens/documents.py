"""One small table as a web page, a Word document, an OpenDocument sheet, a PDF and a cell set."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.table import Table

TITLE = "Численность населения (человек)"
HEADER = ["", "2022", "2023"]
ROWS = [
    ["Республика Беларусь", "9 255 524", "9 200 617"],
    ["Брестская область", "1 308 569", "1 300,51)"],
    ["Гомельская область", "…", "1 338 617"],
]
NOTE = "1) Предварительные данные, тысяч человек."


def html(path: Path, *, charset: str = "utf-8") -> Path:
    """A page with a merged header, a superscript mark and a row that a browser hides."""
    rows = "".join(
        f"<tr><th>{label}</th>" + "".join(f"<td>{_html(cell)}</td>" for cell in cells) + "</tr>"
        for label, *cells in ROWS
    )
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>Портал</title>'
        "<script>var table = 1;</script></head><body><table><tr><td>"
        f"<h2>{TITLE}</h2><table><tr><th rowspan='2'></th><th colspan='2'>на начало года</th></tr>"
        f"<tr><th>2022</th><th>2023</th></tr>{rows}"
        f"</table><p>{NOTE}</p></td></tr></table></body></html>"
    )
    path.write_bytes(page.encode(charset))
    return path


def _html(cell: str) -> str:
    return cell.replace("1 300,51)", "1 300,5<sup>1)</sup>").replace(" ", "&nbsp;")


# ── Word ────────────────────────────────────────────────────────────────────────────────────


def _fill(table: Table, rows: Sequence[Sequence[str]]) -> None:
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            paragraph = table.cell(at, column).paragraphs[0]
            bare, mark = (text[:-2], text[-2:]) if text.endswith("1)") else (text, "")
            paragraph.add_run(bare)
            if mark:
                paragraph.add_run(mark).font.superscript = True


def word(path: Path, *, parts: int = 1, marker: bool = True, bare_mark: bool = False) -> Path:
    """A chapter with the table in one or two parts; the second part repeats the header."""
    document = docx.Document()
    document.add_paragraph("1.1. " + TITLE)
    rows = [list(row) for row in ROWS]
    rows[2][0] = "Гомель-\nская область"
    pieces = [rows] if parts == 1 else [rows[:2], rows[2:]]
    for number, piece in enumerate(pieces):
        if number and marker:
            document.add_paragraph("Продолжение таблицы 1.1")
        table = document.add_table(rows=1 + len(piece), cols=3)
        _fill(table, [HEADER, *piece])
    if bare_mark:  # a mark without bracket, told from the figure by being raised
        run = table.cell(1, 1).paragraphs[0].add_run("1")
        run.font.superscript = True
    document.add_paragraph(NOTE)
    document.add_paragraph("1.2. Другая таблица")
    other = document.add_table(rows=2, cols=2)
    _fill(other, [["", "2022"], ["Всего", "5"]])
    other.cell(0, 0).merge(other.cell(1, 0))
    document.save(str(path))
    return path


# ── OpenDocument ────────────────────────────────────────────────────────────────────────────

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in ((name, name) for name in ("office", "table", "text", "style"))
)


SPAN = 'table:number-columns-spanned="3"'
FORMULA = 'table:formula="of:=1+2"'


def word_with_footnotes(path: Path) -> Path:
    """The table with a footnote that Word itself keeps, behind a figure and behind a year."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=2, cols=3)
    _fill(table, [["", "2022", "2023"], ["Брестская область", "1 308,5", "1 300,5"]])
    for (row, column), number in {(0, 2): "7", (1, 1): "5"}.items():
        run = table.cell(row, column).paragraphs[0].add_run()
        reference = run._r.makeelement(f"{{{space}}}footnoteReference", {f"{{{space}}}id": number})
        run._r.append(reference)
    document.save(str(path))
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in {"5": "По оценке ведомства.", "7": "Предварительные данные."}.items()
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/footnotes.xml", f'<w:footnotes xmlns:w="{space}">{notes}</w:footnotes>'
        )
    return path


def _cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def _float(value: float, shown: str, attributes: str = "") -> str:
    return _cell(shown, f'office:value-type="float" office:value="{value}" {attributes}')


def ods(path: Path, *, hidden: bool = False, per_cent: bool = False) -> Path:
    """Numbers with fewer digits shown than stored, a formula, a span, a repeated blank."""
    visibility = 'table:visibility="collapse"' if hidden else ""
    first = 'office:value-type="percentage" office:value="0.125"' if per_cent else ""
    body = (
        f"<table:table-row>{_cell(TITLE, SPAN)}"
        '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>'
        f"<table:table-row><table:table-cell/>{_cell('2022')}{_cell('2023')}</table:table-row>"
        f"<table:table-row {visibility}>{_cell('Брестская область')}"
        f"{_cell('12,5%', first) if per_cent else _float(1308569.4, '1308569')}"
        f"{_float(3, '3,0', FORMULA)}</table:table-row>"
        f"<table:table-row>{_cell('Гомельская область')}{_cell('…')}{_float(1338617, '1338617')}"
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {_NAMES}><office:body>'
        f'<office:spreadsheet><table:table table:name="Лист1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────


def pdf(path: Path, *, text: bool = True) -> Path:
    """A page with a ruled table and a raised mark; Latin letters, which need no font file."""
    rows = [["", "2022", "2023"], ["Belarus", "9255524", "9200617"], ["Brest", "1308569", "1300.5"]]
    drawn = ["BT /F1 12 Tf 60 760 Td (Population by region \\(persons\\)) Tj ET"] if text else []
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            x, y = 60 + 150 * column, 720 - 20 * at
            drawn.append(f"{x} {y} 150 20 re S")
            if text:
                drawn.append(f"BT /F1 10 Tf {x + 4} {y + 6} Td ({cell}) Tj ET")
    if text:
        drawn.append("BT /F1 6 Tf 394 690 Td (1) Tj ET")  # raised behind 1300.5
        drawn.append("BT /F1 8 Tf 60 640 Td (1\\) Preliminary figures of the office.) Tj ET")
    return _pdf_pages(path, ["\n".join(drawn)])


def pdf_without_rules(path: Path, *, gap: int = 150) -> Path:
    """A table over two pages, its header printed again, with blanks within figures and no lines."""
    header = [(60 + gap, 0, "2022"), (60 + 2 * gap, 0, "2023")]
    lines = [("Belarus", "9 255 524", "9 200 617"), ("Brest region", "1 308 569", "1 300 007")]
    more = [("Homyel region", "1 339 617", "...")]
    pages = []
    for number, rows in enumerate((lines, more)):
        drawn = (
            [] if number else ["BT /F1 12 Tf 60 760 Td (Population by region \\(persons\\)) Tj ET"]
        )
        cells = header + [
            (60 + gap * column, 1 + at, cell)
            for at, row in enumerate(rows)
            for column, cell in enumerate(row)
        ]
        drawn += [f"BT /F1 10 Tf {x} {720 - 20 * at} Td ({text}) Tj ET" for x, at, text in cells]
        pages.append("\n".join(drawn))
    return _pdf_pages(path, pages)


def _pdf_pages(path: Path, pages: Sequence[str]) -> Path:
    """A PDF of pages that are drawn already; Latin letters, which need no font file."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, drawn in enumerate(pages):
        stream = drawn.encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * at),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(out)
    return path


# ── cell sets ───────────────────────────────────────────────────────────────────────────────


def cell_set(path: Path) -> Path:
    """Column headers repeated or left out over their columns, row headers left out below."""

    def cells(kind: str, *texts: str | None) -> list[dict[str, object]]:
        return [{"value": text, "type": kind, "properties": {}} for text in texts]

    lead = cells("COLUMN_HEADER", None, None)
    rows = [
        [*lead, *cells("COLUMN_HEADER", "Мужчины", "Мужчины", "Женщины", None)],
        [*cells("ROW_HEADER_HEADER", "Регион", "Местность"),
         *cells("COLUMN_HEADER", "2009", "2019", "2009", "2019")],
        [*cells("ROW_HEADER", "Брестская область", "Городская"),
         *cells("DATA_CELL", "1", "2", "3", "4")],
        [*cells("ROW_HEADER", None, "Сельская"), *cells("DATA_CELL", "5", "6", "7", "null")],
    ]  # fmt: skip
    path.write_text(json.dumps({"cellset": rows}, ensure_ascii=False), encoding="utf-8")
    return path
