"""Marts from staged Parquet, against the same SQL in one bare DuckDB session."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from bench.harness import PROJECT, Bench, Contender, Goal, Result
from warehouse import stage
from warehouse.settings import Settings

HELD = (
    "What is left beside the SQL is what dbt does for each of its nodes: about 25 ms of compiling, "
    "transactions, renaming and writing of artifacts for each model, seed and test."
)


def marts(bench: Bench) -> Result:
    """Build all marts of staged figures."""
    count = bench.size(300_000, 2_000)
    home, bare = bench.folder / "marts" / "home", bench.folder / "marts" / "warehouse.duckdb"
    bench.once(Contender("stage", "", "stage_parts", [str(home), str(count)]))

    def fresh() -> None:
        shutil.rmtree(home / "builds", ignore_errors=True)
        bare.unlink(missing_ok=True)

    ours = Contender(
        "ours", "`dbt build`: seeds, models, data tests", "marts_ours", [str(home)], before=fresh
    )
    first = bench.once(ours)
    script = bench.folder / "marts" / "script.json"
    script.write_text(json.dumps(statements(Settings(home=home))), encoding="utf-8")
    result = Result("marts", "Marts from staged Parquet", f"{count:,} observations")
    same = "the same SQL, seeds and data tests included, one after the other in one session"
    start = "import dbt and load the parsed project from its cache, build nothing"
    others = (
        Contender("bare DuckDB", same, "marts_bare", [str(script), str(bare)], before=fresh),
        Contender("start of dbt", start, "marts_start", [str(home)], before=fresh),
    )
    if bench.is_quick:  # the build that gave the script has to do: another costs ten seconds
        bench.compare(result, others)
        result.runs[ours.name], result.what[ours.name] = [first], ours.what
    else:
        bench.compare(result, (ours, *others))
    if result.fact("ours", "rows") != result.fact("bare DuckDB", "rows"):
        raise RuntimeError("the marts differ")
    spent = result.seconds("ours") - result.seconds("start of dbt")
    found = spent / result.seconds("bare DuckDB")
    result.goals = [
        Goal("time without the start of dbt, times bare DuckDB", 1.5, found, held_by=HELD)
    ]
    rows = sum(result.fact("ours", "rows").values())
    result.notes = [f"Both gave the same {rows:,} rows of marts."]
    return result


def statements(settings: Settings) -> list[str]:
    """What the last build ran, in the order in which it ran: inputs, seeds, models, data tests."""
    target = settings.home / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_bytes())
    results = json.loads((target / "run_results.json").read_bytes())["results"]
    ran = sorted((run for run in results if run["timing"]), key=_started)
    nodes = [(manifest["nodes"].get(run["unique_id"]), run) for run in ran]
    known = [(node, run) for node, run in nodes if node is not None]
    schemas = sorted({node["schema"] for node, _ in known if node["resource_type"] != "test"})
    return [
        "set TimeZone = 'UTC'",
        *_inputs(settings),
        *(f'create schema if not exists "{schema}"' for schema in schemas),
        *(_statement(target, node, run) for node, run in known),
    ]


def _inputs(settings: Settings) -> list[str]:
    """The schema `staged`, as `build.write_inputs` makes it."""
    views = []
    for table, paths in stage.active_parts(settings).items():
        quoted = ", ".join(f"'{path}'" for path in paths)
        views.append(f"create view staged.{table} as select * from read_parquet([{quoted}])")  # noqa: S608
    about = (
        "create table staged.build as select 'bench' as build_id, "
        "'2026-11-21 00:00:00+00'::timestamptz as built_at, 'bench' as code_version"
    )
    return ["create schema staged", *views, about]


def _started(run: dict[str, Any]) -> str:
    return str(run["timing"][-1]["started_at"])


def _statement(target: Path, node: dict[str, Any], run: dict[str, Any]) -> str:
    if node["resource_type"] == "seed":
        return _seed(node)
    if node["resource_type"] == "test":
        return f"select count(*) from ({run['compiled_code']}) as failures"  # noqa: S608
    path = target / "run" / node["package_name"] / node["original_file_path"]
    return path.read_text(encoding="utf-8").replace("__dbt_tmp", "")


def _seed(node: dict[str, Any]) -> str:
    path = PROJECT / "dbt" / node["original_file_path"]
    types = json.dumps(node["config"].get("column_types") or {})
    place = f'"{node["schema"]}"."{node["alias"]}"'
    return (
        f"create table {place} as select * from read_csv('{path}', header = true, "  # noqa: S608
        f"all_varchar = {str(types == '{}').lower()}, types = {types}, nullstr = '')"
    )
