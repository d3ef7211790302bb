"""The builders of specimens: each file reads back as what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.specimens import build
from warehouse.readers import Sheet, detect_format, read

KZ_REGIONS = [region for region in build.KAZAKHSTAN if region != "KZ-51"]


def kz(path: Path) -> Path:
    return build.kz_population(
        path,
        years=(2021, 2022),
        regions=KZ_REGIONS,
        value=build.kz_population_value,
        marks={"KZ-61": " 1"},
        notes=("1) Данные за 2000-2016гг. по Южно-Казахстанской области.",),
    )


BUILDERS: dict[str, tuple[str, str, Callable[[Path], Path]]] = {
    "portal": ("p.json", "belstat_portal", build.portal_wage),
    "wage": ("w.xlsx", "xlsx", build.wage_bulletin),
    "kz": ("k.xlsx", "xlsx", kz),
    "innovation": ("i.xls", "xls", build.rosstat_innovation),
    "shipments": ("s.xlsx", "xlsx", build.rosstat_shipments),
    "eurostat": ("e.tsv", "eurostat_tsv", build.eurostat_employment),
    "german": ("g.csv", "csv", build.german_industries),
}


def sheets(path: Path) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in read(path, detect_format(path)).sheets}


@pytest.mark.parametrize("name", BUILDERS)
def test_format_and_bytes_are_those_expected(name: str, tmp_path: Path) -> None:
    file_name, format_code, builder = BUILDERS[name]
    path, again = builder(tmp_path / file_name), builder(tmp_path / "again" / file_name)
    assert detect_format(path) == format_code
    assert path.read_bytes() == again.read_bytes()


def test_portal_answer_has_levels_and_gaps(tmp_path: Path) -> None:
    path = build.portal_wage(tmp_path / "p.json", raions={"BY-BR": ["Берёзовский"]})
    sheet = sheets(path)[""]
    labels = sheet.raw[2:, 0].tolist()
    assert labels[:4] == [
        "Республика Беларусь",
        "Брестская область",
        "Берёзовский",
        "Витебская область",
    ]
    assert sheet.indent[2:6, 0].tolist() == [0, 1, 2, 1]
    assert sheet.raw[2, 1] == build.ru(build.portal_wage_value("BY", 2021))
    assert sheet.raw[2:, 3].tolist() == [None] * len(labels)


@pytest.mark.parametrize("numbers", ["number", "text", "formula"])
def test_wage_bulletin_stores_numbers_as_asked(tmp_path: Path, numbers: str) -> None:
    path = build.wage_bulletin(
        tmp_path / "w.xlsx",
        month=3,
        previous_month=True,
        numbers=numbers,  # type: ignore[arg-type]
    )
    sheet = sheets(path)["Лист1"]
    expected = build.wage_value("Всего", "февраль", 2024)
    assert sheet.raw[5, 2:5].tolist() == ["февраль", "март", "январь\u00a0– \nмарт"]
    assert sheet.raw[7, 2] == (build.ru(expected) if numbers == "text" else float(expected))
    assert sheet.formula[7:, 2:].all() == (numbers == "formula")
    assert sheet.raw[7, 5] == float(build.real_wage_value("Всего", "февраль", 2024))


def test_population_of_kazakhstan_sums_over_regions_sexes_and_localities() -> None:
    def value(sex: str, locality: str, region: str = "KZ") -> int:
        return int(build.kz_population_value(sex, locality, region, 2022) or 0)

    for sex in ("_T", "M", "F"):
        assert value(sex, "_T") == sum(value(sex, "_T", region) for region in KZ_REGIONS[1:])
        assert value(sex, "_T") == value(sex, "URB") + value(sex, "RUR")
    assert value("_T", "_T") == value("M", "_T") + value("F", "_T")


def test_population_of_kazakhstan_has_blocks_symbols_and_notes(tmp_path: Path) -> None:
    found = sheets(kz(tmp_path / "k.xlsx"))
    assert list(found) == ["Все население", "Мужчины", "Женщины"]
    men = found["Мужчины"].raw[:, 0].tolist()
    assert [men.count(text) for text in ("Абай", "г. Астана", "Туркестанская 1")] == [3, 2, 3]
    assert men[-1] == "1) Данные за 2000-2016гг. по Южно-Казахстанской области."
    first = found["Все население"].raw
    assert first[1, 0] == "Республика Казахстан "
    assert first[2].tolist() == [
        "Абай",
        "-",
        float(build.kz_population_value("_T", "_T", "KZ-10", 2022) or 0),
    ]


def test_innovation_sheet_has_marked_years_and_two_methodologies(tmp_path: Path) -> None:
    path = build.rosstat_innovation(tmp_path / "i.xls", absent={("Республика Карелия", 2016): "-"})
    sheet = sheets(path)["1"]
    assert sheet.raw[3, 1:6].tolist() == [2015.0, 2016.0, 2017.0, None, 2018.0]
    assert sheet.raw[3, 9:12].tolist() == ["20223)", "20233)", "20243)"]
    assert [str(text)[:14] for text in sheet.raw[4, 3:5]] == ["по критериям \n"] * 2
    rows = {str(row[0]).strip(): row for row in sheet.raw.tolist() if row[0]}
    assert rows["Республика Карелия"][2] == "-"
    assert rows["Российская Федерация"][4] == pytest.approx(
        build.innovation_value("Российская Федерация", 2017, "4")
    )


def test_shipments_sum_and_hide_what_is_confidential(tmp_path: Path) -> None:
    found = sheets(build.rosstat_shipments(tmp_path / "s.xlsx"))
    assert list(found) == ["Содержание", "1", "2", "3"]
    sheet = found["2"].raw
    assert sheet[2, 1:5].tolist() == ["2005", "2006", "2007", 2008.0]
    rows = {str(row[0]).strip(): row for row in sheet.tolist() if row[1]}
    centre = rows["Центральный федеральный округ"][1]
    assert centre == rows["Белгородская область"][1] + rows["Костромская область"][1]
    hidden = {str(row[0]): row for row in found["1"].raw.tolist()}["Костромская область"]
    assert hidden[5] == "… 3"


def test_eurostat_cells_carry_flags_and_gaps(tmp_path: Path) -> None:
    key = ("A", "Y15-24", "AT11", 2014)
    path = build.eurostat_employment(
        tmp_path / "e.tsv", flags={key: "bu"}, missing=[("A", "Y15-24", "AT12", 2014)]
    )
    rows = {tuple(row[:4]): row for row in sheets(path)[""].raw.tolist()}
    assert rows["THS", "A", "Y15-24", "AT11"][5] == f"{build.eurostat_value(*key)} bu"
    assert rows["THS", "A", "Y15-24", "AT12"][5] == ":"
    total = build.eurostat_value("TOTAL", "Y15-24", "AT", 2015)
    parts = [build.eurostat_value(part, "Y15-24", "AT", 2015) for part in ("A", "B-E")]
    assert total == sum(parts)


def test_german_rows_repeat_the_region_and_quote_commas(tmp_path: Path) -> None:
    rows = sheets(build.german_industries(tmp_path / "g.csv"))[""].raw.tolist()
    assert len(rows) == 1 + 3 * 3
    assert rows[3][4] == "Wasserversorg.,Entsorg.,Beseitig.v.Umweltverschm."
    assert {row[7] for row in rows[1:4]} == {"10880000.0"}


def test_figures_do_not_change() -> None:
    assert build.figure("a", 1, low=0, high=100, digits=1) == Decimal("87.2")
