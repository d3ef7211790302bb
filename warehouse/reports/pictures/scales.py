"""Positions of values and of labels in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to pixels; one value alone stands in the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, kept within the scale."""
        share = 0.5
        if self.high != self.low:
            # halves first: the difference of two very large numbers of both signs is no number
            share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, count: int = 4) -> list[float]:
        """About `count` round values within the scale."""
        span = (self.high - self.low) / count
        if not 0 < span < math.inf:
            return [self.low]
        power = 10.0 ** math.floor(math.log10(span))
        step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= span * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def apart(places: Sequence[float], halves: Sequence[float], end: float) -> list[float]:
    """Places moved so that labels of the given half widths neither touch nor leave 0 … end.

    Order is kept. Labels that do not fit together are spread as evenly as they can.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    moved = {i: min(max(places[i], halves[i]), end - halves[i]) for i in order}
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + halves[before] + halves[after])
    limit = end
    for i in reversed(order):
        moved[i] = min(moved[i], limit - halves[i])
        limit = moved[i] - halves[i]
    if order and moved[order[0]] < halves[order[0]]:
        scale = end / (2 * sum(halves))
        start = 0.0
        for i in order:
            moved[i] = start + halves[i] * scale
            start += 2 * halves[i] * scale
    return [moved[i] for i in range(len(places))]
