"""Performance, members, status, support and projects of clusters; SMEs, digital and remote work."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.indicator import compute
from warehouse.settings import Settings

Figure = tuple[float | None, str | None]
EXACT = 1e-9
FEW = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows(
    folder: Path, code: str, text: str, variables: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    names, found = compute(Settings.of(folder / "home"), code, path, variables)
    return [dict(zip(names, row, strict=True)) for row in found]


def figure(
    folder: Path,
    code: str,
    text: str,
    method: str | None = None,
    variables: dict[str, Any] | None = None,
) -> Figure:
    """Value and reason of the one figure, or of the one with the method."""
    (found,) = [
        row
        for row in rows(folder, code, text, variables)
        if method is None or row["method_version"] == method
    ]
    assert (found["value"] is None) == (found["reason_code"] is not None), found
    return found["value"], found["reason_code"]


MEMBERS = "value_added,output,employees,payroll\n1000,4000,100,\n-100,400,20,240\n,,30,360\n"


@pytest.mark.parametrize(
    ("code", "method", "expected"),
    [
        ("PRF_EMP", "sum=members", (150, None)),
        ("PRF_VA", "sum=members", (None, "incomplete_coverage")),
        ("PRF_PROD", "sum=members;of=value_added", (7.5, None)),
        ("PRF_PROD", "sum=members;of=output", (4400 / 120, None)),
        ("PRF_WAGE", "sum=members", (12, None)),
    ],
)
def test_only_parts_that_know_both_are_in_a_ratio(
    tmp_path: Path, code: str, method: str, expected: Figure
) -> None:
    """The wage of all 150 employees would be 4: the payroll of two thirds of them is unknown."""
    value, reason = figure(tmp_path, code, MEMBERS, method)
    assert reason == expected[1]
    assert value == (None if expected[0] is None else pytest.approx(expected[0], abs=EXACT))


def test_a_sum_of_a_part_needs_to_be_allowed(tmp_path: Path) -> None:
    allowed = {"member_coverage": 0.6}
    assert figure(tmp_path, "PRF_VA", MEMBERS, variables=allowed) == (900, None)


def test_members_and_activities_are_two_numbers(tmp_path: Path) -> None:
    text = "part_kind,employees\nmembers,10\nmembers,5\nactivities,700\n"
    assert figure(tmp_path, "PRF_EMP", text, "sum=members") == (15, None)
    assert figure(tmp_path, "PRF_EMP", text, "sum=activities") == (700, None)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("PRF_EXPSH", "exports,sales\n30,200\n,300\n", (15, None)),
        ("PRF_EXPSH", "exports,sales\n0,200\n", (0, None)),
        ("PRF_EXPSH", "exports,sales\n30,0\n", (None, "zero_denominator")),
        ("PRF_EXPSH", "exports,sales\n30,-5\n", (None, "negative_input")),
        ("PRF_EXPSH", "exports,sales\n-1,5\n", (None, "negative_input")),
        ("PRF_EXPSH", "exports,sales\n201,200\n", (None, "contradictory_input")),
        ("PRF_EXPSH", "exports,sales\n,200\n", (None, "missing_input")),
        ("PRF_EXPSH", "exports,has_exports,sales\n,true,200\n", (None, "none_occurs")),
        ("PRF_EXPSH", "exports,sales,unit_code\n1,5,BYN\n1,5,KZT\n", (None, "unit_break")),
        ("PRF_EXPSH", "exports,sales,correction\n1,5,proposed\n", (None, "correction_pending")),
        ("PRF_EXPSH", "exports,sales,correction\n1,5,confirmed\n", (20, None)),
        ("PRF_NEWF", "new_firms,active_firms\n4,80\n", (5, None)),
        ("INN_PAT", "patents,employees\n1.5,3000\n2.5,5000\n", (5, None)),
        ("REM_XREG", "remote_outside_home,employees\n5,50\n0,30\n,20\n", (6.25, None)),
        ("NET_INTRA", "sales,sales_to_members\n100,30\n50,0\n", (20, None)),
        ("NET_INTRA", "sales,sales_to_members\n100,30\n50,\n", (None, "incomplete_coverage")),
        ("NET_INTRA", "sales,sales_to_members\n100,101\n", (None, "contradictory_input")),
        ("PRF_EMP", "year,part_code,employees\n2020,,\n", (None, "not_applicable")),
        ("PRF_EMP", "employees\n7\n\n", (7, None)),
        (
            "PRF_EXP",
            "exports,suppressed_measures\n5,\n,;exports;\n",
            (None, "confidential_input"),
        ),
    ],
)
def test_sums_and_ratios_of_members(tmp_path: Path, code: str, text: str, expected: Figure) -> None:
    value, reason = figure(tmp_path, code, text)
    assert (value, reason) == (
        expected if expected[0] is None else (pytest.approx(expected[0], abs=EXACT), None)
    )


@FEW
@given(
    parts=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 5000)), min_size=1, max_size=8),
    scale=st.sampled_from([2, 10, 1000]),
    data=st.data(),
)
def test_productivity_scales_and_does_not_know_an_order(
    tmp_path: Path, parts: list[tuple[int, int]], scale: int, data: st.DataObject
) -> None:
    def said(values: list[tuple[int, int]], times: int = 1) -> str:
        lines = [f"{value * times},{jobs}" for value, jobs in values]
        return "value_added,employees\n" + "\n".join(lines) + "\n"

    method = "sum=members;of=value_added"
    plain = figure(tmp_path, "PRF_PROD", said(parts), method)[0]
    mixed = figure(tmp_path, "PRF_PROD", said(data.draw(st.permutations(parts))), method)[0]
    scaled = figure(tmp_path, "PRF_PROD", said(parts, scale), method)[0]
    total = sum(value for value, _ in parts) / sum(jobs for _, jobs in parts)
    assert plain == mixed == pytest.approx(total, rel=EXACT)
    assert scaled == pytest.approx(scale * total, rel=EXACT)


# members


@pytest.mark.parametrize(
    ("code", "method", "expected"),
    [
        ("MEM_N", "_Z", 3),
        ("MEM_CHURN", "flow=joined_and_left", 100 * 2 / 3),
        ("MEM_CHURN", "flow=joined", 100 / 3),
        ("MEM_CHURN", "flow=left", 100 / 3),
    ],
)
def test_members_who_came_and_went(tmp_path: Path, code: str, method: str, expected: float) -> None:
    text = (
        "organisation_id,is_at_start,is_at_end\n"
        "a,true,true\nb,true,true\nc,true,false\nd,false,true\n"
    )
    assert figure(tmp_path, code, text, method)[0] == pytest.approx(expected, abs=EXACT)


def test_a_member_that_came_and_went_within_the_year_is_counted_on_both_sides(
    tmp_path: Path,
) -> None:
    text = "organisation_id,is_at_start,is_at_end\na,true,true\nb,false,false\n"
    assert figure(tmp_path, "MEM_CHURN", text, "flow=joined_and_left")[0] == 200


def test_shares_of_types_make_a_whole(tmp_path: Path) -> None:
    types = ["business", "research", "state_body", "business", "other", "supplier", "research"]
    text = "type_code\n" + "\n".join(types) + "\n"
    found = {row["method_version"]: row["value"] for row in rows(tmp_path, "MEM_MIX", text)}
    assert found.pop("measure=triple_helix") == 1
    assert found["type=business"] == pytest.approx(200 / 7)
    assert math.fsum(found.values()) == pytest.approx(100, abs=EXACT)


def test_two_strands_are_no_triple_helix(tmp_path: Path) -> None:
    text = "type_code\nbusiness\nresearch\n"
    assert figure(tmp_path, "MEM_MIX", text, "measure=triple_helix") == (0, None)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("MEM_SME", "size_code\nsmall\nlarge\nmicro\nentrepreneur\n", (75, None)),
        ("MEM_SME", "organisation_id,size_code\na,small\nb,\n", (None, "incomplete_coverage")),
        ("MEM_XREG", "is_outside_home\ntrue\nfalse\nfalse\ntrue\n", (50, None)),
        (
            "MEM_XREG",
            "organisation_id,is_outside_home\na,true\nb,\n",
            (None, "incomplete_coverage"),
        ),
        ("MEM_N", "organisation_id,is_listed\n,true\n", (0, None)),
        ("MEM_N", "organisation_id,is_listed\n,false\n", (None, "missing_input")),
        ("MEM_SME", "year,organisation_id,size_code\n2020,,\n", None),
        ("MEM_FTE", "team_fte\n0.5\n", (0.5, None)),
        ("MEM_FTE", "organisation_id,team_fte\na,\n", (None, "missing_input")),
        ("ORG_LABEL", "label_code\nbronze\n", (1, None)),
        ("MEM_FTE", "team_fte\n-1\n", (None, "negative_input")),
        ("ORG_LABEL", "label_code\ngold\n", (3, None)),
        ("ORG_LABEL", "label_code\nplatinum\n", (None, "not_defined")),
        ("ORG_LABEL", "organisation_id,label_code\na,\n", (None, "none_occurs")),
        ("ORG_LVL", "confirmed_count\n20\n", (None, "undefined_threshold")),
    ],
)
def test_members_or_a_reason(tmp_path: Path, code: str, text: str, expected: Figure | None) -> None:
    assert figure(tmp_path, code, text) == (expected or (None, "not_applicable"))


@pytest.mark.parametrize(("confirmed", "level"), [(9, 1), (10, 2), (19, 2), (20, 3)])
def test_the_level_follows_the_cuts_that_are_given(
    tmp_path: Path, confirmed: int, level: int
) -> None:
    cuts = {"organisation_level_cuts": [10, 20]}
    text = f"confirmed_count\n{confirmed}\n"
    assert figure(tmp_path, "ORG_LVL", text, variables=cuts) == (level, None)


# status


def test_d67_statuses_make_the_total(tmp_path: Path) -> None:
    """Paper 001: 8 + 6 + 18 = 32; clusters that are closed are none of them."""
    statuses = ["active"] * 8 + ["forming"] * 6 + ["potential"] * 18 + ["closed"] * 3
    text = "country_code,region_code,year,status_code\n"
    text += "".join(f"BY,BY,2021,{status}\n" for status in statuses)
    found = {row["method_version"]: row["value"] for row in rows(tmp_path, "STA_CNT", text)}
    assert found["status=_T"] == 32
    assert found.pop("status=closed") == 3
    assert found.pop("status=_T") == sum(found.values()) == 8 + 6 + 18


def test_a_cluster_without_a_status_is_not_lost(tmp_path: Path) -> None:
    text = "cluster_code,status_code\na,active\nb,\n"
    found = {row["method_version"]: row["value"] for row in rows(tmp_path, "STA_CNT", text)}
    assert (found["status=_T"], found["status=_X"], found["status=active"]) == (2, 1, 1)


def test_a_region_without_a_cluster_has_none(tmp_path: Path) -> None:
    text = "region_code,cluster_code,status_code\nR1,a,active\nR2,,\n"
    found = {
        (row["region_code"], row["method_version"]): row["value"]
        for row in rows(tmp_path, "STA_CNT", text)
    }
    assert (found["R1", "status=_T"], found["R2", "status=_T"]) == (1, 0)


# support


@pytest.mark.parametrize(
    ("code", "method", "text", "expected"),
    [
        ("SUP_AMT", "amount=paid", "paid_amount\n7\n5\n", (12, None)),
        ("SUP_AMT", "amount=committed", "paid_amount\n7\n", (None, "missing_input")),
        ("SUP_AMT", "amount=paid", 'paid_amount\n7\n""\n', (None, "incomplete_coverage")),
        ("SUP_AMT", "amount=paid", "paid_amount\n7\n-9\n", (None, "negative_input")),
        ("SUP_INT", "amount=paid;per=member", "paid_amount,member_count\n8,4\n2,4\n", (2.5, None)),
        ("SUP_INT", "amount=paid;per=member", "paid_amount\n8\n", (None, "missing_input")),
        (
            "SUP_INT",
            "amount=paid;per=member",
            "paid_amount,member_count\n8,0\n",
            (None, "zero_denominator"),
        ),
        (
            "SUP_INT",
            "amount=paid;per=job",
            "paid_amount,member_count,job_count\n8,2,16\n",
            (0.5, None),
        ),
        (
            "SUP_INT",
            "amount=paid;per=job",
            "paid_amount,member_count,reported_count,job_count\n8,2,1,16\n",
            (None, "incomplete_coverage"),
        ),
        ("SUP_LEV", None, "paid_amount,private_amount\n4,6\n", (1.5, None)),
        ("SUP_LEV", None, "paid_amount,private_amount\n4,0\n", (0, None)),
        ("SUP_LEV", None, "paid_amount,private_amount\n0,6\n", (None, "zero_denominator")),
    ],
)
def test_support(
    tmp_path: Path, code: str, method: str | None, text: str, expected: Figure
) -> None:
    lines = text.splitlines()
    text = "\n".join(["instrument_code," + lines[0], *("loans," + line for line in lines[1:])])
    assert figure(tmp_path, code, text.replace('""', "") + "\n", method) == expected


def test_currencies_of_support_are_never_added_up(tmp_path: Path) -> None:
    text = "paid_amount,unit_code\n7,BYN\n5,USD\n1,BYN\n"
    found = {row["unit_code"]: row["value"] for row in rows(tmp_path, "SUP_AMT", text)
             if row["method_version"] == "amount=paid"}  # fmt: skip
    assert found == {"BYN": 8, "USD": 5}


# projects


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("PRJ_EXEC", "plan_value,actual_value\n200,150\n", (75, None)),
        ("PRJ_EXEC", "plan_value,actual_value\n0,150\n", (None, "zero_denominator")),
        ("PRJ_EXEC", "plan_value,actual_value\n,150\n", (None, "missing_input")),
        ("PRJ_EXEC", "plan_value,actual_value\n-2,150\n", (None, "negative_input")),
        ("PRJ_EXEC", "plan_value,actual_value,direction\n200,250,down\n", (80, None)),
        (
            "PRJ_EXEC",
            "plan_value,actual_value,plan_unit_code,actual_unit_code\n2,1,BYN,USD\n",
            (None, "unit_break"),
        ),
        (
            "PRJ_EXEC",
            "plan_value,actual_value,plan_territory_version,actual_territory_version\n"
            "2,1,2020,2022\n",
            (None, "boundary_break"),
        ),
        (
            "PRJ_PACE",
            "year,base_value,base_year,actual_value,target_value,target_year\n"
            "2022,100,2020,130,200,2024\n",
            (60, None),
        ),
        (
            "PRJ_PACE",
            "year,base_value,base_year,plan_value,actual_value,target_value,target_year\n"
            "2022,100,2020,120,130,200,2024\n",
            (150, None),
        ),
        (
            "PRJ_PACE",
            "year,base_value,base_year,plan_value,actual_value\n2022,100,2020,100,130\n",
            (None, "zero_denominator"),
        ),
        ("PRJ_BUD", "budget_amount,budget_paid_amount\n80,60\n", (75, None)),
        ("PRJ_BUD", "budget_amount,budget_paid_amount\n0,60\n", (None, "zero_denominator")),
        ("PRJ_BUD", "budget_amount,budget_paid_amount\n80,-1\n", (None, "negative_input")),
        ("PRJ_SLIP", "planned_finish_on,finished_on\n2024-02-28,2024-03-01\n", (2, None)),
        ("PRJ_SLIP", "planned_finish_on,finished_on\n2024-03-01,2024-02-28\n", (-2, None)),
        ("PRJ_SLIP", "planned_finish_on,finished_on\n2024-03-01,\n", (None, "missing_input")),
        ("PRJ_FCERR", "forecast_value,actual_value\n200,150\n", (-25, None)),
        ("PRJ_FCERR", "forecast_value,actual_value\n0,150\n", (None, "zero_denominator")),
        ("PRJ_FCERR", "forecast_value,actual_value\n200,\n", (None, "missing_input")),
        ("PRJ_EFF", "effect_value,effect_method_note\n19,expert estimate\n", (19, None)),
        ("PRJ_EFF", "effect_value\n19\n", (None, "undocumented_method")),
    ],
)
def test_projects(tmp_path: Path, code: str, text: str, expected: Figure) -> None:
    assert figure(tmp_path, code, text) == expected


def test_a_deviation_in_its_unit_and_in_per_cent(tmp_path: Path) -> None:
    text = "plan_value,actual_value,unit_code\n200,150,BYN\n"
    found = {(row["method_version"], row["unit_code"]): row["value"]
             for row in rows(tmp_path, "PRJ_DEV", text)}  # fmt: skip
    assert found == {("form=absolute", "BYN"): -50, ("form=relative", "per_cent"): -25}


def test_every_vintage_of_a_forecast_keeps_its_error(tmp_path: Path) -> None:
    text = "stated_on,forecast_value,actual_value\n2021-01-01,100,90\n2022-01-01,80,90\n"
    found = {row["method_version"]: row["value"] for row in rows(tmp_path, "PRJ_FCERR", text)}
    assert found == {"stated_on=2021-01-01": -10, "stated_on=2022-01-01": 12.5}


# SMEs, innovation, digital and remote work of regions


def measures(*given_rows: tuple[Any, ...], further: str = "") -> str:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in given_rows]
    return f"region_code,year,measure_code,value{further}\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("code", "method", "given_rows", "expected"),
    [
        ("SME_N", None, [("BY", 2019, "sme_count", 110777)], (110777, None)),
        (
            "SME_DENS",
            None,
            [("R", 2019, "sme_count", 50), ("R", 2019, "population", 4000)],
            (12.5, None),
        ),
        (
            "SME_DENS",
            None,
            [("R", 2019, "sme_count", 50), ("R", 2019, "population", 0)],
            (None, "zero_denominator"),
        ),
        ("SME_DENS", None, [("R", 2019, "sme_count", 50)], (None, "missing_input")),
        ("SME_SHARE", "of=gdp", [("BY", 2019, "sme_share_gdp", 26.1)], (26.1, None)),
        (
            "SME_SHARE",
            "of=gdp",
            [("BY", 2019, "sme_share_gdp", 101)],
            (None, "contradictory_input"),
        ),
        (
            "INN_SME",
            "from=counts",
            [("R", 2019, "innovating_sme_count", 3), ("R", 2019, "sme_count", 60)],
            (5, None),
        ),
        (
            "INN_SME",
            "from=counts",
            [("R", 2019, "innovating_sme_count", 61), ("R", 2019, "sme_count", 60)],
            (None, "contradictory_input"),
        ),
        (
            "INN_SME",
            "from=printed_share",
            [("R", 2019, "innovating_sme_share", 3.86)],
            (3.86, None),
        ),
        (
            "INN_JOINT",
            "from=counts",
            [("R", 2019, "joint_innovating_sme_count", 3), ("R", 2019, "sme_count", 200)],
            (1.5, None),
        ),
        (
            "INN_RDINT",
            None,
            [("R", 2019, "rd_spend", 3), ("R", 2019, "value_added", 200)],
            (1.5, None),
        ),
        (
            "INN_RDINT",
            None,
            [("R", 2019, "rd_spend", -3), ("R", 2019, "value_added", 200)],
            (None, "negative_input"),
        ),
        ("ICT_PC", "measure=share", [("KZ", 2018, "ict_computer_share", 79)], (79, None)),
        ("ICT_NET", "measure=count", [("KZ", 2018, "ict_internet_org_count", 1e5)], (1e5, None)),
        (
            "ICT_NET",
            "measure=share;from=counts",
            [("KZ", 2018, "ict_internet_org_count", 75), ("KZ", 2018, "organisation_count", 100)],
            (75, None),
        ),
        (
            "REM_SH",
            None,
            [("KZ", 2024, "remote_workers", 46.7), ("KZ", 2024, "employment", 9150)],
            (100 * 46.7 / 9150, None),
        ),
        (
            "REM_SH",
            None,
            [("KZ", 2024, "remote_workers", 10), ("KZ", 2024, "employment", 9)],
            (None, "contradictory_input"),
        ),
        (
            "REM_N",
            None,
            [("KZ", 2024, "remote_workers", 10), ("KZ", 2024, "employment", 9)],
            (None, "contradictory_input"),
        ),
    ],
)
def test_figures_of_regions(
    tmp_path: Path,
    code: str,
    method: str | None,
    given_rows: list[tuple[Any, ...]],
    expected: Figure,
) -> None:
    value, reason = figure(tmp_path, code, measures(*given_rows), method)
    assert reason == expected[1]
    assert value == (None if expected[0] is None else pytest.approx(expected[0], abs=EXACT))


@pytest.mark.parametrize(
    ("further", "cells", "reason"),
    [
        (",correction", ("proposed",), "correction_pending"),
        (",conf_status", ("C",), "confidential_input"),
        (",reason_code", ("not_published",), "not_published"),
    ],
)
def test_a_missing_input_hands_its_reason_on(
    tmp_path: Path, further: str, cells: tuple[str, ...], reason: str
) -> None:
    text = measures(
        ("R", 2019, "sme_count", None, *cells), ("R", 2019, "population", 1000, ""),
        further=further,
    )  # fmt: skip
    assert figure(tmp_path, "SME_DENS", text) == (None, reason)


def test_d66_remote_workers_do_not_grow_a_hundredfold(tmp_path: Path) -> None:
    """Paper 003: 60 thousand, then 6 million within a year."""
    given_rows = [("KZ", 2019, "remote_workers", 60_000), ("KZ", 2020, "remote_workers", 6_000_000)]
    found = {row["year"]: (row["value"], row["reason_code"])
             for row in rows(tmp_path, "REM_N", measures(*given_rows))}  # fmt: skip
    assert found == {2019: (60_000, None), 2020: (None, "implausible_input")}


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ((2020, 180, "A"), None),
        ((2020, 181, "A"), "implausible_input"),
        ((2020, 181, "B"), None),
        ((2021, 181, "A"), None),
    ],
)
def test_growth_is_judged_from_year_to_year_and_a_break_explains_it(
    tmp_path: Path, second: tuple[int, int, str], reason: str | None
) -> None:
    year, value, status = second
    text = measures(
        ("KZ", 2019, "remote_workers", 60, "A"), ("KZ", year, "remote_workers", value, status),
        further=",obs_status",
    )  # fmt: skip
    found = {row["year"]: row["reason_code"] for row in rows(tmp_path, "REM_N", text)}
    assert found[year] == reason


def test_d61_thirty_point_nine_is_not_ten_times(tmp_path: Path) -> None:
    """Paper 002 says «10 times»; the figures give 8.0, which no rounding makes 10."""
    given_rows = [
        ("EU", 2019, "innovating_sme_share", 30.9),
        ("BY", 2019, "innovating_sme_share", 3.86),
    ]
    found = {row["region_code"]: row["value"]
             for row in rows(tmp_path, "INN_SME", measures(*given_rows))
             if row["method_version"] == "from=printed_share"}  # fmt: skip
    ratio = found["EU"] / found["BY"]
    assert ratio == pytest.approx(8.005, abs=5e-4)
    low, high = (30.9 - 0.05) / (3.86 + 0.005), (30.9 + 0.05) / (3.86 - 0.005)
    assert low < ratio < high < 10


@FEW
@given(
    counts=st.lists(st.integers(1, 10**6), min_size=2, max_size=5),
    population=st.integers(1, 10**8),
)
def test_density_of_a_country_is_the_weighted_mean_of_its_regions(
    tmp_path: Path, counts: list[int], population: int
) -> None:
    given_rows: list[tuple[Any, ...]] = []
    for number, count in enumerate(counts):
        given_rows += [
            (f"Ю{number}", 2020, "sme_count", count),
            (f"Ю{number}", 2020, "population", population + number),
        ]
    people = [population + number for number in range(len(counts))]
    given_rows += [("T", 2020, "sme_count", sum(counts)), ("T", 2020, "population", sum(people))]
    found = {row["region_code"]: row["value"]
             for row in rows(tmp_path, "SME_DENS", measures(*reversed(given_rows)))}  # fmt: skip
    mean = math.fsum(
        found[f"Ю{number}"] * weight / sum(people) for number, weight in enumerate(people)
    )
    assert found["T"] == pytest.approx(mean, rel=EXACT)
