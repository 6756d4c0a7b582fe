import { type RawBuilder, sql } from 'kysely';

/**
 * Condition that everybody may know of a study: it is not under an embargo during which nobody but those inside knows of it. Numbers that are
 * told in public count by it: one more study in a count than in a list would tell that there is one.
 * @param accession column with its accession
 */
export const isKnown = (accession: string): RawBuilder<boolean> => sql<boolean>`not exists (select 1 from study_state
  where study_state.accession = ${sql.ref(accession)} and state = 'embargoed' and is_private)`;
