"""The catalogue of indicators, the models that compute them, and the pages that describe them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from warehouse.dictionary import family_of, pages
from warehouse.indicator import catalogue, describe
from warehouse.settings import PROJECT, Settings

SETTINGS = Settings.of()
PAGES = pages(SETTINGS)
DERIVED = [entry for entry in catalogue(SETTINGS) if entry["indicator_kind"] == "derived"]
MODELS = {path.stem: path for path in (PROJECT / "dbt" / "models").rglob("*.sql")}
CODE = re.compile(r"""['"]([A-Z]{2,3}_[A-Z0-9_]+)['"]""")
# the catalogue that was asked for: every code of it must be here
ASKED = [
    "SPC_LQ",
    "SPC_LQ_REST",
    "SPC_LQ_ADD",
    "SPC_LQ_SYM",
    "SPC_LQ_Z",
    "SPC_LQ_LO",
    "SPC_LQ_HI",
    "SPC_KL",
    "SPC_IS",
    "SPC_KDP",
    "SPC_KUR",
    "SPC_KMT",
    "SPC_KE",
    "SPC_SIZE",
    "SPC_FOCUS",
    "SPC_LS",
    "SPC_AVGSIZE",
    "SPC_RCA",
    "SPZ_KRUG",
    "SPZ_HOOV",
    "SPZ_HHI",
    "SPZ_ENT",
    "SPZ_HACH",
    "SPZ_GINI",
    "SPZ_RDI",
    "SPZ_STRSH",
    "CON_KRUG",
    "CON_HHI",
    "CON_LOCGINI",
    "CON_GINI",
    "CON_EG",
    "CON_EGC",
    "CON_EGZ",
    "STR_STARS",
    "STR_QUAL",
    "STR_SIGN",
    "STR_STRONG",
    "STR_STRONG10",
    "STR_PANO",
    "STR_RU",
    "STR_ABS",
    "STR_BASE",
    "DYN_ABS",
    "DYN_PCT",
    "DYN_PP",
    "DYN_CAGR",
    "DYN_CONTR",
    "DYN_REQCAGR",
    "SS_NAT",
    "SS_MIX",
    "SS_REG",
    "SS_EM_REG",
    "SS_EM_ALL",
    "SS_GER",
    "RNK_TAU",
    "RNK_PCTL",
    "STA_TRANS",
    "DSP_RATIO",
    "DSP_CV",
    "DSP_WILL",
    "DSP_GINI",
    "DSP_GINI_W",
    "DSP_THT",
    "DSP_THL",
    "DSP_TH_B",
    "DSP_TH_W",
    "DSP_HOOV",
    "DSP_ATK",
    "DSP_SCHUTZ",
    "CNV_SIGMA",
    "CNV_BETA",
    "PRF_EMP",
    "PRF_EST",
    "PRF_OUT",
    "PRF_VA",
    "PRF_EXP",
    "PRF_INV",
    "PRF_TAX",
    "PRF_PROD",
    "PRF_WAGE",
    "PRF_EXPSH",
    "PRF_NEWF",
    "INN_PAT",
    "INN_SME",
    "INN_JOINT",
    "INN_RDINT",
    "SME_N",
    "SME_DENS",
    "SME_SHARE",
    "ICT_PC",
    "ICT_NET",
    "REM_N",
    "REM_SH",
    "REM_XREG",
    "STA_CNT",
    "MEM_N",
    "MEM_MIX",
    "MEM_SME",
    "MEM_CHURN",
    "MEM_XREG",
    "MEM_FTE",
    "NET_DENS",
    "NET_DEG",
    "NET_BTW",
    "NET_CLO",
    "NET_CENTR",
    "NET_CONTR",
    "NET_INTRA",
    "NET_XCL",
    "SUP_AMT",
    "SUP_INT",
    "SUP_LEV",
    "PRJ_EXEC",
    "PRJ_DEV",
    "PRJ_PACE",
    "PRJ_BUD",
    "PRJ_SLIP",
    "PRJ_FCERR",
    "PRJ_EFF",
    "ORG_LVL",
    "ORG_LABEL",
    "CMP_MM",
    "CMP_Z",
    "CMP_GOAL",
    "CMP_RANK",
    "CMP_BORDA",
    "CMP_PRANK",
    "CMP_AM",
    "CMP_GM",
    "CMP_HM",
    "CMP_COV",
    "CMP_SENS",
    "DQ_COMP",
    "DQ_TIME",
    "DQ_IMP",
    "DQ_SUPP",
    "DQ_RECON",
    "DQ_REV",
    "DQ_CROSS",
]


def codes_of(model: str) -> set[str]:
    """Codes that the models of a family name: its figures, or what they are computed by."""
    family = model.removesuffix("__figure")
    texts = [MODELS[name].read_text(encoding="utf-8") for name in family_models(family)]
    return {code for text in texts for code in CODE.findall(text)}


def family_models(family: str) -> Iterator[str]:
    return (name for name in (f"{family}__figure", f"{family}__computed") if name in MODELS)


def test_every_code_of_the_catalogue_is_there() -> None:
    codes = {entry["indicator_code"] for entry in DERIVED}
    assert sorted(set(ASKED) - codes) == []


@pytest.mark.parametrize("entry", DERIVED, ids=lambda entry: entry["indicator_code"])
def test_a_code_has_a_model_that_computes_it(entry: dict[str, str]) -> None:
    code, model = entry["indicator_code"], entry["computed_by"]
    assert model.endswith("__figure")
    assert code in codes_of(model), model
    assert family_of(code) is not None
    indicator = describe(SETTINGS, code)
    known = {column.name for column in indicator.columns}
    assert set(entry["inputs"].split(";")) <= known


def test_a_model_computes_only_codes_of_the_catalogue() -> None:
    codes = {entry["indicator_code"] for entry in DERIVED}
    for model in (name for name in MODELS if name.endswith("__figure")):
        found = codes_of(model)
        assert found, model
        assert found <= codes, (model, found - codes)


def test_the_pages_are_current() -> None:
    stored = set((PROJECT / "docs" / "indicators").glob("*.md")) | {PROJECT / "docs" / "marts.md"}
    assert stored == set(PAGES), "run `make dictionary`"
    for path, text in PAGES.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make dictionary`"


@pytest.mark.parametrize("entry", DERIVED, ids=lambda entry: entry["indicator_code"])
def test_a_page_shows_definition_formula_unit_and_source(entry: dict[str, str]) -> None:
    page = PAGES[PROJECT / "docs" / "indicators" / f"{family_of(entry['indicator_code'])}.md"]
    section = page.split(f"## {entry['indicator_code']}\n")[1].split("\n## ")[0]
    for name in ("name_en", "name_ru", "definition", "formula", "unit_kind", "source_note"):
        assert entry[name] in section
