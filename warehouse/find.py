"""Clusters of the published warehouse by words, place, activity, status, axis and member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
from rapidfuzz import fuzz, process

from warehouse import publish
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

LIKELY = 55
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
    with publish.reader(settings) as connection:
        try:
            for option, code in codes:
                if code is not None:
                    _check_code(connection, option, code)
            return ask(connection, question)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected="a warehouse that was built by this version",
                found=f"an older one: {error}",
                action="Run `warehouse run` to build it anew.",
            ) from error


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
        found=f"«{code}»; nearest: {_nearest(code, known)}",
        action="Give the code as the list spells it.",
    )


def _nearest(code: str, known: Sequence[tuple[str, str | None, str | None]]) -> str:
    spellings = {
        (row[0], text): text.casefold() for row in known for text in row if text is not None
    }
    hits = process.extract(code.casefold(), spellings, scorer=fuzz.WRatio, limit=10)
    best = list(dict.fromkeys(key[0] for _, score, key in hits if score >= LIKELY))
    names = {row[0]: row[1] or row[2] for row in known}
    return ", ".join(f"{found} ({names[found]})" for found in best[:3]) or "none"
