"""One `dbt build` in this process into a new DuckDB file; the published one is not touched."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from warehouse import __version__, audit, comments, disk, stage
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings

BUILDING = ".building"
NOT_PROJECT = {"target", "logs", "dbt_packages", "__pycache__"}
PATIENCE = 30.0
COLLECTION = (5_000, 10, 1_000)
"""Thresholds of the garbage collector while dbt runs: half its time, for no more memory."""
STAMP = "%Y%m%dT%H%M%SZ"
_STAMP = re.compile(r"\d{8}T\d{6}Z")
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")


@dataclass(frozen=True)
class Build:
    """What is known about one finished build.

    Attributes:
        build_id: Time and fingerprint; sorts by time.
        built_at: ISO time.
        fingerprint: Hash of the staged parts, the dbt project and the versions.
        code_version: Version of the code that built it.
        seconds: Wall time of `dbt build`.
        parts: Staged table to file names of the parts that it was made from.
        keys: Mart to the schema and the columns that identify its rows.
        rows: Mart to row count; filled by the audit.
        is_audited: Whether the audit passed.
        is_withdrawn: Whether `rollback` left it: it is not published again by itself.
    """

    build_id: str
    built_at: str
    fingerprint: str
    code_version: str
    seconds: float
    parts: Mapping[str, list[str]] = field(default_factory=dict)
    keys: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    is_audited: bool = False
    is_withdrawn: bool = False

    @property
    def table_keys(self) -> dict[str, audit.TableKey]:
        """Marts that can be compared between builds."""
        return {
            name: audit.TableKey(key["schema"], tuple(key["columns"]))
            for name, key in self.keys.items()
        }


def build_path(settings: Settings, build_id: str) -> Path:
    """The DuckDB file of a build."""
    return settings.builds / f"{build_id}.duckdb"


def save_build(settings: Settings, build: Build) -> None:
    """Write the manifest of a build."""
    disk.write_json(settings.builds / f"{build.build_id}.json", asdict(build))


def load_build(settings: Settings, build_id: str) -> Build | None:
    """A finished build, or None when its file or its manifest is not there."""
    try:
        raw = json.loads((settings.builds / f"{build_id}.json").read_bytes())
        build = Build(**{name: raw[name] for name in (item.name for item in fields(Build))})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return build if build_path(settings, build_id).exists() else None


def load_builds(settings: Settings) -> list[Build]:
    """All finished builds, the oldest first."""
    found = (load_build(settings, path.stem) for path in settings.builds.glob("*.duckdb"))
    return sorted((build for build in found if build), key=lambda build: build.build_id)


def fingerprint(settings: Settings, parts: Mapping[str, list[Path]], code_version: str) -> str:
    """Hash of everything that a build depends on: parts by content, project, versions."""
    names = {table: [path.name for path in paths] for table, paths in parts.items()}
    engines = {name: version(name) for name in ENGINES}
    return stage.fingerprint(names, project_fingerprint(settings.dbt), engines, code_version)


def project_fingerprint(project: Path) -> str:
    """Hash of the dbt project: models, macros, tests, seeds, configuration."""
    digest = hashlib.sha256()
    for path in sorted(_project_files(project)):
        name = path.relative_to(project).as_posix()
        digest.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _project_files(project: Path) -> Iterator[Path]:
    for path in project.rglob("*"):
        inner = path.relative_to(project).parts
        is_ours = not any(part in NOT_PROJECT or part.startswith(".") for part in inner)
        if is_ours and path.is_file():
            yield path


def code_version(reading: str) -> str:
    """Version of the package and of the code that reads files."""
    return f"{__version__}+{reading[:12]}"


def build(
    settings: Settings, parts: Mapping[str, list[Path]], *, now: datetime, code: str
) -> Build:
    """Run `dbt build` on the staged parts into a new file under `builds/`.

    Only for the holder of the writer lock.

    Args:
        settings: The warehouse home.
        parts: Staged table to the parts to read, from `stage.active_parts`.
        now: Time of the build.
        code: Version of the code, for the record.

    Raises:
        WarehouseError: `build_failed`, naming the model or test and its message; `disk_full`.
    """
    mark = fingerprint(settings, parts, code)
    build_id = _build_id(settings, now, mark)
    start = time.perf_counter()
    with disk.writing(settings.home):
        folder = settings.builds / BUILDING
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # the catalogue has the name of the published file, so views in it stay valid there
        file = folder / settings.published.name
        write_inputs(file, parts, build_id=build_id, built_at=now, code_version=code)
        _run_dbt(settings, file)
        _finish(file, settings.home / "dbt" / "target" / "manifest.json")
        file.chmod(0o444)  # readers share its bytes
        disk.rename(file, build_path(settings, build_id))
        shutil.rmtree(folder, ignore_errors=True)
    finished = Build(
        build_id=build_id,
        built_at=now.isoformat(),
        fingerprint=mark,
        code_version=code,
        seconds=round(time.perf_counter() - start, 3),
        parts={table: [path.name for path in paths] for table, paths in parts.items()},
        keys=_keys(settings),
    )
    save_build(settings, finished)
    return finished


def _build_id(settings: Settings, now: datetime, mark: str) -> str:
    """Time and fingerprint; later than every build before, also when the clock was set back."""
    stamps = [path.stem[:16] for path in settings.builds.glob("*.duckdb")]
    newest = max((stamp for stamp in stamps if _STAMP.fullmatch(stamp)), default="")
    stamp = now.strftime(STAMP)
    if stamp <= newest:
        stamp = (datetime.strptime(newest, STAMP) + timedelta(seconds=1)).strftime(STAMP)
    return f"{stamp}-{mark[:8]}"


def write_inputs(
    file: Path,
    parts: Mapping[str, list[Path]],
    *,
    build_id: str,
    built_at: datetime,
    code_version: str,
) -> None:
    """Start a DuckDB file with the schema `staged` that the dbt project declares as its source.

    Paths and times reach dbt as relations and not as variables, so that it need not parse the
    whole project anew for each build.

    Args:
        file: The new file.
        parts: Staged table to its Parquet parts; at least the empty one each.
        build_id: Name of the build.
        built_at: Time of the build.
        code_version: Version of the code.
    """
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema staged")
        for table, paths in parts.items():
            quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            connection.execute(
                f"create view staged.{table} as select * from read_parquet([{quoted}])"  # noqa: S608
            )
        connection.execute(
            "create table staged.build as select ?::varchar as build_id, "
            "?::timestamptz as built_at, ?::varchar as code_version",
            [build_id, built_at, code_version],
        )


def _run_dbt(settings: Settings, file: Path) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (costs five seconds)

    with _environment(settings, file), _seldom_collecting():
        try:
            # unit tests prove the code, not the data: they belong to `make test`
            arguments = ["build", "--exclude-resource-type", "unit_test", *_options(settings)]
            result = dbtRunner().invoke(arguments)
        finally:
            _let_go()
    if not result.success:
        raise _build_failed(settings, result)


def _let_go() -> None:
    """Close the file that dbt keeps open after it has finished."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
    from dbt.adapters.factory import cleanup_connections, reset_adapters  # noqa: PLC0415

    held = DuckDBConnectionManager._ENV  # dropping it, as dbt does, waits for the collector
    cleanup_connections()
    if held is not None:
        held.close()
    reset_adapters()
    gc.collect()


def _options(settings: Settings) -> list[str]:
    work = settings.home / "dbt"
    return [
        *("--project-dir", str(settings.dbt)),
        *("--profiles-dir", str(settings.dbt)),
        *("--target-path", str(work / "target")),
        *("--log-path", str(work / "logs")),
        *("--log-level", "none"),
        *("--log-level-file", "info"),
        "--no-use-colors",
    ]


def parse(settings: Settings) -> None:
    """Parse the dbt project without building anything, as `doctor` does.

    Raises:
        WarehouseError: `build_failed` with what dbt says.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    with _environment(settings, settings.builds / BUILDING / settings.published.name):
        try:
            result = dbtRunner().invoke(["parse", *_options(settings)])
        finally:
            _let_go()
    if not result.success:
        raise _build_failed(settings, result)


def document(settings: Settings) -> Path:
    """Make the dbt docs site of the published warehouse: one HTML file.

    Returns:
        The file, `<home>/docs/index.html`.

    Raises:
        WarehouseError: `nothing_published`; `build_failed` with what dbt says.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    if not settings.published.exists():
        raise WarehouseError.of(
            Code.NOTHING_PUBLISHED,
            expected=f"a published warehouse, {settings.published}",
            found="none",
            action="Run `warehouse run` first.",
        )
    target = settings.home / "dbt" / "docs"
    page = settings.home / "docs" / "index.html"
    with disk.writing(settings.home), TemporaryDirectory(dir=settings.home) as folder:
        copy = Path(folder) / settings.published.name  # dbt opens it for writing
        shutil.copyfile(settings.published, copy)
        with _environment(settings, copy):
            try:
                options = [*_options(settings), "--target-path", str(target)]
                result = dbtRunner().invoke(["docs", "generate", "--static", *options])
            finally:
                _let_go()
        if not result.success:
            raise _build_failed(settings, result)
        page.parent.mkdir(exist_ok=True)
        disk.rename(target / "static_index.html", page)
    return page


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """While dbt runs: its graph lives as long, and walking through it again frees nothing."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTION)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _environment(settings: Settings, file: Path) -> Iterator[None]:
    wanted = {
        "WAREHOUSE_BUILD_FILE": str(file),
        "WAREHOUSE_DBT_THREADS": str(settings.dbt_threads),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _finish(file: Path, manifest: Path) -> None:
    """Drop what reads files outside, comment the rest, fold the log in: the file stands alone."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with duckdb.connect(str(file)) as connection:
                for schema in ("staging", "staged"):
                    connection.execute(f"drop schema if exists {schema} cascade")
                comments.comment(connection, manifest)
                connection.execute("checkpoint")
            return
        except duckdb.ConnectionException:  # a thread of dbt has not ended yet
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
            gc.collect()


def _build_failed(settings: Settings, result: Any) -> WarehouseError:
    where, message = _first_failure(result)
    lower = message.lower()
    if "no space left" in lower or "disk full" in lower:
        return WarehouseError.of(
            Code.DISK_FULL,
            expected=f"room on the disk that holds {settings.home}",
            found=message,
            action="Free some space and run again: the published warehouse stays as it was.",
        )
    return WarehouseError.of(
        Code.BUILD_FAILED,
        expected=f"{where} to succeed",
        found=message,
        action="The published warehouse stays as it was. Details: "
        f"{settings.home / 'dbt' / 'logs' / 'dbt.log'}",
    )


def _first_failure(result: Any) -> tuple[str, str]:
    results = getattr(result.result, "results", None) or []
    failed = [item for item in results if str(item.status) in ("error", "fail")]
    if failed:
        node = failed[0].node
        others = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        message = " ".join(str(failed[0].message or "").split())
        return f"{node.resource_type} {node.name}{others}", message[:1000] or "no message"
    if result.exception is not None:
        return "the dbt project", disk.one_line(result.exception)
    return "the dbt project", "dbt gave no reason"


def _keys(settings: Settings) -> dict[str, dict[str, Any]]:
    """Models that say in `config.meta.key` what identifies their rows."""
    path = settings.home / "dbt" / "target" / "manifest.json"
    nodes = json.loads(path.read_bytes())["nodes"].values()
    found: dict[str, dict[str, Any]] = {}
    for node in nodes:
        key = (node["config"].get("meta") or node.get("meta") or {}).get("key")
        if node["resource_type"] == "model" and key:
            columns = [key] if isinstance(key, str) else list(key)
            found[node["alias"]] = {"schema": node["schema"], "columns": columns}
    return dict(sorted(found.items()))
