"""Records of known errors: what a record must say, where it is laid, and when it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
import yaml

from tests.specimens.make_samples import SAMPLES
from warehouse import stage
from warehouse.conform import CodeLists
from warehouse.conform.contract_codes import check_contract
from warehouse.errors import Code, WarehouseError
from warehouse.interpret import Interpretation, interpret
from warehouse.layout.contract import Contract, load_contract, load_registry
from warehouse.layout.corrections import SUFFIX, Correction, corrections_schema, load_corrections
from warehouse.settings import PROJECT, Settings

SOURCES = PROJECT / "warehouse" / "sources"
FILES = sorted(SOURCES.glob(f"*/*{SUFFIX}"))
FIGURE = SAMPLES / "papers" / "paper-003_figure-1.xlsx"
CONTRACT = "paper-003/cluster_output"
TOURISM = "C11"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def lists() -> CodeLists:
    return CodeLists.load(Settings.of().seeds)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_registry(SOURCES)[CONTRACT]


def record(**changes: Any) -> dict[str, Any]:
    target = {"indicator": "population", "region": "BY", "period": 2024}
    said = {
        "id": "one", "target": target, "printed": 5, "corrected": 50.0, "reason": "a slip",
        "said_by": "the office", "source": "its letter", "stated_on": "2026-01-01",
        "status": "proposed",
    }  # fmt: skip
    return {name: value for name, value in (said | changes).items() if value is not None}


def write(folder: Path, *records: dict[str, Any], name: str = "counts") -> Path:
    path = folder / "office" / f"{name}{SUFFIX}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"corrections": list(records)}, allow_unicode=True))
    return path


def test_schema_file_is_current() -> None:
    path = SOURCES / "corrections.schema.json"
    assert json.loads(path.read_text()) == corrections_schema()


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_records_satisfy_the_schema_and_name_it(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=../corrections.schema.json\n")
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(text), default=str)),
                        corrections_schema())  # fmt: skip


def test_the_records_of_the_project_are_read_with_their_contracts() -> None:
    ids = [item.id for found in load_registry(SOURCES).values() for item in found.corrections]
    assert len(ids) == sum(len(load_corrections(path)) for path in FILES) >= 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"status": "perhaps"}, "status"),
        ({"reason": ""}, "reason"),
        ({"surprise": 1}, "surprise"),
        ({"id": "Two Words"}, "id"),
        ({"printed": float("nan")}, "printed"),
        ({"corrected": None}, "admissible"),
        ({"corrected": None, "admissible": [1, 2], "status": "confirmed"}, "corrected"),
        ({"admissible": [9, 1], "corrected": None}, "lowest"),
        ({"admissible": [1, 2], "corrected": 3.0}, "outside"),
        ({"target": {"indicator": "population", "region": "BY"}}, "period"),
    ],
    ids=str,
)
def test_a_broken_record_is_refused_by_field(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    path = write(tmp_path, record(**changes))
    with pytest.raises(WarehouseError) as caught:
        load_corrections(path)
    assert caught.value.problem.code == Code.CORRECTION_INVALID
    assert named in caught.value.problem.found
    assert str(path) in caught.value.problem.message


def test_two_records_for_one_figure_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, record(), record(id="two"))
    with pytest.raises(WarehouseError, match="two records for population BY 2024"):
        load_corrections(path)
    rejected = write(tmp_path, record(), record(id="two", status="rejected"))
    assert len(load_corrections(rejected)) == 2


def small_source(folder: Path) -> Path:
    """A contract of the project in a folder of its own."""
    data = yaml.safe_load((SOURCES / "belstat" / "_provider.yml").read_text())
    data |= yaml.safe_load((SOURCES / "belstat" / "wage_by_region.yml").read_text())
    path = folder / "office" / "counts.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(data | {"provider": "office", "dataset": "counts"}))
    return path


def test_corrections_without_a_contract_are_refused(tmp_path: Path) -> None:
    small_source(tmp_path)
    write(tmp_path, record(), name="other")
    with pytest.raises(WarehouseError, match="a contract of the same name") as caught:
        load_registry(tmp_path)
    assert caught.value.problem.code == Code.CORRECTION_INVALID


def test_an_id_stands_for_one_record(tmp_path: Path) -> None:
    path = small_source(tmp_path)
    other = {"indicator": "population", "region": "BY", "period": 2025}
    write(tmp_path, record(), record(target=other))
    with pytest.raises(WarehouseError, match="one more than once"):
        load_registry(path.parents[1])


def test_a_changed_record_changes_the_version_of_the_contract(tmp_path: Path) -> None:
    path = small_source(tmp_path)
    settings = Settings(home=tmp_path, project=tmp_path)
    versions = [load_contract(path).version]
    keys = [stage.contract_key(settings, load_contract(path))]
    for status in ("proposed", "confirmed"):
        write(tmp_path, record(status=status))
        versions.append(load_contract(path).version)
        keys.append(stage.contract_key(settings, load_contract(path)))
    assert len(set(versions)) == len(set(keys)) == 3


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ({"indicator": "happiness"}, "indicator happiness"),
        ({"region": "XX"}, "region XX"),
        ({"period": "soon"}, "period soon"),
        ({"breakdown": {"cluster": "moon"}}, "cluster moon"),
        ({"breakdown": {"moons": "_T"}}, "moons _T"),
        ({"unit": "furlongs"}, "unit furlongs"),
        ({"activity": "A"}, "activity A"),
    ],
    ids=str,
)
def test_a_target_speaks_in_known_codes(
    contract: Contract, lists: CodeLists, target: dict[str, Any], named: str
) -> None:
    with pytest.raises(WarehouseError) as caught:
        check_contract(with_record(contract, target=target), lists)
    assert caught.value.problem.code == Code.CORRECTION_INVALID
    assert named in caught.value.problem.found


# what becomes of a file


def with_record(contract: Contract, **changes: Any) -> Contract:
    """The contract of figure 1 with its one record changed."""
    (known,) = contract.corrections
    said = known.model_dump()
    said["target"] |= changes.pop("target", {})
    made = Correction.model_validate(said | changes)
    return contract.model_copy(update={"corrections": (made,)})


def read(path: Path, contract: Contract, lists: CodeLists) -> Interpretation:
    return interpret(
        path,
        file_id="f" * 64,
        file_name=path.name,
        received_at=NOW,
        registry={contract.id: contract},
        lists=lists,
    )


def printing(folder: Path, value: object) -> Path:
    """Figure 1 with another base of tourism."""
    workbook = openpyxl.load_workbook(FIGURE)
    sheet = workbook["Рис. 1"]
    assert sheet[TOURISM].value in (2925, "2925")
    sheet[TOURISM] = value
    path = folder / FIGURE.name
    workbook.save(path)
    return path


def test_the_record_lies_beside_the_printed_value(contract: Contract, lists: CodeLists) -> None:
    rows = read(FIGURE, contract, lists).observations.to_pylist()
    (row,) = [row for row in rows if row["correction_id"]]
    assert row["cell"].endswith(TOURISM)
    assert (row["value"], row["value_printed"]) == (2925.0, "2925")
    assert row["correction_id"] == "paper-003-tourism-base-2020"
    assert row["correction_status"] == "proposed"
    assert row["value_corrected"] == 22125.0
    assert (row["admissible_low"], row["admissible_high"]) == (22085.0, 22185.0)
    others = [row for row in rows if not row["correction_id"]]
    assert {(r["value_corrected"], r["correction_status"]) for r in others} == {(None, None)}


@pytest.mark.parametrize("printed", [2925, "2925"])
def test_a_source_that_mended_itself_stops_the_file(
    contract: Contract, lists: CodeLists, tmp_path: Path, printed: object
) -> None:
    path = printing(tmp_path, 22125)
    result = read(path, with_record(contract, printed=printed), lists)
    assert result.outcome_code == "refused"
    assert result.observations.num_rows == 0
    assert result.problem is not None
    assert result.problem.code == Code.CORRECTION_OUTDATED
    for part in (FIGURE.name, TOURISM, "«2925»", "«22125»", "paper-003-tourism-base-2020"):
        assert part in result.problem.message
    page = (PROJECT / "docs" / "errors" / "correction_outdated.md").read_text(encoding="utf-8")
    assert f"correction_outdated: {result.problem.message}" in page


def test_a_rejected_record_guards_nothing(
    contract: Contract, lists: CodeLists, tmp_path: Path
) -> None:
    rejected = with_record(contract, status="rejected")
    mended = read(printing(tmp_path, 22125), rejected, lists)
    assert mended.outcome_code == "accepted"
    assert set(mended.observations["correction_id"].to_pylist()) == {None}
    rows = read(FIGURE, rejected, lists).observations.to_pylist()
    assert [row["correction_status"] for row in rows if row["correction_id"]] == ["rejected"]


def test_a_moved_figure_is_still_the_one_that_is_meant(
    contract: Contract, lists: CodeLists, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(FIGURE)
    sheet = workbook["Рис. 1"]
    sheet.insert_rows(10, 2)
    for merged in sheet.merged_cells.ranges:
        if merged.min_row >= 10:
            merged.shift(row_shift=2)
    path = tmp_path / FIGURE.name
    workbook.save(path)
    rows = read(path, contract, lists).observations.to_pylist()
    assert [row["cell"] for row in rows if row["correction_id"]] == ["Рис. 1!C13"]


@pytest.mark.parametrize(
    "target",
    [{"period": 2021}, {"region": "KZ"}, {"breakdown": {"cluster": "tourism"}}],
    ids=str,
)
def test_a_target_that_is_not_there_changes_nothing(
    contract: Contract, lists: CodeLists, target: dict[str, Any]
) -> None:
    result = read(FIGURE, with_record(contract, target=target), lists)
    assert result.outcome_code == "accepted"
    assert set(result.observations["correction_id"].to_pylist()) == {None}
