"""Small tables written as rows of cells, read by a contract that stands beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from tests.layout.reading import NOW, code_lists, observations
from warehouse.interpret import Interpretation, _File, _outcome, read_workbook
from warehouse.layout.contract import Contract
from warehouse.readers import detect_format, read
from warehouse.readers.cells import Merge, Sheet, Workbook, build_sheet

ABOUT = {
    "provider": "somebody",
    "provider_name": "Somebody",
    "dataset": "something",
    "title": "Something",
    "country": "BY",
    "licence": "own",
    "owner": "tests",
    "cadence": "yearly",
    "recognise": {"format": ["xlsx"], "caption": "."},
}
Rows = Sequence[Sequence[Any]]


def contract(table: str, **about: Any) -> Contract:
    described = {"name": "table", **yaml.safe_load(table)}
    return Contract.model_validate({**ABOUT, **about, "tables": [described]})


def sheet(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = (), name: str = "1") -> Sheet:
    return build_sheet(name, rows, merges=tuple(Merge(*merge) for merge in merges))


def read_rows(
    rows: Rows | Sheet,
    table: str,
    merges: Sequence[tuple[int, int, int, int]] = (),
    **about: Any,
) -> Interpretation:
    given = rows if isinstance(rows, Sheet) else sheet(rows, merges)
    described = contract(table, **about)
    file = _File(path=None, file_id="f" * 64, file_name="t.xlsx", received_at=NOW)  # type: ignore[arg-type]
    file.format_code = "xlsx"
    read_workbook(file, Workbook("xlsx", (given,)), {described.id: described}, code_lists())
    return _outcome(file)


def values(reading: Interpretation, *names: str) -> Mapping[Any, float | None]:
    """Value by what the columns say, as printed order has it."""
    assert reading.outcome_code == "accepted", reading.problem
    frame = observations(reading)
    keys = frame[list(names)].itertuples(index=False, name=None)
    found = [None if pd.isna(value) else value for value in frame["value"]]
    keyed = [key[0] if len(names) == 1 else key for key in keys]
    assert len(set(keyed)) == len(keyed), "one value for each key"
    return dict(zip(keyed, found, strict=True))


def read_book(path: Path, table: str, file_name: str | None = None, **about: Any) -> Interpretation:
    """A file read whole, its first sheet by the contract and the others skipped."""
    name = file_name or path.name
    format_code = detect_format(path, name)
    book = read(path, format_code, name)
    rule = {"format": [book.format_code], "caption": "."}
    others = [re.escape(one.name) for one in book.sheets[1:]]
    described = contract(table, **{"recognise": rule, "skip_sheets": others, **about})
    file = _File(path=path, file_id="f" * 64, file_name=name, received_at=NOW)
    file.format_code = book.format_code
    read_workbook(file, book, {described.id: described}, code_lists())
    return _outcome(file)
