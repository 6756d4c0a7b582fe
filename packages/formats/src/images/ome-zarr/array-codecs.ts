import { registry } from 'zarrita';
import { isObject, objectsOf } from './group-metadata.ts';
import type { TreeStore } from './tree-store.ts';

/** What the metadata of an array say of its codecs, beyond what zarrita tells on opening. */
export interface ArrayCodecs {
  /** Why its chunks cannot be unpacked, as the end of a sentence; left out where they can. */
  unread?: string;
  /** The index of a shard stands before its chunks. */
  isIndexFirst: boolean;
}

/** Looks through the codecs of an array, so that what cannot be unpacked is said on opening and not chunk by chunk. */
export function arrayCodecs(text: string | undefined, zarrFormat: 2 | 3): ArrayCodecs {
  const metadata = parsed(text);
  const codecs =
    zarrFormat === 3 ? objectsOf(metadata['codecs']) : [metadata['compressor'], ...listOf(metadata['filters'])];
  if (zarrFormat === 2) return { ...unknownAmong(codecs.filter(isObject), 'id'), isIndexFirst: false };
  const shards = objectsOf(codecs).filter(({ name }) => name === sharding);
  const [shard] = shards;
  if (!shard) return { ...unknownAmong(objectsOf(codecs), 'name'), isIndexFirst: false };
  const settings = isObject(shard['configuration']) ? shard['configuration'] : {};
  const within = objectsOf(settings['codecs']);
  const isIndexFirst = settings['index_location'] === 'start';
  if (codecs.length > 1) return { unread: 'has shards that are packed or turned as a whole', isIndexFirst };
  if (within.some(({ name }) => name === sharding)) return { unread: 'has shards within shards', isIndexFirst };
  return { ...unknownAmong(within, 'name'), isIndexFirst };
}

const sharding = 'sharding_indexed';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Filters of version 2 that zarrita turns into others of its own. */
const turned = new Set(['fixedscaleoffset', 'astype']);

function unknownAmong(codecs: readonly Record<string, unknown>[], key: 'id' | 'name'): Pick<ArrayCodecs, 'unread'> {
  const isKnown = (name: string): boolean =>
    registry.has(name as never) || registry.has(`numcodecs.${name}` as never) || (key === 'id' && turned.has(name));
  const unknown = codecs.map((codec) => String(codec[key])).find((name) => !isKnown(name));
  return unknown === undefined ? {} : { unread: `is packed with ${unknown}, which is not read` };
}

/** The store as an array sees it whose shards begin with their index: what is asked from the end lies at the start. */
export function indexFirst(store: TreeStore): TreeStore {
  return {
    paths: store.paths,
    has: (path) => store.has(path),
    text: (path, signal) => store.text(path, signal),
    get: (key, options) => store.get(key, options),
    getRange: (key, range, options) =>
      store.getRange(key, 'suffixLength' in range ? { offset: 0, length: range.suffixLength } : range, options),
  };
}
