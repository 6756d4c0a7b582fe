import type { Issue, PlaneIndex } from '@micrarium/model';
import { baseName, stemOf } from '../../bytes/file-tree.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { ImagePixels, OpenedImages } from '../image-reader.ts';
import type { Modulo } from '../ome-xml/modulo.ts';
import { type OmeDocument, type OmeImage, omeXmlIssue, parseOmeXml } from '../ome-xml/parse.ts';
import { type DescribedOmeImage, describeOmeImage } from '../ome-xml/to-model.ts';
import type { TiffFile } from './directory.ts';
import { type OmePlanes, maxOmePlanes, omePlanes } from './ome-planes.ts';
import { type SetMembers, resolveCompanion } from './ome-set.ts';
import { openPlainTiff } from './open-plain.ts';
import type { TiffPage } from './page.ts';
import { emptyBlock, pageAt, pagedImage } from './paged-image.ts';
import { tiffIssue } from './tiff-issues.ts';
import { describedType, eagerPages, pageFindings, truncatedAt, truncatedIssue } from './verify.ts';

/** What an OME set is opened from: the XML, and the TIFF it stood in (none for a companion file). */
export interface OmeEntry {
  text: string;
  path: string;
  file?: TiffFile;
}

/** Opens the images of an OME-TIFF, single or a set of files. */
export async function openOmeTiff(entry: OmeEntry, members: SetMembers): Promise<OpenedImages> {
  const own = parseOmeXml(entry.text, entry.path);
  const { document, text, missing } = await resolveCompanion(own, entry.text, members);
  const issues: Issue[] = [...document.issues];
  const rawMetadata = { mediaType: 'application/xml', text };
  const version = document.version ? { formatVersion: document.version } : {};
  if (missing !== undefined) {
    const message = `The file points at ${missing} for its metadata, and that file is not there.`;
    issues.push(omeXmlIssue('ome-companion-missing', message, { where: { file: entry.path } }));
  }
  if (document.images.length === 0 && entry.file) {
    const plain = await openPlainTiff(entry.file, entry.path);
    return { images: plain.images, issues: [...issues, ...plain.issues], rawMetadata, ...version };
  }
  const images: ImagePixels[] = [];
  const absent = new Set<string>();
  for (const image of document.images) {
    const opened = await openImage({ entry, members, document, ownUuid: own.uuid, image, issues, absent });
    if (opened) images.push(opened);
  }
  for (const name of [...absent].slice(0, 100))
    issues.push(
      imageFinding('set-member-missing', `${name} belongs to this image and is not there; its planes are shown as 0.`, {
        where: { file: name },
      }),
    );
  return { images, issues, rawMetadata, ...version };
}

interface Opening {
  entry: OmeEntry;
  members: SetMembers;
  document: OmeDocument;
  ownUuid: string | undefined;
  image: OmeImage;
  issues: Issue[];
  absent: Set<string>;
}

async function openImage(opening: Opening): Promise<ImagePixels | undefined> {
  const { entry, document, image, issues } = opening;
  const described = describeOmeImage(document, image);
  const where = { file: entry.path, field: image.id };
  const channels = described?.channelSamples.length ?? 0;
  const { z, t, c } = described ? storedSizes(described) : { z: 0, t: 0, c: 0 };
  if (!described || z * t * Math.max(c, channels) > maxOmePlanes) {
    const message = `The image “${image.name || image.id}” lacks a size or type, or claims more than ${maxOmePlanes} planes.`;
    issues.push(omeXmlIssue('ome-pixels-incomplete', message, { where }));
    return undefined;
  }
  const ownNames = new Set([baseName(entry.path), ...(opening.ownUuid ? [opening.ownUuid] : [])]);
  let sizes = { z, t, c: channels };
  let planes = omePlanes(image, described.dimensionOrder, sizes, entry.file ? ownNames : new Set());
  const found = await firstPage(opening, planes, sizes);
  if (!found) return imageWithoutPages(opening, described, planes);
  const { file, page } = found;
  // Some writers list the samples of a page as channels of one sample each.
  const split = described.description.samples === undefined && page.samples > 1 && page.samples === c;
  if (split && channels > 1) {
    sizes = { ...sizes, c: 1 };
    planes = omePlanes(image, described.dimensionOrder, sizes, entry.file ? ownNames : new Set());
  }
  const description = described.description;
  if (description.name === '') description.name = stemOf(entry.path);
  reconcile(described, page, issues, where);
  await checkPlanes(opening, planes, sizes, found.own ? file : undefined);
  issues.push(...pageFindings(file, page), ...imageFindings(description, entry.path));
  const sampleOf = sampleLayout(described, split);
  const stored = storedPlane(described.modulos);
  const paged = await pagedImage({
    description,
    first: { file, page },
    locate: async (wanted) => {
      const plane = stored(wanted);
      const { channel, sample } = sampleOf(plane.c);
      const at = planes.at(plane.z, channel, plane.t);
      const holder = at && (await holderOf(opening, planes, at.file));
      if (!at || !holder) return undefined;
      const offset = await holder.directoryOffset(at.directory);
      return offset === undefined
        ? undefined
        : { file: holder, directory: at.directory, ...(sample === undefined ? {} : { sample }) };
    },
  });
  return paged;
}

/** Sizes as they are stored, further axes within them. */
function storedSizes({ description: { sizes }, modulos }: DescribedOmeImage): { z: number; t: number; c: number } {
  const stored = { z: sizes.z, t: sizes.t, c: sizes.c };
  for (const { along, count } of modulos) stored[along] *= count;
  return stored;
}

/** Where a plane is stored: places of further axes run within t, c and z. */
function storedPlane(modulos: readonly Modulo[]): (plane: PlaneIndex) => { z: number; t: number; c: number } {
  return (plane) => {
    const stored = { z: plane.z, t: plane.t, c: plane.c };
    for (const { along, axis, count } of modulos) stored[along] = stored[along] * count + (plane.other?.[axis] ?? 0);
    return stored;
  };
}

/** Which stored channel and which of its samples a channel of ours is. */
function sampleLayout(
  { description, channelSamples }: DescribedOmeImage,
  split: boolean,
): (c: number) => { channel: number; sample?: number } {
  if (description.samples !== undefined || (!split && channelSamples.every((samples) => samples === 1)))
    return (c) => ({ channel: c });
  if (split) return (c) => ({ channel: 0, sample: c });
  const table = channelSamples.flatMap((samples, channel) =>
    Array.from({ length: samples }, (_, sample) => ({ channel, ...(samples > 1 ? { sample } : {}) })),
  );
  return (c) => table[c] ?? { channel: c };
}

/** The TIFF that holds the planes of a file index. */
async function holderOf(opening: Opening, planes: OmePlanes, index: number): Promise<TiffFile | undefined> {
  const { entry, members } = opening;
  const name = planes.files[index] ?? '';
  if (name === '') return entry.file;
  const member = await members.tiff(name);
  if (member) return member;
  // A single file that was renamed still names itself by its old name.
  return isRenamed(opening, planes) ? entry.file : undefined;
}

function isRenamed({ entry, document }: Opening, planes: OmePlanes): boolean {
  const names = new Set(document.images.flatMap((image) => image.tiffData.map(({ fileName }) => fileName ?? '')));
  return entry.file !== undefined && names.size === 1 && planes.files.length === 2;
}

interface FoundPage {
  file: TiffFile;
  page: TiffPage;
  own: boolean;
}

/** The first page of the image that is there. */
async function firstPage(
  opening: Opening,
  planes: OmePlanes,
  sizes: { z: number; c: number; t: number },
): Promise<FoundPage | undefined> {
  let tried = 0;
  const absentFiles = new Set<number>();
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (let z = 0; z < sizes.z; z++) {
        const at = planes.at(z, c, t);
        if (!at || absentFiles.has(at.file)) continue;
        if (tried++ > 1000) return undefined;
        const file = await holderOf(opening, planes, at.file);
        if (!file) absentFiles.add(at.file);
        const page = file && (await pageAt(file, at.directory));
        if (file && page && typeof page !== 'string') return { file, page, own: file === opening.entry.file };
      }
  return undefined;
}

/** Not one page is there: the description stands, all planes are 0. */
function imageWithoutPages(opening: Opening, described: DescribedOmeImage, planes: OmePlanes): ImagePixels {
  const { description } = described;
  const { entry, issues } = opening;
  if (description.name === '') description.name = stemOf(entry.path);
  for (const name of planes.files) if (name !== '') opening.absent.add(name);
  if (planes.files.length === 1)
    issues.push(
      tiffIssue('planes-missing', `None of the planes of “${description.name}” is in the file.`, {
        where: { file: entry.path },
      }),
    );
  issues.push(...imageFindings(description, entry.path));
  const { x: width, y: height, z: depth } = description.sizes;
  return {
    description,
    levels: [{ width, height, depth, tileWidth: Math.min(512, width), tileHeight: Math.min(512, height) }],
    readRegion: async (_plane, region) => emptyBlock(description, region ?? { x: 0, y: 0, width, height }),
  };
}

/** The pages are right where XML and pages disagree. */
function reconcile({ description }: DescribedOmeImage, page: TiffPage, issues: Issue[], where: Issue['where']): void {
  const { sizes } = description;
  const type = describedType(page);
  const isBilevel = page.type === 'bool' && description.type === 'bool';
  if (sizes.x === page.width && sizes.y === page.height && (description.type === type || isBilevel)) return;
  issues.push(
    omeXmlIssue(
      'ome-sizes-disagree',
      `The OME-XML says ${sizes.x} x ${sizes.y} ${description.type}, the pages are ${page.width} x ${page.height} ${type}.`,
      { where },
    ),
  );
  sizes.x = page.width;
  sizes.y = page.height;
  description.type = type;
}

/** Looks whether members and pages are there: all members, and pages up to the number that is looked at on opening. */
async function checkPlanes(
  opening: Opening,
  planes: OmePlanes,
  sizes: { z: number; c: number; t: number },
  ownFile: TiffFile | undefined,
): Promise<void> {
  const { entry, issues, members, absent } = opening;
  const renamed = isRenamed(opening, planes);
  for (const name of planes.files) if (name !== '' && !renamed && !members.find(name)) absent.add(name);
  let highest = -1;
  let unplaced = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (let z = 0; z < sizes.z; z++) {
        const at = planes.at(z, c, t);
        if (!at) unplaced++;
        else if (planes.files[at.file] === '' || renamed) highest = Math.max(highest, at.directory);
      }
  const total = sizes.z * sizes.c * sizes.t;
  if (unplaced > 0)
    issues.push(
      tiffIssue(
        'planes-missing',
        `For ${unplaced} of ${total} planes the OME-XML does not say where they lie; they are shown as 0.`,
        {
          where: { file: entry.path },
          severity: 'warning',
        },
      ),
    );
  if (!ownFile || highest < 0) return;
  const { count, complete } = await ownFile.countDirectories(Math.min(highest + 1, eagerPages));
  if (complete && count <= highest)
    issues.push(
      tiffIssue(
        'planes-missing',
        `The OME-XML speaks of ${highest + 1} pages, the file holds ${count}; the missing ones are shown as 0.`,
        {
          where: { file: entry.path },
        },
      ),
    );
  for (let index = 0; index < Math.min(count, highest + 1, eagerPages); index++) {
    const page = await pageAt(ownFile, index);
    const cut = typeof page === 'string' ? undefined : await truncatedAt(ownFile, page);
    if (cut === undefined) continue;
    issues.push(truncatedIssue(ownFile, index + 1, cut));
    return;
  }
}
