"""Starts dbt as a build does, imports it and parses the project, and builds nothing."""

from __future__ import annotations

from pathlib import Path

from bench.probe import Probe, run
from warehouse import build
from warehouse.settings import Settings


def work(probe: Probe, arguments: list[str]) -> None:
    """Parse; argument: home."""
    settings = Settings(home=Path(arguments[0]))
    with probe.time("start"):
        build.parse(settings)


if __name__ == "__main__":
    run(work)
