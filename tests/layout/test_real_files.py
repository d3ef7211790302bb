"""Golden values of the real files: looked up by eye in the printed tables."""

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


def accepted(path: Path, contract: str, rows: int) -> pd.DataFrame:
    reading = read_file(path)
    assert reading.outcome_code == "accepted"
    assert reading.contract is not None
    assert reading.contract.id == contract
    assert codes(reading) == []
    frame = observations(reading)
    assert len(frame) == rows
    assert frame["observation_id"].is_unique
    return frame


def test_belstat_wage_by_region(data: Path) -> None:
    frame = accepted(
        data / "belstat/wage_10218000003_2020-2026.json", "belstat/wage_by_region", 959
    )
    row = only(frame, region_code="BY", year=2024)
    assert (row["value"], row["value_printed"], row["value_digits"]) == (2288.6, "2\u00a0288,6", 1)
    assert (row["unit_code"], row["cell"]) == ("BYN_per_month", "/tableRows/0/5/value")
    absent = only(frame, region_code="BY", year=2026)
    assert pd.isna(absent["value"])
    assert (absent["reason_code"], absent["obs_status"]) == ("not_published", "O")
    assert only(frame, region_printed="Берёзовский", year=2020)["value"] == 1077.8
    assert frame[frame["year"] == 2026]["value"].isna().all()
    rest = frame[frame["region_printed"].str.startswith("Не распределено")]
    assert len(rest) == 7


def test_belstat_grp_per_head(data: Path) -> None:
    path = data / "belstat/grp_pc_10202100055_2020-2026.json"
    frame = accepted(path, "belstat/grp_per_capita", 49)
    assert only(frame, region_code="BY-BR", year=2024)["value"] == 22800.1
    assert only(frame, region_code="BY-HM", year=2020)["value"] == 20387.4
    assert set(frame[frame["value"].isna()]["year"]) == {2025, 2026}


def test_belstat_net_migration(data: Path) -> None:
    path = data / "belstat/belstat_net_oblast_2010-2019.json"
    frame = accepted(path, "belstat/net_migration", 1730)
    total = {"by_flow": "_T", "by_partner": "_T", "year": 2010}
    assert only(frame, region_code="BY", **total)["value"] == 10303
    assert (frame["value"] < 0).any()
    cis = frame[(frame["region_code"] == "BY") & (frame["by_flow"] == "INTERNATIONAL_CIS")]
    assert only(cis, year=2010, by_partner="_T")["value"] == 9263


def test_belstat_employment_by_raion(data: Path) -> None:
    path = data / "belstat/empl_person_10102000017_2010-2019.json"
    frame = accepted(path, "belstat/employment_by_raion", 1280)
    assert only(frame, region_printed="Барановичский", year=2010)["value"] == 20062
    assert frame["region_code"].nunique() == 128


@pytest.mark.parametrize(
    ("month", "first", "last", "formulas"),
    [("03", 2161.1, 1064.2, 0), ("06", 2270.0, 1129.9, 0), ("07", 2355.1, 1154.7, 360)],
)
def test_belstat_wage_bulletins_share_one_contract(
    data: Path, month: str, first: float, last: float, formulas: int
) -> None:
    path = data / f"belstat/nach_sr_zarplata-24{month}.xlsx"
    frame = accepted(path, "belstat/wage_by_activity", 360)
    wage = frame[frame["indicator_code"] == "wage_nominal"]
    end = date(2024, int(month), 31 if month != "06" else 30)
    total = only(wage, activity_code="TOTAL", period_kind="month")
    assert (total["value"], total["period_start"]) == (first, date(2024, int(month), 1))
    hairdressers = only(
        wage,
        activity_printed="предоставление услуг парикмахерскими и салонами красоты",
        period_kind="cumulative",
    )
    assert (hairdressers["value"], hairdressers["period_start"]) == (last, date(2024, 1, 1))
    assert hairdressers["period_end"] == end
    assert int(frame["is_formula"].sum()) == formulas
    assert (frame["value_digits"] == 1).all()
    index = frame[frame["indicator_code"] == "wage_real_index"]
    assert set(index["unit_code"]) == {"pct_of_same_period_last_year"}


def test_kazakhstan_population(data: Path) -> None:
    frame = accepted(data / "kazakhstan/pop_source.xlsx", "kz-bns/population", 3384)
    everyone = frame[(frame["by_sex"] == "_T") & (frame["by_locality"] == "_T")]
    assert only(everyone, region_code="KZ", year=2023)["value"] == 19766807
    assert only(everyone, region_code="KZ-10", year=2022)["value"] == 611888
    before = only(everyone, region_code="KZ-10", year=2021)
    assert pd.isna(before["value"])
    assert (before["reason_code"], before["obs_status"]) == ("region_not_existing", "M")
    south = only(everyone, region_code="KZ-51", year=2016)
    assert (south["value"], south["region_printed"]) == (2840871, "Туркестанская 1")
    assert "Южно-Казахстанской" in south["footnote"]
    assert only(everyone, region_code="KZ-61", year=2017)["value"] == 1966336
    assert only(everyone, region_code="KZ-79", year=2017)["value"] == 912300
    men = frame[(frame["by_sex"] == "M") & (frame["by_locality"] == "URB")]
    assert only(men, region_code="KZ", year=2000)["value"] == 3929825
    assert "KZ-51" not in set(frame[frame["year"] > 2016]["region_code"])


def test_rosstat_innovation_refuses_the_damaged_header(data: Path) -> None:
    reading = read_file(data / "rosstat/innovations_1.xls")
    assert reading.outcome_code == "accepted"
    assert codes(reading) == ["header_unreadable"]
    refused = reading.rejected.to_pylist()[0]
    assert (refused["cell"], refused["value_printed"]) == ("2!J4", "20210)")
    frame = observations(reading)
    assert set(frame["table_name"]) == {"1", "2", "3"}
    regions = frame[frame["table_name"] == "1"]
    old = only(regions, region_code="RU", year=2017, by_methodology="oslo_3")
    new = only(regions, region_code="RU", year=2017, by_methodology="oslo_4")
    assert (old["value"], new["value"]) == (8.5, 14.605187775341275)
    assert new["value_digits"] == 1
    marked = only(regions, region_code="RU", year=2022)
    assert marked["value"] == 10.962376940832955
    assert marked["footnote"].startswith("3) Без учета")
    absent = only(regions, region_code="RU-KL", year=2010)
    assert absent["reason_code"] == "none_occurs"
    activity = only(frame[frame["table_name"] == "2"], activity_code="C", year=2024)
    assert (activity["value"], activity["activity_classifier"]) == (23.705644201000236, "OKVED2")
    assert 2023 not in set(frame[frame["table_name"] == "2"]["year"])
    earlier = only(frame[frame["table_name"] == "3"], activity_code="C", year=2010)
    assert (earlier["value"], earlier["activity_classifier"]) == (7.8, "OKVED_2007")


def test_rosstat_shipments(data: Path) -> None:
    path = data / "rosstat/otgruzka_C_D_E_sub.xlsx"
    frame = accepted(path, "rosstat/output_shipped", 3456)
    assert set(frame["activity_code"]) == {"C", "D", "E"}
    assert only(frame, region_code="RU", activity_code="D", year=2005)["value"] == 8871976
    assert only(frame, region_code="RU-MOW", activity_code="C", year=2016)["value"] == 966513
    kalmykia = only(frame, region_code="RU-KL", activity_code="C", year=2016)
    assert (kalmykia["reason_code"], kalmykia["conf_status"]) == ("confidential", "C")
    assert kalmykia["footnote"].startswith("3 Данные не публикуются")
    chechnya = only(frame, region_code="RU-CE", activity_code="C", year=2005)
    assert chechnya["reason_code"] == "not_available"
    assert set(frame["unit_code"]) == {"mln_RUB"}


def test_eurostat_employment(data: Path) -> None:
    path = data / "eurostat/lfst_r_lfe2en2.tsv"
    frame = accepted(path, "eurostat/lfst_r_lfe2en2", 28065 * 8)
    young = frame[(frame["by_age"] == "Y15-24") & (frame["activity_code"] == "A")]
    austria = only(young, region_code="AT", year=2015)
    assert (austria["value"], austria["obs_status"], austria["cell"]) == (14.3, "A", "B2")
    broken = only(young, region_code="AT", year=2008)
    assert (broken["value"], broken["obs_status"], broken["value_printed"]) == (13.1, "B", "13.1 b")
    assert only(young, region_code="AT1", year=2015)["obs_status"] == "U"
    assert only(young, region_code="AT13", year=2010)["reason_code"] == "confidential"
    assert only(young, region_code="AT11", year=2015)["reason_code"] in {
        "low_reliability",
        "not_available",
    }


def test_german_laender(data: Path) -> None:
    path = data / "lq/G.regions.industries.csv"
    frame = accepted(path, "destatis/laender_industries", 272 * 2 + 16 * 2)
    bw = frame[frame["region_code"] == "DE-BW"]
    assert only(bw, indicator_code="employment", activity_code="C")["value"] == 1507000
    assert only(bw, indicator_code="population")["value"] == 10879618
    assert only(bw, indicator_code="area")["value"] == 35676.76


def test_no_contact_person_is_read_or_named(data: Path) -> None:
    for name in (
        "rosstat/innovations_1.xls", "rosstat/otgruzka_C_D_E_sub.xlsx", "rosstat/nauka_2.xls",
        "rosstat/otgruzka_C_D_E.xlsx", "rosstat/average_economic_activity.xlsx",
        "rosstat/Индекс_производства.xlsx", "emiss/sdmx_example.xml",
    ):  # fmt: skip
        reading = read_file(data / name)
        said = str(reading.rejected.to_pylist()) + str(
            set(reading.observations["footnote"].to_pylist())
        )
        assert "Содержание" not in set(reading.observations["table_name"].to_pylist())
        assert "тел" not in said.lower().split()
        assert "доб." not in said
