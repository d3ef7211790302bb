"""A full disk, a home that cannot be written, two writers, a clock that was set back."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.working import (
    FORK,
    Boundary,
    Street,
    first_files,
    leftovers,
    rows,
    small_disk,
    small_street,
    until,
)
from tests.poison import poisons
from tests.street import NOW
from warehouse import build, disk, ops, pipeline, publish, stage
from warehouse.errors import Code, WarehouseError
from warehouse.settings import PROJECT, Settings

FULL = (
    Boundary("archive", "archive._keep", "before", action="fill"),
    Boundary("stage", "stage.write_part", "before", action="fill"),
    Boundary("validate", "settle._write", "before", action="fill"),
    Boundary("build", "build._run_dbt", "before", action="fill"),
    Boundary("publish", "publish._swap", "before", action="fill"),
)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Street:
    """A home with one build, and a file that has come since."""
    street = small_street(tmp_path_factory.mktemp("trouble"))
    first_files(street.inbox)
    street.run()
    poisons.portal(2023, 2024)(street.inbox / "new.json")
    return street


@pytest.fixture
def street(quiet: Street, tmp_path: Path) -> Street:
    return quiet.copy(tmp_path / "home")


@pytest.fixture
def mounted(quiet: Street, tmp_path: Path) -> Iterator[tuple[Street, Callable[[str], None]]]:
    """The same on a small disk of its own."""
    try:
        with small_disk(tmp_path / "disk", "100m") as remount:
            yield quiet.copy(tmp_path / "disk" / "home"), remount
    except PermissionError as error:
        pytest.skip(f"mounting is not allowed here ({error}); other tests play a full disk")


@pytest.mark.parametrize("boundary", FULL, ids=str)
def test_a_full_disk_is_said_and_the_next_run_goes_on(
    mounted: tuple[Street, Callable[[str], None]], boundary: Boundary
) -> None:
    street, _ = mounted
    home = street.settings.home
    before = street.settings.published.read_bytes()
    told = street.run(boundary=boundary)
    assert told.get("error") == Code.DISK_FULL, told
    assert "Free some space" in told["message"]
    if boundary.stage != "publish":
        assert street.settings.published.read_bytes() == before
    assert len(rows(street.settings)["marts.fct_observation"]) in (40, 56)

    (home.parent / "filler").unlink()
    done = street.run()
    assert done.get("counts") == {"accepted": 3}, done
    assert len(rows(street.settings)["marts.fct_observation"]) == 56
    assert leftovers(home) == []
    assert len(publish.publications(street.settings)) == 2


def test_a_home_on_a_disk_that_is_read_only(
    mounted: tuple[Street, Callable[[str], None]],
) -> None:
    street, remount = mounted
    remount("ro")
    told = street.run()
    assert told["error"] == Code.HOME_UNWRITABLE
    assert "Read-only file system" in told["message"]
    assert str(street.settings.home) in told["message"]
    assert len(rows(street.settings)["marts.fct_observation"]) == 40
    remount("rw")
    assert street.run()["counts"] == {"accepted": 3}


def test_the_command_line_says_what_stopped_it(tmp_path: Path) -> None:
    """Files may have 2000 bytes at most: what the system then says is what a full disk says.

    The child writes no byte code: Python would leave it cut short, unreadable for the next start.
    """
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    poisons.portal(2021, 2022)(inbox / "wage.json")
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", "--home", str(tmp_path / "home"),
         "--inbox", str(inbox), "run"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("disk_full: ") == 1
    assert "docs/errors/disk_full.md" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not list((tmp_path / "home" / "archive").rglob("*.json"))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, Code.DISK_FULL),
        (errno.EDQUOT, Code.DISK_FULL),
        (errno.EROFS, Code.HOME_UNWRITABLE),
        (errno.EACCES, Code.HOME_UNWRITABLE),
        (errno.EIO, Code.HOME_UNWRITABLE),
    ],
)
def test_what_the_system_says_while_writing(
    street: Street, monkeypatch: pytest.MonkeyPatch, number: int, code: Code
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    before = street.settings.published.read_bytes()
    monkeypatch.setattr(disk.os, "fsync", refuse)
    with pytest.raises(WarehouseError) as caught:
        pipeline.run(street.settings, street.inbox, now=NOW)
    assert caught.value.problem.code == code
    assert os.strerror(number) in caught.value.problem.message
    assert street.settings.published.read_bytes() == before
    assert leftovers(street.settings.home) == []


# two writers


def test_two_runs_at_once(street: Street) -> None:
    home = street.settings.home
    first = street.start(Boundary("build", "build.build", "before", action="pause"))
    until((home.parent / "paused").exists)
    refused = subprocess.run(
        [sys.executable, "-m", "warehouse", "--home", str(home), "run"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert f"held by process {first.pid} on " in refused.stderr
    assert "--wait" in refused.stderr
    assert "Traceback" not in refused.stderr

    second = street.start(wait=True)
    second.join(1)
    assert second.is_alive(), "it should wait"
    (home.parent / "go").touch()
    assert street.end(first)["build"]["status"] == "built"
    assert street.end(second)["build"]["status"] == "unchanged"
    assert len(rows(street.settings)["marts.fct_observation"]) == 56
    assert street.settings.lock.read_bytes() == b"", "who ends in good order signs off"


def test_a_lock_of_a_dead_process_is_no_lock(street: Street) -> None:
    street.killed(Boundary("archive", "archive.admit", "before"))
    assert street.settings.lock.read_bytes() != b""
    with ops.writer_lock(street.settings) as follows_a_kill:
        assert follows_a_kill
        with ops.writer_lock(street.settings) as again:
            assert again
    with ops.writer_lock(street.settings) as follows_a_kill:
        assert not follows_a_kill


# the clock


def test_a_clock_that_was_set_back_reorders_nothing(street: Street) -> None:
    settings, earlier = street.settings, NOW - timedelta(days=30)
    (street.inbox.parent / "later").mkdir(exist_ok=True)
    later = Street(settings, street.inbox.parent / "later")
    poisons.portal(2021, 2022, change=poisons.brest("1 234,5"))(later.inbox / "revised.json")
    first = [made.build_id for made in build.load_builds(settings)]
    done = later.run(now=earlier)

    made = [item.build_id for item in build.load_builds(settings)]
    assert made[:-1] == first
    assert publish.current(settings) == made[-1] == done["build"]["build_id"]
    pointers = list(stage.load_pointers(settings).values())
    assert pointers[-1].file_name == "revised.json", "it came last and counts last"
    assert pointers[-1].is_accepted
    assert str(ops.last_run(settings)["run_id"]) == done["run_id"]  # type: ignore[index]
    assert pipeline.publish_build(settings, now=earlier).is_changed is False
    assert pipeline.rollback(settings, now=earlier).build_id == first[-1]
    assert publish.publications(settings)[-1].kind == "rollback"


def test_ids_of_builds_and_runs_go_on(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.builds.mkdir()
    settings.runs.mkdir()
    stamps = []
    for number, moment in enumerate((NOW, NOW, NOW - timedelta(days=1), NOW + timedelta(days=1))):
        name = build._build_id(settings, moment, f"{9 - number}" * 24)
        build.build_path(settings, name).touch()
        stamps.append(name)
        run = ops.run_id(settings, moment)
        ops.save_run(settings, run, {"run_id": run, "number": number})
        assert ops.last_run(settings) == {"run_id": run, "number": number}
    assert stamps == sorted(set(stamps))


# readers


def _read_on(settings: Settings, stop: Path, said: Path) -> None:
    """Query until told to stop; what was seen goes into a file."""
    query = "select (select any_value(build_id) from marts.a), build_id from marts.b group by all"
    seen, count = set(), 0
    try:
        while not stop.exists():
            with publish.reader(settings) as opened:
                for _ in range(3):
                    seen.update(opened.execute(query).fetchall())
                    count += 1
            said.with_suffix(".count").write_text(str(count))
        told = f"{count} {sorted(seen)}"
    except Exception as error:
        told = f"failed after {count}: {error!r}"
    said.write_text(told)


def test_readers_see_no_error_and_no_mixed_state_during_thirty_publishes(tmp_path: Path) -> None:
    import duckdb

    settings = Settings(tmp_path / "home")
    settings.builds.mkdir(parents=True)
    ids = [f"20260301T12000{number}Z-{number}" for number in range(2)]
    for build_id in ids:
        with duckdb.connect(str(build.build_path(settings, build_id))) as connection:
            connection.execute("create schema marts")
            for name in ("a", "b"):
                connection.execute(
                    f"create table marts.{name} as select ?::varchar as build_id, key "  # noqa: S608
                    "from range(20_000) as keys (key)",
                    [build_id],
                )
        key = {"schema": "marts", "columns": ["key"]}
        build.save_build(
            settings,
            build.Build(build_id, NOW.isoformat(), build_id, "1", 0.0, keys={"a": key, "b": key},
                        is_audited=True),
        )  # fmt: skip
    pipeline.publish(settings, ids[0], now=NOW)
    stop = tmp_path / "stop"
    readers = [FORK.Process(target=_read_on, args=(settings, stop, tmp_path / f"said{number}"))
               for number in range(2)]  # fmt: skip
    for process in readers:
        process.start()
    counters = [tmp_path / f"said{number}.count" for number in range(2)]
    until(lambda: all(counter.exists() for counter in counters))
    for number in range(1, 31):
        done = pipeline.publish(settings, ids[number % 2], now=NOW)
        assert done.is_changed
        assert done.tables["a"]["changed"] == 20_000
    stop.touch()
    for number, process in enumerate(readers):
        process.join(60)
        told = (tmp_path / f"said{number}").read_text()
        count, _, seen = told.partition(" ")
        assert count.isdigit(), told
        assert int(count) >= 30
        assert seen == str([(build_id, build_id) for build_id in ids]), "both, and never a mixture"
    assert len(publish.publications(settings)) == 31
