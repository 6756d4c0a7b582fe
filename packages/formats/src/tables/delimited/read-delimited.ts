import type { ColumnDescription, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { isOwnHeader, openOwnTable, ownTablePaths } from '../../tracks/csv/own-tables.ts';
import { readOwnTables } from '../../tracks/csv/read-tables.ts';
import type { ColumnMapping, ReadOptions, SetHeader, TrackReader, TrackSink } from '../../tracks/track-reader.ts';
import { type TableDialect, detectDialect } from './dialect.ts';
import { withFormatKnowledge } from './format-knowledge.ts';
import { IssueTally, type TableIssueCode, tableIssue } from './issues.ts';
import { type GuessedMapping, guessMapping, shapeKey } from './mapping.ts';
import { RowsToObjects } from './rows-to-objects.ts';
import { type TablePlan, planTable } from './table-plan.ts';
import { scanTable, tableRows } from './table-scan.ts';

/** What the interface shows of a delimited table before it is read. */
export interface DelimitedHead {
  /** Columns with types over the whole table (over its first rows where `rowCountIsEstimate`). */
  columns: ColumnDescription[];
  rowCount: number;
  /** True for large tables, of which only the head was read. */
  rowCountIsEstimate: boolean;
  delimiter: TableDialect['delimiter'];
  hasHeader: boolean;
  /** First data rows, at most 20. */
  sample: string[][];
  guess: GuessedMapping;
  /** Key under which a corrected mapping is remembered; see `shapeKey`. */
  shapeKey: string;
  issues: Issue[];
}

/** Tables above this size are described from their head alone. */
const wholeScanBytes = 64 << 20;

/**
 * Describes a delimited table: columns, types, number of rows, and the guessed meaning of the columns.
 * `undefined` where the content is not a consistent table.
 */
export async function readDelimitedHead(item: Item, options: ReadOptions = {}): Promise<DelimitedHead | undefined> {
  const opened = await openTable(item, options);
  if (!opened) return undefined;
  const { source, dialect } = opened;
  const tally = new IssueTally<TableIssueCode>();
  const large = source.size > wholeScanBytes;
  const part = large ? await headSource(source) : source;
  const scan = await scanTable(part, dialect, tally, options.signal ? { signal: options.signal } : {});
  return {
    columns: scan.columns,
    rowCount: large ? Math.round((scan.rows * source.size) / part.size) : scan.rows,
    rowCountIsEstimate: large,
    delimiter: dialect.delimiter,
    hasHeader: dialect.hasHeader,
    sample: dialect.sample.slice(0, 20),
    guess: guessFor(dialect, item),
    shapeKey: shapeKey(dialect.header),
    issues: [...dialectIssues(source.name, item.path, dialect), ...tally.issues(tableIssue, item.path, tallyWords)],
  };
}

async function headSource(source: ByteSource): Promise<ByteSource> {
  const bytes = await source.read(0, 1 << 20);
  const end = bytes.lastIndexOf(10) + 1 || bytes.length;
  return {
    name: source.name,
    size: end,
    read: async (offset, length) => bytes.slice(offset, Math.min(end, offset + length)),
  };
}

async function openTable(
  item: Item,
  options: ReadOptions,
): Promise<{ source: ByteSource; dialect: TableDialect } | undefined> {
  const entry = item.tree.entries[0] ?? item.files[0];
  if (!entry) return undefined;
  const source = await entry.open();
  const head = await source.read(0, 65_536, options.signal);
  const dialect = detectDialect(head, head.length >= source.size);
  return dialect && { source, dialect };
}

function guessFor(dialect: TableDialect, item: Item): GuessedMapping {
  const guess = guessMapping(dialect.header, dialect.sample, dialect.units, dialect.decimalComma);
  return withFormatKnowledge(guess, item.format, dialect.header);
}

function dialectIssues(name: string, file: string, dialect: TableDialect): Issue[] {
  const issues: Issue[] = [];
  const where = { file };
  if (dialect.encoding === 'latin-1')
    issues.push(tableIssue('non-utf8', 'the text is not UTF-8; it is read as Latin-1', { where }));
  const extension = /\.(csv|tsv)$/i.exec(name)?.[1]?.toLowerCase();
  const words = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars', ' ': 'blanks' };
  if (
    (extension === 'csv' && dialect.delimiter !== ',' && dialect.delimiter !== ';') ||
    (extension === 'tsv' && dialect.delimiter !== '\t')
  )
    issues.push(
      tableIssue(
        'delimiter-not-as-extension',
        `the file is called .${extension}, but ${words[dialect.delimiter]} separate its columns`,
        { where },
      ),
    );
  if (!dialect.hasHeader)
    issues.push(
      tableIssue(
        'no-header',
        `no header line; the ${dialect.header.length} columns are called #1 to #${dialect.header.length}`,
        { where },
      ),
    );
  return issues;
}

const tallyWords: Partial<Record<TableIssueCode, (count: number) => string>> = {
  'row-width': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} another number of cells than the header`,
  'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several objects`,
  'not-a-number': (n) => `${n} position ${n === 1 ? 'cell is' : 'cells are'} not a number`,
  'row-without-frame': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} no frame`,
  'quote-not-closed': (n) => `${n} quotation ${n === 1 ? 'mark is' : 'marks are'} not closed`,
};

/** Reads any delimited table whose columns are named by a mapping, or whose meaning can be guessed. */
export const delimitedReader: TrackReader = {
  async stream(item, sink, options = {}) {
    if (!options.mapping && (await isOwnItem(item))) return await readOwnTables(item, sink, options);
    const opened = await openTable(item, options);
    const where = { file: item.path };
    if (!opened)
      return {
        issues: [
          tableIssue('no-position-columns', 'the file is not a table with the same columns in every row', { where }),
        ],
      };
    const { source, dialect } = opened;
    const issues = dialectIssues(source.name, item.path, dialect);
    const mapping = chooseMapping(dialect, options, item, issues);
    if (!mapping) return { issues };
    const tally = new IssueTally<TableIssueCode>();
    const progress = (from: number) => ({
      ...(options.signal ? { signal: options.signal } : {}),
      onBytes: (done: number) => options.onProgress?.(from + done / source.size / 2),
    });
    const plan = await planTable(source, dialect, mapping, tally, progress(0));
    const { name } = source;
    await sink.header(headerOf(stemOf(name), mapping, plan));
    const rows = new RowsToObjects(plan, mapping, dialect.decimalComma, tally);
    await streamRows(tableRows(source, dialect, new IssueTally(), progress(0.5)), rows, sink);
    await sink.end();
    issues.push(...planIssues(plan, mapping, item.path, rows), ...tally.issues(tableIssue, item.path, tallyWords));
    return { issues };
  },
};

/** Was the table, or the folder of tables, written by our CSV writers? */
async function isOwnItem({ tree }: Item): Promise<boolean> {
  const [entry] = tree.entries;
  if (tree.entries.length !== 1 || !entry) return ownTablePaths(tree, '').length > 0;
  return isOwnHeader((await openOwnTable(entry.path, await entry.open())).dialect.header);
}

async function streamRows(batches: ReturnType<typeof tableRows>, rows: RowsToObjects, sink: TrackSink): Promise<void> {
  for await (const batch of batches) {
    const { objects, parents } = rows.take(batch);
    if (objects.count > 0) await sink.objects(objects);
    if (parents.count > 0) await sink.edges(parents);
  }
  const edges = rows.trackEdges();
  if (edges && edges.count > 0) await sink.edges(edges);
}

function chooseMapping(
  dialect: TableDialect,
  options: ReadOptions,
  item: Item,
  issues: Issue[],
): ColumnMapping | undefined {
  const file = item.path;
  const guess = options.mapping ? undefined : guessFor(dialect, item);
  const mapping = options.mapping ?? guess!.mapping;
  const roles = ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const;
  const unknown = roles
    .map((role) => mapping[role])
    .filter((name) => name !== undefined && !dialect.header.includes(name));
  for (const name of unknown)
    issues.push(tableIssue('mapping-column-unknown', `the table has no column "${name}"`, { where: { file } }));
  if (unknown.length > 0) return undefined;
  if (mapping.x === undefined || mapping.y === undefined) {
    const columns = dialect.header.slice(0, 12).join(', ');
    issues.push(
      tableIssue('no-position-columns', `no x and y position among the columns ${columns}`, { where: { file } }),
    );
    return undefined;
  }
  if (guess)
    issues.push(
      tableIssue('mapping-guessed', `columns assigned by their names and values: ${guess.reasons.join('; ')}`, {
        where: { file },
      }),
    );
  return mapping;
}

function headerOf(name: string, mapping: ColumnMapping, plan: TablePlan): SetHeader {
  const base = mapping.frameBase ?? (plan.firstFrame === 0 ? 0 : undefined);
  return {
    name,
    ...(mapping.spaceUnit ? { spaceUnit: mapping.spaceUnit } : {}),
    ...(mapping.timeUnit ? { timeUnit: mapping.timeUnit } : {}),
    ...(base === undefined ? {} : { sourceFrameBase: base }),
    entity: 'point',
    hasZ: plan.hasZ,
    hasTime: plan.at.time >= 0,
    objectColumns: plan.kept.map(({ description }) => description),
    edgeColumns: [],
    provenance: plan.times?.regular && plan.times.step ? { frameInterval: plan.times.step } : {},
  };
}

function planIssues(plan: TablePlan, mapping: ColumnMapping, file: string, rows: RowsToObjects): Issue[] {
  const issues: Issue[] = [];
  const note = (code: TableIssueCode, message: string) => issues.push(tableIssue(code, message, { where: { file } }));
  if (!mapping.spaceUnit) note('no-units', 'the table does not say in which unit its positions are');
  else if (mapping.spaceUnit === 'pixel') note('pixel-units-only', 'positions are in pixels');
  if (plan.at.frame < 0 && plan.at.time < 0) note('no-time-column', 'no column with frames or times');
  if (plan.times)
    if (plan.times.regular)
      note('frames-from-time', `frames computed from times, step ${plan.times.step ?? 'unknown'}`);
    else note('irregular-time', `${plan.times.frameOf.size} times that are not multiples of one step`);
  if (plan.at.frame >= 0 && mapping.frameBase === undefined && plan.firstFrame > 0 && Number.isFinite(plan.firstFrame))
    note('frame-base-unknown', `the first frame in the table is ${plan.firstFrame}`);
  if (plan.tracksByBlankLines)
    note('tracks-by-blank-lines', `${plan.scan.lastBlock + 1} groups of rows, read as tracks`);
  else if (plan.at.track < 0 && !(plan.at.parent >= 0 && plan.ids))
    note('no-track-column', 'no column says which objects belong to one track');
  if (plan.at.z >= 0 && !plan.hasZ) note('z-all-zero', `column "${mapping.z}" is 0 in every row`);
  if (rows.untrackedObjects > 0) note('untracked-objects', `${rows.untrackedObjects} objects belong to no track`);
  return issues;
}
