"""Data quality: what the papers print wrongly is found, and what is right stays quiet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.given import figures, reason, value

SMES_2016 = [10432, 8878, 9860, 8409, 40709, 20476, 8618]
SMES_2019 = [10437, 8838, 9948, 8364, 43610, 20922, 8658]
BASE_2020 = [66740, 15568, 28663, 20895, 110899, 2925]
PLAN_2024 = [89160, 29170, 41160, 39100, 206100, 36500]
GROWTH = [34, 88, 44, 87, 86, 65]
FEW = settings(max_examples=5, deadline=None)


def cells(values: list[Any], **more: Any) -> list[dict[str, Any]]:
    return [{"region_code": f"R{place}", "value": each} | more for place, each in enumerate(values)]


@pytest.mark.parametrize(("counts", "total"), [(SMES_2016, 107382), (SMES_2019, 110777)])
def test_d60_sums_of_paper_002_close(counts: list[int], total: int) -> None:
    rows = cells(counts, total=total)
    assert value("DQ_RECON", rows, "form=relative") == 0
    assert value("DQ_RECON", rows, "form=beyond_rounding") == 0


def test_d62_sums_of_paper_003() -> None:
    plan = cells(PLAN_2024, total=441190)
    assert value("DQ_RECON", plan, "form=beyond_rounding") == 0
    base = cells(BASE_2020, total=264900)
    gap = value("DQ_RECON", base, "form=relative")
    assert gap * 264900 == pytest.approx(19210, abs=1e-6)
    assert value("DQ_RECON", base, "form=beyond_rounding") > 0.07


@pytest.mark.parametrize("place", range(6))
def test_d63_growth_of_paper_003(place: int) -> None:
    """Furniture fails by rounding (87 printed as 88), tourism by far; four rows pass."""
    growth = 100 * (PLAN_2024[place] / BASE_2020[place] - 1)
    rows = [{"value": growth, "total": GROWTH[place], "decimals": 0}]
    excess = value("DQ_RECON", rows, "form=beyond_rounding") * GROWTH[place]
    expected = {1: 87.37 - 88 + 2 * 0.63 - 0.5, 5: 1147.86 - 65 - 0.5}
    assert excess == pytest.approx(expected.get(place, 0), abs=0.01)


def test_d61_ten_times_is_eight_times() -> None:
    claim = [{"value": 30.9 / 3.86, "total": 10, "decimals": 0}]
    assert claim[0]["value"] == pytest.approx(8.005, abs=1e-3)
    assert value("DQ_RECON", claim, "form=beyond_rounding") > 0.1


def test_half_of_the_last_digit_is_still_rounding() -> None:
    assert value("DQ_RECON", [{"value": 87.5, "total": 88}], "form=beyond_rounding") == 0
    assert value("DQ_RECON", [{"value": 87.49, "total": 88}], "form=beyond_rounding") > 0
    tenths = [{"value": 1.25, "total": 1.3, "decimals": 1}]
    assert value("DQ_RECON", tenths, "form=beyond_rounding") == 0


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (cells([1, 2], total=None), "missing_input"),
        (cells([1, None], total=3), "incomplete_coverage"),
        (cells([1, None], total=3, conf_status="C"), "confidential_input"),
        (cells([0, 0], total=0), "zero_denominator"),
        (cells([1, 2], total=3, correction="proposed"), "correction_pending"),
    ],
)
def test_reconciliation_has_reasons(rows: list[dict[str, Any]], expected: str) -> None:
    assert reason("DQ_RECON", rows, "form=relative") == expected


def test_completeness_is_of_what_is_expected() -> None:
    assert value("DQ_COMP", cells([1, None, 3, None])) == 0.5
    assert value("DQ_COMP", cells([1, 2], expected_count=4)) == 0.5
    nothing_there = cells([1, None], reason_code="none_occurs")
    assert value("DQ_COMP", nothing_there) == 1, "«-» says something"


def test_timeliness_is_in_days_after_the_period() -> None:
    dates = {"period_end": "2020-12-31", "released_on": "2021-03-01"}
    assert value("DQ_TIME", cells([1], **dates)) == 60
    late = cells([1], **dates) + cells([2], **dates | {"released_on": "2021-03-31"})
    late[1]["region_code"] = "other"
    assert value("DQ_TIME", late) == 90
    unknown = cells([1], period_end="2020-12-31", released_on=None)
    assert reason("DQ_TIME", unknown) == "missing_input"
    assert reason("DQ_TIME", cells([None], **dates)) == "missing_input"


def test_imputed_share_is_by_size() -> None:
    rows = [
        {"value": 1, "obs_status": "A"},
        {"value": 3, "obs_status": "E"},
        {"value": 4, "obs_status": "I"},
        {"value": None, "obs_status": "O"},
    ]
    assert value("DQ_IMP", rows) == pytest.approx(7 / 8)
    assert reason("DQ_IMP", cells([0], obs_status="E")) == "zero_denominator"
    assert reason("DQ_IMP", cells([None], obs_status="O")) == "missing_input"


def test_suppressed_share_is_of_cells() -> None:
    rows = [
        {"value": 1, "conf_status": "F"},
        {"value": None, "conf_status": "C"},
        {"value": None, "conf_status": "D"},
        {"value": None, "conf_status": "F"},
    ]
    assert value("DQ_SUPP", rows) == 0.5


def test_revisions_net_and_gross() -> None:
    rows = [
        {"value": 110, "first_value": 100},
        {"value": 90, "first_value": 100},
        {"value": 7, "first_value": None},
    ]
    assert value("DQ_REV", rows, "form=net") == 0
    assert value("DQ_REV", rows, "form=gross") == pytest.approx(0.1)
    one = [{"value": 95, "first_value": 100}]
    assert value("DQ_REV", one, "form=net") == pytest.approx(-0.05)
    assert reason("DQ_REV", [{"value": 95, "first_value": None}], "form=net") == "one_vintage"
    assert reason("DQ_REV", [{"value": 95, "first_value": 0}], "form=net") == "zero_denominator"


SHARES = {2017: 69.3, 2018: 76.2, 2019: 81.1, 2020: 77.4, 2021: 78.2}
COUNTS = {2017: 79658, 2018: 100702, 2019: 105531, 2020: 110246, 2021: 107121}


def test_d65_share_and_count_of_paper_003_disagree() -> None:
    shares = {**SHARES, 2017: 69.3, 2018: 76.2}
    rows = [
        {"year": year, "factor_value": shares[year], "product_value": COUNTS[year]}
        for year in COUNTS
    ]
    found = {
        each["year"]: each["value"]
        for each in figures("DQ_CROSS", rows)
        if each["method_version"].endswith("directions_disagree")
    }
    assert found == {2017: None, 2018: 0, 2019: 0, 2020: 1, 2021: 1}
    assert reason("DQ_CROSS", rows, "form=gap", year=2020) == "missing_input"


def test_share_times_whole_makes_the_count() -> None:
    row = {"year": 2020, "factor_value": 77.4, "base_value": 142437, "product_value": 110246}
    assert value("DQ_CROSS", [row], "form=gap") < 1e-4
    row["base_value"] = 150000
    assert value("DQ_CROSS", [row], "form=gap") > 0.05
    row["product_value"] = 0
    assert reason("DQ_CROSS", [row], "form=gap") == "zero_denominator"


@FEW
@given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=8), st.floats(0.01, 100))
def test_sums_close_whatever_their_scale(values: list[float], scale: float) -> None:
    rows = cells(values, total=float(sum(values)))
    assert value("DQ_RECON", rows, "form=relative") == pytest.approx(0, abs=1e-9)
    scaled = cells([each * scale for each in values], total=float(sum(values)) * scale * 1.5)
    found = value("DQ_RECON", scaled, "form=relative")
    assert found == pytest.approx(1 / 3, abs=1e-9)
    assert found == value("DQ_RECON", scaled[::-1], "form=relative")
