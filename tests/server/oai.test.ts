import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

const studies = 230;
const padded = (n: number) => `MIC-${String(n).padStart(6, '0')}`;

describe('OAI-PMH', () => {
  let harness: Harness;
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
      await harness.services.studies.recordVersion({ ...versionOf(padded(n)), publishedAt }, document);
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
  ])('%s is answered by %s', async (query, code) => {
    expect(await error(query)).toMatchObject({ code });
    const request = childOf(await ask(query), 'request')!;
    if (code === 'badVerb' || code === 'badArgument') expect(request.attributes).toEqual({});
  });
});
