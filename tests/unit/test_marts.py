"""Questions to a published file: what another version built is said, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse import marts
from warehouse.errors import Code, WarehouseError
from warehouse.explain import Question as Figure
from warehouse.explain import explain
from warehouse.explain_cluster import explain_cluster, is_registered
from warehouse.find import Question, find
from warehouse.settings import Settings

REGISTER = "create table marts.dim_cluster as select 'BY-C01' as cluster_id"
NO_INPUTS = """
    create table marts.mart_cluster_year as
    select 'BY-C01' as cluster_id, 2024 as year, 7 as member_count, null as currency_code,
        false as is_illustrative
"""


def cluster_figure(settings: Settings) -> Any:
    """A question that a cluster's reports answer."""
    return explain_cluster(settings, cluster="BY-C01", indicator="member_count", year=2024)


ASKED: dict[str, Callable[[Settings], Any]] = {
    "find": lambda settings: find(settings, Question(words="мебель")),
    "find a region": lambda settings: find(settings, Question(region="BY-BR")),
    "explain": lambda settings: explain(settings, Figure("grp", "BY-BR", 2024)),
    "explain a cluster": cluster_figure,
}


def published(folder: Path, *statements: str) -> Settings:
    """A home with a published file of some other version."""
    settings = Settings(home=folder)
    with duckdb.connect(str(settings.published)) as connection:
        connection.execute("create schema marts")
        for statement in statements:
            connection.execute(statement)
    return settings


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("there", [(), (REGISTER,), (REGISTER, NO_INPUTS)], ids=len)
def test_a_warehouse_of_another_version_is_said(
    tmp_path: Path, question: str, there: tuple[str, ...]
) -> None:
    settings = published(tmp_path, *there)
    with pytest.raises(WarehouseError) as raised:
        ASKED[question](settings)
    assert raised.value.problem.code == Code.QUERY_FAILED
    assert "built by this version" in raised.value.problem.message
    assert "warehouse run" in raised.value.problem.message


def test_a_cluster_is_registered_where_there_is_a_register(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    assert not is_registered(published(tmp_path / "old"), "BY-C01")
    assert is_registered(published(tmp_path / "new", REGISTER), "BY-C01")


def test_the_nearest_codes_by_code_and_by_name() -> None:
    known = [
        ("BY-BR", "Брестская область", "Brest region"),
        ("BY-VI", "Витебская область", "Viciebsk region"),
        ("DE", None, "Germany"),
    ]
    assert marts.nearest("брестская", known).startswith("BY-BR (Брестская область)")
    assert marts.nearest("germny", known) == "DE (Germany)"
    assert marts.nearest("BY-VT", known).startswith("BY-VI")
    assert marts.nearest("€€€", known) == "none"
