"""The lock file of the explorer's packages: it pins all, and names no registry."""

from __future__ import annotations

import json

from warehouse.reports.explorer import HERE


def test_every_package_is_pinned_by_its_hash_and_no_registry_is_named() -> None:
    lock = json.loads((HERE / "package-lock.json").read_bytes())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {"node_modules/@duckdb/duckdb-wasm", "node_modules/esbuild"} <= set(packages)
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
