import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findItems, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import {
  ancestors,
  buildTrackGraph,
  columnValue,
  compatibleMeasures,
  defaultMaxLag,
  directionalAutocorrelation,
  fitAnomalous,
  fitDiffusion,
  fitFurth,
  lagSums,
  lineagesOf,
  measurePaths,
  migrationIndices,
  pathMeanMsd,
  type Paths,
  pathsOf,
  pooledMsd,
  timeAveraged,
  trackMateFeatures,
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

  it('C: one T cell, autocorrelation of directions, and fits that say when they are not to be trusted', async () => {
    const set = await setOf('celltrackr', 't-cells.txt');
    const plane = pathsOf(set, { dimensions: 2, frameInterval: 24 });
    const space = pathsOf(set, { dimensions: 3, frameInterval: 24 });
    const ids = ['path_length', 'net_displacement', 'path_speed', 'mean_turning_angle'];
    const pathOfTrackOne = [...plane.track.keys()].find((path) => {
      const column = set.objects.columns.find(({ name }) => name === '#2')!;
      return String(columnValue(column, plane.rows[plane.offsets[path]!]!)) === '1';
    });
    const path = pathOfTrackOne!;
    printed(measured(plane, path, ids), [128.246429, 20.001506, 0.140621, 1.022022]);
    printed(measured(space, path, ids), [164.485459, 23.975584, 0.180357, 1.146636]);
    const fmi = (paths: Paths, direction: { x: number; y: number }) => migrationIndices(paths, direction).fmi[path]!;
    printed([fmi(plane, { x: 1, y: 0 }), fmi(plane, { x: 0, y: 1 })], [-0.155338, 0.013936]);
    printed([fmi(space, { x: 1, y: 0 }), fmi(space, { x: 0, y: 1 })], [-0.121114, 0.010865]);
    const da = directionalAutocorrelation(plane, 5);
    printed(
      da.map(({ value }) => value!),
      [0.23204, 0.20282, 0.15187, 0.11479, 0.07836],
    );
    expect(da.map(({ pairs }) => pairs)).toEqual([4630, 4369, 4109, 3849, 3589]);
    const curve = pooledMsd(plane, lagSums(plane, 20));
    const linear = fitDiffusion(curve, 2, { lags: [1, 4] })!;
    printed([linear.parameters.slope, linear.diffusion, linear.parameters.intercept], [0.975773, 0.243943, -10.341]);
    const anomalous = fitAnomalous(curve, 2, { lags: [1, 20] })!;
    printed([anomalous.parameters.alpha, 4 * anomalous.parameters.K], [1.155355, 0.427465]);
    const furth = fitFurth(curve, 2, 24, { lags: [1, 20] })!;
    printed([furth.parameters.P, furth.parameters.S], [4.11, 0.356]);
    expect(furth.isResolved).toBe(false);
  });

  it('D: what TrackMate itself stored of its tracks', async () => {
    const set = await setOf('trackmate', 'faketracks-v8.0.0.xml');
    const found = trackMateFeatures(set);
    const golden = [
      [74, 2, 0, 41, 117.305907, 3.775851, 275.637144, 0.425581, 0.757742, 0.506122],
      [4, 0, 0, 3, 1.225627, 0.540093, 1.620278, 0.75643, 0.75643, 0.863297],
      [10, 0, 1, 10, 37.146421, 3.965662, 37.650249, 0.986618, 0.936702, 0.242161],
    ];
    for (const row of golden) {
      const track = found.find(({ NUMBER_SPOTS }) => NUMBER_SPOTS === row[0])!;
      printed(
        [
          track.NUMBER_SPOTS,
          track.NUMBER_SPLITS,
          track.NUMBER_GAPS,
          track.TRACK_DURATION,
          track.TRACK_DISPLACEMENT,
          track.TRACK_MEAN_SPEED,
          track.TOTAL_DISTANCE_TRAVELED,
          track.CONFINEMENT_RATIO,
          track.LINEARITY_OF_FORWARD_PROGRESSION,
          track.MEAN_DIRECTIONAL_CHANGE_RATE,
        ],
        row,
      );
    }
  });

  it.each([
    ['benchmark-v2.8.1.xml', 60 * 18],
    ['faketracks-v3.4.2.xml', 4 * 18],
    // Version 7.0.5 wrote pi as the change of direction of many edges that go nearly straight on.
    ['faketracks-v7.0.5-splits.xml', 2 * 23, 'mean_directional_change_rate'],
    ['faketracks-v8.0.0.xml', 7 * 24],
  ])('D: every digit of the tracks that TrackMate stored in %s', async (file, values, leftOut?: string) => {
    const set = await setOf('trackmate', file);
    const found = compatibleMeasures(set, 'trackmate');
    const stored = set.sourceTracks!;
    const [ids, ofEdge] = [stored.columns, set.edges.columns].map(
      (columns) => columns.find(({ name }) => name === 'source_track_id')!,
    );
    const { trackOfObject } = buildTrackGraph(set.objects.count, set.edges);
    const trackOf = new Map(
      Array.from({ length: set.edges.count }, (_, edge) => [
        columnValue(ofEdge!, edge),
        trackOfObject[set.edges.source[edge]!]!,
      ]),
    );
    let compared = 0;
    for (const { id, values: ours } of found.columns) {
      const name = id.replace('trackmate.', '').toLowerCase();
      // Up to version 7 TrackMate wrote it so.
      const spelt = [name, name.replace('confinement', 'confinment')];
      const column = stored.columns.find((one) => spelt.includes(one.name));
      if (!column || name === leftOut) continue;
      for (let row = 0; row < stored.count; row++) {
        const value = Number(columnValue(column, row));
        const own = ours[trackOf.get(columnValue(ids!, row))!]!;
        const off = Number.isNaN(value) && Number.isNaN(own) ? 0 : Math.abs(own - value) / Math.max(1, Math.abs(value));
        expect(off, `${name} of track ${row}: ${own} is ${value}`).toBeLessThan(1e-12);
        compared++;
      }
    }
    expect(compared).toBe(values);
  });

  it('the path of ABal in a real embryo, without rounding', async () => {
    const set = await setOf('../bd5', '081505_L1_bd5.h5');
    const label = set.objects.columns.find(({ name }) => name === 'label')!;
    const rows = [...set.objects.frame.keys()].filter((row) => columnValue(label, row) === 'ABal');
    let length = 0;
    for (let i = 1; i < rows.length; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      const { x, y, z } = set.objects;
      length += Math.hypot(x[b]! - x[a]!, y[b]! - y[a]!, z![b]! - z![a]!);
    }
    expect(Math.abs(length / 21.61651943225066 - 1)).toBeLessThan(1e-12);
    const lineages = lineagesOf({
      count: set.objects.count,
      frame: set.objects.frame,
      edges: set.edges,
      time: set.objects.time ?? set.objects.frame,
      frameInterval: 1,
    });
    expect(lineages.divisions).toBe(358);
    const abal = lineages.lifeOfObject[rows[0]!]!;
    expect(lineages.lives[abal]!.objects).toBe(rows.length);
    const names = ancestors(lineages, abal).map((life) => columnValue(label, lineages.lives[life]!.firstObject));
    expect(names.slice(0, 2)).toEqual(['ABal', 'ABa']);
  });
});
