"""Pictures of change over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from warehouse.reports.pictures import palette
from warehouse.reports.pictures.draw import LINE, NORMAL, SMALL, WIDTH, Align, Canvas
from warehouse.reports.pictures.model import (
    Caption,
    Language,
    Mark,
    Picture,
    PictureError,
    Point,
    Series,
    Slope,
    check_codes,
    check_numbers,
)
from warehouse.reports.pictures.scales import Scale, apart
from warehouse.reports.pictures.texts import (
    Numbers,
    clean,
    join_words,
    said,
    signs,
    text_width,
    word,
    wrap,
)

_PANEL = 62.0
"""Height of the lines of one small chart."""

_LEAST_SPAN = 0.05
"""Least half height of a scale, as a share of its largest value."""


def small_multiples(
    series: Sequence[Series],
    caption: Caption,
    language: Language,
    *,
    own_scales: bool = False,
    width: int = WIDTH,
) -> Picture | None:
    """One small line chart per region on a common scale, with its first and last value printed.

    `own_scales` gives each chart a scale of its own, and says so, for regions too unlike in size
    to show change on a common one.

    A line joins values of neighbouring years only: it stops at a missing year and at a break. A
    series without any value keeps its place and says so. The reference is drawn behind every line.
    """
    check_codes((one.code for one in series), "small multiples")
    for one in series:
        check_codes((str(point.year) for point in one.points), f"small multiples: {one.name}")
        check_numbers((point.value for point in one.points), "small multiples")
    references = [one for one in series if one.is_reference]
    if len(references) > 1:
        raise PictureError("small multiples: more than one reference series")
    panels = [one for one in series if not one.is_reference]
    points = [p for one in series for p in one.points if p.value is not None]
    if not any(p.value is not None for one in panels for p in one.points):
        return None
    sizes = [p.value for p in points if p.value is not None]
    numbers = Numbers.fitting(sizes, caption.unit, language)
    marks = [p.marks for p in points]
    canvas = Canvas(width)
    canvas.heading(caption, numbers, marks)
    columns = min(len(panels), max(1, width // 125))
    panel_width = (canvas.width - 14 * (columns - 1)) / columns
    years = Scale(min(p.year for p in points), max(p.year for p in points), 0, panel_width)
    common = _heights(points)
    top = canvas.height
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        titles = [wrap(one.name, panel_width, SMALL, bold=True) for one in row]
        title_height = max(map(len, titles)) * SMALL * LINE
        for number, (one, title) in enumerate(zip(row, titles, strict=True)):
            heights = _heights(one.points) if own_scales else common
            x = number * (panel_width + 14)
            canvas.lines(x, top, title, size=SMALL, bold=True)
            panel = _Panel(canvas, x, top + title_height + 4, years, heights, numbers)
            panel.draw(one, [] if own_scales else references)
        top += title_height + 4 + _PANEL + 34
    canvas.height = top - 6
    shown = [] if own_scales else references
    scales = word("own_scales", language) if own_scales else ""
    canvas.notes(caption, language, marks, *_panel_notes(panels, shown, numbers), scales)
    head = join_words(clean(caption.title), numbers.unit, caption.period)
    told = "; ".join(_series_told(one, numbers) for one in [*references, *panels])
    return canvas.picture(caption, f"{head}. {told}.")


def _heights(points: Sequence[Point]) -> Scale:
    """The scale of the values, but never so fine that noise looks like change."""
    values = [point.value for point in points if point.value is not None] or [0.0]
    low, high = min(values), max(values)
    middle = low / 2 + high / 2
    least = _LEAST_SPAN * max(abs(low), abs(high))
    return Scale(min(low, middle - least), max(high, middle + least), _PANEL - 4, 4)


def _panel_notes(
    panels: Sequence[Series], references: Sequence[Series], numbers: Numbers
) -> list[str]:
    """What the dashed line, gaps and break lines mean, for those that are there."""
    language = numbers.language
    notes = [f"{word('dashed', language)}: {clean(one.name)}" for one in references]
    if any(_has_gap(one) for one in panels):
        notes.append(word("gap", language))
    if any(one.breaks for one in panels):
        notes.append(word("break", language))
    return ["; ".join(notes)] if notes else []


def _has_gap(series: Series) -> bool:
    years = [point.year for point in series.points if point.value is not None]
    return bool(years) and len(years) < max(years) - min(years) + 1


def _series_told(series: Series, numbers: Numbers) -> str:
    told = ", ".join(
        f"{point.year}: "
        + (
            word("absent", numbers.language)
            if point.value is None
            else numbers.text(point.value) + said(point.marks, numbers.language)
        )
        for point in sorted(series.points, key=lambda point: point.year)
    )
    return f"{clean(series.name)} — {told or word('absent', numbers.language)}"


@dataclass(frozen=True)
class _Panel:
    """One small chart at its place."""

    canvas: Canvas
    x: float
    y: float
    years: Scale
    heights: Scale
    numbers: Numbers

    def draw(self, series: Series, references: Sequence[Series]) -> None:
        """Frame, break lines, reference, line and values."""
        canvas, width = self.canvas, self.years.end
        canvas.rule(self.x, self.y + _PANEL, self.x + width, self.y + _PANEL)
        if self.heights.low < 0 < self.heights.high:
            zero = self.y + self.heights(0)
            canvas.rule(self.x, zero, self.x + width, zero, colour=palette.EDGE, dash=(1, 3))
        for year in series.breaks:
            if self.years.low < year <= self.years.high:
                x = self.x + self.years(year - 0.5)
                canvas.rule(x, self.y, x, self.y + _PANEL, colour=palette.TARGET, dash=(2, 2))
        for reference in references:
            self._line(reference, is_reference=True)
        self._line(series, is_reference=False)
        self._values(series)

    def _place(self, point: Point) -> tuple[float, float]:
        return (
            self.x + self.years(point.year),
            self.y + self.heights(point.value if point.value is not None else 0.0),
        )

    def _line(self, series: Series, *, is_reference: bool) -> None:
        given = sorted((p for p in series.points if p.value is not None), key=lambda p: p.year)
        joined = set()
        for before, after in pairwise(given):
            if after.year - before.year != 1 or after.year in series.breaks:
                continue
            joined |= {before.year, after.year}
            self.canvas.rule(
                *self._place(before),
                *self._place(after),
                colour=palette.EDGE if is_reference else palette.ACCENT,
                thickness=1.0 if is_reference else 2.0,
                dash=(3, 3) if is_reference else (1, 0),
            )
        if is_reference:
            return
        for point in given:
            if point.year not in joined or point in (given[0], given[-1]):
                is_open = Mark.ILLUSTRATIVE in point.marks or Mark.PRELIMINARY in point.marks
                fill = palette.PAPER if is_open else palette.ACCENT
                self.canvas.point(
                    *self._place(point), 2.6, fill, stroke=palette.ACCENT, thickness=1.4
                )

    def _values(self, series: Series) -> None:
        """First and last value with their years below the chart."""
        canvas, width = self.canvas, self.years.end
        given = sorted((p for p in series.points if p.value is not None), key=lambda p: p.year)
        if not given:
            canvas.text(
                self.x + width / 2,
                self.y + _PANEL / 2,
                word("absent", self.numbers.language),
                size=SMALL,
                align="center",
                colour=palette.QUIET,
            )
            return
        ends = (given[0],) if len(given) == 1 else (given[0], given[-1])
        for point in ends:
            is_left = point is given[0] and len(given) > 1
            x = self.x if is_left else self.x + width
            label = self.numbers.text(point.value or 0.0) + signs(point.marks)
            align: Align = "left" if is_left else "right"
            canvas.text(x, self.y + _PANEL + 9, label, size=SMALL, align=align, bold=not is_left)
            canvas.text(
                x, self.y + _PANEL + 22, str(point.year), size=SMALL, align=align,
                colour=palette.QUIET,
            )  # fmt: skip


def slope_chart(
    slopes: Sequence[Slope],
    first_year: int,
    last_year: int,
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Each region's value in two years, joined by a line.

    A region with one value of the two has its mark and no line; one with none is named below.
    """
    check_codes((slope.code for slope in slopes), "slope chart")
    for slope in slopes:
        check_numbers((slope.first, slope.last), "slope chart")
    if first_year >= last_year:
        raise PictureError(f"slope chart: {first_year} is not before {last_year}")
    shown = [s for s in slopes if s.first is not None or s.last is not None]
    if not shown:
        return None
    sizes = [v for s in shown for v in (s.first, s.last) if v is not None]
    numbers = Numbers.fitting(sizes, caption.unit, language)
    marks = [slope.marks for slope in shown]
    canvas = Canvas(width)
    canvas.heading(caption, numbers, marks)
    value_room = max(text_width(numbers.text(v) + "°*", NORMAL) for v in sizes) + 12
    left, right = value_room + 10, width * 0.45
    names = {
        s.code: wrap(s.name, width - right - value_room - 12, NORMAL, bold=s.is_highlighted)
        for s in shown
    }
    lines = {code: len(name) for code, name in names.items()}
    row = NORMAL * LINE
    height = max(200.0, sum(lines.values()) * row + 10)
    top = canvas.height + 20
    scale = Scale(min(sizes), max(sizes), top + height - 10, top + 10)
    for x, year in ((left, first_year), (right, last_year)):
        canvas.text(x, canvas.height + 8, str(year), align="center", bold=True)
        canvas.rule(x, top, x, top + height, colour=palette.EDGE)
    _slope_lines(canvas, shown, scale, left, right)
    _slope_firsts(canvas, shown, scale, left, numbers=numbers)
    halves = [max(lines[s.code], 1) * row / 2 for s in shown]
    wanted = [scale(_end(s)) - top for s in shown]
    for slope, offset in zip(shown, apart(wanted, halves, height), strict=True):
        place = (right, top + offset)
        _slope_end(canvas, slope, names[slope.code], place, scale=scale, numbers=numbers)
    canvas.height = top + height
    absent = [clean(s.name) for s in slopes if s not in shown]
    missing = f"{word('absent', language)}: {', '.join(absent)}" if absent else ""
    canvas.notes(caption, language, marks, missing)
    head = join_words(clean(caption.title), numbers.unit, caption.period)
    told = "; ".join(
        f"{clean(s.name)}: {first_year} — {_told(s.first, numbers)},"
        f" {last_year} — {_told(s.last, numbers)}{said(s.marks, language)}"
        for s in slopes
    )
    return canvas.picture(caption, f"{head}. {told}.")


def _told(value: float | None, numbers: Numbers) -> str:
    return word("absent", numbers.language) if value is None else numbers.text(value)


def _end(slope: Slope) -> float:
    """The value beside which the name stands."""
    value = slope.last if slope.last is not None else slope.first
    return value if value is not None else 0.0


def _colour(slope: Slope, slopes: Sequence[Slope]) -> str:
    is_strong = slope.is_highlighted or not any(one.is_highlighted for one in slopes)
    return palette.ACCENT if is_strong else palette.EDGE


def _slope_lines(
    canvas: Canvas, slopes: Sequence[Slope], scale: Scale, left: float, right: float
) -> None:
    for slope in slopes:
        colour = _colour(slope, slopes)
        if slope.first is not None and slope.last is not None:
            canvas.rule(
                left, scale(slope.first), right, scale(slope.last), colour=colour,
                thickness=2.5 if slope.is_highlighted else 1.5,
                dash=(4, 3) if Mark.ILLUSTRATIVE in slope.marks else (1, 0),
            )  # fmt: skip
    for slope in slopes:
        for x, value in ((left, slope.first), (right, slope.last)):
            if value is not None:
                canvas.point(x, scale(value), 3.5, _colour(slope, slopes))


def _slope_firsts(
    canvas: Canvas, slopes: Sequence[Slope], scale: Scale, left: float, *, numbers: Numbers
) -> None:
    """Values of the first year beside their marks, kept apart."""
    firsts = [(slope, slope.first) for slope in slopes if slope.first is not None]
    top, height = scale.end - 10, scale.start - scale.end + 20
    halves = [NORMAL * LINE / 2] * len(firsts)
    places = apart([scale(value) - top for _, value in firsts], halves, height)
    for (slope, value), place in zip(firsts, places, strict=True):
        y = top + place
        canvas.rule(left - 5, scale(value), left - 14, y, colour=palette.EDGE, thickness=0.7)
        label = numbers.text(value) + signs(slope.marks)
        canvas.text(left - 17, y, label, align="right", bold=slope.is_highlighted)


def _slope_end(
    canvas: Canvas,
    slope: Slope,
    name: Sequence[str],
    place: tuple[float, float],
    *,
    scale: Scale,
    numbers: Numbers,
) -> None:
    """Last value and name beside the line, joined to it where they had to move."""
    right, y = place
    if slope.last is not None:
        canvas.rule(right + 5, scale(slope.last), right + 14, y, colour=palette.EDGE, thickness=0.7)
    label = "—" if slope.last is None else numbers.text(slope.last) + signs(slope.marks)
    canvas.text(right + 17, y, label, bold=True)
    top = y - len(name) * NORMAL * LINE / 2
    x = right + 17 + max(text_width(label, NORMAL, bold=True), 10) + 6
    canvas.lines(x, top, name, bold=slope.is_highlighted)
