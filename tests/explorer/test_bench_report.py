"""The bench of the yearly report works on a small one. No absolute times are asserted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench import yearly
from bench.harness import Bench
from tests.explorer.conftest import need_chromium, need_scripts
from tests.samples import published_samples


@pytest.fixture(scope="module", autouse=True)
def _ready() -> None:
    need_scripts()
    need_chromium()


def test_a_small_report_is_made_weighed_and_opened(tmp_path: Path) -> None:
    result = yearly.report(Bench(tmp_path, 1, is_quick=True))
    found = {goal.text: goal.found for goal in result.goals}
    weight = found.pop("kB of the heaviest page")
    page, size = result.fact("report", "heaviest")
    site = Path(result.fact("report", "folder")) / "site"
    assert (site / page).stat().st_size < size == weight * 1000
    assert result.fact("report", "peak_of_all_mb") > result.runs["report"][0]["start_mb"]
    assert {"ms of the first view, cluster page", "ms of the first view, explorer"} <= set(found)
    assert all(number > 0 for number in found.values())


def test_a_larger_warehouse_has_each_cluster_many_times(tmp_path: Path) -> None:
    yearly.warehouse(tmp_path / "home", 2)
    counts = []
    for path in (published_samples(), tmp_path / "home" / "warehouse.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            counts += connection.execute(COUNTS).fetchall()
    [(clusters, regional, projects), (more, same, also_more)] = counts
    assert (more, same, also_more) == (2 * clusters, regional, 2 * projects)


COUNTS = """
select
    (select count(distinct cluster_id) from marts.mart_cluster_year),
    (select count(*) from marts.mart_indicator where cluster_code = '_Z'),
    (select count(distinct project_id) from marts.mart_project_progress)
"""
