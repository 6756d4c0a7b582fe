import type { Issue, TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { ctcIssue, type CtcIssueCode } from './issues.ts';
import { labelChains } from './label-chains.ts';
import { type PixelPlan, drawLabels, mostPixels, planPixels } from './label-planes.ts';
import { writeLabelTiff } from './label-tiff.ts';

/**
 * Writes results as the Cell Tracking Challenge wants them: `res_track.txt` and one label image a frame. Several sets
 * go to the folders `01_RES`, `02_RES`...
 */
export const ctcWriter: TrackWriter = {
  layout: 'folder',
  extension: '',
  losses: (sets) => sets.flatMap((set) => lossesOf(set)),
  async write(sets, sink, options = {}) {
    for (const [i, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `${String(i + 1).padStart(2, '0')}_RES/`;
      await writeSet(set, { create: (path) => sink.create(folder + path) }, options, (fraction) =>
        options.onProgress?.((i + fraction) / sets.length),
      );
    }
  },
};

async function writeSet(
  set: TrackSet,
  sink: FileSink,
  { signal }: WriteOptions,
  progress: (fraction: number) => void,
): Promise<void> {
  const plan = planPixels(set);
  if (!plan) throw new TypeError(`the label images of "${set.name}" would be too large`);
  const { labelOf, spans } = labelChains(set);
  const { frame: shift } = plan.shift;
  const lines = spans.map(({ begin, end, parent }, i) => `${i + 1} ${begin + shift} ${end + shift} ${parent}\n`);
  const table = await sink.create('res_track.txt');
  await table.write(new TextEncoder().encode(lines.join('')));
  await table.close();
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < set.objects.count; row++) {
    const frame = set.objects.frame[row]! + shift;
    const rows = rowsOf.get(frame);
    if (rows) rows.push(row);
    else rowsOf.set(frame, [row]);
  }
  const Pixels = spans.length < 65_536 ? Uint16Array : Uint32Array;
  const digits = plan.frames > 1000 ? 4 : 3;
  for (let frame = 0; frame < plan.frames; frame++) {
    signal?.throwIfAborted();
    const pixels = new Pixels(plan.width * plan.height * plan.depth);
    drawLabels(plan, rowsOf.get(frame) ?? [], labelOf, pixels);
    const file = await sink.create(`mask${String(frame).padStart(digits, '0')}.tif`);
    await writeLabelTiff(file, plan.width, plan.height, pixels);
    await file.close();
    progress((frame + 1) / plan.frames);
  }
}

function lossesOf(set: TrackSet): Issue[] {
  const { objects, edges, sourceTracks, provenance } = set;
  const issues: Issue[] = [];
  const say = (code: CtcIssueCode, message: string) =>
    issues.push(ctcIssue(code, message, { where: { field: set.name } }));
  const plan = planPixels(set);
  if (!plan) say('ctc-too-large', `label images of more than ${mostPixels} pixels or 100,000 frames`);
  const { lostEdges } = labelChains(set);
  if (lostEdges > 0) say('ctc-merges-lost', `${lostEdges} ${lostEdges === 1 ? 'edge' : 'edges'} into merges`);
  const features = [
    [objects.columns.length, 'of objects'],
    [edges.columns.length, 'of edges'],
    [sourceTracks?.columns.length ?? 0, 'of tracks'],
  ].filter(([count]) => count !== 0);
  if (features.length > 0)
    say('ctc-features-lost', `feature columns: ${features.map(([count, of]) => `${count} ${of}`).join(', ')}`);
  const outlined = (objects.shapes?.partOffsets.at(-1) ?? 0) > 0;
  if (outlined) say('ctc-outlines-lost', `${objects.shapes!.vertexOffsets.length - 1} outlines or mesh parts`);
  if (plan) positionLosses(plan, say);
  if ((set.spaceUnit ?? 'pixel') !== 'pixel' || (set.timeUnit ?? 'frame') !== 'frame' || objects.time)
    say('ctc-scale-lost', `unit ${set.spaceUnit ?? 'unknown'}, times in ${set.timeUnit ?? 'frames'}`);
  const said = Object.keys(provenance);
  if (said.length > 0) say('ctc-provenance-lost', `left out: ${said.join(', ')}`);
  if (objects.count > 0) say('ctc-ids-lost', `${objects.count} ids`);
  return issues;
}

function positionLosses(plan: PixelPlan, say: (code: CtcIssueCode, message: string) => void): void {
  if (plan.rounded > 0) say('ctc-positions-rounded', `${plan.rounded} positions are not whole pixels`);
  if (plan.withoutPosition > 0) say('ctc-positions-missing', `${plan.withoutPosition} objects without a position`);
  const moved = (['x', 'y', 'z', 'frame'] as const).filter((axis) => plan.shift[axis] > 0);
  if (moved.length > 0) say('ctc-shifted', moved.map((axis) => `${axis} by ${plan.shift[axis]}`).join(', '));
}
