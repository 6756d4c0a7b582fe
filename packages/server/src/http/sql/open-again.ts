import { publicMetadata } from '@micrarium/repository';
import { Problem } from '../problems.ts';
import type { Services } from '../kernel.ts';
import type { FoundVersion } from '../study-access.ts';
import { findQuery, type SavedQuery, type UsedVersion } from './saved-queries.ts';

/** Versions looked up at once. */
const atOnce = 8;

/** A saved query by its id. @throws Problem `not-found` where there is none */
export async function knownQuery({ db }: Pick<Services, 'db'>, id: string): Promise<SavedQuery> {
  const found = await findQuery(db, id);
  if (!found) throw new Problem('not-found');
  return found;
}

/** The versions that are still open to everybody, as they were: withdrawn studies stay withdrawn in queries made before. */
export async function openAgain(
  services: Pick<Services, 'states' | 'studies'>,
  wanted: readonly UsedVersion[],
): Promise<FoundVersion[]> {
  const found: FoundVersion[] = [];
  for (let at = 0; at < wanted.length; at += atOnce) {
    const some = wanted.slice(at, at + atOnce).map(async ({ accession, version }) => {
      const { state } = await services.states.of(accession);
      if (state !== 'published') return undefined;
      return await services.studies.getVersion(accession, version);
    });
    for (const one of await Promise.all(some)) if (one) found.push({ ...one, metadata: publicMetadata(one.metadata) });
  }
  return found;
}
