"""Pictures of the yearly report: pure functions from values to SVG and its alternative text."""

from warehouse.reports.pictures.bars import (
    bullet_chart,
    position_strip,
    ranking_bars,
    status_counts,
)
from warehouse.reports.pictures.draw import in_font
from warehouse.reports.pictures.lines import slope_chart, small_multiples
from warehouse.reports.pictures.maps import (
    Boundaries,
    cluster_map,
    read_boundaries,
    region_map,
    tile_map,
)
from warehouse.reports.pictures.model import (
    Bubble,
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
)
from warehouse.reports.pictures.relations import BubbleAxes, bubble_chart, network_drawing

__all__ = [
    "Boundaries",
    "Bubble",
    "BubbleAxes",
    "Bullet",
    "Caption",
    "ClusterPlace",
    "Datum",
    "Language",
    "Link",
    "Mark",
    "Node",
    "Picture",
    "PictureError",
    "Point",
    "Series",
    "Slope",
    "StatusCount",
    "bubble_chart",
    "bullet_chart",
    "cluster_map",
    "in_font",
    "network_drawing",
    "position_strip",
    "ranking_bars",
    "read_boundaries",
    "region_map",
    "slope_chart",
    "small_multiples",
    "status_counts",
    "tile_map",
]
