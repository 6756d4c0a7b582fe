import { adminEn } from './en-admin.ts';
import { challengeEn } from './en-challenge.ts';
import { additionsEn } from './en-additions.ts';
import { collectionsEn } from './en-collections.ts';
import { communitiesEn } from './en-communities.ts';
import { depositEn } from './en-deposit.ts';
import { exploreEn } from './en-explore.ts';
import { figuresEn } from './en-figures.ts';
import { filmEn } from './en-film.ts';
import { galleryEn } from './en-gallery.ts';
import { importEn } from './en-import.ts';
import { insideEn } from './en-inside.ts';
import { lossesEn } from './en-losses.ts';
import { lifeEn } from './en-life.ts';
import { measuresEn } from './en-measures.ts';
import { metadataEn } from './en-metadata.ts';
import { plansEn } from './en-plans.ts';
import { quotaEn } from './en-quota.ts';
import { accountEn } from './en-account.ts';
import { webhooksEn } from './en-webhooks.ts';
import { readersEn } from './en-readers.ts';
import { registerEn } from './en-register.ts';
import { referencesEn } from './en-references.ts';
import { searchEn } from './en-search.ts';
import { noticesEn } from './en-notices.ts';
import { shellEn } from './en-shell.ts';
import { sqlEn } from './en-sql.ts';
import { spaceEn } from './en-space.ts';
import { termsEn } from './en-terms.ts';
import { transferEn } from './en-transfer.ts';
import { viewerEn } from './en-viewer.ts';
import { volumeEn } from './en-volume.ts';

/** All English texts of the interface. The pages load them by parts (`text.ts`). */
export const en = {
  ...shellEn,
  ...adminEn,
  ...lifeEn,
  ...challengeEn,
  ...additionsEn,
  ...collectionsEn,
  ...communitiesEn,
  ...depositEn,
  ...figuresEn,
  ...referencesEn,
  ...exploreEn,
  ...importEn,
  ...insideEn,
  ...lossesEn,
  ...measuresEn,
  ...metadataEn,
  ...noticesEn,
  ...plansEn,
  ...quotaEn,
  ...accountEn,
  ...webhooksEn,
  ...readersEn,
  ...registerEn,
  ...searchEn,
  ...sqlEn,
  ...filmEn,
  ...galleryEn,
  ...spaceEn,
  ...termsEn,
  ...transferEn,
  ...viewerEn,
  ...volumeEn,
};
