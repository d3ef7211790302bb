from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.street import contract, observation, small_settings, table
from warehouse import stage
from warehouse.errors import Code, Problem
from warehouse.schema import TABLES
from warehouse.settings import Settings
from warehouse.stage import Pointer, Verdict

ROWS = [observation(n, cell=f"C{n}", breakdown=[("sex", "F")]) for n in range(1, 40)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def pointer(file_id: str = "a" * 64, **changes: object) -> Pointer:
    sound = Pointer(
        file_id=file_id,
        read_key="k",
        read_code="accepted",
        origins=(("a.csv", "2026-03-01T12:00:00+00:00"),),
        size_bytes=3,
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def test_bytes_of_a_part_depend_on_its_rows_alone() -> None:
    forward, backward = table(ROWS), table(ROWS[::-1])
    cut = pa.concat_tables([forward.slice(0, 7), forward.slice(7)])
    labelled = forward.replace_schema_metadata({"made": "by hand"})
    assert (
        len({stage.encode("observation", rows) for rows in (forward, backward, cut, labelled)}) == 1
    )
    other = table([*ROWS[:-1], ROWS[-1] | {"value": 2.0}])
    assert stage.encode("observation", other) != stage.encode("observation", forward)


def test_a_part_has_exactly_the_declared_columns(settings: Settings) -> None:
    part = stage.write_part(settings, "observation", "a" * 64, table(ROWS))
    assert pq.read_schema(settings.staged / "observation" / str(part)).equals(TABLES["observation"])
    assert stage.read_part(settings, "observation", part).num_rows == len(ROWS)
    with pytest.raises(KeyError):
        stage.encode("observation", table(ROWS).drop_columns(["cell"]))


def test_writing_a_part_twice_changes_nothing(settings: Settings) -> None:
    first = stage.write_part(settings, "observation", "a" * 64, table(ROWS))
    path = settings.staged / "observation" / str(first)
    before = path.stat()
    assert stage.write_part(settings, "observation", "a" * 64, table(ROWS[::-1])) == first
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert not list(settings.staged.rglob("*.tmp"))


def test_no_rows_make_no_part_but_can_be_read(settings: Settings) -> None:
    assert stage.write_part(settings, "observation", "a" * 64, table([])) is None
    parts = stage.active_parts(settings)
    assert set(parts) == set(TABLES)
    for name, paths in parts.items():
        assert [path.name for path in paths] == [stage.EMPTY]
        assert pq.read_table(paths[0]).schema.equals(TABLES[name])


ALWAYS = {"rejected_cell", "file_outcome", "check_result", "submission"}


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("accepted", {"observation", "membership", *ALWAYS}),
        ("quarantined", ALWAYS),
        ("refused", ALWAYS),
        ("unchanged", {"file_outcome"}),
        (None, set()),
    ],
)
def test_which_parts_a_build_reads(settings: Settings, code: str | None, used: set[str]) -> None:
    stage.ensure_empty_parts(settings)
    names = ("observation", "membership", *ALWAYS)
    parts = {}
    for name in names:
        parts[name] = f"{name}.parquet"
        (settings.staged / name / f"{name}.parquet").write_bytes(b"x")
    verdict = Verdict("k", code) if code else None
    stage.save_pointer(settings, pointer(parts=parts, verdict=verdict))
    active = stage.active_parts(settings)
    assert {name for name in names if len(active[name]) == 2} == used


def test_a_pointer_comes_back_as_it_was(settings: Settings) -> None:
    problem = Problem(Code.FILE_EMPTY, "x", "y", "z", cell="C1")
    kept = pointer(problem=problem, verdict=Verdict("k", "refused", "file_empty", "m"))
    stage.save_pointer(settings, kept)
    assert stage.load_pointer(settings, kept.file_id) == kept
    assert stage.load_pointers(settings) == {kept.file_id: kept}


def test_a_damaged_pointer_or_a_lost_part_counts_as_absent(settings: Settings) -> None:
    lost = pointer(parts={"observation": "gone.parquet"})
    stage.save_pointer(settings, lost)
    assert stage.load_pointer(settings, lost.file_id) is None
    stage.save_pointer(settings, pointer())
    path = stage.pointer_path(settings, "a" * 64)
    path.write_bytes(path.read_bytes()[:20])
    assert stage.load_pointer(settings, "a" * 64) is None
    assert stage.load_pointers(settings) == {}


def test_superseded_parts_go_and_named_ones_stay(settings: Settings) -> None:
    stage.ensure_empty_parts(settings)
    old = stage.write_part(settings, "observation", "a" * 64, table(ROWS[:3]))
    new = stage.write_part(settings, "observation", "a" * 64, table(ROWS))
    waiting = stage.write_part(settings, "observation", "b" * 64, table(ROWS[:5]))
    stage.save_pointer(settings, pointer(parts={"observation": str(new)}))
    (settings.staged / "observation" / ".x.parquet.1.tmp").write_bytes(b"half")
    assert stage.prune(settings, keep=[str(waiting)]) == 1
    left = {path.name for path in (settings.staged / "observation").iterdir()}
    assert left == {stage.EMPTY, new, waiting}
    assert old not in left


def test_a_new_contract_concerns_only_files_of_its_formats() -> None:
    one = contract("one")
    other = contract("other", recognise={"format": ["xlsx"], "caption": "x"})
    alone, both = {"one": one}, {"one": one, "other": other}
    assert stage.recognition(alone, {}, "tiny") == stage.recognition(both, {}, "tiny")
    assert stage.recognition(alone, {}, "xlsx") != stage.recognition(both, {}, "xlsx")
    assert stage.recognition(alone, {}, None) != stage.recognition(both, {}, None)


def test_corrections_belong_to_the_key_of_a_contract(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, {"counts": ()})
    before = stage.contract_key(settings, contract())
    path = settings.sources / "office" / "counts.corrections.yml"
    path.write_text("[]")
    assert stage.contract_key(settings, contract()) != before


def test_the_registry_is_staged_and_replaced(settings: Settings) -> None:
    stage.write_registry(settings, {"office/counts": contract()}, {})
    (first,) = stage.active_parts(settings)["contract"][1:] or [None]
    stage.write_registry(settings, {"office/counts": contract(checks=({"overlap": True},))}, {})
    parts = stage.active_parts(settings)["contract"]
    assert len(parts) == 2
    assert first not in parts
    rows = pq.read_table(next(path for path in parts if path.name != stage.EMPTY)).to_pylist()
    assert [(row["contract_id"], row["has_check"]) for row in rows] == [("office/counts", True)]
    stage.write_registry(settings, {}, {})
    assert len(stage.active_parts(settings)["contract"]) == 1
