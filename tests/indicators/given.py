"""A small table written as a CSV file, and what `warehouse indicator` computes from it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.indicator import compute
from warehouse.settings import Settings

SETTINGS = Settings.of()
Figure = dict[str, Any]


def _text(given: Any) -> str:
    return "" if given is None else repr(float(given)) if isinstance(given, float) else str(given)


def figures(
    code: str, rows: Sequence[Mapping[str, Any]], variables: Mapping[str, Any] | None = None
) -> list[Figure]:
    """All figures of an indicator over rows of columns; None is an empty cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({name: _text(each) for name, each in row.items()} for row in rows)
        names, found = compute(SETTINGS, code, path, variables)
    return [dict(zip(names, row, strict=True)) for row in found]


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
