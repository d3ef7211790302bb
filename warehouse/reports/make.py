"""Makes the yearly report: site, PDF and workbook in each language, in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from subprocess import PIPE, Popen
from time import perf_counter
from typing import Any

import duckdb
from pydantic import TypeAdapter

from warehouse import disk, marts
from warehouse.disclosure import Rule
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.reports import explorer
from warehouse.reports.assemble import Cells, Scope, assemble, cells_of
from warehouse.reports.changes import (
    CHANGES,
    MANIFEST,
    VALUES,
    Changes,
    Values,
    labels_of,
    since_build,
    since_year,
    values_of,
)
from warehouse.reports.complete import Completeness, Gap, completeness
from warehouse.reports.compose import Context
from warehouse.reports.data import Data, known_countries, read
from warehouse.reports.html import Downloads, write_landing, write_site
from warehouse.reports.pdf import prepare, write_pdf
from warehouse.reports.pictures import Boundaries, Language, read_boundaries
from warehouse.reports.workbook import write_workbook
from warehouse.settings import PROJECT, Settings

LANGUAGES: tuple[Language, ...] = ("ru", "en")
SITE = "site"
CELLS, LANGUAGE, PDF = "cells", "language", "pdf"
"""What a process of the report is for."""
_CELLS_FILE = ".cells.json"
_PREPARED = ".pdf-{}"
REFUSED = 3
"""Exit status of the process of a language that stopped for a reason of the data."""
_KEPT = (
    *("year", "scope", "languages", "build_id", "missing"),
    *("page_count", "figure_count", "has_explorer_sql"),
)
"""What the manifest keeps: nothing of the machine or the hour."""


_BUILD = "select build_id, built_at from ops.ops_build"
_Plan = tuple[int, Scope, tuple[Gap, ...], tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """Which report is wanted.

    Attributes:
        year: Calendar year; None for the newest one with complete inputs.
        country: Code of the one country; None for all.
        region: Code of the one region.
        cluster: Code of the one cluster.
        languages: In which it is written.
        takes_incomplete: Whether a year whose inputs are not complete is wanted all the same.
    """

    year: int | None = None
    country: str | None = None
    region: str | None = None
    cluster: str | None = None
    languages: tuple[Language, ...] = LANGUAGES
    takes_incomplete: bool = False


@dataclass(frozen=True)
class Made:
    """A report that was made, or was there already.

    Attributes:
        folder: Where it lies.
        year: Of the report.
        scope: What it covers.
        languages: In which it is written.
        build_id: The build that it was made from.
        missing: What its inputs lack, in words.
        page_count: Pages of the site, in all languages.
        figure_count: Figures of one language.
        has_explorer_sql: Whether a reader of the site can ask in SQL.
        is_new: Whether it was made now.
        seconds: What took how long.
        changes: What is new, in words.
    """

    folder: str
    year: int
    scope: str
    languages: tuple[Language, ...]
    build_id: str
    missing: tuple[str, ...]
    page_count: int
    figure_count: int
    has_explorer_sql: bool
    is_new: bool = True
    seconds: dict[str, float] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values: lists and no tuples, as whatever carries it on knows them."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


@dataclass(frozen=True)
class Job:
    """One language of a report, for a process of its own."""

    home: Path
    year: int
    scope: Scope
    gaps: tuple[Gap, ...]
    language: Language
    languages: tuple[Language, ...]
    folder: Path
    build_id: str
    built_at: str


@dataclass(frozen=True)
class Done:
    """What a process has to say of its language."""

    language: Language
    missing: tuple[str, ...]
    page_count: int
    values: Values
    labels: dict[str, str]
    since_year: tuple[str, ...]
    seconds: dict[str, float]


def make_report(settings: Settings, request: Request) -> Made:
    """Write a report below `<home>/reports/<year>/<scope>`, in the place of the one before.

    Rebuilt from the same build it has the same bytes.

    Raises:
        WarehouseError: `report_incomplete` for a year whose inputs are not complete, unless that
            is wanted; `figure_unknown` for a country, year, region or cluster that there is not;
            `nothing_published`, `disk_full`, `home_unwritable`.
    """
    started = perf_counter()
    year, scope, gaps, build = _plan(settings, request)
    languages = request.languages
    folder = settings.reports / str(year) / scope.name
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    with disk.writing(settings.home):
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        try:
            jobs = [
                Job(settings.home, year, scope, gaps, language, languages, temporary, *build)
                for language in languages
            ]
            done = _run(jobs)
            seconds = {
                f"{one.language} {name}": spent
                for one in done
                for name, spent in one.seconds.items()
            }
            made = _finish(settings, folder, jobs, done)
            _swap(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    seconds["together"] = round(perf_counter() - started, 3)
    return replace(made, seconds=seconds)


def made_before(settings: Settings, request: Request) -> Made | None:
    """The report that a request would make, when it lies there of the published build already."""
    year, scope, _, build = _plan(settings, request)
    folder = settings.reports / str(year) / scope.name
    if not (folder / MANIFEST).exists():
        return None
    kept = json.loads((folder / MANIFEST).read_bytes())
    if kept["build_id"] != build[0] or kept["languages"] != list(request.languages):
        return None
    said = json.loads((folder / CHANGES).read_bytes())
    kept["languages"] = tuple(kept["languages"])
    kept["missing"] = tuple(kept["missing"])
    return Made(**kept, folder=str(folder), is_new=False, changes=said)


def reports_due(settings: Settings) -> list[Request]:
    """The reports that are due: the newest complete year of each country of the schedule."""
    with marts.session(settings) as connection:
        known = completeness(connection)
        return [
            Request(year=year, country=country)
            for country in known_countries(connection)
            if country in settings.report_countries
            if (year := known.newest(country)) is not None
        ]


def _plan(settings: Settings, request: Request) -> _Plan:
    with marts.session(settings) as connection:
        countries = known_countries(connection)
        place = request.country or (request.region or request.cluster or "")[:2] or None
        if place is not None and place not in countries:
            raise _unknown("a country", place, countries)
        chosen = (place,) if place else tuple(countries)
        known = completeness(connection)
        year = request.year or _newest(known, chosen)
        years = {one for country in chosen for one in known.years.get(country, ())}
        if year not in years:
            raise _unknown("a year", str(year), [str(one) for one in sorted(years)])
        gaps = known.of(year, chosen)
        if gaps and not request.takes_incomplete:
            raise _incomplete(known, year, chosen, gaps)
        build_id, built_at = connection.execute(_BUILD).fetchall()[0]
    scope = Scope(chosen, request.region, request.cluster, is_whole=place is None)
    return year, scope, gaps, (str(build_id), built_at.isoformat())


def _newest(known: Completeness, countries: Sequence[str]) -> int:
    years = [
        {year for year in known.years.get(country, ()) if not known.of(year, [country])}
        for country in countries
    ]
    shared = set.intersection(*years) if years else set()
    if not shared:
        raise WarehouseError.of(
            Code.REPORT_INCOMPLETE,
            expected=f"a year that is complete in all of {', '.join(countries)}",
            found="none",
            action=f"{_newest_of(known, countries)} Give a country, or a year and --incomplete.",
        )
    return max(shared)


def _newest_of(known: Completeness, countries: Sequence[str]) -> str:
    newest = ", ".join(f"{country} {known.newest(country) or 'none'}" for country in countries)
    return f"Newest complete years: {newest}."


def _unknown(what: str, found: str, known: Sequence[str]) -> WarehouseError:
    return WarehouseError.of(
        Code.FIGURE_UNKNOWN,
        expected=f"{what} of the published warehouse: {', '.join(known) or 'there is none'}",
        found=f"«{found}»",
        action="Give one of these.",
    )


def _incomplete(
    known: Completeness, year: int, countries: Sequence[str], gaps: Sequence[Gap]
) -> WarehouseError:
    lacking = [f"{gap.country} {'report of ' if gap.is_report else ''}{gap.code}" for gap in gaps]
    shown = ", ".join(lacking[:10]) + (f" and {len(lacking) - 10} more" if lacking[10:] else "")
    return WarehouseError.of(
        Code.REPORT_INCOMPLETE,
        expected=f"all inputs of {year}",
        found=f"these missing: {shown}",
        action=f"{_newest_of(known, countries)} Or say --incomplete: the report then says so.",
    )


# one language


def _run(jobs: Sequence[Job]) -> list[Done]:
    """The cells first, then all languages at the same time, each in a process of its own.

    What a process took of memory goes back when it ends: the query that finds the cells wants
    as much as the drawing of the pictures.
    """
    _results([_start(CELLS, jobs[0])])
    said = _results([_start(LANGUAGE, job) for job in jobs])
    done = [TypeAdapter(Done).validate_json(one) for one in said]
    for job, one in zip(jobs, done, strict=True):
        clock = perf_counter()
        _results([_start(PDF, job)])  # lays out pages on all cores
        one.seconds["pdf"] = round(perf_counter() - clock, 3)
    return done


def _start(what: str, job: Job) -> Popen[bytes]:
    process = Popen(  # noqa: S603  (our own module)
        [sys.executable, "-m", "warehouse.reports", what], cwd=PROJECT, stdin=PIPE, stdout=PIPE
    )
    if process.stdin is not None:
        process.stdin.write(TypeAdapter(Job).dump_json(job))
        process.stdin.close()
        process.stdin = None
    return process


def _results(processes: Sequence[Popen[bytes]]) -> list[bytes]:
    try:
        return [_result(process) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _result(process: Popen[bytes]) -> bytes:
    said, _ = process.communicate()
    if process.returncode == REFUSED:
        raise WarehouseError(TypeAdapter(Problem).validate_json(said))
    if process.returncode:
        raise RuntimeError(f"a process of the report ended with status {process.returncode}")
    return said


def write_cells(job: Job) -> None:
    """Find the cells of all figures, for the processes of the languages.

    Raises:
        WarehouseError: `query_failed` when another build was published meanwhile;
            `figure_unknown`.
    """
    with marts.session(Settings.of(job.home)) as connection:
        context = Context(_data(connection, job), job.language)
        found = cells_of(connection, context, job.scope, job.gaps)
    (job.folder / _CELLS_FILE).write_bytes(TypeAdapter(Cells).dump_json(found))


def write_pages(job: Job) -> None:
    """Lay out the PDF of one language."""
    prepared = job.folder / _PREPARED.format(job.language)
    path = job.folder / _downloads(job.language).pdf
    write_pdf(prepared, path, datetime.fromisoformat(job.built_at))
    shutil.rmtree(prepared)


def _downloads(language: Language) -> Downloads:
    return Downloads(f"report-{language}.pdf", f"tables-{language}.xlsx")


def _data(connection: duckdb.DuckDBPyConnection, job: Job) -> Data:
    data = read(connection, job.year, job.scope.countries)
    if data.build_id != job.build_id:
        raise _replaced(job.build_id, data.build_id)
    return data


def write_language(job: Job) -> Done:
    """Write site, workbook and PDF of one language.

    Raises:
        WarehouseError: `query_failed` when another build was published meanwhile;
            `boundaries_invalid`; `figure_unknown`.
    """
    settings = Settings.of(job.home)
    clock = perf_counter()
    with marts.session(settings) as connection:
        data = _data(connection, job)
    context = Context(data, job.language, _boundaries(settings, data))
    cells = TypeAdapter(Cells).validate_json((job.folder / _CELLS_FILE).read_bytes())
    report = assemble(context, job.scope, job.gaps, cells)
    seconds = {"read and draw": perf_counter() - clock}
    clock = perf_counter()
    downloads = _downloads(job.language)
    pages = write_site(report, job.folder / SITE, downloads, job.languages)
    seconds["site"] = perf_counter() - clock
    clock = perf_counter()
    write_workbook(report, job.folder / downloads.workbook)
    seconds["xlsx"] = perf_counter() - clock
    prepare(report, job.folder / _PREPARED.format(job.language), SITE)
    return Done(
        language=job.language,
        missing=report.missing,
        page_count=len(pages),
        values=values_of(report),
        labels=labels_of(report),
        since_year=since_year(context),
        seconds={name: round(spent, 3) for name, spent in seconds.items()},
    )


def _replaced(expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.QUERY_FAILED,
        expected=f"the build {expected} until the report is done",
        found=f"another one, {found}, was published meanwhile",
        action="Make the report again.",
    )


def _boundaries(settings: Settings, data: Data) -> dict[str, Boundaries]:
    """Boundary files of the operator, by country."""
    found = {}
    for country in data.countries:
        path = settings.boundaries / f"{country}.geojson"
        if path.exists():
            codes = [row["region_code"] for row in data.regions(country)]
            found[country] = read_boundaries(path, codes)
    return found


# all languages


def _finish(settings: Settings, folder: Path, jobs: Sequence[Job], done: Sequence[Done]) -> Made:
    """Everything that the languages share: explorer, landing page, what is new, the manifest."""
    job, first = jobs[0], done[0]
    languages = [one.language for one in done]
    site = job.folder / SITE
    back: dict[str, str] = {language: f"../{language}/index.html" for language in languages}
    placed = explorer.place(
        site,
        settings.published,
        languages,
        rule=Rule.of(settings),
        countries=() if job.scope.is_whole else job.scope.countries,
        back=back,
    )
    write_landing(site, languages)
    new = Changes(
        since_year={one.language: one.since_year for one in done},
        since_build=since_build(folder, job.build_id, first.values, first.labels),
    )
    made = Made(
        folder=str(folder),
        year=job.year,
        scope=job.scope.name,
        languages=tuple(languages),
        build_id=job.build_id,
        missing=first.missing,
        page_count=sum(one.page_count for one in done),
        figure_count=len(first.values),
        has_explorer_sql=placed.has_sql,
        changes=new.as_json(),
    )
    (job.folder / _CELLS_FILE).unlink()
    disk.write_json(job.folder / VALUES, first.values)
    disk.write_json(job.folder / CHANGES, new.as_json())
    disk.write_json(job.folder / MANIFEST, {name: getattr(made, name) for name in _KEPT})
    return made


def _swap(temporary: Path, folder: Path) -> None:
    """Put a finished folder in the place of the one before."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
