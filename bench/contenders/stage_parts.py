"""Fills a home with staged parts; arguments: home, how many figures."""

from __future__ import annotations

from pathlib import Path

from bench import staged
from bench.probe import Probe, run
from warehouse.settings import Settings


def work(probe: Probe, arguments: list[str]) -> None:
    """Make the figures and stage them."""
    home, total = arguments
    with probe.time("stage"):
        staged.fill(Settings(home=Path(home)), int(total))


if __name__ == "__main__":
    run(work)
