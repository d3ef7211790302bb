"""Fetching from servers that behave well and badly."""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
from datetime import UTC, datetime

import pytest
import trustme

from tests.fetch.conftest import Desk
from tests.fetch.servers import ETAG, TABLE, Server, send, serving
from warehouse import archive
from warehouse.fetch import log
from warehouse.fetch.request import Connection
from warehouse.fetch.web import retry_after

NAME = "fetched/office/table/"


def test_a_file_is_left_in_the_inbox_and_logged(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/table.csv")
    assert (found.outcome_code, found.attempt_count, found.http_status) == ("fetched", 1, 200)
    assert found.file_id == hashlib.sha256(TABLE).hexdigest()
    assert (desk.inbox / NAME / "table.csv").read_bytes() == TABLE
    (row,) = log.newest(desk.settings, 5)
    assert row["file_id"] == found.file_id
    assert row["etag"] == ETAG
    assert row["media_type"] == "text/csv"
    assert desk.files == [f"{NAME}table.csv"]


@pytest.mark.parametrize("path", ["/table.csv", "/dated.csv"])
def test_what_has_not_changed_is_not_sent_again(desk: Desk, server: Server, path: str) -> None:
    first = desk.fetch(url=server.url + path)
    second = desk.fetch(url=server.url + path)
    assert (first.outcome_code, second.outcome_code) == ("fetched", "not_modified")
    assert second.http_status == 304
    assert second.file_id == first.file_id
    assert desk.fetch(url=server.url + path).outcome_code == "not_modified"


def test_a_file_that_is_no_longer_here_is_asked_for_in_full(desk: Desk, server: Server) -> None:
    desk.fetch(url=f"{server.url}/table.csv")
    (desk.inbox / NAME / "table.csv").unlink()
    assert desk.fetch(url=f"{server.url}/table.csv").outcome_code == "fetched"
    assert desk.files == [f"{NAME}table.csv"]


def test_a_file_in_the_archive_counts_as_here(desk: Desk, server: Server) -> None:
    desk.fetch(url=f"{server.url}/table.csv")
    (name,) = desk.files
    archive.admit(desk.settings, archive.found_file(desk.inbox, name), datetime.now(UTC))
    (desk.inbox / name).unlink()
    assert desk.fetch(url=f"{server.url}/table.csv").outcome_code == "not_modified"


def test_the_same_bytes_without_a_mark_are_unchanged(desk: Desk, server: Server) -> None:
    outcomes = [desk.fetch(url=f"{server.url}/plain.csv").outcome_code for _ in range(2)]
    assert outcomes == ["fetched", "unchanged"]


def test_a_new_version_replaces_the_old_one(desk: Desk, server: Server) -> None:
    desk.fetch(url=f"{server.url}/plain.csv")
    server.behaviours["/plain.csv"] = lambda handler, _: send(handler, 200, TABLE + b"x;3;4\n")
    assert desk.fetch(url=f"{server.url}/plain.csv").outcome_code == "fetched"
    assert (desk.inbox / NAME / "plain.csv").read_bytes().endswith(b"x;3;4\n")


def test_a_cut_off_answer_is_asked_for_again(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/cut-off.csv")
    assert (found.outcome_code, found.attempt_count) == ("fetched", 3)
    assert (desk.inbox / NAME / "cut-off.csv").read_bytes() == TABLE
    assert 2.0 <= desk.slept[0] <= 2.5
    assert 4.0 <= desk.slept[1] <= 5.0


@pytest.mark.parametrize("path", ["/always-short.csv", "/slow.csv", "/dripping.csv"])
def test_half_an_answer_never_reaches_the_inbox(desk: Desk, server: Server, path: str) -> None:
    desk.allow(attempts=2)
    found = desk.fetch(url=server.url + path)
    assert (found.outcome_code, found.reason_code) == ("failed", "fetch_failed")
    assert found.attempt_count == server.asked(path) == 2
    assert desk.files == []


def test_a_busy_server_is_given_the_time_that_it_asks_for(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/busy.csv")
    assert (found.outcome_code, found.attempt_count) == ("fetched", 2)
    assert desk.slept == [2.0]


def test_a_server_that_asks_for_a_day_is_left_alone(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/busy-for-a-day.csv")
    assert (found.outcome_code, found.http_status, found.attempt_count) == ("failed", 503, 1)
    assert desk.slept == []
    assert "86400 s" in str(found.message)


def test_a_broken_server_is_tried_four_times(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/broken.csv")
    assert (found.outcome_code, found.http_status) == ("failed", 500)
    assert found.attempt_count == server.asked("/broken.csv") == 4


def test_a_missing_file_is_not_asked_for_twice(desk: Desk, server: Server) -> None:
    found = desk.fetch(url=f"{server.url}/gone.csv")
    assert (found.outcome_code, found.http_status, found.attempt_count) == ("failed", 404, 1)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/error-page.csv", "file_is_a_web_page"),
        ("/disguised-page.csv", "file_is_a_web_page"),
        ("/error-json.csv", "fetch_unexpected"),
        ("/nothing.csv", "file_empty"),
        ("/endless.csv", "file_too_large"),
        ("/announced.csv", "file_too_large"),
    ],
)
def test_an_answer_that_is_no_data_stays_outside(
    desk: Desk, server: Server, path: str, reason: str
) -> None:
    found = desk.fetch(url=server.url + path)
    assert (found.outcome_code, found.reason_code) == ("refused", reason)
    assert server.asked(path) == 1
    assert desk.files == []


def test_an_error_page_does_not_replace_the_file_that_is_here(desk: Desk, server: Server) -> None:
    desk.fetch(url=f"{server.url}/plain.csv")
    server.behaviours["/plain.csv"] = server.behaviours["/error-page.csv"]
    assert desk.fetch(url=f"{server.url}/plain.csv").outcome_code == "refused"
    assert (desk.inbox / NAME / "plain.csv").read_bytes() == TABLE
    server.behaviours["/plain.csv"] = server.behaviours["/table.csv"]
    assert desk.fetch(url=f"{server.url}/plain.csv").outcome_code == "unchanged"


def test_a_declared_type_and_checksum_must_hold(desk: Desk, server: Server) -> None:
    url = f"{server.url}/table.csv"
    assert desk.fetch(url=url, content_type=["application/zip"]).reason_code == "fetch_unexpected"
    assert desk.fetch(url=url, sha256="0" * 64).reason_code == "fetch_unexpected"
    good = hashlib.sha256(TABLE).hexdigest()
    assert desk.fetch(url=url, content_type=["text/csv"], sha256=good).outcome_code == "fetched"


def test_the_contract_may_set_a_smaller_limit(desk: Desk, server: Server) -> None:
    assert desk.fetch(url=f"{server.url}/plain.csv", max_bytes=10).reason_code == "file_too_large"


# where it may go


def test_a_redirect_is_followed(desk: Desk, server: Server) -> None:
    assert desk.fetch(url=f"{server.url}/moved.csv").outcome_code == "fetched"


@pytest.mark.parametrize("path", ["/loop.csv", "/to-metadata.csv", "/to-file.csv"])
def test_a_redirect_in_a_circle_or_to_elsewhere_is_refused(
    desk: Desk, server: Server, path: str
) -> None:
    found = desk.fetch(url=server.url + path)
    assert (found.outcome_code, found.reason_code) == ("refused", "fetch_not_allowed")
    assert desk.files == []


def test_a_redirect_to_a_private_address_is_refused_although_its_host_is_listed(
    desk: Desk, server: Server
) -> None:
    desk.allow(hosts={"127.0.0.1": 0.0, "169.254.169.254": 0.0})
    found = desk.fetch(url=f"{server.url}/to-metadata.csv")
    assert found.reason_code == "fetch_not_allowed"
    assert "169.254.169.254" in str(found.message)


def test_loopback_is_refused_unless_it_is_allowed(desk: Desk, server: Server) -> None:
    desk.allow(private=())
    assert desk.fetch(url=f"{server.url}/table.csv").reason_code == "fetch_not_allowed"
    assert server.seen == []


def test_a_host_that_nobody_listed_is_not_asked(desk: Desk, server: Server) -> None:
    desk.allow(hosts={"stat.example": 0.0})
    assert desk.fetch(url=f"{server.url}/table.csv").reason_code == "fetch_not_allowed"
    assert server.seen == []


def test_a_listed_name_with_a_private_address_is_refused(desk: Desk, server: Server) -> None:
    desk.allow(hosts={"localhost": 0.0}, private=())
    found = desk.fetch(url=f"http://localhost:{server.port}/table.csv")
    assert found.reason_code == "fetch_not_allowed"
    assert server.seen == []


def test_a_name_that_leads_nowhere_fails(desk: Desk) -> None:
    desk.allow(hosts={"no-such-host.invalid": 0.0}, attempts=1)
    assert desk.fetch(url="https://no-such-host.invalid/x.csv").reason_code == "fetch_failed"


def test_requests_to_a_host_keep_their_distance(desk: Desk, server: Server) -> None:
    desk.allow(hosts={"127.0.0.1": 3.0})
    desk.fetch_all(
        url=f"{server.url}/table.csv",
        query={"year": "{year}"},
        each={"year": [2021, 2022, 2023]},
        file_name="{year}.csv",
    )
    assert len(desk.slept) == 2
    assert 2.5 < desk.slept[0] <= 3.0 < desk.slept[1] <= 6.0


# what is sent


def test_years_and_parameters_are_filled_in(desk: Desk, server: Server) -> None:
    done = desk.fetch_all(
        url=f"{server.url}/table.csv",
        query={"indicator": "{indicator}", "time": "{year}"},
        each={"indicator": ["a", "b"], "year": {"from": 2025}},
        file_name="{indicator}_{year}.csv",
    )
    asked = [seen[1] for seen in server.seen]
    assert asked == [
        f"/table.csv?indicator={code}&time={year}" for code in "ab" for year in (2025, 2026)
    ]
    assert [each.outcome_code for each in done] == ["fetched"] * 4
    assert desk.files[-1] == f"{NAME}b_2026.csv"
    assert done[0].url.endswith("/table.csv?indicator=a&time=2025")


def test_a_document_may_be_posted_with_lists_in_it(desk: Desk, server: Server) -> None:
    desk.fetch(
        url=f"{server.url}/plain.csv",
        json={"code": "1", "filter": {"years": "{years}", "digits": 0}},
        each={"years": [[2019, 2020, 2021]]},
        file_name="wage_{years}.csv",
    )
    method, _, headers, body = server.seen[0]
    assert method == "POST"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"code": "1", "filter": {"years": [2019, 2020, 2021], "digits": 0}}
    assert desk.files == [f"{NAME}wage_2019-2021.csv"]


def test_a_form_may_be_posted(desk: Desk, server: Server) -> None:
    desk.fetch(
        url=f"{server.url}/plain.csv",
        query={"format": "sdmx"},
        form={"id": 31074, "selectedFilterIds": ["3_1", "3_2"]},
        file_name="emiss.csv",
    )
    method, path, _, body = server.seen[0]
    assert (method, path) == ("POST", "/plain.csv?format=sdmx")
    assert body == b"id=31074&selectedFilterIds=3_1&selectedFilterIds=3_2"


def test_a_password_goes_to_its_host_and_into_no_log(desk: Desk, server: Server) -> None:
    desk.connections["office"] = Connection(login="user", password="secret")  # noqa: S106
    found = desk.fetch(url=f"{server.url}/guarded.csv", connection="office")
    assert found.outcome_code == "fetched"
    assert "secret" not in str(found) + str(log.newest(desk.settings, 5))
    desk.allow(hosts={"127.0.0.1": 0.0, "localhost": 0.0})
    desk.fetch(url=f"{server.url}/to-other-host.csv", connection="office")
    assert "Authorization" in server.seen[-2][2]
    assert "Authorization" not in server.seen[-1][2]
    assert server.seen[-1][2]["Host"].startswith("localhost:")


def test_a_key_of_a_connection_stays_with_its_server(desk: Desk, server: Server) -> None:
    desk.connections["office"] = Connection(extra={"headers": {"X-Api-Key": "secret"}})
    desk.allow(hosts={"127.0.0.1": 0.0, "localhost": 0.0})
    desk.fetch(url=f"{server.url}/to-other-host.csv", connection="office")
    assert [seen[2].get("X-Api-Key") for seen in server.seen] == ["secret", None]


@pytest.mark.parametrize("location", ["http://[::bad/x.csv", "http://exa mple/\x7f", ""])
def test_a_redirect_to_nonsense_fails_alone(desk: Desk, server: Server, location: str) -> None:
    server.behaviours["/odd.csv"] = lambda handler, _: send(handler, 302, Location=location)
    found = desk.fetch(url=f"{server.url}/odd.csv")
    assert found.reason_code in {"fetch_failed", "fetch_not_allowed"}
    assert desk.files == []


def test_a_packed_answer_is_unpacked_within_the_limit(desk: Desk, server: Server) -> None:
    server.behaviours["/packed.csv"] = lambda handler, _: send(
        handler, 200, gzip.compress(TABLE), Content_Encoding="gzip"
    )
    server.behaviours["/bomb.csv"] = lambda handler, _: send(
        handler, 200, gzip.compress(b"1;2\n" * 100_000), Content_Encoding="gzip"
    )
    server.behaviours["/garbled.csv"] = lambda handler, _: send(
        handler, 200, b"not packed at all", Content_Encoding="gzip"
    )
    assert desk.fetch(url=f"{server.url}/packed.csv").file_id == hashlib.sha256(TABLE).hexdigest()
    assert desk.fetch(url=f"{server.url}/bomb.csv").reason_code == "file_too_large"
    assert desk.fetch(url=f"{server.url}/garbled.csv").reason_code == "fetch_failed"


def test_a_fault_of_ours_is_logged_and_stops_nothing(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("warehouse.fetch.run.check_answer", broken)
    found = desk.fetch(url=f"{server.url}/table.csv")
    assert (found.outcome_code, found.reason_code) == ("failed", "fetch_failed")
    assert "RuntimeError: a fault" in (desk.home / "logs" / "errors.log").read_text()
    assert desk.files == []


# certificates


def test_a_certificate_of_another_name_is_refused_at_once(desk: Desk) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(tls)
    desk.tls = ssl.create_default_context()
    authority.configure_trust(desk.tls)
    with serving(tls) as server:
        found = desk.fetch(url=f"{server.url}/table.csv")
        assert (found.outcome_code, found.reason_code) == ("refused", "fetch_not_allowed")
        assert found.attempt_count == 1
        assert server.seen == []


def test_a_certificate_is_checked_against_the_name_not_the_address(desk: Desk) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    desk.tls = ssl.create_default_context()
    authority.configure_trust(desk.tls)
    desk.allow(hosts={"localhost": 0.0, "127.0.0.1": 0.0})
    with serving(tls) as server:
        url = f"https://localhost:{server.port}/table.csv"
        assert desk.fetch(url=url).outcome_code == "fetched"
        assert desk.fetch(url=f"{server.url}/table.csv").reason_code == "fetch_not_allowed"
        server.behaviours["/down.csv"] = lambda handler, _: send(
            handler, 302, Location=f"http://localhost:{server.port}/table.csv"
        )
        down = desk.fetch(url=f"https://localhost:{server.port}/down.csv")
        assert down.reason_code == "fetch_not_allowed"


def test_an_unknown_authority_is_refused(desk: Desk) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serving(tls) as server:
        assert desk.fetch(url=f"{server.url}/table.csv").reason_code == "fetch_not_allowed"


def test_a_wait_may_be_a_time_of_day() -> None:
    now = datetime(2026, 10, 21, 7, 27, 30, tzinfo=UTC)
    assert retry_after("Wed, 21 Oct 2026 07:28:00 GMT", now) == 30.0
    assert retry_after("Wed, 21 Oct 2026 07:00:00 GMT", now) == 0.0
    assert retry_after("120") == 120.0
    assert retry_after("soon") is None
