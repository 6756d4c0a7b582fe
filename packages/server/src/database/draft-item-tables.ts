import type { StudyItem } from '@micrarium/model';
import type { DraftItemRow, ItemCounts, ItemReading, PlacedItem } from '@micrarium/repository';
import { sql, type Selectable } from 'kysely';
import { changedColumns } from './changed-columns.ts';
import type { Database } from './connect.ts';
import type { Tables } from './tables.ts';

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
  const columns = changedColumns(change, { state: 'state', progress: 'progress', message: 'message' });
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
