"""SDMX-JSON data messages 1.0 and 2.0: by series, by cross section or flat."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.readers.cells import Axis, Indices, Sheet, Workbook
from warehouse.readers.cubes import (
    axis,
    cube_sheet,
    damaged,
    refuse_count,
    unsupported,
    whole_bytes,
)

Observation = tuple[list[int], list[Any], str]
"""Positions of its members, its array, and its JSON pointer."""


def is_sdmx_json(whole: Mapping[str, Any]) -> bool:
    """Whether an answer is an SDMX-JSON data message."""
    data = whole.get("data") if isinstance(whole.get("data"), dict) else whole
    return isinstance(data, dict) and isinstance(data.get("dataSets"), list)


def read_sdmx_json(path: Path) -> Workbook:
    """Read an SDMX-JSON message, one self-describing part per data set.

    Raises:
        WarehouseError: `file_damaged` when the observations do not fit their structure,
            `format_unknown` for several measures or a data set that deletes.
    """
    whole = json.loads(whole_bytes(path).decode("utf-8-sig"), parse_float=str, parse_int=str)
    data = whole["data"] if isinstance(whole.get("data"), dict) else whole
    root = "/data" if data is not whole else ""
    structures = data.get("structures") or [data.get("structure") or whole.get("structure")]
    sheets = []
    for number, data_set in enumerate(data["dataSets"]):
        structure = structures[int(data_set.get("structure", 0))]
        if not isinstance(structure, dict) or "dimensions" not in structure:
            raise damaged("a structure with dimensions", "none", f"{root}/structure")
        sheets.append(_sheet(data_set, structure, f"{root}/dataSets/{number}"))
    return Workbook("sdmx_json", tuple(sheets))


def _sheet(data_set: Mapping[str, Any], structure: Mapping[str, Any], pointer: str) -> Sheet:
    if str(data_set.get("action", "")).lower() == "delete":
        raise unsupported("an SDMX-JSON data set that deletes", "Fetch the data themselves.")
    dimensions = structure["dimensions"]
    fixed = list(dimensions.get("dataSet") or dimensions.get("dataset") or [])
    keyed = [*(dimensions.get("series") or []), *(dimensions.get("observation") or [])]
    found = list(_observations(data_set, pointer))
    refuse_count(len(found))
    if not found:
        raise damaged("a data set with observations", "none", pointer)
    places = np.array([positions for positions, _, _ in found], dtype=np.int32)
    if places.shape[1] != len(keyed):
        raise damaged(f"keys of {len(keyed)} parts", f"{places.shape[1]}", pointer)
    axes = [_axis(item, np.zeros(len(found), dtype=np.int32), pointer) for item in fixed]
    axes += [_axis(item, places[:, at], pointer) for at, item in enumerate(keyed)]
    axes += _attribute_axes(data_set, structure, found, pointer)
    printed = [_printed(array, place) for _, array, place in found]
    title = _title(structure)
    return cube_sheet("", title, axes, printed, _pointers([place for _, _, place in found]))


def _title(structure: Mapping[str, Any]) -> str:
    links = [str(link.get("href") or link.get("urn") or "") for link in structure.get("links", [])]
    said = [structure.get("name"), structure.get("description"), *links]
    return " ".join(text for text in said if isinstance(text, str) and text)


def _observations(data_set: Mapping[str, Any], pointer: str) -> Iterator[Observation]:
    for key, values in (data_set.get("observations") or {}).items():
        yield _positions(key), values, f"{pointer}/observations/{key}/0"
    for series_key, series in (data_set.get("series") or {}).items():
        start = _positions(series_key)
        place = f"{pointer}/series/{series_key}/observations"
        for key, values in (series.get("observations") or {}).items():
            yield [*start, *_positions(key)], values, f"{place}/{key}/0"


def _positions(key: str) -> list[int]:
    try:
        return [int(part) for part in key.split(":")]
    except ValueError as error:
        raise damaged("keys such as 0:1:2", f"«{key}»") from error


def _printed(values: Any, place: str) -> str | None:
    first = values[0] if isinstance(values, list) and values else None
    if isinstance(first, bool | dict | list) or not isinstance(values, list):
        raise damaged("a number or null", json.dumps(first)[:40], place)
    return None if first is None else str(first)


def _axis(item: Mapping[str, Any], index: npt.NDArray[np.int32], pointer: str) -> Axis:
    values = item.get("values") or []
    if not values or index.max(initial=-1) >= len(values) or index.min(initial=0) < -1:
        raise damaged("members for every key", f"others of {item.get('id')}", pointer)
    names = [_name(value) for value in values]
    codes = [
        str(value.get("id") or value.get("value") or name)
        for value, name in zip(values, names, strict=True)
    ]
    if len(set(codes)) < len(codes):
        raise damaged("each member once", f"two of one id in {item.get('id')}", pointer)
    label = _name(item)
    return axis(str(item.get("id")), codes, index, labels=[label] if label else [], texts=[names])


def _name(item: Mapping[str, Any]) -> str:
    name = item.get("name")
    if isinstance(name, dict):  # 2.0 may name in several languages
        return str(next(iter(name.values()), ""))
    return str(name) if name else str(item.get("id") or item.get("value") or "")


# ── attributes ──────────────────────────────────────────────────────────────────────────────


def _attribute_axes(
    data_set: Mapping[str, Any],
    structure: Mapping[str, Any],
    found: Sequence[Observation],
    pointer: str,
) -> list[Axis]:
    attributes = structure.get("attributes") or {}
    measures = structure.get("measures", {}).get("observation") or [None]
    if len(measures) > 1:
        raise unsupported("SDMX-JSON with several measures", "Ask for one measure at a time.")
    axes = []
    for at, item in enumerate(attributes.get("observation") or []):
        index = [_at(values, at + 1) for _, values, _ in found]
        axes.append((item, index))
    series = data_set.get("series") or {}
    for at, item in enumerate(attributes.get("series") or []):
        said = {key: _at(entry.get("attributes") or [], at) for key, entry in series.items()}
        counts = array("i")
        for key, entry in series.items():
            counts.extend([said[key]] * len(entry.get("observations") or {}))
        flat = len(found) - len(counts)
        axes.append((item, [-1] * flat + list(counts)))
    whole = attributes.get("dataSet") or attributes.get("dataset") or []
    for at, item in enumerate(whole):
        place = _at(data_set.get("attributes") or [], at)
        axes.append((item, [place] * len(found)))
    return [
        _axis(item, np.array(index, dtype=np.int32), pointer)
        for item, index in axes
        if item.get("values") and max(index, default=-1) >= 0
    ]


def _at(values: Sequence[Any], place: int) -> int:
    """Position of an attribute's member, -1 where it is left out."""
    value = values[place] if place < len(values) else None
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else -1


def _pointers(places: list[str]) -> Any:
    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [places[row] for row in rows.tolist()]

    return addresses
