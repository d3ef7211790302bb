"""Figures of clusters lead to cells of their reports, which say what the mart says."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.parsed import lay_parsed
from tests.specimens.make_samples import SAMPLES
from warehouse import cli, pipeline, publish
from warehouse.explain_cluster import explain_cluster, is_registered
from warehouse.settings import Settings

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CLUSTERS = ("BY-C01", "BY-C03", "KZ-C04", "KZ-C10")
TRACED = 200
Row = dict[str, Any]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("clusters")
    (folder / "inbox").mkdir()
    for path in sorted((SAMPLES / "clusters").iterdir()):
        if path.name.startswith((*CLUSTERS, "register_")):
            shutil.copy(path, folder / "inbox" / path.name)
    settings = lay_parsed(Settings(home=folder / "home"))
    assert pipeline.run(settings, folder / "inbox", now=NOW).exit_status == 0
    return settings


@pytest.fixture(scope="module")
def inputs(settings: Settings) -> list[Row]:
    """Figures that stand behind the marts, in a seeded order."""
    names, rows = publish.query(
        settings,
        "select * from marts.mart_cluster_year_input where value is not null "
        "order by cluster_id, year, column_name, role_code, row_number() over ()",
    )
    found = [dict(zip(names, row, strict=True)) for row in rows]
    random.Random(20261121).shuffle(found)
    return found


def printed(path: Path, table: str, cell: str) -> str:
    """What stands in a cell of the original file, read without the warehouse."""
    if path.suffix == ".json":
        place: Any = json.loads(path.read_text(encoding="utf-8"))
        for step in cell.strip("/").split("/"):
            place = place[int(step)] if isinstance(place, list) else place[step]
        return _plain(place)
    address = cell.rpartition("!")[2]
    if path.suffix == ".xlsx":
        return _plain(openpyxl.load_workbook(path)[table][address].value)
    column, row = ord(address[0]) - ord("A"), int(address[1:]) - 1
    assert len(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) == len(address) - 1
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"{table}.csv").decode("utf-8-sig")
    dialect = csv.Sniffer().sniff(text.splitlines()[0], delimiters=";,")
    return list(csv.reader(io.StringIO(text), dialect))[row][column]


def _plain(value: Any) -> str:
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if is_whole else str(value)


def test_figures_lead_to_the_cells_that_say_them(settings: Settings, inputs: list[Row]) -> None:
    traced = inputs[:TRACED]
    assert len(traced) == TRACED
    assert {Path(row["file_name"]).suffix for row in traced} == {".json", ".xlsx", ".zip"}
    wrong = [
        (row["file_name"], row["cell"], row["value_printed"], found)
        for row in traced
        if (
            found := printed(
                settings.home.parent / "inbox" / row["file_name"], row["table_name"], row["cell"]
            )
        )
        != row["value_printed"]
    ]
    assert wrong == []


def test_sums_over_members_are_the_sums_of_their_cells(settings: Settings) -> None:
    names, rows = publish.query(
        settings,
        """
        select mart.cluster_id, mart.year, mart.member_employees, sum(part.value) as together
        from marts.mart_cluster_year as mart
        inner join marts.mart_cluster_year_input as part
            on mart.cluster_id = part.cluster_id
            and mart.year = part.year
            and part.column_name = 'member_employees'
        group by all
        """,
    )
    assert len(rows) >= 5 * len(CLUSTERS)
    assert names[2:] == ["member_employees", "together"]
    assert [row for row in rows if row[2] != row[3]] == []


def test_explain_shows_definition_value_and_cells(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    found = explain_cluster(settings, cluster="KZ-C04", indicator="member_employees", year=2024)
    assert found.is_illustrative
    assert found.value == sum(row["value"] for row in found.inputs)
    assert [row["indicator_code"] for row in found.definitions] == ["employees"]
    with pytest.raises(SystemExit) as left:
        cli.main(
            ["--home", str(settings.home), "explain", "--cluster", "KZ-C04",
             "--indicator", "member_employees", "--year", "2024"]
        )  # fmt: skip
    assert left.value.code == 0
    said = capsys.readouterr().out
    first = found.inputs[0]
    for part in ("illustrative", first["file_name"], first["cell"], f"«{first['value_printed']}»"):
        assert part in said


@pytest.mark.parametrize(
    ("indicator", "column"), [("MEM_N", "member_count"), ("PRF_EMP", "member_employees")]
)
def test_an_indicator_leads_where_its_column_does(
    settings: Settings, indicator: str, column: str
) -> None:
    found = explain_cluster(settings, cluster="KZ-C04", indicator=indicator, year=2024)
    same = explain_cluster(settings, cluster="KZ-C04", indicator=column, year=2024)
    assert found == same
    assert found.inputs


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--indicator", "member_employes", "--year", "2024"], "member_employees"),
        (["--indicator", "member_employees", "--year", "1999"], "there are"),
    ],
)
def test_explain_says_what_there_is(
    settings: Settings, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--home", str(settings.home), "explain", "--cluster", "KZ-C04", *more])
    assert left.value.code == 1
    err = capsys.readouterr().err
    assert "figure_unknown" in err
    assert said in err


def test_a_cluster_that_nobody_knows_is_not_registered(settings: Settings) -> None:
    assert is_registered(settings, "BY-C01")
    assert not is_registered(settings, "BY-C99")
