"""Filled-in forms as files: JSON, a zip of CSV files, or the template as a workbook."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.specimens.build import ZIP_DATE
from tests.specimens.report_rows import Report
from warehouse.conform.codelists import CodeLists
from warehouse.forms.definition import Form, load_forms
from warehouse.forms.template import write_template
from warehouse.settings import PROJECT


@lru_cache
def forms() -> dict[str, Form]:
    """All forms by name."""
    return {form.form: form for form in load_forms(PROJECT / "warehouse" / "forms").values()}


@lru_cache
def code_lists() -> CodeLists:
    """Code lists of the project."""
    return CodeLists.load(PROJECT / "dbt" / "seeds")


def write_json(report: Report, path: Path) -> Path:
    """A report as JSON, one row a line."""
    head = {"form": report.form, "version": forms()[report.form].version}
    head["language"] = report.language
    if report.cluster_id:
        head |= {"cluster_id": report.cluster_id, "period": str(report.period)}
    lines = [f"  {_json(key)}: {_json(value)}," for key, value in head.items()]
    lines.append(f'  "illustrative": {_json(report.is_illustrative)},')
    tables = [
        f"    {_json(name)}: [\n" + ",\n".join(f"      {_json(row)}" for row in rows) + "\n    ]"
        for name, rows in report.tables.items()
    ]
    text = "{\n" + "\n".join(lines) + '\n  "tables": {\n' + ",\n".join(tables) + "\n  }\n}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=date.isoformat)


def write_zip(report: Report, path: Path) -> Path:
    """A report as a zip of CSV files."""
    head = [
        ("key", "value"),
        ("form", report.form),
        ("version", forms()[report.form].version),
        ("language", report.language),
        ("cluster_id", report.cluster_id or ""),
        ("period", report.period or ""),
        ("illustrative", "yes" if report.is_illustrative else "no"),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "_form", head)
        for name, rows in report.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            lines = [[_text(row.get(column)) for column in columns] for row in rows]
            _add(archive, name, [columns, *lines])
    return path


def _add(archive: zipfile.ZipFile, name: str, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    info = zipfile.ZipInfo(f"{name}.csv", ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text.getvalue().encode("utf-8"))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)


def write_xlsx(report: Report, path: Path) -> Path:
    """A report as the filled-in template."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(
        forms()[report.form],
        code_lists(),
        language=report.language,
        cluster_id=report.cluster_id,
        period_code=report.period,
        path=path,
        rows=report.tables,
        illustrative=report.is_illustrative,
    )
    return path


WRITERS = {"json": write_json, "zip": write_zip, "xlsx": write_xlsx}
