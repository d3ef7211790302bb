"""Decides what becomes of each file that was read: the same as another, quarantined, accepted.

The decision depends on the set of files and their vintages, not on the order in which they were
read: files are gone through from the earliest publication to the latest, and a file is looked at
again when something that decided about it has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse import ops, settle_reports, stage
from warehouse.disk import one_line
from warehouse.errors import Code, WarehouseError
from warehouse.layout.contract import Contract, Overlap, Registry
from warehouse.ops import Progress, Stopwatch
from warehouse.outcome import first_verdict, outcome_table
from warehouse.settings import Settings
from warehouse.stage import Pointer, Verdict
from warehouse.validate import (
    CheckedFile,
    Validator,
    critical_failures,
    results_table,
    suites_fingerprint,
)

READ_TABLES = ("observation", *settle_reports.READ_TABLES)
"""Tables that reading a file gives; the others follow from the verdict."""

_PREVIOUS = """
    with earlier as (
        select
            observation.*,
            parts.position,
            parts.is_tied,
            list_sort(map_entries(observation.breakdown)) as breakdown_entries,
        from read_parquet($parts, filename = true) as observation
        inner join (
            select
                unnest($parts) as filename,
                unnest(range(len($parts))) as position,
                unnest($tied) as is_tied
        ) as parts on observation.filename = parts.filename
        where observation.value is not null
    ),

    own as (
        select *, list_sort(map_entries(breakdown)) as breakdown_entries
        from rows
    ),

    final as (
        select
            own.row_number,
            arg_max(
                earlier.value, row(earlier.position, earlier.observation_id)
            ) as previous_value,
            arg_max(
                earlier.value, row(earlier.position, earlier.observation_id)
            ) filter (where earlier.is_tied) as tied_value
        from own
        left join earlier
            on own.indicator_code = earlier.indicator_code
            and own.region_code = earlier.region_code
            and own.period_start = earlier.period_start
            and own.period_end = earlier.period_end
            and own.period_kind = earlier.period_kind
            and own.unit_code = earlier.unit_code
            and own.is_illustrative = earlier.is_illustrative
            and own.activity_classifier is not distinct from earlier.activity_classifier
            and own.activity_code is not distinct from earlier.activity_code
            and own.currency_code is not distinct from earlier.currency_code
            and own.price_base is not distinct from earlier.price_base
            and own.breakdown_entries = earlier.breakdown_entries
        group by own.row_number
    )

    select previous_value, tied_value from final
    order by row_number
"""


@dataclass
class _State:
    """What the files gone through so far leave for the next one."""

    settings: Settings
    registry: Registry
    validator: Validator
    marks: tuple[str, str]
    first_with: dict[tuple[str, str], Pointer]
    earlier: dict[str, list[Pointer]]


@dataclass(frozen=True)
class Earlier:
    """Observations of earlier files that one file is compared with.

    Attributes:
        parts: File names of their parts, from the earliest vintage to the latest.
        tied: Which of them have the date and the time of arrival of the file itself.
    """

    parts: tuple[str, ...] = ()
    tied: tuple[bool, ...] = ()


def settle(settings: Settings, registry: Registry, progress: Progress, watch: Stopwatch) -> None:
    """Give every file that was read its verdict, its outcome and its check results.

    Only for the holder of the writer lock.

    Args:
        settings: The warehouse home.
        registry: All contracts.
        progress: Who watches.
        watch: Where the seconds go.
    """
    with watch.time("validate"):
        pointers = list(stage.load_pointers(settings).values())
        marks = (suites_fingerprint(settings), _seeds_fingerprint(settings))
        state = _State(settings, registry, Validator(settings), marks, {}, {})
        progress.start("validate", len(pointers))
        reports = [pointer for pointer in pointers if settle_reports.is_report(pointer)]
        settle_reports.settle_reports(settings, reports, marks, state.validator, progress)
        for pointer in pointers:
            if settle_reports.is_report(pointer):
                continue
            settled = _settle_one(state, pointer)
            _remember(state, settled)
            progress.step(settled.file_name)
        state.validator.build_docs()
        progress.finish()


def _seeds_fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256()
    for path in sorted(settings.seeds.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def _remember(state: _State, pointer: Pointer) -> None:
    if not pointer.is_accepted or "observation" not in pointer.parts:
        return
    if pointer.content_hash and pointer.contract_id:
        state.first_with.setdefault((pointer.contract_id, pointer.content_hash), pointer)
    if pointer.provider_code:
        state.earlier.setdefault(pointer.provider_code, []).append(pointer)


def _settle_one(state: _State, pointer: Pointer) -> Pointer:
    contract = state.registry.get(pointer.contract_id) if pointer.contract_id else None
    twin = state.first_with.get((pointer.contract_id or "", pointer.content_hash or ""))
    earlier = _earlier(state, pointer, contract)
    key = _key(state, pointer, twin, earlier)
    if pointer.verdict is not None and pointer.verdict.key == key:
        return pointer
    first = first_verdict(pointer, twin, key)
    try:
        settled = _judged(state, pointer, contract, earlier, first)
    except WarehouseError:
        raise
    except Exception as error:  # one file never stops the others; it is looked at again next time
        settled = _unjudged(state, pointer, error)
    stage.save_pointer(state.settings, settled)
    return settled


def _unjudged(state: _State, pointer: Pointer, error: Exception) -> Pointer:
    at = datetime.fromisoformat(pointer.received_at)
    ops.log_exception(state.settings, at, pointer.file_name, error)
    message = f"the checks could not be run: {one_line(error)}. Report it with logs/errors.log."
    verdict = Verdict("", "quarantined", Code.CHECK_FAILED.value, message)
    judged = replace(pointer, verdict=verdict)
    return _write(state.settings, judged, outcome_table(judged), results_table([]))


def _earlier(state: _State, pointer: Pointer, contract: Contract | None) -> Earlier:
    """Files that came at the same time always count, all others when the contract says so."""
    if contract is None:
        return Earlier()
    has_overlap = any(isinstance(check, Overlap) for check in contract.checks)
    found = [
        (other.parts["observation"], is_tied)
        for other in state.earlier.get(contract.provider, [])
        if (is_tied := _is_tied(other, pointer)) or has_overlap
    ]
    return Earlier(tuple(part for part, _ in found), tuple(is_tied for _, is_tied in found))


def _is_tied(one: Pointer, other: Pointer) -> bool:
    """Whether nothing but their names puts two files of one table in an order."""
    same_time = (one.released_on, one.received_at) == (other.released_on, other.received_at)
    return same_time and one.contract_id == other.contract_id


def _key(state: _State, pointer: Pointer, twin: Pointer | None, earlier: Earlier) -> str:
    read = [pointer.parts.get(name) for name in READ_TABLES]
    facts = (pointer.read_key, pointer.read_code, pointer.origins, pointer.problem)
    same = twin.file_id if twin else None
    return stage.fingerprint(state.marks, read, facts, same, earlier.parts, earlier.tied)


def _judged(
    state: _State,
    pointer: Pointer,
    contract: Contract | None,
    earlier: Earlier,
    verdict: Verdict,
) -> Pointer:
    file = _checked_file(pointer, contract)
    results: list[dict[str, Any]] = []
    if verdict.outcome_code != "unchanged":
        results += _check_rows(state, pointer, file, earlier)
        verdict = _after_checks(pointer.file_name, verdict, results)
    judged = replace(pointer, verdict=verdict)
    outcomes = outcome_table(judged)
    results += state.validator.check_table("file_outcome", file, outcomes)
    if verdict.outcome_code in ("accepted", "unchanged"):
        final = _after_checks(pointer.file_name, verdict, results)
        judged = replace(judged, verdict=final)
        outcomes = outcome_table(judged)
    return _write(state.settings, judged, outcomes, results_table(results))


def _checked_file(pointer: Pointer, contract: Contract | None) -> CheckedFile:
    at = datetime.fromisoformat(pointer.received_at)
    return CheckedFile(pointer.file_id, pointer.file_name, at, contract)


def _check_rows(
    state: _State, pointer: Pointer, file: CheckedFile, earlier: Earlier
) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    settings = state.settings
    if "observation" in pointer.parts:
        rows = stage.read_part(settings, "observation", pointer.parts["observation"])
        known = known_values(settings, rows, earlier) if earlier.parts else None
        results += state.validator.check_observations(file, rows, known)
    if "rejected_cell" in pointer.parts:
        rows = stage.read_part(settings, "rejected_cell", pointer.parts["rejected_cell"])
        results += state.validator.check_table("rejected_cell", file, rows)
    return results


def known_values(settings: Settings, rows: pa.Table, earlier: Earlier) -> pd.DataFrame:
    """What earlier files say about the keys of one file; missing where it is new.

    Args:
        settings: The warehouse home.
        rows: Observations of one file.
        earlier: What they are compared with.

    Returns:
        `previous_value`, the latest one; `tied_value`, that of a file of the same time; and, when
        something has changed, `before_value` and `after_value`, those of the years beside. One
        row per observation, in their order.
    """
    known = _looked_up(settings, rows, earlier)
    values = rows["value"].to_pandas()
    is_changed = (values - known["previous_value"]).abs() > 0
    if is_changed.any():
        for name, years in (("before_value", -1), ("after_value", 1)):
            beside = _looked_up(settings, _in_other_year(rows, years), earlier)
            known[name] = beside["previous_value"]
    return known


def _in_other_year(rows: pa.Table, years: int) -> pa.Table:
    for name in ("period_start", "period_end"):
        days = pd.to_datetime(rows[name].to_pandas()).dt
        shifted = pd.to_datetime(
            {"year": days.year + years, "month": days.month, "day": days.day.clip(upper=28)}
        )
        shifted = shifted.where(~days.is_month_end, shifted + pd.offsets.MonthEnd(0))
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array(shifted.dt.date, pa.date32()))
    return rows


def _looked_up(settings: Settings, rows: pa.Table, earlier: Earlier) -> pd.DataFrame:
    parts = [str(_observation_path(settings, part)) for part in earlier.parts]
    numbered = rows.append_column("row_number", pa.array(range(rows.num_rows), pa.int64()))
    with duckdb.connect() as connection:
        connection.register("rows", numbered)
        query = connection.execute(_PREVIOUS, {"parts": parts, "tied": list(earlier.tied)})
        known: pd.DataFrame = query.to_arrow_table().to_pandas()
    return known


def _observation_path(settings: Settings, part: str) -> Path:
    return settings.staged / "observation" / part


def _after_checks(file_name: str, verdict: Verdict, results: Iterable[dict[str, Any]]) -> Verdict:
    failed = critical_failures(results)
    if not failed or verdict.outcome_code not in ("accepted", "unchanged"):
        return verdict
    first = failed[0]
    more = f" (and {len(failed) - 1} more checks)" if len(failed) > 1 else ""
    examples = f": {first['examples']}" if first["examples"] else ""
    message = (
        f"{file_name}: check {first['check_name']} failed{more}: expected that "
        f"{first['expected']}, found that {first['found']}{examples}. Compare these cells with "
        "the printed table: the file is kept, and not used until its source or contract is right."
    )
    return Verdict(verdict.key, "quarantined", Code.CHECK_FAILED.value, message)


def _write(settings: Settings, pointer: Pointer, outcomes: pa.Table, results: pa.Table) -> Pointer:
    parts = {name: part for name, part in pointer.parts.items() if name in READ_TABLES}
    for name, rows in (("file_outcome", outcomes), ("check_result", results)):
        part = stage.write_part(settings, name, pointer.file_id, rows)
        if part:
            parts[name] = part
    return replace(pointer, parts=parts)
