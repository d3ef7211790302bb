"""`kill -9` at every boundary and at random moments: nothing is lost, doubled or left behind.

`CRASH_RUNS=100` kills at a hundred random moments, and at each boundary in a home of its own.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crash.working import (
    BOUNDARIES,
    Boundary,
    Street,
    first_files,
    leftovers,
    more_files,
    rows,
    small_street,
    state,
)
from tests.street import NOW
from warehouse import build, publish

RUNS = int(os.environ.get("CRASH_RUNS", "3"))
FULL = 100
STAGES = ("archive", "read", "stage", "validate", "build", "audit", "publish")


@dataclass
class Scene:
    """A home with something published, files that came since, and what a calm run makes of them."""

    before: Street
    calm: dict[str, Any]
    counts: dict[str, int]
    seconds: float


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("crash")
    before = small_street(folder)
    first_files(before.inbox)
    before.run()
    more_files(before.inbox)
    undisturbed = before.copy(folder / "undisturbed")
    started = time.monotonic()
    summary = undisturbed.run()
    seconds = time.monotonic() - started
    calm = state(undisturbed.settings)
    assert summary["counts"] == {"accepted": 6, "refused": 2, "unchanged": 1}
    assert calm["leftovers"] == []
    assert calm["builds"] == calm["manifests"] == 2
    return Scene(before, calm, summary["counts"], seconds)


def check_readers(street: Street, before: bytes, old: dict[str, Any]) -> None:
    """The published file is the one from before, or a finished and audited build."""
    settings = street.settings
    if settings.published.read_bytes() == before:
        return
    current = publish.current(settings)
    made = build.load_build(settings, str(current))
    assert made and made.is_audited, "something else than an audited build is published"
    assert rows(settings) != old


def finish(street: Street, scene: Scene) -> None:
    """The run after the crash ends where an undisturbed one ends."""
    summary = street.run()
    assert summary.get("counts") == scene.counts, summary
    found = state(street.settings)
    for name, calm in scene.calm.items():
        assert found[name] == calm, name
    assert street.run()["build"]["status"] == "unchanged"


def test_boundaries_lie_in_every_stage() -> None:
    assert tuple(dict.fromkeys(boundary.stage for boundary in BOUNDARIES)) == STAGES


def test_one_kill_after_the_other_at_every_boundary(scene: Scene, tmp_path: Path) -> None:
    street = scene.before.copy(tmp_path / "home")
    before, old = street.settings.published.read_bytes(), rows(street.settings)
    for boundary in BOUNDARIES:
        if boundary.stage == "audit" and boundary.nth == 2:
            continue  # the run before it left a build that needs no second manifest
        street.killed(boundary)
        check_readers(street, before, old)
    finish(street, scene)


@pytest.mark.slow
@pytest.mark.skipif(RUNS < FULL, reason="CRASH_RUNS=100 kills at each boundary on its own")
@pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)
def test_a_kill_at_one_boundary(scene: Scene, tmp_path: Path, boundary: Boundary) -> None:
    street = scene.before.copy(tmp_path / "home")
    before, old = street.settings.published.read_bytes(), rows(street.settings)
    street.killed(boundary)
    check_readers(street, before, old)
    finish(street, scene)


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_kill_at_a_random_moment(
    scene: Scene, tmp_path: Path, seed: int, record_property: Any
) -> None:
    chance = random.Random(f"kill {seed}")
    street = scene.before.copy(tmp_path / "home")
    before, old = street.settings.published.read_bytes(), rows(street.settings)
    kills = 0
    while kills < 3:
        kills += street.killed_after(chance.uniform(0, scene.seconds))
        check_readers(street, before, old)
        if chance.random() < 0.7:
            break
    record_property("kills", kills)
    finish(street, scene)
    street.remove()


def test_the_next_run_clears_away_what_a_killed_one_left(scene: Scene, tmp_path: Path) -> None:
    street = scene.before.copy(tmp_path / "home")
    home = street.settings.home
    street.killed(Boundary("archive", "archive._file_away", "before"))
    assert leftovers(home), "the kill left nothing: the test proves nothing"
    (home / "inbox").mkdir()
    kept = home / "inbox" / ".a.1.tmp"
    kept.write_text("not ours")
    (home / "builds" / "orphan.duckdb").write_bytes(b"half")
    (home / "validation" / "great_expectations.yml").write_text("config_version: 4.0\nsto")
    (home / "validation" / "expectations" / "observation.json").write_text('{"name": ')
    street.run(NOW)
    assert leftovers(home) == ["inbox/.a.1.tmp"], "what lies in the inbox is not ours"
    kept.unlink()
    finish(street, scene)
