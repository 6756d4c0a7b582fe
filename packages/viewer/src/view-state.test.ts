import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewStateFromParams, viewStateToParams, type ViewState } from './view-state.ts';

const byte = fc.integer({ min: 0, max: 255 });
const value = fc.integer({ min: -70_000, max: 70_000 });
const states = fc.record({
  t: fc.integer({ min: 0, max: 9 }),
  z: fc.integer({ min: 0, max: 4 }),
  channels: fc.array(
    fc.record({ isVisible: fc.boolean(), colour: fc.tuple(byte, byte, byte), window: fc.tuple(value, value) }),
    { minLength: 1, maxLength: 6 },
  ),
  camera: fc.record({ x: value, y: value, zoom: fc.integer({ min: 1, max: 64 }) }),
  overlay: fc.record({
    isVisible: fc.boolean(),
    tailFrames: fc.integer({ min: -1, max: 500 }),
    colourBy: fc.constantFrom('track', 'MEAN_INTENSITY_CH1', 'a,b;c&d'),
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
        expect(viewStateFromParams(params, fallback, { t: 10, z: 5 })).toEqual(state);
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
      viewStateFromParams(new URLSearchParams('t=x&z=-3&c=1,zzz,NaN,4&at=1,2&tracks=1,&object=abc'), fallback, {
        t: 5,
        z: 5,
      }),
    ).toEqual(fallback);
    expect(viewStateFromParams(new URLSearchParams('t=999'), fallback, { t: 5, z: 5 }).t).toBe(4);
  });
});
