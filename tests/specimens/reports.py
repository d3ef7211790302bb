"""Sample reports of clusters, the registers of two countries, and reports with planted errors.

`cluster_world.py` tells the story, `report_rows.py` says it in rows of the forms. Here it becomes
files: most as JSON, those of `ZIP_YEAR` of clusters with an even number as a zip of CSV files,
those of `XLSX` as workbooks made from the template. `PLANTED` are reports with one error each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tests.specimens.cluster_world import Cluster, World, make_world
from tests.specimens.illustrative import FACTS, read
from tests.specimens.names import CLUSTERS as CLUSTER_TITLES
from tests.specimens.report_files import WRITERS, write_json, write_xlsx
from tests.specimens.report_rows import (
    Report,
    Row,
    Tables,
    filled,
    register_of,
    report_of,
)

ZIP_YEAR = 2022
XLSX = {
    ("BY-C01", 2024): "ru", ("BY-C02", 2024): "ru", ("BY-C04", 2024): "en",
    ("BY-C06", 2024): "ru", ("BY-C09", 2024): "en", ("BY-C15", 2024): "en",
    ("KZ-C01", 2024): "ru", ("KZ-C02", 2024): "en", ("KZ-C05", 2024): "ru",
    ("KZ-C06", 2024): "en", ("KZ-C08", 2024): "ru", ("KZ-C13", 2024): "en",
}  # fmt: skip
"""Reports that come as a workbook, and their language."""


@lru_cache
def world() -> World:
    """The story, told once."""
    return make_world()


def ending_of(cluster_id: str, year: int) -> str:
    """In which format a report arrives."""
    if (cluster_id, year) in XLSX:
        return "xlsx"
    return "zip" if year == ZIP_YEAR and int(cluster_id[-2:]) % 2 == 0 else "json"


def due() -> list[tuple[Cluster, int]]:
    """Every cluster and year of which a report is due."""
    return [(cluster, year) for cluster in world().clusters for year in cluster.years]


def sent() -> list[tuple[Cluster, int]]:
    """Reports that were sent without mistakes."""
    return [(c, year) for c, year in due() if (c.id, year) not in NOT_SENT]


def name_of(cluster_id: str, year: int) -> str:
    """File of a report below the samples."""
    return f"clusters/{cluster_id}_{year}_illustrative.{ending_of(cluster_id, year)}"


def _sample(cluster: Cluster, year: int, path: Path) -> Path:
    report = report_of(world(), cluster, year, XLSX.get((cluster.id, year), "ru"))
    return WRITERS[ending_of(cluster.id, year)](report, path)


# planted errors


@dataclass(frozen=True)
class Planted:
    """One intended error.

    Attributes:
        cluster_id: Whose report it is.
        year: Of which year.
        change: What is done to the tables of the report without mistakes.
        code: Error code that is given.
        table: Table, or tables, where it is given.
        is_refused: Whether the whole report is refused, and not only the row.
    """

    cluster_id: str
    year: int
    change: Callable[[Tables], None]
    code: str
    table: tuple[str, ...]
    is_refused: bool


def _wrong_digit(tables: Tables) -> None:
    """One organisation under a wrong number, wherever the report speaks of it."""
    right = tables["organisation"][-1]["registry_number"]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    for rows in tables.values():
        for row in rows:
            row.update({name: wrong for name, value in row.items() if value == right})


def _too_many_remote(tables: Tables) -> None:
    row = next(row for row in tables["member_value"] if row.get("remote_employees") == 0)
    row["remote_employees"] = row["employees"] + 1


def _unknown_instrument(tables: Tables) -> None:
    tables["support"][0]["instrument_code"] = "lottery"


def _left_before_joined(tables: Tables) -> None:
    tables["membership"][4]["left_on"] = date(2019, 1, 1)


def _unknown_member(tables: Tables) -> None:
    tables["organisation"].pop()


def _effect_without_method(tables: Tables) -> None:
    project = tables["project"][0]
    stated = date(2023, 11, 30)
    effect = {"value_kind": "effect", "year": 2023, "stated_on": stated, "project_effect": 12.5}
    tables["project_value"].append({"project_id": project["project_id"], **effect})


def _growth_without_note(tables: Tables) -> None:
    row = next(row for row in tables["member_value"] if "output" in row)
    row["output"] = round(row["output"] * 3.5, 1)


PLANTED: dict[str, Planted] = {
    "wrong_check_digit": Planted(
        "KZ-C12", 2021, _wrong_digit, "registry_number_invalid",
        ("link", "member_value", "membership", "organisation"), is_refused=False,
    ),
    "more_remote_than_employees": Planted(
        "BY-C07", 2023, _too_many_remote, "value_out_of_range", ("member_value",), is_refused=False
    ),
    "unknown_instrument": Planted(
        "KZ-C09", 2022, _unknown_instrument, "name_unknown", ("support",), is_refused=False
    ),
    "left_before_joined": Planted(
        "BY-C13", 2023, _left_before_joined, "check_failed", ("membership",), is_refused=True
    ),
    "member_not_in_the_list": Planted(
        "BY-C13", 2023, _unknown_member, "check_failed", ("membership",), is_refused=True
    ),
    "effect_without_method": Planted(
        "BY-C13", 2023, _effect_without_method, "check_failed", ("project_value",), is_refused=True
    ),
    "growth_without_note": Planted(
        "BY-C13", 2023, _growth_without_note, "check_failed", ("member_value",), is_refused=True
    ),
}  # fmt: skip
"""Files with one error each, by name. No other file holds the report of the same year."""
NOT_SENT = {("KZ-C11", 2022)} | {(one.cluster_id, one.year) for one in PLANTED.values()}
"""Reports that are not among those without mistakes; the first was never sent at all."""


def planted_report(name: str) -> Report:
    """A report with its error."""
    planted = PLANTED[name]
    cluster = next(one for one in world().clusters if one.id == planted.cluster_id)
    report = report_of(world(), cluster, planted.year)
    planted.change(report.tables)
    return report


def _planted(name: str, path: Path) -> Path:
    return write_json(planted_report(name), path)


# published facts


KEY_PROJECTS = "papers/paper-003_key-projects.json"
FIGURE = "paper_003_figure_1.csv"
KEY_PROJECT_CLUSTERS = {
    "construction": "KZ-C01", "furniture": "KZ-C02", "label_lost": "KZ-C03",
    "milk_processing": "KZ-C04", "flour_milling": "KZ-C05", "tourism": "KZ-C06",
}  # fmt: skip
"""Row of figure 1 of paper 003 to the cluster that it speaks of."""
STATED_ON = date(2022, 12, 31)
"""The paper says no day: the last one of the quarter of its issue."""
NO_METHOD = "В источнике (статья 003, рис. 1) метод расчёта эффекта не определён."
NOTES = {
    ("tourism", 2024): "База не приводится: напечатанные 2925 противоречат росту на 65 % и итогу.",
    ("label_lost", 2020): "Название и регион кластера утрачены в источнике.",
}


def key_projects() -> Report:
    """The projects of figure 1 of paper 003, as printed: nothing in it is made up.

    The base of tourism is left out: it is under correction (`paper-003/cluster_output`), and a form
    has no corrections, so a pace would be computed from a figure that cannot be right. The source
    does not say which boundaries its figures follow, so none are stated.
    """
    figures = [row for row in read(FACTS / FIGURE) if _is_stated(row)]
    tables: Tables = {"project": [], "project_value": []}
    for name, cluster_id in KEY_PROJECT_CLUSTERS.items():
        rows = [row for row in figures if f"cluster={name};" in row["breakdown"]]
        title = f"Ключевые проекты: {CLUSTER_TITLES[name][0].lower()}"
        project = {"cluster_id": cluster_id, "project_id": f"paper-003-{name}"}
        tables["project"].append(
            {
                **project,
                "title": title,
                "kind_code": "key",
                "region_codes": [part for part in rows[0]["region"].split("+") if part],
                "status_code": "running",
                "selected_by": "Конкурс кластерных проектов 2020 года",
            }
        )
        tables["project_value"] += [
            filled({**project, **value, "note": NOTES.get((name, value["year"]))})
            for value in map(_key_project_value, rows)
            if value
        ]
    tables["project"] = [filled(row) for row in tables["project"]]
    return Report("project_register", None, None, tables, is_illustrative=False)


def _is_stated(row: Mapping[str, str]) -> bool:
    is_doubtful = "cluster=tourism;" in row["breakdown"] and row["year"] == "2020"
    return "cluster=_T" not in row["breakdown"] and not is_doubtful


def _key_project_value(row: Mapping[str, str]) -> Row | None:
    """One printed figure; printed growth is no value of a project."""
    number = int(row["value"].replace("\u00a0", "").rstrip("%"))
    common = {"year": int(row["year"]), "stated_on": STATED_ON}
    if row["indicator"] == "cluster_output":
        kind = "base" if "scenario=actual" in row["breakdown"] else "plan"
        return {"value_kind": kind, **common, "output": number}
    if row["indicator"] == "cluster_project_effect":
        effect = {"method_note": NO_METHOD, "project_effect": number}
        return {"value_kind": "effect", **common, **effect}
    return None


def files() -> dict[str, Callable[[Path], Any]]:
    """Every file of the cluster samples and what makes it."""
    found: dict[str, Callable[[Path], Any]] = {
        "clusters/register_belarus_illustrative.json": lambda path: write_json(
            register_of(world(), "BY"), path
        ),
        "clusters/register_kazakhstan_illustrative.xlsx": lambda path: write_xlsx(
            register_of(world(), "KZ"), path
        ),
    }
    for cluster, year in sent():
        found[name_of(cluster.id, year)] = partial(_sample, cluster, year)
    found[KEY_PROJECTS] = lambda path: write_json(key_projects(), path)
    for name in PLANTED:
        found[f"with-errors/report_{name}_illustrative.json"] = partial(_planted, name)
    return found


def make(out: Path) -> list[Path]:
    """Write all of them under `out`."""
    for name, maker in files().items():
        maker(out / name)
    return [out / name for name in files()]
