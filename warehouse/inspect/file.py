"""One file inspected: read, looked at, and a draft of a contract written."""

from __future__ import annotations

from pathlib import Path

from warehouse.conform.codelists import CodeLists
from warehouse.errors import Code, WarehouseError
from warehouse.forms.definition import Forms
from warehouse.inspect.draft import draft
from warehouse.inspect.findings import examine
from warehouse.inspect.page import Inspection
from warehouse.inspect.trial import read_by
from warehouse.inspect.words import Words
from warehouse.layout.contract import Registry
from warehouse.readers import CONTAINERS, READERS, detect_format, read


def inspect_file(
    path: Path,
    lists: CodeLists,
    registry: Registry,
    target: Path | None = None,
    forms: Forms | None = None,
) -> Inspection:
    """Look into a file that may be anything.

    Args:
        path: The file.
        lists: All code lists.
        registry: All contracts, to say which of them knows the file.
        target: Where the draft of a contract will lie.
        forms: All forms, as the contracts.

    Raises:
        WarehouseError: The file is damaged, or `format_unknown` for a format without a reader.
    """
    format_code = detect_format(path, path.name)
    if format_code not in {*READERS, *CONTAINERS}:
        raise WarehouseError.of(
            Code.FORMAT_UNKNOWN,
            expected=f"one of the formats {', '.join(sorted(READERS))}",
            found=format_code,
            action="Ask the office for the table in one of these formats.",
            file_name=path.name,
        )
    sheets = examine(read(path, format_code, path.name), Words(lists))
    reading = read_by(registry, path, lists, forms)
    known = reading.contract or reading.form
    return Inspection(
        file_name=path.name,
        format_code=format_code,
        size=path.stat().st_size,
        contracts=[known.id] if known else [],
        sheets=sheets,
        draft=draft(
            sheets,
            format_code=format_code,
            file_name=path.name,
            target=target,
            words=Words(lists),
        ),
    )
