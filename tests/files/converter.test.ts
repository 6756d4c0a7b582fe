import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImagePixels, omeZarrWriter } from '@micrarium/formats';
import { ConverterFailed, convertByBioformats2raw, folderSink } from '@micrarium/formats/node';
import { createDraft, findDraft, viewDraft } from '@micrarium/repository';
import { depositFiles, openWorkbench } from '@micrarium/repository/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bioformats2RawConverter } from '../../packages/server/src/jobs/bioformats2raw-converter.ts';
import { openStorage } from '../../packages/server/src/storage/index.ts';
import { micrarium } from '../house/run-micrarium.ts';

/**
 * `bioformats2raw` itself needs Java and is not here: a script of a few lines stands in for it. It is called in the same
 * way and gives an OME-Zarr in the same layout.
 */
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-converter-test-'));
  const image: ImagePixels = {
    description: { name: '', sizes: { t: 1, c: 1, z: 2, y: 3, x: 4 }, type: 'uint16', channels: [{ name: '' }] },
    levels: [{ width: 4, height: 3, depth: 2, tileWidth: 4, tileHeight: 3 }],
    readRegion: async ({ z }) => ({
      width: 4,
      height: 3,
      samples: 1,
      type: 'uint16',
      data: Uint16Array.from({ length: 12 }, (_, n) => 100 * z + n),
    }),
  };
  const prepared = join(folder, 'prepared.zarr');
  await omeZarrWriter({ version: '0.4', layout: 'bioformats2raw' }).write([image], folderSink(prepared));
  await mkdir(join(folder, 'work'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const version = 'if [ "$1" = --version ]; then echo "Version = 0.9.4"; exit 0; fi';

/** A program that runs these lines of shell; `$1` is the input, `$2` the output. */
async function standIn(name: string, lines: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${version}\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

const oir = `OLYMPUSRAWFORMAT${'\0'.repeat(100)}<lsmimage:imageProperties xmlns:lsmimage="l" xmlns:base="b" xmlns:commonimage="i" xmlns:commonphase="p" xmlns:commonparam="m" xmlns:opticalelement="o">
<commonimage:general><base:creationDateTime>2019-04-05T10:11:12.5+09:00</base:creationDateTime></commonimage:general>
<commonimage:imageInfo><commonimage:width>4</commonimage:width><commonimage:height>3</commonimage:height>
<commonphase:channel id="a"><commonphase:name>DAPI</commonphase:name><commonphase:imageDefinition><commonphase:depth>2</commonphase:depth><commonphase:bitCounts>12</commonphase:bitCounts></commonphase:imageDefinition>
<commonphase:length><commonparam:x>0.25</commonparam:x><commonparam:y>0.25</commonparam:y><commonparam:z>1.5</commonparam:z></commonphase:length></commonphase:channel></commonimage:imageInfo>
<commonimage:acquisition><commonimage:microscopeConfiguration><commonimage:objectiveLens><opticalelement:displayName>UPLSAPO 60X</opticalelement:displayName><opticalelement:naValue>1.35</opticalelement:naValue></commonimage:objectiveLens></commonimage:microscopeConfiguration>
<commonimage:imagingParam><commonparam:axis enable="true" paramEnable="true"><commonparam:axis>ZSTACK</commonparam:axis><commonparam:maxSize>2</commonparam:maxSize></commonparam:axis></commonimage:imagingParam></commonimage:acquisition>
</lsmimage:imageProperties>`;

async function run(program: string, limits: { timeLimit?: number; diskLimit?: number; signal?: AbortSignal } = {}) {
  const input = join(folder, 'cells.oir');
  await writeFile(input, oir);
  const work = await mkdtemp(join(folder, 'work/'));
  return convertByBioformats2raw(input, work, { program, timeLimit: 60_000, diskLimit: 1e9, ...limits });
}

const failing = (program: string, limits?: Parameters<typeof run>[1]): Promise<string> =>
  run(program, limits).then(
    () => 'it worked',
    (error: unknown) => (error instanceof ConverterFailed ? `${error.reason}: ${error.message}` : String(error)),
  );

test('what the program made is checked, opened, and told with version and arguments', async () => {
  const made = await run(await standIn('good', `echo converting; cp -r "${join(folder, 'prepared.zarr')}" "$2"`));
  expect(made).toMatchObject({
    version: 'Version = 0.9.4',
    arguments: '--tile_width 512 --tile_height 512 --max_workers 1',
    log: 'converting\n',
    issues: [],
  });
  const { data } = await made.images[0]!.readRegion({ t: 0, c: 0, z: 1 });
  expect(Array.from(data.subarray(0, 3) as Uint16Array)).toEqual([100, 101, 102]);
});

test('a program that is not there, fails, or gives no valid image is said to', async () => {
  expect(await failing(join(folder, 'nothing'))).toMatch(/^not-there: /);
  const fails = await standIn('fails', 'echo "java.lang.Exception: no such codec" >&2; echo "at x.y" >&2; exit 3');
  expect(await failing(fails)).toBe('failed: The converter ended with code 3: java.lang.Exception: no such codec');
  expect(await failing(await standIn('idle', 'exit 0'))).toMatch(/^invalid-output: .*wrote nothing/);
  const broken = await standIn('broken', `cp -r "${join(folder, 'prepared.zarr')}" "$2"; echo '{}' > "$2/0/.zattrs"`);
  expect(await failing(broken)).toMatch(/^invalid-output: /);
});

test('a program beyond its time or its disk is ended with all it started', async () => {
  const slow = await standIn('slow', `sleep 300 & echo $! > "${join(folder, 'child')}"; wait`);
  expect(await failing(slow, { timeLimit: 400 })).toMatch(/^time: /);
  const child = Number(await readFile(join(folder, 'child'), 'utf8'));
  const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone');
  expect(state === 'gone' || / [ZX] /.test(state)).toBe(true);
  const large = await standIn('large', 'mkdir -p "$2"; while :; do head -c 1000000 /dev/zero >> "$2/x"; done');
  expect(await failing(large, { diskLimit: 2e6 })).toMatch(/^disk: /);
  await expect(run(slow, { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/);
});

test('a deposited OIR is shown with the pixels the program read, and what the file itself says', async () => {
  const storage = await openStorage(join(folder, 'data'));
  const bench = await openWorkbench(storage);
  const program = await standIn(
    'ingest',
    `test -f "$1" || exit 4; echo done; cp -r "${join(folder, 'prepared.zarr')}" "$2"`,
  );
  const settings = { program, minutes: 1, gigabytes: 1, folder: join(folder, 'data/work/converter') };
  bench.converter = new Bioformats2RawConverter(storage.blobs, settings);
  const draft = await createDraft(bench, 'hanako');
  await depositFiles(bench, draft.id, { 'raw/cells.oir': oir });
  await bench.jobs.runAll();
  const [row] = (await viewDraft(bench, await findDraft(bench, draft.id))).items;
  expect([row!.state, row!.item.kind]).toEqual(['done', 'image']);
  expect(row!.item.issues.map(({ code }) => code)).toContain('converted-by-other-program');
  expect(row!.item.images[0]).toMatchObject({
    name: 'cells',
    sizes: { z: 2, y: 3, x: 4 },
    channels: [{ name: 'DAPI' }],
    voxelSize: { x: { value: 0.25, unit: 'micrometer' }, z: { value: 1.5, unit: 'micrometer' } },
    acquiredAt: '2019-04-05T10:11:12.5+09:00',
    instrument: { objective: { model: 'UPLSAPO 60X', numericalAperture: 1.35 } },
  });
  const made = row!.item.conversions.find(({ recipe }) => recipe === 'image-to-ozx')!;
  expect(made.parameters).toMatchObject({ converter: 'bioformats2raw', converterVersion: 'Version = 0.9.4' });
  expect(made.outputs.map(({ path }) => path)).toContain('image-0.converter.txt');
  expect(await readdir(settings.folder)).toEqual([]);
});

test('without a converter, or where it fails, the original is kept with a finding', async () => {
  for (const lines of [undefined, 'exit 1']) {
    const storage = await openStorage(join(folder, `kept-${lines === undefined}`));
    const bench = await openWorkbench(storage);
    if (lines !== undefined) {
      const settings = {
        program: await standIn('fails-always', lines),
        minutes: 1,
        gigabytes: 1,
        folder: join(folder, 'c'),
      };
      bench.converter = new Bioformats2RawConverter(storage.blobs, settings);
    }
    const draft = await createDraft(bench, 'hanako');
    await depositFiles(bench, draft.id, { 'cells.oir': oir });
    await bench.jobs.runAll();
    const [row] = (await viewDraft(bench, await findDraft(bench, draft.id))).items;
    const codes = row!.item.issues.map(({ code }) => code);
    expect(row!.state).toBe('kept');
    expect(codes).toContain('needs-converter');
    expect(codes.includes('converter-failed')).toBe(lines !== undefined);
    expect(row!.item.images[0]!.sizes).toMatchObject({ z: 2, y: 3, x: 4 });
  }
});

test('the command line converts with it, in its layout too', async () => {
  const program = await standIn('cli', `cp -r "${join(folder, 'prepared.zarr')}" "$2"`);
  await writeFile(join(folder, 'cells.oir'), oir);
  const out = join(folder, 'out.zarr');
  const run = await micrarium([
    'convert',
    join(folder, 'cells.oir'),
    out,
    '--bioformats2raw',
    program,
    '--layout',
    'bioformats2raw',
    '--accept-loss',
    '--json',
  ]);
  expect(JSON.parse(run.stdout)).toMatchObject({ issues: [{ code: 'converter-read' }] });
  expect((await stat(join(out, 'OME/METADATA.ome.xml'))).isFile()).toBe(true);
  const checked = await micrarium(['validate', out]);
  expect(checked.code).toBe(0);
});
