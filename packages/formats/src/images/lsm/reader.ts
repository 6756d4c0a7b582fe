import type { ImageDescription, Issue, PlaneIndex, Quantity } from '@micrarium/model';
import type { Item } from '../../recognition/item.ts';
import { imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { classifyTiff } from '../tiff/classify.ts';
import type { TiffFile } from '../tiff/directory.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import type { TiffPage } from '../tiff/page.ts';
import { type PlaneSite, pageAt, pagedImage } from '../tiff/paged-image.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { pageFindings } from '../tiff/verify.ts';
import { describeLsm } from './describe.ts';
import { type LsmInfo, readLsmInfo } from './info.ts';
import { scanLines } from './scan-information.ts';

/**
 * Opens Zeiss LSM: a TIFF whose every second page is a thumbnail; a page for each slice and time, channels as its
 * samples. Built from public listings of the structure, and tried on a file of an LSM of the 700 series.
 */
export const lsmReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const kind = entry && (await classifyTiff(reopeningSource(entry)));
    const page = kind && kind !== 'broken' ? await pageAt(kind.file, 0) : 'the first directory cannot be read';
    if (!kind || kind === 'broken' || typeof page === 'string') {
      const message = `The first page: ${typeof page === 'string' ? page : 'it is damaged'}.`;
      return { images: [], issues: [tiffIssue('tiff-page-unusable', message, { where })] };
    }
    const { file, first } = kind;
    const info = await readLsmInfo(file, first);
    const issues: Issue[] = [];
    if (!info) {
      const message = 'The tag that describes the recording (34412) is damaged; the planes are read as times.';
      issues.push(microscopeIssue('microscope-metadata-broken', message, { where }));
    }
    const step = await pageStep(file);
    const { sizes, positions, tiles, found } = await planesOf(file, page, info, step);
    const images = positions * tiles;
    if (found < images * sizes.t * sizes.z)
      issues.push(
        tiffIssue('planes-missing', `The file should hold ${images * sizes.t * sizes.z} planes, ${found} are there.`, {
          where,
        }),
      );
    const described = describeLsm(info ?? unknownInfo(page), page, sizes, item.path);
    const site = siteOf(file, step, { ...sizes, images }, found, page.samples > 1);
    const opened: OpenedImages['images'] = [];
    for (let image = 0; image < images; image++) {
      // Tiles of all positions follow each other: the position changes faster than the tile.
      const [position, tile] = [image % positions, Math.floor(image / positions)];
      const description = { ...described, ...originOf(info, position, tile), name: described.name };
      const parts = [
        ...(positions > 1 ? [`position ${position + 1}`] : []),
        ...(tiles > 1 ? [`tile ${tile + 1}`] : []),
      ];
      if (parts.length > 0) description.name += ` (${parts.join(', ')})`;
      opened.push(await pagedImage({ description, first: { file, page }, locate: (plane) => site(image, plane) }));
    }
    issues.push(...file.issues, ...pageFindings(file, page), ...imageFindings(described, item.path));
    const text = info?.scan ? scanLines(info.scan) : '';
    return { images: opened, issues, ...(text === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text } }) };
  },
};

function unknownInfo(page: TiffPage): LsmInfo {
  const none = { x: 0, y: 0, z: 0 };
  return {
    sizes: { x: page.width, y: page.height, z: 1, c: page.samples, t: 1 },
    voxel: none,
    origin: none,
    scanType: 0,
    timeInterval: 0,
    channels: [],
    timeStamps: [],
    positions: 1,
    tiles: 1,
    placesAt: [],
    tilesAt: [],
    scan: undefined,
  };
}

/** Pages from one plane to the next: 2 where thumbnails stand between. */
async function pageStep(file: TiffFile): Promise<1 | 2> {
  const second = await pageAt(file, 1);
  return typeof second !== 'string' && second.reduced ? 2 : 1;
}

async function planesOf(
  file: TiffFile,
  page: TiffPage,
  info: LsmInfo | undefined,
  step: 1 | 2,
): Promise<{ sizes: { t: number; c: number; z: number }; positions: number; tiles: number; found: number }> {
  const { count } = await file.countDirectories();
  const found = Math.ceil(count / step);
  const whole = (value: number | undefined): number => (value !== undefined && value > 0 ? value : 1);
  // A line or a slice over time is one page however the sizes are told; more planes than pages are not believed.
  const stated = { z: whole(info?.sizes.z), t: whole(info?.sizes.t) };
  const isPlane = info === undefined || (info.sizes.x === page.width && info.sizes.y === page.height);
  const sizes = isPlane ? stated : { z: 1, t: found };
  const believed = sizes.z * sizes.t <= 16 * found + 16 ? sizes : { z: 1, t: found };
  const trusted = info ? believed : { z: 1, t: found };
  const { positions, tiles } = info ?? { positions: 1, tiles: 1 };
  const isBelieved = positions * tiles * trusted.z * trusted.t <= 16 * found + 16;
  return {
    sizes: { ...trusted, c: page.samples },
    positions: isBelieved ? positions : 1,
    tiles: isBelieved ? tiles : 1,
    found,
  };
}

/** Position of the stage of an image, where the file lists it. */
function originOf(info: LsmInfo | undefined, position: number, tile: number): Pick<ImageDescription, 'origin'> {
  const place = info?.placesAt[position];
  const within = info && info.tiles > 1 ? info.tilesAt[tile] : undefined;
  if (!place && !within) return {};
  const [x, y, z] = (['x', 'y', 'z'] as const).map((axis): Quantity => {
    const meters = (place?.[axis] ?? 0) + (within?.[axis] ?? 0);
    return { value: rounded(meters * 1e6), unit: 'micrometer' };
  });
  return { origin: { z: z!, y: y!, x: x! } };
}

/**
 * Offsets of classic TIFF wrap at 4 GB: those of planes behind it are smaller than the one before. They are written in
 * the order of recording, all positions at one time before the next.
 */
function siteOf(
  file: TiffFile,
  step: 1 | 2,
  sizes: { t: number; z: number; images: number },
  found: number,
  bySample: boolean,
): (image: number, plane: PlaneIndex) => Promise<PlaneSite | undefined> {
  const pageOf = (image: number, t: number, z: number): number => z + sizes.z * (t + sizes.t * image);
  // Place in the order of recording, and back.
  const pageRecorded = (n: number): number =>
    pageOf(Math.floor(n / sizes.z) % sizes.images, Math.floor(n / (sizes.z * sizes.images)), n % sizes.z);
  const turns: number[] = [];
  let before = 0;
  const turnOf = async (recorded: number): Promise<number> => {
    if (file.big || file.source.size < 2 ** 32) return 0;
    for (let next = turns.length; next <= recorded; next++) {
      const page = await pageAt(file, pageRecorded(next) * step);
      const [offset = before] = typeof page === 'string' ? [] : await file.numbers(page.offsets, 0, 1);
      turns.push((turns.at(-1) ?? 0) + (offset < before ? 2 ** 32 : 0));
      before = offset;
    }
    return turns[recorded]!;
  };
  return async (image, { t, c, z }) => {
    const plane = pageOf(image, t, z);
    if (plane >= found) return undefined;
    const shift = await turnOf(z + sizes.z * (image + sizes.images * t));
    return { file, directory: plane * step, shift, ...(bySample ? { sample: c } : {}) };
  };
}
