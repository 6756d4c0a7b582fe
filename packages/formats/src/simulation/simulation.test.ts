import { countTracks } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { demonstrationOptions, simulateCells, simulatedTrackSet } from './cells.ts';
import { simulatedImage, simulatedPlanes } from './film.ts';

describe('simulation', () => {
  const objects = simulateCells();
  const set = simulatedTrackSet(objects);
  const counts = countTracks(set.objects, set.edges);

  it('is the same for the same seed and another for another', () => {
    expect(simulateCells()).toEqual(objects);
    expect(simulateCells({ seed: 1 })).not.toEqual(objects);
  });

  it('has cells that migrate, divide and leave', () => {
    expect(counts.objects).toBeGreaterThan(400);
    expect(counts.splits).toBeGreaterThan(5);
    expect([counts.merges, counts.gaps]).toEqual([0, 0]);
    expect(counts.frames).toBe(demonstrationOptions.frames);
    const last = objects.filter(
      (object) =>
        object.frame < demonstrationOptions.frames - 1 && !objects.some((child) => child.parent === object.id),
    );
    expect(last.length).toBeGreaterThan(0);
  });

  it('draws every cell where its tracks say it is', async () => {
    const small = { ...demonstrationOptions, frames: 2, width: 160, height: 128, cells: 6 };
    const cells = simulateCells(small);
    const planes = [];
    for await (const plane of simulatedPlanes(cells, small)) planes.push(plane);
    expect(planes).toHaveLength(2 * small.slices * 2);
    for (const cell of cells) {
      const slice = Math.round(cell.z / small.sliceStepMicrometers);
      const plane = planes[(cell.frame * small.slices + slice) * 2]!;
      const at =
        Math.round(cell.y / small.pixelSizeMicrometers) * plane.width + Math.round(cell.x / small.pixelSizeMicrometers);
      expect(plane.data[at]).toBeGreaterThan(600);
    }
    expect(simulatedImage(small).sizes).toEqual({ t: 2, c: 2, z: 5, y: 128, x: 160 });
  });
});
