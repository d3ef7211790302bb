"""Pictures of how things relate: three measures of one thing, and the links of a cluster."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.reports.pictures import palette
from warehouse.reports.pictures.draw import LINE, SHAPES, SMALL, WIDTH, Align, Canvas
from warehouse.reports.pictures.model import (
    Bubble,
    Caption,
    Language,
    Link,
    Node,
    Picture,
    PictureError,
    check_codes,
    check_numbers,
)
from warehouse.reports.pictures.scales import Scale, apart
from warehouse.reports.pictures.texts import (
    Numbers,
    capital,
    clean,
    join_words,
    said,
    signs,
    text_width,
    word,
    wrap,
)

_PLOT = 300.0
_LARGEST = 30.0


@dataclass(frozen=True)
class BubbleAxes:
    """Words of the three measures, each with its unit: "Численность занятых, человек"."""

    size: str
    specialisation: str
    growth: str


def bubble_chart(
    bubbles: Sequence[Bubble],
    axes: BubbleAxes,
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Size × specialisation × growth, with lines at quotient 1 and growth 0.

    The area of a circle is its size. Names stand at the circles as long as they do not cover one
    another; further circles carry a number that is explained below. What lacks one of the three
    measures is named below, not drawn.
    """
    check_codes((bubble.code for bubble in bubbles), "bubble chart")
    for b in bubbles:
        check_numbers((b.size, b.specialisation, b.growth), "bubble chart")
        if b.size is not None and b.size < 0:
            raise PictureError(f"bubble chart: {b.name} has a negative size")
    drawn = [
        _Drawn(b, b.size, b.specialisation, b.growth)
        for b in bubbles
        if b.size is not None and b.specialisation is not None and b.growth is not None
    ]
    if not drawn:
        return None
    drawn.sort(key=lambda one: (-one.size, one.bubble.name))
    marks = [one.bubble.marks for one in drawn]
    canvas = Canvas(width)
    canvas.heading(caption, Numbers(language), marks)
    y = canvas.lines(
        0, canvas.height, wrap(f"↑ {axes.growth}", width, SMALL), size=SMALL, colour=palette.QUIET
    )
    plot = _BubblePlot.around(drawn, width, y + 4, language)
    plot.frame(canvas)
    listed = plot.draw(canvas, drawn)
    y = canvas.lines(
        0, plot.bottom + 20, wrap(f"{axes.specialisation} →", width, SMALL),
        size=SMALL, colour=palette.QUIET,
    )  # fmt: skip
    canvas.height = y + 2
    _bubble_list(canvas, listed)
    sizes = Numbers.fitting([one.size for one in drawn], "", language)
    most = f"{word('size', language)}: {axes.size}; {clean(drawn[0].bubble.name)} — " + (
        f"{sizes.with_unit(drawn[0].size)}"
    )
    absent = [clean(b.name) for b in bubbles if b.code not in {o.bubble.code for o in drawn}]
    missing = f"{word('not_drawn', language)} ({word('absent', language)}): {', '.join(absent)}"
    canvas.notes(caption, language, marks, most, missing if absent else "")
    told = "; ".join(
        f"{clean(one.bubble.name)}: {sizes.with_unit(one.size)}, "
        f"{plot.across.text(one.specialisation)}, {plot.up.text(one.growth, signed=True)}"
        f"{said(one.bubble.marks, language)}"
        for one in drawn
    )
    names = f"{axes.size}, {axes.specialisation}, {axes.growth}"
    head = join_words(clean(caption.title), caption.period)
    return canvas.picture(
        caption, f"{head} ({names}). {told}." + (f" {missing}." if absent else "")
    )


@dataclass(frozen=True)
class _Drawn:
    """A bubble with all its measures."""

    bubble: Bubble
    size: float
    specialisation: float
    growth: float


@dataclass(frozen=True)
class _BubblePlot:
    """Scales of a bubble chart."""

    x: Scale
    y: Scale
    largest: float
    count: int
    across: Numbers
    up: Numbers

    @classmethod
    def around(
        cls, drawn: Sequence[_Drawn], width: float, top: float, language: Language
    ) -> _BubblePlot:
        """Scales with room for the circles at the ends."""
        across = [1.0, *(one.specialisation for one in drawn)]
        up = [0.0, *(one.growth for one in drawn)]
        return cls(
            Scale(min(across), max(across), 40 + _LARGEST, width - _LARGEST - 4),
            Scale(min(up), max(up), top + _PLOT - _LARGEST, top + _LARGEST),
            max(one.size for one in drawn),
            len(drawn),
            Numbers.fitting(across, "", language),
            Numbers.fitting(up, "", language),
        )

    @property
    def bottom(self) -> float:
        """Lower end of the plot."""
        return self.y.start + _LARGEST

    def radius(self, size: float) -> float:
        """Radius by which the area is the size; the smallest can still be seen."""
        widest = _LARGEST if self.count <= 10 else _LARGEST * 0.7
        return max(widest * math.sqrt(size / self.largest), 2.5) if self.largest else 2.5

    def frame(self, canvas: Canvas) -> None:
        """Ticks, and the lines at quotient 1 and growth 0."""
        left, right = self.x.start - _LARGEST, self.x.end + _LARGEST
        top, bottom = self.y.end - _LARGEST, self.bottom
        for tick in self.x.ticks():
            canvas.rule(self.x(tick), top, self.x(tick), bottom)
            label = Numbers.fitting(self.x.ticks(), "", self.up.language).text(tick)
            canvas.text(self.x(tick), bottom + 10, label, size=SMALL, align="center",
                        colour=palette.QUIET)  # fmt: skip
        for tick in self.y.ticks():
            canvas.rule(left, self.y(tick), right, self.y(tick))
            label = Numbers.fitting(self.y.ticks(), "", self.up.language).text(tick, signed=True)
            canvas.text(left - 4, self.y(tick), label, size=SMALL, align="right",
                        colour=palette.QUIET)  # fmt: skip
        canvas.rule(self.x(1), top, self.x(1), bottom, colour=palette.EDGE, thickness=1.5)
        canvas.rule(left, self.y(0), right, self.y(0), colour=palette.EDGE, thickness=1.5)

    def draw(self, canvas: Canvas, drawn: Sequence[_Drawn]) -> list[_Drawn]:
        """Circles, large ones first, and their names; returns those that got a number instead."""
        for one in drawn:
            canvas.point(
                self.x(one.specialisation), self.y(one.growth), self.radius(one.size),
                palette.SOFT, stroke=palette.ACCENT, thickness=1.4, opacity=0.75,
            )  # fmt: skip
        circles = [self._circle(one) for one in drawn]
        taken: list[Box] = []
        listed: list[_Drawn] = []
        for one, circle in zip(drawn, circles, strict=True):
            label = clean(one.bubble.name) + signs(one.bubble.marks)
            others = [*taken, *self._axes(), *(other for other in circles if other is not circle)]
            box = self._place(one, text_width(label, SMALL), others, canvas.width)
            if box is None:
                listed.append(one)
                continue
            taken.append(box)
            canvas.text(*_middle(box), label, size=SMALL, align="center")
        for number, one in enumerate(listed, start=1):
            wide = text_width(str(number), SMALL) + 3
            others = [*self._axes(), *(c for c in circles if c != self._circle(one))]
            box = self._number_place(one, wide, taken, others)
            taken.append(box)
            x, y = _middle(box)
            centre = self.x(one.specialisation), self.y(one.growth)
            distance = math.dist((x, y), centre)
            if distance > 8:  # a leader that ends before the number
                part = (distance - 8) / distance
                end = (centre[0] + (x - centre[0]) * part, centre[1] + (y - centre[1]) * part)
                canvas.rule(*centre, *end, colour=palette.INK, thickness=0.7)
            canvas.text(x, y, str(number), size=SMALL, align="center")
        return listed

    def _number_place(
        self, one: _Drawn, wide: float, taken: Sequence[Box], circles: Sequence[Box]
    ) -> Box:
        """The free place nearest to the middle of a circle, off other circles if there is one."""
        x, y = self.x(one.specialisation), self.y(one.growth)
        radius = self.radius(one.size)
        places = [(x, y)] if wide < 2 * radius else []
        places += [
            (x + distance * math.cos(turn), y + distance * math.sin(turn))
            for distance in (radius + 9, radius + 18, radius + 30, radius + 44, radius + 60)
            for turn in (math.pi * eighth / 8 for eighth in range(16))
        ]
        left, right = self.x.start - _LARGEST, self.x.end + _LARGEST
        boxes = [
            (px - wide / 2, py - 6, px + wide / 2, py + 6)
            for px, py in places
            if left <= px - wide / 2
            and px + wide / 2 <= right
            and self.y.end - _LARGEST <= py - 6
            and py + 6 <= self.bottom
        ]
        free = [box for box in boxes if not any(_overlap(box, other) for other in taken)]
        clear = [box for box in free if not any(_overlap(box, other) for other in circles)]
        return [*clear, *free, *boxes][0]

    def _axes(self) -> list[Box]:
        """The lines at quotient 1 and growth 0, which names do not cross."""
        x, y = self.x(1), self.y(0)
        return [(x, self.y.end - _LARGEST, x, self.bottom), (0, y, self.x.end + _LARGEST, y)]

    def _circle(self, one: _Drawn) -> Box:
        """The square around a circle, a little smaller than the circle is."""
        x, y = self.x(one.specialisation), self.y(one.growth)
        half = self.radius(one.size) * 0.85
        return (x - half, y - half, x + half, y + half)

    def _place(self, one: _Drawn, wide: float, taken: Sequence[Box], width: float) -> Box | None:
        """A free box for a label: inside the circle, or right, left, above or below it."""
        x, y = self.x(one.specialisation), self.y(one.growth)
        radius = self.radius(one.size)
        beside = radius + wide / 2 + 3
        middles = [(x + beside, y), (x - beside, y), (x, y - radius - 8), (x, y + radius + 8)]
        if wide < 2 * radius - 6:
            middles.insert(0, (x, y))
        for middle_x, middle_y in middles:
            box = (middle_x - wide / 2, middle_y - 6, middle_x + wide / 2, middle_y + 6)
            inside = box[0] >= 38 and box[2] <= width and box[3] <= self.bottom
            if inside and not any(_overlap(box, other) for other in taken):
                return box
        return None


Box = tuple[float, float, float, float]
"""Left, upper, right and lower end in pixels."""


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bubble_list(canvas: Canvas, listed: Sequence[_Drawn]) -> None:
    """Names of the circles that carry a number."""
    y = canvas.height + 2
    for number, one in enumerate(listed, start=1):
        name = clean(one.bubble.name) + signs(one.bubble.marks)
        canvas.text(14, y + SMALL * LINE / 2, str(number), size=SMALL, align="right")
        y = canvas.lines(20, y, wrap(name, canvas.width - 20, SMALL), size=SMALL)
    canvas.height = y


def network_drawing(
    nodes: Sequence[Node],
    links: Sequence[Link],
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Members of a cluster on a circle, one group beside the other, and the links between them.

    Names stand left and right of the circle at the height of their member. Members without links
    are drawn too.
    """
    check_codes((node.code for node in nodes), "network drawing")
    codes = {node.code for node in nodes}
    for link in links:
        if link.from_code not in codes or link.to_code not in codes:
            raise PictureError(
                f"network drawing: link {link.from_code} – {link.to_code} leads to nobody"
            )
    if not nodes:
        return None
    pairs = Counter(
        (min(link.from_code, link.to_code), max(link.from_code, link.to_code))
        for link in links
        if link.from_code != link.to_code
    )
    degree = Counter(code for pair in pairs for code in pair)
    groups = list(dict.fromkeys(node.group for node in sorted(nodes, key=lambda n: n.group)))
    ordered = sorted(nodes, key=lambda n: (groups.index(n.group), -degree[n.code], n.name, n.code))
    canvas = Canvas(width)
    canvas.heading(caption, Numbers(language), [])
    _group_legend(canvas, groups, nodes)
    ring = _Ring(ordered, width, canvas.height + 8)
    for (one, other), count in sorted(pairs.items(), key=lambda pair: (pair[1], pair[0])):
        canvas.rule(
            *ring.place(one), *ring.place(other), colour=palette.EDGE,
            thickness=min(0.8 + 0.7 * (count - 1), 4.0), opacity=0.75,
        )  # fmt: skip
    ring.draw(canvas, groups, degree)
    canvas.height = ring.bottom
    alone = sum(not degree[node.code] for node in nodes)
    facts = (
        f"{capital(word('members', language))}: {sum(not n.is_outside for n in nodes)}; "
        f"{word('linked_pairs', language)}: {len(pairs)}; {word('links', language)}: "
        f"{sum(pairs.values())}; {word('no_links', language)}: {alone}"
    )
    thick = word("pairs", language) if max(pairs.values(), default=0) > 1 else ""
    canvas.notes(caption, language, [], facts, thick)
    names = {node.code: clean(node.name) for node in nodes}
    head = join_words(clean(caption.title), caption.period)
    joined = "; ".join(f"{names[one]} – {names[other]} ({n})" for (one, other), n in pairs.items())
    everyone = ", ".join(f"{names[node.code]} ({clean(node.group)})" for node in ordered)
    return canvas.picture(caption, f"{head}. {facts}. {everyone}. {joined}".strip())


def _group_legend(canvas: Canvas, groups: Sequence[str], nodes: Sequence[Node]) -> None:
    """Shape and fill of each group with the number of its members."""
    counts = Counter(node.group for node in nodes)
    canvas.shape_legend(
        [(*_kind(n), f"{clean(group)} {counts[group]}") for n, group in enumerate(groups)]
    )


def _kind(group: int) -> tuple[str, str]:
    """Shape and fill of a group; groups after the fifth repeat shapes in other fills."""
    count = len(SHAPES)
    return SHAPES[group % count], palette.GROUPS[(group * 2 + group // count) % count]


class _Ring:
    """Places of the members on a circle and of their names beside it."""

    def __init__(self, nodes: Sequence[Node], width: float, top: float) -> None:
        self.nodes, self.width = nodes, width
        room = width * 0.33
        self.names = {node.code: wrap(node.name, room - 10, SMALL) for node in nodes}
        side = [nodes[: (len(nodes) + 1) // 2], nodes[(len(nodes) + 1) // 2 :]]
        heights = [sum(len(self.names[n.code]) * SMALL * LINE + 4 for n in half) for half in side]
        tall = max(*heights, 180.0)
        self.radius_x, self.radius_y = width / 2 - room - 6, tall / 2 - 8
        self.middle = (width / 2, top + tall / 2)
        self.bottom = top + tall + 4
        self.places: dict[str, tuple[float, float]] = {}
        self.labels: dict[str, tuple[float, Align]] = {}
        self._spread(side[0], top, tall, 1)
        self._spread(list(reversed(side[1])), top, tall, -1)

    def _spread(self, nodes: Sequence[Node], top: float, tall: float, side: int) -> None:
        """Members of one side from the top down, and their names at heights of their own."""
        angles = [math.pi * (number + 0.5) / len(nodes) for number in range(len(nodes))]
        for node, angle in zip(nodes, angles, strict=True):
            self.places[node.code] = (
                self.middle[0] + side * self.radius_x * math.sin(angle),
                self.middle[1] - self.radius_y * math.cos(angle),
            )
        halves = [len(self.names[node.code]) * SMALL * LINE / 2 + 2 for node in nodes]
        wanted = [self.places[node.code][1] - top for node in nodes]
        for node, place in zip(nodes, apart(wanted, halves, tall), strict=True):
            self.labels[node.code] = (top + place, "left" if side > 0 else "right")

    def place(self, code: str) -> tuple[float, float]:
        """Where a member stands."""
        return self.places[code]

    def draw(self, canvas: Canvas, groups: Sequence[str], degree: Mapping[str, int]) -> None:
        """The members, larger with more partners, their names, and thin lines between them."""
        most = max([1, *degree.values()])
        for node in self.nodes:
            x, y = self.places[node.code]
            label_y, align = self.labels[node.code]
            side = 1 if align == "left" else -1
            text_x = self.middle[0] + side * (self.radius_x + 14)
            canvas.rule(x, y, text_x - side * 3, label_y, colour=palette.GRID)
            name = self.names[node.code]
            canvas.lines(
                text_x, label_y - len(name) * SMALL * LINE / 2, name, size=SMALL, align=align,
                colour=palette.INK if degree.get(node.code) else palette.QUIET,
            )  # fmt: skip
        for node in self.nodes:
            shape, fill = _kind(groups.index(node.group))
            radius = 4.5 + 4.0 * math.sqrt(degree.get(node.code, 0) / most)
            canvas.point(*self.places[node.code], radius, fill, stroke=palette.INK, shape=shape)
