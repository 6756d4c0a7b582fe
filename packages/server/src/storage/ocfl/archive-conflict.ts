import { inventoryDigest, type OcflInventory, type VersionFile } from './inventory.ts';

/** A version that is already laid down holds other files, or a version before it is missing. */
export class ArchiveConflict extends Error {
  override readonly name = 'ArchiveConflict';
}

/** A finished call is repeated: harmless if it asks for the same deposited files, else refused. */
export async function alreadyThere(
  inventory: OcflInventory,
  version: string,
  files: readonly VersionFile[],
): Promise<{ inventorySha512: string; isNew: boolean }> {
  const state = inventory.versions[version]?.state ?? {};
  for (const { logicalPath, sha512 } of files)
    if (logicalPath.startsWith('files/') && !state[sha512]?.includes(logicalPath))
      throw new ArchiveConflict(`${inventory.id} ${version} is already laid down, without ${logicalPath} as it is now`);
  return { inventorySha512: (await inventoryDigest(inventory)).digest, isNew: false };
}
