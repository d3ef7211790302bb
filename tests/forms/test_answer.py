"""The answer marks the refused cells, explains them in the report's language, and starts anew."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.forms.filled import REPORT, header, made, place, right_rows
from warehouse.errors import Code
from warehouse.forms.answer import write_answer
from warehouse.forms.workbook import MARKED, texts
from warehouse.settings import PROJECT

MEMBERS = REPORT.by_name["member_value"]
SHEET = MEMBERS.title.ru


def rejected(code: str, cell: str | None, **other: Any) -> dict[str, Any]:
    """One row of what was refused."""
    table = cell.rpartition("!")[0] if cell else None
    own = {"code": code, "cell": cell, "table_name": table, "value_printed": "1", "found": "«1»"}
    said = {"expected": "a number", "message": f"m {code}", "action": f"a {code}"}
    return {**own, **said, **other}


def answer(
    folder: Path,
    original: Path,
    rows: list[dict[str, Any]],
    *,
    language: str = "ru",
    outcome: str = "accepted",
) -> openpyxl.Workbook:
    path = folder / "answer.xlsx"
    write_answer(original, rows, form=REPORT, language=language, outcome_code=outcome, path=path)
    return openpyxl.load_workbook(path)


def marked(book: openpyxl.Workbook) -> set[str]:
    return {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        for row in sheet
        for cell in row
        if cell.fill.start_color.rgb == MARKED
    }


def said(book: openpyxl.Workbook, sheet: str = "Ответ") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[sheet]]


def text(book: openpyxl.Workbook, sheet: str = "Ответ") -> str:
    return "\n".join(str(value) for row in said(book, sheet) for value in row if value is not None)


def test_the_refused_cells_and_no_others_are_marked_and_commented(tmp_path: Path) -> None:
    original = made(tmp_path / "t.xlsx", right_rows())
    sales, note = place(MEMBERS, "sales", 1), place(MEMBERS, "note", 2)
    rows = [
        rejected("number_unreadable", f"{SHEET}!{sales}", value_printed="много"),
        rejected("cell_unexplained", f"{SHEET}!{note}"),
        rejected("check_failed", f"{SHEET}!{note}"),
    ]
    book = answer(tmp_path, original, rows)
    assert book.sheetnames[0] == "Ответ"
    assert book.active.title == "Ответ"
    assert marked(book) == {f"{SHEET}!{sales}", f"{SHEET}!{note}"}
    comment = book[SHEET][sales].comment.text
    assert comment.startswith("✗ Это не число.\nВведите число")
    both = book[SHEET][note].comment.text
    assert both.count("✗ ") == 2
    assert "Здесь ничего не должно быть." in both
    assert "Значение противоречит другим данным отчёта." in both
    assert book[SHEET][sales].value == 55.5


def test_the_answer_keeps_what_the_template_had(tmp_path: Path) -> None:
    original = made(tmp_path / "t.xlsx", right_rows())
    before = openpyxl.load_workbook(original)
    after = answer(tmp_path, original, [rejected("value_missing", f"{SHEET}!A4")])
    assert after.sheetnames[1:] == before.sheetnames
    assert after.security.lockStructure
    for sheet in before:
        same = after[sheet.title]
        assert same.sheet_state == sheet.sheet_state
        assert same.protection.sheet == sheet.protection.sheet
        assert len(same.data_validations.dataValidation) == len(
            sheet.data_validations.dataValidation
        )
        assert len(same.conditional_formatting) == len(sheet.conditional_formatting)
        for row in sheet:
            for cell in row:
                twin = same[cell.coordinate]
                if cell.data_type != "f":
                    assert twin.value == cell.value
                assert twin.number_format == cell.number_format
                assert twin.protection.locked == cell.protection.locked


@pytest.mark.parametrize(
    ("outcome", "count", "begins"),
    [
        ("accepted", 0, "Отчёт принят полностью."),
        ("accepted", 1, "Отчёт принят, кроме отмеченных значений."),
        ("refused", 1, "Отчёт не принят. Исправьте"),
        ("quarantined", 1, "Отчёт не принят, так как его данные противоречат"),
        ("unchanged", 0, "Такой же отчёт уже получен ранее"),
        ("no_contract", 0, "Отчёт не обработан: no_contract."),
    ],
)
def test_the_first_sheet_says_what_became_of_the_report(
    outcome: str, count: int, begins: str, tmp_path: Path
) -> None:
    rows = [rejected("value_missing", f"{SHEET}!A4")] * count
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), rows, outcome=outcome)
    assert said(book)[1][0].startswith(begins)
    assert ("Замечаний: 1" in text(book)) == bool(count)


def test_the_first_sheet_counts_rows_and_links_each_finding_to_its_cell(tmp_path: Path) -> None:
    cell = place(MEMBERS, "exports", 0)
    rows = [
        rejected("value_out_of_range", f"{SHEET}!{cell}", value_printed="16000"),
        rejected("registry_number_invalid", f"{SHEET}!A6"),
        rejected("table_not_found", None, table_name="Черновик"),
        rejected("dimension_not_found", None),
    ]
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), rows)
    counts = {row[1]: row[2:5] for row in said(book) if row[0] is None}
    assert counts[SHEET] == [3, 2, 2]
    assert counts["Участники кластера"] == [4, 0, 0]
    findings = [row for row in said(book) if isinstance(row[0], int)]
    assert [row[0] for row in findings] == [1, 2, 3, 4]
    first = findings[0]
    assert first[1:5] == [SHEET, cell, "Экспорт", "16000"]
    assert first[5] == "Значение вне допустимых пределов."
    assert "Не больше, чем «Выручка»." in first[6]
    assert [row[2] for row in findings] == [cell, "A6", "весь лист", "весь файл"]
    places = {c.coordinate: c.hyperlink for c in book["Ответ"]["C"] if c.hyperlink}
    assert [link.location for link in places.values()] == [f"'{SHEET}'!{cell}", f"'{SHEET}'!A6"]
    assert book["Ответ"].print_area == f"'Ответ'!$A$1:$G${book['Ответ'].max_row + 1}"


def test_where_nothing_is_to_be_mended_the_sheet_alone_says_so(tmp_path: Path) -> None:
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), [])
    assert book.sheetnames == ["Ответ"]
    counts = {row[1]: row[2:5] for row in said(book) if row[1]}
    assert {name: found[0] for name, found in counts.items() if name != "Лист"} == {
        REPORT.by_name[name].title.ru: len(rows) for name, rows in right_rows().items()
    }


def test_english_reports_are_answered_in_english(tmp_path: Path) -> None:
    original = made(tmp_path / "t.xlsx", right_rows(), language="en")
    row = rejected("symbol_unknown", "Figures of members!D4")
    book = answer(tmp_path, original, [row], language="en")
    assert book.sheetnames[0] == "Answer"
    whole = text(book, "Answer")
    assert "An unknown symbol stands in place of a number." in whole
    assert not re.search("[а-яё]", whole.replace("Участники", ""), re.I)


def test_an_unknown_code_is_told_in_the_words_of_the_reader(tmp_path: Path) -> None:
    row = rejected("quite_new", f"{SHEET}!D4")
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), [row])
    assert book[SHEET]["D4"].comment.text == "✗ m quite_new\na quite_new"


def test_what_the_report_says_never_becomes_a_formula(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x.example","1")'
    rows = right_rows()
    rows["member_value"][0]["note"] = evil
    cell = f"{SHEET}!{place(MEMBERS, 'note')}"
    row = rejected("quite_new", cell, value_printed=evil, message="+1", action="@a", found=evil)
    book = answer(tmp_path, made(tmp_path / "t.xlsx", rows), [row])
    assert {c.data_type for line in book["Ответ"] for c in line} <= {"s", "n"}
    assert evil in text(book)
    assert book[SHEET][place(MEMBERS, "note")].data_type == "s"
    assert book[SHEET][place(MEMBERS, "note")].value == evil


def test_marks_of_an_earlier_answer_go(tmp_path: Path) -> None:
    original = made(tmp_path / "t.xlsx", right_rows())
    head = header(MEMBERS, "employees")
    cells = [f"{SHEET}!{head}", f"{SHEET}!A4", f"{SHEET}!D5"]
    first = tmp_path / "first.xlsx"
    write_answer(
        original,
        [rejected("value_missing", cell) for cell in cells],
        form=REPORT,
        language="ru",
        outcome_code="refused",
        path=first,
    )
    assert marked(openpyxl.load_workbook(first)) == set(cells)
    again = answer(tmp_path, first, [rejected("cell_error", f"{SHEET}!D5")])
    assert again.sheetnames.count("Ответ") == 1
    assert marked(again) == {f"{SHEET}!D5"}
    assert again[SHEET]["A4"].comment is None
    assert again[SHEET]["D5"].comment.text.count("✗ ") == 1
    clean = openpyxl.load_workbook(original)
    assert again[SHEET][head].comment.text == clean[SHEET][head].comment.text
    for cell in (head, "A4"):
        assert repr(again[SHEET][cell].fill) == repr(clean[SHEET][cell].fill)


def test_a_report_that_is_no_workbook_is_answered_by_the_sheet_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"form": "cluster_report"}))
    row = rejected("value_missing", "/tables/membership/0/role_code", table_name="membership")
    book = answer(tmp_path, path, [row], outcome="refused")
    assert book.sheetnames == ["Ответ"]
    assert "Обязательное значение не заполнено." in text(book)
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(made(tmp_path / "t.xlsx").read_bytes()[:5000])
    assert answer(tmp_path, damaged, [row], outcome="refused").sheetnames == ["Ответ"]


@pytest.mark.parametrize(
    "cell", ["Нет такого!A1", f"{SHEET}!XFE1", f"{SHEET}!A9999999", f"{SHEET}!строка 5", "A1", ""]
)
def test_places_that_are_not_there_are_told_and_mark_nothing(cell: str, tmp_path: Path) -> None:
    row = rejected("value_missing", cell)
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), [row])
    assert marked(book) == set()
    assert "Обязательное значение не заполнено." in text(book)


def test_a_cell_within_a_merged_range_marks_the_range(tmp_path: Path) -> None:
    row = rejected("table_not_found", f"{SHEET}!C1")
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), [row])
    assert marked(book) == {f"{SHEET}!A1"}


def test_the_same_answer_has_the_same_bytes(tmp_path: Path) -> None:
    original = made(tmp_path / "t.xlsx", right_rows())
    row = rejected("value_missing", f"{SHEET}!A4")
    answer(tmp_path, original, [row])
    first = (tmp_path / "answer.xlsx").read_bytes()
    answer(tmp_path, original, [row])
    assert (tmp_path / "answer.xlsx").read_bytes() == first


def test_every_code_that_a_reader_of_forms_may_give_is_told_in_both_languages() -> None:
    used: set[str] = set()
    for name in ("reader", "fields", "registry_numbers"):
        source = (PROJECT / "warehouse" / "forms" / f"{name}.py").read_text(encoding="utf-8")
        used |= set(re.findall(r"\bCode\.([A-Z_]+)\b", source))
    codes = {Code[name].value for name in used}
    codes |= {"number_sign_mixed", "symbol_unknown", "check_failed", "number_unreadable"}
    told = texts("messages")
    assert codes - set(told) == set()
    assert set(told) <= {code.value for code in Code}
    for code, said_of_code in told.items():
        for part in ("what", "action"):
            assert re.search("[а-я]", said_of_code[part]["ru"]), code
            assert re.fullmatch(r"[^а-яА-Я]+\.", said_of_code[part]["en"]), code


def test_every_check_of_reports_is_told_in_words(tmp_path: Path) -> None:
    described = {
        expectation["description"]
        for path in (PROJECT / "expectations" / "suites").glob("report_*.json")
        for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    assert described == set(texts("checks"))
    expected = "that each member stands in the table of organisations"
    row = rejected("check_failed", f"{SHEET}!A4", expected=expected)
    book = answer(tmp_path, made(tmp_path / "t.xlsx", right_rows()), [row], outcome="quarantined")
    assert book[SHEET]["A4"].comment.text.startswith("✗ Участника нет на листе «Организации».")


def test_texts_have_both_languages_everywhere() -> None:
    def leaves(node: Any, path: str) -> None:
        if isinstance(node, dict) and not {"ru", "en"} & set(node):
            for key, value in node.items():
                leaves(value, f"{path}.{key}")
            return
        assert isinstance(node, dict), path
        assert set(node) == {"ru", "en"}, path

    for file in sorted((PROJECT / "warehouse" / "forms" / "texts").glob("*.yml")):
        leaves(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)
