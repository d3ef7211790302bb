"""Self-describing parts as they might be published next year: one change of their dimensions.

Reading a changed part must give the same value for the same key, or refuse it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from warehouse.readers.cells import Axis, Sheet
from warehouse.readers.cubes import axis

Change = Callable[[Sheet, random.Random], Sheet]


def _with(sheet: Sheet, at: int, changed: Axis) -> Sheet:
    axes = list(sheet.axes)
    axes[at] = changed
    return replace(sheet, axes=tuple(axes))


def _rows(sheet: Sheet, pick: np.ndarray) -> Sheet:
    """The values of some rows, in another order or fewer."""
    axes = tuple(replace(one, index=one.index[pick]) for one in sheet.axes)
    addresses = sheet.addresses
    arrays = {name: getattr(sheet, name)[pick]
              for name in ("raw", "kind", "number", "digits", "formula", "indent")}  # fmt: skip
    return replace(
        sheet, axes=axes, addresses=lambda rows, columns: addresses(pick[rows], columns), **arrays
    )


def reorder_values(sheet: Sheet, rng: random.Random) -> Sheet:
    pick = np.array(rng.sample(range(sheet.shape[0]), sheet.shape[0]))
    return _rows(sheet, pick)


def lose_values(sheet: Sheet, rng: random.Random) -> Sheet:
    kept = [at for at in range(sheet.shape[0]) if rng.random() > 0.2] or [0]
    return _rows(sheet, np.array(kept))


def repeat_values(sheet: Sheet, rng: random.Random) -> Sheet:
    every = list(range(sheet.shape[0]))
    return _rows(sheet, np.array([*every, rng.choice(every)]))


def reorder_dimensions(sheet: Sheet, rng: random.Random) -> Sheet:
    axes = list(sheet.axes)
    rng.shuffle(axes)
    return replace(sheet, axes=tuple(axes))


def reorder_members(sheet: Sheet, rng: random.Random) -> Sheet:
    at = rng.randrange(len(sheet.axes))
    one = sheet.axes[at]
    order = rng.sample(range(len(one.codes)), len(one.codes))
    place = np.array([order.index(member) for member in range(len(order))] + [-1])
    changed = replace(
        one,
        codes=tuple(one.codes[member] for member in order),
        texts=tuple(tuple(text[member] for member in order) for text in one.texts),
        index=place[one.index].astype(np.int32),
    )
    return _with(sheet, at, changed)


def rename_dimension(sheet: Sheet, rng: random.Random) -> Sheet:
    at = rng.randrange(len(sheet.axes))
    return _with(sheet, at, replace(sheet.axes[at], name="NEW_NAME", labels=("New name",)))


def lose_dimension(sheet: Sheet, rng: random.Random) -> Sheet:
    axes = list(sheet.axes)
    axes.pop(rng.randrange(len(axes)))
    return replace(sheet, axes=tuple(axes))


def add_dimension(sheet: Sheet, rng: random.Random) -> Sheet:
    """A further breakdown: the total is one of its members now."""
    count = sheet.shape[0]
    pick = np.repeat(np.arange(count), 2)
    doubled = _rows(sheet, pick)
    member = np.tile(np.array([0, 1], dtype=np.int32), count)
    further = axis("breakdown", ("ALL", "PART"), member)
    return replace(doubled, axes=(*doubled.axes, further))


def rename_member(sheet: Sheet, rng: random.Random) -> Sheet:
    at = rng.randrange(len(sheet.axes))
    one = sheet.axes[at]
    member = rng.randrange(len(one.codes))
    codes = [*one.codes]
    codes[member] = "X_NEW"
    texts = [[("New" if k == member else t) for k, t in enumerate(text)] for text in one.texts]
    changed = replace(one, codes=tuple(codes), texts=tuple(map(tuple, texts)))
    return _with(sheet, at, changed)


def add_power_of_ten(sheet: Sheet, rng: random.Random) -> Sheet:
    power = axis("UNIT_MULT", ("3",), np.zeros(sheet.shape[0], dtype=np.int32))
    return replace(sheet, axes=(*sheet.axes, power))


def unknown_status(sheet: Sheet, rng: random.Random) -> Sheet:
    index = np.full(sheet.shape[0], -1, dtype=np.int32)
    index[rng.randrange(sheet.shape[0])] = 0
    others = tuple(one for one in sheet.axes if one.name.upper() not in {"STATUS", "OBS_STATUS"})
    return replace(sheet, axes=(*others, axis("OBS_STATUS", ("?!",), index)))


CHANGES: dict[str, Change] = {
    change.__name__: change
    for change in (
        *(reorder_values, lose_values, repeat_values, reorder_dimensions, reorder_members),
        *(rename_dimension, lose_dimension, add_dimension, rename_member, add_power_of_ten),
        unknown_status,
    )
}
SAME = {"reorder_values", "reorder_dimensions", "reorder_members"}
"""Changes of the order alone: nothing may be lost."""
