import { type FileEntry, type FileTree, folderOf, isInTree, stemOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { beginsWithNucleus, timePointOf } from './nuclei-files.ts';
import { acetreeSettings, longestSettings } from './settings.ts';

/**
 * Nuclei of StarryNite as AceTree edits them: a folder or archive of files `nuclei/t001-nuclei`, one a time point, and
 * the settings in XML beside them.
 */
export const acetreeFormat: FormatDescriptor = {
  id: 'acetree',
  name: 'AceTree and StarryNite',
  kind: 'tracks',
  extensions: ['.zip', '.xml'],
  mediaTypes: ['application/zip', 'application/xml'],
  recognise: recogniseSettings,
  recogniseFolder,
  tracks: { reader: async () => (await import('./reader.ts')).acetreeReader },
};

/** The settings, with the archive that they name, or that is called as they are, where it lies beside them. */
function recogniseSettings({ text, entry, tree }: Probe): Recognition | undefined {
  const settings = text === undefined || entry.size > longestSettings ? undefined : acetreeSettings(text);
  if (!settings) return undefined;
  const folder = folderOf(entry.path);
  const archive = [settings.nuclei, `${stemOf(entry.path)}.zip`]
    .map((name) => (folder === '' ? name : `${folder}/${name}`))
    .find((path) => /\.zip$/i.test(path) && isInTree(tree, path));
  return {
    score: 1,
    reason: 'root element embryo that names nuclei',
    ...(archive === undefined ? {} : { members: [archive, entry.path].sort() }),
  };
}

async function recogniseFolder(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const within = nucleiBelow(tree, `${prefix}nuclei/`);
  const nuclei = within.length > 0 ? within : nucleiBelow(tree, prefix);
  const first = nuclei.find(({ size }) => size > 0);
  if (!first) return undefined;
  const head = await (await first.open()).read(0, Math.min(4096, first.size));
  if (!beginsWithNucleus(new TextDecoder('latin1').decode(head))) return undefined;
  const settings = await settingsIn(tree, prefix);
  return {
    score: 1,
    reason: `${nuclei.length === 1 ? 'a file' : 'files'} of nuclei called t001-nuclei and so on`,
    members: [...nuclei, ...settings].map(({ path }) => path).sort(),
  };
}

/** Files of nuclei of one folder. Entries are sorted, and their names begin with a `t` and a digit. */
function nucleiBelow({ entries }: FileTree, prefix: string): FileEntry[] {
  const found: FileEntry[] = [];
  for (let at = firstFrom(entries, `${prefix}t0`); at < entries.length; at++) {
    const entry = entries[at]!;
    // The character after '9'.
    if (entry.path >= `${prefix}t:`) break;
    if (!entry.path.includes('/', prefix.length) && timePointOf(entry.path) !== undefined) found.push(entry);
  }
  return found;
}

/** The first of the sorted entries at or after a path. */
function firstFrom(entries: readonly FileEntry[], path: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.path < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The settings in a folder: the first XML file of it that is some. */
async function settingsIn({ entries }: FileTree, prefix: string): Promise<FileEntry[]> {
  const documents = entries.filter(
    ({ path, size }) =>
      path.startsWith(prefix) && !path.includes('/', prefix.length) && /\.xml$/i.test(path) && size <= longestSettings,
  );
  for (const entry of documents.slice(0, 20)) {
    const text = new TextDecoder().decode(await (await entry.open()).read(0, entry.size));
    if (acetreeSettings(text)) return [entry];
  }
  return [];
}
