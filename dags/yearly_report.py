"""Makes the yearly report and sends it to whoever is to have it.

**What it does.** Makes the report of the newest year with complete inputs, for each country of
`WAREHOUSE_REPORT_COUNTRIES` that has one: a static site, a PDF and a workbook in Russian and
English. A report that is there of the published build already is left as it is, and nothing is
sent again.

**Parameters**, when it is started by hand: `year`, `country`, `region`, `cluster`, `lang` (`ru` or
`en`; empty for both), and `incomplete`: also of a year whose inputs are not complete; the first
page then says what is missing.

**Inputs.** `<home>/warehouse.duckdb`, read only.

**Outputs.** `<home>/reports/<year>/<what it covers>/`; for each report one POST with a JSON body to
`WAREHOUSE_WEBHOOK_URL` or to the Airflow connection `warehouse_webhook`, and one mail with the PDF
and what is new, through the Airflow connection `warehouse_smtp` to `WAREHOUSE_REPORT_TO`, several
addresses separated by commas.

**When it fails.** A red `make`: the report of one country was not made, its message says why
(`report_incomplete` names what the year lacks); the other countries have theirs. A red
`post_webhook` or `send_mail` means that the report is made and was not delivered: mend the address
or the connection and clear the task. A reader's report stays as it was until the new one is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common import DEFAULT_ARGS

TEXT = {"type": ["null", "string"]}


@dag(
    schedule=os.environ.get("WAREHOUSE_REPORT_SCHEDULE", "0 5 1 * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULT_ARGS,
    tags=["report"],
    params={
        "year": Param(None, type=["null", "integer"], title="Year; empty: newest complete"),
        "country": Param(None, **TEXT, title="Code of one country; empty: each"),
        "region": Param(None, **TEXT, title="Code of one region"),
        "cluster": Param(None, **TEXT, title="Code of one cluster"),
        "lang": Param(None, type=["null", "string"], enum=[None, "ru", "en"], title="Language"),
        "incomplete": Param(False, type="boolean", title="Also with incomplete inputs"),
    },
    doc_md=__doc__,
)
def yearly_report() -> None:
    """Make the report; send it."""

    @task
    def plan() -> list[dict[str, Any]]:
        """The reports that are due, or the one that was asked for."""
        from warehouse.reports.wanted import wanted
        from warehouse.settings import Settings

        settings = Settings.of()
        if not settings.published.exists():
            raise AirflowSkipException("Nothing is published yet.")
        requests = wanted(settings, get_current_context()["params"])
        if not requests:
            raise AirflowSkipException("No country of the schedule has a year that is complete.")
        return [asdict(request) for request in requests]

    @task(execution_timeout=timedelta(hours=1), max_active_tis_per_dagrun=1)
    def make(request: dict[str, Any]) -> dict[str, Any]:
        """One report, or the one that is there of this build already; what is known of it."""
        from warehouse.reports.make import Request, made_before, make_report
        from warehouse.settings import Settings

        settings = Settings.of()
        wanted = Request(**request | {"languages": tuple(request["languages"])})
        return (made_before(settings, wanted) or make_report(settings, wanted)).as_json()

    @task
    def all_made(made: Iterable[dict[str, Any]]) -> int:
        """How many; red when one report failed, while the others go their way."""
        return len(list(made))

    @task(trigger_rule="all_done")
    def choose(made: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The reports that were made now: who has had one does not get it again."""
        new = [one for one in made if one["is_new"]]
        if not new:
            raise AirflowSkipException("No report is new.")
        return new

    @task(retries=3, retry_delay=timedelta(minutes=5))
    def post_webhook(made: list[dict[str, Any]]) -> None:
        """Send the news to the webhook, when one is set up."""
        from dags import deliver

        deliver.post_webhook(made)

    @task(retries=3, retry_delay=timedelta(minutes=5))
    def send_mail(made: list[dict[str, Any]]) -> None:
        """Send the reports by mail, when that is set up."""
        from dags import deliver

        deliver.send_mail(made)

    made = make.expand(request=plan())
    all_made(made)
    new = choose(made)
    post_webhook(new)
    send_mail(new)


yearly_report()
