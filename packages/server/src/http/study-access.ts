import type { StudyMetadata } from '@micrarium/model';
import { can, publicMetadata, type StudyStore } from '@micrarium/repository';
import { Remembered } from './remembered.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';

/** A published version as the store gives it: without its list of files. */
export type FoundVersion = NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>;

/** Milliseconds for which a version is not asked for again: a viewer asks for hundreds of its chunks a second. */
const rememberedFor = 2_000;

const remembered = new WeakMap<StudyStore, Remembered<Awaited<ReturnType<typeof lookUp>>>>();

async function lookUp(studies: StudyStore, accession: string, version: number | 'newest') {
  const found = await studies.getVersion(accession, version);
  return found && { found, ownerId: await studies.ownerOf(accession) };
}

/** A numbered version never changes, so a moment's memory of it is never wrong; the newest one is always asked for. */
function known(studies: StudyStore, accession: string, version: number | 'newest') {
  if (version === 'newest') return lookUp(studies, accession, version);
  let versions = remembered.get(studies);
  if (!versions) remembered.set(studies, (versions = new Remembered(rememberedFor)));
  return versions.get(`${accession}/${version}`, () => lookUp(studies, accession, version));
}

/** The metadata with the DOI of the version, where they do not name one themselves. A version never changes; its DOI comes later. */
function withDoi(metadata: StudyMetadata, doi: string | undefined): StudyMetadata {
  const named = metadata.values['doi'];
  if (doi === undefined || (typeof named === 'string' && named.trim() !== '')) return metadata;
  return { ...metadata, values: { ...metadata.values, doi } };
}

/**
 * A published version that the sender may see, with public metadata only.
 * @throws Problem `not-found`
 */
export async function versionFor(
  c: HttpContext,
  services: Services,
  accession: string,
  version: number | 'newest',
): Promise<FoundVersion> {
  const asked = await known(services.studies, accession, version);
  if (!asked || !can(c.var.subject, 'study.read', { kind: 'study', ownerId: asked.ownerId }))
    throw new Problem('not-found');
  // Beside the gate before the routes of studies: whatever else leads to a study comes through here.
  const state = await services.states.of(accession);
  if (state.state === 'withdrawn') throw new Problem('withdrawn', `${state.reason} (${state.at.slice(0, 10)})`);
  const { found } = asked;
  // Until the version has a DOI of its own, that of the study leads to it.
  const dois = await services.dois?.registered(accession);
  const doi = dois?.versions.get(found.version) ?? dois?.concept;
  return { ...found, metadata: withDoi(publicMetadata(found.metadata), doi) };
}
