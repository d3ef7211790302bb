"""Builds the indicator models on generated facts.

Arguments: file, countries, regions, activities, years.
"""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import duckdb

from bench.harness import PROJECT
from bench.probe import Probe, run
from warehouse.models import Models

LIMITS = {"memory_limit": "6GiB", "threads": "2"}
TARGETS = ("mart_indicator", "mart_region_activity_year", "mart_disparity_year")
ASKED = 20
REPEATS = 5

_SIZES = "range({countries}) as c(c), range({regions}) as r(r), range({years}) as y(y)"
_REGIONS = """
    create table regions as
    select
        'C' || c as region_code, 'C' || c as country_code, cast(null as varchar) as parent_code,
        0 as region_level, 'country' as region_type, cast(null as date) as valid_from,
        cast(null as date) as valid_to, false as is_residual
    from range({countries}) as c(c)
    union all
    select 'C' || c || '-' || r, 'C' || c, 'C' || c, 1, 'region', null, null, false
    from range({countries}) as c(c), range({regions}) as r(r)
"""
_ACTIVITIES = """
    create table activities as
    select
        'X' as classifier_code, 'TOTAL' as activity_code, cast(null as varchar) as parent_code,
        0 as activity_level, cast(null as date) as valid_from, cast(null as date) as valid_to
    union all
    select 'X', 'A' || a, 'TOTAL', 1, null, null from range({activities}) as a(a)
"""
_FACTS = """
    create table int_observation__yearly as
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
_QUESTION = """
    select * from mart_region_activity_year
    where region_code = $region and year = $year
"""


def work(probe: Probe, arguments: list[str]) -> None:
    """Generate, build every model once, and ask for regions and years."""
    file = Path(arguments[0])
    countries, regions, activities, years = (int(text) for text in arguments[1:])
    sizes = {"countries": countries, "regions": regions, "activities": activities, "years": years}
    with duckdb.connect(str(file), config=dict(LIMITS)) as connection:
        with probe.time("generate"):
            connection.execute(_REGIONS.format(**sizes))
            connection.execute(_ACTIVITIES.format(**sizes))
            connection.execute(_FACTS.format(sizes=_SIZES.format(**sizes), **sizes))
            connection.execute("checkpoint")
        models = Models.of(PROJECT / "dbt")
        seconds: dict[str, float] = {}
        with probe.time("build"):
            for name in TARGETS:
                _build(connection, models, name, seconds)
        probe.facts["seconds_of_models"] = {
            name: round(spent, 2) for name, spent in sorted(seconds.items(), key=_spent)
        }
        probe.facts["rows"] = {
            name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0]  # noqa: S608
            for name in TARGETS
        }
        asked = [_ask(connection, countries, regions, years, number) for number in range(ASKED)]
        probe.facts["question_seconds"] = round(statistics.median(asked), 4)


def _spent(item: tuple[str, float]) -> float:
    return -item[1]


def _build(
    connection: duckdb.DuckDBPyConnection, models: Models, name: str, seconds: dict[str, float]
) -> None:
    """Build a model after those it refers to, as a view or table as its configuration says."""
    if models.is_there(connection, name):
        return
    text = models.text(name)
    if text is None:
        models.create(connection, name)
        return
    sql, references = models.render(text)
    for reference in references:
        _build(connection, models, reference, seconds)
    is_view = re.search(r"materialized\s*=\s*'view'", text) is not None
    start = time.perf_counter()
    connection.execute(f'create {"view" if is_view else "table"} "{name}" as {sql}')
    seconds[name] = time.perf_counter() - start


def _ask(
    connection: duckdb.DuckDBPyConnection, countries: int, regions: int, years: int, number: int
) -> float:
    region = f"C{number % countries}-{number * 7 % regions}"
    start = time.perf_counter()
    connection.execute(_QUESTION, {"region": region, "year": 2000 + number % years}).fetchall()
    return time.perf_counter() - start


if __name__ == "__main__":
    run(work)
