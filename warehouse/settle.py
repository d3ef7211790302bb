"""Decides what becomes of each file that was read: the same as another, quarantined, accepted.

The decision depends on the set of files and their vintages, not on the order in which they were
read: files are gone through from the earliest publication to the latest, and a file is looked at
again when something that decided about it has changed.

Files are checked together: a suite runs once over the rows of many. What a file is compared with
depends on which earlier ones are accepted, so those that wait for their verdict are first taken
for what they seem to be. Where the checks say otherwise, the files that this decided about wait
again. In the end each verdict rests on the verdicts before it, as if they had come one by one:
its key says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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

MOST_FILES = 500
MOST_ROWS = 200_000
"""What is checked in one run; a single file may have more rows."""

_SAME = """
    indicator_code, region_code, period_start, period_end, period_kind, unit_code,
    is_illustrative, activity_classifier, activity_code, currency_code, price_base,
    breakdown_entries
"""
_PREVIOUS = f"""
    with own as (
        select *, list_sort(map_entries(breakdown)) as breakdown_entries
        from rows
    ),

    known as (
        select
            *,
            list_sort(map_entries(breakdown)) as breakdown_entries,
        from read_parquet($parts, filename = true) as observation
        inner join (
            select
                unnest($parts) as filename,
                unnest($positions) as position,
                unnest($ties) as tie
        ) as parts using (filename)
        where value is not null
    ),

    earlier as (
        select {_SAME}, position, tie, arg_max(value, observation_id) as value
        from known
        group by all
    ),

    asked as (
        select {_SAME}, position, tie, null as value, row_number from own
        union all
        select {_SAME}, position, tie, value, null as row_number from earlier
    ),

    final as (
        select
            row_number,
            last_value(value ignore nulls) over (
                partition by {_SAME} order by position
                groups between unbounded preceding and 1 preceding
            ) as previous_value,
            last_value(value ignore nulls) over (
                partition by {_SAME}, tie order by position
                groups between unbounded preceding and 1 preceding
            ) as tied_value
        from asked
    )

    select previous_value, tied_value
    from final
    where row_number is not null
    order by row_number
"""  # noqa: S608  (nothing comes from outside)


@dataclass(frozen=True)
class Earlier:
    """An accepted file that later ones are compared with.

    Attributes:
        part: File name of its observations.
        position: Its place in the order of vintages.
        tie: What it shares with files that nothing but their names puts in an order.
    """

    part: str
    position: int
    tie: str


@dataclass(frozen=True)
class Case:
    """A file that waits for its verdict.

    Attributes:
        pointer: The file.
        contract: The contract that read it.
        first: What is said of it before it is checked.
        position: Its place in the order of vintages.
        tie: What it shares with files that nothing but their names puts in an order.
        sees_all: Whether it is compared with all earlier files of its provider, or only with
            those that came at the same time.
    """

    pointer: Pointer
    contract: Contract | None
    first: Verdict
    position: int
    tie: str
    sees_all: bool

    @property
    def file(self) -> CheckedFile:
        """The file as the validator knows it."""
        at = datetime.fromisoformat(self.pointer.received_at)
        return CheckedFile(self.pointer.file_id, self.pointer.file_name, at, self.contract)


@dataclass(frozen=True)
class _Judge:
    """What a verdict takes beside the files themselves."""

    settings: Settings
    registry: Registry
    validator: Validator
    marks: tuple[str, str]


@dataclass
class _Known:
    """What the files gone through so far leave for the next one.

    Attributes:
        first_with: By contract and content, the file that brought it first.
        earlier: Accepted files, by provider.
        chains: Hash of the accepted files of a provider, and of those of a tie.
    """

    first_with: dict[tuple[str, str], Pointer] = field(default_factory=dict)
    earlier: dict[str, list[Earlier]] = field(default_factory=dict)
    chains: dict[str, str] = field(default_factory=dict)

    def remember(self, pointer: Pointer, position: int, tie: str) -> None:
        """Take a file for what its verdict says."""
        if not pointer.is_accepted or "observation" not in pointer.parts:
            return
        part = pointer.parts["observation"]
        if pointer.content_hash and pointer.contract_id:
            self.first_with.setdefault((pointer.contract_id, pointer.content_hash), pointer)
        if pointer.provider_code:
            known = self.earlier.setdefault(pointer.provider_code, [])
            known.append(Earlier(part, position, tie))
            for name in (pointer.provider_code, tie):
                self.chains[name] = stage.fingerprint(self.chains.get(name), part)


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
        judge = _Judge(settings, registry, Validator(settings), marks)
        progress.start("validate", len(pointers))
        reports = [pointer for pointer in pointers if settle_reports.is_report(pointer)]
        settle_reports.settle_reports(settings, reports, marks, judge.validator, progress)
        files = [pointer for pointer in pointers if not settle_reports.is_report(pointer)]
        _settle_files(judge, files, progress)
        judge.validator.build_docs()
        progress.finish()


def _settle_files(judge: _Judge, files: list[Pointer], progress: Progress) -> None:
    """Look at files until every verdict rests on the verdicts before it.

    Each time, the first file that waits is compared with files that have their final verdict, so
    its own is final too.
    """
    given_up: set[str] = set()
    told: set[str] = set()
    while True:
        cases, known = _waiting(judge, files, given_up)
        waiting = {case.position for case in cases}
        _tell(progress, told, (file for at, file in enumerate(files) if at not in waiting))
        if not cases:
            return
        for start in range(0, len(cases), MOST_FILES):
            some = cases[start : start + MOST_FILES]
            settled = _settled(judge, some, known)
            for case, pointer in zip(some, settled, strict=True):
                files[case.position] = pointer
            given_up |= {
                file.file_id for file in settled if not file.verdict or not file.verdict.key
            }
            _tell(progress, told, settled)


def _tell(progress: Progress, told: set[str], files: Iterable[Pointer]) -> None:
    """One step for each file, the first time that it is through."""
    for file in files:
        if file.file_id not in told:
            told.add(file.file_id)
            progress.step(file.file_name)


def _seeds_fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256()
    for path in sorted(settings.seeds.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def _waiting(
    judge: _Judge, files: Sequence[Pointer], given_up: Container[str]
) -> tuple[list[Case], _Known]:
    """Files whose verdict rests on something else than what is known now; and what is known.

    A file that waits is taken for what it was before, or for what its reading says.
    """
    known = _Known()
    cases = []
    for position, pointer in enumerate(files):
        contract = judge.registry.get(pointer.contract_id) if pointer.contract_id else None
        tie = stage.fingerprint(pointer.contract_id, pointer.released_on, pointer.received_at)
        twin = known.first_with.get((pointer.contract_id or "", pointer.content_hash or ""))
        checks = contract.checks if contract else ()
        sees_all = any(isinstance(check, Overlap) for check in checks)
        chains = [known.chains.get(tie), known.chains.get(pointer.provider_code or "")]
        key = _key(judge, pointer, twin, chains if sees_all else chains[:1])
        assumed = pointer
        is_settled = pointer.verdict is not None and pointer.verdict.key == key
        if not is_settled and pointer.file_id not in given_up:
            first = first_verdict(pointer, twin, key)
            cases.append(Case(pointer, contract, first, position, tie, sees_all))
            assumed = pointer if pointer.verdict else replace(pointer, verdict=first)
        known.remember(assumed, position, tie)
    return cases, known


def _key(judge: _Judge, pointer: Pointer, twin: Pointer | None, earlier: object) -> str:
    read = [pointer.parts.get(name) for name in READ_TABLES]
    facts = (pointer.read_key, pointer.read_code, pointer.origins, pointer.problem)
    same = twin.file_id if twin else None
    return stage.fingerprint(judge.marks, read, facts, same, earlier)


def _settled(judge: _Judge, cases: Sequence[Case], known: _Known) -> list[Pointer]:
    """The files of some cases with their verdicts, written."""
    try:
        return [
            _write(judge.settings, pointer, results)
            for pointer, results in _judged(judge, cases, known)
        ]
    except WarehouseError:
        raise
    except Exception as error:  # one file never stops the others; it is looked at again next time
        if len(cases) > 1:
            return [pointer for case in cases for pointer in _settled(judge, [case], known)]
        return [_write(judge.settings, _unjudged(judge, cases[0].pointer, error), [])]


def _unjudged(judge: _Judge, pointer: Pointer, error: Exception) -> Pointer:
    at = datetime.fromisoformat(pointer.received_at)
    ops.log_exception(judge.settings, at, pointer.file_name, error)
    message = f"the checks could not be run: {one_line(error)}. Report it with logs/errors.log."
    return replace(pointer, verdict=Verdict("", "quarantined", Code.CHECK_FAILED.value, message))


Results = list[dict[str, Any]]


def _judged(judge: _Judge, cases: Sequence[Case], known: _Known) -> list[tuple[Pointer, Results]]:
    """The files of some cases with their verdicts and the results of their checks."""
    results: dict[str, Results] = {case.pointer.file_id: [] for case in cases}
    for row in _check_rows(judge, cases, known):
        results[row["file_id"]].append(row)
    judged = [_after_checks(case, results[case.pointer.file_id]) for case in cases]
    outcomes = [outcome_table(pointer) for pointer in judged]
    files = [case.file for case in cases]
    for row in judge.validator.check_table("file_outcome", files, outcomes):
        results[row["file_id"]].append(row)
    return [
        (_after_checks(case, results[case.pointer.file_id]), results[case.pointer.file_id])
        for case in cases
    ]


def _check_rows(judge: _Judge, cases: Sequence[Case], known: _Known) -> Iterator[dict[str, Any]]:
    """Results of the checks of all rows that were read, those of copies left out."""
    checked = [case for case in cases if case.first.outcome_code != "unchanged"]
    by_contract: dict[str | None, list[Case]] = {}
    for case in checked:
        by_contract.setdefault(case.pointer.contract_id, []).append(case)
    for cases_of_one in by_contract.values():
        for some in _batches(cases_of_one, "observation"):
            tables = [_read(judge, case, "observation") for case in some]
            compared = known_values(judge.settings, some, tables, known.earlier)
            files = [case.file for case in some]
            yield from judge.validator.check_observations(files, tables, compared)
    for some in _batches(checked, "rejected_cell"):
        tables = [_read(judge, case, "rejected_cell") for case in some]
        yield from judge.validator.check_table(
            "rejected_cell", [case.file for case in some], tables
        )


def _read(judge: _Judge, case: Case, table: str) -> pa.Table:
    return stage.read_part(judge.settings, table, case.pointer.parts[table])


def _batches(cases: Iterable[Case], table: str) -> Iterator[list[Case]]:
    """Cases with rows in a staged table, as many at a time as are checked in one run."""
    some: list[Case] = []
    rows = 0
    for case in cases:
        if table not in case.pointer.parts:
            continue
        is_cell = table == "rejected_cell"
        own = case.pointer.rejected_count if is_cell else case.pointer.observation_count
        if some and rows + own > MOST_ROWS:
            yield some
            some, rows = [], 0
        some.append(case)
        rows += own
    if some:
        yield some


def known_values(
    settings: Settings,
    cases: Sequence[Case],
    tables: Sequence[pa.Table],
    earlier: Mapping[str, Sequence[Earlier]],
) -> pd.DataFrame | None:
    """What earlier files say about the keys of some files; missing where it is new.

    Args:
        settings: The warehouse home.
        cases: Files of one contract.
        tables: Observations of each of them.
        earlier: Accepted files by provider.

    Returns:
        `previous_value`, the latest one; `tied_value`, that of a file of the same time; and, when
        something has changed, `before_value` and `after_value`, those of the years beside. One
        row per observation, in their order. None when there is nothing to compare with.
    """
    ties = {case.tie for case in cases}
    provider = cases[0].contract.provider if cases[0].contract else ""
    seen = [
        other
        for other in earlier.get(provider, ())
        if other.position < cases[-1].position and (cases[0].sees_all or other.tie in ties)
    ]
    if not seen:
        return None
    rows = pa.concat_tables(
        table.append_column(
            "position", pa.repeat(pa.scalar(case.position), len(table))
        ).append_column("tie", pa.repeat(pa.scalar(case.tie), len(table)))
        for case, table in zip(cases, tables, strict=True)
    )
    sees_all = cases[0].sees_all
    known = _looked_up(settings, rows, seen, sees_all=sees_all)
    is_changed = (rows["value"].to_pandas() - known["previous_value"]).abs() > 0
    if is_changed.any():
        for name, years in (("before_value", -1), ("after_value", 1)):
            other = _in_other_year(rows, years)
            beside = _looked_up(settings, other, seen, sees_all=sees_all)
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


def _looked_up(
    settings: Settings, rows: pa.Table, seen: Sequence[Earlier], *, sees_all: bool
) -> pd.DataFrame:
    numbered = rows.append_column("row_number", pa.array(range(rows.num_rows), pa.int64()))
    parameters = {
        "parts": [str(settings.staged / "observation" / other.part) for other in seen],
        "positions": [other.position for other in seen],
        "ties": [other.tie for other in seen],
    }
    with duckdb.connect() as connection:
        connection.register("rows", numbered)
        query = connection.execute(_PREVIOUS, parameters)
        known: pd.DataFrame = query.to_arrow_table().to_pandas()
    return known if sees_all else known.assign(previous_value=known["tied_value"])


def _after_checks(case: Case, results: Iterable[dict[str, Any]]) -> Pointer:
    """The file with its verdict: the first one, unless a critical check failed."""
    pointer, verdict = case.pointer, case.first
    failed = critical_failures(results)
    if failed and verdict.outcome_code in ("accepted", "unchanged"):
        first = failed[0]
        more = f" (and {len(failed) - 1} more checks)" if len(failed) > 1 else ""
        examples = f": {first['examples']}" if first["examples"] else ""
        message = (
            f"{pointer.file_name}: check {first['check_name']} failed{more}: expected that "
            f"{first['expected']}, found that {first['found']}{examples}. Compare these cells with "
            "the printed table: the file is kept, and not used until its source or contract is "
            "right."
        )
        verdict = Verdict(verdict.key, "quarantined", Code.CHECK_FAILED.value, message)
    return replace(pointer, verdict=verdict)


def _write(settings: Settings, pointer: Pointer, results: Results) -> Pointer:
    parts = {name: part for name, part in pointer.parts.items() if name in READ_TABLES}
    outcomes, checks = outcome_table(pointer), results_table(results)
    for name, rows in (("file_outcome", outcomes), ("check_result", checks)):
        part = stage.write_part(settings, name, pointer.file_id, rows)
        if part:
            parts[name] = part
    written = replace(pointer, parts=parts)
    stage.save_pointer(settings, written)
    return written
