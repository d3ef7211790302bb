"""A self-describing part and one table of a contract to values with their headers.

The file says itself which member of which dimension a value belongs to, so nothing is searched
for: the contract names the dimensions that become ours. One that it does not name refuses the
part, as a cell does that no rule explains.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warehouse.errors import Code, WarehouseError
from warehouse.layout.contract import AnyOf, Find, Table, finds_of
from warehouse.layout.engine import Found, Header, LaidOut, Recogniser, RecogniserOf
from warehouse.layout.texts import matches, squeeze
from warehouse.readers.cells import Axis, Kind, Sheet

SEARCHED = ("caption", "sheet", "file")
SHOWN = 8


def lay_out_cube(
    sheet: Sheet, table: Table, recogniser_of: RecogniserOf, file_name: str
) -> LaidOut:
    """Join the dimensions that the contract names to the values of a self-describing part.

    Raises:
        WarehouseError: a dimension that the contract names is missing, one that the file has is
            not named, or no value is left.
    """
    return _Cube(sheet, table, recogniser_of, file_name).run()


class _Cube:
    def __init__(
        self, sheet: Sheet, table: Table, recogniser_of: RecogniserOf, file_name: str
    ) -> None:
        self.sheet = sheet
        self.table = table
        self.recogniser_of = recogniser_of
        self.file_name = file_name
        self.used: set[str] = set()

    def run(self) -> LaidOut:
        rows = np.flatnonzero(self._selected())
        if not len(rows):
            raise self._error(
                Code.TABLE_NOT_FOUND,
                expected="values of the members that `only` names",
                found="none",
                action="Fetch the whole table, or correct `only`.",
            )
        found = {
            name: [
                self._found(name, find, rows, optional=_may_be_absent(dimension, find))
                for find in finds_of(dimension)
            ]
            for name, dimension in self.table.dimensions.items()
        }
        if self.table.multiplier:
            self._axis(self.table.multiplier)
        self._refuse_unnamed()
        return LaidOut(
            sheet=self.sheet,
            table=self.table,
            rows=rows,
            columns=np.zeros(len(rows), dtype=np.intp),
            found={name: places for name, places in found.items() if places},
            notes={note_mark_of(at): note.text for at, note in enumerate(self.sheet.notes)},
        )

    def _selected(self) -> npt.NDArray[np.bool_]:
        """Values of the members that the contract is about; the others are declared ignored."""
        chosen = np.ones(self.sheet.shape[0], dtype=bool)
        for heading, members in self.table.only.items():
            axis = self._axis(heading)
            fits = [
                any(matches([members], text) for text in _said(axis, at))
                for at in range(len(axis.codes))
            ]
            chosen &= np.array([*fits, False], dtype=bool)[axis.index]
        return chosen

    def _axis(self, heading: str) -> Axis:
        hits = [axis for axis in self.sheet.axes if _is_called(axis, heading)]
        if len(hits) != 1:
            raise self._error(
                Code.HEADER_AMBIGUOUS if hits else Code.HEADER_NOT_FOUND,
                expected=f"one dimension called «{heading}»",
                found=", ".join(axis.name for axis in hits or self.sheet.axes),
                action="Compare the file with the contract: a dimension was renamed.",
            )
        self.used.add(hits[0].name)
        return hits[0]

    def _found(self, name: str, find: Find, rows: npt.NDArray[np.intp], *, optional: bool) -> Found:
        if find.place in SEARCHED:
            return self._searched(name, find, len(rows))
        if find.place != "left" or find.heading is None:
            raise self._error(
                Code.CONTRACT_INVALID,
                expected=f"`left` with a `heading` for {name} of a self-describing file",
                found=f"`{find.place}`" + ("" if find.heading else " without heading"),
                action="Name the dimension of the file as `heading`.",
            )
        heading = find.heading
        if optional and not any(_is_called(axis, heading) for axis in self.sheet.axes):
            return Found(find, [], np.full(len(rows), -1, dtype=np.int32))
        return self._joined(find, self._axis(heading), self.recogniser_of(name, find), rows)

    def _joined(
        self, find: Find, axis: Axis, recogniser: Recogniser, rows: npt.NDArray[np.intp]
    ) -> Found:
        members, index = np.unique(axis.index[rows], return_inverse=True)
        headers = [
            Header(_header_text(axis, at, recogniser), f"{axis.name}={axis.codes[at]}")
            for at in members.tolist()
            if at >= 0
        ]
        absent = 1 if len(members) and members[0] < 0 else 0
        return Found(find, headers, (index.reshape(-1) - absent).astype(np.int32))

    def _searched(self, name: str, find: Find, count: int) -> Found:
        text = {
            "caption": self.sheet.title,
            "sheet": self.sheet.name,
            "file": self.file_name,
        }[find.place]
        hit = self.recogniser_of(name, find).search(squeeze(text))
        if hit is None:
            return Found(find, [], np.full(count, -1, dtype=np.int32))
        return Found(find, [Header(hit, find.place)], np.zeros(count, dtype=np.int32))

    def _refuse_unnamed(self) -> None:
        unnamed = [
            axis
            for axis in self.sheet.axes
            if axis.name not in self.used
            and not axis.is_attribute
            and not any(matches(self.table.skip_columns, text) for text in axis.names)
        ]
        if not unnamed:
            return
        shown = "; ".join(f"{axis.name} ({_shown(axis.codes)})" for axis in unnamed[:SHOWN])
        raise self._error(
            Code.CELL_UNEXPLAINED,
            expected="every dimension of the file to be named by the contract",
            found=f"{len(unnamed)} that are not: {shown}",
            action="Map it as a dimension, choose members with `only`, or put it under "
            "`skip_columns` if it does not tell figures apart.",
        )

    def _error(self, code: Code, **parts: str) -> WarehouseError:
        place = {"table": self.sheet.name or self.table.name}
        return WarehouseError.of(code, **{**place, **parts})


def _may_be_absent(dimension: object, find: Find) -> bool:
    """Another alternative, or a default, stands in for a dimension that the file lacks."""
    return isinstance(dimension, AnyOf) or find.default is not None


def _is_called(axis: Axis, heading: str) -> bool:
    return any(matches([heading], text) for text in axis.names)


def _said(axis: Axis, member: int) -> list[str]:
    """Everything a member is called: its id first."""
    return [axis.codes[member], *(language[member] for language in axis.texts)]


def _header_text(axis: Axis, member: int, recogniser: Recogniser) -> str:
    """What is looked up for a member: its id or its name, whichever is known; both must agree."""
    said = list(dict.fromkeys(squeeze(text) for text in _said(axis, member)))
    known = [text for text in said if recogniser.claims(text)]
    if len({recogniser.meaning(text) for text in known}) > 1:
        return " / ".join(said)  # known to nobody: the refusal shows what contradicts itself
    return known[0] if known else said[-1] if len(said) == 1 else " / ".join(said)


def _shown(codes: Sequence[str]) -> str:
    more = f" … {len(codes)}" if len(codes) > 4 else ""
    return ", ".join(codes[:4]) + more


def note_mark_of(at: int) -> str:
    """Mark that stands for a footnote of a self-describing part."""
    return f"note{at + 1}"


def is_cube(sheet: Sheet) -> bool:
    """Whether a part describes itself."""
    return bool(sheet.axes)


def has_values(sheet: Sheet) -> bool:
    """Whether any cell or value is there."""
    return bool((sheet.kind != Kind.EMPTY).any())
