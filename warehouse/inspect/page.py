"""Findings as a page: for the terminal with rich, for a browser as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from warehouse.inspect.draft import Draft
from warehouse.inspect.findings import LabelColumn, Role, SheetFindings
from warehouse.layout.texts import squeeze
from warehouse.readers.cells import column_letters

ROWS, COLUMNS = 14, 8
"""Of a sheet in the terminal."""
PAGE_ROWS, PAGE_COLUMNS = 60, 24
"""Of a sheet in the HTML page."""
WIDEST = 24
_STYLES = {
    Role.TITLE: "magenta",
    Role.HEADER: "bold cyan",
    Role.LABEL: "green",
    Role.UNKNOWN_LABEL: "bold yellow",
    Role.SECTION: "yellow",
    Role.SYMBOL: "dim",
    Role.UNREADABLE: "bold red",
    Role.NOTE: "dim italic",
    Role.CONTACT: "dim italic",
}
LEGEND = (
    Role.TITLE,
    Role.HEADER,
    Role.LABEL,
    Role.UNKNOWN_LABEL,
    Role.SECTION,
    Role.SYMBOL,
    Role.UNREADABLE,
    Role.NOTE,
)


@dataclass(frozen=True)
class Inspection:
    """All that is said about a file.

    Attributes:
        file_name: Its name.
        format_code: What its bytes are.
        size: Bytes.
        contracts: Contracts and forms that recognise it.
        sheets: What was found on its sheets.
        draft: A draft of a contract.
    """

    file_name: str
    format_code: str
    size: int
    contracts: Sequence[str]
    sheets: Sequence[SheetFindings]
    draft: Draft

    @property
    def recognised(self) -> str:
        """Whether some contract knows the file."""
        if not self.contracts:
            return "No contract recognises it."
        return f"Recognised by {', '.join(self.contracts)}."

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "file_name": self.file_name,
            "format_code": self.format_code,
            "size_bytes": self.size,
            "contracts": list(self.contracts),
            "sheets": [
                {"name": found.sheet.name, "is_table": found.is_table, **dict(facts(found))}
                for found in self.sheets
            ],
            "draft": self.draft.text,
            "questions": list(self.draft.questions),
            "layout": dict(self.draft.fits),
        }


def facts(found: SheetFindings) -> Iterator[tuple[str, str]]:
    """What was found on a sheet, in words."""
    yield "size", "{} rows × {} columns{}".format(*found.sheet.shape, _extras(found))
    if found.title:
        yield "title", _shortened(" / ".join(found.title), 300)
    if found.is_table:
        yield from _places(found)
        yield from _meanings(found)
    else:
        yield "table", "none: no labels with figures beside them"


def _places(found: SheetFindings) -> Iterator[tuple[str, str]]:
    """Where labels, headers and values stand."""
    for label in found.labels:
        yield f"labels in {label.letter}", _label(label)
    rows = [str(row + 1) for row in found.header_rows]
    yield "headers", f"row{'s' if len(rows) > 1 else ''} {', '.join(rows)}" if rows else "none"
    if found.headings:
        yield "header texts", _listed(found.headings)
    letters = [column_letters(column) for column in found.value_columns]
    yield "values in", f"{_span(letters)}, from row {found.first_data + 1}"
    if found.sections:
        yield "section rows", _listed(found.sections)


def _meanings(found: SheetFindings) -> Iterator[tuple[str, str]]:
    """What periods, units and symbols there are."""
    periods = list(dict.fromkeys(found.periods))
    yield "periods", f"{_span(periods)}, {_stand(found)}" if periods else "none found"
    for text, codes in found.units.items():
        yield "unit", f"«{text}»: {' or '.join(sorted(codes))}"
    if not found.units:
        yield "unit", "none printed"
    counters = (
        ("symbols", found.symbols),
        ("flags", found.flags),
        ("unreadable", found.unreadable),
    )
    for name, counted in counters:
        if counted:
            yield name, ", ".join(f"«{text}» × {count}" for text, count in counted.most_common(8))
    if found.notes:
        yield "footnotes", _listed(found.notes, 4)
    if found.indicators:
        yield "indicator like", ", ".join(f"{i.code} ({i.name})" for i in found.indicators)


def _extras(found: SheetFindings) -> str:
    sheet = found.sheet
    counts = (
        ("merged range", len(sheet.merges)),
        ("hidden row", len(sheet.hidden_rows)),
        ("hidden column", len(sheet.hidden_columns)),
        ("formula", int(sheet.formula.sum())),
    )
    said = [f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in counts if count]
    contacts = ["names or telephones are not shown"] if found.has_contacts else []
    return "".join(f", {text}" for text in [*said, *contacts])


def _label(label: LabelColumn) -> str:
    headed = f", headed «{_shortened(label.heading, 60)}»" if label.heading else ""
    scope = f" of {label.scope}" if label.scope else ""
    if label.dimension == "?":
        return f"unknown to every code list{headed}: {_listed(label.unknown)}"
    every = len(label.known) + len(label.unknown)
    unknown = f"; not known: {_listed(label.unknown)}" if label.unknown else ""
    return f"{label.vocabulary}{scope}, {len(label.known)} of {every} known{headed}{unknown}"


def _stand(found: SheetFindings) -> str:
    where = {"above": "above the values", "left": "left of the values", "title": "in the title"}
    return where.get(found.periods_stand, "nowhere")


def _span(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{texts[0]} … {texts[-1]} ({len(texts)})"


def _listed(texts: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(f"«{_shortened(text, 70)}»" for text in texts[:most])
    return shown + (f" and {len(texts) - most} more" if len(texts) > most else "")


def _shortened(text: str, most: int) -> str:
    plain = squeeze(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


# terminal


def terminal(inspection: Inspection) -> RenderableType:
    """The page for a terminal."""
    head = Text.assemble(
        (inspection.file_name, "bold"),
        f"  {inspection.format_code}, {inspection.size} bytes. {inspection.recognised}",
    )
    parts: list[RenderableType] = [head, _legend()]
    for found in inspection.sheets:
        parts += [Text(), Text(found.sheet.name or "the table", style="bold underline")]
        parts.append(Padding(_facts_table(found), (0, 0, 0, 2)))
        if found.is_table:
            parts.append(Padding(_grid(found), (0, 0, 0, 2)))
    return Group(*parts, Text(), _outlook(inspection.draft))


def _legend() -> Text:
    text = Text("colours: ")
    for role in LEGEND:
        text.append(f"{role}", style=_STYLES[role]).append("  ")
    return text


def _facts_table(found: SheetFindings) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in facts(found):
        table.add_row(name, escape(text))
    return table


def _grid(found: SheetFindings) -> Table:
    columns = range(min(found.sheet.shape[1], COLUMNS))
    letters = [column_letters(column) for column in columns]
    table = Table("", *letters, box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(table.columns[1:]):
        column.overflow, column.no_wrap, column.max_width = "ellipsis", True, WIDEST
        column.justify = "right" if number in found.value_columns else "left"
    for row in _shown_rows(found, ROWS):
        cells = [
            Text(
                found.text(row, column)[: 2 * WIDEST],
                style=_STYLES.get(_role(found, row, column), ""),
            )
            for column in columns
        ]
        table.add_row(Text(str(row + 1), style="dim"), *cells)
    table.caption = _more(found, ROWS, COLUMNS) or None
    table.caption_style, table.caption_justify = "dim", "left"
    return table


def _shown_rows(found: SheetFindings, most: int) -> list[int]:
    """Filled rows from the top."""
    filled = [row for row in range(found.sheet.shape[0]) if found.sheet.kind[row].any()]
    return filled[:most]


def _role(found: SheetFindings, row: int, column: int) -> Role:
    role: Role = found.role[row, column]
    return role


def _more(found: SheetFindings, rows: int, columns: int) -> str:
    filled = int((found.sheet.kind.any(axis=1)).sum())
    width = found.sheet.shape[1]
    parts = []
    if filled > rows:
        parts.append(f"{filled - rows} more rows")
    if width > columns:
        parts.append(f"{width - columns} more columns")
    return "… " + ", ".join(parts) if parts else ""


def _outlook(draft: Draft) -> RenderableType:
    lines: list[RenderableType] = [Text("a contract", style="bold underline")]
    if not draft.fits:
        lines.append(Text("  no table with labels and figures beside them: nothing to describe"))
    for name, text in draft.fits.items():
        known = text.endswith(("cells", "refused"))
        lines.append(
            Text.assemble(f"  {name or 'the table'}: ", (text, "green" if known else "yellow"))
        )
    count = len(draft.questions)
    lines.append(Text(f"  {count} question{'s' if count != 1 else ''} to answer in the draft:"))
    lines += [Text(f"    {question}", overflow="fold") for question in draft.questions]
    return Group(*lines)


# browser


def html(inspection: Inspection) -> str:
    """The page for a browser: one file, nothing loaded from elsewhere."""
    path = Path(__file__).with_name("page.html")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(path.read_text(encoding="utf-8"))
    return (
        template.render(
            file_name=inspection.file_name,
            format_code=inspection.format_code,
            size=f"{inspection.size:,}",
            recognised=inspection.recognised,
            legend=[str(role) for role in LEGEND],
            sheets=[_page_sheet(found) for found in inspection.sheets],
            questions=inspection.draft.questions,
            fits=list(inspection.draft.fits.items()),
            draft=inspection.draft.text.splitlines(),
        )
        + "\n"
    )


def _page_sheet(found: SheetFindings) -> dict[str, Any]:
    columns = range(min(found.sheet.shape[1], PAGE_COLUMNS))
    rows = [
        {"number": row + 1, "cells": _page_cells(found, row, columns)}
        for row in _shown_rows(found, PAGE_ROWS)
    ]
    return {
        "name": found.sheet.name,
        "facts": list(facts(found)),
        "letters": [column_letters(column) for column in columns],
        "rows": rows,
        "more": _more(found, PAGE_ROWS, PAGE_COLUMNS),
    }


def _page_cells(found: SheetFindings, row: int, columns: range) -> list[dict[str, Any]]:
    """Cells of a row; one that stands alone may use the width of the row, as titles do."""
    filled = [column for column in columns if found.text(row, column)]
    if len(filled) == 1 and found.role[row, filled[0]] not in (Role.VALUE, Role.HEADER):
        shown, rest = range(filled[0] + 1), len(columns) - filled[0]
    else:
        shown, rest = columns, 1
    return [
        {
            "css": str(_role(found, row, column)).split(" ", maxsplit=1)[0],
            "text": found.text(row, column),
            "span": rest if column == shown[-1] else 1,
        }
        for column in shown
    ]
