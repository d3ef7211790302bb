"""DYN_…, RNK_TAU and STA_TRANS: changes of values, of the order of regions and of statuses."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from tests.indicators.csv_figures import by, figures, only

QUICK = settings(max_examples=5, deadline=None)
SMES = {
    "Brest": (10432, 10437, 0.05, 0.15),
    "Vitebsk": (8878, 8838, -0.45, -1.18),
    "Gomel": (9860, 9948, 0.89, 2.59),
    "Grodno": (8409, 8364, -0.54, -1.33),
    "Minsk": (40709, 43610, 7.13, 85.45),
    "Minsk Region": (20476, 20922, 2.18, 13.14),
    "Mogilev": (8618, 8658, 0.46, 1.18),
}
PAIR = "year,base_year,base_value,value"


def test_d20_counts_years_and_not_points() -> None:
    found = by(figures("DYN_CAGR", "year,value", [(2010, 10), (2011, 12), (2013, 15)]), "year")
    assert found[2013].value / 100 == pytest.approx(0.1447142, abs=1e-7)
    assert found[2013].value != pytest.approx(100 * (1.5**0.5 - 1), abs=1)
    assert found[2013].method == "since=2010"
    assert found[2013].columns["unit_code"] == "per_cent"


def test_smes_of_belarus_and_who_made_the_growth() -> None:
    rows = [
        (region, year, value)
        for region, (before, after, *_) in SMES.items()
        for year, value in ((2016, before), (2019, after))
    ]
    names = "region_code,year,value"
    growth = by(figures("DYN_PCT", names, rows), "region_code")
    part = by(figures("DYN_CONTR", names, rows), "region_code")
    change = by(figures("DYN_ABS", names, rows), "region_code")
    for region, (before, after, pct, contribution) in SMES.items():
        assert round(growth[region].value, 2) == pct
        assert round(part[region].value, 2) == contribution
        assert change[region].value == after - before
    assert sum(one.value for one in part.values()) == pytest.approx(100, abs=1e-9)


def test_required_pace_of_the_papers_clusters() -> None:
    found = only(figures("DYN_CAGR", PAIR, [(2024, 2020, 66740, 89160)]))
    assert round(found.value, 2) == 7.51


def test_shares_change_by_points_and_never_by_per_cent() -> None:
    names = f"{PAIR},unit_kind"
    assert only(figures("DYN_PP", names, [(2019, 2016, 23.6, 26.1, "per_cent")])).value == (
        pytest.approx(2.5)
    )
    with pytest.raises(Exception, match="none among the rows"):
        figures("DYN_PCT", names, [(2019, 2016, 23.6, 26.1, "per_cent")])
    with pytest.raises(Exception, match="none among the rows"):
        figures("DYN_PP", names, [(2019, 2016, 23.6, 26.1, "count")])


def test_d68_no_comparison_across_a_break_without_a_bridge() -> None:
    names = "region_code,year,value,boundary_version,bridge_weight"
    rows = [
        ("KZ-35", 2020, 66740, "_Z", None),
        ("KZ-35", 2024, 89160, "2022-06-08", None),
        ("KZ-11", 2020, 20895, "_Z", None),
        ("KZ-11", 2024, 39100, "_Z", None),
    ]
    for code in ("DYN_PCT", "DYN_ABS", "DYN_CAGR", "DYN_CONTR"):
        found = by(figures(code, names, rows), "region_code")
        assert (found["KZ-35"].value, found["KZ-35"].reason) == (None, "boundary_break")
        assert found["KZ-11"].value is not None
    rows[1] = ("KZ-35", 2024, 89160, "2022-06-08", 0.83707)
    bridged = by(figures("DYN_PCT", names, rows), "region_code")["KZ-35"]
    assert bridged.value == pytest.approx(100 * (89160 / (66740 * 0.83707) - 1))
    assert bridged.method == "since=2020;bridge=weighted"


def test_units_and_prices_of_two_years_are_not_mixed() -> None:
    names = f"{PAIR},unit_code,base_unit_code"
    broken = only(figures("DYN_PCT", names, [(2017, 2015, 870, 1, "BYN", "BYR")]))
    assert (broken.value, broken.reason) == (None, "unit_break")
    real = only(figures("DYN_PCT", f"{PAIR},deflator", [(2017, 2015, 100, 121, 1.1)]))
    assert real.value == pytest.approx(10)
    assert real.method == "since=2015;prices=base_year"


@pytest.mark.parametrize(
    ("before", "after", "pct", "cagr", "difference"),
    [
        (0, 5, "zero_denominator", "zero_denominator", None),
        (-2, 5, "negative_input", "negative_input", None),
        (2, -5, "negative_input", "negative_input", None),
        (None, 5, "missing_input", "missing_input", "missing_input"),
        (5, None, "missing_input", "missing_input", "missing_input"),
        (5, 0, None, None, None),
    ],
)
def test_growth_needs_a_positive_base(before, after, pct, cagr, difference) -> None:
    rows = [(2020, 2018, before, after)]
    for code, reason in (("DYN_PCT", pct), ("DYN_CAGR", cagr), ("DYN_ABS", difference)):
        found = only(figures(code, PAIR, rows))
        assert found.reason == reason
        assert (found.value is None) == (reason is not None)


def test_a_country_that_does_not_change_has_no_contributions() -> None:
    rows = [("A", 1, 10), ("A", 2, 15), ("B", 1, 10), ("B", 2, 5)]
    found = figures("DYN_CONTR", "region_code,year,value", rows)
    assert {(one.value, one.reason) for one in found} == {(None, "zero_denominator")}


def test_a_country_with_a_region_less_than_before_has_no_total() -> None:
    rows = [("A", 1, 10), ("B", 1, 10), ("A", 2, 15)]
    found = by(figures("DYN_CONTR", "region_code,year,value", rows), "region_code")
    assert found["A"].value is None


@QUICK
@given(
    st.lists(
        st.tuples(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 30)),
        min_size=1,
        max_size=8,
    )
)
def test_growth_leads_from_the_base_to_the_value(pairs) -> None:
    names = f"region_code,{PAIR}"
    rows = [(f"R{place}", 2000 + n, 2000, a, b) for place, (a, b, n) in enumerate(pairs)]
    growth = by(figures("DYN_CAGR", names, rows), "region_code")
    change = by(figures("DYN_PCT", names, rows), "region_code")
    for place, (before, after, years) in enumerate(pairs):
        reached = before * (1 + growth[f"R{place}"].value / 100) ** years
        # A loss of nearly all leaves few digits of what is left: its error is one of the base.
        assert reached == pytest.approx(after, rel=1e-9, abs=1e-12 * before)
        assert change[f"R{place}"].value == pytest.approx(100 * (after / before - 1), rel=1e-9)


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=9),
    st.randoms(),
)
def test_rank_mobility_is_kendalls_tau_b(pairs, random) -> None:
    rows = [
        (f"R{place}", year, value)
        for place, (before, after) in enumerate(pairs)
        for year, value in ((2019, before), (2020, after))
    ]
    random.shuffle(rows)
    found = only(figures("RNK_TAU", "region_code,year,value", rows))
    before, after = zip(*pairs, strict=True)
    if len(set(before)) == 1 or len(set(after)) == 1:
        assert (found.value, found.reason) == (None, "zero_denominator")
    else:
        assert found.value == pytest.approx(kendalltau(before, after).statistic, abs=1e-9)


def test_an_order_with_a_gap_or_a_break_is_not_compared() -> None:
    names = "region_code,year,value,boundary_version"
    rows = [("A", 1, 1, "_Z"), ("A", 2, 1, "_Z"), ("B", 1, 2, "_Z"), ("B", 2, 2, "new")]
    assert only(figures("RNK_TAU", names, rows)).reason == "boundary_break"
    rows = [("A", 1, 1, "_Z"), ("A", 2, 1, "_Z"), ("B", 2, 2, "_Z"), ("C", 1, 3, "_Z")]
    found = only(figures("RNK_TAU", names, [*rows, ("C", 2, 3, "_Z")]))
    assert (found.value, found.reason) == (None, "incomplete_coverage")


def statuses(moves: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    return [
        (f"C{place}", year, status)
        for place, move in enumerate(moves)
        for year, status in zip((2019, 2020), move, strict=True)
    ]


def test_transitions_make_a_matrix_of_rows_that_add_up() -> None:
    moves = [("potential", "forming")] * 3 + [("potential", "potential")] * 4
    moves += [("forming", "active")] * 5
    names = "cluster_code,year,status_code"
    counts = by(figures("STA_TRANS_N", names, statuses(moves)), "method_version")
    shares = by(figures("STA_TRANS", names, statuses(moves)), "method_version")
    assert counts["from=potential;to=forming"].value == 3
    assert counts["from=potential;to=active"].value == 0
    assert shares["from=potential;to=forming"].value == pytest.approx(300 / 7)
    for status in ("potential", "forming"):
        row = [one for method, one in shares.items() if method.startswith(f"from={status};")]
        assert sum(one.value for one in row) == pytest.approx(100)
    assert sum(one.value for one in counts.values()) == len(moves)


def test_a_share_of_few_clusters_is_not_given_but_counted() -> None:
    names = "cluster_code,year,status_code"
    moves = [("forming", "active"), ("forming", "forming")]
    assert {(one.value, one.reason) for one in figures("STA_TRANS", names, statuses(moves))} == {
        (None, "too_few_cases")
    }
    assert [one.value for one in figures("STA_TRANS_N", names, statuses(moves))] == [1, 1]
    found = figures("STA_TRANS", names, statuses(moves), minimum_transitions=2)
    assert [one.value for one in found] == [50, 50]


def test_years_of_a_cluster_follow_one_another() -> None:
    rows = [("C", year, status) for year, status in zip((2018, 2019, 2020), "paa", strict=True)]
    found = by(figures("STA_TRANS_N", "cluster_code,year,status_code", rows), "year")
    assert [found[year].method for year in (2019, 2020)] == ["from=p;to=a", "from=a;to=a"]
    assert len(list(itertools.chain(found))) == 2
