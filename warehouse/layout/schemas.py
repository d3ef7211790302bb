"""Write the JSON Schemas that editors complete from: `python -m warehouse.layout.schemas`."""

from __future__ import annotations

import json

from warehouse.layout.contract import contract_schema
from warehouse.layout.corrections import corrections_schema
from warehouse.settings import Settings


def main() -> None:
    """Write `contract.schema.json` and `corrections.schema.json` beside the contracts."""
    sources = Settings.of().sources
    for name, schema in (("contract", contract_schema()), ("corrections", corrections_schema())):
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (sources / f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
