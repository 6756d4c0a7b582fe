import { type DraftRow, publicMetadata, type StudyStore } from '@micrarium/repository';
import { relationsKey, relationsText, type StudyRelation } from '@micrarium/standards';
import type { FieldOrigin, FieldValue } from '@micrarium/model';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from '../questions/authors.ts';
import { StateRefused } from '../states/state-refused.ts';

/** Fields that an addition takes over from the study it is made of: what was looked at, not who did it or how it was computed. */
const takenOver = [
  'organism',
  'strain',
  'cellLine',
  'cellType',
  'tissue',
  'biologicalEntity',
  'molecularFunction',
  'biologicalProcess',
  'cellularComponent',
  'phenotype',
  'geneticChange',
  'treatment',
  'imagingMethods',
  'studyType',
  'genesProteinsReagents',
] as const;

/** What somebody says of the addition they are going to make. */
export interface AdditionInput {
  kind: StudyRelation['kind'];
  title: string;
  description: string;
  software: string;
  licence: string;
  note: string;
}

/**
 * Opens a draft of a study of one's own that is an addition to a version of another one: with the relation, with what is said of it, and
 * with what was looked at. Files, people and publication are the depositor's, as of any study.
 * @param contributors the account of who makes it, as the first author
 */
export async function beginAddition(
  { db, studies }: { db: Database; studies: StudyStore },
  to: { accession: string; version: number },
  input: AdditionInput,
  by: { id: string },
): Promise<DraftRow> {
  const found = await studies.getVersion(to.accession, to.version);
  if (!found) throw new StateRefused('There is no such version of the study.');
  const from = publicMetadata(found.metadata).values;
  const relation: StudyRelation = {
    kind: input.kind,
    target: to.accession,
    version: to.version,
    ...(input.note === '' ? {} : { note: input.note }),
  };
  const values: Record<string, FieldValue> = { title: input.title, [relationsKey]: relationsText([relation]) };
  if (input.description !== '') values['description'] = input.description;
  if (input.software !== '') values['imageAnalysis'] = input.software;
  if (input.licence !== '') values['licence'] = input.licence;
  for (const id of takenOver) {
    const value = from[id];
    if (value !== undefined && value.length > 0) values[id] = value;
  }
  const origins = Object.fromEntries(Object.keys(values).map((id): [string, FieldOrigin] => [id, { kind: 'person' }]));
  const metadata = { values, origins };
  const { draft } = await studies.createDraft({ ownerId: by.id, version: 1, metadata, pairs: [], datasetTitles: {} });
  await noteEvent(db, 'addition.begin', to.accession, { draft: draft.id });
  return draft;
}

/** Tells those who answer for a study of each published addition to it, once. It needs nobody's consent. */
export async function tellOfAdditions({ db, notices }: { db: Database; notices: Notices }): Promise<void> {
  const { rows: waiting } = await sql<{ accession: string; version: number; target: string; kind: string }>`
    select study_relation.accession, version, target, kind from study_relation
    where not is_told and not exists (select 1 from study_state where study_state.accession = study_relation.accession
      and state = 'embargoed' and is_private) limit 100`.execute(db);
  for (const one of waiting)
    await db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ is_new: boolean }>`update study_relation set is_told = true
        where accession = ${one.accession} and version = ${one.version} and target = ${one.target}
          and kind = ${one.kind} and not is_told
        returning not exists (select 1 from study_relation as before where before.accession = ${one.accession}
          and before.target = ${one.target} and before.version < ${one.version}) as is_new`.execute(tx);
      const isHere = await tx
        .selectFrom('study_version')
        .select('accession')
        .where('accession', '=', one.target)
        .limit(1)
        .executeTakeFirst();
      if (!rows[0]?.is_new || !isHere) return;
      const detail = {
        accession: one.target,
        title: await titleOf(tx, one.target),
        work: `${await titleOf(tx, one.accession)} (${one.accession})`,
      };
      const notice = { kind: 'addition' as const, link: `/add-to/${one.target}`, detail };
      await notices.tell(await authorsOf(tx, one.target), notice, tx);
    });
}

/** Keeps, or where the text is empty takes away, what the authors of a study say of an addition to it. */
export async function commentAddition(
  db: Database,
  at: { accession: string; addition: string },
  text: string,
  by: string,
): Promise<void> {
  const { accession, addition } = at;
  await db.transaction().execute(async (tx) => {
    if (text === '')
      await tx
        .deleteFrom('addition_comment')
        .where('accession', '=', accession)
        .where('addition', '=', addition)
        .execute();
    else {
      const said = { text, written_by: by, at: new Date() };
      await tx
        .insertInto('addition_comment')
        .values({ ...at, ...said })
        .onConflict((conflict) => conflict.columns(['accession', 'addition']).doUpdateSet(said))
        .execute();
    }
    await askToKeep(tx, 'readers', accession);
    await noteEvent(tx, 'addition.comment', accession, { addition });
  });
}
