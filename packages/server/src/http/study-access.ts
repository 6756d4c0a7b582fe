import type { Contributor, StudyMetadata } from '@micrarium/model';
import { can, type StudyStore } from '@micrarium/repository';
import { archiveFields } from '@micrarium/standards';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';

/** A published version as the store gives it: without its list of files. */
export type FoundVersion = NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>;

const privateFields = new Set(archiveFields.filter((field) => field.isPrivate).map((field) => field.id));

/** Metadata for everybody: without private fields and the e-mail addresses of contributors. */
export function publicMetadata(metadata: StudyMetadata): StudyMetadata {
  const isPublic = ([id]: [string, unknown]) => !privateFields.has(id);
  const values = Object.fromEntries(Object.entries(metadata.values).filter(isPublic));
  const { contributors } = values;
  if (Array.isArray(contributors)) {
    values['contributors'] = (contributors as Contributor[]).map(({ email: _private, ...person }) => person);
  }
  return { values, origins: Object.fromEntries(Object.entries(metadata.origins).filter(isPublic)) };
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
  const found = await services.studies.getVersion(accession, version);
  const ownerId = found && (await services.studies.ownerOf(accession));
  if (!found || !can(c.var.subject, 'study.read', { kind: 'study', ownerId })) throw new Problem('not-found');
  return { ...found, metadata: publicMetadata(found.metadata) };
}
