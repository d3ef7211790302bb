"""Takes in new reports of clusters and answers them.

**What it does.** Looks through the inbox of reports for files whose bytes it has not seen, walks
them through archive → read → conform → validate → stage, and writes an answer to each report: the
workbook back with its refused cells marked, and a summary in the language of the report. All
reports of a batch are checked together, because a check compares the years of a cluster.

**Inputs.** `WAREHOUSE_REPORT_INBOX` (default `<home>/inbox-reports`), the forms, the code lists.

**Outputs.** Archived bytes and staged Parquet parts below `WAREHOUSE_HOME`, answers below
`<home>/answers/<cluster>/`, and the asset `staged_observations`, which starts `build_warehouse`,
when there is something that the published warehouse does not hold yet. A report that is refused
or quarantined does not fail the run: it is an outcome, kept with its reason, and answered.

**When it fails.** The log of the failed task names the file and what to do. Nothing is lost: clear
the task, or wait for the next run. `warehouse rejects` lists what was refused.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

from dags.common import DEFAULT_ARGS, WRITER_POOL
from dags.intake import announce, find, ingest

INBOX = "report_inbox"
FILES_PER_BATCH = 500


@dag(
    schedule=os.environ.get("WAREHOUSE_INGEST_SCHEDULE", "*/5 * * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    default_args=DEFAULT_ARGS,
    tags=["ingest"],
    doc_md=__doc__,
)
def ingest_cluster_reports() -> None:
    """Find new reports, take them in, answer them, say so when something was staged."""

    @task(pool=WRITER_POOL, trigger_rule="none_failed", execution_timeout=timedelta(hours=1))
    def answer() -> list[str]:
        """Write the answers that are missing; their paths."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        answers = pipeline.answer_reports(Settings.of())
        return [str(one.path) for one in answers if one.is_new]

    names = find(INBOX, FILES_PER_BATCH)
    taken = ingest.partial(folder=INBOX).expand(names=names)
    taken >> answer() >> announce()


ingest_cluster_reports()
