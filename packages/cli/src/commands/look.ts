import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type InsideDetails,
  InsideFault,
  type InsideFile,
  type InsideNode,
  type InsidePage,
  ByteSourceError,
  fileTree,
  lookInside,
} from '@micrarium/formats';
import { fileEntry, openFolder } from '@micrarium/formats/node';
import { parseCommand } from '../arguments.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';

/** Members of a group that are listed. */
const mostMembers = 10_000;

/** What there is at a path inside a file; one line of `look --json`. */
interface Looked {
  file: string;
  format: InsideFile['format'];
  version: string;
  details: InsideDetails;
  members?: InsideNode[];
  page?: InsidePage;
}

/** `look FILE [PATH] [--json]`: what lies inside an HDF5 file or a Zarr hierarchy. */
export async function look(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    rows: { type: 'string' },
    from: { type: 'string' },
  });
  const [path, inside = '/', ...more] = paths;
  if (path === undefined || more.length > 0)
    throw new UsageError('look needs one file, and may take one path inside it');
  const rows = wholeNumber('--rows', values['rows'], 20);
  const from = wholeNumber('--from', values['from'], 0);
  try {
    const found = await lookAt(path, inside.startsWith('/') ? inside : `/${inside}`, from, rows);
    await writeLine(terminal.out, values['json'] ? JSON.stringify(found) : prose(found));
    return exitCode.good;
  } catch (error) {
    if (!(error instanceof InsideFault || error instanceof ByteSourceError)) throw error;
    await writeLine(terminal.err, `${path}: ${error.message}`);
    return exitCode.faulty;
  }
}

function wholeNumber(option: string, value: string | boolean | undefined, usual: number): number {
  if (value === undefined) return usual;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new UsageError(`${option} "${String(value)}" is no whole number`);
  return number;
}

async function lookAt(path: string, inside: string, row: number, rows: number): Promise<Looked> {
  const about = await stat(path).catch(() => undefined);
  if (!about) throw new InsideFault('there is no such file or folder');
  const tree = about.isDirectory() ? await openFolder(path) : fileTree('', [await fileEntry(path, basename(path))]);
  try {
    const file = await lookInside(tree);
    const details = await file.details(inside);
    const { format, version } = file;
    const about_ = { file: path, format, version, details };
    if (details.kind === 'group') return { ...about_, members: (await file.members(inside, 0, mostMembers)).nodes };
    if (details.kind !== 'array' && details.kind !== 'table') return about_;
    return { ...about_, page: await file.page(inside, { row, rows, column: 0, columns: 24, fixed: [] }) };
  } finally {
    for (const entry of tree.entries) await entry.close?.();
  }
}

function prose({ format, version, details, members, page }: Looked): string {
  const name = format === 'hdf5' ? 'HDF5' : 'Zarr';
  const lines = [`${details.path}  ${said(details)}  (${name}, ${version})`];
  for (const { name: key, value } of details.attributes) lines.push(`  @${key} = ${value}`);
  if (details.filters) lines.push(`  packed: ${details.filters.join(', ')}`);
  if (details.chunk) lines.push(`  chunks: ${details.chunk.join(' × ')}`);
  for (const node of members ?? []) lines.push(`${node.name}  ${said(node)}`);
  if (page) lines.push(...table(page));
  return lines.join('\n');
}

function said({ kind, shape, type, members, note }: InsideNode): string {
  const size = shape === undefined ? '' : shape.length === 0 ? 'one value, ' : `${shape.join(' × ')} `;
  const what = type === undefined ? kind : `${size}${type}`;
  return `${what}${members === undefined ? '' : ` of ${members}`}${note === undefined ? '' : ` → ${note}`}`;
}

/** A page as aligned columns, the row numbers first. */
function table({ window, columnNames, cells, rowCount }: InsidePage): string[] {
  const rows = cells.map((row, n) => [String(window.row + n), ...row]);
  const head = ['', ...columnNames];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padStart(Math.min(40, widths[column]!)))
      .join('  ')
      .trimEnd();
  const shown = window.row + cells.length;
  return [
    line(head),
    ...rows.map(line),
    ...(shown < rowCount ? [`… ${rowCount - shown} more rows (--from ${shown})`] : []),
  ];
}
