import type { FormatId, InspectReport } from '@micrarium/formats';
import type { DraftItem } from './draft.ts';
import type { ShelfItem } from './file-shelf.ts';
import type { FilePhase, Sending } from './upload-queue.ts';

/** One line of the list of files: an item, as far as this browser and the server know it. */
export interface ItemRow {
  path: string;
  files: readonly string[];
  /** Left out until the list of the server's files has told all their sizes. */
  bytes?: number;
  /** The report of this browser, or one made of what the server read. */
  report?: InspectReport;
  local?: ShelfItem;
  server?: DraftItem;
}

/** How the files of an item stand on their way. */
export interface RowProgress {
  /** Least advanced phase of its files; left out where none is on its way. */
  phase?: FilePhase;
  /** Fraction of its bytes that left this browser. */
  sent: number;
  /** Why the first of its files that failed could not be sent. */
  fault?: unknown;
}

/** What the server knows of an item, in the words of a report. */
export function reportOf(item: DraftItem): InspectReport {
  const first = item.trackSets[0];
  return {
    path: item.path,
    ...(item.files.length > 1 ? { files: item.files } : {}),
    format: item.format as FormatId,
    ...(item.formatVersion === undefined ? {} : { formatVersion: item.formatVersion }),
    kind: item.kind,
    ...(item.counts ? { counts: item.counts } : {}),
    ...(item.trackSets.length > 1 ? { parts: item.trackSets.map(({ name, counts }) => ({ name, counts })) } : {}),
    images: item.images as NonNullable<InspectReport['images']>,
    ...(item.tables ? { tables: item.tables as NonNullable<InspectReport['tables']> } : {}),
    units: {
      ...(first?.spaceUnit === undefined ? {} : { space: first.spaceUnit }),
      ...(first?.timeUnit === undefined ? {} : { time: first.timeUnit }),
    },
    issues: item.issues as InspectReport['issues'],
  };
}

/**
 * Lines for all items, by path: those found here first, then those only the server knows, then files of the draft that
 * are in no item yet.
 */
export function rowsOf(
  local: readonly ShelfItem[],
  server: readonly DraftItem[],
  files: ReadonlyMap<string, Sending>,
): ItemRow[] {
  const known = new Map(server.map((item) => [item.path, item]));
  const taken = new Set<string>();
  const rows: ItemRow[] = local.map((item) => {
    const there = known.get(item.path);
    for (const path of item.files) taken.add(path);
    // What was said of the columns of feature tables only the server knows.
    const report = (there?.tables ? undefined : item.report) ?? (there && reportOf(there));
    return {
      path: item.path,
      files: item.files,
      bytes: item.bytes,
      local: item,
      ...(report ? { report } : {}),
      ...(there ? { server: there } : {}),
    };
  });
  for (const item of server) {
    if (item.files.some((path) => taken.has(path))) continue;
    for (const path of item.files) taken.add(path);
    const bytes = sizeOf(item.files, files);
    const row = { path: item.path, files: item.files, report: reportOf(item), server: item };
    rows.push(bytes === undefined ? row : { ...row, bytes });
  }
  for (const { path, size } of files.values()) if (!taken.has(path)) rows.push({ path, files: [path], bytes: size });
  return rows.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Bytes of some files; `undefined` while one of them is not listed yet. */
function sizeOf(paths: readonly string[], files: ReadonlyMap<string, Sending>): number | undefined {
  let bytes = 0;
  for (const path of paths) {
    const file = files.get(path);
    if (!file) return undefined;
    bytes += file.size;
  }
  return bytes;
}

/** Lines of which size and report are known. */
export const readRows = (rows: readonly ItemRow[]): { path: string; bytes: number; report: InspectReport }[] =>
  rows.flatMap(({ path, bytes, report }) => (report && bytes !== undefined ? [{ path, bytes, report }] : []));

const order: readonly FilePhase[] = ['failed', 'mismatch', 'sending', 'digesting', 'waiting', 'stored', 'verified'];

/** How far the files of a row are. */
export function progressOf(row: ItemRow, files: ReadonlyMap<string, Sending>): RowProgress {
  let phase: FilePhase | undefined;
  let sent = 0;
  let fault: unknown;
  for (const path of row.files) {
    const file = files.get(path);
    if (!file) continue;
    sent += file.sent;
    if (phase === undefined || order.indexOf(file.phase) < order.indexOf(phase)) phase = file.phase;
    fault ??= file.fault;
  }
  return {
    ...(phase === undefined ? {} : { phase }),
    sent: !row.bytes ? (phase === 'stored' || phase === 'verified' ? 1 : 0) : Math.min(1, sent / row.bytes),
    ...(fault === undefined ? {} : { fault }),
  };
}
