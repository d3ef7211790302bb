"""From an inbox to the published file with the real Great Expectations and the real dbt."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.street import (
    NOW,
    OBLASTS,
    interpret_tiny,
    observation,
    small_settings,
    write_contract,
    write_tiny,
    year,
)
from warehouse import archive, build, cli, interpret, ops, pipeline, publish, stage
from warehouse.errors import Code, WarehouseError
from warehouse.settings import PROJECT, Settings

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _tiny_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpret, "interpret", interpret_tiny)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    checks = ({"parts_of_total": "region"}, {"overlap": True})
    return small_settings(tmp_path, {"counts": checks, "bare": ()}, keep_builds=2)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def rows(
    value: float = 100.0, total: float | None = None, when: int = 2024
) -> list[dict[str, Any]]:
    parts = [
        observation(n, region_code=code, value=value, **year(when))
        for n, code in enumerate(OBLASTS, start=2)
    ]
    return [observation(1, value=7 * value if total is None else total, **year(when)), *parts]


def ingest(settings: Settings, inbox: Path, now: Any = NOW) -> dict[str, pipeline.FileResult]:
    names = pipeline.find_new_files(settings, inbox)
    summary = pipeline.ingest_files(settings, inbox, names, now=now)
    return {result.file_name: result for result in summary.files}


def values(settings: Settings) -> int:
    return int(publish.query(settings, "select count(*) from marts.fct_observation")[1][0][0])


def content(folder: Path) -> dict[str, bytes]:
    """All bytes below a folder but what only remembers times of this machine."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "seen.json"
    }


def age(*paths: Path) -> None:
    """Wait until the files are old enough for the short cut to be believed."""
    time.sleep(2.1)
    for path in paths:
        assert path.exists()


def test_the_whole_street(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "good.tiny", "counts", rows())
    write_tiny(inbox / "cells.tiny", "bare", rows(when=2019), rejected=2)
    write_tiny(inbox / "wrong.tiny", "counts", rows(total=9.0, when=2021))
    write_tiny(inbox / "other.tiny", "nothing known", [])
    write_tiny(inbox / "crash.tiny", "counts", [], crash="list index out of range")
    (inbox / "page.xlsx").write_bytes(b"<html>404</html>")
    (inbox / "empty.csv").write_bytes(b"")
    (inbox / "a\nb.csv").write_bytes(b"1")
    first = pipeline.run(settings, inbox, now=NOW)

    outcomes = {result.file_name: result for result in first.files}
    assert {name: result.outcome_code for name, result in outcomes.items()} == {
        "good.tiny": "accepted",
        "cells.tiny": "accepted",
        "wrong.tiny": "quarantined",
        "other.tiny": "no_contract",
        "crash.tiny": "refused",
        "page.xlsx": "refused",
        "empty.csv": "refused",
        "a\\u000ab.csv": "refused",
    }
    assert "total 9, 7 parts sum to 700" in str(outcomes["wrong.tiny"].message)
    assert outcomes["crash.tiny"].reason_code == Code.FILE_UNREADABLE
    assert "RuntimeError: list index out of range" in str(outcomes["crash.tiny"].message)
    assert "Traceback" in (settings.home / "logs" / "errors.log").read_text()
    assert outcomes["page.xlsx"].reason_code == Code.FILE_IS_A_WEB_PAGE
    assert outcomes["a\\u000ab.csv"].reason_code == Code.FILE_NAME_UNSAFE
    assert first.exit_status == 3
    assert values(settings) == 16
    assert first.build and first.build.rows["fct_observation"] == 16
    cells = [row for row in first.refusals if row["cell"]]
    assert len(cells) == 2
    assert {row["file_name"] for row in first.refusals if not row["cell"]} == {
        name for name, result in outcomes.items() if result.outcome_code != "accepted"
    }
    assert json.loads((settings.runs / f"{first.run_id}.json").read_bytes())["exit_status"] == 3
    query = "select count(*) from ops.ops_check_result where check_name = 'no_check'"
    assert publish.query(settings, query)[1] == [(1,)]
    assert list((settings.validation).rglob("*.html"))

    age(*inbox.iterdir())
    before = content(settings.staged)
    ingest(settings, inbox)
    reads: list[Path] = []
    opened = archive._open
    archive._open = lambda path: reads.append(path) or opened(path)  # type: ignore[func-returns-value]
    try:
        second = pipeline.run(settings, inbox, now=LATER)
    finally:
        archive._open = opened
    assert reads == []
    assert [result.is_new for result in second.files] == [False] * 8
    assert second.build and second.build.status == "unchanged"
    assert second.publication and not second.publication.is_changed
    assert second.exit_status == 3
    assert content(settings.staged) == before


def test_publishing_rolling_back_and_keeping(settings: Settings, inbox: Path) -> None:
    ids = []
    for number in range(3):
        write_tiny(inbox / f"{number}.tiny", "bare", rows(when=2020 + number))
        summary = pipeline.run(settings, inbox, now=NOW + timedelta(hours=number))
        assert summary.publication and summary.publication.is_changed
        ids.append(summary.publication.build_id)
    assert summary.publication.against == ids[1]
    assert summary.publication.tables["fct_observation"] | {"examples": 0} == {
        "added": 8, "removed": 0, "changed": 0, "is_new": False,
        "columns_added": [], "columns_removed": [], "examples": 0,
    }  # fmt: skip
    assert values(settings) == 24
    assert [made.build_id for made in build.load_builds(settings)] == ids[1:]

    with duckdb.connect(str(settings.published), read_only=True) as reader:
        back = pipeline.rollback(settings, now=LATER)
        assert reader.execute("select count(*) from marts.fct_observation").fetchall() == [(24,)]
    assert (back.build_id, back.tables["fct_observation"]["removed"]) == (ids[1], 8)
    assert values(settings) == 16
    assert publish.publications(settings)[-1].kind == "rollback"

    again = pipeline.run(settings, inbox, now=LATER)
    assert again.build and again.build.status == "unchanged"
    assert values(settings) == 16, "a rollback is not undone by the next run"

    forth = pipeline.publish_build(settings, ids[2], now=LATER)
    assert forth.is_changed
    assert values(settings) == 24
    with pytest.raises(WarehouseError) as caught:
        pipeline.rollback(settings, "nonsense", now=LATER)
    assert caught.value.problem.code == Code.BUILD_UNKNOWN
    assert ids[2] in caught.value.problem.message


def test_a_failed_build_names_the_model_and_leaves_the_published_one(
    settings: Settings, inbox: Path
) -> None:
    write_tiny(inbox / "a.tiny", "bare", rows())
    pipeline.run(settings, inbox, now=NOW)
    model = settings.dbt / "models" / "ops_rejected_cell.sql"
    sound = model.read_text()
    model.write_text(sound + "where no_such_column = 1")
    with pytest.raises(WarehouseError) as caught:
        pipeline.run(settings, inbox, now=LATER)
    assert caught.value.problem.code == Code.BUILD_FAILED
    assert "model ops_rejected_cell" in caught.value.problem.message
    assert "no_such_column" in caught.value.problem.message
    assert values(settings) == 8

    model.write_text(sound.replace("select *", "select"))
    with pytest.raises(WarehouseError) as caught:
        pipeline.build_and_audit(settings, now=LATER)
    assert caught.value.problem.code == Code.BUILD_FAILED

    fct = settings.dbt / "models" / "fct_observation.sql"
    model.write_text(sound)
    fct.write_text(fct.read_text() + "where region_code <> 'BY'")
    with pytest.raises(WarehouseError) as caught:
        pipeline.run(settings, inbox, now=LATER)
    assert caught.value.problem.code == Code.AUDIT_FAILED
    assert "fct_observation" in caught.value.problem.message
    assert values(settings) == 8
    assert not list(settings.project.rglob("target"))
    assert not list(settings.project.rglob("*.log"))


def test_the_published_file_is_all_that_a_query_reaches(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "a.tiny", "bare", rows())
    pipeline.run(settings, inbox, now=NOW)
    for query in (
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/out.csv'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "delete from marts.fct_observation",
        "select no_such_column from marts.fct_observation",
    ):
        with pytest.raises(WarehouseError) as caught:
            publish.query(settings, query)
        assert caught.value.problem.code == Code.QUERY_FAILED, query


def test_the_same_bytes_and_the_same_cells_are_taken_once(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "a.tiny", "counts", rows())
    write_tiny(inbox / "b.tiny", "counts", rows())
    write_tiny(inbox / "saved_again.tiny", "counts", rows(), program="another")
    found = ingest(settings, inbox)
    assert {name: result.outcome_code for name, result in found.items()} == {
        "a.tiny": "accepted",
        "b.tiny": "unchanged",
        "saved_again.tiny": "unchanged",
    }
    assert "a.tiny" in str(found["saved_again.tiny"].message)
    parts = stage.active_parts(settings)
    assert len(parts["observation"]) == 2
    with duckdb.connect() as connection:
        query = "select file_name, same_as_file_id from read_parquet(?) order by file_name"
        paths = [str(path) for path in parts["file_outcome"]]
        same = dict(connection.execute(query, [paths]).fetchall())
    assert same == {
        "a.tiny": None,
        "b.tiny": found["a.tiny"].file_id,
        "saved_again.tiny": found["a.tiny"].file_id,
    }


def test_the_same_bytes_are_read_under_each_name(settings: Settings, inbox: Path) -> None:
    """A name may be what tells a source: a better one mends what the first one lacked."""
    write_tiny(inbox / "export.tiny", "counts", rows(), only_as="population.tiny")
    found = ingest(settings, inbox)["export.tiny"]
    assert found.outcome_code == "no_contract"
    assert str(found.message).startswith("export.tiny: expected a known source")

    (inbox / "export.tiny").rename(inbox / "second.tiny")
    found = ingest(settings, inbox)["second.tiny"]
    assert found.outcome_code == "no_contract"
    assert str(found.message).startswith("second.tiny: expected a known source")

    (inbox / "second.tiny").rename(inbox / "population.tiny")
    found = ingest(settings, inbox)["population.tiny"]
    assert (found.outcome_code, found.observation_count) == ("accepted", 8)
    with duckdb.connect() as connection:
        query = "select file_name, outcome_code, message from read_parquet(?) order by received_at"
        paths = [str(path) for path in stage.active_parts(settings)["file_outcome"]]
        said = {name: rest for name, *rest in connection.execute(query, [paths]).fetchall()}
    again = ["unchanged", "the same bytes came again, as population.tiny"]
    assert said == {
        "export.tiny": again,
        "second.tiny": again,
        "population.tiny": ["accepted", None],
    }

    reads: list[str] = []
    read = interpret_tiny

    def counted(path: Path, **given: Any) -> Any:
        reads.append(given["file_name"])
        return read(path, **given)

    interpret.interpret = counted
    (inbox / "population.tiny").rename(inbox / "third.tiny")
    found = ingest(settings, inbox)["third.tiny"]
    assert found.outcome_code == "unchanged"
    assert found.message == "the same bytes came before, as population.tiny"
    assert reads == [], "what was recognised is not read again for another name"
    assert pipeline.run(settings, inbox, now=LATER).exit_status == 0
    assert values(settings) == 8


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_published_file_that_does_not_open_is_published_again(
    settings: Settings,
    inbox: Path,
    is_linked: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "of", classmethod(lambda *_: settings))
    write_tiny(inbox / "a.tiny", "bare", rows())
    first = pipeline.run(settings, inbox, now=NOW)
    assert not pipeline.needs_build(settings)
    if not is_linked:
        settings.published.unlink()
    else:
        settings.published.chmod(0o644)
    settings.published.write_bytes(b"evil")
    said = command(settings, "status", capsys=capsys)[1]
    assert "does not open" in said
    assert "warehouse run" in said
    assert (
        "not a valid DuckDB"
        in json.loads(command(settings, "status", "--json", capsys=capsys)[1])["damage"]
    )
    assert pipeline.needs_build(settings)

    again = pipeline.run(settings, inbox, now=LATER)
    assert again.build and first.build and again.publication
    assert again.build.status == ("built" if is_linked else "reused")
    assert (again.build.build_id == first.build.build_id) is not is_linked
    assert again.publication.is_changed
    assert publish.damage(settings.published) is None
    assert values(settings) == 8
    assert not pipeline.needs_build(settings)
    assert len(build.load_builds(settings)) == 1
    assert "damaged" not in command(settings, "status", capsys=capsys)[1]


def test_a_damaged_build_is_not_gone_back_to(settings: Settings, inbox: Path) -> None:
    ids = []
    for number in range(2):
        write_tiny(inbox / f"{number}.tiny", "bare", rows(when=2020 + number))
        summary = pipeline.run(settings, inbox, now=NOW + timedelta(hours=number))
        assert summary.publication
        ids.append(summary.publication.build_id)
    damaged = build.build_path(settings, ids[0])
    damaged.unlink()
    damaged.write_bytes(b"evil")
    with pytest.raises(WarehouseError) as caught:
        pipeline.rollback(settings, now=LATER)
    assert caught.value.problem.code == Code.BUILD_DAMAGED
    assert values(settings) == 16
    assert publish.current(settings) == ids[1]


def test_a_rollback_outlives_the_loss_of_its_build(settings: Settings, inbox: Path) -> None:
    """The withdrawn build does not come back by itself while there is another one."""
    ids = []
    for number in range(3):
        write_tiny(inbox / f"{number}.tiny", "bare", rows(when=2020 + number))
        kept = Settings(home=settings.home, project=settings.project, keep_builds=3)
        summary = pipeline.run(kept, inbox, now=NOW + timedelta(hours=number))
        assert summary.publication
        ids.append(summary.publication.build_id)
    pipeline.rollback(kept, now=LATER)
    settings.published.chmod(0o644)
    settings.published.write_bytes(b"evil")
    again = pipeline.run(kept, inbox, now=LATER)
    assert again.publication
    assert again.publication.build_id == ids[0]
    assert values(settings) == 8


def test_a_name_stands_once_in_a_line(
    settings: Settings,
    inbox: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "of", classmethod(lambda *_: settings))
    write_tiny(inbox / "wrong.tiny", "counts", rows(total=9.0, when=2021))
    write_tiny(inbox / "one.tiny", "bare", rows(when=2019), rejected=1)
    write_tiny(inbox / "two" / "one.tiny", "bare", rows(when=2018), rejected=2)
    write_tiny(inbox / "other.tiny", "nothing known", [])
    write_tiny(inbox / "copy.tiny", "nothing known", [])
    write_tiny(inbox / "crash.tiny", "counts", [], crash="list index out of range")
    (inbox / "page.xlsx").write_bytes(b"<html>404</html>")
    (inbox / "empty.csv").write_bytes(b"")
    (inbox / "a\nb.csv").write_bytes(b"1")
    (inbox / "link.csv").symlink_to(settings.project)
    _, out, _ = command(settings, "run", "--inbox", str(inbox), capsys=capsys)
    _, listed, _ = command(settings, "rejects", capsys=capsys)
    names = [path.name for path in inbox.iterdir() if path.is_file()] + ["link.csv"]
    shown = [archive.escape(name) for name in names]
    for name in shown:
        lines = [line for line in (out + listed).splitlines() if name in line]
        assert lines
        assert [line for line in lines if line.count(name) > 1] == []
    assert "8 values by office/bare, 1 cell refused" in out
    assert "8 values by office/bare, 2 cells refused" in out
    assert "8 files and 3 cells refused" in listed
    write_tiny(inbox / "one.tiny", "bare", rows(when=2019), rejected=1, program="another")
    _, out, _ = command(settings, "run", "--inbox", str(inbox), capsys=capsys)
    assert "one.tiny: the same cells came before, in a file of the same name" in out


def test_an_inbox_of_the_home_is_refused(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "a.tiny", "bare", rows())
    pipeline.run(settings, inbox, now=NOW)
    for wrong in (settings.home, settings.archive):
        with pytest.raises(WarehouseError) as caught:
            pipeline.run(settings, wrong, now=LATER)
        assert caught.value.problem.code == Code.INBOX_IN_HOME
        with pytest.raises(WarehouseError) as caught:
            pipeline.ingest_files(settings, wrong, ["writer.lock"], now=LATER)
        assert caught.value.problem.code == Code.INBOX_IN_HOME
    around = pipeline.run(settings, settings.home.parent / "inbox" / "..", now=LATER)
    assert [result.file_name for result in around.files if "home" in result.file_name] == []
    assert "inbox/a.tiny" in [result.file_name for result in around.files]


def test_the_inboxes_that_the_home_has_by_default_are_taken_from(settings: Settings) -> None:
    for number, own in enumerate((settings.inbox, settings.report_inbox)):
        assert own.is_relative_to(settings.home)
        write_tiny(own / f"{number}.tiny", "bare", rows(when=2020 + number))
        found = ingest(settings, own)
        assert {name: result.outcome_code for name, result in found.items()} == {
            f"{number}.tiny": "accepted"
        }


def test_a_layout_that_slipped_contradicts_what_is_known(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "1.tiny", "counts", rows(100.0), released_on="2025-01-01")
    write_tiny(inbox / "2.tiny", "counts", rows(110.0), released_on="2025-02-01")
    write_tiny(inbox / "3.tiny", "counts", rows(900.0), released_on="2025-03-01")
    found = ingest(settings, inbox)
    assert {name: result.outcome_code for name, result in found.items()} == {
        "1.tiny": "accepted",
        "2.tiny": "accepted",
        "3.tiny": "quarantined",
    }
    assert "overlap" in str(found["3.tiny"].message)
    assert "known as 110" in str(found["3.tiny"].message)


def test_any_order_of_arrival_gives_the_same_bytes(tmp_path: Path) -> None:
    checks = ({"parts_of_total": "region"}, {"overlap": True})
    seen = []
    for number, order in enumerate((["1", "2", "3", "4"], ["4", "2", "3", "1"])):
        folder = tmp_path / str(number)
        settings = small_settings(folder, {"counts": checks})
        inbox = tmp_path / "inbox"
        write_tiny(inbox / "1.tiny", "counts", rows(100.0), released_on="2025-01-01")
        write_tiny(inbox / "2.tiny", "counts", rows(900.0), released_on="2025-02-01")
        write_tiny(inbox / "3.tiny", "counts", rows(105.0), released_on="2025-03-01")
        write_tiny(inbox / "4.tiny", "counts", rows(105.0), released_on="2025-04-01")
        for name in order:
            pipeline.ingest_files(settings, inbox, [f"{name}.tiny"], now=NOW)
        stage.prune(settings)
        seen.append(content(settings.staged))
    assert seen[0] == seen[1]
    verdicts = [json.loads(data)["verdict"]["outcome_code"] for name, data in seen[0].items()
                if name.startswith("parts/")]  # fmt: skip
    assert sorted(verdicts) == ["accepted", "accepted", "quarantined", "unchanged"]


def test_a_change_of_a_contract_reads_its_files_again(settings: Settings, inbox: Path) -> None:
    write_tiny(inbox / "wrong.tiny", "counts", rows(total=9.0))
    write_tiny(inbox / "new.tiny", "later", rows())
    found = ingest(settings, inbox)
    assert found["wrong.tiny"].outcome_code == "quarantined"
    assert found["new.tiny"].outcome_code == "no_contract"
    age(*inbox.iterdir())
    ingest(settings, inbox)
    assert pipeline.find_new_files(settings, inbox) == []
    write_contract(settings.project, "counts", ())
    write_contract(settings.project, "later", ())
    (inbox / "wrong.tiny").unlink()
    names = pipeline.find_new_files(settings, inbox)
    assert names == ["new.tiny", f"archive//{found['wrong.tiny'].file_id}"]
    again = ingest(settings, inbox)
    assert {name: result.outcome_code for name, result in again.items()} == {
        "wrong.tiny": "accepted",
        "new.tiny": "accepted",
    }


def test_a_file_that_was_turned_away_is_taken_when_it_can_be(
    settings: Settings, inbox: Path
) -> None:
    write_tiny(inbox / "a.tiny", "bare", rows())
    patient = Settings(home=settings.home, project=settings.project, quiet_seconds=3600)
    assert ingest(patient, inbox)["a.tiny"].reason_code == Code.FILE_STILL_GROWING
    assert pipeline.find_new_files(settings, inbox) == ["a.tiny"]
    assert ingest(settings, inbox)["a.tiny"].outcome_code == "accepted"
    assert ops.outcome_counts(settings) == {"accepted": 1}
    write_tiny(inbox / "gone.tiny", "bare", rows(when=2011))
    os.utime(inbox / "a.tiny", (1, 1))
    ingest(patient, inbox)
    (inbox / "gone.tiny").unlink()
    ingest(settings, inbox)
    assert ops.outcome_counts(settings) == {"accepted": 1}


def test_reading_that_was_killed_before_its_verdict_is_not_used(
    settings: Settings, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny(inbox / "a.tiny", "bare", rows())
    with monkeypatch.context() as patch:
        patch.setattr(
            pipeline.settle, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            ingest(settings, inbox)
    assert [path.name for path in stage.active_parts(settings)["observation"]] == [stage.EMPTY]
    assert ingest(settings, inbox)["a.tiny"].outcome_code == "accepted"


def test_a_second_writer_is_told_who_writes(settings: Settings, inbox: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from warehouse import ops\n"
        "from warehouse.settings import Settings\n"
        "with ops.writer_lock(Settings(home=Path(sys.argv[1]))):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", code, str(settings.home)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=PROJECT) as other:
        try:
            assert other.stdout and other.stdout.readline() == b"held\n"
            with pytest.raises(WarehouseError) as caught:
                pipeline.run(settings, inbox, now=NOW)
            assert caught.value.problem.code == Code.LOCKED
            assert f"process {other.pid}" in caught.value.problem.message
        finally:
            other.kill()
    with ops.writer_lock(settings), ops.writer_lock(settings):
        pass
    with ops.writer_lock(settings):
        pass


def command(
    settings: Settings, *words: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--home", str(settings.home)])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_the_command_line(
    settings: Settings,
    inbox: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        Settings,
        "of",
        classmethod(lambda *_: settings),  # the small project instead of ours
    )

    def run(*words: str) -> tuple[int, str, str]:
        return command(settings, *words, capsys=capsys)

    status, _, said = run("sql", "select 1")
    assert (status, "nothing_published" in said) == (1, True)
    status, _, said = run("run", "--inbox", str(inbox / "nowhere"))
    assert (status, "inbox_missing" in said, "Traceback" in said) == (1, True, False)
    assert run("frobnicate")[0] == 2

    write_tiny(inbox / "good.tiny", "bare", rows())
    status, said, watched = run("run", "--inbox", str(inbox))
    assert status == 0
    assert "1 file: 1 accepted" in said
    assert "8 values by office/bare" in said
    assert "build" in watched
    line = said.split("Try:\n")[1].strip()
    assert line.count('"') == 2
    assert str(settings.home) in line

    write_tiny(inbox / "cells.tiny", "bare", rows(when=2019), rejected=1)
    status, said, watched = run("run", "--inbox", str(inbox), "--json")
    summary = json.loads(said)
    assert (status, summary["exit_status"], summary["counts"]) == (3, 3, {"accepted": 2})
    status, said, watched = run("run", "--quiet", "--inbox", str(inbox))
    assert (status, said, watched) == (3, "", "")

    counted = ("sql", "select count(*) as n, null as nothing from marts.fct_observation")
    assert run(*counted, "--format", "csv") == (0, "n,nothing\n16,\n", "")
    assert json.loads(run(*counted, "--format", "json")[1]) == [{"n": 16, "nothing": None}]
    assert run(*counted)[1].split() == ["n", "nothing", "16"]
    assert run("rejects", "--suggest")[1] == "Atlantis,BY,,\n"
    assert "0 files and 1 cell refused" in run("rejects")[1]
    assert json.loads(run("status", "--json")[1])["outcomes"] == {"accepted": 2}
    assert run("builds")[1].count("published") == 1
    assert "2 added" not in run("rollback")[1]
    assert run("builds")[1].count("withdrawn") == 1
    assert json.loads(run("publish", summary["build"]["build_id"], "--json")[1])["is_changed"]
    status, said, _ = run("ingest", str(inbox / "good.tiny"), str(inbox))
    assert status == 3
    assert run("build")[1].strip().endswith("in 4 tables")


def test_doctor_says_what_is_wrong(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "of", classmethod(lambda *_: settings))
    (settings.project / "requirements.lock").write_text("duckdb==0.0.1 \\\n    --hash=sha256:0\n")
    (settings.dbt / "models" / "broken.sql").write_text("select {{ ref('nowhere') }}")
    write_contract(settings.project, "broken", ({"between": "x", "lowest": 1},))
    settings.published.parent.mkdir(parents=True, exist_ok=True)
    settings.published.write_bytes(b"not a database" * 100)
    status, said, _ = command(settings, "doctor", "--json", capsys=capsys)
    checks = {check["name"]: check for check in json.loads(said)}
    assert status == 1
    wrong = {name for name, check in checks.items() if not check["is_ok"]}
    assert wrong == {"packages", "dbt project", "contracts", "published"}
    assert "duckdb 1.5.5 (locked 0.0.1)" in checks["packages"]["found"]
    assert "nowhere" in checks["dbt project"]["found"]
