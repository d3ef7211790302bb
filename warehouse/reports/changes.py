"""What is new in a report: against the year before, and against the report of an earlier build."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.reports.compose import Context, Scale, scale
from warehouse.reports.country import status_figure
from warehouse.reports.model import Figure, Report

STATUSES = ("active", "forming")
MEASURES = ("grp_per_capita", "grp", "employment", "wage_nominal", "sme_count")
SHOWN = 10
MANIFEST = "report.json"
CHANGES = "changes.json"
VALUES = "figures.json"
Values = dict[str, float | None]


@dataclass(frozen=True)
class SinceBuild:
    """How a report differs from the one that lay in its place.

    Attributes:
        against: The build of that one; None for the first report.
        added: Figures that are new.
        removed: Figures that are gone.
        changed: Figures with another value.
        examples: Some of the changed ones, in words.
    """

    against: str | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What is new.

    Attributes:
        since_year: By language: the main figures beside those of the year before.
        since_build: Against the report of an earlier build.
    """

    since_year: dict[str, tuple[str, ...]]
    since_build: SinceBuild

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def values_of(report: Report) -> Values:
    """The value of every figure by what it is; two figures of one key differ in measure or unit."""
    return {_id(figure): figure.value for page in report.pages for figure in page.figures()}


def labels_of(report: Report) -> dict[str, str]:
    """What the figures are of, by the same ids."""
    return {
        _id(figure): report.labels[figure.key].said
        for page in report.pages
        for figure in page.figures()
    }


def _id(figure: Figure) -> str:
    change = "change" if figure.is_change else ""
    return f"{figure.key}#{figure.definition}#{figure.unit}#{change}"


def since_year(context: Context) -> tuple[str, ...]:
    """The main figures of each country in the year and in the one before."""
    lines = []
    for country in context.data.countries:
        name = context.name("region", country)
        for label, now, before in _pairs(context, country):
            if now.value is None or before.value is None:
                continue
            lines.append(
                context.text(
                    "since_year",
                    country=name,
                    measure=label,
                    now=context.printed(now),
                    year=context.data.year - 1,
                    before=context.printed(before),
                )
            )
    return tuple(lines)


def _pairs(context: Context, country: str) -> list[tuple[str, Figure, Figure]]:
    data = context.data
    found = []
    for status in STATUSES:
        pair = [status_figure(context, country, status, data.year - back) for back in (0, 1)]
        if pair[0] is not None and pair[1] is not None:
            label = f"{context.measure('STA_CNT')} ({context.value_name('cluster_status', status)})"
            found.append((label, pair[0], pair[1]))
    for measure in MEASURES:
        rows = [data.figure(measure, country, data.year - back) for back in (0, 1)]
        if rows[0] is None or rows[1] is None or rows[0]["unit_code"] != rows[1]["unit_code"]:
            continue
        how: Scale = scale([row["value"] for row in rows if row], rows[0]["unit_code"])
        now, before = (context.figure(row, how) for row in rows)
        if now is not None and before is not None:
            found.append((context.measure(measure), now, before))
    return found


def since_build(
    folder: Path, build_id: str, values: Values, labels: Mapping[str, str]
) -> SinceBuild:
    """How figures differ from those of the report that lies in a folder.

    A report of the same build says what it said before: making it again is nothing new.
    """
    if not (folder / MANIFEST).exists():
        return SinceBuild()
    before = json.loads((folder / MANIFEST).read_bytes())["build_id"]
    if before == build_id:
        kept = json.loads((folder / CHANGES).read_bytes())["since_build"]
        return SinceBuild(**{**kept, "examples": tuple(kept["examples"])})
    old: Values = json.loads((folder / VALUES).read_bytes())
    shared = old.keys() & values.keys()
    changed = sorted(key for key in shared if old[key] != values[key])
    return SinceBuild(
        against=before,
        added=len(values.keys() - old.keys()),
        removed=len(old.keys() - values.keys()),
        changed=len(changed),
        examples=tuple(
            f"{labels[key]}: {_said(old[key])} → {_said(values[key])}" for key in changed[:SHOWN]
        ),
    )


def _said(value: float | None) -> str:
    return "—" if value is None else f"{value:.10g}"
