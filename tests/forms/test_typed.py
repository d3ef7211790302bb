"""A report from template to acceptance: LibreOffice opens, fills in and saves at each step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from tests.forms.filled import NUMBERS, REPORT, made, place, right_rows, typed
from tests.forms.test_template import read
from tests.parsed import lay_parsed
from warehouse import pipeline
from warehouse.explain_cluster import explain_cluster
from warehouse.forms.answer import write_answer
from warehouse.forms.check_sheet import RESULT
from warehouse.forms.workbook import FIRST_ROW, MARKED
from warehouse.interpret import Interpretation
from warehouse.settings import Settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FIGURES = REPORT.by_name["member_value"]
EXPORTS = (FIGURES.title.ru, place(FIGURES, "exports"))
ORGANISATIONS = REPORT.by_name["organisation"]
NUMBER = (ORGANISATIONS.title.ru, place(ORGANISATIONS, "registry_number", 2))


def as_typed(folder: Path) -> dict[tuple[str, str], Any]:
    """What a person types for the right report: names of lists, numbers, days."""
    book = openpyxl.load_workbook(made(folder / "right.xlsx", right_rows()))
    cells: dict[tuple[str, str], Any] = {}
    for table in REPORT.tables:
        for row in book[table.title.ru].iter_rows(min_row=FIRST_ROW):
            for cell in row:
                value = cell.value
                if value is not None:
                    day = value.date() if isinstance(value, datetime) else value
                    cells[table.title.ru, cell.coordinate] = day
    return cells


def verdict(path: Path) -> str:
    return str(openpyxl.load_workbook(path, data_only=True)["Проверка"][RESULT].value)


def stated(reading: Interpretation) -> dict[str, list[dict[str, Any]]]:
    """Staged rows without what names the file."""
    return {
        name: [{key: value for key, value in row.items() if key != "row_id"} for row in rows]
        for name, table in reading.tables.items()
        if (rows := table.to_pylist())
    }


def test_a_template_typed_in_by_libreoffice_says_what_was_typed(tmp_path: Path) -> None:
    sent = typed(made(tmp_path / "t.xlsx"), as_typed(tmp_path), tmp_path)
    assert verdict(sent) == "Ошибок не найдено: отчёт можно отправить."
    reading = read(sent)
    assert reading.rejected.to_pylist() == []
    assert stated(reading) == stated(read(tmp_path / "right.xlsx"))


def test_wrong_answered_mended_in_the_answer_and_accepted(tmp_path: Path) -> None:
    wrong = {**as_typed(tmp_path), EXPORTS: 99_999, NUMBER: "190000021"}
    sent = typed(made(tmp_path / "t.xlsx"), wrong, tmp_path)
    assert verdict(sent) == "Отчёт ещё не готов. Проверок с замечаниями: 2."
    reading = read(sent)
    refused = {tuple(row["cell"].rsplit("!", 1)) for row in reading.rejected.to_pylist()}
    assert refused == {EXPORTS, NUMBER}
    answer = tmp_path / "answer.xlsx"
    write_answer(
        sent,
        reading.rejected.to_pylist(),
        form=REPORT,
        language="ru",
        outcome_code=reading.outcome_code,
        path=answer,
    )
    mended = typed(answer, {EXPORTS: 16_000, NUMBER: NUMBERS[2]}, tmp_path)
    book = openpyxl.load_workbook(mended)
    marked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet
        for cell in row
        if cell.fill.start_color.rgb == MARKED
    }
    assert marked == refused
    assert book[EXPORTS[0]][EXPORTS[1]].comment.text.startswith("✗ Значение вне допустимых")
    assert verdict(mended) == "Ошибок не найдено: отчёт можно отправить."
    final = read(mended)
    assert final.rejected.to_pylist() == []
    assert stated(final) == stated(read(tmp_path / "right.xlsx"))


def test_from_the_template_to_the_mart_and_back_to_the_cell(tmp_path: Path) -> None:
    """Refused on the street, answered, mended in the answer, sent again, published, explained."""
    settings, inbox = lay_parsed(Settings(home=tmp_path / "home")), tmp_path / "inbox"
    inbox.mkdir()
    wrong = {**as_typed(tmp_path), EXPORTS: 99_999, NUMBER: "190000021"}
    sent = typed(made(tmp_path / "t.xlsx"), wrong, tmp_path)
    (inbox / "sent.xlsx").write_bytes(sent.read_bytes())
    first = pipeline.ingest_files(settings, inbox, ["sent.xlsx"], now=NOW).files[0]
    assert (first.outcome_code, first.rejected_count) == ("accepted", 2)
    answer = pipeline.answer_reports(settings)[0]
    mended = typed(answer.path, {EXPORTS: 16_000, NUMBER: NUMBERS[2]}, tmp_path)
    (inbox / "mended.xlsx").write_bytes(mended.read_bytes())
    summary = pipeline.run(settings, inbox, now=NOW + timedelta(days=1))
    refused = {result.file_name: result.rejected_count for result in summary.files}
    assert refused == {"sent.xlsx": 2, "mended.xlsx": 0}
    found = explain_cluster(settings, cluster="BY-C01", indicator="member_exports", year=2024)
    cells = {row["cell"]: row["value_printed"] for row in found.inputs}
    assert cells[f"{EXPORTS[0]}!{EXPORTS[1]}"] == "16000"
    assert {row["file_name"] for row in found.inputs} == {"mended.xlsx"}
    assert found.value == sum(row["value"] for row in found.inputs)
