import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FileEntry } from '@micrarium/formats';
import { fileEntry, openFolder } from '@micrarium/formats/node';
import { otherDigests, startDigest } from '@micrarium/repository';
import { UsageError } from '../terminal.ts';
import { type CheckSums, CheckSumDiffers } from './check-sums.ts';

/** A file on this machine, with the path it will have in the study. */
export interface LocalFile {
  path: string;
  size: number;
  entry: FileEntry;
}

/** A file with its digest. */
export interface DigestedFile extends LocalFile {
  /** Lower-case hex. */
  sha256: string;
  /** As a list of check sums states them, which it was compared with. */
  md5?: string;
  crc32c?: string;
}

/** What the paths of a command hold. */
export interface CollectedFiles {
  files: LocalFile[];
  /** Left out, and why: links, devices, and what systems leave lying about. */
  skipped: { path: string; reason: string }[];
  /** Paths that cannot be read, and why. */
  missing: { path: string; reason: string }[];
}

/** Files every system leaves lying about; nobody means to deposit them. The deposit page leaves the same ones out. */
const clutter = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|__MACOSX\/.*)$/i;

/**
 * Finds the files of the paths: folders are walked and keep their name and tree, as when they are dropped on the deposit
 * page; a single file goes to the top.
 * @throws UsageError where two files would have one path in the study
 */
export async function collectFiles(paths: readonly string[]): Promise<CollectedFiles> {
  const found: CollectedFiles = { files: [], skipped: [], missing: [] };
  for (const path of paths) {
    const about = await stat(path).catch((error: NodeJS.ErrnoException) => error);
    const name = basename(resolve(path)).normalize('NFC');
    if (about instanceof Error) found.missing.push({ path, reason: reasonOf(about) });
    else if (about.isDirectory()) await walk(path, name, found);
    else if (about.isFile()) add(found, name, await fileEntry(path, name));
    else found.missing.push({ path, reason: 'it is neither a file nor a folder' });
  }
  const seen = new Set<string>();
  for (const { path } of found.files) {
    if (seen.has(path)) throw new UsageError(`two files would be ${path} in the study; deposit the folder above them`);
    seen.add(path);
  }
  found.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return found;
}

async function walk(path: string, name: string, found: CollectedFiles): Promise<void> {
  // A study that lacks files its depositor has is not published by a script that saw no fault.
  const onSkipped = (entry: string, reason: string, isLost: boolean) =>
    (isLost ? found.missing : found.skipped).push({ path: `${path}/${entry}`, reason });
  const tree = await openFolder(path, { onSkipped }).catch((error: unknown) => error as Error);
  if (tree instanceof Error) found.missing.push({ path, reason: tree.message });
  // The root folder of a disk has no name of its own.
  else for (const entry of tree.entries) add(found, name === '' ? entry.path : `${name}/${entry.path}`, entry);
}

function add(found: CollectedFiles, path: string, entry: FileEntry): void {
  if (clutter.test(path)) found.skipped.push({ path, reason: 'systems leave such files lying about' });
  else found.files.push({ path, size: entry.size, entry });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'there is no such file or folder';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'you may not read it';
  return error.message;
}

const windowBytes = 4 * 2 ** 20;

/**
 * SHA-256 of each file, read in pieces, and the digests that a list states of it.
 * @param onBytes told of the bytes of each piece
 * @throws CheckSumDiffers for a file that is not what the list says
 */
export async function digestFiles(
  files: readonly LocalFile[],
  onBytes: (bytes: number, path: string) => void,
  signal: AbortSignal,
  listed: CheckSums = new Map(),
): Promise<DigestedFile[]> {
  const digested: DigestedFile[] = [];
  for (const file of files) {
    const stated = listed.get(file.path) ?? {};
    const hash = startDigest('sha256');
    const others = Object.keys(stated).map((name) => ({ name, digest: startDigest(name) }));
    const source = await file.entry.open();
    for (let at = 0; at < file.size; ) {
      signal.throwIfAborted();
      const bytes = await source.read(at, windowBytes, signal);
      if (bytes.length === 0) throw new Error(`${file.path} became shorter while it was read`);
      hash.update(bytes);
      for (const { digest } of others) digest.update(bytes);
      at += bytes.length;
      onBytes(bytes.length, file.path);
    }
    await file.entry.close?.();
    for (const { name, digest } of others)
      if (digest.hex() !== stated[name as keyof typeof stated]) throw new CheckSumDiffers(file.path, name);
    const { md5, crc32c } = stated;
    digested.push({ ...file, sha256: hash.hex(), ...otherDigests({ md5, crc32c }) });
  }
  return digested;
}
