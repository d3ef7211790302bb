"""The published warehouse of all samples, built once and shared by all processes of a test run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.parsed import lay_parsed
from warehouse import pipeline
from warehouse.settings import PROJECT, Settings

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CACHE = PROJECT / ".pytest_cache" / "samples"
_READ = ("samples", "dbt", "warehouse", "expectations")
_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".tsv", ".json", ".xlsx", ".xls", ".pdf", ".px"}


def published_samples() -> Path:
    """The published file; read it, never write it. Built anew when something it is made of changed.

    `WAREHOUSE_SAMPLE_HOME` names a home that stands ready.
    """
    ready = os.environ.get("WAREHOUSE_SAMPLE_HOME")
    if ready:
        return Path(ready) / "warehouse.duckdb"
    home = CACHE / _fingerprint()
    published = home / "warehouse.duckdb"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not published.exists():
            for old in CACHE.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            pipeline.run(lay_parsed(Settings(home=home)), PROJECT / "samples", now=NOW)
    return published


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in _READ:
        for path in sorted((PROJECT / folder).rglob("*")):
            inner = path.relative_to(PROJECT)
            is_made = {"node_modules", "dist", "target", "logs", "reports"} & set(inner.parts)
            if path.suffix in _SUFFIXES and not is_made and path.is_file():
                digest.update(f"{inner}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
