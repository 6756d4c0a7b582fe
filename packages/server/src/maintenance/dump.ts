import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { sql, type Kysely } from 'kysely';
import pg from 'pg';
import { type Database, migrate } from '../database/connect.ts';
import { removeIfThere, syncFile, syncFolder } from '../storage/durable-files.ts';

/** The file is no dump of ours, or is cut off. */
export class DumpUnreadable extends Error {
  override readonly name = 'DumpUnreadable';
}

/** First line of a dump. */
interface DumpHead {
  format: 'micrarium-database';
  version: 1;
  madeAt: string;
  /** Name of the newest migration of the tables. */
  migration: string;
}

/** Notes of what changed a moment ago, for servers that run, words of studies apart, counts of files: loading the rows makes them anew, by triggers. */
const madeByLoading = ['search_change', 'study_words', 'draft_file_count'] as const;
/** Not to be kept by anybody: with the salt of the day somebody could be told among the visitors. */
const neverKept = ['usage_salt'] as const;
/** Rows in one request. */
const batch = 500;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Our tables; those that refer to others come after them. */
async function tablesInOrder(run: (text: string) => Promise<Record<string, string>[]>): Promise<string[]> {
  const tables = (
    await run(`select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely_%'
      and tablename not like '%\\_new' and tablename not in (${[...madeByLoading, ...neverKept].map((name) => `'${name}'`).join(', ')})`)
  ).map((row) => row['name']!);
  const links =
    await run(`select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid`);
  const ordered: string[] = [];
  const visit = (table: string) => {
    if (ordered.includes(table)) return;
    for (const link of links) if (link['from'] === table) visit(link['to']!);
    ordered.push(table);
  };
  for (const table of tables.sort()) visit(table);
  return ordered;
}

/** A new packed file of lines; what the disk refuses (no permission, no room) is thrown by the line that is written then, or at the end. */
function packedLines(file: string) {
  const packed = createGzip({ level: 6 });
  const out = createWriteStream(file, { mode: 0o600, flags: 'wx' });
  let isOurs = false;
  out.once('open', () => (isOurs = true));
  const closed = new Promise<void>((settle) => out.once('close', settle));
  const written = pipeline(packed, out);
  // It may fail while rows are awaited from the database; whoever writes next is told.
  written.catch(() => {});
  return {
    async write(line: string): Promise<void> {
      if (!packed.write(`${line}\n`)) await Promise.race([once(packed, 'drain'), written]);
    },
    async end(): Promise<void> {
      packed.end();
      await written;
      await syncFile(file);
      await syncFolder(dirname(file));
    },
    /** Half a dump must not stand among those that are kept; a file that was there before stays. */
    async drop(): Promise<void> {
      packed.destroy();
      out.destroy();
      await closed;
      if (isOurs) await removeIfThere(file).catch(() => {});
    },
  };
}

/**
 * Writes every row of our tables as one moment had them, one JSON object a line, packed by gzip: no version of PostgreSQL is needed to read it.
 * Jobs that wait are not in it; they are made again from the drafts.
 * @param afterSnapshot called when the moment is fixed; what is copied from then on is at least as new
 */
export async function dumpDatabase(
  databaseUrl: string,
  file: string,
  afterSnapshot: () => Promise<void> = async () => {},
): Promise<{ rows: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  let dump: ReturnType<typeof packedLines> | undefined;
  const run = async (text: string) => (await client.query<Record<string, string>>(text)).rows;
  try {
    const replaced = await run(`select tablename as name from pg_tables where schemaname = 'public'
      and tablename in ('vocabulary_term', 'vocabulary_name')`);
    await run('begin isolation level repeatable read read only');
    // A large vocabulary comes with new tables, which an older moment sees empty: they wait until this is done.
    for (const { name } of replaced) await run(`lock table ${quoted(name!)} in access share mode`);
    const [migration] = await run('select name from kysely_migration order by name desc limit 1');
    dump = packedLines(file);
    const { write } = dump;
    const head: DumpHead = {
      format: 'micrarium-database',
      version: 1,
      madeAt: new Date().toISOString(),
      migration: migration?.['name'] ?? '',
    };
    await write(JSON.stringify(head));
    await afterSnapshot();
    let rows = 0;
    for (const table of await tablesInOrder(run)) {
      await write(JSON.stringify({ table }));
      await run(`declare rows no scroll cursor for select row_to_json(t)::text as row from ${quoted(table)} as t`);
      for (;;) {
        const piece = await run(`fetch ${batch} from rows`);
        for (const { row } of piece) await write(row!);
        rows += piece.length;
        if (piece.length < batch) break;
      }
      await run('close rows');
    }
    for (const sequence of await run(`select sequencename as name, last_value::text as value from pg_sequences
      where schemaname = 'public' and last_value is not null and sequencename <> 'search_change_id_seq'`))
      await write(JSON.stringify({ sequence: sequence['name'], value: sequence['value'] }));
    await write(JSON.stringify({ end: true, rows }));
    await dump.end();
    await run('commit');
    return { rows };
  } catch (fault) {
    await dump?.drop();
    throw fault;
  } finally {
    await client.end();
  }
}

/**
 * Loads a dump into a database without tables of ours, in one transaction, and brings the tables up to date.
 * @throws DumpUnreadable; nothing is in the database then
 */
export async function loadDump(db: Database, file: string): Promise<{ rows: number; madeAt: string }> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  const first = await lines.next();
  const head = parse<DumpHead>(first.value ?? '');
  if (head.format !== 'micrarium-database' || head.version !== 1)
    throw new DumpUnreadable('This is no dump of a Micrarium database');
  await migrate(db, head.migration);
  const rows = await db.transaction().execute(async (tx) => await loadRows(tx, lines));
  await migrate(db);
  await sql`analyze`.execute(db);
  return { rows, madeAt: head.madeAt };
}

function parse<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new DumpUnreadable('A line of the dump is not JSON', { cause });
  }
}

async function loadRows<Tables>(tx: Kysely<Tables>, lines: AsyncIterator<string>): Promise<number> {
  let table: string | undefined;
  let waiting: string[] = [];
  let rows = 0;
  const flush = async () => {
    if (table === undefined || waiting.length === 0) return;
    const name = sql.raw(quoted(table));
    await sql`insert into ${name} overriding system value
      select * from json_populate_recordset(null::${name}, ${`[${waiting.join(',')}]`}::json)`.execute(tx);
    rows += waiting.length;
    waiting = [];
  };
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    // Lines of ours begin with these words; rows begin with the name of a first column, which none of the tables calls so.
    if (/^\{"(table|sequence|end)":/.test(next.value)) {
      await flush();
      const mark = parse<{ table?: string; sequence?: string; value?: string; end?: boolean; rows?: number }>(
        next.value,
      );
      table = mark.table;
      if (mark.sequence !== undefined)
        await sql`select setval(${quoted(mark.sequence)}::regclass, ${mark.value}::bigint)`.execute(tx);
      if (mark.end) {
        if (mark.rows !== rows) throw new DumpUnreadable(`The dump names ${mark.rows} rows and holds ${rows}`);
        return rows;
      }
    } else {
      waiting.push(next.value);
      if (waiting.length >= batch) await flush();
    }
  }
  throw new DumpUnreadable('The dump is cut off');
}
