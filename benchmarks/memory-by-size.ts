import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOf, beside, type Costs, make } from './measured-process.ts';

/*
 * Peak memory of conversions at 0.1, 0.5 and 2 GB of input:
 *   node benchmarks/memory-by-size.ts [gigabytes...]
 * Tracks may take 48 bytes an object and 16 an edge (`TrackIndex`); all above that must not grow with the file.
 */

/** Bytes of a spot with its edge in the files of `generate-trackmate.ts`, and of a plane of `generate-film.ts`. */
const bytesPer = { spot: 551, plane: 2048 * 2048 * 2 };

interface Grown {
  what: string;
  inputBytes: number;
  ours: Costs;
  /** What the index of tracks may take, in units of 10^6 bytes. */
  allowanceMegabytes: number;
}

/** Converts a TrackMate file of a size to Parquet tables. */
async function tracks(folder: string, gigabytes: number): Promise<Grown> {
  const path = join(folder, 'film.xml');
  const spots = Math.round((gigabytes * 1e9) / bytesPer.spot);
  make('generate-trackmate.ts', path, String(spots));
  const script = beside('trackmate-to-parquet.ts');
  const ours = answerOf<Costs & { spots: number; edges: number }>(process.execPath, [
    script,
    '--convert',
    path,
    join(folder, 'tables'),
  ]);
  if (ours.spots !== spots) throw new Error(`${ours.spots} spots were read of ${spots}`);
  const inputBytes = (await stat(path)).size;
  return {
    what: 'TrackMate XML to Parquet',
    inputBytes,
    ours,
    allowanceMegabytes: (spots * 48 + ours.edges * 16) / 1e6,
  };
}

/** Converts an uncompressed film of a size to a pyramid. */
async function film(folder: string, gigabytes: number): Promise<Grown> {
  const path = join(folder, 'camera.tif');
  make('generate-film.ts', 'plain', path, String(Math.max(1, Math.round((gigabytes * 1e9) / bytesPer.plane))));
  const script = beside('tiff-to-ozx.ts');
  const ours = answerOf<Costs>(process.execPath, [script, 'plain', path, join(folder, 'film.ozx')]);
  return { what: 'TIFF to a pyramid', inputBytes: (await stat(path)).size, ours, allowanceMegabytes: 0 };
}

const given = process.argv.slice(2).map(Number);
const grown: Grown[] = [];
for (const convert of [tracks, film])
  for (const gigabytes of given.length > 0 ? given : [0.1, 0.5, 2]) {
    const folder = await mkdtemp(join(tmpdir(), 'micrarium-memory-'));
    try {
      grown.push(await convert(folder, gigabytes));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
console.log(
  JSON.stringify({
    benchmark: fileURLToPath(import.meta.url)
      .split('/')
      .at(-1),
    grown,
  }),
);
