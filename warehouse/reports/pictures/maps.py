"""Maps of the regions of a country: choropleth where boundaries are there, else a grid of tiles."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from warehouse.errors import Code, WarehouseError
from warehouse.reports.pictures import palette
from warehouse.reports.pictures.draw import LINE, NORMAL, SHAPES, SMALL, WIDTH, Canvas
from warehouse.reports.pictures.model import (
    Caption,
    ClusterPlace,
    Datum,
    Language,
    Mark,
    Picture,
    PictureError,
    check_codes,
    check_numbers,
)
from warehouse.reports.pictures.texts import (
    Numbers,
    absence,
    by_value,
    clean,
    join_words,
    said,
    signs,
    tell,
    text_width,
    word,
    wrap,
)

_SPREAD = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Which steps of the palette so many classes take."""

_LEAST_DETAIL = 0.3
"""Pixels: what is finer is left out, so that a file of any detail gives a light drawing."""

_DATA = files("warehouse.reports.pictures") / "boundaries"


@dataclass(frozen=True)
class Boundaries:
    """Shapes of the regions of one country.

    Attributes:
        shapes: Region code to its shape in degrees of longitude and latitude.
        note: Source and licence, printed below the map.
    """

    shapes: Mapping[str, BaseGeometry]
    note: str


def read_boundaries(path: Path, region_codes: Sequence[str]) -> Boundaries:
    """Boundaries of an operator's GeoJSON file, in longitude and latitude.

    Each feature has the property `region_code` and a polygon; the collection has the member
    `note` with the source and licence that are printed below the map.

    Args:
        path: The file.
        region_codes: Regions of the country today; each needs its shape, and no other may be there.

    Raises:
        WarehouseError: Not such a file, or regions and shapes do not match.
    """
    try:
        return _boundaries(json.loads(path.read_text(encoding="utf-8")), region_codes)
    except (ValueError, KeyError, TypeError, OSError, shapely.errors.ShapelyError) as error:
        raise WarehouseError.of(
            Code.BOUNDARIES_INVALID,
            expected="a GeoJSON FeatureCollection of polygons in longitude and latitude, "
            "with a note and one region_code per feature",
            found=f"«{error}»",
            action="Mend the file, or take it away: the map is then drawn without it.",
            file_name=path.name,
        ) from error


def _boundaries(collection: Any, region_codes: Sequence[str]) -> Boundaries:
    """Shapes by region.

    Raises:
        ValueError: Says what does not fit.
    """
    if collection["type"] != "FeatureCollection":
        raise ValueError(f"type {collection['type']}")
    codes = [str(feature["properties"]["region_code"]) for feature in collection["features"]]
    if sorted(codes) != sorted(region_codes):
        missing = ", ".join(sorted(set(region_codes) - set(codes))) or "none"
        beyond = ", ".join(sorted(set(codes) - set(region_codes))) or "none"
        raise ValueError(f"without a shape: {missing}; not a region: {beyond}")
    shapes = {}
    for code, feature in zip(codes, collection["features"], strict=True):
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            raise ValueError(f"{code}: {shape.geom_type} instead of a polygon")
        west, south, east, north = shape.bounds
        if west < -180 or east > 180 or south < -85 or north > 85:
            raise ValueError(f"{code}: {shape.bounds} is not longitude and latitude")
        shapes[code] = shapely.make_valid(shape)
    if not str(collection["note"]).strip():
        raise ValueError("an empty note")
    return Boundaries(shapes, str(collection["note"]))


@cache
def _shipped(country_code: str) -> Boundaries | None:
    """Boundaries that come with the project."""
    file = _DATA / f"{country_code}.geojson"
    if not file.is_file():
        return None
    collection = json.loads(file.read_text(encoding="utf-8"))
    codes = [feature["properties"]["region_code"] for feature in collection["features"]]
    return _boundaries(collection, codes)


@dataclass(frozen=True)
class _Tile:
    column: int
    row: int
    short: dict[str, str]


@cache
def _tiles() -> dict[str, _Tile]:
    """Place and short names of each region."""
    with (_DATA / "tiles.csv").open(encoding="utf-8") as file:
        return {
            row["region_code"]: _Tile(
                int(row["column"]),
                int(row["row"]),
                {"ru": row["short_ru"], "en": row["short_en"]},
            )
            for row in csv.DictReader(file)
        }


def region_map(
    country_code: str,
    regions: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    boundaries: Boundaries | None = None,
    width: int = WIDTH,
) -> Picture | None:
    """Values of a country's regions: choropleth, or tiles where no boundaries of today are known.

    Args:
        country_code: The country.
        regions: Every region of today, absent values too with their reason; aggregates are no
            regions of a map.
        caption: What is shown.
        language: Language of the texts.
        boundaries: An operator's boundaries instead of those that come with the project.
        width: Width in pixels.

    Raises:
        PictureError: A region is not on the map.
    """
    known = boundaries or _shipped(country_code)
    if known is None:
        return tile_map(country_code, regions, caption, language, width=width)
    classes = _Classes.of(regions, caption, language, known.shapes)
    if classes is None:
        return None
    canvas = Canvas(width)
    canvas.heading(caption, classes.numbers, classes.marks)
    shapes, height = _projected(known, width, canvas.height)
    data = {datum.code: datum for datum in regions}
    for code, shape in shapes.items():
        datum = data.get(code)
        canvas.shape(
            json.loads(shapely.to_geojson(shape)),
            classes.fill(datum),
            dashed=datum is None or datum.value is None,
        )
    numbered = _shape_labels(canvas, shapes, data, classes)
    canvas.height += height + 6
    _numbered_list(canvas, numbered, classes)
    classes.legend(canvas)
    note = f"{word('boundaries', language)}: {known.note}"
    canvas.notes(caption, language, classes.marks, classes.absences(regions), note)
    return canvas.picture(caption, classes.told(caption, regions))


def tile_map(
    country_code: str,
    regions: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Values of a country's regions, each a tile of one size near where it lies.

    Raises:
        PictureError: A region has no tile.
    """
    tiles = {code: t for code, t in _tiles().items() if code.startswith(f"{country_code}-")}
    classes = _Classes.of(regions, caption, language, tiles)
    if classes is None:
        return None
    canvas = Canvas(width)
    canvas.heading(caption, classes.numbers, classes.marks)
    columns = 1 + max(tile.column for tile in tiles.values())
    size = min(width / columns, 101.0)
    data = {datum.code: datum for datum in regions}
    for code, tile in tiles.items():
        _draw_tile(canvas, tile, data.get(code), size, classes)
    canvas.height += size * (1 + max(tile.row for tile in tiles.values())) + 8
    classes.legend(canvas)
    canvas.notes(
        caption, language, classes.marks, classes.absences(regions), word("equal_tiles", language)
    )
    return canvas.picture(caption, classes.told(caption, regions))


def _draw_tile(
    canvas: Canvas, tile: _Tile, datum: Datum | None, size: float, classes: _Classes
) -> None:
    """One tile with the short name of its region and the value."""
    x, y = tile.column * size, canvas.height + tile.row * size
    is_absent = datum is None or datum.value is None
    is_dashed = is_absent or (datum is not None and Mark.ILLUSTRATIVE in datum.marks)
    canvas.rect(
        x + 1, y + 1, size - 2, size - 2, classes.fill(datum), stroke=palette.EDGE, dashed=is_dashed
    )
    colour = classes.text_colour(datum)
    name = tile.short[classes.numbers.language]
    fitting = min(SMALL, (size - 5) / text_width(name, 1.0))
    canvas.text(x + size / 2, y + size * 0.33, name, size=fitting, align="center", colour=colour)
    label = classes.label(datum)
    fitting = min(NORMAL + 1, (size - 5) / text_width(label, 1.0, bold=True))
    canvas.text(
        x + size / 2, y + size * 0.66, label, size=fitting, align="center", colour=colour, bold=True
    )


def cluster_map(
    country_code: str,
    clusters: Sequence[ClusterPlace],
    statuses: Mapping[str, str],
    caption: Caption,
    language: Language,
    *,
    width: int = WIDTH,
) -> Picture | None:
    """Every cluster a mark on the tile of its home region, its status told by shape and fill.

    Args:
        country_code: The country.
        clusters: All clusters of the country.
        statuses: Codes of the statuses and their names, in the order of the legend.
        caption: What is shown.
        language: Language of the texts.
        width: Width in pixels.

    Raises:
        PictureError: A cluster is given twice, its region has no tile, or its status no name.
    """
    tiles = {code: t for code, t in _tiles().items() if code.startswith(f"{country_code}-")}
    check_codes((cluster.code for cluster in clusters), "cluster map")
    if not tiles:
        return None  # a country without a map
    for cluster in clusters:
        if cluster.region_code not in tiles or cluster.status_code not in statuses:
            raise PictureError(f"cluster map: {cluster} has no tile, or a status without a name")
    if len(statuses) > len(SHAPES):
        raise PictureError(f"cluster map: at most {len(SHAPES)} statuses can be told apart")
    if not clusters:
        return None
    marks = [cluster.marks for cluster in clusters]
    canvas = Canvas(width)
    canvas.heading(caption, Numbers(language, unit=caption.unit), marks)
    counts = Counter(cluster.status_code for cluster in clusters)
    kinds = dict(zip(statuses, zip(SHAPES, palette.GROUPS, strict=False), strict=False))
    canvas.shape_legend(
        [(*kinds[s], f"{clean(name)} {counts[s]}") for s, name in statuses.items() if counts[s]]
    )
    canvas.height += 6
    size = min(canvas.width / (1 + max(tile.column for tile in tiles.values())), 101.0)
    for code, tile in tiles.items():
        own = [cluster.status_code for cluster in clusters if cluster.region_code == code]
        inside = [kinds[status] for status in statuses for _ in range(own.count(status))]
        _draw_cluster_tile(canvas, tile, inside, size, language)
    canvas.height += size * (1 + max(tile.row for tile in tiles.values())) + 2
    canvas.notes(caption, language, marks, word("equal_tiles", language))
    told = "; ".join(
        f"{clean(cluster.name)}: {tiles[cluster.region_code].short[language]}, "
        f"{clean(statuses[cluster.status_code])}{said(cluster.marks, language)}"
        for cluster in sorted(clusters, key=lambda one: (one.region_code, one.code))
    )
    head = join_words(clean(caption.title), caption.unit, caption.period)
    return canvas.picture(caption, f"{head}. {told}.")


def _draw_cluster_tile(
    canvas: Canvas,
    tile: _Tile,
    kinds: Sequence[tuple[str, str]],
    size: float,
    language: Language,
) -> None:
    """One tile with the short name of its region, the number of clusters and a mark for each."""
    x, y = tile.column * size, canvas.height + tile.row * size
    canvas.rect(x + 1, y + 1, size - 2, size - 2, palette.PAPER, stroke=palette.EDGE)
    name = tile.short[language]
    fitting = min(SMALL, (size - 5) / text_width(name, 1.0))
    colour = palette.INK if kinds else palette.QUIET
    canvas.text(x + size / 2, y + 10, name, size=fitting, align="center", colour=colour)
    room_x, room_y = size - 10, size - 24
    columns = max(math.ceil(math.sqrt(len(kinds) * room_x / room_y)), 3)
    step = min(room_x / columns, room_y / max(math.ceil(len(kinds) / columns), 1))
    spare = room_y - step * math.ceil(len(kinds) / columns)
    for number, (shape, fill) in enumerate(kinds):
        row, column = divmod(number, columns)
        in_row = min(len(kinds) - row * columns, columns)
        middle_x = x + size / 2 + (column - (in_row - 1) / 2) * step
        middle_y = y + 19 + spare / 2 + (row + 0.5) * step
        radius = min(step * 0.4, 8.0, size * 0.1)
        canvas.point(middle_x, middle_y, radius, fill, stroke=palette.INK, shape=shape)


@dataclass(frozen=True)
class _Classes:
    """Values of a map in at most five classes of about equal size; equal values share a class."""

    numbers: Numbers
    marks: list[tuple[Mark, ...]]
    steps: dict[float, int]

    @classmethod
    def of(
        cls,
        regions: Sequence[Datum],
        caption: Caption,
        language: Language,
        places: Mapping[str, object],
    ) -> _Classes | None:
        """The classes; None when no region has a value, or none a place: a country without a map.

        Raises:
            PictureError: A region is given twice, has no place among others that have one, or its
                value is no number.
        """
        check_codes((datum.code for datum in regions), "map")
        check_numbers((datum.value for datum in regions), "map")
        lost = [datum.code for datum in regions if datum.code not in places]
        if len(lost) == len(regions):
            return None
        if lost:
            raise PictureError(f"map: {', '.join(lost)} has no place on it")
        values = [datum.value for datum in regions if datum.value is not None]
        if not values:
            return None
        distinct = sorted(set(values))
        spread = _SPREAD[min(len(distinct), len(palette.CLASSES))]
        steps = {
            value: spread[place * len(spread) // len(distinct)]
            for place, value in enumerate(distinct)
        }
        numbers = Numbers.fitting(values, caption.unit, language)
        marks = [datum.marks for datum in regions if datum.value is not None]
        return cls(numbers, marks, steps)

    def fill(self, datum: Datum | None) -> str:
        """Fill of a region's shape."""
        if datum is None or datum.value is None:
            return palette.PAPER
        return palette.CLASSES[self.steps[datum.value]]

    def text_colour(self, datum: Datum | None) -> str:
        """Colour of the texts on a region."""
        if datum is None or datum.value is None:
            return palette.QUIET
        return palette.text_on(self.steps[datum.value])

    def label(self, datum: Datum | None) -> str:
        """The value as printed on the map."""
        if datum is None or datum.value is None:
            return "—"
        return self.numbers.text(datum.value) + signs(datum.marks)

    def legend(self, canvas: Canvas) -> None:
        """The classes from low to high with their lowest and highest value."""
        used = sorted(set(self.steps.values()))
        slot = canvas.width / len(used)
        y = canvas.height + 2
        for number, step in enumerate(used):
            inside = [value for value, its in self.steps.items() if its == step]
            ends = list(dict.fromkeys(self.numbers.text(v) for v in (min(inside), max(inside))))
            canvas.rect(number * slot, y, slot - 3, 10, palette.CLASSES[step], stroke=palette.EDGE)
            canvas.lines(
                number * slot + slot / 2 - 1.5, y + 12,
                _range_lines(ends, slot - 4), size=SMALL, align="center", colour=palette.QUIET,
            )  # fmt: skip
        tall = max(
            len(_range_lines([self.numbers.text(v) for v in (min(self.steps), max(self.steps))],
                             slot - 4)), 1,
        )  # fmt: skip
        canvas.height = y + 12 + tall * SMALL * LINE

    def absences(self, regions: Sequence[Datum]) -> str:
        """The regions without a value and why."""
        told = [
            f"{clean(datum.name)} ({absence(datum, self.numbers.language)})"
            for datum in regions
            if datum.value is None
        ]
        return f"— {'; '.join(told)}" if told else ""

    def told(self, caption: Caption, regions: Sequence[Datum]) -> str:
        """Title and every value, the largest first."""
        return tell(caption, self.numbers, sorted(regions, key=by_value))


def _range_lines(ends: Sequence[str], room: float) -> list[str]:
    """Lowest and highest value on one line, or on two where there is no room."""
    line = "–".join(ends)
    if len(ends) < 2 or text_width(line, SMALL) <= room:
        return [line]
    return [f"{ends[0]}–", ends[1]]


def _projected(
    boundaries: Boundaries, width: float, top: float
) -> tuple[dict[str, BaseGeometry], float]:
    """Shapes in Mercator's projection, in pixels below `top`, and the height they take."""

    def mercator(points: Any) -> Any:
        longitude, latitude = np.radians(points[:, 0]), np.radians(points[:, 1])
        return np.column_stack([longitude, -np.log(np.tan(math.pi / 4 + latitude / 2))])

    shapes = {code: shapely.transform(s, mercator) for code, s in boundaries.shapes.items()}
    west, north, east, south = shapely.total_bounds(list(shapes.values()))
    scale = (width - 2) / (east - west)

    def to_pixels(points: Any) -> Any:
        return (points - [west, north]) * scale + [1.0, top + 1]

    placed = {
        code: shapely.simplify(shapely.transform(shape, to_pixels), _LEAST_DETAIL)
        for code, shape in shapes.items()
    }
    return placed, float((south - north) * scale) + 2


def _shape_labels(
    canvas: Canvas,
    shapes: Mapping[str, BaseGeometry],
    data: Mapping[str, Datum],
    classes: _Classes,
) -> list[Datum]:
    """Name and value on each shape; returns the regions that are too small and got a number."""
    numbered: list[Datum] = []
    shown = sorted((data[code] for code in shapes if code in data), key=by_value)
    for datum in shown:
        code, shape = datum.code, shapes[datum.code]
        tile = _tiles().get(code)
        name = tile.short[classes.numbers.language] if tile else datum.name
        label, colour = classes.label(datum), classes.text_colour(datum)
        wide = max(text_width(name, SMALL), text_width(label, NORMAL, bold=True)) + 4
        place = _room(shape, wide, 32)
        if place is not None:
            canvas.text(place[0], place[1] - 8, name, size=SMALL, align="center", colour=colour)
            canvas.text(place[0], place[1] + 7, label, align="center", colour=colour, bold=True)
            continue
        numbered.append(datum)
        point = shapely.point_on_surface(shape)
        canvas.point(point.x, point.y, 8.5, palette.PAPER, stroke=palette.INK)
        canvas.text(
            point.x, point.y + 0.5, str(len(numbered)), size=SMALL, align="center", bold=True
        )
    return numbered


def _room(shape: BaseGeometry, width: float, height: float) -> tuple[float, float] | None:
    """Middle of a rectangle inside the shape, as far from its edge as can be; None without room."""
    shapely.prepare(shape)
    west, north, east, south = shape.bounds
    grid = np.meshgrid(np.linspace(west, east, 25), np.linspace(north, south, 25))
    xs, ys = grid[0].ravel(), grid[1].ravel()
    boxes = shapely.box(xs - width / 2, ys - height / 2, xs + width / 2, ys + height / 2)
    fits = shapely.contains(shape, boxes)
    if not fits.any():
        return None
    distances = shapely.distance(boxes[fits], shape.boundary)
    best = int(np.argmax(distances))
    return float(xs[fits][best]), float(ys[fits][best])


def _numbered_list(canvas: Canvas, numbered: Sequence[Datum], classes: _Classes) -> None:
    """The regions whose shape has no room for their label, in two columns where they fit."""
    wide = 30 + max(
        (text_width(d.name, NORMAL) + text_width(classes.label(d), NORMAL, bold=True)
         for d in numbered), default=0.0,
    )  # fmt: skip
    columns = 2 if len(numbered) > 3 and 2 * wide <= canvas.width else 1
    rows = -(-len(numbered) // columns)
    top, y = canvas.height, canvas.height
    lowest = top
    for number, datum in enumerate(numbered, start=1):
        if number == rows + 1:
            y = top
        x = 0.0 if number <= rows else canvas.width / 2
        canvas.rect(x + 1, y + 2, 13, 13, classes.fill(datum), stroke=palette.EDGE)
        colour = classes.text_colour(datum)
        canvas.text(x + 7.5, y + 9, str(number), size=SMALL, align="center", colour=colour)
        label = classes.label(datum)
        room = canvas.width - 30 - text_width(label, NORMAL, bold=True)
        lines = wrap(datum.name, room, NORMAL)
        canvas.lines(x + 20, y, lines)
        after = x + 24 + text_width(lines[-1], NORMAL)
        canvas.text(after, y + (len(lines) - 0.5) * NORMAL * LINE, label, bold=True)
        y += len(lines) * NORMAL * LINE + 3
        lowest = max(lowest, y)
    canvas.height = lowest + (4 if numbered else 0)
