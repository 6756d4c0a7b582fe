import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ByteSource } from '../packages/formats/src/bytes/byte-source.ts';
import { fileTree } from '../packages/formats/src/bytes/file-tree.ts';
import type { Item } from '../packages/formats/src/recognition/item.ts';
import { openParquet } from '../packages/formats/src/tracks/parquet/open-table.ts';
import { writeTrackTables } from '../packages/formats/src/tracks/parquet/write-tables.ts';
import { trackmateReader } from '../packages/formats/src/tracks/trackmate/reader.ts';
import type { FileSink } from '../packages/formats/src/tracks/track-reader.ts';
import { generateTrackmate } from './generate-trackmate.ts';

/*
 * TrackMate XML to our stored Parquet tables, against lxml reading the same columns into arrays, both in one run:
 *   node benchmarks/trackmate-to-parquet.ts [spots]
 * Each works in a process of its own, so that its peak memory is its own.
 */

interface Measured {
  seconds: number;
  /** Processor time of all threads: what to compare on a machine that others use too. */
  cpuSeconds: number;
  peakMiB: number;
  spots: number;
  edges: number;
  checksum: number;
}

async function fileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const handle = await open(path);
  const { size } = await handle.stat();
  return {
    name: path,
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
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
  const source = await fileSource(path);
  const entry = { path: 'film.xml', size: source.size, open: async () => source };
  const item: Item = {
    path: 'film.xml',
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'trackmate',
    recognition: { score: 1, reason: 'benchmark' },
  };
  const started = performance.now();
  const { sets, issues } = await writeTrackTables(trackmateReader, item, folderSink(folder));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  await source.close();
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((issue) => issue.message).join('; '));
  const objects = await fileSource(join(folder, 'objects.parquet'));
  const table = await openParquet(objects);
  let checksum = 0;
  for (const column of ['x', 'snr'])
    for (const { start, end } of table.runs)
      for (const value of (await table.read(column, start, end)).values) checksum += Number(value);
  await objects.close();
  const { counts } = sets[0]!.index;
  const measured: Measured = { seconds, cpuSeconds, peakMiB, spots: counts.objects, edges: counts.edges, checksum };
  console.log(JSON.stringify(measured));
}

function inChild(command: string, args: readonly string[]): Measured {
  const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measured;
}

async function compare(spots: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-benchmark-'));
  const path = join(folder, 'film.xml');
  await generateTrackmate(path, spots);
  const megabytes = (await stat(path)).size / 1e6;
  console.log(`${spots} spots, ${megabytes.toFixed(0)} MB`);
  const report = (name: string, one: Measured) =>
    console.log(
      `${name}: ${one.seconds.toFixed(2)} s (${one.cpuSeconds.toFixed(2)} s of processor), ${(megabytes / one.seconds).toFixed(0)} MB/s, peak ${one.peakMiB.toFixed(0)} MiB, ${one.spots} spots, ${one.edges} edges`,
    );
  const ours = inChild(process.execPath, [fileURLToPath(import.meta.url), '--convert', path, join(folder, 'tables')]);
  report('micrarium, XML to Parquet', ours);
  if (existsSync('/usr/bin/python3')) {
    const peer = inChild('/usr/bin/python3', [fileURLToPath(new URL('lxml_stream.py', import.meta.url)), path]);
    report('lxml, XML to arrays', peer);
    if (peer.spots !== ours.spots || peer.edges !== ours.edges) throw new Error('the two do not agree on counts');
    if (Math.abs(peer.checksum - ours.checksum) > 1e-6 * Math.abs(peer.checksum)) throw new Error('checksums differ');
    const ratio = (a: number, b: number) => (a / b).toFixed(2);
    console.log(
      `ours to lxml: ${ratio(ours.seconds, peer.seconds)} of the time, ${ratio(ours.cpuSeconds, peer.cpuSeconds)} of the processor time`,
    );
  } else console.log('lxml is not here: nothing to compare with');
  await rm(folder, { recursive: true });
}

if (process.argv[2] === '--convert') await convert(process.argv[3]!, process.argv[4]!);
else await compare(Number(process.argv[2] ?? 1_000_000));
