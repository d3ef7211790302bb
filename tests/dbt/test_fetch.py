"""The log of fetches in the warehouse, and the question that the guide asks of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.dbt.conftest import FILE, dbt_build
from warehouse.fetch.log import Fetched
from warehouse.settings import PROJECT

GUIDE = PROJECT / "docs" / "how-to" / "fetch-sources.md"
URL = "https://stat.example/table.xlsx"


def asked(contract_id: str, day: int, outcome: str, reason: str | None = None) -> Fetched:
    return Fetched(
        contract_id=contract_id,
        url=URL,
        file_name=f"fetched/{contract_id}/table.xlsx",
        started_at=datetime(2026, 1, day, 4, tzinfo=UTC),
        seconds=1.5,
        attempt_count=1 if reason is None else 4,
        outcome_code=outcome,
        reason_code=reason,
        http_status=200 if reason is None else 500,
    )


def test_the_log_says_which_source_has_failed_since_when(tmp_path: Path) -> None:
    rows = [
        asked("office/late", 1, "fetched"),
        asked("office/late", 2, "failed", "fetch_failed"),
        asked("office/late", 3, "failed", "fetch_failed"),
        asked("office/never", 3, "refused", "file_is_a_web_page"),
    ]
    failed = dbt_build(tmp_path, {"fetch": [row.as_row() for row in rows]}, "+ops_fetch")
    assert failed == {}
    (query,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    with duckdb.connect(str(tmp_path / FILE), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found = connection.execute(query).fetchall()
        kept = connection.execute("select count(*) from ops.ops_fetch").fetchall()
    assert kept == [(4,)]
    assert sorted(found) == [
        ("office/late", datetime(2026, 1, 1, 4, tzinfo=UTC), 2),
        ("office/never", None, 1),
    ]
