"""Figures of the marts led back to their cells, which are read again without our readers."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlrd

from tests.parsed import lay_parsed
from tests.shared import shared_data
from warehouse import archive, cli, explain, pipeline
from warehouse.errors import Code, WarehouseError
from warehouse.explain import KEY, Question
from warehouse.settings import PROJECT, Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = 20260301
TRACED = 200
COMPUTED_AGAIN = (
    "SPC_LQ",
    "SPC_SIZE",
    "SPC_FOCUS",
    "SPZ_HHI",
    "DSP_CV",
    "DSP_WILL",
    "DSP_THT",
    "DSP_THL",
    "DSP_GINI",
    "DSP_HOOV",
    "DSP_RATIO",
)
REAL = [
    "belstat/nach_sr_zarplata-2403.xlsx",
    "belstat/nach_sr_zarplata-2407.xlsx",
    "belstat/empl_person_10102000017_2010-2019.json",
    "belstat/belstat_net_oblast_2010-2019.json",
    "kazakhstan/pop_source.xlsx",
    "rosstat/innovations_1.xls",
    "rosstat/otgruzka_C_D_E_sub.xlsx",
    "lq/G.regions.industries.csv",
]
COUNTRIES = ("AT", "CZ", "PL")
SHARED = Path(os.environ.get("WAREHOUSE_SHARED_DATA") or PROJECT.parent / "shared" / "data")


def _real_files(folder: Path, inbox: Path) -> None:
    """The real files, of the 30 MB of Eurostat the lines of a few countries."""
    for name in REAL:
        shutil.copy(folder / name, inbox)
    with (folder / "eurostat/lfst_r_lfe2en2.tsv").open(encoding="utf-8") as source:
        lines = [next(source)]
        lines += [line for line in source if line.split("\t")[0].split(",")[-1][:2] in COUNTRIES]
    (inbox / "lfst_r_lfe2en2.tsv").write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One home for all: the samples, and beside them the real files where they are to be had."""
    folder = tmp_path_factory.mktemp("trace")
    inbox = folder / "inbox"
    reports = shutil.ignore_patterns("clusters", "report_*")  # traced by test_trace_clusters
    shutil.copytree(PROJECT / "samples", inbox / "samples", ignore=reports)
    if SHARED.is_dir():
        _real_files(SHARED, inbox)
    settings = lay_parsed(Settings(home=folder / "home"))
    pipeline.run(settings, inbox, now=NOW)
    return settings


@pytest.fixture
def real(samples: Settings) -> Settings:
    shared_data()
    return samples


def open_published(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.published), read_only=True)


@pytest.fixture(scope="session")
def input_cells(samples: Settings) -> str:
    """The relation of all inputs, a view, computed once for all tests: a Parquet file."""
    path = samples.home.parent / "input_cells.parquet"
    with open_published(samples) as connection:
        connection.execute(f"copy marts.mart_indicator_input to '{path}'")
    return f"read_parquet('{path}')"


def drawn(
    connection: duckdb.DuckDBPyConnection, input_cells: str, count: int, *, of_samples: bool
) -> pd.DataFrame:
    """Figures of every indicator, base measure and file, in turn, by a fixed seed."""
    figures = connection.sql(
        f"""
        select {", ".join(f"figure.{name}" for name in KEY)}, figure.value,
            min(obs.file_id) as file_id
        from marts.mart_indicator as figure
        inner join {input_cells} as input using ({", ".join(KEY)})
        inner join marts.fct_observation as obs
            on input.observation_id = obs.observation_id
        inner join marts.dim_source_file as file on obs.file_id = file.file_id
        where figure.value is not null
            and (figure.indicator_code = figure.base_indicator_code
                or figure.indicator_code in {COMPUTED_AGAIN})
        group by all
        having bool_and(starts_with(file.file_name, 'samples/') = {of_samples})
        order by all
        """  # noqa: S608
    ).df()
    chance = random.Random(SEED)
    strata = [
        chance.sample(list(group.index), min(len(group), count))
        for _, group in figures.groupby(["indicator_code", "base_indicator_code", "file_id"])
    ]
    turns = [place[turn] for turn in range(count) for place in strata if turn < len(place)]
    return figures.loc[turns[:count]].drop(columns="file_id").reset_index(drop=True)


def traced(
    connection: duckdb.DuckDBPyConnection, input_cells: str, figures: pd.DataFrame
) -> pd.DataFrame:
    connection.register("drawn", figures)
    return connection.sql(
        f"""
        select {", ".join(f"drawn.{name}" for name in KEY)}, drawn.value, input.role_code,
            input.input_region_code, input.input_activity_code, input.input_value,
            obs.value as printed_value, unit.multiplier, obs.value_printed, obs.cell, obs.file_id,
            obs.table_name, file.format_code
        from drawn
        inner join {input_cells} as input using ({", ".join(KEY)})
        inner join marts.fct_observation as obs on input.observation_id = obs.observation_id
        inner join marts.dim_unit as unit on obs.unit_code = unit.unit_code
        inner join marts.dim_source_file as file on obs.file_id = file.file_id
        order by all
        """  # noqa: S608
    ).df()


# the archived files once more, by other means than ours


@lru_cache(maxsize=64)
def _opened(path: Path, format_code: str) -> Any:
    if format_code == "xlsx":
        return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    if format_code == "xls":
        return xlrd.open_workbook(file_contents=path.read_bytes())
    if format_code == "belstat_portal":
        return json.loads(path.read_bytes())
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    first = text.splitlines()[0]
    sign = "\t" if "tsv" in format_code else max(",;", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))


def _place(address: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", address)
    assert found, address
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _pointed(document: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def read_again(settings: Settings, file_id: str, format_code: str, cell: str) -> Any:
    """What stands in the cell of the archived file."""
    opened = _opened(archive.archive_path(settings, file_id), format_code)
    if format_code == "belstat_portal":
        return _pointed(opened, cell)
    if format_code in ("xlsx", "xls"):
        sheet, address = cell.rsplit("!", 1)
        if format_code == "xlsx":
            return opened[sheet][address].value
        return opened.sheet_by_name(sheet).cell_value(*_place(address))
    row, column = _place(cell)
    return opened[row][column]


def is_printed(stored: Any, value_printed: str) -> bool:
    if isinstance(stored, (int, float)):
        return float(value_printed) == float(stored)
    return str("" if stored is None else stored).strip() == (value_printed or "").strip()


# the definitions once more, in plain numpy


def _of(role: str, inputs: pd.DataFrame) -> np.ndarray[Any, Any]:
    chosen = inputs[inputs["role_code"] == role].sort_values("input_region_code")
    return np.asarray(chosen["input_value"].to_numpy(float))


def _total(role: str, inputs: pd.DataFrame) -> float:
    return float(np.nansum(_of(role, inputs)))


def _disparity(indicator: str, method: str, inputs: pd.DataFrame) -> float:
    y = _of("member", inputs)
    if ";of=per_head;" in method:
        y = y / _of("population", inputs)
    weights = _of("weight", inputs) if ";weights=population" in method else np.ones_like(y)
    p = weights / weights.sum()
    mean = float((p * y).sum())
    r = y / mean
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.where(r > 0, np.log(r), 0.0)
    spread = float(np.sqrt((p * (r - 1) ** 2).sum()))
    pairs = np.abs(y[:, None] - y[None, :]) * p[:, None] * p[None, :]
    sample = np.sqrt(len(y) / (len(y) - 1)) if ";form=sample" in method else 1.0
    return {
        "DSP_CV": spread * sample,
        "DSP_WILL": spread,
        "DSP_THT": float((p * r * logarithm).sum()),
        "DSP_THL": float(-(p * logarithm).sum()),
        "DSP_GINI": float(pairs.sum() / (2 * mean)),
        "DSP_GINI_W": float(pairs.sum() / (2 * mean)),
        "DSP_HOOV": float(np.abs(p * r - p).sum() / 2),
        "DSP_SCHUTZ": float(np.abs(p * r - p).sum() / 2),
        "DSP_RATIO": float(y.max() / y.min()),
    }[indicator]


def recomputed(figure: pd.Series, inputs: pd.DataFrame) -> float:
    """The value of a figure by its definition, from the inputs it is traced to."""
    indicator = str(figure["indicator_code"])
    if indicator.startswith("DSP_"):
        return _disparity(indicator, str(figure["method_version"]), inputs)
    region_total = _total("region_total", inputs)
    if indicator == "SPZ_HHI":
        return float(np.nansum((_of("member", inputs) / region_total) ** 2))
    value = _total("value", inputs)
    if indicator == "SPC_FOCUS":
        return 100 * value / region_total
    if indicator == "SPC_SIZE":
        return 100 * value / _total("activity_total", inputs)
    if indicator == "SPC_LQ":
        reference = _total("activity_total", inputs) / _total("grand_total", inputs)
        return value / region_total / reference
    assert len(inputs[inputs["role_code"] == "value"]) == 1
    return value


def check_traces(settings: Settings, input_cells: str, *, of_samples: bool) -> pd.DataFrame:
    """Trace, read again, compute again; returns the figures that were drawn."""
    with open_published(settings) as connection:
        figures = drawn(connection, input_cells, TRACED, of_samples=of_samples)
        inputs = traced(connection, input_cells, figures)
    assert len(figures) == TRACED
    wrong = [
        (cell.file_id, cell.cell, cell.value_printed)
        for cell in inputs.drop_duplicates(["file_id", "cell"]).itertuples()
        if not is_printed(
            read_again(settings, cell.file_id, cell.format_code, cell.cell), cell.value_printed
        )
    ]
    assert wrong == []
    as_printed = inputs["printed_value"] * inputs["multiplier"]
    pd.testing.assert_series_equal(inputs["input_value"], as_printed, check_names=False, rtol=1e-12)
    groups = dict(list(inputs.groupby(list(KEY))))
    for _, figure in figures.iterrows():
        own = groups[tuple(figure[name] for name in KEY)]
        expected = recomputed(figure, own[own["role_code"] != "previous"])
        assert figure["value"] == pytest.approx(expected, rel=1e-9, abs=1e-9), dict(figure)
    return figures


def test_figures_of_the_samples_lead_to_their_cells(samples: Settings, input_cells: str) -> None:
    figures = check_traces(samples, input_cells, of_samples=True)
    assert {"SPC_LQ", "SPZ_HHI", "DSP_WILL", "wage_nominal"} <= set(figures["indicator_code"])


@pytest.mark.shared
def test_figures_of_real_files_lead_to_their_cells(real: Settings, input_cells: str) -> None:
    figures = check_traces(real, input_cells, of_samples=False)
    assert {"SPC_LQ", "SPZ_HHI", "DSP_GINI", "population"} <= set(figures["indicator_code"])


@pytest.mark.shared
def test_sums_of_all_inputs_are_the_totals_of_the_marts(real: Settings, input_cells: str) -> None:
    """Not only of the figures that were drawn: every total of every quotient."""
    with open_published(real) as connection:
        found = connection.sql(
            f"""
            with summed as (
                select base_indicator_code, region_code, activity_classifier, activity_code, year,
                    sum(input_value) filter (role_code = 'region_total') as region_total,
                    sum(input_value) filter (role_code = 'activity_total') as activity_total,
                    sum(input_value) filter (role_code = 'grand_total') as reference_total
                from {input_cells}
                where indicator_code = 'SPC_LQ'
                group by all
            )
            select count(*), count(*) filter (
                abs(cell.region_total / summed.region_total - 1) < 1e-12
                and abs(cell.activity_total / summed.activity_total - 1) < 1e-12
                and abs(cell.reference_total / summed.reference_total - 1) < 1e-12
            )
            from marts.mart_region_activity_year as cell
            left join summed using (
                base_indicator_code, region_code, activity_classifier, activity_code, year
            )
            where cell.location_quotient is not null
            """  # noqa: S608
        ).fetchall()
    assert found[0][0] == found[0][1] > 1000


def test_no_input_is_listed_twice(samples: Settings, input_cells: str) -> None:
    with open_published(samples) as connection:
        twice = connection.sql(
            f"""
            select {", ".join(KEY)}, role_code, observation_id
            from {input_cells} group by all having count(*) > 1
            """  # noqa: S608
        ).fetchall()
    assert twice == []


# warehouse explain


def test_explain_and_the_relation_say_the_same(samples: Settings, input_cells: str) -> None:
    with open_published(samples) as connection:
        figures = drawn(connection, input_cells, 15, of_samples=True)
        inputs = traced(connection, input_cells, figures)
    groups = dict(list(inputs.groupby(list(KEY))))
    for _, figure in figures.iterrows():
        found = explain.explain(samples, _question(figure))
        assert found.figure["value"] == figure["value"]
        own = groups[tuple(figure[name] for name in KEY)]
        told = {(row["role_code"], row["file_id"], row["cell"]) for row in found.inputs}
        assert told == set(zip(own["role_code"], own["file_id"], own["cell"], strict=True))
        assert {row["file_id"] for row in found.files} == set(own["file_id"])


def _question(figure: pd.Series) -> Question:
    return Question(
        indicator=figure["indicator_code"],
        region=figure["region_code"],
        year=int(figure["year"]),
        activity=figure["activity_code"],
        classifier=figure["activity_classifier"],
        base=figure["base_indicator_code"],
        method=figure["method_version"],
        unit=figure["unit_code"],
    )


def test_explain_shows_a_tree(samples: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    said = _told(samples, capsys, "SPC_LQ", "BY-BR", "2023", "--activity", "C")
    assert "formula: (x_ir / x_r) / (x_i / x)" in said
    assert "employment_by_activity_illustrative.xlsx › 2023 › 2023!C9: «118.5»" in said
    assert "total of the region" in said and "illustrative" in said
    assert "contract belarus-illustrative/employment" in said


def test_explain_says_why_a_figure_is_missing(
    samples: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _told(samples, capsys, "wage_nominal", "BY", "2026")
    assert "no value: not_published. The cell is blank" in said
    assert "/tableRows/0/7/value" in said


def test_explain_of_a_cluster(samples: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    said = _told(samples, capsys, "cluster_output", "KZ-19+KZ-75", "2020", "--cluster", "tourism")
    assert "«2925» mln_KZT" in said and "2925000000" in said
    assert "correction paper-003-tourism-base-2020, proposed: 22125 mln_KZT instead" in said
    assert "(admissible 22085 to 22185)" in said


def test_explain_as_json(samples: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(_told(samples, capsys, "wage_nominal", "BY-BR", "2023", "--json"))
    first = told["inputs"][0]
    assert (first["value_printed"], first["cell"]) == ("1\xa0655,4", "/tableRows/1/4/value")
    assert told["files"][0]["file_name"].endswith("belstat/wage_by_region.json")
    assert told["indicator"]["definition"]


def _told(settings: Settings, capsys: pytest.CaptureFixture[str], *asked: str) -> str:
    indicator, region, year, *more = asked
    given = ["--indicator", indicator, "--region", region, "--year", year, *more]
    with pytest.raises(SystemExit) as left:
        cli.main(["--home", str(settings.home), "explain", *given])
    assert left.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("question", "code", "said"),
    [
        (Question("SPC_LQ", "BY-BR", 2023), Code.FIGURE_AMBIGUOUS, "--activity 'C'"),
        (Question("DSP_GINI", "BY", 2023, base="grp"), Code.FIGURE_AMBIGUOUS, "of=per_head"),
        (Question("SPC_LG", "BY-BR", 2023), Code.FIGURE_UNKNOWN, "SPC_LQ (коэффициент"),
        (Question("wage_nominal", "Брестская", 2023), Code.FIGURE_UNKNOWN, "BY-BR (Брестская"),
        (Question("wage_nominal", "BY-BR", 1913), Code.FIGURE_UNKNOWN, "BY-BR in 2020, 2021"),
        (Question("wage_nominal", "KZ-55", 1913), Code.FIGURE_UNKNOWN, "cell was refused"),
    ],
)
def test_explain_lists_choices_and_never_guesses(
    samples: Settings, question: Question, code: Code, said: str
) -> None:
    with pytest.raises(WarehouseError) as raised:
        explain.explain(samples, question)
    assert raised.value.problem.code == code
    assert said in raised.value.problem.message


def test_it_holds_under_another_name_of_the_file(samples: Settings, tmp_path: Path) -> None:
    """The relation and the macros need the file alone: no Parquet, no name of the database."""
    copied = tmp_path / "copied.duckdb"
    shutil.copy(samples.published, copied)
    with _alone(copied) as connection:
        made = connection.sql("from marts.explain('SPC_LQ', 'BY-BR', 2023, activity := 'C')")
        assert sorted(row[0] for row in made.project("role_code").fetchall()) == [
            "activity_total",
            "grand_total",
            "region_total",
            "value",
        ]
        assert connection.sql("from marts.as_of('2026-03-01')").fetchall()


def _alone(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"})


def test_as_of_today_is_the_mart(samples: Settings) -> None:
    with open_published(samples) as connection:
        assert _difference(connection) == 0


def _difference(connection: duckdb.DuckDBPyConnection) -> int:
    columns = (
        "indicator_code, region_code, activity_classifier, activity_code, year, method_version,"
        " unit_code, value, obs_status, reason_code, is_illustrative, observation_id, file_id"
    )
    mart = (
        f"select {columns} from marts.mart_indicator"  # noqa: S608
        " inner join marts.dim_indicator using (indicator_code) where indicator_kind = 'base'"
    )
    told = f"select {columns} from marts.as_of('2026-03-01')"  # noqa: S608
    both = [f"({left} except all {right})" for left, right in ((mart, told), (told, mart))]
    assert connection.sql(f"select count(*) from ({mart})").fetchall()[0][0] > 0  # noqa: S608
    found = connection.sql(
        f"select count(*) from ({both[0]} union all {both[1]})"  # noqa: S608
    ).fetchall()
    return int(found[0][0])
