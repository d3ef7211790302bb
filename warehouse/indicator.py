"""One indicator of a small CSV file, computed by the models that compute it in the warehouse."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml
from rapidfuzz import process

from warehouse.errors import Code, WarehouseError
from warehouse.models import Column, Models
from warehouse.settings import Settings

KEYS = (
    "country_code",
    "region_code",
    "cluster_code",
    "activity_classifier",
    "activity_code",
    "year",
    "base_indicator_code",
)
"""Columns of a figure that are shown when the file gave them, or when they tell rows apart."""
RESULT = ("method_version", "unit_code", "value", "reason_code")
NEAREST = 3
NUMBERS = ("double", "integer", "bigint", "tinyint")
LARGEST = 1e100
"""Numbers beyond it have squares and sums that no engine holds."""
SCOPE = ("country_code", "base_year")
"""Columns that tell rows of a file apart too: codes of regions may repeat between countries."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Indicator:
    """An entry of the catalogue, `dbt/seeds/indicators.csv`.

    Attributes:
        facts: All its columns, as text.
        columns: Columns of the model that a file stands for, in the order of its documentation.
        key: Those that tell its rows apart; empty where rows may repeat.
    """

    facts: Mapping[str, str]
    columns: Sequence[Column]
    key: Sequence[str]

    @property
    def code(self) -> str:
        """Its code."""
        return self.facts["indicator_code"]

    def is_needed(self, column: Column) -> bool:
        """Whether a file must have the column."""
        return column.default is None or column.name in self.facts["inputs"].split(";")

    def as_json(self) -> dict[str, Any]:
        """The entry and the columns of a file for it."""
        columns = [
            {**asdict(column), "is_needed": self.is_needed(column)} for column in self.columns
        ]
        return {**self.facts, "columns": columns}


def catalogue(settings: Settings) -> list[dict[str, str]]:
    """All indicators, as the code list says them."""
    with (settings.seeds / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def describe(settings: Settings, code: str) -> Indicator:
    """An indicator with the columns that a file for it has.

    Raises:
        WarehouseError: `figure_unknown`, naming the nearest codes, or saying that a measure is
            printed by sources and not computed.
    """
    entries = {entry["indicator_code"]: entry for entry in catalogue(settings)}
    if code not in entries:
        near = process.extract(code, entries.keys(), limit=NEAREST)
        raise WarehouseError.of(
            Code.FIGURE_UNKNOWN,
            expected="a code of the catalogue of indicators",
            found=f"«{code}»; nearest: {', '.join(name for name, _, _ in near)}",
            action="Give the code as `warehouse indicator` spells it.",
        )
    facts = entries[code]
    if not facts["input_model"]:
        raise WarehouseError.of(
            Code.FIGURE_UNKNOWN,
            expected="an indicator that is computed",
            found=f"{code}, which sources print",
            action="Ask for it with `warehouse sql`; there is nothing to compute.",
        )
    models, model = Models.of(settings.dbt), facts["input_model"]
    return Indicator(facts, models.columns(model), models.key(model))


def compute(
    settings: Settings, code: str, path: Path, variables: Mapping[str, Any] | None = None
) -> tuple[list[str], list[Row]]:
    """Compute an indicator from a CSV file with the models of the warehouse.

    Args:
        settings: Where the project is.
        code: Indicator.
        path: CSV file in UTF-8 with a header; its columns are those of `describe`.
        variables: dbt variables with other values than the project's, as thresholds.

    Returns:
        Column names, and one row per figure: its key, method, unit, value or reason.

    Raises:
        WarehouseError: `figure_unknown`; `query_failed` for a file that has other columns, text
            where a number or date is due, or a row twice.
    """
    indicator = describe(settings, code)
    models = Models.of(settings.dbt, _checked_variables(settings, variables or {}))
    with duckdb.connect() as connection:
        given = _load(connection, indicator, path)
        try:
            _fill(connection, indicator, given, path)
            figures = indicator.facts["computed_by"]
            models.create(connection, figures)
            return _figures(connection, figures, code, given)
        except duckdb.Error as error:
            raise _refusal(
                path, "a table that the formula can be computed from", str(error).splitlines()[0]
            ) from error


def variables_of(texts: Sequence[str]) -> dict[str, Any]:
    """Variables given as `name=value`; a value is a number, text, list or null, as in YAML.

    Raises:
        WarehouseError: `query_failed` for another spelling.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected="name=value after --set",
                found=f"«{text}»",
                action="Write it like --set sample_threshold=0.5.",
            )
        found[name.strip()] = yaml.safe_load(value)
    return found


def _checked_variables(settings: Settings, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    known = Models.of(settings.dbt).variables
    for name, value in variables.items():
        if name not in known:
            near = process.extract(name, known.keys(), limit=NEAREST)
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected="a variable of dbt/dbt_project.yml after --set",
                found=f"«{name}»; nearest: {', '.join(each for each, _, _ in near)}",
                action="Give the name as the project spells it.",
            )
        kind = _kind(known[name])
        if "null" not in (kind, _kind(value)) and kind != _kind(value):
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected=f"a {kind} for {name}, as {known[name]}",
                found=f"«{value}»",
                action="Write it like --set sample_threshold=0.5, or --set sample_list=[1, 2].",
            )
    return variables


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return "list"
    return "text" if isinstance(value, str | bool) else "number"


def _load(connection: duckdb.DuckDBPyConnection, indicator: Indicator, path: Path) -> list[str]:
    """Load the file as the table `given`, typed; returns the columns that it has."""
    header, rows = _read(path)
    known = {column.name: column for column in indicator.columns}
    _check_header(indicator, header, known, path)
    columns = [known[name] for name in header]
    typed = ", ".join(f'"{column.name}" {column.data_type}' for column in columns)
    connection.execute(f"create table given (input_row bigint, {typed})")
    marks = ", ".join("?" for _ in header)
    for number, row in rows:
        values = [text.strip() or None for text in row]
        if len(values) != len(header):
            raise _refusal(path, f"{len(header)} values a line", f"{len(values)} in line {number}")
        try:
            connection.execute(f"insert into given values ({number}, {marks})", values)  # noqa: S608
            _check_numbers(path, columns, values, number)
        except duckdb.ConversionException as error:
            cell = _unreadable(connection, columns, values)
            raise _refusal(
                path, "values of the columns' types", f"line {number}, {cell}"
            ) from error
    return header


def _check_numbers(
    path: Path, columns: Sequence[Column], values: Sequence[str | None], number: int
) -> None:
    """Refuse what the engine would round, or what powers and sums would overflow with."""
    for column, value in zip(columns, values, strict=True):
        if value is None or column.data_type not in NUMBERS:
            continue
        found = f"line {number}, column {column.name}: «{value}»"
        read = float(value)
        if not abs(read) <= LARGEST:
            raise _refusal(path, f"finite numbers up to {LARGEST:g}", found)
        if column.data_type != "double" and not read.is_integer():
            raise _refusal(path, "a whole number", found)


def _unreadable(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], values: Sequence[str | None]
) -> str:
    """The cells of a line that are not of their column's type."""
    found = []
    for column, value in zip(columns, values, strict=True):
        query = f"select $value is not null and try_cast($value as {column.data_type}) is null"
        if connection.execute(query, {"value": value}).fetchall()[0][0]:
            found.append(f"column {column.name} ({column.data_type}): «{value}»")
    return "; ".join(found)


def _read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows with the number of their line; rows without any text are passed over.

    In a single column an empty line is a missing value, but for those at the end.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            numbered = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal(path, "a CSV file in UTF-8", str(error)) from error
    while numbered and not numbered[-1][1]:
        del numbered[-1]
    texts = [place for place, (_, row) in enumerate(numbered) if any(row)]
    if not texts:
        raise _refusal(path, "a header and rows", "an empty file")
    header, rows = numbered[texts[0]][1], numbered[texts[0] + 1 :]
    if len(header) == 1:
        rows = [(number, row or [""]) for number, row in rows]
    else:
        rows = [(number, row) for number, row in rows if any(row)]
    return [name.strip() for name in header], rows


def _check_header(
    indicator: Indicator, header: Sequence[str], known: Mapping[str, Column], path: Path
) -> None:
    needed = [name for name, column in known.items() if indicator.is_needed(column)]
    wrong = [f"«{name}», which is none of them" for name in header if name not in known]
    wrong += [f"«{name}» twice" for name in dict.fromkeys(header) if header.count(name) > 1]
    wrong += [f"no column «{name}»" for name in needed if name not in header]
    if wrong:
        others = [name for name in known if name not in needed]
        expected = f"the columns {', '.join(needed)}, and if need be {', '.join(others)}"
        raise _refusal(path, expected, "; ".join(wrong))


def _fill(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, given: Sequence[str], path: Path
) -> None:
    """Create the input model from `given`, with the defaults of the columns that it has not.

    A default may use all columns above it, `input_row` and `figure_code`, what is computed.
    """
    query = f"select *, '{indicator.code}' as figure_code from given"  # noqa: S608
    for column in indicator.columns:
        if column.name not in given:
            query = (
                f"select *, cast({column.default} as {column.data_type}) "  # noqa: S608
                f'as "{column.name}" from ({query})'
            )
    connection.execute(f"create table filled as {query}")
    _check_key(connection, indicator, given, path)
    _check_withheld(connection, given, path)
    connection.execute(
        f'create table "{indicator.facts["input_model"]}" as '  # noqa: S608
        "select * exclude (input_row, figure_code) from filled"
    )


def _check_key(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, given: Sequence[str], path: Path
) -> None:
    """Refuse two rows of the same thing: which of them is right, nobody knows."""
    there = {column.name for column in indicator.columns}
    key = [*indicator.key, *(name for name in SCOPE if name in there - {*indicator.key})]
    if not indicator.key:
        return
    repeated = connection.execute(
        f"select list(input_row order by input_row) from filled group by {', '.join(key)} "  # noqa: S608
        "having count(*) > 1 order by min(input_row) limit 1"
    ).fetchone()
    if repeated is not None:
        named = [name for name in key if name in given] or key
        lines = " and ".join(str(line) for line in repeated[0])
        raise _refusal(path, f"one row for the same {', '.join(named)}", f"lines {lines}")


def _check_withheld(
    connection: duckdb.DuckDBPyConnection, given: Sequence[str], path: Path
) -> None:
    """Refuse a figure that is published and withheld at once, where the family knows intervals."""
    there = {row[0] for row in connection.execute("describe filled").fetchall()}
    if "conf_status" not in given or "value_low" not in there:
        return
    withheld = connection.execute(
        "select input_row, conf_status from filled "
        "where value is not null and conf_status <> 'F' order by input_row limit 1"
    ).fetchone()
    if withheld is not None:
        expected = "no value where it is withheld; value_low and value_high may stand for it"
        raise _refusal(path, expected, f"line {withheld[0]}, conf_status «{withheld[1]}»")


def _figures(
    connection: duckdb.DuckDBPyConnection, figures: str, code: str, given: Sequence[str]
) -> tuple[list[str], list[Row]]:
    there = [row[0] for row in connection.execute(f'describe "{figures}"').fetchall()]
    keys = [name for name in dict.fromkeys((*KEYS, *given)) if name in there]
    keys = [name for name in keys if name not in RESULT]
    rows = connection.execute(
        f'select {", ".join((*keys, *RESULT))} from "{figures}" '  # noqa: S608
        "where indicator_code = $code order by all",
        {"code": code},
    ).fetchall()
    shown = [
        place
        for place, name in enumerate(keys)
        if name in given or len({row[place] for row in rows}) > 1
    ]
    if not rows:
        raise WarehouseError.of(
            Code.FIGURE_UNKNOWN,
            expected=f"rows that {code} is computed for",
            found="none among the rows of the file",
            action=f"`warehouse indicator {code}` says what it needs.",
        )
    names = ["indicator_code", *(keys[place] for place in shown), *RESULT]
    return names, [(code, *(row[place] for place in shown), *row[len(keys) :]) for row in rows]


def _refusal(path: Path, expected: str, found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.QUERY_FAILED,
        file_name=path.name,
        expected=expected,
        found=found,
        action="Mend the file; `warehouse indicator CODE` describes its columns.",
    )
