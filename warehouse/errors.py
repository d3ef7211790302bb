"""What can go wrong, as data: each code has a page `docs/errors/<code>.md`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Code(StrEnum):
    """Error codes. A code is never reused for something else."""

    # the file as a whole
    FILE_EMPTY = "file_empty"
    FILE_UNREADABLE = "file_unreadable"
    FILE_DAMAGED = "file_damaged"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_IS_A_WEB_PAGE = "file_is_a_web_page"
    FILE_TOO_LARGE = "file_too_large"
    FILE_STILL_GROWING = "file_still_growing"
    FILE_OUTSIDE_INBOX = "file_outside_inbox"
    FILE_NAME_UNSAFE = "file_name_unsafe"
    FORMAT_UNKNOWN = "format_unknown"
    ENCODING_UNKNOWN = "encoding_unknown"
    NO_CONTRACT = "no_contract"
    NOT_AN_INPUT = "not_an_input"
    CONTRACT_AMBIGUOUS = "contract_ambiguous"
    CONTRACT_INVALID = "contract_invalid"
    CORRECTION_INVALID = "correction_invalid"
    # the layout of a table
    TABLE_NOT_FOUND = "table_not_found"
    HEADER_NOT_FOUND = "header_not_found"
    HEADER_UNREADABLE = "header_unreadable"
    HEADER_AMBIGUOUS = "header_ambiguous"
    LABELS_NOT_FOUND = "labels_not_found"
    CELL_UNEXPLAINED = "cell_unexplained"
    CELL_CLAIMED_TWICE = "cell_claimed_twice"
    DIMENSION_NOT_FOUND = "dimension_not_found"
    KEY_DUPLICATE = "key_duplicate"
    # names and values
    NAME_UNKNOWN = "name_unknown"
    NAME_AMBIGUOUS = "name_ambiguous"
    REGION_NOT_VALID = "region_not_valid"
    PERIOD_UNREADABLE = "period_unreadable"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_SIGN_MIXED = "number_sign_mixed"
    SYMBOL_UNKNOWN = "symbol_unknown"
    MARK_UNKNOWN = "mark_unknown"
    UNIT_UNKNOWN = "unit_unknown"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    CELL_ERROR = "cell_error"
    # forms
    REGISTRY_NUMBER_INVALID = "registry_number_invalid"
    VALUE_MISSING = "value_missing"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    # fetching
    FETCH_NOT_ALLOWED = "fetch_not_allowed"
    FETCH_FAILED = "fetch_failed"
    FETCH_UNEXPECTED = "fetch_unexpected"
    # corrections and checks
    CORRECTION_OUTDATED = "correction_outdated"
    CHECK_FAILED = "check_failed"
    # running the warehouse
    HOME_UNWRITABLE = "home_unwritable"
    DISK_FULL = "disk_full"
    LOCKED = "locked"
    BUILD_FAILED = "build_failed"
    AUDIT_FAILED = "audit_failed"
    NOTHING_PUBLISHED = "nothing_published"
    BUILD_UNKNOWN = "build_unknown"
    BUILD_DAMAGED = "build_damaged"
    QUERY_FAILED = "query_failed"
    FIGURE_UNKNOWN = "figure_unknown"
    FIGURE_AMBIGUOUS = "figure_ambiguous"
    INBOX_MISSING = "inbox_missing"
    INBOX_IN_HOME = "inbox_in_home"
    SETTING_INVALID = "setting_invalid"
    # the yearly report
    REPORT_INCOMPLETE = "report_incomplete"
    BOUNDARIES_INVALID = "boundaries_invalid"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, said so that a person can mend it.

    Attributes:
        code: Error code; the page `docs/errors/<code>.md` explains it.
        expected: What would have been right.
        found: What is there.
        action: What to do.
        file_name: The file as it arrived.
        table: Sheet or part of the file.
        cell: Address as a person finds it (`C12`).
        value_printed: The cell's text.
        suggestion: A CSV line for a code list that would map the text, when that is the cure.
    """

    code: Code
    expected: str
    found: str
    action: str
    file_name: str = ""
    table: str = ""
    cell: str = ""
    value_printed: str = ""
    suggestion: str | None = None

    @property
    def place(self) -> str:
        """File, table and cell, as far as they are known."""
        return " › ".join(part for part in (self.file_name, self.table, self.cell) if part)

    @property
    def message(self) -> str:
        """One sentence that names the place, what was expected and what was found."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}expected {self.expected}, found {self.found}. {self.action}"

    def at(self, *, file_name: str = "", table: str = "", cell: str = "") -> Problem:
        """The same problem with the parts of its place that were not yet known."""
        return replace(
            self,
            file_name=self.file_name or file_name,
            table=self.table or table,
            cell=self.cell or cell,
        )


class WarehouseError(Exception):
    """Stops the file, or the command, that met it. Never shown as a traceback."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    @classmethod
    def of(
        cls, code: Code, *, expected: str, found: str, action: str, **place: str
    ) -> WarehouseError:
        """Build the error from the parts of its message."""
        return cls(Problem(code=code, expected=expected, found=found, action=action, **place))
