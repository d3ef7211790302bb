"""Reads a self-describing file as the warehouse does."""

from __future__ import annotations

from pathlib import Path

from bench.probe import Probe, run
from warehouse.readers import read


def work(probe: Probe, arguments: list[str]) -> None:
    """Read the file; count its values."""
    path, format_code = arguments
    with probe.time():
        sheet = read(Path(path), format_code).sheets[0]
    probe.facts["values"] = int(sheet.kind.astype(bool).sum())


if __name__ == "__main__":
    run(work)
