"""The samples: the same bytes each time, sums that close, printed errors kept, kinds kept apart."""

from __future__ import annotations

import hashlib
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.specimens import illustrative, make_samples, reports
from warehouse.readers import Sheet, detect_format, read

SHARED = Path(
    os.environ.get("WAREHOUSE_SHARED_DATA", make_samples.SAMPLES.parents[1] / "shared" / "data")
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    make_samples.make(out)
    return out


def sheets(path: Path) -> tuple[Sheet, ...]:
    return read(path, detect_format(path)).sheets


def texts(path: Path) -> list[str]:
    return [str(cell) for sheet in sheets(path) for cell in sheet.raw.ravel() if cell]


def number(cell: object) -> Decimal | None:
    text = str(cell).replace("\u00a0", "").replace(",", ".")
    try:
        return Decimal(text).quantize(Decimal("0.1"))
    except ArithmeticError:
        return None


def table(sheet: Sheet, label: str = "") -> dict[str, list[Decimal | None]]:
    """Rows with numbers by label, below the row that says `label` where one is given."""
    rows: dict[str, list[Decimal | None]] = {}
    is_open = not label
    for row in sheet.raw.tolist():
        name = str(row[0] or "").strip()
        if name == label:
            is_open = True
            continue
        values = [number(cell) for cell in row[1:]]
        if is_open and any(value is not None for value in values) and name not in ("", "Регион"):
            if name in rows:
                break
            rows[name] = values
    return rows


def assert_closes(rows: dict[str, list[Decimal | None]]) -> None:
    total, *parts = rows.values()
    assert len(parts) >= 6
    for column, value in enumerate(total):
        if value is not None:
            assert value == sum((row[column] or Decimal(0)) for row in parts), column


def assert_activities_close(
    rows: dict[str, list[Decimal | None]], names: dict[str, str] = make_samples.ACTIVITIES
) -> None:
    industry = {name: rows[name] for name in (names[code] for code in make_samples.INDUSTRY)}
    assert rows[names["BCDE"]] == [
        sum((row[column] or Decimal(0) for row in industry.values()), Decimal(0))
        if value is not None
        else None
        for column, value in enumerate(rows[names["BCDE"]])
    ]
    assert_closes({name: row for name, row in rows.items() if name not in industry})


def test_made_twice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    make_samples.make(tmp_path)
    for name in make_samples.FILES:
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize("name", sorted(make_samples.FILES))
def test_the_committed_sample_is_what_the_script_makes(made: Path, name: str) -> None:
    committed = make_samples.SAMPLES / name
    if name.endswith(".xlsx"):  # compressors differ, contents may not
        assert members(committed) == members(made / name)
    else:
        assert committed.read_bytes() == (made / name).read_bytes()


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert all(info.date_time == (2026, 1, 1, 0, 0, 0) for info in archive.infolist())
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_other_file_lies_among_the_samples() -> None:
    found = {
        path.relative_to(make_samples.SAMPLES).as_posix()
        for path in make_samples.SAMPLES.rglob("*")
        if path.is_file()
    }
    assert found == set(make_samples.FILES) | set(reports.files())


def test_every_sample_is_described() -> None:
    readme = (make_samples.SAMPLES.parent / "docs" / "samples.md").read_text(encoding="utf-8")
    assert [name for name in make_samples.FILES if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name", sorted(illustrative.tables()))
def test_made_figures_are_those_of_the_generator(name: str) -> None:
    committed = (illustrative.FACTS / name).read_text(encoding="utf-8")
    assert committed == illustrative.render(illustrative.tables()[name])


def test_a_fact_file_holds_either_published_or_made_figures() -> None:
    for path in sorted(illustrative.FACTS.glob("*.csv")):
        flags = {row["is_illustrative"] for row in illustrative.read(path)}
        assert flags == {"1" if path.name.startswith("illustrative_") else "0"}, path.name


@pytest.mark.parametrize("name", sorted(make_samples.FILES))
def test_made_figures_say_so_in_name_title_and_note(made: Path, name: str) -> None:
    says = [text for text in texts(made / name) if "ллюстративные данные" in text]
    if "illustrative" in name:
        sheet_count = len(sheets(made / name))
        assert sum("(иллюстративные данные)" in text for text in says) == sheet_count
        assert sum(text.startswith("Примечание. Иллюстративные") for text in says) == sheet_count
    else:
        assert says == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("belarus-illustrative/sme_by_region_illustrative.xlsx", ""),
        ("belarus-illustrative/population_grp_illustrative.xlsx", "Все население"),
        ("belarus-illustrative/population_grp_illustrative.xlsx", "Городское население"),
        ("belarus-illustrative/population_grp_illustrative.xlsx", "Сельское население"),
        ("kazakhstan-illustrative/sme_by_region_illustrative.csv", ""),
        ("kazakhstan-illustrative/grp_by_region_illustrative.xls", ""),
        ("kz-bns/population_2018-2023.xlsx", ""),
        ("papers/paper-002_tables-1-2.xlsx", ""),
    ],
)
def test_the_regions_sum_to_the_country(made: Path, name: str, label: str) -> None:
    assert_closes(table(sheets(made / name)[0], label))


def test_the_grp_of_belarus_sums_until_it_is_not_published(made: Path) -> None:
    path = made / "belarus-illustrative/population_grp_illustrative.xlsx"
    rows = table(sheets(path)[1], "млн руб.")
    assert_closes(rows)
    assert [row[-1] for row in rows.values()] == [None] * len(rows)


def test_employment_of_belarus_sums_over_regions_and_activities(made: Path) -> None:
    path = made / "belarus-illustrative/employment_by_activity_illustrative.xlsx"
    for sheet in sheets(path):
        rows = table(sheet)
        assert_activities_close(rows)
        for label, (country, *regions) in rows.items():
            assert country == sum(value or 0 for value in regions), (sheet.name, label)


def test_employment_of_kazakhstan_sums_over_regions_and_activities(made: Path) -> None:
    (sheet,) = sheets(made / "kazakhstan-illustrative/employment_by_activity_illustrative.xlsx")
    names = [name for code, name in make_samples.KAZAKHSTAN.items() if code != "KZ-51"]
    blocks = {name: table(sheet, name) for name in names}
    for block in blocks.values():
        assert_activities_close(block, make_samples.ACTIVITIES_KAZAKHSTAN)
    country, *regions = blocks.values()
    for label, values in country.items():
        for column, value in enumerate(values):
            assert value == sum(block[label][column] or Decimal(0) for block in regions), label


def test_regions_of_kazakhstan_start_when_they_came_into_being(made: Path) -> None:
    (sheet,) = sheets(made / "kazakhstan-illustrative/grp_by_region_illustrative.xls")
    raw = {str(row[0]).strip(): row[1:] for row in sheet.raw.tolist() if row[0]}
    assert raw["Абай"][:5] == ["-"] * 5 and all(isinstance(v, float) for v in raw["Абай"][5:])
    assert raw["Туркестанская 1"][0] == "-" and isinstance(raw["Туркестанская 1"][1], float)
    assert isinstance(raw["Южно-Казахстанская"][0], float)
    assert raw["Южно-Казахстанская"][1:] == ["-"] * 6


def test_the_planted_total_is_off_by_what_was_planted(made: Path) -> None:
    (sheet,) = sheets(made / "with-errors/sme_wrong_total_illustrative.xlsx")
    total, *parts = table(sheet).values()
    gaps = [
        value - sum(row[column] or 0 for row in parts)
        for column, value in enumerate(total)
        if value is not None
    ]
    assert gaps == [0, make_samples.WRONG_TOTAL[1]]


def test_the_planted_name_stands_in_one_row(made: Path) -> None:
    known = set(make_samples.KAZAKHSTAN_FULL.values())
    (sheet,) = sheets(made / "with-errors/wage_unknown_region_illustrative.tsv")
    assert set(table(sheet)) - known == {make_samples.WRONG_NAME[1]}
    (good,) = sheets(made / "kazakhstan-illustrative/wage_by_region_illustrative.tsv")
    assert set(table(good)) <= known


def test_the_errors_that_the_papers_print_are_kept(made: Path) -> None:
    figure = table(sheets(made / "papers/paper-003_figure-1.xlsx")[0])
    tourism = figure["Туристический кластер (объем оказанных услуг)"]
    assert tourism[1:3] == [Decimal("2925.0"), Decimal("36500.0")]
    rows = {str(r[0]): r for r in sheets(made / "papers/paper-003_figure-1.xlsx")[0].raw.tolist()}
    assert rows["Мебельный кластер"][4] == pytest.approx(0.88)
    assert rows["Фармацевтический кластер (название утрачено в источнике)"][2] == "28\u00a0663"
    outputs = [row[1] for row in figure.values() if row[1]]
    assert sum(outputs) == Decimal("245690.0")  # the paper prints 264.9 thousand million
    assert "264,9" in texts(made / "papers/paper-003_figure-1.xlsx")


def test_paper_002_prints_changes_that_follow_from_the_levels(made: Path) -> None:
    first, second = sheets(made / "papers/paper-002_tables-1-2.xlsx")
    for sheet, count in ((first, 8), (second, 4)):
        rows = table(sheet)
        assert len(rows) == count
        for label, (before, after, change) in rows.items():
            assert before is not None and after is not None
            assert change == after - before, label


def test_the_encodings_are_those_of_offices(made: Path) -> None:
    csv = (made / "kazakhstan-illustrative/sme_by_region_illustrative.csv").read_bytes()
    assert "Акмолинская область;46\u00a0179".encode("cp1251") in csv
    assert csv.count(b"\r\n") == csv.count(b"\n") == 27


@pytest.mark.shared
def test_no_sample_is_a_copy_of_a_real_file() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no real files at {SHARED}: this check did not run")
    real = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in SHARED.rglob("*")
        if path.is_file()
    }
    assert real
    for name in make_samples.FILES:
        digest = hashlib.sha256((make_samples.SAMPLES / name).read_bytes()).hexdigest()
        assert digest not in real, name
