"""Disclosure control: which figures of the published warehouse may be shown to everybody.

Primary: what a source withholds, and what too few organisations, or one or two dominant ones,
stand behind. Secondary: what would give a withheld figure away, by totals of regions and
activities, by a product that offices print, by a score whose scale is known. What is computed
from a withheld figure is withheld too.

Source of the rules: counts below three and shares of the largest as offices publish them
(domain catalogue, section on confidentiality); the check of intervals is the audit of cell
suppression by linear programming.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.settings import Settings

KEY = (
    "indicator_code, region_code, cluster_code, activity_classifier, activity_code, year, "
    "base_indicator_code, method_version, unit_code"
)
SECONDARY = "S"
"""SDMX CL_CONF_STATUS: withheld by the receiver so that another figure cannot be computed."""


@dataclass(frozen=True)
class Rule:
    """When a figure is confidential.

    Attributes:
        min_count: Fewer contributing organisations than this are too few.
        one_share: Largest share, 0…1, that one organisation may have.
        two_share: Largest share, 0…1, that two organisations together may have.
        margin: How far around a withheld figure, as a part of it, totals may not narrow it down.
    """

    min_count: int = 3
    one_share: float = 0.80
    two_share: float = 0.85
    margin: float = 0.10

    @classmethod
    def of(cls, settings: Settings) -> Rule:
        """The rule of a warehouse home."""
        return cls(settings.min_contributors, settings.max_share_one, settings.max_share_two)


@dataclass(frozen=True)
class Relation:
    """A printed whole and its parts.

    Attributes:
        total: Figure of the whole.
        parts: Figures that add up to it.
    """

    total: int
    parts: tuple[int, ...]

    @property
    def figures(self) -> tuple[int, ...]:
        """The whole and its parts."""
        return (self.total, *self.parts)


def protect(
    connection: duckdb.DuckDBPyConnection, rule: Rule, countries: Sequence[str] = ()
) -> None:
    """Fill temporary tables with figures of `mart_indicator` and what is withheld of them.

    `figure` has all columns of the mart, `figure_id` and where the value is printed; `withheld`
    has `figure_id`, the SDMX confidentiality status, and whether a figure is withheld for nothing
    but a sum.

    Args:
        connection: A reader of the published file.
        rule: When a figure is confidential.
        countries: Whose figures; none named: all. No sum goes beyond a country.
    """
    connection.execute(_FIGURES, {"countries": list(countries)})
    connection.execute("create or replace temp table followed_cell (observation_id varchar)")
    connection.execute(
        "create or replace temp table withheld "
        "(figure_id bigint, conf_status text, is_companion boolean)"
    )
    _withhold(connection, _OF_SOURCE)
    _withhold(connection, _SMALL.format(rule=rule))
    connection.execute(_RISKS.format(rule=rule))
    _withhold(connection, _OF_MEMBERS)
    _close(connection, rule)
    _withhold(connection, _SCORES)


def _withhold(
    connection: duckdb.DuckDBPyConnection,
    found: str,
    given: Mapping[str, str] | None = None,
    *,
    is_companion: bool = False,
) -> int:
    """Add figures that are not withheld yet; how many there were."""
    before = _count(connection)
    connection.execute(
        f"insert into withheld select figure_id, min(conf_status), {is_companion} from ({found}) "  # noqa: S608
        "where figure_id not in (select figure_id from withheld) group by figure_id",
        given or {},
    )
    return _count(connection) - before


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select count(*) from withheld").fetchone()
    return int(row[0]) if row else 0


def _close(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Withhold more until neither a sum, a product nor another unit gives anything away."""
    while True:
        added = sum(_withhold(connection, found) for found in (_TWINS, _PRODUCTS))
        added += _withhold_complements(connection, rule)
        added += _withhold_computed(connection)
        if not added:
            return


def _withhold_computed(connection: duckdb.DuckDBPyConnection) -> int:
    """Withhold what is computed from withheld values that were not followed yet.

    One country at a time: the view of inputs then computes those of its regions only.
    """
    connection.execute(_HIDDEN_CELLS)
    connection.execute("insert into followed_cell select observation_id from hidden_cell")
    countries = connection.execute(_COUNTRIES).fetchall()
    return sum(
        _withhold(connection, _COMPUTED, {"lowest": lowest, "highest": highest})
        for lowest, highest in countries
    )


def _withhold_complements(connection: duckdb.DuckDBPyConnection, rule: Rule) -> int:
    connection.execute(_CELLS)
    values = dict(connection.execute("select figure_id, value from additive").fetchall())
    lowest = dict(connection.execute("select figure_id, range_low from additive").fetchall())
    grouped = connection.execute(_RELATIONS).fetchall()
    relations = [Relation(int(total), tuple(parts)) for total, parts in grouped]
    known = connection.execute(
        "select figure_id, is_companion from withheld semi join additive using (figure_id)"
    ).fetchall()
    added = complements(
        values,
        lowest,
        relations,
        {int(figure) for figure, is_companion in known if not is_companion},
        companions={int(figure) for figure, is_companion in known if is_companion},
        margin=rule.margin,
    )
    if not added:
        return 0
    rows = ", ".join(f"({figure})" for figure in sorted(added))
    return _withhold(
        connection,
        f"select figure_id, '{SECONDARY}' as conf_status from (values {rows}) as t (figure_id)",  # noqa: S608
        is_companion=True,
    )


def complements(
    values: Mapping[int, float | None],
    lowest: Mapping[int, float | None],
    relations: Sequence[Relation],
    hidden: Iterable[int],
    *,
    companions: Iterable[int] = (),
    margin: float,
) -> set[int]:
    """Figures to withhold besides, so that sums do not give the hidden ones away.

    Args:
        values: Figure to value; None where the value itself is not known here.
        lowest: Figure to the smallest value that it can have; None where it may be negative.
        relations: Wholes and their parts.
        hidden: Figures that nobody may learn.
        companions: Figures that are withheld for their sake already.
        margin: How far around a hidden figure, as a part of it, nothing may narrow it down.

    Returns:
        The figures to add; empty when the hidden ones are safe.
    """
    secret = set(hidden)
    before = secret | set(companions)
    safe = set(before)
    by_figure: dict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        for figure in relation.figures:
            by_figure[figure].append(relation)
    while True:
        grown = _without_single(values, relations, by_figure, safe)
        for figure in _exposed(values, lowest, by_figure, grown, secret=secret, margin=margin):
            for relation in by_figure[figure]:
                grown |= _companion(relation, values, by_figure, grown)
        if grown == safe:
            return safe - before
        safe = grown


def _without_single(
    values: Mapping[int, float | None],
    relations: Sequence[Relation],
    by_figure: Mapping[int, Sequence[Relation]],
    hidden: set[int],
) -> set[int]:
    """The hidden figures and more, until no sum has exactly one: it would be the difference."""
    grown = set(hidden)
    while True:
        before = len(grown)
        for relation in relations:
            if len(grown.intersection(relation.figures)) == 1:
                grown |= _companion(relation, values, by_figure, grown)
        if len(grown) == before:
            return grown


def _companion(
    relation: Relation,
    values: Mapping[int, float | None],
    by_figure: Mapping[int, Sequence[Relation]],
    hidden: set[int],
) -> set[int]:
    """One more figure of a sum: the one that closes most other sums, then the smallest."""
    shown = [part for part in relation.parts if part not in hidden and values[part]]
    shown = shown or [other for other in relation.figures if other not in hidden]
    if not shown:
        return set()
    return {min(shown, key=lambda other: _cost(other, values, by_figure, hidden))}


def _cost(
    figure: int,
    values: Mapping[int, float | None],
    by_figure: Mapping[int, Sequence[Relation]],
    hidden: set[int],
) -> tuple[int, float, int]:
    helped = sum(not hidden.isdisjoint(relation.figures) for relation in by_figure[figure])
    return -helped, abs(values[figure] or 0.0), figure


def _exposed(
    values: Mapping[int, float | None],
    lowest: Mapping[int, float | None],
    by_figure: Mapping[int, Sequence[Relation]],
    hidden: set[int],
    *,
    secret: set[int],
    margin: float,
) -> list[int]:
    """Secret figures that sums pin down, group by group of sums that hang together."""
    found: list[int] = []
    left = {figure for figure in secret if figure in by_figure}
    while left:
        group, sums = _connected(min(left), by_figure, hidden)
        found += _pinned_down(
            sorted(group), sums, values, lowest, secret=left & group, margin=margin
        )
        left -= group
    return found


def _connected(
    start: int, by_figure: Mapping[int, Sequence[Relation]], hidden: set[int]
) -> tuple[set[int], list[Relation]]:
    group: set[int] = set()
    sums: dict[Relation, None] = {}
    waiting = [start]
    while waiting:
        figure = waiting.pop()
        if figure in group:
            continue
        group.add(figure)
        for relation in by_figure[figure]:
            sums[relation] = None
            waiting += [other for other in relation.figures if other in hidden]
    return group, list(sums)


def _pinned_down(
    group: Sequence[int],
    sums: Sequence[Relation],
    values: Mapping[int, float | None],
    lowest: Mapping[int, float | None],
    *,
    secret: set[int],
    margin: float,
) -> list[int]:
    place = {figure: index for index, figure in enumerate(group)}
    signs = np.zeros((len(sums), len(group)))
    for row, relation in enumerate(sums):
        for figure in relation.figures:
            if figure in place:
                signs[row, place[figure]] = -1.0 if figure == relation.total else 1.0
    rest = np.array([_rest(relation, place, values) for relation in sums])
    bounds = [(lowest[figure], None) for figure in group]
    return [
        figure
        for index, figure in enumerate(group)
        if figure in secret
        and _is_narrow(_span(index, signs, rest, bounds), values[figure], margin)
    ]


def _rest(
    relation: Relation, place: Mapping[int, int], values: Mapping[int, float | None]
) -> float:
    """What the hidden figures of a sum make together, the whole taken as negative.

    True values are taken where they are known, so that rounding in print does not make sums
    contradict one another; else what is shown says it.
    """
    known = {figure: values[figure] for figure in relation.figures if figure in place}
    if None not in known.values():
        return sum((-1.0 if f == relation.total else 1.0) * (v or 0.0) for f, v in known.items())
    shown = sum(values[figure] or 0.0 for figure in relation.parts if figure not in place)
    return (0.0 if relation.total in place else values[relation.total] or 0.0) - shown


def _span(
    index: int,
    signs: np.ndarray,
    rest: np.ndarray,
    bounds: Sequence[tuple[float | None, float | None]],
) -> tuple[float, float]:
    """Smallest and largest value that fits all sums; a point where nothing fits."""
    from scipy.optimize import linprog  # noqa: PLC0415  (costs each command a second)

    found: list[float] = []
    for direction in (1.0, -1.0):
        goal = np.zeros(signs.shape[1])
        goal[index] = direction
        answer = linprog(goal, A_eq=signs, b_eq=rest, bounds=list(bounds), method="highs")
        if answer.status == 3:  # without limit
            found.append(-np.inf * direction)
        elif answer.status == 0:
            found.append(float(answer.x[index]))
        else:  # the figures contradict one another: trust nothing
            return 0.0, 0.0
    return found[0], found[1]


def _is_narrow(span: tuple[float, float], value: float | None, margin: float) -> bool:
    low, high = span
    around = value if value is not None else (low + high) / 2
    needed = margin * abs(around) if np.isfinite(around) else 0.0
    tolerance = 1e-6 * max(1.0, needed)
    if value is None:
        return high - low <= 2 * needed + tolerance
    return around - low < needed - tolerance or high - around < needed - tolerance or high == low


_FIGURES = f"""
create or replace temp table figure as
with cell as (
    select observation_id, conf_status as source_conf_status, table_name, cell, value_printed
    from marts.fct_observation
)
select row_number() over (order by is_illustrative, {KEY}) as figure_id, *
from marts.mart_indicator
left join cell using (observation_id)
where len($countries) = 0 or country_code in (select unnest($countries))
"""  # noqa: S608

_OF_SOURCE = """
select figure.figure_id, coalesce(nullif(figure.source_conf_status, 'F'), reason.conf_status)
    as conf_status
from figure left join seeds.reasons as reason using (reason_code)
where coalesce(figure.source_conf_status, 'F') <> 'F' or coalesce(reason.conf_status, 'F') <> 'F'
"""

_SMALL = """
select figure.figure_id, 'A' as conf_status
from figure
inner join marts.dim_indicator as indicator using (indicator_code)
inner join figure as counted
    using (region_code, activity_classifier, activity_code, year, is_illustrative)
where
    counted.indicator_code = 'establishments' and counted.value > 0
    and counted.value < {rule.min_count}
    and figure.cluster_code = '_Z' and counted.cluster_code = '_Z'
    and indicator.indicator_kind = 'base' and indicator.level_code = 'RA'
    and figure.indicator_code not in ('establishments', 'active_firms', 'new_firms')
"""

_RISKS = """
create or replace temp table risk as
with organisation_of_project as (
    select distinct
        value.cluster_id, value.is_illustrative, value.year,
        unnest(list_append(project.participant_ids, project.lead_id)) as organisation_id
    from marts.fct_project_value as value
    inner join marts.dim_project as project using (cluster_id, project_id, is_illustrative)
),
paid as (
    select
        cluster_id, is_illustrative, year, recipient_id as organisation_id, currency_code,
        unnest(['support_paid', 'support_committed']) as measure,
        unnest([paid_amount, committed_amount]) as amount
    from marts.fct_support
),
contribution as (
    select
        cluster_id, is_illustrative, year, indicator_code as measure,
        concat_ws('/', column_name, role_code, unit_code) as sum_name,
        organisation_id, sum(abs(value)) as amount
    from marts.mart_cluster_year_input
    where organisation_id is not null and indicator_code is not null and value is not null
    group by all
    union all
    select
        cluster_id, is_illustrative, year, measure, currency_code, organisation_id,
        sum(abs(amount))
    from paid
    where amount is not null
    group by all
    union all
    select cluster_id, is_illustrative, year, 'project', 'project', organisation_id, 1
    from organisation_of_project
    where organisation_id is not null
),
placed as (
    select
        *,
        row_number() over (
            partition by cluster_id, is_illustrative, year, measure, sum_name
            order by amount desc, organisation_id
        ) as place
    from contribution
    where amount > 0
),
summed as (
    select
        cluster_id, is_illustrative, year, measure, sum_name,
        count(*) as organisation_count,
        max(amount) / sum(amount) as one_share,
        sum(amount) filter (place <= 2) / sum(amount) as two_share
    from placed
    group by all
),
judged as (
    select
        cluster_id, is_illustrative, year, measure,
        case
            when organisation_count < {rule.min_count} then 'A'
            when one_share > {rule.one_share} then 'O'
            when two_share > {rule.two_share} then 'T'
        end as conf_status
    from summed
)
select
    cluster_id as cluster_code, is_illustrative, year, measure, min(conf_status) as conf_status
from judged
where conf_status is not null
group by all
"""

_MEASURES = """
select figure_id, cluster_code, is_illustrative, year, unnest(list_distinct(list_concat(
    [case when indicator_code like 'PRJ%' then 'project' else base_indicator_code end],
    case
        when indicator_code like 'PRJ%' then []
        when indicator_code like 'SUP%' then ['support_paid', 'support_committed']
        else string_split(coalesce(inputs, ''), ';')
    end,
    case when indicator_code = 'INN_RDINT' then ['value_added'] else [] end,
    case when method_version like '%per=job%' then ['employees'] else [] end,
    case when method_version like '%of=share_of_%'
        then [regexp_extract(method_version, 'of=share_of_(\\w+)', 1)] else [] end,
    case when base_indicator_code = 'NET_INTRA' then ['sales', 'sales_to_members'] else [] end,
    case when base_indicator_code like 'CMP%' then parts.measures else [] end
))) as measure
from figure
inner join marts.dim_indicator using (indicator_code)
cross join (
    select list_concat(
        list(component_code),
        list(nullif(regexp_extract(quantity_kind, 'share_of_(\\w+)', 1), '')),
        ['sales', 'sales_to_members']
    ) as measures
    from seeds.index_components
) as parts
where cluster_code <> '_Z'
"""

_OF_MEMBERS = f"""
select measured.figure_id, risk.conf_status
from ({_MEASURES}) as measured
inner join risk using (cluster_code, is_illustrative, year, measure)
"""  # noqa: S608

_TWINS = f"""
select other.figure_id, '{SECONDARY}' as conf_status
from figure as other
inner join figure as hidden using (
    indicator_code, region_code, cluster_code, activity_classifier, activity_code, year,
    base_indicator_code
)
inner join withheld on hidden.figure_id = withheld.figure_id
inner join marts.dim_indicator as indicator using (indicator_code)
where indicator.indicator_kind = 'base' and other.cluster_code = '_Z'
"""  # noqa: S608

_PRODUCTS = f"""
with base as (
    select indicator_code, region_code, year, activity_classifier, activity_code, figure_id
    from figure where cluster_code = '_Z' and indicator_code = base_indicator_code
),
product as (
    select
        cross_check.factor_code, cross_check.product_code, factor.figure_id as factor_id,
        whole.figure_id as product_id, divisor.figure_id as base_id
    from seeds.cross_checks as cross_check
    inner join base as factor on cross_check.factor_code = factor.indicator_code
    inner join base as whole
        on cross_check.product_code = whole.indicator_code
        and factor.region_code = whole.region_code and factor.year = whole.year
    inner join base as divisor
        on cross_check.base_code = divisor.indicator_code
        and factor.region_code = divisor.region_code and factor.year = divisor.year
)
select factor_id as figure_id, '{SECONDARY}' as conf_status from product
where product_id in (select figure_id from withheld) or base_id in (select figure_id from withheld)
union all
select product_id, '{SECONDARY}' from product
where factor_id in (select figure_id from withheld)
"""  # noqa: S608

# what is computed from a cell without a value has no value either
_HIDDEN_CELLS = """
create or replace temp table hidden_cell as
select distinct figure.observation_id, figure.country_code
from withheld inner join figure using (figure_id)
where
    figure.observation_id is not null and figure.value is not null
    and figure.observation_id not in (select observation_id from followed_cell)
"""

_COUNTRIES = """
select min(region_code), max(region_code)
from figure
semi join hidden_cell using (country_code)
group by country_code
order by country_code
"""

_COMPUTED = f"""
select figure.figure_id, 'D' as conf_status
from marts.mart_indicator_input as input
semi join hidden_cell using (observation_id)
inner join figure using ({KEY})
where
    figure.observation_id is null and input.role_code <> 'previous'
    and input.region_code between $lowest and $highest
"""  # noqa: S608

_CELLS = """
create or replace temp table additive as
with series as (
    select distinct
        hidden.indicator_code, hidden.country_code, hidden.year, hidden.method_version,
        hidden.unit_code
    from withheld inner join figure as hidden using (figure_id)
)
select figure.*, indicator.range_low
from figure
inner join series using (indicator_code, country_code, year, method_version, unit_code)
inner join marts.dim_indicator as indicator using (indicator_code)
where
    indicator.is_additive and indicator.indicator_kind = 'base' and figure.cluster_code = '_Z'
    and figure.indicator_code = figure.base_indicator_code
"""

_RELATIONS = """
with part_of_region as (
    select whole.figure_id as total, part.figure_id as part, 'region' as kind, '' as classifier
    from additive as part
    inner join marts.dim_region as region using (region_code)
    inner join additive as whole
        on region.parent_code = whole.region_code
        and part.indicator_code = whole.indicator_code and part.year = whole.year
        and part.activity_classifier = whole.activity_classifier
        and part.activity_code = whole.activity_code
        and part.method_version = whole.method_version and part.unit_code = whole.unit_code
),
part_of_activity as (
    select whole.figure_id as total, part.figure_id as part, 'activity' as kind,
        part.activity_classifier as classifier
    from additive as part
    inner join marts.dim_activity as activity using (activity_classifier, activity_code)
    inner join marts.dim_activity as parent
        on activity.parent_code = parent.activity_code
        and activity.activity_classifier = parent.activity_classifier
    inner join additive as whole
        on part.region_code = whole.region_code
        and part.indicator_code = whole.indicator_code and part.year = whole.year
        and part.method_version = whole.method_version and part.unit_code = whole.unit_code
        and (
            (part.activity_classifier = whole.activity_classifier
                and whole.activity_code = parent.activity_code)
            or (parent.activity_level = 0 and whole.activity_code = '_T')
        )
)
select total, list(part order by part)
from (from part_of_region union all from part_of_activity)
group by total, kind, classifier
order by all
"""

_SCORES = f"""
with score as (
    from figure
    where cluster_code <> '_Z' and indicator_code in ('CMP_Z', 'CMP_MM', 'CMP_GOAL')
)
select figure_id, '{SECONDARY}' as conf_status
from score
semi join (select score.* from score semi join withheld using (figure_id)) as hidden
    using (indicator_code, country_code, base_indicator_code, is_illustrative)
"""  # noqa: S608
