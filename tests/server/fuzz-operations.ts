import { apiBase, routes } from '@micrarium/api';
import type { Harness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';
import { pick, seeded } from './seeded.ts';

/** A JSON Schema as far as the published document uses it. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  format?: string;
}
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}
interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  body?: { type: string; schema: Schema };
  /** Media types of each answer by its status. */
  answers: Map<number, string[]>;
}

/** How a request is made wrong, or not. */
export const kinds = ['valid', 'boundary', 'wrong type', 'missing', 'extra', 'huge', 'hostile text'] as const;
type Kind = (typeof kinds)[number];

/** Texts that have broken programs: signs a database cannot store, halves of characters, ways out of a folder, code. */
const hostileTexts = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202Eevil',
  '../../etc/passwd',
  '..\\..\\x',
  '%00',
  '%',
  '%2e%2e%2f',
  "'; drop table study; --",
  '<script>alert(1)</script>',
  '${7*7}',
  '\r\nset-cookie: a=b',
  '-1',
  '0',
  '1e309',
  '99999999999999999999',
  '2147483648',
  'NaN',
  'null',
  'constructor',
  '__proto__',
  'ﷺ'.repeat(50),
  ' ',
  '',
  '\u{1F9EC}',
];

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
      operations.push({
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

/** Makes values of schemas, right or wrong in one way. */
class Values {
  private readonly random: () => number;
  private readonly deref: (schema: Schema) => Schema;

  constructor(random: () => number, deref: (schema: Schema) => Schema) {
    this.random = random;
    this.deref = deref;
  }

  private typeOf(schema: Schema): string {
    if (Array.isArray(schema.type)) return pick(this.random, schema.type);
    return schema.type ?? (schema.properties ? 'object' : 'any');
  }

  /** A value the schema takes. */
  right(given: Schema, isAtBound = false, depth = 0): unknown {
    const schema = this.deref(given);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return pick(this.random, schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return this.right(pick(this.random, either), isAtBound, depth + 1);
    if (schema.allOf)
      return Object.assign({}, ...schema.allOf.map((one) => this.right(one, isAtBound, depth + 1) as object));
    switch (this.typeOf(schema)) {
      case 'string':
        return this.text(schema, isAtBound);
      case 'integer':
      case 'number':
        return isAtBound
          ? pick(this.random, [schema.minimum ?? -(2 ** 31), schema.maximum ?? 2 ** 53 - 1, 0])
          : Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 9, Math.floor(this.random() * 9)));
      case 'boolean':
        return this.random() < 0.5;
      case 'null':
        return null;
      case 'array': {
        const length = isAtBound ? pick(this.random, [0, Math.min(schema.maxItems ?? 300, 1000)]) : 1;
        return depth > 5 ? [] : Array.from({ length }, () => this.right(schema.items ?? {}, isAtBound, depth + 1));
      }
      case 'object':
        return this.object(schema, isAtBound, depth);
      default:
        return pick<unknown>(this.random, ['x', 1, true, ['x'], { a: 'b' }]);
    }
  }

  private object(schema: Schema, isAtBound: boolean, depth: number): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (schema.required?.includes(name) || (depth < 4 && this.random() < 0.5))
        made[name] = this.right(property, isAtBound, depth + 1);
    if (typeof schema.additionalProperties === 'object' && depth < 5)
      made[pick(this.random, ['title', 'x', 'constructor'])] = this.right(
        schema.additionalProperties,
        isAtBound,
        depth + 1,
      );
    return made;
  }

  private text(schema: Schema, isAtBound: boolean): string {
    if (schema.format === 'email') return `x${Math.floor(this.random() * 1e6)}@example.org`;
    const least = schema.minLength ?? 0;
    const most = Math.min(schema.maxLength ?? 20_000, 20_000);
    if (isAtBound) return 'x'.repeat(pick(this.random, [least, most]));
    return 'x'.repeat(Math.max(least, Math.min(most, 3)));
  }

  /** A right value with one thing in it made wrong. */
  wrong(schema: Schema, kind: Kind): unknown {
    const value = this.right(schema, kind === 'boundary');
    if (kind === 'valid' || kind === 'boundary') return value;
    if (kind === 'huge')
      return pick<() => unknown>(this.random, [
        () => this.changed(value, () => 'x'.repeat(300_000)),
        () => this.changed(value, () => 1e308),
        () => this.changed(value, () => Array.from({ length: 20_000 }, () => 'x')),
        () => this.changed(value, () => JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown),
      ])();
    if (kind === 'wrong type')
      return this.changed(value, () => pick<unknown>(this.random, [null, 1.5, -1, 'x', [], {}, true, [[{}]]]));
    if (kind === 'hostile text') return this.changed(value, () => pick(this.random, hostileTexts));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return kind === 'missing' ? {} : [value];
    const object: Record<string, unknown> = { ...value };
    if (kind === 'missing') {
      const names = Object.keys(object);
      if (names.length > 0) Reflect.deleteProperty(object, pick(this.random, names));
      return object;
    }
    return { ...object, [pick(this.random, ['role', 'id', 'ownerId', 'isAdmin', 'constructor', 'zzz'])]: 'owner' };
  }

  /** The value with one of the places in it, at any depth, taken by another. */
  private changed(value: unknown, by: () => unknown): unknown {
    if (Array.isArray(value) && value.length > 0 && this.random() < 0.7) {
      const at = Math.floor(this.random() * value.length);
      return value.map((one: unknown, index) => (index === at ? this.changed(one, by) : one));
    }
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && this.random() < 0.9) {
      const name = pick(this.random, Object.keys(value));
      return { ...value, [name]: this.changed((value as Record<string, unknown>)[name], by) };
    }
    return by();
  }
}

/** What is there to be asked about: a study, drafts, tokens, members. */
interface World {
  askers: (string | undefined)[];
  owner: string;
  depositor: string;
  ids(operation: Operation): Promise<Record<string, string>>;
}

async function makeWorld(harness: Harness): Promise<World> {
  const owner = await harness.member('olga', 'owner');
  const depositor = await harness.member('dora');
  const curator = await harness.member('cora', 'curator');
  const reader = await harness.token(depositor.user.id, ['read']);
  const accession = await publishStudy(harness, depositor.token, 'Fuzzed');
  const { items } = (await (
    await harness.request(`${apiBase}/studies/${accession}/versions/1`, { as: depositor.token })
  ).json()) as { items: { id: string }[] };
  const newDraft = async () => {
    const client = harness.client(depositor.token);
    const { id } = await client.call(routes.createDraft, {});
    await fillDraft(harness, depositor.token, id, { 'tracks.csv': trackTable });
    await describeDraft(harness, depositor.token, id, 'A draft');
    const { items: found } = await client.call(routes.getDraft, { params: { draft: id } });
    return { draft: id, item: found[0]?.id ?? '' };
  };
  let current = await newDraft();
  return {
    askers: [undefined, owner.cookie, depositor.cookie, depositor.cookie, depositor.token, curator.cookie, reader],
    owner: owner.cookie,
    depositor: depositor.cookie,
    async ids({ path }) {
      if (path.includes('{draft}')) {
        const row = await harness.services.studies.getDraft(current.draft);
        if (!row || row.state !== 'editing') current = await newDraft();
      }
      // The owner of the installation may just have withdrawn it: then nothing behind its state would be tried any more.
      await harness.services.db.deleteFrom('study_state').where('accession', '=', accession).execute();
      return {
        accession,
        version: '1',
        form: 'objects.csv',
        path: 'tracks.csv',
        id: '1',
        draft: current.draft,
        item: path.startsWith('/drafts') ? current.item : (items[0]?.id ?? ''),
      };
    },
  };
}

const encoded = (text: string) => {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a character: sent as its three bytes, which are no UTF-8.
    return '%ED%A0%80';
  }
};

/**
 * Asks every operation of the published document `rounds` times in each kind of way, by different people.
 * @returns what was wrong: an answer that is a fault of the server, that the document does not name, or a refusal that says not why
 */
export async function fuzz(
  harness: Harness,
  seed: number,
  rounds: number,
  ways: readonly Kind[] = kinds,
): Promise<{ faults: Fault[]; requests: number; statuses: Map<number, number> }> {
  const random = seeded(seed);
  const { operations, deref } = await operationsOf(harness);
  const values = new Values(random, deref);
  const world = await makeWorld(harness);
  const faults: Fault[] = [];
  const statuses = new Map<number, number>();
  let requests = 0;
  for (const operation of operations)
    for (const kind of ways)
      for (let round = 0; round < rounds; round++) {
        const request = await requestOf(operation, kind, values, world, random);
        const answer = await harness.request(request.path, request.init);
        const text = answer.status === 200 ? (await answer.body?.cancel(), '') : await answer.text();
        requests++;
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const found = noted(harness) ?? judge(operation, answer, text);
        if (found !== undefined) faults.push({ request: request.told, found });
      }
  return { faults, requests, statuses };
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

async function requestOf(
  operation: Operation,
  kind: Kind,
  values: Values,
  world: World,
  random: () => number,
): Promise<{ path: string; init: RequestInit & { as?: string }; told: string }> {
  const ids = await world.ids(operation);
  const { method, parameters, body } = operation;
  // Paths are made wrong in half of the wrong requests: else nothing ever came to the bodies.
  const wrongPath =
    kind === 'hostile text' || kind === 'huge' ? random() < 0.5 : kind === 'wrong type' && random() < 0.3;
  const isWrongAt = (name: string) => wrongPath && random() < 0.5 && name !== '';
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (!isWrongAt(name)) return encoded(ids[name] ?? 'x').replaceAll('%2F', '/');
    return encoded(
      kind === 'huge'
        ? 'x'.repeat(5_000)
        : pick(
            random,
            hostileTexts.filter((one) => one.trim() !== ''),
          ),
    );
  });
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const parameter of parameters) {
    if (parameter.in === 'path') continue;
    if (!parameter.required && kind === 'missing') continue;
    if (!parameter.required && random() < 0.4) continue;
    const made =
      kind === 'valid' || kind === 'boundary'
        ? values.right(parameter.schema, kind === 'boundary')
        : values.wrong(parameter.schema, kind);
    const text = typeof made === 'string' ? made : String(JSON.stringify(made));
    if (parameter.in === 'query') query.push(`${parameter.name}=${encoded(text.slice(0, 8_000))}`);
    else if (parameter.name === 'if-match')
      headers['if-match'] = random() < 0.7 ? '"2"' : JSON.stringify(text.replace(/[^ -~]/g, '').slice(0, 50));
  }
  let sent: string | undefined;
  if (body) {
    headers['content-type'] = body.type;
    const isFile = !body.type.includes('json');
    sent = isFile ? trackTable : JSON.stringify(values.wrong(body.schema, kind));
    if (kind === 'missing' && random() < 0.3) sent = pick(random, ['', '{', 'null', '[]']);
    if (kind === 'extra' && random() < 0.3) headers['content-type'] = pick(random, ['text/plain', 'application/xml']);
  } else if (method !== 'GET' && kind === 'extra') sent = '{"zzz":1}';
  const as = pick(random, world.askers);
  const address = `${apiBase}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return {
    path: address,
    init: { method, headers, ...(sent === undefined ? {} : { body: sent }), ...(as === undefined ? {} : { as }) },
    told: `${kind}: ${method} ${address.slice(0, 300)} ${sent?.slice(0, 300) ?? ''} as ${as === undefined ? 'nobody' : as.slice(0, 12)}`,
  };
}
