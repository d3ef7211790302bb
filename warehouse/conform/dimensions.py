"""Headers of one table to codes, dimension by dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.conform.codelists import CodeLists
from warehouse.conform.periods import DATE_CELL, compose_period, stored_date
from warehouse.conform.vocabularies import Names, Patterns, Vocabularies
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.layout.contract import AnyOf, ByIndicator, ByPeriod, Dimension, Find, Table
from warehouse.layout.engine import Found, Header, LaidOut
from warehouse.layout.texts import split_mark

Objects = npt.NDArray[np.object_]


@dataclass
class Column:
    """One dimension for each value cell: code (None where refused), text, footnote mark."""

    code: Objects
    printed: Objects
    mark: Objects

    @classmethod
    def constant(cls, code: str | None, count: int) -> Column:
        """The same code everywhere, printed nowhere."""
        nothing = np.full(count, None, dtype=object)
        return cls(np.full(count, code, dtype=object), nothing, nothing.copy())


@dataclass
class Resolution:
    """What one header says."""

    code: Any = None
    mark: str | None = None
    problem: Problem | None = None


@dataclass
class Dimensions:
    """All dimensions of one table, with the headers that could not be read."""

    columns: dict[str, Column]
    period: Objects
    region_exists: npt.NDArray[np.bool_]
    problems: list[Problem] = field(default_factory=list)


def _within(years: npt.NDArray[np.int32], span: str) -> npt.NDArray[np.bool_]:
    """Years of a span: 2010..2015, ..2015, 2016.. or one year."""
    low, dots, high = span.partition("..")
    inside: npt.NDArray[np.bool_] = (years >= int(low or 0)) & (
        years <= int((high or 9999) if dots else low)
    )
    return inside


def _as_set(code: object) -> frozenset[str] | None:
    """Codes that a region may have; a constant is one."""
    if isinstance(code, str):
        return frozenset([code])
    return code if isinstance(code, frozenset) else None


class Resolver:
    """Resolves the headers of one laid out table."""

    def __init__(
        self, laid: LaidOut, vocabularies: Vocabularies, lists: CodeLists, notes: Mapping[str, str]
    ) -> None:
        self.laid = laid
        self.table: Table = laid.table
        self.vocabularies = vocabularies
        self.lists = lists
        self.marks = set(notes) | set(self.table.marks)
        self.count = len(laid.rows)
        self.problems: list[Problem] = []

    def resolve(self) -> Dimensions:
        """Codes of every dimension for every value cell.

        Raises:
            WarehouseError: a dimension is nowhere to be found, or its places disagree.
        """
        columns = {"period": self._column("period", self._period)}
        period = columns["period"].code
        years = np.array([item.start.year if item else 0 for item in period], dtype=np.int32)
        columns["region"], exists = self._region(years)
        for name, dimension in self.table.dimensions.items():
            if name in columns or isinstance(dimension, ByIndicator):
                continue
            if isinstance(dimension, ByPeriod):
                columns[name] = self._by_period(name, dimension, years)
                continue
            if isinstance(dimension, str):
                columns[name] = Column.constant(dimension, self.count)
            else:
                columns[name] = self._column(name, self._listed(name), years)
        for name, dimension in self.table.dimensions.items():
            if isinstance(dimension, ByIndicator):
                columns[name] = self._by_indicator(name, dimension, columns["indicator"])
        return Dimensions(columns, period, exists, self.problems)

    # ── one dimension ───────────────────────────────────────────────────────────────────────

    def _column(
        self,
        name: str,
        read: Callable[[Find, Header], Resolution],
        years: npt.NDArray[np.int32] | None = None,
    ) -> Column:
        dimension = self.table.dimensions[name]
        if isinstance(dimension, str):
            code = read(Find(caption="period"), Header(dimension, "contract")).code
            return Column.constant(code, self.count)
        merged = Column.constant(None, self.count)
        filled = np.zeros(self.count, dtype=bool)
        for column, present in self._said(name, dimension, read, years):
            self._refuse_contradiction(name, merged, column, filled & present)
            take = present & ~filled
            for target, source in (
                (merged.code, column.code),
                (merged.printed, column.printed),
                (merged.mark, column.mark),
            ):
                target[take] = source[take]
            filled |= present
        self._fill_default(name, merged, filled, years)
        return merged

    def _said(
        self,
        name: str,
        dimension: Dimension,
        read: Callable[[Find, Header], Resolution],
        years: npt.NDArray[np.int32] | None,
    ) -> Iterator[tuple[Column, npt.NDArray[np.bool_]]]:
        """What each alternative says, and for which values."""
        for found in self.laid.found[name]:
            yield self._found(found, read)
        for other in dimension.any_of if isinstance(dimension, AnyOf) else ():
            if isinstance(other, ByPeriod) and years is not None:
                column = self._of_years(other, years)
                yield column, np.array([code is not None for code in column.code], dtype=bool)

    def _found(
        self, found: Found, read: Callable[[Find, Header], Resolution]
    ) -> tuple[Column, npt.NDArray[np.bool_]]:
        present = found.index >= 0
        results = [read(found.find, header) for header in found.headers]
        usage = np.bincount(found.index[present], minlength=len(results))
        for result, header, used in zip(results, found.headers, usage.tolist(), strict=True):
            if result.problem:
                self._refuse(result.problem, header, used)
        columns = [
            np.array([*values, None], dtype=object)[found.index]
            for values in (
                [result.code for result in results],
                [header.text for header in found.headers],
                [result.mark for result in results],
            )
        ]
        return Column(*columns), present

    def _refuse(self, problem: Problem, header: Header, used: int) -> None:
        found = f"{problem.found}; {used} value{'s' if used != 1 else ''} refused"
        self.problems.append(
            Problem(
                code=problem.code,
                expected=problem.expected,
                found=found,
                action=problem.action,
                table=self.laid.sheet.name or self.table.name,
                cell=header.address,
                value_printed=header.text,
                suggestion=problem.suggestion,
            )
        )

    def _refuse_contradiction(
        self, name: str, merged: Column, column: Column, both: npt.NDArray[np.bool_]
    ) -> None:
        differs = both & (merged.code != column.code) if both.any() else both
        if differs.any():
            at = int(np.flatnonzero(differs)[0])
            raise self._error(
                Code.HEADER_AMBIGUOUS,
                expected=f"one {name} from all places that say it",
                found=f"«{merged.printed[at]}» here and "
                f"«{column.printed[at] or column.code[at]}» there",
                action="Correct the source or narrow the alternatives of the contract.",
            )

    def _fill_default(
        self,
        name: str,
        merged: Column,
        filled: npt.NDArray[np.bool_],
        years: npt.NDArray[np.int32] | None,
    ) -> None:
        empty = ~filled
        for found in self.laid.found[name]:
            default = found.find.default
            if isinstance(default, str):
                merged.code[empty] = self._default_code(name, found.find, default)
                return
            if isinstance(default, dict) and years is not None:
                for span, code in default.items():
                    merged.code[empty & _within(years, span)] = code
                empty &= np.array([code is None for code in merged.code], dtype=bool)
        if empty.any():
            at = int(np.flatnonzero(empty)[0])
            raise self._error(
                Code.DIMENSION_NOT_FOUND,
                expected=f"a header that says the {name}",
                found=f"none for {int(empty.sum())} of {self.count} values",
                action="A title, section or header is missing or was reworded.",
                cell=self.laid.sheet.address(int(self.laid.rows[at]), int(self.laid.columns[at])),
            )

    def _default_code(self, name: str, find: Find, default: str) -> object:
        if name != "period":
            return frozenset([default]) if name == "region" else default
        resolution = self._period(find, Header(default, "contract"))
        if resolution.problem:
            raise WarehouseError(resolution.problem)
        return resolution.code

    def _by_period(self, name: str, dimension: ByPeriod, years: npt.NDArray[np.int32]) -> Column:
        column = self._of_years(dimension, years)
        known = {int(year) for year in np.unique(years) if year}
        said = {int(year) for year, code in zip(years, column.code, strict=True) if code}
        if known - said:
            raise self._error(
                Code.CONTRACT_INVALID,
                expected=f"a {name} for every year",
                found=f"none for {', '.join(map(str, sorted(known - said)))}",
                action="Complete `by_period` in the contract.",
            )
        return column

    def _of_years(self, dimension: ByPeriod, years: npt.NDArray[np.int32]) -> Column:
        column = Column.constant(None, self.count)
        for span, code in dimension.by_period.items():
            column.code[_within(years, span)] = code
        return column

    def _by_indicator(self, name: str, dimension: ByIndicator, indicator: Column) -> Column:
        codes = [dimension.by_indicator.get(code) if code else None for code in indicator.code]
        missing = {
            indicator.code[at]
            for at, code in enumerate(codes)
            if code is None and indicator.code[at]
        }
        if missing:
            raise self._error(
                Code.CONTRACT_INVALID,
                expected=f"a {name} for every indicator",
                found=f"none for {', '.join(sorted(missing))}",
                action="Complete `by_indicator` in the contract.",
            )
        column = Column.constant(None, self.count)
        column.code = np.array(codes, dtype=object)
        return column

    # ── kinds of dimensions ─────────────────────────────────────────────────────────────────

    def _period(self, find: Find, header: Header) -> Resolution:
        if header.text.endswith(DATE_CELL):
            return self._stored_date(header)
        printed = compose_period(header.parts or [header.text])
        if printed is None:
            return Resolution(
                problem=Problem(
                    Code.PERIOD_UNREADABLE,
                    expected="a year, quarter, month, span of months or day",
                    found=f"«{header.text}»",
                    action="Correct the header in the source, or teach the period its wording.",
                )
            )
        return self._with_mark(Resolution(printed.period, printed.mark), header.text)

    def _stored_date(self, header: Header) -> Resolution:
        means = self.table.date_cells
        period = stored_date(header.text, means) if means else None
        if period is not None:
            return Resolution(period)
        return Resolution(
            problem=Problem(
                Code.PERIOD_UNREADABLE,
                expected="a period in words or digits",
                found=f"a cell stored as the date {header.text.removesuffix(DATE_CELL)}",
                action="Say in the contract whether its day, month or year counts (`date_cells`).",
            )
        )

    def _with_mark(self, result: Resolution, text: str) -> Resolution:
        if result.mark is None or set(result.mark.split()) <= self.marks:
            return result
        return Resolution(
            problem=Problem(
                Code.MARK_UNKNOWN,
                expected="a footnote for every mark",
                found=f"«{text}» with mark {result.mark}, which no footnote explains",
                action="Look the mark up in the source and declare it under `marks`.",
            )
        )

    def _listed(self, name: str) -> Callable[[Find, Header], Resolution]:
        def read(find: Find, header: Header) -> Resolution:
            recogniser = self.vocabularies.of(name, find)
            if isinstance(recogniser, Patterns):
                return self._pattern(recogniser, header)
            if isinstance(recogniser, Names):
                return self._name(name, find, recogniser, header)
            return Resolution(header.text)

        return read

    def _pattern(self, patterns: Patterns, header: Header) -> Resolution:
        code = patterns.code(header.text)
        if code is not None:
            return Resolution(code)
        marked = split_mark(header.text)
        if marked and (code := patterns.code(marked.bare)):
            return self._with_mark(Resolution(code, marked.mark), header.text)
        hit = patterns.search(header.text)
        code = next((c for p, c in patterns.codes if hit and p.search(hit)), None)
        if code is not None:
            return Resolution(code)
        return Resolution(
            problem=Problem(
                Code.NAME_UNKNOWN,
                expected="one of the texts declared in the contract",
                found=f"«{header.text}»",
                action="Add the wording to the contract if it means one of its codes.",
            )
        )

    def _name(self, name: str, find: Find, names: Names, header: Header) -> Resolution:
        codes = names.codes(header.text)
        if len(codes) > 1 and header.path:
            codes = self._under_parent(names, codes, header)
        if len(codes) != 1:
            return Resolution(
                problem=self._name_problem(str(find.vocabulary), names, codes, header)
            )
        mark = None
        if not names.index.codes(header.text):
            marked = split_mark(header.text)
            mark = marked.mark if marked else None
        return self._with_mark(Resolution(next(iter(codes)), mark), header.text)

    def _under_parent(self, names: Names, codes: frozenset[str], header: Header) -> frozenset[str]:
        parents = names.codes(header.path[-1])
        regions = self.lists.regions
        below = frozenset(
            code for code in codes if code in regions and parents & set(regions[code].ancestors)
        )
        direct = frozenset(
            code
            for code in below
            if regions[code].ancestors and regions[code].ancestors[0] in parents
        )
        return direct or below or codes

    def _name_problem(
        self, vocabulary: str, names: Names, codes: frozenset[str], header: Header
    ) -> Problem:
        if codes:
            return Problem(
                Code.NAME_AMBIGUOUS,
                expected=f"one {vocabulary}",
                found=f"«{header.text}», which may be {' or '.join(sorted(codes))}",
                action="Let the hierarchy decide (`path: true`) or add a narrower alias.",
            )
        marked = split_mark(header.text) if names.may_have_marks else None
        bare = marked.bare if marked else header.text
        nearest = names.index.nearest(bare)
        shown = ", ".join(f"{known} ({code})" for known, code in nearest) or "nothing similar"
        return Problem(
            Code.NAME_UNKNOWN,
            expected=f"one {vocabulary} of the code list",
            found=f"«{header.text}»; nearest: {shown}",
            action="If it is one of these, add the alias; if it is new, add it to the code list.",
            suggestion=self.vocabularies.suggestion(vocabulary, bare, nearest[0][1])
            if nearest
            else None,
        )

    # ── regions live in time ────────────────────────────────────────────────────────────────

    def _region(self, years: npt.NDArray[np.int32]) -> tuple[Column, npt.NDArray[np.bool_]]:
        dimension = self.table.dimensions["region"]
        if isinstance(dimension, str):
            column = Column.constant(dimension, self.count)
        else:
            column = self._column("region", self._region_candidates)
        candidates, distinct = pd.factorize(column.code, use_na_sentinel=False)
        pairs, which = np.unique(
            np.stack([candidates, years.astype(np.intp)]), axis=1, return_inverse=True
        )
        found = [self._region_in_year(_as_set(distinct[at]), year) for at, year in pairs.T.tolist()]
        which = which.reshape(-1)
        column.code = np.array([code for code, _ in found], dtype=object)[which]
        exists = np.array([is_there for _, is_there in found], dtype=bool)[which]
        return column, exists

    def _region_candidates(self, find: Find, header: Header) -> Resolution:
        recogniser = self.vocabularies.of("region", find)
        if isinstance(recogniser, Patterns):
            return self._pattern(recogniser, header)
        if not isinstance(recogniser, Names):
            return Resolution(header.text)
        codes = recogniser.codes(header.text)
        if len(codes) > 1 and header.path:
            codes = self._under_parent(recogniser, codes, header)
        if not codes or (len(codes) > 1 and not self._apart_in_time(codes)):
            vocabulary = str(find.vocabulary)
            return Resolution(problem=self._name_problem(vocabulary, recogniser, codes, header))
        mark = None
        if not recogniser.index.codes(header.text):
            marked = split_mark(header.text)
            mark = marked.mark if marked else None
        return self._with_mark(Resolution(codes, mark), header.text)

    def _apart_in_time(self, codes: frozenset[str]) -> bool:
        """Regions of one name that never existed together: the period tells them apart."""
        spans = sorted(
            (self.lists.regions[code].valid_from, self.lists.regions[code].valid_to)
            for code in codes
        )
        return all(left[1] < right[0] for left, right in pairwise(spans))

    def _region_in_year(self, codes: frozenset[str] | None, year: int) -> tuple[str | None, bool]:
        """The code valid in a year, and whether there is one; the declared predecessor counts."""
        if not codes:
            return None, True
        regions, backcast = self.lists.regions, self.table.backcast
        valid = [
            code
            for code in sorted(codes)
            if regions[code].exists_in(year) or backcast.get(code, 9999) <= year
        ]
        if valid:
            return max(valid, key=lambda code: regions[code].valid_from), True
        for code in sorted(codes):
            predecessor = self.table.predecessors.get(code)
            if predecessor and regions[predecessor].exists_in(year):
                return predecessor, True
        return sorted(codes)[0], False

    def _error(self, code: Code, **parts: str) -> WarehouseError:
        place = {"table": self.laid.sheet.name or self.table.name, **parts}
        return WarehouseError(Problem(code=code, **place))
