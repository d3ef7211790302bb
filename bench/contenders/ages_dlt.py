"""Loads large workbooks with dlt: Arrow tables from python-calamine into DuckDB, then one query."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
import python_calamine

from bench.contenders.street_dlt import pipeline_below
from bench.mart import AGE_FIGURES, AGE_MART, digest
from bench.probe import Probe, run


def tables(paths: list[Path]) -> Iterator[pa.Table]:
    """One Arrow table for each sheet of each workbook."""
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sex, age = name.split()
            _, header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            labels, *columns = zip(*rows, strict=True)
            years = [int(year) for year in header[1:]]
            count = len(labels) * len(years)
            yield pa.table(
                {
                    "region_code": labels * len(years),
                    "year": [year for year in years for _ in labels],
                    "population": [int(value) for column in columns for value in column],
                    "sex": pa.repeat(sex, count),
                    "age": pa.repeat(age, count),
                }
            )


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in an inbox; arguments: home, inbox."""
    home, inbox = (Path(argument) for argument in arguments)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    with probe.time():
        pipeline = pipeline_below(home)
        paths = sorted(inbox.glob("*.xlsx"))
        figures = dlt.resource(tables(paths), name="figures", write_disposition="append")
        pipeline.run(figures)
        with pipeline.sql_client() as client:
            client.execute_sql(AGE_MART)
            rows = client.execute_sql("select * from mart_region_year")
            counted = client.execute_sql(AGE_FIGURES)
    probe.facts["mart"] = digest(rows or ())
    probe.facts["figures"] = (counted or [None])[0]


if __name__ == "__main__":
    run(work)
