"""Whether the inputs of a year are all there: figures of every region, reports of every cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from warehouse.marts import records

REQUIRED = ("population", "grp", "grp_per_capita", "employment", "wage_nominal", "sme_count")
"""Measures without which a year is not complete, for a country that has them at all."""
WITHHELD = ("confidential", "low_reliability", "none_occurs", "not_applicable")
"""Reasons with which a source has answered: nothing more will come."""

_GAPS = """
    with answered as (
        select country_code, region_level, region_code, indicator_code, year
        from marts.mart_indicator
        where
            indicator_code in (select unnest($required))
            and region_level in (0, 1)
            and cluster_code = '_Z'
            and activity_code = '_T'
            and is_primary
            and (value is not null or reason_code in (select unnest($withheld)))
    ),

    required as (
        select country_code, region_level, indicator_code, min(year) as first_year
        from answered
        group by country_code, region_level, indicator_code
    ),

    expected as (
        select required.country_code, required.indicator_code, region.region_code, period.year
        from required
        inner join marts.dim_year as period on required.first_year <= period.year
        inner join marts.dim_region as region
            on required.country_code = region.country_code
            and required.region_level = region.region_level
            and not region.is_residual
            and region.region_type <> 'aggregate'
            and coalesce(region.valid_from, date '0001-01-01') <= period.last_on
            and coalesce(region.valid_to, date '9999-12-31') >= period.last_on
    ),

    unanswered as (
        select country_code, year, 'figure' as kind, indicator_code as code,
            count(*) as region_count
        from expected
        anti join answered using (country_code, indicator_code, region_code, year)
        group by country_code, year, indicator_code
    ),

    unreported as (
        select country_code, cast(year(period_end) as integer) as year, 'report' as kind,
            cluster_id as code, 0 as region_count
        from ops.ops_submission
        where is_expected and first_accepted_at is null
    )

    select * from unanswered
    union all
    select * from unreported
    order by country_code, year, kind, code
"""
_YEARS = """
    select country_code, year, count(distinct indicator_code) as measure_count
    from marts.mart_indicator
    where
        indicator_code in (select unnest($required)) and region_level in (0, 1)
        and cluster_code = '_Z' and activity_code = '_T' and value is not null
    group by country_code, year
    order by country_code, year
"""


@dataclass(frozen=True)
class Gap:
    """Something that the inputs of a year lack.

    Attributes:
        country: Code of the country.
        year: Calendar year.
        is_report: Whether it is the report of a cluster; else a measure of regions.
        code: Of the cluster or the measure.
        region_count: Places without a value.
    """

    country: str
    year: int
    is_report: bool
    code: str
    region_count: int


@dataclass(frozen=True)
class Completeness:
    """Gaps of all years.

    Attributes:
        gaps: What is not there.
        years: Years with figures, by country.
    """

    gaps: tuple[Gap, ...]
    years: dict[str, tuple[int, ...]]

    def of(self, year: int, countries: Sequence[str]) -> tuple[Gap, ...]:
        """Gaps of one year and some countries."""
        return tuple(gap for gap in self.gaps if gap.year == year and gap.country in countries)

    def newest(self, country: str) -> int | None:
        """The newest year of a country in which nothing is missing."""
        lacking = {gap.year for gap in self.gaps if gap.country == country}
        whole = [year for year in self.years.get(country, ()) if year not in lacking]
        return max(whole, default=None)


def completeness(connection: duckdb.DuckDBPyConnection) -> Completeness:
    """What the inputs of each year and country lack."""
    given = {"required": list(REQUIRED), "withheld": list(WITHHELD)}
    gaps = tuple(
        Gap(
            country=row["country_code"],
            year=row["year"],
            is_report=row["kind"] == "report",
            code=row["code"],
            region_count=row["region_count"],
        )
        for row in records(connection, _GAPS, given)
    )
    years: dict[str, tuple[int, ...]] = {}
    for row in records(connection, _YEARS, {"required": list(REQUIRED)}):
        years[row["country_code"]] = (*years.get(row["country_code"], ()), row["year"])
    return Completeness(gaps, years)
