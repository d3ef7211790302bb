"""Which source is late: by cadence, declared delay, and the newest period that has a value."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from warehouse import stage
from warehouse.freshness import late_sources
from warehouse.schema import CONTRACT, OBSERVATION
from warehouse.settings import Settings

MONTHLY = {
    "contract_id": "office/wage",
    "title": "Wage",
    "owner": "statistics desk",
    "cadence_code": "monthly",
    "due_after_days": 25,
    "is_illustrative": False,
}


@pytest.fixture
def staged(tmp_path, monkeypatch):
    """A home whose active parts hold one contract and its observations."""
    settings = Settings.of(tmp_path)

    def write(contract: dict, *periods: tuple[date, float | None]) -> Settings:
        observations = [
            {"contract_id": contract["contract_id"], "period_end": end, "value": value}
            for end, value in periods
        ]
        tables = {
            "contract": pa.Table.from_pylist([contract], schema=CONTRACT),
            "observation": pa.Table.from_pylist(observations, schema=OBSERVATION),
        }
        parts = {
            name: [settings.staged / name / (stage.write_part(settings, name, name, table) or "")]
            for name, table in tables.items()
        }
        monkeypatch.setattr(stage, "active_parts", lambda _: parts)
        return settings

    return write


def test_late_from_the_day_after_it_was_due(staged):
    settings = staged(MONTHLY, (date(2026, 7, 31), 1.0), (date(2026, 8, 31), 2.0))
    assert late_sources(settings, date(2026, 10, 25)) == []
    (late,) = late_sources(settings, date(2026, 10, 26))
    assert (late.due_on, late.days_late) == (date(2026, 10, 25), 1)
    assert late.last_period_end == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("cadence", "last", "due"),
    [
        ("monthly", date(2026, 1, 31), date(2026, 3, 25)),
        ("monthly", date(2027, 1, 31), date(2027, 3, 25)),
        ("quarterly", date(2026, 9, 30), date(2027, 1, 25)),
        ("yearly", date(2024, 12, 31), date(2026, 1, 25)),
        ("yearly", date(2024, 2, 29), date(2025, 3, 25)),
    ],
)
def test_the_next_period_has_its_own_length(staged, cadence, last, due):
    settings = staged(MONTHLY | {"cadence_code": cadence}, (last, 1.0))
    (late,) = late_sources(settings, date(2030, 1, 1))
    assert late.due_on == due


def test_a_period_without_a_value_has_not_arrived(staged):
    settings = staged(MONTHLY, (date(2026, 8, 31), 1.0), (date(2026, 12, 31), None))
    (late,) = late_sources(settings, date(2026, 11, 21))
    assert late.last_period_end == date(2026, 8, 31)


@pytest.mark.parametrize(
    "change", [{"cadence_code": "once"}, {"due_after_days": None}, {"is_illustrative": True}]
)
def test_sources_that_are_not_watched(staged, change):
    settings = staged(MONTHLY | change, (date(2020, 1, 31), 1.0))
    assert late_sources(settings, date(2026, 11, 21)) == []


def test_an_empty_home_is_not_late(tmp_path):
    assert late_sources(Settings.of(tmp_path), date(2026, 11, 21)) == []


def test_the_message_names_source_owner_and_days(staged):
    settings = staged(MONTHLY | {"source_url": "https://office.example"}, (date(2026, 8, 31), 1.0))
    (late,) = late_sources(settings, date(2026, 11, 4))
    for told in ("office/wage", "2026-08-31", "2026-10-25", "10 days", "statistics desk"):
        assert told in late.message
    assert late.as_json()["due_on"] == "2026-10-25"
