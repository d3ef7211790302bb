"""One `dbt build` of staged parts into a temporary DuckDB file, and queries on it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.parsed import lay_parsed_for
from warehouse import schema
from warehouse.build import _seldom_collecting, write_inputs
from warehouse.settings import PROJECT, Settings

Rows = Sequence[Mapping[str, Any]]
FILE = "warehouse.duckdb"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Warehouse:
    """The finished build, open for reading."""

    def __init__(self, file: Path) -> None:
        self._connection = duckdb.connect(str(file), read_only=True)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> dict[str, Any]:
        """The one row that a query gives, by column name."""
        result = self._connection.execute(query, values)
        names = [column[0] for column in result.description or []]
        found = result.fetchall()
        assert len(found) == 1, f"{len(found)} rows for {query} {values}"
        return dict(zip(names, found[0], strict=True))

    def close(self) -> None:
        self._connection.close()


class Builder(Protocol):
    """Builds staged rows: all models, or those of a selection and what they need."""

    def __call__(self, staged: Mapping[str, Rows], select: str | None = None) -> Warehouse: ...


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Build the project on staged rows; a table without rows is the empty typed part."""

    def built(staged: Mapping[str, Rows], select: str | None = None) -> Warehouse:
        folder = tmp_path_factory.mktemp("dbt")
        wrong = dbt_build(folder, staged, select)
        assert not wrong, wrong
        return Warehouse(folder / FILE)

    return built


def dbt_build(
    folder: Path,
    staged: Mapping[str, Rows],
    select: str | None = None,
    *,
    with_unit_tests: bool = False,
) -> dict[str, str]:
    """Stage the rows and build all, or a selection; returns what did not succeed, by node name.

    Unit tests prove the code and not the rows: one build with them is enough.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections, reset_adapters
    from dbt.cli.main import dbtRunner

    write_inputs(
        folder / FILE, _stage(folder, staged), build_id="test", built_at=NOW, code_version="0"
    )
    os.environ.update(WAREHOUSE_BUILD_FILE=str(folder / FILE), DO_NOT_TRACK="1")
    project, target = str(PROJECT / "dbt"), folder / "target"
    lay_parsed_for(target, folder / FILE, Settings(folder))
    try:
        with _seldom_collecting():
            result = dbtRunner().invoke(
                [
                    "build",
                    *("--project-dir", project),
                    *("--profiles-dir", project),
                    *("--target-path", str(target)),
                    *("--log-path", str(folder / "logs")),
                    *("--log-level", "none"),
                    # of a selection, only the tests that need no more than what is selected
                    *(("--select", select, "--indirect-selection", "cautious") if select else ()),
                    *(() if with_unit_tests else ("--exclude-resource-type", "unit_test")),
                ]
            )
    finally:
        cleanup_connections()
        reset_adapters()
        DuckDBConnectionManager.close_all_connections()  # else the file stays open
        os.environ.pop("WAREHOUSE_BUILD_FILE")
    results = getattr(result.result, "results", None)
    assert results, result.exception
    return {
        item.node.name: f"{item.status}: {item.message}"
        for item in results
        if str(item.status) not in ("success", "pass", "no-op")
    }


def _stage(folder: Path, staged: Mapping[str, Rows]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for table, columns in schema.TABLES.items():
        parts = [folder / f"{table}_empty.parquet"]
        pq.write_table(columns.empty_table(), parts[0])
        if staged.get(table):
            parts.append(folder / f"{table}.parquet")
            pq.write_table(pa.Table.from_pylist(list(staged[table]), columns), parts[1])
        found[table] = parts
    return found
