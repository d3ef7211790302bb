"""A filled-in form, read as cells, to staged tables: every row knows its cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from warehouse.conform.codelists import CodeLists, Unit
from warehouse.conform.names import normalise
from warehouse.conform.numbers import Reading, decimal_sign
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.forms.definition import (
    FORM_SHEET,
    SKIPPED_SHEETS,
    Column,
    Form,
    Forms,
    Measure,
    Table,
    period_span,
)
from warehouse.forms.fields import (
    CLASSIFIERS,
    DEFAULT_CLASSIFIER,
    SHOWN_PLAINLY,
    Cell,
    Converter,
    Fault,
    bad_kind,
    is_shown_otherwise,
)
from warehouse.layout.texts import squeeze
from warehouse.readers.cells import Kind, Sheet, Workbook, printed
from warehouse.schema import FORM_TABLES, SUBMISSION

SHOWN = 5
"""Places that a message names at most."""
YES, NO = ("yes", "true", "да"), ("no", "false", "нет", "")
HEADER_ROWS = 20
"""The header stands within the first rows of a sheet."""
MONEY = "thousand_money"
"""Unit of money in thousands, whose currency follows from the country of the cluster."""


@dataclass(frozen=True)
class Head:
    """What the sheet `_form` says."""

    form: Form
    language: str
    cluster_id: str | None
    period_code: str | None
    start: date | None
    end: date | None
    is_illustrative: bool

    @property
    def country(self) -> str:
        """Country of the cluster, or of the register when its form names one."""
        return self.cluster_id[:2] if self.cluster_id else self.form.country

    @property
    def year(self) -> int | None:
        """Reporting year."""
        return self.start.year if self.start else None


@dataclass
class FormReading:
    """What a filled-in form says, as far as it can be read with certainty.

    Attributes:
        form: The form, once it is known.
        tables: Staged rows by table, `submission` among them.
        problems: What was refused, cell by cell.
    """

    form: Form
    tables: dict[str, pa.Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def content_hash(self) -> str:
        """Hash of what the form says and of what was refused, wherever it stands in the file."""
        said = {
            name: rows.drop_columns([c for c in PLACES if c in rows.column_names]).to_pylist()
            for name, rows in sorted(self.tables.items())
        }
        refused = [(problem.code, problem.found, problem.expected) for problem in self.problems]
        text = json.dumps([said, refused], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


PLACES = (
    *("row_id", "file_id", "received_at", "contract_version"),
    *("table_name", "cell", "cells", "printed", "value_printed"),
)
"""Columns that say where a row stands and when it came, not what it says."""


@dataclass(frozen=True)
class Origin:
    """Of which file the rows are."""

    file_id: str
    received_at: datetime


def form_of(workbook: Workbook, forms: Forms) -> Form | None:
    """The form that a file is, or says that it is; None when it is something else.

    Raises:
        WarehouseError: `no_contract` for a form or a version that is not known.
    """
    header = next((sheet for sheet in workbook.sheets if sheet.name == FORM_SHEET), None)
    if header is None:
        return _recognised(workbook, forms)
    said = _pairs(header)
    form = forms.get(f"form/{said.get('form', '')}")
    if form is not None and form.version == said.get("version"):
        return form
    raise WarehouseError.of(
        Code.NO_CONTRACT,
        expected="a form of " + ", ".join(f"{f.form} {f.version}" for f in forms.values()),
        found=f"form «{said.get('form', '')}», version «{said.get('version', '')}»",
        action="Fill in a template made by `warehouse form template`.",
        table=FORM_SHEET,
    )


def _recognised(workbook: Workbook, forms: Forms) -> Form | None:
    """The one form that knows the headers of a list that is not ours."""
    for form in forms.values():
        if form.recognise and workbook.format_code in form.format:
            wanted = form.recognise.items()
            if all(_has_headers(workbook, name, headers) for name, headers in wanted):
                return form
    return None


def _has_headers(workbook: Workbook, name: str, headers: Sequence[str]) -> bool:
    sheets = [sheet for sheet in workbook.sheets if not name or sheet.name == name]
    return any(
        set(headers) <= {squeeze(printed(cell)) for cell in sheet.raw[row]}
        for sheet in sheets
        for row in range(min(1, sheet.shape[0]))
    )


def _pairs(header: Sheet) -> dict[str, str]:
    rows, columns = header.shape
    found: dict[str, str] = {}
    for row in range(rows):
        key = squeeze(header.text(row, 0))
        if key and key in found:
            raise _bad_head(key, "said once", f"{found[key]}», then «{header.text(row, 1)}")
        found[key] = squeeze(header.text(row, 1)) if columns > 1 else ""
    return found


def read_form(workbook: Workbook, form: Form, origin: Origin, lists: CodeLists) -> FormReading:
    """Read all tables of a filled-in form.

    A cell that cannot be read refuses its figure; in a column that is no figure it refuses its
    row. A table that cannot be read, or a required one without rows, refuses the whole report:
    a report replaces the one before, so what is missing in it would vanish.

    Args:
        workbook: The cells.
        form: The form that they are.
        origin: Of which file.
        lists: All code lists.

    Raises:
        WarehouseError: `dimension_not_found` and others that refuse the whole file.
    """
    head = _head(workbook, form, lists, origin.received_at.date())
    reading = FormReading(form)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FORM_TABLES}
    converter = Converter(lists, head.country, head.year)
    fatal: list[Problem] = []
    filled: set[str] = set()
    for table, sheet in _sheets(workbook, form, fatal):
        reader = _TableReader(table, sheet, head, origin, converter, reading.problems)
        try:
            found = reader.rows()
        except WarehouseError as error:
            fatal.append(error.problem.at(table=sheet.name))
            continue
        rows[table.staged_table] += found
        filled.update([table.name] if found else [])
    fatal += [
        _no_rows(table) for table in form.tables if table.required and table.name not in filled
    ]
    if form.subject == "register":
        _refuse_strangers(form, rows, reading.problems)
    reading.problems = fatal + reading.problems
    reading.tables = {
        name: pa.Table.from_pylist(found, schema=FORM_TABLES[name])
        for name, found in rows.items()
        if found and not fatal
    }
    reading.tables["submission"] = pa.Table.from_pylist(
        [_submission(head, origin)], schema=SUBMISSION
    )
    return reading


def _refuse_strangers(
    form: Form, rows: dict[str, list[dict[str, Any]]], problems: list[Problem]
) -> None:
    """Refuse rows of a register about clusters and organisations that it does not describe.

    A report that names an organisation without describing it is quarantined by a check.
    """
    described = {table.staged_table for table in form.tables}
    for owner, key in (("cluster", "cluster_id"), ("organisation", "organisation_id")):
        known = {row[key] for row in rows[owner]}
        for name in sorted(described - {owner}) if owner in described else ():
            strangers = [row for row in rows[name] if row.get(key) not in (None, *known)]
            rows[name] = [row for row in rows[name] if row.get(key) in (None, *known)]
            problems += [_stranger(row, owner, key) for row in strangers]


def _stranger(row: dict[str, Any], owner: str, key: str) -> Problem:
    return Problem(
        Code.NAME_UNKNOWN,
        expected=f"a code that the table «{owner}» of the same file describes",
        found=f"«{row[key]}»",
        action="Describe it there, or correct the code.",
        table=row["table_name"],
        cell=row["cells"].get(key, row["cell"]),
        value_printed=row["printed"].get(key, ""),
    )


# ── whose report, and for when ──────────────────────────────────────────────────────────────


def _head(workbook: Workbook, form: Form, lists: CodeLists, arrived: date) -> Head:
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == FORM_SHEET), None)
    said = _pairs(sheet) if sheet else {}
    language = said.get("language") or "en"
    illustrative = said.get("illustrative", "").casefold()
    if illustrative not in YES + NO:
        raise _bad_head("illustrative", "yes or no", illustrative)
    is_illustrative = form.illustrative or illustrative in YES
    if form.subject == "register":
        return Head(form, language, None, None, None, None, is_illustrative)
    cluster, period = said.get("cluster_id", ""), said.get("period", "")
    column = Column.model_validate(
        {"name": "cluster_id", "type": "cluster", "label": {"ru": "", "en": "cluster"}}
    )
    _, fault = Converter(lists, "", None).read(column, Cell(cluster, Kind.TEXT, np.nan))
    if fault:
        raise _bad_head("cluster_id", fault.expected, cluster)
    span = period_span(period)
    is_over = span is not None and span[0] <= arrived
    if span is None or not is_over or ("-" in period) != (form.period == "half_year"):
        raise _bad_head("period", "2024-H1" if form.period == "half_year" else "2024", period)
    return Head(form, language, cluster, period, *span, is_illustrative)


def _bad_head(key: str, expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.DIMENSION_NOT_FOUND,
        expected=f"{key} in the sheet {FORM_SHEET}: {expected}",
        found=f"«{found}»" if found else "nothing",
        action="Fill in a template made by `warehouse form template` for this cluster and period.",
        table=FORM_SHEET,
    )


def _submission(head: Head, origin: Origin) -> dict[str, Any]:
    return {
        **_provenance(head, origin, FORM_SHEET, FORM_SHEET, FORM_SHEET),
        "form_code": head.form.form,
        "form_version": head.form.version,
        "language_code": head.language,
        "cluster_id": head.cluster_id,
        "period_code": head.period_code,
    }


def _provenance(
    head: Head, origin: Origin, table: str, table_name: str, cell: str
) -> dict[str, Any]:
    key = f"{origin.file_id}|{table}|{table_name}|{cell}".encode()
    return {
        "row_id": hashlib.blake2b(key, digest_size=16).hexdigest(),
        "file_id": origin.file_id,
        "contract_id": head.form.id,
        "contract_version": head.form.fingerprint,
        "reporter_id": head.cluster_id,
        "report_start": head.start,
        "report_end": head.end,
        "is_illustrative": head.is_illustrative,
        "received_at": origin.received_at,
        "table_name": table_name,
        "cell": cell,
        "cells": {},
        "printed": {},
    }


# ── which sheet is which table ──────────────────────────────────────────────────────────────


def _sheets(
    workbook: Workbook, form: Form, problems: list[Problem]
) -> Iterator[tuple[Table, Sheet]]:
    seen: set[str] = set()
    for sheet in workbook.sheets:
        if sheet.name in SKIPPED_SHEETS or not sheet.kind.any():
            continue
        tables = [table for table in form.tables if _is_named(table, sheet.name)]
        if not tables:
            problems.append(_unknown_sheet(form, sheet))
        for table in tables:
            if table.name in seen:
                problems.append(_told_twice(table, sheet))
                continue
            seen.add(table.name)
            yield table, sheet


def _is_named(table: Table, name: str) -> bool:
    if table.sheet is not None:
        return table.sheet == name
    titles = [table.name, *(t for t in table.title.model_dump().values() if t)]
    return normalise(name) in {normalise(title) for title in titles}


def _unknown_sheet(form: Form, sheet: Sheet) -> Problem:
    return Problem(
        Code.TABLE_NOT_FOUND,
        expected=f"a table of the form {form.form}: {', '.join(form.by_name)}",
        found=f"«{sheet.name}»",
        action="Use the names of the template, or take the sheet out.",
        table=sheet.name,
    )


def _told_twice(table: Table, sheet: Sheet) -> Problem:
    return Problem(
        Code.HEADER_AMBIGUOUS,
        expected=f"one sheet with the table «{table.title.en}»",
        found="a second one, perhaps hidden",
        action="Take out the one that does not count.",
        table=sheet.name,
    )


def _no_rows(table: Table) -> Problem:
    return Problem(
        Code.VALUE_MISSING,
        expected=f"at least one row of «{table.title.en}»",
        found="none that can be read",
        action="Fill in the table and send the report again.",
        table=table.name,
    )


# ── one table ───────────────────────────────────────────────────────────────────────────────


@dataclass
class _TableReader:
    table: Table
    sheet: Sheet
    head: Head
    origin: Origin
    converter: Converter
    problems: list[Problem]
    _places_of_figures: list[int] = field(default_factory=list)

    def rows(self) -> list[dict[str, Any]]:
        """Staged rows of the table."""
        top, places = self._header()
        self._places_of_figures = [
            places[measure.indicator]
            for measure in self.table.measures
            if measure.indicator in places
        ]
        self._check_required_columns(places)
        self._check_above(top, places)
        self._check_plain(top)
        found = self._records(top, places)
        kept = self._without_repeats(found)
        if not self.table.measures:
            return [row for record in kept for row in self._one_each(self._staged(record))]
        return [row for record in kept for row in self._figures(record)]

    # the header

    def _header(self) -> tuple[int, dict[str, int]]:
        """Row of the header, and the place of each known column."""
        known = self._known_headers()
        best, best_count = 0, 0
        for row in range(min(HEADER_ROWS, self.sheet.shape[0])):
            texts = [normalise(printed(cell)) for cell in self.sheet.raw[row]]
            count = sum(text in known for text in texts if text)
            if count > best_count:
                best, best_count = row, count
        if not best_count:
            raise self._layout(
                Code.HEADER_NOT_FOUND,
                f"a row with the headers of «{self.table.title.en}»",
                "none within the first rows",
            )
        return best, self._places(best, known)

    def _known_headers(self) -> dict[str, str]:
        known: dict[str, str] = {}
        named = [(column.name, column.label) for column in self.table.columns if not column.reads]
        named += [(measure.indicator, measure.label) for measure in self.table.measures]
        for name, label in named:
            texts = [name, *(text for text in label.model_dump().values() if text)]
            known.update({normalise(text): name for text in texts})
        return known

    def _places(self, top: int, known: Mapping[str, str]) -> dict[str, int]:
        ignored = {normalise(text) for text in self.table.ignore}
        places: dict[str, int] = {}
        for at, cell in enumerate(self.sheet.raw[top]):
            text = normalise(printed(cell))
            if not text or text in ignored:
                continue
            if text not in known:
                raise self._layout(
                    Code.CELL_UNEXPLAINED,
                    f"a header of «{self.table.title.en}»",
                    f"«{squeeze(printed(cell))}»",
                    (top, at),
                )
            if known[text] in places:
                raise self._layout(
                    Code.HEADER_AMBIGUOUS, "each header once", f"«{text}» twice", (top, at)
                )
            places[known[text]] = at
        return places

    def _check_required_columns(self, places: Mapping[str, int]) -> None:
        for column in self.table.columns:
            if column.required and (column.reads or column.name) not in places:
                raise self._layout(Code.LABELS_NOT_FOUND, f"a column «{column.label.en}»", "none")

    def _check_above(self, top: int, places: Mapping[str, int]) -> None:
        """Above the header stand the title and the units of the figures, and nothing else."""
        units = {
            places[measure.indicator]: self._unit(measure, self.head.year)
            for measure in self.table.measures
            if measure.indicator in places
        }
        names = self.converter.lists.unit_names()
        for row, at in zip(*np.nonzero(self.sheet.kind[:top]), strict=True):
            said = squeeze(self.sheet.text(row, at))
            if self._is_title(row, at):
                continue
            if not names.codes(said):
                raise self._layout(
                    Code.CELL_UNEXPLAINED, "a title or a unit above the header", f"«{said}»",
                    (int(row), int(at)),
                )  # fmt: skip
            if units.get(int(at)) not in names.codes(said):
                raise self._layout(
                    Code.UNIT_UNKNOWN, f"the unit {units.get(int(at), 'of no figure')}",
                    f"«{said}»", (int(row), int(at)),
                )  # fmt: skip

    def _check_plain(self, top: int) -> None:
        """Below the header nothing is merged and nothing that is filled in is hidden."""
        merged = [
            m
            for m in self.sheet.merges
            if m.bottom > top and (m.top, m.left) != (m.bottom, m.right)
        ]
        if merged:
            raise self._layout(
                Code.CELL_CLAIMED_TWICE, "a cell for each value", "merged cells",
                (merged[0].top, merged[0].left),
            )  # fmt: skip
        for row, at in zip(*np.nonzero(self.sheet.kind[top:]), strict=True):
            place = (int(row) + top, int(at))
            if place[0] in self.sheet.hidden_rows or place[1] in self.sheet.hidden_columns:
                raise self._layout(
                    Code.CELL_UNEXPLAINED, "nothing in rows and columns that are hidden",
                    f"«{squeeze(self.sheet.text(*place))}»", place,
                )  # fmt: skip

    def _is_title(self, row: int, column: int) -> bool:
        text = normalise(self.sheet.text(row, column))
        return text in {normalise(t) for t in self.table.title.model_dump().values() if t}

    def _layout(
        self, code: Code, expected: str, found: str, at: tuple[int, int] | None = None
    ) -> WarehouseError:
        cell = self.sheet.address(*at) if at else ""
        return WarehouseError.of(
            code,
            expected=expected,
            found=found,
            action="Use the template as it is: its headers and units are not to be changed.",
            table=self.sheet.name,
            cell=cell,
        )

    # the rows

    def _records(self, top: int, places: Mapping[str, int]) -> list[_Record]:
        kind = self.sheet.kind
        known = np.zeros(self.sheet.shape[1], dtype=bool)
        known[list(places.values())] = True
        ignored = {normalise(text) for text in self.table.ignore}
        for at, cell in enumerate(self.sheet.raw[top]):
            known[at] |= normalise(printed(cell)) in ignored
        found = []
        for row in range(top + 1, self.sheet.shape[0]):
            if not kind[row].any():
                continue
            stray = np.flatnonzero((kind[row] != Kind.EMPTY) & ~known)
            if len(stray):
                self._refuse(
                    row,
                    int(stray[0]),
                    Fault(
                        Code.CELL_UNEXPLAINED,
                        "nothing outside of the columns of the form",
                        "Move the remark into the column for notes, or take it out.",
                    ),
                )
                continue
            record = self._record(row, places)
            if record is not None:
                found.append(record)
        return found

    def _record(self, row: int, places: Mapping[str, int]) -> _Record | None:
        record = _Record(row)
        converter = self._converter_of(row, places)
        is_whole = True
        for column in self.table.columns:
            at = places.get(column.reads or column.name)
            is_filled = at is not None and self.sheet.kind[row, at] != Kind.EMPTY
            if at is not None and is_filled:
                cell = self._cell(row, at)
                value, fault = converter.read(column, cell)
                if fault:
                    self._refuse(row, at, fault)
                    is_whole = False
                record.values[column.name] = value
                record.cells[column.name] = at
            elif column.required:
                self._refuse(row, at, _missing(column))
                is_whole = False
            elif column.default is not None:
                record.values[column.name] = column.default
        for measure in self.table.measures:
            at = places.get(measure.indicator)
            if at is not None and self.sheet.kind[row, at] != Kind.EMPTY:
                record.figures[measure.indicator] = at
        return self._completed(record) if is_whole else None

    def _converter_of(self, row: int, places: Mapping[str, int]) -> Converter:
        """Reads a row by the country that it speaks of: a register is of many, a member of any."""
        country = self.converter.country
        for column in self.table.columns:
            at = places.get(column.name)
            if column.name not in ("cluster_id", "country_code") or at is None:
                continue
            if self.sheet.kind[row, at] != Kind.EMPTY:
                value, fault = self.converter.read(column, self._cell(row, at))
                country = country if fault else value[:2]
        return self.converter.of(country)

    def _completed(self, record: _Record) -> _Record | None:
        """The record with what follows from the report: its cluster, country, ids."""
        values = {**record.values}
        schema = FORM_TABLES[self.table.staged_table]
        values.update(self.table.constants)
        if "cluster_id" in schema.names:
            values.setdefault("cluster_id", self.head.cluster_id)
        own = self.head.cluster_id
        if own and values.get("cluster_id") not in (None, own):
            at = record.cells.get("cluster_id")
            self._refuse(
                record.row,
                at,
                Fault(Code.NAME_UNKNOWN, f"the cluster {own} that reports", "Correct the code."),
            )
            return None
        cluster = values.get("cluster_id") or self.head.cluster_id or ""
        country = values.get("country_code") or cluster[:2] or self.head.country
        if "country_code" in schema.names:
            values["country_code"] = country or None
        if "registry_number" in values and not self._identified(record, values, country):
            return None
        if not self._agrees(record, values):
            return None
        has_activity = values.get("activity_code") or values.get("activity_codes")
        if has_activity and "activity_classifier" not in values:
            values["activity_classifier"] = CLASSIFIERS.get(country, DEFAULT_CLASSIFIER)
        if self.table.staged_table == "support":
            values["recipient_id"] = values.get("recipient_id") or values["cluster_id"]
            values["support_year"] = values.get("support_year") or self.head.year
        if "currency_code" in schema.names and not self.table.measures:
            has_amount = any(
                name.endswith("amount") and values.get(name) is not None for name in schema.names
            )
            year = values.get("support_year") or self.head.year
            if has_amount and not values.get("currency_code") and year:
                values["currency_code"] = self.converter.money_currency(year)
        record.values = values
        return record

    def _agrees(self, record: _Record, values: dict[str, Any]) -> bool:
        """Whether a figure is not of a year to come, and a class belongs to its axis."""
        year, own = values.get("year"), self.head.year
        is_stated_ahead = any(column.name == "value_kind" for column in self.table.columns)
        if year and own and year > own and not is_stated_ahead:
            fault = Fault(Code.VALUE_OUT_OF_RANGE, f"a year up to {own}", "Correct the year.")
            self._refuse(record.row, record.cells["year"], fault)
            return False
        since, until = values.get("valid_from"), values.get("valid_to")
        if since and until and until < since:
            fault = Fault(Code.VALUE_OUT_OF_RANGE, f"a day from {since} on", "Correct the days.")
            self._refuse(record.row, record.cells["valid_to"], fault)
            return False
        joined, end = values.get("joined_on"), self.head.end
        if joined and end and joined > end:
            fault = Fault(Code.VALUE_OUT_OF_RANGE, f"a day up to {end}", "Correct the day.")
            self._refuse(record.row, record.cells["joined_on"], fault)
            return False
        axis, value = values.get("axis_code"), values.get("value_code")
        if axis and value and not str(value).startswith(f"{axis}."):
            fault = Fault(Code.NAME_UNKNOWN, f"a value of the axis {axis}", "Choose another value.")
            self._refuse(record.row, record.cells["value_code"], fault)
            return False
        return True

    def _identified(self, record: _Record, values: dict[str, Any], country: str) -> bool:
        at = record.cells["registry_number"]
        kind = int(self.sheet.kind[record.row, at])
        found, fault = self.converter.organisation_id(country, values["registry_number"], kind)
        if fault:
            self._refuse(record.row, at, fault)
            return False
        values["organisation_id"] = found
        values["registry_number"] = str(found).partition(":")[2]
        return True

    def _without_repeats(self, records: list[_Record]) -> list[_Record]:
        """Rows whose key stands once; rows that repeat another are dropped or refused."""
        groups: dict[tuple[Any, ...], list[_Record]] = {}
        for record in records:
            key = tuple(self._key_part(record, name) for name in self.table.key)
            groups.setdefault(key if self.table.key else (record.row,), []).append(record)
        kept = []
        for group in groups.values():
            is_same = all(one.values == group[0].values for one in group)
            if len(group) == 1 or (is_same and self.table.repeats == "drop"):
                kept.append(group[0])
                continue
            for record in group:
                at = record.cells.get(self.table.key[0]) or next(iter(record.cells.values()), 0)
                others = [other.row for other in group if other is not record]
                places = ", ".join(self.sheet.address(row, at) for row in others[:SHOWN])
                fault = Fault(
                    Code.KEY_DUPLICATE,
                    f"one row for each {', '.join(self.table.key)}",
                    "Keep the row that is right.",
                    f"the same in {places}",
                )
                self._refuse(record.row, at, fault)
        return kept

    def _key_part(self, record: _Record, name: str) -> Any:
        value = record.values.get(name)
        return self.head.year if name == "year" and value is None else value

    # staged rows

    def _staged(self, record: _Record) -> dict[str, Any]:
        cells = {name: self.sheet.address(record.row, at) for name, at in record.cells.items()}
        first = min(record.cells.values(), default=0)
        return {
            **self._common(record, self.sheet.address(record.row, first)),
            "cells": cells,
            "printed": {name: self._cell(record.row, at).text for name, at in record.cells.items()},
        }

    def _one_each(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A row for each value of a cell that lists several, where the table holds one."""
        listed = [column.name for column in self.table.columns if column.type == "each"]
        if not listed:
            yield row
            return
        name = listed[0]
        for number, value in enumerate(row[name] or []):
            key = f"{row['row_id']}|{number}".encode()
            yield {
                **row,
                name: value,
                "row_id": hashlib.blake2b(key, digest_size=16).hexdigest(),
            }

    def _common(self, record: _Record, cell: str) -> dict[str, Any]:
        names = FORM_TABLES[self.table.staged_table].names
        own = {name: value for name, value in record.values.items() if name in names}
        return {**self._provenance(cell), **own}

    def _provenance(self, cell: str) -> dict[str, Any]:
        return _provenance(self.head, self.origin, self.table.name, self.sheet.name, cell)

    def _figures(self, record: _Record) -> Iterator[dict[str, Any]]:
        year = record.values.get("year") or self.head.year
        base = self._staged(record)
        readings = {
            measure.indicator: self._reading(record, measure)
            for measure in self.table.measures
            if measure.indicator in record.figures
        }
        for measure in self.table.measures:
            reading = readings.get(measure.indicator)
            if reading is not None and self._is_possible(record, measure, reading, readings):
                yield self._figure(record, base, measure, reading, year)

    def _figure(
        self,
        record: _Record,
        base: dict[str, Any],
        measure: Measure,
        reading: Reading,
        year: int | None,
    ) -> dict[str, Any]:
        at = record.figures[measure.indicator]
        cell = self.sheet.address(record.row, at)
        unit = self.converter.lists.units[self._unit(measure, self.head.year or year)]
        reason = self.converter.lists.reasons.get(reading.reason or "")
        name = measure.indicator
        identity = self._provenance(cell)["row_id"]
        return {
            **base,
            "row_id": identity,
            "cell": cell,
            "cells": {**base["cells"], "value": cell},
            "indicator_code": name,
            "value_start": date(year, 1, 1) if year else None,
            "value_end": date(year, 12, 31) if year else None,
            "value_printed": self._cell(record.row, at).text,
            "value": reading.value,
            "value_digits": reading.digits,
            "unit_code": unit.code,
            "multiplier": unit.multiplier,
            "currency_code": unit.currency,
            "obs_status": reason.obs_status if reason else "A",
            "conf_status": reason.conf_status if reason else "F",
            "reason_code": reason.code if reason else None,
        }

    def _reading(self, record: _Record, measure: Measure) -> Reading | None:
        at = record.figures[measure.indicator]
        cell = self._cell(record.row, at)
        fault = bad_kind(cell)
        reading = Reading() if fault else self.converter.figure(cell, self._decimal)
        if reading.problem is not None:
            fault = Fault(reading.problem, "a number or a known symbol", "Correct the figure.")
        elif measure.unit != "per_cent" and (reading.per_cent or is_shown_otherwise(cell)):
            fault = Fault(Code.UNIT_UNKNOWN, *SHOWN_PLAINLY)
        elif self._unit(measure, self.head.year or record.values.get("year")) not in self._units:
            fault = Fault(
                Code.UNIT_UNKNOWN, "a country and year whose currency is known", "Say so."
            )
        if fault:
            self._refuse(record.row, at, fault)
            return None
        return reading

    @cached_property
    def _decimal(self) -> str | None:
        """The decimal sign that the texts in the columns of figures prove."""
        cells = self.sheet.raw[:, self._places_of_figures]
        texts = cells[self.sheet.kind[:, self._places_of_figures] == Kind.TEXT]
        found, is_mixed = decimal_sign(map(str, texts))
        return "neither" if is_mixed else found

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        return self.converter.lists.units

    def _is_possible(
        self,
        record: _Record,
        measure: Measure,
        reading: Reading,
        others: Mapping[str, Reading | None],
    ) -> bool:
        """Whether a figure keeps its limits; a figure beyond them is refused."""
        value = reading.value
        if value is None:
            return True
        whole = others.get(measure.at_most or "")
        top = whole.value if whole else None
        limits: list[tuple[bool, str]] = [
            (
                measure.low is not None and value < measure.low,
                f"{measure.low:g} or more" if measure.low is not None else "",
            ),
            (
                measure.high is not None and value > measure.high,
                f"{measure.high:g} or less" if measure.high is not None else "",
            ),
            (
                top is not None and value > top,
                f"no more than {measure.at_most} ({top:g})" if top is not None else "",
            ),
        ]
        broken = next((text for is_broken, text in limits if is_broken), None)
        if broken is None:
            return True
        action = "Correct the figure, or the one that it is part of."
        fault = Fault(Code.VALUE_OUT_OF_RANGE, f"{measure.label.en}: {broken}", action)
        self._refuse(record.row, record.figures[measure.indicator], fault)
        return False

    def _unit(self, measure: Measure, year: int | None) -> str:
        if measure.unit != MONEY:
            return measure.unit
        currency = self.converter.money_currency(year or self.head.year or date.max.year)
        return f"thousand_{currency}"

    # refusals

    def _cell(self, row: int, at: int) -> Cell:
        sheet = self.sheet
        return Cell(sheet.raw[row, at], int(sheet.kind[row, at]), float(sheet.number[row, at]))

    def _refuse(self, row: int, at: int | None, fault: Fault) -> None:
        text = self._cell(row, at).text if at is not None else ""
        self.problems.append(
            Problem(
                code=fault.code,
                expected=fault.expected,
                found=fault.found or (f"«{text[:120]}»" if text else "nothing"),
                action=fault.action,
                table=self.sheet.name,
                cell=self.sheet.address(row, at if at is not None else 0),
                value_printed=text[:200],
            )
        )


@dataclass
class _Record:
    """One row: values of its columns, where they stand, and where its figures stand."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)


def _missing(column: Column) -> Fault:
    return Fault(Code.VALUE_MISSING, f"«{column.label.en}»", "Fill in the cell.", "nothing")
