"""What the cells of a form may say: codes with their names in the language of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.conform.codelists import CodeLists
from warehouse.forms.definition import Column, Form, period_span

COUNTRIES = ("BY", "KZ", "RU")
"""Countries whose regions are offered."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years that a report may speak of."""
_PARTS = ("federal_district", "aggregate")  # not regions in which an organisation would say it is
_ALWAYS = (date.min, date.max)


@dataclass(frozen=True)
class Choice:
    """One entry of a list."""

    code: str
    name: str


@dataclass(frozen=True)
class Choices:
    """Lists of one template.

    Attributes:
        lists: All code lists.
        language: `ru` or `en`.
        country: Country of the cluster, whose entries come first; None when it is not known.
        period_code: Period of the report: what was not valid in it is not offered.
    """

    lists: CodeLists
    language: str
    country: str | None
    period_code: str | None

    def of(self, column: Column) -> list[Choice]:
        """The list of a column; empty when anything may be written there."""
        if column.type in ("code", "codes"):
            return self.dimension(column.codes or column.name)
        if column.type in ("region", "regions"):
            return self.regions()
        if column.type == "country":
            return self.countries()
        return self.currencies() if column.type == "currency" else []

    def dimension(self, code: str) -> list[Choice]:
        """Members of a dimension in the order of their codes."""
        rows = self.lists.rows("dimension_values")
        return [
            Choice(row["value_code"], self._name(row))
            for row in rows
            if row["dimension_code"] == code
        ]

    def countries(self) -> list[Choice]:
        """Countries, that of the cluster first, then its neighbours."""
        rows = [row for row in self.lists.rows("regions") if row["region_type"] == "country"]
        found = [Choice(row["region_code"], self._name(row)) for row in rows]
        return sorted(found, key=lambda choice: (self._rank(choice.code), choice.name))

    def regions(self) -> list[Choice]:
        """First-level regions valid in the period; of Russia the federal subjects."""
        found = [(row["country_code"], self._name(row), row["region_code"]) for row in self._rows()]
        found.sort(key=lambda item: (self._rank(item[0]), item[1]))
        return [Choice(code, name) for _, name, code in found]

    def _rows(self) -> Iterator[dict[str, Any]]:
        start, end = self._span
        kinds = {code: region.kind for code, region in self.lists.regions.items()}
        for row in self.lists.rows("regions"):
            region = self.lists.regions[row["region_code"]]
            parent = kinds.get(row["parent_code"] or "")
            is_first = parent in ("country", "federal_district") and region.kind not in _PARTS
            is_valid = region.valid_from <= end and region.valid_to >= start
            if is_first and is_valid and region.country in COUNTRIES:
                yield row

    def currencies(self) -> list[Choice]:
        """Currencies in force in the period, that of the cluster's country first."""
        start, end = self._span
        rows = [
            row
            for row in self.lists.rows("currencies")
            if (row["valid_from"] or "0") <= end.isoformat()
            and (row["valid_to"] or "9") >= start.isoformat()
        ]
        rows.sort(key=lambda row: (row["country_code"] != self.country, row["currency_code"]))
        return [Choice(row["currency_code"], row["currency_code"]) for row in rows]

    @property
    def currency(self) -> str | None:
        """Currency of the cluster's country at the end of the period."""
        _, end = self._span
        for row in self.lists.rows("currencies"):
            since, until = row["valid_from"] or "0", row["valid_to"] or "9"
            if row["country_code"] == self.country and since <= end.isoformat() <= until:
                return str(row["currency_code"])
        return None

    def unit(self, code: str) -> str | None:
        """Name of a unit; None for money as long as it is not known in which currency."""
        if code == "thousand_money":
            if self.currency is None:
                return None
            code = f"thousand_{self.currency}"
        rows = {row["unit_code"]: row for row in self.lists.rows("units")}
        return self._name(rows[code])

    @property
    def _span(self) -> tuple[date, date]:
        if self.period_code is None:
            return date.max, date.max
        return period_span(self.period_code) or _ALWAYS

    def _rank(self, country: str) -> int:
        if country == self.country:
            return -1
        return COUNTRIES.index(country) if country in COUNTRIES else len(COUNTRIES)

    def _name(self, row: dict[str, Any]) -> str:
        return str(row[f"name_{self.language}"] or row["name_ru"])


def of_form(
    form: Form, lists: CodeLists, language: str, cluster_id: str | None, period_code: str | None
) -> Choices:
    """The lists of a template for one cluster and period."""
    country = cluster_id[:2] if cluster_id and form.subject == "cluster" else None
    return Choices(lists, language, country, period_code)
