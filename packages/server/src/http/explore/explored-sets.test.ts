import { expect, test } from 'vitest';
import type { SsbdSet } from '../ssbd/ssbd-sets.ts';
import { countFacets, countField, describeSet, fieldsOf, filterSets, isAskable, valuesOf } from './explored-sets.ts';

const source = (
  id: string,
  values: Record<string, unknown>,
  set: { frameInterval?: number; timeUnit?: string; tracks?: number } = {},
): SsbdSet =>
  ({
    bdmlId: id,
    version: {
      accession: id,
      version: 1,
      publishedAt: '2026-11-20T00:00:00Z',
      metadata: { values, origins: {} },
      datasets: [{ id: 'd-1', quantitativeItems: ['i'], imageItems: [] }],
    },
    item: { id: 'i', path: 'tracks.xml' },
    set: {
      part: 0,
      name: '',
      hasZ: false,
      counts: { tracks: set.tracks ?? 5, edges: 9 },
      spaceUnit: 'micrometer',
      timeUnit: set.timeUnit ?? 'minute',
      ...(set.frameInterval === undefined ? {} : { frameInterval: set.frameInterval }),
    },
  }) as unknown as SsbdSet;

const mouse = source('A', {
  organism: [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }],
  strain: ['C57BL/6J'],
  'strain@d-1': ['BALB/c'],
  treatment: ['wound'],
});
const human = source('B', { organism: ['Homo sapiens'], geneticChange: ['KIF11 knockdown'] }, { frameInterval: 0.5 });
const spots = source('C', { organism: [{ label: 'Simulated' }] }, { frameInterval: 1, timeUnit: 'frame', tracks: 40 });
const sets = [mouse, human, spots].map(describeSet);
const wider = new Map([
  ['Mus musculus', ['Mammalia', 'Rodentia']],
  ['Homo sapiens', ['Mammalia']],
]);
const ids = (found: typeof sets) => found.map((one) => one.source.bdmlId);

test('what stands above an organism filters in its place, and is counted apart', () => {
  expect(ids(filterSets(sets, { organism: ['Mammalia'] }, wider))).toEqual(['A', 'B']);
  expect(ids(filterSets(sets, { organism: ['Rodentia', 'Simulated'] }, wider))).toEqual(['A', 'C']);
  const counted = countFacets(sets, { organism: ['Mammalia'] }, wider);
  expect(counted.wider.organism).toEqual([
    { value: 'Mammalia', count: 2 },
    { value: 'Rodentia', count: 1 },
  ]);
  expect(counted.facets.organism.map(({ value }) => value)).toEqual(['Homo sapiens', 'Mus musculus', 'Simulated']);
  // Values of other fields are counted among the sets that pass.
  expect(counted.facets.condition).toEqual([
    { value: 'KIF11 knockdown', count: 1 },
    { value: 'wound', count: 1 },
  ]);
});

test('times between frames are compared in seconds; sets whose frames have no time are left out by any limit', () => {
  expect(sets.map(({ interval }) => interval)).toEqual([undefined, 30, undefined]);
  expect(ids(filterSets(sets, { interval: { least: 30, most: 30 } }))).toEqual(['B']);
  expect(ids(filterSets(sets, { interval: {} }))).toEqual(['A', 'B', 'C']);
  expect(ids(filterSets(sets, { tracks: { least: 6 } }))).toEqual(['C']);
});

test('any field of the metadata filters; what a data set says of itself comes before what its study says', () => {
  expect(valuesOf(sets[0]!, 'strain')).toEqual(['BALB/c']);
  const where = new Map([['strain', ['BALB/c']]]);
  expect(ids(filterSets(sets, { where }))).toEqual(['A']);
  expect(countField(sets, { where }, 'strain')).toEqual([{ value: 'BALB/c', count: 1 }]);
  expect(fieldsOf(sets).map(({ field }) => field)).toEqual(expect.arrayContaining(['strain', 'treatment']));
  expect(['title', 'description', 'contactEmail', 'constructor', 'strain'].map(isAskable)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
});
