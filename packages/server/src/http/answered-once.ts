import { createHash } from 'node:crypto';
import { apiBase } from '@micrarium/api';
import { sql } from 'kysely';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem, problemOf, problemResponse } from './problems.ts';

/** Days for which first answers are kept. */
export const keptDays = 7;

/**
 * What changes the life of a study, by method and path below the interface. Answers that hold a secret are not among them: they are shown
 * once and stored nowhere.
 */
const transitions: readonly (readonly [method: string, path: RegExp])[] = [
  ['POST', /^\/drafts$/],
  ['DELETE', /^\/drafts\/[^/]+$/],
  ['POST', /^\/drafts\/[^/]+\/publish$/],
  ['POST', /^\/drafts\/[^/]+\/review$/],
  ['POST', /^\/drafts\/[^/]+\/review\/edits\/[^/]+$/],
  ['PUT', /^\/drafts\/[^/]+\/review\/(publication|assignee)$/],
  ['POST', /^\/discarded-drafts\/[^/]+\/take-back$/],
  ['POST', /^\/studies\/[^/]+\/(drafts|promotion|asks|embargo\/lift)$/],
  ['POST', /^\/studies\/[^/]+\/asks\/[^/]+$/],
  ['PUT', /^\/admin\/studies\/[^/]+\/state$/],
];

/** Headers of an answer that are given again with it. */
const keptHeaders = ['content-type', 'etag', 'cache-control', 'location'] as const;

/**
 * Answers a transition that is sent again under the same `Idempotency-Key` with its first answer, and does nothing. Two at once: the second
 * waits for the first. Without the header nothing is different.
 */
export function answeredOnce(app: Application, kernel: Kernel): void {
  app.use(`${apiBase}/*`, async (c, next) => {
    const key = c.req.header('idempotency-key');
    const path = c.req.path.slice(apiBase.length);
    const isOne = transitions.some(([method, shape]) => method === c.req.method && shape.test(path));
    const services = kernel.services();
    const actor = c.var.caller?.user.id;
    if (key === undefined || !isOne || !services || actor === undefined) return await next();
    if (key.length === 0 || key.length > 200)
      throw new Problem('request-invalid', 'Idempotency-Key has 1 to 200 characters.');
    const request = await requestHash(c);
    return await services.locks.hold(`answer ${actor} ${key}`, async () => {
      const before = await answerOf(services, actor, key);
      if (before && before.request !== request)
        throw new Problem(
          'state-conflict',
          'This Idempotency-Key was sent with another request. Make a new one for each.',
        );
      if (before) return new Response(before.body === '' ? null : before.body, before);
      await next();
      await keepAnswer(services, c, { actor, key, request });
      return undefined;
    });
  });
}

/** What was asked: the same key with something else is refused. */
async function requestHash(c: HttpContext): Promise<string> {
  const said = [
    c.req.method,
    c.req.url.slice(new URL(c.req.url).origin.length),
    c.req.header('if-match') ?? '',
    await c.req.text(),
  ];
  return createHash('sha256').update(said.join('\n')).digest('hex');
}

async function answerOf({ db }: Services, actor: string, key: string) {
  const row = await db
    .selectFrom('answered_key')
    .select(['request', 'status', 'headers', 'body'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('at', '>', sql<Date>`now() - make_interval(days => ${keptDays})`)
    .executeTakeFirst();
  return row;
}

/** Keeps what was answered, refusals too; faults of the server and what hangs on who asks when are asked anew. */
async function keepAnswer(
  { db }: Services,
  c: HttpContext,
  { actor, key, request }: { actor: string; key: string; request: string },
): Promise<void> {
  const answer = c.error ? problemResponse(problemOf(c.error)) : c.res.clone();
  if (answer.status >= 500 || answer.status === 401 || answer.status === 429) return;
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const row = {
    request,
    status: answer.status,
    headers: JSON.stringify(headers),
    body: await answer.text(),
    at: new Date(),
  };
  await db
    .insertInto('answered_key')
    .values({ actor, key, ...row })
    .onConflict((conflict) => conflict.columns(['actor', 'key']).doUpdateSet(row))
    .execute();
}

/** Forgets answers nobody sends again. */
export async function forgetAnswers({ db }: Pick<Services, 'db'>): Promise<void> {
  await db.deleteFrom('answered_key').where('at', '<', sql<Date>`now() - make_interval(days => ${keptDays})`).execute();
}
