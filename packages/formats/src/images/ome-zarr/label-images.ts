import type { Issue } from '@micrarium/model';
import type { ImagePixels, LabelImage } from '../image-reader.ts';
import {
  isObject,
  type JsonObject,
  joinPath,
  numbersOf,
  objectsOf,
  readNode,
  type ZarrNode,
} from './group-metadata.ts';
import { openMultiscale } from './multiscale-image.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import type { TreeStore } from './tree-store.ts';

/** Label images of one image that are opened. */
const mostLabels = 1000;

/** How the labels of an image group are opened; nothing where it is known to have no group of labels. */
export function labelsOf(store: TreeStore, node: ZarrNode): Pick<ImagePixels, 'labels'> {
  const group = joinPath(node.path, 'labels');
  const mayBe = store.bring !== undefined || ['zarr.json', '.zattrs'].some((file) => store.has(`${group}/${file}`));
  return mayBe ? { labels: (signal) => openLabels(store, group, signal) } : {};
}

async function openLabels(
  store: TreeStore,
  group: string,
  signal?: AbortSignal,
): Promise<{ labels: LabelImage[]; issues: Issue[] }> {
  const issues: Issue[] = [];
  const labels: LabelImage[] = [];
  await store.bring?.(group, signal);
  const listed = (await readNode(store, group, issues, signal))?.ome['labels'];
  const names = Array.isArray(listed) ? listed.filter((name) => typeof name === 'string') : [];
  for (const name of names.slice(0, mostLabels)) {
    signal?.throwIfAborted();
    const path = joinPath(group, name);
    await store.bring?.(path, signal);
    const node = await readNode(store, path, issues, signal);
    const image = node && (await openMultiscale(store, node, name, issues));
    const where = { file: path };
    if (!node || !image) {
      issues.push(omeZarrIssue('ome-zarr-array-unreadable', `The label image "${name}" is not there.`, { where }));
      continue;
    }
    if (!/^u?int/.test(image.description.type)) {
      const message = `The label image "${name}" holds ${image.description.type} values, which name nothing.`;
      issues.push(omeZarrIssue('ome-zarr-array-unreadable', message, { where }));
      continue;
    }
    const block = isObject(node.ome['image-label']) ? node.ome['image-label'] : {};
    labels.push({ name, image, colors: colorsOf(block), properties: propertiesOf(block) });
  }
  return { labels, issues };
}

function colorsOf(block: JsonObject): LabelImage['colors'] {
  return objectsOf(block['colors']).flatMap((one) => {
    const value = one['label-value'];
    const rgba = numbersOf(one['rgba']);
    if (typeof value !== 'number') return [];
    return [{ value, ...(rgba?.length === 4 ? { rgba: rgba as unknown as [number, number, number, number] } : {}) }];
  });
}

function propertiesOf(block: JsonObject): LabelImage['properties'] {
  return objectsOf(block['properties']).flatMap(({ 'label-value': value, ...rest }) =>
    typeof value === 'number' ? [{ ...rest, value }] : [],
  );
}
