"""Disparity and convergence: examples, edge rules, traps, independent implementations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inequality.atkinson import atkinson
from inequality.gini import Gini
from inequality.schutz import Schutz
from inequality.theil import Theil, TheilD
from scipy import stats

from tests.indicators.given import figure, figures, reason, value

LAENDER_GDP = [
    460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87,
    258.53, 645.59, 131.95, 35.03, 112.66, 56.22, 85.61, 56.81,
]  # fmt: skip
LAENDER_POPULATION = [
    10879618, 12843514, 3520031, 2484826, 671489, 1787408, 6176172, 1612362,
    7926599, 17865516, 4052803, 995597, 4084851, 2245470, 2858714, 2170714,
]  # fmt: skip
PER_HEAD = [1e9 * gdp / people for gdp, people in zip(LAENDER_GDP, LAENDER_POPULATION, strict=True)]
SMES = {
    2016: [10432, 8878, 9860, 8409, 40709, 20476, 8618],
    2019: [10437, 8838, 9948, 8364, 43610, 20922, 8658],
}
MEASURES = ["DSP_CV", "DSP_GINI", "DSP_HOOV", "DSP_THT", "DSP_THL", "DSP_SCHUTZ", "DSP_RATIO"]
EQUAL = "weights=equal"
BY_PEOPLE = "weights=population"
POSITIVE = st.lists(st.floats(1e-3, 1e6), min_size=2, max_size=12)
FEW = settings(max_examples=5, deadline=None)


def of(values: Sequence[float | None]) -> list[dict[str, Any]]:
    return [{"region_code": f"R{place}", "value": each} for place, each in enumerate(values)]


def weighted(values: Sequence[float], weights: Sequence[float]) -> list[dict[str, Any]]:
    rows = of(values)
    return [row | {"weight": weight} for row, weight in zip(rows, weights, strict=True)]


def form_of(code: str) -> str:
    return "form=population" if code == "DSP_CV" else EQUAL


@pytest.mark.parametrize(
    ("code", "form", "of_2016", "of_2019"),
    [
        ("DSP_GINI", EQUAL, 0.325061, 0.340104),
        ("DSP_CV", "form=population", 0.722155, 0.761810),
        ("DSP_CV", "form=sample", 0.780017, 0.822849),
        ("DSP_THT", EQUAL, 0.208440, 0.229119),
        ("DSP_THL", EQUAL, 0.183940, 0.201567),
        ("DSP_HOOV", EQUAL, 0.284074, 0.296825),
    ],
)
def test_d30_smes_of_belarus(code: str, form: str, of_2016: float, of_2019: float) -> None:
    rows = [row | {"year": year} for year, counts in SMES.items() for row in of(counts)]
    assert value(code, rows, form, year=2016) == pytest.approx(of_2016, abs=1e-6)
    assert value(code, rows, form, year=2019) == pytest.approx(of_2019, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "form", "expected"),
    [
        ("DSP_HOOV", BY_PEOPLE, 0.0735899),
        ("DSP_WILL", BY_PEOPLE, 0.1873097),
        ("DSP_THT", BY_PEOPLE, 0.0173211),
        ("DSP_THL", BY_PEOPLE, 0.0174452),
        ("DSP_GINI_W", BY_PEOPLE, 0.0999351),
    ],
)
def test_d31_laender_weighted(code: str, form: str, expected: float) -> None:
    rows = weighted(PER_HEAD, LAENDER_POPULATION)
    assert value(code, rows, form) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "form", "expected"),
    [
        ("DSP_THT", EQUAL, 0.0337995),
        ("DSP_THL", EQUAL, 0.0325724),
        ("DSP_GINI", EQUAL, 0.1439663),
        ("DSP_CV", "form=sample", 0.2772080),
        ("DSP_CV", "form=population", 0.2684055),
        ("DSP_RATIO", EQUAL, 2.472257),
    ],
)
def test_d31_laender_unweighted(code: str, form: str, expected: float) -> None:
    assert value(code, of(PER_HEAD), form) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("code", ["DSP_GINI", "DSP_CV", "DSP_RATIO", "DSP_SCHUTZ"])
def test_weights_are_nothing_to_what_has_no_weighted_form(code: str) -> None:
    form = "form=population" if code == "DSP_CV" else EQUAL
    rows = weighted(PER_HEAD, LAENDER_POPULATION)
    assert value(code, rows, form) == value(code, of(PER_HEAD), form)


@pytest.mark.parametrize("code", ["DSP_WILL", "DSP_GINI_W"])
def test_weights_may_be_the_same(code: str) -> None:
    plain = {"DSP_WILL": ("DSP_CV", "form=population"), "DSP_GINI_W": ("DSP_GINI", EQUAL)}
    expected = value(plain[code][0], of([10, 10, 10, 20, 50]), plain[code][1])
    rows = weighted([10, 10, 10, 20, 50], [7] * 5)
    assert value(code, rows, BY_PEOPLE) == pytest.approx(expected, abs=1e-9)


def test_d31_laender_totals() -> None:
    assert value("DSP_GINI", of(LAENDER_GDP)) == pytest.approx(0.5009348, abs=1e-6)
    assert value("DSP_HOOV", of(LAENDER_GDP)) == pytest.approx(0.4071008, abs=1e-6)


def test_d32_theil_t_is_not_theil_l() -> None:
    """The trap of a package whose `theil` gives L."""
    rows = of([10, 10, 10, 20, 50])
    assert value("DSP_THT", rows) == pytest.approx(0.2502012, abs=1e-6)
    assert value("DSP_THL", rows) == pytest.approx(0.2326302, abs=1e-6)


def test_d33_theil_of_groups() -> None:
    rows = of([0, 0, 0, 10, 10, 10])
    rows = [row | {"parent_code": "low" if row["value"] == 0 else "high"} for row in rows]
    assert value("DSP_THT", rows) == pytest.approx(0.693147, abs=1e-6)
    assert value("DSP_TH_B", rows) == pytest.approx(0.693147, abs=1e-6)
    assert value("DSP_TH_W", rows) == 0


@pytest.mark.parametrize(("epsilon", "expected"), [(0.5, 0.06315), (1, 0.1316096)])
def test_d35_atkinson(epsilon: float, expected: float) -> None:
    rows = of([10, 20, 30, 40, 50])
    tolerance = 1e-5 if epsilon == 0.5 else 1e-6
    found = value("DSP_ATK", rows, f"epsilon_{epsilon}")
    assert found == pytest.approx(expected, abs=tolerance)


def test_the_aversion_of_atkinson_is_a_variable() -> None:
    rows = of([10, 20, 30, 40, 50])
    found = figures("DSP_ATK", rows, {"atkinson_epsilons": [0.25]})
    assert [each["method_version"].rpartition(";")[2] for each in found] == ["form=epsilon_0.25"]


def test_d35_schutz_is_hoover_against_equal_shares() -> None:
    rows = of([1000, 2000, 1500, 3000, 2500])
    assert value("DSP_SCHUTZ", rows) == pytest.approx(0.15, abs=1e-9)
    assert value("DSP_SCHUTZ", rows) == value("DSP_HOOV", rows)


def test_williamson_is_about_the_national_mean() -> None:
    """The trap of a package whose default mean is the unweighted one: 0.1909."""
    people = np.array(LAENDER_POPULATION) / sum(LAENDER_POPULATION)
    away = np.array(PER_HEAD) - np.mean(PER_HEAD)
    national = float((people * PER_HEAD).sum())
    trap = math.sqrt(float((people * away**2).sum())) / national
    assert trap == pytest.approx(0.1909, abs=1e-4)
    assert value("DSP_WILL", weighted(PER_HEAD, LAENDER_POPULATION)) < trap - 0.003


def test_weights_travel_with_their_values() -> None:
    """The trap of a package that sorts values and leaves weights where they are: 0.1222."""
    rows = weighted(PER_HEAD, LAENDER_POPULATION)
    ascending = sorted(rows, key=lambda row: row["value"])
    assert value("DSP_GINI_W", rows) == value("DSP_GINI_W", ascending)
    assert value("DSP_GINI_W", rows) == pytest.approx(0.0999351, abs=1e-6)


def test_weighted_theil_l_is_not_divided_again() -> None:
    """The trap of a package that gives -0.001257 for the Länder."""
    assert value("DSP_THL", weighted(PER_HEAD, LAENDER_POPULATION)) > 0.017


@pytest.mark.parametrize("code", MEASURES)
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None, 3], "incomplete_coverage"),
        ([5], "too_few_regions"),
        ([1, -1, 3], "negative_input"),
        ([0, 0, 0], "zero_denominator"),
    ],
)
def test_edges_have_reasons(code: str, values: list[float | None], expected: str) -> None:
    assert reason(code, of(values), form_of(code)) == expected


@pytest.mark.parametrize(
    ("code", "form"),
    [("DSP_THL", EQUAL), ("DSP_RATIO", EQUAL), ("DSP_ATK", "epsilon_1"), ("DSP_ATK", "epsilon_2")],
)
def test_a_zero_has_no_logarithm_and_no_ratio(code: str, form: str) -> None:
    assert reason(code, of([0, 1, 2]), form) == "zero_input"


def test_a_zero_adds_nothing_to_theil_t() -> None:
    assert value("DSP_THT", of([0, 1])) == pytest.approx(math.log(2), abs=1e-12)
    assert value("DSP_ATK", of([0, 1]), "epsilon_0.5") == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("code", MEASURES)
def test_a_withheld_value_withholds_the_measure(code: str) -> None:
    rows = [row | {"suppressed_part": 0} for row in of([1, 2])]
    rows.append({"region_code": "X", "value": None, "suppressed_part": 1})
    assert reason(code, rows, form_of(code)) == "confidential_input"


@pytest.mark.parametrize("code", MEASURES)
def test_a_doubted_value_waits(code: str) -> None:
    rows = [row | {"correction": "proposed" if row["value"] == 3 else None} for row in of([1, 3])]
    assert reason(code, rows, form_of(code)) == "correction_pending"


def test_parts_of_theil_need_groups() -> None:
    rows = of([1, 2, 3])
    single = [row | {"parent_code": "a"} for row in rows]
    assert reason("DSP_TH_B", single) == "not_applicable"
    groups = ["a", "b", None]
    rows = [row | {"parent_code": group} for row, group in zip(rows, groups, strict=True)]
    assert reason("DSP_TH_W", rows) == "missing_input"


def test_pysal_agrees() -> None:
    values = np.array(PER_HEAD)
    rows = of(PER_HEAD)
    assert value("DSP_GINI", rows) == pytest.approx(Gini(values).g, abs=1e-9)
    assert value("DSP_THT", rows) == pytest.approx(Theil(values).T, abs=1e-9)
    assert value("DSP_ATK", rows, "epsilon_0.5") == pytest.approx(atkinson(values, 0.5), abs=1e-9)
    assert value("DSP_ATK", rows, "epsilon_1") == pytest.approx(atkinson(values, 1), abs=1e-9)
    frame = pd.DataFrame({"y": values})
    assert value("DSP_SCHUTZ", rows) == pytest.approx(float(Schutz(frame, "y").distance), abs=1e-9)
    parents = ["a", "b"] * 8
    grouped = [row | {"parent_code": code} for row, code in zip(rows, parents, strict=True)]
    parts = TheilD(values, np.array(parents))
    assert value("DSP_TH_B", grouped) == pytest.approx(float(parts.bg[0]), abs=1e-9)
    assert value("DSP_TH_W", grouped) == pytest.approx(float(parts.wg[0]), abs=1e-9)


@FEW
@given(POSITIVE)
def test_scipy_and_numpy_agree(values: list[float]) -> None:
    y = np.array(values)
    rows = of(values)
    shares = y / y.sum()
    assert value("DSP_CV", rows, "form=population") == pytest.approx(
        stats.variation(y), rel=1e-9, abs=1e-11
    )
    assert value("DSP_THT", rows) == pytest.approx(
        math.log(len(y)) - stats.entropy(shares), rel=1e-9, abs=1e-11
    )
    assert value("DSP_ATK", rows, "epsilon_2") == pytest.approx(
        1 - stats.hmean(y) / y.mean(), rel=1e-9, abs=1e-11
    )
    pairs = np.abs(y[:, None] - y[None, :]).mean() / (2 * y.mean())
    assert value("DSP_GINI", rows) == pytest.approx(pairs, rel=1e-9, abs=1e-11)


@FEW
@given(POSITIVE, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_scale_and_order_do_not_matter(values: list[float], scale: float, chance: Any) -> None:
    rows = of(values)
    other = [row | {"value": row["value"] * scale} for row in rows]
    chance.shuffle(other)
    for code in ("DSP_GINI", "DSP_THT", "DSP_THL", "DSP_HOOV"):
        assert value(code, other) == pytest.approx(value(code, rows), rel=1e-9, abs=1e-11)


@FEW
@given(POSITIVE)
def test_bounds(values: list[float]) -> None:
    rows = of(values)
    count = len(values)
    assert -1e-12 <= value("DSP_GINI", rows) <= 1 - 1 / count + 1e-9
    assert -1e-12 <= value("DSP_THT", rows) <= math.log(count) + 1e-9
    assert -1e-12 <= value("DSP_ATK", rows, "epsilon_1") <= 1
    assert value("DSP_RATIO", rows) >= 1


@FEW
@given(st.lists(st.tuples(st.floats(0.1, 1e3), st.floats(0.1, 1e3)), min_size=4, max_size=10))
def test_between_and_within_make_the_whole(pairs: list[tuple[float, float]]) -> None:
    rows = weighted([y for y, _ in pairs], [p for _, p in pairs])
    rows = [row | {"parent_code": f"G{place % 2}"} for place, row in enumerate(rows)]
    whole = value("DSP_THT", rows)
    parts = value("DSP_TH_B", rows) + value("DSP_TH_W", rows)
    assert parts == pytest.approx(whole, abs=1e-9)


@FEW
@given(st.lists(st.tuples(st.floats(0.1, 1e3), st.integers(1, 4)), min_size=3, max_size=6))
def test_a_weight_is_so_many_equal_regions(pairs: list[tuple[float, int]]) -> None:
    pairs = [*pairs, (1.0, 5)]  # weights that differ make the measure a weighted one
    many = of([y for y, count in pairs for _ in range(count)])
    rows = weighted([y for y, _ in pairs], [count for _, count in pairs])
    if len({count for _, count in pairs}) > 1:
        assert value("DSP_GINI_W", rows) == pytest.approx(value("DSP_GINI", many), abs=1e-9)
        assert value("DSP_THL", rows) == pytest.approx(value("DSP_THL", many), abs=1e-9)


def panel(years: dict[int, Sequence[float | None]]) -> list[dict[str, Any]]:
    return [row | {"year": year} for year, values in years.items() for row in of(values)]


FIRST = [100.0, 150.0, 220.0, 400.0, 90.0, 310.0, 180.0]
LAST = [170.0, 210.0, 290.0, 480.0, 160.0, 400.0, 230.0]


def test_beta_convergence_is_the_regression_of_yearly_growth() -> None:
    rows = panel({2010: FIRST, 2015: [1.0] * 7, 2020: LAST})
    growth = np.log(np.array(LAST) / np.array(FIRST)) / 10
    slope = stats.linregress(np.log(FIRST), growth).slope
    speed = -math.log(1 + slope * 10) / 10
    assert value("CNV_BETA", rows, "form=beta", year=2020) == pytest.approx(slope, abs=1e-9)
    assert value("CNV_BETA", rows, "form=speed", year=2020) == pytest.approx(speed, abs=1e-9)
    half_life = value("CNV_BETA", rows, "form=half_life", year=2020)
    assert half_life == pytest.approx(math.log(2) / speed, abs=1e-9)
    assert figure("CNV_BETA", rows, "form=half_life", year=2020)["unit_code"] == "years"


def test_years_enter_the_half_life_once() -> None:
    """The trap of a package that divides by the years twice: 374.6 instead of about 92.6 years."""
    speed = math.log(2) / 92.6
    span = 4
    first = np.array([10.0, 20.0, 40.0, 80.0])
    last = first ** math.exp(-speed * span) * 3
    rows = panel({2011: list(first), 2015: list(last)})
    found = value("CNV_BETA", rows, "form=half_life", year=2015)
    assert found == pytest.approx(92.6, rel=1e-6)
    beta = value("CNV_BETA", rows, "form=beta", year=2015)
    assert math.log(2) / (-math.log(1 + beta) / span) > 3.9 * 92.6


def test_sigma_convergence_says_of_what() -> None:
    """The trap of a package that takes logarithms before the coefficient of variation."""
    years = {2010: FIRST, 2012: LAST, 2015: [200.0, 240.0, 300.0, 470.0, 200.0, 400.0, 250.0]}
    rows = panel(years)
    of_cv = stats.linregress(list(years), [stats.variation(v) for v in years.values()]).slope
    of_logs = stats.linregress(list(years), [np.std(np.log(v)) for v in years.values()]).slope
    assert value("CNV_SIGMA", rows, "trend_of_cv", year=2015) == pytest.approx(of_cv, abs=1e-9)
    found = value("CNV_SIGMA", rows, "trend_of_sd_ln", year=2015)
    assert found == pytest.approx(of_logs, abs=1e-9)
    trap = [stats.variation(np.log(v)) for v in years.values()]
    assert stats.linregress(list(years), trap).slope != pytest.approx(of_cv, abs=1e-4)


@pytest.mark.parametrize(
    ("years", "form", "expected"),
    [
        ({2010: [1.0, 2.0, 3.0]}, "form=beta", "too_few_years"),
        ({2010: [1.0, 2.0], 2012: [2.0, 3.0]}, "form=beta", "too_few_regions"),
        ({2010: [1.0, 2.0, 3.0], 2012: [1.0, None, 2.0]}, "form=beta", "incomplete_coverage"),
        ({2010: [1.0, 2.0, 3.0], 2012: [1.0, 0.0, 2.0]}, "form=beta", "zero_input"),
        ({2010: [1.0, 2.0, 3.0], 2012: [1.0, -1.0, 2.0]}, "form=beta", "negative_input"),
        ({2010: [2.0, 2.0, 2.0], 2012: [1.0, 2.0, 3.0]}, "form=beta", "zero_denominator"),
        ({2010: [1.0, 2.0, 4.0], 2012: [1.0, 4.0, 16.0]}, "form=half_life", "no_convergence"),
        ({2010: [1.0, 2.0, 4.0], 2012: [16.0, 4.0, 1.0]}, "form=speed", "not_defined"),
        ({2010: [1.0, 2.0, 4.0], 2012: [16.0, 4.0, 1.0]}, "form=half_life", "not_defined"),
        ({2010: [1.0, 2.0, 3.0], 2012: [1.0, 2.0, 3.0, 4.0]}, "form=beta", "boundary_break"),
    ],
)
def test_beta_has_reasons(
    years: dict[int, Sequence[float | None]], form: str, expected: str
) -> None:
    assert reason("CNV_BETA", panel(years), form, year=max(years)) == expected


@pytest.mark.parametrize(
    ("years", "form", "expected"),
    [
        ({2010: [1.0, 2.0], 2011: [1.0, 2.0]}, "trend_of_cv", "too_few_years"),
        (
            {2010: [1.0, 2.0], 2011: [1.0, None], 2012: [1.0, 2.0]},
            "trend_of_cv",
            "incomplete_coverage",
        ),
        ({2010: [1.0, 2.0], 2011: [0.0, 2.0], 2012: [1.0, 2.0]}, "trend_of_sd_ln", "zero_input"),
        ({2010: [1.0, 2.0], 2011: [0.0, 0.0], 2012: [1.0, 2.0]}, "trend_of_cv", "zero_denominator"),
        ({2010: [1.0, 2.0], 2011: [-1.0, 2.0], 2012: [1.0, 2.0]}, "trend_of_cv", "negative_input"),
        ({2010: [1.0], 2011: [2.0], 2012: [2.0]}, "trend_of_cv", "too_few_regions"),
    ],
)
def test_sigma_has_reasons(
    years: dict[int, Sequence[float | None]], form: str, expected: str
) -> None:
    assert reason("CNV_SIGMA", panel(years), form, year=2012 if 2012 in years else 2011) == expected


def test_a_trend_does_not_cross_a_reform() -> None:
    rows = [
        row | {"boundary_version": "old" if row["year"] < 2018 else "new"}
        for row in panel({2016: FIRST, 2018: FIRST, 2020: LAST})
    ]
    found = figures("CNV_BETA", rows)
    methods = {each["method_version"] for each in found if each["year"] == 2020}
    assert all(";from=2018;" in method for method in methods)
    assert reason("CNV_SIGMA", rows, "trend_of_cv", year=2020) == "too_few_years"


@FEW
@given(st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_currency_and_order_do_not_matter(scale: float, chance: Any) -> None:
    rows = panel({2010: FIRST, 2020: LAST})
    other = [row | {"value": row["value"] * scale} for row in rows]
    chance.shuffle(other)
    expected = value("CNV_BETA", rows, "form=beta", year=2020)
    assert value("CNV_BETA", other, "form=beta", year=2020) == pytest.approx(expected, abs=1e-9)
