"""`warehouse indicator`: the models of the warehouse on a file of one's own, or a clear refusal."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.indicator import catalogue, compute, describe, variables_of
from warehouse.models import Models
from warehouse.settings import PROJECT, Settings

SPREAD = "value\n10\n10\n10\n20\n50\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.of(tmp_path / "home")


@pytest.fixture
def given(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "given.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_column_of_values_is_enough(settings: Settings, given) -> None:
    names, rows = compute(settings, "DSP_THT", given(SPREAD))
    assert names == ["indicator_code", "method_version", "unit_code", "value", "reason_code"]
    (row,) = rows
    assert row[3] == pytest.approx(0.2502012, abs=1e-7)


def test_keys_that_were_given_are_shown(settings: Settings, given) -> None:
    text = "year,region_code,value\n2019,A,1\n2019,B,3\n2020,A,1\n2020,B,1\n"
    names, rows = compute(settings, "DSP_RATIO", given(text))
    assert names[1] == "year" or "year" in names
    place, value = names.index("year"), names.index("value")
    assert {row[place]: row[value] for row in rows} == {2019: 3, 2020: 1}


def test_a_missing_value_gives_a_reason(settings: Settings, given) -> None:
    _, rows = compute(settings, "DSP_GINI", given("region_code,value\nA,1\nB,\n"))
    assert rows[0][-2:] == (None, "incomplete_coverage")


def test_an_empty_cell_of_a_single_column_is_missing(settings: Settings, given) -> None:
    for text in ("value\n1\n\n3\n", 'value\n1\n""\n3\n\n'):
        _, rows = compute(settings, "DSP_GINI", given(text))
        assert rows[0][-2:] == (None, "incomplete_coverage")


def test_codes_of_regions_may_repeat_between_countries(settings: Settings, given) -> None:
    text = "country_code,region_code,value\nA,1,1\nA,2,3\nB,1,1\nB,2,1\n"
    _, rows = compute(settings, "DSP_RATIO", given(text))
    assert [row[-2] for row in rows] == [3, 1]


def test_a_variable_changes_the_rounding(settings: Settings, given) -> None:
    variables = variables_of(["computed_digits=2"])
    _, rows = compute(settings, "DSP_THT", given(SPREAD), variables)
    assert rows[0][-2] == 0.25


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("DSP_TH", SPREAD, "nearest: DSP_THL"),
        ("employment", SPREAD, "which sources print"),
        ("DSP_GINI", "value,colour\n1,2\n", "«colour», which is none of them"),
        ("DSP_GINI", "value,value\n1,2\n", "«value» twice"),
        ("DSP_WILL", SPREAD, "no column «weight»"),
        ("DSP_GINI", "value\n1\nmany\n", "line 3, column value (double): «many»"),
        ("DSP_GINI", "value,weight\n1\n", "1 in line 2"),
        ("DSP_GINI", "value\n1\nnan\n", "«nan»"),
        ("DSP_GINI", "value\n1\ninf\n", "«inf»"),
        ("DSP_GINI", "", "an empty file"),
        ("DYN_PP", "value,unit_kind\n1,mass\n", "none among the rows"),
        ("DSP_GINI", "value\n1\n1e308\n", "finite numbers"),
        ("DYN_ABS", "year,value\n2010.5,1\n2011,2\n", "a whole number"),
        ("DYN_ABS", "year,value\n99999999,1\n2011,2\n", "out of range"),
        ("DSP_GINI", "region_code,value\nA,1\n,\nA,1\nB,3\n", "lines 2 and 4"),
        ("CON_HHI", "region_code,activity_code,value\nA,x,1\nA,x,1\n", "lines 2 and 3"),
        ("SPC_LQ", "activity_code,value,conf_status\nx,1,F\ny,1,C\n", "line 3, conf_status «C»"),
    ],
)
def test_refusals_say_where_and_what(
    settings: Settings, given, code: str, text: str, said: str
) -> None:
    with pytest.raises(WarehouseError) as refused:
        compute(settings, code, given(text))
    assert said in refused.value.problem.message


def test_an_unknown_variable_is_refused() -> None:
    with pytest.raises(WarehouseError, match="computed_digits"):
        compute(Settings.of(None), "DSP_GINI", Path("x.csv"), {"computed_digit": 1})
    with pytest.raises(WarehouseError, match="a number for computed_digits"):
        compute(Settings.of(None), "DSP_GINI", Path("x.csv"), {"computed_digits": "two"})
    with pytest.raises(WarehouseError, match="a list for atkinson_epsilons"):
        compute(Settings.of(None), "DSP_ATK", Path("x.csv"), {"atkinson_epsilons": 0.5})
    with pytest.raises(WarehouseError, match="name=value"):
        variables_of(["computed_digits"])


def test_every_derived_indicator_is_described(settings: Settings) -> None:
    codes = [entry["indicator_code"] for entry in catalogue(settings) if entry["input_model"]]
    assert len(codes) > 5
    for code in codes:
        indicator = describe(settings, code)
        names = {column.name for column in indicator.columns}
        needed = set(indicator.facts["inputs"].split(";"))
        assert needed <= names, (code, needed - names)


def test_the_sql_is_that_of_dbt(tmp_path: Path) -> None:
    """What the models say without dbt is, but for the names of relations, what dbt compiles."""
    from tests.dbt.compiled import compiled_sql

    models = Models.of(PROJECT / "dbt")
    for name, text in compiled_sql(tmp_path, "int_disparity__figure").items():
        path = next((PROJECT / "dbt" / "models").rglob(f"{name}.sql"))
        ours, _ = models.render(path.read_text(encoding="utf-8"))
        assert ours.split() == text.split(), name


def test_the_command_prints_csv(given) -> None:
    command = [sys.executable, "-m", "warehouse", "indicator", "DSP_CV", "--input", given(SPREAD)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["method_version"].rpartition("=")[2] for row in rows] == ["population", "sample"]
    assert float(rows[0]["value"]) == pytest.approx(0.7745967, abs=1e-7)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("region_code,activity_code,value\na,x,-1\na,y,4\nb,x,5\nb,y,6\n", "negative_input"),
        ("region_code,activity_code,value,reason_code\na,x,,\na,y,4,\nb,x,5,\n", "missing_input"),
    ],
)
def test_no_total_stands_on_a_negative_or_missing_cell(
    settings: Settings, given, text: str, own: str
) -> None:
    names, rows = compute(settings, "SPC_LQ", given(text))
    found = {(row[1], row[2]): row[-2:] for row in rows}
    assert names[1:3] == ["region_code", "activity_code"]
    assert found["a", "x"] == (None, own)
    assert found["a", "y"] == found["b", "x"] == (None, "incomplete_coverage")
