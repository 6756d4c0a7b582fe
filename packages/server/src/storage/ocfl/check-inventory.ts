import { inventoryType, isPlainPath } from './inventory.ts';
import { type Finding, finding } from './findings.ts';

type Json = Record<string, unknown>;

/** An inventory with the parts that could be understood; what could not is empty, and was reported. */
export interface CheckedInventory {
  inventory: {
    id: string;
    head: string;
    digestAlgorithm: string;
    contentDirectory: string;
    manifest: Record<string, string[]>;
    /** Manifest by lower-case digest. */
    manifestLower: Map<string, string[]>;
    versions: Record<string, { created: unknown; message: unknown; state: Record<string, string[]> }>;
    fixity: Record<string, Record<string, string[]>>;
  };
  /** 1.0 or 1.1, from `type`. */
  typeVersion: number;
  findings: Finding[];
  bytes?: Buffer;
}

const knownKeys = new Set([
  'id',
  'type',
  'digestAlgorithm',
  'head',
  'contentDirectory',
  'manifest',
  'versions',
  'fixity',
]);
const versionName = /^v(0[0-9]+|[1-9][0-9]*)$/;

/** Checks one inventory by itself (OCFL 1.1, 3.5). */
export function checkInventory(value: unknown, path: string): CheckedInventory {
  const found: Finding[] = [];
  const report = (code: string, message: string) => void found.push(finding(code, path, message));
  const json = asObject(value);
  if (!json) report('E034', 'the inventory is not a JSON object');
  const source = json ?? {};
  for (const key of Object.keys(source))
    if (!knownKeys.has(key)) report('E102', `the key ${key} is not part of an inventory`);
  const typeVersion = checkHeadings(source, report);
  const digestAlgorithm = typeof source.digestAlgorithm === 'string' ? source.digestAlgorithm : 'sha512';
  const contentDirectory = checkContentDirectory(source.contentDirectory, report);
  const manifest = checkManifest(source.manifest, contentDirectory, report);
  const manifestLower = new Map(Object.entries(manifest).map(([digest, paths]) => [digest.toLowerCase(), paths]));
  const versions = checkVersions(source.versions, manifest, report);
  checkHead(source.head, Object.keys(versions), report);
  checkAllUsed(manifestLower, versions, report);
  const fixity = checkFixity(source.fixity, manifestLower, report);
  const id = typeof source.id === 'string' ? source.id : '';
  const head = typeof source.head === 'string' ? source.head : '';
  const inventory = { id, head, digestAlgorithm, contentDirectory, manifest, manifestLower, versions, fixity };
  return { inventory, typeVersion, findings: found };
}

type Report = (code: string, message: string) => void;

function checkHeadings(source: Json, report: Report): number {
  if (source.id === undefined) report('E036', 'there is no id');
  else if (typeof source.id !== 'string' || source.id === '') report('E037', 'the id is not a text');
  else if (!/^[a-zA-Z][a-zA-Z0-9+.-]*:.+/.test(source.id)) report('W005', 'the id is not a URI');
  if (source.digestAlgorithm === undefined) report('E036', 'there is no digestAlgorithm');
  else if (source.digestAlgorithm !== 'sha512' && source.digestAlgorithm !== 'sha256')
    report('E025', `${String(source.digestAlgorithm)} is neither sha512 nor sha256`);
  else if (source.digestAlgorithm === 'sha256') report('W004', 'sha256 where sha512 is advised');
  if (source.type === undefined) report('E036', 'there is no type');
  else if (source.type !== inventoryType && source.type !== inventoryType.replace('1.1', '1.0'))
    report('E038', 'the type is not that of an OCFL 1.1 inventory');
  return source.type === inventoryType.replace('1.1', '1.0') ? 1 : 1.1;
}

function checkContentDirectory(value: unknown, report: Report): string {
  if (value === undefined) return 'content';
  if (typeof value !== 'string' || value.includes('/')) report('E017', 'contentDirectory is not a plain folder name');
  else if (value === '.' || value === '..' || value === '')
    report('E018', 'contentDirectory is not a folder of its own');
  else return value;
  return 'content';
}

function checkManifest(value: unknown, contentDirectory: string, report: Report): Record<string, string[]> {
  if (value === undefined) report('E041', 'there is no manifest');
  const manifest = asDigestMap(value === undefined ? {} : value, 'the manifest', 'E106', report);
  checkDigestsOnce(manifest, 'E096', 'the manifest', report);
  checkPaths(Object.values(manifest).flat(), { shape: 'E099', slash: 'E100', unique: 'E101' }, 'content path', report);
  const inContent = new RegExp(`^v\\d+/${contentDirectory.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/.`);
  for (const path of Object.values(manifest).flat())
    if (isPlainPath(path) && !inContent.test(path))
      report('E042', `${path} does not lie in a content folder of a version`);
  return manifest;
}

function checkVersions(
  value: unknown,
  manifest: Readonly<Record<string, string[]>>,
  report: Report,
): CheckedInventory['inventory']['versions'] {
  if (value === undefined) report('E043', 'there is no versions block');
  const versions: CheckedInventory['inventory']['versions'] = {};
  const blocks = asObject(value === undefined ? {} : value);
  if (!blocks) report('E044', 'the versions block is not an object');
  else if (Object.keys(blocks).length === 0) report('E008', 'the inventory names no version');
  for (const [name, block] of Object.entries(blocks ?? {})) {
    if (!versionName.test(name)) {
      report('E046', `${name} is not the name of a version`);
      continue;
    }
    const checked = asObject(block);
    if (!checked) report('E047', `the block of ${name} is not an object`);
    versions[name] = checkVersionBlock(name, checked ?? {}, manifest, report);
  }
  return versions;
}

function checkVersionBlock(name: string, block: Json, manifest: Readonly<Record<string, string[]>>, report: Report) {
  for (const key of Object.keys(block))
    if (!['created', 'state', 'message', 'user'].includes(key))
      report('E102', `the key ${key} is not part of a version`);
  checkCreated(name, block.created, report);
  if (block.message !== undefined && typeof block.message !== 'string')
    report('E094', `the message of ${name} is not a text`);
  checkUser(name, block, report);
  if (block.state === undefined) report('E048', `${name} has no state`);
  const state = asDigestMap(block.state === undefined ? {} : block.state, `the state of ${name}`, 'E050', report);
  checkDigestsOnce(state, 'E050', `the state of ${name}`, report);
  // Written as it is in the manifest: a program that looks it up there finds no other spelling.
  for (const digest of Object.keys(state))
    if (!Object.hasOwn(manifest, digest))
      report('E050', `the state of ${name} has a digest that the manifest does not`);
  checkPaths(
    Object.values(state).flat(),
    { shape: 'E052', slash: 'E053', unique: 'E095' },
    `logical path of ${name}`,
    report,
  );
  return { created: block.created, message: block.message, state };
}

function checkCreated(name: string, created: unknown, report: Report): void {
  if (created === undefined) report('E048', `${name} has no creation time`);
  else if (!isInstant(created)) report('E049', `the creation time of ${name} is not a date with seconds and zone`);
}

/** Is it a date and time of RFC 3339, of a day that the calendar has? A leap second is one too. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const parts =
    /^(\d{4}-\d\d-(\d\d))[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(
      value,
    );
  // Of the thirtieth of February a date makes the second of March.
  const day = new Date(`${parts?.[1]}T00:00:00Z`);
  return parts !== null && !Number.isNaN(day.getTime()) && day.getUTCDate() === Number(parts[2]);
}

function checkUser(name: string, block: Json, report: Report): void {
  if (block.message === undefined || block.user === undefined) report('W007', `${name} lacks a message or a user`);
  if (block.user === undefined) return;
  const user = asObject(block.user);
  if (!user || typeof user.name !== 'string' || user.name === '')
    return report('E054', `the user of ${name} has no name`);
  for (const key of Object.keys(user))
    if (key !== 'name' && key !== 'address')
      report('E102', `the user of ${name} has the key ${key}, which is not part of an inventory`);
  if (user.address === undefined) report('W008', `the user of ${name} has no address`);
  else if (typeof user.address !== 'string' || !/^[a-zA-Z][a-zA-Z0-9+.-]*:.+/.test(user.address))
    report('W009', `the address of the user of ${name} is not a URI`);
}

function checkHead(head: unknown, versions: readonly string[], report: Report): void {
  if (head === undefined) return report('E036', 'there is no head');
  const newest = [...versions].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)))[0];
  if (typeof head !== 'string' || !versionName.test(head)) report('E040', 'the head is not the name of a version');
  else if (head !== newest) report('E040', `the head is ${head}, the newest version ${newest ?? 'missing'}`);
}

function checkAllUsed(
  manifest: ReadonlyMap<string, string[]>,
  versions: CheckedInventory['inventory']['versions'],
  report: Report,
): void {
  const used = new Set(
    Object.values(versions).flatMap((block) => Object.keys(block.state).map((digest) => digest.toLowerCase())),
  );
  for (const [digest, paths] of manifest)
    if (!used.has(digest)) report('E107', `${paths[0] ?? digest} is in no version`);
}

function checkFixity(
  value: unknown,
  manifest: ReadonlyMap<string, string[]>,
  report: Report,
): Record<string, Record<string, string[]>> {
  if (value === undefined) return {};
  const blocks = asObject(value);
  if (!blocks) report('E111', 'the fixity block is not an object');
  const content = new Set([...manifest.values()].flat());
  const fixity: Record<string, Record<string, string[]>> = {};
  for (const [algorithm, block] of Object.entries(blocks ?? {})) {
    const map = asDigestMap(block, `the fixity block ${algorithm}`, 'E057', report);
    checkDigestsOnce(map, 'E097', `the fixity block ${algorithm}`, report);
    checkPaths(
      Object.values(map).flat(),
      { shape: 'E099', slash: 'E100', unique: 'E101' },
      `path in fixity ${algorithm}`,
      report,
    );
    for (const path of Object.values(map).flat())
      if (isPlainPath(path) && !content.has(path))
        report('E057', `the fixity block names ${path}, which the manifest does not`);
    fixity[algorithm] = map;
  }
  return fixity;
}

interface PathCodes {
  /** `.`, `..` and empty parts. */
  shape: string;
  /** Slash at an end. */
  slash: string;
  /** Twice, or a folder of another. */
  unique: string;
}

function checkPaths(paths: readonly string[], codes: PathCodes, what: string, report: Report): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path.startsWith('/') || path.endsWith('/')) report(codes.slash, `${what} ${path} begins or ends with a slash`);
    if (
      path
        .replace(/^\/|\/$/g, '')
        .split('/')
        .some((part) => part === '' || part === '.' || part === '..')
    )
      report(codes.shape, `${what} ${path} has an empty part, "." or ".."`);
    if (seen.has(path)) report(codes.unique, `${what} ${path} occurs twice`);
    seen.add(path);
  }
  for (const path of seen)
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      if (seen.has(path.slice(0, slash))) report(codes.unique, `${what} ${path.slice(0, slash)} is also a folder`);
}

function checkDigestsOnce(map: Record<string, string[]>, code: string, what: string, report: Report): void {
  const seen = new Set<string>();
  for (const digest of Object.keys(map)) {
    if (seen.has(digest.toLowerCase())) report(code, `${what} has the digest ${digest.slice(0, 16)}… twice`);
    seen.add(digest.toLowerCase());
  }
}

function asDigestMap(value: unknown, what: string, code: string, report: Report): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  const source = asObject(value);
  if (!source) report(code, `${what} is not an object`);
  for (const [digest, paths] of Object.entries(source ?? {})) {
    const wrong = code === 'E106' ? 'E092' : 'E051';
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) {
      report(wrong, `${what} has paths that are not a list of texts`);
      continue;
    }
    map[digest] = paths;
    // A digest without a path names bytes that are nowhere.
    if (paths.length === 0) report(wrong, `${what} has a digest without a path`);
  }
  return map;
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
