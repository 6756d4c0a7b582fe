import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** DeltaVision. */
export const dvFormat: FormatDescriptor = {
  id: 'dv',
  name: 'DeltaVision',
  kind: 'image',
  extensions: ['.dv', '.r3d'],
  mediaTypes: ['image/x-deltavision'],
  recognise: ({ head }) =>
    head.length >= 1024 && (bytesAt(head, 96, [0xa0, 0xc0]) || bytesAt(head, 96, [0xc0, 0xa0]))
      ? { score: 1, reason: 'mark C0A0 at byte 96' }
      : undefined,
  images: { reader: async () => (await import('./reader.ts')).dvReader },
};
