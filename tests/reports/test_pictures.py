"""Pictures of the report: true to their data, whole, deterministic, readable in each theme."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from warehouse.errors import Code, WarehouseError
from warehouse.reports.pictures import (
    Bubble,
    BubbleAxes,
    Bullet,
    Caption,
    ClusterPlace,
    Datum,
    Language,
    Link,
    Mark,
    Node,
    Picture,
    PictureError,
    Point,
    Series,
    Slope,
    StatusCount,
    bubble_chart,
    bullet_chart,
    cluster_map,
    in_font,
    network_drawing,
    palette,
    position_strip,
    ranking_bars,
    read_boundaries,
    region_map,
    slope_chart,
    small_multiples,
    status_counts,
    texts,
    tile_map,
)
from warehouse.reports.pictures.draw import WIDTH
from warehouse.settings import PROJECT

SVG = "{http://www.w3.org/2000/svg}"
SPECIAL = 'ОАО <b>"Ғылым" & Ў\'</b> ]]> Қ'
CAPTION = Caption("Заработная плата", "рублей", "2024", "Источник & <Ко>")
AXES = BubbleAxes("занятые, человек", "коэффициент локализации", "рост, %")
LANGUAGES: tuple[Language, ...] = ("ru", "en")


def regions(country: str, today_only: bool = True) -> list[dict[str, str]]:
    """Regions of the first level from the code list."""
    with (PROJECT / "dbt" / "seeds" / "regions.csv").open(encoding="utf-8") as file:
        return [
            row
            for row in csv.DictReader(file)
            if row["country_code"] == country
            and row["region_level"] == "1"
            and row["region_type"] != "aggregate"
            and not (today_only and row["valid_to"])
        ]


def data(country: str = "BY", first: float = 1000.4) -> list[Datum]:
    return [
        Datum(row["region_code"], row["name_ru"], first + 137.3 * number)
        for number, row in enumerate(regions(country))
    ]


def series(*values: float | None, name: str = "Гродненская область", **more: Any) -> Series:
    points = tuple(Point(2018 + number, value) for number, value in enumerate(values))
    return Series(name, name, points, **more)


NODES = [
    Node(f"n{number}", f"Организация {number} {SPECIAL if number == 3 else ''}", group)
    for number, group in enumerate(["предприятие", "наука", "вуз"] * 5)
]
LINKS = [Link("n0", f"n{number}", "договор") for number in range(1, 9)] + [Link("n0", "n1")]
COUNTS = [
    StatusCount(status, f"«{status}» & Ко", year, number)
    for year, number in ((2019, 3), (2020, 5), (2022, 4))
    for status in ("forming", "active")
]
BUBBLES = [
    Bubble(f"b{n}", f"Вид деятельности {n}", 100.0 * n + 50, 0.5 + n * 0.35, 7.0 * n - 9)
    for n in range(6)
]

STATUSES = {"forming": "формирующийся", "active": "действующий", "closed": "закрытый"}
PLACES = [
    ClusterPlace(f"c{n}", f"Кластер {n}", region, "active" if n % 3 else "forming")
    for n, region in enumerate(["KZ-75"] * 12 + ["KZ-10", "KZ-10", "KZ-63"])
]

Draw = Callable[[Language], Picture | None]
PICTURES: dict[str, Draw] = {
    "map": lambda lang: region_map("BY", data(), CAPTION, lang),
    "tiles": lambda lang: region_map("KZ", data("KZ"), CAPTION, lang),
    "tiles_by": lambda lang: tile_map("BY", data(), CAPTION, lang),
    "clusters": lambda lang: cluster_map("KZ", PLACES, STATUSES, CAPTION, lang),
    "ranking": lambda lang: ranking_bars(
        [*data(), Datum("x", SPECIAL, None, reason="данные скрыты")], CAPTION, lang,
        reference=Datum("BY", "Беларусь", 1300.0), highlighted="BY-HR",
    ),
    "bullets": lambda lang: bullet_chart(
        [
            Bullet("a", SPECIAL, 200.0, 150.0, 180.0, "мест"),
            Bullet("b", "Без факта", 200.0, None, None, "мест", (Mark.PRELIMINARY,)),
            Bullet("c", "Без плана", None, 5.0),
        ], CAPTION, lang,
    ),
    "statuses": lambda lang: status_counts(COUNTS, ["forming", "active"], CAPTION, lang),
    "strip": lambda lang: position_strip(data(), "BY-HR", CAPTION, lang),
    "multiples": lambda lang: small_multiples(
        [
            series(1.5, 2.5, None, 4.5, 5.5),
            series(2.0, 3.0, 9.0, 9.5, name=SPECIAL, breaks=(2020,)),
            series(None, None, name="Без данных"),
            series(1.0, 2.0, 3.0, 4.0, 5.0, name="Беларусь", is_reference=True),
        ], CAPTION, lang,
    ),
    "slopes": lambda lang: slope_chart(
        [
            Slope("a", "Витебская область", 10.0, 20.0, is_highlighted=True),
            Slope("b", SPECIAL, 10.1, 19.9),
            Slope("c", "Только первый год", 12.0, None),
            Slope("d", "Без данных", None, None),
        ], 2020, 2024, CAPTION, lang,
    ),
    "bubbles": lambda lang: bubble_chart(
        [*BUBBLES, Bubble("x", SPECIAL, 10.0, 1.0, None)], AXES, CAPTION, lang
    ),
    "network": lambda lang: network_drawing(NODES, LINKS, CAPTION, lang),
}  # fmt: skip

CASES = [(name, lang) for name in PICTURES for lang in LANGUAGES]


def draw(name: str, language: Language = "ru") -> Picture:
    picture = PICTURES[name](language)
    assert picture is not None
    return picture


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - a drawing of our own


def printed(svg: str) -> list[str]:
    """The texts of a drawing, with the words of names that were wrapped side by side."""
    return [element.text or "" for element in parse(svg).iter(f"{SVG}text")]


def joined(svg: str) -> str:
    return " ".join(printed(svg)).replace(texts.THIN_SPACE, " ")


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Each text with its left, upper, right and lower end on the drawing."""
    found = []

    def walk(element: ET.Element, x: float, y: float) -> None:
        moved = re.match(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        if element.tag == f"{SVG}text":
            size = float(element.get("font-size", "0").removesuffix("px"))
            wide = texts.text_width(
                element.text or "", size, bold=element.get("font-weight") == "bold"
            )
            share = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", "start"), 0.0)
            left = x - share * wide
            found.append((element.text or "", left, y - size * 0.7, left + wide, y + size * 0.2))
        for child in element:
            walk(child, x, y)

    walk(parse(svg), 0.0, 0.0)
    return found


@pytest.mark.parametrize(("name", "language"), CASES)
def test_both_themes_are_xml_with_a_title_and_the_alternative_text(
    name: str, language: Language
) -> None:
    picture = draw(name, language)
    for svg in (picture.light, picture.dark):
        root = parse(svg)
        assert root.findtext(f"{SVG}title") == CAPTION.title
        assert root.findtext(f"{SVG}desc") == picture.alternative
        assert root.get("role") == "img"
        labels = (root.get("aria-labelledby") or "").split()
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert set(labels) <= set(ids) and len(ids) == len(set(ids))
        assert not re.search(r"NaN|Infinity|undefined|null", svg)
    assert picture.light != picture.dark
    assert printed(picture.light) == printed(picture.dark)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_no_text_leaves_the_drawing_or_lies_on_another(name: str, language: Language) -> None:
    check_places(draw(name, language).light)


def check_places(svg: str) -> None:
    """Every text inside the drawing and none on another."""
    root = parse(svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    found = boxes(svg)
    assert len(found) > 5
    for text, left, top, right, bottom in found:
        assert left >= -0.5 and right <= width + 0.5, text
        assert top >= 0 and bottom <= height, text
    for one, other in combinations(found, 2):
        across = min(one[3], other[3]) - max(one[1], other[1])
        down = min(one[4], other[4]) - max(one[2], other[2])
        assert across < 1 or down < 1, (one[0], other[0])


LONG = "Деятельность частных домашних хозяйств, нанимающих домашнюю прислугу и производящих услуги"


@pytest.mark.parametrize("count", [2, 21])
def test_long_names_and_crowds_keep_apart(count: int) -> None:
    names = [f"{LONG} {number}" for number in range(count)]
    values = [Datum(name, name, 100.0 + n, (Mark.CORRECTED,)) for n, name in enumerate(names)]
    crowd = [
        Bubble(name, name, 900.0 / (n + 1), 1 + n % 3 / 50, n % 5 / 10)
        for n, name in enumerate(names)
    ]
    nodes = [Node(name, name, f"вид {n % 7}") for n, name in enumerate(names)]
    drawn = [
        ranking_bars(values, CAPTION, "ru", highlighted=names[0]),
        bullet_chart([Bullet(n, n, 1e9, 2.5e9, unit=LONG) for n in names], CAPTION, "ru"),
        bubble_chart([*crowd, Bubble("x", "Даль", 9.0, 3.0, -25.0)], AXES, CAPTION, "ru"),
        slope_chart([Slope(n, n, 1.0, 2.0) for n in names], 2020, 2024, CAPTION, "ru"),
        small_multiples([series(1.0, 2.0, name=n) for n in names], CAPTION, "ru"),
        network_drawing(nodes, [], CAPTION, "ru"),
        position_strip(values, names[0], CAPTION, "ru"),
    ]
    for picture in drawn:
        assert picture is not None
        check_places(picture.light)


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    first = draw(name)
    draw("map")  # moves the counters of Vega on
    assert draw(name) == first


def test_another_process_gives_the_same_bytes() -> None:
    def digest() -> str:
        drawn = "".join(draw(name).light for name in ("map", "bubbles", "network"))
        return hashlib.sha256(drawn.encode()).hexdigest()

    code = (
        "import hashlib, importlib.util as u; "
        f"s = u.spec_from_file_location('t', {str(Path(__file__))!r}); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); "
        "print(hashlib.sha256(''.join(m.draw(n).light for n in"
        " ('map', 'bubbles', 'network')).encode()).hexdigest())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={"PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == digest()


def test_drawings_on_one_page_share_no_id() -> None:
    pictures = [draw(name) for name in PICTURES]
    ids = [re.findall(r'\bid="([^"]+)"', svg) for p in pictures for svg in (p.light, p.dark)]
    flat = [one for several in ids for one in several]
    assert len(flat) == len(set(flat))


def test_another_font_takes_the_place_of_the_measured_one() -> None:
    picture = draw("map")
    other = in_font(picture.light, "Source Sans 'Pro'")
    assert parse(other).get("font-family") == "Source Sans 'Pro'"
    assert other.count("font-family") == 1
    assert "textLength" in picture.light
    assert "textLength" not in other
    assert printed(other) == printed(picture.light)


# what is shown


@pytest.mark.parametrize("country", ["BY", "KZ"])
@pytest.mark.parametrize(("language", "sample"), [("ru", "1 000"), ("en", "1,000")])
def test_a_map_prints_every_value_in_the_locale(
    country: str, language: Language, sample: str
) -> None:
    picture = region_map(country, data(country), CAPTION, language)
    assert picture is not None
    shown = joined(picture.light)
    assert sample in shown
    for datum in data(country):
        number = texts.Numbers(language).text(datum.value or 0).replace(texts.THIN_SPACE, " ")
        assert number in shown
        assert datum.name in picture.alternative


def test_a_region_without_a_value_is_dashed_named_and_never_a_zero() -> None:
    values = data()
    values[2] = Datum(values[2].code, values[2].name, None, reason="данные скрыты")
    for picture in (region_map("BY", values, CAPTION, "ru"), tile_map("BY", values, CAPTION, "ru")):
        assert picture is not None
        assert "—" in printed(picture.light)
        assert "0" not in printed(picture.light)
        assert f"{values[2].name} (данные скрыты)" in joined(picture.light)
        assert f"{values[2].name}: данные скрыты" in picture.alternative
        fills = re.findall(rf'fill="{palette.PAPER}"[^>]*stroke-dasharray="3,2"', picture.light)
        assert len(fills) == 1


def test_equal_values_share_a_class() -> None:
    values = [Datum(d.code, d.name, 5.0 if n < 6 else 9.0) for n, d in enumerate(data())]
    picture = tile_map("BY", values, CAPTION, "ru")
    assert picture is not None
    used = [c for c in palette.CLASSES if f'fill="{c}"' in picture.light]
    assert used == [palette.CLASSES[1], palette.CLASSES[3]]
    low = len(re.findall(f'fill="{palette.CLASSES[1]}"', picture.light))
    assert low == 6 + 1  # tiles and the legend


def test_every_region_of_today_has_its_tile_and_no_two_share_a_place() -> None:
    with (PROJECT / "warehouse/reports/pictures/boundaries/tiles.csv").open("r") as file:
        tiles = list(csv.DictReader(file))
    today = {row["region_code"] for country in ("BY", "KZ") for row in regions(country)}
    assert {tile["region_code"] for tile in tiles} == today
    places = [(tile["region_code"][:2], tile["column"], tile["row"]) for tile in tiles]
    assert len(places) == len(set(places))


def lines_of(svg: str, colour: str) -> list[tuple[float, float]]:
    """Widths and heights of the lines of one colour."""
    found = []
    for element in parse(svg).iter(f"{SVG}line"):
        if element.get("stroke") == colour:
            found.append((float(element.get("x2", "0")), float(element.get("y2", "0"))))
    return found


@pytest.mark.parametrize(
    ("values", "breaks", "count"),
    [
        ((1.0, 2.0, 3.0), (), 2),
        ((1.0, None, 3.0), (), 0),
        ((1.0, 2.0, None, 4.0, 5.0), (), 2),
        ((1.0, 2.0, 3.0, 4.0), (2020,), 2),
        ((4.0,), (), 0),
        ((0.0, 0.0), (), 1),
    ],
)
def test_a_line_joins_neighbouring_comparable_years_only(
    values: tuple[float | None, ...], breaks: tuple[int, ...], count: int
) -> None:
    picture = small_multiples([series(*values, breaks=breaks)], CAPTION, "ru")
    assert picture is not None
    drawn = lines_of(picture.light, palette.ACCENT)
    assert len(drawn) == count
    if count:
        step = max(abs(width) for width, _ in drawn)
        years = len(values) - 1
        assert step == pytest.approx(WIDTH / years, rel=0.01)
    assert ("разрыв" in joined(picture.light).lower()) == (None in values)
    assert ("несопоставим" in joined(picture.light)) == bool(breaks)


def test_a_year_that_is_not_there_at_all_is_a_gap_too() -> None:
    sparse = Series("a", "Область", (Point(2018, 1.0), Point(2021, 2.0)))
    picture = small_multiples([sparse], CAPTION, "ru")
    assert picture is not None
    assert lines_of(picture.light, palette.ACCENT) == []


def test_scales_of_their_own_are_said_and_do_not_magnify_noise() -> None:
    both = [series(100.0, 100.1, name="а"), series(1.0, 2.0, name="б")]
    picture = small_multiples(both, CAPTION, "ru", own_scales=True)
    assert picture is not None
    assert "своя шкала" in joined(picture.light)
    heights = [abs(height) for _, height in lines_of(picture.light, palette.ACCENT)]
    assert heights[0] < 2
    assert heights[1] > 40


def test_a_slope_with_one_value_has_a_mark_and_no_line() -> None:
    slopes = [Slope("a", "А", 1.0, 2.0), Slope("b", "Б", 1.5, None), Slope("c", "В", None, 1.2)]
    picture = slope_chart(slopes, 2020, 2024, CAPTION, "ru")
    assert picture is not None
    assert len(lines_of(picture.light, palette.ACCENT)) == 1
    assert "Б: 2020 — 1,50, 2024 — нет данных" in picture.alternative.replace("\u202f", " ")


def test_every_cluster_has_its_mark_on_the_tile_of_its_region() -> None:
    picture = draw("clusters")
    shown = printed(picture.light)
    assert "формирующийся 5" in shown
    assert "действующий 10" in shown
    assert not any("закрытый" in text for text in shown)
    drawn = [picture.light.count(f'fill="{fill}"') for fill in palette.GROUPS[:3]]
    assert drawn == [5 + 1, 10 + 1, 0]  # one more in the legend
    assert picture.alternative.count("Алматы, ") == 12


def test_a_year_without_counts_stays_empty() -> None:
    picture = draw("statuses")
    shown = printed(picture.light)
    assert {"2019", "2020", "2021", "2022"} <= set(shown)
    assert "2021: нет данных" in picture.alternative
    assert [text for text in shown if text in ("6", "10", "8")] == ["6", "10", "8"]


def test_bars_are_as_long_as_their_values() -> None:
    values = [Datum("a", "А", 100.0), Datum("b", "Б", 50.0), Datum("c", "В", -25.0)]
    picture = ranking_bars(values, CAPTION, "ru")
    assert picture is not None
    bars = re.findall(
        rf'd="M[-\d.]+,[-\d.]+h([\d.]+)v14[^"]*" fill="{palette.SOFT}"', picture.light
    )
    long, half, quarter = map(float, bars)
    assert long / half == pytest.approx(2, rel=0.02)
    assert long / quarter == pytest.approx(4, rel=0.02)


def test_circles_have_the_area_of_their_size() -> None:
    pair = [Bubble("a", "А", 400.0, 2.0, 5.0), Bubble("b", "Б", 100.0, 0.5, -5.0)]
    picture = bubble_chart(pair, AXES, CAPTION, "ru")
    assert picture is not None
    radii = re.findall(rf'd="M([\d.]+),0A[^"]*" fill="{palette.SOFT}"', picture.light)
    assert float(radii[0]) / float(radii[1]) == pytest.approx(2, rel=0.02)


def test_what_lacks_a_measure_is_named_and_not_drawn() -> None:
    picture = draw("bubbles")
    assert SPECIAL in joined(picture.light)
    assert len(re.findall(f'fill="{palette.SOFT}"', picture.light)) == len(BUBBLES)


def test_a_pair_with_more_links_has_a_thicker_line() -> None:
    picture = draw("network")
    widths = re.findall(rf'stroke="{palette.EDGE}" stroke-width="([\d.]+)"', picture.light)
    assert len(widths) == 8
    assert sorted(map(float, widths))[-2:] == [0.8, 1.5]
    assert "связанных пар: 8; связи: 9; без связей: 6" in picture.alternative


@pytest.mark.parametrize(("best", "place"), [("high", 5), ("low", 3), ("none", None)])
def test_a_position_tells_the_better_end(best: Any, place: int | None) -> None:
    own = data()[2].code
    picture = position_strip(data(), own, CAPTION, "ru", best=best)
    assert picture is not None
    assert (f"место {place} из 7" in picture.alternative) == (place is not None)
    assert ("лучшее" in printed(picture.light)) == (place is not None)


@pytest.mark.parametrize("mark", list(Mark))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_is_a_sign_and_is_explained(mark: Mark, language: Language) -> None:
    values = data()
    values[0] = Datum(values[0].code, values[0].name, values[0].value, (mark,))
    picture = region_map("BY", values, CAPTION, language)
    assert picture is not None
    sign, meaning = texts.SIGNS[mark], texts.word(mark, language)
    assert sum(text.endswith(sign) for text in printed(picture.light)) == 1
    assert f"{sign} {meaning}" in joined(picture.light)
    assert f"({meaning})" in picture.alternative


def test_values_that_are_all_illustrative_are_said_so_in_one_line() -> None:
    values = [Datum(d.code, d.name, d.value, (Mark.ILLUSTRATIVE,)) for d in data()]
    picture = ranking_bars(values, CAPTION, "ru")
    assert picture is not None
    assert "° Все значения условные: нигде не опубликованы" in printed(picture.light)
    assert sum(text.endswith("°") for text in printed(picture.light)) == len(values)


@pytest.mark.parametrize("name", ["statuses", "network"])
def test_counts_and_links_take_the_marks_of_the_caption(name: str) -> None:
    caption = Caption("Условные", marks=(Mark.ILLUSTRATIVE, Mark.PRELIMINARY))
    pictures = {
        "statuses": status_counts(COUNTS, ["forming", "active"], caption, "ru"),
        "network": network_drawing(NODES, LINKS, caption, "ru"),
    }
    picture = pictures[name]
    assert picture is not None
    assert "° Все значения условные: нигде не опубликованы" in printed(picture.light)
    assert "* предварительные данные" in printed(picture.light)


@pytest.mark.parametrize("name", ["ranking", "bullets", "multiples", "slopes"])
def test_names_are_escaped_and_whole(name: str) -> None:
    picture = draw(name)
    assert SPECIAL in picture.alternative
    assert "".join(SPECIAL.split()) in "".join("".join(printed(picture.light)).split())
    assert "<b>" not in picture.light


# input that says nothing, or too much


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_without_any_value_is_not_drawn(language: Language) -> None:
    nothing = [Datum("BY-BR", "Брестская область", None)]
    assert region_map("BY", nothing, CAPTION, language) is None
    assert region_map("KZ", [], CAPTION, language) is None
    assert tile_map("BY", nothing, CAPTION, language) is None
    assert ranking_bars(nothing, CAPTION, language, reference=Datum("BY", "Б", 1.0)) is None
    assert bullet_chart([Bullet("a", "А", None, None)], CAPTION, language) is None
    assert status_counts([], ["active"], CAPTION, language) is None
    assert position_strip(nothing, "BY-BR", CAPTION, language) is None
    assert position_strip(data()[:1], data()[0].code, CAPTION, language) is None
    assert small_multiples([series(None)], CAPTION, language) is None
    assert slope_chart([Slope("a", "А", None, None)], 2020, 2021, CAPTION, language) is None
    assert bubble_chart([Bubble("a", "А", 1.0, None, 1.0)], AXES, CAPTION, language) is None
    assert network_drawing([], [], CAPTION, language) is None
    assert cluster_map("KZ", [], STATUSES, CAPTION, language) is None
    assert cluster_map("XX", PLACES, STATUSES, CAPTION, language) is None  # no map of it


@pytest.mark.parametrize("value", [0.0, -5.0, 1e-9, 1e300, -1e300])
def test_one_value_of_any_size_is_drawn(value: float) -> None:
    one = [Datum("BY-BR", "Брестская область", value)]
    both = [*one, Datum("BY-HO", "Гомельская область", -value)]
    drawn = [
        region_map("BY", one, CAPTION, "ru"),
        ranking_bars(both, CAPTION, "ru"),
        position_strip(both, "BY-BR", CAPTION, "ru"),
        small_multiples([series(value), series(-value, value, name="Б")], CAPTION, "ru"),
        slope_chart([Slope("a", "А", value, -value)], 2020, 2021, CAPTION, "ru"),
        bubble_chart([Bubble("a", "А", abs(value), value, value)], AXES, CAPTION, "ru"),
        bullet_chart([Bullet("a", "А", abs(value), value)], CAPTION, "ru"),
    ]
    for picture in drawn:
        assert picture is not None
        parse(picture.light)
        assert not re.search(r'"[^"]*(NaN|Infinity|inf)[^"]*"', picture.light)


ABAI = Datum("KZ-10", "Абай", 1.0)


@pytest.mark.parametrize("draw", [region_map, tile_map])
def test_no_map_is_drawn_when_no_region_has_a_place_on_it(draw: Callable[..., object]) -> None:
    assert draw("BY", [ABAI], CAPTION, "ru") is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ranking_bars([*data(), data()[0]], CAPTION, "ru"),
        lambda: ranking_bars([Datum("a", "А", float("nan"))], CAPTION, "ru"),
        lambda: region_map("BY", [ABAI, Datum("BY-BR", "Брест", 1.0)], CAPTION, "ru"),
        lambda: region_map("KZ", [ABAI, Datum("KZ-19+KZ-75", "Алматы", 1.0)], CAPTION, "ru"),
        lambda: tile_map("BY", [Datum("BY-BR", "Б", float("inf"))], CAPTION, "ru"),
        lambda: bubble_chart([Bubble("a", "А", -1.0, 1.0, 1.0)], AXES, CAPTION, "ru"),
        lambda: network_drawing(NODES, [Link("n0", "nobody")], CAPTION, "ru"),
        lambda: slope_chart([Slope("a", "А", 1.0, 2.0)], 2021, 2021, CAPTION, "ru"),
        lambda: status_counts(COUNTS, ["active"], CAPTION, "ru"),
        lambda: status_counts([*COUNTS, COUNTS[0]], ["forming", "active"], CAPTION, "ru"),
        lambda: cluster_map("BY", PLACES, STATUSES, CAPTION, "ru"),
        lambda: cluster_map("KZ", PLACES, {"active": "действующий"}, CAPTION, "ru"),
        lambda: cluster_map("KZ", PLACES, STATUSES | dict.fromkeys("abc", ""), CAPTION, "ru"),
        lambda: small_multiples(
            [Series("a", "А", (Point(2020, 1.0), Point(2020, 2.0)))], CAPTION, "ru"
        ),
    ],
)
def test_input_that_contradicts_itself_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(PictureError):
        wrong()


# boundaries of an operator


def squares(codes: list[str]) -> dict[str, Any]:
    def square(x: float) -> list[list[list[float]]]:
        return [[[x, 50.0], [x + 1, 50.0], [x + 1, 51.0], [x, 51.0], [x, 50.0]]]

    return {
        "type": "FeatureCollection",
        "note": "Учебные границы, свободно",
        "features": [
            {
                "type": "Feature",
                "properties": {"region_code": code},
                "geometry": {"type": "Polygon", "coordinates": square(60.0 + number)},
            }
            for number, code in enumerate(codes)
        ],
    }


def test_boundaries_of_an_operator_replace_the_tiles(tmp_path: Path) -> None:
    codes = [row["region_code"] for row in regions("KZ")]
    file = tmp_path / "KZ.geojson"
    file.write_text(json.dumps(squares(codes)), encoding="utf-8")
    boundaries = read_boundaries(file, codes)
    picture = region_map("KZ", data("KZ"), CAPTION, "ru", boundaries=boundaries)
    assert picture is not None
    assert "Учебные границы" in joined(picture.light)
    assert "Плитки" not in joined(picture.light)
    for datum in data("KZ"):  # squares of 20 pixels have no room: all are numbered and listed
        assert datum.name in joined(picture.light)


def test_fine_boundaries_give_a_light_drawing(tmp_path: Path) -> None:
    codes = [row["region_code"] for row in regions("BY")]
    content = squares(codes)
    wavy = [[60 + n / 5000, 51 + (n % 2) / 100000] for n in range(5001)]
    ring = [[60.0, 50.0], [61.0, 50.0], [61.0, 51.0], *reversed(wavy), [60.0, 50.0]]
    content["features"][0]["geometry"]["coordinates"] = [ring]
    file = tmp_path / "BY.geojson"
    file.write_text(json.dumps(content), encoding="utf-8")
    boundaries = read_boundaries(file, codes)
    picture = region_map("BY", data(), CAPTION, "ru", boundaries=boundaries)
    assert picture is not None
    assert len(picture.light) < 15_000


def test_boundaries_that_do_not_fit_the_regions_are_refused(tmp_path: Path) -> None:
    codes = [row["region_code"] for row in regions("KZ")]
    whole = squares(codes)
    point = {"type": "Point", "coordinates": [60.0, 50.0]}
    wrong: dict[str, Any] = {
        "KZ-10": squares(codes[1:]),
        "KZ-51": squares([*codes, "KZ-51"]),
        "note": {key: value for key, value in whole.items() if key != "note"},
        "empty note": whole | {"note": " "},
        "Point": whole | {"features": [f | {"geometry": point} for f in whole["features"]]},
        "type Feature": whole["features"][0],
        "longitude": json.loads(json.dumps(whole).replace("50.0", "5000000.0")),
    }
    for said, content in wrong.items():
        file = tmp_path / "KZ.geojson"
        file.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(WarehouseError, match=re.escape(said)) as caught:
            read_boundaries(file, codes)
        assert caught.value.problem.code is Code.BOUNDARIES_INVALID
    file.write_text("<svg/>", encoding="utf-8")
    with pytest.raises(WarehouseError):
        read_boundaries(file, codes)
    with pytest.raises(WarehouseError):
        read_boundaries(tmp_path / "none.geojson", codes)


# words and numbers


@pytest.mark.parametrize(
    ("value", "unit", "ru", "en"),
    [
        (1234.0, "", "1\u202f234", "1,234"),
        (12.34, "%", "12,3 %", "12.3 %"),
        (-0.5, "", "−0,500", "−0.500"),
        (2.5e9, "тенге", "2,50 млрд тенге", "2.50 billion тенге"),
        (2.5e9, "тысяч тенге", "2\u202f500\u202f000\u202f000 тысяч тенге", None),
        (7.0, "мест", "7 мест", "7 мест"),
    ],
)
def test_numbers_are_printed_in_the_locale(
    value: float, unit: str, ru: str, en: str | None
) -> None:
    assert texts.Numbers.fitting([value], unit, "ru").with_unit(value) == ru
    if en is not None:
        assert texts.Numbers.fitting([value], unit, "en").with_unit(value) == en


def test_minus_zero_is_zero() -> None:
    assert texts.Numbers("ru", digits=1).text(-0.01) == "0,0"


def test_every_letter_of_the_code_lists_is_measured() -> None:
    names = [
        row[key] for country in ("BY", "KZ") for row in regions(country, today_only=False)
        for key in ("name_ru", "name_en", "name_be", "name_kk")
    ]  # fmt: skip
    own = [text for pair in texts._WORDS.values() for text in pair]
    assert [name for name in [*names, *own] if not texts.is_measured(name)] == []


def test_wrapped_lines_fit_and_keep_every_letter() -> None:
    long = "Восточно-Казахстанская область " + "Ж" * 60
    lines = texts.wrap(long, 90, 12)
    assert all(texts.text_width(line, 12) <= 90 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == long.replace("-", "").replace(
        " ", ""
    )
    assert lines[0] == "Восточно-"


# colours


def lightness(colour: str) -> float:
    """CIE L* from 0 to 100: what grey print keeps."""
    light = palette.luminance(colour)
    return 116 * light ** (1 / 3) - 16 if light > 216 / 24389 else light * 24389 / 27


def as_seen(colour: str, matrix: list[list[float]]) -> str:
    """The colour as eyes without one kind of cone see it (Machado, Oliveira and Fernandes 2009)."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(matrix) @ linear, 0, 1)
    back = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in back)


EYES = {
    "grey print": [[0.2126, 0.7152, 0.0722]] * 3,
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
THEMES: dict[str, Callable[[str], str]] = {"light": str, "dark": palette.dark}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scale", [palette.CLASSES, palette.GROUPS])
def test_neighbouring_fills_differ_in_lightness(
    theme: str, eyes: str, scale: tuple[str, ...]
) -> None:
    seen = [lightness(as_seen(THEMES[theme](colour), EYES[eyes])) for colour in scale]
    steps = [after - before for before, after in pairwise(seen)]
    assert len({step > 0 for step in steps}) == 1
    assert min(map(abs, steps)) >= 8, steps


@pytest.mark.parametrize("theme", THEMES)
def test_texts_and_edges_stand_out(theme: str) -> None:
    shown = THEMES[theme]
    for colour in (palette.INK, palette.QUIET, palette.ACCENT, palette.TARGET):
        assert palette.contrast(shown(colour), shown(palette.PAPER)) >= 4.5, colour
    assert palette.contrast(shown(palette.EDGE), shown(palette.PAPER)) >= 3
    for scale in (palette.CLASSES, palette.GROUPS):
        for index, fill in enumerate(scale):
            assert palette.contrast(shown(palette.text_on(index)), shown(fill)) >= 4.5, fill
    assert palette.contrast(shown(palette.INK), shown(palette.SOFT)) >= 4.5
    assert palette.contrast(shown(palette.QUIET), shown(palette.PAPER)) >= 4.5


def test_every_colour_of_a_drawing_changes_with_the_theme() -> None:
    for name in PICTURES:
        picture = draw(name)
        light = re.findall(r'(?:fill|stroke)="(#\w+)"', picture.light)
        dark = re.findall(r'(?:fill|stroke)="(#\w+)"', picture.dark)
        assert set(light) <= set(palette.roles())
        assert dark == [palette.dark(colour) for colour in light]
