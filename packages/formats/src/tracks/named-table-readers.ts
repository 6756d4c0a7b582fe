import type { Item } from '../recognition/item.ts';
import { bytesAt } from '../recognition/probe.ts';
import { delimitedReader } from '../tables/delimited/read-delimited.ts';
import { unseen } from './track-file-issues.ts';
import type { ColumnMapping, TrackReader } from './track-reader.ts';

async function headOf(item: Item): Promise<Uint8Array> {
  const entry = item.files[0]!;
  return (await entry.open()).read(0, Math.min(entry.size, 4096));
}

/** celltrackR: the table without a header has row number, track, time, x, y and maybe z; the others name their columns. */
export const celltrackrReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const first = new TextDecoder('latin1').decode(await headOf(item)).split(/\r?\n/, 1)[0]!;
    const cells = first.trim().split(/[ \t]+/);
    const isBare = cells.length >= 5 && cells.every((cell) => Number.isFinite(Number(cell)));
    const mapping: ColumnMapping = {
      track: '#2',
      time: '#3',
      x: '#4',
      y: '#5',
      ...(cells.length > 5 ? { z: '#6' } : {}),
    };
    return delimitedReader.stream(item, sink, isBare && !options.mapping ? { ...options, mapping } : options);
  },
};

/** trackpy: tables by their columns, and its stores. */
export const trackpyReader: TrackReader = {
  async stream(item, sink, options) {
    if (bytesAt(await headOf(item), 0, '\x89HDF'))
      return (await import('./pandas-store/reader.ts')).trackpyStoreReader.stream(item, sink, options);
    const { issues } = await delimitedReader.stream(item, sink, options);
    return { issues: [...issues, unseen(item.path, 'trackpy')] };
  },
};
