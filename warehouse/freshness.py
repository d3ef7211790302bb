"""Which source is late: its next period has ended, and so has the time that publishing takes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from warehouse import stage
from warehouse.settings import Settings

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
"""Length of a period by cadence. A source that came `once` is never late."""

_LATE = """
    with cadences as (
        select unnest($cadences) as cadence_code, unnest($months) as month_count
    ),

    last_periods as (
        select contract_id, max(period_end) as last_period_end
        from read_parquet($observation_parts)
        where value is not null
        group by contract_id
    ),

    due as (
        select
            contracts.contract_id,
            contracts.title,
            contracts.owner,
            contracts.source_url,
            contracts.cadence_code,
            last_periods.last_period_end,
            last_day(
                last_periods.last_period_end + to_months(cadences.month_count)
            ) + contracts.due_after_days as due_on,
        from read_parquet($contract_parts) as contracts
        inner join cadences on contracts.cadence_code = cadences.cadence_code
        inner join last_periods on contracts.contract_id = last_periods.contract_id
        where not contracts.is_illustrative and contracts.due_after_days is not null
    ),

    final as (
        select
            due.contract_id,
            due.title,
            due.owner,
            due.source_url,
            due.cadence_code,
            due.last_period_end,
            due.due_on,
            date_diff('day', due.due_on, $today) as days_late,
        from due
        where due.due_on < $today
    )

    select * from final
    order by days_late desc, contract_id
"""


@dataclass(frozen=True)
class LateSource:
    """A source whose next figures should have arrived.

    Attributes:
        contract_id: `provider/dataset`.
        title: What the source calls its table.
        owner: Who answers for it here.
        source_url: Where the next file is to be had, if that is known.
        cadence_code: monthly, quarterly or yearly.
        last_period_end: End of the newest period with a value.
        due_on: Last day on which the next period was in time.
        days_late: Days since then.
    """

    contract_id: str
    title: str
    owner: str
    source_url: str | None
    cadence_code: str
    last_period_end: date
    due_on: date
    days_late: int

    @property
    def message(self) -> str:
        """One line for a person."""
        where = f" Look at {self.source_url}." if self.source_url else ""
        return (
            f"{self.contract_id} «{self.title}» ({self.cadence_code}): the newest figures end on "
            f"{self.last_period_end}, the next were due on {self.due_on}, {self.days_late} days "
            f"ago. Owner: {self.owner}.{where}"
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the line for a person."""
        plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }
        return plain | {"message": self.message}


def late_sources(settings: Settings, today: date) -> list[LateSource]:
    """Sources that are late on a day, the latest first.

    Watched is a source that has a cadence, a declared delay and at least one accepted value;
    samples are not.

    Args:
        settings: The warehouse home.
        today: The day to judge by.
    """
    parts = stage.active_parts(settings)
    parameters = {
        "cadences": list(MONTHS),
        "months": list(MONTHS.values()),
        "observation_parts": [str(path) for path in parts["observation"]],
        "contract_parts": [str(path) for path in parts["contract"]],
        "today": today,
    }
    with duckdb.connect() as connection:
        rows = connection.execute(_LATE, parameters).fetchall()
    return [LateSource(*row) for row in rows]


_LATE_REPORTS = """
    select form_code, cluster_id, period_code, due_on, date_diff('day', due_on, $today) as days_late
    from ops.ops_submission
    where first_received_at is null and due_on < $today and not is_illustrative
    order by days_late desc, cluster_id, form_code, period_code
"""


@dataclass(frozen=True)
class LateReport:
    """A report that a cluster should have sent.

    Attributes:
        form_code: The form.
        cluster_id: Who has not sent it.
        period_code: The period that it is about.
        due_on: Last day on which it was in time.
        days_late: Days since then.
    """

    form_code: str
    cluster_id: str
    period_code: str
    due_on: date
    days_late: int

    @property
    def message(self) -> str:
        """One line for a person."""
        return (
            f"{self.cluster_id}: {self.form_code} for {self.period_code} was due on "
            f"{self.due_on}, {self.days_late} days ago, and has not arrived."
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the line for a person."""
        return asdict(self) | {"due_on": self.due_on.isoformat(), "message": self.message}


def late_reports(settings: Settings, today: date) -> list[LateReport]:
    """Reports that are missing on a day, by the published submission log; the latest first.

    Args:
        settings: The warehouse home.
        today: The day to judge by.
    """
    if not settings.published.exists():
        return []
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        has_log = connection.execute(
            "select count(*) from information_schema.tables where table_name = 'ops_submission'"
        ).fetchall()[0][0]
        query = connection.execute(_LATE_REPORTS, {"today": today}) if has_log else None
        rows = query.fetchall() if query else []  # an earlier build knew no reports
    return [LateReport(*row) for row in rows]
