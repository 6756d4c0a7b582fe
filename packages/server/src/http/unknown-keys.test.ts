import { routes } from '@micrarium/api';
import { z } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { unknownKeys, withoutUnknownKeys } from './unknown-keys.ts';

const schema = z.object({
  title: z.string(),
  people: z.array(z.object({ name: z.string(), orcid: z.string().optional() })).optional(),
  place: z
    .union([z.object({ city: z.string() }), z.object({ room: z.number() })])
    .nullable()
    .default(null),
  pair: z.tuple([z.object({ a: z.number() }), z.object({ b: z.number() })]).optional(),
  values: z.record(z.string(), z.object({ text: z.string() })).optional(),
  document: z.unknown(),
  sizes: z.object({ x: z.number() }).catchall(z.number()).optional(),
  day: z
    .object({ at: z.string() })
    .transform(({ at }) => new Date(at))
    .optional(),
  both: z.intersection(z.object({ one: z.number() }), z.object({ two: z.number() })).optional(),
});
const paths = (value: unknown) => unknownKeys(schema, value).map(({ path, nearest }) => [path.join('/'), nearest]);

test('keys that nothing reads are found wherever they stand, with the one that was most likely meant', () => {
  expect(paths({ titles: 'x' })).toEqual([['titles', 'title']]);
  expect(paths({ title: 'x', zzz: 1 })).toEqual([['zzz', undefined]]);
  expect(paths({ people: [{ name: 'A' }, { name: 'B', orcidId: 'x' }] })).toEqual([['people/1/orcidId', 'orcid']]);
  expect(paths({ place: { city: 'x', town: 'y' } })).toEqual([['place/town', undefined]]);
  expect(paths({ pair: [{ a: 1 }, { a: 1 }] })).toEqual([['pair/1/a', undefined]]);
  expect(paths({ values: { free: { text: 'x', txt: 'y' } } })).toEqual([['values/free/txt', 'text']]);
  expect(paths({ day: { at: 'x', att: 'y' } })).toEqual([['day/att', 'at']]);
  expect(paths({ both: { one: 1, two: 2, three: 3 } })).toEqual([['both/three', undefined]]);
  expect(paths(Object.fromEntries(Array.from({ length: 1000 }, (_none, at) => [`k${at}`, at])))).toHaveLength(20);
});

test('what holds keys as they were written is not looked into', () => {
  expect(paths({ title: 'x', document: { anything: { at: ['all'] } }, sizes: { x: 1, y: 2 } })).toEqual([]);
  expect(paths({ title: 'x', place: null, people: 'no list' })).toEqual([]);
  expect(paths('no object')).toEqual([]);
  expect(paths([{ title: 'x' }])).toEqual([]);
});

test('of a key that is not known the schema says where it stands and what is meant, and nothing is dropped', () => {
  const strict = withoutUnknownKeys(schema);
  expect(strict.parse({ title: 'x', document: 1 })).toMatchObject({ title: 'x', place: null });
  const refused = strict.safeParse({ title: 'x', people: [{ name: 'A', names: 'B' }] });
  expect(refused.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['people.0.names', 'The key "names" is none of this request. Is "name" meant?'],
  ]);
  // What else is wrong is said where the keys are right.
  expect(strict.safeParse({ title: 1 }).error?.issues[0]?.path).toEqual(['title']);
});

test('every body of the interface is made of parts that are known here', () => {
  const known = new Set(
    'object record array tuple union optional nullable default prefault readonly pipe lazy intersection nonoptional catch string number boolean literal enum unknown any null int date bigint undefined transform never custom void template_literal'.split(
      ' ',
    ),
  );
  const seen = new Set<string>();
  const walk = (one: z.ZodType, done = new Set<z.ZodType>()): void => {
    if (done.has(one)) return;
    done.add(one);
    const def = one._zod.def as unknown as Record<string, unknown> & { type?: string };
    // Checks have a definition too, and no type.
    if (def.type !== undefined) seen.add(def.type);
    for (const part of Object.values(def).flatMap((value) =>
      value !== null && typeof value === 'object' && !('_zod' in value) ? Object.values(value) : [value],
    ))
      if (part !== null && typeof part === 'object' && '_zod' in part) walk(part as z.ZodType, done);
  };
  for (const route of Object.values(routes)) {
    const body = (route as { request?: { body?: { content: Record<string, { schema: z.ZodType }> } } }).request?.body;
    const json = body?.content['application/json']?.schema;
    if (json) walk(json);
  }
  expect(seen.size).toBeGreaterThan(5);
  expect([...seen].filter((type) => !known.has(type))).toEqual([]);
});

test('every body of the interface refuses a key that nobody knows, but those that are kept as they were written', () => {
  const open = Object.entries(routes)
    .filter(([, route]) => {
      const body = (route as { request?: { body?: { content: Record<string, { schema: z.ZodType }> } } }).request?.body;
      const json = body?.content['application/json']?.schema;
      return json !== undefined && unknownKeys(json, { zzzUnknown: 1 }).length === 0;
    })
    .map(([name]) => name);
  // Its keys are columns of the table.
  expect(open).toEqual(['setItemMapping']);
});
