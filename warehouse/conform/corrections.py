"""Records of known errors, laid beside the figures that they are about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from warehouse.conform.periods import parse_period
from warehouse.errors import Code, Problem
from warehouse.layout.corrections import Correction, Target
from warehouse.layout.texts import squeeze

TOTAL = "_T"


def apply_corrections(
    frames: Sequence[pd.DataFrame], corrections: Sequence[Correction]
) -> list[Problem]:
    """Write each record into the row of its target; the value stays as printed.

    A rejected record is written where its printed value still stands, and guards nothing.

    Returns:
        Records that do not fit the file: the source mended itself, or the target is not one cell.
    """
    problems: list[Problem] = []
    for record in corrections:
        hits = [
            (frame, index)
            for frame in frames
            for index in frame.index[_is_target(frame, record.target)]
        ]
        if len(hits) > 1:
            problems.append(_ambiguous(record, [str(f.at[at, "cell"]) for f, at in hits]))
            continue
        for frame, index in hits:
            if _is_as_recorded(frame.loc[index], record.printed):
                _write(frame, index, record)
            elif record.is_active:
                problems.append(_outdated(record, frame.loc[index]))
    return problems


def _is_target(frame: pd.DataFrame, target: Target) -> pd.Series:
    period = parse_period(str(target.period))
    if period is None or frame.empty:
        return pd.Series(np.zeros(len(frame), dtype=bool), index=frame.index)
    span = period.period
    mask = (
        frame["indicator_code"].eq(target.indicator)
        & frame["region_code"].eq(target.region)
        & frame["period_start"].eq(span.start)
        & frame["period_end"].eq(span.end)
    )
    activity = frame["activity_code"]
    mask &= activity.isna() if target.activity is None else activity.eq(target.activity)
    if target.unit is not None:
        mask &= frame["unit_code"].eq(target.unit)
    spread = {str(name).removeprefix("by_") for name in frame if str(name).startswith("by_")}
    for name in spread:
        mask &= frame[f"by_{name}"].fillna(TOTAL).eq(target.breakdown.get(name, TOTAL))
    beyond = {code for name, code in target.breakdown.items() if name not in spread}
    return mask if beyond <= {TOTAL} else mask & False


def _is_as_recorded(row: pd.Series, printed: float | str) -> bool:
    if isinstance(printed, str):
        return squeeze(str(row["value_printed"])) == squeeze(printed)
    return bool(np.isclose(float(row["value"]), printed, rtol=1e-12, atol=0.0))


def _write(frame: pd.DataFrame, index: object, record: Correction) -> None:
    low, high = record.admissible or (np.nan, np.nan)
    frame.loc[index, "correction_id"] = record.id
    frame.loc[index, "correction_status"] = record.status
    frame.loc[index, "value_corrected"] = np.nan if record.corrected is None else record.corrected
    frame.loc[index, ["admissible_low", "admissible_high"]] = (low, high)


def _outdated(record: Correction, row: pd.Series) -> Problem:
    return Problem(
        Code.CORRECTION_OUTDATED,
        expected=f"«{_shown(record.printed)}», as correction {record.id} recorded it",
        found=f"«{squeeze(str(row['value_printed']))}»",
        action="The source has changed this figure: compare, then set the record's status to "
        "rejected or record the new printed value.",
        table=str(row["table_name"]),
        cell=str(row["cell"]),
        value_printed=squeeze(str(row["value_printed"])),
    )


def _ambiguous(record: Correction, cells: list[str]) -> Problem:
    return Problem(
        Code.CORRECTION_INVALID,
        expected=f"one cell for the target of correction {record.id}",
        found=f"{len(cells)}: {', '.join(cells[:6])}",
        action="Name the unit or the activity in the target of the record.",
        cell=cells[0],
    )


def _shown(printed: float | str) -> str:
    return printed if isinstance(printed, str) else f"{printed:.12g}"
