"""The dbt models as SQL text: the very formulas of the warehouse, on other input than a build.

dbt itself is not needed to run a few models on a small table: their text is Jinja, and the macros
are one namespace. Only what computing models use is there: `ref`, `var` and `config`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

BUILTINS = "builtins.sql"
"""Macros that better dbt's own functions, and need dbt."""


@dataclass(frozen=True)
class Column:
    """One documented column of a model.

    Attributes:
        name: Its name.
        data_type: SQL type.
        description: What it says.
        default: SQL expression over the other columns that fills it when it is not given; None
            when it must be given.
    """

    name: str
    data_type: str
    description: str
    default: str | None


@dataclass(frozen=True)
class Models:
    """Models, macros, seeds and variables of a dbt project.

    Attributes:
        folder: The dbt project.
        variables: Its variables, some of them overridden.
    """

    folder: Path
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, overrides: Mapping[str, Any] | None = None) -> Models:
        """The project in a folder, with other values for some of its variables."""
        return cls(folder, {**_project(folder), **(overrides or {})})

    def create(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Create a model as a table, after all that it refers to and that is not there yet.

        What the connection already has under the name of a model stands in
        its place: this is how a model gets other input.

        Raises:
            KeyError: A reference leads to no model and no seed.
        """
        if self.is_there(connection, name):
            return
        text = self.text(name)
        if text is None:
            path = str(_files(self.folder / "seeds", ".csv")[name])
            connection.execute(
                f'create table "{name}" as from read_csv($path, header = true)', {"path": path}
            )
            return
        sql, references = self.render(text)
        for reference in references:
            self.create(connection, reference)
        connection.execute(f'create table "{name}" as {sql}')

    @staticmethod
    def is_there(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
        """Whether the connection has a table or view of the name."""
        query = """
            select count(*) from information_schema.tables where table_name = $name
        """
        return bool(connection.execute(query, {"name": name}).fetchall()[0][0])

    def text(self, name: str) -> str | None:
        """Text of a model; None when there is none of the name."""
        path = _files(self.folder / "models", ".sql").get(name)
        return None if path is None else path.read_text(encoding="utf-8")

    def render(self, text: str) -> tuple[str, list[str]]:
        """SQL of a model's text, with bare names of relations, and the relations it refers to."""
        sql, references = _rendered(self.folder, text, json.dumps(self.variables, sort_keys=True))
        return sql, list(references)

    def key(self, name: str) -> list[str]:
        """Columns that tell the rows of a model apart, by its test or its `key`; else none."""
        said = _documented(self.folder).get(name, {})
        for test in said.get("data_tests") or []:
            if "unique_key" in test:
                return list(test["unique_key"]["arguments"]["columns"])
        return list(said.get("config", {}).get("meta", {}).get("key", []))

    def columns(self, name: str) -> list[Column]:
        """Documented columns of a model, in their order; empty when none are."""
        said = _documented(self.folder).get(name, {})
        return [_column(each) for each in said.get("columns") or []]


@lru_cache(maxsize=512)
def _rendered(folder: Path, text: str, variables: str) -> tuple[str, tuple[str, ...]]:
    values = json.loads(variables)
    environment = jinja2.Environment(  # noqa: S701 - SQL, not HTML
        extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_macros(folder) + text)
    references: dict[str, None] = {}

    def ref(name: str) -> str:
        references[name] = None
        return f'"{name}"'

    def var(name: str, default: Any = None) -> Any:
        return values[name] if default is None else values.get(name, default)

    sql = template.render(ref=ref, var=var, config=lambda **_: "")
    return sql, tuple(references)


@lru_cache
def _documented(folder: Path) -> dict[str, dict[str, Any]]:
    """What the YAML files beside the models say of each."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "models").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or []:
            found[model["name"]] = {**found.get(model["name"], {}), **model}
    return found


@lru_cache
def _project(folder: Path) -> dict[str, Any]:
    text = (folder / "dbt_project.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["vars"])


def _column(said: Mapping[str, Any]) -> Column:
    default = said.get("config", {}).get("meta", {}).get("default")
    return Column(
        said["name"],
        said.get("data_type", "varchar"),
        " ".join(said.get("description", "").split()),
        None if default is None else str(default),
    )


@lru_cache
def _files(folder: Path, suffix: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.rglob(f"*{suffix}"))}


@lru_cache
def _macros(folder: Path) -> str:
    return "".join(_macro_texts(folder))


def _macro_texts(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "macros").rglob("*.sql")):
        if path.name == BUILTINS:
            continue
        yield path.read_text(encoding="utf-8") + "\n"
