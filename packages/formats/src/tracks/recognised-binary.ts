import { Hdf5Fault } from '../containers/hdf5/fault.ts';
import type { Probe, Recognition } from '../recognition/descriptor.ts';
import { firstInflated } from '../recognition/first-inflated.ts';
import { bytesAt, findAscii } from '../recognition/probe.ts';

const inflatedBytes = 4096;

/** u-track: a MATLAB file (version 5, or 7.3 on HDF5) with the variable `tracksFinal`. */
export async function recogniseMatlabTracks(probe: Probe): Promise<Recognition | undefined> {
  const { head } = probe;
  const found: Recognition = { score: 1, reason: 'MATLAB file with the variable tracksFinal' };
  if (bytesAt(head, 0, 'MATLAB 7.3 MAT-file')) {
    if (findAscii(head, 'tracksFinal') >= 0) return found;
    const { openHdf5 } = await import('../containers/hdf5/open-hdf5.ts');
    const named = await openHdf5(probe.source)
      .then((file) => file.root.child('tracksFinal'))
      .catch((error: unknown) => {
        // A damaged file is not of this format; that it is damaged, the reader of HDF5 says.
        if (error instanceof Error && error.name === 'Hdf5Fault') return undefined;
        throw error;
      });
    return named && found;
  }
  if (!bytesAt(head, 0, 'MATLAB 5.0 MAT-file')) return undefined;
  if (findAscii(head, 'tracksFinal') >= 0) return found;
  // Variables are usually packed one by one: element type 15, length, zlib stream; its first bytes hold the name.
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const little = head[126] === 0x49;
  for (let at = 128, seen = 0; at + 8 <= head.length && seen < 50; seen++) {
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (type === 15) {
      const start = await firstInflated(
        head.subarray(at + 8, Math.min(head.length, at + 8 + length)),
        'deflate',
        inflatedBytes,
      );
      if (findAscii(start, 'tracksFinal') >= 0) return found;
    }
    at += 8 + length;
  }
  return undefined;
}

/**
 * A pandas store that trackpy wrote: tables `Frame_0`, `Frame_1`... of one frame each, or one with the columns that its
 * linking adds. Other stores of pandas are not ours to name.
 */
export async function recognisePandasTracks(probe: Probe): Promise<Recognition | undefined> {
  if (!bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return undefined;
  const { openHdf5 } = await import('../containers/hdf5/open-hdf5.ts');
  const { isPositions, storedFrame } = await import('./pandas-store/frames.ts');
  try {
    const file = await openHdf5(probe.source);
    const isPyTables = (await file.root.attribute('PYTABLES_FORMAT_VERSION')) !== undefined;
    const names = isPyTables ? (await file.root.links()).map(({ name }) => name) : [];
    // Names that say it first, then a few others.
    names.sort((a, b) => Number(b.startsWith('Frame')) - Number(a.startsWith('Frame')));
    for (const name of names.slice(0, 8)) {
      const group = await file.root.child(name);
      const frame = group && (await storedFrame(group, name));
      if (!frame || !isPositions(frame)) continue;
      const isLinked = frame.columns.some((column) => column.name === 'particle');
      if (/^Frame_\d+$/.test(name)) return { score: 0.95, reason: 'pandas store with tables Frame_*' };
      if (isLinked) return { score: 0.95, reason: `pandas store with the columns x, y, frame, particle in ${name}` };
    }
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
  }
  return undefined;
}

/** A store of btrack: groups `objects/obj_type_1` and mostly `tracks/obj_type_1`. */
export async function recogniseBtrackStore(probe: Probe): Promise<Recognition | undefined> {
  if (!bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return undefined;
  const { openHdf5 } = await import('../containers/hdf5/open-hdf5.ts');
  try {
    const file = await openHdf5(probe.source);
    const kinds = (await (await file.node('/objects'))?.links()) ?? [];
    const kind = kinds.find(({ name }) => name.startsWith('obj_type_'))?.name;
    if (kind === undefined || !(await file.node(`/objects/${kind}/coords`))) return undefined;
    const reason = (await file.node(`/tracks/${kind}`)) ? `objects and tracks of ${kind}` : `objects of ${kind}`;
    return { score: 0.95, reason: `HDF5 with ${reason}` };
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    return undefined;
  }
}

/** A database of ultrack: SQLite with the table `nodes`, whose segments are selected and have parents. */
export async function recogniseUltrackDatabase(probe: Probe): Promise<Recognition | undefined> {
  if (!bytesAt(probe.head, 0, 'SQLite format 3\0')) return undefined;
  const { openSqliteTable } = await import('../containers/sqlite/open-sqlite.ts');
  try {
    const columns = (await openSqliteTable(probe.source, 'nodes'))?.columns.map(({ name }) => name);
    const isUltrack = ['t', 'id', 'parent_id', 'x', 'y', 'selected'].every((name) => columns?.includes(name));
    return isUltrack ? { score: 1, reason: 'SQLite with the table nodes of ultrack' } : undefined;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SqliteFault')) throw error;
    return undefined;
  }
}
