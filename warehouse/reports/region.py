"""The page of a region."""

from __future__ import annotations

from warehouse.marts import Row
from warehouse.reports import pictures
from warehouse.reports.compose import (
    BARS_DRAWN,
    COUNT,
    PER_CENT,
    Context,
    Scale,
    capital,
    datum,
    drawing,
    indicator_key,
    marks,
    row_marks,
    scale,
    section,
)
from warehouse.reports.data import YEARS_BACK
from warehouse.reports.model import (
    Cell,
    Column,
    Drawing,
    Figure,
    Link,
    Page,
    Paragraph,
    Section,
    Table,
    Words,
)
from warehouse.reports.paths import REPORTING, cluster_path, path, region_path
from warehouse.reports.pictures import Bubble, BubbleAxes

SHOWN_ACTIVITIES = 8
INTENSIVE = ("_per_month", "_per_person", "per_cent")
"""Endings of units whose figures can be set against that of the country."""
DENSITIES = ("SME_DENS",)
"""The same, of measures whose unit does not say so."""
STARS = Scale("score", 1, 0)
SAID = ("grp_per_capita", "wage_nominal")
BARS = "wage_nominal"


def region_page(context: Context, region: Row) -> Page:
    """Indicators with change and rank, specialisations, clusters, comparison with the country."""
    country, code = region["country_code"], region["region_code"]
    return Page(
        path=region_path(country, code),
        title=capital(context.name("region", code)),
        parent=path(country),
        group=context.text("group_regions"),
        sections=(
            _indicators(context, country, code),
            _specialisation(context, country, code),
            _clusters(context, country, code),
        ),
    )


def _indicators(context: Context, country: str, code: str) -> Section:
    data = context.data
    rows: list[list[Cell]] = []
    for measure in data.measures:
        row = data.figure(measure, code, data.year)
        if row is None or row["cluster_code"] != "_Z" or measure.startswith("STA_"):
            continue
        if row["value"] is None and row["reason_code"] == "missing_input":
            continue
        whole = data.figure(measure, country, data.year)
        how = scale([row["value"]], row["unit_code"])
        rows.append(
            [
                context.measure(measure),
                context.unit(how.unit),
                context.figure(row, how),
                context.change(row),
                context.rank(row),
                context.figure(whole, how) if whole and _same_unit(row, whole) else None,
                _against(context, row, whole),
                measure,
            ]
        )
    columns = [
        context.words_column("measure"),
        context.words_column("unit"),
        Column(str(data.year)),
        Column(context.text("change")),
        Column(context.text("place")),
        Column(context.text("in_country")),
        Column(context.text("of_country"), "%"),
        context.words_column("definition"),
    ]
    title = context.text("indicators")
    return section(
        "indicators",
        title,
        _sentences(context, code),
        _lacking(context, code),
        context.table("indicators", f"{title}, {data.year}", columns, rows),
        _bars(context, country, code),
    )


def _same_unit(row: Row, whole: Row) -> bool:
    return bool(row["unit_code"] == whole["unit_code"])


def _against(context: Context, row: Row, whole: Row | None) -> Figure | None:
    if (
        whole is None
        or not whole["value"]
        or row["value"] is None
        or not _same_unit(row, whole)
        or not (row["unit_code"].endswith(INTENSIVE) or row["indicator_code"] in DENSITIES)
    ):
        return None
    return PER_CENT.figure(
        indicator_key(row),
        row["value"] / whole["value"] * 100,
        row["year"],
        definition=row["indicator_code"],
        marks=row_marks(row) or row_marks(whole),
    )


def _sentences(context: Context, code: str) -> Paragraph | None:
    said: Words = ()
    for measure in SAID:
        row = context.data.figure(measure, code, context.data.year)
        place = context.rank(row)
        figure = context.figure(row)
        if place is None or figure is None:
            continue
        said += context.say(
            "region_words",
            measure=context.measure(measure),
            value=figure,
            rank=context.text("rank", rank=place.rank, count=place.count),
        )
    return Paragraph(said) if said else None


def _lacking(context: Context, code: str) -> Paragraph | None:
    """Which measures have values of other years and none of this one."""
    year = context.data.year
    known = [
        context.name("indicator", measure)
        for measure in context.data.measures
        if not measure.startswith("STA_")
        and not _is_known(context, measure, code, year)
        and any(_is_known(context, measure, code, year - back) for back in range(1, YEARS_BACK + 1))
    ]
    if not known:
        return None
    return Paragraph((context.text("region_lacks", year=year, measures=", ".join(known)),))


def _is_known(context: Context, measure: str, code: str, year: int) -> bool:
    row = context.data.figure(measure, code, year)
    return row is not None and row["value"] is not None


def _bars(context: Context, country: str, code: str) -> Drawing | None:
    data = context.data
    figures = {
        row["region_code"]: context.figure(data.figure(BARS, row["region_code"], data.year))
        for row in data.regions(country)
    }
    known = [figure for figure in figures.values() if figure and figure.value is not None]
    if len(known) not in BARS_DRAWN:
        return None
    whole = context.figure(data.figure(BARS, country, data.year))
    drawn = context.draw(
        pictures.ranking_bars,
        [datum(name, context.name("region", name), figure) for name, figure in figures.items()],
        context.caption(context.measure(BARS), known[0].unit),
        context.language,
        reference=datum(country, context.name("region", country), whole) if whole else None,
        highlighted=code,
    )
    return drawing("ranking", drawn, [*figures.values(), whole])


# specialisation


def _rows(context: Context, code: str, year: int) -> list[Row]:
    return [
        row
        for row in context.data.activities_of(code)
        if row["year"] == year and row["location_quotient"] is not None
    ]


def _activity(context: Context, row: Row) -> str:
    return context.name("activity", f"{row['activity_classifier']}:{row['activity_code']}")


def _derived(context: Context, row: Row, column: str, code: str, how: Scale) -> Figure:
    """A measure that stands beside the base in a row of `mart_region_activity_year`."""
    name = {"location_quotient": "location_quotient"}.get(column, column.removesuffix("_pct"))
    return how.figure(
        indicator_key(row, code, how.unit),
        row[column],
        row["year"],
        definition=code,
        reason=context.reason(row[f"{name}_reason_code"]),
        marks=marks(
            is_illustrative=row.get(f"is_{name}_illustrative", row["is_illustrative"]),
            is_corrected=row.get(f"{name}_correction_status") is not None,
        ),
    )


def _growth(context: Context, row: Row) -> Figure:
    return PER_CENT.figure(
        indicator_key(row, row["base_indicator_code"]),
        row["change"],
        row["year"],
        definition="DYN_PCT",
        reason=context.reason(row["change_reason_code"]),
        marks=marks(is_illustrative=row["is_change_illustrative"]),
        is_change=True,
    )


def _specialisation(context: Context, country: str, code: str) -> Section:
    title = context.text("specialisation")
    rows = _rows(context, code, context.data.year)
    if not rows:
        return section("specialisation", title, Paragraph((_no_activities(context),)))
    above = sum(round(row["location_quotient"], 2) > 1 for row in rows)
    said = Paragraph(
        (
            context.text("specialisation_words", count=above, of=len(rows)),
            *(
                (" ", context.text("few_regions", count=_regions_counted(context, country)))
                if any(row["rule_warning"] for row in rows)
                else ()
            ),
        )
    )
    return section(
        "specialisation",
        title,
        said,
        _activities(context, rows[:SHOWN_ACTIVITIES]),
        _bubbles(context, rows),
    )


def _no_activities(context: Context) -> str:
    return context.text("specialisation_none", year=context.data.year)


def _regions_counted(context: Context, country: str) -> str:
    return context.counted(len(context.data.regions(country)), "of_region")


def _activities(context: Context, rows: list[Row]) -> Table:
    people = scale([row["value"] for row in rows], rows[0]["unit_code"])
    ratio, share = Scale("ratio", 1, 2), PER_CENT
    cells: list[list[Cell]] = [
        [
            _activity(context, row),
            row["activity_code"],
            people.figure(
                indicator_key(row, row["base_indicator_code"]),
                row["value"],
                row["year"],
                definition=row["base_indicator_code"],
                reason=context.reason(row["reason_code"]),
                marks=row_marks(row),
            ),
            _growth(context, row),
            _derived(context, row, "location_quotient", "SPC_LQ", ratio),
            _derived(context, row, "size_pct", "SPC_SIZE", share),
            _derived(context, row, "focus_pct", "SPC_FOCUS", share),
            _stars(context, row),
        ]
        for row in rows
    ]
    columns = [context.words_column("activity"), context.words_column("code")]
    columns += [
        context.column(context.text("employment"), people, "employment"),
        Column(context.text("growth"), definition="DYN_PCT"),
        Column(context.text("lq"), definition="SPC_LQ"),
        Column(context.text("size"), "%", definition="SPC_SIZE"),
        Column(context.text("focus"), "%", definition="SPC_FOCUS"),
        Column(context.text("stars"), definition="STR_STARS"),
    ]
    return context.table("activities", context.text("specialisation_table"), columns, cells)


def _stars(context: Context, row: Row) -> Figure:
    return STARS.figure(
        indicator_key(row, "SPC_LQ", "ratio"),
        row["stars"],
        row["year"],
        definition="STR_STARS",
        reason=context.reason(row["stars_reason_code"]),
        marks=row_marks(row),
    )


def _bubbles(context: Context, rows: list[Row]) -> Drawing | None:
    figures: list[Figure] = []
    bubbles = []
    for row in rows:
        quotient = _derived(context, row, "location_quotient", "SPC_LQ", Scale("ratio", 1, 2))
        growth = _growth(context, row)
        figures += [quotient, growth]
        bubbles.append(
            Bubble(
                row["activity_code"],
                _activity(context, row),
                row["value"],
                quotient.value,
                growth.value,
                quotient.marks,
            )
        )
    axes = BubbleAxes(
        size=context.text("employment"),
        specialisation=context.text("lq"),
        growth=f"{context.text('growth')}, %",
    )
    drawn = context.draw(
        pictures.bubble_chart,
        bubbles,
        axes,
        context.caption(context.text("specialisation")),
        context.language,
    )
    return drawing("specialisation", drawn, figures)


# clusters


def _clusters(context: Context, country: str, code: str) -> Section:
    title = context.text("region_clusters")
    clusters = [row for row in context.data.clusters_of(country) if row["home_region_code"] == code]
    if not context.data.clusters_of(country):
        return section("clusters", title, context.no_clusters())
    if not clusters:
        return section("clusters", title, Paragraph((context.text("region_no_clusters"),)))
    people = scale([row["member_employees"] for row in clusters], "persons")
    rows: list[list[Cell]] = [
        [
            Link(context.label(row), cluster_path(country, row["cluster_id"])),
            context.value_name("cluster_status", row["status_code"]),
            context.value_name("cluster_kind", row["kind_code"]),
            *_reported(context, row, people),
        ]
        for row in clusters
    ]
    columns = [
        context.words_column("cluster"),
        context.words_column("status"),
        context.words_column("kind"),
        Column(context.text("members"), definition="MEM_N"),
        context.column(context.text("employees"), people, "PRF_EMP"),
    ]
    return section("clusters", title, context.table("clusters", title, columns, rows))


def _reported(context: Context, row: Row, people: Scale) -> list[Cell]:
    if row["status_code"] not in REPORTING:
        return [None, None]
    return [
        context.cluster_figure(row, "member_count", COUNT),
        context.cluster_figure(row, "member_employees", people),
    ]
