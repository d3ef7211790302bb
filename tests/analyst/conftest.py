"""The published samples, and a home of their own for tests that write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.samples import published_samples
from warehouse.disclosure import Rule
from warehouse.public import write_public
from warehouse.settings import Settings


@pytest.fixture(scope="session")
def published() -> Path:
    return published_samples()


@pytest.fixture(scope="session")
def public(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_public(published, tmp_path_factory.mktemp("public") / "public.duckdb", Rule())


@pytest.fixture(scope="session")
def settings(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    shutil.copyfile(published, home / "warehouse.duckdb")
    (home / "warehouse.duckdb").chmod(0o444)
    return Settings(home=home)
