"""Finds files in an inbox and keeps their bytes for ever, named by their sha256."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import stat
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from warehouse import disk
from warehouse.errors import Code, Problem, WarehouseError
from warehouse.settings import Settings

TEMPORARY_ENDINGS = (".part", ".partial", ".tmp", ".crdownload", ".download", ".swp", "~")
SYSTEM_NAMES = {"thumbs.db", "desktop.ini"}
BIDIRECTIONAL = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
WEB_SUFFIXES = {".html", ".htm", ".xhtml", ".mht", ".mhtml"}
WEB_STARTS = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body")
BLOCK = 1024 * 1024
HEAD = 1024
RACY_NS = 2_000_000_000


@dataclass(frozen=True)
class Found:
    """A file of the inbox that may be taken in.

    Attributes:
        name: Path relative to the inbox, with `/`, as shown to people.
        path: Where it lies.
        size: Bytes, when it was found.
        mtime_ns: Time of its last change.
        ctime_ns: Time of the last change of its inode: an editor cannot set it back.
        problem: Why it is not taken in.
    """

    name: str
    path: Path
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    problem: Problem | None = None


@dataclass(frozen=True)
class Origin:
    """One name under which the same bytes arrived."""

    file_name: str
    path: str
    received_at: str
    size: int


@dataclass(frozen=True)
class Archived:
    """Bytes in the archive, or the door's refusal of a file whose bytes were not taken.

    Attributes:
        file_id: sha256 of the bytes; `door-…` when they were not taken.
        origins: Names in the order of their arrival; the first one names the file.
        media_type: What the name says that it is.
        problem: Why the door refused it.
    """

    file_id: str
    origins: tuple[Origin, ...]
    media_type: str = "application/octet-stream"
    problem: Problem | None = None

    @property
    def first(self) -> Origin:
        """How the bytes arrived first."""
        return self.origins[0]


def find_files(inbox: Path, settings: Settings) -> list[Found]:
    """All files below `inbox`, sorted by name.

    Hidden and temporary names are passed over, and so is the home when the inbox contains it.

    Raises:
        WarehouseError: `inbox_missing`, `inbox_in_home`.
    """
    if not inbox.is_dir():
        raise WarehouseError.of(
            Code.INBOX_MISSING,
            expected="a folder with files to take in",
            found=f"no folder {inbox}",
            action="Create it, or name another one with --inbox.",
        )
    check_inbox(inbox, settings)
    root = inbox.resolve()
    return sorted(_walk(root, root, settings.home.resolve()), key=lambda found: found.name)


def check_inbox(inbox: Path, settings: Settings) -> None:
    """Refuse a folder that the warehouse writes itself.

    Raises:
        WarehouseError: `inbox_in_home`.
    """
    root, home = inbox.resolve(), settings.home.resolve()
    own = (home / "inbox", home / "inbox-reports")
    if root.is_relative_to(home) and not any(root.is_relative_to(place) for place in own):
        raise WarehouseError.of(
            Code.INBOX_IN_HOME,
            expected=f"an inbox outside the home, {own[0]} or {own[1]}",
            found=str(root),
            action="Move the files there, or name another folder with --inbox.",
        )


def found_file(inbox: Path, name: str) -> Found:
    """One file of the inbox by the name that `find_files` gave it, looked at again."""
    root = inbox.resolve()
    if "\\u" in name:  # shown escaped: the path has to be found by its looks
        for found in _walk(root, root):
            if found.name == name:
                return found
    return _look(root / name, root)


def _walk(folder: Path, root: Path, home: Path | None = None) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Found(_shown(folder, root), folder, problem=_unreadable(error))
        return
    for entry in entries:
        path = Path(entry.path)
        if is_passed_over(entry.name) or path == home:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root, home)
        elif not (entry.is_symlink() and path.is_dir() and _is_inside(path, root)):
            yield _look(path, root)


def is_passed_over(name: str) -> bool:
    """Whether a name is one that editors, browsers and systems leave behind."""
    lower = name.lower()
    return (
        name.startswith((".", "~$")) or lower.endswith(TEMPORARY_ENDINGS) or lower in SYSTEM_NAMES
    )


def _look(path: Path, root: Path) -> Found:
    name = _shown(path, root)
    if is_unsafe(path.relative_to(root).as_posix()):
        return Found(name, path, problem=_unsafe_name())
    if not _is_inside(path, root):
        return Found(name, path, problem=_outside())
    try:
        status = path.stat()
    except OSError as error:
        leads_nowhere = path.is_symlink() and isinstance(error, FileNotFoundError)
        problem = _outside() if leads_nowhere else _unreadable(error)
        return Found(name, path, problem=problem)
    if not stat.S_ISREG(status.st_mode):
        return Found(name, path, problem=_not_a_file())
    return Found(name, path, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _shown(path: Path, root: Path) -> str:
    return escape(path.relative_to(root).as_posix())


def is_unsafe(name: str) -> bool:
    """Whether a relative name could mislead a reader or leave its folder."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or any(_is_control(letter) for letter in name)


def escape(name: str) -> str:
    """The name with every letter that does not show replaced by its number."""
    return "".join(f"\\u{ord(letter):04x}" if _is_control(letter) else letter for letter in name)


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in BIDIRECTIONAL


@dataclass
class SeenFiles:
    """Which bytes a path held when it was read last, by its size and times.

    An entry is believed only when the file had not been touched for two seconds before it was
    read: a change within the resolution of the clock would go unnoticed otherwise.
    """

    path: Path
    entries: dict[str, list[Any]] = field(default_factory=dict)
    is_changed: bool = False

    @classmethod
    def load(cls, settings: Settings) -> SeenFiles:
        """The cache of one home; an unreadable one counts as empty."""
        path = settings.archive / "seen.json"
        try:
            entries = json.loads(path.read_bytes())
        except (OSError, ValueError):
            entries = {}
        return cls(path, entries if isinstance(entries, dict) else {})

    def file_id(self, found: Found) -> str | None:
        """Id of the bytes, or None when they have to be read."""
        entry = self.entries.get(str(found.path))
        if entry is None or entry[:3] != [found.size, found.mtime_ns, found.ctime_ns]:
            return None
        read_at, file_id = entry[3], entry[4]
        is_settled = max(found.mtime_ns, found.ctime_ns) + RACY_NS < read_at
        return str(file_id) if is_settled else None

    def last_id(self, found: Found) -> str | None:
        """Id of the bytes that were read last from a file that looks the same since."""
        entry = self.entries.get(str(found.path))
        is_same = entry and entry[:3] == [found.size, found.mtime_ns, found.ctime_ns]
        return str(entry[4]) if entry and is_same else None

    def remember(self, found: Found, file_id: str, read_at_ns: int) -> None:
        """Note what `found` held at `read_at_ns`."""
        key = str(found.path)
        entry = [found.size, found.mtime_ns, found.ctime_ns, read_at_ns, file_id]
        if self.entries.get(key) != entry:
            self.entries[key] = entry
            self.is_changed = True

    def save(self) -> None:
        """Write the cache when it changed; it is only ever a short cut."""
        if self.is_changed:
            disk.write_json(self.path, self.entries)
            self.is_changed = False


def admit(settings: Settings, found: Found, now: datetime) -> Archived:
    """Take the bytes of `found` into the archive, or refuse it at the door.

    A file that changes while it is read is refused and taken next time.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`. What is wrong with the file itself comes
            back as `Archived.problem`.
    """
    problem = door_problem(settings, found)
    if problem:
        return _turned_away(found, problem, now)
    try:
        source = _open(found.path)
    except OSError as error:
        return _turned_away(found, _unreadable(error), now)
    with source:
        return _keep(settings, found, source, now)


def door_problem(settings: Settings, found: Found) -> Problem | None:
    """Why a file is turned away without reading it, or None."""
    if found.problem is not None:
        return found.problem
    if found.size > settings.max_file_bytes:
        return Problem(
            Code.FILE_TOO_LARGE,
            expected=f"at most {settings.max_file_bytes} bytes",
            found=f"{found.size} bytes",
            action="Split the file, or raise WAREHOUSE_MAX_FILE_BYTES.",
        )
    age = time.time() - found.mtime_ns / 1e9
    if settings.quiet_seconds > 0 and age < settings.quiet_seconds:
        return _growing(f"changed {max(age, 0):.0f} s ago")
    return None


def _open(path: Path) -> BinaryIO:
    handle = os.open(path.resolve(), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    return os.fdopen(handle, "rb")


def _keep(settings: Settings, found: Found, source: BinaryIO, now: datetime) -> Archived:
    with disk.writing(settings.archive):
        settings.archive.mkdir(parents=True, exist_ok=True)
        temporary = disk.temporary_name(settings.archive / "incoming")
        try:
            copied = _copy(source, temporary, found)
            if isinstance(copied, Problem):
                return _turned_away(found, copied, now)
            file_id, head = copied
            _file_away(temporary, archive_path(settings, file_id), found.size)
        finally:
            temporary.unlink(missing_ok=True)
    return _record(settings, found, file_id, head, now)


def _copy(source: BinaryIO, target: Path, found: Found) -> tuple[str, bytes] | Problem:
    digest = hashlib.sha256()
    head = b""
    size = 0
    with target.open("wb") as out:
        while True:
            try:
                block = source.read(BLOCK)
            except OSError as error:
                return _unreadable(error)
            if not block:
                break
            head = head or block[:HEAD]
            size += len(block)
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    after = os.fstat(source.fileno())
    if (after.st_size, after.st_mtime_ns, size) != (found.size, found.mtime_ns, found.size):
        return _growing(f"{found.size} bytes when it was found, {after.st_size} when it was read")
    return digest.hexdigest(), head


def _file_away(temporary: Path, target: Path, size: int) -> None:
    if target.exists() and target.stat().st_size == size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o444)
    disk.rename(temporary, target)


def _content_problem(origins: tuple[Origin, ...], head: bytes) -> Problem | None:
    """Why the bytes cannot be what any of their names says."""
    problems = [_origin_problem(origin, head) for origin in origins]
    return None if None in problems else problems[0]


def _origin_problem(origin: Origin, head: bytes) -> Problem | None:
    if origin.size == 0:
        return Problem(
            Code.FILE_EMPTY,
            expected="a file with content",
            found="0 bytes",
            action="Download it again.",
            file_name=origin.file_name,
        )
    suffix = Path(origin.file_name).suffix.lower()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(WEB_STARTS) and suffix not in WEB_SUFFIXES:
        return Problem(
            Code.FILE_IS_A_WEB_PAGE,
            expected=f"a {suffix or 'data'} file",
            found="a web page, probably the error or log-in page of the site",
            action="Download the file itself again.",
            file_name=origin.file_name,
        )
    return None


def _record(settings: Settings, found: Found, file_id: str, head: bytes, now: datetime) -> Archived:
    known = _sidecar(settings, file_id)
    origins = known.origins if known else ()
    if found.name not in [origin.file_name for origin in origins]:
        origin = Origin(found.name, str(found.path), now.isoformat(), found.size)
        origins = (*origins, origin)
        _write_sidecar(settings, file_id, origins)
    return Archived(file_id, origins, _media_type(origins), _content_problem(origins, head))


def _write_sidecar(settings: Settings, file_id: str, origins: tuple[Origin, ...]) -> None:
    sidecar = {
        "file_id": file_id,
        "media_type": _media_type(origins),
        "origins": [asdict(origin) for origin in origins],
    }
    disk.write_json(archive_path(settings, file_id).with_suffix(".json"), sidecar)


def _media_type(origins: tuple[Origin, ...]) -> str:
    guess, _ = mimetypes.guess_type(origins[0].file_name)
    return guess or "application/octet-stream"


def archive_path(settings: Settings, file_id: str) -> Path:
    """Where the bytes of a file lie."""
    return settings.archive / file_id[:2] / file_id


def load(settings: Settings, file_id: str) -> Archived | None:
    """What the archive knows about a file, or None. A damaged sidecar counts as absent."""
    known = _sidecar(settings, file_id)
    if known is None:
        return None
    with archive_path(settings, file_id).open("rb") as source:
        head = source.read(HEAD)
    return replace(known, problem=_content_problem(known.origins, head))


def _sidecar(settings: Settings, file_id: str) -> Archived | None:
    try:
        sidecar = json.loads(archive_path(settings, file_id).with_suffix(".json").read_bytes())
        origins = tuple(Origin(**origin) for origin in sidecar["origins"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Archived(file_id, origins, sidecar["media_type"]) if origins else None


def file_ids(settings: Settings) -> Iterable[str]:
    """Ids of all archived files, sorted."""
    return sorted(path.stem for path in settings.archive.glob("[0-9a-f][0-9a-f]/*.json"))


def door_id(name: str) -> str:
    """Id of a file whose bytes were not taken."""
    return "door-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _turned_away(found: Found, problem: Problem, now: datetime) -> Archived:
    origin = Origin(found.name, escape(str(found.path)), now.isoformat(), found.size)
    return Archived(door_id(found.name), (origin,), problem=problem.at(file_name=found.name))


def _growing(how: str) -> Problem:
    return Problem(
        Code.FILE_STILL_GROWING,
        expected="a file that is complete",
        found=f"it is still being written ({how})",
        action="Nothing to do: it is taken next time.",
    )


def _unsafe_name() -> Problem:
    return Problem(
        Code.FILE_NAME_UNSAFE,
        expected="a name without control characters and without `..`",
        found="one with them, shown here by their numbers",
        action="Rename the file.",
    )


def _outside() -> Problem:
    return Problem(
        Code.FILE_OUTSIDE_INBOX,
        expected="a file that lies in the inbox",
        found="a link that leads out of it, or to nothing",
        action="Copy the file itself into the inbox instead of the link.",
    )


def _unreadable(error: OSError) -> Problem:
    return Problem(
        Code.FILE_UNREADABLE,
        expected="a file that this user may read",
        found=error.strerror or disk.one_line(error),
        action="Give this user the right to read it, or copy it again.",
    )


def _not_a_file() -> Problem:
    return Problem(
        Code.FILE_UNREADABLE,
        expected="a regular file",
        found="a device, socket or pipe",
        action="Put the file itself into the inbox.",
    )
