"""Files packed into gzip or zip: what is inside counts, the container is only its wrapping."""

from __future__ import annotations

import gzip
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Sheet, Workbook
from warehouse.readers.cubes import damaged, unsupported
from warehouse.readers.xlsx_parts import (
    MAX_RATIO,
    MAX_UNPACKED,
    UNREADABLE,
    refuse_bombs,
    refuse_locked,
)

MAX_MEMBERS = 500
_ASIDE = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")
Reader = Callable[[Path, str], Workbook]
"""Reads a file that is not packed, from its path and name."""


def read_gz(path: Path, name: str, reader: Reader) -> Workbook:
    """Read the file inside a gzip container.

    Raises:
        WarehouseError: `file_damaged`, `file_too_large`, and what the reader says.
    """
    inner = name.removesuffix(".gz").removesuffix(".GZ")
    limit = min(MAX_UNPACKED, max(50_000_000, path.stat().st_size * MAX_RATIO))
    with TemporaryDirectory() as folder:
        target = Path(folder) / "inner"
        try:
            with gzip.open(path) as packed, target.open("wb") as out:
                while block := packed.read(1 << 20):
                    if out.tell() + len(block) > limit:
                        raise _bomb(limit)
                    out.write(block)
        except (OSError, EOFError, zlib.error) as error:
            raise damaged("a complete gzip container", str(error)) from error
        return reader(target, Path(inner).name)


def read_zip(path: Path, reader: Reader) -> Workbook:
    """Read the files inside a zip container; several must be of one format.

    Raises:
        WarehouseError: `format_unknown` for files of different formats, `file_damaged`,
            `file_encrypted`, `file_too_large`, and what the reader says.
    """
    with TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                refuse_locked(archive)
                refuse_bombs(archive)
                members = [
                    info
                    for info in archive.infolist()
                    if not info.is_dir() and not _ASIDE.search(info.filename)
                ]
                if not 0 < len(members) <= MAX_MEMBERS:
                    raise damaged(f"1 to {MAX_MEMBERS} files in a zip", f"{len(members)}")
                books = []
                for number, info in enumerate(members):
                    target = Path(folder) / str(number)
                    with archive.open(info) as packed, target.open("wb") as out:
                        shutil.copyfileobj(packed, out)
                    books.append((info.filename, reader(target, Path(info.filename).name)))
        except UNREADABLE as error:
            raise damaged("a complete zip container", str(error)) from error
    formats = {book.format_code for _, book in books}
    if len(formats) > 1:
        raise unsupported(
            f"a zip of {', '.join(sorted(formats))} together", "Unpack it and drop the files."
        )
    if len(books) == 1:
        return books[0][1]
    sheets = [_named(name, sheet) for name, book in books for sheet in book.sheets]
    return Workbook(formats.pop(), tuple(sheets))


def _named(member: str, sheet: Sheet) -> Sheet:
    """A sheet of one of several files: its addresses say of which."""
    addresses = sheet.addresses
    name = f"{member} {sheet.name}".strip()
    return replace(
        sheet,
        name=name,
        addresses=lambda rows, columns: [f"{member}: {at}" for at in addresses(rows, columns)],
    )


def _bomb(limit: int) -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_TOO_LARGE,
        expected=f"at most {limit // 1024**2} MiB unpacked",
        found="more",
        action="This looks like a bomb or a runaway export: ask for a clean copy.",
    )
