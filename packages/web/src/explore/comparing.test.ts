import { memorySource, openParquet } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { differencesOf, groupsOf, keptSets, notStated, otherGroups, panelsOf } from './comparing.ts';
import type { ExploredSet } from './explore-answer.ts';
import { exploredCsv, exploredTable, parquetOfTable } from './explored-table.ts';
import { addressOf, leavingOut, onlyWith, stateOf, toggled, toggledFurther, withField } from './explore-state.ts';

const measure = (id: string, mean: number | null, unit: string) => ({
  id,
  version: 1,
  unit,
  originalUnit: unit,
  factor: 1,
  gapPolicy: 'drop' as const,
  mean,
  interval: mean === null ? null : { low: mean - 1, high: mean + 1 },
  n: 5,
  undefinedPaths: 0,
});

const set = (id: string, own: Partial<ExploredSet> = {}): ExploredSet => ({
  id,
  accession: id,
  version: 1,
  item: 'i',
  part: 0,
  title: `Study ${id}`,
  name: 'tracks',
  organism: ['Mus musculus'],
  cellType: [],
  condition: [],
  method: [],
  licence: 'CC0-1.0',
  year: '2026',
  dimensions: 2,
  software: 'TrackMate',
  state: 'measured',
  frameInterval: { value: 60, unit: 'second' },
  paths: 5,
  tracks: 4,
  fields: {},
  quality: { steps: 10, gapShare: 0, shortShare: 0.1, stepToNeighbour: null },
  measures: [measure('mean_speed', 2, 'micrometer/second')],
  ...own,
});

test('what differs is named with its values, what is the same is not', () => {
  const sets = [
    set('A'),
    set('B', { frameInterval: { value: 60.000001, unit: 'second' }, software: '' }),
    set('C', { frameInterval: { value: 1, unit: 'frame' }, measures: [measure('mean_speed', 2, 'pixel/frame')] }),
    set('D', { state: 'being-made', dimensions: 3, measures: [], frameInterval: null }),
  ];
  expect(differencesOf(sets)).toEqual([
    {
      name: 'interval',
      values: [
        { value: '60 second', count: 2 },
        { value: '1 frame', count: 1 },
      ],
    },
    {
      name: 'software',
      values: [
        { value: 'TrackMate', count: 2 },
        { value: notStated, count: 1 },
      ],
    },
    {
      name: 'units',
      values: [
        { value: 'micrometer/second', count: 2 },
        { value: 'pixel/frame', count: 1 },
      ],
    },
  ]);
  expect(keptSets(sets, { interval: '60 second', software: notStated }).map(({ id }) => id)).toEqual(['B', 'D']);
  expect(keptSets(sets, {}, { interval: ['1 frame'], software: [notStated] }).map(({ id }) => id)).toEqual(['A', 'D']);
});

test('sets of different units never stand in one plot, sets without a value in none', () => {
  const sets = [
    set('A', { measures: [measure('mean_speed', 2, 'pixel/frame')] }),
    set('B'),
    set('C'),
    set('D', { measures: [measure('mean_speed', null, 'micrometer/second')] }),
    set('E', { measures: [] }),
  ];
  const panels = panelsOf(sets, ['mean_speed'], () => '');
  expect(panels.map(({ units, dots }) => [units, dots.map((dot) => dot.set.id)])).toEqual([
    [['micrometer/second'], ['B', 'C']],
    [['pixel/frame'], ['A']],
  ]);
  expect(panels[0]!.dots[0]).toMatchObject({ x: 2, low: 1, high: 3 });
  expect(panelsOf(sets, ['mean_speed', 'straightness'], () => '')).toEqual([]);
});

test('groups beyond seven are one; a value nobody gave is a group too', () => {
  const sets = Array.from({ length: 10 }, (_, i) => set(`S${i}`, { organism: i === 0 ? [] : [`Species ${i % 9}`] }));
  const groups = groupsOf(sets, 'organism');
  expect(groups.names).toHaveLength(8);
  expect(groups.names.at(-1)).toBe(otherGroups);
  expect(groups.of(sets[0]!)).toBe(notStated);
  expect(groupsOf(sets, undefined).names).toEqual(['']);
  expect(groupsOf(sets, 'study').of(sets[9]!)).toBe(otherGroups);
});

test('the address keeps all, and takes no measure nobody defined', () => {
  const start = stateOf({ measure: ['straightness', 'constructor', 'mean_speed', 'duration'], by: 'nothing' });
  expect(start).toMatchObject({ measures: ['straightness', 'mean_speed'], by: undefined });
  const next = onlyWith(toggled({ ...start, by: 'interval' }, 'organism', 'Homo sapiens'), 'interval', '60 second');
  expect(stateOf(addressOf(next) as Record<string, string[]>)).toEqual(next);
  expect(onlyWith(next, 'interval', undefined).only).toEqual({});
  const left = leavingOut(leavingOut(next, 'software', notStated), 'software', 'btrack');
  expect(stateOf(addressOf(left) as Record<string, string[]>)).toEqual(left);
  expect(leavingOut(leavingOut(left, 'software', notStated), 'software', 'btrack').without).toEqual({});
});

test('limits and any field of the metadata stand in the address and come back; colours by such a field too', () => {
  const start = stateOf({
    minInterval: '30',
    maxTracks: '-1',
    minTracks: 'many',
    field: ['strain', 'nothing'],
    by: 'field:strain',
  });
  expect([start.limits, start.further, start.by]).toEqual([{ minInterval: 30 }, { strain: [] }, 'field:strain']);
  const next = toggledFurther(withField(start, 'strain', true), 'strain', 'C57BL/6J: "a"');
  expect(addressOf(next)).toMatchObject({ where: ['strain:C57BL/6J: "a"'], minInterval: '30' });
  expect(stateOf(addressOf(next) as Record<string, string[]>)).toEqual(next);
  expect(withField(next, 'strain', false).further).toEqual({});
  expect(stateOf({ by: 'field:constructor' }).by).toBeUndefined();
  const sets = [set('A', { fields: { strain: ['N2'] } }), set('B')];
  const groups = groupsOf(sets, 'field:strain');
  expect(sets.map(groups.of)).toEqual(['N2', notStated]);
});

test('the same table is CSV and Parquet; what has no value is missing in both, and Parquet says where it comes from', async () => {
  const sets = [set('A', { fields: { strain: ['N2', 'CB4856'] } }), set('B', { state: 'too-large', measures: [] })];
  const bytes = await parquetOfTable(exploredTable(sets, ['mean_speed'], 'https://example.org'), { page: '/explore' });
  const table = await openParquet(memorySource('table.parquet', bytes));
  expect(table.rows).toBe(2);
  expect(JSON.parse(table.metadata.get('micrarium.provenance')!)).toEqual({ page: '/explore' });
  const speed = await table.read('mean_speed', 0, 2);
  expect([speed.values[0], speed.missing?.[1]]).toEqual([2, 1]);
  expect((await table.read('strain', 0, 2)).values[0]).toBe('N2; CB4856');
});

test('the CSV holds every set, each number with unit, interval, n, gaps and version', () => {
  const sets = [set('A', { title: '=1+1, "x"' }), set('B', { state: 'too-large', measures: [] })];
  const [head, first, second] = exploredCsv(sets, ['mean_speed'], 'https://example.org').split('\r\n');
  expect(head).toContain('mean_speed,mean_speed low,mean_speed high,mean_speed unit,mean_speed n,mean_speed gaps');
  expect(first).toContain(`"'=1+1, ""x"""`);
  expect(first).toContain('2,1,3,micrometer/second,5,drop,1,https://example.org/studies/A/v/1');
  expect(second).toContain('too-large');
  expect(second!.split(',')).toHaveLength(head!.split(',').length);
});
