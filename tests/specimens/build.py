"""Small files in the layouts of real offices, with figures of our own.

Each function writes one file and returns its path. The layouts are those that offices publish;
the figures come from `figure` or from the caller, so that a test can say what a cell must give.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import openpyxl
import xlwt
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from tests.specimens.names import BELARUS, KAZAKHSTAN

NBSP = "\u00a0"
ZIP_DATE = (2026, 1, 1, 0, 0, 0)
SAVED_AT = b"2026-01-01T00:00:00Z"
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)(?: t="n")?><v>([^<]*)</v></c>')


def figure(*key: object, low: float, high: float, digits: int = 0) -> Decimal:
    """A made figure between `low` and `high`, the same for the same key."""
    text = "|".join(str(part) for part in key)
    share = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return Decimal(repr(low + (high - low) * share)).quantize(Decimal(1).scaleb(-digits))


def ru(value: Decimal | int, group: str = NBSP) -> str:
    """A number as Russian texts print it: grouped thousands, decimal comma."""
    return f"{value:,}".replace(",", group).replace(".", ",")


# writing workbooks


def save_xlsx(
    workbook: openpyxl.Workbook,
    path: Path,
    formulas: Callable[[str, str], str | None] | None = None,
) -> Path:
    """Save so that the same cells give the same bytes.

    `formulas` turns sheet file and cell address into a formula that is put before the stored
    number, which then is its cached value.
    """
    raw = io.BytesIO()
    workbook.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + SAVED_AT, content)
            if formulas and name.startswith("xl/worksheets/"):
                content = _with_formulas(content, Path(name).name, formulas)
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return path


def _with_formulas(content: bytes, sheet: str, formulas: Callable[[str, str], str | None]) -> bytes:
    def put(match: re.Match[bytes]) -> bytes:
        address, style, value = match.groups()
        formula = formulas(sheet, address.decode())
        if formula is None:
            return match.group(0)
        return b'<c r="%b"%b><f>%b</f><v>%b</v></c>' % (address, style, formula.encode(), value)

    return _CELL.sub(put, content)


def put(sheet: Worksheet, row: int, column: int, value: Any, number_format: str = "") -> None:
    """One cell; decimals are stored as numbers and shown with their own digits."""
    cell = sheet.cell(row, column)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) else 0
        cell.value = float(value) if digits else int(value)
        cell.number_format = number_format or ("#,##0." + "0" * digits if digits else "#,##0")
        return
    cell.value = value
    if isinstance(value, str) and "\n" in value:
        cell.alignment = Alignment(wrap_text=True)


def put_row(sheet: Worksheet, row: int, values: Sequence[Any], column: int = 1) -> None:
    """Cells of one row; `None` leaves a cell empty."""
    for offset, value in enumerate(values):
        if value is not None:
            put(sheet, row, column + offset, value)


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Merge a range, one-based and inclusive."""
    sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def put_xls(sheet: xlwt.Worksheet, row: int, values: Sequence[Any], column: int = 0) -> None:
    """Cells of one row of an old workbook, zero-based; decimals keep their digits as format."""
    for offset, value in enumerate(values):
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            digits = -exponent if isinstance(exponent, int) else 0
            style = xlwt.XFStyle()
            style.num_format_str = "#,##0." + "0" * digits if digits else "#,##0"
            sheet.write(row, column + offset, float(value), style)
        elif value is not None:
            sheet.write(row, column + offset, value)


def save_xls(workbook: xlwt.Workbook, path: Path) -> Path:
    """Save an old workbook; xlwt writes no time of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(str(path))
    return path


def write_text(path: Path, lines: Sequence[str], encoding: str = "utf-8", end: str = "\n") -> Path:
    """Lines as bytes in an encoding, each with the given end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return path


# Belarus: portal answers and the monthly wage bulletin

Level = Literal[0, 1, 2]


def portal_json(
    path: Path,
    *,
    title: str,
    years: Sequence[int],
    rows: Sequence[tuple[Sequence[tuple[str, Level]], Sequence[str | None]]],
    dimensions: Sequence[str] = ("Территория Республики Беларусь",),
) -> Path:
    """An answer of the data portal: rows are members with their levels, then printed values."""
    answer = {
        "tableName": title,
        "tableHeader": [[str(year) for year in years]],
        "tableHeaderDimColumns": list(dimensions),
        "tableRows": [
            [
                *({"value": name, "level": level} for name, level in members),
                *({"value": value, "level": 0} for value in values),
            ]
            for members, values in rows
        ],
    }
    return write_text(path, [json.dumps(answer, ensure_ascii=False, indent=1)])


def portal_wage(
    path: Path,
    years: Sequence[int] = (2021, 2022, 2023),
    regions: Sequence[str] = tuple(BELARUS),
    *,
    raions: Mapping[str, Sequence[str]] | None = None,
    unpublished: Sequence[int] = (2023,),
) -> Path:
    """Nominal wage by territory; `raions` are printed under their oblast, without «район»."""

    def values(region: str) -> list[str | None]:
        return [
            None if year in unpublished else ru(portal_wage_value(region, year)) for year in years
        ]

    rows: list[tuple[Sequence[tuple[str, Level]], Sequence[str | None]]] = []
    for region in regions:
        rows.append(([(BELARUS[region], 0 if region == "BY" else 1)], values(region)))
        for raion in (raions or {}).get(region, ()):
            rows.append(([(raion, 2)], values(f"{region}/{raion}")))
    title = (
        "Номинальная начисленная среднемесячная заработная плата по территории Республики Беларусь"
    )
    return portal_json(path, title=title, years=years, rows=rows)


def portal_wage_value(region: str, year: int) -> Decimal:
    """The figure of `portal_wage`: BYN a month."""
    return figure("portal wage", region, year, low=900, high=3500, digits=1)


WAGE_ACTIVITIES = (
    "Всего",
    "Сельское, лесное и рыбное хозяйство",
    "растениеводство и животноводство,\nохота и предоставление услуг в этих\nобластях",
    "растениеводство",
    "животноводство",
    "Промышленность",
    "горнодобывающая промышленность",
    "обрабатывающая промышленность",
    "производство продуктов питания,\nнапитков и табачных изделий",
    "Строительство",
    "Информация и связь",
    "Образование",
)
"""Labels of the wage bulletin with their hard line breaks."""

MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def wage_bulletin(
    path: Path,
    *,
    year: int = 2024,
    month: int = 6,
    previous_month: bool = False,
    numbers: Literal["number", "text", "formula"] = "number",
    activities: Sequence[str] = WAGE_ACTIVITIES,
) -> Path:
    """The monthly wage bulletin: two measures, under each the month and January to the month.

    `previous_month` prints one month more; `numbers` are stored numbers, texts with NBSP (the
    wages only, as the office does), or formulas to another workbook with cached values.
    """
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Лист1"
    for row, text in enumerate(
        (
            "Номинальная начисленная и реальная заработная плата",
            "работников Республики Беларусь",
            "по видам экономической деятельности",
        ),
        start=1,
    ):
        put(sheet, row, 2, text)
    periods = wage_periods(month, previous_month=previous_month)
    count = len(periods)
    measures = (
        "Номинальная начисленная\nсреднемесячная\nзаработная плата,\nрублей",
        f"Реальная заработная\nплата,{NBSP}в{NBSP}процентах\nк{NBSP}соответствующему\n"
        "периоду предыдущего\nгода",
    )
    for index, measure in enumerate(measures):
        left = 3 + index * count
        put(sheet, 5, left, measure)
        merge(sheet, 5, left, 5, left + count - 1)
        put_row(sheet, 6, periods, left)
        put_row(sheet, 7, [f"{year} г."] * count, left)
    merge(sheet, 5, 2, 7, 2)
    for row in (1, 2, 3):
        merge(sheet, row, 2, row, 2 + 2 * count)
    for row, label in enumerate(activities, start=8):
        put(sheet, row, 2, label)
        for index, period in enumerate(periods):
            wage = wage_value(label, period, year)
            put(sheet, row, 3 + index, ru(wage) if numbers == "text" else wage)
            put(sheet, row, 3 + count + index, real_wage_value(label, period, year))

    def formula(_: str, address: str) -> str:
        return f"'[1]первичные данные'!{address}"

    return save_xlsx(workbook, path, formula if numbers == "formula" else None)


def wage_periods(month: int, *, previous_month: bool = False) -> list[str]:
    """Period headers of the bulletin as printed, with its odd blanks."""
    single = MONTHS[month - 1]
    periods = [single] if month == 1 else [single, f"январь{NBSP}– \n{single}"]
    return [MONTHS[month - 2], *periods] if previous_month else periods


def wage_value(label: str, period: str, year: int) -> Decimal:
    """BYN a month."""
    return figure("wage", label, period, year, low=1100, high=7900, digits=1)


def real_wage_value(label: str, period: str, year: int) -> Decimal:
    """Per cent of the same period of the year before."""
    return figure("real wage", label, period, year, low=96, high=131, digits=1)


# Kazakhstan: stacked blocks of population


Cell = tuple[str, str, str, int]
"""Sex, locality, region and year."""


def kz_population(
    path: Path,
    *,
    years: Sequence[int],
    regions: Sequence[str],
    value: Callable[[str, str, str, int], str | None],
    notes: Sequence[str] = (),
    marks: Mapping[str, str] | None = None,
) -> Path:
    """Three sheets; men and women have blocks for all, urban and rural population.

    `value` gives the printed text of sex, locality, region and year: a number, «-», or None where
    the row is absent. `marks` are footnote digits printed behind a region's name.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    labels = {region: f"{KAZAKHSTAN[region]}{(marks or {}).get(region, '')}" for region in regions}
    labels["KZ"] = KAZAKHSTAN["KZ"] + " "

    def block(sheet: Worksheet, row: int, sex: str, locality: str) -> int:
        for region in regions:
            printed = [value(sex, locality, region, year) for year in years]
            if any(text is not None for text in printed):
                numbers = [Decimal(text) if text and text.isdecimal() else text for text in printed]
                put_row(sheet, row, [labels[region], *numbers])
                row += 1
        return row

    first = workbook.create_sheet("Все население")
    put_row(first, 1, years, 2)
    block(first, 2, "_T", "_T")
    for sex, name, title in (("M", "Мужчины", "мужчин"), ("F", "Женщины", "женщин")):
        sheet = workbook.create_sheet(name)
        width = len(years) + 1
        put(sheet, 2, 1, f"Численность {title} по регионам Республики Казахстан")
        merge(sheet, 2, 1, 2, width)
        put(sheet, 5, max(width - 2, 2), "человек, на начало года")
        merge(sheet, 5, max(width - 2, 2), 5, width)
        put_row(sheet, 6, years, 2)
        row = 7
        for locality, header in (
            ("_T", name),
            ("URB", "Городское население"),
            ("RUR", "Сельское население"),
        ):
            put(sheet, row, 1, header)
            merge(sheet, row, 1, row, width)
            row = block(sheet, row + 1, sex, locality)
        for note in notes:
            put(sheet, row, 1, note)
            merge(sheet, row, 1, row, width)
            row += 1
    return save_xlsx(workbook, path)


KZ_CITIES = ("KZ-71", "KZ-75", "KZ-79")


def kz_population_value(sex: str, locality: str, region: str, year: int) -> str | None:
    """Made population in which regions, sexes and localities sum; new regions start with «-»."""
    if region == "KZ":
        parts = (kz_population_value(sex, locality, part, year) for part in list(KAZAKHSTAN)[1:])
        return _sum(text for text in parts if text and text.isdecimal())
    if region == "KZ-51" or (locality == "RUR" and region in KZ_CITIES):
        return None
    if region in ("KZ-10", "KZ-33", "KZ-62") and year < 2022:
        return "-"
    if sex == "_T":
        return _sum(kz_population_value(part, locality, region, year) for part in ("M", "F"))
    if locality == "_T":
        localities = ("URB",) if region in KZ_CITIES else ("URB", "RUR")
        return _sum(kz_population_value(sex, part, region, year) for part in localities)
    return str(figure("kz population", sex, locality, region, year, low=90_000, high=600_000))


def _sum(texts: Iterable[str | None]) -> str:
    return str(sum(int(text) for text in texts if text))


# Russia: innovation activity and shipments


ROSSTAT_REGIONS = (
    "Российская Федерация",
    "  Центральный федеральный округ",
    "Белгородская область",
    "Брянская область",
    "  Северо-Западный федеральный округ",
    "Республика Карелия",
    "Архангельская область",
    "  в том числе Ненецкий автономный  округ",
    "г.  Севастополь 2)",
    "Чукотский автономный округ",
)


def rosstat_innovation(
    path: Path,
    *,
    years: Sequence[int] = tuple(range(2015, 2025)),
    regions: Sequence[str] = ROSSTAT_REGIONS,
    split_year: int | None = 2017,
    marked_from: int = 2022,
    absent: Mapping[tuple[str, int], str] | None = None,
    extra_columns: int = 2,
) -> Path:
    """Innovation activity by region: footnote marks in headers, one year on two methodologies.

    `absent` prints a symbol («-», «…», blank) instead of the figure of a region and year. Some
    figures carry all digits of a division, as in the office's file.
    """
    workbook = xlwt.Workbook(encoding="utf-8")
    contents = workbook.add_sheet("Содержание")
    contents.write(1, 1, "СОДЕРЖАНИЕ:")
    contents.write(2, 0, 1)
    contents.write(2, 1, "Уровень инновационной активности организаций, по субъектам")
    sheet = workbook.add_sheet("1")
    columns: list[tuple[int, str]] = []
    for year in years:
        columns += [(year, "3"), (year, "4")] if year == split_year else [(year, "")]
    width = len(columns) + extra_columns
    sheet.write(0, 0, "К содержанию")
    title = "Уровень инновационной активности организаций1), по субъектам Российской Федерации"
    sheet.write_merge(1, 1, 0, len(columns), title)
    sheet.write_merge(2, 2, 1, len(columns), "(процентов)")
    sheet.write_merge(3, 4, 0, 0, "")
    for column, (year, edition) in enumerate(columns, start=1):
        header: object = f"{year}3)" if year >= marked_from else year
        if edition:
            sheet.write(4, column, f"по критериям \n{edition}-й редакции \nРуководства \nОсло")
            if edition == "3":
                sheet.write_merge(3, 3, column, column + 1, header)
        else:
            sheet.write_merge(3, 4, column, column, header)
    for row, region in enumerate(regions, start=5):
        sheet.write(row, 0, region)
        for column, (year, edition) in enumerate(columns, start=1):
            symbol = (absent or {}).get((region, year))
            value = innovation_value(region, year, edition) if symbol is None else symbol
            sheet.write(row, column, value)
    sheet.write(5, width, "")
    last = 5 + len(regions)
    notes = (
        "1) По данным формы № 4-инновация.",
        "2) Данные публикуются, начиная с отчета за 2014 год.",
        "3) Без учета данных по отдельным территориям.",
        '"-" - явление отсутствует.',
        '"…" данных не имеется.',
    )
    for offset, note in enumerate(notes, start=1):
        sheet.write_merge(last + offset, last + offset, 0, len(columns), note)
    return save_xls(workbook, path)


def innovation_value(region: str, year: int, edition: str = "") -> float:
    """Per cent; from 2020 on with all digits of a division."""
    key = ("innovation", region.strip(), year, edition)
    if year >= 2020 or edition == "4":
        part = figure(*key, "part", low=20, high=200)
        return float(part) / float(figure(*key, "of", low=900, high=1700)) * 100
    return float(figure(*key, low=3, high=25, digits=1))


SHIPMENT_SECTIONS = {
    "1": "Добыча полезных ископаемых",
    "2": "Обрабатывающие производства",
    "3": "Производство и распределение электроэнергии, газа и воды",
}
SHIPMENT_REGIONS = (
    "Российская Федерация ",
    "Центральный федеральный округ",
    "Белгородская область",
    "Костромская область",
    "Южный федеральный округ 2",
    "Краснодарский край",
    "Дальневосточный федеральный округ",
    "Чукотский авт.округ",
)
SHIPMENT_PARTS = {
    "Российская Федерация": (SHIPMENT_REGIONS[1], SHIPMENT_REGIONS[4], SHIPMENT_REGIONS[6]),
    "Центральный федеральный округ": SHIPMENT_REGIONS[2:4],
    "Южный федеральный округ 2": SHIPMENT_REGIONS[5:6],
    "Дальневосточный федеральный округ": SHIPMENT_REGIONS[7:],
}
"""Totals to their parts: the made figures of all default regions sum."""


def rosstat_shipments(
    path: Path,
    *,
    years: Sequence[int] = tuple(range(2005, 2011)),
    regions: Sequence[str] = SHIPMENT_REGIONS,
    text_years_until: int = 2007,
    confidential: Sequence[tuple[str, str, int]] = (("1", "Костромская область", 2009),),
    symbols: Mapping[tuple[str, str, int], str] | None = None,
) -> Path:
    """Shipments, one sheet for each section: years as text and as number, «… 3» where confidential.

    `symbols` prints another text («…», «-», blank) for a sheet, region and year.
    """
    workbook = openpyxl.Workbook()
    contents = workbook.active
    contents.title = "Содержание"
    put(contents, 3, 2, "Объем отгруженных товаров по субъектам Российской Федерации")
    for name, section in SHIPMENT_SECTIONS.items():
        sheet = workbook.create_sheet(name)
        put(sheet, 1, 1, "К содержанию")
        put(
            sheet,
            2,
            1,
            "Объем отгруженных товаров собственного производства, выполненных работ и услуг "
            f'собственными силами по виду экономической деятельности "{section}" по субъектам '
            "Российской Федерации 1\n (млн.руб.)",
        )
        merge(sheet, 2, 1, 2, 1 + len(years))
        headers = [str(year) if year <= text_years_until else year for year in years]
        put_row(sheet, 3, headers, 2)
        for row, region in enumerate(regions, start=4):
            put(sheet, row, 1, region)
            for column, year in enumerate(years, start=2):
                key = (name, region, year)
                text = "… 3" if key in confidential else (symbols or {}).get(key)
                put(sheet, row, column, shipment_value(*key) if text is None else text)
        last = 4 + len(regions)
        notes = [
            "1 Данные приведены по юридическим лицам по фактическим видам деятельности.",
            "2 С 2014 года с учетом отдельных территорий.",
        ]
        if any(section == name for section, _, _ in confidential):
            notes.append("3 Данные не публикуются в целях обеспечения конфиденциальности.")
        for offset, note in enumerate(notes):
            put(sheet, last + offset, 1, note)
            merge(sheet, last + offset, 1, last + offset, 1 + len(years))
    return save_xlsx(workbook, path)


def shipment_value(section: str, region: str, year: int) -> Decimal:
    """Million roubles."""
    parts = SHIPMENT_PARTS.get(region.strip(), ())
    if parts:
        return Decimal(sum(shipment_value(section, part, year) for part in parts))
    return figure("shipments", section, region.strip(), year, low=300, high=90_000)


# Eurostat and Germany


EUROSTAT_REGIONS = ("AT", "AT1", "AT11", "AT12", "AT2", "AT21")
EUROSTAT_ACTIVITIES = ("A", "B-E", "TOTAL")


def eurostat_employment(
    path: Path,
    *,
    years: Sequence[int] = (2015, 2014, 2013),
    regions: Sequence[str] = EUROSTAT_REGIONS,
    activities: Sequence[str] = EUROSTAT_ACTIVITIES,
    ages: Sequence[str] = ("Y15-24",),
    flags: Mapping[tuple[str, str, str, int], str] | None = None,
    missing: Sequence[tuple[str, str, str, int]] = (),
) -> Path:
    r"""Bulk TSV, old style: composite first column, descending years, flags behind values.

    `flags` and `missing` are keyed by activity, age, region and year.
    """
    lines = ["unit,nace_r2,age,geo\\time\t" + "\t".join(f"{year} " for year in years)]
    for activity in activities:
        for age in ages:
            for region in regions:
                cells = []
                for year in years:
                    key = (activity, age, region, year)
                    text = ":" if key in missing else str(eurostat_value(*key))
                    flag = (flags or {}).get(key, "")
                    cells.append(f"{text} {flag}")
                lines.append(f"THS,{activity},{age},{region}\t" + "\t".join(cells))
    return write_text(path, lines)


def eurostat_value(activity: str, age: str, region: str, year: int) -> Decimal:
    """Thousand persons; the made figures of all default regions and activities sum."""
    if activity == "TOTAL":
        return Decimal(
            sum(eurostat_value(part, age, region, year) for part in EUROSTAT_ACTIVITIES[:-1])
        )
    parts = [
        part
        for part in EUROSTAT_REGIONS
        if part.startswith(region) and len(part) == len(region) + 1
    ]
    if parts:
        return Decimal(sum(eurostat_value(activity, age, part, year) for part in parts))
    return figure("eurostat", activity, age, region, year, low=2, high=400, digits=1)


GERMAN_REGIONS = {
    "BW": ("Baden-Wuerttemberg", 10_880_000, "35676.76"),
    "BY": ("Bayern", 12_840_000, "70551.57"),
    "HB": ("Bremen", 671_000, "419.37"),
}
GERMAN_ACTIVITIES = {
    "WZ08-B": "Bergbau und Gewinnung von Steinen und Erden",
    "WZ08-C": "Verarbeitendes Gewerbe",
    "WZ08-E": "Wasserversorg.,Entsorg.,Beseitig.v.Umweltverschm.",
}


def german_industries(
    path: Path,
    *,
    year: int = 2015,
    regions: Sequence[str] = tuple(GERMAN_REGIONS),
    activities: Sequence[str] = tuple(GERMAN_ACTIVITIES),
) -> Path:
    """Long CSV: firms and employees by region and activity; population and area on every row."""
    lines = ["year,region,region_code,ind_code,ind_name,firms,emp_all,pop,area_sqkm"]
    for region in regions:
        name, people, area = GERMAN_REGIONS[region]
        for activity in activities:
            label = GERMAN_ACTIVITIES[activity]
            label = f'"{label}"' if "," in label else label
            firms = german_value("firms", region, activity)
            employees = german_value("employees", region, activity)
            lines.append(
                f"{year}.0,{name},{region},{activity},{label},"
                f"{firms}.0,{employees}.0,{people}.0,{area}"
            )
    return write_text(path, lines)


def german_value(measure: Literal["firms", "employees"], region: str, activity: str) -> Decimal:
    """Firms, or employees in whole hundreds."""
    low, high = (200, 40_000) if measure == "firms" else (20, 15_000)
    value = figure("german", measure, region, activity, low=low, high=high)
    return value if measure == "firms" else value * 100
