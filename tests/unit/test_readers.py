"""Readers: the same cells whatever the container, and a clear refusal of what is broken."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlwt

from warehouse.errors import WarehouseError
from warehouse.readers import Kind, Sheet, detect_format, read
from warehouse.readers.cells import column_letters
from warehouse.readers.delimited import sniff_delimiter
from warehouse.readers.number_format import shown_by


def one_sheet(path: Path) -> Sheet:
    return read(path, detect_format(path)).sheets[0]


def refusal(path: Path) -> str:
    with pytest.raises(WarehouseError) as caught:
        read(path, detect_format(path))
    assert caught.value.problem.action
    return str(caught.value.problem.code)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Лист"
    sheet["B2"] = "Регион"
    sheet["C2"] = 2020
    sheet["B3"] = "Минск"
    sheet["C3"] = 0.125
    sheet["C3"].number_format = "0.0%"
    sheet["D3"] = 1234567.891
    sheet["D3"].number_format = "#,##0.0"
    sheet["E3"] = 0
    sheet["E3"].number_format = '[=0]"";0.0'
    sheet["F3"] = "   "
    sheet["G3"] = datetime(2020, 7, 1)
    sheet["B3"].alignment = openpyxl.styles.Alignment(indent=2)
    sheet.merge_cells("B5:D5")
    sheet["B5"] = "Примечание"
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_xlsx_cells_carry_their_formats(workbook: Path) -> None:
    sheet = one_sheet(workbook)
    assert sheet.address(2, 2) == "Лист!C3"
    assert sheet.number[2, 2] == 12.5
    assert sheet.digits[2, 2] == 1
    assert (sheet.number[2, 3], sheet.digits[2, 3]) == (1234567.891, 1)
    assert sheet.kind[2, 4] == Kind.EMPTY
    assert sheet.kind[2, 5] == Kind.EMPTY
    assert sheet.kind[2, 6] == Kind.DATE
    assert sheet.indent[2, 1] == 2
    assert [(m.top, m.left, m.bottom, m.right) for m in sheet.merges] == [(4, 1, 4, 3)]


def rewritten(path: Path, target: Path, part: str, old: str, new: str) -> Path:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            out.writestr(name, content)
    return target


def test_a_formula_without_a_stored_value_is_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["D9"] = "=A1*2"
    path = tmp_path / "formula.xlsx"
    book.save(path)
    sheet = one_sheet(path)
    assert sheet.kind[8, 3] == Kind.FORMULA_WITHOUT_VALUE
    assert sheet.formula[8, 3]


def test_a_formula_with_a_stored_value_counts_and_is_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "f.xlsx")
    path = rewritten(
        tmp_path / "f.xlsx", tmp_path / "g.xlsx", "xl/worksheets/sheet1.xml", "<v />", "<v>2</v>"
    )
    sheet = one_sheet(path)
    assert (sheet.number[0, 0], bool(sheet.formula[0, 0])) == (2.0, True)


def test_error_cells_are_errors_and_not_blanks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    for cell, text in (("B1", "#REF!"), ("D4", "#N/A")):
        book.active[cell] = text
        book.active[cell].data_type = "e"
    path = tmp_path / "errors.xlsx"
    book.save(path)
    sheet = one_sheet(path)
    assert (sheet.kind[0, 1], sheet.raw[0, 1]) == (Kind.ERROR, "#REF!")
    assert (sheet.kind[3, 3], sheet.raw[3, 3]) == (Kind.ERROR, "#N/A")


def test_a_stray_cell_at_the_far_corner_is_refused_before_memory_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 1
    path = tmp_path / "far.xlsx"
    book.save(path)
    assert refusal(path) == "file_too_large"


def test_empty_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    for row in range(2, 3000):
        book.active.cell(row, 1).number_format = "0.0"
    book.active.cell(1_048_576, 3).number_format = "0.0"
    path = tmp_path / "formatted.xlsx"
    book.save(path)
    assert one_sheet(path).shape == (1, 1)


def test_entities_are_refused(workbook: Path, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook'
    path = rewritten(workbook, tmp_path / "x.xlsx", "xl/workbook.xml", "<workbook", bomb)
    assert refusal(path) == "file_damaged"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    assert refusal(path) == "file_too_large"


@pytest.mark.parametrize("kept", [40, 300, 2000])
def test_a_cut_off_workbook_is_refused(workbook: Path, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(workbook.read_bytes()[:kept])
    assert refusal(path) == "file_damaged"


def test_a_cut_off_old_workbook_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for row in range(300):
        sheet.write(row, 0, f"text {row}")
    book.save(str(tmp_path / "a.xls"))
    path = tmp_path / "cut.xls"
    path.write_bytes((tmp_path / "a.xls").read_bytes()[:6000])
    assert refusal(path) in {"file_damaged", "file_unreadable"}


def test_old_workbooks_have_formats_and_merges(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    sheet.write_merge(0, 0, 0, 2, "Заголовок")
    sheet.write(1, 0, "текст")
    sheet.write(1, 1, 14.605187, xlwt.easyxf(num_format_str="0.0"))
    book.save(str(tmp_path / "a.xls"))
    read_sheet = one_sheet(tmp_path / "a.xls")
    assert (read_sheet.number[1, 1], read_sheet.digits[1, 1]) == (14.605187, 1)
    assert len(read_sheet.merges) == 1


@pytest.mark.parametrize("name", ["data.xlsx", "data.json", "data.csv"])
def test_a_web_page_under_another_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("\n<!DOCTYPE html><html><body>503</body></html>")
    assert refusal(path) == "file_is_a_web_page"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").touch()
    assert refusal(tmp_path / "empty.xlsx") == "file_empty"


def test_broken_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"tableName": "x", "tableRows": [')
    assert refusal(path) == "file_damaged"


def test_a_portal_answer_with_a_short_row_is_refused(tmp_path: Path) -> None:
    answer = {
        "tableName": "t", "tableHeader": [["2020", "2021"]], "tableHeaderDimColumns": ["d"],
        "tableRows": [[{"value": "a"}, {"value": "1"}]],
    }  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(answer))
    assert refusal(path) == "file_damaged"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_texts_in_all_encodings_line_ends_and_delimiters(
    tmp_path: Path, encoding: str, end: str, delimiter: str
) -> None:
    rows = [["Регион", "2020", "2021"], ["г. Минск", '"1,5"', "2"], ["Брестская область", "3", ""]]
    path = tmp_path / "t.csv"
    path.write_bytes(end.join(delimiter.join(row) for row in rows).encode(encoding))
    sheet = one_sheet(path)
    assert sheet.shape == (3, 3)
    assert sheet.raw[1].tolist() == ["г. Минск", "1,5", "2"]
    assert sheet.address(2, 1) == "B3"
    assert sheet.kind[2, 2] == Kind.EMPTY


def test_broken_utf8_is_not_taken_for_cp1251(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("Регион;2020\nМинская область;5\n".encode()[:-14] + b"\xd0\x98\xff\n")
    assert refusal(path) == "encoding_unknown"


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a;b\n"1;2\n')
    assert refusal(path) == "file_damaged"


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert sniff_delimiter('a,b\n"x;y;z",1\n"x;y;z",2\n') == ","


def test_eurostat_dimensions_become_columns(tmp_path: Path) -> None:
    path = tmp_path / "e.tsv"
    path.write_text("freq,unit,geo\\TIME_PERIOD\t2015 \t2014 \nA,THS,AT\t14.3 b\t: c\n")
    sheet = one_sheet(path)
    assert sheet.raw.tolist() == [
        ["freq", "unit", "geo", "2015", "2014"],
        ["A", "THS", "AT", "14.3 b", ": c"],
    ]
    assert [sheet.address(1, c) for c in range(5)] == ["A2", "A2", "A2", "B2", "C2"]


def test_content_hash_ignores_how_a_file_was_saved(workbook: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    book = openpyxl.load_workbook(workbook)
    book.properties.creator = "somebody else"
    book.save(again)
    assert again.read_bytes() != workbook.read_bytes()
    first, second = (read(path, "xlsx").content_hash() for path in (workbook, again))
    assert first == second
    book.active["C2"] = 2021
    book.save(again)
    assert read(again, "xlsx").content_hash() != first


@pytest.mark.parametrize(
    ("code", "digits", "scale"),
    [
        ("General", -1, 1), ("0.0", 1, 1), ("#,##0", 0, 1), ("0.00%", 2, 100),
        ("#,##0.0,", 1, 0.001), ("yyyy-mm-dd", -1, 1), ("0.00E+00", -1, 1),
        ('_-* #,##0.0\\ _₽_-;-* #,##0.0', 1, 1), ('[=0]\\ "";0.0', 1, 1), ('0" чел."', 0, 1),
    ],
)  # fmt: skip
def test_number_formats(code: str, digits: int, scale: float) -> None:
    shown = shown_by(code)
    assert (shown.digits, shown.scale) == (digits, pytest.approx(scale))


def test_only_a_blank_zero_is_hidden() -> None:
    assert shown_by('[=0]\\ "";0.0').hides_zero
    assert shown_by("0.0;-0.0;").hides_zero
    assert not shown_by('#,##0;-#,##0;"-"').hides_zero
    assert not shown_by("0.0").hides_zero


def test_column_letters() -> None:
    assert [column_letters(c) for c in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_kinds_are_counted_as_cells(workbook: Path) -> None:
    sheet = one_sheet(workbook)
    assert int((sheet.kind != Kind.EMPTY).sum()) == 7
    assert np.isnan(sheet.number[1, 1])


def test_entities_behind_a_long_comment_and_in_utf_16_are_refused(
    workbook: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(workbook) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    declared = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    plain = f"<!--{' ' * 9000}-->{declared}<x/>".encode()
    endless = b"<!--" + b" " * 70_000 + b"-->"
    for content in (plain, f"{declared}<x/>".encode("utf-16"), endless):
        path = tmp_path / "x.xlsx"
        with zipfile.ZipFile(path, "w") as out:
            for name, part in {**parts, "docProps/app.xml": content}.items():
                out.writestr(name, part)
        assert refusal(path) == "file_damaged"


def test_strings_that_unpack_to_more_than_the_zip_says_are_refused(
    workbook: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    content = b"<sst><si><t>" + b"a" * 3_000_000 + b"</t></si></sst>"
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            out.writestr(name, source.read(name))
        out.writestr("xl/sharedStrings.xml", content, zipfile.ZIP_DEFLATED)
    size = len(content).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (100_000).to_bytes(4, "little")))
    assert refusal(path) == "file_damaged"


def test_a_zip_with_a_password_is_refused_as_encrypted(workbook: Path, tmp_path: Path) -> None:
    content = bytearray(workbook.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path = tmp_path / "x.xlsx"
    path.write_bytes(bytes(content))
    assert refusal(path) == "file_encrypted"


@pytest.mark.parametrize(
    "change",
    [
        {"tableRows": [1]}, {"tableRows": "none"}, {"tableRows": [["1"]]},
        {"tableHeader": 5}, {"tableHeader": [[{}]]}, {"tableHeaderDimColumns": 3},
    ],
)  # fmt: skip
def test_a_portal_answer_of_another_shape_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    answer = {
        "tableName": "t", "tableHeader": [["2020"]], "tableHeaderDimColumns": ["d"],
        "tableRows": [[{"value": "a"}, {"value": "1"}]],
    }  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(answer | change))
    assert refusal(path) == "file_damaged"
