"""Runs the reviewed suites and the checks of a contract on the staged batch of one file."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse import disk
from warehouse.errors import Code
from warehouse.layout.contract import (
    Between,
    ChangeFactor,
    Check,
    Contract,
    DirectionAgrees,
    Growth,
    Overlap,
    PartsOfTotal,
    ShareOfBase,
    SumOf,
)
from warehouse.layout.corrections import Correction
from warehouse.schema import CHECK_RESULT
from warehouse.settings import Settings
from warehouse.validate.frame import batch

SEEDS = {"$PARAMETER": "seeds"}
SHOWN = 5
KNOWN = ("previous_value", "tied_value", "before_value", "after_value")
"""What earlier files say: the latest value of a key, its value in a file of the same time, and
its values a year before and after."""


@dataclass(frozen=True)
class CheckedFile:
    """Whose rows are checked.

    Attributes:
        file_id: Id of the file.
        file_name: Its name, for the Data Docs.
        received_at: Time of its arrival, with a zone.
        contract: The contract that read it, if any.
        form_id: The form that it is, if any.
    """

    file_id: str
    file_name: str
    received_at: datetime
    contract: Contract | None = None
    form_id: str | None = None


def suites_fingerprint(settings: Settings) -> str:
    """Hash of all that decides a verdict besides the rows: suites and the code of the rules."""
    here = Path(__file__).parent
    paths = [*sorted(_suites(settings).glob("*.json")), *sorted(here.glob("*.py"))]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def _suites(settings: Settings) -> Path:
    return settings.expectations / "suites"


def contract_expectations(contract: Contract) -> list[dict[str, Any]]:
    """The checks of a contract in the notation of the reviewed suites."""
    configs = [_expectation(check, contract.checks) for check in contract.checks]
    names: dict[str, int] = {}
    for check, config in zip(contract.checks, configs, strict=True):
        name = config["meta"]["name"]
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            config["meta"]["name"] = f"{name} #{names[name]}"
        config["severity"] = check.severity
    return configs


def _expectation(check: Check, others: Sequence[Check]) -> dict[str, Any]:
    if isinstance(check, SumOf):
        return _sum_of(check, others)
    if isinstance(check, DirectionAgrees):
        return _direction_agrees(*check.direction_agrees)
    return _single_expectation(check)


def _single_expectation(
    check: PartsOfTotal | ShareOfBase | Growth | Between | ChangeFactor | Overlap,
) -> dict[str, Any]:
    match check:
        case PartsOfTotal():
            return _config(
                "expect_total_to_equal_sum_of_parts",
                "CON01",
                f"parts_of_total({check.parts_of_total})",
                f"printed totals equal the sum of their parts by {check.parts_of_total}",
                seeds=SEEDS,
                dimension=check.parts_of_total,
                total=check.total,
                indicators=list(check.indicators) or None,
                rounded=check.rounded,
            )
        case ShareOfBase():
            return _config(
                "expect_share_of_base_to_equal_count",
                "CON02",
                f"share_of_base({check.count})",
                f"{check.share} × {check.base} = {check.count}",
                seeds=SEEDS,
                share=check.share,
                base=check.base,
                count=check.count,
            )
        case Growth():
            return _config(
                "expect_growth_to_follow_from_levels",
                "CON03",
                f"growth({check.growth})",
                f"{check.growth} follows from {check.of} as {check.kind}",
                growth=check.growth,
                of=check.of,
                kind=check.kind,
            )
        case Between():
            return _config(
                "expect_indicator_to_be_between",
                "CON04",
                f"between({check.between})",
                f"{check.between} from {check.low} to {check.high}",
                indicator=check.between,
                low=check.low,
                high=check.high,
            )
        case ChangeFactor():
            return _config(
                "expect_yearly_change_within_factor",
                "CON05",
                "change_factor",
                f"a value changes by no more than the factor {check.change_factor} in a year",
                seeds=SEEDS,
                factor=check.change_factor,
                indicators=list(check.indicators) or None,
            )
        case Overlap():
            return _config(
                "expect_known_values_to_come_out_equal",
                "CON06",
                "overlap",
                f"no more than {check.max_changed_share:.0%} of the values known from earlier "
                f"files differ by more than {check.max_change:.0%}",
                max_changed_share=check.max_changed_share,
                max_change=check.max_change,
            )


def _sum_of(check: SumOf, others: Sequence[Check]) -> dict[str, Any]:
    printed = [o for o in others if isinstance(o, Growth) and o.of == check.sum_of]
    return _config(
        "expect_total_to_equal_sum_of_printed",
        "CON07",
        f"sum_of({check.sum_of} over {check.over})",
        f"the printed total of {check.sum_of} equals the sum over {check.over}",
        seeds=SEEDS,
        indicator=check.sum_of,
        over=check.over,
        apart=list(check.apart) or None,
        rounded=check.rounded,
        growth=printed[0].growth if printed else None,
        kind=printed[0].kind if printed else None,
    )


def _direction_agrees(first: str, second: str) -> dict[str, Any]:
    return _config(
        "expect_directions_to_agree",
        "CON08",
        f"direction_agrees({first}, {second})",
        f"{first} and {second} rise and fall together",
        first=first,
        second=second,
    )


def _config(type_: str, code: str, name: str, description: str, **kwargs: Any) -> dict[str, Any]:
    given = {key: value for key, value in kwargs.items() if value is not None}
    return {
        "type": type_,
        "kwargs": given,
        "meta": {"code": code, "name": name},
        "description": description,
    }


class Validator:
    """One Great Expectations context for all files of a run; created on first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context: Any = None
        self._source: Any = None
        self._definitions: dict[str, Any] = {}

    def check_observations(
        self, file: CheckedFile, table: pa.Table, known: pd.DataFrame | None
    ) -> list[dict[str, Any]]:
        """Check the observations of a file by the suite and by its contract.

        Args:
            file: Whose rows they are.
            table: Rows of `schema.OBSERVATION`.
            known: What earlier files say about the same keys, aligned with the rows: columns of
                `KNOWN`; those that are absent are unknown.

        Returns:
            Rows of `schema.CHECK_RESULT`.
        """
        frame = batch(table)
        for column in KNOWN:
            is_known = known is not None and column in known
            frame[column] = known[column].to_numpy() if is_known else np.nan  # type: ignore[index]
        contract = file.contract
        extra = contract_expectations(contract) if contract else []
        suite = f"observation-{contract.id.replace('/', '-')}" if contract else "observation"
        rows = self._run("observation", suite, frame, file, extra)
        if contract and not extra:
            rows.append(_no_check(file))
        for record in contract.corrections if contract else ():
            rows.append(_correction_result(file, record, frame))
        return rows

    def check_table(self, name: str, file: CheckedFile, table: pa.Table) -> list[dict[str, Any]]:
        """Check the rows of another staged table of a file by its suite."""
        return self._run(name, name, batch(table), file, [])

    def check_reports(
        self, suite: str, frame: pd.DataFrame, files: Mapping[str, CheckedFile]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Check one batch with rows of many reports by its suite, in one run.

        Args:
            suite: Name of the suite and the batch.
            frame: The batch, from `report_batches`; it holds rows of these files only.
            files: Whose rows they are, by file id.

        Returns:
            Rows of `schema.CHECK_RESULT`, for each check and each file that has rows in the
            batch; and the rows that fail: those of the batch with `expected`, `check_name` and
            `is_critical`.
        """
        if frame.empty:
            return [], []
        found = self._validated(
            (suite, suite, []),
            frame,
            next(iter(files.values())),
            {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"]},
        )
        results: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for item in found:
            results += _by_file(item, suite, frame, files, failed)
        return results, failed

    def build_docs(self) -> None:
        """Bring the Data Docs up to date, when anything was validated."""
        if self._context is not None:
            with disk.writing(self._settings.validation):
                self._context.build_data_docs()

    def _run(
        self,
        name: str,
        suite: str,
        frame: pd.DataFrame,
        file: CheckedFile,
        extra: list[dict[str, Any]],
    ) -> list[dict[str, Any]]:
        place = [column for column in ("cell", "file_name") if column in frame][:1]
        found = self._validated(
            (name, suite, extra),
            frame,
            file,
            {
                "result_format": "SUMMARY",
                "partial_unexpected_count": SHOWN,
                "unexpected_index_column_names": place,
            },
        )
        return [_row(item, name, file, place) for item in found]

    def _validated(
        self,
        definition: tuple[str, str, list[dict[str, Any]]],
        frame: pd.DataFrame,
        file: CheckedFile,
        result_format: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Results of one suite on one batch, named after a file in the Data Docs."""
        with disk.writing(self._settings.validation), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._start()
            result = self._definition(*definition).run(
                batch_parameters={"dataframe": frame},
                expectation_parameters=self._parameters(file.contract),
                result_format=result_format,
                run_id=_run_id(file),
            )
        results: list[dict[str, Any]] = result.to_json_dict()["results"]
        return results

    def _parameters(self, contract: Contract | None) -> dict[str, Any]:
        tables = contract.tables if contract else ()
        return {
            "backcast": {code: year for table in tables for code, year in table.backcast.items()},
            "seeds": str(self._settings.seeds),
            "error_codes": [code.value for code in Code],
        }

    def _start(self) -> None:
        if self._context is not None:
            return
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        import great_expectations as gx  # noqa: PLC0415  (costs about ten seconds)

        from warehouse.validate import expectations  # noqa: F401, PLC0415  (registers ours)

        root = self._settings.validation
        root.mkdir(parents=True, exist_ok=True)
        self._context = gx.get_context(mode="file", context_root_dir=str(root))
        self._context.variables.progress_bars = {"globally": False}
        self._source = self._context.data_sources.add_or_update_pandas("staged")

    def _definition(self, name: str, suite: str, extra: list[dict[str, Any]]) -> Any:
        if suite not in self._definitions:
            self._definitions[suite] = self._define(name, suite, extra)
        return self._definitions[suite]

    def _define(self, name: str, suite: str, extra: list[dict[str, Any]]) -> Any:
        import great_expectations as gx  # noqa: PLC0415

        path = _suites(self._settings) / f"{name}.json"
        reviewed = json.loads(path.read_text(encoding="utf-8"))["expectations"]
        context = self._context
        asset = self._source.add_dataframe_asset(suite)
        data = asset.add_batch_definition_whole_dataframe("file")
        known = context.suites.add_or_update(
            gx.ExpectationSuite(name=suite, expectations=[*reviewed, *extra])
        )
        return context.validation_definitions.add_or_update(
            gx.ValidationDefinition(name=suite, data=data, suite=known)
        )


def _run_id(file: CheckedFile) -> Any:
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415

    slug = re.sub(r"[^\w.-]+", "_", file.file_name)[-60:]
    return RunIdentifier(run_name=f"{slug}-{file.file_id[:12]}", run_time=file.received_at)


def _row(item: dict[str, Any], suite: str, file: CheckedFile, place: list[str]) -> dict[str, Any]:
    config = item["expectation_config"]
    result = item.get("result") or {}
    error = _raised(item.get("exception_info") or {})
    tested, unexpected = _counts(config["type"], result, is_success=bool(item["success"]))
    name = config["meta"]["name"]
    return {
        **_identity(file, name, suite),
        "expectation_type": config["type"],
        "severity": str(config.get("severity") or "critical"),
        "is_success": bool(item["success"]),
        "is_applicable": tested > 0 or error is not None or not item["success"],
        "tested_count": tested,
        "unexpected_count": unexpected,
        "expected": config.get("description") or name,
        "found": error or _found(tested, unexpected, result),
        "examples": "; ".join(_examples(result, place)) or None,
    }


def _by_file(
    item: dict[str, Any],
    suite: str,
    frame: pd.DataFrame,
    files: Mapping[str, CheckedFile],
    failed: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """What one check of a batch says about each file in it; its failing rows go to `failed`."""
    config = item["expectation_config"]
    column, name = config["kwargs"]["column"], config["meta"]["name"]
    severity = str(config.get("severity") or "critical")
    error = _raised(item.get("exception_info") or {})
    unexpected = (item.get("result") or {}).get("unexpected_index_list") or []
    wrong = frame[frame["row_id"].isin([entry["row_id"] for entry in unexpected])]
    is_tested = frame[column].notna() | config["type"].endswith("to_not_be_null")
    tested = frame[is_tested].groupby("file_id").size()
    counts, cells = wrong.groupby("file_id").size(), wrong.groupby("file_id")["cell"]
    shown = cells.agg(lambda found: "; ".join(found.head(SHOWN))).to_dict()
    for row in wrong.to_dict("records"):
        said = {"expected": config["description"], "check_name": name}
        failed.append(
            {str(k): v for k, v in row.items()} | said | {"is_critical": severity == "critical"}
        )
    rows = []
    for file_id in frame["file_id"].unique():
        number, total = int(counts.get(file_id, 0)), int(tested.get(file_id, 0))
        rows.append(
            {
                **_identity(files[file_id], name, suite),
                "contract_id": files[file_id].form_id,
                "expectation_type": config["type"],
                "severity": severity,
                "is_success": error is None and number == 0,
                "is_applicable": total > 0 or error is not None,
                "tested_count": total,
                "unexpected_count": number,
                "expected": config.get("description") or name,
                "found": error or _found(total, number, {}),
                "examples": shown.get(file_id),
            }
        )
    return rows


def _identity(file: CheckedFile, name: str, suite: str) -> dict[str, Any]:
    key = f"{file.file_id}\0{suite}\0{name}".encode()
    return {
        "check_id": hashlib.sha256(key).hexdigest()[:32],
        "file_id": file.file_id,
        "contract_id": file.contract.id if file.contract else None,
        "check_name": name,
        "received_at": file.received_at,
    }


def _no_check(file: CheckedFile) -> dict[str, Any]:
    return {
        **_identity(file, "no_check", "contract"),
        "expectation_type": None,
        "severity": "warning",
        "is_success": True,
        "is_applicable": False,
        "tested_count": 0,
        "unexpected_count": 0,
        "expected": "a check in the contract that proves the reading",
        "found": "the contract has none",
        "examples": None,
    }


def _correction_result(
    file: CheckedFile, record: Correction, frame: pd.DataFrame
) -> dict[str, Any]:
    """Whether a correction record found its figure in a file that speaks of its time."""
    from warehouse.conform.periods import parse_period  # noqa: PLC0415  (loads the readers)

    span = parse_period(str(record.target.period))
    is_of_time = frame["indicator_code"].eq(record.target.indicator)
    if span is not None:
        is_of_time &= frame["period_start"].eq(pd.Timestamp(span.period.start))
        is_of_time &= frame["period_end"].eq(pd.Timestamp(span.period.end))
    cells = frame.loc[frame["correction_id"].eq(record.id), "cell"].tolist()
    is_due = bool(is_of_time.any()) and record.is_active
    found = "no such figure in the file"
    if cells:
        found = f"{cells[0]}, printed as recorded; the correction is {record.status}"
    elif not is_due:
        found = "the record is rejected" if not record.is_active else "nothing of that time"
    return {
        **_identity(file, f"correction({record.id})", "correction"),
        "expectation_type": None,
        "severity": "warning",
        "is_success": bool(cells) or not is_due,
        "is_applicable": bool(cells) or is_due,
        "tested_count": int(bool(cells) or is_due),
        "unexpected_count": int(is_due and not cells),
        "expected": f"the figure that the correction is about: {record.target}",
        "found": found,
        "examples": None,
    }


def _raised(info: dict[str, Any]) -> str | None:
    if "raised_exception" not in info:
        nested = [value for value in info.values() if isinstance(value, dict)]
        info = nested[0] if nested else {}
    if not info.get("raised_exception"):
        return None
    return f"the check itself failed: {' '.join(str(info['exception_message']).split())}"[:500]


def _counts(kind: str, result: dict[str, Any], *, is_success: bool) -> tuple[int, int]:
    if "element_count" not in result:
        return 1, int(not is_success)
    missing = 0 if kind.endswith("to_not_be_null") else result.get("missing_count") or 0
    return int(result["element_count"]) - int(missing), int(result.get("unexpected_count") or 0)


def _found(tested: int, unexpected: int, result: dict[str, Any]) -> str:
    untested = (result.get("details") or {}).get("untested") or 0
    beside = f", {untested} could not be tested" if untested else ""
    if tested == 0:
        return f"nothing to test{beside}"
    if unexpected:
        return f"{unexpected} of {tested} do not{beside}"
    return f"all {tested} do{beside}"


def _examples(result: dict[str, Any], place: list[str]) -> list[str]:
    indexed = result.get("partial_unexpected_index_list")
    if indexed and place:
        return [_example(entry, place[0]) for entry in indexed[:SHOWN]]
    return [str(value) for value in (result.get("partial_unexpected_list") or [])[:SHOWN]]


def _example(entry: dict[str, Any], place: str) -> str:
    values = [f"{key} {value}" for key, value in entry.items() if key != place]
    return f"{entry.get(place)}: {', '.join(values)}"


def results_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Check results as rows of `schema.CHECK_RESULT`."""
    return pa.Table.from_pylist(list(rows), schema=CHECK_RESULT)


def critical_failures(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results that quarantine a file."""
    return [row for row in rows if not row["is_success"] and row["severity"] != "warning"]
