import { join } from 'node:path';
import type { StudyItem, StudyVersion } from '@micrarium/model';
import { formsOfItem, searchDocument } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Services } from '../http/kernel.ts';
import { destroyFile, destroyFolder } from '../storage/ocfl/destroy-files.ts';
import { objectFolder } from '../storage/ocfl/layout.ts';
import { idPrefix } from '../storage/ocfl/study-archive.ts';
import type { DestroyedFile, StudyArchive } from '../storage/index.ts';
import type { StudyAsk } from './study-asks.ts';
import { StateRefused } from './state-refused.ts';

/** Days in which backups and copies that others keep must be rid of the bytes too. */
const backupDays = 30;

/** Message of the version that takes the place of what was purged. */
export const purgeMessage = 'The content of this study was purged';

/** What a purge did: kept in the private part of the tombstone, for owners of the installation. */
export interface PurgeCertificate {
  schema: 1;
  accession: string;
  title: string;
  ground: string;
  reason: string;
  askedBy: string;
  /** ISO 8601. */
  at: string;
  /** Files that were destroyed in the archive, with those of the metadata. */
  files: DestroyedFile[];
  versions: number;
  /** Stored forms that were made of them and are destroyed, and drafts that held them. */
  forms: number;
  drafts: number;
  /** Until when backups made before, and copies elsewhere, must be destroyed or renewed. */
  backupsUntil: string;
}

/**
 * Destroys the bytes of a withdrawn study, as two owners of the installation decided: an object that says so takes the place of its versions,
 * and files, stored forms, drafts and revisions of it are gone. What another study holds too stays with that study. Done again after a kill
 * it comes to the same.
 * @throws StateRefused where the study is not withdrawn, or somebody has a draft of it open
 */
export async function purgeStudy(services: Services, ask: StudyAsk): Promise<void> {
  const { db, states, clock, derived, blobs } = services;
  const archive = services.archive as StudyArchive;
  const { accession, reason, ground = '', askedBy } = ask;
  if ((await states.of(accession)).state !== 'withdrawn')
    throw new StateRefused('Only what is withdrawn can be purged: withdraw the study first.');
  const drafts = await db.selectFrom('draft').select(['id', 'state']).where('accession', '=', accession).execute();
  if (drafts.some(({ state }) => state === 'editing' || state === 'publishing'))
    throw new StateRefused('A draft of this study is open: have it discarded first.');
  const newest = await services.studies.getVersion(accession, 'newest');
  if (!newest) throw new StateRefused(`There is no study ${accession}.`);
  const at = clock.now().toISOString();
  const versions = await db
    .selectFrom('study_version')
    .select(['version', 'document'])
    .where('accession', '=', accession)
    .execute();
  const items = await ownItems(
    services,
    accession,
    versions.flatMap(({ document }) => document.items),
  );
  const staged = await ownDigests(services, accession);
  const held = await filesHeld(services, accession);
  const left = remains(newest, at);
  const statement = { schema: 1, accession, purgedAt: at, ground };
  const files = [
    { logicalPath: 'metadata/study.json', content: textBytes(left) },
    { logicalPath: 'metadata/purge.json', content: textBytes(statement) },
  ];
  const about = { message: purgeMessage, userName: 'Micrarium', createdAt: at };
  const { destroyed, inventorySha512 } = await archive.replaceObject(accession, files, about);
  if (await archive.hasNote('revisions', accession))
    await archive.replaceObject(
      `${accession}.revisions`,
      [{ logicalPath: 'revisions.json', content: textBytes({ schema: 1, removed: true }) }],
      about,
    );
  const keys = new Set(items.flatMap(formsOfItem));
  for (const key of keys) await derived.drop(key);
  for (const sha256 of staged) await blobs.remove(sha256);
  await destroyInCopy(services.secondCopy, accession, staged);
  const title = titleOf(left) || accession;
  const certificate: PurgeCertificate = {
    schema: 1,
    accession,
    title,
    ground,
    reason,
    askedBy,
    at,
    // Killed behind the swap, a purge that is done again finds only what took the place; the catalogue still knows what was there.
    files: [...new Map([...held, ...destroyed].map((one) => [one.sha256, one])).values()],
    versions: versions.length,
    forms: keys.size,
    drafts: drafts.length,
    backupsUntil: new Date(Date.parse(at) + backupDays * 86_400_000).toISOString().slice(0, 10),
  };
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('draft').where('accession', '=', accession).execute();
    await tx.deleteFrom('study_version').where('accession', '=', accession).execute();
    for (const table of ['study_term', 'image_document'] as const)
      await sql`delete from ${sql.table(table)} where accession = ${accession}`.execute(tx);
    const { files: _none, ...document } = left;
    await tx
      .insertInto('study_version')
      .values({
        accession,
        version: 1,
        document: JSON.stringify(document),
        published_at: left.publishedAt,
        note: null,
        file_count: 0,
        byte_count: 0,
        reference_count: 0,
        referenced_bytes: 0,
      })
      .execute();
    await tx
      .updateTable('study_state')
      .set({ summary: JSON.stringify(searchDocument(left)) })
      .where('accession', '=', accession)
      .execute();
    const row = { accession, certificate: JSON.stringify(certificate), at };
    await tx
      .insertInto('study_purge')
      .values(row)
      .onConflict((conflict) => conflict.column('accession').doNothing())
      .execute();
    await noteEvent(tx, 'study.purge', accession, {
      ground,
      files: destroyed.length,
      bytes: destroyed.reduce((sum, { size }) => sum + size, 0),
      version: 1,
      inventorySha512,
    });
  });
}

/** The next check of all bytes writes what took the place of the study to the copy. */
async function destroyInCopy(copy: string | undefined, accession: string, digests: readonly string[]): Promise<void> {
  if (copy === undefined) return;
  for (const name of [accession, `${accession}.revisions`])
    await destroyFolder(join(copy, 'archive', objectFolder(idPrefix + name)));
  for (const sha256 of digests)
    await destroyFile(join(copy, 'blobs/sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
}

const textBytes = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

function titleOf({ metadata }: Pick<StudyVersion, 'metadata'>): string {
  const title = metadata.values['title'];
  return typeof title === 'string' ? title : '';
}

/** What stays of the study: that it was, its title and who published it when. */
function remains(newest: Omit<StudyVersion, 'files'>, at: string): StudyVersion {
  const { accession, publishedAt, publishedBy } = newest;
  return {
    schema: 1,
    accession,
    version: 1,
    publishedAt,
    publishedBy,
    tier: 'archive',
    metadata: { values: { title: titleOf(newest) }, origins: {} },
    files: [],
    items: [],
    pairs: [],
    datasets: [],
    note: `Purged on ${at.slice(0, 10)}.`,
  };
}

/** Items that no other study or draft has: ids are made of content. */
async function ownItems({ db }: Services, accession: string, items: readonly StudyItem[]): Promise<StudyItem[]> {
  const own: StudyItem[] = [];
  for (const item of items) {
    const wanted = JSON.stringify([{ id: item.id }]);
    const { rows } = await sql`select 1 from study_version
      where accession <> ${accession} and document -> 'items' @> ${wanted}::jsonb
      union all select 1 from draft_item join draft on draft.id = draft_id
      where draft.accession <> ${accession} and draft_item.item_id = ${item.id} limit 1`.execute(db);
    if (rows.length === 0) own.push(item);
  }
  return own;
}

/** The deposited files of a study's versions, each content once. */
async function filesHeld({ db }: Services, accession: string): Promise<DestroyedFile[]> {
  const { rows } = await sql<DestroyedFile>`select distinct sha256, size from version_file
    where accession = ${accession} order by sha256`.execute(db);
  return rows;
}

/** Blobs of a study's versions and drafts that nothing else refers to. */
async function ownDigests({ db }: Services, accession: string): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`with own as (
      select sha256 from version_file where accession = ${accession}
      union select sha256 from draft_file join draft on draft.id = draft_id
      where draft.accession = ${accession} and sha256 is not null)
    select sha256 from own where not exists (select 1 from version_file where version_file.sha256 = own.sha256
        and accession <> ${accession})
      and not exists (select 1 from draft_file join draft on draft.id = draft_id
        where draft_file.sha256 = own.sha256 and draft.accession <> ${accession})`.execute(db);
  return rows.map(({ sha256 }) => sha256);
}

/**
 * Carries out purges that two owners decided on and a kill broke off: nobody is asked again, and nothing of such a study is left half.
 * @returns accessions of studies that were purged now
 */
export async function finishPurges(services: Services): Promise<string[]> {
  const rows = await services.db
    .selectFrom('study_ask')
    .leftJoin('auth_user', 'auth_user.id', 'study_ask.asked_by')
    .selectAll('study_ask')
    .select('auth_user.name')
    .where('change', '=', 'purge')
    .where('study_ask.state', '=', 'done')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('study_purge').select('at').whereRef('study_purge.accession', '=', 'study_ask.accession'))),
    )
    .execute();
  const done: string[] = [];
  for (const { id, accession, change, ground, reason, name, asked_at: at } of rows) {
    const isWithdrawn = (await services.states.of(accession)).state === 'withdrawn';
    if (!isWithdrawn || done.includes(accession)) continue;
    const asked = { askedBy: name ?? '', isMine: false, askedAt: at.toISOString() };
    await purgeStudy(services, {
      id,
      accession,
      change,
      reason,
      ...asked,
      ...(ground === null ? {} : { ground: ground as NonNullable<StudyAsk['ground']> }),
    });
    done.push(accession);
  }
  return done;
}
