"""Cuts the boundaries of Belarus for the maps of the report out of Natural Earth.

Run by hand when the drawing changes; the file it writes is committed. The source is
`world_map.gpkg` of Debian's package `qgis-common` (layer `states_provinces`: Natural Earth 1:10m
admin-1, public domain):

    apt-get download qgis-common && dpkg -x qgis-common_*.deb unpacked
    .venv/bin/python .make/boundaries.py unpacked/usr/share/qgis/resources/data/world_map.gpkg
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import shapely

TARGET = Path(__file__).parents[1] / "warehouse" / "reports" / "pictures" / "boundaries"
NOTE = "Natural Earth, 1:10m admin-1, public domain"
FIPS_TO_REGION = {
    "BO01": "BY-BR",
    "BO02": "BY-HO",
    "BO03": "BY-HR",
    "BO04": "BY-HM",
    "BO05": "BY-MI",
    "BO06": "BY-MA",
    "BO07": "BY-VI",
}
TOLERANCE = 0.012  # degrees, about 1 km: less than a pixel of the map
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def geometry(blob: bytes) -> shapely.Geometry:
    """The shape in a GeoPackage blob: a header of a length that its flags tell, then WKB."""
    envelope = blob[3] >> 1 & 7
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[envelope] :])


def main(world_map: str) -> None:
    """Writes BY.geojson."""
    with sqlite3.connect(f"file:{world_map}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "select fips, geom from states_provinces where iso_a2 = 'BY' order by fips"
        ).fetchall()
    codes = [FIPS_TO_REGION[fips] for fips, _ in rows]
    if sorted(codes) != sorted(FIPS_TO_REGION.values()):
        raise SystemExit(f"boundaries: expected each region once, found {codes}")
    shapes = shapely.coverage_simplify([geometry(blob) for _, blob in rows], TOLERANCE)
    features = [
        {
            "type": "Feature",
            "properties": {"region_code": code},
            "geometry": shapely.geometry.mapping(shapely.set_precision(shape, 0.001)),
        }
        for code, shape in sorted(zip(codes, shapes, strict=True), key=lambda pair: pair[0])
    ]
    collection = {"type": "FeatureCollection", "note": NOTE, "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (TARGET / "BY.geojson").write_text(
        text.replace('{"type":"Feature",', '\n{"type":"Feature",') + "\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
