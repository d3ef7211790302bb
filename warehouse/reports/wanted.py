"""From the parameters of a scheduled or started run to the reports that it has to make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse.reports.make import LANGUAGES, Request, reports_due
from warehouse.settings import Settings


def wanted(settings: Settings, parameters: Mapping[str, Any]) -> list[Request]:
    """The reports of a run.

    Args:
        settings: The warehouse home.
        parameters: `year`, `country`, `region`, `cluster`, `lang`, `incomplete`; without any of the
            first four, each country's newest year with complete inputs.
    """
    named = {name: parameters.get(name) or None for name in ("country", "region", "cluster")}
    languages = LANGUAGES
    if parameters.get("lang"):
        languages = tuple(one for one in LANGUAGES if one == parameters["lang"])
    year = parameters.get("year")
    if year is None and not any(named.values()):
        return [
            Request(year=due.year, country=due.country, languages=languages)
            for due in reports_due(settings)
        ]
    return [
        Request(
            year=year,
            **named,
            languages=languages,
            takes_incomplete=bool(parameters.get("incomplete")),
        )
    ]
