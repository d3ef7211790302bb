"""What every test stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

import warehouse  # noqa: F401  (before openpyxl: decides with which XML library it writes)

TESTS = Path(__file__).parent
LONG = (
    "crash/test_kill.py",
    "integration/test_scheduler.py",
    "dbt/test_marts.py",
    "poison/test_poison.py",
    "integration/test_trace.py",
    "reports/test_report.py",
    "integration/test_street.py",
    "dags/test_run.py",
    "explorer/test_explorer.py",
    "unit/test_bench.py",
    "dbt/test_clusters.py",
    "integration/test_vintages.py",
    "integration/test_trace_clusters.py",
    "integration/test_published.py",
    "forms/test_typed.py",
    "dbt/test_networks.py",
    "dbt/test_corrections.py",
    "unit/test_find.py",
    "crash/test_trouble.py",
)
"""Files of minutes and half minutes, in the order in which they begin: two processes take whole
files in turn, and a long one that began last would leave one of them with nothing to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {TESTS / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))
