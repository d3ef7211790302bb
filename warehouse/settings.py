"""Where the warehouse keeps its files, and where the project's own files lie."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout: `dbt/`, `expectations/` and `warehouse/sources/` are found from here."""

_Number = TypeVar("_Number", int, float)


class SettingError(ValueError):
    """A setting from the environment that cannot be used; the command line explains it."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found


@dataclass(frozen=True)
class Settings:
    """Paths of one warehouse home.

    Attributes:
        home: The folder that holds everything the warehouse writes (`WAREHOUSE_HOME`).
        project: The checkout with `dbt/`, `expectations/` and the source contracts.
        keep_builds: How many published builds stay for `rollback`.
        max_file_bytes: A larger file is refused at the door (`WAREHOUSE_MAX_FILE_BYTES`).
        quiet_seconds: A file changed more recently than this counts as still growing
            (`WAREHOUSE_QUIET_SECONDS`); 0 trusts that a file is complete when it appears.
        dbt_threads: How many models dbt builds at a time (`WAREHOUSE_DBT_THREADS`).
        min_contributors: A public figure has at least as many organisations behind it
            (`WAREHOUSE_MIN_CONTRIBUTORS`).
        max_share_one: Largest share, 0…1, of one organisation in a public figure
            (`WAREHOUSE_MAX_SHARE_ONE`).
        max_share_two: The same of the two largest together (`WAREHOUSE_MAX_SHARE_TWO`).
        report_countries: Whose yearly report is due on schedule (`WAREHOUSE_REPORT_COUNTRIES`).
        boundary_folder: Where the operator's boundary files lie (`WAREHOUSE_BOUNDARIES`); None for
            `boundaries` in the home.
    """

    home: Path
    project: Path = PROJECT
    keep_builds: int = 5
    max_file_bytes: int = 2 * 1024**3
    quiet_seconds: float = 0.0
    dbt_threads: int = 2
    min_contributors: int = 3
    max_share_one: float = 0.80
    max_share_two: float = 0.85
    report_countries: tuple[str, ...] = ("BY", "KZ", "RU")
    boundary_folder: Path | None = None

    @classmethod
    def of(cls, home: Path | str | None = None) -> Settings:
        """Settings for `home`, else `WAREHOUSE_HOME`, else `data/` of the checkout.

        Raises:
            SettingError: A number of the environment is none, or cannot be used; a folder is not
                there.
        """
        chosen = home or os.environ.get("WAREHOUSE_HOME") or PROJECT / "data"
        return cls(
            home=Path(chosen).resolve(),
            keep_builds=_number("WAREHOUSE_KEEP_BUILDS", cls.keep_builds),
            max_file_bytes=_number("WAREHOUSE_MAX_FILE_BYTES", cls.max_file_bytes),
            quiet_seconds=_number("WAREHOUSE_QUIET_SECONDS", cls.quiet_seconds),
            dbt_threads=_number("WAREHOUSE_DBT_THREADS", cls.dbt_threads, lowest=1),
            min_contributors=_number("WAREHOUSE_MIN_CONTRIBUTORS", cls.min_contributors),
            max_share_one=_number("WAREHOUSE_MAX_SHARE_ONE", cls.max_share_one),
            max_share_two=_number("WAREHOUSE_MAX_SHARE_TWO", cls.max_share_two),
            report_countries=_codes("WAREHOUSE_REPORT_COUNTRIES", cls.report_countries),
            boundary_folder=_folder("WAREHOUSE_BOUNDARIES"),
        )

    @property
    def inbox(self) -> Path:
        """Where files are dropped for the scheduled DAGs (`WAREHOUSE_INBOX` overrides)."""
        return Path(os.environ.get("WAREHOUSE_INBOX") or self.home / "inbox")

    @property
    def report_inbox(self) -> Path:
        """Where reports of clusters are dropped (`WAREHOUSE_REPORT_INBOX` overrides)."""
        return Path(os.environ.get("WAREHOUSE_REPORT_INBOX") or self.home / "inbox-reports")

    @property
    def answers(self) -> Path:
        """Answers to reports, one folder per cluster."""
        return self.home / "answers"

    @property
    def archive(self) -> Path:
        """Bytes as they came, named by their sha256, with sidecars."""
        return self.home / "archive"

    @property
    def staged(self) -> Path:
        """Immutable Parquet parts, one folder per staged table."""
        return self.home / "staged"

    @property
    def builds(self) -> Path:
        """Finished DuckDB builds with their manifests; the last `keep_builds` stay."""
        return self.home / "builds"

    @property
    def published(self) -> Path:
        """The DuckDB file that readers open."""
        return self.home / "warehouse.duckdb"

    @property
    def exports(self) -> Path:
        """Files of `warehouse export`, one folder per format."""
        return self.home / "exports"

    @property
    def reports(self) -> Path:
        """Finished reports, one folder per year."""
        return self.home / "reports"

    @property
    def boundaries(self) -> Path:
        """Boundary files of the operator, `<country>.geojson`, for the maps of the report."""
        return self.boundary_folder or self.home / "boundaries"

    @property
    def validation(self) -> Path:
        """Great Expectations context at run time and its Data Docs."""
        return self.home / "validation"

    @property
    def runs(self) -> Path:
        """One JSON summary per run."""
        return self.home / "runs"

    @property
    def fetched(self) -> Path:
        """Where `warehouse fetch` leaves files: a folder of the inbox."""
        return self.inbox / "fetched"

    @property
    def drop_folder(self) -> Path:
        """The one folder that contracts may fetch `file://` from (`WAREHOUSE_DROP_FOLDER`)."""
        return Path(os.environ.get("WAREHOUSE_DROP_FOLDER") or self.home / "drop").resolve()

    @property
    def lock(self) -> Path:
        """Held by the one process that may write."""
        return self.home / "writer.lock"

    @property
    def sources(self) -> Path:
        """Source contracts: `<provider>/<dataset>.yml`."""
        return self.project / "warehouse" / "sources"

    @property
    def forms(self) -> Path:
        """Forms that clusters and ministries fill in: `<form>.yml`."""
        return self.project / "warehouse" / "forms"

    @property
    def dbt(self) -> Path:
        """The dbt project."""
        return self.project / "dbt"

    @property
    def seeds(self) -> Path:
        """The code lists, read by dbt and by `warehouse.conform` alike."""
        return self.dbt / "seeds"

    @property
    def expectations(self) -> Path:
        """Reviewed Great Expectations suites."""
        return self.project / "expectations"


def _codes(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Codes from the environment, separated by commas; an empty setting is not set."""
    named = tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())
    return named or default


def _number(name: str, default: _Number, lowest: int = 0) -> _Number:
    """A setting from the environment, of the type of its default; an empty one is not set."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        number = type(default)(text)
    except ValueError:
        number = type(default)(-1)
    if lowest <= number < math.inf:
        return number
    kind = "whole number" if isinstance(default, int) else "number"
    raise SettingError(f"a {kind} from {lowest} in {name}", f"«{text}»")


def _folder(name: str) -> Path | None:
    """A folder from the environment; its whole path, as processes start in other places."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    folder = Path(text)
    if folder.is_absolute() and folder.is_dir():
        return folder
    raise SettingError(f"the whole path of a folder in {name}", f"«{text}»")
