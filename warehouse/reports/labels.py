"""What a figure is of, in words, and the command that explains it: both read from its key."""

from __future__ import annotations

import shlex

from warehouse.reports.compose import Context
from warehouse.reports.model import SEPARATOR, Figure, Kind, Label

MIX = "MEM_MIX"
"""Counts and shares of members by type: the column says of which."""
_WHOLE = ("_T", "_Z")


def label(context: Context, figure: Figure) -> Label:
    """What a figure is of, and how it is asked for on the command line."""
    kind, *parts = figure.key.split(SEPARATOR)
    return _LABELS[Kind(kind)](context, figure, parts)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _indicator(context: Context, figure: Figure, parts: list[str]) -> Label:
    code, region, classifier, activity, year, base, method, unit = parts
    measure = context.measure(figure.definition or code)
    of_base = context.name("indicator", base) if base not in (code, figure.definition) else ""
    in_activity = ""
    options = ["--indicator", code, "--region", region, "--year", year]
    if activity not in _WHOLE:
        in_activity = context.name("activity", f"{classifier}:{activity}")
        options += ["--activity", activity, "--classifier", classifier]
    if base != code:
        options += ["--base", base]
    if method != "_Z":
        options += ["--method", method]
    options += ["--unit", unit]
    said = _joined(measure, of_base, in_activity, context.name("region", region), year)
    return Label(said, _command(options))


def _cluster(context: Context, figure: Figure, parts: list[str]) -> Label:
    code, _, year, column = parts
    said = _joined(_column(context, figure, column), _cluster_name(context, code), year)
    return Label(said, _command(["--cluster", code, "--indicator", column, "--year", year]))


def _column(context: Context, figure: Figure, column: str) -> str:
    said = context.column_name(column) or context.measure(figure.definition or column)
    kind = column.removeprefix("member_").removesuffix("_count")
    return _joined(said, context.organisation_type(kind)) if figure.definition == MIX else said


def _cluster_name(context: Context, code: str) -> str:
    years = context.data.clusters.get(code)
    return code if years is None else f"{context.label(years[context.data.year])} ({code})"


def _clusters(context: Context, figure: Figure, parts: list[str]) -> Label:
    country, year, column = parts
    name = context.name("region", country)
    return Label(_joined(_column(context, figure, column), name, year), "")


def _status(context: Context, figure: Figure, parts: list[str]) -> Label:
    country, year, status = parts
    measure = context.measure(figure.definition)
    of_status = "" if status in _WHOLE else context.value_name("cluster_status", status)
    return Label(_joined(measure, of_status, context.name("region", country), year), "")


def _project(context: Context, figure: Figure, parts: list[str]) -> Label:
    cluster, project, _, indicator, year, kind = parts
    said = _joined(
        context.measure(indicator),
        context.value_name("value_kind", kind),
        project,
        _cluster_name(context, cluster),
        year,
    )
    return Label(said, "")


def _support(context: Context, figure: Figure, parts: list[str]) -> Label:
    cluster, _, year, _, instrument = parts
    said = _joined(
        context.measure(figure.definition),
        context.name("instrument", instrument),
        _cluster_name(context, cluster),
        year,
    )
    return Label(said, "")


def _network(context: Context, figure: Figure, parts: list[str]) -> Label:
    cluster, _, year = parts
    said = _joined(context.text("network_picture"), _cluster_name(context, cluster), year)
    return Label(said, "")


def _command(options: list[str]) -> str:
    return f"warehouse explain {shlex.join(options)}"


_LABELS = {
    Kind.INDICATOR: _indicator,
    Kind.CLUSTER: _cluster,
    Kind.CLUSTERS: _clusters,
    Kind.STATUS: _status,
    Kind.PROJECT: _project,
    Kind.SUPPORT: _support,
    Kind.NETWORK: _network,
}
