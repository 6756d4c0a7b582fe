import { baseName, folderOf } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Probe } from '../recognition/descriptor.ts';
import { jsonOutline } from '../recognition/json-outline.ts';
import { bytesAt } from '../recognition/probe.ts';
import { type TableHeader, tableHeader } from '../recognition/table-header.ts';
import { ctcFormat } from './ctc/descriptor.ts';
import { geffFormat } from './geff/descriptor.ts';
import { isNumberMap, lineageSet } from './lineage-sets.ts';
import { recogniseBtrackStore, recogniseMatlabTracks, recognisePandasTracks } from './recognised-binary.ts';
import { has, headed, headerOf } from './recognised-parts.ts';
import { tableTrackFormats } from './recognised-tables.ts';
import { xmlTrackFormats } from './recognised-xml.ts';

/**
 * Tracking formats that are neither XML nor plain tables, recognised by content. Evidence for each: the first bytes,
 * keys and names its programs write.
 */
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
    tracks: {
      reader: async () => (await import('./simple/mtrackj.ts')).mtrackjReader,
      writer: async () => (await import('./simple/mtrackj-writer.ts')).mtrackjWriter,
    },
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
    extensions: ['.h5', '.hdf5', '.json', '.csv'],
    mediaTypes: ['application/x-hdf5', 'application/json', 'text/csv'],
    async recognise(probe) {
      const header = headerOf(probe);
      // A napari table may have such columns as features.
      const isTable = (one: TableHeader) =>
        !(one.names[0] === 'track_id' && one.names[1] === 't') &&
        has(one, 't', 'x', 'y') &&
        (has(one, 'states', 'label') || has(one, 'root', 'generation'));
      if (header && !isTable(header)) return undefined;
      if (bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return recogniseBtrackStore(probe);
      if (!header && !lineageGraph(probe)) return undefined;
      const members = await lineageSet(probe, isTable);
      // Parents of tracks say nothing of a table that names no tracks, unless a map of its rows lies beside as well.
      const isWhole = members && (members.length > 2 || (await namesTracks(probe, members)));
      if (isWhole) return { ...headed('columns t, x, y with states and label, with graphs beside', 0.9), members };
      return header
        ? headed('columns t, x, y with states and label, or root and generation', 0.9)
        : headed('JSON of child tracks and their parents, beside a table', 0.7);
    },
    tracks: {
      reader: async () => (await import('./simple/lineage-tables.ts')).btrackTableReader,
      writer: async () => (await import('./btrack-store/writer.ts')).btrackStoreWriter,
    },
  },
  {
    id: 'utrack',
    name: 'u-track',
    kind: 'tracks',
    extensions: ['.mat'],
    mediaTypes: ['application/x-matlab-data'],
    recognise: recogniseMatlabTracks,
    tracks: { reader: async () => (await import('./utrack/reader.ts')).utrackReader },
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

/** Has the table among the members of a set a column that says to which track its rows belong? */
async function namesTracks(probe: Probe, members: readonly string[]): Promise<boolean> {
  const table = probe.tree.entries.find(({ path }) => members.includes(path) && !/\.json$/i.test(path));
  if (!table) return false;
  const head = await (await table.open()).read(0, Math.min(4096, table.size));
  const header = tableHeader(new TextDecoder('latin1').decode(head));
  return header !== undefined && (has(header, 'track_id') || has(header, 'id'));
}

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

/** Tracking formats whose recognisers are small enough to stand together; readers arrive when asked for. */
export const recognisedTrackFormats: readonly FormatDescriptor[] = [
  ...xmlTrackFormats,
  ...tableTrackFormats,
  ...otherFormats,
  ctcFormat,
  geffFormat,
];
