"""Writing files so that a crash leaves the old file or the new one, never half of one."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warehouse.errors import Code, WarehouseError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about writing below `folder` into our own errors.

    Raises:
        WarehouseError: `disk_full` or `home_unwritable`.
    """
    try:
        yield
    except OSError as error:
        raise write_error(error, folder) from error


def write_error(error: OSError, folder: Path) -> WarehouseError:
    """The error that a person can act on for a failed write below `folder`."""
    if error.errno in _FULL:
        return WarehouseError.of(
            Code.DISK_FULL,
            expected=f"room on the disk that holds {folder}",
            found=error.strerror or "no space left",
            action="Free some space and run again: what was written so far is kept.",
        )
    if error.errno in _UNWRITABLE:
        found = error.strerror or "no permission"
        return WarehouseError.of(
            Code.HOME_UNWRITABLE,
            expected=f"a folder that can be written: {folder}",
            found=f"{found} ({error.filename or folder})",
            action="Give this user the right to write there, or choose another --home.",
        )
    return WarehouseError.of(
        Code.HOME_UNWRITABLE,
        expected=f"to write below {folder}",
        found=one_line(error),
        action="Check the disk, then run again: what was written so far is kept.",
    )


def one_line(error: BaseException) -> str:
    """An exception as one short line of text."""
    text = " ".join(str(error).split()) or "no further text"
    return f"{type(error).__name__}: {text}"[:500]


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` under a temporary name, flush it to the disk, then give it its name."""
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(path)
        try:
            with temporary.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            rename(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_json(path: Path, value: Any) -> None:
    """Write `value` as readable JSON with sorted keys, so that equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    write_bytes(path, (text + "\n").encode("utf-8"))


def rename(temporary: Path, path: Path) -> None:
    """Give a finished file its name and make the folder entry durable."""
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def temporary_name(path: Path) -> Path:
    """A hidden name beside `path`; `remove_leftovers` knows it."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of a killed run. Only for the holder of the writer lock."""
    for path in folder.glob("**/.*.tmp"):
        path.unlink(missing_ok=True)
