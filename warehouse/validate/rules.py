"""What a table must satisfy, as pure functions on a batch: each gives one `Finding`.

A batch holds the rows of many files, and each file is judged by its own rows alone: whatever is
joined, counted or compared has the file in its key. Everything is joins and sums over columns; a
rule that finds nothing to test says so instead of passing silently. Values are compared in their
printed unit unless a rule says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from warehouse.validate.frame import (
    KEY,
    OF_FILE,
    breakdown_code,
    breakdown_without,
    code_list,
    comparable,
    half_digit,
)

SHOWN = 5
TOTAL = "_T"
NONE_OCCURS = "none_occurs"
NOT_EXISTING = "region_not_existing"
PARALLEL = ("federal_district", "nuts1", "nuts2")
"""Region types that divide a country a second time, beside its administrative division."""
NO_PARTS = ("aggregate", "town")
"""Region types that overlap with others, or leave some of their parent out."""
SUBJECT = (OF_FILE, "region_code", "activity_classifier", "activity_code", "period_kind")
RELATIVE_UNITS = ("per_cent", "percentage_points", "index")
YEARS = (1900, 2100)
SAME_PERIOD_LAST_YEAR = "pct_of_same_period_last_year"


@dataclass(frozen=True)
class Finding:
    """Outcome of one rule on one batch, by number of the file.

    Attributes:
        tested_of: How many things could be tested in each file that has some.
        unexpected_of: How many of them break the rule.
        untested_of: How many could not be tested because something is missing beside them.
        examples_of: The first that break it, as text with the cell.
    """

    tested_of: Mapping[int, int]
    unexpected_of: Mapping[int, int] = field(default_factory=dict)
    untested_of: Mapping[int, int] = field(default_factory=dict)
    examples_of: Mapping[int, list[str]] = field(default_factory=dict)

    @property
    def tested(self) -> int:
        """How many things could be tested in all files."""
        return sum(self.tested_of.values())

    @property
    def unexpected(self) -> int:
        """How many of them break the rule."""
        return sum(self.unexpected_of.values())

    @property
    def untested(self) -> int:
        """How many could not be tested."""
        return sum(self.untested_of.values())

    @property
    def examples(self) -> tuple[str, ...]:
        """Of the first file that breaks the rule."""
        return tuple(next(iter(self.examples_of.values()), ()))

    @property
    def files(self) -> list[int]:
        """Numbers of the files in which there is something to say."""
        return sorted({*self.tested_of, *self.untested_of})

    def of(self, number: int) -> tuple[int, int, int, list[str]]:
        """Tested, unexpected, untested and examples of one file."""
        counts = (self.tested_of, self.unexpected_of, self.untested_of)
        tested, unexpected, untested = (of.get(number, 0) for of in counts)
        return tested, unexpected, untested, self.examples_of.get(number, [])


def _finding(
    tested: pd.DataFrame,
    broken: pd.Series,
    text: Callable[[pd.DataFrame], pd.Series],
    untested: pd.DataFrame | None = None,
) -> Finding:
    """What is wrong in each file; `text` is asked about the rows that are shown only."""
    wrong = tested[broken.to_numpy(dtype=bool)]
    shown = wrong.groupby(OF_FILE).head(SHOWN)
    examples: dict[int, list[str]] = {}
    if len(shown):
        for number, example in zip(shown[OF_FILE], text(shown).astype("str"), strict=True):
            examples.setdefault(number, []).append(example)
    return Finding(
        count_by_file(tested),
        count_by_file(wrong),
        {} if untested is None else count_by_file(untested),
        examples,
    )


def count_by_file(rows: pd.DataFrame) -> dict[int, int]:
    """Number of rows of each file that has some."""
    counts = np.bincount(rows[OF_FILE].to_numpy(dtype="int64"))
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


def _number(values: pd.Series) -> pd.Series:
    return values.map(lambda value: f"{value:.10g}").astype("str")


def _disagreement(
    cell: pd.Series, printed: pd.Series, instead: str, computed: pd.Series
) -> pd.Series:
    return cell + ": printed " + _number(printed) + f", {instead} " + _number(computed)


def _text(values: pd.Series, missing: str) -> pd.Series:
    return values.astype("object").fillna(missing).astype("str")


# totals and their parts


def parts_of_total(
    frame: pd.DataFrame,
    *,
    seeds: str,
    dimension: str,
    total: str | None = None,
    indicators: list[str] | None = None,
    rounded: bool = False,
) -> Finding:
    """A printed total equals the sum of its printed parts.

    Parts are the children of the total in the code list. Regions of parallel divisions are summed
    apart; a residual («not allocated») is added where it is printed. A total is tested only when
    every other part that is valid in the period is printed with a number; «none occurs» adds
    nothing. The tolerance is half a printed digit of the total, and
    with `rounded` half a digit of each part as well.
    """
    rows = _summable(frame, seeds, indicators)
    rows = _with_code(rows, dimension)
    tree = _hierarchy(seeds, dimension, rows, total)
    others = [name for name in KEY if name not in _own_columns(dimension)] + ["rest"]
    groups = _sums(rows, tree, others)
    tested, untested = _complete(groups, tree)
    slack = tested["total_half"] + (tested["parts_half"] if rounded else 0.0)
    gap = (tested["total"] - tested["parts"]).abs()
    broken = gap > slack + 1e-9 * tested["total"].abs()
    return _finding(tested.assign(slack=slack), broken, _unclosed_sum, untested)


def _unclosed_sum(sums: pd.DataFrame) -> pd.Series:
    return (
        sums["cell"]
        + ": total "
        + _number(sums["total"])
        + ", "
        + sums["printed"].astype("int64").astype("str")
        + " parts sum to "
        + _number(sums["parts"])
        + " (tolerance "
        + _number(sums["slack"])
        + ")"
    )


def _summable(frame: pd.DataFrame, seeds: str, indicators: list[str] | None) -> pd.DataFrame:
    if not indicators:
        known = code_list(seeds, "indicators")
        is_additive = known["is_additive"].str.lower().isin(["true", "1", "t"])
        indicators = known.loc[is_additive, "indicator_code"].tolist()
    chosen = comparable(frame[frame["indicator_code"].isin(indicators)])
    ordered = chosen.assign(is_missing=chosen["value"].isna()).sort_values(
        ["is_missing", "table_name", "cell"]
    )
    return ordered.drop_duplicates([*KEY])


def _own_columns(dimension: str) -> tuple[str, ...]:
    if dimension == "region":
        return ("region_code",)
    return ("activity_code",) if dimension == "activity" else ("breakdown",)


def _with_code(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    if dimension == "region":
        return rows.assign(code=rows["region_code"], rest="")
    if dimension == "activity":
        code = rows["activity_classifier"] + "|" + rows["activity_code"]
        return rows.assign(code=code, rest="")[rows["activity_code"] != ""]
    coded = rows.assign(
        code=breakdown_code(rows["breakdown"], dimension),
        rest=breakdown_without(rows["breakdown"], dimension),
    )
    return coded[coded["code"].notna()]


def _hierarchy(seeds: str, dimension: str, rows: pd.DataFrame, total: str | None) -> pd.DataFrame:
    """Who is a part of whom: code, parent, division, is_residual, valid_from, valid_to.

    Where the code list does not say, the parts of a total are all other codes of the file.
    """
    if dimension == "region":
        tree = _region_tree(seeds)
    elif dimension == "activity":
        tree = _activity_tree(seeds)
    else:
        tree = _value_tree(seeds, dimension)
    if total is None:
        return tree
    is_total = tree["parent"].str.split("|").str[-1] == total
    declared = tree[is_total]
    if len(declared) or dimension in ("region", "activity"):
        return declared
    codes = rows.loc[rows["code"] != total, [OF_FILE, "code"]].drop_duplicates()
    codes = codes.sort_values([OF_FILE, "code"], ignore_index=True)
    return _tree(codes.assign(parent=total)).assign(**{OF_FILE: codes[OF_FILE]})


def _within(tree: pd.DataFrame, *names: str) -> list[str]:
    """Columns by which a tree is joined: of one file, where it is that of one file."""
    return [*names, OF_FILE] if OF_FILE in tree else [*names]


def _tree(tree: pd.DataFrame) -> pd.DataFrame:
    """The columns that a code list lacks: one division, no end of validity."""
    columns = ["code", "parent", "division", "is_residual", "valid_from", "valid_to"]
    full = tree.reindex(columns=columns)
    full["is_residual"] = full["is_residual"].astype("object").eq("true")
    full["division"] = full["division"].astype("object").fillna("").astype("str")
    for name, open_end in (("valid_from", pd.Timestamp.min), ("valid_to", pd.Timestamp.max)):
        days = pd.to_datetime(full[name]).astype("datetime64[s]")
        full[name] = days.fillna(open_end.as_unit("s"))
    return full


def _region_tree(seeds: str) -> pd.DataFrame:
    regions = code_list(seeds, "regions")
    is_part = regions["parent_code"].notna() & ~regions["region_type"].isin(NO_PARTS)
    regions = regions[is_part]
    is_parallel = regions["region_type"].isin(PARALLEL)
    return _tree(
        pd.DataFrame(
            {
                "code": regions["region_code"],
                "parent": regions["parent_code"],
                "division": regions["region_type"].where(is_parallel, "administrative"),
                "is_residual": regions["is_residual"].str.lower(),
                "valid_from": regions["valid_from"],
                "valid_to": regions["valid_to"],
            }
        )
    )


def _activity_tree(seeds: str) -> pd.DataFrame:
    known = code_list(seeds, "activities")
    known = known[known["parent_code"].notna()]
    return _tree(
        pd.DataFrame(
            {
                "code": known["classifier_code"] + "|" + known["activity_code"],
                "parent": known["classifier_code"] + "|" + known["parent_code"],
                "valid_from": known["valid_from"],
                "valid_to": known["valid_to"],
            }
        )
    )


def _value_tree(seeds: str, dimension: str) -> pd.DataFrame:
    known = code_list(seeds, "dimension_values")
    known = known[(known["dimension_code"] == dimension) & known["parent_code"].notna()]
    return _tree(pd.DataFrame({"code": known["value_code"], "parent": known["parent_code"]}))


def _sums(rows: pd.DataFrame, tree: pd.DataFrame, others: list[str]) -> pd.DataFrame:
    """One row per printed total and division: the total beside the sum of its parts."""
    parts = rows[rows["reason_code"].ne(NOT_EXISTING) | rows["value"].notna()].merge(
        tree, on=_within(tree, "code")
    )
    parts["half"] = half_digit(parts)
    is_nothing = parts["reason_code"].eq(NONE_OCCURS) & parts["value"].isna()
    parts["known_value"] = parts["value"].where(~is_nothing, 0.0)
    parts["is_unknown"] = parts["known_value"].isna()
    parts["is_due"] = ~parts["is_residual"]
    parts["at_start"] = parts["is_due"] & _valid(parts, "period_start")
    parts["at_end"] = parts["is_due"] & _valid(parts, "period_end")
    groups = parts.groupby([*others, "parent", "division"], as_index=False, sort=True).agg(
        parts=("known_value", "sum"),
        parts_half=("half", "sum"),
        unknown=("is_unknown", "sum"),
        printed=("code", "nunique"),
        due=("is_due", "sum"),
        at_start=("at_start", "sum"),
        at_end=("at_end", "sum"),
    )
    totals = rows.assign(total_half=half_digit(rows)).rename(
        columns={"code": "parent", "value": "total"}
    )
    columns = [*others, "parent", "total", "total_half", "cell"]
    return groups.merge(totals.loc[totals["total"].notna(), columns], on=[*others, "parent"])


def _valid(rows: pd.DataFrame, day: str) -> pd.Series:
    return (rows["valid_from"] <= rows[day]) & (rows["valid_to"] >= rows[day])


def _complete(groups: pd.DataFrame, tree: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Totals whose parts are all there, by the borders at either end of the period; the others."""
    keys = _within(tree, "parent", "division", "period_start", "period_end")
    wanted = groups[keys].drop_duplicates().merge(tree, on=_within(tree, "parent", "division"))
    wanted = wanted[~wanted["is_residual"]]
    wanted["due_at_start"] = _valid(wanted, "period_start")
    wanted["due_at_end"] = _valid(wanted, "period_end")
    due = wanted.groupby(keys, as_index=False)[["due_at_start", "due_at_end"]].sum()
    full = groups.merge(due, on=keys)
    is_whole = ((full["at_start"] == full["due_at_start"]) & (full["due"] == full["at_start"])) | (
        (full["at_end"] == full["due_at_end"]) & (full["due"] == full["at_end"])
    )
    is_tested = is_whole & (full["unknown"] == 0)
    return full[is_tested], full[~is_tested]


# figures that determine each other


def share_of_base(frame: pd.DataFrame, *, seeds: str, share: str, base: str, count: str) -> Finding:
    """A printed share of a printed base gives the printed count, within their rounding."""
    rows = _in_base_units(frame, seeds)
    on = [name for name in KEY if name not in ("indicator_code", "unit_code", "currency_code")]
    joined = _indicator(rows, share, "share", on)
    joined = joined.merge(_indicator(rows, base, "base", on), on=on)
    joined = joined.merge(_indicator(rows, count, "count", on), on=on)
    joined["product"] = joined["share"] * joined["base"]
    gap = (joined["product"] - joined["count"]).abs()
    slack = (
        joined["share_half"] * joined["base"].abs()
        + joined["base_half"] * joined["share"].abs()
        + joined["count_half"]
    )
    broken = gap > slack * (1 + 1e-9) + 1e-9 * joined["count"].abs()
    return _finding(
        joined,
        broken,
        lambda shown: _disagreement(
            shown["count_cell"], shown["count"], "share × base is", shown["product"]
        ),
    )


def _in_base_units(frame: pd.DataFrame, seeds: str) -> pd.DataFrame:
    """Values and their half digits as plain numbers: thousands × 1000, per cent ÷ 100."""
    rows = comparable(frame[frame["value"].notna()])
    units = code_list(seeds, "units").set_index("unit_code")["unit_kind"]
    is_per_cent = rows["unit_code"].map(units).eq("per_cent")
    scale = rows["multiplier"].fillna(1.0).where(~is_per_cent, 0.01)
    return rows.assign(half=half_digit(rows) * scale, value=rows["value"] * scale)


def _indicator(rows: pd.DataFrame, code: str, name: str, on: list[str]) -> pd.DataFrame:
    chosen = rows.loc[rows["indicator_code"] == code, [*on, "value", "half", "cell"]]
    renamed = chosen.rename(columns={"value": name, "half": f"{name}_half", "cell": f"{name}_cell"})
    return renamed.drop_duplicates(on)


def growth(frame: pd.DataFrame, *, growth: str, of: str, kind: str) -> Finding:
    """A printed change equals the one computed from the printed levels.

    The later level ends with the change. The earlier one is the first of the change's own
    interval; else the nearest that is printed before, or the one a year before when the unit says
    so. A planned level may be compared with an actual one, a level in roubles only with roubles.
    """
    changes, pairs = _changes(frame, growth, of)
    computed, slack = _computed_change(pairs, kind)
    broken = (computed - pairs["value"]).abs() > slack + pairs["half"] + 1e-9 * computed.abs()
    return _finding(
        pairs.assign(computed=computed),
        broken,
        lambda shown: _disagreement(
            shown["cell"], shown["value"], "the levels give", shown["computed"]
        ),
        changes[~changes["change"].isin(pairs["change"])],
    )


def _changes(frame: pd.DataFrame, growth: str, of: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Printed changes, and those of them whose two levels are printed too, beside these."""
    rows = comparable(frame[frame["value"].notna()])
    rows["half"] = half_digit(rows)
    rows["subject"] = breakdown_without(rows["breakdown"], "scenario")
    levels = rows[rows["indicator_code"] == of]
    changes = rows[rows["indicator_code"] == growth].reset_index(names="change")
    return changes, _earlier(_later(changes, levels), levels)


def _later(changes: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    on = [*SUBJECT, "breakdown", "period_end"]
    wanted = [*on, "unit_code", "currency_code", "value", "half", "cell"]
    return changes.merge(levels[wanted], on=on, suffixes=("", "_now"))


def _earlier(changes: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    on = [*SUBJECT, "subject", "unit_code_now", "currency_code_now"]
    renamed = {"unit_code": "unit_code_now", "currency_code": "currency_code_now"}
    known = levels.rename(columns=renamed)
    wanted = [*on, "breakdown", "period_start", "period_end", "value", "half", "cell"]
    pairs = changes.merge(known[wanted], on=on, suffixes=("", "_before"))
    end, before = pairs["period_end"], pairs["period_end_before"]
    is_year_before = before == _shifted(end, years=-1)
    needs_year = pairs["unit_code"] == SAME_PERIOD_LAST_YEAR
    pairs["is_inside"] = pairs["period_start_before"] >= pairs["period_start"]
    pairs["is_other"] = pairs["breakdown"] != pairs["breakdown_before"]
    pairs["distance"] = (end - before).dt.days.where(~pairs["is_inside"], (before - end).dt.days)
    fitting = pairs[(before < end) & (~needs_year | is_year_before)]
    best_first = fitting.sort_values(
        ["change", "is_inside", "distance", "is_other"], ascending=[True, False, True, True]
    )
    return best_first.drop_duplicates("change")


def _computed_change(pairs: pd.DataFrame, kind: str) -> tuple[pd.Series, pd.Series]:
    now, before = pairs["value_now"], pairs["value_before"]
    if kind == "difference":
        return now - before, pairs["half_now"] + pairs["half_before"]
    ratio = 100.0 * now / before.where(before != 0)
    slack = 100.0 * (
        pairs["half_now"] / before.abs() + now.abs() * pairs["half_before"] / before**2
    )
    return (ratio - 100.0 if kind == "per_cent" else ratio), slack.fillna(0.0)


def sum_of(
    frame: pd.DataFrame,
    *,
    seeds: str,
    indicator: str,
    over: str,
    apart: list[str] | None = None,
    rounded: bool = False,
    growth: str | None = None,
    kind: str = "per_cent",
) -> Finding:
    """A printed total equals the sum of what is printed beside it.

    The parts are the rows with another code than the total in one dimension; they may differ from
    it in unit and, when said so, in region or activity. For a sum that does not close, the part
    that would close it is named with the interval that it would have to lie in. Where printed
    changes are known, only a part that would then fit its own change counts.
    """
    rows = _to_sum(frame, seeds, indicator, over)
    own = {"breakdown", "unit_code", "region_code" if "region" in (apart or ()) else ""}
    if "activity" in (apart or ()):
        own |= {"activity_classifier", "activity_code"}
    others = [*(name for name in KEY if name not in own), "rest", "base_unit"]
    parts = rows[(rows["code"] != TOTAL) & ~_is_nested(rows, seeds, over)]
    groups = parts.groupby(others, as_index=False, sort=True).agg(
        parts=("known", "sum"),
        parts_half=("half", "sum"),
        missing=("is_unknown", "sum"),
        printed=("code", "size"),
        unit=("scale", "max"),
    )
    totals = rows[(rows["code"] == TOTAL) & rows["value"].notna()]
    totals = totals[[*others, "cell", "known", "half"]].rename(columns={"known": "total"})
    joined = groups.merge(totals, on=others)
    is_tested = (joined["missing"] == 0) & (joined["printed"] > 1)
    tested = joined[is_tested].reset_index(drop=True)
    tested["gap"] = tested["total"] - tested["parts"]
    tested["slack"] = tested["half"] + (tested["parts_half"] if rounded else 0.0)
    broken = tested["gap"].abs() > tested["slack"] + 1e-9 * tested["total"].abs()
    implied = _implied_levels(frame, growth, indicator, kind) if growth else None

    def text(shown: pd.DataFrame) -> pd.Series:
        return shown.apply(
            lambda line: (
                _unclosed(line)
                + _closing(line, parts[parts[others].eq(line[others]).all(axis=1)], implied)
            ),
            axis=1,
        )

    return _finding(tested, broken, text, joined[~is_tested])


def _to_sum(frame: pd.DataFrame, seeds: str, indicator: str, over: str) -> pd.DataFrame:
    rows = comparable(frame[frame["indicator_code"] == indicator]).drop_duplicates([*KEY])
    units = code_list(seeds, "units").set_index("unit_code")["base_unit_code"]
    scale = rows["multiplier"].fillna(1.0)
    is_nothing = rows["reason_code"].eq(NONE_OCCURS) & rows["value"].isna()
    return rows.assign(
        code=breakdown_code(rows["breakdown"], over).fillna(TOTAL),
        rest=breakdown_without(rows["breakdown"], over),
        base_unit=rows["unit_code"].map(units).fillna(rows["unit_code"]),
        scale=scale,
        half=half_digit(rows) * scale,
        known=rows["value"].where(~is_nothing, 0.0) * scale,
        is_unknown=rows["value"].isna() & ~is_nothing,
    )


def _is_nested(rows: pd.DataFrame, seeds: str, over: str) -> pd.Series:
    """Codes whose parent is printed as a part itself, in the same file."""
    known = code_list(seeds, "dimension_values")
    parents = known[known["dimension_code"] == over].set_index("value_code")["parent_code"]
    parts = rows[rows["code"] != TOTAL]
    printed = pd.MultiIndex.from_frame(parts[[OF_FILE, "code"]])
    own = pd.MultiIndex.from_arrays([rows[OF_FILE], rows["code"].map(parents).fillna(TOTAL)])
    return pd.Series(own.isin(printed), index=rows.index)


def _implied_levels(frame: pd.DataFrame, growth: str, of: str, kind: str) -> pd.DataFrame:
    """Levels that printed changes ask for: file and cell of the level, lowest, highest value."""
    _, pairs = _changes(frame, growth, of)
    now, before = pairs["value_now"], pairs["value_before"]
    ends: dict[str, list[pd.Series]] = {"cell_before": [], "cell_now": []}
    for change in (pairs["value"] - pairs["half"], pairs["value"] + pairs["half"]):
        if kind == "difference":
            ends["cell_before"].append(now - change)
            ends["cell_now"].append(before + change)
        else:
            ratio = (change + (100.0 if kind == "per_cent" else 0.0)) / 100.0
            ends["cell_before"].append(now / ratio.where(ratio != 0))
            ends["cell_now"].append(before * ratio)
    spans = {cell: pd.concat(both, axis=1) for cell, both in ends.items()}
    found = [
        pd.DataFrame(
            {
                OF_FILE: pairs[OF_FILE],
                "cell": pairs[cell],
                "low": both.min(axis=1),
                "high": both.max(axis=1),
            }
        )
        for cell, both in spans.items()
    ]
    return pd.concat(found, ignore_index=True).dropna()


def _unclosed(line: pd.Series) -> str:
    total, parts, slack = (line[name] / line["unit"] for name in ("total", "parts", "slack"))
    return (
        f"{line['cell']}: total {total:.10g}, {line['printed']} parts sum to {parts:.10g} "
        f"(tolerance {slack:.10g})"
    )


def _closing(line: pd.Series, parts: pd.DataFrame, implied: pd.DataFrame | None) -> str:
    """Which single part would close the sum, and the interval it would have to lie in."""
    low = (parts["known"] + line["gap"] - line["slack"]) / parts["scale"]
    high = (parts["known"] + line["gap"] + line["slack"]) / parts["scale"]
    if implied is None:
        less, more = (line["gap"] - line["slack"], line["gap"] + line["slack"])
        return f"; one part would have to change by {less / line['unit']:.10g} to " + (
            f"{more / line['unit']:.10g}"
        )
    closing = parts.assign(at_least=low, at_most=high).merge(implied, on=[OF_FILE, "cell"])
    is_fit = (closing["at_least"] <= closing["high"]) & (closing["low"] <= closing["at_most"])
    fits = closing[is_fit]
    if fits.empty:
        return "; no single part closes it and fits its printed change"
    return "; closes with " + ", or ".join(
        f"{part.cell} from {part.at_least:.10g} to {part.at_most:.10g} instead of "
        f"{part.value:.10g} (its printed change asks for {part.low:.6g} to {part.high:.6g})"
        for part in fits.itertuples()
    )


def direction_agrees(frame: pd.DataFrame, *, first: str, second: str) -> Finding:
    """Two indicators of the same thing rise and fall together.

    Compared are neighbouring periods for which both are printed. A change within the rounding of
    its two values has no direction.
    """
    rows = comparable(frame[frame["value"].notna()])
    rows["half"] = half_digit(rows)
    on = [*SUBJECT, "breakdown", "period_start", "period_end"]
    units = ["unit_code", "currency_code", "price_base"]
    sides = [
        rows.loc[rows["indicator_code"] == code, [*on, *units, "value", "half", "cell"]]
        for code in (first, second)
    ]
    both = (
        sides[0]
        .drop_duplicates(on)
        .merge(sides[1].drop_duplicates(on), on=on, suffixes=("_a", "_b"))
    )
    series = [*SUBJECT, "breakdown", *(f"{name}_{side}" for name in units for side in "ab")]
    both = both.sort_values([*series, "period_end", "period_start"])
    before = both.groupby(series)[["value_a", "half_a", "value_b", "half_b"]].shift()
    pairs = both.join(before.add_suffix("_before")).dropna(subset=["value_a_before"])
    broken = _direction(pairs, "a") * _direction(pairs, "b") < 0
    return _finding(
        pairs,
        broken,
        lambda shown: (
            shown["cell_a"]
            + f": {first} "
            + _number(shown["value_a_before"])
            + " → "
            + _number(shown["value_a"])
            + ", but "
            + shown["cell_b"]
            + f": {second} "
            + _number(shown["value_b_before"])
            + " → "
            + _number(shown["value_b"])
        ),
    )


def _direction(pairs: pd.DataFrame, side: str) -> pd.Series:
    change = pairs[f"value_{side}"] - pairs[f"value_{side}_before"]
    slack = (pairs[f"half_{side}"] + pairs[f"half_{side}_before"]) * (1 + 1e-9)
    return (change > slack).astype("int64") - (change < -slack).astype("int64")


# plausible values


def between(
    frame: pd.DataFrame, *, indicator: str, low: float | None = None, high: float | None = None
) -> Finding:
    """Every value of an indicator lies in an interval, in the printed unit."""
    rows = frame[(frame["indicator_code"] == indicator) & frame["value"].notna()]
    least = -np.inf if low is None else low
    most = np.inf if high is None else high
    broken = ~rows["value"].between(least, most)
    return _finding(rows, broken, _cell_and_value)


def _cell_and_value(shown: pd.DataFrame) -> pd.Series:
    return shown["cell"] + ": " + _number(shown["value"])


def indicator_range(frame: pd.DataFrame, *, seeds: str) -> Finding:
    """Values lie in the range that the definition of their indicator allows."""
    known = code_list(seeds, "indicators").set_index("indicator_code")
    low = pd.to_numeric(frame["indicator_code"].map(known["range_low"])).fillna(-np.inf)
    high = pd.to_numeric(frame["indicator_code"].map(known["range_high"])).fillna(np.inf)
    is_tested = frame["value"].notna() & (np.isfinite(low) | np.isfinite(high))
    rows = frame[is_tested]
    broken = (rows["value"] < low[is_tested]) | (rows["value"] > high[is_tested])
    return _finding(
        rows,
        broken,
        lambda shown: (
            shown["cell"] + ": " + shown["indicator_code"] + " " + _number(shown["value"])
        ),
    )


def change_factor(
    frame: pd.DataFrame,
    *,
    seeds: str,
    factor: float,
    indicators: list[str] | None = None,
) -> Finding:
    """Year-on-year change of positive values stays within a factor, both ways."""
    rows = comparable(frame[frame["value"] > 0])
    if indicators:
        rows = rows[rows["indicator_code"].isin(indicators)]
    else:
        units = code_list(seeds, "units").set_index("unit_code")["unit_kind"]
        rows = rows[~rows["unit_code"].map(units).isin(RELATIVE_UNITS)]
    rows = rows.drop_duplicates([*KEY])
    before = rows[[*KEY, "value"]].copy()
    for day in ("period_start", "period_end"):
        before[day] = _shifted(before[day], years=1)
    pairs = rows.merge(before, on=list(KEY), suffixes=("", "_before"))
    ratio = pairs["value"] / pairs["value_before"]
    broken = (ratio > factor) | (ratio < 1 / factor)
    return _finding(
        pairs,
        broken,
        lambda shown: (
            shown["cell"]
            + ": "
            + _number(shown["value"])
            + " after "
            + _number(shown["value_before"])
            + " a year before"
        ),
    )


def _shifted(days: pd.Series, *, years: int) -> pd.Series:
    """The same days in another year; the last day of February stays the last one."""
    other = days + pd.DateOffset(years=years)
    return other.where(~days.dt.is_month_end, other + pd.offsets.MonthEnd(0)).astype(days.dtype)


def overlap(
    frame: pd.DataFrame, *, max_changed_share: float = 0.5, max_change: float = 0.25
) -> Finding:
    """Values known from earlier files come out equal or as small revisions.

    Breaking it is a matter of the whole file: `unexpected` counts the values that changed a lot,
    and is 0 as long as their share is small enough to be revisions.
    """
    rows = frame[frame["value"].notna() & frame["previous_value"].notna()]
    scale = rows["previous_value"].abs()
    is_changed = (rows["value"] - rows["previous_value"]).abs() > max_change * scale
    changed_share = is_changed.groupby(rows[OF_FILE]).transform("mean")
    return _finding(
        rows,
        is_changed & (changed_share > max_changed_share),
        lambda shown: _cell_and_value(shown) + ", known as " + _number(shown["previous_value"]),
    )


def simultaneous(frame: pd.DataFrame, *, max_change: float = 0.0) -> Finding:
    """Values of a file that came at the same time and has the same date are not contradicted.

    Nothing but its name says which of the two files is the later one, so no value of theirs can
    be a revision of the other.
    """
    rows = frame[frame["value"].notna() & frame["tied_value"].notna()]
    gap = (rows["value"] - rows["tied_value"]).abs()
    least = half_digit(rows) * (1 + 1e-9)
    broken = gap > (max_change * rows["tied_value"].abs()).clip(lower=least)
    return _finding(
        rows,
        broken,
        lambda shown: (
            _cell_and_value(shown) + ", the other file says " + _number(shown["tied_value"])
        ),
    )


def withdrawn(frame: pd.DataFrame) -> Finding:
    """Values known from earlier files have not become blank without a date of release.

    A file that arrives later may be an older release: where a known figure is blank in it, and
    nothing says when it was released, it must not take the place of what is known.
    """
    rows = frame[frame["previous_value"].notna()]
    is_blank = (
        rows["value"].isna() & (rows["reason_code"] == "not_published") & rows["released_on"].isna()
    )
    return _finding(
        rows,
        is_blank,
        lambda shown: shown["cell"] + ": blank, known as " + _number(shown["previous_value"]),
    )


def slid(frame: pd.DataFrame, *, least: int = 4, share: float = 0.5) -> Finding:
    """Values known from earlier files have not moved to the neighbouring year.

    Breaking it is a matter of the whole file: sums still close when a whole table slid by a
    column. A value that repeats from year to year proves nothing and is not counted.
    """
    rows = frame[frame["value"].notna() & frame["previous_value"].notna()]
    is_changed = ~_same(rows["value"], rows["previous_value"])
    is_neighbour = _same(rows["value"], rows["before_value"]) | _same(
        rows["value"], rows["after_value"]
    )
    has_slid = is_changed & is_neighbour
    slid_count = has_slid.groupby(rows[OF_FILE]).transform("sum")
    changed_count = is_changed.groupby(rows[OF_FILE]).transform("sum")
    return _finding(
        rows,
        has_slid & (slid_count >= (share * changed_count).clip(lower=least)),
        lambda shown: (
            _cell_and_value(shown)
            + " is known for the year beside; here "
            + _number(shown["previous_value"])
        ),
    )


def _same(values: pd.Series, others: pd.Series) -> pd.Series:
    return (values - others).abs() <= 1e-9 * others.abs()


def repeated_values(frame: pd.DataFrame) -> Finding:
    """A figure that is printed in two tables of a file is the same in both."""
    rows = comparable(frame[frame["value"].notna()])
    rows["half"] = half_digit(rows)
    groups = rows.groupby(list(KEY), as_index=False, sort=True).agg(
        times=("value", "size"),
        low=("value", "min"),
        high=("value", "max"),
        half=("half", "max"),
        cell=("cell", "first"),
    )
    repeated = groups[groups["times"] > 1]
    broken = repeated["high"] - repeated["low"] > 2 * repeated["half"] * (1 + 1e-9)
    return _finding(
        repeated,
        broken,
        lambda shown: (
            shown["cell"] + ": " + _number(shown["low"]) + " and " + _number(shown["high"])
        ),
    )


# single rows


def known_codes(
    frame: pd.DataFrame,
    *,
    seeds: str,
    column: str,
    list_name: str,
    list_column: str,
    where: dict[str, str] | None = None,
) -> Finding:
    """Every code of a column stands in its code list; a missing one is not looked up."""
    known = code_list(seeds, list_name)
    for name, wanted in (where or {}).items():
        known = known[known[name] == wanted]
    rows = frame[frame[column].notna()]
    broken = ~rows[column].isin(known[list_column])
    return _finding(rows, broken, lambda shown: _place(shown) + ": " + shown[column].astype("str"))


def known_activities(frame: pd.DataFrame, *, seeds: str) -> Finding:
    """Every activity code stands in its classifier."""
    known = code_list(seeds, "activities")
    codes = known["classifier_code"] + "|" + known["activity_code"]
    rows = frame[frame["activity_code"].notna()]
    rows = rows.assign(full=rows["activity_classifier"].fillna("") + "|" + rows["activity_code"])
    return _finding(
        rows, ~rows["full"].isin(codes), lambda shown: shown["cell"] + ": " + shown["full"]
    )


def known_breakdowns(frame: pd.DataFrame, *, seeds: str) -> Finding:
    """Every further dimension and its code stand in the code list."""
    known = code_list(seeds, "dimension_values")
    pairs = set(known["dimension_code"] + "=" + known["value_code"])
    rows = frame.loc[frame["breakdown"] != "", [OF_FILE, "cell", "breakdown"]]
    single = rows.assign(pair=rows["breakdown"].str.split(";")).explode("pair", ignore_index=True)
    return _finding(
        single, ~single["pair"].isin(pairs), lambda shown: shown["cell"] + ": " + shown["pair"]
    )


def value_or_reason(frame: pd.DataFrame) -> Finding:
    """A row has a finite value or a reason why there is none, never both, never neither."""
    has_value = np.isfinite(frame["value"].astype("float64"))
    broken = has_value == frame["reason_code"].notna()
    return _finding(
        frame,
        broken,
        lambda shown: (
            shown["cell"]
            + ": value "
            + _text(shown["value"], "none")
            + ", reason "
            + _text(shown["reason_code"], "none")
        ),
    )


def period_matches_kind(frame: pd.DataFrame) -> Finding:
    """The first and last day of a period are those of its kind, in years that can be meant."""
    start, end = frame["period_start"], frame["period_end"]
    can_be_meant = start.dt.year.between(*YEARS) & end.dt.year.between(*YEARS)
    month_to_month = (start.dt.day == 1) & end.dt.is_month_end
    same_year = start.dt.year == end.dt.year
    span = end.dt.month - start.dt.month
    of_kind = {
        "year": month_to_month & (start.dt.month == 1) & (end.dt.month == 12),
        "quarter": month_to_month & same_year & (start.dt.month % 3 == 1) & (span == 2),
        "month": month_to_month & same_year & (span == 0),
        "cumulative": month_to_month & same_year & (start.dt.month == 1),
        "date": start == end,
    }
    broken = pd.Series(True, index=frame.index)  # a kind that is not listed breaks the rule
    for kind, is_right in of_kind.items():
        broken = broken & ~((frame["period_kind"] == kind) & is_right & can_be_meant)
    return _finding(
        frame,
        broken,
        lambda shown: (
            shown["cell"]
            + ": "
            + _text(shown["period_kind"], "no kind")
            + " "
            + _text(shown["period_start"].dt.date, "?")
            + " to "
            + _text(shown["period_end"].dt.date, "?")
        ),
    )


def region_valid(
    frame: pd.DataFrame, *, seeds: str, backcast: dict[str, int] | None = None
) -> Finding:
    """A region with a value existed on some day of the calendar years of the period.

    A source may recalculate a region backwards: `backcast` gives the first year for which its
    contract says so.
    """
    regions = code_list(seeds, "regions").set_index("region_code")
    rows = frame[frame["region_code"].isin(regions.index) & frame["value"].notna()]
    founded = pd.to_datetime(rows["region_code"].map(regions["valid_from"])).dt.year
    declared = rows["region_code"].map(backcast or {}).astype("float64")
    first = founded.astype("float64").fillna(-np.inf).clip(upper=declared.fillna(np.inf))
    last = pd.to_datetime(rows["region_code"].map(regions["valid_to"])).dt.year.fillna(np.inf)
    broken = (first > rows["period_end"].dt.year) | (last < rows["period_start"].dt.year)
    return _finding(
        rows,
        broken,
        lambda shown: (
            shown["cell"]
            + ": "
            + shown["region_code"]
            + " in "
            + _text(shown["period_end"].dt.date, "?")
        ),
    )


def reason_follows_outcome(frame: pd.DataFrame) -> Finding:
    """A file that was not taken in says why; one that was taken in has nothing to excuse."""
    is_taken = frame["outcome_code"].isin(["accepted", "unchanged"])
    has_reason = frame["reason_code"].notna() & frame["message"].notna()
    broken = (is_taken & frame["reason_code"].notna()) | (~is_taken & ~has_reason)
    same = frame["outcome_code"].eq("unchanged") != frame["same_as_file_id"].notna()
    return _finding(
        frame,
        broken | same,
        lambda shown: (
            _text(shown["file_name"], "?") + ": " + _text(shown["outcome_code"], "no outcome")
        ),
    )


def _place(rows: pd.DataFrame) -> pd.Series:
    name = "cell" if "cell" in rows else "file_name"
    return _text(rows[name], "the file")
