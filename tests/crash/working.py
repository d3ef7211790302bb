"""Runs of the street in processes of their own that can be killed, and what they leave behind."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import duckdb

from tests.poison import containers, poisons
from tests.specimens import build as specimens
from tests.street import NOW, small_project
from warehouse.settings import PROJECT, Settings

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    ["dbt.cli.main", "dbt.adapters.duckdb", "warehouse.validate.expectations",
     "warehouse.cli", "warehouse.conform", "tests.crash.working"]
)  # fmt: skip
"""One process imports dbt and Great Expectations; each run is forked from it within moments."""

PATIENCE = 600.0
"""Seconds for one run, which takes ten: others may be at work on the machine."""


@dataclass(frozen=True)
class Boundary:
    """A place in the street where something happens: before or after a call of a function.

    Attributes:
        stage: Where it belongs.
        function: Module below `warehouse`, and function.
        moment: `before` or `after`.
        nth: Which call.
        action: `kill` the process, `fill` the disk, or `pause` until the file `go` is there.
    """

    stage: str
    function: str
    moment: str
    nth: int = 1
    action: str = "kill"

    def __str__(self) -> str:
        count = f" #{self.nth}" if self.nth > 1 else ""
        return f"{self.stage}: {self.moment} {self.function}{count}"


BOUNDARIES = (
    Boundary("archive", "archive.admit", "before"),
    Boundary("archive", "archive._file_away", "before"),
    Boundary("archive", "archive._record", "before"),
    Boundary("archive", "archive.admit", "after", nth=2),
    Boundary("read", "pipeline._interpreted", "before"),
    Boundary("stage", "stage.write_part", "before"),
    Boundary("stage", "stage.write_part", "after"),
    Boundary("stage", "disk.rename", "before", nth=6),
    Boundary("stage", "stage.save_pointer", "before", nth=2),
    Boundary("stage", "stage.save_pointer", "after", nth=3),
    Boundary("stage", "archive.SeenFiles.save", "before"),
    Boundary("validate", "settle.settle", "before"),
    Boundary("validate", "settle._judged", "after"),
    Boundary("validate", "settle._write", "before"),
    Boundary("validate", "settle._write", "after", nth=4),
    Boundary("validate", "validate.runner.Validator.build_docs", "before"),
    Boundary("validate", "settle.settle", "after"),
    Boundary("build", "build.build", "before"),
    Boundary("build", "build._run_dbt", "after"),
    Boundary("build", "build.save_build", "before"),
    Boundary("audit", "audit.reconcile", "before"),
    Boundary("audit", "build.save_build", "before", nth=2),
    Boundary("publish", "publish._swap", "before"),
    Boundary("publish", "publish._swap", "after"),
    Boundary("publish", "publish.prune", "before"),
    Boundary("publish", "pipeline._prune_parts", "before"),
    Boundary("publish", "ops.save_run", "before"),
    Boundary("publish", "ops.save_run", "after"),
)
"""In the order in which a run meets them."""


def _act(action: str, home: Path) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "fill":
        fill(home.parent)
    else:
        (home.parent / "paused").touch()
        until((home.parent / "go").exists)


def fill(folder: Path) -> None:
    """Leave no room on the disk of a folder, not even for one byte."""
    with (folder / "filler").open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    out.write(bytes(size))
            except OSError:
                continue


def plant(boundary: Boundary, home: Path) -> None:
    """Let something happen to this process at a boundary."""
    path, name = boundary.function.rsplit(".", 1)
    owner: Any = import_module("warehouse." + path.split(".")[0])
    for part in path.split(".")[1:]:
        owner = getattr(owner, part) if hasattr(owner, part) else import_module(f"warehouse.{path}")
    called = getattr(owner, name)
    count = 0

    def watched(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        is_due = count == boundary.nth
        if is_due and boundary.moment == "before":
            _act(boundary.action, home)
        done = called(*given, **named)
        if is_due and boundary.moment == "after":
            _act(boundary.action, home)
        return done

    setattr(owner, name, watched)


def _street(street: Street, now: datetime, boundary: Boundary | None, wait: bool) -> None:
    """One run; what it says goes into a file."""
    from warehouse import pipeline
    from warehouse.errors import WarehouseError

    if boundary:
        plant(boundary, street.settings.home)
    try:
        summary = pipeline.run(street.settings, street.inbox, now=now, wait=wait)
        told: dict[str, Any] = summary.as_json()
    except WarehouseError as error:
        told = {"error": error.problem.code.value, "message": error.problem.message}
    said = street.said(os.getpid())
    said.write_text(json.dumps(told, default=str), encoding="utf-8")


@dataclass
class Street:
    """A project, an inbox and a home whose runs are processes."""

    settings: Settings
    inbox: Path

    def said(self, pid: int | None) -> Path:
        """Where a process tells how its run ended."""
        return self.inbox.parent / f"said-{pid}.json"

    def start(
        self, boundary: Boundary | None = None, now: datetime = NOW, *, wait: bool = False
    ) -> BaseProcess:
        """Begin a run."""
        process = FORK.Process(target=_street, args=(self, now, boundary, wait))
        process.start()
        return process

    def end(self, process: BaseProcess) -> dict[str, Any]:
        """Wait for a run; what it said."""
        process.join(PATIENCE)
        assert process.exitcode == 0, process.exitcode
        found: dict[str, Any] = json.loads(self.said(process.pid).read_text(encoding="utf-8"))
        return found

    def run(self, now: datetime = NOW, boundary: Boundary | None = None) -> dict[str, Any]:
        """A whole run; what it said."""
        return self.end(self.start(boundary, now))

    def killed(self, boundary: Boundary, now: datetime = NOW) -> None:
        """A run that must not survive a boundary."""
        process = self.start(boundary, now)
        process.join(PATIENCE)
        assert process.exitcode == -signal.SIGKILL, f"{boundary} was not met"

    def killed_after(self, seconds: float, now: datetime = NOW) -> bool:
        """A run that is killed from outside; False when it was faster than that."""
        process = self.start(now=now)
        process.join(seconds)
        process.kill()
        process.join(PATIENCE)
        return process.exitcode == -signal.SIGKILL

    def copy(self, home: Path) -> Street:
        """The same with a copy of the home; hard links stay links."""
        subprocess.run(["cp", "-a", self.settings.home, home], check=True)
        return Street(Settings(home, self.settings.project), self.inbox)

    def remove(self) -> None:
        """Remove the home."""
        shutil.rmtree(self.settings.home)


def first_files(inbox: Path) -> None:
    """What is published before anything goes wrong."""
    specimens.german_industries(inbox / "laender.csv")
    poisons.portal(2021, 2022)(_made(inbox / "wage.json"))


def more_files(inbox: Path) -> None:
    """What arrives then: good files, a revision, a copy, half a file, a dead end."""
    specimens.wage_bulletin(inbox / "bulletin.xlsx")
    poisons.GOOD["good/pop_regions.xlsx"](inbox / "pop_regions.xlsx")
    poisons.portal(2022, 2023)(inbox / "wage_later.json")
    poisons.portal(2021, 2022)(inbox / "wage_copy.json")
    containers.truncate(specimens.wage_bulletin(inbox / "half.xlsx", month=5), 0.5)
    (inbox / "link.json").symlink_to("/etc/hostname")
    poisons.portal(2020, change=poisons.brest("7000 тенге"))(inbox / "wage_text.json")


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def small_street(folder: Path) -> Street:
    """Real contracts, code lists, suites and readers before a dbt project of four models."""
    project = small_project(folder, {})
    shutil.copytree(PROJECT / "warehouse" / "sources", project / "warehouse" / "sources")
    return Street(Settings(folder / "home", project), folder / "inbox")


# what is left behind


def files(folder: Path, *besides: str) -> dict[str, bytes]:
    """All bytes below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in besides
    }


def rows(settings: Settings) -> dict[str, list[Any]]:
    """All rows of all published tables but those that name the build."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' and table_schema <> 'staged' order by all"
        ).fetchall()
        return {
            name: connection.execute(f"from {name} order by all").fetchall() for (name,) in tables
        }


def state(settings: Settings) -> dict[str, Any]:
    """All that must be the same after a crash and without one."""
    from warehouse import publish

    results = settings.validation / "uncommitted" / "validations"
    return {
        "archive": files(settings.archive, "seen.json"),
        "staged": files(settings.staged),
        "marts": rows(settings),
        "publications": [(done.kind, done.tables) for done in publish.publications(settings)],
        "builds": len(list(settings.builds.glob("*.duckdb"))),
        "manifests": len(list(settings.builds.glob("*.json"))),
        "validations": sorted(files(results)),
        "leftovers": leftovers(settings.home),
    }


def leftovers(home: Path) -> list[str]:
    """Temporary files and folders that nobody will ever finish."""
    found = [path for path in home.rglob("*") if path.name.endswith(".tmp")]
    found += home.glob("builds/.building")
    return sorted(path.relative_to(home).as_posix() for path in found)


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A file system of its own below `folder`; yields a way to mount it with other options.

    Raises:
        PermissionError: Who may not mount cannot have one.
    """
    folder.mkdir(parents=True)
    options = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    done = subprocess.run(options, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PermissionError(done.stderr.strip())

    def remount(changed: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{changed}", str(folder)], check=True)

    try:
        yield remount
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
