import { enterMemberships } from '../collections/memberships.ts';
import { enterRelations } from '../additions/study-relations.ts';
import type { FileReference, StudyFile, StudyItem, StudyVersion } from '@micrarium/model';
import type {
  DraftFileRow,
  DraftItemRow,
  DraftRow,
  FileScans,
  ItemCounts,
  ListedVersion,
  PlacedItem,
  RecordedBeside,
  SearchDocument,
  StudyStore,
} from '@micrarium/repository';
import { type Kysely, sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import { enterSearchDocument } from '../search/postgres-search-index.ts';
import { fileScans } from '../scans/draft-scans.ts';
import { filesGoAt } from '../states/without-consent.ts';
import { enterRevision } from '../revisions/revisions.ts';
import type { Database } from './connect.ts';
import * as draftFiles from './draft-file-tables.ts';
import * as draftItems from './draft-item-tables.ts';
import * as drafts from './draft-tables.ts';
import * as elsewhere from './reference-tables.ts';
import type { Tables } from './tables.ts';
import * as versions from './version-tables.ts';

/** Drafts and published versions in PostgreSQL. */
export class PostgresStudyStore implements StudyStore {
  private readonly db: Database;
  private readonly isScanned: boolean;

  /** @param options `isScanned`: is a virus scanner set up, for which publishing waits? */
  constructor(db: Database, { isScanned = false }: { isScanned?: boolean } = {}) {
    this.db = db;
    this.isScanned = isScanned;
  }

  createDraft(draft: Parameters<StudyStore['createDraft']>[0]): Promise<{ draft: DraftRow; created: boolean }> {
    return drafts.createDraft(this.db, draft);
  }

  getDraft(id: string): Promise<DraftRow | undefined> {
    return drafts.getDraft(this.db, id);
  }

  listDrafts(ownerId: string, page: { after?: string; limit: number }): Promise<DraftRow[]> {
    return drafts.listDrafts(this.db, ownerId, page);
  }

  saveDraft(id: string, revision: number, change: Parameters<StudyStore['saveDraft']>[2]): Promise<DraftRow> {
    return drafts.saveDraft(this.db, id, revision, change);
  }

  moveDraft(id: string, from: DraftRow['state'], to: DraftRow['state']): Promise<boolean> {
    return drafts.moveDraft(this.db, id, from, to);
  }

  draftsBeingPublished(): Promise<DraftRow[]> {
    return drafts.draftsBeingPublished(this.db);
  }

  putFiles(draftId: string, files: readonly Omit<DraftFileRow, 'draftId'>[]): Promise<void> {
    return draftFiles.putFiles(this.db, draftId, files);
  }

  updateFile(draftId: string, path: string, change: Parameters<StudyStore['updateFile']>[2]): Promise<void> {
    return draftFiles.updateFile(this.db, draftId, path, change);
  }

  getFile(draftId: string, path: string): Promise<DraftFileRow | undefined> {
    return draftFiles.getFile(this.db, draftId, path);
  }

  getFiles(draftId: string, paths: readonly string[]): Promise<DraftFileRow[]> {
    return draftFiles.getFiles(this.db, draftId, paths);
  }

  pathsAround(draftId: string, places: readonly string[]): Promise<string[]> {
    return draftFiles.pathsAround(this.db, draftId, places);
  }

  noteFindings(draftId: string, findings: Parameters<StudyStore['noteFindings']>[1]): Promise<string[]> {
    return draftFiles.noteFindings(this.db, draftId, findings);
  }

  listFiles(draftId: string, page: { after?: string; limit: number }): Promise<DraftFileRow[]> {
    return draftFiles.listFiles(this.db, draftId, page);
  }

  hasFilesOnTheirWay(draftId: string): Promise<boolean> {
    return draftFiles.hasFilesOnTheirWay(this.db, draftId);
  }

  countFiles(draftId: string): ReturnType<StudyStore['countFiles']> {
    return draftFiles.countFiles(this.db, draftId);
  }

  countStoredFiles(draftId: string, without?: readonly string[]): ReturnType<StudyStore['countStoredFiles']> {
    return draftFiles.countStoredFiles(this.db, draftId, without);
  }

  removeFiles(draftId: string, paths: readonly string[]): Promise<void> {
    return draftFiles.removeFiles(this.db, draftId, paths);
  }

  scansOf(draftId: string): Promise<FileScans> {
    return fileScans(this.db, draftId, this.isScanned);
  }

  filesGoAt(draftId: string): Promise<string | undefined> {
    return filesGoAt(this.db, draftId);
  }

  async isApproved(draftId: string): Promise<boolean> {
    const { rows } = await sql`select 1 from draft_review join draft on draft.id = draft_review.draft_id
      where draft.id = ${draftId} and draft_review.state = 'approved'
        and (approved_revision is null or approved_revision = draft.revision)`.execute(this.db);
    return rows.length > 0;
  }

  putReferences(draftId: string, references: readonly FileReference[]): Promise<void> {
    return elsewhere.putReferences(this.db, draftId, references);
  }

  listReferences(draftId: string, page: { after?: string; limit: number }): Promise<FileReference[]> {
    return elsewhere.listReferences(this.db, draftId, page);
  }

  countReferences(draftId: string): ReturnType<StudyStore['countReferences']> {
    return elsewhere.countReferences(this.db, draftId);
  }

  removeReferences(draftId: string, paths: readonly string[]): Promise<void> {
    return elsewhere.removeReferences(this.db, draftId, paths);
  }

  async isBlobUsed(sha256: string): Promise<boolean> {
    const { rows } = await sql<{ used: boolean }>`select exists (
        select 1 from draft_file join draft on draft.id = draft_file.draft_id
        where draft_file.sha256 = ${sha256} and (draft.state in ('editing', 'publishing')
          or draft.state = 'discarded' and exists (select 1 from draft_trash where draft_id = draft.id)))
      or exists (select 1 from version_file where sha256 = ${sha256}) as used`.execute(this.db);
    return rows[0]!.used;
  }

  async blobsReadableBy(ownerId: string, digests: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ sha256: string }>`select asked.sha256
      from unnest(${[...digests]}::text[]) as asked (sha256)
      where exists (select 1 from draft_file join draft on draft.id = draft_file.draft_id
          where draft_file.sha256 = asked.sha256 and draft_file.state = 'verified' and draft.owner_id = ${ownerId})
        or exists (select 1 from version_file where version_file.sha256 = asked.sha256)`.execute(this.db);
    return rows.map(({ sha256 }) => sha256);
  }

  replaceItems(...[draftId, items, stateOf]: Parameters<StudyStore['replaceItems']>): Promise<void> {
    return draftItems.replaceItems(this.db, draftId, items, stateOf);
  }

  copyItems(draftId: string, accession: string, version: number): Promise<void> {
    return versions.copyItems(this.db, draftId, accession, version);
  }

  listItems(draftId: string): Promise<DraftItemRow[]> {
    return draftItems.listItems(this.db, draftId);
  }

  listTellingItems(draftId: string): Promise<DraftItemRow[]> {
    return draftItems.listItems(this.db, draftId, true);
  }

  countItems(draftId: string): Promise<ItemCounts> {
    return draftItems.countItems(this.db, draftId);
  }

  itemsPage(draftId: string, page: { after?: string; from?: number; limit: number }): Promise<PlacedItem[]> {
    return draftItems.itemsPage(this.db, draftId, page);
  }

  hasUnreadItems(draftId: string): Promise<boolean> {
    return draftItems.hasUnreadItems(this.db, draftId);
  }

  getItem(draftId: string, itemId: string): Promise<DraftItemRow | undefined> {
    return draftItems.getItem(this.db, draftId, itemId);
  }

  getItems(draftId: string, itemIds: readonly string[]): Promise<DraftItemRow[]> {
    return draftItems.getItems(this.db, draftId, itemIds);
  }

  noteReadings(draftId: string, readings: Parameters<StudyStore['noteReadings']>[1]): Promise<void> {
    return draftItems.noteReadings(this.db, draftId, readings);
  }

  updateItem(draftId: string, itemId: string, change: Partial<Omit<DraftItemRow, 'draftId'>>): Promise<void> {
    return draftItems.updateItem(this.db, draftId, itemId, change);
  }

  async recordVersion(
    version: StudyVersion,
    search: SearchDocument,
    draftId?: string,
    about: RecordedBeside = {},
  ): Promise<void> {
    const { accession } = version;
    await this.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('study')
        .values({ accession, owner_id: null })
        .onConflict((row) => row.doNothing())
        .execute();
      const entered = await versions.enterVersion(tx, version, draftId, about.plainItems);
      if (entered) {
        await enterSearchDocument(tx, search);
        await enterMemberships(tx, [accession]);
        await enterRelations(tx, version, draftId === undefined);
        // Only ever forwards, so that an accession reserved at the same moment is not given twice.
        await sql`select setval('accession_number', ${numberOf(accession)}::bigint) from accession_number
          where last_value < ${numberOf(accession)}::bigint
            or (last_value = ${numberOf(accession)}::bigint and not is_called)`.execute(tx);
      }
      await closeDraft(tx, accession, draftId);
      if (entered) {
        const { inventorySha512 } = about;
        await noteEvent(tx, draftId === undefined ? 'version.enter' : 'version.publish', accession, {
          version: version.version,
          files: version.files.length,
          ...(inventorySha512 === undefined ? {} : { inventorySha512 }),
        });
      }
    });
  }

  async recordRevision(version: StudyVersion, search: SearchDocument, draftId?: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await enterRevision(tx, version, search);
      await closeDraft(tx, version.accession, draftId);
    });
  }

  getVersion(accession: string, version: number | 'newest', minor?: number): ReturnType<StudyStore['getVersion']> {
    return versions.getVersion(this.db, accession, version, minor);
  }

  listVersions(accession: string): Promise<ListedVersion[]> {
    return versions.listVersions(this.db, accession);
  }

  listVersionFiles(...[accession, version, page]: Parameters<StudyStore['listVersionFiles']>): Promise<StudyFile[]> {
    return versions.listVersionFiles(this.db, accession, version, page);
  }

  getVersionFile(accession: string, version: number, path: string): Promise<StudyFile | undefined> {
    return versions.getVersionFile(this.db, accession, version, path);
  }

  listVersionItems(...[accession, version, page]: Parameters<StudyStore['listVersionItems']>): Promise<StudyItem[]> {
    return versions.listVersionItems(this.db, accession, version, page);
  }

  getVersionItem(accession: string, version: number, itemId: string): Promise<StudyItem | undefined> {
    return versions.getVersionItem(this.db, accession, version, itemId);
  }

  listVersionReferences(
    accession: string,
    version: number,
    page: { after?: string; limit: number },
  ): Promise<FileReference[]> {
    return elsewhere.listVersionReferences(this.db, accession, version, page);
  }

  async totals(): ReturnType<StudyStore['totals']> {
    const { rows } = await sql<{ studies: number; images: number; objects: number; files: number; bytes: number }>`
      select count(*)::bigint as studies, coalesce(sum(image_count), 0)::bigint as images,
        coalesce(sum(object_count), 0)::bigint as objects, coalesce(sum(file_count), 0)::bigint as files,
        coalesce(sum(byte_count), 0)::bigint as bytes
      from search_document`.execute(this.db);
    return rows[0]!;
  }

  async ownerOf(accession: string): Promise<string | undefined> {
    const row = await this.db
      .selectFrom('study')
      .select('owner_id')
      .where('accession', '=', accession)
      .executeTakeFirst();
    return row?.owner_id ?? undefined;
  }

  async noteOwner(accession: string, ownerId: string): Promise<void> {
    await this.db
      .updateTable('study')
      .set({ owner_id: ownerId })
      .where('accession', '=', accession)
      .where('owner_id', 'is', null)
      .execute();
  }

  async clearVersions(): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('search_document').execute();
      await tx.deleteFrom('study_version').execute();
      await noteEvent(tx, 'catalogue.clear', 'installation');
    });
  }
}

/** What goes with every publication: a withdrawn study stays so, what the draft says of access counts from now on, and the draft is closed. */
async function closeDraft(tx: Kysely<Tables>, accession: string, draftId: string | undefined): Promise<void> {
  // A study that is withdrawn stays so, whatever is published of it.
  await sql`delete from search_document where accession = ${accession}
    and exists (select 1 from study_state where accession = ${accession} and state = 'withdrawn')`.execute(tx);
  if (draftId === undefined) return;
  await sql`insert into study_state (accession, state, until, actor, is_private)
    select ${accession}, 'embargoed', embargo_until, ${whoActs().actor}, is_private from draft_release
    where draft_id = ${draftId} and embargo_until > least(current_date, (select seen::date from clock_mark))
    on conflict (accession) do nothing`.execute(tx);
  // Once any version holds what is given on request only, all versions are: they share files.
  await sql`with earlier as (select case when count(*) > 1
      then (min(published_at) at time zone 'UTC')::date end as day
      from study_version where accession = ${accession})
    insert into study_state (accession, state, actor, declaration, opened_on)
    select ${accession}, case declaration->>'access' when 'controlled' then 'controlled' else 'published' end,
      ${whoActs().actor}, declaration, case declaration->>'access' when 'controlled' then earlier.day end
    from draft_access, earlier where draft_id = ${draftId}
    on conflict (accession) do update set declaration = excluded.declaration, archived = false, at = now(),
      opened_on = case when study_state.state = 'published' then coalesce(study_state.opened_on, excluded.opened_on)
        else study_state.opened_on end,
      until = case excluded.state when 'controlled' then null else study_state.until end,
      state = case when excluded.state = 'controlled' and study_state.state <> 'withdrawn'
        then 'controlled' else study_state.state end`.execute(tx);
  // Nobody is to find what only those inside know of before its day.
  await sql`delete from search_document where accession = ${accession} and exists (select 1 from study_state
    where accession = ${accession} and state = 'embargoed' and is_private)`.execute(tx);
  await tx
    .updateTable('draft')
    .set({ state: 'published', updated_at: sql<Date>`now()` })
    .where('id', '=', draftId)
    .where('state', '=', 'publishing')
    .execute();
}

/** Number in an accession such as `MIC-000012`, so that after a rebuild none is given twice; 0 for others. */
function numberOf(accession: string): number {
  return Number(/^MIC-(\d{1,12})$/.exec(accession)?.[1] ?? 0);
}
