"""Prints a report as a workbook: a sheet per kind of table, typed numbers, filters, no formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from warehouse.reports import words
from warehouse.reports.html import file_numbers, period_of, sources_of
from warehouse.reports.model import Cell, Column, Figure, Link, Page, Rank, Report, Table, Trace

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet might take for a formula."""
_NAME_LENGTH = 31
_WIDEST = 60
_A4 = 9
"""Its number among the papers that a workbook knows."""
_NOTHING = Trace(0, (), ())
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class _Place:
    """A table and the page it stands on."""

    page: Page
    table: Table


def write_workbook(report: Report, path: Path) -> None:
    """Write all tables of a report, its figures and their cells.

    Tables of one name and with the same columns share a sheet, with the page in its first column:
    the projects of all clusters can be filtered together.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        built = datetime.fromisoformat(report.built_at).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": report.title, "created": built, "comments": report.build_id})
        _Writer(report, book).write()


class _Writer:
    """Sheets of one workbook."""

    def __init__(self, report: Report, book: xlsxwriter.Workbook) -> None:
        self._report = report
        self._book = book
        self._formats: dict[tuple[str, bool], Any] = {}
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        )
        self._text = book.add_format({"valign": "top"})
        self._quoted = book.add_format({"valign": "top", "quote_prefix": True})
        self._names: set[str] = set()

    def write(self) -> None:
        """Every sheet: what this is, the tables, the figures, the cells."""
        self._about()
        for places in _grouped(self._report.pages):
            self._tables(places)
        self._figures()
        self._cells()

    def _say(self, name: str, **given: object) -> str:
        return words.text(name, self._report.language, **given)

    def _about(self) -> None:
        sheet = self._sheet(self._say("report"))
        report = self._report
        lines = [
            report.title,
            self._say(
                "build", build=report.build_id, date=words.day(report.built_on, report.language)
            ),
            self._say("legend"),
        ]
        if report.missing:
            said = self._say("incomplete", year=report.year)
            lines.insert(1, f"{said} {'; '.join(report.missing)}.")
        for row, line in enumerate(lines):
            self._write_text(sheet, row, 0, line)
        sheet.set_column(0, 0, 120)

    def _sheet(self, title: str) -> Worksheet:
        plain = title.translate(_FORBIDDEN).strip("' ")
        name = plain[:_NAME_LENGTH]
        count = 2
        while name.casefold() in self._names:
            tail = f" {count}"
            name = f"{plain[: _NAME_LENGTH - len(tail)]}{tail}"
            count += 1
        self._names.add(name.casefold())
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # as wide as a page, as long as it takes
        return sheet

    def _tables(self, places: Sequence[_Place]) -> None:
        columns = places[0].table.columns
        heads = [
            self._say("page"),
            *[
                f"{column.label}, {column.unit}" if column.unit else column.label
                for column in columns
            ],
        ]
        rows: list[Sequence[Cell]] = [
            [place.page.title, *row] for place in places for row in place.table.rows
        ]
        figures = [cell for row in rows for cell in row if isinstance(cell, Figure)]
        below = [places[0].table.note] if places[0].table.note else []
        if figures:
            below.append(f"{self._say('period')}: {period_of(figures)}")
            below.append(f"{self._say('source')}: {sources_of(self._report, figures)}")
        self._grid(self._sheet(places[0].table.title), heads, rows, below)

    def _grid(
        self,
        sheet: Worksheet,
        heads: Sequence[str],
        rows: Sequence[Sequence[Cell | float]],
        below: Sequence[str] = (),
    ) -> None:
        widths = [min(len(head), 18) for head in heads]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                width = self._write(sheet, place, column, cell)
                widths[column] = max(widths[column], min(width, _WIDEST))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        for place, line in enumerate(below, start=len(rows) + 2):
            self._write_text(sheet, place, 0, line)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell | float) -> int:
        """Write a cell with its type; the width that it takes."""
        if cell is None or cell == "":
            return 0
        if isinstance(cell, Figure):
            return self._write_figure(sheet, row, column, cell)
        if isinstance(cell, Rank):
            tail = words.text("rank", self._report.language, rank="", count=cell.count)
            sheet.write_number(row, column, cell.rank, self._format(f'0"{tail}"'))
            return 8
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._format("yyyy-mm-dd"))
            return 10
        if isinstance(cell, (int, float)):
            sheet.write_number(row, column, cell, self._format("#,##0"))
            return 8
        return self._write_text(sheet, row, column, cell.text if isinstance(cell, Link) else cell)

    def _write_figure(self, sheet: Worksheet, row: int, column: int, figure: Figure) -> int:
        if figure.value is None:
            return 0
        plain = "#,##0" + (f".{'0' * figure.digits}" if figure.digits else "")
        tail = words.signs(figure.marks)
        if figure.is_change:
            tail += f" {words.unit(figure.unit, self._report.language)}"
        shown = f'{plain}"{tail}"' if tail else plain
        if figure.is_change:
            shown = f"+{shown};-{shown};{shown}"
        sheet.write_number(row, column, figure.value, self._format(shown))
        return 12

    def _write_text(self, sheet: Worksheet, row: int, column: int, text: str) -> int:
        form = self._quoted if text.startswith(FORMULA) else self._text
        sheet.write_string(row, column, text[:32767], form)
        return len(text)

    def _format(self, shown: str) -> Any:
        key = (shown, True)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"num_format": shown, "valign": "top"})
        return self._formats[key]

    def _figures(self) -> None:
        report = self._report
        names = ("page", "name", "definition", "year_label", "value", "unit", "why", "status")
        heads = [self._say(name) for name in names]
        heads += [self._say("cells_count"), self._say("command")]
        rows: list[list[Cell | float]] = []
        for page, figure in _each_figure(report):
            label = report.labels[figure.key]
            rows.append(
                [
                    page.title,
                    label.said,
                    figure.definition,
                    str(figure.year),
                    figure,
                    words.unit(figure.unit, report.language),
                    figure.reason if figure.value is None else "",
                    ", ".join(self._say(f"mark_{mark.value}") for mark in figure.marks),
                    report.traces.get(figure.key, _NOTHING).count,
                    label.command,
                ]
            )
        self._grid(self._sheet(self._say("figures_sheet")), heads, rows)

    def _cells(self) -> None:
        report = self._report
        numbers = file_numbers(report)
        heads = [
            self._say(name) for name in ("name", "role_of_cell", "file", "sheet", "cell", "printed")
        ]
        rows: list[list[Cell | float]] = []
        for key, found in report.traces.items():
            said = report.labels[key].said
            rows += [
                [
                    said,
                    self._say(f"role_{cell.role}"),
                    f"[{numbers[cell.file_id]}] {report.files[cell.file_id].name}",
                    cell.table,
                    cell.cell,
                    cell.printed,
                ]
                for cell in found.cells
            ]
        sheet = self._sheet(self._say("cells_sheet"))
        self._grid(sheet, heads, rows, [self._say("cells_first")])


def _each_figure(report: Report) -> Iterable[tuple[Page, Figure]]:
    seen: set[tuple[str, Figure]] = set()
    for page in report.pages:
        for figure in page.figures():
            if (page.path, figure) not in seen:
                seen.add((page.path, figure))
                yield page, figure


def _grouped(pages: Iterable[Page]) -> list[list[_Place]]:
    found: dict[tuple[str, tuple[Column, ...]], list[_Place]] = {}
    for page in pages:
        for table in page.tables():
            key = (table.name, table.columns)
            found.setdefault(key, []).append(_Place(page, table))
    return list(found.values())
