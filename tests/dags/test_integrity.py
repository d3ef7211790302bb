"""Every DAG: found, complete, owned, bounded in time, and light to import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dags.conftest import DAGS

pytestmark = pytest.mark.airflow

PROJECT = DAGS.parent
EXPECTED = {
    *("fetch_sources", "ingest_statistics", "ingest_cluster_reports"),
    *("build_warehouse", "check_freshness", "yearly_report"),
}
HELPERS = {"__init__", "__main__", "common", "deliver", "intake", "notify"}
LONGEST = timedelta(hours=6)

# Runs DAG files as the DAG processor does and tells what each did while it was imported. The
# first DAG, made here, brings in what Airflow itself loads late.
WATCH = """
import importlib.util, json, sys
from datetime import UTC, datetime
from airflow.sdk import Asset, dag, task
sys.path.insert(0, sys.argv[1])
import dags.common, dags.intake

@dag(schedule="0 6 * * *", start_date=datetime(2026, 1, 1, tzinfo=UTC))
def first():
    task(lambda x: [], task_id="a").expand(x=[1]) >> task(lambda: 1, task_id="b")()

first()
seen = []

def watch(event, arguments):
    if event == "open":
        path, mode = str(arguments[0]), str(arguments[1])
        if not path.endswith((".py", ".pyc")) and "__pycache__" not in path:
            seen.append(f"open {path} {mode}")
    elif event.split(".")[0] in ("socket", "sqlite3", "subprocess", "shutil", "urllib"):
        seen.append(event)

sys.addaudithook(watch)
found = {}
for path in sys.argv[2:]:
    before = set(sys.modules)
    seen.clear()
    spec = importlib.util.spec_from_file_location("watched", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    events = list(seen)
    modules = {name.split(".")[0] for name in set(sys.modules) - before}
    found[path] = {"events": events, "modules": sorted(modules - set(sys.stdlib_module_names))}
print(json.dumps(found))
"""
HEAVY = {
    "engine": ("import duckdb", "modules", "duckdb"),
    "package": ("from warehouse import stage", "modules", "warehouse"),
    "file": ("open('/etc/hostname').read()", "events", "open /etc/hostname r"),
    "network": ("import socket; socket.socket().close()", "events", "socket.__new__"),
    "database": ("import sqlite3; sqlite3.connect(':memory:')", "events", "sqlite3.connect"),
}


def imported(files: list[Path]) -> dict[str, dict[str, list[str]]]:
    """What each DAG file touches and imports, beyond Airflow's SDK and the standard library."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(PROJECT), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {Path(name).stem: what for name, what in found.items()}


def test_airflow_finds_the_dags_and_nothing_else(bag):
    assert bag.import_errors == {}
    assert set(bag.dags) == EXPECTED
    assert {Path(name).stem for name in bag.file_last_changed} == EXPECTED


def test_each_file_holds_the_dag_of_its_name(bag):
    files = {path.stem for path in DAGS.glob("*.py")} - HELPERS
    assert files == EXPECTED
    for dag_id, dag in bag.dags.items():
        assert Path(dag.fileloc) == DAGS / f"{dag_id}.py"
        assert not dag_id.startswith("dbt_")


def test_a_broken_file_is_an_import_error(tmp_path):
    from airflow.dag_processing.dagbag import DagBag

    (tmp_path / "broken.py").write_text("from airflow.sdk import dag\nraise ValueError('dag')\n")
    assert DagBag(dag_folder=tmp_path).import_errors


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_a_dag_is_owned_tagged_bounded_and_explained(bag, dag_id):
    dag = bag.dags[dag_id]
    assert dag.tags
    assert dag.max_active_runs == 1
    assert dag.catchup is False
    assert timedelta(0) < dag.dagrun_timeout <= LONGEST
    for heading in ("What it does", "Inputs", "Outputs", "When it fails"):
        assert f"**{heading}.**" in dag.doc_md
    for task in dag.tasks:
        assert task.owner not in ("", "airflow")
        assert timedelta(0) < task.execution_timeout <= dag.dagrun_timeout
        assert task.python_callable.__doc__


def test_assets_link_ingest_to_build(bag):
    outlets = {
        (dag_id, outlet.name)
        for dag_id, dag in bag.dags.items()
        for task in dag.tasks
        for outlet in task.outlets
    }
    assert outlets == {
        ("ingest_statistics", "staged_observations"),
        ("ingest_cluster_reports", "staged_observations"),
        ("build_warehouse", "published_warehouse"),
    }
    condition = bag.dags["build_warehouse"].timetable.asset_condition
    assert [asset.name for asset in condition.objects] == ["staged_observations"]


def test_whoever_takes_the_writer_lock_is_in_the_pool_of_one_slot(bag):
    in_pool = {
        task.task_id
        for dag in bag.dags.values()
        for task in dag.tasks
        if task.pool == "duckdb_writer"
    }
    assert in_pool == {"record", "ingest", "answer", "announce", "build", "audit", "publish"}


def test_checks_are_not_retried_and_deliveries_are(bag):
    retries = {task.task_id: task.retries for dag in bag.dags.values() for task in dag.tasks}
    assert retries["build"] == retries["audit"] == retries["publish"] == 0
    assert min(retries[name] for name in ("find", "ingest", "post_webhook", "send_mail")) > 0


def test_importing_a_dag_does_no_work():
    found = imported([DAGS / f"{dag_id}.py" for dag_id in sorted(EXPECTED)])
    assert found == {dag_id: {"events": [], "modules": []} for dag_id in EXPECTED}


def test_work_at_import_would_be_noticed(tmp_path):
    for name, (statement, _, _) in HEAVY.items():
        (tmp_path / f"{name}.py").write_text(statement + "\n")
    found = imported([tmp_path / f"{name}.py" for name in HEAVY])
    missed = [name for name, (_, where, what) in HEAVY.items() if what not in found[name][where]]
    assert missed == []
