"""The code lists: whole, sorted, without dangling codes, and covering what offices print."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlrd
import yaml

from tests.shared import shared_data
from warehouse.conform.codelists import CodeLists
from warehouse.conform.names import NameIndex, normalise
from warehouse.settings import PROJECT

SEEDS = PROJECT / "dbt" / "seeds"
KEYS = {
    "activities": ["classifier_code", "activity_code"],
    "activity_aliases": ["classifier_code", "alias"],
    "benchmarks": ["benchmark_code"],
    "classifiers": ["classifier_code"],
    "cross_checks": ["factor_code", "base_code", "product_code"],
    "currencies": ["currency_code"],
    "dimension_aliases": ["dimension_code", "alias"],
    "dimension_values": ["dimension_code", "value_code"],
    "index_components": ["index_code", "index_version", "component_code"],
    "indexes": ["index_code", "index_version"],
    "indicators": ["indicator_code"],
    "reasons": ["reason_code"],
    "region_aliases": ["country_code", "alias", "region_code"],
    "region_links": ["from_code", "to_code", "event_on"],
    "regions": ["region_code"],
    "statuses": ["status_kind", "status_code"],
    "symbols": ["symbol"],
    "unit_aliases": ["alias", "unit_code"],
    "units": ["unit_code"],
}
REFERENCES = [
    ("activities", ["classifier_code"], "classifiers", ["classifier_code"]),
    ("activities", ["classifier_code", "parent_code"], "activities", KEYS["activities"]),
    ("activity_aliases", KEYS["activities"], "activities", KEYS["activities"]),
    ("benchmarks", ["unit_code"], "units", ["unit_code"]),
    ("cross_checks", ["factor_code"], "indicators", ["indicator_code"]),
    ("cross_checks", ["base_code"], "indicators", ["indicator_code"]),
    ("cross_checks", ["product_code"], "indicators", ["indicator_code"]),
    ("currencies", ["successor_code"], "currencies", ["currency_code"]),
    (
        "dimension_values",
        ["dimension_code", "parent_code"],
        "dimension_values",
        KEYS["dimension_values"],
    ),
    ("dimension_aliases", KEYS["dimension_values"], "dimension_values", KEYS["dimension_values"]),
    ("index_components", ["component_code"], "indicators", ["indicator_code"]),
    ("index_components", ["index_code", "index_version"], "indexes", KEYS["indexes"]),
    ("indicators", ["unit_kind"], "units", ["unit_kind"]),
    (
        "region_aliases",
        ["country_code", "region_code"],
        "regions",
        ["country_code", "region_code"],
    ),
    ("region_links", ["from_code"], "regions", ["region_code"]),
    ("region_links", ["to_code"], "regions", ["region_code"]),
    ("regions", ["country_code", "parent_code"], "regions", ["country_code", "region_code"]),
    ("symbols", ["reason_code"], "reasons", ["reason_code"]),
    ("unit_aliases", ["unit_code"], "units", ["unit_code"]),
    ("units", ["base_unit_code"], "units", ["unit_code"]),
    ("units", ["currency_code"], "currencies", ["currency_code"]),
]
NACE_FAMILY = ("OKRB_005_2011", "OKVED2", "OKED_KZ", "NACE_R2", "WZ_2008")


@pytest.fixture(scope="module")
def lists() -> CodeLists:
    return CodeLists.load(SEEDS)


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)


def only(frame: pd.DataFrame, **equal: str) -> pd.DataFrame:
    for column, value in equal.items():
        frame = frame[frame[column] == value]
    return frame


def test_every_list_has_a_key_here() -> None:
    assert {path.stem for path in SEEDS.glob("*.csv")} == set(KEYS)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_file_is_plain_and_sorted(name: str) -> None:
    raw = (SEEDS / f"{name}.csv").read_bytes()
    text = raw.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert b"\r" not in raw
    assert text.endswith("\n")
    header, *rows = csv.reader(io.StringIO(text))
    assert all(len(row) == len(header) for row in rows)
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []
    keys = [tuple(row[header.index(column)] for column in KEYS[name]) for row in rows]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    assert all(all(key) for key in keys)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_columns_are_described_and_typed(name: str) -> None:
    seeds = yaml.safe_load((SEEDS / "_seeds.yml").read_text(encoding="utf-8"))["seeds"]
    seed = next(seed for seed in seeds if seed["name"] == name)
    columns = list(read(name).columns)
    assert [column["name"] for column in seed["columns"]] == columns
    assert list(seed["config"]["column_types"]) == columns
    assert all(column["description"].strip() for column in seed["columns"])


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r[0]}.{r[1][-1]}")
def test_codes_lead_somewhere(reference: tuple[str, list[str], str, list[str]]) -> None:
    name, columns, target, target_columns = reference
    frame = read(name)[columns].drop_duplicates()
    used = {key for key in frame.itertuples(index=False, name=None) if all(key)}
    known = set(read(target)[target_columns].itertuples(index=False, name=None))
    assert used
    assert used - known == set()


@pytest.mark.parametrize(
    ("name", "scope"), [("activities", "classifier_code"), ("dimension_values", "dimension_code")]
)
def test_parents_have_no_circles(name: str, scope: str) -> None:
    code = KEYS[name][1]
    for _, group in read(name).groupby(scope):
        parents = dict(zip(group[code], group["parent_code"], strict=True))
        assert all(ancestors(key, parents) is not None for key in parents)


def ancestors(code: str, parents: dict[str, str]) -> list[str] | None:
    """The chain of parents; None when it runs in a circle."""
    chain: list[str] = []
    while code := parents.get(code, ""):
        if code in chain:
            return None
        chain.append(code)
    return chain


def regions_with_parents() -> pd.DataFrame:
    regions = read("regions").astype({"region_level": int})
    return regions.merge(
        regions,
        left_on="parent_code",
        right_on="region_code",
        suffixes=("", "_of_parent"),
    )


def test_parent_regions_stand_above() -> None:
    pairs = regions_with_parents()
    assert (pairs["region_level_of_parent"] < pairs["region_level"]).all()
    top = only(read("regions"), parent_code="")
    assert set(top["region_type"]) == {"country", "aggregate"}
    assert set(top["region_level"]) == {"0"}


def test_validity_is_a_span_that_meets_the_parents() -> None:
    pairs = regions_with_parents()
    begin = pairs["valid_from"].replace("", "0001-01-01")
    end = pairs["valid_to"].replace("", "9999-12-31")
    dates = pd.concat([begin, end])
    assert [text for text in dates if date.fromisoformat(text).isoformat() != text] == []
    assert (begin <= end).all()
    assert (begin <= pairs["valid_to_of_parent"].replace("", "9999-12-31")).all()
    assert (end >= pairs["valid_from_of_parent"].replace("", "0001-01-01")).all()


def valid_first_level(country: str, on: str) -> set[str]:
    found = only(read("regions"), country_code=country, region_level="1", is_residual="false")
    began = found["valid_from"].le(on)
    lasts = found["valid_to"].eq("") | found["valid_to"].ge(on)
    return set(found.loc[began & lasts, "region_code"])


@pytest.mark.parametrize(
    ("country", "on", "count"),
    [
        ("BY", "2024-01-01", 7),
        ("KZ", "2017-01-01", 16),
        ("KZ", "2018-06-18", 16),
        ("KZ", "2018-06-19", 17),
        ("KZ", "2020-01-01", 17),
        ("KZ", "2022-06-08", 20),
        ("KZ", "2024-01-01", 20),
        ("RU", "2024-01-01", 8),
    ],
)
def test_first_level_units_of_a_day(country: str, on: str, count: int) -> None:
    assert len(valid_first_level(country, on)) == count


def test_second_level_of_belarus_is_whole() -> None:
    second = only(read("regions"), country_code="BY", region_level="2", is_residual="false")
    counts = second["region_type"].value_counts().to_dict()
    assert counts == {"raion": 118, "city": 10}


def test_germany_is_one_country_with_two_hierarchies() -> None:
    first = only(read("regions"), parent_code="DE")
    assert first["region_type"].value_counts().to_dict() == {"land": 16, "nuts1": 16}


def test_nuts_parents_follow_the_code() -> None:
    nuts = read("regions")
    nuts = nuts[nuts["region_type"].str.startswith("nuts")]
    assert (nuts["region_code"].str[:-1] == nuts["parent_code"]).all()
    assert (nuts["region_code"].str[:2] == nuts["country_code"]).all()


def test_iso_codes_are_used_once_and_by_their_country() -> None:
    iso = read("regions")
    iso = iso[iso["iso_3166_2"] != ""]
    assert iso["iso_3166_2"].is_unique
    foreign = iso[iso["iso_3166_2"].str[:2] != iso["country_code"]]
    assert set(foreign["iso_3166_2"]) == {"UA-40", "UA-43"}  # listed so by ISO, printed by Rosstat


def test_national_codes_are_used_once() -> None:
    coded = read("regions")
    coded = coded[coded["national_code"] != ""]
    assert not coded.duplicated(["country_code", "national_code"]).any()


@pytest.mark.parametrize("country", ["BY", "KZ", "RU", "DE"])
def test_a_name_means_one_region(lists: CodeLists, country: str) -> None:
    ambiguous = {
        name: codes for name, codes in lists.region_names(country).exact.items() if len(codes) > 1
    }
    aliases = only(read("region_aliases"), country_code=country)
    declared = aliases[aliases["note"].str.startswith("ambiguous on purpose")]
    assert set(ambiguous) == {normalise(alias) for alias in declared["alias"]}


@pytest.mark.parametrize("country", ["BY", "KZ", "RU", "DE"])
def test_an_alias_does_not_contradict_a_name(lists: CodeLists, country: str) -> None:
    index = lists.region_names(country)
    aliases = only(read("region_aliases"), country_code=country)
    contradictions = [
        alias
        for alias, code in zip(aliases["alias"], aliases["region_code"], strict=True)
        if code not in index.derived.get(normalise(alias), {code}) and len(index.codes(alias)) == 1
    ]
    assert contradictions == []


def test_short_names_of_raions_and_cities(lists: CodeLists) -> None:
    index = lists.region_names("BY")
    second = only(read("regions"), country_code="BY", region_level="2", is_residual="false")
    raions = only(second, region_type="raion")
    printed = raions["name_ru"].str.removesuffix(" район")
    assert (printed != raions["name_ru"]).all()
    wrong = [
        name
        for name, code in zip(printed, raions["region_code"], strict=True)
        if index.codes(name) != {code}
    ]
    assert wrong == []


def test_cities_and_raions_of_one_name_stay_apart(lists: CodeLists) -> None:
    index = lists.region_names("BY")
    assert index.codes("г.Брест") == {"BY-BR-brest-city"}
    assert index.codes("Брестский") == {"BY-BR-brest"}
    assert index.codes("Брестская обл.") == {"BY-BR"}
    assert index.codes("Brest") == {"BY-BR"}
    assert index.codes("Берёзовский") == {"BY-BR-byaroza"}
    assert index.codes("Березинский") == {"BY-MI-berazino"}
    assert index.codes("г. Минск") == {"BY-HM"}
    assert index.codes("Минский") == {"BY-MI-minsk"}


def test_old_and_new_names_of_kazakhstan(lists: CodeLists) -> None:
    index = lists.region_names("KZ")
    assert index.codes("Жетісу") == index.codes("Zhetysu Region") == {"KZ-33"}
    assert index.codes("Нур-Султан") == index.codes("г.Астана") == {"KZ-71"}
    assert index.codes("Южно-Казахстанская") == {"KZ-51"}
    assert index.codes("Туркестанская") == {"KZ-61"}
    assert len(index.codes("Almaty")) == 2


def test_splits_are_shared_out_whole() -> None:
    splits = only(read("region_links"), event_kind="split")
    shares = splits["share"].astype(float).groupby([splits["from_code"], splits["event_on"]]).sum()
    assert len(shares) == 4
    assert (shares.sub(1).abs() < 1e-6).all()


def test_links_happen_where_validity_changes() -> None:
    links = only(read("region_links"), event_kind="split")
    regions = read("regions").set_index("region_code")
    new = links[links["from_code"] != links["to_code"]]
    begins = regions.loc[new["to_code"], "valid_from"]
    assert list(begins) == list(new["event_on"])


@pytest.mark.parametrize("classifier", NACE_FAMILY)
def test_sections_are_complete(classifier: str) -> None:
    codes = set(only(read("activities"), classifier_code=classifier)["activity_code"])
    assert set("ABCDEFGHIJKLMNOPQRSTU") | {"TOTAL"} <= codes


def test_every_activity_is_part_of_the_total() -> None:
    for classifier, group in read("activities").groupby("classifier_code"):
        parents = dict(zip(group["activity_code"], group["parent_code"], strict=True))
        outside = {code for code in parents if "TOTAL" not in (ancestors(code, parents) or [])}
        collective = {code for code in outside if ".029." in code}
        assert outside - collective == {"TOTAL"}, classifier
        levels = group.set_index("activity_code")["activity_level"].astype(int)
        assert levels["TOTAL"] == 0
        assert levels.drop("TOTAL").min() == 1
        above = {code: parent for code, parent in parents.items() if parent}
        assert [c for c, parent in above.items() if levels[parent] > levels[c]] == []


@pytest.mark.parametrize("classifier", [*NACE_FAMILY, "OKVED_2007"])
def test_an_activity_name_means_one_activity(lists: CodeLists, classifier: str) -> None:
    for index in (lists.activity_names(classifier), lists.activity_codes(classifier)):
        assert {name: codes for name, codes in index.exact.items() if len(codes) > 1} == {}


def test_a_member_name_means_one_member(lists: CodeLists) -> None:
    for dimension in read("dimension_values")["dimension_code"].unique():
        names = lists.dimension_names(dimension).exact
        assert {name: codes for name, codes in names.items() if len(codes) > 1} == {}, dimension


def test_units_lead_to_a_base_of_their_kind() -> None:
    units = read("units").set_index("unit_code")
    base = units.loc[units["base_unit_code"]]
    assert (base["unit_kind"].to_numpy() == units["unit_kind"].to_numpy()).all()
    assert (base["currency_code"].to_numpy() == units["currency_code"].to_numpy()).all()
    assert (base["multiplier"].astype(float) == 1).all()
    assert (base["base_unit_code"].to_numpy() == base.index.to_numpy()).all()
    is_money = units["unit_kind"].str.startswith("money")
    assert (units["currency_code"].ne("") == is_money).all()


def test_a_unit_alias_leaves_open_at_most_the_currency() -> None:
    units = read("units")
    meant = read("unit_aliases").merge(units, on="unit_code")
    meant["text"] = meant["alias"].map(normalise)
    for text, group in meant.groupby("text"):
        units_meant = group.drop_duplicates("unit_code")
        assert units_meant["unit_kind"].nunique() == units_meant["multiplier"].nunique() == 1, text
        assert units_meant["currency_code"].is_unique, text


def test_currencies_follow_each_other_without_a_gap() -> None:
    currencies = read("currencies").set_index("currency_code")
    replaced = currencies[currencies["successor_code"] != ""]
    begins = pd.to_datetime(currencies.loc[replaced["successor_code"], "valid_from"].to_numpy())
    ends = pd.to_datetime(replaced["valid_to"].to_numpy())
    assert ((begins - ends) == pd.Timedelta(days=1)).all()
    assert (replaced["units_per_successor"].astype(float) > 1).all()
    denomination = replaced.loc["BYR"]
    assert denomination["successor_code"] == "BYN"
    assert float(denomination["units_per_successor"]) == 10_000
    assert currencies.loc["BYN", "valid_from"] == "2016-07-01"


def test_reasons_carry_statuses_that_mean_missing() -> None:
    statuses = read("statuses")
    observed = set(only(statuses, status_kind="obs")["status_code"])
    confidential = set(only(statuses, status_kind="conf")["status_code"])
    assert observed == set("ABDEFGHIJKLMNOPQSUVW")
    assert confidential == set("ACDEFGMNOST")
    reasons = read("reasons").set_index("reason_code")
    assert set(reasons["obs_status"]) <= set("HJKLMOQ")
    assert set(reasons["conf_status"]) <= confidential
    assert reasons.loc["none_occurs", "obs_status"] == "M"
    assert reasons.loc["confidential", "conf_status"] == "C"


@pytest.mark.parametrize(
    ("symbol", "reason"),
    [
        ("-", "none_occurs"),
        ("–", "none_occurs"),
        ("…", "not_available"),
        ("...", "not_available"),
        ("..", "not_available"),
        ("x", "not_applicable"),
        ("х", "not_applicable"),
        (":", "not_available"),
        (": c", "confidential"),
        ("конфид.", "confidential"),
    ],
)
def test_symbols(lists: CodeLists, symbol: str, reason: str) -> None:
    assert lists.symbols[symbol] == reason


def test_indicators_say_what_they_are() -> None:
    indicators = read("indicators")
    derived = only(indicators, indicator_kind="derived")
    base = only(indicators, indicator_kind="base")
    assert len(derived) + len(base) == len(indicators)
    assert (derived["formula"].ne("") & derived["computed_by"].ne("")).all()
    assert (base["formula"].eq("") & base["computed_by"].eq("")).all()
    assert derived["indicator_code"].str.isupper().all()
    assert base["indicator_code"].str.islower().all()
    bounded = indicators[indicators["range_low"].ne("") & indicators["range_high"].ne("")]
    assert (bounded["range_low"].astype(float) < bounded["range_high"].astype(float)).all()
    shares = only(indicators, unit_kind="per_cent", is_additive="true")
    assert shares.empty


def unresolved(index: NameIndex, printed: Iterable[str]) -> dict[str, list[str]]:
    """Printed names that do not lead to exactly one code."""
    names = dict.fromkeys(printed)
    assert len(names) > 1
    return {name: sorted(index.codes(name)) for name in names if len(index.codes(name)) != 1}


def distinct_codes(index: NameIndex, printed: Iterable[str]) -> int:
    """How many codes the printed names lead to."""
    return len({code for name in printed for code in index.codes(name)})


def portal(name: str) -> dict[str, list[str]]:
    """Labels of a data portal answer, by the heading of their column."""
    table = json.loads((shared_data() / "belstat" / name).read_text(encoding="utf-8"))
    return {
        heading: [row[position]["value"] for row in table["tableRows"]]
        for position, heading in enumerate(table["tableHeaderDimColumns"])
    }


def sheets(path: Path, names: Iterable[str] | None = None) -> Iterator[list[tuple[object, ...]]]:
    """Rows of the named sheets of a workbook, or of all."""
    if path.suffix == ".xls":
        old = xlrd.open_workbook(path, on_demand=True)
        for name in names or old.sheet_names():
            sheet = old.sheet_by_name(name)
            yield [tuple(sheet.row_values(row)) for row in range(sheet.nrows)]
    else:
        book = openpyxl.load_workbook(path, data_only=True)
        for name in names or book.sheetnames:
            yield list(book[name].iter_rows(values_only=True))


def labels(rows: list[tuple[object, ...]], column: int = 0) -> list[str]:
    """Texts of a label column whose row holds a number, without a footnote mark."""
    found = [
        re.sub(r"\s+\d\)?\s*$|\s*\d\)\s*$", "", str(row[column]))
        for row in rows
        if isinstance(row[column], str)
        and row[column].strip()
        and any(isinstance(cell, int | float) for cell in row[column + 1 :])
    ]
    return [label for label in found if len(label) < 400]


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "wage_10218000003_2020-2026.json",
        "empl_person_10102000017_2010-2019.json",
        "grp_pc_10202100055_2020-2026.json",
        "belstat_net_oblast_2010-2019.json",
    ],
)
def test_regions_of_the_belstat_portal(lists: CodeLists, name: str) -> None:
    printed = portal(name)["Территория Республики Беларусь"]
    assert unresolved(lists.region_names("BY"), printed) == {}
    assert distinct_codes(lists.region_names("BY"), printed) == len(set(printed))


@pytest.mark.shared
def test_territories_of_the_belstat_portal(lists: CodeLists) -> None:
    path = shared_data() / "belstat" / "dataportal_dims.json"
    places = json.loads(path.read_text(encoding="utf-8"))["razrez_594"]
    assert unresolved(lists.region_names("BY"), [place["name"] for place in places]) == {}
    regions = only(read("regions"), country_code="BY")
    by_code = dict(zip(regions["national_code"], regions["region_code"], strict=True))
    aliases = only(read("region_aliases"), country_code="BY")
    by_code |= dict(zip(aliases["alias"], aliases["region_code"], strict=True))
    assert [place for place in places if place["code"] not in by_code] == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("heading", "dimension"),
    [
        ("Страны мира / Группы стран", "partner"),
        ("Уровень образования", "education"),
        ("Потоки миграции", "flow"),
        ("Возрастной состав", "age"),
        ("Пол", "sex"),
        ("Тип местности", "locality"),
    ],
)
def test_members_of_the_belstat_portal(lists: CodeLists, heading: str, dimension: str) -> None:
    names = ("belstat_net_oblast_2010-2019.json", "dataportal_age_1990-1999.json")
    printed = {label for name in names for label in portal(name).get(heading, [])}
    index = lists.dimension_names(dimension)
    assert printed
    assert {label for label in printed if len(index.codes(label)) != 1} == set()


@pytest.mark.shared
@pytest.mark.parametrize("month", ["2403", "2406", "2407"])
def test_activities_of_the_belstat_wage_bulletin(lists: CodeLists, month: str) -> None:
    path = shared_data() / "belstat" / f"nach_sr_zarplata-{month}.xlsx"
    (rows, *_) = sheets(path)
    printed = [str(row[1]) for row in rows[7:] if row[1]]
    assert len(printed) == 90
    index = lists.activity_names("OKRB_005_2011")
    assert unresolved(index, printed) == {}
    assert distinct_codes(index, printed) == 90


@pytest.mark.shared
def test_regions_of_kazakhstan(lists: CodeLists) -> None:
    for rows in sheets(shared_data() / "kazakhstan" / "pop_source.xlsx"):
        printed = labels(rows)
        assert len(set(printed)) == 21
        assert unresolved(lists.region_names("KZ"), printed) == {}
        assert distinct_codes(lists.region_names("KZ"), printed) == 21


@pytest.mark.shared
def test_regions_of_kato(lists: CodeLists) -> None:
    kato = pd.read_csv(shared_data() / "kazakhstan" / "kato.csv", dtype=str)
    kato = kato[kato["level"] == "oblast"]
    index = lists.region_names("KZ")
    by_code = read("regions").set_index("national_code")["region_code"]
    for column in ("name_ru", "name_kk"):
        assert [index.codes(name) for name in kato[column]] == [
            {by_code[code]} for code in kato["kato"]
        ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("innovations_1.xls", "1"),
        ("otgruzka_C_D_E_sub.xlsx", "1"),
        ("otgruzka_C_D_E_sub.xlsx", "2"),
        ("otgruzka_C_D_E_sub.xlsx", "3"),
    ],
)
def test_regions_of_rosstat(lists: CodeLists, name: str, sheet: str) -> None:
    (rows,) = sheets(shared_data() / "rosstat" / name, [sheet])
    printed = labels(rows)
    assert len(set(printed)) == 96
    assert unresolved(lists.region_names("RU"), printed) == {}
    assert distinct_codes(lists.region_names("RU"), printed) == 96


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sheet", "classifier", "count"), [("2", "OKVED2", 59), ("3", "OKVED_2007", 31)]
)
def test_activities_of_rosstat(lists: CodeLists, sheet: str, classifier: str, count: int) -> None:
    (rows,) = sheets(shared_data() / "rosstat" / "innovations_1.xls", [sheet])
    rows = [row for row in rows[4:] if row[0] and any(str(cell).strip() for cell in row[2:])]
    names, codes = lists.activity_names(classifier), lists.activity_codes(classifier)
    assert len(rows) == count
    for row in rows:
        printed = row[1] if isinstance(row[1], str) else f"{row[1]:.0f}"
        found = names.codes(re.sub(r"\s*\d\)\s*$", "", str(row[0])))
        assert len(found) == 1, row[0]
        if printed.strip():
            assert codes.codes(printed) == found, row[:2]


@pytest.mark.shared
def test_codes_of_eurostat(lists: CodeLists) -> None:
    path = shared_data() / "eurostat" / "lfst_r_lfe2en2.tsv"
    keys = pd.read_csv(path, sep="\t", usecols=[0], dtype=str).iloc[:, 0]
    parts = keys.str.split(",", expand=True)
    assert unresolved(lists.region_codes("EU"), parts[3]) == {}
    assert unresolved(lists.activity_codes("NACE_R2"), parts[1]) == {}
    assert unresolved(lists.dimension_names("age"), parts[2]) == {}


@pytest.mark.shared
def test_german_regions_and_industries(lists: CodeLists) -> None:
    frame = pd.read_csv(shared_data() / "lq" / "G.regions.industries.csv", dtype=str)
    names = lists.region_names("DE")
    pairs = frame[["region", "region_code"]].drop_duplicates()
    assert len(pairs) == 16
    assert [names.codes(name) for name in pairs["region"]] == [
        {f"DE-{code}"} for code in pairs["region_code"]
    ]
    activities = frame[["ind_name", "ind_code"]].drop_duplicates()
    assert len(activities) == 17
    for name, code in activities.itertuples(index=False, name=None):
        expected = {code.removeprefix("WZ08-")}
        assert lists.activity_names("WZ_2008").codes(name) == expected
        assert lists.activity_codes("WZ_2008").codes(code) == expected
