"""Filled-in forms are read right, or their cells are refused with a reason."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.layout.reading import code_lists, registry
from warehouse.forms.definition import load_forms
from warehouse.interpret import Interpretation, interpret
from warehouse.settings import Settings

FORMS = load_forms(Settings.of().forms)
NUMBERS = ("190000005", "190000018", "190000020")
RECEIVED = datetime(2026, 3, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]
Report = dict[str, Any]


def report(**tables: Rows) -> Report:
    """A right report of one cluster; tables replace its own."""
    own: dict[str, Rows] = {
        "cluster": [
            {
                "cluster_id": "BY-C01",
                "name_ru": "Кластер",
                "home_region_code": "Брестская область",
                "activity_codes": ["C", "G"],
                "kind_code": "промышленный",
            }
        ],
        "organisation": [
            {
                "registry_number": n,
                "name": f"«{n}»",
                "region_code": "BY-BR",
                "type_code": "business",
            }
            for n in NUMBERS
        ],
        "membership": [
            {"organisation_id": n, "role_code": "producer", "joined_on": "01.02.2020"}
            for n in NUMBERS
        ],
        "member_value": [{"organisation_id": n, "employees": 100, "sales": 5.5} for n in NUMBERS],
    }
    head = {"form": "cluster_report", "version": "1", "language": "ru", "cluster_id": "BY-C01"}
    return {**head, "period": "2024", "illustrative": True, "tables": {**own, **tables}}


def as_json(content: Report, folder: Path) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _text(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


def _sheets(content: Report) -> dict[str, list[list[str]]]:
    head = [[key, _text(value)] for key, value in content.items() if key != "tables"]
    sheets = {"_form": [["key", "value"], *head]}
    for name, rows in content["tables"].items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        lines = [[_text(row.get(column, "")) for column in columns] for row in rows]
        sheets[name] = [columns, *lines]
    return sheets


def as_zip(content: Report, folder: Path) -> Path:
    path = folder / "report.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in _sheets(content).items():
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return path


def as_xlsx(content: Report, folder: Path) -> Path:
    """As a person would type it: titles, units and labels of the template, days as days."""
    form = FORMS["form/cluster_report"]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in _sheets(content).items():
        sheet = book.create_sheet(name if name == "_form" else form.by_name[name].title.ru)
        if name != "_form":
            table = form.by_name[name]
            labels = {c.name: c.label.ru for c in table.columns}
            labels |= {m.indicator: m.label.ru for m in table.measures}
            units = {m.indicator: m.unit for m in table.measures}
            money = "тенге" if content["cluster_id"].startswith("KZ") else "белорусских рублей"
            names = {"thousand_money": f"тысяч {money}", "persons": "человек"}
            sheet.append([table.title.ru])
            sheet.append([names.get(units.get(column, ""), "") for column in rows[0]])
            sheet.append([labels[column] for column in rows[0]])
        for row in rows[name != "_form" :]:
            sheet.append([float(x) if x.replace(".", "", 1).isdigit() else x for x in row])
    path = folder / "report.xlsx"
    book.save(path)
    return path


Writer = Callable[[Report, Path], Path]


def read(path: Path) -> Interpretation:
    return interpret(
        path,
        file_id="f" * 64,
        file_name=path.name,
        received_at=RECEIVED,
        registry=registry(),
        lists=code_lists(),
        forms=FORMS,
    )


def rows(reading: Interpretation, table: str) -> Rows:
    found: Rows = reading.tables[table].to_pylist()
    return found


def refusals(reading: Interpretation) -> list[tuple[str, str]]:
    return [(row["code"], row["cell"]) for row in reading.rejected.to_pylist()]


@pytest.mark.parametrize("write", [as_json, as_zip, as_xlsx])
def test_the_three_ways_of_sending_say_the_same(write: Writer, tmp_path: Path) -> None:
    reading = read(write(report(), tmp_path))
    assert refusals(reading) == []
    assert reading.outcome_code == "accepted"
    assert reading.form is FORMS["form/cluster_report"]
    cluster = rows(reading, "cluster")[0]
    assert cluster["home_region_code"] == "BY-BR"
    assert cluster["activity_codes"] == ["C", "G"]
    assert cluster["activity_classifier"] == "OKRB_005_2011"
    assert cluster["kind_code"] == "industrial"
    assert [row["organisation_id"] for row in rows(reading, "organisation")] == [
        f"BY:{number}" for number in NUMBERS
    ]
    member = rows(reading, "membership")[0]
    assert (member["joined_on"], member["left_on"]) == (date(2020, 2, 1), None)
    figures = rows(reading, "member_value")
    assert {(row["indicator_code"], row["value"], row["unit_code"]) for row in figures} == {
        ("employees", 100.0, "persons"),
        ("sales", 5.5, "thousand_BYN"),
    }
    assert {(row["value_start"], row["value_end"]) for row in figures} == {
        (date(2024, 1, 1), date(2024, 12, 31))
    }
    submission = rows(reading, "submission")[0]
    assert (submission["reporter_id"], submission["period_code"]) == ("BY-C01", "2024")
    assert submission["is_illustrative"] is True


@pytest.mark.parametrize(
    ("write", "cell"),
    [
        (as_json, "/tables/member_value/1/sales"),
        (as_zip, "member_value!C3"),
        (as_xlsx, "Показатели участников!C5"),
    ],
)
def test_every_row_knows_its_cells(write: Writer, cell: str, tmp_path: Path) -> None:
    reading = read(write(report(), tmp_path))
    sales = [row for row in rows(reading, "member_value") if row["indicator_code"] == "sales"]
    second = next(row for row in sales if row["organisation_id"] == f"BY:{NUMBERS[1]}")
    assert second["cell"] == cell
    assert second["value_printed"] == "5.5"
    assert dict(second["cells"])["value"] == cell
    assert dict(second["printed"])["organisation_id"] == NUMBERS[1]
    assert len({row["row_id"] for row in rows(reading, "member_value")}) == 6


def test_symbols_say_why_a_figure_is_missing_and_an_empty_cell_says_nothing(
    tmp_path: Path,
) -> None:
    values = [{"organisation_id": NUMBERS[0], "employees": "…", "sales": "-", "exports": ""}]
    found = rows(read(as_json(report(member_value=values), tmp_path)), "member_value")
    said = {row["indicator_code"]: (row["value"], row["reason_code"]) for row in found}
    assert said == {"employees": (None, "not_available"), "sales": (None, "none_occurs")}


def changed(table: str, number: int = 1, **cells: Any) -> Report:
    content = report()
    content["tables"][table][number].update(cells)
    return content


REFUSED_CELLS = [
    ("organisation", {"registry_number": "190000006"}, "registry_number_invalid"),
    ("organisation", {"registry_number": "19000"}, "registry_number_invalid"),
    ("organisation", {"region_code": "Нигдейская область"}, "name_unknown"),
    ("organisation", {"size_code": "огромная"}, "name_unknown"),
    ("organisation", {"name": ""}, "value_missing"),
    ("membership", {"joined_on": "31.02.2020"}, "period_unreadable"),
    ("membership", {"joined_on": "весной"}, "period_unreadable"),
    ("membership", {"role_code": None}, "value_missing"),
    ("member_value", {"employees": "около 100"}, "number_unreadable"),
    ("member_value", {"employees": "неизвестно"}, "symbol_unknown"),
    ("member_value", {"employees": -5}, "value_out_of_range"),
    ("member_value", {"remote_employees": 101}, "value_out_of_range"),
    ("member_value", {"sales_to_members": 5.6}, "value_out_of_range"),
    ("member_value", {"year": 24}, "period_unreadable"),
    ("member_value", {"year": 2025}, "value_out_of_range"),
    ("member_value", {"employees": 1e33}, "number_unreadable"),
    ("member_value", {"employees": "1e999"}, "number_unreadable"),
    ("member_value", {"employees": "50%"}, "unit_unknown"),
    ("membership", {"joined_on": "0020-01-02"}, "period_unreadable"),
    ("membership", {"joined_on": "2042-01-02"}, "value_out_of_range"),
]


@pytest.mark.parametrize(("table", "cells", "code"), REFUSED_CELLS)
def test_a_wrong_cell_is_refused_and_the_rest_is_read(
    table: str, cells: dict[str, Any], code: str, tmp_path: Path
) -> None:
    reading = read(as_json(changed(table, **cells), tmp_path))
    column = next(iter(cells))
    assert refusals(reading) == [(code, f"/tables/{table}/1/{column}")]
    assert reading.outcome_code == "accepted"
    ids = [row.get("organisation_id") for row in rows(reading, table)]
    assert f"BY:{NUMBERS[0]}" in ids
    figures = [row["indicator_code"] for row in rows(reading, "member_value")]
    if table == "member_value" and column != "year":
        assert len(figures) == 5 if column == "employees" else 6
    else:
        assert ids.count(f"BY:{NUMBERS[1]}") == 0, "the row is refused as a whole"


def test_a_key_that_stands_twice_is_refused_everywhere(tmp_path: Path) -> None:
    content = report()
    content["tables"]["membership"].append(
        {"organisation_id": NUMBERS[0], "role_code": "anchor", "joined_on": "2020-02-01"}
    )
    reading = read(as_json(content, tmp_path))
    assert refusals(reading) == [
        ("key_duplicate", "/tables/membership/0/organisation_id"),
        ("key_duplicate", "/tables/membership/3/organisation_id"),
    ]
    assert len(rows(reading, "membership")) == 2


REFUSED_REPORTS: list[tuple[Callable[[Report], object], str]] = [
    (lambda r: r.update(cluster_id="Кластер"), "dimension_not_found"),
    (lambda r: r.update(period="24"), "dimension_not_found"),
    (lambda r: r.update(period="2024-H1"), "dimension_not_found"),
    (lambda r: r.update(period="2099"), "dimension_not_found"),
    (lambda r: r.update(period="²⁰²⁴"), "dimension_not_found"),
    (lambda r: r.update(illustrative="perhaps"), "dimension_not_found"),
    (
        lambda r: r["tables"].update({"Показатели участников": r["tables"]["member_value"]}),
        "header_ambiguous",
    ),
    (lambda r: r["tables"].update(membership=[]), "value_missing"),
    (lambda r: r["tables"].pop("member_value"), "value_missing"),
    (lambda r: r["tables"].update(tables=[{"a": "b"}]), "table_not_found"),
    (lambda r: r["tables"]["membership"][0].update(rank=1), "cell_unexplained"),
    (lambda r: [row.pop("role_code") for row in r["tables"]["membership"]], "labels_not_found"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED_REPORTS)
def test_a_report_of_which_a_part_would_vanish_is_refused_whole(
    change: Callable[[Report], object], code: str, tmp_path: Path
) -> None:
    content = report()
    change(content)
    reading = read(as_json(content, tmp_path))
    assert reading.outcome_code == "refused"
    assert reading.problem is not None
    assert reading.problem.code == code
    assert set(reading.tables) <= {"submission", "rejected_cell"}


def test_a_class_of_another_axis_and_a_currency_out_of_use_are_refused(tmp_path: Path) -> None:
    classes = [
        {"axis_code": "scale", "value_code": "scale.regional", "valid_from": "2020-01-01"},
        {"axis_code": "state", "value_code": "scale.regional", "valid_from": "2020-01-01"},
    ]
    support = [
        {"instrument_code": "loans", "paid_amount": 5, "currency_code": code}
        for code in ("BYN", "BYB")
    ]
    reading = read(as_json(report(classification=classes, support=support), tmp_path))
    assert refusals(reading) == [
        ("name_unknown", "/tables/classification/1/value_code"),
        ("unit_unknown", "/tables/support/1/currency_code"),
    ]
    paid = rows(reading, "support")
    assert [(row["currency_code"], row["support_year"], row["recipient_id"]) for row in paid] == [
        ("BYN", 2024, "BY-C01")
    ]


@pytest.mark.parametrize("key", ["form", "version"])
def test_a_form_that_is_not_known_has_no_contract(key: str, tmp_path: Path) -> None:
    reading = read(as_json({**report(), key: "7"}, tmp_path))
    assert (reading.outcome_code, reading.problem.code if reading.problem else None) == (
        "no_contract",
        "no_contract",
    )


def test_a_changed_unit_refuses_the_report(tmp_path: Path) -> None:
    path = as_xlsx(report(), tmp_path)
    book = openpyxl.load_workbook(path)
    book["Показатели участников"]["C2"] = "миллионов белорусских рублей"
    book.save(path)
    reading = read(path)
    assert reading.outcome_code == "refused"
    assert refusals(reading)[0] == ("unit_unknown", "Показатели участников!C2")


def test_a_remark_beside_the_table_refuses_its_row(tmp_path: Path) -> None:
    path = as_xlsx(report(), tmp_path)
    book = openpyxl.load_workbook(path)
    book["Участники кластера"]["H5"] = "уточнить"
    book.save(path)
    assert refusals(read(path)) == [("cell_unexplained", "Участники кластера!H5")]


def test_numbers_that_lost_their_zeros_are_mended_by_the_check_digit(tmp_path: Path) -> None:
    """A BIN that a spreadsheet program stored as a figure."""
    bin_ = "000740004007"
    member = {"organisation_id": bin_, "role_code": "anchor", "joined_on": "2020-01-01"}
    tables: dict[str, Rows] = {
        "cluster": [
            {
                "cluster_id": "KZ-C01",
                "name_ru": "К",
                "home_region_code": "KZ-75",
                "activity_codes": "C",
                "kind_code": "other",
            }
        ],
        "organisation": [
            {"registry_number": bin_, "name": "О", "region_code": "KZ-75", "type_code": "other"}
        ],
        "membership": [member],
        "member_value": [{"organisation_id": bin_, "output": 7}],
    }
    content = {**report(**tables), "cluster_id": "KZ-C01"}
    reading = read(as_xlsx(content, tmp_path))
    assert refusals(reading) == []
    assert rows(reading, "organisation")[0]["organisation_id"] == f"KZ:{bin_}"
    assert rows(reading, "member_value")[0]["unit_code"] == "thousand_KZT"


def test_the_same_bytes_give_the_same_rows(tmp_path: Path) -> None:
    path = as_xlsx(report(), tmp_path)
    one, two = read(path), read(path)
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)


@pytest.mark.parametrize(
    "text",
    ['{"a": NaN}', '{"a": -Infinity}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', "[" * 100_000],
)
def test_json_that_says_no_one_thing_is_damaged(text: str, tmp_path: Path) -> None:
    whole = json.dumps(report(), ensure_ascii=False)
    path = tmp_path / "report.json"
    path.write_text(whole.replace('"tables": {', f'"odd": {text}, "tables": {{', 1), "utf-8")
    reading = read(path)
    assert reading.outcome_code == "refused"
    assert reading.problem is not None
    assert reading.problem.code == "file_damaged"


Change = Callable[[Any], object]


def with_format(number_format: str, value: float) -> Change:
    def change(book: Any) -> None:
        cell = book["Показатели участников"]["B5"]
        cell.value, cell.number_format = value, number_format

    return change


def moved_above_the_header(book: Any) -> None:
    sheet = book["Участники кластера"]
    sheet.insert_rows(3)
    for column in (1, 2, 3):
        sheet.cell(3, column).value = sheet.cell(5, column).value
    sheet.delete_rows(5)


def blank_row_under_the_units(book: Any) -> None:
    sheet = book["Показатели участников"]
    sheet["C2"] = "миллионов белорусских рублей"
    sheet.insert_rows(3)


def hide(kind: str) -> Change:
    def change(book: Any) -> None:
        sheet = book["Показатели участников"]
        (sheet.row_dimensions[5] if kind == "row" else sheet.column_dimensions["B"]).hidden = True

    return change


REWORKED: list[tuple[Change, str]] = [
    (with_format("0%", 0.5), "unit_unknown"),
    (with_format("#,##0,", 5_000_000.0), "unit_unknown"),
    (lambda book: book["Показатели участников"].merge_cells("B4:B6"), "cell_claimed_twice"),
    (moved_above_the_header, "cell_unexplained"),
    (blank_row_under_the_units, "unit_unknown"),
    (hide("row"), "cell_unexplained"),
    (hide("column"), "cell_unexplained"),
]


@pytest.mark.parametrize(("change", "code"), REWORKED, ids=range(len(REWORKED)))
def test_a_reworked_sheet_is_refused_where_it_could_mislead(
    change: Change, code: str, tmp_path: Path
) -> None:
    path = as_xlsx(report(), tmp_path)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    found = read(path)
    assert code in {found_code for found_code, _ in refusals(found)}
    if found.outcome_code == "accepted":
        values = [row["value"] for row in rows(found, "member_value")]
        assert set(values) <= {100.0, 5.5}


def test_the_same_number_in_two_formats_is_read_by_each_format(tmp_path: Path) -> None:
    """What a cell says depends on its format, so a reading is not reused for another one."""
    support = [
        {"instrument_code": code, "paid_amount": 5_000_000} for code in ("loans", "tax_breaks")
    ]
    path = as_xlsx(report(support=support), tmp_path)
    book = openpyxl.load_workbook(path)
    book["Поддержка"]["B4"].number_format = "#,##0,"
    book.save(path)
    found = read(path)
    assert refusals(found) == [("unit_unknown", "Поддержка!B4")]
    assert [row["paid_amount"] for row in rows(found, "support")] == [5_000_000.0]


def test_prose_does_not_prove_a_decimal_sign(tmp_path: Path) -> None:
    values = [{"organisation_id": NUMBERS[0], "sales": "1,234", "note": "2,5"}]
    refused = refusals(read(as_json(report(member_value=values), tmp_path)))
    assert ("number_sign_mixed", "/tables/member_value/0/sales") in refused


def test_a_hyphen_does_not_make_a_number_a_cluster(tmp_path: Path) -> None:
    support = [{"instrument_code": "loans", "paid_amount": 1, "recipient_id": "BY-190000006"}]
    assert refusals(read(as_json(report(support=support), tmp_path))) == [
        ("registry_number_invalid", "/tables/support/0/recipient_id")
    ]


def test_money_of_an_earlier_year_is_in_the_currency_above_its_column(tmp_path: Path) -> None:
    values = [{"organisation_id": NUMBERS[0], "year": 2015, "sales": 7}]
    found = rows(read(as_json(report(member_value=values), tmp_path)), "member_value")
    assert [row["unit_code"] for row in found] == ["thousand_BYN"]
