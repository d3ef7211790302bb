"""Rules of strength: who passes, who must pass in small countries, and when nobody can tell."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.indicator import compute
from warehouse.settings import Settings

Found = dict[str, tuple[float | None, str | None]]
Cells = Sequence[Mapping[str, Any]]
Compute = Callable[..., Found]
Panels = Callable[..., list[Found]]
EXACT = 1e-9
RANKED = ("STR_QUAL", "STR_SIGN", "STR_STRONG", "STR_STRONG10")


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Panels:
    """Value and reason of a rule by region, for each of several tables: years of one file."""
    folder = tmp_path_factory.mktemp("given")

    def run(code: str, tables: Sequence[Cells], **variables: Any) -> list[Found]:
        path = folder / "given.csv"
        columns = ["year", *dict.fromkeys(name for cells in tables for c in cells for name in c)]
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, restval="")
            writer.writeheader()
            for year, cells in enumerate(tables):
                writer.writerows({"year": year, **cell} for cell in cells)
        names, rows = compute(Settings.of(folder / "home"), code, path, variables)
        found: list[Found] = [{} for _ in tables]
        for row in (dict(zip(names, row, strict=True)) for row in rows):
            found[row["year"]][row["region_code"]] = (row["value"], row["reason_code"])
        return found

    return run


@pytest.fixture(scope="module")
def figures(panels: Panels) -> Compute:
    """The same of one table."""

    def run(code: str, cells: Cells, **variables: Any) -> Found:
        return panels(code, [cells], **variables)[0]

    return run


def one_activity(
    values: Sequence[float | None], establishments: Sequence[float] | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Cells of one activity in regions R0, R1 … of equal size; None is withheld."""
    count = establishments or [10 + place for place in range(len(values))]
    return [
        {
            "region_code": f"R{place}",
            "activity_code": "I",
            "value": "" if value is None else repr(float(value)),
            "reason_code": "confidential" if value is None else "",
            "establishments": count[place],
            "region_total": 1000,
            "activity_total": 100 * len(values),
            "reference_total": 1000 * len(values),
            **more,
        }
        for place, value in enumerate(values)
    ]


def passed(found: Found) -> list[str]:
    return [region for region, (value, _) in found.items() if value == 1]


MUST_PASS = {  # regions: at least at Q50, Q75, Q90
    7: (4, 2, 1),
    17: (9, 5, 2),
    20: (10, 5, 2),
    50: (25, 13, 5),
    201: (101, 51, 21),
    259: (130, 65, 26),
}


def test_how_many_must_pass(panels: Panels) -> None:
    """Rank rules pick by the number of regions: without ties, these pass whatever the values."""
    tables = [one_activity([500 + place for place in range(regions)]) for regions in MUST_PASS]
    codes = ("STR_SIGN", "STR_STRONG", "STR_STRONG10", "STR_STARS")
    found = {code: panels(code, tables) for code in codes}
    for place, (regions, (half, quarter, tenth)) in enumerate(MUST_PASS.items()):
        # above the median, not at it
        assert len(passed(found["STR_SIGN"][place])) == half - regions % 2
        assert len(passed(found["STR_STRONG"][place])) == quarter
        assert len(passed(found["STR_STRONG10"][place])) == tenth
        assert sum(value == 3 for value, _ in found["STR_STARS"][place].values()) == tenth


def test_strict_and_not_strict_at_ties(figures: Compute) -> None:
    cells = one_activity([200.0] * 8, establishments=[5] * 8)
    assert passed(figures("STR_QUAL", cells)) == [], "nobody is above what all have"
    stars = figures("STR_STARS", cells)
    assert {value for value, _ in stars.values()} == {3}, "all are at the top, and above 2"


def test_strong_needs_a_quotient_of_one(figures: Compute) -> None:
    low = one_activity([50 + place for place in range(8)])
    assert passed(figures("STR_STRONG", low)) == []
    assert passed(figures("STR_STRONG", low, specialised_quotient=0.5)) == ["R6", "R7"]


def test_regions_without_the_activity_are_no_part_of_the_quantiles(figures: Compute) -> None:
    present = [500 + place for place in range(8)]
    alone = passed(figures("STR_STRONG", one_activity(present)))
    beside = one_activity([*present, 0, 0, 0, 0], establishments=[*range(10, 18), 0, 0, 0, 0])
    assert passed(figures("STR_STRONG", beside)) == alone


@pytest.mark.parametrize("code", RANKED)
def test_a_withheld_cell_that_decides_leaves_it_open(panels: Panels, code: str) -> None:
    """Two withheld cells of seven: what is said holds whatever they are."""
    values = [500, 400, 300, 200, 100, None, None]
    behind = [0, 20, 40, 60]
    tables = [one_activity(values, establishments=[20, 21, 22, 23, 24, 25, 26])]
    for known in behind:
        whole = [*values[:5], known, 60 - known]
        tables.append(one_activity(whole, establishments=[20, 21, 22, 23, 24, 25, 26]))
    tables = [[cell | {"activity_total": 1560} for cell in cells] for cells in tables]
    found, *truths = panels(code, tables)
    assert {reason for _, reason in found.values()} <= {None, "undetermined", "confidential_input"}
    assert any(value is not None for value, _ in found.values())
    for region, (value, _) in found.items():
        for truth in truths:
            assert value is None or truth[region] == (value, None), region


def test_an_imputed_cell_that_decides_leaves_it_open(figures: Compute) -> None:
    cells = one_activity([1500, 2500])
    cells[0] |= {"obs_status": "I", "value_low": 500, "value_high": 2000}
    cells[1] |= {"obs_status": "I", "value_low": 2000, "value_high": 3000}
    totals = {"region_total": 10_000, "activity_total": 5000, "reference_total": 100_000}
    cells = [cell | totals for cell in cells]
    found = figures("STR_ABS", cells)
    assert found == {"R0": (None, "undetermined"), "R1": (1, None)}
    # without a declared interval anything may be behind it
    del cells[1]["value_low"], cells[1]["value_high"]
    assert figures("STR_ABS", [cells[1]])["R1"] == (None, "undetermined")


def test_withheld_establishments_leave_it_open(figures: Compute) -> None:
    cells = one_activity([500, 400, 300, 200])
    cells[0] |= {"establishments": "", "is_establishments_withheld": "true"}
    found = figures("STR_STRONG", cells)
    assert found["R0"] == (None, "undetermined")
    assert found["R3"] == (0, None)


def test_reasons_before_a_rule_is_asked(figures: Compute) -> None:
    cells = one_activity([500, 400, 300, 200])
    lost = [cell | {"establishments": ""} for cell in cells]
    assert {reason for _, reason in figures("STR_STRONG", lost).values()} == {"missing_input"}
    gap = [cells[0] | {"value": "", "reason_code": "not_published"}, *cells[1:]]
    found = figures("STR_STRONG", gap)
    assert found["R0"] == (None, "not_published")
    assert found["R1"] == (None, "incomplete_coverage")
    assert figures("STR_STRONG", cells[:1])["R0"] == (None, "too_few_regions")
    doubtful = [cell | {"quotient_correction": "proposed"} for cell in cells]
    assert {reason for _, reason in figures("STR_STARS", doubtful).values()} == {
        "correction_pending"
    }
    nothing = [cells[0] | {"value": "", "reason_code": "none_occurs"}, *cells[1:]]
    assert figures("STR_STARS", nothing)["R0"] == (None, "none_occurs")


def test_thresholds_that_nobody_set(figures: Compute) -> None:
    cells = one_activity([5000, 400], average_wage=2000)
    cells = [cell | {"region_total": 10_000} for cell in cells]
    unset = figures("STR_PANO", cells)
    assert set(unset.values()) == {(None, "parameter_not_set")}
    cut_offs = {"panorama_size": 1000, "panorama_quotient": 1.5, "panorama_wage": 1500}
    assert figures("STR_PANO", cells, **cut_offs) == {"R0": (3, None), "R1": (1, None)}
    none = figures("STR_ABS", cells, absolute_size=None)
    assert set(none.values()) == {(None, "parameter_not_set")}


def test_the_absolute_rule_does_not_look_at_other_regions(figures: Compute) -> None:
    cells = one_activity([5000, 999, 5000, 5000], establishments=[3, 30, 2, 3])
    cells = [cell | {"region_total": 50_000, "reference_total": 500_000} for cell in cells]
    cells[3]["region_total"] = 10**9
    found = figures("STR_ABS", cells)
    assert [found[f"R{place}"][0] for place in range(4)] == [1, 0, 0, 0]
    assert figures("STR_ABS", cells[:1])["R0"] == found["R0"]


def test_three_coefficients_are_two_criteria(figures: Compute) -> None:
    """D05: manufacturing passes, mining does not; production per head may fail it alone."""
    given_too = {"region_total": 1.0324, "reference_total": 100, "population_total": 143056}
    cells = [
        {"region_code": region, "value": value, "activity_total": total, "population": people}
        | given_too
        for region, value, total, people in [
            ("mining", 9384, 8031149, 1734),
            ("manufacturing", 449543, 22802348, 1734),
            ("crowded", 449543, 22802348, 17340),
        ]
    ]
    found = figures("STR_RU", cells)
    assert found == {"mining": (0, None), "manufacturing": (1, None), "crowded": (0, None)}
    assert figures("STR_RU", [cells[0] | {"population": ""}])["mining"][1] == "missing_input"


def test_bases_that_agree(figures: Compute) -> None:
    """Exports are no base; an activity has the votes of those bases that are known."""
    measures = {"employment": 30, "output": 30, "wages": 5, "exports": 30}
    cells = [
        {
            "base_indicator_code": measure,
            "region_code": region,
            "value": value,
            "region_total": 100,
            "activity_total": 40,
            "reference_total": 300,
        }
        for measure, first in measures.items()
        for region, value in (("A", first), ("B", 1))
    ]
    assert figures("STR_BASE", cells) == {"A": (2, None), "B": (0, None)}
    cells[0] |= {"value": "", "reason_code": "confidential"}
    assert figures("STR_BASE", cells)["A"] == (None, "undetermined")
    cells[0] |= {"reason_code": "not_published"}
    assert figures("STR_BASE", cells)["A"] == (1, None), "of the two that are known"


quick = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
some_lines = st.lists(
    st.lists(st.integers(0, 900), min_size=3, max_size=12).filter(
        lambda values: sum(value > 0 for value in values) > 1
    ),
    min_size=5,
    max_size=15,
)


@quick
@given(drawn=some_lines)
def test_rules_against_numpy(panels: Panels, drawn: list[list[int]]) -> None:
    counts = [[3 + value % 7 for value in values] for values in drawn]
    tables = [
        one_activity(values, establishments=count)
        for values, count in zip(drawn, counts, strict=True)
    ]
    found = {code: panels(code, tables) for code in RANKED}
    for place, (values, count) in enumerate(zip(drawn, counts, strict=True)):
        size, quotient = np.array(values, float), np.array(values, float) / 100
        here = size > 0
        # a hair below the quantile is at it: numpy interpolates in another order
        bound = {part: np.quantile(quotient[here], part) for part in (0.25, 0.5, 0.75, 0.9)}
        large = size > np.quantile(size[here], 0.25)
        many = np.array(count) > np.quantile(np.array(count)[here], 0.25)
        expected = {
            "STR_QUAL": large & many & (quotient > bound[0.25] + EXACT),
            "STR_SIGN": large & many & (quotient > bound[0.5] + EXACT),
            "STR_STRONG": large & many & (quotient >= bound[0.75] - EXACT) & (quotient >= 1),
            "STR_STRONG10": large & many & (quotient >= bound[0.9] - EXACT) & (quotient >= 1),
        }
        for code, truth in expected.items():
            regions = [found[code][place][f"R{region}"] for region in range(len(values))]
            assert [value for value, _ in regions] == truth.tolist(), (code, values)
