"""Reads a PC-Axis file with pyaxis."""

from __future__ import annotations

from pyaxis import pyaxis

from bench.probe import Probe, run


def work(probe: Probe, paths: list[str]) -> None:
    """Read the file; count its values."""
    with probe.time():
        frame = pyaxis.parse(paths[0], encoding="utf-8")["DATA"]
    probe.facts["values"] = len(frame)


if __name__ == "__main__":
    run(work)
