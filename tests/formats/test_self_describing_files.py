"""Golden values of real self-describing files, looked up in the raw JSON, XML and text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.layout.reading import codes, observations, only, read_file
from tests.shared import shared_data

pytestmark = pytest.mark.shared


@pytest.fixture
def data() -> Path:
    return shared_data()


def taken_in(path: Path, contract: str, format_code: str, rows: int) -> pd.DataFrame:
    reading = read_file(path)
    assert (reading.outcome_code, codes(reading)) == ("accepted", [])
    assert reading.contract is not None
    assert (reading.contract.id, reading.format_code) == (contract, format_code)
    frame = observations(reading)
    assert len(frame) == rows
    assert frame["observation_id"].is_unique
    return frame


def test_json_stat_2_dense(data: Path) -> None:
    frame = taken_in(data / "jsonstat/galicia.json", "ine-es/population_galicia", "json_stat", 132)
    total = only(frame, by_age="_T", by_sex="_T", year=2001)
    assert (total["value"], total["cell"], total["region_code"]) == (2695880, "/value/0", "ES11")
    women = only(frame, by_age="_T", by_sex="F", year=2011)
    men = only(frame, by_age="_T", by_sex="M", year=2011)
    both = only(frame, by_age="_T", by_sex="_T", year=2011)
    assert both["value"] == 2772928
    assert women["value"] + men["value"] == 2772927  # estimated from a sample, each rounded
    youngest = only(frame, by_age="Y0-4", by_sex="_T", year=2001)  # id «0» is not the age 0
    assert (youngest["value"], youngest["cell"]) == (94722, "/value/30")


def test_json_stat_1_with_statuses(data: Path) -> None:
    frame = taken_in(
        data / "jsonstat/eurostat-name_gpd_c-geo_IT_FR.json",
        "eurostat/nama_gdp_c",
        "json_stat",
        138,
    )
    first = only(frame, region_code="FR", year=1975)
    assert (first["value"], first["value_printed"]) == (5300, "5300")
    absent = only(frame, region_code="FR", year=1946)
    assert pd.isna(absent["value"])
    assert (absent["reason_code"], absent["obs_status"]) == ("not_available", "O")
    assert set(frame["unit_code"]) == {"EUR_per_person"}


def test_json_stat_2_sparse_with_flags(data: Path) -> None:
    frame = taken_in(
        data / "eurostat/eurostat_migr_resfirst_BY.json", "eurostat/migr_resfirst", "json_stat", 328
    )
    row = only(frame, region_code="EU27_2020", year=2015)
    assert (row["value"], row["cell"]) == (81438, "/value/0")
    assert only(frame, region_code="BE", year=2016)["value"] == 85
    assert set(frame["by_citizenship"]) == {"BY"}
    assert {"A", "B", "U"} >= set(frame["obs_status"]) > {"A"}


def test_px_without_a_code_page(data: Path) -> None:
    frame = taken_in(data / "px/14001.px", "ine-es/marriages", "px", 20)
    assert only(frame, region_code="ES")["value"] == 162743
    parts = frame[frame["region_code"] != "ES"]
    andalusia = only(frame, region_code="ES61")
    assert (andalusia["value"], andalusia["cell"]) == (29038, "DATA[384]")
    assert parts["value"].sum() == 162743 - 2044  # the rest lives abroad


def test_px_and_csv_of_one_table(data: Path) -> None:
    old = taken_in(data / "px/1443.px", "ine-es/fertility_rate", "px", 820)
    new = taken_in(data / "px/1443.csv", "ine-es/fertility_rate", "csv", 860)
    spain = only(old, region_code="ES", year=2015)
    assert (spain["value"], spain["value_digits"], spain["cell"]) == (38.999108, 6, "DATA[0]")
    assert only(new, region_code="ES", year=2017)["value"] == 37.222794
    both = old.merge(new, on=["region_code", "year"])
    assert len(both) == 820
    assert (both["value_x"] == both["value_y"]).mean() > 0.9  # a later vintage


def test_sdmx_ml_2_1(data: Path) -> None:
    frame = taken_in(
        data / "sdmx/INSEE_IPI-2010-A21.xml", "insee/production_index", "sdmx_ml", 3100
    )
    mining = frame[(frame["activity_code"] == "B") & (frame["by_adjustment"] == "NSA")]
    row = only(mining, period_start=date(2015, 10, 1))
    assert (row["value"], row["value_digits"], row["cell"]) == (105.61, 2, "M.B.BRUT:2015-10")
    assert row["period_kind"] == "month"
    rates = taken_in(
        data / "sdmx/ECB_EXR_1_M.USD.EUR.SP00.A.xml", "ecb/exchange_rates", "sdmx_ml", 252
    )
    assert only(rates, period_start=date(1999, 1, 1))["value"] == 1.16078
    long = only(rates, period_start=date(1999, 3, 1))
    assert (long["value_printed"], long["value"]) == ("1.088295652173913", 1.088295652173913)


def test_sdmx_ml_1_0_without_its_contacts(data: Path) -> None:
    path = data / "emiss/sdmx_example.xml"
    frame = taken_in(path, "rosstat/population_women_emiss", "sdmx_ml", 22)
    row = only(frame, year=1990)
    assert (row["value"], row["region_code"], row["by_sex"]) == (78549601, "RU", "F")
    assert row["cell"] == "1.643.w2:p_mest:11:1990"
    assert only(frame, year=2010)["value"] == 76817619
    everything = " ".join(map(str, frame.astype(str).to_numpy().ravel()))
    assert "@" not in everything
    assert "(495)" not in everything


def test_sdmx_json_flat(data: Path) -> None:
    frame = taken_in(data / "sdmx/ECB_EXR_flat.json", "ecb/exchange_rates", "sdmx_json", 4)
    row = only(frame, by_currency="RUB", period_start=date(2013, 1, 21))
    assert (row["value"], row["value_printed"], row["value_digits"]) == (40.3, "40.3000", 4)
    assert row["cell"] == "/dataSets/0/observations/1:1/0"
    assert row["period_kind"] == "date"


def test_eurostat_tsv_old_style(data: Path) -> None:
    frame = taken_in(
        data / "eurostat/nama_10r_2gdp.tsv", "eurostat/nama_10r_2gdp", "eurostat_tsv", 12450
    )
    grp = only(frame, indicator_code="grp", region_code="AT", year=2014)
    assert (grp["value"], grp["unit_code"]) == (329296, "mln_EUR")
    head = only(frame, indicator_code="grp_per_capita", region_code="AT11", year=2000)
    assert (head["value"], head["unit_code"], head["cell"]) == (17300, "EUR_per_person", "P4")
