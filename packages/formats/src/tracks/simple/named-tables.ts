import { type Issue, parseSpaceUnit } from '@micrarium/model';
import { baseName } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { type DelimitedHead, delimitedReader, readDelimitedHead } from '../../tables/delimited/read-delimited.ts';
import { namingSoftware } from '../naming-software.ts';
import { trackFileIssue } from '../track-file-issues.ts';
import type { ColumnMapping, TrackReader } from '../track-reader.ts';
import { joiningStatistics, readStatistics } from './imaris-statistics.ts';

/** A reader of tables whose columns are known by name: the mapper of delimited tables does the rest. */
function namedTable(software: string, mappingOf: (head: DelimitedHead) => ColumnMapping | undefined): TrackReader {
  return {
    async stream(item, sink, options = {}) {
      const head = options.mapping ? undefined : await readDelimitedHead(item, options);
      const mapping = options.mapping ?? (head && mappingOf(head));
      return delimitedReader.stream(item, namingSoftware(sink, software), mapping ? { ...options, mapping } : options);
    },
  };
}

const finder = (head: DelimitedHead) => (pattern: RegExp) => head.columns.find(({ name }) => pattern.test(name))?.name;

/** Only the roles that were found. */
function found(roles: Record<string, string | undefined>): ColumnMapping {
  return Object.fromEntries(Object.entries(roles).filter(([, name]) => name !== undefined));
}

/** Manual Tracking of ImageJ: pixels, slices from 1. */
export const manualTrackingReader: TrackReader = namedTable('Manual Tracking', (head) => {
  const find = finder(head);
  return {
    ...found({ x: find(/^x$/i), y: find(/^y$/i), frame: find(/^slice n/i), track: find(/^track n/i) }),
    spaceUnit: 'pixel',
    frameBase: 1,
  };
});

/**
 * Statistics of Imaris: the table of positions holds the objects, and the tables beside it their values. Times are
 * indices from 1, positions in the unit that stands in the rows; the track column is `TrackID`, in old files `Parent`.
 */
export const imarisTableReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const positions = item.files.length > 1 ? item.files.find(({ path }) => /Position\.csv$/i.test(path)) : undefined;
    if (!positions || options.mapping) return imarisPositions.stream(item, sink, options);
    const table: Item = { ...item, files: [positions], tree: { name: item.tree.name, entries: [positions] } };
    if (options.graphOnly) return imarisPositions.stream(table, sink, options);
    const issues: Issue[] = [];
    const warn = (file: string, reason: string) =>
      issues.push(
        trackFileIssue('statistic-not-joined', `${baseName(file)} is left out: ${reason}`, { where: { file } }),
      );
    const others = item.files.filter((file) => file !== positions);
    const statistics = await readStatistics(others, warn, options.signal);
    const read = await imarisPositions.stream(table, joiningStatistics(sink, statistics), options);
    return { issues: [...read.issues, ...issues] };
  },
};

const imarisPositions: TrackReader = namedTable('Imaris', (head) => {
  const find = finder(head);
  const x = find(/^position x$/i);
  const y = find(/^position y$/i);
  if (x === undefined || y === undefined) return undefined;
  const unitAt = head.columns.findIndex(({ name }) => /^unit$/i.test(name));
  const unit = parseSpaceUnit(head.sample[0]?.[unitAt] ?? '');
  return {
    ...found({
      x,
      y,
      z: find(/^position z$/i),
      frame: find(/^time$/i),
      track: find(/^trackid$/i) ?? find(/^parent$/i),
      objectId: find(/^id$/i),
    }),
    ...(unit ? { spaceUnit: unit } : {}),
    frameBase: 1,
  };
});
