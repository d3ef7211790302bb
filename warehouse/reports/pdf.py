"""Prints a report as a PDF: Typst lays it out, with fonts of its own and nothing of the machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import as_file, files
from math import sqrt
from pathlib import Path
from typing import Any

import typst

from warehouse.reports import words
from warehouse.reports.html import CELLS, figures_in, period_of, sources_of
from warehouse.reports.model import (
    Block,
    Cell,
    Drawing,
    Facts,
    Figure,
    Link,
    Page,
    Paragraph,
    Rank,
    Report,
    Section,
    Table,
)
from warehouse.reports.pictures import in_font

FONT = "Source Sans Pro"
"""The wheel of it is installed with the project: Cyrillic with Kazakh and Belarusian letters."""
FONT_PACKAGE = "font_source_sans_pro"
_SOFT = "\u200b"
"""Where a long word may be broken."""
DRAWING = "drawing"
_NARROW = 14
"""Characters up to which a column of words is only as wide as it needs."""
_LINE = 120
"""Characters that a row of a table has room for."""
_FEW = 15
"""Rows up to which a page without figures does not begin on a new sheet."""
_SHORT = 12
"""Rows up to which a table stands on one page."""


def prepare(report: Report, folder: Path, site: str) -> None:
    """Write what Typst reads: the template, the texts and figures as JSON, the pictures.

    Args:
        report: What is printed.
        folder: A folder for it alone.
        site: The folder of the site as seen from the PDF: where links to cells lead.
    """
    folder.mkdir(parents=True)
    template = files("warehouse.reports") / "templates" / "report.typ"
    (folder / "report.typ").write_bytes(template.read_bytes())
    plain = _Pages(report, folder, site).plain()
    (folder / "report.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def write_pdf(folder: Path, path: Path, built_at: datetime) -> None:
    """Lay out what was prepared in a folder; the same gives the same bytes.

    Args:
        folder: What `prepare` wrote.
        path: The PDF.
        built_at: The time that the PDF names as its own.
    """
    with as_file(files(FONT_PACKAGE) / "files") as fonts:
        content = typst.compile(
            folder / "report.typ",
            root=folder,
            font_paths=[fonts],
            ignore_system_fonts=True,
            format="pdf",
            timestamp=built_at.replace(microsecond=0),  # a PDF names whole seconds
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class _Pages:
    """The report as plain values; pictures become files in a folder."""

    def __init__(self, report: Report, folder: Path, site: str) -> None:
        self._report = report
        self._folder = folder
        self._site = site
        self._pictures = 0

    def plain(self) -> Mapping[str, Any]:
        """All that the template needs."""
        report = self._report
        cover, *pages = report.pages
        said = ("report", "contents", "cells_all", "legend")
        return {
            "title": report.title,
            "language": report.language,
            "scope": report.scope if report.scope != "all" else "",
            "build_id": report.build_id,
            "build": words.text(
                "build",
                report.language,
                build=report.build_id,
                date=words.day(report.built_on, report.language),
            ),
            "say": {name: words.text(name, report.language) for name in said},
            "cover": self._sections(cover),
            "pages": [
                {
                    "title": page.title,
                    "sections": self._sections(page),
                    "is_short": _is_short(page),
                }
                for page in pages
            ],
        }

    def _sections(self, page: Page) -> list[dict[str, Any]]:
        return [self._section(page, section) for section in page.sections]

    def _section(self, page: Page, section: Section) -> dict[str, Any]:
        blocks = [self._block(page, block) for block in section.blocks]
        for block in blocks:
            block["is_last"] = block is blocks[-1]
            if block.get("title") == section.title:
                block["title"] = ""
        return {"title": section.title, "blocks": _paired(blocks)}

    def _block(self, page: Page, block: Block) -> dict[str, Any]:
        if isinstance(block, Paragraph):
            return {
                "kind": "paragraph",
                "is_warning": block.is_warning,
                "text": "".join(self._word(word) for word in block.words),
            }
        if isinstance(block, Facts):
            return {
                "kind": "facts",
                "items": [
                    {"label": label, "value": self._figure(figure), "unit": unit}
                    for label, figure, unit in block.items
                ],
            }
        if isinstance(block, Table):
            return self._table(page, block)
        return self._drawing(page, block)

    def _word(self, word: str | Figure | Link) -> str:
        if isinstance(word, Figure):
            return words.figure(word, self._report.language, with_unit=True)
        return word.text if isinstance(word, Link) else word

    def _figure(self, figure: Figure) -> str:
        return words.figure(figure, self._report.language, with_unit=figure.is_change)

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, Figure):
            return self._figure(cell)
        if isinstance(cell, Rank):
            return words.rank(cell, self._report.language)
        if isinstance(cell, date):
            return words.day(cell, self._report.language)
        if isinstance(cell, int):
            return words.number(cell, 0, self._report.language)
        return _SOFT.join(words.breakable(cell.text if isinstance(cell, Link) else cell))

    def _table(self, page: Page, table: Table) -> dict[str, Any]:
        rows = [[self._cell(cell) for cell in row] for row in table.rows]
        weights = _weights(table, rows)
        return {
            "kind": "table",
            "title": table.title,
            "columns": [
                {
                    "label": column.label,
                    "unit": column.unit,
                    "is_number": column.is_number,
                    "letters": _longest_word(column.label),
                    "weight": weight,
                }
                for column, weight in zip(table.columns, weights, strict=True)
            ],
            "rows": rows,
            "is_short": len(rows) <= _SHORT,
            **self._below(page, table, table.note),
        }

    def _drawing(self, page: Page, drawing: Drawing) -> dict[str, Any]:
        self._pictures += 1
        name = f"{self._pictures}.svg"
        (self._folder / name).write_text(in_font(drawing.picture.light, FONT), encoding="utf-8")
        return {
            "kind": DRAWING,
            "file": name,
            "alternative": drawing.picture.alternative,
            **self._below(page, drawing, ""),
        }

    def _below(self, page: Page, block: Table | Drawing, note: str) -> dict[str, str]:
        figures = figures_in(block)
        parts = [note] if note else []
        if figures:
            language = self._report.language
            parts.append(f"{words.text('period', language)}: {period_of(figures)}")
            sources = sources_of(self._report, figures)
            if sources:
                parts.append(f"{words.text('source', language)}: {sources}")
            codes = sorted({figure.definition for figure in figures if figure.definition})
            if codes:
                parts.append(f"{words.text('definition', language)}: {', '.join(codes)}")
        link = f"{self._site}/{self._report.language}/{CELLS}/{page.path}.html"
        return {"below": " · ".join(parts), "link": link if figures else ""}


def _is_short(page: Page) -> bool:
    """Whether a page has so little to say that it begins below the one before."""
    rows = sum(len(table.rows) for table in page.tables())
    return rows <= _FEW and not any(page.figures())


def _paired(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks of which two pictures that follow one another stand side by side."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        last = found[-1] if found else None
        if block["kind"] != DRAWING:
            found.append(block)
        elif last is not None and last["kind"] == "pair" and len(last["items"]) < 2:
            last["items"].append(block)
        else:
            found.append({"kind": "pair", "items": [block]})
    return found


def _longest_word(label: str) -> int:
    return max(map(len, label.split()), default=0)


def _weights(table: Table, rows: Sequence[Sequence[str]]) -> list[float]:
    """How much of the width each column of words gets against others; 0 for what it needs.

    Where all columns have room on one line each is as wide as it needs.
    """
    longest = [
        max(
            _longest_word(column.label) if column.is_number else len(column.label),
            *(len(row[place]) for row in rows),
            0,
        )
        for place, column in enumerate(table.columns)
    ]
    if sum(longest) <= _LINE:
        return [0.0] * len(longest)
    return [
        0.0 if column.is_number or length <= _NARROW else sqrt(min(length, 200))
        for column, length in zip(table.columns, longest, strict=True)
    ]
