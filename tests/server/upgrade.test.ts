import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, migrate, migrationNames } from '../../packages/server/src/database/connect.ts';
import { makeDatabase } from './make-database.ts';

/**
 * Processes are replaced one after the other: one of the version before goes on writing and reading after a new one has brought the tables up
 * to date. Here every migration is one step, and what PostgreSQL itself says of the tables before and after it is compared: whatever the
 * older program could say to them must still be right. Two programs beside each other: `npm run durability -- --scale --former FOLDER`.
 */
interface Tables {
  /** By table and column: type, may it be left out, may it be null. */
  columns: Map<string, { type: string; canBeLeftOut: boolean; canBeNull: boolean }>;
  /** What refuses rows, by its name: of which table, and the columns it looks at. */
  rules: Map<string, { table: string; columns: readonly string[]; text: string }>;
}

/** Of the first version that anybody may run beside a later one; what came before it is brought in at once. */
const first = '0137-study-words';

let place: Awaited<ReturnType<typeof makeDatabase>>;
beforeAll(async () => {
  place = await makeDatabase('empty');
});
afterAll(() => place.drop());

async function tablesOf(db: Database): Promise<Tables> {
  const columns = await sql<{ at: string; type: string; left: boolean; nullable: boolean }>`
    select c.relname || '.' || a.attname as at, format_type(a.atttypid, a.atttypmod) as type,
      (not a.attnotnull or a.atthasdef or a.attidentity <> '') as left, not a.attnotnull as nullable
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
      and c.relname not like 'kysely%'`.execute(db);
  const rules = await sql<{ name: string; table: string; columns: string[]; text: string }>`
    select t.conrelid::regclass::text || ' ' || t.conname as name, t.conrelid::regclass::text as table,
      coalesce((select array_agg(a.attname::text) from pg_attribute a where a.attrelid = t.conrelid and a.attnum = any(t.conkey)), '{}') as columns,
      pg_get_constraintdef(t.oid) as text
    from pg_constraint t where t.connamespace = 'public'::regnamespace and t.conrelid <> 0 and t.contype <> 'n'
    union all
    select i.indrelid::regclass::text || ' ' || i.indexrelid::regclass::text, i.indrelid::regclass::text,
      coalesce((select array_agg(a.attname::text) from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)), '{}'),
      pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indisunique and c.relnamespace = 'public'::regnamespace
      and not exists (select 1 from pg_constraint t where t.conindid = i.indexrelid)
    union all
    select t.tgrelid::regclass::text || ' ' || t.tgname, t.tgrelid::regclass::text, '{}', pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
      -- Those that only count refuse nothing.
      and t.tgname not like 'draft_file_counted_%'`.execute(db);
  return {
    columns: new Map(
      columns.rows.map(({ at, type, left, nullable }) => [at, { type, canBeLeftOut: left, canBeNull: nullable }]),
    ),
    rules: new Map(rules.rows.map(({ name, table, columns, text }) => [name, { table, columns, text }])),
  };
}

/** The words that a rule of the kind `column in (…)` lets through. */
const wordsOf = (text: string) =>
  [...(/^CHECK \(\(\w+ = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(text)?.[1] ?? '').matchAll(/'([^']*)'/g)].map(
    ([, word]) => word!,
  );

/** May a column hold whatever it could, and more? */
function isWidened(former: string | undefined, now: string): boolean {
  const allowed = new Set(wordsOf(now));
  const words = wordsOf(former ?? '');
  return words.length > 0 && words.every((word) => allowed.has(word));
}

const tableOf = (column: string) => column.slice(0, column.indexOf('.'));

/** What an older program would stumble over after a step. */
function breakingOf(before: Tables, after: Tables): string[] {
  const found: string[] = [];
  const known = new Set([...before.columns.keys()].map(tableOf));
  for (const [at, { type, canBeNull, canBeLeftOut }] of before.columns) {
    const now = after.columns.get(at);
    if (!now) found.push(`${at} is gone`);
    else if (now.type !== type) found.push(`${at} is ${now.type} instead of ${type}`);
    else if (canBeNull && !now.canBeNull) found.push(`${at} can no longer be null`);
    else if (canBeLeftOut && !now.canBeLeftOut) found.push(`${at} can no longer be left out`);
  }
  for (const [at, { canBeLeftOut }] of after.columns)
    if (known.has(tableOf(at)) && !before.columns.has(at) && !canBeLeftOut)
      found.push(`${at} is new and cannot be left out`);
  for (const [name, { table, columns, text }] of after.rules) {
    const former = before.rules.get(name);
    if (!known.has(table) || former?.text === text || isWidened(former?.text, text)) continue;
    const isOfNewColumns = columns.some((column) => !before.columns.has(`${table}.${column}`));
    if (former || !isOfNewColumns) found.push(`${name}: ${text}`);
  }
  return found;
}

test('after each migration the tables take and give what the program before it says to them', async () => {
  const { db } = place;
  await migrate(db, first);
  let before = await tablesOf(db);
  expect(before.columns.size).toBeGreaterThan(300);
  const found: Record<string, string[]> = {};
  for (const name of migrationNames.filter((one) => one > first)) {
    await migrate(db, name);
    const after = await tablesOf(db);
    const breaking = breakingOf(before, after);
    if (breaking.length > 0) found[name] = breaking;
    before = after;
  }
  expect(found).toEqual({});
});

test('what an older program would stumble over is seen', async () => {
  const { db } = place;
  const before = await tablesOf(db);
  const steps = [
    'alter table study_state add column trial text not null',
    "alter table study_state add constraint trial check (reason <> '')",
    'create unique index trial on study_state (reason)',
    'alter table study_state alter column reason type varchar(20)',
    'alter table study_state drop column reason',
  ];
  for (const step of steps) {
    const found: string[] = [];
    const tried = db.transaction().execute(async (transaction) => {
      await sql.raw(step).execute(transaction);
      found.push(...breakingOf(before, await tablesOf(transaction)));
      throw new Error('taken back');
    });
    await expect(tried).rejects.toThrow('taken back');
    expect(found.join(), step).toMatch(/study_state/);
  }
});
