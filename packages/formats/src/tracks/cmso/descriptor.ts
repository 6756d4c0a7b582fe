import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { findBareTables } from './bare-tables.ts';
import { findPackage, packageMembers } from './package-files.ts';

/** CMSO Tracks as a Frictionless data package, recognised by the names of its tables whatever the descriptor is called. */
export const cmsoFormat: FormatDescriptor = {
  id: 'cmso',
  name: 'CMSO data package',
  kind: 'tracks',
  extensions: ['.json'],
  mediaTypes: ['application/vnd.datapackage+json'],
  async recogniseFolder(tree, folder) {
    const found = (await findPackage(tree, folder, false)) ?? (await findBareTables(tree, folder, false));
    if (!found) return undefined;
    if (found.isBare)
      return {
        score: 0.95,
        reason: 'tables of objects and links with the columns of CMSO, without a descriptor',
        members: packageMembers(tree, found),
      };
    return {
      score: 1,
      reason: `${found.entry.path} describes the table cmso_objects_table`,
      version: found.content.version,
      members: packageMembers(tree, found),
    };
  },
  tracks: {
    reader: async () => (await import('./read-cmso.ts')).cmsoReader,
    writer: async () => (await import('./write-cmso.ts')).createCmsoWriter(),
  },
};
