"""One report of a country from the published samples, made once for all tests of a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.samples import published_samples
from warehouse.reports.make import Made, Request, make_report
from warehouse.settings import Settings

YEAR, COUNTRY = 2024, "BY"


@pytest.fixture(scope="session")
def report_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with the published samples and nothing else."""
    home = tmp_path_factory.mktemp("report")
    shutil.copyfile(published_samples(), home / "warehouse.duckdb")
    return Settings(home=home)


@pytest.fixture(scope="session")
def made(report_home: Settings) -> Made:
    """One region with its clusters, in both languages: every kind of page but the country's."""
    return make_report(report_home, Request(year=YEAR, region="BY-BR"))


@pytest.fixture(scope="session")
def folder(made: Made) -> Path:
    return Path(made.folder)
