"""The grammar of `fetch`, the policy of an installation, connections, and the command."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tests.fetch.conftest import Desk, contract
from tests.fetch.servers import Server
from warehouse import stage
from warehouse.cli import main
from warehouse.errors import WarehouseError
from warehouse.fetch.policy import Policy
from warehouse.fetch.request import connection_of_environment, requests_of
from warehouse.fetch.run import Fetcher
from warehouse.layout.contract import Fetch
from warehouse.settings import PROJECT, SettingError, Settings

GUIDE = PROJECT / "docs" / "how-to" / "fetch-sources.md"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"url": "ftp://stat.example/a.csv"}, "begins with one of"),
        ({"url": "/etc/passwd"}, "begins with one of"),
        ({"url": "https://user:secret@stat.example/a.csv"}, "belong to a `connection`"),
        ({"url": "https://stat.example/{year}.csv"}, "different things: year"),
        ({"url": "https://stat.example/a.csv", "each": {"year": [1]}}, "different things: year"),
        ({"url": "https://stat.example/data/"}, "`file_name` is needed"),
        (
            {
                "url": "https://stat.example/{year}/{code}.csv",
                "each": {"year": [1], "code": ["a"]},
                "file_name": "{code}.csv",
            },
            "would hide each other",
        ),
        (
            {"url": "https://stat.example/a", "file_name": "a", "form": {}, "json": {}},
            "either `form` or `json`",
        ),
        ({"url": "sftp://stat.example/a.csv", "query": {"a": 1}}, "do not belong to sftp"),
        ({"url": "https://stat.example/a.csv", "sha256": "abc"}, "sha256"),
    ],
)
def test_a_request_that_cannot_work_is_no_contract(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        Fetch.model_validate(asked)


@pytest.mark.parametrize("name", ["../a.csv", "a/b.csv", ".hidden.csv", "a.part", "x\u202e.csv"])
def test_a_file_name_that_leaves_its_folder_is_refused(name: str) -> None:
    made = contract({"url": "https://stat.example/a", "file_name": name})
    with pytest.raises(WarehouseError, match="plain file name"):
        requests_of(made, 2026)


def test_a_value_cannot_lead_out_of_the_folder_either() -> None:
    asked = {"url": "https://stat.example/{code}", "file_name": "{code}.csv"}
    made = contract(asked | {"each": {"code": ["../../x"]}})
    with pytest.raises(WarehouseError, match="plain file name"):
        requests_of(made, 2026)


def test_the_environment_adds_hosts_and_networks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE_FETCH_HOSTS", "files.example=5, Other.example")
    monkeypatch.setenv("WAREHOUSE_FETCH_PRIVATE", "10.1.0.0/16")
    policy = Policy.of(Settings(tmp_path))
    assert policy.hosts["files.example"] == 5.0
    assert policy.hosts["other.example"] == 1.0
    assert policy.hosts["stat.gov.kz"] == 2.0
    assert policy.address("10.1.2.3", 443) == "10.1.2.3"
    with pytest.raises(WarehouseError, match="public address"):
        policy.address("10.2.0.1", 443)
    monkeypatch.setenv("WAREHOUSE_FETCH_PRIVATE", "here")
    with pytest.raises(SettingError):
        Policy.of(Settings(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"),
        *("0.0.0.1", "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="public address"):
        Policy.of(Settings(tmp_path)).address(address, 443)


def test_connections_are_read_as_airflow_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", "sftp://user:p%40ss@files.example:2222?host_key=abc")
    found = connection_of_environment("office")
    assert (found.host, found.port, found.login, found.password) == (
        *("files.example", 2222, "user"),
        "p@ss",
    )
    assert found.extra == {"host_key": "abc"}
    assert "p@ss" not in repr(found)
    data = {"conn_type": "aws", "login": "k", "password": "s", "extra": {"region_name": "x"}}
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", json.dumps(data))
    assert connection_of_environment("office").extra == {"region_name": "x"}
    monkeypatch.delenv("AIRFLOW_CONN_OFFICE")
    with pytest.raises(WarehouseError, match="AIRFLOW_CONN_OFFICE"):
        connection_of_environment("office")


def test_a_missing_connection_is_told_and_logged(desk: Desk, server: Server) -> None:
    found = contract({"url": f"{server.url}/table.csv", "connection": "nobody"})
    (done,) = Fetcher(
        settings=desk.settings,
        inbox=desk.inbox,
        policy=desk.policy,
        connection_of=connection_of_environment,
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
    ).fetch([found])
    assert (done.outcome_code, done.reason_code) == ("failed", "setting_invalid")
    assert server.seen == []


def test_the_log_is_staged_and_survives_pruning(desk: Desk, server: Server) -> None:
    desk.fetch(url=f"{server.url}/table.csv")
    desk.fetch(url=f"{server.url}/table.csv")
    stage.prune(desk.settings)
    parts = stage.active_parts(desk.settings)["fetch"]
    assert len(parts) == 3  # the empty one, and one for each run
    assert desk.fetch(url=f"{server.url}/table.csv").outcome_code == "not_modified"


# the guide


def blocks() -> list[dict[str, Any]]:
    text = GUIDE.read_text(encoding="utf-8")
    found = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S)]
    return [fetch for block in found if "fetch" in block for fetch in block["fetch"]]


def test_every_example_of_the_guide_is_valid() -> None:
    assert len(blocks()) >= 6
    for example in blocks():
        assert requests_of(contract(example), 2026)


# the command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def test_the_command_lists_what_it_would_ask(capsys, tmp_path: Path) -> None:
    assert run("--home", tmp_path, "fetch", "--list", "--json", "kz-bns/population") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "contract_id": "kz-bns/population",
            "method": "GET",
            "url": "https://stat.gov.kz/api/iblock/element/6584/file/ru/",
            "file_name": "population.xlsx",
        }
    ]
    assert run("--home", tmp_path, "fetch", "no/such") == 1


def test_the_command_fetches_and_shows_its_log(
    capsys, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = contract({"url": f"{server.url}/table.csv"})
    monkeypatch.setattr("warehouse.layout.contract.load_registry", lambda _: {made.id: made})
    home = tmp_path / "home"
    assert run("--home", home, "fetch") == 3  # loopback is not allowed by default
    assert "fetch_not_allowed" in str(run_json(capsys, home))
    monkeypatch.setenv("WAREHOUSE_FETCH_HOSTS", "127.0.0.1=0")
    monkeypatch.setenv("WAREHOUSE_FETCH_PRIVATE", "127.0.0.0/8")
    assert run("--home", home, "fetch") == 0
    assert "fetched" in capsys.readouterr().out
    assert (home / "inbox" / "fetched" / "office" / "table" / "table.csv").exists()
    assert [row["outcome_code"] for row in run_json(capsys, home)] == ["fetched", "refused"]


def run_json(capsys, home: Path) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run("--home", home, "fetch", "--log", "5", "--json") == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found
