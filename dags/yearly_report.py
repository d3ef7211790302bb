"""Makes the yearly report and sends it to whoever is to have it.

**What it does.** Makes the report of the newest year with complete inputs, for each country that
has one: a static site, a PDF and a workbook in Russian and English. A report that is there of the
published build already is left as it is, and nothing is sent again.

**Parameters**, when it is started by hand: `year`, `country`, `region`, `cluster`, `lang` (`ru` or
`en`; empty for both), and `incomplete`: also of a year whose inputs are not complete; the first
page then says what is missing.

**Inputs.** `<home>/warehouse.duckdb`, read only.

**Outputs.** `<home>/reports/<year>/<what it covers>/`; for each report one POST with a JSON body to
`WAREHOUSE_WEBHOOK_URL` or to the Airflow connection `warehouse_webhook`, and one mail with the PDF
and what is new, through the Airflow connection `warehouse_smtp` to `WAREHOUSE_REPORT_TO`, several
addresses separated by commas.

**When it fails.** `report_incomplete`: the message names what the year lacks. A red `post_webhook`
or `send_mail` means that the report is made and was not delivered: mend the address or the
connection and clear the task. A reader's report stays as it was until the new one is whole.
"""

from __future__ import annotations

import os
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

    @task(execution_timeout=timedelta(hours=1))
    def make() -> list[dict[str, Any]]:
        """Every report that is due, or the one that was asked for; what is known of each."""
        from warehouse.reports.make import made_before, make_report
        from warehouse.reports.wanted import wanted
        from warehouse.settings import Settings

        settings = Settings.of()
        made = []
        for request in wanted(settings, get_current_context()["params"]):
            known = made_before(settings, request)
            made.append((known or make_report(settings, request)).as_json())
        if not made:
            raise AirflowSkipException("No country has a year with complete inputs.")
        return made

    @task
    def choose(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The reports that were made now: who has had one does not get it again."""
        new = [one for one in made if one["is_new"]]
        if not new:
            raise AirflowSkipException("The reports of this build are there already.")
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

    new = choose(make())
    post_webhook(new)
    send_mail(new)


yearly_report()
