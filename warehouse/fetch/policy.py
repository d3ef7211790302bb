"""What fetching may do: hosts, addresses, waits, sizes. No contract can widen it."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from warehouse.errors import Code, WarehouseError
from warehouse.settings import SettingError, Settings

HOSTS_FILE = "fetch_hosts.yml"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Policy:
    """Limits of fetching.

    Attributes:
        hosts: Hosts, or buckets of s3, that may be asked; seconds between two requests to each.
        private: Networks that are allowed although they are not public: servers of the house.
        drop_folder: The one folder that `file://` may read.
        attempts: How often a request is tried.
        connect_seconds: Patience until a server answers the call.
        read_seconds: Patience for each next piece of an answer.
        total_seconds: Patience for one attempt as a whole.
        wait_seconds: Wait before the second attempt; doubled before each further one.
        longest_wait: A server that asks for a longer wait is asked again another day.
        max_bytes: A larger file is refused.
        max_redirects: More are a loop.
    """

    hosts: Mapping[str, float]
    drop_folder: Path
    max_bytes: int
    private: tuple[Network, ...] = ()
    attempts: int = 4
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 600.0
    wait_seconds: float = 2.0
    longest_wait: float = 300.0
    max_redirects: int = 5

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """The reviewed hosts, and what the environment adds.

        `WAREHOUSE_FETCH_HOSTS`: `host` or `host=seconds`, separated by commas.
        `WAREHOUSE_FETCH_PRIVATE`: networks such as `10.1.2.0/24`, separated by commas.

        Raises:
            SettingError: One of them cannot be read.
        """
        path = settings.sources / HOSTS_FILE
        listed = yaml.safe_load(path.read_bytes()) if path.exists() else {}
        return cls(
            hosts={str(host).lower(): float(seconds) for host, seconds in (listed or {}).items()}
            | _hosts(os.environ.get("WAREHOUSE_FETCH_HOSTS", "")),
            private=_networks(os.environ.get("WAREHOUSE_FETCH_PRIVATE", "")),
            drop_folder=settings.drop_folder,
            max_bytes=settings.max_file_bytes,
        )

    def check_host(self, host: str) -> None:
        """Refuse a host that is not in the list.

        Raises:
            WarehouseError: `fetch_not_allowed`.
        """
        if host.lower() not in self.hosts:
            raise not_allowed(
                f"a host of warehouse/sources/{HOSTS_FILE} or WAREHOUSE_FETCH_HOSTS",
                f"«{host}»",
                "If the source is trusted, add its host to the list.",
            )

    def address(self, host: str, port: int) -> str:
        """The address to connect to: the first one of the host, when all of them are allowed.

        Whoever connects uses this address and does not ask for the name again: a name that leads
        somewhere else a moment later changes nothing.

        Raises:
            WarehouseError: `fetch_not_allowed` for an address that is not public.
            OSError: The name leads nowhere.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        for text in addresses:
            if not self._is_allowed(text):
                raise not_allowed(
                    "a public address, or a network of WAREHOUSE_FETCH_PRIVATE",
                    f"«{host}» at {text}",
                    "A name that leads into the house may be an attack: ask who set it.",
                )
        return addresses[0]

    def _is_allowed(self, text: str) -> bool:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        if any(address in network for network in self.private):
            return True
        return address.is_global and not address.is_multicast


def not_allowed(expected: str, found: str, action: str) -> WarehouseError:
    """The error for what the policy forbids."""
    return WarehouseError.of(Code.FETCH_NOT_ALLOWED, expected=expected, found=found, action=action)


def _hosts(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        host, _, seconds = item.partition("=")
        try:
            found[host.strip().lower()] = float(seconds or 1)
        except ValueError as error:
            raise SettingError("host or host=seconds in WAREHOUSE_FETCH_HOSTS", item) from error
    return found


def _networks(text: str) -> tuple[Network, ...]:
    items = filter(None, (part.strip() for part in text.split(",")))
    try:
        return tuple(ipaddress.ip_network(item) for item in items)
    except ValueError as error:
        raise SettingError("networks in WAREHOUSE_FETCH_PRIVATE", str(error)) from error
