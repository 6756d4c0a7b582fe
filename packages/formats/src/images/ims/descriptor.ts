import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { bytesAt, findAscii } from '../../recognition/probe.ts';

const marks = ['ImarisDataSet', 'DataSetDirectoryName', 'DataSetInfoDirectoryName'];

/** Imaris: images, and the spots and surfaces of its scene. */
export const imsFormat: FormatDescriptor = {
  id: 'ims',
  name: 'Imaris IMS',
  kind: 'image',
  extensions: ['.ims'],
  mediaTypes: ['application/x-hdf5'],
  async recognise(probe) {
    if (!bytesAt(probe.head, 0, '\x89HDF\r\n\x1a\n')) return undefined;
    try {
      return await byIndex(probe);
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      // A file that is damaged is still one of Imaris.
      const mark = marks.find((name) => findAscii(probe.head, name) >= 0);
      return mark === undefined ? undefined : { score: 0.9, reason: `damaged HDF5 with the attribute ${mark}` };
    }
  },
  tracks: { reader: async () => (await import('../../tracks/imaris-scene/reader.ts')).imarisSceneReader },
  images: { reader: async () => (await import('./reader.ts')).imsReader },
};

async function byIndex(probe: Probe): Promise<Recognition | undefined> {
  const { openHdf5 } = await import('../../containers/hdf5/open-hdf5.ts');
  const { root } = await openHdf5(probe.source);
  const attributes = await root.attributes();
  const mark = attributes.find(({ name }) => marks.includes(name));
  const version = await attributes.find(({ name }) => name === 'ImarisVersion')?.text();
  const stated = version ? { version } : {};
  if (mark) return { score: 1, reason: `HDF5 with the attribute ${mark.name}`, ...stated };
  const names = new Set((await root.links()).map(({ name }) => name));
  return names.has('DataSetInfo') && (names.has('DataSet') || names.has('Scene8'))
    ? { score: 1, reason: 'HDF5 with the Imaris data set groups', ...stated }
    : undefined;
}
