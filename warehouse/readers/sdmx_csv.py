"""SDMX-CSV 1.0 and 2.0: one observation per line, with ids, names or both."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from warehouse.readers.cells import Axis, Indices, Workbook, column_letters
from warehouse.readers.cubes import axis, cube_sheet, damaged, refuse_count, unsupported
from warehouse.readers.delimited import decode

VALUE = "OBS_VALUE"
_FIRST = re.compile(r'^"?(DATAFLOW|STRUCTURE)(\[[^\]]*\])?"?([,;|\t])')
_BOTH = re.compile(r"^([A-Za-z_@$][\w@$-]*):\s*(.+)$")
_DELETES = frozenset({"D"})


def is_sdmx_csv(first_line: str) -> bool:
    """Whether a header line is that of SDMX-CSV."""
    fields = re.split(r"[,;|\t]", first_line.replace('"', ""))
    has_value = any(field.partition(":")[0].strip() == VALUE for field in fields)
    return bool(_FIRST.match(first_line)) and (has_value or fields[0] == "STRUCTURE")


@dataclass(frozen=True)
class _Part:
    """A component of the structure and the columns that hold its ids and names."""

    name: str
    label: str
    ids: int
    names: int | None = None


def read_sdmx_csv(path: Path) -> Workbook:
    """Read SDMX-CSV as one self-describing part.

    Raises:
        WarehouseError: `file_damaged`, `encoding_unknown`, or `format_unknown` for lines that
            delete, or several data sets in one file.
    """
    text = decode(path.read_bytes())
    first = text.split("\n", 1)[0]
    match = _FIRST.match(first)
    if match is None:
        raise damaged("a first column DATAFLOW or STRUCTURE", first[:60])
    columns, table = _table(text, match[3])
    refuse_count(table.num_rows)
    parts = _parts(columns)
    found = {part.name: part for part in parts}
    if VALUE not in found:
        raise unsupported("SDMX-CSV without OBS_VALUE", "Ask for one measure, as OBS_VALUE.")
    about = [part for part in parts if part.name in _ABOUT]
    _refuse_actions(found, table)
    place = found[VALUE].ids
    axes = [_axis(part, table) for part in parts if part.name not in _ABOUT | {VALUE}]
    values = table.column(place)
    blank = pc.or_(pc.equal(values, ""), pc.equal(values, "NaN"))
    printed = pc.if_else(blank, None, values).to_pylist()
    sheet = cube_sheet("", _title(about, table), axes, printed, _addresses(place))
    return Workbook("sdmx_csv", (sheet,))


_ABOUT = frozenset({"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"})


def _table(text: str, delimiter: str) -> tuple[list[str], pa.Table]:
    """Header fields, and the columns as texts in the order of the file."""
    try:
        table = pa_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pa_csv.ReadOptions(autogenerate_column_names=True),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                strings_can_be_null=False,
                column_types={f"f{number}": pa.string() for number in range(2000)},
            ),
        )
    except pa.ArrowInvalid as error:
        raise damaged("lines with the same number of fields", str(error)[:120]) from error
    columns = [str(column[0].as_py()).strip() for column in table.columns]
    if len(set(columns)) < len(columns) or table.num_rows < 2:
        raise damaged("columns with names of their own, and observations", ", ".join(columns)[:80])
    return columns, table.slice(1)


def _parts(columns: Sequence[str]) -> list[_Part]:
    """Components: named by ids, by «id: name», or by an id and the name in the next column."""
    is_paired = "STRUCTURE_NAME" in columns
    found: list[_Part] = []
    at = 0
    while at < len(columns):
        bare = re.sub(r"\[[^\]]*\]$", "", columns[at])
        both = _BOTH.match(bare)
        if both:
            found.append(_Part(both[1], both[2], at))
        elif is_paired and bare not in _ABOUT and at + 1 < len(columns):
            found.append(_Part(bare, columns[at + 1], at, at + 1))
            at += 1
        else:
            found.append(_Part(bare, bare, at))
        at += 1
    return found


def _refuse_actions(found: dict[str, _Part], table: pa.Table) -> None:
    if "ACTION" in found:
        actions = set(pc.unique(table.column(found["ACTION"].ids)).to_pylist())
        if actions & _DELETES:
            raise unsupported("SDMX-CSV with lines that delete", "Fetch the data themselves.")
    for name in ("DATAFLOW", "STRUCTURE_ID"):
        if name in found and len(pc.unique(table.column(found[name].ids))) > 1:
            raise unsupported("SDMX-CSV with several data sets", "Fetch them one by one.")


def _axis(part: _Part, table: pa.Table) -> Axis:
    encoded = pc.dictionary_encode(table.column(part.ids).combine_chunks())
    codes = encoded.dictionary.to_pylist()
    index = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    texts: list[list[str]] = []
    if part.names is not None:
        names = table.column(part.names).to_pylist()
        first = {at: names[row] for row, at in reversed(list(enumerate(index.tolist())))}
        texts = [[first[at] or code for at, code in enumerate(codes)]]
    elif part.label != part.name:
        split = [code.partition(": ") for code in codes]
        codes, texts = [head for head, _, _ in split], [[tail or head for head, _, tail in split]]
    if "" in codes:
        at = codes.index("")
        index[index == at] = -1
        codes[at] = "(blank)"  # an id that no file has, so that places stay
    return axis(part.name, codes, index, labels=[part.label], texts=texts)


def _title(about: Sequence[_Part], table: pa.Table) -> str:
    said = [table.column(part.ids)[0].as_py() for part in about if part.name != "ACTION"]
    return " ".join(dict.fromkeys(said))


def _addresses(column: int) -> Any:
    letters = column_letters(column)

    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [f"{letters}{row + 2}" for row in rows.tolist()]

    return addresses
