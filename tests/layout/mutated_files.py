"""Files that are changed and read again, by the contract that reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.specimens import build
from tests.specimens.self_described import json_stat_dense
from warehouse.settings import PROJECT


def population(path: Path) -> Path:
    return build.kz_population(
        path,
        years=(2020, 2021, 2022),
        regions=[region for region in build.KAZAKHSTAN if region != "KZ-51"],
        value=build.kz_population_value,
        marks={"KZ-61": " 1"},
        notes=("1) Данные за 2000-2016гг. по Южно-Казахстанской области.",),
    )


SAMPLES_FOLDER = PROJECT / "samples"
SPECIMENS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "belstat/wage_by_region": ("p.json", build.portal_wage),
    "belstat/wage_by_activity": ("w.xlsx", build.wage_bulletin),
    "kz-bns/population": ("pop.xlsx", population),
    "rosstat/innovation_activity": ("i.xls", build.rosstat_innovation),
    "rosstat/output_shipped": ("s.xlsx", build.rosstat_shipments),
    "eurostat/lfst_r_lfe2en2": ("lfst_r_lfe2en2.tsv", build.eurostat_employment),
    "destatis/laender_industries": ("g.csv", build.german_industries),
    "eurostat/migr_resfirst": ("dense.json", json_stat_dense),
}
"""Contract to the name of a file and what makes it."""
SAMPLES = {
    "belarus-illustrative/employment_by_activity_illustrative.xlsx": (
        "belarus-illustrative/employment"
    ),
    "belarus-illustrative/population_grp_illustrative.xlsx": "belarus-illustrative/population_grp",
    "belarus-illustrative/sme_by_region_illustrative.xlsx": "belarus-illustrative/sme",
    "kazakhstan-illustrative/employment_by_activity_illustrative.xlsx": (
        "kazakhstan-illustrative/employment"
    ),
    "kazakhstan-illustrative/grp_by_region_illustrative.xls": "kazakhstan-illustrative/grp",
    "kazakhstan-illustrative/sme_by_region_illustrative.csv": "kazakhstan-illustrative/sme",
    "kazakhstan-illustrative/wage_by_region_illustrative.tsv": "kazakhstan-illustrative/wage",
    "papers/paper-002_tables-1-2.xlsx": "paper-002/sme",
    "papers/paper-003_figure-1.xlsx": "paper-003/cluster_output",
    "papers/paper-003_tables-1-2.xls": "paper-003/ict",
}
"""Sample to contract."""
REAL = {
    "belstat/wage_10218000003_2020-2026.json": "belstat/wage_by_region",
    "belstat/grp_pc_10202100055_2020-2026.json": "belstat/grp_per_capita",
    "belstat/belstat_net_oblast_2010-2019.json": "belstat/net_migration",
    "belstat/empl_person_10102000017_2010-2019.json": "belstat/employment_by_raion",
    "belstat/nach_sr_zarplata-2403.xlsx": "belstat/wage_by_activity",
    "belstat/nach_sr_zarplata-2407.xlsx": "belstat/wage_by_activity",
    "kazakhstan/pop_source.xlsx": "kz-bns/population",
    "rosstat/innovations_1.xls": "rosstat/innovation_activity",
    "rosstat/otgruzka_C_D_E_sub.xlsx": "rosstat/output_shipped",
    "lq/G.regions.industries.csv": "destatis/laender_industries",
    "belstat/dataportal_age_1990-1999.json": "belstat/population_by_age",
    "belstat/dataportal_sample.xlsx": "belstat/population_by_age",
    "rosstat/Indicators_of_Creative_Economy_2021-2024.xlsx": "rosstat/creative_economy",
    "rosstat/otgruzka_C_D_E.xlsx": "rosstat/output_by_activity",
    "rosstat/Индекс_производства.xlsx": "rosstat/production_index",
    "jsonstat/galicia.json": "ine-es/population_galicia",
    "jsonstat/eurostat-name_gpd_c-geo_IT_FR.json": "eurostat/nama_gdp_c",
    "eurostat/eurostat_migr_resfirst_BY.json": "eurostat/migr_resfirst",
    "px/14001.px": "ine-es/marriages",
    "px/1443.px": "ine-es/fertility_rate",
    "sdmx/ECB_EXR_1_M.USD.EUR.SP00.A.xml": "ecb/exchange_rates",
    "sdmx/ECB_EXR_flat.json": "ecb/exchange_rates",
    "sdmx/INSEE_IPI-2010-A21.xml": "insee/production_index",
    "emiss/sdmx_example.xml": "rosstat/population_women_emiss",
}
"""File of an office to contract."""
LARGE = {
    "eurostat/nama_10r_2gdp.tsv": "eurostat/nama_10r_2gdp",
    "eurostat/lfst_r_lfe2en2.tsv": "eurostat/lfst_r_lfe2en2",
    "rosstat/average_economic_activity.xlsx": "rosstat/fixed_assets",
    "rosstat/nauka_2.xls": "rosstat/rd_personnel",
    "rosstat/razdel9_vrp.xlsx": "rosstat/grp_by_region",
    "rosstat/yb2023_R_22.docx": "rosstat/yearbook_science",
    "lq/EU28.emp.csv": "eurostat/nama_10_a10_e",
    "px/1443.csv": "ine-es/fertility_rate",
}
"""Too slow for every run of the tests but a few changes; `score_mutations.py` makes them all."""
COVERED = {*SPECIMENS, *SAMPLES.values(), *REAL.values(), *LARGE.values()}
