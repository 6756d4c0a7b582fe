import type { Issue } from '@micrarium/model';
import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';
import { oleNames } from '../../containers/ole-names.ts';
import { imageFinding } from '../findings.ts';
import { PixelsUnreadable } from '../image-reader.ts';

/** What is said of a file of a format that a converter must read. */
export function converterFinding(name: string, file: string, told = ''): Issue {
  const message = `${baseName(file)} is ${name}${told}. We do not decode its pixels.`;
  return imageFinding('needs-converter', message, { where: { file } });
}

/** What asking for such pixels throws. */
export function pixelsOfConverter(name: string, file: string): PixelsUnreadable {
  return new PixelsUnreadable(`${file}: pixels of ${name} are read by a converter (bioformats2raw) only`);
}

/** Olympus OIR, files of FluoView FV31S. */
const oirFormat: FormatDescriptor = {
  id: 'oir',
  name: 'Olympus OIR',
  kind: 'image',
  extensions: ['.oir'],
  mediaTypes: ['image/x-olympus-oir'],
  recognise: ({ head }) =>
    bytesAt(head, 0, 'OLYMPUSRAWFORMAT') ? { score: 1, reason: 'first bytes OLYMPUSRAWFORMAT' } : undefined,
  images: { reader: async () => (await import('../oir/reader.ts')).oirReader },
};

/** Olympus VSI: a TIFF of overviews beside the folder `_NAME_` with the pixels in `.ets` files. */
const vsiFormat: FormatDescriptor = {
  id: 'vsi',
  name: 'Olympus VSI',
  kind: 'image',
  extensions: ['.vsi'],
  mediaTypes: ['image/x-olympus-vsi'],
  recognise({ head, entry, tree }) {
    const isTiff = bytesAt(head, 0, [0x49, 0x49, 0x2a, 0]) || bytesAt(head, 0, [0x49, 0x49, 0x2b, 0]);
    if (!isTiff || !/\.vsi$/i.test(entry.path)) return undefined;
    const folder = folderOf(entry.path);
    const prefix = `${folder === '' ? '' : `${folder}/`}_${stemOf(entry.path)}_/`;
    const stacks = tree.entries.map(({ path }) => path).filter((path) => path.startsWith(prefix));
    return { score: 1, reason: 'TIFF named .vsi', members: [entry.path, ...stacks].sort() };
  },
  images: { reader: async () => (await import('../vsi/reader.ts')).vsiReader },
};

/** Zeiss ZVI, files of AxioVision. */
const zviFormat: FormatDescriptor = {
  id: 'zvi',
  name: 'Zeiss ZVI',
  kind: 'image',
  extensions: ['.zvi'],
  mediaTypes: ['image/x-zeiss-zvi'],
  async recognise(probe) {
    if (!bytesAt(probe.head, 0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return undefined;
    const names = await oleNames(probe);
    const isZvi = names.includes('Image') && names.includes('Contents');
    return isZvi ? { score: 0.95, reason: 'OLE container with Image and Contents' } : undefined;
  },
  images: {
    reader: async () => ({
      open: async (item) => ({ images: [], issues: [converterFinding('Zeiss ZVI', item.path)] }),
    }),
  },
};

/** Formats whose pixels only a converter reads. */
export const formatsKnownByName: readonly FormatDescriptor[] = [oirFormat, vsiFormat, zviFormat];
