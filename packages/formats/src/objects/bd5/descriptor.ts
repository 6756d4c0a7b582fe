import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import { openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import type { FormatDescriptor, Probe } from '../../recognition/descriptor.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

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
  checker: async () => (await import('./check-bd5.ts')).bd5Checker,
  tracks: {
    reader: async () => (await import('./read-bd5.ts')).bd5Reader,
    writer: async (choices) => (await import('./write-bd5.ts')).bd5WriterFor(choices?.bd5Layout),
  },
};

async function dataMembers(probe: Probe): Promise<string[] | undefined> {
  try {
    const file = await openHdf5(probe.source);
    return (await (await file.node('/data'))?.links())?.map(({ name }) => name);
  } catch (error) {
    if (error instanceof Hdf5Fault) return undefined;
    throw error;
  }
}
