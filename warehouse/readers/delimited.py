"""Delimited texts as offices write them: CSV, TSV, Eurostat TSV."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Indices, Workbook, build_sheet, column_letters

DELIMITERS = (";", ",", "\t", "|")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CYRILLIC = re.compile("[А-Яа-яЁё]")
_ODD_CYRILLIC = re.compile("[ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґєѕјї]")


def decode(content: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 or CP1251, told by its bytes.

    Raises:
        WarehouseError: `encoding_unknown` when none of them gives readable text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif b"\x00" in content[:4096]:
        candidates = ["utf-16-le", "utf-16-be"]
    else:
        candidates = ["utf-8-sig", "cp1251"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text) and (encoding != "cp1251" or _reads_as_russian(text)):
            return text
    raise WarehouseError.of(
        Code.ENCODING_UNKNOWN,
        expected="text in UTF-8, UTF-16 or CP1251",
        found="bytes that are readable in none of them",
        action="Save the file as UTF-8 and drop it again.",
    )


def _reads_as_russian(text: str) -> bool:
    letters = len(_CYRILLIC.findall(text))
    return letters > 0 and len(_ODD_CYRILLIC.findall(text)) <= letters // 10


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return list(reader)


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first records most evenly into more than one field."""
    sample = "".join(text.splitlines(keepends=True)[:60])
    best = (0.0, ",")
    for delimiter in DELIMITERS:
        try:
            widths = [len(record) for record in _records(sample, delimiter) if record]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = (usual > 1) * (widths.count(usual) / max(len(widths), 1) + usual / 1000)
        best = max(best, (score, delimiter))
    return best[1]


def read_delimited(path: Path, format_code: str) -> Workbook:
    """Read a CSV or TSV as one sheet of texts; a quoted field may hold line ends.

    Raises:
        WarehouseError: `encoding_unknown`, or `file_damaged` for an open quote.
    """
    records = parse_delimited(path.read_bytes(), "\t" if format_code == "tsv" else None)
    return Workbook(format_code, (build_sheet("", records),))


def parse_delimited(content: bytes, delimiter: str | None = None) -> list[list[str]]:
    """Records of a delimited text.

    Args:
        content: The bytes.
        delimiter: What stands between fields; default: the one that splits them most evenly.

    Raises:
        WarehouseError: `encoding_unknown`, or `file_damaged` for an open quote.
    """
    text = decode(content)
    try:
        return _records(text, delimiter or sniff_delimiter(text))
    except csv.Error as error:
        raise WarehouseError.of(
            Code.FILE_DAMAGED,
            expected="records with closed quotes",
            found=str(error),
            action="The file was cut off or its quotes are broken: fetch it again.",
        ) from error


def read_eurostat_tsv(path: Path) -> Workbook:
    r"""Read a Eurostat bulk file: its composite first column becomes one column per dimension.

    Old style `unit,geo\time` and new style `freq,unit,geo\TIME_PERIOD` are the same here.
    Addresses are those of the file's own columns.

    Raises:
        WarehouseError: `file_damaged` when a row has another number of dimensions or values.
    """
    lines = decode(path.read_bytes()).splitlines()
    records = [line.split("\t") for line in lines if line]
    composite, *periods = records[0]
    names = re.split(r"[,\\]", composite)[:-1]
    grid: list[list[str]] = [[*names, *(period.strip() for period in periods)]]
    for number, record in enumerate(records[1:], start=2):
        members = record[0].split(",")
        if len(members) != len(names) or len(record) != len(periods) + 1:
            raise WarehouseError.of(
                Code.FILE_DAMAGED,
                expected=f"{len(names)} dimensions and {len(periods)} values",
                found=f"{len(members)} and {len(record) - 1}",
                action="The file was cut off: fetch it again.",
                cell=f"A{number}",
            )
        grid.append([*members, *(value.strip() for value in record[1:])])
    extra = len(names) - 1

    def addresses(rows: Indices, columns: Indices) -> list[str]:
        letters = {int(c): column_letters(max(int(c) - extra, 0)) for c in set(columns.tolist())}
        return [
            f"{letters[c]}{r + 1}" for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
        ]

    return Workbook("eurostat_tsv", (build_sheet("", grid, addresses=addresses),))
