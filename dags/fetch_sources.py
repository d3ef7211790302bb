"""Fetches new files of statistical offices into the inbox.

**What it does.** Asks for every file that a contract names under `fetch`, one after the other:
only what has changed is sent, no host is asked more often than it allows, and an answer that is no
data file stays outside. A source that fails does not stop the others. It runs when it is started,
and by itself once `WAREHOUSE_FETCH_SCHEDULE` is set: no installation calls out unasked.

**Inputs.** The source contracts; `warehouse/sources/fetch_hosts.yml` and `WAREHOUSE_FETCH_HOSTS`
say which hosts may be asked; users and passwords are Airflow connections.

**Outputs.** Files below `<inbox>/fetched/`, which `ingest_statistics` finds as any other; one row
per request in `ops.ops_fetch` of the next build.

**When it fails.** `record` fails when a source failed or was refused, after all others were asked;
its log names the address and what came. `warehouse fetch --log 20` shows the last requests. Mend
the address in the contract, the list of hosts or the connection, and clear the task: what was
fetched is not fetched again.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

from dags.common import DEFAULT_ARGS, WRITER_POOL

if TYPE_CHECKING:
    from warehouse.fetch.request import Connection


def connection_of(name: str) -> Connection:
    """A connection of Airflow, whichever backend keeps it."""
    from airflow.sdk import Connection as Kept

    from warehouse.fetch.request import Connection

    kept = Kept.get(name)
    return Connection(
        host=kept.host,
        port=kept.port,
        login=kept.login,
        password=kept.password,
        extra=kept.extra_dejson,
    )


@dag(
    schedule=os.environ.get("WAREHOUSE_FETCH_SCHEDULE") or None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    default_args=DEFAULT_ARGS,
    tags=["fetch"],
    doc_md=__doc__,
)
def fetch_sources() -> None:
    """Ask all sources; say which of them failed."""

    @task(execution_timeout=timedelta(hours=4))
    def fetch() -> list[dict[str, Any]]:
        """Fetch what is new; what came of each request."""
        from dags.common import watcher
        from warehouse.fetch.policy import Policy
        from warehouse.fetch.run import Fetcher, with_fetch
        from warehouse.layout.contract import load_registry
        from warehouse.settings import Settings

        settings = Settings.of()
        fetcher = Fetcher(
            settings=settings,
            inbox=settings.inbox,
            policy=Policy.of(settings),
            connection_of=connection_of,
            now=lambda: datetime.now(UTC),
        )
        contracts = with_fetch(load_registry(settings.sources), [])
        return [each.as_json() for each in fetcher.fetch(contracts, watcher())]

    @task(pool=WRITER_POOL, execution_timeout=timedelta(minutes=10))
    def record(done: list[dict[str, Any]]) -> None:
        """Keep the log of fetches; fails when a source failed, and names it."""
        from warehouse.fetch import run
        from warehouse.fetch.log import Fetched
        from warehouse.settings import Settings

        kept = [Fetched.of_json(each) for each in done]
        run.record(Settings.of(), kept)
        failed = [str(each.message) for each in kept if not each.is_taken]
        if failed:
            raise AirflowFailException("\n".join(failed))

    record(fetch())


fetch_sources()
