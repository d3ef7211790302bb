"""The log of fetches: one row per request, staged, and what it remembers for the next request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse import stage
from warehouse.fetch.answer import Known
from warehouse.schema import FETCH
from warehouse.settings import Settings

TAKEN = ("fetched", "unchanged", "not_modified")


@dataclass(frozen=True)
class Fetched:
    """What came of one request; see `schema.FETCH`."""

    contract_id: str
    url: str
    file_name: str
    started_at: datetime
    seconds: float
    attempt_count: int
    outcome_code: str
    reason_code: str | None = None
    message: str | None = None
    http_status: int | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    file_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the newest version of the file is here."""
        return self.outcome_code in TAKEN

    @property
    def fetch_id(self) -> str:
        """Key."""
        parts = (self.contract_id, self.url, self.file_name, self.started_at.isoformat())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Fetched:
        """Of what `as_json` gave."""
        return cls(**{**data, "started_at": datetime.fromisoformat(data["started_at"])})

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "started_at": self.started_at.isoformat()}

    def as_row(self) -> dict[str, Any]:
        """A row of `schema.FETCH`."""
        return {"fetch_id": self.fetch_id, **asdict(self)}


def save(settings: Settings, fetched: Sequence[Fetched]) -> None:
    """Add rows to the log. Only for the holder of the writer lock."""
    table = pa.Table.from_pylist([each.as_row() for each in fetched], schema=FETCH)
    stage.write_part(settings, "fetch", "fetch", table)


_LATEST = """
    select
        contract_id,
        url,
        file_name,
        file_id,
        etag,
        last_modified
    from read_parquet($parts)
    where list_contains($taken, outcome_code)
    qualify row_number() over (
        partition by contract_id, url, file_name
        order by started_at desc, fetch_id desc
    ) = 1
"""


def remembered(settings: Settings) -> Mapping[tuple[str, str, str], Known]:
    """What is known of each contract, address and file name from the latest good answer."""
    parts = [str(path) for path in stage.fetch_parts(settings)]
    if not parts:
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(_LATEST, {"parts": parts, "taken": list(TAKEN)}).fetchall()
    return {(row[0], row[1], row[2]): Known(*row[3:]) for row in rows}


def newest(settings: Settings, count: int) -> list[dict[str, Any]]:
    """The latest rows of the log, the newest first."""
    parts = [str(path) for path in stage.fetch_parts(settings)]
    if not parts:
        return []
    query = "from read_parquet($parts) order by started_at desc, fetch_id limit $count"
    with duckdb.connect() as connection:
        result = connection.execute(query, {"parts": parts, "count": count})
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
