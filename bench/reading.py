"""Reading workbooks, against python-calamine alone."""

from __future__ import annotations

from bench import inputs
from bench.harness import Bench, Contender, Goal, Result

OURS = "`read_xlsx`: arrays of contents, kinds, numbers, digits shown, indents, formula marks"
BARE = "`to_python()` of every sheet: lists of Python values, no formats, no formula marks"


def large(bench: Bench) -> Result:
    """One workbook of a million cells."""
    rows = bench.size(50_000, 200)
    path = inputs.big_workbook(bench.folder / "big.xlsx", rows)
    result = Result("reading_large", "Reading 1 000 000 cells of xlsx", f"{rows} rows × 20 columns")
    _compare(bench, result, [str(path)])
    memory = result.peak_mb("ours") / result.peak_mb("python-calamine")
    result.goals = [
        Goal("time, times python-calamine", 1.5, result.ratio("ours", "python-calamine")),
        Goal("peak memory, times python-calamine", 2.0, memory),
    ]
    return result


def small(bench: Bench) -> Result:
    """Many small workbooks."""
    count = bench.size(200, 5)
    paths = inputs.wage_bulletins(bench.folder / "small", count)
    result = Result("reading_small", "Reading 200 small workbooks", f"{count} wage bulletins")
    _compare(bench, result, [str(path) for path in paths])
    result.goals = [
        Goal(
            "time, times python-calamine",
            1.5,
            result.ratio("ours", "python-calamine"),
            held_by="Each file is opened a second time: the parts that python-calamine does not "
            "tell of (formats, formulas, hidden extents) are unpacked and looked through before "
            "a cell is read, so that a hostile file is refused unopened.",
        ),
    ]
    return result


def _compare(bench: Bench, result: Result, paths: list[str]) -> None:
    contenders = (
        Contender("ours", OURS, "read_ours", paths),
        Contender("python-calamine", BARE, "read_calamine", paths),
    )
    bench.compare(result, contenders)
    if result.fact("ours", "cells") != result.fact("python-calamine", "cells"):
        raise RuntimeError("the contenders did not read the same cells")
