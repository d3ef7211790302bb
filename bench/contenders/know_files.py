"""Makes a home that knows the files of an inbox, but no build; arguments: home, inbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.probe import Probe, run
from warehouse import pipeline
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def work(probe: Probe, arguments: list[str]) -> None:
    """Ingest."""
    home, inbox = (Path(argument) for argument in arguments)
    settings = Settings(home=home)
    with probe.time("ingest"):
        names = pipeline.find_new_files(settings, inbox)
        summary = pipeline.ingest_files(settings, inbox, names, now=NOW)
    probe.facts["counts"] = summary.counts


if __name__ == "__main__":
    run(work)
