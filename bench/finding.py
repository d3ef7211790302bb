"""What a search for clusters takes, on the sample reports."""

from __future__ import annotations

import statistics

from bench.harness import PROJECT, Bench, Contender, Goal, Result

INBOX = PROJECT / "samples" / "clusters"


def finding(bench: Bench) -> Result:
    """Ten questions, each as `warehouse find` asks it, and the same in a session that is open."""
    home = bench.folder / "finding"
    bench.once(Contender("known", "", "street_again", [str(home), str(INBOX)]))
    result = Result("finding", "Find clusters", "ten questions to the sample reports")
    bench.compare(
        result,
        (
            Contender("ours", "`warehouse find`: open, check the codes, ask", "find_ours",
                      [str(home)]),
            Contender("open session", "`marts.find` in a session that is open", "find_open",
                      [str(home)]),
        ),
    )  # fmt: skip
    slowest, typical = (
        {
            name: statistics.median(run["facts"][fact] for run in runs)
            for name, runs in result.runs.items()
        }
        for fact in ("slowest", "typical")
    )
    result.goals = [
        Goal("seconds of a question, opening the file included", 0.1, typical["ours"]),
        Goal("seconds of the slowest question in an open session", 0.1, slowest["open session"]),
    ]
    clusters, found = (result.fact("ours", name) for name in ("clusters", "found"))
    if found != result.fact("open session", "found"):
        raise RuntimeError("the answers differ")
    result.notes = [
        f"{clusters} clusters; the slowest question took "
        + ", ".join(f"{seconds * 1000:.0f} ms with {name}" for name, seconds in slowest.items())
        + "."
    ]
    return result
