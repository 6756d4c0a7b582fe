import { isInTree } from '../../bytes/file-tree.ts';
import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { dvLogNames } from './log.ts';

/** Widest and highest image, and most sections, that a header is believed to state. */
const mostPixels = 2 ** 20;
const mostSections = 2 ** 28;
/** Highest number of a kind of pixel. */
const lastMode = 7;

/** The mark is of two bytes only, which one file in 32,000 has by chance: width, height, sections, mode and length of the further header must make sense too. */
function isHeader(head: Uint8Array): boolean {
  const isLittle = bytesAt(head, 96, [0xa0, 0xc0]);
  if (head.length < 1024 || !(isLittle || bytesAt(head, 96, [0xc0, 0xa0]))) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const within = (at: number, least: number, most: number) => {
    const value = view.getInt32(at, isLittle);
    return value >= least && value <= most;
  };
  return (
    within(0, 1, mostPixels) &&
    within(4, 1, mostPixels) &&
    within(8, 1, mostSections) &&
    within(12, 0, lastMode) &&
    within(92, 0, 2 ** 31 - 1)
  );
}

/** DeltaVision. */
export const dvFormat: FormatDescriptor = {
  id: 'dv',
  name: 'DeltaVision',
  kind: 'image',
  extensions: ['.dv', '.r3d'],
  mediaTypes: ['image/x-deltavision'],
  recognise: ({ head, entry, tree }) => {
    if (!isHeader(head)) return undefined;
    // The log of the microscope tells the date, the camera and the filters.
    const log = dvLogNames(entry.path).find((path) => path !== entry.path && isInTree(tree, path));
    const members = log === undefined ? {} : { members: [entry.path, log].sort() };
    return { score: 1, reason: 'mark C0A0 at byte 96', ...members };
  },
  images: { reader: async () => (await import('./reader.ts')).dvReader },
};
