"""Registry numbers of organisations: which a country has, and whether a number is one of them.

Belarus: УНП (UNP), 9 characters. Russia: ИНН (INN), 10 digits of a company or 12 of a person. Both
are checked by python-stdnum. Kazakhstan: БИН (BIN) and ИИН (IIN), 12 digits, checked here by the
rule that the country published (government resolutions No 565 of 11.06.2003 and No 406 of
22.05.2007). Of other countries no rule is known: their numbers are only looked at for odd signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from stdnum.by import unp
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ru import inn

COUNTRY_KINDS: dict[str, tuple[str, ...]] = {
    "BY": ("UNP",),
    "KZ": ("BIN", "IIN"),
    "RU": ("INN",),
}
"""Kinds of numbers by country."""

_LENGTHS = {"BY": (9,), "KZ": (12,), "RU": (10, 12)}
_KZ_WEIGHTS = (
    (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2),
)
"""Weights of the first eleven digits; the second row counts when the first one gives 10."""
_KZ_ENTITIES = "456"
"""Fifth digit of a BIN: resident, non-resident, joint entrepreneur; of an IIN it is of a day."""
_KZ_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
"""Seventh digit of an IIN: century of birth and sex; 0 for residents born abroad."""
_OTHER = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9./-]{2,29}")


@lru_cache(maxsize=65_536)
def problem_of(country: str, number: str) -> str | None:
    """What a registry number should be, when it is not; None when it is.

    The number must stand as it is stored: no blanks, no prefix, Latin letters, leading zeros.

    Args:
        country: Two-letter code of the country.
        number: The number as text.
    """
    return _CHECKS.get(country, _problem_of_other)(number)


def known_form(country: str, number: str) -> str:
    """A number that a spreadsheet stored as a figure, with its leading zeros put back."""
    for length in _LENGTHS.get(country, ()):
        if len(number) <= length:
            return number.zfill(length)
    return number


def kz_check_digit(digits: str) -> str | None:
    """Last digit after the first eleven of a BIN or IIN; None: such a number is never given."""
    for weights in _KZ_WEIGHTS:
        rest = sum(int(d) * weight for d, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return str(rest)
    return None


def _problem_of_unp(number: str) -> str | None:
    try:
        if number.isascii() and number.isalnum() and unp.validate(number) == number:
            return None
    except InvalidChecksum:
        return "a UNP of Belarus with a right check digit"
    except ValidationError:
        pass
    return "a UNP of Belarus: 9 digits, or 2 Latin letters and 7 digits"


def _problem_of_inn(number: str) -> str | None:
    if not _is_digits(number, 10, 12) or number.startswith("00"):
        return "an INN of Russia: 10 digits of a company or 12 of a person"
    return None if inn.is_valid(number) else "an INN of Russia with a right check digit"


def _problem_of_bin(number: str) -> str | None:
    if not _is_digits(number, 12) or not (_looks_like_bin(number) or _looks_like_iin(number)):
        return "a BIN or IIN of Kazakhstan: 12 digits that begin with a year and a month"
    if kz_check_digit(number[:11]) == number[11]:
        return None
    return "a BIN or IIN of Kazakhstan with a right check digit"


def _looks_like_bin(number: str) -> bool:
    return 1 <= int(number[2:4]) <= 12 and number[4] in _KZ_ENTITIES


def _looks_like_iin(number: str) -> bool:
    centuries = [_KZ_CENTURIES[number[6]]] if number[6] in _KZ_CENTURIES else [1900, 2000]
    return number[6] <= "6" and any(_is_day(century, number) for century in centuries)


def _is_day(century: int, number: str) -> bool:
    try:
        date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return True


def _problem_of_other(number: str) -> str | None:
    expected = "a registry number of capital Latin letters and digits"
    return None if _OTHER.fullmatch(number) else expected


def _is_digits(number: str, *lengths: int) -> bool:
    return number.isascii() and number.isdigit() and len(number) in lengths


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "BY": _problem_of_unp,
    "KZ": _problem_of_bin,
    "RU": _problem_of_inn,
}
