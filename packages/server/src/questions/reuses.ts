import { randomUUID } from 'node:crypto';
import { titleOfWork } from '@micrarium/standards';
import { type Kysely, sql } from 'kysely';
import { noteLinksChanged } from '../additions/study-relations.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import type { Tables } from '../database/tables.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from './authors.ts';
import type { Reader } from './questions.ts';

/** A work that has to do with a study's data: most often one that used them. */
export interface Reuse {
  id: string;
  accession: string;
  version: number;
  kind: 'paper' | 'study' | 'analysis';
  identifier: string;
  /** Where it is read: `https://doi.org/…`, `/studies/…`, or the address that was given. */
  url: string;
  title: string;
  remark: string;
  state: 'reported' | 'confirmed' | 'declined';
  reason: string;
  /** Name of who reported it; empty where the account is closed. */
  reporter: string;
  /** ISO 8601. */
  reportedAt: string;
  decidedAt?: string;
  /** `primary`: the paper the data were published with. */
  use: 'primary' | 'reuse';
  /** Who found it, where it came from a file of citations: `Event Data, crossref`. */
  foundIn?: string;
  /** Day it was said on, where the file tells. */
  foundOn?: string;
}

/** What is reported names no work: it is told in words. */
export class ReuseRefused extends Error {
  override readonly name = 'ReuseRefused';
}

/** Most that one account may report in a day. */
const mostReported = 20;

const doiForm = /^10\.\d{4,9}\/[^\s"<>]{1,300}$/;

/** A DOI without resolver, in lower case; `undefined` where the text is none. */
export function doiOf(text: string): string | undefined {
  const doi = text
    .trim()
    .replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '')
    .toLowerCase();
  return doiForm.test(doi) ? doi : undefined;
}

/** Identifier of a work as it is kept, one way to write each. @throws ReuseRefused */
export function workOf(kind: Reuse['kind'], text: string): string {
  const doi = doiOf(text);
  if (doi !== undefined) return doi;
  if (kind === 'paper') throw new ReuseRefused('Name the paper by its DOI, such as 10.1038/s41592-022-01654-x.');
  const accession = /(?:^|\/studies\/)([A-Z]{2,8}-\d{3,12})(?:$|[/?#])/.exec(text.trim())?.[1];
  if (kind === 'study' && accession !== undefined) return accession;
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === 'https:' && url.username === '' && url.password === '') return url.href;
  }
  throw new ReuseRefused(
    kind === 'study'
      ? 'Name the study by its accession here, by a DOI, or by an address that begins with https.'
      : 'Name the analysis by a DOI, or by an address that begins with https.',
  );
}

/** Where a work is read. */
export function urlOf(identifier: string): string {
  if (identifier.startsWith('10.')) return `https://doi.org/${encodeURI(identifier)}`;
  return identifier.startsWith('https:') ? identifier : `/studies/${identifier}`;
}

interface Row {
  id: string;
  accession: string;
  version: number;
  kind: Reuse['kind'];
  identifier: string;
  title: string;
  remark: string;
  state: Reuse['state'];
  reason: string;
  reported_by: string | null;
  reporter: string | null;
  reported_at: Date;
  decided_at: Date | null;
  use_kind: Reuse['use'];
  found_in: string;
  found_on: string | null;
}

function toReuse(row: Row): Reuse {
  const { id, accession, version, kind, identifier, title, remark, state, reason } = row;
  return {
    id,
    accession,
    version,
    kind,
    identifier,
    url: urlOf(identifier),
    title: titleOfWork(title) ?? '',
    remark,
    state,
    reason,
    reporter: row.reporter ?? '',
    reportedAt: row.reported_at.toISOString(),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at.toISOString() }),
    use: row.use_kind,
    ...(row.found_in === '' ? {} : { foundIn: row.found_in }),
    ...(row.found_on === null ? {} : { foundOn: row.found_on }),
  };
}

const selected = sql`select study_reuse.*, auth_user.name as reporter from study_reuse
  left join auth_user on auth_user.id = reported_by and disabled_at is null`;

/** Archive and registrar are to know what is confirmed. */
export async function noteUse(tx: Kysely<Tables>, accession: string): Promise<void> {
  await askToKeep(tx, 'readers', accession);
  await noteLinksChanged(tx, [accession]);
}

/** Where studies were used again. */
export class Reuses {
  private readonly db: Database;
  private readonly notices: Notices;

  constructor(db: Database, notices: Notices) {
    this.db = db;
    this.notices = notices;
  }

  /** Uses of a study that somebody may see, reuse before its own papers, newest first: the confirmed, their own, and all where they answer for the study. */
  async list(accession: string, reader: Reader): Promise<(Reuse & { isMine: boolean })[]> {
    const { rows } = await sql<Row>`${selected} where accession = ${accession}
      order by use_kind = 'primary', reported_at desc, identifier limit 1000`.execute(this.db);
    return rows
      .map((row) => ({ ...toReuse(row), isMine: reader.userId !== undefined && row.reported_by === reader.userId }))
      .filter(({ state, isMine }) => state === 'confirmed' || isMine || reader.isAuthor);
  }

  /** Confirmed uses of a study, reuse before its own papers, newest first: what its page, its citation and its depositor's profile show. */
  async confirmed(accession: string): Promise<Reuse[]> {
    return await this.list(accession, { isAuthor: false });
  }

  /** Confirmed reuse of all studies of somebody that can be read, newest first. */
  async ofDepositor(userId: string): Promise<Reuse[]> {
    const { rows } = await sql<Row>`${selected} where study_reuse.state = 'confirmed' and use_kind = 'reuse'
      and accession in (select accession from study where owner_id = ${userId})
      and not exists (select 1 from study_state where study_state.accession = study_reuse.accession
        and (study_state.state = 'withdrawn' or is_private))
      order by reported_at desc limit 1000`.execute(this.db);
    return rows.map(toReuse);
  }

  /** Did this account report as much as one may in a day? */
  async isTooMuch(userId: string): Promise<boolean> {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from study_reuse
      where reported_by = ${userId} and reported_at > now() - interval '1 day'`.execute(this.db);
    return rows[0]!.n >= mostReported;
  }

  /**
   * Reports a use; what those who answer for the study report themselves is confirmed with it.
   * @returns `undefined` where it was reported before
   */
  async report(
    work: Pick<Reuse, 'accession' | 'version' | 'kind' | 'identifier' | 'title' | 'remark'>,
    by: { id: string; name: string; isAuthor: boolean },
  ): Promise<Reuse | undefined> {
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto('study_reuse')
        .values({
          ...work,
          id: randomUUID(),
          reported_by: by.id,
          ...(by.isAuthor
            ? { state: 'confirmed' as const, decided_by: by.id, decided_at: new Date() }
            : { state: 'reported' as const }),
        })
        .onConflict((conflict) => conflict.columns(['accession', 'identifier']).doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const { accession } = work;
      if (!by.isAuthor) {
        const detail = {
          accession,
          name: by.name,
          work: row.title || row.identifier,
          title: await titleOf(tx, accession),
        };
        await this.notices.tell(
          await authorsOf(tx, accession),
          { kind: 'reuse-reported', link: `/reuse/${accession}`, detail },
          tx,
        );
      }
      if (by.isAuthor) await noteUse(tx, accession);
      await noteEvent(tx, 'reuse.report', accession, { reuse: row.id, kind: work.kind });
      return toReuse({ ...row, reporter: by.name });
    });
  }

  /** Confirms or declines a use; who reported it is told. `false` where there is none of this id. */
  async decide(
    accession: string,
    id: string,
    decision: { state: 'confirmed' | 'declined'; reason: string; by: string },
  ): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('study_reuse')
        .set({
          state: decision.state,
          reason: decision.state === 'declined' ? decision.reason : '',
          decided_by: decision.by,
          decided_at: new Date(),
        })
        .where('id', '=', id)
        .where('accession', '=', accession)
        .returningAll()
        .executeTakeFirst();
      if (!row) return false;
      const about = { accession, work: row.title || row.identifier, title: await titleOf(tx, accession) };
      const detail = { ...about, decision: decision.state };
      const to = row.reported_by === decision.by ? [] : [row.reported_by ?? undefined];
      await this.notices.tell(to, { kind: 'reuse-decided', link: `/reuse/${accession}`, detail }, tx);
      await noteUse(tx, accession);
      await noteEvent(tx, `reuse.${decision.state}`, accession, { reuse: id });
      return true;
    });
  }

  /**
   * Takes a report away: for who made it, and curators. What a file of citations said is declined instead, because the next file says it
   * again. `false` where there is none of theirs.
   */
  async remove(accession: string, id: string, by: { id: string; isCurator: boolean }): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      const hidden =
        by.isCurator &&
        (await tx
          .updateTable('study_reuse')
          .set({ state: 'declined', decided_by: by.id, decided_at: new Date() })
          .where('id', '=', id)
          .where('accession', '=', accession)
          .where('found_in', '<>', '')
          .returning('id')
          .executeTakeFirst());
      if (hidden) {
        await noteUse(tx, accession);
        await noteEvent(tx, 'reuse.declined', accession, { reuse: id });
        return true;
      }
      const gone = await tx
        .deleteFrom('study_reuse')
        .where('id', '=', id)
        .where('accession', '=', accession)
        .$if(!by.isCurator, (query) => query.where('reported_by', '=', by.id))
        .returning('id')
        .executeTakeFirst();
      if (gone) {
        await noteUse(tx, accession);
        await noteEvent(tx, 'reuse.remove', accession, { reuse: id });
      }
      return gone !== undefined;
    });
  }
}
