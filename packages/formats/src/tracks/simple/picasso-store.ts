import type { Column, ColumnDescription } from '@micrarium/model';
import { type FileEntry, folderOf, stemOf } from '../../bytes/file-tree.ts';
import { Hdf5Fault, issueOfFault } from '../../containers/hdf5/fault.ts';
import { SlabCells, memberNamed } from '../../objects/bd5/column-reader.ts';
import { Hdf5File, type Hdf5Member, type Hdf5Table } from '../../objects/bd5/hdf5-reader.ts';
import type { Probe, Recognition } from '../../recognition/descriptor.ts';
import type { Item } from '../../recognition/item.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';
import { localizationColumn } from './localization-columns.ts';

const tablePath = '/locs';
/** Longest settings file that is read. */
const longestSettings = 1 << 20;

/** The file of settings that Picasso keeps beside a store: the same name, as YAML. */
function settingsBeside(entry: FileEntry, entries: readonly FileEntry[]): FileEntry | undefined {
  const wanted = stemOf(entry.path);
  return entries.find(
    ({ path }) => /\.ya?ml$/i.test(path) && folderOf(path) === folderOf(entry.path) && stemOf(path) === wanted,
  );
}

/** A store of Picasso: HDF5 with a table `locs` of frame, x, y, photons and more. */
export async function recognisePicassoStore(probe: Probe): Promise<Recognition | undefined> {
  if (!bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return undefined;
  try {
    const table = await (await Hdf5File.open(probe.source)).table(tablePath);
    if (!table || !['frame', 'x', 'y'].every((name) => memberNamed(table, name))) return undefined;
    const beside = settingsBeside(probe.entry, probe.tree.entries);
    return {
      score: 0.95,
      reason: `HDF5 with a table "locs" of frame, x and y${beside ? ', with its settings beside' : ''}`,
      ...(beside ? { members: [probe.entry.path, beside.path].sort() } : {}),
    };
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    return undefined;
  }
}

/** What Picasso says of a store in the documents of its YAML: only lines `Key: value` count, the last of each key. */
async function readSettings(
  entry: FileEntry | undefined,
): Promise<{ text?: string; value(key: string): string | undefined }> {
  if (!entry || entry.size > longestSettings) return { value: () => undefined };
  const text = new TextDecoder().decode(await (await entry.open()).read(0, entry.size));
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^([A-Za-z][^:]*?)\s*:\s+(\S.*?)\s*$/.exec(line);
    if (found) values.set(found[1]!.toLowerCase(), found[2]!.replace(/^(['"])(.*)\1$/, '$2'));
  }
  return { text, value: (key) => values.get(key) };
}

/**
 * Reads the HDF5 stores of Picasso (`locs`): every fitted spot is an object, frames count from 0. Picasso keeps x, y
 * and their widths in camera pixels and z in nanometers: where the settings beside give the pixel size all positions
 * are in nanometers, else z is a column. There are no edges: spots are not followed.
 */
export const picassoStoreReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = storeOf(item);
    const settings = await readSettings(settingsBeside(entry, item.files));
    const issues = [];
    const faults: TrackFileIssueCode[] = [];
    try {
      const file = await Hdf5File.open(await entry.open(), options.signal);
      const table = await file.table(tablePath);
      if (table) {
        const plan = planOf(table, positive(settings.value('pixelsize')));
        await sink.header(headerOf(stemOf(entry.path), plan, settings));
        let [id, unplaced] = [0, 0];
        for await (const slab of file.slabs(table)) {
          const batch = batchOf(new SlabCells(table, slab), plan, id);
          for (const frame of batch.frame) if (frame < 0) unplaced++;
          await sink.objects(batch);
          id += slab.rows;
          options.onProgress?.(id / Math.max(1, table.rows));
        }
        await sink.end();
        if (unplaced > 0) faults.push('detection-without-time');
      }
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      issues.push(issueOfFault(error, item.path));
    }
    for (const code of faults)
      issues.push(trackFileIssue(code, 'some spots have a frame below 0', { where: { file: item.path } }));
    return { issues };
  },
};

function storeOf({ files }: Item): FileEntry {
  return files.find(({ path }) => !/\.ya?ml$/i.test(path)) ?? files[0]!;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

interface StorePlan {
  frame: Hdf5Member;
  x: Hdf5Member;
  y: Hdf5Member;
  z: Hdf5Member | undefined;
  /** Nanometers per pixel. */
  pixelSize: number | undefined;
  columns: { member: Hdf5Member; description: ColumnDescription }[];
}

function planOf(table: Hdf5Table, pixelSize: number | undefined): StorePlan {
  const z = memberNamed(table, 'z');
  const own = new Set(['frame', 'x', 'y', ...(pixelSize === undefined ? [] : ['z'])]);
  return {
    frame: memberNamed(table, 'frame')!,
    x: memberNamed(table, 'x')!,
    y: memberNamed(table, 'y')!,
    z: pixelSize === undefined ? undefined : z,
    pixelSize,
    columns: table.members
      .filter(({ name, kind }) => !own.has(name) && kind !== 'other' && kind !== 'string' && kind !== 'varstring')
      .map((member) => ({ member, description: described(member) })),
  };
}

function described({ name, kind }: Hdf5Member): ColumnDescription {
  const type = kind === 'float' ? 'float' : 'int';
  if (name === 'z') return { name, type, unit: 'nanometer', description: 'Height of the spot' };
  const unit = name === 'lpz' || name === 'd_zcalib' ? 'nanometer' : 'pixel';
  return { name, type, ...localizationColumn(name, unit) };
}

function headerOf(
  name: string,
  { pixelSize, z, columns }: StorePlan,
  { text, value }: Awaited<ReturnType<typeof readSettings>>,
) {
  const sizes = { x: positive(value('width')), y: positive(value('height')), t: positive(value('frames')) };
  const known = Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== undefined));
  return pointHeader(name, {
    hasZ: z !== undefined,
    spaceUnit: pixelSize === undefined ? 'pixel' : 'nanometer',
    sourceFrameBase: 0,
    objectColumns: columns.map(({ description }) => description),
    provenance: {
      software: 'Picasso',
      ...(Object.keys(known).length > 0 ? { imageSizes: known } : {}),
      ...(pixelSize === undefined ? {} : { pixelSize: { x: pixelSize, y: pixelSize } }),
      ...(text === undefined ? {} : { settings: text }),
    },
  });
}

function batchOf(cells: SlabCells, { frame, x, y, z, pixelSize = 1, columns }: StorePlan, firstId: number) {
  const frames = cells.numbers(frame);
  const scaled = (member: Hdf5Member, by: number) => {
    const values = cells.numbers(member);
    if (by !== 1) for (let row = 0; row < values.length; row++) values[row]! *= by;
    return values;
  };
  return {
    count: frames.length,
    id: Float64Array.from(frames, (_, row) => firstId + row),
    frame: Int32Array.from(frames, (value) => (Math.abs(value) < 2 ** 31 ? Math.round(value) : -1)),
    x: scaled(x, pixelSize),
    y: scaled(y, pixelSize),
    ...(z ? { z: scaled(z, 1) } : {}),
    columns: columns.map(({ member, description }): Column => ({ ...description, values: cells.numbers(member) })),
  };
}
