"""Problems as staged rows: one for each cell, header or table that was refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from warehouse.errors import Problem
from warehouse.schema import REJECTED_CELL


def rejected_cells(
    problems: Iterable[Problem],
    *,
    file_id: str,
    file_name: str,
    contract_id: str | None,
    received_at: datetime,
) -> pa.Table:
    """Rows of `schema.REJECTED_CELL`, one per problem.

    Args:
        problems: What was refused in one file.
        file_id: The file.
        file_name: Its name, for the messages.
        contract_id: What read it, if anything did.
        received_at: Time of its arrival.
    """
    rows = [
        {
            "rejected_id": _identity(file_id, problem),
            "file_id": file_id,
            "file_name": file_name,
            "contract_id": contract_id,
            "table_name": problem.table or None,
            "cell": problem.cell or None,
            "value_printed": problem.value_printed or None,
            "code": problem.code.value,
            "expected": problem.expected,
            "found": problem.found,
            "message": problem.message,
            "action": problem.action,
            "suggestion": problem.suggestion,
            "received_at": received_at,
        }
        for problem in (problem.at(file_name=file_name) for problem in problems)
    ]
    return pa.Table.from_pylist(rows, schema=REJECTED_CELL)


def _identity(file_id: str, problem: Problem) -> str:
    place = (file_id, problem.table, problem.cell, problem.code, problem.found, problem.expected)
    return hashlib.blake2b("|".join(place).encode(), digest_size=16).hexdigest()
