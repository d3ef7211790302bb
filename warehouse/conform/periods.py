"""Periods as printed: years, quarters, months, cumulative months, days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from warehouse.layout.texts import SEVERAL_MARKS, mark_key, squeeze

_MONTH_STEMS = (
    ("янв", "jan", "қаңтар", "студзен"),
    ("фев", "feb", "ақпан", "лют"),
    ("мар", "mar", "наурыз", "сакавік"),
    ("апр", "apr", "сәуір", "красавік"),
    ("ма[йя]", "may", "мамыр", "трав|ма[йя]"),
    ("июн", "jun", "маусым", "чэрвен"),
    ("июл", "jul", "шілде", "ліпен"),
    ("авг", "aug", "тамыз", "жнів"),
    ("сен", "sep", "қыркүйек", "верас"),
    ("окт", "oct", "қазан", "кастрычнік"),
    ("ноя", "nov", "қараша", "лістапад"),
    ("дек", "dec", "желтоқсан", "снеж"),
)
_MONTH = "|".join(
    f"(?P<{{name}}{number}>(?:{'|'.join(stems)})[^\\W\\d_]*\\.?)"
    for number, stems in enumerate(_MONTH_STEMS, start=1)
)
_FROM, _TO = _MONTH.replace("{name}", "f"), _MONTH.replace("{name}", "t")
_YEAR = r"(?P<year>(?:19|20)\d{2})(?:\.0)?\s*(?:г\.?|гг\.?|год[ау]?|year|жыл[ыа]?|ж\.)?"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SHAPES = tuple(
    re.compile(rf"^(?:за\s+)?(?:{shape})$", re.I)
    for shape in (
        _YEAR,
        rf"(?:{_FROM})\s*[-–—]\s*(?:{_TO})(?:\s*{_YEAR})?",
        rf"{_YEAR},?\s+(?:{_FROM})\s*[-–—]\s*(?:{_TO})",
        rf"(?:{_FROM})(?:\s*{_YEAR})?",
        rf"{_YEAR},?\s+(?:{_FROM})",
        rf"(?P<quarter>[1-4]|i{{1,3}}|iv)[-\s]*(?:й\s*)?(?:квартал\w*|кв\.?|тоқсан|quarter)(?:\s*{_YEAR})?",
        r"(?P<year>(?:19|20)\d{2})\s*-?\s*Q(?P<quarter>[1-4])",
        r"Q(?P<quarter>[1-4])\s*-?\s*(?P<year>(?:19|20)\d{2})",
        r"(?P<year>(?:19|20)\d{2})(?:-?M|[-.])(?P<month>0[1-9]|1[0-2])",
        r"(?P<year>(?:19|20)\d{2})-A1",
        r"(?P<year>(?:19|20)\d{2})\s*-?\s*[SH](?P<half>[12])",
        r"[SH](?P<half>[12])\s*-?\s*(?P<year>(?:19|20)\d{2})",
        rf"(?P<half>[12]|i{{1,2}})[-\s]*(?:е\s*)?(?:полугоди[еюя]|half[- ]year)(?:\s*{_YEAR})?",
        rf"(?P<months>[2-9]|1[0-2])\s*(?:месяц(?:а|ев)|мес\.?|months|ай)(?:\s*{_YEAR})?",
        r"(?P<year>(?:19|20)\d{2})-(?P<month>0[1-9]|1[0-2])-(?P<day>\d{2})(?: 00:00:00)?",
        r"(?:на\s+)?(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d{2})\s*г?\.?",
        rf"на\s+(?P<day>\d{{1,2}})\s+(?:{_FROM})\s+{_YEAR}",
    )
)
_MARKED = re.compile(
    r"^(?P<bare>.*?(?:19|20)\d{2}\s*(?:г\.|год[ау]?)?)\s*(?P<mark>"
    + SEVERAL_MARKS
    + r"(?:[1-9]\d?\)|[1-9]|[¹²³⁴⁵⁶⁷⁸⁹]|\*{1,3}\)?))$"
)


DATE_CELL = " 00:00:00"
"""How a cell that is stored as a date ends when it is printed: nobody sees what is meant."""


@dataclass(frozen=True)
class Period:
    """A span of days; `kind` is year, quarter, month, cumulative or date."""

    start: date
    end: date
    kind: str


@dataclass(frozen=True)
class PrintedPeriod:
    """A period and the footnote mark that was glued to it."""

    period: Period
    mark: str | None = None


def _month_of(match: re.Match[str], prefix: str) -> int | None:
    return next(
        (n for n in range(1, 13) if match.groupdict().get(f"{prefix}{n}") is not None), None
    )


def _span(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _period_of(match: re.Match[str]) -> Period | None:
    groups = match.groupdict()
    if not groups.get("year"):
        return None
    year = int(groups["year"])
    first, last = _month_of(match, "f"), _month_of(match, "t")
    month = int(groups["month"]) if groups.get("month") else first
    if groups.get("day"):
        return _day(year, month or 0, int(groups["day"]))
    if groups.get("quarter"):
        quarter = groups["quarter"].lower()
        number = _ROMAN.get(quarter) or int(quarter)
        return Period(*_span(year, 3 * number - 2, 3 * number), "quarter")
    if groups.get("half"):
        first, last = (1, 6) if groups["half"].lower() in {"1", "i"} else (7, 12)
    elif groups.get("months"):
        first, last = 1, int(groups["months"])
    if first and last:
        return _months(year, first, last)
    return Period(*_span(year, month or 1, month or 12), "month" if month else "year")


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Period(found, found, "date")


def _months(year: int, first: int, last: int) -> Period | None:
    """January to December is the year; a span that runs backwards is nothing."""
    if last < first:
        return None
    kind = "year" if (first, last) == (1, 12) else "month" if first == last else "cumulative"
    return Period(*_span(year, first, last), kind)


@lru_cache(maxsize=8192)
def parse_period(text: str) -> PrintedPeriod | None:
    """The period that a text says in full, or None."""
    plain = in_one_language(squeeze(text))
    for shape in _SHAPES:
        match = shape.match(plain)
        if match:
            period = _period_of(match)
            return PrintedPeriod(period) if period else None
    marked = _MARKED.match(plain)
    if marked:
        inner = parse_period(marked["bare"])
        if inner and inner.mark is None:
            return PrintedPeriod(inner.period, mark_key(marked["mark"]))
    return None


def in_one_language(text: str) -> str:
    """«2023 ж. / 2023 г.*» in the language with the mark, if both say the same; else unchanged."""
    said = [part for part in re.split(r"\s*/\s*", text) if part]
    if len(said) < 2:
        return text
    whole = [parse_period(part) or parse_period(f"{part} 2000") for part in said]
    meant = {printed.period if printed else None for printed in whole}
    if len(meant) > 1 or None in meant:
        return text
    return max(said, key=lambda part: bool(_MARKED.match(part)))


def stored_date(text: str, means: str) -> Period | None:
    """The period of a header cell stored as a date: its day, its month or its year."""
    printed = parse_period(text)
    if not text.endswith(DATE_CELL) or printed is None or printed.period.kind != "date":
        return None
    day = printed.period.start
    if means == "day":
        return printed.period
    first, last = (day.month, day.month) if means == "month" else (1, 12)
    return Period(*_span(day.year, first, last), means)


def _is_part(text: str) -> bool:
    """A month, a span of months or a quarter that waits for its year in another cell."""
    return any(shape.match(text) for shape in _SHAPES)


class PeriodRecogniser:
    """Headers that are periods or parts of them."""

    def claims(self, text: str) -> bool:
        """Whether the text is a period, or a month or quarter without its year."""
        plain = in_one_language(squeeze(text))
        return parse_period(plain) is not None or _is_part(plain)

    def search(self, text: str) -> str | None:
        """The only year that occurs in a longer text."""
        years = {match.group() for match in re.finditer(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
        return years.pop() if len(years) == 1 else None

    def meaning(self, text: str) -> object:
        """The period, with the footnote mark that was glued to it."""
        return parse_period(text)

    def composes(self, parts: Sequence[str]) -> bool:
        """Whether the stacked cells make one whole period, in either order."""
        return compose_period(parts) is not None


def compose_period(parts: Sequence[str]) -> PrintedPeriod | None:
    """One period from stacked header cells: a month over or under its year."""
    if len(parts) == 1:
        return parse_period(parts[0])
    parts = [in_one_language(squeeze(part)) for part in parts]
    return parse_period(" ".join(parts)) or parse_period(" ".join(reversed(parts)))
