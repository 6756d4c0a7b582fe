import { describe, expect, it } from 'vitest';
import { brightnessOf, channelLook, drawnChannels, mostChannels, paintPlanes } from './channel-look.ts';
import { lookUpTable, lookUpTableNames, mapColour, mapNames, tableColour, tableSteps } from './look-up-tables.ts';
import type { ChannelState } from './view-state.ts';

const green: ChannelState = { isVisible: true, colour: [0, 255, 0], window: [100, 300] };

describe('which channels are drawn', () => {
  it('all of them, and of many those that are visible', () => {
    const channels = (...visible: number[]) =>
      Array.from({ length: 40 }, (_, c) => ({ isVisible: visible.includes(c) }));
    expect(drawnChannels(channels().slice(0, 7))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(drawnChannels(channels(39, 20))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 20, 39]);
    expect(drawnChannels(channels(...Array.from({ length: 15 }, (_, at) => 10 + at)))).toEqual(
      Array.from({ length: mostChannels }, (_, at) => 10 + at),
    );
  });
});

describe('how channels become colours', () => {
  it('windows clamp, gamma bends', () => {
    expect(brightnessOf(50, green)).toBe(0);
    expect(brightnessOf(200, green)).toBe(0.5);
    expect(brightnessOf(900, green)).toBe(1);
    expect(brightnessOf(150, { ...green, gamma: 0.5 })).toBe(0.5);
    expect(brightnessOf(200, { ...green, gamma: 2 })).toBe(0.25);
    // Windows of floating-point images may be narrow, and an empty one is a step.
    expect(brightnessOf(1.5e-7, { window: [1e-7, 2e-7] })).toBeCloseTo(0.5);
    expect(brightnessOf(100, { window: [100, 100] })).toBe(0);
    expect(brightnessOf(101, { window: [100, 100] })).toBe(1);
  });

  it('tables run from dark to bright and end in the published colours', () => {
    for (const name of lookUpTableNames) expect(lookUpTable(name, [9, 9, 9])).toHaveLength(tableSteps * 4);
    expect(tableColour('colour', [200, 100, 0], 0.5)).toEqual([100, 50, 0]);
    expect([tableColour('grey', [1, 2, 3], 1), tableColour('inverse', [1, 2, 3], 1)]).toEqual([
      [255, 255, 255],
      [0, 0, 0],
    ]);
    const ends = Object.fromEntries(mapNames.map((name) => [name, [mapColour(name, 0), mapColour(name, 1)]]));
    expect(ends).toEqual({
      viridis: [
        [68, 1, 84],
        [253, 231, 37],
      ],
      cividis: [
        [0, 32, 81],
        [253, 234, 69],
      ],
      magma: [
        [0, 0, 4],
        [252, 253, 191],
      ],
      inferno: [
        [0, 0, 4],
        [252, 255, 164],
      ],
      plasma: [
        [13, 8, 135],
        [240, 249, 33],
      ],
      turbo: [
        [35, 23, 27],
        [144, 12, 0],
      ],
    });
    expect(mapColour('viridis', Number.NaN)).toEqual([138, 143, 148]);
  });

  it('hidden channels are black, visible ones are added', () => {
    const red: ChannelState = { isVisible: true, colour: [255, 0, 0], window: [0, 1] };
    const planes = [Uint16Array.of(100, 300), Uint16Array.of(1, 0)];
    expect([...paintPlanes(planes, [green, red], 2)]).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
    expect([...paintPlanes(planes, [green, { ...red, isVisible: false }], 2)]).toEqual([0, 0, 0, 255, 0, 255, 0, 255]);
    const look = channelLook([green, { ...red, isVisible: false, lut: 'viridis' }]);
    expect(look.table.subarray(0, 4)).toEqual(Uint8Array.of(0, 0, 0, 255));
    expect(look.table.subarray(tableSteps * 4).every((one) => one === 0)).toBe(true);
    expect(look.gammas).toEqual([1, 1]);
  });
});
