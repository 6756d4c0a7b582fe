import type { TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossKind } from '../tracks/loss/differences.ts';
import { writtenAndRead } from '../tracks/loss/pair-check.test-data.ts';
import { randomStudySet } from '../tracks/loss/random-studies.test-data.ts';
import { missingFrom } from '../tracks/loss/read-back.ts';
import { lossInWords } from '../tracks/loss/report.ts';
import { bd5Writer } from './bd5/write-bd5.ts';
import { bdmlWriterFor } from './bdml/write-bdml.ts';

/** Words by which the report of BD5 and BDML names each kind of loss. */
const words: Partial<Record<LossKind, RegExp>> = {
  'object-features': /text column/,
  'edge-features': /features of edges/,
  'track-features': /features of whole tracks/,
  'feature-types': /0 and 1|decimal numbers/,
  'feature-values': /replaced|absent|read back|lengths are written/,
  'feature-units': /the unit|lengths are written|"radius" is read back/,
  'feature-names': /is written as/,
  'feature-descriptions': /descriptions/,
  provenance: /program|settings|interval|of the header|lengths are written/,
  outlines: /outline|face|too large|lengths are written/,
  positions: /position|too large|lengths are written|outline/,
  depth: /planar/,
  times: /time/,
  'time-unit': /time|frame/,
  'space-unit': /unit|lengths are written|dimensionless/,
  frames: /frames/,
  entity: /written as (points|circles)|faces|outline/,
  edges: /edges/,
  ids: /ids/,
};

const seed = Number(process.env['MICRARIUM_SEED'] ?? Math.floor(Date.now() / 86_400_000));

/** Objects by the text that was written as their id, so that what came back can be compared. */
function withOwnIds(back: TrackSet, set: TrackSet): TrackSet {
  const written = back.objects.columns.find(({ sourceKey }) => sourceKey === 'ID');
  const given = set.objects.columns.find(({ sourceKey, type }) => sourceKey === 'ID' && type === 'string');
  const idOf = new Map(
    Array.from(set.objects.id, (id, row) => [given ? String(given.values[row]) : String(id), id] as const),
  );
  const id = Float64Array.from((written?.values ?? []) as string[], (text) => idOf.get(text) ?? -99);
  return { ...back, objects: { ...back.objects, id } };
}

describe(`what is missing after reading back stands in the report (MICRARIUM_SEED=${seed})`, () => {
  it.each([
    ['BD5', bd5Writer, 'a.bd5.h5'],
    ['BDML 0.18', bdmlWriterFor('0.18'), 'a.bdml.xml'],
    ['BDML 3.0', bdmlWriterFor('3.0'), 'a.bdml.xml'],
  ])('%s', async (_, writer, path) => {
    await fc.assert(
      fc.asyncProperty(randomStudySet, async (set) => {
        const losses = writer.losses([set]);
        const said = losses.map(({ message }) => message).join('; ');
        const [back] = (await writtenAndRead(writer, [set], path)).sets;
        if (!back) expect([set.objects.count, said]).toEqual([0, expect.stringContaining('has no objects')]);
        else {
          const unnamed = missingFrom(set, withOwnIds(back, set)).filter(
            // A set without a name is called by its number.
            ({ kind }) => kind !== 'set-name' && !words[kind]?.test(said),
          );
          expect(unnamed.map(lossInWords)).toEqual([]);
          expect([back.objects.count, back.edges.count]).toEqual([set.objects.count, set.edges.count]);
        }
      }),
      { seed, numRuns: 40, endOnFailure: true },
    );
  });
});
