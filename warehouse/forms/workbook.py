"""What templates and answers have in common: colours, safe texts, reproducible bytes."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.writer.excel import ExcelWriter

from warehouse import disk

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
UNIT_ROW, HEADER_ROW, FIRST_ROW = 2, 3, 4
"""Where the units, the headers and the first row of data stand in a template."""

REQUIRED = "FFFFE699"
OPTIONAL = "FFDCE6F1"
WRONG = "FFFFC7CE"
RIGHT = "FFC6EFCE"
MARKED = "FFFF9F9F"
"""Fill of a refused cell: no other cell of a template ever has it."""
INK, PALE = "FF1F3864", "FF6B6B6B"
EDGE = Border(*[Side(style="thin", color="FFBFBFBF")] * 4)
MIDDLE = Alignment(wrap_text=True, vertical="center")
WRAPPED = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
RIGHT_SIDE = Alignment(vertical="center", horizontal="right", indent=1)
ABOVE = Alignment(wrap_text=True, vertical="bottom", horizontal="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
TITLE = Font("Calibri", 14, bold=True, color=INK)
BOLD = Font("Calibri", 11, bold=True, color=INK)
SMALL = Font("Calibri", 9, italic=True, color=PALE)
PLAIN = Font("Calibri", 11)
LINK = Font("Calibri", 11, color="FF0563C1", underline="single")

_TEXTS = Path(__file__).parent / "texts"
_LONGEST = 32_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_SAVED_AT = datetime(2026, 1, 1)
_EPOCH = (2026, 1, 1, 0, 0, 0)


@cache
def texts(name: str) -> Any:
    """Our own sentences in the languages of the forms: one file of `texts/`."""
    return yaml.safe_load((_TEXTS / f"{name}.yml").read_text(encoding="utf-8"))


def fill(color: str) -> PatternFill:
    """A solid fill."""
    return PatternFill("solid", start_color=color, end_color=color)


def put(cell: Cell, value: Any) -> None:
    """Write a value; a text stays a text, whatever it begins with.

    Spreadsheet programs take «=1+1» for a formula, and openpyxl does so already when it stores
    the cell: what a report says must never be computed.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST]
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA_STARTS)


def note(text: str, author: str) -> Comment:
    """A cell comment whose box fits its text."""
    comment = Comment(text, author)
    fit(comment)
    return comment


def fit(comment: Comment) -> None:
    """Give a comment a box in which all of its text shows."""
    lines = sum(1 + len(line) // 44 for line in comment.text.splitlines() or [""])
    comment.width, comment.height = 330, 24 + 18 * lines


def quoted(sheet: str) -> str:
    """Name of a sheet as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"


def shown_date(day: date, language: str) -> str:
    """A day as texts of a language print it."""
    return day.isoformat() if language == "en" else f"{day:%d.%m.%Y}"


class _Dateless(ZipFile):
    """A zip whose members carry one fixed date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a member."""
        info = ZipInfo(zinfo_or_arcname, _EPOCH)
        info.compress_type = ZIP_DEFLATED
        super().writestr(info, data, compresslevel=9)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Add a file."""
        self.writestr(arcname, Path(filename).read_bytes())


def save(workbook: Workbook, path: Path) -> None:
    """Write a workbook whole or not at all; the same content gives the same bytes."""
    workbook.properties.creator = "warehouse"
    workbook.properties.lastModifiedBy = None
    workbook.properties.created = workbook.properties.modified = _SAVED_AT
    packed = BytesIO()
    ExcelWriter(workbook, _Dateless(packed, "w", ZIP_DEFLATED, compresslevel=9)).save()
    disk.write_bytes(path, packed.getvalue())
