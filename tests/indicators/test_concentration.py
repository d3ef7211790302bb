"""CON_…: spread of activities over regions, and the indices of Ellison and Glaeser."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.csv_figures import by, figures, only

NAMES = "region_code,activity_code,value"
ECONGEO = [
    [100, 0, 0, 0, 0],
    [0, 15, 5, 70, 10],
    [0, 20, 10, 20, 50],
    [0, 25, 30, 5, 40],
    [0, 40, 55, 5, 0],
]
PLANTS = {
    ("Wien", 500000): [200, 650, 12000, 100, 50],
    ("Linz", 400000): [16000, 13000, 1500, 1500],
    ("Graz", 100000): [25000],
}
MATRICES = st.lists(st.lists(st.integers(1, 10**6), min_size=3, max_size=3), min_size=3, max_size=6)
QUICK = settings(max_examples=5, deadline=None)


def cells(matrix: list[list[float]]) -> list[tuple[object, ...]]:
    return [
        (f"R{region + 1}", f"I{activity + 1}", value)
        for region, row in enumerate(matrix)
        for activity, value in enumerate(row)
    ]


def test_d06_says_which_scale_it_has() -> None:
    found = figures("CON_LOCGINI", NAMES, cells(ECONGEO))
    half = by(found, "activity_code", method="scale=0.5")
    whole = by(found, "activity_code", method="scale=1")
    expected = [0.40, 0.18, 0.27, 0.31, 0.28]
    assert [round(half[f"I{number}"].value, 9) for number in range(1, 6)] == expected
    for activity, figure in half.items():
        assert whole[activity].value == pytest.approx(2 * figure.value, abs=1e-12)


def test_industry_against_population_of_econgeo() -> None:
    rows = [
        (f"R{number}", "I", value, total)
        for number, (value, total) in enumerate(
            zip([0, 10, 10, 30, 50], [10, 15, 20, 25, 30], strict=True)
        )
    ]
    names = f"{NAMES},region_total"
    assert round(only(figures("CON_GINI", names, rows), "weights=reference").value, 2) == 0.31
    assert only(figures("CON_KRUG", names, rows), "reference=all_activities").value == (
        pytest.approx(0.5)
    )


def test_gini_counts_regions_or_weighs_them_and_says_so() -> None:
    rows = [
        (f"R{number}", "I", value, total)
        for number, (value, total) in enumerate(
            zip([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000], strict=True)
        )
    ]
    found = figures("CON_GINI", f"{NAMES},region_total", rows)
    assert only(found, "weights=equal").value == pytest.approx(0.4068966, abs=1e-7)
    assert only(found, "weights=reference").value == pytest.approx(0.3725, abs=1e-9)


@QUICK
@given(MATRICES)
def test_measures_agree_with_their_definitions(matrix: list[list[int]]) -> None:
    rows = cells(matrix)
    table = np.array(matrix, dtype=float)
    shares = table / table.sum(axis=0)
    weights = table.sum(axis=1) / table.sum()
    found = {
        code: by(figures(code, NAMES, rows), "activity_code", "method_version")
        for code in ("CON_HHI", "CON_KRUG", "CON_GINI", "CON_LOCGINI")
    }
    for number in range(shares.shape[1]):
        own = shares[:, number]
        others = np.delete(shares, number, axis=1).mean(axis=1)
        quotients = own / weights
        gaps = np.abs(quotients[:, None] - quotients[None, :])
        weighted = (weights[:, None] * weights[None, :] * gaps).sum() / 2
        expected = {
            ("CON_HHI", "peers=national-1"): (own**2).sum(),
            ("CON_KRUG", "peers=national-1;reference=all_activities"): np.abs(own - weights).sum(),
            ("CON_KRUG", "peers=national-1;reference=mean_of_others"): np.abs(own - others).sum(),
            ("CON_GINI", "peers=national-1;weights=equal"): (
                gaps.sum() / (2 * len(own) ** 2 * quotients.mean())
            ),
            ("CON_GINI", "peers=national-1;weights=reference"): weighted,
            ("CON_LOCGINI", "peers=national-1;scale=1"): weighted,
            ("CON_LOCGINI", "peers=national-1;scale=0.5"): weighted / 2,
        }
        for (code, method), value in expected.items():
            figure = found[code][f"I{number + 1}", method]
            assert figure.value == pytest.approx(value, abs=1e-9), (code, method)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((1, None), "incomplete_coverage"),
        ((2, -1), "negative_input"),
        ((0, 0), "zero_denominator"),
        ((1,), "too_few_regions"),
    ],
)
@pytest.mark.parametrize("code", ["CON_HHI", "CON_GINI", "CON_LOCGINI"])
def test_what_cannot_be_measured_says_why(code: str, values, reason: str) -> None:
    rows = [(f"R{number}", "I", value, 10) for number, value in enumerate(values)]
    found = figures(code, f"{NAMES},region_total", rows)
    assert {(one.value, one.reason) for one in found} == {(None, reason)}


def test_a_region_that_is_not_in_the_file_is_missing_and_not_zero() -> None:
    rows = [("R1", "I", 5), ("R2", "I", 5), ("R1", "J", 5)]
    found = by(figures("CON_HHI", NAMES, rows), "activity_code")
    assert found["I"].value == pytest.approx(0.5)
    assert (found["J"].value, found["J"].reason) == (None, "incomplete_coverage")


def test_a_withheld_region_withholds_the_activity() -> None:
    rows = [("R1", "I", 5, 10, False), ("R2", "I", None, 10, True)]
    found = only(figures("CON_HHI", f"{NAMES},region_total,is_withheld", rows))
    assert (found.value, found.reason) == (None, "confidential_input")


def plants(extra: tuple[tuple[object, ...], ...] = ()) -> list[tuple[object, ...]]:
    listed = [(region, size, total) for (region, total), sizes in PLANTS.items() for size in sizes]
    return [*listed, *extra]


@pytest.mark.parametrize(("code", "expected"), [("CON_EG", 0.0599063), ("CON_EGZ", 0.1959002)])
def test_d16_of_ellison_and_glaeser(code: str, expected: float) -> None:
    found = only(figures(code, "region_code,value,region_total", plants()))
    assert found.value == pytest.approx(expected, abs=1e-7)


def test_a_region_without_plants_counts() -> None:
    names = "region_code,value,region_total"
    without = only(figures("CON_EG", names, plants())).value
    beside = only(figures("CON_EG", names, plants((("Ried", 0, 500000),)))).value
    sizes = np.array([size for _, size, _ in plants()], dtype=float)
    shares = np.array([13000, 32000, 25000, 0]) / 70000
    weights = np.array([500000, 400000, 100000, 500000]) / 1500000
    h = ((sizes / sizes.sum()) ** 2).sum()
    chance = 1 - (weights**2).sum()
    expected = (((shares - weights) ** 2).sum() - chance * h) / (chance * (1 - h))
    assert beside == pytest.approx(expected, abs=1e-9)
    assert beside != pytest.approx(without, abs=1e-3)


def test_few_plants_are_protected_and_the_minimum_is_a_parameter() -> None:
    names = "region_code,value,region_total"
    rows = [("A", 5, 10), ("B", 3, 10)]
    assert only(figures("CON_EG", names, rows)).reason == "confidential_input"
    assert only(figures("CON_EG", names, rows, minimum_plants=2)).value is not None


def test_a_single_plant_has_no_index() -> None:
    rows = [("A", 5, 10), ("B", 0, 10)]
    found = only(figures("CON_EG", "region_code,value,region_total", rows, minimum_plants=1))
    assert (found.value, found.reason) == (None, "zero_denominator")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("A", None, 10), ("A", 1, 10), ("B", 1, 10)], "missing_input"),
        ([("A", 1, None), ("A", 1, None), ("B", 1, 10)], "incomplete_coverage"),
        ([("A", 1, 10), ("A", 1, 11), ("B", 1, 10)], "contradictory_input"),
        ([("A", -1, 10), ("A", 1, 10), ("B", 1, 10), ("B", 1, 10)], "negative_input"),
        ([("A", 1, 10), ("A", 1, 10), ("A", 2, 10)], "too_few_regions"),
    ],
)
def test_plants_that_cannot_be_measured_say_why(rows, reason: str) -> None:
    for code in ("CON_EG", "CON_EGZ"):
        found = only(figures(code, "region_code,value,region_total", rows))
        assert (found.value, found.reason) == (None, reason)


@QUICK
@given(
    st.lists(st.lists(st.integers(1, 5000), min_size=2, max_size=4), min_size=2, max_size=4),
    st.lists(st.lists(st.integers(1, 5000), min_size=2, max_size=4), min_size=4, max_size=4),
)
def test_coagglomeration_is_the_long_formula(first, second) -> None:
    totals = [40000, 30000, 20000, 10000]
    industries = {"I": first, "J": second}
    rows = [
        (activity, f"R{region}", size, totals[region])
        for activity, regions in industries.items()
        for region, sizes in enumerate(regions)
        for size in sizes
    ]
    names = "activity_code,region_code,value,region_total"
    found = only(figures("CON_EGC", names, rows))
    weights = np.array(totals) / sum(totals)
    chance = 1 - (weights**2).sum()
    spread = {
        activity: np.array([sum(regions[r]) if r < len(regions) else 0 for r in range(4)], float)
        for activity, regions in industries.items()
    }
    whole = sum(values.sum() for values in spread.values())
    raw = (((spread["I"] + spread["J"]) / whole - weights) ** 2).sum()
    h_group, agglomerated, squares = 0.0, 0.0, 0.0
    for activity, values in spread.items():
        share = values.sum() / whole
        sizes = np.array([size for region in industries[activity] for size in region], float)
        h = ((sizes / sizes.sum()) ** 2).sum()
        g = ((values / values.sum() - weights) ** 2).sum()
        gamma = (g - chance * h) / (chance * (1 - h))
        h_group += share**2 * h
        agglomerated += gamma * share**2 * (1 - h)
        squares += share**2
    expected = (raw / chance - h_group - agglomerated) / (1 - squares)
    assert found.value == pytest.approx(expected, abs=1e-9)


def test_chance_alone_has_no_significance() -> None:
    random = np.random.default_rng(4)
    totals = [500, 300, 200]
    rows = []
    for number in range(60):
        spots = random.choice(3, size=30, p=[0.5, 0.3, 0.2])
        rows += [
            (f"I{number}", f"R{spot}", 1 + size, totals[spot], None)
            for size, spot in enumerate(spots)
        ]
        rows += [(f"I{number}", f"R{spot}", 0, totals[spot], "none") for spot in range(3)]
    names = "activity_code,region_code,value,region_total,plant_code"
    named = [(*row[:4], row[4] or f"P{place}") for place, row in enumerate(rows)]
    scores = [one.value for one in figures("CON_EGZ", names, named)]
    assert len(scores) == 60
    assert abs(np.mean(scores)) < 3 / math.sqrt(60)
    assert 0.6 < np.std(scores) < 1.5
