import type { ImageDescription, Quantity } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { micrometers } from '../stored/stated-values.ts';
import { type CziBlock, longAt } from './directory.ts';

const mostAttachments = 10_000;
const mostTimes = 1_000_000;
const entryBytes = 128;
/** Headers of segments, and what stands before the content of an attachment. */
const contentAt = 32 + 256;

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes).split('\0')[0]!;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Seconds of the time points as the attachment `TimeStamps` lists them; empty where there is none. */
export async function cziTimeStamps(source: ByteSource, directory: number): Promise<number[]> {
  if (!(directory > 0 && directory + contentAt <= source.size)) return [];
  const head = await source.read(directory, 36);
  if (head.length < 36 || textOf(head.subarray(0, 16)) !== 'ZISRAWATTDIR') return [];
  const count = Math.min(mostAttachments, viewOf(head).getInt32(32, true));
  if (count <= 0) return [];
  const entries = await source.read(directory + contentAt, count * entryBytes);
  for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
    if (textOf(entries.subarray(at + 40, at + 48)) !== 'CZTIMS') continue;
    return await timesAt(source, longAt(viewOf(entries), at + 12));
  }
  return [];
}

async function timesAt(source: ByteSource, position: number): Promise<number[]> {
  if (!(position > 0 && position + contentAt + 8 <= source.size)) return [];
  const head = await source.read(position + contentAt, 8);
  const count = viewOf(head).getInt32(4, true);
  if (count <= 0 || count > mostTimes || position + contentAt + 8 + 8 * count > source.size) return [];
  const bytes = await source.read(position + contentAt + 8, 8 * count);
  const view = viewOf(bytes);
  const times = Array.from({ length: bytes.length >> 3 }, (_, n) => view.getFloat64(8 * n, true));
  return times.every((time, n) => Number.isFinite(time) && (n === 0 || time >= times[n - 1]!)) ? times : [];
}

/** Position of stage and focus while a block was recorded, as the metadata of the block state it in micrometers. */
export async function cziStagePosition(source: ByteSource, block: CziBlock): Promise<Pick<ImageDescription, 'origin'>> {
  const head = await source.read(block.position, 36);
  if (head.length < 36 || textOf(head.subarray(0, 16)) !== 'ZISRAWSUBBLOCK') return {};
  const length = Math.min(65_536, viewOf(head).getInt32(32, true));
  if (length <= 0) return {};
  const at = block.position + 32 + Math.max(256, 48 + 20 * block.dimensions);
  const xml = new TextDecoder().decode(await source.read(at, length));
  const value = (name: string): Quantity | undefined => {
    const text = new RegExp(`<${name}>\\s*([+-]?[\\d.]+(?:[eE][+-]?\\d+)?)\\s*</${name}>`).exec(xml)?.[1];
    const number = Number(text);
    if (text === undefined || !Number.isFinite(number)) return undefined;
    // Positions may be negative, which lengths may not.
    const size = micrometers(Math.abs(number));
    return { value: number < 0 ? -(size?.value ?? 0) : (size?.value ?? 0), unit: 'micrometer' };
  };
  const [x, y, z] = [value('StageXPosition'), value('StageYPosition'), value('FocusPosition')];
  if (!x && !y) return {};
  return { origin: { ...(z ? { z } : {}), ...(y ? { y } : {}), ...(x ? { x } : {}) } };
}
