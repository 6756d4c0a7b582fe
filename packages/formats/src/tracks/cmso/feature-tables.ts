import type { Column, ColumnDescription, ColumnType } from '@micrarium/model';
import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { IdIndex } from '../../tables/delimited/id-index.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { type TableRow, tableRows } from '../../tables/delimited/table-scan.ts';
import type { OwnExtra } from '../geff/own-extra.ts';
import type { CmsoField, CmsoResource } from './data-package.ts';
import type { CmsoIssueCode } from './issues.ts';
import type { TableFile } from './package-files.ts';
import type { LinkedEdges } from './read-links.ts';
import type { ObjectRows } from './read-objects.ts';

const declaredTypes: Readonly<Record<string, ColumnType>> = {
  number: 'float',
  integer: 'int',
  boolean: 'bool',
  string: 'string',
};

/** A column as a field declares it; `found` is the type its values have, for fields that declare none we know. */
export function describeField(name: string, found: ColumnType, field: CmsoField | undefined): ColumnDescription {
  return {
    name,
    type: declaredTypes[field?.type ?? ''] ?? found,
    ...(field?.unit ? { unit: field.unit } : {}),
    ...(field?.description ? { description: field.description } : {}),
    ...(field?.sourceKey ? { sourceKey: field.sourceKey } : {}),
  };
}

/** Value of a cell of a declared type; a cell that does not fit is noted and counts as absent. */
export function typedCell(
  row: TableRow,
  position: number,
  column: ColumnDescription,
  missingValues: ReadonlySet<string>,
  file: string,
  tally: IssueTally<CmsoIssueCode>,
): number | string | boolean | undefined {
  const cell = row.cells[position];
  if (cell === undefined || missingValues.has(cell)) return undefined;
  if (column.type === 'string') return cell;
  if (column.type === 'bool' && /^(true|false|0|1)$/i.test(cell.trim())) return /^(true|1)$/i.test(cell.trim());
  const value = column.type === 'bool' ? undefined : parseNumber(cell);
  if (value === undefined && cell.trim() !== '')
    tally.note(
      'cell-not-as-declared',
      { file, line: row.line, row: row.row + 1, column: column.name },
      `line ${row.line}, ${column.name}: "${cell}"`,
    );
  return value;
}

/** Names of the two objects of an edge in the table of edge features. */
export const edgeKeys = ['source_object_id', 'target_object_id'] as const;

/** A feature column of a table: what it is, and the field that holds it. */
export interface FeatureField {
  field: string;
  column: ColumnDescription;
  /** Texts that stand for no value in this field. */
  missing: ReadonlySet<string>;
}

/** Feature columns a resource declares, without its keys; `own` says how they were called before they were written. */
export function featureColumns(
  resource: CmsoResource | undefined,
  own: OwnExtra['objects'] | undefined,
): FeatureField[] {
  return (resource?.fields ?? [])
    .filter(({ name }) => !(edgeKeys as readonly string[]).includes(name))
    .map((field) => ({
      field: field.name,
      missing: field.missingValues ?? resource!.missingValues,
      column: own?.find(({ key }) => key === field.name)?.column ?? describeField(field.name, 'string', field),
    }));
}

/** A column whose values come in any order. */
class PlacedColumn {
  private readonly description: ColumnDescription;
  private readonly missing: Uint8Array;
  private readonly numbers: Float64Array | undefined;
  private readonly texts: string[] | undefined;

  constructor(description: ColumnDescription, count: number) {
    this.description = description;
    this.missing = new Uint8Array(count).fill(1);
    if (description.type === 'string') this.texts = Array.from({ length: count }, () => '');
    else this.numbers = new Float64Array(count).fill(description.type === 'float' ? Number.NaN : 0);
  }

  set(row: number, value: number | string | boolean | undefined): void {
    if (value === undefined) return;
    this.missing[row] = 0;
    if (this.texts) this.texts[row] = String(value);
    else this.numbers![row] = Number(value);
  }

  finish(): Column {
    const { type } = this.description;
    const numbers = this.numbers;
    const values =
      this.texts ??
      (type === 'bool'
        ? Uint8Array.from(numbers!)
        : type === 'int' && numbers!.every((n) => n === (n | 0))
          ? Int32Array.from(numbers!)
          : numbers!);
    const absent = this.missing.includes(1);
    return { ...this.description, values, ...(absent ? { missing: this.missing } : {}) };
  }
}

/** Features of edges, in the order of the edges; rows that name no edge are noted. */
export async function readEdgeFeatures(
  files: readonly TableFile[],
  columns: readonly FeatureField[],
  edges: LinkedEdges,
  objects: ObjectRows,
  tally: IssueTally<CmsoIssueCode>,
): Promise<Column[]> {
  const placed = columns.map(({ column }) => new PlacedColumn(column, edges.count));
  const count = objects.ids.length;
  const index = new IdIndex(Float64Array.from(edges.source, (from, i) => from * count + edges.target[i]!));
  for (const file of files) {
    const at = (name: string) => file.dialect.header.indexOf(name);
    const [sourceAt, targetAt] = edgeKeys.map(at) as [number, number];
    for await (const rows of tableRows(file.source, file.dialect, new IssueTally()))
      for (const row of rows) {
        const ends = [row.cells[sourceAt], row.cells[targetAt]].map((id) => objects.keys.rowOf(id ?? '', Number.NaN));
        const edge = ends.some((end) => end < 0) ? -1 : index.rowOf(ends[0]! * count + ends[1]!);
        if (edge < 0) {
          tally.note('edge-features-unjoined', { file: file.path, line: row.line }, `line ${row.line}`);
          continue;
        }
        for (const [i, { field, column, missing }] of columns.entries())
          placed[i]!.set(edge, typedCell(row, at(field), column, missing, file.path, tally));
      }
  }
  return placed.map((column) => column.finish());
}

/** Features of whole tracks, one row each, in the order of the table. */
export async function readTrackFeatures(
  files: readonly TableFile[],
  described: readonly FeatureField[],
  tally: IssueTally<CmsoIssueCode>,
): Promise<{ columns: Column[]; count: number }> {
  const values = described.map((): (number | string | boolean | undefined)[] => []);
  let count = 0;
  for (const file of files) {
    const at = described.map(({ field }) => file.dialect.header.indexOf(field));
    for await (const rows of tableRows(file.source, file.dialect, new IssueTally()))
      for (const row of rows) {
        count++;
        for (const [i, { column, missing }] of described.entries())
          values[i]!.push(typedCell(row, at[i]!, column, missing, file.path, tally));
      }
  }
  const columns = described.map(({ column }, i) => {
    const placed = new PlacedColumn(column, count);
    for (const [row, value] of values[i]!.entries()) placed.set(row, value);
    return placed.finish();
  });
  return { columns, count };
}
