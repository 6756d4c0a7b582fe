import type { Issue, LabelTrack } from '@micrarium/model';
import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import { PixelsUnreadable } from '../../images/image-reader.ts';
import type { Item } from '../../recognition/item.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { type CtcIssueCode, ctcIssue } from './issues.ts';
import { openLabelImage, sliceCount } from './label-image.ts';
import { readTrackTable } from './track-table.ts';

/** A Cell Tracking Challenge result or reference with its pixels, for scoring one against another. */
export interface LabelFilm {
  /** Lines of the track table. */
  tracks: LabelTrack[];
  /** Frames that have a label image, in order. */
  frames: number[];
  /** All labels of a frame, slice after slice. @throws PixelsUnreadable where the image is damaged or has no pixels to compare */
  labels(
    frame: number,
    signal?: AbortSignal,
  ): Promise<{ pixels: ArrayLike<number>; shape: [slices: number, rows: number, columns: number] }>;
  issues: Issue[];
}

/** Most voxels of one frame that are compared at once. */
const mostVoxels = 2 ** 29;

/** Opens the table and the label images of an item recognised as `ctc`. `undefined` where there is no table. */
export async function openLabelFilm(item: Item, signal?: AbortSignal): Promise<LabelFilm | undefined> {
  const table = item.tree.entries.find(({ path }) => /^(res|man)_track\.txt$/.test(baseName(path)));
  if (!table) return undefined;
  const tally = new IssueTally<CtcIssueCode>();
  const spans = await readTrackTable(await table.open(), tally, signal);
  const pattern = baseName(table.path).startsWith('res') ? /^mask(\d+)\.tiff?$/i : /^man_track(\d+)\.tiff?$/i;
  const images = new Map<number, FileEntry>();
  for (const entry of item.tree.entries) {
    const number = folderOf(entry.path) === folderOf(table.path) ? pattern.exec(baseName(entry.path))?.[1] : undefined;
    if (number !== undefined) images.set(Number(number), entry);
  }
  return {
    tracks: [...spans.values()],
    frames: [...images.keys()].sort((a, b) => a - b),
    labels: (frame, stop) => labelsOf(images.get(frame), frame, stop),
    issues: tally.issues(ctcIssue, item.path, {}),
  };
}

/** Reference outlines of the Cell Tracking Challenge: of some frames or single slices, of some objects. */
export interface OutlineImage {
  frame: number;
  /** The one slice of the frame that is drawn; left out where the whole frame is. */
  slice?: number;
  /** Labels of the outlines; other labels than those of the tracks. @throws PixelsUnreadable */
  labels(signal?: AbortSignal): ReturnType<LabelFilm['labels']>;
}

const outlineName = /^man_seg(?:_(\d+)_(\d+)|(\d+))\.tiff?$/i;

/** Folder in which the outlines that belong to the table of a folder lie. */
export function outlineFolder(trackFolder: string): string {
  const above = folderOf(trackFolder);
  return above === '' ? 'SEG' : `${above}/SEG`;
}

/** Finds reference outlines among files: `SEG/man_segTTT.tif`, and `SEG/man_seg_TTT_ZZZ.tif` of single slices. */
export function outlineImages(entries: readonly FileEntry[]): OutlineImage[] {
  return entries.flatMap((entry): OutlineImage[] => {
    const [, ofSlice, slice, whole] = outlineName.exec(baseName(entry.path)) ?? [];
    const number = ofSlice ?? whole;
    if (number === undefined) return [];
    const frame = Number(number);
    return [
      {
        frame,
        ...(slice === undefined ? {} : { slice: Number(slice) }),
        labels: (signal) => labelsOf(entry, frame, signal),
      },
    ];
  });
}

async function labelsOf(entry: FileEntry | undefined, frame: number, signal?: AbortSignal) {
  if (!entry) throw new PixelsUnreadable(`There is no label image of frame ${frame}.`);
  const image = await openLabelImage(entry);
  if (typeof image === 'string') throw new PixelsUnreadable(`${entry.path}: ${image}`);
  const { sizes } = image.description;
  const slices = sliceCount(image);
  const plane = sizes.x * sizes.y;
  if (plane * slices > mostVoxels) throw new PixelsUnreadable(`${entry.path}: too large to be compared as a whole.`);
  const pixels = new Float64Array(slices > 1 ? plane * slices : 0);
  let slice = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let z = 0; z < sizes.z; z++)
      for (let c = 0; c < sizes.c; c++, slice++) {
        const { data } = await image.readRegion({ t, c, z }, undefined, 0, signal);
        if (slices === 1) {
          await entry.close?.();
          return { pixels: data as ArrayLike<number>, shape: [1, sizes.y, sizes.x] as [number, number, number] };
        }
        pixels.set(data as ArrayLike<number>, slice * plane);
      }
  await entry.close?.();
  return { pixels, shape: [slices, sizes.y, sizes.x] as [number, number, number] };
}
