"""All poison and three good files in one inbox: what is said of each, and what is published."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.parsed import lay_parsed
from tests.poison import poisons
from tests.poison.poisons import GOOD, POISONS, Poison
from tests.street import NOW
from warehouse import archive, pipeline, publish
from warehouse.errors import Code
from warehouse.settings import PROJECT, Settings

TABLE = PROJECT / "docs" / "poisoned-files.md"
UPDATE = "UPDATE_POISONED_FILES"
TAKEN = ("accepted", "unchanged")
INTRODUCTION = f"""# Poisoned files

{len(POISONS)} files that must not be believed as they are, taken in by one run beside {len(GOOD)}
good ones. Each is made by code (`tests/poison/poisons.py`) from a specimen in the layout of an
office. The good files are published, every file that could be taken is kept in the archive, and
each refusal names the file, the sheet and cell where there is one, what was expected, what was
found and what to do. This table is what the run said; a test fails when it is not.

Trouble with the disk, the lock and the clock is no matter of a file: `tests/crash`.

| poison | what becomes of the file | code |
|---|---|---|
"""


@dataclass(frozen=True)
class Run:
    """What one run of the command line left behind."""

    settings: Settings
    inbox: Path
    summary: dict[str, Any]
    rejects: list[dict[str, Any]]
    printed: str

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """Results by file name."""
        return {result["file_name"]: result for result in self.summary["files"]}


def command(home: Path, *words: str, environment: Mapping[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", "--home", str(home), *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("poison")
    home, inbox = folder / "home", folder / "drop" / "inbox"
    lay_parsed(Settings(home))
    poisons.fill(inbox)
    limits = {
        "WAREHOUSE_QUIET_SECONDS": str(poisons.QUIET_SECONDS),
        "WAREHOUSE_MAX_FILE_BYTES": str(poisons.MAX_FILE_BYTES),
    }
    words = ("run", "--json", "--inbox", str(inbox))
    status, out, errors = command(home, *words, environment=limits)
    assert status == 3, errors
    _, listed, more = command(home, "rejects", "--json", environment=limits)
    _, plain, again = command(home, "rejects", environment=limits)
    return Run(
        Settings(home), inbox, json.loads(out), json.loads(listed), errors + more + plain + again
    )


def said(run: Run, poison: Poison) -> list[str]:
    """All messages about a file that have the code of its poison."""
    rows = [row for row in run.rejects if row["file_name"] == poison.name]
    return [row["message"] for row in rows if row["code"] == poison.code]


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.what)
def test_what_becomes_of_it(run: Run, poison: Poison) -> None:
    result = run.files[poison.name]
    assert result["outcome_code"] == poison.outcome, result["message"]
    assert result["reason_code"] == (poison.code if poison.outcome not in TAKEN else None)
    assert result["rejected_count"] >= poison.cells
    assert (result["rejected_count"] > 0) == (poison.cells > 0 or poison.outcome == "refused") or (
        poison.outcome != "accepted"
    )


@pytest.mark.parametrize(
    "poison", [poison for poison in POISONS if poison.code], ids=lambda poison: poison.what
)
def test_what_is_said_of_it(run: Run, poison: Poison) -> None:
    messages = said(run, poison)
    assert messages, "`warehouse rejects` does not list it"
    message = messages[0]
    for text in (poison.name, poison.place, *poison.says, "expected ", "found "):
        assert text in message
    advice = message.rsplit(". ", 1)[-1] if message.endswith(".") else message
    assert len(advice) > 10, "what to do is missing"
    assert "\n" not in message
    assert "Traceback" not in message
    assert "Error:" not in message


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.what)
def test_its_bytes_are_kept(run: Run, poison: Poison) -> None:
    file_id = run.files[poison.name]["file_id"]
    if not poison.is_kept:
        assert file_id.startswith("door-")
        return
    content = (run.inbox / poison.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file_id
    assert archive.archive_path(run.settings, file_id).read_bytes() == content


def test_the_good_files_are_published_and_the_bad_ones_are_not(run: Run) -> None:
    for name in GOOD:
        assert run.files[name]["outcome_code"] == "accepted"
        assert run.files[name]["rejected_count"] == 0
    query = """
        select file_outcome.file_name, count(*)
        from marts.fct_observation
        inner join ops.ops_file_outcome as file_outcome using (file_id)
        where file_outcome.outcome_code <> 'unchanged'
        group by file_outcome.file_name
    """
    published = dict(publish.query(run.settings, query)[1])
    expected = {
        name: result["observation_count"]
        for name, result in run.files.items()
        if result["outcome_code"] == "accepted"
    }
    assert published == expected
    assert set(GOOD) < set(published)


def test_a_formula_to_another_workbook_is_marked(run: Run) -> None:
    file_id = run.files["in/external.xlsx"]["file_id"]
    query = f"select distinct is_formula from marts.fct_observation where file_id = '{file_id}'"  # noqa: S608
    assert publish.query(run.settings, query)[1] == [(True,)]


def test_a_footnote_behind_a_year_is_kept(run: Run) -> None:
    file_id = run.files["in/year_noted.xls"]["file_id"]
    query = f"""
        select year(period_start), count(footnote)
        from marts.fct_observation where file_id = '{file_id}' group by all
    """  # noqa: S608
    assert dict(publish.query(run.settings, query)[1])[2024] == len(poisons.build.ROSSTAT_REGIONS)


def test_no_traceback_is_shown_or_kept(run: Run) -> None:
    assert "Traceback" not in run.printed
    assert "Traceback" not in json.dumps(run.summary)
    assert not (run.settings.home / "logs" / "errors.log").exists(), "a reader broke down"


def test_every_code_of_a_file_is_covered() -> None:
    """A new code for files, tables or cells needs its poison, or a reason why it has none."""
    elsewhere = {
        *("fetch_not_allowed", "fetch_failed", "fetch_unexpected"),
        *("format_unknown", "contract_ambiguous", "contract_invalid", "table_not_found"),
        *("header_ambiguous", "labels_not_found", "cell_claimed_twice", "dimension_not_found"),
        *("name_ambiguous", "region_not_valid", "period_unreadable", "symbol_unknown"),
        *("home_unwritable", "disk_full", "locked", "build_failed", "audit_failed"),
        *("nothing_published", "build_unknown", "query_failed", "inbox_missing"),
    }
    here = {poison.code for poison in POISONS if poison.code}
    assert here <= {code.value for code in Code}
    assert not here & elsewhere


def test_there_is_enough_poison() -> None:
    assert len(POISONS) >= 40
    for names in ([poison.file for poison in POISONS], [poison.what for poison in POISONS]):
        assert len(names) == len(set(names))


def table(run: Run) -> str:
    return INTRODUCTION + "".join(_line(run, poison) for poison in POISONS)


def _line(run: Run, poison: Poison) -> str:
    result = run.files[poison.name]
    codes = [row["code"] for row in run.rejects if row["file_name"] == poison.name]
    count = result["rejected_count"]
    cells = f", {count} {'cells' if count > 1 else 'cell'} refused" if count else ""
    what = result["outcome_code"] + (cells if result["outcome_code"] == "accepted" else "")
    if result["file_id"].startswith("door-"):
        what += " at the door, bytes not taken"
    code = codes[0] if codes else ""
    link = f"[{code}](errors/{code}.md)" if code else ""
    return f"| {poison.what} | {what} | {link} |\n"


def test_the_table_in_the_documentation_is_what_was_said(run: Run) -> None:
    if os.environ.get(UPDATE):
        TABLE.write_text(table(run), encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table(run), f"{UPDATE}=1 writes it anew"


# what cannot lie in an inbox


def test_a_name_that_leaves_the_inbox_is_refused(tmp_path: Path) -> None:
    settings, inbox = Settings(tmp_path / "home"), tmp_path / "inbox"
    inbox.mkdir()
    poisons.portal(2001)(tmp_path / "outside.json")
    found = archive.found_file(inbox, "../outside.json")
    assert found.problem and found.problem.code == Code.FILE_NAME_UNSAFE
    summary = pipeline.ingest_files(settings, inbox, ["../outside.json"], now=NOW)
    assert [result.reason_code for result in summary.files] == ["file_name_unsafe"]
    assert not list(archive.file_ids(settings))


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")]
)
def test_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """Root may read everything, so the refusal of the system is played."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    poisons.portal(2001)(inbox / "wage.json")

    def refuse(_: Path) -> None:
        raise error

    monkeypatch.setattr(archive, "_open", refuse)
    taken = archive.admit(Settings(tmp_path / "home"), archive.found_file(inbox, "wage.json"), NOW)
    assert taken.problem
    assert (taken.problem.code, taken.problem.found) == (Code.FILE_UNREADABLE, error.strerror)


def test_a_file_without_permissions_is_unreadable(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything; the test beside plays the refusal")
    poisons.portal(2001)(tmp_path / "wage.json")
    (tmp_path / "wage.json").chmod(0)
    taken = archive.admit(Settings(tmp_path), archive.found_file(tmp_path, "wage.json"), NOW)
    assert taken.problem and taken.problem.code == Code.FILE_UNREADABLE


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "inbox" / "wage.json"
    path.parent.mkdir()
    poisons.portal(2001)(path)
    found = archive.found_file(path.parent, path.name)
    with path.open("ab") as out:
        out.write(b"more")
    taken = archive.admit(Settings(tmp_path / "home"), found, NOW)
    assert taken.problem and taken.problem.code == Code.FILE_STILL_GROWING
    assert not list((tmp_path / "home").rglob("*.tmp"))


def test_a_million_empty_rows_cost_next_to_nothing(tmp_path: Path) -> None:
    from warehouse.readers import read

    path = tmp_path / "formatted.xlsx"
    next(poison.make for poison in POISONS if "formatted" in poison.file)(path)
    started = time.process_time()
    (sheet,) = read(path, "xlsx").sheets
    assert time.process_time() - started < 6
    assert sheet.shape[0] < 100
