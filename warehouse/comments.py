"""Writes what the project says of its tables and columns into the file, where tools show it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("marts", "ops", "seeds")
"""What people query; the models between are documented in the dbt site."""
_RELATIONS = """
select schema_name, table_name, 'table' from duckdb_tables()
union all
select schema_name, view_name, 'view' from duckdb_views() where not internal
"""


def comment(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Comment on every documented table and column of the schemas that people query.

    Args:
        connection: The build, open for writing.
        manifest: The `manifest.json` that dbt wrote for this build.
    """
    kinds = {
        (schema, name): kind for schema, name, kind in connection.execute(_RELATIONS).fetchall()
    }
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    connection.begin()
    for node in nodes:
        kind = kinds.get((node["schema"], node.get("alias")))
        if kind and node["schema"] in SCHEMAS:
            for statement in _statements(kind, node):
                connection.execute(statement)
    connection.commit()


def _statements(kind: str, node: Mapping[str, Any]) -> Iterator[str]:
    name = f'"{node["schema"]}"."{node["alias"]}"'
    if node["description"]:
        yield f"comment on {kind} {name} is {_literal(node['description'])}"
    for column, said in node["columns"].items():
        if said["description"]:
            yield f'comment on column {name}."{column}" is {_literal(said["description"])}'


def _literal(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"
