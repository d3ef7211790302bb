"""The whole street, from workbooks to a mart, against a script and against dlt."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from bench import inputs
from bench.harness import PROJECT, Bench, Contender, Goal, Result, say
from tests.specimens.names import KAZAKHSTAN

DLT = "1.31.0"
SAME = ("duckdb", "pyarrow", "python-calamine")
OURS = (
    "`pipeline.run`: archive, read all sheets, some sixty checks on each file, build all "
    "marts with their tests, reconcile, publish"
)
SCRIPT = "one sheet of each workbook with pandas and openpyxl, one table; no archive, no checks"
LOADER = "the same sheet with python-calamine, Arrow tables into DuckDB by dlt, one query"
ALL_SCRIPT = "all sheets with pandas and openpyxl, a table of all figures and one mart; no checks"
ALL_LOADER = "all sheets with python-calamine, an Arrow table each into DuckDB by dlt, one query"
HELD_SMALL = (
    "what does not depend on the files: Great Expectations takes four seconds to import, dbt six "
    "to parse the project and some thirty milliseconds for each of its models and tests, however "
    "few rows they have. Checking a file cost 0.9 s of its own before files were checked together; "
    "now sixty take four seconds. The contenders check nothing and make one table of the marts' "
    "ninety."
)
HELD_LARGE = (
    "the work itself: each figure is staged with its cell, checked some sixty times, and goes "
    "through all marts (see the stages); the contenders copy it into one table. The checks were "
    "halved (no text is made for what is not shown, breakdowns become text by column); the marts "
    "take most of what is left, the checks nearly as much, reading the rest."
)


def whole(bench: Bench) -> Result:
    """Many small workbooks to one mart."""
    count = bench.size(60, 2)
    inbox = bench.folder / "street" / "inbox"
    inputs.population_workbooks(inbox, count)
    names = bench.folder / "street" / "names.json"
    names.write_text(json.dumps({name: code for code, name in KAZAKHSTAN.items()}))
    result = Result(
        "street", "The whole street", f"{count} population workbooks of three sheets → one mart"
    )
    contenders = [
        _with_home(bench, Contender("ours", OURS, "street_ours"), inbox),
        _with_home(bench, Contender("pandas + openpyxl", SCRIPT, "street_pandas"), inbox, names),
    ]
    dlt = None if bench.is_quick else _dlt_python(bench.folder / "dlt")
    if dlt:
        loader = Contender("dlt", LOADER, "street_dlt", python=dlt)
        contenders.append(_with_home(bench, loader, inbox, names))
    return _compared(bench, result, contenders, ("mart",), HELD_SMALL)


def large(bench: Bench) -> Result:
    """A few large workbooks to a table of all figures and one mart."""
    folder = bench.folder / "street"
    years = bench.size(len(inputs.AGE_YEARS), 2)
    paths = inputs.age_workbooks(folder / "large", years)
    cells = years * inputs.figures_per_year()
    result = Result(
        "street_large",
        "The whole street, large workbooks",
        f"{len(paths)} workbooks with {cells:,} figures → a table of all of them, and one mart",
    )
    project = inputs.age_project(folder / "project")
    contenders = [
        _with_home(bench, Contender("ours", OURS, "street_ours"), folder / "large", project),
        _with_home(
            bench, Contender("pandas + openpyxl", ALL_SCRIPT, "ages_pandas"), folder / "large"
        ),
    ]
    dlt = None if bench.is_quick else _dlt_python(bench.folder / "dlt")
    if dlt:
        loader = Contender("dlt", ALL_LOADER, "ages_dlt", python=dlt)
        contenders.append(_with_home(bench, loader, folder / "large"))
    return _compared(bench, result, contenders, ("mart", "figures"), HELD_LARGE)


def _compared(
    bench: Bench,
    result: Result,
    contenders: Sequence[Contender],
    facts: Sequence[str],
    held_by: str,
) -> Result:
    """Seconds of contenders that must agree on what came out."""
    bench.compare(result, contenders)
    for fact in facts:
        found = {name: result.fact(name, fact) for name in result.runs}
        if len({json.dumps(value) for value in found.values()}) > 1:
            raise RuntimeError(f"the contenders differ: {fact} {found}")
    with_dlt = "dlt" in result.runs
    result.notes = _notes(result, with_dlt=with_dlt)
    script = 1 / result.ratio("ours", "pandas + openpyxl")
    result.goals = [
        Goal("times faster than pandas + openpyxl", 4.0, script, at_least=True, held_by=held_by)
    ]
    if with_dlt:
        ratio = result.ratio("ours", "dlt")
        result.goals.append(Goal("time, times dlt", 1.0, ratio, held_by=held_by))
    return result


def _with_home(bench: Bench, contender: Contender, *more: Path) -> Contender:
    """The contender with an empty home before each run, and the inbox."""
    home = bench.folder / "street" / contender.module

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)

    return replace(contender, arguments=[str(home), *map(str, more)], before=fresh)


def _notes(result: Result, *, with_dlt: bool) -> list[str]:
    stages = result.fact("ours", "stages")
    spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
    notes = [
        f"All contenders gave the same {result.fact('ours', 'mart')['rows']} rows of the mart; "
        f"ours also staged {result.fact('ours', 'observations'):,} observations with their cells.",
        f"Stages of the first run of ours: {spent}.",
    ]
    how = f"dlt {DLT} was installed for this run into an environment of its own."
    return [*notes, how if with_dlt else "dlt could not be installed: not measured."]


def _dlt_python(folder: Path) -> str | None:
    """An interpreter with dlt and our versions of what both use; None when that fails."""
    local = PROJECT / ".venv" / "tools" / "bin" / "uv"
    uv = str(local) if local.exists() else shutil.which("uv")
    if uv is None:
        return None
    python = folder / "bin" / "python"
    wanted = [f"dlt=={DLT}", *(f"{name}=={version(name)}" for name in SAME)]
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *wanted],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(f"dlt could not be installed: {done.stderr.strip()[-300:]}")
            return None
    return str(python)
