"""SS_…: what the change of a region is made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.csv_figures import Figure, by, figures

NAMES = "region_code,activity_code,base_value,value"
REGIONS = {
    "A": ([90, 20, 10, 60], [100, 40, 10, 55]),
    "B": ([60, 30, 30, 40], [85, 55, 40, 35]),
    "C": ([250, 100, 110, 300], [255, 115, 85, 390]),
}
QUICK = settings(max_examples=5, deadline=None)


def rows_of(regions) -> list[tuple[object, ...]]:
    return [
        (region, f"I{place}", before, after)
        for region, ends in regions.items()
        for place, (before, after) in enumerate(zip(*ends, strict=True))
    ]


def parts(code: str, rows, names: str = NAMES) -> dict[str, Figure]:
    return by(figures(code, names, rows), "region_code")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("SS_NAT", [27, 24, 114]), ("SS_MIX", [1, -1, 0]), ("SS_REG", [-3, 32, -29])],
)
def test_d21_three_regions(code: str, expected: list[float]) -> None:
    found = parts(code, rows_of(REGIONS))
    assert [found[region].value for region in REGIONS] == pytest.approx(expected, abs=1e-9)


def test_d21_regional_parts_cancel_out() -> None:
    assert sum(one.value for one in parts("SS_REG", rows_of(REGIONS)).values()) == (
        pytest.approx(0, abs=1e-9)
    )


@pytest.mark.parametrize("code", ["SS_NAT", "SS_MIX", "SS_REG", "SS_EM_REG", "SS_EM_ALL"])
def test_a_region_without_the_row_of_an_activity_is_incomplete(code: str) -> None:
    found = parts(code, rows_of(REGIONS)[1:])
    assert found["A"].reason == "incomplete_coverage"
    assert found["B"].value is not None


def test_d22_with_national_totals_given_for_one_region() -> None:
    nation = zip([400, 150, 150, 400], [440, 210, 135, 480], strict=True)
    rows = [
        (*row, before, after)
        for row, (before, after) in zip(rows_of({"A": REGIONS["A"]}), nation, strict=True)
    ]
    names = f"{NAMES},base_activity_total,activity_total"
    assert parts("SS_EM_REG", rows, names)["A"].value == pytest.approx(-0.636364, abs=1e-6)
    assert parts("SS_EM_ALL", rows, names)["A"].value == pytest.approx(-2.363636, abs=1e-6)
    assert parts("SS_NAT", rows, names)["A"].value == pytest.approx(27)


@QUICK
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=3, max_size=3),
        min_size=2,
        max_size=5,
    ),
    st.randoms(),
)
def test_identities_close(pairs, random) -> None:
    regions = {f"R{place}": tuple(zip(*row, strict=True)) for place, row in enumerate(pairs)}
    rows = rows_of(regions)
    random.shuffle(rows)
    found = {
        code: parts(code, rows) for code in ("SS_NAT", "SS_MIX", "SS_REG", "SS_EM_REG", "SS_EM_ALL")
    }
    table = np.array(pairs, dtype=float)
    before, after = table[:, :, 0], table[:, :, 1]
    scale = after.sum() + before.sum()
    growth = after.sum(axis=0) / before.sum(axis=0)
    for place, region in enumerate(regions):
        change = after[place].sum() - before[place].sum()
        values = {code: one[region].value for code, one in found.items()}
        assert sum(values[code] for code in ("SS_NAT", "SS_MIX", "SS_REG")) == pytest.approx(
            change, abs=1e-9 * scale
        )
        assert values["SS_EM_REG"] + values["SS_EM_ALL"] == pytest.approx(
            values["SS_REG"], abs=1e-9 * scale
        )
        own = before[place] * (after[place] / before[place] - growth)
        assert values["SS_REG"] == pytest.approx(own.sum(), abs=1e-9 * scale)
        shares = before.sum(axis=0) / before.sum()
        homothetic = before[place].sum() * shares
        competitive = (homothetic * (after[place] / before[place] - growth)).sum()
        assert values["SS_EM_REG"] == pytest.approx(competitive, abs=1e-9 * scale)
    for code in ("SS_MIX", "SS_REG"):
        whole = sum(one.value for one in found[code].values())
        assert whole == pytest.approx(0, abs=1e-9 * scale)


def test_gerfin_is_a_product_and_its_location_factor_actual_over_expected() -> None:
    found = by(figures("SS_GER", NAMES, rows_of(REGIONS)), "region_code", "method_version")
    for region, (before, after) in REGIONS.items():
        location, mix, both = (
            found[region, f"since=-1;factor={name}"].value for name in ("location", "mix", "both")
        )
        assert location * mix == pytest.approx(both, abs=1e-9)
        growth = np.array([440, 210, 135, 480]) / np.array([400, 150, 150, 400])
        expected = (np.array(before) * growth).sum()
        assert location == pytest.approx(sum(after) / expected, abs=1e-9)
        assert both == pytest.approx(sum(after) / sum(before) / 1.15, abs=1e-9)


def test_what_is_new_in_a_region_is_all_regional() -> None:
    rows = [("A", "I", 0, 3), ("A", "J", 5, 6), ("B", "I", 10, 10), ("B", "J", 5, 6)]
    values = {code: parts(code, rows)["A"].value for code in ("SS_NAT", "SS_MIX", "SS_REG")}
    assert sum(values.values()) == pytest.approx(4)
    assert values["SS_REG"] == pytest.approx(3 + 6 - 5 * 12 / 10)
    for code in ("SS_EM_REG", "SS_EM_ALL"):
        found = parts(code, rows)["A"]
        assert (found.value, found.reason) == (None, "zero_denominator")


def test_an_activity_new_in_the_country_has_no_growth() -> None:
    rows = [("A", "I", 0, 3), ("A", "J", 5, 6), ("B", "I", 0, 1), ("B", "J", 5, 6)]
    for code in ("SS_NAT", "SS_MIX", "SS_REG"):
        found = parts(code, rows)["A"]
        assert (found.value, found.reason) == (None, "zero_denominator")


def test_an_activity_that_is_nowhere_takes_no_part() -> None:
    rows = rows_of(REGIONS)
    empty = [(region, "none", 0, 0) for region in REGIONS]
    for code in ("SS_REG", "SS_EM_REG", "SS_EM_ALL"):
        before, after = parts(code, rows), parts(code, [*rows, *empty])
        for region, one in before.items():
            assert after[region].value == pytest.approx(one.value, abs=1e-12)


@pytest.mark.parametrize(
    ("names", "cells", "reason"),
    [
        ("boundary_version,base_boundary_version", ("2022-06-08", "_Z"), "boundary_break"),
        (
            "activity_classifier,base_activity_classifier",
            ("OKVED2", "OKVED_2007"),
            "classifier_break",
        ),
        ("unit_code,base_unit_code", ("BYN", "BYR"), "unit_break"),
        ("method_version,base_method_version", ("a", "b"), "method_break"),
        ("activity_count", (5,), "incomplete_coverage"),
        ("reference_total", (3000,), "incomplete_coverage"),
        ("is_withheld", (True,), "confidential_input"),
        ("correction", ("proposed",), "correction_pending"),
    ],
)
def test_what_cannot_be_compared_says_why(names: str, cells, reason: str) -> None:
    rows = [(*row, *cells) for row in rows_of(REGIONS)]
    for code in ("SS_NAT", "SS_REG", "SS_EM_REG", "SS_GER"):
        found = figures(code, f"{NAMES},{names}", rows)
        assert {(one.value, one.reason) for one in found} == {(None, reason)}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [(None, 5, "incomplete_coverage"), (5, None, "incomplete_coverage"), (-1, 5, "negative_input")],
)
def test_a_cell_that_is_missing_or_negative(before, after, reason: str) -> None:
    rows = [("A", "I", before, after), ("A", "J", 5, 6)]
    names = f"{NAMES},base_activity_total,activity_total"
    found = parts("SS_REG", [(*row, 10, 12) for row in rows], names)["A"]
    assert (found.value, found.reason) == (None, reason)


def test_a_declared_bridge_carries_the_base() -> None:
    names = f"{NAMES},boundary_version,base_boundary_version,bridge_weight"
    nation = ",base_activity_total,activity_total"
    bridged = parts("SS_REG", [("A", "I", 100, 60, "new", "old", 0.5, 1000, 1100)], names + nation)[
        "A"
    ]
    assert bridged.value == pytest.approx(60 - 50 * 1.1)
    assert "bridge=weighted" in bridged.method
