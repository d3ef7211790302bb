"""Maps of the regions of a country: choropleth where boundaries are there, else a grid of tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.reports.pictures.model import Caption, Datum, Language, Picture


@dataclass(frozen=True)
class Boundaries:
    """Shapes of the regions of one country.

    Attributes:
        country_code: The country.
        features: GeoJSON features with the property `region_code`, rings wound as Vega wants them.
        note: Source and licence, printed below the map.
    """

    country_code: str
    features: tuple[dict[str, Any], ...]
    note: str


def read_boundaries(path: Path, country_code: str, region_codes: Sequence[str]) -> Boundaries:
    """Boundaries of an operator's GeoJSON file; every region must have its shape.

    Raises:
        WarehouseError: Unreadable, or a region has no shape.
    """
    raise NotImplementedError


def region_map(
    country_code: str,
    regions: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    boundaries: Boundaries | None = None,
    width: int = 400,
) -> Picture | None:
    """Values of a country's regions: choropleth, or tiles where the project has no boundaries of today.

    Give every region of today, absent values too (`value=None` with its reason). Aggregates
    (`KZ-19+KZ-75`) are not regions of the map.
    """
    raise NotImplementedError


def tile_map(
    country_code: str,
    regions: Sequence[Datum],
    caption: Caption,
    language: Language,
    *,
    width: int = 400,
) -> Picture | None:
    """Values of a country's regions, each region a tile of one size near where it lies (BY, KZ)."""
    raise NotImplementedError
