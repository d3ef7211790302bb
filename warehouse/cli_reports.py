"""`warehouse report`: the yearly report as site, PDF and workbook."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from warehouse.settings import Settings


class Language(StrEnum):
    """Languages of the report."""

    ru = "ru"
    en = "en"


class _Options(Protocol):
    settings: Settings
    is_quiet: bool
    is_json: bool


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("report")(report)


def report(
    context: typer.Context,
    *,
    year: Annotated[
        int | None, typer.Option(help="Calendar year [the newest with complete inputs]")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Code of one country, BY")] = None,
    region: Annotated[str | None, typer.Option(help="Code of one region, BY-BR")] = None,
    cluster: Annotated[str | None, typer.Option(help="Code of one cluster, BY-C01")] = None,
    lang: Annotated[Language | None, typer.Option(help="One language [both]")] = None,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Also of a year whose inputs are not complete")
    ] = False,
) -> None:
    """Make the yearly report: static site, PDF and workbook below <home>/reports/<year>/."""
    # loads the drawing of pictures
    from warehouse.reports.make import LANGUAGES, Request, make_report  # noqa: PLC0415

    options: _Options = context.obj
    if region and cluster:
        raise typer.BadParameter("either a region or a cluster")
    made = make_report(
        options.settings,
        Request(
            year=year,
            country=country,
            region=region,
            cluster=cluster,
            languages=LANGUAGES if lang is None else (lang.value,),
            takes_incomplete=incomplete,
        ),
    )
    if options.is_json:
        json.dump(made.as_json(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif not options.is_quiet:
        show(made.as_json())


def show(made: Mapping[str, Any]) -> None:
    """Print where a report lies, and what it lacks."""
    folder = Path(made["folder"])
    spent = made["seconds"].get("together")
    how = f"made in {spent:.1f} s" if spent else "as before"
    figures = f"{made['figure_count']} figures"
    lines = [f"report {made['year']}, {made['scope']}: {figures}, {how}"]
    lines += [f"  incomplete: {gap}" for gap in made["missing"]]
    lines.append(f"  {folder / 'site' / 'index.html'}")
    lines += [f"  {path}" for kind in ("pdf", "xlsx") for path in sorted(folder.glob(f"*.{kind}"))]
    if not made["has_explorer_sql"]:
        lines.append("  The SQL tab was left out: it needs Node (`make explorer`).")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
