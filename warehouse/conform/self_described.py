"""What a self-describing file says beside each value: status, confidentiality, power of ten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warehouse.conform.codelists import CodeLists, Unit
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.layout.cube import note_mark_of
from warehouse.layout.engine import LaidOut
from warehouse.layout.texts import matches
from warehouse.readers.cells import Axis
from warehouse.readers.cubes import CONFIDENTIALITY_NAMES, STATUS_NAMES

Objects = npt.NDArray[np.object_]
REASON_OF_STATUS = {
    "H": "not_applicable",
    "K": "included_elsewhere",
    "L": "not_collected",
    "M": "not_applicable",
    "O": "not_available",
    "Q": "confidential",
}
"""What the SDMX status of a missing value says about why it is missing."""


@dataclass(frozen=True)
class Said:
    """Per value: SDMX status, confidentiality and reason as the file says them, None for nothing.

    Attributes:
        refused: Values whose status nobody knows.
        mark: Marks of the footnotes that are about the value.
    """

    status: Objects
    confidentiality: Objects
    reason: Objects
    refused: npt.NDArray[np.bool_]
    problems: list[Problem]
    mark: Objects


def read_said(laid: LaidOut, lists: CodeLists) -> Said:
    """Statuses and confidentiality of the values of a self-describing part."""
    count = len(laid.rows)
    nothing = np.full(count, None, dtype=object)
    statusless = (nothing.copy(), nothing.copy(), nothing.copy())
    said = Said(*statusless, np.zeros(count, dtype=bool), [], _marks(laid))
    statuses = lists.column("statuses", "status_code", status_kind="obs")
    confidentialities = lists.column("statuses", "status_code", status_kind="conf")
    flags = laid.table.flags
    reasons = {**REASON_OF_STATUS, **lists.symbols, **laid.table.symbols}

    def status_of(text: str) -> tuple[str | None, str | None] | None:
        """Status and reason of one printed status; None when nobody knows it."""
        codes = [flags[text]] if text in flags else [flags[part] for part in text if part in flags]
        if text in flags or (codes and len(codes) == len(text)):
            reason = next((code for code in codes if code in lists.reasons), None)
            return next((code for code in codes if code in statuses), None), reason
        if text in statuses or text in reasons:
            return (text if text in statuses else None), reasons.get(text)
        return None

    for axis in laid.sheet.axes:
        if axis.name.upper() in STATUS_NAMES:
            _spread(laid, axis, said, (said.status, said.reason), status_of)
        elif axis.name.upper() in CONFIDENTIALITY_NAMES:
            _spread(
                laid,
                axis,
                said,
                (said.confidentiality, nothing),
                lambda text: (text, None) if text in confidentialities else None,
            )
    return said


def _marks(laid: LaidOut) -> Objects:
    marks = np.full(len(laid.rows), None, dtype=object)
    for at, note in enumerate(laid.sheet.notes):
        where = np.ones(len(laid.rows), dtype=bool)
        for place, member in note.members:
            where &= laid.sheet.axes[place].index[laid.rows] == member
        for row in np.flatnonzero(where):
            marks[row] = both_marks(marks[row], note_mark_of(at))
    return marks


def both_marks(first: str | None, second: str | None) -> str | None:
    """Marks of one value, from two places."""
    return " ".join(mark for mark in (first, second) if mark) or None


def _spread(
    laid: LaidOut,
    axis: Axis,
    said: Said,
    into: tuple[Objects, Objects],
    meaning: Callable[[str], tuple[str | None, str | None] | None],
) -> None:
    """Write what each member of a status means to the values that have it."""
    index = axis.index[laid.rows]
    for member in np.unique(index[index >= 0]).tolist():
        where = index == member
        found = meaning(axis.codes[member].strip())
        if found is not None:
            into[0][where], into[1][where] = found
        elif axis.codes[member].strip():
            said.refused[where] = True
            said.problems.append(_unknown(laid, axis, member, where))


def _unknown(laid: LaidOut, axis: Axis, member: int, where: npt.NDArray[np.bool_]) -> Problem:
    first = int(np.flatnonzero(where)[0])
    return Problem(
        Code.SYMBOL_UNKNOWN,
        expected="a status of SDMX, or one declared under `flags`",
        found=f"«{axis.codes[member]}» as {axis.name} of {int(where.sum())} values",
        action="Look the status up in the source and declare it under `flags`.",
        table=laid.sheet.name or laid.table.name,
        cell=laid.sheet.address(int(laid.rows[first]), int(laid.columns[first])),
        value_printed=axis.codes[member],
    )


def with_power_of_ten(laid: LaidOut, units: Objects, lists: CodeLists) -> Objects:
    """Unit of each value after the power of ten that the file says: EUR with 6 is mln_EUR.

    Raises:
        WarehouseError: `unit_unknown` when no unit of the code list has that multiplier.
    """
    heading = laid.table.multiplier
    if heading is None:
        return units
    axis = next(a for a in laid.sheet.axes if any(matches([heading], text) for text in a.names))
    powers = np.array([*axis.codes, "0"], dtype=object)[axis.index[laid.rows]]
    known: dict[tuple[str | None, str], str | None] = {}
    for unit, power in set(zip(units.tolist(), powers.tolist(), strict=True)):
        known[unit, power] = _times(unit, str(power), lists.units) if unit else None
        if unit and known[unit, power] is None:
            raise WarehouseError.of(
                Code.UNIT_UNKNOWN,
                expected=f"a unit that is {unit} times ten to the power of «{power}»",
                found="none in dbt/seeds/units.csv",
                action="Add the unit, or correct the unit of the contract.",
                table=laid.sheet.name or laid.table.name,
            )
    pairs = zip(units.tolist(), powers.tolist(), strict=True)
    return np.array([known[pair] for pair in pairs], dtype=object)


def _times(code: str, power: str, units: Mapping[str, Unit]) -> str | None:
    unit = units.get(code)
    if unit is None or not power.strip().lstrip("-").isdecimal():
        return None
    wanted = unit.multiplier * 10 ** int(power)
    same = (u for u in units.values() if u.base == unit.base and u.multiplier == wanted)
    return next((u.code for u in same), None)
