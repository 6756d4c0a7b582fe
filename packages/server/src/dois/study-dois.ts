import type { StudyStore } from '@micrarium/repository';
import type { LinkNode } from '@micrarium/standards';
import { sql } from 'kysely';
import { noteLinksChanged, noteNewName } from '../additions/study-relations.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { Remembered } from '../http/remembered.ts';
import type { FoundVersion } from '../http/study-access.ts';
import { noteChange } from '../states/study-states.ts';
import type { StudyArchive } from '../storage/index.ts';
import { checkDois, type DoiCheck, type DoiCheckOptions, tellAgain } from './check-dois.ts';
import { DataCite, type DataCiteAccount, DataCiteRefused } from './datacite.ts';
import { type DoiSources, recordOfDoi } from './doi-content.ts';
import { datasetDoi, versionLinks } from './doi-parts.ts';
import { countDois, type DoiShow, type DueDoi, dueDois, listDois, type ListedDoi } from './due-dois.ts';
import { archiveDois } from './kept-dois.ts';

/** A DOI, and where it stands with the registrar. */
export interface StudyDoi {
  doi: string;
  /** `asked`: the registrar has not answered yet; `draft`: reserved; `findable`: registered, it leads to the study. */
  state: 'asked' | 'draft' | 'findable';
  /** What the registrar last said against it. */
  fault?: string;
}

/** All DOIs of a study: one for the study in all versions, one for each version, and those of data sets that were asked for. */
export interface AllDois {
  study?: StudyDoi;
  /** From the first on; the last may be that of a draft. */
  versions: (StudyDoi & { version: number })[];
  datasets: (StudyDoi & { dataset: string })[];
}

/** DOIs that lead to a study. */
export interface RegisteredDois {
  /** To its newest version, whichever that is. */
  concept?: string;
  versions: ReadonlyMap<number, string>;
  /** By id of the data set. */
  datasets: ReadonlyMap<string, string>;
}

/** Account that deposits the demonstration study, which is not for citing: it gets no DOI unasked. */
export const demonstrationEmail = 'demonstration@micrarium.invalid';

/** Minutes until the next try: doubled with every one that failed, at most six hours. */
const firstWait = 1;
const longestWait = 360;
/** The same of a registrar that is away, or was while this DOI was told. */
const longestAway = 15;
/** After so many failed calls in a row it is the registrar that is away, not the DOIs that are wrong: it is left alone for a while. */
const enough = 3;
/** DOIs compared in one run of the schedule, which comes every hour. */
const mostChecked = 1_000;

/**
 * DOIs of studies: one for a study, leading to its newest version, one for each version, and one for each data set that somebody asks it for.
 * Nothing waits for the registrar: what it should have follows from the catalogue, and is told in the background until it has it.
 */
export class StudyDois {
  private readonly db: Database;
  private readonly sources: DoiSources;
  private readonly archive: StudyArchive;
  private readonly registrar: DataCite;
  private readonly prefix: string;
  private readonly remembered = new Remembered<RegisteredDois>(2_000);
  private running: Promise<number> | undefined;
  /** Until then the registrar is not asked; how often it was away, one time after the other. */
  private awayUntil = 0;
  private failures = 0;

  /** @param home public address of this server, without a trailing slash */
  constructor(db: Database, studies: StudyStore, archive: StudyArchive, account: DataCiteAccount, home: string) {
    this.db = db;
    this.sources = { db, studies, home };
    this.archive = archive;
    this.registrar = new DataCite(account);
    this.prefix = account.prefix;
  }

  /** The DOI of a study; `undefined` where none was asked for. */
  async of(accession: string): Promise<StudyDoi | undefined> {
    const row = await this.db.selectFrom('doi').selectAll().where('accession', '=', accession).executeTakeFirst();
    return row && standing(row);
  }

  /** The DOIs of a study, its versions and its data sets. */
  async all(accession: string): Promise<AllDois> {
    const [study, rows] = await Promise.all([
      this.of(accession),
      this.db
        .selectFrom('doi_part')
        .selectAll()
        .where('accession', '=', accession)
        .orderBy('version')
        .orderBy('created_at')
        .execute(),
    ]);
    return {
      ...(study ? { study } : {}),
      versions: rows.flatMap((row) => (row.version > 0 ? { version: row.version, ...standing(row) } : [])),
      datasets: rows.flatMap((row) => (row.version > 0 ? [] : { dataset: row.dataset, ...standing(row) })),
    };
  }

  /** The DOIs that lead to a study, remembered for a moment. */
  async registered(accession: string): Promise<RegisteredDois> {
    const found = await this.remembered.get(accession, async () => {
      const { study, versions, datasets } = await this.all(accession);
      const isThere = ({ state }: StudyDoi) => state === 'findable';
      return {
        ...(study && isThere(study) ? { concept: study.doi } : {}),
        versions: new Map(versions.filter(isThere).map(({ version, doi }) => [version, doi])),
        datasets: new Map(datasets.filter(isThere).map(({ dataset, doi }) => [dataset, doi])),
      };
    });
    return found!;
  }

  /** The DOI that leads to a study; `undefined` where it has none, or none that leads there yet. */
  async findable(accession: string): Promise<string | undefined> {
    return (await this.registered(accession)).concept;
  }

  /** How a version, cited by a DOI of its own, is related to the study and the versions beside it; nothing where it is cited otherwise. */
  async linksOf({ accession, version, metadata }: FoundVersion): Promise<LinkNode[]> {
    const { concept, versions } = await this.registered(accession);
    const doi = versions.get(version);
    if (concept === undefined || doi === undefined || metadata.values['doi'] !== doi) return [];
    return versionLinks(concept, version, [...versions.keys()]);
  }

  /**
   * Gives a study its DOI, which stays the same for ever: it is made of the accession, which is never given again. Its versions get theirs with
   * it. The registrar is told in the background.
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

  /** Gives a data set of a study a DOI of its own, and the study one where it has none. */
  async reserveDataset(accession: string, dataset: string): Promise<void> {
    const { doi: concept } = await this.reserve(accession);
    await this.db.transaction().execute(async (tx) => {
      const made = await tx
        .insertInto('doi_part')
        .values({ accession, dataset, doi: datasetDoi(concept, dataset) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('doi')
        .executeTakeFirst();
      if (made) await noteEvent(tx, 'doi.reserve', accession, { doi: made.doi, dataset });
    });
  }

  /** Tells the registrar what it does not know yet. Two calls at once are one. @returns how many DOIs it was told of */
  drain(now: Date = new Date()): Promise<number> {
    this.running ??= this.tellAll(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Compares what the registrar holds with what it should. */
  async check(options: DoiCheckOptions): Promise<DoiCheck> {
    const { db, sources, registrar } = this;
    return await checkDois({ db, sources, registrar }, options);
  }

  /**
   * Compares those that were not compared for a day, some of them at a time. What differs is kept, and told again only when the operator says
   * so: it may have been changed at the registrar for a reason.
   * @returns what differs, in words for the log; `undefined` where nothing does
   */
  async checkDue(now: Date): Promise<string | undefined> {
    const checkedBefore = new Date(now.getTime() - 86_400_000);
    const { different } = await this.check({ checkedBefore, most: mostChecked, repair: false });
    if (different.length === 0) return undefined;
    const named = different.slice(0, 5).map(({ doi, differences }) => `${doi} (${differences[0]!.code})`);
    const more = different.length > named.length ? ` and ${different.length - named.length} more` : '';
    return `The registrar holds otherwise than it should: ${named.join(', ')}${more}. micrarium dois check --repair tells it again.`;
  }

  /** What the operator sees of DOIs, and how many there are of each kind. */
  async list(show: DoiShow, page: { after?: string | undefined; limit: number }) {
    const [counts, dois] = await Promise.all([countDois(this.db), listDois(this.db, show, page)]);
    return { counts, dois };
  }

  /**
   * Has the registrar told again: of one DOI, or of all that wait or that it holds otherwise.
   * @returns how many; 0 where the one that is named is not ours
   */
  async again(doi: string | undefined): Promise<number> {
    const { db } = this;
    this.awayUntil = 0;
    let count = 0;
    for (const show of doi === undefined ? (['waiting', 'different'] as const) : (['all'] as const)) {
      for (let after: string | undefined; ; ) {
        const rows = await listDois(db, show, { after, limit: doi === undefined ? mostChecked : 1, doi });
        for (const row of rows) {
          if (row.isDue) await this.tryNow(row);
          else await tellAgain(db, row);
          count++;
        }
        after = rows.at(-1)?.doi;
        if (doi !== undefined || rows.length < mostChecked) break;
      }
    }
    return count;
  }

  /** Ends the wait for the next try. */
  private async tryNow(row: ListedDoi): Promise<void> {
    await this.tryFrom(row, new Date(0));
  }

  private async tryFrom(row: Pick<DueDoi, 'doi' | 'version' | 'dataset'>, at: Date): Promise<void> {
    const table = sql.table(isPart(row) ? 'doi_part' : 'doi');
    await sql`update ${table} set next_at = ${at} where doi = ${row.doi}`.execute(this.db);
  }

  private async tellAll(now: Date): Promise<number> {
    await this.enterStudies();
    await this.enterVersions();
    const pause = this.awayUntil - now.getTime();
    // A pause that is longer than any was reckoned by a clock that was set back since.
    const isLeftAlone = pause > 0 && pause <= longestAway * 60_000;
    const rows = isLeftAlone ? [] : await dueDois(this.db, now);
    const away: DueDoi[] = [];
    for (const row of rows) {
      const known = await this.tell(row).catch((fault: unknown) => {
        if (!(fault instanceof DataCiteRefused)) throw fault;
        return fault;
      });
      if (known instanceof DataCiteRefused) await this.noteRefusal(row, known, now);
      else await this.noteTold(row, known);
      this.remembered.forget(row.accession);
      if (known instanceof DataCiteRefused && known.isAway) away.push(row);
      else {
        away.length = 0;
        [this.awayUntil, this.failures] = [0, 0];
      }
      if (away.length < enough) continue;
      await this.waitFrom(now, away);
      break;
    }
    await this.archivePending();
    return rows.length;
  }

  /** Leaves the registrar alone for a while; those that found it away are told with the others then, in their order. */
  private async waitFrom(now: Date, away: readonly DueDoi[]): Promise<void> {
    const minutes = Math.min(longestAway, firstWait * 2 ** Math.min(this.failures++, 20));
    this.awayUntil = now.getTime() + minutes * 60_000;
    for (const row of away) await this.tryFrom(row, new Date(this.awayUntil));
  }

  /** Gives a study its DOI with its first draft: it may be printed in the paper. The demonstration is none that anybody cites. */
  private async enterStudies(): Promise<void> {
    const { rows } = await sql<{ accession: string }>`select distinct draft.accession from draft
      join auth_user on auth_user.id = draft.owner_id
      where (draft.state in ('editing', 'publishing') or (draft.state = 'published' and draft.created_at > now() - interval '1 hour'))
        and auth_user.email <> ${demonstrationEmail}
        and coalesce(trim(draft.metadata->'values'->>'doi'), '') = ''
        and not exists (select 1 from doi where doi.accession = draft.accession)`.execute(this.db);
    for (const { accession } of rows) await this.reserve(accession);
  }

  /** Gives each version of a study that has a DOI one of its own: those that are published, and the one that is being made. */
  private async enterVersions(): Promise<void> {
    await sql`insert into doi_part (accession, version, doi)
      select doi.accession, known.version, doi.doi || '.v' || known.version from doi
      join (select accession, version from study_version
        union select accession, version from draft where state <> 'discarded') as known on known.accession = doi.accession
      where not exists (select 1 from doi_part as entered
        where entered.accession = doi.accession and entered.version = known.version)
      on conflict do nothing`.execute(this.db);
  }

  /** Writes DOIs that lead to a published study into the archive: after they were registered, and at start what a kill left. */
  async archivePending(): Promise<void> {
    await archiveDois(this.db, this.archive);
  }

  private async tell(row: DueDoi): Promise<StudyDoi['state']> {
    const record = await recordOfDoi(this.sources, row);
    if (!record) {
      await this.registrar.reserve(row.doi);
      return 'draft';
    }
    await this.registrar.publish(row.doi, record);
    return 'findable';
  }

  private async noteTold(row: DueDoi, state: StudyDoi['state']): Promise<void> {
    const { accession, version, dataset, doi, wanted } = row;
    const told = {
      state,
      told_version: wanted,
      told_withdrawn: row.isWithdrawn,
      // Nothing of what is only reserved was told.
      told_access: wanted === null ? '' : row.access,
      tries: 0,
      fault: null,
      next_at: new Date(0),
      differences: null,
    };
    await this.db.transaction().execute(async (tx) => {
      // Records of what was made of it, or it of, name it by its address until now.
      if (state === 'findable' && row.state !== state && dataset === '') {
        await noteNewName(tx, accession);
        // Its record has an identifier now that those who harvested it do not know.
        await noteChange(tx, accession, new Date());
      }
      if (!isPart(row)) {
        const links_told = row.linksChanged;
        await tx
          .updateTable('doi')
          .set({ ...told, links_told })
          .where('doi', '=', doi)
          .execute();
        await noteEvent(tx, `doi.${state}`, accession, wanted === null ? {} : { version: wanted });
        return;
      }
      await tx.updateTable('doi_part').set(told).where('doi', '=', doi).execute();
      // The record of the study names its data sets that have a DOI.
      if (dataset !== '' && state === 'findable' && row.state !== state) await noteLinksChanged(tx, [accession]);
      await noteEvent(tx, `doi.${state}`, accession, { doi, ...(version > 0 ? { version } : { dataset }) });
    });
  }

  private async noteRefusal(row: DueDoi, fault: DataCiteRefused, now: Date): Promise<void> {
    const longest = fault.isAway ? longestAway : longestWait;
    const minutes = Math.min(longest, firstWait * 2 ** Math.min(row.tries, 20));
    const nextAt = new Date(now.getTime() + minutes * 60_000);
    const table = sql.table(isPart(row) ? 'doi_part' : 'doi');
    await sql`update ${table} set tries = ${row.tries + 1}, fault = ${fault.message}, next_at = ${nextAt}
      where doi = ${row.doi}`.execute(this.db);
  }
}

const isPart = ({ version, dataset }: Pick<DueDoi, 'version' | 'dataset'>) => version > 0 || dataset !== '';

function standing({ doi, state, fault }: { doi: string; state: StudyDoi['state']; fault: string | null }): StudyDoi {
  return { doi, state, ...(fault === null ? {} : { fault }) };
}
