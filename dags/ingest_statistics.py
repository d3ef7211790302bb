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

from airflow.sdk import dag

from dags.common import DEFAULT_ARGS
from dags.intake import announce, find, ingest

INBOX = "inbox"
FILES_PER_BATCH = 50


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
    names = find(INBOX, FILES_PER_BATCH)
    ingest.partial(folder=INBOX).expand(names=names) >> announce()


ingest_statistics()
