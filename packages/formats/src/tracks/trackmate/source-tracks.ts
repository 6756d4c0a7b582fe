import { type Column, ColumnBuilder } from '@micrarium/model';
import { numberOfText } from './attribute-rows.ts';
import { type DeclaredFeature, uniqueName } from './columns.ts';

/** The tracks the file lists, with their features: one row each, columns found as they come. */
export class SourceTracks {
  count = 0;
  private readonly columns = new Map<string, { values: (string | undefined)[] }>();
  private readonly ids: (string | undefined)[] = [];
  private readonly visible = new Set<string>();
  private filterSeen = false;

  /** Adds a track; answers its id where it is a whole number. */
  add(attributes: ReadonlyMap<string, string>): number | undefined {
    const row = this.count++;
    for (const [key, value] of attributes) {
      let column = this.columns.get(key);
      if (!column) this.columns.set(key, (column = { values: [] }));
      column.values[row] = value;
    }
    const id = attributes.get('TRACK_ID');
    this.ids[row] = id;
    const value = id === undefined ? undefined : numberOfText(id);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** Marks a track as visible. Where none is marked, the file does not say. */
  setVisible(id: string): void {
    this.filterSeen = true;
    this.visible.add(id);
  }

  /** Tracks a filter hides. */
  get hidden(): number {
    return this.filterSeen ? this.ids.filter((id) => id === undefined || !this.visible.has(id)).length : 0;
  }

  /** The table: id, name, visibility, then features, declared ones with their units. */
  finish(
    declared: readonly DeclaredFeature[],
    unitOf: (dimension: string) => string | undefined,
  ): { count: number; columns: Column[] } {
    const names = new Set<string>(['visible']);
    const keys = [...this.columns.keys()].sort((a, b) => rank(a) - rank(b));
    const columns = keys.map((key) => {
      const feature = declared.find((one) => one.key === key);
      const unit = feature && unitOf(feature.dimension);
      const { values } = this.columns.get(key)!;
      const name = uniqueName(key === 'TRACK_ID' ? 'source_track_id' : key.toLowerCase(), names);
      const builder = new ColumnBuilder({
        name,
        type: typeOf(values, feature),
        ...(unit === undefined ? {} : { unit }),
        ...(feature?.name ? { description: feature.name } : {}),
        sourceKey: key,
      });
      for (let row = 0; row < this.count; row++) builder.set(row, valueOf(values[row], builder.description.type));
      return builder.finish(this.count);
    });
    if (this.filterSeen) columns.push(this.visibleColumn());
    return { count: this.count, columns };
  }

  private visibleColumn(): Column {
    const values = Uint8Array.from({ length: this.count }, (_, row) => (this.visible.has(this.ids[row] ?? '') ? 1 : 0));
    return { name: 'visible', type: 'bool', description: 'Not hidden by a filter', values };
  }
}

function rank(key: string): number {
  return key === 'TRACK_ID' ? 0 : key === 'name' ? 1 : 2;
}

/** Whole numbers only where every value is one: a declared whole number may be written NaN. */
function typeOf(
  values: readonly (string | undefined)[],
  feature: DeclaredFeature | undefined,
): 'int' | 'float' | 'string' {
  if (feature?.dimension === 'STRING') return 'string';
  let whole = feature === undefined || feature.isInt;
  for (const text of values) {
    if (text === undefined) continue;
    const value = numberOfText(text);
    if (value === undefined) return 'string';
    if (!Number.isSafeInteger(value) || (feature === undefined && text.includes('.'))) whole = false;
  }
  return whole ? 'int' : 'float';
}

function valueOf(text: string | undefined, type: string): number | string | undefined {
  return text === undefined || type === 'string' ? text : numberOfText(text);
}
