import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import { type TableDialect, unitInName } from '../../tables/delimited/dialect.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { type Delimiter, RecordCutter } from '../../tables/delimited/records.ts';
import { decodeHead, sniffEncoding } from '../../tables/delimited/text-windows.ts';
import { type CmsoPackage, type CmsoResource, parseDataPackage } from './data-package.ts';
import { cmsoIssue } from './issues.ts';

/** A descriptor with the place it was found at. */
export interface FoundPackage {
  entry: FileEntry;
  /** Folder of the descriptor in the tree; `''` at its root. */
  folder: string;
  content: CmsoPackage;
  /** There is no descriptor: `entry` is the table of objects. */
  isBare?: true;
}

/** A descriptor is text of some kilobytes; larger files are not looked at. */
const maxDescriptorBytes = 4 << 20;

/**
 * Finds the descriptor of a CMSO package by its content: the standard names first, then any JSON, in `folder` only
 * or (`anywhere`) in the shallowest folder that has one.
 */
export async function findPackage(
  tree: FileTree,
  folder: string,
  anywhere: boolean,
): Promise<FoundPackage | undefined> {
  const depth = (path: string) => path.split('/').length;
  const rank = (path: string) => ['datapackage.json', 'dp.json'].indexOf(baseName(path)) >>> 0;
  const candidates = tree.entries
    .filter(
      ({ path, size }) =>
        path.toLowerCase().endsWith('.json') && size <= maxDescriptorBytes && (anywhere || folderOf(path) === folder),
    )
    .sort((a, b) => depth(a.path) - depth(b.path) || rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1))
    .slice(0, 50);
  for (const entry of candidates) {
    const source = await entry.open();
    const head = new TextDecoder().decode(await source.read(0, 65_536));
    if (!head.includes('"cmso_objects_table"') && !head.includes('"cmso_links_table"')) continue;
    const json = new TextDecoder().decode(await source.read(0, source.size));
    const content = parseDataPackage(json, entry.path);
    if (content) return { entry, folder: folderOf(entry.path), content };
  }
  return undefined;
}

/** Paths in the tree that belong to the package: descriptors, tables, and undeclared tables of tracks beside them. */
export function packageMembers(tree: FileTree, found: FoundPackage): string[] {
  const prefix = found.folder === '' ? '' : `${found.folder}/`;
  const { objects, links, tracks, edgeFeatures, trackFeatures } = found.content;
  const named = [objects, links, tracks, edgeFeatures, trackFeatures]
    .flatMap((resource) => resource?.paths ?? [])
    .map((path) => prefix + path);
  const wanted = new Set([found.entry.path, `${prefix}dp.json`, `${prefix}datapackage.json`, ...named]);
  return tree.entries
    .filter(({ path }) => wanted.has(path) || (folderOf(path) === found.folder && isUndeclaredTracks(path)))
    .map(({ path }) => path);
}

function isUndeclaredTracks(path: string): boolean {
  return /^tracks(_.*)?\.csv$/i.test(baseName(path));
}

/** Undeclared table of tracks beside the descriptor, where the package declares none. */
export function undeclaredTracks(tree: FileTree, found: FoundPackage): CmsoResource | undefined {
  if (found.content.tracks) return undefined;
  const entry = tree.entries.find(({ path }) => folderOf(path) === found.folder && isUndeclaredTracks(path));
  if (!entry) return undefined;
  return { paths: [baseName(entry.path)], fields: [], missingValues: new Set(['']), pointer: '' };
}

/** One file of a table, ready to be read by row. */
export interface TableFile {
  path: string;
  source: ByteSource;
  dialect: TableDialect;
}

/** Opens the files of a table; what is missing or unsafe becomes an issue. */
export async function openTable(
  tree: FileTree,
  found: FoundPackage,
  resource: CmsoResource,
  issues: Issue[],
): Promise<TableFile[]> {
  const files: TableFile[] = [];
  for (const path of resource.paths) {
    const where = { file: found.entry.path, field: `${resource.pointer}/path` };
    if (/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(path) || path.split(/[/\\]/).includes('..')) {
      issues.push(cmsoIssue('resource-path-unsafe', `the path "${path.slice(0, 200)}" is not followed`, { where }));
      continue;
    }
    const full = (found.folder === '' ? '' : `${found.folder}/`) + path.replace(/^\.\//, '');
    const entry = tree.entries.find((candidate) => candidate.path === full);
    if (!entry) {
      issues.push(cmsoIssue('resource-missing', `the file ${full} is not there`, { where }));
      continue;
    }
    if (resource.bytes !== undefined && resource.paths.length === 1 && resource.bytes !== entry.size)
      issues.push(
        cmsoIssue('bytes-not-as-declared', `${full} has ${entry.size} bytes, the descriptor says ${resource.bytes}`, {
          where: { file: full, field: `${resource.pointer}/bytes` },
        }),
      );
    const source = await entry.open();
    files.push({ path: full, source, dialect: await dialectOf(source, resource) });
  }
  return files;
}

/** Dialect of a table: as declared, else by the header line. Columns are found by name, never by place. */
async function dialectOf(source: ByteSource, resource: CmsoResource): Promise<TableDialect> {
  const head = await source.read(0, 65_536);
  const encoding = sniffEncoding(head);
  const text = decodeHead(head, encoding);
  const firstLine = /^[^\n]*/.exec(text)![0];
  const declared = resource.delimiter as Delimiter | undefined;
  const delimiter = declared ?? ([',', '\t', ';'] as const).find((mark) => firstLine.includes(mark)) ?? ',';
  const { records, lines } = new RecordCutter({ delimiter }, new IssueTally()).feed(text, head.length >= source.size);
  const header = (records[0] ?? []).map((name) => name.trim());
  return {
    delimiter,
    encoding,
    header,
    units: header.map(unitInName),
    hasHeader: true,
    firstDataLine: lines[1] ?? (lines[0] ?? 0) + 1,
    decimalComma: false,
    consistency: 1,
    sample: [],
    sampleBlocks: [],
  };
}
