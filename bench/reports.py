"""A thousand reports of clusters, from files to figures."""

from __future__ import annotations

import shutil
import statistics

from bench import inputs
from bench.harness import Bench, Contender, Goal, Result

MINUTES = 3
GIB = 2.0
WHAT = "`pipeline.run` on an empty home: archive, read, check together, answer, build, publish"


def taken_in(bench: Bench) -> Result:
    """Reports of 200 clusters over five years, each with 50 members."""
    clusters, years = bench.size(200, 2), bench.size(5, 2)
    contenders = [_of(bench, ending, clusters, years) for ending in ("json", "xlsx")]
    result = Result(
        "reports", "A thousand cluster reports", f"{clusters * years} reports of 50 members each"
    )
    bench.compare(result, contenders)
    for name, runs in result.runs.items():
        stages = {
            stage: statistics.median(run["facts"]["stages"].get(stage, 0.0) for run in runs)
            for stage in runs[0]["facts"]["stages"]
        }
        spent = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages.items())
        result.notes.append(f"Stages, {name}: {spent}.")
        taking = statistics.median(run["facts"]["ingest"] for run in runs)
        result.goals += [
            Goal(f"minutes to take them in, {name}", MINUTES, taking / 60),
            Goal(f"GiB of memory at most, {name}", GIB, result.peak_mb(name) / 1024),
        ]
    return result


def _of(bench: Bench, ending: str, clusters: int, years: int) -> Contender:
    folder = bench.folder / f"reports_{ending}"
    inputs.cluster_reports(folder / "inbox", clusters, years, ending=ending)
    home = folder / "home"

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)

    arguments = [str(home), str(folder / "inbox")]
    return Contender(f"as {ending}", WHAT, "street_again", arguments, None, fresh)
