"""The samples, read by their contracts: every fact comes out, and nothing else does."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.specimens import make_samples
from tests.specimens.build import NBSP
from tests.specimens.illustrative import FACTS, read
from warehouse.conform import CodeLists
from warehouse.errors import Code
from warehouse.interpret import Interpretation, interpret
from warehouse.layout.contract import PartsOfTotal, Registry, load_registry
from warehouse.settings import Settings
from warehouse.validate import rules
from warehouse.validate.frame import batch

Key = tuple[str, str, str, tuple[tuple[str, str], ...], int]

SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "papers/paper-002_tables-1-2.xlsx": (
        "paper-002/sme",
        ("paper_002_table_1.csv", "paper_002_table_2.csv"),
    ),
    "papers/paper-003_tables-1-2.xls": (
        "paper-003/ict",
        ("paper_003_table_1.csv", "paper_003_table_2.csv"),
    ),
    "papers/paper-003_figure-1.xlsx": ("paper-003/cluster_output", ("paper_003_figure_1.csv",)),
    "belstat/wage_by_region.json": ("belstat/wage_by_region", ("belstat_wage.csv",)),
    "belstat/grp_per_capita_by_region.json": (
        "belstat/grp_per_capita",
        ("belstat_grp_per_capita.csv",),
    ),
    "kz-bns/population_2018-2023.xlsx": ("kz-bns/population", ("kz_population.csv",)),
    "belarus-illustrative/sme_by_region_illustrative.xlsx": (
        "belarus-illustrative/sme",
        ("illustrative_by_sme.csv",),
    ),
    "belarus-illustrative/population_grp_illustrative.xlsx": (
        "belarus-illustrative/population_grp",
        ("illustrative_by_population.csv", "illustrative_by_grp.csv"),
    ),
    "belarus-illustrative/employment_by_activity_illustrative.xlsx": (
        "belarus-illustrative/employment",
        ("illustrative_by_employment.csv",),
    ),
    "kazakhstan-illustrative/sme_by_region_illustrative.csv": (
        "kazakhstan-illustrative/sme",
        ("illustrative_kz_sme.csv",),
    ),
    "kazakhstan-illustrative/wage_by_region_illustrative.tsv": (
        "kazakhstan-illustrative/wage",
        ("illustrative_kz_wage.csv",),
    ),
    "kazakhstan-illustrative/grp_by_region_illustrative.xls": (
        "kazakhstan-illustrative/grp",
        ("illustrative_kz_grp.csv",),
    ),
    "kazakhstan-illustrative/employment_by_activity_illustrative.xlsx": (
        "kazakhstan-illustrative/employment",
        ("illustrative_kz_employment.csv",),
    ),
}
"""Sample to its contract and its fact files."""

NOT_IN_THE_FILE = {
    ("illustrative_by_sme.csv", 2018),
    ("illustrative_by_sme.csv", 2019),
    ("illustrative_kz_wage.csv", 2024),
}
"""Years that only the files with planted errors hold."""

GOLDEN = [
    ("papers/paper-002_tables-1-2.xlsx", "sme_count", "BY-HM", "", 2019, 43610.0, "units"),
    ("papers/paper-002_tables-1-2.xlsx", "sme_count_change", "BY-HR", "", 2019, -45.0, "units"),
    ("papers/paper-002_tables-1-2.xlsx", "sme_share_gdp", "BY", "", 2019, 26.1, "per_cent"),
    ("papers/paper-003_tables-1-2.xls", "ict_computer_share", "KZ", "", 2018, 79.0, "per_cent"),
    (
        "papers/paper-003_tables-1-2.xls",
        "ict_internet_org_count",
        "KZ",
        "",
        2021,
        107121.0,
        "units",
    ),
    (
        "papers/paper-003_figure-1.xlsx",
        "cluster_output",
        "KZ-19+KZ-75",
        "",
        2020,
        2925.0,
        "mln_KZT",
    ),
    (
        "papers/paper-003_figure-1.xlsx",
        "cluster_output_growth",
        "KZ-75",
        "",
        2024,
        88.0,
        "per_cent",
    ),
    ("belstat/wage_by_region.json", "wage_nominal", "BY", "", 2024, 2288.6, "BYN_per_month"),
    (
        "belstat/grp_per_capita_by_region.json",
        "grp_per_capita",
        "BY-BR",
        "",
        2024,
        22800.1,
        "BYN_per_person",
    ),
    (
        "belarus-illustrative/employment_by_activity_illustrative.xlsx",
        "employment",
        "BY-HM",
        "A",
        2021,
        4.4,
        "thousand_persons",
    ),
    (
        "kazakhstan-illustrative/grp_by_region_illustrative.xls",
        "grp",
        "KZ-10",
        "",
        2023,
        2892580.0,
        "mln_KZT",
    ),
    (
        "kazakhstan-illustrative/sme_by_region_illustrative.csv",
        "sme_count",
        "KZ-79",
        "",
        2018,
        79996.0,
        "units",
    ),
    (
        "kazakhstan-illustrative/wage_by_region_illustrative.tsv",
        "wage_nominal",
        "KZ-23",
        "",
        2023,
        594746.0,
        "KZT_per_month",
    ),
]
"""File, indicator, region, activity, year, value, unit."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(Settings.of().sources)


@pytest.fixture(scope="module")
def lists() -> CodeLists:
    return CodeLists.load(Settings.of().seeds)


@pytest.fixture(scope="module")
def interpretations(registry: Registry, lists: CodeLists) -> dict[str, Interpretation]:
    return {name: interpreted(name, registry, lists) for name in make_samples.FILES}


def interpreted(name: str, registry: Registry, lists: CodeLists) -> Interpretation:
    return interpret(
        make_samples.SAMPLES / name,
        file_id=name,
        file_name=name,
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        registry=registry,
        lists=lists,
    )


def found(interpretation: Interpretation) -> dict[Key, dict[str, Any]]:
    rows = interpretation.observations.to_pylist()
    keyed = {
        (
            row["indicator_code"],
            row["region_code"],
            row["activity_code"] or "",
            tuple(sorted(dict(row["breakdown"]).items())),
            row["period_start"].year,
        ): row
        for row in rows
    }
    assert len(keyed) == len(rows), "two cells say the same thing"
    return keyed


def expected(fact_files: tuple[str, ...]) -> dict[Key, float | None]:
    facts: dict[Key, float | None] = {}
    for name in fact_files:
        for row in read(FACTS / name):
            breakdown = dict(part.split("=") for part in row["breakdown"].split(";") if part)
            if (name, int(row["year"])) in NOT_IN_THE_FILE or "change_from" in breakdown:
                continue
            breakdown.pop("from", None)
            key = (
                row["indicator"],
                row["region"] or "KZ",  # the label that the source lost
                row["activity"],
                tuple(sorted(breakdown.items())),
                int(row["year"]),
            )
            facts[key] = number(row["value"])
    return facts


def number(text: str) -> float | None:
    plain = text.replace(NBSP, "").replace("–", "-").replace(",", ".").rstrip("%")
    return float(plain) if plain not in ("", "-") else None


def test_every_sample_is_tested() -> None:
    errors = {name for name in make_samples.FILES if name.startswith("with-errors/")}
    assert set(SAMPLES) | errors == set(make_samples.FILES)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_fact_comes_out_and_nothing_else(
    interpretations: dict[str, Interpretation], name: str
) -> None:
    result = interpretations[name]
    contract_id, fact_files = SAMPLES[name]
    assert result.outcome_code == "accepted", result.problem
    assert result.rejected.to_pylist() == []
    assert result.contract is not None and result.contract.id == contract_id
    rows, facts = found(result), expected(fact_files)
    assert set(facts) <= set(rows)
    for key, row in rows.items():
        value = facts.get(key)
        if value is None:
            assert row["value"] is None and row["reason_code"], key
        else:
            assert row["reason_code"] is None
            assert math.isclose(row["value"], value, rel_tol=1e-12), key


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"{golden[0]} {golden[1:5]}")
def test_golden_values(
    interpretations: dict[str, Interpretation],
    golden: tuple[str, str, str, str, int, float, str],
) -> None:
    name, indicator, region, activity, year, value, unit = golden
    hits = [
        row
        for key, row in found(interpretations[name]).items()
        if (key[0], key[1], key[2], key[4]) == (indicator, region, activity, year)
    ]
    assert [(row["value"], row["unit_code"]) for row in hits] == [(value, unit)]


@pytest.mark.parametrize("name", sorted(make_samples.FILES))
def test_illustrative_is_what_the_name_says(
    interpretations: dict[str, Interpretation], name: str
) -> None:
    flags = set(interpretations[name].observations["is_illustrative"].to_pylist())
    assert flags == {"illustrative" in name}


def test_a_year_without_figures_is_missing_for_a_reason(
    interpretations: dict[str, Interpretation],
) -> None:
    rows = found(interpretations["belstat/wage_by_region.json"])
    row = rows["wage_nominal", "BY", "", (), 2026]
    assert (row["value"], row["reason_code"], row["obs_status"]) == (None, "not_published", "O")
    made = found(interpretations["belarus-illustrative/population_grp_illustrative.xlsx"])
    assert made["grp", "BY", "", (), 2025]["reason_code"] == "not_available"
    assert (
        made["population", "BY-HM", "", (("locality", "RUR"),), 2020]["reason_code"]
        == "none_occurs"
    )


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("kazakhstan-illustrative/sme_by_region_illustrative.csv", "sme_count"),
        ("kazakhstan-illustrative/grp_by_region_illustrative.xls", "grp"),
    ],
)
def test_regions_that_did_not_exist_say_so(
    interpretations: dict[str, Interpretation], name: str, indicator: str
) -> None:
    rows = found(interpretations[name])
    missing = {
        (key[1], key[4]): row["reason_code"] for key, row in rows.items() if row["value"] is None
    }
    assert set(missing.values()) == {"region_not_existing"}
    assert ("KZ-61", 2017) in missing and ("KZ-61", 2018) not in missing
    assert ("KZ-10", 2021) in missing and ("KZ-10", 2022) not in missing
    assert ("KZ-51", 2018) in missing and rows[indicator, "KZ-51", "", (), 2017]["value"] > 0


def test_a_marked_header_carries_its_footnote(interpretations: dict[str, Interpretation]) -> None:
    rows = found(interpretations["belarus-illustrative/sme_by_region_illustrative.xlsx"])
    assert "Предварительные" in rows["sme_count", "BY", "", (), 2025]["footnote"]
    assert rows["sme_count", "BY", "", (), 2024]["footnote"] is None


def test_forecasts_are_told_from_facts(interpretations: dict[str, Interpretation]) -> None:
    rows = found(interpretations["papers/paper-003_figure-1.xlsx"])
    scenarios = {(dict(key[3])["scenario"], key[4]) for key in rows}
    assert scenarios == {("actual", 2020), ("forecast", 2024)}
    total = (("cluster", "_T"), ("scenario", "actual"))
    assert rows["cluster_output", "KZ", "", total, 2020]["unit_code"] == "bln_KZT"


def test_the_misspelt_region_is_refused_alone(interpretations: dict[str, Interpretation]) -> None:
    result = interpretations["with-errors/wage_unknown_region_illustrative.tsv"]
    assert result.outcome_code == "accepted"
    (refused,) = result.rejected.to_pylist()
    assert refused["code"] == Code.NAME_UNKNOWN
    assert make_samples.WRONG_NAME[1] in refused["found"]
    assert refused["suggestion"].startswith("dbt/seeds/region_aliases.csv: ")
    assert refused["suggestion"].rstrip(",").endswith(",KZ,KZ-55")
    regions = {key[1] for key in found(result)}
    assert len(regions) == 20 and "KZ-55" not in regions


def test_the_wrong_total_is_read_so_that_the_check_can_find_it(
    interpretations: dict[str, Interpretation],
) -> None:
    rows = found(interpretations["with-errors/sme_wrong_total_illustrative.xlsx"])
    country = rows["sme_count", "BY", "", (), 2019]
    parts = [row["value"] for key, row in rows.items() if key[1] != "BY" and key[4] == 2019]
    assert len(parts) == 7
    assert country["value"] - sum(parts) == make_samples.WRONG_TOTAL[1]
    assert country["period_end"] == date(2019, 12, 31)


def sums(interpretation: Interpretation) -> dict[str, rules.Finding]:
    """What the declared sums of a contract find, by dimension."""
    assert interpretation.contract is not None
    frame = batch(interpretation.observations)
    return {
        check.parts_of_total: rules.parts_of_total(
            frame,
            seeds=str(Settings.of().seeds),
            dimension=check.parts_of_total,
            total=check.total,
            indicators=list(check.indicators) or None,
            rounded=check.rounded,
        )
        for check in interpretation.contract.checks
        if isinstance(check, PartsOfTotal)
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_declared_sums_apply_and_hold(
    interpretations: dict[str, Interpretation], name: str
) -> None:
    for dimension, finding in sums(interpretations[name]).items():
        assert finding.tested > 0, dimension
        assert finding.unexpected == 0, (dimension, finding.examples)


def test_the_wrong_total_breaks_the_declared_sum(
    interpretations: dict[str, Interpretation],
) -> None:
    finding = sums(interpretations["with-errors/sme_wrong_total_illustrative.xlsx"])["region"]
    assert (finding.tested, finding.unexpected) == (2, 1)
    assert finding.examples[0].startswith("МСП!C4: ")


def test_samples_do_not_depend_on_where_they_lie(
    registry: Registry, lists: CodeLists, interpretations: dict[str, Interpretation], tmp_path: Path
) -> None:
    name = "belarus-illustrative/sme_by_region_illustrative.xlsx"
    moved = tmp_path / "sme_by_region_illustrative.xlsx"
    moved.write_bytes((make_samples.SAMPLES / name).read_bytes())
    again = interpret(
        moved,
        file_id=name,
        file_name=name,
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        registry=registry,
        lists=lists,
    )
    assert again.observations.equals(interpretations[name].observations)
