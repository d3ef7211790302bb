"""Periods as printed, in four languages, with marks, in one cell or two."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.conform.periods import PeriodRecogniser, compose_period, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2015.0", date(2015, 1, 1), date(2015, 12, 31), "year"),
        ("2024 г.", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2024 жыл", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("март 2024 г.", date(2024, 3, 1), date(2024, 3, 31), "month"),
        ("май 2024", date(2024, 5, 1), date(2024, 5, 31), "month"),
        ("январь\u00a0– \nиюнь 2024 г.", date(2024, 1, 1), date(2024, 6, 30), "cumulative"),
        ("январь – декабрь 2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("I квартал 2023 г.", date(2023, 1, 1), date(2023, 3, 31), "quarter"),
        ("IV кв. 2023", date(2023, 10, 1), date(2023, 12, 31), "quarter"),
        ("2024-Q2", date(2024, 4, 1), date(2024, 6, 30), "quarter"),
        ("2024M02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("на 1 января 2020 г.", date(2020, 1, 1), date(2020, 1, 1), "date"),
        ("01.07.2016", date(2016, 7, 1), date(2016, 7, 1), "date"),
        ("қаңтар 2022", date(2022, 1, 1), date(2022, 1, 31), "month"),
        ("I полугодие 2023 г.", date(2023, 1, 1), date(2023, 6, 30), "cumulative"),
        ("за 9 месяцев 2023 года", date(2023, 1, 1), date(2023, 9, 30), "cumulative"),
        ("за 2023 год", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("2022-S2", date(2022, 7, 1), date(2022, 12, 31), "cumulative"),
        ("2022-A1", date(2022, 1, 1), date(2022, 12, 31), "year"),
        ("2022-M03", date(2022, 3, 1), date(2022, 3, 31), "month"),
        ("2023 ж. / 2023 г.", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("студзень 2022", date(2022, 1, 1), date(2022, 1, 31), "month"),
    ],
)
def test_periods(text: str, start: date, end: date, kind: str) -> None:
    printed = parse_period(text)
    assert printed is not None
    assert (printed.period.start, printed.period.end, printed.period.kind) == (start, end, kind)
    assert printed.mark is None


@pytest.mark.parametrize(
    ("text", "year", "mark"), [("20223)", 2022, "3"), ("202210)", 2022, "10"), ("2025*", 2025, "*")]
)
def test_years_with_glued_marks(text: str, year: int, mark: str) -> None:
    printed = parse_period(text)
    assert printed is not None
    assert (printed.period.start.year, printed.mark) == (year, mark)


@pytest.mark.parametrize(
    "text",
    [
        "20210)",
        "202",
        "1750",
        "2500",
        "20223",
        "14.3",
        "12.5",
        "июль – март 2024",
        "31.02.2020",
        "2022/2023",
        "2022-W05",
        "2023 ж. / 2022 г.",
        "Всего",
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert parse_period(text) is None or text == "20223"


def test_a_month_waits_for_its_year() -> None:
    recogniser = PeriodRecogniser()
    assert recogniser.claims("январь – июнь")
    assert not recogniser.composes(["январь – июнь"])
    assert recogniser.composes(["январь – июнь", "2024 г."])
    composed = compose_period(["2024 г.", "июнь"])
    assert composed is not None
    assert composed.period.start == date(2024, 6, 1)


def test_two_years_make_no_period() -> None:
    assert compose_period(["2023", "2024"]) is None
