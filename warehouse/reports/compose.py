"""From rows of marts to figures, tables and sentences: what all pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from warehouse.explain_cluster import COLUMNS
from warehouse.marts import Row
from warehouse.reports import words
from warehouse.reports.data import Data
from warehouse.reports.model import (
    Block,
    Cell,
    Column,
    Drawing,
    Figure,
    Kind,
    Paragraph,
    Rank,
    Section,
    Table,
    Words,
)
from warehouse.reports.pictures import Boundaries, Caption, Datum, Language, Mark, Picture
from warehouse.reports.texts import TEXTS, UNITS
from warehouse.reports.trace import key

_Given = ParamSpec("_Given")
BLANK = Picture("", "", "")
_CURRENCY = 3
"""Letters of the code of a currency."""
_MONEY = ((1e10, "bln", 1e9), (1e6, "mln", 1e6))
_MANY_PERSONS = 1e5
_COUNTS = ("persons", "units", "places", "days", "score")
_DIGITS = {"per_cent": 1, "percentage_points": 1}
INDICATOR_OF = {column: code for code, column in COLUMNS.items()}
"""The indicator that a column of `mart_cluster_year` holds."""
SUM_OF = "member_"
"""What the column of a sum over members begins with, before the measure that is summed."""


@dataclass(frozen=True)
class Scale:
    """How the figures of one column are shown.

    Attributes:
        unit: Unit code in which they are shown.
        divisor: From the unit of the mart to it.
        digits: Decimals.
    """

    unit: str
    divisor: float
    digits: int

    def figure(
        self,
        key: str,
        value: float | None,
        year: int,
        *,
        definition: str = "",
        reason: str = "",
        marks: tuple[Mark, ...] = (),
        is_change: bool = False,
    ) -> Figure:
        """A figure from a value in the unit of the mart."""
        return Figure(
            key=key,
            value=None if value is None else value / self.divisor,
            unit=self.unit,
            digits=self.digits,
            year=year,
            definition=definition,
            reason=reason,
            marks=marks,
            is_change=is_change,
        )


BARS_DRAWN = range(3, 41)
"""How many values bars have something to say of, and room for on a page of paper."""
PER_CENT = Scale("per_cent", 1, 1)
COUNT = Scale("units", 1, 0)


def scale(values: Iterable[float | None], unit: str) -> Scale:
    """One scale for figures of one unit: money in thousands of millions, millions or plain."""
    known = [abs(value) for value in values if value is not None]
    top = max(known, default=0.0)
    if unit.isupper() and len(unit) == _CURRENCY:
        return _of_money(top, unit)
    if unit == "persons" and top >= _MANY_PERSONS:
        return Scale("thousand_persons", 1e3, 1)
    if unit.endswith(("_per_month", "_per_person")):
        return Scale(unit, 1, 0 if top >= _MANY_PERSONS else 1)
    if unit in _COUNTS:
        return Scale(unit, 1, 0 if all(value == int(value) for value in known) else 1)
    return Scale(unit, 1, _DIGITS.get(unit, 3))


def _of_money(top: float, currency: str) -> Scale:
    for least, prefix, divisor in _MONEY:
        if top >= least and f"{prefix}_{currency}" in UNITS:
            return Scale(f"{prefix}_{currency}", divisor, 1)
    return Scale(currency, 1, 0)


def marks(
    *, is_illustrative: bool | None, obs_status: str | None = None, is_corrected: bool = False
) -> tuple[Mark, ...]:
    """How a figure is to be taken."""
    return tuple(
        mark
        for mark, holds in (
            (Mark.ILLUSTRATIVE, bool(is_illustrative)),
            (Mark.PRELIMINARY, obs_status == "P"),
            (Mark.CORRECTED, is_corrected),
        )
        if holds
    )


def row_marks(row: Row) -> tuple[Mark, ...]:
    """Marks of a row of `mart_indicator` or `mart_region_activity_year`."""
    return marks(
        is_illustrative=row["is_illustrative"],
        obs_status=row["obs_status"],
        is_corrected=row["correction_status"] is not None,
    )


def indicator_key(row: Row, indicator: str | None = None, unit: str | None = None) -> str:
    """Key of a row of `mart_indicator`, or of another measure, with its unit, of the same place."""
    return key(
        Kind.INDICATOR,
        indicator or row["indicator_code"],
        row["region_code"],
        row["activity_classifier"],
        row["activity_code"],
        row["year"],
        row["base_indicator_code"],
        row["method_version"],
        unit or row["unit_code"],
    )


@dataclass(frozen=True)
class Context:
    """What pages are made of.

    Attributes:
        data: Rows of the published file.
        language: To say them in.
        boundaries: Boundary files of the operator, by country.
        is_drawn: Whether pictures are drawn; not so when only the figures are wanted.
    """

    data: Data
    language: Language
    boundaries: Mapping[str, Boundaries] = field(default_factory=dict)
    is_drawn: bool = True

    def text(self, name: str, **given: object) -> str:
        """A text of the report."""
        return words.text(name, self.language, **given)

    def no_clusters(self) -> Paragraph:
        """That nobody has told of clusters of a country: not that there are none."""
        return Paragraph((self.text("country_no_clusters", year=self.data.year),))

    def name(self, kind: str, code: str | None) -> str:
        """Name of a code."""
        return self.data.names.of(kind, code, self.language)

    def value_name(self, dimension: str, code: str | None) -> str:
        """Name of a value of a dimension; nothing for None."""
        if code is None:
            return ""
        found = self.data.names.of("value", f"{dimension}:{code}", self.language)
        return code if found == f"{dimension}:{code}" else found

    def organisation_type(self, code: str | None) -> str:
        """Name of a type of organisations, also of the one that nobody stated."""
        is_stated = code not in (None, "untyped")
        return self.value_name("organisation_type", code) if is_stated else self.text("untyped")

    def column_name(self, column: str) -> str:
        """Name of a column of `mart_cluster_year`; nothing for one without a text."""
        return self.text(column) if column in TEXTS else ""

    def label(self, row: Row) -> str:
        """Name of a cluster, by the columns of its row."""
        first, second = ("name_ru", "name_en") if self.language == "ru" else ("name_en", "name_ru")
        return str(row[first] or row[second] or row["cluster_id"])

    def counted(self, count: int, noun: str) -> str:
        """A count with its noun."""
        return words.counted(count, noun, self.language)

    def measure(self, indicator: str) -> str:
        """Name of an indicator, with a capital letter."""
        return capital(self.name("indicator", indicator))

    def wording(self, said: str | None) -> str:
        """A text of a code list or a contract in the language of the report."""
        return words.wording(said, self.language)

    def place(self, region: str) -> str:
        """Name of a region within a sentence: «г. Минск» stays on one line."""
        return self.name("region", region).replace("г. ", "г.\u00a0")

    def definition(self, column: str) -> str:
        """The indicator that a column of `mart_cluster_year` holds; nothing for none."""
        measure = column.removeprefix(SUM_OF)
        known = ("indicator", measure) in self.data.names.en
        return INDICATOR_OF.get(column) or (measure if known else "")

    def unit(self, code: str) -> str:
        """Short label of a unit."""
        return words.unit(code, self.language)

    def reason(self, code: str | None) -> str:
        """Why a value is missing."""
        return self.name("reason", code)

    def say(self, name: str, **given: object) -> Words:
        """A text whose gaps are filled with figures and texts.

        The figures stay figures: they lead to their cells wherever the sentence is printed.
        """
        template = self.text(name)
        parts: list[Any] = []
        rest = template
        while "{" in rest:
            before, _, after = rest.partition("{")
            gap, _, rest = after.partition("}")
            filled = given[gap]
            parts += [before, filled if isinstance(filled, Figure) else str(filled)]
            if rest.startswith(".") and isinstance(filled, Figure) and self._ends(filled):
                rest = rest[1:]
        return tuple(part for part in (*parts, rest) if part != "")

    def _ends(self, figure: Figure) -> bool:
        """Whether a figure ends with a full stop of its own: that of its unit."""
        return self.printed(figure).endswith(".")

    def printed(self, figure: Figure) -> str:
        """A figure as text, with its unit."""
        return words.figure(figure, self.language, with_unit=True)

    # figures

    def figure(self, row: Row | None, shown: Scale | None = None) -> Figure | None:
        """Figure of a row of `mart_indicator`; None for no row."""
        if row is None:
            return None
        how = shown or scale([row["value"]], row["unit_code"])
        return how.figure(
            indicator_key(row),
            row["value"],
            row["year"],
            definition=row["indicator_code"],
            reason=self.reason(row["reason_code"]),
            marks=row_marks(row),
        )

    def figures_of_years(
        self, rows: Mapping[int, Row], years: Iterable[int], shown: Scale
    ) -> list[Figure | None]:
        """Figures of one measure over years; a year without a row has no value in any file."""
        known = next(iter(rows.values()))
        return [
            self.figure(rows[year], shown) if year in rows else self._absent(known, year, shown)
            for year in years
        ]

    def _absent(self, known: Row, year: int, shown: Scale) -> Figure:
        return shown.figure(
            indicator_key({**known, "year": year}),
            None,
            year,
            definition=known["indicator_code"],
            reason=self.text("not_in_files"),
        )

    def change(self, row: Row | None) -> Figure | None:
        """The change of a row of `mart_indicator` against the year before."""
        if row is None:
            return None
        return Figure(
            key=indicator_key(row),
            value=row["change"],
            unit=row["change_unit_code"] or "per_cent",
            digits=1,
            year=row["year"],
            definition=row["indicator_code"],
            reason=self.reason(row["change_reason_code"]),
            marks=marks(
                is_illustrative=row["is_change_illustrative"],
                is_corrected=row["change_correction_status"] is not None,
            ),
            is_change=True,
        )

    def rank(self, row: Row | None) -> Rank | None:
        """The place of a row of `mart_indicator` among its peers."""
        if row is None or row["rank"] is None:
            return None
        return Rank(
            row["rank"],
            row["ranked_count"],
            marks(
                is_illustrative=row["is_rank_illustrative"],
                is_corrected=row["rank_correction_status"] is not None,
            ),
        )

    def cluster_figure(self, row: Row, column: str, shown: Scale, reason: str = "") -> Figure:
        """A column of a row of `mart_cluster_year`."""
        value = row[column]
        return shown.figure(
            key(Kind.CLUSTER, row["cluster_id"], row["is_illustrative"], row["year"], column),
            value,
            row["year"],
            definition=self.definition(column),
            reason=self.reason(row.get(f"{column}_reason_code") or reason or "missing_input"),
            marks=marks(is_illustrative=row["is_illustrative"], obs_status=row["obs_status"]),
        )

    # blocks

    def table(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        note: str = "",
    ) -> Table:
        """A table, without the columns in which nothing stands."""
        kept = [tuple(row) for row in rows]
        used = [
            place
            for place in range(len(columns))
            if place == 0 or not kept or any(_says(row[place]) for row in kept)
        ]
        return Table(
            name=name,
            title=title,
            columns=tuple(columns[place] for place in used),
            rows=tuple(tuple(row[place] for place in used) for row in kept),
            note=note,
        )

    def column(self, label: str, shown: Scale | None = None, definition: str = "") -> Column:
        """A column of figures."""
        return Column(label, self.unit(shown.unit) if shown else "", definition=definition)

    def words_column(self, key_: str) -> Column:
        """A column of words."""
        return Column(self.text(key_), is_number=False)

    def draw(
        self, drawer: Callable[_Given, Picture | None], *given: _Given.args, **more: _Given.kwargs
    ) -> Picture | None:
        """A picture; a blank one when pictures are not wanted."""
        return drawer(*given, **more) if self.is_drawn else BLANK

    def caption(
        self,
        title: str,
        unit: str = "",
        period: str | None = None,
        *,
        marked: Iterable[Row] = (),
    ) -> Caption:
        """What a picture says of all its figures; the source stands below it on the page.

        Args:
            title: What is shown.
            unit: Code of the unit of its values.
            period: Year or years; None for the year of the report.
            marked: Clusters whose figures have no marks of their own: counts and links.
        """
        is_made = [bool(row["is_illustrative"]) for row in marked]
        return Caption(
            title=title,
            unit=self.name("unit", unit) if unit else "",
            period=period or str(self.data.year),
            marks=(Mark.ILLUSTRATIVE,) if is_made and all(is_made) else (),
        )


def capital(said: str) -> str:
    """A text with a capital letter at its start."""
    return said[:1].upper() + said[1:]


def _says(cell: Cell) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, Figure) and _is_empty(cell))


def _is_empty(figure: Figure) -> bool:
    return figure.value is None and not figure.reason


def datum(code: str, name: str, figure: Figure | None) -> Datum:
    """A figure as a picture wants it, in the unit in which it is shown."""
    if figure is None:
        return Datum(code, name, None)
    return Datum(code, name, figure.value, figure.marks, figure.reason)


def paragraph(*said: Words, is_warning: bool = False) -> Paragraph:
    """Sentences as one paragraph."""
    return Paragraph(tuple(part for sentence in said for part in sentence), is_warning)


def drawing(
    name: str, drawn: Picture | None, figures: Iterable[Figure | None] = ()
) -> Drawing | None:
    """A picture with its figures; None for one that was not drawn."""
    if drawn is None:
        return None
    return Drawing(name, drawn, tuple(figure for figure in figures if figure is not None))


def section(name: str, title: str, *blocks: Block | None) -> Section:
    """A section of the blocks that are there."""
    return Section(name, title, tuple(block for block in blocks if block is not None))


def shown_value(value: float, how: Scale) -> float:
    """A value as it is printed: what sentences compare, so that they hold for what is read."""
    return round(value / how.divisor, how.digits)
