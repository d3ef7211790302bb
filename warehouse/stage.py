"""Immutable Parquet parts, and the pointers that say which part is current for a file.

A part is named by its content, so writing it twice changes nothing. A pointer is a small JSON
file per archived file; replacing it is what makes a new reading current.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import disk
from warehouse.errors import Code, Problem
from warehouse.forms.definition import Form, Forms
from warehouse.layout.contract import Contract, Registry
from warehouse.schema import FORM_TABLES, TABLES
from warehouse.settings import Settings

SORT_KEYS: dict[str, tuple[str, ...]] = {
    "observation": (
        "table_name",
        "indicator_code",
        "region_code",
        "period_start",
        "period_end",
        "cell",
        "observation_id",
    ),
    "rejected_cell": ("table_name", "cell", "rejected_id"),
    "file_outcome": ("received_at", "file_name"),
    "check_result": ("check_name", "check_id"),
    "contract": ("contract_id",),
    "fetch": ("started_at", "contract_id", "url", "fetch_id"),
    **{name: ("table_name", "cell", "row_id") for name in ("submission", *FORM_TABLES)},
}
FAILED = "failed_cell"
"""Name, in a pointer, of the part with the cells of a report that a check refuses."""
FOLDERS = {FAILED: "rejected_cell"}
"""Parts of a pointer that are kept among those of a table of another name."""
EMPTY = "empty.parquet"
REGISTRY = "registry.json"


@dataclass(frozen=True)
class Verdict:
    """What became of a file after it was compared with the others and validated.

    Attributes:
        key: Hash of all that decided; equal means that nothing has to be decided again.
        outcome_code: accepted, refused, quarantined, unchanged, no_contract.
        reason_code: Error code when it was not accepted.
        message: One sentence for people.
        same_as_file_id: For `unchanged`: the file with the same cells that came first.
    """

    key: str
    outcome_code: str
    reason_code: str | None = None
    message: str | None = None
    same_as_file_id: str | None = None


@dataclass(frozen=True)
class Pointer:
    """Which parts are current for a file, what decided that, and what became of it.

    Attributes:
        file_id: sha256 of the bytes, or a `door-…` id.
        read_key: Hash of the bytes' id and of everything that the reading depends on.
        read_code: Outcome of the reading alone: accepted, refused, no_contract.
        origins: Pairs of file name and time of arrival, in the order of arrival.
        read_as: The name under which it was read; the first one unless that was not recognised.
        inbox: For a file that the door refused: the folder that it lay in.
        problem: Why the whole file was refused.
        reporter_id: For a report: the cluster.
        report_start: For a report: first day of its period.
        parts: Staged table to file name of the part.
        verdict: None until the file was validated: its observations are not used before.
    """

    file_id: str
    read_key: str
    read_code: str
    origins: tuple[tuple[str, str], ...]
    size_bytes: int
    inbox: str | None = None
    problem: Problem | None = None
    reporter_id: str | None = None
    report_start: str | None = None
    contract_id: str | None = None
    contract_version: str | None = None
    provider_code: str | None = None
    dataset_code: str | None = None
    format_code: str | None = None
    content_hash: str | None = None
    released_on: str | None = None
    is_illustrative: bool = False
    observation_count: int = 0
    rejected_count: int = 0
    parts: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict | None = None
    read_as: str | None = None

    @property
    def file_name(self) -> str:
        """The name under which the bytes were read."""
        return self.read_as or self.origins[0][0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the reading depends on: up to the one by which it was accepted, else all."""
        names = tuple(name for name, _ in self.origins)
        if self.read_code == "accepted" and self.file_name in names:
            return names[: names.index(self.file_name) + 1]
        return names

    @property
    def received_at(self) -> str:
        """ISO time of the first arrival."""
        return self.origins[0][1]

    @property
    def is_accepted(self) -> bool:
        """Whether its observations are used."""
        return self.verdict is not None and self.verdict.outcome_code == "accepted"

    @property
    def vintage(self) -> tuple[str, str, str, str]:
        """Total order of files: by publication, else arrival, then by name."""
        published = self.released_on or self.received_at[:10]
        return (published, self.received_at, self.file_name, self.file_id)


def fingerprint(*parts: object) -> str:
    """Short hash of values that have a stable text."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def recognition(registry: Registry, forms: Forms, format_code: str | None) -> str:
    """Hash of how contracts and forms recognise files of a format, of all formats for None.

    A contract that is added or recognises more makes a file that it could claim be read again.
    """
    relevant = {
        contract_id: contract.recognise.model_dump()
        for contract_id, contract in registry.items()
        if format_code is None or format_code in contract.recognise.format
    }
    known = {
        form.id: (form.version, form.recognise)
        for form in forms.values()
        if format_code is None or format_code in form.format
    }
    return fingerprint(relevant, known)


def contract_key(settings: Settings, contract: Contract) -> str:
    """Hash of a contract and of the corrections that belong to it."""
    path = settings.sources / contract.provider / f"{contract.dataset}.corrections.yml"
    corrections = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    return fingerprint(contract.version, corrections)


def encode(name: str, table: pa.Table) -> bytes:
    """A staged table as Parquet whose bytes depend on nothing but its rows.

    Raises:
        pyarrow.ArrowInvalid: When a column is missing or has another type.
    """
    schema = TABLES[name]
    typed = table.select(schema.names).cast(schema).replace_schema_metadata(None)
    ordered = typed.sort_by([(column, "ascending") for column in SORT_KEYS[name]])
    sink = pa.BufferOutputStream()
    pq.write_table(ordered.combine_chunks(), sink, compression="zstd", write_statistics=True)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def write_part(settings: Settings, name: str, owner: str, table: pa.Table) -> str | None:
    """Write the part of one file and table; returns its file name, None for no rows.

    Args:
        settings: The warehouse home.
        name: Staged table.
        owner: What the part belongs to: a file id, or the registry.
        table: Rows in any order, in the schema of the table.
    """
    if table.num_rows == 0:
        return None
    data = encode(name, table)
    part = f"{owner[:16]}-{hashlib.sha256(data).hexdigest()[:16]}.parquet"
    path = settings.staged / name / part
    if not path.exists() or path.stat().st_size != len(data):
        disk.write_bytes(path, data)
    return part


def ensure_empty_parts(settings: Settings) -> None:
    """One part without rows per table, so that any set of parts can be read, also none."""
    for name, schema in TABLES.items():
        path = settings.staged / name / EMPTY
        if not path.exists():
            disk.write_bytes(path, encode(name, schema.empty_table()))


def read_part(settings: Settings, name: str, part: str | None) -> pa.Table:
    """Rows of one part; no rows when there is none."""
    if part is None:
        return TABLES[name].empty_table()
    return pq.read_table(settings.staged / name / part, schema=TABLES[name])


def pointer_path(settings: Settings, file_id: str) -> Path:
    """Where the pointer of a file lies."""
    return settings.staged / "parts" / f"{file_id}.json"


def save_pointer(settings: Settings, pointer: Pointer) -> None:
    """Make `pointer` the current one of its file."""
    disk.write_json(pointer_path(settings, pointer.file_id), asdict(pointer))


def load_pointer(settings: Settings, file_id: str) -> Pointer | None:
    """The current pointer of a file; None when it, or a part that it names, is not there."""
    pointer = _read_pointer(pointer_path(settings, file_id))
    return pointer if pointer and _has_parts(settings, pointer) else None


def load_pointers(settings: Settings) -> dict[str, Pointer]:
    """All current pointers whose parts are there, by file id, in the order of their vintage."""
    folder = settings.staged / "parts"
    found = (_read_pointer(path) for path in folder.glob("*.json") if path.name != REGISTRY)
    pointers = [pointer for pointer in found if pointer and _has_parts(settings, pointer)]
    return {pointer.file_id: pointer for pointer in sorted(pointers, key=lambda p: p.vintage)}


def remove_pointer(settings: Settings, file_id: str) -> None:
    """Forget a file that the door had refused."""
    pointer_path(settings, file_id).unlink(missing_ok=True)


def _read_pointer(path: Path) -> Pointer | None:
    try:
        raw: dict[str, Any] = json.loads(path.read_bytes())
        known = {item.name for item in fields(Pointer)}
        if set(raw) != known:
            return None
        raw["origins"] = tuple((name, at) for name, at in raw["origins"])
        raw["problem"] = _problem(raw["problem"])
        raw["verdict"] = Verdict(**raw["verdict"]) if raw["verdict"] else None
        return Pointer(**raw)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _problem(raw: dict[str, Any] | None) -> Problem | None:
    return Problem(**{**raw, "code": Code(raw["code"])}) if raw else None


def _has_parts(settings: Settings, pointer: Pointer) -> bool:
    return all(
        (settings.staged / FOLDERS.get(name, name) / part).exists()
        for name, part in pointer.parts.items()
    )


def active_parts(settings: Settings) -> dict[str, list[Path]]:
    """Parts that a build reads, per staged table; never an empty list.

    Observations come from accepted files only. A file whose cells came before brings its
    outcome and nothing else.
    """
    ensure_empty_parts(settings)
    parts = {name: [settings.staged / name / EMPTY] for name in TABLES}
    for pointer in load_pointers(settings).values():
        for name in _used_tables(pointer):
            if name in pointer.parts:
                table = FOLDERS.get(name, name)
                parts[table].append(settings.staged / table / pointer.parts[name])
    registry = _registry_part(settings)
    if registry:
        parts["contract"].append(settings.staged / "contract" / registry)
    parts["fetch"] += fetch_parts(settings)
    return {name: sorted(paths) for name, paths in parts.items()}


def fetch_parts(settings: Settings) -> list[Path]:
    """Parts of the log of fetches: it belongs to no file, so no pointer names them."""
    return [
        path for path in sorted((settings.staged / "fetch").glob("*.parquet")) if path.name != EMPTY
    ]


def _used_tables(pointer: Pointer) -> tuple[str, ...]:
    if pointer.verdict is None:
        return ()
    if pointer.verdict.outcome_code == "unchanged":
        return ("file_outcome",)
    common = ("rejected_cell", "file_outcome", "check_result", "submission", FAILED)
    return ("observation", *FORM_TABLES, *common) if pointer.is_accepted else common


def _registry_part(settings: Settings) -> str | None:
    path = settings.staged / "parts" / REGISTRY
    try:
        part = str(json.loads(path.read_bytes())["part"])
    except (OSError, ValueError, KeyError):
        return None
    return part if (settings.staged / "contract" / part).exists() else None


def write_registry(settings: Settings, registry: Registry, forms: Forms) -> None:
    """Stage the source contracts and the forms, one row each."""
    rows = [contract_row(contract) for contract in registry.values()]
    rows += [form_row(form) for form in forms.values()]
    table = pa.Table.from_pylist(rows, schema=TABLES["contract"])
    part = write_part(settings, "contract", "registry", table)
    path = settings.staged / "parts" / REGISTRY
    if part is None:
        path.unlink(missing_ok=True)
    elif _registry_part(settings) != part:
        disk.write_json(path, {"part": part})


def contract_row(contract: Contract) -> dict[str, Any]:
    """A contract as a row of `schema.CONTRACT`."""
    return {
        "contract_id": contract.id,
        "contract_version": contract.version,
        "provider_code": contract.provider,
        "provider_name": contract.provider_name,
        "dataset_code": contract.dataset,
        "title": contract.title,
        "licence": contract.licence,
        "source_url": contract.source_url,
        "owner": contract.owner,
        "cadence_code": contract.cadence,
        "due_after_days": contract.due_after_days,
        "is_illustrative": contract.illustrative,
        "has_check": bool(contract.checks),
        "respondent_statuses": [],
    }


CADENCES = {"year": "yearly", "half_year": "half_yearly", "none": "once"}


def form_row(form: Form) -> dict[str, Any]:
    """A form as a row of `schema.CONTRACT`."""
    return {
        "contract_id": form.id,
        "contract_version": form.fingerprint,
        "provider_code": "clusters",
        "provider_name": "Clusters and keepers of registers",
        "dataset_code": form.form,
        "title": form.title.en,
        "licence": form.licence,
        "source_url": form.source_url,
        "owner": form.owner,
        "cadence_code": CADENCES[form.period],
        "due_after_days": form.due_after_days,
        "is_illustrative": form.illustrative,
        "has_check": True,
        "respondent_statuses": list(form.respondents),
    }


def prune(settings: Settings, keep: Iterable[str] = ()) -> int:
    """Remove parts that no pointer names any more. Only for the holder of the writer lock.

    Args:
        settings: The warehouse home.
        keep: File names of parts to keep although no pointer names them.

    Returns:
        How many parts were removed.
    """
    disk.remove_leftovers(settings.staged)
    named = {EMPTY, _registry_part(settings), *keep}
    named.update(path.name for path in fetch_parts(settings))
    for path in (settings.staged / "parts").glob("*.json"):
        pointer = _read_pointer(path)
        named.update(pointer.parts.values() if pointer else ())
    superseded = [path for path in settings.staged.glob("*/*.parquet") if path.name not in named]
    for path in superseded:
        path.unlink()
    return len(superseded)
