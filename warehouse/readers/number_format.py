"""What an Excel number format does to a stored number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ZERO_ONLY = re.compile(r"\[=0(?:\.0*)?\]")
BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
            37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0",
            43: "#,##0.00", 44: "#,##0.00"}  # fmt: skip
"""Number formats that a workbook names by number only (ECMA-376, part 1, 18.8.30)."""


@dataclass(frozen=True)
class Shown:
    """How a format shows a number.

    Attributes:
        digits: Decimals shown, -1 where the format leaves that to the number.
        scale: Factor from the stored to the shown number (100 for per cent).
        hides_zero: A stored zero is shown as a blank cell, so nothing is printed.
    """

    digits: int = -1
    scale: float = 1.0
    hides_zero: bool = False


@lru_cache(maxsize=1024)
def shown_by(format_code: str) -> Shown:
    """Decimals and scale of the section for ordinary numbers, and what becomes of a zero."""
    sections = format_code.split(";")
    ordinary = next((part for part in sections if not _ZERO_ONLY.search(part)), "General")
    zero = next((part for part in sections if _ZERO_ONLY.search(part)), None)
    if zero is None and len(sections) >= 3:
        zero = sections[2]
    hides_zero = zero is not None and _shows_nothing(zero)
    section = _LITERALS.sub("", ordinary)
    if not re.search(r"[0#?]", section) or re.search(r"[ymdhs/]|E[+-]", section, re.I):
        return Shown(hides_zero=hides_zero)
    decimals = re.search(r"\.([0#?]+)", section)
    digits = len(decimals.group(1)) if decimals else 0
    scale = 100.0 if "%" in section else 1.0
    thousands = re.search(r"[0#?](,+)(?![0#?.])", section)
    if thousands:
        scale /= 1000.0 ** len(thousands.group(1))
    return Shown(digits, scale, hides_zero)


def _shows_nothing(section: str) -> bool:
    """Only blanks are left when conditions, spacing and quotes are taken away."""
    plain = re.sub(r"\[[^\]]*\]|_.|\*.", "", section).replace("\\", "").replace('"', "")
    return not plain.strip()
