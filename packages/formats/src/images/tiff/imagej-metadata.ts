import { type TiffDirectory, type TiffFile } from './directory.ts';
import { tag } from './tags.ts';

/** What ImageJ keeps in its private tags 50838 and 50839. */
export interface ImagejMetadata {
  info?: string;
  /** One per plane. */
  labels: string[];
  /** Display range of each channel: minimum, maximum. */
  ranges: { start: number; end: number }[];
  /** Colour table of each channel: 256 red, 256 green, 256 blue. */
  tables: Uint8Array[];
}

/** Beyond this the private tags hold overlays of regions, which we do not need. */
const maxBytes = 16 << 20;

/** Reads the private tags; what is damaged or absent is left empty. */
export async function readImagejMetadata(file: TiffFile, directory: TiffDirectory): Promise<ImagejMetadata> {
  const metadata: ImagejMetadata = { labels: [], ranges: [], tables: [] };
  const field = directory.fields.get(tag.imagejMetadata);
  const counts = await file.numbers(directory.fields.get(tag.imagejMetadataCounts), 0, 200_000);
  if (!field || counts.length === 0) return metadata;
  const bytes = await file.fieldBytes(field, maxBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = counts[0]!;
  if (headerBytes < 12 || headerBytes > bytes.length) return metadata;
  let at = headerBytes;
  let entry = 1;
  // The header: "IJIJ", then for each kind of content its name and how many blocks of it follow.
  for (let kind = 4; kind + 8 <= headerBytes; kind += 8) {
    const name = kindName(bytes.subarray(kind, kind + 4), file.littleEndian);
    const blocks = view.getUint32(kind + 4, file.littleEndian);
    for (let block = 0; block < blocks; block++) {
      const length = counts[entry++];
      if (length === undefined || at + length > bytes.length) return metadata;
      take(metadata, name, bytes.subarray(at, at + length), file.littleEndian);
      at += length;
    }
  }
  return metadata;
}

function kindName(bytes: Uint8Array, littleEndian: boolean): string {
  const letters = littleEndian ? [...bytes].reverse() : [...bytes];
  return String.fromCharCode(...letters);
}

function take(metadata: ImagejMetadata, name: string, bytes: Uint8Array, littleEndian: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = (): string => new TextDecoder(littleEndian ? 'utf-16le' : 'utf-16be').decode(bytes);
  if (name === 'info') metadata.info = text();
  else if (name === 'labl') metadata.labels.push(text());
  else if (name === 'luts' && bytes.length === 768) metadata.tables.push(bytes.slice());
  else if (name === 'rang')
    for (let at = 0; at + 16 <= bytes.length; at += 16)
      metadata.ranges.push({ start: view.getFloat64(at, littleEndian), end: view.getFloat64(at + 8, littleEndian) });
}

/** The colour a table ends in, as six hex digits. */
export function tableColor(table: Uint8Array): string {
  return [255, 511, 767]
    .map((index) => (table[index] ?? 0).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
