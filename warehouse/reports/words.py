"""Words and numbers of the report's two languages: agreement, decimal signs, lists."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from warehouse.reports.model import Figure, Rank
from warehouse.reports.pictures import Language, Mark
from warehouse.reports.texts import NOUNS, TEXTS, UNITS

NARROW = "\u202f"
"""Between thousands in Russian: a space that does not break and is narrow."""
MINUS = "\u2212"
ABSENT = "—"
COUNTED = "units"
"""The unit that a sentence leaves out: its noun says what is counted."""
SIGNS = {Mark.ILLUSTRATIVE: "ⁱ", Mark.PRELIMINARY: "ᵖ", Mark.CORRECTED: "ᶜ"}
_LONG_WORD = re.compile(r"\S{25,}")
_JOINT = re.compile(r"(?<=[/_›.])(?!$)")
_CUT = "\0"
"""Stands in no text."""
_POINTS = {"ru": str.maketrans(",.", f"{NARROW},"), "en": str.maketrans({})}
"""From the thousands and decimals of a program to those of a language."""


@lru_cache(maxsize=2)
def _plural(language: Language) -> Locale:
    return Locale.parse(language)


def number(value: float, digits: int, language: Language, *, signed: bool = False) -> str:
    """A number as a reader of the language writes it; never «-0».

    Args:
        value: The number.
        digits: Decimals.
        language: Decides the signs of thousands and decimals.
        signed: Whether a plus is printed.
    """
    plain = f"{abs(value):,.{digits}f}".translate(_POINTS[language])
    is_zero = not any(digit in "123456789" for digit in plain)
    if is_zero:
        return plain
    return f"{MINUS if value < 0 else '+' if signed else ''}{plain}"


def counted(count: int, noun: str, language: Language) -> str:
    """A count with its noun in the form that agrees: «21 кластер», «22 кластера», «25 кластеров».

    Args:
        count: How many.
        noun: Key of `NOUNS`.
        language: Of the noun; its plural rules are those of CLDR.
    """
    return f"{number(count, 0, language)}\u00a0{agreeing(count, noun, language)}"


def agreeing(count: int, noun: str, language: Language) -> str:
    """The form of a noun that agrees with a count."""
    forms = NOUNS[noun][language]
    return forms.get(_plural(language).plural_form(abs(count)), forms["other"])


def text(key: str, language: Language, **given: object) -> str:
    """A text of the report; `given` fills its gaps."""
    said = TEXTS[key][0 if language == "ru" else 1]
    return said.format(**given) if given else said


@lru_cache(maxsize=2)
def _catalogue(language: Language) -> Catalog:
    path = files("warehouse.reports") / "locale" / f"{language}.po"
    with path.open("rb") as content:
        return read_po(content, locale=language)


def wording(said: str | None, language: Language) -> str:
    """A text of a code list or a contract in the language of the report; as it is without one."""
    message = _catalogue(language).get(said) if said else None
    return str(message.string) if message is not None and message.string else said or ""


def day(value: date, language: Language) -> str:
    """A day: 13.03.2018 for Russian readers, 2018-03-13 for others."""
    return value.strftime("%d.%m.%Y") if language == "ru" else value.isoformat()


def unit(code: str, language: Language) -> str:
    """Short label of a unit, «млн тенге»; the code itself for one without a label."""
    labels = UNITS.get(code)
    return labels[0 if language == "ru" else 1] if labels else code


def figure(shown: Figure, language: Language, *, with_unit: bool = False) -> str:
    """A figure as it is printed, with the signs of its marks."""
    if shown.value is None:
        return ABSENT
    plain = number(shown.value, shown.digits, language, signed=shown.is_change)
    label = unit(shown.unit, language) if with_unit and shown.unit != COUNTED else ""
    tail = "%" if label == "%" else f" {label}" if label else ""
    return f"{plain}{signs(shown.marks)}{chr(160) if tail == '%' else ''}{tail}"


def rank(shown: Rank, language: Language) -> str:
    """A place: «3 из 7»."""
    return f"{text('rank', language, rank=shown.rank, count=shown.count)}{signs(shown.marks)}"


def signs(marks: tuple[Mark, ...]) -> str:
    """The signs of marks, explained in the legend of each page."""
    return "".join(SIGNS[mark] for mark in marks)


def breakable(said: str) -> list[str]:
    """A text cut where a long word may be broken: names of files, addresses, cells."""
    return _LONG_WORD.sub(lambda word: _JOINT.sub(_CUT, word[0]), said).split(_CUT)


def listed(items: list[str], language: Language) -> str:
    """Items as a list in a sentence: «a, b и c»."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {text('and', language)} {items[-1]}"
