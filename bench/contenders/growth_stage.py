"""One stage of the street on data of some size; arguments: stage, home, and the files to read."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from bench.probe import Probe, run
from warehouse import stage
from warehouse.layout.contract import load_registry
from warehouse.settings import Settings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUILD_MEMORY = "3300MiB"


def read(probe: Probe, settings: Settings, paths: list[Path]) -> None:
    """Interpret files and write their parts."""
    from warehouse import conform, interpret

    registry, lists = load_registry(settings.sources), conform.CodeLists.load(settings.seeds)
    count = 0
    with probe.time("read"):
        for path in paths:
            file_id = hashlib.sha256(path.name.encode()).hexdigest()
            found = interpret.interpret(
                path,
                file_id=file_id,
                file_name=path.name,
                received_at=NOW,
                registry=registry,
                lists=lists,
            )
            count += found.observations.num_rows
            stage.write_part(settings, "observation", file_id, found.observations)
            if found.problem or found.rejected.num_rows:
                raise RuntimeError(f"{path.name}: {found.problem or found.rejected.num_rows}")
    probe.facts["observations"] = count


def validate(probe: Probe, settings: Settings, _: list[Path]) -> None:
    """Check the parts that `read` wrote, a file at a time; the import apart."""
    from warehouse.validate import CheckedFile, Validator

    contract = load_registry(settings.sources)["eurostat/lfst_r_lfe2en2"]
    validator = Validator(settings)
    parts = sorted((settings.staged / "observation").glob("*.parquet"))
    with probe.time("start"):
        validator._start()
    with probe.time("validate"):
        for part in parts:
            rows = stage.read_part(settings, "observation", part.name)
            file = CheckedFile(part.stem, part.name, NOW, contract)
            results = validator.check_observations([file], [rows], None)
            failed = [row["check_name"] for row in results if not row["is_success"]]
            if failed:
                raise RuntimeError(f"{part.name}: {failed}")
    probe.facts["checks"] = len(results)


def build(probe: Probe, settings: Settings, _: list[Path]) -> None:
    """`dbt build` of what is staged."""
    from warehouse import pipeline

    os.environ["WAREHOUSE_DBT_MEMORY"] = BUILD_MEMORY
    with probe.time("build"):
        pipeline.build(settings, now=NOW)


def publish(probe: Probe, settings: Settings, _: list[Path]) -> None:
    """Reconcile the build with what was staged, and publish it."""
    from warehouse import pipeline

    with probe.time("publish"):
        pipeline.publish_build(settings, now=NOW)


STAGES = {"read": read, "validate": validate, "build": build, "publish": publish}


def work(probe: Probe, arguments: list[str]) -> None:
    """Run one stage."""
    name, home, *paths = arguments
    STAGES[name](probe, Settings(home=Path(home)), [Path(path) for path in paths])


if __name__ == "__main__":
    run(work)
