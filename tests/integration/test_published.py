"""The whole street on real samples: what stands in the published file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.parsed import lay_parsed
from warehouse import pipeline
from warehouse.settings import PROJECT, Settings

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(PROJECT / "samples" / "belstat", folder / "inbox" / "belstat")
    shutil.copytree(
        PROJECT / "samples" / "with-errors",
        folder / "inbox" / "with-errors",
        ignore=shutil.ignore_patterns("report_*"),
    )
    settings = lay_parsed(Settings(home=folder / "home"))
    summary = pipeline.run(settings, folder / "inbox", now=NOW)
    assert summary.exit_status == 3
    shutil.rmtree(settings.staged)  # the published file stands alone
    shutil.rmtree(settings.archive)
    return settings.home


@pytest.fixture
def warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    yield connection
    connection.close()


def test_golden_values(warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select value, reason_code from marts.mart_indicator
        where indicator_code = ? and region_code = ? and year = ?
    """
    assert warehouse.execute(sql, ["grp_per_capita", "BY-BR", 2024]).fetchall() == [(22800.1, None)]
    assert warehouse.execute(sql, ["wage_nominal", "BY", 2024]).fetchall() == [(2288.6, None)]
    absent = warehouse.execute(sql, ["wage_nominal", "BY", 2026]).fetchall()
    assert absent == [(None, "not_published")]


def test_every_table_can_be_read_without_any_other_file(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    tables = warehouse.execute(
        "select table_schema, table_name from information_schema.tables order by all"
    ).fetchall()
    assert {schema for schema, _ in tables} == {"intermediate", "marts", "ops", "seeds"}
    for schema, table in tables:
        warehouse.execute(f"select * from {schema}.{table} limit 1").fetchall()  # noqa: S608


def test_what_was_not_taken_in_is_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcomes = dict(
        warehouse.execute("select file_name, outcome_code from ops.ops_file_outcome").fetchall()
    )
    assert outcomes["with-errors/sme_wrong_total_illustrative.xlsx"] == "quarantined"
    refused = warehouse.execute(
        "select code, cell, suggestion from ops.ops_rejected_cell"
    ).fetchall()
    assert [(code, cell) for code, cell, _ in refused] == [("name_unknown", "A16")]
    assert "KZ-55" in refused[0][2]
    quarantined = warehouse.execute(
        "select count(*) from marts.fct_observation where contract_id like '%sme'"
    ).fetchone()
    assert quarantined == (0,)
