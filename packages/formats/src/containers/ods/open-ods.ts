import type { Issue } from '@micrarium/model';
import type { FileEntry, FileTree } from '../../bytes/file-tree.ts';
import type { OpenedWorkbook, SheetOptions, SheetRow, WorkbookSheet } from '../workbook.ts';
import { partText } from '../xlsx/workbook-parts.ts';
import { saidOfCells, type WorkbookIssueCode, workbookIssue } from '../xlsx/workbook-issues.ts';
import { issueOfFault } from '../xlsx/reading-fault.ts';
import { type PartHandler, PartWalker, PartXmlError } from '../xlsx/xml-text.ts';
import { attributesOf, OdsCells } from './ods-cells.ts';

/** Cells that may come of repetition in all sheets of a workbook together. */
const mostRepeated = 1_000_000;
const mostSheets = 1024;

/** Where a sheet stands in the content of the document. */
interface OdsSheet {
  name: string;
  style: string;
  /** Characters before the tag of its table. */
  at: number;
}

/** Finds the tables of a spreadsheet: those that are its own, not those within cells or links to other files. */
class SheetList implements PartHandler {
  wantsText = false;
  done = false;
  readonly sheets: OdsSheet[] = [];
  /** Styles of tables that are not shown. */
  readonly hidden = new Set<string>();
  isSpreadsheet = false;
  /** Characters of the part before the text that is walked. */
  before = 0;
  private style = '';
  private depth = 0;
  /** Depth of the spreadsheet's element; its tables are right below. */
  private spreadsheet = -1;

  open(name: string, text: string, from: number, to: number): void {
    this.depth++;
    if (name === 'style') this.style = attributesOf(text, from, to).get('name') ?? '';
    else if (name === 'table-properties') {
      if (attributesOf(text, from, to).get('display') === 'false') this.hidden.add(this.style);
    } else if (name === 'spreadsheet') {
      this.isSpreadsheet = true;
      this.spreadsheet = this.depth;
    } else if (name === 'table' && this.depth === this.spreadsheet + 1 && this.sheets.length < mostSheets) {
      const given = attributesOf(text, from, to);
      this.sheets.push({
        name: given.get('name') ?? '',
        style: given.get('style-name') ?? '',
        at: this.before + text.lastIndexOf('<', from),
      });
    }
  }

  close(name: string): void {
    this.depth--;
    if (name === 'spreadsheet') this.done = true;
  }

  text(): void {}
}

/**
 * Opens an OpenDocument spreadsheet (`.ods`, `.ots`) of an archive that is open. Its sheets stand one after the other in one
 * part, which is streamed: memory is a batch of rows. Formulas count with their stored results.
 * @param file name of the archive, for issues
 * @returns `undefined` where the archive holds no OpenDocument
 * @throws PartXmlError, ZipEntryDamaged for what cannot be read
 */
export async function openOds(
  file: string,
  tree: FileTree,
  issues: readonly Issue[],
  signal?: AbortSignal,
): Promise<OpenedWorkbook | undefined> {
  const partAt = (path: string) => tree.entries.find((entry) => entry.path === path);
  const where = { where: { file } };
  const manifest = partAt('META-INF/manifest.xml');
  if (manifest && (await namesEncryption(manifest, signal)))
    return { issues: [workbookIssue('workbook-encrypted', 'the spreadsheet is encrypted', where)] };
  const content = partAt('content.xml');
  if (!content) return undefined;
  const list = new SheetList();
  await walk(content, list, signal);
  if (!list.isSpreadsheet)
    return {
      issues: [...issues, workbookIssue('workbook-damaged', 'the document is no spreadsheet', where)],
    };
  const found = [...issues];
  if (!list.done) found.push(workbookIssue('workbook-damaged', 'the spreadsheet breaks off', where));
  const each = Math.floor(mostRepeated / Math.max(1, list.sheets.length));
  const sheets = list.sheets.map((sheet): WorkbookSheet => {
    const rows = (asText: boolean, options: SheetOptions = {}) =>
      sheetRows(file, content, sheet, { asText, mostRepeated: each }, options);
    return {
      name: sheet.name,
      hidden: list.hidden.has(sheet.style),
      rows: (options) => rows(false, options),
      textRows: (options) => rows(true, options) as AsyncGenerator<SheetRow<string>[]>,
    };
  });
  return { workbook: { kind: 'ods', sheets, date1904: false }, issues: found };
}

async function walk(entry: FileEntry, list: SheetList, signal?: AbortSignal): Promise<void> {
  const walker = new PartWalker(list);
  let characters = 0;
  let left = 0;
  for await (const piece of partText(entry, signal)) {
    // The walker looks at what the last piece left over together with this one.
    list.before = characters - left;
    characters += piece.length;
    walker.feed(piece);
    left = walker.waiting;
    if (list.done) return;
  }
}

/** Does the manifest name parts that are encrypted? */
async function namesEncryption(manifest: FileEntry, signal?: AbortSignal): Promise<boolean> {
  const handler: PartHandler & { isEncrypted: boolean } = {
    wantsText: false,
    done: false,
    isEncrypted: false,
    open(name) {
      if (name === 'encryption-data') this.done = this.isEncrypted = true;
    },
    close() {},
    text() {},
  };
  const walker = new PartWalker(handler);
  try {
    for await (const piece of partText(manifest, signal)) {
      walker.feed(piece);
      if (handler.done) break;
    }
  } catch (error) {
    // Older programs declare a document type there, which is not needed to read the sheets.
    if (!(error instanceof PartXmlError)) throw error;
  }
  return handler.isEncrypted;
}

async function* sheetRows(
  file: string,
  content: FileEntry,
  { name, at }: OdsSheet,
  how: { asText: boolean; mostRepeated: number },
  { signal, onIssue, onProgress, fillMerged = false }: SheetOptions,
): AsyncGenerator<SheetRow[]> {
  const found = new Map<WorkbookIssueCode, { count: number; first: string }>();
  const cells = new OdsCells({
    ...how,
    fillMerged,
    note(code, place) {
      const known = found.get(code);
      if (known) known.count++;
      else found.set(code, { count: 1, first: place });
    },
  });
  const walker = new PartWalker(cells);
  let characters = 0;
  try {
    for await (const piece of partText(content, signal)) {
      const start = at - characters;
      characters += piece.length;
      // Sheets before this one are passed over without being looked at.
      if (start >= piece.length) continue;
      walker.feed(start > 0 ? piece.slice(start) : piece);
      const rows = cells.take();
      if (rows.length > 0) yield rows;
      onProgress?.(Math.min(1, characters / content.size));
      if (cells.done) break;
    }
    if (!cells.done) throw new PartXmlError('the rows break off');
  } catch (error) {
    signal?.throwIfAborted();
    onIssue?.(issueOfFault(error, file, `sheet "${name}": `));
  }
  for (const [code, { count, first }] of found) {
    const [one, several] = saidOfCells[code] ?? ['cell', 'cells'];
    onIssue?.(
      workbookIssue(code, `sheet "${name}": ${count} ${count === 1 ? one : several} (first ${first})`, {
        where: { file },
      }),
    );
  }
}
