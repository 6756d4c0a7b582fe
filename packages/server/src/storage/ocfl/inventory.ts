import { createHash } from 'node:crypto';

/** `digestAlgorithm` of what we write; readers also take `sha256`. */
export const ourAlgorithm = 'sha512';
/** Value of `type` in an OCFL 1.1 inventory. */
export const inventoryType = 'https://ocfl.io/1.1/spec/#inventory';

/** Digest (lower-case hex) to paths. */
export type DigestMap = Record<string, string[]>;

/** One version of an object (OCFL 1.1, section 3.5.3). */
export interface OcflVersion {
  /** RFC 3339 with seconds and zone. */
  created: string;
  message?: string;
  user?: { name: string; address?: string };
  /** Digest to logical paths. */
  state: DigestMap;
}

/** An inventory as we write it (OCFL 1.1, section 3.5). */
export interface OcflInventory {
  id: string;
  type: string;
  digestAlgorithm: string;
  head: string;
  contentDirectory?: string;
  /** Digest to content paths. */
  manifest: DigestMap;
  versions: Record<string, OcflVersion>;
  /** Algorithm to digest to content paths; ours holds `sha256`, the name of the blob. */
  fixity?: Record<string, DigestMap>;
}

/** One file of a new version: its logical path and the digests of its bytes. */
export interface VersionFile {
  logicalPath: string;
  sha512: string;
  sha256: string;
}

/** What `nextInventory` decided. */
export interface NextInventory {
  inventory: OcflInventory;
  /** Content that must be laid down: bytes the object does not hold yet, each once. */
  content: { contentPath: string; sha512: string; sha256: string }[];
}

/**
 * The inventory of the next version. Bytes the object holds already are named, not stored again; of several new files with the same
 * bytes one is stored.
 * @param before inventory of the version before; left out for version 1
 * @param placeOf where the bytes of a file lie below the content folder; left out, under its logical path
 * @throws LogicalPathWrong where a path would leave the object or clash
 */
export function nextInventory(
  id: string,
  before: OcflInventory | undefined,
  files: readonly VersionFile[],
  about: Omit<OcflVersion, 'state'>,
  placeOf: (file: VersionFile) => string = (file) => file.logicalPath,
): NextInventory {
  checkLogicalPaths(files.map((file) => file.logicalPath));
  const head = `v${before ? versionNumber(before.head) + 1 : 1}`;
  const manifest: DigestMap = { ...before?.manifest };
  const sha256: DigestMap = { ...before?.fixity?.sha256 };
  const state: DigestMap = {};
  const content: NextInventory['content'] = [];
  for (const file of [...files].sort((a, b) => (a.logicalPath < b.logicalPath ? -1 : 1))) {
    (state[file.sha512] ??= []).push(file.logicalPath);
    if (manifest[file.sha512]) continue;
    const contentPath = `${head}/content/${placeOf(file)}`;
    manifest[file.sha512] = [contentPath];
    sha256[file.sha256] = [contentPath];
    content.push({ contentPath, sha512: file.sha512, sha256: file.sha256 });
  }
  const versions = { ...before?.versions, [head]: { ...about, state } };
  return {
    inventory: {
      id,
      type: inventoryType,
      digestAlgorithm: ourAlgorithm,
      head,
      manifest,
      versions,
      fixity: { sha256 },
    },
    content,
  };
}

/** Inventory as bytes, and the text of its sidecar. */
export function inventoryBytes(inventory: OcflInventory): { bytes: Buffer; sidecar: string; digest: string } {
  const bytes = Buffer.from(`${JSON.stringify(inventory, null, 1)}\n`, 'utf8');
  const digest = createHash(ourAlgorithm).update(bytes).digest('hex');
  return { bytes, digest, sidecar: `${digest} inventory.json\n` };
}

/** Number of a version name such as `v12`. */
export function versionNumber(name: string): number {
  return Number(name.slice(1));
}

/** Content path of a logical path in a version; `undefined` where the version has no such file. */
export function contentPathOf(inventory: OcflInventory, version: string, logicalPath: string): string | undefined {
  for (const [digest, paths] of Object.entries(inventory.versions[version]?.state ?? {}))
    if (paths.includes(logicalPath)) return inventory.manifest[digest]?.[0];
  return undefined;
}

/** A path that no object may hold: absolute, with `.`, `..` or empty parts, twice, or a folder of another. */
export class LogicalPathWrong extends Error {
  override readonly name = 'LogicalPathWrong';

  constructor(path: string, why: string) {
    super(`Not a logical path of an OCFL object (${why}): ${path.slice(0, 300)}`);
  }
}

function checkLogicalPaths(paths: readonly string[]): void {
  const all = new Set<string>();
  for (const path of paths) {
    if (!isPlainPath(path)) throw new LogicalPathWrong(path, 'empty, "." or ".." part, or a slash at an end');
    if (path.includes('\0')) throw new LogicalPathWrong(path, 'NUL');
    if (all.has(path)) throw new LogicalPathWrong(path, 'twice');
    all.add(path);
  }
  for (const path of paths)
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      if (all.has(path.slice(0, slash))) throw new LogicalPathWrong(path, 'its folder is also a file');
}

/** Has the path only real parts, and no slash at either end? */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
