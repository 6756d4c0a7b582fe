import { isInTree } from '../../bytes/file-tree.ts';
import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { dvLogNames } from './log.ts';

/** DeltaVision. */
export const dvFormat: FormatDescriptor = {
  id: 'dv',
  name: 'DeltaVision',
  kind: 'image',
  extensions: ['.dv', '.r3d'],
  mediaTypes: ['image/x-deltavision'],
  recognise: ({ head, entry, tree }) => {
    if (head.length < 1024 || !(bytesAt(head, 96, [0xa0, 0xc0]) || bytesAt(head, 96, [0xc0, 0xa0]))) return undefined;
    // The log of the microscope tells the date, the camera and the filters.
    const log = dvLogNames(entry.path).find((path) => path !== entry.path && isInTree(tree, path));
    const members = log === undefined ? {} : { members: [entry.path, log].sort() };
    return { score: 1, reason: 'mark C0A0 at byte 96', ...members };
  },
  images: { reader: async () => (await import('./reader.ts')).dvReader },
};
