"""Changed layouts are read right or refused, never silently wrong."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.formats.cube_mutations import SAME
from tests.layout.mutated_files import (
    COVERED,
    LARGE,
    REAL,
    SAMPLES,
    SAMPLES_FOLDER,
    SPECIMENS,
)
from tests.layout.mutations import changes_of, mutate, reading_of, values_of, wrong_keys
from tests.layout.reading import registry
from tests.shared import shared_data
from tests.specimens import build
from warehouse.readers import detect_format, read

LARGE_CHANGES = ("insert_odd_column", "swap_columns")
"""Changes that most layouts would fall for; the others cost minutes on large files."""


def check(
    path: Path, contract: str | None, seeds: range, changes: Iterable[str] | None = None
) -> None:
    """Every change of the file gives what it gave before, or less; never something else."""
    workbook = read(path, detect_format(path))
    reading = reading_of(workbook, path.name)
    assert contract is None or (reading.contract and reading.contract.id == contract)
    before = values_of(reading)
    assert before, f"{path.name} is not read at all"
    silently_wrong = []
    for name in changes or changes_of(workbook):
        for seed in seeds:
            changed = mutate(workbook, name, random.Random(f"{path.name}-{name}-{seed}"))
            after = values_of(reading_of(changed, path.name)) if changed else None
            if name in SAME:
                assert after == before, f"{name} #{seed}: other values, though only the order is"
            wrong = wrong_keys(name, before, after or {})
            if wrong:
                silently_wrong.append(f"{name} #{seed}: {len(wrong)} values, e.g. {wrong[0]}")
    assert not silently_wrong


def test_every_contract_is_put_to_the_test() -> None:
    """A new contract with figures goes into `mutated_files.py`, with a file that it reads."""
    with_figures = {name for name, contract in registry().items() if not contract.declared}
    assert with_figures == COVERED


def test_a_year_without_its_month_is_not_the_whole_year(tmp_path: Path) -> None:
    check(build.wage_bulletin(tmp_path / "w.xlsx"), None, range(12), ["blank_header"])


@pytest.mark.parametrize("contract", SPECIMENS)
def test_specimens(contract: str, tmp_path: Path) -> None:
    file_name, builder = SPECIMENS[contract]
    check(builder(tmp_path / file_name), contract, range(3))


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples(sample: str) -> None:
    check(SAMPLES_FOLDER / sample, SAMPLES[sample], range(1))


@pytest.mark.shared
@pytest.mark.parametrize("real", REAL)
def test_real_files(real: str) -> None:
    check(shared_data() / real, REAL[real], range(2))


@pytest.mark.shared
@pytest.mark.parametrize("real", [name for name in LARGE if "lfst" not in name])
def test_large_files(real: str) -> None:
    check(shared_data() / real, LARGE[real], range(1), LARGE_CHANGES)
