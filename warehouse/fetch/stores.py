"""Files of sftp servers, buckets and drop folders, through fsspec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import fsspec

from warehouse.archive import is_passed_over
from warehouse.errors import WarehouseError
from warehouse.fetch.answer import (
    Answer,
    Known,
    NoAnswerError,
    TransientError,
    receive,
    too_large,
)
from warehouse.fetch.policy import Policy, not_allowed
from warehouse.fetch.request import Connection, Request

BLOCK = 1024 * 1024
SSH = 22


@dataclass(frozen=True)
class Stores:
    """Asks servers that keep files.

    Attributes:
        policy: What is allowed.
        clock: For the patience with slow servers.
    """

    policy: Policy
    clock: Callable[[], float]

    def fetch(
        self, request: Request, connection: Connection | None, known: Known | None, path: Path
    ) -> Answer:
        """Copy the file to `path`, unless its version is known.

        Raises:
            TransientError: Another attempt may help.
            WarehouseError: It may not.
        """
        limit = min(request.fetch.max_bytes or self.policy.max_bytes, self.policy.max_bytes)
        try:
            system, place = self._open(request, connection or Connection())
            info = system.info(place)
            version = _version(info)
            size = int(info.get("size") or 0)
            if known is not None and known.etag == version:
                return Answer(is_new=False, etag=version)
            if size > limit:
                raise too_large(request.url, limit, f"{size:,}")
            with system.open(place, "rb") as source:
                sha256, copied = receive(self._in_time(source), path, limit, request.url)
        except (WarehouseError, TransientError):
            raise
        except Exception as error:
            raise _of(error, request) from error
        if copied != size:
            raise TransientError(f"{copied:,} of {size:,} bytes")
        return Answer(is_new=True, etag=version, sha256=sha256, size=copied)

    def _in_time(self, source: IO[bytes]) -> Iterator[bytes]:
        end = self.clock() + self.policy.total_seconds
        while chunk := source.read(BLOCK):
            yield chunk
            if self.clock() > end:
                raise TransientError(f"not complete after {self.policy.total_seconds:.0f} s")

    def _open(self, request: Request, connection: Connection) -> tuple[Any, str]:
        if request.scheme == "sftp":
            return self._sftp(request, connection)
        if request.scheme == "s3":
            return self._s3(request, connection)
        return fsspec.filesystem("file"), str(self._inside(_local(request.url)))

    def _sftp(self, request: Request, connection: Connection) -> tuple[Any, str]:
        parts = urlsplit(request.url)
        host = parts.hostname or connection.host or ""
        port = parts.port or connection.port or SSH
        self.policy.check_host(host)
        self.policy.address(host, port)
        options: dict[str, Any] = {
            "port": port,
            "username": connection.login,
            "connect_timeout": self.policy.connect_seconds,
            "login_timeout": self.policy.read_seconds,
        }
        if connection.password:
            options["password"] = connection.password
        if "key_file" in connection.extra:
            options["client_keys"] = [connection.extra["key_file"]]
        if "host_key" in connection.extra:
            options["known_hosts"] = _known_hosts(host, port, connection.extra["host_key"])
        system = fsspec.filesystem("ssh", host=host, skip_instance_cache=True, **options)
        return system, unquote(parts.path)

    def _s3(self, request: Request, connection: Connection) -> tuple[Any, str]:
        bucket = urlsplit(request.url).netloc
        self.policy.check_host(bucket)
        client = {
            name: connection.extra[name]
            for name in ("endpoint_url", "region_name")
            if name in connection.extra
        }
        if "endpoint_url" in client:
            end = urlsplit(client["endpoint_url"])
            self.policy.check_host(end.hostname or "")
            self.policy.address(end.hostname or "", end.port or 443)
        patience = {
            "connect_timeout": self.policy.connect_seconds,
            "read_timeout": self.policy.read_seconds,
        }
        system = fsspec.filesystem(
            "s3",
            key=connection.login,
            secret=connection.password,
            anon=connection.login is None,
            client_kwargs=client,
            config_kwargs={**patience, "retries": {"total_max_attempts": 1}},
            skip_instance_cache=True,
            use_listings_cache=False,
        )
        return system, request.url.removeprefix("s3://")

    def _inside(self, path: Path) -> Path:
        """A file of the drop folder, wherever links lead."""
        real = path.resolve()
        if not real.is_relative_to(self.policy.drop_folder):
            raise not_allowed(
                f"a file of the drop folder {self.policy.drop_folder}",
                str(path),
                "Leave files there, or set WAREHOUSE_DROP_FOLDER.",
            )
        return real

    def found(self, request: Request) -> list[Request]:
        """The files that a drop folder holds now, as requests of their own.

        Raises:
            WarehouseError: `fetch_not_allowed` for a folder outside.
        """
        if request.file_name is not None:
            return [request]
        path = _local(request.url)
        folder = self._inside(path.parent)
        names = (
            sorted(each.name for each in folder.glob(path.name) if each.is_file())
            if folder.is_dir()
            else []
        )
        return [
            replace(request, url=(folder / name).as_uri(), file_name=name)
            for name in names
            if not is_passed_over(name)
        ]


def _local(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def _known_hosts(host: str, port: int, key: str) -> Any:
    import asyncssh  # noqa: PLC0415  (loads cryptography)

    name = host if port == SSH else f"[{host}]:{port}"
    return asyncssh.import_known_hosts(f"{name} {key}\n")


def _version(info: Mapping[str, Any]) -> str:
    """What tells versions of a file apart: the store's own mark, else time and size."""
    mark = info.get("ETag") or f"{info.get('mtime')}-{info.get('size')}"
    return str(mark)


def _of(error: Exception, request: Request) -> Exception:
    """What a store's error means."""
    import asyncssh  # noqa: PLC0415

    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return not_allowed(
            f"the known host key of {urlsplit(request.url).netloc}",
            "another one, or none is known",
            "Compare the key with the one that the office gives, then set `host_key` of the "
            "connection.",
        )
    final = (FileNotFoundError, PermissionError, asyncssh.PermissionDenied, asyncssh.SFTPNoSuchFile)
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, final):
        return NoAnswerError(
            f"the file at {request.url}",
            said,
            "Check the path, and user and rights of the connection.",
        )
    return TransientError(said)
