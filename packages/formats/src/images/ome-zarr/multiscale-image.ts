import type { ImageDescription, ImageSizes, Issue, PlaneIndex } from '@micrarium/model';
import type { ImageLevel, ImagePixels, Region } from '../image-reader.ts';
import { type FoldedAxis, readFoldedAxes, storedChannel, unfolded } from './folded-axes.ts';
import { type ImageAxis, physicalSizes, readAxes, scaleOf } from './axes.ts';
import { withoutCoordinateSystems } from './coordinate-systems.ts';
import { joinPath, objectsOf, type ZarrNode } from './group-metadata.ts';
import { readChannels } from './omero-channels.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import type { TreeStore } from './tree-store.ts';
import { type OpenArray, openArray, pixelTypeOf, readArray } from './zarr-level.ts';

const mostLevels = 64;

/** Opens the levels that can be read; a level that cannot ends the pyramid, the first one makes the image unreadable. */
async function openLevels(
  store: TreeStore,
  node: ZarrNode,
  paths: readonly unknown[],
  issues: Issue[],
): Promise<OpenArray[]> {
  const levels: OpenArray[] = [];
  for (const [n, path] of paths.slice(0, mostLevels).entries()) {
    const full = joinPath(node.path, String(path));
    const opened = typeof path === 'string' ? await openArray(store, full, node.zarrFormat) : 'has no path';
    const problem =
      typeof opened === 'string'
        ? opened
        : levels[0] && opened.shape.length !== levels[0].shape.length
          ? `has ${opened.shape.length} dimensions, the first level ${levels[0].shape.length}`
          : undefined;
    if (typeof opened !== 'string' && problem === undefined) {
      levels.push(opened);
      continue;
    }
    issues.push(
      omeZarrIssue('ome-zarr-array-unreadable', `Level ${n}: ${problem}.`, {
        where: { file: full || node.path },
        ...(n === 0 ? {} : { severity: 'warning' }),
      }),
    );
    break;
  }
  return levels;
}

function sizesOf(axes: readonly ImageAxis[], shape: readonly number[]): ImageSizes {
  const sizes: ImageSizes = { t: 1, c: 1, z: 1, y: 1, x: 1 };
  for (const [n, { role }] of axes.entries()) sizes[role] = shape[n]!;
  return sizes;
}

/**
 * Opens the image of a multiscales group: description and lazy pixels. `undefined` where it has none that can be read;
 * the issues say why.
 */
export async function openMultiscale(
  store: TreeStore,
  node: ZarrNode,
  fallbackName: string,
  issues: Issue[],
  itemPath = fallbackName,
): Promise<ImagePixels | undefined> {
  const where = { where: { file: node.path || itemPath } };
  const [stated, ...further] = objectsOf(node.ome['multiscales']);
  if (!stated) {
    issues.push(omeZarrIssue('ome-zarr-no-image', `"${node.path || fallbackName}" has no multiscales.`, where));
    return undefined;
  }
  if (further.length > 0)
    issues.push(
      omeZarrIssue('ome-zarr-more-multiscales', `${further.length + 1} multiscales; the first is shown.`, where),
    );
  const multiscales = withoutCoordinateSystems(stated);
  if (typeof multiscales === 'string') {
    const message = `The image is placed by ${multiscales}; only scale, translation and identity are read.`;
    const hint = 'Coordinate systems came with version 0.6. Write the image as 0.5, its pixels resampled where needed.';
    issues.push(omeZarrIssue('ome-zarr-version-unknown', message, { ...where, hint }));
    return undefined;
  }
  const datasets = objectsOf(multiscales['datasets']);
  const arrays = await openLevels(
    store,
    node,
    datasets.map((dataset) => dataset['path']),
    issues,
  );
  const first = arrays[0];
  if (!first) {
    if (datasets.length === 0)
      issues.push(omeZarrIssue('ome-zarr-array-unreadable', 'The multiscales list no datasets.', where));
    return undefined;
  }
  const axes = readAxes(multiscales, first.shape.length);
  const type = pixelTypeOf(first);
  if (!axes || !type) {
    const why = axes
      ? `The values are of type ${first.dtype}, which is no pixel type.`
      : `The axes do not fit an array of ${first.shape.length} dimensions with y and x.`;
    issues.push(omeZarrIssue(axes ? 'ome-zarr-array-unreadable' : 'ome-zarr-axes', why, where));
    return undefined;
  }
  const sizes = sizesOf(axes, first.shape);
  const { scale, problem } = scaleOf(datasets[0]!, multiscales, axes.length);
  if (problem) issues.push(omeZarrIssue('ome-zarr-transformation', `A transformation is ${problem}.`, where));
  const { channels, odd } = readChannels(node.ome, Math.min(sizes.c, 10_000));
  if (odd.length > 0) issues.push(omeZarrIssue('ome-zarr-channels', `The omero block has ${odd.join(', ')}.`, where));
  const folded = readFoldedAxes(multiscales, sizes.c);
  const name = multiscales['name'];
  const description: ImageDescription = {
    name: typeof name === 'string' && name !== '' && name !== '/' ? name : node.path || fallbackName,
    type,
    ...(problem ? {} : physicalSizes(axes, scale)),
    ...unfolded(folded, sizes, channels),
  };
  return pixelsOf(description, axes, arrays, folded);
}

function pixelsOf(
  description: ImageDescription,
  axes: readonly ImageAxis[],
  arrays: readonly OpenArray[],
  folded: readonly FoldedAxis[],
): ImagePixels {
  const dimension = (role: string): number => axes.findIndex((axis) => axis.role === role);
  const [y, x, z] = [dimension('y'), dimension('x'), dimension('z')];
  const levels = arrays.map(
    (array): ImageLevel => ({
      width: array.shape[x]!,
      height: array.shape[y]!,
      depth: z < 0 ? 1 : array.shape[z]!,
      tileWidth: array.chunks[x]!,
      tileHeight: array.chunks[y]!,
      ...(z >= 0 && array.chunks[z]! > 1 ? { tileDepth: array.chunks[z]! } : {}),
    }),
  );
  const indexOf = (plane: PlaneIndex, role: string): number =>
    role === 'c'
      ? storedChannel(folded, plane)
      : role === 't' || role === 'z'
        ? plane[role]
        : (plane.other?.[role] ?? 0);
  /** The array of a level, after a look whether the plane (and the slices after it) are in it. */
  const arrayOf = (plane: PlaneIndex, level: number, slices = 1): OpenArray => {
    const array = arrays[level];
    if (!array) throw new RangeError(`level ${level} of ${levels.length}`);
    for (const role of ['t', 'c', 'z'] as const) {
      const length = dimension(role) < 0 ? 1 : array.shape[dimension(role)]!;
      const last = indexOf(plane, role) + (role === 'z' ? slices - 1 : 0);
      if (!(plane[role] >= 0 && last < length)) throw new RangeError(`${role} ${last} of ${length}`);
    }
    return array;
  };
  return {
    description,
    levels,
    async readRegion(plane: PlaneIndex, region?: Region, level = 0, signal?: AbortSignal) {
      const array = arrayOf(plane, level);
      const size = levels[level]!;
      const area = region ?? { x: 0, y: 0, width: size.width, height: size.height };
      const inside =
        area.x >= 0 &&
        area.y >= 0 &&
        area.width >= 0 &&
        area.height >= 0 &&
        area.x + area.width <= size.width &&
        area.y + area.height <= size.height;
      if (!inside) throw new RangeError(`a region outside the ${size.width} x ${size.height} pixels of level ${level}`);
      const selection = axes.map(({ role }) => {
        if (role === 'y') return { from: area.y, to: area.y + area.height };
        if (role === 'x') return { from: area.x, to: area.x + area.width };
        return indexOf(plane, role);
      });
      return readArray(array, { selection, y, x }, signal);
    },
    ...(z >= 0 && z < y && y < x
      ? {
          async readSlab(first: PlaneIndex, slices: number, level = 0, signal?: AbortSignal) {
            if (!(slices >= 1)) throw new RangeError(`${slices} slices`);
            const array = arrayOf(first, level, slices);
            const { width, height } = levels[level]!;
            const selection = axes.map(({ role }) => {
              if (role === 'y') return { from: 0, to: height };
              if (role === 'x') return { from: 0, to: width };
              return role === 'z' ? { from: first.z, to: first.z + slices } : indexOf(first, role);
            });
            return readArray(array, { selection, z, y, x }, signal);
          },
        }
      : {}),
  };
}
