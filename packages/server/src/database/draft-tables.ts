import { randomBytes } from 'node:crypto';
import type { StudyItem } from '@micrarium/model';
import {
  type DraftFileRow,
  type DraftItemRow,
  type DraftRow,
  type FileFinding,
  type ItemCounts,
  DraftNotEditable,
  foldedPath,
  isFrozen,
  type ItemReading,
  type PlacedItem,
  RevisionConflict,
} from '@micrarium/repository';
import { sql, type Selectable } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { noteEdits, writesInPlace } from '../states/review-edits.ts';
import type { Database } from './connect.ts';
import type { Tables } from './tables.ts';

/** An id that sorts by the time it was made: nine digits of milliseconds in base 36, then 80 random bits. */
export function newDraftId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;
}

function toDraft(row: Selectable<Tables['draft']>): DraftRow {
  return {
    id: row.id,
    accession: row.accession,
    version: row.version,
    ...(row.minor === null ? {} : { minor: row.minor }),
    revision: row.revision,
    state: row.state,
    ownerId: row.owner_id,
    metadata: row.metadata,
    pairs: row.pairs,
    datasetTitles: row.dataset_titles,
    ...(row.note === null ? {} : { note: row.note }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function toFile(row: Selectable<Tables['draft_file']>): DraftFileRow {
  return {
    draftId: row.draft_id,
    path: row.path,
    size: row.size,
    ...(row.stated_sha256 === null ? {} : { statedSha256: row.stated_sha256 }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.others === null ? {} : { others: row.others }),
    state: row.state,
    received: row.received,
    mediaType: row.media_type,
  };
}

function toItem(row: Selectable<Tables['draft_item']>): DraftItemRow {
  return {
    draftId: row.draft_id,
    item: row.item,
    state: row.state,
    progress: row.progress,
    ...(row.message === null ? {} : { message: row.message }),
    ...(row.mapping === null ? {} : { mapping: row.mapping }),
  };
}

const fileColumns = (file: Omit<DraftFileRow, 'draftId'>) => ({
  path: file.path,
  size: file.size,
  stated_sha256: file.statedSha256 ?? null,
  sha256: file.sha256 ?? null,
  others: file.others === undefined ? null : JSON.stringify(file.others),
  state: file.state,
  received: file.received,
  media_type: file.mediaType,
  folded: foldedPath(file.path),
});

/** Columns to set for a partial change; a key that is there with `undefined` clears the column. */
function pick(change: object, names: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(names)
      .filter(([key]) => key in change)
      .map(([key, column]) => [column, (change as Record<string, unknown>)[key] ?? null]),
  );
}

type NewDraft = {
  ownerId: string;
  accession?: string;
  version: number;
  minor?: number;
  metadata: DraftRow['metadata'];
  pairs: DraftRow['pairs'];
  datasetTitles: Record<string, string>;
};

/** Reserves an accession if none is named and opens the draft; gives back the one that is open. */
export async function createDraft(db: Database, draft: NewDraft): Promise<{ draft: DraftRow; created: boolean }> {
  return await db.transaction().execute(async (tx) => {
    let accession = draft.accession;
    if (accession === undefined) {
      const next = await sql<{ number: number }>`select nextval('accession_number') as number`.execute(tx);
      accession = `MIC-${String(next.rows[0]!.number).padStart(6, '0')}`;
      await tx.insertInto('study').values({ accession, owner_id: draft.ownerId }).execute();
    }
    // Locks the study, so that two who open its draft at once get one.
    await tx.selectFrom('study').select('accession').where('accession', '=', accession).forUpdate().execute();
    const open = await tx
      .selectFrom('draft')
      .selectAll()
      .where('accession', '=', accession)
      .where('state', 'in', ['editing', 'publishing'])
      .executeTakeFirst();
    if (open) return { draft: toDraft(open), created: false };
    const row = await tx
      .insertInto('draft')
      .values({
        id: newDraftId(),
        accession,
        version: draft.version,
        minor: draft.minor ?? null,
        owner_id: draft.ownerId,
        metadata: JSON.stringify(draft.metadata),
        pairs: JSON.stringify(draft.pairs),
        dataset_titles: JSON.stringify(draft.datasetTitles),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    // The files of such a draft stay as they are.
    if (draft.minor !== undefined) await tx.insertInto('draft_revision').values({ draft_id: row.id }).execute();
    const { version, minor } = draft;
    await noteEvent(tx, 'draft.open', accession, { version, ...(minor === undefined ? {} : { minor }) });
    return { draft: toDraft(row), created: true };
  });
}

export async function getDraft(db: Database, id: string): Promise<DraftRow | undefined> {
  const row = await db.selectFrom('draft').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toDraft(row);
}

/** Open drafts of somebody, with those that are shared with them, newest first. */
export async function listDrafts(
  db: Database,
  ownerId: string,
  page: { after?: string; limit: number },
): Promise<DraftRow[]> {
  const rows = await db
    .selectFrom('draft')
    .selectAll()
    .where(
      sql<boolean>`(owner_id = ${ownerId} or accession in (select accession from study_share where user_id = ${ownerId}
        or team_id in (select team_id from team_member where user_id = ${ownerId})))`,
    )
    .where('state', 'in', ['editing', 'publishing'])
    .$if(page.after !== undefined, (query) => query.where('id', '<', page.after!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(toDraft);
}

export async function saveDraft(
  db: Database,
  id: string,
  revision: number,
  change: Partial<Pick<DraftRow, 'metadata' | 'pairs' | 'datasetTitles' | 'note'>>,
): Promise<DraftRow> {
  const row = await db.transaction().execute(async (tx) => {
    // Locked first: a step of the review that is taken at the same moment is over, or waits.
    const now = await tx.selectFrom('draft').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    const isInPlace = now !== undefined && (await demandUnfrozen(tx, id));
    const saved = await tx
      .updateTable('draft')
      .set({
        revision: sql<number>`revision + 1`,
        updated_at: sql<Date>`now()`,
        ...(change.metadata === undefined ? {} : { metadata: JSON.stringify(change.metadata) }),
        // Which tracks belong to which images is not a curator's to say.
        ...(change.pairs === undefined || isInPlace ? {} : { pairs: JSON.stringify(change.pairs) }),
        ...(change.datasetTitles === undefined ? {} : { dataset_titles: JSON.stringify(change.datasetTitles) }),
        ...(change.note === undefined ? {} : { note: change.note }),
      })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .where('state', '=', 'editing')
      .returningAll()
      .executeTakeFirst();
    if (saved && now) {
      if (isInPlace) await noteEdits(tx, id, toDraft(now), toDraft(saved));
      await noteEvent(tx, isInPlace ? 'review.edit' : 'draft.edit', saved.accession, {
        revision: saved.revision,
        parts: Object.keys(change).filter((part) => change[part as keyof typeof change] !== undefined),
      });
    }
    return saved;
  });
  if (!row) throw new RevisionConflict(`Draft ${id} is not at revision ${revision} and open for editing`);
  return toDraft(row);
}

/**
 * Goes on unless the draft is with curators.
 * @returns is who acts the curator who may write in it all the same?
 * @throws DraftNotEditable
 */
async function demandUnfrozen(tx: Database, id: string): Promise<boolean> {
  const review = await tx.selectFrom('draft_review').select('state').where('draft_id', '=', id).executeTakeFirst();
  if (!review || !isFrozen(review.state)) return false;
  if (await writesInPlace(tx, id)) return true;
  throw new DraftNotEditable(id, review.state);
}

/** While curators look at it, a draft is neither published nor discarded, whoever asked a moment before; approved, it is opened again first. */
async function isWithCurators(tx: Database, id: string, to: DraftRow['state']): Promise<boolean> {
  await tx.selectFrom('draft').select('id').where('id', '=', id).forUpdate().execute();
  const review = await tx.selectFrom('draft_review').select('state').where('draft_id', '=', id).executeTakeFirst();
  if (to === 'discarded') return review !== undefined && isFrozen(review.state);
  return review?.state === 'submitted' || review?.state === 'in_review';
}

export async function moveDraft(
  db: Database,
  id: string,
  from: DraftRow['state'],
  to: DraftRow['state'],
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if (from === 'editing' && (await isWithCurators(tx, id, to))) return false;
    const moved = await tx
      .updateTable('draft')
      .set({ state: to, updated_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('state', '=', from)
      .returning(['accession', 'version'])
      .executeTakeFirst();
    if (moved) await noteEvent(tx, `draft.${to}`, moved.accession, { version: moved.version, from });
    return moved !== undefined;
  });
}

export async function draftsBeingPublished(db: Database): Promise<DraftRow[]> {
  return (await db.selectFrom('draft').selectAll().where('state', '=', 'publishing').orderBy('id').execute()).map(
    toDraft,
  );
}

/** Announces or replaces files; a path that is there takes the new values. */
export async function putFiles(
  db: Database,
  draftId: string,
  files: readonly Omit<DraftFileRow, 'draftId'>[],
): Promise<void> {
  // A statement may not touch one row twice: of two entries for a path the last counts.
  const rows = [...new Map(files.map((file) => [file.path, { draft_id: draftId, ...fileColumns(file) }])).values()];
  // In the order of paths, as whoever changes many rows at once does it: two never wait for each other.
  rows.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += 1000) {
      await tx
        .insertInto('draft_file')
        .values(rows.slice(start, start + 1000))
        .onConflict((conflict) =>
          conflict.columns(['draft_id', 'path']).doUpdateSet((row) => ({
            size: row.ref('excluded.size'),
            stated_sha256: row.ref('excluded.stated_sha256'),
            sha256: row.ref('excluded.sha256'),
            others: row.ref('excluded.others'),
            state: row.ref('excluded.state'),
            received: row.ref('excluded.received'),
            media_type: row.ref('excluded.media_type'),
            folded: row.ref('excluded.folded'),
          })),
        )
        .execute();
    }
    if (rows.length > 0) await noteFiles(tx, 'files.expect', draftId, rows.length);
  });
}

export async function updateFile(
  db: Database,
  draftId: string,
  path: string,
  change: Partial<Omit<DraftFileRow, 'draftId' | 'path'>>,
): Promise<void> {
  const columns = pick(change, {
    size: 'size',
    statedSha256: 'stated_sha256',
    sha256: 'sha256',
    others: 'others',
    state: 'state',
    received: 'received',
    mediaType: 'media_type',
  });
  if (Object.keys(columns).length === 0) return;
  await db.updateTable('draft_file').set(columns).where('draft_id', '=', draftId).where('path', '=', path).execute();
}

export async function getFile(db: Database, draftId: string, path: string): Promise<DraftFileRow | undefined> {
  const row = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where('path', '=', path)
    .executeTakeFirst();
  return row && toFile(row);
}

export async function getFiles(db: Database, draftId: string, paths: readonly string[]): Promise<DraftFileRow[]> {
  const rows = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where(sql<boolean>`path = any(${[...paths]}::text[])`)
    .execute();
  return rows.map(toFile);
}

export async function pathsAround(db: Database, draftId: string, places: readonly string[]): Promise<string[]> {
  // Paths that a process of the version before has announced stand there without their folded form; all of those are given.
  const { rows } = await sql<{
    path: string;
  }>`select path from draft_file where draft_id = ${draftId} and folded is null
    union
    select near.path from unnest(${[...places]}::text[]) as place (folded) cross join lateral (
      select path from draft_file where draft_id = ${draftId} and draft_file.folded = place.folded
      union all
      (select path from draft_file where draft_id = ${draftId} and draft_file.folded > (place.folded || '/') collate "C"
        and draft_file.folded < (place.folded || '0') collate "C" order by draft_file.folded limit 1)) as near`.execute(
    db,
  );
  return rows.map(({ path }) => path);
}

/** One statement for all; the rows are locked in the order of their paths, so that two of these never wait for each other. */
export async function noteFindings(db: Database, draftId: string, findings: readonly FileFinding[]): Promise<string[]> {
  if (findings.length === 0) return [];
  const files = findings.map(({ file }) => file);
  const changes = findings.map(({ change }) => change);
  const { rows } = await sql<{ path: string }>`with found as (
      select * from unnest(${files.map(({ path }) => path)}::text[], ${files.map(({ size }) => size)}::bigint[],
        ${files.map(({ statedSha256 }) => statedSha256 ?? null)}::text[],
        ${files.map(({ others }) => (others === undefined ? null : JSON.stringify(others)))}::text[],
        ${changes.map(({ sha256 }) => sha256 ?? null)}::text[], ${changes.map(({ state }) => state ?? null)}::text[],
        ${changes.map(({ received }) => received ?? null)}::bigint[]) as t (path, size, stated, others, sha256, state, received)),
    locked as materialized (
      select found.* from draft_file as file join found on found.path = file.path
      where file.draft_id = ${draftId} and file.state <> 'verified' and file.size = found.size
        and exists (select 1 from draft where id = ${draftId} and state = 'editing')
        and file.stated_sha256 is not distinct from found.stated
        and file.others is not distinct from found.others::jsonb
      order by file.path for update of file)
    update draft_file as file set sha256 = coalesce(locked.sha256, file.sha256),
      state = coalesce(locked.state, file.state), received = coalesce(locked.received, file.received)
    from locked where file.draft_id = ${draftId} and file.path = locked.path
    returning file.path`.execute(db);
  return rows.map(({ path }) => path);
}

export async function listFiles(
  db: Database,
  draftId: string,
  page: { after?: string; limit: number },
): Promise<DraftFileRow[]> {
  const rows = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .$if(page.after !== undefined, (query) => query.where('path', '>', page.after!))
    .orderBy('path')
    .limit(page.limit)
    .execute();
  return rows.map(toFile);
}

export async function hasFilesOnTheirWay(db: Database, draftId: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select exists (select 1 from draft_file
    where draft_id = ${draftId} and state in ('expected', 'sending', 'sent')) as is`.execute(db);
  return rows[0]!.is;
}

/** Lines of changes that are added up each time; more are put into one. */
const mostChanges = 200;

export async function countFiles(db: Database, draftId: string) {
  const { rows } = await sql<{ count: number; bytes: number; verified: number; received: number; changes: number }>`
    select coalesce(sum(files), 0)::bigint as count, coalesce(sum(bytes), 0)::bigint as bytes,
      coalesce(sum(verified), 0)::bigint as verified, coalesce(sum(received), 0)::bigint as received, count(*) as changes
    from draft_file_count where draft_id = ${draftId}`.execute(db);
  const { count, bytes, verified, received, changes } = rows[0]!;
  if (changes > mostChanges) await foldChanges(db, draftId);
  return { count, bytes, verified, receivedBytes: received };
}

export async function countStoredFiles(db: Database, draftId: string, without: readonly string[] = []) {
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*)::bigint as count, coalesce(sum(size), 0)::bigint as bytes from draft_file
    where draft_id = ${draftId} and sha256 is not null and path <> all(${[...without]}::text[])`.execute(db);
  return rows[0]!;
}

/** Puts changes into one line, in one statement: whoever adds them up meanwhile sees them before or after. Those that another one is at stay. */
async function foldChanges(db: Database, draftId: string): Promise<void> {
  await sql`with gone as (
      delete from draft_file_count where ctid = any(array(
        select ctid from draft_file_count where draft_id = ${draftId} for update skip locked))
      returning *)
    insert into draft_file_count (draft_id, files, bytes, verified, received)
    select draft_id, sum(files), sum(bytes), sum(verified), sum(received) from gone group by draft_id`.execute(db);
}

export async function removeFiles(db: Database, draftId: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('draft_file')
      .where('draft_id', '=', draftId)
      // One parameter, however many there are: a statement takes 65,535.
      .where(sql<boolean>`path = any(${[...paths]}::text[])`)
      .returning('path')
      .execute();
    if (gone.length > 0) await noteFiles(tx, 'files.remove', draftId, gone.length);
  });
}

/** Notes that files of a draft came or went: how many, for names may tell of persons. */
async function noteFiles(tx: Database, action: string, draftId: string, count: number): Promise<void> {
  const draft = await tx.selectFrom('draft').select('accession').where('id', '=', draftId).executeTakeFirst();
  if (draft) await noteEvent(tx, action, draft.accession, { count });
}

/** Replaces the items; of rows whose id stays only the place among the others changes. */
export async function replaceItems(
  db: Database,
  draftId: string,
  items: readonly StudyItem[],
  stateOf: (item: StudyItem) => DraftItemRow['state'] = () => 'waiting',
): Promise<void> {
  const rowOf = (item: StudyItem, position: number) => {
    const state = stateOf(item);
    const progress = state === 'waiting' ? 0 : 1;
    return { draft_id: draftId, item_id: item.id, position, item: JSON.stringify(item), state, progress };
  };
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('draft').select('id').where('id', '=', draftId).forUpdate().execute();
    await tx
      .deleteFrom('draft_item')
      .where('draft_id', '=', draftId)
      // One parameter, however many there are: a statement takes 65,535.
      .where(sql<boolean>`item_id <> all(${items.map((item) => item.id)}::text[])`)
      .execute();
    for (let start = 0; start < items.length; start += 1000) {
      await tx
        .insertInto('draft_item')
        .values(items.slice(start, start + 1000).map((item, at) => rowOf(item, start + at)))
        .onConflict((conflict) =>
          // What was read of it meanwhile stays.
          conflict.columns(['draft_id', 'item_id']).doUpdateSet((row) => ({ position: row.ref('excluded.position') })),
        )
        .execute();
    }
  });
}

/** Rows read at once. */
const itemsAtOnce = 2000;
/** Shared by all items that have none: a hundred thousand empty lists are megabytes. */
const nothing: never[] = Object.freeze([]) as never;

/** Is more to be said of an item than that its format is not known? */
const isTelling = sql<boolean>`(item ->> 'kind' <> 'unknown' or item ? 'privacy'
  or jsonb_path_exists(item, '$.issues[*] ? (@.code != "not-recognised")'))`;

/** The same item in less memory: words that many items have, and lists that are empty, are there once. */
function shared(row: DraftItemRow, draftId: string, words: Map<string, string>): DraftItemRow {
  const once = <Word extends string>(word: Word): Word => {
    const known = words.get(word);
    if (known === undefined) words.set(word, word);
    return (known ?? word) as Word;
  };
  const { item } = row;
  item.format = once(item.format);
  item.kind = once(item.kind);
  if (item.files.length === 1 && item.files[0] === item.path) item.files = [item.path];
  for (const issue of item.issues) {
    issue.message = once(issue.message);
    if (issue.hint !== undefined) issue.hint = once(issue.hint);
    if (issue.where.file === item.path) issue.where = { ...issue.where, file: item.path };
  }
  for (const name of ['trackSets', 'images', 'issues', 'conversions'] as const)
    if (item[name].length === 0) item[name] = nothing;
  return { ...row, draftId, state: once(row.state), ...(row.message === '' ? { message: '' } : {}) };
}

/** All items as one moment has them, read a piece at a time: of very many, the answers of the database would take more memory than the items. */
export async function listItems(db: Database, draftId: string, onlyTelling = false): Promise<DraftItemRow[]> {
  const found: { place: number; row: DraftItemRow }[] = [];
  const words = new Map<string, string>();
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      for (let after: string | undefined; ; ) {
        const rows = await tx
          .selectFrom('draft_item')
          .selectAll()
          .where('draft_id', '=', draftId)
          .$if(after !== undefined, (query) => query.where('item_id', '>', after!))
          .$if(onlyTelling, (query) => query.where(isTelling))
          .orderBy('item_id')
          .limit(itemsAtOnce)
          .execute();
        for (const row of rows) found.push({ place: row.position, row: shared(toItem(row), draftId, words) });
        if (rows.length < itemsAtOnce) return;
        after = rows.at(-1)!.item_id;
      }
    });
  // Sorting is stable: items of one place stay by their ids.
  return found.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

export async function countItems(db: Database, draftId: string): Promise<ItemCounts> {
  const { rows } = await sql<ItemCounts>`select count(*)::bigint as count,
      coalesce(sum(jsonb_array_length(item -> 'files')), 0)::bigint as files,
      count(*) filter (where state in ('waiting', 'running'))::bigint as unread,
      coalesce(sum(case when state in ('waiting', 'running') then progress else 1 end), 0)::double precision as read,
      count(*) filter (where state = 'failed')::bigint as failed,
      count(*) filter (where item ->> 'kind' not in ('unknown', 'metadata'))::bigint as known
    from draft_item where draft_id = ${draftId}`.execute(db);
  return rows[0]!;
}

export async function itemsPage(
  db: Database,
  draftId: string,
  { after, from = 0, limit }: { after?: string; from?: number; limit: number },
): Promise<PlacedItem[]> {
  const [, position, item] = /^(\d{1,9}) (.*)$/s.exec(after ?? '') ?? [];
  const rows = await db
    .selectFrom('draft_item')
    .selectAll()
    .where('draft_id', '=', draftId)
    .$if(item !== undefined, (query) =>
      query.where(sql<boolean>`(position, item_id) > (${position}::integer, ${item})`),
    )
    .orderBy('position')
    .orderBy('item_id')
    .$if(from > 0, (query) => query.offset(from))
    .limit(limit)
    .execute();
  return rows.map((row) => ({ row: toItem(row), place: placeOfItem(row.position, row.item_id) }));
}

/** Where a list of items goes on after one. */
const placeOfItem = (position: number, itemId: string) => `${position} ${itemId}`;

export async function hasUnreadItems(db: Database, draftId: string): Promise<boolean> {
  const row = await db
    .selectFrom('draft_item')
    .select('item_id')
    .where('draft_id', '=', draftId)
    .where('state', 'in', ['waiting', 'running'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function getItem(db: Database, draftId: string, itemId: string): Promise<DraftItemRow | undefined> {
  const row = await db
    .selectFrom('draft_item')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where('item_id', '=', itemId)
    .executeTakeFirst();
  return row && toItem(row);
}

export async function getItems(db: Database, draftId: string, itemIds: readonly string[]): Promise<DraftItemRow[]> {
  const rows = await db
    .selectFrom('draft_item')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where(sql<boolean>`item_id = any(${[...itemIds]}::text[])`)
    .execute();
  return rows.map(toItem);
}

/** One statement for all; the rows are locked in the order of their ids. */
export async function noteReadings(db: Database, draftId: string, readings: readonly ItemReading[]): Promise<void> {
  if (readings.length === 0) return;
  const mappings = readings.map(({ mapping }) => (mapping === undefined ? null : JSON.stringify(mapping)));
  await sql`with reading as (
      select * from unnest(${readings.map(({ item }) => item.id)}::text[],
        ${readings.map(({ item }) => JSON.stringify(item))}::text[], ${readings.map(({ state }) => state)}::text[],
        ${mappings}::text[]) as t (item_id, item, state, mapping)),
    locked as materialized (
      select reading.* from draft_item as row join reading on reading.item_id = row.item_id
      where row.draft_id = ${draftId} and row.mapping is not distinct from reading.mapping::jsonb
      order by row.item_id for update of row)
    update draft_item as row set item = locked.item::jsonb, state = locked.state, progress = 1, message = ''
    from locked where row.draft_id = ${draftId} and row.item_id = locked.item_id`.execute(db);
}

export async function updateItem(
  db: Database,
  draftId: string,
  itemId: string,
  change: Partial<Omit<DraftItemRow, 'draftId'>>,
): Promise<void> {
  const columns = pick(change, { state: 'state', progress: 'progress', message: 'message' });
  if (change.item !== undefined) columns['item'] = JSON.stringify(change.item);
  if ('mapping' in change) columns['mapping'] = change.mapping === undefined ? null : JSON.stringify(change.mapping);
  if (Object.keys(columns).length === 0) return;
  await db
    .updateTable('draft_item')
    .set(columns)
    .where('draft_id', '=', draftId)
    .where('item_id', '=', itemId)
    .execute();
}
