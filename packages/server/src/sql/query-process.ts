import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AskedQuery, GivenData, QueryAnswer, QueryFault, QueryLimits } from './query-messages.ts';
import { judgeStatement, withoutSettings } from './statement.ts';
import { quotedText } from './sql-text.ts';
import type { writeResult } from './write-result.ts';

/**
 * The process that runs one statement and ends: what it breaks, it breaks here. It first opens what the server names, then closes every
 * way out of itself (files, network, settings), and only then runs what somebody wrote.
 */

const say = (answer: QueryAnswer): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(answer, () => resolve());
    else resolve();
  });

const fault = (kind: QueryFault, message: string) => say({ kind: 'fault', fault: kind, message });

/** The machine in need ends this process before any other. */
function offerItself(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Only Linux has it.
  }
}

type Engine = typeof import('@duckdb/node-api') & { writeResult: typeof writeResult };

/** What needs DuckDB, which has no program for some machines. */
const loading: Promise<Engine | Error> = Promise.all([import('@duckdb/node-api'), import('./write-result.ts')])
  .then(([duckdb, { writeResult }]) => ({ ...duckdb, writeResult }))
  .catch((error: unknown) => error as Error);

async function connect({ megabytes, threads }: QueryLimits): Promise<DuckDBConnection | undefined> {
  const duckdb = await loading;
  if (duckdb instanceof Error) return undefined;
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${megabytes}MB`,
    // Nothing is laid off to disk: what does not fit is refused.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const made = await instance.connect();
  // The parser and what writes JSON are set up by the first statement: that is done before anybody waits for it.
  await made.run(serialized, ['SELECT 1']);
  const found = await made.runAndReadAll(ownNames);
  own = new Set(found.getRows().map(([name]) => String(name)));
  return made;
}

/** Tables and views that the engine brings, by their names: nobody may call an expression of theirs so. */
let own: ReadonlySet<string> = new Set();
const ownNames =
  'SELECT lower(view_name) FROM duckdb_views() WHERE internal UNION SELECT lower(table_name) FROM duckdb_tables() WHERE internal';

const serialized = 'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)';

async function judge(connection: DuckDBConnection, text: string): Promise<void> {
  const parsed = await connection.runAndReadAll(serialized, [text]);
  const judged = judgeStatement(String(parsed.getRows()[0]![0]), own);
  await ('refused' in judged ? fault('refused', judged.refused) : say({ kind: 'needs', ...judged }));
}

/** Opens what is given, and closes the rest for good. */
async function open(connection: DuckDBConnection, { paths, views, rows, file }: GivenData): Promise<void> {
  for (const { create, fill, json } of rows) {
    await connection.run(create);
    await connection.run(fill, [json]);
  }
  const open = file === undefined ? paths : [...paths, file];
  await connection.run(`SET allowed_paths = [${open.map(quotedText).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  for (const view of views) await connection.run(view);
}

/** What DuckDB says of a statement, without the places of our files. */
function wordsOf(error: unknown): string {
  return withoutSettings(
    String((error as Error).message ?? error)
      .replaceAll(
        /"?\/[^\s"']*\/(\w+)\/accession=([^/]+)\/version=(\d+)\/dataset=([^/]+)\/part-\d+\.parquet"?/g,
        '$1 of $4',
      )
      .replaceAll(/"?\/[^\s"']*\/derived\/[^\s"']*"?/g, 'a table')
      // Its advice is to set what nobody may set here.
      .replace(/^(Out of Memory Error: [^\n]*)\n[\s\S]*/, '$1. Ask for fewer data sets or columns, or aggregate.'),
  );
}

function kindOf(words: string): QueryFault {
  return /^Out of Memory Error|out of memory|Cannot create a string longer|Array buffer allocation failed|Maximum call stack/i.test(
    words,
  )
    ? 'over-limit'
    : 'failed';
}

/** Made before the first statement comes: a process that waits has its engine open. */
const connecting = connect(JSON.parse(process.argv[2] ?? '') as QueryLimits);
connecting.catch(() => {});

let connection: DuckDBConnection | undefined;
let statement = '';

/** A statement that is refused leaves nothing behind: the next may be judged by the same process. One that was run ends it. */
async function take(message: AskedQuery | GivenData): Promise<void> {
  try {
    if (message.kind === 'ask') {
      connection = await connecting;
      if (!connection) {
        await fault(
          'unavailable',
          `DuckDB has no program for this machine (${process.platform} ${process.arch}), so that SQL is not run here.`,
        );
        return end();
      }
      statement = message.statement;
      await judge(connection, statement);
      return;
    }
    await open(connection!, message);
    const began = performance.now();
    const result = await ((await loading) as Engine).writeResult(connection!, statement, message);
    await say({ kind: 'done', ...result, milliseconds: performance.now() - began });
  } catch (error) {
    const words = wordsOf(error);
    await fault((error as Error).name === 'ResultTooLarge' ? 'over-limit' : kindOf(words), words);
  }
  end();
}

/** What runs still is of no use any more. */
const end = (): void => process.exit(0);

offerItself();
process.on('message', (message: AskedQuery | GivenData) => void take(message));
process.on('disconnect', end);
// Signals are the server's to answer.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
const ready = () => say({ kind: 'ready' });
void connecting.then(ready, ready);
