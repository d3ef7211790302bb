"""Builds the marts as the warehouse does: `dbt build` of what is staged; argument: home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.contenders.marts_bare import counts
from bench.probe import Probe, run
from warehouse import build, pipeline
from warehouse.settings import Settings

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def work(probe: Probe, arguments: list[str]) -> None:
    """Build into a new file."""
    settings = Settings(home=Path(arguments[0]))
    with probe.time("build"):
        made = pipeline.build(settings, now=NOW)
    probe.facts["build_id"] = made.build_id
    probe.facts["rows"] = counts(build.build_path(settings, made.build_id))


if __name__ == "__main__":
    run(work)
