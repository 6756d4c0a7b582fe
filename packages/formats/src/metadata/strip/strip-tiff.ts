import type { ByteSource } from '../../bytes/byte-source.ts';
import { type TiffDirectory, type TiffField, TiffFile } from '../../images/tiff/directory.ts';
import { fieldTypeSize } from '../../images/tiff/tags.ts';
import { personTags, slidePicture } from '../header-tags.ts';
import { blankPrivate, noStripping, type Stripping } from './patches.ts';

/** Pages whose tags are looked through: planes of a stack, written by one program, repeat what the first ones say. */
const mostPages = 10_000;
/** Longest tag that is looked through. */
const mostBytes = 64 << 20;
/** Tables of packed pictures and colour profiles hold no words of persons, and a byte changed in them changes colours. */
const neverText = new Set([320, 347, 34_675]);
const pointers = { subDirectories: 330, exif: 34_665, gps: 34_853 };
const [description, ndpiFormat] = [270, 65_420];

/** Offsets and lengths of the pixels of a page: strips, tiles, old JPEG. */
const pixelTags = [
  [273, 279],
  [324, 325],
  [513, 514],
] as const;

/**
 * What takes details of persons out of a TIFF (OME-TIFF, SVS, SCN, NDPI, Exif blocks): texts of its tags are blanked with spaces, tags that name
 * persons and places are emptied, and pictures of the label and the overview of a slide are taken out of the chain of pages and put to zero.
 * Pixels of all other pages stay as they are, and where they are.
 */
export async function stripTiff(source: ByteSource, signal?: AbortSignal): Promise<Stripping | undefined> {
  const file = await TiffFile.open(source);
  if (!file) return undefined;
  const found = noStripping();
  const pages: TiffDirectory[] = [];
  for (let page = 0; page < mostPages; page++) {
    signal?.throwIfAborted();
    const directory = await file.directory(page);
    if (!directory) break;
    // These leave the upper half of an offset elsewhere than we read: what we changed might be another place.
    if (directory.fields.has(ndpiFormat) && source.size >= 2 ** 32) return noStripping();
    pages.push(directory);
    await stripDirectory(file, directory, found, 0);
  }
  await takeOutPictures(file, pages, found);
  return found;
}

/** Empties what a directory, and those it points to, say of persons. */
async function stripDirectory(file: TiffFile, directory: TiffDirectory, found: Stripping, depth: number) {
  const isNdpi = directory.fields.has(ndpiFormat);
  for (const field of directory.fields.values()) {
    const size = field.count * fieldTypeSize(field.type);
    if (personTags(isNdpi).has(field.tag)) await empty(file, field, found);
    else if ([1, 2, 7].includes(field.type) && !neverText.has(field.tag) && size <= mostBytes && size >= 4) {
      const bytes = await file.fieldBytes(field);
      const count = field.tag === description ? blankBarcode(bytes) + blankPrivate(bytes) : blankPrivate(bytes);
      if (count > 0) found.patches.push({ at: field.offset, bytes });
      found.count += count;
    }
  }
  if (depth > 2) return;
  const gps = await innerOf(file, directory, pointers.gps);
  for (const inner of gps) for (const field of inner.fields.values()) await empty(file, field, found);
  for (const pointer of [pointers.exif, pointers.subDirectories])
    for (const inner of await innerOf(file, directory, pointer)) await stripDirectory(file, inner, found, depth + 1);
}

async function innerOf(file: TiffFile, directory: TiffDirectory, tag: number): Promise<TiffDirectory[]> {
  const offsets = await file.numbers(directory.fields.get(tag), 0, 64);
  const all = await Promise.all(offsets.map((offset) => file.directoryAt(offset)));
  return all.filter((one) => one !== undefined);
}

/** Puts the value of a tag to zero, which says nothing: an empty text, no position. */
async function empty(file: TiffFile, field: TiffField, found: Stripping): Promise<void> {
  const bytes = await file.fieldBytes(field, mostBytes);
  if (bytes.every((byte) => byte === 0)) return;
  found.patches.push({ at: field.offset, bytes: new Uint8Array(bytes.length) });
  found.count += 1;
}

/** The barcode of a slide stands in the description of a Leica SCN, packed as letters. */
function blankBarcode(bytes: Uint8Array): number {
  const text = new TextDecoder('latin1').decode(bytes);
  const [all, barcode] = /<barcode>\s*([^<]{2,4096}?)\s*<\/barcode>/.exec(text) ?? [];
  if (all === undefined || barcode === undefined || barcode.trim() === '') return 0;
  const at = text.indexOf(all) + all.indexOf(barcode);
  bytes.fill(0x20, at, at + barcode.length);
  return 1;
}

/** Takes pictures of the label and the overview out of the chain, and puts their bytes to zero. */
async function takeOutPictures(file: TiffFile, pages: readonly TiffDirectory[], found: Stripping): Promise<void> {
  const shown = await Promise.all(pages.map((page) => slidePicture(file, page)));
  // A mask of objects may be called a label as well: such a page counts beside an overview only.
  const isSlide = shown.some((one) => one !== undefined && (one.isSure || one.shows !== 'label'));
  // Pages that something counts (OME-XML, SCN) cannot go without moving the others; nor can the only one.
  const isCounted = await Promise.all(pages.map((page) => isCountedIn(file, page)));
  if (!isSlide || isCounted.some(Boolean) || shown.every((one) => one !== undefined)) return;
  const kept = pages.filter((_page, at) => shown[at] === undefined);
  const keptPixels = new Set((await Promise.all(kept.map((page) => pixelsOf(file, page)))).flat().map(({ at }) => at));
  for (const [at, page] of pages.entries()) {
    if (shown[at] === undefined) continue;
    const pixels = (await pixelsOf(file, page)).filter((one) => !keptPixels.has(one.at));
    const values = [...page.fields.values()].flatMap((field) => {
      const length = field.count * fieldTypeSize(field.type);
      return length > (file.big ? 8 : 4) ? [{ at: field.offset, length }] : [];
    });
    found.erased.push(...pixels, ...values);
    found.count += 1;
  }
  // Each page that stays, and the beginning of the file, points at the next one that stays.
  for (let at = -1; at < pages.length; at++) {
    if (at >= 0 && shown[at] !== undefined) continue;
    const next = pages.findIndex((_page, other) => other > at && shown[other] === undefined);
    if (next === at + 1 || (next < 0 && at + 1 >= pages.length)) continue;
    const target = next < 0 ? 0 : pages[next]!.offset;
    found.patches.push({ at: await pointerOf(file, pages[at]), bytes: offsetBytes(file, target) });
  }
}

async function isCountedIn(file: TiffFile, page: TiffDirectory): Promise<boolean> {
  const text = (await file.text(page, description, 1 << 20)) ?? '';
  return /<(?:\w+:)?OME\b|<scn\b/.test(text);
}

/** Where the pixels of a page lie. */
async function pixelsOf(file: TiffFile, page: TiffDirectory): Promise<{ at: number; length: number }[]> {
  const all = [];
  for (const [offsets, counts] of pixelTags) {
    const [from, lengths] = await Promise.all([
      file.numbers(page.fields.get(offsets)),
      file.numbers(page.fields.get(counts)),
    ]);
    all.push(...from.map((at, n) => ({ at, length: lengths[n] ?? 0 })));
  }
  return all.filter(({ at, length }) => at > 0 && length > 0 && at + length <= file.source.size);
}

/** Where the offset of the page after one stands; of none, where that of the first does. */
async function pointerOf(file: TiffFile, page: TiffDirectory | undefined): Promise<number> {
  if (!page) return file.big ? 8 : 4;
  const head = await file.source.read(page.offset, file.big ? 8 : 2);
  const view = new DataView(head.buffer, head.byteOffset);
  const count = file.big ? Number(view.getBigUint64(0, file.littleEndian)) : view.getUint16(0, file.littleEndian);
  return page.offset + (file.big ? 8 + 20 * count : 2 + 12 * count);
}

function offsetBytes({ big, littleEndian }: TiffFile, offset: number): Uint8Array {
  const bytes = new Uint8Array(big ? 8 : 4);
  const view = new DataView(bytes.buffer);
  if (big) view.setBigUint64(0, BigInt(offset), littleEndian);
  else view.setUint32(0, offset, littleEndian);
  return bytes;
}
