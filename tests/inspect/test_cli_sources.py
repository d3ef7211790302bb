"""`warehouse inspect` and `warehouse contract …` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from warehouse.cli import main
from warehouse.inspect import trial
from warehouse.layout.contract import Contract, load_registry
from warehouse.settings import PROJECT

SAMPLES = PROJECT / "samples"
SOURCES = PROJECT / "warehouse" / "sources"
GRP = SAMPLES / "kazakhstan-illustrative" / "grp_by_region_illustrative.xls"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def test_inspect_shows_the_table_and_writes_page_and_draft(capsys, tmp_path: Path) -> None:
    page, draft = tmp_path / "page.html", tmp_path / "office" / "grp.yml"
    assert run("inspect", GRP, "--html", page, "--draft", draft) == 0
    shown = capsys.readouterr().out
    assert "Recognised by kazakhstan-illustrative/grp" in shown
    assert "«млн тенге»: mln_KZT" in shown
    assert "Акмолинская" in shown
    html = page.read_text(encoding="utf-8")
    assert '<td class="label">Акмолинская' in html
    assert "http" not in html.replace("http-equiv", "")
    assert "region: {left: region, heading: 'млн тенге'}" in draft.read_text(encoding="utf-8")
    assert run("inspect", GRP, "--draft", draft) == 2  # an edited draft is never overwritten


def test_inspect_knows_forms_and_files_without_a_table(capsys, tmp_path: Path) -> None:
    report = SAMPLES / "clusters" / "BY-C01_2020_illustrative.json"
    assert run("inspect", report) == 0
    assert "Recognised by form/cluster_report" in capsys.readouterr().out
    (tmp_path / "words.csv").write_text("a;b\nc;d\n", encoding="utf-8")
    assert run("inspect", tmp_path / "words.csv", "--html", tmp_path / "page.html") == 0
    assert "nothing to describe" in capsys.readouterr().out
    assert "nothing to describe" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_inspect_names_a_format_that_it_cannot_read(capsys, tmp_path: Path) -> None:
    (tmp_path / "text.rtf").write_bytes(b"{\\rtf1 }")
    assert run("inspect", tmp_path / "text.rtf") == 1
    assert "found rtf" in capsys.readouterr().err


def test_check_shows_rows_totals_and_checks(capsys) -> None:
    contract = SOURCES / "kazakhstan-illustrative" / "grp.yml"
    assert run("contract", "check", contract, "--against", GRP, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["outcome_code"] == "accepted"
    assert said["value_count"] == 154
    assert said["rows"][0]["cell"] == "ВРП!B4"
    total = said["totals"][0]
    assert total["region_code"] == "KZ"
    assert abs(total["printed_total"] - total["sum_of_parts"]) < 1
    assert {each["name"]: each["wrong"] for each in said["checks"]}["parts_of_total(region)"] == 0


def test_check_says_what_is_wrong_with_a_wrong_total(capsys) -> None:
    contract = SOURCES / "belarus-illustrative" / "sme.yml"
    file = SAMPLES / "with-errors" / "sme_wrong_total_illustrative.xlsx"
    assert run("contract", "check", contract, "--against", file) == 3
    shown = capsys.readouterr().out
    assert "quarantined" in shown
    assert "wrong parts_of_total(region)" in shown


def test_check_shows_refused_cells(capsys) -> None:
    contract = SOURCES / "kazakhstan-illustrative" / "wage.yml"
    file = SAMPLES / "with-errors" / "wage_unknown_region_illustrative.tsv"
    assert run("contract", "check", contract, "--against", file) == 3
    assert "name_unknown" in capsys.readouterr().out


def test_a_file_of_another_source_is_not_read(capsys) -> None:
    contract = SOURCES / "belarus-illustrative" / "sme.yml"
    assert run("contract", "check", contract, "--against", GRP) == 3
    assert "no_contract" in capsys.readouterr().out


def test_a_draft_with_open_codes_is_refused_by_place(capsys, tmp_path: Path) -> None:
    draft = tmp_path / "grp.yml"
    run("inspect", GRP, "--draft", draft, "--quiet")
    assert run("contract", "check", draft, "--against", GRP) == 1
    assert "tables[0].dimensions.indicator" in capsys.readouterr().err


def test_all_contracts_hold_on_the_samples(capsys) -> None:
    folders = [SAMPLES / name for name in ("kazakhstan-illustrative", "kz-bns", "belstat")]
    assert run("contract", "test", *folders, "--json") == 0
    tested = {each["contract_id"]: each for each in json.loads(capsys.readouterr().out)}
    assert set(tested) == {
        f"{path.parent.name}/{path.stem}"
        for path in SOURCES.glob("*/*.yml")
        if path.name != "_provider.yml" and not path.name.endswith(".corrections.yml")
    }
    assert tested["kz-bns/population"]["value_count"] == 846
    assert tested["rosstat/output_shipped"]["files"] == []


def test_two_contracts_for_one_file_are_told(capsys, monkeypatch) -> None:
    grp = load_registry(SOURCES)["kazakhstan-illustrative/grp"]
    said = grp.model_dump(by_alias=True, exclude={"version", "corrections"})
    twin = Contract.model_validate(said | {"dataset": "twin"})
    monkeypatch.setattr(
        "warehouse.layout.contract.load_registry", lambda _: {grp.id: grp, twin.id: twin}
    )
    assert run("contract", "test", GRP.parent) == 3
    shown = capsys.readouterr().out
    assert "wrong kazakhstan-illustrative/grp" in shown
    assert "wrong kazakhstan-illustrative/twin" in shown


def test_a_file_that_is_declared_is_no_failure(capsys, tmp_path: Path, monkeypatch) -> None:
    grp = load_registry(SOURCES)["kazakhstan-illustrative/grp"]
    said = grp.model_dump(by_alias=True, exclude={"version", "corrections", "tables", "checks"})
    declared = {"role": "code_list", "reason": "Names of regions without any figures."}
    made = Contract.model_validate(said | {"declared": declared})
    monkeypatch.setattr("warehouse.layout.contract.load_registry", lambda _: {made.id: made})
    assert run("contract", "test", GRP.parent) == 0
    assert "1 file, a code_list" in capsys.readouterr().out


def test_a_unit_of_another_kind_is_told_before_the_build(capsys, tmp_path: Path) -> None:
    contract = tmp_path / "office" / "grp.yml"
    contract.parent.mkdir()
    for name in ("grp.yml", "_provider.yml"):
        text = (SOURCES / "kazakhstan-illustrative" / name).read_text(encoding="utf-8")
        (contract.parent / name).write_text(text.replace("mln_KZT", "persons"), encoding="utf-8")
    assert run("contract", "check", contract, "--against", GRP) == 3
    shown = capsys.readouterr().out
    assert "wrong unit: grp is money, and persons is count" in shown
    assert "mln_KZT" in shown


def test_a_contract_that_fails_on_its_specimen_is_told(capsys, tmp_path: Path) -> None:
    wrong = SAMPLES / "with-errors" / "sme_wrong_total_illustrative.xlsx"
    (tmp_path / wrong.name).write_bytes(wrong.read_bytes())
    assert run("contract", "test", tmp_path) == 3
    assert "wrong belarus-illustrative/sme" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("limit", "years"),
    [(30, {2021, 2022, 2023}), (29, {2022, 2023}), (19, {2023}), (1, {2023})],
)
def test_checks_that_nobody_declared_are_tried_on_the_newest_rows(
    limit: int, years: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = [pd.Timestamp(year, 1, 1) for year in (2022, 2023, 2021) for _ in range(10)]
    monkeypatch.setattr(trial, "PROPOSAL_ROWS", limit)
    newest = trial._newest(pd.DataFrame({"period_start": starts}))
    assert set(newest["period_start"].dt.year) == years
    assert len(newest) == 10 * len(years)
