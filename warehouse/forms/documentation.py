"""Write the page of each form from its definition: `python -m warehouse.forms.documentation`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from warehouse.conform.codelists import CodeLists
from warehouse.forms.definition import Column, Form, Label, Measure, Table, load_forms
from warehouse.settings import Settings

_PERIODS = {"year": "one year", "half_year": "one half-year", "none": "no period: a list"}
_SUBJECTS = {"cluster": "one cluster", "register": "the keeper of a list"}
_HEADER = "| column | Russian | English | type | required | meaning |\n|---|---|---|---|---|---|"


def pages(settings: Settings) -> dict[Path, str]:
    """Text of the page of each form, by path."""
    folder = settings.project / "docs" / "forms"
    lists = CodeLists.load(settings.seeds)
    forms = load_forms(settings.forms).values()
    return {folder / f"{form.form}.md": "\n".join(_page(form, lists)) + "\n" for form in forms}


def _page(form: Form, lists: CodeLists) -> Iterator[str]:
    yield f"# {form.title.en}"
    yield ""
    yield f"{form.title.ru}. Form `{form.form}`, version {form.version}."
    yield f"Made from `warehouse/forms/{form.form}.yml` by `make schema`; do not edit."
    yield ""
    if form.note:
        yield f"{form.note.en} {form.note.ru}"
        yield ""
    yield f"- Filled in by: {_SUBJECTS[form.subject]}"
    yield f"- Speaks of: {_PERIODS[form.period]}"
    if form.due_after_days is not None:
        yield f"- Due: {form.due_after_days} days after the end of the period"
    if form.respondents:
        yield f"- Expected from clusters with the status: {', '.join(form.respondents)}"
    yield f"- Formats: {', '.join(form.format)}"
    if form.recognise:
        yield "- A file that is not ours: it has no template and is known by its headers"
    for table in form.tables:
        yield from _table(table)
    yield from _code_lists(form, lists)


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.title.en} · {table.title.ru}"
    yield ""
    must = "; at least one row is required" if table.required else ""
    yield f"Table `{table.name}`, staged as `{table.staged_table}`{must}."
    if table.key:
        repeated = "dropped" if table.repeats == "drop" else "refused"
        keys = ", ".join(f"`{name}`" for name in table.key)
        yield f"A row is identified by {keys}; a repeated one is {repeated}."
    if table.note:
        yield f"{table.note.en} {table.note.ru}"
    yield ""
    yield _HEADER
    for column in table.columns:
        yield _row(column.name, column, _type(column), [*_meaning(column.note), *_default(column)])
    for measure in table.measures:
        meaning = [*_meaning(measure.note), *_limits(measure)]
        yield _row(measure.indicator, measure, f"figure, {_unit(measure)}", meaning)


def _row(name: str, item: Column | Measure, kind: str, meaning: list[str]) -> str:
    required = "yes" if item.required else ""
    cells = (f"`{name}`", item.label.ru, item.label.en, kind, required, " ".join(meaning))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type(column: Column) -> str:
    if column.type in ("code", "codes"):
        several = " list" if column.type == "codes" else ""
        return f"[{column.codes or column.name}](#{column.codes or column.name}){several}"
    return column.type.replace("_", " ")


def _unit(measure: Measure) -> str:
    return "thousands of money" if measure.unit == "thousand_money" else measure.unit


def _meaning(note: Label | None) -> Iterator[str]:
    if note:
        yield note.en
        yield note.ru


def _default(column: Column) -> Iterator[str]:
    if column.default:
        yield f"Empty means `{column.default}`."
    if column.reads:
        yield f"Follows from `{column.reads}`."


def _limits(measure: Measure) -> Iterator[str]:
    if measure.low is None:
        yield "May be negative."
    elif measure.low:
        yield f"At least {measure.low:g}."
    if measure.high is not None:
        yield f"At most {measure.high:g}."
    if measure.at_most:
        yield f"No more than `{measure.at_most}`."


def _code_lists(form: Form, lists: CodeLists) -> Iterator[str]:
    used = {
        column.codes or column.name
        for table in form.tables
        for column in table.columns
        if column.type in ("code", "codes")
    }
    if not used:
        return
    yield ""
    yield "## Code lists"
    for code in sorted(used):
        yield ""
        yield f"### {code}"
        yield ""
        yield "| code | Russian | English |"
        yield "|---|---|---|"
        for row in lists.rows("dimension_values"):
            if row["dimension_code"] == code:
                yield f"| `{row['value_code']}` | {row['name_ru']} | {row['name_en']} |"


def main() -> None:
    """Write the pages."""
    for path, text in pages(Settings.of()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
