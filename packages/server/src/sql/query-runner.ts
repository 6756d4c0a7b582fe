import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AskedQuery, GivenData, QueryAnswer, QueryFault, QueryLimits, ResultFormat } from './query-messages.ts';
import type { StatementNeeds, ViewName } from './statement.ts';

/** What a query reads, made for what its statement needs. */
export type PreparedData = Pick<GivenData, 'paths' | 'views' | 'rows'>;

/** A query that was run. The file of its result, where it is one, is the caller's to drop. */
export type RanQuery = Extract<QueryAnswer, { kind: 'done' }> & { file?: string; drop(): Promise<void> };

/** A statement that gave no result; `busy`: too many are being run. */
export class QueryFailed extends Error {
  override readonly name = 'QueryFailed';
  readonly fault: QueryFault | 'busy';

  constructor(fault: QueryFault | 'busy', message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Queries that may wait for their turn. */
const mostWaiting = 20;
/** Processes made ready: one for the next query, one for who asks right after it. */
const mostSpares = 2;
/** Milliseconds for which processes wait for the next query. */
const idleFor = 120_000;
/** Milliseconds between two looks at the memory of a process. */
const lookEvery = 50;
/** Bytes of a result in a file, at most: a statement fills no disk. */
const mostFileBytes = 2_000_000_000;
/** Milliseconds after which a process that has not begun is given up. */
const longestStart = 60_000;

interface QueryProcess {
  child: ChildProcess;
  isReady: boolean;
  /** The next answer, or why the process ended. */
  next(): Promise<QueryAnswer | 'ended'>;
}

/** Runs statements, each in a process of its own that is ended with it, or when it takes too long or too much. */
export class QueryRunner {
  private readonly folder: string;
  private readonly limits: QueryLimits;
  private readonly atOnce: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly spares: QueryProcess[] = [];
  private idle: NodeJS.Timeout | undefined;
  private isClean = false;

  /** @param folder where results lie while they are sent */
  constructor(folder: string, limits: QueryLimits, atOnce = 2) {
    this.folder = folder;
    this.limits = limits;
    this.atOnce = atOnce;
  }

  /**
   * Runs a statement.
   * @param prepare makes what the statement reads
   * @throws QueryFailed
   */
  async run(
    statement: string,
    wanted: { format: ResultFormat; rowLimit: number; signal?: AbortSignal },
    prepare: (needs: StatementNeeds) => Promise<PreparedData>,
  ): Promise<RanQuery> {
    await this.turn(wanted.signal);
    const file = wanted.format === 'json' ? undefined : join(await this.cleanFolder(), randomUUID());
    const drop = async () => void (file && (await rm(file, { force: true })));
    try {
      const answer = await this.runNow(statement, wanted, file, prepare);
      return { ...answer, ...(file === undefined ? {} : { file }), drop };
    } catch (error) {
      await drop();
      throw error;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  /** Makes a process ready for a query that is likely to come, so that nobody waits for its start. */
  makeReady(): void {
    this.keepSpares(1);
  }

  /** Ends the processes that wait for the next query. */
  close(): void {
    clearTimeout(this.idle);
    for (const { child } of this.spares.splice(0)) child.kill('SIGKILL');
  }

  private async turn(signal?: AbortSignal): Promise<void> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= mostWaiting)
        throw new QueryFailed('busy', 'Too many queries are waiting. Try again in a moment.');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
    if (!signal?.aborted) return;
    this.running--;
    this.waiting.shift()?.();
    throw new QueryFailed('failed', 'Nobody waits for it any more.');
  }

  private async runNow(
    statement: string,
    { format, rowLimit, signal }: { format: ResultFormat; rowLimit: number; signal?: AbortSignal },
    file: string | undefined,
    prepare: (needs: StatementNeeds) => Promise<PreparedData>,
  ): Promise<Extract<QueryAnswer, { kind: 'done' }>> {
    const process = this.takeProcess();
    let isUnused = false;
    const watch = watched(process.child, this.limits, file, signal);
    try {
      if (!process.isReady && (await process.next()) !== 'ended') process.isReady = true;
      // Now it has begun: a busy machine takes its time to start a process, which is not the statement's.
      watch.begin();
      if (process.isReady) process.child.send({ kind: 'ask', statement } satisfies AskedQuery);
      let answer = await process.next();
      if (answer !== 'ended' && answer.kind === 'needs') {
        const data = await prepare({ views: answer.views as ViewName[], columns: answer.columns });
        if (process.child.connected)
          process.child.send({
            kind: 'run',
            ...data,
            format,
            rowLimit,
            ...(file === undefined ? {} : { file }),
          } satisfies GivenData);
        answer = await process.next();
      }
      if (answer === 'ended') throw watch.why();
      isUnused = answer.kind === 'fault' && answer.fault === 'refused';
      if (answer.kind === 'fault') throw new QueryFailed(answer.fault, answer.message);
      if (answer.kind !== 'done') throw new Error(`The query process answered "${answer.kind}" out of turn`);
      return answer;
    } finally {
      watch.stop();
      if (isUnused) this.keep(process);
      else process.child.kill('SIGKILL');
      this.keepSpares(mostSpares);
    }
  }

  private takeProcess(): QueryProcess {
    const spare = this.spares.shift();
    if (!spare) return startProcess(this.limits);
    spare.child.ref();
    spare.child.channel?.ref();
    return spare.child.connected ? spare : this.takeProcess();
  }

  /** Who asks once asks again: the next processes are made ready meanwhile. */
  private keepSpares(count: number): void {
    while (this.spares.length < count) this.keep(startProcess(this.limits));
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.close(), idleFor);
    this.idle.unref();
  }

  private keep(process: QueryProcess): void {
    process.child.unref();
    process.child.channel?.unref();
    this.spares.push(process);
  }

  private async cleanFolder(): Promise<string> {
    if (!this.isClean) {
      this.isClean = true;
      // Results that were being sent when the server was killed.
      await rm(this.folder, { recursive: true, force: true });
    }
    await mkdir(this.folder, { recursive: true });
    return this.folder;
  }
}

function startProcess(limits: QueryLimits): QueryProcess {
  const child = fork(fileURLToPath(new URL('./query-process.ts', import.meta.url)), [JSON.stringify(limits)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Nothing of the server's settings is there to be found.
    env: {},
    execArgv: ['--max-old-space-size=1024'],
    detached: true,
    serialization: 'advanced',
  });
  const answers: (QueryAnswer | 'ended')[] = [];
  let wake = () => {};
  const add = (answer: QueryAnswer | 'ended') => {
    answers.push(answer);
    wake();
  };
  child.on('message', (answer) => add(answer as QueryAnswer));
  child.on('error', () => add('ended'));
  child.once('exit', () => add('ended'));
  return {
    child,
    isReady: false,
    async next() {
      while (answers.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return answers[0] === 'ended' ? 'ended' : answers.shift()!;
    },
  };
}

/** Ends a process that takes too long or too much, and tells why it ended. */
function watched(
  child: ChildProcess,
  { seconds, megabytes }: QueryLimits,
  file: string | undefined,
  signal?: AbortSignal,
) {
  let reason = new QueryFailed('over-limit', 'The statement ended the process it ran in: ask for less at once.');
  const endWith = (words: string) => {
    reason = new QueryFailed('over-limit', words);
    child.kill('SIGKILL');
  };
  const tooLong = `The statement ran longer than ${seconds} seconds and was ended. Ask for fewer data sets or columns, or aggregate.`;
  let time = setTimeout(() => endWith('The process for the statement did not start.'), longestStart);
  // DuckDB counts its own buffers; what else a statement makes lies beside them.
  const most = megabytes * 1.5 + 400;
  let isLooking = false;
  const memory = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    const [used, written] = await Promise.all([residentMegabytes(child.pid), bytesOf(file)]);
    isLooking = false;
    if (written > mostFileBytes)
      endWith(`The result is larger than ${mostFileBytes / 1e9} GB. Ask for fewer columns or rows.`);
    else if (used > most)
      endWith(`The statement needed more than ${megabytes} MB of memory and was ended. Ask for less at once.`);
  }, lookEvery);
  const onAbort = () => endWith('Nobody waits for it any more.');
  signal?.addEventListener('abort', onAbort);
  return {
    why: () => reason,
    begin() {
      clearTimeout(time);
      time = setTimeout(() => endWith(tooLong), seconds * 1000);
    },
    stop() {
      clearTimeout(time);
      clearInterval(memory);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Bytes written so far; 0 before the first. */
async function bytesOf(file: string | undefined): Promise<number> {
  if (file === undefined) return 0;
  return await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Memory a process has now; 0 where the system does not say. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  try {
    const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
    return (Number(pages) * 4096) / 1e6;
  } catch {
    return 0;
  }
}
