"""The notebook runs from the first cell to the last on the published file, without a server."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from warehouse.settings import PROJECT

NOTEBOOK = PROJECT / "docs" / "notebooks" / "start.ipynb"


def _run(published: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], list[Any]]:
    """Names after the last cell, and what each cell would show."""
    monkeypatch.setenv("WAREHOUSE_FILE", str(published))
    names: dict[str, Any] = {}
    shown = []
    for cell in json.loads(NOTEBOOK.read_bytes())["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []  # answers belong to the reader's own file
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(NOTEBOOK), "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            code = compile(ast.Expression(last.value), str(NOTEBOOK), "eval")
            shown.append(eval(code, names))  # noqa: S307
    return names, shown


def test_every_cell_shows_something_true(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = published.stat().st_mtime_ns
    names, shown = _run(published, monkeypatch)
    assert len(shown) == 8
    assert all(len(frame) for frame in shown[:-1])
    assert names["by_year"].loc["Minsk City", 2024] == 3024.7
    assert names["by_year"].loc["Minsk City"].isna().any()  # 2026 is not published, and not 0
    assert names["change"].loc["Minsk City", 2024] == 17.7
    assert names["cells"]["value_printed"].tolist() == ["2\xa0016,6"]
    assert published.stat().st_mtime_ns == before


def test_it_is_a_notebook_that_jupyter_opens() -> None:
    book = json.loads(NOTEBOOK.read_bytes())
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
