import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meantCitation } from './meant-citation.ts';
import { readCitationFile } from './read-citation-file.ts';
import type { StatedLink } from './stated-links.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Reads a file that comes in pieces of some bytes. */
async function read(file: Uint8Array | string, size = 1 << 20, mostCharacters?: number) {
  const bytes = typeof file === 'string' ? bytesOf(file) : file;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const links: StatedLink[] = [];
  const codes: string[] = [];
  for await (const some of readCitationFile(pieces, mostCharacters === undefined ? {} : { mostCharacters })) {
    links.push(...some.links);
    codes.push(...some.issues.map(({ code }) => code));
  }
  return { links, codes };
}

const event = {
  id: '1',
  type: 'events',
  attributes: {
    'subj-id': 'https://doi.org/10.5072/MIC-000001',
    'obj-id': 'https://doi.org/10.1234/paper',
    'source-id': 'datacite-crossref',
    'relation-type-id': 'is-supplement-to',
    'occurred-at': '2025-03-04T05:06:07.000Z',
    subj: { '@type': 'Dataset', name: 'Films' },
    obj: { '@type': 'ScholarlyArticle', name: 'On cells' },
  },
};

test('events of DataCite: the paper of a supplement, with title, agency and day', async () => {
  const { links, codes } = await read(JSON.stringify({ data: [event], meta: { total: 1 } }, undefined, 2));
  expect(codes).toEqual([]);
  expect(links).toEqual([
    {
      from: 'https://doi.org/10.5072/MIC-000001',
      to: 'https://doi.org/10.1234/paper',
      relation: 'is-supplement-to',
      entry: 1,
      source: 'Event Data, datacite-crossref',
      on: '2025-03-04',
      titleOfFrom: 'Films',
      titleOfTo: 'On cells',
      fromIsData: true,
      toIsData: false,
    },
  ]);
  expect(meantCitation(links[0]!)).toEqual({
    work: 'https://doi.org/10.1234/paper',
    data: 'https://doi.org/10.5072/MIC-000001',
    use: 'primary',
    title: 'On cells',
    isData: false,
  });
});

test('events of Crossref: who cites, and what was taken back', async () => {
  const one = { subj_id: '10.1/p', obj_id: '10.2/d', relation_type_id: 'cites', source_id: 'crossref' };
  const events = [
    { ...one, occurred_at: 'yesterday' },
    { ...one, action: 'delete' },
  ];
  const { links } = await read(JSON.stringify({ status: 'ok', message: { 'total-results': 2, events } }));
  expect(links.map(meantCitation)).toEqual([
    { work: '10.1/p', data: '10.2/d', use: 'reuse', isData: false },
    'withdrawn',
  ]);
  expect(links[0]!.on).toBeUndefined();
});

test('Scholix: identifiers as one or many, the subtype where the relation says nothing', async () => {
  const link = {
    LinkPublicationDate: '2024-02-03',
    LinkProvider: [{ Name: 'OpenAIRE' }],
    RelationshipType: { Name: 'IsRelatedTo', SubType: 'IsReferencedBy' },
    Source: {
      Identifier: [
        { ID: 'x', IDScheme: 'handle' },
        { ID: '10.2/d', IDScheme: 'DOI' },
      ],
      Type: { Name: 'dataset' },
    },
    Target: { Identifier: { ID: '10.1/p', IDScheme: 'doi' }, Type: 'literature', Title: 'P' },
  };
  const second = { ...link, RelationshipType: 'IsSupplementedBy' };
  const { links } = await read(JSON.stringify({ result: [link, second] }));
  expect(links.map(meantCitation)).toEqual([
    { work: '10.1/p', data: '10.2/d', use: 'reuse', title: 'P', isData: false },
    // Here the data are the work: what supplements them is data to them.
    { work: '10.2/d', data: '10.1/p', use: 'primary', isData: true },
  ]);
  expect(links[0]).toMatchObject({ source: 'Scholix, OpenAIRE', on: '2024-02-03' });
});

test('the data citation corpus, as table, list and lines: its title is that of the data, not of the paper', async () => {
  const row = { id: '1', title: 'The data', dataset: 'MIC-000001', publication: '10.1/p', source: 'eupmc' };
  const said = { from: '10.1/p', to: 'MIC-000001', relation: 'cites', entry: 1, source: 'Data Citation Corpus, eupmc' };
  const table = `\ufeffid,title,dataset,publication,publishedDate,source\r\n1,"The\r\ndata, ""all""",MIC-000001,10.1/p,2024-01-02,eupmc\r\n`;
  expect(await read(table)).toEqual({ links: [{ ...said, on: '2024-01-02' }], codes: [] });
  expect(await read(JSON.stringify([row]))).toEqual({ links: [said], codes: [] });
  const lines = await read(`${JSON.stringify(row)}\n${JSON.stringify(row)}\n{"id":`);
  expect([lines.links.length, lines.codes]).toEqual([2, ['citations-cut']]);
});

test('a plain table: kind, version and title; what cannot be understood is named', async () => {
  const table =
    'paper;study;version;kind;title\n10.1/a;MIC-1;2;primary;One\n10.1/b;MIC-2;;;\n10.1/c;MIC-1;two;;\n;MIC-1;;;\n10.1/d;MIC-1;;maybe;\n10.1/e;MI';
  const { links, codes } = await read(table);
  expect(links).toEqual([
    {
      from: '10.1/a',
      to: 'MIC-1',
      relation: 'is-supplemented-by',
      entry: 1,
      source: 'a list of citations',
      version: 2,
      titleOfFrom: 'One',
    },
    { from: '10.1/b', to: 'MIC-2', relation: 'cites', entry: 2, source: 'a list of citations' },
  ]);
  expect(codes).toEqual(['citations-entry', 'citations-entry', 'citations-entry', 'citations-cut']);
});

test.each([
  ['nothing', '', 'citations-unreadable'],
  ['another table', 'a,b\n1,2\n', 'citations-unreadable'],
  ['an identifier in Shift JIS', Uint8Array.of(...bytesOf('paper,study\n10.1/a,'), 0x8d, 0xc4), 'citations-encoding'],
  ['UTF-16 without a mark', Uint8Array.of(112, 0, 97, 0, 10, 0), 'citations-unreadable'],
  ['bytes', Uint8Array.of(0, 1, 2, 3), 'citations-unreadable'],
  ['half a document', '{\n"data": [\n{"attributes": {', 'citations-cut'],
  ['an open quote', `paper,study\n10.1/a,"MIC-1\n${'x,y\n'.repeat(10)}`, 'citations-cut'],
  ['another document', '{"hello": "world"}', 'citations-entry'],
  ['a list of anything', '[1, null, "a", {}]', 'citations-entry'],
])('%s is an issue, and no fault', async (_, file, code) => {
  expect((await read(file)).codes[0]).toBe(code);
});

test('a document that is too large is not read; of many issues the first are named', async () => {
  expect(await read(`[\n${'{},\n'.repeat(1000)}{}]`, 100, 1000)).toEqual({ links: [], codes: ['citations-too-large'] });
  expect(await read('x'.repeat(5000), 100, 1000)).toEqual({ links: [], codes: ['citations-too-large'] });
  const { codes } = await read(`paper,study\n${',MIC-1\n'.repeat(5000)}`);
  expect(codes.length).toBe(51);
});

test('of a table in another encoding the works are read, and its titles left out', async () => {
  const table = Uint8Array.of(...bytesOf('paper,study,title\n10.1/a,MIC-1,'), 0x8d, 0xc4, 10);
  expect(await read(table)).toEqual({
    links: [{ from: '10.1/a', to: 'MIC-1', relation: 'cites', entry: 1, source: 'a list of citations' }],
    codes: ['citations-encoding'],
  });
});

test('UTF-16 with its mark is read, and relations by any way of writing; unknown ones are told apart', async () => {
  const text = '\ufeffpaper,study\n10.1/ä,MIC-1\n';
  const utf16 = new Uint8Array(text.length * 2);
  const view = new DataView(utf16.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  expect((await read(utf16, 1)).links).toMatchObject([{ from: '10.1/ä' }]);
  const meant = (relation: string) => {
    const one = meantCitation({ from: 'a', to: 'b', relation, source: '', entry: 1 });
    return typeof one === 'string' ? one : `${one.work} ${one.use}`;
  };
  expect(
    ['IsCitedBy', 'is-cited-by', 'is_referenced_by', 'Cites', 'references', 'IsSupplementedBy', 'IsDerivedFrom'].map(
      meant,
    ),
  ).toEqual(['b reuse', 'b reuse', 'b reuse', 'a reuse', 'a reuse', 'a primary', 'a reuse']);
  expect(
    [
      'is-part-of',
      'HasVersion',
      'IsRelatedTo',
      'is-identical-to',
      'IsReviewedBy',
      'unique-dataset-requests-regular',
    ].map(meant),
  ).toEqual(Array(6).fill('other-relation'));
  expect(['likes', '', 'constructor', '引用'].map(meant)).toEqual(Array(4).fill('unknown-relation'));
});

test('whatever the bytes and however they are cut, the reader ends without a fault', async () => {
  const whole = bytesOf(JSON.stringify({ data: [event] }));
  const table = bytesOf('paper,study,kind\n"10.1/a","MIC-1",reuse\n10.1/b,MIC-2,primary\n');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(whole, table),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      fc.nat(400),
      fc.integer({ min: 1, max: 50 }),
      async (bytes, changes, end, size) => {
        const hurt = bytes.slice(0, end);
        for (const [at, value] of changes) if (at < hurt.length) hurt[at] = value;
        const { links, codes } = await read(hurt, size);
        for (const link of links) {
          expect(link.from !== '' && link.to !== '' && link.relation !== '').toBe(true);
          meantCitation(link);
        }
        // Cut into other pieces it says the same.
        expect(await read(hurt)).toEqual({ links, codes });
      },
    ),
  );
});

test('what any table says is read back, whatever its cells hold', async () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((one) => one.trim() === one && !/[\0\r]/.test(one));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 8 }),
      fc.nat(40),
      async (rows, size) => {
        const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
        const table = ['paper,study,title', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
        const { links, codes } = await read(`${table}\n`, size + 1);
        expect(codes).toEqual([]);
        expect(links.map(({ from, to, titleOfFrom }) => [from, to, titleOfFrom])).toEqual(rows);
      },
    ),
  );
});
