"""The DAG that fetches: Airflow's connections are used, failures are red, and the log is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.fetch.conftest import contract
from tests.fetch.servers import Server, serving
from warehouse.fetch import log

pytestmark = pytest.mark.airflow


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of the house, which this installation allows."""
    monkeypatch.setenv("WAREHOUSE_FETCH_HOSTS", "127.0.0.1=0")
    monkeypatch.setenv("WAREHOUSE_FETCH_PRIVATE", "127.0.0.0/8")
    with serving() as running:
        yield running


def run(bag, airflow_db, monkeypatch, *made) -> tuple[str, dict[str, str]]:
    registry = {one.id: one for one in made}
    monkeypatch.setattr("warehouse.layout.contract.load_registry", lambda _: registry)
    done = bag.dags["fetch_sources"].test()
    return str(done.state), {ti.task_id: str(ti.state) for ti in done.get_task_instances()}


def test_a_file_is_fetched_with_a_connection_of_airflow(
    bag, airflow_db, home, server, monkeypatch
) -> None:
    connection = {"conn_type": "http", "login": "user", "password": "secret"}
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", json.dumps(connection))
    made = contract({"url": f"{server.url}/guarded.csv", "connection": "office"})
    state, _ = run(bag, airflow_db, monkeypatch, made)
    assert state == "success"
    assert (home.inbox / "fetched" / "office" / "table" / "guarded.csv").exists()
    assert [row["outcome_code"] for row in log.newest(home, 9)] == ["fetched"]


def test_a_source_that_fails_is_red_after_the_others_were_asked(
    bag, airflow_db, home, server, monkeypatch
) -> None:
    bad = contract({"url": f"{server.url}/error-page.csv"})
    good = contract({"url": f"{server.url}/plain.csv"}).model_copy(update={"dataset": "other"})
    state, tasks = run(bag, airflow_db, monkeypatch, bad, good)
    assert (state, tasks) == ("failed", {"fetch": "success", "record": "failed"})
    assert (home.inbox / "fetched" / "office" / "other" / "plain.csv").exists()
    assert {row["outcome_code"] for row in log.newest(home, 9)} == {"fetched", "refused"}
