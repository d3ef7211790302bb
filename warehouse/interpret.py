"""One archived file to observations, refused cells and an outcome."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse.conform.codelists import CodeLists
from warehouse.conform.contract_codes import check_contract
from warehouse.conform.corrections import apply_corrections
from warehouse.conform.observations import Source, conform_table, key_columns, to_arrow
from warehouse.conform.vocabularies import Vocabularies
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.forms.definition import Form, Forms
from warehouse.forms.reader import FormReading, Origin, form_of, read_form
from warehouse.layout.contract import Contract, Registry, Table
from warehouse.layout.cube import lay_out_cube
from warehouse.layout.engine import lay_out, sheet_notes
from warehouse.layout.side_by_side import take_apart
from warehouse.layout.texts import expression, matches, squeeze
from warehouse.readers import CONTAINERS, READERS, Kind, Sheet, Workbook, detect_format, read
from warehouse.refusals import rejected_cells
from warehouse.schema import OBSERVATION, REJECTED_CELL

FORMS_CODE = ("definition", "fields", "reader", "registry_numbers")
"""Modules of `warehouse.forms` that read."""
LIBRARIES = (
    *("lxml", "pandas", "pdfplumber", "pyarrow", "python-calamine", "python-docx"),
    *("python-stdnum", "xlrd"),
)
TITLE_ROWS = 60
TITLE_CELLS = 3000
START = 65536
NOTHING_READ = {Code.NO_CONTRACT: "no_contract", Code.NOT_AN_INPUT: "declared"}
"""Outcomes of files of which nothing was to be read."""


@dataclass(frozen=True)
class Interpretation:
    """What one file says, as far as it can be read with certainty.

    Attributes:
        contract: The contract that recognised the file.
        form: The form that the file is, instead of a contract.
        format_code: What the bytes are.
        content_hash: Hash of the cells; None when they could not be read.
        released_on: Date of publication, when the file's name says it.
        tables: Staged rows by table: `observation` and `rejected_cell`, or those of a form.
        problem: Why the whole file was refused, or has no contract.
        outcome_code: accepted, refused, no_contract or declared.
    """

    contract: Contract | None
    form: Form | None
    format_code: str | None
    content_hash: str | None
    released_on: date | None
    tables: Mapping[str, pa.Table]
    problem: Problem | None
    outcome_code: str

    @property
    def is_illustrative(self) -> bool:
        """Whether the figures are published nowhere: made for the samples."""
        if "submission" in self.tables:
            return bool(self.tables["submission"]["is_illustrative"][0].as_py())
        return self.contract.illustrative if self.contract else False

    @property
    def reporter_id(self) -> str | None:
        """The cluster whose report it is."""
        if "submission" not in self.tables:
            return None
        reporter: str | None = self.tables["submission"]["reporter_id"][0].as_py()
        return reporter

    @property
    def report_start(self) -> date | None:
        """First day of the period that the report speaks of."""
        if "submission" not in self.tables:
            return None
        start: date | None = self.tables["submission"]["report_start"][0].as_py()
        return start

    @property
    def row_count(self) -> int:
        """Staged rows: values, and records of a form."""
        beside = ("rejected_cell", "submission")
        return sum(rows.num_rows for name, rows in self.tables.items() if name not in beside)

    @property
    def observations(self) -> pa.Table:
        """`schema.OBSERVATION`."""
        return self.tables.get("observation", OBSERVATION.empty_table())

    @property
    def rejected(self) -> pa.Table:
        """`schema.REJECTED_CELL`."""
        return self.tables.get("rejected_cell", REJECTED_CELL.empty_table())


@dataclass
class _File:
    path: Path
    file_id: str
    file_name: str
    received_at: datetime
    format_code: str | None = None
    content_hash: str | None = None
    contract: Contract | None = None
    form: FormReading | None = None
    problems: list[Problem] = field(default_factory=list)
    frames: list[pd.DataFrame] = field(default_factory=list)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Hash of the reading code and the libraries it reads with: a change re-reads files."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent
    for folder in ("readers", "layout", "conform"):
        for path in sorted((package / folder).glob("*.py")):
            digest.update(path.read_bytes())
    for name in (
        "schema.py",
        "errors.py",
        "refusals.py",
        "interpret.py",
        *(f"forms/{f}.py" for f in FORMS_CODE),
    ):
        digest.update((package / name).read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:16]


def interpret(
    path: Path,
    *,
    file_id: str,
    file_name: str,
    received_at: datetime,
    registry: Registry,
    lists: CodeLists,
    forms: Forms | None = None,
) -> Interpretation:
    """Read, lay out and conform one file. Bad input is an outcome, never an exception.

    The checks of the contract are not run here: `warehouse.validate` runs them on the result.

    Args:
        path: The archived bytes.
        file_id: Their sha256.
        file_name: Name under which the file arrived; part of the evidence for some contracts.
        received_at: First arrival.
        registry: All contracts.
        lists: All code lists.
        forms: All forms.
    """
    file = _File(path, file_id, file_name, received_at)
    try:
        _read_file(file, registry, forms or {}, lists)
    except WarehouseError as error:
        file.problems.insert(0, error.problem)
    return _outcome(file)


def _read_file(file: _File, registry: Registry, forms: Forms, lists: CodeLists) -> None:
    file.format_code = detect_format(file.path, file.file_name)
    if file.format_code not in (*READERS, *CONTAINERS):
        file.contract = _declared_unread(file, registry)
        _refuse_declared(file.contract)
    workbook = read(file.path, file.format_code, file.file_name)
    file.format_code = workbook.format_code  # of what a container holds
    file.content_hash = workbook.content_hash()
    form = form_of(workbook, forms)
    if form is None:
        read_workbook(file, workbook, registry, lists)
    else:
        file.form = FormReading(form)
        file.form = read_form(workbook, form, Origin(file.file_id, file.received_at), lists)
        file.problems = file.form.problems
        file.content_hash = file.form.content_hash()


def read_workbook(file: _File, workbook: Workbook, registry: Registry, lists: CodeLists) -> None:
    """Recognise, lay out and conform the sheets of a file that has been read."""
    contract = file.contract = _recognise(file, workbook, registry)
    _refuse_declared(contract)
    check_contract(contract, lists)
    notes = _notes(workbook)
    source = Source(
        file.file_id,
        file.file_name,
        contract,
        _released_on(contract, file.file_name),
        file.received_at,
    )
    for sheet in workbook.sheets:
        if not sheet.kind.any() or matches(contract.skip_sheets, sheet.name):
            continue
        try:
            _read_sheet(file, sheet, source, lists, notes)
        except WarehouseError as error:
            file.problems.append(error.problem)
    _drop_contradictions(file)
    outdated = apply_corrections(file.frames, contract.corrections)
    if outdated:
        file.frames = []
        file.problems = [*outdated, *file.problems]


def _read_sheet(
    file: _File, sheet: Sheet, source: Source, lists: CodeLists, notes: Mapping[str, str]
) -> None:
    contract = source.contract
    table = _table_for(contract, sheet)
    vocabularies = Vocabularies(contract, table, lists)
    engine = lay_out_cube if sheet.axes else lay_out
    for part in take_apart(sheet, table.side_by_side):
        laid = engine(part, table, vocabularies.of, Path(file.file_name).name)
        conformed = conform_table(laid, source, lists, notes)
        file.problems.extend(conformed.problems)
        file.frames.append(conformed.frame)


# ── which contract, which table ─────────────────────────────────────────────────────────────


def sheet_title(sheet: Sheet) -> str:
    """Texts of the first rows in reading order: what a title or header may say."""
    if sheet.axes:
        return squeeze(" ".join([sheet.title, *(text for a in sheet.axes for text in a.names)]))
    rows, columns = np.nonzero(sheet.kind[:TITLE_ROWS] == Kind.TEXT)
    texts = sheet.raw[rows[:TITLE_CELLS], columns[:TITLE_CELLS]]
    return " ".join(squeeze(str(text)) for text in texts)


def _header_texts(sheet: Sheet) -> frozenset[str]:
    """Texts of the first rows, or the names of the dimensions of a self-describing part."""
    if sheet.axes:
        return frozenset(squeeze(text) for axis in sheet.axes for text in axis.names)
    rows, columns = np.nonzero(sheet.kind[:TITLE_ROWS] == Kind.TEXT)
    found = sheet.raw[rows[:TITLE_CELLS], columns[:TITLE_CELLS]]
    return frozenset(squeeze(str(text)) for text in found)


def _has_headers(texts: frozenset[str], headers: Sequence[str]) -> bool:
    return all(any(expression(h).fullmatch(text) for text in texts) for h in headers)


def _declared_unread(file: _File, registry: Registry) -> Contract:
    """The contract that declares a file of a format without reader, by how its bytes begin."""
    with file.path.open("rb") as opened:
        start = opened.read(START).decode("utf-8", "replace")
    name = Path(file.file_name).name
    fitting = [
        contract
        for contract in registry.values()
        if (rule := contract.recognise).content
        and file.format_code in rule.format
        and (not rule.file_name or expression(rule.file_name).search(name))
        and expression(rule.content).search(start)
    ]
    if not fitting:
        raise _no_contract(f"a file of format {file.format_code}, which no contract reads")
    return _the_one(fitting)


def _refuse_declared(contract: Contract) -> None:
    """A declared file ends here: nothing of it is read."""
    if contract.declared:
        role = contract.declared.role.replace("_", " ")
        raise WarehouseError.of(
            Code.NOT_AN_INPUT,
            expected="figures to be read",
            found=f"a file that {contract.id} declares as {role}",
            action=contract.declared.reason,
        )


def _fits(
    contract: Contract, file: _File, titles: Sequence[str], headers: Sequence[frozenset[str]]
) -> bool:
    rule = contract.recognise
    if file.format_code not in rule.format or rule.content:
        return False
    if rule.file_name and not expression(rule.file_name).search(Path(file.file_name).name):
        return False
    if rule.caption and not any(expression(rule.caption, re.I | re.S).search(t) for t in titles):
        return False
    return not rule.headers or any(_has_headers(said, rule.headers) for said in headers)


def _recognise(file: _File, workbook: Workbook, registry: Registry) -> Contract:
    titles = [sheet_title(sheet) for sheet in workbook.sheets]
    headers = [_header_texts(sheet) for sheet in workbook.sheets]
    fitting = [c for c in registry.values() if _fits(c, file, titles, headers)]
    if not fitting:
        raise _no_contract("a title and headers that none of them recognises")
    return _the_one(fitting)


def _the_one(fitting: Sequence[Contract]) -> Contract:
    if len(fitting) > 1:
        raise WarehouseError.of(
            Code.CONTRACT_AMBIGUOUS,
            expected="one contract that recognises the file",
            found=", ".join(contract.id for contract in fitting),
            action="Make `recognise` of these contracts narrower.",
        )
    return fitting[0]


def _no_contract(found: str) -> WarehouseError:
    return WarehouseError.of(
        Code.NO_CONTRACT,
        expected="a source contract for the file",
        found=found,
        action="If it is a source, describe it in warehouse/sources; if not, move it away.",
    )


def _table_for(contract: Contract, sheet: Sheet) -> Table:
    title = sheet_title(sheet)
    fitting = [
        table
        for table in contract.tables
        if (not table.caption or expression(table.caption, re.I | re.S).search(title))
        and (not table.sheet or expression(table.sheet).search(sheet.name))
    ]
    if len(fitting) != 1:
        raise WarehouseError.of(
            Code.HEADER_AMBIGUOUS if fitting else Code.TABLE_NOT_FOUND,
            expected=f"one table of contract {contract.id} for every sheet",
            found=f"{len(fitting)} whose caption fits",
            action="Describe the sheet in the contract, or name it under `skip_sheets`.",
            table=sheet.name,
        )
    return fitting[0]


def _notes(workbook: Workbook) -> dict[str, str]:
    """Footnotes of the file; a mark that sheets explain differently is left to each sheet."""
    found: dict[str, str] = {}
    for sheet in workbook.sheets:
        for mark, text in sheet_notes(sheet).items():
            found.setdefault(mark, text)
    return found


def _released_on(contract: Contract, file_name: str) -> date | None:
    if not contract.released:
        return None
    match = re.search(contract.released, Path(file_name).name)
    if not match:
        return None
    parts = match.groupdict(default="1")
    try:
        return date(int(parts["year"]), int(parts.get("month", 1)), int(parts.get("day", 1)))
    except ValueError:
        return None


# ── the whole file ──────────────────────────────────────────────────────────────────────────


def _drop_contradictions(file: _File) -> None:
    """The same thing said on two sheets: equal values prove each other, others are refused."""
    frames = [frame for frame in file.frames if len(frame)]
    if len(frames) < 2:
        return
    frame = pd.concat(frames, ignore_index=True)
    keys = key_columns(frame)
    for key in keys:
        if key not in frame:
            frame[key] = None
    doubled = frame.duplicated(keys, keep=False)
    if doubled.any():
        groups = frame[doubled].groupby(keys, dropna=False, sort=False)
        agrees = groups["value"].transform("nunique", dropna=False) == 1
        for cells in (
            frame[doubled][~agrees].groupby(keys, dropna=False, sort=False)["cell"].agg(list)
        ):
            file.problems.append(
                Problem(
                    Code.KEY_DUPLICATE,
                    expected="the same value wherever the file prints it",
                    found=f"different values in {', '.join(cells[:6])}",
                    action="Ask the sender which one is right.",
                    cell=cells[0],
                )
            )
        refused = doubled.copy()
        refused[doubled] = ~agrees
        frame = frame[~refused & ~frame.duplicated(keys)]
    file.frames = [frame]


def _outcome(file: _File) -> Interpretation:
    tables = _tables(file)
    problems = [p.at(file_name=file.file_name) for p in file.problems]
    refused = set(tables) <= {"submission"}
    whole = problems[0] if refused and problems else None
    unread = NOTHING_READ.get(whole.code) if whole else None
    outcome = unread or ("refused" if refused else "accepted")
    if refused and whole is None:
        whole = Problem(
            Code.TABLE_NOT_FOUND,
            expected="a table with values",
            found="none",
            action="Check that the file is complete.",
            file_name=file.file_name,
        )
    if problems and not unread:
        tables["rejected_cell"] = rejected_cells(
            problems,
            file_id=file.file_id,
            file_name=file.file_name,
            contract_id=_contract_id(file),
            received_at=file.received_at,
        )
    contract = file.contract
    return Interpretation(
        contract=contract,
        form=file.form.form if file.form else None,
        format_code=file.format_code,
        content_hash=file.content_hash,
        released_on=_released_on(contract, file.file_name) if contract else None,
        tables=tables,
        problem=whole,
        outcome_code=outcome,
    )


def _tables(file: _File) -> dict[str, pa.Table]:
    """Staged tables with rows."""
    if file.form is not None:
        return dict(file.form.tables)
    frames = [frame for frame in file.frames if len(frame)]
    if not frames:
        return {}
    return {"observation": to_arrow(pd.concat(frames, ignore_index=True))}


def _contract_id(file: _File) -> str | None:
    if file.form is not None:
        return file.form.form.id
    return file.contract.id if file.contract else None
