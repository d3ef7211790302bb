"""Rows, contracts and a small project of our own, for tests of what lies after the reading."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.parsed import lay_parsed
from warehouse.errors import Code, Problem
from warehouse.interpret import Interpretation
from warehouse.layout.contract import Contract
from warehouse.schema import FILE_OUTCOME, OBSERVATION, REJECTED_CELL
from warehouse.settings import PROJECT, Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OBLASTS = ("BY-BR", "BY-VI", "BY-HO", "BY-HR", "BY-MI", "BY-HM", "BY-MA")


def observation(number: int, **changes: Any) -> dict[str, Any]:
    """One sound row; `changes` make it another one, or an unsound one."""
    row: dict[str, Any] = {
        "observation_id": f"o{number:04d}",
        "file_id": "f" * 64,
        "contract_id": "office/counts",
        "contract_version": "v1",
        "provider_code": "office",
        "dataset_code": "counts",
        "table_name": "Table 1",
        "cell": f"Table 1!C{number}",
        "value_printed": "1",
        "indicator_code": "population",
        "breakdown": [],
        "region_code": "BY",
        "region_printed": "Belarus",
        "activity_code": None,
        "activity_classifier": None,
        "activity_printed": None,
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31),
        "period_kind": "year",
        "value": 1.0,
        "value_digits": 0,
        "unit_code": "persons",
        "multiplier": 1.0,
        "currency_code": None,
        "price_base": None,
        "obs_status": "A",
        "conf_status": "F",
        "reason_code": None,
        "is_illustrative": False,
        "is_formula": False,
        "footnote": None,
        "released_on": None,
        "received_at": NOW,
        "correction_id": None,
        "value_corrected": None,
        "admissible_low": None,
        "admissible_high": None,
        "correction_status": None,
    }
    unknown = set(changes) - set(row)
    assert not unknown, unknown
    return row | changes


def year(number: int) -> dict[str, Any]:
    """The columns of a calendar year."""
    return {"period_start": date(number, 1, 1), "period_end": date(number, 12, 31)}


def table(rows: list[dict[str, Any]], schema: pa.Schema = OBSERVATION) -> pa.Table:
    """Rows as a staged table."""
    return pa.Table.from_pylist(rows, schema=schema)


def rejected(number: int, **changes: Any) -> dict[str, Any]:
    """One sound row of refused cells."""
    row = {
        "rejected_id": f"r{number}",
        "file_id": "f" * 64,
        "file_name": "a.tiny",
        "contract_id": "office/counts",
        "table_name": "Table 1",
        "cell": f"A{number}",
        "value_printed": "Atlantis",
        "code": Code.NAME_UNKNOWN.value,
        "expected": "a region",
        "found": "«Atlantis»",
        "message": f"a.tiny › Table 1 › A{number}: expected a region, found «Atlantis».",
        "action": "Map it.",
        "suggestion": "Atlantis,BY,,",
        "received_at": NOW,
    }
    return row | changes


def outcome(**changes: Any) -> dict[str, Any]:
    """One sound row of outcomes: an accepted file."""
    row = dict.fromkeys(FILE_OUTCOME.names) | {
        "file_id": "f" * 64,
        "file_name": "a.tiny",
        "outcome_code": "accepted",
        "size_bytes": 10,
        "observation_count": 1,
        "rejected_count": 0,
        "is_illustrative": False,
        "received_at": NOW,
    }
    return row | changes


def contract(dataset: str = "counts", checks: tuple[Any, ...] = (), **changes: Any) -> Contract:
    """A contract with the given checks."""
    return Contract.model_validate(_contract(dataset, checks) | changes)


def _contract(dataset: str, checks: tuple[Any, ...]) -> dict[str, Any]:
    dimensions = {"indicator": "population", "unit": "persons", "period": "2024", "region": "BY"}
    return {
        "provider": "office",
        "provider_name": "Office",
        "dataset": dataset,
        "title": "Counts",
        "country": "BY",
        "licence": "none",
        "owner": "tests",
        "cadence": "yearly",
        "recognise": {"format": ["tiny"], "caption": dataset},
        "tables": [{"name": "t", "dimensions": dimensions}],
        "checks": list(checks),
    }


def small_project(folder: Path, contracts: dict[str, tuple[Any, ...]]) -> Path:
    """A checkout with our code lists and suites, a dbt project of four models, and contracts."""
    project = folder / "project"
    shutil.copytree(PROJECT / "expectations", project / "expectations")
    shutil.copytree(PROJECT / "dbt" / "seeds", project / "dbt" / "seeds")
    shutil.copy(PROJECT / "dbt" / "profiles.yml", project / "dbt" / "profiles.yml")
    for dataset, checks in contracts.items():
        write_contract(project, dataset, checks)
    _write_dbt(project / "dbt")
    return project


def write_contract(project: Path, dataset: str, checks: tuple[Any, ...]) -> None:
    """Add or change one contract of a small project."""
    path = project / "warehouse" / "sources" / "office" / f"{dataset}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_contract(dataset, checks)), encoding="utf-8")


def _write_dbt(folder: Path) -> None:
    config = {
        "name": "small",
        "config-version": 2,
        "profile": "warehouse",
        "seed-paths": [],
        "flags": {"send_anonymous_usage_stats": False},
        "models": {"small": {"+materialized": "table"}},
    }
    (folder / "dbt_project.yml").write_text(json.dumps(config), encoding="utf-8")
    macro = "{% macro generate_schema_name(name, node) -%} {{ name }} {%- endmacro %}"
    (folder / "macros").mkdir()
    (folder / "macros" / "names.sql").write_text(macro, encoding="utf-8")
    (folder / "models").mkdir()
    keys = {
        "fct_observation": ("observation", "marts", ["observation_id"]),
        "ops_file_outcome": ("file_outcome", "ops", ["file_id", "file_name"]),
        "ops_rejected_cell": ("rejected_cell", "ops", ["rejected_id"]),
        "ops_check_result": ("check_result", "ops", ["check_id"]),
    }
    for model, (staged, schema, key) in keys.items():
        meta = "{{ config(schema='" + schema + "', meta={'key': " + str(key) + "}) }}\n"
        sql = f"select * from staged.{staged}\n"  # noqa: S608
        (folder / "models" / f"{model}.sql").write_text(meta + sql, encoding="utf-8")


def small_settings(folder: Path, contracts: dict[str, tuple[Any, ...]], **more: Any) -> Settings:
    """Settings of a home beside a small project."""
    project = small_project(folder, contracts)
    return lay_parsed(Settings(home=folder / "home", project=project, **more))


def write_tiny(path: Path, dataset: str, rows: list[dict[str, Any]], **more: Any) -> Path:
    """A file in the format of these tests: JSON that says what it means."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = json.dumps({"dataset": dataset, "rows": rows, **more}, default=str, sort_keys=True)
    path.write_text(plain, encoding="utf-8")
    return path


def interpret_tiny(path: Path, **given: Any) -> Interpretation:
    """Reads what `write_tiny` wrote, in place of `warehouse.interpret`."""
    said = json.loads(path.read_text(encoding="utf-8"))
    if said.get("crash"):
        raise RuntimeError(said["crash"])
    found = given["registry"].get(f"office/{said['dataset']}")
    name = given["file_name"]
    if found is None or said.get("only_as", name) != name:
        problem = Problem(Code.NO_CONTRACT, "a known source", "none", "Describe it.", name)
        return _interpretation(None, [], [], problem=problem, said=said)
    file_id = given["file_id"]
    own = {"file_id": file_id, "received_at": given["received_at"], "contract_id": found.id}
    rows = [_typed(row) | own | {"contract_version": found.version} for row in said["rows"]]
    for row in rows:
        row["observation_id"] = f"{file_id[:12]}-{row['observation_id']}"
    cells = [
        rejected(number) | own | {"rejected_id": f"{file_id[:12]}-{number}"}
        for number in range(said.get("rejected", 0))
    ]
    return _interpretation(found, rows, cells, problem=None, said=said)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) for name in ("period_start", "period_end")}
    return row | days | {"breakdown": [tuple(pair) for pair in row["breakdown"]]}


def _interpretation(
    found: Contract | None,
    rows: list[dict[str, Any]],
    cells: list[dict[str, Any]],
    *,
    problem: Problem | None,
    said: dict[str, Any],
) -> Interpretation:
    released = said.get("released_on")
    return Interpretation(
        contract=found,
        form=None,
        format_code="tiny",
        content_hash=json.dumps(said["rows"], sort_keys=True)[:5000] if rows else None,
        released_on=date.fromisoformat(released) if released else None,
        tables={"observation": table(rows), "rejected_cell": table(cells, REJECTED_CELL)},
        problem=problem,
        outcome_code="no_contract" if problem else "accepted",
    )
