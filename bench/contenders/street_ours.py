"""Walks the whole street: archive, read, validate, build, audit, publish; then reads one mart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.mart import digest
from bench.probe import Probe, run
from warehouse import pipeline, publish
from warehouse.settings import PROJECT, Settings

MART = """
    select region_code, year, cast(population as bigint)
    from marts.mart_region_year
    where population is not null
    order by region_code, year
"""
FIGURES = "select count(*), cast(sum(value) as bigint) from marts.fct_observation"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in an inbox under a home; arguments: home, inbox, and a project with other contracts."""
    home, inbox, *other = (Path(argument) for argument in arguments)
    settings = Settings(home=home, project=other[0] if other else PROJECT)
    with probe.time():
        summary = pipeline.run(settings, inbox, now=NOW)
        _, rows = publish.query(settings, MART)
        _, figures = publish.query(settings, FIGURES)
    refused = [file for file in summary.files if not file.is_taken_in]
    if refused:
        raise RuntimeError(f"{len(refused)} files were not taken in: {refused[0].message}")
    probe.facts["mart"] = digest(rows)
    probe.facts["figures"] = figures[0]
    probe.facts["stages"] = dict(summary.seconds)
    probe.facts["observations"] = sum(file.observation_count for file in summary.files)


if __name__ == "__main__":
    run(work)
