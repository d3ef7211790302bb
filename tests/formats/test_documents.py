"""Tables in web pages, Word documents, OpenDocument sheets, PDF files, cell sets and containers."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import python_calamine
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.formats.grids import read_book, values
from tests.layout.reading import codes, observations, only, read_file
from tests.specimens import build, documents, self_described
from tests.specimens.binary_workbook import binary_workbook
from warehouse.errors import WarehouseError
from warehouse.readers import detect_format, read

POPULATION = """
caption: (1\\.1\\. )?Численность населения \\(человек\\)
dimensions:
  indicator: population
  unit: persons
  region: {left: region}
  period: {above: period}
"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_web_pages(charset: str, tmp_path: Path) -> None:
    path = documents.html(tmp_path / "page.html", charset=charset)
    reading = read_book(path, POPULATION + "skip: [на начало года]")
    found = values(reading, "region_code", "year")
    assert found["BY", 2022] == 9255524
    assert found["BY-BR", 2023] == 1300.5
    assert found["BY-HO" if ("BY-HO", 2022) in found else "BY-HM", 2022] is None
    frame = observations(reading).set_index(["region_code", "year"])
    assert frame.loc["BY-BR", 2023]["footnote"] == documents.NOTE
    assert frame.loc["BY-BR", 2023]["cell"] == "table 1!C5"


def test_a_page_without_a_table_is_no_data(tmp_path: Path) -> None:
    path = tmp_path / "error.html"
    path.write_text("<html><body><h1>503</h1><p>Сервис недоступен</p></body></html>")
    with pytest.raises(WarehouseError, match="found none"):
        read(path, detect_format(path))


@pytest.mark.parametrize(("parts", "marker"), [(1, True), (2, True), (2, False)])
def test_word_tables_in_one_or_two_parts(parts: int, marker: bool, tmp_path: Path) -> None:
    path = documents.word(tmp_path / "book.docx", parts=parts, marker=marker)
    reading = read_book(path, POPULATION)
    found = values(reading, "region_code", "year")
    assert len(found) == 6
    assert (found["BY", 2023], found["BY-BR", 2023]) == (9200617, 1300.5)
    frame = observations(reading).set_index(["region_code", "year"])
    assert frame.loc["BY-BR", 2023]["footnote"] == documents.NOTE
    assert frame.loc["BY", 2022]["cell"] == "table 1!B2"
    assert [sheet.name for sheet in read(path, "docx").sheets] == [
        "1.1. Численность населения (человек)",
        "1.2. Другая таблица",
    ]


def test_a_raised_digit_is_a_mark_and_no_digit(tmp_path: Path) -> None:
    path = documents.word(tmp_path / "book.docx", bare_mark=True)
    frame = observations(read_book(path, POPULATION)).set_index(["region_code", "year"])
    row = frame.loc["BY", 2022]
    assert (row["value"], row["value_printed"]) == (9255524, "9 255 524¹")
    assert row["footnote"] == documents.NOTE


def test_vertically_merged_word_cells(tmp_path: Path) -> None:
    sheet = read(documents.word(tmp_path / "book.docx"), "docx").sheets[1]
    assert [(m.top, m.left, m.bottom, m.right) for m in sheet.merges] == [(1, 0, 2, 0)]


def test_open_document_sheets(tmp_path: Path) -> None:
    path = documents.ods(tmp_path / "t.ods")
    frame = observations(read_book(path, POPULATION))
    first, formula, absent, last = frame.itertuples()
    assert (first.value, first.value_digits, first.cell) == (1308569.4, 0, "Лист1!B3")
    assert (formula.value, formula.value_digits, formula.is_formula) == (3, 1, True)
    assert (np.isnan(absent.value), absent.reason_code) == (True, "not_available")
    assert last.value == 1338617
    assert read(path, "ods").sheets[0].shape == (4, 3)


def test_open_document_sheets_that_hide_or_scale(tmp_path: Path) -> None:
    hidden = read_book(documents.ods(tmp_path / "h.ods", hidden=True), POPULATION)
    assert codes(hidden) == ["cell_unexplained"]
    scaled = read_book(documents.ods(tmp_path / "p.ods", per_cent=True), POPULATION)
    assert codes(scaled) == ["unit_unknown"]  # a cell shown as per cent is no number of persons
    rate = POPULATION.replace("persons", "per_cent")
    frame = observations(read_book(tmp_path / "p.ods", rate))
    assert (frame["value"].iloc[0], frame["value_printed"].iloc[0]) == (12.5, "0.125")


def test_footnotes_that_word_keeps(tmp_path: Path) -> None:
    table = """
    caption: Численность населения \\(человек\\)
    decimal: comma
    dimensions:
      indicator: population
      unit: thousand_persons
      region: {left: region}
      period: {above: period}
    """
    read = read_book(documents.word_with_footnotes(tmp_path / "t.docx"), table)
    assert codes(read) == []
    frame = observations(read)
    former, later = only(frame, year=2022), only(frame, year=2023)
    assert (former["value"], former["footnote"]) == (1308.5, "2) По оценке ведомства.")
    assert (later["value"], later["footnote"]) == (1300.5, "1) Предварительные данные.")


def test_pdf_tables(tmp_path: Path) -> None:
    table = POPULATION.replace("(1\\\\.1\\\\. )?Численность населения \\\\(человек\\\\)", "x")
    table = table.replace(
        "caption: (1\\.1\\. )?Численность населения \\(человек\\)",
        "caption: Population by region \\(persons\\)",
    )
    frame = observations(read_book(documents.pdf(tmp_path / "t.pdf"), table))
    frame = frame.set_index(["region_code", "year"])
    assert frame.loc["BY", 2022]["value"] == 9255524
    brest = frame.loc["BY-BR", 2023]
    assert (brest["value"], brest["value_printed"]) == (1300.5, "1300.5¹")
    assert "Preliminary" in brest["footnote"]
    assert brest["cell"] == "page 1 table 1!C3"


def test_pdf_table_without_rules_over_two_pages(tmp_path: Path) -> None:
    table = """
    caption: Population by region \\(persons\\)
    dimensions:
      indicator: population
      unit: persons
      region: {left: region}
      period: {above: period}
    """
    frame = observations(read_book(documents.pdf_without_rules(tmp_path / "t.pdf"), table))
    assert only(frame, region_code="BY", year=2022)["value"] == 9255524
    brest = only(frame, region_code="BY-BR", year=2023)
    assert (brest["value"], brest["cell"]) == (1300007, "page 1 table 1!C3")
    overleaf = frame[frame["region_code"] == "BY-HO"]
    assert overleaf["cell"].tolist() == ["page 2 table 1!B2", "page 2 table 1!C2"]
    assert overleaf["reason_code"].tolist()[1] == "not_available"


def test_pdf_columns_that_touch_are_never_read_as_one_figure(tmp_path: Path) -> None:
    path = documents.pdf_without_rules(tmp_path / "t.pdf", gap=48)
    table = """
    caption: .*
    dimensions:
      indicator: population
      unit: persons
      region: {left: region}
      period: {above: period}
    """
    read = read_book(path, table)
    found = observations(read)
    assert read.outcome_code == "refused" or set(found["value"].dropna()) <= {
        9255524, 9200617, 1308569, 1300007, 1339617,
    }  # fmt: skip


def test_a_scanned_pdf_is_named(tmp_path: Path) -> None:
    path = documents.pdf(tmp_path / "scan.pdf", text=False)
    with pytest.raises(WarehouseError, match="scanned PDF"):
        read(path, detect_format(path))


def test_cell_sets(tmp_path: Path) -> None:
    path = documents.cell_set(tmp_path / "census.json")
    assert detect_format(path) == "cell_set"
    table = """
dimensions:
  indicator: population
  unit: persons
  region: {left: region, heading: Регион}
  locality: {left: {Городская: URB, Сельская: RUR}, heading: Местность}
  sex: {above: {Мужчины: M, Женщины: F}}
  period: {above: period}
"""
    reading = read_book(path, table)
    found = values(reading, "by_sex", "by_locality", "year")
    assert found["F", "URB", 2019] == 4
    assert found["M", "RUR", 2009] == 5
    assert found["F", "RUR", 2019] is None
    assert observations(reading)["cell"].iloc[0] == "/cellset/2/2/value"


@pytest.mark.parametrize("name", [*self_described.WITH_STATUS, "page.px"])
def test_gzip_holds_any_format(name: str, tmp_path: Path) -> None:
    writers = {**self_described.WITH_STATUS, **self_described.WITHOUT_STATUS}
    plain = writers[name](tmp_path / name)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    outside, inside = read_file(plain), read_file(packed)
    assert outside.format_code == inside.format_code
    assert outside.observations["value"].equals(inside.observations["value"])
    assert outside.observations["cell"].equals(inside.observations["cell"])


def test_zip_holds_one_file_or_several_of_one_format(tmp_path: Path) -> None:
    first = self_described.sdmx_csv_1_0(tmp_path / "one.csv")
    packed = tmp_path / "one.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(first, "folder/one.csv")
        archive.writestr("__MACOSX/._one.csv", b"\0")
    assert read_file(packed).observations.num_rows == 9
    wage = build.portal_wage(tmp_path / "w.json")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(first, "one.csv")
        archive.write(wage, "w.json")
    refused = read_file(packed)
    assert codes(refused) == ["format_unknown"]
    assert refused.problem is not None
    assert "belstat_portal, sdmx_csv together" in refused.problem.message


def test_containers_that_cannot_be_opened(tmp_path: Path) -> None:
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"a;b\n" * 1000)[:-9])
    assert codes(read_file(cut)) == ["file_damaged"]
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"\0" * 60_000_000))
    assert codes(read_file(bomb)) == ["file_too_large"]
    nested = tmp_path / "nested.gz"
    nested.write_bytes(gzip.compress(gzip.compress(b"a;b\n1;2\n")))
    assert codes(read_file(nested)) == ["format_unknown"]


def test_binary_workbooks(tmp_path: Path) -> None:
    path = binary_workbook(tmp_path / "t.xlsb")
    frame = observations(read_book(path, POPULATION))
    first, formula, absent, last = frame.itertuples()
    assert (first.value, first.value_digits, first.cell) == (1308569.4375, 1, "Лист1!B3")
    assert (formula.value, formula.is_formula) == (3, True)
    assert (np.isnan(absent.value), absent.reason_code) == (True, "not_available")
    assert (last.value, last.year) == (1338617, 2023)
    hidden = binary_workbook(tmp_path / "h.xlsb", hidden=True)
    assert codes(read_book(hidden, POPULATION)) == ["cell_unexplained"]


def test_binary_workbooks_are_read_as_calamine_reads_them(tmp_path: Path) -> None:
    path = binary_workbook(tmp_path / "t.xlsb")
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    theirs = book.get_sheet_by_name("Лист1").to_python(skip_empty_area=False)
    ours = read(path, detect_format(path)).sheets[0]
    assert [[cell or None for cell in row] for row in theirs] == ours.raw.tolist()
    assert len(ours.merges) == 1


def test_a_binary_workbook_that_breaks_off(tmp_path: Path) -> None:
    whole = binary_workbook(tmp_path / "t.xlsb")
    cut = tmp_path / "cut.xlsb"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(cut, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-30] if name.endswith("sheet1.bin") else content)
    with pytest.raises(WarehouseError, match="cut off"):
        read(cut, detect_format(cut))


def _rich(path: Path, *cells: object) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Численность населения (человек)"])
    sheet.append([None, "2022", "2023"])
    for number, cell in enumerate(cells):
        row = ["Брестская область", "Гомельская область"][number]
        sheet.append([row, cell, 5])
    sheet.append([documents.NOTE])
    book.save(path)
    return path


def test_a_raised_digit_in_a_workbook_is_a_mark(tmp_path: Path) -> None:
    marked = CellRichText(
        TextBlock(InlineFont(), "1 633,2"), TextBlock(InlineFont(vertAlign="superscript"), "1")
    )
    table = POPULATION.replace("persons", "per_cent")
    frame = observations(read_book(_rich(tmp_path / "r.xlsx", marked, "17,5"), table))
    row = frame.iloc[0]
    assert (row["value"], row["value_printed"], row["footnote"]) == (
        1633.2,
        "1 633,2¹",
        documents.NOTE,
    )
    both = _rich(tmp_path / "both.xlsx", marked, "1 633,21")  # printed alike, one with a mark
    reading = read_book(both, table)
    assert codes(reading) == ["number_unreadable"] * 2
    assert list(observations(reading)["value"]) == [5, 5]
