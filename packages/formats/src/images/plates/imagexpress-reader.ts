import type { Issue } from '@micrarium/model';
import { type FileEntry, baseName } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { OpenMembers } from '../series/open-members.ts';
import { seriesIssue } from '../series/series-issues.ts';
import { readXmlText } from '../tiff/ome-set.ts';
import { type HtdPlate, parseHtd } from './htd.ts';
import { imageXpressPlates } from './imagexpress-names.ts';
import { openPlate } from './plate-images.ts';
import { plateIssue } from './plate-issues.ts';
import { type PlatePlane, openPlatePlane } from './plate-plane.ts';

/** Larger files are none of settings. */
const largestHtd = 4 << 20;
/** Wells and channels that are named in one message. */
const mostNamed = 12;

/**
 * Opens a plate of MetaXpress (ImageXpress): planes in files of their own, joined by their names and folders, with the names of
 * wavelengths and the size of the plate of its `.HTD` file.
 */
export const imageXpressReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const { entries } = item.tree;
    const [plate] = imageXpressPlates(entries.map(({ path }) => path)).sort(
      (a, b) => b.planes.length - a.planes.length,
    );
    if (!plate) {
      const message = 'No file of the plate has a name as MetaXpress gives them.';
      return { images: [], issues: [seriesIssue('series-member-differs', message, { where: { file: item.path } })] };
    }
    const settings = entries.filter(({ path, size }) => /\.htd$/i.test(path) && size <= largestHtd);
    // Of copies in the folders of times and slices, the one of the plate is the shortest path.
    const [main] = settings.sort((a, b) => a.path.length - b.path.length);
    const text = main && (await textOf(main));
    const htd = text === undefined ? undefined : parseHtd(text);
    const name = plate.name || baseName(plate.root) || item.tree.name;
    const opened = await openPlate(
      plate.planes,
      new OpenMembers(entries, openPlatePlane),
      {
        name,
        channels: new Map((htd?.waves ?? []).flatMap((wave, n) => (wave === '' ? [] : [[n + 1, { name: wave }]]))),
        ...(htd?.size ? { size: htd.size } : {}),
        ...(htd?.description ? { description: htd.description } : {}),
      },
      item.path,
    );
    const lacking = htd && main ? whatIsLacking(htd, plate.planes, main, item.path) : [];
    return {
      images: opened.images,
      issues: [...lacking, ...opened.issues],
      ...(text === undefined ? {} : { rawMetadata: { mediaType: 'text/plain', text } }),
    };
  },
};

async function textOf(entry: FileEntry): Promise<string | undefined> {
  try {
    return await readXmlText(await entry.open());
  } finally {
    await entry.close?.();
  }
}

/** One finding for all that the settings speak of and no file is there of. */
function whatIsLacking(htd: HtdPlate, planes: readonly PlatePlane[], main: FileEntry, path: string): Issue[] {
  const count = (of: (plane: PlatePlane) => unknown): number => new Set(planes.map(of)).size;
  const wells = new Set(planes.map(({ well }) => well));
  const waves = new Set(planes.map(({ c }) => c));
  const list = (names: readonly string[]): string =>
    names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '');
  const noWells = htd.wells.filter((well) => !wells.has(well));
  const noWaves = htd.waves.flatMap((name, n) => (waves.has(n + 1) ? [] : [name || `w${n + 1}`]));
  const slices = count(({ z }) => z) - (planes.some(({ z }) => z === undefined) ? 1 : 0);
  const parts = [
    ...(noWells.length > 0 ? [`the wells ${list(noWells)}, which are not there`] : []),
    ...(noWaves.length > 0 ? [`the channels ${list(noWaves)}, which are not there`] : []),
    ...fewer(
      htd.sites,
      count(({ field }) => field),
      'fields a well',
    ),
    ...fewer(
      htd.times,
      count(({ t }) => t),
      'times',
    ),
    ...(slices > 0 ? fewer(htd.slices, slices, 'slices') : []),
  ];
  if (parts.length === 0) return [];
  const message = `${baseName(main.path)} speaks of ${parts.join('; of ')}.`;
  return [plateIssue('plate-images-missing', message, { where: { file: path } })];
}

function fewer(stated: number, found: number, what: string): string[] {
  return found < stated ? [`${stated} ${what}, of which ${found} ${found === 1 ? 'is' : 'are'} there`] : [];
}
