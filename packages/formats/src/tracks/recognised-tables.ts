import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import { bytesAt } from '../recognition/probe.ts';
import type { TableHeader } from '../recognition/table-header.ts';
import { imarisMembers, isImarisStatistic } from './imaris-statistics-files.ts';
import { isNumberMap, lineageSet } from './lineage-sets.ts';
import { recogniseUltrackDatabase } from './recognised-binary.ts';
import { has, headed, headerOf, isNapariTable, startsAsNapari } from './recognised-parts.ts';
import { localizationProgram, rapidStormStart, zenStart } from './simple/localization-columns.ts';
import { trackmateTableMembers } from './trackmate-table-files.ts';

/** A table known by the names in its header line. */
function table(
  id: FormatDescriptor['id'],
  name: string,
  extensions: readonly string[],
  decide: (header: TableHeader, probe: Probe, text: string) => Recognition | undefined,
  reading?: FormatDescriptor['tracks'],
): FormatDescriptor {
  return {
    id,
    name,
    kind: 'tracks',
    extensions,
    mediaTypes: ['text/csv'],
    ...(reading ? { tracks: reading } : {}),
    recognise(probe) {
      const header = headerOf(probe);
      return header && decide(header, probe, probe.text!);
    },
  };
}

/**
 * Tables whose columns say everything are read by the column mapper, with what it finds in the header; compared with
 * the numbers of the real files in `tests/files/delimited.test.ts`.
 */
const byColumns: NonNullable<FormatDescriptor['tracks']> = {
  reader: async () => (await import('../tables/delimited/read-delimited.ts')).delimitedReader,
};

/** Other programs took over TrackMate's names for track and position; only its own tables say these of a spot as well. */
const isOfSpots = ({ names }: TableHeader) =>
  ['quality', 'radius', 'visibility', 'label'].some((one) => names.includes(one));

/** Tables of tracking programs, known by the names in their header. */
export const tableTrackFormats: readonly FormatDescriptor[] = [
  table(
    'trackmate-csv',
    'TrackMate table',
    ['.csv'],
    (header, probe) => {
      const reason =
        has(header, 'track_id') && ((has(header, 'position_x') && isOfSpots(header)) || has(header, 'spot_source_id'))
          ? 'columns TRACK_ID and POSITION_X or SPOT_SOURCE_ID'
          : has(header, 'label', 'number_spots', 'track_id')
            ? 'columns of the TrackMate tracks table'
            : undefined;
      const members = reason && trackmateTableMembers(probe);
      return reason ? { ...headed(reason), ...(members ? { members } : {}) } : undefined;
    },
    { reader: async () => (await import('./simple/trackmate-tables.ts')).trackmateTableReader },
  ),
  table(
    'cellprofiler',
    'CellProfiler object table',
    ['.csv'],
    (header) => {
      const tracked = header.names.find((name) => name.includes('trackobjects_label'));
      if (tracked) return headed(`column ${tracked}`);
      return header.names[0] === 'imagenumber' && has(header, 'objectnumber')
        ? headed('columns ImageNumber and ObjectNumber', 0.95)
        : undefined;
    },
    { reader: async () => (await import('./cellprofiler/reader.ts')).cellprofilerReader },
  ),
  table(
    'cellmia',
    'CELLMIA',
    ['.txt'],
    (header) => (has(header, 'id of track', 'cell row') ? headed('columns "ID of track" and "cell row"') : undefined),
    byColumns,
  ),
  table(
    'mosaic',
    'MOSAIC ParticleTracker',
    ['.csv', '.txt'],
    (header) =>
      has(header, 'trajectory', 'frame', 'x', 'y') &&
      (header.names.length <= 6 || header.names.some((name) => /^(m0|npscore|score)$/.test(name)))
        ? headed('columns Trajectory and Frame')
        : undefined,
    byColumns,
  ),
  table(
    'padtrack',
    'PADtrack',
    ['.txt'],
    (header) =>
      has(header, 'patch trace id') || has(header, 'roi trace id')
        ? headed('column "patch trace ID" or "ROI trace ID"')
        : undefined,
    byColumns,
  ),
  table(
    'essen',
    'Essen track table',
    ['.csv'],
    (header) =>
      has(header, 'line', 'track n', 'time sample n') ? headed('columns "Track N" and "Time Sample N"') : undefined,
    byColumns,
  ),
  table(
    'vib',
    'VIB migration toolbox',
    ['.csv'],
    (header) => (has(header, 'frameid', 'track_no') ? headed('columns frameID and track_no') : undefined),
    byColumns,
  ),
  {
    id: 'imaris-csv',
    name: 'Imaris statistics table',
    kind: 'tracks',
    extensions: ['.csv'],
    mediaTypes: ['text/csv'],
    async recognise(probe) {
      const header = headerOf(probe);
      if (!header) return undefined;
      const found = isImarisStatistic(probe.text!)
        ? headed('title line, row of =, columns Unit and Category')
        : has(header, 'position x', 'position y', 'unit')
          ? headed('columns "Position X" and Unit', 0.95)
          : undefined;
      const members = found && (await imarisMembers(probe));
      return members ? { ...found, members } : found;
    },
    tracks: { reader: async () => (await import('./simple/named-tables.ts')).imarisTableReader },
  },
  {
    id: 'ultrack',
    name: 'Ultrack',
    kind: 'tracks',
    extensions: ['.csv', '.db'],
    mediaTypes: ['text/csv', 'application/vnd.sqlite3'],
    recognise(probe) {
      const header = headerOf(probe, true);
      if (!header) return recogniseUltrackDatabase(probe);
      return has(header, 'track_id', 't', 'y', 'x') &&
        (has(header, 'parent_track_id') || has(header, 'parent_id', 'id'))
        ? headed('columns track_id, t, y, x and parents', 0.95)
        : undefined;
    },
    tracks: { reader: async () => (await import('./simple/lineage-tables.ts')).ultrackReader },
  },
  {
    id: 'napari',
    name: 'napari tracks table',
    kind: 'tracks',
    extensions: ['.csv'],
    mediaTypes: ['text/csv'],
    async recognise(probe) {
      const header = headerOf(probe, true);
      if (header && !startsAsNapari(probe) && !isNapariTable(header)) return undefined;
      if (!header && !isNumberMap(probe.text)) return undefined;
      const members = await lineageSet(probe, isNapariTable);
      if (members) return { ...headed('columns track_id, t, y, x, with graphs of parents', 0.9), members };
      return header && headed('columns track_id, t, y, x', 0.9);
    },
    tracks: {
      reader: async () => (await import('./simple/lineage-tables.ts')).napariReader,
      writer: async () => (await import('./napari/writer.ts')).napariWriter,
    },
  },
  table('celltrackr', 'celltrackR table', ['.csv', '.txt'], (header, probe) => celltrackr(header, probe), {
    reader: async () => (await import('./named-table-readers.ts')).celltrackrReader,
  }),
  {
    id: 'localizations',
    name: 'Localisation table',
    kind: 'tracks',
    extensions: ['.csv', '.txt', '.tsv', '.hdf5', '.h5'],
    mediaTypes: ['text/csv', 'application/x-hdf5'],
    async recognise(probe) {
      if (bytesAt(probe.head, 0, rapidStormStart))
        return headed('first line "# <localizations", as rapidSTORM writes it');
      if (bytesAt(probe.head, 0, zenStart)) return headed('columns of fitted spots as ZEN writes them', 0.95);
      const header = headerOf(probe);
      if (!header)
        return bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')
          ? (await import('./simple/picasso-store.ts')).recognisePicassoStore(probe)
          : undefined;
      const program = localizationProgram(header.names);
      return program && headed(`columns of fitted spots as ${program.name} writes them`, 0.95);
    },
    tracks: { reader: async () => (await import('./simple/localizations.ts')).localizationReader },
  },
  table(
    'manual-tracking',
    'Manual Tracking (ImageJ)',
    ['.csv', '.xls', '.txt'],
    (header) =>
      header.names.some((name) => /^track n[°ºo�]?$/.test(name)) &&
      has(header, 'x', 'y') &&
      header.names.some((name) => name.startsWith('slice n'))
        ? headed('columns "Track n°" and "Slice n°"')
        : undefined,
    { reader: async () => (await import('./simple/named-tables.ts')).manualTrackingReader },
  ),
];

/** `id,t,x,y[,z]`; tracks split by blank lines without ids; or whitespace with row number, id, t and position. */
function celltrackr(header: TableHeader, probe: Probe): Recognition | undefined {
  const names = header.names.join(',');
  if (/^id,t,x,y(,z)?$/.test(names)) return headed('columns id, t, x, y', 0.9);
  const text = probe.text ?? '';
  if (/^t,x,y(,z)?$/.test(names) && /\n[ \t]*\r?\n[^\n]*\d/.test(text))
    return headed('columns t, x, y with tracks separated by blank lines', 0.85);
  const lines = text.split(/\r?\n/, 21).slice(0, 20);
  if (lines.length < 3) return undefined;
  const numbers = lines.map((line) => (/^[-+.\deE \t]+$/.test(line) ? line.trim().split(/[ \t]+/) : []));
  const whole = (value: string | undefined) => value !== undefined && /^\d+$/.test(value);
  const rows = numbers.slice(0, -1);
  const fits = rows.every((row) => row.length >= 5 && row.length <= 6 && whole(row[0]) && whole(row[1]));
  const counted = rows.every((row, i) => i === 0 || Number(row[0]) === Number(rows[i - 1]![0]) + 1);
  const rising = rows.every(
    (row, i) => i === 0 || row[1] !== rows[i - 1]![1] || Number(row[2]) > Number(rows[i - 1]![2]),
  );
  return fits && counted && rising ? headed('lines of row number, track id, rising time and position', 0.8) : undefined;
}
