"""Clusters of the published warehouse by words, place, activity, status, axis and member."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from warehouse import marts
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

_FIND = """
    select *
    from marts.find(
        $words, region := $region, activity := $activity, status := $status, axes := $axes,
        member := $member, country := $country
    )
"""
_CODES = {
    "region": "select region_code as code, name_ru, name_en from marts.dim_region",
    "activity": "select distinct activity_code as code, name_ru, name_en from marts.dim_activity",
    "status": "select value_code as code, name_ru, name_en from seeds.dimension_values "
    "where dimension_code = 'cluster_status'",
    "axis": "select replace(value_code, '.', '=') as code, name_ru, name_en "
    "from seeds.dimension_values where dimension_code = 'cluster_axis_value'",
    "country": "select region_code as code, name_ru, name_en from marts.dim_region "
    "where region_level = 0",
}
"""Code lists of the options."""


@dataclass(frozen=True)
class Question:
    """Which clusters are asked for; what is None or empty may be anything.

    Attributes:
        words: Words that all begin a word of the cluster's texts, inflection aside.
        region: Region of the cluster, or one that contains it.
        activity: Activity of specialisation, or one that contains it.
        status: Status today.
        axes: Values on the axes of classification, `scale=regional`; all must hold.
        member: Registry number, or words of the name, of one member.
        country: Country of the cluster.
    """

    words: str | None = None
    region: str | None = None
    activity: str | None = None
    status: str | None = None
    axes: tuple[str, ...] = ()
    member: str | None = None
    country: str | None = None


def find(settings: Settings, question: Question) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of the clusters that fit, the best first.

    Raises:
        WarehouseError: `query_failed` for a code that no list has, with the nearest ones;
            `nothing_published`.
    """
    codes = [
        ("region", question.region),
        ("activity", question.activity),
        ("status", question.status),
        ("country", question.country),
        *(("axis", axis) for axis in question.axes),
    ]
    with marts.session(settings) as connection:
        for option, code in codes:
            if code is not None:
                _check_code(connection, option, code)
        return ask(connection, question)


def ask(
    connection: duckdb.DuckDBPyConnection, question: Question
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of the clusters that fit, the best first, in an open session."""
    given = {
        **asdict(question),
        "axes": [axis.replace("=", ".", 1) for axis in question.axes],
    }
    result = connection.execute(_FIND, given)
    names = [str(column[0]) for column in result.description or []]
    return names, result.fetchall()


def _check_code(connection: duckdb.DuckDBPyConnection, option: str, code: str) -> None:
    known = connection.execute(_CODES[option]).fetchall()
    if code in {row[0] for row in known}:
        return
    raise WarehouseError.of(
        Code.QUERY_FAILED,
        expected=f"a code of the code list after --{option}",
        found=f"«{code}»; nearest: {marts.nearest(code, known)}",
        action="Give the code as the list spells it.",
    )
