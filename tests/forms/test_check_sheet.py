"""The check sheet, computed by LibreOffice: a right report passes, each planted error shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.forms.filled import ABROAD, FORMS, NUMBERS, REPORT, computed, made, place, right_rows
from warehouse.forms.check_sheet import FIRST_CHECK, RESULT
from warehouse.forms.registry_numbers import problem_of
from warehouse.forms.workbook import FIRST_ROW

READY = "Ошибок не найдено: отчёт можно отправить."

Line = tuple[str, str, Any, Any]
"""Sheet, text, wrong rows, link to the first of them."""


def lines(path: Path, folder: Path, sheet: str = "Проверка") -> tuple[str, list[Line]]:
    """What LibreOffice computes: the verdict, and the lines of all checks."""
    book = openpyxl.load_workbook(computed(path, folder), data_only=True)
    rows = book[sheet].iter_rows(min_row=FIRST_CHECK, max_col=4, values_only=True)
    return str(book[sheet][RESULT].value), [tuple(row) for row in rows if row[0]]


def wrong(found: list[Line]) -> list[Line]:
    return [line for line in found if line[2] != 0]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_right_report_passes(language: str, tmp_path: Path) -> None:
    path = made(tmp_path / "t.xlsx", right_rows(), language=language)
    sheet = {"ru": "Проверка", "en": "Check"}[language]
    verdict, found = lines(path, tmp_path, sheet)
    assert wrong(found) == []
    assert verdict in {READY, "No errors found: the report may be sent."}
    assert len(found) > 70
    assert {line[3] for line in found} <= {None, ""}


def test_an_empty_template_names_the_sheets_that_must_be_filled_in(tmp_path: Path) -> None:
    verdict, found = lines(made(tmp_path / "t.xlsx"), tmp_path)
    rows, figures = "ни одной строки.", "ни одного показателя."
    required = {
        table.title.ru: figures if table.measures else rows
        for table in REPORT.tables
        if table.required
    }
    assert wrong(found) == [
        (title, f"Лист обязателен, но в нём нет {what}", 1, "A4")
        for title, what in required.items()
    ]
    assert verdict == f"Отчёт ещё не готов. Проверок с замечаниями: {len(required)}."


@pytest.mark.parametrize("name", ["project_report", "cluster_register"])
def test_another_form_is_only_another_file(name: str, tmp_path: Path) -> None:
    form = FORMS[f"form/{name}"]
    kind = {"cluster_id": None, "period_code": None}
    if form.subject == "cluster":
        kind = {"cluster_id": "KZ-C01", "period_code": "2024-H1"}
    rows = {"cluster": [{"cluster_id": "KZ-C01", "name_ru": "Первый"}] * 2}
    path = made(tmp_path / "t.xlsx", rows, form=form, **kind)
    _, found = lines(path, tmp_path)
    titles = {line[0] for line in wrong(found)}
    first = form.tables[0].title.ru
    if name == "project_report":
        assert wrong(found) == [(first, "Лист обязателен, но в нём нет ни одной строки.", 1, "A4")]
    else:
        assert (first, "Одно и то же указано дважды: «Код кластера».", 2, "A4") in wrong(found)
        assert titles == {"Кластеры", "Статусы"}


PLANTED: dict[tuple[str, str, int], Any] = {
    ("cluster", "cluster_id", 0): "BY-C02",
    ("cluster", "kind_code", 0): "космический",
    ("cluster", "team_fte", 0): -1,
    ("cluster_label", "valid_to", 0): date(2023, 2, 28),
    ("cluster_label", "label_code", 1): "золотой знак ESCA",  # and no date
    ("classification", "valid_from", 0): "с 2020 года",
    ("classification", "value_code", 1): "региональный",  # a scale, no environment
    ("organisation", "name", 0): "  ",
    ("organisation", "registry_number", 1): "19000001",
    ("organisation", "country_code", 1): "Республика Беларусь",
    ("organisation", "registry_number", 2): "190000021",
    ("organisation", "country_code", 3): "Атлантида",
    ("membership", "left_on", 0): date(2015, 5, 19),
    ("membership", "joined_on", 2): datetime(2016, 1, 1),  # the same as the row above
    ("membership", "role_code", 3): None,
    ("member_value", "employees", 0): 19,  # fewer than remote ones
    ("member_value", "sales_to_members", 0): 16001,  # exports are as much as sales: possible
    ("member_value", "output", 0): 99,  # less than innovative output
    ("member_value", "sales", 1): "много",
    ("member_value", "patents", 1): -3,
    ("member_value", "year", 2): 2025,
    ("remote_employees", "organisation_id", 1): "190000020",  # no member
    ("remote_employees", "remote_employees", 0): None,
    ("cluster_value", "sme_share", 0): 100.5,
    ("project", "planned_finish_on", 0): date(2022, 1, 9),
    ("project_value", "project_id", 0): "P-2",
    ("project_value", "method_note", 1): None,
    ("link", "amount", 0): "двенадцать",
    ("support", "currency_code", 0): "BYB",
}

SEEN: list[Line] = [
    ("Кластер", "Форма подготовлена для кластера BY-C01, а указан другой код.", 1, "A4"),
    ("Кластер", "Значения не из списка: «Регион кластера», «Вид кластера».", 1, "A4"),
    ("Кластер", "Отрицательные значения: «Численность управляющей команды».", 1, "A4"),
    ("Внешние знаки качества", "Не заполнены обязательные графы: «Знак», «Действует с».", 1, "A5"),
    ("Внешние знаки качества", "«Действует по» раньше, чем «Действует с».", 1, "A4"),
    (
        "Классификация",
        "«Значение»: это значение не относится к указанному в графе «Признак».",
        1,
        "A5",
    ),
    (
        "Классификация",
        "Не дата (нужно, например, 28.06.2021): «Действует с», «Действует по».",
        1,
        "A4",
    ),
    (
        "Организации",
        "Не заполнены обязательные графы: «УНП / БИН / ИНН», «Наименование», «Регион», "
        "«Тип организации».",
        1,
        "A4",
    ),
    ("Организации", "Неверное число знаков номера «УНП / БИН / ИНН»: должно быть 9.", 1, "A5"),
    ("Организации", "Контрольный разряд номера не сходится: «УНП / БИН / ИНН».", 1, "A6"),
    (
        "Организации",
        "Значения не из списка: «Страна», «Регион», «Размер», «Тип организации».",
        1,
        "A7",
    ),
    (
        "Участники кластера",
        "Не заполнены обязательные графы: «УНП / БИН / ИНН», «Роль», «Вступил».",
        1,
        "A7",
    ),
    ("Участники кластера", "«Вышел» раньше, чем «Вступил».", 1, "A4"),
    (
        "Участники кластера",
        "«УНП / БИН / ИНН»: такого значения нет на листе «Организации».",
        2,
        "A5",
    ),
    ("Участники кластера", "Одно и то же указано дважды: «УНП / БИН / ИНН», «Вступил».", 2, "A5"),
    ("Показатели участников", "«Год»: нужен год от 1990 до 2024.", 1, "A6"),
    (
        "Показатели участников",
        "Показатели, которые не являются ни числом, ни условным обозначением («…», «-», «x»).",
        1,
        "A5",
    ),
    (
        "Показатели участников",
        "Отрицательные значения там, где их быть не может (выделены красным).",
        1,
        "A5",
    ),
    (
        "Показатели участников",
        "«Удалённые работники» не может быть больше, чем «Работники».",
        1,
        "A4",
    ),
    (
        "Показатели участников",
        "«Выручка от участников кластера» не может быть больше, чем «Выручка».",
        1,
        "A4",
    ),
    (
        "Показатели участников",
        "«Инновационная продукция» не может быть больше, чем «Объём производства».",
        1,
        "A4",
    ),
    (
        "Удалённые работники по регионам",
        "Не заполнены обязательные графы: «УНП / БИН / ИНН», «Регион проживания», "
        "«Удалённые работники».",
        1,
        "A4",
    ),
    (
        "Удалённые работники по регионам",
        "«УНП / БИН / ИНН»: такого значения нет на листе «Участники кластера».",
        1,
        "A5",
    ),
    (
        "Показатели кластера",
        "«Доля МСП среди участников»: допустимые значения от 0 до 100.",
        1,
        "A4",
    ),
    ("Проекты", "«Плановое окончание» раньше, чем «Начало».", 1, "A4"),
    ("Показатели проектов", "Эффект указан без метода расчёта: заполните «Метод расчёта эффекта».",
     1, "A5"),
    ("Показатели проектов", "«Код проекта»: такого значения нет на листе «Проекты».", 1, "A4"),
    ("Связи", "Не число: «Сумма, тыс.».", 1, "A4"),
    ("Поддержка", "Значения не из списка: «Инструмент», «Валюта».", 1, "A4"),
]  # fmt: skip


def plant(path: Path) -> None:
    """Write the errors into a right report, as a person would overwrite cells."""
    book = openpyxl.load_workbook(path)
    for (name, column, row), value in PLANTED.items():
        table = REPORT.by_name[name]
        book[table.title.ru][place(table, column, row)] = value
    book.save(path)


def test_each_planted_error_shows_with_its_rows_and_no_other(tmp_path: Path) -> None:
    path = made(tmp_path / "t.xlsx", right_rows())
    plant(path)
    verdict, found = lines(path, tmp_path)
    shown = wrong(found)
    assert [line for line in shown if line not in SEEN] == []
    assert [line for line in SEEN if line not in shown] == []
    assert verdict == f"Отчёт ещё не готов. Проверок с замечаниями: {len(SEEN)}."


def test_a_cell_with_an_error_of_the_program_is_not_passed_over(tmp_path: Path) -> None:
    path = made(tmp_path / "t.xlsx", right_rows())
    book = openpyxl.load_workbook(path)
    table = REPORT.by_name["member_value"]
    book[table.title.ru][place(table, "output")] = "=1/0"
    book.save(path)
    verdict, found = lines(path, tmp_path)
    unknown = {(line[0], line[2]) for line in wrong(found)}
    assert unknown == {(table.title.ru, "?")}
    assert verdict.startswith("Отчёт ещё не готов.")


def test_spellings_of_a_number_are_one_and_the_last_row_is_checked(tmp_path: Path) -> None:
    rows = right_rows()
    rows["membership"][0]["organisation_id"] = "BY:190000005"
    path = made(tmp_path / "t.xlsx", rows)
    book = openpyxl.load_workbook(path)
    sheet, table = book["Участники кластера"], REPORT.by_name["membership"]
    sheet[place(table, "organisation_id")] = "BY:190 000 005"
    sheet[place(table, "organisation_id", 1)] = int(NUMBERS[1])
    sheet[place(table, "organisation_id", 3)] = f"RU:{ABROAD}"
    last = FIRST_ROW + table.rows - 1
    sheet[f"A{last}"] = NUMBERS[2]  # the last offered row is not whole
    book.save(path)
    _, found = lines(path, tmp_path)
    text = "Не заполнены обязательные графы: «УНП / БИН / ИНН», «Роль», «Вступил»."
    assert wrong(found) == [("Участники кластера", text, 1, f"A{last}")]


def test_members_without_a_figure_are_not_yet_a_report(tmp_path: Path) -> None:
    """As in a template for the next year: the reader refuses it, so the check sheet says so."""
    rows = right_rows()
    rows["member_value"] = [{"organisation_id": number} for number in NUMBERS[:2]]
    _, found = lines(made(tmp_path / "t.xlsx", rows), tmp_path)
    text = "Лист обязателен, но в нём нет ни одного показателя."
    assert wrong(found) == [("Показатели участников", text, 1, "A4")]


@pytest.mark.parametrize("country", ["BY", "KZ"])
def test_check_digits_are_those_of_the_register(country: str, tmp_path: Path) -> None:
    """Whatever the last digit, the sheet finds wrong what the reader refuses, and nothing else."""
    first = {"BY": "19000", "KZ": "05014000"}[country]
    numbers = [f"{first}{number:04d}" for number in range(100, 160)]
    rows = [{"registry_number": number} for number in [*numbers, f"{country}:{numbers[0]}"]]
    cluster = f"{country}-C01"
    path = made(tmp_path / "t.xlsx", {"organisation": rows}, cluster_id=cluster)
    _, found = lines(path, tmp_path)
    wrong_digits = [problem_of(country, number) is not None for number in numbers]
    count = sum(wrong_digits) + wrong_digits[0]
    first_row = FIRST_ROW + wrong_digits.index(True)
    text = "Контрольный разряд номера не сходится: «УНП / БИН / ИНН»."
    assert ("Организации", text, count, f"A{first_row}") in wrong(found)
    assert 40 < count < len(rows)


def formulas(path: Path) -> Iterator[str]:
    for row in openpyxl.load_workbook(path)["Проверка"].iter_rows(min_row=FIRST_CHECK):
        for cell in row:
            if cell.data_type == "f":
                yield getattr(cell.value, "text", cell.value)


def test_formulas_stay_within_what_every_program_computes(tmp_path: Path) -> None:
    found = list(formulas(made(tmp_path / "t.xlsx", right_rows())))
    assert len(found) > 200
    assert max(map(len, found)) < 8192  # the limit of Excel
    for name in ("XLOOKUP", "FILTER(", "UNIQUE(", "LET(", "TEXTJOIN", "_xlfn", "#REF!"):
        assert not any(name in formula for formula in found)
