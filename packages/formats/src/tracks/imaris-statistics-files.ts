import { type FileEntry, baseName } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';

/** Most tables of one export; Imaris writes some eighty statistics. */
const mostTables = 400;
const positionName = /Position\.csv$/i;

/** Begins a text as a statistic of Imaris does: a title and a row of `=` above the names, among them Unit and Category? */
export function isImarisStatistic(text: string): boolean {
  const start = text.slice(0, 4000).replace(/\r\n?/g, '\n');
  return (
    /^\s*([^\n]+)\n\s*=+\s*\n/.test(start.slice(0, 2000)) && /(^|\n)"?[^\n]*\bUnit\b[^\n]*\bCategory\b/.test(start)
  );
}

/**
 * The statistics of one export: the table of positions and the tables of the same folder whose names begin like its own
 * (`cells_Position.csv`, `cells_Speed.csv`). `undefined` where the file stands alone.
 */
export async function imarisMembers({ entry, tree }: Probe): Promise<readonly string[] | undefined> {
  const prefixOf = (path: string) => path.slice(0, path.length - baseName(path).length) + stemStart(baseName(path));
  const tables = tree.entries.filter(({ path }) => /\.csv$/i.test(path));
  const owners = tables.filter(
    ({ path }) => positionName.test(path) && prefixOf(path) !== '' && entry.path.startsWith(prefixOf(path)),
  );
  // Of cells_Position.csv and cells_far_Position.csv the second has cells_far_Speed.csv.
  const owner = owners.sort((a, b) => b.path.length - a.path.length)[0];
  if (!owner) return undefined;
  const prefix = prefixOf(owner.path);
  const others = tables.filter(
    ({ path }) =>
      path !== owner.path && positionName.test(path) && path.startsWith(prefix) && prefixOf(path) !== prefix,
  );
  const own = tables.filter(
    ({ path }) =>
      path.startsWith(prefix) &&
      !path.slice(prefix.length).includes('/') &&
      !others.some((other) => path.startsWith(prefixOf(other.path))),
  );
  if (own.length < 2 || own.length > mostTables) return undefined;
  const members: string[] = [];
  for (const one of own) if (await isStatistic(one)) members.push(one.path);
  return members.length > 1 && members.includes(entry.path) ? members : undefined;
}

const stemStart = (name: string) => name.replace(positionName, '');

async function isStatistic(entry: FileEntry): Promise<boolean> {
  const source = await entry.open();
  const head = await source.read(0, Math.min(4000, source.size));
  return isImarisStatistic(new TextDecoder('latin1').decode(head));
}
