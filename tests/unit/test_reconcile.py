"""Errors that a source prints are found without being told where, and a mended copy is quiet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tests.specimens.make_samples import SAMPLES
from tests.street import NOW, observation, table, year
from warehouse.conform import CodeLists
from warehouse.interpret import interpret
from warehouse.layout.contract import Contract, DirectionAgrees, load_registry
from warehouse.settings import Settings
from warehouse.validate import CheckedFile, Validator, critical_failures, rules
from warehouse.validate.frame import batch

SETTINGS = Settings.of()
SEEDS = str(SETTINGS.seeds)
FIGURE = "paper-003_figure-1.xlsx"
TABLES = "paper-003_tables-1-2.xls"
OVER_CLUSTERS = {"seeds": SEEDS, "indicator": "cluster_output", "over": "cluster"}
WITH_GROWTH = {"apart": ["region"], "growth": "cluster_output_growth", "kind": "per_cent"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return dict(load_registry(SETTINGS.sources))


@pytest.fixture(scope="module")
def staged(contracts: dict[str, Contract]) -> dict[str, pa.Table]:
    lists = CodeLists.load(SETTINGS.seeds)
    found = {}
    for name in (FIGURE, TABLES):
        result = interpret(
            SAMPLES / "papers" / name,
            file_id=name,
            file_name=name,
            received_at=datetime(2026, 1, 1, tzinfo=UTC),
            registry=contracts,
            lists=lists,
        )
        assert result.outcome_code == "accepted"
        found[name] = result.observations
    return found


def mended(rows: pa.Table, values: dict[str, float]) -> pa.Table:
    """A copy with other values in some cells."""
    said = rows.to_pylist()
    cells = {row["cell"] for row in said}
    assert set(values) <= cells, set(values) - cells
    return pa.Table.from_pylist(
        [row | {"value": values.get(row["cell"], row["value"])} for row in said], rows.schema
    )


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    return Validator(Settings(home=tmp_path_factory.mktemp("home")))


def results(validator: Validator, contract: Contract, rows: pa.Table) -> dict[str, dict[str, Any]]:
    file = CheckedFile("f" * 64, "paper.xlsx", NOW, contract)
    return {row["check_name"]: row for row in validator.check_observations([file], [rows], None)}


def failed(found: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, row in found.items() if not row["is_success"]}


SUM = "sum_of(cluster_output over cluster)"
GROWTH = "growth(cluster_output_growth)"
DIRECTION = "direction_agrees(ict_internet_share, ict_internet_org_count)"


def test_figure_1_gives_itself_away(
    validator: Validator, contracts: dict[str, Contract], staged: dict[str, pa.Table]
) -> None:
    found = results(validator, contracts["paper-003/cluster_output"], staged[FIGURE])
    assert failed(found) == {SUM, GROWTH}
    assert critical_failures(found.values()) == []
    assert (found[SUM]["tested_count"], found[SUM]["unexpected_count"]) == (2, 1)
    assert found[SUM]["examples"] == (
        "Итоги!B5: total 264900, 6 parts sum to 245690 (tolerance 50); closes with Рис. 1!C11 from "
        "22085 to 22185 instead of 2925 (its printed change asks for 22054.4 to 22188.4)"
    )
    assert (found[GROWTH]["tested_count"], found[GROWTH]["unexpected_count"]) == (6, 2)
    assert found[GROWTH]["examples"] == (
        "Рис. 1!E7: printed 88, the levels give 87.37153135; "
        "Рис. 1!E11: printed 65, the levels give 1147.863248"
    )
    record = found["correction(paper-003-tourism-base-2020)"]
    assert (record["is_success"], record["is_applicable"]) == (True, True)
    assert record["found"] == "Рис. 1!C11, printed as recorded; the correction is proposed"


def test_a_mended_figure_1_is_quiet(
    validator: Validator, contracts: dict[str, Contract], staged: dict[str, pa.Table]
) -> None:
    contract = contracts["paper-003/cluster_output"]
    rows = mended(staged[FIGURE], {"Рис. 1!C11": 22125.0, "Рис. 1!E7": 87.0})
    assert failed(results(validator, contract, rows)) == set()
    furniture = mended(staged[FIGURE], {"Рис. 1!C11": 22125.0})
    assert failed(results(validator, contract, furniture)) == {GROWTH}
    for base, is_admissible in ((22085.0, True), (22185.0, True), (22084.0, False)):
        rows = mended(staged[FIGURE], {"Рис. 1!C11": base, "Рис. 1!E7": 87.0})
        found = rules.sum_of(batch(rows), **OVER_CLUSTERS, **WITH_GROWTH)
        assert (found.unexpected == 0) is is_admissible, base


def test_tables_1_and_2_contradict_each_other(
    validator: Validator, contracts: dict[str, Contract], staged: dict[str, pa.Table]
) -> None:
    found = results(validator, contracts["paper-003/ict"], staged[TABLES])
    assert failed(found) == {DIRECTION}
    assert critical_failures(found.values()) == []
    assert (found[DIRECTION]["tested_count"], found[DIRECTION]["unexpected_count"]) == (4, 2)
    assert found[DIRECTION]["examples"] == (
        "Табл. 1!F6: ict_internet_share 81.1 → 77.4, but Табл. 2!E5: ict_internet_org_count "
        "105531 → 110246; Табл. 1!G6: ict_internet_share 77.4 → 78.2, but Табл. 2!F5: "
        "ict_internet_org_count 110246 → 107121"
    )
    agreed = mended(staged[TABLES], {"Табл. 2!E5": 104000.0, "Табл. 2!F5": 104900.0})
    assert failed(results(validator, contracts["paper-003/ict"], agreed)) == set()


def test_a_record_without_its_figure_is_reported(
    validator: Validator, contracts: dict[str, Contract], staged: dict[str, pa.Table]
) -> None:
    contract = contracts["paper-003/cluster_output"]
    name = "correction(paper-003-tourism-base-2020)"
    rows = [row | {"correction_id": None} for row in staged[FIGURE].to_pylist()]
    lost = results(validator, contract, pa.Table.from_pylist(rows, staged[FIGURE].schema))[name]
    assert (lost["is_success"], lost["severity"]) == (False, "warning")
    assert lost["found"] == "no such figure in the file"
    assert "cluster=tourism" in lost["expected"]
    later = [row for row in rows if row["period_end"].year == 2024]
    other = results(validator, contract, pa.Table.from_pylist(later, staged[FIGURE].schema))[name]
    assert (other["is_success"], other["is_applicable"]) == (True, False)


# the rules alone


def parts(values: dict[str, float | None], total: float, **changes: Any) -> pd.DataFrame:
    rows = [
        observation(
            n, indicator_code="cluster_output", breakdown=[("cluster", code)], value=value,
            unit_code="mln_KZT", multiplier=1e6, currency_code="KZT",
            reason_code=None if value is not None else "confidential", **year(2020),
        )
        for n, (code, value) in enumerate(values.items(), start=2)
    ]  # fmt: skip
    last = observation(
        1, indicator_code="cluster_output", value=total, unit_code="bln_KZT", multiplier=1e9,
        currency_code="KZT", value_digits=1, **year(2020),
    )  # fmt: skip
    return batch(table([last | changes, *rows]))


def test_a_total_in_another_unit_is_the_sum_of_its_parts() -> None:
    values = {"furniture": 100.0, "tourism": 250.0}
    assert rules.sum_of(parts(values, 0.4), **OVER_CLUSTERS).unexpected == 0  # 0.35 is near
    found = rules.sum_of(parts(values, 0.5), **OVER_CLUSTERS)
    assert (found.tested, found.unexpected) == (1, 1)
    assert "one part would have to change by 100 to 200" in found.examples[0]


def test_a_sum_with_an_unknown_part_is_not_tested() -> None:
    found = rules.sum_of(parts({"furniture": 100.0, "tourism": None}, 9.0), **OVER_CLUSTERS)
    assert (found.tested, found.untested) == (0, 1)


def test_a_total_of_another_region_needs_to_be_declared() -> None:
    frame = parts({"furniture": 100.0, "tourism": 250.0}, 9.0, region_code="BY-BR")
    assert rules.sum_of(frame, **OVER_CLUSTERS).tested == 0
    assert rules.sum_of(frame, **OVER_CLUSTERS, apart=["region"]).unexpected == 1


def test_what_contains_other_parts_is_not_summed_beside_them() -> None:
    known = pd.read_csv(f"{SEEDS}/dimension_values.csv", dtype=str, keep_default_na=False)
    codes = set(known["value_code"])
    inner = known[known["parent_code"].isin(codes) & ~known["parent_code"].isin(["_T", ""])].iloc[0]
    dimension = inner["dimension_code"]
    rows = [
        observation(n, breakdown=[(dimension, code)], value=5.0)
        for n, code in enumerate((inner["parent_code"], inner["value_code"]), start=2)
    ]
    rows.append(observation(1, value=5.0))
    found = rules.sum_of(batch(table(rows)), seeds=SEEDS, indicator="population", over=dimension)
    assert found.unexpected == 0


@pytest.mark.parametrize(
    ("share", "count", "is_right"),
    [
        ((50.0, 51.0), (100.0, 110.0), True),
        ((50.0, 49.0), (100.0, 90.0), True),
        ((50.0, 49.0), (100.0, 110.0), False),
        ((50.0, 50.1), (100.0, 90.0), True),  # a tenth is within the rounding of two tenths
        ((50.0, 49.0), (100.0, 100.0), True),
    ],
)
def test_directions(share: tuple[float, float], count: tuple[float, float], is_right: bool) -> None:
    rows = []
    for n, number in enumerate((2019, 2020)):
        rows.append(
            observation(
                n,
                indicator_code="ict_internet_share",
                unit_code="per_cent",
                value=share[n],
                value_digits=1,
                **year(number),
            )
        )
        rows.append(observation(n + 2, indicator_code="ict_internet_org_count", unit_code="units",
                                value=count[n], **year(number)))  # fmt: skip
    found = rules.direction_agrees(
        batch(table(rows)), first="ict_internet_share", second="ict_internet_org_count"
    )
    assert (found.tested, found.unexpected) == (1, int(not is_right))


def test_a_share_and_a_count_of_other_regions_are_not_compared() -> None:
    rows = [
        observation(n, indicator_code=code, region_code=region, value=float(n), **year(2018 + n))
        for code, region in (("ict_internet_share", "KZ"), ("ict_internet_org_count", "BY"))
        for n in (1, 2)
    ]
    check = DirectionAgrees(direction_agrees=("ict_internet_share", "ict_internet_org_count"))
    first, second = check.direction_agrees
    assert rules.direction_agrees(batch(table(rows)), first=first, second=second).tested == 0


def test_a_hundredfold_leap_raises_the_alarm() -> None:
    """Sixty thousand remote workers, then six million (paper 003)."""
    rows = [
        observation(1, indicator_code="employment", value=60.0, unit_code="thousand_persons",
                    multiplier=1000.0, **year(2020)),
        observation(2, indicator_code="employment", value=6000.0, unit_code="thousand_persons",
                    multiplier=1000.0, **year(2021)),
    ]  # fmt: skip
    found = rules.change_factor(batch(table(rows)), seeds=SEEDS, factor=10)
    assert found.examples == ("Table 1!C2: 6000 after 60 a year before",)
    rows[1]["value"] = 73.7
    assert rules.change_factor(batch(table(rows)), seeds=SEEDS, factor=10).unexpected == 0
