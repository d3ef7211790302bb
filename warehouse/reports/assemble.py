"""Puts the pages of a report together and traces every figure of them to its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from warehouse.errors import Code, WarehouseError
from warehouse.reports import words
from warehouse.reports.annexes import methodology_page, quality_page, sources_page
from warehouse.reports.cluster import cluster_page
from warehouse.reports.complete import Gap
from warehouse.reports.compose import Context, section
from warehouse.reports.country import country_facts, country_page, statuses_sentence
from warehouse.reports.labels import label
from warehouse.reports.model import (
    Block,
    File,
    Link,
    Page,
    Paragraph,
    Report,
    Section,
    Trace,
)
from warehouse.reports.paths import path
from warehouse.reports.region import region_page
from warehouse.reports.trace import files, trace

WHOLE = "all"


@dataclass(frozen=True)
class Scope:
    """What a report covers.

    Attributes:
        countries: Codes of countries.
        region: The one region, when only that is wanted.
        cluster: The one cluster, when only that is wanted.
        is_whole: Whether these are all countries that there are.
    """

    countries: tuple[str, ...]
    region: str | None = None
    cluster: str | None = None
    is_whole: bool = False

    @property
    def name(self) -> str:
        """Name of the folder of such a report."""
        if self.cluster or self.region:
            return str(self.cluster or self.region)
        return WHOLE if self.is_whole else "-".join(self.countries)


@dataclass(frozen=True)
class Cells:
    """Where the figures of a report come from.

    Attributes:
        traces: Cells by key of the figure.
        files: Their files, by id.
    """

    traces: dict[str, Trace]
    files: dict[str, File]


def cells_of(
    connection: duckdb.DuckDBPyConnection, context: Context, scope: Scope, gaps: Sequence[Gap]
) -> Cells:
    """Trace every figure of a report; they are the same in each language.

    Raises:
        WarehouseError: `figure_unknown` for a region or a cluster that the year does not have.
    """
    pages = _main(replace(context, is_drawn=False), scope, _missing(context, gaps))
    traces = trace(connection, {figure.key for page in pages for figure in page.figures()})
    return Cells(traces, files(connection, traces.values()))


def assemble(context: Context, scope: Scope, gaps: Sequence[Gap], cells: Cells) -> Report:
    """The report of some data, with the cells of its figures.

    Args:
        context: What the report is made of, and its language.
        scope: Which pages are wanted.
        gaps: What the inputs lack: the first page says so.
        cells: Where the figures come from.

    Raises:
        WarehouseError: `figure_unknown` for a region or a cluster that the year does not have.
    """
    data = context.data
    missing = _missing(context, gaps)
    main = _main(context, scope, missing)
    files = {file_id: _worded(context, file) for file_id, file in cells.files.items()}
    annexes = [
        quality_page(context, main),
        methodology_page(context, main),
        sources_page(context, files, cells.traces),
    ]
    return Report(
        language=context.language,
        year=data.year,
        title=context.text("report_title", year=data.year),
        scope=scope.name,
        build_id=data.build_id,
        built_at=data.built_at,
        missing=missing,
        pages=tuple(_warned(context, page) for page in (*main, *annexes)),
        traces=cells.traces,
        labels={figure.key: label(context, figure) for page in main for figure in page.figures()},
        files=files,
    )


def _worded(context: Context, file: File) -> File:
    """A file with what its contract says of it in the language of the report."""
    return replace(
        file,
        provider=context.wording(file.provider),
        title=context.wording(file.title),
        licence=context.wording(file.licence),
    )


def _main(context: Context, scope: Scope, missing: Sequence[str]) -> list[Page]:
    pages = _pages(context, scope)
    return [_cover(context, pages, missing), *pages]


def _pages(context: Context, scope: Scope) -> list[Page]:
    data = context.data
    regions = [row for country in scope.countries for row in data.regions(country)]
    clusters = [row for country in scope.countries for row in data.clusters_of(country)]
    if scope.cluster:
        return [
            cluster_page(context, row)
            for row in _one(clusters, "cluster_id", scope.cluster, data.year)
        ]
    if scope.region:
        chosen = _one(regions, "region_code", scope.region, data.year)
        at_home = [row for row in clusters if row["home_region_code"] == scope.region]
        return [
            *[region_page(context, row) for row in chosen],
            *[cluster_page(context, row) for row in at_home],
        ]
    pages = []
    for country in scope.countries:
        pages.append(country_page(context, country))
        pages += [region_page(context, row) for row in data.regions(country)]
        pages += [cluster_page(context, row) for row in data.clusters_of(country)]
    return pages


def _one(rows: list[dict[str, object]], name: str, code: str, year: int) -> list[dict[str, object]]:
    found = [row for row in rows if row[name] == code]
    if not found:
        known = ", ".join(str(row[name]) for row in rows) or "none"
        raise WarehouseError.of(
            Code.FIGURE_UNKNOWN,
            expected=f"a region or cluster of {year}: {known}",
            found=f"«{code}»",
            action="Give one of these.",
        )
    return found


def _missing(context: Context, gaps: Sequence[Gap]) -> tuple[str, ...]:
    """Gaps in words: one sentence per country and number of places, one for its reports."""
    figures: dict[tuple[str, int], list[str]] = {}
    reports: dict[str, list[str]] = {}
    for gap in gaps:
        if gap.is_report:
            reports.setdefault(gap.country, []).append(gap.code)
        else:
            name = context.name("indicator", gap.code)
            figures.setdefault((gap.country, gap.region_count), []).append(name)
    said = [
        context.text(
            "gap_figures",
            country=context.name("region", country),
            places=context.counted(count, "of_place"),
            measures=", ".join(names),
        )
        for (country, count), names in figures.items()
    ]
    said += [
        context.text(
            "gap_reports",
            country=context.name("region", country),
            count=len(codes),
            clusters=", ".join(codes),
        )
        for country, codes in reports.items()
    ]
    return tuple(said)


def _cover(context: Context, pages: Sequence[Page], missing: Sequence[str]) -> Page:
    data = context.data
    blocks: list[Block] = []
    if missing:
        said = context.text("incomplete", year=data.year)
        blocks.append(Paragraph((f"{said} {'; '.join(missing)}.",), is_warning=True))
    paths = {page.path for page in pages}
    covered = [country for country in data.countries if path(country) in paths]
    if covered:
        blocks.append(Paragraph((_covers(context, covered),)))
    blocks.append(Paragraph((context.text("cover_how"),)))
    sections = [section("overview", context.text("overview"), *blocks)]
    sections += [_country_section(context, country) for country in covered]
    return Page("index", context.text("report_title", year=data.year), tuple(sections))


def _covers(context: Context, countries: Sequence[str]) -> str:
    data = context.data
    regions = sum(len(data.regions(country)) for country in countries)
    clusters = sum(len(data.clusters_of(country)) for country in countries)
    names = [context.name("region", country) for country in countries]
    return context.text(
        "cover_covers",
        countries=words.listed(names, context.language),
        regions=context.counted(regions, "region"),
        clusters=context.counted(clusters, "cluster"),
    )


def _country_section(context: Context, country: str) -> Section:
    name = context.name("region", country)
    return section(
        country.lower(),
        name,
        statuses_sentence(context, country),
        country_facts(context, country),
        Paragraph((Link(f"{name}: {context.text('report').lower()}", path(country)),)),
    )


def _warned(context: Context, page: Page) -> Page:
    """A page with illustrative figures says so before anything else."""
    if not any(mark.value == "illustrative" for figure in page.figures() for mark in figure.marks):
        return page
    warning = Paragraph((context.text("illustrative_page"),), is_warning=True)
    first, *rest = page.sections
    return replace(page, sections=(replace(first, blocks=(warning, *first.blocks)), *rest))
