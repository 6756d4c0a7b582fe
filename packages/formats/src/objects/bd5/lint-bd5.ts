import type { EntityKind, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { IssueTally } from '../../tables/delimited/issues.ts';
import { memberNamed } from './column-reader.ts';
import { Hdf5File, type Hdf5Table } from './hdf5-reader.ts';
import { type Bd5IssueCode, bd5Issue } from './issues.ts';
import {
  type Dimension,
  allowedEntities,
  dimensionOf,
  isKnownUnit,
  optionalColumns,
  requiredColumns,
  scaleColumns,
  valueKindOf,
} from './lint-rules.ts';
import { type GroupTime, KnownIds, ObjectRowsLint, lintFeatures, lintLinks } from './lint-rows.ts';
import { type Bd5Structure, kindTable, readStructure, tallyIssues } from './structure.ts';

/**
 * Holds a BD5 file to the rules of the format: all that the official linter asks (groups, tables, columns and entities by
 * dimension), and references, order, units, types and values besides. Memory is 30 bytes and the ID an object.
 * @param path name of the file, for the issues
 */
export async function lintBd5(source: ByteSource, path: string, signal?: AbortSignal): Promise<Issue[]> {
  let structure: Bd5Structure | undefined;
  const issues: Issue[] = [];
  try {
    const file = await Hdf5File.open(source, signal);
    structure = await readStructure(file);
    await new Bd5Lint(file, structure).run(signal);
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    const code = error.reason === 'absurd' ? 'hdf5-absurd-size' : 'hdf5-unreadable';
    issues.push(bd5Issue(code, error.message, { where: { file: path } }));
  }
  return structure ? [...issues, ...tallyIssues(structure.tally, path)] : issues;
}

const definitionTables = ['scaleUnit', 'objectDef', 'featureDef', 'trackInfo'];

class Bd5Lint {
  private readonly file: Hdf5File;
  private readonly structure: Bd5Structure;
  private readonly tally: IssueTally<Bd5IssueCode>;
  private readonly ids = new KnownIds();
  private readonly labelled = { with: 0, without: [] as string[] };

  constructor(file: Hdf5File, structure: Bd5Structure) {
    this.file = file;
    this.structure = structure;
    this.tally = structure.tally;
  }

  async run(signal: AbortSignal | undefined): Promise<void> {
    await this.foreign();
    const dimension = await this.scale();
    await this.definitions();
    await this.frames(dimension, signal);
    const { trackInfo } = this.structure;
    if (trackInfo) {
      this.columns(trackInfo, ['from', 'to']);
      await lintLinks(this.file, trackInfo, this.ids, this.tally);
    }
    if (this.labelled.with > 0)
      for (const path of this.labelled.without)
        this.tally.note('bd5-label-missing', { field: path, column: 'label' }, path);
  }

  private async foreign(): Promise<void> {
    for (const name of (await this.file.names('/')) ?? [])
      if (name !== 'data') this.tally.note('bd5-foreign-member', { field: `/${name}` }, `/${name}`);
    const members = (await this.file.names('/data')) ?? [];
    if (members.length === 0)
      this.tally.note('bd5-unknown-member', { field: '/data' }, 'there is no group /data with members');
    for (const name of members)
      if (!definitionTables.includes(name) && !/^\d+$/.test(name))
        this.tally.note('bd5-foreign-member', { field: `/data/${name}` }, `/data/${name}`);
    if (members.length > 0 && this.structure.frames.length === 0)
      this.tally.note('bd5-time-groups', { field: '/data' }, 'there is no time group');
  }

  private async scale(): Promise<Dimension | undefined> {
    const table = await this.file.table('/data/scaleUnit');
    const { scale } = this.structure;
    if (!table || !scale) return undefined;
    const where = { field: table.path, column: 'dimension' };
    const dimension = dimensionOf(scale.dimension);
    if (!dimension) {
      this.tally.note('bd5-dimension-label', where, `"${scale.dimension}" is no dimension`);
      this.columns(table, ['dimension']);
      return undefined;
    }
    const wanted = scaleColumns(dimension);
    this.columns(table, ['dimension', ...wanted]);
    const further = table.members
      .map(({ name }) => name)
      .filter((name) => name !== 'dimension' && !wanted.includes(name));
    if (further.length > 0)
      this.tally.note('bd5-dimension-label', where, `${scale.dimension} has no ${further.join(', ')}`);
    if (!isKnownUnit(scale.sourceSpaceUnit ?? '', false))
      this.tally.note('bd5-unit-unknown', { field: table.path, column: 'sUnit' }, `sUnit ${scale.sourceSpaceUnit}`);
    if (!isKnownUnit(scale.sourceTimeUnit ?? '', true))
      this.tally.note('bd5-unit-unknown', { field: table.path, column: 'tUnit' }, `tUnit ${scale.sourceTimeUnit}`);
    return dimension;
  }

  private async definitions(): Promise<void> {
    const { kinds, features } = this.structure;
    for (const [name, columns, numbers] of [
      ['objectDef', ['oID', 'name'], kinds.map(({ id }) => id)],
      ['featureDef', ['fID', 'name', 'fUnit'], features.map(({ id }) => String(id))],
    ] as const) {
      const table = await this.file.table(`/data/${name}`);
      if (table) this.columns(table, columns);
      for (const repeated of numbers.filter((id, at) => numbers.indexOf(id) !== at))
        this.tally.note('bd5-definition-repeated', { field: `/data/${name}` }, `${name}: ${repeated}`);
    }
    for (const { name, unit } of features)
      if (!isKnownUnit(unit, false))
        this.tally.note('bd5-unit-unknown', { field: '/data/featureDef', column: 'fUnit' }, `${name}: ${unit}`);
  }

  private async frames(dimension: Dimension | undefined, signal: AbortSignal | undefined): Promise<void> {
    const { frames, kinds, features } = this.structure;
    const rows = new ObjectRowsLint(this.file, this.ids, this.tally);
    const defined = new Set(features.map(({ id }) => id));
    let before: number | undefined;
    for (const frame of frames) {
      signal?.throwIfAborted();
      const time: GroupTime = { first: undefined };
      for (const id of frame.kinds) {
        const table = await kindTable(this.file, frame, 'object', id, this.tally);
        if (!table) continue;
        const kind = kinds.findIndex((one) => one.id === id);
        const entity = await rows.check(table, frame.frame, kind, time);
        this.objectTable(table, dimension, entity);
      }
      if (frame.hasFeatures) await this.features(frame.path, frame.frame, defined);
      if (before !== undefined && time.first !== undefined && time.first <= before)
        this.tally.note(
          'bd5-time-disagrees',
          { field: frame.path },
          `${frame.path}: t = ${time.first} after ${before}`,
        );
      before = time.first ?? before;
    }
  }

  private async features(path: string, frame: number, defined: ReadonlySet<number>): Promise<void> {
    const { frames } = this.structure;
    for (const id of (await this.file.names(`${path}/feature`)) ?? []) {
      const own = frames.find((one) => one.path === path)!;
      const table = await kindTable(this.file, own, 'feature', id, this.tally);
      if (!table) continue;
      this.columns(table, ['ID', 'fID', 'value']);
      if (!own.kinds.includes(id))
        this.tally.note('bd5-feature-unjoined', { field: table.path }, `${table.path} has no objects`);
      await lintFeatures(this.file, table, frame, this.ids, defined, this.tally);
    }
  }

  private objectTable(table: Hdf5Table, dimension: Dimension | undefined, entity: EntityKind | undefined): void {
    if (memberNamed(table, 'label')) this.labelled.with++;
    else this.labelled.without.push(table.path);
    this.columns(table, dimension ? requiredColumns(dimension, entity) : ['ID']);
    if (!dimension) return;
    const where = { field: table.path };
    if (entity && !allowedEntities(dimension).includes(entity))
      this.tally.note(
        'bd5-entity-not-allowed',
        where,
        `${table.path}: ${entity} in ${this.structure.scale?.dimension}`,
      );
    const allowed = [...requiredColumns(dimension, entity), ...optionalColumns];
    for (const { name } of table.members)
      if (name === 'radius' && !allowed.includes(name))
        this.tally.note('bd5-unused-radius', { ...where, column: name }, table.path);
      else if (!allowed.includes(name))
        this.tally.note('bd5-column-not-allowed', { ...where, column: name }, `${table.path}: ${name}`);
  }

  /** Shape of a table, its columns and what they hold. */
  private columns(table: Hdf5Table, required: readonly string[]): void {
    const { path } = table;
    if (table.shape.length > 1)
      this.tally.note('bd5-table-shape', { field: path }, `${path}: ${table.shape.join(' × ')}`);
    for (const name of required)
      if (!memberNamed(table, name))
        this.tally.note('bd5-column-missing', { field: path, column: name }, `${path}: ${name}`);
    for (const { name, kind } of table.members) {
      const wanted = valueKindOf(name);
      const isText = kind === 'string' || kind === 'varstring';
      const where = { field: path, column: name };
      if (wanted === 'number' && isText) this.tally.note('bd5-number-as-text', where, `${path}: ${name}`);
      else if (wanted === 'text' ? !isText : wanted === 'whole' ? kind !== 'int' && kind !== 'uint' : kind === 'other')
        this.tally.note('bd5-column-type', where, `${path}: ${name}`);
    }
  }
}
