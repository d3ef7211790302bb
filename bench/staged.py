"""A home full of staged parts, as if many large files had been taken in: made here, seeded.

Employment and establishments by region, activity and year, a file for every hundred thousand
figures. When all figures of all years are there, later files restate them: another vintage.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.inputs import SEED
from warehouse import outcome, stage
from warehouse.layout.contract import load_registry
from warehouse.schema import OBSERVATION
from warehouse.settings import Settings
from warehouse.stage import Pointer, Verdict

PER_FILE = 100_000
CONTRACT = "eurostat/lfst_r_lfe2en2"
CLASSIFIER = "NACE_R2"
INDICATORS = ("employment", "establishments")
UNITS = ("thousand_persons", "units")
MULTIPLIERS = (1000.0, 1.0)
YEARS = np.arange(1986, 2026)
FIRST_ARRIVAL = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Codes:
    """What the figures are about."""

    regions: tuple[str, ...]
    activities: tuple[str, ...]

    @property
    def per_vintage(self) -> int:
        """Figures until the first one is said again."""
        return len(self.regions) * len(self.activities) * len(YEARS) * len(INDICATORS)


def load_codes(settings: Settings) -> Codes:
    """Regions that exist in all years, and the sections of one classifier."""
    with (settings.seeds / "regions.csv").open(encoding="utf-8") as file:
        regions = [
            row["region_code"]
            for row in csv.DictReader(file)
            if not row["valid_from"] and not row["valid_to"] and row["is_residual"] == "false"
        ]
    with (settings.seeds / "activities.csv").open(encoding="utf-8") as file:
        activities = [
            row["activity_code"]
            for row in csv.DictReader(file)
            if row["classifier_code"] == CLASSIFIER and row["activity_level"] == "1"
        ]
    return Codes(tuple(regions), tuple(activities))


def observations(codes: Codes, start: int, count: int, pointer: Pointer) -> pa.Table:
    """Figures number `start` to `start + count`, in the order that the module describes."""
    number = np.arange(start, start + count)
    number_in_vintage = number % codes.per_vintage
    rest, activity = np.divmod(number_in_vintage, len(codes.activities))
    rest, region = np.divmod(rest, len(codes.regions))
    indicator, year = np.divmod(rest, len(YEARS))
    chance = np.random.default_rng([SEED, start])
    value = chance.integers(10, 50_000, count) / np.where(indicator == 0, 10, 1)
    text = pc.utf8_lpad(pa.array(number).cast(pa.string()), 32, "0")
    years = pa.array(YEARS[year])
    columns = {
        "observation_id": text,
        "cell": pc.binary_join_element_wise("C", pa.array(number - start + 2).cast("string"), ""),
        "value_printed": pa.array(value).cast(pa.string()),
        "indicator_code": _chosen(INDICATORS, indicator),
        "region_code": _chosen(codes.regions, region),
        "region_printed": _chosen(codes.regions, region),
        "activity_code": _chosen(codes.activities, activity),
        "activity_printed": _chosen(codes.activities, activity),
        "period_start": _days(years, "-01-01"),
        "period_end": _days(years, "-12-31"),
        "value": pa.array(value),
        "value_digits": pa.array(np.where(indicator == 0, 1, 0).astype(np.int8)),
        "unit_code": _chosen(UNITS, indicator),
        "multiplier": pa.array(np.array(MULTIPLIERS)[indicator]),
        "breakdown": pa.MapArray.from_arrays(
            pa.array(np.zeros(count + 1, dtype=np.int32)),
            pa.array([], pa.string()),
            pa.array([], pa.string()),
        ),
    }
    constants = {
        "file_id": pointer.file_id,
        "contract_id": pointer.contract_id,
        "contract_version": pointer.contract_version,
        "provider_code": pointer.provider_code,
        "dataset_code": pointer.dataset_code,
        "table_name": "table",
        "activity_classifier": CLASSIFIER,
        "period_kind": "year",
        "obs_status": "A",
        "conf_status": "F",
        "is_illustrative": False,
        "is_formula": False,
        "received_at": datetime.fromisoformat(pointer.received_at),
    }
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else _constant(constants.get(field.name), field.type, count)
        for field in OBSERVATION
    ]
    return pa.Table.from_arrays(arrays, schema=OBSERVATION)


def _chosen(names: tuple[str, ...], index: np.ndarray) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(index))


def _days(years: pa.Array, day: str) -> pa.Array:
    text = pc.binary_join_element_wise(years.cast(pa.string()), day, "")
    return pc.strptime(text, "%Y-%m-%d", "s").cast(pa.date32())


def _constant(value: object, kind: pa.DataType, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind), count)


def pointers(settings: Settings, total: int) -> Iterator[tuple[Pointer, int, int]]:
    """Pointers of the files that hold `total` figures, with the first figure and their number."""
    contract = load_registry(settings.sources)[CONTRACT]
    for number, start in enumerate(range(0, total, PER_FILE)):
        count = min(PER_FILE, total - start)
        arrived = FIRST_ARRIVAL + timedelta(days=number)
        yield (
            Pointer(
                file_id=hashlib.sha256(str(start).encode()).hexdigest(),
                read_key="bench",
                read_code="accepted",
                origins=((f"figures_{number:03d}.tsv", arrived.isoformat()),),
                size_bytes=count * 8,
                contract_id=contract.id,
                contract_version=contract.version,
                provider_code=contract.provider,
                dataset_code=contract.dataset,
                format_code="eurostat_tsv",
                content_hash=f"{number:064d}",
                observation_count=count,
                verdict=Verdict("bench", "accepted"),
            ),
            start,
            count,
        )


def fill(settings: Settings, total: int) -> None:
    """Stage `total` figures under a home."""
    stage.ensure_empty_parts(settings)
    codes = load_codes(settings)
    for pointer, start, count in pointers(settings, total):
        rows = observations(codes, start, count, pointer)
        parts = {
            "observation": stage.write_part(settings, "observation", pointer.file_id, rows),
            "file_outcome": stage.write_part(
                settings, "file_outcome", pointer.file_id, outcome.outcome_table(pointer)
            ),
        }
        found = {name: part for name, part in parts.items() if part}
        stage.save_pointer(settings, _with_parts(pointer, found))


def _with_parts(pointer: Pointer, parts: dict[str, str]) -> Pointer:
    return Pointer(**{**vars(pointer), "parts": parts})
