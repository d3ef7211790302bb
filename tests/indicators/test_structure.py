"""SPZ_…: structure of regions, by published examples, definitions and other implementations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from tests.indicators.csv_figures import by, figures, only

NAMES = "region_code,activity_code,value"
ECONGEO = [
    [100, 0, 0, 0, 0],
    [0, 15, 5, 70, 10],
    [0, 20, 10, 20, 50],
    [0, 25, 30, 5, 40],
    [0, 40, 55, 5, 0],
]
COUNTRIES = {
    "Sweden": [45000, 15000, 32000, 10000, 30000],
    "Norway": [35000, 12000, 30000, 8000, 22000],
    "Denmark": [40000, 10000, 25000, 9000, 18000],
    "Finland": [30000, 11000, 18000, 3000, 13000],
    "Iceland": [40000, 6000, 11000, 2000, 12000],
}
MATRICES = st.lists(st.lists(st.integers(1, 10**6), min_size=4, max_size=4), min_size=2, max_size=6)
QUICK = settings(max_examples=5, deadline=None)


def cells(matrix: list[list[float]]) -> list[tuple[object, ...]]:
    return [
        (f"R{region + 1}", f"I{activity + 1}", value)
        for region, row in enumerate(matrix)
        for activity, value in enumerate(row)
    ]


@pytest.mark.parametrize(
    ("code", "method", "expected", "digits"),
    [
        ("SPZ_HACH", None, [0.2, 0.3809524, 0.5882353, 0.6349206, 0.4301075], 7),
        ("SPZ_KRUG", "reference=country", [1.6, 1.0, 0.6, 0.7, 1.1], 9),
        ("SPZ_HOOV", "reference=country", [0.8, 0.5, 0.3, 0.35, 0.55], 9),
        ("SPZ_HHI", None, [1, 0.525, 0.34, 0.315, 0.465], 9),
        ("SPZ_ENT", "log=2", [0, 1.319, 1.761, 1.766, 1.219], 3),
    ],
)
def test_d06_of_econgeo(code: str, method: str | None, expected: list[float], digits: int) -> None:
    found = by(figures(code, NAMES, cells(ECONGEO)), "region_code", method=method)
    assert [round(found[f"R{number}"].value, digits) for number in range(1, 6)] == expected


def test_d03_half_of_the_gaps_is_hoover_and_all_of_them_krugman() -> None:
    base = [35, 30, 20, 15]
    rows = [("R", f"I{i}", value, base[i]) for i, value in enumerate([15, 35, 30, 20])]
    names = f"{NAMES},activity_total"
    assert only(figures("SPZ_HOOV", names, rows), "reference=country").value == pytest.approx(0.2)
    assert only(figures("SPZ_KRUG", names, rows), "reference=country").value == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("SPZ_HHI", 0.34), ("SPZ_HHI_NORM", 0.12), ("SPZ_HHI_EQ", 2.941176)],
)
def test_d10_needs_no_more_than_values(code: str, expected: float) -> None:
    found = only(figures(code, "value", [(20,), (50,), (20,), (10,)]))
    assert found.value == pytest.approx(expected, abs=1e-6)


def test_d13_nothing_in_common_is_the_maximum() -> None:
    found = by(
        figures("SPZ_KRUG", NAMES, cells([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]])),
        "region_code",
        method="reference=mean_of_others",
    )
    assert [one.value for one in found.values()] == [2, 2]


@pytest.mark.parametrize("code", ["SPZ_KRUG", "SPZ_HOOV", "SPZ_HACH", "SPZ_RDI", "SPZ_GINI"])
def test_a_row_that_is_not_there_is_missing_and_not_nothing(code: str) -> None:
    rows = [row for row in cells([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]]) if row[2]]
    found = figures(code, NAMES, rows)
    assert {one.reason for one in found} == {"incomplete_coverage"}


def test_d14_the_others_count_once_each() -> None:
    rows = [
        (country, f"I{activity}", value)
        for country, values in COUNTRIES.items()
        for activity, value in enumerate(values)
    ]
    found = by(figures("SPZ_KRUG", NAMES, rows), "region_code", method="reference=mean_of_others")
    assert found["Sweden"].value == pytest.approx(0.1595018, abs=1e-7)
    others = np.array([row for country, row in COUNTRIES.items() if country != "Sweden"])
    pooled = others.sum(axis=0) / others.sum()
    own = np.array(COUNTRIES["Sweden"]) / sum(COUNTRIES["Sweden"])
    assert found["Sweden"].value != pytest.approx(np.abs(own - pooled).sum(), abs=1e-3)


def test_the_three_references_are_three_numbers_and_say_so() -> None:
    rows = cells([[1, 2, 7], [4, 4, 2], [3, 3, 3]])
    found = by(figures("SPZ_KRUG", NAMES, rows), "region_code", "method_version")
    assert {method for _, method in found} == {"reference=country", "reference=mean_of_others"}
    assert found["R1", "reference=country"].value != found["R1", "reference=mean_of_others"].value


@QUICK
@given(MATRICES)
def test_measures_agree_with_their_definitions(matrix: list[list[int]]) -> None:
    rows = cells(matrix)
    table = np.array(matrix, dtype=float)
    shares = table / table.sum(axis=1, keepdims=True)
    base = table.sum(axis=0) / table.sum()
    found = {
        code: by(figures(code, NAMES, rows), "region_code", "method_version")
        for code in ("SPZ_HHI", "SPZ_ENT", "SPZ_KRUG", "SPZ_HOOV", "SPZ_HACH", "SPZ_GINI")
    }
    for number, own in enumerate(shares):
        region = f"R{number + 1}"
        quotients = np.sort(own / base)
        weighted = sorted(zip(own / base, base, own, strict=True))
        lorenz = np.cumsum([0, *(share for _, _, share in weighted)])
        area = sum(
            part * (low + high) / 2
            for (_, part, _), low, high in zip(weighted, lorenz, lorenz[1:], strict=False)
        )
        gaps = np.abs(quotients[:, None] - quotients[None, :]).sum()
        krugman = np.abs(own - base).sum()
        expected = {
            ("SPZ_HHI", "_Z"): (own**2).sum(),
            ("SPZ_ENT", "log=e"): entropy(own),
            ("SPZ_ENT", "log=2"): entropy(own, base=2),
            ("SPZ_KRUG", "reference=country"): krugman,
            ("SPZ_HOOV", "reference=country"): krugman / 2,
            ("SPZ_HACH", "_Z"): 1 / (own**2 / base).sum(),
            ("SPZ_GINI", "weights=equal"): gaps / (2 * len(own) ** 2 * quotients.mean()),
            ("SPZ_GINI", "weights=reference"): 1 - 2 * area,
        }
        for (code, method), value in expected.items():
            assert found[code][region, method].value == pytest.approx(value, abs=1e-9), code


@QUICK
@given(MATRICES, st.randoms(), st.sampled_from([0.001, 1000.0]))
def test_neither_scale_nor_order_nor_codes_matter(matrix, random, scale: float) -> None:
    rows = cells(matrix)
    shuffled = [(f"x{region}", f"y{activity}", value * scale) for region, activity, value in rows]
    random.shuffle(shuffled)
    for code in ("SPZ_KRUG", "SPZ_GINI", "SPZ_HHI"):
        before = by(figures(code, NAMES, rows), "region_code", "method_version")
        after = by(figures(code, NAMES, shuffled), "region_code", "method_version")
        for (region, method), figure in before.items():
            assert after[f"x{region}", method].value == pytest.approx(figure.value, abs=1e-9)


@QUICK
@given(MATRICES)
def test_bounds_and_identities(matrix: list[list[int]]) -> None:
    rows = cells(matrix)
    count = len(matrix[0])
    krugman = by(figures("SPZ_KRUG", NAMES, rows), "region_code", "method_version")
    hoover = by(figures("SPZ_HOOV", NAMES, rows), "region_code", "method_version")
    diversity = by(figures("SPZ_RDI", NAMES, rows), "region_code", "method_version")
    for key, figure in krugman.items():
        assert 0 <= figure.value <= 2
        assert figure.value == pytest.approx(2 * hoover[key].value, abs=1e-9)
        if figure.value == 0:
            assert diversity[key].reason == "zero_denominator"
        else:
            assert diversity[key].value * figure.value == pytest.approx(1, abs=1e-6)
    for figure in figures("SPZ_HHI", NAMES, rows):
        assert 1 / count - 1e-9 <= figure.value <= 1
    for figure in figures("SPZ_GINI", NAMES, rows):
        assert -1e-9 <= figure.value <= 1 - 1 / count + 1e-9 or "reference" in figure.method


def test_the_structure_of_the_country_has_no_relative_diversity() -> None:
    found = only(figures("SPZ_RDI", NAMES, cells([[0.1, 0.2, 0.7]])), "reference=country")
    assert (found.value, found.reason) == (None, "zero_denominator")


def test_shares_of_thirds_leave_no_trace_of_rounding() -> None:
    found = figures("SPZ_RDI", NAMES, cells([[1, 1, 1], [1 / 3, 1 / 3, 1 / 3], [7, 7, 7]]))
    assert {(one.value, one.reason) for one in found} == {(None, "zero_denominator")}


def test_a_single_activity_has_no_normalised_index() -> None:
    assert only(figures("SPZ_HHI_NORM", "value", [(3,)])).reason == "zero_denominator"
    assert only(figures("SPZ_HHI", "value", [(3,)])).value == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("R", "I", 1), ("R", "J", None)], "incomplete_coverage"),
        ([("R", "I", 1), ("R", "J", -1)], "negative_input"),
        ([("R", "I", 0), ("R", "J", 0)], "zero_denominator"),
    ],
)
@pytest.mark.parametrize("code", ["SPZ_HHI", "SPZ_ENT", "SPZ_KRUG", "SPZ_HACH", "SPZ_GINI"])
def test_what_is_no_structure_says_why(code: str, rows, reason: str) -> None:
    found = figures(code, NAMES, rows)
    assert {(one.value, one.reason) for one in found if "others" not in one.method} == {
        (None, reason)
    }


def test_parts_that_leave_a_rest_are_refused() -> None:
    rows = [("R", "I", 1, 10), ("R", "J", 4, 10)]
    assert only(figures("SPZ_HHI", f"{NAMES},region_total", rows)).reason == "incomplete_coverage"


def test_an_activity_that_is_nowhere_takes_no_part() -> None:
    with_it = figures("SPZ_HACH", NAMES, cells([[1, 2, 0], [5, 3, 0]]))
    without = figures("SPZ_HACH", NAMES, cells([[1, 2], [5, 3]]))
    assert [one.value for one in with_it] == [one.value for one in without]


def test_a_region_cannot_have_what_its_country_has_not() -> None:
    rows = [("R", "I", 5, 0), ("R", "J", 5, 100)]
    for code in ("SPZ_HACH", "SPZ_GINI", "SPZ_KRUG"):
        found = figures(code, f"{NAMES},activity_total", rows)
        assert found[0].reason == "contradictory_input"


def test_withheld_cells_give_bounds_but_never_one_alone() -> None:
    names = f"{NAMES},region_total,is_withheld"
    two = [("R", "I", 4, 10, False), ("R", "J", None, 10, True), ("R", "K", None, 10, True)]
    assert only(figures("SPZ_HHI", names, two)).reason == "confidential_input"
    low, high = (only(figures(code, names, two)).value for code in ("SPZ_HHI_LO", "SPZ_HHI_HI"))
    assert (low, high) == (pytest.approx(0.16 + 0.36 / 2), pytest.approx(0.16 + 0.36))
    for share in (0.0, 0.1, 0.3, 0.6):
        assert low - 1e-12 <= 0.16 + share**2 + (0.6 - share) ** 2 <= high + 1e-12
    one = [("R", "I", 4, 10, False), ("R", "J", 1, 10, False), ("R", "K", None, 10, True)]
    for code in ("SPZ_HHI_LO", "SPZ_HHI_HI"):
        found = only(figures(code, names, one))
        assert (found.value, found.reason) == (None, "confidential_input")


def test_a_pending_correction_leaves_the_figure_open() -> None:
    rows = [("R", "I", 5, "proposed"), ("R", "J", 5, None)]
    found = only(figures("SPZ_HHI", f"{NAMES},focus_correction", rows))
    assert (found.value, found.reason) == (None, "correction_pending")


def test_strength_of_a_region_counts_traded_activities_only() -> None:
    names = f"{NAMES},is_strong,is_traded"
    rows = [
        ("R", "I", 10, True, True),
        ("R", "J", 30, False, True),
        ("R", "K", 60, True, False),
        ("S", "I", 5, None, True),
        ("S", "J", 5, True, True),
        ("T", "I", 5, True, None),
    ]
    found = by(figures("SPZ_STRSH", names, rows), "region_code")
    assert found["R"].value == pytest.approx(25)
    assert found["S"].reason is not None
    assert found["T"].reason is not None


def test_entropy_says_its_base() -> None:
    found = by(figures("SPZ_ENT", "value", [(1,), (1,)]), "method_version")
    assert found["log=e"].value == pytest.approx(math.log(2))
    assert found["log=2"].value == pytest.approx(1)
