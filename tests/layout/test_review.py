"""Ways to be silently wrong that a reviewer found: each is refused now."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.layout.reading import codes, observations, read_file
from tests.specimens import build
from warehouse.settings import PROJECT

SAMPLES = PROJECT / "samples"


def changed(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def refused(path: Path, code: str) -> None:
    reading = read_file(path)
    assert code in codes(reading), (reading.outcome_code, codes(reading))


POPULATION = SAMPLES / "belarus-illustrative" / "population_grp_illustrative.xlsx"


def reword(text: str, new: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        hits = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == text]
        assert hits
        hits[0].value = new

    return change


@pytest.mark.parametrize("new", ["тыс. человек", "тысяч человек", "человек на 1000"])
def test_a_unit_with_something_before_or_after_it(tmp_path: Path, new: str) -> None:
    path = changed(POPULATION, tmp_path / POPULATION.name, reword("человек", new))
    refused(path, "cell_unexplained")


@pytest.mark.parametrize("tail", [", долларов США", " в постоянных ценах 2015 года", ", тыс."])
def test_a_title_that_goes_on(tmp_path: Path, tail: str) -> None:
    answer = json.loads(build.portal_wage(tmp_path / "w.json").read_text())
    answer["tableName"] += tail
    (tmp_path / "w.json").write_text(json.dumps(answer))
    refused(tmp_path / "w.json", "cell_unexplained")


def test_a_header_in_another_currency(tmp_path: Path) -> None:
    source = build.wage_bulletin(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(source)
    cell = next(
        c
        for row in book.active.iter_rows()
        for c in row
        if str(c.value).startswith("Номинальная начисленная\n")
    )
    cell.value = str(cell.value).replace("рублей", "долларов США")
    book.save(tmp_path / "b.xlsx")
    reading = read_file(tmp_path / "b.xlsx")
    read = set(observations(reading)["indicator_code"]) if reading.observations.num_rows else set()
    assert "wage_nominal" not in read


def test_a_month_stored_as_a_date(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for row in book.active.iter_rows(min_row=1, max_row=9):
            for cell in row:
                if cell.value == "июнь":
                    cell.value = datetime(2024, 6, 1)
                    cell.number_format = "mmmm yyyy"

    path = changed(build.wage_bulletin(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", change)
    reading = read_file(path)
    if reading.observations.num_rows:
        assert "date" not in set(observations(reading)["period_kind"])


def test_thousands_by_number_format(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for row in book.worksheets[0].iter_rows(min_row=5):
            for cell in row:
                if isinstance(cell.value, int | float) and cell.value > 10_000:
                    cell.number_format = "#,##0,"

    refused(changed(POPULATION, tmp_path / POPULATION.name, change), "unit_unknown")


@pytest.mark.parametrize("what", ["row", "column"])
def test_hidden_cells(tmp_path: Path, what: str) -> None:
    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        if what == "row":
            sheet.row_dimensions[7].hidden = True
        else:
            sheet.column_dimensions["C"].hidden = True

    path = changed(build.wage_bulletin(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", change)
    refused(path, "cell_unexplained")


@pytest.mark.parametrize("label", ["Хабаровский край", "- Городское население", "x-фактор роста"])
def test_a_label_is_no_footnote(tmp_path: Path, label: str) -> None:
    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(10)
        sheet.cell(10, 2).value = label

    path = changed(build.wage_bulletin(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", change)
    refused(path, "cell_unexplained")


def test_illustrative_figures_have_a_status_of_their_own() -> None:
    frame = observations(read_file(POPULATION))
    assert set(frame[frame["value"].notna()]["obs_status"]) == {"G"}
    assert frame["is_illustrative"].all()


def test_a_line_of_absurd_width_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(";".join("a" * 1 for _ in range(200_000)) + "\n" + "1;2\n" * 3000)
    assert read_file(path).problem is not None
    assert read_file(path).problem.code == "file_too_large"  # type: ignore[union-attr]


def test_a_title_that_contradicts_its_sheet(tmp_path: Path) -> None:
    source = SAMPLES / "belarus-illustrative" / "employment_by_activity_illustrative.xlsx"

    def change(book: Any) -> None:
        book.worksheets[0].title = "2030"

    refused(changed(source, tmp_path / source.name, change), "header_ambiguous")
