import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { hasSchema, kernel46 } from './local-registrar.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

const hasHttpOai = spawnSync('perl', ['-MHTTP::OAI', '-MJSON::PP', '-e', '1']).status === 0;
if (!hasHttpOai) console.warn('Perl HTTP::OAI is not installed: it harvests nothing here');

/** Harvests all there is; its loop over a list sees the last page alone, so it is told of each record. */
const harvester = String.raw`
use strict; use HTTP::OAI; use JSON::PP;
my $h = HTTP::OAI::Harvester->new(baseURL => $ARGV[0]);
my $id = $h->Identify;
my %said = (name => $id->repositoryName, deleted => $id->deletedRecord);
my $formats = $h->ListMetadataFormats; my @formats;
while (my $f = $formats->next) { push @formats, $f->metadataPrefix }
$said{formats} = [sort @formats];
sub harvest {
  my (%seen, $count, $deleted); ($count, $deleted) = (0, 0);
  my $r = $h->ListRecords(@_, onRecord => sub { my $rec = shift; $count++; $seen{$rec->identifier}++; $deleted++ if $rec->is_deleted });
  return { count => $count, different => scalar(keys %seen), deleted => $deleted, error => $r->is_error ? $r->message : undef };
}
$said{records}{$_} = harvest(metadataPrefix => $_) for qw(oai_dc datacite oai_datacite);
$said{one} = harvest(metadataPrefix => 'oai_dc', set => 'type:tracks');
my $sets = $h->ListSets; my @sets; while (my $s = $sets->next) { push @sets, $s->setSpec }
$said{sets} = \@sets;
print JSON::PP->new->canonical->encode(\%said);
`;

const studies = 230;
const padded = (n: number) => `MIC-${String(n).padStart(6, '0')}`;

describe('OAI-PMH', () => {
  let harness: Harness;
  const documents = new Map<string, ReturnType<typeof documentOf>>();
  const ask = async (query: string): Promise<XmlElement> => {
    const answer = await harness.request(`/oai?${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
    const read = readXml(await answer.text());
    if (!('root' in read)) throw new Error(JSON.stringify(read.fault));
    return read.root;
  };
  const error = async (query: string) => childOf(await ask(query), 'error')?.attributes;
  /** Identifiers of a whole list, token by token. */
  const harvest = async (query: string) => {
    const found: string[] = [];
    for (let next = `verb=ListIdentifiers&${query}`; ; ) {
      const list = childOf(await ask(next), 'ListIdentifiers')!;
      found.push(...childrenOf(list, 'header').map((header) => textWithin(childOf(header, 'identifier')!)));
      const token = childOf(list, 'resumptionToken');
      if (!token || textWithin(token) === '') return { found, last: token };
      next = `verb=ListIdentifiers&resumptionToken=${textWithin(token)}`;
    }
  };

  beforeAll(async () => {
    harness = await openHarness(false);
    for (let n = 1; n <= studies; n++) {
      // A hundred and fifty share one instant: keys, not times, must part them.
      const publishedAt =
        n <= 150 ? '2026-03-01T12:00:00.000Z' : `2026-04-${String(1 + (n % 28)).padStart(2, '0')}T00:00:00.000Z`;
      const document = documentOf(padded(n), {
        title: `Study <${n}> & more`,
        publishedAt,
        year: '2026',
        licence: n % 2 ? 'CC0-1.0' : 'CC-BY-4.0',
        kinds: n === 7 ? ['tracks'] : ['images'],
      });
      const version = versionOf(padded(n));
      const values = { ...version.metadata.values, title: document.title };
      const metadata = { ...version.metadata, values };
      await harness.services.studies.recordVersion({ ...version, metadata, publishedAt }, document);
      documents.set(padded(n), document);
    }
  });
  afterAll(() => harness.close());

  test('says who it is and what it gives', async () => {
    const identify = childOf(await ask('verb=Identify'), 'Identify')!;
    expect(textWithin(childOf(identify, 'earliestDatestamp')!)).toBe('2026-03-01T12:00:00Z');
    expect(textWithin(childOf(identify, 'adminEmail')!)).toBe('postmaster@localhost');
    const sets = childrenOf(childOf(await ask('verb=ListSets'), 'ListSets')!, 'set').map((set) =>
      textWithin(childOf(set, 'setSpec')!),
    );
    expect(sets).toEqual(expect.arrayContaining(['licence', 'licence:CC0-1.0', 'type:tracks']));
    expect(childOf(await ask('verb=ListMetadataFormats'), 'ListMetadataFormats')).toBeDefined();
  });

  test('a harvest gets every study once, over as many answers as it takes; the last token is empty', async () => {
    const { found, last } = await harvest('metadataPrefix=oai_dc');
    expect(found).toHaveLength(studies);
    expect(new Set(found).size).toBe(studies);
    expect(last?.attributes).toMatchObject({ completeListSize: String(studies), cursor: '200' });
    const short = await harvest('metadataPrefix=oai_dc&set=type:tracks');
    expect(short).toEqual({ found: ['oai:localhost:MIC-000007'], last: undefined });
    expect((await harvest('metadataPrefix=oai_dc&set=licence:CC0-1.0')).found).toHaveLength(studies / 2);
    expect((await harvest('metadataPrefix=oai_dc&from=2026-04-01&until=2026-04-30')).found).toHaveLength(80);
    expect((await harvest('metadataPrefix=oai_dc&until=2026-03-01T12:00:00Z')).found).toHaveLength(150);
  });

  test('tokens are signed, name the day they end, and serve the list they were given for alone', async () => {
    const list = childOf(await ask('verb=ListIdentifiers&metadataPrefix=oai_dc'), 'ListIdentifiers')!;
    const element = childOf(list, 'resumptionToken')!;
    const token = textWithin(element);
    const expires = Date.parse(element.attributes['expirationDate']!);
    expect(element.attributes).toMatchObject({ completeListSize: String(studies), cursor: '0' });
    expect(expires).toBeGreaterThan(Date.now() + 3_600_000);
    const [question = '', signature = ''] = token.split('.');
    const wider = Buffer.from(Buffer.from(question, 'base64url').toString().replace('oai_dc', 'datacite')).toString(
      'base64url',
    );
    for (const wrong of [`${wider}.${signature}`, question, `${token}x`, `${token}.x`])
      expect(await error(`verb=ListIdentifiers&resumptionToken=${wrong}`)).toMatchObject({
        code: 'badResumptionToken',
      });
    expect(await error(`verb=ListSets&resumptionToken=${token}`)).toMatchObject({ code: 'badResumptionToken' });
    expect(await error(`verb=ListIdentifiers&resumptionToken=${token}`)).toBeUndefined();
  });

  test('sets of one family are a set too; the tier is one of them', async () => {
    const whole = await harvest('metadataPrefix=oai_dc');
    for (const set of ['tier', 'licence', 'type'])
      expect((await harvest(`metadataPrefix=oai_dc&set=${set}`)).found).toEqual(whole.found);
    expect((await harvest('metadataPrefix=oai_dc&set=tier:archive')).found).toEqual(whole.found);
    expect(await error('verb=ListIdentifiers&metadataPrefix=oai_dc&set=tier:database')).toMatchObject({
      code: 'noRecordsMatch',
    });
    const record = await ask('verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:MIC-000003');
    const header = childOf(childOf(childOf(record, 'GetRecord')!, 'record')!, 'header')!;
    expect(childrenOf(header, 'setSpec').map(textWithin)).toEqual(['licence:CC0-1.0', 'tier:archive', 'type:images']);
  });

  test.skipIf(!hasHttpOai)(
    'Perl HTTP::OAI harvests every record in every form, and sets, formats and Identify',
    async () => {
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
        const said = JSON.parse(stdout) as Record<string, unknown>;
        const each = { count: studies, different: studies, deleted: 0, error: null };
        expect(said).toMatchObject({
          name: 'Micrarium',
          deleted: 'persistent',
          formats: ['datacite', 'oai_datacite', 'oai_dc'],
          records: { oai_dc: each, datacite: each, oai_datacite: each },
          sets: expect.arrayContaining(['tier:database', 'licence:CC0-1.0']),
          one: { count: 1, different: 1, deleted: 0, error: null },
        });
      } finally {
        server.close();
      }
    },
  );

  test.skipIf(!hasSchema)('what is given as datacite keeps to the schema of kernel 4.6', async () => {
    const answer = await harness.request(
      '/oai?verb=GetRecord&metadataPrefix=datacite&identifier=oai:localhost:MIC-000003',
    );
    const resource = /<resource[\s>].*<\/resource>/s.exec(await answer.text())![0];
    const checked = spawnSync('xmllint', ['--nonet', '--noout', '--schema', kernel46, '-'], {
      input: resource,
      encoding: 'utf8',
    });
    // These studies have no authors, which the schema asks for; nothing else may be wrong.
    expect(checked.stderr.split('\n').filter((line) => /error/.test(line) && !/creators/.test(line))).toEqual([]);
  });

  test('a study that is withdrawn is told of as deleted, in its sets too, and a datestamp before all others counts', async () => {
    const { states } = harness.services;
    const accession = padded(7);
    await states.change(accession, { state: 'withdrawn', reason: 'By mistake' });
    // The studies here are found by documents that were made up, and withdrawn by what is stored of them.
    const { db } = harness.services;
    const summary = JSON.stringify(documents.get(accession));
    await db.updateTable('study_state').set({ summary }).where('accession', '=', accession).execute();
    const at = `verb=ListIdentifiers&metadataPrefix=oai_dc`;
    for (const query of [
      'set=type:tracks',
      'set=licence:CC0-1.0&from=2026-11-01',
      'set=tier:archive&from=2026-11-01',
    ]) {
      const headers = childrenOf(childOf(await ask(`${at}&${query}`), 'ListIdentifiers')!, 'header');
      expect(
        headers.map((header) => [header.attributes['status'], textWithin(childOf(header, 'identifier')!)]),
      ).toEqual([['deleted', `oai:localhost:${accession}`]]);
    }
    expect(await error(`${at}&set=licence:CC-BY-4.0&from=2026-11-01`)).toMatchObject({ code: 'noRecordsMatch' });
    const got = childOf(
      await ask(`verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${accession}`),
      'GetRecord',
    )!;
    const record = childOf(got, 'record')!;
    expect(childOf(record, 'metadata')).toBeUndefined();
    expect(childOf(record, 'header')!.attributes).toEqual({ status: 'deleted' });
    await db
      .updateTable('study_state')
      .set({ at: new Date('2026-01-05T06:07:08.900Z') })
      .where('accession', '=', accession)
      .execute();
    const identify = childOf(await ask('verb=Identify'), 'Identify')!;
    expect(textWithin(childOf(identify, 'earliestDatestamp')!)).toBe('2026-01-05T06:07:08Z');
  });

  test('records are Dublin Core, with what XML needs escaped', async () => {
    const record = childOf(
      childOf(await ask('verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:MIC-000003'), 'GetRecord')!,
      'record',
    )!;
    const dc = childrenOf(childOf(record, 'metadata')!)[0]!;
    expect(childrenOf(dc).map(textWithin)).toContain('Study <3> & more');
    const form = await harness.request('/oai', {
      method: 'POST',
      body: 'verb=Identify',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await form.text()).toContain('<repositoryName>Micrarium</repositoryName>');
  });

  test.each([
    ['', 'badVerb'],
    ['verb=Frobnicate', 'badVerb'],
    ['verb=Identify&verb=Identify', 'badVerb'],
    ['verb=Identify&set=x', 'badArgument'],
    ['verb=ListRecords', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=yesterday', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=2026-05-01&until=2026-04-01', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=2026-05-01&until=2026-06-01T00:00:00Z', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x', 'badArgument'],
    ['verb=ListRecords&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListSets&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
    ['verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:MIC-999999', 'idDoesNotExist'],
    ['verb=GetRecord&metadataPrefix=oai_dc&identifier=nonsense', 'idDoesNotExist'],
    ['verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&set=type:nothing', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&set=tier:nothing', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&set=collection', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&set=constructor', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&until=0000-01-01', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=0000-01-01T00:00:00Z', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-28T24:00:00Z', 'badArgument'],
    ['verb=GetRecord&metadataPrefix=oai_dc', 'badArgument'],
    ['verb=ListMetadataFormats&identifier=oai:localhost:MIC-999999', 'idDoesNotExist'],
  ])('%s is answered by %s', async (query, code) => {
    expect(await error(query)).toMatchObject({ code });
    const request = childOf(await ask(query), 'request')!;
    if (code === 'badVerb' || code === 'badArgument') expect(request.attributes).toEqual({});
  });
});
