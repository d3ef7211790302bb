"""One contract tried on one file: rows, refused cells, totals and checks, without a warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.conform.codelists import CodeLists
from warehouse.conform.contract_codes import check_contract
from warehouse.errors import WarehouseError
from warehouse.forms.definition import Forms
from warehouse.interpret import Interpretation, interpret
from warehouse.layout.contract import (
    PROVIDER_FILE,
    Contract,
    Overlap,
    PartsOfTotal,
    Registry,
    load_contract,
)
from warehouse.validate import rules
from warehouse.validate.frame import batch
from warehouse.validate.runner import contract_expectations

ROWS = 12
TOTALS = 1000
UNUSED = ("observation_id", "file_id", "contract_version", "region_printed", "activity_printed")
"""Columns of observations that no check reads."""
PROPOSAL_ROWS = 30_000
"""Checks that a contract does not declare are tried on so many rows, the newest."""
_RULES: dict[str, Callable[..., rules.Finding]] = {
    "expect_total_to_equal_sum_of_parts": rules.parts_of_total,
    "expect_share_of_base_to_equal_count": rules.share_of_base,
    "expect_growth_to_follow_from_levels": rules.growth,
    "expect_indicator_to_be_between": rules.between,
    "expect_yearly_change_within_factor": rules.change_factor,
    "expect_total_to_equal_sum_of_printed": rules.sum_of,
    "expect_directions_to_agree": rules.direction_agrees,
}
"""The checks of contracts that one file decides alone, by the name that the suites use."""


@dataclass(frozen=True)
class CheckOutcome:
    """What one check says about the file.

    Attributes:
        name: As in `ops.ops_check_result`.
        is_declared: False for a check that the contract could declare and does not.
        severity: critical or warning.
        tested: How many things it could test; None when it needs other files.
        wrong: How many of them break it.
        examples: The first that do.
    """

    name: str
    is_declared: bool
    severity: str
    tested: int | None
    wrong: int = 0
    examples: Sequence[str] = ()

    @property
    def is_broken(self) -> bool:
        """Whether it would quarantine the file."""
        return self.wrong > 0 and self.severity == "critical" and self.is_declared


@dataclass(frozen=True)
class Trial:
    """What a contract makes of a file.

    Attributes:
        contract: The contract.
        file_name: The file.
        outcome_code: accepted, refused, quarantined or no_contract.
        message: Why nothing was read, or which check failed.
        rows: The first values, as plain columns.
        ranges: One row per indicator and unit.
        totals: One row per printed total that has parts beside it, the first thousand.
        total_count: How many of them there are.
        refused: Refused cells, headers and tables.
        checks: What the checks say.
        value_count: Cells read, with and without a number.
        missing: Cells without a number by reason.
        units: Indicators in a unit of another kind than theirs: the build would stop.
    """

    contract: Contract
    file_name: str
    outcome_code: str
    message: str | None = None
    rows: Sequence[dict[str, Any]] = ()
    ranges: Sequence[dict[str, Any]] = ()
    totals: Sequence[dict[str, Any]] = ()
    total_count: int = 0
    refused: Sequence[dict[str, Any]] = ()
    checks: Sequence[CheckOutcome] = ()
    value_count: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    units: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "contract_id": self.contract.id,
            "file_name": self.file_name,
            "outcome_code": self.outcome_code,
            "message": self.message,
            "value_count": self.value_count,
            "missing": self.missing,
            "rows": list(self.rows),
            "ranges": list(self.ranges),
            "totals": list(self.totals),
            "total_count": self.total_count,
            "refused": list(self.refused),
            "units": list(self.units),
            "checks": [asdict(check) for check in self.checks],
        }

    @property
    def is_clean(self) -> bool:
        """Whether all of the file would be taken in."""
        return self.outcome_code == "accepted" and not self.refused and not self.units


def load_one(path: Path) -> Contract:
    """A contract that may lie anywhere; `_provider.yml` is looked for beside it.

    Raises:
        WarehouseError: `contract_invalid`; a missing `_provider.yml` is named.
    """
    try:
        return load_contract(path)
    except WarehouseError as error:
        if path.exists() and not path.with_name(PROVIDER_FILE).exists():
            raise WarehouseError.of(
                error.problem.code,
                expected=error.problem.expected,
                found=f"{error.problem.found}; no {PROVIDER_FILE} beside it",
                action="Say provider_name, country, licence and owner in the contract, or write "
                f"them into {path.with_name(PROVIDER_FILE)}.",
                file_name=str(path),
            ) from error
        raise


def try_contract(contract: Contract, path: Path, lists: CodeLists, seeds: Path) -> Trial:
    """Read a file by one contract and run the checks that the file decides alone.

    Raises:
        WarehouseError: `contract_invalid` for a code that no list has, or a missing file.
    """
    check_contract(contract, lists)
    reading = read_by({contract.id: contract}, path, lists)
    return tried(reading, contract, path.name, lists, seeds)


def read_by(
    registry: Registry, path: Path, lists: CodeLists, forms: Forms | None = None
) -> Interpretation:
    """Read a file where it lies."""
    return interpret(
        path,
        file_id=hashlib.sha256(path.read_bytes()).hexdigest(),
        file_name=path.name,
        received_at=datetime.now(UTC).replace(microsecond=0),
        registry=registry,
        lists=lists,
        forms=forms,
    )


def tried(
    reading: Interpretation, contract: Contract, file_name: str, lists: CodeLists, seeds: Path
) -> Trial:
    """What a reading amounts to."""
    rows = reading.observations
    refused = reading.rejected.to_pylist()
    message = reading.problem.message if reading.problem else None
    if not rows.num_rows:
        return Trial(contract, file_name, reading.outcome_code, message, refused=refused)
    frame = batch(rows.drop_columns(list(UNUSED)))
    checks = tuple(_checks(contract, frame, seeds))
    broken = next((check for check in checks if check.is_broken), None)
    if broken:
        message = f"check {broken.name} fails: {'; '.join(broken.examples)}"
    totals, total_count = _totals(frame, lists)
    return Trial(
        contract=contract,
        file_name=file_name,
        outcome_code="quarantined" if broken else reading.outcome_code,
        message=message,
        rows=_first_rows(frame),
        ranges=_ranges(frame),
        totals=totals,
        total_count=total_count,
        refused=refused,
        checks=checks,
        value_count=len(frame),
        units=_wrong_units(frame, lists),
        missing={str(k): int(v) for k, v in frame["reason_code"].dropna().value_counts().items()},
    )


def _first_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The first values in the order of the file, without the columns that are empty throughout."""
    subject = ["indicator_code", "region_code", "activity_code", "breakdown"]
    shown = frame.head(ROWS)
    found = shown[["cell", "value_printed", "value", "unit_code"]].assign(
        period=_periods(shown), **{name: shown[name] for name in subject}
    )
    return _plain(_without_empty(found.assign(reason_code=shown["reason_code"])))


def _periods(frame: pd.DataFrame) -> pd.Series:
    """Periods as short texts in their order: 2024, 2024-06, 2024-01..06."""
    columns = ["period_start", "period_end", "period_kind"]
    which = frame.groupby(columns, sort=False).ngroup()
    distinct = frame[columns].drop_duplicates().itertuples(index=False, name=None)
    texts = pd.Categorical([_period(*row) for row in distinct], ordered=True)
    return pd.Series(texts.take(which.to_numpy()), index=frame.index)


def _period(start: pd.Timestamp, end: pd.Timestamp, kind: str) -> str:
    shown = {"year": "%Y", "month": "%Y-%m", "date": "%Y-%m-%d"}.get(kind)
    return start.strftime(shown) if shown else f"{start:%Y-%m}..{end:%m}"


def _wrong_units(frame: pd.DataFrame, lists: CodeLists) -> list[str]:
    kinds = {row["indicator_code"]: row["unit_kind"] for row in lists.rows("indicators")}
    pairs = frame[["indicator_code", "unit_code"]].drop_duplicates().itertuples(index=False)
    return [
        f"{indicator} is {kinds[indicator]}, and {unit} is {lists.units[unit].kind}; there are "
        + ", ".join(code for code, known in lists.units.items() if known.kind == kinds[indicator])
        for indicator, unit in pairs
        if kinds[indicator] not in {None, "of_base", lists.units[unit].kind}
    ]


def _ranges(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """How many values, from when to when and between what, per indicator and unit."""
    named = frame.assign(period=_periods(frame))
    groups = named.groupby(["indicator_code", "unit_code"], sort=True, observed=True)
    found = groups.agg(
        values=("value", "count"),
        cells=("value", "size"),
        first=("period", "min"),
        last=("period", "max"),
        least=("value", "min"),
        greatest=("value", "max"),
    ).reset_index()
    found["missing"] = found.pop("cells") - found["values"]
    return _plain(found)


def _totals(frame: pd.DataFrame, lists: CodeLists) -> tuple[list[dict[str, Any]], int]:
    """Printed totals beside the sums of the regions printed below them, where adding makes sense.

    The first of them, and how many there are.
    A region's parts are those printed regions that have no other printed region in between.
    """
    additive = lists.column("indicators", "indicator_code", is_additive="true")
    keys = ["indicator_code", "unit_code", "activity_code", "breakdown", "period"]
    is_added = frame["indicator_code"].isin(additive) & frame["region_code"].notna()
    rows = frame.assign(period=_periods(frame))[[*keys, "region_code", "value"]][is_added]
    printed = set(rows["region_code"].unique())
    above = {
        code: next((a for a in lists.regions[code].ancestors if a in printed), None)
        for code in printed
    }
    regions = pd.Categorical(rows["region_code"], categories=sorted(printed))
    rows = rows.assign(
        total_of=pd.Categorical(regions.map(above), categories=sorted(printed)),
        region_code=regions,
        **{name: rows[name].astype("category") for name in keys},
    )
    below = rows[rows["total_of"].notna()]
    if below.empty:
        return [], 0
    sums = below.groupby([*keys, "total_of"], dropna=False, sort=True, observed=True)["value"]
    parts = sums.agg(sum_of_parts="sum", parts="count").reset_index()
    totals = rows[[*keys, "region_code", "value"]].rename(columns={"region_code": "total_of"})
    found = parts.merge(totals, on=[*keys, "total_of"]).rename(columns={"total_of": "region_code"})
    columns = [*keys, "region_code", "value", "sum_of_parts", "parts"]
    shown = found[columns].rename(columns={"value": "printed_total"})
    shown = shown.sort_values(["region_code", *keys], kind="stable")
    return _plain(_without_empty(shown.head(TOTALS))), len(shown)


def _without_empty(frame: pd.DataFrame) -> pd.DataFrame:
    filled = frame.replace("", None).notna().any()
    return frame.loc[:, filled]


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None for what is missing."""
    objects = frame.astype("object").where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in objects.to_dict("records")]


def _checks(contract: Contract, frame: pd.DataFrame, seeds: Path) -> Iterable[CheckOutcome]:
    for check, config in zip(contract.checks, contract_expectations(contract), strict=True):
        name, severity = config["meta"]["name"], config["severity"]
        if isinstance(check, Overlap):
            yield CheckOutcome(name, True, severity, None)
            continue
        found = _run(config, frame, seeds)
        yield CheckOutcome(
            name, True, severity, found.tested, found.unexpected, tuple(found.examples)
        )
    declared = {c.parts_of_total for c in contract.checks if isinstance(c, PartsOfTotal)}
    breakdowns = pd.Series(frame["breakdown"].unique())
    printed = set(breakdowns.str.findall(r"(?:^|;)([^=;]+)=").explode().dropna())
    newest = _newest(frame)
    for dimension in sorted({"region", "activity", *printed} - declared):
        found = rules.parts_of_total(newest, seeds=str(seeds), dimension=dimension, rounded=True)
        if found.tested:
            yield CheckOutcome(
                f"parts_of_total({dimension})",
                False,
                "warning",
                found.tested,
                found.unexpected,
                found.examples,
            )


def _newest(frame: pd.DataFrame) -> pd.DataFrame:
    """The newest periods of a large table: enough to see whether a check would hold."""
    if len(frame) <= PROPOSAL_ROWS:
        return frame
    periods = frame["period_start"].value_counts().sort_index(ascending=False)
    kept = max(1, int((periods.cumsum() <= PROPOSAL_ROWS).sum()))
    newest: pd.DataFrame = frame[frame["period_start"] >= periods.index[kept - 1]]
    return newest


def _run(config: Mapping[str, Any], frame: pd.DataFrame, seeds: Path) -> rules.Finding:
    given = dict(config["kwargs"])
    if "seeds" in given:
        given["seeds"] = str(seeds)
    return _RULES[config["type"]](frame, **given)
