"""Pictures of how things relate: three measures of one thing, and the links of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.reports.pictures.model import Bubble, Caption, Language, Link, Node, Picture


@dataclass(frozen=True)
class BubbleAxes:
    """Words of the three measures: "Численность занятых, человек", "Коэффициент локализации", …"""

    size: str
    specialisation: str
    growth: str


def bubble_chart(
    bubbles: Sequence[Bubble],
    axes: BubbleAxes,
    caption: Caption,
    language: Language,
    *,
    width: int = 400,
) -> Picture | None:
    """Size × specialisation × growth; lines at quotient 1 and growth 0."""
    raise NotImplementedError


def network_drawing(
    nodes: Sequence[Node],
    links: Sequence[Link],
    caption: Caption,
    language: Language,
    *,
    width: int = 400,
) -> Picture | None:
    """Members of a cluster on a circle, one group beside the other, and the links between them."""
    raise NotImplementedError
