"""The examples of the error pages are what the code prints for the file that they describe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.layout.reading import read_file
from tests.specimens import build
from warehouse.settings import PROJECT

Answer = dict[str, Any]


def value_of_brest(text: str) -> Callable[[Answer], None]:
    return lambda answer: answer["tableRows"][1][1].update(value=text)


def year(position: int, text: str) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer["tableHeader"][0][position] = text

    return change


def double_the_territory(answer: Answer) -> None:
    answer["tableHeaderDimColumns"] *= 2
    for row in answer["tableRows"]:
        row.insert(1, {"value": row[0]["value"], "level": 0})


def reword_the_territory(answer: Answer) -> None:
    answer["tableHeaderDimColumns"] = ["Территория"]


def misspell_brest(answer: Answer) -> None:
    answer["tableRows"][1][0]["value"] = "Брэсткая область"


PORTAL: dict[str, Callable[[Answer], None]] = {
    "header_unreadable": year(1, "2022 (оценка)"),
    "header_ambiguous": double_the_territory,
    "header_not_found": reword_the_territory,
    "key_duplicate": year(2, "2021"),
    "name_unknown": misspell_brest,
    "number_sign_mixed": value_of_brest("1 234.5"),
    "symbol_unknown": value_of_brest("нет свед."),
    "mark_unknown": year(2, "2023 1)"),
}


def per_cent(sheet: Worksheet) -> None:
    sheet["C9"] = 0.5
    sheet["C9"].number_format = "0%"


def put(address: str, value: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[address] = value

    return change


BULLETIN: dict[str, Callable[[Worksheet], None]] = {
    "cell_unexplained": put("L30", 5),
    "number_unreadable": put("C9", "1 2З4,5"),
    "unit_unknown": per_cent,
    "formula_without_value": put("C9", "=1+1"),
}


def example(code: str) -> str:
    text = (PROJECT / "docs" / "errors" / f"{code}.md").read_text(encoding="utf-8")
    return text.split("```text\n")[1].split("\n```")[0]


def printed(path: Path) -> list[str]:
    rows = read_file(path).rejected.to_pylist()
    return [f"{row['code']}: {row['message']}" for row in rows]


@pytest.mark.parametrize("code", PORTAL)
def test_portal_examples(code: str, tmp_path: Path) -> None:
    path = build.portal_wage(tmp_path / "wage.json")
    answer = json.loads(path.read_text(encoding="utf-8"))
    PORTAL[code](answer)
    path.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    assert example(code) in printed(path)


@pytest.mark.parametrize("code", BULLETIN)
def test_bulletin_examples(code: str, tmp_path: Path) -> None:
    path = build.wage_bulletin(tmp_path / "wage_2024-06.xlsx")
    workbook = openpyxl.load_workbook(path)
    BULLETIN[code](workbook.worksheets[0])
    workbook.save(path)
    assert example(code) in printed(path)
