"""Changed self-describing parts are read right or refused, whatever the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layout.test_mutations import check
from tests.specimens.self_described import WITH_STATUS, WITHOUT_STATUS


@pytest.mark.parametrize("specimen", ["dense.json", "compact20.xml", "two.csv", "keys.px"])
def test_specimens(specimen: str, tmp_path: Path) -> None:
    made = {**WITH_STATUS, **WITHOUT_STATUS}[specimen](tmp_path / specimen)
    check(made, "eurostat/migr_resfirst", range(6))
