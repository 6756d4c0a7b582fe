import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findItems, type LabelFilm, openLabelFilm, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { CellTrackingScorer, type LabelTrack, type TrackSet } from '@micrarium/model';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/tracks');
const present = existsSync(folder);
if (!present) console.warn('tests/files/published-scores: ../shared/data/tracks is absent, nothing is tested');

const itemAt = async (path: string) => (await findItems(await openFolder(join(folder, path))))[0]!;

/** Paths between divisions as lines of a track table, and the label of each object. */
function labelTracksOf({ objects, edges }: TrackSet): { tracks: LabelTrack[]; labelOf: Uint32Array } {
  const children = Array.from({ length: objects.count }, (): number[] => []);
  const parentOf = new Int32Array(objects.count).fill(-1);
  for (let edge = 0; edge < edges.count; edge++) {
    children[edges.source[edge]!]!.push(edges.target[edge]!);
    parentOf[edges.target[edge]!] = edges.source[edge]!;
  }
  const tracks: LabelTrack[] = [];
  const labelOf = new Uint32Array(objects.count);
  for (const row of [...objects.frame.keys()].sort((a, b) => objects.frame[a]! - objects.frame[b]!)) {
    const [parent, frame] = [parentOf[row]!, objects.frame[row]!];
    if (parent >= 0 && children[parent]!.length === 1) {
      labelOf[row] = labelOf[parent]!;
      tracks[labelOf[row]! - 1]!.end = frame;
    } else {
      labelOf[row] = tracks.length + 1;
      tracks.push({ label: labelOf[row]!, begin: frame, end: frame, parent: parent < 0 ? 0 : labelOf[parent]! });
    }
  }
  return { tracks, labelOf };
}

/** The label nearest to a place, at most `reach` pixels away, among those that `isFree`; 0 where there is none. */
function labelNear(
  { pixels, shape: [, rows, columns] }: Awaited<ReturnType<LabelFilm['labels']>>,
  [y, x]: readonly [number, number],
  reach: number,
  isFree: (label: number) => boolean,
): number {
  let [best, least] = [0, reach * reach + 1];
  for (let row = Math.max(0, Math.round(y) - reach); row <= Math.min(rows - 1, Math.round(y) + reach); row++)
    for (
      let column = Math.max(0, Math.round(x) - reach);
      column <= Math.min(columns - 1, Math.round(x) + reach);
      column++
    ) {
      const [label, far] = [pixels[row * columns + column]!, (row - y) ** 2 + (column - x) ** 2];
      if (label !== 0 && far < least && isFree(label)) [best, least] = [label, far];
    }
  return best;
}

/** Lines of a track table of which the only child goes on where its parent ends are one line. */
function withoutRelabelling(tracks: readonly LabelTrack[]): { tracks: LabelTrack[]; nameOf: Map<number, number> } {
  const children = Map.groupBy(tracks, ({ parent }) => parent);
  const nameOf = new Map<number, number>();
  const joined: LabelTrack[] = [];
  for (const track of [...tracks].sort((a, b) => a.begin - b.begin)) {
    const parent = nameOf.get(track.parent);
    const mother = joined.find(({ label }) => label === parent);
    if (mother && children.get(track.parent)!.length === 1 && track.begin === mother.end + 1) {
      nameOf.set(track.label, mother.label);
      mother.end = track.end;
    } else {
      nameOf.set(track.label, track.label);
      joined.push({ ...track, parent: parent ?? 0 });
    }
  }
  return { tracks: joined, nameOf };
}

describe.runIf(present)('scores that others published', () => {
  // traccuracy, examples/ctc.ipynb and tests/metrics/test_ctc_metrics.py, score the same result against the challenge's ground truth of
  // Fluo-N2DL-HeLa 01. That truth lies here as a graph (8,639 objects and 8,562 edges, as they say), each marker by its centre.
  test('Fluo-N2DL-HeLa 01: the faults, DET, LNK and TRA of traccuracy', async () => {
    const item = await itemAt('geff/ctc_hela_example.geff');
    const { sets } = await readTrackSets(await item.descriptor!.tracks!.reader(), item);
    const { objects } = sets[0]!;
    const { tracks, labelOf } = labelTracksOf(sets[0]!);
    const film = (await openLabelFilm(await itemAt('ctc/Fluo-N2DL-HeLa/01_RES')))!;
    const joined = withoutRelabelling(film.tracks);
    const scorer = new CellTrackingScorer(tracks, film.tracks);
    const likeTraccuracy = new CellTrackingScorer(tracks, joined.tracks);
    const rowsOf = Map.groupBy(objects.frame.keys(), (row) => objects.frame[row]!);
    for (const frame of film.frames) {
      const volume = await film.labels(frame);
      const listed = film.tracks.filter(({ begin, end }) => frame >= begin && frame <= end).map(({ label }) => label);
      const rows = rowsOf.get(frame) ?? [];
      const shared = new Map<number, Map<number, number>>();
      const taken = new Set<number>();
      // Four of the markers have their centre of mass beside the nucleus.
      for (const reach of [0, 5])
        for (const row of rows) {
          if (shared.has(labelOf[row]!)) continue;
          const label = labelNear(
            volume,
            [objects.y[row]!, objects.x[row]!],
            reach,
            (one) => reach === 0 || !taken.has(one),
          );
          if (label !== 0) shared.set(labelOf[row]!, new Map([[label, 1]]));
          taken.add(label);
        }
      const referenceSizes = new Map(rows.map((row) => [labelOf[row]!, 1]));
      scorer.addOverlaps(frame, { referenceSizes, resultSizes: new Map(listed.map((label) => [label, 1])), shared });
      const name = (label: number) => joined.nameOf.get(label)!;
      likeTraccuracy.addOverlaps(frame, {
        referenceSizes,
        resultSizes: new Map(listed.map((label) => [name(label), 1])),
        shared: new Map(
          [...shared].map(([of, by]) => [of, new Map([...by].map(([label, count]) => [name(label), count]))]),
        ),
      });
    }
    const { faults, counts, DET, LNK, TRA } = likeTraccuracy.finish();
    expect(counts).toMatchObject({ referenceObjects: 8639, referenceEdges: 8562 });
    expect(faults).toEqual({ NS: 0, FN: 39, FP: 0, ED: 60, EA: 87, EC: 47 });
    expect([DET, LNK, TRA]).toEqual([0.9954855886097927, 0.9815074359573308, 0.993676498745377]);
    // By the challenge's own programs a parent of one child is a parent edge; traccuracy counts it as a link.
    expect(scorer.finish().faults).toEqual({ ...faults, EC: 51 });
  });
});
