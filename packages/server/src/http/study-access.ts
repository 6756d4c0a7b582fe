import { can, publicMetadata, type StudyStore } from '@micrarium/repository';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';

/** A published version as the store gives it: without its list of files. */
export type FoundVersion = NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>;

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
