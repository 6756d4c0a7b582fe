import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';

/** MRC and CCP4 maps of electron microscopy. */
export const mrcFormat: FormatDescriptor = {
  id: 'mrc',
  name: 'MRC/CCP4 map',
  kind: 'image',
  extensions: ['.mrc', '.map', '.ccp4', '.rec', '.st', '.ali', '.mrcs'],
  mediaTypes: ['image/x-mrc'],
  recognise: (probe) =>
    bytesAt(probe.head, 208, 'MAP ') || bytesAt(probe.head, 208, 'MAP\0')
      ? { score: 1, reason: 'MAP at byte 208' }
      : withoutStamp(probe),
  images: { reader: async () => (await import('./reader.ts')).mrcReader },
};

/** Files of before 2000 have no stamp: the name must say it, and sizes and mode must fit the file to the byte. */
async function withoutStamp({ entry, head, source }: Probe): Promise<Recognition | undefined> {
  if (!/\.(mrcs?|map|ccp4|rec|st|ali)$/i.test(entry.path) || head.length < 1024) return undefined;
  const { readMrcHeader } = await import('./header.ts');
  const header = readMrcHeader(head);
  if (typeof header === 'string' || header.type === undefined || header.end !== source.size) return undefined;
  return { score: 0.9, reason: 'sizes of an MRC header that fit the file, and its name' };
}
