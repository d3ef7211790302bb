"""The yearly report: time, memory, weight of pages, growth, and the first view in a browser."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import duckdb

from bench.harness import Bench, Contender, Goal, Result
from tests.samples import published_samples

YEAR = "2024"
CLUSTERS = 46
"""Clusters of the samples."""
TIMES = (5, 11, 22)
"""How many times as many the larger warehouses have: 230, 506, 1,012."""
SECONDS, GIB, KILOBYTES, VIEW_MS, SLOPE = 60, 1.5, 300, 1000, 1.1
ALL = "all regions and clusters of the samples, Russian and English: site, PDF, workbook"
MORE = "the same with each cluster and project of the samples many times"
PAGES = {
    "national page": "{}/by/index.html",
    "region page": "{}/by/regions/BY-HM.html",
    "cluster page": "{}/by/clusters/BY-C02.html",
    "explorer": "explorer/{}.html",
}


def report(bench: Bench) -> Result:
    """Make the report of the samples and of larger warehouses; open its pages."""
    homes = bench.folder / "yearly"
    warehouse(homes / "1", 1)
    languages = ("ru",) if bench.is_quick else ("ru", "en")
    scope = "BY-C02" if bench.is_quick else "all"
    result = Result(
        "report", "The yearly report", f"{CLUSTERS} clusters in 27 regions of two countries"
    )
    bench.compare(result, [_making("report", ALL, homes / "1", scope, languages)])
    folder = Path(result.fact("report", "folder"))
    result.goals = _costs(result)
    if shutil.which("chromium"):
        _see(bench, result, folder / "site", languages[0])
        result.goals += _views(result)
    else:
        result.notes.append("No Chromium here: the first view was not measured.")
    if not bench.is_quick:
        result.goals.append(_growth(bench, result, homes, languages))
    result.notes.append(
        "Memory is that of all processes of the report at one time, shared pages counted once. "
        "A page weighs what a reader loads: text, style, all pictures of one theme."
    )
    return result


def _making(name: str, what: str, home: Path, scope: str, languages: tuple[str, ...]) -> Contender:
    def fresh() -> None:
        shutil.rmtree(home / "reports", ignore_errors=True)

    arguments = [str(home), YEAR, scope, *languages]
    return Contender(name, what, "report_made", arguments, before=fresh)


def warehouse(home: Path, times: int) -> None:
    """A home with the published samples, each of their clusters so many times."""
    home.mkdir(parents=True)
    path = home / "warehouse.duckdb"
    shutil.copyfile(published_samples(), path)
    if times == 1:
        return
    with duckdb.connect(str(path)) as connection:
        for table, columns in connection.execute(_TABLES).fetchall():
            key = columns[0]
            copies = ", ".join(f"{column} || 'x' || copy as {column}" for column in columns)
            connection.execute(
                f"insert into {table} select source.* replace ({copies}) from {table} as source "  # noqa: S608
                f"cross join range(1, {times}) as copies (copy) where {key} <> '_Z'"
            )


_TABLES = """
select
    columns.schema_name || '.' || columns.table_name,
    list(columns.column_name order by columns.column_name)
from duckdb_columns() as columns
inner join duckdb_tables() as tables using (schema_name, table_name)
where
    columns.schema_name in ('marts', 'intermediate', 'ops')
    and columns.column_name in ('cluster_id', 'cluster_code', 'project_id')
group by all
having list_has_any(list(columns.column_name), ['cluster_id', 'cluster_code'])
order by all
"""


def _costs(result: Result) -> list[Goal]:
    name, size = result.fact("report", "heaviest")
    stages = result.fact("report", "stages").items()
    spent = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages)
    result.notes += [
        f"{result.fact('report', 'pages'):,} pages with {result.fact('report', 'figures'):,} "
        f"figures, {result.fact('report', 'cpu_seconds'):.0f} s of processor time.",
        f"Stages of the first run: {spent}.",
        f"The heaviest page is `{name}`.",
    ]
    return [
        Goal("seconds", SECONDS, result.seconds("report")),
        Goal("GiB of memory at most, all processes", GIB, _gib(result, "report")),
        Goal("kB of the heaviest page", KILOBYTES, size / 1000),
    ]


def _gib(result: Result, name: str) -> float:
    return max(float(result.fact(name, "peak_of_all_mb")), result.peak_mb(name)) / 1024


def _see(bench: Bench, result: Result, site: Path, language: str) -> None:
    pages = [
        page.format(language) for page in PAGES.values() if (site / page.format(language)).exists()
    ]
    what = "pages of it in Chromium from `warehouse serve`, five times each with an empty cache"
    run = bench.once(Contender("views", what, "report_seen", [str(site), *pages]))
    result.runs["views"], result.what["views"] = [run], what


def _views(result: Result) -> list[Goal]:
    facts = result.runs["views"][0]["facts"]
    named = {page.format(one): name for name, page in PAGES.items() for one in ("ru", "en")}
    said = [
        f"{named[page]} {seen['painted_ms']} ms to the first paint, {seen['loaded_ms']} ms to all"
        for page, seen in facts.items()
    ]
    result.notes.append(f"First view: {'; '.join(said)}.")
    return [
        Goal(f"ms of the first view, {named[page]}", VIEW_MS, seen["loaded_ms"])
        for page, seen in facts.items()
    ]


def _growth(bench: Bench, result: Result, homes: Path, languages: tuple[str, ...]) -> Goal:
    """How processor time grows with the number of clusters; it does not suffer from neighbours."""
    points = {}
    for times in TIMES:
        name = f"{CLUSTERS * times:,} clusters"
        home = homes / str(times)
        warehouse(home, times)
        bench.compare(result, [_making(name, MORE, home, "all", languages)], repeats=1)
        points[times] = result.fact(name, "cpu_seconds")
        page, size = result.fact(name, "heaviest")
        result.notes.append(
            f"{name}: {points[times]:.0f} s of processor time, {_gib(result, name):.2f} GiB, "
            f"{result.fact(name, 'pages'):,} pages; the heaviest, `{page}`: {size / 1000:.0f} kB."
        )
        shutil.rmtree(home)
    first, last = TIMES[0], TIMES[-1]
    slope = math.log(points[last] / points[first]) / math.log(last / first)
    text = f"slope of processor time from {CLUSTERS * first:,} to {CLUSTERS * last:,} clusters"
    return Goal(text, SLOPE, slope)
