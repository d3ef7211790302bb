"""Every expectation of every suite, and every check of a contract, has something that trips it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tests.street import NOW, OBLASTS, contract, observation, outcome, rejected, table, year
from warehouse.schema import FILE_OUTCOME, OBSERVATION, REJECTED_CELL
from warehouse.settings import PROJECT, Settings
from warehouse.validate import (
    CheckedFile,
    Validator,
    contract_expectations,
    critical_failures,
    results_table,
    suites_fingerprint,
)
from warehouse.validate.runner import KNOWN

SUITES = {"observation": OBSERVATION, "rejected_cell": REJECTED_CELL, "file_outcome": FILE_OUTCOME}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    made = Validator(settings)
    yield made
    made.build_docs()
    site = settings.validation / "uncommitted" / "data_docs" / "local_site"
    pages = list((site / "validations").rglob("*.html"))
    assert pages, "no Data Docs"


def file(**changes: Any) -> CheckedFile:
    return CheckedFile("f" * 64, "a.tiny", NOW, **changes)


def sound(name: str) -> Rows:
    if name == "rejected_cell":
        return [rejected(1), rejected(2)]
    if name == "file_outcome":
        return [
            outcome(),
            outcome(file_name="b.tiny", outcome_code="unchanged", same_as_file_id="f" * 64),
        ]
    return [
        observation(1, value=10.0),
        observation(2, region_code="BY-BR", value=None, reason_code="not_published"),
        observation(3, breakdown=[("sex", "F")]),
        observation(4, activity_code="C", activity_classifier="OKRB_005_2011",
                    indicator_code="employment"),
        observation(5, indicator_code="grp", unit_code="mln_BYN", currency_code="BYN"),
    ]  # fmt: skip


def check(
    validator: Validator, name: str, rows: pa.Table, known: pd.DataFrame | None = None
) -> dict[str, dict[str, Any]]:
    if name == "observation":
        results = validator.check_observations([file()], [rows], known)
    else:
        results = validator.check_table(name, [file()], [rows])
    return {row["check_name"]: row for row in results}


@pytest.mark.parametrize("name", SUITES)
def test_sound_rows_pass(validator: Validator, name: str) -> None:
    results = check(validator, name, table(sound(name), SUITES[name]))
    assert {key: row["examples"] for key, row in results.items() if not row["is_success"]} == {}


def change(place: int, **changes: Any) -> Callable[[Rows], Rows]:
    """Poison: another value in one row."""

    def poison(rows: Rows) -> Rows:
        return [row | changes if number == place else row for number, row in enumerate(rows)]

    return poison


def add(**changes: Any) -> Callable[[Rows], Rows]:
    """Poison: the first row once more, with changes."""
    return lambda rows: [*rows, rows[0] | changes]


POISON: dict[str, dict[str, Callable[[Rows], Rows]]] = {
    "observation": {
        "unique(observation_id)": add(cell="X1", table_name="Other"),
        "unique(business key)": add(observation_id="new"),
        "value_or_reason": change(0, reason_code="not_published"),
        "period_order": change(0, period_start=date(2025, 1, 1)),
        "period_kind": change(0, period_end=date(2024, 11, 30)),
        "known(indicator_code)": change(0, indicator_code="happiness"),
        "known(region_code)": change(0, region_code="BY-ATLANTIS"),
        "region_valid": change(0, region_code="KZ-51"),
        "known(activity_code)": change(3, activity_classifier="NACE_R1"),
        "known(breakdown)": change(2, breakdown=[("sex", "X")]),
        "known(unit_code)": change(0, unit_code="furlongs"),
        "known(currency_code)": change(4, currency_code="XXX"),
        "known(reason_code)": change(1, reason_code="because"),
        "known(obs_status)": change(0, obs_status="?"),
        "known(conf_status)": change(0, conf_status="?"),
        "known(correction_status)": change(0, correction_status="perhaps"),
        "positive(multiplier)": change(0, multiplier=0.0),
        "range of indicator": change(0, value=-1.0),
        "repeated values agree": add(table_name="Other", observation_id="new", value=12.0),
    },
    "rejected_cell": {
        "unique(rejected_id)": add(cell="B9"),
        "known(code)": change(0, code="bad_luck"),
    },
    "file_outcome": {
        "known(outcome_code)": change(0, outcome_code="lost"),
        "unique(file)": add(outcome_code="refused"),
        "reason follows outcome": change(0, outcome_code="quarantined"),
        "counts(observation_count)": change(0, observation_count=-1),
        "counts(rejected_count)": change(0, rejected_count=-1),
    },
}


MISSING = float("nan")
OTHERS: dict[str, dict[str, list[float]]] = {
    "contradiction": {"tied_value": [7.0, MISSING, 1.0, 1.0, 1.0]},
    "order by name": {"tied_value": [9.0, MISSING, 1.0, 1.0, 1.0]},
    "slid": {
        "previous_value": [11.0, MISSING, 1.1, 1.2, 1.3],
        "before_value": [9.0, MISSING, 1.0, 1.0, 1.0],
        "after_value": [10.0, MISSING, 1.2, 1.3, 1.4],
    },
    "withdrawn": {"previous_value": [10.0, 3.0, 1.0, 1.0, 1.0]},
}
"""What other files say, for the expectations that compare with them."""


def expectations(name: str) -> list[dict[str, Any]]:
    path = PROJECT / "expectations" / "suites" / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["expectations"]
    return found


def poisoned(name: str, key: str) -> pa.Table:
    rows = sound(name)
    if key == "columns":
        return table(rows, SUITES[name]).drop_columns([SUITES[name].names[-1]])
    if key.startswith("not_null("):
        return table(change(0, **{key[9:-1]: None})(rows), SUITES[name])
    return table(POISON[name].get(key, lambda same: same)(rows), SUITES[name])


KEYS = [(name, item["meta"]["name"]) for name in SUITES for item in expectations(name)]


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_each_expectation_is_tripped(validator: Validator, name: str, key: str) -> None:
    assert key in {*OTHERS, *POISON[name], "columns"} or key.startswith("not_null(")
    known = pd.DataFrame(OTHERS[key]) if key in OTHERS else None
    result = check(validator, name, poisoned(name, key), known)[key]
    assert not result["is_success"]
    assert result["is_applicable"]
    assert result["unexpected_count"] >= 1
    assert "itself failed" not in result["found"]


@pytest.mark.parametrize("kind", ["quarter", "month", "cumulative", "date", "year"])
def test_each_kind_of_period_has_its_days(validator: Validator, kind: str) -> None:
    days = {
        "quarter": (date(2024, 4, 1), date(2024, 6, 30)),
        "month": (date(2024, 2, 1), date(2024, 2, 29)),
        "cumulative": (date(2024, 1, 1), date(2024, 5, 31)),
        "date": (date(2024, 1, 1), date(2024, 1, 1)),
        "year": (date(2024, 1, 1), date(2024, 12, 31)),
    }
    wrong = {
        "quarter": (date(2024, 5, 1), date(2024, 7, 31)),
        "month": (date(2024, 2, 1), date(2024, 3, 31)),
        "cumulative": (date(2024, 2, 1), date(2024, 5, 31)),
        "date": (date(2024, 1, 1), date(2024, 1, 2)),
        "year": (date(2202, 1, 1), date(2202, 12, 31)),
    }
    for known, is_right in ((days, True), (wrong, False)):
        start, end = known[kind]
        rows = [observation(1, period_kind=kind, period_start=start, period_end=end)]
        found = check(validator, "observation", table(rows))["period_kind"]
        assert found["is_success"] is is_right, (kind, start, end)


@pytest.mark.parametrize("name", SUITES)
def test_suites_are_reviewed_and_deterministic_json(name: str) -> None:
    path = PROJECT / "expectations" / "suites" / f"{name}.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    again = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert path.read_text(encoding="utf-8") == again
    assert said["name"] == name
    items = said["expectations"]
    assert all(item["severity"] in ("critical", "warning") for item in items)
    assert all(item["meta"]["code"] and item["description"] for item in items)
    names = [item["meta"]["name"] for item in items]
    assert len(names) == len(set(names))


def test_the_fingerprint_follows_the_suites(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, project=tmp_path)
    suites = tmp_path / "expectations" / "suites"
    suites.mkdir(parents=True)
    (suites / "observation.json").write_text("{}")
    before = suites_fingerprint(settings)
    (suites / "observation.json").write_text("{ }")
    assert suites_fingerprint(settings) != before


def test_a_declared_backward_calculation_is_no_error(validator: Validator) -> None:
    rows = table([observation(1, region_code="KZ-61", **year(2017))])
    tables = [{"name": "t", "backcast": {"KZ-61": 2017}, "dimensions": dict.fromkeys(
        ("indicator", "unit", "period", "region"), "x")}]  # fmt: skip
    for made, is_right in ((contract(tables=tables), True), (contract(), False)):
        results = validator.check_observations([file(contract=made)], [rows], None)
        found = next(row for row in results if row["check_name"] == "region_valid")
        assert found["is_success"] is is_right


# checks of contracts


def by_check(
    validator: Validator, rows: Rows, *checks: dict[str, Any], previous: list[float] | None = None
) -> dict[str, Any]:
    """Result of the first contract check on some rows."""
    made = contract(checks=checks, dataset=f"d{abs(hash(str(checks)))}")
    known = None if previous is None else pd.DataFrame({"previous_value": previous})
    results = validator.check_observations([file(contract=made)], [table(rows)], known)
    wanted = contract_expectations(made)[0]["meta"]["name"]
    return next(row for row in results if row["check_name"] == wanted)


def oblasts(values: list[float | None], total: float = 700.0, **changes: Any) -> Rows:
    parts = [
        observation(n, region_code=code, value=value, **changes)
        for n, (code, value) in enumerate(zip(OBLASTS, values, strict=False), start=2)
    ]
    for row in parts:
        row["reason_code"] = "confidential" if row["value"] is None else None
    return [observation(1, value=total, **changes), *parts]


BY_REGION = {"parts_of_total": "region"}


def test_a_total_equals_the_sum_of_its_parts(validator: Validator) -> None:
    right = by_check(validator, oblasts([100.0] * 7), BY_REGION)
    assert (right["is_success"], right["tested_count"]) == (True, 1)
    wrong = by_check(validator, oblasts([100.0] * 7, total=701.0), BY_REGION)
    assert not wrong["is_success"]
    assert "Table 1!C1: total 701, 7 parts sum to 700" in wrong["examples"]


def test_half_a_printed_digit_is_the_tolerance(validator: Validator) -> None:
    tenths = {"value_digits": 1}
    assert by_check(validator, oblasts([100.0] * 7, 700.04, **tenths), BY_REGION)["is_success"]
    assert not by_check(validator, oblasts([100.0] * 7, 700.1, **tenths), BY_REGION)["is_success"]
    rounded = BY_REGION | {"rounded": True}
    assert by_check(validator, oblasts([100.0] * 7, 700.4, **tenths), rounded)["is_success"]
    assert not by_check(validator, oblasts([100.0] * 7, 700.5, **tenths), rounded)["is_success"]


def test_a_total_without_all_its_parts_is_not_tested(validator: Validator) -> None:
    for values in ([100.0] * 6, [100.0] * 6 + [None]):
        found = by_check(validator, oblasts(values), BY_REGION)
        assert (found["is_success"], found["is_applicable"]) == (True, False)
        assert found["found"] == "nothing to test, 1 could not be tested"


def test_none_occurs_adds_nothing(validator: Validator) -> None:
    rows = oblasts([100.0] * 6 + [None], total=600.0)
    rows[-1]["reason_code"] = "none_occurs"
    assert by_check(validator, rows, BY_REGION)["tested_count"] == 1
    rows[0]["value"] = 601.0
    assert not by_check(validator, rows, BY_REGION)["is_success"]


def test_only_rows_with_the_same_other_dimensions_are_summed(validator: Validator) -> None:
    rows = oblasts([100.0] * 7)
    urban = [
        row | {"breakdown": [("locality", "URB")], "observation_id": f"u{n}"}
        for n, row in enumerate(rows)
    ]
    mixed = [*rows, *urban[:4]]
    found = by_check(validator, mixed, BY_REGION)
    assert (found["is_success"], found["tested_count"]) == (True, 1)


def test_borders_at_the_time_decide_which_parts_are_due(validator: Validator) -> None:
    regions = pd.read_csv(
        PROJECT / "dbt" / "seeds" / "regions.csv", dtype=str, keep_default_na=False
    )
    parts = regions[(regions["parent_code"] == "KZ") & (regions["region_type"] != "aggregate")]
    for number in (2017, 2019, 2023):
        there = parts[
            (parts["valid_from"] <= f"{number}-01-01")
            & ((parts["valid_to"] == "") | (parts["valid_to"] >= f"{number}-12-31"))
        ]["region_code"].tolist()
        rows = [
            observation(n, region_code=code, value=1.0, **year(number))
            for n, code in enumerate(there, start=2)
        ]
        total = observation(1, region_code="KZ", value=float(len(there)), **year(number))
        assert by_check(validator, [total, *rows], BY_REGION)["tested_count"] == 1, number
        total["value"] += 1
        assert not by_check(validator, [total, *rows], BY_REGION)["is_success"]


def test_parallel_divisions_are_summed_apart(validator: Validator) -> None:
    regions = pd.read_csv(
        PROJECT / "dbt" / "seeds" / "regions.csv", dtype=str, keep_default_na=False
    )
    of_germany = regions[(regions["parent_code"] == "DE") & (regions["valid_to"] == "")]
    rows = [observation(1, region_code="DE", value=1600.0)]
    for kind in ("land", "nuts1"):
        codes = of_germany.loc[of_germany["region_type"] == kind, "region_code"]
        rows += [
            observation(len(rows) + 1, region_code=code, value=1600 / len(codes)) for code in codes
        ]
    found = by_check(validator, rows, BY_REGION)
    assert (found["is_success"], found["tested_count"]) == (True, 2)


def test_a_residual_counts_where_it_is_printed(validator: Validator) -> None:
    regions = pd.read_csv(
        PROJECT / "dbt" / "seeds" / "regions.csv", dtype=str, keep_default_na=False
    )
    own = regions[
        (regions["parent_code"] == "BY-MI") & regions["region_type"].isin(["raion", "city"])
    ]
    due = own[
        (own["valid_from"] <= "2024-01-01") & ((own["valid_to"] == "") | (own["valid_to"] > "2024"))
    ]
    rows = [
        observation(n, region_code=code, value=1.0) for n, code in enumerate(due["region_code"], 2)
    ]
    total = observation(1, region_code="BY-MI", value=float(len(rows)))
    assert by_check(validator, [total, *rows], BY_REGION)["tested_count"] == 1
    rest = observation(900, region_code="BY-MI-not-allocated", value=5.0)
    assert not by_check(validator, [total, *rows, rest], BY_REGION)["is_success"]
    total["value"] += 5
    assert by_check(validator, [total, *rows, rest], BY_REGION)["is_success"]


def sexes(men: float, women: float, total: float) -> Rows:
    values = {"M": men, "F": women, "_T": total}
    return [
        observation(n, breakdown=[("sex", code), ("locality", "URB")], value=value)
        for n, (code, value) in enumerate(values.items(), start=1)
    ]


def test_parts_of_another_dimension(validator: Validator) -> None:
    by_sex = {"parts_of_total": "sex"}
    assert by_check(validator, sexes(4, 6, 10), by_sex)["tested_count"] == 1
    assert not by_check(validator, sexes(4, 6, 11), by_sex)["is_success"]


def test_parts_of_a_declared_total(validator: Validator) -> None:
    declared = {"parts_of_total": "methodology", "total": "oslo_3"}
    rows = [
        observation(1, breakdown=[("methodology", "oslo_3")], value=5.0),
        observation(2, breakdown=[("methodology", "oslo_4")], value=5.0),
    ]
    assert by_check(validator, rows, declared)["is_success"]
    rows[1]["value"] = 4.0
    assert not by_check(validator, rows, declared)["is_success"]


def test_activities_are_summed_within_their_classifier(validator: Validator) -> None:
    known = pd.read_csv(
        PROJECT / "dbt" / "seeds" / "activities.csv", dtype=str, keep_default_na=False
    )
    tree = known[known["classifier_code"] == "OKRB_005_2011"]
    counts = tree["parent_code"].value_counts()
    parent = next(code for code in counts.index if code)
    codes = tree.loc[tree["parent_code"] == parent, "activity_code"]
    own = {"activity_classifier": "OKRB_005_2011", "indicator_code": "employment"}
    rows = [observation(n, activity_code=code, value=2.0, **own) for n, code in enumerate(codes, 2)]
    total = observation(1, activity_code=parent, value=2.0 * len(rows), **own)
    by_activity = {"parts_of_total": "activity"}
    assert by_check(validator, [total, *rows], by_activity)["tested_count"] == 1
    total["value"] -= 1
    assert not by_check(validator, [total, *rows], by_activity)["is_success"]


def test_what_cannot_be_summed_is_left_alone(validator: Validator) -> None:
    rows = oblasts([100.0] * 7, total=5.0, indicator_code="grp_per_capita")
    assert not by_check(validator, rows, BY_REGION)["is_applicable"]
    named = BY_REGION | {"indicators": ["grp_per_capita"]}
    assert not by_check(validator, rows, named)["is_success"]


def test_a_share_of_a_base_gives_the_count(validator: Validator) -> None:
    check = {
        "share": "ict_internet_share",
        "base": "establishments",
        "count": "ict_internet_org_count",
    }
    found = by_check(validator, shares(1003.0), check)
    assert (found["is_success"], found["tested_count"]) == (True, 1)
    assert not by_check(validator, shares(1006.0), check)["is_success"]


def shares(count: float) -> Rows:
    """12.5 per cent of 8000, give or take half a tenth of a per cent: 4."""
    return [
        observation(1, indicator_code="ict_internet_share", unit_code="per_cent", value=12.5,
                    value_digits=1),
        observation(2, indicator_code="establishments", unit_code="thousand_units", value=8.0,
                    multiplier=1000.0, value_digits=3),
        observation(3, indicator_code="ict_internet_org_count", unit_code="units", value=count),
    ]  # fmt: skip


def change_rows(printed: float, unit: str = "per_cent", **changes: Any) -> Rows:
    return [
        observation(1, indicator_code="cluster_output", value=200.0, **year(2020), **changes),
        observation(2, indicator_code="cluster_output", value=250.0, **year(2023)),
        observation(
            3, indicator_code="cluster_output_growth", value=printed, unit_code=unit, **year(2023)
        ),
    ]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [("per_cent", 25.0, 26.5), ("difference", 50.0, 52.0), ("per_cent_of_previous", 125.0, 126.5)],
)
def test_a_printed_change_follows_from_the_levels(
    validator: Validator, kind: str, right: float, wrong: float
) -> None:
    check = {"growth": "cluster_output_growth", "of": "cluster_output", "kind": kind}
    found = by_check(validator, change_rows(right), check)
    assert (found["is_success"], found["tested_count"]) == (True, 1)
    assert not by_check(validator, change_rows(wrong), check)["is_success"]


def test_a_plan_is_compared_with_what_was(validator: Validator) -> None:
    check = {"growth": "cluster_output_growth", "of": "cluster_output"}
    rows = change_rows(40.0, breakdown=[("scenario", "actual")])
    for row in rows[1:]:
        row["breakdown"] = [("scenario", "forecast")]
    assert not by_check(validator, rows, check)["is_success"]
    rows[2]["value"] = 25.0
    assert by_check(validator, rows, check)["tested_count"] == 1


def test_the_same_period_last_year_is_a_year_before(validator: Validator) -> None:
    check = {"growth": "wage_real_index", "of": "wage_nominal", "kind": "per_cent_of_previous"}
    index = {"indicator_code": "wage_real_index", "unit_code": "pct_of_same_period_last_year"}

    def month(number: int) -> dict[str, Any]:
        last = pd.Timestamp(number, 2, 1).days_in_month
        return {
            "period_kind": "month",
            "period_start": date(number, 2, 1),
            "period_end": date(number, 2, last),
        }

    rows = [
        observation(1, indicator_code="wage_nominal", value=1000.0, **month(2023)),
        observation(2, indicator_code="wage_nominal", value=1100.0, **month(2024)),
        observation(3, value=110.0, **index, **month(2024)),
    ]
    assert by_check(validator, rows, check)["tested_count"] == 1
    rows[2]["value"] = 120.0
    assert not by_check(validator, rows, check)["is_success"]
    rows[0] |= month(2022)  # no level a year before: nothing to compare with
    assert not by_check(validator, rows, check)["is_applicable"]


def test_values_lie_in_an_interval(validator: Validator) -> None:
    check = {"between": "population", "low": 0, "high": 10}
    assert by_check(validator, [observation(1, value=10.0)], check)["is_success"]
    found = by_check(validator, [observation(1, value=10.5)], check)
    assert (found["is_success"], found["examples"]) == (False, "Table 1!C1: 10.5")


def test_a_leap_from_year_to_year_is_noticed_both_ways(validator: Validator) -> None:
    check = {"change_factor": 2}
    for value, is_right in ((2.0, True), (0.5, True), (2.1, False), (0.4, False)):
        rows = [observation(1, value=1.0, **year(2023)), observation(2, value=value, **year(2024))]
        found = by_check(validator, rows, check)
        assert (found["is_success"], found["severity"]) == (is_right, "warning")
    apart = [observation(1, value=1.0, **year(2021)), observation(2, value=9.0, **year(2024))]
    assert not by_check(validator, apart, check)["is_applicable"]
    shares = [row | {"unit_code": "per_cent"} for row in rows]
    assert not by_check(validator, shares, check)["is_applicable"]


def test_known_values_come_out_equal_or_nearly(validator: Validator) -> None:
    rows = [observation(n, region_code=code, value=100.0) for n, code in enumerate(OBLASTS[:4])]
    check = {"overlap": True}
    missing = float("nan")
    for previous, is_right, tested in (
        ([100.0, 101.0, 99.0, 100.0], True, 4),
        ([100.0, 10.0, 1.0, 100.0], True, 4),
        ([50.0, 10.0, 1.0, 100.0], False, 4),
        ([0.0, missing, missing, missing], False, 1),
        ([missing] * 4, True, 0),
    ):
        found = by_check(validator, rows, check, previous=previous)
        assert (found["is_success"], found["tested_count"]) == (is_right, tested), previous


def test_a_revision_is_neither_contradiction_nor_slide(validator: Validator) -> None:
    rows = [observation(n, region_code=code, value=100.0) for n, code in enumerate(OBLASTS[:5])]
    beside = {"before_value": [100.0] * 5, "after_value": [99.0] * 5}
    for known, failed in (
        ({"tied_value": [100.4] * 5}, set()),
        ({"tied_value": [110.0] * 5}, {"order by name"}),
        ({"tied_value": [100.0] * 4 + [200.0]}, {"order by name", "contradiction"}),
        ({"previous_value": [100.0] * 5, **beside}, set()),
        ({"previous_value": [101.0] * 3 + [100.0] * 2, **beside}, set()),
        ({"previous_value": [101.0] * 4 + [100.0], **beside}, {"slid"}),
        ({"previous_value": [101.0] * 5, **beside, "before_value": [98.0] * 5}, set()),
    ):
        found = check(validator, "observation", table(rows), pd.DataFrame(known))
        assert {name for name, row in found.items() if not row["is_success"]} == failed, known


def test_a_contract_without_a_check_says_so(validator: Validator) -> None:
    made = contract("bare")
    results = validator.check_observations([file(contract=made)], [table([observation(1)])], None)
    (row,) = [row for row in results if row["contract_id"] and row["check_name"] == "no_check"]
    assert (row["is_applicable"], row["is_success"]) == (False, True)


def test_results_are_staged_rows_and_only_critical_ones_quarantine(validator: Validator) -> None:
    rows = [observation(1, value=1.0, **year(2023)), observation(2, value=9.0, **year(2024))]
    made = contract("severe", checks=({"change_factor": 2}, {"between": "population", "high": 5}))
    results = validator.check_observations([file(contract=made)], [table(rows)], None)
    assert [row["check_name"] for row in critical_failures(results)] == ["between(population)"]
    staged = results_table(results)
    assert staged.num_rows == len(results)
    assert len(set(staged["check_id"].to_pylist())) == len(results)
    assert set(staged["received_at"].to_pylist()) == {NOW}


def test_a_check_that_breaks_counts_as_failed(validator: Validator) -> None:
    rows = table([observation(1)]).drop_columns(["indicator_code"])
    results = validator.check_observations([file()], [rows], None)
    broken = next(row for row in results if row["check_name"] == "range of indicator")
    assert (broken["is_success"], broken["is_applicable"]) == (False, True)
    assert "itself failed" in broken["found"]


def test_nothing_is_imported_before_something_is_validated() -> None:
    import subprocess
    import sys

    code = (
        "import sys, warehouse.pipeline, warehouse.cli; "
        "sys.exit(bool({'great_expectations', 'dbt', 'airflow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=PROJECT).returncode == 0


def test_times_are_those_of_the_file(validator: Validator) -> None:
    late = CheckedFile("e" * 64, "late.tiny", datetime.fromisoformat("2027-01-01T00:00:00+00:00"))
    results = validator.check_observations([late], [table([observation(1)])], None)
    assert {row["received_at"] for row in results} == {late.received_at}


# many files at once


def as_files(many: list[Rows]) -> tuple[list[CheckedFile], list[Rows]]:
    """Row sets as those of different files: their ids differ, all else may be the same."""
    files = [CheckedFile(f"{number:064d}", f"{number}.tiny", NOW) for number in range(len(many))]
    rows = [
        [
            row | {"file_id": one.file_id} | {
                name: f"{one.file_name}-{row[name]}"
                for name in ("observation_id", "rejected_id") if name in row
            }
            for row in rows
        ]
        for one, rows in zip(files, many, strict=True)
    ]  # fmt: skip
    return files, rows


@pytest.mark.parametrize("name", SUITES)
def test_each_file_of_a_batch_is_judged_as_if_alone(validator: Validator, name: str) -> None:
    poisoned = [poison(sound(name)) for poison in POISON[name].values()]
    files, rows = as_files([sound(name), *poisoned, sound(name)])
    tables = [table(own, SUITES[name]) for own in rows]

    def judge(some: list[CheckedFile], of: list[pa.Table]) -> list[dict[str, Any]]:
        if name == "observation":
            return validator.check_observations(some, of, None)
        return validator.check_table(name, some, of)

    together = judge(files, tables)
    alone = [row for file, own in zip(files, tables, strict=True) for row in judge([file], [own])]
    assert together == alone
    failed = {row["file_id"] for row in together if not row["is_success"]}
    assert failed == {file.file_id for file in files[1:-1]}


EVERY_CHECK: tuple[dict[str, Any], ...] = (
    BY_REGION,
    {"parts_of_total": "sex"},
    {"parts_of_total": "methodology", "total": "oslo_3"},
    {"sum_of": "population", "over": "methodology"},
    {
        "share": "ict_internet_share",
        "base": "establishments",
        "count": "ict_internet_org_count",
    },
    {"growth": "cluster_output_growth", "of": "cluster_output"},
    {"direction_agrees": ["population", "employment"]},
    {"between": "population", "low": 0, "high": 1000},
    {"change_factor": 2},
    {"overlap": True},
)


def methods(*codes: str, value: float) -> Rows:
    """A total that the code list does not know, and what this file prints beside it."""
    rows = [observation(1, breakdown=[("methodology", "oslo_3")], value=5.0)]
    return rows + [
        observation(n, breakdown=[("methodology", code)], value=value)
        for n, code in enumerate(codes, start=2)
    ]


def moving(*pairs: tuple[float, float]) -> Rows:
    """Two indicators of some years."""
    rows = []
    for n, values in enumerate(pairs):
        for code, value in zip(("population", "employment"), values, strict=True):
            own = observation(len(rows), indicator_code=code, value=value, **year(2015 + n))
            rows.append(own)
    return rows


def test_checks_of_a_contract_judge_each_file_by_its_own_rows(validator: Validator) -> None:
    made = contract("every", checks=EVERY_CHECK)
    missing = float("nan")
    many = [
        oblasts([100.0] * 7),
        oblasts([100.0] * 7, total=701.0),
        oblasts([100.0] * 6),
        sexes(4, 6, 10),
        sexes(4, 6, 11),
        methods("oslo_4", value=5.0),
        methods("oslo_4", "oslo_5", value=2.5),
        methods("oslo_4", "oslo_5", value=2.0),
        change_rows(25.0),
        change_rows(26.5),
        moving((1.0, 1.0), (2.0, 2.0), (3.0, 3.0)),
        moving((1.0, 9.0), (9.0, 1.0)),
        moving((2000.0, 1.0)),
        [observation(9, value=10.0), *methods("oslo_4", value=5.0)],
        [observation(9, value=11.0), *methods("oslo_4", value=5.0)],
        shares(1003.0),
        shares(1006.0),
    ]
    known: list[dict[str, list[float]]] = [{} for _ in many]
    known[0] = {"previous_value": [700.0, *[100.0] * 7], "tied_value": [missing] * 8}
    known[1] = {"previous_value": [1.0] * 8, "before_value": [701.0] * 8}
    known[2] = {"previous_value": [700.0, *[1.0] * 3, *[100.0] * 3]}
    known[4] = {"tied_value": [4.0, 6.0, 30.0]}
    known[8] = {"previous_value": [200.0, 250.0, 2.0], "after_value": [200.0] * 3}
    files, rows = as_files(many)
    files = [replace(one, contract=made) for one in files]
    tables = [table(own) for own in rows]
    frames = [
        pd.DataFrame(own, index=range(len(of)), columns=list(KNOWN), dtype="float64")
        for own, of in zip(known, rows, strict=True)
    ]
    together = validator.check_observations(files, tables, pd.concat(frames, ignore_index=True))
    alone = [
        validator.check_observations([file], [own], frame)
        for file, own, frame in zip(files, tables, frames, strict=True)
    ]
    assert together == [row for rows in alone for row in rows]
    for config in contract_expectations(made):
        name = config["meta"]["name"]
        said = {row["is_success"] for row in together if row["check_name"] == name}
        assert said == {True, False}, f"{name} does not tell the files apart"


def test_a_check_that_breaks_down_on_one_file_spares_the_others(
    validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.validate import expectations, rules

    def breaks(frame: pd.DataFrame, **given: Any) -> rules.Finding:
        if (frame["value"] == 7.0).any():
            raise ZeroDivisionError("of course")
        return rules.indicator_range(frame, **given)

    monkeypatch.setattr(expectations.IndicatorRangeMetric, "rule", staticmethod(breaks))
    files, rows = as_files([[observation(1)], [observation(1, value=7.0)], [observation(1)]])
    results = validator.check_observations(files, [table(own) for own in rows], None)
    found = [row for row in results if row["check_name"] == "range of indicator"]
    assert [row["is_success"] for row in found] == [True, False, True]
    assert "itself failed: of course" in found[1]["found"]
    failed = {row["file_id"] for row in results if not row["is_success"]}
    assert failed == {files[1].file_id}
