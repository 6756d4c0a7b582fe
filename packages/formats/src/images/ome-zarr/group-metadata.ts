import type { Issue } from '@micrarium/model';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import type { TreeStore } from './tree-store.ts';

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/** Is it a JSON object (no list, no null)? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; everything else in it is passed over. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A list of numbers, or `undefined` where it is none. */
export function numbersOf(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'number' && Number.isFinite(one))
    ? (value as number[])
    : undefined;
}

/** A group (or array) of a hierarchy: which Zarr it is, its attributes, and the block that OME-Zarr defines. */
export interface ZarrNode {
  /** Path from the root, `''` for the root. */
  path: string;
  zarrFormat: 2 | 3;
  attributes: JsonObject;
  /** `attributes.ome` of v3, the attributes themselves of v2. */
  ome: JsonObject;
  isArray: boolean;
}

/** Joins paths in a store; `''` is the root. Parts `.` and empty ones vanish, `..` stays inside the root. */
export function joinPath(...parts: readonly string[]): string {
  const out: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}

/** NaN and Infinity, which Python writes although JSON does not have them. */
const notJson = /(:\s*|\[\s*|,\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value of a metadata file, also where it has NaN or Infinity (as null); `undefined` where it is no JSON. */
export function parsedMetadata(text: string): unknown {
  return parsed(text) ?? parsed(text.replace(notJson, '$1null'));
}

async function readJson(store: TreeStore, path: string, issues: Issue[], signal?: AbortSignal) {
  if (!store.has(path)) return undefined;
  const text = await store.text(path, signal);
  const value = parsedMetadata(text ?? '');
  if (isObject(value)) return value;
  issues.push(omeZarrIssue('ome-zarr-metadata-unreadable', `${path} is not a JSON object.`, { where: { file: path } }));
  return undefined;
}

/** Reads the metadata of one node; `undefined` where there are none. */
export async function readNode(
  store: TreeStore,
  path: string,
  issues: Issue[],
  signal?: AbortSignal,
): Promise<ZarrNode | undefined> {
  const v3 = await readJson(store, joinPath(path, 'zarr.json'), issues, signal);
  if (v3) {
    const attributes = isObject(v3['attributes']) ? v3['attributes'] : {};
    return {
      path,
      zarrFormat: 3,
      attributes,
      ome: isObject(attributes['ome']) ? attributes['ome'] : {},
      isArray: v3['node_type'] === 'array',
    };
  }
  const isArray = store.has(joinPath(path, '.zarray'));
  if (!isArray && !store.has(joinPath(path, '.zgroup')) && !store.has(joinPath(path, '.zattrs'))) return undefined;
  const zattrs = (await readJson(store, joinPath(path, '.zattrs'), issues, signal)) ?? {};
  const attributes =
    isObject(zattrs['attributes']) && isObject(zattrs['attributes']['ome']) ? zattrs['attributes'] : zattrs;
  // A 0.5 block in a Zarr v2 group: not allowed, seen all the same.
  const ome = isObject(attributes['ome']) ? attributes['ome'] : attributes;
  return { path, zarrFormat: 2, attributes, ome, isArray };
}

/** The version that a block states: once for the hierarchy from 0.5 on, inside each block before. */
export function statedVersion(ome: JsonObject): string | undefined {
  const blocks = [ome, ...objectsOf(ome['multiscales']).slice(0, 1), ome['plate'], ome['well'], ome['image-label']];
  for (const block of blocks) {
    if (!isObject(block)) continue;
    const version = block['version'];
    if (typeof version === 'string') return version;
    if (typeof version === 'number') return String(version);
  }
  return undefined;
}
