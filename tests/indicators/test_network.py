"""Networks of members: the models against networkx, the worked example and the edge rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.indicator import compute
from warehouse.settings import Settings

Figures = dict[tuple[str, str], tuple[float | None, str | None]]
EXACT = 1e-9
ONCE = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def figures(folder: Path, code: str, text: str) -> Figures:
    """Value and reason of each figure, by what it is of and its method."""
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    names, rows = compute(Settings.of(folder / "home"), code, path)
    found: Figures = {}
    for row in rows:
        said: dict[str, Any] = dict(zip(names, row, strict=True))
        key = (str(said.get("cluster_code", "")), said["method_version"])
        assert key not in found, key
        found[key] = (said["value"], said["reason_code"])
    return found


def only(found: Figures, method: str | None = None) -> tuple[float | None, str | None]:
    (one,) = [figure for key, figure in found.items() if method in (None, key[1])]
    return one


def links_of(graph: nx.Graph, nodes: Sequence[Any] | None = None) -> str:
    """A row per link, and one per member without a link."""
    rows = [f"{one},{other}" for one, other in graph.edges]
    rows += [f"{node}," for node in (nodes or graph.nodes) if graph.degree[node] == 0]
    return "from_id,to_id\n" + "\n".join(rows) + "\n"


def by_member(found: Figures) -> dict[str, float | None]:
    return {member: value for (member, _), (value, _) in found.items()}


@pytest.fixture(scope="module")
def florence() -> nx.Graph:
    return nx.florentine_families_graph()


def test_d50_density_and_centralisation(tmp_path: Path, florence: nx.Graph) -> None:
    text = links_of(florence)
    density = figures(tmp_path, "NET_DENS", text)
    assert only(density, "links=undirected")[0] == pytest.approx(0.1904762, abs=1e-6)
    assert only(density, "links=directed")[0] == pytest.approx(20 / 210, abs=1e-6)
    centralisation = only(figures(tmp_path, "NET_CENTR", text))[0]
    assert centralisation == pytest.approx(0.274725, abs=1e-6)
    assert centralisation == pytest.approx(50 / 182, abs=EXACT)


@pytest.mark.parametrize(
    ("code", "family", "expected"),
    [
        ("NET_DEG", "Medici", 0.4285714),
        ("NET_BTW", "Medici", 0.521978),
        ("NET_CLO", "Medici", 0.56),
        ("NET_BTW", "Guadagni", 0.254579),
    ],
)
def test_d50_families(
    tmp_path: Path, florence: nx.Graph, code: str, family: str, expected: float
) -> None:
    found = by_member(figures(tmp_path, code, links_of(florence)))
    assert len(found) == 15
    assert found[family] == pytest.approx(expected, abs=1e-6)


@ONCE
@given(
    size=st.integers(3, 9),
    pairs=st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=14),
)
def test_any_network_is_measured_as_networkx_does(
    tmp_path: Path, size: int, pairs: set[tuple[int, int]]
) -> None:
    """Also where it falls into parts, and where members have no link."""
    graph = nx.Graph()
    graph.add_nodes_from(f"m{number}" for number in range(size))
    graph.add_edges_from(
        (f"m{one}", f"m{other}") for one, other in pairs if one != other and max(one, other) < size
    )
    text = links_of(graph)
    assert only(figures(tmp_path, "NET_DENS", text), "links=undirected")[0] == pytest.approx(
        nx.density(graph), abs=EXACT
    )
    for code, independent in (
        ("NET_DEG", nx.degree_centrality(graph)),
        ("NET_BTW", nx.betweenness_centrality(graph)),
        ("NET_CLO", nx.closeness_centrality(graph)),
    ):
        found = by_member(figures(tmp_path, code, text))
        assert found == pytest.approx(independent, abs=EXACT), code
        assert all(0 <= (value or 0) <= 1 for value in found.values())


@pytest.mark.parametrize("number", [12, 25])
def test_larger_networks_and_their_names_in_another_order(tmp_path: Path, number: int) -> None:
    graph = nx.gnp_random_graph(number, 0.2, seed=number)
    names = {node: f"Ж-{(node * 7) % number}" for node in graph}
    renamed = nx.relabel_nodes(graph, names)
    plain = by_member(figures(tmp_path, "NET_BTW", links_of(graph)))
    other = by_member(figures(tmp_path, "NET_BTW", links_of(renamed)))
    independent = nx.betweenness_centrality(graph)
    for node in graph:
        assert plain[str(node)] == pytest.approx(independent[node], abs=EXACT)
        assert other[names[node]] == pytest.approx(independent[node], abs=EXACT)


def test_order_and_repetition_of_rows_do_not_matter(tmp_path: Path, florence: nx.Graph) -> None:
    lines = links_of(florence).splitlines()
    turned = [",".join(reversed(line.split(","))) for line in lines[1:]]
    mixed = "\n".join([lines[0], *reversed(turned), *lines[1:]]) + "\n"
    for code in ("NET_BTW", "NET_CENTR"):
        assert figures(tmp_path, code, mixed) == figures(tmp_path, code, links_of(florence))


def test_an_island_is_not_forgotten(tmp_path: Path) -> None:
    """Closeness within a part alone would be 1 for a pair that knows nobody else."""
    found = by_member(figures(tmp_path, "NET_CLO", "from_id,to_id\na,b\nc,d\nd,e\nf,\n"))
    assert found["a"] == pytest.approx(1 / 5)
    assert found["d"] == pytest.approx(2 / 5)
    assert found["f"] == 0


def test_a_link_to_oneself_is_no_link(tmp_path: Path) -> None:
    found = figures(tmp_path, "NET_DENS", "from_id,to_id\na,a\na,b\nc,\n")
    assert only(found, "links=undirected")[0] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        ("NET_DENS", "a,\n", "zero_denominator"),
        ("NET_DEG", "a,\n", "zero_denominator"),
        ("NET_CLO", "a,\n", "zero_denominator"),
        ("NET_CENTR", "a,b\n", "zero_denominator"),
        ("NET_BTW", "a,b\n", "zero_denominator"),
    ],
)
def test_small_networks_have_a_reason(tmp_path: Path, code: str, text: str, reason: str) -> None:
    found = figures(tmp_path, code, "from_id,to_id\n" + text)
    assert set(found.values()) == {(None, reason)}


@pytest.mark.parametrize("code", ["NET_DENS", "NET_CENTR", "NET_BTW", "NET_CONTR"])
def test_a_sheet_that_was_left_empty_is_not_a_network_of_0(tmp_path: Path, code: str) -> None:
    text = "from_id,to_id,link_type,is_reported\na,,,false\nb,,,false\nc,,,false\n"
    assert set(figures(tmp_path, code, text).values()) == {(None, "missing_input")}


def test_contracts_are_counted_one_by_one_and_other_links_not(tmp_path: Path) -> None:
    text = "from_id,to_id,link_type\na,b,contract\na,b,contract\nb,a,contract\nb,c,training\nd,,\n"
    assert only(figures(tmp_path, "NET_CONTR", text))[0] == pytest.approx(3 / 4)


def test_networks_of_clusters_and_years_stay_apart(tmp_path: Path) -> None:
    text = "cluster_code,year,from_id,to_id\nX,2020,a,b\nX,2021,a,b\nX,2021,c,\nY,2020,a,c\n"
    path = tmp_path / "given.csv"
    path.write_text(text, encoding="utf-8")
    names, rows = compute(Settings.of(tmp_path / "home"), "NET_DENS", path)
    value, year, cluster = names.index("value"), names.index("year"), names.index("cluster_code")
    method = names.index("method_version")
    found = {
        (row[cluster], row[year]): row[value] for row in rows if row[method] == "links=undirected"
    }
    assert found == {("X", 2020): 1, ("X", 2021): pytest.approx(1 / 3), ("Y", 2020): 1}


def test_links_with_other_clusters(tmp_path: Path) -> None:
    text = (
        "cluster_code,other_code,link_type,amount,unit_code\n"
        "X,Y,contract,10,BYN\nX,Y,contract,5,BYN\nX,Y,training,0,BYN\nX,Z,contract,1,BYN\n"
        "X,X,contract,99,BYN\nZ,X,contract,1,BYN\nZ,Y,contract,,BYN\n"
    )
    found = figures(tmp_path, "NET_XCL", text)
    assert found["X", "measure=links"] == (3, None), "pairs of cluster and type"
    assert found["X", "measure=value"] == (16, None)
    assert found["Z", "measure=links"] == (2, None)
    assert found["Z", "measure=value"] == (None, "incomplete_coverage")


@pytest.mark.parametrize(
    ("text", "method", "figure"),
    [
        ("X,,,true\n", "measure=links", (0, None)),
        ("X,,,false\n", "measure=links", (None, "missing_input")),
        ("X,Y,1,true\nX,Z,2,true\n", "measure=value", (3, None)),
        ("X,Y,,false\n", "measure=links", (1, None)),
    ],
)
def test_no_links_with_other_clusters(
    tmp_path: Path, text: str, method: str, figure: tuple[float | None, str | None]
) -> None:
    text = "cluster_code,other_code,amount,is_reported\n" + text
    assert only(figures(tmp_path, "NET_XCL", text), method) == figure


def test_currencies_of_links_are_never_added_up(tmp_path: Path) -> None:
    text = "cluster_code,other_code,amount,unit_code\nX,Y,1,BYN\nX,Z,2,USD\n"
    assert only(figures(tmp_path, "NET_XCL", text), "measure=value") == (None, "unit_break")
