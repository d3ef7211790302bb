"""The grammar of source contracts, as pydantic models.

`warehouse/sources/contract.schema.json` is generated from these models, so editors complete
what the loader accepts and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from warehouse.errors import Code, WarehouseError
from warehouse.layout.corrections import (
    SUFFIX,
    Correction,
    corrections_path,
    first_complaint,
    load_corrections,
)

Severity = Literal["critical", "warning"]
Vocabulary = str | dict[str, str]
"""A type name (`region`, `period`, `sex` …) or texts (regular expressions) to codes."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Find(_Strict):
    """Where the header of one dimension stands, and what it may say. Exactly one place is named.

    The direction is seen from a value: its header is `above` it, `left` of it, and so on.
    """

    above: Vocabulary | None = Field(None, description="same column, or a merged range over it")
    above_left: Vocabulary | None = Field(
        None, description="the last one at or before my column: written once, not merged"
    )
    left: Vocabulary | None = Field(None, description="same row, in a label column")
    section: Vocabulary | None = Field(None, description="the last section row above mine")
    caption: Vocabulary | None = Field(None, description="somewhere in the title of the table")
    sheet: Vocabulary | None = Field(None, description="the name of the sheet")
    file: Vocabulary | None = Field(None, description="the name of the file")
    heading: str | None = Field(
        None, description="`left` only: what the header of the label column says (regex)"
    )
    default: str | dict[str, str] | None = Field(
        None,
        description="code when nothing is found at this place; by years: {'2010..2016': code}",
    )
    level: str | None = Field(
        None, description="`left` with `path` only: heading (regex) of a column of level numbers"
    )
    once: bool = Field(
        False, description="`left` only: the label stands in the first row of its group alone"
    )
    years: Literal["section"] | None = Field(
        None, description="`left` periods only: months stand below rows that say their year"
    )
    path: bool = Field(
        False, description="`left` only: a level decides between names that repeat (hierarchy)"
    )

    @property
    def place(self) -> str:
        """Name of the one place that is set."""
        return next(name for name in PLACES if getattr(self, name) is not None)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the header may say."""
        found: Vocabulary = getattr(self, self.place)
        return found

    @model_validator(mode="after")
    def _one_place(self) -> Find:
        named = [name for name in PLACES if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"name exactly one of {', '.join(PLACES)}; found {named or 'none'}")
        if (self.heading or self.path or self.once) and self.left is None:
            raise ValueError("`heading`, `path` and `once` belong to `left`")
        if self.years and self.left != "period":
            raise ValueError("`years` belongs to `left: period`")
        if self.once and not self.heading:
            raise ValueError("`once` needs a `heading`, below which the groups begin")
        if self.level and not self.path:
            raise ValueError("`level` belongs to `path`")
        return self


PLACES = ("above", "above_left", "left", "section", "caption", "sheet", "file")


class ByIndicator(_Strict):
    """A code that follows from the indicator, as a unit does."""

    by_indicator: dict[str, str]


class ByPeriod(_Strict):
    """A code that follows from the year: the unit of a series across a change of currency."""

    by_period: dict[str, str] = Field(description="spans of years to codes: {'..2015': BYR}")

    @model_validator(mode="after")
    def _spans(self) -> ByPeriod:
        for span in self.by_period:
            if not re.fullmatch(r"(\d{4})?\.\.(\d{4})?|\d{4}", span) or span == "..":
                raise ValueError(f"«{span}» is no span of years such as 2010..2015 or 2016..")
        return self


class AnyOf(_Strict):
    """Alternatives over the years; the first that is found counts, two that disagree refuse."""

    any_of: tuple[Find | ByPeriod, ...] = Field(min_length=1)


Dimension = str | Find | AnyOf | ByIndicator | ByPeriod
"""A constant code, a place to find it, alternatives, or what follows from indicator or year."""


def finds_of(dimension: Dimension) -> tuple[Find, ...]:
    """The places where a dimension is looked for: none for constants."""
    if isinstance(dimension, Find):
        return (dimension,)
    places = dimension.any_of if isinstance(dimension, AnyOf) else ()
    return tuple(place for place in places if isinstance(place, Find))


class PartsOfTotal(_Strict):
    """Printed total = sum of its printed parts, per hierarchy of the code list."""

    parts_of_total: str = Field(description="dimension: region, activity, sex, locality …")
    total: str | None = Field(None, description="code of the total; default: each parent")
    indicators: tuple[str, ...] = Field((), description="default: all that can be summed")
    rounded: bool = Field(
        False, description="parts are rounded: tolerance is half a digit for each of them"
    )
    severity: Severity = "critical"


class ShareOfBase(_Strict):
    """Share × base = count, within the rounding of the printed share."""

    share: str
    base: str
    count: str
    severity: Severity = "critical"


class Between(_Strict):
    """Every value of an indicator lies in an interval (in the printed unit)."""

    between: str = Field(description="indicator")
    low: float | None = None
    high: float | None = None
    severity: Severity = "critical"


class Growth(_Strict):
    """A printed change equals the one computed from the printed levels."""

    growth: str = Field(description="indicator that holds the printed change")
    of: str = Field(description="indicator of the levels")
    kind: Literal["difference", "per_cent", "per_cent_of_previous"] = "per_cent"
    severity: Severity = "critical"


class SumOf(_Strict):
    """A printed total equals the sum of what is printed beside it, whatever the code list knows.

    For totals in another unit or another region than their parts. When it does not close, the
    result names the part that would close it; where a `growth` check holds the printed changes of
    the indicator, only parts that would fit their change as well.
    """

    sum_of: str = Field(description="indicator")
    over: str = Field(description="further dimension whose codes are the parts: cluster, sex …")
    apart: tuple[Literal["region", "activity"], ...] = Field(
        (), description="in what the parts differ besides"
    )
    rounded: bool = Field(False, description="as in `parts_of_total`")
    severity: Severity = "critical"


class DirectionAgrees(_Strict):
    """Two indicators of the same thing rise and fall together, beyond their rounding."""

    direction_agrees: tuple[str, str] = Field(description="two indicators, as share and count")
    severity: Severity = "warning"


class ChangeFactor(_Strict):
    """Year-on-year change stays within a factor."""

    change_factor: float = Field(gt=1)
    indicators: tuple[str, ...] = ()
    severity: Severity = "warning"


class Overlap(_Strict):
    """Values known from earlier files come out equal or as small revisions.

    More than `max_changed_share` of them changed by more than `max_change` means that the
    layout slipped, not that history was revised.
    """

    overlap: Literal[True]
    max_changed_share: float = Field(0.5, gt=0, le=1)
    max_change: float = Field(0.25, gt=0)
    severity: Severity = "critical"


Check = (
    PartsOfTotal | ShareOfBase | SumOf | Between | Growth | DirectionAgrees | ChangeFactor | Overlap
)


Years = dict[Literal["from", "to"], int]
"""All years from one to another; without `to`, to the year of the request."""
FETCH_SCHEMES = ("https", "http", "sftp", "s3", "file")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Fetch(_Strict):
    """Where the files of a source come from: one request for each combination of `each`.

    `{name}` in `url`, `query`, `form`, `json` and `file_name` stands for a value of `each`. A text
    of `json` that is nothing but a placeholder becomes the value itself: a number or a list.
    """

    url: str = Field(description="https, http, sftp, s3 or file; a drop folder may end in *.xlsx")
    each: dict[str, Years | list[int | str | list[int | str]]] = Field(
        default_factory=dict, description="values of placeholders: {year: {from: 2016}}"
    )
    query: dict[str, str | int | list[str | int]] = Field(
        default_factory=dict, description="parameters after the address"
    )
    form: dict[str, str | int | list[str | int]] | None = Field(
        None, description="fields of a form that is posted"
    )
    json_body: dict[str, Any] | None = Field(
        None, alias="json", description="JSON document that is posted"
    )
    headers: dict[str, str] = Field(default_factory=dict, description="such as Accept")
    file_name: str | None = Field(
        None, description="name in the inbox; needed where the address does not end in one"
    )
    connection: str | None = Field(None, description="Airflow connection with user and password")
    content_type: tuple[str, ...] = Field(
        (), description="media types that are data; unless said, any but a web page"
    )
    max_bytes: int | None = Field(None, gt=0, description="a larger answer is refused")
    sha256: str | None = Field(
        None, pattern=r"^[0-9a-f]{64}$", description="for a file that never changes"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Fetch:
        scheme = self.url.partition("://")[0]
        if scheme not in FETCH_SCHEMES or "://" not in self.url:
            raise ValueError(f"`url` begins with one of {', '.join(FETCH_SCHEMES)} and ://")
        if "@" in self.url.partition("://")[2].partition("/")[0]:
            raise ValueError("user and password belong to a `connection`, not into the address")
        if self.form is not None and self.json_body is not None:
            raise ValueError("post either `form` or `json`")
        if scheme not in {"http", "https"} and (self.query or self.is_post or self.headers):
            raise ValueError(f"`query`, `form`, `json` and `headers` do not belong to {scheme}")
        named = set(_PLACEHOLDER.findall(str(self.model_dump(exclude={"each"}))))
        if named != set(self.each):
            odd = ", ".join(sorted(named ^ set(self.each)))
            raise ValueError(f"placeholders and `each` name different things: {odd}")
        last = self.url.partition("?")[0].rstrip("/").rpartition("/")[2]
        if self.file_name is None and ("." not in last or self.is_post):
            raise ValueError("`file_name` is needed: the address does not end in one")
        if self.file_name is not None and set(self.each) - set(
            _PLACEHOLDER.findall(self.file_name)
        ):
            raise ValueError("`file_name` names all of `each`, or files would hide each other")
        return self

    @property
    def is_post(self) -> bool:
        """Whether something is sent."""
        return self.form is not None or self.json_body is not None


class Recognise(_Strict):
    """How a file of this source is told from all others: by its content, then by its name."""

    format: tuple[str, ...] = Field(min_length=1, description="reader formats: xlsx, csv …")
    caption: str | None = Field(None, description="regex that a title of the file matches")
    content: str | None = Field(
        None, description="regex in the first 64 KiB, for declared files of formats without reader"
    )
    headers: tuple[str, ...] = Field((), description="regexes that header cells match, all of them")
    file_name: str | None = Field(None, description="regex; needed where content cannot tell")

    @model_validator(mode="after")
    def _some_content(self) -> Recognise:
        if not (self.caption or self.headers or self.content):
            raise ValueError("recognise by `caption` or `headers`: a name alone proves nothing")
        return self


class Table(_Strict):
    """One table layout, applied to every sheet or part whose caption matches `caption`."""

    name: str = Field(description="short name of the table")
    caption: str | None = Field(None, description="regex; default: every sheet")
    sheet: str | None = Field(None, description="regex on the sheet name, next to `caption`")
    dimensions: dict[str, Dimension]
    value: str | None = Field(
        None, description="heading (regex) of the one column that holds the values of a long table"
    )
    skip_columns: tuple[str, ...] = Field(
        (), description="headings (regex) of columns that hold no values, declared ignored"
    )
    only: dict[str, str] = Field(
        default_factory=dict,
        description="heading (regex) of a label column or dimension to the labels (regex) that "
        "count; rows with others are declared ignored",
    )
    multiplier: str | None = Field(
        None,
        description="heading (regex) of the dimension or attribute of a self-describing file that "
        "says the power of ten of its values",
    )
    skip_rows: tuple[str, ...] = Field(
        (), description="labels (regex) of rows that hold no values of their own"
    )
    other_languages: bool = Field(
        False, description="columns of texts without heading repeat the labels in other languages"
    )
    side_by_side: str | None = Field(
        None, description="heading (regex) of the label column that begins each of several tables"
    )
    times: bool = Field(
        False, description="«в 2,6 р.» among per cents of a base means 260 per cent of it"
    )
    skip: tuple[str, ...] = Field((), description="texts (regex) outside the table, ignored")
    symbols: dict[str, str] = Field(
        default_factory=dict, description="printed symbol to reason code, over the common list"
    )
    empty: str = Field("not_published", description="reason code of a blank value cell")
    flags: dict[str, str] = Field(
        default_factory=dict,
        description="letter printed after a value to SDMX status or, for a missing one, reason",
    )
    marks: dict[str, str] = Field(
        default_factory=dict, description="footnote marks used without a printed footnote"
    )
    repeated: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="indicator to dimensions it does not have although printed on every row",
    )
    predecessors: dict[str, str] = Field(
        default_factory=dict,
        description="region whose row also carries the years of the region it came from",
    )
    backcast: dict[str, int] = Field(
        default_factory=dict,
        description="region to the first year for which the source recalculates it backwards",
    )
    date_cells: Literal["day", "month", "year"] | None = Field(
        None, description="what a header stored as a date means; undeclared, it is refused"
    )
    reads_hidden: bool = Field(False, description="hidden rows and columns belong to the table")
    region_types: tuple[str, ...] = Field(
        (), description="kinds of regions whose names count, where several systems share names"
    )
    classifier: str | None = Field(None, description="classifier of the activity codes")
    decimal: Literal["comma", "dot", "either"] = "either"
    status: str = Field("A", description="SDMX observation status of a plain value")
    price_base: str | None = Field(None, description="current, or the year of constant prices")

    @model_validator(mode="after")
    def _required(self) -> Table:
        for name in ("indicator", "unit", "period", "region"):
            if name not in self.dimensions:
                raise ValueError(f"table {self.name}: dimension `{name}` is missing")
        for name in ("period", "region"):
            said = self.dimensions[name]
            places = said.any_of if isinstance(said, AnyOf) else (said,)
            if any(isinstance(place, ByPeriod | ByIndicator) for place in places):
                raise ValueError(f"table {self.name}: `{name}` is a constant or has a place")
        return self


class Declared(_Strict):
    """A file that is known and holds no figures to be read: it is named, and why."""

    role: Literal["code_list", "boundaries", "metadata", "out_of_scope"]
    reason: str = Field(min_length=20, description="what it is, and why nothing is read from it")


class Contract(_Strict):
    """One source: where it comes from, how its files are recognised and read."""

    provider: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    provider_name: str
    dataset: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    title: str
    country: str = Field(description="scope of region names: ISO 3166-1 alpha-2, or EU")
    licence: str
    owner: str = Field(description="who answers for the source in this warehouse")
    source_url: str | None = None
    cadence: Literal["monthly", "quarterly", "yearly", "once"]
    due_after_days: int | None = Field(None, description="days after a period's end")
    illustrative: bool = Field(False, description="figures made for samples, published nowhere")
    released: str | None = Field(None, description="regex on the file name with year, month, day")
    fetch: tuple[Fetch, ...] = Field((), description="where its files come from")
    recognise: Recognise
    skip_sheets: tuple[str, ...] = Field(
        (), description="names (regex) of sheets without figures: contents, contacts"
    )
    tables: tuple[Table, ...] = ()
    declared: Declared | None = Field(
        None, description="instead of `tables`: a file that is no input, and why"
    )
    checks: tuple[Check, ...] = ()
    notes: str | None = None
    version: SkipJsonSchema[str] = Field("", exclude=True)
    """Set by the loader: hash of the file, of its provider's and of its corrections."""
    corrections: SkipJsonSchema[tuple[Correction, ...]] = Field((), exclude=True)
    """Set by the loader, from `<dataset>.corrections.yml`."""

    @model_validator(mode="after")
    def _expressions_compile(self) -> Contract:
        for expression in _expressions(self):
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"«{expression}» is no regular expression: {error}") from error
        if self.released and "(?P<year>" not in self.released:
            raise ValueError("`released` needs a group named year")
        if bool(self.tables) == bool(self.declared):
            raise ValueError("either `tables` or `declared`")
        if self.recognise.content and not self.declared:
            raise ValueError("recognise a table by its cells; `content` is for declared files")
        return self

    @cached_property
    def id(self) -> str:
        """`provider/dataset`, unique."""
        return f"{self.provider}/{self.dataset}"


Registry = Annotated[Mapping[str, Contract], "contract id to contract, sorted by id"]


def _expressions(contract: Contract) -> Iterator[str]:
    rule = contract.recognise
    said = (rule.caption, rule.content, rule.file_name, contract.released)
    yield from (text for text in said if text)
    yield from (*rule.headers, *contract.skip_sheets)
    for table in contract.tables:
        yield from (text for text in (table.caption, table.sheet, table.value) if text)
        yield from (*table.skip, *table.skip_rows, *table.skip_columns)
        yield from (*table.only, *table.only.values(), *filter(None, (table.multiplier,)))
        for dimension in table.dimensions.values():
            for find in finds_of(dimension):
                yield from find.vocabulary if isinstance(find.vocabulary, dict) else ()
                yield from (text for text in (find.heading, find.level) if text)
        yield from (table.side_by_side,) if table.side_by_side else ()


PROVIDER_FILE = "_provider.yml"
PROVIDER_FIELDS = ("provider_name", "country", "licence", "owner", "source_url")
LOADER_FIELDS = frozenset({"version", "corrections"})


def load_contract(path: Path) -> Contract:
    """Read one contract file; what its provider's `_provider.yml` says need not be repeated.

    Raises:
        WarehouseError: `contract_invalid` or `correction_invalid`, naming the file, the field
            and what is wrong.
    """
    common, beside = path.with_name(PROVIDER_FILE), corrections_path(path)
    raw = b"".join(part.read_bytes() for part in (common, path, beside) if part.exists())
    try:
        data = (yaml.safe_load(common.read_bytes()) or {}) if common.exists() else {}
        data.update(yaml.safe_load(path.read_bytes()))
        if LOADER_FIELDS & data.keys():
            raise ValueError(f"{sorted(LOADER_FIELDS & data.keys())[0]}: not a key of a contract")
        contract = Contract.model_validate(data)
    except (yaml.YAMLError, ValidationError, TypeError, ValueError) as error:
        raise WarehouseError.of(
            Code.CONTRACT_INVALID,
            expected="a contract as described by warehouse/sources/contract.schema.json",
            found=first_complaint(error),
            action="Correct the YAML; an editor with the schema marks the line.",
            file_name=str(path),
        ) from error
    version = hashlib.sha256(raw).hexdigest()[:12]
    return contract.model_copy(update={"version": version, "corrections": load_corrections(beside)})


def load_registry(sources: Path) -> Registry:
    """All contracts under `sources`, by id.

    Raises:
        WarehouseError: `contract_invalid` for a broken file or an id that occurs twice,
            `correction_invalid` for corrections without a contract or with an id used twice.
    """
    found: dict[str, Contract] = {}
    for path in sorted(sources.glob("*/*.yml")):
        if path.name == PROVIDER_FILE or path.name.endswith(SUFFIX):
            continue
        contract = load_contract(path)
        if contract.id in found or (path.parent.name, path.stem) != (
            contract.provider,
            contract.dataset,
        ):
            raise WarehouseError.of(
                Code.CONTRACT_INVALID,
                expected=f"{contract.id} once, in {contract.provider}/{contract.dataset}.yml",
                found=f"it is in {path.parent.name}/{path.name}",
                action="Rename the file, or its provider and dataset.",
                file_name=str(path),
            )
        found[contract.id] = contract
    _check_corrections(sources, found)
    return dict(sorted(found.items()))


def _check_corrections(sources: Path, registry: Mapping[str, Contract]) -> None:
    for path in sorted(sources.glob(f"*/*{SUFFIX}")):
        if f"{path.parent.name}/{path.name.removesuffix(SUFFIX)}" not in registry:
            raise WarehouseError.of(
                Code.CORRECTION_INVALID,
                expected="a contract of the same name beside it",
                found="none",
                action="Rename the file: corrections of <dataset>.yml are in "
                "<dataset>.corrections.yml.",
                file_name=str(path),
            )
    ids = [record.id for contract in registry.values() for record in contract.corrections]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise WarehouseError.of(
            Code.CORRECTION_INVALID,
            expected="an id that no other correction has",
            found=f"{twice[0]} more than once below {sources}",
            action="Rename one of them.",
        )


def contract_schema() -> dict[str, Any]:
    """JSON Schema of a contract file, for editors."""
    schema = Contract.model_json_schema()
    schema["required"] = [name for name in schema["required"] if name not in PROVIDER_FIELDS]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
