"""Staged rows of cluster reports for tests, with everything a test does not speak of filled in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from warehouse.schema import FORM_TABLES, SUBMISSION

RECEIVED = datetime(2026, 11, 1, tzinfo=UTC)
MONEY = {"BY": "BYN", "KZ": "KZT"}
MULTIPLIERS = {"persons": 1.0, "units": 1.0, "per_cent": 1.0}


@dataclass
class Report:
    """One accepted report; `says` adds a row of one of its tables."""

    cluster: str | None = "BY-C01"
    year: int | None = 2024
    form: str = "cluster_report"
    period: tuple[date, date] | None = None
    name: str = ""
    outcome: str = "accepted"
    is_illustrative: bool = False
    received_at: datetime = RECEIVED
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        if self.form == "cluster_report" and self.cluster is not None:
            is_belarus = self.cluster.startswith("BY")
            self.says(
                "cluster",
                country_code=self.cluster[:2],
                name_ru=f"Кластер {self.cluster}",
                home_region_code="BY-MI" if is_belarus else "KZ-75",
                activity_classifier="OKRB_005_2011" if is_belarus else "OKED_KZ",
                activity_codes=["C"],
                kind_code="industrial",
            )

    @property
    def file_name(self) -> str:
        return self.name or f"{self.form}_{self.cluster}_{self.year}.xlsx"

    @property
    def file_id(self) -> str:
        said = f"{self.file_name}{self.received_at}{self.is_illustrative}"
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def span(self) -> tuple[date, date] | tuple[None, None]:
        if self.year is None:
            return None, None
        return self.period or (date(self.year, 1, 1), date(self.year, 12, 31))

    def says(self, table: str, **columns: Any) -> Report:
        """A row of a table; its cluster is the reporting one unless it says otherwise."""
        schema = FORM_TABLES[table]
        unknown = set(columns) - set(schema.names)
        assert not unknown, unknown
        number = sum(len(rows) for rows in self.rows.values()) + 4
        row = self._common(schema, f"{table}!A{number}")
        if "cluster_id" in schema.names:
            row["cluster_id"] = self.cluster
        row.update(columns)
        self.rows[table].append(row)
        return self

    def figure(
        self,
        table: str,
        indicator: str,
        value: float | None,
        unit: str,
        *,
        year: int | None = None,
        reason: str | None = None,
        **columns: Any,
    ) -> Report:
        """A figure of a table of figures."""
        when = year or self.year
        assert when is not None
        return self.says(
            table,
            indicator_code=indicator,
            value_start=date(when, 1, 1),
            value_end=date(when, 12, 31),
            value_printed="" if value is None else f"{value:g}",
            value=value,
            unit_code=unit,
            multiplier=MULTIPLIERS.get(unit, 1e6 if unit.startswith("mln") else 1e3),
            currency_code=unit.rpartition("_")[2] if "_" in unit and unit != "per_cent" else None,
            obs_status="A" if value is not None else "O",
            conf_status="F",
            reason_code=reason,
            **columns,
        )

    def member(
        self,
        number: str,
        *,
        joined: date = date(2020, 1, 1),
        left: date | None = None,
        name: str = "",
        region: str = "BY-MI",
        activity: str | None = "C",
        role: str = "producer",
        **figures: float | None,
    ) -> Report:
        """An organisation of the country of the cluster that is a member, with its figures."""
        assert self.cluster is not None
        country = self.cluster[:2]
        key = f"{country}:{number}"
        self.says(
            "organisation",
            organisation_id=key,
            country_code=country,
            registry_number=number,
            name=name or f"Organisation {number}",
            region_code=region,
            activity_classifier="OKRB_005_2011" if country == "BY" else "OKED_KZ",
            activity_code=activity,
            size_code="small",
            type_code="business",
        )
        self.says("membership", organisation_id=key, role_code=role, joined_on=joined, left_on=left)
        for indicator, value in figures.items():
            unit = "persons" if indicator.endswith("employees") else f"thousand_{MONEY[country]}"
            self.figure("member_value", indicator, value, unit, organisation_id=key)
        return self

    def links(
        self,
        pairs: Iterable[tuple[str, str]],
        link_type: str = "contract",
        *,
        level: str = "organisation",
        since: date = date(2021, 1, 1),
        until: date | None = None,
        **columns: Any,
    ) -> Report:
        """Links of one type."""
        for one, other in pairs:
            self.says(
                "link", link_level=level, from_id=one, to_id=other, link_type=link_type,
                valid_from=since, valid_to=until, **columns,
            )  # fmt: skip
        return self

    def _common(self, schema: pa.Schema, cell: str) -> dict[str, Any]:
        start, end = self.span
        row: dict[str, Any] = dict.fromkeys(schema.names)
        row.update(
            row_id=hashlib.sha256(f"{self.file_id}{cell}".encode()).hexdigest(),
            file_id=self.file_id,
            contract_id=f"form/{self.form}",
            contract_version="1",
            reporter_id=self.cluster,
            report_start=start,
            report_end=end,
            is_illustrative=self.is_illustrative,
            received_at=self.received_at,
            table_name=cell.partition("!")[0],
            cell=cell,
            cells=[],
            printed=[],
        )
        return row

    def submission(self) -> dict[str, Any]:
        row = self._common(SUBMISSION, "_form!A1")
        row.update(
            form_code=self.form,
            form_version="1",
            language_code="ru",
            cluster_id=self.cluster,
            period_code=None if self.year is None else str(self.year),
        )
        return row

    def outcome_row(self) -> dict[str, Any]:
        return {
            "file_id": self.file_id,
            "file_name": self.file_name,
            "outcome_code": self.outcome,
            "contract_id": f"form/{self.form}",
            "contract_version": "1",
            "provider_code": "form",
            "dataset_code": self.form,
            "format_code": "xlsx",
            "size_bytes": 1,
            "content_hash": self.file_id,
            "observation_count": 0,
            "rejected_count": 0,
            "is_illustrative": self.is_illustrative,
            "received_at": self.received_at,
        }

    def contract_row(self) -> dict[str, Any]:
        return {
            "contract_id": f"form/{self.form}",
            "contract_version": "1",
            "provider_code": "form",
            "provider_name": "Clusters",
            "dataset_code": self.form,
            "title": self.form,
            "licence": "internal",
            "owner": "clusters",
            "cadence_code": "yearly",
            "due_after_days": 90,
            "is_illustrative": False,
            "has_check": True,
        }


def staged_reports(reports: list[Report]) -> dict[str, list[dict[str, Any]]]:
    """Staged tables of the reports."""
    return {
        "file_outcome": [report.outcome_row() for report in reports],
        "submission": [report.submission() for report in reports],
        "contract": list({report.form: report.contract_row() for report in reports}.values()),
        **{table: list(_rows(reports, table)) for table in FORM_TABLES},
    }


def together(
    *parts: Mapping[str, list[dict[str, Any]]],
) -> dict[str, list[dict[str, Any]]]:
    """Staged tables of several sources."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        for table, rows in part.items():
            found[table] += rows
    return dict(found)


def _rows(reports: list[Report], table: str) -> Iterator[dict[str, Any]]:
    for report in reports:
        if report.outcome == "accepted":
            yield from report.rows.get(table, [])
