import {
  type HarvestQuery,
  type AccessDeclaration,
  type AccessLevel,
  isEmbargoDay,
  type SafeRendering,
  searchDocument,
  type SearchDocument,
  type StudyState,
  studyTransition,
  waysFrom,
} from '@micrarium/repository';
import { sql } from 'kysely';
import { enterMemberships } from '../collections/memberships.ts';
import { noteEvent } from '../audit/audit-log.ts';
import { whoActs } from '../audit/acting.ts';
import { StateRefused } from './state-refused.ts';
import { closeAsks } from './study-asks.ts';
import type { Database } from '../database/connect.ts';
import { Remembered } from '../http/remembered.ts';
import { inHarvestSets } from '../search/harvest-sets.ts';
import { enterSearchDocument } from '../search/postgres-search-index.ts';
import type { StudyArchive } from '../storage/index.ts';

/** State of a study, with what a tombstone tells. */
export interface StateOfStudy {
  state: StudyState;
  /** Day (YYYY-MM-DD) from which the files of an embargoed study are open. */
  until?: string;
  reason: string;
  /** Accession that takes its place. */
  replacedBy?: string;
  /** What its depositor declared of people in the data. */
  declaration?: AccessDeclaration;
  /** Closed as a whole, whatever parts of it its depositor declared open. */
  isWhole?: boolean;
  /** How narrow it was closed by a curator; left out where they said nothing of it. */
  level?: AccessLevel;
  /** Day (YYYY-MM-DD) since which everybody may have the files; left out where they were open from the publication, and where they never were. */
  openedOn?: string;
  /** Under an embargo during which only those inside know of the study, or withdrawn during one. */
  isPrivate?: boolean;
  /** Why a curator hides the mark of the database tier; left out where it is shown. */
  hiddenBadge?: HiddenBadge;
  /** What was made of items and is open although the files are not, because a curator declared it safe; left out where nothing is. */
  safe?: readonly SafeRendering[];
  /** ISO 8601. */
  at: string;
}

/** Why, and since when (ISO 8601), the mark of the database tier is hidden. */
export interface HiddenBadge {
  reason: string;
  at: string;
}

/** Years to which the owner of the installation may extend an embargo. */
const mostSignedYears = 10;

/** State of a study of which no other is noted. */
const publicState: StateOfStudy = { state: 'published', reason: '', at: '' };

/** Does nobody but those inside know of the study now? */
export const isHidden = ({ state, isPrivate }: StateOfStudy): boolean => state === 'embargoed' && isPrivate === true;

/** States of studies: in the database for questions, in the archive for the years. */
export class StudyStates {
  private readonly db: Database;
  private readonly archive: StudyArchive;
  private readonly remembered = new Remembered<StateOfStudy>(2_000);
  private readonly closedOnes = new Remembered<ReadonlySet<string>>(1_000);
  private readonly now: () => Date;

  constructor(db: Database, archive: StudyArchive, now: () => Date = () => new Date()) {
    this.db = db;
    this.archive = archive;
    this.now = now;
  }

  /** The state of a study as it counts now: an embargo ends by itself. */
  async of(accession: string): Promise<StateOfStudy> {
    return this.asOfNow((await this.remembered.get(accession, () => this.read(accession))) ?? publicState);
  }

  /** Which of some published studies are open to everybody now: one question for all of them. */
  async openAmong(accessions: readonly string[]): Promise<Set<string>> {
    const rows =
      accessions.length === 0
        ? []
        : await this.db.selectFrom('study_state').selectAll().where('accession', 'in', accessions).execute();
    const closed = rows.filter((row) => this.asOfNow(toState(row)).state !== 'published');
    const open = new Set(accessions);
    for (const { accession } of closed) open.delete(accession);
    return open;
  }

  /**
   * Studies whose files not everybody may read now: one question for all of them, asked at most every second. What is remembered of open studies
   * for longer is looked through by it before it is told.
   */
  async closed(): Promise<ReadonlySet<string>> {
    const look = async () => {
      const rows = await this.db.selectFrom('study_state').selectAll().where('state', '<>', 'published').execute();
      return new Set(
        rows.filter((row) => this.asOfNow(toState(row)).state !== 'published').map((row) => row.accession),
      );
    };
    return (await this.closedOnes.get('all', look)) ?? new Set();
  }

  /** Studies whose mark of the database tier is hidden; asked at most every second. */
  async withHiddenBadge(): Promise<ReadonlySet<string>> {
    const look = async () => {
      const rows = await this.db
        .selectFrom('study_state')
        .select('accession')
        .where('hidden_badge', 'is not', null)
        .execute();
      return new Set(rows.map(({ accession }) => accession));
    };
    return (await this.closedOnes.get('badges', look)) ?? new Set();
  }

  private asOfNow(found: StateOfStudy): StateOfStudy {
    if (found.state !== 'embargoed' || (found.until ?? '') > this.today()) return found;
    return { ...found, state: 'published', openedOn: found.openedOn ?? found.until! };
  }

  /**
   * Changes the state of a study: from now on in the database, then in the archive.
   * @param alsoDone what is done in the same transaction: it and the change are made both, or none
   * @throws StateRefused, and what `alsoDone` throws
   */
  async change(
    accession: string,
    wanted: {
      state: StudyState;
      reason?: string | undefined;
      until?: string | undefined;
      replacedBy?: string | undefined;
      level?: AccessLevel | undefined;
      /** Does the owner of the installation sign for an embargo longer than 36 months in all? */
      isSigned?: boolean | undefined;
    },
    alsoDone?: (tx: Database) => Promise<void>,
  ): Promise<void> {
    const { state: to, reason = '', until, replacedBy, level, isSigned = false } = wanted;
    await this.db.transaction().execute(async (tx) => {
      // Two who change it at once: the second sees what the first made of it.
      await tx.selectFrom('study').select('accession').where('accession', '=', accession).forUpdate().execute();
      const now = this.asOfNow((await notedState(tx, accession)) ?? publicState);
      const way = studyTransition(now.state, to);
      if (!way)
        throw new StateRefused(`A study that is ${now.state} cannot become ${to}.`, waysFrom('study', now.state));
      if (now.state === 'withdrawn' && (await isPurged(tx, accession)))
        throw new StateRefused(
          'The bytes of this study were purged: there is nothing left that could be reinstated.',
          [],
        );
      if (now.state === 'withdrawn' && to === 'published' && now.declaration?.access === 'controlled')
        throw new StateRefused(
          'Its files are given on request only: reinstate it as that, and open it then if it may be.',
        );
      if (way.needs.includes('reason') && reason.trim() === '') throw new StateRefused('Say why.');
      if (way.needs.includes('until')) await this.demandDay(tx, accession, until ?? '', isSigned);
      const row = {
        accession,
        state: to,
        until: to === 'embargoed' ? (until ?? null) : null,
        reason: reason.trim(),
        replaced_by: replacedBy ?? null,
        actor: whoActs().actor,
        at: this.now(),
        summary: to === 'withdrawn' ? JSON.stringify(await this.summaryOf(tx, accession)) : null,
        // Whoever closes a study means all of it: no part of it is open that its depositor declared so, now or later.
        is_whole: to === 'controlled',
        level: to === 'controlled' ? (level ?? 'controlled') : null,
        // Lifted or restricted, everybody may know of it; of what is withdrawn before its day everybody hears no more than that.
        is_private: (to === 'embargoed' && now.isPrivate === true) || (to === 'withdrawn' && isHidden(now)),
        // What was declared safe, was so of the study as it was closed then.
        ...(to === 'controlled' ? { safe: '[]' } : {}),
        opened_on: now.openedOn ?? (await this.dayOfOpening(tx, accession, now.state, to)),
        archived: false,
      };
      await tx
        .insertInto('study_state')
        .values(row)
        .onConflict((conflict) => conflict.column('accession').doUpdateSet(row))
        .execute();
      if (to === 'withdrawn' || (to === 'embargoed' && isHidden(now)))
        await tx.deleteFrom('search_document').where('accession', '=', accession).execute();
      if (to !== 'withdrawn' && to !== 'embargoed' && (now.state === 'withdrawn' || isHidden(now))) {
        await enterSearchDocument(tx, await this.summaryOf(tx, accession));
        await enterMemberships(tx, [accession]);
      }
      // What is said of who may have the files changed with it.
      if (to !== 'withdrawn') await noteChange(tx, accession, row.at);
      await alsoDone?.(tx);
      const asked = to === 'withdrawn' ? 'withdraw' : to === 'controlled' ? 'restrict' : undefined;
      if (asked) await closeAsks(tx, accession, asked);
      await noteEvent(tx, `study.${to}`, accession, { from: now.state, ...(until ? { until } : {}) });
    });
    this.forget(accession);
    await this.archivePending();
  }

  /** Goes on where an embargo may last to a day: 36 months in all, or ten years where the owner of the installation signs. @throws StateRefused */
  private async demandDay(tx: Database, accession: string, until: string, isSigned: boolean): Promise<void> {
    const { rows } = await sql<{ since: Date | null }>`select min((document->>'publishedAt')::timestamptz) as since
      from study_version where accession = ${accession}`.execute(tx);
    if (isEmbargoDay(until, this.now(), rows[0]?.since ?? this.now())) return;
    const latest = new Date(this.now().getTime() + mostSignedYears * 365.25 * 86_400_000).toISOString().slice(0, 10);
    const isDay = /^\d{4}-\d\d-\d\d$/.test(until) && !Number.isNaN(Date.parse(until));
    if (isSigned && isDay && until > this.today() && until <= latest) return;
    throw new StateRefused(
      'An embargo ends on a day after today, at most 36 months after the first publication; the owner of the installation may sign for longer.',
    );
  }

  /** The day on which files that are opened now or were until now became open, where that is to be kept. */
  private async dayOfOpening(
    tx: Database,
    accession: string,
    from: StudyState,
    to: StudyState,
  ): Promise<string | null> {
    if (from !== 'published') return to === 'published' ? this.today() : null;
    const { rows } = await sql<{
      day: string | null;
    }>`select (min(published_at) at time zone 'UTC')::date as day from study_version
      where accession = ${accession}`.execute(tx);
    return rows[0]?.day ?? null;
  }

  /** Forgets what was remembered of a study, for a version was published that may have closed it. */
  forget(accession: string): void {
    this.remembered.forget(accession);
    this.closedOnes.forget('all');
    this.closedOnes.forget('badges');
  }

  /** Writes states into the archive that are not there yet: after a change, and at start what a kill left. */
  async archivePending(): Promise<void> {
    const rows = await this.db.selectFrom('study_state').selectAll().where('archived', '=', false).execute();
    for (const row of rows) {
      const state = { schema: 1, accession: row.accession, ...toState(row) };
      await this.archive.writeNote('state', row.accession, state, {
        message: state.reason || 'State of the study',
        at: state.at,
      });
      await this.db
        .updateTable('study_state')
        .set({ archived: true })
        .where('accession', '=', row.accession)
        .where('at', '=', row.at)
        .execute();
    }
  }

  /** Makes the states anew from the archive, after the catalogue was. @returns how many there are */
  async rebuild(): Promise<number> {
    let count = 0;
    for await (const { accession, value } of this.archive.notes('state')) {
      const {
        state,
        until,
        reason,
        replacedBy,
        declaration,
        isWhole = false,
        level,
        isPrivate,
        openedOn,
        hiddenBadge,
        safe = [],
        at,
      } = value as StateOfStudy;
      const summary = state === 'withdrawn' ? JSON.stringify(await this.summaryOf(this.db, accession)) : null;
      const row = {
        accession,
        state,
        until: until ?? null,
        reason,
        replaced_by: replacedBy ?? null,
        actor: whoActs().actor,
        at: new Date(at),
        summary,
        archived: true,
        declaration: declaration ? JSON.stringify(declaration) : null,
        is_whole: isWhole,
        level: level ?? null,
        is_private: isPrivate === true,
        opened_on: openedOn ?? null,
        hidden_badge: hiddenBadge ? JSON.stringify(hiddenBadge) : null,
        safe: JSON.stringify(safe),
      };
      await this.db
        .insertInto('study_state')
        .values(row)
        .onConflict((conflict) => conflict.column('accession').doUpdateSet(row))
        .execute();
      if (state === 'withdrawn' || isHidden(value as StateOfStudy))
        await this.db.deleteFrom('search_document').where('accession', '=', accession).execute();
      if (state !== 'withdrawn') await noteChange(this.db, accession, row.at);
      count++;
    }
    return count;
  }

  /** Withdrawn studies in the order of their withdrawal, as harvesters ask for them. */
  async withdrawn(
    query: HarvestQuery,
  ): Promise<{ studies: (SearchDocument & { changedAt: string })[]; total: number }> {
    const { from, until, after, limit, accession } = query;
    const summary = (name: string) => sql`summary->>${name}`;
    const where = sql.join(
      [
        // What nobody knew of is not deleted for anybody.
        sql`state = 'withdrawn' and not is_private and summary is not null`,
        ...(accession === undefined ? [] : [sql`study_state.accession = ${accession}`]),
        ...(from === undefined ? [] : [sql`at >= ${from}::timestamptz`]),
        ...(until === undefined ? [] : [sql`at <= ${until}::timestamptz`]),
        ...inHarvestSets(query, {
          licence: summary('licence'),
          kinds: sql`coalesce(summary->'kinds', '[]'::jsonb)`,
          tier: summary('tier'),
          accession: sql`study_state.accession`,
        }),
      ],
      sql` and `,
    );
    const rest = after ? sql`and (at, accession) > (${after.publishedAt}::timestamptz, ${after.accession})` : sql``;
    const { rows } = await sql<{ summary: SearchDocument; at: Date }>`
      select summary, at from study_state where ${where} ${rest} order by at, accession limit ${limit}`.execute(
      this.db,
    );
    const total = await sql<{ n: number }>`select count(*)::bigint as n from study_state where ${where}`.execute(
      this.db,
    );
    return {
      studies: rows.map(({ summary, at }) => ({ ...summary, changedAt: at.toISOString() })),
      total: total.rows[0]!.n,
    };
  }

  private today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  /** `undefined` before the first version: not to be remembered, or an embargo that comes with it would count late. */
  private async read(accession: string): Promise<StateOfStudy | undefined> {
    const noted = await notedState(this.db, accession);
    if (noted) return noted;
    const version = await this.db
      .selectFrom('study_version')
      .select('version')
      .where('accession', '=', accession)
      .limit(1)
      .executeTakeFirst();
    return version && publicState;
  }

  /** What search holds of the newest version of a study. @throws StateRefused where there is none */
  async summaryOf(db: Database, accession: string): Promise<SearchDocument> {
    const row = await db
      .selectFrom('study_version')
      .select(['document', 'version'])
      .where('accession', '=', accession)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) throw new StateRefused(`There is no study ${accession}.`);
    const files = await db
      .selectFrom('version_file')
      .select(['path', 'size', 'sha256', 'media_type as mediaType'])
      .where('accession', '=', accession)
      .where('version', '=', row.version)
      .orderBy('path')
      .execute();
    return searchDocument({ ...row.document, files });
  }
}

/** Were the bytes of a study deleted by two owners of the installation? */
export async function isPurged(db: Database, accession: string): Promise<boolean> {
  const row = await db.selectFrom('study_purge').select('at').where('accession', '=', accession).executeTakeFirst();
  return row !== undefined;
}

/** What is noted of a study, without what the clock makes of it; `undefined` where nothing is, and it is open to all. */
export async function notedState(db: Database, accession: string): Promise<StateOfStudy | undefined> {
  const row = await db.selectFrom('study_state').selectAll().where('accession', '=', accession).executeTakeFirst();
  return row && toState(row);
}

/** Harvesters that ask for changes are to see a study again: it was opened, closed or reinstated, or has a DOI now. */
export async function noteChange(db: Database, accession: string, at: Date): Promise<void> {
  await sql`update search_document set changed_at = greatest(changed_at, date_trunc('milliseconds', ${at}::timestamptz))
    where accession = ${accession}`.execute(db);
}

function toState(row: {
  state: StudyState;
  until: string | null;
  reason: string;
  replaced_by: string | null;
  declaration: AccessDeclaration | null;
  is_whole: boolean;
  level: AccessLevel | null;
  is_private: boolean;
  opened_on: string | null;
  hidden_badge: HiddenBadge | null;
  safe: SafeRendering[];
  at: Date;
}): StateOfStudy {
  return {
    state: row.state,
    reason: row.reason,
    at: row.at.toISOString(),
    ...(row.until === null ? {} : { until: row.until }),
    ...(row.replaced_by === null ? {} : { replacedBy: row.replaced_by }),
    ...(row.declaration === null ? {} : { declaration: row.declaration }),
    ...(row.is_whole ? { isWhole: true } : {}),
    ...(row.level === null ? {} : { level: row.level }),
    ...(row.is_private ? { isPrivate: true } : {}),
    ...(row.opened_on === null ? {} : { openedOn: row.opened_on }),
    ...(row.hidden_badge === null ? {} : { hiddenBadge: row.hidden_badge }),
    ...(row.safe.length > 0 ? { safe: row.safe } : {}),
  };
}
