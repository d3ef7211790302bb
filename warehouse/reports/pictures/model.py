"""What pictures are made of, and what they come out as.

One rule for all of them: a value that is None is drawn as absent with its reason and never as 0;
a picture for which no value is there at all is not drawn (the function returns None); input that
contradicts itself (a code twice, a number that is not finite, a link to nobody) raises
`PictureError`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["ru", "en"]


class PictureError(ValueError):
    """The input of a picture contradicts itself; the message says which part."""


class Mark(StrEnum):
    """How a value is to be taken; each is drawn as a sign and explained below the picture."""

    PRELIMINARY = "preliminary"
    ILLUSTRATIVE = "illustrative"
    CORRECTED = "corrected"


def check_codes(codes: Iterable[str], picture: str) -> None:
    """Refuses a code that stands twice.

    Raises:
        PictureError: Names the code.
    """
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        raise PictureError(f"{picture}: {twice[0]} is given more than once")


def check_numbers(numbers: Iterable[float | None], picture: str) -> None:
    """Refuses a number that is not finite; an absent value is None.

    Raises:
        PictureError: Names the number.
    """
    for number in numbers:
        if number is not None and not math.isfinite(number):
            raise PictureError(f"{picture}: {number} is no value; an absent value is None")


@dataclass(frozen=True)
class Picture:
    """A drawn picture.

    Attributes:
        light: SVG for a light page and for print; ids are its own, so that many fit one HTML page.
        dark: The same drawing for a dark page.
        alternative: What the picture shows, in words and numbers, made of its data.
    """

    light: str
    dark: str
    alternative: str


@dataclass(frozen=True)
class Caption:
    """What a picture says about all its figures.

    Attributes:
        title: What is shown; wrapped to the width.
        unit: Unit of the values in words, "тенге"; large values are drawn in "млрд тенге". Empty
            for a plain count.
        period: Year or years, "2024" or "2019–2024".
        source: Where the figures come from; printed below when not empty.
        marks: Marks that hold for every figure, for pictures of counts and links.
    """

    title: str
    unit: str = ""
    period: str = ""
    source: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Datum:
    """One value of one region, cluster or year.

    Attributes:
        code: Key, unique within the picture; for regions the code of `dim_region`.
        name: What the reader sees.
        value: None when absent.
        marks: How the value is to be taken.
        reason: Why the value is absent, in the language of the picture ("данные скрыты").
    """

    code: str
    name: str
    value: float | None
    marks: tuple[Mark, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Point:
    """A value of one year."""

    year: int
    value: float | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Series:
    """Values of one region or cluster over years.

    Attributes:
        code: Key, unique within the picture.
        name: What the reader sees.
        points: In any order; a year that is missing or None is a gap in the line.
        breaks: Years from which on values are not comparable with those before (boundary,
            method): the line stops before them and they are marked.
        is_reference: The country or average: drawn as a quiet dashed line behind every other
            series.
    """

    code: str
    name: str
    points: tuple[Point, ...]
    breaks: tuple[int, ...] = ()
    is_reference: bool = False


@dataclass(frozen=True)
class Slope:
    """A value in two years.

    Attributes:
        is_highlighted: Drawn strongly; with no highlighted slope all are.
    """

    code: str
    name: str
    first: float | None
    last: float | None
    marks: tuple[Mark, ...] = ()
    is_highlighted: bool = False


@dataclass(frozen=True)
class Bubble:
    """One activity or cluster by three measures; drawn only when all three are there.

    Attributes:
        size: Area of the circle, not negative (employment).
        specialisation: Horizontal position (location quotient).
        growth: Vertical position, per cent.
    """

    code: str
    name: str
    size: float | None
    specialisation: float | None
    growth: float | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Bullet:
    """Plan and actual of one measure of a project.

    Attributes:
        plan: Planned value, above 0 to be drawn (bars are in per cent of the plan).
        actual: None when not reported.
        forecast: Drawn as a tick when there.
        unit: Unit in words, printed with the values.
    """

    code: str
    name: str
    plan: float | None
    actual: float | None
    forecast: float | None = None
    unit: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class StatusCount:
    """Number of clusters of one status in one year; a year without any row is a gap."""

    status_code: str
    status_name: str
    year: int
    count: int


@dataclass(frozen=True)
class ClusterPlace:
    """A cluster, the region of its home, and its status."""

    code: str
    name: str
    region_code: str
    status_code: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Node:
    """A member of a cluster, or a cluster.

    Attributes:
        group: Kind of member in words (research, business, state body); nodes of one group stand
            together.
        is_outside: Not a member but linked to one.
    """

    code: str
    name: str
    group: str
    is_outside: bool = False


@dataclass(frozen=True)
class Link:
    """A link between two nodes; several links of one pair are drawn as one thicker line."""

    from_code: str
    to_code: str
    kind: str = ""
