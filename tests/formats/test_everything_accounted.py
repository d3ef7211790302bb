"""Every real file has a contract, a form, or a declaration that says why nothing is read."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tests.layout.reading import NOW, code_lists, registry
from tests.shared import shared_data
from warehouse.forms.definition import Forms, load_forms
from warehouse.interpret import Interpretation, interpret
from warehouse.settings import Settings

pytestmark = pytest.mark.shared
DECLARED = {
    "code_list": {
        "iso3166-1.json", "iso3166-2.json", "dataportal_dims.json", "kato.csv",
        "BEA_Economic_Areas_and_Counties.xls", "ClusterLinkage.xlsx", "lists_of_clusters.xlsx",
    },
    "boundaries": {"OSMB-KZ_obl.geojson", "gb-BLR-ADM1.geojson", "gb-BLR-ADM2.geojson"},
    "metadata": {
        "belstat_cfg_10101300003.json", "dataportal_viewcfg_10101100003.json",
        "belstat_indicator_catalog_full.json", "belstat-indicators.xlsx", "kato.source.json",
        "fedstat_indicators.json.gz", "INSEE_IPI-2010-A21-structure.xml", "README.md",
    },
    "out_of_scope": {
        "us-labor.json", "US-RI-census-naics2-counties-2021.csv", "v3_csv_example-06.csv",
        "14001.json-stat", "monotowns_registry.json",
    },
}  # fmt: skip
FORMS = {
    "NAICS_crosswalks_to_Cluster_system.xlsx", "clusters-list.json", "monotowns.csv",
    "CurrentOrganizationsAndClusters.csv",
}  # fmt: skip


@lru_cache(maxsize=1)
def forms() -> Forms:
    return load_forms(Settings.of().forms)


def reading(path: Path) -> Interpretation:
    return interpret(
        path,
        file_id=hashlib.sha256(path.read_bytes()).hexdigest(),
        file_name=path.name,
        received_at=NOW,
        registry=registry(),
        lists=code_lists(),
        forms=forms(),
    )


def test_no_file_is_left_without_an_account() -> None:
    outcomes: Counter[str] = Counter()
    for path in sorted(p for p in shared_data().rglob("*") if p.is_file()):
        if path.name == "lfst_r_lfe2en2.tsv":
            continue  # read at length in tests/layout
        found = reading(path)
        outcomes[found.outcome_code] += 1
        declared = found.contract.declared if found.contract else None
        if declared:
            assert path.name in DECLARED[declared.role], path.name
            assert (found.outcome_code, found.row_count) == ("declared", 0), path.name
        elif path.name in FORMS:
            assert found.form is not None, path.name
        else:
            assert found.contract is not None, path.name
            assert found.outcome_code == "accepted", f"{path.name}: {found.problem}"
            assert found.observations.num_rows, path.name
    assert outcomes["no_contract"] == outcomes["refused"] == 0
    assert outcomes["declared"] == sum(map(len, DECLARED.values()))
