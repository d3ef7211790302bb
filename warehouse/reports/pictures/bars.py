"""Pictures that compare sizes."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.reports.pictures.model import (
    Bullet,
    Caption,
    Datum,
    Language,
    Picture,
    StatusCount,
)


def ranking_bars(
    values: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    reference: Datum | None = None,
    highlighted: str | None = None,
    width: int = 400,
) -> Picture | None:
    """Regions or clusters from the largest value down, a line at the reference (country), absent ones last."""
    raise NotImplementedError


def bullet_chart(
    bullets: Sequence[Bullet], caption: Caption, language: Language, *, width: int = 400
) -> Picture | None:
    """Actual against plan, in per cent of the plan, with both values printed."""
    raise NotImplementedError


def status_counts(
    counts: Sequence[StatusCount],
    statuses: Sequence[str],
    caption: Caption,
    language: Language,
    *,
    width: int = 400,
) -> Picture | None:
    """Clusters by status over years, stacked in the order of `statuses` (codes, from the bottom up)."""
    raise NotImplementedError


def position_strip(
    values: Sequence[Datum],
    code: str,
    caption: Caption,
    language: Language,
    *,
    best: str = "high",
    width: int = 400,
) -> Picture | None:
    """One cluster among all: every value a dot on one scale, the own one named, best and median marked.

    Args:
        values: All clusters, the own one too.
        code: Which one is looked at; None is returned when it has no value.
        caption: What is shown.
        language: Language of the texts.
        best: "high" or "low": which end is the better one; "none": no best is marked.
        width: Width in pixels.
    """
    raise NotImplementedError
