import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { fileSource } from '../packages/formats/src/bytes/node-file.ts';
import { writeCompletely } from '../packages/formats/src/bytes/node-sink.ts';
import { bd5FrameCounts } from '../packages/formats/src/objects/bd5/frame-counts.ts';
import { lintBd5 } from '../packages/formats/src/objects/bd5/lint-bd5.ts';
import { bd5Writer } from '../packages/formats/src/objects/bd5/write-bd5.ts';
import { bdmlReader } from '../packages/formats/src/objects/bdml/read-bdml.ts';
import { answerOf, beside, type Costs, costsSince, hasModules, itemOf, make, python } from './measured-process.ts';

/*
 * BDML to BD5 as `micrarium convert` does it, beside lxml and h5py, then the questions to the BD5 file that was made:
 *   node benchmarks/bdml-to-bd5.ts [spheres] [frames]
 */

interface Measured extends Costs {
  objects: number;
  links: number;
}

async function convert(path: string, target: string): Promise<void> {
  // As the command line does.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { item, close } = await itemOf(path, 'in.xml', 'bdml');
  const started = performance.now();
  const gathering = bd5Writer.gather!(item.path);
  const { issues } = await bdmlReader.stream(item, gathering.sink);
  const gathered = gathering.finish();
  if (issues.length + gathered.issues.length > 0) throw new Error(issues.map((issue) => issue.message).join('; '));
  gathered.losses();
  await writeCompletely(target, (sink) => gathered.write(sink));
  const links = gathered.sets.reduce((sum, set) => sum + set.edges.count, 0);
  console.log(JSON.stringify({ ...costsSince(started), objects: gathered.objects, links }));
  await close();
}

async function ask(path: string): Promise<void> {
  const source = await fileSource(path);
  const started = performance.now();
  const counts = await bd5FrameCounts(source);
  const objects = counts.reduce((sum, one) => sum + one.objects, 0);
  console.log(JSON.stringify({ ...costsSince(started), objects, links: counts.length }));
  await source.close();
}

async function lint(path: string): Promise<void> {
  const source = await fileSource(path);
  const started = performance.now();
  const issues = await lintBd5(source, path);
  if (issues.length > 0) throw new Error(issues.map((issue) => issue.message).join('; '));
  console.log(JSON.stringify({ ...costsSince(started), objects: 0, links: 0 }));
  await source.close();
}

const self = fileURLToPath(import.meta.url);

async function compare(spheres: number, frames: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-benchmark-'));
  try {
    const path = join(folder, 'spheres.xml');
    make('generate-bdml.ts', path, String(spheres), String(frames));
    const inputBytes = (await stat(path)).size;
    const made = join(folder, 'ours.h5');
    const ours = answerOf<Measured>(process.execPath, [self, '--convert', path, made]);
    const theirs = hasModules('lxml.etree', 'h5py', 'numpy')
      ? answerOf<Measured>(python, [beside('lxml_bdml_to_h5py.py'), path, join(folder, 'theirs.h5')])
      : undefined;
    if (theirs && (theirs.objects !== ours.objects || theirs.links !== ours.links))
      throw new Error('the two do not agree on counts');
    const counted = answerOf<Measured>(process.execPath, [self, '--count', made]);
    if (counted.objects !== spheres) throw new Error(`${counted.objects} objects are counted of ${spheres}`);
    const linted = answerOf<Measured>(process.execPath, [self, '--lint', made]);
    const one = join(folder, 'one.xml');
    const inOne = Math.ceil(spheres / 5);
    make('generate-bdml.ts', one, String(inOne), '1');
    const oneFrame = answerOf<Measured>(process.execPath, [self, '--convert', one, join(folder, 'one.h5')]);
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
