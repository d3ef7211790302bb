"""PC-Axis tables: keywords with languages and quoted sub-keys, then the values in row-major order.

Every value is kept with its position in the order of STUB and HEADING, whether the file is dense
or lists its rows by KEYS.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Axis, Indices, Note, Workbook
from warehouse.readers.cubes import (
    axis,
    cube_sheet,
    damaged,
    positions,
    refuse_size,
    unsupported,
    whole_bytes,
)

_DATA = re.compile(r"(?:^|;)\s*DATA\s*=", re.M)
_KEYWORD = re.compile(
    r"(?:\A|;)\s*([A-Z][A-Z0-9-]*)(?:\[([A-Za-z-]{2,8})\])?"
    r'(?:\(((?:\s*"[^"]*"\s*,?)+)\))?\s*=',
    re.M,
)
_QUOTED = re.compile(r'"([^"]*)"')
_TEXTS = re.compile(r'\s*"[^"]*"(?:[\s,]*"[^"]*")*\s*')
_TIME = re.compile(
    r"\s*TLIST\(\s*([AHQMWT]\d)\s*(?:,\s*\"([^\"]+)\"\s*-\s*\"([^\"]+)\")?\s*\)\s*,?"
)
_SPLIT = str.maketrans({",": " ", ";": " ", "\t": " ", "\r": " ", "\n": " "})
_HEAD = 1 << 20
_SAID = ("MATRIX", "TITLE", "CONTENTS", "SUBJECT-AREA", "CREATION-DATE", "LAST-UPDATED")
_NOTES = frozenset({"NOTEX", "VALUENOTE", "VALUENOTEX", "CELLNOTE", "CELLNOTEX"})
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[А-Яа-яЁёІіЎўҰұҚқӘәҢңӨөҮүҺһҒғ]")
_CYRILLIC_LANGUAGES = frozenset({"ru", "be", "kk", "uk", "bg", "mk", "sr", "ky", "tg", "mn"})
_REGION_OF = {"ansi": ("cp1252", "cp1251"), "oem": ("cp850", "cp866")}


@dataclass(frozen=True)
class _Words:
    """Keywords: (name, language, sub-keys) to the text after the equals sign."""

    found: Mapping[tuple[str, str, tuple[str, ...]], str]

    @cached_property
    def language(self) -> str:
        return _first(self.found.get(("LANGUAGE", "", ()), ""))

    def texts(self, name: str, *keys: str, language: str = "") -> list[str] | None:
        """Quoted texts of a keyword; None where it does not stand."""
        text = self.found.get((name, language, keys))
        if text is None and language == self.language:
            text = self.found.get((name, "", keys))
        return None if text is None else _texts(name, text)

    def text(self, name: str, *keys: str, language: str = "") -> str:
        """The text of a keyword, its pieces joined."""
        stands = self.found.get((name, language, keys), "")
        return "".join(_QUOTED.findall(stands)) or stands.strip()


def read_px(path: Path) -> Workbook:
    """Read a PC-Axis file as one self-describing part.

    Raises:
        WarehouseError: `file_damaged` when keywords and values do not fit together,
            `encoding_unknown` for a code page that nobody knows.
    """
    text = _decode(whole_bytes(path))
    start = next((m for m in _DATA.finditer(text) if _is_outside(text, m.start())), None)
    if start is None:
        raise damaged("a keyword DATA", "none: the file is cut off, or no PC-Axis table")
    words = _words(text[: start.start()] + ";")
    names = [*(words.texts("STUB") or ()), *(words.texts("HEADING") or ())]
    if not names or len(set(names)) < len(names):
        raise damaged("each variable of STUB and HEADING once", ", ".join(names) or "none")
    members = [words.texts("VALUES", name) or [] for name in names]
    sizes = [len(texts) for texts in members]
    if 0 in sizes:
        raise damaged("VALUES for each variable", f"none for {names[sizes.index(0)]}")
    count = refuse_size(sizes, words.text("MATRIX"))
    at, tokens = _values(text[start.end() :], words, names, sizes, count)
    axes = [
        _axis(words, depth, names, members[depth], index)
        for depth, index in enumerate(positions(sizes, at))
    ]
    notes = _notes(words, axes)
    sheet = cube_sheet("", _title(words), axes, tokens, _addresses(at), notes=notes)
    return Workbook("px", (replace(sheet, symbols=_symbols(words)),))


def _title(words: _Words) -> str:
    said = [words.text(name) for name in _SAID]
    languages = [key[1] for key in words.found if key[0] == "TITLE" and key[1]]
    said += [words.text("TITLE", language=language) for language in languages]
    units = words.text("UNITS")
    return " ".join(part for part in [*said, f"({units.strip()})" if units else ""] if part)


# ── bytes to text ───────────────────────────────────────────────────────────────────────────


def _decode(content: bytes) -> str:
    """Text by the code page that the file names, else by what its letters look like."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig")
    head = content[:_HEAD].decode("latin-1")
    declared = re.search(r'CODEPAGE\s*=\s*"([^"]*)"', head)
    for encoding in (_page(declared[1]) if declared else None, "utf-8"):
        if encoding:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    kind = "ansi" if re.search(r'CHARSET\s*=\s*"ANSI"', head, re.I) else "oem"
    western, cyrillic = _REGION_OF[kind]
    language = re.search(r'(?<![A-Z])LANGUAGE\s*=\s*"([^"]*)"', head)
    if language:
        is_cyrillic = language[1].lower() in _CYRILLIC_LANGUAGES
    else:
        is_cyrillic = _reads_as_cyrillic(content[:_HEAD].decode(cyrillic, "replace"))
    try:
        return content.decode(cyrillic if is_cyrillic else western)
    except UnicodeDecodeError as error:
        raise WarehouseError.of(
            Code.ENCODING_UNKNOWN,
            expected="text in the code page of the file, or CODEPAGE that names it",
            found=f"bytes that are none ({error.reason})",
            action="Save the table as UTF-8, or ask for one that names its CODEPAGE.",
        ) from error


def _page(name: str) -> str | None:
    try:
        return codecs.lookup(f"cp{name}" if name.isdecimal() else name.strip()).name
    except LookupError as error:
        raise WarehouseError.of(
            Code.ENCODING_UNKNOWN,
            expected="a CODEPAGE that Python knows",
            found=f"«{name}»",
            action="Save the table as UTF-8.",
        ) from error


def _reads_as_cyrillic(text: str) -> bool:
    """Whether words are Cyrillic throughout, not Latin with a strange letter here and there."""
    words = [word for word in _WORD.findall(text) if _CYRILLIC.search(word)]
    whole = [word for word in words if all(_CYRILLIC.match(letter) for letter in word)]
    return len(whole) * 2 > len(words) and any(len(word) > 3 for word in whole)


# ── keywords ────────────────────────────────────────────────────────────────────────────────


def _is_outside(text: str, at: int) -> bool:
    """Whether a place is outside of quoted texts, which may hold what looks like a keyword."""
    return text.count('"', 0, at) % 2 == 0


def _words(text: str) -> _Words:
    starts = [match for match in _KEYWORD.finditer(text) if _is_outside(text, match.start())]
    ends = [match.start() for match in starts[1:]] + [text.rfind(";")]
    found = {
        (match[1], match[2] or "", tuple(_QUOTED.findall(match[3] or ""))): text[match.end() : end]
        for match, end in zip(starts, ends, strict=True)
    }
    return _Words(found)


def _texts(name: str, text: str) -> list[str]:
    """Quoted texts between commas; a text may be broken over lines, each piece in quotes."""
    if not _TEXTS.fullmatch(text):
        raise damaged(f"quoted texts after {name}", text.strip()[:60])
    found: list[str] = []
    end = 0
    for match in _QUOTED.finditer(text):
        if found and "," not in text[end : match.start()]:
            found[-1] += match[1]
        else:
            found.append(match[1])
        end = match.end()
    return found


def _first(text: str) -> str:
    return next(iter(_QUOTED.findall(text)), "")


def _axis(words: _Words, depth: int, names: Sequence[str], members: list[str], index: Any) -> Axis:
    name = names[depth]
    codes = words.texts("CODES", name) or members
    if len(codes) != len(members) or len(set(codes)) != len(codes):
        raise damaged(f"a code of its own for each of {len(members)} values", name)
    labels, texts = [name], [members]
    for language in _languages(words):
        shown = _names(words, language)
        there = words.texts("VALUES", shown[depth], language=language) if shown else None
        if shown and there and len(there) == len(members):
            labels.append(shown[depth])
            texts.append(there)
    times = _times(words, name)
    if times:
        texts.insert(0, times)
    return axis(name, codes, index, labels=labels, texts=texts)


def _languages(words: _Words) -> list[str]:
    return [text for text in words.texts("LANGUAGES") or () if text != words.language]


def _names(words: _Words, language: str) -> list[str]:
    parts = (words.texts(name, language=language) or [] for name in ("STUB", "HEADING"))
    return [name for part in parts for name in part]


def _times(words: _Words, name: str) -> list[str]:
    """Periods in a form that needs no language, where TIMEVAL lists them."""
    text = words.found.get(("TIMEVAL", "", (name,)))
    match = _TIME.match(text) if text else None
    if text is None or match is None or match[2] is not None:
        return []
    listed = _QUOTED.findall(text[match.end() :])
    letter = match[1][0]
    shapes = {"Q": r"\1Q\2", "M": r"\1M\2"}
    if letter not in shapes:
        return listed
    return [re.sub(r"^(\d{4})(\d{1,2})$", shapes[letter], period) for period in listed]


# ── footnotes ───────────────────────────────────────────────────────────────────────────────


def _notes(words: _Words, axes: Sequence[Axis]) -> list[Note]:
    """Footnotes of values and members, and those of the whole table that must be shown (NOTEX).

    A note that names what the table does not have is about nothing and is left out.
    """
    places = {axis.name: at for at, axis in enumerate(axes)}
    found = []
    for (name, language, keys), text in words.found.items():
        if name not in _NOTES or language not in {"", words.language}:
            continue
        if name.startswith("CELL"):
            named = [(at, key) for at, key in enumerate(keys) if key != "*"]
            is_known = len(keys) == len(axes)
        elif name.startswith("VALUE"):
            named = [(places.get(keys[0], -1), keys[1])] if len(keys) == 2 else []
            is_known = bool(named)
        else:
            named, is_known = [], True
        members = [(at, _member(axes[at], key) if at >= 0 else -1) for at, key in named]
        if is_known and all(member >= 0 for _, member in members):
            said = " ".join("".join(_QUOTED.findall(text)).replace("#", " ").split())
            found.append(Note(said, tuple(members)))
    return found


def _symbols(words: _Words) -> dict[str, str]:
    """Dots and the dash to what the file says that they mean."""
    signs = {f"DATASYMBOL{count}": "." * count for count in range(1, 7)} | {"DATASYMBOLNIL": "-"}
    said = {sign: words.text(name).strip() for name, sign in signs.items()}
    return {sign: text for sign, text in said.items() if text.strip(".-–… ")}


def _member(axis: Axis, key: str) -> int:
    """Place of a member by what it is called, -1 for none."""
    return next((texts.index(key) for texts in (*axis.texts, axis.codes) if key in texts), -1)


# ── values ──────────────────────────────────────────────────────────────────────────────────


def _values(
    text: str, words: _Words, names: Sequence[str], sizes: Sequence[int], count: int
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Positions and printed values."""
    keyed = [name for name in names if ("KEYS", "", (name,)) in words.found]
    if keyed:
        return _keyed_values(text, words, names, sizes, keyed)
    tokens = _tokens(text)
    if len(tokens) != count:
        raise damaged(f"{count:,} values: one for each combination", f"{len(tokens):,}", "DATA")
    return np.arange(count), tokens


def _tokens(text: str) -> list[str]:
    """Values between blanks; a symbol stands in quotes, which may hold a blank."""
    if re.search(r'"[^"\n]*[ ,;][^"\n]*"', text):
        return [a or b for a, b in re.findall(r'"([^"]*)"|([^\s,;"]+)', text)]
    return text.replace('"', "").translate(_SPLIT).split()


def _keyed_values(
    text: str, words: _Words, names: Sequence[str], sizes: Sequence[int], keyed: Sequence[str]
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Rows that begin with the codes or names of their STUB members; absent rows are absent."""
    stub = words.texts("STUB") or []
    if list(keyed) != stub:
        raise unsupported("PC-Axis with KEYS for some of its STUB", "Ask for the dense table.")
    lookups = []
    for name in stub:
        by_code = "CODES" in words.found.get(("KEYS", "", (name,)), "").upper()
        listed = words.texts("CODES" if by_code else "VALUES", name) or []
        lookups.append({text: place for place, text in enumerate(listed)})
    width = int(np.prod(sizes[len(stub) :], dtype=np.int64))
    found = [a or b for a, b in re.findall(r'"([^"]*)"|([^\s,;"]+)', text)]
    if len(found) % (len(stub) + width):
        raise damaged(
            f"rows of {len(stub)} keys and {width} values", f"{len(found):,} texts", "DATA"
        )
    at: list[int] = []
    tokens: list[str] = []
    for start in range(0, len(found), len(stub) + width):
        keys = found[start : start + len(stub)]
        row = 0
        for key, lookup, size in zip(keys, lookups, sizes, strict=False):
            if key not in lookup:
                raise damaged("keys that the table lists", f"«{key}»", "DATA")
            row = row * size + lookup[key]
        at.extend(range(row * width, (row + 1) * width))
        tokens.extend(found[start + len(stub) : start + len(stub) + width])
    if len(set(at)) < len(at):
        raise damaged("each row once", "a row with the keys of another", "DATA")
    return np.array(at, dtype=np.int64), tokens


def _addresses(at: npt.NDArray[np.int64]) -> Any:
    def addresses(rows: Indices, columns: Indices) -> list[str]:
        return [f"DATA[{position}]" for position in at[rows].tolist()]

    return addresses
