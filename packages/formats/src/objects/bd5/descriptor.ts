import type { FormatDescriptor, Probe } from '../../recognition/descriptor.ts';
import { listOldGroup } from './hdf5-groups.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Files of newer HDF5 styles are listed by the library, which needs them whole in memory. */
const wholeFileBytes = 256 << 20;

/** BD5, recognised by its group `/data` with definitions or time groups. */
export const bd5Format: FormatDescriptor = {
  id: 'bd5',
  name: 'BD5',
  kind: 'objects',
  extensions: ['.h5', '.bd5'],
  mediaTypes: ['application/x-hdf5'],
  async recognise(probe) {
    if (!signature.every((byte, i) => probe.head[i] === byte)) return undefined;
    const members = await dataMembers(probe);
    if (!members) return undefined;
    const named = ['scaleUnit', 'objectDef', 'trackInfo', 'featureDef'].filter((name) => members.includes(name));
    const times = members.filter((name) => /^\d+$/.test(name)).length;
    if (named.includes('objectDef') || (named.length > 0 && times > 0))
      return { score: 0.95, reason: `HDF5 with /data/${named[0]} and ${times} time groups` };
    return undefined;
  },
  tracks: {
    reader: async () => (await import('./read-bd5.ts')).bd5Reader,
    writer: async (choices) => (await import('./write-bd5.ts')).bd5WriterFor(choices?.bd5Layout),
  },
};

async function dataMembers(probe: Probe): Promise<string[] | undefined> {
  const members = await listOldGroup(probe.source, ['data']);
  // Superblock 0 and 1 were answered above, with or without the group.
  if (members || (probe.head[8] ?? 0) < 2 || probe.source.size > wholeFileBytes) return members;
  const { Hdf5Error, Hdf5File } = await import('./hdf5-reader.ts');
  try {
    const file = await Hdf5File.open(probe.source);
    try {
      return file.names('/data');
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof Hdf5Error) return undefined;
    throw error;
  }
}
