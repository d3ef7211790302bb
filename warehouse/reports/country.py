"""The page of a country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from warehouse.marts import Row
from warehouse.reports import pictures, words
from warehouse.reports.compose import (
    BARS_DRAWN,
    COUNT,
    Context,
    Scale,
    datum,
    drawing,
    paragraph,
    scale,
    section,
    shown_value,
)
from warehouse.reports.data import INEQUALITY, INEQUALITY_OF, YEARS_BACK
from warehouse.reports.model import (
    Block,
    Cell,
    Column,
    Drawing,
    Facts,
    Figure,
    Kind,
    Link,
    Page,
    Paragraph,
    Section,
    Table,
)
from warehouse.reports.paths import REPORTING, cluster_path, path, region_path
from warehouse.reports.pictures import ClusterPlace, Point, Series, Slope, StatusCount
from warehouse.reports.projects import project_section
from warehouse.reports.trace import key

STATUSES = ("active", "forming", "potential", "closed")
MOST_PANELS = 30
"""Regions up to which their small charts have room on a page of paper."""
MOST_SLOPES = 12
"""Regions up to which a slope chart can be read."""
OF_REGIONS = ("population", "grp", "grp_per_capita", "employment", "wage_nominal", "sme_count")
MAPPED = ("grp_per_capita", "wage_nominal")
SME = (
    "sme_count",
    "SME_DENS",
    "sme_share_gdp",
    "sme_share_gva",
    "sme_share_revenue",
    "sme_share_industrial_output",
)
ICT = ("ict_computer_share", "ict_internet_share", "ict_internet_org_count")
SUMS = (
    ("member_employees", "employees"),
    ("member_output", "output"),
    ("member_value_added", "value_added"),
    ("member_exports", "exports"),
)
BREAKS = ("boundary_break", "classifier_break", "method_break", "unit_break")
"""Reasons for which a year cannot be set against the one before."""
RATIO = Scale("ratio", 1, 3)
TREND_YEARS = 4
"""Comparable years below which nothing is said of a trend."""
CONVERGENCE_REGIONS = 20
"""Regions below which no measure of convergence is given."""


def country_page(context: Context, country: str) -> Page:
    """Clusters and statuses, what they do, projects, SMEs, ICT, regions, disparity, benchmarks."""
    return Page(
        path=path(country),
        title=context.name("region", country),
        parent="index",
        group=context.text("group_country"),
        sections=(
            section("facts", context.text("overview"), country_facts(context, country)),
            _statuses(context, country),
            _performance(context, country),
            project_section(
                context, country, "projects", context.text("key_projects"), kinds=("key",)
            ),
            _series(context, country, "sme", SME, _sme_years(context, country)),
            _series(context, country, "ict", ICT),
            _regions(context, country),
            _disparity(context, country),
            _benchmarks(context),
        ),
    )


# statuses


def status_figure(context: Context, country: str, status: str, year: int) -> Figure | None:
    """Clusters of a country with a status at the end of a year."""
    row = context.data.figure("STA_CNT", country, year, method_version=f"status={status}")
    if row is None:
        return None
    found = context.figure(row, COUNT)
    if found is None:
        return None
    return Figure(
        key=key(Kind.STATUS, country, year, status),
        value=found.value,
        unit=found.unit,
        digits=0,
        year=year,
        definition="STA_CNT",
        reason=found.reason,
        marks=found.marks,
    )


def statuses_sentence(context: Context, country: str) -> Paragraph | None:
    """How many clusters there are by status, with the nouns in agreement; none of none."""
    year = context.data.year
    counts = {status: status_figure(context, country, status, year) for status in STATUSES[:3]}
    said: list[str | Figure | Link] = []
    for status, figure in counts.items():
        if figure is None or figure.value is None:
            return None
        if figure.value:
            noun = words.agreeing(int(figure.value), status, context.language)
            said += [", " if said else "", figure, f"\u00a0{noun}"]
    if not said:
        return None
    return Paragraph((context.text("statuses_now", year=year), *said, "."))


def _statuses(context: Context, country: str) -> Section:
    years = _years(context, country)
    if not years:
        return section("statuses", context.text("statuses"), context.no_clusters())
    rows = [
        [
            context.value_name("cluster_status", status),
            *[status_figure(context, country, status, year) for year in years],
        ]
        for status in STATUSES
    ]
    rows.append(
        [
            context.text("total"),
            *[status_figure(context, country, "_T", year) for year in years],
        ]
    )
    table = context.table(
        "statuses",
        context.text("status_by_year"),
        [context.words_column("status"), *[Column(str(year)) for year in years]],
        rows,
    )
    return section(
        "statuses",
        context.text("statuses"),
        statuses_sentence(context, country),
        _steps_sentence(context, country),
        _off_map(context, country),
        _status_map(context, country),
        _status_chart(context, country, years),
        table,
        _transitions(context, country, years),
        _reporting(context, country),
        _others(context, country),
    )


def _years(context: Context, country: str) -> list[int]:
    known = {
        row["year"]
        for row in context.data.rows["figures"]
        if row["indicator_code"] == "STA_CNT"
        and row["region_code"] == country
        and row["value"] is not None
    }
    return sorted(known)


def _counted_steps(context: Context, country: str, year: int) -> dict[tuple[str, str], int]:
    """Clusters that went from one status to another or stayed; nothing where nobody says."""
    found = {}
    for row in context.data.figures.get(("STA_TRANS_N", country, "_Z", year), []):
        if row["unit_code"] == "units" and row["value"] is not None:
            parts = dict(part.split("=") for part in row["method_version"].split(";"))
            found[parts["from"], parts["to"]] = int(row["value"])
    return found


def _steps(context: Context, country: str, year: int) -> dict[tuple[str, str], int]:
    """Clusters whose status changed in a year, by the statuses from and to which."""
    return {
        (source, target): count
        for (source, target), count in _counted_steps(context, country, year).items()
        if count and source != target
    }


def _steps_sentence(context: Context, country: str) -> Paragraph | None:
    year = context.data.year
    if not _counted_steps(context, country, year):
        return None
    steps = _steps(context, country, year)
    if not steps:
        return Paragraph((context.text("statuses_no_steps"),))
    said = [
        context.text(
            "step",
            source=context.value_name("cluster_status", source),
            target=context.value_name("cluster_status", target),
            count=context.counted(count, "cluster"),
        )
        for (source, target), count in steps.items()
    ]
    return Paragraph((context.text("statuses_steps", steps="; ".join(said)),))


def _transitions(context: Context, country: str, years: Sequence[int]) -> Table | None:
    """Changes of status over the years; a year of which nobody counted them stays empty."""
    counted = {year for year in years if _counted_steps(context, country, year)}
    steps = {year: _steps(context, country, year) for year in counted}
    pairs = sorted(
        {pair for found in steps.values() for pair in found},
        key=lambda pair: tuple(map(STATUSES.index, pair)),
    )
    if not pairs:
        return None
    rows: list[list[Cell]] = [
        [
            context.value_name("cluster_status", source),
            context.value_name("cluster_status", target),
            *[steps[year].get((source, target), 0) for year in sorted(counted)],
        ]
        for source, target in pairs
    ]
    columns = [context.words_column("from"), context.words_column("to")]
    columns += [Column(str(year), definition="STA_TRANS_N") for year in sorted(counted)]
    title, note = context.text("transitions"), context.text("transitions_note")
    return context.table("transitions", title, columns, rows, note)


def _status_chart(context: Context, country: str, years: Sequence[int]) -> Drawing | None:
    figures = {
        (status, year): status_figure(context, country, status, year)
        for status in STATUSES
        for year in years
    }
    counts = [
        StatusCount(status, context.value_name("cluster_status", status), year, int(figure.value))
        for (status, year), figure in figures.items()
        if figure is not None and figure.value is not None
    ]
    if not counts:
        return None
    title = context.text("status_by_year")
    drawn = context.draw(
        pictures.status_counts,
        counts,
        [status for status in STATUSES if any(count.status_code == status for count in counts)],
        context.caption(
            title,
            period=f"{years[0]}–{years[-1]}",
            marked=context.data.clusters_of(country),
        ),
        context.language,
    )
    return drawing("status-years", drawn, figures.values())


def _placed(context: Context, country: str) -> list[Row]:
    """The clusters with a status whose home is one of the regions of the year."""
    regions = {row["region_code"] for row in context.data.regions(country)}
    return [
        row
        for row in context.data.clusters_of(country)
        if row["home_region_code"] in regions and row["status_code"] in STATUSES
    ]


def _off_map(context: Context, country: str) -> Paragraph | None:
    """How many clusters the map cannot show."""
    count = len(context.data.clusters_of(country)) - len(_placed(context, country))
    if not count:
        return None
    said = context.text("off_map", clusters=context.counted(count, "cluster"))
    return Paragraph((said,))


def _status_map(context: Context, country: str) -> Drawing | None:
    placed = _placed(context, country)
    if not placed:
        return None
    drawn = context.draw(
        pictures.cluster_map,
        country,
        [
            ClusterPlace(
                row["cluster_id"],
                context.label(row),
                row["home_region_code"],
                row["status_code"],
            )
            for row in placed
        ],
        {status: context.value_name("cluster_status", status) for status in STATUSES},
        context.caption(context.text("status_map"), marked=placed),
        context.language,
    )
    year = context.data.year
    return drawing(
        "status-map",
        drawn,
        [status_figure(context, country, status, year) for status in STATUSES],
    )


def _reporting(context: Context, country: str) -> Table | None:
    """The clusters that owe a report, with what they say."""
    clusters = [row for row in context.data.clusters_of(country) if row["status_code"] in REPORTING]
    if not clusters:
        return None
    people = scale([row["member_employees"] for row in clusters], "persons")
    money = scale([row["member_output"] for row in clusters], _currency(clusters))
    rows: list[list[Cell]] = [
        [
            *_who(context, row),
            context.cluster_figure(row, "member_count", COUNT),
            context.cluster_figure(row, "member_employees", people),
            context.cluster_figure(row, "member_output", money),
        ]
        for row in clusters
    ]
    columns = [
        *_who_columns(context),
        context.column(context.text("members"), definition="MEM_N"),
        context.column(context.text("employees"), people, "PRF_EMP"),
        context.column(context.text("output"), money, "PRF_OUT"),
    ]
    return context.table("clusters", context.text("clusters_table"), columns, rows)


def _others(context: Context, country: str) -> Table | None:
    """The clusters whose status asks for no report."""
    rows = [
        _who(context, row)
        for row in context.data.clusters_of(country)
        if row["status_code"] not in REPORTING
    ]
    if not rows:
        return None
    title, note = context.text("others_table"), context.text("others_note")
    return context.table("other-clusters", title, _who_columns(context), rows, note)


def _who(context: Context, row: Row) -> list[Cell]:
    return [
        Link(context.label(row), cluster_path(row["country_code"], row["cluster_id"])),
        row["cluster_id"],
        context.name("region", row["home_region_code"]),
        context.value_name("cluster_status", row["status_code"]),
        context.value_name("cluster_kind", row["kind_code"]),
    ]


def _who_columns(context: Context) -> list[Column]:
    return [context.words_column(name) for name in ("cluster", "code", "region", "status", "kind")]


def _currency(rows: Iterable[Row]) -> str:
    return next((row["currency_code"] for row in rows if row["currency_code"]), "")


# what clusters do


def _performance(context: Context, country: str) -> Section:
    if not context.data.clusters_of(country):
        return section("performance", context.text("performance"), context.no_clusters())
    by_year = _rows_by_year(context, country)
    year = context.data.year
    now = by_year.get(year, [])
    reported = [row for row in now if row["member_employees"] is not None]
    blocks: list[Block | None] = [_performance_words(context, country, now, reported)]
    blocks.append(_performance_table(context, country, by_year))
    blocks.append(_productivity_bars(context, reported))
    blocks.append(_positions_table(context, country, reported))
    return section("performance", context.text("performance"), *blocks)


def _rows_by_year(context: Context, country: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for years in context.data.clusters.values():
        for year, row in years.items():
            if row["country_code"] == country and row["status_code"] in REPORTING:
                found.setdefault(year, []).append(row)
    return dict(sorted(found.items()))


def _sum(context: Context, country: str, rows: Sequence[Row], column: str, how: Scale) -> Figure:
    values = [row[column] for row in rows if row[column] is not None]
    marked = any(row["is_illustrative"] for row in rows)
    return how.figure(
        key(Kind.CLUSTERS, country, rows[0]["year"], column),
        sum(values) if values else None,
        rows[0]["year"],
        reason="" if values else context.reason("missing_input"),
        marks=(pictures.Mark.ILLUSTRATIVE,) if marked else (),
    )


def _performance_words(
    context: Context, country: str, now: Sequence[Row], reported: Sequence[Row]
) -> Paragraph | None:
    if not now:
        return None
    said = context.say(
        "performance_words", year=context.data.year, count=len(reported), of=len(now)
    )
    if not reported:
        return paragraph(said)
    how = scale([sum(row["member_employees"] for row in reported)], "persons")
    total = _sum(context, country, now, "member_employees", how)
    return paragraph(said, context.say("performance_employees", employees=total))


def _performance_table(
    context: Context, country: str, by_year: dict[int, list[Row]]
) -> Table | None:
    reporting = {
        year: rows
        for year, rows in by_year.items()
        if any(row["member_employees"] is not None for row in rows)
    }
    if not reporting:
        return None
    currency = _currency(row for rows in reporting.values() for row in rows)
    scales = {
        column: scale(
            [
                sum(row[column] for row in rows if row[column] is not None)
                for rows in reporting.values()
            ],
            "persons" if column == "member_employees" else currency,
        )
        for column, _ in SUMS
    }
    rows: list[list[Cell]] = []
    for year, found in reporting.items():
        cells: list[Cell] = [str(year)]
        cells.append(sum(row["member_employees"] is not None for row in found))
        cells += [_sum(context, country, found, column, scales[column]) for column, _ in SUMS]
        rows.append(cells)
    columns = [context.words_column("year_label"), Column(context.text("clusters_reported"))]
    columns += [context.column(context.text(label), scales[column]) for column, label in SUMS]
    return context.table(
        "performance",
        context.text("performance_table"),
        columns,
        rows,
        context.text("performance_note"),
    )


def _positions_table(context: Context, country: str, reported: Sequence[Row]) -> Table | None:
    if not reported:
        return None
    currency = _currency(reported)
    measured = [
        ("productivity", "productivity", f"{currency}_per_person"),
        ("average_wage", "average_wage", f"{currency}_per_person"),
        ("export_share_pct", "export_share", "per_cent"),
    ]
    scales = {
        column: scale([row[column] for row in reported], unit) for column, _, unit in measured
    }
    rows: list[list[Cell]] = [
        [
            Link(context.label(row), cluster_path(country, row["cluster_id"])),
            *[context.cluster_figure(row, column, scales[column]) for column, _, _ in measured],
        ]
        for row in reported
    ]
    columns = [context.words_column("cluster")]
    columns += [
        context.column(context.text(label), scales[column]) for column, label, _ in measured
    ]
    return context.table(
        "productivity",
        context.text("productivity"),
        columns,
        rows,
        context.text("productivity_words"),
    )


def _productivity_bars(context: Context, reported: Sequence[Row]) -> Drawing | None:
    how = scale([row["productivity"] for row in reported], f"{_currency(reported)}_per_person")
    figures = {
        row["cluster_id"]: context.cluster_figure(row, "productivity", how) for row in reported
    }
    known = [figure for figure in figures.values() if figure.value is not None]
    if len(known) not in BARS_DRAWN:
        return None
    drawn = context.draw(
        pictures.ranking_bars,
        [
            datum(row["cluster_id"], context.label(row), figures[row["cluster_id"]])
            for row in reported
        ],
        context.caption(context.text("productivity"), how.unit),
        context.language,
    )
    return drawing("productivity", drawn, figures.values())


# series of the country


def _series(
    context: Context,
    country: str,
    name: str,
    measures: Sequence[str],
    *drawings: Block | None,
) -> Section:
    data = context.data
    found = {
        measure: {
            year: row
            for year in range(data.year - YEARS_BACK, data.year + 1)
            if (row := data.figure(measure, country, year)) is not None and row["value"] is not None
        }
        for measure in measures
    }
    found = {measure: rows for measure, rows in found.items() if rows}
    title = context.text(name)
    if not found:
        names = ", ".join(context.name("indicator", measure) for measure in measures)
        return section(name, title, Paragraph((context.text("none_of", measures=names),)))
    known = {year for rows in found.values() for year in rows}
    years = list(range(min(known), data.year + 1))
    scales = {
        measure: scale([row["value"] for row in rows.values()], _unit(rows))
        for measure, rows in found.items()
    }
    table = context.table(
        name,
        context.text(f"{name}_table"),
        [
            Column(context.text("measure"), is_number=False),
            context.words_column("unit"),
            *[Column(str(year)) for year in years],
        ],
        [
            [
                context.measure(measure),
                context.unit(scales[measure].unit),
                *context.figures_of_years(rows, years, scales[measure]),
            ]
            for measure, rows in found.items()
        ],
    )
    latest = max(known)
    said = None
    if latest < data.year:
        said = Paragraph((context.text("latest_is", year=latest, report=data.year),))
    return section(name, title, said, *drawings, table)


def _unit(rows: dict[int, Row]) -> str:
    return str(next(iter(rows.values()))["unit_code"])


# regions


def _regions(context: Context, country: str) -> Section:
    data = context.data
    regions = data.regions(country)
    found = {
        measure: {
            row["region_code"]: figure
            for row in regions
            if (figure := data.figure(measure, row["region_code"], data.year)) is not None
        }
        for measure in OF_REGIONS
    }
    found = {
        measure: rows
        for measure, rows in found.items()
        if any(row["value"] is not None for row in rows.values())
    }
    scales = {
        measure: scale(
            [row["value"] for row in rows.values()], next(iter(rows.values()))["unit_code"]
        )
        for measure, rows in found.items()
    }
    table_rows: list[list[Cell]] = [
        [
            Link(
                context.name("region", row["region_code"]),
                region_path(country, row["region_code"]),
            ),
            *[
                context.figure(found[measure].get(row["region_code"]), scales[measure])
                for measure in found
            ],
        ]
        for row in regions
    ]
    table_rows.append(
        [
            context.name("region", country),
            *[
                context.figure(data.figure(measure, country, data.year), scales[measure])
                or context.text("not_published")
                for measure in found
            ],
        ]
    )
    columns = [context.words_column("region")]
    columns += [
        context.column(context.measure(measure), scales[measure], measure) for measure in found
    ]
    blocks: list[Block | None] = [
        _extremes(context, measure, found[measure], scales[measure])
        for measure in MAPPED
        if measure in found
    ]
    blocks += [
        _map(context, country, measure, found[measure], scales[measure])
        for measure in MAPPED
        if measure in found
    ]
    blocks += [
        context.table("regions", context.text("regions_table"), columns, table_rows),
        _wage_years(context, country),
        _slope(context, country),
    ]
    return section("regions", context.text("regions"), *blocks)


def _extremes(context: Context, measure: str, rows: dict[str, Row], how: Scale) -> Paragraph | None:
    known = sorted(
        (row for row in rows.values() if row["value"] is not None), key=lambda row: row["value"]
    )
    if len(known) < 3:
        return None
    return Paragraph(
        context.say(
            "regions_words",
            measure=context.measure(measure),
            first=context.place(known[-1]["region_code"]),
            first_value=context.figure(known[-1], how),
            last=context.place(known[0]["region_code"]),
            last_value=context.figure(known[0], how),
        )
    )


def _map(
    context: Context, country: str, measure: str, rows: dict[str, Row], how: Scale
) -> Drawing | None:
    figures = {region: context.figure(row, how) for region, row in rows.items()}
    drawn = context.draw(
        pictures.region_map,
        country,
        [
            datum(
                row["region_code"],
                context.name("region", row["region_code"]),
                figures.get(row["region_code"]),
            )
            for row in context.data.regions(country)
        ],
        context.caption(context.measure(measure), how.unit),
        context.language,
        boundaries=context.boundaries.get(country),
    )
    return drawing(f"map-{measure}", drawn, figures.values())


def _wage_years(context: Context, country: str) -> Drawing | None:
    return _multiples(context, country, "wage_nominal")


def _sme_years(context: Context, country: str) -> Drawing | None:
    """Numbers of enterprises per region: too unlike in size for one scale, and for the country."""
    return _multiples(context, country, "sme_count", own_scales=True)


def _multiples(
    context: Context, country: str, measure: str, *, own_scales: bool = False
) -> Drawing | None:
    """A small line chart of a measure per region, the country behind each where that says much."""
    data = context.data
    years = range(data.year - YEARS_BACK, data.year + 1)
    series, figures = [], []
    regions = [row["region_code"] for row in data.regions(country)]
    for place in regions if own_scales else [country, *regions]:
        found = {year: data.figure(measure, place, year) for year in years}
        shown = {year: context.figure(row) for year, row in found.items() if row and row["value"]}
        if not shown:
            continue
        figures += list(shown.values())
        points = tuple(
            Point(year, figure.value, figure.marks) for year, figure in shown.items() if figure
        )
        breaks = tuple(
            year for year in shown if (row := found[year]) and row["change_reason_code"] in BREAKS
        )
        series.append(
            Series(place, context.name("region", place), points, breaks, place == country)
        )
    known = sorted({point.year for one in series for point in one.points})
    if len(known) < 2 or len(series) > MOST_PANELS:
        return None
    unit = next(figure.unit for figure in figures if figure is not None)
    drawn = context.draw(
        pictures.small_multiples,
        series,
        context.caption(
            context.measure(measure),
            "" if unit == words.COUNTED else unit,
            f"{known[0]}–{known[-1]}",
        ),
        context.language,
        own_scales=own_scales,
    )
    return drawing(f"{measure.replace('_', '-')}-years", drawn, figures)


def _slope(context: Context, country: str) -> Drawing | None:
    data = context.data
    slopes, figures = [], []
    unit = ""
    for row in data.regions(country):
        code = row["region_code"]
        pair = [
            data.figure("grp_per_capita", code, year) or data.figure("grp", code, year)
            for year in (data.year - 1, data.year)
        ]
        first, last = (context.figure(found) for found in pair)
        if last is None:
            continue
        unit = last.unit
        figures += [first, last]
        slopes.append(
            Slope(
                code,
                context.name("region", code),
                first.value if first and first.unit == unit else None,
                last.value,
                last.marks,
            )
        )
    if not slopes or len(slopes) > MOST_SLOPES:
        return None
    measure = "grp_per_capita" if "person" in unit else "grp"
    drawn = context.draw(
        pictures.slope_chart,
        slopes,
        data.year - 1,
        data.year,
        context.caption(context.measure(measure), unit, f"{data.year - 1}–{data.year}"),
        context.language,
    )
    return drawing("slope", drawn, figures)


# disparity


def _disparity(context: Context, country: str) -> Section:
    count = len(context.data.regions(country))
    rows = {base: _inequality(context, country, base) for base in INEQUALITY_OF}
    blocks: list[Block | None] = [_disparity_years(context, rows)]
    for base, found in rows.items():
        blocks += _disparity_of(context, base, found)
    if not any(blocks):
        names = ", ".join(context.name("indicator", base) for base in INEQUALITY_OF)
        blocks.append(Paragraph((context.text("disparity_none", measures=names),)))
    if count < CONVERGENCE_REGIONS:
        blocks.append(Paragraph((context.text("disparity_few", count=count),)))
    return section("disparity", context.text("disparity"), *blocks)


_Inequality = dict[str, dict[int, Row]]


def _inequality(context: Context, country: str, base: str) -> _Inequality:
    """Measures of inequality of something between the regions of a country, by code and year."""
    found: _Inequality = {}
    for row in context.data.rows["figures"]:
        if (
            row["indicator_code"] in INEQUALITY
            and row["region_code"] == country
            and row["base_indicator_code"] == base
            and row["value"] is not None
            and "peers=national-1" in row["method_version"]
            and "of=as_printed" in row["method_version"]
            and "form=sample" not in row["method_version"]
        ):
            found.setdefault(row["indicator_code"], {})[row["year"]] = row
    return found


def _breaks(rows: dict[int, Row]) -> tuple[int, ...]:
    return tuple(year for year, row in rows.items() if row["change_reason_code"] in BREAKS)


def _disparity_years(context: Context, rows: dict[str, _Inequality]) -> Drawing | None:
    """The coefficient of variation over the years, of all that it is known of, on one scale."""
    series, figures = [], []
    for base, found in rows.items():
        variation = found.get("DSP_CV", {})
        shown = {year: context.figure(row, RATIO) for year, row in sorted(variation.items())}
        figures += list(shown.values())
        points = tuple(Point(y, one.value, one.marks) for y, one in shown.items() if one)
        if points:
            series.append(Series(base, context.measure(base), points, _breaks(variation)))
    known = sorted({point.year for one in series for point in one.points})
    if len(known) < 2:
        return None
    drawn = context.draw(
        pictures.small_multiples,
        series,
        context.caption(context.measure("DSP_CV"), period=f"{known[0]}–{known[-1]}"),
        context.language,
    )
    return drawing("disparity-years", drawn, figures)


def _disparity_of(context: Context, base: str, rows: _Inequality) -> list[Block]:
    if not rows:
        return []
    years = sorted({year for found in rows.values() for year in found})
    broken = sorted({year for found in rows.values() for year in _breaks(found)})
    table = context.table(
        f"disparity-{base.replace('_', '-')}",
        context.text("disparity_table", measure=context.name("indicator", base)),
        [Column(context.text("measure"), is_number=False), *[Column(str(year)) for year in years]],
        [
            [context.measure(code), *context.figures_of_years(found, years, RATIO)]
            for code, found in rows.items()
        ],
        context.text("break_note", years=", ".join(map(str, broken))) if broken else "",
    )
    return [trend_sentence(context, base, rows.get("DSP_CV", {}), RATIO), table]


def trend_sentence(context: Context, base: str, found: dict[int, Row], how: Scale) -> Paragraph:
    """How a measure of inequality moved: as far as its printed values carry it.

    Args:
        context: Data and language.
        base: What the inequality is of.
        found: Rows of `mart_indicator` by year; those before the last break are not compared.
        how: How the values are printed; values that are printed alike have not moved.
    """
    since = max(_breaks(found), default=0)
    years = [year for year in sorted(found) if year >= since]
    measure = context.measure(base)
    if len(years) < TREND_YEARS or years[-1] - years[0] != len(years) - 1:
        count = context.counted(len(years), "year")
        return Paragraph((context.text("trend_short", measure=measure, count=count),))
    values = [shown_value(found[year]["value"], how) for year in years]
    steps = [after - before for before, after in pairwise(values)]
    given = {"measure": measure, "year1": years[0], "year2": years[-1]}
    first = context.figure(found[years[0]], how)
    last = context.figure(found[years[-1]], how)
    if all(step > 0 for step in steps):
        return Paragraph(context.say("trend_up", **given, first=first, last=last))
    if all(step < 0 for step in steps):
        return Paragraph(context.say("trend_down", **given, first=first, last=last))
    if not any(steps):
        return Paragraph(context.say("trend_same", **given, last=last))
    low = context.figure(found[min(years, key=lambda year: found[year]["value"])], how)
    high = context.figure(found[max(years, key=lambda year: found[year]["value"])], how)
    return Paragraph(context.say("trend_none", **given, low=low, high=high))


# benchmarks


def _benchmarks(context: Context) -> Section:
    rows: list[list[Cell]] = []
    for row in context.data.rows["benchmarks"]:
        rows.append(
            [
                context.text(f"benchmark_{row['subject_code']}"),
                context.wording(row["territory_name"]),
                str(row["as_of_year"] or context.text("no_year")),
                _benchmark(context, row),
                _caveat(context, row),
                context.wording(row["source_note"]),
            ]
        )
    columns = [context.words_column("measure"), context.words_column("territory")]
    columns += [context.words_column("year_label"), Column(context.text("value"))]
    columns += [context.words_column("caveat"), context.words_column("source")]
    title = context.text("benchmarks")
    return section(
        "benchmarks",
        title,
        Paragraph((context.text("benchmarks_words"),)),
        context.table("benchmarks", title, columns, rows),
    )


def _benchmark(context: Context, row: Row) -> str:
    """The figure of a row, or its lower limit, with its unit."""
    value = row["value"] if row["value"] is not None else row["value_low"]
    how = scale([value], row["unit_code"])
    label = "" if how.unit == words.COUNTED else context.unit(how.unit)
    limit = context.text("at_least") if row["value"] is None else ""
    said = words.number(shown_value(value, how), how.digits, context.language)
    return " ".join(part for part in (limit, said, label) if part)


def _caveat(context: Context, row: Row) -> str:
    """Why a row may not be compared, or with what it may."""
    if not row["is_comparable"]:
        return context.wording(row["not_comparable_reason"])
    peers = [
        f"{context.wording(other['territory_name'])} ({other['as_of_year']})"
        for other in context.data.rows["benchmarks"]
        if other["comparison_code"] == row["comparison_code"]
        and other["benchmark_code"] != row["benchmark_code"]
    ]
    return context.text("comparable", peers="; ".join(peers))


def country_facts(context: Context, country: str) -> Facts:
    """The figures by which a country is known at a glance."""
    data = context.data
    items: list[tuple[str, Figure, str]] = []
    for status in STATUSES[:2]:
        figure = status_figure(context, country, status, data.year)
        if figure is not None and figure.value is not None:
            noun = words.agreeing(int(figure.value), "cluster", context.language)
            items.append((context.text(f"facts_{status}"), figure, noun))
    for measure in ("grp", "grp_per_capita", "wage_nominal"):
        row = data.figure(measure, country, data.year)
        figure = context.figure(row) if row and row["value"] is not None else None
        if figure is not None:
            items.append((context.measure(measure), figure, context.unit(figure.unit)))
    return Facts("facts", tuple(items))
