"""The story behind the sample cluster reports: clusters, organisations, members and their figures.

Everything here is made up, except what `clusters.csv` names and the counts of statuses that
paper 001 gives for Belarus on 28.06.2021; `docs/samples.md` says what was published. All chance
comes from `random.Random` with `SEED` and a name, so that one cluster can change without another.

The growth model, per organisation and year:

- employees start from the size class that was drawn and grow by the trend of the kind of cluster
  plus a noise of up to `EMPLOYEE_NOISE`;
- output is employees times the productivity of the country and kind, which grows by `NOMINAL`;
  sales, value added, payroll, taxes and the rest are shares of these, drawn once per organisation
  and moved by a noise of a few per cent a year;
- no figure grows more than threefold in a year, but for the jumps of `JUMPS`, which carry a note;
- remote work follows `REMOTE_WAVE`: high in 2020, lower after;
- of the figures of organisations with up to `OPEN_FROM` employees a share `WITHHELD` of sales and
  exports is confidential and a share `UNSAID` of all but employees is left out; organisations
  without exports or patents write «-» or leave the cell empty.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from stdnum.by import unp
from stdnum.exceptions import ValidationError
from stdnum.ru import inn

from warehouse.forms.registry_numbers import kz_check_digit

SEED = 20210628
YEARS = range(2020, 2025)
CLUSTERS = Path(__file__).with_name("clusters.csv")
REPORTING = ("forming", "active")
LAST_DAY = date(YEARS[-1], 12, 31)

SHARED = 0.1
"""Share of member slots that an organisation of another cluster takes, under another spelling."""
LEAVE, LATE = 0.07, 0.3
"""Share of members that leave, and of members that join after the cluster began to form."""
EMPLOYEE_NOISE = 0.05
WITHHELD, UNSAID = 0.03, 0.05
OPEN_FROM = 250
NOMINAL = {"BY": 0.105, "KZ": 0.125}
"""Growth of output per employee at current prices."""
TREND = {
    "innovative": 0.06, "innovation_industrial": 0.04, "industrial": 0.015, "agro": 0.01,
    "tourist": 0.05, "logistic": 0.03, "other": 0.02,
}  # fmt: skip
"""Growth of employees by kind of cluster."""
PRODUCTIVITY = {
    "innovative": 120.0, "innovation_industrial": 105.0, "industrial": 95.0, "agro": 80.0,
    "tourist": 45.0, "logistic": 110.0, "other": 60.0,
}  # fmt: skip
"""Output per employee in the first year, thousand BYN."""
WAGE = {"BY": 15.1, "KZ": 2560.0}
"""Payroll per employee in the first year, thousand of the currency."""
TENGE_PER_RUBLE = 165.0
REMOTE_SHARE = {"innovative": 0.3, "other": 0.2, "innovation_industrial": 0.1}
REMOTE_WAVE = dict(zip(YEARS, (1.6, 1.2, 1.0, 1.05, 1.15), strict=True))
INTERNET = "KZ-C08"
"""The cluster in the Internet environment: members and remote jobs of other regions and Russia."""
FOREIGN = {INTERNET: ("RU-MOW", "RU-NVS", "RU-TA", "RU-OMS"), "BY-C05": ("RU-BRY", "RU-SMO")}
"""Regions of Russia where members of a cluster are."""
REMOTE_HOMES = {
    "KZ": ("KZ-35", "KZ-39", "KZ-59", "KZ-75", "KZ-79", "RU-NVS", "RU-OMS"),
    "BY": ("BY-BR", "BY-HO", "BY-HR", "BY-MI", "BY-VI", "RU-SMO"),
}
"""Where remote employees live when not in the region of their organisation."""
JUMPS = (("BY-C01", 2022), ("BY-C06", 2023), ("KZ-C02", 2021), ("KZ-C04", 2023))
"""Cluster and year: its first producer after the anchor starts a second stage of production."""
JUMP_FACTOR = 3.4
COUNTS = ("employees", "remote_employees", "patents", "new_jobs")
"""Figures that are whole numbers."""
NEW_REGIONS = {"KZ-10": "KZ-63", "KZ-33": "KZ-19", "KZ-62": "KZ-35"}
"""Regions of June 2022 and what they were a part of."""
UNP_REGIONS = {
    "BY-HM": "1", "BY-BR": "2", "BY-VI": "3", "BY-HO": "4", "BY-HR": "5", "BY-MI": "6",
    "BY-MA": "7",
}  # fmt: skip

TYPES = (
    ("business", "producer", 0.42),
    ("supplier", "supplier", 0.2),
    ("buyer", "buyer", 0.1),
    ("research", "research_education", 0.06),
    ("education", "research_education", 0.06),
    ("infrastructure", "infrastructure", 0.05),
    ("finance", "infrastructure", 0.03),
    ("public_institution", "state", 0.03),
    ("state_body", "state", 0.03),
    ("other", "supplier", 0.02),
)
"""Type of organisation, its role in a cluster, its share among members."""
ACTIVITY = {
    "BY": {"supplier": "46", "buyer": "47", "research": "72", "education": "P",
           "infrastructure": "69_71", "finance": "64", "public_institution": "S",
           "state_body": "O", "other": "49"},
    "KZ": {"supplier": "G", "buyer": "G", "research": "M", "education": "P",
           "infrastructure": "M", "finance": "K", "public_institution": "S",
           "state_body": "O", "other": "H"},
}  # fmt: skip
FORMS = {
    "BY": (("ООО", "Общество с ограниченной ответственностью"),
           ("ОАО", "Открытое акционерное общество"),
           ("УП", "Унитарное предприятие"),
           ("ЗАО", "Закрытое акционерное общество")),
    "KZ": (("ТОО", "Товарищество с ограниченной ответственностью"),
           ("АО", "Акционерное общество")),
    "RU": (("ООО", "Общество с ограниченной ответственностью"),
           ("АО", "Акционерное общество")),
}  # fmt: skip
NOUNS = {
    "business": "Условное предприятие", "supplier": "Условный поставщик",
    "buyer": "Условный покупатель", "research": "Условный институт",
    "education": "Условный университет", "infrastructure": "Условный технопарк",
    "finance": "Условный фонд", "public_institution": "Условный союз",
    "state_body": "Условное управление", "other": "Условная организация",
}  # fmt: skip
PLAIN = ("research", "education", "infrastructure", "public_institution", "state_body")
"""Types that have no legal form before their name."""


def chance(*salt: object) -> random.Random:
    """A source of chance of its own for each name."""
    return random.Random(":".join(map(str, (SEED, *salt))))


@dataclass(frozen=True)
class Event:
    """One change of status."""

    on: date
    status: str
    body: str
    document: str
    reason: str | None


@dataclass(frozen=True)
class Cluster:
    """One cluster as the register has it."""

    id: str
    name_ru: str
    name_en: str
    region: str
    further: tuple[str, ...]
    activities: tuple[str, ...]
    kind: str
    size: int
    events: tuple[Event, ...]
    is_named: bool

    @property
    def country(self) -> str:
        """Country of the cluster."""
        return self.id[:2]

    def status_on(self, day: date) -> str | None:
        """Status on a day; None before the first one."""
        past = [event.status for event in self.events if event.on <= day]
        return past[-1] if past else None

    @cached_property
    def began(self) -> date:
        """When it began to form."""
        return next(event.on for event in self.events if event.status != "potential")

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years that it reports on: those at whose end it forms or works."""
        return tuple(y for y in YEARS if self.status_on(date(y, 12, 31)) in REPORTING)


@dataclass(frozen=True)
class Organisation:
    """One made-up organisation.

    `reports_in` is the country in whose currency it reports: that of its clusters.
    """

    number: str
    country: str
    names: tuple[str, ...]
    region: str
    activity: str
    type: str
    kind: str
    staff: int
    reports_in: str
    is_entrepreneur: bool = False

    @property
    def id(self) -> str:
        """Country and registry number."""
        return f"{self.country}:{self.number}"

    def region_in(self, year: int) -> str:
        """Its region under the boundaries of the year."""
        return region_in(self.region, year)


@dataclass(frozen=True)
class Member:
    """An organisation in a cluster."""

    organisation: Organisation
    name: str
    role: str
    joined_on: date
    left_on: date | None = None

    def is_in(self, first: date, last: date) -> bool:
        """Whether the membership has a day in the span."""
        return self.joined_on <= last and (self.left_on is None or self.left_on >= first)


@dataclass(frozen=True)
class World:
    """All clusters with their members and the figures of all organisations."""

    clusters: tuple[Cluster, ...]
    members: dict[str, tuple[Member, ...]]
    figures: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)
    jumped: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def organisations(self) -> dict[str, Organisation]:
        """All organisations by id."""
        return {m.organisation.id: m.organisation for all_ in self.members.values() for m in all_}


def region_in(region: str, year: int) -> str:
    """The region, or what it was a part of before June 2022."""
    return NEW_REGIONS[region] if region in NEW_REGIONS and year < 2022 else region


# clusters


def read_clusters() -> tuple[Cluster, ...]:
    """Clusters of `clusters.csv`; those without a published name get a neutral one."""
    with CLUSTERS.open(encoding="utf-8", newline="") as file:
        return tuple(_cluster(row) for row in csv.DictReader(file))


def _cluster(row: dict[str, str]) -> Cluster:
    id_ = row["cluster_id"]
    return Cluster(
        id=id_,
        name_ru=row["name_ru"] or f"Кластер {id_} (условный)",
        name_en=row["name_en"] or f"Cluster {id_} (illustrative)",
        region=row["home_region_code"],
        further=tuple(filter(None, row["further_region_codes"].split(";"))),
        activities=tuple(row["activity_codes"].split(";")),
        kind=row["kind_code"],
        size=int(row["size"]),
        events=tuple(_events(id_, row["history"])),
        is_named=bool(row["name_ru"]),
    )


def _events(cluster_id: str, history: str) -> Iterator[Event]:
    reasons = {
        "closed": "Участники прекратили совместную деятельность.",
        "potential": "Соглашение участников не подписано в срок.",
    }
    body = "Облисполком" if cluster_id.startswith("BY") else "Комиссия по отбору"
    for number, text in enumerate(history.split(";"), start=1):
        day, status = text.split(" ")
        reason = reasons.get(status) if number > 1 else None
        document = f"Условное решение № {cluster_id}/{number}"
        yield Event(date.fromisoformat(day), status, body, document, reason)


# organisations


class _Registry:
    """Gives each organisation a number that passes its check, from the far end of the range."""

    def __init__(self) -> None:
        self._serial = dict.fromkeys(("BY", "KZ", "RU"), 0)

    def number(self, country: str, region: str, *, is_entrepreneur: bool) -> tuple[str, int]:
        """The next number, and its serial."""
        while True:
            self._serial[country] += 1
            serial = self._serial[country]
            if country == "BY":
                found = _with_unp_digit(f"{UNP_REGIONS[region]}99{serial:05d}")
            elif country == "KZ":
                found = _with_bin_digit(serial, "60" if is_entrepreneur else "40")
            else:
                digits = f"9800{serial:05d}"
                found = digits + inn.calc_company_check_digit(digits)
            if found:
                return found, serial


def _with_bin_digit(serial: int, entity: str) -> str | None:
    """Registered in one of 288 months from 1994 on, as the 99 000th or later of the month."""
    rest, month = divmod(serial, 12)
    number, year = divmod(rest, 24)
    digits = f"{(1994 + year) % 100:02d}{month + 1:02d}{entity}{99_000 + number}"
    last = kz_check_digit(digits)
    return digits + last if last else None


def _with_unp_digit(digits: str) -> str | None:
    try:
        return digits + unp.calc_check_digit(digits)
    except ValidationError:
        return None


def names_of(country: str, type_: str, serial: int, draw: random.Random) -> tuple[str, ...]:
    """One name in the spellings that different reports use."""
    core = f"{NOUNS[type_]} {serial:03d}"
    if type_ in PLAIN:
        return (core, core.upper(), f"{core} (г. Условный)")
    short, long = draw.choice(FORMS[country])
    return (f"{short} «{core}»", f"{long} «{core}»", f'{short} "{core}"')


STAFF = {"anchor": (700, 2600), "large": (260, 900), "medium": (105, 240), "small": (18, 95)}
STAFF_OF_TYPE = {
    "research": (60, 320), "education": (180, 900), "infrastructure": (10, 60),
    "finance": (20, 120), "public_institution": (5, 15), "state_body": (25, 90),
}  # fmt: skip


def _staff(type_: str, draw: random.Random) -> int:
    if type_ in STAFF_OF_TYPE:
        return draw.randint(*STAFF_OF_TYPE[type_])
    size = draw.choices(("large", "medium", "small", "micro"), (8, 27, 40, 25))[0]
    return draw.randint(*STAFF.get(size, (3, 14)))


# members


def make_world() -> World:
    """The whole story."""
    clusters = read_clusters()
    registry, pool = _Registry(), list[Organisation]()
    members = {
        cluster.id: _members(cluster, registry, pool) for cluster in clusters if cluster.years
    }
    jumped = {
        (_first_producer(members[cluster_id]).id, year): "Введена вторая очередь производства."
        for cluster_id, year in JUMPS
    }
    return _with_figures(World(clusters, members, jumped=jumped))


def make_many(clusters: int, members: int) -> World:
    """A story of any size for measurements: as many members in each cluster, none comes or goes."""
    models = [cluster for cluster in read_clusters() if len(cluster.years) == len(YEARS)]
    ranks = dict.fromkeys(("BY", "KZ"), 0)
    made = []
    for model in (models[place % len(models)] for place in range(clusters)):
        ranks[model.country] += 1
        id_ = f"{model.country}-C{ranks[model.country]:03d}"
        made.append(replace(model, id=id_, name_ru=f"Кластер {id_} (условный)", size=members))
    registry, pool = _Registry(), list[Organisation]()
    everybody = {
        cluster.id: tuple(
            replace(member, joined_on=cluster.began, left_on=None)
            for member in _members(cluster, registry, pool)[:members]
        )
        for cluster in made
    }
    return _with_figures(World(tuple(made), everybody))


def _with_figures(world: World) -> World:
    figures = {
        id_: _figures(organisation, {y for (o, y) in world.jumped if o == id_})
        for id_, organisation in world.organisations.items()
    }
    return replace(world, figures=figures)


def _members(cluster: Cluster, registry: _Registry, pool: list[Organisation]) -> tuple[Member, ...]:
    draw = chance("members", cluster.id)
    manager = _new(cluster, "infrastructure", registry, draw, cluster.region)
    anchor = replace(
        _new(cluster, "business", registry, draw, cluster.region),
        staff=draw.randint(*STAFF["anchor"]),
        is_entrepreneur=False,
    )
    found = [
        Member(manager, manager.names[0], "infrastructure", cluster.began),
        Member(anchor, anchor.names[0], "anchor", cluster.began),
    ]
    own = [manager, anchor]
    foreign = iter(FOREIGN.get(cluster.id, ()))
    while len(found) < cluster.size:
        type_, role, _ = draw.choices(TYPES, [share for *_, share in TYPES])[0]
        organisation = _existing(cluster, type_, pool, found, draw)
        spelling = draw.randrange(3) if organisation else 0
        if organisation is None:
            place = next(foreign, None) if type_ in ("business", "research") else None
            region = place or _place(cluster, draw)
            organisation = _new(cluster, type_, registry, draw, region)
            own.append(organisation)
        joined, left = _span(cluster, len(found), draw)
        found.append(Member(organisation, organisation.names[spelling], role, joined, left))
    pool += [o for o in own[2:] if o.country == cluster.country and not o.is_entrepreneur]
    return (*found, *_came_back(found))


def _came_back(found: Sequence[Member]) -> Iterator[Member]:
    """The first member of a cluster that left early comes back two years later."""
    for member in found:
        if member.left_on and member.left_on.year == 2021:
            again = date(2023, 2, 1)
            yield replace(member, joined_on=again, left_on=None)
            return


def _first_producer(members: Sequence[Member]) -> Organisation:
    return next(
        member.organisation
        for member in members
        if member.role == "producer" and member.left_on is None and member.joined_on.year < 2020
    )


def _existing(
    cluster: Cluster,
    type_: str,
    pool: Sequence[Organisation],
    found: Sequence[Member],
    draw: random.Random,
) -> Organisation | None:
    if draw.random() >= SHARED:
        return None
    taken = {member.organisation.id for member in found}
    fitting = [
        o for o in pool if o.country == cluster.country and o.type == type_ and o.id not in taken
    ]
    return draw.choice(fitting) if fitting else None


def _place(cluster: Cluster, draw: random.Random) -> str:
    share = 0.55 if cluster.id == INTERNET else 0.3
    return (
        draw.choice(cluster.further)
        if cluster.further and draw.random() < share
        else (cluster.region)
    )


def _new(
    cluster: Cluster, type_: str, registry: _Registry, draw: random.Random, region: str
) -> Organisation:
    country = region[:2]
    staff = _staff(type_, draw)
    is_entrepreneur = country != "RU" and type_ in ("business", "supplier") and staff <= 6
    number, serial = registry.number(country, region, is_entrepreneur=is_entrepreneur)
    own = draw.choice(cluster.activities)
    others = ACTIVITY.get(country, {"business": "J", "research": "M"})
    activity = others.get(type_, "J" if country == "RU" else own)
    names = names_of(country, type_, serial, draw)
    if is_entrepreneur:
        names = tuple(f"ИП {name.split('«')[-1].strip('»')}" for name in names[:1]) * 3
    return Organisation(
        number=number,
        country=country,
        names=names,
        region=region,
        activity=activity,
        type=type_,
        kind=cluster.kind,
        staff=staff,
        reports_in=cluster.country,
        is_entrepreneur=is_entrepreneur,
    )


def _span(cluster: Cluster, place: int, draw: random.Random) -> tuple[date, date | None]:
    """When a member joined and left; the biotech cluster has 26 founders and soon 28 members."""
    joined = cluster.began
    if cluster.id == "BY-C02":
        if place >= 26:
            joined = date(2019, 5, 6) if place < 28 else date(2021 + place - 28, 4, 5)
    elif place >= 6 and draw.random() < LATE:
        joined = _day(cluster.began, date(2024, 6, 30), draw)
    first = max(joined + timedelta(days=200), date(2021, 3, 1))
    if place < 6 or draw.random() >= LEAVE or first >= date(2024, 9, 1):
        return joined, None
    return joined, _day(first, date(2024, 9, 30), draw)


def _day(first: date, last: date, draw: random.Random) -> date:
    return first + timedelta(days=draw.randrange(max(1, (last - first).days)))


# figures


def _figures(organisation: Organisation, jumps: set[int]) -> dict[int, dict[str, float]]:
    """True figures of an organisation by year, also those that it will not tell."""
    draw = chance("figures", organisation.id)
    shares = _shares(organisation, draw)
    found: dict[int, dict[str, float]] = {}
    staff, level = float(organisation.staff), 1.0
    for year in YEARS:
        jump = JUMP_FACTOR if year in jumps else 1.0
        level *= jump
        staff_now = staff * level**0.2
        now = _year_figures(organisation, year, shares, draw, staff=staff_now, level=level)
        before = found.get(year - 1, {})
        limit = 2.9 if jump == 1.0 else 99.0
        found[year] = {
            name: _at_most(value, before.get(name), limit, is_count=name in COUNTS)
            for name, value in now.items()
        }
        staff *= 1 + TREND[organisation.kind] + draw.uniform(-1, 1) * EMPLOYEE_NOISE
    return found


def _at_most(value: float, before: float | None, factor: float, *, is_count: bool) -> float:
    """The value, or so many times the one of the year before where it is more."""
    limited = min(value, before * factor) if before else value
    return int(limited) if is_count else round(limited, 1)


def _shares(organisation: Organisation, draw: random.Random) -> dict[str, float]:
    """What an organisation makes of its output, drawn once."""
    is_maker = organisation.type in ("business", "supplier", "other")
    innovative = organisation.kind in ("innovative", "innovation_industrial")
    exporter = is_maker and draw.random() < (0.8 if organisation.staff > 100 else 0.35)
    does_research = organisation.type in ("research", "education") or (
        is_maker and draw.random() < (0.6 if innovative else 0.2)
    )
    rd_top = 0.3 if organisation.type == "research" else 0.12 if innovative else 0.03
    remote = REMOTE_SHARE.get(organisation.kind, 0.03)
    return {
        "pace": draw.uniform(0.65, 1.5),
        "value_added": draw.uniform(0.28, 0.52),
        "sales": draw.uniform(0.94, 1.02),
        "to_members": draw.uniform(0.02, 0.3),
        "exports": draw.uniform(0.08, 0.7) if exporter else 0.0,
        "investment": draw.uniform(0.03, 0.14),
        "rd": draw.uniform(0.005, rd_top) if does_research else 0.0,
        "innovative": draw.uniform(0.05, 0.6 if innovative else 0.3) if does_research else 0.0,
        "taxes": draw.uniform(0.06, 0.15),
        "wage": draw.uniform(0.8, 1.4) * (1.5 if organisation.kind == "innovative" else 1.0),
        "patents": draw.uniform(0.5, 4.0) if does_research and draw.random() < 0.6 else 0.0,
        "remote": min(0.85, remote * draw.uniform(0.2, 2.0)) if draw.random() < 0.6 else 0.0,
    }


def _year_figures(
    organisation: Organisation,
    year: int,
    shares: dict[str, float],
    draw: random.Random,
    *,
    staff: float,
    level: float,
) -> dict[str, float]:
    country = organisation.reports_in
    digits = 1 if country == "BY" else 0
    step = year - YEARS[0]

    def money(value: float, noise: float = 0.04) -> float:
        return round(value * (1 + draw.uniform(-noise, noise)), digits)

    prices = (1 + NOMINAL[country]) ** step
    rate = TENGE_PER_RUBLE if country == "KZ" else 1.0
    employees = max(2, round(staff))
    output = money(
        organisation.staff * level * PRODUCTIVITY[organisation.kind] * rate * shares["pace"]
        * prices * (1 + TREND[organisation.kind]) ** step
    )  # fmt: skip
    sales = money(output * shares["sales"], 0.01)
    found: dict[str, float] = {
        "employees": employees,
        "remote_employees": round(employees * min(0.9, shares["remote"] * REMOTE_WAVE[year])),
        "payroll": money(employees * WAGE[country] * shares["wage"] * prices, 0.02),
        "new_jobs": round(employees * draw.uniform(0.0, 0.06)),
    }
    if organisation.type in ("state_body", "public_institution"):
        return {name: found[name] for name in ("employees", "remote_employees", "payroll")}
    found["sales"] = sales
    found["sales_to_members"] = money(sales * shares["to_members"])
    found["taxes"] = money(sales * shares["taxes"])
    found["rd_spend"] = money(output * shares["rd"])
    found["patents"] = round(shares["patents"] * draw.uniform(0, 2))
    if organisation.type in ("research", "education", "finance"):
        return found
    found["output"] = output
    found["value_added"] = money(output * shares["value_added"])
    found["exports"] = money(sales * shares["exports"])
    found["investment"] = money(output * shares["investment"], 0.25)
    found["innovative_output"] = money(output * shares["innovative"])
    return found
