"""The template is the form: its sheets, lists, locks and notes; what it says is read back right."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms.filled import (
    ABROAD,
    FORMS,
    LISTS,
    NUMBERS,
    REPORT,
    header,
    made,
    place,
    right_rows,
)
from tests.layout.reading import code_lists, registry
from warehouse.conform.names import normalise
from warehouse.forms.choices import of_form
from warehouse.forms.definition import Form, Measure, Table
from warehouse.forms.workbook import FIRST_ROW, HEADER_ROW, OPTIONAL, REQUIRED, UNIT_ROW
from warehouse.interpret import Interpretation, interpret

EVERY = [pytest.param(form, id=form.form) for form in FORMS.values()]


def of(form: Form) -> dict[str, Any]:
    """Cluster and period that suit a form."""
    if form.subject != "cluster":
        return {"cluster_id": None, "period_code": None}
    return {"cluster_id": "KZ-C07", "period_code": {"year": "2024"}.get(form.period, "2024-H1")}


def read(path: Path) -> Interpretation:
    return interpret(
        path,
        file_id="f" * 64,
        file_name=path.name,
        received_at=datetime(2026, 3, 1, tzinfo=UTC),
        registry=registry(),
        lists=code_lists(),
        forms=FORMS,
    )


def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def fields(table: Table) -> list[Any]:
    return [*table.columns, *table.measures]


def name_of(item: Any) -> str:
    return str(item.indicator if isinstance(item, Measure) else item.name)


def validation_of(sheet: Worksheet, cell: str) -> Any:
    found = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    assert len(found) <= 1, f"{sheet.title}!{cell} has two validations"
    return found[0] if found else None


def listed(book: openpyxl.Workbook, formula: str) -> list[Any]:
    sheet, _, cells = formula.partition("!")
    return [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_table_is_a_sheet_with_its_headers(form: Form, language: str, tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx", form=form, language=language, **of(form)))
    titles = [table.title.of(language) for table in form.tables]
    check = {"ru": "Проверка", "en": "Check"}[language]
    assert book.sheetnames == [check, *titles, "_lists", "_form"]
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\'\"") for title in titles)
    for table in form.tables:
        sheet = book[table.title.of(language)]
        assert sheet["A1"].value == sheet.title
        headers = [cell.value for cell in sheet[HEADER_ROW]]
        assert headers == [item.label.of(language) for item in fields(table)]
        assert len({normalise(text) for text in headers}) == len(headers)
        assert sheet.freeze_panes == f"B{FIRST_ROW}"
        assert sheet.print_title_rows == f"$1:${HEADER_ROW}"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_only_the_rows_to_fill_in_are_unlocked(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx"))
    assert book.security.lockStructure
    for table in REPORT.tables:
        sheet = book[table.title.ru]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        unlocked = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
        last = FIRST_ROW - 1 + table.rows
        expected = {
            cell.coordinate
            for row in sheet.iter_rows(FIRST_ROW, last, 1, len(fields(table)))
            for cell in row
        }
        assert unlocked == expected
    assert book["_form"].protection.sheet
    assert book["_lists"].protection.sheet


def test_the_hidden_sheets_say_whose_report_it_is_and_hold_the_lists(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx", illustrative=True))
    assert [(row[0].value, row[1].value) for row in book["_form"]] == [
        ("form", "cluster_report"),
        ("version", "1"),
        ("language", "ru"),
        ("cluster_id", "BY-C01"),
        ("period", "2024"),
        ("illustrative", "yes"),
    ]
    states = {sheet.title: sheet.sheet_state for sheet in book}
    assert {name for name, state in states.items() if state != "visible"} == {"_form", "_lists"}


def test_every_coded_column_offers_its_whole_list(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx"))
    for table in REPORT.tables:
        for column in table.columns:
            if column.type != "code":
                continue
            found = validation_of(book[table.title.ru], place(table, column.name))
            assert (found.type, found.errorStyle, found.showErrorMessage) == ("list", "stop", True)
            rows = LISTS.rows("dimension_values")
            names = [row["name_ru"] for row in rows if row["dimension_code"] == column.codes]
            assert names
            assert listed(book, found.formula1) == names
            last = f"{place(table, column.name)[0]}{FIRST_ROW - 1 + table.rows}"
            assert last in found.sqref


def test_regions_are_those_of_the_three_countries_in_the_period(tmp_path: Path) -> None:
    def regions(cluster: str, period: str) -> list[str]:
        book = opened(made(tmp_path / "t.xlsx", cluster_id=cluster, period_code=period))
        table = REPORT.by_name["cluster"]
        found = validation_of(book[table.title.ru], place(table, "home_region_code"))
        assert found.errorStyle == "warning"
        return listed(book, found.formula1)

    now, before = regions("KZ-C07", "2024"), regions("KZ-C07", "2017")
    assert "область Абай" in now
    assert "область Абай" not in before
    assert "Южно-Казахстанская область" in before
    assert "Южно-Казахстанская область" not in now
    assert len(now) == len(set(now)) == 20 + 7 + 82
    assert now[20:27] == regions("BY-C01", "2024")[:7]
    assert not any("федеральный округ" in name for name in now)


def test_currencies_begin_with_that_of_the_country_in_force(tmp_path: Path) -> None:
    def currencies(cluster: str, period: str) -> list[str]:
        book = opened(made(tmp_path / "t.xlsx", cluster_id=cluster, period_code=period))
        table = REPORT.by_name["support"]
        found = validation_of(book[table.title.ru], place(table, "currency_code"))
        return listed(book, found.formula1)

    assert currencies("BY-C01", "2024") == ["BYN", "EUR", "KZT", "RUB", "USD"]
    assert currencies("KZ-C01", "2014")[0] == "KZT"
    assert "BYN" not in currencies("BY-C01", "2014")


def test_the_members_sheet_offers_the_numbers_of_the_organisations(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx", right_rows()))
    table = REPORT.by_name["membership"]
    found = validation_of(book[table.title.ru], place(table, "organisation_id"))
    offered = listed(book, found.formula1)
    assert offered[:5] == [*NUMBERS, ABROAD, None]
    assert found.errorStyle == "warning"


@pytest.mark.parametrize(
    ("cluster", "unit"), [("BY-C01", "тысяч белорусских рублей"), ("KZ-C01", "тысяч тенге")]
)
def test_units_stand_above_their_measures(cluster: str, unit: str, tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx", cluster_id=cluster))
    for table in REPORT.tables:
        sheet = book[table.title.ru]
        for item in fields(table):
            said = sheet[place(table, name_of(item), UNIT_ROW - FIRST_ROW)].value
            if not isinstance(item, Measure):
                assert said is None
            elif item.unit == "thousand_money":
                assert said == unit
            else:
                assert said in {"человек", "единиц", "процентов"}


def test_headers_are_coloured_by_duty_and_explained(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx"))
    for table in REPORT.tables:
        sheet = book[table.title.ru]
        for item in fields(table):
            cell = sheet[header(table, name_of(item))]
            assert cell.fill.start_color.rgb == (REQUIRED if item.required else OPTIONAL)
            note = cell.comment.text
            assert ("Обязательная графа." in note) == item.required
            if item.note:
                assert item.note.ru in note
            if isinstance(item, Measure):
                assert f"Единица: {sheet.cell(UNIT_ROW, cell.column).value}." in note
            if getattr(item, "type", "") == "code":
                assert "Выберите значение из списка." in note
    note = book["Показатели участников"][header(REPORT.by_name["member_value"], "exports")].comment
    assert "Не больше, чем «Выручка»." in note.text
    assert note.height > 70


def test_cells_have_the_format_of_their_type(tmp_path: Path) -> None:
    formats = {}
    for language in ("ru", "en"):
        book = opened(made(tmp_path / "t.xlsx", language=language))
        for table in REPORT.tables:
            for item in fields(table):
                cell = book[table.title.of(language)][place(table, name_of(item))]
                kind = item.unit if isinstance(item, Measure) else item.type
                formats.setdefault((language, kind), set()).add(cell.number_format)
    assert formats["ru", "date"] == {"dd.mm.yyyy"}
    assert formats["en", "date"] == {"yyyy-mm-dd"}
    assert formats["ru", "persons"] == formats["ru", "units"] == {"#,##0"}
    assert formats["ru", "thousand_money"] == {"#,##0.0##"}
    for kind in ("text", "registry_number", "organisation", "activities", "cluster"):
        assert formats["ru", kind] == {"@"}  # a program must not make numbers or days of these


def test_what_may_be_typed_is_limited(tmp_path: Path) -> None:
    book = opened(made(tmp_path / "t.xlsx"))

    def found(table: str, column: str) -> Any:
        return validation_of(
            book[REPORT.by_name[table].title.ru], place(REPORT.by_name[table], column)
        )

    share = found("cluster_value", "sme_share")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "100")
    assert (share.errorStyle, share.allowBlank) == ("warning", True)  # «…» is possible too
    assert found("member_value", "value_added").formula1 == "-1E+15"
    year = found("member_value", "year")
    assert (year.type, year.formula1, year.formula2) == ("whole", "1990", "2024")
    assert found("project_value", "year").formula2 == "2100"
    assert found("membership", "joined_on").type == "date"
    assert found("organisation", "name") is None


@pytest.mark.parametrize("form", EVERY)
def test_texts_stay_within_what_excel_opens(form: Form, tmp_path: Path) -> None:
    """Longer ones make Excel call the file damaged."""
    for language in ("ru", "en"):
        book = opened(made(tmp_path / "t.xlsx", form=form, language=language, **of(form)))
        for sheet in book:
            for validation in sheet.data_validations.dataValidation:
                assert len(validation.error or "") <= 255
                assert len(validation.errorTitle or "") <= 32
                assert len(validation.formula1) <= 255
            for rules in sheet.conditional_formatting:
                assert all(len(rule.formula[0]) < 8192 for rule in rules.rules)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = made(tmp_path / "a.xlsx", right_rows()).read_bytes()
    time.sleep(2.1)  # the dates inside a zip count in steps of two seconds
    second = made(tmp_path / "b.xlsx", right_rows()).read_bytes()
    assert first == second
    assert made(tmp_path / "c.xlsx", right_rows(), language="en").read_bytes() != first


def test_a_filled_template_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    reading = read(made(tmp_path / "t.xlsx", right_rows()))
    assert reading.rejected.to_pylist() == []
    assert reading.outcome_code == "accepted"
    for name, given in right_rows().items():
        table = REPORT.by_name[name]
        rows = reading.tables[table.staged_table].to_pylist()
        if table.measures:
            figures = sum(m.indicator in row for row in given for m in table.measures)
            rows = [row for row in rows if row["table_name"] == table.title.ru]
            assert len(rows) == figures
            continue
        assert len(rows) == len(given)
        for found, expected in zip(rows, given, strict=True):
            assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_name_that_is_offered_is_understood(language: str, tmp_path: Path) -> None:
    """One row for each choice of each list, read back to the code that it stands for."""
    form = Form.model_validate(
        {
            "form": "cluster_report",
            "version": "1",
            "title": {"ru": "Ф", "en": "F"},
            "tables": [
                {
                    "name": table.name,
                    "staged": table.staged_table,
                    "title": table.title.model_dump(),
                    "columns": [
                        {**column.model_dump(), "required": False, "default": None}
                        for column in table.columns
                        if column.type in ("code", "region", "country", "currency")
                    ],
                }
                for table in REPORT.tables
                if table.name in ("cluster", "classification", "organisation", "link", "support")
            ],
        }
    )
    choices = of_form(form, LISTS, language, "BY-C01", "2024")
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in form.tables:
        for column in table.columns:
            # a registry number and an amount would be needed with these two
            if column.name == "currency_code" or not choices.of(column):
                continue
            rows.setdefault(table.name, []).extend(
                {column.name: choice.code} for choice in choices.of(column)
            )
    path = made(tmp_path / "t.xlsx", rows, form=form, language=language)
    reading = interpret(
        path,
        file_id="f" * 64,
        file_name=path.name,
        received_at=datetime(2026, 3, 1, tzinfo=UTC),
        registry=registry(),
        lists=code_lists(),
        forms={form.id: form},
    )
    assert [row["message"] for row in reading.rejected.to_pylist()] == []
    for table in form.tables:
        found = reading.tables[table.staged_table].to_pylist()
        for row, expected in zip(found, rows[table.name], strict=True):
            assert {key: row[key] for key in expected} == expected


def test_texts_are_never_formulas(tmp_path: Path) -> None:
    rows = right_rows()
    for number, text in enumerate(("=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "#REF!", "\x07")):
        rows["organisation"].append({"registry_number": f"{number}", "name": text})
    book = opened(made(tmp_path / "t.xlsx", rows))
    sheet = book["Организации"]
    cells = [sheet[place(REPORT.by_name["organisation"], "name", 4 + row)] for row in range(6)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:5]] == [
        "=HYPERLINK(1)",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "#REF!",
    ]
    assert [cell.quotePrefix for cell in cells[:4]] == [True] * 4
    assert cells[5].value == "\N{REPLACEMENT CHARACTER}"


def test_codes_stand_by_their_names_and_known_rows_leave_room(tmp_path: Path) -> None:
    rows = right_rows()
    rows["membership"] = rows["membership"] * 30
    book = opened(made(tmp_path / "t.xlsx", rows, language="en"))
    table = REPORT.by_name["membership"]
    sheet = book["Members"]
    assert sheet[place(table, "role_code")].value == "anchor"
    assert sheet[place(table, "organisation_id")].value == NUMBERS[0]
    assert sheet[place(table, "organisation_id", 3)].value == f"RU:{ABROAD}"
    assert sheet[place(table, "joined_on")].value == datetime(2015, 5, 20)
    assert not sheet[place(table, "role_code", 120 + 49)].protection.locked
    assert sheet[place(table, "role_code", 120 + 50)].protection.locked
    regions = book["Cluster"][place(REPORT.by_name["cluster"], "further_region_codes")].value
    assert regions == "Brest Region; Minsk City"


def test_a_template_of_a_hundred_rows_on_each_sheet_is_small_and_quick(tmp_path: Path) -> None:
    rows = {name: (found * 100)[:100] for name, found in right_rows().items()}
    rows["cluster"] = rows["cluster"][:1]
    path = tmp_path / "t.xlsx"
    started = time.process_time()
    made(path, rows)
    assert time.process_time() - started < 2  # 0.5 s when the machine is free
    assert path.stat().st_size < 150_000


def test_date_of_delivery_is_on_the_cover(tmp_path: Path) -> None:
    said = opened(made(tmp_path / "t.xlsx"))["Проверка"]["A2"].value
    assert (
        said == "Код кластера: BY-C01 · Отчётный период: 2024 год · Срок представления: 31.03.2025"
    )
    project = FORMS["form/project_report"]
    book = opened(made(tmp_path / "p.xlsx", form=project, period_code="2024-H2", language="en"))
    assert book["Check"]["A2"].value.endswith("half-year 2 of 2024 · Due by: 2025-01-10")
