"""Files that are checked together get the verdicts that they would get one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.street import NOW, OBLASTS, contract, observation, table, year
from warehouse import settle, stage
from warehouse.layout.contract import Registry
from warehouse.ops import Silent, Stopwatch
from warehouse.settings import Settings
from warehouse.stage import Pointer
from warehouse.validate import Validator

REGISTRY: Registry = {
    made.id: made
    for made in (
        contract("tied", ({"parts_of_total": "region"}, {"between": "population", "high": 900.0})),
        contract("compared", ({"overlap": True},)),
    )
}


SEEDS = (6, 7)


@dataclass(frozen=True)
class File:
    """A file as the reading leaves it."""

    name: str
    values: Sequence[float | None]
    contract_id: str = "office/tied"
    days: int = 0
    region: str = OBLASTS[0]
    first_year: int = 2015

    @property
    def file_id(self) -> str:
        """In place of a hash of the bytes."""
        return self.name.encode().hex().ljust(64, "0")


def read(settings: Settings, file: File) -> None:
    """Stage a file."""
    received = NOW + timedelta(days=file.days)
    rows = [
        observation(
            number,
            observation_id=f"{file.name}-{number}",
            file_id=file.file_id,
            contract_id=file.contract_id,
            region_code=file.region,
            value=value,
            reason_code=None if value is not None else "not_published",
            received_at=received,
            **year(file.first_year + number),
        )
        for number, value in enumerate(file.values)
    ]
    part = stage.write_part(settings, "observation", file.file_id, table(rows))
    assert part
    pointer = Pointer(
        file_id=file.file_id,
        read_key="read",
        read_code="accepted",
        origins=((file.name, received.isoformat()),),
        size_bytes=1,
        contract_id=file.contract_id,
        contract_version="v1",
        provider_code="office",
        dataset_code="counts",
        format_code="tiny",
        content_hash=str((file.values, file.region, file.first_year)),
        observation_count=len(rows),
        parts={"observation": part},
    )
    stage.save_pointer(settings, pointer)


def settled(settings: Settings) -> dict[str, Pointer]:
    """All files after `settle`, by name."""
    settle.settle(settings, REGISTRY, Silent(), Stopwatch())
    return {pointer.file_name: pointer for pointer in stage.load_pointers(settings).values()}


def outcomes(settings: Settings) -> dict[str, str | None]:
    """What becomes of each file."""
    return {
        name: pointer.verdict and pointer.verdict.outcome_code
        for name, pointer in settled(settings).items()
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many files were judged at a time."""
    counts: list[int] = []
    judged = settle._judged

    def counted(judge: Any, cases: Any, known: Any) -> Any:
        counts.append(len(cases))
        return judged(judge, cases, known)

    monkeypatch.setattr(settle, "_judged", counted)
    return counts


def some_files(seed: int) -> list[File]:
    """Files that repeat, restate, contradict and break rules, in the order of their vintages."""
    chance = random.Random(seed)
    files = []
    for number in range(10):
        scale = chance.choice([1.0, 1.0, 1.01, 5.0])
        values: list[float | None] = [
            chance.choice([None, -1.0]) if chance.random() < 0.06 else (10.0 + at) * scale
            for at in range(6)
        ]
        files.append(
            File(
                f"{number:02d}.tiny",
                tuple(values),
                chance.choice(["office/tied", "office/compared"]),
                days=number // 4,
                first_year=2015 + chance.choice([0, 0, 0, 1]),
            )
        )
    return files


@pytest.mark.parametrize("seed", SEEDS)
def test_together_is_as_one_by_one(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Validator, "build_docs", lambda _: None)
    files = some_files(seed)
    alone, together = Settings(home=tmp_path / "alone"), Settings(home=tmp_path / "together")
    for file in files:
        read(alone, file)
        expected = settled(alone)
        read(together, file)
    found = settled(together)
    assert found == expected
    codes = [pointer.verdict.outcome_code for pointer in found.values() if pointer.verdict]
    assert {"accepted", "quarantined", "unchanged"} <= set(codes), "the files try too little"
    for pointer in found.values():
        for name in ("file_outcome", "check_result"):
            own = Path(name) / pointer.parts[name]
            assert (together.staged / own).read_bytes() == (alone.staged / own).read_bytes()


def test_files_are_checked_in_one_run(settings: Settings, runs: list[int]) -> None:
    for number in range(5):
        read(settings, File(f"{number}.tiny", (10.0 + number,), first_year=2015 + number))
    assert set(outcomes(settings).values()) == {"accepted"}
    assert runs == [5]


def test_one_that_is_refused_decides_nothing(settings: Settings, runs: list[int]) -> None:
    """The second file contradicts the first, the third only the second; only the second goes."""
    read(settings, File("a.tiny", (10.0, 11.0, 12.0)))
    read(settings, File("b.tiny", (100.0, 200.0, 300.0, 400.0)))
    read(settings, File("c.tiny", (10.0, 11.0, 12.0, 13.0)))
    assert outcomes(settings) == {
        "a.tiny": "accepted",
        "b.tiny": "quarantined",
        "c.tiny": "accepted",
    }
    assert runs == [3, 1]


def test_a_copy_of_one_that_is_refused_is_no_copy(settings: Settings) -> None:
    read(settings, File("a.tiny", (1000.0,), days=0))
    read(settings, File("b.tiny", (1000.0,), days=1))
    assert outcomes(settings) == {"a.tiny": "quarantined", "b.tiny": "quarantined"}


def test_many_that_are_refused_take_few_runs(settings: Settings, runs: list[int]) -> None:
    for number in range(12):
        read(settings, File(f"{number:02d}.tiny", (1000.0 + number,)))
    assert set(outcomes(settings).values()) == {"quarantined"}
    assert len(runs) <= 3
    runs.clear()
    settled(settings)
    assert runs == [], "nothing has changed"


def test_files_of_other_days_are_not_compared_unless_asked(settings: Settings) -> None:
    """Whether they wait together or not: only a contract with `overlap` looks back."""
    for name in ("tied", "compared"):
        for day, values in enumerate([(10.0, 11.0), (90.0, 91.0)]):
            file = File(f"{name}-{day}", values, f"office/{name}", days=day)
            read(settings, replace(file, first_year=2015 if name == "tied" else 2018))
    assert outcomes(settings) == {
        "tied-0": "accepted",
        "tied-1": "accepted",
        "compared-0": "accepted",
        "compared-1": "quarantined",
    }


@pytest.mark.parametrize("place", ["known_values", "results_table"])
def test_one_file_that_cannot_be_checked_stops_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    called = getattr(settle, place)

    def breaks(*given: Any) -> Any:
        if File("b.tiny", ()).file_id in str(given):
            raise ValueError("something new")
        return called(*given)

    for number, name in enumerate("abc"):
        read(settings, File(f"{name}.tiny", (10.0,), first_year=2015 + number))
    monkeypatch.setattr(settle, place, breaks)
    found = settled(settings)
    assert [p.verdict.outcome_code for p in found.values() if p.verdict] == [
        "accepted",
        "quarantined",
        "accepted",
    ]
    verdict = found["b.tiny"].verdict
    assert verdict
    assert "could not be run: ValueError: something new" in (verdict.message or "")
    monkeypatch.undo()
    assert set(outcomes(settings).values()) == {"accepted"}, "it is looked at again"


def test_no_more_rows_at_a_time_than_fit(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "MOST_ROWS", 5)
    monkeypatch.setattr(settle, "MOST_FILES", 4)
    files = [File(f"{n}.tiny", (10.0, 11.0, 12.0), first_year=2000 + 3 * n) for n in range(6)]
    cut, whole = replace(settings, home=settings.home / "cut"), settings
    for file in files:
        read(cut, file)
    found = settled(cut)
    monkeypatch.undo()
    for file in files:
        read(whole, file)
    assert settled(whole) == found
