"""Makes a build the one that readers open, by an atomic rename; keeps the last ones."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import audit, disk
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

TIME_LIMIT = 60.0
"""Seconds that a query may take."""

READER = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
}
SEAL = (
    "set enable_external_access = false",
    # DuckDB leaves the opened file, its log and its .tmp folder within reach of COPY: so no file
    # system at all, once the file is open
    "set disabled_filesystems = 'LocalFileSystem'",
    "set lock_configuration = true",
)
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+)?", re.I)


@dataclass(frozen=True)
class Publication:
    """One change of the published file.

    Attributes:
        number: Counts the changes, from 1.
        build_id: The build that became current.
        against: The build that was current before; None for the first, and after one that did
            not open.
        published_at: ISO time.
        kind: `publish` or `rollback`.
        tables: Per mart: rows added, removed, changed, with the keys of the first ones.
    """

    number: int
    build_id: str
    against: str | None
    published_at: str
    kind: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)


def _folder(settings: Settings) -> Path:
    return settings.builds / "publications"


def _file(settings: Settings, build_id: str) -> Path:
    return settings.builds / f"{build_id}.duckdb"


def publications(settings: Settings) -> list[Publication]:
    """All changes of the published file, the oldest first."""
    paths = sorted(_folder(settings).glob("*.json"))
    return [Publication(**json.loads(path.read_bytes())) for path in paths]


def current(settings: Settings) -> str | None:
    """Id of the published build; None when nothing is published."""
    if not settings.published.exists():
        return None
    for path in settings.builds.glob("*.duckdb"):
        if path.samefile(settings.published):
            return path.stem
    done = publications(settings)  # where links are not to be had, the log has to do
    return done[-1].build_id if done else None


def is_recorded(settings: Settings) -> bool:
    """Whether the last entry is about the published build; not so after a kill in between."""
    done = publications(settings)
    return bool(done) and done[-1].build_id == current(settings)


def publish(
    settings: Settings,
    build_id: str,
    keys: dict[str, audit.TableKey],
    *,
    now: datetime,
    kind: str = "publish",
) -> Publication:
    """Make a build current and write its difference to the one before.

    For a build that is current already, only the missing entry is written.

    Readers that have the old file open keep it; whoever opens it next sees the new one. Only for
    the holder of the writer lock.

    Args:
        settings: The warehouse home.
        build_id: The build.
        keys: What identifies the rows of its marts.
        now: Time of the publication.
        kind: `publish` or `rollback`.

    Raises:
        WarehouseError: `build_unknown`, `build_damaged`, `disk_full`, `home_unwritable`.
    """
    file = _file(settings, build_id)
    if not file.exists():
        raise unknown_build(settings, build_id)
    check_opens(file)
    done = publications(settings)
    before = current(settings)
    if before == build_id:
        before = done[-1].build_id if done else None
    other = _file(settings, before) if before else None
    if other is not None and not other.exists():
        other = settings.published
    if other is not None and (not other.exists() or damage(other)):
        before, other = None, None
    tables = audit.difference(file, other, keys)
    entry = Publication(
        number=done[-1].number + 1 if done else 1,
        build_id=build_id,
        against=before,
        published_at=now.isoformat(),
        kind=kind,
        tables=tables,
    )
    with disk.writing(settings.home):
        _swap(file, settings.published)
        disk.write_json(_folder(settings) / f"{entry.number:06d}-{build_id}.json", asdict(entry))
    return entry


def _swap(file: Path, published: Path) -> None:
    if published.exists() and published.samefile(file):
        return  # renaming one name of a file over another one of it does nothing
    temporary = disk.temporary_name(published)
    temporary.unlink(missing_ok=True)
    try:
        _give_name(file, temporary)
        disk.rename(temporary, published)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _give_name(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
        return
    except OSError:  # a file system without hard links
        shutil.copy2(file, name)
    with name.open("rb") as copy:
        os.fsync(copy.fileno())


def unknown_build(settings: Settings, build_id: str) -> WarehouseError:
    """The error for a build that is not there, naming those that are."""
    known = sorted((path.stem for path in settings.builds.glob("*.duckdb")), reverse=True)
    return WarehouseError.of(
        Code.BUILD_UNKNOWN,
        expected=f"one of the builds {', '.join(known)}" if known else "a finished build",
        found=build_id,
        action="List them with `warehouse builds`.",
    )


def prune(settings: Settings) -> list[str]:
    """Remove all builds but the newest `keep_builds` and the published one.

    Only for the holder of the writer lock.

    Returns:
        Ids of the builds that were removed.
    """
    disk.remove_leftovers(settings.builds)
    published = current(settings)
    known = sorted(path.stem for path in settings.builds.glob("*.duckdb"))
    old = known[: -settings.keep_builds] if settings.keep_builds > 0 else known
    removed = [build_id for build_id in old if build_id != published]
    for build_id in removed:
        _remove(settings, build_id)
    return removed


def _remove(settings: Settings, build_id: str) -> None:
    _file(settings, build_id).unlink()
    _file(settings, build_id).with_suffix(".json").unlink(missing_ok=True)


def damage(file: Path) -> str | None:
    """What DuckDB says of a file that it cannot open; None when it opens, or is in use."""
    try:
        with sealed(file) as connection:
            connection.execute("select count(*) from duckdb_tables()").fetchall()
    except duckdb.Error as error:
        return None if _is_in_use(error) else disk.one_line(error)
    return None


def _is_in_use(error: duckdb.Error) -> bool:
    """Whether another program holds the file open for writing, or this one in another way."""
    return isinstance(error, duckdb.ConnectionException) or "set lock on file" in str(error)


def remove_damaged(settings: Settings) -> list[str]:
    """Remove builds that do not open. Only for the holder of the writer lock.

    Returns:
        Ids of the builds that were removed.
    """
    found = sorted(path.stem for path in settings.builds.glob("*.duckdb"))
    damaged = [build_id for build_id in found if damage(_file(settings, build_id))]
    for build_id in damaged:
        _remove(settings, build_id)
    return damaged


def check_opens(file: Path) -> None:
    """Refuse a file that does not open.

    Raises:
        WarehouseError: `build_damaged`.
    """
    said = damage(file)
    if said is not None:
        raise _damaged(file, said)


def _damaged(file: Path, said: str) -> WarehouseError:
    return WarehouseError.of(
        Code.BUILD_DAMAGED,
        expected=f"a warehouse that opens, {file}",
        found=said,
        action="Run `warehouse run`: it publishes what is staged in a sound file again.",
    )


@contextmanager
def sealed(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, read-only, without files, network or settings within reach."""
    with duckdb.connect(str(file), read_only=True, config=dict(READER)) as connection:
        is_locked = "select current_setting('lock_configuration')"
        if connection.execute(is_locked).fetchall() != [(True,)]:  # one instance for all of us
            for statement in SEAL:
                connection.execute(statement)
        yield connection


@contextmanager
def reader(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only, without files, network or settings within reach.

    Raises:
        WarehouseError: `nothing_published`, `build_damaged`.
    """
    if not settings.published.exists():
        raise WarehouseError.of(
            Code.NOTHING_PUBLISHED,
            expected=f"a published warehouse, {settings.published}",
            found="none",
            action="Run `warehouse run` first.",
        )
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(sealed(settings.published))
        except duckdb.Error as error:
            if _is_in_use(error):
                raise _refused(disk.one_line(error), "Close the program that writes it.") from error
            raise _damaged(settings.published, disk.one_line(error)) from error
        yield opened


def query(
    settings: Settings, sql: str, *, seconds: float = TIME_LIMIT
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one read-only query on the published warehouse.

    Args:
        settings: The warehouse home.
        sql: One statement that reads.
        seconds: How long it may take.

    Raises:
        WarehouseError: `query_failed` with what DuckDB says; `nothing_published`;
            `build_damaged`.
    """
    with reader(settings) as connection:
        try:
            check_reads(connection, sql)
            with _time_limit(connection, seconds):
                result = connection.execute(sql)
                names = [str(column[0]) for column in result.description or []]
                return names, result.fetchall()
        except duckdb.InterruptException as error:
            action = "Ask for less, or allow more time with --timeout."
            raise _refused(f"no answer within {seconds:g} seconds", action) from error
        except duckdb.OutOfMemoryException as error:
            said = str(error).strip().splitlines()[0]
            raise _refused(said, "Ask for less: a query has the memory alone.") from error
        except duckdb.Error as error:
            raise _refused(str(error).strip()) from error


def check_reads(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse everything but one statement that reads.

    Args:
        connection: Whose grammar decides.
        sql: What was asked.

    Raises:
        WarehouseError: `query_failed`.
        duckdb.Error: The text is no SQL.
    """
    kinds = [str(statement.type.name) for statement in connection.extract_statements(sql)]
    if kinds == ["EXPLAIN"]:  # EXPLAIN ANALYZE runs what it explains
        start = _EXPLAIN.match(sql)
        inner = connection.extract_statements(sql[start.end() :]) if start else []
        kinds = [str(statement.type.name) for statement in inner] or kinds
    if kinds != ["SELECT"]:
        found = " and ".join(kinds) or "no statement"
        action = "Ask for one SELECT; `show all tables` lists what there is."
        if kinds == ["CREATE", "SELECT"]:
            action = "Ask for one SELECT; PIVOT needs its columns named: `on … in (…)`."
        raise _refused(found, action)


@contextmanager
def _time_limit(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    is_done = threading.Event()

    def interrupt() -> None:
        if not is_done.wait(seconds):
            connection.interrupt()
        while not is_done.wait(0.1):  # a query that had not begun yet did not hear it
            connection.interrupt()

    watch = threading.Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_done.set()
        watch.join()


def _refused(
    found: str, action: str = "Correct the query; `show all tables` lists what there is."
) -> WarehouseError:
    return WarehouseError.of(
        Code.QUERY_FAILED,
        expected="a query that reads the published warehouse",
        found=found,
        action=action,
    )
