"""JSON-stat 1.x bundles and 2.0 datasets: dense or sparse values, with statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.readers.cells import Axis, Indices, Note, Sheet, Workbook
from warehouse.readers.cubes import (
    axis,
    cube_sheet,
    damaged,
    positions,
    refuse_size,
    unsupported,
    whole_bytes,
)

TIME, REGION = "time", "geo"


def read_json_stat(path: Path) -> Workbook:
    """Read every dataset of a JSON-stat answer as one self-describing part.

    Raises:
        WarehouseError: `file_damaged` when sizes and values contradict one another,
            `format_unknown` for a collection, which only points to data.
    """
    whole = json.loads(whole_bytes(path).decode("utf-8-sig"), parse_float=str, parse_int=str)
    return Workbook("json_stat", tuple(_dataset(*item) for item in _datasets(whole)))


def _datasets(whole: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Name, JSON pointer and content of each dataset."""
    kind = whole.get("class")
    if kind == "dataset":
        return [("", "", whole)]
    if kind is not None:
        raise unsupported(f"JSON-stat of class {kind}", "Fetch the datasets that it points to.")
    bundled = [(str(name), f"/{name}", item) for name, item in whole.items() if _is_dataset(item)]
    if not bundled:
        raise damaged("a JSON-stat dataset", "none")
    return bundled


def _is_dataset(item: Any) -> bool:
    return isinstance(item, dict) and "value" in item and isinstance(item.get("dimension"), dict)


def is_json_stat(whole: Mapping[str, Any]) -> bool:
    """Whether an answer is JSON-stat of any version."""
    if whole.get("class") in {"dataset", "collection", "dimension"}:
        return "version" in whole or "dimension" in whole or "link" in whole
    return any(_is_dataset(item) and "id" in item["dimension"] for item in whole.values())


def _dataset(name: str, pointer: str, data: Mapping[str, Any]) -> Sheet:
    dimension = data["dimension"]
    ids = data.get("id") or dimension.get("id") or []
    sizes = [int(size) for size in data.get("size") or dimension.get("size") or []]
    if not ids or len(ids) != len(sizes) or not all(key in dimension for key in ids):
        raise damaged("an id and a size for each dimension", "others", f"{pointer}/id")
    count = refuse_size(sizes, name)
    values = _by_position(data["value"], count, f"{pointer}/value")
    statuses = _statuses(data.get("status"), count, f"{pointer}/status")
    if isinstance(data["value"], list):
        at = np.arange(count)
    else:
        at = np.array(sorted({*values, *(statuses or ())}), dtype=np.int64)
    places = positions(sizes, at)
    axes = [
        _axis(key, dimension[key], size, index, pointer)
        for key, size, index in zip(ids, sizes, places, strict=True)
    ]
    if statuses:
        axes.append(_status_axis(statuses, at))
    printed = [None if (value := values.get(place)) is None else value for place in at.tolist()]
    title = [data.get(key) for key in ("label", "title", "code", "source")]
    return cube_sheet(
        name,
        " ".join(str(part) for part in [name, *title, *_extension(data)] if part),
        axes,
        printed,
        _pointers(f"{pointer}/value", at),
        notes=[
            note for place, key in enumerate(ids) for note in _notes(dimension[key], place, axes)
        ],
    )


def _extension(data: Mapping[str, Any]) -> list[str]:
    extension = data.get("extension")
    found = extension.get("id") if isinstance(extension, dict) else None
    return [found] if isinstance(found, str) else []


def _by_position(values: Any, count: int, place: str) -> dict[int, str | None]:
    """Values by position, from a list or from an object keyed by position."""
    items = enumerate(values) if isinstance(values, list) else values.items()
    if isinstance(values, list) and len(values) != count:
        raise damaged(f"{count:,} values", f"{len(values):,}", place)
    found: dict[int, str | None] = {}
    for key, value in items:
        position = int(key) if str(key).isdecimal() else -1
        if not 0 <= position < count:
            raise damaged(f"positions below {count:,}", f"«{key}»", place)
        if value is not None and not isinstance(value, str):
            raise damaged("numbers, texts or null", type(value).__name__, f"{place}/{key}")
        found[position] = value
    return found


def _statuses(status: Any, count: int, place: str) -> dict[int, str]:
    """Statuses by position; one text holds for all values. 1.x wraps them like a dimension."""
    if isinstance(status, dict) and isinstance(status.get("value"), list):
        status = status["value"]
    if status is None:
        return {}
    if isinstance(status, str):
        return dict.fromkeys(range(count), status)
    return {at: text for at, text in _by_position(status, count, place).items() if text}


def _status_axis(statuses: Mapping[int, str], at: npt.NDArray[np.int64]) -> Axis:
    codes = sorted(set(statuses.values()))
    place = {code: number for number, code in enumerate(codes)}
    index = np.array([place.get(statuses.get(p, ""), -1) for p in at.tolist()], dtype=np.int32)
    return axis("status", codes, index, is_attribute=True)


def _axis(
    key: str, dimension: Mapping[str, Any], size: int, index: npt.NDArray[np.int32], pointer: str
) -> Axis:
    category = dimension.get("category") or {}
    label = category.get("label") or {}
    codes = _codes(category.get("index"), label)
    if len(codes) != size or len(set(codes)) != size:
        raise damaged(f"{size} members of {key}", f"{len(codes)}", f"{pointer}/dimension/{key}")
    texts = [[str(label.get(code, code)) for code in codes]] if label else []
    named = dimension.get("label")
    return axis(key, codes, index, labels=[named] if named else [], texts=texts)


def _notes(dimension: Mapping[str, Any], place: int, axes: Sequence[Axis]) -> Iterator[Note]:
    """Footnotes of the members of one dimension."""
    notes = (dimension.get("category") or {}).get("note") or {}
    for code, texts in notes.items() if isinstance(notes, dict) else ():
        said = " ".join(str(text) for text in (texts if isinstance(texts, list) else [texts]))
        if said.strip() and code in axes[place].codes:
            yield Note(" ".join(said.split()), ((place, axes[place].codes.index(code)),))


def _codes(index: Any, label: Mapping[str, str]) -> Sequence[str]:
    """Ids of the members in order; a single member may be named by its label alone."""
    if isinstance(index, list):
        return [str(code) for code in index]
    if isinstance(index, dict):
        places = {int(place): str(code) for code, place in index.items()}
        return [places[place] for place in sorted(places)] if _is_range(places) else []
    return list(label) if len(label) == 1 else []


def _is_range(places: Mapping[int, str]) -> bool:
    return sorted(places) == list(range(len(places)))


def _pointers(place: str, at: npt.NDArray[np.int64]) -> Any:
    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [f"{place}/{position}" for position in at[rows].tolist()]

    return addresses
