"""Reading the published file from elsewhere: what the page promises, comments, and `serve`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.served import served_home
from warehouse.errors import Code, WarehouseError
from warehouse.serve import entrance, serving, site
from warehouse.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "how-to" / "connect.md"


def _block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1]


def test_the_python_of_the_page_runs(published: Path) -> None:
    code = _block("python").replace("data/warehouse.duckdb", str(published))
    ending = "\nassert len(wages) > 100\nassert list(wages)[2] == 'wage_nominal'\n"
    subprocess.run([sys.executable, "-c", code + ending], check=True)


def test_the_sql_of_the_page_runs_beside_an_own_file(published: Path, tmp_path: Path) -> None:
    sql = _block("sql").replace("data/warehouse.duckdb", str(published))
    with duckdb.connect(str(tmp_path / "own.duckdb")) as connection:
        connection.execute(sql)
        [(count,)] = connection.execute("select count(*) from mine").fetchall()
    assert count > 20


def test_readers_keep_reading_while_another_build_is_published(
    published: Path, tmp_path: Path
) -> None:
    live = tmp_path / "warehouse.duckdb"
    shutil.copyfile(published, live)
    read = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(c.execute('select count(*) from marts.dim_region').fetchone()[0], flush=True);"
        "sys.stdin.readline();"
        "print(c.execute('select count(*) from marts.dim_region').fetchone()[0])"
    )
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", read, str(live)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    first = [reader.stdout.readline() for reader in readers if reader.stdout]
    newer = tmp_path / "newer.duckdb"
    with duckdb.connect(str(newer)) as connection:
        connection.execute("create schema marts; create table marts.dim_region as select 1 as one")
    os.replace(newer, live)  # noqa: PTH105  (what publishing does)
    with duckdb.connect(str(live), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_region").fetchone() == (1,)
    for reader, count in zip(readers, first, strict=True):
        said, _ = reader.communicate("\n", timeout=60)
        assert said == count
        assert int(count) > 900
        assert reader.returncode == 0


def test_tables_and_columns_are_described_in_the_file(published: Path, public: Path) -> None:
    silent = """
        select schema_name, table_name from duckdb_tables()
        where schema_name in ('marts', 'ops') and comment is null
        union all
        select schema_name, view_name from duckdb_views()
        where schema_name = 'marts' and comment is null
        union all
        select table_name, column_name from duckdb_columns()
        where schema_name in ('marts', 'ops', 'seeds') and comment is null
    """
    unit = """
        select comment from duckdb_columns()
        where table_name = 'mart_indicator' and column_name = 'unit_code'
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute(silent).fetchall() == []
        said = connection.execute(unit).fetchall()
    assert said == [("Unit of the value, always a base unit; code of `dim_unit`.",)]
    with duckdb.connect(str(public), read_only=True) as connection:
        assert connection.execute(unit).fetchall() == said


def test_serve_shows_the_newest_report_and_nothing_beside_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(WarehouseError) as refused:
        site(settings)
    assert refused.value.problem.code is Code.NOTHING_PUBLISHED
    for year in ("2023", "2024"):
        page = tmp_path / "reports" / year / "ru" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(year, encoding="utf-8")
    (tmp_path / "reports" / "2024" / ".secret").write_text("x", encoding="utf-8")
    (tmp_path / "warehouse.duckdb").write_text("x", encoding="utf-8")
    folder = site(settings)
    assert folder.name == "2024"
    assert site(settings, 2023).name == "2023"
    with serving(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        assert httpx.get(base + entrance(folder)).text == "2024"
        for path in ("", ".secret", "../warehouse.duckdb", "%2e%2e/warehouse.duckdb"):
            assert httpx.get(base + path).status_code == 404
        server.shutdown()


def test_serve_says_its_address_and_ends_when_interrupted(tmp_path: Path) -> None:
    page = tmp_path / "reports" / "2024" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("hello", encoding="utf-8")
    with served_home(tmp_path) as address:
        assert httpx.get(address).text == "hello"
