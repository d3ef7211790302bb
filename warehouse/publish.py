"""Makes a build the one that readers open, by an atomic rename; keeps the last ones."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import audit, disk
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

READER = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


@dataclass(frozen=True)
class Publication:
    """One change of the published file.

    Attributes:
        number: Counts the changes, from 1.
        build_id: The build that became current.
        against: The build that was current before; None for the first.
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
        WarehouseError: `build_unknown`, `disk_full`, `home_unwritable`.
    """
    file = _file(settings, build_id)
    if not file.exists():
        raise unknown_build(settings, build_id)
    done = publications(settings)
    before = current(settings)
    is_swapped = before == build_id
    if is_swapped:
        before = done[-1].build_id if done else None
    other = _file(settings, before) if before else None
    if other is not None and not other.exists():
        other = settings.published
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
        if not is_swapped:  # renaming one name of a file over another one of it does nothing
            _swap(file, settings.published)
        disk.write_json(_folder(settings) / f"{entry.number:06d}-{build_id}.json", asdict(entry))
    return entry


def _swap(file: Path, published: Path) -> None:
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
        _file(settings, build_id).unlink()
        _file(settings, build_id).with_suffix(".json").unlink(missing_ok=True)
    return removed


@contextmanager
def reader(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only, without files, network or settings within reach.

    Raises:
        WarehouseError: `nothing_published`.
    """
    if not settings.published.exists():
        raise WarehouseError.of(
            Code.NOTHING_PUBLISHED,
            expected=f"a published warehouse, {settings.published}",
            found="none",
            action="Run `warehouse run` first.",
        )
    with duckdb.connect(str(settings.published), read_only=True, config=dict(READER)) as opened:
        yield opened


def query(settings: Settings, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one read-only query on the published warehouse.

    Raises:
        WarehouseError: `query_failed` with what DuckDB says; `nothing_published`.
    """
    with reader(settings) as connection:
        try:
            result = connection.execute(sql)
            names = [str(column[0]) for column in result.description or []]
            return names, result.fetchall()
        except duckdb.Error as error:
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected="a query that reads the published warehouse",
                found=str(error).strip(),
                action="Correct the query; `show all tables` lists what there is.",
            ) from error
