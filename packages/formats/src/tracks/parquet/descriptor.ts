import { baseName, type FileTree } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { tableFiles } from './stored-tables.ts';

const magic = 'PAR1';

/** Parquet: our stored tables of tracks (one file or a folder of them), and any other table. */
export const parquetFormat: FormatDescriptor = {
  id: 'parquet',
  name: 'Parquet table',
  kind: 'table',
  extensions: ['.parquet'],
  mediaTypes: ['application/vnd.apache.parquet'],
  recognise: (probe) => recogniseParquet(probe),
  recogniseFolder: (tree, folder) => recogniseTables(tree, folder),
  tracks: {
    reader: async () => (await import('./reader.ts')).parquetReader,
    writer: async () => (await import('./writer.ts')).parquetWriter,
  },
};

function recogniseParquet({ head, source }: Probe): Recognition | undefined {
  for (let i = 0; i < magic.length; i++) if (head[i] !== magic.charCodeAt(i)) return undefined;
  return source.size < 12 ? undefined : { score: 0.9, reason: 'starts with PAR1' };
}

/** A folder with `objects.parquet` and another of our tables, or with numbered sets of them, is one item. */
function recogniseTables(tree: FileTree, folder: string): Recognition | undefined {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set<string>(Object.values(tableFiles));
  const members = tree.entries
    .map(({ path }) => path)
    .filter((path) => path.startsWith(prefix) && isTablePath(path.slice(prefix.length), names));
  const objects = members.filter((path) => baseName(path) === tableFiles.objects);
  const partner = members.some((path) => baseName(path) !== tableFiles.objects);
  if (objects.length === 0 || !partner) return undefined;
  return { score: 0.95, reason: 'objects.parquet with its tables', members };
}

function isTablePath(path: string, names: ReadonlySet<string>): boolean {
  const parts = path.split('/');
  return names.has(parts.at(-1)!) && (parts.length === 1 || (parts.length === 2 && /^set-\d+$/.test(parts[0]!)));
}
