import type { ByteSource } from '../../bytes/byte-source.ts';
import type { OpenedWorkbook, SheetOptions, SheetRow, WorkbookSheet } from '../workbook.ts';
import { workbookIssue } from '../xlsx/workbook-issues.ts';
import { BiffError, type Sheet, biffSheets } from './biff-sheets.ts';
import { OleError, readOleStream } from './ole-file.ts';

/** A workbook of 65,536 rows a sheet stays far below. */
const largest = 256 << 20;
const batchRows = 4096;

/** Opens a workbook of Excel 97 to 2003 (BIFF8 in an OLE container), which is held in memory whole. */
export async function openXls(source: ByteSource, signal?: AbortSignal): Promise<OpenedWorkbook> {
  const where = { where: { file: source.name } };
  if (source.size > largest) return { issues: [workbookIssue('workbook-too-large', `${source.size} bytes`, where)] };
  try {
    if (await readOleStream(source, ['EncryptedPackage'], signal))
      return { issues: [workbookIssue('workbook-encrypted', 'the workbook is encrypted', where)] };
    const stream = await readOleStream(source, ['Workbook', 'Book'], signal);
    if (!stream) return { issues: [workbookIssue('workbook-damaged', 'no workbook in the file', where)] };
    const sheets = biffSheets(stream).map((sheet) => workbookSheet(sheet, source.name));
    return { workbook: { kind: 'xls', sheets, date1904: false }, issues: [] };
  } catch (error) {
    if (error instanceof BiffError && error.encrypted)
      return { issues: [workbookIssue('workbook-encrypted', error.message, where)] };
    if (error instanceof BiffError && error.isOld)
      return { issues: [workbookIssue('workbook-binary', error.message, where)] };
    if (error instanceof BiffError || error instanceof OleError || error instanceof RangeError)
      return { issues: [workbookIssue('workbook-damaged', error.message, where)] };
    throw error;
  }
}

function workbookSheet(sheet: Sheet, file: string): WorkbookSheet {
  return {
    name: sheet.name,
    hidden: false,
    rows: (options) => batches(sheet, file, options, (value) => value),
    textRows: (options) => batches(sheet, file, options, String),
  };
}

async function* batches<Cell>(
  sheet: Sheet,
  file: string,
  { signal, onIssue }: SheetOptions = {},
  convert: (value: string | number) => Cell,
): AsyncGenerator<SheetRow<Cell>[]> {
  let batch: SheetRow<Cell>[] = [];
  try {
    for (const { row, cells } of sheet.numberedRows()) {
      const values = Array.from(cells, (cell) => (cell === undefined || cell === '' ? undefined : convert(cell)));
      if (values.some((value) => value !== undefined)) batch.push({ row: row + 1, cells: values });
      if (batch.length < batchRows) continue;
      signal?.throwIfAborted();
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof BiffError || error instanceof RangeError)) throw error;
    onIssue?.(workbookIssue('workbook-damaged', `sheet "${sheet.name}": ${error.message}`, { where: { file } }));
  }
  if (batch.length > 0) yield batch;
}
