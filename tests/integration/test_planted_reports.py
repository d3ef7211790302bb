"""Reports with planted errors on the street, among the other reports of their clusters."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.specimens import reports
from tests.specimens.make_samples import SAMPLES
from warehouse import ops, pipeline
from warehouse.pipeline import FileResult
from warehouse.settings import Settings

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CLUSTERS = {planted.cluster_id for planted in reports.PLANTED.values()}


def name_of(planted: str) -> str:
    return f"with-errors/report_{planted}_illustrative.json"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("planted")
    names = [name for name in reports.files() if any(id_ in name for id_ in CLUSTERS)]
    names += [name_of(planted) for planted in reports.PLANTED]
    names += [name for name in reports.files() if "register_" in name or "paper-" in name]
    for name in names:
        target = folder / "inbox" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, target)
    settings = Settings(home=folder / "home")
    found = pipeline.find_new_files(settings, folder / "inbox")
    assert len(found) == len(names)
    pipeline.ingest_files(settings, folder / "inbox", found, now=NOW)
    return settings


@pytest.fixture(scope="module")
def results(settings: Settings) -> dict[str, FileResult]:
    inbox = settings.home.parent / "inbox"
    summary = pipeline.summarise(settings, inbox, now=NOW, seconds={})
    return {result.file_name: result for result in summary.files}


def test_reports_without_an_error_pass_every_check(results: dict[str, FileResult]) -> None:
    good = {name: r for name, r in results.items() if not name.startswith("with-errors/")}
    assert (
        len(good)
        == 5 * len(CLUSTERS) - len({(p.cluster_id, p.year) for p in reports.PLANTED.values()}) + 3
    )
    assert {name: r.outcome_code for name, r in good.items() if r.outcome_code != "accepted"} == {}


@pytest.mark.parametrize("name", sorted(reports.PLANTED))
def test_a_planted_error_gives_the_outcome_that_is_documented(
    settings: Settings, results: dict[str, FileResult], name: str
) -> None:
    planted = reports.PLANTED[name]
    outcome = results[name_of(name)].outcome_code
    assert outcome == ("quarantined" if planted.is_refused else "accepted")
    refused = [
        row for row in ops.rejects(settings) if row["file_name"] == name_of(name) and row["cell"]
    ]
    assert {row["code"] for row in refused} == {planted.code}
    assert tuple(sorted({row["table_name"] for row in refused})) == planted.table
    assert len(refused) == (4 if name == "wrong_check_digit" else 1)


def test_what_happens_is_documented() -> None:
    page = Path(SAMPLES.parent / "docs" / "samples.md").read_text(encoding="utf-8")
    for name, planted in reports.PLANTED.items():
        line = next(text for text in page.splitlines() if f"`{name_of(name)}`" in text)
        assert f"`{planted.cluster_id}`, {planted.year}:" in line
        assert ("the report is quarantined" in line) == planted.is_refused
        assert ("the rest" in line) != planted.is_refused
