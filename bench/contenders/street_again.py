"""Runs the street on a home that may know files already; arguments: home, inbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.probe import Probe, run
from warehouse import pipeline
from warehouse.settings import Settings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
INGEST = ("find", "archive", "read", "validate")


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in, build, publish; what ingesting and building took apart."""
    home, inbox = (Path(argument) for argument in arguments)
    with probe.time("run"):
        summary = pipeline.run(Settings(home=home), inbox, now=NOW)
    stages = dict(summary.seconds)
    ingest = sum(stages.get(name, 0.0) for name in INGEST)
    probe.facts["stages"] = stages
    probe.facts["new"] = sum(file.is_new for file in summary.files)
    probe.facts["not_taken_in"] = sum(not file.is_taken_in for file in summary.files)
    probe.facts["ingest"] = ingest
    probe.facts["build"] = probe.seconds["run"] - ingest


if __name__ == "__main__":
    run(work)
