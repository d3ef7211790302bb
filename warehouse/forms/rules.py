"""What a template checks by itself, as formulas of the spreadsheet program.

A rule is one condition on a row, written once: the check sheet counts the rows for which it holds,
and the data sheets colour their cells by it. These rules are a help before sending. The warehouse
checks all of it again, and more, when the report arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from warehouse.forms.choices import FIRST_YEAR, LAST_YEAR
from warehouse.forms.definition import Column, Measure, Table, period_span
from warehouse.forms.plan import SYMBOLS, Plan, list_key, table_columns
from warehouse.forms.workbook import texts


class Ref(Protocol):
    """How a formula writes the cells of a sheet: those of one row, or of all rows at once."""

    def __call__(self, column: str) -> str:
        """Cells of a column."""

    @property
    def started(self) -> str:
        """Formula: whether anything stands in the row."""


SPANS = (
    ("joined_on", "left_on"),
    ("valid_from", "valid_to"),
    ("started_on", "planned_finish_on"),
    ("started_on", "finished_on"),
)
"""Pairs of dates of which the second cannot come first."""
REGISTRY_LENGTHS = {"BY": (9,), "KZ": (12,), "RU": (10, 12)}
"""Digits of a registry number, by country."""
_WEIGHTS = {
    "BY": ((29, 23, 19, 17, 13, 7, 5, 3),),
    "KZ": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)),
}
"""Weights of the digits before the check digit, modulo 11; the second row counts instead of 10."""
_NUMERIC = ("number", "whole")
_LISTED = ("code", "region", "country", "currency")


@dataclass(frozen=True)
class Rule:
    """One line of the check sheet.

    Attributes:
        table: Table that it is about.
        text: What is wrong and what to do.
        condition: Formula that is not 0 for a wrong row.
        marks: Columns whose cells are coloured, with their own conditions; empty when a condition
            looks at other sheets, which colours cannot.
    """

    table: Table
    text: str
    condition: Callable[[Ref], str]
    marks: Mapping[str, Callable[[Ref], str]]


def filled(cell: str) -> str:
    """Whether a cell holds more than blanks, as 0 or 1."""
    return f"(LEN(TRIM({cell}))>0)"


def number_of(cell: str) -> str:
    """A registry number without its country and blanks."""
    return f'SUBSTITUTE(MID({cell},IFERROR(FIND(":",{cell}),0)+1,40)," ","")'


def rules(plan: Plan) -> list[Rule]:
    """All rules of a form, in the order of its sheets."""
    maker = _Maker(plan)
    return [rule for table in plan.form.tables for rule in maker.of(table)]


@dataclass(frozen=True)
class _Maker:
    plan: Plan

    def of(self, table: Table) -> Iterator[Rule]:
        yield from self._required(table)
        yield from self._cluster(table)
        yield from self._registry(table)
        yield from self._listed(table)
        yield from self._belonging(table)
        yield from self._dates(table)
        yield from self._years(table)
        yield from self._spans(table)
        yield from self._figures(table)
        yield from self._limits(table)
        yield from self._at_most(table)
        yield from self._effect(table)
        yield from self._parents(table)
        yield from self._repeated(table)

    def _rule(
        self,
        table: Table,
        text: str,
        wrong: Mapping[str, Callable[[Ref], str]],
        *,
        is_local: bool = True,
        **parts: str,
    ) -> Rule:
        """A rule that is broken where any of the columns is wrong."""
        labels = _labels(table, self.plan.language)
        shown = ", ".join(f"«{labels[name]}»" for name in wrong)
        said = texts("template")["rules"][text][self.plan.language]
        conditions = tuple(wrong.values())
        return Rule(
            table,
            said.format(columns=shown, **parts),
            lambda ref: "+".join(condition(ref) for condition in conditions),
            wrong if is_local else {},
        )

    def _required(self, table: Table) -> Iterator[Rule]:
        wrong = {
            name: _each(name, lambda cell, ref: f"{ref.started}*(1-{filled(cell)})")
            for name in _required_names(table)
        }
        if wrong:
            rule = self._rule(table, "required", wrong)
            yield replace(rule, condition=lambda ref: f"{ref.started}*({_blanks(ref, wrong)})")

    def _cluster(self, table: Table) -> Iterator[Rule]:
        own = self.plan.cluster_id
        wrong = {
            column.name: _each(
                column.name, lambda cell, _: f'{filled(cell)}*(TRIM({cell})<>"{own}")'
            )
            for column in table.columns
            if column.type == "cluster"
        }
        if own and wrong:
            yield self._rule(table, "cluster", wrong, cluster=own)

    def _registry(self, table: Table) -> Iterator[Rule]:
        own = REGISTRY_LENGTHS.get(self.plan.choices.country or "")
        every = tuple(sorted({one for some in REGISTRY_LENGTHS.values() for one in some}))
        for column in table.columns:
            if column.type == "registry_number":
                wrong = {column.name: _wrong_length(column.name, own or every, self._abroad(table))}
                lengths = ", ".join(str(length) for length in own or every)
                yield self._rule(table, "registry", wrong, lengths=lengths)
                if weights := _WEIGHTS.get(self.plan.choices.country or ""):
                    wrong = {column.name: _wrong_digit(column.name, weights, self._abroad(table))}
                    yield self._rule(table, "check_digit", wrong, is_local=False)

    def _abroad(self, table: Table) -> Callable[[Ref], str]:
        """Whether a row names another country than that of the cluster."""
        if not self.plan.has(table.name, "country_code"):
            return lambda _: "0"
        named = {choice.code: choice.name for choice in self.plan.choices.countries()}
        code = self.plan.choices.country or ""
        own = [text for text in (code, named.get(code)) if text]

        def abroad(ref: Ref) -> str:
            cell = ref("country_code")
            return filled(cell) + "".join(f'*(TRIM({cell})<>"{text}")' for text in own)

        return abroad

    def _listed(self, table: Table) -> Iterator[Rule]:
        wrong = {}
        for column in table.columns:
            if column.type in _LISTED:
                key = list_key(column)
                inside = [self.plan.names(key), self.plan.codes(key)]
                wrong[column.name] = _each(
                    column.name,
                    lambda cell, _, inside=inside: (
                        filled(cell)
                        + "".join(f"*ISNA(MATCH(TRIM({cell}),{where},0))" for where in inside)
                    ),
                )
        if wrong:
            yield self._rule(table, "listed", wrong, is_local=False)

    def _belonging(self, table: Table) -> Iterator[Rule]:
        """A value of one list beside an entry of another to which it does not belong."""
        for part in table.columns:
            wholes = self.plan.wholes.get(list_key(part)) if part.type == "code" else None
            for whole in table.columns:
                named = {choice.name for choice in self.plan.choices.of(whole)}
                if wholes and set(wholes) <= named:
                    wrong = {part.name: self._belongs_elsewhere(part, whole)}
                    label = whole.label.of(self.plan.language)
                    yield self._rule(table, "belonging", wrong, is_local=False, whole=label)

    def _belongs_elsewhere(self, part: Column, whole: Column) -> Callable[[Ref], str]:
        key = list_key(part)
        pairs = f'{self.plan.whole_names(key)}&"|"&{self.plan.names(key)}'

        def wrong(ref: Ref) -> str:
            own, beside = ref(part.name), ref(whole.name)
            pair = f'TRIM({beside})&"|"&TRIM({own})'
            return f"{filled(own)}*{filled(beside)}*ISNA(MATCH({pair},{pairs},0))"

        return wrong

    def _dates(self, table: Table) -> Iterator[Rule]:
        first, last = "DATE(1900,1,1)", f"DATE({LAST_YEAR},12,31)"
        wrong = {
            column.name: _each(
                column.name,
                lambda cell, _: (
                    f"{filled(cell)}*(1-ISNUMBER({cell})*({cell}>={first})*({cell}<={last}))"
                ),
            )
            for column in table.columns
            if column.type == "date"
        }
        if wrong:
            yield self._rule(table, "dates", wrong)

    def _years(self, table: Table) -> Iterator[Rule]:
        last = last_year(table, self.plan.choices.period_code)
        wrong = {
            column.name: _each(
                column.name,
                lambda cell, _: (
                    f"{filled(cell)}*(1-ISNUMBER({cell})*({cell}>={FIRST_YEAR})*({cell}<={last}))"
                ),
            )
            for column in table.columns
            if column.type == "year"
        }
        if wrong:
            yield self._rule(table, "years", wrong, first=str(FIRST_YEAR), last=str(last))

    def _spans(self, table: Table) -> Iterator[Rule]:
        known = {column.name for column in table.columns}
        labels = _labels(table, self.plan.language)
        for first, last in SPANS:
            if {first, last} <= known:
                wrong = {last: _before(last, first)}
                yield self._rule(table, "span", wrong, first=labels[first], last=labels[last])

    def _figures(self, table: Table) -> Iterator[Rule]:
        symbols = self.plan.names(SYMBOLS)
        numeric = [column.name for column in table.columns if column.type in _NUMERIC]
        wrong = {
            name: _each(name, lambda cell, _: f"{filled(cell)}*ISTEXT({cell})") for name in numeric
        }
        for measure in table.measures:
            wrong[measure.indicator] = _each(
                measure.indicator,
                lambda cell, _: (
                    f"{filled(cell)}*ISTEXT({cell})*ISNA(MATCH(TRIM({cell}),{symbols},0))"
                ),
            )
        if table.measures:
            yield self._named(table, "figures", wrong)
        elif wrong:
            yield self._rule(table, "numbers", wrong)

    def _limits(self, table: Table) -> Iterator[Rule]:
        numeric = [column.name for column in table.columns if column.type in _NUMERIC]
        negative = {name: _outside(name, 0, None) for name in numeric}
        for measure in table.measures:
            if measure.low == 0:
                negative[measure.indicator] = _outside(measure.indicator, 0, None)
        if negative:
            yield self._named(table, "negative", negative, is_local=True)
        for measure in table.measures:
            low = None if measure.low == 0 else measure.low
            if low is not None or measure.high is not None:
                wrong = {measure.indicator: _outside(measure.indicator, low, measure.high)}
                yield self._rule(table, "limits", wrong, limits=limits(measure, self.plan.language))

    def _named(
        self,
        table: Table,
        text: str,
        wrong: Mapping[str, Callable[[Ref], str]],
        *,
        is_local: bool = False,
    ) -> Rule:
        """A rule for many columns, which are not listed when there are too many to read."""
        if len(wrong) <= 4:
            return self._rule(table, f"{text}_of", wrong, is_local=is_local)
        return self._rule(table, text, wrong, is_local=is_local)

    def _at_most(self, table: Table) -> Iterator[Rule]:
        labels = _labels(table, self.plan.language)
        for measure in table.measures:
            if measure.at_most:
                wrong = {measure.indicator: _above(measure.indicator, measure.at_most)}
                whole = labels[measure.at_most]
                yield self._rule(table, "at_most", wrong, whole=whole)

    def _effect(self, table: Table) -> Iterator[Rule]:
        known = table_columns(table)
        if "method_note" in known and "project_effect" in known:
            missing = {
                "method_note": _each(
                    "method_note",
                    lambda cell, ref: f"{filled(ref('project_effect'))}*(1-{filled(cell)})",
                )
            }
            yield self._rule(table, "effect", missing)

    def _parents(self, table: Table) -> Iterator[Rule]:
        for column in table.columns:
            parent = self._parent(table, column)
            if parent is None:
                continue
            known = self.plan.rows_of(*parent)
            look = number_of if column.type == "organisation" else "TRIM({})".format
            wrong = {
                column.name: _each(
                    column.name,
                    lambda cell, _, look=look, known=known: (
                        f"{filled(cell)}*ISNA(MATCH({look(cell)},{look(known)},0))"
                    ),
                )
            }
            sheet = self.plan.form.by_name[parent[0]].title.of(self.plan.language)
            yield self._rule(table, "parent", wrong, is_local=False, sheet=sheet)

    def _parent(self, table: Table, column: Column) -> tuple[str, str] | None:
        """Sheet and column in which an organisation or project must have been named before."""
        kinds = {
            "project_id": [("project", "project_id")],
            "organisation_id": [
                ("membership", "organisation_id"),
                ("organisation", "registry_number"),
            ],
        }
        places = kinds.get(column.name, [])
        own = [name for name, _ in places]
        if table.name in own:
            places = places[own.index(table.name) + 1 :]
        return next((place for place in places if self.plan.has(*place)), None)

    def _repeated(self, table: Table) -> Iterator[Rule]:
        if table.rows == 1 or not table.key or set(table.key) - set(table_columns(table)):
            return
        columns = {column.name: column for column in table.columns}

        def key(ref: Ref) -> str:
            parts = [self._key_part(columns[name], ref(name)) for name in table.key]
            return '&"|"&'.join(parts)

        def wrong(ref: Ref) -> str:
            same = f"--({key(ref)}=TRANSPOSE({key(ref)}))"
            return f"{ref.started}*(MMULT({same},--{ref.started})>1)"

        shown = dict.fromkeys(table.key, wrong)
        rule = self._rule(table, "repeated", shown, is_local=False)
        yield Rule(table, rule.text, wrong, {})

    def _key_part(self, column: Column, cell: str) -> str:
        """Text of a key: what an empty cell means counts as if it stood there."""
        period = self.plan.choices.period_code
        if column.type == "year" and period:
            return f'TRIM({cell})&REPT("{period[:4]}",1-{filled(cell)})'
        if column.type in ("organisation", "registry_number"):
            return number_of(cell)
        if column.default:
            named = {choice.code: choice.name for choice in self.plan.choices.of(column)}
            return f'TRIM({cell})&REPT("{named.get(column.default, "")}",1-{filled(cell)})'
        return f"TRIM({cell})"


def _required_names(table: Table) -> list[str]:
    columns = [column.name for column in table.columns if column.required]
    return columns + [measure.indicator for measure in table.measures if measure.required]


def _blanks(ref: Ref, names: Iterable[str]) -> str:
    return "+".join(f"(1-{filled(ref(name))})" for name in names)


def _labels(table: Table, language: str) -> dict[str, str]:
    labels = {column.name: column.label.of(language) for column in table.columns}
    return labels | {measure.indicator: measure.label.of(language) for measure in table.measures}


def _each(name: str, wrong: Any) -> Callable[[Ref], str]:
    """Condition on one cell of the row; the rest of the row is at hand."""
    return lambda ref: wrong(ref(name), ref)


def _before(last: str, first: str) -> Callable[[Ref], str]:
    return lambda ref: f"ISNUMBER({ref(last)})*ISNUMBER({ref(first)})*({ref(last)}<{ref(first)})"


def _above(part: str, whole: str) -> Callable[[Ref], str]:
    return lambda ref: f"ISNUMBER({ref(part)})*ISNUMBER({ref(whole)})*({ref(part)}>{ref(whole)})"


def _outside(name: str, low: float | None, high: float | None) -> Callable[[Ref], str]:
    def wrong(ref: Ref) -> str:
        cell = ref(name)
        bounds = [f"({cell}<{low:g})"] if low is not None else []
        bounds += [f"({cell}>{high:g})"] if high is not None else []
        return f"ISNUMBER({cell})*(({'+'.join(bounds)})>0)"

    return wrong


def _wrong_length(
    name: str, lengths: tuple[int, ...], abroad: Callable[[Ref], str]
) -> Callable[[Ref], str]:
    def wrong(ref: Ref) -> str:
        length = f"LEN({number_of(ref(name))})"
        right = "+".join(f"({length}={one})" for one in lengths)
        return f"{filled(ref(name))}*(({right}+{abroad(ref)})=0)"

    return wrong


def _wrong_digit(
    name: str, weights: tuple[tuple[int, ...], ...], abroad: Callable[[Ref], str]
) -> Callable[[Ref], str]:
    """A number of digits of the right length whose last one does not follow from the others."""
    count = len(weights[0])
    places = ",".join(str(place) for place in range(1, count + 1))
    ones = ";".join("1" * count)

    def wrong(ref: Ref) -> str:
        number = number_of(ref(name))
        digits = f"IFERROR(--MID({number},{{{places}}},1),0)"
        rests = [
            f"MOD(MMULT({digits}*{{{','.join(map(str, row))}}},{{{ones}}}),11)" for row in weights
        ]
        right = rests[0] if len(rests) == 1 else f"({rests[0]}+({rests[0]}=10)*({rests[1]}-10))"
        last = f"IFERROR(--MID({number},{count + 1},1),-1)"
        is_plain = f"(LEN({number})={count + 1})*ISNUMBER(--{number})*({abroad(ref)}=0)"
        return f"{is_plain}*({right}<>{last})"

    return wrong


def limits(measure: Measure, language: str) -> str:
    """Limits of a measure in words; empty when it has none."""
    is_low, is_high = measure.low is not None, measure.high is not None
    if not (is_low or is_high):
        return ""
    key = "between" if is_low and is_high else "low" if is_low else "high"
    said: str = texts("template")["limits"][key][language]
    return said.format(low=f"{measure.low or 0:g}", high=f"{measure.high or 0:g}")


def last_year(table: Table, period_code: str | None) -> int:
    """Latest year that a table may speak of: plans and forecasts reach beyond the report."""
    span = period_span(period_code) if period_code else None
    is_ahead = any(column.codes == "value_kind" for column in table.columns)
    return LAST_YEAR if span is None or is_ahead else span[1].year
