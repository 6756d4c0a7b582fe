import type { Issue } from '@micrarium/model';
import { type Workbook, openWorkbook } from '../../containers/workbook.ts';
import type { Item } from '../../recognition/item.ts';
import { trackFileIssue } from '../../tracks/track-file-issues.ts';
import type { ColumnMapping, ReadOptions, TrackReader } from '../../tracks/track-reader.ts';
import { IssueTally, tableIssue } from '../delimited/issues.ts';
import { chooseMapping, guessFor, streamMappedTable, unknownColumns } from '../delimited/mapped-table.ts';
import { shapeKey } from '../delimited/mapping.ts';
import type { DelimitedHead } from '../delimited/read-delimited.ts';
import { scanRows } from '../delimited/table-scan.ts';
import { type SheetTable, findSheetTable } from './sheet-table.ts';

/**
 * Reads the sheets of an Excel workbook by their columns: every sheet with positions is a set. A mapping that is given
 * goes for every sheet that has its columns; remembered ones go by the shape of each header.
 */
export const excelReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const { workbook, issues } = await openItem(item, options.signal);
    if (!workbook) return { issues };
    const tables = await tablesOf(workbook, options.signal);
    const chosen = chooseSheets(tables, item, options, issues);
    for (const [i, { table, mapping }] of chosen.entries()) {
      const found = await streamMappedTable(table, mapping, item.path, sink, {
        ...options,
        onProgress: (done) => options.onProgress?.((i + done) / chosen.length),
      });
      issues.push(
        ...found.map((issue) => onSheet(issue, table)),
        ...table.issues.map((issue) => placedAt(issue, item.path)),
      );
    }
    if (chosen.length > 1)
      issues.push(
        trackFileIssue('second-sheet', `${chosen.length} sheets with positions`, { where: { file: item.path } }),
      );
    return { issues };
  },
};

async function openItem(item: Item, signal?: AbortSignal) {
  const source = await item.files[0]!.open();
  const { workbook, issues } = await openWorkbook(source, signal ? { signal } : {});
  return { workbook, issues: issues.map((issue) => placedAt(issue, item.path)) };
}

/** Tables of the sheets that are shown. */
async function tablesOf(workbook: Workbook, signal?: AbortSignal): Promise<SheetTable[]> {
  const tables: SheetTable[] = [];
  for (const sheet of workbook.sheets) {
    const table = sheet.hidden ? undefined : await findSheetTable(sheet, signal);
    if (table) tables.push(table);
  }
  return tables;
}

/** The tables of the sheets of a workbook that are shown. */
export async function openSheetTables(
  item: Item,
  signal?: AbortSignal,
): Promise<{ tables: SheetTable[]; issues: Issue[] }> {
  const { workbook, issues } = await openItem(item, signal);
  return { tables: workbook ? await tablesOf(workbook, signal) : [], issues };
}

/** Sheets with positions, each with its mapping; what was found of the others only where no sheet has any. */
function chooseSheets(
  tables: readonly SheetTable[],
  item: Item,
  options: ReadOptions,
  issues: Issue[],
): { table: SheetTable; mapping: ColumnMapping }[] {
  const { mapping: given, ...unasked } = options;
  const fits = ({ dialect }: SheetTable) => given !== undefined && unknownColumns(given, dialect.header).length === 0;
  const anyFits = tables.some(fits);
  const chosen: { table: SheetTable; mapping: ColumnMapping }[] = [];
  const refused: Issue[] = [];
  for (const table of tables) {
    const found: Issue[] = [];
    // Sheets without the columns of a mapping that another has are read by their own.
    const how = anyFits && !fits(table) ? unasked : options;
    const mapping = chooseMapping(table.dialect, how, item.format, item.path, found);
    const placed = found.map((issue) => onSheet(issue, table));
    if (!mapping) {
      refused.push(...placed);
      continue;
    }
    chosen.push({ table, mapping });
    issues.push(...placed);
  }
  if (tables.length === 0)
    issues.push(tableIssue('no-position-columns', 'no sheet holds a table', { where: { file: item.path } }));
  if (chosen.length === 0) issues.push(...refused);
  return chosen;
}

function onSheet(issue: Issue, { name }: SheetTable): Issue {
  return { ...issue, message: `sheet "${name}": ${issue.message}` };
}

function placedAt(issue: Issue, file: string): Issue {
  return { ...issue, where: { ...issue.where, file } };
}

/**
 * Describes the table of a workbook whose columns can be assigned: the first sheet with positions, else the first with
 * a table. `undefined` where there is none.
 */
export async function readExcelHead(item: Item, options: ReadOptions = {}): Promise<DelimitedHead | undefined> {
  const { workbook, issues } = await openItem(item, options.signal);
  const tables = workbook ? await tablesOf(workbook, options.signal) : [];
  const guesses = tables.map(({ dialect }) => guessFor(dialect, item.format));
  const at = Math.max(
    0,
    guesses.findIndex(({ confidence }) => confidence > 0),
  );
  const table = tables[at];
  if (!table) return undefined;
  const walk = options.signal ? { signal: options.signal } : {};
  const scan = await scanRows(table.dialect, table.rows(new IssueTally(), walk));
  return {
    columns: scan.columns,
    rowCount: scan.rows,
    rowCountIsEstimate: false,
    sheet: table.name,
    hasHeader: table.dialect.hasHeader,
    sample: table.dialect.sample.slice(0, 20),
    guess: guesses[at]!,
    shapeKey: shapeKey(table.dialect.header),
    issues,
  };
}
