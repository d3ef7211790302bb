"""One contract reads one table in every self-describing format, to the same observations."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.layout.reading import codes, observations, read_file
from tests.specimens import self_described
from tests.specimens.self_described import CELLS, WITH_STATUS, WITHOUT_STATUS

REASONS = {"O": "not_available"}


def taken_in(path: Path) -> pd.DataFrame:
    reading = read_file(path)
    assert (reading.outcome_code, codes(reading)) == ("accepted", []), reading.problem
    frame = observations(reading)
    assert frame["cell"].is_unique
    return frame.set_index(["region_code", "year"])


@pytest.mark.parametrize("name", [*WITH_STATUS, *WITHOUT_STATUS])
def test_values_and_statuses(name: str, tmp_path: Path) -> None:
    frame = taken_in({**WITH_STATUS, **WITHOUT_STATUS}[name](tmp_path / name))
    assert len(frame) == len(CELLS)
    for geo, year, value, status in CELLS:
        row = frame.loc[geo, int(year)]
        if value is None:
            assert pd.isna(row["value"])
            assert (row["reason_code"], row["obs_status"]) == ("not_available", "O")
            continue
        assert (row["value"], row["value_printed"]) == (float(value), value)
        assert row["value_digits"] == len(value.partition(".")[2])
        assert row["obs_status"] == (status if name in WITH_STATUS else "A")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("dense.json", "/value/1"),
        ("bundle.json", "/MIGR_RESFIRST/value/1"),
        ("generic21.xml", "A.TOTAL.BY.TOTAL.PER.BE:2022"),
        ("specific21.xml", "A.TOTAL.BY.TOTAL.PER.BE:2022"),
        ("series.json", "/dataSets/0/series/0/observations/1/0"),
        ("flat.json", "/data/dataSets/0/observations/0:1/0"),
        ("one.csv", "I3"),
        ("page.px", "DATA[1]"),
    ],
)
def test_a_value_leads_back_to_its_place(name: str, cell: str, tmp_path: Path) -> None:
    frame = taken_in({**WITH_STATUS, **WITHOUT_STATUS}[name](tmp_path / name))
    assert frame.loc["BE", 2022]["cell"] == cell


def test_cross_sections(tmp_path: Path) -> None:
    """The measure of a cross section is an element: here the reason, so the contract differs."""
    from warehouse.readers import read

    sheet = read(self_described.sdmx_cross_sectional_2_0(tmp_path / "c.xml"), "sdmx_ml").sheets[0]
    axes = {axis.name: axis for axis in sheet.axes}
    assert axes["MEASURE"].codes == ("TOTAL",)
    found = {
        (axes["geo"].codes[g], axes["TIME_PERIOD"].codes[t]): value
        for g, t, value in zip(
            axes["geo"].index, axes["TIME_PERIOD"].index, sheet.raw[:, 0], strict=True
        )
    }
    assert found == {(geo, year): value for geo, year, value, _ in CELLS}


def test_nobody_is_named(tmp_path: Path) -> None:
    for name, write in {**WITH_STATUS, **WITHOUT_STATUS}.items():
        reading = read_file(write(tmp_path / name))
        said = str(reading.observations.to_pylist())
        assert "Nobody" not in said
        assert "Никто" not in said


REPLACED = [
    ("generic21.xml", "v2_1", "v3_0", "SDMX-ML v3_0"),
    ("generic21.xml", "GenericData", "MessageGroup", "SDMX-ML message MessageGroup"),
    ("specific21.xml", "<m:DataSet ", "<m:DataSet action='Delete' ", "deletes"),
    ("one.csv", "OBS_VALUE", "OBS_VALUE_2", None),
    ("two.csv", ",I,", ",D,", "lines that delete"),
    ("dense.json", '"class": "dataset"', '"class": "collection"', "JSON-stat of class collection"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), REPLACED)
def test_a_variant_that_is_not_read_is_named(
    name: str, old: str, new: str, said: str | None, tmp_path: Path
) -> None:
    path = WITH_STATUS[name](tmp_path / name)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    reading = read_file(path)
    assert reading.observations.num_rows == 0
    assert reading.problem is not None
    if said:
        assert said in reading.problem.message
        assert reading.problem.code == "format_unknown"


DAMAGED = [
    ("dense.json", "104, ", ""),
    ("sparse.json", '"0": 104', '"99": 104'),
    ("generic21.xml", "</m:GenericData>", ""),
    ("page.px", "104 85.5", "104"),
    ("keys.px", '"TOTAL","PER","LT"', '"TOTAL","PER","XX"'),
    ("series.json", '"0": [104', '"7": [104'),
    ("one.csv", "104,A", "104"),
]


@pytest.mark.parametrize(("name", "old", "new"), DAMAGED)
def test_a_file_that_contradicts_itself_is_refused(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    path = {**WITH_STATUS, **WITHOUT_STATUS}[name](tmp_path / name)
    encoding = "cp1251" if name == "page.px" else "utf-8"
    text = path.read_bytes().decode(encoding)
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))
    reading = read_file(path)
    assert (reading.outcome_code, codes(reading)) == ("refused", ["file_damaged"])


STRICT = [
    ("dense.json", '"citizen"', '"nation"', "header_not_found"),  # a dimension renamed
    ("one.csv", ",PER,", ",THS,", "table_not_found"),  # another unit: nothing is left
    ("one.csv", "TIME_PERIOD", "PERIOD", "header_not_found"),
    ("generic21.xml", "id='OBS_STATUS' value='E'", "id='OBS_STATUS' value='?'", "symbol_unknown"),
    ("generic21.xml", "id='OBS_STATUS'", "id='UNIT_MULT'", "cell_unexplained"),
    ("one.csv", ",OBS_STATUS", ",CURRENCY", "cell_unexplained"),  # an attribute nobody named
]


@pytest.mark.parametrize(("name", "old", "new", "code"), STRICT)
def test_what_the_contract_does_not_name_is_refused(
    name: str, old: str, new: str, code: str, tmp_path: Path
) -> None:
    path = WITH_STATUS[name](tmp_path / name)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert code in codes(read_file(path))
