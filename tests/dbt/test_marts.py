"""Values of the marts against values computed here, from the same staged cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.dbt.conftest import FILE, Builder, Warehouse, dbt_build
from tests.dbt.staging import File, staged
from warehouse.settings import PROJECT

BELARUS = ["BY-BR", "BY-HM", "BY-HO", "BY-HR", "BY-MA", "BY-MI", "BY-VI"]
PEOPLE = dict(zip(BELARUS, [1300.0, 1990.0, 1340.0, 990.0, 980.0, 1460.0, 1090.0], strict=True))
GRP = dict(
    zip(BELARUS, [29640.0, 79400.5, 29000.0, 24100.0, 19500.0, 45200.0, 22900.0], strict=True)
)
PER_CAPITA = dict(zip(BELARUS, [22800.1, 39900, 21600, 24300, 19900, 31000, 21000], strict=True))
ACTIVITIES = ["C", "F", "G", "J"]


def _laender() -> list[str]:
    with (PROJECT / "dbt" / "seeds" / "regions.csv").open(encoding="utf-8") as file:
        return sorted(r["region_code"] for r in csv.DictReader(file) if r["region_type"] == "land")


LAENDER = _laender()
EMPLOYED = np.random.default_rng(7).integers(1_000, 90_000, (len(LAENDER), len(ACTIVITIES)))


def _files() -> list[File]:
    wage = File("wage.json", "wage").says("wage_nominal", "BY", 2023, 1900.0, "BYN_per_month")
    wage.says("wage_nominal", "BY", 2024, 2288.6, "BYN_per_month", currency="BYN")
    wage.says("wage_nominal", "BY", 2026, None, "BYN_per_month", reason="not_published")
    wage.says("wage_nominal", "BY", 2024, 2500.0, "BYN_per_month", month=5)
    old = File("wage_old.csv", "wage_old")
    old.says("wage_nominal", "BY", 2015, 6_715_000.0, "BYR_per_month", currency="BYR")
    old.says("wage_nominal", "BY", 2016, 722.7, "BYN_per_month", currency="BYN")
    old.says("wage_nominal", "BY", 2024, None, "BYN_per_month", reason="not_available")

    first = File("grp_1.csv", "grp", released_on=date(2025, 3, 1))
    last = File("grp_2.csv", "grp", released_on=date(2025, 9, 1))
    late = File("grp_0.csv", "grp", received_at=datetime(2026, 11, 9, tzinfo=UTC))
    late.says("grp", "BY-BR", 2024, 1.0, "mln_BYN", currency="BYN")
    for region in BELARUS:
        first.says("grp", region, 2024, GRP[region] - 100, "mln_BYN", currency="BYN")
        last.says("grp", region, 2024, GRP[region], "mln_BYN", currency="BYN")
    first.says("grp", "BY-BR", 2022, 5.0, "mln_BYN", currency="BYN")
    last.says("grp", "BY-BR", 2022, None, "mln_BYN", currency="BYN", reason="not_published")

    people = File("population.csv", "population")
    for region in BELARUS:
        new_year = date(2024, 1, 1)
        people.says("population", region, 2024, PEOPLE[region], "thousand_persons", on=new_year)
        people.says(
            "population", region, 2024, 7.0, "thousand_persons", on=new_year, breakdown={"sex": "M"}
        )
    people.says("area", "BY-BR", 2024, 32786.8, "sq_km", breakdown={"sex": "_T"})

    per_capita = File("per_capita.json", "per_capita")
    made = File("made.xlsx", "made", is_illustrative=True)
    for region in BELARUS:
        is_made = region == "BY-MA"
        source = made if is_made else per_capita
        source.says("grp_per_capita", region, 2024, PER_CAPITA[region], "BYN_per_person")
        per_capita.says("grp_per_capita", region, 2023, PER_CAPITA[region] - 1000, "BYN_per_person")
    made.says("grp_per_capita", "BY-BR", 2024, 99999.0, "BYN_per_person")
    made.says("wage_nominal", "BY", 2026, 3000.0, "BYN_per_month")

    return [wage, old, last, first, late, people, per_capita, made, *_specialised(), *_edges()]


def _specialised() -> list[File]:
    """Germany prints no totals, Kazakhstan prints all of them, Belarus has a hole."""
    german = File("german.csv", "german")
    for row, region in enumerate(LAENDER):
        for column, code in enumerate(ACTIVITIES):
            value = float(EMPLOYED[row, column])
            german.says("employment", region, 2015, value, "persons", activity=("WZ_2008", code))
    kazakh = File("kazakh.csv", "kazakh")
    for region, code, value in [
        ("KZ", "TOTAL", 8000.0),
        ("KZ", "C", 600.0),
        ("KZ-71", "TOTAL", 500.0),
        ("KZ-71", "C", 75.0),
        ("KZ-75", "TOTAL", 1000.0),
        ("KZ-75", "C", 20.0),
    ]:
        activity = ("OKED_KZ", code)
        kazakh.says("employment", region, 2021, value, "thousand_persons", activity=activity)
    hole = File("hole.csv", "hole")
    for region in BELARUS:
        for code in ("C", "J"):
            is_hidden = (region, code) == ("BY-HO", "J")
            hole.says(
                "establishments",
                region,
                2020,
                None if is_hidden else 10.0,
                "units",
                activity=("OKRB_005_2011", code),
                reason="confidential" if is_hidden else None,
            )
    dash = File("dash.csv", "dash")
    for region in BELARUS:
        for code, value in (("B", 30.0), ("C", 70.0)):
            is_dash = (region, code) == ("BY-HM", "B")
            dash.says(
                "output_shipped",
                region,
                2020,
                None if is_dash else value,
                "mln_BYN",
                activity=("OKRB_005_2011", code),
                reason="none_occurs" if is_dash else None,
            )
    loss = File("loss.csv", "loss")
    for region in BELARUS:
        for code, value in (("B", 30.0), ("C", -70.0 if region == "BY-HM" else 70.0)):
            activity = ("OKRB_005_2011", code)
            loss.says("net_migration", region, 2018, value, "persons", activity=activity)
    return [german, kazakh, hole, dash, loss]


def _edges() -> list[File]:
    breaks = File("breaks.csv", "breaks")
    for region in ("KZ-11", "KZ-35"):
        for year, value in ((2022, 1000.0), (2023, 990.0)):
            breaks.says("population", region, year, value, "persons", on=date(year, 1, 1))
    poisoned = File("poisoned.csv", "poisoned", outcome="quarantined")
    poisoned.says("wage_nominal", "BY", 2024, 1e9, "BYN_per_month")
    flows = File("flows.csv", "flows")
    for number, region in enumerate(BELARUS):
        value = -100.0 if number == 0 else 50.0
        flows.says("net_migration", region, 2019, value, "persons", breakdown={"flow": "_T"})
        flows.says("employment", region, 2019, 7.0, "persons", breakdown={"age": "Y_GE15"})
    return [breaks, poisoned, flows]


@pytest.fixture(scope="module")
def warehouse(build: Builder) -> Iterator[Warehouse]:
    made = build(staged(_files()))
    yield made
    made.close()


def _figure(warehouse: Warehouse, indicator: str, region: str, year: int) -> dict[str, object]:
    return warehouse.row(
        "select * from marts.mart_indicator where indicator_code = $1 and region_code = $2"
        " and year = $3 and activity_code = '_T' and base_indicator_code = indicator_code",
        indicator,
        region,
        year,
    )


def _region(warehouse: Warehouse, region: str, year: int) -> dict[str, object]:
    return warehouse.row(
        "select * from marts.mart_region_year where region_code = $1 and year = $2", region, year
    )


def test_a_printed_figure_comes_out_with_its_cell(warehouse: Warehouse) -> None:
    found = _figure(warehouse, "wage_nominal", "BY", 2024)
    assert (found["value"], found["unit_code"]) == (2288.6, "BYN_per_month")
    cell = warehouse.row(
        "select file_name, cell from marts.fct_observation join marts.dim_source_file"
        " using (file_id) where observation_id = $1",
        found["observation_id"],
    )
    assert cell == {"file_name": "wage.json", "cell": "A2"}


def test_a_missing_figure_is_null_with_its_reason(warehouse: Warehouse) -> None:
    found = _region(warehouse, "BY", 2026)
    assert found["wage_nominal"] is None
    assert found["wage_nominal_reason_code"] == "not_published"
    assert found["wage_nominal_is_illustrative"] is False
    long = _figure(warehouse, "wage_nominal", "BY", 2026)
    assert (long["value"], long["reason_code"], long["coverage"]) == (None, "not_published", 0)
    assert found["grp"] is None and found["grp_reason_code"] == "missing_input"


def test_the_absence_in_one_source_does_not_hide_the_figure_of_another(
    warehouse: Warehouse,
) -> None:
    assert _figure(warehouse, "wage_nominal", "BY", 2024)["reason_code"] is None


def test_old_roubles_become_new_ones(warehouse: Warehouse) -> None:
    before = _figure(warehouse, "wage_nominal", "BY", 2015)
    after = _figure(warehouse, "wage_nominal", "BY", 2016)
    assert (before["value"], before["unit_code"]) == (671.5, "BYN_per_month")
    assert after["change"] == pytest.approx(100 * (722.7 / 671.5 - 1))


def test_the_latest_release_wins_and_withdraws(warehouse: Warehouse) -> None:
    for region in BELARUS:
        assert _figure(warehouse, "grp", region, 2024)["value"] == GRP[region] * 1e6
    withdrawn = _figure(warehouse, "grp", "BY-BR", 2022)
    assert (withdrawn["value"], withdrawn["reason_code"]) == (None, "not_published")
    vintages = warehouse.rows(
        "select count(*) from marts.fct_observation where indicator_code = 'grp'"
        " and region_code = 'BY-BR' and year(period_end) = 2024"
    )
    assert vintages == [(3,)], "fct_observation keeps every vintage"


def test_a_published_figure_is_never_replaced_by_an_illustrative_one(warehouse: Warehouse) -> None:
    found = _region(warehouse, "BY-BR", 2024)
    assert found["grp_per_capita"] == 22800.1
    assert found["grp_per_capita_is_illustrative"] is False


def test_what_mixes_published_and_illustrative_says_so(warehouse: Warehouse) -> None:
    made = _figure(warehouse, "grp_per_capita", "BY-MA", 2024)
    assert made["is_illustrative"] and made["is_change_illustrative"]
    published = _figure(warehouse, "grp_per_capita", "BY-BR", 2024)
    assert not published["is_illustrative"] and not published["is_change_illustrative"]
    assert published["is_rank_illustrative"]
    assert _region(warehouse, "BY-BR", 2024)["grp_per_capita_is_comparison_illustrative"]
    flags = warehouse.rows(
        "select year, is_illustrative from marts.mart_disparity_year"
        " where indicator_code = 'grp_per_capita' order by year"
    )
    assert flags == [(2023, False), (2024, True)]


def test_ranks_and_changes(warehouse: Warehouse) -> None:
    order = sorted(BELARUS, key=lambda region: -PER_CAPITA[region])
    for place, region in enumerate(order, start=1):
        found = _figure(warehouse, "grp_per_capita", region, 2024)
        expected = 100 * (PER_CAPITA[region] / (PER_CAPITA[region] - 1000) - 1)
        assert (found["rank"], found["ranked_count"]) == (place, 7)
        assert found["change"] == pytest.approx(expected)
        assert found["change_unit_code"] == "per_cent"
    first = _figure(warehouse, "grp_per_capita", "BY-BR", 2023)
    assert (first["change"], first["change_reason_code"]) == (None, "missing_input")
    assert _figure(warehouse, "grp_per_capita", "BY-BR", 2024)["is_latest"]
    assert not first["is_latest"]


def test_no_change_across_a_boundary(warehouse: Warehouse) -> None:
    steady = _figure(warehouse, "population", "KZ-11", 2023)
    split = _figure(warehouse, "population", "KZ-35", 2023)
    assert steady["change"] == pytest.approx(-1)
    assert (split["change"], split["change_reason_code"]) == (None, "boundary_break")


def test_figures_per_head(warehouse: Warehouse) -> None:
    found = _region(warehouse, "BY-HM", 2024)
    assert found["population"] == PEOPLE["BY-HM"] * 1000
    assert found["population_method_version"] == "on=01-01"
    assert found["grp_per_head"] == pytest.approx(GRP["BY-HM"] * 1e3 / PEOPLE["BY-HM"])
    assert found["population_density_reason_code"] == "missing_input"
    brest = _region(warehouse, "BY-BR", 2024)
    assert brest["population_density"] == pytest.approx(PEOPLE["BY-BR"] * 1000 / 32786.8)


def test_breakdowns_stay_out_and_wholes_of_their_own_kind_say_so(warehouse: Warehouse) -> None:
    counts = warehouse.rows(
        "select count(*), min(value) from marts.mart_indicator where indicator_code = 'population'"
        " and region_code = 'BY-BR' and year = 2024"
    )
    assert counts == [(1, PEOPLE["BY-BR"] * 1000)]
    assert _figure(warehouse, "employment", "BY-BR", 2019)["method_version"] == "age=Y_GE15"


def test_a_quarantined_file_reaches_no_mart(warehouse: Warehouse) -> None:
    assert warehouse.rows("select max(value) from marts.fct_observation where value >= 1e9") == [
        (None,)
    ]
    outcome = warehouse.row("select * from ops.ops_file_outcome where file_name = 'poisoned.csv'")
    assert outcome["outcome_code"] == "quarantined"


def test_specialisation_against_sums(warehouse: Warehouse) -> None:
    region_total, activity_total = EMPLOYED.sum(axis=1), EMPLOYED.sum(axis=0)
    expected = (EMPLOYED / region_total[:, None]) / (activity_total / EMPLOYED.sum())
    for row, region in enumerate(LAENDER):
        for column, code in enumerate(ACTIVITIES):
            found = warehouse.row(
                "select * from marts.mart_region_activity_year where region_code = $1"
                " and activity_code = $2",
                region,
                code,
            )
            value = EMPLOYED[row, column]
            assert found["location_quotient"] == pytest.approx(expected[row, column])
            assert found["size_pct"] == pytest.approx(100 * value / activity_total[column])
            assert found["focus_pct"] == pytest.approx(100 * value / region_total[row])
            assert found["reference_total"] == EMPLOYED.sum()
            assert found["region_total_kind"] == "sum_of_activities"
            assert found["reference_kind"] == "sum_of_regions"
    shares = EMPLOYED / region_total[:, None]
    herfindahl = warehouse.rows(
        "select value from marts.mart_indicator where indicator_code = 'SPZ_HHI'"
        " and country_code = 'DE' order by region_code"
    )
    assert [value for (value,) in herfindahl] == pytest.approx((shares**2).sum(axis=1))


def test_specialisation_against_printed_totals(warehouse: Warehouse) -> None:
    found = warehouse.row(
        "select * from marts.mart_region_activity_year where region_code = 'KZ-71'"
    )
    assert found["location_quotient"] == pytest.approx((75 / 500) / (600 / 8000))
    assert (found["region_total_kind"], found["reference_kind"]) == (
        "printed_total",
        "printed_national",
    )
    long = warehouse.row(
        "select value, base_indicator_code, unit_code from marts.mart_indicator"
        " where indicator_code = 'SPC_LQ' and region_code = 'KZ-71' and value is not null"
    )
    assert long == {
        "value": found["location_quotient"],
        "base_indicator_code": "employment",
        "unit_code": "ratio",
    }


def test_a_hidden_cell_makes_no_total(warehouse: Warehouse) -> None:
    hidden = warehouse.row(
        "select * from marts.mart_region_activity_year where region_code = 'BY-HO'"
        " and activity_code = 'J'"
    )
    assert hidden["location_quotient_reason_code"] == "confidential"
    neighbour = warehouse.row(
        "select * from marts.mart_region_activity_year where region_code = 'BY-HR'"
        " and activity_code = 'J'"
    )
    assert neighbour["location_quotient"] is None and neighbour["activity_total"] is None
    assert neighbour["location_quotient_reason_code"] == "incomplete_coverage"
    assert neighbour["reference_coverage"] == pytest.approx(6 / 7)
    assert neighbour["focus_pct"] == pytest.approx(50)


def test_what_does_not_occur_is_missing_but_leaves_the_sums_whole(warehouse: Warehouse) -> None:
    query = (
        "select * from marts.mart_region_activity_year where region_code = 'BY-HM'"
        " and base_indicator_code = 'output_shipped' and activity_code = $1"
    )
    dash, other = warehouse.row(query, "B"), warehouse.row(query, "C")
    assert (dash["value"], dash["location_quotient"]) == (None, None)
    assert dash["location_quotient_reason_code"] == "none_occurs"
    assert other["location_quotient"] == pytest.approx(1 / (490 / 670))
    herfindahl = warehouse.rows(
        "select value from marts.mart_indicator where indicator_code = 'SPZ_HHI'"
        " and base_indicator_code = 'output_shipped' and region_code in ('BY-HM', 'BY-MI')"
        " order by region_code"
    )
    assert herfindahl == [(1.0,), (pytest.approx(0.3**2 + 0.7**2),)]


def test_disparity_of_printed_values_per_head(warehouse: Warehouse) -> None:
    found = warehouse.row(
        "select * from marts.mart_disparity_year where indicator_code = 'grp_per_capita'"
        " and year = 2024"
    )
    y = np.array([PER_CAPITA[region] for region in BELARUS])
    p = np.array([PEOPLE[region] for region in BELARUS])
    p = p / p.sum()
    mean, gaps = float((p * y).sum()), np.abs(y[:, None] - y[None, :])
    assert (found["expected_count"], found["region_count"], found["coverage"]) == (7, 7, 1)
    assert found["cv_population"] == pytest.approx(y.std() / y.mean())
    assert found["cv_sample"] == pytest.approx(y.std(ddof=1) / y.mean())
    assert found["gini"] == pytest.approx(gaps.sum() / (2 * 49 * y.mean()))
    assert found["theil_t"] == pytest.approx(np.mean(y / y.mean() * np.log(y / y.mean())))
    assert found["theil_l"] == pytest.approx(np.mean(np.log(y.mean() / y)))
    assert found["hoover"] == pytest.approx(np.abs(y / y.sum() - 1 / 7).sum() / 2)
    assert found["max_min_ratio"] == pytest.approx(y.max() / y.min())
    assert found["national_mean"] == pytest.approx(mean)
    assert found["williamson"] == pytest.approx(np.sqrt((p * (y - mean) ** 2).sum()) / mean)
    assert found["theil_t_weighted"] == pytest.approx((p * y / mean * np.log(y / mean)).sum())
    assert found["theil_l_weighted"] == pytest.approx((p * np.log(mean / y)).sum())
    assert found["gini_weighted"] == pytest.approx(
        (p[:, None] * p[None, :] * gaps).sum() / (2 * mean)
    )
    assert found["hoover_weighted"] == pytest.approx(np.abs(p * y / mean - p).sum() / 2)


def test_disparity_of_totals_is_weighted_per_head_only(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select quantity_kind, herfindahl, williamson, weighted_reason_code"
        " from marts.mart_disparity_year where indicator_code = 'grp' and year = 2024 order by 1"
    )
    total = np.array([GRP[region] for region in BELARUS])
    people = np.array([PEOPLE[region] for region in BELARUS])
    y, p = total / people, people / people.sum()
    mean = total.sum() / people.sum()
    printed, per_head = rows
    assert printed[1] == pytest.approx(((total / total.sum()) ** 2).sum())
    assert printed[2:] == (None, "not_applicable")
    assert per_head[2] == pytest.approx(np.sqrt((p * (y - mean) ** 2).sum()) / mean)


def test_disparity_is_refused_where_it_would_mislead(warehouse: Warehouse) -> None:
    negative = warehouse.row(
        "select * from marts.mart_disparity_year where indicator_code = 'net_migration'"
        " and quantity_kind = 'as_printed'"
    )
    assert (negative["gini"], negative["reason_code"]) == (None, "negative_input")
    partial = warehouse.row(
        "select * from marts.mart_disparity_year where indicator_code = 'population'"
        " and country_code = 'KZ' and year = 2022"
    )
    assert (partial["gini"], partial["reason_code"]) == (None, "incomplete_coverage")
    assert partial["region_count"] == 2
    missing = partial["missing_regions"].split(", ")
    assert "KZ-71" in missing and "KZ-11" not in missing
    assert "KZ-10" not in missing, "formed later in 2022"


def test_disparities_stand_in_the_long_mart_too(warehouse: Warehouse) -> None:
    gini = warehouse.row(
        "select value, region_code, region_count, is_illustrative from marts.mart_indicator"
        " where indicator_code = 'DSP_GINI' and base_indicator_code = 'grp_per_capita'"
        " and year = 2024 and method_version = 'peers=national-1;of=as_printed;weights=equal'"
    )
    wide = warehouse.row(
        "select gini from marts.mart_disparity_year where indicator_code = 'grp_per_capita'"
        " and year = 2024"
    )
    assert gini == {
        "value": wide["gini"],
        "region_code": "BY",
        "region_count": 7,
        "is_illustrative": True,
    }


def test_the_build_counts_itself(warehouse: Warehouse) -> None:
    build = warehouse.row("select * from ops.ops_build")
    assert (build["build_id"], build["code_version"]) == ("test", "0")
    for table in ("fct_observation", "mart_indicator", "mart_disparity_year"):
        counted = warehouse.rows(f"select count(*) from marts.{table}")  # noqa: S608
        assert counted == [(build[f"{table}_count"],)] and counted[0][0] > 0


def test_schemas_are_named_exactly(warehouse: Warehouse) -> None:
    schemas = warehouse.rows(
        "select distinct table_schema from information_schema.tables order by 1"
    )
    assert [name for (name,) in schemas] == [
        *("intermediate", "marts", "ops", "seeds"),
        *("staged", "staging"),  # dropped when the build is finished
    ]


def test_unit_tests_of_the_models_pass_and_the_empty_build_succeeds(tmp_path: Path) -> None:
    assert not dbt_build(tmp_path, {}, with_unit_tests=True)
    warehouse = Warehouse(tmp_path / FILE)
    counts = warehouse.rows("select fct_observation_count, dim_region_count > 0 from ops.ops_build")
    assert counts == [(0, True)]
    warehouse.close()


def test_no_total_stands_on_a_negative_cell(warehouse: Warehouse) -> None:
    """Its neighbours in the region and in the activity have no quotient either."""
    found = warehouse.rows(
        "select region_code, activity_code, value, reason_code from marts.mart_indicator"
        " where indicator_code = 'SPC_LQ' and base_indicator_code = 'net_migration'"
        " and year = 2018 and region_code in ('BY-BR', 'BY-HM') order by all"
    )
    assert found == [
        ("BY-BR", "B", None, "incomplete_coverage"),
        ("BY-BR", "C", None, "incomplete_coverage"),
        ("BY-HM", "B", None, "incomplete_coverage"),
        ("BY-HM", "C", None, "negative_input"),
    ]


def test_poisoned_facts_stop_the_build(tmp_path: Path) -> None:
    """Every test on the facts trips on the row that it is there for."""
    good = File("good.csv", "good").says("wage_nominal", "BY", 2024, 2288.6, "BYN_per_month")
    facts = staged([good, File("bad.csv", "bad")])
    sound = facts["observation"][0]

    def poisoned(number: int, **changes: object) -> dict[str, object]:
        return {**sound, "observation_id": f"poison {number}", "cell": f"P{number}", **changes}

    facts["observation"] += [
        poisoned(1, region_code="BY-XX"),
        poisoned(2, indicator_code="wage_imagined"),
        poisoned(3, unit_code="BYN_per_fortnight"),
        poisoned(4, reason_code="not_published"),
        poisoned(5, value=None, obs_status="O", reason_code="because"),
        poisoned(6, value=None, obs_status="O"),
        poisoned(7, multiplier=1000.0),
        poisoned(8, activity_classifier="OKED_KZ", activity_code="ZZ"),
        poisoned(9, period_kind="fortnight"),
        dict(sound),
    ]
    wrong = dbt_build(tmp_path, facts)
    failed = {name.split("__")[0] for name, said in wrong.items() if said.startswith("fail")}
    assert failed >= {
        "fct_observation_has_one_row_per_key",
        "every_observation_has_value_or_reason",
        "every_observation_has_a_known_activity",
        "units_convert_as_the_code_list_says",
        "relationships_fct_observation_region_code",
        "relationships_fct_observation_indicator_code",
        "relationships_fct_observation_unit_code",
        "relationships_fct_observation_reason_code",
        "accepted_values_fct_observation_period_kind",
    }
    assert "mart_indicator" in wrong, "nothing is built on poisoned facts"
