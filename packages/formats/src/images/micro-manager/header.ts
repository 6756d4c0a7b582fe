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
  /** The summary, with the comment and the colours that stand in blocks of their own where it leaves them out. */
  summary: JsonValues;
  /** Text of the summary, as it stands. */
  summaryText: string;
  planes: IndexedPlane[];
}

const stackMagic = 54_773_648;
const ndtiffMagic = 483_729;
const summaryMagic = 2_355_492;
const indexMagic = 3_453_623;
/** Marks in the header, and of the block it points at. */
const displayMagic = [483_765_892, 347_834_724] as const;
const commentMagic = [99_384_722, 84_720_485] as const;
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
  const display =
    number(16) === displayMagic[0] ? await blockAt(source, number(20), displayMagic[1], little) : undefined;
  const comments =
    number(24) === commentMagic[0] ? await blockAt(source, number(28), commentMagic[1], little) : undefined;
  const stated = parsed(summary);
  return {
    kind: 'stack',
    ...stated,
    summary: withBlocks(stated.summary, display, comments),
    planes: await readIndex(source, number(12), little),
  };
}

/** JSON of a block behind the pixels: its mark, its length, its text. `undefined` where it is none. */
async function blockAt(source: ByteSource, at: number, mark: number, little: boolean): Promise<unknown> {
  const head = await source.read(at, 8);
  if (at === 0 || head.length < 8) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, little) !== mark) return undefined;
  try {
    return JSON.parse(await textAt(source, at + 8, view.getUint32(4, little)));
  } catch {
    return undefined;
  }
}

/** Display settings are a list of channels, or hold one; comments have that of the whole recording under `Summary`. */
function withBlocks(summary: JsonValues, display: unknown, comments: unknown): JsonValues {
  const channels = Array.isArray(display) ? display : valuesOf(display)['Channels'];
  const rows = Array.isArray(channels) ? channels.map(valuesOf) : [];
  const names = rows.flatMap((row) => textOf(row, 'Name') ?? []);
  const colours = rows.flatMap((row) => numberOf(row, 'Color') ?? []);
  const comment = textOf(valuesOf(comments), 'Summary');
  return {
    ...(rows.length > 0 && names.length === rows.length ? { ChNames: names } : {}),
    ...(rows.length > 0 && colours.length === rows.length ? { ChColors: colours } : {}),
    ...summary,
    ...(textOf(summary, 'Comment') === undefined && comment !== undefined ? { Comment: comment } : {}),
  };
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

/** A value as a JSON object; none where it is something else. */
export function valuesOf(value: unknown): JsonValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonValues) : {};
}

/** The values of a JSON object; none where the text is no object. */
export function parseValues(text: string): JsonValues {
  try {
    return valuesOf(JSON.parse(text));
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
  const planes: IndexedPlane[] = [];
  for (let row = 0; row + 20 <= bytes.length; row += 20) {
    // An axis the recording does not have is -1 in some versions.
    const [c, z, t, position] = [0, 4, 8, 12].map((place) => Math.max(0, rows.getInt32(row + place, little)));
    const offset = rows.getUint32(row + 16, little);
    // What was reserved and not used.
    if (offset === 0) break;
    planes.push({ c: c!, z: z!, t: t!, position: position!, offset });
  }
  return planes;
}

/** A value under a name; some versions write it with its type, as `{"PropType": "String", "PropVal": "1"}`. */
export function valueAt(values: JsonValues, name: string): unknown {
  const value = values[name];
  return typeof value === 'object' && value !== null && 'PropVal' in value ? value.PropVal : value;
}

/** A number of an object under one of several names. */
export function numberOf(values: JsonValues, ...names: string[]): number | undefined {
  for (const name of names) {
    const value = valueAt(values, name);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
  }
  return undefined;
}

/** A text of an object under one of several names; empty texts are none. */
export function textOf(values: JsonValues, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = valueAt(values, name);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}
