"""Loads the same sheets with dlt: Arrow tables from python-calamine into DuckDB, then one query.

dlt keeps its state and its load packages; the rest is as in the script with pandas.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
import python_calamine

from bench.mart import TOTAL_SHEET, digest
from bench.probe import Probe, run

MART = """
    with ranked as (
        select
            *,
            row_number() over (
                partition by region_code, year order by file_name desc
            ) as number,
        from bench.figures
    )

    select region_code, year, population from ranked where number = 1
    order by region_code, year
"""


def tables(paths: list[Path], codes: dict[str, str]) -> Iterator[pa.Table]:
    """One Arrow table for each workbook."""
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        header, *rows = book.get_sheet_by_name(TOTAL_SHEET).to_python(skip_empty_area=False)
        found = [
            (codes[str(row[0]).strip()], int(year), int(value))
            for row in rows
            for year, value in zip(header[1:], row[1:], strict=True)
            if isinstance(value, (int, float))
        ]
        region, year, population = zip(*found, strict=True)
        yield pa.table(
            {
                "region_code": region,
                "year": year,
                "population": population,
                "file_name": [path.name] * len(found),
            }
        )


def pipeline_below(home: Path) -> dlt.Pipeline:
    """A pipeline into a DuckDB file; its state and the file stand below a folder."""
    return dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=str(home / "pipelines"),
        destination=dlt.destinations.duckdb(str(home / "dlt.duckdb")),
        dataset_name="bench",
    )


def work(probe: Probe, arguments: list[str]) -> None:
    """Take in an inbox; arguments: home, inbox, JSON file of names to region codes."""
    home, inbox, names = (Path(argument) for argument in arguments)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    codes = json.loads(names.read_text(encoding="utf-8"))
    with probe.time():
        pipeline = pipeline_below(home)
        paths = sorted(inbox.glob("*.xlsx"))
        figures = dlt.resource(tables(paths, codes), name="figures", write_disposition="append")
        pipeline.run(figures)
        with pipeline.sql_client() as client, client.execute_query(MART) as cursor:
            rows = cursor.fetchall()
    probe.facts["mart"] = digest(rows)


if __name__ == "__main__":
    run(work)
