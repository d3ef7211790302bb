"""The page of a cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from warehouse.explain_cluster import COLUMNS
from warehouse.marts import Row
from warehouse.reports import pictures, words
from warehouse.reports.compose import (
    COUNT,
    PER_CENT,
    Context,
    Scale,
    capital,
    datum,
    drawing,
    marks,
    scale,
    section,
)
from warehouse.reports.data import POSITION
from warehouse.reports.model import (
    Cell,
    Column,
    Drawing,
    Figure,
    Kind,
    Link,
    Page,
    Paragraph,
    Section,
    Table,
    Words,
)
from warehouse.reports.paths import REPORTING, cluster_path, path, region_path
from warehouse.reports.pictures import Node
from warehouse.reports.projects import project_section
from warehouse.reports.trace import key

SUMS = (
    ("member_employees", "persons"),
    ("member_output", "money"),
    ("member_value_added", "money"),
    ("member_sales", "money"),
    ("member_exports", "money"),
    ("member_investment", "money"),
    ("member_rd_spend", "money"),
    ("member_taxes", "money"),
    ("member_payroll", "money"),
    ("member_patents", "units"),
    ("member_new_jobs", "units"),
    ("member_remote_employees", "persons"),
)
RATIOS = (
    ("productivity", "money_per_person"),
    ("average_wage", "money_per_person"),
    ("export_share_pct", "per_cent"),
    ("rd_intensity_pct", "per_cent"),
    ("innovative_share_pct", "per_cent"),
    ("patents_per_10000_employees", "ratio"),
    ("remote_share_pct", "per_cent"),
)
TYPES = (
    "business",
    "supplier",
    "buyer",
    "research",
    "education",
    "state_body",
    "public_institution",
    "infrastructure",
    "finance",
    "other",
    "untyped",
)
DRAWN_POSITION = "PRF_PROD"
LEAST_CLUSTERS = 3
"""Clusters below which no place among them is given."""
WHOLE = "_T"
TENTHS = Scale("ratio", 1, 1)
"""How patents per ten thousand employees are shown."""


def cluster_page(context: Context, cluster: Row) -> Page:
    """Passport, classification, members, network, indicators, projects, support, position."""
    country, code = cluster["country_code"], cluster["cluster_id"]
    sections = [_passport(context, cluster), _classification(context, cluster)]
    sections += [_members(context, cluster), _network(context, cluster)]
    if cluster["status_code"] in REPORTING:
        sections += [
            _indicators(context, cluster),
            project_section(context, code, "projects", context.text("projects")),
            _support(context, cluster),
            _position(context, cluster),
        ]
    return Page(
        path=cluster_path(country, code),
        title=context.label(cluster),
        parent=path(country),
        group=context.text("group_clusters"),
        sections=tuple(sections),
    )


# who it is


def _passport(context: Context, cluster: Row) -> Section:
    home = cluster["home_region_code"]
    facts: list[tuple[str, Cell]] = [
        ("code", cluster["cluster_id"]),
        ("status", context.value_name("cluster_status", cluster["status_code"])),
        ("kind", context.value_name("cluster_kind", cluster["kind_code"])),
        ("home_region", _region(context, cluster["country_code"], home)),
        ("further_regions", _regions(context, cluster["further_region_codes"])),
        ("activities", _activities(context, cluster)),
        ("founded", cluster["founded_on"]),
        ("manager", cluster["manager_name"]),
        ("website", cluster["website"]),
        ("labels", _labels(context, cluster)),
    ]
    rows = [(context.text(name), value) for name, value in facts if value]
    title = context.text("passport")
    return section(
        "passport",
        title,
        _sentence(context, cluster),
        context.table(
            "passport",
            title,
            [context.words_column("property"), Column(context.text("value"), is_number=False)],
            rows,
        ),
        _history(context, cluster),
    )


def _region(context: Context, country: str, code: str | None) -> Cell:
    if code is None:
        return None
    known = {row["region_code"] for row in context.data.regions(country)}
    name = context.name("region", code)
    return Link(name, region_path(country, code)) if code in known else name


def _regions(context: Context, codes: Sequence[str] | None) -> str:
    return ", ".join(context.name("region", code) for code in codes or ())


def _activities(context: Context, cluster: Row) -> str:
    classifier = cluster["activity_classifier"]
    return "; ".join(
        f"{code} {context.name('activity', f'{classifier}:{code}')}"
        for code in cluster["activity_codes"] or ()
    )


def _labels(context: Context, cluster: Row) -> str:
    return "; ".join(
        f"{context.value_name('cluster_label', row['label_code'])} "
        f"({context.text('since', date=words.day(row['valid_from'], context.language))})"
        for row in context.data.of_cluster("labels", cluster)
    )


def _sentence(context: Context, cluster: Row) -> Paragraph:
    said: Words = (
        context.text(
            "cluster_words",
            kind=context.value_name("cluster_kind", cluster["kind_code"]),
            status=context.value_name("cluster_status", cluster["status_code"]),
        ),
    )
    reports = cluster["status_code"] in REPORTING
    if cluster["member_count"]:
        said += (
            context.text(
                "cluster_members" if reports else "cluster_members_only",
                year=context.data.year,
                members=context.counted(cluster["member_count"], "member"),
                reported=context.counted(cluster["reported_count"] or 0, "of_member"),
            ),
        )
    if not reports:
        said += (context.text("cluster_owes_nothing"),)
    if cluster["is_illustrative"]:
        said += (context.text("cluster_illustrative"),)
    return Paragraph(said)


def _history(context: Context, cluster: Row) -> Table | None:
    rows: list[list[Cell]] = [
        [
            row["valid_from"],
            context.value_name("cluster_status", row["status_code"]),
            row["deciding_body"],
            row["document"],
            row["reason"],
        ]
        for row in context.data.of_cluster("statuses", cluster)
    ]
    if not rows:
        return None
    names = ("since_when", "status", "body", "document", "why")
    columns = [context.words_column(name) for name in names]
    return context.table("history", context.text("history"), columns, rows)


def _classification(context: Context, cluster: Row) -> Section:
    title = context.text("classification")
    rows = [
        (
            capital(context.value_name("cluster_axis", row["axis_code"])),
            context.value_name("cluster_axis_value", row["value_code"]),
            row["valid_from"],
        )
        for row in context.data.of_cluster("classes", cluster)
    ]
    if not rows:
        return section("classification", title, Paragraph((context.text("unclassified"),)))
    columns = [context.words_column(name) for name in ("axis", "value_of_axis", "since_when")]
    return section("classification", title, context.table("classification", title, columns, rows))


# members and links


def _members(context: Context, cluster: Row) -> Section:
    title = context.text("mix")
    total = cluster["member_count"]
    rows: list[list[Cell]] = []
    for kind in TYPES:
        column = f"member_{kind}_count"
        if not cluster[column]:
            continue
        count = context.cluster_figure(cluster, column, COUNT)
        share = None
        if total:
            share = PER_CENT.figure(
                count.key,
                cluster[column] / total * 100,
                cluster["year"],
                definition="MEM_MIX",
                marks=count.marks,
            )
        rows.append([context.organisation_type(kind), count, share])
    columns = [
        context.words_column("type"),
        Column(context.text("count"), definition="MEM_N"),
        Column(context.text("share"), "%", definition="MEM_MIX"),
    ]
    if not rows:
        return section("members", title, Paragraph((context.text("members_none"),)))
    return section(
        "members",
        title,
        context.table("mix", context.text("mix_table"), columns, rows),
        _member_table(context, cluster),
    )


def _member_table(context: Context, cluster: Row) -> Table | None:
    rows: list[list[Cell]] = [
        [
            row["name"] or row["organisation_id"],
            context.organisation_type(row["type_code"]),
            context.value_name("member_role", row["role_code"]),
            context.value_name("size_class", row["size_code"]),
            context.name("region", row["region_code"]),
        ]
        for row in context.data.of_cluster("members", cluster)
    ]
    if not rows:
        return None
    names = ("organisation", "type", "role", "size_class", "region")
    columns = [context.words_column(name) for name in names]
    return context.table("organisations", context.text("member_table"), columns, rows)


def _network(context: Context, cluster: Row) -> Section:
    title = context.text("network")
    links = context.data.of_cluster("links", cluster)
    if not links:
        return section("network", title, Paragraph((context.text("network_none"),)))
    measures = next(iter(context.data.of_cluster("networks", cluster)), None)
    pairs = {frozenset((link["from_id"], link["to_id"])) for link in links}
    count = len(pairs) if measures is None else measures["link_count"] or 0
    said = Paragraph((context.text("network_words", pairs=context.counted(count, "pair")),))
    return section(
        "network",
        title,
        said,
        _network_drawing(context, cluster, links, measures),
        _network_table(context, cluster, measures),
        _links_table(context, links),
    )


def _network_figure(
    context: Context, cluster: Row, row: Row, column: str, *, how: Scale, definition: str
) -> Figure:
    return how.figure(
        key(Kind.NETWORK, cluster["cluster_id"], cluster["is_illustrative"], row["year"]),
        row[column],
        row["year"],
        definition=definition,
        reason=context.reason(row.get(f"{column}_reason_code") or row["link_reason_code"]),
        marks=marks(is_illustrative=cluster["is_illustrative"]),
    )


def _network_drawing(
    context: Context, cluster: Row, links: Sequence[Row], row: Row | None
) -> Drawing | None:
    members: dict[str, Row] = {}
    for member in context.data.of_cluster("members", cluster):
        members.setdefault(member["organisation_id"], member)
    linked = {link[f"{end}_id"]: link[f"{end}_name"] for link in links for end in ("from", "to")}
    nodes = [
        Node(code, member["name"] or code, context.organisation_type(member["type_code"]))
        for code, member in members.items()
    ]
    outside = context.text("outside")
    nodes += [
        Node(code, linked[code] or code, outside, True) for code in sorted(linked.keys() - members)
    ]
    drawn = context.draw(
        pictures.network_drawing,
        nodes,
        [
            pictures.Link(
                link["from_id"],
                link["to_id"],
                context.value_name("link_type", link["link_type"]),
            )
            for link in links
        ],
        context.caption(context.text("network_picture"), marked=[cluster]),
        context.language,
    )
    figure = None
    if row is not None:
        count = COUNT
        figure = _network_figure(
            context, cluster, row, "link_count", how=count, definition="NET_DENS"
        )
    return drawing("network", drawn, [figure])


def _network_table(context: Context, cluster: Row, row: Row | None) -> Table | None:
    if row is None:
        return None
    shown = (
        ("linked_pairs", "link_count", COUNT, ""),
        ("density", "density", Scale("ratio", 1, 3), "NET_DENS"),
        ("mean_degree", "mean_degree", Scale("ratio", 1, 2), ""),
        ("contracts", "contract_count", COUNT, ""),
        ("contracts_per_member", "contracts_per_member", Scale("ratio", 1, 2), "NET_CONTR"),
    )
    rows: list[list[Cell]] = [
        [
            context.text(label),
            _network_figure(context, cluster, row, column, how=how, definition=definition),
            definition,
        ]
        for label, column, how, definition in shown
    ]
    columns = [context.words_column("measure"), Column(str(context.data.year))]
    columns.append(context.words_column("definition"))
    return context.table("network", context.text("network"), columns, rows)


def _links_table(context: Context, links: Sequence[Row]) -> Table:
    counts = Counter(link["link_type"] for link in links)
    rows: list[list[Cell]] = [
        [capital(context.value_name("link_type", code)), count]
        for code, count in sorted(counts.items())
    ]
    columns = [context.words_column("type"), Column(context.text("count"))]
    return context.table("link-types", context.text("link_types"), columns, rows)


# what it does


def _unit(cluster: Row, kind: str) -> str:
    currency = cluster["currency_code"] or ""
    return {
        "money": currency,
        "money_per_person": f"{currency}_per_person",
    }.get(kind, kind)


def _indicators(context: Context, cluster: Row) -> Section:
    title = context.text("cluster_indicators")
    year = context.data.year
    years = context.data.clusters[cluster["cluster_id"]]
    before = years.get(year - 1)
    if before is not None and before["is_illustrative"] != cluster["is_illustrative"]:
        before = None
    if cluster["member_employees"] is None and cluster["member_output"] is None:
        return section(
            "indicators",
            title,
            Paragraph((context.text("not_reporting"),)),
            _not_accepted(context, cluster),
        )
    rows: list[list[Cell]] = []
    for column, kind in (*SUMS, *RATIOS):
        pair = [row for row in (before, cluster) if row is not None]
        if all(row[column] is None for row in pair):
            continue
        how = scale([row[column] for row in pair], _unit(cluster, kind))
        if how.unit == "ratio":
            how = TENTHS
        rows.append(
            [
                context.text(column),
                context.unit(how.unit),
                None if before is None else context.cluster_figure(before, column, how),
                None if before is None else before[f"{column}_reported_count"],
                context.cluster_figure(cluster, column, how),
                cluster[f"{column}_reported_count"],
                context.definition(column),
            ]
        )
    reporters = context.text("reporters")
    columns = [
        context.words_column("measure"),
        context.words_column("unit"),
        Column(str(year - 1)),
        Column(f"{reporters}, {year - 1}"),
        Column(str(year)),
        Column(f"{reporters}, {year}"),
        context.words_column("definition"),
    ]
    note = context.text("cluster_indicators_note")
    return section("indicators", title, context.table("indicators", title, columns, rows, note))


def _not_accepted(context: Context, cluster: Row) -> Paragraph | None:
    for row in context.data.rows["submissions"]:
        if row["cluster_id"] == cluster["cluster_id"] and row["first_accepted_at"] is None:
            why = context.text(f"submission_{row['status_code']}")
            said = context.text("missing_report", year=context.data.year, why=why)
            return Paragraph((said,), is_warning=True)
    return None


def _support(context: Context, cluster: Row) -> Section:
    title = context.text("support")
    rows = context.data.of_cluster("support", cluster)
    parts = [row for row in rows if row["instrument_code"] != WHOLE]
    if not parts:
        return section("support", title, Paragraph((context.text("support_none"),)))
    names = ("committed", "paid", "private")
    how = scale(
        [row[f"{name}_amount"] for row in rows for name in names], parts[0]["currency_code"]
    )
    cells: list[list[Cell]] = []
    for row in parts:
        instrument = context.name("instrument", row["instrument_code"])
        cells.append([capital(instrument), *[_money(context, row, name, how) for name in names]])
    columns = [context.words_column("instrument")]
    columns += [context.column(context.text(name), how, "SUP_AMT") for name in names]
    table = context.table("support", context.text("support_table"), columns, cells)
    return section("support", title, table)


def _money(context: Context, row: Row, name: str, how: Scale) -> Figure:
    value = row[f"{name}_amount"]
    return how.figure(
        key(
            Kind.SUPPORT,
            row["cluster_id"],
            row["is_illustrative"],
            row["year"],
            row["currency_code"],
            row["instrument_code"],
        ),
        value,
        row["year"],
        definition="SUP_AMT",
        reason=context.reason(row[f"{name}_amount_reason_code"]),
        marks=marks(is_illustrative=row["is_illustrative"]),
    )


# where it stands


def _peer_figure(context: Context, row: Row, how: Scale) -> Figure:
    indicator = row["indicator_code"]
    return how.figure(
        key(
            Kind.CLUSTER,
            row["cluster_code"],
            row["is_illustrative"],
            row["year"],
            COLUMNS[indicator],
        ),
        row["value"],
        row["year"],
        definition=indicator,
        marks=marks(is_illustrative=row["is_illustrative"], obs_status=row["obs_status"]),
    )


def _position(context: Context, cluster: Row) -> Section:
    title = context.text("position")
    rows: list[list[Cell]] = []
    for indicator in POSITION:
        peers = context.data.peers(indicator, cluster["country_code"])
        own = peers.get(cluster["cluster_id"])
        if own is None or len(peers) < LEAST_CLUSTERS:
            continue
        how = scale([row["value"] for row in peers.values()], own["unit_code"])
        if how.unit == "ratio":
            how = TENTHS
        first = max(peers.values(), key=lambda row: (row["value"], row["cluster_code"]))
        middle = median(row["value"] for row in peers.values())
        rows.append(
            [
                context.measure(indicator),
                context.unit(how.unit),
                _peer_figure(context, own, how),
                context.rank(own),
                _peer_figure(context, first, how),
                _middle(first, middle, how, own),
                indicator,
            ]
        )
    if not rows:
        return section("position", title, Paragraph((context.text("no_position"),)))
    columns = [
        context.words_column("measure"),
        context.words_column("unit"),
        Column(context.text("own")),
        Column(context.text("place")),
        Column(context.text("best")),
        Column(context.text("median")),
        context.words_column("definition"),
    ]
    return section(
        "position",
        title,
        _strip(context, cluster),
        context.table("position", title, columns, rows),
    )


def _middle(first: Row, value: float, how: Scale, own: Row) -> Figure:
    indicator = own["indicator_code"]
    return Figure(
        key=key(Kind.CLUSTERS, own["country_code"], own["year"], COLUMNS[indicator]),
        value=value / how.divisor,
        unit=how.unit,
        digits=max(how.digits, 1) if value != int(value) and how.divisor == 1 else how.digits,
        year=own["year"],
        definition=indicator,
        marks=marks(is_illustrative=first["is_illustrative"]),
    )


def _strip(context: Context, cluster: Row) -> Drawing | None:
    peers = context.data.peers(DRAWN_POSITION, cluster["country_code"])
    if cluster["cluster_id"] not in peers or len(peers) < LEAST_CLUSTERS:
        return None
    unit = peers[cluster["cluster_id"]]["unit_code"]
    how = scale([row["value"] for row in peers.values()], unit)
    figures = {code: _peer_figure(context, row, how) for code, row in peers.items()}
    names = {
        code: context.label(years[context.data.year])
        for code, years in context.data.clusters.items()
    }
    drawn = context.draw(
        pictures.position_strip,
        [datum(code, names.get(code, code), figure) for code, figure in figures.items()],
        cluster["cluster_id"],
        context.caption(context.measure(DRAWN_POSITION), how.unit),
        context.language,
    )
    return drawing("position", drawn, figures.values())
