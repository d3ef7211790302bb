"""How time and memory grow with the number of observations, stage by stage."""

from __future__ import annotations

import math
import shutil
import statistics
from pathlib import Path
from typing import Any

from bench import inputs
from bench.contenders.growth_stage import BUILD_MEMORY
from bench.harness import Bench, Contender, Goal, Result, say

FULL = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
QUICK = (100, 1_000)
AS_FILES = 1_000_000
"""More than this is generated as staged parts only."""
LARGE = 1_000_000
"""From here on each stage runs once."""
MEMORY_GIB = 4.0
SLOPE = 1.1
"""A slope of 1 is linear; a tenth is left to noise."""
WHAT = {
    "read": "files of up to 100,000 figures: interpret, write parts",
    "validate": "all checks of those files; the import of Great Expectations apart",
    "stage": "parts from figures in memory: sort, encode, write",
    "build": "`dbt build` of all marts with their tests, dbt's start included",
    "publish": "reconcile with the parts, compare with the build before, publish",
}


def growth(bench: Bench) -> Result:
    """Every stage at every size, each in a fresh process."""
    sizes = QUICK if bench.is_quick else FULL
    result = Result("growth", "Growth", " → ".join(f"{size:,}" for size in sizes))
    for size in sizes:
        for number in range(1 if size >= LARGE else bench.repeats):
            for stage, run in _stages(bench, size).items():
                result.runs.setdefault(f"{stage} {size}", []).append(run)
                say(f"growth: {stage} {size:,} {run['seconds'][stage]:.2f} s, {run['peak_mb']} MB")
            shutil.rmtree(_folder(bench, size), ignore_errors=True)
            say(f"growth: {size:,} done {number + 1} times")
    result.what = dict(WHAT)
    result.goals = [*_slopes(result, sizes), _memory(result, sizes[-1])]
    result.notes = [
        f"Sizes from {LARGE:,} on ran once, the others {bench.repeats} times.",
        f"DuckDB had {BUILD_MEMORY} in a build (`WAREHOUSE_DBT_MEMORY`). With 1 GiB "
        "a build of 1,000,000 figures by activity ends with "
        "`build_failed` (`int_activity__totalled` does not fit); so does one of 10,000,000 with "
        "2560 MiB (`mart_revision`). What is published stays as it was.",
        f"Files were generated up to {AS_FILES:,} figures, staged parts for all sizes.",
    ]
    return result


def _folder(bench: Bench, size: int) -> Path:
    return bench.folder / "growth" / str(size)


def _stages(bench: Bench, size: int) -> dict[str, dict[str, Any]]:
    folder = _folder(bench, size)
    found: dict[str, dict[str, Any]] = {}
    if size <= AS_FILES:
        paths = [str(path) for path in inputs.employment_files(folder / "files", size)]
        for stage in ("read", "validate"):
            arguments = [stage, str(folder / "read"), *(paths if stage == "read" else ())]
            found[stage] = bench.once(Contender(stage, "", "growth_stage", arguments))
    home = str(folder / "home")
    found["stage"] = bench.once(Contender("stage", "", "stage_parts", [home, str(size)]))
    for stage in ("build", "publish"):
        found[stage] = bench.once(Contender(stage, "", "growth_stage", [stage, home]))
    return found


def median(result: Result, stage: str, size: int) -> float | None:
    """Median seconds of a stage at a size; None where it did not run."""
    runs = result.runs.get(f"{stage} {size}")
    return statistics.median(run["seconds"][stage] for run in runs) if runs else None


def _slopes(result: Result, sizes: tuple[int, ...]) -> list[Goal]:
    goals = []
    for stage in WHAT:
        known = [(size, median(result, stage, size)) for size in sizes]
        points = [(size, seconds) for size, seconds in known if seconds]
        (before, few), (last, many) = points[-2:]
        slope = math.log(many / few) / math.log(last / before)
        text = f"slope of {stage} from {before:,} to {last:,}"
        goals.append(Goal(text, SLOPE, slope, held_by="See the notes on this stage."))
    return goals


def _memory(result: Result, size: int) -> Goal:
    peaks = [
        run["peak_mb"]
        for name, runs in result.runs.items()
        if name.endswith(f" {size}")
        for run in runs
    ]
    text = f"GiB of memory at most, at {size:,}"
    return Goal(text, MEMORY_GIB, max(peaks) / 1024, held_by="See the notes on memory.")
