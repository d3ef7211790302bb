"""Is a build what was staged, and how does it differ from another one? Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import Code, WarehouseError

RECONCILED = {
    "fct_observation": "observation",
    "ops_file_outcome": "file_outcome",
    "ops_rejected_cell": "rejected_cell",
    "ops_check_result": "check_result",
}
"""Model to the staged table whose rows it must hold, all of them and no others."""

IDENTITY = {
    "fct_observation": "(observation_id, value)",
    "ops_file_outcome": "(file_id, file_name, outcome_code)",
    "ops_rejected_cell": "rejected_id",
    "ops_check_result": "(check_id, is_success)",
}
SHOWN = 20


@dataclass(frozen=True)
class TableKey:
    """Where a mart lies and which columns identify its rows."""

    schema: str
    columns: tuple[str, ...]


def reconcile(build: Path, parts: Mapping[str, Sequence[Path]]) -> dict[str, int]:
    """Compare a build with the staged rows that it was made from.

    Args:
        build: The DuckDB file.
        parts: Staged table to the parts that were active.

    Returns:
        Rows by model.

    Raises:
        WarehouseError: `audit_failed` for the first model that lost, gained or changed rows.
    """
    with duckdb.connect(str(build), read_only=True) as connection:
        tables = _tables(connection, None)
        for model, staged in RECONCILED.items():
            if model not in tables:
                raise _failed(model, f"the model {model}", "no table of that name")
            place = f'"{tables[model]}"."{model}"'
            built = _digest(connection, place, model, None)
            paths = [str(path) for path in parts[staged]]
            wanted = _digest(connection, "read_parquet($parts)", model, paths)
            if built != wanted:
                raise _failed(model, _described(wanted), _described(built))
        return {
            name: _count(connection, f'"{schema}"."{name}"')
            for name, schema in tables.items()
            if schema in ("marts", "ops")
        }


def _digest(
    connection: duckdb.DuckDBPyConnection, place: str, model: str, parts: list[str] | None
) -> tuple[int, int]:
    query = f"select count(*), bit_xor(hash({IDENTITY[model]})) from {place}"  # noqa: S608
    given = {"parts": parts} if parts is not None else None
    rows = connection.execute(query, given).fetchall()
    return int(rows[0][0]), int(rows[0][1] or 0)


def _described(digest: tuple[int, int]) -> str:
    return f"{digest[0]} rows with the fingerprint {digest[1] % 10**8:08d}"


def _count(connection: duckdb.DuckDBPyConnection, place: str) -> int:
    rows = connection.execute(f"select count(*) from {place}").fetchall()  # noqa: S608
    return int(rows[0][0])


def _tables(connection: duckdb.DuckDBPyConnection, database: str | None) -> dict[str, str]:
    query = """
        select table_name, schema_name
        from duckdb_tables()
        where database_name = coalesce($database, current_database())
        order by table_name
    """
    rows = connection.execute(query, {"database": database}).fetchall()
    return {str(name): str(schema) for name, schema in rows}


def _failed(model: str, expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.AUDIT_FAILED,
        expected=f"{expected} in {model}, as staged",
        found=found,
        action="The published warehouse stays as it was. Look for a join or filter in the model "
        "that loses or repeats rows.",
        table=model,
    )


def difference(
    build: Path, other: Path | None, keys: Mapping[str, TableKey]
) -> dict[str, dict[str, Any]]:
    """Rows added, removed and changed per mart, from `other` to `build`.

    Args:
        build: The newer DuckDB file.
        other: The one before; None when there is none.
        keys: The marts to compare.

    Returns:
        Mart to counts and the keys of the first rows of each kind.
    """
    with duckdb.connect() as connection:
        _attach(connection, build, "build")
        if other is not None:
            _attach(connection, other, "other")
        before = _tables(connection, "other") if other is not None else {}
        return {
            name: _table_difference(connection, name, key, is_known=name in before)
            for name, key in sorted(keys.items())
        }


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, alias: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {alias} (read_only)")


def _table_difference(
    connection: duckdb.DuckDBPyConnection, name: str, key: TableKey, *, is_known: bool
) -> dict[str, Any]:
    place = f'"{key.schema}"."{name}"'
    if not is_known:
        added = _count(connection, f"build.{place}")
        return {"added": added, "removed": 0, "changed": 0, "is_new": True, "examples": {}}
    ours = _columns(connection, "build", key.schema, name)
    theirs = _columns(connection, "other", key.schema, name)
    common = [column for column in ours if column in theirs]
    connection.execute(_changes_query(place, key.columns, common))
    counts = dict(connection.execute("select kind, count(*) from changes group by kind").fetchall())
    return {
        **{kind: int(counts.get(kind, 0)) for kind in ("added", "removed", "changed")},
        "is_new": False,
        "columns_added": [column for column in ours if column not in theirs],
        "columns_removed": [column for column in theirs if column not in ours],
        "examples": {kind: _examples(connection, kind) for kind in sorted(counts)},
    }


def _changes_query(place: str, key: Sequence[str], columns: Sequence[str]) -> str:
    key_text = "to_json([" + ", ".join(f'cast("{name}" as varchar)' for name in key) + "])"
    content = "hash(" + ", ".join(f'"{name}"' for name in columns) + ")"
    side = "select cast({key} as varchar) as key, {content} as content from {place}"
    ours = side.format(key=key_text, content=content, place=f"build.{place}")
    theirs = side.format(key=key_text, content=content, place=f"other.{place}")
    return f"""
        create or replace temp table changes as
        with ours as ({ours}),
        theirs as ({theirs})
        select
            coalesce(ours.key, theirs.key) as key,
            case
                when theirs.key is null then 'added'
                when ours.key is null then 'removed'
                else 'changed'
            end as kind,
        from ours
        full outer join theirs on ours.key = theirs.key
        where ours.content is distinct from theirs.content
    """  # noqa: S608


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, name: str
) -> list[str]:
    query = """
        select column_name
        from duckdb_columns()
        where database_name = $database and schema_name = $schema and table_name = $name
        order by column_index
    """
    given = {"database": database, "schema": schema, "name": name}
    return [str(row[0]) for row in connection.execute(query, given).fetchall()]


def _examples(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    query = "select key from changes where kind = $kind order by key limit $shown"
    rows = connection.execute(query, {"kind": kind, "shown": SHOWN}).fetchall()
    return [str(row[0]) for row in rows]
