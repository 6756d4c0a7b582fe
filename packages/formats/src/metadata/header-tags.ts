import type { PrivateDetail } from '@micrarium/model';
import { type ByteSource, memorySource } from '../bytes/byte-source.ts';
import { type TiffDirectory, TiffFile } from '../images/tiff/directory.ts';
import { readVsiTags, vsiTag } from '../images/vsi/tags.ts';
import { dicomDetails } from './dicom-tags.ts';

/** What a tag tells, before it is known of which file. */
export type TagDetail = Pick<PrivateDetail, 'kind' | 'value' | 'field'>;

/** Directories of a TIFF that are looked at: pictures of labels stand among the first or the last of a slide, which has few. */
const mostDirectories = 200;
/** Texts of tags are read up to this length. */
const mostText = 4096;
/** Bytes of Exif within a picture. */
const mostExif = 1 << 20;
/** Segments or chunks of a picture before its pixels. */
const mostSegments = 2000;

/** Tags whose text names a person, a computer or a device: of TIFF, of Exif, of the scanners of one maker. */
const textTags: readonly [tag: number, field: string, kind: PrivateDetail['kind']][] = [
  [315, 'Artist', 'user name'],
  [316, 'HostComputer', 'user name'],
  [40093, 'XPAuthor', 'user name'],
  [42032, 'CameraOwnerName', 'user name'],
  [42033, 'BodySerialNumber', 'serial number'],
  [42037, 'LensSerialNumber', 'serial number'],
  [50735, 'CameraSerialNumber', 'serial number'],
];
/** The same in slides of Hamamatsu (NDPI) only: elsewhere these numbers mean other things. */
const ndpiTags: typeof textTags = [
  [65427, 'SlideLabel', 'slide label'],
  [65442, 'ScannerSerialNumber', 'serial number'],
];
/** Tags that name a person, a computer, a device or a label, of any TIFF or of slides of Hamamatsu. */
export const personTags = (isNdpi: boolean): ReadonlySet<number> =>
  new Set((isNdpi ? [...textTags, ...ndpiTags] : textTags).map(([tag]) => tag));
const ndpiFormat = 65420;
const ndpiLens = 65421;

/**
 * Finds what tags of a file tell of persons that no search of its text finds: Exif and GPS of TIFF, JPEG and PNG, pictures of labels of
 * slides, DICOM elements. Damaged files have none.
 */
export async function findPrivateTags(
  source: ByteSource,
  file: string,
  signal?: AbortSignal,
): Promise<PrivateDetail[]> {
  const head = await source.read(0, 132, signal);
  const starts = (text: string, at = 0): boolean =>
    [...text].every((letter, n) => head[at + n] === letter.charCodeAt(0));
  let found: TagDetail[] = [];
  if (/\.vsi$/i.test(file)) found = await vsiDetails(source, signal);
  else if (/(?:^|\/)slidedat\.ini$/i.test(file)) found = await miraxDetails(source, signal);
  else if (starts('II') || starts('MM')) found = await tiffDetails(source, signal);
  else if (head[0] === 0xff && head[1] === 0xd8) found = await pictureDetails(source, jpegExif, signal);
  else if (starts('\u0089PNG')) found = await pictureDetails(source, pngExif, signal);
  else if (starts('DICM', 128)) found = await dicomDetails(source, signal);
  else if (starts('ZISRAWFILE')) found = await cziDetails(source, signal);
  const details = new Map(found.map((one) => [`${one.kind} ${one.value} ${one.field}`, one]));
  return [...details.values()].map((one) => ({ ...one, place: 'original', file }));
}

async function pictureDetails(
  source: ByteSource,
  exifOf: (source: ByteSource, signal?: AbortSignal) => Promise<Uint8Array | undefined>,
  signal?: AbortSignal,
): Promise<TagDetail[]> {
  const exif = await exifOf(source, signal);
  return exif === undefined ? [] : await tiffDetails(memorySource(source.name, exif), signal);
}

/** The Exif block of a JPEG: an application segment before the first scan. */
async function jpegExif(source: ByteSource, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  for (let at = 2, segment = 0; segment < mostSegments; segment++) {
    const head = await source.read(at, 10, signal);
    if (head.length < 10 || head[0] !== 0xff) return undefined;
    const marker = head[1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0xda || marker === 0xd9) return undefined;
    else {
      const length = head[2]! * 256 + head[3]!;
      if (marker === 0xe1 && new TextDecoder('latin1').decode(head.subarray(4)) === 'Exif\0\0')
        return await source.read(at + 10, Math.max(0, length - 8), signal);
      at += 2 + Math.max(2, length);
    }
  }
  return undefined;
}

/** The Exif block of a PNG: the chunk `eXIf`, which may stand behind the pixels. */
async function pngExif(source: ByteSource, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  for (let at = 8, chunk = 0; chunk < mostSegments; chunk++) {
    const head = await source.read(at, 8, signal);
    if (head.length < 8) return undefined;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const kind = new TextDecoder('latin1').decode(head.subarray(4));
    if (kind === 'eXIf') return await source.read(at + 8, Math.min(length, mostExif), signal);
    at += 12 + length;
  }
  return undefined;
}

async function tiffDetails(source: ByteSource, signal?: AbortSignal): Promise<TagDetail[]> {
  const file = await TiffFile.open(source);
  if (!file) return [];
  const found: TagDetail[] = [];
  const named: { shows: string; page: number; isSure: boolean }[] = [];
  for (let page = 0; page < mostDirectories; page++) {
    signal?.throwIfAborted();
    const directory = await file.directory(page);
    if (!directory) break;
    found.push(...(await tagsOf(file, directory)));
    for (const pointer of [34665, 34853]) {
      const at = await file.number(directory, pointer);
      const inner = at === undefined ? undefined : await file.directoryAt(at);
      if (inner) found.push(...(pointer === 34853 ? await positionOf(file, inner) : await tagsOf(file, inner)));
    }
    if (page === 0) found.push(...leicaDetails((await file.text(directory, 270, 1 << 20)) ?? ''));
    const picture = await slidePicture(file, directory);
    if (picture) named.push({ ...picture, page: page + 1 });
  }
  // A mask of objects may be called a label as well: such a page counts beside an overview only.
  const isSlide = named.some(({ shows, isSure }) => isSure || shows !== 'label');
  for (const { shows, page } of isSlide ? named : [])
    found.push({ kind: 'slide label', value: `picture: ${shows}`, field: `page ${page}` });
  return found;
}

async function tagsOf(file: TiffFile, directory: TiffDirectory): Promise<TagDetail[]> {
  const found: TagDetail[] = [];
  for (const [tag, field, kind] of directory.fields.has(ndpiFormat) ? [...textTags, ...ndpiTags] : textTags) {
    const entry = directory.fields.get(tag);
    // Windows writes its own tags in bytes, two a letter.
    const value =
      tag === 40093 && entry
        ? new TextDecoder('utf-16le').decode(await file.fieldBytes(entry, mostText))
        : await file.text(directory, tag, mostText);
    const clean = value?.replaceAll('\0', '').trim() ?? '';
    if (kind === 'user name' ? /\p{L}{2}/u.test(clean) : /[\p{L}\d]{2}/u.test(clean))
      found.push({ kind, value: clean.slice(0, 200), field });
  }
  return found;
}

/** Latitude and longitude of a GPS directory, in degrees; nothing where they are not stated. */
async function positionOf(file: TiffFile, directory: TiffDirectory): Promise<TagDetail[]> {
  const degrees = async (tag: number, negative: string): Promise<number> => {
    const [whole = Number.NaN, minutes = 0, seconds = 0] = await file.numbers(directory.fields.get(tag), 0, 3);
    const side = (await file.text(directory, tag - 1, 4)) ?? '';
    const value =
      whole + (Number.isFinite(minutes) ? minutes : 0) / 60 + (Number.isFinite(seconds) ? seconds : 0) / 3600;
    return side.toUpperCase().startsWith(negative) ? -value : value;
  };
  const [latitude, longitude] = [await degrees(2, 'S'), await degrees(4, 'W')];
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude) || (latitude === 0 && longitude === 0)) return [];
  return [{ kind: 'place of recording', value: `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`, field: 'GPS' }];
}

/** What the description of a Leica SCN tells: the barcode of the slide, and which image shows the whole of it. */
function leicaDetails(xml: string): TagDetail[] {
  if (!/<scn\b/.test(xml)) return [];
  const barcode = /<barcode>\s*([^<]{2,4096}?)\s*<\/barcode>/.exec(xml)?.[1]?.trim() ?? '';
  const sizeOf = (text: string | undefined, tag: string): string => {
    const attributes = new RegExp(`<${tag}\\b([^>]{1,500})>`).exec(text ?? '')?.[1] ?? '';
    return ['sizeX', 'sizeY'].map((name) => new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? '').join(' ');
  };
  const whole = sizeOf(xml, 'collection');
  const shows = [...xml.matchAll(/<image\b[\s\S]{1,20000}?<\/image>/g)].some(
    ([image]) => whole.trim() !== '' && sizeOf(image, 'view') === whole,
  );
  return [
    ...(barcode === '' ? [] : [{ kind: 'slide label' as const, value: barcode.slice(0, 200), field: 'barcode' }]),
    ...(shows ? [{ kind: 'slide label' as const, value: 'picture: macro', field: 'SCN image' }] : []),
  ];
}

/** Stacks of an Olympus VSI that show the whole slide or its label, by the kind and the name that its tags tell. */
async function vsiDetails(source: ByteSource, signal?: AbortSignal): Promise<TagDetail[]> {
  const tags = await readVsiTags(source, signal);
  const overviews = new Set([1, 256]);
  const shown = new Map<number, string>();
  for (const { tag, value, image } of tags) {
    if (tag === vsiTag.stackType && overviews.has(Number(value)) && !shown.has(image)) shown.set(image, 'overview');
    const named = tag === vsiTag.stackName ? /^(?:.*\b)?(label|macro|overview)\b/i.exec(String(value))?.[1] : undefined;
    if (named !== undefined) shown.set(image, named.toLowerCase());
  }
  return [...shown].map(([image, shows]) => ({
    kind: 'slide label',
    value: `picture: ${shows}`,
    field: `stack ${image}`,
  }));
}

/** Pictures of a slide and its barcode that the index of a MIRAX slide (Slidedat.ini beside an .mrxs) names. */
async function miraxDetails(source: ByteSource, signal?: AbortSignal): Promise<TagDetail[]> {
  const text = new TextDecoder().decode(await source.read(0, 1 << 20, signal));
  const found: TagDetail[] = [];
  for (const [, shows] of text.matchAll(/=\s*ScanDataLayer_Slide(Thumbnail|Preview|Barcode|Label)\s*$/gim))
    found.push({
      kind: 'slide label',
      value: `picture: ${/barcode|label/i.test(shows!) ? 'label' : 'macro'}`,
      field: `ScanDataLayer_Slide${shows}`,
    });
  for (const [, field, value] of text.matchAll(/^\s*(\w*BARCODE\w*|SLIDE_NAME)\s*=\s*(\S[^\r\n]{1,200})$/gim))
    if (!/^(?:none|empty|ScanDataLayer.*|\d{1,2})\s*$/i.test(value!))
      found.push({ kind: 'slide label', value: value!.trim(), field: field! });
  return found;
}

/** What a page of a slide shows beside the tissue; `undefined` where it is tissue, or no slide. */
export async function slidePicture(
  file: TiffFile,
  directory: TiffDirectory,
): Promise<{ shows: string; isSure: boolean } | undefined> {
  // The lens of an overview, which shows the label too, is -1 in NDPI.
  if (directory.fields.has(ndpiFormat) && (await file.number(directory, ndpiLens)) === -1)
    return { shows: 'macro', isSure: true };
  const text = (await file.text(directory, 270, mostText)) ?? '';
  const aperio = text.startsWith('Aperio') ? (text.split('|')[0]!.split(/\r?\n/)[1] ?? '') : undefined;
  if (aperio !== undefined) {
    const shows = /^(label|macro)\b/i.exec(aperio)?.[1]?.toLowerCase();
    return shows === undefined ? undefined : { shows, isSure: true };
  }
  const [, shows, image] = /^(label|macro|overview)([ _-]?image)?$/i.exec(text.trim()) ?? [];
  return shows === undefined ? undefined : { shows: shows.toLowerCase(), isSure: image?.startsWith('_') ?? false };
}

/** An entry of the directory of attachments of a CZI. */
export interface CziAttachment {
  name: string;
  /** Does it show the label, or the whole slide? */
  isOfSlide: boolean;
  /** Byte offset of its segment. */
  segmentAt: number;
  /** The entry as it stands, 128 bytes. */
  bytes: Uint8Array;
}

/** What is attached to a CZI, with the place of the directory that says so. */
export async function attachmentsOfCzi(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<{ directoryAt: number; entries: CziAttachment[] }> {
  const none = { directoryAt: 0, entries: [] };
  const header = await source.read(0, 112, signal);
  if (header.length < 112) return none;
  const at = Number(new DataView(header.buffer, header.byteOffset).getBigInt64(104, true));
  if (at < 112 || at + 288 > source.size) return none;
  const directory = await source.read(at, 288, signal);
  if (!new TextDecoder('latin1').decode(directory.subarray(0, 16)).startsWith('ZISRAWATTDIR')) return none;
  const count = Math.min(1000, new DataView(directory.buffer, directory.byteOffset).getInt32(32, true));
  const all = await source.read(at + 288, Math.max(0, count) * 128, signal);
  const entries: CziAttachment[] = [];
  for (let entry = 0; entry + 128 <= all.length; entry += 128) {
    const bytes = all.slice(entry, entry + 128);
    const name = new TextDecoder('latin1').decode(bytes.subarray(48)).split('\0')[0]!;
    const segmentAt = Number(new DataView(bytes.buffer).getBigInt64(12, true));
    entries.push({ name, isOfSlide: /^(?:Label|SlidePreview)$/i.test(name), segmentAt, bytes });
  }
  return { directoryAt: at, entries };
}

/** Pictures of a slide that ZEN attaches to a CZI. */
async function cziDetails(source: ByteSource, signal?: AbortSignal): Promise<TagDetail[]> {
  const { entries } = await attachmentsOfCzi(source, signal);
  return entries
    .filter(({ isOfSlide }) => isOfSlide)
    .map(({ name }) => ({ kind: 'slide label', value: `picture: ${name}`, field: 'attachment' }));
}
