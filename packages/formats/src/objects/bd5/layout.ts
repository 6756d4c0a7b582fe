import type { EntityKind } from '@micrarium/model';
import type { Texts } from '../texts.ts';
import type { Hdf5Column, Hdf5ColumnType, NumberKind } from '../../containers/hdf5/written-types.ts';

/** How the records of a BD5 file are laid out. */
export type Bd5Layout = 'full' | 'published';

/** Columns of BD5 that hold numbers, by table. */
export type NumberColumn =
  | 'scaleUnit.xScale'
  | 'scaleUnit.yScale'
  | 'scaleUnit.zScale'
  | 'scaleUnit.tScale'
  | 'objectDef.oID'
  | 'featureDef.fID'
  | 'object.t'
  | 'object.sID'
  | 'object.x'
  | 'object.y'
  | 'object.z'
  | 'object.radius'
  | 'feature.fID'
  | 'feature.value';

/** Columns whose numbers are whole. */
export function isWhole(column: NumberColumn): boolean {
  return column.endsWith('ID');
}

/** Widths of the text columns of one file. */
export interface TextWidths {
  id: number;
  label: number;
  objectName: number;
  featureName: number;
  featureUnit: number;
  spaceUnit: number;
  timeUnit: number;
}

/** Where the columns of the tables of one file lie, and of which types they are. */
export interface Bd5Columns {
  layout: Bd5Layout;
  kinds: Partial<Record<NumberColumn, NumberKind>>;
  widths: TextWidths;
}

/** Most bytes a text takes; one at least. */
export function widest(all: readonly Texts[]): number {
  let bytes = 1;
  for (const texts of all) for (let row = 0; row < texts.length; row++) bytes = Math.max(bytes, texts.bytesAt(row));
  return bytes;
}

/** Widths of the published files; texts are wider where they must, in steps of eight, with room for the closing NUL. */
export function publishedWidths(needed: TextWidths): TextWidths {
  const room = (bytes: number, usual: number) => (bytes < usual ? usual : Math.ceil((bytes + 1) / 8) * 8);
  return {
    id: room(needed.id, 16),
    label: room(needed.label, 16),
    objectName: room(needed.objectName, 128),
    featureName: room(needed.featureName, 128),
    featureUnit: room(needed.featureUnit, 16),
    spaceUnit: room(needed.spaceUnit, 16),
    timeUnit: room(needed.timeUnit, 16),
  };
}

/** Type in which the numbers of a column are written: as they came, else float64 and int32; float32 where published. */
export function writtenNumber(
  column: NumberColumn,
  { layout, kinds }: Pick<Bd5Columns, 'layout' | 'kinds'>,
): NumberKind {
  const usual = isWhole(column) ? 'int32' : 'float64';
  if (layout !== 'published') return kinds[column] ?? usual;
  return usual === 'float64' && !column.startsWith('scaleUnit') ? 'float32' : usual;
}

/** Builds the columns of each table. */
export class Bd5Records {
  readonly columns: Bd5Columns;

  constructor(columns: Bd5Columns) {
    this.columns = columns;
  }

  private get isPublished(): boolean {
    return this.columns.layout === 'published';
  }

  /** Type of a column of text. */
  text(bytes: number): Hdf5ColumnType {
    return this.isPublished ? { kind: 'string', bytes, isAscii: true } : { kind: 'string', bytes };
  }

  /** Type of a column of numbers. */
  number(column: NumberColumn): Hdf5ColumnType {
    return { kind: writtenNumber(column, this.columns) };
  }

  /**
   * Columns of an object table that are there, with the bytes of a record. The published record is
   * `{ID, t, entity, sID, x, y, z, radius, label}` of C, of which each table shows its own columns.
   */
  object(there: { entity: EntityKind; time: boolean; axes: number; label: boolean }): {
    columns: Hdf5Column[];
    size?: number;
  } {
    const { widths } = this.columns;
    const isDrawn = there.entity === 'line' || there.entity === 'face';
    const isRound = there.entity === 'circle' || there.entity === 'sphere';
    const all: [name: string, type: Hdf5ColumnType, isThere: boolean][] = [
      ['ID', this.text(widths.id), true],
      ['t', this.number('object.t'), there.time],
      ['entity', this.text(8), there.axes > 0],
      ['sID', this.number('object.sID'), isDrawn],
      ['x', this.number('object.x'), there.axes > 0],
      ['y', this.number('object.y'), there.axes > 1],
      ['z', this.number('object.z'), there.axes > 2],
      ['radius', this.number('object.radius'), isRound],
      ['label', this.text(widths.label), there.label],
    ];
    if (!this.isPublished) return { columns: all.filter(([, , is]) => is).map(([name, type]) => ({ name, type })) };
    let end = 0;
    const placed = all.map(([name, type, isThere]) => {
      const offset = end;
      end += type.kind === 'string' ? type.bytes : 4;
      return { name, type, offset, isThere };
    });
    return { columns: placed.flatMap(({ isThere, ...column }) => (isThere ? [column] : [])), size: end };
  }

  /** Columns of a feature table. */
  feature(): Hdf5Column[] {
    return [
      { name: 'ID', type: this.text(this.columns.widths.id) },
      { name: 'fID', type: this.number('feature.fID') },
      { name: 'value', type: this.number('feature.value') },
    ];
  }

  /** Columns of the table of kinds of object. */
  objectDef(): Hdf5Column[] {
    return [
      { name: 'oID', type: this.number('objectDef.oID') },
      { name: 'name', type: this.text(this.columns.widths.objectName) },
    ];
  }

  /** Columns of the table of features. */
  featureDef(): Hdf5Column[] {
    const { widths } = this.columns;
    return [
      { name: 'fID', type: this.number('featureDef.fID') },
      { name: 'name', type: this.text(widths.featureName) },
      { name: 'fUnit', type: this.text(widths.featureUnit) },
    ];
  }

  /** Columns of the table of scales, as far as the dimensions go. */
  scaleUnit(axes: number, timed: boolean, dimension: string): Hdf5Column[] {
    const { widths } = this.columns;
    const scales = (['scaleUnit.xScale', 'scaleUnit.yScale', 'scaleUnit.zScale'] as const).slice(0, axes);
    return [
      { name: 'dimension', type: this.text(this.isPublished ? 8 : dimension.length) },
      ...scales.map((name) => ({ name: name.slice(10), type: this.number(name) })),
      ...(axes > 0 ? [{ name: 'sUnit', type: this.text(widths.spaceUnit) }] : []),
      ...(timed
        ? [
            { name: 'tScale', type: this.number('scaleUnit.tScale') },
            { name: 'tUnit', type: this.text(widths.timeUnit) },
          ]
        : []),
    ];
  }
}
