"""Where everything of a template stands, and what its lists hold."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from warehouse.forms import workbook as look
from warehouse.forms.choices import Choice, Choices
from warehouse.forms.definition import LISTS_SHEET, Column, Form, Table, period_span
from warehouse.forms.workbook import FIRST_ROW, quoted

SYMBOLS = "symbols"
"""Key of the list of symbols that may stand for a missing figure."""


@dataclass(frozen=True)
class Plan:
    """One template to be written.

    Attributes:
        form: The form.
        choices: Its lists, in its language.
        cluster_id: Whose report it will be; None when that is left open.
        period_code: For when; None for a register.
        given: What is known already, by table.
        illustrative: Whether the figures will be made up.
    """

    form: Form
    choices: Choices
    cluster_id: str | None
    period_code: str | None
    given: Mapping[str, Sequence[Mapping[str, Any]]]
    illustrative: bool

    @property
    def language(self) -> str:
        """`ru` or `en`."""
        return self.choices.language

    def say(self, *keys: str, **parts: str) -> str:
        """One of our own sentences in the language of the form."""
        said = look.texts("template")
        for key in keys:
            said = said[key]
        return str(said[self.language]).format(**parts)

    def title(self, table: Table) -> str:
        """Name of the sheet of a table."""
        return table.title.of(self.language)

    @cached_property
    def entries(self) -> dict[str, list[Choice]]:
        """Entries of the sheet of lists, by key."""
        found: dict[str, list[Choice]] = {}
        for table in self.form.tables:
            for column in table.columns:
                entries = self.choices.of(column)
                if entries:
                    found.setdefault(list_key(column), entries)
        symbols = self.choices.lists.symbols
        found[SYMBOLS] = [Choice(reason, symbol) for symbol, reason in symbols.items()]
        return found

    @cached_property
    def wholes(self) -> dict[str, list[str]]:
        """Lists whose codes begin with a code of another list: names of what each belongs to."""
        found = {}
        for key, entries in self.entries.items():
            heads = [entry.code.partition(".")[0] for entry in entries if "." in entry.code]
            for other in self.entries.values():
                named = {entry.code: entry.name for entry in other}
                if len(heads) == len(entries) and set(heads) <= set(named):
                    found[key] = [named[head] for head in heads]
        return found

    def names(self, key: str) -> str:
        """Range of the names of a list."""
        return self._list_range(key, 1)

    def codes(self, key: str) -> str:
        """Range of the codes of a list."""
        return self._list_range(key, 2)

    def whole_names(self, key: str) -> str:
        """Range of the names of what the entries of a list belong to."""
        return self._list_range(key, 3)

    def _list_range(self, key: str, column: int) -> str:
        letter = get_column_letter(3 * list(self.entries).index(key) + column)
        return f"{LISTS_SHEET}!${letter}$2:${letter}${len(self.entries[key]) + 1}"

    def last_row(self, table: Table) -> int:
        """Last offered row: what is known, and half as much again to fill in."""
        known = len(self.given.get(table.name, ()))
        return FIRST_ROW - 1 + max(table.rows, known + table.rows // 2)

    def has(self, table_name: str, column: str) -> bool:
        """Whether the form has a column."""
        table = self.form.by_name.get(table_name)
        return table is not None and column in table_columns(table)

    def rows_of(self, table_name: str, column: str) -> str:
        """All offered rows of a column, as formulas of other sheets write them."""
        table = self.form.by_name[table_name]
        letter = get_column_letter(table_columns(table).index(column) + 1)
        last = self.last_row(table)
        return f"{quoted(self.title(table))}!${letter}${FIRST_ROW}:${letter}${last}"

    @property
    def headline(self) -> str:
        """Whose report it is, for when, and until when."""
        parts = []
        if self.cluster_id:
            parts.append(f"{self.say('cover', 'cluster')}: {self.cluster_id}")
        span = period_span(self.period_code) if self.period_code else None
        if self.period_code and span:
            parts.append(f"{self.say('cover', 'period')}: {self.period}")
            if self.form.due_after_days is not None:
                due = span[1] + timedelta(days=self.form.due_after_days)
                parts.append(f"{self.say('cover', 'due')}: {look.shown_date(due, self.language)}")
        if self.illustrative:
            parts.append(self.say("cover", "illustrative"))
        return " · ".join(parts)

    @property
    def period(self) -> str:
        """The period in words."""
        year, _, half = (self.period_code or "").partition("-H")
        return self.say("cover", "half_year" if half else "year", year=year, half=half)

    def set_up_page(self, sheet: Worksheet, titles: str, orientation: str) -> None:
        """Print on as few pages as stay readable, each with the headers and a number."""
        sheet.print_title_rows = titles
        sheet.page_setup.orientation = orientation
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        head = [self.form.title.of(self.language), self.cluster_id, self.period_code]
        sheet.oddHeader.left.text = " · ".join(part for part in head if part).replace("&", "&&")
        if self.illustrative:
            sheet.oddHeader.right.text = self.say("cover", "illustrative")
        sheet.oddFooter.left.text = self.say("cover", "footer")
        sheet.oddFooter.right.text = self.say("cover", "page")


def list_key(column: Column) -> str:
    """Key of the list of a column."""
    if column.type in ("code", "codes"):
        return column.codes or column.name
    return {"regions": "region"}.get(column.type, column.type)


def table_columns(table: Table) -> list[str]:
    """Names of the columns of a sheet, from left to right."""
    return [*(c.name for c in table.columns), *(m.indicator for m in table.measures)]
