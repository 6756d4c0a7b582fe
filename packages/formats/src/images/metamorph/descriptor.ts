import { baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { isNdText, ndMember } from './nd-file.ts';

/** The set of an `.nd` file: itself and the files that its name begins. */
function setOf(tree: Probe['tree'], ndPath: string): Recognition {
  const members = tree.entries.filter(({ path }) => ndMember(path, ndPath)).map(({ path }) => path);
  return {
    score: 1,
    reason: `first line NDInfoFile of ${baseName(ndPath)}, with ${members.length} files of MetaMorph`,
    members: [ndPath, ...members].sort(),
  };
}

async function recognise({ entry, head, text, tree }: Probe): Promise<Recognition | undefined> {
  if (isNdText(text)) return setOf(tree, entry.path);
  const mark = String.fromCharCode(...head.subarray(0, 2));
  if ((mark !== 'II' && mark !== 'MM') || !/\.(stk|tiff?)$/i.test(entry.path)) return undefined;
  const [folder, name] = [folderOf(entry.path), baseName(entry.path).toLowerCase()];
  for (const other of tree.entries) {
    if (!/\.nd$/i.test(other.path) || folderOf(other.path) !== folder) continue;
    if (!name.startsWith(stemOf(other.path).toLowerCase()) || !ndMember(entry.path, other.path)) continue;
    const start = await (await other.open()).read(0, 64);
    await other.close?.();
    if (isNdText(new TextDecoder('latin1').decode(start))) return setOf(tree, other.path);
  }
  return undefined;
}

/** MetaMorph: a text file `.nd` that joins the STK or TIFF files of several times, positions and wavelengths. */
export const ndFormat: FormatDescriptor = {
  id: 'metamorph-nd',
  name: 'MetaMorph ND series',
  kind: 'image',
  extensions: ['.nd', '.stk', '.tif', '.tiff'],
  mediaTypes: ['text/plain'],
  recognise,
  images: { reader: async () => (await import('./reader.ts')).ndReader },
};
