"""Changed layouts are read right or refused, never silently wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.layout.mutations import MUTATIONS, mutate, values_of, wrong_keys
from tests.shared import shared_data
from tests.specimens import build
from warehouse.readers import detect_format, read


def population(path: Path) -> Path:
    return build.kz_population(
        path,
        years=(2020, 2021, 2022),
        regions=[region for region in build.KAZAKHSTAN if region != "KZ-51"],
        value=build.kz_population_value,
        marks={"KZ-61": " 1"},
        notes=("1) Данные за 2000-2016гг. по Южно-Казахстанской области.",),
    )


SPECIMENS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "wage_by_region": ("p.json", build.portal_wage),
    "wage_by_activity": ("w.xlsx", build.wage_bulletin),
    "population": ("pop.xlsx", population),
    "innovation_activity": ("i.xls", build.rosstat_innovation),
    "output_shipped": ("s.xlsx", build.rosstat_shipments),
    "lfst_r_lfe2en2": ("lfst_r_lfe2en2.tsv", build.eurostat_employment),
    "laender_industries": ("g.csv", build.german_industries),
}
REAL = [
    "belstat/wage_10218000003_2020-2026.json",
    "belstat/grp_pc_10202100055_2020-2026.json",
    "belstat/belstat_net_oblast_2010-2019.json",
    "belstat/nach_sr_zarplata-2403.xlsx",
    "belstat/nach_sr_zarplata-2407.xlsx",
    "kazakhstan/pop_source.xlsx",
    "rosstat/innovations_1.xls",
    "rosstat/otgruzka_C_D_E_sub.xlsx",
    "lq/G.regions.industries.csv",
    "belstat/dataportal_age_1990-1999.json",
    "belstat/dataportal_sample.xlsx",
    "rosstat/Indicators_of_Creative_Economy_2021-2024.xlsx",
    "rosstat/otgruzka_C_D_E.xlsx",
    "rosstat/Индекс_производства.xlsx",
]
LARGE = [
    "eurostat/nama_10r_2gdp.tsv",
    "rosstat/average_economic_activity.xlsx",
    "rosstat/nauka_2.xls",
    "rosstat/razdel9_vrp.xlsx",
    "rosstat/yb2023_R_22.docx",
    "lq/EU28.emp.csv",
    "px/1443.csv",
]
"""Too slow for every run of the tests: `score_mutations.py` changes them too."""


def check(path: Path, name: str, seeds: range) -> None:
    workbook = read(path, detect_format(path))
    before = values_of(workbook, path.name)
    assert before, f"{path.name} is not read at all"
    for seed in seeds:
        changed = mutate(workbook, name, random.Random(f"{path.name}-{name}-{seed}"))
        if changed is None:
            continue
        after = values_of(changed, path.name)
        if after is not None:
            wrong = wrong_keys(name, before, after)
            assert not wrong, f"{name} #{seed}: {len(wrong)} values silently wrong, e.g. {wrong[0]}"


def test_a_year_without_its_month_is_not_the_whole_year(tmp_path: Path) -> None:
    check(build.wage_bulletin(tmp_path / "w.xlsx"), "blank_header", range(12))


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("specimen", SPECIMENS)
def test_specimens(specimen: str, name: str, tmp_path: Path) -> None:
    file_name, builder = SPECIMENS[specimen]
    check(builder(tmp_path / file_name), name, range(3))


@pytest.mark.shared
@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("real", REAL)
def test_real_files(real: str, name: str) -> None:
    check(shared_data() / real, name, range(2))
