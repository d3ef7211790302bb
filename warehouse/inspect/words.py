"""What a printed text may be: a period, a region, an activity, a unit, a member of a dimension."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz

from warehouse.conform.codelists import CodeLists
from warehouse.conform.names import NameIndex, normalise
from warehouse.conform.numbers import Notation, Reading, read_text
from warehouse.conform.periods import PeriodRecogniser
from warehouse.errors import Code
from warehouse.layout.texts import split_mark, squeeze

OPEN_PROBLEMS = (Code.NUMBER_SIGN_MIXED, Code.MARK_UNKNOWN)
"""Problems of texts that are numbers all the same, once a contract says how to read them."""
STEM = 6
LIKE = 55.0
"""Suggestions less alike than this mislead."""
_SEGMENT = re.compile(r"\(([^()]*)\)|[,;]\s*([^,;()]+)")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True)
class Suggestion:
    """A code that may be meant, with its name and how alike the texts are, 0 to 100."""

    code: str
    name: str
    likeness: float


@dataclass
class Words:
    """Looks texts up in all code lists at once; every text is looked up once."""

    lists: CodeLists
    _periods: PeriodRecogniser = field(default_factory=PeriodRecogniser)
    _seen: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def classifiers(self) -> list[str]:
        """Classifiers that have activities."""
        return sorted(self.lists.column("activities", "classifier_code"))

    @cached_property
    def dimensions(self) -> list[str]:
        """Further dimensions: sex, age, locality …."""
        return sorted(self.lists.column("dimension_values", "dimension_code"))

    def is_period(self, text: str) -> bool:
        """Whether the text is a period, or a month or quarter that waits for its year."""
        return self._periods.claims(text)

    def is_year(self, text: str) -> bool:
        """Whether the text is a year and nothing else."""
        return _YEAR.fullmatch(squeeze(text)) is not None

    def regions(self, text: str) -> frozenset[str]:
        """Regions of any country that the text may name, by name."""
        return self._codes("region", text, self.lists.region_names("EU"))

    def region_codes(self, text: str) -> frozenset[str]:
        """Regions whose very code the text is."""
        return self._codes("region_code", text, self.lists.region_codes("EU"))

    def activities(self, classifier: str, text: str) -> frozenset[str]:
        """Activities of a classifier that the text may name."""
        return self._codes(f"activity {classifier}", text, self.lists.activity_names(classifier))

    def activity_codes(self, classifier: str, text: str) -> frozenset[str]:
        """Activities of a classifier whose very code the text is."""
        index = self.lists.activity_codes(classifier)
        return self._codes(f"activity_code {classifier}", text, index)

    def members(self, dimension: str, text: str) -> frozenset[str]:
        """Members of a further dimension that the text may name."""
        return self._codes(dimension, text, self.lists.dimension_names(dimension))

    def units(self, text: str) -> frozenset[str]:
        """Units whose name the whole text is."""
        return self._codes("unit", text, self.lists.unit_names())

    def units_in(self, text: str) -> dict[str, frozenset[str]]:
        """Parts of a longer text that name a unit: in brackets, after a comma, or the whole."""
        parts = [squeeze(text), *(a or b for a, b in _SEGMENT.findall(text))]
        tried = [part for text in parts for part in (text, f"({text})", text.split(" в ")[0])]
        found = {squeeze(part): self.units(part) for part in tried}
        return {part: codes for part, codes in found.items() if codes}

    def reading(self, text: str) -> Reading:
        """The text as a value, when nothing is known of the table's notation."""
        return read_text(text, Notation(None, self.lists.symbols, (), ()))

    def is_value(self, text: str) -> bool:
        """Whether the text is a number, or one that a contract could make readable."""
        reading = self.reading(text)
        return reading.value is not None or reading.problem in OPEN_PROBLEMS

    def is_symbol(self, text: str) -> bool:
        """Whether the text stands for a missing value in the common list."""
        return squeeze(text) in self.lists.symbols

    def indicators_like(self, text: str, limit: int = 3) -> list[Suggestion]:
        """Indicators of sources whose names share the most words with a title."""
        found: dict[str, Suggestion] = {}
        for row in self.lists.rows("indicators"):
            names = [row["name_ru"], row["name_en"]] if row["indicator_kind"] != "derived" else []
            for name in filter(None, names):
                pair = _stems(name), _stems(text)
                likeness = 0.9 * fuzz.token_set_ratio(*pair) + 0.1 * fuzz.token_sort_ratio(*pair)
                best = found.get(row["indicator_code"])
                if best is None or best.likeness < likeness:
                    found[row["indicator_code"]] = Suggestion(row["indicator_code"], name, likeness)
        ranked = sorted(found.values(), key=lambda each: (-each.likeness, each.code))
        return [each for each in ranked[:limit] if each.likeness >= LIKE]

    def unit_of(self, codes: Iterable[str], country: str) -> list[str]:
        """Of units that share a name, those without money and those in the money of a country."""
        units = self.lists.units
        money = self.lists.column("currencies", "currency_code", country_code=country)
        named = sorted(codes)
        local = [code for code in named if units[code].currency in {None, *money}]
        return local or named

    def _codes(self, kind: str, text: str, index: NameIndex) -> frozenset[str]:
        key = (kind, text)
        if key not in self._seen:
            found = index.codes(text)
            marked = None if found else split_mark(text)
            self._seen[key] = index.codes(marked.bare) if marked else found
        return self._seen[key]


def _stems(text: str) -> str:
    """The words of a text cut to their first letters, so that inflection does not matter."""
    return " ".join(word[:STEM] for word in _WORD.findall(normalise(text)) if len(word) > 3)
