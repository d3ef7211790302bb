"""What a cluster report says: the story of `cluster_world.py` as rows of the form.

How the totals that a cluster states differ from the sums over its members:

1. they contain the figures that members left out or withheld;
2. money is rounded to whole thousands in Belarus and to whole millions in Kazakhstan;
3. the clusters of `PART_TIMERS` also count part-time staff of other employers, and say so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tests.specimens.cluster_world import (
    COUNTS,
    INTERNET,
    OPEN_FROM,
    REMOTE_HOMES,
    UNSAID,
    WITHHELD,
    YEARS,
    Cluster,
    Event,
    Member,
    World,
    chance,
    region_in,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]

PART_TIMERS = ("BY-C03", "BY-C10", "KZ-C04", "KZ-C09")
RESTATED = 0.3
"""Share of reports that restate a figure of the year before."""
LEARNT_TO_INFORM = ("BY-C01", "BY-C08", "BY-C09", "KZ-C02", "KZ-C07")
"""Clusters whose links became information links in 2022."""
SUMMED = (
    "employees",
    "remote_employees",
    "output",
    "value_added",
    "sales",
    "exports",
    "investment",
)
"""Figures that the cluster states as a total of its members."""
CLUSTER_LINKS = (
    ("BY-C01", "BY-C09", "information", 2020), ("BY-C02", "BY-C05", "contract", 2020),
    ("BY-C03", "BY-C07", "material", 2020), ("BY-C06", "BY-C10", "outsourcing", 2021),
    ("BY-C08", "BY-C02", "joint_project", 2021), ("BY-C05", "KZ-C05", "contract", 2022),
    ("KZ-C01", "KZ-C09", "material", 2020), ("KZ-C04", "KZ-C05", "contract", 2020),
    ("KZ-C07", "KZ-C08", "training", 2021), ("KZ-C08", "BY-C01", "information", 2022),
    ("KZ-C13", "KZ-C10", "outsourcing", 2021), ("KZ-C09", "KZ-C01", "control", 2023),
)  # fmt: skip
"""Who, with whom, how, since which year; the first one reports it."""
LINK_TYPES = {
    "contract": 34, "material": 22, "information": 16, "outsourcing": 10, "training": 8,
    "control": 4, "joint_project": 6,
}  # fmt: skip
PAID_LINKS = ("contract", "material", "outsourcing")
INSTRUMENTS = (
    "seminars", "technology_platforms", "cluster_infrastructure", "rd_grants", "loans",
    "tax_breaks", "direct_finance", "business_platforms", "ip_protection",
)  # fmt: skip
METHOD = "Выпуск участников проекта против оценки без проекта, по опросу исполнителей."
LABELS = {
    "BY-C01": (("bronze", 2021, 2023), ("silver", 2023, 2026)),
    "BY-C08": (("bronze", 2022, 2024),),
    "KZ-C07": (("bronze", 2020, 2022), ("bronze", 2022, 2025)),
}
BOUNDARIES = "2018-06-19"
"""Boundaries of Kazakhstan that plans and actuals of its projects follow."""


@dataclass(frozen=True)
class Report:
    """One report before it is written.

    Attributes:
        form: Name of the form.
        cluster_id: Who reports; None for a register.
        period: Period code; None for a register.
        tables: Rows by table, codes as codes.
        is_illustrative: Whether its figures are made up.
        language: Language of the report.
    """

    form: str
    cluster_id: str | None
    period: str | None
    tables: Tables
    is_illustrative: bool = True
    language: str = "ru"


def report_of(story: World, cluster: Cluster, year: int, language: str = "ru") -> Report:
    """The report of a cluster for a year."""
    tables = _Writer(story, cluster, year).tables()
    return Report("cluster_report", cluster.id, str(year), tables, language=language)


class _Writer:
    """Rows of one report, table by table."""

    def __init__(self, story: World, cluster: Cluster, year: int) -> None:
        self.story, self.cluster, self.year = story, cluster, year
        self.first, self.last = date(year, 1, 1), date(year, 12, 31)
        every = story.members[cluster.id]
        self.members = [m for m in every if m.is_in(self.first, self.last)]
        self.present = [m for m in every if m.is_in(self.last, self.last)]
        self.links = self._links()
        self.projects = [p for p in _projects(cluster, tuple(every)) if p.started.year <= year]

    def tables(self) -> Tables:
        """All tables that have rows."""
        member_rows = self._member_values()
        found = {
            "cluster": [self._cluster()],
            "cluster_label": self._labels(),
            "classification": self._classification(),
            "status_event": [_event(e) for e in self.cluster.events if e.on <= self.last],
            "organisation": self._organisations(),
            "membership": [self._membership(member) for member in self.members],
            "member_value": member_rows,
            "remote_employees": list(self._remote(member_rows)),
            "cluster_value": [self._totals()],
            "project": [self._project(project) for project in self.projects],
            "project_value": [
                row for project in self.projects for row in self._project_values(project)
            ],
            "link": self.links,
            "support": list(self._support()),
        }
        return {name: [filled(row) for row in rows] for name, rows in found.items() if rows}

    def number(self, organisation_id: str) -> str:
        """A registry number as the report writes it: with its country where that is another."""
        country, _, number = organisation_id.partition(":")
        return number if country == self.cluster.country else organisation_id

    # the cluster itself

    def _cluster(self) -> Row:
        cluster, manager = self.cluster, self.story.members[self.cluster.id][0]
        draw = chance("team", cluster.id)
        further = dict.fromkeys(region_in(region, self.year) for region in cluster.further)
        return {
            "cluster_id": cluster.id,
            "name_ru": cluster.name_ru,
            "name_en": cluster.name_en,
            "home_region_code": cluster.region,
            "further_region_codes": [r for r in further if r != cluster.region],
            "activity_codes": list(cluster.activities),
            "kind_code": cluster.kind,
            "founded_on": cluster.began,
            "manager_id": manager.organisation.number,
            "manager_name": manager.name,
            "website": f"https://{cluster.id.lower()}.example",
            "team_fte": round(draw.uniform(0.5, 5) + 0.5 * (self.year - YEARS[0]), 1),
        }

    def _labels(self) -> list[Row]:
        return [
            {
                "label_code": code,
                "valid_from": date(first, 4, 1),
                "valid_to": date(last, 3, 31),
            }
            for code, first, last in LABELS.get(self.cluster.id, ())
            if first <= self.year
        ]

    def _classification(self) -> list[Row]:
        began = self.cluster.began
        rows = [
            {"axis_code": axis, "value_code": f"{axis}.{value}", "valid_from": began}
            for axis, value in _axes(self.cluster).items()
        ]
        if self.cluster.id in LEARNT_TO_INFORM and self.year >= 2022:
            link = next(row for row in rows if row["axis_code"] == "link")
            link["valid_to"] = date(2021, 12, 31)
            since = date(2022, 1, 1)
            rows.append({**link, "value_code": "link.information", "valid_from": since})
            del rows[-1]["valid_to"]
        return rows

    # members

    def _organisations(self) -> list[Row]:
        own = {member.organisation.id: member for member in self.members}
        return [self._organisation(member) for member in own.values()]

    def _organisation(self, member: Member) -> Row:
        organisation = member.organisation
        staff = self.story.figures[organisation.id][self.year]["employees"]
        is_own = organisation.country == self.cluster.country
        return {
            "country_code": None if is_own else organisation.country,
            "registry_number": organisation.number,
            "name": member.name,
            "region_code": organisation.region_in(self.year),
            "activity_code": organisation.activity,
            "size_code": _size(staff, is_entrepreneur=organisation.is_entrepreneur),
            "type_code": organisation.type,
        }

    def _membership(self, member: Member) -> Row:
        left = member.left_on if member.left_on and member.left_on <= self.last else None
        return {
            "organisation_id": self.number(member.organisation.id),
            "role_code": member.role,
            "joined_on": member.joined_on,
            "left_on": left,
        }

    def _member_values(self) -> list[Row]:
        rows = [self._values(member, self.year) for member in self.present]
        draw = chance("restated", self.cluster.id, self.year)
        earlier = [m for m in self.present if m.is_in(date(self.year - 1, 12, 31), self.first)]
        if self.year > YEARS[0] and earlier and draw.random() < RESTATED:
            restated = draw.choice(earlier)
            truth = self.story.figures[restated.organisation.id][self.year - 1]
            if "sales" in truth:
                rows.append(
                    {
                        "organisation_id": self.number(restated.organisation.id),
                        "year": self.year - 1,
                        "note": "Уточнено после аудита.",
                        "taxes": round(truth["taxes"] * draw.uniform(0.96, 1.04), 1),
                    }
                )
        return rows

    def _values(self, member: Member, year: int) -> Row:
        id_ = member.organisation.id
        draw = chance("said", id_, year, self.cluster.id)
        row: Row = {
            "organisation_id": self.number(id_),
            "note": self.story.jumped.get((id_, year)),
        }
        is_open = member.organisation.staff > OPEN_FROM
        for name, value in self.story.figures[id_][year].items():
            said = _said(name, value, draw, is_open=is_open)
            if said is not None:
                row[name] = said
        return row

    def _remote(self, member_rows: Sequence[Row]) -> Iterator[Row]:
        """Where remote employees live: parts that sum to what the member says."""
        said = {row["organisation_id"]: row.get("remote_employees") for row in member_rows}
        share = 0.6 if self.cluster.id == INTERNET else 0.15
        for member in self.present:
            number = self.number(member.organisation.id)
            total = said[number]
            draw = chance("homes", member.organisation.id)
            tells = self.cluster.id == INTERNET or draw.random() < 0.5
            if not isinstance(total, int) or total == 0 or not tells:
                continue
            home = member.organisation.region_in(self.year)
            away = round(total * share * draw.uniform(0.5, 1.4))
            others = [r for r in REMOTE_HOMES[self.cluster.country] if r != home]
            first, second = draw.sample(others, 2)
            parts = {home: total - away, first: away - away // 3, second: away // 3}
            for region, people in parts.items():
                if people:
                    yield {
                        "organisation_id": number,
                        "residence_region_code": region,
                        "remote_employees": people,
                    }

    # totals

    def _totals(self) -> Row:
        draw = chance("totals", self.cluster.id)
        step = self.year - YEARS[0]
        is_sme = [
            _size(self._truth(m)["employees"], is_entrepreneur=False) != "large"
            for m in self.present
        ]
        links = [link["link_type"] for link in self.links if "link_level" not in link]
        row: Row = {name: self._stated(name) for name in SUMMED}
        row["note"] = None
        if self.cluster.id in PART_TIMERS:
            row["employees"] = round(row["employees"] * 1.02)
            row["note"] = "Численность вместе с внешними совместителями."
        return row | {
            "sme_share": round(100 * sum(is_sme) / len(is_sme), 1),
            "joint_projects": len([p for p in self.projects if p.is_running(self.year)]),
            "trainings": draw.randint(2, 9) + step,
            "events": draw.randint(3, 12) + step // 2,
            "trained_people": draw.randint(40, 300) + 12 * step,
            "services_delivered": draw.randint(10, 90) + 4 * step,
            "member_contracts": links.count("contract"),
        }

    def _stated(self, name: str) -> int:
        """Sum over all members, told and untold, rounded as the country rounds."""
        total = sum(self._truth(member).get(name, 0) for member in self.present)
        if name in COUNTS or self.cluster.country == "BY":
            return round(total)
        return round(total / 1000) * 1000

    def _truth(self, member: Member) -> Mapping[str, float]:
        return self.story.figures[member.organisation.id][self.year]

    # links

    def _links(self) -> list[Row]:
        everybody = {m.organisation.id: m for m in self.story.members[self.cluster.id]}
        in_report = {m.organisation.id for m in self.members}
        rows = [
            link.row(self.number, self.year, self.cluster.country)
            for link in _links(self.cluster, tuple(everybody.values()))
            if link.ends <= in_report and link.is_in(self.first, self.last)
        ]
        for first, second, kind, since in CLUSTER_LINKS:
            if first == self.cluster.id and since <= self.year:
                rows.append(
                    {
                        "link_level": "cluster",
                        "from_id": first,
                        "to_id": second,
                        "link_type": kind,
                        "valid_from": date(since, 3, 1),
                    }
                )
        return rows

    # projects

    def _project(self, project: _Project) -> Row:
        known = {member.organisation.id for member in self.members}
        return {
            "project_id": project.id,
            "title": project.title,
            "lead_id": self.number(project.lead),
            "participant_ids": [self.number(p) for p in project.participants if p in known],
            "kind_code": project.kind,
            "region_codes": [self.cluster.region],
            "started_on": project.started,
            "planned_finish_on": project.planned,
            "finished_on": project.finished_by(self.last),
            "status_code": project.status(self.last),
            "selected_by": project.selected_by,
        }

    def _project_values(self, project: _Project) -> Iterator[Row]:
        boundaries = BOUNDARIES if self.cluster.country == "KZ" else None

        def row(kind: str, year: int, stated: date, **figures: Any) -> Row:
            return {
                "project_id": project.id,
                "value_kind": kind,
                "year": year,
                "stated_on": stated,
                "boundary_version": boundaries,
                **figures,
            }

        start, finish = project.started.year, project.planned.year
        yield row("base", start - 1, project.started, output=project.base)
        for year in range(start, finish + 1):
            yield row("plan", year, project.started, **project.plan(year))
        if project.status(self.last) == "running":
            for year in range(self.year + 1, finish + 1):
                figures = project.forecast(year, self.year)
                yield row("forecast", year, date(self.year, 12, 1), **figures)
        for year in range(start, self.year + 1):
            if project.is_running(year):
                yield row("actual", year, date(year, 12, 31), **project.actual(year))
        if project.effect and finish == self.year:
            note = METHOD
            stated = date(self.year, 12, 31)
            yield row("effect", finish, stated, method_note=note, project_effect=project.effect)

    # support

    def _support(self) -> Iterator[Row]:
        draw = chance("support", self.cluster.id, self.year)
        active = self.cluster.status_on(self.last) == "active"
        takers = [m for m in self.present if m.role in ("producer", "anchor", "research_education")]
        scale = 165_000 if self.cluster.country == "KZ" else 1_000
        for instrument in draw.sample(INSTRUMENTS, draw.choice((1, 2, 3) if active else (0, 1))):
            committed = round(draw.uniform(0.03, 1.2) * scale, 1)
            taker = draw.choice(takers) if takers and draw.random() < 0.6 else None
            yield {
                "instrument_code": instrument,
                "programme": f"Условная программа {self.year}",
                "giver": "Условный фонд поддержки",
                "recipient_id": self.number(taker.organisation.id) if taker else None,
                "committed_amount": committed,
                "paid_amount": round(committed * draw.choice((1, 1, 0.8, 0.5)), 1),
                "private_amount": round(committed * draw.choice((0, 0.2, 0.5, 1.1)), 1),
            }


def _event(event: Event) -> Row:
    return {
        "status_code": event.status,
        "valid_from": event.on,
        "deciding_body": event.body,
        "document": event.document,
        "reason": event.reason,
    }


def filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None and value != []}


def _size(staff: float, *, is_entrepreneur: bool) -> str:
    if is_entrepreneur:
        return "entrepreneur"
    limits = ((15, "micro"), (100, "small"), (250, "medium"))
    return next((size for limit, size in limits if staff <= limit), "large")


def _said(name: str, value: float, draw: random.Random, *, is_open: bool) -> Any:
    """What a member tells of a figure: the figure, a sign, or nothing (None)."""
    luck = draw.random()
    if name in ("sales", "exports") and luck < WITHHELD and not is_open:
        return "К"
    if name != "employees" and luck > 1 - UNSAID and not is_open:
        return None
    if value == 0:
        return "-" if name in ("exports", "patents") and luck < 0.5 else _zero(name)
    return value


def _zero(name: str) -> int | None:
    return 0 if name == "remote_employees" else None


def _axes(cluster: Cluster) -> dict[str, str]:
    """Values on the ten axes, mostly following from the kind of cluster."""
    draw = chance("axes", cluster.id)
    kind, is_internet = cluster.kind, cluster.id == INTERNET
    innovation = {"innovative": "innovation", "innovation_industrial": "science_production"}
    return {
        "scale": "interregional" if cluster.further else draw.choice(("regional", "sectoral")),
        "initiative": draw.choice(("bottom_up", "top_down")),
        "product": "service" if kind in ("tourist", "logistic", "innovative") else "material",
        "interaction": "networked" if cluster.id in str(CLUSTER_LINKS) else "separate",
        "localisation": "dispersed" if is_internet else "localised",
        "innovation": innovation.get(kind, "none"),
        "state": draw.choice(("with", "with", "without")),
        "link": "information" if is_internet else "ordinary",
        "environment": "internet" if is_internet else "real",
        "task": draw.choice(("yes", "yes", "no")),
    }


# links and projects of a cluster over all years


@dataclass(frozen=True)
class _Link:
    source: str
    target: str
    kind: str
    since: date
    until: date | None
    amount: float

    @property
    def ends(self) -> set[str]:
        """Both organisations."""
        return {self.source, self.target}

    def is_in(self, first: date, last: date) -> bool:
        """Whether it holds on a day of the span."""
        return self.since <= last and (self.until is None or self.until >= first)

    def row(self, number: Callable[[str], str], year: int, country: str) -> Row:
        """The link as a report of the year has it; money of the year."""
        amount = self.amount * 1.1 ** (year - YEARS[0])
        return {
            "from_id": number(self.source),
            "to_id": number(self.target),
            "link_type": self.kind,
            "valid_from": self.since,
            "valid_to": self.until,
            "amount": round(amount, 1 if country == "BY" else 0) if self.amount else None,
        }


@lru_cache(maxsize=512)
def _links(cluster: Cluster, members: tuple[Member, ...]) -> tuple[_Link, ...]:
    """Each member is tied to the anchor or another one, and some to more."""
    draw = chance("links", cluster.id)
    anchor = members[1]
    scale = 165.0 if cluster.country == "KZ" else 1.0
    found: dict[tuple[str, str, str], _Link] = {}
    for place, member in enumerate([*members, *members[::3]]):
        other = anchor if draw.random() < 0.55 else draw.choice(members)
        if other.organisation.id == member.organisation.id:
            continue
        source, target = (member, other) if draw.random() < 0.7 else (other, member)
        kind = draw.choices(list(LINK_TYPES), list(LINK_TYPES.values()))[0]
        since = max(source.joined_on, target.joined_on)
        until = date(2021 + place % 4, 6, 30) if draw.random() < 0.12 else None
        link = _Link(
            source=source.organisation.id,
            target=target.organisation.id,
            kind=kind,
            since=since,
            until=until if until and until > since else None,
            amount=draw.uniform(15, 900) * scale if kind in PAID_LINKS else 0,
        )
        found[link.source, link.target, link.kind] = link
    return tuple(found.values())


@dataclass(frozen=True)
class _Project:
    id: str
    title: str
    kind: str
    lead: str
    participants: tuple[str, ...]
    started: date
    planned: date
    ended: date | None
    is_stopped: bool
    selected_by: str | None
    base: float
    growth: float
    jobs: int
    effect: float | None

    def status(self, day: date) -> str:
        """Status on a day on which it has begun."""
        if self.ended is None or self.ended > day:
            return "running"
        return "stopped" if self.is_stopped else "finished"

    def finished_by(self, day: date) -> date | None:
        """Its last day, once it has passed."""
        return self.ended if self.ended and self.ended <= day else None

    def is_running(self, year: int) -> bool:
        """Whether it ran in the year."""
        return self.started.year <= year and (self.ended is None or self.ended.year >= year)

    def plan(self, year: int) -> Row:
        """Plan for a year, as stated at the start."""
        step = year - self.started.year + 1
        return {
            "output": round(self.base * (1 + self.growth) ** step, 1),
            "investment": round(self.base * 0.12, 1),
            "new_jobs": self.jobs * step,
        }

    def forecast(self, year: int, stated: int) -> Row:
        """Forecast for a year; the nearer the year, the closer to what will come."""
        draw = chance("forecast", self.id, year, stated)
        width = 0.03 * (year - stated)
        output = self.actual(year)["output"] * (1 + draw.uniform(-width, 2 * width))
        return {"output": round(output, 1), "new_jobs": self.plan(year)["new_jobs"]}

    def actual(self, year: int) -> Row:
        """What came about."""
        draw = chance("actual", self.id, year)
        plan = self.plan(year)
        return {
            "output": round(plan["output"] * draw.uniform(0.86, 1.06), 1),
            "investment": round(plan["investment"] * draw.uniform(0.7, 1.15), 1),
            "new_jobs": round(plan["new_jobs"] * draw.uniform(0.6, 1.1)),
        }


@lru_cache(maxsize=512)
def _projects(cluster: Cluster, members: tuple[Member, ...]) -> tuple[_Project, ...]:
    draw = chance("projects", cluster.id)
    steady = [m.organisation.id for m in members if m.left_on is None]
    count = draw.choice((1, 2, 2, 3)) if cluster.events[-1].status == "active" else 1
    scale = 165_000.0 if cluster.country == "KZ" else 1_000.0
    found = []
    for number in range(1, count + 1):
        started = date(draw.randint(max(2020, cluster.began.year), 2023 + (count == 1)), 3, 1)
        started = max(started, cluster.began)
        planned = date(min(started.year + draw.randint(1, 3), 2026), 12, 15)
        late = date(planned.year + 1, 2, 20)
        is_stopped = draw.random() < 0.08
        ended = date(started.year + 1, 10, 1) if is_stopped else draw.choice((planned, late))
        found.append(
            _Project(
                id=f"{cluster.id}-P{number:02d}",
                title=f"Условный проект {cluster.id}/{number}",
                kind=draw.choice(("key", "joint_innovation", "infrastructure", "education")),
                lead=members[1].organisation.id,
                participants=tuple(draw.sample(steady[2:], min(3, len(steady) - 2))),
                started=started,
                planned=planned,
                ended=ended,
                is_stopped=is_stopped,
                selected_by="Условный конкурс" if draw.random() < 0.5 else None,
                base=round(draw.uniform(2, 30) * scale, 1),
                growth=draw.uniform(0.06, 0.22),
                jobs=draw.randint(4, 30),
                effect=round(draw.uniform(4, 25), 1) if draw.random() < 0.5 else None,
            )
        )
    return tuple(found)


# registers


def register_of(story: World, country: str) -> Report:
    """The register of clusters that the ministry of a country keeps."""
    clusters = [cluster for cluster in story.clusters if cluster.country == country]
    tables: Tables = {
        "cluster": [
            filled(
                {
                    "cluster_id": cluster.id,
                    "name_ru": cluster.name_ru,
                    "name_en": cluster.name_en,
                    "home_region_code": cluster.region,
                    "further_region_codes": list(cluster.further),
                    "activity_codes": list(cluster.activities),
                    "kind_code": cluster.kind,
                }
            )
            for cluster in clusters
        ],
        "status_event": [
            filled({"cluster_id": cluster.id, **_event(event)})
            for cluster in clusters
            for event in cluster.events
        ],
    }
    return Report("cluster_register", None, None, tables)
