// A workbook of what is shown: numbers stay numbers, text is never a formula.
import writeExcelFile from 'write-excel-file/browser';

const WIDEST = 60;

/** The workbook as a Blob; header bold and frozen. */
export function workbook(names, rows) {
  const header = names.map((name) => ({ value: name, fontWeight: 'bold' }));
  const body = rows.map((row) => row.map(cell));
  const columns = names.map((name, index) => ({
    width: Math.min(WIDEST, Math.max(name.length, ...rows.slice(0, 200).map((row) => String(row[index] ?? '').length)) + 2),
  }));
  return writeExcelFile([header, ...body], { columns, stickyRowsCount: 1 }).toBlob();
}

function cell(value) {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  if (typeof value === 'boolean') return { value, type: Boolean };
  return { value: String(value), type: String };
}
