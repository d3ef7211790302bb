"""SDMX-ML data: generic 1.0, 2.0 and 2.1, compact, cross-sectional, structure-specific 2.1.

The file is streamed: an observation is read when its element ends, then its element is dropped.
What a series says is kept once for all of its observations.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree

from warehouse.readers.cells import Axis, Indices, Workbook
from warehouse.readers.cubes import (
    Members,
    axis,
    cube_sheet,
    damaged,
    is_qualifying,
    refuse_count,
    unsupported,
)

GENERIC = frozenset({"GenericData", "GenericTimeSeriesData"})
SPECIFIC = frozenset({"CompactData", "StructureSpecificData", "StructureSpecificTimeSeriesData"})
CROSS = "CrossSectionalData"
NAMESPACE = "sdmx.org/resources/sdmxml/schemas/"
TIME, VALUE, MEASURE = "TIME_PERIOD", "OBS_VALUE", "MEASURE"
_OF_DATASET = frozenset(
    {*("keyFamilyURI", "datasetID", "setID", "structureRef", "dataScope", "action")}
    | {*("dataProviderID", "dataProviderSchemeAgencyId", "dataProviderSchemeId")}
    | {*("dataflowID", "dataflowAgencyID", "dimensionAtObservation", "REPORTING_YEAR_START_DAY")}
    | {*("reportingBeginDate", "reportingEndDate", "validFromDate", "validToDate")}
    | {*("publicationYear", "publicationPeriod")}
)
_SAID = frozenset({"DataSetID", "KeyFamilyRef", "URN", "Ref", "DataSetAgency"})
_NO_VALUE = frozenset({"", "NaN", "nan"})
Parts = dict[str, str]


def sdmx_kind(path: Path) -> str | None:
    """Format code of an XML file: `sdmx_ml`, `sdmx_structure`, or None for other XML."""
    try:
        _, root = next(iter(_events(path, ("start",), None)))
    except etree.XMLSyntaxError as error:
        raise damaged("complete XML", str(error)) from error
    if NAMESPACE not in str(root.tag).lower().replace("www.", ""):
        return None
    return "sdmx_structure" if _local(root) in {"Structure", "StructureMessage"} else "sdmx_ml"


def read_sdmx_ml(path: Path) -> Workbook:
    """Read an SDMX-ML message as one self-describing part.

    Raises:
        WarehouseError: `file_damaged` for XML that breaks off or contradicts itself,
            `format_unknown` for a message or version that is not read, by its name.
    """
    message = _Message()
    try:
        for _, element in _events(path, ("end",), None):
            message.take(element)
    except etree.XMLSyntaxError as error:
        raise damaged("complete XML", str(error)) from error
    return Workbook("sdmx_ml", (message.sheet(),))


def _events(path: Path, events: tuple[str, ...], tag: Any) -> Iterator[tuple[str, Any]]:
    parser: Iterator[tuple[str, Any]] = etree.iterparse(
        str(path), events=events, tag=tag, resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in parser:
        if element.getparent() is None and element.getroottree().docinfo.doctype:
            raise damaged("XML without a document type", "a DOCTYPE")
        yield event, element


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class _Message:
    def __init__(self) -> None:
        self.kind = ""
        self.time = TIME
        self.said: list[str] = []
        self.code_names: dict[str, dict[str, str]] = {}
        self.dimension_names: dict[str, str] = {}
        self.groups: list[tuple[Parts, Parts]] = []
        self.series: list[Parts] = []
        self.keys: list[str] = []
        self.values: list[str | None] = []
        self.series_of = array("i")
        self.members: dict[str, tuple[Members, array[int]]] = {}
        self.parent: Any = None
        self.whole: Parts = {}

    # ── elements ────────────────────────────────────────────────────────────────────────────

    def take(self, element: Any) -> None:
        """An element that has ended."""
        name = _local(element)
        if not self.kind:
            self._begin(element)
        if name == "Obs" and self.kind != CROSS:
            self._observation(element)
        elif self.kind == CROSS and element.get("value") is not None and _in_data(element):
            self._cross(element, name)
        elif name in {"Series", "Section"}:
            _forget(element)
        elif name == "Group" or name.endswith("Group") or name == "SiblingGroup":
            self._group(element)
        elif name == "Header":
            self._header(element)
        elif name == "CodeList":
            self._code_list(element)
        elif name == "Indicator":  # its name only: it also holds the contacts of officials
            self.said.append(element.get("name") or "")
        elif name == "Dimension" and element.get("value"):
            self.dimension_names[element.get("value")] = _first_text(element)

    def _begin(self, element: Any) -> None:
        root = element.getroottree().getroot()
        kind = _local(root)
        version = str(root.tag).partition("schemas/")[2].partition("/")[0].lower()
        if version not in {"v1_0", "v2_0", "v2_1"}:
            raise unsupported(f"SDMX-ML {version or 'of an unknown version'}", "Ask for 2.1.")
        if kind not in GENERIC | SPECIFIC | {CROSS}:
            raise unsupported(f"SDMX-ML message {kind}", "Ask for generic or compact data.")
        self.kind = kind

    def _header(self, element: Any) -> None:
        for part in element.iter():
            name = _local(part)
            if name == "Structure" and part.get("dimensionAtObservation"):
                self.time = part.get("dimensionAtObservation")
                self.said.append(part.get("structureID") or "")
            elif name in _SAID:
                self.said += [part.text or "", part.get("id") or ""]

    def _code_list(self, element: Any) -> None:
        names = {}
        for code in element:
            if _local(code) == "Code" and code.get("value") is not None:
                texts = [part.text or "" for part in code if _local(part) == "Description"]
                names[code.get("value")] = next(iter(texts), "")
        self.code_names[element.get("id") or ""] = names
        _forget(element)

    def _observation(self, element: Any) -> None:
        parent = element.getparent()
        if parent is not self.parent:
            self._open(parent)
        if self.kind in GENERIC:
            parts, value = self._generic(element)
        else:
            parts = _attributes(element)
            value = parts.pop(VALUE, None)
        self._add(parts, value)
        previous = element.getprevious()
        if previous is not None and previous.tag == element.tag:
            parent.remove(previous)

    def _open(self, parent: Any) -> None:
        """A series begins; in a flat message the data set is the only one."""
        self.parent = parent
        is_series = _local(parent) == "Series"
        if self.kind in GENERIC:
            key, more = _values_below(parent, "SeriesKey"), _values_below(parent, "Attributes")
        else:
            key, more = _attributes(parent), {}
        if not is_series:
            key, more = {}, {}
        self.series.append({**self._of_data_set(parent), **key, **more})
        self.keys.append(".".join(v for k, v in key.items() if not is_qualifying(k)))

    def _of_data_set(self, element: Any) -> Parts:
        data_set = next(
            (up for up in [element, *element.iterancestors()] if _local(up) == "DataSet"), None
        )
        if data_set is None:
            raise damaged("observations within a DataSet", f"one in {_local(element)}")
        if (data_set.get("action") or "").lower() == "delete":
            raise unsupported("an SDMX-ML data set that deletes", "Fetch the data themselves.")
        attributes = _attributes(data_set)
        said = {name: text for name, text in attributes.items() if name not in _OF_DATASET}
        return {**said, **_values_below(data_set, "Attributes")}

    def _generic(self, element: Any) -> tuple[Parts, str | None]:
        parts: Parts = {}
        value: str | None = None
        for child in element:
            name = _local(child)
            if name == "ObsValue":
                value = child.get("value")
            elif name in {"ObsDimension", "Time"}:
                parts[child.get("id") or self.time] = child.get("value") or child.text or ""
            elif name in {"ObsKey", "Attributes"}:
                parts.update(_values(child))
        return parts, value

    def _cross(self, element: Any, name: str) -> None:
        parent = element.getparent()
        if parent is not self.parent:
            self.parent = parent
            above = [up for up in [parent, *parent.iterancestors()] if _in_data(up)]
            said: Parts = {}
            for up in reversed(above):
                said.update(_attributes(up))
            self.series.append({**self._of_data_set(parent), **said})
            self.keys.append(".".join(v for k, v in said.items() if not is_qualifying(k)))
        parts = _attributes(element)
        value = parts.pop("value")
        self._add({MEASURE: name, **parts}, value)

    def _group(self, element: Any) -> None:
        """Attributes that hold for all series with the group's part of the key."""
        if self.kind in GENERIC:
            self.groups.append(
                (_values_below(element, "GroupKey"), _values_below(element, "Attributes"))
            )
        elif self.kind in SPECIFIC and not len(element):
            self.groups.append(({}, _attributes(element)))

    # ── observations ────────────────────────────────────────────────────────────────────────

    def _add(self, parts: Parts, value: str | None) -> None:
        count = len(self.values)
        refuse_count(count + 1)
        self.values.append(None if value is None or value in _NO_VALUE else value)
        self.series_of.append(len(self.series) - 1)
        for name, text in parts.items():
            if name not in self.members:
                self.members[name] = (Members(), array("i"))
            members, index = self.members[name]
            if len(index) < count:
                index.extend([-1] * (count - len(index)))
            index.append(members.of(text))

    def sheet(self) -> Any:
        """The part that was read.

        Raises:
            WarehouseError: `file_damaged` without observations.
        """
        if not self.values:
            raise damaged("a message with observations", "none")
        self._spread_groups()
        series_of = np.array(self.series_of, dtype=np.int32)
        axes = [self._series_axis(name, series_of) for name in self._series_names()]
        axes += [self._axis(name) for name in self.members]
        time = next((axis for axis in axes if axis.name in {self.time, TIME}), None)
        title = " ".join(dict.fromkeys(text for text in self.said if text))
        addresses = _Addresses(self._keys(axes, series_of), time)
        return cube_sheet("", title, axes, self.values, addresses)

    def _keys(self, axes: list[Axis], series_of: Any) -> Any:
        """Key of the series of each value; in a flat message, of the dimensions but time."""
        if any(self.keys):
            return np.array(self.keys, dtype=object)[series_of]
        own = [one for one in axes if not one.is_attribute and one.name not in {self.time, TIME}]
        parts = [np.array([*one.codes, ""], dtype=object)[one.index] for one in own]
        return np.array([".".join(key) for key in zip(*parts, strict=True)], dtype=object)

    def _spread_groups(self) -> None:
        for key, attributes in self.groups:
            for series in self.series:
                shared = key or {k: v for k, v in attributes.items() if k in series}
                if all(series.get(name) == text for name, text in shared.items()):
                    series.update({k: v for k, v in attributes.items() if k not in series})

    def _series_names(self) -> list[str]:
        names = list(dict.fromkeys(name for series in self.series for name in series))
        twice = [name for name in names if name in self.members]
        if twice:
            raise damaged("a part of the key once", f"{twice[0]} of series and observation")
        return names

    def _series_axis(self, name: str, series_of: Any) -> Axis:
        members = Members()
        of_series = np.array([members.of(series.get(name)) for series in self.series])
        return self._named(name, members, of_series.astype(np.int32)[series_of])

    def _axis(self, name: str) -> Axis:
        members, index = self.members[name]
        index.extend([-1] * (len(self.values) - len(index)))
        return self._named(name, members, np.array(index, dtype=np.int32))

    def _named(self, name: str, members: Members, index: Any) -> Axis:
        names = self.code_names.get(name) or {}
        texts = [[names.get(code) or code for code in members.codes]] if names else []
        label = self.dimension_names.get(name)
        return axis(name, members.codes, index, labels=[label] if label else [], texts=texts)


class _Addresses:
    """`series key:period`; a number tells observations apart that have both in common."""

    def __init__(self, keys: Any, time: Axis | None) -> None:
        self.keys = keys
        self.time = time

    def __call__(self, rows: Indices, columns: Indices) -> list[str]:
        keys = self.keys[rows]
        if self.time is None:
            return [f"{key}#{row + 1}" for key, row in zip(keys, rows.tolist(), strict=True)]
        periods = np.array([*self.time.codes, ""], dtype=object)[self.time.index[rows]]
        found = [f"{key}:{period}" for key, period in zip(keys, periods, strict=True)]
        if len(set(found)) == len(found):
            return found
        return [f"{text}#{row + 1}" for text, row in zip(found, rows.tolist(), strict=True)]


def _first_text(element: Any) -> str:
    texts = (part.text or "" for part in element if _local(part) == "Name")
    return next(texts, "").strip()


def _attributes(element: Any) -> Parts:
    return {
        str(name): str(text)
        for name, text in element.attrib.items()
        if not str(name).startswith("{")
    }


def _values_below(element: Any, name: str) -> Parts:
    found = next((child for child in element if _local(child) == name), None)
    return _values(found) if found is not None else {}


def _values(element: Any) -> Parts:
    return {
        child.get("id") or child.get("concept") or "": child.get("value") or ""
        for child in element
        if _local(child) == "Value"
    }


def _in_data(element: Any) -> bool:
    """Whether an element is part of the data, not of the header around it."""
    return any(_local(up) == "DataSet" for up in element.iterancestors())


def _forget(element: Any) -> None:
    """Drop the siblings before an element that has been read."""
    parent = element.getparent()
    while (previous := element.getprevious()) is not None and parent is not None:
        if _local(previous) not in {"Series", "Section", "CodeList", "Obs"}:
            break
        parent.remove(previous)
