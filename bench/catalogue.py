"""The indicator catalogue over many regions, activities and years, and a question to it."""

from __future__ import annotations

import shutil

from bench.harness import Bench, Contender, Goal, Result

COUNTRIES, REGIONS, ACTIVITIES, YEARS = 4, 100, 50, 20
WANTED_CELLS, WANTED_SECONDS = 12_000_000, 180
HELD_TIME = (
    "The long mart has some 23 rows for each cell, with rank and change: writing them, and not the "
    "formulas, is what takes the time and the memory. 12 million cells would be 270 million rows. "
    "Marts that stay wide, with the long one as a view of them, would be the way there."
)


def catalogue(bench: Bench) -> Result:
    """Build the models between yearly facts and marts, for all years and for one year less."""
    countries = bench.size(COUNTRIES, 2)
    regions, activities = bench.size(REGIONS, 8), bench.size(ACTIVITIES, 5)
    years = bench.size(YEARS, 3)
    cells = countries * regions * activities * years

    def contender(name: str, what: str, count: int) -> Contender:
        folder = bench.folder / f"catalogue_{count}"
        sizes = [str(number) for number in (countries, regions, activities, count)]

        def fresh() -> None:
            shutil.rmtree(folder, ignore_errors=True)

        return Contender(name, what, "catalogue_ours", [str(folder), *sizes], before=fresh)

    result = Result(
        "catalogue",
        "The indicator catalogue",
        f"{countries} countries × {regions} regions × {activities} activities × {years} years: "
        f"{cells:,} cells of employment, with establishments, population and area",
    )
    bench.compare(
        result,
        (
            contender("ours", "all models from yearly facts to the marts", years),
            contender("a year less", "the same for one year less", years - 1),
        ),
        repeats=1,
    )
    all_years, fewer = result.seconds("ours", "build"), result.seconds("a year less", "build")
    year = result.seconds("ours", "build") / years
    result.goals = [
        Goal(
            f"seconds to build, a million cells ({WANTED_CELLS:,} in {WANTED_SECONDS} s)",
            WANTED_SECONDS * 1e6 / WANTED_CELLS,
            all_years * 1e6 / cells,
            held_by=HELD_TIME,
        ),
        Goal("peak memory, GiB", 8, result.peak_mb("ours") / 1024),
        Goal("one year more, times the twentieth part", 2, (all_years - fewer) / year),
        Goal(
            "seconds of a question by region and year to `mart_indicator`",
            0.05,
            result.fact("ours", "question_to_mart_indicator"),
        ),
    ]
    rows = result.fact("ours", "rows")
    result.notes = [
        "Run once: it is long. The facts are handed over as the models before the catalogue leave "
        "them, so reading and vintages are not in these numbers; they are in the growth above.",
        "Rows: " + ", ".join(f"`{name}` {count:,}" for name, count in rows.items()) + ".",
    ]
    return result
