"""The rules as Great Expectations expectations. Importing this module costs about ten seconds.

Each rule is one table metric (how it is computed on a pandas batch) and one expectation (what
the metric must say). The metric's value is a `Finding`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from warehouse.validate import rules
from warehouse.validate.rules import Finding


class RuleMetric(TableMetricProvider):  # type: ignore[misc]
    """Computes one rule on the pandas batch; subclasses name the rule and its arguments."""

    rule: ClassVar[Callable[..., Finding]]

    @metric_value(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  (Great Expectations calls it with the class)
        execution_engine: Any,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Finding:
        frame, _, _ = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type="table"
        )
        given = {name: value for name, value in metric_value_kwargs.items() if value is not None}
        return cls.rule(frame, **given)


class RuleExpectation(BatchExpectation):  # type: ignore[misc]
    """Expects that nothing breaks the rule of the metric that a subclass depends on."""

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        found: Finding = metrics[self.metric_dependencies[0]]
        share = 100.0 * found.unexpected / found.tested if found.tested else 0.0
        return {
            "success": found.unexpected == 0,
            "result": {
                "element_count": found.tested,
                "unexpected_count": found.unexpected,
                "unexpected_percent": share,
                "partial_unexpected_list": list(found.examples),
                "details": {
                    "untested": found.untested,
                    "files": [[number, *found.of(number)] for number in found.files],
                },
            },
        }


class PartsOfTotalMetric(RuleMetric):
    """See `rules.parts_of_total`."""

    metric_name = "table.parts_of_total"
    value_keys = ("seeds", "dimension", "total", "indicators", "rounded")
    rule = staticmethod(rules.parts_of_total)


class ExpectTotalToEqualSumOfParts(RuleExpectation):
    """Expect every printed total to equal the sum of its printed parts."""

    seeds: Any
    dimension: str
    total: str | None = None
    indicators: list[str] | None = None
    rounded: bool = False
    metric_dependencies = ("table.parts_of_total",)
    success_keys = ("seeds", "dimension", "total", "indicators", "rounded")
    args_keys = success_keys


class ShareOfBaseMetric(RuleMetric):
    """See `rules.share_of_base`."""

    metric_name = "table.share_of_base"
    value_keys = ("seeds", "share", "base", "count")
    rule = staticmethod(rules.share_of_base)


class ExpectShareOfBaseToEqualCount(RuleExpectation):
    """Expect a printed share of a printed base to give the printed count."""

    seeds: Any
    share: str
    base: str
    count: str
    metric_dependencies = ("table.share_of_base",)
    success_keys = ("seeds", "share", "base", "count")
    args_keys = success_keys


class GrowthMetric(RuleMetric):
    """See `rules.growth`."""

    metric_name = "table.growth"
    value_keys = ("growth", "of", "kind")
    rule = staticmethod(rules.growth)


class ExpectGrowthToFollowFromLevels(RuleExpectation):
    """Expect a printed change to equal the one computed from the printed levels."""

    growth: str
    of: str
    kind: str
    metric_dependencies = ("table.growth",)
    success_keys = ("growth", "of", "kind")
    args_keys = success_keys


class SumOfMetric(RuleMetric):
    """See `rules.sum_of`."""

    metric_name = "table.sum_of"
    value_keys = ("seeds", "indicator", "over", "apart", "rounded", "growth", "kind")
    rule = staticmethod(rules.sum_of)


class ExpectTotalToEqualSumOfPrinted(RuleExpectation):
    """Expect a printed total to equal the sum of what is printed beside it."""

    seeds: Any
    indicator: str
    over: str
    apart: list[str] | None = None
    rounded: bool = False
    growth: str | None = None
    kind: str | None = None
    metric_dependencies = ("table.sum_of",)
    success_keys = ("seeds", "indicator", "over", "apart", "rounded", "growth", "kind")
    args_keys = success_keys


class DirectionAgreesMetric(RuleMetric):
    """See `rules.direction_agrees`."""

    metric_name = "table.direction_agrees"
    value_keys = ("first", "second")
    rule = staticmethod(rules.direction_agrees)


class ExpectDirectionsToAgree(RuleExpectation):
    """Expect two indicators of the same thing to rise and fall together."""

    first: str
    second: str
    metric_dependencies = ("table.direction_agrees",)
    success_keys = ("first", "second")
    args_keys = success_keys


class BetweenMetric(RuleMetric):
    """See `rules.between`."""

    metric_name = "table.indicator_between"
    value_keys = ("indicator", "low", "high")
    rule = staticmethod(rules.between)


class ExpectIndicatorToBeBetween(RuleExpectation):
    """Expect every value of an indicator to lie in an interval."""

    indicator: str
    low: float | None = None
    high: float | None = None
    metric_dependencies = ("table.indicator_between",)
    success_keys = ("indicator", "low", "high")
    args_keys = success_keys


class IndicatorRangeMetric(RuleMetric):
    """See `rules.indicator_range`."""

    metric_name = "table.indicator_range"
    value_keys = ("seeds",)
    rule = staticmethod(rules.indicator_range)


class ExpectValuesInRangeOfIndicator(RuleExpectation):
    """Expect values in the range that the definition of their indicator allows."""

    seeds: Any
    metric_dependencies = ("table.indicator_range",)
    success_keys = ("seeds",)
    args_keys = success_keys


class ChangeFactorMetric(RuleMetric):
    """See `rules.change_factor`."""

    metric_name = "table.change_factor"
    value_keys = ("seeds", "factor", "indicators")
    rule = staticmethod(rules.change_factor)


class ExpectYearlyChangeWithinFactor(RuleExpectation):
    """Expect year-on-year change to stay within a factor."""

    seeds: Any
    factor: float
    indicators: list[str] | None = None
    metric_dependencies = ("table.change_factor",)
    success_keys = ("seeds", "factor", "indicators")
    args_keys = success_keys


class OverlapMetric(RuleMetric):
    """See `rules.overlap`."""

    metric_name = "table.overlap"
    value_keys = ("max_changed_share", "max_change")
    rule = staticmethod(rules.overlap)


class ExpectKnownValuesToComeOutEqual(RuleExpectation):
    """Expect values known from earlier files to come out equal or as small revisions."""

    max_changed_share: float = 0.5
    max_change: float = 0.25
    metric_dependencies = ("table.overlap",)
    success_keys = ("max_changed_share", "max_change")
    args_keys = success_keys


class SimultaneousMetric(RuleMetric):
    """See `rules.simultaneous`."""

    metric_name = "table.simultaneous"
    value_keys = ("max_change",)
    rule = staticmethod(rules.simultaneous)


class ExpectSimultaneousFilesToAgree(RuleExpectation):
    """Expect a file not to contradict another one that came at the same time."""

    max_change: float = 0.0
    metric_dependencies = ("table.simultaneous",)
    success_keys = ("max_change",)
    args_keys = success_keys


class SlidMetric(RuleMetric):
    """See `rules.slid`."""

    metric_name = "table.slid"
    value_keys = ()
    rule = staticmethod(rules.slid)


class ExpectKnownValuesToStayInTheirYear(RuleExpectation):
    """Expect values known from earlier files not to stand under the year beside."""

    metric_dependencies = ("table.slid",)


class WithdrawnMetric(RuleMetric):
    """See `rules.withdrawn`."""

    metric_name = "table.withdrawn"
    value_keys = ()
    rule = staticmethod(rules.withdrawn)


class ExpectKnownValuesNotToBecomeBlank(RuleExpectation):
    """Expect that a file of unknown date does not blank out what is known."""

    metric_dependencies = ("table.withdrawn",)


class RepeatedValuesMetric(RuleMetric):
    """See `rules.repeated_values`."""

    metric_name = "table.repeated_values"
    value_keys = ()
    rule = staticmethod(rules.repeated_values)


class ExpectRepeatedValuesToAgree(RuleExpectation):
    """Expect a figure that is printed in two tables to be the same in both."""

    metric_dependencies = ("table.repeated_values",)


class KnownCodesMetric(RuleMetric):
    """See `rules.known_codes`."""

    metric_name = "table.known_codes"
    value_keys = ("seeds", "column", "list_name", "list_column", "where")
    rule = staticmethod(rules.known_codes)


class ExpectCodesToBeKnown(RuleExpectation):
    """Expect every code of a column to stand in its code list."""

    seeds: Any
    column: str
    list_name: str
    list_column: str
    where: dict[str, str] | None = None
    metric_dependencies = ("table.known_codes",)
    success_keys = ("seeds", "column", "list_name", "list_column", "where")
    args_keys = success_keys


class KnownActivitiesMetric(RuleMetric):
    """See `rules.known_activities`."""

    metric_name = "table.known_activities"
    value_keys = ("seeds",)
    rule = staticmethod(rules.known_activities)


class ExpectActivitiesToBeKnown(RuleExpectation):
    """Expect every activity code to stand in its classifier."""

    seeds: Any
    metric_dependencies = ("table.known_activities",)
    success_keys = ("seeds",)
    args_keys = success_keys


class KnownBreakdownsMetric(RuleMetric):
    """See `rules.known_breakdowns`."""

    metric_name = "table.known_breakdowns"
    value_keys = ("seeds",)
    rule = staticmethod(rules.known_breakdowns)


class ExpectBreakdownsToBeKnown(RuleExpectation):
    """Expect every further dimension and its code to stand in the code list."""

    seeds: Any
    metric_dependencies = ("table.known_breakdowns",)
    success_keys = ("seeds",)
    args_keys = success_keys


class ValueOrReasonMetric(RuleMetric):
    """See `rules.value_or_reason`."""

    metric_name = "table.value_or_reason"
    value_keys = ()
    rule = staticmethod(rules.value_or_reason)


class ExpectValueOrReason(RuleExpectation):
    """Expect a finite value or a reason why there is none, exactly one of them."""

    metric_dependencies = ("table.value_or_reason",)


class PeriodMatchesKindMetric(RuleMetric):
    """See `rules.period_matches_kind`."""

    metric_name = "table.period_matches_kind"
    value_keys = ()
    rule = staticmethod(rules.period_matches_kind)


class ExpectPeriodsToMatchTheirKind(RuleExpectation):
    """Expect the first and last day of a period to be those of its kind."""

    metric_dependencies = ("table.period_matches_kind",)


class RegionValidMetric(RuleMetric):
    """See `rules.region_valid`."""

    metric_name = "table.region_valid"
    value_keys = ("seeds", "backcast")
    rule = staticmethod(rules.region_valid)


class ExpectRegionToBeValidInPeriod(RuleExpectation):
    """Expect a region with a value to have existed in the years of the period."""

    seeds: Any
    backcast: Any = None
    metric_dependencies = ("table.region_valid",)
    success_keys = ("seeds", "backcast")
    args_keys = success_keys


class ReasonFollowsOutcomeMetric(RuleMetric):
    """See `rules.reason_follows_outcome`."""

    metric_name = "table.reason_follows_outcome"
    value_keys = ()
    rule = staticmethod(rules.reason_follows_outcome)


class ExpectReasonToFollowOutcome(RuleExpectation):
    """Expect a file that was not taken in to say why, and no reason for one that was."""

    metric_dependencies = ("table.reason_follows_outcome",)
