"""Self-describing parts: one column of values, and for each value a member of each dimension.

JSON-stat, SDMX and PC-Axis differ in how they write this down, not in what they say, so their
readers end here and everything behind them is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Axis, Indices, Kind, Note, Sheet

MAX_VALUES = 10_000_000
"""Of one part. Read, a value takes 250 to 550 bytes: a part of this size takes up to 5 GB."""
MAX_WHOLE_BYTES = 128 * 1024**2
"""Of a file that is held whole while it is read: JSON takes 25 to 35 times its size."""
STATUS_NAMES = frozenset({"OBS_STATUS", "OBS_FLAG", "STATUS"})
CONFIDENTIALITY_NAMES = frozenset({"OBS_CONF", "CONF_STATUS"})
MULTIPLIER_NAMES = frozenset({"UNIT_MULT", "UNIT_MULTIPLIER", "MULTIPLIER"})
_QUALIFYING = frozenset(
    {*("COLLECTION", "COMMENT_OBS", "COMMENT_TS", "COMPILATION", "DECIMALS", "DISS_ORG")}
    | {*("IDBANK", "LAST_UPDATE", "OBS_COM", "OBS_COMMENT", "OBS_PRE_BREAK", "PUBL_ECB")}
    | {*("PUBL_MU", "PUBL_PUBLIC", "SOURCE_AGENCY", "SOURCE_PUB", "TIME_FORMAT", "TITLE")}
    | {*("TITLE_COMPL", "TIME_PER_COLLECT")}
)
"""Attributes that change nothing about a figure; every other one must be accounted for."""
_NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"


class Members:
    """Members of one dimension in the order in which they come up; streamed formats use it."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def of(self, code: str | None) -> int:
        """Index of a member, -1 for none."""
        if code is None:
            return -1
        return self._index.setdefault(code, len(self._index))

    @property
    def codes(self) -> tuple[str, ...]:
        """Ids in order of appearance."""
        return tuple(self._index)


def axis(
    name: str,
    codes: Sequence[str],
    index: npt.NDArray[np.int32],
    *,
    labels: Sequence[str] = (),
    texts: Sequence[Sequence[str]] = (),
    is_attribute: bool = False,
) -> Axis:
    """An axis; see `cells.Axis`."""
    return Axis(
        name=name,
        labels=tuple(labels),
        codes=tuple(codes),
        texts=tuple(tuple(language) for language in texts),
        index=index.astype(np.int32, copy=False),
        is_attribute=is_attribute or is_qualifying(name) or _is_one(name, codes),
    )


def is_qualifying(name: str) -> bool:
    """Whether an attribute says nothing that could change what the figure means."""
    plain = name.upper()
    return plain in STATUS_NAMES | CONFIDENTIALITY_NAMES | _QUALIFYING


def _is_one(name: str, codes: Sequence[str]) -> bool:
    """A power of ten that is 0 throughout changes no figure."""
    return name.upper() in MULTIPLIER_NAMES and set(codes) <= {"0"}


def positions(sizes: Sequence[int], at: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int32]]:
    """Row-major positions in an array of these sizes, as one index per dimension."""
    return [part.astype(np.int32) for part in np.unravel_index(at, tuple(sizes))]


def refuse_size(sizes: Iterable[int], name: str) -> int:
    """Number of values of a dense array.

    Raises:
        WarehouseError: `file_too_large` beyond `MAX_VALUES`.
    """
    count = 1
    for size in sizes:
        count *= size
    refuse_count(count, name)
    return count


def refuse_count(count: int, name: str = "") -> None:
    """More values than can be held.

    Raises:
        WarehouseError: `file_too_large` beyond `MAX_VALUES`.
    """
    if count > MAX_VALUES:
        raise WarehouseError.of(
            Code.FILE_TOO_LARGE,
            expected=f"at most {MAX_VALUES:,} values",
            found=f"dimensions that span {count:,}" if name else f"{count:,} or more",
            action="Ask for a part of the table: some years, or some of its members.",
            table=name,
        )


def whole_bytes(path: Path) -> bytes:
    """The bytes of a file that is held whole while it is read.

    Raises:
        WarehouseError: `file_too_large` beyond `MAX_WHOLE_BYTES`.
    """
    size = path.stat().st_size
    if size > MAX_WHOLE_BYTES:
        raise WarehouseError.of(
            Code.FILE_TOO_LARGE,
            expected=f"at most {MAX_WHOLE_BYTES:,} bytes of a format that is read whole",
            found=f"{size:,}",
            action="Ask for a part of the table, or for SDMX-ML, which is read piece by piece.",
        )
    return path.read_bytes()


def cube_sheet(
    name: str,
    title: str,
    axes: Sequence[Axis],
    printed: Sequence[str | None],
    addresses: Callable[[Indices, Indices], list[str]],
    *,
    notes: Sequence[Note] = (),
) -> Sheet:
    """A sheet of one column from the texts of the values; None where there is no value.

    Numbers as machines write them are read at once; every other text is left as text.
    """
    texts = pa.array(printed, pa.string())
    is_number = pc.fill_null(pc.match_substring_regex(texts, _NUMBER), False)
    numbers = pc.cast(pc.if_else(is_number, texts, None), pa.float64())
    count = len(texts)
    raw = np.array(texts.to_pylist(), dtype=object)
    number_mask = is_number.to_numpy(zero_copy_only=False)
    blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(texts, "")), "")
    kind = np.full(count, Kind.TEXT, dtype=np.uint8)
    kind[number_mask] = Kind.NUMBER
    kind[blank.to_numpy(zero_copy_only=False)] = Kind.EMPTY
    shape = (count, 1)
    return Sheet(
        name=name,
        raw=raw.reshape(shape),
        kind=kind.reshape(shape),
        number=numbers.to_numpy(zero_copy_only=False).astype(np.float64).reshape(shape),
        digits=_decimals(texts, number_mask).reshape(shape),
        formula=np.zeros(shape, dtype=bool),
        indent=np.zeros(shape, dtype=np.int16),
        addresses=addresses,
        axes=tuple(axes),
        title=title,
        notes=tuple(notes),
    )


def _decimals(texts: pa.Array, is_number: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """Decimals as written; -1 where the number has an exponent or is none."""
    point = pc.fill_null(pc.find_substring(texts, "."), -1).to_numpy(zero_copy_only=False)
    length = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    exponent = pc.fill_null(pc.match_substring_regex(texts, "[eE]"), False)
    digits = np.where(point < 0, 0, np.minimum(length - point - 1, 12))
    open_cells = ~is_number | exponent.to_numpy(zero_copy_only=False)
    return np.where(open_cells, -1, digits).astype(np.int8)


def damaged(expected: str, found: str, cell: str = "") -> WarehouseError:
    """`file_damaged` for a self-describing file that contradicts itself."""
    return WarehouseError.of(
        Code.FILE_DAMAGED,
        expected=expected,
        found=found,
        action="The file was cut off or altered on its way: fetch it again.",
        cell=cell,
    )


def unsupported(what: str, instead: str) -> WarehouseError:
    """`format_unknown` for a variant that is known by name and not read."""
    return WarehouseError.of(
        Code.FORMAT_UNKNOWN,
        expected="a format or variant that docs/formats.md lists",
        found=what,
        action=instead,
    )
