"""SQL of models as dbt compiles it."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse.settings import PROJECT


def compiled_sql(folder: Path, select: str) -> dict[str, str]:
    """SQL by model name; relations stand under their bare names, quoted."""
    import os

    from dbt.adapters.factory import cleanup_connections, reset_adapters
    from dbt.cli.main import dbtRunner

    project = str(PROJECT / "dbt")
    os.environ.update(WAREHOUSE_BUILD_FILE=str(folder / "compiled.duckdb"), DO_NOT_TRACK="1")
    try:
        result = dbtRunner().invoke(
            [
                "compile",
                *("--project-dir", project),
                *("--profiles-dir", project),
                *("--target-path", str(folder / "target")),
                *("--log-path", str(folder / "logs")),
                *("--log-level", "none"),
                *("--select", select),
            ]
        )
    finally:
        cleanup_connections()
        reset_adapters()
        os.environ.pop("WAREHOUSE_BUILD_FILE")
    results = getattr(result.result, "results", None)
    assert results, result.exception
    return {item.node.name: _bare(item.node.compiled_code) for item in results}


def _bare(sql: str) -> str:
    return re.sub(r'("\w+"\.)+"(\w+)"', r'"\2"', sql)
