"""Values as printed: numbers in the ways offices write them, symbols, flags, footnote marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from warehouse.errors import Code
from warehouse.layout.texts import mark_key, split_mark, squeeze

_SIGN = r"(?P<sign>[-−–‑+]?)\s*"
_GROUPED = r"\d{1,3}(?: \d{3})+"
_PLAIN = r"\d+"
_NUMBER = re.compile(
    rf"^{_SIGN}(?P<whole>{_GROUPED}|{_PLAIN})(?:(?P<point>[.,])(?P<part>\d+))?(?P<per_cent>\s?%)?$"
)
_TIMES = re.compile(r"^в\s+(?P<number>\d+(?:[.,]\d+)?)\s*(?:р\.?|раза?)$", re.I)
_EXPONENT = re.compile(r"^-?\d+(?:\.\d+)?[eE][+-]?\d+$")
_MARKS = (
    re.compile(r"^(?P<bare>.*\S)(?P<gap>\s*)(?P<mark>[1-9]\d\))$"),
    re.compile(r"^(?P<bare>.*\S)(?P<gap>\s*)(?P<mark>[1-9]\)|[¹²³⁴⁵⁶⁷⁸⁹])$"),
    re.compile(r"^(?P<bare>[^*]*[^*\s])(?P<gap>\s*)(?P<mark>\*{1,3}\)?)$"),
    re.compile(r"^(?P<bare>.*[^\d\s])(?P<gap>\s*)(?P<mark>[1-9]\d?)$"),
)
_FLAG = re.compile(r"^(?P<bare>\S.*?|:)\s+(?P<flags>[a-z]{1,4})$")


@dataclass(frozen=True)
class Reading:
    """What one printed value says: a number, a reason why there is none, or a problem.

    Attributes:
        value: The number, None where there is none.
        digits: Decimals printed.
        reason: Reason code of a missing value.
        flags: Letters printed after the value.
        mark: Footnote mark glued to the value.
        per_cent: A per-cent sign is printed after the number.
        problem: Error code when the text cannot be read with certainty.
    """

    value: float | None = None
    digits: int = 0
    reason: str | None = None
    flags: str = ""
    mark: str | None = None
    per_cent: bool = False
    problem: Code | None = None


@dataclass(frozen=True)
class Notation:
    """How a table writes its values.

    Attributes:
        decimal: Decimal sign: `,` or `.`; None when the texts of the table leave it open.
        symbols: Printed symbol to reason code.
        flags: Letters that may follow a value.
        marks: Footnote marks that are explained.
        times: «в 2,6 р.» stands for 260 per cent.
    """

    decimal: str | None
    symbols: Mapping[str, str]
    flags: Collection[str]
    marks: Collection[str]
    times: bool = False


def decimal_sign(texts: Iterable[str]) -> tuple[str | None, bool]:
    """The decimal sign that a table uses, and whether it uses both.

    A sign followed by exactly three digits may separate thousands, so it proves nothing.
    """
    proven: set[str] = set()
    for text in texts:
        match = _NUMBER.match(squeeze(text))
        if match and match["point"] and (len(match["part"]) != 3 or " " in match["whole"]):
            proven.add(match["point"])
    return (proven.pop(), False) if len(proven) == 1 else (None, bool(proven))


def _plain_number(text: str, decimal: str | None) -> Reading:
    match = _NUMBER.match(text)
    if match is None:
        if _EXPONENT.match(text):
            return Reading(value=float(text), digits=0)
        return Reading(problem=Code.NUMBER_UNREADABLE)
    whole = match["whole"].replace(" ", "")
    sign = "-" if match["sign"] not in {"", "+"} else ""
    per_cent = match["per_cent"] is not None
    if not match["point"]:
        return Reading(value=float(sign + whole), per_cent=per_cent)
    part = match["part"]
    if decimal is None and len(part) == 3 and len(whole) <= 3 and whole != "0":
        return Reading(problem=Code.NUMBER_SIGN_MIXED)
    if decimal is not None and match["point"] != decimal:
        return Reading(problem=Code.NUMBER_SIGN_MIXED)
    return Reading(value=float(f"{sign}{whole}.{part}"), digits=len(part), per_cent=per_cent)


def read_text(text: str, notation: Notation) -> Reading:
    """Read one printed value."""
    plain = squeeze(text)
    if plain in notation.symbols:
        return Reading(reason=notation.symbols[plain], mark=_mark_of_symbol(plain, notation))
    reading = _plain_number(plain, notation.decimal)
    if reading.problem is None:
        return reading
    found = _times(plain, notation) if notation.times else None
    found = found or _flagged(plain, notation) or _marked(plain, notation)
    return found or _unreadable(plain, reading)


def _times(plain: str, notation: Notation) -> Reading | None:
    """«в 2,6 р.», «в 3 раза»: a multiple of the base instead of per cents of it."""
    match = _TIMES.match(plain)
    inner = _plain_number(match["number"], notation.decimal) if match else None
    if inner is None or inner.value is None:
        return None
    return Reading(value=round(inner.value * 100, 10), digits=max(inner.digits - 2, 0))


def _mark_of_symbol(plain: str, notation: Notation) -> str | None:
    """The explained mark of a symbol that is declared together with it, as «… 3»."""
    marked = split_mark(plain)
    if marked and marked.bare in notation.symbols and marked.mark in notation.marks:
        return marked.mark
    return None


def _unreadable(plain: str, reading: Reading) -> Reading:
    """Digits in it make an unreadable number, none make an unknown symbol."""
    if any(char.isdigit() for char in plain):
        return reading
    return Reading(problem=Code.SYMBOL_UNKNOWN)


def _flagged(plain: str, notation: Notation) -> Reading | None:
    match = _FLAG.match(plain)
    if not match or not notation.flags or not set(match["flags"]) <= set(notation.flags):
        return None
    inner = read_text(match["bare"], notation)
    if inner.problem or inner.flags:
        return None
    return replace(inner, flags=match["flags"])


def _marked(plain: str, notation: Notation) -> Reading | None:
    """A value with a footnote mark glued to it: exactly one way to split must be explained.

    «1 633,21)» is 1 633,2 with mark 1, as long as there is a footnote 1 and none 21.
    """
    known: list[Reading] = []
    unknown = False
    for pattern in _MARKS:
        match = pattern.match(plain)
        if not match:
            continue
        inner = _bare(match["bare"], notation)
        if inner is None:
            continue
        mark = mark_key(match["mark"])
        if mark in notation.marks:
            known.append(replace(inner, mark=mark))
        else:
            unknown = True
    if len(known) == 1:
        return known[0]
    return Reading(problem=Code.MARK_UNKNOWN) if known or unknown else None


def _bare(text: str, notation: Notation) -> Reading | None:
    if text in notation.symbols:
        return Reading(reason=notation.symbols[text])
    reading = _plain_number(text, notation.decimal)
    return None if reading.problem else reading


def stored_digits(number: float) -> int:
    """Decimals of a stored number in its shortest form, at most 12."""
    text = repr(number)
    if "e" in text or "." not in text:
        return 0
    part = text.split(".")[1]
    return 0 if part == "0" else min(len(part), 12)
