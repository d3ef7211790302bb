"""The mart that the contenders of the whole street must agree on, and its names of regions.

Population of each region and year, both sexes, town and country. Nothing here is imported from
the warehouse: a contender brings its own way there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

TOTAL_SHEET = "Все население"
AGE_MART = """
    create table mart_region_year as
    select region_code, year, population from figures where sex = '_T' and age = '_T'
"""
AGE_FIGURES = "select count(*), cast(sum(population) as bigint) from figures"
"""How many figures there are, and their sum: that all of them came in."""


def digest(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Row count and a hash of region, year and whole population, in this order."""
    plain = sorted([str(region), int(year), int(value)] for region, year, value in rows)
    text = json.dumps(plain)
    return {"rows": len(plain), "hash": hashlib.sha256(text.encode()).hexdigest()[:16]}
