import { execFileSync } from 'node:child_process';
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

/*
 * TrackMate XML to our stored Parquet tables, against lxml reading the same columns into arrays, both in one run:
 *   node benchmarks/trackmate-to-parquet.ts [spots]
 * Each works in a process of its own, so that its peak memory is its own.
 */

interface Measured {
  seconds: number;
  /** Processor time of all threads: what to compare on a machine that others use too. */
  cpuSeconds: number;
  /** In units of 10^6 bytes. */
  peakMegabytes: number;
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
  const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
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
  const measured: Measured = {
    seconds,
    cpuSeconds,
    peakMegabytes,
    spots: counts.objects,
    edges: counts.edges,
    checksum,
  };
  console.log(JSON.stringify(measured));
}

function inChild(command: string, args: readonly string[]): Measured {
  const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measured;
}

async function compare(spots: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-benchmark-'));
  try {
    const path = join(folder, 'film.xml');
    // Everything runs in processes of its own: a child's peak memory starts from its parent's.
    const generator = fileURLToPath(new URL('generate-trackmate.ts', import.meta.url));
    execFileSync(process.execPath, [generator, path, String(spots)]);
    const inputBytes = (await stat(path)).size;
    const ours = inChild(process.execPath, [fileURLToPath(import.meta.url), '--convert', path, join(folder, 'tables')]);
    const peer = fileURLToPath(new URL('lxml_stream.py', import.meta.url));
    const theirs = hasLxml() ? inChild(python, [peer, path]) : undefined;
    if (theirs && (theirs.spots !== ours.spots || theirs.edges !== ours.edges))
      throw new Error('the two do not agree on counts');
    if (theirs && Math.abs(theirs.checksum - ours.checksum) > 1e-6 * Math.abs(theirs.checksum))
      throw new Error('checksums differ');
    console.log(JSON.stringify({ benchmark: 'trackmate-to-parquet', spots, inputBytes, ours, theirs }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const python = '/usr/bin/python3';

function hasLxml(): boolean {
  try {
    execFileSync(python, ['-c', 'import lxml.etree'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (process.argv[2] === '--convert') await convert(process.argv[3]!, process.argv[4]!);
else await compare(Number(process.argv[2] ?? 1_000_000));
