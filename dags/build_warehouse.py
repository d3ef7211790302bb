"""Builds the warehouse anew from all that is staged, audits it, and publishes it.

**What it does.** One `dbt build` in one process writes a new DuckDB file beside the published
one; the audit compares it with the staged rows and with the published build; then an atomic
rename makes it current. Readers never wait and never see half a build.

**Inputs.** The asset `staged_observations`; staged Parquet, code lists and models.

**Outputs.** `<home>/builds/<build_id>.duckdb` with its manifest, `<home>/warehouse.duckdb`, the
difference to the build before, and, when it is another build than before, the asset
`published_warehouse`.

**When it fails.** The published warehouse stays as it was. The log names the model, the test or
the reconciliation that failed. `warehouse builds` lists what there is, `warehouse rejects` the
cells that were refused; mend the contract, the code list or the model, then clear the task.
`warehouse rollback` makes an earlier build current again.

One writer: every task that writes DuckDB runs in the pool `duckdb_writer`, which has one slot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common import DEFAULT_ARGS, PUBLISHED, STAGED, WRITER_POOL

FIRST = 10
"""Goes before the next ingest in the writer's pool, so that a build is not kept from readers."""


@dag(
    schedule=[STAGED],
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args=DEFAULT_ARGS | {"priority_weight": FIRST},
    tags=["build"],
    doc_md=__doc__,
)
def build_warehouse() -> None:
    """Build, audit, publish."""

    @task(pool=WRITER_POOL, execution_timeout=timedelta(hours=2))
    def build() -> dict[str, Any]:
        """Write a new build, unless there is one of the same; what is known about it."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        return pipeline.build(Settings.of(), now=datetime.now(UTC)).as_json()

    @task(pool=WRITER_POOL, execution_timeout=timedelta(hours=1))
    def audit(build_id: str) -> str:
        """Reconcile the build with the staged rows that it was made from."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        pipeline.audit(Settings.of(), build_id)
        return build_id

    @task(pool=WRITER_POOL, outlets=[PUBLISHED], execution_timeout=timedelta(minutes=30))
    def publish(build_id: str, *, outlet_events: Any = None) -> dict[str, Any]:
        """Make the build current; its difference to the one before."""
        from warehouse import pipeline
        from warehouse.settings import Settings

        done = pipeline.publish(Settings.of(), build_id, now=datetime.now(UTC))
        if not done.is_changed:
            raise AirflowSkipException(f"{build_id} was published before.")
        outlet_events[PUBLISHED].extra = {"build_id": build_id}
        return done.as_json()

    made = build()
    publish(audit(made["build_id"]))


build_warehouse()
