import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookUpTableNames, mapNames } from './look-up-tables.ts';
import { indicesAhead, nextIndex, nowPlaying, playModes } from './playing.ts';
import { projectionKinds } from './projection.ts';
import { drawerTabs } from './view-layout.ts';
import { objectShapes, viewStateFromParams, viewStateToParams, type ViewState } from './view-state.ts';

const byte = fc.integer({ min: 0, max: 255 });
const value = fc.integer({ min: -70_000, max: 70_000 });
const point = fc.record({ x: value, y: value });
const states = fc.record({
  other: fc.record({ angle: fc.integer({ min: 1, max: 6 }), 'a:b': fc.integer({ min: 1, max: 2 }) }),
  projection: fc.record({
    kind: fc.constantFrom(...projectionKinds),
    from: fc.constantFrom(0, 1, 2),
    to: fc.constantFrom(2, 3, 4),
  }),
  labels: fc.record({ name: fc.constantFrom('nuclei', 'a,b'), opacity: fc.constantFrom(0, 0.25, 1) }),
  plot: fc.record(
    {
      x: fc.constantFrom('x', 'a,b'),
      y: fc.constantFrom('frame', 'c&d'),
      isOfAllFrames: fc.constant(true as const),
    },
    { requiredKeys: ['x', 'y'] },
  ),
  playing: fc.uniqueArray(fc.constantFrom('t', 'z', 'angle', 'a:b'), { minLength: 1 }),
  tool: fc.constantFrom('line' as const, 'angle' as const, 'area' as const, 'place' as const),
  play: fc.record({ perSecond: fc.constantFrom(0.5, 12, 25), mode: fc.constantFrom(...playModes) }),
  line: fc.record({ x1: value, y1: value, x2: value, y2: value }),
  sections: fc.record({ x: value, y: value }),
  hidesRegions: fc.constant(true as const),
  marks: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('angle' as const), points: fc.array(point, { minLength: 3, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('area' as const), points: fc.array(point, { minLength: 3, maxLength: 9 }) }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  layout: fc.record(
    {
      hasPanel: fc.boolean(),
      hasDrawer: fc.boolean(),
      tab: fc.constantFrom(...drawerTabs),
      raw: fc.constant(true as const),
      said: fc.constant(true as const),
    },
    { requiredKeys: ['hasPanel', 'hasDrawer', 'tab'] },
  ),
  t: fc.integer({ min: 0, max: 9 }),
  z: fc.integer({ min: 0, max: 4 }),
  channels: fc.array(
    fc.record(
      {
        isVisible: fc.boolean(),
        colour: fc.tuple(byte, byte, byte),
        window: fc.tuple(value, value),
        gamma: fc.constantFrom(0.25, 1, 2.2),
        lut: fc.constantFrom(...lookUpTableNames),
      },
      { requiredKeys: ['isVisible', 'colour', 'window', 'gamma'] },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  camera: fc.record({ x: value, y: value, zoom: fc.integer({ min: 1, max: 64 }) }),
  overlay: fc.record({
    isVisible: fc.boolean(),
    tailFrames: fc.integer({ min: -1, max: 500 }),
    colourBy: fc.constantFrom('track', 'MEAN_INTENSITY_CH1', 'a,b;c&d'),
    map: fc.constantFrom(...mapNames),
    shape: fc.constantFrom(...objectShapes),
    filters: fc.array(fc.record({ feature: fc.constantFrom('area', 'a:b'), low: value, high: value }), {
      minLength: 1,
      maxLength: 3,
    }),
    onlyNearSlice: fc.boolean(),
  }),
  selected: fc.nat(),
});

describe('view state in the URL', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(states, (state) => {
        const params = new URLSearchParams(viewStateToParams(state).toString());
        const fallback: ViewState = {
          ...state,
          t: 0,
          z: 0,
          channels: state.channels.map(() => ({
            isVisible: true,
            colour: [1, 2, 3] as const,
            window: [0, 1] as const,
          })),
        };
        expect(viewStateFromParams(params, fallback, { t: 10, z: 5, angle: 7, 'a:b': 3 })).toEqual(state);
      }),
    );
  });

  it('falls back for whatever is malformed or out of range', () => {
    const fallback: ViewState = {
      t: 1,
      z: 2,
      channels: [{ isVisible: true, colour: [0, 255, 0], window: [0, 255] }],
      overlay: { isVisible: true, tailFrames: 10, colourBy: 'track', onlyNearSlice: false },
    };
    expect(
      viewStateFromParams(
        new URLSearchParams(
          't=x&z=-3&c=1,zzz,NaN,4&at=1,2&tracks=1,&object=abc&project=median,0,3&axis=x:3&line=1,2&play=0,loop&labels=x,9&mark=angle:1,2&mark=area:1,2,3,4,5&mark=x:1,2,3,4,5,6&page=panel&playing=c&playing=angle&tool=hammer&plot=all',
        ),
        fallback,
        {
          t: 5,
          z: 5,
        },
      ),
    ).toEqual(fallback);
    expect(viewStateFromParams(new URLSearchParams('t=999'), fallback, { t: 5, z: 5 }).t).toBe(4);
  });

  it('plays several axes, each until it is stopped', () => {
    expect(nowPlaying(undefined, 't', true)).toEqual(['t']);
    expect(nowPlaying(['t'], 'z', true)).toEqual(['t', 'z']);
    expect(nowPlaying(['t', 'z'], 't', true)).toEqual(['z', 't']);
    expect(nowPlaying(['t', 'z'], 't', false)).toEqual(['z']);
  });

  it('plays round, once, or there and back', () => {
    const played = (mode: 'loop' | 'once' | 'swing') => {
      const seen = [0];
      let at: ReturnType<typeof nextIndex> = { index: 0, step: 1 };
      for (let turn = 0; turn < 6 && at; turn++) {
        at = nextIndex(at.index, 3, at.step, mode);
        if (at) seen.push(at.index);
      }
      return seen;
    };
    expect(played('loop')).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(played('once')).toEqual([0, 1, 2]);
    expect(played('swing')).toEqual([0, 1, 2, 1, 0, 1, 2]);
    expect(nextIndex(0, 1, 1, 'loop')).toBeUndefined();
    expect(indicesAhead(1, 3, 1, 'loop', 2)).toEqual([2, 0]);
    expect(indicesAhead(1, 3, 1, 'once', 2)).toEqual([2]);
    expect(indicesAhead(1, 3, 1, 'swing', 2)).toEqual([2]);
    expect(indicesAhead(2, 9, -1, 'swing', 3)).toEqual([1, 0]);
    expect(indicesAhead(0, 1, 1, 'loop', 2)).toEqual([]);
  });
});
