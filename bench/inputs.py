"""Inputs of the measurements: made here, the same every time, nothing is downloaded."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

import openpyxl

from tests.specimens import build
from tests.specimens.cluster_world import YEARS, make_many
from tests.specimens.names import KAZAKHSTAN
from tests.specimens.report_files import WRITERS
from tests.specimens.report_rows import report_of
from warehouse.settings import PROJECT

FIRST_YEAR = 2016
POPULATION_YEARS = (2018, 2028)
MONTHS = 12
SEED = 20261121
SEEDS = PROJECT / "dbt" / "seeds"


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


AGE_YEARS = tuple(range(1971, 2026))
SEXES = ("_T", "F", "M")
AGE_CAPTION = "Population on 1 January by region, sex and age"
YEARS_PER_FILE = 10


def age_workbooks(folder: Path, years: int) -> list[Path]:
    """Workbooks of ten years each, with a sheet of regions × years for each sex and age group."""
    regions, _, _ = _employment_codes()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for start in range(0, years, YEARS_PER_FILE):
        span = AGE_YEARS[start : min(start + YEARS_PER_FILE, years)]
        chance = random.Random(SEED + start)
        book = openpyxl.Workbook(write_only=True)
        for sex, age in product(SEXES, age_groups()):
            sheet = book.create_sheet(f"{sex} {age}")
            sheet.append([AGE_CAPTION])
            sheet.append([None, *span])
            for region in regions:
                sheet.append([region, *(chance.randrange(10**6) for _ in span)])
        path = folder / f"population_{span[0]}_{span[-1]}.xlsx"
        book.save(path)
        paths.append(path)
    return paths


def age_groups() -> list[str]:
    """Age groups of the code list that are numbers of years, and their total."""
    with (SEEDS / "dimension_values.csv").open(encoding="utf-8") as file:
        codes = [
            row["value_code"] for row in csv.DictReader(file) if row["dimension_code"] == "age"
        ]
    return [code for code in codes if re.fullmatch(r"_T|Y(\d.*|_GE\d+)", code)]


def figures_per_year() -> int:
    """Figures of each year in `age_workbooks`."""
    regions, _, _ = _employment_codes()
    return len(regions) * len(SEXES) * len(age_groups())


def age_project(folder: Path) -> Path:
    """Our project with a contract for `age_workbooks`; no office prints so large a table."""
    for part in ("dbt", "expectations", "warehouse/sources"):
        ignored = shutil.ignore_patterns("target", "logs")
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    own = folder / "warehouse" / "sources" / "bench"
    own.mkdir()
    provider = {"provider_name": "Bench", "country": "EU", "licence": "none", "owner": "bench"}
    table = {
        "name": "population",
        "caption": AGE_CAPTION,
        "dimensions": {
            "indicator": "population",
            "unit": "persons",
            "region": {"left": "region_code"},
            "period": {"above": "period"},
            "sex": {"sheet": {f"{code} .*": code for code in SEXES}},
            "age": {"sheet": {f"[^ ]+ {code}": code for code in age_groups()}},
        },
    }
    contract = {
        "provider": "bench",
        "dataset": "population_by_age",
        "title": AGE_CAPTION,
        "cadence": "once",
        "recognise": {"format": ["xlsx"], "caption": AGE_CAPTION},
        "tables": [table],
        "checks": [{"between": "population", "low": 0, "high": 10**6}, {"overlap": True}],
    }
    for name, said in (("_provider", provider), ("population_by_age", contract)):
        (own / f"{name}.yml").write_text(json.dumps(said), encoding="utf-8")
    return folder


EMPLOYMENT_YEARS = tuple(range(2024, 2004, -1))
AGES = ("Y15-24", "Y25-64", "Y_GE65")
PER_FILE = 100_000


def employment_files(folder: Path, total: int) -> list[Path]:
    """Regional employment in the office's bulk format: `total` figures, 100,000 to a file."""
    regions, activities, ages = _employment_codes()
    keys = list(product(ages, regions, activities))
    per_file = min(PER_FILE, len(keys) * len(EMPLOYMENT_YEARS))
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, start in enumerate(range(0, total, per_file)):
        count = min(per_file, total - start)
        path = folder / f"lfst_r_lfe2en2_{number:03d}.tsv"
        path.write_text(_employment_text(keys, count, number), encoding="utf-8")
        paths.append(path)
    return paths


def _employment_text(keys: Sequence[tuple[str, str, str]], count: int, number: int) -> str:
    chance = random.Random(SEED + number)
    width = len(EMPLOYMENT_YEARS)
    header = "unit,nace_r2,age,geo\\time\t" + "\t".join(f"{year} " for year in EMPLOYMENT_YEARS)
    lines = [header]
    for row, (age, region, activity) in enumerate(keys[: -(-count // width)]):
        cells = [
            f"{chance.randrange(10, 50_000) / 10} " for _ in range(min(width, count - row * width))
        ]
        cells += [": "] * (width - len(cells))
        lines.append(f"THS,{activity},{age},{region}\t" + "\t".join(cells))
    return "\n".join(lines) + "\n"


def _employment_codes() -> tuple[list[str], list[str], Sequence[str]]:
    """Regions of Eurostat that exist in all the years, and sections of its classifier."""
    with (SEEDS / "regions.csv").open(encoding="utf-8") as file:
        regions = [
            row["region_code"]
            for row in csv.DictReader(file)
            if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{0,2}", row["region_code"])
            and not row["valid_from"]
            and not row["valid_to"]
            and row["country_code"] not in ("BY", "KZ", "RU")
        ]
    with (SEEDS / "activities.csv").open(encoding="utf-8") as file:
        activities = [
            row["activity_code"]
            for row in csv.DictReader(file)
            if row["classifier_code"] == "NACE_R2"
        ]
    return regions, activities, AGES


def cluster_reports(
    folder: Path, clusters: int = 200, years: int = 5, members: int = 50, ending: str = "json"
) -> list[Path]:
    """Yearly reports of made-up clusters of both countries, each of as many members.

    Args:
        folder: Where the files go.
        clusters: How many clusters report.
        years: How many years each of them reports on, the last ones that the samples know.
        members: Members of each cluster.
        ending: `json`, `zip` or `xlsx`; a workbook takes about a quarter of a second to make.
    """
    story = make_many(clusters, members)
    return [
        WRITERS[ending](
            report_of(story, cluster, year), folder / f"{cluster.id}_{year}_illustrative.{ending}"
        )
        for year in YEARS[-years:]
        for cluster in story.clusters
    ]
