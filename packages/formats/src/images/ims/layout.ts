import type { Hdf5Dataset } from '../../containers/hdf5/dataset.ts';
import type { Hdf5Node, OpenHdf5 } from '../../containers/hdf5/open-hdf5.ts';

/** One level of the pyramid. */
export interface ImsLevel {
  group: string;
  sizes: { z: number; y: number; x: number };
  /** Lengths of a chunk of its pixels. */
  chunk: readonly number[];
}

/** The groups of an Imaris file, as its root names them. */
export interface ImsLayout {
  /** Group of the metadata. */
  info: string;
  levels: ImsLevel[];
  times: number;
  channels: number;
  /** Pixels of the first plane, which say the type. */
  first: Hdf5Dataset;
  /** Time points or channels that others have and that are not there. */
  missing: string[];
  /** The stated size is larger than the stored one. */
  isCut: boolean;
}

const mostLevels = 32;
const mostTimes = 1_000_000;
const mostChannels = 10_000;

/** Attributes of a group as texts; those that are neither text nor numbers are left out. */
export async function textAttributes(node: Hdf5Node | undefined): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const attribute of (await node?.attributes()) ?? []) {
    const text = await attribute.text();
    if (text !== undefined) found.set(attribute.name, text.trim());
  }
  return found;
}

/** Numbers that follow a name in a group: `TimePoint 0`, `TimePoint 1`... */
async function numbered(node: Hdf5Node | undefined, prefix: string, most: number): Promise<Set<number>> {
  const found = new Set<number>();
  for (const { name } of (await node?.links()) ?? []) {
    const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^\d{1,7}$/.test(digits) && Number(digits) < most) found.add(Number(digits));
  }
  return found;
}

const countOf = (numbers: ReadonlySet<number>): number => Math.max(-1, ...numbers) + 1;

/** Path of the pixels of a level, time and channel. */
export function pixelPath(group: string, time: number, channel: number): string {
  return `${group}/TimePoint ${time}/Channel ${channel}/Data`;
}

/** Finds what an Imaris file holds; `undefined` where there are no pixels. */
export async function readLayout(file: OpenHdf5): Promise<ImsLayout | undefined> {
  const root = await textAttributes(file.root);
  const data = root.get('DataSetDirectoryName') || 'DataSet';
  const info = root.get('DataSetInfoDirectoryName') || 'DataSetInfo';
  const levelNumbers = await numbered(await file.node(data), 'ResolutionLevel ', mostLevels);
  const base = `${data}/ResolutionLevel 0`;
  const timeNumbers = await numbered(await file.node(base), 'TimePoint ', mostTimes);
  const firstTime = Math.min(...timeNumbers);
  if (!levelNumbers.has(0) || timeNumbers.size === 0) return undefined;
  const channelNumbers = await numbered(await file.node(`${base}/TimePoint ${firstTime}`), 'Channel ', mostChannels);
  const firstChannel = Math.min(...channelNumbers);
  if (channelNumbers.size === 0) return undefined;
  const first = await file.dataset(pixelPath(base, firstTime, firstChannel));
  const levels: ImsLevel[] = [];
  let isCut = false;
  for (let level = 0; levelNumbers.has(level); level++) {
    const found = await readLevel(file, `${data}/ResolutionLevel ${level}`, firstTime, firstChannel);
    if (!found) break;
    levels.push(found.level);
    isCut ||= found.isCut;
  }
  const times = countOf(timeNumbers);
  const channels = countOf(channelNumbers);
  const missing = [
    ...absent(timeNumbers, times).map((n) => `TimePoint ${n}`),
    ...absent(channelNumbers, channels).map((n) => `Channel ${n}`),
  ];
  return { info, levels, times, channels, first, missing, isCut };
}

/** The first few numbers below a count that are not there. */
function absent(numbers: ReadonlySet<number>, count: number): number[] {
  const out: number[] = [];
  for (let n = 0; n < count && out.length < 20; n++) if (!numbers.has(n)) out.push(n);
  return out;
}

async function readLevel(
  file: OpenHdf5,
  group: string,
  time: number,
  channel: number,
): Promise<{ level: ImsLevel; isCut: boolean } | undefined> {
  const path = pixelPath(group, time, channel);
  const data = await (await file.node(path))?.dataset();
  const [z, y, x] = data?.shape ?? [];
  if (!data || z === undefined || y === undefined || x === undefined || data.shape.length !== 3) return undefined;
  data.assertPlausible();
  // Pixels may be stored up to the end of the last chunk; the true size stands beside them.
  const stated = await textAttributes(await file.node(path.slice(0, -'/Data'.length)));
  const size = (name: string, stored: number): { size: number; isCut: boolean } => {
    const value = Number(stated.get(name));
    const isStated = Number.isInteger(value) && value > 0;
    return { size: isStated ? Math.min(value, stored) : stored, isCut: isStated && value > stored };
  };
  const all = [size('ImageSizeZ', z), size('ImageSizeY', y), size('ImageSizeX', x)] as const;
  if (all.some((axis) => axis.size === 0)) return undefined;
  return {
    level: { group, sizes: { z: all[0].size, y: all[1].size, x: all[2].size }, chunk: data.chunk ?? data.shape },
    isCut: all.some((axis) => axis.isCut),
  };
}
