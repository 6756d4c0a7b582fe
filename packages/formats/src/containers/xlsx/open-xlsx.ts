import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import type { OpenedWorkbook, SheetOptions, SheetRow, WorkbookLimits, WorkbookSheet } from '../workbook.ts';
import { openZip } from '../zip/open-zip.ts';
import { openOds } from '../ods/open-ods.ts';
import { issueOfFault } from './reading-fault.ts';
import { type SharedTexts, readSharedTexts } from './shared-texts.ts';
import { type CellReading, columnName, MergedFill, type MergedRange, MergedRanges, SheetCells } from './sheet-cells.ts';
import { type WorkbookParts, findParts, partText, readDateStyles } from './workbook-parts.ts';
import { saidOfCells, type WorkbookIssueCode, workbookIssue } from './workbook-issues.ts';
import { PartWalker, PartXmlError } from './xml-text.ts';

const sharedCharacters = 128 << 20;

/**
 * Opens an Office Open XML workbook (`.xlsx`, `.xlsm`, transitional or strict), or the OpenDocument spreadsheet that an archive
 * without one holds. Sheets are streamed out of the archive;
 * macros, drawings and links to other files are never looked at.
 */
export async function openXlsx(source: ByteSource, limits: WorkbookLimits = {}): Promise<OpenedWorkbook> {
  const opened = await openZip(source, {
    // Parts are found by name and never written anywhere: what Windows programs call them is good enough.
    backslashes: true,
    ...(limits.signal ? { signal: limits.signal } : {}),
  });
  const where = { where: { file: source.name } };
  if (opened.tree.entries.length === 0)
    return {
      issues:
        opened.issues.length > 0 ? opened.issues : [workbookIssue('workbook-damaged', 'the archive is empty', where)],
    };
  try {
    const parts = await findParts(opened.tree, limits.signal);
    if (!parts)
      return (
        (await openOds(source.name, opened.tree, opened.issues, limits.signal)) ?? {
          issues: [...opened.issues, workbookIssue('workbook-damaged', 'no workbook inside', where)],
        }
      );
    if (parts.binary)
      return { issues: [...opened.issues, workbookIssue('workbook-binary', 'the workbook is binary', where)] };
    const shared = new XlsxParts(source.name, parts, limits);
    const sheets = parts.sheets.map((sheet) => shared.sheet(sheet));
    return { workbook: { kind: 'xlsx', sheets, date1904: parts.date1904 }, issues: opened.issues };
  } catch (error) {
    return { issues: [...opened.issues, issueOfFault(error, source.name)] };
  }
}

/** What the sheets of a workbook share, read when the first needs it. */
class XlsxParts {
  private readonly file: string;
  private readonly parts: WorkbookParts;
  private readonly limits: WorkbookLimits;
  private texts: Promise<SharedTexts> | undefined;
  private styles: Promise<Uint8Array> | undefined;

  constructor(file: string, parts: WorkbookParts, limits: WorkbookLimits) {
    this.file = file;
    this.parts = parts;
    this.limits = limits;
  }

  sheet({ name, hidden, entry }: WorkbookParts['sheets'][number]): WorkbookSheet {
    return {
      name,
      hidden,
      rows: (options) => this.rows(name, entry, false, options),
      textRows: (options) => this.rows(name, entry, true, options) as AsyncGenerator<SheetRow<string>[]>,
    };
  }

  private async *rows(
    name: string,
    entry: FileEntry,
    asText: boolean,
    options: SheetOptions = {},
  ): AsyncGenerator<SheetRow[]> {
    const { signal, onIssue } = options;
    const found = new Map<WorkbookIssueCode, { count: number; first: string }>();
    const note: CellReading['note'] = (code, place) => {
      const entryOf = found.get(code);
      if (entryOf) entryOf.count++;
      else found.set(code, { count: 1, first: place });
    };
    try {
      const reading = { ...(await this.shared(signal)), date1904: this.parts.date1904, asText, note };
      const ranges = options.fillMerged ? await mergedRanges(entry, signal) : [];
      for (const range of ranges) note('cells-merged', rangeText(range));
      const fill = ranges.length > 0 ? new MergedFill(ranges) : undefined;
      yield* sheetRows(entry, reading, options, fill);
    } catch (error) {
      signal?.throwIfAborted();
      onIssue?.(issueOfFault(error, this.file, `sheet "${name}": `));
    }
    for (const [code, { count, first }] of found) {
      const [one, several] = saidOfCells[code] ?? ['cell', 'cells'];
      onIssue?.(
        workbookIssue(code, `sheet "${name}": ${count} ${count === 1 ? one : several} (first ${first})`, {
          where: { file: this.file },
        }),
      );
    }
  }

  private async shared(signal?: AbortSignal): Promise<{ texts: SharedTexts; dateStyles: Uint8Array }> {
    const { sharedTexts, styles } = this.parts;
    const most = this.limits.maxSharedCharacters ?? sharedCharacters;
    this.texts ??= sharedTexts
      ? readSharedTexts(partText(sharedTexts, signal), most, this.limits.firstRowsOnly)
      : Promise.resolve({ at: () => undefined });
    this.styles ??= readDateStyles(styles, signal);
    return { texts: await this.texts, dateStyles: await this.styles };
  }
}

/** `A1:C2`. */
function rangeText({ left, top, right, bottom }: MergedRange): string {
  return `${columnName(left)}${top + 1}:${columnName(right)}${bottom + 1}`;
}

async function mergedRanges(entry: FileEntry, signal?: AbortSignal): Promise<MergedRanges['ranges']> {
  const merged = new MergedRanges();
  const walker = new PartWalker(merged);
  for await (const piece of partText(entry, signal)) {
    walker.feed(piece);
    if (merged.done) break;
  }
  return merged.ranges;
}

async function* sheetRows(
  entry: FileEntry,
  reading: CellReading,
  { signal, onProgress }: SheetOptions,
  fill: MergedFill | undefined,
): AsyncGenerator<SheetRow[]> {
  const cells = new SheetCells(reading);
  const walker = new PartWalker(cells);
  let characters = 0;
  for await (const piece of partText(entry, signal)) {
    walker.feed(piece);
    characters += piece.length;
    const rows = cells.take();
    if (fill) for (const row of rows) fill.fill(row);
    if (rows.length > 0) yield rows;
    onProgress?.(Math.min(1, characters / entry.size));
    if (cells.done) return;
  }
  throw new PartXmlError('the rows break off');
}
