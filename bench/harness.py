"""Contenders side by side: alternating, each time in a fresh process; medians and goals."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "bench" / "results"
PACKAGES = (
    *("python-calamine", "openpyxl", "pandas", "pyarrow", "duckdb"),
    *("dbt-core", "dbt-duckdb", "great-expectations", "numpy"),
)


@dataclass(frozen=True)
class Contender:
    """One way to do the work.

    Attributes:
        name: Short name; `ours` is the warehouse.
        what: What it does, for the table.
        module: Module below `bench.contenders` that does it and prints one line.
        arguments: Of its command line.
        python: Interpreter; default: the one that runs the bench.
        before: Called before each run, for a clean start; not measured.
    """

    name: str
    what: str
    module: str
    arguments: Sequence[str] = ()
    python: str | None = None
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Goal:
    """A limit for a number that was measured."""

    text: str
    limit: float
    found: float
    at_least: bool = False
    held_by: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the number keeps the limit."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


@dataclass
class Result:
    """What one measurement found; saved as `results/<name>.json`."""

    name: str
    title: str
    question: str
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    what: dict[str, str] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load: tuple[float, float] = (0.0, 0.0)

    def seconds(self, name: str, part: str | None = None) -> float:
        """Median seconds of a contender: of one part, or of all together."""
        return statistics.median(_seconds(run, part) for run in self.runs[name])

    def fact(self, name: str, fact: str) -> Any:
        """A fact that the first run of a contender reported."""
        return self.runs[name][0]["facts"][fact]

    def peak_mb(self, name: str) -> float:
        """Median peak of resident memory, start-up included."""
        return statistics.median(run["peak_mb"] for run in self.runs[name])

    def start_seconds(self, name: str) -> float:
        """Median time of the interpreter and the imports."""
        return statistics.median(run["start_seconds"] for run in self.runs[name])

    def ratio(self, name: str, other: str, part: str | None = None) -> float:
        """Median of the ratios of runs that stood next to each other."""
        pairs = zip(self.runs[name], self.runs[other], strict=True)
        return statistics.median(_seconds(one, part) / _seconds(two, part) for one, two in pairs)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        goals = [{**asdict(goal), "is_met": goal.is_met} for goal in self.goals]
        return {**asdict(self), "goals": goals}


def _seconds(run: Mapping[str, Any], part: str | None) -> float:
    return float(run["seconds"][part] if part else sum(run["seconds"].values()))


@dataclass(frozen=True)
class Bench:
    """How the measurements of this run are made.

    Attributes:
        folder: Temporary folder for inputs and homes.
        repeats: Runs of each contender.
        is_quick: Tiny inputs: shows that everything works, measures nothing.
    """

    folder: Path
    repeats: int
    is_quick: bool

    def size(self, full: int, quick: int) -> int:
        """A size of an input."""
        return quick if self.is_quick else full

    def compare(self, result: Result, contenders: Sequence[Contender], repeats: int = 0) -> Result:
        """Run the contenders one after the other, and again; the first one changes each time."""
        before = os.getloadavg()[0]
        for contender in contenders:
            result.runs[contender.name] = []
            result.what[contender.name] = contender.what
        for number in range(repeats or self.repeats):
            turn = number % len(contenders)
            for contender in (*contenders[turn:], *contenders[:turn]):
                run = self.once(contender)
                result.runs[contender.name].append(run)
                say(f"{result.name}: {contender.name} {_seconds(run, None):.2f} s")
        result.load = (round(before, 2), round(os.getloadavg()[0], 2))
        return result

    def once(self, contender: Contender) -> dict[str, Any]:
        """One run in a fresh process.

        Raises:
            RuntimeError: The contender failed; with the end of what it said.
        """
        if contender.before is not None:
            contender.before()
        done = subprocess.run(
            [
                contender.python or sys.executable,
                *("-m", f"bench.contenders.{contender.module}"),
                *contender.arguments,
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{contender.name} failed:\n{done.stderr[-3000:]}")
        line: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return line


def say(text: str) -> None:
    """One line of progress."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """What it ran on."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def versions() -> dict[str, str]:
    """Versions of the packages that do the work."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def save(result: Result, folder: Path, *, on: str, repeats: int) -> Path:
    """Write one result as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.name}.json"
    whole = {
        "measured_on": on,
        "repeats": repeats,
        "machine": machine(),
        "versions": versions(),
        **result.as_json(),
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def today() -> str:
    """The date of the run, unless one is given."""
    return time.strftime("%Y-%m-%d")
