"""`warehouse inspect`, `warehouse contract …`, `warehouse fetch`: adding and feeding a source."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

if TYPE_CHECKING:
    from warehouse.fetch.request import Request
    from warehouse.inspect.suite import Tested
    from warehouse.inspect.trial import CheckOutcome, Trial

WIDTH = 120
"""Of pages that are not printed on a terminal."""
REFUSED, TOTALS = 12, 16
"""Shown of a trial."""

contracts = typer.Typer(no_args_is_help=True, help="Try source contracts on files.")


class _Options(Protocol):
    settings: Settings
    inbox: Path
    is_quiet: bool
    is_json: bool


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command("inspect")(inspect)
    app.add_typer(contracts, name="contract")
    app.command("fetch")(fetch)


def inspect(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to look into")],
    html: Annotated[Path | None, typer.Option(help="Also write the page: OUT.html")] = None,
    draft: Annotated[
        Path | None,
        typer.Option(help="Write the draft: warehouse/sources/<provider>/<dataset>.yml"),
    ] = None,
) -> None:
    """Show what is in a file, and write a draft of a contract for it."""
    from warehouse.conform.codelists import CodeLists  # noqa: PLC0415  (loads pandas)
    from warehouse.forms.definition import load_forms  # noqa: PLC0415
    from warehouse.inspect import page  # noqa: PLC0415
    from warehouse.inspect.file import inspect_file  # noqa: PLC0415
    from warehouse.layout.contract import load_registry  # noqa: PLC0415

    options: _Options = context.obj
    _check_file(file)
    if draft is not None and draft.exists():
        raise typer.BadParameter(f"--draft {draft} is there already: it is kept")
    settings = options.settings
    registry = load_registry(settings.sources)
    forms = load_forms(settings.forms)
    found = inspect_file(file, CodeLists.load(settings.seeds), registry, draft, forms)
    for path, text in ((html, page.html), (draft, lambda inspection: inspection.draft.text)):
        if path is not None:
            _write_file(path, text(found))
    if options.is_json:
        _print_json(found.as_json())
    elif not options.is_quiet:
        console = _console()
        console.print(page.terminal(found))
        if draft is None:
            console.print("\n  --draft FILE.yml writes the draft, --html OUT.html this page")
        for path in (html, draft):
            if path is not None:
                console.print(f"  written: {escape(str(path))}", style="bold")


@contracts.command("check")
def check(
    context: typer.Context,
    contract: Annotated[Path, typer.Argument(help="The contract, a YAML file")],
    against: Annotated[Path, typer.Option(help="The file that it is to read")],
) -> int:
    """Try one contract on one file: first rows, refused cells, totals, checks.

    Status 3: something was refused, a check fails, or a question of the draft is open.
    """
    from warehouse.conform.codelists import CodeLists  # noqa: PLC0415
    from warehouse.inspect import trial  # noqa: PLC0415
    from warehouse.inspect.draft import open_questions  # noqa: PLC0415

    options: _Options = context.obj
    _check_file(contract)
    _check_file(against)
    known = trial.load_one(contract)
    questions = open_questions(known)
    codes = [place for place in questions if place.startswith("tables")]
    if codes:
        raise WarehouseError.of(
            Code.CONTRACT_INVALID,
            expected="a code instead of every question mark",
            found=f"{len(codes)} left: {', '.join(codes)}",
            action="Answer them; `warehouse inspect` lists what is near.",
            file_name=str(contract),
        )
    seeds = options.settings.seeds
    tried = trial.try_contract(known, against, CodeLists.load(seeds), seeds)
    if options.is_json:
        _print_json(tried.as_json() | {"questions": questions})
    elif not options.is_quiet:
        _print_trial(tried, questions)
    return 0 if tried.is_clean and not questions else 3


@contracts.command("test")
def test(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders with specimens; default: the samples")
    ] = None,
) -> int:
    """Run every contract on its specimens. Status 3: one of them was not read as a whole."""
    from warehouse.conform.codelists import CodeLists  # noqa: PLC0415
    from warehouse.inspect.suite import run_contracts  # noqa: PLC0415
    from warehouse.layout.contract import load_registry  # noqa: PLC0415

    options: _Options = context.obj
    settings = options.settings
    chosen = folders or [settings.project / "samples"]
    for folder in chosen:
        if not folder.is_dir():
            raise typer.BadParameter(f"there is no folder {folder}")
    registry = load_registry(settings.sources)
    tested = run_contracts(registry, chosen, CodeLists.load(settings.seeds), settings.seeds)
    if options.is_json:
        _print_json([each.as_json() for each in tested])
    elif not options.is_quiet:
        _print_tests(tested)
    return 3 if any(each.is_broken for each in tested) else 0


def fetch(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(help="Contracts, belstat/wage_by_region; default: all")
    ] = None,
    plan: Annotated[bool, typer.Option("--list", help="Show what would be asked for")] = False,
    past: Annotated[int, typer.Option("--log", help="Show so many of the last fetches")] = 0,
) -> int:
    """Fetch new files of sources into the inbox. Status 3: something was refused or failed."""
    from warehouse.fetch import log, request, run  # noqa: PLC0415  (loads httpx)
    from warehouse.fetch.policy import Policy  # noqa: PLC0415
    from warehouse.layout.contract import load_registry  # noqa: PLC0415

    options: _Options = context.obj
    settings = options.settings
    if past:
        _print_fetches(options, log.newest(settings, past))
        return 0
    chosen = run.with_fetch(load_registry(settings.sources), ids or [])
    if plan:
        year = datetime.now(UTC).year
        planned = [each for contract in chosen for each in request.requests_of(contract, year)]
        _print_plan(options, planned)
        return 0
    done = run.Fetcher(
        settings=settings,
        inbox=options.inbox,
        policy=Policy.of(settings),
        connection_of=request.connection_of_environment,
        now=lambda: datetime.now(UTC),
    ).fetch(chosen)
    run.record(settings, done)
    _print_fetches(options, [each.as_row() for each in done])
    return 0 if all(each.is_taken for each in done) else 3


# printing


def _print_plan(options: _Options, planned: Sequence[Request]) -> None:
    rows = [
        {
            "contract_id": each.contract_id,
            "method": "POST" if each.fetch.is_post else "GET",
            "url": each.url,
            "file_name": each.file_name or "all that match",
        }
        for each in planned
    ]
    if options.is_json:
        _print_json(rows)
    elif not options.is_quiet:
        for row in rows:
            text = f"{row['contract_id']}: {row['method']} {row['url']} as {row['file_name']}"
            _console().print(escape(text), soft_wrap=True)


def _print_fetches(options: _Options, rows: Sequence[Mapping[str, Any]]) -> None:
    if options.is_json:
        _print_json(rows)
        return
    if options.is_quiet:
        return
    console = _console()
    for row in rows:
        taken = row["reason_code"] is None
        colour = "green" if taken else "red"
        size = f", {row['size_bytes']:,} bytes" if row["size_bytes"] else ""
        said = f"{row['url']}{size}" if taken else row["message"]
        at = f"{row['started_at']:%Y-%m-%d %H:%M} UTC"
        console.print(
            f"[{colour}]{row['outcome_code']:<12}[/] {at}  {escape(row['contract_id'])}: "
            f"{escape(str(said))}",
            soft_wrap=True,
        )
    if not rows:
        console.print("nothing to fetch")


def _print_trial(tried: Trial, questions: Sequence[str]) -> None:
    console = _console()
    colour = "green" if tried.is_clean else "yellow" if tried.value_count else "red"
    missing = ", ".join(f"{count} {reason}" for reason, count in tried.missing.items())
    blanks = f", of them without a number: {missing}" if missing else ""
    console.print(
        f"[{colour}]{tried.outcome_code}[/] {escape(tried.file_name)} by "
        f"{escape(tried.contract.id)}: {tried.value_count} cells{blanks}"
    )
    if tried.message:
        console.print(escape(tried.message), style="red")
    for unit in tried.units:
        console.print(f"[red]wrong unit[/]: {escape(unit)}")
    _print_rows(console, "first rows", tried.rows, tried.value_count)
    _print_rows(console, "ranges", tried.ranges, len(tried.ranges))
    _print_rows(console, "printed totals and their parts", tried.totals[:TOTALS], tried.total_count)
    if tried.refused:
        console.print(f"\nrefused ({len(tried.refused)})", style="bold")
        for row in tried.refused[:REFUSED]:
            console.print(f"  [red]{row['code']}[/] {escape(row['message'])}")
        if len(tried.refused) > REFUSED:
            console.print(f"  … {len(tried.refused) - REFUSED} more; --json has all")
    if tried.checks:
        console.print("\nchecks", style="bold")
        for each in tried.checks:
            console.print(f"  {_said(each)}")
    for question in questions:
        console.print(f"open question: {escape(question)}", style="yellow")


def _said(check: CheckOutcome) -> str:
    name = escape(check.name)
    if check.tested is None:
        return f"[dim]—     {name}: compares with earlier files[/]"
    if not check.tested:
        return f"[dim]—     {name}: nothing in this file that it could test[/]"
    note = "" if check.is_declared else "; not declared: would it hold?"
    if not check.wrong:
        return f"[green]ok[/]    {name}: {check.tested} tested{note}"
    first = escape("; ".join(check.examples[:2]))
    return f"[red]wrong[/] {name}: {check.wrong} of {check.tested}{note}: {first}"


def _print_rows(
    console: Console, title: str, rows: Sequence[Mapping[str, Any]], count: int
) -> None:
    if not rows:
        return
    more = f" ({len(rows)} of {count})" if count > len(rows) else ""
    same = {name: value for name, value in rows[0].items() if _is_same(name, value, rows)}
    said = "".join(f"  {name.removesuffix('_code')} {_cell(each)}" for name, each in same.items())
    console.print(f"\n[bold]{title}{more}[/][dim]{escape(said)}[/]")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, example in rows[0].items():
        if name not in same:
            is_number = isinstance(example, (int, float))
            heading = name.removesuffix("_code").replace("_", " ")
            table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*[escape(_cell(row[name])) for name in row if name not in same])
    console.print(table)


def _is_same(name: str, value: Any, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column says the same in every row, so that it can be said once."""
    is_about = name.endswith("_code") or name in {"breakdown", "period"}
    return is_about and value is not None and all(row[name] == value for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.10g}".replace(",", " ") if isinstance(value, (int, float)) else str(value)


def _print_tests(tested: Sequence[Tested]) -> None:
    console = _console()
    for each in tested:
        if not each.files:
            console.print(f"[dim]—     {escape(each.contract_id)}: no specimen[/]")
            continue
        mark = "[red]wrong[/]" if each.is_broken else "[green]ok[/]   "
        files = f"{len(each.files)} file{'s' if len(each.files) > 1 else ''}"
        if each.role:
            console.print(f"[dim]—     {escape(each.contract_id)}: {files}, a {each.role}[/]")
            continue
        console.print(
            f"{mark} {escape(each.contract_id)}: {files}, {each.value_count} cells, "
            f"{each.check_count} checks, {each.refused_count} refused"
        )
        for problem in each.problems:
            console.print(f"      {escape(problem)}")
    without = sum(not each.files for each in tested)
    broken = sum(each.is_broken for each in tested)
    console.print(
        f"{len(tested)} contracts: {broken} wrong, {without} without a specimen", style="bold"
    )


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {path}")


def _write_file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


def _print_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(f"{text}\n")
