"""`docs/performance.md` from the results: what was measured, wins and losses alike."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.harness import PROJECT, RESULTS

PAGE = PROJECT / "docs" / "performance.md"
ORDER = (
    *(
        "reading_large",
        "reading_small",
        "reading_px",
        "reading_sdmx",
        "marts",
        "street",
        "street_large",
        "unchanged",
    ),
    *("one_new", "growth", "catalogue", "reports", "finding", "report"),
)
INTRO = """\
# Performance

Written by `make bench` from `bench/results/`; do not edit. Every measurement makes its own
inputs, from a seed, and runs its contenders alternately, each time in a fresh process. Seconds
are medians of the work alone; the start of the process and its imports stand apart. Memory is
the largest resident memory of the process, start included. Ratios are medians over runs that
stood next to each other, so they suffer less from a busy machine than the seconds do.
"""


def write(folder: Path = RESULTS, page: Path = PAGE) -> Path:
    """Write the page from the results of a folder."""
    results = [load(folder, name) for name in ORDER if (folder / f"{name}.json").exists()]
    sections = [INTRO, _machine(results), _goals(results), *(_section(one) for one in results)]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(sections), encoding="utf-8")
    return page


def load(folder: Path, name: str) -> dict[str, Any]:
    """One result."""
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_bytes())
    return found


def _machine(results: Sequence[dict[str, Any]]) -> str:
    lines = ["## Where and when", ""]
    for machine in _unique(_plain(one["machine"]) for one in results):
        lines.append(f"- Machine: {machine}")
    for names in _unique(_plain(one["versions"]) for one in results):
        lines.append(f"- Versions: {names}")
    rows = [
        (
            one["title"],
            one["measured_on"],
            str(one["repeats"]),
            f"{one['load'][0]:.1f} → {one['load'][1]:.1f}",
        )
        for one in results
    ]
    return "\n".join(
        [*lines, "", *_table(("measurement", "date", "runs", "load average"), rows), ""]
    )


def _plain(values: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _goals(results: Sequence[dict[str, Any]]) -> str:
    rows = [
        (
            one["title"],
            goal["text"],
            f"{'at least' if goal['at_least'] else 'at most'} {goal['limit']:g}",
            f"{goal['found']:.3g}",
            "met" if goal["is_met"] else "**missed**",
        )
        for one in results
        for goal in one["goals"]
    ]
    header = ("measurement", "what", "goal", "found", "")
    return "\n".join(["## Goals", "", *_table(header, rows), ""])


def _section(result: dict[str, Any]) -> str:
    lines = [f"## {result['title']}", "", f"{result['question']}.", ""]
    lines += _growth(result) if result["name"] == "growth" else _contenders(result)
    missed = [goal for goal in result["goals"] if not goal["is_met"]]
    for reason in _unique(goal["held_by"] for goal in missed if goal["held_by"]):
        lines += ["", f"What holds the missed goal: {reason}"]
    for note in result["notes"]:
        lines += ["", note]
    return "\n".join([*lines, ""])


def _contenders(result: dict[str, Any]) -> list[str]:
    rows = []
    for name, runs in result["runs"].items():
        spent = [sum(run["seconds"].values()) for run in runs]
        rows.append(
            (
                name,
                result["what"][name],
                _seconds(statistics.median(spent)),
                f"{_seconds(min(spent))} – {_seconds(max(spent))}",
                _seconds(statistics.median(run["start_seconds"] for run in runs)),
                f"{statistics.median(run['peak_mb'] for run in runs):.0f}",
            )
        )
    header = ("contender", "what it does", "s", "from – to", "start, s", "peak, MB")
    return _table(header, rows)


def _growth(result: dict[str, Any]) -> list[str]:
    sizes = sorted({int(name.split()[1]) for name in result["runs"]})
    rows = []
    for stage, what in result["what"].items():
        cells = []
        for size in sizes:
            runs = result["runs"].get(f"{stage} {size}")
            if not runs:
                cells.append("–")
                continue
            spent = statistics.median(run["seconds"][stage] for run in runs)
            peak = statistics.median(run["peak_mb"] for run in runs)
            cells.append(f"{_seconds(spent)} s, {peak:.0f} MB")
        rows.append((stage, what, *cells))
    return _table(("stage", "what it does", *(f"{size:,}" for size in sizes)), rows)


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
