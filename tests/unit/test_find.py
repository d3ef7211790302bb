"""`warehouse find`: words in any inflection, code lists, classification, members."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.dbt.conftest import FILE, dbt_build
from tests.dbt.network_rows import Report, staged_reports
from warehouse import cli
from warehouse.errors import WarehouseError
from warehouse.find import Question, find
from warehouse.settings import Settings

NAMES = {
    "BY-C01": ("Кластер приборостроения", "Instrument-making cluster"),
    "BY-C02": ("Мебельный кластер Полесья", "Furniture cluster of Polesie"),
    "KZ-C01": ("Туристический кластер Алматы и Алёшино", "Tourism cluster of Almaty"),
}


def _clusters() -> list[Report]:
    instruments = Report(cluster="BY-C01")
    instruments.member("100000007", name="ОАО «Завод точных приборов»")
    instruments.member("100000008", name="Институт физики", left=date(2023, 12, 31))
    furniture = Report(cluster="BY-C02")
    furniture.member("200000001", name="ЗАО «Пинскдрев»").member("200000002", name="ООО «Завод»")
    tourism = Report(cluster="KZ-C01", is_illustrative=True)
    tourism.member("180740001234", name="ТОО «Горы»", region="KZ-75", activity="I")
    regions = {"BY-C01": "BY-HM", "BY-C02": "BY-BR", "KZ-C01": "KZ-75"}
    activities = {"BY-C01": ["26"], "BY-C02": ["31"], "KZ-C01": ["I"]}
    for report, status in ((instruments, "active"), (furniture, "forming"), (tourism, "active")):
        assert report.cluster is not None
        russian, english = NAMES[report.cluster]
        report.rows["cluster"][0].update(
            name_ru=russian,
            name_en=english,
            home_region_code=regions[report.cluster],
            activity_codes=activities[report.cluster],
        )
        report.says(
            "cluster_status_event", status_code="potential", valid_from=date(2019, 1, 1)
        ).says("cluster_status_event", status_code=status, valid_from=date(2021, 6, 28))
        is_real = report is not tourism
        environment = "real" if is_real else "internet"
        for axis, value in (("scale", "regional"), ("environment", environment)):
            report.says(
                "cluster_classification", axis_code=axis, value_code=f"{axis}.{value}",
                valid_from=date(2021, 1, 1),
            )  # fmt: skip
    furniture.says(
        "cluster_classification", axis_code="scale", value_code="scale.interregional",
        valid_from=date(2023, 1, 1),
    )  # fmt: skip
    furniture.rows["cluster"][0]["further_region_codes"] = ["BY-HO"]
    return [instruments, furniture, tourism]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("find")
    wrong = dbt_build(folder, staged_reports(_clusters()), "+mart_cluster_search")
    assert not wrong, wrong
    settings = Settings.of(folder / "home")
    settings.published.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(folder / FILE, settings.published)
    return settings


def found(settings: Settings, words: str | None = None, **asked: object) -> list[str]:
    names, rows = find(settings, Question(words=words, **asked))  # type: ignore[arg-type]
    return [row[names.index("cluster_id")] for row in rows]


@pytest.mark.parametrize(
    ("words", "clusters"),
    [
        ("мебельный", ["BY-C02"]),
        ("МЕБЕЛЬНОГО кластера", ["BY-C02"]),
        ("полесье", ["BY-C02"]),
        ("приборостроение", ["BY-C01"]),
        ("furnitures", ["BY-C02"]),
        ("tourism clusters", ["KZ-C01"]),
        ("Алешино", ["KZ-C01"]),
        ("алёшина", ["KZ-C01"]),
        ("кластеры", ["BY-C01", "BY-C02", "KZ-C01"]),
        ("Mебель", ["BY-C02"]),
        ("BY-C01", ["BY-C01"]),
        ("Брестской", ["BY-C02"]),
        ("завод", ["BY-C01", "BY-C02"]),
        ("завод приборов", ["BY-C01"]),
        ("действующие", ["BY-C01", "KZ-C01"]),
        ("интернет", ["KZ-C01"]),
        ("физики", []),
        ("медицина", []),
        ("мебель медицина", []),
        ("ель", []),
        ("!!!", []),
        ("77 % '\" \\", []),
    ],
)
def test_words_are_found_in_any_inflection(
    settings: Settings, words: str, clusters: list[str]
) -> None:
    assert sorted(found(settings, words)) == clusters


@pytest.mark.parametrize(
    ("asked", "clusters"),
    [
        ({}, ["BY-C01", "BY-C02", "KZ-C01"]),
        ({"country": "BY"}, ["BY-C01", "BY-C02"]),
        ({"region": "BY"}, ["BY-C01", "BY-C02"]),
        ({"region": "BY-HO"}, ["BY-C02"]),
        ({"region": "BY-MI"}, []),
        ({"activity": "C"}, ["BY-C01", "BY-C02"]),
        ({"activity": "I"}, ["KZ-C01"]),
        ({"status": "active"}, ["BY-C01", "KZ-C01"]),
        ({"status": "potential"}, []),
        ({"axes": ("scale=regional",)}, ["BY-C01", "KZ-C01"]),
        ({"axes": ("scale=regional", "environment=internet")}, ["KZ-C01"]),
        ({"axes": ("scale=interregional",)}, ["BY-C02"]),
        ({"member": "200000001"}, ["BY-C02"]),
        ({"member": "пинскдрев"}, ["BY-C02"]),
        ({"member": "завода приборов"}, ["BY-C01"]),
        ({"member": "пинскдрев завод"}, []),
        ({"member": "институт физики"}, []),
        ({"words": "кластер", "country": "BY", "status": "forming"}, ["BY-C02"]),
    ],
)
def test_options_narrow_the_search(
    settings: Settings, asked: dict[str, object], clusters: list[str]
) -> None:
    assert found(settings, **asked) == clusters


def test_what_is_found_in_the_name_stands_first(settings: Settings) -> None:
    names, rows = find(settings, Question(words="кластеры"))
    assert [row[names.index("found_in")] for row in rows] == ["name"] * 3
    names, rows = find(settings, Question(words="приборы"))
    assert [(row[0], row[names.index("found_in")]) for row in rows] == [("BY-C01", "name")]
    names, rows = find(settings, Question(words="заводы"))
    assert {row[names.index("found_in")] for row in rows} == {"member"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"region": "BY-BRR"}, "BY-BR"),
        ({"activity": "XX"}, "--activity"),
        ({"status": "activ"}, "active (действующий)"),
        ({"axes": ("scale=regionl",)}, "scale=regional (региональный)"),
        ({"axes": ("regional",)}, "scale=regional (региональный)"),
        ({"axes": ("scale.regional",)}, "scale=regional (региональный)"),
        ({"country": "ZZ"}, "--country"),
    ],
)
def test_a_code_that_no_list_has_is_refused(
    settings: Settings, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(WarehouseError) as error:
        found(settings, **asked)
    assert error.value.problem.code == "query_failed"
    assert said in error.value.problem.message


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError) as error:
        find(Settings.of(tmp_path), Question(words="кластер"))
    assert error.value.problem.code == "nothing_published"


def test_a_warehouse_of_before_is_said(tmp_path: Path) -> None:
    import duckdb

    settings = Settings.of(tmp_path)
    settings.published.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.published)) as connection:
        connection.execute("create schema marts")
    with pytest.raises(WarehouseError) as error:
        find(settings, Question(words="кластер"))
    assert "an older one" in error.value.problem.message


def _run(capsys: pytest.CaptureFixture[str], settings: Settings, *words: str) -> str:
    with pytest.raises(SystemExit) as left:
        cli.main(["--home", str(settings.home), "find", *words])
    assert left.value.code == 0
    return capsys.readouterr().out


def test_the_command_prints_tables_csv_and_json(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    table = _run(capsys, settings, "мебельный", "кластер", "--axis", "scale=interregional")
    assert "BY-C02" in table and "Мебельный кластер Полесья" in table
    assert "BY-C01" not in table
    lines = _run(capsys, settings, "--country", "BY", "--format", "csv").splitlines()
    assert lines[0].startswith("cluster_id,name_ru,name_en")
    assert [line.partition(",")[0] for line in lines[1:]] == ["BY-C01", "BY-C02"]
    (row,) = json.loads(_run(capsys, settings, "туристические", "--format", "json"))
    assert (row["cluster_id"], row["is_illustrative"]) == ("KZ-C01", True)
    assert json.loads(_run(capsys, settings, "медицина", "--json")) == []
