"""Answers to reports: for each report that was read, what became of it, below `answers/`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse import archive, disk, stage
from warehouse.forms.definition import Form, Forms, load_forms
from warehouse.settings import Settings
from warehouse.settle_reports import is_report
from warehouse.stage import Pointer, fingerprint

REGISTER = "registers"
"""Folder of the answers to keepers of registers."""


@dataclass(frozen=True)
class Answer:
    """One answer file.

    Attributes:
        file_name: The report as it arrived.
        outcome_code: What became of it.
        path: The answer.
        is_new: Whether this call wrote it.
    """

    file_name: str
    outcome_code: str
    path: Path
    is_new: bool


def write_answers(settings: Settings) -> list[Answer]:
    """Write the answers that are missing: one for each report and verdict.

    Only for the holder of the writer lock. An answer lies under
    `answers/<cluster>/<name of the report>-<mark of the verdict>.xlsx` and is never written twice.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`, `contract_invalid`.
    """
    forms = load_forms(settings.forms)
    pointers = [p for p in stage.load_pointers(settings).values() if is_report(p) and p.verdict]
    return [_answered(settings, pointer, forms) for pointer in pointers]


def _answered(settings: Settings, pointer: Pointer, forms: Forms) -> Answer:
    path = answer_path(settings, pointer)
    outcome = pointer.verdict.outcome_code if pointer.verdict else pointer.read_code
    form = forms.get(pointer.contract_id or "")
    is_new = form is not None and not path.exists()
    if is_new and form is not None:
        _write(settings, pointer, form, outcome, path)
    return Answer(pointer.file_name, outcome, path, is_new)


def answer_path(settings: Settings, pointer: Pointer) -> Path:
    """Where the answer to a report lies."""
    mark = fingerprint(pointer.file_id, pointer.verdict.key if pointer.verdict else "")[:8]
    stem = re.sub(r"[^\w.-]+", "_", Path(pointer.file_name).stem)[:80]
    return settings.answers / (pointer.reporter_id or REGISTER) / f"{stem}-{mark}.xlsx"


def _write(settings: Settings, pointer: Pointer, form: Form, outcome: str, path: Path) -> None:
    from warehouse.forms.answer import write_answer  # noqa: PLC0415  (loads openpyxl)

    submission = stage.read_part(settings, "submission", pointer.parts.get("submission"))
    language = submission["language_code"][0].as_py() if submission.num_rows else "en"
    with disk.writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_answer(
            archive.archive_path(settings, pointer.file_id),
            refusals(settings, pointer),
            form=form,
            language=language,
            outcome_code=outcome,
            path=path,
        )


def refusals(settings: Settings, pointer: Pointer) -> Sequence[dict[str, Any]]:
    """Cells of a report that the reader or a check refused; rows of `schema.REJECTED_CELL`."""
    rows: list[dict[str, Any]] = []
    for name in ("rejected_cell", stage.FAILED):
        part = pointer.parts.get(name)
        if part is not None:
            rows += stage.read_part(settings, "rejected_cell", part).to_pylist()
    return rows
