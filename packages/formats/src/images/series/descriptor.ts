import { type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
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
  const { isSamePlane, lookAtPlane, samplesOfSeries } = await import('./member.ts');
  const byPath = new Map(tree.entries.map((one) => [one.path, one]));
  const looked = [entry.path, ...samplesOfSeries(pattern.members).map((member) => member.path)];
  let first: Awaited<ReturnType<typeof lookAtPlane>>;
  for (const path of new Set(looked)) {
    const image = await lookAtPlane(byPath.get(path)!);
    if (!image || (first && !isSamePlane(first, image))) return undefined;
    first ??= image;
  }
  return {
    score,
    reason: `${pattern.members.length} files named ${pattern.template}, each one plane of the same size`,
    members: pattern.members.map((member) => member.path).sort(),
  };
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
