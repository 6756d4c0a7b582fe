import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { ByteSource } from '../packages/formats/src/bytes/byte-source.ts';
import { fileTree } from '../packages/formats/src/bytes/file-tree.ts';
import { writeCompletely } from '../packages/formats/src/bytes/node-sink.ts';
import { bd5FrameCounts } from '../packages/formats/src/objects/bd5/frame-counts.ts';
import { lintBd5 } from '../packages/formats/src/objects/bd5/lint-bd5.ts';
import { bd5Writer } from '../packages/formats/src/objects/bd5/write-bd5.ts';
import { bdmlReader } from '../packages/formats/src/objects/bdml/read-bdml.ts';
import type { Item } from '../packages/formats/src/recognition/item.ts';

/*
 * BDML to BD5 as `micrarium convert` does it, beside lxml and h5py, then the questions to the BD5 file that was made:
 *   node benchmarks/bdml-to-bd5.ts [spheres] [frames]
 * Everything is in a process of its own, so that its peak memory is its own.
 */

interface Measured {
  seconds: number;
  /** Processor time of all threads. */
  cpuSeconds: number;
  /** In units of 10^6 bytes. */
  peakMegabytes: number;
  objects: number;
  links: number;
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

function used(started: number): Pick<Measured, 'seconds' | 'cpuSeconds' | 'peakMegabytes'> {
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

async function convert(path: string, target: string): Promise<void> {
  // As the command line does.
  setFlagsFromString('--semi-space-growth-factor=1');
  const source = await fileSource(path);
  const entry = { path: 'in.xml', size: source.size, open: async () => source };
  const item: Item = {
    path: 'in.xml',
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'bdml',
    recognition: { score: 1, reason: 'benchmark' },
  };
  const started = performance.now();
  const gathering = bd5Writer.gather!(item.path);
  const { issues } = await bdmlReader.stream(item, gathering.sink);
  const gathered = gathering.finish();
  if (issues.length + gathered.issues.length > 0) throw new Error(issues.map((issue) => issue.message).join('; '));
  gathered.losses();
  await writeCompletely(target, (sink) => gathered.write(sink));
  const links = gathered.sets.reduce((sum, set) => sum + set.edges.count, 0);
  console.log(JSON.stringify({ ...used(started), objects: gathered.objects, links }));
  await source.close();
}

async function ask(path: string): Promise<void> {
  const source = await fileSource(path);
  const started = performance.now();
  const counts = await bd5FrameCounts(source);
  const objects = counts.reduce((sum, one) => sum + one.objects, 0);
  console.log(JSON.stringify({ ...used(started), objects, links: counts.length }));
  await source.close();
}

async function lint(path: string): Promise<void> {
  const source = await fileSource(path);
  const started = performance.now();
  const issues = await lintBd5(source, path);
  if (issues.length > 0) throw new Error(issues.map((issue) => issue.message).join('; '));
  console.log(JSON.stringify({ ...used(started), objects: 0, links: 0 }));
  await source.close();
}

const self = fileURLToPath(import.meta.url);
const besides = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const python = '/usr/bin/python3';

function inChild(command: string, args: readonly string[]): Measured {
  const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measured;
}

function hasPeer(): boolean {
  try {
    execFileSync(python, ['-c', 'import lxml.etree, h5py, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function compare(spheres: number, frames: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-benchmark-'));
  try {
    const path = join(folder, 'spheres.xml');
    execFileSync(process.execPath, [besides('generate-bdml.ts'), path, String(spheres), String(frames)]);
    const inputBytes = (await stat(path)).size;
    const made = join(folder, 'ours.h5');
    const ours = inChild(process.execPath, [self, '--convert', path, made]);
    const theirs = hasPeer()
      ? inChild(python, [besides('lxml_bdml_to_h5py.py'), path, join(folder, 'theirs.h5')])
      : undefined;
    if (theirs && (theirs.objects !== ours.objects || theirs.links !== ours.links))
      throw new Error('the two do not agree on counts');
    const counted = inChild(process.execPath, [self, '--count', made]);
    if (counted.objects !== spheres) throw new Error(`${counted.objects} objects are counted of ${spheres}`);
    const linted = inChild(process.execPath, [self, '--lint', made]);
    const one = join(folder, 'one.xml');
    const inOne = Math.ceil(spheres / 5);
    execFileSync(process.execPath, [besides('generate-bdml.ts'), one, String(inOne), '1']);
    const oneFrame = inChild(process.execPath, [self, '--convert', one, join(folder, 'one.h5')]);
    console.log(
      JSON.stringify({ benchmark: 'bdml-to-bd5', spheres, inputBytes, ours, theirs, counted, linted, oneFrame }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [first, second, third] = process.argv.slice(2);
if (first === '--convert') await convert(second!, third!);
else if (first === '--count') await ask(second!);
else if (first === '--lint') await lint(second!);
else await compare(Number(first ?? 1_000_000), Number(second ?? 100));
