import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { fileSource } from '../packages/formats/src/bytes/node-file.ts';
import { openParquet } from '../packages/formats/src/tracks/parquet/open-table.ts';
import { writeTrackTables } from '../packages/formats/src/tracks/parquet/write-tables.ts';
import { trackmateReader } from '../packages/formats/src/tracks/trackmate/reader.ts';
import type { FileSink } from '../packages/formats/src/tracks/track-reader.ts';
import { answerOf, beside, type Costs, costsSince, hasModules, itemOf, make, python } from './measured-process.ts';

/*
 * TrackMate XML to our stored Parquet tables, against lxml reading the same columns into arrays, both in one run:
 *   node benchmarks/trackmate-to-parquet.ts [spots]
 */

interface Measured extends Costs {
  spots: number;
  edges: number;
  checksum: number;
}

function folderSink(folder: string): FileSink {
  return {
    async create(path) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      const handle = await open(join(folder, path), 'w');
      return {
        async write(bytes) {
          await handle.write(bytes);
        },
        close: () => handle.close(),
      };
    },
  };
}

async function convert(path: string, folder: string): Promise<void> {
  // As the command line does.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { item, close } = await itemOf(path, 'film.xml', 'trackmate');
  const started = performance.now();
  const { sets, issues } = await writeTrackTables(trackmateReader, item, folderSink(folder));
  const costs = costsSince(started);
  await close();
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((issue) => issue.message).join('; '));
  const { counts } = sets[0]!.index;
  const measured: Measured = {
    ...costs,
    spots: counts.objects,
    edges: counts.edges,
    checksum: await checksumOf(join(folder, 'objects.parquet')),
  };
  console.log(JSON.stringify(measured));
}

async function checksumOf(path: string): Promise<number> {
  const objects = await fileSource(path);
  const table = await openParquet(objects);
  let checksum = 0;
  for (const column of ['x', 'snr'])
    for (const { start, end } of table.runs)
      for (const value of (await table.read(column, start, end)).values) checksum += Number(value);
  await objects.close();
  return checksum;
}

async function compare(spots: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-benchmark-'));
  try {
    const path = join(folder, 'film.xml');
    make('generate-trackmate.ts', path, String(spots));
    const inputBytes = (await stat(path)).size;
    const self = fileURLToPath(import.meta.url);
    const ours = answerOf<Measured>(process.execPath, [self, '--convert', path, join(folder, 'tables')]);
    const theirs = hasModules('lxml.etree') ? answerOf<Measured>(python, [beside('lxml_stream.py'), path]) : undefined;
    if (theirs && (theirs.spots !== ours.spots || theirs.edges !== ours.edges))
      throw new Error('the two do not agree on counts');
    if (theirs && Math.abs(theirs.checksum - ours.checksum) > 1e-6 * Math.abs(theirs.checksum))
      throw new Error('checksums differ');
    console.log(JSON.stringify({ benchmark: 'trackmate-to-parquet', spots, inputBytes, ours, theirs }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--convert') await convert(process.argv[3]!, process.argv[4]!);
else await compare(Number(process.argv[2] ?? 1_000_000));
