"""Names as people print them, brought to one form before they are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from warehouse.layout.texts import squeeze

_LATIN_LOOKALIKES = str.maketrans("aceopxykmhtbiABCEHKMOPTXYI", "асеорхукмнтвіАВСЕНКМОРТХУІ")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+")
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[«»\"“”„'`’]", ""),
        (r"\s*[-‐‑–—−]\s*", "-"),
        (r"^в том числе:?\s+(?=\S)", ""),
        (r"\b(?:г|гор)\.\s*", "г "),
        (r"^город\s+", "г "),
        (r"\bобл(?:\.|(?=\s|$))", "область"),
        (r"\bавт(?:\.|ономн\.)\s*", "автономный "),
        (r"\bокр\.", "округ"),
        (r"\bресп\.\s*", "республика "),
        (r"\bр-н\b", "район"),
        (r"\s*([,;/])\s*", r"\1 "),
        (r"\(\s+", "("),
        (r"\s+\)", ")"),
        (r"[\s:;,]+$", ""),
        (r"\s+", " "),
    )
)


def _to_cyrillic(match: re.Match[str]) -> str:
    word = match.group()
    return word.translate(_LATIN_LOOKALIKES) if _CYRILLIC.search(word) else word


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """One form for all spellings of a name: case, blanks, ё, dashes, look-alikes, abbreviations."""
    plain = squeeze(unicodedata.normalize("NFKC", text))
    plain = _WORD.sub(_to_cyrillic, plain).casefold().replace("ё", "е")
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    return plain.strip()


@dataclass
class NameIndex:
    """Names to codes. A printed official name outweighs a form derived from it."""

    exact: dict[str, set[str]] = field(default_factory=dict)
    derived: dict[str, set[str]] = field(default_factory=dict)
    spelling: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, code: str, *, is_derived: bool = False) -> None:
        """Enter one spelling of a code."""
        key = normalise(name)
        if key:
            self.spelling.setdefault(key, squeeze(name))
            (self.derived if is_derived else self.exact).setdefault(key, set()).add(code)

    def codes(self, name: str) -> frozenset[str]:
        """Codes that the name may mean; more than one when it is ambiguous by itself."""
        key = normalise(name)
        return frozenset(self.exact.get(key) or self.derived.get(key) or ())

    def nearest(self, name: str, limit: int = 3) -> list[tuple[str, str]]:
        """The most similar known names with one of their codes, best first."""
        names: Iterable[str] = {**self.derived, **self.exact}.keys()
        hits = process.extract(normalise(name), list(names), scorer=fuzz.WRatio, limit=limit * 4)
        found: dict[str, str] = {}
        for known, _, _ in hits:
            for code in sorted(self.codes(known)):
                if code not in found.values():
                    found[self.spelling[known]] = code
        return list(found.items())[:limit]
