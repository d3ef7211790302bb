"""What a contract asks for: requests with all placeholders filled in, and users of connections."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from warehouse.archive import is_passed_over, is_unsafe
from warehouse.errors import Code, WarehouseError
from warehouse.layout.contract import Contract, Fetch

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Connection:
    """User, password and address of a server, as Airflow keeps them.

    Attributes:
        extra: Further parameters: `key_file` and `host_key` for sftp, `endpoint_url` and
            `region_name` for s3, `headers` for http.
    """

    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: str | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


ConnectionOf = Callable[[str], Connection]


@dataclass(frozen=True)
class Request:
    """One file to fetch.

    Attributes:
        contract_id: The contract that asks for it.
        formats: Formats that the contract reads.
        url: Address, without parameters.
        file_name: Name to leave it under; None for a drop folder with many files.
        fetch: The rest of what the contract says, with placeholders filled in.
    """

    contract_id: str
    formats: tuple[str, ...]
    url: str
    file_name: str | None
    fetch: Fetch

    @property
    def scheme(self) -> str:
        """https, http, sftp, s3 or file."""
        return self.url.partition("://")[0]


def requests_of(contract: Contract, year: int) -> list[Request]:
    """All requests of a contract, in the order of the values.

    Args:
        contract: The contract.
        year: The year that open spans of years run to.
    """
    return [
        _request(contract, fetch, dict(zip(fetch.each, values, strict=True)))
        for fetch in contract.fetch
        for values in product(*(list(_values(each, year)) for each in fetch.each.values()))
    ]


def _values(each: Any, year: int) -> Iterator[Any]:
    if isinstance(each, Mapping):
        yield from range(each["from"], each.get("to", year) + 1)
    else:
        yield from each


def _request(contract: Contract, fetch: Fetch, values: Mapping[str, Any]) -> Request:
    filled = fetch.model_copy(
        update={
            "query": _filled(fetch.query, values),
            "form": _filled(fetch.form, values),
            "json_body": _filled(fetch.json_body, values),
        }
    )
    url = str(_text(fetch.url, values))
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    name = str(_text(fetch.file_name, values)) if fetch.file_name else last
    is_many = url.startswith("file://") and "*" in last
    return Request(
        contract_id=contract.id,
        formats=contract.recognise.format,
        url=url,
        file_name=None if is_many else _safe(contract, name),
        fetch=filled,
    )


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {str(_text(key, values)): _filled(item, values) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, values) for item in value]
    whole = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    if whole:
        return values[whole[1]]
    return _text(value, values) if isinstance(value, str) else value


def _text(text: str, values: Mapping[str, Any]) -> str:
    """A list among texts is said by its first and last value: 2020-2026."""

    def said(match: re.Match[str]) -> str:
        value = values[match[1]]
        return f"{value[0]}-{value[-1]}" if isinstance(value, list) else str(value)

    return _PLACEHOLDER.sub(said, text)


def _safe(contract: Contract, name: str) -> str:
    if not name or is_unsafe(name) or "/" in name or "\\" in name or is_passed_over(name):
        raise WarehouseError.of(
            Code.CONTRACT_INVALID,
            expected="a plain file name in `fetch`",
            found=f"«{name}» in contract {contract.id}",
            action="Give it a `file_name` without folders.",
        )
    return name


def connection_of_environment(name: str) -> Connection:
    """A connection from `AIRFLOW_CONN_<NAME>`, as a URI or as JSON, as Airflow itself reads it.

    Raises:
        WarehouseError: `setting_invalid` when it is not set or cannot be read.
    """
    variable = f"AIRFLOW_CONN_{name.upper()}"
    text = os.environ.get(variable, "").strip()
    try:
        if text.startswith("{"):
            return _of_json(json.loads(text))
        if text:
            return _of_uri(text)
        found = "nothing"
    except (ValueError, TypeError):
        found = "a text that is neither"
    raise WarehouseError.of(
        Code.SETTING_INVALID,
        expected=f"a connection as URI or JSON in {variable}",
        found=found,
        action="Set it as for Airflow, or name another connection in the contract.",
    )


def _of_json(data: Mapping[str, Any]) -> Connection:
    extra = data.get("extra") or {}
    return Connection(
        host=data.get("host"),
        port=int(data["port"]) if data.get("port") else None,
        login=data.get("login"),
        password=data.get("password"),
        extra=json.loads(extra) if isinstance(extra, str) else extra,
    )


def _of_uri(text: str) -> Connection:
    parts = urlsplit(text)
    extra = dict(parse_qsl(parts.query))
    return Connection(
        host=parts.hostname,
        port=parts.port,
        login=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        extra=json.loads(extra["__extra__"]) if "__extra__" in extra else extra,
    )
