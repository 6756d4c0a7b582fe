import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** Zeiss CZI. */
export const cziFormat: FormatDescriptor = {
  id: 'czi',
  name: 'Zeiss CZI',
  kind: 'image',
  extensions: ['.czi'],
  mediaTypes: ['image/x-zeiss-czi'],
  recognise({ head }) {
    if (!bytesAt(head, 0, 'ZISRAWFILE')) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const version = head.length >= 40 ? `${view.getInt32(32, true)}.${view.getInt32(36, true)}` : undefined;
    return { score: 1, reason: 'first bytes ZISRAWFILE', ...(version === undefined ? {} : { version }) };
  },
  images: { reader: async () => (await import('./reader.ts')).cziReader },
};
