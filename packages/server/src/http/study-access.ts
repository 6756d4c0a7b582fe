import type { StudyMetadata } from '@micrarium/model';
import { can, publicMetadata, type StudyStore } from '@micrarium/repository';
import { Remembered } from './remembered.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { studyResource } from '../access/study-resource.ts';
import { isHidden } from '../states/study-states.ts';
import { Problem } from './problems.ts';

/** A published version as the store gives it: without its list of files. */
export type FoundVersion = NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>;

/** Milliseconds for which a version is not asked for again: a viewer asks for hundreds of its chunks a second. */
const rememberedFor = 2_000;

const remembered = new WeakMap<StudyStore, Remembered<Awaited<ReturnType<typeof lookUp>>>>();

async function lookUp(studies: StudyStore, accession: string, version: number | 'newest', minor?: number) {
  const found = await studies.getVersion(accession, version, minor);
  return found && { found, ownerId: await studies.ownerOf(accession) };
}

/**
 * The files of a numbered version never change, and its metadata only by a revision, so a moment's memory of it is hardly wrong; the newest
 * one is always asked for.
 */
function known(studies: StudyStore, accession: string, version: number | 'newest', minor?: number) {
  if (version === 'newest') return lookUp(studies, accession, version);
  let versions = remembered.get(studies);
  if (!versions) remembered.set(studies, (versions = new Remembered(rememberedFor)));
  const key = `${accession}/${version}${minor === undefined ? '' : `.${minor}`}`;
  return versions.get(key, () => lookUp(studies, accession, version, minor));
}

/** Forgets what was remembered of a version, for its metadata were revised. */
export function forgetVersion(studies: StudyStore, accession: string, version: number): void {
  remembered.get(studies)?.forget(`${accession}/${version}`);
  remembered.get(studies)?.forget(`${accession}/${version}.0`);
  numbers.get(studies)?.forget(accession);
}

/** Number and revision that a label such as `2` or `2.1` names, as addresses of pages hold them. @throws Problem `not-found` */
export function versionOfLabel(label: string | undefined): { version: number; minor?: number } {
  const found = /^([1-9][0-9]{0,8})(?:\.(0|[1-9][0-9]{0,5}))?$/.exec(label ?? '');
  if (!found) throw new Problem('not-found');
  return { version: Number(found[1]), ...(found[2] === undefined ? {} : { minor: Number(found[2]) }) };
}

/** Addresses of the pages of a version: `/v/2`, or `/v/2.1` of one revision of its metadata. */
export const labelled = ':version{[0-9]{1,9}(?:\\.[0-9]{1,6})?}';

/** The metadata with the DOI of the version, where they do not name one themselves. A version never changes; its DOI comes later. */
function withDoi(metadata: StudyMetadata, doi: string | undefined): StudyMetadata {
  const named = metadata.values['doi'];
  if (doi === undefined || (typeof named === 'string' && named.trim() !== '')) return metadata;
  return { ...metadata, values: { ...metadata.values, doi } };
}

/** A version with what everybody may see of its metadata, and the DOI that leads to it; of the study until it has one of its own. */
export async function publicVersion(services: Services, found: FoundVersion): Promise<FoundVersion> {
  const dois = await services.dois?.registered(found.accession);
  const doi = dois?.versions.get(found.version) ?? dois?.concept;
  return { ...found, metadata: withDoi(publicMetadata(found.metadata), doi) };
}

/** May the sender read what is closed until a day, by standing? */
export async function readsClosed(c: HttpContext, services: Services, accession: string): Promise<boolean> {
  const { subject } = c.var;
  if (subject.kind === 'anonymous') return false;
  return can(subject, 'study.read-closed', await studyResource(services, subject, accession));
}

/**
 * A published version that the sender may see, with public metadata only.
 * @param minor revision of its metadata; left out, the newest
 * @throws Problem `not-found`
 */
export async function versionFor(
  c: HttpContext,
  services: Services,
  accession: string,
  version: number | 'newest',
  minor?: number,
): Promise<FoundVersion> {
  const asked = await known(services.studies, accession, version, minor);
  if (!asked) throw new Problem('not-found');
  await demandReadable(c, services, accession, asked.ownerId);
  return await publicVersion(services, asked.found);
}

/** Goes on where the sender may see a study. @throws Problem */
async function demandReadable(
  c: HttpContext,
  services: Services,
  accession: string,
  ownerId: string | undefined,
): Promise<void> {
  if (!can(c.var.subject, 'study.read', { kind: 'study', accession, ownerId })) throw new Problem('not-found');
  // Beside the gate before the routes of studies: whatever else leads to a study comes through here.
  const state = await services.states.of(accession);
  if (state.state === 'withdrawn') throw new Problem('withdrawn', `${state.reason} (${state.at.slice(0, 10)})`);
  // The page of a study is asked for in nobody's name; the gate before it knows who asks.
  if (isHidden(state) && c.var.knowsOf !== accession && !(await readsClosed(c, services, accession)))
    throw new Problem('not-found');
}

interface Numbers {
  /** Of each version the newest revision of its metadata; `undefined` where there is none. */
  revisions: ReadonlyMap<number, number | undefined>;
  ownerId: string | undefined;
}

const numbers = new WeakMap<StudyStore, Remembered<Numbers>>();

/**
 * Goes on where there is a version that the sender may see, as `versionFor`, without reading it: one of a hundred thousand files says tens of
 * megabytes of its items, and each of its files is asked for.
 * @throws Problem `not-found`
 */
export async function demandVersion(
  c: HttpContext,
  services: Services,
  accession: string,
  version: number,
): Promise<Pick<FoundVersion, 'accession' | 'version' | 'minor'>> {
  const { studies } = services;
  let memory = numbers.get(studies);
  if (!memory) numbers.set(studies, (memory = new Remembered(rememberedFor)));
  const found = await memory.get(accession, async () => ({
    revisions: new Map((await studies.listVersions(accession)).map((one) => [one.version, one.revisions?.[0]?.minor])),
    ownerId: await studies.ownerOf(accession),
  }));
  // Published a moment ago, or read by a private link.
  if (!found?.revisions.has(version)) return await versionFor(c, services, accession, version);
  await demandReadable(c, services, accession, found.ownerId);
  const minor = found.revisions.get(version);
  return { accession, version, ...(minor === undefined ? {} : { minor }) };
}
