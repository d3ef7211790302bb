"""Figures of an xlsx that are texts with a superscript mark, which python-calamine gives as digits.

«1 633,2» with a raised 1 arrives as «1 633,21»: another figure, and nothing shows it. Only texts
of digits matter; behind a word a mark is told by the footnotes, raised or not.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO, Any

from lxml import etree

from warehouse.readers.grids import joined

PART = "xl/sharedStrings.xml"
SHEETS = "xl/worksheets/sheet"
BLOCK = 1 << 20
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FIGURE = re.compile(r"[-–−]?[\d\s\u00a0\u202f.,]*\d")


def raised_figures(path: Path, is_inline: bool) -> dict[str, str]:
    """Texts as python-calamine gives them, to what they are; a text that is both is unreadable.

    Args:
        path: The workbook.
        is_inline: Superscripts stand in the sheets themselves, as some programs write them.
    """
    plain: set[str] = set()
    found: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        shared = [PART] if PART in archive.namelist() else []
        if not is_inline and not any(_has_raised(archive) for _ in shared):
            return {}
        sheets = [name for name in archive.namelist() if name.startswith(SHEETS)]
        for place in [*shared, *(sheets if is_inline else [])]:
            with archive.open(place) as part:
                _collect(part, plain, found)
    return {text: f"{shown} / {text}" if text in plain else shown for text, shown in found.items()}


def _collect(part: IO[bytes], plain: set[str], found: dict[str, str]) -> None:
    """Sort the texts of a part into those with and without superscripts."""
    for _, item in etree.iterparse(
        part, tag=(f"{_S}si", f"{_S}is"), resolve_entities=False, no_network=True
    ):
        text, shown = _texts(item)
        item.clear()
        if text == shown:
            plain.add(text)
        elif _FIGURE.fullmatch(text):
            found[text] = shown


def _has_raised(archive: zipfile.ZipFile) -> bool:
    """Whether any text is set as superscript: most workbooks have none."""
    rest = b""
    with archive.open(PART) as part:
        while block := part.read(BLOCK):
            if b"superscript" in rest + block:
                return True
            rest = block[-16:]
    return False


def _texts(item: Any) -> tuple[str, str]:
    """A shared text without and with its superscripts shown as such."""
    pieces: list[tuple[str, bool]] = []
    for part in item:
        if part.tag == f"{_S}t":
            pieces.append((part.text or "", False))
        elif part.tag == f"{_S}r":
            align = part.find(f"{_S}rPr/{_S}vertAlign")
            is_raised = align is not None and align.get("val") == "superscript"
            pieces.append((part.findtext(f"{_S}t") or "", is_raised))
    return "".join(text for text, _ in pieces), joined(pieces)
