"""The lock files: hashed, without hosts, and one set of versions for all."""

from __future__ import annotations

import re

import pytest

from warehouse.settings import PROJECT

LOCKS = ("requirements.lock", "requirements-runtime.lock", "requirements-uv.lock")
TOOLS = {"mypy", "pytest", "ruff", "sqlfluff", "pre-commit", "playwright"}


def pins(name: str) -> dict[str, set[str]]:
    """Package to its versions: one for all Pythons, or one for each range of them."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ]+)", text, re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_hash_and_no_file_names_a_host(name):
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z])", text.strip())
    assert len(blocks) == sum(map(len, pins(name).values()))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_containers_run_the_versions_that_the_tests_ran():
    tested, run = pins("requirements.lock"), pins("requirements-runtime.lock")
    assert {name: tested.get(name) for name in run} == run


def test_the_containers_carry_no_tools_of_development():
    assert pins("requirements.lock").keys() >= TOOLS
    assert not TOOLS & pins("requirements-runtime.lock").keys()
