import type { Issue } from '@micrarium/model';
import type { PlatePlace } from '../image-reader.ts';
import { isObject, type JsonObject, joinPath, objectsOf, readNode, type ZarrNode } from './group-metadata.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import type { TreeStore } from './tree-store.ts';

/** A group that is an image, and what to call it where it has no name. */
export interface FoundImage {
  node: ZarrNode;
  name: string;
  place?: PlatePlace;
}

const mostImages = 200_000;

/**
 * The image groups of a hierarchy, in the order the specification asks for: a plate with its wells and fields, the
 * bioformats2raw layout, or the group itself. Labels are no images. Field names are read from each well.
 */
export async function findImages(
  store: TreeStore,
  root: ZarrNode,
  itemName: string,
  issues: Issue[],
  signal?: AbortSignal,
): Promise<FoundImage[]> {
  if (isObject(root.ome['plate'])) return plateImages(store, root, root.ome['plate'], issues, signal);
  if (isObject(root.ome['well'])) return wellImages(store, root, root.path, issues, signal);
  if (objectsOf(root.ome['multiscales']).length > 0) return [{ node: root, name: itemName }];
  const layout = root.ome['bioformats2raw.layout'] ?? root.attributes['bioformats2raw.layout'];
  const series = await seriesPaths(store, root, layout !== undefined, issues, signal);
  const images: FoundImage[] = [];
  for (const path of series) {
    const node = await readNode(store, joinPath(root.path, path), issues, signal);
    if (node && objectsOf(node.ome['multiscales']).length > 0) images.push({ node, name: path });
    else
      issues.push(
        omeZarrIssue('ome-zarr-array-unreadable', `The image "${path}" has no multiscales.`, { where: { file: path } }),
      );
  }
  return images;
}

/** Paths of the series: as `OME` lists them, else 0, 1, 2...; without the layout, any group below that has multiscales. */
async function seriesPaths(
  store: TreeStore,
  root: ZarrNode,
  hasLayout: boolean,
  issues: Issue[],
  signal?: AbortSignal,
): Promise<string[]> {
  if (hasLayout) {
    const ome = await readNode(store, joinPath(root.path, 'OME'), issues, signal);
    const listed = ome?.ome['series'];
    if (Array.isArray(listed)) return listed.filter((path) => typeof path === 'string').slice(0, mostImages);
    const paths: string[] = [];
    while (paths.length < mostImages && hasGroup(store, String(paths.length))) paths.push(String(paths.length));
    return paths;
  }
  const paths: string[] = [];
  for (const file of store.paths) {
    const group = /^(.*)\/(\.zattrs|zarr\.json)$/.exec(file)?.[1];
    if (group === undefined || /(^|\/)labels(\/|$)/.test(group) || paths.some((path) => group.startsWith(`${path}/`)))
      continue;
    const node = await readNode(store, group, [], signal);
    if (node && objectsOf(node.ome['multiscales']).length > 0) paths.push(group);
    if (paths.length >= mostImages) break;
  }
  return paths;
}

function hasGroup(store: TreeStore, path: string): boolean {
  return ['zarr.json', '.zattrs', '.zgroup'].some((file) => store.has(`${path}/${file}`));
}

/** Images of all wells of a plate, each well's own fields. */
async function plateImages(
  store: TreeStore,
  root: ZarrNode,
  plate: JsonObject,
  issues: Issue[],
  signal?: AbortSignal,
): Promise<FoundImage[]> {
  const images: FoundImage[] = [];
  const { name } = plate;
  const rows = objectsOf(plate['rows']).map((row) => String(row['name'] ?? ''));
  const columns = objectsOf(plate['columns']).map((column) => String(column['name'] ?? ''));
  for (const well of objectsOf(plate['wells'])) {
    signal?.throwIfAborted();
    const path = joinPath(root.path, String(well['path'] ?? ''));
    const node = path === '' ? undefined : await readNode(store, path, issues, signal);
    const [row = '', column = ''] = String(well['path'] ?? '').split('/');
    const place = { plate: typeof name === 'string' ? name : '', rows, columns, row, column };
    for (const { field, acquisition, ...image } of await wellImages(store, node, path, issues, signal))
      images.push({
        ...image,
        place: { ...place, field, ...(typeof acquisition === 'number' ? { acquisition } : {}) },
      });
    if (images.length >= mostImages) break;
  }
  return images;
}

/** The fields of one well. */
async function wellImages(
  store: TreeStore,
  well: ZarrNode | undefined,
  wellPath: string,
  issues: Issue[],
  signal?: AbortSignal,
): Promise<(FoundImage & { field: string; acquisition: unknown })[]> {
  const fields = isObject(well?.ome['well']) ? objectsOf(well.ome['well']['images']) : [];
  if (fields.length === 0)
    issues.push(
      omeZarrIssue('ome-zarr-well-unreadable', `The well "${wellPath}" has no metadata or no images.`, {
        where: { file: wellPath },
      }),
    );
  const images: (FoundImage & { field: string; acquisition: unknown })[] = [];
  for (const field of fields) {
    const name = String(field['path'] ?? '');
    const path = joinPath(wellPath, name);
    const node = await readNode(store, path, issues, signal);
    if (node && objectsOf(node.ome['multiscales']).length > 0)
      images.push({ node, name: path, field: name, acquisition: field['acquisition'] });
    else
      issues.push(
        omeZarrIssue('ome-zarr-well-unreadable', `The field "${path}" has no image.`, { where: { file: path } }),
      );
  }
  return images;
}
