"""Inside a measured process: the clock, the peak of memory, and the line that reports both."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BORN = "/proc/self/stat"


class Probe:
    """Times the parts of one process; the rest of its life is start-up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.facts: dict[str, Any] = {}
        self.start_seconds = age()
        self.start_mb = peak_mb()

    @contextmanager
    def time(self, name: str = "work") -> Iterator[None]:
        """Add the time of the block to the part `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent

    def report(self) -> None:
        """Print the line that the harness reads."""
        line = {
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
            "start_seconds": round(self.start_seconds, 4),
            "start_mb": self.start_mb,
            "peak_mb": peak_mb(),
            "facts": self.facts,
        }
        print(json.dumps(line, ensure_ascii=False))


def age() -> float:
    """Seconds since this process was started: the interpreter and its imports."""
    try:
        fields = Path(BORN).read_text(encoding="ascii").rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except OSError:  # not Linux
        return time.process_time()
    ticks = 100.0  # of the kernel's interface, not of its clock
    return uptime - float(fields[19]) / ticks


def peak_mb() -> float:
    """Largest resident memory of this process so far, in MiB."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        found = next(line for line in lines if line.startswith("VmHWM"))
        return round(int(found.split()[1]) / 1024, 1)
    except (OSError, StopIteration):
        unit = 1024**2 if sys.platform == "darwin" else 1024
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def run(work: Callable[[Probe, list[str]], None]) -> None:
    """Measure `work` with the arguments of the command line."""
    probe = Probe()
    work(probe, sys.argv[1:])
    probe.report()
