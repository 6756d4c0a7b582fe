import type { Issue } from '@micrarium/model';
import { folderOf, type FileTree } from '../../bytes/file-tree.ts';
import { type Findings, findings } from './check-findings.ts';
import { checkLengths, checkMultiscales, checkOmero } from './check-multiscales.ts';
import { checkImageLabel, checkPlate, checkWell } from './check-plate.ts';
import {
  isObject,
  type JsonObject,
  joinPath,
  objectsOf,
  parsedMetadata,
  readNode,
  statedVersion,
  type ZarrNode,
} from './group-metadata.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import type { Item } from '../../recognition/item.ts';
import { contentOf, zarrRootOf } from './ome-zarr-reader.ts';
import { type TreeStore, treeStore } from './tree-store.ts';
import { type OpenArray, openArray } from './zarr-level.ts';

/** Versions whose rules are checked. */
export type CheckedVersion = '0.4' | '0.5';

/**
 * Checks the attributes of one group against the rules of its version: errors for what must be, warnings for what should
 * be. 0.4: the attributes themselves; 0.5: with the `ome` block inside. Arrays are not looked at.
 */
export function checkOmeAttributes(attributes: JsonObject, version: CheckedVersion, file = ''): Issue[] {
  const found = findings(file);
  const ome = version === '0.5' ? (isObject(attributes['ome']) ? attributes['ome'] : {}) : attributes;
  if (version === '0.5') {
    found.must(isObject(attributes['ome']), 'ome', 'the metadata must lie under "ome"');
    found.must(ome['version'] === '0.5', 'ome.version', 'must be "0.5"');
  }
  checkBlocks(ome, version, found);
  return found.issues;
}

/**
 * Checks a JSON document that is the attributes of one group: with an `ome` block against the rules of 0.5, else of 0.4.
 * @param file for the places of findings
 */
export function checkOmeDocument(text: string, file: string): Issue[] {
  const attributes = parsedMetadata(text);
  const where = { where: { file } };
  if (!isObject(attributes))
    return [omeZarrIssue('ome-zarr-metadata-unreadable', `${file} is not a JSON object.`, where)];
  const ome = isObject(attributes['ome']) ? attributes['ome'] : attributes;
  if (!['multiscales', 'plate', 'well', 'image-label', 'omero'].some((block) => ome[block] !== undefined))
    return [
      omeZarrIssue(
        'ome-zarr-no-image',
        'No OME-Zarr metadata (multiscales, plate, well, image-label) were found.',
        where,
      ),
    ];
  return checkOmeAttributes(attributes, 'ome' in attributes ? '0.5' : '0.4', file);
}

function checkBlocks(ome: JsonObject, version: CheckedVersion, found: Findings, acquisitions?: unknown[]): void {
  if (ome['multiscales'] !== undefined) checkMultiscales(ome['multiscales'], version, found);
  if (ome['omero'] !== undefined) checkOmero(ome['omero'], found);
  if (ome['plate'] !== undefined) checkPlate(ome['plate'], version, found);
  if (ome['well'] !== undefined) checkWell(ome['well'], version, found, acquisitions);
  if (ome['image-label'] !== undefined) checkImageLabel(ome['image-label'], version, found);
}

/** Levels against their arrays: they exist, agree in dimensions and type, become smaller, and name their dimensions. */
async function checkArrays(
  store: TreeStore,
  node: ZarrNode,
  version: CheckedVersion,
  found: Findings,
): Promise<OpenArray[]> {
  const [multiscales] = objectsOf(node.ome['multiscales']);
  const axes = objectsOf(multiscales?.['axes']).map((axis) => axis['name']);
  const levels: OpenArray[] = [];
  for (const [n, dataset] of objectsOf(multiscales?.['datasets']).entries()) {
    const field = `multiscales[0].datasets[${n}]`;
    const array = await openArray(store, joinPath(node.path, String(dataset['path'])), node.zarrFormat);
    if (typeof array === 'string') {
      found.must(false, field, `the array cannot be opened: ${array}`);
      continue;
    }
    found.must(
      array.shape.length === axes.length,
      field,
      `the array has ${array.shape.length} dimensions, not ${axes.length}`,
    );
    checkLengths(dataset['coordinateTransformations'], array.shape.length, field, found);
    if (n === 0) checkLengths(multiscales?.['coordinateTransformations'], array.shape.length, 'multiscales[0]', found);
    const before = levels.at(-1);
    if (before) {
      found.must(
        array.dtype === before.dtype,
        field,
        `values are ${array.dtype}, those of the level before ${before.dtype}`,
      );
      const smaller = array.shape.every((side, d) => side <= (before.shape[d] ?? 0));
      found.must(smaller, field, 'levels must be listed from the largest to the smallest');
    }
    if (version === '0.5')
      found.must(array.dimensionNames?.join() === axes.join(), field, 'dimension_names must be the names of the axes');
    levels.push(array);
  }
  return levels;
}

/** Labels: integers only, as many levels as the image, each side the image's or 1. */
async function checkLabels(
  store: TreeStore,
  node: ZarrNode,
  image: readonly OpenArray[],
  version: CheckedVersion,
  issues: Issue[],
): Promise<void> {
  const labels = await readNode(store, joinPath(node.path, 'labels'), issues);
  for (const path of Array.isArray(labels?.ome['labels']) ? labels.ome['labels'] : []) {
    const label = await readNode(store, joinPath(node.path, 'labels', String(path)), issues);
    const found = findings(joinPath(node.path, 'labels', String(path)));
    found.must(label !== undefined, 'labels', `the label image "${String(path)}" is missing`);
    if (label) {
      checkBlocks(label.ome, version, found);
      const levels = await checkArrays(store, label, version, found);
      found.must(
        levels.length === image.length,
        'multiscales',
        `${levels.length} levels, the image has ${image.length}`,
      );
      found.must(
        levels.every((level) => /^u?int/.test(level.dtype)),
        'multiscales',
        'label values must be integers',
      );
      const fits = levels.every((level, n) =>
        level.shape.every((side, d) => side === 1 || side === image[n]?.shape[d]),
      );
      found.must(fits, 'multiscales', "every side must be the image's or 1");
    }
    issues.push(...found.issues);
  }
}

/**
 * Checks an OME-Zarr 0.4 or 0.5 (a folder, or the tree of a zip) in three layers: what the schemas ask for, what the
 * strict schemas ask for (as warnings), and what only the arrays and the other groups can tell. Errors break a "must",
 * warnings a "should"; each names file and field. Metadata without a single array are checked as such.
 */
export async function checkOmeZarr(tree: FileTree, signal?: AbortSignal): Promise<Issue[]> {
  const issues: Issue[] = [];
  const store = treeStore(tree, zarrRootOf(tree) ?? '');
  const groups = new Set(
    store.paths.filter((path) => /(^|\/)(zarr\.json|\.zattrs)$/.test(path)).map((path) => folderOf(path)),
  );
  const nodes: ZarrNode[] = [];
  let arrays = store.paths.some((path) => /(^|\/)\.zarray$/.test(path));
  for (const path of groups) {
    signal?.throwIfAborted();
    const node = await readNode(store, path, issues, signal);
    arrays ||= node?.isArray === true;
    const isLabel = /(^|\/)labels\//.test(path);
    if (node && !node.isArray && !isLabel && Object.keys(node.ome).some((key) => blocks.has(key))) nodes.push(node);
  }
  for (const node of nodes) {
    signal?.throwIfAborted();
    await checkNode(store, node, arrays, issues);
  }
  const root = await readNode(store, '', issues, signal);
  if (root) await checkLayout(store, root, arrays, issues);
  if (nodes.length === 0)
    issues.push(omeZarrIssue('ome-zarr-no-image', 'No OME-Zarr metadata were found.', { where: { file: tree.name } }));
  else if (!arrays)
    issues.push(omeZarrIssue('ome-zarr-no-arrays', 'The hierarchy holds no array.', { where: { file: tree.name } }));
  return issues;
}

/** Checks an item, opening the archive it may be. */
export async function checkOmeZarrItem(item: Item, signal?: AbortSignal): Promise<Issue[]> {
  const issues: Issue[] = [];
  const tree = await contentOf(item, issues, signal);
  return [...issues, ...(await checkOmeZarr(tree, signal))];
}

async function checkNode(store: TreeStore, node: ZarrNode, arrays: boolean, issues: Issue[]): Promise<void> {
  const version: CheckedVersion = node.zarrFormat === 3 ? '0.5' : '0.4';
  const found = findings(joinPath(node.path, version === '0.5' ? 'zarr.json' : '.zattrs'));
  const stated = statedVersion(node.ome);
  if (version === '0.5') {
    found.must(isObject(node.attributes['ome']), 'ome', 'the metadata must lie under "ome"');
    found.must(
      node.ome['version'] === '0.5',
      'ome.version',
      `must be "0.5", not ${JSON.stringify(node.ome['version'])}`,
    );
  } else if (node.ome !== node.attributes) {
    found.must(node.ome['version'] !== undefined, 'ome.version', 'must be given');
    found.must(false, 'ome', 'metadata under "ome" belong into zarr.json; in .zattrs they stand at the top');
  } else if (stated !== undefined && !stated.startsWith('0.4')) found.must(false, 'version', `"${stated}" is not 0.4`);
  checkBlocks(node.ome, version, found, await plateAcquisitions(store, node, issues));
  if (arrays && node.ome['multiscales'] !== undefined) {
    const levels = await checkArrays(store, node, version, found);
    await checkLabels(store, node, levels, version, issues);
  }
  if (arrays) checkMembers(store, node, found);
  issues.push(...found.issues);
}

const hasGroup = (store: TreeStore, path: string): boolean =>
  ['zarr.json', '.zattrs', '.zgroup'].some((file) => store.has(joinPath(path, file)));

/** Wells of a plate and images of a well are there. */
function checkMembers(store: TreeStore, node: ZarrNode, found: Findings): void {
  const { plate, well } = node.ome as { plate?: unknown; well?: unknown };
  const lists = [
    { field: 'plate.wells', members: isObject(plate) ? objectsOf(plate['wells']) : [] },
    { field: 'well.images', members: isObject(well) ? objectsOf(well['images']) : [] },
  ];
  for (const { field, members } of lists)
    for (const [n, { path }] of members.entries())
      if (typeof path === 'string')
        found.must(hasGroup(store, joinPath(node.path, path)), `${field}[${n}].path`, `"${path}" must be a group`);
}

/** The bioformats2raw layout: its number, and the images that `OME` lists. */
async function checkLayout(store: TreeStore, root: ZarrNode, arrays: boolean, issues: Issue[]): Promise<void> {
  const layout = root.ome['bioformats2raw.layout'] ?? root.attributes['bioformats2raw.layout'];
  if (layout === undefined) return;
  const found = findings(root.zarrFormat === 3 ? 'zarr.json' : '.zattrs');
  found.must(layout === 3, 'bioformats2raw.layout', `must be the number 3, not ${JSON.stringify(layout)}`);
  const ome = await readNode(store, joinPath(root.path, 'OME'), issues);
  const series = ome?.ome['series'];
  if (series !== undefined) {
    const paths = Array.isArray(series) ? series : [];
    const named = Array.isArray(series) && paths.every((path) => typeof path === 'string');
    found.must(named, 'OME.series', 'must be a list of paths');
    for (const path of paths)
      if (arrays)
        found.must(hasGroup(store, joinPath(root.path, String(path))), 'OME.series', `"${path}" must be a group`);
  }
  issues.push(...found.issues);
}

const blocks = new Set(['multiscales', 'plate', 'well', 'image-label', 'bioformats2raw.layout']);

/** Ids of the acquisitions of the plate a well lies in. */
async function plateAcquisitions(store: TreeStore, node: ZarrNode, issues: Issue[]): Promise<unknown[] | undefined> {
  if (node.ome['well'] === undefined) return undefined;
  const plate = await readNode(store, folderOf(folderOf(node.path)), issues);
  const block = plate?.ome['plate'];
  return isObject(block) ? objectsOf(block['acquisitions']).map((one) => one['id']) : undefined;
}
