import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeText } from '../tiff/directory.ts';

/** A block of the scan information: values by their code, and blocks inside it in order. */
export interface ScanBlock {
  code: number;
  values: Map<number, string | number>;
  blocks: ScanBlock[];
}

/** Codes of blocks. */
export const scanBlock = {
  recording: 0x10000000,
  tracks: 0x20000000,
  lasers: 0x30000000,
  track: 0x40000000,
  laser: 0x50000000,
  detectionChannels: 0x60000000,
  detectionChannel: 0x70000000,
  illuminationChannels: 0x80000000,
  illuminationChannel: 0x90000000,
} as const;

/** Codes of values we use. */
export const scanValue = {
  name: 0x10000001,
  description: 0x10000002,
  notes: 0x10000003,
  objective: 0x10000004,
  /** Days since 1899-12-30, by the clock of the computer. */
  startTime: 0x10000036,
  user: 0x10000047,
  laserName: 0x50000001,
  detectorAcquires: 0x7000000b,
  pinholeDiameter: 0x70000009,
  detectorName: 0x7000000c,
  channelName: 0x70000014,
  /** Ends of the band of a spectral detector, in nanometers. */
  bandStart: 0x70000022,
  bandEnd: 0x70000023,
  dye: 0x70000026,
  lightName: 0x90000001,
  lightWavelength: 0x90000003,
  lightAcquires: 0x90000004,
} as const;

const endOfBlock = 0xffffffff;
const mostBytes = 4 << 20;
const mostRecords = 100_000;
const mostDepth = 32;

/**
 * Reads the tree of records of code, type and size: type 0 opens a block, 2 is text, 4 a whole number, 5 a number. What
 * stood before a fault is kept; `undefined` where it does not begin with a recording.
 */
export async function readScanInformation(source: ByteSource, at: number): Promise<ScanBlock | undefined> {
  if (at <= 0) return undefined;
  const bytes = await source.read(at, mostBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0, true) !== scanBlock.recording) return undefined;
  const root: ScanBlock = { code: scanBlock.recording, values: new Map(), blocks: [] };
  const open = [root];
  let place = 12;
  for (let n = 0; n < mostRecords && open.length > 0 && place + 12 <= bytes.length; n++) {
    const [code, type, size] = [0, 4, 8].map((part) => view.getUint32(place + part, true)) as [number, number, number];
    place += 12;
    if (place + size > bytes.length) break;
    const block = open.at(-1)!;
    if (code === endOfBlock) open.pop();
    else if (type === 0) {
      if (open.length >= mostDepth) break;
      const inner: ScanBlock = { code, values: new Map(), blocks: [] };
      block.blocks.push(inner);
      open.push(inner);
    } else if (type === 2) {
      const text = bytes.subarray(place, place + size);
      const nul = text.indexOf(0);
      block.values.set(code, decodeText(nul < 0 ? text : text.subarray(0, nul)).trim());
    } else if (type === 4 && size >= 4) block.values.set(code, view.getInt32(place, true));
    else if (type === 5 && size >= 8) block.values.set(code, view.getFloat64(place, true));
    place += size;
  }
  return root;
}

/** All blocks of a code below a block. */
export function scanBlocks(root: ScanBlock | undefined, code: number): ScanBlock[] {
  if (!root) return [];
  return root.blocks.flatMap((block) => [...(block.code === code ? [block] : []), ...scanBlocks(block, code)]);
}

/** A text of a block; `undefined` where it is absent or empty. */
export function scanText(block: ScanBlock | undefined, code: number): string | undefined {
  const value = block?.values.get(code);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number of a block. */
export function scanNumber(block: ScanBlock | undefined, code: number): number | undefined {
  const value = block?.values.get(code);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const names = new Map<number, string>(Object.entries(scanValue).map(([name, code]) => [code, name]));

/** The tree as lines of text, for download; values we know with their name, so that names of people are found among them. */
export function scanLines(block: ScanBlock, indent = ''): string {
  const code = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
  const values = [...block.values].map(([key, value]) => {
    const name = names.get(key);
    return `${indent}  ${code(key)} ${name === undefined ? '' : `${name}: `}${value}`;
  });
  const inner = block.blocks.map((one) => scanLines(one, `${indent}  `));
  return [`${indent}${code(block.code)}`, ...values, ...inner].join('\n');
}
