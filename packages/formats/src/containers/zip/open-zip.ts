import { hasErrors, type Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, fileTree, type FileTree } from '../../bytes/file-tree.ts';
import { readZipDirectory, type ZipDirectory, ZipProblem, type ZipRecord } from './zip-directory.ts';
import { checkZipEntry, openZipEntry, streamZipEntry } from './zip-entry.ts';
import { zipIssue } from './zip-issues.ts';
import { checkZipNames, shownName } from './zip-names.ts';

/** How much of an archive is accepted. */
export interface ZipLimits {
  /** Entries in the directory; 1,000,000 unless said. */
  maxEntries?: number;
  /** Unpacked to packed size, of one entry and of the whole, once more than 16 MiB come out; 200 unless said. */
  maxRatio?: number;
  /** Unpacked size of all compressed entries together; 64 GiB unless said. Stored entries do not count. */
  maxInflated?: number;
  /** Backslashes in names part folders, as some Windows programs write them; otherwise such names are refused. */
  backslashes?: boolean;
  signal?: AbortSignal;
}

/** An open archive. Where an error rejected it, `tree` is empty. */
export interface OpenedZip {
  /** The files of the archive; each opens lazily, stored ones by range. */
  tree: FileTree;
  issues: Issue[];
  /** Archive comment, `''` where there is none. */
  comment: string;
  /**
   * Reads every entry and checks size and CRC-32 (what a directory cannot show); issues in archive order.
   */
  verify(signal?: AbortSignal): Promise<Issue[]>;
}

const ratioFloor = 16 * 2 ** 20;

/** Links, devices, encryption, methods we do not read. Answers whether the entry can be opened. */
function checkKind(archive: string, record: ZipRecord, issues: Issue[]): boolean {
  const where = { where: { file: archive } };
  const name = shownName(record.name);
  if (record.fileType !== 0 && record.fileType !== 0o100000 && record.fileType !== 0o040000) {
    const what = record.fileType === 0o120000 ? 'a symbolic link' : 'a device or pipe';
    issues.push(zipIssue('zip-special-entry', `${archive}: "${name}" is ${what}.`, where));
    return false;
  }
  // These two concern one entry only: the rest of the archive stays readable.
  if (record.encrypted) {
    issues.push(zipIssue('zip-encrypted', `${archive}: "${name}" is encrypted and was left out.`, where));
    return false;
  }
  if (record.method !== 0 && record.method !== 8) {
    issues.push(
      zipIssue('zip-method', `${archive}: "${name}" is compressed by method ${record.method} and was left out.`, where),
    );
    return false;
  }
  return true;
}

/** Sizes: bombs by ratio, sizes that cannot be true, entries that share bytes. */
function checkSizes(
  archive: string,
  directory: ZipDirectory,
  records: readonly ZipRecord[],
  limits: ZipLimits,
): Issue[] {
  const issues: Issue[] = [];
  const where = { where: { file: archive } };
  const maxRatio = limits.maxRatio ?? 200;
  const maxInflated = limits.maxInflated ?? 64 * 2 ** 30;
  let inflated = 0;
  let packed = 0;
  for (const record of records) {
    const name = shownName(record.name);
    if (record.method === 0) {
      if (record.size !== record.compressedSize)
        issues.push(zipIssue('zip-damaged', `${archive}: "${name}" is stored, yet its two sizes differ.`, where));
      continue;
    }
    inflated += record.size;
    packed += record.compressedSize;
    if (record.size > ratioFloor && record.size > record.compressedSize * maxRatio)
      issues.push(
        zipIssue(
          'zip-ratio',
          `${archive}: "${name}" would unpack ${record.compressedSize} bytes to ${record.size}, more than ${maxRatio} to 1.`,
          where,
        ),
      );
    // Deflate adds 5 bytes per 65,535 at worst; programs that flush after each little piece add more to small files.
    else if (record.compressedSize > record.size + 1024 + Math.ceil(record.size / 16_383) * 5)
      issues.push(
        zipIssue(
          'zip-wrong-size',
          `${archive}: "${name}" declares ${record.size} bytes but holds ${record.compressedSize} bytes of compressed data.`,
          where,
        ),
      );
  }
  if (issues.length === 0 && inflated > ratioFloor && (inflated > packed * maxRatio || inflated > maxInflated))
    issues.push(zipIssue('zip-ratio', `${archive}: would unpack ${packed} bytes to ${inflated}.`, where));
  const byOffset = [...records].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [n, record] of byOffset.entries()) {
    const end = record.headerOffset + 30 + record.nameLength + record.compressedSize;
    const next = byOffset[n + 1]?.headerOffset ?? directory.directoryOffset;
    // No room for anything but the header, the name and the data: the local header need not be asked, which over HTTP is a request.
    if (end === next && n > 0) record.dataOffset = next - record.compressedSize;
    if (end <= next) continue;
    issues.push(
      zipIssue('zip-overlap', `${archive}: "${shownName(record.name)}" shares bytes with the entry after it.`, where),
    );
    break;
  }
  return issues;
}

function toEntry(source: ByteSource, record: ZipRecord): FileEntry {
  let opened: ReturnType<typeof openZipEntry> | undefined;
  const entry = (): ReturnType<typeof openZipEntry> => {
    opened ??= openZipEntry(source, record);
    return opened;
  };
  return {
    path: record.name.normalize('NFC'),
    size: record.size,
    modifiedAt: record.modifiedAt,
    open: () => entry().open(),
    close: () => entry().close(),
    stream: (signal) => streamZipEntry(source, record, signal),
  };
}

/** Codes that leave one entry out; every other error rejects the whole archive. */
const oneEntryOnly = new Set(['zip-encrypted', 'zip-method']);

/**
 * Opens a zip archive by its central directory; zip64 too. Nothing is unpacked. Names are checked as a whole: an archive
 * with unsafe names, links, doubles or bomb-like sizes is rejected (empty tree, issues of severity `error`).
 * Archives inside the archive stay files.
 */
export async function openZip(source: ByteSource, limits: ZipLimits = {}): Promise<OpenedZip> {
  const empty = (issues: Issue[]): OpenedZip => ({
    tree: fileTree(source.name, []),
    issues,
    comment: '',
    verify: () => Promise.resolve([]),
  });
  let directory: ZipDirectory;
  try {
    directory = await readZipDirectory(source, limits.maxEntries ?? 1_000_000, limits.signal);
  } catch (error) {
    if (error instanceof ZipProblem) return empty([error.issue]);
    throw error;
  }
  const issues: Issue[] = [];
  if (limits.backslashes) for (const record of directory.records) record.name = record.name.replaceAll('\\', '/');
  const readable = directory.records.filter((record) => checkKind(source.name, record, issues));
  const files = readable.filter((record) => !record.name.endsWith('/'));
  issues.push(...checkFolders(source.name, readable));
  issues.push(
    ...checkZipNames(
      source.name,
      files.map((record) => record.name),
    ),
  );
  issues.push(...checkSizes(source.name, directory, files, limits));
  if (hasErrors(issues.filter((issue) => !oneEntryOnly.has(issue.code)))) return empty(issues);
  return {
    tree: fileTree(
      source.name,
      files.map((record) => toEntry(source, record)),
    ),
    issues,
    comment: directory.comment,
    async verify(signal) {
      const found: Issue[] = [];
      for (const record of files) {
        signal?.throwIfAborted();
        const issue = await checkZipEntry(source, record, signal);
        if (issue) found.push(issue);
      }
      return found;
    },
  };
}

/** Folder entries may not leave the archive either. */
function checkFolders(archive: string, records: readonly ZipRecord[]): Issue[] {
  const folders = records.filter((record) => record.name.endsWith('/')).map((record) => record.name.slice(0, -1));
  return checkZipNames(archive, [...new Set(folders)]).filter((issue) => issue.code === 'zip-unsafe-path');
}
