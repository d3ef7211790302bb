"""Reading self-describing files of a million observations, against the libraries of the formats."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

from bench.harness import Bench, Contender, Goal, Result
from bench.inputs import SEED

REGIONS, YEARS = 500, 20
V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
STRUCTURE = (
    '<m:Structure structureID="BIG" dimensionAtObservation="TIME_PERIOD"><c:Structure>'
    '<Ref agencyID="X" id="BIG" version="1.0"/></c:Structure></m:Structure>'
)


def px(bench: Bench) -> Result:
    """One PC-Axis table."""
    activities = bench.size(100, 2)
    path = _px(bench.folder / "big.px", activities)
    count = REGIONS * activities * YEARS
    result = Result("reading_px", "Reading PC-Axis", f"{count:,} values, three variables")
    contenders = (
        Contender("ours", "`read_px`: values, digits, and an axis of codes each", "read_cube",
                  [str(path), "px"]),
        Contender("pyaxis", "`parse`: a data frame of texts", "read_pyaxis", [str(path)]),
    )  # fmt: skip
    return _compare(bench, result, contenders)


def sdmx(bench: Bench) -> Result:
    """One SDMX-ML 2.1 message, generic; sdmx1 is slow, so it gets fewer observations as well."""
    activities = bench.size(20, 1)
    path = _sdmx(bench.folder / "big.xml", activities)
    count = REGIONS * activities * YEARS
    result = Result("reading_sdmx", "Reading SDMX-ML", f"{count:,} observations, generic 2.1")
    contenders = (
        Contender("ours", "`read_sdmx_ml`: values, digits, and an axis of codes each", "read_cube",
                  [str(path), "sdmx_ml"]),
        Contender("sdmx1", "`read_sdmx`: an object per observation", "read_sdmx1", [str(path)]),
    )  # fmt: skip
    return _compare(bench, result, contenders)


def _compare(bench: Bench, result: Result, contenders: tuple[Contender, Contender]) -> Result:
    theirs = contenders[1].name
    bench.compare(result, contenders)
    if result.fact("ours", "values") != result.fact(theirs, "values"):
        raise RuntimeError("the contenders did not read the same values")
    result.goals = [
        Goal(f"time, times {theirs}", 3.0, result.ratio("ours", theirs)),
        Goal(
            f"peak memory, times {theirs}",
            2.0,
            result.peak_mb("ours") / result.peak_mb(theirs),
        ),
    ]
    return result


def _members(activities: int) -> tuple[list[str], list[str], list[str]]:
    return (
        [f"R{number:03d}" for number in range(REGIONS)],
        [f"A{number:02d}" for number in range(activities)],
        [str(2000 + number) for number in range(YEARS)],
    )


def _px(path: Path, activities: int) -> Path:
    rng = random.Random(SEED)
    names = ("region", "activity", "year")
    listed = "".join(
        f'VALUES("{name}")="' + '","'.join(codes) + '";\n'
        for name, codes in zip(names, _members(activities), strict=True)
    )
    with path.open("w", encoding="utf-8") as out:
        out.write(
            'CHARSET="ANSI";\nAXIS-VERSION="2010";\nCODEPAGE="utf-8";\nLANGUAGE="en";\n'
            'MATRIX="BIG";\nTITLE="Big table";\nCONTENTS="Big";\nUNITS="n";\nDECIMALS=1;\n'
            f'STUB="region","activity";\nHEADING="year";\n{listed}DATA=\n'
        )
        for _ in range(REGIONS * activities):
            out.write(" ".join(f"{rng.random() * 1e5:.1f}" for _ in range(YEARS)) + "\n")
        out.write(";\n")
    return path


def _sdmx(path: Path, activities: int) -> Path:
    rng = random.Random(SEED)
    regions, branches, years = _members(activities)
    with path.open("w", encoding="utf-8") as out:
        out.write(
            f'<m:GenericData xmlns:m="{V21}message" xmlns:g="{V21}data/generic" '
            f'xmlns:c="{V21}common"><m:Header><m:ID>x</m:ID><m:Test>false</m:Test>'
            '<m:Prepared>2026-01-16T08:16:20</m:Prepared><m:Sender id="X"/>'
            f'{STRUCTURE}</m:Header><m:DataSet structureRef="BIG">'
        )
        for region, branch in product(regions, branches):
            out.write(
                f'<g:Series><g:SeriesKey><g:Value id="geo" value="{region}"/>'
                f'<g:Value id="act" value="{branch}"/></g:SeriesKey>'
            )
            for year in years:
                out.write(
                    f'<g:Obs><g:ObsDimension value="{year}"/>'
                    f'<g:ObsValue value="{rng.random() * 1e5:.1f}"/></g:Obs>'
                )
            out.write("</g:Series>")
        out.write("</m:DataSet></m:GenericData>")
    return path
