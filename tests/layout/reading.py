"""Read one file the way the warehouse does, and look values up in what came out."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from warehouse.conform import CodeLists
from warehouse.interpret import Interpretation, interpret
from warehouse.layout.contract import Registry, load_registry
from warehouse.settings import Settings

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@lru_cache(maxsize=1)
def code_lists() -> CodeLists:
    return CodeLists.load(Settings.of().seeds)


@lru_cache(maxsize=1)
def registry() -> Registry:
    return load_registry(Settings.of().sources)


def read_file(path: Path, file_name: str | None = None) -> Interpretation:
    """Read a file as from the archive: under its hash, so that only `file_name` has a suffix."""
    file_id = hashlib.sha256(path.read_bytes()).hexdigest()
    with TemporaryDirectory() as folder:
        archived = Path(folder) / file_id
        shutil.copyfile(path, archived)
        return interpret(
            archived,
            file_id=file_id,
            file_name=file_name or path.name,
            received_at=NOW,
            registry=registry(),
            lists=code_lists(),
        )


def observations(reading: Interpretation) -> pd.DataFrame:
    frame = reading.observations.to_pandas()
    members = [dict(pairs) for pairs in frame.pop("breakdown")]
    frame["year"] = [start.year for start in frame["period_start"]]
    return frame.join(pd.DataFrame(members, index=frame.index).add_prefix("by_"))


def only(frame: pd.DataFrame, **wanted: Any) -> pd.Series:
    """The one row with these values."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, f"{len(frame)} rows for {wanted}"
    return frame.iloc[0]


def codes(reading: Interpretation) -> list[str]:
    return reading.rejected.column("code").to_pylist()
