import type { Issue, TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { lossNames, lossReport } from '../loss/report.ts';
import type { Surviving } from '../loss/surviving.ts';
import { ctcIssue } from './issues.ts';
import { labelChains } from './label-chains.ts';
import { drawLabels, mostPixels, planPixels } from './label-planes.ts';
import { writeLabelTiff } from './label-tiff.ts';
import { surviving } from './surviving.ts';

/**
 * Writes results as the Cell Tracking Challenge wants them: `res_track.txt` and one label image a frame. Several sets
 * go to the folders `01_RES`, `02_RES`...
 */
export const ctcWriter: TrackWriter = {
  layout: 'folder',
  extension: '',
  losses,
  surviving: survivingSets,
  async write(sets, sink, options = {}) {
    for (const [i, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `${folderName(i)}/`;
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

const ctcLosses = lossNames(ctcIssue, {
  objects: 'ctc-positions-missing',
  edges: 'ctc-merges-lost',
  'object-features': 'ctc-features-lost',
  'edge-features': 'ctc-features-lost',
  'track-features': 'ctc-features-lost',
  outlines: 'ctc-outlines-lost',
  entity: 'ctc-outlines-lost',
  positions: 'ctc-positions-rounded',
  depth: 'ctc-positions-rounded',
  frames: 'ctc-shifted',
  times: 'ctc-scale-lost',
  'space-unit': 'ctc-scale-lost',
  'time-unit': 'ctc-scale-lost',
  provenance: 'ctc-provenance-lost',
  ids: 'ctc-ids-lost',
  'set-name': 'ctc-ids-lost',
});

function losses(sets: readonly TrackSet[]): Issue[] {
  const refused = sets.filter((set) => !planPixels(set));
  if (refused.length === 0) return lossReport(sets, survivingSets(sets), ctcLosses);
  const message = `label images of more than ${mostPixels} pixels or 100,000 frames`;
  return refused.map((set) => ctcIssue('ctc-too-large', message, { where: { field: set.name } }));
}

function survivingSets(sets: readonly TrackSet[]): (Surviving | undefined)[] {
  return sets.map((set, i) => {
    const plan = planPixels(set);
    return plan && surviving(set, plan, sets.length === 1 ? set.name : folderName(i));
  });
}

const folderName = (index: number) => `${String(index + 1).padStart(2, '0')}_RES`;
