"""Staged tables: column names, types and meaning. The one place where they are declared.

Every part on disk has exactly these columns, so dbt can read any set of parts together.
"""

from __future__ import annotations

import pyarrow as pa

OBSERVATION = pa.schema(
    [
        ("observation_id", pa.string()),  # hash of file, table, cell and dimensions
        ("file_id", pa.string()),  # sha256 of the archived bytes
        ("contract_id", pa.string()),  # provider/dataset
        ("contract_version", pa.string()),  # hash of the contract file
        ("provider_code", pa.string()),
        ("dataset_code", pa.string()),
        ("table_name", pa.string()),  # sheet, or part of the file, as named there
        ("cell", pa.string()),  # Sheet!C12, JSON pointer, line and column
        ("value_printed", pa.string()),  # text as printed, or the stored number
        ("indicator_code", pa.string()),
        ("breakdown", pa.map_(pa.string(), pa.string())),  # sex, age, locality, flow …
        ("region_code", pa.string()),
        ("region_printed", pa.string()),
        ("activity_code", pa.string()),  # nullable
        ("activity_classifier", pa.string()),  # nullable
        ("activity_printed", pa.string()),  # nullable
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),  # inclusive
        ("period_kind", pa.string()),  # year, quarter, month, cumulative, date
        ("value", pa.float64()),  # in the printed unit; NULL when the cell says «no value»
        ("value_digits", pa.int8()),  # printed decimals: feeds the tolerance of checks
        ("unit_code", pa.string()),
        ("multiplier", pa.float64()),  # of the unit: 1000 for thousands
        ("currency_code", pa.string()),  # nullable
        ("price_base", pa.string()),  # nullable: current, or the year of constant prices
        ("obs_status", pa.string()),  # SDMX CL_OBS_STATUS
        ("conf_status", pa.string()),  # SDMX CL_CONF_STATUS
        ("reason_code", pa.string()),  # why the value is missing; NULL when there is one
        ("is_illustrative", pa.bool_()),  # published nowhere: made for the samples
        ("is_formula", pa.bool_()),  # a formula's cached value
        ("footnote", pa.string()),  # texts of the footnotes that mark the cell or its headers
        ("released_on", pa.date32()),  # nullable: date of publication
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("correction_id", pa.string()),  # nullable: record of a known error of the source
        ("value_corrected", pa.float64()),  # nullable: what it says, in the printed unit
        ("admissible_low", pa.float64()),  # nullable: what fits the rest of the source
        ("admissible_high", pa.float64()),
        ("correction_status", pa.string()),  # nullable: proposed, confirmed, rejected
    ]
)
"""One row per printed cell."""

REJECTED_CELL = pa.schema(
    [
        ("rejected_id", pa.string()),
        ("file_id", pa.string()),
        ("file_name", pa.string()),
        ("contract_id", pa.string()),  # nullable
        ("table_name", pa.string()),
        ("cell", pa.string()),  # nullable: the whole table or file
        ("value_printed", pa.string()),
        ("code", pa.string()),  # error code, page docs/errors/<code>.md
        ("expected", pa.string()),
        ("found", pa.string()),
        ("message", pa.string()),  # one sentence that names file, table, cell
        ("action", pa.string()),  # what to do
        ("suggestion", pa.string()),  # nullable: CSV line for a code list that would map it
        ("received_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""One row per refused cell, header or table."""

FILE_OUTCOME = pa.schema(
    [
        ("file_id", pa.string()),
        ("file_name", pa.string()),  # as it arrived, relative to the inbox
        ("outcome_code", pa.string()),  # accepted, refused, quarantined, unchanged, no_contract
        ("reason_code", pa.string()),  # error code when not accepted; NULL otherwise
        ("message", pa.string()),
        ("contract_id", pa.string()),
        ("contract_version", pa.string()),
        ("provider_code", pa.string()),
        ("dataset_code", pa.string()),
        ("format_code", pa.string()),  # xlsx, xls, csv, tsv, belstat_portal, eurostat_tsv …
        ("size_bytes", pa.int64()),
        ("content_hash", pa.string()),  # of the cells: equal for a file saved again
        ("same_as_file_id", pa.string()),  # for unchanged: the file that came first
        ("observation_count", pa.int64()),
        ("rejected_count", pa.int64()),
        ("is_illustrative", pa.bool_()),
        ("released_on", pa.date32()),
        ("received_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""One row per file name that arrived."""

CHECK_RESULT = pa.schema(
    [
        ("check_id", pa.string()),
        ("file_id", pa.string()),
        ("contract_id", pa.string()),
        ("check_name", pa.string()),  # e.g. parts_of_total(region)
        ("expectation_type", pa.string()),
        ("severity", pa.string()),  # critical, warning
        ("is_success", pa.bool_()),
        ("is_applicable", pa.bool_()),  # false: nothing in the file that it could test
        ("tested_count", pa.int64()),
        ("unexpected_count", pa.int64()),
        ("expected", pa.string()),
        ("found", pa.string()),
        ("examples", pa.string()),  # first failing cells, as text
        ("received_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""One row per check and file."""

CONTRACT = pa.schema(
    [
        ("contract_id", pa.string()),
        ("contract_version", pa.string()),
        ("provider_code", pa.string()),
        ("provider_name", pa.string()),
        ("dataset_code", pa.string()),
        ("title", pa.string()),
        ("licence", pa.string()),
        ("source_url", pa.string()),
        ("owner", pa.string()),
        ("cadence_code", pa.string()),  # monthly, quarterly, yearly, once
        ("due_after_days", pa.int32()),  # days after the end of a period when it is late
        ("is_illustrative", pa.bool_()),
        ("has_check", pa.bool_()),
    ]
)
"""One row per source contract."""

TABLES: dict[str, pa.Schema] = {
    "observation": OBSERVATION,
    "rejected_cell": REJECTED_CELL,
    "file_outcome": FILE_OUTCOME,
    "check_result": CHECK_RESULT,
    "contract": CONTRACT,
}
