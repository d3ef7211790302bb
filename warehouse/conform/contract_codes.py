"""Codes that a contract names exist in the code lists: a typo is found before a file is read."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.conform.codelists import CodeLists
from warehouse.conform.periods import parse_period
from warehouse.errors import Code, WarehouseError
from warehouse.layout.contract import (
    AnyOf,
    ByIndicator,
    ByPeriod,
    Contract,
    Dimension,
    Table,
    finds_of,
)
from warehouse.layout.corrections import Correction


def check_contract(contract: Contract, lists: CodeLists) -> None:
    """Compare every code of a contract with the code lists.

    Raises:
        WarehouseError: `contract_invalid`, naming the table and the code, or
            `correction_invalid`, naming the record.
    """
    for table in contract.tables:
        for kind, known, named in _codes_of(table, lists):
            unknown = sorted(named - known)
            if unknown:
                raise WarehouseError.of(
                    Code.CONTRACT_INVALID,
                    expected="codes of the code lists",
                    found=f"unknown {kind} {', '.join(unknown)} in table {table.name} of "
                    f"contract {contract.id}",
                    action="Correct the contract or add the code to dbt/seeds.",
                )
    for record in contract.corrections:
        _check_target(record, contract, lists)


def _check_target(record: Correction, contract: Contract, lists: CodeLists) -> None:
    target = record.target
    named: list[tuple[str, str, set[str]]] = [
        ("indicator", target.indicator, set(lists.indicators)),
        ("region", target.region, set(lists.regions)),
    ]
    if target.activity is not None:
        classifiers = {table.classifier for table in contract.tables if table.classifier}
        known = [
            lists.column("activities", "activity_code", classifier_code=code)
            for code in classifiers
        ]
        named.append(("activity", target.activity, set().union(*known)))
    if target.unit is not None:
        named.append(("unit", target.unit, set(lists.units)))
    for name, code in target.breakdown.items():
        known_values = lists.column("dimension_values", "value_code", dimension_code=name)
        named.append((name, code, known_values))
    unknown = [f"{kind} {code}" for kind, code, known_codes in named if code not in known_codes]
    if parse_period(str(target.period)) is None:
        unknown.append(f"period {target.period}")
    if unknown:
        raise WarehouseError.of(
            Code.CORRECTION_INVALID,
            expected="codes of the code lists",
            found=f"unknown {', '.join(unknown)} in correction {record.id} of {contract.id}",
            action="Correct the target of the record.",
        )


def _codes_of(table: Table, lists: CodeLists) -> Iterator[tuple[str, set[str], set[str]]]:
    regions, reasons = set(lists.regions), set(lists.reasons)
    statuses = lists.column("statuses", "status_code", status_kind="obs")
    yield "reason", reasons, {table.empty, *table.symbols.values()}
    yield "status", statuses, {table.status}
    yield "status or reason", statuses | reasons, set(table.flags.values())
    yield "region", regions, {*table.predecessors, *table.predecessors.values(), *table.backcast}
    kinds = {region.kind for region in lists.regions.values()}
    yield "kind of region", kinds, set(table.region_types)
    yield (
        "classifier",
        lists.column("classifiers", "classifier_code"),
        {code for code in (table.classifier,) if code},
    )
    for name, dimension in table.dimensions.items():
        known = _known(name, table, lists)
        if known is not None:
            yield name, known, _named(dimension)
    period = table.dimensions["period"]
    if isinstance(period, str) and parse_period(period) is None:
        yield "period", set(), {period}


def _known(name: str, table: Table, lists: CodeLists) -> set[str] | None:
    if name == "indicator":
        return set(lists.indicators)
    if name == "unit":
        return set(lists.units)
    if name == "region":
        return set(lists.regions)
    if name == "activity":
        return lists.column("activities", "activity_code", classifier_code=table.classifier or "")
    return (
        None
        if name == "period"
        else lists.column("dimension_values", "value_code", dimension_code=name)
    )


def _named(dimension: Dimension) -> set[str]:
    if isinstance(dimension, str):
        return {dimension}
    if isinstance(dimension, ByIndicator):
        return set(dimension.by_indicator.values())
    if isinstance(dimension, ByPeriod):
        return set(dimension.by_period.values())
    codes: set[str] = set()
    for other in dimension.any_of if isinstance(dimension, AnyOf) else ():
        codes |= _named(other) if isinstance(other, ByPeriod) else set()
    for find in finds_of(dimension):
        if isinstance(find.vocabulary, dict):
            codes |= set(find.vocabulary.values())
        if isinstance(find.default, dict):
            codes |= set(find.default.values())
        elif find.default is not None:
            codes.add(find.default)
    return codes
