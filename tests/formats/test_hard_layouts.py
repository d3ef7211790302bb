"""Layouts that statistical offices are known for, each with a table of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.formats.grids import read_rows, sheet, values
from tests.layout.reading import codes, observations, only
from warehouse.errors import Code
from warehouse.readers.cells import Kind

POPULATION = """
dimensions:
  indicator: population
  unit: persons
  region: {left: region}
  period: {above: period}
"""
BREST, GOMEL, BELARUS = "Брестская область", "Гомельская область", "Республика Беларусь"


def test_stacked_blocks() -> None:
    rows = [
        [None, "2022", "2023"],
        ["Городское население", None, None],
        [BREST, 1, 2],
        [GOMEL, 3, 4],
        ["Сельское население", None, None],
        [BREST, 5, 6],
        [GOMEL, 7, 8],
    ]
    places = "{section: {Городское население: URB, Сельское население: RUR}}"
    table = f"{POPULATION}  locality: {places}"
    found = values(read_rows(rows, table), "by_locality", "region_code", "year")
    assert found["URB", "BY-BR", 2023] == 2
    assert found["RUR", "BY-BR", 2022] == 5
    assert len(found) == 8


def test_tables_side_by_side() -> None:
    rows = [
        ["Численность населения", None, None, None, None, None],
        ["Мужчины", None, None, "Женщины", None, None],
        ["Регион", "2022", "2023", "Регион", "2022", "2023"],
        [BREST, 1, 2, GOMEL, 30, 40],
        [GOMEL, 3, 4, BREST, 10, 20],
    ]
    table = (
        POPULATION.replace("{left: region}", "{left: region, heading: Регион}")
        + "  sex: {caption: {Мужчины: M, Женщины: F}}\n"
        "caption: Численность населения\nside_by_side: Регион"
    )
    reading = read_rows(rows, table)
    found = values(reading, "by_sex", "region_code", "year")
    assert found["M", "BY-BR", 2022] == 1
    assert found["F", "BY-BR", 2023] == 20
    frame = observations(reading).set_index("value")
    assert frame.loc[20, "cell"] == "1!F5"  # addresses stay those of the sheet


def test_a_year_once_over_twelve_months() -> None:
    months = ["январь", "февраль", "март", "апрель", "май", "июнь",
              "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"]  # fmt: skip
    rows = [
        [None, "2022", *[None] * 11, "2023", *[None] * 11],
        [None, *months, *months],
        [BELARUS, *range(1, 25)],
    ]
    reading = read_rows(rows, POPULATION.replace("{above: period}", "{above_left: period}"))
    found = values(reading, "period_start")
    assert len(found) == 24
    assert [v for d, v in found.items() if (d.year, d.month) in {(2022, 12), (2023, 1)}] == [12, 13]


def test_three_header_rows_with_merged_and_blank_cells() -> None:
    rows = [
        [None, "Население", None, None, None, None, None],
        [None, "Мужчины", None, "Женщины", None, "Оба пола", None],
        [None, "2022", "2023", "2022", "2023", "2022", "2023"],
        [BREST, 1, 2, 3, 4, 5, 6],
    ]
    table = """
dimensions:
  indicator: {above: {Население: population}}
  unit: persons
  region: {left: region}
  sex: {above_left: {Мужчины: M, Женщины: F, Оба пола: _T}}
  period: {above: period}
"""
    merges = [(0, 1, 0, 6), (1, 1, 1, 2)]  # the others are blank cells
    found = values(read_rows(rows, table, merges), "by_sex", "year")
    assert found == {
        ("M", 2022): 1, ("M", 2023): 2, ("F", 2022): 3, ("F", 2023): 4,
        ("_T", 2022): 5, ("_T", 2023): 6,
    }  # fmt: skip


def test_a_year_split_by_methodology() -> None:
    rows = [
        [None, "2016", "2017", None, "2018"],
        [None, None, "по критериям 3-й редакции", "по критериям 4-й редакции", None],
        ["Республика Адыгея", 1, 2, 3, 4],
    ]
    table = """
dimensions:
  indicator: innovation_activity_rate
  unit: per_cent
  region: {left: region}
  methodology:
    above: {.*3-й редакции: oslo_3, .*4-й редакции: oslo_4}
    default: {"..2016": oslo_3, "2018..": oslo_4}
  period: {above: period}
"""
    reading = read_rows(rows, table, [(0, 2, 0, 3)], country="RU")
    assert values(reading, "year", "by_methodology") == {
        (2016, "oslo_3"): 1, (2017, "oslo_3"): 2, (2017, "oslo_4"): 3, (2018, "oslo_4"): 4,
    }  # fmt: skip


def test_cumulative_periods_beside_years() -> None:
    rows = [
        [None, "2022", "2023", "Январь – сентябрь 2024", "январь-июнь 2024 г."],
        [BELARUS, 1, 2, 3, 4],
    ]
    reading = read_rows(rows, POPULATION)
    frame = observations(reading).set_index("value")
    assert list(frame["period_kind"]) == ["year", "year", "cumulative", "cumulative"]
    assert (frame.loc[3, "period_end"].month, frame.loc[4, "period_end"].month) == (9, 6)


def test_sections_carry_the_indicator_and_rows_the_sex() -> None:
    rows = [
        [None, "2022", "2023"],
        ["Численность населения", None, None],
        ["мужчины", 1, 2],
        ["женщины", 3, 4],
        ["Занятые", None, None],
        ["мужчины", 5, 6],
        ["женщины", 7, 8],
    ]
    table = """
dimensions:
  indicator: {section: {Численность населения: population, Занятые: employment}}
  unit: persons
  region: BY
  sex: {left: sex}
  period: {above: period}
"""
    found = values(read_rows(rows, table), "indicator_code", "by_sex", "year")
    assert (found["population", "F", 2023], found["employment", "M", 2022]) == (4, 5)


def test_an_indicator_row_then_unit_rows() -> None:
    rows = [
        [None, "2022", "2023"],
        ["Валовой региональный продукт:", None, None],
        ["млн рублей", 100, 110],
        ["млрд рублей", 0.1, 0.11],
        ["Инвестиции в основной капитал:", None, None],
        ["млн рублей", 7, 8],
    ]
    table = """
dimensions:
  indicator:
    section: {"Валовой региональный продукт:": grp, "Инвестиции в основной капитал:": investment}
  unit: {left: {млн рублей: mln_BYN, млрд рублей: bln_BYN}}
  region: BY
  period: {above: period}
"""
    found = values(read_rows(rows, table), "indicator_code", "unit_code", "year")
    assert found["grp", "bln_BYN", 2023] == 0.11
    assert found["investment", "mln_BYN", 2022] == 7


TITLED = ["Численность населения (тыс. человек)", None, None]
SAID = "{caption: {тыс\\. человек: thousand_persons}}"
FIGURES = [BREST, 1, 2]


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([TITLED, [None, "2022", "2023"], FIGURES], SAID),
        ([["тыс. человек", "2022", "2023"], FIGURES], SAID),
        ([[None, "2022", "2023"], FIGURES], "thousand_persons"),
    ],
    ids=["title", "corner", "catalogue"],
)
def test_the_unit_stands_once(rows: list[list[object]], unit: str) -> None:
    table = POPULATION.replace("unit: persons", f"unit: {unit}")
    table += "caption: (Численность населения \\(тыс\\. человек\\))?"
    frame = observations(read_rows(rows, table))
    assert set(frame["unit_code"]) == {"thousand_persons"}
    assert set(frame["multiplier"]) == {1000}


def test_the_unit_in_the_label_after_a_comma() -> None:
    rows = [
        [None, "2022", "2023"],
        ["Численность населения, тыс. человек", 1, 2],
        ["Валовой региональный продукт, млн руб.", 3, 4],
    ]
    table = r"""
dimensions:
  indicator:
    left:
      Численность населения, тыс\. человек: population
      Валовой региональный продукт, млн руб\.: grp
  unit: {by_indicator: {population: thousand_persons, grp: mln_BYN}}
  region: BY
  period: {above: period}
"""
    found = values(read_rows(rows, table), "indicator_code", "unit_code", "year")
    assert found["grp", "mln_BYN", 2023] == 4
    reworded = [rows[0], ["Численность населения, человек", 1000, 2000], rows[2]]
    assert read_rows(reworded, table).outcome_code == "refused"  # another unit is no typo


def test_names_in_three_languages_with_headings() -> None:
    rows = [
        ["Атауы", "Наименование", "2022", "2023", "Name"],
        ["Абай облысы", "Абай", 1, 2, "Abai"],
        ["Алматы қаласы", "г. Алматы", 3, 4, "Almaty city"],
    ]
    table = POPULATION.replace("{left: region}", "{left: region, heading: Наименование}")
    reading = read_rows(rows, table + "skip_columns: [Атауы, Name]", country="KZ")
    assert sum(v or 0 for v in values(reading, "region_code", "year").values()) == 10


def test_names_in_another_language_without_heading() -> None:
    rows = [
        [None, "2022", "2023", None],
        [BELARUS, 10, 20, "Belarus"],
        ["в том числе:", None, None, "including:"],
        [BREST, 1, 2, "Brest region"],
    ]
    table = POPULATION + 'skip_rows: ["в том числе:"]\nother_languages: true'
    assert len(values(read_rows(rows, table), "region_code", "year")) == 4
    rows[3][3] = 17  # a figure there is no name
    assert "cell_unexplained" in codes(read_rows(rows, table))


def hierarchy(level: str) -> list[list[object]]:
    """Two oblasts with a district each, the level said in another way."""
    blanks = "    " if level == "blanks" else ""
    rows: list[list[object]] = [
        ["Уровень", "Регион", "2022"],
        [1, BREST, 100],
        [2, f"{blanks}Каменецкий", 1],
        [1, "Минская область", 200],
        [2, f"{blanks}Минский", 2],
    ]
    return rows if level == "number" else [row[1:] for row in rows]


@pytest.mark.parametrize("level", ["indent", "blanks", "number"])
def test_hierarchies(level: str) -> None:
    given = sheet(hierarchy(level))
    if level == "indent":
        given.indent[[2, 4], 0] = 1
    find = "{left: region, heading: Регион, path: true"
    find += ", level: Уровень}" if level == "number" else "}"
    found = values(read_rows(given, POPULATION.replace("{left: region}", find)), "region_code")
    assert sorted(v for v in found.values() if v) == [1, 2, 100, 200]


def test_in_that_number_before_the_first_part() -> None:
    rows = [
        [None, "2022"],
        ["Архангельская область", 10],
        ["в том числе Ненецкий автономный округ", 1],
        ["Архангельская область без АО", 9],
    ]
    found = values(read_rows(rows, POPULATION, country="RU"), "region_code")
    assert found == {"RU-ARK": 10, "RU-NEN": 1, "RU-ARK-REM": 9}


def test_hidden_rows_and_columns_refuse() -> None:
    given = sheet([[None, "2022", "2023"], [BREST, 1, 2], [GOMEL, 3, 4]])
    for hidden in ({"hidden_rows": frozenset({2})}, {"hidden_columns": frozenset({2})}):
        changed = replace(given, **hidden)
        assert codes(read_rows(changed, POPULATION)) == ["cell_unexplained"]
        assert len(observations(read_rows(changed, POPULATION + "reads_hidden: true"))) == 4


def test_formulas_count_and_are_marked() -> None:
    given = sheet([[None, "2022", "2023"], [BREST, 1, 2]])
    given.formula[1, 1] = True
    assert list(observations(read_rows(given, POPULATION))["is_formula"]) == [True, False]
    given.kind[1, 1] = Kind.FORMULA_WITHOUT_VALUE
    assert codes(read_rows(given, POPULATION)) == ["formula_without_value"]


MARKED = [
    ("1 633,21)", 1633.2, "первая"),
    ("2 500*", 2500, "звезда"),
    ("12,5¹", 12.5, "первая"),
    ("7,1 2)", 7.1, "вторая"),
    ("15,0 *", 15, "звезда"),
]


@pytest.mark.parametrize(("text", "value", "note"), MARKED)
def test_footnote_marks_on_values(text: str, value: float, note: str) -> None:
    rows = [
        [None, "2022"],
        [BREST, text],
        [GOMEL, "1,5"],
        ["1) первая сноска о методике счёта", None],
        ["2) вторая сноска о методике счёта", None],
        ["* звезда означает оценку данных", None],
    ]
    reading = read_rows(rows, POPULATION.replace("persons", "per_cent"))
    row = observations(reading).iloc[0]
    assert row["value"] == value
    assert note in row["footnote"]


@pytest.mark.parametrize("header", ["20222)", "2022 2)", "2022*", "2022²", "2022 1) 2)"])
def test_footnote_marks_on_years(header: str) -> None:
    notes = ["1) первая сноска о методике счёта", "2) вторая сноска о методике счёта"]
    rows = [[None, header, "2023"], [BREST, 1, 2]]
    rows += [[note, None, None] for note in [*notes, "* звезда означает оценку данных"]]
    frame = observations(read_rows(rows, POPULATION))
    assert list(frame["year"]) == [2022, 2023]
    assert frame["footnote"].iloc[0]
    assert pd.isna(frame["footnote"].iloc[1])


@pytest.mark.parametrize("text", ["10 1439", "1 633,29)", "12,5³", "~1393", "12;5", "1.234,5,6"])
def test_what_nobody_can_read_is_refused(text: str) -> None:
    rows = [
        [None, "2022"],
        [BREST, text],
        [GOMEL, "1,5"],
        ["1) первая сноска о методике счёта", None],
    ]
    reading = read_rows(rows, POPULATION.replace("persons", "per_cent"))
    assert len(codes(reading)) == 1
    assert list(observations(reading)["value"]) == [1.5]


@pytest.mark.parametrize(
    ("text", "value"), [("в 2,6 р.", 260), ("в 3 раза", 300), ("в 10,25 р", 1025), ("98,7", 98.7)]
)
def test_multiples_are_read_where_they_are_declared(text: str, value: float) -> None:
    rows = [[None, "2022"], [BREST, text], [GOMEL, "101,5"]]
    index = POPULATION.replace("indicator: population", "indicator: grp_volume_index")
    index = index.replace("persons", "pct_of_same_period_last_year")
    frame = observations(read_rows(rows, index + "times: true"))
    assert (frame["value"].iloc[0], frame["value_printed"].iloc[0]) == (value, text)
    if text.startswith("в"):
        assert codes(read_rows(rows, index)) == ["number_unreadable"]


SYMBOLS = {
    "-": "none_occurs", "–": "none_occurs", "…": "not_available", "...": "not_available",
    "x": "not_applicable", "х": "not_applicable", "н/д": "not_available", "конфид.": "confidential",
}  # fmt: skip


@pytest.mark.parametrize(("symbol", "reason"), SYMBOLS.items())
def test_symbols_are_reasons_and_never_zero(symbol: str, reason: str) -> None:
    row = observations(read_rows([[None, "2022"], [BREST, symbol], [GOMEL, 1]], POPULATION)).iloc[0]
    assert np.isnan(row["value"])
    assert row["reason_code"] == reason


def test_a_break_of_currency_inside_one_row() -> None:
    rows = [[None, "2014", "2015", "2016", "2017"], [BELARUS, 6000000, 6700000, 722, 822]]
    table = POPULATION.replace("population", "wage_nominal").replace(
        "unit: persons", 'unit: {by_period: {"..2015": BYR_per_month, "2016..": BYN_per_month}}'
    )
    frame = observations(read_rows(rows, table))
    assert list(frame["unit_code"]) == ["BYR_per_month"] * 2 + ["BYN_per_month"] * 2
    assert list(frame["currency_code"]) == ["BYR"] * 2 + ["BYN"] * 2
    assert list(frame["value"]) == [6000000, 6700000, 722, 822]  # printed values stay
    gap = table.replace('"2016.."', '"2017.."')
    assert codes(read_rows(rows, gap)) == ["contract_invalid"]


def test_a_span_of_years_proves_the_header_or_stands_in_for_it() -> None:
    table = """
    dimensions:
      indicator: grp
      unit: mln_BYN
      region: {left: region, heading: Регион}
      period: {above: period}
      scenario:
        any_of:
          - above: {факт: actual, прогноз: forecast}
          - by_period: {"..2023": actual, "2024..": forecast}
    """
    years: list[object] = ["", 2023, 2024]
    figures: list[object] = ["Брестская область", 5, 6]
    for headers in (["Регион", "факт", "прогноз"], ["Регион", "", ""]):
        read = read_rows([headers, years, figures], table)
        assert values(read, "by_scenario") == {"actual": 5, "forecast": 6}
    slipped = read_rows([["Регион", "факт", "факт"], years, figures], table)
    assert slipped.problem is not None
    assert slipped.problem.code == Code.HEADER_AMBIGUOUS
    assert "forecast" in slipped.problem.found


@pytest.mark.parametrize("title", ["Население, тыс. человек", "Население"])
def test_a_unit_in_the_title_until_some_year_and_over_the_figures_since(title: str) -> None:
    table = """
    caption: Население
    dimensions:
      indicator: population
      unit:
        any_of:
          - above: {тыс\\. человек: thousand_persons}
          - caption: {тыс\\. человек: thousand_persons}
      region: {left: region}
      period: {above: period}
    """
    over = "" if "тыс" in title else "тыс. человек"
    rows: list[list[object]] = [[title, ""], ["", over], ["", 2023], [BREST, 5]]
    assert values(read_rows(rows, table), "unit_code") == {"thousand_persons": 5}


def test_a_region_beside_its_successors() -> None:
    """Both rows stand for the same people before and after: no year has both."""
    rows = [
        [None, "2021", "2023"],
        ["Восточно-Казахстанская", 1363, 730],
        ["Абай", "-", 610],
    ]
    table = POPULATION + 'symbols: {"-": not_available}'
    found = observations(read_rows(rows, table, country="KZ"))
    before = found[(found["year"] == 2021) & found["value"].isna()]
    assert list(before["reason_code"]) == ["region_not_existing"]
    rows[2][1] = 600  # a figure for a region that did not exist counts people twice
    assert codes(read_rows(rows, table, country="KZ")) == ["region_not_valid"]


@pytest.mark.parametrize(
    "name", ["Брестcкая oбласть", "БРЕСТСКАЯ ОБЛАСТЬ", "Брестская обл.", "Брестская  область "]
)
def test_look_alike_letters_and_spellings(name: str) -> None:
    found = values(read_rows([[None, "2022"], [name, 7]], POPULATION), "region_code")
    assert found == {"BY-BR": 7}


def test_a_label_merged_over_its_rows() -> None:
    table = """
    dimensions:
      indicator: population
      unit: persons
      region: {left: region, heading: Регион}
      sex: {left: {всего: _T, мужчины: M}, heading: Пол}
      period: {above: period}
    """
    rows: list[list[object]] = [
        ["Регион", "Пол", 2022],
        [BREST, "всего", 10],
        ["", "мужчины", 5],
        [GOMEL, "всего", 20],
        ["", "мужчины", 8],
    ]
    read = read_rows(rows, table, [(1, 0, 2, 0), (3, 0, 4, 0)])
    assert values(read, "region_code", "by_sex") == {
        ("BY-BR", "_T"): 10, ("BY-BR", "M"): 5, ("BY-HO", "_T"): 20, ("BY-HO", "M"): 8,
    }  # fmt: skip
    assert read_rows(rows, table).outcome_code == "refused", "not merged, and nobody said `once`"
    once = table.replace("heading: Регион", "heading: Регион, once: true")
    assert values(read_rows(rows, once), "region_code", "by_sex") == values(
        read, "region_code", "by_sex"
    )


def test_months_below_rows_that_say_their_year() -> None:
    table = """
    caption: Занятость, тысяч человек
    dimensions:
      indicator: employment
      unit: thousand_persons
      region: {above: region}
      period: {left: period, years: section}
    """
    rows: list[list[object]] = [
        ["Занятость, тысяч человек", ""],
        ["", BREST],
        ["2022 год", ""],
        ["январь", 1],
        ["январь – июнь", 2],
        ["2023 год", 9],
        ["январь", 3],
    ]
    assert values(read_rows(rows, table), "period_start", "period_end") == {
        (date(2022, 1, 1), date(2022, 1, 31)): 1,
        (date(2022, 1, 1), date(2022, 6, 30)): 2,
        (date(2023, 1, 1), date(2023, 12, 31)): 9,
        (date(2023, 1, 1), date(2023, 1, 31)): 3,
    }
    undeclared = read_rows(rows, table.replace(", years: section", ""))
    assert undeclared.outcome_code == "refused"
    without_year = read_rows([*rows[:2], *rows[3:]], table)
    assert codes(without_year) == ["period_unreadable", "period_unreadable"]


def test_headers_and_labels_in_three_languages() -> None:
    table = """
    skip_columns: [Өңірлер, Regions]
    skip_rows: ["в том числе:"]
    dimensions:
      indicator: grp
      unit: mln_KZT
      region: {left: region, heading: Регионы}
      period: {above: period}
    """
    half = "қаңтар-маусым / январь-июнь"
    rows: list[list[object]] = [
        ["Өңірлер", "Регионы", "Regions", "2023 ж. / 2023 г.", "2024 ж. / 2024 г.*"],
        ["", "", "", half, half],
        ["Қазақстан", "Республика Казахстан", "Kazakhstan", 10, 11],
        ["оның ішінде:", "в том числе:", "of which:", "", ""],
        ["Ақмола", "Акмолинская", "Akmola", 4, 5],
        ["* алдын ала деректер / предварительные данные", "", "", "", ""],
    ]
    read = read_rows(rows, table, country="KZ")
    assert values(read, "region_code", "period_end") == {
        ("KZ", date(2023, 6, 30)): 10, ("KZ", date(2024, 6, 30)): 11,
        ("KZ-11", date(2023, 6, 30)): 4, ("KZ-11", date(2024, 6, 30)): 5,
    }  # fmt: skip
    assert only(observations(read), region_code="KZ", year=2024)["footnote"].startswith("*")
    rows[0][3] = "2023 ж. / 2022 г."
    assert codes(read_rows(rows, table, country="KZ")) == ["header_unreadable"]
