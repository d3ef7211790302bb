"""Pictures of change over years."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.reports.pictures.model import Caption, Language, Picture, Series, Slope


def small_multiples(
    series: Sequence[Series], caption: Caption, language: Language, *, width: int = 400
) -> Picture | None:
    """One little line chart per region on common scales; the reference series lies behind each."""
    raise NotImplementedError


def slope_chart(
    slopes: Sequence[Slope],
    first_year: int,
    last_year: int,
    caption: Caption,
    language: Language,
    *,
    width: int = 400,
) -> Picture | None:
    """Each region's value in two years, joined by a line; one with a single value is listed and not joined."""
    raise NotImplementedError
