"""`python -m bench`: measure, save `bench/results/`, write `docs/performance.md`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import (
    catalogue,
    finding,
    formats,
    growth,
    marts,
    reading,
    report,
    reports,
    street,
    unchanged,
    yearly,
)
from bench.harness import RESULTS, Bench, Result, save, say, today

MEASUREMENTS: dict[str, Callable[[Bench], Result]] = {
    "reading_large": reading.large,
    "reading_small": reading.small,
    "reading_px": formats.px,
    "reading_sdmx": formats.sdmx,
    "marts": marts.marts,
    "street": street.whole,
    "street_large": street.large,
    "unchanged": unchanged.nothing,
    "one_new": unchanged.one_new,
    "growth": growth.growth,
    "catalogue": catalogue.catalogue,
    "reports": reports.taken_in,
    "finding": finding.finding,
    "report": yearly.report,
}
SMOKE = ("reading_large", "reading_small", "marts")
"""Of a quick run: what is over in seconds."""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 also when goals are missed."""
    asked = _parser().parse_args(arguments)
    names = asked.only or (SMOKE if asked.quick else tuple(MEASUREMENTS))
    results = Path(asked.results)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=asked.folder))
    bench = Bench(folder, 1 if asked.quick else asked.repeats, asked.quick)
    try:
        for name in names:
            say(name)
            result = MEASUREMENTS[name](bench)
            save(result, results, on=asked.on, repeats=bench.repeats)
            for goal in result.goals:
                say(f"{name}: {goal.text}: {goal.found:.3g} {'met' if goal.is_met else 'MISSED'}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not asked.quick:
        say(f"wrote {report.write(results)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny inputs, one run: a smoke test")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, help="some measurements")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each contender")
    parser.add_argument("--on", default=today(), help="date of the run, for the record")
    parser.add_argument("--results", default=str(RESULTS), help="where the JSON files go")
    parser.add_argument("--folder", help="where the temporary folder is made")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
