import { type Issue } from '@micrarium/model';
import { type FileTree, folderOf } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import type { Item } from '../../recognition/item.ts';
import type { ReadOptions } from '../../tracks/track-reader.ts';
import { imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { parseOmeXml } from '../ome-xml/parse.ts';
import { describeOmeImage } from '../ome-xml/to-model.ts';
import { findImages } from './find-images.ts';
import { labelsOf } from './label-images.ts';
import { joinPath, readNode, statedVersion, type ZarrNode } from './group-metadata.ts';
import { openMultiscale } from './multiscale-image.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import { type TreeStore, treeStore } from './tree-store.ts';

/** Above this many images only the first one's findings (no pixel size, unnamed channels) are told. */
const mostDescribed = 20;
const metadataFiles = new Set(['zarr.json', '.zgroup', '.zattrs', '.zarray']);

/** Folder of the topmost Zarr group of a tree: the root, or the one folder that an archive was made of. */
export function zarrRootOf(tree: FileTree): string | undefined {
  let best: string | undefined;
  let depth = Number.POSITIVE_INFINITY;
  for (const { path } of tree.entries) {
    const folder = folderOf(path);
    const level = folder === '' ? 0 : folder.split('/').length;
    if (level >= depth || !metadataFiles.has(path.slice(folder === '' ? 0 : folder.length + 1))) continue;
    best = folder;
    depth = level;
  }
  return best;
}

/** The item's files; the entries of the archive where the item is one archive that nobody opened yet. */
export async function contentOf(item: Item, issues: Issue[], signal?: AbortSignal): Promise<FileTree> {
  const [only, ...others] = item.tree.entries;
  if (!only || others.length > 0 || metadataFiles.has(only.path)) return item.tree;
  const source = await only.open();
  const opened = await openZip(source, signal ? { signal } : {});
  issues.push(...opened.issues);
  return opened.tree;
}

/** Version of the hierarchy: stated, or judged by its files (and then an issue). `undefined` = refused. */
async function versionOf(
  store: TreeStore,
  root: ZarrNode,
  stated: string | undefined,
  issues: Issue[],
): Promise<string | undefined> {
  if (stated !== undefined && /^0\.[1-6](\.|-|$)/.test(stated)) return stated;
  const where = { where: { file: root.zarrFormat === 3 ? 'zarr.json' : store.has('.zattrs') ? '.zattrs' : '.zgroup' } };
  if (stated === undefined) {
    const judged = root.zarrFormat === 3 ? '0.5' : '0.4';
    // Up to 0.4 the version was only recommended.
    issues.push(
      omeZarrIssue('ome-zarr-version-missing', `The metadata name no version; the image is read as ${judged}.`, {
        ...where,
        ...(root.zarrFormat === 3 || root.ome !== root.attributes ? {} : { severity: 'warning' as const }),
      }),
    );
    return judged;
  }
  issues.push(
    omeZarrIssue(
      'ome-zarr-version-unknown',
      `The image is of OME-Zarr version "${stated.slice(0, 40)}"; versions 0.1 to 0.6 are read.`,
      where,
    ),
  );
  return undefined;
}

/** Fills what the metadata of the Zarr leave out with the OME-XML beside it, whose images are in the same order. */
export function fillFromOmeXml(images: OpenedImages['images'], document: ReturnType<typeof parseOmeXml>): void {
  if (document.images.length !== images.length) return;
  for (const [n, { description }] of images.entries()) {
    const told = describeOmeImage(document, document.images[n]!)?.description;
    const { sizes } = description;
    if (!told || told.sizes.x !== sizes.x || told.sizes.y !== sizes.y || told.sizes.t !== sizes.t) continue;
    const { instrument, acquiredAt, planeTimes, origin, voxelSize, timeStep, significantBits } = told;
    const rest = { instrument, acquiredAt, planeTimes, origin, voxelSize, timeStep, significantBits };
    for (const [key, value] of Object.entries({ ...rest, description: told.description }))
      if (value !== undefined && description[key as keyof typeof rest] === undefined)
        Object.assign(description, { [key]: value });
    if (told.channels.length === description.channels.length)
      description.channels = description.channels.map((channel, c) => ({
        ...told.channels[c],
        ...channel,
        name: channel.name || told.channels[c]!.name,
      }));
  }
}

async function openItem(item: Item, options: ReadOptions = {}): Promise<OpenedImages> {
  const { signal } = options;
  const issues: Issue[] = [];
  const tree = await contentOf(item, issues, signal);
  const folder = zarrRootOf(tree);
  const name =
    (folder || item.path)
      .split('/')
      .at(-1)
      ?.replace(/(\.ome)?\.(zarr|ozx|zip)+$/i, '') ?? '';
  return imagesOfStore(treeStore(tree, folder ?? ''), { name, path: item.path }, issues, options);
}

/**
 * The images of a hierarchy.
 * @param item what the images are called where they have no name, and the path findings give
 * @param issues findings so far; those made here are added
 */
export async function imagesOfStore(
  store: TreeStore,
  item: { name: string; path: string },
  issues: Issue[],
  options: ReadOptions = {},
): Promise<OpenedImages> {
  const { signal } = options;
  const root = await readNode(store, '', issues, signal);
  const nothing = (): void => {
    if (!issues.some((issue) => issue.severity === 'error'))
      issues.push(
        omeZarrIssue('ome-zarr-no-image', 'No OME-Zarr metadata (multiscales, plate, bioformats2raw) were found.', {
          where: { file: item.path },
        }),
      );
  };
  if (!root) {
    nothing();
    return { images: [], issues };
  }
  const rootVersion = statedVersion(root.ome);
  const refused = rootVersion !== undefined && (await versionOf(store, root, rootVersion, issues)) === undefined;
  if (refused) return { images: [], issues, formatVersion: rootVersion };
  const found = await findImages(store, root, item.name, issues, signal);
  if (found.length === 0) nothing();
  const stated = rootVersion ?? (found[0] && statedVersion(found[0].node.ome));
  const version =
    found.length === 0 ? stated : (rootVersion ?? (await versionOf(store, found[0]!.node, stated, issues)));
  const images: OpenedImages['images'] = [];
  if (found.length > 0 && version === undefined)
    return { images, issues, ...(stated ? { formatVersion: stated } : {}) };
  for (const [n, { node, name: imageName, place }] of found.entries()) {
    signal?.throwIfAborted();
    const opened = await openMultiscale(store, node, imageName, issues, item.path);
    const image = opened && { ...opened, ...(place ? { place } : {}), ...labelsOf(store, node) };
    // One field of a plate stands for all: thousands of equal findings help nobody.
    if (image && (images.length === 0 || found.length <= mostDescribed))
      issues.push(...imageFindings(image.description, node.path === '' ? item.path : node.path));
    if (image) images.push(image);
    options.onProgress?.((n + 1) / found.length);
  }
  const xml = await store.text(joinPath('OME', 'METADATA.ome.xml'), signal);
  if (xml) fillFromOmeXml(images, parseOmeXml(xml));
  return {
    images,
    issues,
    ...(version === undefined ? {} : { formatVersion: version }),
    ...(xml ? { rawMetadata: { mediaType: 'application/xml', text: xml } } : {}),
  };
}

/**
 * Reads OME-Zarr 0.1 to 0.5, from a folder, a zip or an `.ozx`: single images, the bioformats2raw layout (old and new),
 * plates. Pixels come by chunk and range. `z` of a plane counts in planes of its level where a level has fewer.
 */
export const omeZarrReader: ImageReader = { open: openItem };
