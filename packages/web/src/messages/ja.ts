import { adminJa } from './ja-admin.ts';
import { challengeJa } from './ja-challenge.ts';
import { additionsJa } from './ja-additions.ts';
import { collectionsJa } from './ja-collections.ts';
import { communitiesJa } from './ja-communities.ts';
import { depositJa } from './ja-deposit.ts';
import { exploreJa } from './ja-explore.ts';
import { figuresJa } from './ja-figures.ts';
import { filmJa } from './ja-film.ts';
import { galleryJa } from './ja-gallery.ts';
import { importJa } from './ja-import.ts';
import { insideJa } from './ja-inside.ts';
import { lossesJa } from './ja-losses.ts';
import { lifeJa } from './ja-life.ts';
import { measuresJa } from './ja-measures.ts';
import { metadataJa } from './ja-metadata.ts';
import { plansJa } from './ja-plans.ts';
import { quotaJa } from './ja-quota.ts';
import { accountJa } from './ja-account.ts';
import { webhooksJa } from './ja-webhooks.ts';
import { readersJa } from './ja-readers.ts';
import { registerJa } from './ja-register.ts';
import { referencesJa } from './ja-references.ts';
import { searchJa } from './ja-search.ts';
import { noticesJa } from './ja-notices.ts';
import { shellJa } from './ja-shell.ts';
import { sqlJa } from './ja-sql.ts';
import { spaceJa } from './ja-space.ts';
import { termsJa } from './ja-terms.ts';
import { transferJa } from './ja-transfer.ts';
import { viewerJa } from './ja-viewer.ts';
import { volumeJa } from './ja-volume.ts';
import type { en } from './en.ts';

/** All Japanese texts of the interface. The pages load them by parts (`text.ts`). */
export const ja: Readonly<Record<keyof typeof en, string>> = {
  ...shellJa,
  ...adminJa,
  ...lifeJa,
  ...challengeJa,
  ...additionsJa,
  ...collectionsJa,
  ...communitiesJa,
  ...depositJa,
  ...figuresJa,
  ...referencesJa,
  ...exploreJa,
  ...importJa,
  ...insideJa,
  ...lossesJa,
  ...measuresJa,
  ...metadataJa,
  ...noticesJa,
  ...plansJa,
  ...quotaJa,
  ...accountJa,
  ...webhooksJa,
  ...readersJa,
  ...registerJa,
  ...searchJa,
  ...sqlJa,
  ...filmJa,
  ...galleryJa,
  ...spaceJa,
  ...termsJa,
  ...transferJa,
  ...viewerJa,
  ...volumeJa,
};
