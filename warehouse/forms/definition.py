"""The grammar of forms that clusters and ministries fill in, as pydantic models.

A form is one YAML file: its Excel template, its reader and its page in the documentation all come
from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from warehouse.errors import Code, WarehouseError
from warehouse.layout.corrections import first_complaint
from warehouse.schema import FORM_TABLES

FORM_SHEET = "_form"
"""Hidden sheet that says which form a file is, of whom and for when."""
LISTS_SHEET = "_lists"
"""Hidden sheet with the code lists behind the drop-down lists."""
FIRST_YEAR = 1990
"""No report speaks of an earlier year."""
CHECK_SHEETS = {"ru": "Проверка", "en": "Check"}
"""Sheet with live formulas that show errors before a report is sent, by language."""
ANSWER_SHEETS = {"ru": "Ответ", "en": "Answer"}
"""Sheet of an answer that says what was refused, by language."""
SKIPPED_SHEETS = frozenset(
    (FORM_SHEET, LISTS_SHEET, *CHECK_SHEETS.values(), *ANSWER_SHEETS.values())
)
"""Sheets without anything that is reported."""

Kind = Literal[
    "text", "number", "whole", "date", "year", "code", "codes", "region", "regions", "country",
    "activity", "activities", "organisation", "organisations", "registry_number", "cluster",
    "currency", "slug", "named_cluster", "listed", "each",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Strict):
    """A text in the languages of the form."""

    ru: str
    en: str
    be: str | None = None
    kk: str | None = None

    def of(self, language: str) -> str:
        """The text in a language, in Russian where it was not translated."""
        return getattr(self, language, None) or self.ru


class Column(_Strict):
    """One column of a table: a key, an attribute or a remark."""

    name: str = Field(description="column of the staged table")
    label: Label = Field(description="header in the template")
    note: Label | None = Field(None, description="definition, shown beside the header")
    type: Kind = "text"
    codes: str | None = Field(None, description="dimension of the code list of a code")
    required: bool = False
    default: str | None = Field(None, description="what an empty cell means")
    reads: str | None = Field(
        None, description="column whose cell it reads, when it has none of its own"
    )


class Measure(_Strict):
    """One column of figures: each filled cell becomes a row of its own."""

    indicator: str
    label: Label
    note: Label
    unit: str
    low: float | None = Field(0, description="smallest possible value")
    high: float | None = Field(None, description="largest possible value")
    at_most: str | None = Field(None, description="measure of the same row that it cannot exceed")
    required: bool = False


class Table(_Strict):
    """One sheet of the form."""

    name: str = Field(description="name in CSV and JSON")
    staged: str | None = Field(None, description="staged table, unless it has the same name")
    sheet: str | None = Field(None, description="name of the sheet in files that are not ours")
    title: Label
    note: Label | None = None
    key: tuple[str, ...] = Field((), description="columns that identify a row")
    repeats: Literal["refuse", "drop"] = Field(
        "refuse", description="what to do with a row that says the same again"
    )
    columns: tuple[Column, ...]
    measures: tuple[Measure, ...] = ()
    constants: dict[str, str] = Field({}, description="staged columns that are always the same")
    ignore: tuple[str, ...] = Field((), description="headers of columns that are not read")
    rows: int = Field(50, description="empty rows that the template offers")
    required: bool = Field(False, description="a report without a row of it is refused")

    @property
    def staged_table(self) -> str:
        """Name of the staged table."""
        return self.staged or self.name

    @model_validator(mode="after")
    def _fits_the_staged_table(self) -> Table:
        if self.staged_table not in FORM_TABLES:
            raise ValueError(f"there is no staged table {self.staged_table}")
        known = set(FORM_TABLES[self.staged_table].names) | {"year"}
        named = [column.name for column in self.columns]
        for name in (*named, *self.constants):
            if name not in known:
                raise ValueError(f"{self.staged_table} has no column {name}")
        if len(set(named)) < len(named):
            raise ValueError(f"a column of {self.name} is described twice")
        if unknown := set(self.key) - set(named) - set(self.constants):
            raise ValueError(f"the key of {self.name} has no column {', '.join(sorted(unknown))}")
        return self


class Form(_Strict):
    """One version of one form."""

    form: str
    version: str
    title: Label
    note: Label | None = None
    subject: Literal["cluster", "register"] = Field(
        "cluster", description="who fills it in: one cluster, or the keeper of a list"
    )
    period: Literal["year", "half_year", "none"] = "year"
    due_after_days: int | None = Field(None, description="days after the end of the period")
    respondents: tuple[str, ...] = Field((), description="statuses of clusters that must report")
    country: str = Field("", description="of a register whose rows do not say one")
    recognise: dict[str, tuple[str, ...]] = Field(
        {}, description="files that are not ours: sheet (or empty) to the headers it must have"
    )
    format: tuple[str, ...] = ("xlsx", "form_zip", "form_json")
    illustrative: bool = False
    licence: str = "internal"
    owner: str = "clusters"
    source_url: str | None = None
    tables: tuple[Table, ...] = Field(min_length=1)
    fingerprint: SkipJsonSchema[str] = Field("", exclude=True)

    @property
    def id(self) -> str:
        """Id beside the source contracts."""
        return f"form/{self.form}"

    @cached_property
    def by_name(self) -> Mapping[str, Table]:
        """Tables by name."""
        return {table.name: table for table in self.tables}


Forms = dict[str, Form]
"""Forms by id."""


def load_forms(folder: Path) -> Forms:
    """Load every form of a folder.

    Raises:
        WarehouseError: `contract_invalid`, naming the file, the place and what is expected there.
    """
    found = [_load(path) for path in sorted(folder.glob("*.yml"))]
    return {form.id: form for form in found}


def _load(path: Path) -> Form:
    content = path.read_bytes()
    try:
        raw: Any = yaml.safe_load(content)
        form = Form.model_validate(raw)
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise WarehouseError.of(
            Code.CONTRACT_INVALID,
            expected="a form as docs/forms/README.md describes it",
            found=first_complaint(error) if isinstance(error, ValidationError) else str(error),
            action="Correct the form.",
            file_name=path.name,
        ) from error
    return form.model_copy(update={"fingerprint": hashlib.sha256(content).hexdigest()[:16]})


def period_span(period_code: str) -> tuple[date, date] | None:
    """First and last day of `2024` or `2024-H1`; None when it is neither."""
    year, _, half = period_code.partition("-")
    is_year = len(year) == 4 and year.isascii() and year.isdigit() and int(year) >= FIRST_YEAR
    if not is_year or half not in ("", "H1", "H2"):
        return None
    first = date(int(year), 7 if half == "H2" else 1, 1)
    return first, date(int(year), *((6, 30) if half == "H1" else (12, 31)))
