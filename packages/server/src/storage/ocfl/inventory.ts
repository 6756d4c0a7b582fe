import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { everyByte, jsonPieces } from '@micrarium/repository';

/** `digestAlgorithm` of what we write; readers also take `sha256`. */
export const ourAlgorithm = 'sha512';
/** Value of `type` in an OCFL 1.1 inventory. */
export const inventoryType = 'https://ocfl.io/1.1/spec/#inventory';

/** Files after which others get their turn. */
const filesInOneTurn = 10_000;

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
  /** Algorithm to digest to content paths; ours holds `sha256`, the name of the blob, and `md5` and `crc32c` where depositors stated them. */
  fixity?: Record<string, DigestMap>;
}

/** One file of a new version: its logical path and the digests of its bytes. */
export interface VersionFile {
  logicalPath: string;
  sha512: string;
  sha256: string;
  /** Further digests, by algorithm. */
  others?: Readonly<Record<string, string | undefined>> | undefined;
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
export async function nextInventory(
  id: string,
  before: OcflInventory | undefined,
  files: readonly VersionFile[],
  about: Omit<OcflVersion, 'state'>,
  placeOf: (file: VersionFile) => string = (file) => file.logicalPath,
): Promise<NextInventory> {
  await checkLogicalPaths(files);
  const head = `v${before ? versionNumber(before.head) + 1 : 1}`;
  const manifest: DigestMap = { ...before?.manifest };
  const sha256: DigestMap = { ...before?.fixity?.sha256 };
  const others = Object.fromEntries(
    Object.entries(before?.fixity ?? {}).flatMap(([name, block]) => (name === 'sha256' ? [] : [[name, { ...block }]])),
  );
  const state: DigestMap = {};
  const content: NextInventory['content'] = [];
  const inOrder = [...files].sort((a, b) => (a.logicalPath < b.logicalPath ? -1 : 1));
  for (const [at, file] of inOrder.entries()) {
    if (at % filesInOneTurn === 0) await setImmediate();
    const same = state[file.sha512];
    // An array that is made with what it holds takes a fifth of the memory of one that it is pushed to.
    if (same) same.push(file.logicalPath);
    else state[file.sha512] = [file.logicalPath];
    noteOthers(others, file, manifest[file.sha512]?.[0] ?? `${head}/content/${placeOf(file)}`);
    if (manifest[file.sha512]) continue;
    const contentPath = `${head}/content/${placeOf(file)}`;
    manifest[file.sha512] = sha256[file.sha256] = [contentPath];
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
      fixity: { sha256, ...others },
    },
    content,
  };
}

function noteOthers(blocks: Record<string, DigestMap>, { others = {} }: VersionFile, contentPath: string): void {
  for (const [algorithm, digest] of Object.entries(others)) {
    if (digest === undefined) continue;
    const block = (blocks[algorithm] ??= {});
    const paths = block[digest] ?? [];
    if (!paths.includes(contentPath)) block[digest] = [...paths, contentPath];
  }
}

/** Digest of an inventory as it is written, and the text of its sidecar. */
export interface InventoryDigest {
  digest: string;
  sidecar: string;
}

/**
 * Inventory as bytes, piece by piece: that of a hundred thousand files has fifty megabytes.
 * @param onEnd told of its digest after the last piece
 */
export async function* inventoryPieces(
  inventory: OcflInventory,
  onEnd: (told: InventoryDigest) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash(ourAlgorithm);
  for await (const piece of jsonPieces({ ...inventory })) {
    hash.update(piece);
    yield piece;
  }
  const digest = hash.digest('hex');
  onEnd({ digest, sidecar: `${digest} inventory.json\n` });
}

/** What stands in the sidecar of an inventory. */
export async function inventoryDigest(inventory: OcflInventory): Promise<InventoryDigest> {
  let told: InventoryDigest | undefined;
  for await (const _piece of inventoryPieces(inventory, (one) => void (told = one)));
  return told!;
}

/** Inventory as bytes in one piece, and the text of its sidecar. */
export async function inventoryBytes(inventory: OcflInventory): Promise<InventoryDigest & { bytes: Uint8Array }> {
  let told: InventoryDigest | undefined;
  const bytes = await everyByte(inventoryPieces(inventory, (one) => void (told = one)));
  return { ...told!, bytes };
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

/** Digest of each file of a version, by logical path; `undefined` where the object does not have the version. */
export function digestsByPath(inventory: OcflInventory, version: string): Map<string, string> | undefined {
  const state = inventory.versions[version]?.state;
  return (
    state && new Map(Object.entries(state).flatMap(([digest, paths]) => paths.map((path) => [path, digest] as const)))
  );
}

async function checkLogicalPaths(files: readonly VersionFile[]): Promise<void> {
  const all = new Set<string>();
  for (const [at, { logicalPath: path }] of files.entries()) {
    if (at % filesInOneTurn === 0) await setImmediate();
    if (!isPlainPath(path)) throw new LogicalPathWrong(path, 'empty, "." or ".." part, or a slash at an end');
    if (path.includes('\0')) throw new LogicalPathWrong(path, 'NUL');
    if (all.has(path)) throw new LogicalPathWrong(path, 'twice');
    all.add(path);
  }
  for (const { logicalPath: path } of files)
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      if (all.has(path.slice(0, slash))) throw new LogicalPathWrong(path, 'its folder is also a file');
}

/** Has the path only real parts, and no slash at either end? */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
