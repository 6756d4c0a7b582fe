import { get, slice } from 'zarrita';
import type { FileEntry, FileTree } from '../bytes/file-tree.ts';
import { type TreeStore, treeStore } from '../images/ome-zarr/tree-store.ts';
import { openArray } from '../images/ome-zarr/zarr-level.ts';
import {
  type InsideAttribute,
  type InsideDetails,
  InsideFault,
  type InsideFile,
  type InsideMembers,
  type InsideNode,
  type InsidePage,
  type InsideWindow,
  boxOf,
  countsOf,
  fittingWindow,
  membersAtOnce,
  naturalOrder,
} from './inside-file.ts';
import { cut, longestAttribute, longestCell, writtenFloat, writtenValue } from './written-value.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the metadata files of a node say. */
interface ZarrMeta {
  version: 2 | 3;
  kind: 'group' | 'array';
  meta: Json;
  attributes: Json;
}

const metadataNames = new Set(['.zarray', '.zattrs', '.zgroup', '.zmetadata', 'zarr.json']);

/**
 * Looks into a Zarr hierarchy of version 2 or 3. Only metadata files and the chunks a window lies in are read.
 * @throws InsideFault where the root is no Zarr group or array
 */
export async function lookInsideZarr(tree: FileTree): Promise<InsideFile> {
  const entries = tree.entries.map((entry): FileEntry => {
    const { size } = entry;
    return { path: `${top}/${entry.path}`, size, open: () => entry.open(), close: async () => entry.close?.() };
  });
  const store = treeStore({ name: tree.name, entries });
  const folders = foldersOf(store.paths);
  const root = await metaAt(store, top);
  if (!root) throw new InsideFault('there is no Zarr group or array at the top of these files');
  return {
    format: 'zarr',
    version: String(root.version),
    missingBytes: 0,
    members: (path, from = 0, most = membersAtOnce) => membersOf(store, folders, path, from, most),
    details: (path) => detailsOf(store, folders, path),
    page: (path, window, signal) => pageOf(store, path, window, signal),
  };
}

/** Folders directly below each folder that hold metadata somewhere; chunk folders are no members. */
function foldersOf(paths: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of paths) {
    const parts = path.split('/');
    if (!metadataNames.has(parts.pop()!)) continue;
    for (let depth = 0; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/');
      const children = found.get(parent) ?? new Set();
      found.set(parent, children.add(parts[depth]!));
    }
  }
  return found;
}

/** Folder everything is put into, so that an array at the root of a hierarchy has a name as well. */
const top = 'root';

const cleanPath = (path: string): string => `/${path.replace(/^\/+|\/+$/g, '')}`;
const keyOf = (path: string): string => (cleanPath(path) === '/' ? top : `${top}${cleanPath(path)}`);

async function json(store: TreeStore, path: string): Promise<Json | undefined> {
  const text = await store.text(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    throw new InsideFault(`${path} is no JSON`);
  }
}

async function metaAt(store: TreeStore, key: string): Promise<ZarrMeta | undefined> {
  const at = (name: string): string => `${key}/${name}`;
  const three = await json(store, at('zarr.json'));
  if (three) {
    const attributes = three['attributes'];
    return {
      version: 3,
      kind: three['node_type'] === 'array' ? 'array' : 'group',
      meta: three,
      attributes: typeof attributes === 'object' && attributes !== null ? (attributes as Json) : {},
    };
  }
  const array = await json(store, at('.zarray'));
  const group = array ? undefined : await json(store, at('.zgroup'));
  if (!array && !group && !store.has(at('.zattrs'))) return undefined;
  const attributes = (await json(store, at('.zattrs'))) ?? {};
  return { version: 2, kind: array ? 'array' : 'group', meta: array ?? group ?? {}, attributes };
}

async function membersOf(
  store: TreeStore,
  folders: ReadonlyMap<string, ReadonlySet<string>>,
  path: string,
  from: number,
  most: number,
): Promise<InsideMembers> {
  const key = keyOf(path);
  const names = [...(folders.get(key) ?? [])].sort(naturalOrder);
  const shown = names.slice(from, from + most);
  const nodes = shown.map(async (name): Promise<InsideNode> => {
    const place = { path: `${cleanPath(path)}/${name}`.replace('//', '/'), name };
    try {
      return { ...describe(await metaAt(store, `${key}/${name}`)), ...place };
    } catch (error) {
      if (!(error instanceof InsideFault)) throw error;
      return { ...place, kind: 'unreadable', note: error.message };
    }
  });
  return { total: names.length, nodes: await Promise.all(nodes) };
}

function describe(found: ZarrMeta | undefined): Omit<InsideNode, 'path' | 'name'> {
  if (found?.kind !== 'array') return { kind: 'group' };
  const type = found.meta['dtype'] ?? found.meta['data_type'];
  return {
    kind: 'array',
    shape: numbersIn(found.meta['shape']),
    type: typeof type === 'string' ? type : writtenValue(type),
  };
}

function numbersIn(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
}

async function detailsOf(
  store: TreeStore,
  folders: ReadonlyMap<string, ReadonlySet<string>>,
  path: string,
): Promise<InsideDetails> {
  const key = keyOf(path);
  const found = await metaAt(store, key);
  if (!found && !folders.has(key)) throw new InsideFault(`there is nothing at ${path}`);
  const attributes = Object.entries(found?.attributes ?? {}).map(
    ([name, value]): InsideAttribute => ({
      name,
      type: Array.isArray(value) ? 'list' : typeof value,
      shape: Array.isArray(value) ? [value.length] : [],
      value: cut(typeof value === 'string' ? value : JSON.stringify(value), longestAttribute),
    }),
  );
  const described = describe(found);
  const place = cleanPath(path);
  const base = { path: place, name: place.slice(place.lastIndexOf('/') + 1) || '/', ...described, attributes };
  if (found?.kind !== 'array') return { ...base, members: folders.get(key)?.size ?? 0 };
  const opened = await openArray(store, key, found.version);
  const chunk = typeof opened === 'string' ? undefined : opened.chunks;
  return { ...base, storage: 'chunked', ...(chunk ? { chunk } : {}), filters: filtersOf(found) };
}

function filtersOf({ version, meta }: ZarrMeta): string[] {
  const named = (one: unknown): string[] => {
    const { id, name } = (typeof one === 'object' && one !== null ? one : {}) as Json;
    const text = name ?? id;
    return typeof text === 'string' ? [text] : [];
  };
  if (version === 3) return Array.isArray(meta['codecs']) ? meta['codecs'].flatMap(named) : [];
  return [...(Array.isArray(meta['filters']) ? meta['filters'].flatMap(named) : []), ...named(meta['compressor'])];
}

async function pageOf(store: TreeStore, path: string, asked: InsideWindow, signal?: AbortSignal): Promise<InsidePage> {
  const key = keyOf(path);
  const found = await metaAt(store, key);
  if (found?.kind !== 'array') throw new InsideFault(`${path} holds no values`);
  const array = await openArray(store, key, found.version);
  if (typeof array === 'string') throw new InsideFault(array);
  const { shape } = array;
  const window = fittingWindow(shape, undefined, asked);
  const counts = countsOf(shape, undefined);
  const columnNames =
    shape.length < 2 ? [''] : Array.from({ length: window.columns }, (_, n) => String(window.column + n));
  if (shape.includes(0)) return { window, ...counts, columnNames, cells: [] };
  const { start, count } = boxOf(shape, false, window);
  const data = await valuesIn(array, start, count, signal);
  const width = shape.length < 2 ? 1 : window.columns;
  const bytes = array.dtype === 'float32' ? 4 : array.dtype === 'float16' ? 2 : 8;
  const cells: string[][] = [];
  for (let at = 0; at < data.length; at += width)
    cells.push(
      data.slice(at, at + width).map((value) => {
        const isFloat = typeof value === 'number' && array.dtype.startsWith('float');
        return cut(isFloat ? writtenFloat(value, bytes) : writtenValue(value), longestCell);
      }),
    );
  return { window, ...counts, columnNames, cells };
}

/** Values of a block, row by row. */
async function valuesIn(
  array: Exclude<Awaited<ReturnType<typeof openArray>>, string>,
  start: readonly number[],
  count: readonly number[],
  signal?: AbortSignal,
): Promise<unknown[]> {
  const selection = start.map((from, axis) => slice(from, from + count[axis]!));
  try {
    const chunk = (await get(array, selection, signal ? { signal } : {})) as {
      data: Iterable<unknown>;
      stride: number[];
    };
    const flat = Array.from(chunk.data);
    const total = count.reduce((product, length) => product * length, 1);
    return Array.from({ length: total }, (_, n) => {
      let rest = n;
      let at = 0;
      for (let axis = count.length - 1; axis >= 0; axis--) {
        at += (rest % count[axis]!) * chunk.stride[axis]!;
        rest = Math.floor(rest / count[axis]!);
      }
      return flat[at];
    });
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new InsideFault(`${array.path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
