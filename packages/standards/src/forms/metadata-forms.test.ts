import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { heldByForm, metadataFormById, metadataForms } from './metadata-forms.ts';

test('every form is written of any study, the empty one too, and the same study gives the same text', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      for (const { id, write } of metadataForms) {
        const { text, losses } = write(graph);
        expect([id, text.length > 0, write(structuredClone(graph)).text === text]).toEqual([id, true, true]);
        expect([id, losses.every(({ severity }) => severity === 'info')]).toEqual([id, true]);
      }
    }),
    { numRuns: 10 },
  );
  for (const { write } of metadataForms) expect(write(emptyGraph()).text.length).toBeGreaterThan(0);
  expect(new Set(metadataForms.map(({ id }) => id)).size).toBe(metadataForms.length);
  expect(metadataFormById('nothing')).toBeUndefined();
});

test('what is given out never holds a private address where the record is public', () => {
  const graph = {
    ...emptyGraph(),
    contributors: [{ key: 'c', firstName: 'A', lastName: 'B', email: 'private@example.org', isContact: true }],
  };
  for (const id of [
    'datacite-json',
    'datacite-xml',
    'schema-org',
    'citation-cff',
    'csl-json',
    'bibtex',
    'ris',
    'ssbd-turtle',
    'data-package',
  ])
    expect([id, metadataFormById(id)!.write(graph).text.includes('private@example.org')]).toEqual([id, false]);
});

test('what a form holds is counted: all that a loss-free form says, less in a citation', () => {
  const graph = {
    ...emptyGraph(),
    study: {
      title: 'Migration of MDCK cells',
      description: 'Films',
      licence: 'CC-BY-4.0',
      methodSummary: 'Spinning disk',
    },
    biosamples: [
      {
        key: 'b',
        title: 'Cells',
        organisms: [{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }],
        age: 'two days',
      },
    ],
  };
  expect(heldByForm(metadataFormById('ro-crate')!, graph).missing).toEqual([]);
  const cited = heldByForm(metadataFormById('bibtex')!, graph);
  expect(cited.of).toBe(heldByForm(metadataFormById('ro-crate')!, graph).of);
  expect(cited.missing.map(({ place }) => place)).toContain('biosamples.age');
  expect(cited.held).toBeLessThan(cited.of);
});

test('files that stay where they are stand in the records for other services, and come back as files', () => {
  const graph: StudyGraph = {
    ...emptyGraph(),
    study: { title: 'T' },
    files: [{ path: 'a.tif' }, { path: 'far/b.tif', url: 'https://data.example/b.tif', size: 5 }],
  };
  for (const id of ['datacite-json', 'datacite-xml', 'pagetab-json', 'pagetab-tsv', 'isa-json', 'isa-tab']) {
    const form = metadataFormById(id)!;
    const text = form.files ? [...form.files(graph).values()].join('\n') : form.write(graph).text;
    expect([id, text.includes('https://data.example/b.tif')]).toEqual([id, true]);
    if (!id.startsWith('datacite') && form.read) {
      const back = form.read(text)!;
      expect([id, back.files, back.links]).toEqual([id, graph.files, []]);
    }
  }
  expect(metadataFormById('datacite-json')!.write(graph).text).not.toContain('"a.tif"');
});
