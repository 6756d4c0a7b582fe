import { type FileEntry, type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { textOf } from '../../recognition/probe.ts';

/** Names of the track table of the Cell Tracking Challenge and the masks that belong to it. */
const layouts = [
  { table: 'res_track.txt', mask: /^mask\d{3,6}\.tiff?$/i },
  { table: 'man_track.txt', mask: /^man_track\d{3,6}\.tiff?$/i },
] as const;

/** Four whole numbers a line: label, first frame, last frame, parent. */
function isTrackTable(text: string | undefined, cut: boolean): boolean {
  if (text === undefined) return false;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (cut) lines.pop();
  return lines.length > 0 && lines.slice(0, 200).every((line) => /^\s*\d+\s+\d+\s+\d+\s+\d+\s*$/.test(line));
}

function siblings(tree: FileTree, folder: string): FileEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return tree.entries.filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'));
}

async function resultIn(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const files = siblings(tree, folder);
  for (const { table, mask } of layouts) {
    const entry = files.find(({ path }) => baseName(path) === table);
    if (!entry) continue;
    const masks = files.filter(({ path }) => mask.test(baseName(path)));
    if (masks.length === 0) continue;
    const head = await (await entry.open()).read(0, Math.min(entry.size, 65_536));
    // A film without any object has an empty table.
    if (entry.size > 0 && !isTrackTable(textOf(head, entry.size > head.length), entry.size > head.length)) continue;
    const members = [entry, ...masks].map(({ path }) => path).sort();
    return { score: 1, reason: `${table} with ${masks.length} label images`, members };
  }
  return undefined;
}

/** Cell Tracking Challenge: the table of tracks, and label images that carry their labels. */
export const ctcFormat: FormatDescriptor = {
  id: 'ctc',
  name: 'Cell Tracking Challenge result',
  kind: 'tracks',
  extensions: ['res_track.txt', 'man_track.txt'],
  mediaTypes: ['text/plain', 'image/tiff'],
  async recognise(probe: Probe): Promise<Recognition | undefined> {
    const name = baseName(probe.entry.path);
    const layout = layouts.find(({ table, mask }) => table === name || mask.test(name));
    if (!layout) return undefined;
    const whole = await resultIn(probe.tree, folderOf(probe.entry.path));
    if (whole?.members?.includes(probe.entry.path)) return whole;
    return layout.table === name && isTrackTable(probe.text, probe.entry.size > probe.head.length)
      ? { score: 0.9, reason: `${name} with four whole numbers a line, without its label images` }
      : undefined;
  },
  recogniseFolder: (tree, folder) => resultIn(tree, folder),
  tracks: {
    reader: async () => (await import('./reader.ts')).ctcReader,
    writer: async () => (await import('./writer.ts')).ctcWriter,
  },
};
