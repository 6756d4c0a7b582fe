import { type FileEntry, type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import { cmsoTables, parseDataPackage } from './data-package.ts';
import { cmsoIssue } from './issues.ts';
import type { FoundPackage } from './package-files.ts';

/** Tables without a descriptor beside each other, more than which nobody looks through. */
const mostTables = 20;
const sampleLines = 50;

/**
 * Finds CMSO tables that no descriptor names, as the script of the CMSO for u-track leaves them: a table of objects and
 * one of links in a folder, known by their columns. They are read as if a descriptor named them.
 * @param anywhere in the shallowest folder that has them, not in `folder` only
 */
export async function findBareTables(
  tree: FileTree,
  folder: string,
  anywhere: boolean,
): Promise<FoundPackage | undefined> {
  const byFolder = new Map<string, FileEntry[]>();
  for (const entry of tree.entries) {
    const own = folderOf(entry.path);
    if ((!anywhere && own !== folder) || !/(object|link)[^/]*\.(csv|tsv|txt)$/i.test(baseName(entry.path))) continue;
    byFolder.set(own, [...(byFolder.get(own) ?? []), entry]);
  }
  const depth = (path: string) => (path === '' ? 0 : path.split('/').length);
  for (const own of [...byFolder.keys()].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))) {
    const entries = byFolder.get(own)!;
    if (entries.length < 2 || entries.length > mostTables) continue;
    const tables = await Promise.all(entries.map(tableOf));
    const objects = tables.find(({ names }) => names.includes('cmso_object_id') && names.includes('cmso_x_coord'));
    const links = tables.find(({ names }) => names.includes('cmso_link_id') && names.includes('cmso_object_id'));
    if (!objects || !links || objects === links) continue;
    const resources = [
      { name: cmsoTables.objects, ...resourceOf(objects) },
      { name: cmsoTables.links, ...resourceOf(links) },
    ];
    const content = parseDataPackage(JSON.stringify({ name: 'tables', resources }), objects.entry.path);
    if (!content) continue;
    const message = 'there is no descriptor; the tables are known by their columns';
    const issues = [cmsoIssue('descriptor-nonconforming', message, { where: { file: objects.entry.path } })];
    return { entry: objects.entry, folder: own, content: { ...content, issues }, isBare: true };
  }
  return undefined;
}

interface BareTable {
  entry: FileEntry;
  names: string[];
  /** Are all values of the column numbers, as far as they were looked at? */
  areNumbers: boolean[];
  delimiter: string;
}

async function tableOf(entry: FileEntry): Promise<BareTable> {
  const head = await (await entry.open()).read(0, Math.min(entry.size, 16_384));
  const lines = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, sampleLines);
  const delimiter = lines[0]!.includes('\t') ? '\t' : ',';
  const cells = lines.map((line) => line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  const [names = [], ...rest] = cells;
  // The last line may be cut.
  const rows = rest.slice(0, -1);
  const areNumbers = names.map((_, at) =>
    rows.every((row) => row[at] === undefined || !Number.isNaN(toNumber(row[at]))),
  );
  return { entry, names, areNumbers, delimiter };
}

const toNumber = (text: string) => (/^nan$/i.test(text) ? 0 : Number(text));

function resourceOf({ entry, names, areNumbers, delimiter }: BareTable) {
  const fields = names.map((name, at) => ({ name, type: areNumbers[at] ? 'number' : 'string' }));
  return { path: baseName(entry.path), dialect: { delimiter }, schema: { fields } };
}
