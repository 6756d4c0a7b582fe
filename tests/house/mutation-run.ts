import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findItems } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import type { MutantFiles, MutantVerdict } from './inspect-mutants-child.ts';
import { mutate, seeded } from './mutate.ts';

/** Files of one item, to be damaged. */
interface Sample {
  name: string;
  files: Record<string, Uint8Array>;
}

/** How many mutants of which files. */
export interface MutationPlan {
  seed: number;
  mutants: number;
  /** Items of the shared data up to this many bytes in all. */
  largestItem: number;
  /** Longest time for one mutant, in milliseconds. */
  timeLimit: number;
  /** Most memory of the process, in MB. */
  memoryLimit: number;
}

/** What went wrong: empty when all is well. */
export interface MutationResult {
  samples: number;
  mutants: number;
  failures: string[];
  /** Mutants in which something was found wrong: a run that finds nothing tests nothing. */
  withErrors: number;
  slowestMilliseconds: number;
  peakMegabytes: number;
}

const data = resolve(import.meta.dirname, '../../../shared/data');

/** Damages samples in a seeded way and inspects each mutant in a child process, where a hang or crash is caught. */
export async function runMutations(plan: MutationPlan): Promise<MutationResult> {
  const samples = [...generatedSamples(), ...(await sharedSamples(plan.largestItem))];
  const random = seeded(plan.seed);
  const result: MutationResult = {
    samples: samples.length,
    mutants: plan.mutants,
    failures: [],
    withErrors: 0,
    slowestMilliseconds: 0,
    peakMegabytes: 0,
  };
  let child = new MutantChild();
  for (let n = 0; n < plan.mutants; n++) {
    const sample = samples[n % samples.length]!;
    const paths = Object.keys(sample.files);
    const path = paths[random(paths.length)]!;
    const other = Object.values(samples[random(samples.length)]!.files)[0]!;
    const mutant = mutate(sample.files[path]!, random, other);
    const label = `seed ${plan.seed}, mutant ${n}, ${mutant.kind} of ${sample.name}/${path}`;
    const verdict = await child.inspect({ files: { ...sample.files, [path]: mutant.bytes } }, plan.timeLimit);
    if (typeof verdict === 'string') {
      result.failures.push(`${label}: ${verdict}`);
      child = new MutantChild();
      continue;
    }
    result.failures.push(...faultsOf(verdict, plan).map((fault) => `${label}: ${fault}`));
    if (verdict.reports.some(({ issues }) => issues.some(({ severity }) => severity === 'error'))) result.withErrors++;
    result.slowestMilliseconds = Math.max(result.slowestMilliseconds, verdict.milliseconds);
    result.peakMegabytes = Math.max(result.peakMegabytes, verdict.peakMegabytes);
    if (verdict.peakMegabytes > plan.memoryLimit) {
      child.stop();
      child = new MutantChild();
    }
  }
  child.stop();
  return result;
}

function faultsOf(verdict: MutantVerdict, plan: MutationPlan): string[] {
  const faults = [...verdict.faults];
  for (const { format, issues } of verdict.reports)
    for (const { code, message } of issues)
      if (code === 'reader-failed' || code === 'recogniser-failed') faults.push(`${format}: ${message}`);
  if (verdict.peakMegabytes > plan.memoryLimit) faults.push(`${Math.round(verdict.peakMegabytes)} MB of memory`);
  return faults;
}

class MutantChild {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'inspect-mutants-child.ts'), {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=1024'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

  /** The verdict, or what became of the child instead. */
  inspect(files: MutantFiles, timeLimit: number): Promise<MutantVerdict | string> {
    return new Promise((done) => {
      const finish = (end: MutantVerdict | string) => {
        clearTimeout(timer);
        this.child.removeAllListeners();
        if (typeof end === 'string') this.stop();
        done(end);
      };
      // By the clock four times as long: a child that waits for ever is found, one that shares its core is not blamed.
      const timer = setTimeout(() => finish(`no answer within ${4 * timeLimit} ms`), 4 * timeLimit);
      this.child.once('message', (message) => {
        const verdict = message as MutantVerdict;
        finish(verdict.milliseconds > timeLimit ? `took ${Math.round(verdict.milliseconds)} ms` : verdict);
      });
      this.child.once('exit', (code, signal) => finish(`the process ended (${code ?? signal})`));
      this.child.send(files);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Samples that are always there, also where the shared data are not. */
function generatedSamples(): Sample[] {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 12},${Math.floor(i / 12)},${i * 1.5},${100 - i},${i}`);
  const spots = Array.from(
    { length: 20 },
    (_, i) =>
      `<SpotsInFrame frame="${i}"><Spot ID="${i}" name="s" POSITION_X="${i}.5" POSITION_Y="2" POSITION_Z="0" FRAME="${i}" POSITION_T="${i}"/></SpotsInFrame>`,
  );
  const edges = Array.from({ length: 19 }, (_, i) => `<Edge SPOT_SOURCE_ID="${i}" SPOT_TARGET_ID="${i + 1}"/>`);
  const trackmate = `<?xml version="1.0"?><TrackMate version="7.0"><Model spatialunits="um" timeunits="s"><AllSpots nspots="20">${spots.join('')}</AllSpots><AllTracks><Track TRACK_ID="0" name="t">${edges.join('')}</Track></AllTracks><FilteredTracks/></Model></TrackMate>`;
  return [
    { name: 'generated', files: { 'cells.csv': utf8(`frame,track,x,y,area\n${rows.join('\n')}\n`) } },
    { name: 'generated', files: { 'tracks.xml': utf8(trackmate) } },
    { name: 'generated', files: { 'plane.tif': tinyTiff() } },
    { name: 'generated', files: { 'cells.oir': utf8(tinyOir) } },
    { name: 'generated', files: { 'slide.vsi': tinyTiff(), '_slide_/stack1/frame_t.ets': tinyEts() } },
    { name: 'generated', files: tinyNdtiff() },
    { name: 'generated', files: { 'res_track.txt': utf8('1 0 1 0\n2 1 1 1\n'), 'mask000.tif': tinyTiff() } },
  ];
}

/** What an Olympus OIR says of itself, without pixels. */
const tinyOir = `OLYMPUSRAWFORMAT${'\0'.repeat(80)}<lsmimage:imageProperties><commonimage:imageInfo><commonimage:width>4</commonimage:width><commonimage:height>3</commonimage:height><commonphase:channel id="a"><commonphase:name>DAPI</commonphase:name><commonphase:depth>2</commonphase:depth></commonphase:channel></commonimage:imageInfo><commonimage:imagingParam><commonparam:axis enable="true"><commonparam:axis>ZSTACK</commonparam:axis><commonparam:maxSize>2</commonparam:maxSize></commonparam:axis></commonimage:imagingParam></lsmimage:imageProperties>`;

/** The two headers of an ETS file of cellSens. */
function tinyEts(): Uint8Array {
  const bytes = new Uint8Array(128);
  const view = new DataView(bytes.buffer);
  bytes.set(utf8('SIS'));
  for (const [at, value] of [
    [4, 64],
    [12, 4],
    [16, 64],
    [40, 6],
    [72, 4],
    [76, 1],
    [84, 2],
    [92, 512],
    [96, 512],
  ] as const)
    view.setInt32(at, value, true);
  bytes.set(utf8('ETS'), 64);
  return bytes;
}

/** An NDTiff data set of two planes of 2 × 2 pixels. */
function tinyNdtiff(): Sample['files'] {
  const tiff = new Uint8Array(64);
  const head = new DataView(tiff.buffer);
  for (const [n, value] of [0x002a4949, 0, 483_729, 3, 3, 2_355_492, 2].entries()) head.setUint32(4 * n, value, true);
  tiff.set(utf8('{}'), 28);
  const parts = [0, 1].flatMap((time) => {
    const [axes, file] = [utf8(`{"time":${time},"channel":"GFP"}`), utf8('a.tif')];
    const sizes = new Uint32Array([40 + 8 * time, 2, 2, 1, 0, 28, 2, 0]);
    return [lengthOf(axes), axes, lengthOf(file), file, new Uint8Array(sizes.buffer)];
  });
  return { 'a.tif': tiff, 'NDTiff.index': new Uint8Array(Buffer.concat(parts)) };
}

const lengthOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(Uint32Array.of(bytes.length).buffer);

/** An uncompressed 8 × 8 plane of 8 bits, one strip, little endian. */
function tinyTiff(): Uint8Array {
  const entries = [
    [256, 3, 1, 8],
    [257, 3, 1, 8],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 3, 1, 8],
    [279, 4, 1, 64],
  ] as const;
  const bytes = new Uint8Array(8 + 64 + 2 + entries.length * 12 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 72, true);
  for (let i = 0; i < 64; i++) bytes[8 + i] = i * 4;
  view.setUint16(72, entries.length, true);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 74 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  return bytes;
}

async function sharedSamples(largestItem: number): Promise<Sample[]> {
  if (!existsSync(data)) {
    console.warn(`shared data are absent (${data}): only generated samples are damaged`);
    return [];
  }
  const samples: Sample[] = [];
  for (const room of ['tracks', 'bd5', 'images', 'metadata/isa/tab', 'metadata/madmp/examples', 'preservation/hostile'])
    for (const item of await findItems(await openFolder(join(data, room)))) {
      if (item.files.reduce((sum, file) => sum + file.size, 0) > largestItem) continue;
      const files: Record<string, Uint8Array> = {};
      for (const file of item.files) {
        files[file.path] = await (await file.open()).read(0, file.size);
        await file.close?.();
      }
      samples.push({ name: room, files });
    }
  return samples;
}
