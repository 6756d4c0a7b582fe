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
  readNode,
  statedVersion,
  type ZarrNode,
} from './group-metadata.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import { zarrRootOf } from './ome-zarr-reader.ts';
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
 * Checks an OME-Zarr 0.4 or 0.5 (a folder, or the tree of a zip): rules of the text that schemas express and those they
 * cannot, against the arrays too. Errors break a "must", warnings a "should"; each names file and field.
 */
export async function checkOmeZarr(tree: FileTree, signal?: AbortSignal): Promise<Issue[]> {
  const issues: Issue[] = [];
  const store = treeStore(tree, zarrRootOf(tree) ?? '');
  const groups = new Set(
    store.paths.filter((path) => /(^|\/)(zarr\.json|\.zattrs)$/.test(path)).map((path) => folderOf(path)),
  );
  let checked = 0;
  for (const path of groups) {
    signal?.throwIfAborted();
    if (/(^|\/)labels(\/|$)/.test(path)) continue;
    const node = await readNode(store, path, issues, signal);
    if (!node || node.isArray || !Object.keys(node.ome).some((key) => blocks.has(key))) continue;
    checked++;
    const file = joinPath(path, node.zarrFormat === 3 ? 'zarr.json' : '.zattrs');
    const stated = statedVersion(node.ome);
    const version: CheckedVersion = node.zarrFormat === 3 ? '0.5' : '0.4';
    const found = findings(file);
    if (stated === undefined || !stated.startsWith(version))
      found.must(version === '0.4' && stated === undefined, 'version', `"${stated ?? 'none'}" is not ${version}`);
    checkBlocks(node.ome, version, found, await plateAcquisitions(store, node, issues));
    if (node.ome['multiscales'] !== undefined) {
      const levels = await checkArrays(store, node, version, found);
      await checkLabels(store, node, levels, version, issues);
    }
    issues.push(...found.issues);
  }
  if (checked === 0)
    issues.push(omeZarrIssue('ome-zarr-no-image', 'No OME-Zarr metadata were found.', { where: { file: tree.name } }));
  return issues;
}

const blocks = new Set(['multiscales', 'plate', 'well']);

/** Ids of the acquisitions of the plate a well lies in. */
async function plateAcquisitions(store: TreeStore, node: ZarrNode, issues: Issue[]): Promise<unknown[] | undefined> {
  if (node.ome['well'] === undefined) return undefined;
  const plate = await readNode(store, folderOf(folderOf(node.path)), issues);
  const block = plate?.ome['plate'];
  return isObject(block) ? objectsOf(block['acquisitions']).map((one) => one['id']) : undefined;
}
