"""The command line: `warehouse …` or `python -m warehouse …`."""

from __future__ import annotations

import csv
import io
import json
import math
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.tree import Tree

from warehouse import archive as archiving
from warehouse import build as building
from warehouse import (
    cli_analyst,
    cli_forms,
    cli_reports,
    cli_sources,
    doctor,
    freshness,
    ops,
    pipeline,
)
from warehouse import explain as explaining
from warehouse import explain_cluster as explaining_cluster
from warehouse import find as finding
from warehouse import indicator as indicators
from warehouse import publish as publishing
from warehouse.disk import one_line
from warehouse.errors import Code, WarehouseError
from warehouse.pipeline import FileResult, IngestSummary, PublishSummary, RunSummary
from warehouse.settings import SettingError, Settings

WIDE = 100_000
MANY = 10
"""More accepted files than this of one contract are told in one line."""
SHOWN = 5
FIRST_QUERY = (
    "select indicator_code, count(value) as figures, min(year) as first_year, "
    "max(year) as last_year from marts.mart_indicator group by all order by indicator_code"
)
GLOBAL_FLAGS = ("--quiet", "-q", "--json")
GLOBAL_VALUES = ("--home", "--inbox")

app = typer.Typer(
    name="warehouse",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Statistical files in, explained figures out. --home, --inbox, --quiet and --json may "
    "stand before or after the command.",
)
app.add_typer(cli_forms.app, name="form")
cli_sources.register(app)
cli_analyst.register(app)
cli_reports.register(app)


class Format(StrEnum):
    """How `sql` and `find` print."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass
class _Options:
    settings: Settings
    inbox: Path
    is_quiet: bool
    is_json: bool


@app.callback()
def _common(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Where data lives [WAREHOUSE_HOME, else data/]")
    ] = None,
    inbox: Annotated[
        Path | None, typer.Option(help="Folder to take in [WAREHOUSE_INBOX, else <home>/inbox]")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Errors only")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output")] = False,
) -> None:
    settings = _settings(home)
    context.obj = _Options(settings, inbox or settings.inbox, quiet, as_json)


def _settings(home: Path | None) -> Settings:
    try:
        return Settings.of(home)
    except SettingError as error:
        raise WarehouseError.of(
            Code.SETTING_INVALID,
            expected=error.expected,
            found=error.found,
            action="Correct it, or unset it to get the default.",
        ) from error


@app.command()
def run(
    context: typer.Context,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another writer")] = False,
) -> int:
    """Take in the inbox, build, audit and publish. Status 3: something was refused."""
    options: _Options = context.obj
    with watching(is_quiet=options.is_quiet) as progress:
        summary = pipeline.run(
            options.settings, options.inbox, now=_now(), progress=progress, wait=wait
        )
    if options.is_json:
        print_json(summary.as_json())
    elif not options.is_quiet:
        print_run(summary)
    return summary.exit_status


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files or folders")],
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another writer")] = False,
) -> int:
    """Archive, read, validate and stage files, without building."""
    options: _Options = context.obj
    results: list[FileResult] = []
    seconds: dict[str, float] = {}
    with watching(is_quiet=options.is_quiet) as progress:
        for inbox, names in _groups(paths, options.settings):
            part = pipeline.ingest_files(
                options.settings, inbox, names, now=_now(), progress=progress, wait=wait
            )
            results += part.files
            for name, spent in part.seconds.items():
                seconds[name] = round(seconds.get(name, 0.0) + spent, 3)
    summary = IngestSummary(tuple(results), seconds)
    if options.is_json:
        print_json(summary.as_json())
    elif not options.is_quiet:
        console = _console()
        _print_files(console, summary.files, ops.rejects(options.settings))
        _print_seconds(console, summary.seconds)
    return 0 if all(result.is_taken_in for result in summary.files) else 3


def _groups(paths: Iterable[Path], settings: Settings) -> Iterator[tuple[Path, list[str]]]:
    """Folders with the names of the files to take from them."""
    files: dict[Path, list[str]] = {}
    for path in paths:
        if path.is_dir() or not path.exists():
            yield path, [found.name for found in archiving.find_files(path, settings)]
        else:
            files.setdefault(path.absolute().parent, []).append(path.name)
    yield from files.items()


@app.command()
def build(
    context: typer.Context,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another writer")] = False,
) -> None:
    """Build what is staged into a new file and audit it, without publishing."""
    options: _Options = context.obj
    made = pipeline.build_and_audit(options.settings, now=_now(), wait=wait)
    rows, tables = number(sum(made.rows.values()), "row"), number(len(made.rows), "table")
    text = f"{made.build_id} {made.status}: {rows} in {tables}"
    _say(options, made.as_json(), text)


@app.command()
def publish(
    context: typer.Context,
    build_id: Annotated[str | None, typer.Argument(help="Default: the newest build")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another writer")] = False,
) -> None:
    """Make a build the one that readers open."""
    options: _Options = context.obj
    done = pipeline.publish_build(options.settings, build_id, now=_now(), wait=wait)
    _say(options, done.as_json(), _published(done))


@app.command()
def rollback(
    context: typer.Context,
    build_id: Annotated[str | None, typer.Argument(help="Default: the one before")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another writer")] = False,
) -> None:
    """Make an earlier build current again."""
    options: _Options = context.obj
    done = pipeline.rollback(options.settings, build_id, now=_now(), wait=wait)
    _say(options, done.as_json(), _published(done))


@app.command()
def builds(context: typer.Context) -> None:
    """List the builds that are kept."""
    options: _Options = context.obj
    published = publishing.current(options.settings)
    rows = [
        {
            "build_id": made.build_id,
            "built_at": made.built_at,
            "seconds": made.seconds,
            "rows": sum(made.rows.values()),
            "state": _state(made, published),
        }
        for made in building.load_builds(options.settings)
    ]
    names = ["build_id", "built_at", "seconds", "rows", "state"]
    if options.is_json:
        print_json(rows)
    else:
        _print_table(names, [tuple(row[name] for name in names) for row in rows])


def _state(made: building.Build, published: str | None) -> str:
    if made.build_id == published:
        return "published"
    if made.is_withdrawn:
        return "withdrawn"
    return "kept" if made.is_audited else "not audited"


@app.command()
def status(context: typer.Context) -> None:
    """What is published, what arrived, which source is late."""
    options: _Options = context.obj
    report = _status(options.settings)
    if options.is_json:
        print_json(report)
        return
    console = _console()
    made = report["published"]
    console.print(
        f"published {made['build_id']}, built {made['built_at']}" if made else "nothing published"
    )
    if report["damage"]:
        said = f"it does not open: {report['damage']}. Run `warehouse run`."
        console.print(f"[red]damaged[/]   {escape(said)}")
    counts = ", ".join(f"{count} {code}" for code, count in report["outcomes"].items())
    console.print(f"files     {counts or 'none yet'}")
    for source in report["late"]:
        console.print(f"late      {escape(source['message'])}")
    if not report["late"]:
        console.print("late      no source")


def _status(settings: Settings) -> dict[str, Any]:
    published = publishing.current(settings)
    made = building.load_build(settings, published) if published else None
    last = ops.last_run(settings)
    return {
        "home": str(settings.home),
        "published": {"build_id": made.build_id, "built_at": made.built_at} if made else None,
        "damage": publishing.damage(settings.published) if published else None,
        "outcomes": ops.outcome_counts(settings) if settings.staged.exists() else {},
        "late": _late(settings),
        "last_run": last["run_id"] if last else None,
    }


def _late(settings: Settings) -> list[dict[str, Any]]:
    if not settings.staged.exists():
        return []
    late = freshness.late_sources(settings, _now().date())
    return [source.as_json() for source in late]


@app.command()
def rejects(
    context: typer.Context,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print CSV lines that would map unknown names")
    ] = False,
) -> None:
    """Files and cells that were refused, and why."""
    options: _Options = context.obj
    known = options.settings.staged.exists()
    if suggest:
        lines = ops.suggestions(options.settings) if known else []
        if options.is_json:
            print_json(lines)
        else:
            _write("".join(f"{line}\n" for line in lines))
        return
    rows = ops.rejects(options.settings) if known else []
    if options.is_json:
        print_json(rows)
        return
    console = _console()
    for row in rows:
        console.print(escape(f"{row['code']}: {row['message']}"))
    cells = sum(row["cell"] is not None for row in rows)
    files = len({row["file_name"] for row in rows if row["cell"] is None})
    counted = f"{number(files, 'file')} and {number(cells, 'cell')} refused"
    console.print(counted, style="bold")


@app.command()
def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="One query on the published warehouse")],
    format_: Annotated[Format, typer.Option("--format", help="How to print")] = Format.table,
    timeout: Annotated[
        float, typer.Option(help="Seconds that the query may take", min=0.1, max=86400.0)
    ] = publishing.TIME_LIMIT,
) -> None:
    """Query the published warehouse, read-only; files and network are out of reach."""
    options: _Options = context.obj
    _print_rows(options, format_, *publishing.query(options.settings, query, seconds=timeout))


@app.command()
def explain(
    context: typer.Context,
    *,
    indicator: Annotated[
        str,
        typer.Option(
            help="Code of the figure, SPC_LQ or wage_nominal; of a registered cluster a "
            "column of mart_cluster_year"
        ),
    ],
    region: Annotated[
        str | None, typer.Option(help="Code of the region, BY-BR; not for a registered cluster")
    ] = None,
    year: Annotated[int, typer.Option(help="Calendar year")],
    activity: Annotated[str | None, typer.Option(help="Default: the whole economy")] = None,
    classifier: Annotated[str | None, typer.Option(help="Classifier of the activity")] = None,
    cluster: Annotated[str | None, typer.Option(help="Figure of one cluster, BY-C01")] = None,
    base: Annotated[str | None, typer.Option(help="What the figure is computed from")] = None,
    method: Annotated[str | None, typer.Option(help="Method, as the choices spell it")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of the figure")] = None,
) -> None:
    """Trace a figure to its definition, formula, inputs and printed cells."""
    options: _Options = context.obj
    if cluster and not region and explaining_cluster.is_registered(options.settings, cluster):
        of_cluster = explaining_cluster.explain_cluster(
            options.settings, cluster=cluster, indicator=indicator, year=year
        )
        _show(options, of_cluster.as_json(), explaining_cluster.tree(of_cluster))
        return
    if region is None:
        raise typer.BadParameter("a region is needed, unless the cluster is a registered one")
    question = explaining.Question(
        indicator=indicator,
        region=region,
        year=year,
        activity=activity,
        classifier=classifier,
        cluster=cluster,
        base=base,
        method=method,
        unit=unit,
    )
    found = explaining.explain(options.settings, question)
    _show(options, found.as_json(), explaining.tree(found))


def _show(options: _Options, plain: Any, tree: Tree) -> None:
    if options.is_json:
        print_json(plain)
    else:
        _console().print(tree)


@app.command()
def find(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(help="Words in any inflection, Russian or English")
    ] = None,
    *,
    region: Annotated[str | None, typer.Option(help="Code; also of what lies in it")] = None,
    activity: Annotated[str | None, typer.Option(help="Code; also of its parts")] = None,
    status: Annotated[str | None, typer.Option(help="Status today: active, forming …")] = None,
    axis: Annotated[
        list[str] | None, typer.Option(help="Classification today: scale=regional; repeatable")
    ] = None,
    member: Annotated[
        str | None, typer.Option(help="Registry number or words of the name of a member")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Code of the country")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print")] = Format.table,
) -> None:
    """Find clusters by words, region, activity, status, axis of classification or member."""
    options: _Options = context.obj
    question = finding.Question(
        words=" ".join(words) if words else None,
        region=region,
        activity=activity,
        status=status,
        axes=tuple(axis or ()),
        member=member,
        country=country,
    )
    _print_rows(options, format_, *finding.find(options.settings, question))


@app.command("indicator")
def compute_indicator(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(help="SPC_LQ; without one all are listed")] = None,
    *,
    source: Annotated[
        Path | None, typer.Option("--input", help="CSV file; without one its columns are described")
    ] = None,
    variable: Annotated[
        list[str] | None, typer.Option("--set", help="Threshold name=value; repeatable")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print")] = Format.csv,
) -> None:
    """Compute one indicator from a CSV file with the formulas of the warehouse."""
    options: _Options = context.obj
    if code is None:
        entries = indicators.catalogue(options.settings)
        _print_rows(options, format_, list(entries[0]), [tuple(each.values()) for each in entries])
    elif source is None:
        _describe(options, indicators.describe(options.settings, code))
    else:
        variables = indicators.variables_of(variable or ())
        found = indicators.compute(options.settings, code, source, variables)
        _print_rows(options, format_, *found)


def _describe(options: _Options, indicator: indicators.Indicator) -> None:
    if options.is_json:
        print_json(indicator.as_json())
        return
    facts = indicator.facts
    for name in ("name_en", "name_ru", "definition", "formula", "edge_rules", "source_note"):
        if facts[name]:
            _write(f"{name}: {facts[name]}\n")
    _write("\nColumns of the CSV file:\n")
    for column in indicator.columns:
        need = "needed" if indicator.is_needed(column) else f"else {column.default}"
        _write(f"  {column.name} ({column.data_type}; {need}): {column.description}\n")


@app.command()
def docs(context: typer.Context) -> None:
    """Make the site that documents every model, mart and column of the published warehouse."""
    options: _Options = context.obj
    page = building.document(options.settings)
    _say(options, {"page": str(page)}, f"{page}: open it in a browser")


@app.command("doctor")
def examine(context: typer.Context) -> int:
    """Check the installation and say what is wrong."""
    options: _Options = context.obj
    checks = doctor.examine(options.settings)
    if options.is_json:
        print_json([check.as_json() for check in checks])
    else:
        console = _console()
        for check in checks:
            mark = "[green]ok[/]   " if check.is_ok else "[red]wrong[/]"
            action = "" if check.is_ok else f" — {escape(check.action)}"
            console.print(f"{mark} {escape(check.name)}: {escape(check.found)}{action}")
    return 0 if all(check.is_ok for check in checks) else 1


# what a run says


def print_run(summary: RunSummary) -> None:
    """Print what was loaded, what was refused and why, seconds per stage, and a query to try."""
    console = _console()
    _print_files(console, summary.files, summary.refusals)
    _print_seconds(console, summary.seconds)
    if summary.publication is not None:
        console.print(escape(_published(summary.publication)))
    console.print("\nTry:", style="bold")
    _write(f"  {paste_line(Path(summary.home))}\n")


def paste_line(home: Path) -> str:
    """A command that queries the published warehouse from this shell, as it stands."""
    beside = Path(sys.executable).parent / "warehouse"
    found = shutil.which("warehouse")
    if found and Path(found).resolve() == beside.resolve():
        program = "warehouse"
    else:
        program = _relative(beside) if beside.exists() else f"{sys.executable} -m warehouse"
    return f'{program} --home {shlex.quote(_relative(home))} sql "{FIRST_QUERY}"'


def _relative(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _print_files(
    console: Console, files: Sequence[FileResult], refusals: Sequence[Mapping[str, Any]]
) -> None:
    codes = [result.outcome_code for result in files]
    counts = ", ".join(f"{codes.count(code)} {code}" for code in sorted(set(codes)))
    counted = f"{number(len(files), 'file')}: {counts or 'the inbox is empty'}"
    console.print(counted, style="bold")
    cells: dict[str, list[str]] = {}
    for row in refusals:
        cells.setdefault(row["file_id"], []).append(row["message"])
    alike = _many_alike(files)
    for contract, members in alike.items():
        values = sum(result.observation_count for result in members)
        text = f"{number(len(members), 'file')}: {number(values, 'value')} by {contract}"
        known = "" if any(result.is_new for result in members) else " (as before)"
        console.print(f"  [green]{'accepted':<12}[/] {escape(text)}{known}")
    told = {result.file_name for members in alike.values() for result in members}
    for result in files:
        if result.file_name not in told:
            _print_file(console, result, cells.get(result.file_id, []))


def _many_alike(files: Sequence[FileResult]) -> dict[str, list[FileResult]]:
    """Files of which everything was accepted, by contract, where they would fill the screen."""
    found: dict[str, list[FileResult]] = {}
    for result in files:
        if result.outcome_code == "accepted" and not result.rejected_count:
            found.setdefault(result.contract_id or "", []).append(result)
    return {contract: members for contract, members in found.items() if len(members) > MANY}


def _print_file(console: Console, result: FileResult, cells: Sequence[str]) -> None:
    style = {"accepted": "green", "unchanged": "dim", "no_contract": "yellow", "declared": "dim"}
    color = style.get(result.outcome_code, "red")
    known = "" if result.is_new else " (as before)"
    if result.outcome_code == "accepted":
        refused = (
            f", {number(result.rejected_count, 'cell')} refused" if result.rejected_count else ""
        )
        text = f"{number(result.observation_count, 'value')} by {result.contract_id}{refused}"
    elif result.outcome_code == "no_contract":
        text = "no contract"
    else:
        text = result.message or result.reason_code or ""
    name = escape(result.file_name)
    said = text
    for mark in (": ", " › "):
        said = said.removeprefix(f"{result.file_name}{mark}")
    console.print(f"  [{color}]{result.outcome_code:<12}[/] {name}: {escape(said)}{known}")
    if result.outcome_code in ("accepted", "refused", "quarantined"):
        for message in [cell for cell in cells if cell != text][:SHOWN]:
            console.print(f"               {escape(message)}")
        if len(cells) > SHOWN:
            console.print(f"               … {len(cells) - SHOWN} more: warehouse rejects")


def _print_seconds(console: Console, seconds: Mapping[str, float]) -> None:
    stages = " · ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items())
    total = sum(seconds.values())
    console.print(f"{stages} · together {total:.1f} s" if stages else "nothing to do")


def _published(done: PublishSummary) -> str:
    if not done.is_changed:
        return f"published {done.build_id}: nothing has changed"
    kinds = ("added", "removed", "changed")
    marts = {name: table for name, table in done.tables.items() if name.startswith("mart_")}
    counts = {kind: sum(table[kind] for table in marts.values()) for kind in kinds}
    against = f"against {done.against}" if done.against else "the first build"
    changes = ", ".join(f"{number(count, 'row')} {kind}" for kind, count in counts.items())
    return f"published {done.build_id} ({against}: {changes} in {number(len(marts), 'mart')})"


# printing


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _console(*, to_stderr: bool = False) -> Console:
    console = Console(stderr=to_stderr, highlight=False, soft_wrap=True)
    return (
        console if console.is_terminal else Console(stderr=to_stderr, highlight=False, width=WIDE)
    )


def _write(text: str) -> None:
    sys.stdout.write(text)


def _say(options: _Options, plain: Any, text: str) -> None:
    if options.is_json:
        print_json(plain)
    elif not options.is_quiet:
        _console().print(escape(text))


def number(count: int, noun: str) -> str:
    """A count with its noun: 1 cell, 2 cells."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns of which none hides another: a, a become a, a_1."""
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        free, count = name, 0
        while free in taken or (count and free in names):
            count += 1
            free = f"{name}_{count}"
        taken.add(free)
        found.append(free)
    return found


def print_json(value: Any) -> None:
    """Print plain values as JSON.

    Dates as ISO text, decimals as numbers, not-a-number as null. A decimal that a number of JSON
    would not hold to its last digit is a text.
    """
    _write(json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _number_of(value)
    if value is None or isinstance(value, (str, int)):
        return value
    return value.isoformat() if isinstance(value, (date, datetime, clock)) else str(value)


def _number_of(value: Decimal) -> int | float | str:
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def _cell(value: Any) -> str:
    """A value in a table or CSV: decimals with all their digits, nothing for null."""
    if value is None:
        return ""
    plain = str(value) if isinstance(value, Decimal) else _plain(value)
    return "" if plain is None else str(plain)


def _print_rows(
    options: _Options, format_: Format, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    if options.is_json or format_ is Format.json:
        keys = unique(names)
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    elif format_ is Format.csv:
        _print_csv(names, rows)
    else:
        _print_table(names, rows)


def _print_csv(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    _write(out.getvalue())


def _print_table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    table = Table(*[escape(name) for name in names], box=None, pad_edge=False)
    for column, example in zip(table.columns, rows[0] if rows else (), strict=False):
        is_number = isinstance(example, (int, float, Decimal)) and not isinstance(example, bool)
        column.justify = "right" if is_number else "left"
        column.overflow = "fold"
    for row in rows:
        table.add_row(*[escape(_cell(value)) for value in row])
    _console().print(table)


# progress


class Bars:
    """Bars with files done, rate and time left, for a terminal."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task: Any = None

    def start(self, name: str, total: int | None) -> None:
        """Show a new bar."""
        self._bars.start()
        self._task = self._bars.add_task(name, total=total, rate="")

    def step(self, label: str) -> None:
        """Move the bar."""
        task = self._bars.tasks[self._task]
        rate = f"{task.speed:.1f}/s" if task.speed else ""
        self._bars.update(self._task, advance=1, rate=rate)

    def finish(self) -> None:
        """Take the bars away until the next stage."""
        self._bars.update(self._task, visible=False)
        self._bars.stop()

    def close(self) -> None:
        """Give the terminal back, also in the middle of a stage."""
        self._bars.stop()


class Lines:
    """Plain lines for a log: the start and end of a stage, and every few seconds in between."""

    every = 5.0

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._name, self._total, self._done = "", 0, 0
        self._started = self._said = clock()

    def start(self, name: str, total: int | None) -> None:
        """Say that a stage begins."""
        self._name, self._total, self._done = name, total or 0, 0
        self._started = self._said = self._clock()
        many = f": {number(total, 'file')}" if total else ""
        if total != 0:
            self._console.print(f"{name}{many}")

    def step(self, label: str) -> None:
        """Say now and then how far it is."""
        self._done += 1
        now = self._clock()
        if now - self._said >= self.every:
            self._said = now
            rate = self._done / max(now - self._started, 1e-9)
            left = (self._total - self._done) / rate
            self._console.print(
                f"{self._name}: {self._done} of {number(self._total, 'file')}, {rate:.1f}/s, "
                f"{left:.0f} s left"
            )

    def finish(self) -> None:
        """Say how long it took."""
        if self._done or not self._total:
            spent = self._clock() - self._started
            if spent >= 1:
                self._console.print(f"{self._name}: done in {spent:.1f} s")


@contextmanager
def watching(*, is_quiet: bool, console: Console | None = None) -> Iterator[ops.Progress]:
    """Show progress: bars on a terminal, plain lines elsewhere, nothing when quiet.

    Args:
        is_quiet: Show nothing.
        console: Where to show it; default: standard error.
    """
    if is_quiet:
        yield ops.Silent()
        return
    shown = console or _console(to_stderr=True)
    bars = Bars(shown) if shown.is_terminal else Lines(shown)
    try:
        yield bars
    finally:
        if isinstance(bars, Bars):
            bars.close()


# entry


def hoist(arguments: Sequence[str]) -> list[str]:
    """Move the common options to the front, so that they may stand after the command too."""
    common: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word in GLOBAL_FLAGS or word.startswith(tuple(f"{name}=" for name in GLOBAL_VALUES)):
            common.append(word)
        elif word in GLOBAL_VALUES and waiting:
            common += [word, waiting.pop(0)]
        else:
            rest.append(word)
    return common + rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its status.

    0: everything was taken in. 3: published, but something was refused. Else nothing was
    published: 1 for an error that the message explains, 2 for wrong usage, 130 when interrupted.
    """
    given = hoist(sys.argv[1:] if arguments is None else arguments)
    try:
        done = app(args=given, prog_name="warehouse", standalone_mode=False)
        status = done if isinstance(done, int) else 0
    except WarehouseError as error:
        status = 1
        complain(error, as_json="--json" in given)
    except KeyboardInterrupt:
        status = 130
        _console(to_stderr=True).print("Interrupted: the published warehouse stays as it was.")
    except Exception as error:
        status = _wrong_usage(error) if hasattr(error, "exit_code") else _fault(error, given)
    raise SystemExit(status)


def _wrong_usage(error: Any) -> int:
    show = getattr(error, "show", None)
    if show is not None:
        show()
    return int(error.exit_code)


def _fault(error: Exception, given: Sequence[str]) -> int:
    """A fault of ours: one line for the user, the traceback for who mends it."""
    homes = [word for flag, word in pairwise(given) if flag == "--home"]
    settings = Settings.of(homes[-1] if homes else None)
    console = _console(to_stderr=True)
    console.print(f"[red]A fault in the warehouse itself[/]: {escape(one_line(error))}")
    try:
        log = ops.log_exception(settings, _now(), " ".join(given), error)
        console.print(escape(f"Please report it with the end of {log}"))
    except WarehouseError as unwritable:
        console.print(escape(unwritable.problem.message))
    return 1


def complain(error: WarehouseError, *, as_json: bool) -> None:
    """Say on standard error what stopped the command, and which page explains it."""
    problem = error.problem
    page = f"docs/errors/{problem.code}.md"
    if as_json:
        print_json({"error": {"code": problem.code, "message": problem.message, "page": page}})
    console = _console(to_stderr=True)
    console.print(f"[red]{problem.code}[/]: {escape(problem.message)}")
    console.print(f"See {page}")


if __name__ == "__main__":
    main()
