import type { Issue } from '@micrarium/model';
import { checkCollisions, checkPath, type DraftFileRow, everyRow, type StudyStore } from '@micrarium/repository';
import type { ImportSource, OfferedFile } from './import-source.ts';

/** Files that one import brings at most. */
export const mostImported = 10_000;
/** Milliseconds that a listing may take. */
const patience = 60_000;

/** What a source offers for a draft. */
export interface ImportListing {
  files: (OfferedFile & { isThere: boolean })[];
  /** Bytes of all whose size is told. */
  bytes: number;
  /** Are there more, or could not all be listed in time? */
  isCut: boolean;
  /** What is wrong with paths. */
  issues: Issue[];
}

/** Where a file of a source goes in a draft: its path, with accents in one sign as paths here have them. */
export function targetOf(path: string): string {
  return path.normalize('NFC');
}

/** Lists a source, up to `most` files and a minute, against what a draft has. @throws ImportRefused, AddressRefused */
export async function listImport(
  source: ImportSource,
  { studies, draftId }: { studies: StudyStore; draftId: string },
  signal: AbortSignal,
  most = mostImported,
): Promise<ImportListing> {
  const there = new Map<string, DraftFileRow>();
  for await (const row of everyRow((page) => studies.listFiles(draftId, page))) there.set(row.path, row);
  const { offered, isCut } = await offeredBy(source, signal, most);
  let bytes = 0;
  const files = offered.map((file) => {
    bytes += file.size ?? 0;
    const row = there.get(targetOf(file.path));
    return { ...file, isThere: row?.state === 'verified' && row.size === file.size };
  });
  const paths = files.filter(({ fault }) => fault === undefined).map(({ path }) => targetOf(path));
  return { files, bytes, isCut, issues: [...paths.flatMap(checkPath), ...checkCollisions(paths, there.keys())] };
}

async function offeredBy(
  source: ImportSource,
  signal: AbortSignal,
  most: number,
): Promise<{ offered: OfferedFile[]; isCut: boolean }> {
  const timeout = AbortSignal.timeout(patience);
  const offered: OfferedFile[] = [];
  try {
    for await (const file of source.list(AbortSignal.any([signal, timeout]))) {
      if (offered.length >= most) return { offered, isCut: true };
      offered.push(file);
    }
  } catch (fault) {
    // What came in time can be brought; the rest by another listing, further down.
    if (!timeout.aborted || signal.aborted || offered.length === 0) throw fault;
    return { offered: sorted(offered), isCut: true };
  }
  return { offered: sorted(offered), isCut: false };
}

const sorted = (files: OfferedFile[]) => files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
