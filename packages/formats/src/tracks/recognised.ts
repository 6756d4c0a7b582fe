import { baseName, folderOf } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import { jsonOutline } from '../recognition/json-outline.ts';
import { bytesAt, findAscii } from '../recognition/probe.ts';
import { type TableHeader, tableHeader } from '../recognition/table-header.ts';
import { firstChild, xmlRoot } from '../recognition/xml-root.ts';
import { trackmateTableMembers } from './trackmate-table-files.ts';
import { tgmmMembers } from './tgmm-members.ts';
import { isNumberMap, lineageSet } from './lineage-sets.ts';
import { ctcFormat } from './ctc/descriptor.ts';
import { geffFormat } from './geff/descriptor.ts';
import { recogniseMatlabTracks, recognisePandasTracks } from './recognised-binary.ts';

/**
 * Tracking formats of many programs, recognised by content. Tables that name their columns are read by the column
 * mapper; the others are kept as deposited, and their readers come later.
 * Evidence for each: the first bytes, root elements and header cells its programs write.
 */

/** The header of a delimited text, `undefined` for anything else. Asked by many descriptors, so split once a probe. */
function headerOf(probe: Probe): TableHeader | undefined {
  let header = headers.get(probe);
  if (header === undefined) {
    const isTable = probe.text !== undefined && !/^\s*[<{[]/.test(probe.text);
    header = (isTable ? tableHeader(probe.text!) : undefined) ?? false;
    headers.set(probe, header);
  }
  return header || undefined;
}

const headers = new WeakMap<Probe, TableHeader | false>();

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

/** An XML format known by its root element. */
function xml(
  id: FormatDescriptor['id'],
  name: string,
  decide: (root: NonNullable<ReturnType<typeof xmlRoot>>, text: string, probe: Probe) => Recognition | undefined,
  reading?: FormatDescriptor['tracks'],
): FormatDescriptor {
  return {
    id,
    name,
    kind: 'tracks',
    extensions: ['.xml'],
    mediaTypes: ['application/xml'],
    ...(reading ? { tracks: reading } : {}),
    recognise(probe) {
      const root = probe.text === undefined ? undefined : xmlRoot(probe.text);
      return root && decide(root, probe.text!, probe);
    },
  };
}

const headed = (reason: string, score = 1): Recognition => ({ score, reason });
const has = (header: TableHeader, ...names: string[]) => names.every((name) => header.names.includes(name));

const xmlFormats: readonly FormatDescriptor[] = [
  xml(
    'trackmate-simple',
    'TrackMate simple XML',
    (root, text) =>
      root.name === 'Tracks' && (root.attributes.nTracks !== undefined || firstChild(text, root)?.name === 'particle')
        ? headed('root element Tracks with particles')
        : undefined,
    { reader: async () => (await import('./simple/particle-files.ts')).trackmateSimpleReader },
  ),
  xml(
    'isbi',
    'ISBI 2012 particle tracking challenge XML',
    (root, text) =>
      root.name === 'root' && firstChild(text, root)?.name === 'TrackContestISBI2012'
        ? headed('element TrackContestISBI2012')
        : undefined,
    { reader: async () => (await import('./simple/particle-files.ts')).isbiReader },
  ),
  xml(
    'icy-xml',
    'Icy track file',
    (root, text) => {
      if (root.name !== 'root') return undefined;
      const child = firstChild(text, root);
      return child?.name === 'trackfile' || child?.name === 'trackgroup'
        ? {
            ...headed(`element ${child.name}`),
            ...(child.attributes.version ? { version: child.attributes.version } : {}),
          }
        : undefined;
    },
    { reader: async () => (await import('./icy/xml-reader.ts')).icyXmlReader },
  ),
  xml(
    'tgmm',
    'TGMM',
    (root, text, probe) => {
      if (root.name !== 'GaussianMixtureModel' && firstChild(text, root)?.name !== 'GaussianMixtureModel')
        return undefined;
      const members = tgmmMembers(probe);
      return { ...headed('element GaussianMixtureModel'), ...(members ? { members } : {}) };
    },
    { reader: async () => (await import('./simple/tgmm.ts')).tgmmReader },
  ),
  xml('multicellds', 'MultiCellDS', (root) =>
    root.localName === 'MultiCellDS'
      ? {
          ...headed('root element MultiCellDS'),
          ...(root.attributes.version ? { version: root.attributes.version } : {}),
        }
      : undefined,
  ),
  xml('bdml', 'BDML', (root) =>
    root.localName === 'bdml'
      ? { ...headed('root element bdml'), ...(root.attributes.version ? { version: root.attributes.version } : {}) }
      : undefined,
  ),
];

const tableFormats: readonly FormatDescriptor[] = [
  table(
    'trackmate-csv',
    'TrackMate table',
    ['.csv'],
    (header, probe) => {
      const reason =
        has(header, 'track_id') && (has(header, 'position_x') || has(header, 'spot_source_id'))
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
    (header) => (has(header, 'trajectory', 'frame') ? headed('columns Trajectory and Frame') : undefined),
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
  table(
    'imaris-csv',
    'Imaris statistics table',
    ['.csv'],
    (header, _probe, text) => {
      const titled = /^\s*([^\n]+)\r?\n\s*=+\s*\r?\n/.exec(text.slice(0, 2000));
      if (titled && /(^|\n)"?[^\n]*\bUnit\b[^\n]*\bCategory\b/.test(text.slice(0, 4000)))
        return headed('title line, row of =, columns Unit and Category');
      return has(header, 'position x', 'position y', 'unit')
        ? headed('columns "Position X" and Unit', 0.95)
        : undefined;
    },
    { reader: async () => (await import('./simple/named-tables.ts')).imarisTableReader },
  ),
  table(
    'ultrack',
    'Ultrack table',
    ['.csv'],
    (header) =>
      has(header, 'track_id', 't', 'y', 'x') && (has(header, 'parent_track_id') || has(header, 'parent_id', 'id'))
        ? headed('columns track_id, t, y, x and parents', 0.95)
        : undefined,
    { reader: async () => (await import('./simple/lineage-tables.ts')).ultrackReader },
  ),
  {
    id: 'napari',
    name: 'napari tracks table',
    kind: 'tracks',
    extensions: ['.csv'],
    mediaTypes: ['text/csv'],
    async recognise(probe) {
      const header = headerOf(probe);
      const isTable = (one: TableHeader) => has(one, 'track_id', 't', 'y', 'x');
      if (header && !isTable(header)) return undefined;
      if (!header && !isNumberMap(probe.text)) return undefined;
      const members = await lineageSet(probe, isTable);
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
  table('localizations', 'Localisation table', ['.csv', '.txt'], (header) => {
    const position = header.names.some((name) => /^(x|y)[ _]?[[(]nm[\])]$/.test(name));
    const measured = header.names.some((name) => /^(sigma|intensity|uncertainty|photons|offset|bkgstd)/.test(name));
    return position && measured ? headed('positions in nm with sigma, intensity or uncertainty', 0.95) : undefined;
  }),
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

const otherFormats: readonly FormatDescriptor[] = [
  {
    id: 'mtrackj',
    name: 'MTrackJ',
    kind: 'tracks',
    extensions: ['.mdf'],
    mediaTypes: ['text/plain'],
    recognise(probe) {
      const version = /^MTrackJ (\S+) Data File/.exec(probe.text ?? '')?.[1];
      return version === undefined ? undefined : { ...headed('first line "MTrackJ ... Data File"'), version };
    },
    tracks: { reader: async () => (await import('./simple/mtrackj.ts')).mtrackjReader },
  },
  {
    id: 'immunemap',
    name: 'ImmuneMap',
    kind: 'tracks',
    extensions: ['.json'],
    mediaTypes: ['application/json'],
    recognise(probe) {
      const outline = probe.text === undefined ? undefined : jsonOutline(probe.text);
      return outline?.root === 'array' && outline.paths.has('[].points[][]') && outline.paths.has('[].id')
        ? headed('array of tracks with points')
        : undefined;
    },
    tracks: { reader: async () => (await import('./simple/immunemap.ts')).immunemapReader },
  },
  {
    id: 'btrack',
    name: 'btrack',
    kind: 'tracks',
    extensions: ['.h5', '.hdf5', '.json'],
    mediaTypes: ['application/x-hdf5', 'application/json'],
    async recognise(probe) {
      const header = headerOf(probe);
      const isTable = (one: TableHeader) =>
        has(one, 't', 'x', 'y') && (has(one, 'states', 'label') || has(one, 'root', 'generation'));
      if (header && !isTable(header)) return undefined;
      if (bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n'))
        return findAscii(probe.head, 'obj_type_1') >= 0 && findAscii(probe.head, 'tracks') >= 0
          ? headed('HDF5 with groups objects and tracks of obj_type_1', 0.95)
          : undefined;
      if (!header && !lineageGraph(probe)) return undefined;
      const members = await lineageSet(probe, isTable);
      if (members) return { ...headed('columns t, x, y with states and label, with graphs beside', 0.9), members };
      return header
        ? headed('columns t, x, y with states and label, or root and generation', 0.9)
        : headed('JSON of child tracks and their parents, beside a table', 0.7);
    },
    tracks: { reader: async () => (await import('./simple/lineage-tables.ts')).btrackTableReader },
  },
  {
    id: 'utrack',
    name: 'u-track',
    kind: 'tracks',
    extensions: ['.mat'],
    mediaTypes: ['application/x-matlab-data'],
    recognise: recogniseMatlabTracks,
  },
  {
    id: 'trackpy',
    name: 'trackpy',
    kind: 'tracks',
    extensions: ['.csv', '.h5', '.hdf5'],
    mediaTypes: ['text/csv', 'application/x-hdf5'],
    recognise(probe) {
      const header = headerOf(probe);
      if (!header) return recognisePandasTracks(probe);
      return has(header, 'particle', 'frame', 'x', 'y') ? headed('columns particle, frame, x, y', 0.9) : undefined;
    },
    tracks: { reader: async () => (await import('./named-table-readers.ts')).trackpyReader },
  },
  {
    id: 'mastodon',
    name: 'Mastodon project',
    kind: 'tracks',
    extensions: ['.mastodon'],
    mediaTypes: ['application/zip'],
    recogniseFolder(tree, folder) {
      const prefix = folder === '' ? '' : `${folder}/`;
      const paths = new Set(tree.entries.map((entry) => entry.path));
      return paths.has(`${prefix}project.xml`) && paths.has(`${prefix}model.raw`)
        ? headed('project.xml and model.raw')
        : undefined;
    },
    tracks: { reader: async () => (await import('./simple/mastodon.ts')).mastodonReader },
  },
];

/** `{ "2": [1] }`, with a table or store in the same folder: the lineage graph that btrack and napari save. */
function lineageGraph(probe: Probe): boolean {
  const text = probe.text;
  if (text === undefined || !isNumberMap(text)) return false;
  const outline = jsonOutline(text);
  if (!outline || [...outline.paths].some((path) => !/^\d+(\[\])?$/.test(path))) return false;
  const folder = folderOf(probe.entry.path);
  return probe.tree.entries.some(
    ({ path }) => folderOf(path) === folder && /\.(csv|txt|h5|hdf5|tsv)$/i.test(baseName(path)),
  );
}

/** Every recognise-only descriptor of the tracks room. */
export const recognisedTrackFormats: readonly FormatDescriptor[] = [
  ...xmlFormats,
  ...tableFormats,
  ...otherFormats,
  ctcFormat,
  geffFormat,
];
