"""The ready-made definitions: the requests that they make, and what becomes of recorded replies."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fetch.conftest import Desk
from tests.fetch.servers import Server, send
from tests.layout.reading import read_file, registry
from tests.shared import shared_data
from warehouse.fetch.log import Fetched
from warehouse.fetch.policy import Policy
from warehouse.fetch.request import requests_of
from warehouse.fetch.run import Fetcher
from warehouse.layout.contract import Contract
from warehouse.settings import Settings

RECORDED = {
    "belstat/employment_by_raion": "belstat/empl_person_10102000017_2010-2019.json",
    "belstat/net_migration": "belstat/belstat_net_oblast_2010-2019.json",
    "eurostat/lfst_r_lfe2en2": "eurostat/lfst_r_lfe2en2.tsv",
    "kz-bns/population": "kazakhstan/pop_source.xlsx",
    "rosstat/innovation_activity": "rosstat/innovations_1.xls",
    "rosstat/output_shipped": "rosstat/otgruzka_C_D_E_sub.xlsx",
    "rosstat/population_women_emiss": "emiss/sdmx_example.xml",
}
"""Contract to a reply of its source, recorded before this project began."""


def test_every_definition_has_a_recorded_reply() -> None:
    assert {name for name, contract in registry().items() if contract.fetch} == set(RECORDED)


def test_every_host_is_listed(tmp_path: Path) -> None:
    hosts = Policy.of(Settings(tmp_path)).hosts
    for contract in registry().values():
        for request in requests_of(contract, 2026):
            assert urlsplit(request.url).hostname in hosts
            assert request.scheme == "https"


def on_loopback(contract: Contract, server: Server) -> Contract:
    """The contract with its addresses moved to a server of the test."""
    moved = [
        each.model_copy(update={"url": server.url + urlsplit(each.url).path})
        for each in contract.fetch
    ]
    return contract.model_copy(update={"fetch": tuple(moved)})


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_reply_is_fetched_and_read(name: str, desk: Desk, server: Server) -> None:
    reply = (shared_data() / RECORDED[name]).read_bytes()
    contract = on_loopback(registry()[name], server)
    path = urlsplit(contract.fetch[0].url).path
    media_type = "application/json" if RECORDED[name].endswith("json") else "text/plain"
    server.behaviours[path] = lambda handler, _: send(handler, 200, reply, Content_Type=media_type)
    desk.allow(max_bytes=10_000_000)
    done = fetch(desk, contract)
    assert {each.outcome_code for each in done} == {"fetched"}, [each.message for each in done]
    reading = read_file(desk.inbox / done[0].file_name)
    assert reading.outcome_code == "accepted"
    assert reading.contract is not None
    assert reading.contract.id == name
    assert reading.observations.num_rows >= 20


def fetch(desk: Desk, contract: Contract) -> list[Fetched]:
    return Fetcher(
        settings=desk.settings,
        inbox=desk.inbox,
        policy=desk.policy,
        connection_of=desk.connections.__getitem__,
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        sleep=desk.slept.append,
    ).fetch([contract])


def test_the_portal_of_belarus_is_asked_in_spans_of_years(desk: Desk, server: Server) -> None:
    contract = on_loopback(registry()["belstat/net_migration"], server)
    path = urlsplit(contract.fetch[0].url).path
    server.behaviours[path] = lambda handler, _: send(
        handler, 200, b'{"message": "limit"}', Content_Type="application/json"
    )
    done = fetch(desk, contract)
    assert {each.reason_code for each in done} == {"fetch_unexpected"}
    bodies = [json.loads(seen[3]) for seen in server.seen]
    years = [year for body in bodies for year in body["valuesFilter"]["years"]]
    assert years == list(range(2010, 2027))
    assert {body["indicatorCode"] for body in bodies} == {"10101300003"}
    filters = bodies[0]["valuesFilter"]
    assert set(filters["dimensionParams"]) == set(filters["dimensionOrder"])
    assert filters["dimensionParams"]["razrez_594"][0] == "699961"


def test_eurostat_is_asked_for_its_own_text_format(desk: Desk, server: Server) -> None:
    contract = on_loopback(registry()["eurostat/lfst_r_lfe2en2"], server)
    fetch(desk, contract)
    asked = urlsplit(server.seen[0][1])
    assert asked.path.endswith("/sdmx/2.1/data/lfst_r_lfe2en2")
    assert parse_qs(asked.query) == {"format": ["TSV"], "compressed": ["false"]}
