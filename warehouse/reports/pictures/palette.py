"""Colours by what they are for, in two themes.

Drawings are made in the light colours, each of which stands for one role; the dark theme is the
same drawing with each colour exchanged for its partner. Classes and groups differ in lightness,
so they also differ in grey print and for eyes that do not tell red from green.
`tests/reports/test_pictures.py` computes contrasts and lightness steps.
"""

from __future__ import annotations

PAPER = "#ffffff"
INK = "#1b1f24"
QUIET = "#565d66"
EDGE = "#767d87"
GRID = "#dfe3e8"
ACCENT = "#0b5fa5"
SOFT = "#a9c8e4"
TARGET = "#a63c06"

CLASSES = ("#eaf2fa", "#b9d5ee", "#7fb0da", "#3877ab", "#0f4a80")
"""Five steps from the lowest class to the highest."""

GROUPS = ("#fbe9a0", "#f0b04c", "#2f9c86", "#7a4fa3", "#2a2456")
"""Five kinds, from light to dark."""

DARK_FROM = 3
"""Index of the first class or group that takes `PAPER` as colour of its text instead of `INK`."""

_DARK = {
    PAPER: "#14181d",
    INK: "#eef1f4",
    QUIET: "#adb5be",
    EDGE: "#8a929c",
    GRID: "#343b44",
    ACCENT: "#6cb4f0",
    SOFT: "#3c5b78",
    TARGET: "#ff9d66",
    CLASSES[0]: "#1d2a36",
    CLASSES[1]: "#24486a",
    CLASSES[2]: "#336a99",
    CLASSES[3]: "#78afdb",
    CLASSES[4]: "#d0e6f8",
    GROUPS[0]: "#29240f",
    GROUPS[1]: "#64410c",
    GROUPS[2]: "#287666",
    GROUPS[3]: "#c3a3e6",
    GROUPS[4]: "#f1edff",
}


def dark(colour: str) -> str:
    """The partner of a light colour on a dark page."""
    return _DARK[colour]


def text_on(index: int) -> str:
    """Colour of a text that lies on a class or group."""
    return PAPER if index >= DARK_FROM else INK


def roles() -> dict[str, str]:
    """Every light colour and its dark partner."""
    return dict(_DARK)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, from 0 (black) to 1 (white)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2, from 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
