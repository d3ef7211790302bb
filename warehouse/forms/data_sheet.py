"""One table of a form as a sheet: headers with notes, rows to fill in, lists, colours."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.forms import rules as checking
from warehouse.forms import workbook as look
from warehouse.forms.choices import FIRST_YEAR, LAST_YEAR
from warehouse.forms.definition import Column, Measure, Table
from warehouse.forms.plan import Plan, list_key, table_columns
from warehouse.forms.workbook import FIRST_ROW, HEADER_ROW, UNIT_ROW, put

_TEXT_FORMAT = "@"
_WIDTHS = {
    "date": 13, "year": 9, "number": 14, "whole": 10, "region": 26, "country": 24, "currency": 10,
    "organisation": 20, "registry_number": 20, "activity": 14, "cluster": 16,
}  # fmt: skip
_LONG, _MEDIUM = 34.0, 22.0
_OWN = "\0"
"""Stands for the cell that is coloured, until it is known which cells are coloured alike."""


@dataclass(frozen=True)
class _OneRow:
    """Any row of a sheet, as rules for the colour of one of its cells write it."""

    names: Sequence[str]
    own: str

    def __call__(self, column: str) -> str:
        return _OWN if column == self.own else self._anchored(column)

    @property
    def started(self) -> str:
        return f"(COUNTA({self._anchored(self.names[0])}:{self._anchored(self.names[-1])})>0)"

    def _anchored(self, column: str) -> str:
        return f"${get_column_letter(self.names.index(column) + 1)}{FIRST_ROW}"


def write_data_sheet(
    plan: Plan, table: Table, sheet: Worksheet, rules: Sequence[checking.Rule]
) -> None:
    """Write title, units, headers, rows, lists and colours of one table."""
    _DataSheet(plan, table, sheet, rules).write()


@dataclass
class _DataSheet:
    """One table of the form as a sheet."""

    plan: Plan
    table: Table
    sheet: Worksheet
    rules: Sequence[checking.Rule]

    def write(self) -> None:
        """Write title, units, headers, rows, lists and colours."""
        self._write_head()
        self._write_rows()
        self._add_validations()
        self._color_errors()
        self._dress()

    @property
    def _fields(self) -> list[Column | Measure]:
        return [*self.table.columns, *self.table.measures]

    @property
    def _last(self) -> int:
        return self.plan.last_row(self.table)

    def _write_head(self) -> None:
        language = self.plan.language
        title = self.sheet.cell(1, 1)
        put(title, self.table.title.of(language))
        title.font = look.TITLE
        author = self.plan.say("cover", "author")
        if self.table.note:
            title.comment = look.note(self.table.note.of(language), author)
        if len(self._fields) > 1:
            self.sheet.merge_cells(
                start_row=1, start_column=1, end_row=1, end_column=len(self._fields)
            )
        for at, item in enumerate(self._fields, 1):
            unit = self.sheet.cell(UNIT_ROW, at)
            if isinstance(item, Measure):
                put(unit, self.plan.choices.unit(item.unit))
            unit.font, unit.alignment = look.SMALL, look.ABOVE
            header = self.sheet.cell(HEADER_ROW, at)
            put(header, item.label.of(language))
            header.font, header.alignment, header.border = look.BOLD, look.CENTRED, look.EDGE
            header.fill = look.fill(look.REQUIRED if item.required else look.OPTIONAL)
            header.comment = look.note(self._note(item), author)

    def _note(self, item: Column | Measure) -> str:
        """Definition, unit, limits: what a respondent needs to know about a column."""
        say, language = self.plan.say, self.plan.language
        lines = [item.label.of(language)]
        if item.note:
            lines.append(item.note.of(language))
        if isinstance(item, Measure):
            lines += self._note_on_measure(item)
        else:
            if self.plan.choices.of(item) and item.type not in ("codes", "regions"):
                lines.append(say("note", "list"))
            elif item.type in look.texts("template")["note"]["kinds"]:
                lines.append(say("note", "kinds", item.type))
            if item.default:
                shown = {choice.code: choice.name for choice in self.plan.choices.of(item)}
                lines.append(say("note", "default", default=shown.get(item.default, item.default)))
        if item.required:
            lines.append(say("note", "required"))
        return "\n".join(dict.fromkeys(lines))

    def _note_on_measure(self, measure: Measure) -> Iterator[str]:
        say = self.plan.say
        unit = self.plan.choices.unit(measure.unit)
        if unit:
            yield say("note", "unit", unit=unit)
        limits = checking.limits(measure, self.plan.language)
        if limits:
            yield say("note", "limits", limits=limits)
        if measure.at_most:
            labels = {other.indicator: other.label for other in self.table.measures}
            yield say("note", "at_most", whole=labels[measure.at_most].of(self.plan.language))

    def _write_rows(self) -> None:
        given = self.plan.given.get(self.table.name, ())
        for at, item in enumerate(self._fields, 1):
            name = item.indicator if isinstance(item, Measure) else item.name
            names = self._names(item)
            model = self.sheet.cell(FIRST_ROW, at)
            model.border, model.protection = look.EDGE, Protection(locked=False)
            model.alignment, model.number_format = _alignment(item), self._format(item)
            for row in range(FIRST_ROW, self._last + 1):
                cell = self.sheet.cell(row, at)
                if row > FIRST_ROW:
                    cell._style = copy(model._style)
                if row - FIRST_ROW < len(given):
                    number_format = cell.number_format
                    put(cell, self._shown(given[row - FIRST_ROW].get(name), names))
                    cell.number_format = number_format

    def _names(self, item: Column | Measure) -> dict[str, str]:
        if isinstance(item, Measure):
            return {}
        return {choice.code: choice.name for choice in self.plan.choices.of(item)}

    def _shown(self, value: Any, names: Mapping[str, str]) -> Any:
        """A value as the sheet shows it: codes by name, lists with semicolons."""
        if isinstance(value, list | tuple):
            return "; ".join(str(self._shown(one, names)) for one in value)
        if isinstance(value, str):
            own = f"{self.plan.choices.country}:"
            return names.get(value, value.removeprefix(own))
        return value

    def _format(self, item: Column | Measure) -> str:
        if isinstance(item, Measure):
            return "#,##0" if item.unit in ("persons", "units") else "#,##0.0##"
        dates = {"ru": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
        formats = {
            "date": dates[self.plan.language],
            "year": "0",
            "whole": "#,##0",
            "number": "#,##0.0##",
        }
        return formats.get(item.type, _TEXT_FORMAT)

    # what may be entered

    def _add_validations(self) -> None:
        alike: dict[str, tuple[DataValidation, list[int]]] = {}
        for at, item in enumerate(self._fields, 1):
            validation = (
                self._of_measure(item) if isinstance(item, Measure) else self._of_column(item)
            )
            if validation is not None:
                alike.setdefault(repr(validation), (validation, []))[1].append(at)
        for validation, places in alike.values():
            validation.errorTitle = self.plan.say("input", "title")
            validation.showErrorMessage = validation.allowBlank = True
            validation.sqref = MultiCellRange(self._cells(places))
            self.sheet.add_data_validation(validation)

    def _of_measure(self, measure: Measure) -> DataValidation:
        """A warning, not a stop: symbols for missing figures are possible too."""
        low = "-1E+15" if measure.low is None else f"{measure.low:g}"
        high = "1E+15" if measure.high is None else f"{measure.high:g}"
        message = self.plan.say("input", "number")
        if measure.high is not None:
            limits = checking.limits(measure, self.plan.language)
            message += " " + self.plan.say("input", "limits", limits=limits)
        return DataValidation(
            "decimal", low, high, operator="between", errorStyle="warning", error=message
        )

    def _of_column(self, column: Column) -> DataValidation | None:
        plan = self.plan
        if column.type in ("codes", "regions"):
            return None
        if plan.choices.of(column):
            is_open = column.type == "region"  # districts are possible, though not offered
            return DataValidation(
                "list",
                plan.names(list_key(column)),
                errorStyle="warning" if is_open else "stop",
                error=plan.say("input", "region" if is_open else "list"),
            )
        if column.type == "date":
            span = ("DATE(1900,1,1)", f"DATE({LAST_YEAR},12,31)")
            error = plan.say("input", "date")
            return DataValidation("date", *span, operator="between", error=error)
        if column.type == "year":
            first = str(FIRST_YEAR)
            last = str(checking.last_year(self.table, plan.period_code))
            error = plan.say("input", "year", first=first, last=last)
            return DataValidation("whole", first, last, operator="between", error=error)
        if column.type == "organisation" and plan.has("organisation", "registry_number"):
            known = plan.form.by_name["organisation"].title.of(plan.language)
            numbers = plan.rows_of("organisation", "registry_number")
            error = plan.say("input", "organisation", sheet=known)
            return DataValidation("list", numbers, errorStyle="warning", error=error)
        return None

    def _color_errors(self) -> None:
        """Colour wrong cells as they are typed, by rules that look at this sheet alone."""
        names = table_columns(self.table)
        for rule in self.rules:
            if rule.table is not self.table:
                continue
            alike: dict[str, list[int]] = {}
            for name, wrong in rule.marks.items():
                alike.setdefault(wrong(_OneRow(names, name)), []).append(names.index(name) + 1)
            for condition, places in alike.items():
                formula = f"({condition})>0".replace(
                    _OWN, f"{get_column_letter(places[0])}{FIRST_ROW}"
                )
                self.sheet.conditional_formatting.add(
                    self._cells(places), FormulaRule([formula], fill=look.fill(look.WRONG))
                )

    def _cells(self, places: Sequence[int]) -> str:
        """All offered cells of some columns."""
        letters = [get_column_letter(at) for at in places]
        return " ".join(f"{letter}{FIRST_ROW}:{letter}{self._last}" for letter in letters)

    def _dress(self) -> None:
        sheet = self.sheet
        widths = [self._width(item) for item in self._fields]
        for at, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        labels = [item.label.of(self.plan.language) for item in self._fields]
        lines = [_lines(text, width) for text, width in zip(labels, widths, strict=True)]
        sheet.row_dimensions[1].height = 24
        sheet.row_dimensions[HEADER_ROW].height = 6 + 15 * max(lines)
        if self.table.measures:
            sheet.row_dimensions[UNIT_ROW].height = 38
        if self._last == FIRST_ROW:
            sheet.row_dimensions[FIRST_ROW].height = 64
        sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)
        sheet.print_area = f"A1:{get_column_letter(len(widths))}{self._last}"
        color = look.REQUIRED if self.table.required else look.OPTIONAL
        sheet.sheet_properties.tabColor = color
        guard = sheet.protection
        guard.sheet = True
        guard.formatColumns = guard.formatRows = guard.insertRows = guard.sort = False
        self.plan.set_up_page(sheet, f"1:{HEADER_ROW}", "landscape")

    def _width(self, item: Column | Measure) -> float:
        if isinstance(item, Measure):
            return 16
        names = self._names(item).values()
        if item.type in ("code", "codes"):
            return float(min(38, max(12, 3 + max(map(len, names)))))
        if item.type in _WIDTHS:
            return float(_WIDTHS[item.type])
        is_long = item.name in ("name", "title") or "name" in item.name or "note" in item.name
        return float(_LONG if is_long else _MEDIUM)


def _alignment(item: Column | Measure) -> Alignment:
    kind = "number" if isinstance(item, Measure) else item.type
    if kind in ("number", "whole"):
        return look.RIGHT_SIDE
    return look.CENTRED if kind in ("date", "year", "currency") else look.WRAPPED


def _lines(text: str, width: float) -> int:
    """Lines that a bold header takes in a column, broken between words."""
    count, used = 1, 0.0
    for word in text.split():
        needed = len(word) * 1.25
        if used and used + needed > width:
            count, used = count + 1, 0.0
        count += int(needed // width) if needed > width else 0
        used += needed + 1.25
    return count
