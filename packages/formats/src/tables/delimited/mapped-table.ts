import type { Issue } from '@micrarium/model';
import type { FormatId } from '../../recognition/format-id.ts';
import type { ColumnMapping, ReadOptions, SetHeader, TrackSink } from '../../tracks/track-reader.ts';
import type { TableDialect } from './dialect.ts';
import { withFormatKnowledge } from './format-knowledge.ts';
import { IssueTally, type TableIssueCode, tableIssue } from './issues.ts';
import { type GuessedMapping, guessMapping, shapeKey } from './mapping.ts';
import { RowsToObjects } from './rows-to-objects.ts';
import { type TablePlan, planTable } from './table-plan.ts';
import type { TableRow } from './table-scan.ts';

/** A table whose rows can be walked more than once, whatever file it lies in. */
export interface MappableTable {
  /** Name of the set that becomes of it. */
  name: string;
  dialect: Pick<TableDialect, 'header' | 'units' | 'decimalComma' | 'sample'>;
  /** Its rows; `onFraction` is told how far the walk is. */
  rows(
    tally: IssueTally<TableIssueCode>,
    options: { signal?: AbortSignal; onFraction?(done: number): void },
  ): AsyncIterable<TableRow[]>;
}

/** Messages of findings that are counted. */
export const tallyWords: Partial<Record<TableIssueCode, (count: number) => string>> = {
  'row-width': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} another number of cells than the header`,
  'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several objects`,
  'not-a-number': (n) => `${n} position ${n === 1 ? 'cell is' : 'cells are'} not a number`,
  'row-without-frame': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} no frame`,
  'quote-not-closed': (n) => `${n} quotation ${n === 1 ? 'mark is' : 'marks are'} not closed`,
};

/** What the columns of a table seem to mean, with what is known of the program that writes such tables. */
export function guessFor(dialect: MappableTable['dialect'], format: FormatId): GuessedMapping {
  const guess = guessMapping(dialect.header, dialect.sample, dialect.units, dialect.decimalComma);
  return withFormatKnowledge(guess, format, dialect.header);
}

const roles = ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const;

/** Columns that a mapping names and a header has not. */
export function unknownColumns(mapping: ColumnMapping, header: readonly string[]): string[] {
  return roles.flatMap((role) => {
    const name = mapping[role];
    return name !== undefined && !header.includes(name) ? [name] : [];
  });
}

/**
 * The mapping to read a table by: the one given, else the one remembered for its header, else the guess. `undefined`,
 * with an issue, where it names a column the table has not, or no position.
 */
export function chooseMapping(
  dialect: MappableTable['dialect'],
  options: Pick<ReadOptions, 'mapping' | 'mappings'>,
  format: FormatId,
  file: string,
  issues: Issue[],
): ColumnMapping | undefined {
  const given = options.mapping ?? options.mappings?.[shapeKey(dialect.header)];
  const guess = given ? undefined : guessFor(dialect, format);
  const mapping = given ?? guess!.mapping;
  const unknown = unknownColumns(mapping, dialect.header);
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

/** Streams one table as a set of objects and edges: one pass to plan, one to read. Answers what was found. */
export async function streamMappedTable(
  table: MappableTable,
  mapping: ColumnMapping,
  file: string,
  sink: TrackSink,
  options: ReadOptions,
): Promise<Issue[]> {
  const { dialect } = table;
  const tally = new IssueTally<TableIssueCode>();
  const progress = (from: number) => ({
    ...(options.signal ? { signal: options.signal } : {}),
    onFraction: (done: number) => options.onProgress?.(from + done / 2),
  });
  const plan = await planTable(dialect, table.rows(tally, progress(0)), mapping, tally);
  await sink.header(headerOf(table.name, mapping, plan));
  const rows = new RowsToObjects(plan, mapping, dialect.decimalComma, tally);
  for await (const batch of table.rows(new IssueTally(), progress(0.5))) {
    const { objects, parents } = rows.take(batch);
    if (objects.count > 0) await sink.objects(objects);
    if (parents.count > 0) await sink.edges(parents);
  }
  const edges = rows.trackEdges();
  if (edges && edges.count > 0) await sink.edges(edges);
  await sink.end();
  return [...planIssues(plan, mapping, file, rows), ...tally.issues(tableIssue, file, tallyWords)];
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
