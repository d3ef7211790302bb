"""Names and telephones of officials are not shown, and figures are not taken for telephones."""

from __future__ import annotations

import pytest

from warehouse.inspect.contacts import HIDDEN, contact_cells, without_contacts
from warehouse.readers.cells import build_sheet

ROWS = [
    ["Численность работников", None, None],
    ["Регион", 2023.0, 2024.0],
    ["Минская область", 613456.0, 620123.0],
    ["Могилёвская область", "1 613 456", "620-123"],
    [None, None, None],
    ["Ответственный исполнитель:", None, None],
    ["Иванова Анна Петровна", None, None],
    ["8 (495) 000-00-00 доб. 12-34", None, None],
]


def test_the_lines_about_an_official_are_hidden_and_the_table_is_not() -> None:
    hidden = contact_cells(build_sheet("1", ROWS))
    assert hidden[5:, 0].all()
    assert not hidden[:4].any()


@pytest.mark.parametrize(
    "text", ["8 (495) 000-00-00", "+375 17 000 00 00", "a.b@office.example", "(7172) 00-00-00"]
)
def test_telephones_and_addresses_are_taken_out_of_texts(text: str) -> None:
    assert without_contacts(f"Иванова, {text}") == f"Иванова, {HIDDEN}"


@pytest.mark.parametrize(
    "text", ["1 254,6", "2010-2019 гг.", "613456.25", "ОК 029-2014", "01.01.2024", "12 345 678 901"]
)
def test_figures_and_years_are_kept(text: str) -> None:
    assert without_contacts(text) == text
