"""Composite indices: scores, means, coverage, rank intervals and percentile ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.indicators.given import figures, reason, value

FEW = settings(max_examples=5, deadline=None)
VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=3, max_size=9, unique=True)


def regions(values: Sequence[float | None], **more: Any) -> list[dict[str, Any]]:
    return [
        {"region_code": f"R{place}", "component_code": "x", "value": each} | more
        for place, each in enumerate(values)
    ]


def scores(code: str, rows: list[dict[str, Any]], form: str = "") -> list[float | None]:
    """Scores in the order of the regions."""
    found = [each for each in figures(code, rows) if each["method_version"].endswith(form)]
    by_region = {each["region_code"]: each["value"] for each in found}
    assert len(by_region) == len(found)
    return [by_region[row["region_code"]] for row in rows]


def parts(values: Sequence[float | None], weights: Sequence[float] = ()) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"component_code": f"c{place}", "value": each} for place, each in enumerate(values)
    ]
    if not weights:
        return rows
    return [row | {"weight": weight} for row, weight in zip(rows, weights, strict=True)]


def test_d51_means() -> None:
    assert value("CMP_GM", parts([1, 2, 3], [1, 1, 1])) == pytest.approx(1.8171206, abs=1e-7)
    assert value("CMP_GM", parts([1, 2, 3], [1, 1, 2])) == pytest.approx(2.0597671, abs=1e-7)
    assert value("CMP_HM", parts([1, 2, 3], [2, 1, 1])) == pytest.approx(1.4117647, abs=1e-7)
    assert value("CMP_AM", parts([1, 2, 3], [2, 1, 1])) == pytest.approx(1.75, abs=1e-12)


def test_d52_scores() -> None:
    ten = regions([float(number) for number in range(1, 11)])
    min_max = scores("CMP_MM", ten)
    assert (min_max[0], min_max[-1]) == (0, 100)
    assert scores("CMP_Z", ten, "form=sample")[0] == pytest.approx(-1.486301, abs=1e-6)
    assert scores("CMP_Z", ten, "form=population")[0] == pytest.approx(-1.566699, abs=1e-6)
    goal = regions([5.0], goalpost_low=0, goalpost_high=10)
    assert scores("CMP_GOAL", goal) == [0.5]
    four = regions([5.0, 1.0, 3.0, 3.0])
    assert scores("CMP_RANK", four) == [4, 1, 2, 2]
    assert scores("CMP_BORDA", four) == [3, 0, 1, 1]
    assert scores("CMP_PRANK", four) == pytest.approx([1, 0, 1 / 3, 1 / 3], abs=1e-9)


def test_less_is_better_turns_every_score_round() -> None:
    rows = regions([5.0, 1.0, 3.0], goalpost_low=0, goalpost_high=10)
    down = [row | {"direction": "down"} for row in rows]
    up_scores = scores("CMP_MM", rows)
    assert scores("CMP_MM", down) == [100 - (score or 0) for score in up_scores]
    assert scores("CMP_GOAL", down) == [0.5, 0.9, 0.7]
    assert scores("CMP_RANK", down) == [1, 3, 2]
    z = scores("CMP_Z", rows, "form=population")
    assert scores("CMP_Z", down, "form=population") == [-(score or 0) for score in z]


def test_the_frame_of_the_base_year_stays() -> None:
    """A later year outside of it goes beyond the scale, and the base year keeps its scores."""
    base = [row | {"year": 2015} for row in regions([0.0, 5.0, 10.0])]
    later = [row | {"year": 2020} for row in regions([0.0, 5.0, 20.0])]
    found = figures("CMP_MM", base + later)
    by_key = {(each["year"], each["region_code"]): each["value"] for each in found}
    assert by_key[2015, "R2"] == 100
    assert by_key[2020, "R2"] == 200
    assert by_key[2020, "R1"] == by_key[2015, "R1"] == 50
    assert all("frame=2015" in each["method_version"] for each in found)


def test_goalposts_cap() -> None:
    rows = regions([-5.0, 0.0, 15.0], goalpost_low=0, goalpost_high=10)
    assert scores("CMP_GOAL", rows) == [0, 0, 1]


@pytest.mark.parametrize(
    ("code", "form", "rows", "expected"),
    [
        ("CMP_MM", "", regions([2.0, 2.0, 2.0]), "zero_denominator"),
        ("CMP_Z", "form=sample", regions([2.0, 2.0]), "zero_denominator"),
        ("CMP_MM", "", regions([2.0, 3.0], base_year=1999), "missing_input"),
        ("CMP_GOAL", "", regions([2.0], goalpost_low=None, goalpost_high=1), "missing_input"),
        ("CMP_GOAL", "", regions([2.0], goalpost_low=1, goalpost_high=1), "zero_denominator"),
        ("CMP_GOAL", "", regions([2.0], goalpost_low=3, goalpost_high=1), "not_defined"),
        ("CMP_MM", "", regions([1.0, 3.0], direction="neutral"), "not_applicable"),
        ("CMP_RANK", "", regions([2.0]), "too_few_regions"),
        ("CMP_PRANK", "", regions([2.0]), "too_few_regions"),
        ("CMP_MM", "", regions([1.0, 2.0], correction="proposed"), "correction_pending"),
    ],
)
def test_scores_have_reasons(
    code: str, form: str, rows: list[dict[str, Any]], expected: str
) -> None:
    assert reason(code, rows, form, **({"region_code": "R0"} if len(rows) > 1 else {})) == expected


def test_a_thin_frame_is_no_frame() -> None:
    rows = regions([1.0, 2.0, 3.0, None, None])
    assert reason("CMP_MM", rows, region_code="R0") == "incomplete_coverage"
    assert reason("CMP_MM", rows, region_code="R4") == "missing_input"


def test_a_doubted_value_is_no_extreme() -> None:
    rows = [row | {"correction": None} for row in regions([1.0, 2.0, 99.0])]
    rows[2]["correction"] = "proposed"
    assert reason("CMP_MM", rows, region_code="R0") == "correction_pending"
    found = {each["region_code"]: each for each in figures("CMP_RANK", rows)}
    assert found["R1"]["value"] == 2
    assert found["R2"]["reason_code"] == "correction_pending"


def test_too_little_weight_gives_no_score() -> None:
    rows = parts([0.5, None, 0.5], [1, 1, 1])
    assert value("CMP_COV", rows) == pytest.approx(2 / 3, abs=1e-9)
    for code in ("CMP_AM", "CMP_GM", "CMP_HM"):
        assert reason(code, rows) == "incomplete_coverage"
    enough = parts([0.5, None, 0.25], [1, 0.5, 1])
    assert value("CMP_COV", enough) == pytest.approx(0.8, abs=1e-12)
    assert value("CMP_AM", enough) == pytest.approx(0.375, abs=1e-12)
    nothing = parts([None, None], [1, 1])
    assert value("CMP_COV", nothing) == 0
    assert reason("CMP_AM", nothing) == "incomplete_coverage"


def test_the_threshold_is_a_variable() -> None:
    rows = parts([0.5, None], [1, 1])
    (found,) = figures("CMP_AM", rows, {"composite_coverage": 0.5})
    assert found["value"] == 0.5


@pytest.mark.parametrize("code", ["CMP_GM", "CMP_HM"])
def test_a_zero_score_has_no_geometric_mean(code: str) -> None:
    assert reason(code, parts([0, 1, 2])) == "zero_input"
    assert reason(code, parts([-1, 1, 2])) == "negative_input"


def test_weights_must_make_sense() -> None:
    assert reason("CMP_AM", parts([1, 2], [1, -1])) == "negative_input"
    assert reason("CMP_COV", parts([1, 2], [0, 0])) == "zero_denominator"


@FEW
@given(
    st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.01, 10)), min_size=2, max_size=8),
    st.floats(0.01, 100),
)
def test_means_are_those_of_scipy(pairs: list[tuple[float, float]], scale: float) -> None:
    x = np.array([each for each, _ in pairs])
    w = np.array([each for _, each in pairs])
    rows = parts(list(map(float, x)), list(map(float, w)))
    arithmetic, geometric, harmonic = (value(code, rows) for code in ("CMP_AM", "CMP_GM", "CMP_HM"))
    assert arithmetic == pytest.approx(np.average(x, weights=w), rel=1e-9)
    assert geometric == pytest.approx(stats.gmean(x, weights=w), rel=1e-9)
    assert harmonic == pytest.approx(stats.hmean(x, weights=w), rel=1e-9)
    assert harmonic <= geometric + 1e-9 <= arithmetic + 2e-9
    heavier = parts(list(map(float, x)), [float(each * scale) for each in w])
    assert value("CMP_GM", heavier) == pytest.approx(geometric, rel=1e-9)


@FEW
@given(VALUES)
def test_scores_are_those_of_scipy(values: list[float]) -> None:
    rows = regions(values)
    assert scores("CMP_Z", rows, "form=sample") == pytest.approx(
        list(stats.zscore(values, ddof=1)), abs=1e-9
    )
    assert scores("CMP_RANK", rows) == list(stats.rankdata(values, method="min"))
    low, high = min(values), max(values)
    expected = [100 * (each - low) / (high - low) for each in values]
    assert scores("CMP_MM", rows) == pytest.approx(expected, abs=1e-9)


def matrix(table: dict[str, Sequence[float | None]], **more: Any) -> list[dict[str, Any]]:
    return [
        {"region_code": region, "component_code": f"c{place}", "value": each} | more
        for region, values in table.items()
        for place, each in enumerate(values)
    ]


def interval(rows: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    found = {
        (each["region_code"], each["method_version"].rpartition("=")[2]): each["value"]
        for each in figures("CMP_SENS", rows)
    }
    return {region: (found[region, "best"], found[region, "worst"]) for region, _ in sorted(found)}


def test_a_region_that_leads_everywhere_has_no_interval() -> None:
    rows = matrix({"A": (9, 9, 9), "B": (5, 5, 5), "C": (1, 1, 1)})
    assert interval(rows) == {"A": (1, 1), "B": (2, 2), "C": (3, 3)}


def test_weights_move_the_rank() -> None:
    rows = matrix({"A": (10, 0), "B": (0, 6), "C": (0, 0)}, goalpost_low=0, goalpost_high=10)
    rows = [row | {"weight": 1 if row["component_code"] == "c0" else 9} for row in rows]
    found = interval(rows)
    assert found["A"] == (1, 2)
    assert found["B"] == (1, 2)
    assert found["C"] == (3, 3)


def test_means_move_the_rank() -> None:
    """Balanced beats lopsided by the geometric mean, not by the arithmetic one."""
    rows = matrix({"A": (9.9, 1), "B": (5, 5), "C": (9, 1)}, goalpost_low=0, goalpost_high=10)
    assert interval(rows)["B"][0] == 1
    assert interval(rows)["B"][1] > 1


def test_a_region_without_score_has_no_rank() -> None:
    rows = matrix({"A": (1, 2), "B": (2, 1), "C": (3, None)})
    found = {each["region_code"]: each for each in figures("CMP_SENS", rows)}
    assert found["C"]["reason_code"] == "incomplete_coverage"
    assert found["A"]["value"] is not None
    assert reason("CMP_SENS", matrix({"A": (1, 2)}), "bound=best") == "missing_input"


@FEW
@given(VALUES, st.randoms(use_true_random=False))
def test_percentiles_are_those_of_scipy(values: list[float], chance: Any) -> None:
    values = [*values, values[0]]
    rows = regions(values)
    rows = [{name: row[name] for name in ("region_code", "value")} for row in rows]
    expected = 100 * (stats.rankdata(values) - 0.5) / len(values)
    assert scores("RNK_PCTL", rows) == pytest.approx(list(expected), abs=1e-9)
    down = [row | {"direction": "down"} for row in rows]
    turned = [100 - each for each in expected]
    assert scores("RNK_PCTL", down) == pytest.approx(turned, abs=1e-9)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert sorted(scores("RNK_PCTL", shuffled)) == sorted(scores("RNK_PCTL", rows))


def test_percentiles_have_reasons() -> None:
    rows = [{"region_code": name, "value": each} for name, each in (("A", 1), ("B", None))]
    assert reason("RNK_PCTL", rows, region_code="A") == "too_few_regions"
    assert reason("RNK_PCTL", rows, region_code="B") == "missing_input"
    rows = [row | {"suppressed_part": 1 if row["value"] is None else 0} for row in rows]
    assert reason("RNK_PCTL", rows, region_code="B") == "confidential_input"
