"""What everybody may see of the published warehouse: tables without a confidential figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse import disk
from warehouse.disclosure import KEY, Rule, protect
from warehouse.publish import sealed

BATCH = 100_000
"""Rows in memory at a time on their way into the file."""
STORAGE = "v1.0.0"
"""File format that DuckDB in the browser reads too, which is older than ours."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "dim_region": (),
    "dim_activity": (),
    "dim_indicator": (),
    "dim_unit": (),
    "dim_year": (),
    "dim_cluster": (
        *("cluster_id", "is_illustrative", "valid_from", "valid_to", "is_current"),
        *("country_code", "name_ru", "name_en", "home_region_code", "further_region_codes"),
        *("activity_classifier", "activity_codes", "category_code", "kind_code", "founded_on"),
    ),
    "fct_cluster_status": (
        *("cluster_id", "is_illustrative", "country_code", "status_code"),
        *("valid_from", "valid_to"),
    ),
    "dim_source_file": (
        *("file_id", "file_name", "provider_code", "provider_name", "dataset_code", "title"),
        *("licence", "source_url", "is_illustrative", "released_on"),
    ),
}
"""Mart to its public columns; none named: all of them."""


@contextmanager
def protected(
    published: Path, rule: Rule, countries: Sequence[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file that knows what is withheld.

    Args:
        published: The published file, or a copy of it.
        rule: When a figure is confidential.
        countries: Whose figures; none named: all.
    """
    with sealed(published) as shared, shared.cursor() as connection:  # temporary tables of its own
        protect(connection, rule, countries)
        yield connection


def public_tables() -> Mapping[str, str]:
    """Table of the schema `marts` to the query that gives its public rows.

    The queries are for the connection of `protected`.
    """
    listed = {
        name: f"select {', '.join(columns) or '*'} from marts.{name} order by all"  # noqa: S608
        for name, columns in COLUMNS.items()
    }
    listed["dim_source_file"] = _SOURCES.format(columns=", ".join(COLUMNS["dim_source_file"]))
    return {
        "mart_indicator": _INDICATORS,
        **listed,
        "dim_reason": "select * from seeds.reasons order by reason_code",
        "dim_status": "select * from seeds.statuses order by status_kind, status_code",
    }


def comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str | None], str]:
    """Comments of the published file: table and column, or None for the table itself."""
    found = connection.execute(
        "select table_name, null, comment from duckdb_tables() "
        "where schema_name = 'marts' and comment is not null union all "
        "select table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'marts' and comment is not null"
    )
    return {(table, column): text for table, column, text in found.fetchall()}


def write_public(published: Path, target: Path, rule: Rule, countries: Sequence[str] = ()) -> Path:
    """Write the public tables into a DuckDB file that stands alone.

    Args:
        published: The published file.
        target: The file to write; one of that name is replaced.
        rule: When a figure is confidential.
        countries: Whose figures; none named: all.

    Returns:
        `target`.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`.
    """
    temporary = disk.temporary_name(target)
    with disk.writing(target.parent), protected(published, rule, countries) as source:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        try:
            _fill(source, temporary)
            disk.rename(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


def _fill(source: duckdb.DuckDBPyConnection, file: Path) -> None:
    said = comments(source)
    with duckdb.connect(config={"threads": 1}) as connection:
        quoted = str(file).replace("'", "''")
        connection.execute(f"attach '{quoted}' as public (storage_version '{STORAGE}')")
        connection.execute("use public")
        connection.execute("create schema marts")
        for name, query in public_tables().items():
            rows = source.execute(query).to_arrow_reader(BATCH)
            connection.register("rows", rows)
            connection.execute(f"create table marts.{name} as select * from rows")  # noqa: S608
            connection.unregister("rows")
            for statement in _comments_on(name, rows.schema.names, said):
                connection.execute(statement)
        connection.execute("use memory")
        connection.execute("detach public")


def _comments_on(
    table: str, columns: list[str], said: Mapping[tuple[str, str | None], str]
) -> Iterator[str]:
    wanted = [("table", f"marts.{table}", said.get((table, None)))]
    wanted += [("column", f"marts.{table}.{name}", said.get((table, name))) for name in columns]
    for kind, name, text in wanted:
        if text is not None:
            quoted = text.replace("'", "''")
            yield f"comment on {kind} {name} is '{quoted}'"


_OWN_KEY = ", ".join(f"figure.{name}" for name in KEY.split(", "))
_SAME_SERIES = " and ".join(
    f"figure.{name} = hidden.{name}" for name in KEY.split(", ") if name != "year"
)

_INDICATORS = f"""
with hidden as (
    select figure.*, withheld.conf_status
    from withheld inner join figure using (figure_id)
),
hidden_change as (
    select figure.figure_id
    from figure inner join hidden
        on {_SAME_SERIES} and figure.is_illustrative = hidden.is_illustrative
        and figure.year in (hidden.year, hidden.year + 1)
    group by all
),
judged as (
    select
        figure.*,
        coalesce(
            case when figure.value is not null or figure.obs_status = 'Q'
                then withheld.conf_status end, 'F'
        ) as conf_status,
        withheld.figure_id is not null and figure.value is not null as is_withheld,
        withheld.figure_id is null as is_open,
        hidden_change.figure_id is null as is_change_open
    from figure
    left join withheld using (figure_id)
    left join hidden_change using (figure_id)
)
select
    {_OWN_KEY}, country_code, region_level, peer_group,
    case when is_open then value end as value,
    case when is_open then corrected_value end as corrected_value,
    correction_status, has_correction,
    case when is_withheld then 'Q' else obs_status end as obs_status,
    conf_status,
    case
        when not is_withheld then reason_code
        when conf_status in ('D', 'S') then 'confidential_input'
        else 'confidential'
    end as reason_code,
    coverage, imputed_share, reference_kind, vintage_on, formula_version, boundary_version,
    region_count, is_illustrative, is_primary, is_latest,
    case when is_open then rank end as rank,
    ranked_count, is_rank_illustrative,
    case when is_change_open then change end as change,
    change_unit_code,
    case when is_change_open then change_reason_code else 'confidential_input' end
        as change_reason_code,
    is_change_illustrative, period_end, file_id, table_name, cell,
    case when is_open then value_printed end as value_printed
from judged as figure
order by figure_id
"""  # noqa: S608

_SOURCES = """
select {columns} from marts.dim_source_file
where file_id in (select file_id from figure)
order by file_id
"""
