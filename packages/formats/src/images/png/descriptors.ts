import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { isPng } from './png-file.ts';

const begins = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** Pictures: PNG is read, JPEG and GIF are described by their headers. */
export const pictureFormats: readonly FormatDescriptor[] = [
  {
    id: 'png',
    name: 'PNG',
    kind: 'image',
    extensions: ['.png'],
    mediaTypes: ['image/png'],
    // Below a series of such files, which is one image.
    recognise: ({ head }) => (isPng(head) ? { score: 0.9, reason: 'first bytes of PNG' } : undefined),
    images: { reader: async () => (await import('./reader.ts')).pngReader },
  },
  {
    id: 'jpeg',
    name: 'JPEG',
    kind: 'image',
    extensions: ['.jpg', '.jpeg'],
    mediaTypes: ['image/jpeg'],
    recognise: ({ head }) =>
      begins(head, [0xff, 0xd8, 0xff]) ? { score: 1, reason: 'first bytes FF D8 FF' } : undefined,
    images: { reader: async () => (await import('./lossy-pictures.ts')).jpegReader },
  },
  {
    id: 'gif',
    name: 'GIF',
    kind: 'image',
    extensions: ['.gif'],
    mediaTypes: ['image/gif'],
    recognise: ({ head }) => {
      const version = String.fromCharCode(...head.subarray(0, 6));
      return version === 'GIF87a' || version === 'GIF89a'
        ? { score: 1, reason: 'first bytes GIF8', version: version.slice(3) }
        : undefined;
    },
    images: { reader: async () => (await import('./lossy-pictures.ts')).gifReader },
  },
];
