"""A part of a report in a process of its own: job in, result out, both as JSON."""

from __future__ import annotations

import sys

from pydantic import TypeAdapter

from warehouse.errors import Problem, WarehouseError
from warehouse.reports.make import (
    CELLS,
    LANGUAGE,
    PDF,
    REFUSED,
    Done,
    Job,
    write_cells,
    write_language,
    write_pages,
)

_PARTS = {CELLS: write_cells, PDF: write_pages}


def main() -> int:
    """Read a job from standard input and write what came of it to standard output."""
    job = TypeAdapter(Job).validate_json(sys.stdin.buffer.read())
    try:
        if sys.argv[1] == LANGUAGE:
            done = write_language(job)
            sys.stdout.buffer.write(TypeAdapter(Done).dump_json(done))
        else:
            _PARTS[sys.argv[1]](job)
    except WarehouseError as error:
        sys.stdout.buffer.write(TypeAdapter(Problem).dump_json(error.problem))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
