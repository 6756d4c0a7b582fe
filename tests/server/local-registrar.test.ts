import { completeDataCite } from './complete-datacite.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Attributes, hasSchema, type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';

if (!hasSchema)
  console.warn('The 4.6 schema or xmllint is not there: the local registrar judges records by our own rules alone');

let registrar: LocalRegistrar;
beforeAll(async () => {
  registrar = await openLocalRegistrar({
    repository: 'MIC.TEST',
    password: 'x',
    prefix: '10.5072',
    domain: 'mic.example',
  });
});
afterAll(() => registrar.close());

const known = { authorization: `Basic ${Buffer.from('MIC.TEST:x').toString('base64')}` };
async function ask(method: string, path: string, attributes?: Attributes, headers: Record<string, string> = known) {
  const answer = await fetch(`${registrar.url}${path}`, {
    method,
    headers: { 'content-type': 'application/vnd.api+json', ...headers },
    ...(attributes ? { body: JSON.stringify({ data: { type: 'dois', attributes } }) } : {}),
  });
  const text = await answer.text();
  const body = text === '' ? {} : JSON.parse(text);
  return { status: answer.status, state: body.data?.attributes.state, body, allow: answer.headers.get('allow') };
}
const at = (name: string) => `/dois/${encodeURIComponent(`10.5072/${name}`)}`;
const whole = completeDataCite('https://mic.example/a');

test('every state and every event of the table; what does not fit is ignored with 200', async () => {
  const after: Record<string, Record<string, string>> = {
    draft: { register: 'registered', publish: 'findable', hide: 'draft', show: 'draft', nonsense: 'draft' },
    registered: {
      register: 'registered',
      publish: 'findable',
      hide: 'registered',
      show: 'findable',
      nonsense: 'registered',
    },
    findable: { register: 'findable', publish: 'findable', hide: 'registered', show: 'findable', nonsense: 'findable' },
  };
  const into: Record<string, string[]> = { draft: [], registered: ['register'], findable: ['publish'] };
  for (const [from, events] of Object.entries(after))
    for (const [event, to] of Object.entries(events)) {
      const place = at(`${from}-${event}`);
      expect((await ask('PUT', place, whole)).status).toBe(201);
      for (const step of into[from]!) await ask('PUT', place, { event: step });
      const answer = await ask('PUT', place, { event });
      expect([from, event, answer.status, answer.state]).toEqual([from, event, 200, to]);
      const gone = await ask('DELETE', place);
      expect(gone.status).toBe(to === 'draft' ? 204 : 405);
      if (to !== 'draft') expect(gone.allow).toContain('PUT');
    }
});

test('a draft needs nothing; what is registered needs an address of the repository and a record of the schema', async () => {
  expect(await ask('POST', '/dois', { prefix: '10.5072' })).toMatchObject({ status: 201, state: 'draft' });
  expect(await ask('POST', '/dois', { doi: '10.5072/once' })).toMatchObject({ status: 201 });
  expect(await ask('POST', '/dois', { doi: '10.5072/once' })).toMatchObject({
    status: 422,
    body: { errors: [{ source: 'doi' }] },
  });
  const refused = async (change: Attributes) => {
    const { status, body } = await ask('PUT', at(`refused-${Math.random()}`), {
      ...whole,
      event: 'publish',
      ...change,
    });
    return [status, body.errors?.[0].source];
  };
  expect(await refused({ url: null })).toEqual([422, 'url']);
  expect(await refused({ url: 'mailto:a@b' })).toEqual([422, 'url']);
  expect(await refused({ url: 'https://elsewhere.example/' })).toEqual([422, 'url']);
  expect(await refused({ creators: [] })).toEqual([422, 'creators']);
  expect(await refused({ titles: {} })).toEqual([422, 'titles']);
  expect((await refused({ publicationYear: '26' }))[0]).toBe(422);
  expect((await refused({ types: { resourceTypeGeneral: 'Data' } }))[0]).toBe(422);
  // Of kernel 4.7 alone.
  if (hasSchema) expect(await refused({ types: { resourceTypeGeneral: 'Poster' } })).toEqual([422, 'xml']);
  expect(await ask('PUT', '/dois/10.9999%2Fother', whole)).toMatchObject({ status: 403 });
  expect(await ask('PUT', at('with space'), whole)).toMatchObject({ status: 404 });
});

test('every save of what is registered looks at the whole record, and keeps what is not named', async () => {
  const place = at('saved');
  await ask('PUT', place, { ...whole, event: 'publish' });
  expect(await ask('PUT', place, { titles: [] })).toMatchObject({ status: 422 });
  expect(await ask('PUT', place, { version: '2' })).toMatchObject({
    status: 200,
    body: { data: { attributes: { titles: whole['titles'] } } },
  });
});

test('what is not findable is there for its account alone; the resolver is written after the record', async () => {
  const place = at('resolved');
  await ask('PUT', place, whole);
  expect((await ask('GET', place, undefined, {})).status).toBe(404);
  expect((await ask('GET', place)).state).toBe('draft');
  registrar.faults = ['resolver'];
  expect(await ask('PUT', place, { event: 'publish' })).toMatchObject({ status: 200, state: 'findable' });
  expect((await ask('GET', place, undefined, {})).status).toBe(200);
  expect((await ask('GET', `${place}/get-url`)).status).toBe(404);
  await ask('PUT', place, { event: 'publish' });
  expect((await ask('GET', `${place}/get-url`)).body).toEqual({ url: 'https://mic.example/a' });
  expect((await ask('PUT', place, whole, { authorization: 'Basic eDp5' })).status).toBe(401);
  expect((await ask('PUT', place, whole, {})).status).toBe(401);
});
