import {
  type ColumnDescription,
  type ColumnType,
  type TrackProvenance,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import { type JsonObject, isObject, objectsOf } from '../../images/ome-zarr/group-metadata.ts';
import type { SetHeader } from '../track-reader.ts';
import type { GeffMetadata } from './metadata.ts';
import { methodOfJson } from '../tracking-method.ts';

/** What our writer notes beside the standard metadata, so that a set comes back as it was: `extra.micrarium`. */
export interface OwnExtra {
  /** Everything the header says but its columns. */
  set: Omit<SetHeader, 'objectColumns' | 'edgeColumns' | 'hasZ' | 'hasTime'>;
  /** Columns by the property that holds them, in their order. */
  objects: { key: string; column: ColumnDescription }[];
  edges: { key: string; column: ColumnDescription }[];
  tracks?: { path: string; count: number; columns: { key: string; column: ColumnDescription }[] };
  /** Property with physical times. */
  time?: string;
  /** Properties with the vertices of outlines and with the number of vertices of each part. */
  outlines?: { vertices: string; parts: string };
}

const types: readonly ColumnType[] = ['float', 'int', 'bool', 'string'];
const entities = ['point', 'line', 'circle', 'sphere', 'face'] as const;

/** Reads our notes; `undefined` where there are none, or where they are not as we write them. */
export function parseOwnExtra(extra: JsonObject): OwnExtra | undefined {
  const own = extra['micrarium'];
  if (!isObject(own) || !isObject(own['set'])) return undefined;
  const { set } = own;
  const entity = entities.find((one) => one === set['entity']);
  if (typeof set['name'] !== 'string' || !entity || !isObject(set['provenance'])) return undefined;
  const tracks = isObject(own['tracks']) ? own['tracks'] : undefined;
  const outlines = isObject(own['outlines']) ? own['outlines'] : undefined;
  return {
    set: { ...headerFields(set), name: set['name'], entity, provenance: provenanceOf(set['provenance']) },
    objects: columns(own['objects']),
    edges: columns(own['edges']),
    ...(tracks && typeof tracks['path'] === 'string' && typeof tracks['count'] === 'number'
      ? { tracks: { path: tracks['path'], count: tracks['count'], columns: columns(tracks['columns']) } }
      : {}),
    ...(typeof own['time'] === 'string' ? { time: own['time'] } : {}),
    ...(outlines && typeof outlines['vertices'] === 'string' && typeof outlines['parts'] === 'string'
      ? { outlines: { vertices: outlines['vertices'], parts: outlines['parts'] } }
      : {}),
  };
}

/** What another program noted in `extra` of the method, verbatim and where it can be read; the film it relates to. */
export function provenanceOfExtra({ extra, related }: Pick<GeffMetadata, 'extra' | 'related'>): TrackProvenance {
  const imageName = related.find(({ type }) => type === 'image')?.path;
  const about = [extra, ...Object.values(extra).filter(isObject)];
  const said = (key: string) => about.map((one) => text(one[key])).find((value) => value !== undefined);
  const tracking = about.map(methodOfJson).find((method) => method !== undefined);
  return known({
    software: said('software') ?? said('tool'),
    softwareVersion: said('software_version') ?? said('tool_version'),
    imageName,
    settings: Object.keys(extra).length > 0 ? JSON.stringify(extra) : undefined,
    tracking,
  });
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Only the entries that are there. */
function known<T extends object>(entries: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function headerFields(set: JsonObject) {
  return known({
    spaceUnit: parseSpaceUnit(text(set['spaceUnit']) ?? ''),
    timeUnit: parseTimeUnit(text(set['timeUnit']) ?? ''),
    sourceSpaceUnit: text(set['sourceSpaceUnit']),
    sourceTimeUnit: text(set['sourceTimeUnit']),
    sourceFrameBase: number(set['sourceFrameBase']),
  });
}

function provenanceOf(from: JsonObject): TrackProvenance {
  const sizes = isObject(from['imageSizes']) ? from['imageSizes'] : undefined;
  const pixel = isObject(from['pixelSize']) ? from['pixelSize'] : undefined;
  const stored = isObject(from['storedTypes']) ? from['storedTypes'] : undefined;
  const lengths = (of: JsonObject) => ({ x: number(of['x']), y: number(of['y']), z: number(of['z']) });
  return known({
    software: text(from['software']),
    softwareVersion: text(from['softwareVersion']),
    imageName: text(from['imageName']),
    imageSizes: sizes && known({ ...lengths(sizes), t: number(sizes['t']) }),
    pixelSize: pixel && known(lengths(pixel)),
    frameInterval: number(from['frameInterval']),
    settings: text(from['settings']),
    tracking: methodOfJson(from['tracking']),
    storedTypes: stored && textsOf(stored),
  });
}

function textsOf(of: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(of).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function columns(value: unknown): OwnExtra['objects'] {
  return objectsOf(value).flatMap((one) => {
    const { key, column } = one;
    if (typeof key !== 'string' || !isObject(column)) return [];
    const { name, unit, description, sourceKey } = column;
    const type = types.find((known) => known === column['type']);
    if (typeof name !== 'string' || !type) return [];
    return [
      {
        key,
        column: {
          name,
          type,
          ...(typeof unit === 'string' ? { unit } : {}),
          ...(typeof description === 'string' ? { description } : {}),
          ...(typeof sourceKey === 'string' ? { sourceKey } : {}),
        },
      },
    ];
  });
}
