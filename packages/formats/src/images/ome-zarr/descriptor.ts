import type { FileEntry, FileTree } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Recognition } from '../../recognition/descriptor.ts';
import { isObject, type JsonObject, statedVersion } from './group-metadata.ts';

/** Metadata files larger than this are not read to recognise a folder. */
const sizeLimit = 32 * 2 ** 20;

/** The entry of this path; entries are sorted. */
function entryAt(tree: FileTree, path: string): FileEntry | undefined {
  let low = 0;
  let high = tree.entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tree.entries[middle]!.path < path) low = middle + 1;
    else high = middle;
  }
  const entry = tree.entries[low];
  return entry?.path === path ? entry : undefined;
}

async function jsonAt(tree: FileTree, path: string): Promise<JsonObject | undefined> {
  const entry = entryAt(tree, path);
  if (!entry || entry.size > sizeLimit) return undefined;
  const bytes = await (await entry.open()).read(0, entry.size);
  await entry.close?.();
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const told = {
  plate: 'a plate',
  well: 'a well',
  multiscales: 'multiscales',
  'bioformats2raw.layout': 'bioformats2raw',
  'image-label': 'a label image',
};

async function recogniseFolder(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const prefix = folder === '' ? '' : `${folder}/`;
  for (const file of ['zarr.json', '.zattrs']) {
    const json = await jsonAt(tree, prefix + file);
    if (!json) continue;
    const attributes = isObject(json['attributes']) ? json['attributes'] : json;
    const ome = isObject(attributes['ome']) ? attributes['ome'] : attributes;
    for (const [key, what] of Object.entries(told)) {
      if (ome[key] === undefined && attributes[key] === undefined) continue;
      const version = statedVersion(ome);
      return { score: 1, reason: `${file} describes ${what}`, ...(version ? { version } : {}) };
    }
  }
  return undefined;
}

/** OME-Zarr as a folder; zips of it are recognised by what they hold. */
export const omeZarrFormat: FormatDescriptor = {
  id: 'ome-zarr',
  name: 'OME-Zarr',
  kind: 'image',
  extensions: ['.ome.zarr', '.zarr', '.ozx'],
  mediaTypes: ['application/vnd+zarr'],
  recogniseFolder,
  images: {
    reader: async () => (await import('./ome-zarr-reader.ts')).omeZarrReader,
    writer: async (choices = {}) => (await import('./ome-zarr-writer.ts')).omeZarrWriter(choices),
    check: async () => (await import('./check-ome-zarr.ts')).checkOmeZarrItem,
  },
};
