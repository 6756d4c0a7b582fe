import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipWriter } from '../containers/zip/write-zip.ts';
import type { FileSink, LeftBehind } from '../tracks/track-reader.ts';
import { writeResumably } from './node-resumable.ts';
import { TargetExists } from './node-sink.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-resumable-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bytes = (n: number): Uint8Array => new Uint8Array(1000).fill(n);

/** Writes files 0 to 4 that are not there yet; breaks off within the file `until`. */
const filler = (until: number) => async (sink: FileSink, left: LeftBehind | undefined) => {
  for (let n = 0; n < 5; n++) {
    if (left?.files.includes(`f/${n}`)) continue;
    const file = await sink.create(`f/${n}`);
    await file.write(bytes(n));
    if (n === until) throw new Error('broken off');
    await file.close();
  }
};

test('a folder: what is complete stays, what was begun is written again, the target appears at once', async () => {
  const target = join(folder, 'out');
  await expect(writeResumably(target, filler(3), { identity: 'a' })).rejects.toThrow('broken off');
  await expect(stat(target)).rejects.toThrow();
  let seen: readonly string[] = [];
  const written = await writeResumably(
    target,
    async (sink, left) => {
      seen = left?.files ?? [];
      await filler(9)(sink, left);
    },
    { identity: 'a' },
  );
  expect(seen.toSorted()).toEqual(['f/0', 'f/1', 'f/2']);
  expect(written.map(({ path }) => path)).toEqual(['f/0', 'f/1', 'f/2', 'f/3', 'f/4']);
  expect(new Set(written.map(({ sha256 }) => sha256)).size).toBe(5);
  expect(await readdir(join(target, 'f'))).toEqual(['0', '1', '2', '3', '4']);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  await expect(writeResumably(target, filler(9), { identity: 'a' })).rejects.toThrow(TargetExists);
});

test('what is left of another input is dropped', async () => {
  const target = join(folder, 'other');
  await expect(writeResumably(target, filler(3), { identity: 'a' })).rejects.toThrow('broken off');
  let seen: LeftBehind | undefined;
  await writeResumably(target, async (sink, left) => void ((seen = left), await filler(9)(sink, left)), {
    identity: 'b',
  });
  expect(seen).toBeUndefined();
});

test('a zip: complete entries stay, the rest is cut, a damaged entry and all behind it too', async () => {
  const target = join(folder, 'out.zip');
  const zip = (until: number) => async (sink: FileSink, left: LeftBehind | undefined) => {
    const out = await sink.create('');
    const writer = zipWriter(out, { left: left?.entries ?? [] });
    for (let n = 0; n < 5; n++) {
      if (n === until) throw new Error('broken off');
      if (!left?.files.includes(`${n}`)) await writer.add(`${n}`, [bytes(n)]);
    }
    await writer.finish();
    await out.close();
  };
  const whole = await writeResumably(join(folder, 'whole.zip'), zip(9), { identity: 'z' });
  await expect(writeResumably(target, zip(4), { identity: 'z' })).rejects.toThrow('broken off');
  const unfinished = join(folder, '.out.zip.unfinished');
  const damaged = await readFile(unfinished);
  damaged[2 * 1031 + 500]! ^= 1;
  await writeFile(unfinished, damaged.subarray(0, -10));
  let seen: readonly string[] = [];
  const fill = zip(9);
  const written = await writeResumably(
    target,
    (sink, left) => {
      seen = left?.files ?? [];
      return fill(sink, left);
    },
    { identity: 'z' },
  );
  expect(seen).toEqual(['0', '1']);
  expect(written).toEqual(whole);
  expect((await readFile(target)).equals(await readFile(join(folder, 'whole.zip')))).toBe(true);
});
