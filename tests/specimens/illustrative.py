"""Figures that are published nowhere, made so that the samples tell a plausible story.

Run `python tests/specimens/illustrative.py` to write them again into `facts/illustrative_*.csv`;
the files carry `is_illustrative = 1` and go only into samples that say so in title, note and name.

How they are made: a region has a weight, a specialisation and a trend; a multiplicative noise of a
few per cent comes from `random.Random(SEED)`. Leaves are rounded to the printed digits first and
every total is the sum of its printed leaves, so all tables close exactly. Where published figures
exist that the made ones should agree with, they set the level: Belarus GRP is the published GRP
per head times the made population, Kazakhstan starts from the published population.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.specimens.names import ACTIVITIES, BELARUS, INDUSTRY, KAZAKHSTAN

SEED = 20161
FACTS = Path(__file__).parent / "facts"
COLUMNS = (
    "indicator",
    "region",
    "activity",
    "breakdown",
    "year",
    "value",
    "source_note",
    "is_illustrative",
)
SOURCE = f"made by tests/specimens/illustrative.py, seed {SEED}"

BY_YEARS = range(2020, 2026)
KZ_YEARS = range(2017, 2024)
WAGE_YEARS = range(2018, 2025)

BY_POPULATION = {
    "BY-BR": 1_338, "BY-VI": 1_121, "BY-HO": 1_376, "BY-HR": 1_017,
    "BY-HM": 2_009, "BY-MI": 1_471, "BY-MA": 1_018,
}  # fmt: skip
"""Thousand persons in the first year."""
BY_POPULATION_TREND = {
    "BY-BR": -0.007, "BY-VI": -0.012, "BY-HO": -0.008, "BY-HR": -0.007,
    "BY-HM": -0.002, "BY-MI": 0.002, "BY-MA": -0.010,
}  # fmt: skip
BY_URBAN = {
    "BY-BR": 0.71, "BY-VI": 0.78, "BY-HO": 0.77, "BY-HR": 0.75,
    "BY-HM": 1.0, "BY-MI": 0.55, "BY-MA": 0.80,
}  # fmt: skip
BY_SME = {
    "BY-BR": (10_440, 0.004), "BY-VI": (8_800, -0.008), "BY-HO": (9_900, 0.003),
    "BY-HR": (8_340, -0.002), "BY-HM": (43_900, 0.021), "BY-MI": (21_100, 0.017),
    "BY-MA": (8_650, -0.001),
}  # fmt: skip

BY_STRUCTURE = {
    "A": 8.3, "B": 0.6, "C": 19.6, "D": 1.6, "E": 1.2, "F": 6.4, "G": 14.4, "H": 7.3, "I": 2.1,
    "J": 2.9, "K": 1.5, "L": 1.9, "M": 3.2, "N": 2.4, "O": 4.3, "P": 10.3, "Q": 8.0, "R": 2.0,
    "S": 1.9, "T": 0.1,
}  # fmt: skip
"""Per cent of the employed in the country."""
BY_SPECIALISATION = {
    "BY-BR": {"A": 1.4, "C": 1.05, "I": 1.1, "J": 0.4, "M": 0.6},
    "BY-VI": {"A": 1.2, "C": 1.05, "D": 1.3, "J": 0.4, "M": 0.6},
    "BY-HO": {"A": 1.15, "B": 2.6, "C": 1.2, "J": 0.4, "M": 0.6},
    "BY-HR": {"A": 1.5, "C": 1.05, "H": 1.1, "J": 0.5, "M": 0.6},
    "BY-HM": {"A": 0.05, "B": 0.1, "C": 0.65, "J": 2.6, "K": 2.2, "L": 1.5, "M": 2.1, "N": 1.5},
    "BY-MI": {"A": 1.5, "B": 2.8, "C": 1.25, "G": 1.1, "H": 1.2, "J": 0.5, "M": 0.7},
    "BY-MA": {"A": 1.3, "C": 1.25, "J": 0.4, "M": 0.6},
}
BY_ACTIVITY_TREND = {"J": 0.03, "A": -0.02, "C": -0.002, "M": 0.01, "G": 0.004}

KZ_STRUCTURE = {
    "A": 13.5, "B": 3.2, "C": 6.7, "D": 1.8, "E": 0.9, "F": 7.1, "G": 16.6, "H": 7.1, "I": 2.4,
    "J": 2.0, "K": 2.1, "L": 1.7, "M": 2.9, "N": 3.3, "O": 5.6, "P": 13.0, "Q": 5.9, "R": 1.6,
    "S": 2.4, "T": 0.2,
}  # fmt: skip
KZ_SPECIALISATION = {
    "KZ-10": {"A": 1.4, "B": 1.2}, "KZ-11": {"A": 1.8}, "KZ-15": {"B": 2.2, "C": 1.1},
    "KZ-19": {"A": 1.5, "C": 1.4}, "KZ-23": {"B": 5.5, "F": 1.6, "A": 0.4},
    "KZ-27": {"B": 2.0, "A": 1.3}, "KZ-31": {"A": 1.5, "C": 1.1}, "KZ-33": {"A": 1.6},
    "KZ-35": {"B": 2.4, "C": 1.9, "A": 0.6}, "KZ-39": {"A": 1.6, "B": 1.6, "C": 1.1},
    "KZ-43": {"A": 1.2, "B": 1.9}, "KZ-47": {"B": 6.0, "H": 1.4, "A": 0.3},
    "KZ-55": {"B": 1.8, "C": 1.9, "D": 1.9}, "KZ-59": {"A": 2.1}, "KZ-61": {"A": 2.0, "P": 1.2},
    "KZ-62": {"B": 6.5, "C": 1.6}, "KZ-63": {"C": 1.7, "B": 1.9},
    "KZ-71": {"A": 0.05, "B": 0.2, "F": 1.5, "J": 2.2, "M": 1.8, "O": 1.6},
    "KZ-75": {"A": 0.05, "B": 0.1, "G": 1.3, "J": 2.4, "K": 2.6, "L": 2.0, "M": 2.0},
    "KZ-79": {"A": 0.3, "C": 1.2, "G": 1.3},
}  # fmt: skip
KZ_ACTIVITY_TREND = {"A": -0.03, "J": 0.05, "C": 0.01, "I": 0.02}
KZ_WAGE = {
    "KZ-10": 0.88, "KZ-11": 0.84, "KZ-15": 0.96, "KZ-19": 0.85, "KZ-23": 1.85, "KZ-27": 1.02,
    "KZ-31": 0.78, "KZ-33": 0.77, "KZ-35": 1.00, "KZ-39": 0.87, "KZ-43": 0.85, "KZ-47": 1.62,
    "KZ-55": 0.95, "KZ-59": 0.78, "KZ-61": 0.76, "KZ-62": 1.19, "KZ-63": 0.97, "KZ-71": 1.26,
    "KZ-75": 1.16, "KZ-79": 0.80,
}  # fmt: skip
KZ_GRP = {
    "KZ-10": 0.85, "KZ-11": 0.85, "KZ-15": 1.10, "KZ-19": 0.62, "KZ-23": 4.30, "KZ-27": 1.55,
    "KZ-31": 0.50, "KZ-33": 0.55, "KZ-35": 1.30, "KZ-39": 1.05, "KZ-43": 0.75, "KZ-47": 1.60,
    "KZ-55": 1.45, "KZ-59": 0.85, "KZ-61": 0.35, "KZ-62": 1.75, "KZ-63": 1.25, "KZ-71": 2.00,
    "KZ-75": 2.05, "KZ-79": 0.70,
}  # fmt: skip
"""GRP per head, country = 1."""

NEW_2018 = ("KZ-61", "KZ-79")
OLD_2018 = "KZ-51"
NEW_2022 = {"KZ-10": "KZ-63", "KZ-33": "KZ-19", "KZ-62": "KZ-35"}
"""Region split off in June 2022 to the region that it came from."""


@dataclass(frozen=True)
class Fact:
    """One figure as it would be printed, without digit grouping."""

    indicator: str
    region: str
    activity: str
    breakdown: str
    year: int
    value: str
    source_note: str = SOURCE
    is_illustrative: str = "1"

    def row(self) -> tuple[str, ...]:
        """Values in the order of `COLUMNS`."""
        return tuple(str(getattr(self, name)) for name in COLUMNS)


class Noise:
    """Multiplicative noise around 1, the same on each run."""

    def __init__(self, *salt: str) -> None:
        self._random = random.Random(f"{SEED}:{':'.join(salt)}")

    def __call__(self, width: float) -> float:
        return 1 + width * (2 * self._random.random() - 1)


def printed(value: Decimal) -> str:
    """Decimal comma, no digit grouping."""
    return str(value).replace(".", ",")


def rounded(value: float, digits: int) -> Decimal:
    """Half up, as offices round."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def kz_exists(region: str, year: int) -> bool:
    """Whether a yearly table of the office carries the region in that year."""
    if region == OLD_2018:
        return year < 2018
    if region in NEW_2018:
        return year >= 2018
    return year >= 2022 if region in NEW_2022 else True


def read(path: Path) -> list[dict[str, str]]:
    """A fact file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published(name: str, **wanted: str) -> dict[tuple[str, int], Decimal]:
    """Published facts by region and year."""
    return {
        (row["region"], int(row["year"])): Decimal(
            row["value"].replace("\u00a0", "").replace(",", ".")
        )
        for row in read(FACTS / name)
        if row["value"] not in ("", "-")
        and all(row[column] == value for column, value in wanted.items())
    }


def with_total(
    country: str, leaves: dict[tuple[str, str, str, int], Decimal], indicator: str
) -> Iterator[Fact]:
    """The country's total first, then the leaves; keys are region, activity, breakdown, year."""
    totals: dict[tuple[str, str, int], Decimal] = {}
    for (_, activity, breakdown, year), value in leaves.items():
        key = (activity, breakdown, year)
        totals[key] = totals.get(key, Decimal(0)) + value
    for (activity, breakdown, year), value in totals.items():
        yield Fact(indicator, country, activity, breakdown, year, printed(value))
    for (region, activity, breakdown, year), value in leaves.items():
        yield Fact(indicator, region, activity, breakdown, year, printed(value))


def with_activity_totals(
    leaves: dict[tuple[str, str, str, int], Decimal],
) -> dict[tuple[str, str, str, int], Decimal]:
    """Leaves by section, with industry and the total as their sums."""
    sums: dict[tuple[str, str, str, int], Decimal] = {}
    for (region, section, breakdown, year), value in leaves.items():
        for total in ("TOTAL", "BCDE") if section in INDUSTRY else ("TOTAL",):
            key = (region, total, breakdown, year)
            sums[key] = sums.get(key, Decimal(0)) + value
    return sums | leaves


def belarus_population() -> dict[tuple[str, str, str, int], Decimal]:
    """Persons at the beginning of the year; total, urban, rural."""
    noise, result = Noise("by", "population"), {}
    for region, base in BY_POPULATION.items():
        for year in BY_YEARS:
            step = year - BY_YEARS[0]
            people = base * 1000 * (1 + BY_POPULATION_TREND[region]) ** step * noise(0.0008)
            share = 1.0 if region == "BY-HM" else BY_URBAN[region] + 0.002 * step
            urban, rural = rounded(people * share, 0), rounded(people * (1 - share), 0)
            result[region, "", "locality=_T", year] = urban + rural
            result[region, "", "locality=URB", year] = urban
            if region != "BY-HM":
                result[region, "", "locality=RUR", year] = rural
    return result


def belarus_grp() -> dict[tuple[str, str, str, int], Decimal]:
    """Million BYN: published GRP per head times the made population."""
    per_head = published("belstat_grp_per_capita.csv")
    people = belarus_population()
    return {
        (region, "", "", year): rounded(
            float(value) * float(people[region, "", "locality=_T", year]) / 1e6, 1
        )
        for (region, year), value in per_head.items()
    }


def belarus_sme() -> dict[tuple[str, str, str, int], Decimal]:
    """Units at the end of the year; the years before 2020 only serve the file with an error."""
    noise = Noise("by", "sme")
    return {
        (region, "", "", year): rounded(base * (1 + trend) ** (year - 2020) * noise(0.006), 0)
        for region, (base, trend) in BY_SME.items()
        for year in range(2018, BY_YEARS.stop)
    }


def employment(
    *,
    years: Iterable[int],
    people: dict[tuple[str, int], float],
    structure: dict[str, float],
    specialisation: dict[str, dict[str, float]],
    trend: dict[str, float],
    salt: str,
) -> dict[tuple[str, str, str, int], Decimal]:
    """Thousand persons with one decimal, by section of activity."""
    noise = Noise(salt, "employment")
    own = {(region, section): noise(0.12) for region in specialisation for section in structure}
    first, result = min(years), {}
    for region, special in specialisation.items():
        for year in years:
            if (region, year) not in people:
                continue
            weight = {
                section: share
                * special.get(section, 1.0)
                * own[region, section]
                * (1 + trend.get(section, 0.0)) ** (year - first)
                for section, share in structure.items()
            }
            scale = people[region, year] / sum(weight.values())
            for section, value in weight.items():
                result[region, section, "", year] = rounded(value * scale * noise(0.01), 1)
    return with_activity_totals(result)


def belarus_employment() -> dict[tuple[str, str, str, int], Decimal]:
    """Belarus, 2020 onwards."""
    people = {
        (region, year): float(value) / 1000 * (0.50 if region == "BY-HM" else 0.445)
        for (region, _, locality, year), value in belarus_population().items()
        if locality == "locality=_T"
    }
    return employment(
        years=BY_YEARS,
        people=people,
        structure=BY_STRUCTURE,
        specialisation=BY_SPECIALISATION,
        trend=BY_ACTIVITY_TREND,
        salt="by",
    )


def kazakhstan_people() -> dict[tuple[str, int], float]:
    """Published population of the regions that a table of the year carries."""
    people = published("kz_population.csv", breakdown="sex=_T;locality=_T")
    return {
        (region, year): float(value)
        for (region, year), value in people.items()
        if region != "KZ" and kz_exists(region, year)
    }


def kazakhstan_employment() -> dict[tuple[str, str, str, int], Decimal]:
    """Kazakhstan, 2018 onwards: the published population sets the size of a region."""
    people = {key: value / 1000 * 0.465 for key, value in kazakhstan_people().items()}
    return employment(
        years=range(2018, 2024),
        people=people,
        structure=KZ_STRUCTURE,
        specialisation=KZ_SPECIALISATION,
        trend=KZ_ACTIVITY_TREND,
        salt="kz",
    )


def kazakhstan_size() -> dict[tuple[str, int], float]:
    """Persons by region and year 2017–2023; 2017 on the boundaries of that year."""
    size = kazakhstan_people()
    for region in sorted({region for region, _ in size}):
        if (region, 2018) in size:
            target = OLD_2018 if region in NEW_2018 else region
            size[target, 2017] = size.get((target, 2017), 0.0) + size[region, 2018] / 1.012
    return size


def kz_level(levels: dict[str, float], region: str, year: int) -> float:
    """Relative level of a region; a region before a split is between its later parts."""
    if region == OLD_2018:
        return sum(levels[part] for part in NEW_2018) / len(NEW_2018)
    parts = [part for part, came_from in NEW_2022.items() if came_from == region]
    if parts and year < 2022:
        return (2 * levels[region] + levels[parts[0]]) / 3
    return levels[region]


def kazakhstan_sme() -> dict[tuple[str, str, str, int], Decimal]:
    """Active subjects of small and medium business, units, end of the year."""
    noise = Noise("kz", "sme")
    per_head = dict.fromkeys(KZ_GRP, 0.064) | {"KZ-71": 0.135, "KZ-75": 0.120, "KZ-79": 0.078}
    return {
        (region, "", "", year): rounded(
            people * kz_level(per_head, region, year) * 1.075 ** (year - 2017) * noise(0.02), 0
        )
        for (region, year), people in sorted(kazakhstan_size().items())
    }


def kazakhstan_grp() -> dict[tuple[str, str, str, int], Decimal]:
    """Million tenge at current prices."""
    noise = Noise("kz", "grp")
    return {
        (region, "", "", year): rounded(
            people * kz_level(KZ_GRP, region, year) * 2.95 * 1.115 ** (year - 2017) * noise(0.02), 1
        )
        for (region, year), people in sorted(kazakhstan_size().items())
    }


def kazakhstan_wage() -> Iterator[Fact]:
    """Tenge a month; the country is the mean of its regions, weighted by the employed."""
    noise = Noise("kz", "wage")
    employed = {
        (region, year): float(value)
        for (region, activity, _, year), value in kazakhstan_employment().items()
        if activity == "TOTAL"
    }
    employed |= {
        (region, 2024): value for (region, year), value in employed.items() if year == 2023
    }
    wages = {
        (region, year): rounded(
            158_000 * kz_level(KZ_WAGE, region, year) * 1.152 ** (year - 2018) * noise(0.02), 0
        )
        for (region, year) in sorted(employed)
    }
    for year in WAGE_YEARS:
        weights = {region: size for (region, of), size in employed.items() if of == year}
        mean = sum(float(wages[region, year]) * size for region, size in weights.items())
        country = rounded(mean / sum(weights.values()), 0)
        yield Fact("wage_nominal", "KZ", "", "", year, printed(country))
    for (region, year), value in wages.items():
        yield Fact("wage_nominal", region, "", "", year, printed(value))


def tables() -> dict[str, list[Fact]]:
    """All made figures, by name of the fact file."""
    return {
        "illustrative_by_population.csv": list(
            with_total("BY", belarus_population(), "population")
        ),
        "illustrative_by_grp.csv": list(with_total("BY", belarus_grp(), "grp")),
        "illustrative_by_sme.csv": list(with_total("BY", belarus_sme(), "sme_count")),
        "illustrative_by_employment.csv": list(
            with_total("BY", belarus_employment(), "employment")
        ),
        "illustrative_kz_sme.csv": list(with_total("KZ", kazakhstan_sme(), "sme_count")),
        "illustrative_kz_grp.csv": list(with_total("KZ", kazakhstan_grp(), "grp")),
        "illustrative_kz_wage.csv": list(kazakhstan_wage()),
        "illustrative_kz_employment.csv": list(
            with_total("KZ", kazakhstan_employment(), "employment")
        ),
    }


def sort_key(fact: Fact) -> tuple[str, int, int, str, int]:
    """Country first, then regions in printed order."""
    region = [*BELARUS, *KAZAKHSTAN].index(fact.region)
    activity = ["", *ACTIVITIES].index(fact.activity)
    return (fact.indicator, region, activity, fact.breakdown, fact.year)


def render(facts: Iterable[Fact]) -> str:
    """Text of a fact file."""
    lines = [",".join(COLUMNS)]
    for fact in sorted(facts, key=sort_key):
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in fact.row()))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write every file of made figures."""
    for name, facts in tables().items():
        (FACTS / name).write_text(render(facts), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
