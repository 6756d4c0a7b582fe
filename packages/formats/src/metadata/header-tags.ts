import type { PrivateDetail } from '@micrarium/model';
import { type ByteSource, memorySource } from '../bytes/byte-source.ts';
import { type TiffDirectory, TiffFile } from '../images/tiff/directory.ts';
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
  if (starts('II') || starts('MM')) found = await tiffDetails(source, signal);
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

/** What a page of a slide shows beside the tissue; `undefined` where it is tissue, or no slide. */
async function slidePicture(
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

/** Pictures of a slide that ZEN attaches to a CZI. */
async function cziDetails(source: ByteSource, signal?: AbortSignal): Promise<TagDetail[]> {
  const header = await source.read(0, 112, signal);
  if (header.length < 112) return [];
  const at = Number(new DataView(header.buffer, header.byteOffset).getBigInt64(104, true));
  if (at < 112 || at + 288 > source.size) return [];
  const directory = await source.read(at, 288, signal);
  if (!new TextDecoder('latin1').decode(directory.subarray(0, 16)).startsWith('ZISRAWATTDIR')) return [];
  const count = Math.min(1000, new DataView(directory.buffer, directory.byteOffset).getInt32(32, true));
  const entries = await source.read(at + 288, Math.max(0, count) * 128, signal);
  const found: TagDetail[] = [];
  for (let entry = 0; entry + 128 <= entries.length; entry += 128) {
    const name = new TextDecoder('latin1').decode(entries.subarray(entry + 48, entry + 128)).split('\0')[0]!;
    if (/^(?:Label|SlidePreview)$/i.test(name))
      found.push({ kind: 'slide label', value: `picture: ${name}`, field: 'attachment' });
  }
  return found;
}
