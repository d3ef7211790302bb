"""A small table written as a CSV file, and what `warehouse indicator` computes from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.indicators import csv_figures

Figure = Mapping[str, Any]


def figures(
    code: str, rows: Sequence[Mapping[str, Any]], variables: Mapping[str, Any] | None = None
) -> list[Figure]:
    """All figures of an indicator over rows of columns; None is an empty cell."""
    names = list(rows[0])
    cells = [[row.get(name) for name in names] for row in rows]
    found = csv_figures.figures(code, ",".join(names), cells, **variables or {})
    return [one.columns for one in found]


def figure(
    code: str,
    rows: Sequence[Mapping[str, Any]],
    form: str = "",
    variables: Mapping[str, Any] | None = None,
    **key: Any,
) -> Figure:
    """The one figure whose method ends with `form` and whose columns are as in `key`."""
    found = [
        each
        for each in figures(code, rows, variables)
        if each["method_version"].endswith(form)
        and all(each[name] == value for name, value in key.items())
    ]
    assert len(found) == 1, found
    return found[0]


def value(code: str, rows: Sequence[Mapping[str, Any]], form: str = "", **key: Any) -> float:
    """Its value, where there is one."""
    found = figure(code, rows, form, **key)
    assert found["reason_code"] is None, found
    return float(found["value"])


def reason(code: str, rows: Sequence[Mapping[str, Any]], form: str = "", **key: Any) -> str:
    """Its reason, where there is no value."""
    found = figure(code, rows, form, **key)
    assert found["value"] is None, found
    return str(found["reason_code"])
