import { expect, test } from 'vitest';
import { metadataFormById } from '../forms/metadata-forms.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import { isRecord, type Json } from '../json/json.ts';
import { importMetadata } from './import-metadata.ts';
import { keptCount, keptOfValue, keptText } from './kept-parts.ts';

const graph = {
  ...emptyGraph(),
  study: { title: 'Migration of MDCK cells', description: 'Films and tracks', licence: 'CC-BY-4.0' },
  contributors: [{ key: 'c', firstName: 'Hanako', lastName: 'Yamada', organisations: ['o'] }],
  organisations: [{ key: 'o', name: 'RIKEN' }],
  biosamples: [{ key: 'b', title: 'MDCK', organisms: [{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }] }],
  acquisitions: [{ key: 'a', title: 'confocal', methods: [{ label: 'confocal microscopy' }], instrument: 'LSM 880' }],
  datasets: [{ key: 'd', title: 'films', tuples: [{ biosample: 'b', acquisition: 'a' }] }],
};

/** A member that no standard knows, put into the document where there is an object. */
function withUnknown(document: Json): Json {
  const marked = JSON.parse(JSON.stringify(document)) as Record<string, Json>;
  const inner = isRecord(marked.dmp) ? marked.dmp : Array.isArray(marked['@graph']) ? undefined : marked;
  if (inner) inner.favouriteColour = 'green';
  else {
    const root = (marked['@graph'] as Record<string, Json>[]).find((one) => one['@id'] === './')!;
    root.favouriteColour = 'green';
  }
  return marked;
}

test.each(['pagetab-json', 'isa-json', 'ro-crate', 'rembi', 'miacme', 'datacite-json', 'madmp'])(
  'a member unknown to %s goes through the form and a published study, and is given back',
  (id) => {
    const form = metadataFormById(id)!;
    const document = withUnknown(JSON.parse(form.write(graph).text) as Json);
    const read = importMetadata(new Map([['it.json', JSON.stringify(document)]]));
    if (!('name' in read)) throw new Error(JSON.stringify(read.issues));
    expect(read.unread.map(({ text }) => text)).not.toContain('green');
    expect(keptCount(read.kept).parts).toBeGreaterThan(0);
    const study = graphOfStudy(
      {
        accession: 'MIC-000001',
        version: 1,
        metadata: { values: { ...read.values, title: 'Another title', kept: read.kept! }, origins: {} },
        files: [{ path: 'a.tif', size: 1, sha256: '', mediaType: 'image/tiff' }],
        items: [],
        datasets: [{ id: 'd-1', title: 'films', imageItems: [], quantitativeItems: [] }],
      },
      { url: 'https://example.org/studies/MIC-000001/v/1', publisher: 'Micrarium' },
    );
    const again = form.write(study).text;
    expect(again).toContain('"favouriteColour": "green"');
    expect(again).toContain('Another title');
    expect(again).not.toContain('Migration of MDCK');
  },
);

test('what only another standard gives back is said by every export, and what a form has no place for', () => {
  const form = metadataFormById('datacite-json')!;
  const read = importMetadata(
    new Map([['it.json', JSON.stringify(withUnknown(JSON.parse(form.write(graph).text) as Json))]]),
  );
  if (!('name' in read)) throw new Error(JSON.stringify(read.issues));
  const fieldsOf = (id: string) =>
    metadataFormById(id)!
      .write(read.graph)
      .losses.map(({ where }) => where.field);
  for (const id of ['datacite-json', 'datacite-xml']) expect(fieldsOf(id)).not.toContain('kept.datacite');
  for (const id of ['ro-crate', 'isa-tab', 'pagetab-tsv', 'data-package', 'schema-org', 'ssbd-turtle', 'bia-ro-crate'])
    expect([id, fieldsOf(id)]).toEqual([id, expect.arrayContaining(['kept.datacite'])]);
  const noted = { ...graph, study: { ...graph.study, notes: 'only for us' } };
  expect(
    metadataFormById('schema-org')!
      .write(noted)
      .losses.map(({ where }) => where.field),
  ).toContain('study.notes');
});

test('the value is bounded, bad ones are nothing, and other standards stay beside', () => {
  const { text, left } = keptText({
    isa: [
      { path: ['a'], now: 'x'.repeat(30_000) },
      { path: ['b'], now: 'y'.repeat(30_000) },
    ],
  });
  expect(text!.length).toBeLessThan(50_000);
  expect(left.map(({ entry }) => entry.path)).toEqual([['b']]);
  const both = keptText({ rembi: [{ path: ['c'], now: 1 }] }, text);
  expect(Object.keys(keptOfValue(both.text))).toEqual(['isa', 'rembi']);
  expect(keptText({ isa: [] }).text).toBeUndefined();
  for (const bad of ['', '{', '[]', '{"isa":3}', '{"isa":[{"path":[{"member":1}]}]}', '{"isa":[{"path":[-1]}]}'])
    expect([bad, keptOfValue(bad)]).toEqual([bad, {}]);
});
