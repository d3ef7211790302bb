"""The JSON Schema that editors complete from is the one the loader enforces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from warehouse.conform import CodeLists
from warehouse.conform.contract_codes import check_contract
from warehouse.errors import WarehouseError
from warehouse.layout.contract import (
    PROVIDER_FILE,
    contract_schema,
    load_contract,
    load_registry,
)
from warehouse.layout.corrections import SUFFIX
from warehouse.settings import PROJECT, Settings

SOURCES = PROJECT / "warehouse" / "sources"
FILES = sorted(
    path
    for path in SOURCES.glob("*/*.yml")
    if path.name != PROVIDER_FILE and not path.name.endswith(SUFFIX)
)


def test_schema_file_is_current() -> None:
    stored = json.loads((SOURCES / "contract.schema.json").read_text())
    assert stored == contract_schema(), "run `make schema`"


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_contracts_satisfy_the_schema_and_name_it(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=../contract.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), contract_schema())


def test_codes_of_all_contracts_exist() -> None:
    lists = CodeLists.load(Settings.of().seeds)
    registry = load_registry(SOURCES)
    assert len(registry) == len(FILES)
    for contract in registry.values():
        check_contract(contract, lists)


def write(tmp_path: Path, **changes: object) -> Path:
    data = yaml.safe_load((SOURCES / "belstat" / "wage_by_region.yml").read_text())
    data |= yaml.safe_load((SOURCES / "belstat" / PROVIDER_FILE).read_text())
    folder = tmp_path / "belstat"
    folder.mkdir(exist_ok=True)
    path = folder / "wage_by_region.yml"
    path.write_text(yaml.safe_dump(data | changes, allow_unicode=True))
    return path


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"cadence": "sometimes"}, "cadence"),
        ({"surprise": 1}, "surprise"),
        ({"version": "1"}, "version"),
        ({"corrections": []}, "corrections"),
        ({"recognise": {"format": ["csv"]}}, "recognise"),
        ({"tables": []}, "tables"),
        ({"tables": [{"name": "t", "dimensions": {"indicator": "x"}}]}, "unit"),
        ({"provider_name": None}, "provider_name"),
        ({"skip_sheets": ["("]}, "no regular expression"),
        ({"released": "[0-9]{4}"}, "year"),
    ],
)
def test_a_broken_contract_is_refused_by_field(
    tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    with pytest.raises(WarehouseError) as caught:
        load_contract(write(tmp_path, **changes))
    assert caught.value.problem.code == "contract_invalid"
    assert named in caught.value.problem.found


def test_a_contract_lies_where_its_id_says(tmp_path: Path) -> None:
    write(tmp_path, dataset="another")
    with pytest.raises(WarehouseError, match=r"belstat/another\.yml"):
        load_registry(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "ZZ"},
        {"empty": "doubloons"},
        {"flags": {"b": "ZZ"}},
        {"predecessors": {"BY": "XX"}},
        {"backcast": {"XX": 2000}},
        {"region_types": ("kingdom",)},
        {"classifier": "XX"},
        {"dimensions": {"unit": "doubloons"}},
        {"dimensions": {"period": "soon"}},
        {"dimensions": {"sex": "X"}},
        {"dimensions": {"region": "XX"}},
    ],
    ids=str,
)
def test_unknown_codes_are_found(tmp_path: Path, change: dict[str, Any]) -> None:
    contract = load_contract(write(tmp_path))
    table = contract.tables[0]
    if "dimensions" in change:
        change = {"dimensions": {**table.dimensions, **change["dimensions"]}}
    broken = contract.model_copy(update={"tables": (table.model_copy(update=change),)})
    with pytest.raises(WarehouseError) as caught:
        check_contract(broken, CodeLists.load(Settings.of().seeds))
    assert caught.value.problem.code == "contract_invalid"


def test_the_version_follows_the_contract_and_its_provider(tmp_path: Path) -> None:
    path = write(tmp_path)
    before = load_contract(path).version
    (path.parent / PROVIDER_FILE).write_text("owner: somebody\n")
    assert load_contract(path).version != before
