"""Reads an SDMX-ML message with sdmx1."""

from __future__ import annotations

import sdmx

from bench.probe import Probe, run


def work(probe: Probe, paths: list[str]) -> None:
    """Read the message; count its observations."""
    with probe.time():
        message = sdmx.read_sdmx(paths[0])
    probe.facts["values"] = len(message.data[0])


if __name__ == "__main__":
    run(work)
