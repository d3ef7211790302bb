"""Cells of a form to values of a type: dates, codes, regions, registry numbers, figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from warehouse.conform.codelists import CodeLists
from warehouse.conform.names import NameIndex
from warehouse.conform.numbers import Notation, Reading, read_text, stored_digits
from warehouse.errors import Code
from warehouse.forms.definition import Column
from warehouse.forms.registry_numbers import known_form, problem_of
from warehouse.layout.texts import squeeze
from warehouse.readers.cells import Kind, printed

CLUSTER_ID = re.compile(r"(?P<country>[A-Z]{2})-[A-Z0-9][A-Z0-9-]*")
ORGANISATION_ID = re.compile(r"(?:(?P<country>[A-Z]{2}):)?(?P<number>[\w./-]+)")
CLASSIFIERS = {"BY": "OKRB_005_2011", "KZ": "OKED_KZ", "RU": "OKVED2"}
"""Classifier of activities in force, by country."""
DEFAULT_CLASSIFIER = "NACE_R2"
SEPARATOR = ";"
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:T[0-9:.Z+-]*)?"),
    re.compile(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})"),
)
_YEARS = range(1990, 2101)
_DAYS = range(1900, 2101)
LARGEST = 1e15
"""A figure beyond this is a slip: it is more than the money of the world."""
CLUSTER_LINK = re.compile(r"[A-Z]{2}-C[0-9]{2,3}")
"""A cluster where an organisation may stand: as the end of a link, or as a recipient."""


@dataclass(frozen=True)
class Fault:
    """Why a cell is refused.

    Attributes:
        code: Error code.
        expected: What would have been right.
        found: What is there; empty: the text of the cell.
        action: What to do.
        suggestion: A line for a code list that would map the text.
    """

    code: Code
    expected: str
    action: str
    found: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell as it stands in the file."""

    raw: Any
    kind: int
    number: float

    @cached_property
    def text(self) -> str:
        """As printed, in one line."""
        if isinstance(self.raw, datetime):
            return self.raw.date().isoformat()
        return squeeze(printed(self.raw))


Converted = tuple[Any, Fault | None]
_CORRECT = "Correct the cell and send the report again."
_BAD_KINDS = {
    Kind.ERROR: (Code.CELL_ERROR, "a value", "Mend the formula and send the report again."),
    Kind.FORMULA_WITHOUT_VALUE: (
        Code.FORMULA_WITHOUT_VALUE,
        "a formula with its stored result",
        "Open the report in a spreadsheet program, recalculate, save and send it again.",
    ),
}


SHOWN_PLAINLY = (
    "a figure that is shown as it is meant: no per cent, no thousands by its number format",
    "Set the number format of the cell to a plain number.",
)


def is_shown_otherwise(cell: Cell) -> bool:
    """Whether the number format of a cell shows another number than the one that is stored."""
    is_number = cell.kind == Kind.NUMBER and isinstance(cell.raw, int | float)
    return is_number and not math.isclose(cell.number, cell.raw, abs_tol=1e-12)


def bad_kind(cell: Cell) -> Fault | None:
    """The fault of a cell that holds no value at all."""
    found = _BAD_KINDS.get(Kind(cell.kind))
    return Fault(*found) if found else None


@dataclass
class Converter:
    """Reads cells for one report: its country decides what names and numbers may mean.

    Attributes:
        lists: All code lists.
        country: Country of the cluster; empty for a register of several.
        year: Reporting year; None for a register.
        currency: Currency of the country.
    """

    lists: CodeLists
    country: str
    year: int | None
    _known: dict[tuple[Any, ...], Converted] = field(default_factory=dict)
    _others: dict[str, Converter] = field(default_factory=dict)

    def of(self, country: str) -> Converter:
        """The same report, in a row that speaks of another country."""
        if country == self.country:
            return self
        if country not in self._others:
            self._others[country] = Converter(self.lists, country, self.year)
        return self._others[country]

    def read(self, column: Column, cell: Cell) -> Converted:
        """Value of a filled cell, or why it has none."""
        fault = bad_kind(cell)
        if fault:
            return None, fault
        number = None if math.isnan(cell.number) else cell.number
        key = (column.type, column.codes, cell.text, cell.kind, number)
        if key not in self._known:
            self._known[key] = self._readers[column.type](column, cell)
        return self._known[key]

    @cached_property
    def _readers(self) -> dict[str, Callable[[Column, Cell], Converted]]:
        return {
            "text": lambda _, cell: (cell.text, None),
            "number": self._number,
            "whole": self._whole,
            "date": self._date,
            "year": self._year,
            "code": lambda column, cell: self._code(column, cell.text),
            "codes": lambda column, cell: self._many(cell, lambda one: self._code(column, one)),
            "region": lambda _, cell: self._region(cell.text),
            "regions": lambda _, cell: self._many(cell, self._region),
            "country": lambda _, cell: self._country(cell.text),
            "activity": lambda _, cell: self._activity(cell.text),
            "activities": lambda _, cell: self._many(cell, self._activity),
            "organisation": lambda _, cell: self._organisation(cell.text, cell.kind),
            "organisations": lambda _, cell: self._many(
                cell, lambda one: self._organisation(one, cell.kind)
            ),
            "registry_number": lambda _, cell: (cell.text, None),
            "cluster": lambda _, cell: self._cluster(cell.text),
            "currency": lambda _, cell: self._currency(cell.text),
            "slug": lambda _, cell: (cell.text.casefold().replace(" ", "_"), None),
            "named_cluster": lambda _, cell: (self._cluster_named(cell.text), None),
            "listed": lambda _, cell: (f"{self.country}:list/{cell.text}", None),
            "each": lambda _, cell: self._many(cell, lambda one: (one, None)),
        }

    # numbers and days

    def _number(self, _: Column, cell: Cell) -> Converted:
        reading = self.figure(cell, None)
        if reading.value is None:
            return None, Fault(reading.problem or Code.NUMBER_UNREADABLE, "a number", _CORRECT)
        if reading.per_cent or is_shown_otherwise(cell):
            return None, Fault(Code.UNIT_UNKNOWN, *SHOWN_PLAINLY)
        if reading.value < 0:
            return None, Fault(Code.VALUE_OUT_OF_RANGE, "0 or more", _CORRECT)
        return reading.value, None

    def figure(self, cell: Cell, decimal: str | None) -> Reading:
        """A figure: a number, a symbol that says why there is none, or a problem."""
        if cell.kind == Kind.NUMBER:
            reading = Reading(value=cell.number, digits=stored_digits(cell.number))
        elif cell.kind == Kind.TEXT:
            notation = Notation(decimal=decimal, symbols=self.lists.symbols, flags=(), marks=())
            reading = read_text(cell.text, notation)
        else:
            reading = Reading(problem=Code.NUMBER_UNREADABLE)
        if reading.value is not None and not abs(reading.value) < LARGEST:
            return Reading(problem=Code.NUMBER_UNREADABLE)
        return reading

    def _whole(self, column: Column, cell: Cell) -> Converted:
        value, fault = self._number(column, cell)
        if fault is None and value == int(value):
            return int(value), None
        return None, fault or Fault(Code.NUMBER_UNREADABLE, "a whole number", _CORRECT)

    def _year(self, column: Column, cell: Cell) -> Converted:
        value, fault = self._whole(column, cell)
        if fault is None and value in _YEARS:
            return value, None
        return None, Fault(Code.PERIOD_UNREADABLE, "a year such as 2024", _CORRECT)

    def _date(self, _: Column, cell: Cell) -> Converted:
        raw = cell.raw
        day = raw.date() if isinstance(raw, datetime) else raw if isinstance(raw, date) else None
        for pattern in _DATES if day is None else ():
            match = pattern.fullmatch(cell.text)
            if match is not None:
                with suppress(ValueError):
                    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if day is not None and day.year in _DAYS:
            return day, None
        expected = "a date such as 28.06.2021 or 2021-06-28"
        return None, Fault(Code.PERIOD_UNREADABLE, expected, _CORRECT)

    # codes and names

    def _many(self, cell: Cell, read: Callable[[str], Converted]) -> Converted:
        values = []
        for part in filter(None, map(str.strip, cell.text.split(SEPARATOR))):
            value, fault = read(part)
            if fault:
                return None, fault
            values.append(value)
        return values, None

    def _code(self, column: Column, text: str) -> Converted:
        index = self.lists.dimension_names(column.codes or column.name)
        return self._looked_up(text, [index], f"one of the list «{column.label.en}»")

    def _region(self, text: str) -> Converted:
        if text in self.lists.regions:
            return text, None
        own = [self.lists.region_names(self.country)] if self.country else []
        return self._looked_up(text, [*own, self.lists.region_names("EU")], "a region")

    def _activity(self, text: str) -> Converted:
        classifier = CLASSIFIERS.get(self.country, DEFAULT_CLASSIFIER)
        indexes = [self.lists.activity_codes(classifier), self.lists.activity_names(classifier)]
        return self._looked_up(text, indexes, f"an activity of {classifier}")

    def _country(self, text: str) -> Converted:
        region = self.lists.regions.get(text)
        if region is not None and region.kind == "country":
            return text, None
        value, fault = self._looked_up(text, [self._countries], "a country")
        return value, fault

    @cached_property
    def _countries(self) -> NameIndex:
        return self.lists.region_names("EU", ("country",))

    @staticmethod
    def _looked_up(text: str, indexes: list[NameIndex], expected: str) -> Converted:
        for index in indexes:
            codes = index.codes(text)
            if len(codes) == 1:
                return next(iter(codes)), None
            if codes:
                return None, Fault(
                    Code.NAME_AMBIGUOUS,
                    expected,
                    "Write the code in place of the name.",
                    f"«{text}», which may be {', '.join(sorted(codes)[:5])}",
                )
        near = indexes[0].nearest(text)
        nearest = "; nearest: " + ", ".join(f"{n} ({code})" for n, code in near) if near else ""
        action = "Choose a value of the list."
        return None, Fault(Code.NAME_UNKNOWN, expected, action, f"«{text}»{nearest}")

    # ids

    def _cluster(self, text: str) -> Converted:
        match = CLUSTER_ID.fullmatch(text)
        if match and match["country"] in self.lists.regions:
            return text, None
        expected = "a cluster code such as BY-C01"
        return None, Fault(Code.NAME_UNKNOWN, expected, "Use the code of the register of clusters.")

    def _cluster_named(self, name: str) -> str:
        """Code of a cluster that a foreign register knows by its name alone."""
        return f"{self.country}-{re.sub(r'[^A-Z0-9]+', '-', name.upper()).strip('-')}"

    def _currency(self, text: str) -> Converted:
        year = self.year or date.max.year
        known = [row["currency_code"] for row in self._currencies(year)]
        if text in known:
            return text, None
        expected = f"a currency in use in {year}: {', '.join(known)}"
        return None, Fault(Code.UNIT_UNKNOWN, expected, _CORRECT)

    def _organisation(self, text: str, kind: int) -> Converted:
        if CLUSTER_LINK.fullmatch(text):
            return text, None
        match = ORGANISATION_ID.fullmatch(text)
        if match is None:
            expected = "a registry number, with or without a country before it"
            return None, Fault(Code.REGISTRY_NUMBER_INVALID, expected, _CORRECT)
        return self.organisation_id(match["country"] or self.country, match["number"], kind)

    def organisation_id(self, country: str, number: str, kind: int) -> Converted:
        """Id of an organisation, when its registry number is one.

        A number that a spreadsheet program stored as a figure has lost its leading zeros: they
        are put back, and the check digit proves it.
        """
        whole = known_form(country, number) if kind == Kind.NUMBER else number
        problem = problem_of(country, whole)
        if problem is None:
            return f"{country}:{whole}", None
        action = "Compare the number with the certificate of registration."
        return None, Fault(Code.REGISTRY_NUMBER_INVALID, problem, action, f"«{number}»")

    def money_currency(self, year: int) -> str | None:
        """Currency of the country in a year."""
        own = [row for row in self._currencies(year) if row["country_code"] == self.country]
        return str(own[0]["currency_code"]) if own else None

    def _currencies(self, year: int) -> list[dict[str, Any]]:
        """Currencies that were legal tender on a day of a year."""
        return [
            row
            for row in self.lists.rows("currencies")
            if (row["valid_from"] or "0")[:4] <= str(year) <= (row["valid_to"] or "9999")[:4]
        ]
