import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { recogniseTiffKind } from '../recognised-tiff.ts';

/** Zeiss LSM: a TIFF of a confocal microscope. */
export const lsmFormat: FormatDescriptor = {
  id: 'lsm',
  name: 'Zeiss LSM',
  kind: 'image',
  extensions: ['.lsm'],
  mediaTypes: ['image/tiff'],
  recognise: recogniseTiffKind('lsm'),
  images: { reader: async () => (await import('./reader.ts')).lsmReader },
};
