import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AskedQuery, GivenData, QueryAnswer, QueryFault } from './query-messages.ts';
import { judgeStatement } from './statement.ts';
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

async function connect({ limits }: AskedQuery): Promise<DuckDBConnection | undefined> {
  const duckdb = await loading;
  if (duckdb instanceof Error) {
    await fault(
      'unavailable',
      `DuckDB has no program for this machine (${process.platform} ${process.arch}), so that SQL is not run here.`,
    );
    return undefined;
  }
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.megabytes}MB`,
    // Nothing is laid off to disk: what does not fit is refused.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  return await instance.connect();
}

async function judge(connection: DuckDBConnection, text: string): Promise<void> {
  const parsed = await connection.runAndReadAll(
    'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)',
    [text],
  );
  const judged = judgeStatement(String(parsed.getRows()[0]![0]));
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
  return String((error as Error).message ?? error)
    .replaceAll(
      /"?\/[^\s"']*\/(\w+)\/accession=([^/]+)\/version=(\d+)\/dataset=([^/]+)\/part-\d+\.parquet"?/g,
      '$1 of $4',
    )
    .replaceAll(/"?\/[^\s"']*\/derived\/[^\s"']*"?/g, 'a table');
}

function kindOf(words: string): QueryFault {
  return /^Out of Memory Error|out of memory|Cannot create a string longer|Array buffer allocation failed|Maximum call stack/i.test(
    words,
  )
    ? 'over-limit'
    : 'failed';
}

let connection: DuckDBConnection | undefined;
let statement = '';

/** A statement that is refused leaves nothing behind: the next may be judged by the same process. One that was run ends it. */
async function take(message: AskedQuery | GivenData): Promise<void> {
  try {
    if (message.kind === 'ask') {
      connection ??= await connect(message);
      if (!connection) return end();
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
    await fault(kindOf(words), words);
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
void loading.then(() => say({ kind: 'ready' }));
