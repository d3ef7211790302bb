"""Plan against actual of projects, for a country or a cluster."""

from __future__ import annotations

from collections.abc import Collection

from warehouse.marts import Row
from warehouse.reports import pictures
from warehouse.reports.compose import PER_CENT, Context, Scale, drawing, marks, scale, section
from warehouse.reports.model import (
    Cell,
    Column,
    Drawing,
    Figure,
    Kind,
    Link,
    Paragraph,
    Section,
)
from warehouse.reports.paths import cluster_path
from warehouse.reports.pictures import Bullet
from warehouse.reports.trace import key

MEASURES = ("output", "new_jobs", "investment")
DRAWN = "output"
"""The measure that is drawn: one bar per project."""
MET_PCT = 100
MOST_DRAWN = 20


def project_section(
    context: Context,
    place: str,
    name: str,
    title: str,
    *,
    kinds: Collection[str] = (),
) -> Section:
    """Plan, actual and execution of projects.

    Args:
        context: Data and language.
        place: Code of a country or of a cluster.
        name: Of the section.
        title: Of the section.
        kinds: Kinds of projects; empty for all.
    """
    rows = [
        row
        for row in context.data.rows["projects"]
        if place in (row["cluster_id"], row["cluster_id"].split("-")[0])
        and row["indicator_code"] in MEASURES
        and (not kinds or row["kind_code"] in kinds)
        and (row["plan_value"] is not None or row["actual_value"] is not None)
        and row["cluster_id"] in context.data.clusters
    ]
    rows.sort(key=lambda row: (_id(row), MEASURES.index(row["indicator_code"])))
    if not rows:
        return section(name, title, Paragraph((context.text("projects_none"),)))
    scales = _scales(rows)
    columns, cells = _columns(context), [_cells(context, row, scales) for row in rows]
    if place in context.data.clusters:  # on its own page nobody asks whose project it is
        columns, cells = columns[1:], [row[1:] for row in cells]
    return section(
        name,
        title,
        _sentence(context, rows),
        _bullets(context, rows, scales),
        context.table(name, title, columns, cells),
    )


def _id(row: Row) -> tuple[str, str]:
    return (row["cluster_id"], row["project_id"])


def _sentence(context: Context, rows: list[Row]) -> Paragraph | None:
    of_output = [
        row for row in rows if row["indicator_code"] == DRAWN and row["execution_pct"] is not None
    ]
    if not of_output:
        return None
    met = sum(round(row["execution_pct"], 1) >= MET_PCT for row in of_output)
    return Paragraph(
        (
            context.text(
                "projects_words" if met else "projects_unmet",
                year=context.data.year,
                count=context.counted(len(of_output), "of_project"),
                met=context.counted(met, "of_project"),
            ),
        )
    )


def _figure(context: Context, row: Row, kind: str, how: Scale) -> Figure:
    value = row[f"{kind}_value"]
    return how.figure(
        key(
            Kind.PROJECT,
            row["cluster_id"],
            row["project_id"],
            row["is_illustrative"],
            row["indicator_code"],
            row["year"],
            kind,
        ),
        value,
        row["year"],
        definition=row["indicator_code"],
        reason=context.reason(row.get(f"{kind}_reason_code") or "missing_input"),
        marks=marks(is_illustrative=row["is_illustrative"]),
    )


_Scales = dict[tuple[str, str], Scale]


def _unit(row: Row) -> str:
    return str(row["plan_unit_code"] or row["actual_unit_code"] or "units")


def _scales(rows: list[Row]) -> _Scales:
    """One scale for each measure and unit, so that projects can be read one below the other."""
    values: dict[tuple[str, str], list[float | None]] = {}
    for row in rows:
        found = values.setdefault((row["indicator_code"], _unit(row)), [])
        found += [row["plan_value"], row["actual_value"]]
    return {(code, unit): scale(found, unit) for (code, unit), found in values.items()}


def _cells(context: Context, row: Row, scales: _Scales) -> list[Cell]:
    how = scales[row["indicator_code"], _unit(row)]
    execution = PER_CENT.figure(
        _figure(context, row, "actual", how).key,
        row["execution_pct"],
        row["year"],
        definition="PRJ_EXEC",
        reason=context.reason(row["execution_reason_code"]),
        marks=marks(is_illustrative=row["is_illustrative"]),
    )
    cluster = context.data.clusters[row["cluster_id"]][context.data.year]
    return [
        Link(row["cluster_id"], cluster_path(cluster["country_code"], row["cluster_id"])),
        row["title"] or row["project_id"],
        context.value_name("project_status", row["status_code"]),
        context.measure(row["indicator_code"]),
        context.unit(how.unit),
        _figure(context, row, "plan", how),
        _figure(context, row, "actual", how),
        execution,
    ]


def _columns(context: Context) -> list[Column]:
    return [
        context.words_column("cluster"),
        context.words_column("project"),
        context.words_column("project_status"),
        context.words_column("measure"),
        context.words_column("unit"),
        Column(context.text("plan")),
        Column(context.text("actual")),
        Column(context.text("execution"), "%", definition="PRJ_EXEC"),
    ]


def _bullets(context: Context, rows: list[Row], scales: _Scales) -> Drawing | None:
    drawn = [row for row in rows if row["indicator_code"] == DRAWN and row["plan_value"]]
    drawn = drawn[:MOST_DRAWN]
    figures: list[Figure] = []
    bullets = []
    for row in drawn:
        how = scales[DRAWN, _unit(row)]
        plan = _figure(context, row, "plan", how)
        actual = _figure(context, row, "actual", how)
        figures += [plan, actual]
        forecast = row["forecast_value"]
        bullets.append(
            Bullet(
                f"{row['cluster_id']}-{row['project_id']}-{row['is_illustrative']}",
                row["title"] or row["project_id"],
                plan.value,
                actual.value,
                None if forecast is None else forecast / how.divisor,
                context.unit(how.unit),
                plan.marks,
            )
        )
    if not bullets:
        return None
    title = f"{context.text('projects')}: {context.name('indicator', DRAWN)}"
    picture = context.draw(pictures.bullet_chart, bullets, context.caption(title), context.language)
    return drawing("projects", picture, figures)
