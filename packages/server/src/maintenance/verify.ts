import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileTree, openZip } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { checkBag } from '@micrarium/repository';
import type { ServerConfig } from '../config.ts';
import { StartRefused } from '../start/start-refused.ts';
import { isNotThere } from '../storage/durable-files.ts';
import { openFileSource } from '../storage/file-source.ts';
import { diskArea } from '../storage/ocfl/file-area.ts';
import { type Finding, finding } from '../storage/ocfl/findings.ts';
import { objectFolder } from '../storage/ocfl/layout.ts';
import { idPrefix } from '../storage/ocfl/study-archive.ts';
import { validateObject } from '../storage/ocfl/validate.ts';
import { layOutRoot, looksLikeRoot } from '../storage/ocfl/validate-root.ts';

/** What was looked at, and what was found. */
export interface Verified {
  /** As it was named, or below that. */
  path: string;
  kind: 'ocfl-object' | 'ocfl-root' | 'bag';
  /** `incomplete`: a bag with files that are to be fetched. */
  state: 'valid' | 'warned' | 'incomplete' | 'invalid';
  /** Codes of OCFL 1.1 (`E…`, `W…`), or ours for bags (`bag-…`), with `severity` where the code does not tell it. */
  findings: (Finding & { severity: 'error' | 'warning' })[];
}

/** Of what a path names, how much is read. */
export interface VerifyOptions {
  /** Of a storage root, only so many objects, drawn by chance. */
  sample?: number;
}

/**
 * Says whether an OCFL object, a storage root with its objects, or a BagIt bag (folder or zip) is in order; every byte is read, nothing changed.
 * @throws the system's error where there is nothing
 */
export async function* verifyAt(path: string, { sample }: VerifyOptions = {}): AsyncGenerator<Verified> {
  if (!(await stat(path)).isDirectory()) return yield await verifyZip(path);
  const names = await readdir(path);
  if (looksLikeRoot(names)) yield* verifyRoot(path, sample);
  else if (isBag(names)) yield judgedBag(path, await checkBag(await openFolder(path)));
  else yield await verifyObject(path);
}

/** Verifies the archive of a data folder, or studies in it by their accession; no server and no database are needed. */
export async function* verifyArchive(
  { data }: ServerConfig,
  accessions: readonly string[],
  options: VerifyOptions = {},
): AsyncGenerator<Verified> {
  const root = join(data, 'archive');
  if (!existsSync(root))
    throw new StartRefused(`There is no archive in the data folder ${data}. Name another with --data.`);
  if (accessions.length === 0) return yield* verifyAt(root, options);
  for (const accession of accessions) {
    const folder = join(root, objectFolder(idPrefix + accession));
    try {
      yield { ...(await verifyObject(folder)), path: accession };
    } catch (error) {
      if (!isNotThere(error)) throw error;
      const missing = finding('E003', accession, 'the archive has no such object');
      yield judged({ path: accession, kind: 'ocfl-object' }, [missing]);
    }
  }
}

async function* verifyRoot(root: string, sample: number | undefined): AsyncGenerator<Verified> {
  const { objects, findings } = await layOutRoot(root);
  yield judged({ path: root, kind: 'ocfl-root' }, findings);
  const chosen = sample === undefined ? objects : drawn(objects, sample);
  const ids = new Map<string, string>();
  for (const object of chosen) {
    const verified = await verifyObject(join(root, object));
    const id = await idOf(join(root, object));
    const other = id === undefined ? undefined : ids.get(id);
    // Two objects of one id: which of them is it? (OCFL 1.1, E037)
    if (id !== undefined && other !== undefined)
      yield judged({ path: verified.path, kind: 'ocfl-object' }, [
        ...verified.findings,
        finding('E037', 'inventory.json', `the id ${id} is that of ${other} too`),
      ]);
    else yield verified;
    if (id !== undefined) ids.set(id, object);
  }
}

async function idOf(object: string): Promise<string | undefined> {
  try {
    const inventory = JSON.parse((await diskArea(object).read('inventory.json')).toString('utf8')) as { id?: unknown };
    return typeof inventory.id === 'string' ? inventory.id : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isNotThere(error)) return undefined;
    throw error;
  }
}

function drawn(objects: readonly string[], count: number): string[] {
  const left = [...objects];
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(randomInt(left.length), 1));
  return chosen.sort();
}

async function verifyObject(folder: string): Promise<Verified> {
  await stat(folder);
  return judged({ path: folder, kind: 'ocfl-object' }, await validateObject(folder));
}

function judged(about: Pick<Verified, 'path' | 'kind'>, findings: readonly Finding[]): Verified {
  const weighed = findings.map((one) => ({
    ...one,
    severity: one.code.startsWith('W') ? ('warning' as const) : ('error' as const),
  }));
  const state = weighed.some(({ severity }) => severity === 'error')
    ? 'invalid'
    : findings.length > 0
      ? 'warned'
      : 'valid';
  return { ...about, state, findings: weighed };
}

const isBag = (names: readonly string[]): boolean =>
  !names.some((name) => name === 'inventory.json' || name.startsWith('0=')) &&
  names.some((name) => name === 'bagit.txt' || /^(tag)?manifest-\w+\.txt$/.test(name) || name === 'data');

/** A bag in a zip, in a folder of its own as RFC 8493 advises, or without one. */
async function verifyZip(path: string): Promise<Verified> {
  const source = await openFileSource(path);
  try {
    const { tree, issues } = await openZip(source);
    const declared = tree.entries.find((one) => /^([^/]+\/)?bagit\.txt$/.test(one.path));
    const folder = declared?.path.slice(0, -'bagit.txt'.length) ?? '';
    const inside = tree.entries
      .filter((one) => one.path.startsWith(folder))
      .map((one) => ({ ...one, path: one.path.slice(folder.length) }));
    const checked = await checkBag(fileTree(basename(path), inside));
    const zipFaults = issues.map((one) => ({ ...one, where: { file: basename(path) } }));
    return judgedBag(path, { ...checked, issues: [...zipFaults, ...checked.issues] });
  } finally {
    await source.close();
  }
}

function judgedBag(path: string, { state, issues }: Awaited<ReturnType<typeof checkBag>>): Verified {
  const findings = issues.map(({ code, message, where, severity }) => ({
    code,
    path: where?.file ?? '',
    message,
    severity: severity === 'error' ? ('error' as const) : ('warning' as const),
  }));
  const isFaulty = findings.some(({ severity }) => severity === 'error');
  const told = state === 'valid' && findings.length > 0 ? 'warned' : state;
  return { path, kind: 'bag', state: isFaulty ? 'invalid' : told, findings };
}
