"""Decides what becomes of reports: the same as another, quarantined by a check, accepted.

Reports of one period that came at one time are checked together: a suite runs once over the rows
of a thousand reports, not a thousand times. Periods are gone through from the earliest to the
latest, and each in the order of arrival, so that a report is compared with accepted ones only; it
is looked at again when one of them has changed. Two reports of a cluster for one period that came
at the same time and say different things are both quarantined: nobody can tell which one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from warehouse import stage
from warehouse.errors import Code, Problem
from warehouse.ops import Progress
from warehouse.outcome import first_verdict, outcome_table
from warehouse.refusals import rejected_cells
from warehouse.schema import FORM_TABLES
from warehouse.settings import Settings
from warehouse.stage import Pointer, Verdict
from warehouse.validate import (
    CheckedFile,
    Validator,
    critical_failures,
    report_batches,
    results_table,
)

READ_TABLES = ("rejected_cell", "submission", *FORM_TABLES)
"""Tables that reading a report gives; the others follow from the verdict."""


def is_report(pointer: Pointer) -> bool:
    """Whether a file was read as a form."""
    return (pointer.contract_id or "").startswith("form/")


def settle_reports(
    settings: Settings,
    pointers: Sequence[Pointer],
    marks: tuple[str, str],
    validator: Validator,
    progress: Progress,
) -> None:
    """Give every report its verdict, its outcome and its check results.

    Args:
        settings: The warehouse home.
        pointers: All reports, from the earliest arrival to the latest.
        marks: Hashes of suites and code lists.
        validator: One for the whole run.
        progress: Who watches.
    """
    judge = _Judge(settings, marks, validator)
    accepted: list[Pointer] = []
    for _, together in groupby(sorted(pointers, key=_turn), key=_turn):
        settled = _settle_together(judge, list(together), accepted)
        for pointer in settled:
            progress.step(pointer.file_name)
        accepted += [pointer for pointer in settled if pointer.is_accepted]


@dataclass(frozen=True)
class _Judge:
    """What a verdict takes beside the reports themselves."""

    settings: Settings
    marks: tuple[str, str]
    validator: Validator


def _turn(pointer: Pointer) -> tuple[str, str]:
    """Period of a report, then its arrival; registers come first."""
    return pointer.report_start or "", pointer.received_at


def _settle_together(
    judge: _Judge, pointers: Sequence[Pointer], earlier: Sequence[Pointer]
) -> list[Pointer]:
    """The reports of one period and arrival with their verdicts."""
    twins = _twins(pointers, earlier)
    rivals = _rivals(pointers)
    keys = {pointer.file_id: _key(judge, pointer, earlier, twins, rivals) for pointer in pointers}
    waiting = [p for p in pointers if p.verdict is None or p.verdict.key != keys[p.file_id]]
    judged = [p for p in waiting if p.read_code == "accepted" and p.file_id not in twins]
    clusters = {_cluster(p) for p in judged}
    known = [*(p for p in earlier if _cluster(p) in clusters), *judged]
    results, failed = _check(judge, judged, known) if judged else ({}, {})
    settled = {pointer.file_id: pointer for pointer in pointers}
    for pointer in waiting:
        own = keys[pointer.file_id]
        problems = _problems(failed.get(pointer.file_id, []), results.get(pointer.file_id, []))
        problems += _contradiction(pointer, rivals)
        verdict = _verdict(pointer, twins.get(pointer.file_id), problems, own)
        judgement = replace(pointer, verdict=verdict)
        settled[pointer.file_id] = _write(judge.settings, judgement, problems, results)
    return list(settled.values())


def _twins(pointers: Sequence[Pointer], earlier: Sequence[Pointer]) -> dict[str, Pointer]:
    """Reports that say what the one in force says, or one that came together with them.

    In force is the last accepted report of the same form, cluster and period; a register is
    compared with all earlier ones.
    """
    in_force: dict[tuple[str | None, ...], Pointer] = {}
    for pointer in earlier:
        in_force[_place(pointer)] = pointer
    said = {(_place(pointer), pointer.content_hash): pointer for pointer in in_force.values()}
    twins: dict[str, Pointer] = {}
    for pointer in pointers:
        if pointer.read_code == "accepted":
            first = said.setdefault((_place(pointer), pointer.content_hash), pointer)
            if first is not pointer:
                twins[pointer.file_id] = first
    return twins


def _place(pointer: Pointer) -> tuple[str | None, ...]:
    """What a report replaces: the one of the same form, cluster and period."""
    own = None if pointer.reporter_id else pointer.content_hash
    return (pointer.contract_id, pointer.reporter_id, pointer.report_start, own)


def _rivals(pointers: Sequence[Pointer]) -> dict[tuple[str | None, ...], list[Pointer]]:
    """Reports that came together for one place and say different things."""
    found: dict[tuple[str | None, ...], dict[str | None, Pointer]] = {}
    for pointer in pointers:
        if pointer.read_code == "accepted" and pointer.reporter_id:
            found.setdefault(_place(pointer), {}).setdefault(pointer.content_hash, pointer)
    return {place: list(said.values()) for place, said in found.items() if len(said) > 1}


def _contradiction(
    pointer: Pointer, rivals: Mapping[tuple[str | None, ...], Sequence[Pointer]]
) -> list[Problem]:
    others = [p for p in rivals.get(_place(pointer), ()) if p.content_hash != pointer.content_hash]
    if not others:
        return []
    return [
        Problem(
            Code.KEY_DUPLICATE,
            expected="one report of a cluster for a period at a time",
            found=f"another one that came with it, {others[0].file_name}",
            action="Save the one that counts once more, as a new file, and send it alone.",
        )
    ]


def _cluster(pointer: Pointer) -> tuple[str | None, str | None]:
    return pointer.contract_id, pointer.reporter_id


def _key(
    judge: _Judge,
    pointer: Pointer,
    earlier: Sequence[Pointer],
    twins: Mapping[str, Pointer],
    rivals: Mapping[tuple[str | None, ...], Sequence[Pointer]],
) -> str:
    read = [pointer.parts.get(name) for name in READ_TABLES]
    facts = (pointer.read_key, pointer.read_code, pointer.origins, pointer.problem)
    same = twins[pointer.file_id].file_id if pointer.file_id in twins else None
    beside = sorted(other.file_id for other in rivals.get(_place(pointer), ()))
    others = [
        [other.parts.get(name) for name in ("member_value", "cluster_value")]
        for other in earlier
        if pointer.reporter_id and _cluster(other) == _cluster(pointer)
    ]
    return stage.fingerprint(judge.marks, read, facts, same, beside, others)


# ── checking ────────────────────────────────────────────────────────────────────────────────


ByFile = dict[str, list[dict[str, Any]]]


def _check(
    judge: _Judge, judged: Sequence[Pointer], known: Sequence[Pointer]
) -> tuple[ByFile, ByFile]:
    """Check results and failing rows by file."""
    results: ByFile = {}
    failed: ByFile = {}
    files = {pointer.file_id: _checked_file(pointer) for pointer in judged}
    settings = judge.settings
    batches = report_batches(_parts(settings, judged), _parts(settings, known))
    for suite, frame in batches.items():
        rows, wrong = judge.validator.check_reports(suite, frame, files)
        for row in rows:
            results.setdefault(row["file_id"], []).append(row)
        for row in wrong:
            failed.setdefault(row["file_id"], []).append(row)
    return results, failed


def _checked_file(pointer: Pointer) -> CheckedFile:
    at = datetime.fromisoformat(pointer.received_at)
    return CheckedFile(pointer.file_id, pointer.file_name, at, form_id=pointer.contract_id)


def _parts(settings: Settings, pointers: Sequence[Pointer]) -> dict[str, list[Path]]:
    return {
        table: [
            settings.staged / table / name
            for name in (stage.EMPTY, *(p.parts[table] for p in pointers if table in p.parts))
        ]
        for table in FORM_TABLES
    }


def _problems(failed: Iterable[dict[str, Any]], results: Iterable[dict[str, Any]]) -> list[Problem]:
    """What critical checks refuse: cells, or the whole report when the check itself failed."""
    critical = [row for row in failed if row["is_critical"]]
    named = {row["check_name"] for row in critical}
    unnamed = [row for row in critical_failures(results) if row["check_name"] not in named]
    return [_problem(row) for row in critical] + [
        Problem(
            Code.CHECK_FAILED,
            expected=f"that {row['expected']}",
            found=str(row["found"]),
            action="The report is kept and not used. Report it with logs/errors.log.",
        )
        for row in unnamed
    ]


def _problem(row: Mapping[str, Any]) -> Problem:
    printed = str(row["value_printed"] or "")
    return Problem(
        Code.CHECK_FAILED,
        expected=f"that {row['expected']}",
        found=f"«{printed[:120]}»" if printed else "nothing",
        action="Correct the row, or explain it in its note, and send the report again.",
        table=str(row["table_name"]),
        cell=str(row["cell"]),
        value_printed=printed[:200],
    )


# ── the verdict ─────────────────────────────────────────────────────────────────────────────


def _verdict(
    pointer: Pointer, twin: Pointer | None, problems: Sequence[Problem], key: str
) -> Verdict:
    verdict = first_verdict(pointer, twin, key)
    if verdict.outcome_code != "accepted" or not problems:
        return verdict
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    message = problems[0].at(file_name=pointer.file_name).message + more
    return Verdict(key, "quarantined", problems[0].code.value, message)


def _write(
    settings: Settings,
    pointer: Pointer,
    problems: Iterable[Problem],
    results: Mapping[str, list[dict[str, Any]]],
) -> Pointer:
    parts = {name: part for name, part in pointer.parts.items() if name in READ_TABLES}
    tables = {
        "file_outcome": outcome_table(pointer),
        "check_result": results_table(results.get(pointer.file_id, [])),
        stage.FAILED: rejected_cells(
            problems,
            file_id=pointer.file_id,
            file_name=pointer.file_name,
            contract_id=pointer.contract_id,
            received_at=datetime.fromisoformat(pointer.received_at),
        ),
    }
    for name, rows in tables.items():
        table = stage.FOLDERS.get(name, name)
        part = stage.write_part(settings, table, pointer.file_id, rows)
        if part:
            parts[name] = part
    written = replace(pointer, parts=parts)
    stage.save_pointer(settings, written)
    return written
