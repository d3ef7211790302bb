"""Files that must not be believed, and what the warehouse has to say about each of them.

Every file is made from a specimen, so that only the poison is wrong with it. Files of one office
speak of different years: no two of them can meet but those that shall.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from tests.poison import containers
from tests.specimens import build
from tests.specimens.names import KAZAKHSTAN

MAX_FILE_BYTES = 50_000_000
"""What the run takes at most; only `too_large.csv` is larger."""
QUIET_SECONDS = 3600.0
"""All files but `growing.json` are older than that."""
PAGE = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Busy</body></html>"
Make = Callable[[Path], object]


@dataclass(frozen=True)
class Poison:
    """One file and what must become of it.

    Attributes:
        what: The poison in words, for the table in the documentation.
        file: Name in the inbox.
        make: Writes the file.
        outcome: Outcome of the file.
        code: Error code of the file, or of the refused cells of an accepted one.
        place: Sheet and cell that the message names.
        says: Further texts in the message.
        cells: Refused cells of an accepted file.
        shown: The name as it is shown, when that is another one.
        is_kept: Whether the archive has the bytes.
    """

    what: str
    file: str
    make: Make
    outcome: str
    code: str = ""
    place: str = ""
    says: tuple[str, ...] = ()
    cells: int = 0
    shown: str = ""
    is_kept: bool = field(default=True)

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return self.shown or self.file


# specimens with one change


def portal(*years: int, change: Callable[[dict[str, Any]], None] | None = None) -> Make:
    """An answer of the Belstat portal, changed."""

    def make(path: Path) -> None:
        build.portal_wage(path, years, unpublished=())
        if change:
            answer = json.loads(path.read_text(encoding="utf-8"))
            change(answer)
            path.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")

    return make


def bulletin(year: int, month: int, change: Callable[[Worksheet], None] | None = None) -> Make:
    """A wage bulletin of one month, changed with openpyxl."""

    def make(path: Path) -> None:
        build.wage_bulletin(path, year=year, month=month)
        if change:
            workbook = openpyxl.load_workbook(path)
            change(workbook.worksheets[0])
            build.save_xlsx(workbook, path)

    return make


def then(make: Make, *changes: Callable[[Path], object]) -> Make:
    """Make a file, then do something to its bytes."""

    def both(path: Path) -> None:
        make(path)
        for change in changes:
            change(path)

    return both


def population(years: tuple[int, ...], change: Callable[[openpyxl.Workbook], None]) -> Make:
    """Population of Kazakhstan, three sheets whose figures sum three ways, changed."""

    def make(path: Path) -> None:
        regions = [region for region in KAZAKHSTAN if region != "KZ-51"]
        build.kz_population(path, years=years, regions=regions, value=build.kz_population_value)
        workbook = openpyxl.load_workbook(path)
        change(workbook)
        build.save_xlsx(workbook, path)

    return make


def put(address: str, value: object, number_format: str = "") -> Callable[[Worksheet], None]:
    """Another content in one cell."""

    def change(sheet: Worksheet) -> None:
        sheet[address] = value
        if number_format:
            sheet[address].number_format = number_format

    return change


def brest(text: str) -> Callable[[dict[str, Any]], None]:
    """Another text as the first value of the Brest region."""
    return lambda answer: answer["tableRows"][1][1].update(value=text)


def header(position: int, text: str) -> Callable[[dict[str, Any]], None]:
    """Another text over one column of a portal answer."""

    def change(answer: dict[str, Any]) -> None:
        answer["tableHeader"][0][position] = text

    return change


def written(content: bytes) -> Make:
    """Plain bytes."""
    return lambda path: path.write_bytes(content)


# containers


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/media/image1.xml", bytes(120_000_000))


def _with_strings(path: Path, strings: bytes) -> None:
    """Add shared strings to a workbook, named where readers look for them."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rS" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    named = containers.in_part("xl/_rels/workbook.xml.rels", b"</Relationships>", relation.encode())
    containers.rezip(path, named, {"xl/sharedStrings.xml": strings})


def _understated(path: Path) -> None:
    _with_strings(path, b"<sst><si><t>" + b"a" * 30_000_000 + b"</t></si></sst>")
    containers.understate(path, "xl/sharedStrings.xml")


def _entities(before: bytes) -> Callable[[Path], object]:
    bomb = b"<sst><si><t>&l9;</t></si></sst>"
    return lambda path: _with_strings(path, before + containers.ENTITIES + bomb)


def _formatted_rows(path: Path) -> None:
    """Excel's last row is number 1 048 576; somebody coloured the column down to it."""

    def part(name: str, old: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return old
        rows = (f'<row r="{n}"><c r="B{n}" s="1"/></row>' for n in range(20, 1_048_577))
        return old.replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>", 1)

    containers.rezip(path, part)


def _password_xls(path: Path) -> None:
    """The record FILEPASS among the first of the workbook says that all others are encrypted."""
    build.rosstat_innovation(path)
    content = path.read_bytes()
    at = content.index(b"\x09\x08")  # BOF, then another record
    at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    path.write_bytes(content[:at] + b"\x2f\x00" + content[at + 2 :])


def _external(path: Path) -> None:
    build.wage_bulletin(path, year=2019, month=3, numbers="formula")


def _text_as_workbook(path: Path) -> None:
    path.write_text("Уважаемые коллеги, файл пришлём завтра.\n", encoding="utf-8")


def _not_json_inside(answer: dict[str, Any]) -> None:
    answer["tableRows"] = [1, "two", None]


# names and places


def _outside(path: Path) -> None:
    secret = path.parent.parent.parent / "outside.json"
    build.portal_wage(secret, (1995,), unpublished=())
    path.symlink_to(secret)


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nothing here")


def _growing(path: Path) -> None:
    portal(1996)(path)


def _too_large(path: Path) -> None:
    with path.open("wb") as out:
        out.truncate(MAX_FILE_BYTES + 1)


# layouts


def _without_heading(answer: dict[str, Any]) -> None:
    answer["tableHeaderDimColumns"] = [""]


def _without_headers(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row >= 5:
            sheet.unmerge_cells(str(merged))
    sheet.delete_rows(5, 3)


def _second_header(sheet: Worksheet) -> None:
    """The header is printed again in the middle of the table, as at a page break."""
    sheet.insert_rows(12, 3)
    for row in (5, 6, 7):
        for column in range(2, 7):
            sheet.cell(row + 7, column).value = sheet.cell(row, column).value


def _unknown_region(answer: dict[str, Any]) -> None:
    answer["tableRows"][2][0]["value"] = "Атлантическая область"


def _doubled_region(answer: dict[str, Any]) -> None:
    row = json.loads(json.dumps(answer["tableRows"][3]))
    row[1]["value"] = "1,5"
    answer["tableRows"].append(row)


def _lookalikes(answer: dict[str, Any]) -> None:
    """Latin letters that look like Cyrillic ones: nobody sees them, and no name is equal."""
    latin = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
    for row in answer["tableRows"]:
        row[0]["value"] = row[0]["value"].translate(latin)


def _slid_row(workbook: openpyxl.Workbook) -> None:
    """One region's figures slid by one column to the right."""
    sheet = workbook["Все население"]
    values = [sheet.cell(5, column).value for column in (2, 3, 4)]
    for column, value in zip((2, 3, 4), [values[2], *values[:2]], strict=True):
        sheet.cell(5, column).value = value


def _slid_table(workbook: openpyxl.Workbook) -> None:
    """All figures slid by one column to the left; every sum still closes."""
    for sheet in workbook.worksheets:
        for row in range(1, sheet.max_row + 1):
            values = [sheet.cell(row, column).value for column in (2, 3, 4)]
            if isinstance(values[0], int) and values[0] > 2100:
                for column, value in zip((2, 3), values[1:], strict=True):
                    sheet.cell(row, column).value = value


def _negative(workbook: openpyxl.Workbook) -> None:
    """A count below zero; the total is adjusted, so that the sums close."""
    for name in ("Все население", "Мужчины"):
        sheet = workbook[name]
        rows = {str(sheet.cell(row, 1).value).strip(): row for row in range(1, 30)}
        region, total = rows[KAZAKHSTAN["KZ-71"]], rows[KAZAKHSTAN["KZ"]]
        lost = sheet.cell(region, 2).value + 1
        sheet.cell(region, 2).value = -1
        sheet.cell(total, 2).value -= lost


def _open_total(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Женщины"]
    row = next(
        row for row in range(7, 20) if str(sheet.cell(row, 1).value).strip() == KAZAKHSTAN["KZ"]
    )
    sheet.cell(row, 3).value += 1000


def innovation(years: tuple[int, ...], marked_from: int, notes: bool) -> Make:
    """The innovation table of Rosstat, with or without the footnotes that explain its marks."""

    def make(path: Path) -> None:
        build.rosstat_innovation(path, years=years, split_year=None, marked_from=marked_from)
        if not notes:
            _without_note_three(path)

    return make


def _without_note_three(path: Path) -> None:
    from xlrd import open_workbook

    source = open_workbook(str(path), formatting_info=True)
    target = xlwt.Workbook(encoding="utf-8")
    for sheet in source.sheets():
        copy = target.add_sheet(sheet.name)
        merged = {(top, left): (bottom, right) for top, bottom, left, right in sheet.merged_cells}
        for row in range(sheet.nrows):
            for column in range(sheet.ncols):
                value = sheet.cell_value(row, column)
                if value == "" or str(value).startswith("3) "):
                    continue
                if (row, column) in merged:
                    bottom, right = merged[row, column]
                    copy.write_merge(row, bottom - 1, column, right - 1, value)
                else:
                    copy.write(row, column, value)
    build.save_xls(target, path)


def kz_wage(encoding: str) -> Make:
    """Wages of Kazakhstan as a text, in an encoding."""

    def make(path: Path) -> None:
        lines = [
            "Среднемесячная номинальная заработная плата одного работника, тенге "
            "(иллюстративные данные)",
            "Регион\t2018 год\t2019 год",
            "Республика Казахстан\t155 702\t180 340",
            "Акмолинская область\t132 179\t152 816",
            "г. Алматы\t183 941\t214 837",
        ]
        build.write_text(path, lines, encoding)

    return make


def _broken_utf8(path: Path) -> None:
    content = path.read_bytes()
    at = content.index("Алматы".encode())
    path.write_bytes(content[: at + 1] + b"\xff\xfe" + content[at + 3 :])


def _short_row(path: Path) -> None:
    lines = path.read_text().splitlines()
    lines[4] = lines[4].rsplit("\t", 1)[0]
    path.write_text("\n".join(lines))


def _saved_again(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    workbook.properties.creator = "somebody else"
    workbook.save(path)


def _contradiction(answer: dict[str, Any]) -> None:
    """Two of fourteen values are other ones than in the file before: no new edition looks so."""
    for row in (2, 3):
        answer["tableRows"][row][1]["value"] = "9 999,9"


GOOD: dict[str, Make] = {
    "good/laender.csv": build.german_industries,
    "good/pop_regions.xlsx": population((2018, 2019, 2020), lambda _: None),
    "good/wage.json": portal(2021, 2022),
}
"""Three sound files that arrive together with all the poison."""

RU_BULLETIN = "Лист1"

POISONS: tuple[Poison, ...] = (
    # the container
    Poison("empty file", "in/empty.xlsx", written(b""), "refused", "file_empty"),
    Poison(
        "nothing but blanks", "in/blank.csv", written(b" \r\n\t\r\n"), "no_contract", "no_contract"
    ),
    Poison(
        "zip cut off in the middle",
        "in/truncated.xlsx",
        then(bulletin(2019, 1), lambda p: containers.truncate(p, 0.6)),
        "refused",
        "file_damaged",
    ),
    Poison(
        "one byte of a zip flipped",
        "in/flipped.xlsx",
        then(bulletin(2019, 2), lambda p: containers.damage(p, "xl/worksheets/sheet1.xml")),
        "refused",
        "file_damaged",
    ),
    Poison(
        "old workbook cut off",
        "in/truncated.xls",
        then(build.rosstat_innovation, lambda p: containers.truncate(p, 0.5)),
        "refused",
        "file_damaged",
    ),
    Poison(
        "workbook with a password",
        "in/password.xlsx",
        written(containers.encrypted_package()),
        "refused",
        "file_encrypted",
    ),
    Poison(
        "old workbook with a password",
        "in/password.xls",
        _password_xls,
        "refused",
        "file_encrypted",
    ),
    Poison(
        "zip with a password",
        "in/locked.xlsx",
        then(bulletin(2019, 4), containers.lock_zip),
        "refused",
        "file_encrypted",
    ),
    Poison(
        "error page named .xlsx", "in/page.xlsx", written(PAGE), "refused", "file_is_a_web_page"
    ),
    Poison(
        "error page named .json",
        "in/page.json",
        written(b"\n" + PAGE),
        "refused",
        "file_is_a_web_page",
    ),
    Poison(
        "log-in page behind a comment",
        "in/login.csv",
        written(b"\xef\xbb\xbf<!-- build 7 -->\n<html><form></form></html>"),
        "refused",
        "file_is_a_web_page",
    ),
    Poison("letter named .xlsx", "in/letter.xlsx", _text_as_workbook, "no_contract", "no_contract"),
    Poison(
        "PDF named .xlsx",
        "in/paper.xlsx",
        written(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        "refused",
        "file_damaged",
        says=("PDF",),
    ),
    Poison("workbook named .csv", "in/bulletin.csv", bulletin(2019, 5), "accepted"),
    Poison("zip bomb", "in/bomb.xlsx", then(bulletin(2019, 6), _bomb), "refused", "file_too_large"),
    Poison(
        "zip bomb that understates its size",
        "in/quiet_bomb.xlsx",
        then(bulletin(2019, 7), _understated),
        "refused",
        "file_damaged",
    ),
    Poison(
        "XML entity bomb",
        "in/entities.xlsx",
        then(bulletin(2019, 8), _entities(b"")),
        "refused",
        "file_damaged",
        says=("DOCTYPE",),
    ),
    Poison(
        "XML entity bomb behind a long comment",
        "in/late_entities.xlsx",
        then(bulletin(2019, 9), _entities(b"<!--" + b" " * 9000 + b"-->")),
        "refused",
        "file_damaged",
        says=("DOCTYPE",),
    ),
    Poison(
        "1 048 576 empty formatted rows",
        "in/formatted.xlsx",
        then(bulletin(2019, 10), _formatted_rows),
        "accepted",
    ),
    Poison(
        "stray figure in the last cell of the sheet",
        "in/stray.xlsx",
        bulletin(2019, 11, put("XFD1048576", 1)),
        "refused",
        "file_too_large",
        place=RU_BULLETIN,
    ),
    Poison(
        "JSON cut off",
        "in/truncated.json",
        then(portal(1997), lambda p: containers.truncate(p, 0.7)),
        "refused",
        "file_damaged",
    ),
    Poison(
        "JSON nested 100 000 deep",
        "in/deep.json",
        written(b"[" * 100_000),
        "refused",
        "file_damaged",
    ),
    Poison(
        "portal answer with rows of another shape",
        "in/shape.json",
        portal(1998, change=_not_json_inside),
        "refused",
        "file_damaged",
        place="/tableRows/0",
    ),
    Poison(
        "broken UTF-8",
        "in/broken_utf8.tsv",
        then(kz_wage("utf-8"), _broken_utf8),
        "refused",
        "encoding_unknown",
    ),
    Poison("CP1251", "in/cp1251.tsv", kz_wage("cp1251"), "accepted"),
    Poison(
        "quote that never closes",
        "in/quote.csv",
        written(b'region;2020\n"Bayern;5\n'),
        "refused",
        "file_damaged",
    ),
    Poison(
        "row that ends early",
        "in/lfst_r_lfe2en2.tsv",
        then(build.eurostat_employment, _short_row),
        "refused",
        "file_damaged",
        place="A5",
    ),
    Poison(
        "table that nobody has described",
        "in/unknown.csv",
        written(b"year,region,wells\n2020,Mars,3\n"),
        "no_contract",
        "no_contract",
    ),
    # names and places
    Poison(
        "name with ../",
        "in/x\\..\\..\\wage.json",
        portal(1999),
        "refused",
        "file_name_unsafe",
        is_kept=False,
    ),
    Poison(
        "name with a line break",
        "in/a\nb.json",
        portal(1999),
        "refused",
        "file_name_unsafe",
        shown="in/a\\u000ab.json",
        is_kept=False,
    ),
    Poison(
        "name that reads backwards",
        "in/wage\u202egpj.json",
        portal(1999),
        "refused",
        "file_name_unsafe",
        shown="in/wage\\u202egpj.json",
        is_kept=False,
    ),
    Poison(
        "link out of the inbox",
        "in/link.json",
        _outside,
        "refused",
        "file_outside_inbox",
        is_kept=False,
    ),
    Poison(
        "link to nothing",
        "in/dangling.json",
        _dangling,
        "refused",
        "file_outside_inbox",
        is_kept=False,
    ),
    Poison(
        "pipe instead of a file",
        "in/pipe.json",
        os.mkfifo,
        "refused",
        "file_unreadable",
        is_kept=False,
    ),
    Poison(
        "file still growing",
        "in/growing.json",
        _growing,
        "refused",
        "file_still_growing",
        is_kept=False,
    ),
    Poison(
        "file larger than allowed",
        "in/too_large.csv",
        _too_large,
        "refused",
        "file_too_large",
        is_kept=False,
    ),
    # the layout
    Poison(
        "no header over the labels",
        "in/no_heading.json",
        portal(2000, change=_without_heading),
        "refused",
        "header_not_found",
    ),
    Poison(
        "no header over the figures",
        "in/no_header.xlsx",
        bulletin(2018, 1, _without_headers),
        "refused",
        "header_not_found",
        place=RU_BULLETIN,
    ),
    Poison(
        "two headers",
        "in/two_headers.xlsx",
        bulletin(2018, 2, _second_header),
        "refused",
        "cell_unexplained",
        place=RU_BULLETIN,
    ),
    Poison(
        "one year over two columns",
        "in/two_years.json",
        portal(2001, 2002, change=header(1, "2001")),
        "refused",
        "key_duplicate",
    ),
    Poison(
        "figure beside the table",
        "in/beside.xlsx",
        bulletin(2018, 3, put("L30", 5)),
        "refused",
        "cell_unexplained",
        place="Лист1 › Лист1!L30",
    ),
    Poison(
        "unknown region",
        "in/region.json",
        portal(2003, change=_unknown_region),
        "accepted",
        "name_unknown",
        place="/tableRows/2/0/value",
        says=("Атлантическая",),
        cells=1,
    ),
    Poison(
        "one region twice with different figures",
        "in/twice.json",
        portal(2004, change=_doubled_region),
        "accepted",
        "key_duplicate",
        place="/tableRows/3/1/value",
        cells=1,
    ),
    Poison(
        "one row shifted by a column",
        "in/pop_slid_row.xlsx",
        population((2022, 2023, 2024), _slid_row),
        "quarantined",
        "check_failed",
        place="Все население!",
    ),
    Poison(
        "whole table shifted by a column",
        "in/pop_slid_table.xlsx",
        population((2018, 2019, 2020), _slid_table),
        "quarantined",
        "check_failed",
        place="Все население!",
    ),
    # values
    Poison(
        "text where a number is due",
        "in/text.json",
        portal(2005, change=brest("с 1 января - 7000 тенге")),
        "accepted",
        "number_unreadable",
        place="/tableRows/1/1/value",
        says=("7000 тенге",),
        cells=1,
    ),
    Poison(
        "footnote mark glued to a number, no footnote",
        "in/mark.json",
        portal(2006, change=brest("1 633,21)")),
        "accepted",
        "mark_unknown",
        place="/tableRows/1/1/value",
        cells=1,
    ),
    Poison(
        "year 20223) without its footnote",
        "in/year_mark.xls",
        innovation((2021, 2022), 2022, False),
        "accepted",
        "mark_unknown",
        place="1!C4",
        cells=1,
    ),
    Poison(
        "year 20243) with its footnote",
        "in/year_noted.xls",
        innovation((2023, 2024), 2024, True),
        "accepted",
    ),
    Poison(
        "year 20210)",
        "in/year.json",
        portal(2007, 2008, change=header(1, "20210)")),
        "accepted",
        "header_unreadable",
        place="/tableHeader/0/1",
        cells=1,
    ),
    Poison(
        "negative count",
        "in/pop_negative.xlsx",
        population((2025, 2026), _negative),
        "quarantined",
        "check_failed",
        place="!B",
        says=("population -1",),
    ),
    Poison(
        "total that does not close",
        "in/pop_total.xlsx",
        population((2027, 2028), _open_total),
        "quarantined",
        "check_failed",
        place="Женщины!C",
    ),
    Poison(
        "mixed decimal signs",
        "in/signs.json",
        portal(2009, change=brest("1 234.5")),
        "refused",
        "number_sign_mixed",
        place="/tableRows/0/1/value",
    ),
    Poison(
        "formula without a stored value",
        "in/formula.xlsx",
        bulletin(2018, 4, put("C9", "=1+1")),
        "accepted",
        "formula_without_value",
        place="Лист1!C9",
        cells=1,
    ),
    Poison("formula to another workbook", "in/external.xlsx", _external, "accepted"),
    Poison(
        "cell with #REF!",
        "in/error.xlsx",
        bulletin(2018, 5, put("C9", "#REF!")),
        "accepted",
        "cell_error",
        place="Лист1!C9",
        cells=1,
    ),
    Poison(
        "date where a number is due",
        "in/date.xlsx",
        bulletin(2018, 6, put("C9", datetime(2018, 7, 1), "yyyy-mm-dd")),
        "accepted",
        "number_unreadable",
        place="Лист1!C9",
        cells=1,
    ),
    Poison(
        "figure shown as per cent",
        "in/per_cent.xlsx",
        bulletin(2018, 7, put("C9", 0.5, "0%")),
        "accepted",
        "unit_unknown",
        place="Лист1!C9",
        cells=1,
    ),
    Poison(
        "Latin letters that look Cyrillic",
        "in/lookalike.json",
        portal(2010, change=_lookalikes),
        "accepted",
    ),
    # the same again
    Poison(
        "the same bytes under another name", "in/wage_copy.json", portal(2021, 2022), "unchanged"
    ),
    Poison(
        "the same cells saved again",
        "in/pop_saved_again.xlsx",
        then(population((2018, 2019, 2020), lambda _: None), _saved_again),
        "unchanged",
    ),
    Poison(
        "other figures for the same cells",
        "in/wage_other.json",
        portal(2021, 2022, change=_contradiction),
        "quarantined",
        "check_failed",
        place="/tableRows/2/1/value",
    ),
)
"""All poison, in the order of the table in the documentation."""


def fill(inbox: Path) -> None:
    """Write the good files and all poison into an inbox, and let all but one look old."""
    for name, make in {**GOOD, **{poison.file: poison.make for poison in POISONS}}.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
        if not path.is_symlink() and "growing" not in name:
            os.utime(path, (1_600_000_000, 1_600_000_000))
