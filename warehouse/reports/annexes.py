"""The annexes: data quality, methodology, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

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
    Table,
    Trace,
    Words,
)

QUALITY, METHODOLOGY, SOURCES = "quality", "methodology", "sources"
LEVELS = {0: "country", 1: "regions"}
REGIONS_KIND = "regions"


def _annex(context: Context, path: str, *sections: Section) -> Page:
    return Page(
        path=path,
        title=context.text(path),
        parent="index",
        group=context.text("group_annex"),
        sections=sections,
    )


def quality_page(context: Context, pages: Iterable[Page]) -> Page:
    """Files used, refused cells, missing and why, revisions, corrections, suppressed, late."""
    return _annex(
        context,
        QUALITY,
        _overview(context),
        _missing(context, pages),
        _completeness(context),
        _late(context),
        _refused(context),
        _revisions(context),
        _corrections(context),
    )


def _tabled(
    context: Context,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    without: str,
) -> Section:
    """A section of one table, or of the sentence that says why there is none."""
    title = context.text(name)
    if not rows:
        return section(name, title, Paragraph((context.text(without),)))
    return section(name, title, context.table(name, title, columns, rows))


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
    rows: list[list[Cell]] = [
        [page, reason, count] for (page, reason), count in sorted(counts.items())
    ]
    columns = [context.words_column("page"), context.words_column("why")]
    columns.append(Column(context.text("missing_count")))
    return _tabled(context, "missing", columns, rows, "missing_none")


def _completeness(context: Context) -> Section:
    rows: list[list[Cell]] = [
        [
            context.measure(row["indicator_code"]),
            context.name("region", row["country_code"]),
            context.text(LEVELS[row["region_level"]]),
            _kind(context, row["cells_kind"]),
            row["expected_count"],
            row["value_count"],
            row["known_count"] - row["value_count"],
            row["expected_count"] - row["known_count"],
            row["suppressed_count"],
            None if row["days_late"] is None else round(row["days_late"]),
            context.text("yes") if row["is_illustrative"] else context.text("no"),
        ]
        for row in context.data.rows["quality"]
        if row["year"] == context.data.year
    ]
    columns = [context.words_column(name) for name in ("measure", "country", "level", "cells_kind")]
    columns += [
        Column(context.text(name))
        for name in ("expected", "there", "with_reason", "not_there", "suppressed", "days_late")
    ]
    columns.append(context.words_column("illustrative"))
    if len(context.data.countries) == 1:
        columns.pop(1)
        for row in rows:
            row.pop(1)
    return _tabled(context, "completeness", columns, rows, "none_in_year")


def _kind(context: Context, code: str) -> str:
    return context.text("kind_regions" if code == REGIONS_KIND else "kind_activities")


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
            row["due_on"],
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
    title, note = context.text("refused_cells"), context.text("refused_note")
    cells: list[list[Cell]] = [
        [
            row["file_name"],
            row["table_name"],
            row["cell"],
            row["value_printed"],
            _problem(context, row["code"]),
        ]
        for row in data.rows["refused"]
    ]
    files: list[list[Cell]] = [
        [
            row["file_name"],
            _problem(context, row["outcome_code"]),
            _problem(context, row["reason_code"]),
        ]
        for row in data.rows["refused_files"]
    ]
    names = ("file", "sheet", "cell", "printed", "why")
    blocks: list[Block] = []
    if files:
        columns = [context.words_column(name) for name in ("file", "outcome", "why")]
        files_title = context.text("refused_files")
        blocks.append(context.table("refused-files", files_title, columns, files, note))
    if cells:
        columns = [context.words_column(name) for name in names]
        blocks.append(context.table("refused-cells", title, columns, cells, note))
    if not blocks:
        blocks.append(Paragraph((context.text("refused_none"),)))
    return section("refused", context.text("refused"), *blocks)


def _problem(context: Context, code: str | None) -> str:
    """What the code of an outcome or an error says, in words."""
    said = context.wording(code)
    return said.replace("_", " ") if said == code else said


def _revisions(context: Context) -> Section:
    cells: list[list[Cell]] = [
        [
            context.measure(row["indicator_code"]),
            context.name("region", row["region_code"]),
            str(row["year"]),
            context.unit(row["unit_code"]),
            _plain(context, row["old_value"]),
            _plain(context, row["new_value"]),
            row["new_file_name"],
        ]
        for row in context.data.rows["revisions"]
    ]
    columns = [context.words_column(name) for name in ("measure", "region", "year_label", "unit")]
    columns += [Column(context.text("before")), Column(context.text("after"))]
    columns.append(context.words_column("file"))
    return _tabled(context, "revisions", columns, cells, "revisions_none")


def _plain(context: Context, value: float | None) -> str:
    if value is None:
        return words.ABSENT
    digits = 0 if value == int(value) else 2
    return words.number(value, digits, context.language)


def _corrections(context: Context) -> Section:
    cells: list[list[Cell]] = [
        [
            context.measure(row["indicator_code"]),
            context.name("region", row["region_code"]),
            str(row["year"]),
            context.unit(row["unit_code"]),
            row["value_printed"],
            _plain(context, row["value_corrected"]),
            _interval(context, row),
            context.text(f"correction_{row['correction_status']}"),
            f"{row['table_name']} › {row['cell']}",
            row["correction_id"],
        ]
        for row in context.data.rows["corrections"]
    ]
    columns = [context.words_column(name) for name in ("measure", "region", "year_label", "unit")]
    columns += [Column(context.text("printed")), Column(context.text("corrected_value"))]
    columns += [context.words_column(name) for name in ("interval", "status", "cell", "code")]
    return _tabled(context, "corrections", columns, cells, "corrections_none")


def _interval(context: Context, row: Row) -> str:
    if row["admissible_low"] is None and row["admissible_high"] is None:
        return ""
    low = _plain(context, row["admissible_low"])
    return f"{low} … {_plain(context, row['admissible_high'])}"


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
            context.wording(row["definition"]),
            context.wording(row["formula"]),
            context.wording(row["source_note"]),
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
    said = Paragraph((context.text("methodology_words"),))
    anchored = replace(table, anchors=tuple(str(row[0]) for row in rows))
    return _annex(context, METHODOLOGY, section("definitions", title, said, anchored))


# sources


def sources_page(context: Context, files: Mapping[str, File], traces: Mapping[str, Trace]) -> Page:
    """The files that figures of the report come from, by provider, with their terms of use."""
    counts: Counter[str] = Counter()
    for found in traces.values():
        counts.update(found.files)
    groups: dict[tuple[str, str, str], list[tuple[int, File]]] = {}
    for place, file in enumerate(files.values(), start=1):
        key = (file.provider, file.licence, file.address)
        groups.setdefault(key, []).append((place, file))
    sections = [
        section(
            f"provider-{number}",
            provider or context.text("provider_none"),
            Paragraph(_terms(context, licence, address)),
            _files(context, number, provider or context.text("provider_none"), numbered, counts),
        )
        for number, ((provider, licence, address), numbered) in enumerate(groups.items(), start=1)
    ]
    said = Paragraph((context.text("sources_words"),))
    return _annex(context, SOURCES, section("overview", context.text("overview"), said), *sections)


def _terms(context: Context, licence: str, address: str) -> Words:
    said = context.text("terms", licence=licence or context.text("licence_none"))
    return (f"{said} {address}".strip(),)


def _files(
    context: Context,
    number: int,
    provider: str,
    numbered: Sequence[tuple[int, File]],
    counts: Mapping[str, int],
) -> Table:
    rows: list[list[Cell]] = [
        [
            f"[{place}]",
            file.name,
            file.title,
            date.fromisoformat(file.received_on),
            context.text("yes") if file.is_illustrative else context.text("no"),
            counts[file.file_id],
        ]
        for place, file in numbered
    ]
    names = ("number", "file", "dataset", "received", "illustrative")
    columns = [context.words_column(name) for name in names]
    columns.append(Column(context.text("figure_count")))
    table = context.table(f"files-{number}", provider, columns, rows)
    return replace(table, anchors=tuple(f"s{place}" for place, _ in numbered))
