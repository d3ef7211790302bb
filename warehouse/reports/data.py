"""What the report is made of, read once from the published file: a few queries, whole columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from warehouse.marts import Row, records

YEARS_BACK = 8
"""How many years before its own the report looks back."""
ACTIVITY_BASE = "employment"
"""Measure by which regions are compared over activities."""

MEASURES = (
    "population",
    "grp",
    "grp_per_capita",
    "employment",
    "wage_nominal",
    "sme_count",
    "SME_DENS",
    "sme_share_gdp",
    "sme_share_gva",
    "sme_share_revenue",
    "sme_share_industrial_output",
    "ict_computer_share",
    "ict_internet_share",
    "ict_internet_org_count",
    "STA_CNT",
    "STA_TRANS_N",
)
"""Measures that the report prints first, in its order; what else regions have follows."""
INEQUALITY = ("DSP_CV", "DSP_WILL", "DSP_GINI_W", "DSP_RATIO")
"""Measures of inequality between regions that the report prints."""
INEQUALITY_OF = ("grp_per_capita", "wage_nominal")
"""What they are taken of."""
POSITION = ("PRF_EMP", "PRF_PROD", "PRF_WAGE", "PRF_EXPSH", "INN_PAT", "MEM_N", "MEM_SME")
"""Measures by which a cluster is placed among the others of its country."""

_BUILD = "select build_id, built_at, code_version from ops.ops_build"
_NAMES = {
    "region": "select region_code as code, name_ru, name_en from marts.dim_region",
    "indicator": "select indicator_code as code, name_ru, name_en from marts.dim_indicator",
    "unit": "select unit_code as code, name_ru, name_en from marts.dim_unit",
    "reason": "select reason_code as code, name_ru, name_en from seeds.reasons",
    "value": "select dimension_code || ':' || value_code as code, name_ru, name_en "
    "from seeds.dimension_values",
    "activity": "select activity_classifier || ':' || activity_code as code, name_ru, name_en "
    "from marts.dim_activity",
    "instrument": "select instrument_code as code, name_ru, name_en "
    "from marts.dim_support_instrument",
}
_DEFINITIONS = """
    select indicator_code, name_ru, name_en, definition, formula, source_note, formula_version,
        edge_rules, indicator_kind
    from marts.dim_indicator
    order by indicator_code
"""
_REGIONS = """
    select region_code, country_code, region_level, name_ru, name_en
    from marts.dim_region
    where
        country_code in (select unnest($countries))
        and region_level in (0, 1)
        and not is_residual
        and region_type <> 'aggregate'
        and coalesce(valid_from, date '0001-01-01') <= make_date($year, 12, 31)
        and coalesce(valid_to, date '9999-12-31') >= make_date($year, 12, 31)
    order by country_code, region_level, region_code
"""
_FIGURES = """
    select indicator_code, region_code, country_code, region_level, cluster_code,
        activity_classifier, activity_code, year, base_indicator_code, method_version, unit_code,
        value, reason_code, obs_status, is_illustrative, correction_status, has_correction,
        is_primary, rank, ranked_count, is_rank_illustrative, rank_correction_status,
        change, change_unit_code, change_reason_code, is_change_illustrative,
        change_correction_status
    from marts.mart_indicator
    where
        country_code in (select unnest($countries))
        and year between $year - $back and $year
        and region_level in (0, 1)
        and (is_primary or base_indicator_code = 'clusters')
        and (
            (
                cluster_code = '_Z' and activity_code = '_T' and (
                    indicator_code in (select unnest($measures))
                    or indicator_code in (
                        select indicator_code from marts.dim_indicator
                        where indicator_kind = 'base'
                    )
                )
            )
            or (
                indicator_code in (select unnest($inequality))
                and base_indicator_code in (select unnest($inequality_of))
                and region_level = 0
            )
            or (indicator_code in (select unnest($position)) and cluster_code <> '_Z')
        )
    order by indicator_code, region_code, cluster_code, year, base_indicator_code, method_version,
        unit_code
"""
_ACTIVITIES = """
    select mart.region_code, mart.country_code, mart.activity_classifier, mart.activity_code,
        mart.base_indicator_code, mart.method_version, mart.unit_code, mart.year, mart.value,
        mart.reason_code, mart.obs_status, mart.is_illustrative, mart.correction_status,
        mart.has_correction, mart.location_quotient, mart.location_quotient_reason_code,
        mart.is_location_quotient_illustrative, mart.location_quotient_correction_status,
        mart.size_pct, mart.size_reason_code, mart.is_size_illustrative,
        mart.size_correction_status,
        mart.focus_pct, mart.focus_reason_code, mart.is_focus_illustrative,
        mart.focus_correction_status, mart.stars, mart.stars_reason_code, mart.strong,
        mart.strong_reason_code, mart.rule_warning, base.change, base.change_reason_code,
        coalesce(base.is_change_illustrative, true) as is_change_illustrative
    from marts.mart_region_activity_year as mart
    left join marts.mart_indicator as base
        on mart.base_indicator_code = base.indicator_code
        and mart.base_indicator_code = base.base_indicator_code
        and mart.region_code = base.region_code
        and mart.activity_classifier = base.activity_classifier
        and mart.activity_code = base.activity_code
        and mart.year = base.year
        and mart.method_version = base.method_version
        and mart.unit_code = base.unit_code
        and base.cluster_code = '_Z'
    inner join marts.dim_activity as activity
        on mart.activity_classifier = activity.activity_classifier
        and mart.activity_code = activity.activity_code
    where
        mart.country_code in (select unnest($countries))
        and mart.year = $year
        and mart.base_indicator_code = $base
        and mart.region_level = 1
        and activity.activity_level = 1
        and not exists (  -- a group of activities that stand there themselves
            select 1
            from marts.mart_region_activity_year as part
            inner join marts.dim_activity as child
                on part.activity_classifier = child.activity_classifier
                and part.activity_code = child.activity_code
            where
                child.activity_classifier = mart.activity_classifier
                and child.parent_code = mart.activity_code
                and child.activity_level = 1
                and part.region_code = mart.region_code
                and part.year = mart.year
                and part.base_indicator_code = mart.base_indicator_code
                and part.value is not null
        )
    order by mart.region_code, mart.year, mart.location_quotient desc nulls last,
        mart.activity_code
"""
_CLUSTERS = """
    with named as (
        select *,
            row_number() over (
                partition by cluster_id, is_illustrative
                order by valid_from desc, received_at desc, row_id
            ) as place
        from marts.dim_cluster
        where valid_from <= make_date($year, 12, 31)
    )
    select year.*, named.name_ru, named.name_en, named.activity_classifier, named.activity_codes,
        named.founded_on, named.manager_name, named.website, named.further_region_codes
    from marts.mart_cluster_year as year
    left join named
        on year.cluster_id = named.cluster_id
        and year.is_illustrative = named.is_illustrative
        and named.place = 1
    where
        year.country_code in (select unnest($countries))
        and year.year between $year - $back and $year
    order by year.country_code, year.cluster_id, year.is_illustrative, year.year
"""
_OF_CLUSTERS = "cluster_id in (select unnest($clusters))"
_VALID = (
    "valid_from <= make_date($year, 12, 31) "
    "and coalesce(valid_to, date '9999-12-31') >= make_date($year, 12, 31)"
)
_STATUSES = f"""
    select cluster_id, is_illustrative, status_code, valid_from, valid_to, previous_status_code,
        is_step_back, deciding_body, document, reason
    from marts.fct_cluster_status
    where {_OF_CLUSTERS} and valid_from <= make_date($year, 12, 31)
    order by cluster_id, is_illustrative, valid_from
"""  # noqa: S608
_CLASSES = f"""
    select cluster_id, is_illustrative, axis_code, value_code, valid_from
    from marts.fct_cluster_classification
    where {_OF_CLUSTERS} and {_VALID}
    order by cluster_id, is_illustrative, axis_code, value_code
"""  # noqa: S608
_LABELS = f"""
    select cluster_id, is_illustrative, label_code, valid_from, valid_to
    from marts.fct_cluster_label
    where {_OF_CLUSTERS} and {_VALID}
    order by cluster_id, label_code
"""  # noqa: S608
_MEMBERS = f"""
    with member as (
        select distinct cluster_id, is_illustrative, organisation_id, role_code
        from marts.fct_membership
        where {_OF_CLUSTERS} and {_VALID}
    ),

    organisation as (
        select organisation_id, is_illustrative, name, region_code, size_code, type_code,
            row_number() over (
                partition by organisation_id, is_illustrative order by valid_from desc, row_id
            ) as place
        from marts.dim_organisation
        where valid_from <= make_date($year, 12, 31)
    )

    select member.*, organisation.name, organisation.region_code, organisation.size_code,
        organisation.type_code
    from member
    left join organisation
        on member.organisation_id = organisation.organisation_id
        and member.is_illustrative = organisation.is_illustrative
        and organisation.place = 1
    order by member.cluster_id, member.is_illustrative, member.organisation_id, member.role_code
"""  # noqa: S608
_LINKS = f"""
    with named as (
        select organisation_id, arg_max(name, (valid_from, row_id)) as name
        from marts.dim_organisation
        group by organisation_id
    ),

    link as (
        select cluster_id, is_illustrative, link_level, from_id, to_id, link_type, row_id
        from marts.fct_link
        where {_OF_CLUSTERS} and {_VALID} and link_level = 'organisation'
    )

    select link.*, sender.name as from_name, receiver.name as to_name
    from link
    left join named as sender on link.from_id = sender.organisation_id
    left join named as receiver on link.to_id = receiver.organisation_id
    order by cluster_id, is_illustrative, from_id, to_id, link_type, row_id
"""  # noqa: S608
_NETWORKS = f"""
    select * from marts.mart_cluster_network_year
    where {_OF_CLUSTERS} and year = $year
    order by cluster_id, is_illustrative
"""  # noqa: S608
_PROJECTS = f"""
    select progress.cluster_id, progress.project_id, progress.is_illustrative,
        progress.indicator_code, progress.year, progress.base_year, progress.base_value,
        progress.base_unit_code, progress.plan_value, progress.plan_unit_code,
        progress.plan_reason_code, progress.actual_value, progress.actual_unit_code,
        progress.actual_reason_code, progress.forecast_value, progress.forecast_unit_code,
        progress.execution_pct, progress.execution_reason_code, project.title, project.kind_code,
        project.status_code, project.started_on, project.planned_finish_on, project.finished_on
    from marts.mart_project_progress as progress
    left join marts.dim_project as project
        on progress.cluster_id = project.cluster_id
        and progress.project_id = project.project_id
        and progress.is_illustrative = project.is_illustrative
    where progress.{_OF_CLUSTERS} and progress.year = $year
    order by progress.cluster_id, progress.project_id, progress.is_illustrative,
        progress.indicator_code
"""  # noqa: S608
_SUPPORT = f"""
    select * from marts.mart_support
    where {_OF_CLUSTERS} and year = $year
    order by cluster_id, is_illustrative, instrument_code, currency_code
"""  # noqa: S608
_BENCHMARKS = """
    select mart.*, other.territory_name as compared_name, other.value as compared_value
    from marts.mart_benchmark as mart
    left join marts.mart_benchmark as other on mart.comparison_code = other.benchmark_code
    where coalesce(mart.as_of_year, 0) <= $year
    order by mart.subject_code, mart.territory_name, mart.as_of_year, mart.benchmark_code
"""
_FILES = """
    select file_id, file_name, outcome_code, contract_id, provider_name, title, licence,
        source_url, observation_count, rejected_count, is_illustrative, released_on, received_at
    from marts.dim_source_file
    order by file_name, file_id
"""
_REFUSED = """
    select file_name, table_name, cell, value_printed, code, message
    from ops.ops_rejected_cell
    order by file_name, table_name, cell, rejected_id
"""
_REFUSED_FILES = """
    select file_name, outcome_code, reason_code, message
    from ops.ops_file_outcome
    where outcome_code not in ('accepted', 'unchanged', 'duplicate')
    order by file_name, file_id
"""
_QUALITY = """
    select indicator_code, country_code, region_level, cells_kind, year, unit_code, expected_count,
        value_count, known_count, suppressed_count, days_late, imputed_share, is_illustrative,
        has_correction
    from marts.mart_data_quality
    where country_code in (select unnest($countries)) and year between $year - 1 and $year
        and region_level in (0, 1)
    order by country_code, indicator_code, region_level, cells_kind, year, unit_code,
        method_version
"""
_REVISIONS = """
    select indicator_code, region_code, year, old_value, new_value, unit_code, change_pct,
        old_file_name, new_file_name, new_received_at, is_illustrative
    from marts.mart_revision
    where year between $year - $back and $year
        and coalesce(split_part(region_code, '-', 1) in (select unnest($countries)), true)
    order by new_received_at desc, indicator_code, region_code, year, revision_number
    limit 500
"""
_CORRECTIONS = """
    select observation_id, indicator_code, region_code, cast(year(period_end) as integer) as year,
        value, value_corrected, admissible_low, admissible_high, unit_code, correction_id,
        correction_status, footnote, table_name, cell, value_printed
    from marts.fct_observation
    where correction_id is not null
        and coalesce(split_part(region_code, '-', 1) in (select unnest($countries)), true)
    order by correction_id, observation_id
"""
_SUBMISSIONS = """
    select cluster_id, country_code, period_code, status_code, due_on, days_late, is_expected,
        first_accepted_at, latest_file_name, latest_outcome_code, is_illustrative,
        cast(year(period_end) as integer) as year
    from ops.ops_submission
    where country_code in (select unnest($countries)) and year(period_end) = $year
    order by country_code, cluster_id, period_code
"""
_COUNTRIES = """
    select distinct country_code from marts.mart_cluster_year
    union
    select distinct country_code from marts.mart_region_year where region_level = 0
    order by country_code
"""


@dataclass(frozen=True)
class Names:
    """Names of codes, in one language or the other, by code list and code."""

    ru: dict[tuple[str, str], str]
    en: dict[tuple[str, str], str]

    def of(self, kind: str, code: str | None, language: str) -> str:
        """The name of a code; the code itself for one without a name, nothing for None."""
        if code is None:
            return ""
        first, second = (self.ru, self.en) if language == "ru" else (self.en, self.ru)
        return first.get((kind, code)) or second.get((kind, code)) or code


@dataclass(frozen=True)
class Data:
    """Rows of the published file, as they are there.

    Attributes:
        year: The year of the report.
        countries: Codes of its countries.
        build_id: The build that was read.
        built_at: When it was built.
        names: Names of codes.
        rows: Rows by the name of their query.
    """

    year: int
    countries: tuple[str, ...]
    build_id: str
    built_at: str
    names: Names
    rows: Mapping[str, Sequence[Row]]

    @cached_property
    def figures(self) -> dict[tuple[str, str, str, int], list[Row]]:
        """Rows of `mart_indicator` by measure, region, cluster and year."""
        found: dict[tuple[str, str, str, int], list[Row]] = {}
        for row in self.rows["figures"]:
            key = (row["indicator_code"], row["region_code"], row["cluster_code"], row["year"])
            found.setdefault(key, []).append(row)
        return found

    def figure(self, indicator: str, region: str, year: int, **more: str) -> Row | None:
        """The row of a measure, by further columns where there are several; None for none."""
        for row in self.figures.get((indicator, region, "_Z", year), []):
            if all(row[name] == value for name, value in more.items()):
                return row
        return None

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measures of regions and countries: the well-known ones, then the others by their code."""
        others = {indicator for indicator, _, cluster, _ in self.figures if cluster == "_Z"}
        return (*MEASURES, *sorted(others.difference(MEASURES, INEQUALITY)))

    def regions(self, country: str) -> list[Row]:
        """The regions of a country on the last day of the year."""
        return [
            row
            for row in self.rows["regions"]
            if row["country_code"] == country and row["region_level"] == 1
        ]

    @cached_property
    def _activities(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows["activities"]:
            found.setdefault(row["region_code"], []).append(row)
        return found

    def activities_of(self, region: str) -> list[Row]:
        """Activities of a region, the most specialised first."""
        return self._activities.get(region, [])

    @cached_property
    def clusters(self) -> dict[str, dict[int, Row]]:
        """Rows of clusters by code and year: a reported one goes before an illustrative one."""
        found: dict[str, dict[int, Row]] = {}
        for row in self.rows["clusters"]:
            found.setdefault(row["cluster_id"], {}).setdefault(row["year"], row)
        return {code: years for code, years in found.items() if self.year in years}

    def clusters_of(self, country: str) -> list[Row]:
        """The clusters of a country in the year, by code."""
        return [
            years[self.year]
            for years in self.clusters.values()
            if years[self.year]["country_code"] == country
        ]

    @cached_property
    def _peers(self) -> dict[tuple[str, str], dict[str, Row]]:
        found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in self.rows["figures"]:
            if row["cluster_code"] in self.clusters and row["year"] == self.year:
                kept = found.setdefault((row["indicator_code"], row["country_code"]), {})
                if row["value"] is not None:
                    kept[row["cluster_code"]] = row
        return found

    def peers(self, indicator: str, country: str) -> dict[str, Row]:
        """Values of a measure over the clusters of a country in the year, by cluster."""
        return self._peers.get((indicator, country), {})

    @cached_property
    def by_cluster(self) -> dict[str, dict[tuple[str, bool], list[Row]]]:
        """Rows of each query about clusters, by cluster and whether illustrative."""
        found: dict[str, dict[tuple[str, bool], list[Row]]] = {}
        for name in _BY_CLUSTER:
            kept = found.setdefault(name, {})
            for row in self.rows[name]:
                kept.setdefault((row["cluster_id"], row["is_illustrative"]), []).append(row)
        return found

    def of_cluster(self, name: str, cluster: Row) -> list[Row]:
        """Rows of a query about one cluster."""
        return self.by_cluster[name].get((cluster["cluster_id"], cluster["is_illustrative"]), [])


_BY_CLUSTER = {
    "statuses": _STATUSES,
    "classes": _CLASSES,
    "labels": _LABELS,
    "members": _MEMBERS,
    "links": _LINKS,
    "networks": _NETWORKS,
    "projects": _PROJECTS,
    "support": _SUPPORT,
}
_BY_COUNTRY = {
    "regions": (_REGIONS, ("countries", "year")),
    "activities": (_ACTIVITIES, ("countries", "year", "base")),
    "clusters": (_CLUSTERS, ("countries", "year", "back")),
    "benchmarks": (_BENCHMARKS, ("year",)),
    "files": (_FILES, ()),
    "refused": (_REFUSED, ()),
    "refused_files": (_REFUSED_FILES, ()),
    "quality": (_QUALITY, ("countries", "year")),
    "revisions": (_REVISIONS, ("countries", "year", "back")),
    "corrections": (_CORRECTIONS, ("countries",)),
    "submissions": (_SUBMISSIONS, ("countries", "year")),
    "definitions": (_DEFINITIONS, ()),
    "figures": (
        _FIGURES,
        ("countries", "year", "back", "measures", "inequality", "inequality_of", "position"),
    ),
}


def known_countries(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Countries that have figures or clusters."""
    return [str(row[0]) for row in connection.execute(_COUNTRIES).fetchall()]


def read(connection: duckdb.DuckDBPyConnection, year: int, countries: Sequence[str]) -> Data:
    """Everything that a report of some countries and a year is made of.

    Args:
        connection: The published file.
        year: Calendar year.
        countries: Codes of countries.
    """
    given: dict[str, Any] = {
        "year": year,
        "back": YEARS_BACK,
        "countries": list(countries),
        "base": ACTIVITY_BASE,
        "measures": list(MEASURES),
        "inequality": list(INEQUALITY),
        "inequality_of": list(INEQUALITY_OF),
        "position": list(POSITION),
    }
    rows: dict[str, list[Row]] = {
        name: records(connection, sql, {key: given[key] for key in needed})
        for name, (sql, needed) in _BY_COUNTRY.items()
    }
    clusters = sorted({row["cluster_id"] for row in rows["clusters"]})
    for name, sql in _BY_CLUSTER.items():
        rows[name] = records(connection, sql, {"clusters": clusters, "year": year})
    build = records(connection, _BUILD, {})[0]
    return Data(
        year=year,
        countries=tuple(countries),
        build_id=str(build["build_id"]),
        built_at=build["built_at"].isoformat(),
        names=_names(connection),
        rows=rows,
    )


def _names(connection: duckdb.DuckDBPyConnection) -> Names:
    russian: dict[tuple[str, str], str] = {}
    english: dict[tuple[str, str], str] = {}
    for kind, sql in _NAMES.items():
        for code, name_ru, name_en in connection.execute(sql).fetchall():
            if name_ru:
                russian[kind, code] = name_ru
            if name_en:
                english[kind, code] = name_en
    return Names(ru=russian, en=english)
