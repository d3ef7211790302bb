"""A fetcher that may ask loopback, does not really sleep, and a contract to fetch for."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.servers import Server, serving
from warehouse.fetch import run
from warehouse.fetch.log import Fetched
from warehouse.fetch.policy import Policy
from warehouse.fetch.request import Connection
from warehouse.layout.contract import Contract
from warehouse.settings import Settings

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def contract(fetch: dict[str, Any], format_code: str = "csv") -> Contract:
    """A contract of an office with one `fetch`."""
    return Contract.model_validate(
        {
            "provider": "office",
            "provider_name": "An office",
            "dataset": "table",
            "title": "A table",
            "country": "BY",
            "licence": "open",
            "owner": "statistics",
            "cadence": "yearly",
            "fetch": [fetch],
            "recognise": {"format": [format_code], "headers": ["Регион"]},
            "tables": [
                {
                    "name": "table",
                    "dimensions": {
                        "indicator": "population",
                        "unit": "persons",
                        "period": {"above": "period"},
                        "region": {"left": "region"},
                    },
                }
            ],
        }
    )


@dataclass
class Desk:
    """Who fetches in a test.

    Attributes:
        slept: Waits that were asked for, in seconds.
    """

    home: Path
    policy: Policy
    slept: list[float] = field(default_factory=list)
    connections: dict[str, Connection] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    minute: int = 0

    @property
    def settings(self) -> Settings:
        return Settings(self.home)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def files(self) -> list[str]:
        """What lies in the inbox, hidden files too."""
        return sorted(
            path.relative_to(self.inbox).as_posix()
            for path in self.inbox.rglob("*")
            if path.is_file()
        )

    def fetch(self, *, format_code: str = "csv", **asked: Any) -> Fetched:
        """Fetch one file and keep the log."""
        (found,) = self.fetch_all(format_code=format_code, **asked)
        return found

    def fetch_all(self, *, format_code: str = "csv", **asked: Any) -> list[Fetched]:
        """Fetch all files of one `fetch` and keep the log."""
        self.minute += 1
        given: dict[str, Any] = {"tls": self.tls} if self.tls else {}
        fetcher = run.Fetcher(
            settings=self.settings,
            inbox=self.inbox,
            policy=self.policy,
            connection_of=self.connections.__getitem__,
            now=lambda: datetime(2026, 3, 1, 12, self.minute, tzinfo=UTC),
            sleep=self.slept.append,
            **given,
        )
        done = fetcher.fetch([contract(asked, format_code)])
        run.record(self.settings, done)
        return done

    def allow(self, **changes: Any) -> None:
        """Another policy from now on."""
        self.policy = replace(self.policy, **changes)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    policy = Policy(
        hosts={"127.0.0.1": 0.0},
        private=LOOPBACK,
        drop_folder=tmp_path / "home" / "drop",
        max_bytes=100_000,
        connect_seconds=2.0,
        read_seconds=0.5,
        total_seconds=0.6,
    )
    return Desk(tmp_path / "home", policy)
