"""The pages of the forms say what the forms say."""

from __future__ import annotations

import re

import pytest

from tests.forms.filled import FORMS
from warehouse.forms.definition import Form
from warehouse.forms.documentation import pages
from warehouse.settings import PROJECT, Settings

FOLDER = PROJECT / "docs" / "forms"
PAGES = pages(Settings.of())


def test_the_pages_are_current() -> None:
    stored = {path for path in FOLDER.glob("*.md") if path.name != "README.md"}
    assert stored == set(PAGES), "run `make schema` and remove pages of forms that are gone"
    for path, text in PAGES.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make schema`"


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.form)
def test_a_page_describes_every_column_measure_and_list(form: Form) -> None:
    text = PAGES[FOLDER / f"{form.form}.md"]
    sections = re.split(r"^## ", text, flags=re.M)
    for table in form.tables:
        section = next(part for part in sections if f"Table `{table.name}`," in part)
        for column in table.columns:
            assert f"| `{column.name}` | {column.label.ru} | {column.label.en} |" in section
            for said in (column.note.ru, column.note.en) if column.note else ():
                assert said in section
            if column.codes:
                assert f"### {column.codes}\n" in text
        for measure in table.measures:
            assert f"| `{measure.indicator}` | {measure.label.ru} | {measure.label.en} |" in section
            assert measure.note.ru in section
            assert measure.note.en in section


def test_links_between_the_pages_lead_somewhere() -> None:
    for path in (*PAGES, FOLDER / "README.md"):
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (path.parent / target).resolve().exists(), (path.name, target)
        anchors = {f"#{name}" for name in re.findall(r"^### (\w+)$", text, re.M)}
        assert set(re.findall(r"\]\((#\w+)\)", text)) <= anchors


def test_the_overview_names_every_form() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {f"[{form.form}]({form.form}.md)" for form in FORMS.values()} <= set(
        re.findall(r"\[\w+\]\(\w+\.md\)", text)
    )
