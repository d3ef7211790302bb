"""Fetching from a real sftp server, from a bucket, and from a drop folder."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.fetch.conftest import Desk
from tests.fetch.servers import TABLE
from warehouse.fetch.request import Connection

NAME = "fetched/office/table/"
BUCKET = "office-tables"
ENDPOINT_HOSTS = {"127.0.0.1": 0.0, BUCKET: 0.0}


@dataclass
class Sftp:
    """A running sftp server.

    Attributes:
        root: The folder that it serves.
        port: Where it listens.
        host_key: Its public key.
    """

    root: Path
    port: int
    host_key: str

    @property
    def url(self) -> str:
        return f"sftp://127.0.0.1:{self.port}"


class _OneUser(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("statistics", "secret")


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sftp]:
    root = tmp_path_factory.mktemp("sftp")
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            _OneUser,
            "127.0.0.1",
            0,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
        )

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    yield Sftp(root, acceptor.get_port(), key.export_public_key().decode().strip())
    loop.call_soon_threadsafe(acceptor.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def user(sftp: Sftp, **changes: str) -> Connection:
    return Connection(
        login="statistics",
        password=changes.get("password", "secret"),
        extra={"host_key": changes.get("host_key", sftp.host_key)},
    )


def test_a_file_of_an_sftp_server_is_copied_once(desk: Desk, sftp: Sftp) -> None:
    (sftp.root / "табл 1.csv").write_bytes(TABLE)
    desk.connections["office"] = user(sftp)
    url = f"{sftp.url}/табл 1.csv"
    outcomes = [desk.fetch(url=url, connection="office") for _ in range(2)]
    assert [each.message for each in outcomes] == [None, None]
    assert [each.outcome_code for each in outcomes] == ["fetched", "not_modified"]
    assert (desk.inbox / NAME / "табл 1.csv").read_bytes() == TABLE
    (sftp.root / "табл 1.csv").write_bytes(TABLE + b"x;3;4\n")
    assert desk.fetch(url=url, connection="office").outcome_code == "fetched"


def test_an_unknown_host_key_is_refused(desk: Desk, sftp: Sftp) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    desk.connections["office"] = user(sftp, host_key=other)
    found = desk.fetch(url=f"{sftp.url}/a.csv", connection="office")
    assert (found.reason_code, found.attempt_count) == ("fetch_not_allowed", 1)


def test_a_wrong_password_and_a_missing_file_fail_at_once(desk: Desk, sftp: Sftp) -> None:
    desk.connections["office"] = user(sftp, password="guess")  # noqa: S106
    denied = desk.fetch(url=f"{sftp.url}/a.csv", connection="office")
    assert (denied.reason_code, denied.attempt_count) == ("fetch_failed", 1)
    assert "guess" not in str(denied)
    desk.connections["office"] = user(sftp)
    missing = desk.fetch(url=f"{sftp.url}/missing.csv", connection="office")
    assert (missing.reason_code, missing.attempt_count) == ("fetch_failed", 1)


def test_sftp_has_the_same_limits_as_the_web(desk: Desk, sftp: Sftp) -> None:
    (sftp.root / "page.csv").write_bytes(b"<!doctype html><html></html>")
    (sftp.root / "large.csv").write_bytes(b"1;2\n" * 50_000)
    desk.connections["office"] = user(sftp)
    page = desk.fetch(url=f"{sftp.url}/page.csv", connection="office")
    assert page.reason_code == "file_is_a_web_page"
    large = desk.fetch(url=f"{sftp.url}/large.csv", connection="office")
    assert large.reason_code == "file_too_large"
    desk.allow(hosts={})
    unlisted = desk.fetch(url=f"{sftp.url}/page.csv", connection="office")
    assert unlisted.reason_code == "fetch_not_allowed"
    desk.allow(hosts={"127.0.0.1": 0.0}, private=())
    private = desk.fetch(url=f"{sftp.url}/page.csv", connection="office")
    assert private.reason_code == "fetch_not_allowed"
    assert desk.files == []


def test_an_sftp_server_that_is_away_is_tried_again(desk: Desk) -> None:
    desk.connections["office"] = Connection(login="statistics", password="secret")  # noqa: S106
    desk.allow(attempts=2)
    found = desk.fetch(url="sftp://127.0.0.1:1/a.csv", connection="office")
    assert (found.reason_code, found.attempt_count) == ("fetch_failed", 2)


# buckets


@pytest.fixture(scope="module")
def bucket() -> Iterator[Connection]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    connection = Connection(
        login="key",
        password="secret",  # noqa: S106
        extra={"endpoint_url": endpoint, "region_name": "us-east-1"},
    )
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",  # noqa: S106
    )
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="2024/table.csv", Body=TABLE)
    client.put_object(Bucket=BUCKET, Key="2024/large.csv", Body=b"1;2\n" * 50_000)
    yield connection
    moto.stop()


def test_an_object_is_copied_once(desk: Desk, bucket: Connection) -> None:
    desk.allow(hosts=ENDPOINT_HOSTS)
    desk.connections["store"] = bucket
    asked = {
        "url": f"s3://{BUCKET}/{{year}}/table.csv",
        "each": {"year": [2024]},
        "file_name": "{year}.csv",
        "connection": "store",
    }
    outcomes = [desk.fetch(**asked) for _ in range(2)]
    assert [each.message for each in outcomes] == [None, None]
    assert [each.outcome_code for each in outcomes] == ["fetched", "not_modified"]
    assert (desk.inbox / NAME / "2024.csv").read_bytes() == TABLE


def test_a_bucket_has_the_same_limits_as_the_web(desk: Desk, bucket: Connection) -> None:
    desk.connections["store"] = bucket
    url = f"s3://{BUCKET}/2024/table.csv"
    unlisted = desk.fetch(url=url, connection="store")
    assert unlisted.reason_code == "fetch_not_allowed"
    desk.allow(hosts=ENDPOINT_HOSTS)
    large = desk.fetch(url=f"s3://{BUCKET}/2024/large.csv", connection="store")
    assert large.reason_code == "file_too_large"
    missing = desk.fetch(url=f"s3://{BUCKET}/2024/missing.csv", connection="store")
    assert (missing.reason_code, missing.attempt_count) == ("fetch_failed", 1)
    desk.allow(private=())
    assert desk.fetch(url=url, connection="store").reason_code == "fetch_not_allowed"
    assert desk.files == []


# drop folders


def test_every_file_of_a_drop_folder_is_taken(desk: Desk) -> None:
    drop = desk.policy.drop_folder / "office"
    drop.mkdir(parents=True)
    for name in ("a.csv", "b.csv", "~$b.csv", "c.xlsx.part"):
        (drop / name).write_bytes(TABLE + name.encode())
    url = f"{drop.as_uri()}/*.csv"
    done = desk.fetch_all(url=url)
    assert [(each.file_name, each.outcome_code) for each in done] == [
        (f"{NAME}a.csv", "fetched"),
        (f"{NAME}b.csv", "fetched"),
    ]
    assert [each.outcome_code for each in desk.fetch_all(url=url)] == ["not_modified"] * 2
    assert (drop / "a.csv").exists()


def test_a_drop_folder_that_is_not_there_is_empty(desk: Desk) -> None:
    assert desk.fetch_all(url=f"{desk.policy.drop_folder.as_uri()}/none/*.csv") == []


def test_a_path_or_link_out_of_the_drop_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    drop = desk.policy.drop_folder
    drop.mkdir(parents=True)
    outside = tmp_path / "outside.csv"
    outside.write_bytes(TABLE)
    (drop / "link.csv").symlink_to(outside)
    asked = [outside.as_uri(), f"{drop.as_uri()}/link.csv", f"{drop.as_uri()}/../../outside.csv"]
    assert {desk.fetch(url=url).reason_code for url in asked} == {"fetch_not_allowed"}
    assert desk.fetch(url=f"{tmp_path.as_uri()}/*.csv").reason_code == "fetch_not_allowed"
    assert desk.fetch(url=f"{drop.as_uri()}/*.csv").reason_code == "fetch_not_allowed"
    assert desk.files == []
