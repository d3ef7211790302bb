"""From one figure of the published warehouse back to the printed cells that it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import duckdb
from rich.markup import escape
from rich.tree import Tree

from warehouse import marts
from warehouse.errors import Code, WarehouseError
from warehouse.marts import Row, records
from warehouse.settings import Settings

SHOWN = 20
KEY = (
    "indicator_code",
    "region_code",
    "activity_classifier",
    "activity_code",
    "year",
    "base_indicator_code",
    "method_version",
    "unit_code",
)
FIGURE = (*KEY, "value", "obs_status", "reason_code", "is_illustrative")
OPTIONS = {
    "activity_code": "--activity",
    "activity_classifier": "--classifier",
    "base_indicator_code": "--base",
    "method_version": "--method",
    "unit_code": "--unit",
}
ROLES = {
    "value": "the value itself",
    "region_total": "total of the region",
    "activity_total": "total of the activity",
    "grand_total": "total of all activities",
    "denominator": "divided by",
    "member": "members",
    "population": "population, which divides",
    "weight": "population, which weighs",
    "previous": "the year before, for the change",
}

INPUT = (
    "role_code",
    "observation_id",
    "input_indicator_code",
    "input_region_code",
    "input_activity_classifier",
    "input_activity_code",
    "input_year",
    "input_value",
    "input_unit_code",
    "file_name",
    "table_name",
    "cell",
    "value_printed",
    "printed_value",
    "printed_unit_code",
    "input_obs_status",
    "input_reason_code",
    "footnote",
    "correction_id",
    "correction_status",
    "value_corrected",
    "admissible_low",
    "admissible_high",
    "is_formula",
    "is_input_illustrative",
    "provider_code",
    "contract_id",
    "contract_version",
    "released_on",
    "received_at",
    "vintage_number",
    "vintage_count",
    "is_replaced",
    "file_id",
)

_EXPLAIN = f"""
    select {", ".join((*FIGURE, *INPUT))}
    from marts.explain(
        $indicator, $region, $year, activity := $activity, classifier := $classifier,
        cluster := $cluster, base := $base, method := $method, unit := $unit
    )
"""  # noqa: S608
_WHOLE = """
    select activity_classifier, activity_code
    from marts.dim_activity
    where activity_level = 0
"""
_DEFINITION = """
    select indicator_code, name_ru, name_en, indicator_kind, definition, formula, source_note,
        computed_by
    from marts.dim_indicator
    where indicator_code = $code
"""
_NAMES = """
    select
        (select name_ru from marts.dim_region where region_code = $region) as region_name,
        (
            select name_ru from marts.dim_activity
            where activity_classifier = $classifier and activity_code = $activity
        ) as activity_name,
        (select name_en from marts.dim_unit where unit_code = $unit) as unit_name,
        (select definition from seeds.reasons where reason_code = $reason) as reason,
        (select any_value(build_id) from ops.ops_build) as build_id
"""
_FILES = """
    select file_id, file_name, provider_name, title, contract_id, contract_version, licence,
        source_url, released_on, received_at
    from marts.dim_source_file
    where file_id in (select unnest($files))
    order by file_name
"""
_EARLIER = """
    select
        here.observation_id as replaced_by,
        old.observation_id,
        old.value,
        old.unit_code,
        old.obs_status,
        old.reason_code,
        obs.value_printed,
        obs.table_name,
        obs.cell,
        file.file_name,
        old.released_on,
        old.received_at
    from intermediate.int_observation__vintage as here
    inner join intermediate.int_observation__vintage as old
        on here.contract_id = old.contract_id
        and here.indicator_code = old.indicator_code
        and here.region_code = old.region_code
        and here.activity_classifier = old.activity_classifier
        and here.activity_code = old.activity_code
        and here.breakdown_key = old.breakdown_key
        and here.period_start = old.period_start
        and here.period_end = old.period_end
        and here.unit_code = old.unit_code
        and here.price_base is not distinct from old.price_base
        and here.vintage_number < old.vintage_number
    inner join marts.fct_observation as obs on old.observation_id = obs.observation_id
    inner join marts.dim_source_file as file on old.file_id = file.file_id
    where here.observation_id in (select unnest($observations))
    order by here.observation_id, old.vintage_number
"""
_REFUSED = """
    select obs.observation_id, rejected.code, rejected.message, rejected.action
    from marts.fct_observation as obs
    inner join ops.ops_rejected_cell as rejected
        on obs.file_id = rejected.file_id
        and obs.table_name = rejected.table_name
        and obs.cell = rejected.cell
    where obs.observation_id in (select unnest($observations))
    order by obs.observation_id, rejected.rejected_id
"""
_MISSING = """
    select any_value(measure.missing_regions) as missing_regions
    from marts.mart_disparity_year as measure
    inner join marts.dim_region as country
        on measure.country_code = country.country_code and country.region_code = $region
    where
        measure.indicator_code = $base
        and measure.year = $year
        and starts_with(
            $method, 'peers=' || measure.peer_group || ';of=' || measure.quantity_kind || ';'
        )
"""
_CODES = {
    "indicator": (
        "--indicator",
        "select indicator_code as code, name_ru, name_en from marts.dim_indicator",
    ),
    "region": ("--region", "select region_code as code, name_ru, name_en from marts.dim_region"),
    "activity": (
        "--activity",
        "select distinct activity_code as code, name_ru, name_en from marts.dim_activity",
    ),
    "cluster": (
        "--cluster",
        "select value_code as code, name_ru, name_en from seeds.dimension_values "
        "where dimension_code = 'cluster'",
    ),
    "base": ("--base", "select indicator_code as code, name_ru, name_en from marts.dim_indicator"),
    "unit": ("--unit", "select unit_code as code, name_ru, name_en from marts.dim_unit"),
}
_THERE = """
    select
        count(*) as figures,
        string_agg(distinct cast(year as varchar), ', ' order by cast(year as varchar))
            filter (where region_code = $region) as years,
        string_agg(distinct region_code, ', ' order by region_code)
            filter (where year = $year) as regions
    from marts.mart_indicator
    where indicator_code = $indicator
"""
_REFUSED_COUNT = """
    select count(*) as refused
    from ops.ops_rejected_cell as rejected
    where rejected.contract_id in (
        select obs.contract_id from marts.fct_observation as obs where obs.indicator_code = $base
    )
"""


@dataclass(frozen=True)
class Question:
    """Which figure is asked for; what is None may be anything that leaves one figure.

    Without an activity the figure of the whole economy is meant, where there is one.
    """

    indicator: str
    region: str
    year: int
    activity: str | None = None
    classifier: str | None = None
    cluster: str | None = None
    base: str | None = None
    method: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Explanation:
    """A figure with everything that it is made of.

    Attributes:
        figure: Its key, names, value, status and the reason when the value is missing.
        indicator: Names, definition and formula.
        inputs: One row per role and printed cell: value in the base unit, file, table, cell, text
            as printed, printed unit, status, reason, footnote, correction, vintage, contract;
            `earlier` holds the vintages that it replaced, `refused` the refusals of the cell.
        files: The files of the inputs, with their contracts.
        missing_regions: Regions that a disparity lacks.
        build_id: The build that was asked.
    """

    figure: Row
    indicator: Row
    inputs: tuple[Row, ...]
    files: tuple[Row, ...]
    missing_regions: tuple[str, ...]
    build_id: str

    def as_json(self) -> Row:
        """Plain values."""
        return asdict(self)


def explain(settings: Settings, question: Question) -> Explanation:
    """Trace one figure of the published warehouse to its printed cells.

    Raises:
        WarehouseError: `figure_unknown` with the nearest codes or with what there is;
            `figure_ambiguous` with the choices; `nothing_published`.
    """
    with marts.session(settings) as connection:
        rows = records(connection, _EXPLAIN, asdict(question))
        figures = _figures(connection, question, rows)
        if not figures:
            raise _unknown(connection, question)
        if len(figures) > 1:
            raise _ambiguous(question, figures)
        return _explained(connection, figures[0], rows)


def _figures(
    connection: duckdb.DuckDBPyConnection, question: Question, rows: Iterable[Row]
) -> list[Row]:
    found = {tuple(row[name] for name in KEY): row for row in rows}
    figures = [{name: row[name] for name in FIGURE} for row in found.values()]
    if question.activity is None and len(figures) > 1:
        whole = {tuple(row.values()) for row in records(connection, _WHOLE, {})}
        of_whole = [
            figure
            for figure in figures
            if (figure["activity_classifier"], figure["activity_code"]) in whole
        ]
        return of_whole or figures
    return figures


def _explained(
    connection: duckdb.DuckDBPyConnection, figure: Row, rows: Iterable[Row]
) -> Explanation:
    key = tuple(figure[name] for name in KEY)
    own = [row for row in rows if tuple(row[name] for name in KEY) == key]
    inputs = [
        {name: row[name] for name in INPUT} for row in own if row["observation_id"] is not None
    ]
    observations = sorted({row["observation_id"] for row in inputs})
    earlier = _grouped(connection, _EARLIER, observations, "replaced_by")
    refused = _grouped(connection, _REFUSED, observations, "observation_id")
    for row in inputs:
        row["earlier"] = earlier.get(row["observation_id"], [])
        row["refused"] = refused.get(row["observation_id"], [])
    named = records(
        connection,
        _NAMES,
        {
            "region": figure["region_code"],
            "classifier": figure["activity_classifier"],
            "activity": figure["activity_code"],
            "unit": figure["unit_code"],
            "reason": figure["reason_code"],
        },
    )[0]
    build_id = str(named.pop("build_id"))
    files = {"files": sorted({row["file_id"] for row in inputs})}
    return Explanation(
        figure={**figure, **named},
        indicator=records(connection, _DEFINITION, {"code": figure["indicator_code"]})[0],
        inputs=tuple(inputs),
        files=tuple(records(connection, _FILES, files)),
        missing_regions=_missing_regions(connection, figure),
        build_id=build_id,
    )


def _grouped(
    connection: duckdb.DuckDBPyConnection, sql: str, observations: Sequence[str], by: str
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in records(connection, sql, {"observations": list(observations)}):
        found.setdefault(row.pop(by), []).append(row)
    return found


def _missing_regions(connection: duckdb.DuckDBPyConnection, figure: Row) -> tuple[str, ...]:
    given = {
        "region": figure["region_code"],
        "base": figure["base_indicator_code"],
        "year": figure["year"],
        "method": figure["method_version"],
    }
    found = records(connection, _MISSING, given)[0]["missing_regions"]
    return tuple(found.split(", ")) if found else ()


def _ambiguous(question: Question, figures: Sequence[Row]) -> WarehouseError:
    differing = [name for name in OPTIONS if len({figure[name] for figure in figures}) > 1] or list(
        OPTIONS
    )
    choices = sorted(
        " ".join(f"{OPTIONS[name]} '{figure[name]}'" for name in differing) for figure in figures
    )
    more = f" and {len(choices) - SHOWN} more" if len(choices) > SHOWN else ""
    return WarehouseError.of(
        Code.FIGURE_AMBIGUOUS,
        expected=f"one figure {question.indicator} of {question.region}, {question.year}",
        found=f"{len(figures)}: {'; '.join(choices[:SHOWN])}{more}",
        action="Add the options of the one that is meant.",
    )


def _unknown(connection: duckdb.DuckDBPyConnection, question: Question) -> WarehouseError:
    for name, (option, sql) in _CODES.items():
        given = getattr(question, name)
        known = connection.execute(sql).fetchall() if given is not None else []
        if given is not None and given not in {row[0] for row in known}:
            return WarehouseError.of(
                Code.FIGURE_UNKNOWN,
                expected=f"a code of the code list after {option}",
                found=f"«{given}»; nearest: {marts.nearest(given, known)}",
                action="Give the code as the list spells it.",
            )
    there = records(
        connection,
        _THERE,
        {"indicator": question.indicator, "region": question.region, "year": question.year},
    )[0]
    refused = records(connection, _REFUSED_COUNT, {"base": question.base or question.indicator})
    return WarehouseError.of(
        Code.FIGURE_UNKNOWN,
        expected=f"a figure {_described(question)}",
        found=f"none; there are {_what_there_is(question, there)}",
        action=_advice(refused[0]["refused"]),
    )


def _advice(refused: int) -> str:
    if not refused:
        return "Ask for one of these, or take in the file that has it."
    cells = "1 cell was" if refused == 1 else f"{refused} cells were"
    return f"{cells} refused in files of this source, perhaps the one: see `warehouse rejects`."


def _described(question: Question) -> str:
    given = {
        name: value
        for name, value in asdict(question).items()
        if value is not None and name not in ("indicator", "region", "year")
    }
    more = "".join(f", {name} {value}" for name, value in given.items())
    return f"{question.indicator} of {question.region}, {question.year}{more}"


def _what_there_is(question: Question, there: Row) -> str:
    if not there["figures"]:
        return f"no figures of {question.indicator} at all"
    parts = []
    if there["years"]:
        parts.append(f"{question.region} in {there['years']}")
    if there["regions"]:
        regions = there["regions"].split(", ")
        more = f" and {len(regions) - SHOWN} more" if len(regions) > SHOWN else ""
        parts.append(f"{question.year} for {', '.join(regions[:SHOWN])}{more}")
    return "; ".join(parts) or f"{there['figures']} of other regions and years"


# what a person reads


def tree(found: Explanation) -> Tree:
    """The explanation as a tree: definition, formula, then the inputs by role."""
    figure, indicator = found.figure, found.indicator
    root = Tree(f"[bold]{escape(_title(figure, indicator))}[/]")
    root.add(f"[bold]{escape(_value(figure))}[/]")
    root.add(escape(indicator["definition"]))
    if indicator["formula"]:
        root.add(f"formula: {escape(indicator['formula'])}")
    root.add(escape(_where(figure)))
    if found.missing_regions:
        root.add(f"regions without a value: {escape(', '.join(found.missing_regions))}")
    for role in dict.fromkeys(row["role_code"] for row in found.inputs):
        _add_role(root, role, [row for row in found.inputs if row["role_code"] == role])
    if not found.inputs:
        root.add("no printed cell stands behind it")
    return root


def _title(figure: Row, indicator: Row) -> str:
    region = f"{figure['region_name']} ({figure['region_code']})"
    return f"{indicator['name_ru']} ({figure['indicator_code']}), {region}, {figure['year']}"


def _value(figure: Row) -> str:
    made = " — illustrative: published nowhere" if figure["is_illustrative"] else ""
    if figure["value"] is None:
        return f"no value: {figure['reason_code']}. {figure['reason'] or ''}".rstrip() + made
    unit = f"{figure['unit_code']}, {figure['unit_name']}"
    return f"{_number(figure['value'])} ({unit}), status {figure['obs_status']}{made}"


def _where(figure: Row) -> str:
    activity = f"{figure['activity_classifier']}:{figure['activity_code']}"
    named = f" {figure['activity_name']}" if figure["activity_name"] else ""
    base = figure["base_indicator_code"]
    made_of = "" if base == figure["indicator_code"] else f", of {base}"
    return f"activity {activity}{named}{made_of}, method {figure['method_version']}"


def _add_role(root: Tree, role: str, rows: Sequence[Row]) -> None:
    known = [row["input_value"] for row in rows if row["input_value"] is not None]
    many = f": {len(rows)} cells, together {_number(sum(known))}" if len(rows) > 1 else ""
    branch = root.add(f"[bold]{escape(ROLES.get(role, role))}[/]{many}")
    for row in rows[:SHOWN]:
        leaf = branch.add(escape(_input(row)))
        for line in _details(row):
            leaf.add(escape(line))
    if len(rows) > SHOWN:
        branch.add(f"… {len(rows) - SHOWN} more: --json")


def _input(row: Row) -> str:
    value = "no value" if row["input_value"] is None else _number(row["input_value"])
    activity = "" if row["input_activity_code"] == "_T" else f" {row['input_activity_code']}"
    place = f"{row['input_indicator_code']} {row['input_region_code']}{activity}"
    return f"{place} {row['input_year']}: {value} {row['input_unit_code']}"


def _details(row: Row) -> list[str]:
    printed = f"«{row['value_printed'] or ''}» {row['printed_unit_code']}"
    lines = [f"{row['file_name']} › {row['table_name']} › {row['cell']}: {printed}"]
    status = f"status {row['input_obs_status']}"
    if row["input_reason_code"]:
        status += f", {row['input_reason_code']}"
    if row["is_formula"]:
        status += ", stored result of a formula"
    if row["is_input_illustrative"]:
        status += ", illustrative"
    contract = f"contract {row['contract_id']} {row['contract_version'][:12]}"
    lines.append(f"{status}; {_vintage(row)}; {contract}")
    if row["footnote"]:
        lines.append(f"footnote: {row['footnote']}")
    if row["correction_id"]:
        lines.append(_correction(row))
    for old in row["earlier"]:
        value = "no value" if old["value"] is None else _number(old["value"])
        lines.append(
            f"before: {value} {old['unit_code']} («{old['value_printed'] or ''}»), "
            f"{old['file_name']} › {old['table_name']} › {old['cell']}, {_dates(old)}"
        )
    return lines + [f"refused: {cell['code']}: {cell['message']}" for cell in row["refused"]]


def _correction(row: Row) -> str:
    line = f"correction {row['correction_id']}, {row['correction_status']}:"
    if row["value_corrected"] is not None:
        line += f" {_number(row['value_corrected'])} {row['printed_unit_code']} instead"
    if row["admissible_low"] is not None:
        low, high = _number(row["admissible_low"]), _number(row["admissible_high"])
        line += f" (admissible {low} to {high})"
    return line


def _vintage(row: Row) -> str:
    count = row["vintage_count"]
    replaced = "replaced by a later one" if row["is_replaced"] else "the latest"
    which = "the only vintage" if count == 1 else f"{replaced} of {count} vintages"
    return f"{which}, {_dates(row)}"


def _dates(row: Row) -> str:
    received = f"received {row['received_at']:%Y-%m-%d %H:%M} UTC"
    return f"released {row['released_on']}, {received}" if row["released_on"] else received


def _number(value: float) -> str:
    return f"{value:.12g}"
