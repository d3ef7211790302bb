"""What became of a file, in words: its verdict, and one row for each name under which it came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from warehouse.errors import Code
from warehouse.schema import FILE_OUTCOME
from warehouse.stage import Pointer, Verdict


def first_verdict(pointer: Pointer, twin: Pointer | None, key: str) -> Verdict:
    """What the reading alone says of a file, before it is checked.

    Args:
        pointer: The file.
        twin: The file that said the same before it, if any.
        key: Hash of all that the final verdict depends on.
    """
    if pointer.read_code == "accepted":
        if twin is not None:
            name = (
                "a file of the same name" if twin.file_name == pointer.file_name else twin.file_name
            )
            message = f"the same cells came before, in {name}"
            return Verdict(key, "unchanged", None, message, twin.file_id)
        return Verdict(key, "accepted", message=_accepted_message(pointer))
    problem = pointer.problem
    code = problem.code.value if problem else Code.NO_CONTRACT.value
    message = problem.at(file_name=pointer.file_name).message if problem else "no contract"
    return Verdict(key, pointer.read_code, code, message)


def _accepted_message(pointer: Pointer) -> str | None:
    if not pointer.rejected_count:
        return None
    return (
        "1 cell was refused"
        if pointer.rejected_count == 1
        else (f"{pointer.rejected_count} cells were refused")
    )


def outcome_table(pointer: Pointer) -> pa.Table:
    """Rows of `schema.FILE_OUTCOME`: one for each name under which the bytes arrived."""
    rows = [outcome_row(pointer, name) for name, _ in pointer.origins]
    return pa.Table.from_pylist(rows, schema=FILE_OUTCOME)


def outcome_row(pointer: Pointer, name: str) -> dict[str, Any]:
    """What became of a file under one of its names.

    The name by which it was read carries the verdict. Another name of accepted bytes is
    `unchanged`; another name of refused bytes is refused for the same reason.
    """
    verdict = pointer.verdict or Verdict("", pointer.read_code)
    is_copy = name != pointer.file_name and verdict.outcome_code in ("accepted", "unchanged")
    is_used = verdict.outcome_code != "unchanged" and not is_copy
    same_as = verdict.same_as_file_id or (pointer.file_id if is_copy else None)
    names = [known for known, _ in pointer.origins]
    is_earlier = name in names[: names.index(pointer.file_name)] if is_copy else False
    copied = f"the same bytes came {'again' if is_earlier else 'before'}, as {pointer.file_name}"
    arrived = dict(pointer.origins).get(name, pointer.received_at)
    return {
        "file_id": pointer.file_id,
        "file_name": name,
        "outcome_code": "unchanged" if is_copy else verdict.outcome_code,
        "reason_code": verdict.reason_code,
        "message": copied if is_copy else _said_of(name, pointer, verdict),
        "contract_id": pointer.contract_id,
        "contract_version": pointer.contract_version,
        "provider_code": pointer.provider_code,
        "dataset_code": pointer.dataset_code,
        "format_code": pointer.format_code,
        "size_bytes": pointer.size_bytes,
        "content_hash": pointer.content_hash,
        "same_as_file_id": same_as,
        "observation_count": pointer.observation_count if is_used else 0,
        "rejected_count": pointer.rejected_count if is_used else 0,
        "is_illustrative": pointer.is_illustrative,
        "released_on": date.fromisoformat(pointer.released_on) if pointer.released_on else None,
        "received_at": datetime.fromisoformat(arrived),
    }


def _said_of(name: str, pointer: Pointer, verdict: Verdict) -> str | None:
    """The message of a verdict with the name of the file that it is shown for."""
    said = verdict.message
    if said is None or not said.startswith((f"{pointer.file_name}: ", f"{pointer.file_name} › ")):
        return said
    return name + said.removeprefix(pointer.file_name)
