import type { ColumnDescription } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { delimitedReader, readDelimitedHead } from '../../tables/delimited/read-delimited.ts';
import type { Item } from '../../recognition/item.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { unseen } from '../track-file-issues.ts';
import type { ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';
import {
  localizationColumn,
  localizationMapping,
  localizationProgram,
  rapidStormStart,
  zenStart,
} from './localization-columns.ts';

/**
 * Reads tables of localisation microscopy, and the HDF5 stores of Picasso: every fitted spot is an object, with its uncertainty, width and photons as
 * columns that say what they are. There are no edges: the table does not follow spots.
 */
export const localizationReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const start = await startOf(item);
    if (bytesAt(start, 0, '\x89HDF\r\n\x1a\n'))
      return (await import('./picasso-store.ts')).picassoStoreReader.stream(item, sink, options);
    if (bytesAt(start, 0, rapidStormStart) && !options.mapping)
      return (await import('./rapid-storm.ts')).rapidStormReader.stream(item, sink, options);
    if (bytesAt(start, 0, zenStart)) return streamTable(await withoutFooter(item), sink, options);
    return streamTable(item, sink, options);
  },
};

async function streamTable(item: Item, sink: TrackSink, options: ReadOptions): ReturnType<TrackReader['stream']> {
  const head = options.mapping ? undefined : await readDelimitedHead(item, options);
  const header = head?.columns.map(({ name }) => name) ?? [];
  const program = localizationProgram(header.map((name) => name.trim().toLowerCase()));
  if (!program) return delimitedReader.stream(item, sink, options);
  const mapping = localizationMapping(program, header);
  const describe = <One extends ColumnDescription>(column: One): One => {
    const known = localizationColumn(column.name, program.unit);
    return known ? { ...column, ...known, ...(column.unit ? { unit: column.unit } : {}) } : column;
  };
  const { issues } = await delimitedReader.stream(item, describing(sink, program.name, describe), {
    ...options,
    mapping,
  });
  // Spots are not followed, so that no column names tracks is nothing to find fault with.
  return {
    issues: [
      ...issues.filter(({ code }) => code !== 'no-track-column'),
      ...(program.isSeen ? [] : [unseen(item.path, `${program.name} localisations`)]),
    ],
  };
}

async function startOf({ files }: Item): Promise<Uint8Array> {
  const entry = files.find(({ path }) => !/\.ya?ml$/i.test(path)) ?? files[0]!;
  return (await entry.open()).read(0, Math.min(entry.size, 64));
}

/** ZEN's table ends at a NUL byte; sizes of the image and regions follow, which are no rows. */
async function withoutFooter(item: Item): Promise<Item> {
  const entry = item.files[0]!;
  const source = await entry.open();
  const from = Math.max(0, source.size - 65_536);
  const found = (await source.read(from, source.size - from)).indexOf(0);
  if (found < 0) return item;
  const size = from + found;
  const read: ByteSource['read'] = (offset, length, signal) =>
    source.read(offset, Math.max(0, Math.min(length, size - offset)), signal);
  const table: FileEntry = { ...entry, size, open: async () => ({ name: source.name, size, read }) };
  return { ...item, files: [table], tree: { name: item.tree.name, entries: [table] } };
}

/** Hands a set on with its columns described, and the program that made it named. */
export function describing(
  sink: TrackSink,
  software: string,
  describe: <One extends ColumnDescription>(column: One) => One,
): TrackSink {
  return {
    header: (header) =>
      sink.header({
        ...header,
        objectColumns: header.objectColumns.map(describe),
        provenance: { ...header.provenance, software },
      }),
    objects: (batch) => sink.objects({ ...batch, columns: batch.columns.map(describe) }),
    edges: (batch) => sink.edges(batch),
    end: () => sink.end(),
  };
}
