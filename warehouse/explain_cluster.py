"""From one figure of a registered cluster back to the cells of its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
from rapidfuzz import process
from rich.markup import escape
from rich.tree import Tree

from warehouse import marts, publish
from warehouse.errors import Code, WarehouseError
from warehouse.marts import Row, records
from warehouse.settings import Settings

SHOWN = 20
ROLES = {
    "value": "figures",
    "numerator": "above the line",
    "denominator": "below the line",
    "row": "rows that are counted",
}

COLUMNS = {
    "MEM_N": "member_count",
    "MEM_SME": "sme_share_pct",
    "MEM_CHURN": "churn_pct",
    "MEM_XREG": "outside_home_share_pct",
    "MEM_FTE": "team_fte",
    "PRF_EMP": "member_employees",
    "PRF_OUT": "member_output",
    "PRF_VA": "member_value_added",
    "PRF_EXP": "member_exports",
    "PRF_INV": "member_investment",
    "PRF_TAX": "member_taxes",
    "PRF_PROD": "productivity",
    "PRF_WAGE": "average_wage",
    "PRF_EXPSH": "export_share_pct",
    "INN_PAT": "patents_per_10000_employees",
    "INN_RDINT": "rd_intensity_pct",
    "REM_XREG": "cross_region_remote_pct",
}
"""Columns of `mart_cluster_year` by the indicator over the members of a cluster."""

_KNOWN = "select count(*) from marts.dim_cluster where cluster_id = $cluster"
_COLUMNS = "from (describe marts.mart_cluster_year)"
_INPUTS = """
    select
        role_code, organisation_id, indicator_code, residence_region_code, value, unit_code,
        reason_code, value_printed, file_name, table_name, cell, received_at, file_id
    from marts.mart_cluster_year_input
    where
        cluster_id = $cluster and year = $year and column_name = $column
        and is_illustrative = $illustrative
    order by role_code, organisation_id, indicator_code, residence_region_code, file_name, cell
"""
_DEFINITION = """
    select indicator_code, name_ru, name_en, definition from marts.dim_indicator
    where indicator_code in (select unnest($codes)) order by indicator_code
"""


@dataclass(frozen=True)
class ClusterExplanation:
    """A figure of a cluster with the cells that it is made of.

    Attributes:
        cluster_id: The cluster.
        name: Its name.
        year: Calendar year.
        column_name: Column of `mart_cluster_year`.
        value: Its value.
        currency_code: Currency of money.
        is_illustrative: Whether it is published nowhere.
        definitions: Of the indicators that enter.
        inputs: One row per cell: role, organisation, indicator, value, unit, file, table, cell,
            text as printed, time of arrival.
    """

    cluster_id: str
    name: str
    year: int
    column_name: str
    value: Any
    currency_code: str | None
    is_illustrative: bool
    definitions: tuple[Row, ...]
    inputs: tuple[Row, ...]

    def as_json(self) -> Row:
        """Plain values."""
        return asdict(self)


def is_registered(settings: Settings, cluster: str) -> bool:
    """Whether the published register of clusters has this code."""
    with publish.reader(settings) as connection:
        try:
            found = connection.execute(_KNOWN, {"cluster": cluster}).fetchall()
        except duckdb.CatalogException:  # built before there were reports
            return False
    return bool(found[0][0])


def explain_cluster(
    settings: Settings, *, cluster: str, indicator: str, year: int
) -> ClusterExplanation:
    """Trace one column of `mart_cluster_year` to the cells of reports.

    The column may be named by the indicator that it holds; a sum is then that of the members who
    reported, also where they are too few for the indicator.

    A reported figure goes before an illustrative one of the same cluster and year.

    Raises:
        WarehouseError: `figure_unknown`, with the columns or years that there are;
            `query_failed` for a warehouse that another version built.
    """
    with marts.session(settings) as connection:
        columns = [str(row[0]) for row in connection.execute(_COLUMNS).fetchall()]
        indicator = COLUMNS.get(indicator, indicator)
        if indicator not in columns:
            near = ", ".join(name for name, _, _ in process.extract(indicator, columns, limit=5))
            raise _unknown("a column of mart_cluster_year", f"«{indicator}»; nearest: {near}")
        figure = _figure(connection, cluster, indicator, year)
        given = {"cluster": cluster, "year": year, "column": indicator}
        inputs = records(connection, _INPUTS, {**given, "illustrative": figure["is_illustrative"]})
        codes = sorted({row["indicator_code"] for row in inputs if row["indicator_code"]})
        return ClusterExplanation(
            cluster_id=cluster,
            name=str(figure["cluster_name"]),
            year=year,
            column_name=indicator,
            value=figure["value"],
            currency_code=figure["currency_code"],
            is_illustrative=bool(figure["is_illustrative"]),
            definitions=tuple(records(connection, _DEFINITION, {"codes": codes})),
            inputs=tuple(inputs),
        )


def _figure(connection: duckdb.DuckDBPyConnection, cluster: str, column: str, year: int) -> Row:
    query = f"""
        select mart.year, mart."{column}" as value, mart.currency_code, mart.is_illustrative,
            (
                select arg_max(coalesce(name_ru, cluster_id), valid_from)
                from marts.dim_cluster as known where known.cluster_id = mart.cluster_id
            ) as cluster_name
        from marts.mart_cluster_year as mart
        where mart.cluster_id = $cluster
        order by mart.year, mart.is_illustrative
    """  # noqa: S608  (the column was looked up)
    years = records(connection, query, {"cluster": cluster})
    found = [row for row in years if row["year"] == year]
    if not found:
        known = ", ".join(str(row["year"]) for row in years) or "none"
        raise _unknown(f"a year of {cluster}", f"{year}; there are {known}")
    return found[0]


def _unknown(expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.FIGURE_UNKNOWN,
        expected=expected,
        found=found,
        action="Ask for one of these.",
    )


def tree(found: ClusterExplanation) -> Tree:
    """The explanation as a tree: definitions, then the cells by role."""
    root = Tree(
        f"[bold]{escape(found.column_name)} of {escape(found.name)} "
        f"({escape(found.cluster_id)}), {found.year}[/]"
    )
    made = " — illustrative: published nowhere" if found.is_illustrative else ""
    value = "no value" if found.value is None else str(found.value)
    root.add(f"[bold]{escape(value)}[/]{made}")
    for row in found.definitions:
        root.add(escape(f"{row['name_ru']} ({row['indicator_code']}): {row['definition']}"))
    for role in dict.fromkeys(row["role_code"] for row in found.inputs):
        _add_role(root, role, [row for row in found.inputs if row["role_code"] == role])
    if not found.inputs:
        root.add("no cell stands behind it")
    return root


def _add_role(root: Tree, role: str, rows: Sequence[Row]) -> None:
    branch = root.add(f"[bold]{escape(ROLES.get(role, role))}[/]: {len(rows)} cells")
    for row in rows[:SHOWN]:
        whose = row["organisation_id"] or ""
        where = f" {row['residence_region_code']}" if row["residence_region_code"] else ""
        what = f"{whose} {row['indicator_code'] or ''}{where}".strip()
        leaf = branch.add(escape(f"{what}: {_value(row)}"))
        cell = f"{row['file_name']} › {row['table_name']} › {row['cell']}"
        leaf.add(escape(f"{cell}: «{row['value_printed'] or ''}», arrived {row['received_at']}"))
    if len(rows) > SHOWN:
        branch.add(f"… {len(rows) - SHOWN} more: --json")


def _value(row: Row) -> str:
    if row["indicator_code"] is None:
        return "counted"
    if row["value"] is None:
        return f"no value ({row['reason_code']})"
    return f"{row['value']:,.10g} {row['unit_code']}".replace(",", " ")
