"""One small table, written in every self-describing format: the figures are the same in all."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

GEO = ("BE", "PL", "LT")
YEARS = ("2021", "2022", "2023")
FIXED = {"freq": "A", "reason": "TOTAL", "citizen": "BY", "duration": "TOTAL", "unit": "PER"}
VALUES: dict[tuple[str, str], tuple[str | None, str]] = {
    ("BE", "2021"): ("104", "A"),
    ("BE", "2022"): ("85.5", "E"),
    ("BE", "2023"): (None, "O"),
    ("PL", "2021"): ("148800", "A"),
    ("PL", "2022"): ("0", "A"),
    ("PL", "2023"): ("281503", "P"),
    ("LT", "2021"): ("-1", "A"),
    ("LT", "2022"): ("16174", "B"),
    ("LT", "2023"): ("7", "A"),
}
"""Value as printed and SDMX status, by country and year."""
TITLE = "MIGR_RESFIRST First permits"
CELLS = [(geo, year, *VALUES[geo, year]) for geo, year in product(GEO, YEARS)]


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# ── JSON-stat ───────────────────────────────────────────────────────────────────────────────


def _dimension() -> dict[str, object]:
    fixed = {key: {"category": {"label": {code: code}}} for key, code in FIXED.items()}
    geo = {"label": "Country", "category": {"index": list(GEO)}}
    time = {"category": {"index": {year: at for at, year in enumerate(YEARS)}}}
    return {**fixed, "geo": geo, "time": time}


def _numbers() -> list[float | None]:
    return [None if value is None else json.loads(value) for _, _, value, _ in CELLS]


def _flags() -> dict[str, str]:
    letters = {"E": "e", "B": "b", "P": "p", "O": ":"}
    return {str(at): letters[s] for at, (_, _, _, s) in enumerate(CELLS) if s in letters}


def json_stat_dense(path: Path) -> Path:
    shape = {"id": [*FIXED, "geo", "time"], "size": [1] * len(FIXED) + [len(GEO), len(YEARS)]}
    whole = {
        **{"version": "2.0", "class": "dataset", "label": TITLE, **shape},
        **{"value": _numbers(), "status": _flags(), "dimension": _dimension()},
    }
    return _write(path, json.dumps(whole))


def json_stat_sparse(path: Path) -> Path:
    whole = json.loads(json_stat_dense(path).read_text())
    filled = {str(at): v for at, v in enumerate(whole["value"]) if v is not None}
    return _write(path, json.dumps({**whole, "value": filled}))


def json_stat_bundle(path: Path) -> Path:
    whole = json.loads(json_stat_dense(path).read_text())
    shape = {"id": whole.pop("id"), "size": whole.pop("size")}
    dataset = {
        "label": TITLE,
        "dimension": {**whole["dimension"], **shape},
        "value": whole["value"],
        "status": whole["status"],
    }
    return _write(path, json.dumps({"MIGR_RESFIRST": dataset}))


# ── SDMX-ML ─────────────────────────────────────────────────────────────────────────────────

V21, V20 = (
    "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/",
    "http://www.SDMX.org/resources/SDMXML/schemas/v2_0/",
)
SENDER = "<m:Sender id='X'><m:Contact><m:Name>Nobody</m:Name></m:Contact></m:Sender>"
HEADER = f"<m:Header><m:ID>1</m:ID>{SENDER}{{}}</m:Header>"
STRUCTURE = "<m:Structure structureID='MIGR_RESFIRST' dimensionAtObservation='TIME_PERIOD'/>"


def sdmx_generic_2_1(path: Path) -> Path:
    series = ""
    for geo in GEO:
        key = "".join(f"<g:Value id='{k}' value='{v}'/>" for k, v in {**FIXED, "geo": geo}.items())
        obs = "".join(
            f"<g:Obs><g:ObsDimension value='{y}'/><g:ObsValue value='{v or 'NaN'}'/>"
            f"<g:Attributes><g:Value id='OBS_STATUS' value='{s}'/></g:Attributes></g:Obs>"
            for g, y, v, s in CELLS
            if g == geo
        )
        series += f"<g:Series><g:SeriesKey>{key}</g:SeriesKey>{obs}</g:Series>"
    return _write(
        path,
        f"<?xml version='1.0'?><m:GenericData xmlns:m='{V21}message' xmlns:g='{V21}data/generic'>"
        f"{HEADER.format(STRUCTURE)}<m:DataSet>{series}</m:DataSet></m:GenericData>",
    )


def sdmx_flat_2_1(path: Path) -> Path:
    obs = ""
    for geo, year, value, status in CELLS:
        parts = {**FIXED, "geo": geo, "TIME_PERIOD": year}
        key = "".join(f"<g:Value id='{k}' value='{v}'/>" for k, v in parts.items())
        obs += (
            f"<g:Obs><g:ObsKey>{key}</g:ObsKey><g:ObsValue value='{value or 'NaN'}'/>"
            f"<g:Attributes><g:Value id='OBS_STATUS' value='{status}'/></g:Attributes></g:Obs>"
        )
    flat = "<m:Structure structureID='MIGR_RESFIRST' dimensionAtObservation='AllDimensions'/>"
    return _write(
        path,
        f"<m:GenericData xmlns:m='{V21}message' xmlns:g='{V21}data/generic'>"
        f"{HEADER.format(flat)}<m:DataSet>{obs}</m:DataSet></m:GenericData>",
    )


def _said(text: str, value: str | None) -> str:
    return text.format(value) if value else ""


def _compact(geo: str) -> str:
    return "".join(
        f"<Obs TIME_PERIOD='{y}' " + _said("OBS_VALUE='{}' ", v) + f"OBS_STATUS='{s}'/>"
        for g, y, v, s in CELLS
        if g == geo
    )


def sdmx_structure_specific_2_1(path: Path) -> Path:
    fixed = " ".join(f"{k}='{v}'" for k, v in FIXED.items())
    series = "".join(f"<Series {fixed} geo='{geo}'>{_compact(geo)}</Series>" for geo in GEO)
    return _write(
        path,
        f"<m:StructureSpecificData xmlns:m='{V21}message' xmlns:s='{V21}data/structurespecific'>"
        f"{HEADER.format(STRUCTURE)}<m:DataSet s:structureRef='MIGR_RESFIRST'>{series}</m:DataSet>"
        "</m:StructureSpecificData>",
    )


def sdmx_generic_2_0(path: Path) -> Path:
    series = ""
    for geo in GEO:
        parts = {**FIXED, "geo": geo}.items()
        key = "".join(f"<g:Value concept='{k}' value='{v}'/>" for k, v in parts)
        obs = "".join(
            f"<g:Obs><g:Time>{y}</g:Time>"
            + _said("<g:ObsValue value='{}'/>", v)
            + f"<g:Attributes><g:Value concept='OBS_STATUS' value='{s}'/></g:Attributes></g:Obs>"
            for g, y, v, s in CELLS
            if g == geo
        )
        series += f"<g:Series><g:SeriesKey>{key}</g:SeriesKey>{obs}</g:Series>"
    about = "<m:DataSetID>MIGR_RESFIRST</m:DataSetID>"
    return _write(
        path,
        f"<m:GenericData xmlns:m='{V20}message' xmlns:g='{V20}generic'>{HEADER.format(about)}"
        f"<m:DataSet><g:KeyFamilyRef>K</g:KeyFamilyRef>{series}</m:DataSet></m:GenericData>",
    )


def sdmx_compact_2_0(path: Path) -> Path:
    """Parts of the key that are the same throughout stand once, on a group."""
    shared = " ".join(f"{k}='{v}'" for k, v in FIXED.items() if k != "unit")
    series = "".join(
        f"<d:SiblingGroup geo='{geo}' unit='{FIXED['unit']}'/>"
        f"<d:Series {shared} geo='{geo}'>{_compact(geo).replace('<Obs', '<d:Obs')}</d:Series>"
        for geo in GEO
    )
    about = "<m:DataSetID>MIGR_RESFIRST</m:DataSetID>"
    return _write(
        path,
        f"<m:CompactData xmlns:m='{V20}message' xmlns:d='urn:example'>{HEADER.format(about)}"
        f"<d:DataSet keyFamilyURI='x'>{series}</d:DataSet></m:CompactData>",
    )


def sdmx_cross_sectional_2_0(path: Path) -> Path:
    groups = ""
    fixed = " ".join(f"{k}='{v}'" for k, v in FIXED.items() if k != "reason")
    for year in YEARS:
        obs = "".join(
            f"<d:TOTAL geo='{g}' value='{v or 'NaN'}' OBS_STATUS='{s}'/>"
            for g, y, v, s in CELLS
            if y == year
        )
        groups += f"<d:Group TIME_PERIOD='{year}'><d:Section {fixed}>{obs}</d:Section></d:Group>"
    about = "<m:DataSetID>MIGR_RESFIRST</m:DataSetID>"
    return _write(
        path,
        f"<m:CrossSectionalData xmlns:m='{V20}message' xmlns:d='urn:example'>"
        f"{HEADER.format(about)}<d:DataSet>{groups}</d:DataSet></m:CrossSectionalData>",
    )


# ── SDMX-JSON, SDMX-CSV ─────────────────────────────────────────────────────────────────────


def _json_structure(series: bool) -> dict[str, object]:
    def one(name: str, codes: tuple[str, ...]) -> dict[str, object]:
        return {"id": name, "name": name, "values": [{"id": c, "name": c} for c in codes]}

    fixed = [one(key, (code,)) for key, code in FIXED.items()]
    geo, time = one("geo", GEO), one("TIME_PERIOD", YEARS)
    status = one("OBS_STATUS", ("A", "E", "O", "P", "B"))
    dimensions = {
        "dataSet": fixed,
        "series": [geo] if series else [],
        "observation": [time] if series else [geo, time],
    }
    return {
        "name": TITLE,
        "dimensions": dimensions,
        "attributes": {"dataSet": [], "series": [], "observation": [status]},
    }


def _json_value(geo: str, year: str) -> list[object]:
    value, status = VALUES[geo, year]
    number = None if value is None else json.loads(value)
    return [number, ["A", "E", "O", "P", "B"].index(status)]


def sdmx_json_1_0_by_series(path: Path) -> Path:
    series = {
        str(at): {"observations": {str(t): _json_value(geo, y) for t, y in enumerate(YEARS)}}
        for at, geo in enumerate(GEO)
    }
    whole = {"structure": _json_structure(True), "dataSets": [{"series": series}]}
    return _write(path, json.dumps(whole))


def sdmx_json_2_0_flat(path: Path) -> Path:
    observations = {
        f"{g}:{t}": _json_value(geo, year)
        for g, geo in enumerate(GEO)
        for t, year in enumerate(YEARS)
    }
    data = {
        "structures": [_json_structure(False)],
        "dataSets": [{"structure": 0, "action": "Replace", "observations": observations}],
    }
    return _write(path, json.dumps({"meta": {"schema": "2.0"}, "data": data}))


def sdmx_csv_1_0(path: Path) -> Path:
    head = ["DATAFLOW", *FIXED, "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    rows = [
        ["ESTAT:MIGR_RESFIRST(1.0)", *FIXED.values(), geo, year, value or "", status]
        for geo, year, value, status in CELLS
    ]
    return _write(path, "\r\n".join(",".join(row) for row in [head, *rows]) + "\r\n")


def sdmx_csv_2_0_with_labels(path: Path) -> Path:
    names = [f"{key}: Name of {key}" for key in FIXED]
    tail = ["geo: Country", "TIME_PERIOD: Time", "OBS_VALUE: Value", "OBS_STATUS: Status"]
    head = ["STRUCTURE[;]", "STRUCTURE_ID", "ACTION", *names, *tail]
    about = ["dataflow", "ESTAT:MIGR_RESFIRST(1.0)", "I"]
    fixed = [f"{code}: {code} in words" for code in FIXED.values()]
    rows = [
        [*about, *fixed, f"{geo}: {geo} in words", year, value or "", f"{status}: in words"]
        for geo, year, value, status in CELLS
    ]
    return _write(path, "\n".join(",".join(row) for row in [head, *rows]) + "\n")


# ── PC-Axis ─────────────────────────────────────────────────────────────────────────────────


def _px_head(keys: str = "") -> str:
    fixed = "".join(f'VALUES("{k}")="{v}";\n' for k, v in FIXED.items())
    stub = ",".join(f'"{name}"' for name in [*FIXED, "geo"])
    geo = ",".join(f'"{name}"' for name in ("Бельгия", "Польша", "Литва"))
    codes = ",".join(f'"{code}"' for code in GEO)
    years = ",".join(f'"{year}"' for year in YEARS)
    return (
        'CHARSET="ANSI";\nAXIS-VERSION="2010";\nCODEPAGE="{page}";\nLANGUAGE="ru";\n'
        'LANGUAGES="ru","en";\nMATRIX="MIGR_RESFIRST";\nTITLE="Первые разрешения";\n'
        'TITLE[en]="First ""permits";\nUNITS="человек";\nDECIMALS=1;\n'
        f'STUB={stub};\nSTUB[en]={stub};\nHEADING="time";\nHEADING[en]="time";\n{fixed}'
        f'VALUES("geo")={geo};\nVALUES[en]("geo")="Belgium","Poland","Lithuania";\n'
        f'CODES("geo")={codes};\nTIMEVAL("time")=TLIST(A1),{years};\nVALUES("time")={years};\n'
        f'NOTE="Одна строка; "\n"и ещё одна";\nCONTACT="Никто, 8 (495) 000-00-00";\n{keys}'
    )


def _px_value(value: str | None) -> str:
    return '".."' if value is None else value


def px_with_code_page(path: Path) -> Path:
    data = "\n".join(" ".join(_px_value(VALUES[geo, year][0]) for year in YEARS) for geo in GEO)
    text = _px_head().replace("{page}", "windows-1251") + f"DATA=\n{data};\n"
    return _write(path, text, "cp1251")


def px_with_keys(path: Path) -> Path:
    names = [*FIXED, "geo"]
    keys = "".join(f'KEYS("{name}")=CODES;\n' for name in names)
    codes = "".join(f'CODES("{k}")="{v}";\n' for k, v in FIXED.items())
    rows = [
        ",".join(f'"{code}"' for code in [*FIXED.values(), geo])
        + "," + " ".join(_px_value(VALUES[geo, year][0]) for year in YEARS)
        for geo in ("LT", "BE", "PL")
    ]  # fmt: skip
    data = "\n".join(rows)
    text = _px_head(codes + keys).replace("{page}", "utf-8") + f"DATA=\n{data};\n"
    return _write(path, text)


WITH_STATUS: dict[str, Callable[[Path], Path]] = {
    "dense.json": json_stat_dense,
    "sparse.json": json_stat_sparse,
    "bundle.json": json_stat_bundle,
    "generic21.xml": sdmx_generic_2_1,
    "flat21.xml": sdmx_flat_2_1,
    "specific21.xml": sdmx_structure_specific_2_1,
    "generic20.xml": sdmx_generic_2_0,
    "compact20.xml": sdmx_compact_2_0,
    "series.json": sdmx_json_1_0_by_series,
    "flat.json": sdmx_json_2_0_flat,
    "one.csv": sdmx_csv_1_0,
    "two.csv": sdmx_csv_2_0_with_labels,
}
"""Writers by file name; what they write says a status for each value."""
WITHOUT_STATUS: dict[str, Callable[[Path], Path]] = {
    "page.px": px_with_code_page,
    "keys.px": px_with_keys,
}
