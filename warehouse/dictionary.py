"""Write the data dictionary, indicators and marts: `python -m warehouse.dictionary`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from warehouse.models import Column, Models
from warehouse.settings import Settings

FAMILIES = {
    "specialisation": ("Specialisation and localisation", ("SPC",)),
    "structure": ("Structure of a region, concentration of an activity", ("SPZ", "CON")),
    "strength": ("Strength rules", ("STR",)),
    "dynamics": ("Dynamics and decomposition", ("DYN", "SS", "RNK", "STA_TRANS")),
    "disparity": ("Regional disparity and convergence", ("DSP", "CNV")),
    "performance": (
        "Performance, innovation, SMEs, digital",
        ("PRF", "INN", "SME", "ICT", "REM"),
    ),
    "clusters": (
        "Clusters, networks, support, projects",
        ("STA_CNT", "MEM", "NET", "SUP", "PRJ", "ORG"),
    ),
    "composite": ("Composite index", ("CMP",)),
    "quality": ("Data quality", ("DQ",)),
}
"""Page: its title, and the beginnings of its codes."""
LEVELS = {
    "C": "country",
    "R": "region",
    "RA": "region × activity",
    "CA": "country × activity",
    "K": "cluster",
    "RK": "region × cluster",
    "J": "project",
    "O": "organisation",
}
DIRECTIONS = {"up": "more is better", "down": "less is better", "neutral": "descriptive"}
_MADE = "Made from {} by `make dictionary`; do not edit."

Entry = Mapping[str, str]


def pages(settings: Settings) -> dict[Path, str]:
    """Text of every page of the dictionary, by path."""
    docs = settings.project / "docs"
    texts = {docs / "indicators" / "README.md": _index(_entries(settings))}
    models = Models.of(settings.dbt)
    for family in FAMILIES:
        texts[docs / "indicators" / f"{family}.md"] = _family(
            family, _of_family(_entries(settings), family), models
        )
    texts[docs / "marts.md"] = _marts(settings)
    return {path: "\n".join(lines) + "\n" for path, lines in texts.items()}


def family_of(code: str) -> str | None:
    """Page that describes a derived indicator; None when there is none."""
    for family, (_, beginnings) in FAMILIES.items():
        if any(code == start or code.startswith(f"{start}_") for start in beginnings):
            return family
    return None


def _entries(settings: Settings) -> list[Entry]:
    with (settings.seeds / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["indicator_kind"] == "derived"]


def _of_family(entries: Sequence[Entry], family: str) -> list[Entry]:
    return [entry for entry in entries if family_of(entry["indicator_code"]) == family]


def _index(entries: Sequence[Entry]) -> Iterator[str]:
    yield "# Indicators"
    yield ""
    yield _MADE.format("`dbt/seeds/indicators.csv`")
    yield ""
    yield (
        f"{len(entries)} indicators are computed. `warehouse indicator CODE --input FILE.csv` "
        "computes one from a file of your own with the same models; `warehouse indicator CODE` "
        "describes it."
    )
    for family, (title, _) in FAMILIES.items():
        yield ""
        yield f"## [{title}]({family}.md)"
        yield ""
        yield "| code | English | Russian | of | unit |"
        yield "|---|---|---|---|---|"
        for entry in _of_family(entries, family):
            code = entry["indicator_code"]
            yield (
                f"| [`{code}`]({family}.md#{code.lower()}) | {entry['name_en']} | "
                f"{entry['name_ru']} | {LEVELS[entry['level_code']]} | {entry['unit_kind']} |"
            )


def _family(family: str, entries: Sequence[Entry], models: Models) -> Iterator[str]:
    yield f"# {FAMILIES[family][0]}"
    yield ""
    yield _MADE.format("`dbt/seeds/indicators.csv` and the documentation of the models")
    for entry in entries:
        yield from _entry(entry)
    inputs = sorted({entry["input_model"] for entry in entries if entry["input_model"]})
    for name in inputs:
        yield from _input(name, models.columns(name))


def _entry(entry: Entry) -> Iterator[str]:
    yield ""
    yield f"## {entry['indicator_code']}"
    yield ""
    names = [entry[name] for name in ("name_en", "name_ru", "name_be", "name_kk") if entry[name]]
    yield f"**{' · '.join(names)}**"
    yield ""
    yield entry["definition"]
    yield ""
    yield "```text"
    yield entry["formula"]
    yield "```"
    yield ""
    low, high = entry["range_low"] or "−∞", entry["range_high"] or "∞"
    yield f"- Of: {LEVELS[entry['level_code']]}; unit: {entry['unit_kind']}; range: {low} … {high}"
    yield f"- Direction: {DIRECTIONS[entry['direction']]}"
    if entry["edge_rules"]:
        yield f"- Edge rules: {entry['edge_rules'].replace(';', ', ')}"
    if entry["inputs"]:
        needed = ", ".join(f"`{name}`" for name in entry["inputs"].split(";"))
        yield f"- Needs: {needed} of `{entry['input_model']}`"
    yield f"- Computed by: `{entry['computed_by']}`, version {entry['formula_version']}"
    if entry["source_note"]:
        yield f"- Source: {entry['source_note']}"


def _input(name: str, columns: Sequence[Column]) -> Iterator[str]:
    yield ""
    yield f"## Columns of {name}"
    yield ""
    yield "| column | type | when it is not given | meaning |"
    yield "|---|---|---|---|"
    for column in columns:
        default = "" if column.default is None else f"`{_cell(column.default)}`"
        yield f"| `{column.name}` | {column.data_type} | {default} | {_cell(column.description)} |"


def _marts(settings: Settings) -> Iterator[str]:
    yield "# Marts"
    yield ""
    yield _MADE.format("the descriptions beside the models")
    yield ""
    yield "Every table and view of the schemas `marts` and `ops` of the published file."
    for layer, models in groupby(_documented(settings), key=lambda each: each[0]):
        for _, model in models:
            yield ""
            yield f"## {layer}.{model['name']}"
            yield ""
            yield model.get("description", "").strip()
            yield ""
            yield "| column | type | meaning |"
            yield "|---|---|---|"
            for column in model.get("columns") or []:
                text = _cell(" ".join(column.get("description", "").split()))
                yield f"| `{column['name']}` | {column.get('data_type', '')} | {text} |"


def _documented(settings: Settings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for layer in ("marts", "ops"):
        found: list[Mapping[str, Any]] = []
        for path in sorted((settings.dbt / "models" / layer).glob("*.yml")):
            found += yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or []
        for model in sorted(found, key=lambda each: str(each["name"])):
            yield layer, model


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the pages; a page of the dictionary that is made no more is deleted."""
    settings = Settings.of()
    texts = pages(settings)
    for path in (settings.project / "docs" / "indicators").glob("*.md"):
        if path not in texts:
            path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
