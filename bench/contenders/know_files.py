"""Makes a home that knows the files of an inbox; arguments: home, inbox.

They are archived, read, staged and settled as always, but the checks are left out: a thousand
files would take half an hour, and what is measured afterwards never looks at their results.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.probe import Probe, run
from warehouse import pipeline, settle
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class NoChecks:
    """In place of the validator: finds nothing wrong with anything."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def check_observations(self, *_: Any) -> list[dict[str, Any]]:
        """No results."""
        return []

    def check_table(self, *_: Any) -> list[dict[str, Any]]:
        """No results."""
        return []

    def build_docs(self) -> None:
        """No documents."""


def work(probe: Probe, arguments: list[str]) -> None:
    """Ingest without checks."""
    home, inbox = (Path(argument) for argument in arguments)
    settings = Settings(home=home)
    settle.Validator = NoChecks  # type: ignore[assignment, misc]
    with probe.time("ingest"):
        names = pipeline.find_new_files(settings, inbox)
        summary = pipeline.ingest_files(settings, inbox, names, now=NOW)
    probe.facts["counts"] = summary.counts


if __name__ == "__main__":
    run(work)
