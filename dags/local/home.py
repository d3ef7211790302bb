"""Airflow's own state below a warehouse home: its settings, metadata database and pool."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from warehouse.settings import PROJECT, Settings

IDLE_WORKERS = 4
"""The executor forks them all at its start; Airflow's default of 32 would fill the memory."""


def environment(settings: Settings, inbox: Path, reports: Path) -> dict[str, str]:
    """Variables that point Airflow and the DAGs at one warehouse home.

    Args:
        settings: Paths of the home.
        inbox: Where `ingest_statistics` looks for files.
        reports: Where `ingest_cluster_reports` looks for them.

    Returns:
        What to put into the environment before anything of Airflow is imported.
    """
    airflow_home = settings.home / "airflow"
    return {
        "WAREHOUSE_HOME": str(settings.home),
        "WAREHOUSE_INBOX": str(inbox),
        "WAREHOUSE_REPORT_INBOX": str(reports),
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": str(IDLE_WORKERS),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow_home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(settings.home / "logs"),
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": os.pathsep.join(
            part for part in (str(PROJECT), os.environ.get("PYTHONPATH")) if part
        ),
    }


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare(settings: Settings) -> bool:
    """Make the metadata database and the writer's pool, unless they are there.

    The environment must have been set before (`environment`).

    Returns:
        Whether there was something to do.
    """
    airflow_home = Path(os.environ["AIRFLOW_HOME"])
    airflow_home.mkdir(parents=True, exist_ok=True)
    (settings.home / "logs").mkdir(exist_ok=True)
    done = airflow_home / "prepared"
    state = f"{version('apache-airflow-core')}\n"
    with _alone(airflow_home / "prepare.lock"):
        if done.is_file() and done.read_text() == state and (airflow_home / "airflow.db").is_file():
            return False
        _migrate()
        done.write_text(state)
    return True


def _migrate() -> None:
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from dags.common import WRITER_POOL

    logging.getLogger("alembic").setLevel(logging.WARNING)
    initdb()
    Pool.create_or_update_pool(
        WRITER_POOL,
        slots=1,
        description="One process writes the warehouse at a time",
        include_deferred=False,
    )


if __name__ == "__main__":
    prepare(Settings.of())
