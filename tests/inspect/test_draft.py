"""A draft finds the layout of a file; with its questions answered it is a contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.layout.reading import code_lists, registry
from warehouse.inspect import trial
from warehouse.inspect.draft import OPEN, Draft, open_questions
from warehouse.inspect.file import inspect_file
from warehouse.inspect.findings import SheetFindings
from warehouse.inspect.page import Inspection
from warehouse.layout.contract import Contract, load_contract
from warehouse.settings import PROJECT, Settings

SAMPLES = PROJECT / "samples"
WHO = {"title": "A table", "provider_name": "An office", "licence": "open", "owner": "statistics"}
PLAIN = {
    "kazakhstan-illustrative/grp_by_region_illustrative.xls": {"indicator": "grp"},
    "kazakhstan-illustrative/sme_by_region_illustrative.csv": {
        "indicator": "sme_count",
        "unit": "units",
    },
    "kazakhstan-illustrative/wage_by_region_illustrative.tsv": {
        "indicator": "wage_nominal",
        "unit": "KZT_per_month",
    },
    "kazakhstan-illustrative/employment_by_activity_illustrative.xlsx": {"indicator": "employment"},
}
"""Plain tables, with what a person has to say about them besides the source."""


def inspected(name: str, target: Path | None = None) -> Inspection:
    return inspect_file(SAMPLES / name, code_lists(), registry(), target)


def answered(draft: Draft, answers: dict[str, str], path: Path, name: str) -> Contract:
    """The contract that a person makes of a draft, by answering its questions alone."""
    data = yaml.safe_load(draft.text) | WHO
    if data["country"] == OPEN:
        data["country"] = "KZ"
    data["tables"][0]["dimensions"] |= answers
    if "tsv" in name:  # an average: regions do not add up to the country
        data["checks"] = [check for check in data["checks"] if "parts_of_total" not in check]
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load_contract(path)


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_an_answered_draft_reads_what_the_contract_of_the_file_reads(name, tmp_path) -> None:
    found = inspected(name)
    known = registry()[found.contracts[0]]
    contract = answered(found.draft, PLAIN[name], tmp_path / "table.yml", name)
    assert open_questions(contract) == []
    seeds = Settings.of().seeds
    mine = trial.try_contract(contract, SAMPLES / name, code_lists(), seeds)
    theirs = trial.try_contract(known, SAMPLES / name, code_lists(), seeds)
    assert mine.outcome_code == "accepted", mine.message
    assert mine.value_count == theirs.value_count > 100
    assert [row["value"] for row in mine.rows] == [row["value"] for row in theirs.rows]
    assert [row["region_code"] for row in mine.rows] == [row["region_code"] for row in theirs.rows]


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_plain_draft_is_short_and_asks_little(name) -> None:
    text = inspected(name).draft.text
    assert len([line for line in text.splitlines() if not line.lstrip().startswith("#")]) <= 40
    assert len(re.findall("# QUESTION: ", text)) == len(inspected(name).draft.questions) <= 11
    assert yaml.safe_load(text)["tables"]


def test_where_the_draft_will_lie_answers_provider_and_dataset(tmp_path) -> None:
    name = "kazakhstan-illustrative/grp_by_region_illustrative.xls"
    (tmp_path / "kz-bns").mkdir()
    (tmp_path / "kz-bns" / "_provider.yml").write_text("provider_name: An office\n")
    draft = inspected(name, tmp_path / "kz-bns" / "grp.yml").draft
    data = yaml.safe_load(draft.text)
    assert (data["provider"], data["dataset"]) == ("kz-bns", "grp")
    assert not {"provider_name", "licence", "owner", "country"} & set(data)


def test_the_layout_of_the_draft_was_tried_on_the_file() -> None:
    name = "kazakhstan-illustrative/grp_by_region_illustrative.xls"
    assert inspected(name).draft.fits == {"ВРП": "154 value cells"}


def test_an_open_question_is_found_anywhere_in_a_contract(tmp_path) -> None:
    name = "kazakhstan-illustrative/sme_by_region_illustrative.csv"
    contract = answered(inspected(name).draft, {"indicator": "sme_count"}, tmp_path / "t.yml", name)
    assert open_questions(contract) == ["tables[0].dimensions.unit"]


def sheet(name: str, number: int = 0) -> SheetFindings:
    return inspected(name).sheets[number]


def test_labels_periods_units_and_symbols_are_found() -> None:
    found = sheet("kazakhstan-illustrative/grp_by_region_illustrative.xls")
    (label,) = found.labels
    assert (label.dimension, label.scope, label.heading) == ("region", "KZ", "млн тенге")
    assert label.unknown == ()
    assert found.periods_stand == "above"
    assert found.periods[0] == "2017 г."
    assert found.units == {"млн тенге": frozenset({"mln_KZT"})}
    assert found.symbols["-"] == 23
    assert found.indicators[0].code == "grp"
    assert len(found.notes) == 3


def test_sections_are_told_from_notes_and_titles() -> None:
    found = sheet("kz-bns/population_2018-2023.xlsx", 1)
    assert found.sections == ["Мужчины", "Городское население", "Сельское население"]
    assert found.title[0].startswith("Численность мужчин")
    assert found.notes == []


def written(path: Path, rows: list[list[str]]) -> Inspection:
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
    return inspect_file(path, code_lists(), registry())


def test_columns_that_are_left_out_show_what_they_say(tmp_path: Path) -> None:
    rows = [["unit", "geo", "time", "value"]]
    rows += [["THS", geo, str(year), "1.5"] for geo in ("AT", "BE", "DE") for year in (2022, 2023)]
    found = written(tmp_path / "long.csv", rows)
    assert "do they say nothing that matters? unit: «THS»" in found.draft.questions
    assert found.draft.fits == {"": "6 value cells"}
    dimensions = yaml.safe_load(found.draft.text)["tables"][0]["dimensions"]
    assert dimensions["region"] == {"left": "region_code", "heading": "geo"}
    assert dimensions["period"] == {"left": "period", "heading": "time"}


def test_a_column_that_says_one_thing_is_a_dimension(tmp_path: Path) -> None:
    rows = [["Территория", "Пол", "2022", "2023"]]
    rows += [["Республика Беларусь", sex, "1", "2"] for sex in ("мужчины", "женщины", "оба пола")]
    found = written(tmp_path / "constant.csv", rows)
    dimensions = yaml.safe_load(found.draft.text)["tables"][0]["dimensions"]
    assert dimensions["region"] == {"left": "region", "heading": "Территория"}
    assert dimensions["sex"] == {"left": "sex", "heading": "Пол"}


def test_an_unknown_label_comes_with_its_line_for_the_code_list(tmp_path: Path) -> None:
    rows = [["Регион", "2022", "2023"]]
    rows += [[name, "1", "2"] for name in ("Брестская область", "г. Минск", "Заречная область")]
    text = written(tmp_path / "unknown.csv", rows).draft.text
    assert '# dbt/seeds/region_aliases.csv: "Заречная область",BY,?,' in text
    assert "Брестская" not in text


def test_a_sheet_with_figures_is_not_left_out_silently() -> None:
    found = inspected("kz-bns/population_2018-2023.xlsx")
    assert all(sheet.is_table for sheet in found.sheets)
    assert "skip_sheets" not in found.draft.text


def test_a_table_without_title_and_headings_is_asked_how_to_recognise_it(tmp_path: Path) -> None:
    found = written(tmp_path / "bare.csv", [["1", "2"], ["3", "4"], ["а", "5"], ["б", "6"]])
    assert all("no contract yet" not in fit for fit in found.draft.fits.values())
