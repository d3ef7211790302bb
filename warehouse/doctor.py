"""Checks of the installation: each says what it found and, when that is wrong, what to do."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from warehouse import build, publish
from warehouse.errors import WarehouseError
from warehouse.layout.contract import load_registry
from warehouse.settings import Settings

OLDEST_PYTHON = (3, 11)
ROOM = 1024**3
BUILT_IN = {"core_functions", "icu", "json", "parquet"}
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)([^\\]*)")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    found: str
    action: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """Look at everything that the warehouse needs; nothing is changed but a probe in the home."""
    looks: tuple[Callable[[Settings], Check], ...] = (
        _python,
        _packages,
        _airflow,
        _code_lists,
        _contracts,
        _dbt_project,
        _engine,
        _home,
        _room,
        _published,
    )
    return [_look(settings, look) for look in looks]


def _look(settings: Settings, look: Callable[[Settings], Check]) -> Check:
    try:
        return look(settings)
    except WarehouseError as error:
        problem = error.problem
        return Check(_title(look), False, problem.message, f"see docs/errors/{problem.code}.md")
    except (OSError, ValueError, duckdb.Error, ImportError) as error:
        return Check(_title(look), False, f"{type(error).__name__}: {error}", "mend what it says")


def _title(look: Callable[[Settings], Check]) -> str:
    return look.__name__.strip("_").replace("_", " ")


def _python(settings: Settings) -> Check:
    found = sys.version.split()[0]
    is_ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Check("python", is_ok, found, "use Python 3.11 or newer")


def pinned(lock: Path) -> dict[str, str]:
    """Package to version in a lock file; lines for other platforms are left out."""
    pins = (_PIN.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {pin[1]: pin[2] for pin in pins if pin and ";" not in pin[3]}


def _packages(settings: Settings) -> Check:
    wanted = pinned(settings.project / "requirements.lock")
    wrong = []
    for name, pin in wanted.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing"
        if found != pin:
            wrong.append(f"{name} {found} (locked {pin})")
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Check("packages", False, ", ".join(wrong[:3]) + more, "run `make setup`")
    return Check("packages", True, f"{len(wanted)} as locked")


def _airflow(settings: Settings) -> Check:
    try:
        return Check("airflow", True, version("apache-airflow"))
    except PackageNotFoundError:
        return Check("airflow", False, "not installed", "run `make setup`")


def _code_lists(settings: Settings) -> Check:
    from warehouse import conform  # noqa: PLC0415

    lists = conform.CodeLists.load(settings.seeds)
    is_ok = bool(lists.tables)
    return Check("code lists", is_ok, f"{len(lists.tables)} lists", f"look at {settings.seeds}")


def _contracts(settings: Settings) -> Check:
    count = len(load_registry(settings.sources))
    return Check("contracts", count > 0, f"{count} contracts", f"look at {settings.sources}")


def _dbt_project(settings: Settings) -> Check:
    build.parse(settings)
    return Check("dbt project", True, "parses")


def _engine(settings: Settings) -> Check:
    query = "select extension_name from duckdb_extensions() where loaded"
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        loaded = {str(row[0]) for row in connection.execute(query).fetchall()}
    missing = sorted(BUILT_IN - loaded)
    found = f"duckdb {duckdb.__version__}, " + (
        f"without {', '.join(missing)}" if missing else "all extensions built in"
    )
    return Check("duckdb", not missing, found, "install the locked duckdb: run `make setup`")


def _home(settings: Settings) -> Check:
    settings.home.mkdir(parents=True, exist_ok=True)
    probe = settings.home / f".doctor.{os.getpid()}.tmp"
    probe.write_bytes(b"")
    probe.unlink()
    return Check("home", True, f"{settings.home} can be written")


def _room(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.home).free
    found = f"{free / ROOM:.1f} GiB free"
    return Check("room", free >= ROOM, found, "free some space: a build needs it")


def _published(settings: Settings) -> Check:
    if not settings.published.exists():
        return Check("published file", True, "none yet: run `warehouse run`")
    _, rows = publish.query(settings, "select count(*) from duckdb_tables()")
    return Check("published file", True, f"opens, {rows[0][0]} tables")
