"""Asks ten questions as `warehouse find` does, each in a session of its own; argument: home."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import warehouse.cli  # noqa: F401  (what the command has loaded before it asks)
from bench.probe import Probe, run
from warehouse.find import Question, find
from warehouse.settings import Settings

QUESTIONS = (
    Question(),
    Question(words="мебельные кластеры"),
    Question(words="кластер", country="BY", status="active"),
    Question(words="производство Минск"),
    Question(words="furniture"),
    Question(region="BY-BR"),
    Question(activity="C", status="active"),
    Question(axes=("scale=regional",)),
    Question(member="завод"),
    Question(words="нет такого"),
)


def work(probe: Probe, arguments: list[str]) -> None:
    """Open and ask, ten times."""
    settings = Settings(home=Path(arguments[0]))
    taken, found = [], []
    with probe.time("ask"):
        for question in QUESTIONS:
            start = time.perf_counter()
            found.append(len(find(settings, question)[1]))
            taken.append(time.perf_counter() - start)
    probe.facts.update(
        typical=statistics.median(taken), slowest=max(taken), found=found, clusters=found[0]
    )


if __name__ == "__main__":
    run(work)
