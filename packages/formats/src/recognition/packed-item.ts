import type { Issue } from '@micrarium/model';
import type { FileTree } from '../bytes/file-tree.ts';
import { type UnpackedEntry, unpackedEntry } from '../bytes/unpacked-entry.ts';
import { trackFileIssue } from '../tracks/track-file-issues.ts';
import type { TrackReader } from '../tracks/track-reader.ts';
import type { FormatDescriptor } from './descriptor.ts';
import type { Item } from './item.ts';
import { recognitionIssue } from './recognition-issues.ts';

const texts: ReadonlySet<string> = new Set([
  'text/csv',
  'text/tab-separated-values',
  'text/plain',
  'application/xml',
  'application/json',
]);

/** Formats of several files, whose table or description alone is not the item. */
const sets: ReadonlySet<string> = new Set(['acetree', 'cmso', 'ctc', 'geff', 'mastodon']);

/**
 * The descriptor of a format of tables or documents with tracks, for files of it that are packed with gzip: its reader
 * gets them unpacked, and what is wrong with the packing becomes an issue. `undefined` for other formats: what needs
 * an index is not read packed.
 */
export function packedDescriptor(descriptor: FormatDescriptor): FormatDescriptor | undefined {
  const { tracks } = descriptor;
  if (!tracks || sets.has(descriptor.id) || !descriptor.mediaTypes.some((type) => texts.has(type))) return undefined;
  return { ...descriptor, tracks: { ...tracks, reader: async () => unpacking(await tracks.reader()) } };
}

/** The files of a packed item as its reader shall see them: one alone, else those whose names end in `.gz`, unpacked. */
export function unpackedTree(tree: FileTree): FileTree {
  const isAlone = tree.entries.length === 1;
  return {
    ...tree,
    entries: tree.entries.map((entry) => (isAlone || /\.gz$/i.test(entry.path) ? unpackedEntry(entry) : entry)),
  };
}

function unpacking(reader: TrackReader): TrackReader {
  return {
    async stream(item, sink, options = {}) {
      const issues = await packingIssues(item, options.signal);
      if (issues.some(({ code }) => code === 'gzip-ratio')) return { issues };
      const read = await reader.stream({ ...item, files: item.tree.entries }, sink, options);
      return { ...read, issues: [...issues, ...read.issues] };
    },
  };
}

async function packingIssues(item: Item, signal?: AbortSignal): Promise<Issue[]> {
  const issues: Issue[] = [];
  const where = { file: item.path };
  for (const entry of item.tree.entries) {
    if (!('check' in entry)) continue;
    const { fault, refusedAfter } = await (entry as UnpackedEntry).check(signal);
    if (fault !== undefined)
      issues.push(trackFileIssue('track-file-damaged', `the gzip data break off: ${fault}`, { where }));
    if (refusedAfter !== undefined)
      issues.push(
        recognitionIssue('gzip-ratio', `more than ${refusedAfter} bytes come out of the packed file`, { where }),
      );
  }
  return issues;
}
