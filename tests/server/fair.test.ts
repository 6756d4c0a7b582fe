import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { type FairAsk, harvestForFair, judgeFair } from '@micrarium/standards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askOnce } from '../../packages/cli/src/ask-once.ts';
import { completeMetadata } from './complete-metadata.ts';
import { type Harness, openHarness, origin } from './harness.ts';
import { type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';
import { fillDraft, trackTable } from './publish-study.ts';

let registrar: LocalRegistrar;
let resolver: string;
let folder: string;
let harness: Harness;
let accession: string;
let member: Awaited<ReturnType<Harness['member']>>;

/** Publishes a study whose organism is a term of a vocabulary, with a DOI where the installation has an account. */
async function publishFair(harness: Harness, token: string, title: string, embargoUntil?: string): Promise<string> {
  const client = harness.client(token);
  const draft = await client.call(routes.createDraft, {});
  const params = { draft: draft.id };
  if (harness.services.dois) await client.call(routes.reserveDoi, { params });
  await fillDraft(harness, token, draft.id, { 'tracks.csv': trackTable });
  const { revision } = await client.call(routes.getDraft, { params });
  const metadata = completeMetadata(title);
  metadata.values['organism'] = [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }];
  metadata.values['contactOrcid'] = '0000-0002-1825-0097';
  const headers = { 'if-match': `"${revision}"` };
  await client.call(routes.saveDraft, { params, body: { metadata }, headers } as never);
  if (embargoUntil !== undefined)
    await harness.request(`${apiBase}/drafts/${draft.id}/release`, {
      method: 'PUT',
      as: token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ embargoUntil }),
    });
  await client.call(routes.publishDraft, { params });
  // Reserved, then registered.
  for (const minutes of [1, 60]) await harness.services.dois?.drain(new Date(Date.now() + minutes * 60_000));
  return draft.accession;
}

beforeAll(async () => {
  registrar = await openLocalRegistrar({ repository: 'MIC.TEST', password: 'open sesame', prefix: '10.5072' });
  resolver = registrar.url;
  folder = mkdtempSync(join(tmpdir(), 'micrarium-fair-'));
  writeFileSync(join(folder, 'password'), 'open sesame\n');
  harness = await openHarness(true, {
    environment: {
      MICRARIUM_URL: origin,
      MICRARIUM_DATACITE_URL: `${resolver}/`,
      MICRARIUM_DATACITE_REPOSITORY: 'MIC.TEST',
      MICRARIUM_DATACITE_PASSWORD_FILE: join(folder, 'password'),
      MICRARIUM_DATACITE_PREFIX: '10.5072',
    },
  });
  member = await harness.member('ada');
  accession = await publishFair(harness, member.token, 'Worms that move');
});
afterAll(async () => {
  await harness.close();
  await registrar.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The web: an application under its public address, and the resolver. */
const askOf =
  (asked: () => Harness): FairAsk =>
  async (address, { method, accept, range }) => {
    if (new URL(address).origin !== origin) return await askOnce(address, { method });
    const { pathname, search } = new URL(address);
    const headers = { ...(accept ? { accept } : {}), ...(range ? { range } : {}) };
    const answer = await asked().request(`${pathname}${search}`, { method, headers, redirect: 'manual' });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  };

const ask = askOf(() => harness);

test('a published study gets 26 of 26 points from who knows its page and nothing else', async () => {
  const harvest = await harvestForFair(`${origin}/studies/${accession}`, ask, resolver);
  const report = judgeFair(harvest);
  expect(report.metrics.filter(({ earned, possible }) => earned < possible)).toEqual([]);
  expect([report.earned, report.possible]).toEqual([26, 26]);
  expect(harvest.identifiers.map(({ scheme, isRegistered }) => [scheme, isRegistered])).toContainEqual(['DOI', true]);
  expect(harvest.identifiers[0]!.leadsTo).toContain(`/studies/${accession}`);
  // In the page and in the description that is asked for by its type, by the address that each gives it.
  const seen = harvest.files.map(({ status, mediaType, size }) => [status, mediaType, size]);
  const whole = [200, 'text/csv', trackTable.length];
  expect(seen).toEqual([whole, whole]);
  expect(new Set(harvest.documents.map(({ way }) => way))).toEqual(new Set(['typed link', 'content negotiation']));
});

/** Points, and the metrics that lack some. */
async function judged(of: string, asked: FairAsk) {
  const { earned, possible, metrics } = judgeFair(await harvestForFair(`${origin}/studies/${of}`, asked, resolver));
  return { earned, possible, lacks: metrics.filter((one) => one.earned < one.possible).map(({ id }) => id) };
}

test('so does one of the database tier; one under embargo lacks the file that can be fetched, and nothing else', async () => {
  const curated = await publishFair(harness, member.token, 'Worms of the database tier');
  await sql`update study_version set document = jsonb_set(document, '{tier}', '"database"') where accession = ${curated}`.execute(
    harness.services.db,
  );
  expect(await (await harness.request(`${apiBase}/studies/${curated}`)).json()).toMatchObject({ tier: 'database' });
  expect(await judged(curated, ask)).toEqual({ earned: 26, possible: 26, lacks: [] });
  const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const closed = await publishFair(harness, member.token, 'Worms of next month', until);
  expect(await judged(closed, ask)).toEqual({ earned: 25, possible: 26, lacks: ['FsF-A1-02MD'] });
});

test('without an account at a registrar a study has no persistent identifier, and says so', async () => {
  const plain = await openHarness(true, { environment: { MICRARIUM_URL: origin } });
  try {
    const { token } = await plain.member('eve');
    const asked = askOf(() => plain);
    const of = await publishFair(plain, token, 'Worms without a DOI');
    expect(await judged(of, asked)).toEqual({ earned: 25, possible: 26, lacks: ['FsF-F1-02MD'] });
  } finally {
    await plain.close();
  }
});

test('links lead from the page to files and descriptions, and from all of them back', async () => {
  const page = `${origin}/studies/${accession}/v/1`;
  const { linkset } = (await (await harness.request(`/studies/${accession}/v/1/linkset`)).json()) as {
    linkset: ({ anchor: string } & Record<string, unknown>)[];
  };
  const targets = (anchor: string, rel: string) =>
    (linkset.find((set) => set.anchor === anchor)?.[rel] ?? []) as { href: string; type?: string }[];
  for (const rel of ['cite-as', 'author', 'license', 'describedby', 'type', 'item'])
    expect([rel, targets(page, rel).length > 0]).toEqual([rel, true]);
  const back = [{ href: page, type: 'text/html' }];
  for (const { href } of targets(page, 'item')) expect(targets(href, 'collection')).toEqual(back);
  for (const { href } of targets(page, 'describedby')) expect(targets(href, 'describes')).toEqual(back);
  for (const { anchor, ...relations } of linkset)
    for (const address of [anchor, ...(Object.values(relations).flat() as { href: string }[]).map(({ href }) => href)])
      expect(address).toMatch(/^https?:\/\//);
  const file = await harness.request(new URL(targets(page, 'item')[0]!.href).pathname, { method: 'HEAD' });
  expect(file.headers.get('link')).toBe(
    `<${page}>; rel="collection"; type="text/html", <${page}/linkset>; rel="linkset"; type="application/linkset+json"`,
  );
});
