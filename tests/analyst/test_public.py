"""Nothing confidential leaves: public tables of the samples, and of a marked file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from warehouse.disclosure import Rule
from warehouse.public import public_tables, write_public

PRIVATE = ("organisation", "membership", "member_network", "link", "support", "project", "input")


def _rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_only_public_tables_are_there(public: Path) -> None:
    names = {row[0] for row in _rows(public, "select table_name from duckdb_tables()")}
    assert names == set(public_tables())
    assert not [name for name in names for word in PRIVATE if word in name]
    columns = _rows(public, "select column_name from duckdb_columns() where not internal")
    assert not {name for (name,) in columns} & {"organisation_id", "manager_name", "recipient_id"}


def test_every_figure_of_the_mart_is_there_and_says_its_status(
    published: Path, public: Path
) -> None:
    count = "select count(*), count(distinct indicator_code) from marts.mart_indicator"
    assert _rows(public, count) == _rows(published, count)
    unknown = """
        select distinct conf_status from marts.mart_indicator
        where conf_status not in (select status_code from marts.dim_status
            where status_kind = 'conf')"""
    assert _rows(public, unknown) == []
    torn = """
        select count(*) from marts.mart_indicator
        where (value is null) <> (reason_code is not null)
            or (conf_status <> 'F' and (value is not null or obs_status <> 'Q'
                or rank is not null or change is not null))"""
    assert _rows(public, torn) == [(0,)]


def _risky(published: Path) -> pd.DataFrame:
    """Cluster, year and measure with too few or dominant members, found with pandas alone."""
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(
            "select cluster_id, year, indicator_code, column_name, organisation_id, value "
            "from marts.mart_cluster_year_input "
            "where organisation_id is not null and column_name like 'member_%' and value > 0"
        ).df()
    key = ["cluster_id", "year", "indicator_code"]
    amounts = rows.groupby([*key, "organisation_id"])["value"].sum().reset_index()
    found = []
    for name, part in amounts.groupby(key):
        shares = (part["value"] / part["value"].sum()).sort_values(ascending=False)
        if len(part) < 3 or shares.iloc[0] > 0.8 or shares.iloc[:2].sum() > 0.85:
            found.append(name)
    return pd.DataFrame(found, columns=key)


def test_figures_of_too_few_or_dominant_members_are_withheld(published: Path, public: Path) -> None:
    risky = _risky(published)
    assert len(risky) > 100  # the samples have many such clusters
    with duckdb.connect(str(public), read_only=True) as connection:
        connection.register("risky", risky)
        shown = connection.execute("""
            select * from marts.mart_indicator as figure inner join risky
                on figure.cluster_code = risky.cluster_id and figure.year = risky.year
                and figure.base_indicator_code = risky.indicator_code
            where figure.value is not null and figure.indicator_code not like 'PRJ%'
        """).fetchall()
        others = connection.execute(
            "select count(value) from marts.mart_indicator where indicator_code = 'PRF_EMP'"
        ).fetchone()
    assert shown == []
    assert others is not None
    assert others[0] > 100  # and not everything is withheld


def test_a_looser_rule_withholds_less(published: Path, tmp_path: Path) -> None:
    loose = write_public(published, tmp_path / "loose.duckdb", Rule(1, 1.0, 1.0))
    count = "select count(*) from marts.mart_indicator where conf_status in ('A', 'O', 'T')"
    assert _rows(loose, count) == [(0,)]


WHICH = (
    "figure.indicator_code = 'employment' and figure.region_code = 'BY-BR' "
    "and figure.activity_code = 'C' and figure.year = 2024"
)
THIS = "marts.mart_indicator as figure where " + WHICH


@pytest.fixture(scope="module")
def marked(published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The samples with one cell that its source marks as confidential, and their public file."""
    folder = tmp_path_factory.mktemp("marked")
    file = folder / "warehouse.duckdb"
    shutil.copyfile(published, file)
    file.chmod(0o644)
    mark = """
        update marts.fct_observation set conf_status = 'C'
        where observation_id in (select observation_id from THIS)
    """
    with duckdb.connect(str(file)) as connection:
        assert connection.execute(mark.replace("THIS", THIS)).fetchone() == (1,)
    return file, write_public(file, folder / "public.duckdb", Rule())


def test_one_country_alone_hides_and_shows_the_same(
    marked: tuple[Path, Path], tmp_path: Path
) -> None:
    alone = write_public(marked[0], tmp_path / "alone.duckdb", Rule(), ["BY"])
    rows = "select * from marts.mart_indicator where country_code = 'BY' order by all"
    assert _rows(alone, rows) == _rows(marked[1], rows)
    assert _rows(alone, "select distinct country_code from marts.mart_indicator") == [("BY",)]


def test_a_withheld_cell_and_all_that_is_computed_from_it_is_gone(
    marked: tuple[Path, Path],
) -> None:
    file, public = marked
    said = "select value, conf_status, obs_status, reason_code from THIS".replace("THIS", THIS)
    assert _rows(public, said) == [(None, "C", "Q", "confidential")]
    made = """
        with cell as (select observation_id from THIS),
        made as (
            select distinct indicator_code, region_code, cluster_code, activity_classifier,
                activity_code, year, base_indicator_code, method_version, unit_code
            from marts.mart_indicator_input semi join cell using (observation_id)
            where role_code <> 'previous'
        )
        select count(*), count(figure.value)
        from public.marts.mart_indicator as figure
        inner join made using (indicator_code, region_code, cluster_code, activity_classifier,
            activity_code, year, base_indicator_code, method_version, unit_code)
    """
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute(f"attach '{public}' as public (read_only)")
        [(count, shown)] = connection.execute(made.replace("THIS", THIS)).fetchall()
    assert count > 50
    assert shown == 0


def test_the_value_stands_nowhere_in_the_public_file(marked: tuple[Path, Path]) -> None:
    file, public = marked
    [(value,)] = _rows(file, "select value from THIS".replace("THIS", THIS))
    with duckdb.connect(str(public), read_only=True) as connection:
        figures = connection.execute(
            "from marts.mart_indicator as figure where region_code = 'BY-BR' and year = 2024"
        ).to_arrow_table()
    numbers = figures.select([f.name for f in figures.schema if f.type == "double"]).to_pandas()
    assert len(numbers) > 100
    assert not (numbers == value).any(axis=None)
    assert not {str(value), f"{value:.0f}", f"{value / 1000:g}"} & set(
        figures["value_printed"].to_pylist()
    )


def test_neither_regions_nor_activities_add_up_to_it(marked: tuple[Path, Path]) -> None:
    _, public = marked
    by_region = """
        select count(*) filter (value is null), count(*) from marts.mart_indicator
        where indicator_code = 'employment' and country_code = 'BY' and region_level = 1
            and activity_code = 'C' and year = 2024"""
    [(hidden, every)] = _rows(public, by_region)
    assert every == 7
    assert hidden >= 2
    by_activity = """
        select count(*) from marts.mart_indicator
        where indicator_code = 'employment' and region_code = 'BY-BR' and year = 2024
            and conf_status <> 'F'"""
    [(hidden_activities,)] = _rows(public, by_activity)
    assert hidden_activities >= 2
    kept = "select count(value) from marts.mart_indicator where indicator_code = 'employment'"
    [(shown,)] = _rows(public, kept)
    assert shown > 3000  # a few companions, not the whole table


def test_whoever_solves_all_sums_learns_no_narrow_interval(marked: tuple[Path, Path]) -> None:
    """The attack itself: smallest and largest employment that all public sums allow."""
    file, public = marked
    table = """
        select region_code, activity_code, value, coalesce(conf_status <> 'F', false) as is_hidden
        from marts.mart_indicator
        where indicator_code = 'employment' and country_code = 'BY' and year = 2024
    """
    with duckdb.connect(str(public), read_only=True) as connection:
        cells = connection.execute(table).df().set_index(["region_code", "activity_code"])
        parents = connection.execute("""
            select activity_code, replace(parent_code, 'TOTAL', '_T') from marts.dim_activity
            where activity_classifier = 'OKRB_005_2011' and activity_level = 1""").fetchall()
    regions = set(cells.index.get_level_values(0))
    activities = set(cells.index.get_level_values(1))
    sums = [
        ("BY", code, [(region, code) for region in regions - {"BY"}]) for code in activities
    ] + [
        (region, whole, [(region, code) for code, parent in parents if parent == whole])
        for region in regions
        for whole in {parent for _, parent in parents}
    ]
    hidden = {key: place for place, key in enumerate(cells.index[cells["is_hidden"]])}
    rows, limits = [], []
    for region, whole, parts in sums:
        row, rest = np.zeros(len(hidden)), 0.0
        for key, sign in [((region, whole), -1.0), *((part, 1.0) for part in parts)]:
            if key in hidden:
                row[hidden[key]] = sign
            elif key in cells.index:
                rest += sign * np.nan_to_num(cells.loc[key, "value"])
        if row.any():
            rows += [row, -row]
            limits += [-rest + 500, rest + 500]  # printed in hundreds, so sums are not exact
    goal = np.zeros(len(hidden))
    goal[hidden["BY-BR", "C"]] = 1.0
    low, high = (
        linprog(sign * goal, A_ub=np.array(rows), b_ub=limits, bounds=(0, None)).x @ goal
        for sign in (1.0, -1.0)
    )
    [(value,)] = _rows(file, "select value from THIS".replace("THIS", THIS))
    assert low <= 0.9 * value
    assert high >= 1.1 * value


def test_the_change_of_the_year_after_does_not_tell(marked: tuple[Path, Path]) -> None:
    _, public = marked
    after = "select value is null, change, change_reason_code from THIS".replace("THIS", THIS)
    assert _rows(public, after.replace("2024", "2025")) == [(False, None, "confidential_input")]
