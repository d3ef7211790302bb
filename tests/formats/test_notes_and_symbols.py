"""Footnotes and symbols that a self-describing file explains itself."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.formats.grids import read_book
from tests.layout.reading import codes, observations, only
from warehouse.interpret import Interpretation

TABLE = """
dimensions:
  indicator: population
  unit: {caption: {тысяч человек: thousand_persons}}
  region: {left: region, heading: Регион}
  sex: {left: {мужчины: M, женщины: F}, heading: Пол}
  period: {left: period, heading: Год}
"""
HEAD = """CHARSET="ANSI";
CODEPAGE="windows-1251";
LANGUAGE="ru";
LANGUAGES="ru","en";
SUBJECT-AREA="Население; DATA= здесь не начинаются";
TITLE="Численность по региону и полу";
UNITS="тысяч человек";
STUB="Регион","Пол";
HEADING="Год";
VALUES("Регион")="Республика Казахстан","г. Алматы";
VALUES("Пол")="мужчины","женщины";
VALUES("Год")="2022","2023";
CODES("Пол")="1","2";
"""
NOTES = """NOTE="О таблице вообще; TITLE="
" не заголовок";
NOTEX="Без учета#вынужденных";
NOTEX[en]="Without";
VALUENOTE("Регион","г. Алматы")="Без пригородов";
CELLNOTE("г. Алматы","женщины","2023")="Оценка; "
"не счет";
CELLNOTEX("Республика Казахстан","*","2022")="Перепись";
CELLNOTE("Нет такой","*","*")="Ни о чем";
DATASYMBOL1="нет данных";
DATASYMBOL2="Конфиденциально";
DATASYMBOL3="пока не посчитали";
"""


def px(path: Path, data: str) -> Interpretation:
    path.write_bytes(f"{HEAD}{NOTES}DATA=\n{data};\n".encode("cp1251"))
    return read_book(path, TABLE, country="KZ", recognise={"format": ["px"], "caption": "."})


def test_px_notes_go_to_the_values_that_they_are_about(tmp_path: Path) -> None:
    read = px(tmp_path / "t.px", "1 2 3 4\n5 6 7 8")
    assert codes(read) == []
    frame = observations(read)
    every = "Без учета вынужденных"

    def note(region: str, sex: str, year: int) -> object:
        return only(frame, region_code=region, by_sex=sex, year=year)["footnote"]

    assert note("KZ", "M", 2023) == every
    assert note("KZ", "F", 2022) == f"{every} | Перепись"
    assert note("KZ-75", "M", 2023) == f"{every} | Без пригородов"
    assert note("KZ-75", "F", 2023) == f"{every} | Без пригородов | Оценка; не счет"


def test_px_symbols_mean_what_the_file_says(tmp_path: Path) -> None:
    read = px(tmp_path / "t.px", '1 2 3 4\n"." ".." "..." "-"')
    frame = observations(read)
    reasons = dict(zip(frame["value_printed"], frame["reason_code"], strict=True))
    assert (reasons["."], reasons[".."]) == ("not_available", "confidential")
    assert reasons["-"] == "none_occurs", "the file does not explain it: the common meaning"
    assert len(codes(read)) == 1
    message = read.rejected.to_pylist()[0]["message"]
    assert "«...», which the file calls «пока не посчитали»" in message


def test_json_stat_notes_of_members(tmp_path: Path) -> None:
    category = {"index": ["A", "B"], "label": {"A": "г. Алматы", "B": "Акмолинская область"}}
    whole = {
        "class": "dataset", "version": "2.0", "label": "тысяч человек",
        "id": ["region", "year"], "size": [2, 1], "value": [1, 2],
        "dimension": {
            "region": {"label": "Регион", "category": category | {"note": {"B": ["Без города"]}}},
            "year": {"label": "Год", "category": {"index": ["2022"]}},
        },
    }  # fmt: skip
    path = tmp_path / "t.json"
    path.write_text(json.dumps(whole))
    table = TABLE.replace("  sex: {left: {мужчины: M, женщины: F}, heading: Пол}\n", "")
    rule = {"format": ["json_stat"], "caption": "."}
    frame = observations(read_book(path, table, country="KZ", recognise=rule))
    assert only(frame, region_code="KZ-11")["footnote"] == "Без города"
    assert pd.isna(only(frame, region_code="KZ-75")["footnote"])


@pytest.mark.parametrize("period", ["2022", "2022-S1", "2022-Q1", "2022-M02"])
def test_a_flat_message_says_the_key_in_its_addresses(tmp_path: Path, period: str) -> None:
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
    values = "".join(
        f"<g:Obs><g:ObsKey><g:Value id='REF_AREA' value='{area}'/>"
        f"<g:Value id='TIME_PERIOD' value='{period}'/></g:ObsKey>"
        f"<g:ObsValue value='{value}'/></g:Obs>"
        for area, value in (("KZ-75", 1), ("KZ-11", 2))
    )
    path = tmp_path / "t.xml"
    path.write_text(
        f"<m:GenericData xmlns:m='{space}message' xmlns:g='{space}data/generic'><m:Header>"
        "<m:ID>1</m:ID><m:Structure structureID='POP' dimensionAtObservation='AllDimensions'/>"
        f"</m:Header><m:DataSet>{values}</m:DataSet></m:GenericData>"
    )
    table = """
    dimensions:
      indicator: population
      unit: persons
      region: {left: region_code, heading: REF_AREA}
      period: {left: period, heading: TIME_PERIOD}
    """
    rule = {"format": ["sdmx_ml"], "caption": "POP"}
    frame = observations(read_book(path, table, country="KZ", recognise=rule))
    assert frame["cell"].tolist() == [f"KZ-75:{period}", f"KZ-11:{period}"]
    assert frame["value"].tolist() == [1, 2]
