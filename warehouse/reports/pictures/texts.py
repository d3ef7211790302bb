"""Words and numbers of the pictures in Russian and English, and how wide they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.numbers import format_decimal, format_scientific

from warehouse.reports.pictures.model import Caption, Datum, Language, Mark

THIN_SPACE = "\u202f"
MINUS = "\u2212"
_HARD_SPACES = "\u00a0\u202f"

SIGNS = {Mark.PRELIMINARY: "*", Mark.ILLUSTRATIVE: "°", Mark.CORRECTED: "†"}

_WORDS: dict[str, tuple[str, str]] = {
    "absent": ("нет данных", "no data"),
    "actual": ("факт", "actual"),
    "all_illustrative": (
        "° Все значения условные: нигде не опубликованы",
        "° All values are illustrative: published nowhere",
    ),
    "bar_is_actual": ("полоса — факт", "bar: actual"),
    "best": ("лучшее", "best"),
    "boundaries": ("Границы", "Boundaries"),
    "break": ("вертикальный пунктир — ряд несопоставим", "upright dashes: not comparable across"),
    "corrected": ("исправлено", "corrected"),
    "dashed": ("пунктир", "dashed line"),
    "equal_tiles": (
        "Плитки одного размера; границы и площади не показаны",
        "Tiles of one size; neither borders nor areas are shown",
    ),
    "forecast": ("прогноз", "forecast"),
    "gap": ("разрыв линии — нет значения", "a gap in a line: no value"),
    "growth": ("рост", "growth"),
    "illustrative": ("условное значение, не опубликовано", "illustrative, published nowhere"),
    "line_is_plan": ("черта — план", "line: plan"),
    "linked_pairs": ("связанных пар", "linked pairs"),
    "links": ("связи", "links"),
    "median": ("медиана", "median"),
    "members": ("участники", "members"),
    "no_links": ("без связей", "without links"),
    "not_drawn": ("Не показаны", "Not drawn"),
    "of": ("из", "of"),
    "of_plan": ("% плана", "% of plan"),
    "outside": ("не участник", "not a member"),
    "own_scales": (
        "У каждого графика своя шкала: высоту линий не сравнивать",
        "Each chart has a scale of its own: do not compare heights",
    ),
    "pairs": (
        "Толще линия — больше связей у пары; крупнее знак — больше партнёров",
        "Thicker line: more links of a pair; larger sign: more partners",
    ),
    "place": ("место {rank} из {count}", "place {rank} of {count}"),
    "plan": ("план", "plan"),
    "preliminary": ("предварительные данные", "preliminary"),
    "size": ("Площадь круга", "Area of a circle"),
    "source": ("Источник", "Source"),
    "tick_is_forecast": ("ромб — прогноз", "diamond: forecast"),
    "total": ("всего", "total"),
    "values": ("Значения", "Values"),
    "year_only": ("только", "only"),
}
_SCALES = (
    (1e12, ("трлн", "trillion")),
    (1e9, ("млрд", "billion")),
    (1e6, ("млн", "million")),
)
_LARGEST = 1e15
"""From here on numbers are printed as powers of ten."""

_SCALED_ALREADY = ("тыс", "млн", "млрд", "милли", "thousand", "million", "billion", "bn")


def word(key: str, language: Language) -> str:
    """A word or short sentence of the pictures' own."""
    return _WORDS[key][language == "en"]


def join_words(*parts: str) -> str:
    """The parts that are not empty, separated by commas."""
    return ", ".join(part for part in parts if part)


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def clean(text: str) -> str:
    """The text on one line without characters that XML forbids; narrow and hard spaces stay."""
    kept = (c if c.isprintable() or c in _HARD_SPACES else " " for c in text)
    return " ".join(filter(None, "".join(kept).split(" ")))


@dataclass(frozen=True)
class Numbers:
    """How all values of one picture are printed.

    Attributes:
        language: Decides the decimal sign and the grouping.
        divisor: What values are divided by.
        unit: The unit in words, with "млрд" or the like before it when values are divided.
        digits: Digits after the decimal sign.
    """

    language: Language
    divisor: float = 1.0
    unit: str = ""
    digits: int = 0

    @classmethod
    def fitting(cls, values: Iterable[float], unit: str, language: Language) -> Numbers:
        """Divisor and digits that suit the values: about three digits that count."""
        sizes = sorted(abs(value) for value in values if value)
        if not sizes:
            return cls(language, unit=clean(unit))
        divisor, words = 1.0, clean(unit)
        if not words.lower().startswith(_SCALED_ALREADY):
            for step, names in _SCALES:
                if sizes[-1] >= step:
                    divisor, words = step, f"{names[language == 'en']} {words}".strip()
                    break
        middle = sizes[len(sizes) // 2] / divisor
        whole = all(float(value).is_integer() for value in sizes) and divisor == 1.0
        digits = 0 if whole or middle >= 1000 else 1 if middle >= 10 else 2 if middle >= 1 else 3
        return cls(language, divisor, words, digits)

    def text(self, value: float, *, signed: bool = False) -> str:
        """The value as the locale prints it: a decimal comma and thin spaces in Russian."""
        pattern = "#,##0" + ("." + "0" * self.digits if self.digits else "")
        scaled = round(value / self.divisor, self.digits) + 0.0  # + 0.0 turns -0.0 into 0.0
        if abs(scaled) < _LARGEST:
            printed = format_decimal(scaled, pattern, locale=self.language)
        else:
            printed = format_scientific(scaled, "0.00E0", locale=self.language)
        printed = printed.replace("\xa0", THIN_SPACE).replace("-", MINUS)
        return f"+{printed}" if signed and scaled > 0 else printed

    def with_unit(self, value: float) -> str:
        """The value followed by its unit."""
        return f"{self.text(value)} {self.unit}".strip()


def signs(marks: Sequence[Mark]) -> str:
    """The signs of a value's marks, in one order."""
    return "".join(sign for mark, sign in SIGNS.items() if mark in marks)


def said(marks: Sequence[Mark], language: Language) -> str:
    """The marks of a value in brackets and in words."""
    words = ", ".join(word(mark, language) for mark in Mark if mark in marks)
    return f" ({words})" if words else ""


def by_value(datum: Datum) -> tuple[bool, float, str]:
    """Sorts from the largest value down, absent ones last, equal ones by name."""
    return datum.value is None, -(datum.value or 0.0), datum.name


def absence(datum: Datum, language: Language) -> str:
    """Why the value is absent."""
    return clean(datum.reason) or word("absent", language)


def tell(caption: Caption, numbers: Numbers, data: Sequence[Datum]) -> str:
    """Title, unit, period and every value in words: an alternative text."""
    told = [
        f"{clean(datum.name)}: "
        + (
            absence(datum, numbers.language)
            if datum.value is None
            else numbers.text(datum.value) + said(datum.marks, numbers.language)
        )
        for datum in data
    ]
    head = join_words(clean(caption.title), numbers.unit, caption.period)
    return f"{head}. {'; '.join(told)}."


_UNKNOWN = 900
"""Width of a letter that was not measured: wide enough for nearly all."""


@cache
def _widths(weight: str) -> dict[str, int]:
    """Widths of the letters of Liberation Sans in thousandths of the font size."""
    file = files("warehouse.reports.pictures") / "widths.json"
    widths: dict[str, dict[str, int]] = json.loads(file.read_text(encoding="utf-8"))
    return widths[weight]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels in Liberation Sans, the font that drawings are measured in."""
    widths = _widths("bold" if bold else "normal")
    return sum(widths.get(letter, _UNKNOWN) for letter in text) * size / 1000


def is_measured(text: str) -> bool:
    """Whether every letter has a width of its own."""
    return all(letter in _widths("normal") for letter in text)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines that are at most `width` pixels wide; a word too long for a line is cut."""
    lines: list[str] = []
    for word_ in clean(text).split(" "):
        rest = word_
        if lines and text_width(f"{lines[-1]} {rest}", size, bold=bold) <= width:
            lines[-1] += f" {rest}"
            continue
        while text_width(rest, size, bold=bold) > width and len(rest) > 2:
            head = _cut(rest, width, size, bold=bold)
            lines.append(head if head.endswith("-") else f"{head}-")
            rest = rest[len(head) :]
        lines.append(rest)
    return lines


def _cut(word_: str, width: float, size: float, *, bold: bool) -> str:
    """The longest beginning of a word that fits, up to a hyphen of its own if it has one."""
    fitting = 2
    while fitting < len(word_) - 1 and (
        text_width(f"{word_[: fitting + 1]}-", size, bold=bold) <= width
    ):
        fitting += 1
    own = word_.rfind("-", 1, fitting + 1)
    return word_[: own + 1] if own > 0 else word_[:fitting]
