"""Staged rows for tests, with everything that a test does not speak of filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

RECEIVED = datetime(2026, 11, 1, tzinfo=UTC)
MULTIPLIERS = {"thousand_persons": 1000.0, "mln_BYN": 1e6, "mln_KZT": 1e6}


@dataclass
class File:
    """One arrived file; `says` adds a cell to it."""

    name: str
    dataset: str
    outcome: str = "accepted"
    is_illustrative: bool = False
    released_on: date | None = None
    received_at: datetime = RECEIVED
    observations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def file_id(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def contract_id(self) -> str:
        return f"test/{self.dataset}"

    def says(
        self,
        indicator: str,
        region: str,
        year: int,
        value: float | None,
        unit: str,
        *,
        activity: tuple[str, str] | None = None,
        reason: str | None = None,
        on: date | None = None,
        breakdown: dict[str, str] | None = None,
        currency: str | None = None,
        month: int | None = None,
    ) -> File:
        """A figure of a year, of a `month` of it, or of the day `on`."""
        cell = f"A{len(self.observations) + 1}"
        start = on or date(year, month or 1, 1)
        end = on or date(year, month or 12, 28 if month else 31)
        kind = "date" if on else "month" if month else "year"
        self.observations.append(
            {
                "observation_id": hashlib.sha256(f"{self.file_id}{cell}".encode()).hexdigest(),
                "file_id": self.file_id,
                "contract_id": self.contract_id,
                "contract_version": "1",
                "provider_code": "test",
                "dataset_code": self.dataset,
                "table_name": "Sheet1",
                "cell": cell,
                "value_printed": "" if value is None else str(value),
                "indicator_code": indicator,
                "breakdown": breakdown or {},
                "region_code": region,
                "region_printed": region,
                "activity_classifier": activity[0] if activity else None,
                "activity_code": activity[1] if activity else None,
                "activity_printed": activity[1] if activity else None,
                "period_start": start,
                "period_end": end,
                "period_kind": kind,
                "value": value,
                "value_digits": 1,
                "unit_code": unit,
                "multiplier": MULTIPLIERS.get(unit, 1.0),
                "currency_code": currency,
                "price_base": "current" if currency else None,
                "obs_status": "A" if value is not None else "O",
                "conf_status": "F",
                "reason_code": reason,
                "is_illustrative": self.is_illustrative,
                "is_formula": False,
                "footnote": None,
                "released_on": self.released_on,
                "received_at": self.received_at,
                "correction_id": None,
                "value_corrected": None,
                "admissible_low": None,
                "admissible_high": None,
                "correction_status": None,
            }
        )
        return self

    def outcome_row(self) -> dict[str, Any]:
        return {
            "file_id": self.file_id,
            "file_name": self.name,
            "outcome_code": self.outcome,
            "reason_code": None if self.outcome == "accepted" else "check_failed",
            "message": None,
            "contract_id": self.contract_id,
            "contract_version": "1",
            "provider_code": "test",
            "dataset_code": self.dataset,
            "format_code": "csv",
            "size_bytes": 1,
            "content_hash": self.file_id,
            "same_as_file_id": None,
            "observation_count": len(self.observations),
            "rejected_count": 0,
            "is_illustrative": self.is_illustrative,
            "released_on": self.released_on,
            "received_at": self.received_at,
        }

    def contract_row(self) -> dict[str, Any]:
        return {
            "contract_id": self.contract_id,
            "contract_version": "1",
            "provider_code": "test",
            "provider_name": "Test office",
            "dataset_code": self.dataset,
            "title": f"Table {self.dataset}",
            "licence": "CC BY 4.0",
            "source_url": None,
            "owner": "test",
            "cadence_code": "yearly",
            "due_after_days": 90,
            "is_illustrative": self.is_illustrative,
            "has_check": True,
        }


def staged(files: list[File]) -> dict[str, list[dict[str, Any]]]:
    """Staged tables of the files."""
    return {
        "observation": list(_observations(files)),
        "file_outcome": [file.outcome_row() for file in files],
        "contract": list({file.contract_id: file.contract_row() for file in files}.values()),
    }


def _observations(files: list[File]) -> Iterator[dict[str, Any]]:
    for file in files:
        yield from file.observations
