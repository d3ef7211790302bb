"""The whole street, from workbooks to a mart, against a script and against dlt."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from bench import inputs
from bench.harness import PROJECT, Bench, Contender, Goal, Result, say
from tests.specimens.names import KAZAKHSTAN

DLT = "1.31.0"
SAME = ("duckdb", "pyarrow", "python-calamine")
OURS = (
    "`pipeline.run`: archive, read all three sheets, some sixty checks on each file, build all "
    "marts with their tests, reconcile, publish"
)
SCRIPT = "one sheet of each workbook with pandas and openpyxl, one table; no archive, no checks"
LOADER = "the same sheet with python-calamine, Arrow tables into DuckDB by dlt, one query"
HELD = (
    "Great Expectations and dbt cost seconds before they do anything (see the stages), and a "
    "second for each file that is checked, however small it is; the script checks nothing."
)


def whole(bench: Bench) -> Result:
    """Workbooks to one mart."""
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
    bench.compare(result, contenders)
    marts = {name: result.fact(name, "mart") for name in result.runs}
    if len({mart["hash"] for mart in marts.values()}) > 1:
        raise RuntimeError(f"the marts differ: {marts}")
    result.notes = _notes(result, with_dlt=bool(dlt))
    script = 1 / result.ratio("ours", "pandas + openpyxl")
    result.goals = [
        Goal("times faster than pandas + openpyxl", 4.0, script, at_least=True, held_by=HELD)
    ]
    if dlt:
        result.goals.append(Goal("time, times dlt", 1.0, result.ratio("ours", "dlt"), held_by=HELD))
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
