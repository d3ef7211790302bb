"""Airflow with a metadata database of its own, in a folder that goes away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

DAGS = Path(__file__).resolve().parents[2] / "dags"
_HOME = Path(tempfile.mkdtemp(prefix="warehouse-airflow-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

# Airflow reads these when it is imported, so they are set before any test module is.
os.environ.update(
    AIRFLOW_HOME=str(_HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(DAGS),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{_HOME}/airflow.db",
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=str(_HOME / "logs"),
)


@pytest.fixture(scope="session")
def bag():
    """The project's DAGs as Airflow's own DAG processor finds them."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=DAGS)


@pytest.fixture(scope="session")
def airflow_db():
    """A metadata database with the current schema."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A warehouse home for the DAGs' tasks."""
    from warehouse.settings import Settings

    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WAREHOUSE_INBOX", str(tmp_path / "inbox"))
    (tmp_path / "inbox").mkdir()
    return Settings.of()
