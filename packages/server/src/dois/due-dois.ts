import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { DoiDifference } from './compared-record.ts';
import type { ToldDoi } from './doi-content.ts';

/** A DOI with where it stands. */
export interface DueDoi extends ToldDoi {
  tries: number;
  linksChanged: number;
  isWithdrawn: boolean;
  /** Digest of who may have the files, as it is kept with what the registrar was told; `''`: everybody. */
  access: string;
}

/** Every DOI, with what its record should tell of and whether the registrar is still to be told so. */
const judged = sql`published as (select accession, max(version) as newest from study_version
    -- Of a study that only those inside know of the registrar hears nothing before its day, nor ever where it was withdrawn before that.
    where not exists (select 1 from study_state where study_state.accession = study_version.accession
      and state in ('embargoed', 'withdrawn') and is_private) group by accession),
  closed as (
    select study_state.accession, state = 'withdrawn' as is_withdrawn, study_purge.at is not null as is_purged,
      case when state = 'published' and declaration is null then ''
        -- Withdrawn anew, for another reason or on another day, is told anew; so is a purge.
        else md5(concat_ws('|', state, until, level, is_whole, declaration,
          case when state = 'withdrawn' then concat_ws('|', reason, study_state.at) end, study_purge.at)) end as access
    from study_state left join study_purge on study_purge.accession = study_state.accession
  ),
  known as (
    select doi.accession, 0 as version, '' as dataset, doi, doi as concept, state, tries, next_at, told_version,
      newest as wanted, links_changed, links_changed <> links_told as has_links, told_withdrawn, told_access, checked_at, fault, differences,
      doi.created_at
    from doi left join published on published.accession = doi.accession
    union all
    select part.accession, part.version, part.dataset, part.doi, doi.doi, part.state, part.tries, part.next_at,
      part.told_version,
      case when dataset <> '' or is_purged then newest when newest >= version then least(newest, version + 1) end, 0, false,
      part.told_withdrawn, part.told_access, part.checked_at, part.fault, part.differences, part.created_at
    from doi_part as part join doi on doi.accession = part.accession
    left join published on published.accession = part.accession
    left join closed on closed.accession = part.accession
  ),
  judged as (
    select known.*, coalesce(is_withdrawn, false) as is_withdrawn, coalesce(access, '') as access,
      known.state = 'asked' or (wanted is not null and (told_version is distinct from wanted
        or has_links or told_withdrawn <> coalesce(is_withdrawn, false) or told_access <> coalesce(access, ''))) as is_due
    from known left join closed on closed.accession = known.accession
  )`;
const columns = sql`accession, version, dataset, doi, concept, state, tries, wanted, links_changed as "linksChanged",
  is_withdrawn as "isWithdrawn", access`;

/**
 * What the registrar does not have as it should, and may be told now, in the order it was asked for. A version is told again when the next one
 * comes: its record names that. Nothing waits for a day: what seems to was put off by a clock that was ahead.
 */
export async function dueDois(db: Database, now: Date): Promise<DueDoi[]> {
  const { rows } = await sql<DueDoi>`with ${judged} select ${columns} from judged
    where is_due and (next_at <= ${now} or next_at > ${now}::timestamptz + interval '1 day') order by created_at, accession, version, dataset limit 100`.execute(
    db,
  );
  return rows;
}

/** Which DOIs are asked for. */
export interface DoiChoice {
  /** Of this study alone. */
  accession?: string | undefined;
  /** This one alone. */
  doi?: string | undefined;
}

const chosen = ({ accession, doi }: DoiChoice) =>
  sql`${accession === undefined ? sql`true` : sql`accession = ${accession}`}
    and ${doi === undefined ? sql`true` : sql`doi = ${doi}`}`;

/**
 * DOIs of which the registrar was told all there is, in the order of their names: it should have them as they are.
 * @param page `checkedBefore`: only those that were compared before that, or never
 */
export async function settledDois(
  db: Database,
  choice: DoiChoice,
  page: { after?: string | undefined; checkedBefore?: Date | undefined; limit: number },
): Promise<DueDoi[]> {
  const { after, checkedBefore, limit } = page;
  const { rows } = await sql<DueDoi>`with ${judged} select ${columns} from judged
    where not is_due and ${chosen(choice)} and ${after === undefined ? sql`true` : sql`doi > ${after}`}
      and ${checkedBefore === undefined ? sql`true` : sql`coalesce(checked_at < ${checkedBefore}, true)`}
    order by doi limit ${limit}`.execute(db);
  return rows;
}

/** How many DOIs the registrar is still to be told of, and since when at least one of them. */
export async function waitingDois(db: Database): Promise<{ waiting: number; oldest: Date | null }> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null }>`with ${judged}
    select count(*)::bigint as waiting, min(case when state = 'asked' then created_at
      else (select max(published_at) from study_version where study_version.accession = judged.accession) end) as oldest
    from judged where is_due`.execute(db);
  return rows[0]!;
}

/** How many DOIs the registrar is still to be told of. */
export async function countDue(db: Database, choice: DoiChoice): Promise<number> {
  const { rows } = await sql<{ n: number }>`with ${judged}
    select count(*)::bigint as n from judged where is_due and ${chosen(choice)}`.execute(db);
  return rows[0]!.n;
}

/** Which part of all DOIs is listed: those the registrar is still to be told of, those it holds otherwise, those it refused, or all. */
export type DoiShow = 'waiting' | 'refused' | 'different' | 'all';

/** A DOI as the operator sees it. */
export interface ListedDoi {
  doi: string;
  accession: string;
  version: number;
  dataset: string;
  state: DueDoi['state'];
  /** Is the registrar still to be told of it? */
  isDue: boolean;
  tries: number;
  nextAt: Date;
  fault: string | null;
  checkedAt: Date | null;
  differences: DoiDifference[] | null;
}

const shows: Readonly<Record<DoiShow, RawBuilder<unknown>>> = {
  waiting: sql`is_due`,
  refused: sql`is_due and tries > 0`,
  different: sql`differences is not null`,
  all: sql`true`,
};

/** DOIs as the operator sees them, in the order of their names. */
export async function listDois(
  db: Database,
  show: DoiShow,
  page: { after?: string | undefined; limit: number; doi?: string | undefined },
): Promise<ListedDoi[]> {
  const { after, limit, doi } = page;
  const { rows } =
    await sql<ListedDoi>`with ${judged} select accession, version, dataset, doi, state, is_due as "isDue", tries,
      next_at as "nextAt", fault, checked_at as "checkedAt", differences
    from judged where ${shows[show]} and ${chosen({ doi })} and ${after === undefined ? sql`true` : sql`doi > ${after}`}
    order by doi limit ${limit}`.execute(db);
  return rows;
}

/** How many DOIs there are of each kind that is listed. */
export async function countDois(db: Database): Promise<Record<DoiShow, number>> {
  const { rows } = await sql<Record<DoiShow, number>>`with ${judged} select count(*)::bigint as "all",
      count(*) filter (where ${shows.waiting})::bigint as waiting, count(*) filter (where ${shows.refused})::bigint as refused,
      count(*) filter (where ${shows.different})::bigint as different
    from judged`.execute(db);
  return rows[0]!;
}
