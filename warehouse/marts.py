"""What questions to the published marts share: the session, rows by name, the nearest codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
from rapidfuzz import fuzz, process

from warehouse import publish
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

Row = dict[str, Any]
LIKELY = 55
"""From this similarity on, out of 100, a name is worth showing."""


@contextmanager
def session(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file for our own queries: what they do not find, another version built.

    Raises:
        WarehouseError: `query_failed`; `nothing_published`, `build_damaged`.
    """
    with publish.reader(settings) as connection:
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected="a warehouse that was built by this version",
                found=f"an older one: {error}",
                action="Run `warehouse run` to build it anew.",
            ) from error


def records(connection: duckdb.DuckDBPyConnection, sql: str, given: Mapping[str, Any]) -> list[Row]:
    """Rows of a query, by column name."""
    result = connection.execute(sql, dict(given))
    names = [str(column[0]) for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def nearest(given: str, known: Iterable[tuple[str, str | None, str | None]]) -> str:
    """Codes that look or are called like what was given, the best first; `none` without any.

    Args:
        given: Code or name that no list has.
        known: Codes with their names in Russian and English.
    """
    rows = list(known)
    spellings = {
        (row[0], text): str(text).casefold() for row in rows for text in row if text is not None
    }
    hits = process.extract(given.casefold(), spellings, scorer=fuzz.WRatio, limit=10)
    best = list(dict.fromkeys(key[0] for _, score, key in hits if score >= LIKELY))
    names = {row[0]: row[1] or row[2] for row in rows}
    return ", ".join(f"{code} ({names[code]})" for code in best[:3]) or "none"
