"""Asks the same ten questions of `marts.find` in a session that is open; argument: home."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench.contenders.find_ours import QUESTIONS
from bench.probe import Probe, run
from warehouse import publish
from warehouse.find import ask
from warehouse.settings import Settings


def work(probe: Probe, arguments: list[str]) -> None:
    """Ask ten times."""
    taken, found = [], []
    with publish.reader(Settings(home=Path(arguments[0]))) as connection:
        ask(connection, QUESTIONS[-1])
        with probe.time("ask"):
            for question in QUESTIONS:
                start = time.perf_counter()
                found.append(len(ask(connection, question)[1]))
                taken.append(time.perf_counter() - start)
    probe.facts.update(
        typical=statistics.median(taken), slowest=max(taken), found=found, clusters=found[0]
    )


if __name__ == "__main__":
    run(work)
