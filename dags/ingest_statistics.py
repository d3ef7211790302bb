"""Takes in new files of statistical offices.

**What it does.** Looks through the inbox for files whose bytes it has not seen, cuts them into
batches, and walks each batch through archive → read → lay out → conform → validate → stage.
A batch is one process, not a file: importing the validators costs more than reading a file.
Batches follow one another, and a build waits for them: one process writes below a home at a time.

**Inputs.** `WAREHOUSE_INBOX` (default `<home>/inbox`), the source contracts, the code lists.

**Outputs.** Archived bytes and staged Parquet parts below `WAREHOUSE_HOME`. When there is
something that the published warehouse does not hold yet, the asset `staged_observations`, which
starts `build_warehouse`: also when an earlier build failed or was never started. A file that is
refused, quarantined or without a contract does not fail the run: it is an outcome, kept with its
reason.

**When it fails.** The log of the failed task names the file and what to do. Nothing is lost and
nothing half done becomes visible: clear the task, or wait for the next run. `warehouse rejects`
lists what was refused, `warehouse doctor` checks disk and installation.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common import DEFAULT_ARGS, STAGED, WRITER_POOL, watcher

FILES_PER_BATCH = 50
BATCHES = 4
"""At most, so that a large delivery does not start a process for every fifty files."""


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
def ingest_statistics() -> None:
    """Find new files, take them in by batches, say so when something was staged."""

    @task(retries=2, execution_timeout=timedelta(minutes=10))
    def find() -> list[list[str]]:
        """Names of what has to be read, new or anew, in batches."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        settings = Settings.of()
        names = pipeline.find_new_files(settings, settings.inbox)
        size = max(FILES_PER_BATCH, -(-len(names) // BATCHES))
        return [names[start : start + size] for start in range(0, len(names), size)]

    @task(
        pool=WRITER_POOL,
        retries=1,
        execution_timeout=timedelta(hours=2),
        multiple_outputs=False,
    )
    def ingest(names: list[str]) -> dict[str, Any]:
        """Take in one batch; files by outcome, and seconds by stage."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        settings = Settings.of()
        now = datetime.now(UTC)
        summary = pipeline.ingest_files(
            settings, settings.inbox, names, now=now, progress=watcher()
        )
        return {"counts": summary.counts, "seconds": dict(summary.seconds)}

    @task(
        pool=WRITER_POOL,
        outlets=[STAGED],
        trigger_rule="none_failed",
        execution_timeout=timedelta(hours=1),
    )
    def announce() -> None:
        """Emit `staged_observations` when the published warehouse lacks something staged."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        if not pipeline.needs_build(Settings.of()):
            raise AirflowSkipException("The published warehouse holds all that is staged.")

    ingest.expand(names=find()) >> announce()


ingest_statistics()
