import type { ColumnDescription } from '@micrarium/model';
import { delimitedReader, readDelimitedHead } from '../../tables/delimited/read-delimited.ts';
import type { Item } from '../../recognition/item.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { unseen } from '../track-file-issues.ts';
import type { TrackReader, TrackSink } from '../track-reader.ts';
import { localizationColumn, localizationMapping, localizationProgram } from './localization-columns.ts';

/**
 * Reads tables of localisation microscopy, and the HDF5 stores of Picasso: every fitted spot is an object, with its uncertainty, width and photons as
 * columns that say what they are. There are no edges: the table does not follow spots.
 */
export const localizationReader: TrackReader = {
  async stream(item, sink, options = {}) {
    if (await isStore(item)) return (await import('./picasso-store.ts')).picassoStoreReader.stream(item, sink, options);
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
        unseen(item.path, `${program.name} localisations`),
      ],
    };
  },
};

async function isStore({ files }: Item): Promise<boolean> {
  const entry = files.find(({ path }) => !/\.ya?ml$/i.test(path)) ?? files[0]!;
  return bytesAt(await (await entry.open()).read(0, Math.min(entry.size, 8)), 0, '\x89HDF\r\n\x1a\n');
}

/** Hands a set on with its columns described. */
function describing(
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
