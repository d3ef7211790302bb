"""Where the real files of statistical offices lie, and what to do when they are not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.settings import PROJECT


def shared_data() -> Path:
    """The folder of real files; skips the test without it, fails in CI."""
    folder = Path(os.environ.get("WAREHOUSE_SHARED_DATA") or PROJECT.parent / "shared" / "data")
    if folder.is_dir():
        return folder
    message = f"real files not found in {folder}: tests on them did NOT run"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
