"""Networks, support, benchmark categories, overlap with the statistics, and the search."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

import networkx as nx
import numpy as np
import pytest

from tests.dbt.conftest import Builder, Warehouse
from tests.dbt.network_rows import Report, staged_reports, together
from tests.dbt.staging import File, staged
from warehouse.settings import PROJECT

TYPES = ("contract", "material", "training")
BELARUS = ["BY-BR", "BY-HM", "BY-HO", "BY-HR", "BY-MA", "BY-MI", "BY-VI"]
JOBS = {
    region: {"C": 100.0 + 10 * place, "J": 50.0 - 5 * place} for place, region in enumerate(BELARUS)
}


def _florentine() -> tuple[Report, dict[str, str]]:
    graph = nx.florentine_families_graph()
    ids = {name: f"BY:{number:09d}" for number, name in enumerate(sorted(graph), 100)}
    report = Report(cluster="BY-C50")
    for name, key in ids.items():
        report.member(key[3:], name=name)
    report.links([(ids[one], ids[other]) for one, other in graph.edges], "joint_project")
    return report, ids


def _random(number: int) -> tuple[Report, dict[str, nx.Graph]]:
    """A cluster with links of three types, some twice, some backwards, some to itself."""
    random = np.random.default_rng(number)
    size = int(random.integers(3, 12))
    report = Report(cluster=f"BY-C{60 + number}")
    keys = [f"BY:{number:03d}{member:06d}" for member in range(size)]
    for key in keys:
        report.member(key[3:])
    graphs = {name: nx.Graph() for name in (*TYPES, "_T")}
    for graph in graphs.values():
        graph.add_nodes_from(keys)
    for link_type in TYPES:
        for one, other in random.integers(0, size, (int(random.integers(0, 2 * size)), 2)):
            pair = (keys[one], keys[other])
            days = {
                row["valid_from"]
                for row in report.rows["link"]
                if (row["from_id"], row["to_id"], row["link_type"]) == (*pair, link_type)
            }
            report.links([pair], link_type, since=date(2021, 1, 1 + len(days)))
            if one != other:
                graphs[link_type].add_edge(*pair)
                graphs["_T"].add_edge(*pair)
    report.links([(keys[0], "BY:999999999")], "control")  # the sheet is filled in
    return report, graphs


FLORENCE, FAMILIES = _florentine()
RANDOM = {number: _random(number) for number in range(8)}


def _odd() -> list[Report]:
    """Few members, members that left, links that ended, sheets that were left empty."""
    lonely = Report(cluster="BY-C01").member("1", sales=100.0, sales_to_members=10.0)
    lonely.links([("BY:1", "BY:9")])
    pair = Report(cluster="BY-C02").member("1").member("2")
    pair.links([("BY:1", "BY:2"), ("BY:2", "BY:1")]).links([("BY:1", "BY:2")], "material")
    pair.links([("BY-C02", "BY-C03"), ("BY-C04", "BY-C02")], "joint_project", level="cluster")
    silent = Report(cluster="BY-C03").member("1").member("2")
    empty = Report(cluster="BY-C04").member("1", left=date(2024, 6, 30)).links([("BY:1", "BY:2")])
    empty.links([("BY-C04", "BY-C02")], "joint_project", level="cluster")
    ended = Report(cluster="BY-C05").member("1").member("2").member("3", left=date(2024, 12, 30))
    ended.links([("BY:1", "BY:2")], until=date(2023, 12, 31))
    ended.links([("BY:1", "BY:3")]).links([("BY:2", "BY:1")], since=date(2025, 1, 1))
    ended.links([("BY:1", "BY:2")], "training", until=date(2024, 1, 1))
    before = Report(cluster="BY-C06", year=2023).member("1").member("2")
    before.links([("BY:1", "BY:2")]).links([("BY:2", "BY:1")])
    after = Report(cluster="BY-C06", year=2024).member("1").member("2").links([("BY:2", "BY:1")])
    made = Report(cluster="BY-C06", is_illustrative=True).member("1").member("2").member("3")
    made.links([("BY:1", "BY:3")])
    return [lonely, pair, silent, empty, ended, before, after, made]


def _sales() -> list[Report]:
    known = Report(cluster="BY-C11").member("1", sales=100.0, sales_to_members=30.0)
    known.member("2", sales=50.0, sales_to_members=0.0).member("3", employees=5.0)
    gap = Report(cluster="BY-C12").member("1", sales=100.0, sales_to_members=30.0)
    gap.member("2", sales=50.0)
    dash = Report(cluster="BY-C13").member("1", sales=100.0, sales_to_members=30.0)
    dash.member("2", sales=100.0).figure(
        "member_value", "sales_to_members", None, "thousand_BYN", reason="none_occurs",
        organisation_id="BY:2",
    )  # fmt: skip
    none = Report(cluster="BY-C14").member("1", sales=0.0, sales_to_members=0.0)
    return [known, gap, dash, none]


def _support() -> list[Report]:
    full = Report(cluster="BY-C21").member("1", employees=30.0).member("2", employees=20.0)
    roubles = {"currency_code": "BYN", "support_year": 2024}
    for programme, committed, private in (("A", 200.0, 50.0), ("B", 100.0, None)):
        full.says("support", instrument_code="rd_grants", programme=programme,
                  committed_amount=committed, paid_amount=100.0, private_amount=private,
                  **roubles)  # fmt: skip
    full.says("support", instrument_code="seminars", committed_amount=0.0, paid_amount=0.0,
              private_amount=0.0, **roubles)  # fmt: skip
    full.says("support", instrument_code="loans", recipient_id="BY:1", paid_amount=7.0,
              private_amount=21.0, committed_amount=7.0, currency_code="USD",
              support_year=2024)  # fmt: skip
    part = Report(cluster="BY-C22").member("1", employees=30.0).member("2")
    part.says("support", instrument_code="loans", paid_amount=8.0, committed_amount=8.0,
              private_amount=4.0, **roubles)  # fmt: skip
    return [full, part]


def _categories() -> Report:
    report = Report(cluster=None, year=None, form="benchmark_clusters", name="clusters.json")
    for classifier, code in (("NAICS_2007", "325110"), ("NAICS_2012", "325110"),
                             ("NAICS_2007", "325120")):  # fmt: skip
        report.says(
            "category_activity", category_code="chemical_products",
            category_name="Chemical Products", subcategory_name=f"Part {code[3:]}",
            sector_code="Traded" if code == "325120" else None,
            activity_classifier=classifier, activity_code=code,
            activity_name="Chemicals",
        )  # fmt: skip
    return report


def _overlap() -> list[Report]:
    """Two members in Brest (one in its raion), one of unknown activity, one that is silent."""
    report = Report(cluster="BY-C31")
    report.member("311", region="BY-BR", employees=11.0)
    report.member("312", region=_raion(), employees=9.0)
    report.member("313", region="BY-BR", activity="J", employees=5.0)
    report.member("314", region="BY-BR", activity=None, employees=1000.0)
    report.member("315", region="BY-MI", employees=8.0).member("316", region="BY-MI")
    report.member("317", region="BY-VI", activity="F", employees=8.0)
    return [report]


def _raion() -> str:
    with (PROJECT / "dbt" / "seeds" / "regions.csv").open(encoding="utf-8") as file:
        return next(r["region_code"] for r in csv.DictReader(file) if r["parent_code"] == "BY-BR")


def _statistics() -> list[File]:
    jobs = File("jobs.csv", "jobs")
    for region, of_region in JOBS.items():
        for code, value in of_region.items():
            jobs.says("employment", region, 2024, value, "thousand_persons",
                      activity=("OKRB_005_2011", code))  # fmt: skip
    return [jobs]


@pytest.fixture(scope="module")
def warehouse(build: Builder) -> Iterator[Warehouse]:
    reports = [
        FLORENCE, *(report for report, _ in RANDOM.values()), *_odd(), *_sales(), *_support(),
        _categories(), *_overlap(),
    ]  # fmt: skip
    made = build(
        together(staged_reports(reports), staged(_statistics())),
        select="+mart_cluster_network_year +mart_cluster_network_type_year "
        "+mart_cluster_overlap_year +mart_member_network_year +mart_support +dim_cluster_category "
        "+dim_category_activity",
    )
    yield made
    made.close()


def network(warehouse: Warehouse, cluster: str, year: int = 2024, **made: bool) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_cluster_network_year where cluster_id = $1 and year = $2"
        " and is_illustrative = $3",
        cluster, year, made.get("is_illustrative", False),
    )  # fmt: skip


def test_d50_florentine_families(warehouse: Warehouse) -> None:
    found = network(warehouse, "BY-C50")
    assert (found["member_count"], found["link_count"]) == (15, 20)
    assert found["density"] == pytest.approx(0.1904762, abs=1e-6)
    assert found["degree_centralisation"] == pytest.approx(0.274725, abs=1e-6)
    assert found["degree_centralisation"] == pytest.approx(50 / 182)
    medici = warehouse.row(
        "select * from marts.mart_member_network_year where organisation_id = $1"
        " and cluster_id = 'BY-C50' and year = 2024",
        FAMILIES["Medici"],
    )
    assert medici["normalised_degree"] == pytest.approx(0.4285714, abs=1e-6)
    assert medici["degree"] == 6


@pytest.mark.parametrize("number", RANDOM)
def test_networks_equal_those_of_networkx(warehouse: Warehouse, number: int) -> None:
    for link_type, graph in RANDOM[number][1].items():
        found = warehouse.row(
            "select * from marts.mart_cluster_network_type_year"
            " where cluster_id = $1 and year = 2024 and link_type = $2",
            f"BY-C{60 + number}", link_type,
        )  # fmt: skip
        size, degrees = len(graph), [degree for _, degree in graph.degree]
        spread = sum(max(degrees) - degree for degree in degrees)
        assert (found["member_count"], found["link_count"]) == (size, graph.number_of_edges())
        assert found["density"] == pytest.approx(nx.density(graph))
        assert found["mean_degree"] == pytest.approx(sum(degrees) / size)
        assert found["degree_centralisation"] == pytest.approx(spread / ((size - 1) * (size - 2)))
    members = warehouse.rows(
        "select organisation_id, normalised_degree from marts.mart_member_network_year"
        " where cluster_id = $1 and year = 2024",
        f"BY-C{60 + number}",
    )
    assert dict(members) == pytest.approx(nx.degree_centrality(RANDOM[number][1]["_T"]))


@pytest.mark.parametrize("number", RANDOM)
def test_contracts_are_counted_one_by_one(warehouse: Warehouse, number: int) -> None:
    report = RANDOM[number][0]
    contracts = [
        {row["from_id"], row["to_id"]}
        for row in report.rows["link"]
        if row["link_type"] == "contract" and row["from_id"] != row["to_id"]
    ]
    found = network(warehouse, f"BY-C{60 + number}")
    assert found["contract_count"] == len(contracts)
    assert found["contracts_per_member"] == pytest.approx(len(contracts) / found["member_count"])
    assert found["members_with_contract_count"] == len(set().union(*contracts))


@pytest.mark.parametrize(
    ("cluster", "measure", "value", "reason"),
    [
        ("BY-C01", "density", None, "zero_denominator"),
        ("BY-C01", "mean_degree", 0.0, None),
        ("BY-C02", "density", 1.0, None),
        ("BY-C02", "degree_centralisation", None, "zero_denominator"),
        ("BY-C02", "contracts_per_member", 1.0, None),
        ("BY-C03", "density", None, "missing_input"),
        ("BY-C03", "mean_degree", None, "missing_input"),
        ("BY-C03", "contracts_per_member", None, "missing_input"),
        ("BY-C04", "mean_degree", None, "zero_denominator"),
        ("BY-C04", "contracts_per_member", None, "zero_denominator"),
    ],
)
def test_small_and_silent_networks(
    warehouse: Warehouse, cluster: str, measure: str, value: float | None, reason: str | None
) -> None:
    found = network(warehouse, cluster)
    assert (found[measure], found[f"{measure}_reason_code"]) == (value, reason)


def test_links_and_members_of_other_times_do_not_count(warehouse: Warehouse) -> None:
    found = network(warehouse, "BY-C05")
    assert (found["member_count"], found["link_count"]) == (2, 1), "the training of one day"
    assert found["contract_count"] == 0


def test_a_link_that_is_not_repeated_ends_with_the_last_report_that_names_it(
    warehouse: Warehouse,
) -> None:
    assert network(warehouse, "BY-C06", 2023)["contract_count"] == 2
    assert network(warehouse, "BY-C06", 2024)["contract_count"] == 1
    ends = warehouse.rows(
        "select from_id, valid_to, end_kind from marts.fct_link"
        " where cluster_id = 'BY-C06' and not is_illustrative order by from_id"
    )
    assert ends == [("BY:1", date(2023, 12, 31), "not_repeated"), ("BY:2", None, None)]


def test_illustrative_networks_stay_apart(warehouse: Warehouse) -> None:
    made = network(warehouse, "BY-C06", is_illustrative=True)
    assert (made["member_count"], made["link_count"]) == (3, 1)


def test_a_year_that_was_not_reported_on_has_no_network(warehouse: Warehouse) -> None:
    found = network(warehouse, "BY-C50", 2023)
    assert found["member_count"] == 15, "joined in 2020"
    assert (found["link_count"], found["link_reason_code"]) == (None, "missing_input")


def test_links_between_clusters_count_for_both_and_once(warehouse: Warehouse) -> None:
    counts = {
        cluster: (found["inter_cluster_link_count"], found["linked_cluster_count"])
        for cluster in ("BY-C01", "BY-C02", "BY-C03", "BY-C04")
        for found in [network(warehouse, cluster)]
    }
    assert counts == {
        "BY-C01": (0, 0), "BY-C02": (2, 2), "BY-C03": (1, 1), "BY-C04": (1, 1)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cluster", "share", "reason"),
    [
        ("BY-C11", 20.0, None),
        ("BY-C12", None, "incomplete_coverage"),
        ("BY-C13", 15.0, None),
        ("BY-C14", None, "zero_denominator"),
        ("BY-C02", None, "missing_input"),
    ],
)
def test_sales_among_members(
    warehouse: Warehouse, cluster: str, share: float | None, reason: str | None
) -> None:
    found = network(warehouse, cluster)
    assert (found["intra_sales_pct"], found["intra_sales_reason_code"]) == (share, reason)


def test_sales_of_one_member(warehouse: Warehouse) -> None:
    found = warehouse.rows(
        "select organisation_id, intra_sales_pct, intra_sales_reason_code"
        " from marts.mart_member_network_year where cluster_id = 'BY-C12' and year = 2024"
        " order by organisation_id"
    )
    assert found == [("BY:1", 30.0, None), ("BY:2", None, "missing_input")]


def support(warehouse: Warehouse, cluster: str, instrument: str, currency: str) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_support where cluster_id = $1 and instrument_code = $2"
        " and currency_code = $3",
        cluster, instrument, currency,
    )  # fmt: skip


def test_support_per_instrument_member_and_job(warehouse: Warehouse) -> None:
    found = support(warehouse, "BY-C21", "rd_grants", "BYN")
    assert (found["support_count"], found["measure_code"]) == (2, "economic_stimulation")
    assert (found["committed_amount"], found["paid_amount"]) == (300_000, 200_000)
    assert (found["paid_per_member"], found["paid_per_job"]) == (100_000, 4_000)
    assert (found["private_amount"], found["leverage"]) == (None, None)
    assert found["private_amount_reason_code"] == "incomplete_coverage"
    assert found["leverage_reason_code"] == "incomplete_coverage"


def test_currencies_of_support_are_never_mixed(warehouse: Warehouse) -> None:
    dollars = support(warehouse, "BY-C21", "_T", "USD")
    assert (dollars["paid_amount"], dollars["leverage"]) == (7_000, 3.0)
    roubles = support(warehouse, "BY-C21", "_T", "BYN")
    assert (roubles["support_count"], roubles["paid_amount"]) == (3, 200_000)


@pytest.mark.parametrize(
    ("place", "measure", "said"),
    [
        (("BY-C21", "seminars"), "leverage", (None, "zero_denominator")),
        (("BY-C21", "seminars"), "paid_per_job", (0.0, None)),
        (("BY-C22", "loans"), "paid_per_member", (4_000.0, None)),
        (("BY-C22", "loans"), "paid_per_job", (None, "incomplete_coverage")),
        (("BY-C22", "loans"), "leverage", (0.5, None)),
    ],
)
def test_support_without_a_denominator_has_a_reason(
    warehouse: Warehouse, place: tuple[str, str], measure: str, said: tuple[Any, Any]
) -> None:
    found = support(warehouse, *place, "BYN")
    assert (found[measure], found[f"{measure}_reason_code"]) == said


def test_support_instruments_of_both_papers_are_mapped(warehouse: Warehouse) -> None:
    """Paper 002 has nine measures, paper 004 eleven instruments; one of these stands alone."""
    mapping = dict(
        warehouse.rows("select instrument_code, measure_code from marts.dim_support_instrument")
    )
    measures = {
        "seminars", "technology_platforms", "cluster_infrastructure", "internet_portals",
        "subject_database", "business_platforms", "business_school", "social_network",
        "economic_stimulation",
    }  # fmt: skip
    instruments = {
        "direct_finance", "tax_breaks", "ip_protection", "loans", "rd_grants", "risk_funds",
        "inventor_duties", "risk_reimbursement", "foreign_specialists", "public_events",
        "information_transfer",
    }  # fmt: skip
    assert (len(measures), len(instruments)) == (9, 11)
    assert set(mapping) == measures | instruments
    assert {code for code, measure in mapping.items() if code == measure} == measures | {
        "ip_protection"
    }
    assert {mapping[code] for code in instruments - {"ip_protection"}} <= measures


def test_benchmark_categories(warehouse: Warehouse) -> None:
    found = warehouse.row("select * from marts.dim_cluster_category")
    assert (found["category_name"], found["sector_code"]) == ("Chemical Products", "Traded")
    assert (found["activity_count"], found["classifier_count"]) == (3, 2)
    assert found["subcategory_count"] == 2
    parts = warehouse.rows(
        "select activity_code, cell from marts.dim_category_activity"
        " where activity_classifier = 'NAICS_2007' order by 1"
    )
    assert [code for code, _ in parts] == ["325110", "325120"]
    assert all(cell for _, cell in parts)


def overlap(warehouse: Warehouse, region: str, activity: str) -> dict[str, Any]:
    return warehouse.row(
        "select * from marts.mart_cluster_overlap_year where cluster_id = 'BY-C31'"
        " and year = 2024 and region_code = $1 and activity_code = $2",
        region, activity,
    )  # fmt: skip


def test_members_share_of_the_statistical_cluster(warehouse: Warehouse) -> None:
    found = overlap(warehouse, "BY-BR", "C")
    total = {code: sum(jobs[code] for jobs in JOBS.values()) for code in ("C", "J")}
    own = JOBS["BY-BR"]
    assert (found["member_count"], found["member_employees"]) == (2, 20.0)
    assert found["regional_employment"] == own["C"] * 1000
    assert found["overlap_pct"] == pytest.approx(100 * 20 / (own["C"] * 1000))
    assert found["location_quotient"] == pytest.approx(
        own["C"] / sum(own.values()) / (total["C"] / sum(total.values()))
    )
    assert overlap(warehouse, "BY-BR", "J")["member_employees"] == 5.0


def test_an_overlap_without_one_of_its_sides_has_a_reason(warehouse: Warehouse) -> None:
    silent = overlap(warehouse, "BY-MI", "C")
    assert (silent["member_employees"], silent["overlap_pct"]) == (None, None)
    assert silent["overlap_reason_code"] == "incomplete_coverage"
    assert silent["regional_employment"] == JOBS["BY-MI"]["C"] * 1000
    for region, activity in ((_raion(), "C"), ("BY-VI", "F")):
        found = overlap(warehouse, region, activity)
        assert (found["overlap_pct"], found["overlap_reason_code"]) == (None, "missing_input")
        assert found["regional_employment_reason_code"] == "missing_input"
        assert found["location_quotient_reason_code"] == "missing_input"
