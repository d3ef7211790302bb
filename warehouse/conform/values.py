"""Value cells of one table to numbers, reasons and statuses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.conform.codelists import CodeLists
from warehouse.conform.names import normalise
from warehouse.conform.numbers import Notation, Reading, decimal_sign, read_text, stored_digits
from warehouse.conform.self_described import Said, both_marks, read_said
from warehouse.errors import Code, Problem
from warehouse.layout.engine import LaidOut
from warehouse.layout.texts import squeeze
from warehouse.readers.cells import Kind, printed

_UNREADABLE_KINDS = {
    Kind.ERROR: (Code.CELL_ERROR, "a value", "Mend the formula in the source."),
    Kind.BOOLEAN: (Code.NUMBER_UNREADABLE, "a number", "Ask the sender what is meant."),
    Kind.DATE: (Code.NUMBER_UNREADABLE, "a number, not a date", "Correct the cell's format."),
    Kind.FORMULA_WITHOUT_VALUE: (
        Code.FORMULA_WITHOUT_VALUE,
        "a formula with its stored result",
        "Open the file in a spreadsheet program, recalculate and save it.",
    ),
}
_TEXTS = {
    Code.NUMBER_UNREADABLE: (
        "a number or a known symbol",
        "Correct the cell in the source; nobody can tell what was meant.",
    ),
    Code.NUMBER_SIGN_MIXED: (
        "one decimal sign in the whole table",
        "Declare `decimal` in the contract, or ask for a file with one sign.",
    ),
    Code.SYMBOL_UNKNOWN: (
        "a number or a known symbol",
        "Look the symbol up in the source and declare it under `symbols`.",
    ),
    Code.MARK_UNKNOWN: (
        "a footnote for every mark, and one way to split it off",
        "Look the mark up in the source and declare it under `marks`.",
    ),
}


@dataclass
class Values:
    """What the value cells say, as parallel arrays in the order of the cells."""

    value: npt.NDArray[np.float64]
    digits: npt.NDArray[np.int8]
    reason: npt.NDArray[np.object_]
    flags: npt.NDArray[np.object_]
    mark: npt.NDArray[np.object_]
    printed: npt.NDArray[np.object_]
    formula: npt.NDArray[np.bool_]
    per_cent: npt.NDArray[np.bool_]
    scaled: npt.NDArray[np.bool_]  # shown in thousands or millions by the number format
    readable: npt.NDArray[np.bool_]
    status: npt.NDArray[np.object_]  # as a self-describing file says it, None elsewhere
    confidentiality: npt.NDArray[np.object_]
    problems: list[Problem] = field(default_factory=list)


def read_values(laid: LaidOut, lists: CodeLists, marks: set[str]) -> Values:
    """Read every value cell; cells that cannot be read are refused one by one."""
    sheet, at = laid.sheet, (laid.rows, laid.columns)
    count = len(laid.rows)
    kind = sheet.kind[at]
    raw = sheet.raw[at]
    values = Values(
        value=sheet.number[at].copy(),
        digits=_digits(sheet.number[at], sheet.digits[at]),
        reason=np.full(count, None, dtype=object),
        flags=np.full(count, "", dtype=object),
        mark=np.full(count, None, dtype=object),
        printed=np.array([printed(cell) for cell in raw], dtype=object),
        formula=sheet.formula[at],
        per_cent=_shown_times(100, raw, sheet.number[at], kind),
        scaled=_shown_times(1e-3, raw, sheet.number[at], kind)
        | _shown_times(1e-6, raw, sheet.number[at], kind),
        readable=np.ones(count, dtype=bool),
        status=np.full(count, None, dtype=object),
        confidentiality=np.full(count, None, dtype=object),
    )
    values.reason[kind == Kind.EMPTY] = laid.table.empty
    said = _take_said(laid, lists, values, kind == Kind.EMPTY) if sheet.axes else None
    _read_texts(laid, lists, marks, kind == Kind.TEXT, values)
    if said is not None and laid.notes:
        pairs = zip(values.mark, said.mark, strict=True)
        values.mark[:] = [both_marks(*pair) for pair in pairs]
    for bad, (code, expected, action) in _UNREADABLE_KINDS.items():
        for index in np.flatnonzero(kind == bad).tolist():
            _refuse(laid, values, index, (code, expected, action))
    return values


def _take_said(
    laid: LaidOut, lists: CodeLists, values: Values, is_empty: npt.NDArray[np.bool_]
) -> Said:
    """Statuses that the file itself gives; a value whose status nobody knows is refused."""
    said = read_said(laid, lists)
    explained = is_empty & np.array([reason is not None for reason in said.reason], dtype=bool)
    values.reason[explained] = said.reason[explained]
    values.status[:] = said.status
    values.confidentiality[:] = said.confidentiality
    values.readable &= ~said.refused
    values.problems.extend(said.problems)
    return said


def _digits(numbers: npt.NDArray[np.float64], shown: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Decimals shown by the format, else those of the stored number."""
    digits = shown.copy()
    open_cells = np.flatnonzero((shown < 0) & ~np.isnan(numbers))
    if len(open_cells):
        codes, distinct = pd.factorize(numbers[open_cells])
        digits[open_cells] = np.array([stored_digits(float(x)) for x in distinct], dtype=np.int8)[
            codes
        ]
    return np.maximum(digits, 0).astype(np.int8)


def _shown_times(
    factor: float,
    raw: npt.NDArray[np.object_],
    numbers: npt.NDArray[np.float64],
    kind: npt.NDArray[np.uint8],
) -> npt.NDArray[np.bool_]:
    """Cells that their number format shows multiplied by a factor."""
    shown = np.zeros(len(raw), dtype=bool)
    is_number = kind == Kind.NUMBER
    stored = raw[is_number].astype(float)
    shown[is_number] = (stored != 0) & np.isclose(numbers[is_number], stored * factor, atol=0)
    return shown


def _read_texts(
    laid: LaidOut,
    lists: CodeLists,
    marks: set[str],
    is_text: npt.NDArray[np.bool_],
    values: Values,
) -> None:
    where = np.flatnonzero(is_text)
    if not len(where):
        return
    codes, texts = pd.factorize(values.printed[where])
    notation = _notation(laid, lists, marks, [str(text) for text in texts])
    readings = [read_text(str(text), notation) for text in texts]
    for name, array in (
        ("value", values.value),
        ("digits", values.digits),
        ("reason", values.reason),
        ("flags", values.flags),
        ("mark", values.mark),
        ("per_cent", values.per_cent),
    ):
        column = np.array([_plain(reading, name) for reading in readings], dtype=object)
        array[where] = column[codes]
    for index, code in zip(where.tolist(), codes.tolist(), strict=True):
        problem = readings[code].problem
        if problem is not None:
            _refuse(laid, values, index, (problem, *_TEXTS[problem]))


def _plain(reading: Reading, name: str) -> object:
    found: object = getattr(reading, name)
    return np.nan if name == "value" and found is None else found


def _notation(laid: LaidOut, lists: CodeLists, marks: set[str], texts: list[str]) -> Notation:
    declared = {"comma": ",", "dot": "."}.get(laid.table.decimal)
    found, is_mixed = decimal_sign(texts)
    return Notation(
        decimal=declared or ("neither" if is_mixed else found),
        symbols={**_symbols(laid, lists), **laid.table.symbols},
        flags=frozenset(laid.table.flags),
        marks=frozenset(marks),
        times=laid.table.times,
    )


def _symbols(laid: LaidOut, lists: CodeLists) -> dict[str, str]:
    """Common symbols; one that the file itself explains means what it says there, or nothing."""
    explained = laid.sheet.symbols
    common = {sign: code for sign, code in lists.symbols.items() if sign not in explained}
    own = {sign: lists.reason_names.get(normalise(text)) for sign, text in explained.items()}
    return common | {sign: code for sign, code in own.items() if code}


def _refuse(laid: LaidOut, values: Values, index: int, why: tuple[Code, str, str]) -> None:
    code, expected, action = why
    values.readable[index] = False
    text = squeeze(str(values.printed[index]))
    meaning = laid.sheet.symbols.get(text)
    values.problems.append(
        Problem(
            code=code,
            expected=expected,
            found=(f"«{text[:120]}»" if text else "nothing")
            + (f", which the file calls «{meaning[:120]}»" if meaning else ""),
            action=action,
            table=laid.sheet.name or laid.table.name,
            cell=laid.sheet.address(int(laid.rows[index]), int(laid.columns[index])),
            value_printed=text[:200],
        )
    )
