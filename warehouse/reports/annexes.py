"""The annexes: data quality, methodology, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from warehouse.marts import Row
from warehouse.reports import words
from warehouse.reports.compose import Context, section
from warehouse.reports.model import (
    Block,
    Cell,
    Column,
    File,
    Page,
    Paragraph,
    Section,
    Trace,
)

QUALITY, METHODOLOGY, SOURCES = "quality", "methodology", "sources"
INTERNAL = "internal"
LEVELS = {0: "country", 1: "regions"}
REGIONS_KIND = "regions"


def quality_page(context: Context, pages: Iterable[Page]) -> Page:
    """Files used, refused cells, missing and why, revisions, corrections, suppressed, late."""
    return Page(
        path=QUALITY,
        title=context.text("quality"),
        parent="index",
        group=context.text("group_annex"),
        sections=(
            _overview(context),
            _missing(context, pages),
            _completeness(context),
            _late(context),
            _refused(context),
            _revisions(context),
            _corrections(context),
        ),
    )


def _overview(context: Context) -> Section:
    data = context.data
    accepted = [row for row in data.rows["files"] if row["outcome_code"] == "accepted"]
    said = context.text(
        "quality_words",
        files=context.counted(len(accepted), "file"),
        cells=context.counted(len(data.rows["refused"]), "cell"),
        refused=context.counted(len(data.rows["refused_files"]), "file"),
    )
    return section("overview", context.text("overview"), Paragraph((said,)))


def _missing(context: Context, pages: Iterable[Page]) -> Section:
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        for key_, figure in {figure.key: figure for figure in page.figures()}.items():
            if figure.value is None and key_:
                counts[page.title, figure.reason] += 1
    title = context.text("missing_table")
    if not counts:
        return section("missing", title, Paragraph((context.text("missing_none"),)))
    rows: list[list[Cell]] = [
        [page, reason, count] for (page, reason), count in sorted(counts.items())
    ]
    columns = [context.words_column("page"), context.words_column("why")]
    columns.append(Column(context.text("missing_count")))
    return section("missing", title, context.table("missing", title, columns, rows))


def _completeness(context: Context) -> Section:
    rows: list[list[Cell]] = [
        [
            context.name("region", row["country_code"]),
            context.measure(row["indicator_code"]),
            context.text(LEVELS[row["region_level"]]),
            _kind(context, row["cells_kind"]),
            row["expected_count"],
            row["value_count"],
            row["expected_count"] - row["known_count"],
            row["suppressed_count"],
            None if row["days_late"] is None else round(row["days_late"]),
            context.text("yes") if row["is_illustrative"] else context.text("no"),
        ]
        for row in context.data.rows["quality"]
        if row["year"] == context.data.year
    ]
    title = context.text("completeness")
    if not rows:
        return section("completeness", title, Paragraph((context.text("none_in_year"),)))
    columns = [context.words_column(name) for name in ("country", "measure", "level", "cells_kind")]
    columns += [
        Column(context.text(name))
        for name in ("expected", "there", "not_there", "suppressed", "days_late")
    ]
    columns.append(context.words_column("illustrative"))
    return section("completeness", title, context.table("completeness", title, columns, rows))


def _kind(context: Context, code: str) -> str:
    if code == REGIONS_KIND:
        return context.text("kind_regions")
    return f"{context.text('kind_regions')} × {code.removeprefix('regions_by_')}"


def _late(context: Context) -> Section:
    rows = [row for row in context.data.rows["submissions"] if row["is_expected"]]
    title = context.text("late")
    if not rows:
        return section("late", title, Paragraph((context.text("none_in_year"),)))
    accepted = [row for row in rows if row["first_accepted_at"] is not None]
    in_time = [row for row in accepted if row["status_code"] == "accepted"]
    said = context.text(
        "late_words",
        expected=context.counted(len(rows), "report"),
        accepted=len(accepted),
        intime=len(in_time),
    )
    late: list[list[Cell]] = [
        [
            row["cluster_id"],
            row["period_code"],
            context.text(f"submission_{row['status_code']}"),
            row["due_on"].isoformat() if row["due_on"] else "",
            row["days_late"],
            row["latest_file_name"],
        ]
        for row in rows
        if row["status_code"] != "accepted"
    ]
    columns = [context.words_column(name) for name in ("cluster", "period", "outcome", "due")]
    columns += [Column(context.text("days_late")), context.words_column("file")]
    table = context.table("late", title, columns, late) if late else None
    return section("late", title, Paragraph((said,)), table)


def _refused(context: Context) -> Section:
    data = context.data
    title = context.text("refused_cells")
    cells: list[list[Cell]] = [
        [
            row["file_name"],
            row["table_name"],
            row["cell"],
            row["value_printed"],
            row["code"],
            row["message"],
        ]
        for row in data.rows["refused"]
    ]
    names = ("file", "sheet", "cell", "printed", "code", "why")
    files: list[list[Cell]] = [
        [row["file_name"], row["outcome_code"], row["reason_code"], row["message"]]
        for row in data.rows["refused_files"]
    ]
    file_names = ("file", "outcome", "code", "why")
    blocks: list[Block | None] = []
    if cells:
        columns = [context.words_column(name) for name in names]
        blocks.append(context.table("refused-cells", title, columns, cells))
    if files:
        columns = [context.words_column(name) for name in file_names]
        blocks.append(context.table("refused-files", context.text("refused_files"), columns, files))
    if not blocks:
        blocks.append(Paragraph((context.text("refused_none"),)))
    return section("refused", title, *blocks)


def _revisions(context: Context) -> Section:
    title = context.text("revisions")
    rows = context.data.rows["revisions"]
    if not rows:
        return section("revisions", title, Paragraph((context.text("revisions_none"),)))
    cells: list[list[Cell]] = [
        [
            context.measure(row["indicator_code"]),
            context.name("region", row["region_code"]),
            str(row["year"]),
            context.unit(row["unit_code"]),
            _plain(context, row["old_value"], row["unit_code"]),
            _plain(context, row["new_value"], row["unit_code"]),
            row["new_file_name"],
        ]
        for row in rows
    ]
    columns = [context.words_column(name) for name in ("measure", "region", "year_label", "unit")]
    columns += [Column(context.text("before")), Column(context.text("after"))]
    columns.append(context.words_column("file"))
    return section("revisions", title, context.table("revisions", title, columns, cells))


def _plain(context: Context, value: float | None, unit: str) -> str:
    if value is None:
        return words.ABSENT
    digits = 0 if value == int(value) else 2
    return words.number(value, digits, context.language)


def _corrections(context: Context) -> Section:
    title = context.text("corrections")
    rows = context.data.rows["corrections"]
    if not rows:
        return section("corrections", title, Paragraph((context.text("corrections_none"),)))
    cells: list[list[Cell]] = [
        [
            row["correction_id"],
            context.measure(row["indicator_code"]),
            context.name("region", row["region_code"]),
            str(row["year"]),
            row["value_printed"],
            context.unit(row["unit_code"]),
            _plain(context, row["value_corrected"], row["unit_code"]),
            _interval(context, row),
            context.text(f"correction_{row['correction_status']}"),
            f"{row['table_name']} › {row['cell']}",
        ]
        for row in rows
    ]
    columns = [
        context.words_column(name)
        for name in ("code", "measure", "region", "year_label", "printed", "unit")
    ]
    columns += [Column(context.text("corrected_value")), context.words_column("interval")]
    columns += [context.words_column("status"), context.words_column("cell")]
    return section("corrections", title, context.table("corrections", title, columns, cells))


def _interval(context: Context, row: Row) -> str:
    if row["admissible_low"] is None and row["admissible_high"] is None:
        return ""
    low = _plain(context, row["admissible_low"], row["unit_code"])
    return f"{low} … {_plain(context, row['admissible_high'], row['unit_code'])}"


# methodology


def methodology_page(context: Context, pages: Iterable[Page]) -> Page:
    """The definition of every indicator that the report prints."""
    used = {figure.definition for page in pages for figure in page.figures()}
    used |= {
        column.definition for page in pages for table in page.tables() for column in table.columns
    }
    rows: list[list[Cell]] = [
        [
            row["indicator_code"],
            context.measure(row["indicator_code"]),
            row["definition"],
            row["formula"],
            row["source_note"],
            row["formula_version"],
        ]
        for row in context.data.rows["definitions"]
        if row["indicator_code"] in used
    ]
    names = ("code", "name", "definition", "formula", "by", "version")
    title = context.text("methodology")
    table = context.table(
        "definitions", title, [context.words_column(name) for name in names], rows
    )
    return Page(
        path=METHODOLOGY,
        title=title,
        parent="index",
        group=context.text("group_annex"),
        sections=(
            section(
                "definitions",
                title,
                Paragraph((context.text("methodology_words"),)),
                Paragraph((context.text("methodology_language"),)),
                replace(table, anchors=tuple(str(row[0]) for row in rows)),
            ),
        ),
    )


# sources


def sources_page(context: Context, files: Mapping[str, File], traces: Mapping[str, Trace]) -> Page:
    """The files that figures of the report come from, with their licences."""
    counts: Counter[str] = Counter()
    for found in traces.values():
        counts.update(found.files)
    title = context.text("sources")
    rows: list[list[Cell]] = [
        [
            f"[{place}]",
            file.name,
            file.provider,
            file.title,
            _licence(context, file.licence),
            file.address,
            file.received_on,
            context.text("yes") if file.is_illustrative else context.text("no"),
            counts[file.file_id],
        ]
        for place, file in enumerate(files.values(), start=1)
    ]
    names = (
        "number",
        "file",
        "provider",
        "dataset",
        "licence",
        "address",
        "received",
        "illustrative",
    )
    columns = [context.words_column(name) for name in names]
    columns.append(Column(context.text("figure_count")))
    return Page(
        path=SOURCES,
        title=title,
        parent="index",
        group=context.text("group_annex"),
        sections=(
            section(
                "files",
                title,
                Paragraph((context.text("sources_words"),)),
                replace(
                    context.table("files", title, columns, rows),
                    anchors=tuple(f"s{place}" for place in range(1, len(rows) + 1)),
                ),
            ),
        ),
    )


def _licence(context: Context, licence: str) -> str:
    if licence == INTERNAL:
        return context.text("licence_internal")
    return licence or context.text("licence_none")
