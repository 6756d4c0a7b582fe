import { createHash } from 'node:crypto';
import { sideBySide } from '@micrarium/repository';
import { isNotThere } from '../durable-files.ts';
import { checkAgainstRoot, checkSpecificationOrder } from './compare-inventories.ts';
import { checkInventory, type CheckedInventory } from './check-inventory.ts';
import { checkDeclaration, checkObjectRoot, checkVersionFolder } from './check-structure.ts';
import { diskArea, type FileArea } from './file-area.ts';
import { type Finding, finding } from './findings.ts';
import { repeatedKeys } from './repeated-keys.ts';

/** Who follows a validation while it reads. */
export interface ValidationWatch {
  /** Told of every piece read, and waited for: a limit of the rate waits here, and a check that shall end throws. */
  onBytes?(count: number): Promise<void> | void;
  /** Told of every content file. */
  onFile?(): void;
  /**
   * Fixity blocks are left unread, and each file is held to the digest of the manifest alone: for inventories that are known to be those
   * we wrote, whose digests were computed together over the same bytes.
   */
  isManifestEnough?: boolean;
}

/**
 * Validates one OCFL 1.1 object: structure, inventories, digests of all content. Reads every byte.
 * @param at folder of the object, or its files where they do not lie on this machine
 * @returns all findings, errors (`E...`) and warnings (`W...`); empty means whole
 */
export async function validateObject(at: string | FileArea, watch: ValidationWatch = {}): Promise<Finding[]> {
  const object = typeof at === 'string' ? diskArea(at) : at;
  const findings: Finding[] = [];
  const names = await namesIn(object, '');
  findings.push(...(await checkDeclaration(object, names)));
  if (!(await hasInventory(object, ''))) {
    findings.push(finding('E063', 'inventory.json', 'the object has no inventory'));
    return findings;
  }
  const root = await readAndCheck(object, '', findings);
  if (!root) return findings;
  findings.push(...checkConformance(names, root), ...(await checkObjectRoot(object, root)));
  const older = await checkVersions(object, root, findings);
  await checkContent(object, root, older, findings, watch);
  return findings;
}

/** Reads the inventory of a folder with its sidecar and checks both; `undefined` where it is no JSON object. */
async function readAndCheck(
  object: FileArea,
  folder: string,
  findings: Finding[],
): Promise<CheckedInventory | undefined> {
  const path = folder === '' ? 'inventory.json' : `${folder}/inventory.json`;
  const bytes = await object.read(path);
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    findings.push(...repeatedKeys(text).map(({ code, message }) => finding(code, path, message)));
  } catch {
    findings.push(finding('E033', path, 'the inventory is not JSON in UTF-8'));
    return undefined;
  }
  const checked = checkInventory(value, path);
  findings.push(...checked.findings);
  const algorithm = checked.inventory.digestAlgorithm;
  findings.push(...(await checkSidecar(object, path, bytes, algorithm)));
  return { ...checked, bytes };
}

/** Is there an inventory in the folder that can be read as a file? */
async function hasInventory(object: FileArea, folder: string): Promise<boolean> {
  const entries = (await object.entries(folder)) ?? [];
  return entries.some(({ name, kind }) => name === 'inventory.json' && kind !== 'folder');
}

/** The inventory in the object root follows the specification that the object declares (OCFL 1.1, 3.5.1). */
function checkConformance(names: readonly string[], { typeVersion }: CheckedInventory): Finding[] {
  const declared = names.filter((name) => /^0=ocfl_object_1\.[01]$/.test(name)).map((name) => Number(name.slice(14)));
  if (declared.length !== 1 || declared[0] === typeVersion) return [];
  const message = `the inventory follows OCFL ${typeVersion.toFixed(1)}, the object declares ${declared[0]!.toFixed(1)}`;
  return [finding('E038', 'inventory.json', message)];
}

async function checkSidecar(object: FileArea, path: string, bytes: Uint8Array, algorithm: string): Promise<Finding[]> {
  const name = `${path}.${algorithm}`;
  let text: string;
  try {
    text = (await object.read(name)).toString('utf8');
  } catch (error) {
    if (!isNotThere(error)) throw error;
    return [finding('E058', name, 'the inventory has no digest file')];
  }
  const match = /^([0-9a-fA-F]+)[ \t]+inventory\.json\n?$/.exec(text);
  if (!match) return [finding('E061', name, 'the digest file is not "digest, blanks, inventory.json"')];
  if (algorithm !== 'sha512' && algorithm !== 'sha256') return [];
  const digest = createHash(algorithm).update(bytes).digest('hex');
  return digest === match[1]!.toLowerCase()
    ? []
    : [finding('E060', path, 'the inventory does not match its digest file')];
}

/** Checks every version folder; gives the inventories found there, by version. */
async function checkVersions(
  object: FileArea,
  root: CheckedInventory,
  findings: Finding[],
): Promise<Map<string, CheckedInventory>> {
  const older = new Map<string, CheckedInventory>();
  const { inventory } = root;
  for (const version of Object.keys(inventory.versions)) {
    const names = (await object.entries(version))?.map(({ name }) => name);
    if (!names) continue;
    if (names.length === 0) findings.push(finding('E073', version, 'an empty folder'));
    const hasOwn = await hasInventory(object, version);
    const checked = hasOwn ? await readAndCheck(object, version, findings) : undefined;
    const { contentDirectory } = inventory;
    const digestAlgorithm = hasOwn && !checked ? undefined : (checked ?? root).inventory.digestAlgorithm;
    findings.push(...(await checkVersionFolder(object, version, names, { contentDirectory, digestAlgorithm })));
    if (!hasOwn) findings.push(finding('W010', version, 'the version has no inventory of its own'));
    if (!checked) continue;
    older.set(version, checked);
    findings.push(...checkAgainstRoot(root, checked, version));
  }
  findings.push(...checkSpecificationOrder(older));
  return older;
}

/** Compares the content on disk with the manifests, and every digest with the bytes. */
async function checkContent(
  object: FileArea,
  root: CheckedInventory,
  older: ReadonlyMap<string, CheckedInventory>,
  findings: Finding[],
  watch: ValidationWatch,
): Promise<void> {
  const { inventory } = root;
  const onDisk = new Set<string>();
  for (const version of Object.keys(inventory.versions))
    for (const path of await filesBelow(object, `${version}/${inventory.contentDirectory}`, findings)) onDisk.add(path);
  const promised = pathsOf(inventory.manifest);
  for (const path of onDisk)
    if (!promised.has(path)) findings.push(finding('E023', path, 'content that no manifest names'));
  for (const [version, { inventory: own }] of older) {
    const named = pathsOf(own.manifest);
    const number = Number(version.slice(1));
    for (const path of onDisk)
      if (Number(path.slice(1, path.indexOf('/'))) <= number && !named.has(path))
        findings.push(finding('E023', path, `content that the manifest of ${version} does not name`));
  }
  // Every claim about a file, from all manifests and fixity blocks, so that each file is read once.
  const claims = new Map<string, Claim[]>();
  const claim = (path: string, one: Claim) => {
    const known = claims.get(path) ?? [];
    const isKnown = known.some(
      ({ algorithm, digest, code }) => algorithm === one.algorithm && digest === one.digest && code === one.code,
    );
    if (!isKnown) claims.set(path, [...known, one]);
  };
  for (const { inventory: one, where } of [
    { ...root, where: '' },
    ...[...older].map(([version, o]) => ({ ...o, where: version })),
  ]) {
    for (const [digest, paths] of Object.entries(one.manifest))
      for (const path of paths) claim(path, { algorithm: one.digestAlgorithm, digest, code: 'E092', where });
    for (const [algorithm, block] of Object.entries(watch.isManifestEnough ? {} : one.fixity))
      for (const [digest, paths] of Object.entries(block))
        for (const path of paths) claim(path, { algorithm, digest, code: 'E093', where });
  }
  const found = new Map<string, Finding[]>();
  const links: Links = new Map();
  const reading = { onDisk, watch, links };
  await sideBySide(
    [...claims],
    async ([path, about]) => void found.set(path, await checkBytes(object, path, about, reading)),
    filesAtOnce,
  );
  for (const path of claims.keys()) findings.push(...found.get(path)!);
  findings.push(...(await checkLinks(object, links, Object.keys(inventory.versions))));
}

/** Small files are read many at once; of large ones no more are than there are threads for. */
const filesAtOnce = 64;

/** Paths that are names of the same file, by that file. */
type Links = Map<string, string[]>;

/** No file has two names in an object (OCFL 1.1, 4.2). Names outside the object are not ours to judge. */
async function checkLinks(object: FileArea, links: Links, versions: readonly string[]): Promise<Finding[]> {
  if (!object.linkOf) return [];
  for (const folder of ['', ...versions.map((version) => `${version}/`)])
    for (const name of ['inventory.json', 'inventory.json.sha512', 'inventory.json.sha256']) {
      const link = await object.linkOf(folder + name).catch(ignoreMissing);
      if (link !== undefined) links.set(link, [...(links.get(link) ?? []), folder + name]);
    }
  return [...links.values()].flatMap((paths) => {
    const [first, ...others] = paths.sort();
    return others.map((path) => finding('E090', path, `a hard link of ${first}`));
  });
}

function ignoreMissing(error: unknown): undefined {
  if (!isNotThere(error)) throw error;
}

interface Claim {
  algorithm: string;
  digest: string;
  code: 'E092' | 'E093';
  where: string;
}

/** Algorithms that we compute, by their names in inventories. Others are not ours to judge (OCFL 1.1, 3.5.4). */
const nodeName: Record<string, string> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha512: 'sha512',
  'blake2b-512': 'blake2b512',
  'sha512/256': 'sha512-256',
  // Not in the registry: buckets know files by it, and we write it where a depositor stated it.
  crc32c: 'crc32c',
};

async function checkBytes(
  object: FileArea,
  path: string,
  claims: readonly Claim[],
  { onDisk, watch, links }: { onDisk: ReadonlySet<string>; watch: ValidationWatch; links: Links },
): Promise<Finding[]> {
  if (!onDisk.has(path)) {
    const codes = new Set(claims.map((claim) => claim.code));
    return [...codes].map((code) => finding(code, path, 'the inventory names content that is not there'));
  }
  const algorithms = [...new Set(claims.map(({ algorithm }) => algorithm))].filter((one) =>
    Object.hasOwn(nodeName, one),
  );
  watch.onFile?.();
  let read: string[];
  try {
    const wanted = algorithms.map((algorithm) => nodeName[algorithm]!);
    const { digests, link } = await object.digests(path, wanted, (count) => watch.onBytes?.(count));
    if (link !== undefined) links.set(link, [...(links.get(link) ?? []), path]);
    read = digests;
  } catch (error) {
    // A bad sector is a finding about this file, and no reason to leave the others unread.
    if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error;
    return [finding('E092', path, 'the bytes cannot be read from the disk')];
  }
  const digests = new Map(algorithms.map((algorithm, at) => [algorithm, read[at]!]));
  return claims
    .filter(({ algorithm, digest }) => digests.has(algorithm) && digests.get(algorithm) !== digest.toLowerCase())
    .map(({ algorithm, code, where }) =>
      finding(
        code,
        path,
        `the bytes do not match the ${algorithm} digest in ${where === '' ? 'the inventory' : `the inventory of ${where}`}`,
      ),
    );
}

function pathsOf(manifest: Record<string, string[]>): Set<string> {
  return new Set(Object.values(manifest).flat());
}

async function filesBelow(object: FileArea, folder: string, findings: Finding[]): Promise<string[]> {
  const entries = await object.entries(folder);
  if (!entries) return [];
  if (entries.length === 0) findings.push(finding('E024', folder, 'an empty folder'));
  const files: string[] = [];
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === 'folder') files.push(...(await filesBelow(object, path, findings)));
    else if (entry.kind === 'file') files.push(path);
    else findings.push(finding('E090', path, 'neither a file nor a folder'));
  }
  return files;
}

async function namesIn(object: FileArea, folder: string): Promise<string[]> {
  return ((await object.entries(folder)) ?? []).map(({ name }) => name);
}
