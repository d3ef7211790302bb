"""Specialisation and localisation: worked examples, edge rules, what holds for any table."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.indicator import compute
from warehouse.settings import Settings

Cells = Sequence[Mapping[str, Any]]
Found = dict[tuple[str, str], tuple[float | None, str | None]]
Compute = Callable[..., Found]
Panels = Callable[..., list[Found]]
RUSSIAN = ("SPC_KL", "SPC_IS", "SPC_KDP", "SPC_KUR", "SPC_KMT", "SPC_KE")
EXACT = 1e-9


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Panels:
    """Value and reason of an indicator by region and activity, for each of several tables.

    The tables are years of one file: a year knows nothing of another.
    """
    folder = tmp_path_factory.mktemp("given")

    def run(code: str, tables: Sequence[Cells], method: str = "", **variables: Any) -> list[Found]:
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
            if row["method_version"].startswith(method):
                key = (row.get("region_code", ""), row.get("activity_code", ""))
                found[row["year"]][key] = (row["value"], row["reason_code"])
        return found

    return run


@pytest.fixture(scope="module")
def figures(panels: Panels) -> Compute:
    """The same of one table."""

    def run(code: str, cells: Cells, method: str = "", **variables: Any) -> Found:
        return panels(code, [cells], method, **variables)[0]

    return run


def table(values: Sequence[Sequence[float | None]], **more: Any) -> list[dict[str, Any]]:
    """Cells of regions R1… by activities I1…."""
    return [
        {
            "region_code": f"R{row}",
            "activity_code": f"I{column}",
            "value": "" if value is None else repr(value),
            **more,
        }
        for row, line in enumerate(values, start=1)
        for column, value in enumerate(line, start=1)
    ]


def matrix(found: Found) -> np.ndarray:
    regions = sorted({region for region, _ in found}, key=lambda code: int(code[1:]))
    activities = sorted({code for _, code in found}, key=lambda code: int(code[1:]))
    return np.array([[found[region, code][0] for code in activities] for region in regions], float)


def test_d01_location_quotient(figures: Compute) -> None:
    cell = {
        "value": 1714,
        "region_total": 79006,
        "activity_total": 879213,
        "reference_total": 15593224,
    }
    ((value, reason),) = figures("SPC_LQ", [cell]).values()
    assert value == pytest.approx(0.3847623, abs=5e-8) and reason is None


def test_d03_quotients_of_shares(figures: Compute) -> None:
    shares, base = [15, 35, 30, 20], [35, 30, 20, 15]
    cells = [
        {"activity_code": f"I{n}", "value": share, "region_total": 100, "activity_total": of}
        | {"region_code": "R", "reference_total": 100}
        for n, (share, of) in enumerate(zip(shares, base, strict=True))
    ]
    found = [value for value, _ in figures("SPC_LQ", cells).values()]
    assert found == pytest.approx([0.43, 1.17, 1.50, 1.33], abs=5e-3)


D05 = {
    "Mining": (9384, 8031149, 10664, 104266.67, 4128.96, 0.11, 0.11, 0.10, 0.09, 0.44, 0.88),
    "Manufacturing": (
        *(449543, 22802348, 407140, 232923.83, 346148.11),
        *(1.91, 1.91, 1.63, 1.93, 0.77, 1.10),
    ),
    "Energy": (103228, 4219137, 99753, 52135.35, 45420.32, 2.37, 2.37, 2.02, 1.98, 0.44, 1.03),
    "Agriculture": (57733, 3261695, 53578, 50642.98, 39258.44, 1.71, 1.71, 1.46, 1.14, 0.68, 1.08),
    "Construction": (
        *(102960.4, 5140309.9, 100725.4, 55355.05, 62805.844),
        *(1.94, 1.94, 1.65, 1.86, 0.61, 1.02),
    ),
}


@pytest.mark.parametrize("code", RUSSIAN)
def test_d05_russian_coefficients(figures: Compute, code: str) -> None:
    names = ("value", "activity_total", "cost", "consumption", "outflow")
    given_too = {"region_total": 1.0324, "reference_total": 100, "region_code": "R"}
    people = {"population": 1734, "population_total": 143056}
    cells = [
        {"activity_code": activity, **dict(zip(names, row, strict=False)), **given_too, **people}
        for activity, row in D05.items()
    ]
    found = figures(code, cells)
    for activity, row in D05.items():
        expected = row[len(names) + RUSSIAN.index(code)]
        assert found["R", activity][0] == pytest.approx(expected, abs=5e-3), activity


D06 = [
    [100, 0, 0, 0, 0],
    [0, 15, 5, 70, 10],
    [0, 20, 10, 20, 50],
    [0, 25, 30, 5, 40],
    [0, 40, 55, 5, 0],
]


def test_d06_nothing_is_a_quotient_of_nothing(figures: Compute) -> None:
    expected = [
        [5, 0, 0, 0, 0],
        [0, 0.75, 0.25, 3.5, 0.5],
        [0, 1, 0.5, 1, 2.5],
        [0, 1.25, 1.5, 0.25, 2],
        [0, 2, 2.75, 0.25, 0],
    ]
    assert matrix(figures("SPC_LQ", table(D06))) == pytest.approx(np.array(expected, float))


def test_the_rest_of_the_country(figures: Compute) -> None:
    found = figures("SPC_LQ_REST", table(D06))
    assert found["R1", "I1"] == (None, "zero_denominator"), "an activity of one region"
    assert found["R2", "I4"][0] == pytest.approx(0.7 / (30 / 400))


def test_gap_and_symmetric_quotient(figures: Compute) -> None:
    assert figures("SPC_LQ_ADD", table(D06))["R2", "I4"][0] == pytest.approx(50)
    assert figures("SPC_LQ_SYM", table(D06))["R2", "I4"][0] == pytest.approx(2.5 / 4.5)
    assert figures("SPC_LQ_SYM", table(D06))["R1", "I2"][0] == -1


def test_standardised_over_regions_not_over_activities(figures: Compute) -> None:
    values = np.array([[10, 40, 50], [30, 30, 40], [80, 10, 10], [25, 25, 90]], float)
    quotients = (values / values.sum(1)[:, None]) / (values.sum(0) / values.sum())
    for form, freedom in (("population", 0), ("sample", 1)):
        for of, basis in (("quotient", quotients), ("log_quotient", np.log(quotients))):
            found = figures("SPC_LQ_Z", table(values.tolist()), f"of={of};", deviation_form=form)
            expected = (basis - basis.mean(0)) / basis.std(0, ddof=freedom)
            assert matrix(found) == pytest.approx(expected, abs=EXACT), (form, of)


def test_no_score_of_what_has_no_spread_or_no_logarithm(figures: Compute) -> None:
    alike = figures("SPC_LQ_Z", table([[1, 1], [2, 2]]), "of=quotient")
    assert set(alike.values()) == {(None, "zero_denominator")}
    zero = figures("SPC_LQ_Z", table([[0, 1], [2, 2]]), "of=log_quotient")
    assert zero["R1", "I1"] == zero["R2", "I1"] == (None, "zero_input")
    assert figures("SPC_LQ_Z", table([[1, 2]]), "of=quotient")["R1", "I1"][1] == "too_few_regions"


def test_cluster_index_and_mean_size(figures: Compute) -> None:
    cell = {"value": 60, "activity_total": 100, "establishments": 4, "establishments_total": 10}
    about = {"population": 3, "population_total": 10, "area": 2, "area_total": 5}
    here = {"region_total": 100, "reference_total": 300}
    ((value, _),) = figures("SPC_LS", [cell | about | here]).values()
    assert value == pytest.approx((60 / 2) / (100 / 5) * (60 / 3) / (100 / 10) / (15 / 10))
    ((value, _),) = figures("SPC_AVGSIZE", [cell | here]).values()
    assert value == 15
    for code in ("SPC_LS", "SPC_AVGSIZE"):
        ((_, reason),) = figures(code, [cell | about | here | {"establishments": 0}]).values()
        assert reason == "zero_denominator"
    few = [cell | here | {"establishments": 2}]
    assert list(figures("SPC_AVGSIZE", few).values()) == [(None, "confidential_input")]
    assert list(figures("SPC_AVGSIZE", few, least_establishments=1).values()) == [(30, None)]


@pytest.mark.parametrize(
    ("code", "beside"), [("SPC_KUR", "consumption"), ("SPC_KMT", "outflow"), ("SPC_KE", "cost")]
)
def test_a_measure_beside_may_be_missing_negative_or_zero(
    figures: Compute, code: str, beside: str
) -> None:
    cells = [
        {"region_code": f"R{n}", "activity_code": "I", "value": 5, beside: value}
        for n, value in enumerate(["", -1, 0])
    ]
    found = figures(code, cells)
    assert found["R0", "I"] == (None, "missing_input")
    assert found["R1", "I"] == (None, "negative_input")
    expected = (0, None) if code == "SPC_KMT" else (None, "zero_denominator")
    assert found["R2", "I"] == expected


def test_a_missing_or_negative_cell_is_never_zero(figures: Compute) -> None:
    found = figures("SPC_LQ", table([[None, 1], [2, 3]]))
    assert found["R1", "I1"] == (None, "missing_input")
    assert found["R2", "I2"] == (None, "incomplete_coverage"), "no reference without R1"
    assert figures("SPC_LQ", table([[-1, 2], [2, 3]]))["R1", "I1"] == (None, "negative_input")
    assert figures("SPC_LQ", table([[0, 0], [2, 3]]))["R1", "I1"] == (None, "zero_denominator")


def test_what_does_not_occur_leaves_the_sums_whole(figures: Compute) -> None:
    cells = table([[None, 1], [2, 3]])
    cells[0]["reason_code"] = "none_occurs"
    found = figures("SPC_LQ", cells)
    assert found["R1", "I1"] == (None, "none_occurs")
    assert found["R2", "I1"][0] == pytest.approx((2 / 5) / (2 / 6))


def test_a_correction_under_doubt_gives_no_figure(figures: Compute) -> None:
    cells = table([[1, 1], [2, 3]], quotient_correction="proposed", focus_correction="confirmed")
    assert {reason for _, reason in figures("SPC_LQ", cells).values()} == {"correction_pending"}
    assert all(value is not None for value, _ in figures("SPC_FOCUS", cells).values())


PRINTED = {"region_total": 100, "reference_total": 300}


def hidden(values: Sequence[Sequence[float | None]], totals: Sequence[float]) -> list[dict]:
    """Cells of a table with printed margins, where None is a withheld value."""
    cells = table(values, **PRINTED)
    for place, cell in enumerate(cells):
        cell["activity_total"] = totals[place % len(totals)]
        if cell["value"] == "":
            cell["reason_code"] = "confidential"
    return cells


def test_margins_never_give_a_withheld_cell_away(figures: Compute) -> None:
    """One withheld cell: a rectangle round it has no figure, and no interval tells it."""
    values = [[None, 60, 20], [30, 50, 20], [50, 15, 35]]
    totals = [100, 125, 75]
    for code in ("SPC_LQ", "SPC_SIZE", "SPC_FOCUS", "SPC_LQ_ADD", "SPC_LQ_SYM", "SPC_LQ_REST"):
        found = figures(code, hidden(values, totals))
        missing = {key for key, (value, _) in found.items() if value is None}
        assert missing == {("R1", "I1"), ("R1", "I3"), ("R2", "I1"), ("R2", "I3")}, code
        assert found["R1", "I1"][1] == "confidential"
        assert found["R2", "I3"][1] == "confidential_input"
    low = figures("SPC_LQ_LO", hidden(values, totals))
    high = figures("SPC_LQ_HI", hidden(values, totals))
    assert low["R1", "I1"][0] == 0
    assert high["R1", "I1"][0] == pytest.approx((100 / 100) / (100 / 300))
    assert high["R1", "I3"] == (None, "confidential_input")
    scores = figures("SPC_LQ_Z", hidden(values, totals), "of=quotient")
    assert scores["R3", "I1"] == (None, "confidential_input")


def test_every_line_of_a_withheld_cell_hides_two(panels: Panels) -> None:
    """Whichever cell is withheld, its row and its column keep another one back."""
    whole = [[20.0, 30.0, 50.0], [10.0, 40.0, 50.0], [70.0, 10.0, 20.0]]
    tables: list[list[dict[str, Any]]] = []
    for place in range(9):
        values: list[list[float | None]] = [list(line) for line in whole]
        values[place // 3][place % 3] = None
        tables.append(hidden(values, [100, 80, 120]))
    for place, found in enumerate(panels("SPC_LQ", tables)):
        gone = np.isnan(matrix(found))
        assert gone[place // 3, place % 3]
        for counts in (gone.sum(0), gone.sum(1)):
            assert set(counts) <= {0, 2}


def test_bounds_by_interval_and_margin(figures: Compute) -> None:
    cells = hidden([[20, 80], [None, 90], [None, 95]], [60, 240])
    cells[2] |= {"value_low": 5, "value_high": 30}
    low, high = figures("SPC_LQ_LO", cells), figures("SPC_LQ_HI", cells)
    assert low["R1", "I1"] == high["R1", "I1"] == (None, "confidential_input")
    assert low["R2", "I1"][0] == pytest.approx((5 / 100) / (60 / 300))
    assert high["R2", "I1"][0] == pytest.approx((30 / 100) / (60 / 300))
    assert low["R3", "I1"][0] == 0
    # 60 - 20 - 5 is what the margin leaves for R3
    assert high["R3", "I1"][0] == pytest.approx((35 / 100) / (60 / 300))


def test_an_imputed_cell_has_the_interval_that_its_source_gives(figures: Compute) -> None:
    cells = table([[30, 70], [20, 80]])
    cells[0] |= {"obs_status": "I", "value_low": 20, "value_high": 49}
    assert figures("SPC_LQ", cells)["R1", "I1"][0] == pytest.approx(0.3 / 0.25)
    assert figures("SPC_LQ_LO", cells)["R1", "I1"][0] == pytest.approx(0.2 / 0.25)
    assert figures("SPC_LQ_HI", cells)["R1", "I1"][0] == pytest.approx(0.49 / 0.25)


positive = st.integers(min_value=1, max_value=10**6).map(float)
some_tables = st.lists(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(positive, min_size=width, max_size=width), min_size=2, max_size=5
        )
    ),
    min_size=4,
    max_size=8,
)
quick = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(drawn=some_tables)
def test_sums_bounds_and_identities(panels: Panels, drawn: list[list[list[float]]]) -> None:
    codes = ("LQ", "KL", "IS", "LQ_SYM", "SIZE", "FOCUS", "LQ_ADD")
    tables = [table(values) for values in drawn]
    found = {code: [matrix(one) for one in panels(f"SPC_{code}", tables)] for code in codes}
    for place, values in enumerate(drawn):
        array = np.array(values)
        weights = array.sum(1) / array.sum()
        quotients = found["LQ"][place]
        truth = (array / array.sum(1)[:, None]) / (array.sum(0) / array.sum())
        assert quotients == pytest.approx(truth, rel=1e-9, abs=EXACT)
        assert weights @ quotients == pytest.approx(np.ones(array.shape[1]), rel=1e-9)
        assert (quotients <= 1 / weights[:, None] + 1e-6).all()
        assert found["KL"][place] == pytest.approx(found["IS"][place], rel=1e-9, abs=EXACT)
        bent = (quotients - 1) / (quotients + 1)
        assert found["LQ_SYM"][place] == pytest.approx(bent, abs=EXACT)
        assert found["SIZE"][place].sum(0) == pytest.approx(100)
        assert found["FOCUS"][place].sum(1) == pytest.approx(100)
        assert found["LQ_ADD"][place].sum(1) == pytest.approx(np.zeros(len(values)), abs=1e-8)


@quick
@given(drawn=some_tables, factor=st.sampled_from([1e-3, 7.0, 1e6]), data=st.data())
def test_scale_and_order_do_not_matter(
    panels: Panels, drawn: list[list[list[float]]], factor: float, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(["SPC_LQ", "SPC_LQ_REST", "SPC_LQ_SYM"]))
    tables = [table(values) for values in drawn]
    shuffled = [data.draw(st.permutations(cells)) for cells in tables]
    scaled = [table([[value * factor for value in row] for row in values]) for values in drawn]
    expected, *others = (panels(code, each) for each in (tables, shuffled, scaled))
    assert others[0] == expected
    for one, other in zip(expected, others[1], strict=True):
        for key, (value, reason) in one.items():
            assert other[key][1] == reason
            if value is not None:
                assert math.isclose(other[key][0] or 0, value, rel_tol=1e-9, abs_tol=EXACT)
