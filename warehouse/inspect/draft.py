"""A draft of a contract from what was found, with marked questions where nothing was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from warehouse.conform.vocabularies import Vocabularies
from warehouse.errors import Problem, WarehouseError
from warehouse.inspect.contacts import without_contacts
from warehouse.inspect.findings import LOOKED_AT, LabelColumn, SheetFindings
from warehouse.inspect.words import Words
from warehouse.layout.contract import PROVIDER_FILE, Contract
from warehouse.layout.cube import lay_out_cube
from warehouse.layout.engine import lay_out
from warehouse.layout.texts import squeeze
from warehouse.readers.cells import Kind

OPEN = "?"
"""Stands in a draft for a code that nobody has named yet."""
OPEN_PATTERN = r"\?"
"""The same where an expression has to stand: it fits nothing that is printed."""
QUESTION = "QUESTION"
HEAD = "# yaml-language-server: $schema=../contract.schema.json\n"
WIDTH = 96
UNKNOWN = 5
"""Unknown labels that are listed with the line that would make them known."""
LONGEST = 240
"""Letters of what is said about a sheet that the draft does not fit."""
WORDS = 14
"""Words of a title that recognise a file; the table's own caption has all of them."""
_NAVIGATION = re.compile(r"(к содержанию|содержание:?|назад|back to contents|contents)", re.I)
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*")
_RESERVED = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


@dataclass(frozen=True)
class Line:
    """A key with its value and what has to be asked about it.

    Attributes:
        key: Key, or `-` for an item of a list.
        value: A scalar, a list of scalars, a mapping of scalars, or further lines.
        question: What the draft could not find out.
        note: What the draft found, beside a value that needs no answer.
    """

    key: str
    value: Any
    question: str = ""
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """A contract as far as it could be written.

    Attributes:
        text: The YAML.
        questions: What is left to answer, in the order of the text.
        fits: Sheet to what became of its layout when the draft was tried on it.
    """

    text: str
    questions: Sequence[str]
    fits: Mapping[str, str] = field(default_factory=dict)


def draft(
    sheets: Sequence[SheetFindings],
    *,
    format_code: str,
    file_name: str,
    target: Path | None,
    words: Words,
) -> Draft:
    """Write a draft for a file.

    Args:
        sheets: What was found on its sheets.
        format_code: What its bytes are.
        file_name: Its name.
        target: Where the draft will lie: `<provider>/<dataset>.yml`, if that is known.
        words: The code lists.
    """
    writer = _Writer(sheets, format_code, file_name, target, words)
    lines = writer.lines()
    text = HEAD + "".join(_render(lines, 0))
    questions = [m.strip() for m in re.findall(rf"# {QUESTION}: (.*)", text)]
    return Draft(text, questions, _trials(text, sheets, writer, words, file_name))


def open_questions(contract: Contract) -> list[str]:
    """Places of a contract where a draft's question mark was left standing."""
    return list(_open_in(contract.model_dump(exclude={"corrections"}), ""))


def _open_in(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _open_in(item, f"{place}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for at, item in enumerate(value):
            yield from _open_in(item, f"{place}[{at}]")
    elif value in (OPEN, OPEN_PATTERN):
        yield place


class _Writer:
    def __init__(
        self,
        sheets: Sequence[SheetFindings],
        format_code: str,
        file_name: str,
        target: Path | None,
        words: Words,
    ) -> None:
        self.words = words
        self.format_code = format_code
        self.file_name = file_name
        self.target = target
        self.tables = [found for found in sheets if found.is_table]
        self.others = [found for found in sheets if not found.is_table]
        self.groups = _groups(self.tables)
        self.country = _country(self.tables)

    def lines(self) -> list[Line]:
        return [
            *self._identity(),
            Line("recognise", self._recognise()),
            *self._skipped_sheets(),
            Line("tables", list(self._tables())),
            Line("checks", self._checks()),
        ]

    def _identity(self) -> Iterator[Line]:
        stem = re.sub(r"[^a-z0-9]+", "_", Path(self.file_name).stem.lower()).strip("_")
        placed = self.target is not None
        folder = self.target.resolve().parent.name.lower() if self.target else "new-provider"
        provider = re.sub(r"[^a-z0-9]+", "-", folder).strip("-")
        yield Line("provider", provider, "" if placed else "the folder that the contract lies in")
        dataset = self.target.stem if self.target else stem or "table"
        yield Line("dataset", dataset, "" if placed else "the file name of the contract")
        title = _said(self.tables[0].title)[:1] if self.tables else []
        said = f"in English: «{_short(title[0])}»" if title else "what the table is, in English"
        yield Line("title", OPEN, said)
        known = self.target is not None and self.target.with_name(PROVIDER_FILE).exists()
        if not known:
            yield Line("provider_name", OPEN, "who publishes the file")
            yield Line("country", self.country or OPEN, "" if self.country else "of the regions")
            yield Line("licence", OPEN, "on what terms")
            yield Line("owner", OPEN, "who answers for the source here")
        yield Line("cadence", "yearly", "monthly, quarterly, yearly or once?")

    def _recognise(self) -> list[Line]:
        lines = [Line("format", [self.format_code])]
        first = self.tables[0] if self.tables else None
        said = _said(first.title) if first else []
        if said:
            shared = _shared_words([" ".join(_said(t.title)) for t in self.tables if t.title])
            words = (shared or " ".join(said)).split(" ")[:WORDS]
            return [*lines, Line("caption", _pattern(" ".join(words)))]
        headers = [label.heading for label in first.labels if label.heading] if first else []
        if first and not headers:
            texts = [text for label in first.labels[:1] for text in (*label.known, *label.unknown)]
            headers = [*first.headings[:3], *texts[:1]]
        patterns = [_pattern(text) for text in headers if not text.isdigit()] or [OPEN_PATTERN]
        return [
            *lines,
            Line("headers", patterns, "there is no title: do these tell it from other files?"),
            Line("file_name", _name_pattern(self.file_name)),
        ]

    def _skipped_sheets(self) -> Iterator[Line]:
        named = [found for found in self.others if found.sheet.name and self.tables]
        full = [found.sheet.name for found in named if _has_figures(found)]
        if named:
            patterns = [_pattern(found.sheet.name) for found in named]
            asked = f"{', '.join(full)} hold figures, but no table was found: skip them?"
            yield Line("skip_sheets", patterns, asked if full else "")

    # one table

    def _tables(self) -> Iterator[Line]:
        taken: set[str] = set()
        for group in self.groups:
            name = stem = _table_name(group[0], self.file_name)
            while name in taken:
                name = f"{stem}_{len(taken) + 1}"
            taken.add(name)
            yield Line("-", [Line("name", name), *self._table(group)])

    def _table(self, group: Sequence[SheetFindings]) -> list[Line]:
        found = group[0]
        lines = list(self._caption(group))
        if len(self.groups) > 1 and not found.title and found.sheet.name:
            lines.append(Line("sheet", f"^{_pattern(found.sheet.name)}$"))
        classifier = next((x.scope for x in found.labels if x.dimension == "activity"), "")
        if classifier:
            lines.append(Line("classifier", classifier))
        lines.append(Line("dimensions", list(self._dimensions(found))))
        return [*lines, *self._details(found)]

    def _caption(self, group: Sequence[SheetFindings]) -> Iterator[Line]:
        titles = list(dict.fromkeys(" ".join(_said(found.title)) for found in group))
        if len(titles) == 1:
            if titles[0]:
                yield Line("caption", _pattern(titles[0]))
            return
        prefix = _shared_words(titles)
        suffix = _shared_words([" ".join(reversed(t.split(" "))) for t in titles])
        ending = " ".join(reversed(suffix.split(" ")))
        differ = [_short(text.removeprefix(prefix).removesuffix(ending)) for text in titles]
        yield Line(
            "caption",
            f"{_pattern(prefix)}.*{_pattern(ending)}",
            f"what differs, is it a dimension? {' / '.join(differ[:4])}",
        )

    def _dimensions(self, found: SheetFindings) -> Iterator[Line]:
        yield from self._indicator(found)
        yield self._period(found)
        sections = self._section_dimension(found)
        if sections is None or sections[0] != "region":
            yield self._region(found)
        for label in found.labels:
            if label.dimension not in {"region", "period", "?"}:
                yield Line(label.dimension, _left(label))
            elif label.dimension == "?":
                texts = {_pattern(text): OPEN for text in label.unknown[:12]}
                yield Line(OPEN, {"left": texts}, f"what are the labels of column {label.letter}?")
        if sections is not None:
            yield Line(sections[0], {"section": sections[1]}, sections[2])
        yield self._unit(found)

    def _indicator(self, found: SheetFindings) -> Iterator[Line]:
        like = ", ".join(f"{each.code} ({each.name})" for each in found.indicators)
        nearest = f"nearest: {like}" if like else "none is alike; see dbt/seeds/indicators.csv"
        headings = [
            text
            for text in found.headings
            if not self._is_skipped(found, text) and not _is_lead(text)
        ]
        is_column = found.is_long and len(found.value_columns) == 1
        if not headings or is_column or found.cube is not None:
            yield Line("indicator", OPEN, f"which one? {nearest}")
            return
        for dimension in self.words.dimensions:
            if all(self.words.members(dimension, text) for text in headings):
                yield Line("indicator", OPEN, f"which one? {nearest}")
                yield Line(dimension, {"above": dimension})
                return
        texts = {_pattern(text): OPEN for text in headings}
        yield Line("indicator", {"above_left": texts}, f"one code each; {nearest}")

    def _is_skipped(self, found: SheetFindings, text: str) -> bool:
        return text in self._other_headings(found)

    def _other_headings(self, found: SheetFindings) -> list[str]:
        return list(self._other_columns(found))

    def _other_columns(self, found: SheetFindings) -> dict[str, int]:
        """Columns that hold neither labels nor values, by heading."""
        labels = {label.column for label in found.labels}
        valued = set(found.value_columns)
        return {
            squeeze(found.sheet.text(row, column)): column
            for row in found.header_rows
            for column in range(found.sheet.shape[1])
            if column not in labels | valued
            and found.sheet.text(row, column).strip()
            and column < max(valued)
            and found.sheet.kind[found.first_data :, column].any()
        }

    def _examples(self, found: SheetFindings) -> Iterator[str]:
        """What stands in the columns that would be skipped: one value only is often a unit."""
        rows = range(found.first_data, min(found.sheet.shape[0], LOOKED_AT))
        for heading, column in self._other_columns(found).items():
            texts = dict.fromkeys(filter(None, (found.text(row, column) for row in rows)))
            shown = ", ".join(f"«{_short(text)}»" for text in list(texts)[:3])
            yield f"{_short(heading)}: {shown}{' …' if len(texts) > 3 else ''}"

    def _period(self, found: SheetFindings) -> Line:
        label = found.label("period")
        if found.periods_stand == "above":
            return Line("period", {"above": "period"})
        if label is not None:
            return Line("period", _left(label))
        if found.periods_stand == "title":
            return Line("period", {"caption": "period"})
        if re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.file_name):
            return Line("period", {"file": "period"})
        return Line("period", OPEN, "no year is printed anywhere: which one is it?")

    def _region(self, found: SheetFindings) -> Line:
        label = found.label("region")
        if label is not None:
            return Line("region", _left(label))
        country = self.country or _country_in(found, self.words)
        if country:
            return Line("region", country, "are these figures of the whole country?")
        return Line("region", OPEN, "no region is printed: which one is it?")

    def _section_dimension(self, found: SheetFindings) -> tuple[str, Any, str] | None:
        """The dimension that the section rows say, with its vocabulary."""
        sections = [text for text in found.sections if not _is_lead(text)]
        if not sections:
            return None
        if found.label("region") is None:
            known = [text for text in sections if self.words.regions(text)]
            if len(known) > 0.6 * len(sections):
                return "region", "region", ""
        for dimension in self.words.dimensions:
            if all(self.words.members(dimension, text) for text in sections):
                return dimension, dimension, ""
        texts = {_pattern(text): OPEN for text in sections[:12]}
        return OPEN, texts, "which dimension do these rows say, and which code each?"

    def _unit(self, found: SheetFindings) -> Line:
        by_text = {
            text: self.words.unit_of(codes, self.country) for text, codes in found.units.items()
        }
        codes = list(dict.fromkeys(tuple(each) for each in by_text.values()))
        if len(codes) == 1 and len(codes[0]) == 1:
            text = next(iter(by_text))
            return Line("unit", codes[0][0], note=f"«{_short(text)}»")
        if by_text:
            said = "; ".join(f"«{_short(t)}»: {' or '.join(c)}" for t, c in by_text.items())
            return Line("unit", OPEN, f"which one? {said}")
        return Line("unit", OPEN, "none is printed; see dbt/seeds/units.csv")

    def _details(self, found: SheetFindings) -> Iterator[Line]:
        if found.cube is not None:
            yield from self._only(found)
        elif found.is_long and len(found.value_columns) == 1:
            texts = [found.text(row, found.value_columns[0]) for row in found.header_rows]
            yield from (Line("value", _pattern(text)) for text in list(filter(None, texts))[-1:])
        skipped = [_pattern(text) for text in self._other_headings(found)]
        if skipped and found.cube is None:
            said = "; ".join(self._examples(found))
            yield Line("skip_columns", skipped, f"do they say nothing that matters? {said}")
        leads = [_pattern(text) for text in found.sections if _is_lead(text)]
        if leads:
            yield Line("skip_rows", leads)
        navigation = [text for text in found.title if _NAVIGATION.fullmatch(text)]
        navigation += [text for text in found.headings if _is_lead(text)]
        if navigation:
            yield Line("skip", [_pattern(text) for text in dict.fromkeys(navigation)])
        if found.flags:
            letters = sorted({letter for flag in found.flags for letter in flag})
            yield Line("flags", dict.fromkeys(letters, OPEN), "statuses or reasons of the letters?")
        if found.unreadable:
            symbols = {text: OPEN for text, _ in found.unreadable.most_common(6)}
            yield Line(
                "symbols", symbols, "a reason of dbt/seeds/reasons.csv each; numbers? leave out"
            )
        yield from self._unknown_labels(found)

    def _only(self, found: SheetFindings) -> Iterator[Line]:
        """What each dimension that is none of ours is held to; attributes need no word."""
        held = {}
        for heading, column in self._other_columns(found).items():
            rows = range(found.first_data, found.sheet.shape[0])
            texts = list(dict.fromkeys(found.text(row, column) for row in rows))
            held[_pattern(heading)] = _pattern(texts[0]) if len(texts) == 1 else OPEN_PATTERN
        if held:
            said = "; ".join(self._examples(found))
            yield Line("only", held, f"which member counts, or is it a dimension? {said}")

    def _unknown_labels(self, found: SheetFindings) -> Iterator[Line]:
        for label in found.labels:
            if label.unknown and label.dimension != "?":
                many = len(label.unknown)
                said = f"{many} label{'s' if many > 1 else ''} of column {label.letter} unknown as"
                yield Line(
                    "#", None, f"{said} {label.vocabulary}: complete these lines of code lists?"
                )
                for text in label.unknown[:UNKNOWN]:
                    yield Line("#", None, note=_alias(label, text))

    def _checks(self) -> list[Line]:
        lines: list[Line] = []
        for dimension in ("region", "activity"):
            if any(self._has_total(found.label(dimension)) for found in self.tables):
                note = "drop it for averages, rates and shares"
                check = {"parts_of_total": dimension, "rounded": True}
                lines.append(Line("-", check, note=note))
        return [*lines, Line("-", {"overlap": True})]

    def _has_total(self, label: LabelColumn | None) -> bool:
        if label is None or label.dimension != "region":
            return False
        regions = self.words.lists.regions
        return any(
            ancestor in label.codes for code in label.codes for ancestor in regions[code].ancestors
        )


# what sheets have in common


def _groups(tables: Sequence[SheetFindings]) -> list[list[SheetFindings]]:
    """Sheets that one layout can describe."""
    groups: dict[object, list[SheetFindings]] = {}
    for found in tables:
        labels = tuple((label.dimension, label.vocabulary) for label in found.labels)
        sections = tuple(text for text in found.sections if _is_lead(text)), bool(found.sections)
        units = tuple(sorted(found.units.values(), key=sorted))
        key = (labels, found.periods_stand, tuple(found.headings), sections, units)
        groups.setdefault((key, bool(_said(found.title))), []).append(found)
    return list(groups.values())


def _country(tables: Sequence[SheetFindings]) -> str:
    labels = [label for found in tables for label in found.labels if label.dimension == "region"]
    return labels[0].scope if labels else ""


def _country_in(found: SheetFindings, words: Words) -> str:
    """The country whose classifier the activities have."""
    label = found.label("activity")
    rows = words.lists.rows("classifiers")
    scope = label.scope if label else ""
    return next((row["country_code"] or "" for row in rows if row["classifier_code"] == scope), "")


def _shared_words(texts: Sequence[str]) -> str:
    """The words that all texts begin with."""
    columns = zip(*(text.split(" ") for text in texts), strict=False)
    return " ".join(words[0] for words in takewhile(lambda words: len({*words}) == 1, columns))


def _said(title: Sequence[str]) -> list[str]:
    return [text for text in title if not _NAVIGATION.fullmatch(text)]


def _has_figures(found: SheetFindings) -> bool:
    return int((found.sheet.kind == Kind.NUMBER).sum()) >= 4


def _is_lead(text: str) -> bool:
    """«в том числе:» says nothing itself."""
    return (
        re.fullmatch(r"(в том числе|из них|of which|including|оның ішінде)\W*", text, re.I)
        is not None
    )


def _table_name(found: SheetFindings, file_name: str) -> str:
    dimensions = [
        label.dimension for label in found.labels if label.dimension not in ("period", "?")
    ]
    if dimensions:
        return "by_" + "_and_".join(sorted(dimensions))
    return re.sub(r"\W+", "_", Path(file_name).stem.lower()).strip("_") or "table"


def _left(label: LabelColumn) -> dict[str, str]:
    heading = {"heading": _pattern(label.heading)} if label.heading else {}
    return {"left": label.vocabulary, **heading}


def _alias(label: LabelColumn, text: str) -> str:
    """The line that makes a label known, but for its code."""
    quoted = '"' + without_contacts(text).replace('"', '""') + '"'
    if label.dimension == "region":
        return f"dbt/seeds/region_aliases.csv: {quoted},{label.scope},{OPEN},"
    if label.dimension == "activity":
        return f"dbt/seeds/activity_aliases.csv: {label.scope},{quoted},{OPEN},"
    return f"dbt/seeds/dimension_aliases.csv: {label.dimension},{quoted},{OPEN}"


# text


def _short(text: str) -> str:
    plain = without_contacts(squeeze(text))
    return plain if len(plain) <= 60 else plain[:59] + "…"


_DAY = re.compile(r"(?<!\d)(?:19|20)\d{6}(?: \d\d:\d\d)?(?!\d)")
"""When a PC-Axis file was made: another day in the next one."""


def _pattern(text: str) -> str:
    """A text as an expression: years may be other years, days other days."""
    plain = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", squeeze(text))
    dated = _DAY.sub(r"\\d{8}(?: \\d\\d:\\d\\d)?", plain)
    return re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", r"\\d{4}", dated)


def _name_pattern(file_name: str) -> str:
    return re.sub(r"\d+", r"\\d+", _pattern(Path(file_name).stem).replace(r"\d{4}", "2000"))


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """Single quotes keep the backslashes of expressions readable."""
    if any(ord(letter) < 32 for letter in text):
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'"


def _render(lines: Sequence[Line], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for line in lines:
        if line.question:
            yield from _comment(pad, f"{QUESTION}: {line.question}")
        if line.key == "#":
            yield from _comment(pad, line.note) if line.note else ()
            continue
        note = f"  # {line.note}" if line.note else ""
        key = pad + (f"{_scalar(line.key)}:" if line.key != "-" else "-")
        if line.key == "-" and isinstance(line.value, list):
            inner = list(_render(line.value, depth + 1))
            yield inner[0] if inner[0].lstrip().startswith("#") else pad + "- " + inner[0].lstrip()
            yield from inner[1:]
        elif isinstance(line.value, list) and line.value and isinstance(line.value[0], Line):
            yield f"{key}{note}\n"
            yield from _render(line.value, depth + 1)
        else:
            yield from _inline(key, line.value, note, depth)


def _inline(key: str, value: Any, note: str, depth: int) -> Iterator[str]:
    """A scalar, list or mapping on one line, or on several when it is long."""
    flat = f"{key} {_flow(value)}{note}\n"
    if len(flat) <= WIDTH:
        yield flat
    elif isinstance(value, str) and " " in value:
        yield f"{key} >-\n"
        yield from _folded(value, "  " * (depth + 1))
    elif isinstance(value, str):
        yield flat
    elif isinstance(value, list):
        yield f"{key}{note}\n"
        yield from ("  " * (depth + 1) + f"- {_scalar(item)}\n" for item in value)
    else:
        yield f"{key}{note}\n"
        for name, item in value.items():
            yield from _inline("  " * (depth + 1) + f"{_scalar(name)}:", item, "", depth + 1)


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return _scalar(value)


def _folded(text: str, pad: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(pad) + len(line) + len(word) >= WIDTH:
            yield f"{pad}{line}\n"
            line = word
        else:
            line = f"{line} {word}".strip()
    yield f"{pad}{line}\n"


def _comment(pad: str, text: str) -> Iterator[str]:
    yield f"{pad}# {text}\n"


# the draft tried


def _trials(
    text: str, sheets: Sequence[SheetFindings], writer: _Writer, words: Words, file_name: str
) -> dict[str, str]:
    """How far the layout of the draft carries on each sheet, whatever the codes will be."""
    if not writer.tables:
        return {}
    data = yaml.safe_load(text)
    for name in ("provider_name", "country", "licence", "owner"):
        data.setdefault(name, OPEN)
    if data["country"] == OPEN:
        data["country"] = writer.country or "EU"
    for table in data["tables"] or ():
        table["dimensions"].pop(OPEN, None)
        only = table.get("only", {})
        only |= {name: ".*" for name, member in only.items() if member == OPEN_PATTERN}
    try:
        contract = Contract.model_validate(data)
    except ValueError as error:
        return {found.sheet.name: f"the draft is no contract yet: {error}" for found in sheets}
    tables = {
        id(found): table
        for group, table in zip(writer.groups, contract.tables, strict=True)
        for found in group
    }
    results: dict[str, str] = {}
    for found in writer.tables:
        table = tables[id(found)]
        vocabularies = Vocabularies(contract, table, words.lists)
        try:
            engine = lay_out if found.cube is None else lay_out_cube
            sheet = found.cube or found.sheet
            laid = engine(sheet, table, vocabularies.of, Path(file_name).name)
            refused = f", {len(laid.refused)} headers refused" if laid.refused else ""
            results[found.sheet.name] = f"{len(laid.rows)} value cells{refused}"
        except WarehouseError as error:
            results[found.sheet.name] = _said_by(error.problem)
    return results


def _said_by(problem: Problem) -> str:
    """The problem, with the first of the cells that it names."""
    said = without_contacts(f"{problem.code}: expected {problem.expected}, found {problem.found}")
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
