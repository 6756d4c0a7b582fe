import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../bytes/byte-source.ts';
import { openWorkbook, type SheetRow } from './workbook.ts';
import type { SheetToWrite } from './xlsx/workbook-to-write.ts';
import { writeWorkbook } from './xlsx/write-workbook.ts';

/** A sheet with all its rows. */
export interface SheetInMemory {
  name: string;
  rows: SheetRow[];
  /** There were more rows than were asked for. */
  isCut: boolean;
}

/** A workbook as its bytes; for those that people fill in, which are small. */
export async function workbookBytes(sheets: readonly SheetToWrite[]): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await writeWorkbook(sheets, {
    write: (bytes) => {
      pieces.push(bytes.slice() as Uint8Array<ArrayBuffer>);
      return Promise.resolve();
    },
  });
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * The sheets of a workbook that are shown, with at most so many rows each; merged cells have their value everywhere.
 * Damaged and hostile workbooks give issues.
 */
export async function sheetsInMemory(
  source: ByteSource,
  mostRows: number,
): Promise<{ sheets: SheetInMemory[]; issues: Issue[] }> {
  const { workbook, issues } = await openWorkbook(source);
  const sheets: SheetInMemory[] = [];
  for (const sheet of workbook?.sheets ?? []) {
    if (sheet.hidden) continue;
    const rows: SheetRow[] = [];
    for await (const batch of sheet.rows({ fillMerged: true, onIssue: (issue) => issues.push(issue) })) {
      for (const row of batch) if (rows.length <= mostRows) rows.push(row);
      if (rows.length > mostRows) break;
    }
    const isCut = rows.length > mostRows;
    if (isCut) rows.length = mostRows;
    sheets.push({ name: sheet.name, rows, isCut });
  }
  return { sheets, issues };
}
