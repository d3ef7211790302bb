"""Pictures that compare sizes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal

from warehouse.reports.pictures import palette
from warehouse.reports.pictures.draw import LINE, NORMAL, SMALL, WIDTH, Canvas
from warehouse.reports.pictures.model import (
    Bullet,
    Caption,
    Datum,
    Language,
    Mark,
    Picture,
    PictureError,
    StatusCount,
    check_codes,
    check_numbers,
)
from warehouse.reports.pictures.scales import Scale, apart
from warehouse.reports.pictures.texts import (
    Numbers,
    absence,
    by_value,
    capital,
    clean,
    join_words,
    said,
    signs,
    tell,
    text_width,
    word,
    wrap,
)

BAR = 14.0
"""Height of a bar in pixels."""


def ranking_bars(
    values: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    reference: Datum | None = None,
    highlighted: str | None = None,
    width: int = WIDTH,
) -> Picture | None:
    """Regions or clusters from the largest value down; absent ones last, with their reason.

    Args:
        values: What is compared.
        caption: What is shown.
        language: Language of the texts.
        reference: The country or an average: a dashed line through all bars.
        highlighted: Code of the bar that is drawn strongly.
        width: Width in pixels.
    """
    check_codes((datum.code for datum in values), "ranking bars")
    given = [datum for datum in values if datum.value is not None]
    shown = [*given, *([reference] if reference and reference.value is not None else [])]
    sizes = [datum.value for datum in shown if datum.value is not None]
    check_numbers(sizes, "ranking bars")
    if not given:
        return None
    numbers = Numbers.fitting(sizes, caption.unit, language)
    marks = [datum.marks for datum in shown]
    ordered = sorted(values, key=by_value)
    canvas = Canvas(width)
    canvas.heading(caption, numbers, marks)
    names = {datum.code: wrap(datum.name, width * 0.38, NORMAL, bold=True) for datum in values}
    left = (
        max(text_width(line, NORMAL, bold=True) for lines in names.values() for line in lines) + 8
    )
    room = max(text_width(_label(datum, numbers), NORMAL, bold=True) for datum in shown) + 6
    scale = Scale(min(0.0, *sizes), max(0.0, *sizes), left, canvas.width - room)
    y = top = canvas.height + (NORMAL * LINE + 4 if reference in shown else 0)
    bottom = top
    for datum in ordered:
        height = max(len(names[datum.code]) * NORMAL * LINE, BAR) + 6
        is_highlighted = datum.code == highlighted
        canvas.lines(0, y + 3, names[datum.code], bold=is_highlighted)
        _bar(canvas, datum, scale, y + height / 2, numbers=numbers, is_highlighted=is_highlighted)
        y += height
        bottom = bottom if datum.value is None else y
    canvas.rule(scale(0), top, scale(0), bottom, colour=palette.EDGE)
    if reference is not None and reference.value is not None:
        _reference(canvas, reference, scale(reference.value), (top, bottom), numbers)
    canvas.height = y
    canvas.notes(caption, language, marks)
    return canvas.picture(caption, tell(caption, numbers, [*shown[len(given) :], *ordered]))


def _label(datum: Datum, numbers: Numbers) -> str:
    return numbers.text(datum.value or 0.0) + signs(datum.marks)


def _bar(
    canvas: Canvas,
    datum: Datum,
    scale: Scale,
    middle: float,
    *,
    numbers: Numbers,
    is_highlighted: bool,
) -> None:
    """One bar with its value, or the reason why there is none."""
    if datum.value is None:
        lines = wrap(absence(datum, numbers.language), canvas.width - scale.start, SMALL)
        top = middle - len(lines) * SMALL * LINE / 2
        canvas.lines(canvas.width, top, lines, size=SMALL, align="right", colour=palette.QUIET)
        return
    start, end = sorted((scale(0), scale(datum.value)))
    fill = palette.ACCENT if is_highlighted else palette.SOFT
    is_dashed = Mark.ILLUSTRATIVE in datum.marks
    canvas.rect(
        start, middle - BAR / 2, end - start, BAR, fill, stroke=palette.EDGE, dashed=is_dashed
    )
    canvas.text(canvas.width, middle, _label(datum, numbers), align="right", bold=is_highlighted)


def _reference(
    canvas: Canvas, datum: Datum, x: float, span: tuple[float, float], numbers: Numbers
) -> None:
    """A dashed line through the bars with its name and value above it."""
    top, bottom = span
    canvas.rule(x, top - 2, x, bottom, colour=palette.TARGET, thickness=1.5, dash=(5, 3))
    words = f"{clean(datum.name)} {_label(datum, numbers)}"
    half = text_width(words, NORMAL) / 2
    place = min(max(x, half), canvas.width - half)
    canvas.text(place, top - NORMAL * LINE / 2 - 3, words, align="center", colour=palette.TARGET)


def bullet_chart(
    bullets: Sequence[Bullet], caption: Caption, language: Language, *, width: int = WIDTH
) -> Picture | None:
    """Actual against plan, in per cent of the plan, with both values printed.

    What has no plan above 0 and no actual value is listed with what it has and gets no bar.
    """
    check_codes((bullet.code for bullet in bullets), "bullet chart")
    for bullet in bullets:
        check_numbers((bullet.plan, bullet.actual, bullet.forecast), "bullet chart")
    if not any(b.plan is not None or b.actual is not None for b in bullets):
        return None
    percent = Numbers(language, unit=word("of_plan", language))
    marks = [bullet.marks for bullet in bullets]
    canvas = Canvas(width)
    canvas.heading(caption, percent, marks)
    shares = [share for b in bullets for share in (_share(b, b.actual), _share(b, b.forecast))]
    drawn = [share for share in shares if share is not None]
    top_share = min(max([100.0, *drawn]), 200.0)
    room = text_width("000 %°", NORMAL, bold=True) + 10
    scale = Scale(min([0.0, *drawn]), top_share, 0, width - room)
    y = canvas.height
    for bullet in bullets:
        y = canvas.lines(0, y, wrap(bullet.name, width, NORMAL, bold=True), bold=True)
        y = _bullet(canvas, bullet, scale, y + 2, percent) + 2
        values = _plan_and_actual(bullet, language)
        y = canvas.lines(0, y, wrap(values, width, SMALL), size=SMALL, colour=palette.QUIET) + 8
    canvas.height = y
    legend = f"{capital(word('bar_is_actual', language))}; {word('line_is_plan', language)}" + (
        f"; {word('tick_is_forecast', language)}" if any(b.forecast for b in bullets) else ""
    )
    canvas.notes(caption, language, marks, legend)
    head = join_words(clean(caption.title), caption.period)
    told = (
        f"{clean(b.name)}: {_plan_and_actual(b, language)}{_executed(b, percent)}"
        f"{said(b.marks, language)}"
        for b in bullets
    )
    return canvas.picture(caption, f"{head}. {'; '.join(told)}.")


def _share(bullet: Bullet, value: float | None) -> float | None:
    """A value in per cent of the plan; None where that says nothing."""
    if value is None or bullet.plan is None or bullet.plan <= 0:
        return None
    return 100 * value / bullet.plan


def _executed(bullet: Bullet, percent: Numbers) -> str:
    share = _share(bullet, bullet.actual)
    return "" if share is None else f", {percent.text(share)} {word('of_plan', percent.language)}"


def _plan_and_actual(bullet: Bullet, language: Language) -> str:
    """Plan, forecast and actual in words and numbers."""
    values = (("plan", bullet.plan), ("forecast", bullet.forecast), ("actual", bullet.actual))
    numbers = Numbers.fitting([v for _, v in values if v is not None], bullet.unit, language)
    told = [
        f"{word(name, language)}: "
        + (word("absent", language) if value is None else numbers.text(value))
        for name, value in values
        if value is not None or name != "forecast"
    ]
    return join_words("; ".join(told), numbers.unit)


def _bullet(canvas: Canvas, bullet: Bullet, scale: Scale, y: float, percent: Numbers) -> float:
    """Bar of the actual value over the track of the plan; returns the height below."""
    share = _share(bullet, bullet.actual)
    forecast = _share(bullet, bullet.forecast)
    if bullet.plan is None or bullet.plan <= 0:
        return y
    canvas.rect(scale(0), y, scale(100) - scale(0), BAR, palette.GRID)
    if share is not None:
        start, end = sorted((scale(0), scale(share)))
        canvas.rect(start, y + 3, end - start, BAR - 6, palette.ACCENT)
    canvas.rule(scale(100), y - 1, scale(100), y + BAR + 1, colour=palette.INK, thickness=2.5)
    if forecast is not None:
        canvas.point(scale(forecast), y + BAR / 2, 5, palette.PAPER, stroke=palette.TARGET,
                     thickness=2, shape="diamond")  # fmt: skip
    label = "" if share is None else f"{percent.text(share)} %{signs(bullet.marks)}"
    beyond = share is not None and share > scale.high
    canvas.text(
        canvas.width, y + BAR / 2, ("› " if beyond else "") + label, align="right", bold=True
    )
    return y + BAR + 2


def status_counts(
    counts: Sequence[StatusCount],
    statuses: Sequence[str],
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Clusters by status over years, stacked from the bottom in the order of `statuses`.

    Every year from the first to the last has its place; one without any row stays empty and says
    so.

    Args:
        counts: One row per status and year.
        statuses: Codes of the statuses, at most as many as the palette has groups.
        caption: What is shown.
        language: Language of the texts.
        width: Width in pixels.
    """
    check_codes((f"{c.status_code} {c.year}" for c in counts), "status counts")
    unknown = {c.status_code for c in counts} - set(statuses)
    if unknown or len(statuses) > len(palette.GROUPS) or any(c.count < 0 for c in counts):
        raise PictureError(f"status counts: expected counts of {list(statuses)}, found {counts}")
    if not any(c.count for c in counts):
        return None
    numbers = Numbers(language, unit=caption.unit)
    canvas = Canvas(width)
    canvas.heading(caption, numbers, [])
    by_year: dict[int, dict[str, int]] = {}
    for c in counts:
        by_year.setdefault(c.year, {})[c.status_code] = c.count
    names = {c.status_code: c.status_name for c in counts}
    held = {c.status_code for c in counts if c.count}
    _status_legend(canvas, [s for s in statuses if s in held], statuses, names)
    top, bottom = canvas.height + 20, canvas.height + 200
    highest = max(sum(one.values()) for one in by_year.values())
    scale = Scale(0, highest, bottom, top)
    years = range(min(by_year), max(by_year) + 1)
    step = width / len(years)
    for number, year in enumerate(years):
        x = number * step + step * 0.1
        span = (x, step * 0.8)
        _status_column(canvas, by_year.get(year), statuses, scale, span=span, language=language)
        if step >= 30 or number % 2 == 0:
            canvas.text(x + step * 0.4, bottom + 11, str(year), align="center")
    canvas.rule(0, bottom, width, bottom, colour=palette.EDGE)
    canvas.height = bottom + 22
    canvas.notes(caption, language, [])
    head = join_words(clean(caption.title), caption.period)
    told = (
        f"{year}: "
        + (
            ", ".join(f"{clean(names[s])} {one[s]}" for s in statuses if s in one)
            if (one := by_year.get(year))
            else word("absent", language)
        )
        for year in years
    )
    return canvas.picture(caption, f"{head}. {'; '.join(told)}.")


def _status_legend(
    canvas: Canvas, shown: Sequence[str], statuses: Sequence[str], names: dict[str, str]
) -> None:
    """Names of the statuses beside their fills, above the columns."""
    x, y = 0.0, canvas.height
    for status in shown:
        wide = 18 + text_width(names[status], NORMAL) + 14
        if x and x + wide > canvas.width:
            x, y = 0.0, y + 18
        fill = palette.GROUPS[list(statuses).index(status)]
        canvas.rect(x, y + 2, 12, 12, fill, stroke=palette.EDGE)
        canvas.text(x + 17, y + 8, names[status])
        x += wide
    canvas.height = y + 18


def _status_column(
    canvas: Canvas,
    counts: dict[str, int] | None,
    statuses: Sequence[str],
    scale: Scale,
    *,
    span: tuple[float, float],
    language: Language,
) -> None:
    """The stack of one year from x on, with its numbers inside and its sum above."""
    x, width = span
    if counts is None:
        lines = wrap(word("absent", language), width, SMALL)
        top = scale(0) - 4 - len(lines) * SMALL * LINE
        canvas.lines(x + width / 2, top, lines, size=SMALL, align="center", colour=palette.QUIET)
        return
    base = 0
    for number, status in enumerate(statuses):
        count = counts.get(status, 0)
        if not count:
            continue
        y, y2 = scale(base + count), scale(base)
        canvas.rect(x, y, width, y2 - y, palette.GROUPS[number], stroke=palette.EDGE)
        if y2 - y >= SMALL + 1 and width >= text_width(str(count), SMALL):
            canvas.text(
                x + width / 2, (y + y2) / 2, str(count), size=SMALL, align="center",
                colour=palette.text_on(number),
            )  # fmt: skip
        base += count
    canvas.text(x + width / 2, scale(base) - 9, str(base), align="center", bold=True)


def position_strip(
    values: Sequence[Datum],
    code: str,
    caption: Caption,
    language: Language,
    *,
    best: Literal["high", "low", "none"] = "high",
    width: int = WIDTH,
) -> Picture | None:
    """One cluster among all on one scale, with the median and the best value.

    Args:
        values: All clusters, the own one too.
        code: Which one is looked at; without a value of its own nothing is drawn.
        caption: What is shown.
        language: Language of the texts.
        best: Which end is the better one; "none": no best is marked.
        width: Width in pixels.
    """
    check_codes((datum.code for datum in values), "position strip")
    given = {d.code: d for d in values if d.value is not None}
    sizes = [d.value for d in given.values() if d.value is not None]
    check_numbers(sizes, "position strip")
    if code not in given or len(given) < 2:
        return None
    own = given[code]
    numbers = Numbers.fitting(sizes, caption.unit, language)
    marks = [datum.marks for datum in given.values()]
    canvas = Canvas(width)
    canvas.heading(caption, numbers, marks)
    label = [*wrap(own.name, canvas.width, NORMAL, bold=True), _label(own, numbers)]
    middle = canvas.height + len(label) * NORMAL * LINE + 14
    scale = Scale(min(sizes), max(sizes), 8, width - 8)
    canvas.rule(8, middle, width - 8, middle, colour=palette.EDGE)
    for datum in sorted(given.values(), key=by_value):
        x = scale(datum.value or 0.0)
        canvas.rule(x, middle - 8, x, middle + 8, colour=palette.EDGE, thickness=1.5, opacity=0.7)
    own_value = own.value if own.value is not None else 0.0
    canvas.point(scale(own_value), middle, 8, palette.ACCENT)
    _strip_label(canvas, scale(own_value), canvas.height, label)
    below: list[tuple[float, str, str]] = [
        (scale(median(sizes)), word("median", language), numbers.text(median(sizes)))
    ]
    if best != "none":
        peak = max(sizes) if best == "high" else min(sizes)
        below.append((scale(peak), word("best", language), numbers.text(peak)))
    _strip_marks(canvas, below, middle)
    canvas.height = middle + 50
    rank = 1 + sum(v < own_value if best == "low" else v > own_value for v in sizes)
    place = word("place", language).format(rank=rank, count=len(sizes)) if best != "none" else ""
    canvas.notes(caption, language, marks, place)
    head = join_words(clean(caption.title), numbers.unit, caption.period)
    told = [f"{clean(own.name)}: {numbers.text(own_value)}{said(own.marks, language)}"]
    told += [f"{name}: {value}" for _, name, value in below]
    return canvas.picture(caption, f"{head}. {'; '.join([*told, *filter(None, [place])])}.")


def _strip_label(canvas: Canvas, x: float, y: float, lines: Sequence[str]) -> None:
    """Name and value of the own cluster at its place, but inside the drawing."""
    half = max(text_width(line, NORMAL, bold=True) for line in lines) / 2
    place = min(max(x, half), canvas.width - half)
    canvas.lines(place, y, lines, align="center", bold=True, colour=palette.ACCENT)


def _strip_marks(canvas: Canvas, marks: Sequence[tuple[float, str, str]], middle: float) -> None:
    """Median and best below the scale, their texts kept apart."""
    halves = [max(text_width(name, NORMAL), text_width(value, NORMAL)) / 2 + 4
              for _, name, value in marks]  # fmt: skip
    places = apart([x for x, _, _ in marks], halves, canvas.width)
    for (x, name, value), place in zip(marks, places, strict=True):
        canvas.rule(x, middle - 10, x, middle + 12, colour=palette.TARGET, thickness=2.5)
        canvas.rule(x, middle + 12, place, middle + 18, colour=palette.TARGET)
        canvas.text(place, middle + 27, name, align="center")
        canvas.text(place, middle + 42, value, align="center")
