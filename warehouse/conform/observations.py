"""One laid out table to staged observations and refused cells."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from warehouse.conform.codelists import CodeLists
from warehouse.conform.dimensions import Column, Dimensions, Resolver
from warehouse.conform.self_described import with_power_of_ten
from warehouse.conform.values import Values, read_values
from warehouse.conform.vocabularies import Vocabularies
from warehouse.errors import Code, Problem
from warehouse.layout.contract import Contract
from warehouse.layout.engine import LaidOut
from warehouse.schema import OBSERVATION

CORE = ("indicator", "unit", "period", "region", "activity")
ILLUSTRATIVE_STATUS = "G"
"""SDMX «experimental value»: a figure made for the samples and published nowhere."""
PER_CENT_KINDS = frozenset({"per_cent", "percentage_points", "index", "ratio"})


@dataclass(frozen=True)
class Source:
    """The file that is being read, as far as its rows must know it."""

    file_id: str
    file_name: str
    contract: Contract
    released_on: date | None
    received_at: datetime


@dataclass
class Conformed:
    """Observations of one table as a frame with the columns of `schema.OBSERVATION`.

    `breakdown` is spread over columns `by_<dimension>` until `to_arrow`.
    """

    frame: pd.DataFrame
    problems: list[Problem]


def conform_table(
    laid: LaidOut, source: Source, lists: CodeLists, notes: Mapping[str, str]
) -> Conformed:
    """Codes, numbers and statuses for every value cell of one table.

    Cells whose header or value cannot be read, and cells that say the same thing twice, are
    left out and reported.

    Raises:
        WarehouseError: a dimension is missing altogether, or its places disagree.
    """
    table = laid.table
    known_notes = {**notes, **laid.notes, **table.marks}
    vocabularies = Vocabularies(source.contract, table, lists)
    dimensions = Resolver(laid, vocabularies, lists, known_notes).resolve()
    values = read_values(laid, lists, set(known_notes))
    unit = dimensions.columns["unit"]
    unit.code = with_power_of_ten(laid, unit.code, lists)
    frame = _frame(laid, source, dimensions, values, lists)
    frame["footnote"] = _footnotes(dimensions, values, known_notes)
    problems = [*laid.refused, *dimensions.problems, *values.problems]
    keep = (
        values.readable
        & frame[["indicator_code", "region_code", "unit_code"]].notna().all(axis=1).to_numpy()
    )
    for column in dimensions.columns.values():
        keep &= np.array([code is not None for code in column.code], dtype=bool)
    keep &= _refuse_nonexistent(laid, frame, dimensions, keep, problems)
    keep &= _refuse_unit_contradictions(laid, frame, values, lists, problems)
    frame = _without_repeats(frame[keep], laid)
    return Conformed(_without_duplicates(frame, laid, problems), problems)


# ── columns ─────────────────────────────────────────────────────────────────────────────────


def _frame(
    laid: LaidOut, source: Source, dimensions: Dimensions, values: Values, lists: CodeLists
) -> pd.DataFrame:
    columns, table, contract = dimensions.columns, laid.table, source.contract
    count = len(laid.rows)
    nothing = Column.constant(None, count)
    activity = columns.get("activity", nothing)
    periods = dimensions.period
    units = [lists.units.get(code) if code else None for code in columns["unit"].code]
    cells = laid.sheet.addresses(laid.rows, laid.columns)
    missing = np.isnan(values.value)
    reason = _either(missing & ~dimensions.region_exists, "region_not_existing", values.reason)
    plain = ILLUSTRATIVE_STATUS if contract.illustrative and table.status == "A" else table.status
    status, confidentiality = _statuses(values, reason, laid, lists, plain)
    frame = pd.DataFrame(
        {
            "row": laid.rows,
            "observation_id": _ids(source.file_id, cells),
            "file_id": source.file_id,
            "contract_id": contract.id,
            "contract_version": contract.version,
            "provider_code": contract.provider,
            "dataset_code": contract.dataset,
            "table_name": laid.sheet.name or table.name,
            "cell": np.array(cells, dtype=object),
            "value_printed": values.printed,
            "indicator_code": columns["indicator"].code,
            "region_code": columns["region"].code,
            "region_printed": columns["region"].printed,
            "activity_code": activity.code,
            "activity_classifier": _either(_present(activity.code), table.classifier, None),
            "activity_printed": activity.printed,
            "period_start": [item.start if item else None for item in periods],
            "period_end": [item.end if item else None for item in periods],
            "period_kind": [item.kind if item else None for item in periods],
            "value": values.value,
            "value_digits": values.digits,
            "unit_code": [unit.code if unit else None for unit in units],
            "multiplier": [unit.multiplier if unit else np.nan for unit in units],
            "currency_code": [unit.currency if unit else None for unit in units],
            "price_base": table.price_base,
            "obs_status": status,
            "conf_status": confidentiality,
            "reason_code": _either(missing, reason, None),
            "is_illustrative": contract.illustrative,
            "is_formula": values.formula,
            "released_on": source.released_on,
            "received_at": source.received_at,
            "correction_id": None,
            "value_corrected": np.nan,
            "admissible_low": np.nan,
            "admissible_high": np.nan,
            "correction_status": None,
        }
    )
    for name in _breakdown_of(columns):
        frame[f"by_{name}"] = columns[name].code
    return frame


def _either(mask: npt.NDArray[np.bool_], yes: object, no: object) -> npt.NDArray[np.object_]:
    chosen: npt.NDArray[np.object_] = np.where(mask, _objects(yes), _objects(no))
    return chosen


def _objects(value: object) -> npt.NDArray[np.object_]:
    return np.asarray(value, dtype=object)


def _breakdown_of(columns: Mapping[str, Column]) -> list[str]:
    return sorted(name for name in columns if name not in CORE)


def _present(codes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return np.array([code is not None for code in codes], dtype=bool)


def _ids(file_id: str, cells: list[str]) -> list[str]:
    return [
        hashlib.blake2b(f"{file_id}|{cell}".encode(), digest_size=16).hexdigest() for cell in cells
    ]


def _statuses(
    values: Values,
    reason: npt.NDArray[np.object_],
    laid: LaidOut,
    lists: CodeLists,
    plain: str,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """SDMX statuses: from the reason of a missing value, else from flags, else the table's."""
    by_reason = {None: (plain, "F")} | {
        code: (item.obs_status, item.conf_status) for code, item in lists.reasons.items()
    }
    flags = laid.table.flags
    said_by_file = pd.DataFrame(
        {
            "is_missing": np.isnan(values.value),
            "reason": reason,
            "letters": values.flags,
            "status": values.status,
            "confidentiality": values.confidentiality,
        },
        dtype=object,
    )
    which = said_by_file.groupby([*said_by_file], dropna=False, sort=False).ngroup()
    found: list[tuple[Any, Any]] = []
    for is_missing, why, letters, own, own_confidentiality in said_by_file[
        ~which.duplicated()
    ].itertuples(index=False, name=None):
        said = own or next((flags[letter] for letter in flags if letter in letters), None)
        if is_missing and said is not None and said in by_reason:
            why = said  # noqa: PLW2901
        status, confidentiality = by_reason[why if is_missing else None]
        is_status = said is not None and not is_missing and said not in lists.reasons
        found.append((said if is_status else status, own_confidentiality or confidentiality))
    pairs = np.array(found, dtype=object).reshape(-1, 2)[which]
    return pairs[:, 0], pairs[:, 1]


def _footnotes(
    dimensions: Dimensions, values: Values, notes: Mapping[str, str]
) -> npt.NDArray[np.object_]:
    marks = [values.mark, *(column.mark for column in dimensions.columns.values())]
    frame = pd.DataFrame({str(at): column for at, column in enumerate(marks)})
    marked = frame.notna().any(axis=1).to_numpy()
    texts = np.full(len(frame), None, dtype=object)
    if marked.any():
        rows = frame[marked].itertuples(index=False, name=None)
        texts[marked] = [
            " | ".join(
                dict.fromkeys(
                    notes[part] for mark in row if isinstance(mark, str) for part in mark.split()
                )
            )
            for row in rows
        ]
    return texts


# ── refusals that need the whole row ────────────────────────────────────────────────────────


def _refuse_nonexistent(
    laid: LaidOut,
    frame: pd.DataFrame,
    dimensions: Dimensions,
    keep: npt.NDArray[np.bool_],
    problems: list[Problem],
) -> npt.NDArray[np.bool_]:
    """A value for a region that did not exist in the period is a slipped row or column."""
    bad = keep & ~dimensions.region_exists & frame["value"].notna().to_numpy()
    for at in np.flatnonzero(bad).tolist():
        row = frame.iloc[at]
        problems.append(
            Problem(
                Code.REGION_NOT_VALID,
                expected=f"no value: {row['region_code']} does not exist in that year",
                found=f"«{row['value_printed']}» in {row['period_start'].year}",
                action="Check the row and column; declare `backcast` if the source recalculated.",
                table=laid.sheet.name or laid.table.name,
                cell=row["cell"],
                value_printed=row["value_printed"],
            )
        )
    return ~bad


def _refuse_unit_contradictions(
    laid: LaidOut,
    frame: pd.DataFrame,
    values: Values,
    lists: CodeLists,
    problems: list[Problem],
) -> npt.NDArray[np.bool_]:
    """Cells whose number format or digits say another unit than the table."""
    units = lists.units.items()
    is_share = _flag(frame, {code: unit.kind in PER_CENT_KINDS for code, unit in units})
    is_whole = _flag(
        frame, {code: unit.kind == "count" and unit.multiplier == 1 for code, unit in units}
    )
    with np.errstate(invalid="ignore"):
        broken = is_whole & (values.digits == 3) & (np.mod(values.value, 1) != 0)
    says = {
        "a cell shown as per cent": values.per_cent & ~is_share,
        "a cell shown in thousands by its number format": values.scaled,
        "three decimals in a count, which may be thousands": broken & ~np.isnan(values.value),
    }
    bad = np.zeros(len(frame), dtype=bool)
    for what, where in says.items():
        bad |= where
        for at in np.flatnonzero(where).tolist():
            problems.append(_wrong_unit(laid, frame.iloc[at], what))
    return ~bad


def _flag(frame: pd.DataFrame, codes: dict[str, bool]) -> npt.NDArray[np.bool_]:
    return frame["unit_code"].map(codes).fillna(False).to_numpy(dtype=bool)


def _wrong_unit(laid: LaidOut, row: pd.Series, what: str) -> Problem:
    return Problem(
        Code.UNIT_UNKNOWN,
        expected=f"a value in {row['unit_code']}",
        found=f"{what} (stored {row['value_printed']})",
        action="Correct the unit in the contract or the cell's format in the source.",
        table=laid.sheet.name or laid.table.name,
        cell=row["cell"],
        value_printed=row["value_printed"],
    )


def key_columns(frame: pd.DataFrame) -> list[str]:
    """Columns that together say what a value is about."""
    spread = sorted(str(column) for column in frame.columns if str(column).startswith("by_"))
    return [
        "indicator_code",
        "region_code",
        "activity_classifier",
        "activity_code",
        "period_start",
        "period_end",
        "unit_code",
        *spread,
    ]


def _without_repeats(frame: pd.DataFrame, laid: LaidOut) -> pd.DataFrame:
    """A figure printed again on every row loses the dimensions it does not have."""
    for indicator, dimensions in laid.table.repeated.items():
        rows = frame["indicator_code"] == indicator
        for name in dimensions:
            columns = (
                ["activity_code", "activity_classifier", "activity_printed"]
                if name == "activity"
                else [f"by_{name}"]
            )
            frame.loc[rows, columns] = None
        kept = ~(rows & frame.duplicated([*key_columns(frame), "value"]))
        frame = frame[kept]
    return frame


def _without_duplicates(
    frame: pd.DataFrame, laid: LaidOut, problems: list[Problem]
) -> pd.DataFrame:
    """Cells of one table that claim the same thing are all refused: one of them is mislabelled."""
    doubled = frame.duplicated(key_columns(frame), keep=False)
    if not doubled.any():
        return frame
    groups = frame[doubled].groupby(key_columns(frame), dropna=False, sort=False)["cell"]
    for cells in groups.agg(list):
        problems.append(
            Problem(
                Code.KEY_DUPLICATE,
                expected="one cell for each region, period and measure",
                found=f"{len(cells)} cells: {', '.join(cells[:6])}",
                action="A label or header is doubled or missing: compare with the printed table.",
                table=laid.sheet.name or laid.table.name,
                cell=cells[0],
            )
        )
    return frame[~doubled]


# ── Arrow ───────────────────────────────────────────────────────────────────────────────────


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Observations with the exact columns and types of `schema.OBSERVATION`."""
    spread = sorted(str(column) for column in frame.columns if str(column).startswith("by_"))
    arrays = []
    for field in OBSERVATION:
        if field.name == "breakdown":
            arrays.append(_breakdown(frame, spread))
        else:
            arrays.append(pa.Array.from_pandas(frame[field.name], type=field.type))
    return pa.Table.from_arrays(arrays, schema=OBSERVATION)


def _breakdown(frame: pd.DataFrame, spread: list[str]) -> pa.Array:
    count = len(frame)
    present = (
        np.column_stack([frame[column].notna().to_numpy() for column in spread])
        if spread
        else (np.zeros((count, 0), dtype=bool))
    )
    offsets = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int32)
    keys = np.tile(
        np.array([column.removeprefix("by_") for column in spread], dtype=object), (count, 1)
    )
    items = frame[spread].to_numpy(dtype=object) if spread else np.empty((count, 0), dtype=object)
    return pa.MapArray.from_arrays(
        pa.array(offsets, pa.int32()),
        pa.array(keys[present].tolist(), pa.string()),
        pa.array(items[present].tolist(), pa.string()),
    )
