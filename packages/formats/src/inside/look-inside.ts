import type { FileTree } from '../bytes/file-tree.ts';
import { openZip } from '../containers/zip/open-zip.ts';
import { hdf5Start } from '../containers/hdf5/superblock.ts';
import { subTree } from '../bytes/file-tree.ts';
import { InsideFault, type InsideFile } from './inside-file.ts';

/** Names of files one may want to look into: HDF5 in all its guises, and Zarr in one file. */
export const insideNames = /\.(h5|hdf5?|he5|bd5|ims|nwb|mat|nc|cxi|n5|ozx|zarr\.zip)$/i;

/**
 * Opens a file or hierarchy to look inside: HDF5, Zarr in a folder, or Zarr in a zip archive. Reads by ranges, a few
 * kilobytes at first.
 * @param tree one file, or the files of a Zarr hierarchy
 * @throws InsideFault where it is neither
 */
export async function lookInside(tree: FileTree): Promise<InsideFile> {
  const [only] = tree.entries;
  if (tree.entries.length === 1 && only) {
    const source = await only.open();
    const head = await source.read(0, 4);
    if (head[0] === 0x50 && head[1] === 0x4b) return lookInsideTree((await openZip(source)).tree);
    const isHdf5 = head[0] === 0x89 || (await hdf5Start(source)) !== undefined;
    if (isHdf5) return (await import('./inside-hdf5.ts')).lookInsideHdf5(source);
  }
  return lookInsideTree(tree);
}

/** The hierarchy of a tree, whose root may lie one folder down. */
async function lookInsideTree(tree: FileTree): Promise<InsideFile> {
  const { lookInsideZarr } = await import('./inside-zarr.ts');
  const isRoot = (prefix: string): boolean =>
    tree.entries.some(({ path }) =>
      ['.zgroup', '.zarray', 'zarr.json', '.zattrs'].some((name) => path === prefix + name),
    );
  if (isRoot('')) return lookInsideZarr(tree);
  const first = tree.entries[0]?.path.split('/')[0];
  const isAlone = first !== undefined && tree.entries.every(({ path }) => path.startsWith(`${first}/`));
  if (isAlone && isRoot(`${first}/`)) return lookInsideZarr(subTree(tree, first));
  throw new InsideFault('this is neither HDF5 nor Zarr');
}
