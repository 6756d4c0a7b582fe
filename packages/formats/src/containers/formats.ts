import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { recognisedContainerFormats } from './recognised.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const containersFormats: readonly FormatDescriptor[] = [
  {
    id: 'zip',
    name: 'Zip archive',
    kind: 'unknown',
    extensions: ['.zip'],
    mediaTypes: ['application/zip'],
    recognise({ head }) {
      // Local header, or the end record of an empty archive. What an archive holds says more than that it is one.
      const archive =
        head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
      return archive ? { score: 0.2, reason: 'begins as a zip archive does (PK)' } : undefined;
    },
  },
  ...recognisedContainerFormats,
];
