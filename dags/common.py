"""What every DAG shares: the owner, the assets that link them, the pool of the one writer."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset

OWNER = os.environ.get("WAREHOUSE_OWNER", "statistics")
WRITER_POOL = "duckdb_writer"

STAGED = Asset("staged_observations")
"""Something new lies in `<home>/staged`."""

PUBLISHED = Asset("published_warehouse")
"""`<home>/warehouse.duckdb` is another build than before."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 0,
    "retry_delay": timedelta(minutes=1),
    "execution_timeout": timedelta(minutes=30),
}
