"""The code lists of `dbt/seeds`, indexed for look-up by name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.conform.names import NameIndex, normalise

_REGION_FORMS = (" район", " область", " region", " oblast", " district", " облысы", " вобласць")
_REGION_LEADS = ("г ", "город ", "область ", "г. ")


@dataclass(frozen=True)
class Region:
    """A region with its span of validity and its ancestors, nearest first."""

    code: str
    country: str
    kind: str
    valid_from: date
    valid_to: date
    ancestors: tuple[str, ...]

    def exists_in(self, year: int) -> bool:
        """Whether the region existed on any day of a calendar year."""
        return self.valid_from.year <= year <= self.valid_to.year


@dataclass(frozen=True)
class Unit:
    """A unit with what turns a printed value into its base unit."""

    code: str
    kind: str
    multiplier: float
    currency: str | None
    base: str


@dataclass(frozen=True)
class Reason:
    """Why a value is missing, with the SDMX statuses that say so."""

    code: str
    obs_status: str
    conf_status: str


@dataclass(frozen=True)
class CodeLists:
    """All code lists, and a fingerprint that changes with any of them."""

    tables: dict[str, pd.DataFrame]
    fingerprint: str
    _names: dict[tuple[str, str], NameIndex] = field(default_factory=dict, compare=False)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict, compare=False)

    @classmethod
    def load(cls, seeds: Path) -> CodeLists:
        """Read every CSV of the seeds folder as text; blanks are missing."""
        tables: dict[str, pd.DataFrame] = {}
        digest = hashlib.sha256()
        for path in sorted(seeds.glob("*.csv")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
            tables[path.stem] = pd.read_csv(
                path, dtype=object, keep_default_na=False, na_values=[""], encoding="utf-8"
            )
        return cls(tables, digest.hexdigest()[:16])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of one list, missing cells as None."""
        if table not in self._rows:
            self._rows[table] = [
                {str(k): (v if isinstance(v, str) else None) for k, v in row.items()}
                for row in self.tables[table].to_dict("records")
            ]
        return self._rows[table]

    def column(self, table: str, column: str, **where: str) -> set[str]:
        """Distinct values of one column, in rows that carry the given values."""
        rows = self.rows(table)
        return {
            row[column] for row in rows if all(row[name] == value for name, value in where.items())
        }

    @cached_property
    def regions(self) -> dict[str, Region]:
        """Regions by code."""
        rows = self.rows("regions")
        parents = {row["region_code"]: row["parent_code"] for row in rows}
        return {
            row["region_code"]: Region(
                code=row["region_code"],
                country=row["country_code"],
                kind=row["region_type"] or "",
                valid_from=_date(row["valid_from"], date.min),
                valid_to=_date(row["valid_to"], date.max),
                ancestors=_ancestors(row["region_code"], parents),
            )
            for row in rows
        }

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Units by code."""
        return {
            row["unit_code"]: Unit(
                row["unit_code"],
                row["unit_kind"] or "",
                float(row["multiplier"] or 1),
                row["currency_code"],
                row["base_unit_code"] or row["unit_code"],
            )
            for row in self.rows("units")
        }

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        """Reasons of missing values by code."""
        return {
            row["reason_code"]: Reason(row["reason_code"], row["obs_status"], row["conf_status"])
            for row in self.rows("reasons")
        }

    @cached_property
    def symbols(self) -> dict[str, str]:
        """Printed symbols to reason codes."""
        return {row["symbol"]: row["reason_code"] for row in self.rows("symbols")}

    @cached_property
    def reason_names(self) -> dict[str, str]:
        """What a source may call a reason, in one form, to reason codes."""
        names = {normalise(text): code for text, code in self.symbols.items()}
        for row in self.rows("reasons"):
            if not (row["definition"] or "").startswith("Computed"):
                names |= {
                    normalise(row[n] or ""): row["reason_code"] for n in ("name_ru", "name_en")
                }
        return names

    @cached_property
    def indicators(self) -> frozenset[str]:
        """Known indicator codes."""
        return frozenset(row["indicator_code"] for row in self.rows("indicators"))

    def region_names(self, country: str, kinds: tuple[str, ...] = ()) -> NameIndex:
        """Names of the regions of a country (`EU`: of all), of some kinds or of all."""
        return self._cached("region", " ".join((country, *kinds)), self._index_regions)

    def region_codes(self, country: str) -> NameIndex:
        """Region codes as their own names, for files that print codes."""
        return self._cached("region_code", country, self._index_region_codes)

    def activity_names(self, classifier: str) -> NameIndex:
        """Names of the activities of one classifier version."""
        return self._cached("activity", classifier, self._index_activities)

    def activity_codes(self, classifier: str) -> NameIndex:
        """Activity codes as their own names."""
        return self._cached("activity_code", classifier, self._index_activity_codes)

    def dimension_names(self, dimension: str) -> NameIndex:
        """Names of the members of a further dimension: sex, age, locality …."""
        return self._cached("dimension", dimension, self._index_dimension)

    def unit_names(self) -> NameIndex:
        """Names of units."""
        return self._cached("unit", "", self._index_units)

    def _cached(self, kind: str, scope: str, build: Any) -> NameIndex:
        key = (kind, scope)
        if key not in self._names:
            self._names[key] = build(scope)
        return self._names[key]

    def _index_regions(self, scope: str) -> NameIndex:
        country, *kinds = scope.split(" ")
        index = NameIndex()
        for row in self.rows("regions"):
            if country not in {"EU", row["country_code"]}:
                continue
            if kinds and row["region_type"] not in kinds:
                continue
            for column in ("name_ru", "name_en", "name_be", "name_kk"):
                if row[column]:
                    index.add(row[column], row["region_code"])
                    for form in _short_forms(row[column]):
                        index.add(form, row["region_code"], is_derived=True)
        for row in self.rows("region_aliases"):
            kind = self.regions[row["region_code"]].kind
            if country in {"EU", row["country_code"]} and (not kinds or kind in kinds):
                index.add(row["alias"], row["region_code"])
        return index

    def _index_region_codes(self, country: str) -> NameIndex:
        index = NameIndex()
        for region in self.regions.values():
            if country in {"EU", region.country}:
                index.add(region.code, region.code)
        return index

    def _index_activities(self, classifier: str) -> NameIndex:
        index = NameIndex()
        for row in self.rows("activities"):
            if row["classifier_code"] == classifier:
                for column in ("name_ru", "name_en"):
                    if row[column]:
                        index.add(row[column], row["activity_code"])
        for row in self.rows("activity_aliases"):
            if row["classifier_code"] == classifier:
                index.add(row["alias"], row["activity_code"])
        return index

    def _index_activity_codes(self, classifier: str) -> NameIndex:
        index = NameIndex()
        for row in self.rows("activities"):
            if row["classifier_code"] == classifier:
                index.add(row["activity_code"], row["activity_code"])
        for row in self.rows("activity_aliases"):
            if row["classifier_code"] == classifier:
                index.add(row["alias"], row["activity_code"])
        return index

    def _index_dimension(self, dimension: str) -> NameIndex:
        index = NameIndex()
        for row in self.rows("dimension_values"):
            if row["dimension_code"] == dimension:
                index.add(row["value_code"], row["value_code"])
                for column in ("name_ru", "name_en"):
                    if row[column]:
                        index.add(row[column], row["value_code"])
        for row in self.rows("dimension_aliases"):
            if row["dimension_code"] == dimension:
                index.add(row["alias"], row["value_code"])
        return index

    def _index_units(self, _: str) -> NameIndex:
        index = NameIndex()
        for row in self.rows("units"):
            index.add(row["unit_code"], row["unit_code"])
            for column in ("name_ru", "name_en"):
                if row[column]:
                    index.add(row[column], row["unit_code"])
        for row in self.rows("unit_aliases"):
            index.add(row["alias"], row["unit_code"])
        return index


def _date(text: str | None, default: date) -> date:
    return date.fromisoformat(text) if text else default


def _ancestors(code: str, parents: dict[str, str | None]) -> tuple[str, ...]:
    chain: list[str] = []
    parent = parents.get(code)
    while parent and parent not in chain:
        chain.append(parent)
        parent = parents.get(parent)
    return tuple(chain)


def _short_forms(name: str) -> list[str]:
    """«Барановичский район» is also printed «Барановичский», «г. Брест» also «Брест»."""
    plain = normalise(name)
    forms = [plain.removesuffix(form) for form in _REGION_FORMS if plain.endswith(form)]
    return forms + [plain.removeprefix(lead) for lead in _REGION_LEADS if plain.startswith(lead)]
