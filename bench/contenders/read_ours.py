"""Reads workbooks as the warehouse does: cells, kinds, number formats, indents, formula marks."""

from __future__ import annotations

from pathlib import Path

from bench.probe import Probe, run
from warehouse.readers.excel import read_xlsx


def work(probe: Probe, paths: list[str]) -> None:
    """Read every workbook; count the cells that hold something."""
    cells = 0
    for path in paths:
        with probe.time():
            book = read_xlsx(Path(path))
        cells += sum(int(sheet.kind.astype(bool).sum()) for sheet in book.sheets)
        del book
    probe.facts["cells"] = cells


if __name__ == "__main__":
    run(work)
