"""Broken and hostile containers, made byte by byte: zips, old Office files, XML."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROOT, STREAM = 5, 2
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{LAUGHS}]>'.encode()
"""Nine entities, each ten times the one before: two letters become 2 000 000 000."""


def noise(length: int) -> bytes:
    """Bytes that look random and are the same every time."""
    blocks = (hashlib.sha256(bytes([n % 251, n // 251])).digest() for n in range(length // 32 + 1))
    return b"".join(blocks)[:length]


def rezip(
    path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> Path:
    """Write a zip anew with each part changed, left out for None, or added."""
    raw = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                out.writestr(name, content)
        for name, content in (more or {}).items():
            out.writestr(name, content)
    return path


def in_part(name: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """A change for `rezip`: other bytes in one part."""

    def change(part: str, content: bytes) -> bytes:
        if part != name:
            return content
        assert old in content, f"{name} has no {old!r}"
        return content.replace(old, new, 1)

    return change


def truncate(path: Path, share: float) -> Path:
    """Keep the first part of a file, as a broken download does."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def damage(path: Path, part: str) -> Path:
    """Flip one byte inside the packed bytes of a part."""
    with zipfile.ZipFile(path) as source:
        info = source.getinfo(part)
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    return path


def lock_zip(path: Path) -> Path:
    """Mark every part as encrypted, as archivers with a password do."""
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(bytes(content))
    return path


def understate(path: Path, part: str) -> Path:
    """Let the zip say that a part unpacks to 99 bytes, whatever it really does."""
    content = bytearray(path.read_bytes())
    name = part.encode()
    for signature, size, start in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = content.find(signature)
        while at >= 0:
            if content[at + start : at + start + len(name)] == name:
                content[at + size : at + size + 4] = struct.pack("<I", 99)
            at = content.find(signature, at + 4)
    path.write_bytes(bytes(content))
    return path


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB version 3) with the given streams, each at least 4096 bytes."""
    entries = [_entry("Root Entry", ROOT, END, 0, child=1)]
    data, chains = b"", []
    for number, (name, content) in enumerate(streams.items(), start=1):
        assert len(content) >= 4096, "shorter ones would belong into the mini stream"
        first = len(chains)
        count = -(-len(content) // SECTOR)
        chains += [*range(first + 1, first + count), END]
        data += content.ljust(count * SECTOR, b"\0")
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, STREAM, first, len(content), right=right))
    directory_at = len(chains)
    directory = b"".join(entries).ljust(SECTOR * -(-len(entries) // 4), b"\0")
    count = len(directory) // SECTOR
    chains += [*range(directory_at + 1, directory_at + count), END]
    fat_at = len(chains)
    chains.append(FAT)
    assert len(chains) <= SECTOR // 4, "one sector of the allocation table is enough"
    table = struct.pack("<128I", *chains, *[FREE] * (SECTOR // 4 - len(chains)))
    header = OLE + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, directory_at, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", fat_at, *[FREE] * 108)
    return header + data + directory + table


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE
) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, FREE, right, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def encrypted_package() -> bytes:
    """What Excel writes for a workbook with a password (MS-OFFCRYPTO, agile encryption)."""
    descriptor = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption">'
        b'<keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" '
        b'cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"/>'
        b"</encryption>"
    )
    information = struct.pack("<HHI", 4, 4, 0x40) + descriptor
    package = struct.pack("<Q", 8000) + noise(8192)
    return compound_file(
        {"EncryptionInfo": information.ljust(4096, b" "), "EncryptedPackage": package}
    )
