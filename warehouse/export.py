"""Files for other programs: the published marts as Parquet, CSV, XLSX or SDMX-CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from warehouse import disk
from warehouse.disclosure import Rule
from warehouse.errors import Code, WarehouseError
from warehouse.marts import nearest, session
from warehouse.public import protected, public_tables
from warehouse.settings import Settings

FACTS = "mart_indicator"
SHEET_ROWS = 1_048_575
"""Rows of a worksheet under its header."""
FLOW = "CLUSTERS:INDICATOR(1.0)"
_FORMULA = r"^(?:[=+@\t\r]|-[^\d.,]*[A-Za-z(])"
"""Text that a spreadsheet would compute. A dash before digits is a number as printed."""
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Format(StrEnum):
    """Kinds of files."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"
    sdmx = "sdmx-csv"


@dataclass(frozen=True)
class Exported:
    """One table that was written.

    Attributes:
        table: Name in the schema `marts`.
        path: The file; of an XLSX workbook the same for all tables.
        rows: How many.
    """

    table: str
    path: Path
    rows: int


def export(
    settings: Settings,
    form: Format,
    *,
    is_public: bool = False,
    tables: Sequence[str] = (),
    folder: Path | None = None,
) -> list[Exported]:
    """Write marts of the published file into a folder.

    Args:
        settings: The warehouse home.
        form: Kind of file.
        is_public: Only what everybody may see; confidential figures are withheld.
        tables: Which tables; none named: all, for SDMX `mart_indicator`.
        folder: Where to; else `<home>/exports/<format>`, with `-public` for public ones.

    Raises:
        WarehouseError: `nothing_published`, `build_damaged`, `query_failed` for an unknown table
            or one that is too long for a worksheet, `disk_full`, `home_unwritable`.
    """
    target = folder or settings.exports / f"{form.value}{'-public' if is_public else ''}"
    with _opened(settings, is_public=is_public) as (connection, queries), disk.writing(target):
        target.mkdir(parents=True, exist_ok=True)
        if form is Format.sdmx:
            facts = queries[FACTS] if is_public else _WITH_CONF_STATUS
            return [_sdmx(connection, facts, tables, target)]
        chosen = {name: queries[_known(name, queries)] for name in tables} or queries
        writer = _WRITERS[form]
        return writer(connection, chosen, target)


@contextmanager
def _opened(
    settings: Settings, *, is_public: bool
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Mapping[str, str]]]:
    with session(settings) as connection:
        if not is_public:
            yield connection, _all_tables(connection)
            return
        with protected(settings.published, Rule.of(settings)) as guarded:
            yield guarded, public_tables()


def _all_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
    ).fetchall()
    return {name: f"select * from marts.{name}" for (name,) in names}  # noqa: S608


def _known(name: str, queries: Mapping[str, str]) -> str:
    if name in queries:
        return name
    raise WarehouseError.of(
        Code.QUERY_FAILED,
        expected=f"one of the tables {', '.join(queries)}",
        found=f"{name}; nearest: {nearest(name, ((known, None, None) for known in queries))}",
        action="Name a table of the schema marts without its schema.",
    )


Writer = Callable[[duckdb.DuckDBPyConnection, Mapping[str, str], Path], list[Exported]]


def _parquet(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], folder: Path
) -> list[Exported]:
    return [
        _one_file(connection, name, query, folder / f"{name}.parquet", _write_parquet)
        for name, query in queries.items()
    ]


def _csv(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], folder: Path
) -> list[Exported]:
    return [
        _one_file(connection, name, query, folder / f"{name}.csv", _write_csv)
        for name, query in queries.items()
    ]


def _one_file(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    path: Path,
    write: Callable[[pa.Table, Path], None],
) -> Exported:
    rows = connection.execute(query).to_arrow_table()
    with _new_file(path) as temporary:
        write(rows, temporary)
    return Exported(name, path, rows.num_rows)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    temporary = disk.temporary_name(path)
    try:
        yield temporary
        disk.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_parquet(rows: pa.Table, path: Path) -> None:
    pa.parquet.write_table(rows, path, compression="zstd")


def _write_csv(rows: pa.Table, path: Path) -> None:
    columns = [_as_text(column) for column in rows.columns]
    pa.csv.write_csv(pa.table(columns, names=rows.column_names), path)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that a line of text can hold; text never begins like a formula."""
    if pa.types.is_map(column.type) or pa.types.is_struct(column.type):
        rows = (
            "; ".join(f"{k}={v}" for k, v in row) if row else None for row in column.to_pylist()
        )
        column = pa.chunked_array([pa.array(rows, pa.string())])
    elif pa.types.is_list(column.type):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    if pa.types.is_string(column.type):
        is_formula = pc.match_substring_regex(column, _FORMULA)
        return pc.if_else(pc.fill_null(is_formula, False), _quoted(column), column)
    return column


def _quoted(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pa.scalar("'"), column, "")


def _xlsx(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], folder: Path
) -> list[Exported]:
    from openpyxl import Workbook  # noqa: PLC0415  (slow to load)

    path = folder / "warehouse.xlsx"
    book = Workbook(write_only=True)
    found: list[Exported] = []
    for name, query in queries.items():
        rows = connection.execute(query).to_arrow_table()
        if rows.num_rows > SHEET_ROWS:
            raise WarehouseError.of(
                Code.QUERY_FAILED,
                expected=f"at most {SHEET_ROWS} rows of {name} in a worksheet",
                found=f"{rows.num_rows} rows",
                action="Leave the table out with --table, or export it as Parquet.",
            )
        _fill_sheet(book.create_sheet(name[:31]), rows)
        found.append(Exported(name, path, rows.num_rows))
    with _new_file(path) as temporary:
        book.save(temporary)
    return found


def _fill_sheet(sheet: Any, rows: pa.Table) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    columns = [_as_cells(column) for column in rows.columns]
    bold = Font(bold=True)
    sheet.freeze_panes = "B2"
    last = get_column_letter(max(rows.num_columns, 1))
    sheet.auto_filter.ref = f"A1:{last}{rows.num_rows + 1}"
    header = []
    for index, name in enumerate(rows.column_names, start=1):
        cell = WriteOnlyCell(sheet, name)
        cell.font = bold
        header.append(cell)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(len(name) + 4, 10), 40)
    sheet.append(header)

    def text(value: str) -> Any:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"  # never a formula
        return cell

    for row in zip(*columns, strict=True):
        sheet.append([text(v) if isinstance(v, str) and v[:1] == "=" else v for v in row])


def _as_cells(column: pa.ChunkedArray) -> list[Any]:
    """Values as a worksheet holds them: numbers, days and truth as such, the rest as text."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return [value and value.replace(tzinfo=None) for value in column.to_pylist()]
    if pa.types.is_nested(kind):
        column = _as_text(column)
    values: list[Any] = column.to_pylist()
    if pa.types.is_string(column.type):
        return [value and _UNSAFE.sub(" ", value) for value in values]
    if pa.types.is_floating(kind):
        return [
            value if value is None or abs(value) < float("inf") else str(value) for value in values
        ]
    return values


_WRITERS: dict[Format, Writer] = {
    Format.parquet: _parquet,
    Format.csv: _csv,
    Format.xlsx: _xlsx,
}


def _sdmx(
    connection: duckdb.DuckDBPyConnection, facts: str, tables: Sequence[str], folder: Path
) -> Exported:
    if any(name != FACTS for name in tables):
        raise WarehouseError.of(
            Code.QUERY_FAILED,
            expected=f"{FACTS}: SDMX-CSV holds observations",
            found=", ".join(tables),
            action="Leave --table out, or choose another format.",
        )
    rows = connection.execute(_SDMX.format(flow=FLOW, rows=facts)).to_arrow_table()
    path = folder / f"{FACTS}.csv"
    with _new_file(path) as temporary:
        pa.csv.write_csv(rows, temporary)
    return Exported(FACTS, path, rows.num_rows)


_WITH_CONF_STATUS = """
select figure.*, coalesce(cell.conf_status, reason.conf_status, 'F') as conf_status
from marts.mart_indicator as figure
left join (select observation_id, conf_status from marts.fct_observation) as cell
    using (observation_id)
left join seeds.reasons as reason using (reason_code)
"""

_SDMX = """
select
    'dataflow' as "STRUCTURE",
    '{flow}' as "STRUCTURE_ID",
    'I' as "ACTION",
    'A' as "FREQ",
    figure.indicator_code as "INDICATOR",
    figure.region_code as "REF_AREA",
    figure.cluster_code as "CLUSTER",
    figure.activity_classifier as "ACTIVITY_CLASSIFIER",
    figure.activity_code as "ACTIVITY",
    figure.base_indicator_code as "BASE_INDICATOR",
    figure.method_version as "METHOD",
    figure.unit_code as "UNIT_MEASURE",
    cast(figure.year as varchar) as "TIME_PERIOD",
    figure.value as "OBS_VALUE",
    figure.obs_status as "OBS_STATUS",
    figure.conf_status as "CONF_STATUS",
    figure.reason_code as "REASON",
    case when figure.is_illustrative then 'true' else 'false' end as "ILLUSTRATIVE"
from ({rows}) as figure
order by all
"""
