"""Excel workbooks: xlsx through python-calamine, xls through xlrd (it alone tells formats)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine
import xlrd
from lxml import etree

from warehouse.errors import Code, WarehouseError
from warehouse.readers.cells import Kind, Merge, Sheet, Workbook, build_sheet
from warehouse.readers.number_format import shown_by
from warehouse.readers.xlsx_cells import Cells
from warehouse.readers.xlsx_parts import SheetFormats, scan_xlsx
from warehouse.readers.xlsx_raised import raised_figures

_ERROR_TEXTS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NULL!", "#NUM!")


def read_xlsx(path: Path) -> Workbook:
    """Read all worksheets with merged ranges, number formats, indents and formula marks.

    Raises:
        WarehouseError: `file_damaged`, `file_encrypted` or `file_too_large`.
    """
    formats = scan_xlsx(path)
    try:
        raised = raised_figures(path, any(found.cells.has_raised for found in formats.values()))
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = tuple(
            _xlsx_sheet(book, meta.name, formats.get(meta.name), raised)
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        )
    except python_calamine.PasswordError as error:
        raise _encrypted() from error
    except (python_calamine.CalamineError, etree.XMLSyntaxError, OSError, ValueError) as error:
        raise _damaged(error) from error
    return Workbook("xlsx", sheets)


def _xlsx_sheet(
    book: python_calamine.CalamineWorkbook,
    name: str,
    formats: SheetFormats | None,
    raised: Mapping[str, str],
) -> Sheet:
    source = book.get_sheet_by_name(name)
    merges = tuple(
        Merge(top, left, bottom, right)
        for (top, left), (bottom, right) in source.merged_cell_ranges or ()
    )
    rows: list[list[Any]] = source.to_python(skip_empty_area=False) if source.height else []
    del source  # its cells are in the rows now
    if raised:
        rows = [[raised.get(c, c) if isinstance(c, str) else c for c in row] for row in rows]
    if formats is not None:
        _make_room(rows, formats.cells)
    sheet = build_sheet(name, rows, merges=merges)
    if formats is None:
        return sheet
    apply_formats(sheet, formats)
    hidden_rows, hidden_columns = formats.cells.hidden_rows, formats.cells.hidden_columns
    return replace(sheet, hidden_rows=hidden_rows, hidden_columns=hidden_columns)


def _make_room(rows: list[list[Any]], cells: Cells) -> None:
    """Formulas without a value, and errors, may lie outside the range that calamine returns."""
    lost = cells.formula & ~cells.has_value
    corners = [*cells.errors, *zip(cells.row[lost], cells.column[lost], strict=True)]
    if not corners:
        return
    height = max(int(row) for row, _ in corners) + 1
    width = max(int(column) for _, column in corners) + 1
    rows.extend([] for _ in range(height - len(rows)))
    if rows and len(rows[0]) < width:
        rows[0].extend([None] * (width - len(rows[0])))


def apply_formats(sheet: Sheet, formats: SheetFormats) -> None:
    """Write what the styles of the cells mean into a sheet: digits, scale, indents, errors."""
    cells, styles = formats.cells, formats.styles
    height, width = sheet.shape
    inside = (cells.row < height) & (cells.column < width)
    at = (cells.row[inside], cells.column[inside])
    style = cells.style[inside]
    sheet.digits[at] = styles.digits[style]
    sheet.indent[at] = styles.indent[style]
    sheet.formula[at] = cells.formula[inside]
    if styles.hides_zero.any():
        _hide_zeros(sheet, at, styles.hides_zero[style])
    if (styles.scale != 1).any():
        sheet.number[at] *= styles.scale[style]
    lost = cells.formula[inside] & ~cells.has_value[inside]
    sheet.kind[at[0][lost], at[1][lost]] = Kind.FORMULA_WITHOUT_VALUE
    for (row, column), text in cells.errors.items():
        sheet.raw[row, column] = text
        sheet.kind[row, column] = Kind.ERROR


def _hide_zeros(sheet: Sheet, at: tuple[Any, Any], hides: Any) -> None:
    """A zero that its format shows as a blank cell is not printed, so it is no figure."""
    hidden = hides & (sheet.number[at] == 0)
    rows, columns = at[0][hidden], at[1][hidden]
    sheet.kind[rows, columns] = Kind.EMPTY
    sheet.number[rows, columns] = np.nan


def _mark_errors(sheet: Sheet) -> None:
    is_text = sheet.kind == Kind.TEXT
    texts = sheet.raw[is_text]
    errors = np.fromiter((text in _ERROR_TEXTS for text in texts), dtype=bool, count=len(texts))
    kinds = sheet.kind[is_text]
    kinds[errors] = Kind.ERROR
    sheet.kind[is_text] = kinds


def read_xls(path: Path) -> Workbook:
    """Read a workbook of Excel 97–2003 with merged ranges, number formats and indents.

    Raises:
        WarehouseError: `file_damaged` or `file_encrypted`.
    """
    try:
        with path.open("rb") as file:
            book = xlrd.open_workbook(
                file_contents=file.read(), formatting_info=True, logfile=_Silence()
            )
        sheets = tuple(_xls_sheet(book, sheet) for sheet in book.sheets())
    except xlrd.XLRDError as error:
        raise (_encrypted() if "encrypt" in str(error).lower() else _damaged(error)) from error
    except Exception as error:  # xlrd meets damage with whatever its parsing ran into
        raise _damaged(error) from error
    return Workbook("xls", sheets)


class _Silence:
    def write(self, text: str) -> None:
        """Drop xlrd's remarks."""

    def flush(self) -> None:
        """Nothing is kept."""


def _xls_value(book: Any, cell_type: int, value: Any) -> Any:
    if cell_type == xlrd.XL_CELL_NUMBER:
        return float(value)
    if cell_type == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(value, book.datemode)
    if cell_type == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell_type == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#ERROR")
    return value if cell_type == xlrd.XL_CELL_TEXT else None


def _xls_sheet(book: Any, source: Any) -> Sheet:
    rows = [
        [
            _xls_value(book, cell_type, value)
            for cell_type, value in zip(
                source.row_types(index), source.row_values(index), strict=True
            )
        ]
        for index in range(source.nrows)
    ]
    merges = tuple(
        Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells
    )
    sheet = build_sheet(source.name, rows, merges=merges)
    _mark_errors(sheet)
    styles = [shown_by(book.format_map[style.format_key].format_str) for style in book.xf_list]
    indents = [style.alignment.indent_level for style in book.xf_list]
    scale = np.ones(sheet.shape)
    rows_at, columns_at = np.nonzero(sheet.kind)
    hides = np.zeros(len(rows_at), dtype=bool)
    for at, (row, column) in enumerate(zip(rows_at, columns_at, strict=True)):
        style = source.cell_xf_index(int(row), int(column))
        hides[at] = styles[style].hides_zero
        sheet.digits[row, column] = styles[style].digits
        sheet.indent[row, column] = indents[style]
        scale[row, column] = styles[style].scale
    _hide_zeros(sheet, (rows_at, columns_at), hides)
    return replace(
        sheet,
        number=sheet.number * scale,
        hidden_rows=frozenset(row for row, info in source.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(at for at, info in source.colinfo_map.items() if info.hidden),
    )


def _encrypted() -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_ENCRYPTED,
        expected="a workbook without a password",
        found="an encrypted workbook",
        action="Ask the sender for an open copy, or save it without the password.",
    )


def _damaged(error: Exception) -> WarehouseError:
    return WarehouseError.of(
        Code.FILE_DAMAGED,
        expected="a complete workbook",
        found=f"parts that cannot be read ({error})",
        action="The file was cut off or altered on its way: fetch it again.",
    )
