import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolder } from '../packages/formats/src/bytes/node-file.ts';
import { inspectItem } from '../packages/formats/src/inspect.ts';
import { findItems } from '../packages/formats/src/recognition/find-items.ts';
import { writeLabelTiff } from '../packages/formats/src/tracks/ctc/label-tiff.ts';
import { answerOf, type Costs, costsSince } from './measured-process.ts';

/*
 * A result of the Cell Tracking Challenge: deflated label images of 700 x 1100 pixels with moving discs, to objects and edges:
 *   node benchmarks/label-images.ts [frames]
 */

const [width, height, cells, radius] = [1100, 700, 90, 9];

async function make(folder: string, frames: number): Promise<void> {
  for (let t = 0; t < frames; t++) {
    const pixels = new Uint16Array(width * height);
    for (let cell = 0; cell < cells; cell++) {
      const [x, y] = [30 + (cell % 15) * 70 + (t % 40), 30 + Math.floor(cell / 15) * 110 + (t % 30)];
      for (let dy = -radius; dy <= radius; dy++)
        for (let dx = -radius; dx <= radius; dx++)
          if (dx * dx + dy * dy <= radius * radius) pixels[(y + dy) * width + x + dx] = cell + 1;
    }
    const file = await open(join(folder, `mask${String(t).padStart(3, '0')}.tif`), 'w');
    await writeLabelTiff(
      { write: async (bytes) => void (await file.write(bytes)), close: () => file.close() },
      width,
      height,
      pixels,
    );
    await file.close();
  }
  const lines = Array.from({ length: cells }, (_, cell) => `${cell + 1} 0 ${frames - 1} 0\n`);
  await writeFile(join(folder, 'res_track.txt'), lines.join(''));
}

async function measure(folder: string): Promise<void> {
  const started = performance.now();
  const tree = await openFolder(folder);
  const [item] = await findItems(tree);
  const { counts } = await inspectItem(item!);
  console.log(JSON.stringify({ ...costsSince(started), counts }));
  for (const entry of tree.entries) await entry.close?.();
}

const [first = '92', given] = process.argv.slice(2);
if (first === '--measure') await measure(given!);
else {
  const folder = await mkdtemp(join(tmpdir(), 'labels-'));
  try {
    const frames = Number(first);
    await make(folder, frames);
    const self = fileURLToPath(import.meta.url);
    const ours = answerOf<Costs & { counts?: { objects: number; edges: number } }>(process.execPath, [
      self,
      '--measure',
      folder,
    ]);
    if (ours.counts?.objects !== cells * frames || ours.counts.edges !== cells * (frames - 1))
      throw new Error(`found ${JSON.stringify(ours.counts)}`);
    console.log(JSON.stringify({ frames, ours }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
