import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { recogniseTiffKind } from '../recognised-tiff.ts';

/** MetaMorph STK: a TIFF whose planes follow the first without directories of their own. */
export const stkFormat: FormatDescriptor = {
  id: 'stk',
  name: 'MetaMorph STK',
  kind: 'image',
  extensions: ['.stk'],
  mediaTypes: ['image/tiff'],
  recognise: recogniseTiffKind('stk'),
  images: { reader: async () => (await import('./reader.ts')).stkReader },
};
