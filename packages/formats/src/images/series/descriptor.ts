import { type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import type { ImagePixels } from '../image-reader.ts';
import { type SeriesPattern, guessSeries } from './guess-series.ts';

/** Series of a tree by the path of each member; trees do not change, so each is looked through once. */
const known = new WeakMap<FileTree, Map<string, SeriesPattern>>();

function seriesOf(tree: FileTree, path: string): SeriesPattern | undefined {
  let byPath = known.get(tree);
  if (!byPath) {
    byPath = new Map();
    for (const pattern of guessSeries(tree.entries.map((entry) => entry.path)))
      for (const member of pattern.members) byPath.set(member.path, pattern);
    known.set(tree, byPath);
  }
  return byPath.get(path);
}

/** Above single PNG, plain and ImageJ TIFF; below what the content or a sidecar says by name (OME, CTC, Micro-Manager). */
const score = 0.96;

async function recognise({ head, entry, tree }: Probe): Promise<Recognition | undefined> {
  const mark = String.fromCharCode(...head.subarray(0, 2));
  if (mark !== 'II' && mark !== 'MM' && !(head[0] === 0x89 && head[1] === 0x50)) return undefined;
  const pattern = seriesOf(tree, entry.path);
  if (!pattern || isTrackingResult(tree, pattern.folder)) return undefined;
  const plane = await commonPlane(tree, pattern);
  if (!plane) return undefined;
  const { isSamePlane, lookAtPlane } = await import('./member.ts');
  const own = await lookAtPlane(entry);
  if (!own || !isSamePlane(plane, own)) return undefined;
  return {
    score,
    reason: `${pattern.members.length} files named ${pattern.template}, each one plane of the same size`,
    members: pattern.members.map((member) => member.path).sort(),
  };
}

const looked = new WeakMap<SeriesPattern, Promise<ImagePixels | undefined>>();

/** The kind of plane that some of the members hold, all alike; looked at once for the series, not for each member. */
function commonPlane(tree: FileTree, pattern: SeriesPattern): Promise<ImagePixels | undefined> {
  let plane = looked.get(pattern);
  if (!plane) looked.set(pattern, (plane = lookAtSome(tree, pattern)));
  return plane;
}

async function lookAtSome(tree: FileTree, pattern: SeriesPattern): Promise<ImagePixels | undefined> {
  const { isSamePlane, lookAtPlane, samplesOfSeries } = await import('./member.ts');
  let first: ImagePixels | undefined;
  for (const { path } of samplesOfSeries(pattern.members)) {
    const entry = tree.entries.find((one) => one.path === path);
    const plane = entry && (await lookAtPlane(entry));
    if (!plane || (first && !isSamePlane(first, plane))) return undefined;
    first ??= plane;
  }
  return first;
}

/** Masks beside a track table of the Cell Tracking Challenge belong to it. */
function isTrackingResult(tree: FileTree, folder: string): boolean {
  return tree.entries.some(({ path }) => folderOf(path) === folder && /^(res|man)_track\.txt$/i.test(baseName(path)));
}

/** Files that are one image together. */
export const seriesFormats: readonly FormatDescriptor[] = [
  {
    id: 'image-series',
    name: 'series of image files',
    kind: 'image',
    extensions: ['.tif', '.tiff', '.png'],
    mediaTypes: ['image/tiff', 'image/png'],
    recognise,
    images: { reader: async () => (await import('./reader.ts')).seriesReader },
  },
];
