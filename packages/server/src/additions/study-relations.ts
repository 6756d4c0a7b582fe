import type { StudyVersion } from '@micrarium/model';
import {
  dataciteRelations,
  type LinkNode,
  readRelations,
  relationsKey,
  type StudyRelation,
  shownTitle,
} from '@micrarium/standards';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { sentOnOf } from '../plans/sent-on.ts';

/** Notes that what leads to a study from elsewhere has changed, so that the registrar of its DOI is told. */
export async function noteLinksChanged(tx: Kysely<Tables>, accessions: readonly string[]): Promise<void> {
  if (accessions.length === 0) return;
  await sql`update doi set links_changed = links_changed + 1 where accession in (${sql.join(accessions)})`.execute(tx);
}

/**
 * Notes what a version says it is to other studies, in the transaction that enters it.
 * @param isTold is there nobody to tell of it any more?
 */
export async function enterRelations(
  tx: Kysely<Tables>,
  { accession, version, metadata }: Pick<StudyVersion, 'accession' | 'version' | 'metadata'>,
  isTold: boolean,
): Promise<void> {
  const relations = readRelations(metadata.values[relationsKey]).filter(({ target }) => target !== accession);
  if (relations.length === 0) return;
  await tx
    .insertInto('study_relation')
    .values(
      relations.map(({ kind, target, version: of, note }) => ({
        accession,
        version,
        target,
        target_version: of ?? null,
        kind,
        note: note ?? '',
        is_told: isTold,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteLinksChanged(
    tx,
    relations.map(({ target }) => target),
  );
}

/**
 * Notes that a study is known by a DOI from now on, so that the registrar is told again of studies whose records name it: those it was made of,
 * and those that were made of it.
 */
export async function noteNewName(tx: Kysely<Tables>, accession: string): Promise<void> {
  const { rows } = await sql<{
    other: string;
  }>`select target as other from study_relation where accession = ${accession}
    union select accession from study_relation where target = ${accession}`.execute(tx);
  await noteLinksChanged(
    tx,
    rows.map(({ other }) => other),
  );
  // What a study was made of stands in the records of its versions too, what was made of it in that of the study alone.
  await sql`update doi_part set told_version = null where state = 'findable'
    and accession in (select accession from study_relation where target = ${accession})`.execute(tx);
}

/**
 * Links in which studies of this site that have a DOI are named by it, rather than by their address: by that of the version where one is meant.
 * @param home any address of this site
 */
export async function namedByDoi(db: Kysely<Tables>, links: readonly LinkNode[], home: string): Promise<LinkNode[]> {
  const { origin } = new URL(home);
  const read = links.map(({ url }) => {
    const path = url.startsWith(`${origin}/`) ? url.slice(origin.length) : '';
    const [, accession, version] = /^\/studies\/([A-Z]+-\d{1,12})(?:\/v\/([1-9]\d{0,8}))?$/.exec(path) ?? [];
    return accession === undefined ? undefined : { accession, version: Number(version ?? 0) };
  });
  const accessions = [...new Set(read.flatMap((one) => one?.accession ?? []))];
  if (accessions.length === 0) return [...links];
  const { rows } = await sql<{ accession: string; version: number; doi: string }>`
    select accession, 0 as version, doi from doi where state = 'findable' and accession in (${sql.join(accessions)})
    union all select accession, version, doi from doi_part
    where state = 'findable' and dataset = '' and accession in (${sql.join(accessions)})`.execute(db);
  const dois = new Map(rows.map(({ accession, version, doi }) => [`${accession}/${version}`, doi]));
  return links.map((one, index) => {
    const study = read[index];
    const doi = study && dois.get(`${study.accession}/${study.version}`);
    return doi === undefined ? one : { ...one, url: `https://doi.org/${doi}` };
  });
}

/** A published study that says it is something to another one. */
export interface StudyAddition extends Pick<StudyRelation, 'kind'> {
  accession: string;
  version: number;
  title: string;
  note: string;
  /** Version of the other study it is made of; left out where it names none. */
  ofVersion?: number;
  publishedAt: string;
  /** What the authors of the other study say of it. */
  comment?: { text: string; at: string };
}

/** Most that are listed of one study. */
const mostListed = 200;

/** Published studies that are additions to a study, by their newest version, newest first; what is withdrawn is left out. */
export async function additionsTo(db: Kysely<Tables>, accession: string): Promise<StudyAddition[]> {
  const { rows } = await sql<{
    accession: string;
    version: number;
    title: string | null;
    kind: StudyRelation['kind'];
    note: string;
    target_version: number | null;
    published_at: Date;
    comment: string | null;
    at: Date | null;
  }>`select study_relation.accession, study_relation.version, kind, study_relation.note, target_version, published_at,
      document->'metadata'->'values'->>'title' as title, addition_comment.text as comment, addition_comment.at
    from study_relation join study_version using (accession, version)
    left join addition_comment on addition = study_relation.accession and addition_comment.accession = target
    where target = ${accession}
      and not exists (select 1 from study_version as later where later.accession = study_relation.accession
        and later.version > study_relation.version)
      and not exists (select 1 from study_state where study_state.accession = study_relation.accession
        and (state = 'withdrawn' or (state = 'embargoed' and is_private)))
    order by published_at desc, study_relation.accession limit ${mostListed}`.execute(db);
  return rows.map((row) => ({
    accession: row.accession,
    version: row.version,
    title: shownTitle(row.title, row.accession),
    kind: row.kind,
    note: row.note,
    ...(row.target_version === null ? {} : { ofVersion: row.target_version }),
    publishedAt: row.published_at.toISOString(),
    ...(row.comment === null || row.at === null ? {} : { comment: { text: row.comment, at: row.at.toISOString() } }),
  }));
}

/**
 * What leads to a study from elsewhere, with DataCite's words: the same data in other archives, additions by others, and work that used
 * it. A version never changes; this comes later.
 * @param home address of this site
 */
export async function linksTo(db: Kysely<Tables>, accession: string, home: string): Promise<LinkNode[]> {
  const [sentOn, additions, reuses] = await Promise.all([
    sentOnOf(db, accession),
    additionsTo(db, accession),
    db
      .selectFrom('study_reuse')
      .select(['kind', 'identifier', 'title', 'use_kind'])
      .where('accession', '=', accession)
      .where('state', '=', 'confirmed')
      .orderBy('reported_at')
      .limit(1000)
      .execute(),
  ]);
  const page = (path: string) => new URL(path, home).href;
  const added = new Set(additions.map((one) => one.accession));
  return [
    ...sentOn.map((one) => ({
      key: `sent-${one.accession}`,
      url: one.url,
      description: one.accession,
      relation: 'IsVariantFormOf',
    })),
    ...additions.map((one) => ({
      key: `addition-${one.accession}-${one.kind}`,
      url: page(`/studies/${one.accession}/v/${one.version}`),
      description: one.title,
      relation: dataciteRelations[one.kind][1],
    })),
    ...reuses
      // A study that is an addition is named once.
      .filter(({ identifier }) => !added.has(identifier))
      .map(({ kind, identifier, title, use_kind: use }, index) => ({
        key: `reuse-${index + 1}`,
        url: identifier.startsWith('10.')
          ? `https://doi.org/${encodeURI(identifier)}`
          : identifier.startsWith('https:')
            ? identifier
            : page(`/studies/${identifier}`),
        description: title || identifier,
        relation: use === 'primary' ? 'IsSupplementTo' : reuseRelations[kind],
      })),
  ];
}

/** DataCite's words for what used a study: a paper cites it, a study was made from it, an analysis refers to it. */
const reuseRelations = { paper: 'IsCitedBy', study: 'IsSourceOf', analysis: 'IsReferencedBy' } as const;
