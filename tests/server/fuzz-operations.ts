import { apiBase, routes } from '@micrarium/api';
import { RateLimit } from '../../packages/server/src/auth/rate-limit.ts';
import { SharedRateLimit } from '../../packages/server/src/auth/shared-rate-limit.ts';
import type { Harness } from './harness.ts';
import type { GoodRequest } from './fuzz-requests.ts';
import { hostileTexts, type Kind, kinds, type Schema, Values } from './fuzz-values.ts';
import { type FuzzWorld, makeFuzzWorld, notReached } from './fuzz-world.ts';
import { trackTable } from './publish-study.ts';
import { pick, seeded } from './seeded.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}
interface Operation {
  name: keyof typeof routes;
  method: string;
  path: string;
  parameters: Parameter[];
  body?: { type: string; schema: Schema };
  /** Media types of each answer by its status. */
  answers: Map<number, string[]>;
}

/** What the fuzzer found wrong with one answer. */
export interface Fault {
  request: string;
  found: string;
}

/** Reads the document that the server publishes. */
async function operationsOf(harness: Harness): Promise<{ operations: Operation[]; deref(schema: Schema): Schema }> {
  const document = (await (await harness.request(`${apiBase}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
    components: { schemas: Record<string, Schema> };
  };
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const content = (operation['requestBody'] as { content?: Record<string, { schema: Schema }> })?.content;
      const [type, media] = Object.entries(content ?? {})[0] ?? [];
      const name = (Object.keys(routes) as (keyof typeof routes)[]).find(
        (one) => routes[one].method === method && routes[one].path === path,
      );
      if (name === undefined) throw new Error(`${method} ${path} is documented and is no route`);
      operations.push({
        name,
        method: method.toUpperCase(),
        path,
        parameters: (operation['parameters'] ?? []) as Parameter[],
        ...(type !== undefined && media ? { body: { type, schema: media.schema } } : {}),
        answers: new Map(
          Object.entries(operation['responses'] as Record<string, { content?: object }>).map(([code, told]) => [
            Number(code),
            Object.keys(told.content ?? {}),
          ]),
        ),
      });
    }
  const deref = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : deref(document.components.schemas[name]!);
  };
  return { operations, deref };
}

const encoded = (text: string) => {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a character: sent as its three bytes, which are no UTF-8.
    return '%ED%A0%80';
  }
};

/** How often somebody may ask has tests of its own, and would hide what lies behind. */
async function withoutLimits<Value>(work: () => Promise<Value>): Promise<Value> {
  const before = [RateLimit.prototype, SharedRateLimit.prototype].map((limit) => ({ limit, take: limit.take }));
  RateLimit.prototype.take = () => 0;
  SharedRateLimit.prototype.take = async () => 0;
  try {
    return await work();
  } finally {
    for (const { limit, take } of before) Object.assign(limit, { take });
  }
}

/** What a run of the fuzzer did and found. */
export interface FuzzReport {
  faults: Fault[];
  requests: number;
  statuses: Map<number, number>;
  /** Routes that did what they were asked at least once: the others were only tried at the door. */
  reached: Set<string>;
  /** Of the routes that were not, and should be, what the last good request was answered. */
  refused: Map<string, string>;
}

/**
 * Asks every operation of the published document `rounds` times in each kind of way, by different people. Most requests are one that the
 * server would do, with one thing made wrong; the others are made of the schema alone.
 */
export async function fuzz(
  harness: Harness,
  seed: number,
  rounds: number,
  ways: readonly Kind[] = kinds,
): Promise<FuzzReport> {
  return await withoutLimits(async () => {
    const random = seeded(seed);
    const { operations, deref } = await operationsOf(harness);
    const values = new Values(random, deref);
    const world = await makeFuzzWorld(harness);
    const report: FuzzReport = { faults: [], requests: 0, statuses: new Map(), reached: new Set(), refused: new Map() };
    const ask = async (operation: Operation, request: Asked) => {
      const answer = await harness.request(request.path, request.init);
      const text = answer.status === 200 ? (await answer.body?.cancel(), '') : await answer.text();
      report.requests++;
      report.statuses.set(answer.status, (report.statuses.get(answer.status) ?? 0) + 1);
      if (answer.ok) report.reached.add(String(operation.name));
      else if (request.isGood)
        report.refused.set(String(operation.name), `${request.told} -> ${answer.status} ${text.slice(0, 300)}`);
      const found = noted(harness) ?? judge(operation, answer, text);
      if (found !== undefined) report.faults.push({ request: request.told, found });
    };
    for (const operation of operations)
      for (const kind of ways)
        for (let round = 0; round < rounds; round++) {
          await ask(operation, await requestOf(operation, kind, values, world, random));
          if (operation.method !== 'GET') await world.mend();
        }
    for (const name of [...report.reached, ...Object.keys(notReached)]) report.refused.delete(name);
    return report;
  });
}

function judge({ answers }: Operation, answer: Response, text: string): string | undefined {
  const { status } = answer;
  if (status >= 500 && !(status === 503 && answer.headers.has('retry-after')))
    return `${status}: ${text.slice(0, 200)}`;
  const types = answers.get(status);
  if (!types) return `${status} is not in the document: ${text.slice(0, 200)}`;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const isNamed =
    types.includes(type) || (types.length === 0 && type === '') || types[0]?.startsWith('application/octet');
  if (status !== 206 && !isNamed) return `${status} is ${type}, not ${types.join()}`;
  if (type !== 'application/problem+json') return undefined;
  const problem = JSON.parse(text) as { status?: number; code?: string };
  return problem.status === status && typeof problem.code === 'string' ? undefined : `${status} without a code`;
}

/** Faults of the program that the answer did not show. */
function noted(harness: Harness): string | undefined {
  const [first] = harness.faults.splice(0);
  return first && `noted: ${first.where} ${String((first.fault as Error).stack ?? first.fault).slice(0, 800)}`;
}

/** A request as it is sent. */
interface Asked {
  path: string;
  init: RequestInit & { as?: string };
  told: string;
  /** Is it one the server should do? */
  isGood: boolean;
}

/** Parameters of a path, some of them made wrong. */
function pathOf({ path }: Operation, ids: Readonly<Record<string, string>>, kind: Kind, random: () => number): string {
  // Paths are made wrong in half of the wrong requests: else nothing ever came to the bodies.
  const isWrong = kind === 'hostile text' || kind === 'huge' ? random() < 0.5 : kind === 'wrong type' && random() < 0.3;
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (!isWrong || random() < 0.5) return encoded(ids[name] ?? 'x').replaceAll('%2F', '/');
    if (kind === 'huge') return 'x'.repeat(5_000);
    return encoded(
      pick(
        random,
        hostileTexts.filter((one) => one.trim() !== ''),
      ),
    );
  });
}

/** Parameters of the query and the header of the revision. @param good what the server takes; of nothing else is made then but what is wrong */
function parametersOf(
  { parameters }: Operation,
  good: Readonly<Record<string, string>> | undefined,
  { kind, values, random }: { kind: Kind; values: Values; random: () => number },
): { query: string[]; headers: Record<string, string> } {
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const parameter of parameters) {
    const { name, required, schema } = parameter;
    if (parameter.in === 'path') continue;
    const said = good?.[name];
    const isKept = good !== undefined && (kind === 'valid' || random() < 0.5);
    if (isKept) {
      // Made of addresses that stand there as they are: of one name there may be several.
      if (said !== undefined) query.push(...`${name}=${said}`.split('&').map(encodedPair));
      continue;
    }
    if (!required && (kind === 'missing' || random() < 0.4)) continue;
    const made =
      kind === 'valid' || kind === 'boundary' ? values.right(schema, kind === 'boundary') : values.wrong(schema, kind);
    const text = typeof made === 'string' ? made : String(JSON.stringify(made));
    if (parameter.in === 'query') query.push(`${name}=${encoded(text.slice(0, 8_000))}`);
    else if (name === 'if-match')
      headers['if-match'] = random() < 0.7 ? '"2"' : JSON.stringify(text.replace(/[^ -~]/g, '').slice(0, 50));
  }
  return { query, headers };
}

function encodedPair(pair: string): string {
  const at = pair.indexOf('=');
  return `${pair.slice(0, at)}=${encoded(pair.slice(at + 1))}`;
}

/** Bytes of a file as they are, or cut off, and with a byte of them changed. */
function fileBody(
  { type, data }: { type: string; data: Uint8Array },
  kind: Kind,
  random: () => number,
): { type: string; sent: Uint8Array } {
  if (kind === 'valid') return { type, sent: data };
  const broken = random() < 0.5 ? data.slice(0, Math.floor(random() * data.length)) : data.slice();
  if (broken.length > 0) broken[Math.floor(random() * broken.length)]! ^= 1 << Math.floor(random() * 8);
  return { type, sent: broken };
}

/** The body to send, and of which type. */
function bodyOf(
  { method, body }: Operation,
  good: GoodRequest | undefined,
  { kind, values, random }: { kind: Kind; values: Values; random: () => number },
): { type?: string; sent?: string | Uint8Array } {
  // Bodies of files are described in words alone.
  if (!body && good?.bytes) return fileBody(good.bytes, kind, random);
  if (!body) return method !== 'GET' && kind === 'extra' ? { sent: '{"zzz":1}' } : {};
  if (!body.type.includes('json')) {
    return fileBody({ type: body.type, data: new TextEncoder().encode(trackTable) }, kind, random);
  }
  const isFromSchema = good?.body === undefined || (kind !== 'valid' && random() < 0.3);
  if (kind === 'missing' && random() < 0.3) return { type: body.type, sent: pick(random, ['', '{', 'null', '[]']) };
  const value =
    isFromSchema || kind === 'boundary' ? values.wrong(body.schema, kind) : values.madeWrong(good!.body, kind);
  const type = kind === 'extra' && random() < 0.3 ? pick(random, ['text/plain', 'application/xml']) : body.type;
  return { type, sent: JSON.stringify(value) };
}

async function requestOf(
  operation: Operation,
  kind: Kind,
  values: Values,
  world: FuzzWorld,
  random: () => number,
): Promise<Asked> {
  const { name, method } = operation;
  const ids = await world.ids(name);
  const good = await world.good[name]?.();
  const { query, headers } = parametersOf(operation, good?.query ?? (kind === 'valid' ? {} : undefined), {
    kind,
    values,
    random,
  });
  if (kind === 'valid' && 'if-match' in Object.fromEntries(operation.parameters.map((one) => [one.name, one.in])))
    headers['if-match'] = await world.revision(ids);
  const path = pathOf(operation, { ...ids, ...good?.ids }, kind, random);
  const { type, sent } = bodyOf(operation, good, { kind, values, random });
  if (type !== undefined) headers['content-type'] = type;
  // Whoever may, mostly: for others the door is shut before anything else is looked at.
  const isByWhoMay = random() < (kind === 'valid' ? 1 : 0.6);
  const mayAsk = good && 'as' in good ? good.as : world.asker(name);
  const as = isByWhoMay ? mayAsk : pick(random, world.askers);
  const address = `${apiBase}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const shown = typeof sent === 'string' ? sent.slice(0, 300) : sent === undefined ? '' : `${sent.length} bytes`;
  return {
    path: address,
    init: {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent as BodyInit }),
      ...(as === undefined ? {} : { as }),
    },
    told: `${kind}: ${method} ${address.slice(0, 300)} ${shown} as ${as === undefined ? 'nobody' : as.slice(0, 12)}`,
    isGood: kind === 'valid' && isByWhoMay,
  };
}
