"""Changed self-describing parts are read right or refused, never silently wrong."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.formats.cube_mutations import CHANGES
from tests.layout.mutations import values_of
from tests.shared import shared_data
from tests.specimens.self_described import WITH_STATUS, WITHOUT_STATUS
from warehouse.readers import detect_format, read

REAL = [
    "jsonstat/galicia.json",
    "jsonstat/eurostat-name_gpd_c-geo_IT_FR.json",
    "eurostat/eurostat_migr_resfirst_BY.json",
    "px/14001.px",
    "px/1443.px",
    "sdmx/ECB_EXR_1_M.USD.EUR.SP00.A.xml",
    "sdmx/ECB_EXR_flat.json",
    "sdmx/INSEE_IPI-2010-A21.xml",
    "emiss/sdmx_example.xml",
]
SAME = {"reorder_values", "reorder_dimensions", "reorder_members"}


def check(path: Path, name: str, seeds: range) -> None:
    workbook = read(path, detect_format(path))
    before = values_of(workbook, path.name)
    assert before
    for seed in seeds:
        rng = random.Random(f"{path.name}-{name}-{seed}")
        changed = replace(workbook, sheets=(CHANGES[name](workbook.sheets[0], rng),))
        after = values_of(changed, path.name)
        if name in SAME:
            assert after == before
        elif after is not None:
            wrong = [key for key, value in after.items() if before.get(key) != value]
            assert not wrong, f"{name} #{seed}: {len(wrong)} values wrong, e.g. {wrong[0]}"


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("specimen", ["dense.json", "compact20.xml", "two.csv", "keys.px"])
def test_specimens(specimen: str, name: str, tmp_path: Path) -> None:
    check({**WITH_STATUS, **WITHOUT_STATUS}[specimen](tmp_path / specimen), name, range(6))


@pytest.mark.shared
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("real", REAL)
def test_real_files(real: str, name: str) -> None:
    check(shared_data() / real, name, range(1))
