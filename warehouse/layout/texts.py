"""Texts of header cells: blanks squeezed, footnote marks and footnotes told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2007\u2009\ufeff\u200b\u00ad]+")
_NOTE = re.compile(
    r"^(?P<mark>\d{1,2}\)|\*{1,3}\)?|[¹²³⁴⁵⁶⁷⁸⁹]|\d{1,2}(?=\s+[^\W\d_]))\s*(?P<text>[^\W\d_].{7,}|\S.{11,})$",
    re.S,
)
_SYMBOL = r"(?:[-–—]|…|\.{2,3}|[xXхХ])"
_SYMBOL_NOTE = re.compile(
    rf"^(?:[\"'«“„]\s*{_SYMBOL}\s*[\"'»”]\s*[-–—=:]?|{_SYMBOL}\s*[-–—=:])\s*[^\W\d_]{{3,}}"
)
_REMARK = re.compile(
    r"^(примечани[ея]|источник|note|source|заметка|ескерту|дерек ?көзі|заўвага)\w*\b", re.I
)
_SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")
SEVERAL_MARKS = r"(?:\d{1,2}\)[\s,;]*)*"
"""Further marks before the last one: «2024 1) 2)»."""
_TRAILING_MARK = re.compile(
    rf"^(?P<bare>.*?[^\s*])\s*(?P<mark>{SEVERAL_MARKS}(?:\d{{1,2}}\)?|\*{{1,3}}\)?|[¹²³⁴⁵⁶⁷⁸⁹]))$",
    re.S,
)


def squeeze(text: str) -> str:
    """Text on one line with single blanks."""
    return _BLANKS.sub(" ", text).strip()


def mark_key(mark: str) -> str:
    """A mark without its bracket, superscripts as digits: `3)`, `³` and `3` are one mark.

    Several marks stand with blanks between: `1) 2)` is `1 2`.
    """
    parts = re.findall(r"\d+|\*+", mark.translate(_SUPERSCRIPTS))
    return " ".join(parts)


@dataclass(frozen=True)
class Marked:
    """A text without its footnote mark."""

    bare: str
    mark: str


def split_mark(text: str) -> Marked | None:
    """The text without a mark at its end, or None when there is nothing that looks like one."""
    match = _TRAILING_MARK.match(squeeze(text))
    if not match:
        return None
    return Marked(match["bare"].strip(), mark_key(match["mark"]))


def note_mark(text: str) -> str | None:
    """Mark of a footnote; an empty mark for remarks and explained symbols; None for other texts."""
    squeezed = squeeze(text)
    match = _NOTE.match(squeezed)
    if match:
        return mark_key(match["mark"])
    if _SYMBOL_NOTE.match(squeezed) or _REMARK.match(squeezed):
        return ""
    return None


def footnotes(texts: Iterable[str]) -> Mapping[str, str]:
    """Marks and what they say, from texts that are footnotes."""
    found: dict[str, str] = {}
    for text in texts:
        mark = note_mark(text)
        if mark:
            found[mark] = both(found.get(mark), squeeze(text))
    return found


def both(before: str | None, text: str) -> str:
    """Footnotes that a source numbered alike: nobody knows which is meant, so both are kept."""
    if before is None or text in before.split(" | "):
        return before or text
    return f"{before} | {text}"


@cache
def expression(pattern: str, flags: re.RegexFlag = re.I) -> re.Pattern[str]:
    """An expression of a contract, compiled once: Python itself remembers only 512 of them."""
    return re.compile(pattern, flags)


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns is the whole text (case and blanks do not matter)."""
    squeezed = squeeze(text)
    return any(expression(pattern).fullmatch(squeezed) for pattern in patterns)
