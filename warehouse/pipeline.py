"""The street as functions: what the command line and the DAGs both call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse import archive, ops, settle, stage
from warehouse import audit as auditing
from warehouse import build as building
from warehouse import publish as publishing
from warehouse.answers import Answer, write_answers
from warehouse.archive import Archived, Found, SeenFiles
from warehouse.disk import one_line
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.forms.definition import Form, Forms, load_forms
from warehouse.layout.contract import Contract, Registry, load_registry
from warehouse.ops import Progress, Silent, Stopwatch
from warehouse.outcome import outcome_row
from warehouse.settings import Settings
from warehouse.stage import Pointer

TAKEN_IN = ("accepted", "declared", "unchanged")
PREFERRED = ("accepted", "declared", "refused", "no_contract")
"""Readings under several names, the best first."""
ARCHIVED = "archive//"
"""Prefix of names that stand for archived bytes, not for a file of the inbox."""


@dataclass(frozen=True)
class FileResult:
    """What became of one file name.

    Attributes:
        file_name: As it arrived, relative to the inbox.
        file_id: sha256 of its bytes; `door-…` when they were not taken.
        outcome_code: accepted, refused, quarantined, unchanged, no_contract, declared.
        reason_code: Error code when it was not taken in.
        message: One sentence for people.
        contract_id: The contract that read it.
        observation_count: Values read from it.
        rejected_count: Cells refused in it.
        is_new: Whether this run read it.
    """

    file_name: str
    file_id: str
    outcome_code: str
    reason_code: str | None = None
    message: str | None = None
    contract_id: str | None = None
    observation_count: int = 0
    rejected_count: int = 0
    is_new: bool = True

    @property
    def is_taken_in(self) -> bool:
        """Whether all of it is in the warehouse, or was before."""
        return self.outcome_code in TAKEN_IN and self.rejected_count == 0


@dataclass(frozen=True)
class IngestSummary:
    """Outcome of taking in some files."""

    files: tuple[FileResult, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """File names by outcome."""
        codes = [result.outcome_code for result in self.files]
        return {code: codes.count(code) for code in sorted(set(codes))}

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "counts": self.counts}


@dataclass(frozen=True)
class BuildSummary:
    """Outcome of a build.

    Attributes:
        build_id: The build that holds what is staged.
        status: `built`, `reused` (there was one that is not published yet), or `unchanged` (the
            published one holds it, or `rollback` left the one that does).
        seconds: Seconds per stage.
        rows: Mart to row count, after the audit.
    """

    build_id: str
    status: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class PublishSummary:
    """Outcome of a publication.

    Attributes:
        build_id: The build that is current now.
        is_changed: False when it was current before.
        against: The build before.
        tables: Per mart: rows added, removed, changed.
    """

    build_id: str
    is_changed: bool
    against: str | None = None
    tables: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class RunSummary:
    """Outcome of a whole run, also kept as `runs/<run_id>.json`."""

    run_id: str
    home: str
    inbox: str
    started_at: str
    files: tuple[FileResult, ...]
    seconds: Mapping[str, float]
    build: BuildSummary | None = None
    publication: PublishSummary | None = None
    refusals: tuple[dict[str, Any], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """File names by outcome."""
        return IngestSummary(self.files).counts

    @property
    def exit_status(self) -> int:
        """0 when everything was taken in, 3 when something was refused or quarantined."""
        return 0 if all(result.is_taken_in for result in self.files) else 3

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "counts": self.counts, "exit_status": self.exit_status}


@dataclass(frozen=True)
class Reading:
    """What decides how bytes are read: contracts, code lists and the code itself."""

    settings: Settings
    registry: Registry
    forms: Forms
    _known: dict[tuple[str, str | None], str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Reading:
        """Load contracts and forms; the code lists follow when something is read."""
        return cls(settings, load_registry(settings.sources), load_forms(settings.forms))

    @cached_property
    def lists(self) -> Any:
        """The code lists."""
        from warehouse import conform  # noqa: PLC0415  (loads the readers)

        return conform.CodeLists.load(self.settings.seeds)

    @cached_property
    def code(self) -> str:
        """Hash of the code that reads."""
        from warehouse import interpret  # noqa: PLC0415

        return interpret.fingerprint()

    def key(
        self,
        file_id: str,
        source: Contract | Form | None,
        format_code: str | None,
        names: Sequence[str],
    ) -> str:
        """Hash of everything that the reading of a file depends on."""
        own = self._source_key(source) if source else None
        others = self._recognition(format_code)
        return stage.fingerprint(file_id, own, others, self.code, self.lists.fingerprint, names)

    def _source_key(self, source: Contract | Form) -> str:
        if isinstance(source, Form):
            return source.fingerprint
        place = ("contract", source.id)
        if place not in self._known:
            self._known[place] = stage.contract_key(self.settings, source)
        return self._known[place]

    def _recognition(self, format_code: str | None) -> str:
        place = ("format", format_code)
        if place not in self._known:
            self._known[place] = stage.recognition(self.registry, self.forms, format_code)
        return self._known[place]

    def is_current(self, pointer: Pointer | None) -> bool:
        """Whether a file would be read the same way again."""
        if pointer is None:
            return False
        if pointer.file_id.startswith("door-"):
            return True
        known: dict[str, Contract | Form] = {**self.registry, **self.forms}
        source = known.get(pointer.contract_id or "")
        key = self.key(pointer.file_id, source, pointer.format_code, pointer.names)
        return pointer.read_key == key


# finding


def find_new_files(settings: Settings, inbox: Path) -> list[str]:
    """Names that have to be taken in: new or changed files, and files to be read anew.

    Names are relative to the inbox. `archive//<id>` stands for archived bytes that a change of
    contracts, code lists or code makes readable in another way.

    Raises:
        WarehouseError: `inbox_missing`, `inbox_in_home`, `contract_invalid`.
    """
    return _new_names(Reading.of(settings), archive.find_files(inbox, settings))


def _new_names(reading: Reading, found: Sequence[Found]) -> list[str]:
    pointers = stage.load_pointers(reading.settings)
    seen = SeenFiles.load(reading.settings)
    stale = {
        file_id
        for file_id, pointer in pointers.items()
        if pointer.verdict is None or not reading.is_current(pointer)
    }
    names: list[str] = []
    named: set[str] = set()
    for item in found:
        file_id = _known_id(reading.settings, item, seen, pointers)
        if file_id is None or file_id in stale:
            names.append(item.name)
            named.update([file_id] if file_id else [])
    lost = {file_id for file_id in archive.file_ids(reading.settings) if file_id not in pointers}
    again = (stale | lost) - named
    return names + [ARCHIVED + file_id for file_id in sorted(again) if _is_bytes(file_id)]


def _is_bytes(file_id: str) -> bool:
    return not file_id.startswith("door-")


def _known_id(
    settings: Settings, found: Found, seen: SeenFiles, pointers: Mapping[str, Pointer]
) -> str | None:
    """Id under which a file is known by exactly this name, without reading it."""
    door = pointers.get(archive.door_id(found.name))
    if door is not None:
        problem = archive.door_problem(settings, found)
        is_same = problem is not None and problem.at(file_name=found.name) == door.problem
        is_final = door.problem is not None and door.problem.code != Code.FILE_STILL_GROWING
        return door.file_id if is_same and is_final else None
    if found.problem is not None:
        return None
    file_id = seen.file_id(found)
    pointer = pointers.get(file_id) if file_id else None
    is_known = pointer is not None and found.name in [name for name, _ in pointer.origins]
    return file_id if is_known else None


# taking in


def ingest_files(
    settings: Settings,
    inbox: Path,
    files: Sequence[str],
    *,
    now: datetime,
    progress: Progress | None = None,
    wait: bool = True,
) -> IngestSummary:
    """Archive, read, stage and validate files of an inbox.

    A broken file never stops the others: it becomes an outcome with its reason.

    Args:
        settings: The warehouse home.
        inbox: The folder that the names are relative to.
        files: Names as `find_new_files` gives them.
        now: Time of arrival of what is new.
        progress: Who watches.
        wait: Wait for another writer instead of failing.

    Raises:
        WarehouseError: What stops everything: `locked`, `disk_full`, `home_unwritable`,
            `contract_invalid`, `inbox_in_home`.
    """
    archive.check_inbox(inbox, settings)
    watch = Stopwatch()
    with ops.writer_lock(settings, wait=wait):
        reading = Reading.of(settings)
        stage.ensure_empty_parts(settings)
        watcher = progress or Silent()
        at = _arrival(settings, now)
        ids = _read_all(reading, inbox, files, now=at, progress=watcher, watch=watch)
        settle.settle(settings, reading.registry, watcher, watch)
    results = _results(settings, ids, frozenset(ids))
    return IngestSummary(results, watch.seconds)


def _arrival(settings: Settings, now: datetime) -> datetime:
    """The time of arrival of what is new: never before what came earlier.

    Later files restate earlier ones, so a clock that was set back must not turn them round.
    """
    arrivals = (pointer.received_at for pointer in stage.load_pointers(settings).values())
    latest = max(map(datetime.fromisoformat, arrivals), default=now)
    return now if latest <= now else latest + timedelta(seconds=1)


def _read_all(
    reading: Reading,
    inbox: Path,
    files: Sequence[str],
    *,
    now: datetime,
    progress: Progress,
    watch: Stopwatch,
) -> dict[str, str]:
    """Read files one after the other; their ids by name."""
    seen = SeenFiles.load(reading.settings)
    ids: dict[str, str] = {}
    progress.start("read", len(files))
    for name in files:
        with watch.time("archive"):
            archived = _admit(reading.settings, inbox, name, seen, now)
        if archived is not None:
            with watch.time("read"):
                pointer = _read(reading, archived, inbox, now)
            shown = pointer.file_name if name.startswith(ARCHIVED) else _shown(name)
            ids[shown] = pointer.file_id
        progress.step(_shown(name))
    progress.finish()
    _forget_vanished(reading.settings, inbox)
    seen.save()
    return ids


def _shown(name: str) -> str:
    return archive.escape(name)


def _admit(
    settings: Settings, inbox: Path, name: str, seen: SeenFiles, now: datetime
) -> Archived | None:
    if name.startswith(ARCHIVED):
        return archive.load(settings, name.removeprefix(ARCHIVED))
    found = archive.found_file(inbox, name)
    file_id = seen.file_id(found)
    known = archive.load(settings, file_id) if file_id else None
    if known and found.name in [origin.file_name for origin in known.origins]:
        return known
    started = time.time_ns()
    archived = archive.admit(settings, found, now)
    if _is_bytes(archived.file_id):
        seen.remember(found, archived.file_id, started)
        stage.remove_pointer(settings, archive.door_id(found.name))
    return archived


def _forget_vanished(settings: Settings, inbox: Path) -> None:
    """A file that the door refused and that is gone leaves no outcome behind."""
    root = inbox.resolve()
    for pointer in stage.load_pointers(settings).values():
        is_here = pointer.inbox == str(root)
        if is_here and not _is_bytes(pointer.file_id) and not _is_there(root, pointer.file_name):
            stage.remove_pointer(settings, pointer.file_id)


def _is_there(root: Path, shown: str) -> bool:
    path = archive.found_file(root, shown).path
    return path.is_symlink() or path.exists()


def _read(reading: Reading, archived: Archived, inbox: Path, now: datetime) -> Pointer:
    """Read one file unless nothing would come out differently; its new pointer."""
    settings = reading.settings
    old = stage.load_pointer(settings, archived.file_id)
    origins = tuple((origin.file_name, origin.received_at) for origin in archived.origins)
    renamed = replace(old, origins=origins) if old else None
    if renamed and _is_bytes(renamed.file_id) and reading.is_current(renamed):
        pointer = renamed
    elif archived.problem is not None:
        pointer = _refused_at_door(reading, archived, origins, inbox)
    else:
        pointer = _interpreted(reading, archived, origins, now)
    if old is not None:
        pointer = _keep_verdict(old, pointer)
    if pointer != old:
        stage.save_pointer(settings, pointer)
    return pointer


def _keep_verdict(old: Pointer, new: Pointer) -> Pointer:
    """A reading that gives the same rows keeps its verdict until `settle` looks at it."""
    read = settle.READ_TABLES
    kept = {**new.parts, **{k: v for k, v in old.parts.items() if k not in read}}
    same = all(old.parts.get(name) == new.parts.get(name) for name in read)
    return replace(new, parts=kept, verdict=old.verdict) if same else new


def _refused_at_door(
    reading: Reading, archived: Archived, origins: tuple[tuple[str, str], ...], inbox: Path
) -> Pointer:
    is_bytes = _is_bytes(archived.file_id)
    names = [name for name, _ in origins]
    key = reading.key(archived.file_id, None, None, names) if is_bytes else "door"
    return Pointer(
        file_id=archived.file_id,
        read_key=key,
        read_code="refused",
        origins=origins,
        size_bytes=archived.first.size,
        inbox=None if is_bytes else str(inbox.resolve()),
        problem=archived.problem,
    )


def _interpreted(
    reading: Reading,
    archived: Archived,
    origins: tuple[tuple[str, str], ...],
    now: datetime,
) -> Pointer:
    """Read under each name in turn until one is accepted.

    Otherwise the first name by which a contract knew the file counts, else the first of all.
    """
    read: list[tuple[str, Any]] = []
    for name, _ in origins:
        read.append((name, _attempt(reading, archived, name, now)))
        if _outcome_code(read[-1][1]) == "accepted":
            break
    name, found = min(read, key=lambda pair: PREFERRED.index(_outcome_code(pair[1])))
    if isinstance(found, Problem):
        pointer = _refused_at_door(reading, archived, origins, reading.settings.inbox)
        return replace(pointer, problem=found, read_as=name)
    return _staged(reading, archived, origins, name, found)


def _outcome_code(found: Any) -> str:
    return "refused" if isinstance(found, Problem) else str(found.outcome_code)


def _attempt(reading: Reading, archived: Archived, name: str, now: datetime) -> Any:
    """The reading of a file under one of its names; a problem when the reader has a fault."""
    try:
        return _interpreter()(
            archive.archive_path(reading.settings, archived.file_id),
            file_id=archived.file_id,
            file_name=name,
            received_at=datetime.fromisoformat(archived.first.received_at),
            registry=reading.registry,
            forms=reading.forms,
            lists=reading.lists,
        )
    except WarehouseError:
        raise
    except Exception as error:  # one broken file never stops the others
        return _fault(reading.settings, name, now, error)


def _fault(settings: Settings, name: str, now: datetime, error: Exception) -> Problem:
    ops.log_exception(settings, now, name, error)
    return Problem(
        Code.FILE_UNREADABLE,
        expected="a file that can be read to its end",
        found=one_line(error),
        action="A fault of the reader; the file is kept. Report it with logs/errors.log.",
        file_name=name,
    )


def _interpreter() -> Callable[..., Any]:
    from warehouse import interpret  # noqa: PLC0415

    return interpret.interpret


def _staged(
    reading: Reading,
    archived: Archived,
    origins: tuple[tuple[str, str], ...],
    name: str,
    found: Any,
) -> Pointer:
    settings, file_id = reading.settings, archived.file_id
    source: Contract | Form | None = found.contract or found.form
    tables: Mapping[str, pa.Table] = found.tables
    parts = {
        table: stage.write_part(settings, table, file_id, rows) for table, rows in tables.items()
    }
    pointer = Pointer(
        file_id=file_id,
        read_key="",
        read_code=found.outcome_code,
        origins=origins,
        size_bytes=archived.first.size,
        problem=found.problem,
        **_identity(source),
        format_code=found.format_code,
        reporter_id=found.reporter_id,
        report_start=_iso(found.report_start),
        content_hash=found.content_hash,
        released_on=_iso(found.released_on),
        is_illustrative=found.is_illustrative,
        observation_count=found.row_count,
        rejected_count=found.rejected.num_rows,
        parts={table: part for table, part in parts.items() if part},
        read_as=name,
    )
    key = reading.key(file_id, source, found.format_code, pointer.names)
    return replace(pointer, read_key=key)


def _identity(source: Contract | Form | None) -> dict[str, Any]:
    """What a pointer says about the contract or form that read its file."""
    if isinstance(source, Form):
        row = stage.form_row(source)
    elif source is not None:
        row = stage.contract_row(source)
    else:
        return {}
    names = ("contract_id", "contract_version", "provider_code", "dataset_code")
    return {name: row[name] for name in names}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _results(
    settings: Settings, ids: Mapping[str, str], new: frozenset[str]
) -> tuple[FileResult, ...]:
    pointers = stage.load_pointers(settings)
    return tuple(
        _result(pointers[file_id], name, is_new=name in new)
        for name, file_id in sorted(ids.items())
        if file_id in pointers
    )


def _result(pointer: Pointer, name: str, *, is_new: bool) -> FileResult:
    row = outcome_row(pointer, name)
    return FileResult(
        file_name=name,
        file_id=pointer.file_id,
        outcome_code=row["outcome_code"],
        reason_code=row["reason_code"],
        message=row["message"],
        contract_id=pointer.contract_id,
        observation_count=row["observation_count"],
        rejected_count=row["rejected_count"],
        is_new=is_new,
    )


def answer_reports(settings: Settings, *, wait: bool = True) -> list[Answer]:
    """Write the answers to reports that have none for their present verdict.

    Raises:
        WarehouseError: `locked`, `disk_full`, `home_unwritable`.
    """
    with ops.writer_lock(settings, wait=wait):
        return write_answers(settings)


# building and publishing


def needs_build(settings: Settings) -> bool:
    """Whether the published warehouse lacks something that is staged."""
    with ops.writer_lock(settings, wait=True):
        return _existing(settings, _parts(settings)) is None


def _parts(settings: Settings) -> dict[str, list[Path]]:
    stage.write_registry(settings, load_registry(settings.sources), load_forms(settings.forms))
    return stage.active_parts(settings)


def _code_version() -> str:
    from warehouse import interpret  # noqa: PLC0415

    return building.code_version(interpret.fingerprint())


def _existing(settings: Settings, parts: Mapping[str, list[Path]]) -> BuildSummary | None:
    """The build to stay with: the published one, or the one that `rollback` left."""
    published = publishing.current(settings)
    if published and publishing.damage(settings.published):
        return None
    mark = building.fingerprint(settings, parts, _code_version())
    same = [item for item in building.load_builds(settings) if item.fingerprint == mark]
    current = next((item for item in same if item.build_id == published), None)
    if current is not None:
        return BuildSummary(current.build_id, "unchanged", rows=current.rows)
    if published and any(item.is_withdrawn for item in same):
        return BuildSummary(published, "unchanged")
    return None


def build(settings: Settings, *, now: datetime, wait: bool = True) -> BuildSummary:
    """Build what is staged into a new file, unless a build holds it already.

    Raises:
        WarehouseError: `build_failed`, `locked`, `disk_full`.
    """
    watch = Stopwatch()
    with ops.writer_lock(settings, wait=wait):
        parts = _parts(settings)
        existing = _existing(settings, parts)
        if existing is not None:
            return existing
        publishing.remove_damaged(settings)
        ready = _ready(settings, building.fingerprint(settings, parts, _code_version()))
        if ready is not None:
            return BuildSummary(ready.build_id, "reused", rows=ready.rows)
        with watch.time("build"):
            made = building.build(settings, parts, now=now, code=_code_version())
        return BuildSummary(made.build_id, "built", watch.seconds)


def _ready(settings: Settings, mark: str) -> building.Build | None:
    """A finished build to publish in place of a new one: the newest with this fingerprint.

    When `rollback` withdrew that one, the published build is lost, or it would have stayed: then
    the newest that was not withdrawn.
    """
    known = building.load_builds(settings)
    same = [item for item in known if item.fingerprint == mark]
    kept = [item for item in known if not item.is_withdrawn and item.is_audited]
    choice = [item for item in same if not item.is_withdrawn] or (kept if same else []) or same
    return choice[-1] if choice else None


def audit(settings: Settings, build_id: str, *, wait: bool = True) -> dict[str, int]:
    """Reconcile a build with what it was made from; rows by model.

    Raises:
        WarehouseError: `audit_failed`, `build_unknown`.
    """
    with ops.writer_lock(settings, wait=wait):
        made = _known_build(settings, build_id)
        if made.is_audited:
            return dict(made.rows)
        parts = {
            table: [settings.staged / table / name for name in names]
            for table, names in made.parts.items()
        }
        rows = auditing.reconcile(building.build_path(settings, build_id), parts)
        building.save_build(settings, replace(made, rows=rows, is_audited=True))
        return rows


def _known_build(settings: Settings, build_id: str) -> building.Build:
    made = building.load_build(settings, build_id)
    if made is None:
        raise publishing.unknown_build(settings, build_id)
    return made


def build_and_audit(settings: Settings, *, now: datetime, wait: bool = True) -> BuildSummary:
    """Build what is staged and reconcile it.

    Raises:
        WarehouseError: As `build` and `audit`.
    """
    watch = Stopwatch()
    with ops.writer_lock(settings, wait=wait):
        with watch.time("build"):
            made = build(settings, now=now)
        with watch.time("audit"):
            rows = audit(settings, made.build_id)
    return replace(made, seconds=watch.seconds, rows=rows)


def publish(
    settings: Settings,
    build_id: str,
    *,
    now: datetime | None = None,
    wait: bool = True,
    kind: str = "publish",
) -> PublishSummary:
    """Make an audited build current and remove what is no longer needed.

    Args:
        settings: The warehouse home.
        build_id: The build.
        now: Time of the publication; default: the present.
        wait: Wait for another writer instead of failing.
        kind: `publish` or `rollback`, for the record.

    Raises:
        WarehouseError: `build_unknown`, `build_damaged`, `audit_failed`.
    """
    with ops.writer_lock(settings, wait=wait) as follows_a_kill:
        if _is_published(settings, build_id):
            if follows_a_kill:
                _prune(settings)
            return PublishSummary(build_id, is_changed=False)
        made = _known_build(settings, build_id)
        publishing.check_opens(building.build_path(settings, build_id))
        audit(settings, build_id)
        when = now or datetime.now(UTC)
        entry = publishing.publish(settings, build_id, made.table_keys, now=when, kind=kind)
        if made.is_withdrawn:
            building.save_build(settings, replace(made, is_audited=True, is_withdrawn=False))
        _prune(settings)
        return PublishSummary(build_id, True, entry.against, entry.tables)


def _is_published(settings: Settings, build_id: str) -> bool:
    is_current = publishing.current(settings) == build_id and publishing.is_recorded(settings)
    return is_current and publishing.damage(settings.published) is None


def publish_build(
    settings: Settings, build_id: str | None = None, *, now: datetime, wait: bool = True
) -> PublishSummary:
    """Make a build current: the named one, else the newest that was not withdrawn.

    Raises:
        WarehouseError: `build_unknown`, `audit_failed`.
    """
    chosen = build_id
    if chosen is None:
        known = [item for item in building.load_builds(settings) if not item.is_withdrawn]
        chosen = known[-1].build_id if known else "none"
    return publish(settings, chosen, now=now, wait=wait)


def _prune(settings: Settings) -> None:
    """Remove what neither the published build nor one of those that are kept needs."""
    publishing.prune(settings)
    _prune_parts(settings)


def _prune_parts(settings: Settings) -> None:
    """Remove superseded parts; those of builds that wait for their audit stay."""
    waiting = [item for item in building.load_builds(settings) if not item.is_audited]
    keep = {name for item in waiting for names in item.parts.values() for name in names}
    stage.prune(settings, keep)


def rollback(
    settings: Settings, build_id: str | None = None, *, now: datetime, wait: bool = True
) -> PublishSummary:
    """Make an earlier build current again; the one that it replaces is withdrawn.

    Args:
        settings: The warehouse home.
        build_id: The build; default: the one before the published one.
        now: Time of the rollback.
        wait: Wait for another writer instead of failing.

    Raises:
        WarehouseError: `nothing_published`, `build_unknown`.
    """
    with ops.writer_lock(settings, wait=wait):
        published = publishing.current(settings)
        if published is None:
            raise _nothing_published(settings)
        target = build_id or _build_before(settings, published)
        left = building.load_build(settings, published)
        summary = publish(settings, target, now=now, kind="rollback")
        if left is not None and summary.is_changed:
            building.save_build(settings, replace(left, is_withdrawn=True))
        return summary


def _build_before(settings: Settings, published: str) -> str:
    earlier = [item.build_id for item in building.load_builds(settings)]
    earlier = [name for name in earlier if name < published]
    if not earlier:
        raise WarehouseError.of(
            Code.BUILD_UNKNOWN,
            expected=f"a build before {published}",
            found="none",
            action="List what there is with `warehouse builds`.",
        )
    return earlier[-1]


def _nothing_published(settings: Settings) -> WarehouseError:
    return WarehouseError.of(
        Code.NOTHING_PUBLISHED,
        expected=f"a published warehouse, {settings.published}",
        found="none",
        action="Run `warehouse run` first.",
    )


# the whole street


def run(
    settings: Settings,
    inbox: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    wait: bool = False,
) -> RunSummary:
    """Take in an inbox, build, audit and publish.

    Raises:
        WarehouseError: When nothing was published.
    """
    watch = Stopwatch()
    watcher = progress or Silent()
    with ops.writer_lock(settings, wait=wait):
        with watch.time("find"):
            new = find_new_files(settings, inbox)
        taken = ingest_files(settings, inbox, new, now=now, progress=watcher)
        with watch.time("answer"):
            answer_reports(settings)
        watcher.start("build", None)
        made = build_and_audit(settings, now=now)
        watcher.finish()
        with watch.time("publish"):
            done = publish(settings, made.build_id, now=now)
        seconds = {**watch.seconds, **taken.seconds, **made.seconds}
        return summarise(
            settings, inbox, now=now, new=new, seconds=seconds, build=made, publication=done
        )


STAGES = ("find", "archive", "read", "validate", "answer", "build", "audit", "publish")


def summarise(
    settings: Settings,
    inbox: Path,
    *,
    now: datetime,
    new: Iterable[str] = (),
    seconds: Mapping[str, float],
    build: BuildSummary | None = None,
    publication: PublishSummary | None = None,
) -> RunSummary:
    """What is known about every file of an inbox after a run; kept under `runs/`.

    Args:
        settings: The warehouse home.
        inbox: The folder that was taken in.
        now: Start of the run.
        new: Names that this run read, from `find_new_files`.
        seconds: Seconds per stage.
        build: What was built.
        publication: What was published.
    """
    files = _inbox_results(settings, inbox, frozenset(new))
    file_ids = {result.file_id for result in files}
    refusals = tuple(row for row in ops.rejects(settings) if row["file_id"] in file_ids)
    ordered = sorted(seconds.items(), key=lambda item: _stage_order(item[0]))
    summary = RunSummary(
        run_id=ops.run_id(settings, now),
        home=str(settings.home),
        inbox=str(inbox),
        started_at=now.isoformat(),
        files=files,
        seconds=dict(ordered),
        build=build,
        publication=publication,
        refusals=refusals,
    )
    ops.save_run(settings, summary.run_id, summary.as_json())
    return summary


def _stage_order(name: str) -> int:
    return STAGES.index(name) if name in STAGES else len(STAGES)


def _inbox_results(settings: Settings, inbox: Path, new: frozenset[str]) -> tuple[FileResult, ...]:
    pointers = stage.load_pointers(settings)
    seen = SeenFiles.load(settings)
    results = []
    for found in archive.find_files(inbox, settings):
        door = pointers.get(archive.door_id(found.name))
        pointer = door or pointers.get(seen.last_id(found) or "")
        if pointer is not None:
            results.append(_result(pointer, found.name, is_new=found.name in new))
    return tuple(results)
