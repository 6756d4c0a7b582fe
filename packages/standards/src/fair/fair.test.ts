import { describe, expect, test } from 'vitest';
import type { JsonRecord } from '../json/json.ts';
import { type FairAsk, type FairReply, harvestForFair } from './fair-harvest.ts';
import { fairMetrics, fairPoints } from './fair-metrics.ts';
import { judgeFair } from './judge-fair.ts';
import { readPage } from './read-page.ts';
import { readLinkHeader, readLinkSet } from './typed-links.ts';

const page = 'https://repository.example/studies/S1';
const taxon = { '@type': 'DefinedTerm', '@id': 'http://purl.obolibrary.org/obo/NCBITaxon_6239', name: 'worm' };

/** A study as a server shows it; each case takes something away. */
function study() {
  return {
    described: {
      '@context': 'https://schema.org/',
      '@type': 'Dataset',
      '@id': page,
      identifier: 'S1',
      sameAs: 'https://doi.org/10.5072/s1',
      name: 'Worms',
      description: 'They move.',
      keywords: [taxon],
      creator: [{ '@type': 'Person', name: 'Ada' }],
      publisher: { '@type': 'Organization', name: 'A repository' },
      datePublished: '2026-11-20',
      license: 'https://creativecommons.org/licenses/by/4.0/',
      isAccessibleForFree: true,
      conditionsOfAccess: 'http://purl.org/coar/access_right/c_abf2',
      citation: 'https://doi.org/10.1000/paper',
      includedInDataCatalog: { '@type': 'DataCatalog', name: 'A repository' },
      distribution: [
        { contentUrl: '/files/film.tif', encodingFormat: 'image/tiff', contentSize: '7' },
        { contentUrl: '/files/notes.csv', encodingFormat: 'text/csv', contentSize: '5' },
      ],
    } as JsonRecord,
    isEmbedded: true,
    meta: '',
    pageStatus: 200,
    isRegistered: true,
    dataCite: true,
    file: { status: 200, type: undefined as string | undefined },
  };
}
type Study = ReturnType<typeof study>;

const reply = (text: string, type: string, headers: Record<string, string> = {}): FairReply => ({
  status: 200,
  headers: { 'content-type': type, ...headers },
  text,
});
const none: FairReply = { status: 404, headers: {}, text: '' };

function pageOf(shown: Study): FairReply {
  const documents = [
    ...(shown.dataCite ? ['</datacite.json>; rel="describedby"; type="application/vnd.datacite.datacite+json"'] : []),
    ...(shown.isEmbedded ? [] : ['</schema.json>; rel=describedby; type="application/ld+json"']),
  ];
  const script = `<script type="application/ld+json">${JSON.stringify(shown.described)}</script>`;
  const html = `<!doctype html><title>S1</title>${shown.meta}${shown.isEmbedded ? script : ''}`;
  return { ...reply(html, 'text/html; charset=utf-8', { link: documents.join(', ') }), status: shown.pageStatus };
}

/** The web on which there is nothing but the study and the resolver of its DOI. */
function web(shown: Study): FairAsk {
  const files: Readonly<Record<string, [type: string, size: string]>> = {
    '/files/film.tif': ['image/tiff', '7'],
    '/files/notes.csv': ['text/csv', '5'],
  };
  return async (address, { method }) => {
    const { origin, pathname } = new URL(address);
    if (address === 'https://doi.org/10.5072/s1' && shown.isRegistered)
      return { status: 302, headers: { location: page }, text: '' };
    if (origin !== 'https://repository.example') return none;
    if (address === page) return pageOf(shown);
    if (pathname === '/schema.json') return reply(JSON.stringify(shown.described), 'application/ld+json');
    if (pathname === '/datacite.json') {
      const record = { titles: [], creators: [], schemaVersion: 'http://datacite.org/schema/kernel-4' };
      return reply(JSON.stringify(record), 'application/vnd.datacite.datacite+json');
    }
    const [type, size] = files[pathname] ?? [];
    if (type === undefined || method !== 'HEAD' || shown.file.status !== 200) return none;
    return reply('', shown.file.type ?? type, { 'content-length': size! });
  };
}

const judged = async (shown: Study, from = page) => judgeFair(await harvestForFair(from, web(shown)));
const contents = (shown: Study) => shown.described['distribution'] as JsonRecord[];
const without =
  (...names: string[]) =>
  (shown: Study) => {
    for (const name of names) delete shown.described[name];
  };

/** Metric, points it keeps, points in all, and what is taken away. */
const cases: [metric: string, kept: number, all: number, what: string, change: (shown: Study) => void][] = [
  ['FsF-F1-01MD', 0, 24, 'every identifier but an accession', without('@id', 'sameAs')],
  ['FsF-F1-02MD', 0, 25, 'the DOI', without('sameAs')],
  ['FsF-F1-02MD', 0.5, 25.5, 'the DOI at its registrar', (shown) => void (shown.isRegistered = false)],
  ['FsF-F2-01M', 1, 25, 'the description', without('description')],
  ['FsF-F2-01M', 1, 23, 'the keywords', without('keywords')],
  ['FsF-F2-01M', 0, 24, 'the publisher', without('publisher')],
  ['FsF-F3-01M', 0, 20, 'the files', without('distribution')],
  ['FsF-F4-01M', 0, 24, 'schema.org out of the page', (shown) => void (shown.isEmbedded = false)],
  ['FsF-A1-01M', 0, 25, 'who may have it', without('conditionsOfAccess')],
  ['FsF-A1-02MD', 0, 0, 'the page', (shown) => void (shown.pageStatus = 404)],
  ['FsF-A1-02MD', 1, 25, 'the bytes of the files', (shown) => void (shown.file.status = 404)],
  [
    'FsF-A1.1-01MD',
    1,
    23,
    'the web from the addresses of files',
    (shown) => contents(shown).forEach((one) => void (one['contentUrl'] = `irods://zone${String(one['contentUrl'])}`)),
  ],
  [
    'FsF-A1.2-01MD',
    1,
    24,
    'signing in from the protocol of files',
    (shown) => contents(shown).forEach((one) => void (one['contentUrl'] = `ftp://old${String(one['contentUrl'])}`)),
  ],
  [
    'FsF-I1-01M',
    0,
    5,
    'every form of RDF',
    (shown) => {
      Object.assign(shown, { isEmbedded: false, described: {}, dataCite: false });
      shown.meta = '<meta name="DC.title" content="Worms">';
    },
  ],
  ['FsF-I2-01M', 0, 24, 'the addresses of terms', (shown) => void (shown.described['keywords'] = ['worm'])],
  ['FsF-I3-01M', 0, 24, 'what it is related to', without('citation', 'includedInDataCatalog')],
  ['FsF-R1-01M', 1, 25, 'the sizes', (shown) => contents(shown).forEach((one) => void delete one['contentSize'])],
  ['FsF-R1-01M', 1, 25, 'the truth of a size', (shown) => void (contents(shown)[0]!['contentSize'] = '8')],
  ['FsF-R1.1-01M', 0, 25, 'the licence', without('license')],
  ['FsF-R1.1-01M', 0, 25, 'the address of the licence', (shown) => void (shown.described['license'] = 'ask us')],
  ['FsF-R1.2-01M', 0, 23, 'people and dates', without('creator', 'publisher', 'datePublished')],
  ['FsF-R1.3-01M', 0, 25, 'the record of DataCite', (shown) => void (shown.dataCite = false)],
  [
    'FsF-R1.3-02D',
    0,
    25,
    'the formats',
    (shown) => {
      for (const one of contents(shown)) one['encodingFormat'] = 'application/x-own';
      shown.file.type = 'application/octet-stream';
    },
  ],
  ['FsF-R1.3-02D', 0, 25, 'files for pages that ask to sign in', (shown) => void (shown.file.type = 'text/html')],
];

describe('a FAIR assessment', () => {
  test('has 17 metrics and 26 points; a study that shows all gets them, from its page or its DOI', async () => {
    expect([fairMetrics.length, fairPoints]).toEqual([17, 26]);
    const report = await judged(study());
    expect(report.metrics.filter(({ earned, possible }) => earned < possible)).toEqual([]);
    expect([report.earned, report.possible]).toEqual([26, 26]);
    const byDoi = await judged(study(), 'https://doi.org/10.5072/s1');
    expect([byDoi.earned, byDoi.asked, byDoi.address]).toEqual([26, 'https://doi.org/10.5072/s1', page]);
  });

  test.each(cases)(
    '%s keeps %d of its points, and the study %d, without %s',
    async (metric, kept, all, _what, change) => {
      const shown = study();
      change(shown);
      const report = await judged(shown);
      const found = report.metrics.find(({ id }) => id === metric)!;
      expect([found.earned, report.earned]).toEqual([kept, all]);
      expect(found.advice).toBeTruthy();
      for (const { why } of report.metrics.flatMap(({ tests }) => tests)) expect(why).not.toBe('');
    },
  );

  test('every metric is among the cases', () => {
    expect(new Set(cases.map(([metric]) => metric))).toEqual(new Set(fairMetrics.map(({ id }) => id)));
  });

  test('ends where redirects go round, and where nothing answers', async () => {
    const round = await harvestForFair(page, async () => ({ status: 302, headers: { location: page }, text: '' }));
    expect([round.page.status, judgeFair(round).earned]).toEqual([302, 0]);
    const silent = await harvestForFair(page, async () => ({ status: 0, headers: {}, text: 'no such host' }));
    const first = judgeFair(silent).metrics.find(({ id }) => id === 'FsF-A1-02MD')!.tests[0]!;
    expect(first.why).toContain('no such host');
  });
});

describe('what programs read of a page', () => {
  test('links of a header, with and without quotes, of several relations, and none of what is broken', () => {
    const header = '<a>; rel="item describedby"; type="text/csv", </b>; rel=license, <http://[>; rel="x", oops';
    expect(readLinkHeader(header, page)).toEqual([
      { rel: 'item', href: 'https://repository.example/studies/a', type: 'text/csv', anchor: page },
      { rel: 'describedby', href: 'https://repository.example/studies/a', type: 'text/csv', anchor: page },
      { rel: 'license', href: 'https://repository.example/b', anchor: page },
    ]);
    expect(readLinkSet('{"linkset":[{"anchor":"/x","item":[{"href":"/f"}]},3]}', page)).toEqual([
      { rel: 'item', href: 'https://repository.example/f', anchor: 'https://repository.example/x' },
    ]);
    for (const text of ['', '[]', '{"linkset":7}', '['.repeat(9000)]) expect(readLinkSet(text, page)).toEqual([]);
  });

  test('tags in any writing, nothing of comments and texts, and hostile pages to their end', () => {
    const html = `<!-- <link rel=item href=no> --><TITLE><link rel=item href=no></TITLE>
<LINK HREF='/a?x=1&amp;y=2' REL=item><link rel="item"><meta property="dc:title" content="A &#38; B">
<script type="application/ld+json">{"a":"<link>"}</SCRIPT ><script type="application/ld+json">{broken</script>`;
    expect(readPage(html, page)).toEqual({
      links: [{ rel: 'item', href: 'https://repository.example/a?x=1&y=2', anchor: page }],
      meta: [{ name: 'dc:title', content: 'A & B' }],
      embedded: [{ a: '<link>' }],
    });
    for (const piece of ['<link a="', '<script>', '<!--', '<meta =', '<link '.padEnd(50)])
      expect(readPage(piece.repeat(20_000), page).embedded).toEqual([]);
  });
});
