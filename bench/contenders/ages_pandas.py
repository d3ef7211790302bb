"""Does by a script what the street does with large workbooks: pandas with openpyxl.

It melts every sheet of every workbook, and writes a table of all figures and the mart of totals.
It keeps no originals, knows no footnotes, checks nothing and names no cells.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from bench.mart import AGE_FIGURES, AGE_MART, digest
from bench.probe import Probe, run


def melted(path: Path) -> pd.DataFrame:
    """All figures of one workbook."""
    sheets = pd.read_excel(path, sheet_name=None, header=1, index_col=0, engine="openpyxl")
    together = pd.concat(sheets, names=["sheet", "region_code"])
    together.columns.name = "year"
    long = together.stack().rename("population").reset_index()
    long[["sex", "age"]] = long["sheet"].str.split(" ", expand=True)
    return long.drop(columns="sheet")


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in an inbox; arguments: home, inbox."""
    home, inbox = (Path(argument) for argument in arguments)
    home.mkdir(parents=True, exist_ok=True)
    with probe.time():
        paths = sorted(inbox.glob("*.xlsx"))
        figures = pd.concat([melted(path) for path in paths], ignore_index=True)
        with duckdb.connect(str(home / "pandas.duckdb")) as connection:
            connection.register("melted", figures)
            connection.execute("create table figures as select * from melted")
            connection.execute(AGE_MART)
            rows = connection.execute("from mart_region_year").fetchall()
            counted = connection.execute(AGE_FIGURES).fetchone()
    probe.facts["mart"] = digest(rows)
    probe.facts["figures"] = counted


if __name__ == "__main__":
    run(work)
