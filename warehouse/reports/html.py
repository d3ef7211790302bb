"""Prints a report as a static site: one page per page, and one with the cells of its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby, repeat
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from warehouse.reports import words
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
    Source,
    Table,
    Trace,
)
from warehouse.reports.pictures import Language

CELLS = "cells"
"""Folder of the pages with cells, within that of a language."""
PICTURES = "pictures"
_MOST_SOURCES = 4
_SHORT = 30
"""Letters up to which the name of a row stays on one line, on a wide screen."""
_PER_PAGE = 150
"""Figures whose cells stand on one page."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOTHING = Trace(0, (), ())


@dataclass(frozen=True)
class Downloads:
    """Names of the files beside the site, in the folder of the report."""

    pdf: str
    workbook: str


def write_site(
    report: Report, folder: Path, downloads: Downloads, languages: Sequence[Language]
) -> list[Path]:
    """Write the pages of one language below a site.

    Args:
        report: What is printed.
        folder: Of the site; the pages come into its folder of the language.
        downloads: Names of the other forms of the report.
        languages: All that the site is written in; its pages name one another.

    Returns:
        The pages that were written.
    """
    environment = _environment()
    root = folder / report.language
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "style.css").write_text(
        environment.get_template("style.css").render(), encoding="utf-8"
    )
    others = tuple(language for language in languages if language != report.language)
    printer = _Printer(report, environment, root, downloads, others)
    return [path for page in report.pages for path in printer.write(page)]


def write_landing(folder: Path, languages: Iterable[Language]) -> Path:
    """Write the first page of a site: the choice of its languages."""
    path = folder / "index.html"
    template = _environment().get_template("landing.html.j2")
    titles = {"ru": "Русский", "en": "English"}
    path.write_text(
        template.render(languages=[(code, titles[code]) for code in languages]), encoding="utf-8"
    )
    return path


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("warehouse.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True)
class _Printer:
    report: Report
    environment: Environment
    root: Path
    downloads: Downloads
    others: tuple[Language, ...]

    def write(self, page: Page) -> list[Path]:
        anchors = _anchors(page)
        up = "../" * page.path.count("/")
        given = {
            "report": self.report,
            "page": page,
            "language": self.report.language,
            "others": self.others,
            "up": up,
            "pdf": self.downloads.pdf,
            "workbook": self.downloads.workbook,
            "built_on": words.day(self.report.built_on, self.report.language),
            "has_cells": bool(anchors),
            "trail": self._trail(page),
            "lists": self._lists(page),
            "say": partial(_say, self.report),
        }
        body = _Body(self.report, page, up, anchors)
        written = [self._write(f"{page.path}.html", "page.html.j2", given | {"shown": body.block})]
        written += self._cells(page, anchors, given)
        for drawing in _drawings(page):
            written += self._pictures(page, drawing)
        return written

    def _cells(
        self, page: Page, anchors: Mapping[str, str], given: Mapping[str, object]
    ) -> list[Path]:
        """The cells of a page, on as many pages as keep each of them light."""
        printed = self._printed(page)
        parts = {
            name: [self._figure(key, address, printed[key]) for key, address in group]
            for name, group in groupby(anchors.items(), key=lambda item: item[1].split("#")[0])
        }
        shared = {
            **given,
            "up": f"{given['up']}../",
            "numbers": file_numbers(self.report),
            "parts": [name.rpartition("/")[2] for name in parts],
        }
        return [
            self._write(
                f"{CELLS}/{name}",
                "cells.html.j2",
                shared | {"figures": figures, "part": name.rpartition("/")[2]},
            )
            for name, figures in parts.items()
        ]

    def _write(self, name: str, template: str, given: Mapping[str, object]) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.environment.get_template(template).render(given), encoding="utf-8")
        return path

    def _pictures(self, page: Page, drawing: Drawing) -> list[Path]:
        themes = {"light": drawing.picture.light, "dark": drawing.picture.dark}
        written = []
        for theme, svg in themes.items():
            path = self.root / PICTURES / f"{page.path}-{drawing.name}-{theme}.svg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(svg, encoding="utf-8")
            written.append(path)
        return written

    def _trail(self, page: Page) -> list[Page]:
        known = {one.path: one for one in self.report.pages}
        trail: list[Page] = []
        above = known.get(page.parent)
        while above is not None:
            trail.insert(0, above)
            above = known.get(above.parent)
        return trail

    def _lists(self, page: Page) -> list[tuple[str, list[Page]]]:
        below = [one for one in self.report.pages if one.parent == page.path]
        below.sort(key=lambda one: _order(self.report, one))
        return [(group, list(pages)) for group, pages in groupby(below, key=lambda one: one.group)]

    def _printed(self, page: Page) -> dict[str, list[str]]:
        """As what each figure of a page is printed."""
        shown: dict[str, list[str]] = {}
        for figure in page.figures():
            printed = words.figure(figure, self.report.language, with_unit=True)
            values = shown.setdefault(figure.key, [])
            if figure.value is not None and printed not in values:
                values.append(printed)
        return shown

    def _figure(self, key: str, address: str, printed: list[str]) -> dict[str, object]:
        found = self.report.traces.get(key, _NOTHING)
        label = self.report.labels[key]
        cells = [
            (role, [(file, list(group)) for file, group in groupby(of_role, _file)])
            for role, of_role in groupby(found.cells, key=lambda cell: cell.role)
        ]
        return {
            "anchor": address.split("#")[1],
            "label": label.said,
            "command": label.command,
            "printed": " · ".join(printed),
            "cells": cells,
            "more": found.count - len(found.cells),
            "count": words.counted(found.count, "cell", self.report.language),
        }


def _file(cell: Source) -> str:
    return cell.file_id


def _say(report: Report, name: str, **given: object) -> str:
    return words.text(name, report.language, **given)


def _order(report: Report, page: Page) -> tuple[int, str]:
    groups = list(dict.fromkeys(one.group for one in report.pages))
    return groups.index(page.group), page.path


def _anchors(page: Page) -> dict[str, str]:
    """Key of each figure to the address of its cells, seen from their folder."""
    keys = dict.fromkeys(figure.key for figure in page.figures())
    return {key: f"{page.path}{_part(place)}.html#f{place + 1}" for place, key in enumerate(keys)}


def _part(place: int) -> str:
    part = place // _PER_PAGE + 1
    return f".{part}" if part > 1 else ""


def _drawings(page: Page) -> Iterable[Drawing]:
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Drawing):
                yield block


def file_numbers(report: Report) -> dict[str, int]:
    """The number by which each file is cited, in the order of the page of sources."""
    return {file_id: place for place, file_id in enumerate(report.files, start=1)}


def figures_in(block: Block) -> list[Figure]:
    """The figures of a block."""
    if isinstance(block, Table):
        return [cell for row in block.rows for cell in row if isinstance(cell, Figure)]
    if isinstance(block, Drawing):
        return list(block.figures)
    return []


@dataclass(frozen=True)
class _Body:
    """The blocks of one page as HTML."""

    report: Report
    page: Page
    up: str
    anchors: Mapping[str, str]

    def block(self, block: Block, heading: str = "") -> Markup:
        """One block; a table that is called like its section does not say its name again."""
        if isinstance(block, Table):
            return self._table(block, heading)
        if isinstance(block, Paragraph):
            return self._paragraph(block)
        if isinstance(block, Drawing):
            return self._drawing(block)
        return self._facts(block)

    def _figure(self, figure: Figure, *, in_words: bool = False) -> Markup:
        with_unit = in_words or figure.is_change
        printed = words.figure(figure, self.report.language, with_unit=with_unit)
        href = self._cells(figure)
        if figure.value is None:
            return Markup('<a class="absent" href="{}" title="{}">{}</a>').format(
                href, figure.reason, printed
            )
        return Markup('<a class="f" href="{}"><data value="{!r}">{}</data></a>').format(
            href, figure.value, printed
        )

    def _cells(self, figure: Figure) -> str:
        return f"{self.up}{CELLS}/{self.anchors[figure.key]}"

    def _link(self, link: Link) -> Markup:
        return Markup('<a href="{}{}.html">{}</a>').format(self.up, link.page, link.text)

    def _cell(self, cell: Cell) -> Markup:
        if isinstance(cell, Figure):
            return self._figure(cell)
        if isinstance(cell, Link):
            return self._link(cell)
        if isinstance(cell, Rank):
            return escape(words.rank(cell, self.report.language))
        if isinstance(cell, int):
            return escape(words.number(cell, 0, self.report.language))
        if isinstance(cell, date):
            said = words.day(cell, self.report.language)
            return Markup('<time datetime="{}">{}</time>').format(cell.isoformat(), said)
        return Markup("<wbr>").join(words.breakable(cell or ""))

    def _paragraph(self, block: Paragraph) -> Markup:
        parts = Markup("").join(
            self._figure(word, in_words=True)
            if isinstance(word, Figure)
            else self._link(word)
            if isinstance(word, Link)
            else escape(word)
            for word in block.words
        )
        if block.is_warning:
            return Markup('<p class="warning" role="note">{}</p>').format(parts)
        return Markup("<p>{}</p>").format(parts)

    def _facts(self, block: Facts) -> Markup:
        items = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{} <span>{}</span></dd></div>").format(
                label, self._figure(figure), unit
            )
            for label, figure, unit in block.items
        )
        return Markup('<dl class="facts">{}</dl>').format(items)

    def _table(self, block: Table, heading: str) -> Markup:
        heads = Markup("").join(
            Markup('<th scope="col"{}>{}{}</th>').format(
                _class(column.is_number),
                column.label,
                Markup("<small>{}</small>").format(column.unit) if column.unit else "",
            )
            for column in block.columns
        )
        numbers = [column.is_number for column in block.columns]
        rows = Markup("\n").join(
            Markup("<tr{}>{}</tr>").format(_id(anchor), self._row(row, numbers))
            for row, anchor in zip(block.rows, block.anchors or repeat(""), strict=False)
        )
        return Markup(
            '<figure class="table"><div class="scroll" role="region" tabindex="0" '
            'aria-label="{title}"><table id="t-{name}"{named}>'
            "<caption{hidden}><span>{title}</span></caption>"
            "<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
            "{below}</figure>"
        ).format(
            title=block.title,
            name=block.name,
            named=Markup(' class="named"') if _is_named(block) else "",
            hidden=Markup(' class="unseen"') if block.title == heading else "",
            heads=heads,
            rows=rows,
            below=self._below(block, block.note),
        )

    def _row(self, row: tuple[Cell, ...], numbers: list[bool]) -> Markup:
        first = Markup('<th scope="row">{}</th>').format(self._cell(row[0]))
        return first + Markup("").join(
            Markup("<td{}>{}</td>").format(_class(is_number), self._cell(cell))
            for cell, is_number in zip(row[1:], numbers[1:], strict=True)
        )

    def _drawing(self, block: Drawing) -> Markup:
        start = f"{self.up}{PICTURES}/{self.page.path}-{block.name}"
        return Markup(
            '<figure class="drawing" id="d-{name}"><picture>'
            '<source srcset="{start}-dark.svg" media="(prefers-color-scheme: dark)">'
            '<img src="{start}-light.svg" alt="{alternative}" loading="lazy"></picture>'
            "{below}</figure>"
        ).format(
            name=block.name,
            start=start,
            alternative=block.picture.alternative,
            below=self._below(block, ""),
        )

    def _below(self, block: Table | Drawing, note: str) -> Markup:
        """What a reader has to know of the block: note, period, source, definitions, cells."""
        parts: list[Markup] = [escape(note)] if note else []
        figures = figures_in(block)
        if figures:
            parts.append(_named(self.report, "period", period_of(figures)))
            parts.append(_named(self.report, "source", sources_of(self.report, figures)))
            parts.append(self._definitions(block, figures))
            href = self._cells(figures[0])
            cells = words.text("cells_all", self.report.language)
            parts.append(Markup('<a href="{}">{}</a>').format(href, cells))
        said = Markup(" · ").join(part for part in parts if part)
        return Markup("<figcaption>{}</figcaption>").format(said) if said else Markup("")

    def _definitions(self, block: Table | Drawing, figures: list[Figure]) -> Markup:
        codes = sorted({figure.definition for figure in figures if figure.definition})
        links = Markup(", ").join(
            Markup('<a href="{}methodology.html#{}">{}</a>').format(self.up, code, code)
            for code in codes
        )
        return _named(self.report, "definition", links) if codes else Markup("")


def _is_named(table: Table) -> bool:
    """Whether the rows have names short enough for one line each."""
    names = [row[0].text if isinstance(row[0], Link) else row[0] for row in table.rows]
    return all(isinstance(name, str) and len(name) <= _SHORT for name in names)


def _id(anchor: str) -> Markup:
    return Markup(' id="{}"').format(anchor) if anchor else Markup("")


def _class(is_number: bool) -> Markup:
    return Markup(' class="n"') if is_number else Markup("")


def _named(report: Report, name: str, said: str) -> Markup:
    if not said:
        return Markup("")
    return Markup("{}: {}").format(words.text(name, report.language), said)


def period_of(figures: Iterable[Figure]) -> str:
    """The years of figures: 2024, or 2019–2024."""
    years = sorted({figure.year for figure in figures})
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def sources_of(report: Report, figures: Iterable[Figure]) -> str:
    """Who provided the cells of figures."""
    names = sorted(
        {
            report.files[file_id].provider
            for figure in figures
            for file_id in report.traces.get(figure.key, _NOTHING).files
        }
    )
    more = len(names) - _MOST_SOURCES
    shown = "; ".join(names[:_MOST_SOURCES])
    if more <= 0:
        return shown
    return f"{shown}; {words.text('and_more', report.language, count=more)}"
