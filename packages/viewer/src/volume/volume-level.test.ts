import { describe, expect, it } from 'vitest';
import { chooseVolumeLevel, type VolumeNeeds } from './volume-level.ts';

const pyramid = [
  { width: 2048, height: 2048, depth: 100 },
  { width: 1024, height: 1024, depth: 100 },
  { width: 512, height: 512, depth: 50 },
];
const needs = (part: Partial<VolumeNeeds>): VolumeNeeds => ({
  levels: pyramid,
  spacing: { x: 0.1, y: 0.1, z: 0.5 },
  bytesPerVoxel: 2,
  channels: 1,
  budgetBytes: 256 * 2 ** 20,
  longestSide: 2048,
  ...part,
});

describe('the level of a volume', () => {
  it('is the finest whose voxels fit the budget', () => {
    expect(chooseVolumeLevel(needs({}))).toMatchObject({
      level: 1,
      step: { x: 1, y: 1, z: 1 },
      bytes: 2 * 100 * 2 ** 20,
    });
    expect(chooseVolumeLevel(needs({ budgetBytes: 2 ** 31 })).level).toBe(0);
    expect(chooseVolumeLevel(needs({ channels: 2 })).level).toBe(2);
    expect(chooseVolumeLevel(needs({ bytesPerVoxel: 1, channels: 2 })).level).toBe(1);
  });

  it('has no side that is longer than a texture', () => {
    expect(chooseVolumeLevel(needs({ budgetBytes: 2 ** 31, longestSide: 1024 })).level).toBe(1);
    const deep = [{ width: 64, height: 64, depth: 5000 }];
    const taken = chooseVolumeLevel(needs({ levels: deep }));
    expect(taken).toMatchObject({ level: 0, step: { x: 1, y: 1, z: 4 }, size: { x: 64, y: 64, z: 1250 } });
  });

  it('leaves voxels out where they are closest together when not even the coarsest fits', () => {
    const small = chooseVolumeLevel(needs({ budgetBytes: 4 * 2 ** 20 }));
    expect(small.level).toBe(2);
    // Voxels of the coarsest level are 0.4, 0.4 and 1 micrometers apart.
    expect(small.step).toEqual({ x: 4, y: 2, z: 1 });
    expect(small.bytes).toBeLessThanOrEqual(4 * 2 ** 20);
  });

  it('ends at one voxel, whatever the budget', () => {
    expect(chooseVolumeLevel(needs({ budgetBytes: 0 })).size).toEqual({ x: 1, y: 1, z: 1 });
    const absurd = [{ width: 2 ** 40, height: 1, depth: 2 ** 40 }];
    expect(chooseVolumeLevel(needs({ levels: absurd })).bytes).toBeLessThanOrEqual(256 * 2 ** 20);
  });
});
