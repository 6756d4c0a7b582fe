import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** MRC and CCP4 maps of electron microscopy. */
export const mrcFormat: FormatDescriptor = {
  id: 'mrc',
  name: 'MRC/CCP4 map',
  kind: 'image',
  extensions: ['.mrc', '.map', '.ccp4', '.rec', '.st'],
  mediaTypes: ['image/x-mrc'],
  recognise: ({ head }) =>
    bytesAt(head, 208, 'MAP ') || bytesAt(head, 208, 'MAP\0') ? { score: 1, reason: 'MAP at byte 208' } : undefined,
  images: { reader: async () => (await import('./reader.ts')).mrcReader },
};
