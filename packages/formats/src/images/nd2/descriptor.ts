import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** Nikon ND2. */
export const nd2Format: FormatDescriptor = {
  id: 'nd2',
  name: 'Nikon ND2',
  kind: 'image',
  extensions: ['.nd2'],
  mediaTypes: ['image/x-nikon-nd2'],
  recognise({ head, entry }) {
    if (bytesAt(head, 0, [0xda, 0xce, 0xbe, 0x0a])) return { score: 1, reason: 'first bytes DA CE BE 0A' };
    return bytesAt(head, 0, [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20]) && /\.nd2$/i.test(entry.path)
      ? { score: 0.9, reason: 'JPEG 2000 container named .nd2', version: 'before 2009' }
      : undefined;
  },
  images: { reader: async () => (await import('./reader.ts')).nd2Reader },
};
