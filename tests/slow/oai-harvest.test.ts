import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '@micrarium/standards';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from '../server/harness.ts';
import { documentOf, versionOf } from '../server/study-store-suite.ts';

const studies = 10_000;
const atOnce = 500;
const padded = (n: number) => `MIC-${String(n).padStart(6, '0')}`;
const instant = '2026-03-01T12:00:00.000Z';

let harness: Harness;

/** Its document names it: answers are made, and gone on with, by that name. */
const ownDocument = `jsonb_build_object('document', jsonb_set(to_jsonb(first)->'document', '{accession}', to_jsonb('MIC-' || lpad(n::text, 6, '0'))))`;

/** Writes rows as often as there are studies, each with its own accession, out of those of the first. */
async function multiply(table: string, more: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'`.execute(
    harness.services.db,
  );
  const columns = rows.map(({ name }) => `"${name}"`).join(', ');
  await sql
    .raw(
      `insert into ${table} (${columns}) select ${columns} from (
        select (jsonb_populate_record(first, jsonb_build_object('accession', 'MIC-' || lpad(n::text, 6, '0')) || ${more})).*
        from ${table} as first, generate_series(2, ${studies}) as n where first.accession = 'MIC-000001') as made`,
    )
    .execute(harness.services.db);
}

beforeAll(async () => {
  harness = await openHarness(false);
  const first = versionOf(padded(1));
  await harness.services.studies.recordVersion(
    { ...first, publishedAt: instant },
    documentOf(padded(1), { publishedAt: instant, year: '2026', kinds: ['images'] }),
  );
  await multiply('study', `'{}'::jsonb`);
  await multiply('study_version', ownDocument);
  // The first five hundred share one instant; the others come one a second.
  await multiply(
    'search_document',
    `${ownDocument} || jsonb_build_object('changed_at', case when n <= ${atOnce} then '${instant}'::timestamptz
      else '2026-04-01T00:00:00Z'::timestamptz + n * interval '1 second' end)`,
  );
  await sql`update search_document set changed_at = ${instant} where accession = ${padded(1)}`.execute(
    harness.services.db,
  );
}, 300_000);
afterAll(() => harness.close());

const ask = async (query: string): Promise<XmlElement> => {
  const read = readXml(await (await harness.request(`/oai?${query}`)).text());
  if (!('root' in read)) throw new Error(JSON.stringify(read.fault));
  return read.root;
};

/** A whole harvest of headers; `between` runs before each further answer. */
async function harvest(query: string, between: (answers: number) => Promise<void> = () => Promise.resolve()) {
  const seen: { accession: string; at: string; isDeleted: boolean }[] = [];
  for (let [next, answers] = [`verb=ListIdentifiers&${query}`, 1]; ; answers++) {
    const list = childOf(await ask(next), 'ListIdentifiers')!;
    for (const header of childrenOf(list, 'header'))
      seen.push({
        accession: textWithin(childOf(header, 'identifier')!).replace(/^.*:/, ''),
        at: textWithin(childOf(header, 'datestamp')!),
        isDeleted: header.attributes['status'] === 'deleted',
      });
    // A fault that tells the same answer for ever is to be seen as one.
    if (answers > (2 * studies) / 100) throw new Error(`After ${answers} answers the harvest is not over`);
    const token = childOf(list, 'resumptionToken');
    if (!token || textWithin(token) === '') return { seen, answers };
    await between(answers);
    next = `verb=ListIdentifiers&resumptionToken=${textWithin(token)}`;
  }
}

test('ten thousand records, five hundred of one instant: each is told once, in the order of their change', async () => {
  const { seen, answers } = await harvest('metadataPrefix=oai_dc');
  expect([seen.length, new Set(seen.map(({ accession }) => accession)).size]).toEqual([studies, studies]);
  expect(answers).toBe(studies / 100);
  expect(seen.filter(({ at }) => at === '2026-03-01T12:00:00Z')).toHaveLength(atOnce);
  const stamps = seen.map(({ at }) => at);
  expect(stamps).toEqual([...stamps].sort());
  const instantOnly = 'metadataPrefix=oai_dc&from=2026-03-01T12:00:00Z&until=2026-03-01T12:00:00Z';
  expect((await harvest(instantOnly)).seen).toHaveLength(atOnce);
  const rest = await harvest('metadataPrefix=oai_dc&from=2026-03-01T12:00:01Z');
  expect(rest.seen).toHaveLength(studies - atOnce);
});

test('what is published, withdrawn and changed during a harvest is told again, and nothing is missed', async () => {
  const { studies: store, states, db } = harness.services;
  const added = [padded(20_001), padded(20_002)];
  // Of those told already, of those at the edge of an answer, and of those to come.
  const withdrawn = [padded(3), padded(100), padded(101), padded(400), padded(9_999)];
  const changed = padded(250);
  const { seen } = await harvest('metadataPrefix=oai_dc', async (answers) => {
    if (answers === 1)
      for (const accession of withdrawn.slice(0, 3))
        await states.change(accession, { state: 'withdrawn', reason: 'x' });
    if (answers === 3) {
      await store.recordVersion(versionOf(added[0]!), documentOf(added[0]!));
      await sql`update search_document set changed_at = date_trunc('milliseconds', now()) where accession = ${changed}`.execute(
        db,
      );
    }
    if (answers === 50)
      for (const accession of withdrawn.slice(3)) await states.change(accession, { state: 'withdrawn', reason: 'x' });
    if (answers === 99) await store.recordVersion(versionOf(added[1]!), documentOf(added[1]!));
  });
  const last = new Map(seen.map((one) => [one.accession, one]));
  expect(last.size).toBe(studies + added.length);
  for (const accession of withdrawn) expect([accession, last.get(accession)!.isDeleted]).toEqual([accession, true]);
  for (const accession of added) expect(last.get(accession)!.isDeleted).toBe(false);
  expect(seen.filter(({ accession }) => accession === changed)).toHaveLength(2);
  // Told once more at most: what changed after it was told.
  expect(seen.length).toBeLessThanOrEqual(studies + added.length + withdrawn.length + 1);
});

const hasHttpOai = spawnSync('perl', ['-MHTTP::OAI', '-MJSON::PP', '-e', '1']).status === 0;
if (!hasHttpOai) console.warn('Perl HTTP::OAI is not installed: it harvests nothing here');

test.skipIf(!hasHttpOai)('Perl HTTP::OAI harvests all of them, deletions too', async () => {
  const harvester = String.raw`
use strict; use HTTP::OAI; use JSON::PP;
my $h = HTTP::OAI::Harvester->new(baseURL => $ARGV[0]);
my (%seen, $count, $deleted); ($count, $deleted) = (0, 0);
my $r = $h->ListRecords(metadataPrefix => 'oai_dc', onRecord => sub { my $rec = shift; $count++; $seen{$rec->identifier}++; $deleted++ if $rec->is_deleted });
print JSON::PP->new->canonical->encode({ count => $count, different => scalar(keys %seen), deleted => $deleted, error => $r->is_error ? $r->message : undef });
`;
  const server = createServer((request, response) => {
    void harness.request(request.url ?? '/').then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oai`;
    const { stdout } = await promisify(execFile)('perl', ['-e', harvester, base], { maxBuffer: 20_000_000 });
    const all = studies + 2;
    expect(JSON.parse(stdout)).toEqual({ count: all, different: all, deleted: 5, error: null });
  } finally {
    server.close();
  }
});
