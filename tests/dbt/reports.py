"""Filled-in forms as staged rows, with everything that a test does not speak of filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tests.dbt.staging import RECEIVED
from warehouse.forms.definition import Form, load_forms, period_span
from warehouse.schema import SUBMISSION, TABLES
from warehouse.settings import PROJECT
from warehouse.stage import form_row

FORMS = load_forms(PROJECT / "warehouse" / "forms")
CURRENCY = {"BY": "BYN", "KZ": "KZT"}
NOT_MONEY = {
    "employees": "persons",
    "remote_employees": "persons",
    "trained_people": "persons",
    "sme_share": "per_cent",
    "patents": "units",
    "new_jobs": "units",
    "project_effect": "per_cent",
    "joint_projects": "units",
    "trainings": "units",
    "events": "units",
    "services_delivered": "units",
    "member_contracts": "units",
}
"""Unit of the figures that are not thousands of the currency of the cluster's country."""


@dataclass
class Report:
    """One filled-in form; each method adds rows to it and gives the report back.

    Attributes:
        cluster_id: Who reports; None for a register.
        period: 2024, 2024-H1; None for a register.
        name: Name of the file; by default of cluster and period.
        form: Which form.
        outcome: What became of the file.
        is_illustrative: Made for samples.
        received_at: When it arrived.
        rows: Staged rows by table.
    """

    cluster_id: str | None = None
    period: str | None = None
    name: str = ""
    form: str = "cluster_report"
    outcome: str = "accepted"
    is_illustrative: bool = False
    received_at: datetime = RECEIVED
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return self.name or f"{self.cluster_id}_{self.period}.xlsx"

    @property
    def file_id(self) -> str:
        return hashlib.sha256(f"{self.file_name}{self.received_at}".encode()).hexdigest()

    @property
    def definition(self) -> Form:
        return FORMS[f"form/{self.form}"]

    def row(self, table: str, **columns: Any) -> Report:
        """A row of a staged table; unknown columns are refused, the others are empty."""
        names = TABLES[table].names
        assert set(columns) <= set(names), set(columns) - set(names)
        rows = self.rows.setdefault(table, [])
        line = len(rows) + 4
        said = {name: value for name, value in columns.items() if value is not None}
        given = {"cluster_id": self.cluster_id} | self._origin(table, line) | columns
        given["cells"] = {name: f"{table}!{name}{line}" for name in said}
        given["printed"] = {name: str(value) for name, value in said.items()}
        rows.append({name: given.get(name) for name in names})
        return self

    def _origin(self, table: str, line: int) -> dict[str, Any]:
        start, end = (period_span(self.period) if self.period else None) or (None, None)
        cell = f"{table}!A{line}"
        return {
            "row_id": hashlib.sha256(f"{self.file_id}{cell}".encode()).hexdigest()[:32],
            "file_id": self.file_id,
            "contract_id": self.definition.id,
            "contract_version": self.definition.fingerprint,
            "reporter_id": self.cluster_id,
            "report_start": start,
            "report_end": end,
            "is_illustrative": self.is_illustrative,
            "received_at": self.received_at,
            "table_name": table,
            "cell": cell,
            "cells": {},
            "printed": {},
        }

    def cluster(self, home: str | None = None, **columns: Any) -> Report:
        """What the cluster is; `home` is its home region."""
        cluster_id = columns.get("cluster_id", self.cluster_id)
        given = {"country_code": cluster_id[:2], "name_ru": cluster_id, "kind_code": "industrial"}
        return self.row("cluster", **(given | {"home_region_code": home} | columns))

    def status(self, code: str, since: date, **columns: Any) -> Report:
        """Status of the cluster from a day on."""
        return self.row("cluster_status_event", status_code=code, valid_from=since, **columns)

    def organisation(self, organisation_id: str, region: str | None, **columns: Any) -> Report:
        """An organisation of the registry, not yet a member."""
        country, number = organisation_id.split(":")
        given = {
            "country_code": country,
            "registry_number": number,
            "name": f"Organisation {number}",
            "region_code": region,
            "size_code": "small",
            "type_code": "business",
        }
        return self.row("organisation", organisation_id=organisation_id, **(given | columns))

    def member(
        self,
        organisation_id: str,
        region: str | None,
        joined: date | None = date(2020, 1, 1),
        left: date | None = None,
        role: str = "producer",
        **columns: Any,
    ) -> Report:
        """An organisation of the registry and its membership."""
        return self.organisation(organisation_id, region, **columns).row(
            "membership",
            organisation_id=organisation_id,
            role_code=role,
            joined_on=joined,
            left_on=left,
        )

    def value(
        self,
        organisation_id: str,
        *,
        year: int | None = None,
        lives_in: str | None = None,
        **figures: float | None,
    ) -> Report:
        """Figures of a member by indicator, as printed; NULL says that there is none."""
        for indicator, value in figures.items():
            self.row(
                "member_value",
                organisation_id=organisation_id,
                residence_region_code=lives_in,
                **self._figure(indicator, value, year),
            )
        return self

    def states(self, *, year: int | None = None, **figures: float | None) -> Report:
        """Totals that the cluster states, by indicator, as printed."""
        for indicator, value in figures.items():
            self.row("cluster_value", **self._figure(indicator, value, year))
        return self

    def _figure(self, indicator: str, value: float | None, year: int | None) -> dict[str, Any]:
        currency = CURRENCY[(self.cluster_id or "")[:2]]
        unit = NOT_MONEY.get(indicator, f"thousand_{currency}")
        year = year or int((self.period or "")[:4])
        return {
            "indicator_code": indicator,
            "value_start": date(year, 1, 1),
            "value_end": date(year, 12, 31),
            "value_printed": "-" if value is None else f"{value:g}",
            "value": value,
            "value_digits": 0,
            "unit_code": unit,
            "multiplier": 1000.0 if unit.startswith("thousand_") else 1.0,
            "currency_code": currency if unit.startswith("thousand_") else None,
            "obs_status": "A" if value is not None else "M",
            "conf_status": "F",
            "reason_code": None if value is not None else "none_occurs",
        }

    def submission_row(self) -> dict[str, Any]:
        given = self._origin("_form", 0) | {
            "form_code": self.form,
            "form_version": self.definition.version,
            "language_code": "ru",
            "cluster_id": self.cluster_id,
            "period_code": self.period,
        }
        return {name: given.get(name) for name in SUBMISSION.names}

    def outcome_row(self) -> dict[str, Any]:
        return {
            "file_id": self.file_id,
            "file_name": self.file_name,
            "outcome_code": self.outcome,
            "reason_code": None if self.outcome == "accepted" else "check_failed",
            "message": None,
            "contract_id": self.definition.id,
            "contract_version": self.definition.fingerprint,
            "provider_code": "clusters",
            "dataset_code": self.form,
            "format_code": "xlsx",
            "size_bytes": 1,
            "content_hash": self.file_id,
            "same_as_file_id": None,
            "observation_count": sum(map(len, self.rows.values())),
            "rejected_count": 0,
            "is_illustrative": self.is_illustrative,
            "released_on": None,
            "received_at": self.received_at,
        }


def register(name: str = "register.csv", **columns: Any) -> Report:
    """A list of clusters that a ministry keeps."""
    return Report(name=name, form="cluster_register", **columns)


def received(year: int, month: int, day: int) -> datetime:
    """Noon of a day, when a file arrived."""
    return datetime(year, month, day, 12, tzinfo=UTC)


def staged_reports(reports: Iterable[Report]) -> dict[str, list[dict[str, Any]]]:
    """Staged tables of filled-in forms; rows of files that were not accepted are not staged."""
    found: dict[str, list[dict[str, Any]]] = {
        "submission": [],
        "file_outcome": [],
        "contract": [form_row(form) for form in FORMS.values()],
    }
    for report in reports:
        found["submission"].append(report.submission_row())
        found["file_outcome"].append(report.outcome_row())
        if report.outcome == "accepted":
            for table, rows in report.rows.items():
                found.setdefault(table, []).extend(rows)
    return found
