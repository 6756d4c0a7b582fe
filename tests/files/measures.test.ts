import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findItems, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import {
  defaultMaxLag,
  lagSums,
  measurePaths,
  pathMeanMsd,
  type Paths,
  pathsOf,
  pooledMsd,
  timeAveraged,
  type TrackSet,
  trackpyMsd,
} from '@micrarium/model';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data/tracks/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample files at ${folder}`);

async function setOf(room: string, asked: string): Promise<TrackSet> {
  const [item] = await findItems(await openFolder(`${folder}${room}`), { asked });
  const { sets } = await readTrackSets(await item!.descriptor!.tracks!.reader(), item!);
  return sets[0]!;
}

function measured(paths: Paths, path: number, ids: readonly string[]): number[] {
  return measurePaths(paths, { ids }).map(({ values }) => values[path]!);
}

/** Half a unit in the last printed digit. */
function printed(values: readonly number[], golden: readonly number[]): void {
  golden.forEach((value, i) => {
    const digits = `${value}`.split('.')[1]?.length ?? 0;
    expect(Math.abs(values[i]! - value), `${values[i]} is ${value}`).toBeLessThanOrEqual(0.5001 * 10 ** -digits);
  });
}

describe.runIf(present)('golden values of motility-measures, section 9', () => {
  it('A: whole-path measures of celltrackR reference tracks', async () => {
    const set = await setOf('celltrackr', 'ref_tracks.csv');
    const plane = pathsOf(set, { dimensions: 2 });
    const ids = [
      'n_detections',
      'path_length',
      'duration',
      'path_speed',
      'net_displacement',
      'max_displacement',
      'straightness',
      'mean_turning_angle',
      'asphericity',
    ];
    printed(measured(plane, 0, ids), [10, 82.201584, 9, 9.133509, 57.356604, 57.356604, 0.697755, 0.919994, 0.874692]);
    printed(measured(plane, 1, ids), [13, 81.543809, 12, 6.795317, 45.887798, 45.887798, 0.562738, 1.224943, 0.580804]);
    const space = pathsOf(set, { dimensions: 3 });
    printed([...measured(space, 0, ['asphericity']), ...measured(space, 1, ['asphericity'])], [0.906019, 0.685603]);
  });

  it('B: mean squared displacements of the MOSAIC table, four ways', async () => {
    const set = await setOf('mosaic', 'mosaic_tracks.csv');
    const paths = pathsOf(set, { dimensions: 2 });
    const golden: Record<number, number[]> = {
      1: [12.295062, 0.141574, 0.084235, 22.736738, 15.912296, 17.104607, 7.355517, 11.379085, 7.331393, 172],
      2: [43.514786, 0.157009, 0.089898, 86.806419, 57.77321, 59.138833, 26.271234, 41.246692, 26.20072, 165],
      3: [91.453588, 0.113824, 0.095159, 189.493464, 120.677601, 120.867137, 54.574435, 87.116796, 54.826543, 159],
      5: [232.731916, 0.15597, 0.092318, 488.539253, 330.862327, 256.33135, 131.409469, 218.118856, 135.216965, 148],
    };
    const sums = lagSums(paths, 100);
    for (const [lag, row] of Object.entries(golden)) {
      const at = Number(lag) - 1;
      printed(
        [
          ...Array.from({ length: 6 }, (_, path) => timeAveraged(sums, path)[at]!),
          pooledMsd(paths, sums)[at]!.msd!,
          pathMeanMsd(paths, sums)[at]!.msd!,
          trackpyMsd(paths, sums)[at]!.msd!,
          pooledMsd(paths, sums)[at]!.n,
        ],
        row,
      );
    }
  });

  it('C: T cells, in the plane and in space', async () => {
    const set = await setOf('celltrackr', 't-cells.txt');
    const paths = [2, 3].map((dimensions) => pathsOf(set, { dimensions: dimensions as 2 | 3, frameInterval: 24 }));
    const golden: Record<number, [number, number, number]> = {
      1: [4893, 15.3682, 23.5495],
      2: [4636, 34.1411, 51.5441],
      5: [3865, 114.322, 169.6092],
      10: [2705, 261.5257, 386.5364],
      20: [1329, 479.3381, 693.2036],
    };
    const [plane, space] = paths.map((one) => pooledMsd(one, lagSums(one, Math.max(20, defaultMaxLag(one)))));
    for (const [lag, [pairs, inPlane, inSpace]] of Object.entries(golden)) {
      const at = Number(lag) - 1;
      expect([plane![at]!.n, space![at]!.n]).toEqual([pairs, pairs]);
      printed([plane![at]!.msd!, space![at]!.msd!], [inPlane, inSpace]);
    }
  });
});
