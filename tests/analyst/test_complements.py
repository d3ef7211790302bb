"""Secondary suppression alone: what sums would give away is withheld too."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.disclosure import Relation, complements

MARGIN = 0.1


def _complements(
    values: dict[int, float | None], relations: list[Relation], hidden: set[int]
) -> set[int]:
    lowest = dict.fromkeys(values, 0.0)
    return complements(values, lowest, relations, hidden, margin=MARGIN)


def test_a_single_hidden_part_gets_the_smallest_companion() -> None:
    values = {0: 100.0, 1: 50.0, 2: 30.0, 3: 20.0}
    assert _complements(values, [Relation(0, (1, 2, 3))], {1}) == {3}


def test_nothing_is_hidden_for_nothing() -> None:
    values = {0: 100.0, 1: 50.0, 2: 30.0, 3: 20.0}
    assert _complements(values, [Relation(0, (1, 2, 3))], set()) == set()
    assert _complements(values, [Relation(0, (1, 2, 3))], {1, 2}) == set()


def test_a_zero_is_no_companion() -> None:
    values = {0: 80.0, 1: 50.0, 2: 30.0, 3: 0.0}
    assert _complements(values, [Relation(0, (1, 2, 3))], {1}) == {2}


def test_two_hidden_parts_that_bound_each_other_closely_get_a_third() -> None:
    # 1000 - 60 = 940 = hidden + 1: the large one would be known to one part in a thousand
    values = {0: 1000.0, 1: 939.0, 2: 1.0, 3: 60.0}
    assert _complements(values, [Relation(0, (1, 2, 3))], {1, 2}) == {0, 3}


def test_a_value_that_the_source_itself_withholds_is_protected() -> None:
    values = {0: 100.0, 1: None, 2: 30.0, 3: 20.0}
    assert _complements(values, [Relation(0, (1, 2, 3))], {1}) == {3}


def test_a_table_is_closed_by_a_rectangle() -> None:
    # figures 0 to 8, row by row; the last of each row and column is its total
    values = {0: 40.0, 1: 60.0, 2: 100.0, 3: 30.0, 4: 70.0, 5: 100.0, 6: 70.0, 7: 130.0, 8: 200.0}
    relations = [
        Relation(2, (0, 1)),
        Relation(5, (3, 4)),
        Relation(8, (6, 7)),
        Relation(6, (0, 3)),
        Relation(7, (1, 4)),
        Relation(8, (2, 5)),
    ]
    assert _complements(values, relations, {0}) == {1, 3, 4}


@st.composite
def _tables(draw: st.DrawFn) -> tuple[np.ndarray, set[tuple[int, int]]]:
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    cells = [[draw(st.integers(0, 500)) for _ in range(columns)] for _ in range(rows)]
    places = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    return np.array(cells, dtype=float), draw(st.sets(places, min_size=1, max_size=3))


@given(_tables())
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_follows_from_what_is_shown(
    drawn: tuple[np.ndarray, set[tuple[int, int]]],
) -> None:
    cells, places = drawn
    rows, columns = cells.shape
    whole = np.zeros((rows + 1, columns + 1))
    whole[:rows, :columns] = cells
    whole[rows], whole[:, columns] = whole[:rows].sum(axis=0), whole[:, :columns].sum(axis=1)

    def number(row: int, column: int) -> int:
        return row * (columns + 1) + column

    relations = [
        Relation(number(row, columns), tuple(number(row, c) for c in range(columns)))
        for row in range(rows + 1)
    ] + [
        Relation(number(rows, column), tuple(number(r, column) for r in range(rows)))
        for column in range(columns + 1)
    ]
    values = {number(r, c): float(whole[r, c]) for r in range(rows + 1) for c in range(columns + 1)}
    asked = {number(*place) for place in places}
    hidden = asked | _complements(dict(values), relations, asked)
    assert asked <= hidden

    # Whoever solves the sums for the hidden figures gets none of those asked for.
    order = sorted(hidden)
    system = np.array(
        [[-1.0 if f == r.total else 1.0 if f in r.parts else 0.0 for f in order] for r in relations]
    )
    rank = np.linalg.matrix_rank(system)
    for index in (order.index(figure) for figure in asked):
        alone = np.eye(len(order))[index]
        assert np.linalg.matrix_rank(np.vstack([system, alone])) == rank + 1
