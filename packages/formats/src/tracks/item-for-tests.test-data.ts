import { countTracks, type Issue, type TrackSet } from '@micrarium/model';
import { memorySource } from '../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../bytes/file-tree.ts';
import { findItems } from '../recognition/find-items.ts';
import { readTrackSets } from './collect.ts';

/** Files in memory as a tree. */
export function treeOf(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  return fileTree(
    '',
    Object.entries(files).map(([path, content]) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
    }),
  );
}

/** What recognition and the reader it names make of files: format, sets, codes of all issues, and counts in the order of the command line. */
export async function readFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  asked?: string,
): Promise<{
  format: string;
  sets: TrackSet[];
  issues: Issue[];
  codes: string[];
  counts: number[][];
  version?: string;
}> {
  const [item] = await findItems(treeOf(files), asked === undefined ? {} : { asked });
  const reader = await item!.descriptor?.tracks?.reader();
  if (!reader) return { format: item!.format, sets: [], issues: [], codes: [], counts: [] };
  const { sets, issues, formatVersion } = await readTrackSets(reader, item!);
  return {
    format: item!.format,
    sets,
    issues,
    codes: issues.map(({ code }) => code),
    counts: sets.map(({ objects, edges }) => countList(countTracks(objects, edges))),
    ...(formatVersion === undefined ? {} : { version: formatVersion }),
  };
}

/** objects, edges, links, tracks, frames, splits, merges, gaps. */
export function countList(counts: ReturnType<typeof countTracks>): number[] {
  const { objects, edges, links, tracks, frames, splits, merges, gaps } = counts;
  return [objects, edges, links, tracks, frames, splits, merges, gaps];
}
