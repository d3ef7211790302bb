"""`python -m dags`, the main job of `make run`: the real DAGs in one process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.parsed import lay_parsed
from warehouse.settings import PROJECT, Settings

pytestmark = pytest.mark.airflow

SAMPLES = PROJECT / "samples"
BREST_2024 = """
    select value from marts.fct_observation
    where indicator_code = 'grp_per_capita' and region_code = 'BY-BR'
        and period_start = date '2024-01-01'
"""
STAGES = {"find", "read", "build", "audit", "publish", "Airflow"}


@dataclass(frozen=True)
class Ran:
    """A finished `python -m dags`."""

    status: int
    out: str
    err: str


def run(home: Path, inbox: Path, *flags: str) -> Ran:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "WAREHOUSE"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "dags", "--home", str(home), "--inbox", str(inbox), *flags],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def project_files() -> set[Path]:
    """Names in the parts of the checkout that a run reads."""
    folders = ("dags", "dbt", "expectations", "warehouse")
    found = {path for folder in folders for path in (PROJECT / folder).rglob("*")}
    return {path for path in found if "__pycache__" not in path.parts} | set(PROJECT.iterdir())


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A good file and one with a refused row: taken in, then run again without a change."""
    folder = tmp_path_factory.mktemp("дом и ящик")
    home, inbox = folder / "дом", folder / "inbox"
    inbox.mkdir()
    shutil.copy(SAMPLES / "belstat" / "grp_per_capita_by_region.json", inbox)
    shutil.copy(SAMPLES / "with-errors" / "wage_unknown_region_illustrative.tsv", inbox)
    lay_parsed(Settings(home))
    before = project_files()
    first = run(home, inbox, "--json")
    made = project_files() - before
    return home, first, run(home, inbox), made


def test_the_dags_publish_and_tell_what_was_refused(walked):
    home, first, _, _ = walked
    assert first.status == 3, first.err
    summary = json.loads(first.out)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute(BREST_2024).fetchone() == (22800.1,)
    outcomes = {file["file_name"]: file for file in summary["files"]}
    assert outcomes["grp_per_capita_by_region.json"]["outcome_code"] == "accepted"
    assert outcomes["wage_unknown_region_illustrative.tsv"]["rejected_count"] > 0
    assert any("Павладарская" in row["message"] for row in summary["refusals"])
    assert summary["exit_status"] == 3
    assert set(summary["seconds"]) >= STAGES
    assert min(summary["seconds"].values()) >= 0


def test_progress_is_told_and_noise_is_kept_in_a_file(walked):
    home, first, second, _ = walked
    assert "read: 2 files" in first.err
    for ran in (first, second):
        assert "airflow" not in ran.err.replace("Airflow", "")
        assert "[info" not in ran.out + ran.err
    assert "DagRun Finished" in (home / "logs" / "airflow.log").read_text()


def test_nothing_new_skips_reading_and_building(walked):
    home, _, second, _ = walked
    assert second.status == 3
    assert "read:" not in second.err
    assert "build" not in second.err
    runs = sorted((home / "runs").glob("*.json"))
    summary = json.loads(runs[-1].read_text())
    assert summary["build"] is None
    assert not any(file["is_new"] for file in summary["files"])
    assert {"read", "build"}.isdisjoint(summary["seconds"])
    assert len(list((home / "builds").glob("*.duckdb"))) == 1


def test_the_query_it_prints_can_be_pasted(walked):
    _, _, second, _ = walked
    (line,) = [line for line in second.out.splitlines() if " sql " in line]
    done = subprocess.run(
        ["bash", "-c", line], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "grp_per_capita" in done.stdout


def test_the_checkout_stays_clean(walked):
    assert walked[3] == set()


def test_an_error_is_a_message_and_not_a_traceback(tmp_path):
    ran = run(tmp_path / "home", tmp_path / "nowhere")
    assert ran.status == 1
    assert "inbox_missing" in ran.err
    assert "docs/errors/inbox_missing.md" in ran.err
    assert "Traceback" not in ran.out + ran.err
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    ran = run(tmp_path / "home", SAMPLES, "--quiet")
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert str(tmp_path / "home") in ran.err
