import type { Column, EntityKind, TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { randomSet } from '../random-set.test-data.ts';

/** Names as people give them. */
const names = fc.constantFrom(
  'Zelle 3',
  '細胞核',
  'ядро',
  'a/b',
  'nucléus',
  '  padded ',
  'x',
  'Track_1',
  '<b>&"',
  '12',
  '',
);
const softwares = fc.constantFrom('TrackMate', 'Icy', 'Mein Programm', undefined);

function filteredColumn(count: number): fc.Arbitrary<Column> {
  return fc
    .array(fc.nat({ max: 1 }), { minLength: count, maxLength: count })
    .map((values) => ({ name: 'visible', type: 'bool', values: Uint8Array.from(values) }));
}

function radiusColumn(count: number): fc.Arbitrary<Column> {
  return fc
    .array(fc.double({ min: 0.1, max: 50, noNaN: true }), { minLength: count, maxLength: count })
    .map((values) => ({ name: 'radius', type: 'float', unit: 'micrometer', values: Float64Array.from(values) }));
}

function trackNames(count: number): fc.Arbitrary<Column> {
  return fc
    .array(names, { minLength: count, maxLength: count })
    .map((values) => ({ name: 'name', type: 'string', values }));
}

const without = (columns: readonly Column[], name: string) => columns.filter((one) => one.name.toLowerCase() !== name);

/**
 * Sets as tracking programs make them: what `randomSet` has (splits, merges, gaps, objects alone, absent values, NaN,
 * outlines), with the program and its settings, filtered state, names of tracks, kinds of objects and units.
 */
export const randomStudySet: fc.Arbitrary<TrackSet> = randomSet.chain((set) =>
  fc
    .record({
      name: names,
      entity: fc.constantFrom<EntityKind>('point', 'point', 'circle', 'sphere', 'line', 'face'),
      visible: filteredColumn(set.objects.count),
      radius: radiusColumn(set.objects.count),
      trackNames: trackNames(set.sourceTracks?.count ?? 0),
      has: fc.record({ visible: fc.boolean(), radius: fc.boolean(), trackNames: fc.boolean(), finite: fc.boolean() }),
      software: softwares,
      settings: fc.constantFrom(
        '<Settings>\n  <ImageData filename="a" />\n</Settings>',
        '{"detector": "LoG"}',
        undefined,
      ),
      tracking: fc.constantFrom(
        { detector: { name: 'LoG', parameters: { radius: 2.5, median: false } }, linker: { name: 'LAP' } },
        { positionUncertainty: { value: 20, unit: 'nanometer' } },
        undefined,
      ),
      spaceUnit: fc.constantFrom('micrometer', 'pixel', 'nanometer', undefined),
      timeUnit: fc.constantFrom('second', 'minute', 'frame', undefined),
      pixelSize: fc.constantFrom({ x: 0.5, y: 0.5 }, { x: 0.25, y: 0.25, z: 2 }, undefined),
      frameInterval: fc.constantFrom(1, 0.1, 30, undefined),
    })
    .map((made): TrackSet => {
      const { objects, sourceTracks, spaceUnit: _s, sourceSpaceUnit: _ss, ...rest } = set;
      const finite = (values: Float64Array) =>
        made.has.finite ? values.map((value, row) => (Number.isFinite(value) ? value % 1e6 : row)) : values;
      const { tracking, software, settings, spaceUnit, timeUnit, pixelSize, frameInterval } = made;
      return {
        ...rest,
        name: made.name,
        ...(spaceUnit === undefined ? {} : { spaceUnit: spaceUnit as 'micrometer' }),
        ...(timeUnit === undefined ? {} : { timeUnit: timeUnit as 'second' }),
        provenance: {
          ...(software === undefined ? {} : { software, softwareVersion: '7.1' }),
          ...(settings === undefined ? {} : { settings }),
          ...(pixelSize === undefined ? {} : { pixelSize }),
          ...(frameInterval === undefined ? {} : { frameInterval }),
          ...(tracking === undefined ? {} : { tracking }),
          imageName: 'film é.tif',
        },
        objects: {
          ...objects,
          entity: made.entity,
          x: finite(objects.x),
          y: finite(objects.y),
          ...(objects.z ? { z: finite(objects.z) } : {}),
          ...(objects.time ? { time: finite(objects.time) } : {}),
          columns: [
            ...(made.has.visible ? [made.visible] : []),
            ...(made.has.radius ? [made.radius] : []),
            ...without(without(objects.columns, 'visible'), 'radius'),
          ],
        },
        ...(sourceTracks
          ? {
              sourceTracks: {
                ...sourceTracks,
                columns: [...(made.has.trackNames ? [made.trackNames] : []), ...without(sourceTracks.columns, 'name')],
              },
            }
          : {}),
      };
    }),
);
