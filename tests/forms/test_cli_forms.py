"""`warehouse form`: lists forms, and writes templates with what the published warehouse knows."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml

from tests.forms.filled import NUMBERS, REPORT, place
from tests.forms.test_template import read
from warehouse import cli
from warehouse.cli_forms import _KNOWN
from warehouse.settings import PROJECT

FIRST, SECOND, THIRD = (f"BY:{number}" for number in NUMBERS)


def contracts() -> dict[str, dict[str, str]]:
    """Columns and types of the marts, as their contracts declare them."""
    found = {}
    for path in (PROJECT / "dbt" / "models" / "marts").glob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            columns = model["columns"]
            found[model["name"]] = {c["name"]: c["data_type"] for c in columns}
    return found


CONTRACTS = contracts()

CLUSTER: dict[str, Any] = {
    "cluster_id": "BY-C01", "is_illustrative": False, "is_current": True, "name_ru": "Лён",
    "home_region_code": "BY-VI", "further_region_codes": ["BY-BR", "BY-HM"],
    "activity_codes": ["C"], "kind_code": "industrial", "manager_id": FIRST, "team_fte": 1.5,
    "founded_on": date(2015, 5, 20),
}  # fmt: skip


def member(organisation: str, valid_to: date | None = None, **other: Any) -> dict[str, Any]:
    own = {"cluster_id": "BY-C01", "organisation_id": organisation, "is_illustrative": False}
    days = {"valid_from": date(2020, 1, 1), "joined_on": date(2020, 1, 1), "valid_to": valid_to}
    return {**own, **days, "role_code": "producer", "left_on": valid_to, **other}


def organisation(number: str, **other: Any) -> dict[str, Any]:
    own = {"organisation_id": f"BY:{number}", "registry_number": number, "country_code": "BY"}
    said = {"name": "=1+1", "region_code": "BY-BR", "type_code": "business"}
    return {**own, **said, "is_illustrative": False, "is_current": True, **other}


def project(code: str, status: str, **other: Any) -> dict[str, Any]:
    own = {"cluster_id": "BY-C01", "project_id": code, "is_illustrative": False, "title": code}
    return {**own, "kind_code": "key", "status_code": status, **other}


PUBLISHED: dict[str, list[dict[str, Any]]] = {
    "dim_cluster": [
        CLUSTER,
        {**CLUSTER, "is_current": False, "name_ru": "Прежний"},
        {**CLUSTER, "is_illustrative": True, "name_ru": "Выдуманный"},
        {**CLUSTER, "is_illustrative": True, "cluster_id": "BY-C02", "name_ru": "Образец"},
    ],
    "fct_cluster_label": [
        {"cluster_id": "BY-C01", "is_illustrative": False, "label_code": code,
         "valid_from": date(2019, 1, 1), "valid_to": until}
        for code, until in (("bronze", date(2022, 12, 31)), ("silver", None))
    ],
    "fct_cluster_classification": [
        {"cluster_id": "BY-C01", "is_illustrative": False, "axis_code": "scale",
         "value_code": "scale.regional", "valid_from": date(2019, 1, 1), "valid_to": None}
    ],
    "dim_organisation": [
        organisation(NUMBERS[0]),
        organisation(NUMBERS[0], is_illustrative=True, name="Выдуманная"),
        organisation(NUMBERS[1], is_current=False, name="Прежняя"),
        organisation(NUMBERS[1]),
        organisation(NUMBERS[2]),
    ],
    "fct_membership": [
        member(FIRST),
        member(SECOND, date(2024, 6, 30)),
        member(THIRD, date(2023, 12, 31)),
        member(THIRD, is_illustrative=True),
        member(THIRD, cluster_id="BY-C03"),
        member(THIRD, cluster_id="BY-C02", is_illustrative=True),
    ],
    "dim_project": [
        project("P-1", "running", participant_ids=[FIRST, SECOND], lead_id=FIRST),
        project("P-2", "finished"),
        project("P-3", "running", is_illustrative=True),
        project("P-4", "planned"),
    ],
}  # fmt: skip


def publish(home: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """A published file with these marts, of the types that their contracts promise."""
    home.mkdir()
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        for mart, found in rows.items():
            columns = CONTRACTS[mart]
            types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table marts.{mart} ({types})")
            for row in found:
                assert set(row) <= set(columns)
                marks = ", ".join("?" for _ in row)
                insert = f"insert into marts.{mart} ({', '.join(row)}) values ({marks})"  # noqa: S608
                connection.execute(insert, list(row.values()))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([*arguments])
    return int(left.value.code or 0)


def template(home: Path, out: Path, *more: str, cluster: str = "BY-C01") -> int:
    words = ("--cluster", cluster, "--year", "2024", "--out", str(out))
    return run("--home", str(home), "form", "template", *words, *more)


def column(path: Path, table: str, name: str) -> list[Any]:
    found = REPORT.by_name[table]
    sheet = openpyxl.load_workbook(path)[found.title.ru]
    letter = place(found, name).rstrip("0123456789")
    values = [sheet[f"{letter}{row}"].value for row in range(4, sheet.max_row + 1)]
    return [value for value in values if value is not None]


def test_what_is_known_is_filled_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(tmp_path / "home", PUBLISHED)
    out = tmp_path / "t.xlsx"
    assert template(tmp_path / "home", out) == 0
    said = capsys.readouterr().out
    assert "1 cluster, 1 cluster_label, 1 classification, 2 organisation, 2 membership" in said
    assert "illustrative" not in said
    assert column(out, "cluster", "name_ru") == ["Лён"]
    assert column(out, "cluster", "further_region_codes") == ["Брестская область; г. Минск"]
    assert column(out, "cluster", "founded_on") == [datetime(2015, 5, 20)]
    assert column(out, "cluster_label", "label_code") == ["серебряный знак ESCA"]
    assert column(out, "classification", "value_code") == ["региональный"]
    assert column(out, "organisation", "registry_number") == list(NUMBERS[:2])
    assert column(out, "organisation", "name") == ["=1+1", "=1+1"]
    assert column(out, "membership", "organisation_id") == list(NUMBERS[:2])
    assert column(out, "membership", "left_on") == [datetime(2024, 6, 30)]
    assert column(out, "project", "project_id") == ["P-1", "P-4"]
    assert column(out, "member_value", "organisation_id") == list(NUMBERS[:2])
    for measure in REPORT.by_name["member_value"].measures:
        assert column(out, "member_value", measure.indicator) == []
    refused = [(row["code"], row["table_name"]) for row in read(out).rejected.to_pylist()]
    assert refused == [("value_missing", "member_value")]  # what the report is about


def test_a_cluster_of_samples_stays_illustrative(tmp_path: Path) -> None:
    publish(tmp_path / "home", PUBLISHED)
    out = tmp_path / "t.xlsx"
    assert template(tmp_path / "home", out, cluster="BY-C02") == 0
    assert column(out, "cluster", "name_ru") == ["Образец"]
    form = openpyxl.load_workbook(out)["_form"]
    assert {row[0].value: row[1].value for row in form}["illustrative"] == "yes"


@pytest.mark.parametrize("what", ["nothing", "no clusters", "other", "empty"])
def test_without_knowledge_the_template_is_empty(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, out = tmp_path / "home", tmp_path / "t.xlsx"
    if what != "nothing":
        publish(home, {} if what == "no clusters" else PUBLISHED)
    cluster = "KZ-C09" if what == "other" else "BY-C01"
    assert template(home, out, *["--empty"] * (what == "empty"), cluster=cluster) == 0
    assert capsys.readouterr().out == f"{out}: empty\n"
    assert column(out, "cluster", "cluster_id") == []
    assert home.exists() == (what != "nothing")


def test_the_half_yearly_form_gets_its_projects(tmp_path: Path) -> None:
    publish(tmp_path / "home", PUBLISHED)
    out = tmp_path / "t.xlsx"
    words = ("--form", "project_report", "--cluster", "BY-C01", "--year", "2024", "--half", "H2")
    home = ("--home", str(tmp_path / "home"))
    assert run(*home, "form", "template", *words, "--lang", "en", "--out", str(out)) == 0
    sheet = openpyxl.load_workbook(out)["Projects"]
    assert [sheet["A4"].value, sheet["A5"].value, sheet["C4"].value] == ["P-1", "P-4", NUMBERS[0]]
    form = openpyxl.load_workbook(out)["_form"]
    assert {row[0].value: row[1].value for row in form}["period"] == "2024-H2"


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    out.write_bytes(b"filled in by hand")
    assert template(tmp_path / "home", out) == 2
    assert out.read_bytes() == b"filled in by hand"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--form", "nothing", "--out", "t.xlsx"], "there is no form nothing"),
        (["--form", "cluster_report", "--out", "t.xlsx"], "needs --year"),
        (
            ["--form", "cluster_report", "--year", "24", "--out", "t.xlsx"],
            "greater than or equal to 1990",
        ),
        (
            ["--form", "cluster_report", "--year", "2024", "--half", "H1", "--out", "t.xlsx"],
            "no --half",
        ),
        (["--form", "project_report", "--year", "2024", "--out", "t.xlsx"], "needs --half"),
        (["--form", "cluster_report", "--year", "2024", "--out", "t.xlsx"], "needs --cluster"),
        (
            ["--form", "cluster_report", "--year", "2024", "--cluster", "x'y", "--out", "t.xlsx"],
            "needs --cluster",
        ),
        (["--form", "cluster_register", "--year", "2024", "--out", "t.xlsx"], "about no period"),
        (
            ["--form", "cluster_register", "--cluster", "BY-C01", "--out", "t.xlsx"],
            "no single cluster",
        ),
        (["--form", "cluster_register", "--out", "t.ods"], "ends in .xlsx"),
    ],
)
def test_a_wrong_question_is_explained(
    words: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("--home", str(tmp_path / "home"), "form", "template", *words) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_the_forms_with_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "form", "list") == 0
    found = {form["form"]: form for form in json.loads(capsys.readouterr().out)}
    assert {"cluster_report", "project_report", "cluster_register"} <= set(found)
    assert found["project_report"]["period"] == "half_year"
    assert run("form", "list") == 0
    assert "Cluster activity report" in capsys.readouterr().out


def test_what_is_asked_of_the_marts_is_there() -> None:
    for table, (mart, _, order) in _KNOWN.items():
        columns = {column.name for column in REPORT.by_name[table].columns}
        assert columns | set(order.split(", ")) <= set(CONTRACTS[mart]), mart
