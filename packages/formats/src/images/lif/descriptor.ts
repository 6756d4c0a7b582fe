import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** Leica LIF. */
export const lifFormat: FormatDescriptor = {
  id: 'lif',
  name: 'Leica LIF',
  kind: 'image',
  extensions: ['.lif', '.lof'],
  mediaTypes: ['image/x-leica-lif'],
  recognise: ({ head }) =>
    bytesAt(head, 0, [0x70, 0, 0, 0]) && head[8] === 0x2a
      ? { score: 1, reason: 'block mark 0x70 and 0x2A' }
      : undefined,
  images: { reader: async () => (await import('./reader.ts')).lifReader },
};
