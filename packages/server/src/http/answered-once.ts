import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { apiBase } from '@micrarium/api';
import { sql } from 'kysely';
import { sessionSecret } from '../auth/secrets.ts';
import type { Database } from '../database/connect.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';

/** Hours an answer is kept for who asks again. */
const hoursKept = 24;
/** Minutes after which a request that never ended, because its process did, may be made anew. */
const mostMinutes = 10;
/** A longer answer is not kept: the request can be made again, not repeated. */
const longestAnswer = 256 * 1024;
/** What is no POST and may be repeated all the same: steps in the life of a study. */
const transitions: readonly (readonly [method: string, path: RegExp])[] = [
  ['DELETE', /^\/drafts\/[^/]+$/],
  ['PUT', /^\/drafts\/[^/]+\/review\/(publication|assignee)$/],
  ['PUT', /^\/admin\/studies\/[^/]+\/state$/],
];

/** Headers of an answer that are given again. */
const keptHeaders = ['content-type', 'location', 'etag', 'link', 'cache-control'] as const;

/** An answer as it is kept. */
interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * `Idempotency-Key` on a POST, or a step in the life of a study, of somebody who is known: who sends the request again within a day, because the
 * answer did not come, gets that of the first, and nothing is done twice. Another request under the same key is refused (422), and one while the
 * first still runs (409). What the server itself failed in is not kept, nor an answer with a cookie. The header is a draft of the IETF
 * (draft-ietf-httpapi-idempotency-key-header-08); here it is as this says.
 */
export function answeredOnce(app: Application, kernel: Kernel): void {
  app.use(`${apiBase}/*`, async (c, next) => {
    const key = readKey(c.req.header('idempotency-key'));
    const ready = kernel.services();
    const { caller } = c.var;
    if (key === undefined || !ready || !caller || !isRepeatable(c) || !isSmall(c)) return await next();
    const { db } = ready;
    const sealing = createHmac('sha256', sessionSecret(kernel.config)).update(`repeated ${key}`).digest();
    const digest = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
    const place = { actor: caller.user.id, key: digest(key) };
    const { pathname, search } = new URL(c.req.url);
    const request = digest(c.req.method, pathname, search, c.req.header('if-match') ?? '', await c.req.text());
    const first = await takeKey(db, place, request);
    if (first) return answerAgain(first, request, sealing);
    try {
      await next();
      const answer = await answerToKeep(c);
      if (answer) await keepAnswer(db, place, seal(answer, sealing));
      else await forgetKey(db, place);
    } catch (fault) {
      await forgetKey(db, place);
      throw fault;
    }
  });
}

function isRepeatable({ req }: HttpContext): boolean {
  const path = req.path.slice(apiBase.length);
  return req.method === 'POST' || transitions.some(([method, shape]) => method === req.method && shape.test(path));
}

/** Is the body JSON, which was read already, or is there none? Files go past. */
function isSmall(c: HttpContext): boolean {
  const { headers } = c.req.raw;
  const type = headers.get('content-type');
  if (type !== null) return /^application\/([\w.-]+\+)?json\b/i.test(type);
  return (headers.get('content-length') ?? '0') === '0' && !headers.has('transfer-encoding');
}

/** The key, with or without the quotes of a structured header. @throws Problem */
function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Problem('request-invalid', 'Idempotency-Key is 1 to 200 visible letters of ASCII, such as a UUID.');
  return key;
}

interface Place {
  actor: string;
  /** Digest of the key. */
  key: string;
}

interface Taken {
  request: string;
  /** 0 while it still runs. */
  status: number;
  body: string;
}

/** Takes the key for this request; what was asked under it before, where somebody did. */
async function takeKey(db: Database, { actor, key }: Place, request: string): Promise<Taken | undefined> {
  await sql`delete from answered_key where actor = ${actor} and key = ${key} and (at < now() - make_interval(hours => ${hoursKept})
    or (status = 0 and at < now() - make_interval(mins => ${mostMinutes})))`.execute(db);
  // Two statements: one sees the table as it was when it began, and so neither enters nor finds what came in between.
  for (;;) {
    const entered = await sql`insert into answered_key (actor, key, request, status, headers, body)
      values (${actor}, ${key}, ${request}, 0, '{}', '') on conflict do nothing returning key`.execute(db);
    if (entered.rows.length > 0) return undefined;
    const { rows } = await sql<Taken>`select request, status, body from answered_key
      where actor = ${actor} and key = ${key}`.execute(db);
    if (rows[0]) return rows[0];
  }
}

/** @throws Problem where it was another request, or it still runs */
function answerAgain(
  { request: before, status: kept, body: sealed }: Taken,
  request: string,
  sealing: Buffer,
): Response {
  if (before !== request)
    throw new Problem('key-reused', 'This Idempotency-Key was sent with another request. Take a new one for each.');
  if (kept === 0)
    throw new Problem('still-running', 'The first request with this Idempotency-Key is still running.', {
      headers: { 'retry-after': '2' },
    });
  const { status, headers, body } = unseal(Buffer.from(sealed, 'base64'), sealing);
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : body, { status, headers: { ...headers, 'idempotency-replayed': 'true' } });
}

/** The answer as it can be given again; `undefined` where it is not to be kept. */
async function answerToKeep(c: HttpContext): Promise<KeptAnswer | undefined> {
  const { res } = c;
  if (res.status >= 500 || res.status === 429 || res.headers.has('set-cookie')) return undefined;
  const body = await res.clone().text();
  if (body.length > longestAnswer) return undefined;
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => (res.headers.has(name) ? [[name, res.headers.get(name)!]] : [])),
  );
  return { status: res.status, headers, body };
}

async function keepAnswer(db: Database, { actor, key }: Place, answer: Buffer): Promise<void> {
  await sql`update answered_key set status = 200, body = ${answer.toString('base64')}, at = now()
    where actor = ${actor} and key = ${key}`.execute(db);
}

async function forgetKey(db: Database, { actor, key }: Place): Promise<void> {
  await sql`delete from answered_key where actor = ${actor} and key = ${key} and status = 0`.execute(db);
}

/** Forgets answers nobody gets any more. */
export async function forgetAnswers({ db }: Pick<Services, 'db'>): Promise<void> {
  await sql`delete from answered_key where at < now() - make_interval(hours => ${hoursKept})`.execute(db);
}

/** An answer may hold what is stored as a digest only elsewhere, such as a new token: who has the key can open it, the database cannot. */
function seal(answer: KeptAnswer, sealing: Buffer): Buffer {
  const start = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealing, start);
  const text = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
  return Buffer.concat([start, cipher.getAuthTag(), text]);
}

function unseal(sealed: Buffer, sealing: Buffer): KeptAnswer {
  const cipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, 12));
  cipher.setAuthTag(sealed.subarray(12, 28));
  const text = Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]);
  return JSON.parse(text.toString()) as KeptAnswer;
}
