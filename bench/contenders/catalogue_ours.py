"""Builds the indicator models on generated facts, with dbt, as a build does.

Arguments: folder, countries, regions, activities, years.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections, reset_adapters
from dbt.cli.main import dbtRunner

from bench.harness import PROJECT
from bench.probe import Probe, run
from warehouse import schema
from warehouse.build import write_inputs

LIMIT = "6GiB"
FACTS = "int_observation__yearly"
MARTS = ("mart_indicator", "mart_region_activity_year", "mart_disparity_year")
ASKED = 20

_SIZES = "range({countries}) as c(c), range({regions}) as r(r), range({years}) as y(y)"
_REGIONS = """
    insert into seeds.regions by name
    select
        'C' || c as region_code, 'C' || c as country_code, cast(null as varchar) as parent_code,
        0 as region_level, 'country' as region_type, 'C' || c as name_ru, 'C' || c as name_en,
        false as is_residual
    from range({countries}) as c(c)
    union all by name
    select
        'C' || c || '-' || r as region_code, 'C' || c as country_code, 'C' || c as parent_code,
        1 as region_level, 'region' as region_type, 'R' || r as name_ru, 'R' || r as name_en,
        false as is_residual
    from range({countries}) as c(c), range({regions}) as r(r)
"""
_ACTIVITIES = """
    insert into seeds.activities by name
    select
        'X' as classifier_code, 'TOTAL' as activity_code, cast(null as varchar) as parent_code,
        0 as activity_level, 'X' as name_ru, 'X' as name_en
    union all by name
    select
        'X' as classifier_code, 'A' || a as activity_code, 'TOTAL' as parent_code,
        1 as activity_level, 'A' || a as name_ru, 'A' || a as name_en
    from range({activities}) as a(a)
"""
_FACTS = """
    create or replace table intermediate.int_observation__yearly as
    with cells as (
        select c, r, a, y, 'employment' as indicator_code, 'persons' as unit_code, 1000 as size
        from {sizes}, range({activities}) as a(a)
        union all
        select c, r, -1, y, indicator_code, unit_code, size
        from {sizes}, (
            values
                ('population', 'persons', 1000000), ('area', 'sq_km', 10000),
                ('establishments', 'units', 5000)
        ) as measure(indicator_code, unit_code, size)
    )

    select
        md5(concat_ws('-', indicator_code, c, r, a, y)) as observation_id,
        'file-' || c || '-' || y as file_id,
        indicator_code,
        'C' || c as country_code,
        'C' || c || '-' || r as region_code,
        'C' || c as parent_code,
        1 as region_level,
        'national-1' as peer_group,
        true as is_peer,
        case when a < 0 then '_Z' else 'X' end as activity_classifier,
        case when a < 0 then '_T' else 'A' || a end as activity_code,
        make_date(2000 + cast(y as int), 1, 1) as period_start,
        make_date(2000 + cast(y as int), 12, 31) as period_end,
        cast(2000 + y as integer) as year,
        '_Z' as method_version,
        true as is_primary,
        cast(1 + hash(c, r, a, indicator_code) % size + y as double) as value,
        unit_code,
        'A' as obs_status,
        'F' as conf_status,
        cast(null as varchar) as reason_code,
        false as is_illustrative,
        cast(null as varchar) as correction_id,
        cast(null as double) as corrected_value,
        cast(null as varchar) as correction_status,
        value as input_value,
        cast(null as varchar) as input_reason_code,
        cast(null as varchar) as input_correction,
        make_date(2001 + cast(y as int), 6, 1) as released_on,
        timestamptz '2026-01-01 00:00:00+00' as received_at
    from cells
"""
_QUESTION = "select * from marts.{name} where region_code = $region and year = $year"
_ASKED_OF = ("mart_indicator", "mart_region_activity_year")


def work(probe: Probe, arguments: list[str]) -> None:
    """Make an empty warehouse, put facts in, build all that follows from them, and ask."""
    folder = Path(arguments[0])
    countries, regions, activities, years = (int(text) for text in arguments[1:])
    sizes = {"countries": countries, "regions": regions, "activities": activities, "years": years}
    file = folder / "warehouse.duckdb"
    with probe.time("prepare"):
        _stage(folder, file)
        _dbt(folder, file, "build", "--exclude-resource-types", "test", "unit_test")
        with duckdb.connect(str(file), config={"memory_limit": LIMIT}) as connection:
            connection.execute(_REGIONS.format(**sizes))
            connection.execute(_ACTIVITIES.format(**sizes))
            connection.execute(_FACTS.format(sizes=_SIZES.format(**sizes), **sizes))
    with probe.time("build"):
        _dbt(folder, file, "run", "--select", f"{FACTS}+", "--exclude", FACTS)
    results = json.loads((folder / "target" / "run_results.json").read_bytes())["results"]
    spent = {each["unique_id"].split(".")[-1]: each["execution_time"] for each in results}
    slowest = sorted(spent, key=lambda name: -spent[name])[:15]
    probe.facts["seconds_of_models"] = {name: round(spent[name], 1) for name in slowest}
    with duckdb.connect(str(file), read_only=True) as connection:
        probe.facts["rows"] = {
            name: connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0]  # noqa: S608
            for name in MARTS
        }
        for name in _ASKED_OF:
            query = _QUESTION.format(name=name)
            asked = [_ask(connection, query, sizes, number) for number in range(ASKED)]
            probe.facts[f"question_to_{name}"] = round(statistics.median(asked), 4)
    probe.facts["file_mb"] = round(file.stat().st_size / 1024**2)


def _stage(folder: Path, file: Path) -> None:
    folder.mkdir(parents=True)
    parts = {}
    for table, columns in schema.TABLES.items():
        parts[table] = [folder / f"{table}.parquet"]
        pq.write_table(columns.empty_table(), parts[table][0])
    write_inputs(
        file, parts, build_id="bench", built_at=datetime(2026, 1, 1, tzinfo=UTC), code_version="0"
    )


def _dbt(folder: Path, file: Path, *command: str) -> None:
    os.environ.update(WAREHOUSE_BUILD_FILE=str(file), WAREHOUSE_DBT_MEMORY=LIMIT, DO_NOT_TRACK="1")
    project = str(PROJECT / "dbt")
    try:
        result = dbtRunner().invoke(
            [
                *command,
                *("--project-dir", project),
                *("--profiles-dir", project),
                *("--target-path", str(folder / "target")),
                *("--log-path", str(folder / "logs")),
                *("--log-level", "none"),
            ]
        )
    finally:
        cleanup_connections()
        reset_adapters()
        DuckDBConnectionManager.close_all_connections()  # else the file stays open
    if not result.success:
        failed = [
            f"{each.node.name}: {each.message}"
            for each in getattr(result.result, "results", None) or []
            if str(each.status) not in ("success", "pass", "skipped")
        ]
        raise RuntimeError(f"dbt {command[0]} failed: {result.exception or failed}")


def _ask(
    connection: duckdb.DuckDBPyConnection, query: str, sizes: dict[str, int], number: int
) -> float:
    region = f"C{number % sizes['countries']}-{number * 7 % sizes['regions']}"
    start = time.perf_counter()
    connection.execute(query, {"region": region, "year": 2000 + number % sizes["years"]}).fetchall()
    return time.perf_counter() - start


if __name__ == "__main__":
    run(work)
