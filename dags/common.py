"""What every DAG shares: the owner, the assets that link them, the pool of the one writer."""

from __future__ import annotations

import logging
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset

if TYPE_CHECKING:
    from warehouse.ops import Progress

OWNER = os.environ.get("WAREHOUSE_OWNER", "statistics")
WRITER_POOL = "duckdb_writer"

STAGED = Asset("staged_observations")
"""Something new lies in `<home>/staged`."""

PUBLISHED = Asset("published_warehouse")
"""`<home>/warehouse.duckdb` is another build than before."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 0,
    "retry_delay": timedelta(minutes=1),
    "execution_timeout": timedelta(minutes=30),
}

LOG_EVERY_SECONDS = 10


class LogProgress:
    """Progress as lines in the log of a task: done, rate, time left."""

    def __init__(self) -> None:
        self._log = logging.getLogger("airflow.task")
        self._name, self._total, self._done = "", None, 0
        self._started = self._told = 0.0

    def start(self, name: str, total: int | None) -> None:
        """A stage begins."""
        self._name, self._total, self._done = name, total, 0
        self._started = self._told = time.monotonic()
        self._log.info("%s: %s", name, f"{total} to do" if total is not None else "started")

    def step(self, label: str) -> None:
        """One step is done; told every ten seconds."""
        self._done += 1
        now = time.monotonic()
        if now - self._told < LOG_EVERY_SECONDS:
            return
        self._told = now
        rate = self._done / (now - self._started)
        left = f", {(self._total - self._done) / rate:.0f} s left" if self._total else ""
        of = f" of {self._total}" if self._total else ""
        self._log.info(
            "%s: %d%s, %.1f a second%s, at %s", self._name, self._done, of, rate, left, label
        )

    def finish(self) -> None:
        """The stage is over."""
        spent = time.monotonic() - self._started
        self._log.info("%s: %d done in %.1f s", self._name, self._done, spent)


_watchers: list[Progress] = []


def watch_with(progress: Progress) -> None:
    """Show the progress of tasks that run in this process to somebody."""
    _watchers[:] = [progress]


def watcher() -> Progress:
    """Who watches: the one who runs the DAGs in this process, else the log of the task."""
    return _watchers[0] if _watchers else LogProgress()
