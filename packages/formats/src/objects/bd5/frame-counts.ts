import type { ByteSource } from '../../bytes/byte-source.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import { Hdf5File, type Hdf5Table } from './hdf5-reader.ts';
import { kindTable, readStructure } from './structure.ts';

/** How many objects there are in a time group, by kind. */
export interface Bd5FrameCount {
  /** Zero-based frame. */
  frame: number;
  /** Name of the kind, as objectDef has it. */
  kind: string;
  objects: number;
}

/**
 * Counts the objects of each kind in each time group. Of circles and spheres only the headers of tables are read, of
 * others the IDs, whose rows are vertices.
 * @throws Hdf5Fault where the file cannot be read
 */
export async function bd5FrameCounts(source: ByteSource, signal?: AbortSignal): Promise<Bd5FrameCount[]> {
  const file = await Hdf5File.open(source, signal);
  const { frames, kinds } = await readStructure(file);
  const counts: Bd5FrameCount[] = [];
  const isRound = new Map<string, boolean>();
  for (const frame of frames)
    for (const id of frame.kinds) {
      signal?.throwIfAborted();
      const table = await kindTable(file, frame, 'object', id, new IssueTally());
      if (!table) continue;
      if (!isRound.has(id) && table.rows > 0) isRound.set(id, await holdsRound(file, table));
      const objects = isRound.get(id) ? table.rows : await countIds(file, table);
      counts.push({ frame: frame.frame, kind: kinds.find((kind) => kind.id === id)?.name ?? id, objects });
    }
  return counts;
}

async function holdsRound(file: Hdf5File, table: Hdf5Table): Promise<boolean> {
  const member = memberNamed(table, 'entity');
  if (!member) return false;
  for await (const slab of file.slabs(table)) {
    const entity = new SlabCells(table, slab).text(member, 0);
    return entity === 'circle' || entity === 'sphere';
  }
  return false;
}

/** Runs of equal IDs. */
async function countIds(file: Hdf5File, table: Hdf5Table): Promise<number> {
  const member = memberNamed(table, 'ID')!;
  let count = 0;
  let last: string | undefined;
  for await (const slab of file.slabs(table))
    for (const id of new SlabCells(table, slab).texts(member)) {
      if (id !== last) count++;
      last = id;
    }
  return count;
}
