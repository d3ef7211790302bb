"""Makes a yearly report; arguments: home, year, country or `all`, languages."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.probe import Probe, run
from warehouse.reports.make import Request, make_report
from warehouse.settings import Settings

EVERY = 0.05
"""Seconds between two looks at the memory."""
PICTURE = "-light.svg"


def work(probe: Probe, arguments: list[str]) -> None:
    """Make it, its processes included in the peak; then weigh its pages."""
    home, year, cluster, *languages = arguments
    wanted = Request(
        year=int(year),
        cluster=None if cluster == "all" else cluster,
        languages=tuple(languages),  # type: ignore[arg-type]
        takes_incomplete=True,
    )
    with _peak(probe), probe.time("report"):
        made = make_report(Settings(home=Path(home)), wanted)
    probe.facts["stages"] = made.seconds
    probe.facts["cpu_seconds"] = round(_cpu_seconds(), 1)
    probe.facts["pages"] = made.page_count
    probe.facts["figures"] = made.figure_count
    probe.facts["folder"] = made.folder
    probe.facts["heaviest"] = _heaviest(Path(made.folder) / "site")


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def _peak(probe: Probe) -> Iterator[None]:
    """Largest memory of this process and all below it at one time, shared pages counted once."""
    done, found = threading.Event(), [0]

    def watch() -> None:
        while not done.wait(EVERY):
            found[0] = max(found[0], _memory())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
        probe.facts["peak_of_all_mb"] = round(found[0] / 1024**2, 1)


def _memory() -> int:
    me = psutil.Process(os.getpid())
    total = 0
    for process in (me, *me.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it ended meanwhile
            continue
    return total


def _heaviest(site: Path) -> tuple[str, int]:
    """The page with most bytes: text, style and all its pictures in one theme."""
    style = (site / "style.css").stat().st_size
    pages = [path for path in site.rglob("*.html") if "explorer" not in path.parts]
    weights = {path.relative_to(site).as_posix(): style + _bytes(site, path) for path in pages}
    name = max(weights, key=lambda name: (weights[name], name))
    return name, weights[name]


def _bytes(site: Path, page: Path) -> int:
    inner = page.relative_to(site)
    size = page.stat().st_size
    if len(inner.parts) < 2 or inner.parts[1] == "cells":
        return size
    start = site / inner.parts[0] / "pictures" / Path(*inner.parts[1:]).with_suffix("")
    drawn = start.parent.glob(f"{start.name}-*{PICTURE}")
    return size + sum(path.stat().st_size for path in drawn)


if __name__ == "__main__":
    run(work)
