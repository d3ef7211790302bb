"""Once for real: API server, scheduler and DAG processor; a file dropped; a value published."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import httpx
import pytest

from dags.local.serve import USER, LocalAirflow, ServeError
from tests.parsed import lay_parsed
from warehouse.settings import PROJECT, Settings

pytestmark = [pytest.mark.airflow, pytest.mark.scheduler]

SAMPLE = PROJECT / "samples" / "belstat" / "grp_per_capita_by_region.json"
BREST_2024 = """
    select value from marts.fct_observation
    where indicator_code = 'grp_per_capita' and region_code = 'BY-BR'
        and period_start = date '2024-01-01'
"""
PUBLISHED_WITHIN = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def airflow(tmp_path_factory) -> Iterator[LocalAirflow]:
    """Airflow as `make airflow` starts it, looking at the inbox every minute."""
    home = tmp_path_factory.mktemp("home")
    settings = lay_parsed(Settings.of(home))
    extra = {"WAREHOUSE_INGEST_SCHEDULE": "* * * * *", "WAREHOUSE_QUIET_SECONDS": "1"}
    with LocalAirflow(settings, home / "inbox", free_port(), extra) as started:
        yield started


def wait(airflow: LocalAirflow, until: Callable[[], object], what: str) -> object:
    """Poll until something comes; complain when a part of Airflow has ended."""
    deadline = time.monotonic() + PUBLISHED_WITHIN
    while time.monotonic() < deadline:
        airflow.check()
        if found := until():
            return found
        time.sleep(0.5)
    logs = "\n".join(str(path) for path in airflow.settings.home.rglob("logs/**/*.log"))
    raise AssertionError(f"no {what} within {PUBLISHED_WITHIN} s; runs {runs(airflow)}; {logs}")


def published(airflow: LocalAirflow) -> float | None:
    """The value in the published file."""
    if not airflow.settings.published.exists():
        return None
    with duckdb.connect(str(airflow.settings.published), read_only=True) as connection:
        row = connection.execute(BREST_2024).fetchone()
    return row[0] if row else None


def runs(airflow: LocalAirflow) -> set[tuple[str, str, str]]:
    """DAG, how the run came about, and its state, from Airflow's own database."""
    file = airflow.settings.home / "airflow" / "airflow.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as connection:
        return set(connection.execute("select dag_id, run_type, state from dag_run"))


def test_a_dropped_file_is_published_by_the_scheduled_dags(airflow):
    (airflow.inbox / "office").mkdir()
    shutil.copy(SAMPLE, airflow.inbox / "office" / SAMPLE.name)
    assert wait(airflow, lambda: published(airflow), "published value") == 22800.1
    done = {
        ("ingest_statistics", "scheduled", "success"),
        ("build_warehouse", "asset_triggered", "success"),
    }
    wait(airflow, lambda: done <= runs(airflow), "finished run")


def test_only_localhost_is_listened_on(airflow):
    """Every port that Airflow's processes listen on is bound to 127.0.0.1."""
    open_to_all = {"00000000", "0" * 32}
    inodes = {
        fields[9]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for fields in (line.split() for line in Path(table).read_text().splitlines()[1:])
        if fields[3] == "0A" and fields[1].split(":")[0] in open_to_all
    }
    ours = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(airflow.settings.home) not in (process / "environ").read_text():
                continue
            ours |= {link.readlink().name for link in (process / "fd").iterdir()}
        except OSError:
            continue
    assert ours
    assert not {f"socket:[{inode}]" for inode in inodes} & ours


def test_the_password_in_the_file_opens_the_ui_and_no_other(airflow):
    password = json.loads(airflow.password_file.read_text())[USER]
    assert airflow.password_file.stat().st_mode & 0o077 == 0
    with httpx.Client(base_url=airflow.url, timeout=20) as client:
        good = client.post("/auth/token", json={"username": USER, "password": password}).json()
        bad = client.post("/auth/token", json={"username": USER, "password": "admin"})
        anonymous = client.get("/api/v2/dags")
        token = {"Authorization": f"Bearer {good['access_token']}"}
        found = client.get("/api/v2/dags", headers=token).json()["dags"]
    assert (bad.status_code, anonymous.status_code) == (401, 401)
    paused = {dag["dag_id"]: dag["is_paused"] for dag in found}
    assert paused == dict.fromkeys(
        (
            "fetch_sources",
            "ingest_statistics",
            "ingest_cluster_reports",
            "build_warehouse",
            "check_freshness",
            "yearly_report",
        ),
        False,
    )


def test_the_writers_pool_has_one_slot(airflow):
    file = airflow.settings.home / "airflow" / "airflow.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as connection:
        pools = dict(connection.execute("select pool, slots from slot_pool"))
    assert pools["duckdb_writer"] == 1


def test_a_taken_port_is_named(airflow, tmp_path):
    second = LocalAirflow(Settings.of(tmp_path), tmp_path / "inbox", airflow.port)
    with pytest.raises(ServeError, match=f"Port {airflow.port} is taken"):
        second.__enter__()


def test_stopping_leaves_no_process(airflow):
    """The last test: it ends Airflow, its executor's workers included."""
    assert processes_of(airflow.settings.home)
    airflow.stop()
    assert processes_of(airflow.settings.home) == []


def processes_of(home: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = f"WAREHOUSE_HOME={home}".encode() in (process / "environ").read_bytes()
            if is_ours and b"airflow" in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found
