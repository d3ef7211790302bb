"""`warehouse export`: what the files hold, and that the published file is left alone."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.cli import main
from warehouse.errors import Code, WarehouseError
from warehouse.export import Format, _fill_sheet, _write_csv, export
from warehouse.settings import Settings


@pytest.fixture(autouse=True)
def _untouched(settings: Settings) -> Iterator[None]:
    before = hashlib.sha256(settings.published.read_bytes()).digest()
    yield
    assert hashlib.sha256(settings.published.read_bytes()).digest() == before


def test_parquet_holds_the_marts_as_they_are(settings: Settings, tmp_path: Path) -> None:
    done = export(settings, Format.parquet, folder=tmp_path)
    names = {item.table for item in done}
    assert {"mart_region_year", "mart_indicator", "dim_region", "fct_observation"} <= names
    path = next(item.path for item in done if item.table == "mart_region_year")
    differing = """
        select count(*) from (
            (from here.marts.mart_region_year except from read_parquet($path))
            union all (from read_parquet($path) except from here.marts.mart_region_year))"""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.published}' as here (read_only)")
        assert connection.execute(differing, {"path": str(path)}).fetchone() == (0,)


def test_csv_neutralises_what_a_spreadsheet_would_compute(tmp_path: Path) -> None:
    texts = ["=1+1", "+cmd", "@x", "-cmd|' /C'", "-5,2", "−", "-", "wage", None]
    table = pa.table({"text": texts, "value": [-1.5, None, 2, 3, 4, 5, 6, 7, 8]})
    _write_csv(table, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["text", "value"]
    assert [row[0] for row in rows[1:]] == [
        *("'=1+1", "'+cmd", "'@x", "'-cmd|' /C'"),
        *("-5,2", "−", "-", "wage", ""),
    ]
    assert rows[1][1] == "-1.5"
    assert rows[2][1] == ""


def test_workbook_has_numbers_filters_and_no_formula(settings: Settings, tmp_path: Path) -> None:
    [done] = export(
        settings, Format.xlsx, tables=["mart_region_year"], is_public=False, folder=tmp_path
    )
    sheet = openpyxl.load_workbook(done.path)["mart_region_year"]
    assert sheet.max_row == done.rows + 1
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref is not None
    header = [cell.value for cell in sheet[1]]
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        expected = connection.execute(
            "select sum(wage_nominal) from marts.mart_region_year"
        ).fetchone()
    wages = [row[header.index("wage_nominal")].value for row in sheet.iter_rows(min_row=2)]
    assert expected is not None
    assert sum(wage for wage in wages if wage is not None) == pytest.approx(expected[0])

    book = openpyxl.Workbook(write_only=True)
    _fill_sheet(book.create_sheet("t"), pa.table({"text": ["=HYPERLINK(1)", "\x07bell"]}))
    book.save(tmp_path / "t.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "t.xlsx")["t"]
    assert (cells["A2"].data_type, cells["A2"].value) == ("s", "=HYPERLINK(1)")
    assert cells["A3"].value == " bell"


def test_sdmx_csv_has_the_columns_and_codes_of_the_standard(
    settings: Settings, tmp_path: Path
) -> None:
    [done] = export(settings, Format.sdmx, is_public=True, folder=tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.published}' as here (read_only)")
        connection.execute(
            "create table sdmx as from read_csv($path, all_varchar = true)",
            {"path": str(done.path)},
        )
        names = [row[0] for row in connection.execute("describe sdmx").fetchall()]
        assert names[:4] == ["STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ"]
        assert {"REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"} <= set(names)
        unknown = """
            select count(*) from sdmx
            where "OBS_STATUS" not in
                (select status_code from here.seeds.statuses where status_kind = 'obs')
            or "CONF_STATUS" not in
                (select status_code from here.seeds.statuses where status_kind = 'conf')
            or ("CONF_STATUS" <> 'F' and "OBS_VALUE" is not null)
            or ("OBS_VALUE" is null and "REASON" is null)"""
        assert connection.execute(unknown).fetchone() == (0,)
        key = [name for name in names[3:13]]
        twice = f"select count(*) - count(distinct ({', '.join(key)})) from sdmx"  # noqa: S608
        assert connection.execute(twice).fetchone() == (0,)
        wage = """
            select "OBS_VALUE" from sdmx where "INDICATOR" = 'wage_nominal'
            and "REF_AREA" = 'BY' and "TIME_PERIOD" = '2024' and "ILLUSTRATIVE" = 'false'"""
        assert connection.execute(wage).fetchall() == [("2288.6",)]


def test_the_command_says_what_it_wrote(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["--home", str(settings.home), "export", "--format", "parquet", "--public"]
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--table", "dim_unit", "--out", str(tmp_path)])
    assert left.value.code == 0
    assert "dim_unit.parquet" in capsys.readouterr().out
    assert pq.read_table(tmp_path / "dim_unit.parquet").num_rows > 10


def test_an_unknown_table_is_refused_by_name(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError) as refused:
        export(settings, Format.csv, tables=["mart_region_yeer"], folder=tmp_path)
    assert refused.value.problem.code is Code.QUERY_FAILED
    assert "mart_region_year" in str(refused.value)
    with pytest.raises(WarehouseError):  # a private table is unknown to a public export
        export(settings, Format.csv, tables=["fct_membership"], is_public=True, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
