"""Numbers, agreement and lists in both languages."""

from __future__ import annotations

import string
from datetime import date
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from warehouse.reports import words
from warehouse.reports.model import Figure, Rank
from warehouse.reports.pictures import Mark
from warehouse.reports.texts import NOUNS, TEXTS, UNITS

PLURALS = {
    0: "кластеров",
    1: "кластер",
    2: "кластера",
    4: "кластера",
    5: "кластеров",
    11: "кластеров",
    12: "кластеров",
    14: "кластеров",
    21: "кластер",
    22: "кластера",
    25: "кластеров",
    101: "кластер",
    111: "кластеров",
    112: "кластеров",
    1000: "кластеров",
    1001: "кластер",
}


@pytest.mark.parametrize(("count", "noun"), PLURALS.items())
def test_a_russian_noun_agrees_with_its_count(count: int, noun: str) -> None:
    said = words.counted(count, "cluster", "ru")
    assert said == f"{words.number(count, 0, 'ru')}\u00a0{noun}"


@given(st.integers(min_value=0, max_value=10**7))
def test_agreement_follows_the_last_two_digits(count: int) -> None:
    last, two = count % 10, count % 100
    form = "many"
    if last == 1 and two != 11:
        form = "one"
    elif last in (2, 3, 4) and two not in (12, 13, 14):
        form = "few"
    assert words.agreeing(count, "member", "ru") == NOUNS["member"]["ru"][form]
    assert words.agreeing(count, "member", "en") == ("member" if count == 1 else "members")


def test_every_noun_has_the_forms_of_its_language() -> None:
    for forms in NOUNS.values():
        assert set(forms["ru"]) == {"one", "few", "many", "other"}
        assert set(forms["en"]) == {"one", "other"}


def test_both_texts_have_the_same_gaps_and_letters_of_their_language() -> None:
    cyrillic = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
    for key, (russian, english) in TEXTS.items():
        gaps = [
            sorted(name for _, name, _, _ in string.Formatter().parse(said) if name)
            for said in (russian, english)
        ]
        assert gaps[0] == gaps[1], key
        if key != "other_language":
            assert not cyrillic & set(english.lower()), key
    assert not [code for code, (_, english) in UNITS.items() if cyrillic & set(english.lower())]


@pytest.mark.parametrize(
    ("value", "digits", "language", "said"),
    [
        (1234567.891, 1, "ru", "1\u202f234\u202f567,9"),
        (1234567.891, 1, "en", "1,234,567.9"),
        (-0.04, 1, "ru", "0,0"),
        (-3.25, 1, "en", "\u22123.2"),
        (0, 0, "ru", "0"),
    ],
)
def test_numbers_are_written_as_readers_write_them(
    value: float, digits: int, language: str, said: str
) -> None:
    assert words.number(value, digits, language) == said


def test_a_change_has_its_sign_and_unit() -> None:
    rise = Figure("k", 20.64, "per_cent", 1, 2024, is_change=True)
    assert words.figure(rise, "ru", with_unit=True) == "+20,6\u00a0%"
    none = Figure("k", None, "per_cent", 1, 2024, reason="нет")
    assert words.figure(none, "ru", with_unit=True) == "—"


def test_marks_are_printed_behind_the_number() -> None:
    made = Figure("k", 5.0, "persons", 0, 2024, marks=(Mark.ILLUSTRATIVE, Mark.CORRECTED))
    assert words.figure(made, "en", with_unit=True) == "5ⁱᶜ persons"
    assert words.rank(Rank(3, 7), "ru") == "3 из 7"
    assert words.rank(Rank(3, 7, (Mark.ILLUSTRATIVE,)), "en") == "3 of 7ⁱ"


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a и b"), (["a", "b", "c"], "a, b и c")],
)
def test_items_are_listed(items: list[str], said: str) -> None:
    assert words.listed(items, "ru") == said


def test_texts_of_catalogues_are_put_into_the_language_of_the_report() -> None:
    english = "Share of the activity in the region."
    assert words.wording(english, "ru") == "Доля вида деятельности в регионе."
    assert words.wording(english, "en") == english
    assert words.wording("nobody wrote this", "ru") == "nobody wrote this"
    assert words.wording(None, "ru") == ""
    assert words.wording("internal", "en") != "internal"


def test_every_wording_says_something_in_its_language() -> None:
    cyrillic = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
    for language, has_cyrillic in (("ru", True), ("en", False)):
        path = files("warehouse.reports") / "locale" / f"{language}.po"
        with path.open("rb") as content:
            messages = [one for one in read_po(content) if one.id]
        assert messages
        for message in messages:
            letters = set(str(message.string).lower()) & cyrillic
            assert bool(letters) == has_cyrillic, message.id


def test_a_day_is_written_as_readers_write_it() -> None:
    assert words.day(date(2018, 3, 5), "ru") == "05.03.2018"
    assert words.day(date(2018, 3, 5), "en") == "2018-03-05"


def test_long_words_are_cut_at_their_joints_only() -> None:
    assert words.breakable("не менее 2\u202f000") == ["не менее 2\u202f000"]
    name = "clusters/BY-C01_2020_illustrative.json"
    assert words.breakable(f"файл {name} принят") == [
        "файл clusters/",
        "BY-C01_",
        "2020_",
        "illustrative.",
        "json принят",
    ]
