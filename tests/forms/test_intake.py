"""Reports on the street: checked together, quarantined with their cells, answered, replaced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.forms.test_reader import NUMBERS, Report, as_xlsx, changed, report
from warehouse import ops, pipeline, settle_reports, stage
from warehouse.pipeline import FileResult
from warehouse.settings import Settings

NOW = datetime(2026, 4, 1, tzinfo=UTC)


class Street:
    """A home and its inbox; `send` puts a report there and takes the inbox in."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=folder / "home")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self._days = 0

    def send(self, **reports: Report) -> dict[str, FileResult]:
        for name, content in reports.items():
            path = self.inbox / f"{name}.json"
            path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return self.take_in()

    def take_in(self) -> dict[str, FileResult]:
        self._days += 1
        now = NOW + timedelta(days=self._days)
        names = pipeline.find_new_files(self.settings, self.inbox)
        pipeline.ingest_files(self.settings, self.inbox, names, now=now)
        summary = pipeline.summarise(self.settings, self.inbox, now=now, seconds={})
        return {Path(result.file_name).stem: result for result in summary.files}

    def refusals(self) -> list[tuple[str, str, str]]:
        rows = [row for row in ops.rejects(self.settings) if row["cell"]]
        return sorted((Path(row["file_name"]).stem, row["code"], row["cell"]) for row in rows)

    def checks(self, name: str) -> dict[str, tuple[bool, int]]:
        """Of the report with a name: success and tested rows by check."""
        found: dict[str, tuple[bool, int]] = {}
        for pointer in stage.load_pointers(self.settings).values():
            part = pointer.parts.get("check_result")
            if Path(pointer.file_name).stem == name and part:
                for row in stage.read_part(self.settings, "check_result", part).to_pylist():
                    found[row["check_name"]] = (row["is_success"], row["tested_count"])
        return found


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    yield Street(tmp_path)


def of_year(year: int, content: Report) -> Report:
    return {**content, "period": str(year)}


def test_right_reports_are_accepted_and_every_check_looked_at_something(street: Street) -> None:
    projects = {
        "project": [
            {"project_id": "P1", "title": "П", "kind_code": "key", "status_code": "running"},
        ],
        "project_value": [
            {"project_id": "P1", "value_kind": kind, "year": 2024, "stated_on": "2024-01-01",
             "output": 5}
            for kind in ("plan", "actual")
        ],
        "status_event": [
            {"status_code": "forming", "valid_from": "2019-01-01"},
            {"status_code": "active", "valid_from": "2021-01-01"},
        ],
        "cluster_value": [{"employees": 300}],
        "remote_employees": [
            {"organisation_id": NUMBERS[0], "residence_region_code": "BY-MI",
             "remote_employees": 2},
        ],
        "member_value": [
            {"organisation_id": n, "employees": 100, "remote_employees": 3} for n in NUMBERS
        ],
        "membership": [
            {"organisation_id": n, "role_code": "producer", "joined_on": "2020-01-01",
             "left_on": "2025-01-01"}
            for n in NUMBERS
        ],
    }  # fmt: skip
    found = street.send(first=of_year(2023, report(**projects)), second=report(**projects))
    assert {name: result.outcome_code for name, result in found.items()} == {
        "first": "accepted",
        "second": "accepted",
    }
    assert street.refusals() == []
    checks = street.checks("second")
    assert {name for name, (is_success, _) in checks.items() if not is_success} == set()
    assert {name for name, (_, tested) in checks.items() if not tested} == set()


BROKEN: list[tuple[str, Callable[[], Report], str, str]] = [
    (
        "left_after_joined",
        lambda: changed("membership", left_on="2019-01-01"),
        "/tables/membership/1/organisation_id",
        "critical",
    ),
    (
        "member_once",
        lambda: report(
            membership=[
                {"organisation_id": n, "role_code": "producer", "joined_on": day}
                for n in NUMBERS
                for day in (("2020-01-01", "2021-01-01") if n == NUMBERS[0] else ("2020-01-01",))
            ]
        ),
        "/tables/membership/0/organisation_id",
        "critical",
    ),
    (
        "member_is_registered",
        lambda: report(
            membership=[
                {"organisation_id": n, "role_code": "producer", "joined_on": "2020-01-01"}
                for n in (*NUMBERS, "190000033")
            ]
        ),
        "/tables/membership/3/organisation_id",
        "critical",
    ),
    (
        "figures_of_members",
        lambda: report(
            membership=[
                {"organisation_id": NUMBERS[0], "role_code": "anchor", "joined_on": "2020-01-01"}
            ]
        ),
        "/tables/member_value/1/employees",
        "critical",
    ),
    (
        "growth_has_note",
        lambda: report(
            member_value=[
                {"organisation_id": NUMBERS[0], "year": 2023, "employees": 10},
                {"organisation_id": NUMBERS[0], "employees": 31},
            ]
        ),
        "/tables/member_value/1/employees",
        "critical",
    ),
    (
        "remote_employees_placed",
        lambda: report(
            member_value=[
                {"organisation_id": n, "employees": 100, "remote_employees": 1} for n in NUMBERS
            ],
            remote_employees=[
                {"organisation_id": NUMBERS[0], "residence_region_code": region,
                 "remote_employees": 1}
                for region in ("BY-BR", "BY-MI")
            ],
        ),
        "/tables/remote_employees/0/remote_employees",
        "critical",
    ),
    (
        "total_is_sum_of_members",
        lambda: report(cluster_value=[{"employees": 301}]),
        "/tables/cluster_value/0/employees",
        "warning",
    ),
    (
        "status_goes_forward",
        lambda: report(
            status_event=[
                {"status_code": "active", "valid_from": "2019-01-01"},
                {"status_code": "forming", "valid_from": "2021-01-01"},
            ]
        ),
        "/tables/status_event/1/status_code",
        "critical",
    ),
    (
        "effect_has_method",
        lambda: report(
            project=[
                {"project_id": "P1", "title": "П", "kind_code": "key", "status_code": "running"}
            ],
            project_value=[
                {"project_id": "P1", "value_kind": "effect", "year": 2024,
                 "stated_on": "2024-01-01", "project_effect": 17}
            ],
        ),
        "/tables/project_value/0/project_effect",
        "critical",
    ),
    (
        "project_is_described",
        lambda: report(
            project_value=[
                {"project_id": "P1", "value_kind": "plan", "year": 2024,
                 "stated_on": "2024-01-01", "output": 17}
            ]
        ),
        "/tables/project_value/0/output",
        "critical",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "broken", "cell", "severity"), BROKEN, ids=[case[0] for case in BROKEN]
)
def test_each_check_finds_what_it_is_for(
    check: str, broken: Callable[[], Report], cell: str, severity: str, street: Street
) -> None:
    found = street.send(report=broken())["report"]
    assert street.checks("report")[check][0] is False
    if severity == "warning":
        assert (found.outcome_code, street.refusals()) == ("accepted", [])
        return
    assert (found.outcome_code, found.reason_code) == ("quarantined", "check_failed")
    assert ("report", "check_failed", cell) in street.refusals()
    used = stage.active_parts(street.settings)
    assert [path.name for path in used["membership"]] == [stage.EMPTY]


def test_growth_is_compared_with_the_report_of_the_year_before(street: Street) -> None:
    small = report(member_value=[{"organisation_id": NUMBERS[0], "employees": 10}])
    large = report(member_value=[{"organisation_id": NUMBERS[0], "employees": 31}])
    noted = report(
        member_value=[{"organisation_id": NUMBERS[0], "employees": 31, "note": "слияние"}]
    )
    street.send(small=of_year(2023, small))
    street.send(noted=noted)
    found = street.send(large=large, other={**large, "cluster_id": "BY-C02"} | {
        "tables": {**large["tables"], "cluster": [
            {**large["tables"]["cluster"][0], "cluster_id": "BY-C02"}]}})  # fmt: skip
    outcomes = {name: result.outcome_code for name, result in found.items()}
    assert outcomes == {
        "small": "accepted",
        "large": "quarantined",
        "noted": "accepted",
        "other": "accepted",
    }


def test_the_same_report_again_is_unchanged_and_a_corrected_one_is_new(street: Street) -> None:
    street.send(report=changed("membership", left_on="2019-01-01"))
    street.send(corrected=report())
    found = street.send(copy=report())
    outcomes = {name: result.outcome_code for name, result in found.items()}
    assert outcomes == {"report": "quarantined", "corrected": "accepted", "copy": "unchanged"}
    assert len(stage.active_parts(street.settings)["membership"]) == 2


def test_nothing_is_judged_twice(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    street.send(report=report())
    monkeypatch.setattr("warehouse.settle_reports._check", lambda *_: pytest.fail("judged again"))
    assert street.take_in()["report"].outcome_code == "accepted"


def test_a_report_comes_back_marked(street: Street) -> None:
    content = changed("organisation", registry_number="190000006")
    as_xlsx(content, street.inbox)
    street.take_in()
    answers = pipeline.answer_reports(street.settings)
    assert [(answer.file_name, answer.is_new) for answer in answers] == [("report.xlsx", True)]
    path = answers[0].path
    assert path.parent == street.settings.answers / "BY-C01"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Ответ"
    cell = book["Организации"]["A5"]
    assert cell.comment is not None
    assert "УНП" in cell.comment.text or "номер" in cell.comment.text.lower()
    again = pipeline.answer_reports(street.settings)
    assert [answer.is_new for answer in again] == [False]


def test_the_answer_to_a_right_report_is_no_report(street: Street) -> None:
    as_xlsx(report(), street.inbox)
    street.take_in()
    answer = pipeline.answer_reports(street.settings)[0]
    (street.inbox / "answer.xlsx").write_bytes(answer.path.read_bytes())
    assert street.take_in()["answer"].outcome_code == "no_contract"
    assert len(stage.active_parts(street.settings)["membership"]) == 2


def test_a_marked_answer_that_is_mended_and_sent_takes_the_place_of_the_report(
    street: Street,
) -> None:
    as_xlsx(changed("organisation", registry_number="190000006"), street.inbox)
    assert street.take_in()["report"].outcome_code == "quarantined"
    answer = pipeline.answer_reports(street.settings)[0]
    book = openpyxl.load_workbook(answer.path)
    book["Организации"]["A5"] = NUMBERS[1]
    book.save(street.inbox / "mended.xlsx")
    found = street.take_in()["mended"]
    assert (found.outcome_code, found.rejected_count) == ("accepted", 0)
    assert len(stage.active_parts(street.settings)["membership"]) == 2


def test_growth_is_not_compared_with_a_report_that_was_quarantined(street: Street) -> None:
    """A wrong small figure of the year before would make a right one look like a jump."""
    wrong = changed("membership", left_on="2019-01-01")
    wrong["tables"]["member_value"] = [{"organisation_id": NUMBERS[0], "employees": 1}]
    found = street.send(before=of_year(2023, wrong), report=report())
    assert found["before"].outcome_code == "quarantined"
    assert found["report"].outcome_code == "accepted"
    mended = report(member_value=[{"organisation_id": NUMBERS[0], "employees": 10}])
    again = street.send(mended=of_year(2023, mended))
    assert again["mended"].outcome_code == "accepted"
    assert again["report"].outcome_code == "quarantined", "now there is a year to compare with"


def test_of_two_reports_that_came_together_nobody_can_tell_which_counts(street: Street) -> None:
    half = report(member_value=[{"organisation_id": NUMBERS[0], "employees": 50}])
    found = street.send(first=report(), second=half)
    assert {name: result.outcome_code for name, result in found.items()} == {
        "first": "quarantined",
        "second": "quarantined",
    }
    assert found["first"].reason_code == "key_duplicate"
    again = street.send(third={**half, "remark": "this one counts"})
    assert again["third"].outcome_code == "accepted"
    assert len(stage.active_parts(street.settings)["member_value"]) == 2


def test_a_report_that_goes_back_to_an_earlier_version_counts(street: Street) -> None:
    other = report(member_value=[{"organisation_id": NUMBERS[0], "employees": 50}])
    street.send(first=report())
    street.send(second=other)
    back = street.send(third={**report(), "remark": "saved again"})
    assert back["third"].outcome_code == "accepted", "it is the second that it replaces"
    again = street.send(fourth={**report(), "remark": "and again"})
    assert again["fourth"].outcome_code == "unchanged"


def test_a_check_that_itself_fails_quarantines_the_report(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = settle_reports.report_batches

    def without_a_column(*given: Any) -> Any:
        found = batches(*given)
        found["report_membership"]["days_of_membership"] = "not a number"
        return found

    monkeypatch.setattr(settle_reports, "report_batches", without_a_column)
    found = street.send(report=report())["report"]
    assert (found.outcome_code, found.reason_code) == ("quarantined", "check_failed")
    assert found.message is not None
    assert "a member leaves on or after the day" in found.message
