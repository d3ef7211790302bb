"""What a run costs when nothing, or one file, has changed."""

from __future__ import annotations

import shutil
import statistics

from bench import inputs
from bench.harness import Bench, Contender, Goal, Result

WHAT = "`pipeline.run` on an inbox"


def nothing(bench: Bench) -> Result:
    """The same inbox again."""
    count = bench.size(20, 2)
    folder = bench.folder / "unchanged"
    inputs.wage_bulletins(folder / "inbox", count)
    home, known = folder / "home", folder / "known"
    arguments = [str(home), str(folder / "inbox")]

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)

    bench.once(Contender("known", "", "street_again", [str(known), arguments[1]]))
    result = Result("unchanged", "Nothing has changed", f"{count} wage bulletins, run twice")
    bench.compare(
        result,
        (
            Contender(
                "cold", f"{WHAT}, into an empty home", "street_again", arguments, None, fresh
            ),
            Contender(
                "again",
                f"{WHAT} that is known to the last byte",
                "street_again",
                [str(known), arguments[1]],
            ),
        ),
    )
    result.goals = [Goal("time, share of the cold run", 0.10, result.ratio("again", "cold"))]
    return result


def one_new(bench: Bench) -> Result:
    """One file more, beside ten, a hundred and a thousand that are known."""
    sizes = (2, 4) if bench.is_quick else (10, 100, 1000)
    result = Result("one_new", "One new file among many", "one more wage bulletin")
    contenders = [_beside(bench, size) for size in sizes]
    bench.compare(result, contenders)
    few, many = (contender.name for contender in (contenders[0], contenders[-1]))
    parts = {
        part: {
            name: statistics.median(run["facts"][part] for run in runs)
            for name, runs in result.runs.items()
        }
        for part in ("ingest", "build")
    }
    result.goals = [
        Goal(
            f"ingest part with {many}, times that with {few}",
            1.5,
            parts["ingest"][many] / parts["ingest"][few],
            held_by="What each known file still costs: its small JSON pointer is read and its "
            "name looked up, and a contract that compares with earlier files reads their parts.",
        )
    ]
    result.notes = [
        f"{part.capitalize()} part: "
        + ", ".join(f"{seconds:.2f} s with {name}" for name, seconds in found.items())
        + "."
        for part, found in parts.items()
    ]
    result.notes.append(
        "A build makes all marts anew from all parts: its part grows with the data, by design."
    )
    return result


def _beside(bench: Bench, size: int) -> Contender:
    folder = bench.folder / f"beside_{size}"
    inbox, home, known = folder / "inbox", folder / "home", folder / "known"
    inputs.wage_bulletins(inbox, size)
    done = bench.once(Contender("known", "", "know_files", [str(known), str(inbox)]))
    if done["facts"]["counts"] != {"accepted": size}:
        raise RuntimeError(f"the known files are {done['facts']['counts']}")
    new = inputs.wage_bulletins(inbox, 1, start=size)[0]

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(known, home)
        new.touch()

    arguments = [str(home), str(inbox)]
    name = f"{size} known"
    return Contender(
        name, f"{WHAT} of {size} known files and one new", "street_again", arguments, None, fresh
    )
