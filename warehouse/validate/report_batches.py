"""Batches that the suites of forms check: rows of many reports with what is compared beside them.

Each batch is one SELECT over the staged rows of the reports that wait for a verdict (`own_…`) and
of all reports of the same clusters (`known_…`). It has one row per thing that is tested, with the
file and the cell that a failure would be about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

GROWTH_FACTOR = 3
"""A figure that grew by more than this needs a note (form of the cluster report, version 1)."""

_FIGURES = """
    with known as (
        select
            cluster_id, {owner} as owner_id, indicator_code, value_start,
            arg_max(value, row(report_start, received_at, file_id)) as value,
        from {known}
        where value is not null {whole}
        group by all
    ),

    stated as (
        select *, {owner} as owner_id from {own}
    )

    select
        stated.file_id,
        stated.row_id,
        stated.table_name,
        stated.cell,
        stated.value_printed,
        case
            when stated.note is null and known.value > 0 {whole_own}
                then stated.value / known.value
        end as growth_without_note,
        {more}
    from stated
    left join known
        on stated.cluster_id = known.cluster_id
        and stated.owner_id = known.owner_id
        and stated.indicator_code = known.indicator_code
        and stated.value_start = known.value_start + interval 1 year
    {joins}
"""

BATCHES: dict[str, str] = {
    "report_membership": """
        select
            own.file_id,
            own.row_id,
            own.table_name,
            own.cell,
            own.printed['organisation_id'] as value_printed,
            datediff('day', own.joined_on, own.left_on) as days_of_membership,
            (
                select count(*) from own_membership as other
                where other.file_id = own.file_id
                    and other.cluster_id = own.cluster_id
                    and other.organisation_id = own.organisation_id
                    and other.row_id <> own.row_id
                    and other.joined_on <= coalesce(own.left_on, date '9999-12-31')
                    and coalesce(other.left_on, date '9999-12-31') >= own.joined_on
            ) as other_memberships_at_the_time,
            (
                select any_value(organisation.name) from own_organisation as organisation
                where organisation.file_id = own.file_id
                    and organisation.organisation_id = own.organisation_id
            ) as organisation_name,
        from own_membership as own
        where own.reporter_id is not null
    """,
    "report_member_value": _FIGURES.format(
        owner="organisation_id",
        own="own_member_value",
        known="known_member_value",
        whole="and residence_region_code is null",
        whole_own="and stated.residence_region_code is null",
        more="""
        memberships.organisation_id as member_id,
        case when stated.residence_region_code is not null
            then coalesce(totals.value, 'inf'::double) - parts.value
        end as remote_employees_not_placed,""",
        joins="""
    left join (
        select distinct file_id, organisation_id from own_membership
    ) as memberships
        on stated.file_id = memberships.file_id
        and stated.organisation_id = memberships.organisation_id
    left join (
        select file_id, organisation_id, indicator_code, value_start, sum(value) as value
        from own_member_value where residence_region_code is not null group by all
    ) as parts
        on stated.file_id = parts.file_id
        and stated.organisation_id = parts.organisation_id
        and stated.indicator_code = parts.indicator_code
        and stated.value_start = parts.value_start
    left join (
        select file_id, organisation_id, indicator_code, value_start, value
        from own_member_value where residence_region_code is null
    ) as totals
        on stated.file_id = totals.file_id
        and stated.organisation_id = totals.organisation_id
        and stated.indicator_code = totals.indicator_code
        and stated.value_start = totals.value_start
        """,
    ),
    "report_cluster_value": _FIGURES.format(
        owner="cluster_id",
        own="own_cluster_value",
        known="known_cluster_value",
        whole="",
        whole_own="",
        more="""
        greatest(
            0, abs(stated.value - members.value) - 0.5 * pow(10, -stated.value_digits)
        ) as gap_to_members,""",
        joins="""
    left join (
        select file_id, cluster_id, indicator_code, value_start, sum(value) as value
        from own_member_value where residence_region_code is null group by all
    ) as members
        on stated.file_id = members.file_id
        and stated.cluster_id = members.cluster_id
        and stated.indicator_code = members.indicator_code
        and stated.value_start = members.value_start
        """,
    ),
    "report_status_event": """
        select
            file_id, row_id, table_name, cell, printed['status_code'] as value_printed,
            case when reason is null then
                list_position(['potential', 'forming', 'active', 'closed'], status_code)
                - lag(list_position(['potential', 'forming', 'active', 'closed'], status_code))
                    over (partition by file_id, cluster_id order by valid_from, row_id)
            end as step_without_reason,
        from own_cluster_status_event
    """,
    "report_project_value": """
        select
            own.file_id, own.row_id, own.table_name, own.cell, own.value_printed,
            own.value_kind not in ('effect')
                and own.indicator_code <> 'project_effect'
                or own.method_note is not null as has_method,
            (
                select any_value(project.title) from own_project as project
                where project.file_id = own.file_id and project.project_id = own.project_id
            ) as project_title,
            count(distinct own.unit_code) over (
                partition by own.file_id, own.project_id, own.indicator_code
            ) as unit_count,
        from own_project_value as own
    """,
}
"""SELECT by name of the suite; each gives file_id, row_id, table_name, cell, value_printed."""

TABLES = (
    *("membership", "organisation", "member_value", "cluster_value"),
    *("cluster_status_event", "project", "project_value"),
)
"""Staged tables that the batches read."""

Parts = Mapping[str, Sequence[Path]]
"""Parquet parts by staged table; at least the empty one each."""


def report_batches(own: Parts, known: Parts) -> dict[str, pd.DataFrame]:
    """Batches by name of the suite.

    Args:
        own: Parts of the reports that are to be judged.
        known: Parts of all reports of the same clusters, for comparison over the years.
    """
    with duckdb.connect() as connection:
        for prefix, parts in (("own", own), ("known", known)):
            for table in TABLES:
                paths = [str(path) for path in parts[table]]
                connection.read_parquet(paths).create_view(f"{prefix}_{table}")
        return {name: _frame(connection, query) for name, query in BATCHES.items()}


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    ordered = f"select * from ({query}) as batch order by file_id, table_name, cell, row_id"  # noqa: S608
    frame: pd.DataFrame = connection.execute(ordered).to_arrow_table().to_pandas()
    return frame
