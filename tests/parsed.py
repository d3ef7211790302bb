"""A dbt project parsed once for all homes of a test run: parsing takes longer than some builds.

dbt takes up what it parsed before only where it finds the same connection, and the path of the
file to build belongs to that: it is put in place of the path that was parsed with. Whether files
of the project have changed since, dbt sees for itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pprint
from pathlib import Path

import msgpack

from warehouse import build
from warehouse.settings import PROJECT, Settings

CACHE = PROJECT / ".pytest_cache" / "parsed"
FILE = "partial_parse.msgpack"


def lay_parsed(settings: Settings) -> Settings:
    """Give a new home what dbt would parse at its first build; returns the settings."""
    lay_parsed_for(
        settings.home / "dbt" / "target",
        settings.builds / build.BUILDING / settings.published.name,
        settings,
    )
    return settings


def lay_parsed_for(target: Path, file: Path, settings: Settings) -> None:
    """The same for a build into `file` with the target folder `target`."""
    content = _parsed(settings).read_bytes()
    known = msgpack.unpackb(content)["state_check"]["profile_hash"]["checksum"].encode()
    assert content.count(known) == 1
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE).write_bytes(content.replace(known, _connection_hash(settings, file).encode()))


def _parsed(settings: Settings) -> Path:
    home = CACHE / build.project_fingerprint(settings.dbt)
    parsed = home / "dbt" / "target" / FILE
    CACHE.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not parsed.exists():
            build.parse(Settings(home=home, project=settings.project))
    return parsed


def _connection_hash(settings: Settings, file: Path) -> str:
    """The hash of the connection, as dbt computes it."""
    from argparse import Namespace

    from dbt.config.runtime import load_profile
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context

    with build._environment(settings, file):
        set_from_args(Namespace(PROFILES_DIR=str(settings.dbt)), None)
        set_invocation_context(os.environ)
        connection = load_profile(str(settings.dbt), {}).credentials.connection_info()
        return hashlib.sha256(pprint.pformat(sorted(connection)).encode()).hexdigest()
