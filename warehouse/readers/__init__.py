"""Bytes to cells: each reader yields the same cell table and knows nothing about meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from warehouse.readers.belstat_portal import read_belstat_portal
from warehouse.readers.cell_set import read_cell_set
from warehouse.readers.cells import Kind, Merge, Sheet, Workbook
from warehouse.readers.containers import read_gz, read_zip
from warehouse.readers.cubes import unsupported
from warehouse.readers.delimited import read_delimited, read_eurostat_tsv
from warehouse.readers.detect import detect_format
from warehouse.readers.excel import read_xls, read_xlsx
from warehouse.readers.form_files import read_form_json, read_form_zip, read_json_records
from warehouse.readers.html import read_html
from warehouse.readers.json_stat import read_json_stat
from warehouse.readers.ods import read_ods
from warehouse.readers.px import read_px
from warehouse.readers.sdmx_csv import read_sdmx_csv
from warehouse.readers.sdmx_json import read_sdmx_json
from warehouse.readers.sdmx_ml import read_sdmx_ml
from warehouse.readers.xlsb import read_xlsb


def _read_docx(path: Path) -> Workbook:
    from warehouse.readers.docx import read_docx  # noqa: PLC0415  (loads python-docx: 0.2 s)

    return read_docx(path)


def _read_pdf(path: Path) -> Workbook:
    from warehouse.readers.pdf import read_pdf  # noqa: PLC0415  (loads pdfminer: 0.2 s)

    return read_pdf(path)


READERS: dict[str, Callable[[Path], Workbook]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "xlsb": read_xlsb,
    "csv": partial(read_delimited, format_code="csv"),
    "tsv": partial(read_delimited, format_code="tsv"),
    "belstat_portal": read_belstat_portal,
    "cell_set": read_cell_set,
    "eurostat_tsv": read_eurostat_tsv,
    "json_stat": read_json_stat,
    "docx": _read_docx,
    "html": read_html,
    "ods": read_ods,
    "pdf": _read_pdf,
    "px": read_px,
    "sdmx_csv": read_sdmx_csv,
    "sdmx_json": read_sdmx_json,
    "sdmx_ml": read_sdmx_ml,
    "form_json": read_form_json,
    "form_zip": read_form_zip,
    "json_records": read_json_records,
}
"""Reader by format code; other formats are recognised and named, but not read."""


CONTAINERS = ("gz", "zip")
"""Formats that wrap others."""


def read(path: Path, format_code: str, file_name: str | None = None) -> Workbook:
    """Read a file whose format is known.

    Args:
        path: The bytes.
        format_code: As `detect_format` told it.
        file_name: Name under which it arrived: a hint for what a container holds.

    Raises:
        WarehouseError: the bytes do not hold what the format promises.
    """
    if format_code == "gz":
        return read_gz(path, file_name or path.name, _read_inner)
    if format_code == "zip":
        return read_zip(path, _read_inner)
    return READERS[format_code](path)


def _read_inner(path: Path, name: str) -> Workbook:
    """Read a file out of a container; a container within a container is not opened."""
    format_code = detect_format(path, name)
    if format_code not in READERS:
        raise unsupported(f"{format_code} within a container", "Unpack it and drop the files.")
    return READERS[format_code](path)


__all__ = ["CONTAINERS", "READERS", "Kind", "Merge", "Sheet", "Workbook", "detect_format", "read"]
