import { parseSpaceUnit } from '@micrarium/model';
import { type DelimitedHead, delimitedReader, readDelimitedHead } from '../../tables/delimited/read-delimited.ts';
import { namingSoftware } from '../naming-software.ts';
import type { ColumnMapping, TrackReader } from '../track-reader.ts';

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
 * Statistics of Imaris: only the table of positions holds objects. Times are indices from 1, positions in the unit that
 * stands in the rows; the track column is `TrackID`, in old files `Parent`.
 */
export const imarisTableReader: TrackReader = namedTable('Imaris', (head) => {
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
