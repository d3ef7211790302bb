"""`warehouse form …`: templates of the forms that clusters and ministries fill in."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from warehouse.conform.codelists import CodeLists
from warehouse.forms.choices import FIRST_YEAR, LAST_YEAR
from warehouse.forms.definition import Form, load_forms, period_span
from warehouse.forms.fields import CLUSTER_ID
from warehouse.publish import query
from warehouse.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Templates of the forms that clusters fill in.")

Rows = dict[str, list[dict[str, Any]]]
_PLACE = "cluster_id = '{cluster}' and is_illustrative = {illustrative}"
_IN_PERIOD = (
    "valid_from <= date '{end}' and coalesce(valid_to, date '9999-12-31') >= date '{start}'"
)
_MEMBERS = f"select organisation_id from marts.fct_membership where {_PLACE} and {_IN_PERIOD}"  # noqa: S608
_KNOWN = {
    "cluster": ("dim_cluster", f"{_PLACE} and is_current", "cluster_id"),
    "cluster_label": ("fct_cluster_label", f"{_PLACE} and {_IN_PERIOD}", "label_code, valid_from"),
    "classification": (
        "fct_cluster_classification",
        f"{_PLACE} and {_IN_PERIOD}",
        "axis_code, valid_from",
    ),
    "organisation": (
        "dim_organisation",
        f"is_current and is_illustrative = {{illustrative}} and organisation_id in ({_MEMBERS})",
        "organisation_id",
    ),
    "membership": (
        "fct_membership",
        f"{_PLACE} and {_IN_PERIOD} and joined_on is not null",
        "organisation_id, joined_on",
    ),
    "project": (
        "dim_project",
        f"{_PLACE} and (finished_on is null or finished_on >= date '{{start}}') "
        "and status_code in ('planned', 'running')",
        "project_id",
    ),
}
"""What is asked for each table of a form: mart, condition, order."""


class Language(StrEnum):
    """Languages of templates."""

    ru = "ru"
    en = "en"


class Half(StrEnum):
    """Half of a year."""

    H1 = "H1"
    H2 = "H2"


class _Options(Protocol):
    settings: Settings
    is_quiet: bool
    is_json: bool


@dataclass(frozen=True)
class Known:
    """What the published warehouse knows of a cluster.

    Attributes:
        rows: Rows by table of the form; empty when the cluster is not known.
        is_illustrative: Whether it knows the cluster from illustrative reports alone.
    """

    rows: Rows
    is_illustrative: bool = False


@app.command("list")
def list_forms(context: typer.Context) -> None:
    """List the forms that have a template."""
    options: _Options = context.obj
    found = [
        {
            "form": form.form,
            "version": form.version,
            "period": form.period,
            "title_ru": form.title.ru,
            "title_en": form.title.en,
            "tables": [table.name for table in form.tables],
        }
        for form in _forms(options.settings).values()
    ]
    if options.is_json:
        _print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for form in found:
        _print(f"{form['form']:<18} {form['version']:<3} {form['period']:<10} {form['title_en']}")


@app.command()
def template(
    context: typer.Context,
    *,
    form: Annotated[
        str, typer.Option(help="Id of the form: warehouse form list")
    ] = "cluster_report",
    out: Annotated[Path, typer.Option(help="File to write: FILE.xlsx")],
    lang: Annotated[Language, typer.Option(help="Language of labels and lists")] = Language.ru,
    cluster: Annotated[str | None, typer.Option(help="Code of the cluster, BY-C01")] = None,
    year: Annotated[
        int | None, typer.Option(help="Reporting year", min=FIRST_YEAR, max=LAST_YEAR)
    ] = None,
    half: Annotated[Half | None, typer.Option(help="Half of the reporting year")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without what is known")] = False,
) -> None:
    """Write a template, with what the published warehouse knows of the cluster filled in."""
    from warehouse.forms.template import write_template  # noqa: PLC0415  (loads openpyxl)

    options: _Options = context.obj
    chosen = _form(options.settings, form)
    period = _period(chosen, year, half)
    _check_cluster(chosen, cluster)
    _check_file(out)
    known = Known({})
    if cluster and period and not empty:
        known = known_of(options.settings, chosen, cluster, period)
    write_template(
        chosen,
        CodeLists.load(options.settings.seeds),
        language=lang,
        cluster_id=cluster,
        period_code=period,
        path=out,
        rows=known.rows,
        illustrative=known.is_illustrative,
    )
    counts = {name: len(rows) for name, rows in known.rows.items()}
    if options.is_json:
        said = {"file": str(out), "rows": counts, "is_illustrative": known.is_illustrative}
        _print(json.dumps(said, ensure_ascii=False, indent=2))
    elif not options.is_quiet:
        filled = ", ".join(f"{count} {name}" for name, count in counts.items())
        kind = "; from illustrative reports" if known.is_illustrative else ""
        _print(f"{out}: {f'filled in: {filled}{kind}' if filled else 'empty'}")


def known_of(settings: Settings, form: Form, cluster: str, period: str) -> Known:
    """What the published warehouse knows of a cluster, as rows of a form.

    Figures are left out: they are what the report is about. Nothing published, no such cluster:
    no rows.

    Args:
        settings: The warehouse home.
        form: The form, whose columns are filled.
        cluster: Code of the cluster.
        period: Code of the reporting period: members and classification are those of it.

    Raises:
        WarehouseError: `build_damaged`, `query_failed`.
    """
    span = period_span(period)
    needed = {mart for mart, _, _ in _KNOWN.values()}
    if span is None or not settings.published.exists() or not needed <= _marts(settings):
        return Known({})
    _, worlds = query(
        settings,
        f"select distinct is_illustrative from marts.dim_cluster where cluster_id = '{cluster}'",  # noqa: S608
    )
    if not worlds:
        return Known({})
    is_illustrative = (False,) not in worlds
    parts = {"cluster": cluster, "illustrative": is_illustrative, "start": span[0], "end": span[1]}
    return Known(_known_rows(settings, form, parts), is_illustrative)


def _marts(settings: Settings) -> set[str]:
    """Names of the published marts: a build may be older than the forms."""
    _, rows = query(
        settings, "select table_name from information_schema.tables where table_schema = 'marts'"
    )
    return {str(row[0]) for row in rows}


def _known_rows(settings: Settings, form: Form, parts: Mapping[str, object]) -> Rows:
    found: Rows = {}
    for name, (mart, condition, order) in _KNOWN.items():
        if name not in form.by_name:
            continue
        columns = ", ".join(column.name for column in form.by_name[name].columns)
        where = condition.format(**parts)
        sql = f"select {columns} from marts.{mart} where {where} order by {order}"  # noqa: S608
        names, rows = query(settings, sql)
        if rows:
            found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    members = [row["organisation_id"] for row in found.get("membership", ())]
    if members and "member_value" in form.by_name:
        found["member_value"] = [{"organisation_id": one} for one in dict.fromkeys(members)]
    return found


def _forms(settings: Settings) -> dict[str, Form]:
    """Forms that are filled in, by name; lists of others that are only read have no template."""
    forms = load_forms(settings.forms).values()
    return {form.form: form for form in forms if not form.recognise}


def _form(settings: Settings, name: str) -> Form:
    forms = _forms(settings)
    if name not in forms:
        raise typer.BadParameter(f"there is no form {name}; there are {', '.join(forms)}")
    return forms[name]


def _period(form: Form, year: int | None, half: Half | None) -> str | None:
    if form.period == "none":
        if year or half:
            raise typer.BadParameter(f"{form.form} is about no period: leave out --year and --half")
        return None
    if year is None:
        raise typer.BadParameter(f"{form.form} needs --year")
    if (half is not None) != (form.period == "half_year"):
        need = "needs --half H1 or H2" if half is None else "is about a whole year: no --half"
        raise typer.BadParameter(f"{form.form} {need}")
    return f"{year}-{half}" if half else str(year)


def _check_cluster(form: Form, cluster: str | None) -> None:
    if form.subject != "cluster":
        if cluster:
            raise typer.BadParameter(f"{form.form} is about no single cluster: no --cluster")
    elif cluster is None or not CLUSTER_ID.fullmatch(cluster):
        raise typer.BadParameter(f"{form.form} needs --cluster with a code such as BY-C01")


def _check_file(out: Path) -> None:
    if out.suffix != ".xlsx":
        raise typer.BadParameter(f"--out {out}: a name that ends in .xlsx is expected")
    if out.exists():
        raise typer.BadParameter(f"--out {out} is there already, and may be filled in: it is kept")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
