import type { ImageDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels, OpenedImages } from '../image-reader.ts';
import type { TiffFile } from '../tiff/directory.ts';
import type { TiffPage } from '../tiff/page.ts';
import { pageAt, pagedImage, samplesOfPage } from '../tiff/paged-image.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describedType, pageFindings } from '../tiff/verify.ts';
import { describeMicroManager } from './describe.ts';
import { type IndexedPlane, type JsonValues, type MicroManagerHeader, numberOf, textOf, valuesOf } from './header.ts';
import { type DirectoryPlace, firstRecordText, planeRecord } from './plane-records.ts';

/** Planes whose records are looked at where the file has no index. */
const mostRecords = 20_000;
/** Time points and slices whose records are looked at for the step. */
const mostTimes = 200;

/** A plane and where its directory lies. */
type PlacedPlane = Omit<IndexedPlane, 'offset'> & { page: DirectoryPlace };

/** Opens a stack of Micro-Manager that has no OME-XML and no ImageJ description: positions are images of their own. */
export async function openMicroManagerStack(
  file: TiffFile,
  header: MicroManagerHeader | undefined,
  path: string,
): Promise<OpenedImages> {
  const issues: Issue[] = [];
  const where = { file: path };
  const page = await pageAt(file, 0);
  if (typeof page === 'string') {
    issues.push(tiffIssue('tiff-page-unusable', `The first page: ${page}.`, { where }));
    return { images: [], issues };
  }
  const planes = await placedPlanes(file, header);
  const positions = Map.groupBy(planes, ({ position }) => position);
  const images: ImagePixels[] = [];
  for (const [position, listed] of [...positions].toSorted(([a], [b]) => a - b)) {
    // A plane that was taken again is listed again; the last one counts.
    const members = [...new Map(listed.map((plane) => [placeOf(plane), plane])).values()];
    const name = positions.size > 1 ? ` (${position + 1})` : '';
    const sizes = { t: 1, c: 1, z: 1 };
    for (const plane of members)
      for (const axis of ['t', 'c', 'z'] as const) sizes[axis] = Math.max(sizes[axis], plane[axis] + 1);
    const wanted = sizes.t * sizes.c * sizes.z;
    if (wanted > members.length * 16 + 1000) {
      const message = `The index speaks of ${wanted} planes, ${members.length} are there: it is damaged.`;
      issues.push(tiffIssue('planes-missing', message, { where }));
      continue;
    }
    const description = await describe(file, page, header, members, sizes, `${stemOf(path)}${name}`);
    if (members.length < wanted) {
      const message = `${wanted - members.length} of ${wanted} planes are not there; they are shown as 0.`;
      issues.push(tiffIssue('planes-missing', message, { where }));
    }
    issues.push(...imageFindings(description, path));
    images.push(await imageOf(file, page, description, members));
  }
  issues.push(...file.issues, ...pageFindings(file, page));
  const text = [header?.summaryText ?? '', await firstRecordText(file)].filter((part) => part !== '').join('\n');
  return { images, issues, ...(text === '' ? {} : { rawMetadata: { mediaType: 'application/json', text } }) };
}

async function imageOf(
  file: TiffFile,
  page: TiffPage,
  description: ImageDescription,
  members: readonly PlacedPlane[],
): Promise<ImagePixels> {
  const places = new Map(members.map((plane) => [placeOf(plane), plane.page]));
  return pagedImage({
    description,
    first: { file, page },
    locate(plane) {
      const place = places.get(placeOf(plane));
      if (place === undefined) return undefined;
      return typeof place === 'number' ? { file, directory: place } : { file, directory: 0, offset: place.offset };
    },
  });
}

function placeOf({ t, c, z }: { t: number; c: number; z: number }): string {
  return `${t}/${c}/${z}`;
}

/** Planes by the index of the file, else by their records, else one after another as times. */
async function placedPlanes(file: TiffFile, header: MicroManagerHeader | undefined): Promise<PlacedPlane[]> {
  const indexed = header?.planes ?? [];
  // The chain may hold planes that are not in the index, so their order says nothing.
  if (indexed.length > 0) return indexed.map(({ offset, ...plane }) => ({ ...plane, page: { offset } }));
  const { count } = await file.countDirectories(mostRecords);
  const planes: PlacedPlane[] = [];
  for (let page = 0; page < count; page++) {
    const record: JsonValues = (await planeRecord(file, page)) ?? {};
    const coords = valuesOf(record['completeCoords']);
    const place = (axis: string, ...names: string[]): number =>
      Math.max(0, Math.floor(numberOf(record, ...names) ?? numberOf(coords, axis) ?? 0));
    planes.push({
      page,
      c: place('channel', 'ChannelIndex'),
      z: place('z', 'SliceIndex', 'Slice'),
      t: place('time', 'FrameIndex', 'Frame'),
      position: place('position', 'PositionIndex'),
    });
  }
  const places = new Set(planes.map(({ c, z, t, position }) => `${c}/${z}/${t}/${position}`));
  return places.size === planes.length ? planes : planes.map(({ page }, t) => ({ page, c: 0, z: 0, t, position: 0 }));
}

async function describe(
  file: TiffFile,
  page: TiffPage,
  header: MicroManagerHeader | undefined,
  members: readonly PlacedPlane[],
  sizes: { t: number; c: number; z: number },
  name: string,
): Promise<ImageDescription> {
  const recordAt = async (find: (plane: PlacedPlane) => boolean): Promise<JsonValues | undefined> => {
    const plane = members.find(find);
    return plane && planeRecord(file, plane.page);
  };
  const channels: (JsonValues | undefined)[] = [];
  for (let c = 0; c < Math.min(sizes.c, 100); c++) channels.push(await recordAt((plane) => plane.c === c));
  const times: (JsonValues | undefined)[] = [];
  for (let t = 0; t < sizes.t && sizes.t > 1 && sizes.t <= mostTimes; t++)
    times.push(await recordAt((plane) => plane.t === t && plane.c === 0 && plane.z === 0));
  const slices: (JsonValues | undefined)[] = [];
  for (let z = 0; z < sizes.z && sizes.z > 1 && sizes.z <= mostTimes; z++)
    slices.push(await recordAt((plane) => plane.z === z && plane.c === 0 && plane.t === 0));
  const { channels: described, ...stated } = describeMicroManager(header?.summary ?? {}, channels, times, slices);
  const { colour } = samplesOfPage(page);
  const position = textOf(channels[0] ?? {}, 'PositionName', 'Position');
  return {
    name: position === undefined ? name : `${name} ${position}`,
    sizes: { ...sizes, y: page.height, x: page.width },
    type: describedType(page),
    ...(colour > 1 ? { samples: colour } : {}),
    ...stated,
    channels: Array.from({ length: sizes.c }, (_, n) => described[n] ?? { name: '' }),
  };
}
