"""Figures of a table that a test writes down, computed as `warehouse indicator` computes them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.indicator import compute
from warehouse.settings import Settings


@dataclass(frozen=True)
class Figure:
    """One computed figure: its columns by name."""

    columns: Mapping[str, Any]

    @property
    def value(self) -> float | None:
        """The value, or None."""
        return self.columns["value"]

    @property
    def reason(self) -> str | None:
        """Why there is none."""
        return self.columns["reason_code"]

    @property
    def method(self) -> str:
        """What it depends on beside its inputs."""
        return self.columns["method_version"]


def figures(
    code: str, names: str, rows: Iterable[Sequence[object]], **variables: object
) -> list[Figure]:
    """Compute an indicator from rows; `names` are the columns, None is an empty cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(names.split(","))
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        header, found = compute(Settings.of(Path(folder) / "home"), code, path, variables)
    return [Figure(dict(zip(header, row, strict=True))) for row in found]


def by(found: Iterable[Figure], *names: str, method: str | None = None) -> dict[Any, Figure]:
    """Figures by one or several columns; with a part of the method that they must have."""
    picked = [one for one in found if method is None or method in one.method.split(";")]
    keyed = {}
    for one in picked:
        key = tuple(one.columns[name] for name in names)
        keyed[key[0] if len(key) == 1 else key] = one
    assert len(keyed) == len(picked), "a figure more than the key tells apart"
    return keyed


def only(found: Iterable[Figure], method: str | None = None) -> Figure:
    """The one figure there is, with a part of the method that it must have."""
    (one,) = [one for one in found if method is None or method in one.method.split(";")]
    return one
