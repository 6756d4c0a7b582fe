import type { Issue } from '@micrarium/model';
import {
  checkCollisions,
  checkPath,
  type DraftFileRow,
  everyRow,
  pathIssue,
  type StudyStore,
} from '@micrarium/repository';
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

/**
 * Files that would have one path here: a source may spell a name with accents in one sign, and another apart from them. Which of the two is meant
 * nobody can say, so neither is brought.
 */
export function twinsOf(paths: readonly string[]): Issue[] {
  const spellings = new Map<string, Set<string>>();
  for (const path of paths) {
    const target = targetOf(path);
    spellings.set(target, (spellings.get(target) ?? new Set()).add(path));
  }
  return [...spellings].flatMap(([target, { size }]) =>
    size < 2
      ? []
      : pathIssue(
          'path-collides',
          `${JSON.stringify(target)} is there more than once, its accents spelled differently`,
          {
            where: { file: target },
          },
        ),
  );
}

/**
 * Lists a source, up to `most` files and a minute, against what a draft has. Where there are more, files that can be brought and are not in
 * the draft yet come before the others: listed again, a source gives what the last list had no room for.
 * @throws ImportRefused, AddressRefused
 */
export async function listImport(
  source: ImportSource,
  { studies, draftId }: { studies: StudyStore; draftId: string },
  signal: AbortSignal,
  most = mostImported,
): Promise<ImportListing> {
  const there = new Map<string, DraftFileRow>();
  for await (const row of everyRow((page) => studies.listFiles(draftId, page))) there.set(row.path, row);
  const isThere = ({ path, size }: OfferedFile) => {
    const row = there.get(targetOf(path));
    return row?.state === 'verified' && row.size === size;
  };
  const isNews = (file: OfferedFile) =>
    file.fault === undefined && !isThere(file) && checkPath(targetOf(file.path)).length === 0;
  const { offered, isCut } = await offeredBy(source, signal, most, isNews);
  let bytes = 0;
  const files = offered.map((file) => {
    bytes += file.size ?? 0;
    return { ...file, isThere: isThere(file) };
  });
  const spelled = files.filter(({ fault }) => fault === undefined).map(({ path }) => path);
  const paths = spelled.map(targetOf);
  const issues = [...paths.flatMap(checkPath), ...checkCollisions(paths, there.keys()), ...twinsOf(spelled)];
  return { files, bytes, isCut, issues };
}

async function offeredBy(
  source: ImportSource,
  signal: AbortSignal,
  most: number,
  isNews: (file: OfferedFile) => boolean,
): Promise<{ offered: OfferedFile[]; isCut: boolean }> {
  const timeout = AbortSignal.timeout(patience);
  const [news, others]: [OfferedFile[], OfferedFile[]] = [[], []];
  // The others have what room the news leave.
  const offered = () => sorted([...news, ...others.slice(0, most - news.length)]);
  try {
    for await (const file of source.list(AbortSignal.any([signal, timeout]))) {
      if (!isNews(file)) {
        if (others.length < most) others.push(file);
        continue;
      }
      if (news.length >= most) return { offered: offered(), isCut: true };
      news.push(file);
    }
  } catch (fault) {
    // What came in time can be brought; the rest by another listing.
    if (!timeout.aborted || signal.aborted || news.length + others.length === 0) throw fault;
    return { offered: offered(), isCut: true };
  }
  return { offered: offered(), isCut: false };
}

const sorted = (files: OfferedFile[]) => files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
