"""What the command line prints about one file."""

from __future__ import annotations

import pytest

from warehouse import cli
from warehouse.pipeline import FileResult, RunSummary


def printed(capsys: pytest.CaptureFixture[str], name: str, message: str) -> str:
    result = FileResult(name, "f" * 64, "refused", "name_unknown", message)
    cli.print_run(RunSummary("r", "/home", "/inbox", "2026-03-01", (result,), {}))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "refused   " in line]
    return line.strip()


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("a: expected x, found y. Mend it.", "expected x, found y. Mend it."),
        ("a › T › C1: expected x.", "T › C1: expected x."),
        ("a figure without a file", "a figure without a file"),
        ("b: expected x", "b: expected x"),
    ],
)
def test_the_name_of_the_file_stands_once(
    capsys: pytest.CaptureFixture[str], message: str, said: str
) -> None:
    assert printed(capsys, "a", message) == f"refused      a: {said}"


def test_one_is_no_plural() -> None:
    assert [cli.number(count, "cell") for count in (0, 1, 2)] == ["0 cells", "1 cell", "2 cells"]


def test_no_column_hides_another_one() -> None:
    assert cli.unique(["a", "b", "a", "a"]) == ["a", "b", "a_1", "a_2"]
    assert cli.unique(["a", "a_1", "a"]) == ["a", "a_1", "a_2"]
    assert cli.unique(["a", "a", "a_1", "a_1"]) == ["a", "a_2", "a_1", "a_1_1"]
