import type { ByteSource } from '../../bytes/byte-source.ts';
import { CachedRanges } from '../tiff/cached-ranges.ts';

/** A value that an Olympus VSI tells. */
export interface VsiTag {
  tag: number;
  value: string | number | readonly number[];
  /** The tags of the volumes it lies in, outermost first. */
  within: readonly number[];
  /** Which of the images (volumes of tag 2001) it is about, from 1; 0 for what is about all. */
  image: number;
}

/** Tags by number; the names are those of the published reader of Bio-Formats. */
export const vsiTag = {
  // Of the document; so called that it is found among what tells of persons.
  author: 15,
  documentName: 11,
  documentNote: 13,
  productName: 34,
  productVersion: 35,
  zIncrement: 2013,
  creationTime: 2015,
  timeIncrement: 2016,
  frameScale: 2019,
  frameUnit: 2020,
  stackName: 2030,
  imageBoundary: 2053,
  stackType: 2074,
  channelName: 2419,
  exposureTime: 100_002,
  binning: 100_015,
  bitDepth: 100_049,
  magnification: 120_060,
  numericalAperture: 120_061,
  workingDistance: 120_062,
  objectiveName: 120_063,
  refractiveIndex: 120_079,
  deviceName: 120_116,
  deviceManufacturer: 120_133,
} as const;

const tagNames = new Map<number, string>(Object.entries(vsiTag).map(([name, number]) => [number, name]));

/** A name for a tag, for the raw text: what we call it, else its number. */
export function vsiTagName(tag: number): string {
  return tagNames.get(tag) ?? `tag ${tag}`;
}

/** Fields beyond this are not looked at. */
const mostFields = 200_000;
const deepest = 24;
const longestText = 65_536;

/** Kinds of volumes: fields that hold fields. */
const volume = 0;
const propertySet = 1;
const multidimensional = 2;
/** The volume of one image with all its planes. */
const imageVolume = 2001;

/**
 * Reads the tags of a VSI: volumes of fields from byte 8 on, one in another. A volume has a head of 24 bytes with the place of
 * its first field; a field has its kind, tag, the place of the next one from the volume on, and its size. Fields that lead
 * backwards, out of the file or too deep end what is read. Layout by the published reader of Bio-Formats; not seen on a real file.
 */
export async function readVsiTags(whole: ByteSource, signal?: AbortSignal): Promise<VsiTag[]> {
  const walk = new Walk(new CachedRanges(whole), whole.size, signal);
  await walk.volume(8, []);
  return walk.tags;
}

class Walk {
  readonly tags: VsiTag[] = [];
  private readonly source: CachedRanges;
  private readonly size: number;
  private readonly signal: AbortSignal | undefined;
  private fields = 0;
  private images = 0;
  private image = 0;

  constructor(source: CachedRanges, size: number, signal: AbortSignal | undefined) {
    this.source = source;
    this.size = size;
    this.signal = signal;
  }

  private async view(at: number, length: number): Promise<DataView> {
    const bytes = await this.source.read(at, length, this.signal);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Reads a volume. @returns where its last field ended */
  async volume(start: number, within: readonly number[]): Promise<number> {
    const head = await this.view(start, 24);
    if (head.byteLength < 24 || within.length > deepest) return start;
    const first = Number(head.getBigInt64(8, true));
    const count = head.getUint32(16, true) & 0x0fff_ffff;
    if (head.getUint16(0, true) !== 24 || !(first >= 0 && start + first < this.size)) return start;
    let at = start + first;
    let end = at;
    for (let n = 0; n < count && this.fields < mostFields; n++, this.fields++) {
      const field = await this.view(at, 20);
      if (field.byteLength < 16) break;
      const kind = field.getUint32(0, true);
      const tag = field.getInt32(4, true);
      const next = field.getUint32(8, true);
      const size = field.getUint32(12, true);
      const content = at + ((kind & 0x0800_0000) === 0 ? 16 : 20);
      if (tag < 0) return Math.max(end, content + ((kind & 0x4000_0000) === 0 ? size : 0));
      end = Math.max(end, await this.field({ kind, tag, next, size, content }, within));
      const following = start + next;
      if (next === 0) break;
      // Places only go on: a field that leads back would be read for ever.
      if (following <= at || following >= this.size) break;
      at = following;
    }
    return Math.max(end, at);
  }

  private async field(
    { kind, tag, next, size, content }: { kind: number; tag: number; next: number; size: number; content: number },
    within: readonly number[],
  ): Promise<number> {
    const type = kind & 0x00ff_ffff;
    const isVolume = (kind & 0x1000_0000) !== 0;
    if (isVolume && (type === volume || type === propertySet || type === multidimensional)) {
      const limit = content + (type === volume ? size : next);
      const before = this.image;
      if (tag === imageVolume) this.image = ++this.images;
      let at = content;
      while (at < limit && at < this.size && this.fields < mostFields) {
        const end = await this.volume(at, [...within, tag]);
        if (end <= at) break;
        at = end;
      }
      this.image = before;
      return Math.max(at, type === volume ? Math.min(limit, this.size) : at);
    }
    if (isVolume) return content;
    if ((kind & 0x4000_0000) !== 0) {
      this.tags.push({ tag, value: size, within, image: this.image });
      return content;
    }
    if (size === 0 || content + size > this.size) return content;
    const value = await this.value(type, content, size);
    if (value !== undefined) this.tags.push({ tag, value, within, image: this.image });
    return content + size;
  }

  private async value(type: number, at: number, size: number): Promise<VsiTag['value'] | undefined> {
    const view = await this.view(at, Math.min(size, longestText));
    if (type === 13 || type === 8192) return textOf(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    const read = readers[type];
    if (!read) return undefined;
    const [bytes, number] = read;
    const count = Math.min(16, Math.floor(view.byteLength / bytes));
    const values = Array.from({ length: count }, (_, n) => number(view, n * bytes));
    return values.length === 1 ? values[0]! : values;
  }
}

type Reader = readonly [bytes: number, read: (view: DataView, at: number) => number];
const int: Reader = [4, (view, at) => view.getInt32(at, true)];
const long: Reader = [8, (view, at) => Number(view.getBigInt64(at, true))];
const double: Reader = [8, (view, at) => view.getFloat64(at, true)];
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** How values of each kind are read; kinds of several values repeat theirs. */
const readers: Readonly<Record<number, Reader>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [2, (view, at) => view.getUint16(at, true)],
  9: [4, (view, at) => view.getFloat32(at, true)],
  12: [1, (view, at) => view.getUint8(at)],
  ...Object.fromEntries(
    [5, 6, 14, ...range(256, 259), 267, ...range(271, 277), 8195, 8199, 8200, 8470].map((kind) => [kind, int]),
  ),
  ...Object.fromEntries([7, 8, 17].map((kind) => [kind, long])),
  ...Object.fromEntries([10, 18, ...range(260, 266), 268, 279, 280].map((kind) => [kind, double])),
};

/** Text in UTF-16 or in bytes, up to its zero. */
function textOf(bytes: Uint8Array): string {
  const isWide = bytes.length >= 2 && bytes.length % 2 === 0 && bytes[1] === 0;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
  return text.split('\0')[0]!.trim();
}
