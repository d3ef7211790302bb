"""Every error code has its page, and the index says what the pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.errors import Code
from warehouse.settings import PROJECT

PAGES = PROJECT / "docs" / "errors"
INDEX = PAGES / "README.md"
SECTIONS = ["When it happens", "What to do", "Example"]
SCOPES = {"cell", "table", "file", "run"}
NEVER_RAISED = "No part of the warehouse raises it at present"
CODES = [code.value for code in Code]

_PAGE = re.compile(
    r"# (?P<title>\S+)\n\n(?P<meaning>[A-Z][^\n]+\.)\n\n"
    r"Refuses: (?P<scopes>[a-z, ]+)\n\n(?P<rest>## .+)",
    re.S,
)
_ROW = re.compile(r"^\| \[(?P<code>\w+)\]\((?P<link>[\w.]+)\) \| (?P<rest>.*) \|$", re.M)


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def parts(code: str) -> re.Match[str]:
    found = _PAGE.fullmatch(page(code))
    assert found, f"{code}.md: title, one sentence, «Refuses:» and sections are expected"
    return found


def sections(code: str) -> dict[str, str]:
    pieces = re.split(r"^## (.+)\n", parts(code)["rest"], flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def raised() -> set[str]:
    """Codes that some part of the package uses, outside the list of codes itself."""
    used: set[str] = set()
    for folder in (PROJECT / "warehouse", PROJECT / "dags"):
        for path in folder.rglob("*.py"):
            if path.name != "errors.py":
                used |= set(re.findall(r"\bCode\.([A-Z_]+)\b", path.read_text(encoding="utf-8")))
    return {Code[name].value for name in used if name in Code.__members__}


def test_there_is_a_page_for_each_code_and_no_other() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.md") if path != INDEX) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_what_when_and_what_to_do(code: str) -> None:
    found = parts(code)
    assert found["title"] == code
    assert set(found["scopes"].split(", ")) <= SCOPES
    said = sections(code)
    assert list(said) == SECTIONS
    assert all(text.strip() for text in said.values())
    assert re.match(r"\n1\. \S", said["What to do"])


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_a_real_message_or_says_that_there_is_none(code: str) -> None:
    said = sections(code)
    if code not in raised():
        assert NEVER_RAISED in said["When it happens"]
        return
    assert NEVER_RAISED not in page(code)
    shown = re.match(r"\n```text\n(?P<line>\S+) +?(?P<message>.+?)\n```\n", said["Example"], re.S)
    assert shown, f"{code}.md: the example starts with the message as printed"
    assert shown["line"] in {f"{code}:", "refused", "quarantined", "no_contract", "declared"}
    assert re.search(r"expected .+, found .+|no contract", shown["message"], re.S)
    assert "\nCure: " in said["Example"]


@pytest.mark.parametrize("code", CODES)
def test_links_of_a_page_lead_somewhere(code: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page(code)):
        assert (PAGES / target).resolve().is_file(), target


def test_the_index_lists_each_code_with_the_words_of_its_page() -> None:
    rows = list(_ROW.finditer(INDEX.read_text(encoding="utf-8")))
    assert [row["code"] for row in rows] == CODES
    for row in rows:
        found = parts(row["code"])
        assert row["link"] == f"{row['code']}.md"
        assert row["rest"] == f"{found['meaning']} | {found['scopes']}"


def test_no_page_names_a_seed_or_source_file_that_is_not_there() -> None:
    named = {
        Path(name)
        for code in CODES
        for name in re.findall(r"`((?:dbt|warehouse|tests)/[\w/.-]+\.\w+)`", page(code))
    }
    assert [str(path) for path in sorted(named) if not (PROJECT / path).exists()] == []
