import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run as runCommand } from '../../packages/cli/src/run.ts';
import { linksTo } from '../../packages/server/src/additions/study-relations.ts';
import { enterReaders, readersNote } from '../../packages/server/src/kept/kept-readers.ts';
import type { ImportedCitations } from '../../packages/server/src/questions/import-citations.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let folder = '';
let dora: Awaited<ReturnType<Harness['member']>>;
let cora: Awaited<ReturnType<Harness['member']>>;
let [cited, other, withdrawn] = ['', '', ''];
const home = 'https://micrarium.example';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-citations-'));
  harness = await openHarness(true, { environment: { MICRARIUM_URL: home } });
  dora = await harness.member('dora');
  cora = await harness.member('cora', 'curator');
  cited = await publishStudy(harness, dora.token, 'Cells that are cited');
  other = await publishStudy(harness, dora.token, 'Cells made of them');
  withdrawn = await publishStudy(harness, dora.token, 'Cells that are gone');
  const { db } = harness.services;
  await db
    .insertInto('doi')
    .values([cited, other, withdrawn].map((accession) => ({ accession, doi: `10.5072/${accession.toLowerCase()}` })))
    .execute();
  await db
    .insertInto('doi_part')
    .values({ accession: cited, version: 1, doi: `10.5072/${cited.toLowerCase()}.v1` })
    .execute();
  await db
    .insertInto('study_state')
    .values({ accession: withdrawn, state: 'withdrawn', reason: 'Wrong', actor: dora.user.id, archived: true } as never)
    .execute();
});
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

/** What `micrarium citations import` says of a file, and its exit code. */
async function run(name: string, content: string | Uint8Array, ...words: string[]) {
  const file = join(folder, name);
  await writeFile(file, content);
  let said = '';
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      said += piece.toString();
      done();
    },
  });
  const mail = { MICRARIUM_SMTP_URL: 'smtp://127.0.0.1:9', MICRARIUM_MAIL_FROM: 'archive@micrarium.example' };
  const environment = { MICRARIUM_DATA: harness.data, DATABASE_URL: harness.databaseUrl, MICRARIUM_URL: home, ...mail };
  const code = await runCommand(['citations', 'import', file, ...words], { out, err: out, environment });
  return { code, said };
}
async function imported(name: string, content: string | Uint8Array, ...words: string[]) {
  const { code, said } = await run(name, content, '--json', ...words);
  return { code, ...(JSON.parse(said) as ImportedCitations & { good: boolean }) };
}
const uses = async (as?: string) =>
  (await (await harness.request(`${apiBase}/studies/${cited}/reuse`, as === undefined ? {} : { as })).json()).reuses;
/** What one was told of found citations: on the page, and what waits for the mail of the day. */
async function told(of: { user: { id: string } }) {
  const rows = async (table: 'notice' | 'mail_digest') =>
    await harness.services.db
      .selectFrom(table)
      .select(['link', 'detail'])
      .where('user_id', '=', of.user.id)
      .where('kind', '=', 'reuse-found')
      .orderBy('id')
      .execute();
  return { page: await rows('notice'), digest: await rows('mail_digest') };
}
const page = async () => await (await harness.request(`/studies/${cited}`)).text();

const events = () =>
  JSON.stringify({
    data: [
      {
        attributes: {
          'subj-id': `https://doi.org/10.5072/${cited}`,
          'obj-id': 'https://doi.org/10.1234/OWN',
          'relation-type-id': 'is-supplement-to',
          'source-id': 'datacite-crossref',
          'occurred-at': '2025-03-04T00:00:00Z',
          obj: { name: 'The <i>paper</i> of <cells>' },
        },
      },
      {
        attributes: {
          'subj-id': 'https://doi.org/10.1234/again',
          'obj-id': `https://doi.org/10.5072/${cited.toLowerCase()}.V1`,
          'relation-type-id': 'references',
          'source-id': 'crossref',
          'occurred-at': '2025-05-06T00:00:00Z',
          subj: { title: 'A model of <cells>' },
        },
      },
      // The paper cites its own data too: that is no reuse.
      {
        attributes: {
          'subj-id': 'doi:10.1234/own',
          'obj-id': `10.5072/${cited}`,
          'relation-type-id': 'cites',
          'source-id': 'crossref',
        },
      },
    ],
  });

test('a trial writes nothing; the import puts reuse before the paper on the page, with source and date', async () => {
  expect(await imported('events.json', events(), '--dry-run')).toMatchObject({ code: 0, added: 2, repeated: 1 });
  expect(await uses()).toEqual([]);
  expect(await told(dora)).toEqual({ page: [], digest: [] });
  const first = await imported('events.json', events());
  expect(first).toMatchObject({ code: 0, good: true, entries: 3, added: 2, repeated: 1, notTaken: {}, issues: [] });
  // One notice for the file, which waits for the mail of the day; nothing goes at once, and nobody else is told.
  const notice = { link: `/reuse/${cited}`, detail: { count: 2, where: cited } };
  expect(await told(dora)).toEqual({ page: [notice], digest: [notice] });
  expect(await told(cora)).toEqual({ page: [], digest: [] });
  expect(await harness.services.db.selectFrom('mail_outbox').select('recipient').execute()).toEqual([]);
  expect(await imported('events.json', events())).toMatchObject({ known: 2 });
  expect((await told(dora)).page.length).toBe(1);
  expect(await uses()).toMatchObject([
    {
      identifier: '10.1234/again',
      use: 'reuse',
      version: 1,
      state: 'confirmed',
      title: 'A model of <cells>',
      reporter: '',
      foundIn: 'Event Data, crossref',
      foundOn: '2025-05-06',
    },
    {
      identifier: '10.1234/own',
      use: 'primary',
      title: 'The paper of <cells>',
      foundIn: 'Event Data, datacite-crossref',
    },
  ]);
  const shown = await page();
  expect(shown).toContain('found by Event Data, crossref, 6 May 2025');
  expect(shown).toContain('A model of &lt;cells&gt;');
  expect(shown.indexOf('10.1234/again')).toBeGreaterThan(shown.indexOf('id="reuse"'));
  expect(shown.indexOf('id="papers"')).toBeGreaterThan(shown.indexOf('10.1234/again'));
  expect(shown.indexOf('10.1234/own')).toBeGreaterThan(shown.indexOf('id="papers"'));
  const citation = async (format: string) =>
    await (await harness.request(`${apiBase}/studies/${cited}/versions/1/citation?format=${format}`)).text();
  expect(await citation('bibtex')).toContain(
    'annote = {Used again in: A model of <cells>, 10.1234/again. Published with: The paper of <cells>, 10.1234/own}',
  );
  expect(await citation('ris')).toContain('N1  - Published with: The paper of <cells>, 10.1234/own\r\n');
  const links = await linksTo(harness.services.db, cited, home);
  expect(links.map(({ url, relation }) => [url, relation])).toEqual(
    expect.arrayContaining([
      ['https://doi.org/10.1234/own', 'IsSupplementTo'],
      ['https://doi.org/10.1234/again', 'IsCitedBy'],
    ]),
  );
  const profile = await (await harness.request(`${apiBase}/people/${dora.user.id}`)).json();
  expect(profile.reuses.map(({ identifier }: { identifier: string }) => identifier)).toEqual(['10.1234/again']);
});

test('given again, packed and in other words, it changes nothing; what is noted says who found it', async () => {
  expect(await imported('again.json.gz', gzipSync(events()))).toMatchObject({
    code: 0,
    added: 0,
    known: 2,
    changed: 0,
  });
  expect((await uses()).length).toBe(2);
  const noted = await harness.services.db
    .selectFrom('audit_event')
    .select(['action', 'target', 'via', 'detail'])
    .where('action', '=', 'reuse.import')
    .execute();
  expect(noted.map(({ target, via }) => [target, via])).toEqual(Array(2).fill([cited, 'operator']));
  expect(noted.map(({ detail }) => (detail as { source: string }).source).sort()).toEqual([
    'Event Data, crossref',
    'Event Data, datacite-crossref',
  ]);
});

test('studies by accession and address; what is about no public study, or no citation, is counted and listed', async () => {
  const table = [
    'paper,study,version,kind,title',
    `10.1234/table,${cited.toLowerCase()},1,reuse,Told by hand`,
    `10.5072/${other},${home}/studies/${cited}/v/1,,,`,
    `10.1234/none,${withdrawn},,,`,
    `10.1234/none,10.5072/${withdrawn},,,`,
    `10.1234/none,MIC-999999,,,`,
    `10.1234/none,${cited},7,,`,
    `https://example.org/blog,${cited},,,`,
    `${cited},10.5072/${cited},,,`,
    `10.1234/none,https://elsewhere.example/studies/${cited},,,`,
    `10.1234/none,${cited},,maybe,`,
    '',
  ].join('\n');
  const answer = await imported('table.csv', table);
  expect(answer).toMatchObject({
    code: 0,
    entries: 9,
    added: 2,
    notTaken: { 'no-study': 4, 'no-version': 1, 'no-doi': 1, itself: 1 },
  });
  expect(answer.issues.map(({ code }) => code)).toEqual(['citations-entry']);
  expect(answer.unmatched[0]).toEqual({ entry: 3, work: '10.1234/none', data: withdrawn, reason: 'no-study' });
  // What was found last stands first, and papers of the data stand last.
  expect(await uses()).toMatchObject([
    { identifier: '10.1234/table', title: 'Told by hand', foundIn: 'a list of citations' },
    { identifier: other, kind: 'study', title: 'Cells made of them', url: `/studies/${other}` },
    { identifier: '10.1234/again' },
    { identifier: '10.1234/own' },
  ]);
  const { said, code } = await run('table.csv', table);
  expect(code).toBe(0);
  expect(said).toContain('9 entries: 0 citations added');
  expect(said).toContain(`entry 3: 10.1234/none about ${withdrawn}: no-study`);
});

test('what the owner or a curator declines stays declined, and what they say stands in the log', async () => {
  const [first] = await uses();
  const at = (id: string) => `${apiBase}/studies/${cited}/reuse/${id}`;
  const send = async (method: string, id: string, as: string, body?: object) =>
    (
      await harness.request(at(id), {
        method,
        as,
        headers: { origin: home, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    ).status;
  expect(await send('PUT', first.id, dora.cookie, { state: 'declined', reason: 'Another study' })).toBe(204);
  const [second] = await uses();
  expect(await send('DELETE', second.id, cora.cookie)).toBe(204);
  const table = `paper,study,kind\n${first.identifier},${cited},primary\n${second.identifier},${cited},reuse\n`;
  expect(await imported('declined.csv', table)).toMatchObject({ added: 0, changed: 0, known: 2 });
  const shown = (await uses()).map(({ identifier }: { identifier: string }) => identifier);
  expect(shown).not.toContain(first.identifier);
  expect(shown).not.toContain(second.identifier);
  expect((await uses(dora.cookie)).length).toBe(4);
  const noted = await harness.services.db
    .selectFrom('audit_event')
    .select(['actor'])
    .where('action', '=', 'reuse.declined')
    .execute();
  expect(noted.map(({ actor }) => actor).sort()).toEqual([dora.user.id, cora.user.id].sort());
});

test('a use becomes the paper of the data when somebody says so; the archive keeps all of it', async () => {
  const { db } = harness.services;
  const table = `paper,study,kind\n10.1234/late,${cited},reuse\n`;
  expect(await imported('late.csv', table)).toMatchObject({ added: 1 });
  expect(await imported('late.csv', table.replace('reuse', 'primary'))).toMatchObject({ changed: 1 });
  const before = await uses();
  expect(before.filter(({ use }: { use: string }) => use === 'primary').length).toBe(2);
  const kept = await readersNote(db, cited);
  await db.deleteFrom('study_reuse').execute();
  await enterReaders(db, cited, JSON.parse(JSON.stringify(kept!.note)));
  expect(await uses()).toEqual(before);
  // What was declined comes back as that, without the reason, and no file enters it anew.
  const states = async () =>
    (await uses(dora.cookie)).filter(({ state }: { state: string }) => state === 'declined') as {
      identifier: string;
      reason: string;
    }[];
  const gone = await states();
  expect(gone.length).toBe(2);
  expect(gone.map(({ reason }) => reason)).toEqual(['', '']);
  const again = gone.map(({ identifier }) => `${identifier},${cited},reuse\n`).join('');
  expect(await imported('again.csv', `paper,study,kind\n${again}`)).toMatchObject({ added: 0, known: 2 });
  expect(await uses()).toEqual(before);
});

test('a file that is none ends with 1 and says why, without a fault', async () => {
  expect(await imported('cut.json', events().slice(0, 200))).toMatchObject({
    code: 1,
    good: false,
    issues: [{ code: 'citations-cut' }],
  });
  expect(await imported('other.csv', 'a,b\n')).toMatchObject({ code: 1, issues: [{ code: 'citations-unreadable' }] });
  expect((await run('no.json.gz', 'no gzip')).code).toBe(1);
  const unheard = JSON.stringify({ subj_id: '10.1/a', obj_id: cited, relation_type_id: 'likes' });
  expect(await imported('likes.jsonl', `${unheard}\n${unheard}\n`)).toMatchObject({
    code: 0,
    notTaken: { 'unknown-relation': 2 },
    issues: [{ code: 'citations-relation' }, { code: 'citations-relation' }],
  });
  expect(harness.faults).toEqual([]);
});

test('a title with marks of type is plain text in whatever names the study', async () => {
  const marked = await publishStudy(harness, dora.token, 'Nuclei of <i>Danio  rerio</i> at < 5 h');
  const plain = 'Nuclei of Danio rerio at < 5 h';
  const at = (path: string, as = dora.cookie) => harness.request(`${apiBase}${path}`, { as });
  for (const path of ['questions', 'reuse', 'transfer', 'access'])
    expect(await (await at(`/studies/${marked}/${path}`)).json(), path).toMatchObject({ title: plain });
  const profile = await (await at(`/people/${dora.user.id}`)).json();
  expect(profile.studies.map(({ title }: { title: string }) => title)).toContain(plain);
  // A report without a title takes the study's own; one with the marks of a publisher loses them.
  const report = async (identifier: string, title: string, kind: string) =>
    await harness.request(`${apiBase}/studies/${other}/reuse`, {
      method: 'POST',
      as: cora.cookie,
      headers: { 'content-type': 'application/json', origin: home },
      body: JSON.stringify({ kind, identifier, title, remark: '' }),
    });
  expect(await (await report(marked, '', 'study')).json()).toMatchObject({ title: plain });
  const paper = 'On <jats:italic>Danio</jats:italic> &amp; <scp>DNA</scp> <script>x</script>';
  expect(await (await report('10.1234/marked', paper, 'paper')).json()).toMatchObject({
    title: 'On Danio & DNA <script>x</script>',
  });
});
