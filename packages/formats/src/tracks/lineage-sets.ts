import { type FileEntry, folderOf } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';
import { textOf } from '../recognition/probe.ts';
import { type TableHeader, tableHeader } from '../recognition/table-header.ts';

/** Tables and graphs of one folder that are looked at; where there are more, nobody can say which belong together. */
const mostLooked = 20;

/** Begins the text as a map of numbers to lists of whole numbers (`{ "2": [1] }`)? */
export function isNumberMap(text: string | undefined): boolean {
  return text !== undefined && /^\s*\{\s*"\d+"\s*:\s*\[\s*\d/.test(text);
}

/**
 * A table of tracks with the lineage graphs beside it (`{ "child": [parents] }`), as btrack and napari save them: the
 * members of the set where the folder has exactly one such table, whichever of them is pointed at.
 */
export async function lineageSet(
  probe: Probe,
  isTable: (header: TableHeader) => boolean,
): Promise<readonly string[] | undefined> {
  const folder = folderOf(probe.entry.path);
  const prefix = folder === '' ? '' : `${folder}/`;
  const beside = probe.tree.entries.filter(
    ({ path }) =>
      path.startsWith(prefix) && !path.slice(prefix.length).includes('/') && /\.(csv|tsv|txt|json)$/i.test(path),
  );
  const graphs = beside.filter(({ path }) => /\.json$/i.test(path));
  const tables = beside.filter(({ path }) => !/\.json$/i.test(path));
  if (graphs.length === 0 || graphs.length > mostLooked || tables.length > mostLooked) return undefined;
  const found: string[] = [];
  for (const entry of tables) {
    const text = await headText(entry, probe);
    const header = text === undefined || /^\s*[<{[]/.test(text) ? undefined : tableHeader(text);
    if (header && isTable(header)) found.push(entry.path);
  }
  if (found.length !== 1) return undefined;
  for (const entry of graphs) if (isNumberMap(await headText(entry, probe))) found.push(entry.path);
  return found.length > 1 && found.includes(probe.entry.path) ? found.sort() : undefined;
}

async function headText(entry: FileEntry, probe: Probe): Promise<string | undefined> {
  if (entry.path === probe.entry.path) return probe.text;
  const head = await (await entry.open()).read(0, 4096);
  return textOf(head, entry.size > head.length);
}
