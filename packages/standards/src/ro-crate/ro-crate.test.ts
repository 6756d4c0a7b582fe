import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { exportJson } from '../exchange/exchange.ts';
import { graphStatements } from '../exchange/leaves.ts';
import type { Json } from '../json/json.ts';
import { checkCrate } from './crate-check.ts';
import { readCrate } from './read-crate.ts';
import { roCrate, writeCrate } from './write-crate.ts';

test('a study comes back from a crate as it was', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const document = writeCrate(graph);
      expect(graphStatements(readCrate(document).graph)).toEqual(graphStatements(graph));
      expect(exportJson(roCrate, graph).losses).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a crate has no errors but for what the study does not say', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const told = {
        ...graph,
        study: { ...graph.study, title: 't', description: 'd', releaseDate: '2026-11-21', licence: 'CC-BY-4.0' },
      };
      const paths = new Set(graph.files.map(({ path }) => path));
      expect(checkCrate(writeCrate(told), { paths }).filter(({ severity }) => severity === 'error')).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('documents of any shape are read without harm', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      readCrate(value as Json);
      readCrate({
        '@graph': [
          { '@id': './', '@type': 'Dataset', hasPart: value, author: value, about: value, license: value } as Json,
        ],
      });
      checkCrate({ '@graph': [value as Json, { '@id': './', hasPart: value as Json }] });
    }),
  );
});

/** A whole crate with one file of this @id, which hasPart names by `part`. */
const crateOf = (id: string, part = id, root: Record<string, Json> = {}, version = '1.1', context = version) => ({
  '@context': `https://w3id.org/ro/crate/${context}/context`,
  '@graph': [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: { '@id': './' },
      conformsTo: { '@id': `https://w3id.org/ro/crate/${version}` },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: 'n',
      description: 'd',
      license: { '@id': 'https://creativecommons.org/licenses/by/4.0/' },
      datePublished: '2026-01-01',
      hasPart: [{ '@id': part }],
      ...root,
    },
    { '@id': id, '@type': 'File', name: 'f' },
  ],
});
const errorsOf = (document: Json, paths?: string[]) =>
  checkCrate(document, paths ? { paths: new Set(paths) } : {})
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

test('a file whose name has a blank is found, written out or encoded', () => {
  expect(errorsOf(crateOf('a b.tif'), ['a b.tif'])).toEqual([]);
  expect(errorsOf(crateOf('a b.tif', 'a%20b.tif'), ['a b.tif'])).toEqual([]);
  expect(errorsOf(crateOf('a b.tif'), ['c.tif'])).toContain('crate-identifier');
  expect(errorsOf(crateOf('a b.tif'))).toEqual(['crate-identifier']);
});

test('a crate of 1.2 with the context of 1.1, or with two dates, is at fault; the draft of 1.2 is a remark', () => {
  expect(errorsOf(crateOf('a.tif', 'a.tif', {}, '1.2'))).toEqual([]);
  expect(errorsOf(crateOf('a.tif', 'a.tif', {}, '1.2', '1.1'))).toEqual(['crate-context']);
  expect(errorsOf(crateOf('a.tif', 'a.tif', { datePublished: ['2026-01-01', '2026-01-02'] }))).toEqual(['crate-root']);
  expect(errorsOf(crateOf('a.tif', 'a.tif', {}, '1.2-DRAFT'))).toEqual([]);
});

test('a profile whose rules are not looked at is said to be unchecked, once each', () => {
  const run = 'https://w3id.org/ro/wfrun/process/0.5';
  const profiles = [{ '@id': run }, { '@id': 'https://w3id.org/ro/crate/1.1' }, { '@id': run }];
  const found = checkCrate(crateOf('a.tif', 'a.tif', { conformsTo: profiles }));
  const said = found.filter(({ code }) => code === 'crate-profile-unchecked');
  expect(said.map(({ severity, message }) => [severity, message.includes(run)])).toEqual([['info', true]]);
  expect(checkCrate(crateOf('a.tif')).some(({ code }) => code === 'crate-profile-unchecked')).toBe(false);
});
