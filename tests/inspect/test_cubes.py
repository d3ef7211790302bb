"""A file that describes itself is shown as a table, and its dimensions are asked about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from tests.layout.reading import code_lists, registry
from warehouse.inspect.file import inspect_file
from warehouse.readers import read


def category(*codes: str) -> dict[str, object]:
    return {"category": {"index": list(codes), "label": {code: code for code in codes}}}


def test_a_json_stat_file_is_drafted_from_its_own_words(tmp_path: Path) -> None:
    data = {
        "version": "2.0",
        "class": "dataset",
        "label": "Employees by country",
        "id": ["unit", "geo", "time"],
        "size": [1, 3, 2],
        "dimension": {
            "unit": category("THS"),
            "geo": category("AT", "BE", "DE"),
            "time": category("2022", "2023"),
        },
        "value": [1, 2, 3, 4, 5, 6],
    }
    path = tmp_path / "table.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    found = inspect_file(path, code_lists(), registry())
    (table,) = yaml.safe_load(found.draft.text)["tables"]
    assert table["dimensions"]["region"] == {"left": "region_code", "heading": "geo"}
    assert table["dimensions"]["period"] == {"left": "period", "heading": "time"}
    assert table["only"] == {"unit": "THS"}
    assert list(found.draft.fits.values()) == ["6 value cells"]


def test_a_draft_does_not_hold_on_to_the_day_on_which_the_file_was_made(tmp_path: Path) -> None:
    def made(day: str) -> Path:
        path = tmp_path / f"{day[:8]}.px"
        path.write_text(
            f'CREATION-DATE="{day}";\nTITLE="Employees by country";\nSTUB="geo";\nHEADING="time";\n'
            'VALUES("geo")="AT","BE";\nVALUES("time")="2022","2023";\nDATA=\n1 2\n3 4;\n'
        )
        return path

    found = inspect_file(made("20240301 10:00"), code_lists(), registry())
    draft = yaml.safe_load(found.draft.text)
    title = read(made("20250302 11:30"), "px").sheets[0].title
    assert "2025" in title
    for caption in (draft["recognise"]["caption"], draft["tables"][0]["caption"]):
        assert re.search(caption, title)
