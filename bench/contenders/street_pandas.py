"""Does by a script what the street does: pandas with openpyxl, then one table in DuckDB.

It reads the sheet that the mart needs, melts it, keeps the figure of the last file, and writes
the table. It keeps no originals, knows no footnotes, checks nothing and names no cells.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd

from bench.mart import TOTAL_SHEET, digest
from bench.probe import Probe, run


def melted(path: Path, codes: dict[str, str]) -> pd.DataFrame:
    """Region, year and population of one workbook."""
    sheet = pd.read_excel(path, sheet_name=TOTAL_SHEET, index_col=0, engine="openpyxl")
    sheet.index = sheet.index.str.strip()
    long = sheet.rename_axis("region").reset_index()
    long = long.melt(id_vars="region", var_name="year", value_name="population")
    long["region_code"] = long["region"].map(codes)
    long["population"] = pd.to_numeric(long["population"], errors="coerce")
    long["file_name"] = path.name
    return long.dropna(subset=["population"])


def mart(paths: list[Path], codes: dict[str, str], database: Path) -> list[tuple[str, int, int]]:
    """Write and read the mart."""
    figures = pd.concat([melted(path, codes) for path in paths], ignore_index=True)
    latest = figures.sort_values("file_name").groupby(["region_code", "year"]).tail(1)
    table = latest[["region_code", "year", "population"]].astype({"year": int, "population": int})
    with duckdb.connect(str(database)) as connection:
        connection.register("latest", table)
        connection.execute("create or replace table mart_region_year as select * from latest")
        query = "select * from mart_region_year order by region_code, year"
        rows: list[tuple[str, int, int]] = connection.execute(query).fetchall()
    return rows


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in an inbox; arguments: home, inbox, JSON file of names to region codes."""
    home, inbox, names = (Path(argument) for argument in arguments)
    home.mkdir(parents=True, exist_ok=True)
    codes = json.loads(names.read_text(encoding="utf-8"))
    with probe.time():
        rows = mart(sorted(inbox.glob("*.xlsx")), codes, home / "pandas.duckdb")
    probe.facts["mart"] = digest(rows)


if __name__ == "__main__":
    run(work)
