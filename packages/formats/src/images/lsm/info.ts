import type { TiffFile } from '../tiff/directory.ts';
import { decodeText } from '../tiff/directory.ts';
import { tag } from '../tiff/tags.ts';
import type { TiffDirectory } from '../tiff/directory.ts';
import { hexColor } from '../stored/stated-values.ts';
import { type ScanBlock, readScanInformation } from './scan-information.ts';

/** What tag 34412 of Zeiss LSM and the blocks it points at say. Lengths in meters, times in seconds. */
export interface LsmInfo {
  sizes: { x: number; y: number; z: number; c: number; t: number };
  voxel: { x: number; y: number; z: number };
  origin: { x: number; y: number; z: number };
  scanType: number;
  timeInterval: number;
  channels: { name: string; color: string | undefined }[];
  timeStamps: number[];
  /** Places of the stage, and tiles at each, that were recorded one after another; 1 where the file knows none. */
  positions: number;
  tiles: number;
  /** Of places and of tiles, as far as they are listed. */
  placesAt: readonly Place[];
  tilesAt: readonly Place[];
  scan: ScanBlock | undefined;
}

/** A place of the stage in meters. */
export interface Place {
  x: number;
  y: number;
  z: number;
}

const mostTimes = 100_000;

/** Reads the tag; `undefined` where it is damaged or of an unknown kind. */
export async function readLsmInfo(file: TiffFile, directory: TiffDirectory): Promise<LsmInfo | undefined> {
  const field = directory.fields.get(tag.lsm);
  const bytes = field && (await file.fieldBytes(field, 1024));
  if (!bytes || bytes.length < 128) return undefined;
  // LSM files are little endian, whatever the bytes around say.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const magic = view.getUint32(0, true);
  if (magic !== 0x0300494c && magic !== 0x0400494c) return undefined;
  const int = (at: number): number => view.getInt32(at, true);
  const double = (at: number): number => view.getFloat64(at, true);
  const offset = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, true) : 0);
  // Files of before version 5 end before these.
  const count = (at: number): number => (at + 4 <= bytes.length ? Math.max(1, int(at)) : 1);
  return {
    sizes: { x: int(8), y: int(12), z: int(16), c: int(20), t: int(24) },
    voxel: { x: double(40), y: double(48), z: double(56) },
    origin: { x: double(64), y: double(72), z: double(80) },
    scanType: view.getUint16(88, true),
    timeInterval: double(112),
    channels: await readChannels(file, offset(108)),
    timeStamps: await readTimeStamps(file, offset(132)),
    positions: count(264),
    tiles: count(268),
    placesAt: await readPlaces(file, offset(376)),
    tilesAt: await readPlaces(file, offset(336)),
    scan: await readScanInformation(file.source, offset(124)),
  };
}

async function readPlaces(file: TiffFile, at: number): Promise<Place[]> {
  const head = await viewAt(file, at, 4);
  if (head.byteLength < 4) return [];
  const view = await viewAt(file, at + 4, Math.min(mostTimes, head.getUint32(0, true)) * 24);
  const places = Array.from({ length: Math.floor(view.byteLength / 24) }, (_, n): Place => {
    const [x, y, z] = [0, 8, 16].map((part) => view.getFloat64(24 * n + part, true));
    return { x: x!, y: y!, z: z! };
  });
  // A stage moves no more than a meter.
  return places.every(({ x, y, z }) => [x, y, z].every((value) => Math.abs(value) < 1)) ? places : [];
}

async function viewAt(file: TiffFile, at: number, length: number): Promise<DataView> {
  const bytes = at > 0 ? await file.source.read(at, length) : new Uint8Array(0);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Colours and names of the channels: six numbers, then where colours and names lie in the block. */
async function readChannels(file: TiffFile, at: number): Promise<LsmInfo['channels']> {
  const head = await viewAt(file, at, 24);
  if (head.byteLength < 24) return [];
  const [size, colours, names, coloursAt, namesAt] = [0, 4, 8, 12, 16].map((place) => head.getUint32(place, true));
  if (size! > 1 << 20 || colours! > 1000 || names! > 1000) return [];
  const block = await viewAt(file, at, size!);
  const channels: LsmInfo['channels'] = [];
  let name = namesAt!;
  for (let n = 0; n < Math.max(colours!, names!); n++) {
    const colour = coloursAt! + 4 * n;
    const has = n < colours! && colour + 4 <= block.byteLength;
    const length = n < names! && name + 4 <= block.byteLength ? block.getUint32(name, true) : 0;
    const end = Math.min(block.byteLength, name + 4 + length);
    const text = length > 0 ? new Uint8Array(block.buffer, block.byteOffset + name + 4, end - name - 4) : undefined;
    channels.push({
      name: text ? decodeText(text).split('\0')[0]!.trim() : '',
      color: has ? hexColor(block.getUint8(colour), block.getUint8(colour + 1), block.getUint8(colour + 2)) : undefined,
    });
    name = end;
  }
  return channels;
}

async function readTimeStamps(file: TiffFile, at: number): Promise<number[]> {
  const head = await viewAt(file, at, 8);
  if (head.byteLength < 8) return [];
  const count = Math.min(mostTimes, Math.max(0, head.getInt32(4, true)));
  const view = await viewAt(file, at + 8, count * 8);
  return Array.from({ length: Math.floor(view.byteLength / 8) }, (_, n) => view.getFloat64(8 * n, true));
}
