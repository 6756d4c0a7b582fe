import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeMetadata } from './complete-metadata.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

/**
 * Everything a visitor can ask for, asked: every address the application has, for a study in every state. What is not public has marks that
 * nothing else has, a word in its title and a number in its data; no answer may hold them.
 */
const kinds = ['draft', 'private', 'embargoed', 'controlled', 'withdrawn', 'published'] as const;
type Kind = (typeof kinds)[number];
const words: Record<Kind, string> = {
  draft: 'Quaggaquagga',
  private: 'Thylacinella',
  embargoed: 'Dodolino',
  controlled: 'Mammutoid',
  withdrawn: 'Moabird',
  published: 'Sparrowlike',
};
const numbers: Record<Kind, string> = {
  draft: '31331.125',
  private: '41732.375',
  embargoed: '52133.625',
  controlled: '62534.875',
  withdrawn: '72935.125',
  published: '83336.375',
};
/** Of these nobody knows that they are there. */
const unknown: readonly Kind[] = ['draft', 'private'];
/** Of these the metadata are public, the data not. */
const closed: readonly Kind[] = ['embargoed', 'controlled', 'withdrawn'];

let harness: Harness;
const studies = {} as Record<Kind, { accession: string; draft: string; item: string }>;

async function deposit(kind: Kind, token: string): Promise<void> {
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  // Not the first or the last in any order: how far data reach is told with the metadata, as the size of an image is.
  const csv = `frame,track,x,y\n0,1,0.5,1\n1,1,${numbers[kind]},2\n2,1,99999.5,3\n`;
  await harness.request(`${apiBase}/drafts/${id}/files/tracks.csv`, { method: 'PUT', body: csv, as: token });
  const params = { draft: id };
  const read = await eventually(async () => {
    const now = await client.call(routes.getDraft, { params });
    return now.items[0]?.ingest?.state === 'done' && now;
  });
  const metadata = completeMetadata();
  const body = {
    metadata: { ...metadata, values: { ...metadata.values, title: `${words[kind]} that move about` } },
  };
  await client.call(routes.saveDraft, { params, body, headers: { 'if-match': `"${read.revision}"` } } as never);
  studies[kind] = { accession, draft: id, item: read.items[0]!.id };
  if (kind === 'draft') return;
  // Each comes into its state by the way a depositor or a curator takes.
  if (kind === 'private' || kind === 'embargoed')
    await client.call(routes.setRelease, {
      params,
      body: { embargoUntil: inAMonth(), isPrivate: kind === 'private' },
    });
  if (kind === 'controlled')
    await client.call(routes.setDeclaration, { params, body: { ...onRequest, level: 'closed' } } as never);
  await client.call(routes.publishDraft, { params });
  if (kind === 'withdrawn')
    await harness.services.states.change(accession, { state: 'withdrawn', reason: 'The data were not ours to give.' });
}

const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const onRequest = {
  access: 'controlled',
  human: false,
  identifiable: false,
  consent: 'none',
  ethics: '',
  terms: 'To look at cells',
  contact: 'The archive of the laboratory',
};

beforeAll(async () => {
  harness = await openHarness();
  const { token } = await harness.member('dora');
  for (const kind of kinds) await deposit(kind, token);
});
afterAll(() => harness.close());

/** Addresses of the whole application, with the values of a study in their places. */
function addressesFor(kind: Kind): string[] {
  const { accession, draft, item } = studies[kind];
  const values: Record<string, string> = {
    accession,
    draft,
    item,
    dataset: `d-${item}`,
    version: '1',
    minor: '0',
    path: 'tracks.csv',
    table: 'edges',
    form: 'objects.csv',
    image: '0',
    id: accession,
    study: accession,
    slug: 'cells',
    archive: 'empiar',
    secret: 'micl_made-up-secret-of-nobody',
  };
  const paths = new Set(
    harness.app.routes.filter(({ method }) => method === 'GET' || method === 'HEAD').map(({ path }) => path),
  );
  return [...paths].map((path) =>
    path
      .replace(/:(\w+)(?:\{(?:[^{}]|\{[^{}]*\})*\})?\??/g, (_all, name: string) => values[name] ?? accession)
      .replace(/\*$/, accession),
  );
}

/** Addresses that say more than their path: lists that are searched, filtered, harvested. */
function questionsFor(kind: Kind): string[] {
  const { accession } = studies[kind];
  const word = words[kind];
  return [
    `/search?q=${word}`,
    `${apiBase}/studies?q=${word}`,
    `${apiBase}/studies?q=${accession}`,
    `${apiBase}/images?q=${word}`,
    '/feed.atom?q=move',
    '/feed.json?q=move',
    '/feed.atom',
    '/feed.json',
    '/oai?verb=ListRecords&metadataPrefix=oai_dc',
    '/oai?verb=ListRecords&metadataPrefix=datacite',
    `/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${accession}`,
    '/oai?verb=ListIdentifiers&metadataPrefix=oai_dc',
    '/sitemap.xml',
    `${apiBase}/explore?q=${word}`,
    `${apiBase}/usage`,
    `${apiBase}/totals`,
    `${apiBase}/sql?statement=${encodeURIComponent('select * from studies')}`,
    `/studies/${accession}?format=datacite`,
    `/studies/${accession}?lang=ja`,
  ];
}

async function said(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const answer = await harness.request(path, init);
  const parts: Uint8Array[] = [];
  let size = 0;
  // Notices that never end are read for a moment.
  for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    parts.push(part);
    size += part.length;
    if (size > 4_000_000) break;
  }
  const headers = [...answer.headers].flat().join(' ');
  return { status: answer.status, text: `${headers}\n${Buffer.concat(parts).toString('utf8')}` };
}

/** Marks in an answer that a visitor may not be told. */
const told = (text: string) => [
  ...unknown.filter((kind) => text.includes(words[kind])).map((kind) => `title of ${kind}`),
  ...[...unknown, ...closed].filter((kind) => text.includes(numbers[kind])).map((kind) => `data of ${kind}`),
];

test('the marks are told where they may be, so that their absence says something', async () => {
  const { accession } = studies.published;
  expect((await said(`${apiBase}/studies/${accession}`)).text).toContain(words.published);
  expect((await said(`${apiBase}/studies/${accession}/versions/1/files/tracks.csv`)).text).toContain(numbers.published);
  expect((await said(`${apiBase}/studies?q=${words.published}`)).text).toContain(accession);
  expect(addressesFor('published').length).toBeGreaterThan(100);
});

for (const kind of kinds)
  test(`every address there is, by a visitor, of a study that is ${kind}`, async () => {
    const wrong: string[] = [];
    for (const address of [...addressesFor(kind), ...questionsFor(kind)]) {
      const { status, text } = await said(address);
      // Pages are not built here, and say so.
      if (status >= 500 && status !== 503) wrong.push(`${address}: ${status}`);
      for (const mark of told(text)) wrong.push(`${address}: ${mark}`);
    }
    expect(wrong).toEqual([]);
  });

test('lists name no study that nobody may know of', async () => {
  const wrong: string[] = [];
  for (const address of questionsFor('published'))
    for (const kind of unknown)
      if ((await said(address)).text.includes(studies[kind].accession)) wrong.push(`${address}: ${kind}`);
  expect(wrong).toEqual([]);
});

test('a study that nobody may know of is answered as one that is not there', async () => {
  const wrong: string[] = [];
  for (const kind of unknown) {
    const { accession } = studies[kind];
    for (const path of Object.values(routes)
      .filter((route) => route.method === 'get' && route.path.includes('{accession}'))
      .map((route) => route.path)) {
      const of = (study: string) =>
        apiBase +
        path
          .replaceAll('{accession}', study)
          .replace('{version}', '1')
          .replaceAll(/\{\w+\}/g, 'x');
      const [here, none] = [await said(of(accession)), await said(of('MIC-999999'))];
      const body = (text: string) =>
        text
          .slice(text.indexOf('\n'))
          .replaceAll(accession, 'MIC-999999')
          .replace(/"requestId":"[^"]*"/, '');
      if (here.status !== none.status || body(here.text) !== body(none.text))
        wrong.push(`${kind} ${path}: ${here.status} ${none.status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no number that is told in public changes when a study is published that nobody may know of', async () => {
  const numbers = async () => {
    const told: Record<string, unknown> = {};
    const lists =
      'totals usage integrity self-assessment studies?more=1 images explore formats collections communities';
    for (const path of [
      ...lists.split(' ').map((name) => `${apiBase}/${name}`),
      '/',
      '/integrity',
      '/oai?verb=ListSets',
      '/oai?verb=Identify',
      '/oai?verb=ListIdentifiers&metadataPrefix=oai_dc',
      `${apiBase}/terms/${encodeURIComponent('NCBITaxon:9606')}`,
    ]) {
      const { text } = await said(path);
      // Moments, and what is counted of the installation itself.
      told[path] = text
        .slice(text.indexOf('\n'))
        .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '')
        .replaceAll(/\{"id":"audit(?:Events|Head)"[^}]*\}/g, '')
        .replaceAll(/"(?:requestId|checkedAt|version)":(?:"[^"]*"|[^,}]*)/g, '');
    }
    return told;
  };
  const before = await numbers();
  expect(before[`${apiBase}/totals`]).toContain('studies');
  const kept = { ...studies.private };
  await deposit('private', (await harness.member('petra')).token);
  const after = await numbers();
  studies.private = kept;
  for (const [path, told] of Object.entries(before)) expect(after[path], path).toEqual(told);
});

test('SQL and comparisons over all tables hold no data of closed studies', async () => {
  const ask = async (path: string, body: unknown) =>
    (
      await said(`${apiBase}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    ).text;
  for (const statement of [
    'select * from studies',
    'select * from datasets',
    ...[...unknown, ...closed].map((kind) => `select * from objects where x = ${numbers[kind]}`),
  ])
    expect(told(await ask('/sql', { statement })), statement).toEqual([]);
});
