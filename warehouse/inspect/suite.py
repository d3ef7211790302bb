"""Every contract on its specimens: the files of some folders that it recognises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.archive import is_passed_over
from warehouse.conform.codelists import CodeLists
from warehouse.conform.contract_codes import check_contract
from warehouse.errors import Code
from warehouse.inspect.trial import Trial, read_by, tried
from warehouse.interpret import Interpretation
from warehouse.layout.contract import Contract, Registry

WITH_ERRORS = "with-errors"
"""A folder of specimens that must be refused: it proves nothing about a contract."""


@dataclass(frozen=True)
class Tested:
    """What came of one contract on its specimens.

    Attributes:
        contract_id: The contract.
        files: Its specimens.
        value_count: Cells read from them.
        refused_count: Cells, headers and tables refused in them.
        check_count: Checks that found something to test.
        problems: Why a specimen would not be taken in.
        role: Of a file that holds no figures to be read: what it is declared as.
    """

    contract_id: str
    files: Sequence[str]
    value_count: int
    refused_count: int
    check_count: int
    problems: Sequence[str]
    role: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a specimen was refused as a whole, or fails a check."""
        return bool(self.problems)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "is_broken": self.is_broken}


def run_contracts(
    registry: Registry, folders: Iterable[Path], lists: CodeLists, seeds: Path
) -> list[Tested]:
    """Read every file below the folders by all contracts; one row per contract.

    Raises:
        WarehouseError: `contract_invalid` for a code that no list has.
    """
    for contract in registry.values():
        check_contract(contract, lists)
    trials: dict[str, list[Trial]] = {name: [] for name in registry}
    for path in _specimens(folders):
        reading = read_by(registry, path, lists)
        for name in _rivals(reading):
            trials[name].append(tried(reading, registry[name], path.name, lists, seeds))
        if reading.contract is not None:
            found = tried(reading, reading.contract, path.name, lists, seeds)
            trials[reading.contract.id].append(found)
    return [_tested(contract, trials[name]) for name, contract in registry.items()]


def _rivals(reading: Interpretation) -> list[str]:
    """Contracts that recognise the same file: it is nobody's."""
    problem = reading.problem
    is_claimed_twice = problem is not None and problem.code == Code.CONTRACT_AMBIGUOUS
    return problem.found.split(", ") if problem is not None and is_claimed_twice else []


def _specimens(folders: Iterable[Path]) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and WITH_ERRORS not in path.parts and not is_passed_over(path.name)
    ]


def _tested(contract: Contract, found: Sequence[Trial]) -> Tested:
    return Tested(
        contract_id=contract.id,
        files=[trial.file_name for trial in found],
        value_count=sum(trial.value_count for trial in found),
        refused_count=sum(len(trial.refused) for trial in found),
        check_count=sum(bool(check.tested) for trial in found for check in trial.checks),
        problems=[
            f"{trial.file_name}: {trial.message}"
            for trial in found
            if trial.outcome_code != "accepted" and not contract.declared
        ],
        role=contract.declared.role if contract.declared else None,
    )
