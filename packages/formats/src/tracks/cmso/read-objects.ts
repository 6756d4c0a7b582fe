import { type Column, ColumnBuilder, type ColumnDescription } from '@micrarium/model';
import { cellKind, parseNumber } from '../../tables/delimited/cell-values.ts';
import { IdIndex, NumberList } from '../../tables/delimited/id-index.ts';
import type { IssueTally, TableIssueCode } from '../../tables/delimited/issues.ts';
import { type TableRow, scanTable } from '../../tables/delimited/table-scan.ts';
import type { ObjectBatch } from '../track-reader.ts';
import type { OwnExtra } from '../geff/own-extra.ts';
import type { CmsoResource } from './data-package.ts';
import { type FeatureField, describeField, typedCell } from './feature-tables.ts';
import type { CmsoIssueCode } from './issues.ts';
import { ObjectKeys } from './object-keys.ts';
import type { TableFile } from './package-files.ts';

/** What must be known of the objects table before its rows go by. */
export interface ObjectsPlan {
  /** Are all ids whole numbers, none twice? Then they are the ids of the set. */
  idsAreKeys: boolean;
  idKind: 'number' | 'text' | 'pair';
  repeatedIds: number;
  hasZ: boolean;
  zAllZero: boolean;
  /** Name of the column with physical time, where there is one. */
  timeColumn: string | undefined;
  firstFrame: number;
  /** Columns kept as features (with `source_id` first where ids are not the ids of the set). */
  features: FeatureField[];
}

const coordinates = new Set(['cmso_object_id', 'cmso_frame_id', 'cmso_x_coord', 'cmso_y_coord', 'cmso_z_coord']);

/** Goes once over the objects table and decides types, ids and dimensions. */
export async function planObjects(
  files: readonly TableFile[],
  resource: CmsoResource,
  linksHaveFrames: boolean,
  own: OwnExtra | undefined,
  tally: IssueTally<TableIssueCode>,
  signal?: AbortSignal,
): Promise<ObjectsPlan> {
  const ids = new NumberList();
  let rows = 0;
  let anyZ = false;
  let firstFrame = Number.POSITIVE_INFINITY;
  const types = new Map<string, ColumnDescription['type']>();
  for (const { source, dialect } of files) {
    const [id, frame, z] = ['cmso_object_id', 'cmso_frame_id', 'cmso_z_coord'].map((name) =>
      dialect.header.indexOf(name),
    ) as [number, number, number];
    const scan = await scanTable(source, dialect, tally, signal ? { signal } : {}, ({ cells }) => {
      if (cellKind(cells[id] ?? '') === 'int') ids.push(Number(cells[id]));
      firstFrame = Math.min(firstFrame, parseNumber(cells[frame] ?? '') ?? Number.POSITIVE_INFINITY);
      if (!anyZ && z >= 0) anyZ = (parseNumber(cells[z] ?? '') ?? 0) !== 0;
    });
    rows += scan.rows;
    for (const { name, type } of scan.columns) types.set(name, widest(types.get(name), type));
  }
  const header = [...types.keys()];
  const timeColumn = header.find((name) => /^cmso_time(_|$)/.test(name));
  const repeatedIds = new IdIndex(ids.toArray()).repeated;
  const numeric = ids.length === rows;
  const idsAreKeys = numeric && repeatedIds === 0;
  const sourceId: FeatureField = {
    field: 'cmso_object_id',
    missing: resource.missingValues,
    column: { name: 'source_id', type: numeric ? 'int' : 'string', sourceKey: 'cmso_object_id' },
  };
  const features = header
    .filter((name) => !coordinates.has(name) && name !== timeColumn)
    .map((name) => ({
      field: name,
      missing: resource.fields.find((field) => field.name === name)?.missingValues ?? resource.missingValues,
      // A declared type is believed; cells that do not fit it are reported. Without one, the values decide.
      column:
        own?.objects.find(({ key }) => key === name)?.column ??
        describeField(
          name,
          types.get(name)!,
          resource.fields.find((field) => field.name === name),
        ),
    }));
  const hasZ = anyZ || (own !== undefined && types.has('cmso_z_coord'));
  return {
    idsAreKeys,
    idKind: !numeric ? 'text' : repeatedIds > 0 && linksHaveFrames ? 'pair' : 'number',
    repeatedIds,
    hasZ,
    zAllZero: types.has('cmso_z_coord') && !hasZ,
    timeColumn,
    firstFrame,
    features: idsAreKeys ? features : [sourceId, ...features],
  };
}

function widest(a: ColumnDescription['type'] | undefined, b: ColumnDescription['type']): ColumnDescription['type'] {
  if (a === undefined || a === b) return b;
  return (a === 'int' && b === 'float') || (a === 'float' && b === 'int') ? 'float' : 'string';
}

/** Turns rows of the objects table into batches and remembers keys and frames for the links. */
export class ObjectRows {
  readonly keys: ObjectKeys;
  readonly frames = new NumberList();
  readonly ids = new NumberList();
  private readonly plan: ObjectsPlan;
  private readonly resource: CmsoResource;
  private readonly tally: IssueTally<CmsoIssueCode>;

  constructor(plan: ObjectsPlan, resource: CmsoResource, tally: IssueTally<CmsoIssueCode>) {
    this.plan = plan;
    this.resource = resource;
    this.tally = tally;
    this.keys = new ObjectKeys(plan.idKind);
  }

  /** Objects of some rows of one file. */
  take(file: TableFile, rows: readonly TableRow[]): ObjectBatch {
    const { plan } = this;
    const at = (name: string | undefined) => (name === undefined ? -1 : file.dialect.header.indexOf(name));
    const [id, frame, x, y, z, time] = [
      'cmso_object_id',
      'cmso_frame_id',
      'cmso_x_coord',
      'cmso_y_coord',
      'cmso_z_coord',
      plan.timeColumn,
    ].map(at) as [number, number, number, number, number, number];
    const featureAt = plan.features.map(({ field }) => at(field));
    const builders = plan.features.map(({ column }) => new ColumnBuilder(column, rows.length));
    const make = () => new Float64Array(rows.length);
    const out = { id: make(), frame: new Int32Array(rows.length), x: make(), y: make(), z: make(), time: make() };
    let count = 0;
    for (const row of rows) {
      const number = (position: number) => this.number(row, position);
      const key = row.cells[id] ?? '';
      const when = number(frame);
      // A cell with NaN says that there is no object here; an empty cell only that its place is unknown.
      if (
        !Number.isFinite(when ?? Number.NaN) ||
        Math.abs(when!) >= 2 ** 31 ||
        Number.isNaN(number(x)) ||
        Number.isNaN(number(y))
      ) {
        this.keys.drop(key);
        this.tally.note(
          'nan-coordinate',
          { file: file.path, line: row.line, row: row.row + 1 },
          `line ${row.line}, object ${key}`,
        );
        continue;
      }
      out.frame[count] = Math.round(when!);
      out.id[count] = plan.idsAreKeys ? Number(key) : this.ids.length;
      out.x[count] = number(x) ?? Number.NaN;
      out.y[count] = number(y) ?? Number.NaN;
      out.z[count] = number(z) ?? Number.NaN;
      out.time[count] = number(time) ?? Number.NaN;
      for (let i = 0; i < builders.length; i++)
        builders[i]!.set(
          count,
          typedCell(row, featureAt[i]!, plan.features[i]!.column, plan.features[i]!.missing, file.path, this.tally),
        );
      this.keys.add(key, out.frame[count]!);
      this.frames.push(out.frame[count]!);
      this.ids.push(out.id[count]!);
      count++;
    }
    const { z: depth, time: times, ...always } = out;
    const columns: Column[] = builders.map((builder) => builder.finish(count));
    return {
      count,
      ...always,
      ...(plan.hasZ ? { z: depth } : {}),
      ...(plan.timeColumn ? { time: times } : {}),
      columns,
    };
  }

  private number(row: TableRow, position: number): number | undefined {
    const cell = row.cells[position];
    return cell === undefined || this.resource.missingValues.has(cell.trim()) ? undefined : parseNumber(cell);
  }
}
