"""Printed values: what is read, and what is refused because nobody could tell."""

from __future__ import annotations

import pytest

from warehouse.conform.numbers import Notation, decimal_sign, read_text, stored_digits
from warehouse.errors import Code

SYMBOLS = {"-": "none_occurs", "…": "not_available", ":": "not_available"}


def notation(
    decimal: str | None = ",", marks: tuple[str, ...] = ("1", "3"), flags: str = ""
) -> Notation:
    return Notation(
        decimal=decimal, symbols=SYMBOLS, flags=frozenset(flags), marks=frozenset(marks)
    )


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [
        ("1\u00a0254,6", 1254.6, 1),
        ("22 800,1", 22800.1, 1),
        ("-2\u00a0682", -2682.0, 0),
        ("−12,50", -12.5, 2),
        ("0", 0.0, 0),
        ("15", 15.0, 0),
        ("1 000 000", 1_000_000.0, 0),
    ],
)
def test_numbers_as_offices_print_them(text: str, value: float, digits: int) -> None:
    reading = read_text(text, notation())
    assert (reading.value, reading.digits, reading.problem) == (value, digits, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("10 1439", Code.NUMBER_UNREADABLE),
        ("12 34", Code.NUMBER_UNREADABLE),
        ("с 1 января - 7000 тенге", Code.NUMBER_UNREADABLE),
        ("12.5", Code.NUMBER_SIGN_MIXED),
        ("12,54)", Code.MARK_UNKNOWN),
        ("~", Code.SYMBOL_UNKNOWN),
        ("1,2,3", Code.NUMBER_UNREADABLE),
    ],
)
def test_doubtful_texts_are_refused(text: str, problem: Code) -> None:
    assert read_text(text, notation()).problem == problem


def test_signs_and_per_cent() -> None:
    assert read_text("+3395", notation()).value == 3395
    reading = read_text("34,5 %", notation())
    assert (reading.value, reading.digits, reading.per_cent) == (34.5, 1, True)
    assert not read_text("34,5", notation()).per_cent


def test_a_glued_mark_is_split_off_when_it_is_explained() -> None:
    reading = read_text("1\u00a0633,21)", notation())
    assert (reading.value, reading.digits, reading.mark) == (1633.2, 1, "1")


def test_a_mark_that_splits_in_two_ways_is_refused() -> None:
    assert read_text("12,511)", notation(marks=("1", "11"))).problem == Code.MARK_UNKNOWN
    assert read_text("12,511)", notation(marks=("11",))).value == 12.5


def test_a_bare_digit_after_a_blank_is_no_mark() -> None:
    assert read_text("10 1", notation()).problem == Code.NUMBER_UNREADABLE


def test_symbols_have_reasons_and_may_carry_marks() -> None:
    assert read_text("-", notation()).reason == "none_occurs"
    marked = read_text("… 3", notation())
    assert (marked.reason, marked.mark) == ("not_available", "3")


def test_flags_follow_values_and_symbols() -> None:
    assert read_text("14.3 bu", notation(".", flags="bu")).flags == "bu"
    missing = read_text(": c", notation(".", flags="cu"))
    assert (missing.reason, missing.flags, missing.value) == ("not_available", "c", None)
    assert read_text("14.3 q", notation(".", flags="bu")).problem == Code.NUMBER_UNREADABLE


def test_the_decimal_sign_is_proven_by_the_table() -> None:
    assert decimal_sign(["1,5", "1,234"]) == (",", False)
    assert decimal_sign(["1,234", "2,345"]) == (None, False)
    assert decimal_sign(["1,5", "1.5"]) == (None, True)


def test_three_digits_after_an_unproven_sign_are_refused() -> None:
    assert read_text("1,234", notation(None)).problem == Code.NUMBER_SIGN_MIXED
    assert read_text("0,234", notation(None)).value == 0.234


def test_digits_of_stored_numbers() -> None:
    assert [stored_digits(x) for x in (5.0, 2.5, 14.605187775341275)] == [0, 1, 12]
