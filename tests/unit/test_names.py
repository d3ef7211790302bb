"""Spellings of one name come to one form; different names stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.conform.names import NameIndex, normalise


@pytest.mark.parametrize(
    ("printed", "same_as"),
    [
        ("Берёзовский", "березовский"),
        ("г.Минск", "г. Минск"),
        ("город Минск", "г. Минск"),
        ("г.  Севастополь", "г.Севастополь"),
        ("Брестская обл.", "Брестская область"),
        ("Чукотский авт.округ", "Чукотский автономный округ"),
        ("Калинингpадская область", "Калининградская область"),
        ("Hенецкий авт.округ", "Ненецкий автономный округ"),
        ("Республика Северная Осетия - Алания", "Республика Северная Осетия-Алания"),
        ("  в том числе Ненецкий автономный округ", "Ненецкий автономный округ"),
        ("производство продуктов питания,\nнапитков", "производство продуктов питания, напитков"),
    ],
)
def test_spellings_of_one_name(printed: str, same_as: str) -> None:
    assert normalise(printed) == normalise(same_as)


def test_different_names_stay_apart() -> None:
    names = [
        "Минская область",
        "г. Минск",
        "Минский",
        "Минский район",
        "Актюбинская",
        "Акмолинская",
    ]
    assert len({normalise(name) for name in names}) == len(names)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_official_names_outweigh_derived_forms() -> None:
    index = NameIndex()
    index.add("Брест", "oblast", is_derived=True)
    index.add("Брест", "city")
    assert index.codes("брест") == {"city"}


def test_nearest_names_come_best_first() -> None:
    index = NameIndex()
    for name, code in (
        ("Брестская область", "BR"),
        ("Витебская область", "VI"),
        ("Гомельская область", "HO"),
    ):
        index.add(name, code)
    assert index.nearest("Брестcкая облать")[0] == ("Брестская область", "BR")
