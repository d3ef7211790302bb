"""Running the warehouse: the writer's lock, run summaries, progress, refused cells."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb

from warehouse import disk, stage
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings


class Progress(Protocol):
    """What long work tells whoever watches it."""

    def start(self, name: str, total: int | None) -> None:
        """A stage begins that has `total` steps, if that is known."""

    def step(self, label: str) -> None:
        """One step is done."""

    def finish(self) -> None:
        """The stage is over."""


class Silent:
    """Nobody watches."""

    def start(self, name: str, total: int | None) -> None:
        """Say nothing."""

    def step(self, label: str) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""


@dataclass
class Stopwatch:
    """Seconds per stage, in the order in which they ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add the time of a block to its stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


@dataclass
class _Held:
    """A lock that this process holds: by which thread, how often, and whom it follows."""

    thread: int
    depth: int
    follows_a_kill: bool


_held: dict[Path, _Held] = {}


@contextmanager
def writer_lock(settings: Settings, *, wait: bool = False) -> Iterator[bool]:
    """Be the one process that writes below a home; within a thread it may be taken again.

    The operating system releases it when the process ends, however it ends. Who ends in good
    order signs off by emptying the lock file; what a writer left who did not is cleared away.

    Args:
        settings: The warehouse home.
        wait: Wait for another writer instead of failing.

    Yields:
        Whether the writer before was killed.

    Raises:
        WarehouseError: `locked`, naming the process that holds it.
    """
    thread = threading.get_ident()
    holder = _held.get(settings.lock)
    if holder and holder.thread == thread:
        holder.depth += 1
        try:
            yield holder.follows_a_kill
        finally:
            holder.depth -= 1
        return
    with disk.writing(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
        handle = os.open(settings.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        held = _Held(thread, 1, _take(settings, handle, wait=wait))
        _held[settings.lock] = held
        yield held.follows_a_kill
    finally:
        mine = _held.get(settings.lock)
        if mine is not None and mine.thread == thread:
            del _held[settings.lock]
            os.ftruncate(handle, 0)
        os.close(handle)


def _take(settings: Settings, handle: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        raise _locked(settings) from error
    started = datetime.fromtimestamp(time.time()).astimezone().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
    with disk.writing(settings.home):
        was_killed = os.fstat(handle).st_size > 0
        if was_killed:
            _clear_away(settings)
        os.ftruncate(handle, 0)
        os.pwrite(handle, (json.dumps(holder) + "\n").encode(), 0)
    return was_killed


def _clear_away(settings: Settings) -> None:
    """Remove what a killed writer left half written: no part of the warehouse names it yet."""
    for folder in (settings.archive, settings.staged, settings.builds, settings.runs):
        disk.remove_leftovers(folder)
    for path in settings.home.glob(".*.tmp"):
        path.unlink(missing_ok=True)
    for path in settings.builds.glob("*.*"):
        other = path.with_suffix(".json" if path.suffix == ".duckdb" else ".duckdb")
        if path.is_file() and not other.exists():
            path.unlink()
    shutil.rmtree(settings.builds / ".building", ignore_errors=True)
    shutil.rmtree(settings.home / "dbt" / "target", ignore_errors=True)
    _mend_validation(settings.validation)


def _mend_validation(folder: Path) -> None:
    """Great Expectations writes in place: what it makes anew goes, and so does half a result."""
    (folder / "great_expectations.yml").unlink(missing_ok=True)
    for name in ("expectations", "validation_definitions", "checkpoints"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in folder.glob("uncommitted/validations/**/*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            path.unlink()


def _locked(settings: Settings) -> WarehouseError:
    try:
        holder = json.loads(settings.lock.read_bytes())
        who = f"process {holder['pid']} on {holder['host']}, since {holder['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"
    return WarehouseError.of(
        Code.LOCKED,
        expected="to be the only one that writes",
        found=f"{settings.lock} is held by {who}",
        action="Wait until it has finished, or use --wait.",
    )


def run_id(settings: Settings, now: datetime) -> str:
    """Id for a run that starts at `now`; unique below the home, and after those before it."""
    newest = max((path.stem for path in settings.runs.glob("*.json")), default="")
    base = max(now.strftime("%Y%m%dT%H%M%SZ"), newest[:16])  # a clock may have been set back
    name, number = base, 1
    while (settings.runs / f"{name}.json").exists():
        number += 1
        name = f"{base}-{number:03d}"
    return name


def save_run(settings: Settings, name: str, summary: dict[str, Any]) -> None:
    """Keep the summary of a run under `runs/<run_id>.json`."""
    disk.write_json(settings.runs / f"{name}.json", summary)


def last_run(settings: Settings) -> dict[str, Any] | None:
    """The summary of the newest run, or None."""
    paths = settings.runs.glob("*.json")
    for path in sorted(paths, key=lambda path: path.stem, reverse=True):
        try:
            summary: dict[str, Any] = json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue
        return summary
    return None


def log_exception(settings: Settings, now: datetime, place: str, error: BaseException) -> Path:
    """Keep a traceback for the one who mends the code; the user gets one line."""
    path = settings.home / "logs" / "errors.log"
    text = "".join(traceback.format_exception(error))
    with disk.writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{now.isoformat()} {place}\n{text}\n")
    return path


def outcome_counts(settings: Settings) -> dict[str, int]:
    """Number of file names by outcome, over all that ever arrived."""
    parts = [str(path) for path in stage.active_parts(settings)["file_outcome"]]
    query = """
        select outcome_code, count(*)
        from read_parquet($parts)
        group by outcome_code
        order by outcome_code
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, {"parts": parts}).fetchall()
    return {str(code): int(count) for code, count in rows}


_REJECTS = """
    with refused_cell as (
        select * from read_parquet($rejected_cell)
    ),

    refused_file as (
        select * from read_parquet($file_outcome)
        where outcome_code not in ('accepted', 'unchanged')
    ),

    final as (
        select
            file_id,
            file_name,
            contract_id,
            table_name,
            cell,
            value_printed,
            code,
            message,
            suggestion,
        from refused_cell

        union all by name

        select
            file_id,
            file_name,
            contract_id,
            reason_code as code,
            message,
        from refused_file
        where not exists (
            from refused_cell
            where refused_cell.file_id = refused_file.file_id
                and refused_cell.message = refused_file.message
        )
    )

    from final
    order by file_name, table_name nulls first, cell nulls first, code, message
"""


def rejects(settings: Settings) -> list[dict[str, Any]]:
    """Refused files and cells of all current readings, in the order of file, table and cell.

    A file that was refused, quarantined or has no contract has a row without a cell, unless a row
    of its cells says the same.
    """
    parts = stage.active_parts(settings)
    given = {
        name: [str(path) for path in parts[name]] for name in ("rejected_cell", "file_outcome")
    }
    with duckdb.connect() as connection:
        result = connection.execute(_REJECTS, given)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def suggestions(settings: Settings) -> list[str]:
    """Lines for the alias lists that would map the names that were refused; each one once."""
    found = {row["suggestion"] for row in rejects(settings) if row["suggestion"]}
    return sorted(found)
