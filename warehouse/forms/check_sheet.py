"""The sheet of a template that shows errors before the report is sent, and how to fill it in."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.forms import workbook as look
from warehouse.forms.definition import Table
from warehouse.forms.plan import Plan, table_columns
from warehouse.forms.rules import Rule
from warehouse.forms.workbook import FIRST_ROW, put, quoted

RESULT = "A6"
"""Cell that says whether the report may be sent."""
FIRST_CHECK = 9
"""First row of the lines of checks: sheet, what to mend, rows, link."""


@dataclass(frozen=True)
class _Line:
    """One line: what to mend, how many rows are wrong, and the first of them, as formulas."""

    table: Table
    text: str
    count: str
    first: str


@dataclass(frozen=True)
class _AllRows:
    """All offered rows of a sheet, as formulas of another sheet write them."""

    plan: Plan
    table: Table

    def __call__(self, column: str) -> str:
        return self.plan.rows_of(self.table.name, column)

    @property
    def started(self) -> str:
        return self._any_of(table_columns(self.table))

    @property
    def reported(self) -> str:
        """Whether the row says something: a figure, in a table of figures."""
        figures = [measure.indicator for measure in self.table.measures]
        return self._any_of(figures or table_columns(self.table))

    def _any_of(self, columns: Sequence[str]) -> str:
        """Formula: whether any of some neighbouring columns is filled, for each row."""
        last = self.plan.last_row(self.table)
        ones = f"TRANSPOSE(COLUMN({self._block(columns, FIRST_ROW)})^0)"
        return f"(MMULT(--(LEN(TRIM({self._block(columns, last)}))>0),{ones})>0)"

    def _block(self, columns: Sequence[str], last: int) -> str:
        every = table_columns(self.table)
        left, right = (get_column_letter(every.index(columns[end]) + 1) for end in (0, -1))
        return f"{quoted(self.plan.title(self.table))}!${left}${FIRST_ROW}:${right}${last}"


def write_check_sheet(plan: Plan, sheet: Worksheet, rules: Sequence[Rule]) -> None:
    """Write the cover, one line per check, and whether all of them are passed."""
    _write_cover(plan, sheet)
    row = FIRST_CHECK
    for line in _lines(plan, rules):
        title = plan.title(line.table)
        put(sheet.cell(row, 1), title)
        put(sheet.cell(row, 2), line.text)
        _put_array(sheet, f"C{row}", f'=IFERROR({line.count},"?")')
        _put_array(sheet, f"F{row}", f'=IF(N(C{row})>0,{line.first},"")')
        link = f'HYPERLINK("#{quoted(title)}!A"&F{row},"A"&F{row})'
        sheet.cell(row, 4).value = f'=IF(N(C{row})>0,{link},"")'
        row += 1
    counts = f"C{FIRST_CHECK}:C{row - 1}"
    wrong = f'COUNTIF({counts},">0")+SUMPRODUCT(--ISTEXT({counts}))'
    ready, not_ready = plan.say("cover", "ready"), plan.say("cover", "not_ready")
    sheet[RESULT].value = f'=IF({wrong}=0,"{ready}","{not_ready}"&{wrong}&".")'
    _dress(plan, sheet, row - 1)


def _lines(plan: Plan, rules: Sequence[Rule]) -> Iterator[_Line]:
    for table in plan.form.tables:
        rows = _AllRows(plan, table)
        if table.required:
            none = f"IF(SUM(--{rows.reported})=0,1,0)"
            text = plan.say("rules", "no_figures" if table.measures else "no_rows")
            yield _Line(table, text, none, str(FIRST_ROW))
        numbers = f"ROW({rows(table_columns(table)[0])})"
        for rule in rules:
            if rule.table is table:
                wrong = f"({rule.condition(rows)})>0"
                count, first = f"SUM(--({wrong}))", f"MIN(IF({wrong},{numbers}))"
                yield _Line(table, rule.text, count, first)


def _put_array(sheet: Worksheet, at: str, formula: str) -> None:
    sheet[at] = ArrayFormula(at, formula)


def _write_cover(plan: Plan, sheet: Worksheet) -> None:
    put(sheet["A1"], plan.form.title.of(plan.language))
    put(sheet["A2"], plan.headline)
    about = [plan.form.note.of(plan.language)] if plan.form.note else []
    put(sheet["A3"], " ".join([*about, plan.say("cover", "how")]))
    legend = (
        ("A4", "legend_required", look.REQUIRED),
        ("B4", "legend_optional", look.OPTIONAL),
        ("C4", "legend_wrong", look.WRONG),
    )
    for at, key, color in legend:
        put(sheet[at], plan.say("cover", key))
        sheet[at].fill = look.fill(color)
        sheet[at].alignment = look.CENTRED
        sheet[at].border = look.EDGE
    headers = look.texts("template")["cover"]["headers"][plan.language]
    for column, text in enumerate(headers, 1):
        cell = sheet.cell(FIRST_CHECK - 1, column)
        put(cell, text)
        cell.font, cell.fill, cell.border = look.BOLD, look.fill(look.OPTIONAL), look.EDGE
        cell.alignment = look.CENTRED


def _dress(plan: Plan, sheet: Worksheet, last: int) -> None:
    for letter, width in zip("ABCDEF", (32, 78, 12, 14, 2, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["F"].hidden = True
    for row in (1, 2, 3, 6):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
    sheet.merge_cells("C4:D4")
    sheet["A1"].font, sheet["A2"].font = look.TITLE, look.BOLD
    sheet["A3"].alignment = look.WRAPPED
    sheet["A6"].font = look.TITLE
    sheet["A6"].alignment = look.CENTRED
    for row, height in ((1, 26), (3, 80), (4, 34), (6, 30), (FIRST_CHECK - 1, 20)):
        sheet.row_dimensions[row].height = height
    for row in range(FIRST_CHECK, last + 1):
        for column in range(1, 5):
            sheet.cell(row, column).border = look.EDGE
            sheet.cell(row, column).alignment = look.WRAPPED if column < 3 else look.CENTRED
        sheet.cell(row, 4).font = look.LINK
        if len(sheet.cell(row, 2).value) > 95:
            sheet.row_dimensions[row].height = 32
    lines = f"A{FIRST_CHECK}:D{last}"
    _color(sheet, lines, f"$C{FIRST_CHECK}<>0", look.WRONG)
    _color(sheet, f"C{FIRST_CHECK}:C{last}", f"$C{FIRST_CHECK}=0", look.RIGHT)
    _color(sheet, "A6:D6", f'$A$6="{plan.say("cover", "ready")}"', look.RIGHT)
    _color(sheet, "A6:D6", f'$A$6<>"{plan.say("cover", "ready")}"', look.WRONG)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    plan.set_up_page(sheet, f"{FIRST_CHECK - 1}:{FIRST_CHECK - 1}", "portrait")


def _color(sheet: Worksheet, cells: str, formula: str, color: str) -> None:
    sheet.conditional_formatting.add(cells, FormulaRule([formula], fill=look.fill(color)))
