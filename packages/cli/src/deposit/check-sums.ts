import { readFile } from 'node:fs/promises';
import type { OtherDigests } from '@micrarium/repository';
import { UsageError } from '../terminal.ts';

/** Digests that a list states of files, by their path in the study. */
export type CheckSums = ReadonlyMap<string, OtherDigests & { sha256?: string }>;

/** A file is not what the list of check sums says; nothing was sent. */
export class CheckSumDiffers extends Error {
  override readonly name = 'CheckSumDiffers';

  constructor(path: string, algorithm: string) {
    super(
      `${path} has another ${names[algorithm] ?? algorithm} than --checksums states: it was changed or damaged, or the list is of another file. Nothing was sent.`,
    );
  }
}

const names: Readonly<Record<string, string>> = { md5: 'MD5', crc32c: 'CRC32C', sha256: 'SHA-256' };
const byLength: Readonly<Record<number, string>> = { 32: 'md5', 8: 'crc32c', 64: 'sha256' };

/** What `md5sum`, `sha256sum` and their like write, and `md5` of BSD; undoes how they write names with line ends. */
function readLine(line: string): { path: string; digest: string } | undefined {
  const bsd = /^(?:MD5|CRC32C|SHA256) \((.+)\) = ([0-9A-Fa-f]+)$/.exec(line);
  if (bsd) return { path: bsd[1]!, digest: bsd[2]! };
  const gnu = /^(\\?)([0-9A-Fa-f]+) [ *](.+)$/.exec(line);
  if (!gnu) return undefined;
  const [, escaped, digest, name] = gnu as unknown as [string, string, string, string];
  const path = escaped === '' ? name : name.replace(/\\([n\\])/g, (_all, sign: string) => (sign === 'n' ? '\n' : '\\'));
  return { path, digest };
}

/**
 * Reads a list of check sums: MD5, CRC32C or SHA-256 by their length, each with the path of a file as it is in the study, or below the one
 * folder that is deposited.
 * @param paths of the files in the study
 * @returns the digests, and paths of the list that are not deposited
 * @throws UsageError where it cannot be read, or is no such list
 */
export async function readCheckSums(
  file: string,
  paths: readonly string[],
): Promise<{ sums: CheckSums; notDeposited: string[] }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--checksums names the file ${file}, which cannot be read`, { cause });
  });
  const known = new Map(paths.map((path) => [path.slice(path.indexOf('/') + 1), path]));
  for (const path of paths) known.set(path, path);
  const sums = new Map<string, OtherDigests & { sha256?: string }>();
  const notDeposited: string[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const read = readLine(line);
    const algorithm = byLength[read?.digest.length ?? 0];
    if (!read || algorithm === undefined)
      throw new UsageError(
        `${file}, line ${index + 1}: not a check sum and a path, as md5sum writes them (MD5, CRC32C or SHA-256)`,
      );
    const listed = read.path.replace(/^(\.\/)+/, '').normalize('NFC');
    const path = known.get(listed);
    if (path === undefined) notDeposited.push(listed);
    else sums.set(path, { ...sums.get(path), [algorithm]: read.digest.toLowerCase() });
  });
  return { sums, notDeposited };
}
