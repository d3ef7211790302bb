"""Staged tables as the pandas batches that rules and expectations work on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

OF_FILE = "of_file"
"""Column of a batch: the number of the file that a row belongs to."""
KEY = (
    OF_FILE,
    "indicator_code",
    "region_code",
    "activity_classifier",
    "activity_code",
    "breakdown",
    "period_start",
    "period_end",
    "period_kind",
    "unit_code",
    "currency_code",
    "price_base",
)
"""What one value is about: two values of a file with the same key must be the same fact."""

_DATES = ("period_start", "period_end", "released_on")


def batch(*tables: pa.Table) -> pd.DataFrame:
    """Staged tables of some files as one frame, with the number of each row's file in `of_file`.

    The breakdown becomes text such as `age=Y15-24;sex=F`.
    """
    owners = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
    table = pa.concat_tables(tables)
    dates = [name for name in _DATES if name in table.column_names]
    if "breakdown" in table.column_names:
        place = table.column_names.index("breakdown")
        table = table.set_column(place, "breakdown", breakdown_text(table["breakdown"]))
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    for name in dates:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    frame[OF_FILE] = owners
    return frame


def breakdown_text(breakdown: pa.ChunkedArray) -> pa.Array:
    """Maps of dimension to code as sorted text, one string per row; empty maps give ``""``."""
    maps = pa.chunked_array(breakdown.chunks, breakdown.type).combine_chunks()
    lists = maps.cast(pa.list_(maps.type.field(0).type))
    entries = pc.list_flatten(lists)
    texts = pc.binary_join_element_wise(entries.field(0), entries.field(1), "=")
    pairs = pa.table({"row": pc.list_parent_indices(lists), "text": texts})
    ordered = pairs.sort_by([("row", "ascending"), ("text", "ascending")])["text"]
    ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False))
    sorted_lists = pa.ListArray.from_arrays(
        pa.array(np.concatenate([[0], ends]), pa.int32()), ordered.combine_chunks()
    )
    return pc.binary_join(sorted_lists, ";")


def breakdown_code(breakdown: pd.Series, dimension: str) -> pd.Series:
    """Code of one dimension in the breakdown; missing where the row does not have it."""
    return breakdown.str.extract(rf"(?:^|;){dimension}=([^;]*)", expand=False)


def breakdown_without(breakdown: pd.Series, dimension: str) -> pd.Series:
    """The breakdown without one dimension."""
    shorter = breakdown.str.replace(rf"(?:^|;){dimension}=[^;]*", "", regex=True)
    return shorter.str.removeprefix(";")


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows whose key columns have no missing text, so that they can be joined and grouped."""
    others = (OF_FILE, "period_start", "period_end")
    texts = [name for name in KEY if name not in others]
    filled = frame.copy()
    filled[texts] = filled[texts].astype("object").fillna("").astype("str")
    return filled


def half_digit(frame: pd.DataFrame) -> pd.Series:
    """Half of the last printed digit of each value, in the printed unit."""
    digits = pd.to_numeric(frame["value_digits"], errors="coerce").fillna(0).astype("float64")
    return 0.5 * 10.0 ** (-digits)


def code_list(seeds: str, name: str) -> pd.DataFrame:
    """One code list as text columns; empty cells are missing.

    Args:
        seeds: Folder of the code lists.
        name: File name without ending.
    """
    path = Path(seeds) / f"{name}.csv"
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: str, _version: int) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
