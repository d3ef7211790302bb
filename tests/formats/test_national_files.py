"""Golden values of tables of Rosstat, Belstat and Eurostat, looked up in the files themselves."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.layout.reading import codes, observations, only, read_file
from tests.shared import shared_data

pytestmark = pytest.mark.shared


@pytest.fixture
def data() -> Path:
    return shared_data()


def taken_in(path: Path, contract: str, rows: int, *refused: str) -> pd.DataFrame:
    reading = read_file(path)
    assert (reading.outcome_code, codes(reading)) == ("accepted", list(refused))
    assert reading.contract is not None
    assert reading.contract.id == contract
    frame = observations(reading)
    assert len(frame) == rows
    assert frame["observation_id"].is_unique
    return frame


def test_gross_regional_product(data: Path) -> None:
    frame = taken_in(data / "rosstat/razdel9_vrp.xlsx", "rosstat/grp_by_region", 13632)
    belgorod = frame[frame["region_code"] == "RU-BEL"]
    grp = only(belgorod, indicator_code="grp", year=2017)
    assert (grp["value"], grp["unit_code"], grp["cell"]) == (785646.7, "mln_RUB", "9.1.!S8")
    head = only(belgorod, indicator_code="grp_per_capita", year=2001)
    assert (head["value"], head["unit_code"]) == (33126.7, "RUB_per_person")
    assert (
        only(frame, indicator_code="grp_volume_index", region_code="RU", year=2000)["value"]
        == 110.6
    )
    own = only(belgorod, indicator_code="final_consumption_per_capita", year=2000)
    assert own["value"] == 19420.9
    formation = only(belgorod, indicator_code="capital_formation", year=2015)
    assert formation["value"] == 156280
    parts = belgorod[belgorod["year"] == 2010].set_index("indicator_code")["value"]
    both = parts["final_consumption_own"] + parts["final_consumption_transfers"]
    assert both == pytest.approx(parts["final_consumption"], abs=0.2)


def test_research_personnel(data: Path) -> None:
    frame = taken_in(data / "rosstat/nauka_2.xls", "rosstat/rd_personnel", 5310)
    russia = frame[frame["region_code"] == "RU"]
    assert only(russia, indicator_code="rd_researchers", year=2000)["value"] == 425954
    twice = russia[(russia["indicator_code"] == "rd_personnel") & (russia["year"] == 2024)]
    assert set(twice["value"]) == {675696}  # printed on two sheets, kept once
    crimea = only(frame, region_code="RU-CR", indicator_code="rd_personnel", year=2024)
    assert crimea["value"] == 2177
    assert "2014" in crimea["footnote"]
    other = only(frame, region_code="RU-BEL", indicator_code="rd_other_staff", year=2024)
    assert (other["value"], other["cell"]) == (237, "2!BD10")
    hidden = frame[frame["reason_code"] == "confidential"]
    assert len(hidden) == 245
    assert hidden["footnote"].str.contains("конфиденциальности").all()


def test_fixed_assets_across_a_change_of_classifier(data: Path) -> None:
    path = data / "rosstat/average_economic_activity.xlsx"
    frame = taken_in(path, "rosstat/fixed_assets", 1104)
    fishing = only(frame, activity_code="B", activity_classifier="OKVED_2007", year=2016)
    assert fishing["value"] == 328870
    machines = only(
        frame, activity_code="C", activity_classifier="OKVED2", by_asset="MACHINERY", year=2017
    )
    assert (machines["value"], machines["cell"]) == (14108301, "2!F9")
    total = only(frame, activity_code="TOTAL", by_asset="_T", year=2024)
    assert total["footnote"].count(" | ") == 1  # «2024 1) 2)»


def test_output_and_index_by_activity(data: Path) -> None:
    output = taken_in(data / "rosstat/otgruzka_C_D_E.xlsx", "rosstat/output_by_activity", 228)
    assert only(output, activity_code="DN", year=2016)["value"] == 2698474
    assert only(output, activity_code="DA", year=2005)["value"] == 1485653
    index = taken_in(data / "rosstat/Индекс_производства.xlsx", "rosstat/production_index", 500)
    row = only(index, activity_code="D", year=2009)
    assert (row["value"], row["unit_code"]) == (84.8, "pct_of_same_period_last_year")


def test_creative_economy(data: Path) -> None:
    path = data / "rosstat/Indicators_of_Creative_Economy_2021-2024.xlsx"
    frame = taken_in(path, "rosstat/creative_economy", 20)
    employees = only(frame, indicator_code="employees", year=2024)
    assert (employees["value"], employees["unit_code"]) == (1190687, "persons")
    money = only(frame, indicator_code="investment", year=2021)
    assert (money["value"], money["unit_code"]) == (323.443275, "bln_RUB")
    assert money["footnote"].startswith("2) По крупным и средним")


def test_yearbook_in_word(data: Path) -> None:
    path = data / "rosstat/yb2023_R_22.docx"
    frame = taken_in(path, "rosstat/yearbook_science", 215, "number_unreadable")
    support = only(frame, indicator_code="rd_support_staff", year=2010)
    assert (support["value"], support["cell"]) == (183713, "table 4!C6")
    belgorod = frame[frame["region_code"] == "RU-BEL"]
    assert only(belgorod, indicator_code="rd_personnel")["value"] == 1478
    spend = only(belgorod, indicator_code="rd_spend")
    assert (spend["value"], spend["unit_code"], spend["year"]) == (4.3, "bln_RUB", 2022)
    refused = read_file(path).rejected.to_pylist()[0]
    assert (refused["value_printed"], refused["cell"]) == ("10 1439", "table 34!B53")
    jewish = only(frame, region_code="RU-YEV", indicator_code="rd_spend")
    assert jewish["reason_code"] == "confidential"


def test_population_by_age_of_the_portal_and_its_export(data: Path) -> None:
    answer = taken_in(
        data / "belstat/dataportal_age_1990-1999.json", "belstat/population_by_age", 360
    )
    girls = only(answer, by_age="Y0-4", by_sex="F", by_locality="_T", year=1990)
    assert (girls["value"], girls["value_printed"]) == (395396, "395\u00a0396,0")
    export = taken_in(data / "belstat/dataportal_sample.xlsx", "belstat/population_by_age", 204)
    oldest = only(export, region_code="BY-BR", by_age="Y_GE80", by_sex="F", year=2026)
    assert (oldest["value"], oldest["cell"]) == (31908, "10101100003!G75")


def test_employees_of_europe(data: Path) -> None:
    frame = taken_in(data / "lq/EU28.emp.csv", "eurostat/nama_10_a10_e", 3000)
    germany = frame[frame["region_code"] == "DE"]
    assert only(germany, activity_code="B-E", year=2010)["value"] == 7411
    assert only(germany, activity_code="F", year=2010)["unit_code"] == "thousand_persons"
