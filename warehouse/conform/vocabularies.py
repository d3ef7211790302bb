"""How the headers of each dimension are recognised and turned into codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.conform.codelists import CodeLists
from warehouse.conform.names import NameIndex
from warehouse.conform.periods import PeriodRecogniser
from warehouse.layout.contract import Contract, Find, Table
from warehouse.layout.engine import Recogniser
from warehouse.layout.texts import split_mark, squeeze

CODE_VOCABULARIES = frozenset({"region_code", "activity_code"})


@dataclass(frozen=True)
class Patterns:
    """Texts declared in the contract, as regular expressions, to codes."""

    codes: tuple[tuple[re.Pattern[str], str], ...]

    @classmethod
    def of(cls, mapping: dict[str, str]) -> Patterns:
        """Compile the expressions; case does not matter."""
        return cls(tuple((re.compile(text, re.I | re.S), code) for text, code in mapping.items()))

    def code(self, text: str) -> str | None:
        """The one code whose expression is the whole text."""
        found = {code for pattern, code in self.codes if pattern.fullmatch(squeeze(text))}
        return found.pop() if len(found) == 1 else None

    def claims(self, text: str) -> bool:
        """Whether the text, with or without a footnote mark, is one of the declared ones."""
        marked = split_mark(text)
        return self.code(text) is not None or (
            marked is not None and self.code(marked.bare) is not None
        )

    def search(self, text: str) -> str | None:
        """The part of a title that says the code; None when two codes are said."""
        hits = [(match.group(), code) for p, code in self.codes if (match := p.search(text))]
        return hits[0][0] if len({code for _, code in hits}) == 1 else None

    def composes(self, parts: Sequence[str]) -> bool:
        """One cell says it all."""
        return len(parts) == 1

    def meaning(self, text: str) -> object:
        """Its code."""
        marked = split_mark(text)
        return self.code(text) or (self.code(marked.bare) if marked else None)


@dataclass(frozen=True)
class Names:
    """Names of a code list; codes in their place never carry footnote marks."""

    index: NameIndex
    may_have_marks: bool = True

    def codes(self, text: str) -> frozenset[str]:
        """Codes that the text, with or without a footnote mark, may mean."""
        found = self.index.codes(text)
        if found or not self.may_have_marks:
            return found
        marked = split_mark(text)
        return self.index.codes(marked.bare) if marked else frozenset()

    def claims(self, text: str) -> bool:
        """Whether the text is in the list."""
        return bool(self.codes(text))

    def search(self, text: str) -> str | None:
        """The whole text, when it is a name."""
        return squeeze(text) if self.claims(text) else None

    def composes(self, parts: Sequence[str]) -> bool:
        """One cell says it all."""
        return len(parts) == 1

    def meaning(self, text: str) -> object:
        """Its codes."""
        return self.codes(text)


class Vocabularies:
    """Recognisers for the dimensions of one table."""

    def __init__(self, contract: Contract, table: Table, lists: CodeLists) -> None:
        self.contract = contract
        self.table = table
        self.lists = lists

    def of(self, dimension: str, find: Find) -> Recogniser:
        """The recogniser of one dimension at one place."""
        vocabulary = find.vocabulary
        if isinstance(vocabulary, dict):
            return Patterns.of(vocabulary)
        if vocabulary == "period":
            return PeriodRecogniser()
        return Names(self.index(vocabulary), vocabulary not in CODE_VOCABULARIES)

    def index(self, vocabulary: str) -> NameIndex:
        """The name index of a typed vocabulary."""
        classifier = self.table.classifier or ""
        if vocabulary == "region":
            return self.lists.region_names(self.contract.country, self.table.region_types)
        if vocabulary == "region_code":
            return self.lists.region_codes(self.contract.country)
        if vocabulary == "activity":
            return self.lists.activity_names(classifier)
        if vocabulary == "activity_code":
            return self.lists.activity_codes(classifier)
        if vocabulary == "unit":
            return self.lists.unit_names()
        return self.lists.dimension_names(vocabulary)

    def suggestion(self, vocabulary: str, text: str, code: str) -> str | None:
        """The line for a code list that would map the text to a code."""
        quoted = '"' + squeeze(text).replace('"', '""') + '"'
        if vocabulary == "region":
            country = self.lists.regions[code].country
            return f"dbt/seeds/region_aliases.csv: {quoted},{country},{code},"
        if vocabulary == "activity":
            return f"dbt/seeds/activity_aliases.csv: {self.table.classifier},{quoted},{code},"
        if vocabulary == "unit":
            return f"dbt/seeds/unit_aliases.csv: {quoted},{code}"
        if vocabulary in CODE_VOCABULARIES:
            return None
        return f"dbt/seeds/dimension_aliases.csv: {vocabulary},{quoted},{code}"
