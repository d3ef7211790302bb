"""What a query may reach, and what is said of a published file that does not open."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse import cli, publish
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

READS = (
    "select a from t",
    "from t",
    "with x as (select 1) from x",
    "values (1)",
    "describe t",
    "show all tables",
    "summarize t",
    "explain select a from t",
    "explain analyze select a from t",
    "pivot t on a in (1, 2) using sum(b)",
    "/* first */ select 1 -- last",
    "select 1;",
)
WRITES = (
    "copy (select 'evil') to '{file}' (format csv, use_tmp_file false)",
    "copy t to '{file}' (format csv)",
    "copy t to '{file}.wal' (format csv, use_tmp_file false)",
    "copy t to '{file}.tmp/evil' (format csv, use_tmp_file false)",
    "explain analyze copy (select 1) to '{file}' (format csv, use_tmp_file false)",
    "explain /**/ analyze copy (select 1) to '{file}' (format csv, use_tmp_file false)",
    "export database '{home}/evil'",
    "attach '{file}' as other",
    "attach '{home}/evil.duckdb' as other",
    "create temp table x as select 1",
    "insert into t values (1, 2)",
    "delete from t",
    "checkpoint",
    "vacuum",
    "begin",
    "use main",
    "set threads = 1",
    "reset threads",
    "pragma enable_profiling",
    "pragma profiling_output = '{home}/evil.json'",
    "call enable_profiling(format = 'json', save_location = '{home}/evil.json')",
    "from enable_profiling(format = 'json', save_location = '{home}/evil.json')",
    "call enable_logging(storage = 'file', storage_path = '{home}/evil')",
    "from enable_logging('QueryLog', storage = 'file', storage_path = '{home}/evil')",
    "install httpfs",
    "load httpfs",
    "create secret (type s3)",
    "prepare x as select 1",
    "select 1; select 2",
    "select 1; copy t to '{file}.wal'",
)
REACHES = (
    "from read_text('{file}')",
    "from read_blob('{file}')",
    "from read_csv('{file}')",
    "from read_duckdb('{file}')",
    "from sniff_csv('{file}')",
    "from parquet_metadata('{file}')",
    "from '{file}'",
    "from query_table('{file}')",
    "from glob('{home}/*')",
    "from read_text('/proc/self/environ')",
    "from read_csv('https://example.org/a.csv')",
    "from duckdb_secrets()",
    "select getenv('HOME')",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose published file is a build under a second name."""
    made = Settings(home=tmp_path / "home")
    made.builds.mkdir(parents=True)
    build = made.builds / "20260301T120000Z-abcdef01.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute("create table t as select 1 as a, 2 as b")
    build.chmod(0o444)
    os.link(build, made.published)
    return made


def content(settings: Settings) -> dict[str, bytes]:
    files = (path for path in sorted(settings.home.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in files}


def refused(settings: Settings, sql: str, **more: Any) -> str:
    with pytest.raises(WarehouseError) as caught:
        publish.query(settings, sql, **more)
    assert caught.value.problem.code == Code.QUERY_FAILED, sql
    return caught.value.problem.message


@pytest.mark.parametrize("sql", READS)
def test_one_statement_that_reads_is_run(settings: Settings, sql: str) -> None:
    names, rows = publish.query(settings, sql)
    assert names
    assert rows


@pytest.mark.parametrize("sql", WRITES + REACHES)
def test_a_query_changes_nothing_and_reaches_nothing(settings: Settings, sql: str) -> None:
    before = content(settings)
    refused(settings, sql.format(file=settings.published, home=settings.home))
    assert content(settings) == before
    assert sorted(settings.home.iterdir()) == [settings.builds, settings.published]


@pytest.mark.parametrize("sql", [sql for sql in WRITES if sql.startswith("copy")])
def test_copy_has_no_file_system_even_when_it_is_run(settings: Settings, sql: str) -> None:
    before = content(settings)
    text = sql.format(file=settings.published, home=settings.home)
    with publish.reader(settings) as connection, pytest.raises(duckdb.Error):
        connection.execute(text)
    assert content(settings) == before


@pytest.mark.parametrize("sql", ["", "  ;", "-- nothing"])
def test_no_statement_is_no_query(settings: Settings, sql: str) -> None:
    assert "found no statement" in refused(settings, sql)


def test_a_refusal_says_what_to_do(settings: Settings) -> None:
    assert "found COPY. Ask for one SELECT" in refused(settings, "copy t to 'x'")
    assert "SELECT and SELECT" in refused(settings, "select 1; select 2")
    assert "on … in (…)" in refused(settings, "pivot t on a using sum(b)")
    assert "no_such" in refused(settings, "select no_such from t")


def test_a_query_has_a_time_limit(settings: Settings) -> None:
    slow = "select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7"
    said = refused(settings, slow, seconds=0.3)
    assert "no answer within 0.3 seconds" in said
    assert "--timeout" in said


def test_two_readers_at_a_time(settings: Settings) -> None:
    with publish.reader(settings) as one, publish.reader(settings) as other:
        assert one.execute("select a from t").fetchall() == [(1,)]
        assert other.execute("select b from t").fetchall() == [(2,)]


@pytest.mark.parametrize("data", [b"evil\n", b"", b"x" * 100_000])
def test_a_published_file_that_does_not_open(settings: Settings, data: bytes) -> None:
    assert publish.damage(settings.published) is None
    settings.published.unlink()
    settings.published.write_bytes(data)
    assert "not a valid DuckDB database" in str(publish.damage(settings.published))
    with pytest.raises(WarehouseError) as caught:
        publish.query(settings, "select 1")
    assert caught.value.problem.code == Code.BUILD_DAMAGED
    assert "warehouse run" in caught.value.problem.message


def test_a_file_that_another_program_has_open_is_not_damaged(settings: Settings) -> None:
    with duckdb.connect(str(settings.published), read_only=True):
        assert publish.damage(settings.published) is None


def ask(
    settings: Settings, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(["sql", *words, "--home", str(settings.home)])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_json_keeps_all_columns_and_all_digits(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = """
        select
            1 as a,
            2 as a,
            3 as a_1,
            1.10::decimal(18, 2) as price,
            12345678901234567890.12::decimal(38, 2) as long,
            5::decimal(18, 0) as whole,
            170141183460469231731687303715884105727::hugeint as huge,
            date '2024-01-02' as day,
            timestamp '2024-01-02 03:04:05' as moment,
            time '01:02:03' as clock,
            [1.5::decimal(4, 2)] as many,
            'nan'::double as nothing,
    """
    _, out, _ = ask(settings, capsys, sql, "--format", "json")
    (row,) = json.loads(out)
    assert row == {
        "a": 1,
        "a_2": 2,
        "a_1": 3,
        "price": 1.1,
        "long": "12345678901234567890.12",
        "whole": 5,
        "huge": 170141183460469231731687303715884105727,
        "day": "2024-01-02",
        "moment": "2024-01-02T03:04:05",
        "clock": "01:02:03",
        "many": [1.5],
        "nothing": None,
    }
    price = "select 1.10::decimal(18, 2) as price, 2 as price"
    assert ask(settings, capsys, price, "--format", "csv")[1] == "price,price\n1.10,2\n"
    assert ask(settings, capsys, price)[1].split() == ["price", "price", "1.10", "2"]
    (row,) = json.loads(ask(settings, capsys, price, "--format", "json")[1])
    assert row == {"price": 1.1, "price_1": 2}


def test_the_command_says_what_is_wrong(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, said = ask(settings, capsys, "")
    assert (status, out, "query_failed" in said, "Traceback" in said) == (1, "", True, False)
    slow = "select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7"
    status, _, said = ask(settings, capsys, slow, "--timeout", "0.3")
    assert (status, "within 0.3 seconds" in said) == (1, True)
    settings.published.chmod(0o644)
    settings.published.write_bytes(b"evil")
    status, _, said = ask(settings, capsys, "select 1")
    assert (status, "build_damaged" in said, "Traceback" in said) == (1, True, False)
