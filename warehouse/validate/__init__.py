"""Great Expectations suites and contract checks on staged batches: critical ones quarantine."""

from warehouse.validate.report_batches import report_batches
from warehouse.validate.runner import (
    CheckedFile,
    Validator,
    contract_expectations,
    critical_failures,
    results_table,
    suites_fingerprint,
)

__all__ = [
    "CheckedFile",
    "Validator",
    "contract_expectations",
    "critical_failures",
    "report_batches",
    "results_table",
    "suites_fingerprint",
]
