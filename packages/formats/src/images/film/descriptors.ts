import type { FormatDescriptor, Recognition } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';
import type { ImageReader } from '../image-reader.ts';

const reader = async (): Promise<ImageReader> => (await import('./reader.ts')).filmReader;

/** The type of document an EBML file (Matroska) states near its begin, such as `webm`. */
function ebmlType(head: Uint8Array): string | undefined {
  if (!bytesAt(head, 0, [0x1a, 0x45, 0xdf, 0xa3])) return undefined;
  for (let at = 4; at < Math.min(head.length - 3, 64); at++)
    // DocType: its id, and a length of one byte with the marker in front.
    if (head[at] === 0x42 && head[at + 1] === 0x82 && head[at + 2]! > 0x80 && head[at + 2]! < 0x90)
      return String.fromCharCode(...head.subarray(at + 3, at + 3 + (head[at + 2]! & 0x0f)));
  return undefined;
}

const sure = (reason: string, version?: string): Recognition => ({
  score: 1,
  reason,
  ...(version === undefined ? {} : { version }),
});

/** Films made for showing: stored, played in the browser, and flagged as rendered. */
export const filmFormats: readonly FormatDescriptor[] = [
  {
    id: 'avi',
    name: 'AVI',
    kind: 'image',
    extensions: ['.avi'],
    mediaTypes: ['video/x-msvideo'],
    recognise: ({ head }) =>
      bytesAt(head, 0, 'RIFF') && bytesAt(head, 8, 'AVI ') ? sure('RIFF container of type AVI') : undefined,
    images: { reader },
  },
  {
    id: 'mp4',
    name: 'MP4 or QuickTime',
    kind: 'image',
    extensions: ['.mp4', '.m4v', '.mov'],
    mediaTypes: ['video/mp4'],
    recognise: ({ head }) =>
      bytesAt(head, 4, 'ftyp') ? sure('box ftyp', String.fromCharCode(...head.subarray(8, 12)).trim()) : undefined,
    images: { reader },
  },
  {
    id: 'webm',
    name: 'WebM or Matroska',
    kind: 'image',
    extensions: ['.webm', '.mkv'],
    mediaTypes: ['video/webm'],
    recognise({ head }) {
      const type = ebmlType(head);
      return type === 'webm' || type === 'matroska' ? sure(`EBML document of type ${type}`) : undefined;
    },
    images: { reader },
  },
];
