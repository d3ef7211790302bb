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
        ("outcome_code", pa.string()),  # accepted … no_contract, declared
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
        ("respondent_statuses", pa.list_(pa.string())),  # of clusters that must send the form
    ]
)
"""One row per source contract."""

FETCH = pa.schema(
    [
        ("fetch_id", pa.string()),  # hash of contract, address, file name and time
        ("contract_id", pa.string()),
        ("url", pa.string()),  # without user, password and what is posted
        ("file_name", pa.string()),  # as it was left in the inbox, relative to it
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("seconds", pa.float64()),
        ("attempt_count", pa.int32()),
        ("outcome_code", pa.string()),  # fetched, unchanged, not_modified, refused, failed
        ("reason_code", pa.string()),  # error code when refused or failed
        ("message", pa.string()),
        ("http_status", pa.int32()),  # nullable: of the last answer
        ("media_type", pa.string()),  # nullable: as the server says
        ("size_bytes", pa.int64()),  # nullable
        ("file_id", pa.string()),  # nullable: sha256, key of file_outcome
        ("etag", pa.string()),  # nullable: what the next request asks with
        ("last_modified", pa.string()),  # nullable
    ]
)
"""One row per request for a file, whatever came of it."""

_ROW: list[tuple[str, pa.DataType]] = [
    ("row_id", pa.string()),  # hash of file, table and address of the row
    ("file_id", pa.string()),
    ("contract_id", pa.string()),  # form/<form>
    ("contract_version", pa.string()),  # hash of the form file
    ("reporter_id", pa.string()),  # the cluster that reports; NULL for a register of many
    ("report_start", pa.date32()),  # period that the report speaks of; NULL for a register
    ("report_end", pa.date32()),  # inclusive
    ("is_illustrative", pa.bool_()),
    ("received_at", pa.timestamp("us", tz="UTC")),
    ("table_name", pa.string()),  # sheet as named in the file
    ("cell", pa.string()),  # of the value, else of the first filled cell of the row
    ("cells", pa.map_(pa.string(), pa.string())),  # column to the address of its cell
    ("printed", pa.map_(pa.string(), pa.string())),  # column to its text as printed
]
"""What every row of a form has: whose it is and where it stands."""

_VALUE: list[tuple[str, pa.DataType]] = [
    ("indicator_code", pa.string()),
    ("value_start", pa.date32()),  # period of the value
    ("value_end", pa.date32()),
    ("value_printed", pa.string()),
    ("value", pa.float64()),  # in the printed unit; NULL when the cell says «no value»
    ("value_digits", pa.int8()),
    ("unit_code", pa.string()),
    ("multiplier", pa.float64()),
    ("currency_code", pa.string()),
    ("obs_status", pa.string()),
    ("conf_status", pa.string()),
    ("reason_code", pa.string()),  # why there is no value
    ("note", pa.string()),  # what the reporter says about it
]
"""What every measured figure of a form has."""


def _form_table(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([*_ROW, *columns])


_TEXT, _CODES, _DAY = pa.string(), pa.list_(pa.string()), pa.date32()

SUBMISSION = _form_table(
    ("form_code", _TEXT),
    ("form_version", _TEXT),
    ("language_code", _TEXT),
    ("cluster_id", _TEXT),
    ("period_code", _TEXT),  # 2024, 2024-H1
)
"""One row per file that could be told to be a filled-in form, whatever became of it."""

FORM_TABLES: dict[str, pa.Schema] = {
    "cluster": _form_table(
        ("cluster_id", _TEXT),
        ("country_code", _TEXT),
        ("name_ru", _TEXT),
        ("name_en", _TEXT),
        ("home_region_code", _TEXT),
        ("further_region_codes", _CODES),
        ("activity_classifier", _TEXT),
        ("activity_codes", _CODES),  # specialisation
        ("category_code", _TEXT),  # benchmark cluster category
        ("kind_code", _TEXT),
        ("founded_on", _DAY),
        ("manager_id", _TEXT),  # organisation_id
        ("manager_name", _TEXT),
        ("website", _TEXT),
        ("team_fte", pa.float64()),  # full-time equivalents of the management team
    ),
    "cluster_label": _form_table(
        ("cluster_id", _TEXT),
        ("label_code", _TEXT),
        ("valid_from", _DAY),
        ("valid_to", _DAY),
    ),
    "cluster_classification": _form_table(
        ("cluster_id", _TEXT),
        ("axis_code", _TEXT),
        ("value_code", _TEXT),
        ("valid_from", _DAY),
        ("valid_to", _DAY),
    ),
    "cluster_status_event": _form_table(
        ("cluster_id", _TEXT),
        ("status_code", _TEXT),
        ("valid_from", _DAY),
        ("deciding_body", _TEXT),
        ("document", _TEXT),
        ("reason", _TEXT),
    ),
    "organisation": _form_table(
        ("organisation_id", _TEXT),  # country:registry number
        ("country_code", _TEXT),
        ("registry_number", _TEXT),
        ("name", _TEXT),  # as printed
        ("region_code", _TEXT),
        ("district", _TEXT),
        ("activity_classifier", _TEXT),
        ("activity_code", _TEXT),
        ("size_code", _TEXT),
        ("type_code", _TEXT),
    ),
    "membership": _form_table(
        ("cluster_id", _TEXT),
        ("organisation_id", _TEXT),
        ("role_code", _TEXT),
        ("joined_on", _DAY),
        ("left_on", _DAY),  # last day of membership
    ),
    "member_value": _form_table(
        ("cluster_id", _TEXT),
        ("organisation_id", _TEXT),
        ("residence_region_code", _TEXT),  # of remote employees; NULL: everywhere
        *_VALUE,
    ),
    "cluster_value": _form_table(("cluster_id", _TEXT), *_VALUE),
    "project": _form_table(
        ("cluster_id", _TEXT),
        ("project_id", _TEXT),
        ("title", _TEXT),
        ("lead_id", _TEXT),  # organisation_id
        ("participant_ids", _CODES),  # organisation_id
        ("kind_code", _TEXT),
        ("region_codes", _CODES),
        ("started_on", _DAY),
        ("planned_finish_on", _DAY),
        ("finished_on", _DAY),
        ("status_code", _TEXT),
        ("selected_by", _TEXT),
    ),
    "project_value": _form_table(
        ("cluster_id", _TEXT),
        ("project_id", _TEXT),
        ("value_kind", _TEXT),  # base, plan, forecast, actual, effect
        ("stated_on", _DAY),
        ("boundary_version", _TEXT),  # of the territory that the value covers
        ("method_note", _TEXT),
        *_VALUE,
    ),
    "link": _form_table(
        ("cluster_id", _TEXT),  # that reports the link
        ("link_level", _TEXT),  # organisation, cluster
        ("from_id", _TEXT),
        ("to_id", _TEXT),
        ("link_type", _TEXT),
        ("valid_from", _DAY),
        ("valid_to", _DAY),
        ("amount", pa.float64()),
        ("currency_code", _TEXT),
    ),
    "support": _form_table(
        ("cluster_id", _TEXT),
        ("instrument_code", _TEXT),
        ("programme", _TEXT),
        ("giver", _TEXT),
        ("recipient_id", _TEXT),  # organisation_id, project_id or cluster_id
        ("support_year", pa.int16()),
        ("committed_amount", pa.float64()),
        ("paid_amount", pa.float64()),
        ("private_amount", pa.float64()),  # private co-financing
        ("currency_code", _TEXT),
    ),
    "category_activity": _form_table(
        ("category_code", _TEXT),
        ("category_name", _TEXT),
        ("subcategory_name", _TEXT),
        ("sector_code", _TEXT),  # traded, local
        ("activity_classifier", _TEXT),
        ("activity_code", _TEXT),
        ("activity_name", _TEXT),
    ),
}
"""What filled-in forms say, by table; one row per row of the form, or per figure in it."""

TABLES: dict[str, pa.Schema] = {
    "observation": OBSERVATION,
    "rejected_cell": REJECTED_CELL,
    "file_outcome": FILE_OUTCOME,
    "check_result": CHECK_RESULT,
    "contract": CONTRACT,
    "fetch": FETCH,
    "submission": SUBMISSION,
    **FORM_TABLES,
}
