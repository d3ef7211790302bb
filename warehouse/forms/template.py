"""Writes the Excel template of a form: one sheet per table, lists, notes, and a check sheet."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from warehouse.conform.codelists import CodeLists
from warehouse.forms import workbook as look
from warehouse.forms.check_sheet import write_check_sheet
from warehouse.forms.choices import of_form
from warehouse.forms.data_sheet import write_data_sheet
from warehouse.forms.definition import CHECK_SHEETS, FORM_SHEET, LISTS_SHEET, Form
from warehouse.forms.plan import Plan
from warehouse.forms.rules import Rule, rules
from warehouse.forms.workbook import put


def write_template(
    form: Form,
    lists: CodeLists,
    *,
    language: str,
    cluster_id: str | None,
    period_code: str | None,
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = {},
    illustrative: bool = False,
) -> None:
    """Write a form as a workbook that can be filled in.

    The same arguments give the same bytes.

    Args:
        form: The form.
        lists: All code lists, for the drop-down lists and the names of units.
        language: `ru` or `en`: of labels, lists and notes.
        cluster_id: Whose report it will be; None when that is left open.
        period_code: `2024` or `2024-H1`; None for a register.
        path: Where to write it.
        rows: What is known already: table to rows of column or indicator to value. Codes are
            written as their names, lists with semicolons between, dates as dates.
        illustrative: Whether the figures will be made up.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`.
    """
    choices = of_form(form, lists, language, cluster_id, period_code)
    plan = Plan(form, choices, cluster_id, period_code, rows, illustrative)
    book = Workbook()
    check = book.active
    check.title = CHECK_SHEETS[language]
    found: list[Rule] = rules(plan)
    for table in form.tables:
        write_data_sheet(plan, table, book.create_sheet(plan.title(table)), found)
    _write_lists(plan, book)
    _write_form(plan, book)
    write_check_sheet(plan, check, found)
    book.security = WorkbookProtection(lockStructure=True)
    book.calculation.fullCalcOnLoad = True
    look.save(book, path)


def _write_lists(plan: Plan, book: Workbook) -> None:
    """The hidden sheet behind the drop-down lists: names, codes, and what they belong to."""
    sheet = book.create_sheet(LISTS_SHEET)
    for at, (key, entries) in enumerate(plan.entries.items()):
        put(sheet.cell(1, 3 * at + 1), key)
        for row, entry in enumerate(entries, 2):
            put(sheet.cell(row, 3 * at + 1), entry.name)
            put(sheet.cell(row, 3 * at + 2), entry.code)
        for row, whole in enumerate(plan.wholes.get(key, ()), 2):
            put(sheet.cell(row, 3 * at + 3), whole)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


def _write_form(plan: Plan, book: Workbook) -> None:
    """The hidden sheet that says whose report it is."""
    said = {
        "form": plan.form.form,
        "version": plan.form.version,
        "language": plan.language,
        "cluster_id": plan.cluster_id or "",
        "period": plan.period_code or "",
        "illustrative": "yes" if plan.illustrative else "no",
    }
    sheet = book.create_sheet(FORM_SHEET)
    for row, (key, value) in enumerate(said.items(), 1):
        put(sheet.cell(row, 1), key)
        put(sheet.cell(row, 2), value)
        sheet.cell(row, 2).number_format = "@"
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
