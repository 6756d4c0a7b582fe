import type { MiddlewareHandler } from 'hono';
import { poolOf } from '../database/connect.ts';
import { DatabaseReach } from '../database/reach.ts';
import type { HttpContext, HttpEnvironment } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { awayPage } from './preparing.ts';
import { Problem, problemResponse } from './problems.ts';

/** Milliseconds until it is asked whether the database is what a request waits for: as a rule, and while it is known to be away. */
const [patience, patienceWhileAway] = [8_000, 1_000];

const reaches = new WeakMap<Services['db'], DatabaseReach>();

/** Whether the database of these services answers. */
export function reachOf({ db }: Pick<Services, 'db'>): DatabaseReach {
  const known = reaches.get(db) ?? new DatabaseReach(poolOf(db));
  reaches.set(db, known);
  return known;
}

/** What is said where the database is out of reach: a page to who looks at pages, a problem to everybody else. */
export function unreachableAnswer(c: HttpContext, cause?: unknown): Response {
  const { method, path } = c.req;
  const isPage = method === 'GET' && !path.startsWith('/api/') && /text\/html/.test(c.req.header('accept') ?? '');
  if (isPage) return awayPage(c.req.raw);
  // Of a question everything is said by the title.
  const detail =
    method === 'GET' || method === 'HEAD' ? undefined : 'Look whether it was done before it is sent once more.';
  const problem = new Problem('database-unreachable', detail, { headers: { 'retry-after': '10' }, cause });
  return problemResponse(problem, path);
}

/**
 * Answers 503 where a request waits for a database that is out of reach. A connection whose other side is gone without a word is silent for a
 * quarter of an hour; a statement that takes long is not disturbed, as the database answers others meanwhile.
 */
export function withoutDatabase(
  kernel: Kernel,
  waits = { patience, patienceWhileAway },
): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    const services = kernel.services();
    if (!services) return await next();
    const reach = reachOf(services);
    let isDone = false;
    let timer: NodeJS.Timeout | undefined;
    const away = new Promise<'away'>((resolve) => {
      const wait = (milliseconds: number) => {
        timer = setTimeout(() => {
          void reach.answers().then((answers) => {
            if (isDone) return;
            if (answers) wait(waits.patience);
            else resolve('away');
          });
        }, milliseconds);
        timer.unref();
      };
      wait(reach.isAway ? waits.patienceWhileAway : waits.patience);
    });
    try {
      const answered = next();
      // What comes of it when somebody was told already is nobody's any more.
      answered.catch(() => {});
      if ((await Promise.race([answered, away])) === 'away') return unreachableAnswer(c);
    } finally {
      isDone = true;
      clearTimeout(timer);
    }
    return undefined;
  };
}
