"""Measures the letters of Liberation Sans, the font of vl-convert, for the pictures of the report.

Run by hand when letters are missing; the file it writes is committed:

    .venv/bin/python .make/widths.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import vl_convert

TARGET = Path(__file__).parents[1] / "warehouse" / "reports" / "pictures" / "widths.json"
TIMES, SIZE = 200, 10
SPACES = " \u00a0\u202f"
LETTERS = (
    "".join(map(chr, range(0x21, 0x7F)))
    + "".join(map(chr, range(0xA1, 0x180)))
    + "".join(map(chr, range(0x400, 0x460)))
    + "ҐґҒғҚқҢңҮүҰұҺһӘәӨө–—−‘’‚“”„†‡•…‰‹›€№™→←↑↓≈≤≥"
)


def drawn_width(text: str, weight: str) -> float:
    """Width in pixels of a drawing that holds the text alone."""
    spec = {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "fontSize": SIZE, "fontWeight": weight, "font": "Liberation Sans"},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
        "padding": 0,
    }
    size = re.search(r'width="([\d.]+)"', vl_convert.vegalite_to_svg(spec))
    if size is None:
        raise SystemExit(f"widths: the drawing of {text} has no size")
    return float(size[1])


def main() -> None:
    """Writes the widths in thousandths of the font size."""
    widths: dict[str, dict[str, int]] = {}
    for weight in ("normal", "bold"):
        measured = {letter: drawn_width(letter * TIMES, weight) for letter in LETTERS}
        for space in SPACES:  # between letters: an edge of spaces is trimmed, a run of them shrunk
            spaced = drawn_width("a" + f"{space}a" * TIMES, weight)
            measured[space] = spaced - drawn_width("a" * (TIMES + 1), weight)
        widths[weight] = {
            letter: round(width / TIMES / SIZE * 1000) for letter, width in measured.items()
        }
    text = json.dumps(widths, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
