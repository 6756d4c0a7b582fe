import type { StudyStore } from '@micrarium/repository';
import { sql } from 'kysely';
import { linksTo } from '../additions/study-relations.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { Remembered } from '../http/remembered.ts';
import { keepDoi } from './kept-dois.ts';
import type { StudyArchive } from '../storage/index.ts';
import { DataCite, type DataCiteAccount, DataCiteRefused } from './datacite.ts';

/** DOI of a study. */
export interface StudyDoi {
  doi: string;
  /** `asked`: the registrar has not answered yet; `draft`: reserved; `findable`: registered, it leads to the study. */
  state: 'asked' | 'draft' | 'findable';
  /** What the registrar last said against it. */
  fault?: string;
}

/** Files described in a record. */
const mostFiles = 1000;
/** Minutes until the next try: doubled with every one that failed, at most six hours. */
const firstWait = 1;
const longestWait = 360;

/**
 * DOIs of studies, one for each, leading to its newest version. Nothing waits for the registrar: what it should have follows from the
 * catalogue, and is told in the background until it has it.
 */
export class StudyDois {
  private readonly db: Database;
  private readonly studies: StudyStore;
  private readonly archive: StudyArchive;
  private readonly registrar: DataCite;
  private readonly prefix: string;
  private readonly home: string;
  private readonly remembered = new Remembered<{ doi: string }>(2_000);
  private running: Promise<number> | undefined;

  /** @param home public address of this server, without a trailing slash */
  constructor(db: Database, studies: StudyStore, archive: StudyArchive, account: DataCiteAccount, home: string) {
    this.db = db;
    this.studies = studies;
    this.archive = archive;
    this.registrar = new DataCite(account);
    this.prefix = account.prefix;
    this.home = home;
  }

  /** The DOI of a study; `undefined` where none was asked for. */
  async of(accession: string): Promise<StudyDoi | undefined> {
    const row = await this.db.selectFrom('doi').selectAll().where('accession', '=', accession).executeTakeFirst();
    return row && { doi: row.doi, state: row.state, ...(row.fault === null ? {} : { fault: row.fault }) };
  }

  /** The DOI that leads to a study; `undefined` where it has none, or none that leads there yet. */
  async findable(accession: string): Promise<string | undefined> {
    const found = await this.remembered.get(accession, async () => {
      const doi = await this.of(accession);
      return { doi: doi?.state === 'findable' ? doi.doi : '' };
    });
    return found?.doi || undefined;
  }

  /**
   * Gives a study its DOI, which stays the same for ever: it is made of the accession, which is never given again. The registrar is told
   * in the background.
   */
  async reserve(accession: string): Promise<StudyDoi> {
    const doi = `${this.prefix}/${accession.toLowerCase()}`;
    await this.db.transaction().execute(async (tx) => {
      const made = await tx
        .insertInto('doi')
        .values({ accession, doi })
        .onConflict((conflict) => conflict.column('accession').doNothing())
        .returning('doi')
        .executeTakeFirst();
      if (made) await noteEvent(tx, 'doi.reserve', accession, { doi });
    });
    return (await this.of(accession)) ?? { doi, state: 'asked' };
  }

  /** Tells the registrar what it does not know yet. Two calls at once are one. @returns how many DOIs it was told of */
  drain(now: Date = new Date()): Promise<number> {
    this.running ??= this.tellAll(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async tellAll(now: Date): Promise<number> {
    const { rows } = await sql<{
      accession: string;
      doi: string;
      state: StudyDoi['state'];
      tries: number;
      newest: number | null;
      links_changed: number;
    }>`
      select doi.accession, doi, state, tries, newest, links_changed from doi
      left join (select accession, max(version) as newest from study_version group by accession) as published
        on published.accession = doi.accession
      where next_at <= ${now} and (state = 'asked' or (newest is not null
        and (told_version is distinct from newest or links_told <> links_changed)))
      order by next_at, doi.accession limit 100`.execute(this.db);
    for (const row of rows) {
      const known = await this.tell(row).catch((fault: unknown) => {
        if (!(fault instanceof DataCiteRefused)) throw fault;
        return fault;
      });
      if (known instanceof DataCiteRefused) await this.noteRefusal(row, known, now);
      else await this.noteTold(row, known);
      this.remembered.forget(row.accession);
    }
    await this.archivePending();
    return rows.length;
  }

  /** Writes DOIs that lead to a published study into the archive: after they were registered, and at start what a kill left. */
  async archivePending(): Promise<void> {
    const rows = await this.db
      .selectFrom('doi')
      .select(['accession', 'doi', 'created_at'])
      .where('state', '=', 'findable')
      .where('archived', '=', false)
      .execute();
    for (const { accession, doi, created_at } of rows) {
      await keepDoi(this.archive, { accession, doi, at: created_at.toISOString() });
      await this.db.updateTable('doi').set({ archived: true }).where('accession', '=', accession).execute();
    }
  }

  private async tell(row: { accession: string; doi: string; newest: number | null }): Promise<StudyDoi['state']> {
    const { accession, doi, newest } = row;
    const found = newest === null ? undefined : await this.studies.getVersion(accession, newest);
    if (!found || newest === null) {
      await this.registrar.reserve(doi);
      return 'draft';
    }
    const files = await this.studies.listVersionFiles(accession, newest, { limit: mostFiles });
    const links = await linksTo(this.db, accession, this.home);
    await this.registrar.publish(doi, found, files, { page: `${this.home}/studies/${accession}`, links });
    return 'findable';
  }

  private async noteTold(
    { accession, newest, links_changed: links }: { accession: string; newest: number | null; links_changed: number },
    state: StudyDoi['state'],
  ): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await tx
        .updateTable('doi')
        .set({ state, told_version: newest, links_told: links, tries: 0, fault: null, next_at: new Date(0) })
        .where('accession', '=', accession)
        .execute();
      await noteEvent(tx, `doi.${state}`, accession, newest === null ? {} : { version: newest });
    });
  }

  private async noteRefusal(
    { accession, tries }: { accession: string; tries: number },
    fault: DataCiteRefused,
    now: Date,
  ): Promise<void> {
    const minutes = Math.min(longestWait, firstWait * 2 ** Math.min(tries, 20));
    await this.db
      .updateTable('doi')
      .set({ tries: tries + 1, fault: fault.message, next_at: new Date(now.getTime() + minutes * 60_000) })
      .where('accession', '=', accession)
      .execute();
  }
}
