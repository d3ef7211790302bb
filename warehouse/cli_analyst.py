"""`warehouse export` and `warehouse serve`: what an analyst takes away, and the site to look at."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Protocol

import typer

from warehouse import export as exporting
from warehouse import serve as serving
from warehouse.settings import Settings


class _Options(Protocol):
    settings: Settings
    is_quiet: bool
    is_json: bool


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("export")(export)
    app.command("serve")(serve)


def export(
    context: typer.Context,
    form: Annotated[exporting.Format, typer.Option("--format", help="Kind of files")],
    public: Annotated[
        bool, typer.Option("--public", help="Only what everybody may see: disclosure control")
    ] = False,
    table: Annotated[
        list[str] | None, typer.Option(help="Mart; several times for several; else all")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder [<home>/exports/<format>]")] = None,
) -> None:
    """Write the published marts as files for other programs."""
    options: _Options = context.obj
    done = exporting.export(
        options.settings, form, is_public=public, tables=table or (), folder=out
    )
    if options.is_json:
        json.dump(
            [{"table": d.table, "path": str(d.path), "rows": d.rows} for d in done], sys.stdout
        )
        print()
    elif not options.is_quiet:
        for item in done:
            print(f"{item.rows:>9}  {item.path.name if form is not form.xlsx else item.table}")
        print(f"in {done[0].path.parent if done else out}")


def serve(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(help="Which report; else the newest")] = None,
    port: Annotated[int, typer.Option(help="Port on localhost; 0: a free one")] = 8000,
) -> None:
    """Show a finished report with its explorer on localhost, until Ctrl+C."""
    options: _Options = context.obj
    folder = serving.site(options.settings, year)
    with serving.serving(folder, port) as server:
        address = f"http://{serving.HOST}:{server.server_port}/{serving.entrance(folder)}"
        print(f"{address}  (Ctrl+C ends)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
