"""Writes the answer to a report: the workbook back with its refused cells marked and explained."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from warehouse.conform.names import normalise
from warehouse.forms import rules as checking
from warehouse.forms import workbook as look
from warehouse.forms.definition import (
    ANSWER_SHEETS,
    SKIPPED_SHEETS,
    Column,
    Form,
    Measure,
    Table,
)
from warehouse.forms.workbook import put, quoted

_HEADER_ROWS = 20
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_MARK = "✗ "
"""Begins our remarks in the comment of a cell, so that the next answer finds and removes them."""


def write_answer(
    original: Path,
    rejected: Sequence[Mapping[str, Any]],
    *,
    form: Form,
    language: str,
    outcome_code: str,
    path: Path,
) -> None:
    """Write what became of a report, in the language of the report.

    A workbook comes back with its refused cells coloured and commented, and without the marks of
    an earlier answer. Where nothing is to be mended, and for CSV and JSON, the answer is the
    answer sheet alone.

    Args:
        original: The report as it arrived.
        rejected: What was refused: rows of `schema.REJECTED_CELL`.
        form: Its form.
        language: `ru` or `en`; another one is answered in English.
        outcome_code: What became of it: accepted, refused, quarantined, unchanged.
        path: Where to write the answer.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`.
    """
    said = language if language in look.LANGUAGES else "en"
    book = _opened(original) if rejected else _empty()
    answer = _Answer(form, said, outcome_code, rejected, book, _contents(original))
    answer.write(path)


def _opened(original: Path) -> Workbook:
    """The report to write into; an empty workbook when it is none that can be marked.

    Archived bytes have no ending to their name, and openpyxl wants one: it gets an open file.
    """
    try:
        with original.open("rb") as file:
            if zipfile.is_zipfile(file) and "xl/workbook.xml" in zipfile.ZipFile(file).namelist():
                return load_workbook(file, keep_links=False)
    except Exception:  # noqa: S110 - openpyxl raises anything; the answer sheet says all of it too
        pass
    return _empty()


def _empty() -> Workbook:
    book = Workbook()
    book.remove(book.active)
    return book


def _contents(original: Path) -> dict[str, list[list[Any]]]:
    """Rows of each sheet that reports something, from A1 on; none for what is no workbook."""
    try:
        book = CalamineWorkbook.from_path(str(original))
        names = [name for name in book.sheet_names if name not in SKIPPED_SHEETS]
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names
        }
    except (CalamineError, OSError):
        return {}


@dataclass(frozen=True)
class _Finding:
    """One refusal and where it stands; None: no such place in the workbook."""

    row: Mapping[str, Any]
    sheet: Worksheet | None
    address: str | None
    field: Column | Measure | None


@dataclass
class _Answer:
    form: Form
    language: str
    outcome_code: str
    rejected: Sequence[Mapping[str, Any]]
    book: Workbook
    contents: Mapping[str, Sequence[Sequence[Any]]]

    def write(self, path: Path) -> None:
        """Mark the cells, write the answer sheet before all others, and save."""
        for name in ANSWER_SHEETS.values():
            if name in self.book.sheetnames:
                del self.book[name]
        for sheet in self._reported:
            self._unmark(sheet)
        for finding in self.findings:
            self._mark(finding)
        sheet = self.book.create_sheet(ANSWER_SHEETS[self.language], 0)
        _AnswerSheet(self, sheet).write()
        for other in self.book.worksheets:
            other.sheet_view.tabSelected = other is sheet
        self.book.active = 0
        look.save(self.book, path)

    def say(self, *keys: str, **parts: str) -> str:
        """One of our own sentences."""
        said = look.texts("answer")
        for key in keys:
            said = said[key]
        return str(said[self.language]).format(**parts)

    @property
    def _reported(self) -> list[Worksheet]:
        return [sheet for sheet in self.book.worksheets if sheet.title not in SKIPPED_SHEETS]

    @cached_property
    def tables(self) -> dict[str, tuple[Table, int]]:
        """Sheets that are tables of the form, with the row of their headers; 0: not found."""
        found = {}
        for name, rows in self.contents.items():
            for table in self.form.tables:
                titles = (table.name, table.sheet, *table.title.model_dump().values())
                if normalise(name) in {normalise(title) for title in titles if title}:
                    found[name] = (table, _header_row(rows, table))
        return found

    # marks

    def _unmark(self, sheet: Worksheet) -> None:
        """Take the marks of an earlier answer away."""
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style and cell.fill.start_color.rgb == look.MARKED:
                    cell.fill = self._own_fill(sheet, cell)
                if cell.comment:
                    text = cell.comment.text.partition(_MARK)[0].rstrip()
                    author = cell.comment.author
                    cell.comment = look.note(text, author) if text else None

    def _own_fill(self, sheet: Worksheet, cell: Cell) -> PatternFill:
        """Fill that the template gives to a cell: only headers have one."""
        table, header_row = self.tables.get(sheet.title, (None, 0))
        if table is None or cell.row != header_row:
            return PatternFill()
        field = _known(table).get(normalise(str(cell.value or "")))
        return look.fill(look.REQUIRED if field and field.required else look.OPTIONAL)

    def _mark(self, finding: _Finding) -> None:
        if finding.sheet is None or finding.address is None:
            return
        cell = finding.sheet[finding.address]
        what, action = self.texts(finding)
        remark = f"{_MARK}{what}\n{action}"
        before = cell.comment.text if cell.comment else ""
        if remark in before:
            return
        cell.fill = look.fill(look.MARKED)
        text = f"{before}\n\n{remark}" if before else remark
        cell.comment = look.note(text, self.say("author"))

    # findings

    @cached_property
    def findings(self) -> list[_Finding]:
        """All refusals in the order of the workbook."""
        order = {name: at for at, name in enumerate(self.book.sheetnames)}
        found = [self._finding(row) for row in self.rejected]
        return sorted(found, key=lambda f: _place(f, order))

    def _finding(self, row: Mapping[str, Any]) -> _Finding:
        said, _, address = str(row.get("cell") or "").rpartition("!")
        name = (said or str(row.get("table_name") or "")).strip("'")
        sheet = self.book[name] if name in self.book.sheetnames else None
        match = _ADDRESS.fullmatch(address.replace("$", "").partition(":")[0])
        if sheet is None or match is None:
            return _Finding(row, sheet, None, None)
        column, number = column_index_from_string(match[1]), int(match[2])
        if column > _LAST_COLUMN or number > _LAST_ROW:
            return _Finding(row, sheet, None, None)
        for merged in sheet.merged_cells.ranges:
            if f"{match[1]}{number}" in merged:
                column, number = merged.min_col, merged.min_row
        address = sheet.cell(number, column).coordinate
        return _Finding(row, sheet, address, self._field(sheet, column))

    def _field(self, sheet: Worksheet, column: int) -> Column | Measure | None:
        table, header_row = self.tables.get(sheet.title, (None, 0))
        if table is None or not header_row:
            return None
        return _known(table).get(normalise(str(sheet.cell(header_row, column).value or "")))

    def texts(self, finding: _Finding) -> tuple[str, str]:
        """What is wrong and what to do."""
        row = finding.row
        own = look.texts("messages").get(row["code"])
        if row["code"] == "value_missing" and row.get("cell") is None:
            own = look.texts("answer")["no_rows"]
        if own is None:
            return str(row.get("message") or row["code"]), str(row.get("action") or "")
        actions = [own["action"][self.language], *self._hints(finding)]
        check = look.texts("checks").get(str(row.get("expected")).removeprefix("that "))
        return (check or own["what"])[self.language], " ".join(actions)

    def _hints(self, finding: _Finding) -> Iterator[str]:
        """What the form says about the column of a wrong value."""
        field, code = finding.field, finding.row["code"]
        _, _, nearest = str(finding.row.get("found") or "").partition("nearest: ")
        if code == "name_unknown" and nearest:
            yield self.say("similar", names=nearest)
        if isinstance(field, Column) and code in ("name_unknown", "value_missing"):
            kind = look.texts("template")["note"]["kinds"].get(field.type)
            if kind:
                yield kind[self.language]
        if isinstance(field, Measure) and code == "value_out_of_range":
            limits = checking.limits(field, self.language)
            if limits:
                yield self.say("limits", limits=limits)
            if field.at_most and finding.sheet is not None:
                table, _ = self.tables[finding.sheet.title]
                labels = {measure.indicator: measure.label for measure in table.measures}
                yield self.say("limit", whole=labels[field.at_most].of(self.language))


def _known(table: Table) -> dict[str, Column | Measure]:
    """Columns and measures by every text that their header may have."""
    found: dict[str, Column | Measure] = {}
    for column in table.columns:
        found[normalise(column.name)] = column
    for measure in table.measures:
        found[normalise(measure.indicator)] = measure
    for item in list(found.values()):
        for text in item.label.model_dump().values():
            if text:
                found[normalise(text)] = item
    return found


def _header_row(rows: Sequence[Sequence[Any]], table: Table) -> int:
    """Row with most of the headers of the table; 0 when there is none."""
    known = _known(table)
    counts = [
        sum(normalise(str(value)) in known for value in row if value) for row in rows[:_HEADER_ROWS]
    ]
    best = max(counts, default=0)
    return counts.index(best) + 1 if best else 0


def _place(finding: _Finding, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    sheet = order.get(finding.sheet.title, len(order)) if finding.sheet else len(order)
    if finding.sheet is None or finding.address is None:
        return sheet, 0, 0, str(finding.row.get("cell") or "")
    cell = finding.sheet[finding.address]
    return sheet, cell.row, cell.column, ""


@dataclass
class _AnswerSheet:
    """The sheet that says what became of the report."""

    answer: _Answer
    sheet: Worksheet
    row: int = 1

    def write(self) -> None:
        """Write outcome, counts and all findings."""
        say, findings = self.answer.say, self.answer.findings
        for column, width in zip("ABCDEFGH", (6, 38, 13, 30, 26, 36, 52, 60), strict=True):
            self.sheet.column_dimensions[column].width = width
        self._line(f"{self.answer.form.title.of(self.answer.language)}: {say('title')}", look.TITLE)
        self._line(self._outcome, look.BOLD, look.WRONG if self._is_bad else look.RIGHT)
        if findings:
            self._line(say("refused_count", count=str(len(findings))), look.BOLD)
        if any(finding.address for finding in findings):
            self._line(say("how"), look.PLAIN)
        self.row += 1
        self._write_sheets()
        if findings:
            self._write_findings()
        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.print_area = f"A1:G{self.row}"

    @property
    def _is_bad(self) -> bool:
        return bool(self.answer.findings) or self.answer.outcome_code not in (
            "accepted",
            "unchanged",
        )

    @property
    def _outcome(self) -> str:
        code = self.answer.outcome_code
        if code == "accepted" and self.answer.findings:
            code = "partly"
        if code not in look.texts("answer")["outcomes"]:
            return self.answer.say("outcomes", "other", outcome=code)
        return self.answer.say("outcomes", code)

    def _line(self, text: str, font: Any, color: str | None = None) -> None:
        cell = self.sheet.cell(self.row, 1)
        put(cell, text)
        cell.font, cell.alignment = font, look.MIDDLE
        self.sheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=7)
        self.sheet.row_dimensions[self.row].height = 26
        if color:
            cell.fill = look.fill(color)
        self.row += 1

    def _headers(self, key: str, first: int) -> None:
        for column, text in enumerate(look.texts("answer")[key][self.answer.language], first):
            cell = self.sheet.cell(self.row, column)
            put(cell, text)
            cell.font, cell.fill = look.BOLD, look.fill(look.OPTIONAL)
            cell.border, cell.alignment = look.EDGE, look.CENTRED
        self.sheet.row_dimensions[self.row].height = 32
        self.row += 1

    def _cells(self, first: int, *values: Any) -> None:
        for column, value in enumerate(values, first):
            cell = self.sheet.cell(self.row, column)
            put(cell, value)
            cell.border, cell.alignment = look.EDGE, look.WRAPPED

    def _write_sheets(self) -> None:
        """What arrived: rows by sheet, and how many of them have findings."""
        if not self.answer.tables:
            return
        self._headers("sheets", 2)
        for name, (_, header_row) in self.answer.tables.items():
            rows = self.answer.contents[name][header_row:]
            filled = sum(any(str(value).strip() for value in row) for row in rows)
            own = [f for f in self.answer.findings if f.sheet and f.sheet.title == name]
            wrong = {f.sheet[f.address].row for f in own if f.sheet and f.address}
            self._cells(2, name, filled, len(wrong), len(own))
            for column in (3, 4, 5):
                self.sheet.cell(self.row, column).alignment = look.CENTRED
            self.row += 1
        self.row += 1

    def _write_findings(self) -> None:
        self.sheet.print_title_rows = f"{self.row}:{self.row}"
        self._headers("findings", 1)
        for number, finding in enumerate(self.answer.findings, 1):
            row = finding.row
            what, action = self.answer.texts(finding)
            label = finding.field.label.of(self.answer.language) if finding.field else ""
            detail = f"expected {row['expected']}, found {row['found']}"
            place = str(row.get("cell") or "").rpartition("!")[2]
            whole = self.answer.say("whole_table" if row.get("table_name") else "whole_file")
            named = str(row.get("table_name") or "")
            if named in self.answer.form.by_name:
                named = self.answer.form.by_name[named].title.of(self.answer.language)
            table = finding.sheet.title if finding.sheet else named
            printed = str(row.get("value_printed") or "")
            self._cells(1, number, table, place or whole, label, printed, what, action, detail)
            self.sheet.cell(self.row, 1).alignment = look.CENTRED
            self.sheet.cell(self.row, 8).font = look.SMALL
            if finding.sheet is not None and finding.address:
                link = self.sheet.cell(self.row, 3)
                location = f"{quoted(finding.sheet.title)}!{finding.address}"
                link.hyperlink = Hyperlink(ref=link.coordinate, location=location)
                link.font = look.LINK
            lines = max(1 + len(what) // 34, 1 + len(action) // 50, 1 + len(printed) // 24)
            self.sheet.row_dimensions[self.row].height = 4 + 15 * lines
            self.row += 1
