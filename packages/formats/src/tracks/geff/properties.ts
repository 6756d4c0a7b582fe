import { type Column, type ColumnDescription, parseSpaceUnit } from '@micrarium/model';
import type { TreeStore } from '../../images/ome-zarr/tree-store.ts';
import type { ReadOptions } from '../track-reader.ts';
import { GeffArrayError, type OpenProperty, openProperty } from './arrays.ts';
import type { GeffAxes } from './axes.ts';
import type { geffIssue } from './issues.ts';
import type { GeffMetadata, GeffProperty } from './metadata.ts';
import type { OwnExtra } from './own-extra.ts';

/** What opening the properties of a graph needs to know. */
export interface PropertyRequest {
  store: TreeStore;
  meta: GeffMetadata;
  zarrFormat: 2 | 3;
  options: ReadOptions;
  axes: GeffAxes;
  own: OwnExtra | undefined;
  say(code: keyof typeof geffIssue.catalogue, message: string): void;
}

/** Properties whose arrays are there, and the group they lie in. */
export function propertyNames(
  { store, zarrFormat }: Pick<PropertyRequest, 'store' | 'zarrFormat'>,
  table: 'nodes' | 'edges',
): { names: string[]; root: string } {
  const end = `/values/${zarrFormat === 3 ? 'zarr.json' : '.zarray'}`;
  const names: string[] = [];
  // Versions before 0.4 called properties "attrs".
  const root = store.paths.some((path) => path.startsWith(`${table}/props/`)) ? `${table}/props` : `${table}/attrs`;
  for (const path of store.paths)
    if (path.startsWith(`${root}/`) && path.endsWith(end)) names.push(path.slice(root.length + 1, -end.length));
  return { names: names.filter((name) => !name.includes('/')), root };
}

/** Opens every property that is no axis; what cannot be read is said and left out. */
export async function openProperties(
  request: PropertyRequest,
  table: 'nodes' | 'edges',
  rows: number,
): Promise<OpenProperty[]> {
  const { store, zarrFormat, meta, say } = request;
  const { names, root } = propertyNames(request, table);
  const declared = meta[table];
  const missing = meta.declares ? [...declared.keys()].filter((name) => !names.includes(name)) : [];
  const extra = meta.declares ? names.filter((name) => !declared.has(name)) : [];
  if (missing.length > 0) say('geff-not-conforming', `declared and not there: ${missing.slice(0, 5).join(', ')}`);
  if (extra.length > 0) say('geff-not-conforming', `there and not declared: ${extra.slice(0, 5).join(', ')}`);
  const own = request.own?.[table === 'nodes' ? 'objects' : 'edges'];
  const opened: OpenProperty[] = [];
  for (const name of wantedNames(request, table, names, own)) {
    const about = own?.find(({ key }) => key === name)?.column ?? described(name, declared.get(name));
    try {
      const property = await openProperty(store, `${root}/${name}`, zarrFormat, rows, about);
      if (property.columns[0]?.type === 'string' && declared.get(name)?.varlength)
        say('geff-varlength-as-text', `property ${name}`);
      opened.push(property);
    } catch (error) {
      if (!(error instanceof GeffArrayError)) throw error;
      say('geff-property-unreadable', error.message);
    }
  }
  return opened;
}

function wantedNames(
  { meta, axes, options }: PropertyRequest,
  table: 'nodes' | 'edges',
  names: readonly string[],
  own: OwnExtra['objects'] | undefined,
): string[] {
  if (options.graphOnly)
    return names.filter((name) => table === 'nodes' && (name === meta.lineage || name === meta.tracklet));
  if (own) return own.map(({ key }) => key).filter((key) => names.includes(key));
  const { x, y, z, t } = axes;
  const used = new Set(table === 'nodes' ? [x, y, z, t].map((one) => one?.property) : []);
  return names.filter((name) => !used.has(name));
}

function described(name: string, about: GeffProperty | undefined): ColumnDescription {
  const unit = about?.unit;
  return {
    name,
    type: 'float',
    ...(unit ? { unit: parseSpaceUnit(unit) ?? unit } : {}),
    ...(about?.description ? { description: about.description } : {}),
  };
}

/** A column without values, in place of one that turned out to be damaged. */
export function absentColumn(column: ColumnDescription, count: number): Column {
  const missing = new Uint8Array(count).fill(1);
  const values = column.type === 'string' ? Array.from({ length: count }, () => '') : new Float64Array(count);
  return { ...column, values: column.type === 'bool' ? new Uint8Array(count) : values, missing };
}
