"""A small xlsb, record by record: no program that writes the format runs here."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

PACKAGE = "application/vnd.openxmlformats-package.relationships+xml"
TYPES = (
    '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary"/>'
    f'<Default Extension="rels" ContentType="{PACKAGE}"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<?xml version="1.0"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)
FORMATS = {164: "0.0", 165: "0.0%", 166: "dd/mm/yyyy"}
STYLES = [0, 164, 165, 166]
"""Number format of each cell style."""


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        low, size = size & 0x7F, size >> 7
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, style: int) -> bytes:
    return struct.pack("<II", column, style)


def _row(row: int, *, hidden: bool = False) -> bytes:
    flags = struct.pack("<IIHBBB", row, 0, 300, 0, 0x10 if hidden else 0, 0)
    return record(0, flags + struct.pack("<I", 0))


def _packed(value: int) -> int:
    return (value << 2) & 0xFFFFFFFF | 2


def _sheet(hidden: bool) -> bytes:
    rows = [
        _row(0) + record(6, _cell(0, 0) + wide("Численность населения (человек)")),
        _row(1)
        + record(2, _cell(1, 0) + struct.pack("<I", _packed(2022)))
        + record(7, _cell(2, 0) + struct.pack("<I", 0)),
        _row(2, hidden=hidden)
        + record(7, _cell(0, 0) + struct.pack("<I", 1))
        + record(5, _cell(1, 1) + struct.pack("<d", 1308569.4375))
        + record(9, _cell(2, 0) + struct.pack("<dHI", 3.0, 0, 0) + b"\0" * 4),
        _row(3)
        + record(7, _cell(0, 0) + struct.pack("<I", 2))
        + record(6, _cell(1, 0) + wide("…"))
        + record(2, _cell(2, 0) + struct.pack("<I", _packed(133861700) | 1)),
    ]
    body = record(145) + b"".join(rows) + record(146)
    merged = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", 0, 0, 0, 2))
    extent = record(148, struct.pack("<IIII", 0, 3, 0, 2))
    return record(129) + extent + body + merged + record(178) + record(130)


def binary_workbook(path: Path, *, hidden: bool = False) -> Path:
    """Two regions and two years; a formula, a symbol, packed numbers, a merged title."""
    texts = ["2023", "Брестская область", "Гомельская область"]
    shared = b"".join(record(19, b"\0" + wide(text)) for text in texts)
    formats = b"".join(record(44, struct.pack("<H", n) + wide(c)) for n, c in FORMATS.items())
    looks = b"".join(record(47, struct.pack("<HH", 0, number) + b"\0" * 12) for number in STYLES)
    place = f'<Relationship Id="{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    parts = [
        ("rId1", "worksheet", "worksheets/sheet1.bin"),
        ("rId2", "styles", "styles.bin"),
        ("rId3", "sharedStrings", "sharedStrings.bin"),
    ]
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Лист1"))
    contents = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format(place.format("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + record(143) + bundle + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": RELATIONS.format("".join(place.format(*p) for p in parts)),
        "xl/styles.bin": record(278)
        + record(615, struct.pack("<I", len(FORMATS))) + formats + record(616)
        + record(617, struct.pack("<I", len(STYLES))) + looks + record(618) + record(279),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", 3, 3)) + shared + record(160),
        "xl/worksheets/sheet1.bin": _sheet(hidden),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path
