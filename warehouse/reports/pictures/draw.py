"""A canvas in pixels on Vega-Altair, and its SVG in two themes.

Every picture places its own marks: texts are wrapped and labels kept apart before anything is
drawn, so that a drawing of 400 pixels is read on a phone, on a page and in print alike. Vega
draws; no browser and no network is used.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from typing import Any, Literal, cast

import altair as alt
import vl_convert

from warehouse.reports.pictures import palette
from warehouse.reports.pictures.model import Caption, Language, Mark, Picture, PictureError
from warehouse.reports.pictures.texts import (
    SIGNS,
    Numbers,
    capital,
    clean,
    is_measured,
    join_words,
    text_width,
    word,
    wrap,
)

WIDTH = 404
"""Width in pixels of what is drawn, without the margin."""

MARGIN = 8
SMALL, NORMAL, LARGE = 11.0, 12.0, 14.0
LINE = 1.3
"""Height of a line of text in its font sizes."""

_FONT = "Liberation Sans"  # comes inside vl-convert, so every machine measures alike
_FONTS = "'Liberation Sans', Arial, Helvetica, 'Noto Sans', 'DejaVu Sans', sans-serif"

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down")
"""Shapes of kinds, in the order of `palette.GROUPS`: what colour says, they say too."""

Align = Literal["left", "center", "right"]
Marks = tuple[Mark, ...]


@dataclass
class Canvas:
    """Marks by position in pixels from the upper left corner; later ones lie above earlier ones."""

    width: int = WIDTH
    height: float = 0.0
    layers: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    def _add(self, kind: str, **row: Any) -> None:
        if not self.layers or self.layers[-1][0] != kind:
            self.layers.append((kind, []))
        self.layers[-1][1].append(row)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = NORMAL,
        align: Align = "left",
        colour: str = palette.INK,
        bold: bool = False,
        angle: float = 0.0,
    ) -> None:
        """One line of text whose middle height is y."""
        self._add(
            "text", x=x, y=y, text=clean(text), size=size, align=align, fill=colour,
            weight="bold" if bold else "normal", angle=angle,
        )  # fmt: skip

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = NORMAL,
        align: Align = "left",
        colour: str = palette.INK,
        bold: bool = False,
    ) -> float:
        """Lines of text from the height y downwards; returns the height below them."""
        for number, line in enumerate(lines):
            self.text(
                x, y + size * LINE * (number + 0.5), line,
                size=size, align=align, colour=colour, bold=bold,
            )  # fmt: skip
        return y + size * LINE * len(lines)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        stroke: str = "",
        dashed: bool = False,
    ) -> None:
        """A filled rectangle."""
        self._add(
            "rect", x=x, y=y, x2=x + width, y2=y + height, fill=fill, stroke=stroke or fill,
            thickness=1.0 if stroke else 0.0, dash=[3, 2] if dashed else [1, 0],
        )  # fmt: skip

    def rule(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        *,
        colour: str = palette.GRID,
        thickness: float = 1.0,
        dash: tuple[float, float] = (1, 0),
        opacity: float = 1.0,
    ) -> None:
        """A straight line."""
        self._add(
            "rule", x=x, y=y, x2=x2, y2=y2, stroke=colour, thickness=thickness,
            dash=list(dash), opacity=opacity,
        )  # fmt: skip

    def point(
        self,
        x: float,
        y: float,
        radius: float,
        fill: str,
        *,
        stroke: str = palette.PAPER,
        thickness: float = 1.0,
        shape: str = "circle",
        opacity: float = 1.0,
    ) -> None:
        """A circle or another shape of about its area."""
        self._add(
            "point", x=x, y=y, area=3.1416 * radius * radius, fill=fill, stroke=stroke,
            thickness=thickness, shape=shape, opacity=opacity,
        )  # fmt: skip

    def shape_legend(self, kinds: Sequence[tuple[str, str, str]]) -> None:
        """Names of kinds beside their shape and fill: (shape, fill, name)."""
        x, y = 0.0, self.height
        for shape, fill, name in kinds:
            wide = 18 + text_width(name, SMALL) + 12
            if x and x + wide > self.width:
                x, y = 0.0, y + 17
            self.point(x + 7, y + 8, 5.5, fill, stroke=palette.INK, shape=shape)
            self.text(x + 17, y + 8, name, size=SMALL)
            x += wide
        self.height = y + 18

    def shape(
        self,
        geometry: dict[str, Any],
        fill: str,
        *,
        stroke: str = palette.EDGE,
        dashed: bool = False,
    ) -> None:
        """A polygon as a GeoJSON geometry in pixels."""
        self._add(
            "shape", type="Feature", geometry=geometry, fill=fill, stroke=stroke, thickness=1.0,
            dash=[3, 2] if dashed else [1, 0],
        )  # fmt: skip

    def heading(self, caption: Caption, numbers: Numbers, marks: Sequence[Marks]) -> None:
        """Title, unit and period at the top, and what holds for every value."""
        y = self.lines(
            0, 0, wrap(caption.title, self.width, LARGE, bold=True), size=LARGE, bold=True
        )
        below = join_words(numbers.unit, caption.period)
        if below:
            y = self.lines(0, y + 1, wrap(below, self.width, NORMAL), colour=palette.QUIET)
        if _is_all_illustrative(caption, marks):
            badge = word("all_illustrative", numbers.language)
            y = self.lines(
                0, y + 1, wrap(badge, self.width, NORMAL, bold=True),
                colour=palette.TARGET, bold=True,
            )  # fmt: skip
        self.height = y + 8

    def notes(
        self, caption: Caption, language: Language, marks: Sequence[Marks], *more: str
    ) -> None:
        """What signs mean, further sentences, and the source, at the bottom."""
        used = {mark for one in (*marks, caption.marks) for mark in one}
        if _is_all_illustrative(caption, marks):
            used.discard(Mark.ILLUSTRATIVE)
        explained = "; ".join(
            f"{sign} {word(mark, language)}" for mark, sign in SIGNS.items() if mark in used
        )
        source = f"{word('source', language)}: {caption.source}" if caption.source else ""
        y = self.height + 6
        for note in filter(None, (explained, *more, source)):
            y = self.lines(
                0, y, wrap(capital(note), self.width, SMALL), size=SMALL, colour=palette.QUIET
            )
        self.height = y + 2

    def picture(self, caption: Caption, alternative: str) -> Picture:
        """Draws the marks."""
        spec = {
            **_frame(),
            "width": self.width,
            "height": max(round(self.height), 1),
            "layer": [{**_layer(kind), "data": {"values": rows}} for kind, rows in self.layers],
        }
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
        light = _finish(svg, caption.title, alternative)
        return Picture(light=light, dark=_darken(light), alternative=alternative)


def _is_all_illustrative(caption: Caption, marks: Sequence[Marks]) -> bool:
    return Mark.ILLUSTRATIVE in caption.marks or (
        bool(marks) and all(Mark.ILLUSTRATIVE in one for one in marks)
    )


def _raw(name: str) -> Any:
    """A property of a mark that each row brings itself."""
    return alt.expr(f"datum.{name}")


def _marks() -> dict[str, Any]:
    """A chart for each kind of mark, without data."""
    base = alt.Chart(alt.InlineData(values=[]))
    stroke = {"stroke": _raw("stroke"), "strokeWidth": _raw("thickness")}
    placed = {"x": alt.X("x:Q", scale=None), "y": alt.Y("y:Q", scale=None)}
    extended = {**placed, "x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    return {
        "text": base.mark_text(
            baseline="middle", align=_raw("align"), fontWeight=_raw("weight"),
            fontSize=_raw("size"), fill=_raw("fill"), angle=_raw("angle"),
        ).encode(text=alt.Text("text:N"), **placed),
        "rect": base.mark_rect(
            fill=_raw("fill"), strokeDash=_raw("dash"), **stroke
        ).encode(**extended),
        "rule": base.mark_rule(
            strokeDash=_raw("dash"), strokeCap="round", opacity=_raw("opacity"), **stroke
        ).encode(**extended),
        "point": base.mark_point(
            fill=_raw("fill"), shape=_raw("shape"), size=_raw("area"), opacity=_raw("opacity"),
            **stroke,
        ).encode(**placed),
        "shape": base.mark_geoshape(
            fill=_raw("fill"), strokeDash=_raw("dash"), **stroke
        ).project(type="identity", scale=1, translate=[0, 0]),
    }  # fmt: skip


@cache
def _layer(kind: str) -> dict[str, Any]:
    """A layer without its data; made once, since Altair checks it against its schema."""
    chart = _marks()[kind].to_dict()
    return {key: chart[key] for key in ("mark", "encoding", "projection") if key in chart}


@cache
def _frame() -> dict[str, Any]:
    """What all drawings share."""
    chart = (
        alt.layer(alt.Chart(alt.InlineData(values=[])).mark_point())
        .properties(
            padding=MARGIN, background=palette.PAPER, autosize=alt.AutoSizeParams(type="none")
        )
        .configure(font=_FONT, aria=False, view=alt.ViewConfig(stroke=None))
    )
    return cast(dict[str, Any], chart.to_dict())


_IDLE = re.compile(
    r' (?:(?:role|aria-\w+|class)="[^"]*"'
    r'|stroke-dasharray="1,0"|font-weight="normal"|opacity="1"|stroke-opacity="1"'
    rf'|font-family="{_FONT}")'
)
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}(?:e-\d+)?")
_TAG = re.compile(r"<[^>]*>")
_ID = re.compile(r'(\bid="|url\(#)(\w+)')
_COLOUR = re.compile(r'(?<=")(?:' + "|".join(palette.roles()) + r')(?=")')


_TEXT = re.compile(
    r'<text(?P<rest>[^>]* font-size="(?P<size>[\d.]+)px"(?P<bold> font-weight="bold")?[^>]*)>'
    r"(?P<text>[^<]+)</text>"
)


def _hold(found: re.Match[str]) -> str:
    """A text bound to its measured width, so that another font does not make it run out."""
    text = unescape(found["text"])
    if not is_measured(text):
        return found[0]
    width = text_width(text, float(found["size"]), bold=found["bold"] is not None)
    return (
        f'<text{found["rest"]} textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{found['text']}</text>"
    )


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _finish(svg: str, title: str, alternative: str) -> str:
    """The SVG with texts for screen readers, fonts for every machine and ids of its own."""
    start = svg.index("<rect")
    size = re.search(r'width="(\S+)" height="(\S+)"', svg[:start])
    if size is None:
        raise PictureError("the drawing has no size")
    width, height = size.groups()
    body = _TAG.sub(lambda tag: _LONG_NUMBER.sub(_short, _IDLE.sub("", tag[0])), svg[start:])
    body = _TEXT.sub(_hold, body)
    ids = {old: number for number, old in enumerate(dict.fromkeys(i for _, i in _ID.findall(body)))}
    plain = _ID.sub(lambda found: f"{found[1]}{ids[found[2]]}", body)  # Vega counts for ever
    key = "p" + hashlib.sha256(f"{plain}{title}{alternative}".encode()).hexdigest()[:10]
    body = _TAG.sub(lambda tag: _ID.sub(lambda i: f"{i[1]}{key}{ids[i[2]]}", tag[0]), body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="{_FONTS}"'
        f' role="img" aria-labelledby="{key}t {key}d">'
        f'<title id="{key}t">{escape(clean(title), quote=False)}</title>'
        f'<desc id="{key}d">{escape(clean(alternative), quote=False)}</desc>{body}'
    )


def _darken(svg: str) -> str:
    """The drawing with each colour exchanged for its partner, and ids of its own."""
    start = svg.index("<rect")
    key = re.search(r'<title id="(\w+)t"', svg)
    if key is None:
        raise PictureError("the drawing has no title")
    body = _TAG.sub(
        lambda tag: _COLOUR.sub(lambda colour: palette.dark(colour[0]), tag[0]), svg[start:]
    )
    return (svg[:start] + body).replace(key[1], f"{key[1]}k")


_FAMILY = re.compile(r' font-family="[^"]*"')
_HELD = re.compile(r' textLength="[^"]*" lengthAdjust="spacingAndGlyphs"')


def in_font(svg: str, family: str) -> str:
    """The drawing in a font at hand that is not wider than Liberation Sans, unstretched."""
    start = svg.index("<rect")
    body = _TAG.sub(lambda tag: _HELD.sub("", tag[0]), svg[start:])
    return _FAMILY.sub(f' font-family="{escape(family)}"', svg[:start], count=1) + body
