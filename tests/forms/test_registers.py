"""Registers and classifiers that are not ours, read by forms: real files, and specimens of them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.forms.test_reader import read, refusals, rows
from tests.shared import shared_data

REGISTRY = "clusters/CurrentOrganizationsAndClusters.csv"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "counts", "refused"),
    [
        (REGISTRY, {"organisation": 145, "cluster": 42, "membership": 237}, 0),
        ("clusters/monotowns.csv", {"organisation": 46}, 0),
        ("clusters/clusters-list.json", {"category_activity": 1077}, 2),
        ("clusters/NAICS_crosswalks_to_Cluster_system.xlsx", {"category_activity": 992}, 0),
    ],
)
def test_real_registers(name: str, counts: dict[str, int], refused: int) -> None:
    reading = read(shared_data() / name)
    assert reading.outcome_code == "accepted"
    found = {table: staged.num_rows for table, staged in reading.tables.items()}
    assert {table: found[table] for table in counts} == counts
    assert found.get("rejected_cell", 0) == refused


def test_a_register_with_repeats_knows_each_thing_once(tmp_path: Path) -> None:
    """Bare CR line ends and repeated lines, as the published registry has them."""
    path = tmp_path / "registry.csv"
    lines = [
        "org_id,org_title,cluster_name",
        '1001,"Made, Up Inc",Water Parks',
        "1002,Other,Water Parks",
    ]
    path.write_bytes("\r".join([*lines, lines[1], '1001,"Made, Up Inc",Air & Space']).encode())
    reading = read(path)
    assert refusals(reading) == []
    assert [(row["organisation_id"], row["name"]) for row in rows(reading, "organisation")] == [
        ("US:1001", "Made, Up Inc"),
        ("US:1002", "Other"),
    ]
    assert [row["cluster_id"] for row in rows(reading, "cluster")] == [
        "US-WATER-PARKS",
        "US-AIR-SPACE",
    ]
    assert len(rows(reading, "membership")) == 3
    assert len({row["row_id"] for table in ("organisation", "cluster", "membership")
                for row in rows(reading, table)}) == 7  # fmt: skip


def test_a_register_that_contradicts_itself_is_refused_there(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text("org_id,org_title,cluster_name\n1001,One,A B\n1001,Two,A B\n")
    reading = read(path)
    assert refusals(reading) == [
        ("key_duplicate", "A2"),
        ("key_duplicate", "A3"),
        ("name_unknown", "A2"),
    ]
    assert set(reading.tables) == {"cluster", "submission", "rejected_cell"}


def test_enterprises_without_a_number_stand_under_the_key_of_their_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "city_id,city_ru,enterprise_ru,enterprise_en,industry,mono_dependence\n"
        "c-one,Городок,«Завод «Один»»,One,сталь,high\n"
    )
    assert rows(read(path), "organisation")[0]["organisation_id"] == "BY:list/c-one"


def test_definitions_of_clusters_give_a_row_for_each_activity(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    record = {"id": "1", "name_t": "Air", "naics_txt": ["111", "222"], "year_t": "2007",
              "key_t": "air", "sub_clusters": {"1": "x"}}  # fmt: skip
    path.write_text(json.dumps([record]))
    found = rows(read(path), "category_activity")
    assert [(row["category_code"], row["activity_code"], row["cell"]) for row in found] == [
        ("air", "111", "/0/name_t"),
        ("air", "222", "/0/name_t"),
    ]
    assert len({row["row_id"] for row in found}) == 2


def test_a_crosswalk_has_codes_as_text_and_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Emsi NAICS to Porter Cluster"
    sheet.append(["NAICS ", "TradedLocal", "Cluster", "SubclusterName",
                  "EmsiSpecificNAICS (non standard)", "Description"])  # fmt: skip
    sheet.append(["336411", "Traded", "Air Craft", "Wings", False, "Making wings"])
    sheet.append([445110, "Local", "Shops", None, False, None])
    path = tmp_path / "crosswalk.xlsx"
    book.save(path)
    found = rows(read(path), "category_activity")
    assert [(row["activity_code"], row["category_code"], row["sector_code"]) for row in found] == [
        ("336411", "air_craft", "Traded"),
        ("445110", "shops", "Local"),
    ]


def test_a_register_speaks_of_what_it_describes(tmp_path: Path) -> None:
    """A row about a stranger would otherwise stop the build of everything else."""
    clusters = [{"cluster_id": "BY-C01", "name_ru": "К", "home_region_code": "BY-BR"},
                {"cluster_id": "BY-C02", "name_ru": "К", "home_region_code": "нигде"}]  # fmt: skip
    events = [
        {"cluster_id": f"BY-C0{number}", "status_code": "active", "valid_from": "2020-01-01"}
        for number in (1, 2, 3)
    ]
    path = tmp_path / "register.json"
    path.write_text(
        json.dumps({"form": "cluster_register", "version": "1",
                    "tables": {"cluster": clusters, "status_event": events}})
    )  # fmt: skip
    reading = read(path)
    assert refusals(reading) == [
        ("name_unknown", "/tables/cluster/1/home_region_code"),
        ("name_unknown", "/tables/status_event/1/cluster_id"),
        ("name_unknown", "/tables/status_event/2/cluster_id"),
    ]
    assert [row["cluster_id"] for row in rows(reading, "cluster_status_event")] == ["BY-C01"]
