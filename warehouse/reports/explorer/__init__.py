"""The explorer of the report site: filters, downloads and SQL in the browser, on public figures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse import disk
from warehouse.disclosure import Rule
from warehouse.public import write_public

HERE = Path(__file__).parent
PAGE = HERE / "page"
BUILT = HERE / "dist"
FOLDER = "explorer"
FILE = "public.duckdb"
FIRST = ("wage_nominal", "population")
"""Indicators that the page opens with: the first of them that there is."""
_SHIPPED = ("explorer.css", "explorer.js")
_NOT_FOR_SCRIPT = ("questions",)


@dataclass(frozen=True)
class Placed:
    """What stands in the site now.

    Attributes:
        pages: Language to its page.
        public_file: The DuckDB file of public figures.
        has_sql: Whether the SQL tab and XLSX are there; without Node they are left out, and the
            pages say so.
    """

    pages: Mapping[str, Path]
    public_file: Path
    has_sql: bool


def place(
    site: Path,
    published: Path,
    languages: Sequence[str],
    *,
    rule: Rule | None = None,
    countries: Sequence[str] = (),
    back: Mapping[str, str] | None = None,
    built: Path = BUILT,
) -> Placed:
    """Put the explorer into a report site, as the folder `explorer`.

    Args:
        site: The folder of the site.
        published: The published warehouse, read only.
        languages: `ru`, `en`; the first one is also `index.html`.
        rule: When a figure is confidential; else the strict default.
        countries: Whose figures; none named: all.
        back: Language to the address of the report, relative to the pages.
        built: Where the build of the npm packages lies.

    Returns:
        The pages, and whether the SQL tab is among them.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`.
    """
    folder = site / FOLDER
    with disk.writing(site):
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data").mkdir(parents=True)
        public = write_public(published, folder / FILE, rule or Rule(), countries)
        with duckdb.connect(str(public), read_only=True) as connection:
            _write_data(connection, folder / "data")
        for name in _SHIPPED:
            shutil.copyfile(PAGE / name, folder / name)
        has_sql = (built / "sql.js").exists()
        if has_sql:
            shutil.copytree(built, folder / "built", ignore=shutil.ignore_patterns(".*"))
        pages = {language: folder / f"{language}.html" for language in languages}
        for language, path in pages.items():
            text = _page(language, languages, has_sql=has_sql, back=(back or {}).get(language))
            path.write_text(text, encoding="utf-8")
        shutil.copyfile(pages[languages[0]], folder / "index.html")
    return Placed(pages, public, has_sql)


def _page(language: str, languages: Iterable[str], *, has_sql: bool, back: str | None) -> str:
    texts = yaml.safe_load((PAGE / "texts.yml").read_text(encoding="utf-8"))
    text = texts[language]
    told = {key: value for key, value in text.items() if key not in _NOT_FOR_SCRIPT}
    told["examples"] = list(zip(text["questions"], examples(language), strict=True))
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html").render(
        language=language,
        others=[(code, texts[code]["language"]) for code in languages if code != language],
        text=text,
        texts=Markup(_json(told).replace("<", "\\u003c")),  # noqa: S704  (no tag can begin in it)
        has_built=has_sql,
        back=back,
    )


def examples(language: str) -> list[str]:
    """The SQL of the examples, in the order of their questions."""
    lines = (PAGE / "examples.sql").read_text(encoding="utf-8").splitlines()
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return [part.strip() for part in sql.format(language=language).split(";")]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _write_data(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """One file of figures per indicator, and what the codes in them mean."""
    codes = connection.execute("select distinct indicator_code from marts.mart_indicator")
    for (code,) in codes.fetchall():
        rows = connection.execute(_FIGURES, [code]).to_arrow_table()
        columns = {name: _column(rows[name]) for name in rows.column_names}
        text = _json({"length": rows.num_rows, "columns": columns})
        (folder / f"{code}.json").write_text(text, encoding="utf-8")
    index: dict[str, Any] = {
        kind: {row[0]: list(row[1:]) for row in connection.execute(sql).fetchall()}
        for kind, sql in _NAMES.items()
    }
    known = index["indicators"]
    index["first"] = next((code for code in FIRST if code in known), min(known, default=""))
    (folder / "index.json").write_text(_json(index), encoding="utf-8")


def _column(column: pa.ChunkedArray) -> dict[str, list[Any]]:
    """Values of a column; text as a list of what occurs and the places in it."""
    if not pa.types.is_string(column.type):
        return {"values": column.to_pylist()}
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return {"list": coded.dictionary.to_pylist(), "at": coded.indices.to_pylist()}


_FIGURES = """
select
    region_code, cluster_code, activity_classifier, activity_code, year,
    base_indicator_code, method_version, unit_code, value, obs_status, conf_status, reason_code,
    is_illustrative, is_primary, rank, ranked_count, change, change_unit_code, correction_status,
    file_id, table_name, cell
from marts.mart_indicator
where indicator_code = ?
order by
    year desc, region_code, cluster_code, activity_classifier, activity_code,
    base_indicator_code, method_version, unit_code
"""

_NAMES = {
    "indicators": """
        select indicator_code, name_ru, name_en, definition from marts.dim_indicator
        where indicator_code in (select indicator_code from marts.mart_indicator) order by all""",
    "bases": """
        select indicator_code, name_ru, name_en from marts.dim_indicator
        where indicator_code in (select base_indicator_code from marts.mart_indicator)
        order by all""",
    "regions": """
        select region_code, name_ru, name_en from marts.dim_region
        where region_code in (select region_code from marts.mart_indicator) order by all""",
    "clusters": """
        select cluster_id, any_value(name_ru), any_value(name_en) from marts.dim_cluster
        where is_current group by cluster_id order by all""",
    "activities": """
        select activity_classifier || '/' || activity_code, name_ru, name_en
        from marts.dim_activity order by all""",
    "units": "select unit_code, name_ru, name_en from marts.dim_unit order by all",
    "reasons": "select reason_code, name_ru, name_en from marts.dim_reason order by all",
    "files": "select file_id, title, licence from marts.dim_source_file order by all",
}
