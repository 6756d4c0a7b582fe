import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeText } from '../tiff/directory.ts';

/** Values of a JSON object. */
export type JsonValues = Readonly<Record<string, unknown>>;

/** A plane in the index of a Micro-Manager stack: its places and where its directory lies. */
export interface IndexedPlane {
  c: number;
  z: number;
  t: number;
  position: number;
  offset: number;
}

/** What Micro-Manager keeps behind the header of a TIFF. */
export interface MicroManagerHeader {
  kind: 'stack' | 'ndtiff';
  /** Major version of NDTiff. */
  version?: number;
  summary: JsonValues;
  /** Text of the summary, as it stands. */
  summaryText: string;
  planes: IndexedPlane[];
}

const stackMagic = 54_773_648;
const ndtiffMagic = 483_729;
const summaryMagic = 2_355_492;
const indexMagic = 3_453_623;
/** Summaries and indices larger than this are not read. */
const mostBytes = 64 << 20;

/**
 * Reads the private header at byte 8 (Micro-Manager file formats, "Image file stack"); `undefined` where there is none.
 */
export async function readMicroManagerHeader(source: ByteSource): Promise<MicroManagerHeader | undefined> {
  const head = await source.read(0, 40);
  if (head.length < 40) return undefined;
  const little = head[0] === 0x49;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const number = (at: number): number => view.getUint32(at, little);
  if (number(8) === ndtiffMagic) {
    // Version 3 has a minor version before the summary.
    const at = number(16) === summaryMagic ? 20 : number(20) === summaryMagic ? 24 : undefined;
    const summary = at === undefined ? '' : await textAt(source, at + 4, number(at));
    return { kind: 'ndtiff', version: number(12), ...parsed(summary), planes: [] };
  }
  if (number(8) !== stackMagic) return undefined;
  const summary = number(32) === summaryMagic ? await textAt(source, 40, number(36)) : '';
  return { kind: 'stack', ...parsed(summary), planes: await readIndex(source, number(12), little) };
}

async function textAt(source: ByteSource, at: number, length: number): Promise<string> {
  if (length > mostBytes || at + length > source.size) return '';
  return decodeText(await source.read(at, length))
    .split('\0')[0]!
    .trim();
}

function parsed(text: string): { summary: JsonValues; summaryText: string } {
  return { summary: parseValues(text), summaryText: text };
}

/** The values of a JSON object; none where the text is no object. */
export function parseValues(text: string): JsonValues {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonValues) : {};
  } catch {
    return {};
  }
}

async function readIndex(source: ByteSource, at: number, little: boolean): Promise<IndexedPlane[]> {
  const head = await source.read(at, 8);
  if (at === 0 || head.length < 8) return [];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const count = view.getUint32(4, little);
  if (view.getUint32(0, little) !== indexMagic || count * 20 > Math.min(mostBytes, source.size - at)) return [];
  const bytes = await source.read(at + 8, count * 20);
  const rows = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 20) }, (_, n): IndexedPlane => {
    const [c, z, t, position, offset] = [0, 4, 8, 12, 16].map((place) => rows.getUint32(20 * n + place, little));
    return { c: c!, z: z!, t: t!, position: position!, offset: offset! };
  });
}

/** A number of an object under one of several names. */
export function numberOf(values: JsonValues, ...names: string[]): number | undefined {
  for (const name of names) {
    const value = values[name];
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
  }
  return undefined;
}

/** A text of an object under one of several names; empty texts are none. */
export function textOf(values: JsonValues, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}
