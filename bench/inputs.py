"""Inputs of the measurements: made here, the same every time, nothing is downloaded."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

import openpyxl

from tests.specimens import build
from tests.specimens.names import KAZAKHSTAN

FIRST_YEAR = 2017
POPULATION_YEARS = (2018, 2027)
MONTHS = 12
SEED = 20261121


def big_workbook(path: Path, rows: int, columns: int = 20) -> Path:
    """One sheet as offices export it: a label, then numbers, whole and with one decimal."""
    chance = random.Random(SEED)
    labels = [f"Область {number % 17}, район {number}" for number in range(500)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Лист1")
    sheet.append(["Территория", *range(2000, 2000 + columns - 1)])
    for row in range(rows - 1):
        numbers = [chance.randrange(10**6) / (10 if at % 2 else 1) for at in range(columns - 1)]
        sheet.append([labels[row % len(labels)], *numbers])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def wage_bulletins(folder: Path, count: int, start: int = 0) -> list[Path]:
    """Monthly wage bulletins of consecutive months, 48 figures each; no two speak of one month."""
    paths = []
    for number in range(start, start + count):
        year, month = FIRST_YEAR + number // MONTHS, number % MONTHS + 1
        path = folder / f"wage_{year}_{month:02d}.xlsx"
        paths.append(build.wage_bulletin(path, year=year, month=month))
    return paths


def population_workbooks(folder: Path, count: int) -> list[Path]:
    """Population workbooks of three sheets; each prints another span of years, alike in values."""
    low, high = POPULATION_YEARS
    spans = [
        (first, last) for last, first in product(range(high, low - 1, -1), range(low, high + 1))
    ]
    spans = [(first, last) for first, last in spans if first <= last]
    if count > len(spans):
        raise ValueError(f"there are {len(spans)} spans of years, not {count}")
    value = _population()
    return [
        build.kz_population(
            folder / f"pop_{first}_{last}.xlsx",
            years=range(first, last + 1),
            regions=list(KAZAKHSTAN),
            value=value,
        )
        for first, last in spans[:count]
    ]


def _population() -> Callable[[str, str, str, int], str | None]:
    return lru_cache(maxsize=None)(build.kz_population_value)


def names_of(paths: Sequence[Path], folder: Path) -> list[str]:
    """Names relative to an inbox."""
    return [path.relative_to(folder).as_posix() for path in paths]
