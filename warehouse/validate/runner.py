"""Runs the reviewed suites and the checks of a contract on batches: rows of many files at once."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from warehouse.validate.frame import OF_FILE, batch

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
        self._runs: dict[tuple[str, datetime], int] = {}

    def check_observations(
        self, files: Sequence[CheckedFile], tables: Sequence[pa.Table], known: pd.DataFrame | None
    ) -> list[dict[str, Any]]:
        """Check the observations of files of one contract, in one run of its suite.

        Args:
            files: Whose rows they are; all of one contract.
            tables: Rows of `schema.OBSERVATION` of each of them.
            known: What earlier files say about the same keys, aligned with all rows: columns of
                `KNOWN`; those that are absent are unknown.

        Returns:
            Rows of `schema.CHECK_RESULT`: each file's own, as if it had come alone.
        """
        frame = batch(*tables)
        for column in KNOWN:
            is_known = known is not None and column in known
            frame[column] = known[column].to_numpy() if is_known else np.nan  # type: ignore[index]
        contract = files[0].contract
        extra = contract_expectations(contract) if contract else []
        suite = f"observation-{contract.id.replace('/', '-')}" if contract else "observation"
        rows = self._run(("observation", suite, extra), frame, files)
        if contract and not extra:
            rows += [_no_check(file) for file in files]
        for record in contract.corrections if contract else ():
            rows += [
                _correction_result(file, record, frame[frame[OF_FILE] == number])
                for number, file in enumerate(files)
            ]
        return rows

    def check_table(
        self, name: str, files: Sequence[CheckedFile], tables: Sequence[pa.Table]
    ) -> list[dict[str, Any]]:
        """Check the rows of another staged table of some files by its suite, in one run."""
        return self._run((name, name, []), batch(*tables), files)

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
            files.values(),
            {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"]},
        )
        results: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for item in found:
            results += _by_report(item, suite, frame, files, failed)
        return results, failed

    def build_docs(self) -> None:
        """Bring the Data Docs up to date, when anything was validated."""
        if self._context is not None:
            with disk.writing(self._settings.validation):
                self._context.build_data_docs()

    def _run(
        self,
        definition: tuple[str, str, list[dict[str, Any]]],
        frame: pd.DataFrame,
        files: Sequence[CheckedFile],
    ) -> list[dict[str, Any]]:
        """What a suite says about each file of a batch.

        A check that breaks down breaks down for the whole batch: then each file is checked alone,
        so that the others do not suffer from the one that it cannot cope with.
        """
        place = [column for column in ("cell", "file_name") if column in frame][:1]
        found = self._validated(
            definition,
            frame,
            files,
            {
                "result_format": "COMPLETE",
                "partial_unexpected_count": SHOWN,
                "unexpected_index_column_names": [OF_FILE, *place],
                "return_unexpected_index_query": False,
            },
        )
        if len(files) > 1 and any(_raised(item.get("exception_info") or {}) for item in found):
            return [
                row
                for number, file in enumerate(files)
                for row in self._run(definition, _alone(frame, number), [file])
            ]
        by_check = [_by_file(item, frame, len(files), place) for item in found]
        return [
            _row(file, definition[0], item, tally[number])
            for number, file in enumerate(files)
            for item, tally in zip(found, by_check, strict=True)
        ]

    def _validated(
        self,
        definition: tuple[str, str, list[dict[str, Any]]],
        frame: pd.DataFrame,
        files: Collection[CheckedFile],
        result_format: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Results of one suite on one batch, named after its suite in the Data Docs."""
        arrived = max(file.received_at for file in files)
        contract = next(iter(files)).contract
        with disk.writing(self._settings.validation), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._start()
            result = self._definition(*definition).run(
                batch_parameters={"dataframe": frame},
                expectation_parameters=self._parameters(contract),
                result_format=result_format,
                run_id=self._run_id(definition[1], arrived),
            )
        results: list[dict[str, Any]] = result.to_json_dict()["results"]
        return results

    def _run_id(self, suite: str, at: datetime) -> Any:
        """Name of a run: the same when a run that was broken off is done again."""
        from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415

        number = self._runs[suite, at] = self._runs.get((suite, at), 0) + 1
        return RunIdentifier(run_name=f"{suite}-{number}", run_time=at)

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


@dataclass(frozen=True)
class _Tally:
    """What one check found in the rows of one file."""

    tested: int
    unexpected: int
    untested: int = 0
    examples: Sequence[str] = ()


def _alone(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    return frame[frame[OF_FILE] == number].assign(**{OF_FILE: 0}).reset_index(drop=True)


def _by_file(
    item: dict[str, Any], frame: pd.DataFrame, count: int, place: Sequence[str]
) -> list[_Tally]:
    """What one check of a batch says about each file in it."""
    config, result = item["expectation_config"], item.get("result") or {}
    if "files" in (result.get("details") or {}):
        found = {number: _Tally(*counts) for number, *counts in result["details"]["files"]}
        return [found.get(number, _Tally(0, 0)) for number in range(count)]
    if "element_count" not in result:  # about the table as such
        return [_Tally(1, int(not item["success"]))] * count
    tested = np.bincount(frame.loc[_is_tested(config, frame), OF_FILE], minlength=count)
    entries = result.get("unexpected_index_list") or []
    if len(entries) != result["unexpected_count"]:
        raise RuntimeError(f"{config['type']} does not say where all that it found is")
    wrong: dict[int, list[dict[str, Any]]] = {}
    for entry in entries:
        wrong.setdefault(entry[OF_FILE], []).append(entry)
    return [
        _Tally(
            int(tested[number]),
            len(wrong.get(number, ())),
            examples=[_example(entry, place) for entry in wrong.get(number, ())[:SHOWN]],
        )
        for number in range(count)
    ]


def _is_tested(config: Mapping[str, Any], frame: pd.DataFrame) -> pd.Series:
    """Rows that a check looks at: all of them when it asks for what is missing."""
    kwargs = config["kwargs"]
    names = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
    if config["type"].endswith("to_not_be_null") or not names:
        return pd.Series(True, index=frame.index)
    return frame[names].notna().any(axis=1)


def _row(file: CheckedFile, suite: str, item: dict[str, Any], tally: _Tally) -> dict[str, Any]:
    config = item["expectation_config"]
    error = _raised(item.get("exception_info") or {})
    name = config["meta"]["name"]
    is_success = error is None and tally.unexpected == 0
    return {
        **_identity(file, name, suite),
        "expectation_type": config["type"],
        "severity": str(config.get("severity") or "critical"),
        "is_success": is_success,
        "is_applicable": tally.tested > 0 or not is_success,
        "tested_count": tally.tested,
        "unexpected_count": tally.unexpected,
        "expected": config.get("description") or name,
        "found": error or _found(tally),
        "examples": "; ".join(tally.examples) or None,
    }


def _by_report(
    item: dict[str, Any],
    suite: str,
    frame: pd.DataFrame,
    files: Mapping[str, CheckedFile],
    failed: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """What one check of a batch says about each report in it; its failing rows go to `failed`."""
    config = item["expectation_config"]
    said = {
        "expected": config["description"],
        "check_name": config["meta"]["name"],
        "is_critical": str(config.get("severity") or "critical") == "critical",
    }
    unexpected = (item.get("result") or {}).get("unexpected_index_list") or []
    wrong = frame[frame["row_id"].isin([entry["row_id"] for entry in unexpected])]
    failed += [
        {str(key): value for key, value in row.items()} | said for row in wrong.to_dict("records")
    ]
    tested = frame[_is_tested(config, frame)].groupby("file_id").size()
    cells = wrong.groupby("file_id")["cell"].agg(list)
    rows = []
    for file_id in frame["file_id"].unique():
        found = cells.get(file_id, [])
        tally = _Tally(int(tested.get(file_id, 0)), len(found), examples=found[:SHOWN])
        rows.append(_row(files[file_id], suite, item, tally))
    return rows


def _identity(file: CheckedFile, name: str, suite: str) -> dict[str, Any]:
    key = f"{file.file_id}\0{suite}\0{name}".encode()
    return {
        "check_id": hashlib.sha256(key).hexdigest()[:32],
        "file_id": file.file_id,
        "contract_id": file.contract.id if file.contract else file.form_id,
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


def _found(tally: _Tally) -> str:
    beside = f", {tally.untested} could not be tested" if tally.untested else ""
    if tally.tested == 0:
        return f"nothing to test{beside}"
    if tally.unexpected:
        return f"{tally.unexpected} of {tally.tested} do not{beside}"
    return f"all {tally.tested} do{beside}"


def _example(entry: dict[str, Any], place: Sequence[str]) -> str:
    values = [f"{key} {value}" for key, value in entry.items() if key not in (OF_FILE, *place)]
    shown = entry.get(place[0]) if place else None
    return f"{shown}: {', '.join(values)}"


def results_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Check results as rows of `schema.CHECK_RESULT`."""
    return pa.Table.from_pylist(list(rows), schema=CHECK_RESULT)


def critical_failures(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results that quarantine a file."""
    return [row for row in rows if not row["is_success"] and row["severity"] != "warning"]
