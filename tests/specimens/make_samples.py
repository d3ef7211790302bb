"""Makes `samples/` from the facts beside it: `python tests/specimens/make_samples.py [--out DIR]`.

Each file imitates the layout of a real bulletin. Published figures and made ones never share a
file: made ones say «иллюстративные данные» in the title, in a note and in the file name.
The same facts give the same files, byte for byte. What each file is: `docs/samples.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.specimens import reports
from tests.specimens.build import (
    NBSP,
    kz_population,
    merge,
    portal_json,
    put,
    put_row,
    put_xls,
    ru,
    save_xls,
    save_xlsx,
    write_text,
)
from tests.specimens.illustrative import FACTS, read
from tests.specimens.names import (
    ACTIVITIES,
    ACTIVITIES_KAZAKHSTAN,
    BELARUS,
    CLUSTERS,
    INDUSTRY,
    KAZAKHSTAN,
)

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MADE = "(иллюстративные данные)"
MADE_NOTE = (
    "Примечание. Иллюстративные данные: составлены для примера, нигде не опубликованы "
    "и не описывают действительное положение."
)
BELARUS_SHORT = {code: name.replace("область", "обл.") for code, name in BELARUS.items()}
KAZAKHSTAN_FULL = {
    code: name if code == "KZ" or name.startswith("г. ") else f"{name} область"
    for code, name in KAZAKHSTAN.items()
} | {"KZ-10": "область Абай", "KZ-33": "область Жетісу", "KZ-62": "область Улытау"}


class Table:
    """One fact file, looked up by indicator, region, activity, breakdown and year."""

    def __init__(self, name: str) -> None:
        self.rows = read(FACTS / name)
        self._value = {
            (
                row["indicator"],
                row["region"],
                row["activity"],
                row["breakdown"],
                int(row["year"]),
            ): row["value"]
            for row in self.rows
        }

    def text(
        self, indicator: str, region: str, year: int, *, activity: str = "", breakdown: str = ""
    ) -> str | None:
        """The figure as printed; None where the table has none."""
        return self._value.get((indicator, region, activity, breakdown, year))

    def number(
        self, indicator: str, region: str, year: int, *, activity: str = "", breakdown: str = ""
    ) -> Decimal | None:
        """The figure as a number; None where the table has none."""
        text = self.text(indicator, region, year, activity=activity, breakdown=breakdown)
        return Decimal(text.replace(NBSP, "").replace(",", ".")) if text else None

    def years(self) -> list[int]:
        """All years of the table."""
        return sorted({int(row["year"]) for row in self.rows})


def new_book(*sheet_names: str) -> tuple[openpyxl.Workbook, list[Worksheet]]:
    """A workbook with named sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    return workbook, [workbook.create_sheet(name) for name in sheet_names]


def title(sheet: Worksheet, row: int, text: str, width: int) -> None:
    """A bold title merged over the table."""
    put(sheet, row, 1, text)
    merge(sheet, row, 1, row, width)
    sheet.cell(row, 1).font = Font(bold=True)
    sheet.cell(row, 1).alignment = Alignment(horizontal="center", wrap_text=True)
    sheet.column_dimensions["A"].width = 44


def put_signed(sheet: Worksheet, row: int, column: int, text: str | None) -> None:
    """A printed change as a number whose format shows the sign: +3395, –40."""
    value = Decimal(str(text).replace("–", "-").replace(",", "."))
    shape = "0.0" if value.as_tuple().exponent else "0"
    put(sheet, row, column, value, f"+{shape};–{shape}")


def put_percent(sheet: Worksheet, row: int, column: int, text: str | None) -> None:
    """A printed «34%» as a number with a per-cent format."""
    cell = sheet.cell(row, column, float(Decimal(str(text).rstrip("%")) / 100))
    cell.number_format = "0%"


def notes(sheet: Worksheet, row: int, texts: Sequence[str], width: int) -> None:
    """Footnotes below the table, merged over its width."""
    for offset, text in enumerate(texts):
        put(sheet, row + offset, 1, text)
        merge(sheet, row + offset, 1, row + offset, width)


# the papers, as printed


def paper_002(path: Path) -> Path:
    """Tables 1 and 2: counts and shares of small and medium business, changes beside them."""
    workbook, (first, second) = new_book("Таблица 1", "Таблица 2")
    counts, shares = Table("paper_002_table_1.csv"), Table("paper_002_table_2.csv")
    title(
        first,
        1,
        "Таблица 1 – Уровень предпринимательской активности населения "
        "и его изменение в 2016–2019 гг.",
        4,
    )
    put_row(
        first,
        3,
        [
            "Регион",
            "Количество МСП на конец года, единиц",
            None,
            "Изменение количества к 2016 г., единиц",
        ],
    )
    put_row(first, 4, ["2016 г.", "2019 г.", "2019 г."], 2)
    for box in ((3, 1, 4, 1), (3, 2, 3, 3)):
        merge(first, *box)
    for row, (region, name) in enumerate(BELARUS_SHORT.items(), start=5):
        put_row(
            first,
            row,
            [
                name,
                counts.text("sme_count", region, 2016),
                counts.text("sme_count", region, 2019),
            ],
        )
        change = counts.text("sme_count_change", region, 2019, breakdown="from=2016")
        put_signed(first, row, 4, change)
    notes(first, 14, ["Источник: статья 002, таблица 1."], 4)
    title(
        second,
        1,
        "Таблица 2 – Вклад малого и среднего предпринимательства в основные экономические "
        "показатели по Республике Беларусь, %",
        4,
    )
    put_row(second, 3, ["Показатель", "2016 г.", "2019 г.", "Изменение, п. п."])
    labels = {
        "sme_share_gdp": "Валовой внутренний продукт",
        "sme_share_gva": "Валовая добавленная стоимость",
        "sme_share_revenue": "Выручка от реализации продукции, товаров, работ, услуг",
        "sme_share_industrial_output": "Объем промышленного производства",
    }
    for row, (indicator, label) in enumerate(labels.items(), start=4):
        put_row(
            second,
            row,
            [
                label,
                shares.text(indicator, "BY", 2016),
                shares.text(indicator, "BY", 2019),
            ],
        )
        change = shares.text(indicator, "BY", 2019, breakdown="change_from=2016")
        put_signed(second, row, 4, change)
    notes(second, 9, ["Источник: статья 002, таблица 2."], 4)
    return save_xlsx(workbook, path)


def paper_003_tables(path: Path) -> Path:
    """Tables 1 and 2: use of computers and the Internet by organisations; an old workbook."""
    workbook = xlwt.Workbook(encoding="utf-8")
    shares, counts = Table("paper_003_table_1.csv"), Table("paper_003_table_2.csv")
    first = workbook.add_sheet("Табл. 1")
    years = shares.years()
    first.write_merge(0, 0, 0, len(years), "Таблица 1")
    first.write_merge(
        1,
        1,
        0,
        len(years),
        "Показатели использования информационно-коммуникационных технологий "
        "организациями Казахстана, в процентах",
    )
    put_xls(first, 3, ["Показатели использования ИКТ", *(str(year) for year in years)])
    labels = {
        "ict_computer_share": "Доля организаций, использующих компьютеры",
        "ict_internet_share": "Доля организаций, имеющих доступ к сети Интернет",
    }
    for row, (indicator, label) in enumerate(labels.items(), start=4):
        put_xls(first, row, [label, *(shares.text(indicator, "KZ", year) for year in years)])
    put_xls(first, 7, ["Источник: статья 003, таблица 1."])
    second = workbook.add_sheet("Табл. 2")
    years = counts.years()
    second.write_merge(0, 0, 0, len(years), "Таблица 2")
    second.write_merge(
        1,
        1,
        0,
        len(years),
        "Количество организаций Республики Казахстан, использующих сеть Интернет "
        "(с учетом организаций государственного управления)",
    )
    put_xls(second, 3, ["Динамика по Казахстану", *years])
    values = [counts.text("ict_internet_org_count", "KZ", year) for year in years]
    put_xls(second, 4, ["Республика Казахстан", *values])
    put_xls(second, 6, ["Источник: статья 003, таблица 2."])
    return save_xls(workbook, path)


def paper_003_figure(path: Path) -> Path:
    """Figure 1 as a table, printed errors included; the printed totals on a sheet of their own."""
    workbook, (first, second) = new_book("Рис. 1", "Итоги")
    figures = Table("paper_003_figure_1.csv")
    title(
        first,
        1,
        "Рис. 1. Возможный эффект от ключевых проектов в кластерах Республики Казахстан. "
        "Объем производства",
        6,
    )
    put_row(first, 3, ["Кластер", "Регион", "Объем производства продукции, млн тенге"])
    put_row(first, 3, ["Рост к 2020 г., %", "Эффект проектов кластеров, %"], 5)
    put_row(first, 4, ["факт", "прогноз", "прогноз", "прогноз"], 3)
    put_row(first, 5, ["2020 г.", "2024 г.", "2024 г.", "2024 г."], 3)
    for box in ((3, 1, 5, 1), (3, 2, 5, 2), (3, 3, 3, 4)):
        merge(first, *box)
    for row, (cluster, (name, place, region)) in enumerate(CLUSTERS.items(), start=6):
        actual = f"cluster={cluster};scenario=actual"
        forecast = f"cluster={cluster};scenario=forecast"
        growth = figures.text(
            "cluster_output_growth", region, 2024, breakdown=f"{forecast};from=2020"
        )
        put_row(
            first,
            row,
            [
                name,
                place,
                figures.text("cluster_output", region, 2020, breakdown=actual),
                figures.text("cluster_output", region, 2024, breakdown=forecast),
            ],
        )
        effect = figures.text("cluster_project_effect", region, 2024, breakdown=forecast)
        put_percent(first, row, 5, growth)
        put_percent(first, row, 6, effect)
    notes(first, 13, ["Источник: статья 003, рисунок 1."], 6)
    title(second, 1, "Объем производства в отобранных кластерах, млрд тенге", 3)
    put_row(second, 3, ["", "факт", "прогноз"])
    put_row(second, 4, ["2020 г.", "2024 г."], 2)
    put_row(
        second,
        5,
        [
            "Всего по кластерам",
            figures.text("cluster_output", "KZ", 2020, breakdown="cluster=_T;scenario=actual"),
            figures.text("cluster_output", "KZ", 2024, breakdown="cluster=_T;scenario=forecast"),
        ],
    )
    notes(second, 7, ["Источник: статья 003, рисунок 1."], 3)
    return save_xlsx(workbook, path)


# published by the offices


def belstat_portal(path: Path, facts: str, indicator: str, heading: str) -> Path:
    """An answer of the data portal for the country, its oblasts and Minsk."""
    table = Table(facts)
    years = table.years()
    rows = []
    for region, name in BELARUS.items():
        values = [table.text(indicator, region, year) for year in years]
        if any(value is not None for value in values):
            level = 0 if region == "BY" else 1
            rows.append(([(name, level)], [value or None for value in values]))
    return portal_json(path, title=heading, years=years, rows=rows)


def belstat_wage(path: Path) -> Path:
    """Nominal wage by territory, 2026 not published."""
    return belstat_portal(
        path,
        "belstat_wage.csv",
        "wage_nominal",
        "Номинальная начисленная среднемесячная заработная плата по территории Республики Беларусь",
    )


def belstat_grp(path: Path) -> Path:
    """GRP per head by territory, last years not published."""
    return belstat_portal(
        path,
        "belstat_grp_per_capita.csv",
        "grp_per_capita",
        "Валовой региональный продукт на душу населения в текущих ценах "
        "по территории Республики Беларусь",
    )


def kazakhstan_population(path: Path) -> Path:
    """Population at the beginning of the year: all, men and women; urban and rural blocks."""
    table = Table("kz_population.csv")

    def value(sex: str, locality: str, region: str, year: int) -> str | None:
        return table.text("population", region, year, breakdown=f"sex={sex};locality={locality}")

    regions = [region for region in KAZAKHSTAN if region != "KZ-51"]
    return kz_population(path, years=table.years(), regions=regions, value=value)


# made figures


def belarus_sme(
    path: Path,
    *,
    years: Sequence[int],
    mark: str = "1)",
    change: Mapping[tuple[str, int], int] | None = None,
) -> Path:
    """Number of small and medium enterprises; the last year carries a footnote mark.

    `change` is added to a printed figure: this is how the file with a wrong total is made.
    """
    table = Table("illustrative_by_sme.csv")
    workbook, (sheet,) = new_book("МСП")
    width = len(years) + 1
    title(
        sheet,
        1,
        "Количество субъектов малого и среднего предпринимательства "
        f"по областям и г. Минску {MADE}",
        width,
    )
    put(sheet, 2, width, "единиц, на конец года")
    sheet.cell(2, width).alignment = Alignment(horizontal="right")
    put_row(sheet, 3, ["", *(str(year) for year in years[:-1]), f"{years[-1]}{mark}"])
    row = 4
    for region, name in BELARUS_SHORT.items():
        values = []
        for year in years:
            value = table.number("sme_count", region, year)
            extra = (change or {}).get((region, year), 0)
            values.append(None if value is None else ru(value + extra))
        put_row(sheet, row, [name, *values])
        row += 1
        if region == "BY":
            put(sheet, row, 1, "в том числе:")
            row += 1
    notes(sheet, row + 1, ["1) Предварительные данные.", MADE_NOTE], width)
    return save_xlsx(workbook, path)


def belarus_population_grp(path: Path) -> Path:
    """Population in stacked blocks with the unit in a corner cell, and GRP with «…» at the end."""
    people, product = Table("illustrative_by_population.csv"), Table("illustrative_by_grp.csv")
    workbook, (first, second) = new_book("Население", "ВРП")
    years = people.years()
    width = len(years) + 1
    title(first, 1, f"Численность населения на начало года по областям и г. Минску {MADE}", width)
    put_row(first, 3, ["человек", *(f"{year} г." for year in years)])
    row = 4
    for locality, header in (
        ("_T", "Все население"),
        ("URB", "Городское население"),
        ("RUR", "Сельское население"),
    ):
        put(first, row, 1, header)
        merge(first, row, 1, row, width)
        row += 1
        for region, name in BELARUS.items():
            values: list[Any] = [
                people.number("population", region, year, breakdown=f"locality={locality}")
                for year in years
            ]
            put_row(first, row, [name, *("-" if value is None else value for value in values)])
            row += 1
    notes(first, row + 1, ["«-» – явление отсутствует.", MADE_NOTE], width)
    title(
        second,
        1,
        f"Валовой региональный продукт в текущих ценах по областям и г. Минску {MADE}",
        width,
    )
    put_row(second, 3, ["млн руб.", *years])
    for row, (region, name) in enumerate(BELARUS_SHORT.items(), start=4):
        values = [product.number("grp", region, year) for year in years]
        put_row(second, row, [name, *("…" if value is None else ru(value) for value in values)])
    notes(second, 4 + len(BELARUS_SHORT) + 1, ["… – данные отсутствуют.", MADE_NOTE], width)
    return save_xlsx(workbook, path)


def belarus_employment(path: Path) -> Path:
    """A sheet for each year: activities down, the country and its regions across."""
    table = Table("illustrative_by_employment.csv")
    years = table.years()
    workbook, sheets = new_book(*(str(year) for year in years))
    width = len(BELARUS) + 1
    for sheet, year in zip(sheets, years, strict=True):
        title(
            sheet,
            1,
            f"Занятое население по видам экономической деятельности и областям в {year} году "
            f"{MADE}",
            width,
        )
        put(sheet, 2, width, "тысяч человек")
        put_row(sheet, 3, ["Вид экономической деятельности", BELARUS["BY"], "в том числе"])
        put_row(sheet, 4, [name for code, name in BELARUS_SHORT.items() if code != "BY"], 3)
        for box in ((3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 3, width)):
            merge(sheet, *box)
        for row, (activity, label) in enumerate(ACTIVITIES.items(), start=5):
            values = [
                table.number("employment", region, year, activity=activity) for region in BELARUS
            ]
            put_row(sheet, row, [label, *("-" if value is None else value for value in values)])
        last = 5 + len(ACTIVITIES)
        notes(sheet, last + 1, ["«-» – явление отсутствует.", MADE_NOTE], width)
    return save_xlsx(workbook, path)


def dashed(values: Sequence[Decimal | None]) -> list[str]:
    """Grouped numbers, «-» where the region did not exist."""
    return ["-" if value is None else ru(value) for value in values]


def kazakhstan_sme(path: Path) -> Path:
    """CSV as an office saves it: CP1251, semicolons, CR LF, blanks inside numbers."""
    table = Table("illustrative_kz_sme.csv")
    years = table.years()
    empty = ";" * len(years)
    lines = [
        "Количество действующих субъектов малого и среднего предпринимательства по регионам "
        f"Республики Казахстан {MADE}{empty}",
        f"единиц, на конец года{empty}",
        ";".join(["Регион", *(str(year) for year in years)]),
    ]
    for region in KAZAKHSTAN:
        values = [table.number("sme_count", region, year) for year in years]
        name = KAZAKHSTAN_FULL[region]
        lines.append(";".join([name, *dashed(values)]))
    lines += [f"«-» - регион не существовал в этом году{empty}", f"{MADE_NOTE}{empty}"]
    return write_text(path, lines, "cp1251", "\r\n")


def kazakhstan_wage(
    path: Path, *, years: Sequence[int], names: Mapping[str, str] | None = None
) -> Path:
    """TSV: average monthly nominal wage; `names` replaces printed names of regions."""
    table = Table("illustrative_kz_wage.csv")
    lines = [
        f"Среднемесячная номинальная заработная плата одного работника, тенге {MADE}",
        "\t".join(["Регион", *(f"{year} год" for year in years)]),
    ]
    for region, name in (KAZAKHSTAN_FULL | dict(names or {})).items():
        values = [table.number("wage_nominal", region, year) for year in years]
        if any(value is not None for value in values):
            lines.append("\t".join([name, *dashed(values)]))
    lines += ["«-» - регион не существовал в этом году", MADE_NOTE]
    return write_text(path, lines)


def kazakhstan_grp(path: Path) -> Path:
    """An old workbook: GRP with the unit in the corner and a footnote digit behind a name."""
    table = Table("illustrative_kz_grp.csv")
    years = table.years()
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("ВРП")
    heading = (
        f"Валовой региональный продукт по регионам Республики Казахстан в текущих ценах {MADE}"
    )
    sheet.write_merge(0, 0, 0, len(years), heading)
    put_xls(sheet, 2, ["млн тенге", *(f"{year} г." for year in years)])
    for row, region in enumerate(KAZAKHSTAN, start=3):
        values = [table.number("grp", region, year) for year in years]
        name = KAZAKHSTAN[region] + (" 1" if region == "KZ-61" else "")
        put_xls(sheet, row, [name, *("-" if value is None else value for value in values)])
    last = 3 + len(KAZAKHSTAN)
    put_xls(sheet, last + 1, ["1) До 19 июня 2018 года в составе Южно-Казахстанской области."])
    put_xls(sheet, last + 2, ["«-» – регион не существовал в этом году."])
    put_xls(sheet, last + 3, [MADE_NOTE])
    return save_xls(workbook, path)


def kazakhstan_employment(path: Path) -> Path:
    """One sheet of stacked blocks: a block for each region, activities down, years across."""
    table = Table("illustrative_kz_employment.csv")
    years = table.years()
    workbook, (sheet,) = new_book("Занятость")
    width = len(years) + 1
    title(
        sheet,
        1,
        f"Занятое население по видам экономической деятельности и регионам {MADE}",
        width,
    )
    put(sheet, 2, width, "тысяч человек")
    put_row(sheet, 3, ["", *years])
    row = 4
    for region, name in KAZAKHSTAN.items():
        if all(
            table.number("employment", region, year, activity="TOTAL") is None for year in years
        ):
            continue
        put(sheet, row, 1, name)
        merge(sheet, row, 1, row, width)
        for activity, label in ACTIVITIES_KAZAKHSTAN.items():
            row += 1
            values = [table.number("employment", region, year, activity=activity) for year in years]
            indent = "  " * ((activity != "TOTAL") + (activity in INDUSTRY))
            cells = ["-" if value is None else value for value in values]
            put_row(sheet, row, [indent + label, *cells])
        row += 1
    symbol = "«-» – явление отсутствует или регион не существовал в этом году."
    notes(sheet, row + 1, [symbol, MADE_NOTE], width)
    return save_xlsx(workbook, path)


# files with planted errors


WRONG_TOTAL = (("BY", 2019), 100)
"""Added to the country's printed total, so that it no longer is the sum of its regions."""
WRONG_NAME = ("KZ-55", "Павладарская область")


def wrong_total(path: Path) -> Path:
    """The table of Belarus for two earlier years; the total of the last one does not close."""
    return belarus_sme(path, years=(2018, 2019), change=dict([WRONG_TOTAL]))


def wrong_name(path: Path) -> Path:
    """The wages of Kazakhstan for 2024; the name of one region is misspelt."""
    return kazakhstan_wage(path, years=(2024,), names=dict([WRONG_NAME]))


def wage_until_2023(path: Path) -> Path:
    """The wages of Kazakhstan without mistakes."""
    return kazakhstan_wage(path, years=range(2018, 2024))


def sme_from_2020(path: Path) -> Path:
    """The table of Belarus without mistakes."""
    return belarus_sme(path, years=range(2020, 2026))


FILES: dict[str, Callable[[Path], Path]] = {
    "papers/paper-002_tables-1-2.xlsx": paper_002,
    "papers/paper-003_tables-1-2.xls": paper_003_tables,
    "papers/paper-003_figure-1.xlsx": paper_003_figure,
    "belstat/wage_by_region.json": belstat_wage,
    "belstat/grp_per_capita_by_region.json": belstat_grp,
    "kz-bns/population_2018-2023.xlsx": kazakhstan_population,
    "belarus-illustrative/sme_by_region_illustrative.xlsx": sme_from_2020,
    "belarus-illustrative/population_grp_illustrative.xlsx": belarus_population_grp,
    "belarus-illustrative/employment_by_activity_illustrative.xlsx": belarus_employment,
    "kazakhstan-illustrative/sme_by_region_illustrative.csv": kazakhstan_sme,
    "kazakhstan-illustrative/wage_by_region_illustrative.tsv": wage_until_2023,
    "kazakhstan-illustrative/grp_by_region_illustrative.xls": kazakhstan_grp,
    "kazakhstan-illustrative/employment_by_activity_illustrative.xlsx": kazakhstan_employment,
    "with-errors/sme_wrong_total_illustrative.xlsx": wrong_total,
    "with-errors/wage_unknown_region_illustrative.tsv": wrong_name,
}
"""Every sample and what makes it; those of clusters are in `reports.files()`."""


def make(out: Path) -> list[Path]:
    """Write all samples under `out`, but for the reports of clusters (`reports.py`)."""
    return [maker(out / name) for name, maker in FILES.items()]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLES)
    out = parser.parse_args().out
    for path in [*make(out), *reports.make(out)]:
        print(path)


if __name__ == "__main__":
    main()
