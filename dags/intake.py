"""What both intakes have in common: find what is new, take it in by batches, say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

from dags.common import STAGED, WRITER_POOL, watcher

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.settings import Settings

BATCHES = 4
"""At most, so that a large delivery does not start a process for every batch."""


def inbox_of(settings: Settings, folder: str) -> Path:
    """The inbox of an intake: `inbox` or `report_inbox` of the settings."""
    path: Path = getattr(settings, folder)
    return path


def batches(names: Sequence[str], files_per_batch: int) -> list[list[str]]:
    """Names in batches of at least a size; no more than `BATCHES`."""
    size = max(files_per_batch, -(-len(names) // BATCHES))
    return [list(names[start : start + size]) for start in range(0, len(names), size)]


@task(retries=2, execution_timeout=timedelta(minutes=10))
def find(folder: str, files_per_batch: int) -> list[list[str]]:
    """Names of what has to be read, new or anew, in batches."""
    from warehouse import pipeline
    from warehouse.settings import Settings

    settings = Settings.of()
    inbox = inbox_of(settings, folder)
    if inbox.is_relative_to(settings.home):
        inbox.mkdir(parents=True, exist_ok=True)
    return batches(pipeline.find_new_files(settings, inbox), files_per_batch)


@task(
    pool=WRITER_POOL,
    retries=1,
    execution_timeout=timedelta(hours=2),
    multiple_outputs=False,
)
def ingest(names: list[str], folder: str) -> dict[str, Any]:
    """Take in one batch; files by outcome, and seconds by stage."""
    from warehouse import pipeline
    from warehouse.settings import Settings

    settings = Settings.of()
    summary = pipeline.ingest_files(
        settings, inbox_of(settings, folder), names, now=datetime.now(UTC), progress=watcher()
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
