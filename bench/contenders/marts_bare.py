"""Runs the compiled SQL of a build in one DuckDB session; arguments: script, file to build."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from bench.probe import Probe, run

OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def counts(path: Path) -> dict[str, int]:
    """Rows of every mart."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
        ).fetchall()
        return {
            name: connection.execute(f'select count(*) from marts."{name}"').fetchall()[0][0]  # noqa: S608
            for (name,) in tables
        }


def work(probe: Probe, arguments: list[str]) -> None:
    """Execute every statement in order, then close the file."""
    script, file = (Path(argument) for argument in arguments)
    statements = json.loads(script.read_text(encoding="utf-8"))
    with probe.time("build"), duckdb.connect(str(file), config=dict(OFFLINE)) as connection:
        for statement in statements:
            connection.execute(statement).fetchall()
        connection.execute("checkpoint")
    probe.facts["rows"] = counts(file)


if __name__ == "__main__":
    run(work)
