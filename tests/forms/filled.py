"""A right report of one cluster as rows for a template, and LibreOffice to compute workbooks."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from warehouse.conform.codelists import CodeLists
from warehouse.forms.definition import Form, Table, load_forms
from warehouse.forms.template import write_template
from warehouse.forms.workbook import FIRST_ROW, HEADER_ROW
from warehouse.settings import Settings

SETTINGS = Settings.of()
FORMS = load_forms(SETTINGS.forms)
LISTS = CodeLists.load(SETTINGS.seeds)
REPORT = FORMS["form/cluster_report"]
NUMBERS = ("190000005", "190000018", "190000020")
ABROAD = "7707083893"

Rows = dict[str, list[dict[str, Any]]]


def right_rows() -> Rows:
    """Rows of every table of the cluster report without any error."""
    first, second, third = NUMBERS
    return {
        "cluster": [
            {
                "cluster_id": "BY-C01",
                "name_ru": "Приборостроительный кластер",
                "name_en": "Instrument cluster",
                "home_region_code": "BY-VI",
                "further_region_codes": ["BY-BR", "BY-HM"],
                "activity_codes": ["C", "26"],
                "kind_code": "innovation_industrial",
                "founded_on": date(2015, 5, 20),
                "manager_id": f"BY:{first}",
                "manager_name": "Учреждение «Центр развития»",
                "website": "https://example.org",
                "team_fte": 2.5,
            }
        ],
        "cluster_label": [{"label_code": "bronze", "valid_from": date(2023, 3, 1)}],
        "classification": [
            {"axis_code": "scale", "value_code": "scale.regional", "valid_from": date(2020, 1, 1)},
            {
                "axis_code": "environment",
                "value_code": "environment.real",
                "valid_from": date(2020, 1, 1),
                "valid_to": date(2024, 12, 31),
            },
        ],
        "status_event": [
            {"status_code": "forming", "valid_from": date(2015, 5, 20), "document": "№ 12"},
            {"status_code": "active", "valid_from": date(2018, 1, 1)},
        ],
        "organisation": [
            {"registry_number": first, "name": "ООО «Лён»", "region_code": "BY-VI",
             "activity_code": "26", "size_code": "micro", "type_code": "business"},
            {"registry_number": second, "name": "=1+1", "region_code": "BY-BR",
             "district": "+375", "type_code": "education"},
            {"registry_number": third, "name": "@Завод", "region_code": "BY-HM",
             "type_code": "supplier"},
            {"country_code": "RU", "registry_number": ABROAD, "name": "ПАО «Банк»",
             "region_code": "RU-MOW", "type_code": "finance"},
        ],
        "membership": [
            {"organisation_id": f"BY:{first}", "role_code": "anchor",
             "joined_on": date(2015, 5, 20)},
            {"organisation_id": f"BY:{second}", "role_code": "producer",
             "joined_on": date(2016, 1, 1), "left_on": date(2019, 12, 31)},
            {"organisation_id": f"BY:{second}", "role_code": "producer",
             "joined_on": date(2021, 1, 1)},
            {"organisation_id": f"RU:{ABROAD}", "role_code": "infrastructure",
             "joined_on": date(2020, 2, 29)},
        ],
        "member_value": [
            {"organisation_id": f"BY:{first}", "employees": 120, "remote_employees": 20,
             "output": 15400.5, "value_added": -12.25, "sales": 16000, "sales_to_members": 900,
             "exports": 16000, "innovative_output": 100, "patents": 2},
            {"organisation_id": f"BY:{second}", "employees": "…", "sales": 55.5},
            {"organisation_id": f"BY:{second}", "year": 2023, "employees": 11, "exports": "-",
             "note": "уточнено"},
        ],
        "remote_employees": [
            {"organisation_id": f"BY:{first}", "residence_region_code": "BY-HM",
             "remote_employees": 15},
            {"organisation_id": f"BY:{first}", "residence_region_code": "KZ-75",
             "remote_employees": 5},
        ],
        "cluster_value": [{"employees": 140, "sme_share": 66.7, "joint_projects": 2}],
        "project": [
            {"project_id": "P-1", "title": "Датчики", "lead_id": f"BY:{first}",
             "participant_ids": [f"BY:{first}", f"BY:{second}"], "kind_code": "key",
             "region_codes": ["BY-VI"], "started_on": date(2022, 1, 10),
             "planned_finish_on": date(2026, 12, 31), "status_code": "running"},
        ],
        "project_value": [
            {"project_id": "P-1", "value_kind": "plan", "year": 2026,
             "stated_on": date(2022, 1, 10), "output": 500},
            {"project_id": "P-1", "value_kind": "effect", "year": 2026,
             "stated_on": date(2024, 12, 1), "method_note": "Прирост к базе", "project_effect": 12},
        ],
        "link": [
            {"from_id": f"BY:{first}", "to_id": f"BY:{second}", "link_type": "contract",
             "valid_from": date(2023, 1, 1), "amount": 12.5, "currency_code": "BYN"},
            {"link_level": "cluster", "from_id": "BY-C01", "to_id": "KZ-C02",
             "link_type": "information", "valid_from": date(2023, 1, 1)},
        ],
        "support": [
            {"instrument_code": "loans", "recipient_id": f"BY:{first}", "support_year": 2024,
             "committed_amount": 100, "paid_amount": 40.5, "currency_code": "BYN"},
        ],
    }  # fmt: skip


def made(path: Path, rows: Rows | None = None, form: Form = REPORT, **other: Any) -> Path:
    """A template; by default the Russian report of 2024 of a Belarusian cluster."""
    of: dict[str, Any] = {"language": "ru", "cluster_id": "BY-C01", "period_code": "2024"}
    write_template(form, LISTS, path=path, rows=rows or {}, **{**of, **other})
    return path


def place(table: Table, column: str, row: int = 0) -> str:
    """Address of a cell of a template, by column name and number of the row of data."""
    names = [*(c.name for c in table.columns), *(m.indicator for m in table.measures)]
    return f"{openpyxl.utils.get_column_letter(names.index(column) + 1)}{FIRST_ROW + row}"


def header(table: Table, column: str) -> str:
    """Address of a header of a template."""
    return place(table, column, HEADER_ROW - FIRST_ROW)


def needs_libreoffice() -> str:
    """The program; without it the test is skipped, but never in CI."""
    program = shutil.which("soffice")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("LibreOffice is not installed")
    assert program, "CI needs LibreOffice: apt-get install libreoffice-calc-nogui"
    return program


def computed(path: Path, folder: Path) -> Path:
    """The workbook opened, computed and saved by LibreOffice."""
    program = needs_libreoffice()
    profile, out = folder / "profile", folder / "computed"
    command = [program, "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / path.name


_FILL = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Fill"
    script:language="StarBasic">
Sub FillIn(source As String, steps As String, target As String)
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    Dim format(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = &quot;Hidden&quot;
    hidden(0).Value = True
    format(0).Name = &quot;FilterName&quot;
    format(0).Value = &quot;Calc MS Excel 2007 XML&quot;
    book = StarDesktop.loadComponentFromURL(source, &quot;_blank&quot;, 0, hidden())
    files = createUnoService(&quot;com.sun.star.ucb.SimpleFileAccess&quot;)
    text = createUnoService(&quot;com.sun.star.io.TextInputStream&quot;)
    text.setInputStream(files.openFileRead(steps))
    text.setEncoding(&quot;UTF-8&quot;)
    Do While Not text.isEOF()
        parts = Split(text.readLine(), Chr(9))
        If UBound(parts) = 3 Then
            cell = book.Sheets.getByName(parts(0)).getCellRangeByName(parts(1))
            If parts(2) = &quot;number&quot; Then
                cell.Value = Val(parts(3))
            Else
                cell.String = parts(3)
            End If
        End If
    Loop
    book.calculateAll()
    book.storeToURL(target, format())
    book.close(True)
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
    library:readonly="false" library:passwordprotected="false">{elements}</library:library>
"""
_FIRST_DAY = date(1899, 12, 30)


def typed(path: Path, cells: dict[tuple[str, str], Any], folder: Path) -> Path:
    """The workbook with values typed into its cells and saved, all by LibreOffice itself.

    Args:
        path: The workbook.
        cells: Sheet and address to a text, a number or a day.
        folder: Where to put the profile and the saved workbook.
    """
    profile = f"-env:UserInstallation={(folder / 'typist').as_uri()}"
    command = [needs_libreoffice(), "--headless", "--norestore", profile]
    # the first start makes the profile, and would write over a macro that lies there
    subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True)
    basic = folder / "typist" / "user" / "basic" / "Standard"
    (basic / "Fill.xba").write_text(_FILL, encoding="utf-8")
    element = '<library:element library:name="Fill"/>'
    (basic / "script.xlb").write_text(_LIBRARY.format(elements=element), encoding="utf-8")
    (basic / "dialog.xlb").write_text(_LIBRARY.format(elements=""), encoding="utf-8")
    steps, target = folder / "steps.tsv", folder / f"typed-{path.name}"
    lines = []
    for (sheet, cell), value in cells.items():
        kind = "text" if isinstance(value, str) else "number"
        shown = (value - _FIRST_DAY).days if isinstance(value, date) else value
        lines.append(f"{sheet}\t{cell}\t{kind}\t{shown}\n")
    steps.write_text("".join([*lines, "\n"]), encoding="utf-8")
    addresses = ",".join(f'"{one.as_uri()}"' for one in (path, steps, target))
    macro = f"macro:///Standard.Fill.FillIn({addresses})"
    done = subprocess.run(
        [*command, macro], check=True, capture_output=True, timeout=120, text=True
    )
    assert target.exists(), done.stderr
    return target
