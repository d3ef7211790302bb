"""From all figures of a report to their printed cells, in one query per kind of figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from warehouse.marts import Row, records
from warehouse.reports.model import SEPARATOR, File, Kind, Source, Trace

SHOWN = 12
"""Cells that are kept of a figure; their number is kept of all."""
_YEAR = 4
"""Which part of the key of an indicator's figure is its year."""

_LAST_DAY = "make_date(asked.year, 12, 31)"
_INDICATOR = """
    with asked as (
        select
            id,
            part[1] as indicator_code,
            part[2] as region_code,
            part[3] as activity_classifier,
            part[4] as activity_code,
            cast(part[5] as integer) as year,
            part[6] as base_indicator_code,
            part[7] as method_version,
            part[8] as unit_code
        from (select id, string_split(id, '|') as part from (select unnest($ids) as id))
    )

    select asked.id, made.role_code, obs.file_id, obs.table_name, obs.cell, obs.value_printed
    from marts.mart_indicator_input as made
    inner join asked
        on made.indicator_code = asked.indicator_code
        and made.region_code = asked.region_code
        and made.activity_classifier = asked.activity_classifier
        and made.activity_code = asked.activity_code
        and made.year = asked.year
        and made.base_indicator_code = asked.base_indicator_code
        and made.method_version = asked.method_version
        and made.unit_code = asked.unit_code
    inner join marts.fct_observation as obs on made.observation_id = obs.observation_id
    where made.indicator_code = $indicator_code and made.year between $first_year and $last_year
"""
_CLUSTER = """
    with asked as (
        select
            id,
            part[1] as cluster_id,
            cast(part[2] as boolean) as is_illustrative,
            cast(part[3] as integer) as year,
            part[4] as column_name
        from (select id, string_split(id, '|') as part from (select unnest($ids) as id))
    )

    select asked.id, made.role_code, made.file_id, made.table_name, made.cell, made.value_printed
    from marts.mart_cluster_year_input as made
    inner join asked
        on made.cluster_id = asked.cluster_id
        and made.is_illustrative = asked.is_illustrative
        and made.year = asked.year
        and made.column_name = asked.column_name
"""
_CLUSTERS = """
    with asked as (
        select
            id,
            part[1] as country_code,
            cast(part[2] as integer) as year,
            part[3] as column_name
        from (select id, string_split(id, '|') as part from (select unnest($ids) as id))
    )

    select asked.id, made.role_code, made.file_id, made.table_name, made.cell, made.value_printed
    from asked
    inner join marts.mart_cluster_year as mart
        on asked.country_code = mart.country_code and asked.year = mart.year
    inner join marts.mart_cluster_year_input as made
        on mart.cluster_id = made.cluster_id
        and mart.is_illustrative = made.is_illustrative
        and asked.year = made.year
        and asked.column_name = made.column_name
"""
_STATUS = f"""
    with asked as (
        select
            id,
            split_part(id, '|', 1) as country_code,
            cast(split_part(id, '|', 2) as integer) as year,
            split_part(id, '|', 3) as status_code
        from (select unnest($ids) as id)
    )

    select
        asked.id, 'row' as role_code, status.file_id, status.table_name, status.cell,
        status.status_code as value_printed
    from asked
    inner join marts.fct_cluster_status as status
        on asked.country_code = status.country_code
        and (asked.status_code = status.status_code or asked.status_code = '_T')
        and status.valid_from <= {_LAST_DAY}
        and coalesce(status.valid_to, date '9999-12-31') >= {_LAST_DAY}
"""  # noqa: S608
_PROJECT = """
    with latest as (
        select *,
            concat_ws(
                '|', cluster_id, project_id, is_illustrative, indicator_code, year, value_kind
            ) as id,
            row_number() over (
                partition by
                    cluster_id, project_id, is_illustrative, indicator_code, year, value_kind
                order by stated_on desc nulls last, received_at desc, row_id
            ) as place
        from marts.fct_project_value
    )

    select id, value_kind as role_code, file_id, table_name, cell, value_printed
    from latest
    where place = 1 and id in (select unnest($ids))
"""
_SUPPORT = """
    with instrument as (
        select
            concat_ws(
                '|', cluster_id, is_illustrative, year, currency_code, instrument_code
            ) as id,
            *
        from marts.fct_support
    )

    select
        id, 'row' as role_code, file_id, table_name, cell,
        cast(paid_amount as varchar) as value_printed
    from instrument
    where id in (select unnest($ids))
"""
_NETWORK = f"""
    with asked as (
        select
            id,
            split_part(id, '|', 1) as cluster_id,
            cast(split_part(id, '|', 2) as boolean) as is_illustrative,
            cast(split_part(id, '|', 3) as integer) as year
        from (select unnest($ids) as id)
    )

    select
        asked.id, 'row' as role_code, link.file_id, link.table_name, link.cell,
        link.link_type as value_printed
    from asked
    inner join marts.fct_link as link
        on asked.cluster_id = link.cluster_id
        and asked.is_illustrative = link.is_illustrative
        and link.link_level = 'organisation'
        and link.valid_from <= {_LAST_DAY}
        and coalesce(link.valid_to, date '9999-12-31') >= {_LAST_DAY}
"""  # noqa: S608
_CELLS = {
    Kind.INDICATOR: _INDICATOR,
    Kind.CLUSTER: _CLUSTER,
    Kind.CLUSTERS: _CLUSTERS,
    Kind.STATUS: _STATUS,
    Kind.PROJECT: _PROJECT,
    Kind.SUPPORT: _SUPPORT,
    Kind.NETWORK: _NETWORK,
}
_FIRST = """
    with cells as ({cells})

    select
        id,
        count(*) as cell_count,
        list(distinct file_id order by file_id) as file_ids,
        list(
            {{role: role_code, file_id: file_id, table_name: table_name, cell: cell,
              printed: value_printed}}
            order by role_code <> 'value', role_code, file_id, table_name, length(cell), cell
        )[1:{shown}] as cells
    from cells
    group by id
"""
_FILES = """
    select file_id, file_name, provider_name, title, licence, source_url, received_at,
        is_illustrative
    from marts.dim_source_file
    where file_id in (select unnest($files))
    order by file_name, file_id
"""


def key(kind: Kind, *parts: object) -> str:
    """The key of a figure: its kind, and what names its row in the mart of that kind."""
    plain = (str(part).lower() if isinstance(part, bool) else str(part) for part in parts)
    return SEPARATOR.join((kind.value, *plain))


def trace(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Trace]:
    """The cells of figures.

    Args:
        connection: The published file.
        keys: Keys of figures.

    Returns:
        By key; a figure that stands on no cell (none was reported) has an empty trace.
    """
    wanted: dict[Kind, list[str]] = {}
    for name in sorted(set(keys)):
        kind, _, rest = name.partition(SEPARATOR)
        wanted.setdefault(Kind(kind), []).append(rest)
    found: dict[str, Trace] = {}
    for kind, ids in wanted.items():
        query = _FIRST.format(cells=_CELLS[kind], shown=SHOWN)
        for given in _portions(ids) if kind is Kind.INDICATOR else [{"ids": ids}]:
            for row in records(connection, query, given):
                found[key(kind, row["id"])] = _trace(row)
        for rest in ids:
            found.setdefault(key(kind, rest), Trace(0, (), ()))
    return dict(sorted(found.items()))


def _portions(ids: Iterable[str]) -> list[dict[str, Any]]:
    """Figures by their indicator: the view of inputs then computes those of one indicator only.

    A plain comparison goes down to each table of that view; a list of figures to join with does
    not, and the view computes the inputs of the whole warehouse.
    """
    portions: dict[str, list[str]] = {}
    for one in ids:
        portions.setdefault(one.split(SEPARATOR, 1)[0], []).append(one)
    given = []
    for indicator_code, some in portions.items():
        years = [int(one.split(SEPARATOR)[_YEAR]) for one in some]
        given.append(
            {
                "ids": some,
                "indicator_code": indicator_code,
                "first_year": min(years),
                "last_year": max(years),
            }
        )
    return given


def _trace(row: Row) -> Trace:
    return Trace(
        count=row["cell_count"],
        cells=tuple(
            Source(
                role=cell["role"],
                file_id=cell["file_id"],
                table=cell["table_name"],
                cell=cell["cell"],
                printed=cell["printed"] or "",
            )
            for cell in row["cells"]
        ),
        files=tuple(row["file_ids"]),
    )


def files(connection: duckdb.DuckDBPyConnection, traces: Iterable[Trace]) -> dict[str, File]:
    """The files of traces, by id."""
    wanted = sorted({file_id for found in traces for file_id in found.files})
    return {
        row["file_id"]: File(
            file_id=row["file_id"],
            name=row["file_name"],
            provider=row["provider_name"] or "",
            title=row["title"] or "",
            licence=row["licence"] or "",
            address=row["source_url"] or "",
            received_on=row["received_at"].date().isoformat(),
            is_illustrative=bool(row["is_illustrative"]),
        )
        for row in records(connection, _FILES, {"files": wanted})
    }
