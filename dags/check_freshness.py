"""Says which source and which cluster is late.

**What it does.** Every morning, compares the newest figures of each source with its cadence and
the delay that its contract declares, and the reports that have arrived with those that were due.
Late sources and missing reports are written to the log and to
`<home>/notifications/`, and sent wherever delivery is set up.

**Inputs.** Staged observations and contracts below `WAREHOUSE_HOME`; `ops_submission` of the
published warehouse.

**Outputs.** `<home>/notifications/<date>-late-sources.json`; a POST with a JSON body to
`WAREHOUSE_WEBHOOK_URL`, or to the Airflow connection `warehouse_webhook` (its password is the
URL); a mail through the Airflow connection `warehouse_smtp` to `WAREHOUSE_NOTIFY_TO`, several
addresses separated by commas.

**When it fails.** A late source is news, not a failure: `record` succeeds and names it. A red
`post_webhook` or `send_mail` means that the news was not delivered: the log says what the other
side answered. Mend the address or the connection and clear the task. A late source itself is for
its owner, who is named in the message: fetch the new file into the inbox.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common import DEFAULT_ARGS

Late = list[dict[str, Any]]


@dag(
    schedule=os.environ.get("WAREHOUSE_FRESHNESS_SCHEDULE", "0 6 * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULT_ARGS | {"execution_timeout": timedelta(minutes=10)},
    tags=["watch"],
    doc_md=__doc__,
)
def check_freshness() -> None:
    """Find late sources; record and send the news."""

    @task
    def find_late() -> Late:
        """Late sources and missing reports, the latest first."""
        from warehouse.freshness import late_reports, late_sources
        from warehouse.settings import Settings

        today = datetime.now(UTC).date()
        late = [source.as_json() for source in late_sources(Settings.of(), today)]
        late += [report.as_json() for report in late_reports(Settings.of(), today)]
        if not late:
            raise AirflowSkipException("Every source and every report is in time.")
        return late

    @task
    def record(late: Late) -> str:
        """Log the late sources and keep them in a file; its path."""
        from dags import notify
        from warehouse.settings import Settings

        return str(notify.record(Settings.of(), late, datetime.now(UTC).date()))

    @task(retries=3, retry_delay=timedelta(minutes=5))
    def post_webhook(late: Late) -> None:
        """Send the news to the webhook, when one is set up."""
        from dags import notify

        notify.post_webhook(late)

    @task(retries=3, retry_delay=timedelta(minutes=5))
    def send_mail(late: Late) -> None:
        """Send the news by mail, when that is set up."""
        from dags import notify

        notify.send_mail(late)

    late = find_late()
    record(late)
    post_webhook(late)
    send_mail(late)


check_freshness()
